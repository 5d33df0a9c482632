//! The log of accepted records, and the evidence they name.

use fieldproof_model::{digest::Digest, time::Timestamp};
use rusqlite::OptionalExtension;

use super::{Transaction, digest};
use crate::RegisterError;

/// A record's place in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LogPlace {
    pub(crate) index: u32,
    pub(crate) head: Digest,
    pub(crate) received_at: Timestamp,
}

fn place(row: (u32, Vec<u8>, i64)) -> Result<LogPlace, RegisterError> {
    let (index, head, received_at) = row;
    Ok(LogPlace { index, head: digest(&head)?, received_at: Timestamp::from_millis(received_at) })
}

/// The place of a record that was accepted.
pub(crate) fn find(tx: &Transaction<'_>, record: &Digest) -> Result<Option<LogPlace>, RegisterError> {
    tx.query_row("SELECT log_index, log_head, received_at FROM records WHERE digest = ?1", [record.as_bytes()], |row| {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?))
    })
    .optional()?
    .map(place)
    .transpose()
}

/// The last place of the log.
pub(crate) fn last(tx: &Transaction<'_>) -> Result<Option<LogPlace>, RegisterError> {
    tx.query_row("SELECT log_index, log_head, received_at FROM records ORDER BY log_index DESC LIMIT 1", [], |row| {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?))
    })
    .optional()?
    .map(place)
    .transpose()
}

/// The file of a record that was accepted, exactly as it came.
pub(crate) fn file(tx: &Transaction<'_>, record: &Digest) -> Result<Option<Vec<u8>>, RegisterError> {
    let file =
        tx.query_row("SELECT file FROM records WHERE digest = ?1", [record.as_bytes()], |row| row.get(0)).optional()?;
    Ok(file)
}

/// Adds a record with the evidence it names.
pub(crate) fn insert(
    tx: &Transaction<'_>,
    record: &Digest,
    file: &[u8],
    place: &LogPlace,
    evidence: &[(Digest, u64)],
) -> Result<(), RegisterError> {
    tx.execute(
        "INSERT INTO records (log_index, log_head, digest, received_at, file) VALUES (?1, ?2, ?3, ?4, ?5)",
        (place.index, place.head.as_bytes(), record.as_bytes(), place.received_at.as_millis(), file),
    )?;
    let mut statement = tx.prepare(
        "INSERT INTO record_evidence (record_digest, ordinal, evidence_digest, size) VALUES (?1, ?2, ?3, ?4)",
    )?;
    for (ordinal, (item, size)) in (1_u32..).zip(evidence) {
        let size = i64::try_from(*size).map_err(|_| RegisterError::Damaged("an evidence size is out of range"))?;
        statement.execute((record.as_bytes(), ordinal, item.as_bytes(), size))?;
    }
    Ok(())
}

/// The sizes with which accepted records name this item; more than one where one of them is wrong.
pub(crate) fn sizes(tx: &Transaction<'_>, item: &Digest) -> Result<Vec<u64>, RegisterError> {
    let mut statement =
        tx.prepare("SELECT DISTINCT size FROM record_evidence WHERE evidence_digest = ?1 ORDER BY size LIMIT 16")?;
    let sizes = statement.query_map([item.as_bytes()], |row| row.get(0))?;
    let sizes: Vec<i64> = sizes.collect::<Result<_, _>>()?;
    Ok(sizes.into_iter().filter_map(|size| u64::try_from(size).ok()).collect())
}

/// Whether an accepted record names this item with this size.
pub(crate) fn names(tx: &Transaction<'_>, item: &Digest, size: u64) -> Result<bool, RegisterError> {
    let size = i64::try_from(size).map_err(|_| RegisterError::Damaged("an evidence size is out of range"))?;
    let named = tx.query_row(
        "SELECT EXISTS (SELECT 1 FROM record_evidence WHERE evidence_digest = ?1 AND size = ?2)",
        (item.as_bytes(), size),
        |row| row.get(0),
    )?;
    Ok(named)
}
