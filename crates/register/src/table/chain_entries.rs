//! The assessor keys' chains, forks and all.

use fieldproof_model::{digest::Digest, time::Timestamp};
use fieldproof_seal::{
    digest_of,
    envelope::{Kind, Unverified},
    keys::PublicKey,
};

use fieldproof_wire::log;

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
        "INSERT INTO chain_entries (assessor_key, chain_index, digest, signed, received_at, is_record)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (assessor_key, chain_index, digest) DO NOTHING",
        &[
            key.as_bytes().into(),
            index.into(),
            digest_of(signed).as_bytes().into(),
            signed.into(),
            received_at.as_millis().into(),
            i64::from(is_record(signed)).into(),
        ],
    )
}

fn is_record(signed: &[u8]) -> bool {
    Unverified::parse(signed).is_ok_and(|unverified| unverified.kind == Kind::Record)
}

/// An entry of a chain.
pub(crate) fn signed(
    tx: &Transaction<'_>,
    key: &PublicKey,
    index: u32,
    entry: &Digest,
) -> Result<Option<Vec<u8>>, RegisterError> {
    let sql = "SELECT signed FROM chain_entries WHERE assessor_key = ?1 AND chain_index = ?2 AND digest = ?3";
    tx.find(sql, &[key.as_bytes().into(), index.into(), entry.as_bytes().into()], |row| row.get(0))
}

/// A sealed record that stands in a chain: whose, where, which, and since when.
pub(crate) type Sealed = (PublicKey, u32, Digest, Timestamp);

/// Records that a chain says were sealed, and that were neither accepted nor refused.
pub(crate) fn records_not_here(tx: &Transaction<'_>) -> Result<Vec<Sealed>, RegisterError> {
    let mut found = Vec::new();
    // Entries of before the column say nothing.
    tx.each(
        "SELECT assessor_key, chain_index, digest, received_at, CASE WHEN is_record IS NULL THEN signed END
         FROM chain_entries
         WHERE (is_record IS NULL OR is_record = 1)
             AND NOT EXISTS (SELECT 1 FROM records WHERE records.digest = chain_entries.digest)
             AND NOT EXISTS (SELECT 1 FROM refusals WHERE refusals.record_digest = chain_entries.digest)",
        &[],
        |row| {
            let of_before: Option<Vec<u8>> = row.get(4)?;
            if of_before.is_none_or(|signed| is_record(&signed)) {
                let (key, entry) = (PublicKey::new(row.get(0)?), Digest::new(row.get(2)?));
                found.push((key, row.get(1)?, entry, Timestamp::from_millis(row.get(3)?)));
            }
            Ok(())
        },
    )?;
    Ok(found)
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

/// How many places of a key's chain are taken, the highest of them, and the head over all its entries; nought for a chain
/// that is not here.
pub(crate) fn extent(tx: &Transaction<'_>, key: &PublicKey) -> Result<(u32, u32, Digest), RegisterError> {
    let sql = "SELECT chain_index, digest FROM chain_entries WHERE assessor_key = ?1 ORDER BY chain_index, digest";
    let entries: Vec<(u32, Digest)> =
        tx.list(sql, &[key.as_bytes().into()], |row| Ok((row.get(0)?, row.get(1).map(Digest::new)?)))?;
    let (mut places, digests): (Vec<u32>, Vec<Digest>) = entries.into_iter().unzip();
    places.dedup();
    let count = u32::try_from(places.len()).unwrap_or(u32::MAX);
    Ok((count, places.last().copied().unwrap_or(0), log::head(&digests)))
}
