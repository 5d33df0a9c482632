//! Packs of laptops, and requests to be enrolled.

use fieldproof_model::time::Timestamp;
use fieldproof_seal::keys::PublicKey;

use super::Transaction;
use crate::RegisterError;

/// The newest pack of a laptop.
#[derive(Debug, Clone)]
pub(crate) struct PackRow {
    pub(crate) number: u32,
    pub(crate) signed: Vec<u8>,
    pub(crate) file: Vec<u8>,
}

/// The newest pack of a laptop.
pub(crate) fn pack(tx: &Transaction<'_>, installation: &PublicKey) -> Result<Option<PackRow>, RegisterError> {
    let sql = "SELECT number, signed, file FROM packs WHERE installation = ?1";
    tx.find(sql, &[installation.as_bytes().into()], |row| {
        Ok(PackRow { number: row.get(0)?, signed: row.get(1)?, file: row.get(2)? })
    })
}

/// Keeps a pack in place of the one before.
pub(crate) fn set_pack(
    tx: &Transaction<'_>,
    installation: &PublicKey,
    row: &PackRow,
    now: Timestamp,
) -> Result<(), RegisterError> {
    tx.execute(
        "INSERT INTO packs (installation, number, signed, file, received_at) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (installation) DO UPDATE SET number = excluded.number, signed = excluded.signed,
             file = excluded.file, received_at = excluded.received_at",
        &[
            installation.as_bytes().into(),
            row.number.into(),
            (&row.signed).into(),
            (&row.file).into(),
            now.as_millis().into(),
        ],
    )
}

/// How many requests wait.
pub(crate) fn waiting(tx: &Transaction<'_>) -> Result<usize, RegisterError> {
    let count: u64 = tx.one("SELECT count(*) FROM requests", &[], |row| row.get(0))?;
    Ok(usize::try_from(count).unwrap_or(usize::MAX))
}

/// Keeps a request; one of a key that asked before takes the place of that one.
pub(crate) fn keep_request(
    tx: &Transaction<'_>,
    key: &PublicKey,
    signed: &[u8],
    now: Timestamp,
) -> Result<(), RegisterError> {
    tx.execute(
        "INSERT INTO requests (assessor_key, signed, received_at) VALUES (?1, ?2, ?3)
         ON CONFLICT (assessor_key) DO UPDATE SET signed = excluded.signed, received_at = excluded.received_at",
        &[key.as_bytes().into(), signed.into(), now.as_millis().into()],
    )
}

/// Whether a key asked already.
pub(crate) fn has_asked(tx: &Transaction<'_>, key: &PublicKey) -> Result<bool, RegisterError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM requests WHERE assessor_key = ?1)";
    tx.one(sql, &[key.as_bytes().into()], |row| row.get(0))
}

/// Lets go of the request of a key that was answered.
pub(crate) fn answered(tx: &Transaction<'_>, key: &PublicKey) -> Result<(), RegisterError> {
    tx.execute("DELETE FROM requests WHERE assessor_key = ?1", &[key.as_bytes().into()])
}

/// Every request that waits, the oldest first.
pub(crate) fn requests(tx: &Transaction<'_>) -> Result<Vec<Vec<u8>>, RegisterError> {
    tx.list("SELECT signed FROM requests ORDER BY received_at, assessor_key", &[], |row| row.get(0))
}
