//! What was withdrawn, and the snapshots that were signed of it.

use std::collections::BTreeMap;

use fieldproof_model::{id::CertificateId, time::Date};
use fieldproof_seal::snapshot::{CertificateDigest, Withdrawn};

use super::Transaction;
use crate::RegisterError;

/// Everything withdrawn so far.
pub(crate) fn withdrawn(tx: &Transaction<'_>) -> Result<BTreeMap<CertificateDigest, (Withdrawn, Date)>, RegisterError> {
    let rows = tx.list("SELECT certificate_id, state, day FROM withdrawn", &[], |row| {
        let certificate = CertificateId::new(row.get(0)?);
        Ok((CertificateDigest::of(&certificate), (read_state(row.get(1)?)?, Date::from_days(row.get(2)?))))
    })?;
    Ok(rows.into_iter().collect())
}

pub(super) const fn read_state(number: i64) -> Result<Withdrawn, RegisterError> {
    match number {
        1 => Ok(Withdrawn::Revoked),
        2 => Ok(Withdrawn::Suspended),
        3 => Ok(Withdrawn::Refused),
        _ => Err(RegisterError::Damaged("a withdrawal has an unknown state")),
    }
}

/// Whether the snapshot of that epoch and number is this very one.
pub(crate) fn is_known(
    tx: &Transaction<'_>,
    (epoch, number): (u32, u32),
    signed: &[u8],
) -> Result<bool, RegisterError> {
    let sql = "SELECT signed FROM snapshots WHERE epoch = ?1 AND number = ?2";
    let here: Option<Vec<u8>> = tx.find(sql, &[epoch.into(), number.into()], |row| row.get(0))?;
    Ok(here.as_deref() == Some(signed))
}

/// The snapshot that was signed last, of whatever epoch.
pub(crate) fn last(tx: &Transaction<'_>) -> Result<Option<Vec<u8>>, RegisterError> {
    tx.find("SELECT signed FROM snapshots ORDER BY epoch DESC, number DESC LIMIT 1", &[], |row| row.get(0))
}

/// The newest snapshot of an epoch: its number and signed bytes.
pub(crate) fn newest(tx: &Transaction<'_>, epoch: u32) -> Result<Option<(u32, Vec<u8>)>, RegisterError> {
    let sql = "SELECT number, signed FROM snapshots WHERE epoch = ?1 ORDER BY number DESC LIMIT 1";
    tx.find(sql, &[epoch.into()], |row| Ok((row.get(0)?, row.get(1)?)))
}

pub(crate) fn insert(tx: &Transaction<'_>, epoch: u32, number: u32, signed: &[u8]) -> Result<(), RegisterError> {
    let sql = "INSERT INTO snapshots (epoch, number, signed) VALUES (?1, ?2, ?3)";
    tx.execute(sql, &[epoch.into(), number.into(), signed.into()])
}
