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
        let state = match row.get::<i64>(1)? {
            1 => Withdrawn::Revoked,
            2 => Withdrawn::Suspended,
            3 => Withdrawn::Refused,
            _ => return Err(RegisterError::Damaged("a withdrawal has an unknown state")),
        };
        Ok((CertificateDigest::of(&certificate), (state, Date::from_days(row.get(2)?))))
    })?;
    Ok(rows.into_iter().collect())
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
