//! The shelf, as a coordinator's laptop is shown it: what was refused, and what the register misses.

use ciborium::Value;
use fieldproof_model::{digest::Digest, time::Timestamp};
use fieldproof_seal::{
    cbor::{bytes, integer},
    envelope::SIGNED_LIMIT,
    keys::PublicKey,
    parts::PART_LIMIT,
};

use crate::{
    Paper,
    paper::{paper_value, parse_paper},
};

/// Why a record stands there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShelfState {
    /// It was refused.
    Refused,
    /// A chain says that it was sealed, and it is not here.
    NotHere,
    /// It is here, and some of its evidence is not.
    EvidenceMissing,
    /// A laptop told of its paper, and nothing else of it is here.
    PaperAlone,
}

const STATES: [(ShelfState, i64); 4] =
    [(ShelfState::Refused, 1), (ShelfState::NotHere, 2), (ShelfState::EvidenceMissing, 3), (ShelfState::PaperAlone, 4)];

/// One record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShelfRow {
    /// Why it stands there.
    pub state: ShelfState,
    /// The sealed bytes; empty where a paper is all that is known.
    pub sealed: Vec<u8>,
    /// The part that names the candidate, where the register has it; empty where not.
    pub person: Vec<u8>,
    /// The signed refusal or held receipt; empty where there is none.
    pub signed: Vec<u8>,
    /// Evidence that is missing.
    pub missing: Vec<Digest>,
    /// Since when the register knows of it.
    pub since: Timestamp,
    /// Whose key sealed it, as far as the register can tell.
    pub assessor_key: Option<PublicKey>,
    /// Whether the register has a record that corrects it.
    pub is_corrected: bool,
    /// Its paper, where a laptop told that it was opened for printing.
    pub paper: Option<Paper>,
    /// When a coordinator said that the paper was taken back; `None` while it is out.
    pub back_at: Option<Timestamp>,
}

/// Everything that stands there: what needs somebody first, then the longest known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shelf {
    /// The records.
    pub rows: Vec<ShelfRow>,
    /// How many more there are, for which an answer has no room.
    pub left_out: u32,
}

pub(crate) fn row_value(row: &ShelfRow) -> Value {
    let state = STATES.iter().find(|(state, _)| *state == row.state).map_or(0, |(_, number)| *number);
    let key = row.assessor_key.map_or_else(Vec::new, |key| key.as_bytes().to_vec());
    Value::Array(vec![
        Value::from(state),
        bytes(row.sealed.clone()),
        bytes(row.person.clone()),
        bytes(row.signed.clone()),
        Value::Array(row.missing.iter().map(|digest| bytes(*digest.as_bytes())).collect()),
        Value::from(row.since.as_millis()),
        bytes(key),
        Value::Bool(row.is_corrected),
        match (&row.paper, row.back_at) {
            (Some(paper), Some(at)) => Value::Array(vec![paper_value(paper), Value::from(at.as_millis())]),
            (paper, _) => Value::Array(paper.iter().map(paper_value).collect()),
        },
    ])
}

pub(crate) fn parse_row(value: &Value) -> Option<ShelfRow> {
    let [state, sealed, person, signed, missing, since, key, is_corrected, paper] = value.as_array()?.as_slice() else {
        return None;
    };
    let at_most = |value: &Value, limit: usize| value.as_bytes().filter(|bytes| bytes.len() <= limit).cloned();
    let state = integer(state)?;
    let key = key.as_bytes()?;
    let (paper, back_at) = match paper.as_array()?.as_slice() {
        [] => (None, None),
        [paper] => (Some(parse_paper(paper)?), None),
        [paper, at] => (Some(parse_paper(paper)?), Some(Timestamp::from_millis(integer(at)?))),
        _ => return None,
    };
    Some(ShelfRow {
        state: STATES.iter().find(|(_, number)| *number == state).map(|(state, _)| *state)?,
        sealed: at_most(sealed, SIGNED_LIMIT)?,
        person: at_most(person, PART_LIMIT)?,
        signed: at_most(signed, SIGNED_LIMIT)?,
        missing: missing.as_array()?.iter().map(|item| Digest::from_slice(item.as_bytes()?)).collect::<Option<_>>()?,
        since: Timestamp::from_millis(integer(since)?),
        assessor_key: if key.is_empty() { None } else { Some(PublicKey::new(key.as_slice().try_into().ok()?)) },
        is_corrected: is_corrected.as_bool()?,
        paper,
        back_at,
    })
}
