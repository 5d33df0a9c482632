//! The ladder of migrations. New stores walk it too; a shipped file is never edited.

use rusqlite::Connection;

use crate::{Result, StoreError};

/// One step: the version it leads to, and its statements.
pub(crate) type Step = (i64, &'static str);

/// The steps of the store.
pub(crate) const LAPTOP: &[Step] = &[
    (1, include_str!("../../../migrations/laptop/0001_first.sql")),
    (2, include_str!("../../../migrations/laptop/0002_schemes_and_teams.sql")),
    (3, include_str!("../../../migrations/laptop/0003_clock.sql")),
    (4, include_str!("../../../migrations/laptop/0004_corrections.sql")),
    (6, include_str!("../../../migrations/laptop/0006_evidence_left.sql")),
];

/// The steps of the evidence file.
pub(crate) const EVIDENCE: &[Step] = &[(1, include_str!("../../../migrations/laptop-evidence/0001_first.sql"))];

/// Brings a database to the last step; all steps of one start land together or not at all.
pub(crate) fn run(connection: &mut Connection, steps: &[Step]) -> Result<()> {
    // A table that others refer to can only be made anew while nobody checks; all references are checked at the end.
    connection.pragma_update(None, "foreign_keys", false)?;
    let done = run_unchecked(connection, steps);
    connection.pragma_update(None, "foreign_keys", true)?;
    done
}

fn run_unchecked(connection: &mut Connection, steps: &[Step]) -> Result<()> {
    let transaction = connection
        .transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)
        .map_err(StoreError::from_write)?;
    let found: i64 = transaction.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let known = steps.last().map_or(0, |(version, _)| *version);
    if known < found {
        return Err(StoreError::TooNew { found, known });
    }
    if found == known {
        return Ok(());
    }
    for (version, sql) in steps.iter().filter(|(version, _)| found < *version) {
        transaction.execute_batch(sql).map_err(StoreError::from_write)?;
        transaction.pragma_update(None, "user_version", version)?;
    }
    let broken: i64 = transaction.query_row("SELECT count(*) FROM pragma_foreign_key_check", [], |row| row.get(0))?;
    if 0 < broken {
        return Err(StoreError::Damaged("references"));
    }
    transaction.commit().map_err(StoreError::from_write)
}
