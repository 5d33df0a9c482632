//! The tables, a file each: every statement of the register stands below.
//!
//! Functions take a [`Transaction`]: whoever has none cannot write half of something.

pub(crate) mod chain_entries;
pub(crate) mod delegations;
pub(crate) mod installations;
pub(crate) mod institution;
pub(crate) mod receipts;
pub(crate) mod records;
pub(crate) mod refusals;
pub(crate) mod snapshots;

use fieldproof_model::digest::Digest;
pub(crate) use rusqlite::Transaction;

use crate::RegisterError;

/// Reads a digest out of a column.
fn digest(bytes: &[u8]) -> Result<Digest, RegisterError> {
    Digest::from_slice(bytes).ok_or(RegisterError::Damaged("a digest is not 32 bytes long"))
}
