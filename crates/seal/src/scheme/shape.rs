//! Reading a document: its size, its format, its shape. What the reader says is put into plain words.

use serde::{Deserialize, de::DeserializeOwned};

use super::{
    DOCUMENT_LIMIT,
    place::Place,
    problem::{At, Problems, Segment, Which, shortened},
};

/// The format this version reads.
const FORMAT: u32 = 1;

/// Reads one of the documents, or notes why it cannot be read.
pub(crate) fn read<T: DeserializeOwned>(which: Which, text: &str, problems: &mut Problems) -> Option<T> {
    #[derive(Deserialize)]
    struct Format {
        format: u32,
    }
    let stopped = |what: String, remedy: &str| (what, remedy.to_owned());
    if DOCUMENT_LIMIT < text.len() {
        let words = stopped(
            format!("it has {} bytes; {DOCUMENT_LIMIT} are the most", text.len()),
            "leave out what does not belong in it, or make two schemes of it",
        );
        problems.stopped(which, Place::default(), words);
        return None;
    }
    // Another format has other names: only its number says what is wrong.
    if let Ok(Format { format }) = serde_json::from_str(text)
        && format != FORMAT
    {
        let root = At::root(which);
        let remedy = "write it anew by assets/schemes/README.md, or use the version of the program that reads it";
        problems.add(&root.name("format"), format!("format {format} is not read here; format {FORMAT} is"), remedy);
        return None;
    }
    let mut reader = serde_json::Deserializer::from_str(text);
    let read = serde_path_to_error::deserialize(&mut reader);
    let (path, error) = match read {
        Ok(read) => match reader.end() {
            Ok(()) => return Some(read),
            Err(error) => (Vec::new(), error),
        },
        Err(error) => (segments(error.path()), error.into_inner()),
    };
    let place = Place { line: error.line().max(1), column: error.column().max(1) };
    if error.is_data() {
        let is_twice = error.to_string().starts_with("duplicate");
        problems.misshapen((which, path), place, is_twice, words(&error));
    } else {
        let marked = text.starts_with('\u{feff}');
        let remedy = "save it as UTF-8 without a byte order mark";
        let marked = marked.then(|| stopped("it begins with a byte order mark".to_owned(), remedy));
        problems.stopped(which, place, marked.unwrap_or_else(|| words(&error)));
    }
    None
}

fn segments(path: &serde_path_to_error::Path) -> Vec<Segment> {
    path.iter()
        .map(|segment| match segment {
            serde_path_to_error::Segment::Seq { index } => Segment::Index(*index),
            serde_path_to_error::Segment::Map { key } | serde_path_to_error::Segment::Enum { variant: key } => {
                Segment::Name(key.clone())
            }
            serde_path_to_error::Segment::Unknown => Segment::Name("?".to_owned()),
        })
        .collect()
}

/// What is wrong, and what to do about it.
fn words(error: &serde_json::Error) -> (String, String) {
    let text = error.to_string();
    // The place is said beside the words.
    let text = text.rsplit_once(" at line ").map_or(text.as_str(), |(text, _)| text);
    if !error.is_data() {
        let deep = text.contains("recursion limit");
        let remedy = if deep { "nest it less deeply" } else { "write it as JSON (RFC 8259), without comments" };
        return (shortened(text, 200), remedy.to_owned());
    }
    let remedies = [
        ("unknown field", "correct its spelling, or leave it out"),
        ("missing field", "add it; where there is none, write null, or an empty list for a list"),
        ("duplicate", "keep one of them"),
        ("unknown word", "use one of these words"),
        ("unknown variant", "use one of these words"),
        ("invalid type: floating point", "write a whole number, without a fraction or exponent"),
        ("invalid type: null", "write what is expected; only what may be none can be null"),
        ("invalid type", "write what is expected"),
        ("invalid length", "give as many items as are expected"),
        ("invalid value", "write a number that fits"),
        ("number out of range", "write a number that fits"),
    ];
    let remedy =
        remedies.iter().find(|(start, _)| text.starts_with(start)).map_or("write it in the form named", |r| r.1);
    (plain(text), remedy.to_owned())
}

/// The reader names its own types; people do not.
fn plain(text: &str) -> String {
    let numbers = [
        ("expected u8", "expected a whole number from 0 to 255"),
        ("expected u32", "expected a whole number from 0 to 4294967295"),
        ("expected i64", "expected a whole number"),
        ("expected a sequence", "expected a list"),
        ("a tuple of size 2", "a pair"),
        ("invalid type: map", "invalid type: object"),
        ("invalid type: sequence", "invalid type: list"),
    ];
    let text = numbers.iter().fold(text.to_owned(), |text, (from, to)| text.replacen(from, to, 1));
    shortened(&text, 300)
}
