//! What each laptop was told, entry by entry.

use fieldproof_model::digest::Digest;
use fieldproof_seal::{
    feed::{FeedEntry, NO_HEAD},
    keys::PublicKey,
};

use super::Transaction;
use crate::RegisterError;

/// An entry as it was told.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Told {
    pub(crate) kind: u32,
    pub(crate) content: Digest,
    /// The head behind it.
    pub(crate) head: Digest,
}

/// The number of a laptop's newest entry in an epoch, and the head behind it.
pub(crate) fn newest(
    tx: &Transaction<'_>,
    installation: &PublicKey,
    epoch: u32,
) -> Result<(u32, Digest), RegisterError> {
    let sql =
        "SELECT number, head FROM feed_entries WHERE installation = ?1 AND epoch = ?2 ORDER BY number DESC LIMIT 1";
    let newest = tx.find(sql, &[installation.as_bytes().into(), epoch.into()], |row| {
        Ok((row.get(0)?, Digest::new(row.get(1)?)))
    })?;
    Ok(newest.unwrap_or((0, NO_HEAD)))
}

/// What the last entry of a kind said.
pub(crate) fn last_of(
    tx: &Transaction<'_>,
    installation: &PublicKey,
    epoch: u32,
    kind: u32,
) -> Result<Option<Digest>, RegisterError> {
    let sql = "SELECT content FROM feed_entries WHERE installation = ?1 AND epoch = ?2 AND kind = ?3
         ORDER BY number DESC LIMIT 1";
    tx.find(sql, &[installation.as_bytes().into(), epoch.into(), kind.into()], |row| row.get(0).map(Digest::new))
}

/// Adds an entry behind the newest one.
pub(crate) fn append(
    tx: &Transaction<'_>,
    installation: &PublicKey,
    epoch: u32,
    entry: &FeedEntry,
) -> Result<(), RegisterError> {
    let (newest, head) = newest(tx, installation, epoch)?;
    let number = newest.checked_add(1).ok_or(RegisterError::Exhausted("an entry of the feed"))?;
    tx.execute(
        "INSERT INTO feed_entries (installation, epoch, number, kind, content, head) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        &[
            installation.as_bytes().into(),
            epoch.into(),
            number.into(),
            entry.kind.into(),
            entry.content.as_bytes().into(),
            entry.head_behind(&head).as_bytes().into(),
        ],
    )
}

/// The head behind an entry; that of no entry behind none.
pub(crate) fn head(
    tx: &Transaction<'_>,
    installation: &PublicKey,
    (epoch, number): (u32, u32),
) -> Result<Digest, RegisterError> {
    let sql = "SELECT head FROM feed_entries WHERE installation = ?1 AND epoch = ?2 AND number = ?3";
    let values = [installation.as_bytes().into(), epoch.into(), number.into()];
    Ok(tx.find(sql, &values, |row| row.get(0).map(Digest::new))?.unwrap_or(NO_HEAD))
}

/// At most so many entries of a laptop behind one of an epoch, in their order.
pub(crate) fn behind(
    tx: &Transaction<'_>,
    installation: &PublicKey,
    (epoch, number): (u32, u32),
    most: usize,
) -> Result<Vec<Told>, RegisterError> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    tx.list(
        "SELECT kind, content, head FROM feed_entries WHERE installation = ?1 AND epoch = ?2 AND ?3 < number
         ORDER BY number LIMIT ?4",
        &[installation.as_bytes().into(), epoch.into(), number.into(), most.into()],
        |row| Ok(Told { kind: row.get(0)?, content: Digest::new(row.get(1)?), head: Digest::new(row.get(2)?) }),
    )
}
