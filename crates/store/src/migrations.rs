//! The ladder of migrations. New stores walk it too; a shipped file is never edited.

use rusqlite::Connection;

use crate::{Result, StoreError};

/// One step.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Step {
    /// The version it leads to.
    pub version: i64,
    /// The oldest version of the program's own last step that can still use a store of this one.
    pub oldest_reader: i64,
    /// Its statements.
    pub sql: &'static str,
}

const fn step(version: i64, oldest_reader: i64, sql: &'static str) -> Step {
    Step { version, oldest_reader, sql }
}

/// The steps of the store.
pub(crate) const LAPTOP: &[Step] = &[
    step(1, 1, include_str!("../../../migrations/laptop/0001_first.sql")),
    step(2, 2, include_str!("../../../migrations/laptop/0002_schemes_and_teams.sql")),
    step(3, 3, include_str!("../../../migrations/laptop/0003_clock.sql")),
    step(4, 4, include_str!("../../../migrations/laptop/0004_corrections.sql")),
    step(5, 5, include_str!("../../../migrations/laptop/0005_chains.sql")),
    step(6, 6, include_str!("../../../migrations/laptop/0006_evidence_left.sql")),
    step(7, 6, include_str!("../../../migrations/laptop/0007_enrolment.sql")),
    // A reader of before would call "in register" what the register lost.
    step(8, 8, include_str!("../../../migrations/laptop/0008_epochs.sql")),
    step(9, 8, include_str!("../../../migrations/laptop/0009_earlier_refusals.sql")),
    // A reader of before would erase a name and leave its contact.
    step(10, 10, include_str!("../../../migrations/laptop/0010_papers_and_contacts.sql")),
];

/// The steps of the evidence file.
pub(crate) const EVIDENCE: &[Step] = &[step(1, 1, include_str!("../../../migrations/laptop-evidence/0001_first.sql"))];

/// The version a database stands at; 0 for a new one.
pub(crate) fn version(connection: &Connection) -> Result<i64> {
    Ok(connection.query_row("PRAGMA user_version", [], |row| row.get(0))?)
}

/// Whether a database is of an earlier version than the last step, and not new.
pub(crate) fn is_due(connection: &Connection, steps: &[Step]) -> Result<bool> {
    let found = version(connection)?;
    Ok(0 < found && steps.last().is_some_and(|step| found < step.version))
}

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
    let found = version(&transaction)?;
    let known = steps.last().map_or(0, |step| step.version);
    if known < found {
        // The file says itself which program is too old for it.
        let oldest: i64 = transaction.query_row("PRAGMA application_id", [], |row| row.get(0))?;
        return if (1..=known).contains(&oldest) { Ok(()) } else { Err(StoreError::TooNew { found, known }) };
    }
    if found == known {
        return Ok(());
    }
    for step in steps.iter().filter(|step| found < step.version) {
        transaction.execute_batch(step.sql).map_err(StoreError::from_write)?;
        transaction.pragma_update(None, "user_version", step.version)?;
        transaction.pragma_update(None, "application_id", step.oldest_reader)?;
    }
    let broken: i64 = transaction.query_row("SELECT count(*) FROM pragma_foreign_key_check", [], |row| row.get(0))?;
    if 0 < broken {
        return Err(StoreError::Damaged("references"));
    }
    transaction.commit().map_err(StoreError::from_write)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(version: i64, oldest_reader: i64) -> Connection {
        let connection = Connection::open_in_memory().unwrap();
        connection.pragma_update(None, "user_version", version).unwrap();
        connection.pragma_update(None, "application_id", oldest_reader).unwrap();
        connection
    }

    const STEPS: &[Step] = &[step(1, 1, "CREATE TABLE a (x)"), step(2, 1, "CREATE TABLE b (x)")];

    #[test]
    fn a_newer_store_is_used_only_when_it_says_that_it_can_be() {
        for (found, oldest, is_usable) in [(3, 1, true), (3, 2, true), (3, 3, false), (9, 4, false), (9, 0, false)] {
            let done = run(&mut at(found, oldest), STEPS);
            assert_eq!(done.is_ok(), is_usable, "version {found}, oldest reader {oldest}");
            assert!(done.is_ok() || matches!(done, Err(StoreError::TooNew { known: 2, .. })));
        }
    }

    #[test]
    fn all_steps_of_one_start_land_together_or_not_at_all() {
        let mut connection = at(0, 0);
        let broken = [STEPS, &[step(3, 3, "CREATE TABLE c (x); CREATE TABLE a (x)")]].concat();
        assert!(run(&mut connection, &broken).is_err());
        let tables = "SELECT count(*) FROM sqlite_schema";
        assert_eq!(connection.query_row(tables, [], |row| row.get::<_, i64>(0)).unwrap(), 0);
        assert_eq!(version(&connection).unwrap(), 0);
        run(&mut connection, STEPS).unwrap();
        assert_eq!((version(&connection).unwrap(), is_due(&connection, STEPS).unwrap()), (2, false));
        assert!(is_due(&connection, &broken).unwrap());
    }
}
