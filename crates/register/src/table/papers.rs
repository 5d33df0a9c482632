//! Certificates that laptops told to have opened for printing.

use fieldproof_model::{digest::Digest, time::Timestamp};
use fieldproof_seal::{digest_of, keys::PublicKey};
use fieldproof_wire::Paper;

use super::Transaction;
use crate::{RegisterError, database::Row};

/// A paper that was told.
#[derive(Debug)]
pub(crate) struct Told {
    /// Whose key signed its token.
    pub(crate) assessor_key: PublicKey,
    pub(crate) paper: Paper,
    /// Since when it is known here.
    pub(crate) at: Timestamp,
    /// Since when it is said to be back.
    pub(crate) back_at: Option<Timestamp>,
}

const COLUMNS: &str = "assessor_key, token, person, opened_at, told_at, back_at";

fn told(row: &mut Row) -> Result<Told, RegisterError> {
    let assessor_key = PublicKey::new(row.get(0)?);
    let (token, person) = (row.get(1)?, row.get(2)?);
    let paper = Paper { token, person, opened_at: Timestamp::from_millis(row.get(3)?) };
    let back_at: Option<i64> = row.get(5)?;
    Ok(Told {
        assessor_key,
        paper,
        at: Timestamp::from_millis(row.get(4)?),
        back_at: back_at.map(Timestamp::from_millis),
    })
}

/// Keeps a paper; one that was told before stays as it was told first.
pub(crate) fn keep(tx: &Transaction<'_>, record: &Digest, told: &Told) -> Result<(), RegisterError> {
    let paper = &told.paper;
    tx.execute(
        "INSERT INTO papers (token_digest, record_digest, assessor_key, token, person, opened_at, told_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (token_digest) DO NOTHING",
        &[
            digest_of(&paper.token).as_bytes().into(),
            record.as_bytes().into(),
            told.assessor_key.as_bytes().into(),
            (&paper.token).into(),
            (&paper.person).into(),
            paper.opened_at.as_millis().into(),
            told.at.as_millis().into(),
        ],
    )
}

/// Notes since when a paper is said to be back, and which laptop said so first; nothing for one that is out after all.
/// Says whether there is such a paper.
pub(crate) fn note_back(
    tx: &Transaction<'_>,
    token: &Digest,
    back: Option<(Timestamp, &PublicKey)>,
) -> Result<bool, RegisterError> {
    let token = token.as_bytes().into();
    let found = match back {
        Some((at, by)) => tx.find(
            "UPDATE papers SET back_at = coalesce(back_at, ?2), back_said_by = coalesce(back_said_by, ?3)
             WHERE token_digest = ?1 RETURNING told_at",
            &[token, at.as_millis().into(), by.as_bytes().into()],
            |row| row.get::<i64>(0),
        ),
        None => tx.find(
            "UPDATE papers SET back_at = NULL, back_said_by = NULL WHERE token_digest = ?1 RETURNING told_at",
            &[token],
            |row| row.get::<i64>(0),
        ),
    };
    Ok(found?.is_some())
}

/// The papers of a record, the first told first.
pub(crate) fn of(tx: &Transaction<'_>, record: &Digest) -> Result<Vec<Told>, RegisterError> {
    let sql = format!("SELECT {COLUMNS} FROM papers WHERE record_digest = ?1 ORDER BY told_at, token_digest");
    tx.list(&sql, &[record.as_bytes().into()], told)
}

/// A paper.
pub(crate) fn find(tx: &Transaction<'_>, token: &Digest) -> Result<Option<Told>, RegisterError> {
    let sql = format!("SELECT {COLUMNS} FROM papers WHERE token_digest = ?1");
    tx.find(&sql, &[token.as_bytes().into()], told)
}

/// Papers of records of which nothing else is here: neither the record, nor a refusal, nor its entry in the chain of the
/// key that signed; each by its token, with since when it is known.
pub(crate) fn alone(tx: &Transaction<'_>) -> Result<Vec<(Digest, Timestamp)>, RegisterError> {
    tx.list(
        "SELECT token_digest, told_at FROM papers
         WHERE NOT EXISTS (SELECT 1 FROM records WHERE records.digest = papers.record_digest)
             AND NOT EXISTS (SELECT 1 FROM refusals WHERE refusals.record_digest = papers.record_digest)
             AND NOT EXISTS (
                 SELECT 1 FROM chain_entries
                 WHERE chain_entries.assessor_key = papers.assessor_key AND chain_entries.digest = papers.record_digest
             )",
        &[],
        |row| Ok((Digest::new(row.get(0)?), Timestamp::from_millis(row.get(1)?))),
    )
}
