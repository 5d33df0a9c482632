//! Bundles that were taken, each with the beacon of its answers.

use fieldproof_model::time::Timestamp;
use fieldproof_wire::bundle::BundleId;

use super::Transaction;
use crate::RegisterError;

/// The signed beacon that a bundle was answered with.
pub(crate) fn beacon(tx: &Transaction<'_>, bundle: &BundleId) -> Result<Option<Vec<u8>>, RegisterError> {
    tx.find("SELECT beacon FROM bundles WHERE id = ?1", &[bundle.as_bytes().into()], |row| row.get(0))
}

pub(crate) fn insert(
    tx: &Transaction<'_>,
    bundle: &BundleId,
    taken_at: Timestamp,
    beacon: &[u8],
) -> Result<(), RegisterError> {
    tx.execute(
        "INSERT INTO bundles (id, taken_at, beacon) VALUES (?1, ?2, ?3)",
        &[bundle.as_bytes().into(), taken_at.as_millis().into(), beacon.into()],
    )
}
