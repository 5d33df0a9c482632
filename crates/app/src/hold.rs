//! Who has a laptop's folder open. Every program holds a file in it, together with whoever else does, from the first time
//! it opens the store until it ends; for a moment one may have it alone, to sweep or to put another folder in its place.
//!
//! The system lets go for a program that is killed. Where files cannot be held nobody is kept from working.

use std::{
    fs::{File, OpenOptions, TryLockError},
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
};

use fieldproof_store::StoreError;

use crate::Result;

const HOLD_FILE: &str = "in-use";

/// What this program holds.
#[derive(Debug, Default)]
pub(crate) struct Hold(Mutex<Option<File>>);

/// Who else has the folder open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Others {
    /// Nobody, nor can anybody from now on, until it is shared again.
    Nobody,
    /// Another program, or another laptop of this one's.
    Somebody,
    /// It cannot be told here.
    CannotTell,
}

impl Hold {
    fn held(&self) -> MutexGuard<'_, Option<File>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Holds the folder with whoever else does. Waits while somebody has it alone, which takes no longer than a sweep.
    pub(crate) fn share(&self, dir: &Path) {
        let mut held = self.held();
        if !held.as_ref().is_some_and(|file| is_in(file, dir)) {
            *held = share(dir);
        }
    }

    /// Asks for the folder alone. Whatever the answer, [`Self::share_again`] is due.
    pub(crate) fn alone(&self, dir: &Path) -> Others {
        self.share(dir);
        match self.held().as_ref().map(|file| file.unlock().map_err(TryLockError::Error).and_then(|()| file.try_lock()))
        {
            Some(Ok(())) => Others::Nobody,
            Some(Err(TryLockError::WouldBlock)) => Others::Somebody,
            Some(Err(TryLockError::Error(_))) | None => Others::CannotTell,
        }
    }

    /// Lets others have the folder, too.
    ///
    /// # Errors
    /// [`StoreError::InUse`] when another folder was put in its place in between: what was opened in it is another one's.
    pub(crate) fn share_again(&self, dir: &Path) -> Result<()> {
        let mut held = self.held();
        let Some(file) = held.as_ref() else { return Ok(()) };
        // What cannot be held here is none the worse for it.
        let _shared = file.unlock().and_then(|()| file.lock_shared());
        if is_in(file, dir) {
            Ok(())
        } else {
            *held = None;
            Err(StoreError::InUse.into())
        }
    }

    /// Lets go: another folder is in its place.
    pub(crate) fn let_go(&self) {
        *self.held() = None;
    }
}

fn share(dir: &Path) -> Option<File> {
    // A folder that somebody put in the other's place while this one waited is tried again.
    for _ in 0..10 {
        let file = OpenOptions::new().write(true).create(true).truncate(false).open(dir.join(HOLD_FILE)).ok()?;
        file.lock_shared().ok()?;
        if is_in(&file, dir) {
            return Some(file);
        }
    }
    None
}

/// Whether the file that is held is the one that lies in the folder.
#[cfg(unix)]
fn is_in(file: &File, dir: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let place = |metadata: std::fs::Metadata| (metadata.dev(), metadata.ino());
    let there = std::fs::metadata(dir.join(HOLD_FILE)).map(place);
    file.metadata().map(place).is_ok_and(|held| there.is_ok_and(|there| held == there))
}

/// Where a folder with an open file in it cannot be moved, it is.
#[cfg(not(unix))]
const fn is_in(_: &File, _: &Path) -> bool {
    true
}
