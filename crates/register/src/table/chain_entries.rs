//! The assessor keys' chains, forks and all.

use fieldproof_model::{digest::Digest, time::Timestamp};
use fieldproof_seal::{digest_of, keys::PublicKey};

use super::Transaction;
use crate::RegisterError;

/// Keeps an entry at its place; one that is there already stays as it is.
pub(crate) fn keep(
    tx: &Transaction<'_>,
    key: &PublicKey,
    index: u32,
    signed: &[u8],
    received_at: Timestamp,
) -> Result<(), RegisterError> {
    tx.execute(
        "INSERT INTO chain_entries (assessor_key, chain_index, digest, signed, received_at)
         VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (assessor_key, chain_index, digest) DO NOTHING",
        &[
            key.as_bytes().into(),
            index.into(),
            digest_of(signed).as_bytes().into(),
            signed.into(),
            received_at.as_millis().into(),
        ],
    )
}

/// What else stands at the place of an entry.
pub(crate) fn others(
    tx: &Transaction<'_>,
    key: &PublicKey,
    index: u32,
    entry: &Digest,
) -> Result<Vec<Digest>, RegisterError> {
    tx.list(
        "SELECT digest FROM chain_entries
         WHERE assessor_key = ?1 AND chain_index = ?2 AND digest <> ?3
         ORDER BY digest",
        &[key.as_bytes().into(), index.into(), entry.as_bytes().into()],
        |row| row.get(0).map(Digest::new),
    )
}

/// How many places of a key's chain are taken, and the highest of them; nought for a chain that is not here.
pub(crate) fn extent(tx: &Transaction<'_>, key: &PublicKey) -> Result<(u32, u32), RegisterError> {
    let sql =
        "SELECT count(DISTINCT chain_index), coalesce(max(chain_index), 0) FROM chain_entries WHERE assessor_key = ?1";
    tx.one(sql, &[key.as_bytes().into()], |row| Ok((row.get(0)?, row.get(1)?)))
}
