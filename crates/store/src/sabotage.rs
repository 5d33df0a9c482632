//! Switches that make the store lie on purpose, so that the fault suites can show that they notice.

use std::sync::atomic::{AtomicBool, Ordering};

use rusqlite::Connection;

use crate::{StoreError, WriteTx};

/// A way to be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sabotage {
    /// Answers `Ok` while the transaction is still open.
    AcknowledgeBeforeCommit,
}

static ACKNOWLEDGE_BEFORE_COMMIT: AtomicBool = AtomicBool::new(false);

const fn switch(sabotage: Sabotage) -> &'static AtomicBool {
    match sabotage {
        Sabotage::AcknowledgeBeforeCommit => &ACKNOWLEDGE_BEFORE_COMMIT,
    }
}

/// Turns a way to be wrong on, for this process.
pub fn set(sabotage: Sabotage) {
    switch(sabotage).store(true, Ordering::SeqCst);
}

pub(crate) fn is_set(sabotage: Sabotage) -> bool {
    switch(sabotage).load(Ordering::SeqCst)
}

/// Commits what the write before left open, then leaves this one open and answers.
pub(crate) fn write_without_commit<T, E: From<StoreError>>(
    writer: &mut Connection,
    work: impl FnOnce(&WriteTx<'_>) -> Result<T, E>,
) -> Result<T, E> {
    if !writer.is_autocommit() {
        writer.execute_batch("COMMIT").map_err(StoreError::from_write)?;
    }
    writer.execute_batch("BEGIN IMMEDIATE").map_err(StoreError::from_write)?;
    work(&WriteTx::new(writer))
}

/// Writes an unencrypted twin of an open database, so that a search for secrets can show that it would find them.
///
/// # Errors
/// [`StoreError`].
pub(crate) fn export_plain(connection: &Connection, path: &std::path::Path) -> Result<(), StoreError> {
    let path = path.to_string_lossy().replace('\'', "''");
    connection.execute_batch(&format!(
        "ATTACH DATABASE '{path}' AS twin KEY ''; SELECT sqlcipher_export('twin'); DETACH DATABASE twin;"
    ))?;
    Ok(())
}
