//! Evidence: exact bytes named by their digest, in chunks, in an encrypted file of their own.
//!
//! An item is committed and read back before anything may name it.

use std::{path::Path, sync::Mutex};

use fieldproof_model::digest::Digest;
use fieldproof_seal::digest_of;
use rusqlite::{Connection, OptionalExtension, params};

use crate::{Result, StoreError, StoreKey, database, migrations, table::array};

/// Bytes in one chunk.
pub const CHUNK_BYTES: usize = 256 * 1024;

/// The evidence file.
#[derive(Debug)]
pub struct Evidence {
    connection: Mutex<Connection>,
}

impl Evidence {
    pub(crate) fn open(path: &Path, key: &StoreKey) -> Result<Self> {
        let mut connection = database::open(path, key)?;
        migrations::run(&mut connection, migrations::EVIDENCE)?;
        Ok(Self { connection: Mutex::new(connection) })
    }

    /// Stores an item, commits, and reads it back. Storing it again changes nothing.
    ///
    /// # Errors
    /// [`StoreError`]; after any of them the item is not to be named.
    pub fn put(&self, bytes: &[u8]) -> Result<Digest> {
        #[cfg(feature = "sabotage")]
        if crate::sabotage::is_set(crate::sabotage::Sabotage::RowBeforeEvidence) {
            return crate::sabotage::put_off(bytes);
        }
        let digest = digest_of(bytes);
        self.keep(bytes, digest)?;
        #[cfg(feature = "sabotage")]
        if crate::sabotage::is_set(crate::sabotage::Sabotage::SkipReadBack) {
            return Ok(digest);
        }
        self.forget_pages()?;
        self.get(digest)?.map(|_| digest).ok_or(StoreError::ReadBack)
    }

    /// Brings the log into the file, as far as nobody reads it just now, and lets go of the pages in memory, so that
    /// what is read next comes from the disk.
    fn forget_pages(&self) -> Result<()> {
        let connection = self.connection.lock().map_err(|_| StoreError::Closed)?;
        connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?;
        Ok(connection.execute_batch("PRAGMA shrink_memory")?)
    }

    pub(crate) fn keep(&self, bytes: &[u8], digest: Digest) -> Result<()> {
        if self.get(digest)?.is_none() { self.insert(digest, bytes) } else { Ok(()) }
    }

    fn insert(&self, digest: Digest, bytes: &[u8]) -> Result<()> {
        let mut connection = self.connection.lock().map_err(|_| StoreError::Closed)?;
        let transaction = connection
            .transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)
            .map_err(StoreError::from_write)?;
        let size = i64::try_from(bytes.len()).map_err(|_| StoreError::Damaged("size"))?;
        transaction
            .execute("INSERT INTO evidence (digest, size) VALUES (?1, ?2)", params![digest.as_bytes(), size])
            .map_err(StoreError::from_write)?;
        for (chunk, index) in bytes.chunks(CHUNK_BYTES).zip(0_i64..) {
            transaction
                .execute(
                    "INSERT INTO chunks (digest, chunk_index, bytes) VALUES (?1, ?2, ?3)",
                    params![digest.as_bytes(), index, chunk],
                )
                .map_err(StoreError::from_write)?;
        }
        database::check_pages(&transaction)?;
        transaction.commit().map_err(StoreError::from_write)
    }

    /// Reads an item; `None` when there is none of that digest.
    ///
    /// # Errors
    /// [`StoreError`]; [`StoreError::Damaged`] when it is not what it was.
    pub fn get(&self, digest: Digest) -> Result<Option<Vec<u8>>> {
        let connection = self.connection.lock().map_err(|_| StoreError::Closed)?;
        let size: Option<i64> = connection
            .query_row("SELECT size FROM evidence WHERE digest = ?1", params![digest.as_bytes()], |row| row.get(0))
            .optional()?;
        let Some(size) = size else {
            return database::check_pages(&connection).map(|()| None);
        };
        let mut statement = connection.prepare("SELECT bytes FROM chunks WHERE digest = ?1 ORDER BY chunk_index")?;
        let chunks = statement.query_map(params![digest.as_bytes()], |row| row.get::<_, Vec<u8>>(0))?;
        let bytes = chunks.collect::<rusqlite::Result<Vec<_>>>()?.concat();
        // A page that cannot be deciphered may be handed out as zeros.
        let is_whole = usize::try_from(size) == Ok(bytes.len()) && digest_of(&bytes) == digest;
        if is_whole { Ok(Some(bytes)) } else { Err(StoreError::Damaged("photo")) }
    }

    pub(crate) fn is_whole(&self) -> Result<bool> {
        database::is_whole(&*self.connection.lock().map_err(|_| StoreError::Closed)?)
    }

    /// Whether an item is here.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn has(&self, digest: Digest) -> Result<bool> {
        let connection = self.connection.lock().map_err(|_| StoreError::Closed)?;
        #[cfg(feature = "sabotage")]
        if crate::sabotage::is_put_off(digest) {
            return Ok(true);
        }
        let sql = "SELECT count(*) FROM evidence WHERE digest = ?1";
        let is_here = connection.query_row(sql, params![digest.as_bytes()], |row| row.get(0))?;
        database::check_pages(&connection)?;
        Ok(is_here)
    }

    /// Lists every item with its size in bytes.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn items(&self) -> Result<Vec<(Digest, u64)>> {
        let connection = self.connection.lock().map_err(|_| StoreError::Closed)?;
        let mut statement = connection.prepare("SELECT digest, size FROM evidence ORDER BY digest")?;
        let rows = statement.query_map([], |row| Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, i64>(1)?)))?;
        rows.map(|row| {
            let (digest, size) = row?;
            Ok((Digest::new(array(digest, "evidence")?), u64::try_from(size).unwrap_or_default()))
        })
        .collect()
    }

    /// Destroys items, all or none, and leaves nothing of them in the file or beside it. What is not here is no matter.
    ///
    /// Nothing may name an item any more, or whatever names it says that it left.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn remove(&self, items: &[Digest]) -> Result<()> {
        let mut connection = self.connection.lock().map_err(|_| StoreError::Closed)?;
        let transaction = connection
            .transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)
            .map_err(StoreError::from_write)?;
        for digest in items {
            for sql in ["DELETE FROM chunks WHERE digest = ?1", "DELETE FROM evidence WHERE digest = ?1"] {
                transaction.execute(sql, params![digest.as_bytes()]).map_err(StoreError::from_write)?;
            }
        }
        transaction.commit().map_err(StoreError::from_write)?;
        database::empty_log(&connection)
    }

    /// Room inside the file that removed items left, in bytes; it is used again before the file grows.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn spare_bytes(&self) -> Result<u64> {
        let connection = self.connection.lock().map_err(|_| StoreError::Closed)?;
        let pages: i64 = connection.query_row("PRAGMA freelist_count", [], |row| row.get(0))?;
        Ok(u64::try_from(pages).unwrap_or_default().saturating_mul(database::PAGE_BYTES))
    }

    #[cfg(feature = "sabotage")]
    pub(crate) fn export_plain_twin(&self, path: &Path) -> Result<()> {
        let connection = self.connection.lock().map_err(|_| StoreError::Closed)?;
        crate::sabotage::export_plain(&connection, path)
    }
}
