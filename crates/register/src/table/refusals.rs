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

/// The refusal this very file got.
pub(crate) fn find(tx: &Transaction<'_>, file: &Digest) -> Result<Option<Vec<u8>>, RegisterError> {
    tx.find("SELECT signed FROM refusals WHERE file_digest = ?1", &[file.as_bytes().into()], |row| row.get(0))
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
