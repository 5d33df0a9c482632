//! What the paper says, as plain strings: the caller decides the words, this crate decides where they stand.

/// One labelled value, printed as one row.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fact {
    /// The label in front of the value.
    pub label: String,
    /// The value; it may wrap.
    pub value: String,
}

impl Fact {
    /// Pairs a label with its value.
    pub fn new(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self { label: label.into(), value: value.into() }
    }
}

/// Everything a certificate of assessment prints.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CertificateFacts {
    /// Whether the paper says DEMONSTRATION across the page and in its head.
    pub demonstration: bool,
    /// The institution in whose name the certificate is issued.
    pub institution: String,
    /// The person assessed.
    pub holder: String,
    /// The holder's year of birth, where it is printed.
    pub birth_year: Option<u16>,
    /// The scheme's title.
    pub scheme_title: String,
    /// The scheme's version.
    pub scheme_version: String,
    /// What the assessment covers and what it does not.
    pub scope: String,
    /// The course: dates, hours, voltage level trained, trainer, site.
    pub course: Vec<Fact>,
    /// What was assessed: exercise object, voltage present, its state, the parts passed.
    pub assessed: Vec<Fact>,
    /// Who assessed, who stood by, who trained.
    pub people: Vec<Fact>,
    /// The day of issue.
    pub issued_on: String,
    /// The last day of validity, if there is one.
    pub valid_until: Option<String>,
    /// The day by which the certificate should be in the register.
    pub confirm_by: String,
    /// The short code a person can read aloud.
    pub certificate_id: String,
    /// The institution's own address for checking, printed below the symbol.
    pub address: String,
    /// The link inside the symbol: `https://…/v#` and digits.
    pub token_link: String,
    /// The document's date in seconds since 1970, UTC; the only time the file carries.
    pub document_date: i64,
}

/// Everything a result sheet prints. A result sheet carries no token.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ResultSheetFacts {
    /// Whether the paper says DEMONSTRATION across each page and in its head.
    pub demonstration: bool,
    /// The institution in whose name the assessment took place.
    pub institution: String,
    /// The person assessed.
    pub holder: String,
    /// The holder's year of birth, where it is printed.
    pub birth_year: Option<u16>,
    /// The scheme's title.
    pub scheme_title: String,
    /// The scheme's version.
    pub scheme_version: String,
    /// What the assessment covers and what it does not.
    pub scope: String,
    /// The course: dates, hours, voltage level trained, trainer, site.
    pub course: Vec<Fact>,
    /// What was assessed: exercise object, voltage present, its state.
    pub assessed: Vec<Fact>,
    /// Who assessed, who stood by, who trained.
    pub people: Vec<Fact>,
    /// The day of the assessment.
    pub assessed_on: String,
    /// The short code of the record.
    pub record_id: String,
    /// The result as a word.
    pub result: String,
    /// The shape that stands beside the result's word.
    pub result_shape: Shape,
    /// Why this is not a certificate, one reason per entry.
    pub because: Vec<String>,
    /// What was observed, in the order of the scheme.
    pub lines: Vec<SheetLine>,
    /// The document's date in seconds since 1970, UTC; the only time the file carries.
    pub document_date: i64,
}

/// One judged criterion on a result sheet.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SheetLine {
    /// The task it belongs to; consecutive lines of one task stand under one heading.
    pub task: String,
    /// What was to be seen.
    pub text: String,
    /// Whether failing it fails the assessment.
    pub critical: bool,
    /// The judgement as a word.
    pub judged: String,
    /// The shape that stands beside the judgement's word.
    pub shape: Shape,
    /// Why it was judged so; may be empty.
    pub because: String,
}

/// The shape printed beside a word, so that a result never rests on colour or on a word alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Shape {
    /// A tick.
    Done,
    /// An open circle.
    #[default]
    NotYet,
    /// A cross.
    Critical,
    /// A filled square.
    Stopped,
    /// A dash.
    NotApplicable,
}
