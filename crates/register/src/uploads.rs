//! Evidence and bundles on their way: a file for each unfinished upload, whose name says what it will be and how much of it counts.
//!
//! Bytes are on disk before the name says so. What lies behind that in the file is of a write that was cut off. Places are
//! for everybody: one laptop has a part of them, and an upload that everybody forgot makes room.

use std::{
    collections::BTreeMap,
    fs::{self, OpenOptions},
    io::{self, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
    time::{SystemTime, UNIX_EPOCH},
};

use fieldproof_model::{digest::Digest, time::Timestamp};
use fieldproof_seal::keys::PublicKey;
use fieldproof_wire::{Fault, tus};

use crate::{Clock, RegisterError, error::at, evidence::measure, files};

/// So many uploads of evidence may be unfinished.
pub(crate) const LIMIT: usize = 4_096;

/// One laptop has at most this part of the places: four that ran away leave none, three leave the others a quarter.
const SHARE: usize = 4;

/// An upload that nobody touched for thirty days is set aside. Whoever began it has it whole.
const FORGOTTEN_SECONDS: u32 = 30 * 86_400;

/// Where what is whole goes.
pub(crate) trait Keeper {
    /// Takes a file that is on disk: under its name before this returns.
    fn adopt(&self, digest: &Digest, file: &Path) -> Result<(), RegisterError>;
}

/// An unfinished upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unfinished {
    pub(crate) size: u64,
    pub(crate) offset: u64,
}

impl Unfinished {
    fn file(&self, digest: &Digest) -> String {
        format!("{digest}.{}.{}", self.size, self.offset)
    }
}

/// Reads what the name of a file says.
fn parse_file(name: &str) -> Option<(Digest, Unfinished)> {
    let (digest, rest) = name.split_once('.')?;
    let (size, offset) = rest.split_once('.')?;
    let unfinished = Unfinished { size: tus::parse_number(size)?, offset: tus::parse_number(offset)? };
    Some((tus::parse_name(digest)?, unfinished))
}

/// An unfinished upload as it is remembered.
#[derive(Debug, Clone, Copy)]
struct Entry {
    upload: Unfinished,
    /// Whose place it takes; after a restart nobody's, until somebody goes on with it.
    by: Option<PublicKey>,
    touched: Timestamp,
}

#[derive(Debug, Default)]
struct State {
    unfinished: BTreeMap<Digest, Entry>,
    /// Being written to at this moment.
    busy: Vec<Digest>,
}

/// The folder of unfinished uploads. One process at a time writes in it.
pub(crate) struct Uploads {
    folder: PathBuf,
    limit: usize,
    clock: Clock,
    state: Mutex<State>,
}

fn timestamp(time: SystemTime) -> Timestamp {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
    Timestamp::from_millis(i64::try_from(since).unwrap_or(i64::MAX))
}

/// An upload that nobody else touches as long as this lives.
pub(crate) struct Held<'a> {
    uploads: &'a Uploads,
    digest: Digest,
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.uploads.state().busy.retain(|digest| *digest != self.digest);
    }
}

impl Uploads {
    /// Takes the folder up where it was left; at most `limit` uploads are unfinished.
    pub(crate) fn open(folder: &Path, limit: usize, clock: Clock) -> Result<Self, RegisterError> {
        files::make_folder(folder)?;
        let mut state = State::default();
        for entry in fs::read_dir(folder).map_err(at(folder))? {
            let entry = entry.map_err(at(folder))?;
            let Some((digest, upload)) = entry.file_name().to_str().and_then(parse_file) else { continue };
            let touched = entry.metadata().and_then(|file| file.modified()).map_err(at(&entry.path()))?;
            state.unfinished.insert(digest, Entry { upload, by: None, touched: timestamp(touched) });
        }
        Ok(Self { folder: folder.to_owned(), limit, clock, state: Mutex::new(state) })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // What is in memory is changed in one step, right after the name on the disk.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn hold(&self, digest: &Digest) -> Result<Held<'_>, Fault> {
        let mut state = self.state();
        if state.busy.contains(digest) {
            return Err(Fault::Busy);
        }
        state.busy.push(*digest);
        Ok(Held { uploads: self, digest: *digest })
    }

    fn path(&self, digest: &Digest, upload: &Unfinished) -> PathBuf {
        self.folder.join(upload.file(digest))
    }

    /// How far an upload came.
    pub(crate) fn find(&self, digest: &Digest) -> Option<Unfinished> {
        self.state().unfinished.get(digest).map(|entry| entry.upload)
    }

    /// Remembers how far an upload came, and that somebody touched it.
    fn remember(&self, digest: Digest, upload: Unfinished, by: Option<&PublicKey>) {
        let touched = (self.clock)();
        let mut state = self.state();
        let by = state.unfinished.get(&digest).and_then(|entry| entry.by).or(by.copied());
        state.unfinished.insert(digest, Entry { upload, by, touched });
    }

    /// Whether there is a place for a further upload of a laptop.
    fn has_room(&self, by: &PublicKey) -> bool {
        let state = self.state();
        let of_laptop = state.unfinished.values().filter(|entry| entry.by == Some(*by)).count();
        state.unfinished.len() < self.limit && of_laptop < self.limit.div_euclid(SHARE)
    }

    /// Sets aside what nobody touched for long, unless somebody is at it.
    fn make_room(&self) {
        let last = (self.clock)().seconds_earlier(FORGOTTEN_SECONDS);
        let is_forgotten = |entry: &Entry| entry.touched < last;
        let entries = self.state().unfinished.clone();
        for (digest, _) in entries.iter().filter(|(_, entry)| is_forgotten(entry)) {
            let Ok(held) = self.hold(digest) else { continue };
            if self.state().unfinished.get(digest).is_some_and(is_forgotten) {
                // One that cannot be set aside takes its own place, and nobody else's.
                drop(self.set_aside(&held));
            }
        }
    }

    /// Goes on with an upload of that size: it is touched, and where it took nobody's place it takes the laptop's.
    fn resume(&self, digest: &Digest, size: u64, by: &PublicKey) -> Option<Unfinished> {
        let touched = (self.clock)();
        let mut state = self.state();
        let entry = state.unfinished.get_mut(digest).filter(|entry| entry.upload.size == size)?;
        *entry = Entry { by: entry.by.or(Some(*by)), touched, ..*entry };
        Some(entry.upload)
    }

    /// Begins an upload of a laptop, or goes on with the one that was begun. One of another size is set aside.
    pub(crate) fn begin(&self, digest: &Digest, size: u64, by: &PublicKey) -> Result<Unfinished, RegisterError> {
        if let Some(found) = self.resume(digest, size, by) {
            return Ok(found);
        }
        let held = self.hold(digest)?;
        if let Some(found) = self.resume(digest, size, by) {
            return Ok(found);
        }
        self.set_aside(&held)?;
        self.make_room();
        if !self.has_room(by) {
            return Err(Fault::TooManyUploads.into());
        }
        let upload = Unfinished { size, offset: 0 };
        let path = self.path(digest, &upload);
        // What an upload set aside in between left of itself is written over.
        let file = OpenOptions::new().create(true).append(true).open(&path).map_err(at(&path))?;
        file.sync_all().map_err(at(&path))?;
        files::sync_folder(&self.folder)?;
        self.remember(held.digest, upload, Some(by));
        Ok(upload)
    }

    /// Adds a chunk. Everything up to the offset that is returned is on disk; at the end it is handed over.
    pub(crate) fn append(
        &self,
        keeper: &impl Keeper,
        digest: &Digest,
        offset: u64,
        chunk: &[u8],
    ) -> Result<u64, RegisterError> {
        let held = self.hold(digest)?;
        let upload = self.find(digest).ok_or(Fault::NoSuchRequest)?;
        if upload.offset != offset {
            return Err(Fault::Offset(upload.offset).into());
        }
        let length = u64::try_from(chunk.len()).unwrap_or(u64::MAX);
        let end = offset.checked_add(length).filter(|end| *end <= upload.size).ok_or(Fault::Malformed)?;
        let path = self.path(digest, &upload);
        let mut file = OpenOptions::new().write(true).open(&path).map_err(at(&path))?;
        file.seek(SeekFrom::Start(offset)).map_err(at(&path))?;
        file.write_all(chunk).map_err(at(&path))?;
        if end == upload.size {
            file.set_len(end).map_err(at(&path))?;
        }
        file.sync_all().map_err(at(&path))?;
        drop(file);
        if end == upload.size {
            self.finish(keeper, &held, &path)?;
        } else {
            let further = Unfinished { offset: end, ..upload };
            fs::rename(&path, self.path(digest, &further)).map_err(at(&path))?;
            self.remember(*digest, further, None);
            files::sync_folder(&self.folder)?;
        }
        Ok(end)
    }

    /// Hands an upload over that is whole; one that became something else is set aside.
    fn finish(&self, keeper: &impl Keeper, held: &Held<'_>, path: &Path) -> Result<(), RegisterError> {
        let (found, _) = measure(path).map_err(at(path))?;
        if found != held.digest {
            self.set_aside(held)?;
            return Err(Fault::OtherDigest(held.digest).into());
        }
        keeper.adopt(&held.digest, path)?;
        self.state().unfinished.remove(&held.digest);
        files::sync_folder(&self.folder)
    }

    /// Gives an upload another name, under which nobody goes on with it. The last one of each digest is kept.
    fn set_aside(&self, held: &Held<'_>) -> Result<(), RegisterError> {
        let Some(upload) = self.find(&held.digest) else {
            return Ok(());
        };
        let path = self.path(&held.digest, &upload);
        match fs::rename(&path, self.folder.join(format!("{}.aside", held.digest))) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(at(&path)(error)),
            Ok(()) | Err(_) => {}
        }
        self.state().unfinished.remove(&held.digest);
        files::sync_folder(&self.folder)
    }
}

#[cfg(test)]
mod tests;
