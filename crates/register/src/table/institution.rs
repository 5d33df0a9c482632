//! The one row that says whose register this is, with the beacon's counter.

use fieldproof_seal::keys::PublicKey;

use super::Transaction;
use crate::RegisterError;

/// Whose register this is.
#[derive(Debug, Clone)]
pub(crate) struct InstitutionRow {
    pub(crate) root: PublicKey,
    pub(crate) key_set: Vec<u8>,
    pub(crate) register_key: PublicKey,
    pub(crate) epoch: u32,
}

pub(crate) fn insert(tx: &Transaction<'_>, row: &InstitutionRow) -> Result<(), RegisterError> {
    tx.execute(
        "INSERT INTO institution (id, root, key_set, register_key, epoch, last_beacon)
         VALUES (1, ?1, ?2, ?3, ?4, 0)",
        &[row.root.as_bytes().into(), (&row.key_set).into(), row.register_key.as_bytes().into(), row.epoch.into()],
    )
}

pub(crate) fn find(tx: &Transaction<'_>) -> Result<Option<InstitutionRow>, RegisterError> {
    tx.find("SELECT root, key_set, register_key, epoch FROM institution WHERE id = 1", &[], |row| {
        Ok(InstitutionRow {
            root: PublicKey::new(row.get(0)?),
            key_set: row.get(1)?,
            register_key: PublicKey::new(row.get(2)?),
            epoch: row.get(3)?,
        })
    })
}

/// Goes on with the next key set.
pub(crate) fn renew(tx: &Transaction<'_>, key_set: &[u8], register_key: &PublicKey) -> Result<(), RegisterError> {
    tx.execute(
        "UPDATE institution SET key_set = ?1, register_key = ?2 WHERE id = 1",
        &[key_set.into(), register_key.as_bytes().into()],
    )
}

/// Takes the next number for a beacon.
pub(crate) fn next_beacon(tx: &Transaction<'_>) -> Result<u32, RegisterError> {
    let sql = "UPDATE institution SET last_beacon = last_beacon + 1 WHERE id = 1 RETURNING last_beacon";
    let number: i64 = tx.one(sql, &[], |row| row.get(0))?;
    u32::try_from(number).map_err(|_| RegisterError::Exhausted("a beacon"))
}

/// The number of the last beacon.
pub(crate) fn last_beacon(tx: &Transaction<'_>) -> Result<u32, RegisterError> {
    tx.one("SELECT last_beacon FROM institution WHERE id = 1", &[], |row| row.get(0))
}
