//! The operating system's key store: turned on, sealed records are sent while nobody is in, and nothing else is
//! possible with it; whatever it does wrong, the passphrase opens.
#![allow(clippy::unwrap_used, reason = "helpers of tests stop where the set-up fails")]

mod common;

use std::fs;

use common::{Server, photo};
use fieldproof_api::Api;
use fieldproof_app::{App, Error, KeyStoreError, RestoreWith, session::Place};
use fieldproof_store::slots::{SLOT_FILES, key_store};
use fieldproof_testkit::{RECOVERY_KEY, TestWorld};
use serde_json::{Value, json};

/// A laptop with one sealed record and its photo, unlocked, on a machine with a key store.
fn sealed(seed: &str) -> (TestWorld, fieldproof_model::id::SessionId) {
    let world = TestWorld::new(seed);
    world.host.set_key_store(true);
    world.unlock();
    let id = world.start_session();
    world.score_everything(id, 6);
    world.app.attach_photo(id, None, &photo()).unwrap();
    assert!(world.finish(id).sealed.is_some());
    (world, id)
}

#[test]
fn what_is_sealed_is_sent_while_nobody_is_in_and_nothing_else_is_possible() {
    let (world, id) = sealed("key-store-send");
    let server = Server::start(world.register());
    world.app.use_register(Some(server.address));
    world.app.turn_key_store_on().unwrap();
    assert_eq!(world.app.key_store_since().unwrap(), Some(world.app.today()));
    assert!(world.app.status().unwrap().sends_while_locked);
    world.app.lock();
    let report = world.app.send_while_locked().unwrap();
    assert_eq!((report.complete, report.failed.len(), report.not_sent), (1, 0, 0), "{report:?}");
    assert!(world.app.status().unwrap().unlocked.is_none(), "nobody is in");
    assert!(matches!(world.app.home(), Err(Error::Locked)), "no names");
    assert!(matches!(world.app.session(id), Err(Error::Locked)));
    assert!(matches!(world.app.send(), Err(Error::Locked)));
    world.unlock();
    let kept = world.app.session(id).unwrap().sealed.unwrap();
    assert!(matches!(kept.place, Place::InRegister(_)), "its receipt is on the disk");
}

#[test]
fn it_is_off_until_somebody_turns_it_on_and_off_again_leaves_nothing() {
    let (world, _) = sealed("key-store-off");
    assert!(matches!(world.app.send_while_locked(), Err(Error::Locked)));
    world.app.lock();
    assert!(matches!(world.app.turn_key_store_on(), Err(Error::Locked)), "only whoever is in turns it on");
    world.unlock();
    world.app.turn_key_store_on().unwrap();
    let first = world.host.secrets();
    world.app.turn_key_store_on().unwrap();
    let second = world.host.secrets();
    assert_eq!((first.len(), second.len()), (1, 1), "the one before went");
    assert_ne!(first, second);
    let (name, secret) = second.first_key_value().unwrap();
    assert_eq!((name.len(), secret.len()), (32, 32), "a drawn name and a drawn key: nobody's name, no store key");
    world.app.lock();
    assert!(matches!(world.app.turn_key_store_off(), Err(Error::Locked)));
    world.unlock();
    world.app.turn_key_store_off().unwrap();
    assert_eq!(world.host.secrets().len(), 0);
    assert_eq!(world.app.key_store_since().unwrap(), None);
    assert!(!world.app.status().unwrap().sends_while_locked);
    world.app.lock();
    assert!(matches!(world.app.send_while_locked(), Err(Error::Locked)));
    world.unlock();
}

#[test]
fn whatever_the_key_store_does_wrong_the_passphrase_opens_and_nothing_lies_in_clear() {
    let (world, _) = sealed("key-store-wrong");
    world.host.set_key_store(false);
    let before = fs::read(world.laptop().join(SLOT_FILES[0])).unwrap();
    assert!(matches!(world.app.turn_key_store_on(), Err(Error::KeyStore(KeyStoreError::Missing))));
    assert_eq!(fs::read(world.laptop().join(SLOT_FILES[0])).unwrap(), before, "nothing was changed");
    world.host.set_key_store(true);
    world.app.turn_key_store_on().unwrap();
    let secret = world.host.secrets().into_values().next().unwrap();
    for entry in fs::read_dir(world.laptop()).unwrap() {
        let bytes = fs::read(entry.unwrap().path()).unwrap();
        assert!(!bytes.windows(32).any(|window| window == secret), "the key lies in the key store alone");
    }
    // Another login, or a key store that lost everything.
    world.app.lock();
    world.host.set_key_store(true);
    assert!(matches!(world.app.send_while_locked(), Err(Error::KeyStore(KeyStoreError::NotThere))));
    world.host.set_key_store(false);
    assert!(matches!(world.app.send_while_locked(), Err(Error::KeyStore(KeyStoreError::Missing))));
    world.unlock();
    // It can be turned off although the key store is gone; that its key could not be removed is said.
    assert!(matches!(world.app.turn_key_store_off(), Err(Error::KeyStore(KeyStoreError::Missing))));
    assert_eq!(world.app.key_store_since().unwrap(), None);
    assert!(world.app.check_integrity().unwrap());
}

#[test]
fn a_backup_and_what_is_restored_from_it_know_no_key_store() {
    let (world, _) = sealed("key-store-backup");
    world.app.turn_key_store_on().unwrap();
    let backup = world.app.back_up(world.folder.path(), &mut |_| {}).unwrap().path;
    assert!(!String::from_utf8_lossy(&fs::read(&backup).unwrap()).contains("key_store"));
    let new = App::new(&world.folder.path().join("new-laptop"), Box::new(world.host.clone()));
    new.restore(&backup, RestoreWith::RecoveryKey(RECOVERY_KEY), &mut |_| {}).unwrap();
    assert!(key_store::find(new.dir()).unwrap().is_none());
    assert!(matches!(new.send_while_locked(), Err(Error::Locked)));
}

#[test]
fn the_screen_says_what_is_on_and_what_to_do_without_a_key_store() {
    let (world, _) = sealed("key-store-screen");
    let server = Server::start(world.register());
    world.app.lock();
    world.host.set_key_store(false);
    let app = App::new(&world.laptop(), Box::new(world.host.clone()));
    app.use_register(Some(server.address));
    app.unlock(world.alice.0, world.alice.1).unwrap();
    let api = Api::new(app, None);
    let call = |command: &str| api.call(command, json!({}));
    assert_eq!(call("laptop").unwrap()["keyStoreSince"], Value::Null);
    let refused = call("turn_key_store_on").unwrap_err();
    assert_eq!(refused.message, "There is no key store for whoever is logged in.");
    assert!(refused.next.contains("Install one"), "{}", refused.next);
    world.host.set_key_store(true);
    assert_eq!(call("turn_key_store_on").unwrap()["keyStoreSince"], "2026-03-02");
    assert_eq!(call("lock").unwrap()["sendsWhileLocked"], true);
    assert_eq!(call("send_while_locked").unwrap(), json!({ "complete": 1, "kept": 0 }), "figures, and no names");
}
