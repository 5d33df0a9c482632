//! Restoring a backup: onto a new machine, or in place of a store that is damaged or lost.

use std::{
    fs,
    path::{Path, PathBuf},
};

use fieldproof_store::{
    Store, StoreError, StoreKey,
    backup::{self, Head},
    durable,
    slots::{RecoveryKey, SlotFile},
};

use crate::{App, Invalid, Result, enrol, install, people::read_trust_file, unlock::wiping};

/// What opens a backup.
#[derive(Debug, Clone, Copy)]
pub enum RestoreWith<'s> {
    /// The passphrase of anybody who had one when the backup was made.
    Passphrase(&'s str),
    /// The key on the recovery sheet, or the institution's.
    RecoveryKey(&'s str),
}

impl App {
    /// Unpacks a backup in place of this laptop's folder. What lies there is set aside and kept; its new name is the
    /// answer. Nobody is unlocked afterwards, and whoever unlocks gets a new key: a backup holds nobody's.
    ///
    /// # Errors
    /// [`crate::Error::WrongPassphrase`], [`Invalid::RecoveryKey`], [`crate::Error::WrongRecoveryKey`];
    /// [`crate::Error::Store`] when the backup is not whole. Nothing is changed then.
    pub fn restore(&self, backup: &Path, with: RestoreWith<'_>, on: &mut dyn FnMut(u64)) -> Result<Option<PathBuf>> {
        wiping(|| self.unpack(backup, with, on))
    }

    fn unpack(&self, backup: &Path, with: RestoreWith<'_>, on: &mut dyn FnMut(u64)) -> Result<Option<PathBuf>> {
        let head = backup::head(backup)?;
        let key = open(&head.slots()?, with)?;
        let fresh = durable::with_suffix(&self.dir, ".restoring");
        if fresh.exists() {
            // One that a crash left unfinished is begun anew.
            fs::remove_dir_all(&fresh).map_err(|source| StoreError::File { path: fresh.clone(), source })?;
        }
        if let Some(folder) = self.dir.parent() {
            fs::create_dir_all(folder).map_err(|source| StoreError::File { path: folder.to_owned(), source })?;
        }
        let done = backup::unpack(backup, &key, &fresh, on)
            .map_err(crate::Error::from)
            .and_then(|head| prepare(&head, &key, &fresh));
        if let Err(error) = done {
            let _removed = fs::remove_dir_all(&fresh);
            return Err(error);
        }
        self.lock();
        if let Ok(mut pins) = self.pins.lock() {
            *pins = crate::pin::Pins::default();
        }
        let aside = durable::set_folder_aside(&self.dir, ".before-restore")?;
        fs::rename(&fresh, &self.dir).map_err(|source| StoreError::File { path: self.dir.clone(), source })?;
        durable::sync_folder_of(&self.dir)?;
        Ok(aside)
    }
}

pub(crate) fn open(slots: &SlotFile, with: RestoreWith<'_>) -> Result<StoreKey> {
    match with {
        RestoreWith::Passphrase(passphrase) => Ok(slots.unlock_any(passphrase)?.1.store),
        RestoreWith::RecoveryKey(text) => {
            let key = RecoveryKey::parse(text).ok_or(Invalid::RecoveryKey)?;
            Ok(slots.recover(&key)?.1)
        }
    }
}

/// Gives the unpacked folder its key slots, with the names that the store knows, and its public trust file.
fn prepare(head: &Head, key: &StoreKey, dir: &Path) -> Result<()> {
    let store = Store::open(dir, key)?;
    // The laptop that the backup was made on may go on: this one makes keys of its own.
    store.write(enrol::forget_keys)?;
    let (people, trust) = store.read(|tx| -> Result<_> { Ok((tx.people()?, read_trust_file(tx).ok())) })?;
    let mut slots = head.slots()?;
    slots.name_people(|id| {
        let row = people.iter().find(|row| row.person.id == id)?;
        Some(row.person.name.as_str().to_owned())
    });
    slots.write(dir)?;
    // A laptop that no institution has answered yet has a backup, too.
    trust.map_or(Ok(()), |trust| install::write_public_trust(dir, &trust))
}
