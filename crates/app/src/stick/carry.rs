//! A coordinator's laptop carries somebody's bundle to the register over a network. It can read and alter nothing of it,
//! and keeps nothing of it: the answers lie beside the bundle.

use std::{
    fs::File,
    path::{Path, PathBuf},
};

use fieldproof_seal::digest_of_all;
use fieldproof_store::durable;
use fieldproof_sync::{CarryProgress, HttpError};
use fieldproof_wire::{
    BundleTaken,
    bundle::{BundleError, Head},
};

use crate::{App, Error, Invalid, NotAllowed, Result, backup::free_name, epoch::Met, people::read_trust};

/// A bundle's file that lies where files are carried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundBundle {
    /// The file.
    pub path: PathBuf,
    /// Its size.
    pub bytes: u64,
    /// Whether a file of answers lies beside it.
    pub has_answers: bool,
}

/// A bundle that was brought to the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carried {
    /// The file with the answers, to be carried back.
    pub answers: PathBuf,
    /// Whether the register could read the bundle to its end.
    pub was_whole: bool,
}

impl App {
    /// The bundles on sticks and in the documents folder, by path.
    #[must_use]
    pub fn bundles(&self) -> Vec<FoundBundle> {
        let mut found: Vec<FoundBundle> = self.places().iter().flat_map(|place| bundles_in(place)).collect();
        found.sort_by(|a, b| a.path.cmp(&b.path));
        found
    }

    /// Brings a bundle to the register, and its answers into a new file beside it. Cut off and called again, it goes on
    /// where it stood; brought twice it changes nothing.
    ///
    /// # Errors
    /// [`NotAllowed::NotCoordinator`]; [`Error::Bundle`] for a file that is none, [`Invalid::BundleOfOthers`];
    /// [`Error::Send`] when nobody or somebody else answered, [`Error::Http`]; [`Error::NotWritten`] for the answers.
    pub fn carry_bundle(&self, bundle: &Path, on: &mut (dyn FnMut(CarryProgress) + Send)) -> Result<Carried> {
        if !self.is_coordinator() {
            return Err(NotAllowed::NotCoordinator.into());
        }
        let mut file = File::open(bundle).map_err(BundleError::File)?;
        let head = Head::read(&mut file)?;
        let unlocked = self.unlocked()?;
        if head.institution != unlocked.store.read(read_trust)?.key_set.institution {
            return Err(Invalid::BundleOfOthers.into());
        }
        let Met { register, line, .. } = self.meet(&unlocked)?;
        // A coordinator's laptop is known as one by its own pack.
        self.bring_packs(&unlocked, &register, &line)?;
        let taken = line.run(register.bring_bundle(&mut file, on))??;
        let beside = bundle.with_extension("answers");
        if holds(&beside, &taken) {
            return Ok(Carried { answers: beside, was_whole: taken.was_whole });
        }
        let stem = bundle.file_stem().unwrap_or_default().to_string_lossy();
        let answers = free_name(bundle.parent().unwrap_or(Path::new(".")), &stem, "answers")?;
        let mut fetched = Ok(Ok(()));
        let written = durable::create(&answers, |out| {
            fetched = line.run(register.fetch_answers(&taken, out));
            // What came of it is told by the register's own error.
            if matches!(fetched, Ok(Ok(()))) {
                Ok(())
            } else {
                Err(std::io::Error::from(std::io::ErrorKind::Interrupted))
            }
        });
        match fetched? {
            Err(HttpError::File(source)) => return Err(Error::NotWritten { path: answers, source }),
            fetched => fetched?,
        }
        written.map_err(|source| Error::NotWritten { path: answers.clone(), source })?;
        Ok(Carried { answers, was_whole: taken.was_whole })
    }
}

/// Whether the answers were fetched before.
fn holds(path: &Path, taken: &BundleTaken) -> bool {
    let found = File::open(path).and_then(digest_of_all);
    found.is_ok_and(|(digest, length)| (digest, length) == (taken.answers, taken.length))
}

fn bundles_in(folder: &Path) -> Vec<FoundBundle> {
    let paths = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let named = paths.filter(|path| path.extension().is_some_and(|extension| extension == "bundle"));
    let read = |path: PathBuf| {
        let mut file = File::open(&path).ok()?;
        Head::read(&mut file).ok()?;
        let bytes = file.metadata().ok()?.len();
        let has_answers = path.with_extension("answers").exists();
        Some(FoundBundle { path, bytes, has_answers })
    };
    named.filter_map(read).collect()
}
