//! What the page's script can call. One buffer takes everything that goes in; an answer is four bytes of length, lowest
//! first, and so many bytes of JSON.
//!
//! No pointer is followed here: the script writes into the buffer, Rust reads it as the vector it is.

use std::cell::RefCell;

use fieldproof_model::time::Timestamp;

use crate::{Offer, about, judge, newer};

/// More than a trust file of every size, offered beside one that is held, or a record file beside one.
const LARGEST: usize = 16 << 20;

thread_local! {
    static INPUT: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    static ANSWER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Makes room for `length` bytes and says where; nowhere (0) when it is too much. What was there before is given back.
#[expect(unsafe_code, reason = "a name the browser can call")]
#[unsafe(no_mangle)]
pub extern "C" fn reserve(length: usize) -> *mut u8 {
    let mut room = Vec::new();
    if LARGEST < length || room.try_reserve_exact(length).is_err() {
        return std::ptr::null_mut();
    }
    room.resize(length, 0);
    INPUT.with_borrow_mut(|input| {
        *input = room;
        input.as_mut_ptr()
    })
}

/// Judges a subject: the buffer holds trust file (or nothing), subject, address and language, one behind the other.
/// `now` is in milliseconds since 1970.
#[expect(unsafe_code, reason = "a name the browser can call")]
#[unsafe(no_mangle)]
pub extern "C" fn judge_subject(trust: usize, subject: usize, address: usize, now: f64) -> *const u8 {
    INPUT.with_borrow(|input| {
        let (trust, rest) = cut(input, trust);
        let (subject, rest) = cut(rest, subject);
        let (address, language) = cut(rest, address);
        let text = |bytes| std::str::from_utf8(bytes).unwrap_or_default();
        answer(&judge(trust, subject, text(address), time(now), text(language)))
    })
}

/// Says whose trust file it is that fills the buffer, and how old its list.
#[expect(unsafe_code, reason = "a name the browser can call")]
#[unsafe(no_mangle)]
pub extern "C" fn about_trust(now: f64) -> *const u8 {
    INPUT.with_borrow(|trust| answer(&about(trust, time(now))))
}

/// Whether an offered trust file may take the place of the one held; the buffer holds first the one, then the other.
#[expect(unsafe_code, reason = "a name the browser can call")]
#[unsafe(no_mangle)]
pub extern "C" fn newer_trust(held: usize) -> *const u8 {
    INPUT.with_borrow(|input| {
        let (held, offered) = cut(input, held);
        let word = match newer(held, offered) {
            Offer::Newer => "newer",
            Offer::Same => "same",
            Offer::Older => "older",
            Offer::OtherInstitution => "other_institution",
            Offer::NotGenuine => "not_genuine",
        };
        answer(&format!("\"{word}\""))
    })
}

/// The first so many bytes and the rest; too large a number takes all.
fn cut(bytes: &[u8], length: usize) -> (&[u8], &[u8]) {
    bytes.split_at_checked(length).unwrap_or((bytes, &[]))
}

#[expect(clippy::as_conversions, reason = "a number of JavaScript; what fits no whole number becomes the nearest")]
const fn time(now: f64) -> Timestamp {
    Timestamp::from_millis(now as i64)
}

fn answer(json: &str) -> *const u8 {
    let length = u32::try_from(json.len()).unwrap_or_default().to_le_bytes();
    ANSWER.with_borrow_mut(|answer| {
        answer.clear();
        answer.extend_from_slice(&length);
        answer.extend_from_slice(json.as_bytes());
        answer.as_ptr()
    })
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::fixture::{NOON, link, usual};

    /// Does what the page's script does: makes room and puts everything in, one behind the other.
    fn put(parts: &[&[u8]]) {
        let bytes = parts.concat();
        assert!(!reserve(bytes.len()).is_null());
        INPUT.with_borrow_mut(|input| {
            assert_eq!(input.len(), bytes.len());
            input.copy_from_slice(&bytes);
        });
    }

    fn read(at: *const u8) -> Value {
        ANSWER.with_borrow(|answer| {
            assert_eq!(at, answer.as_ptr());
            let (length, json) = answer.split_first_chunk().unwrap();
            assert_eq!(json.len(), usize::try_from(u32::from_le_bytes(*length)).unwrap());
            serde_json::from_slice(json).unwrap()
        })
    }

    #[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "a number of JavaScript")]
    fn now() -> f64 {
        NOON.as_millis() as f64
    }

    #[test]
    fn the_three_questions_are_answered() {
        let (trust, link) = (usual(), link());
        let digits = link.split_once('#').unwrap().1;
        put(&[&trust, digits.as_bytes(), b"127.0.0.1:7878", b"en"]);
        let report = read(judge_subject(trust.len(), digits.len(), 14, now()));
        assert_eq!((&report["tone"], &report["address"]["named"]), (&"green".into(), &"127.0.0.1:7878".into()));
        put(&[&trust]);
        assert_eq!(read(about_trust(now()))["institution"], "Esimerkkiopisto");
        put(&[&trust, &trust]);
        assert_eq!(read(newer_trust(trust.len())), "same");
    }

    #[test]
    fn wrong_lengths_and_times_get_an_answer() {
        assert!(reserve(LARGEST + 1).is_null());
        assert!(reserve(usize::MAX).is_null());
        for now in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1.0] {
            put(&[b"abc"]);
            assert_eq!(read(judge_subject(usize::MAX, 1, 1, now))["error"], "not_ours");
            assert_eq!(read(about_trust(now))["error"], "not_genuine");
            assert_eq!(read(newer_trust(usize::MAX)), "not_genuine");
            let (trust, link) = (usual(), link());
            put(&[&trust, link.as_bytes()]);
            assert_ne!(read(judge_subject(trust.len(), link.len(), usize::MAX, now))["tone"], "green", "{now}");
        }
    }
}
