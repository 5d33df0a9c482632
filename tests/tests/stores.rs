//! Real laptops of every version that was ever written, kept under `tests/stores`: the present program opens each with
//! its passphrase, loses nothing, sets a copy aside, and leaves the slots as they are made today.
#![allow(clippy::unwrap_used, reason = "helpers of tests stop where the set-up fails")]

use std::{
    fs,
    path::{Path, PathBuf},
};

use fieldproof_app::{App, Error};
use fieldproof_model::id::PersonId;
use fieldproof_store::slots;
use fieldproof_testkit::{MORNING, TestHost};

fn stores() -> Vec<(i64, PathBuf)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("stores");
    let mut found: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .map(|path| (path.file_name().unwrap().to_str().unwrap().strip_prefix("version-").unwrap().parse().unwrap(), path))
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

#[test]
fn there_is_a_laptop_of_every_version_up_to_this_one() {
    // Version 5 was never given to anybody: it came together with version 6.
    assert_eq!(stores().into_iter().map(|(version, _)| version).collect::<Vec<_>>(), [1, 2, 3, 4, 6]);
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
        let home = app.home().unwrap();
        assert_eq!(home.sessions.len() + home.unreadable, 1, "version {version}: the session is still there");
        assert!(4 < home.people.len(), "version {version}: so is everybody");
        assert!(app.check_integrity().unwrap(), "version {version}");
        // What was sealed under a scheme's first form is kept and no longer shown.
        assert_eq!(home.unreadable, usize::from(version < 2), "version {version}");
        if let Some(session) = home.sessions.first() {
            let sealed = session.sealed.as_ref().unwrap();
            assert!(app.receipt(sealed.row.digest).unwrap().is_some(), "version {version}: the receipt is here");
        }

        let is_old = version < 6;
        let copy = folder.path().join(format!("store.db.version-{version}"));
        assert_eq!(copy.exists(), is_old, "version {version}: a copy is set aside before a migration");
        let renewed = fs::read(folder.path().join("slots.json")).unwrap();
        assert_eq!(renewed, fs::read(folder.path().join("slots-copy.json")).unwrap(), "version {version}: both files");
        assert_eq!(renewed != before, is_old, "version {version}: slots are renewed when they are opened");
        app.lock();
        app.unlock(person, &passphrase).unwrap();
        assert_eq!(fs::read(folder.path().join("slots.json")).unwrap(), renewed, "version {version}: once");
    }
}
