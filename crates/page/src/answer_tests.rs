//! What the page is told: verdicts, what cannot be read, whose host was named, and that hostile bytes never stop it.

use super::*;
use crate::fixture::{NOON, link, usual};

fn judged(trust: &[u8], subject: &[u8], address: &str) -> Value {
    serde_json::from_str(&judge(trust, subject, address, NOON, "en")).unwrap()
}

fn answers(trust: &[u8], subject: &[u8]) -> (Value, Value, Value) {
    let report = judged(trust, subject, "");
    (report["tone"].clone(), report["genuine"]["answer"].clone(), report["inForce"]["answer"].clone())
}

#[test]
fn a_link_its_digits_and_what_stands_behind_the_mark_get_one_verdict() {
    let link = link();
    let digits = link.split_once('#').unwrap().1;
    for text in [link.clone(), digits.to_owned(), format!("#{digits}"), format!("  {link}\n")] {
        assert_eq!(answers(&usual(), text.as_bytes()), ("green".into(), "yes".into(), "yes".into()), "{text}");
    }
    assert_eq!(judged(&usual(), link.as_bytes(), "")["holder"], json!({ "name": "Kalle Kokelas", "mark": 1990 }));
    assert_eq!(answers(b"", link.as_bytes()), ("amber".into(), "unknown".into(), "unknown".into()));
    assert_eq!(answers(b"no trust file", link.as_bytes()), ("amber".into(), "unknown".into(), "unknown".into()));
    let last = link.chars().last().unwrap().to_digit(10).unwrap();
    let altered = format!("{}{}", link.split_at(link.len() - 1).0, (last + 1) % 10);
    assert_eq!(answers(&usual(), altered.as_bytes()), ("red".into(), "no".into(), "no".into()));
}

#[test]
fn what_cannot_be_read_has_a_code() {
    let link = link();
    let (cut, _) = link.split_at(link.len() - 40);
    let cases: [(&[u8], &str); 9] = [
        (b"", "not_ours"),
        (b"Good morning", "not_ours"),
        (b"https://fieldproof.example/v#", "not_ours"),
        (b"\xff\xfe\x00", "not_ours"),
        (b"1234", "not_ours"),
        (cut.as_bytes(), "damaged"),
        (b"%PDF-1.7", "picture"),
        (b"\xff\xd8\xff\xe0", "picture"),
        (b"\0\0\0\x18ftypheic", "picture"),
    ];
    for (subject, code) in cases {
        assert_eq!(judged(&usual(), subject, ""), json!({ "error": code }), "{subject:?}");
    }
}

#[test]
fn another_host_is_said_and_changes_nothing() {
    let link = link();
    let elsewhere = link.replace("fieldproof.example", "Elsewhere.example:8443");
    let bare = link.split_once('#').unwrap().1.to_owned();
    let cases = [
        (&link, "", Value::Null),
        (&link, "127.0.0.1:7878", Value::Null),
        (&bare, "", Value::Null),
        (&bare, "FIELDPROOF.example", Value::Null),
        (&bare, "127.0.0.1:7878", json!({ "named": "127.0.0.1:7878", "own": "fieldproof.example" })),
        (&elsewhere, "", json!({ "named": "elsewhere.example:8443", "own": "fieldproof.example" })),
    ];
    for (subject, address, expected) in cases {
        let report = judged(&usual(), subject.as_bytes(), address);
        assert_eq!(report["address"], expected, "{subject} at {address}");
        assert_eq!(report["tone"], "green", "{subject} at {address}");
    }
}

#[test]
fn a_host_cannot_pass_for_other_words() {
    let hostile = format!("https://fieldproof.example says \u{202e}yes<b>/v#{}", link().split_once('#').unwrap().1);
    let named = judged(&usual(), hostile.as_bytes(), "")["address"]["named"].clone();
    assert_eq!(named, "fieldproof.example\u{fffd}says\u{fffd}\u{fffd}yes\u{fffd}b\u{fffd}");
    assert_eq!(host(&"a".repeat(1_000)).len(), HOST_LIMIT);
}

#[test]
fn a_trust_file_says_whose_it_is_and_how_old() {
    let told: Value = serde_json::from_str(&about(&usual(), NOON.seconds_later(3 * 86_400))).unwrap();
    let expected = json!({
        "institution": "Esimerkkiopisto", "address": "fieldproof.example/v", "purpose": "real",
        "keySet": 5, "listOf": NOON.date().to_string(), "listDays": 3,
    });
    assert_eq!(told, expected);
    assert_eq!(about(b"rubbish", NOON), r#"{"error":"not_genuine"}"#);
}

#[test]
fn hostile_bytes_get_an_answer() {
    let (trust, link) = (usual(), link());
    let token = find_token(&link).unwrap();
    for at in 0..token.len() {
        for subject in [&token[..at], &[&token[..at], &[0xff], &token[at + 1..]].concat()] {
            let report = judged(&trust, subject, "");
            assert_ne!(report["tone"], "green", "byte {at}");
        }
    }
    for at in 0..trust.len() {
        let mut altered = trust.clone();
        altered[at] ^= 0x20;
        assert_ne!(judged(&altered, link.as_bytes(), "")["tone"], "green", "byte {at} of the trust file");
        assert_ne!(crate::newer(&trust, &altered), crate::Offer::Newer, "byte {at} of the trust file");
    }
}
