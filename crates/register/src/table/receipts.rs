//! Receipts, each signed once and given out ever after.

use fieldproof_model::{digest::Digest, time::Timestamp};
use fieldproof_seal::{digest_of, receipt::Have};

use super::{Transaction, epochs};
use crate::RegisterError;

const fn kind(have: Have) -> &'static str {
    match have {
        Have::Held => "held",
        Have::Complete => "complete",
    }
}

pub(crate) fn find(tx: &Transaction<'_>, record: &Digest, have: Have) -> Result<Option<Vec<u8>>, RegisterError> {
    let sql = "SELECT signed FROM receipts WHERE record_digest = ?1 AND kind = ?2";
    tx.find(sql, &[record.as_bytes().into(), kind(have).into()], |row| row.get(0))
}

pub(crate) fn insert(tx: &Transaction<'_>, record: &Digest, have: Have, signed: &[u8]) -> Result<(), RegisterError> {
    tx.execute(
        "INSERT INTO receipts (record_digest, kind, signed) VALUES (?1, ?2, ?3)",
        &[record.as_bytes().into(), kind(have).into(), signed.into()],
    )
}

/// Every receipt.
pub(crate) fn all(tx: &Transaction<'_>) -> Result<Vec<Vec<u8>>, RegisterError> {
    tx.list("SELECT signed FROM receipts", &[], |row| row.get(0))
}

/// Whether the book has this very receipt of a record.
pub(crate) fn has(tx: &Transaction<'_>, record: &Digest, receipt: &Digest) -> Result<bool, RegisterError> {
    let sql = "SELECT signed FROM receipts WHERE record_digest = ?1";
    let here: Vec<Vec<u8>> = tx.list(sql, &[record.as_bytes().into()], |row| row.get(0))?;
    Ok(here.iter().any(|signed| digest_of(signed) == *receipt) || epochs::has_receipt(tx, receipt)?)
}

/// Takes a receipt back. It is the record's, unless the record has got another one since; that one has been given out.
pub(crate) fn take_back(
    tx: &Transaction<'_>,
    record: &Digest,
    have: Have,
    signed: &[u8],
    now: Timestamp,
) -> Result<(), RegisterError> {
    tx.execute(
        "INSERT INTO receipts (record_digest, kind, signed) VALUES (?1, ?2, ?3)
         ON CONFLICT (record_digest, kind) DO NOTHING",
        &[record.as_bytes().into(), kind(have).into(), signed.into()],
    )?;
    epochs::keep_receipt(tx, record, signed, now)
}
