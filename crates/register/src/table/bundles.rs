//! Bundles that were taken, each with the beacon of its answers.

use fieldproof_model::time::Timestamp;
use fieldproof_wire::bundle::BundleId;
use rusqlite::OptionalExtension;

use super::Transaction;
use crate::RegisterError;

/// The signed beacon that a bundle was answered with.
pub(crate) fn beacon(tx: &Transaction<'_>, bundle: &BundleId) -> Result<Option<Vec<u8>>, RegisterError> {
    let beacon =
        tx.query_row("SELECT beacon FROM bundles WHERE id = ?1", [bundle.as_bytes()], |row| row.get(0)).optional()?;
    Ok(beacon)
}

pub(crate) fn insert(
    tx: &Transaction<'_>,
    bundle: &BundleId,
    taken_at: Timestamp,
    beacon: &[u8],
) -> Result<(), RegisterError> {
    tx.execute(
        "INSERT INTO bundles (id, taken_at, beacon) VALUES (?1, ?2, ?3)",
        (bundle.as_bytes(), taken_at.as_millis(), beacon),
    )?;
    Ok(())
}
