//! Replays the corpus of scheme documents, mutates each of its entries, and refuses hostile sizes at once.
#![allow(clippy::unwrap_used, reason = "helpers of tests stop where the set-up fails")]

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use fieldproof_seal::scheme::{DOCUMENT_LIMIT, check_scheme};

use scheme_document::{Dice, fuzz_scheme_document, mutate};

#[path = "../../../tests/fuzz/scheme_document.rs"]
mod scheme_document;

/// So many mutations of each entry; `cargo run -p fieldproof-seal --example fuzz_scheme` goes on for longer.
const ROUNDS: usize = 2_000;

const GOOD: &[u8] = include_bytes!("../../../tests/fuzz/scheme-document/good");

fn corpus() -> Vec<(PathBuf, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fuzz/scheme-document");
    let mut found: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let bytes = fs::read(&path).unwrap();
            (path, bytes)
        })
        .collect();
    found.sort();
    found
}

#[test]
fn the_corpus_is_answered() {
    let corpus = corpus();
    assert!(8 <= corpus.len(), "the corpus is there");
    for (path, bytes) in corpus {
        // Bytes that are no text come as replacement characters here; who opens a file refuses it before.
        let is_good = path.ends_with("good") || path.ends_with("invalid-utf8");
        assert_eq!(fuzz_scheme_document(&bytes), is_good, "{}", path.display());
    }
    let sample =
        [include_str!("../src/scheme/sample.json"), include_str!("../src/scheme/sample.values.json")].join("\0");
    assert!(GOOD == sample.as_bytes(), "the good entry is the sample");
}

#[test]
fn mutations_are_answered() {
    let (mut good, mut bad) = (0, 0);
    for (seed, (path, bytes)) in (1..).zip(corpus()) {
        let mut dice = Dice::new(seed);
        for round in 0..ROUNDS {
            let mutated = mutate(&bytes, &mut dice);
            let answer = std::panic::catch_unwind(|| fuzz_scheme_document(&mutated));
            let is_good = answer.unwrap_or_else(|_| panic!("{}, seed {seed}, round {round}", path.display()));
            if is_good { good += 1 } else { bad += 1 }
        }
    }
    assert!(50 < good && ROUNDS < bad, "mutations reach past the shape: {good} good, {bad} bad");
}

/// What the time of a refusal is measured by; nothing else here may look at a clock.
#[expect(clippy::disallowed_methods, reason = "that a refusal takes less than a second is what is tested")]
fn within_a_second<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let done = work();
    let taken = start.elapsed();
    assert!(taken < Duration::from_secs(1), "{what} took {taken:?}");
    done
}

/// The good document with something in place of a piece of it.
fn with(from: &str, to: &str) -> (String, String) {
    let good = String::from_utf8_lossy(GOOD).into_owned();
    let (document, values) = good.split_once('\0').unwrap();
    assert!(document.contains(from), "{from} stands in the document");
    (document.replacen(from, to, 1), values.to_owned())
}

#[test]
fn hostile_sizes_are_refused_at_once() {
    let criterion = r#"{"id":"a","text":{},"outcomes":[],"kind":"text","evidence":null,"source":""},"#;
    let behind = |from: &str, piece: &str, times: usize| with(from, &format!("{from}{}", piece.repeat(times)));
    let tag = r#"{"tag":"","review":"draft"},"#;
    let stretch = r#"{"from":"T1.1.a","until":"T1.2.a"},"#;
    let table = [
        ("100 MB of text", ("a".repeat(100_000_000), String::new()), "524288 are the most"),
        ("1,000,000 criteria", behind("\"criteria\": [", criterion, 1_000_000), "524288 are the most"),
        ("6,000 criteria", behind("\"criteria\": [", criterion, 6_000), "2000 are the most"),
        ("10,000 nested lists", behind("\"parts\": [", "[", 10_000), "expected an object"),
        ("10,000 nested objects", behind("\"parts\": [", "{\"a\":", 10_000), "unknown field"),
        ("15,000 languages", behind("\"languages\": [", tag, 15_000), "15002 languages; 40 are"),
        ("100,000 empty texts", behind("\"assessment_types\": [", "{},", 100_000), "no wording in language"),
        ("10,000 quiet stretches", behind("\"quiet\": [", stretch, 10_000), "demands evidence"),
    ];
    for (what, (document, values), words) in table {
        let problems = within_a_second(what, || check_scheme(&document, Some(&values)));
        assert!(problems.iter().any(|problem| problem.what.contains(words)), "{what}: {:?}", problems.first());
        assert!(problems.len() <= 101, "{what}: {} problems", problems.len());
    }
    let just = " ".repeat(DOCUMENT_LIMIT);
    let words = |text: &str| within_a_second("blanks", || check_scheme(text, None))[0].what.clone();
    assert!(!words(&just).contains("bytes") && words(&format!("{just} ")).contains("524289 bytes"));
}
