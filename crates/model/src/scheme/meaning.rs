//! What a scheme says of itself to learners, employers and registers: the elements of the European list and more.

use crate::time::Date;

/// How far a wording was checked against the original.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Review {
    /// The language it was written in.
    Original,
    /// Compared with the original by somebody other than the translator.
    Reviewed,
    /// Neither: serves practice only.
    Draft,
}

/// A language the scheme exists in; as weak as its weakest wording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Language {
    /// Its tag, such as `fi`.
    pub tag: String,
    /// The weakest review of any wording in it.
    pub review: Review,
}

/// How the holder completed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Completion {
    /// By an assessment.
    Assessed,
    /// By being there.
    Attendance,
}

/// What the paper may be called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Label {
    /// A certificate.
    Certificate,
    /// A micro-credential.
    MicroCredential,
    /// A certificate of attendance.
    CertificateOfAttendance,
}

/// A standard or law in one edition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LegalBasis {
    /// Its short name.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Which edition.
    pub edition: String,
    /// The day from which another edition holds.
    pub superseded_on: Option<Date>,
    /// Which one.
    pub superseded_by: Option<String>,
    /// Where that stands.
    pub source: String,
}

/// Credits of a credit system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credits {
    /// The system.
    pub system: String,
    /// Hundredths of a credit.
    pub hundredths: u32,
}

/// A level of a national framework. Never converted to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NationalLevel {
    /// The framework.
    pub framework: String,
    /// The level in it.
    pub level: String,
}

/// How learners took part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Participation {
    /// In person.
    InPerson,
    /// Partly online.
    Blended,
    /// Online.
    Online,
}

/// Supervision and identity verification during assessment: the three values of the European list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Supervision {
    /// Unsupervised, no identity verification.
    UnsupervisedNoIdentity,
    /// Supervised, no identity verification.
    SupervisedNoIdentity,
    /// Supervised online or on site, with identity verification.
    SupervisedIdentity,
}

/// Whether it can become part of something larger. The receiving side decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stackability {
    /// It stands alone.
    Standalone,
    /// It may count towards another.
    Stackable,
}

/// How the scheme describes itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meaning {
    /// Contact time of theory, in minutes.
    pub contact_minutes_theory: Option<u32>,
    /// Contact time of practice, in minutes.
    pub contact_minutes_practice: Option<u32>,
    /// Notional workload, in minutes; never computed from contact time.
    pub workload_minutes: Option<u32>,
    /// Credits.
    pub credits: Option<Credits>,
    /// Level of the European Qualifications Framework.
    pub eqf_level: Option<u8>,
    /// Level of a national framework.
    pub national_level: Option<NationalLevel>,
    /// How it is assessed, in words.
    pub assessment_types: Vec<String>,
    /// How learners take part.
    pub participation: Participation,
    /// Supervision and identity verification.
    pub supervision: Supervision,
    /// How quality is assured, in words.
    pub quality_assurance: String,
    /// Whether a sample is marked again by somebody else.
    pub moderated: bool,
    /// Whether it stacks.
    pub stackability: Stackability,
    /// What it may count towards.
    pub towards: Vec<String>,
    /// What trainers and assessors must bring.
    pub trainer_requirements: String,
    /// Further information.
    pub further: Option<String>,
    /// Where all this stands.
    pub source: String,
}

/// A learning outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Its name in the scheme.
    pub id: String,
    /// What the learner can do.
    pub text: String,
    /// The skill of the European classification, as a URI.
    pub esco: Option<String>,
    /// Whether it can only be shown by doing.
    pub practical: bool,
    /// Where it comes from.
    pub source: String,
}
