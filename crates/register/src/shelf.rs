//! The shelf, for coordinators: what was refused, what a chain or a paper says was sealed and is not here, and what lacks
//! evidence; each with its paper, where a laptop told of one.
//!
//! The book is looked through for names and times alone; what stands in the rows is read for those that are shown.

use fieldproof_model::{digest::Digest, time::Timestamp};
use fieldproof_seal::{
    delegation::Delegation,
    envelope::SIGNED_LIMIT,
    keys::PublicKey,
    parts::PartKind,
    receipt::Have,
    record::{Record, RecordFile},
};
use fieldproof_wire::{Paper, Shelf, ShelfRow, ShelfState, limit};

use crate::{
    RegisterError,
    core::Core,
    table::{
        Transaction, chain_entries,
        papers::{self, Told},
        receipts, records, refusals,
    },
};

/// What stands on the shelf, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Standing {
    /// A file of a record, both by their digests.
    Refused { file: Digest, record: Digest, is_corrected: bool },
    /// An entry of a chain.
    NotHere { key: PublicKey, index: u32, entry: Digest },
    /// A token.
    PaperAlone(Digest),
    /// A record.
    EvidenceMissing(Digest),
}

/// How much a row needs somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Need {
    /// It was refused and its paper is out: whoever holds that is to be called.
    Call,
    Open,
    /// It was refused, no paper is out, and somebody corrected it or took its paper back.
    Settled,
}

/// Its place on the shelf: what needs somebody first, then the longest known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    need: Need,
    since: Timestamp,
    what: Standing,
}

impl Core {
    /// What stands on the shelf, for a coordinator's laptop.
    pub(crate) fn shelf_for(&self, installation: &PublicKey) -> Result<Shelf, RegisterError> {
        self.check_coordinators(installation)?;
        let mut places = self.read(places)?;
        places.sort_unstable();
        let (mut places, mut rows, mut bytes) = (places.into_iter(), Vec::new(), 0_usize);
        while rows.len() < limit::SHELF_ROWS && bytes < limit::SHELF_BYTES {
            let Some(place) = places.next() else { break };
            let row = self.read(|tx| row(tx, &place))?;
            let row = self.with_missing(row)?;
            bytes = bytes.saturating_add(size(&row));
            rows.push(row);
        }
        Ok(Shelf { rows, left_out: u32::try_from(places.len()).unwrap_or(u32::MAX) })
    }

    /// Looking for evidence takes time and needs no book.
    fn with_missing(&self, row: ShelfRow) -> Result<ShelfRow, RegisterError> {
        if row.state != ShelfState::EvidenceMissing {
            return Ok(row);
        }
        let named = Record::parse(&row.sealed).map(|(record, _)| record.evidence).unwrap_or_default();
        Ok(ShelfRow { missing: self.missing(&named)?, ..row })
    }
}

/// Everything that stands on the shelf.
fn places(tx: &Transaction<'_>) -> Result<Vec<Place>, RegisterError> {
    let mut places = Vec::new();
    for refusals::OnShelf { file, record, since, is_out, is_back, is_corrected } in refusals::not_accepted(tx)? {
        let need = match (is_out, is_back || is_corrected) {
            (true, _) => Need::Call,
            (false, false) => Need::Open,
            (false, true) => Need::Settled,
        };
        places.push(Place { need, since, what: Standing::Refused { file, record, is_corrected } });
    }
    let mut add = |since, what| places.push(Place { need: Need::Open, since, what });
    for (key, index, entry, since) in chain_entries::records_not_here(tx)? {
        add(since, Standing::NotHere { key, index, entry });
    }
    for (token, since) in papers::alone(tx)? {
        add(since, Standing::PaperAlone(token));
    }
    for (record, since) in records::incomplete(tx)? {
        add(since, Standing::EvidenceMissing(record));
    }
    Ok(places)
}

fn row(tx: &Transaction<'_>, place: &Place) -> Result<ShelfRow, RegisterError> {
    let row = match place.what {
        Standing::Refused { file, record, is_corrected } => ShelfRow { is_corrected, ..refused(tx, &file, &record)? },
        Standing::NotHere { key, index, entry } => {
            let sealed = chain_entries::signed(tx, &key, index, &entry)?.ok_or(GONE)?;
            let (paper, back_at) = paper(tx, &entry, Some(key))?;
            ShelfRow { sealed, paper, back_at, ..nothing(ShelfState::NotHere, Some(key)) }
        }
        Standing::PaperAlone(token) => {
            let Told { assessor_key, paper, back_at, .. } = papers::find(tx, &token)?.ok_or(GONE)?;
            ShelfRow { paper: Some(paper), back_at, ..nothing(ShelfState::PaperAlone, Some(assessor_key)) }
        }
        Standing::EvidenceMissing(record) => incomplete(tx, &record)?,
    };
    Ok(ShelfRow { since: place.since, ..row })
}

/// Nothing leaves the book.
const GONE: RegisterError = RegisterError::Damaged("what stood on the shelf is gone");

/// What a row takes of an answer, which has an end.
fn size(row: &ShelfRow) -> usize {
    let paper = row.paper.as_ref().map_or(0, |paper| paper.token.len().saturating_add(paper.person.len()));
    let parts = [row.sealed.len(), row.person.len(), row.signed.len(), row.missing.len().saturating_mul(40), paper];
    parts.into_iter().fold(0, usize::saturating_add)
}

/// Bytes for a row. What is longer than such bytes may be nobody takes, and with it they would not take the other rows:
/// it is left out as what is not here.
fn at_most(limit: usize, bytes: &[u8]) -> Vec<u8> {
    if limit < bytes.len() { Vec::new() } else { bytes.to_vec() }
}

/// A refused record, from its file.
fn refused(tx: &Transaction<'_>, name: &Digest, record: &Digest) -> Result<ShelfRow, RegisterError> {
    let signed = refusals::find(tx, name)?.ok_or(GONE)?;
    let file = RecordFile::parse(&refusals::file(tx, name)?.ok_or(GONE)?).unwrap_or_default();
    let assessor_key = sealed_by(&file);
    let row = nothing(ShelfState::Refused, assessor_key);
    let (paper, back_at) = paper(tx, record, assessor_key)?;
    Ok(ShelfRow { sealed: sealed(&file), person: person(&file), signed, paper, back_at, ..row })
}

/// A row of which nothing else is known yet.
const fn nothing(state: ShelfState, assessor_key: Option<PublicKey>) -> ShelfRow {
    ShelfRow {
        state,
        sealed: Vec::new(),
        person: Vec::new(),
        signed: Vec::new(),
        missing: Vec::new(),
        since: Timestamp::from_millis(0),
        assessor_key,
        is_corrected: false,
        paper: None,
        back_at: None,
    }
}

/// The paper of a record that the key which sealed it signed, and since when it is back; a damaged file does not say
/// whose key that is.
fn paper(
    tx: &Transaction<'_>,
    record: &Digest,
    key: Option<PublicKey>,
) -> Result<(Option<Paper>, Option<Timestamp>), RegisterError> {
    let mut told = papers::of(tx, record)?.into_iter();
    let told = told.find(|told| key.is_none_or(|key| key == told.assessor_key));
    Ok(told.map_or((None, None), |told| (Some(told.paper), told.back_at)))
}

/// An accepted record that has no complete receipt, from its file.
fn incomplete(tx: &Transaction<'_>, record: &Digest) -> Result<ShelfRow, RegisterError> {
    let file = RecordFile::parse(&records::file(tx, record)?.ok_or(GONE)?).unwrap_or_default();
    let signed = receipts::find(tx, record, Have::Held)?.unwrap_or_default();
    let assessor_key = sealed_by(&file);
    let row = nothing(ShelfState::EvidenceMissing, assessor_key);
    let (paper, back_at) = paper(tx, record, assessor_key)?;
    Ok(ShelfRow { sealed: sealed(&file), person: person(&file), signed, paper, back_at, ..row })
}

fn sealed(file: &RecordFile) -> Vec<u8> {
    at_most(SIGNED_LIMIT, &file.sealed)
}

fn person(file: &RecordFile) -> Vec<u8> {
    file.parts.get(&PartKind::Person.number()).map_or_else(Vec::new, |part| at_most(limit::PERSON, part.as_bytes()))
}

/// Whose key a file says sealed it.
fn sealed_by(file: &RecordFile) -> Option<PublicKey> {
    let (record, unverified) = Record::parse(&file.sealed).ok()?;
    let (delegation, _) = Delegation::parse(file.delegation(&record, &unverified)).ok()?;
    Some(delegation.assessor_key)
}
