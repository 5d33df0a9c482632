//! Backups, made while the laptop is in use, and the drill: does the recovery key work, should it ever be needed?

use std::path::{Path, PathBuf};

use fieldproof_model::time::Timestamp;
use fieldproof_store::{
    Store, StoreError,
    backup::{self, Progress},
    slots::{self, RecoveryKey, RecoveryKind},
    table::pack_items::PackItem,
};

use crate::{App, Error, Invalid, Result, folder::not_written};

/// A backup that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backup {
    /// Where it lies.
    pub path: PathBuf,
    /// Its size in bytes.
    pub bytes: u64,
    /// When it was made.
    pub made_at: Timestamp,
}

/// What a drill showed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Drill {
    /// Whose recovery key it was.
    pub kind: RecoveryKind,
    /// When the backup was made that was read to its end, if one was.
    pub backup_made_at: Option<Timestamp>,
}

/// How well this laptop is prepared for being lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Upkeep {
    /// When the last backup was made.
    pub backed_up_at: Option<Timestamp>,
    /// When a recovery key was last tried.
    pub drilled_at: Option<Timestamp>,
    /// Bytes a backup takes.
    pub bytes: u64,
}

impl App {
    /// Tells when the laptop was last backed up and its recovery key last tried.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub fn upkeep(&self) -> Result<Upkeep> {
        let at = |value: Option<Vec<u8>>| {
            let millis = value.and_then(|bytes| bytes.try_into().ok()).map(i64::from_be_bytes);
            millis.map(Timestamp::from_millis)
        };
        let unlocked = self.unlocked()?;
        unlocked.store.read(|tx| {
            Ok(Upkeep {
                backed_up_at: at(tx.pack_item(PackItem::BackedUpAt)?),
                drilled_at: at(tx.pack_item(PackItem::DrilledAt)?),
                bytes: backup::bytes_of(&self.dir),
            })
        })
    }

    /// Backs the laptop up into a new file in `folder`, while the work goes on.
    ///
    /// # Errors
    /// [`Error::NoRoomThere`], [`Error::NotWritten`], [`Error::Store`], with [`StoreError::Stopped`] when somebody locked
    /// meanwhile; then there is no new file.
    pub fn back_up(&self, folder: &Path, on: &mut dyn FnMut(Progress)) -> Result<Backup> {
        let unlocked = self.unlocked()?;
        let now = self.now();
        let path = free_name(folder, &format!("fieldproof-{}", now.date()), "backup")?;
        self.require_room_for_backup(&path)?;
        backup::back_up(&self.dir, unlocked.store.key(), &path, (now, &unlocked.stop), on)
            .map_err(|error| not_written(&path, error))?;
        // It is whole, whether or not that can be noted.
        let _noted = note(&unlocked.store, PackItem::BackedUpAt, now);
        let bytes = std::fs::metadata(&path).map_or(0, |metadata| metadata.len());
        Ok(Backup { path, bytes, made_at: now })
    }

    /// Folders that a person would back up to.
    #[must_use]
    pub fn places(&self) -> Vec<PathBuf> {
        self.host.places()
    }

    /// The backups that lie in those folders, the newest first.
    #[must_use]
    pub fn backups(&self) -> Vec<Backup> {
        let mut found: Vec<Backup> = self.host.places().iter().flat_map(|place| backups_in(place)).collect();
        found.sort_by_key(|backup| std::cmp::Reverse(backup.made_at));
        found
    }

    /// Tries a recovery key without restoring: it opens this laptop's store, or the backup given, which is read to its
    /// end.
    ///
    /// # Errors
    /// [`Invalid::RecoveryKey`], [`Error::WrongRecoveryKey`]; [`Error::Store`] when the backup is not whole, or somebody
    /// locked meanwhile.
    pub fn drill(&self, recovery_key: &str, backup: Option<&Path>) -> Result<Drill> {
        let unlocked = self.unlocked()?;
        let key = RecoveryKey::parse(recovery_key).ok_or(Invalid::RecoveryKey)?;
        let (found, backup_made_at) = match backup {
            None => (slots::recover(&self.dir, &key)?, None),
            Some(path) => {
                let head = backup::check_digests(path, &unlocked.stop, &mut |_| {})?;
                (head.slots()?.recover(&key)?, Some(head.made_at()))
            }
        };
        let (kind, store) = found;
        // A backup of another laptop opens as well, and would not be this one.
        if store.dangerously_expose_bytes() != unlocked.store.key().dangerously_expose_bytes() {
            return Err(Error::WrongRecoveryKey);
        }
        note(&unlocked.store, PackItem::DrilledAt, self.now())?;
        Ok(Drill { kind, backup_made_at })
    }
}

/// Notes in the store that was opened when it began: somebody may have locked since.
fn note(store: &Store, item: PackItem, at: Timestamp) -> Result<()> {
    store.write(|tx| Ok(tx.set_pack_item(item, &at.as_millis().to_be_bytes())?))
}

fn backups_in(folder: &Path) -> Vec<Backup> {
    let paths = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let named = paths.filter(|path| path.extension().is_some_and(|extension| extension == "backup"));
    let read = |path: PathBuf| {
        let made_at = backup::head(&path).ok()?.made_at();
        let bytes = std::fs::metadata(&path).ok()?.len();
        Some(Backup { path, bytes, made_at })
    };
    named.filter_map(read).collect()
}

/// A name that nothing in the folder has: what is made here never takes another file's place.
pub(crate) fn free_name(folder: &Path, stem: &str, extension: &str) -> Result<PathBuf> {
    let mut names = std::iter::once(String::new()).chain((2..1_000).map(|number| format!("-{number}")));
    let free = names.find_map(|suffix| {
        let path = folder.join(format!("{stem}{suffix}.{extension}"));
        (!path.exists()).then_some(path)
    });
    let full = || StoreError::File { path: folder.to_owned(), source: std::io::ErrorKind::AlreadyExists.into() };
    free.ok_or_else(|| full().into())
}
