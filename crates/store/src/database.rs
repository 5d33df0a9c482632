//! Opening one encrypted database file with the settings everything here relies on.

use std::{path::Path, sync::Once, time::Duration};

use rusqlite::{
    Connection,
    backup::{Backup, StepResult},
};

use crate::{Result, Stop, StoreError, StoreKey, durable};

/// A writer is never kept waiting for longer than this many pages take.
const PAGES_A_STEP: i32 = 512;

/// Steps of a long statement after which somebody looks whether it is to end: some milliseconds.
const STEPS_A_LOOK: i32 = 10_000;

/// Bytes of a page, as SQLCipher makes them where nothing else is asked for.
pub(crate) const PAGE_BYTES: u64 = 4096;

/// Opens or makes an encrypted database file.
pub(crate) fn open(path: &Path, key: &StoreKey) -> Result<Connection> {
    let connection = keyed(path, key)?;
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
    connection.busy_timeout(Duration::from_secs(5))?;
    Ok(connection)
}

/// Opens a file that nobody may change by this connection, for a view of it that stays as it is while others write.
pub(crate) fn open_still(path: &Path, key: &StoreKey) -> Result<Connection> {
    let connection = open(path, key)?;
    connection.pragma_update(None, "query_only", true)?;
    connection.execute_batch("BEGIN; SELECT count(*) FROM sqlite_schema;")?;
    Ok(connection)
}

/// Copies what a still view shows into a new file under the same key; on disk when this returns.
pub(crate) fn copy(still: &Connection, to: &Path, key: &StoreKey, stop: &Stop, on: &mut dyn FnMut(u64)) -> Result<()> {
    let mut target = keyed(to, key)?;
    target.pragma_update(None, "synchronous", "OFF")?;
    let copying = Backup::new(still, &mut target)?;
    loop {
        stop.check()?;
        let step = copying.step(PAGES_A_STEP).map_err(StoreError::from_write)?;
        let progress = copying.progress();
        on(u64::try_from(progress.pagecount.saturating_sub(progress.remaining)).unwrap_or_default());
        match step {
            StepResult::Done => break,
            StepResult::More | StepResult::Busy | StepResult::Locked => {}
            _ => return Err(StoreError::Closed),
        }
    }
    drop(copying);
    drop(target);
    #[cfg(feature = "sabotage")]
    if crate::sabotage::is_set(crate::sabotage::Sabotage::CopyWithoutSync) {
        return Ok(());
    }
    let written = std::fs::File::open(to).and_then(|file| file.sync_all());
    written.map_err(durable::at(to))?;
    durable::sync_folder_of(to)
}

/// Whether a file opens with the key and calls itself whole.
pub(crate) fn check(path: &Path, key: &StoreKey, stop: &Stop) -> Result<()> {
    let mut connection = keyed(path, key)?;
    let asked = stop.clone();
    connection.progress_handler(STEPS_A_LOOK, Some(move || asked.is_set()))?;
    let answer = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0));
    stop.check()?;
    let answer = answer?;
    check_pages(&connection)?;
    if answer == "ok" { Ok(()) } else { Err(StoreError::Damaged("database")) }
}

/// Moves the write-ahead log into the file and empties it, so that no earlier page outlives what was deleted from it.
///
/// Waits a little for whoever still reads an earlier state: as long as for a writer.
///
/// # Errors
/// [`StoreError::StillRead`] when somebody reads on; then the log is as it was.
pub(crate) fn empty_log(connection: &Connection) -> Result<()> {
    let is_busy = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, bool>(0))?;
    if is_busy { Err(StoreError::StillRead) } else { Ok(()) }
}

/// Waits until SQLCipher is ready. It makes itself ready on the thread that opens the first connection of the process; a
/// connection that another thread opens meanwhile takes no key yet.
fn await_cipher() {
    static READY: Once = Once::new();
    READY.call_once(|| {
        // Some seconds at most; a key that is still not taken then is told by whoever hands over a real one.
        for _ in 0..100_000 {
            let scratch = Connection::open_in_memory();
            if scratch.and_then(|scratch| scratch.pragma_update(None, "key", "ready")).is_ok() {
                break;
            }
            std::thread::yield_now();
        }
    });
}

fn keyed(path: &Path, key: &StoreKey) -> rusqlite::Result<Connection> {
    await_cipher();
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
