//! What is not signed itself: files, messages and parts. What is read is written again and read as the same.

use std::fmt::Debug;

use fieldproof_seal::{
    cbor::{FormatError, Value, decode, encode},
    course::{course_value, parse_course},
    gate::{gate_value, parse_gate},
    observation::{decode_observed, encode_observed},
    pack::{PackFile, parse_roster, roster_bytes},
    parts::{
        PART_LIMIT, PARTS, acknowledgement_value, location_value, log_value, parse_acknowledgement, parse_location,
        parse_log, parse_people, parse_person, people_value, person_value,
    },
    record::{Record, RecordFile},
    trust::TrustFile,
};
use fieldproof_wire::Message;

/// Reads a part's content; what is read is written again and read as the same.
fn writes_again<T: Debug + PartialEq>(
    data: &[u8],
    parse: impl Fn(Value) -> Result<T, FormatError>,
    write: impl Fn(&T) -> Value,
) -> Option<T> {
    let read = parse(decode(data, PART_LIMIT).ok()?).ok()?;
    let written = encode(write(&read));
    let again = decode(&written, PART_LIMIT).and_then(&parse);
    assert_eq!(again.as_ref(), Ok(&read));
    assert!(written.len() <= data.len(), "nothing is added");
    Some(read)
}

pub(super) fn record_file(data: &[u8]) -> Option<i64> {
    let file = RecordFile::parse(data).ok()?;
    let written = file.to_bytes();
    assert_eq!(written, data, "there is one form");
    for (kind, ..) in PARTS {
        let (one, other) = (file.part(kind), file.part(kind));
        assert_eq!(one, other);
    }
    let (record, _) = Record::parse(&file.sealed).ok()?;
    assert!(file.absent(&record).len() <= PARTS.len());
    i64::try_from(file.parts.values().map(|part| part.as_bytes().len()).sum::<usize>()).ok()
}

pub(super) fn trust(data: &[u8]) -> Option<i64> {
    let file = TrustFile::parse(data).ok()?;
    assert_eq!(file.to_bytes(), data, "there is one form");
    let opened = file.open();
    assert_eq!(opened, file.open());
    file.root.as_bytes().first_chunk().map(|first| i64::from(u16::from_be_bytes(*first)))
}

pub(super) fn pack_file(data: &[u8]) -> Option<i64> {
    let file = PackFile::parse(data).ok()?;
    assert_eq!(file.to_bytes(), data, "there is one form");
    for item in &file.items {
        let roster = parse_roster(item);
        assert!(roster.is_err() || roster.is_ok_and(|people| roster_bytes(&people).len() <= item.len()));
    }
    i64::try_from(file.items.iter().map(Vec::len).sum::<usize>()).ok()
}

pub(super) fn message(data: &[u8]) -> Option<i64> {
    let message = Message::parse(data).ok()?;
    let written = message.to_bytes();
    assert_eq!(Message::parse(&written).as_ref(), Ok(&message));
    assert!(written.len() <= data.len(), "nothing is added");
    match message {
        Message::Hello(hello) => Some(i64::from(hello.epoch)),
        Message::ChainAnswer(answer) => Some(i64::from(answer.held)),
        Message::Fault(fault) => Some(i64::from(fault.code())),
        Message::PackAnswer(answer) => Some(i64::from(answer.number)),
        Message::ClaimAnswer(answer) => Some(i64::from(answer.epoch)),
        Message::Shelf(shelf) => Some(i64::from(shelf.left_out)),
        Message::PapersAnswer(answer) => Some(i64::from(answer.held)),
        Message::Papers(papers) => {
            let read = papers.iter().find_map(fieldproof_wire::Paper::read);
            Some(read.map_or(0, |on| i64::from(on.token.chain_index)))
        }
        Message::Feed(feed) => i64::try_from(feed.contents.len()).ok(),
        Message::ChainUpload(_)
        | Message::RecordAnswer(_)
        | Message::Stored(_)
        | Message::Upload(_)
        | Message::PackUpload(_)
        | Message::EnrolmentRequest(_)
        | Message::EnrolmentRequests(_)
        | Message::Claim(_)
        | Message::Return(_)
        | Message::BundleTaken(_)
        | Message::AnswersPiece(_)
        | Message::PaperBack(_) => Some(0),
    }
}

pub(super) fn person(data: &[u8]) -> Option<i64> {
    let read = writes_again(data, parse_person, person_value)?;
    read.birth_year.map(i64::from)
}

pub(super) fn people(data: &[u8]) -> Option<i64> {
    let write = |(assessor, second): &(_, Option<_>)| people_value(assessor, second.as_ref());
    let (_, second) = writes_again(data, parse_people, write)?;
    second?.birth_year.map(i64::from)
}

pub(super) fn log(data: &[u8]) -> Option<i64> {
    let read = writes_again(data, parse_log, |log| log_value(log))?;
    read.last().map(|last| i64::from(last.sequence))
}

pub(super) fn observed(data: &[u8]) -> Option<i64> {
    let read = decode_observed(data).ok()?;
    let written = encode_observed(&read);
    assert_eq!(decode_observed(&written).as_ref(), Ok(&read));
    written.last_chunk().map(|last| i64::from(u16::from_be_bytes(*last)))
}

pub(super) fn gate(data: &[u8]) -> Option<i64> {
    let read = writes_again(data, parse_gate, gate_value)?;
    read.instrument_voltage.map(i64::from)
}

pub(super) fn acknowledgement(data: &[u8]) -> Option<i64> {
    let read = writes_again(data, parse_acknowledgement, acknowledgement_value)?;
    Some(read.at.as_millis())
}

pub(super) fn location(data: &[u8]) -> Option<i64> {
    let read = writes_again(data, parse_location, |site| location_value(site))?;
    i64::try_from(read.len()).ok()
}

pub(super) fn course(data: &[u8]) -> Option<i64> {
    let read = writes_again(data, parse_course, course_value)?;
    read.theory_minutes.map(i64::from)
}
