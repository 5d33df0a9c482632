//! Switches that make the store lie on purpose, so that the fault suites can show that they notice.

use std::sync::{
    Mutex,
    atomic::{AtomicU8, Ordering},
};

use fieldproof_model::digest::Digest;
use fieldproof_seal::digest_of;
use rusqlite::Connection;

use crate::{Evidence, Result, StoreError, WriteTx};

/// A way to be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Sabotage {
    /// Answers `Ok` while the transaction is still open.
    AcknowledgeBeforeCommit = 1,
    /// Leaves syncing to the system.
    StoreWithoutSync,
    /// Renames a slot file whose bytes are not on disk yet.
    SlotsWithoutSync,
    /// Gives a copy its name before its bytes are on disk.
    CopyWithoutSync,
    /// Keeps evidence after the row that names it.
    RowBeforeEvidence,
    /// Believes that evidence was written.
    SkipReadBack,
    /// Notes that a document was shown before the viewer was asked.
    PrintBeforeViewer,
    /// Takes the receipt for a record alone for one that says that everything is there.
    AcceptHeld,
    /// Lets evidence go without a receipt, and before its time.
    LetGoEarly,
}

impl Sabotage {
    /// Every one.
    pub const ALL: [Self; 9] = [
        Self::AcknowledgeBeforeCommit,
        Self::StoreWithoutSync,
        Self::SlotsWithoutSync,
        Self::CopyWithoutSync,
        Self::RowBeforeEvidence,
        Self::SkipReadBack,
        Self::PrintBeforeViewer,
        Self::AcceptHeld,
        Self::LetGoEarly,
    ];

    /// What it is called in a child's arguments.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::AcknowledgeBeforeCommit => "acknowledge-before-commit",
            Self::StoreWithoutSync => "store-without-sync",
            Self::SlotsWithoutSync => "slots-without-sync",
            Self::CopyWithoutSync => "copy-without-sync",
            Self::RowBeforeEvidence => "row-before-evidence",
            Self::SkipReadBack => "skip-read-back",
            Self::PrintBeforeViewer => "print-before-viewer",
            Self::AcceptHeld => "accept-held",
            Self::LetGoEarly => "let-go-early",
        }
    }
}

static AT_WORK: AtomicU8 = AtomicU8::new(0);

/// Turns a way to be wrong on, for this process, in place of any other.
pub fn set(sabotage: Sabotage) {
    AT_WORK.store(sabotage as u8, Ordering::SeqCst);
}

/// Whether a way to be wrong is at work.
#[must_use]
pub fn is_set(sabotage: Sabotage) -> bool {
    AT_WORK.load(Ordering::SeqCst) == sabotage as u8
}

/// Evidence that waits for the row that names it.
static WAITING: Mutex<Vec<Vec<u8>>> = Mutex::new(Vec::new());

/// Puts evidence off until the next row was written.
pub(crate) fn put_off(bytes: &[u8]) -> Result<Digest> {
    WAITING.lock().map_err(|_| StoreError::Closed)?.push(bytes.to_vec());
    Ok(digest_of(bytes))
}

/// Claims that evidence is there which was only put off.
pub(crate) fn is_put_off(digest: Digest) -> bool {
    WAITING.lock().is_ok_and(|waiting| waiting.iter().any(|bytes| digest_of(bytes) == digest))
}

/// Keeps what was put off, once the row is there.
pub(crate) fn keep_waiting(evidence: &Evidence) -> Result<()> {
    let waiting = std::mem::take(&mut *WAITING.lock().map_err(|_| StoreError::Closed)?);
    waiting.iter().try_for_each(|bytes| evidence.keep(bytes, digest_of(bytes)))
}

/// Commits what the write before left open, then leaves this one open and answers.
pub(crate) fn write_without_commit<T, E: From<StoreError>>(
    writer: &mut Connection,
    work: impl FnOnce(&WriteTx<'_>) -> std::result::Result<T, E>,
) -> std::result::Result<T, E> {
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
pub(crate) fn export_plain(connection: &Connection, path: &std::path::Path) -> Result<()> {
    let path = path.to_string_lossy().replace('\'', "''");
    connection.execute_batch(&format!(
        "ATTACH DATABASE '{path}' AS twin KEY ''; SELECT sqlcipher_export('twin'); DETACH DATABASE twin;"
    ))?;
    Ok(())
}
