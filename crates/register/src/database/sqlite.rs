//! Opening the book on SQLite.

use std::{path::Path, time::Duration};

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::ladder::{STEPS, newest};
use crate::RegisterError;

/// Opens the database; makes the file only when `make` says so.
pub(super) fn open(path: &Path, make: bool) -> Result<Connection, RegisterError> {
    let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    if make {
        flags |= OpenFlags::SQLITE_OPEN_CREATE;
    }
    let mut connection = Connection::open_with_flags(path, flags)?;
    // Another process, such as a backup, may hold the file for a moment.
    connection.busy_timeout(Duration::from_secs(5))?;
    // A reader goes on while the writer writes.
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // A commit returns when it is on disk; a receipt is only given after that.
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.set_prepared_statement_cache_capacity(64);
    migrate(&mut connection)?;
    Ok(connection)
}

/// All steps of one start land together or not at all.
fn migrate(connection: &mut Connection) -> Result<(), RegisterError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found: i64 = transaction.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let known = newest();
    if known < found {
        return Err(RegisterError::TooNew { found, known });
    }
    for step in STEPS.iter().filter(|step| found < step.version) {
        transaction.execute_batch(step.sqlite)?;
        transaction.pragma_update(None, "user_version", step.version)?;
    }
    Ok(transaction.commit()?)
}

/// A table of the book.
pub(super) struct Table {
    pub(super) name: String,
    pub(super) columns: Vec<String>,
}

/// The tables of the newest version, each behind those it refers to: they were made in that order.
pub(super) fn tables() -> Result<Vec<Table>, RegisterError> {
    let mut empty = Connection::open_in_memory()?;
    migrate(&mut empty)?;
    let mut names = empty.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY rowid")?;
    let mut columns = empty.prepare("SELECT name FROM pragma_table_info(?1) ORDER BY cid")?;
    let names = names.query_map([], |row| row.get(0))?.collect::<Result<Vec<String>, _>>()?;
    names
        .into_iter()
        .map(|name| {
            let columns = columns.query_map([&name], |row| row.get(0))?.collect::<Result<_, _>>()?;
            Ok(Table { name, columns })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_of_a_later_version_is_refused_and_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("register.sqlite");
        assert!(open(&path, false).is_err(), "nothing is made by looking");
        let connection = open(&path, true).unwrap();
        connection.pragma_update(None, "user_version", 99).unwrap();
        drop(connection);
        assert!(matches!(open(&path, false), Err(RegisterError::TooNew { found: 99, .. })));
        let reopened = Connection::open(&path).unwrap();
        let version: i64 = reopened.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap();
        assert_eq!(version, 99);
    }

    #[test]
    fn commits_wait_for_the_disk() {
        let folder = tempfile::tempdir().unwrap();
        let connection = open(&folder.path().join("register.sqlite"), true).unwrap();
        let pragma = |name: &str| connection.query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, i64>(0));
        assert_eq!(pragma("synchronous"), Ok(2));
        assert_eq!(pragma("foreign_keys"), Ok(1));
    }
}
