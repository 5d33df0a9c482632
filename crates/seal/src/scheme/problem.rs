//! What is wrong with a document, where, and what to do about it.

use std::fmt::{self, Write as _};

use super::place::{Place, Places};

/// So many problems are listed; the rest is counted.
const LISTED: usize = 100;

/// Which of the two documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Which {
    /// The scheme document.
    Document,
    /// The values document.
    Values,
}

impl Which {
    /// What it is called.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Document => "scheme document",
            Self::Values => "values document",
        }
    }
}

/// Something wrong with a scheme document or its values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// In which of the two.
    pub which: Which,
    /// Where, such as `parts[0].tasks[1].id`; empty for the document as a whole.
    pub path: String,
    /// The line, counted from 1.
    pub line: usize,
    /// The character of the line, counted from 1.
    pub column: usize,
    /// What is wrong.
    pub what: String,
    /// What to do about it.
    pub remedy: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { which, path, line, what, remedy, .. } = self;
        let path = if path.is_empty() { "the whole" } else { path };
        write!(f, "{}, line {line}, {path}: {what} — {remedy}", which.name())
    }
}

/// One step of a path through a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Segment {
    Name(String),
    Index(usize),
}

/// Writes a path so that a name with dots in it stays one name.
pub(crate) fn write_path(path: &[Segment]) -> String {
    let mut text = String::new();
    for segment in path {
        // Writing to memory does not fail.
        let _: fmt::Result = match segment {
            Segment::Index(index) => write!(text, "[{index}]"),
            Segment::Name(name) if !is_plain(name) => write!(text, "[{}]", quoted(name)),
            Segment::Name(name) if text.is_empty() => write!(text, "{name}"),
            Segment::Name(name) => write!(text, ".{name}"),
        };
    }
    text
}

fn is_plain(name: &str) -> bool {
    !name.is_empty() && name.len() <= 40 && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// A text of the document inside a sentence: quoted, escaped, and short.
pub(crate) fn quoted(text: &str) -> String {
    shortened(&format!("{:?}", text.chars().take(61).collect::<String>()), 60)
}

/// At most so many characters of a text, none of which moves the cursor.
pub(crate) fn shortened(text: &str, most: usize) -> String {
    let moves = |c: char| {
        c.is_control() || matches!(c, '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let plain = |c: char| if moves(c) { char::REPLACEMENT_CHARACTER } else { c };
    let mut short: String = text.chars().map(plain).take(most).collect();
    if text.chars().nth(most).is_some() {
        short.push('…');
    }
    short
}

/// A place in a document, on the stack of whoever looks at it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct At<'a> {
    which: Which,
    above: Option<(&'a Self, Step<'a>)>,
}

#[derive(Debug, Clone, Copy)]
enum Step<'a> {
    Name(&'a str),
    Index(usize),
}

impl<'a> At<'a> {
    /// The whole document.
    pub(crate) const fn root(which: Which) -> Self {
        Self { which, above: None }
    }

    /// The value of that name.
    pub(crate) const fn name(&'a self, name: &'a str) -> Self {
        Self { which: self.which, above: Some((self, Step::Name(name))) }
    }

    /// The item at that index.
    pub(crate) const fn index(&'a self, index: usize) -> Self {
        Self { which: self.which, above: Some((self, Step::Index(index))) }
    }

    fn path(&self) -> Vec<Segment> {
        let mut path = Vec::new();
        let mut at = self;
        while let Some((above, step)) = at.above {
            path.push(match step {
                Step::Name(name) => Segment::Name(name.to_owned()),
                Step::Index(index) => Segment::Index(index),
            });
            at = above;
        }
        path.reverse();
        path
    }
}

/// Problems as they are found.
#[derive(Debug, Default)]
pub(crate) struct Problems {
    found: Vec<Found>,
    unlisted: usize,
}

#[derive(Debug)]
struct Found {
    which: Which,
    path: Vec<Segment>,
    /// Where the reader stopped, when it was the reader who found it.
    stopped: Option<Place>,
    /// Whether the path leads to what is wrong; the reader may stop behind it.
    is_led_to: bool,
    what: String,
    remedy: String,
}

impl Problems {
    /// Notes what is wrong at a place.
    pub(crate) fn add(&mut self, at: &At<'_>, what: impl Into<String>, remedy: impl Into<String>) {
        if LISTED <= self.found.len() {
            self.unlisted = self.unlisted.saturating_add(1);
            return;
        }
        self.found.push(Found {
            which: at.which,
            path: at.path(),
            stopped: None,
            is_led_to: true,
            what: what.into(),
            remedy: remedy.into(),
        });
    }

    /// Notes where the reader stopped, in a text that may be no JSON.
    pub(crate) fn stopped(&mut self, which: Which, place: Place, (what, remedy): (String, String)) {
        self.found.push(Found { which, path: Vec::new(), stopped: Some(place), is_led_to: false, what, remedy });
    }

    /// Notes a value that has another shape than it should; `is_twice` where a name stands twice.
    pub(crate) fn misshapen(
        &mut self,
        (which, path): (Which, Vec<Segment>),
        place: Place,
        is_twice: bool,
        (what, remedy): (String, String),
    ) {
        self.found.push(Found { which, path, stopped: Some(place), is_led_to: !is_twice, what, remedy });
    }

    /// Whether nothing was found.
    pub(crate) const fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// The list, each problem with its line.
    pub(crate) fn list(self, document: &str, values: Option<&str>) -> Vec<Problem> {
        let mut list = Vec::new();
        for (which, text) in [(Which::Document, Some(document)), (Which::Values, values)] {
            let found: Vec<_> = self.found.iter().filter(|found| found.which == which).collect();
            let Some(text) = text.filter(|_| !found.is_empty()) else {
                continue;
            };
            let places = found.iter().any(|found| found.is_led_to).then(|| Places::of(text));
            list.extend(found.into_iter().map(|found| {
                let led_to = places.as_ref().filter(|_| found.is_led_to).and_then(|places| places.find(&found.path));
                let place = led_to.or(found.stopped).unwrap_or_default();
                Problem {
                    which,
                    path: write_path(&found.path),
                    line: place.line,
                    column: place.column,
                    what: found.what.clone(),
                    remedy: found.remedy.clone(),
                }
            }));
        }
        if 0 < self.unlisted {
            list.push(Problem {
                which: Which::Document,
                path: String::new(),
                line: 1,
                column: 1,
                what: format!("{} further problems are not listed", self.unlisted),
                remedy: "correct these first, then check again".to_owned(),
            });
        }
        list
    }
}
