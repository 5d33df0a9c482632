//! The page's questions answered in JSON. Sentences about the document come from the report; codes are worded by the page.

use fieldproof_model::time::Timestamp;
use fieldproof_seal::{
    FormatError,
    envelope::Purpose,
    parts::{PartKind, parse_person},
    report::{Language, Report, Said, Tone, report_of},
    token::{HolderMark, LINK_MARK, find_token},
    trust::{Trust, TrustFile},
    verdict::{Answer, Evidence},
};
use serde_json::{Value, json};

/// The longest text looked at.
const TEXT_LIMIT: usize = 64 << 10;

/// No host is longer (RFC 1035).
const HOST_LIMIT: usize = 253;

/// Judges a subject (a link, its digits, or a file) with a trust file, and says what a gatekeeper needs to know.
///
/// An empty or malformed trust file counts as none. `address` is where the page was opened, if from a host.
#[must_use]
pub fn judge(trust: &[u8], subject: &[u8], address: &str, now: Timestamp, language: &str) -> String {
    let trust = TrustFile::parse(trust).ok().and_then(|file| file.open().ok());
    let language = Language::parse(language).unwrap_or(Language::English);
    let answer = match read(subject) {
        Ok(evidence) => {
            let mut answer = view(&report_of(&evidence, trust.as_ref(), now, language));
            if let Some(fields) = answer.as_object_mut() {
                fields.insert("holder".to_owned(), holder(&evidence));
                fields.insert("address".to_owned(), disagreement(subject, address, trust.as_ref()));
            }
            answer
        }
        Err(error) => json!({ "error": problem(subject, &error) }),
    };
    answer.to_string()
}

/// Reads a file of ours, or a text: a link from a symbol, or its digits.
fn read(subject: &[u8]) -> Result<Evidence, FormatError> {
    // SPEC.md tells them apart by the first byte; neither is the first of a text.
    if matches!(subject.first(), Some(0x85 | 0xd2)) {
        return Evidence::parse(subject);
    }
    let text = std::str::from_utf8(subject).ok().filter(|text| text.len() <= TEXT_LIMIT);
    let token = text.and_then(find_token).ok_or(FormatError::OtherKind("certificate or record"))?;
    Evidence::parse(&token)
}

/// Whose trust file it is and how old its list, or that it is none.
#[must_use]
pub fn about(trust: &[u8], now: Timestamp) -> String {
    let Some(trust) = TrustFile::parse(trust).ok().and_then(|file| file.open().ok()) else {
        return json!({ "error": "not_genuine" }).to_string();
    };
    let list = trust.snapshot.as_ref().map(|snapshot| snapshot.as_of.date());
    json!({
        "institution": trust.key_set.name,
        "address": trust.key_set.address,
        "purpose": purpose(trust.key_set.purpose),
        "keySet": trust.key_set.number,
        "listOf": list.map(|day| day.to_string()),
        "listDays": list.map(|day| now.date().days_since(day)),
    })
    .to_string()
}

fn view(report: &Report) -> Value {
    json!({
        "tone": match report.tone {
            Tone::Green => "green",
            Tone::Amber => "amber",
            Tone::Red => "red",
        },
        "purpose": purpose(report.purpose),
        "headline": report.headline,
        "what": report.what,
        "banner": report.banner,
        "genuine": said(&report.genuine),
        "inForce": said(&report.in_force),
        "facts": report.facts.iter().map(|(label, value)| json!({ "label": label, "value": value })).collect::<Vec<_>>(),
        "absent": report.absent,
        "checks": report.checks.iter().map(said).collect::<Vec<_>>(),
        "lists": report.lists,
    })
}

fn said(said: &Said) -> Value {
    let answer = match said.answer {
        Answer::Yes => "yes",
        Answer::No => "no",
        Answer::CouldNotTell => "unknown",
    };
    json!({ "label": said.label, "answer": answer, "sentence": said.sentence })
}

const fn purpose(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Real => "real",
        Purpose::Practice => "practice",
        Purpose::Demonstration => "demonstration",
    }
}

/// Why nothing can be said, as a code.
fn problem(subject: &[u8], error: &FormatError) -> &'static str {
    let is_picture =
        [&b"%PDF"[..], b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"RIFF"].iter().any(|m| subject.starts_with(m))
            || subject.get(4..8) == Some(b"ftyp");
    match error {
        _ if is_picture => "picture",
        FormatError::OtherKind(_) if was_ours(subject) => "damaged",
        FormatError::OtherKind(_) => "not_ours",
        FormatError::Critical(_) => "newer_page",
        FormatError::TooLarge(_) => "too_large",
        FormatError::Damaged | FormatError::NotDeterministic | FormatError::Missing(_) | FormatError::Malformed(_) => {
            "damaged"
        }
    }
}

/// Whether a text is digits as in our links, only not all of them or not the right ones.
fn was_ours(subject: &[u8]) -> bool {
    let text = std::str::from_utf8(subject).unwrap_or_default();
    let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let digits = digits.rsplit_once(LINK_MARK).map_or(digits.as_str(), |(_, digits)| digits);
    17 < digits.len() && digits.starts_with('0') && digits.bytes().all(|digit| digit.is_ascii_digit())
}

/// Whose name to compare with an identity document, and what tells two of one name apart.
fn holder(evidence: &Evidence) -> Value {
    let mark = |mark| match mark {
        HolderMark::BirthYear(year) => json!(year),
        HolderMark::Identifier(text) => json!(text),
    };
    let (name, mark) = match evidence {
        Evidence::Token(token, _) => (token.holder.clone(), token.mark.clone().map(mark)),
        Evidence::Record(_, file, _) => {
            let person = file.part(PartKind::Person).ok().flatten().and_then(|content| parse_person(content).ok());
            let Some(person) = person else {
                return Value::Null;
            };
            (person.name.as_str().to_owned(), person.birth_year.map(|year| json!(year)))
        }
    };
    json!({ "name": name, "mark": mark })
}

/// The host that the link (or else the page) names and the institution's own, when they are not the same.
/// It is said and nothing is concluded from it: the keys judge (SPEC.md, M19).
fn disagreement(subject: &[u8], address: &str, trust: Option<&Trust>) -> Value {
    let link =
        std::str::from_utf8(subject).ok().and_then(|text| text.trim().rsplit_once(LINK_MARK)).map(|(link, _)| link);
    let named = host(link.filter(|link| !link.is_empty()).unwrap_or(address));
    let own = trust.map(|trust| host(&trust.key_set.address));
    match own {
        Some(own) if !named.is_empty() && named != own => json!({ "named": named, "own": own }),
        Some(_) | None => Value::Null,
    }
}

/// The host of an address, fit to be shown: nothing in it can be taken for other words on the page.
fn host(address: &str) -> String {
    let address = address.split_once("://").map_or(address, |(_, rest)| rest);
    let host = address.split(['/', '?']).next().unwrap_or_default().trim();
    let shown = |c: char| if c.is_alphanumeric() || ".-_:[]@".contains(c) { c } else { char::REPLACEMENT_CHARACTER };
    host.chars().take(HOST_LIMIT).map(shown).collect::<String>().to_lowercase()
}

#[cfg(test)]
#[path = "answer_tests.rs"]
mod tests;
