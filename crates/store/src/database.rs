//! Opening one encrypted database file with the settings everything here relies on.

use std::path::Path;

use rusqlite::Connection;

use crate::{Result, StoreKey};

/// Bytes of a page, as SQLCipher makes them where nothing else is asked for.
pub(crate) const PAGE_BYTES: u64 = 4096;

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
    connection.pragma_update(None, "foreign_keys", true)?;
    // Sorting and temporary tables never touch the disk in clear.
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    // Keys and pages are wiped from memory when freed.
    connection.pragma_update(None, "cipher_memory_security", true)?;
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    Ok(connection)
}

/// Moves the write-ahead log into the file and empties it, so that no earlier page outlives what was deleted from it.
pub(crate) fn empty_log(connection: &Connection) -> Result<()> {
    // While somebody reads an earlier state the log stays; the next one empties it.
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    Ok(())
}

fn keyed(path: &Path, key: &StoreKey) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.pragma_update(None, "key", key.pragma().as_str())?;
    Ok(connection)
}
