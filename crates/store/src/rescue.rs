//! When nothing else works: reads a damaged store page by page, without the database, and builds a fresh one from what
//! can be read.
//!
//! The damaged folder is opened for reading only. SQLCipher signs every page on its own, so a page is either exactly
//! what was written or named as damaged; what hangs on a damaged page is looked for among the pages that are left.

mod btree;
mod cipher;
mod items;
mod pages;
mod rebuild;
mod record;
mod report;
mod shape;
mod target;
#[cfg(test)]
mod tests;
mod version;
mod wal;

use std::{
    fs::{self, File},
    io::{self, Read, Seek, SeekFrom},
    path::Path,
};

pub use report::{FileReport, Report, TableReport};

use crate::{EVIDENCE_FILE, Result, STORE_FILE, StoreError, StoreKey, durable, migrations};

/// How far a rescue is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// The file at work on.
    pub file: &'static str,
    /// What is being done.
    pub stage: Stage,
    /// How much of it is done: pages, or items of evidence.
    pub done: u32,
    /// How much there is.
    pub total: u32,
}

/// What a rescue is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Every page is looked at.
    Checking,
    /// Rows are saved, table by table; pages do not come in order.
    Saving,
    /// Pages to which nothing leads are looked through.
    Searching,
    /// Items of evidence are compared with their digests.
    Comparing,
}

/// Saves what can be read of the store in `dir` into a fresh store in the new folder `out`, under the same key.
///
/// # Errors
/// [`StoreError`]; [`StoreError::Damaged`] when not one page can be read, as under a wrong key.
pub fn rescue(dir: &Path, key: &StoreKey, out: &Path, progress: &mut dyn FnMut(Progress)) -> Result<Report> {
    fs::create_dir(out).map_err(durable::at(out))?;
    let mut one =
        |name: &'static str, steps| rebuild::rebuild(&dir.join(name), &out.join(name), key, steps, name, progress);
    let (store, store_target, has_store) = one(STORE_FILE, migrations::LAPTOP)?;
    let (mut evidence, target, has_evidence) = one(EVIDENCE_FILE, migrations::EVIDENCE)?;
    if !has_store && !has_evidence {
        return Err(StoreError::Damaged("store"));
    }
    let (whole, incomplete) = items::check(&target.connection, |done, total| {
        progress(Progress { file: EVIDENCE_FILE, stage: Stage::Comparing, done, total });
    })?;
    store_target.mark_rescued()?;
    evidence.set_saved(target.counts()?);
    evidence.dangling = target.dangling()?;
    // Closing brings everything from the log into the file.
    drop((store_target, target));
    for name in [STORE_FILE, EVIDENCE_FILE] {
        let path = out.join(name);
        File::open(&path).and_then(|file| file.sync_all()).map_err(durable::at(&path))?;
    }
    durable::sync_folder_of(&out.join(STORE_FILE))?;
    Ok(Report { store, evidence, whole, incomplete })
}

/// Fills `bytes` from a place of a file.
fn read_at(file: &File, offset: u64, bytes: &mut [u8]) -> io::Result<()> {
    let mut file = file;
    file.seek(SeekFrom::Start(offset))?;
    file.read_exact(bytes)
}
