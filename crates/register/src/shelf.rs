//! The shelf, for coordinators: what was refused, what a chain or a paper says was sealed and is not here, and what lacks
//! evidence; each with its paper, where a laptop told of one.

use fieldproof_model::{digest::Digest, time::Timestamp};
use fieldproof_seal::{
    delegation::Delegation,
    digest_of,
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

impl Core {
    /// What stands on the shelf, for a coordinator's laptop.
    pub(crate) fn shelf_for(&self, installation: &PublicKey) -> Result<Shelf, RegisterError> {
        let mut shelf = Room { shelf: Shelf { rows: Vec::new(), left_out: 0 }, bytes: 0 };
        self.check_coordinators(installation)?;
        self.read(|tx| {
            for (record, at, signed, file) in refusals::not_accepted(tx)? {
                shelf.add(|| refused(tx, &record, at, signed, &file))?;
            }
            for (key, signed, since) in chain_entries::records_not_here(tx)? {
                shelf.add(|| not_here(tx, key, signed, since))?;
            }
            for told in papers::alone(tx)? {
                shelf.add(|| Ok(paper_alone(told)))?;
            }
            Ok(())
        })?;
        // Looking for evidence takes time and needs no book.
        for record in self.read(records::incomplete)? {
            let row = self.read(|tx| incomplete(tx, &record))?;
            shelf.add(|| {
                let named = Record::parse(&row.sealed).map(|(record, _)| record.evidence).unwrap_or_default();
                Ok(ShelfRow { missing: self.missing(&named)?, ..row })
            })?;
        }
        Ok(shelf.shelf)
    }
}

/// An answer has an end.
struct Room {
    shelf: Shelf,
    bytes: usize,
}

impl Room {
    fn add(&mut self, row: impl FnOnce() -> Result<ShelfRow, RegisterError>) -> Result<(), RegisterError> {
        if limit::SHELF_ROWS <= self.shelf.rows.len() || limit::SHELF_BYTES <= self.bytes {
            self.shelf.left_out = self.shelf.left_out.saturating_add(1);
            return Ok(());
        }
        let row = row()?;
        let paper = row.paper.as_ref().map_or(0, |paper| paper.token.len().saturating_add(paper.person.len()));
        let size = [row.sealed.len(), row.person.len(), row.signed.len(), row.missing.len().saturating_mul(40), paper];
        self.bytes = size.into_iter().fold(self.bytes, usize::saturating_add);
        self.shelf.rows.push(row);
        Ok(())
    }
}

fn refused(
    tx: &Transaction<'_>,
    record: &Digest,
    since: Timestamp,
    signed: Vec<u8>,
    file: &[u8],
) -> Result<ShelfRow, RegisterError> {
    let file = RecordFile::parse(file).unwrap_or_default();
    let (assessor_key, index) = sealed_by(&file);
    let corrections = match assessor_key.zip(index) {
        Some((key, index)) => chain_entries::records_behind(tx, &key, index)?,
        None => Vec::new(),
    };
    let mut is_corrected = false;
    for later in corrections {
        let names = Record::parse(&later).is_ok_and(|(later, _)| later.supersedes.is_some_and(|(it, _)| it == *record));
        is_corrected = is_corrected || (names && records::find(tx, &digest_of(&later))?.is_some());
    }
    let (person, (paper, back_at)) = (person(&file), paper(tx, record, assessor_key)?);
    Ok(ShelfRow {
        state: ShelfState::Refused,
        sealed: file.sealed,
        person,
        signed,
        missing: Vec::new(),
        since,
        assessor_key,
        is_corrected,
        paper,
        back_at,
    })
}

fn not_here(
    tx: &Transaction<'_>,
    key: PublicKey,
    sealed: Vec<u8>,
    since: Timestamp,
) -> Result<ShelfRow, RegisterError> {
    let (paper, back_at) = paper(tx, &digest_of(&sealed), Some(key))?;
    Ok(ShelfRow { sealed, paper, back_at, ..nothing(ShelfState::NotHere, since, key) })
}

fn paper_alone(Told { assessor_key, paper, at, back_at }: Told) -> ShelfRow {
    ShelfRow { paper: Some(paper), back_at, ..nothing(ShelfState::PaperAlone, at, assessor_key) }
}

/// A row of something that is not here.
const fn nothing(state: ShelfState, since: Timestamp, key: PublicKey) -> ShelfRow {
    ShelfRow {
        state,
        sealed: Vec::new(),
        person: Vec::new(),
        signed: Vec::new(),
        missing: Vec::new(),
        since,
        assessor_key: Some(key),
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

fn incomplete(tx: &Transaction<'_>, record: &Digest) -> Result<ShelfRow, RegisterError> {
    let place = records::find(tx, record)?.ok_or(RegisterError::Damaged("an accepted record has no place"))?;
    let file = records::file(tx, record)?.ok_or(RegisterError::Damaged("an accepted record has no file"))?;
    let file = RecordFile::parse(&file).unwrap_or_default();
    let (assessor_key, _) = sealed_by(&file);
    let (person, (paper, back_at)) = (person(&file), paper(tx, record, assessor_key)?);
    Ok(ShelfRow {
        state: ShelfState::EvidenceMissing,
        sealed: file.sealed,
        person,
        signed: receipts::find(tx, record, Have::Held)?.unwrap_or_default(),
        missing: Vec::new(),
        since: place.received_at,
        assessor_key,
        is_corrected: false,
        paper,
        back_at,
    })
}

fn person(file: &RecordFile) -> Vec<u8> {
    file.parts.get(&PartKind::Person.number()).map_or_else(Vec::new, |part| part.as_bytes().to_vec())
}

/// Whose key a file says sealed it, and where in its chain.
fn sealed_by(file: &RecordFile) -> (Option<PublicKey>, Option<u32>) {
    let Ok((record, unverified)) = Record::parse(&file.sealed) else { return (None, None) };
    let delegation = Delegation::parse(file.delegation(&record, &unverified));
    (delegation.ok().map(|(delegation, _)| delegation.assessor_key), Some(record.link.index))
}
