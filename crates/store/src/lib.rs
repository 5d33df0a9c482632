//! The only code on the laptop that speaks SQL: one writer, readers that cannot write, everything encrypted.
//!
//! A write is acknowledged when its transaction is on disk, never before.

mod aside;
pub mod backup;
mod database;
pub mod durable;
mod evidence;
mod migrations;
pub mod rescue;
#[cfg(feature = "sabotage")]
pub mod sabotage;
mod secret;
pub mod slots;
mod stop;
pub mod table;

use std::{
    path::{Path, PathBuf},
    sync::Mutex,
};

use rusqlite::Connection;

pub use evidence::{CHUNK_BYTES, Evidence};
pub use secret::StoreKey;
pub use stop::Stop;
pub use table::{ReadTx, WriteTx};

/// Why the store could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database said no.
    #[error("the store could not be read or written")]
    Sqlite(#[from] rusqlite::Error),
    /// The disk is full; nothing was changed.
    #[error("the disk is full")]
    DiskFull,
    /// A folder or file could not be used.
    #[error("{path} could not be used")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The store was made by a newer version.
    #[error("the store was made by a newer version ({found}; this one knows {known})")]
    TooNew {
        /// Its version.
        found: i64,
        /// Ours.
        known: i64,
    },
    /// A file of the store is not there any more.
    #[error("{0} is gone")]
    Gone(&'static str),
    /// A stored value is not what it should be.
    #[error("a stored {0} is damaged")]
    Damaged(&'static str),
    /// What was written did not read back.
    #[error("the evidence did not read back as it was written")]
    ReadBack,
    /// A part of a backup is not as it was written.
    #[error("the {0} is damaged or cut off")]
    DamagedBackup(&'static str),
    /// So many people have a passphrase that no further fits.
    #[error("{0} people have a passphrase, and no more than that can")]
    TooManySlots(usize),
    /// Nothing at hand would open the backup again.
    #[error("nothing would open the backup")]
    NothingOpensIt,
    /// The file is no backup of ours.
    #[error("the file is no backup")]
    NotABackup,
    /// Another program has the laptop's folder open.
    #[error("another program has the laptop's folder open")]
    InUse,
    /// Somebody still reads what the store was before, so the log that holds it could not be emptied.
    #[error("an earlier state of the store is still being read")]
    StillRead,
    /// Whoever asked for it, or locked the laptop, ended it.
    #[error("it was stopped")]
    Stopped,
    /// A panic in an earlier write left the store closed.
    #[error("the store is closed after an earlier fault; start again")]
    Closed,
}

impl StoreError {
    /// Tells a full disk from everything else.
    fn from_write(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DiskFull) => Self::DiskFull,
            _ => Self::Sqlite(error),
        }
    }
}

/// The result of everything here.
pub type Result<T> = std::result::Result<T, StoreError>;

/// An open store.
#[derive(Debug)]
pub struct Store {
    writer: Mutex<Connection>,
    reader: Mutex<Connection>,
    evidence: Evidence,
    key: StoreKey,
    path: PathBuf,
}

const STORE_FILE: &str = "store.db";
const EVIDENCE_FILE: &str = "evidence.db";

impl Store {
    /// Makes a new store in `dir`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn create(dir: &Path, key: &StoreKey) -> Result<Self> {
        Self::open_files(dir, key)
    }

    /// Whether any file of a store lies in `dir`.
    #[must_use]
    pub fn is_in(dir: &Path) -> bool {
        [STORE_FILE, EVIDENCE_FILE].iter().any(|name| dir.join(name).exists())
    }

    /// Opens the store in `dir`. A file that is gone is never replaced by an empty one.
    ///
    /// # Errors
    /// [`StoreError`]; a damaged store is left as it is.
    pub fn open(dir: &Path, key: &StoreKey) -> Result<Self> {
        for name in [STORE_FILE, EVIDENCE_FILE] {
            if !dir.join(name).exists() {
                return Err(StoreError::Gone(name));
            }
        }
        Self::open_files(dir, key)
    }

    fn open_files(dir: &Path, key: &StoreKey) -> Result<Self> {
        let path = dir.join(STORE_FILE);
        let mut writer = database::open(&path, key)?;
        if migrations::is_due(&writer, migrations::LAPTOP)? {
            aside::copy_before_migration(&path, key, migrations::version(&writer)?)?;
        }
        migrations::run(&mut writer, migrations::LAPTOP)?;
        let reader = database::open(&path, key)?;
        reader.pragma_update(None, "query_only", true)?;
        let evidence = Evidence::open(&dir.join(EVIDENCE_FILE), key)?;
        Ok(Self { writer: Mutex::new(writer), reader: Mutex::new(reader), evidence, key: key.clone(), path })
    }

    /// Reads; the connection cannot write.
    ///
    /// # Errors
    /// Those of `work`, and [`StoreError`].
    pub fn read<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(&ReadTx<'_>) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        let mut reader = self.reader.lock().map_err(|_| StoreError::Closed)?;
        let transaction = reader.transaction().map_err(StoreError::Sqlite)?;
        let read = work(&ReadTx::new(&transaction));
        database::check_pages(&transaction)?;
        read
    }

    /// Writes: everything `work` does is on disk when this returns `Ok`, and nothing of it otherwise.
    ///
    /// # Errors
    /// Those of `work`, and [`StoreError`].
    pub fn write<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(&WriteTx<'_>) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        let mut writer = self.writer.lock().map_err(|_| StoreError::Closed)?;
        #[cfg(feature = "sabotage")]
        if sabotage::is_set(sabotage::Sabotage::AcknowledgeBeforeCommit) {
            return sabotage::write_without_commit(&mut writer, work);
        }
        let transaction = writer
            .transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)
            .map_err(StoreError::from_write)?;
        let done = work(&WriteTx::new(&transaction));
        database::check_pages(&transaction)?;
        let done = done?;
        transaction.commit().map_err(StoreError::from_write)?;
        #[cfg(feature = "sabotage")]
        sabotage::keep_waiting(&self.evidence)?;
        Ok(done)
    }

    /// What opens the store, for another slot or a backup of it.
    #[must_use]
    pub const fn key(&self) -> &StoreKey {
        &self.key
    }

    /// Writes the store's file anew, empties its write-ahead log and lets go of the copies that were set aside before
    /// migrations, so that nothing outlives its deletion there.
    ///
    /// Deleting overwrites; but rows that the database moved about earlier may have left copies on their way.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn forget(&self) -> Result<()> {
        // Nobody reads meanwhile: a reader would keep the log as it is. Whoever writes does not wait for a reader.
        let _reader = self.reader.lock().map_err(|_| StoreError::Closed)?;
        let writer = self.writer.lock().map_err(|_| StoreError::Closed)?;
        writer.execute_batch("VACUUM").map_err(StoreError::from_write)?;
        database::empty_log(&writer)?;
        aside::forget(&self.path, 0)
    }

    /// The evidence beside the store.
    #[must_use]
    pub const fn evidence(&self) -> &Evidence {
        &self.evidence
    }

    /// Reads every page of store and evidence, and asks the database whether they belong together.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn check_integrity(&self) -> Result<bool> {
        let writer = self.writer.lock().map_err(|_| StoreError::Closed)?;
        Ok(database::is_whole(&writer)? && self.evidence.is_whole()?)
    }

    /// Makes the disk seem full once the store has grown by `pages` pages.
    ///
    /// # Errors
    /// [`StoreError`].
    #[cfg(feature = "sabotage")]
    pub fn limit_growth(&self, pages: i64) -> Result<()> {
        let writer = self.writer.lock().map_err(|_| StoreError::Closed)?;
        let now: i64 = writer.query_row("PRAGMA page_count", [], |row| row.get(0))?;
        writer.query_row(&format!("PRAGMA max_page_count = {}", now.saturating_add(pages)), [], |_| Ok(()))?;
        Ok(())
    }

    /// Writes unencrypted twins of store and evidence into `dir`.
    ///
    /// # Errors
    /// [`StoreError`].
    #[cfg(feature = "sabotage")]
    pub fn export_plain_twins(&self, dir: &Path) -> Result<()> {
        let writer = self.writer.lock().map_err(|_| StoreError::Closed)?;
        sabotage::export_plain(&writer, &dir.join("store-twin.db"))?;
        self.evidence.export_plain_twin(&dir.join("evidence-twin.db"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_cannot_write_whatever_it_says() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::create(folder.path(), &StoreKey::new([7; 48])).unwrap();
        store.write(|tx| tx.set_pack_item(table::pack_items::PackItem::Root, b"root")).unwrap();
        for sql in ["DELETE FROM pack_items", "CREATE TABLE more (bytes)", "PRAGMA user_version = 1"] {
            let tried = store.read(|tx| Ok::<_, StoreError>(tx.connection().execute_batch(sql).is_err()));
            assert!(tried.unwrap(), "{sql}");
        }
        let root = store.read(|tx| tx.pack_item(table::pack_items::PackItem::Root)).unwrap();
        assert_eq!(root.as_deref(), Some(b"root".as_slice()));
    }

    #[test]
    fn what_was_deleted_is_not_called_gone_while_somebody_reads_what_was_before() {
        let folder = tempfile::tempdir().unwrap();
        let key = StoreKey::new([7; 48]);
        let store = Store::create(folder.path(), &key).unwrap();
        let item = store.evidence().put(b"what is to go").unwrap();
        let log = |name: &str| std::fs::metadata(folder.path().join(name)).map_or(0, |file| file.len());
        let reader = database::open_still(&folder.path().join(EVIDENCE_FILE), &key).unwrap();
        assert!(matches!(store.evidence().remove(&[item]), Err(StoreError::StillRead)));
        assert!(0 < log("evidence.db-wal"));
        drop(reader);
        store.evidence().remove(&[]).unwrap();
        let reader = database::open_still(&folder.path().join(STORE_FILE), &key).unwrap();
        assert!(matches!(store.forget(), Err(StoreError::StillRead)));
        drop(reader);
        store.forget().unwrap();
        assert_eq!((log("evidence.db-wal"), log("store.db-wal")), (0, 0));
    }
}
