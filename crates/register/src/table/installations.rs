//! Laptops that may send.

use fieldproof_model::time::Timestamp;
use fieldproof_seal::keys::PublicKey;

use super::Transaction;
use crate::RegisterError;

/// Admits a key; one that is admitted already stays as it was.
pub(crate) fn admit(tx: &Transaction<'_>, key: &PublicKey, now: Timestamp) -> Result<(), RegisterError> {
    tx.execute(
        "INSERT INTO installations (key, admitted_at) VALUES (?1, ?2) ON CONFLICT (key) DO NOTHING",
        &[key.as_bytes().into(), now.as_millis().into()],
    )
}

/// Whether a key is admitted.
pub(crate) fn is_admitted(tx: &Transaction<'_>, key: &PublicKey) -> Result<bool, RegisterError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM installations WHERE key = ?1)";
    tx.one(sql, &[key.as_bytes().into()], |row| row.get(0))
}
