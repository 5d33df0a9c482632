//! What arrives as text or in somebody else's format: links, digits, names, headers, scheme documents, pictures, PDFs,
//! and tables.

use fieldproof_app::roster::{CELL_LIMIT, COLUMN_LIMIT, Mapping, ROW_LIMIT, preview, read_table};
use fieldproof_certificate::find_tokens;
use fieldproof_model::{
    digest::Digest,
    id::{SchemeId, parse_hex},
    person::Name,
    time::Date,
};
use fieldproof_seal::{
    digits::{parse_digits, to_digits},
    token::{Token, find_token, to_link},
};
use fieldproof_wire::{
    signature::{Claim, HeaderLines, SignedHeaders},
    tus,
};

use super::scheme_document::fuzz_scheme_document;

/// A picture is decoded into so much more than its bytes that the fuzzer would look at nothing else.
const PICTURE_LIMIT: usize = 64 << 10;

fn number(bytes: &[u8]) -> Option<i64> {
    bytes.first_chunk().map(|first| i64::from(u16::from_be_bytes(*first)))
}

pub(super) fn link(data: &[u8]) -> Option<i64> {
    let text = String::from_utf8_lossy(data);
    if let Ok(bytes) = parse_digits(&text, text.len()) {
        assert_eq!(to_digits(&bytes), text, "there is one form");
    }
    let bytes = find_token(&text)?;
    assert_eq!(find_token(&to_link("fieldproof.example/v", &bytes)).as_ref(), Some(&bytes));
    drop(Token::parse(&bytes));
    number(&bytes)
}

pub(super) fn small_texts(data: &[u8]) -> Option<i64> {
    let text = String::from_utf8_lossy(data);
    if let Some(digest) = Digest::parse(&text) {
        assert_eq!(digest.to_string(), text.to_lowercase());
    }
    if let Ok(id) = SchemeId::parse(&text) {
        assert_eq!(parse_hex::<16>(&text), Some(*id.as_bytes()));
    }
    if let Ok(name) = Name::parse(&text) {
        assert_eq!(Name::parse(name.as_str()).as_ref(), Ok(&name));
    }
    let day = Date::parse(&text).ok()?;
    assert_eq!(Date::parse(&day.to_string()), Ok(day));
    Some(i64::from(day.as_days()))
}

/// The three headers of a signed request, a line each.
pub(super) fn signature(data: &[u8]) -> Option<i64> {
    let mut lines = data.splitn(3, |byte| *byte == b'\n');
    let mut line = || lines.next().into_iter().collect();
    let lines = HeaderLines { content_digest: line(), signature_input: line(), signature: line() };
    let claim = Claim::parse(&lines).ok()?;
    let SignedHeaders { content_digest, signature_input, signature } = claim.to_headers();
    assert_eq!([content_digest, signature_input, signature].join("\n").as_bytes(), data, "there is one form");
    let _verified = claim.verify("POST", "https://fieldproof.example/v0/chain");
    number(claim.nonce.as_bytes())
}

/// A number, the metadata and the name of an upload, a line each.
pub(super) fn tus(data: &[u8]) -> Option<i64> {
    let text = String::from_utf8_lossy(data);
    let mut lines = text.splitn(3, '\n');
    let mut line = || lines.next().unwrap_or_default();
    let (length, metadata, name) = (line(), line(), line());
    if let Some(digest) = tus::parse_metadata(metadata) {
        assert_eq!(tus::parse_metadata(&tus::metadata(&digest)), Some(digest));
    }
    if let Some(digest) = tus::parse_name(name) {
        assert_eq!(digest.to_string(), name, "there is one spelling");
    }
    let read = tus::parse_number(length)?;
    assert_eq!(read.to_string(), length, "there is one spelling");
    i64::try_from(read).ok()
}

pub(super) fn scheme_document(data: &[u8]) -> Option<i64> {
    fuzz_scheme_document(data).then(|| data.iter().map(|byte| i64::from(*byte)).sum())
}

pub(super) fn picture(data: &[u8]) -> Option<i64> {
    if PICTURE_LIMIT < data.len() {
        return None;
    }
    let found = find_tokens(data).ok()?;
    assert!(!found.texts.is_empty(), "found is not nothing");
    // No change of a picture makes another text of its symbol; what is around the symbol changes its length.
    find_token(found.texts.first()?)?;
    i64::try_from(data.len()).ok()
}

pub(super) fn roster(data: &[u8]) -> Option<i64> {
    let table = read_table(data).ok()?;
    assert!(table.rows.len() <= ROW_LIMIT, "as many rows as were promised");
    for row in std::iter::once(&table.headers).chain(&table.rows) {
        assert!(row.cells.len() <= COLUMN_LIMIT, "as many columns as were promised");
        assert!(row.cells.iter().all(|cell| cell.chars().count() <= CELL_LIMIT), "cells as long as were promised");
        assert!(row.cells.last().is_some_and(|cell| !cell.is_empty()), "a row is not blank, and ends with a cell");
    }
    let guessed = Mapping::guess(&table);
    let first = Mapping { name: Some(0), ..guessed };
    for mapping in [guessed, first] {
        let rows = preview(&table, &mapping, &[], Date::from_days(20_000)).rows;
        assert!(rows.is_empty() || table.rows.len() <= rows.len(), "every row says what becomes of it");
    }
    Some(table.headers.cells.concat().bytes().map(i64::from).sum())
}
