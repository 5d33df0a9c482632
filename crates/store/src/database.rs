//! Opening one encrypted database file with the settings everything here relies on.

use std::path::Path;

use rusqlite::Connection;

use crate::{Result, StoreError, StoreKey};

/// Opens or makes an encrypted database file.
pub(crate) fn open(path: &Path, key: &StoreKey) -> Result<Connection> {
    // Handing the key over can fail while other connections of the process come and go, and works the next time.
    let connection = keyed(path, key).or_else(|_| keyed(path, key)).or_else(|_| keyed(path, key))?;
    // The first read shows whether the key is the right one.
    connection.query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(()))?;
    // A reader goes on while the writer writes.
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // A commit returns when the log is on disk.
    connection.pragma_update(None, "synchronous", "FULL")?;
    #[cfg(feature = "sabotage")]
    if crate::sabotage::is_set(crate::sabotage::Sabotage::StoreWithoutSync) {
        connection.pragma_update(None, "synchronous", "OFF")?;
    }
    connection.pragma_update(None, "foreign_keys", true)?;
    // Sorting and temporary tables never touch the disk in clear.
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    // Keys and pages are wiped from memory when freed.
    connection.pragma_update(None, "cipher_memory_security", true)?;
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    Ok(connection)
}

fn keyed(path: &Path, key: &StoreKey) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.pragma_update(None, "key", key.pragma().as_str())?;
    Ok(connection)
}

/// Fails once a page could not be deciphered: the database hands such a page out as zeros, and every further one.
pub(crate) fn check_pages(connection: &Connection) -> Result<()> {
    let status: String = connection.query_row("PRAGMA cipher_status", [], |row| row.get(0))?;
    if status == "1" { Ok(()) } else { Err(StoreError::Damaged("page")) }
}

/// Reads every page, those in use and those that are free, and follows every reference.
pub(crate) fn is_whole(connection: &Connection) -> Result<bool> {
    // Pages in the file may be older than those in the log, and torn until the log is brought in.
    connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?;
    let mut damaged = connection.prepare("PRAGMA cipher_integrity_check")?;
    if damaged.exists([])? {
        return Ok(false);
    }
    let answer: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
    Ok(answer == "ok")
}
