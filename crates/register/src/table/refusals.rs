//! The shelf: refused record files with their signed refusals.

use fieldproof_model::{digest::Digest, time::Timestamp};

use super::Transaction;
use crate::RegisterError;

/// A refused file.
#[derive(Debug)]
pub(crate) struct RefusalRow<'a> {
    pub(crate) file_digest: Digest,
    pub(crate) record_digest: Digest,
    pub(crate) refused_at: Timestamp,
    pub(crate) signed: &'a [u8],
    pub(crate) file: &'a [u8],
}

/// The last refusal that this very file got.
pub(crate) fn find(tx: &Transaction<'_>, file: &Digest) -> Result<Option<Vec<u8>>, RegisterError> {
    let later = "SELECT signed FROM later_refusals WHERE file_digest = ?1 ORDER BY number DESC LIMIT 1";
    let signed = tx.find(later, &[file.as_bytes().into()], |row| row.get(0))?;
    if signed.is_some() {
        return Ok(signed);
    }
    tx.find("SELECT signed FROM refusals WHERE file_digest = ?1", &[file.as_bytes().into()], |row| row.get(0))
}

/// A refused file, exactly as it came.
pub(crate) fn file(tx: &Transaction<'_>, file: &Digest) -> Result<Option<Vec<u8>>, RegisterError> {
    tx.find("SELECT file FROM refusals WHERE file_digest = ?1", &[file.as_bytes().into()], |row| row.get(0))
}

/// A refused file of a record that was never accepted.
#[derive(Debug)]
pub(crate) struct OnShelf {
    pub(crate) file: Digest,
    pub(crate) record: Digest,
    pub(crate) since: Timestamp,
    /// Whether a paper of the record is out, and whether one is back, whosever key signed it.
    pub(crate) is_out: bool,
    pub(crate) is_back: bool,
    /// Whether a later record of the same chain corrects it, one that was accepted.
    pub(crate) is_corrected: bool,
}

/// Refused files whose record was never accepted.
pub(crate) fn not_accepted(tx: &Transaction<'_>) -> Result<Vec<OnShelf>, RegisterError> {
    tx.list(
        "SELECT file_digest, record_digest, refused_at,
             EXISTS (SELECT 1 FROM papers WHERE papers.record_digest = refusals.record_digest AND back_at IS NULL),
             EXISTS (SELECT 1 FROM papers WHERE papers.record_digest = refusals.record_digest AND back_at IS NOT NULL),
             EXISTS (
                 SELECT 1 FROM records AS later
                 JOIN chain_entries AS its ON its.digest = later.digest
                 JOIN chain_entries AS refused ON refused.assessor_key = its.assessor_key
                 WHERE later.corrects = refusals.record_digest AND refused.digest = refusals.record_digest
                     AND refused.chain_index < its.chain_index
             )
         FROM refusals
         WHERE NOT EXISTS (SELECT 1 FROM records WHERE records.digest = refusals.record_digest)",
        &[],
        |row| {
            let (file, record) = (Digest::new(row.get(0)?), Digest::new(row.get(1)?));
            let since = Timestamp::from_millis(row.get(2)?);
            Ok(OnShelf { file, record, since, is_out: row.get(3)?, is_back: row.get(4)?, is_corrected: row.get(5)? })
        },
    )
}

/// Adds the refusal of a file that was refused before and offered again.
pub(crate) fn insert_later(
    tx: &Transaction<'_>,
    file: &Digest,
    refused_at: Timestamp,
    signed: &[u8],
) -> Result<(), RegisterError> {
    let sql = "SELECT coalesce(max(number), 0) FROM later_refusals WHERE file_digest = ?1";
    let last: u32 = tx.one(sql, &[file.as_bytes().into()], |row| row.get(0))?;
    let number = last.checked_add(1).ok_or(RegisterError::Exhausted("the refusals of one file"))?;
    tx.execute(
        "INSERT INTO later_refusals (file_digest, number, refused_at, signed) VALUES (?1, ?2, ?3, ?4)",
        &[file.as_bytes().into(), number.into(), refused_at.as_millis().into(), signed.into()],
    )
}

pub(crate) fn insert(tx: &Transaction<'_>, row: &RefusalRow<'_>) -> Result<(), RegisterError> {
    tx.execute(
        "INSERT INTO refusals (file_digest, record_digest, refused_at, signed, file) VALUES (?1, ?2, ?3, ?4, ?5)",
        &[
            row.file_digest.as_bytes().into(),
            row.record_digest.as_bytes().into(),
            row.refused_at.as_millis().into(),
            row.signed.into(),
            row.file.into(),
        ],
    )
}
