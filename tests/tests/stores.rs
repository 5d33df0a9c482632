//! Real laptops of every version that was ever written, kept under `tests/stores`: the present program opens each with
//! its passphrase, loses nothing, sets a copy aside, and leaves the slots as they are made today.
#![allow(clippy::unwrap_used, reason = "helpers of tests stop where the set-up fails")]

use std::{
    fs,
    path::{Path, PathBuf},
};

use fieldproof_app::{App, Error};
use fieldproof_model::id::PersonId;
use fieldproof_store::{Store, StoreError, slots};
use fieldproof_testkit::{MORNING, TestHost};

fn stores() -> Vec<(i64, PathBuf)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("stores");
    let mut found: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .map(|path| {
            (path.file_name().unwrap().to_str().unwrap().strip_prefix("version-").unwrap().parse().unwrap(), path)
        })
        .collect();
    found.sort();
    found
}

/// A copy to work on, and who unlocks it with what.
fn copied(store: &Path) -> (tempfile::TempDir, PersonId, String) {
    let folder = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(store).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, folder.path().join(path.file_name().unwrap())).unwrap();
    }
    let passphrase = fs::read_to_string(folder.path().join("passphrase.txt")).unwrap();
    let (person, _) = slots::list(folder.path()).unwrap().into_iter().next().unwrap();
    (folder, person, passphrase)
}

/// The first version whose signed formats are those of today.
const FROZEN: i64 = 3;

/// Everybody, the session and its record are still in the tables.
fn rows_are_there(dir: &Path, person: PersonId, passphrase: &str, version: i64) {
    let key = slots::unlock(dir, person, passphrase).unwrap().store;
    let store = Store::open(dir, &key).unwrap();
    let (people, sessions, records) = store
        .read(|tx| -> Result<_, StoreError> {
            let sessions = tx.sessions(person)?;
            let records: usize = sessions.iter().map(|id| tx.records_of(*id).map_or(0, |records| records.len())).sum();
            Ok((tx.people()?.len(), sessions.len(), records))
        })
        .unwrap();
    assert!(4 < people, "version {version}: {people} people");
    assert_eq!((sessions, records), (1, 1), "version {version}");
    let chain = store.read(|tx| tx.chain_in_use(person)).unwrap().unwrap();
    assert_eq!(chain.number, 1, "version {version}: it is still the same key's");
}

#[test]
fn there_is_a_laptop_of_every_version_up_to_this_one() {
    // Versions 5 and 8 were never given to anybody: each came together with the next one.
    assert_eq!(stores().into_iter().map(|(version, _)| version).collect::<Vec<_>>(), [1, 2, 3, 4, 6, 7, 9, 10]);
}

#[test]
fn a_laptop_of_every_version_opens_and_loses_nothing() {
    for (version, store) in stores() {
        let (folder, person, passphrase) = copied(&store);
        let app = App::new(folder.path(), Box::new(TestHost::new(MORNING, "stores")));
        let before = fs::read(folder.path().join("slots.json")).unwrap();
        let wrong = app.unlock(person, "nobody's passphrase");
        assert!(matches!(wrong, Err(Error::WrongPassphrase { .. })), "version {version}: {wrong:?}");
        assert_eq!(fs::read(folder.path().join("slots.json")).unwrap(), before, "version {version}");
        let app = App::new(folder.path(), Box::new(TestHost::new(MORNING, "stores")));
        app.unlock(person, &passphrase).unwrap();
        assert!(app.check_integrity().unwrap(), "version {version}");
        rows_are_there(folder.path(), person, &passphrase, version);
        // What was signed before the formats were frozen is kept, and cannot be believed any more.
        match app.home() {
            Err(error) => {
                assert!(version < FROZEN && matches!(error, Error::KeySet(_)), "version {version}: {error:?}");
            }
            Ok(home) => {
                assert!(FROZEN <= version, "version {version}");
                let sealed = home.sessions.first().unwrap().sealed.as_ref().unwrap();
                assert!(app.receipt(sealed.row.digest).unwrap().is_some(), "version {version}: the receipt is here");
            }
        }

        let (is_migrated, has_old_slots) = (version < 10, version < 6);
        let copy = folder.path().join(format!("store.db.version-{version}"));
        assert_eq!(copy.exists(), is_migrated, "version {version}: a copy is set aside before a migration");
        let renewed = fs::read(folder.path().join("slots.json")).unwrap();
        assert_eq!(renewed, fs::read(folder.path().join("slots-copy.json")).unwrap(), "version {version}: both files");
        assert_eq!(renewed != before, has_old_slots, "version {version}: slots are renewed when they are opened");
        app.lock();
        app.unlock(person, &passphrase).unwrap();
        assert_eq!(fs::read(folder.path().join("slots.json")).unwrap(), renewed, "version {version}: once");
    }
}
