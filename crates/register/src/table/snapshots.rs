//! What was withdrawn, and the snapshots that were signed of it.

use std::collections::BTreeMap;

use fieldproof_model::{id::CertificateId, time::Date};
use fieldproof_seal::snapshot::{CertificateDigest, Withdrawn};
use rusqlite::OptionalExtension;

use super::Transaction;
use crate::RegisterError;

/// Everything withdrawn so far.
pub(crate) fn withdrawn(tx: &Transaction<'_>) -> Result<BTreeMap<CertificateDigest, (Withdrawn, Date)>, RegisterError> {
    let mut statement = tx.prepare("SELECT certificate_id, state, day FROM withdrawn")?;
    let rows = statement
        .query_map([], |row| Ok((row.get::<_, [u8; 16]>(0)?, row.get::<_, i64>(1)?, row.get::<_, i32>(2)?)))?;
    rows.map(|row| {
        let (certificate, state, day) = row?;
        let state = match state {
            1 => Withdrawn::Revoked,
            2 => Withdrawn::Suspended,
            3 => Withdrawn::Refused,
            _ => return Err(RegisterError::Damaged("a withdrawal has an unknown state")),
        };
        Ok((CertificateDigest::of(&CertificateId::new(certificate)), (state, Date::from_days(day))))
    })
    .collect()
}

/// The newest snapshot of an epoch: its number and signed bytes.
pub(crate) fn newest(tx: &Transaction<'_>, epoch: u32) -> Result<Option<(u32, Vec<u8>)>, RegisterError> {
    let row = tx
        .query_row(
            "SELECT number, signed FROM snapshots WHERE epoch = ?1 ORDER BY number DESC LIMIT 1",
            [epoch],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .optional()?;
    Ok(row)
}

pub(crate) fn insert(tx: &Transaction<'_>, epoch: u32, number: u32, signed: &[u8]) -> Result<(), RegisterError> {
    tx.execute("INSERT INTO snapshots (epoch, number, signed) VALUES (?1, ?2, ?3)", (epoch, number, signed))?;
    Ok(())
}
