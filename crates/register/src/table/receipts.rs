//! Receipts, each signed once and given out ever after.

use fieldproof_model::digest::Digest;
use fieldproof_seal::receipt::Have;

use super::Transaction;
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
