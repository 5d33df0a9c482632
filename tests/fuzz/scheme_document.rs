//! Scheme documents that somebody wrote to break the reader: what must hold for any bytes, and how bytes are mutated.
//!
//! Shared by the test that replays `scheme-document/` and by the example `fuzz_scheme`, which runs as long as it is told.
#![expect(clippy::panic, reason = "what does not hold is a find, and stops the search")]

use fieldproof_model::scheme::lint::lint;
use fieldproof_seal::{
    envelope::Purpose,
    keys::SecretKey,
    scheme::{SchemeError, check_scheme, parse_scheme, parse_signed_scheme, sign_scheme},
};

/// The most problems listed, and one that counts the rest.
const LISTED: usize = 101;

/// Splits at the first NUL into document and values, and reads them. Whether they were a scheme.
///
/// # Panics
/// When something does not hold that must hold for any bytes.
pub(crate) fn fuzz_scheme_document(data: &[u8]) -> bool {
    let mut halves = data.splitn(2, |byte| *byte == 0).map(String::from_utf8_lossy);
    let document = halves.next().unwrap_or_default();
    let values = halves.next().unwrap_or_default();
    let problems = check_scheme(&document, Some(&values));
    assert!(problems.len() <= LISTED, "{} problems", problems.len());
    for problem in &problems {
        assert!(!problem.what.is_empty() && !problem.remedy.is_empty(), "{problem:?}");
        assert!(problem.to_string().len() < 4_000, "{problem:?}");
        let lines = document.lines().count().max(values.lines().count());
        assert!((1..=lines + 1).contains(&problem.line) && 0 < problem.column, "{problem:?} of {lines} lines");
    }
    match parse_scheme(&document, &values, None) {
        Err(SchemeError::Problems(found)) => {
            assert!(!found.is_empty() && found == problems, "the reader and the checker say the same");
            false
        }
        Err(other) => panic!("without a language asked for, only the documents can be wrong: {other}"),
        Ok(scheme) => {
            assert_eq!(problems, [], "what has a problem is not read");
            assert!(lint(&scheme).iter().all(|finding| !finding.what.is_empty()));
            let signed = sign_scheme(&document, &values, Purpose::Demonstration, &SecretKey::new(&[7; 32]));
            let signed = signed.unwrap_or_else(|error| panic!("what is read can be signed: {error}"));
            for language in &scheme.languages {
                let (again, _) =
                    parse_signed_scheme(&signed, Some(&language.tag)).unwrap_or_else(|error| panic!("{error}"));
                assert_eq!((again.id, again.language), (scheme.id, language.tag.clone()));
            }
            true
        }
    }
}

/// A generator of numbers that is the same for the same seed (xorshift64).
pub(crate) struct Dice(u64);

impl Dice {
    /// Starts from a seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// A number below `end`; 0 when there is none.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap_or(0) % end.max(1)
    }
}

/// Pieces that mean something to a reader of JSON, and some that should not.
const PIECES: &[&str] = &[
    "null",
    "true",
    "0",
    "-1",
    "1",
    "10000",
    "10001",
    "4294967296",
    "9223372036854775807",
    "-9223372036854775809",
    "1e308",
    "1E400",
    "0.5",
    "\"\"",
    "\"en\"",
    "\"sv\"",
    "\"T1.2.a\"",
    "\"R1\"",
    "\"W1\"",
    "\"proof\"",
    "\"rubric\"",
    "\"T2.1.a\"",
    "\"\\u0000\"",
    "\"\\ud83d\"",
    "\"\\u202e\"",
    "[",
    "]",
    "{",
    "}",
    ",",
    ":",
    "[]",
    "{}",
    "[[[[[[[[",
    "\"levels\": ",
    "\"unit\": \"V\", ",
    "\"after\": \"T1.2.a\", ",
    "{\"years\": 1}",
    "\u{0}",
    "\u{feff}",
    "//",
    "ä",
];

/// One to four changes: bytes flipped, cut out, doubled, exchanged or put in.
pub(crate) fn mutate(bytes: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..=dice.below(4) {
        let start = dice.below(bytes.len() + 1);
        let end = (start + dice.below(60)).min(bytes.len());
        let piece = PIECES.get(dice.below(PIECES.len())).copied().unwrap_or_default();
        let put = match dice.below(7) {
            0 => bytes.get(start..end).unwrap_or_default().iter().map(|byte| byte ^ (1 << dice.below(8))).collect(),
            1 => Vec::new(),
            2 => bytes.get(start..end).unwrap_or_default().repeat(2),
            3 => {
                bytes.truncate(end);
                Vec::new()
            }
            4 => piece.as_bytes().to_vec(),
            _ => {
                exchange_value(&mut bytes, start, piece);
                continue;
            }
        };
        bytes.splice(start..end.min(bytes.len()).max(start.min(bytes.len())), put);
    }
    bytes
}

/// Puts a piece in place of the value behind the next colon, so that the document often stays JSON.
fn exchange_value(bytes: &mut Vec<u8>, start: usize, piece: &str) {
    let rest = bytes.get(start..).unwrap_or_default();
    let Some(colon) = rest.windows(2).position(|pair| pair == b": ") else {
        return;
    };
    let from = start + colon + 2;
    let value = bytes.get(from..).unwrap_or_default();
    let length = value.iter().position(|byte| b",}\n".contains(byte)).unwrap_or(value.len());
    bytes.splice(from..from + length, piece.bytes());
}
