//! Restoring a backup: onto a new machine, or in place of a store that is damaged or lost.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::MutexGuard,
};

use fieldproof_store::{
    Store, StoreError, StoreKey,
    backup::{self, Head},
    durable,
    slots::{RecoveryKey, SlotFile},
};

use crate::{App, Invalid, Result, enrol, hold::Others, install, people::read_trust_file, unlock::wiping};

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
    /// [`crate::Error::Store`] when the backup is not whole; [`StoreError::InUse`] while another program has the folder
    /// open. Nothing is changed then.
    pub fn restore(&self, backup: &Path, with: RestoreWith<'_>, on: &mut dyn FnMut(u64)) -> Result<Option<PathBuf>> {
        wiping(|| self.unpack(backup, with, on))
    }

    fn unpack(&self, backup: &Path, with: RestoreWith<'_>, on: &mut dyn FnMut(u64)) -> Result<Option<PathBuf>> {
        let head = backup::head(backup)?;
        let key = open(&head.slots()?, with)?;
        // Told before anybody waits for the unpacking, and asked again before anything is moved.
        let others = self.hold.alone(&self.dir);
        self.hold.share_again(&self.dir)?;
        if others == Others::Somebody {
            return Err(StoreError::InUse.into());
        }
        let fresh = durable::with_suffix(&self.dir, RESTORING);
        if fresh.exists() {
            // One that a crash left unfinished is begun anew.
            fs::remove_dir_all(&fresh).map_err(at(&fresh))?;
        }
        if let Some(folder) = self.dir.parent() {
            fs::create_dir_all(folder).map_err(at(folder))?;
        }
        let ready = backup::unpack(backup, &key, &fresh, on)
            .map_err(crate::Error::from)
            .and_then(|head| prepare(&head, &key, &fresh))
            .and_then(|()| self.is_nobody_elses());
        if ready.is_err() {
            let _removed = fs::remove_dir_all(&fresh);
        }
        let _nobody_sends = ready?;
        let done = swap(&fresh, &self.dir);
        // What is held lies in the folder that was set aside.
        self.hold.let_go();
        done
    }

    /// Locks, and takes the folder alone; until the answer is let go of nothing is sent from it either, for which nobody
    /// needs to be in.
    fn is_nobody_elses(&self) -> Result<MutexGuard<'_, ()>> {
        self.lock();
        let line = self.direct.stand_still();
        if let Ok(mut pins) = self.pins.lock() {
            *pins = crate::pin::Pins::default();
        }
        if self.hold.alone(&self.dir) == Others::Somebody {
            self.hold.share_again(&self.dir)?;
            return Err(StoreError::InUse.into());
        }
        Ok(line)
    }
}

/// Behind the name of the laptop's folder: the one that is to take its place.
const RESTORING: &str = ".restoring";
/// Lies in it once everything else does.
const READY: &str = "ready";

fn at(path: &Path) -> impl FnOnce(std::io::Error) -> StoreError {
    let path = path.to_owned();
    move |source| StoreError::File { path, source }
}

/// Gives `fresh` the place of `dir`, which is set aside. Whatever ends in between, one of the two is there, or
/// [`finish`] puts it there.
///
/// # Errors
/// [`StoreError::File`]; then `dir` is what it was.
fn swap(fresh: &Path, dir: &Path) -> Result<Option<PathBuf>> {
    let done = swap_inner(fresh, dir);
    if done.is_err() && dir.exists() {
        // Where the laptop's own folder is in its place nobody needs the other one.
        let _removed = fs::remove_dir_all(fresh);
    }
    done
}

fn swap_inner(fresh: &Path, dir: &Path) -> Result<Option<PathBuf>> {
    durable::replace(&fresh.join(READY), b"")?;
    let aside = durable::set_folder_aside(dir, ".before-restore")?;
    if let Err(source) = fs::rename(fresh, dir) {
        // Another start may have put it there meanwhile.
        let is_there = !fresh.exists() && dir.exists();
        if !is_there {
            if let Some(aside) = &aside {
                fs::rename(aside, dir).map_err(at(aside))?;
                durable::sync_folder_of(dir)?;
            }
            return Err(at(dir)(source).into());
        }
    }
    // It is done, and the mark stays until that lasts: after a power cut it may be to do again.
    if durable::sync_folder_of(dir).is_ok() {
        let _removed = fs::remove_file(dir.join(READY));
    }
    Ok(aside)
}

/// Ends a restore that was cut off between its two steps: the folder before has another name, and the restored one
/// waits. Where the folder before is in its place nothing is done, now or later: the restore has to be asked for again.
pub(crate) fn finish(dir: &Path) {
    let fresh = durable::with_suffix(dir, RESTORING);
    let ready = fresh.join(READY);
    if dir.exists() {
        let _removed = fs::remove_file(ready);
    } else if ready.exists() && fs::rename(&fresh, dir).is_ok() {
        // What cannot be done now is tried at the next start.
        let _synced = durable::sync_folder_of(dir);
    }
    let _removed = fs::remove_file(dir.join(READY));
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder with a laptop's in it, `laptop`, that says whose it is.
    struct Desk(tempfile::TempDir);

    impl Desk {
        fn new(folders: &[&str]) -> Self {
            let desk = Self(tempfile::tempdir().unwrap());
            for name in folders {
                fs::create_dir(desk.path(name)).unwrap();
                fs::write(desk.path(name).join("whose"), name).unwrap();
            }
            desk
        }

        fn path(&self, name: &str) -> PathBuf {
            self.0.path().join(name)
        }

        /// What lies where the laptop's folder is to be, and how many folders there are.
        fn found(&self) -> (Option<String>, usize) {
            let whose = fs::read_to_string(self.path("laptop").join("whose")).ok();
            (whose, fs::read_dir(self.0.path()).unwrap().count())
        }
    }

    const OLD: Option<&str> = Some("laptop");
    const NEW: Option<&str> = Some("laptop.restoring");

    #[test]
    fn what_is_restored_takes_the_place_and_what_was_there_is_kept() {
        let desk = Desk::new(&["laptop", "laptop.restoring"]);
        let aside = swap(&desk.path("laptop.restoring"), &desk.path("laptop")).unwrap().unwrap();
        assert_eq!(desk.found(), (NEW.map(str::to_owned), 2));
        assert_eq!(fs::read_to_string(aside.join("whose")).ok().as_deref(), OLD);
        assert!(!desk.path("laptop").join(READY).exists(), "nothing says any more that it waits");
    }

    #[test]
    fn a_move_that_fails_puts_back_what_was_there() {
        // The mark cannot be put.
        let desk = Desk::new(&["laptop"]);
        assert!(swap(&desk.path("laptop.restoring"), &desk.path("laptop")).is_err());
        assert_eq!(desk.found(), (OLD.map(str::to_owned), 1));
        // The second move fails: a folder does not move into itself.
        let desk = Desk::new(&["laptop"]);
        let inside = desk.path("laptop").join("inside");
        fs::create_dir(&inside).unwrap();
        assert!(swap(&inside, &desk.path("laptop")).is_err());
        assert_eq!(desk.found(), (OLD.map(str::to_owned), 1));
    }

    #[test]
    fn a_restore_that_was_cut_off_anywhere_leaves_one_whole_laptop_at_the_next_start() {
        let put_mark = |desk: &Desk, name: &str| fs::write(desk.path(name).join(READY), "").unwrap();
        let cases = [
            ("before the mark", vec!["laptop", "laptop.restoring"], None, OLD),
            ("before the first move", vec!["laptop", "laptop.restoring"], Some("laptop.restoring"), OLD),
            ("between the two", vec!["laptop.before-restore", "laptop.restoring"], Some("laptop.restoring"), NEW),
            ("onto an empty place", vec!["laptop.restoring"], Some("laptop.restoring"), NEW),
            ("onto an empty place, before the mark", vec!["laptop.restoring"], None, None),
            ("before the mark went", vec!["laptop.before-restore", "laptop"], Some("laptop"), OLD),
        ];
        for (point, folders, mark, expected) in cases {
            let desk = Desk::new(&folders);
            mark.iter().for_each(|name| put_mark(&desk, name));
            for start in ["the next", "the one after"] {
                finish(&desk.path("laptop"));
                assert_eq!(desk.found().0.as_deref(), expected, "{point}, {start} start");
            }
            assert_eq!(desk.found().1, folders.len(), "{point}: nothing is deleted");
            assert!(!desk.path("laptop").join(READY).exists(), "{point}");
        }
    }

    #[test]
    fn a_restore_that_changed_nothing_is_not_brought_to_its_end_by_a_later_start() {
        let desk = Desk::new(&["laptop", "laptop.restoring"]);
        fs::write(desk.path("laptop.restoring").join(READY), "").unwrap();
        finish(&desk.path("laptop"));
        fs::rename(desk.path("laptop"), desk.path("elsewhere")).unwrap();
        finish(&desk.path("laptop"));
        assert_eq!(desk.found(), (None, 2));
    }

    #[test]
    fn a_restore_that_cannot_be_made_to_last_is_done_and_keeps_its_mark() {
        let desk = Desk::new(&["laptop", "laptop.restoring"]);
        // The way to the folder leads through what is moved: behind that nobody finds it to sync it.
        let dir = desk.path("laptop.restoring").join("..").join("laptop");
        assert!(swap(&desk.path("laptop.restoring"), &dir).unwrap().is_some());
        assert_eq!(desk.found(), (NEW.map(str::to_owned), 2));
        assert!(desk.path("laptop").join(READY).exists());
        finish(&desk.path("laptop"));
        assert!(!desk.path("laptop").join(READY).exists());
    }

    #[test]
    fn a_start_that_came_first_has_not_made_it_fail() {
        // Between the two moves somebody starts the program.
        let desk = Desk::new(&["laptop.before-restore", "laptop.restoring"]);
        fs::write(desk.path("laptop.restoring").join(READY), "").unwrap();
        finish(&desk.path("laptop"));
        assert_eq!(desk.found(), (NEW.map(str::to_owned), 2));
    }
}
