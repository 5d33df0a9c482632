//! The table of vectors: what each one is made of, and what SPEC.md says becomes of it, written by hand.

pub mod cbor;
pub mod fields;
pub mod judged;
pub mod reading;
pub mod records;
pub mod signatures;
pub mod story;
pub mod trust;
pub mod world;

use std::collections::BTreeMap;

use fieldproof_model::time::Date;

/// The nine checks in the order of SPEC.md's list of answers.
pub const CHECKS: [&str; 9] =
    ["signature", "issuer", "delegation", "content", "withdrawal", "term", "clock", "standing", "list"];

/// The order in which the precedence looks at them.
const PRECEDENCE: [usize; 9] = [0, 1, 2, 3, 4, 7, 6, 5, 8];

/// What is read.
#[derive(Clone)]
pub enum Input {
    /// Bytes.
    Bytes(Vec<u8>),
    /// Bytes too many to be written out: begin, one byte so many times, end.
    Long(Vec<u8>, (u8, usize), Vec<u8>),
    /// Text.
    Text(String),
}

/// What has to become of it.
#[derive(Clone)]
pub enum Expect {
    /// It is read; digits and short codes also say what is read.
    Readable(Option<String>),
    /// It is not read.
    Unreadable,
    /// It is not read, and says that a newer program is needed.
    NeedsNewer,
    /// A trust file takes the place of the one at hand, or must not.
    Replaces(bool),
    /// It is judged: genuine, in force, green as `y`, `n`, `?`, `g` or `-`; then the nine checks.
    Judged(&'static str),
}

/// One case.
#[derive(Clone)]
pub struct Vector {
    /// The numbered sentence, or `story`.
    pub about: &'static str,
    /// Short words.
    pub name: &'static str,
    /// What it is.
    pub kind: &'static str,
    /// Why it is so, where the name does not say it.
    pub note: &'static str,
    /// The verifier's day, from day 20 000 on.
    pub later: i32,
    /// A trust file.
    pub trust: Option<Vec<u8>>,
    /// What is read.
    pub input: Input,
    /// What has to become of it.
    pub expect: Expect,
    /// The purpose that the verdict has to name.
    pub purpose: &'static str,
}

impl Vector {
    fn new(about: &'static str, name: &'static str, kind: &'static str, input: Input, expect: Expect) -> Self {
        Self { about, name, kind, note: "", later: 0, trust: None, input, expect, purpose: "real" }
    }

    /// Why it is so.
    pub fn note(self, note: &'static str) -> Self {
        Self { note, ..self }
    }

    /// Judged so many days later.
    pub fn later(self, later: i32) -> Self {
        Self { later, ..self }
    }

    /// Practice or demonstration.
    pub fn purpose(self, purpose: &'static str) -> Self {
        Self { purpose, ..self }
    }

    /// The name of its file.
    pub fn file_name(&self) -> String {
        let slug = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
        format!("{}-{}.txt", self.about, self.name.chars().map(slug).collect::<String>())
    }

    /// The file.
    pub fn text(&self) -> String {
        let mut lines: Vec<String> = self.note.lines().map(|line| format!("# {line}")).collect();
        let mut line = |key: &str, value: &str| lines.push(format!("{key}: {value}"));
        line("about", self.about);
        line("name", self.name);
        line("kind", self.kind);
        if matches!(self.expect, Expect::Judged(_)) {
            line("today", &Date::from_days(20_000 + self.later).to_string());
            line("purpose", self.purpose);
        }
        line("trust", &self.trust.as_deref().map_or_else(|| "-".to_owned(), hex));
        line("input", &self.input.written());
        for (key, value) in self.expect.lines() {
            line(&key, &value);
        }
        lines.join("\n") + "\n"
    }
}

/// Hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Input {
    fn written(&self) -> String {
        match self {
            Self::Bytes(bytes) => hex(bytes),
            Self::Long(begin, (byte, times), end) => format!("{}({byte:02x}*{times}){}", hex(begin), hex(end)),
            Self::Text(text) => text.clone(),
        }
    }
}

fn word(letter: char) -> &'static str {
    match letter {
        'y' => "yes",
        'n' => "no",
        _ => "could not tell",
    }
}

impl Expect {
    fn lines(&self) -> Vec<(String, String)> {
        let one = |value: &str, fails: &str| {
            vec![("expect".to_owned(), value.to_owned()), ("fails at".to_owned(), fails.to_owned())]
        };
        match self {
            Self::Readable(None) => one("readable", "-"),
            Self::Readable(Some(read)) => {
                let mut lines = one("readable", "-");
                lines.push(("reads".to_owned(), read.clone()));
                lines
            }
            Self::Unreadable => one("unreadable", "reading"),
            Self::NeedsNewer => one("needs newer", "reading"),
            Self::Replaces(true) => one("replaces", "-"),
            Self::Replaces(false) => one("kept out", "reading"),
            Self::Judged(letters) => judged_lines(letters),
        }
    }
}

fn judged_lines(letters: &str) -> Vec<(String, String)> {
    let letters: Vec<char> = letters.chars().filter(|letter| *letter != ' ').collect();
    let (answers, checks) = letters.split_at(3);
    assert_eq!(checks.len(), 9, "{letters:?}");
    let green = if answers[2] == 'g' { "yes" } else { "no" };
    let quoted = |letter| match word(letter) {
        "could not tell" => "\"could not tell\"",
        word => word,
    };
    let expect = format!("genuine={} in_force={} green={green}", quoted(answers[0]), quoted(answers[1]));
    let mut lines = vec![("expect".to_owned(), expect)];
    lines.extend(CHECKS.iter().zip(checks).map(|(check, letter)| (format!("check {check}"), word(*letter).to_owned())));
    let fails = PRECEDENCE.iter().find(|place| checks[**place] == 'n').map_or("-", |place| CHECKS[*place]);
    lines.push(("fails at".to_owned(), fails.to_owned()));
    lines
}

/// Every vector, by the name of its file.
pub fn all() -> BTreeMap<String, Vector> {
    let mut by_name = BTreeMap::new();
    let tables = [reading::all(), signatures::all(), judged::all(), records::all(), story::all()];
    for vector in tables.into_iter().flatten() {
        let name = vector.file_name();
        assert!(by_name.insert(name.clone(), vector).is_none(), "two vectors are called {name}");
    }
    by_name
}

/// Something that is only read.
pub fn read(about: &'static str, name: &'static str, kind: &'static str, bytes: Vec<u8>, expect: Expect) -> Vector {
    Vector::new(about, name, kind, Input::Bytes(bytes), expect)
}

/// A text that is only read.
pub fn read_text(about: &'static str, name: &'static str, kind: &'static str, text: &str, expect: Expect) -> Vector {
    Vector::new(about, name, kind, Input::Text(text.to_owned()), expect)
}

/// A token or record that is judged.
pub fn judge(
    (about, name, kind): (&'static str, &'static str, &'static str),
    trust: &trust::Trust,
    bytes: Vec<u8>,
    letters: &'static str,
) -> Vector {
    let vector = Vector::new(about, name, kind, Input::Bytes(bytes), Expect::Judged(letters));
    Vector { trust: Some(trust.file()), ..vector }
}
