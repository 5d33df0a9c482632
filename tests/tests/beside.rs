//! Two programs, or two people at once, on one laptop: nothing that one of them keeps is swept by the other, no folder is
//! taken from under anybody, and whoever locks ends what still works with the keys.
#![allow(clippy::unwrap_used, reason = "helpers of tests stop where the set-up fails")]

use std::{
    fs,
    path::PathBuf,
    sync::{
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

use fieldproof_api::{dto::Code, error};
use fieldproof_app::{App, Error, RestoreWith};
use fieldproof_model::validity::Entry;
use fieldproof_seal::digest_of;
use fieldproof_store::{Store, StoreError};
use fieldproof_testkit::{LIVE_WORK, RECOVERY_KEY, TestWorld, store_key};

fn is_here(world: &TestWorld, seed: &str, bytes: &[u8]) -> bool {
    let store = Store::open(&world.laptop(), &store_key(seed)).unwrap();
    store.evidence().get(digest_of(bytes)).unwrap().is_some()
}

/// A second program on the laptop.
fn beside(world: &TestWorld) -> App {
    App::new(&world.laptop(), Box::new(world.host.clone()))
}

fn stick(world: &TestWorld) -> PathBuf {
    let folder = world.folder.path().join("stick");
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn names(folder: &std::path::Path) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.collect()
}

#[test]
fn what_one_program_keeps_and_has_not_named_yet_another_one_does_not_sweep() {
    let world = TestWorld::new("beside");
    world.unlock();
    let id = world.start(&world.new_session(LIVE_WORK));
    world.score_everything(id, 6);
    assert!(world.finish(id).sealed.unwrap().row.token.is_some());
    let proof = world.app.keep_proof(b"a proof").unwrap();
    let second = beside(&world);
    second.unlock(world.bob.0, world.bob.1).unwrap();
    assert!(is_here(&world, "beside", b"a proof"), "somebody may be about to name it");
    let today = world.app.today();
    world.app.record_activity(id, today, Entry::EditionRefresh, None, Some(proof)).unwrap();
    // Both work on, and whoever comes when both have gone has the folder alone.
    second.keep_proof(b"never named").unwrap();
    world.app.lock();
    world.unlock();
    assert!(is_here(&world, "beside", b"never named"), "the other program still runs");
    drop(second);
    world.app.lock();
    world.unlock();
    assert!(!is_here(&world, "beside", b"never named"));
    assert!(is_here(&world, "beside", b"a proof"));
}

#[test]
fn a_folder_that_another_program_has_open_is_not_restored_over() {
    let world = TestWorld::new("restored-over");
    world.unlock();
    let backup = world.app.back_up(&stick(&world), &mut |_| {}).unwrap().path;
    let second = beside(&world);
    let with = RestoreWith::RecoveryKey(RECOVERY_KEY);
    let refused = second.restore(&backup, with, &mut |_| {}).unwrap_err();
    assert!(matches!(refused, Error::Store(StoreError::InUse)), "{refused:?}");
    let view = error::view(&refused);
    assert!(view.code == Code::Rule && view.next.contains("Close its Fieldproof window"), "{view:?}");
    // Also while it is locked: a PIN would still open it.
    world.app.lock();
    assert!(second.restore(&backup, with, &mut |_| {}).is_err());
    world.unlock();
    assert!(world.app.home().is_ok(), "nothing was changed");
    assert_eq!(names(world.folder.path()).iter().filter(|name| name.contains("restor")).count(), 0);

    // Reading goes on beside whoever works.
    second.unlock(world.bob.0, world.bob.1).unwrap();
    second.back_up(&stick(&world), &mut |_| {}).unwrap();
    let refused = world.app.restore(&backup, with, &mut |_| {}).unwrap_err();
    assert!(matches!(refused, Error::Store(StoreError::InUse)), "nor from the window over a command: {refused:?}");
    drop(second);
    world.app.restore(&backup, with, &mut |_| {}).unwrap();
    world.unlock();
}

#[test]
fn a_folder_that_is_taken_between_unpacking_and_moving_is_left_alone() {
    let world = TestWorld::new("taken-late");
    world.unlock();
    let backup = world.app.back_up(&stick(&world), &mut |_| {}).unwrap().path;
    world.app.lock();
    let TestWorld { app, .. } = &world;
    let second = beside(&world);
    let mut is_in = false;
    let refused = app.restore(&backup, RestoreWith::RecoveryKey(RECOVERY_KEY), &mut |_| {
        if !is_in {
            second.unlock(world.bob.0, world.bob.1).unwrap();
            is_in = true;
        }
    });
    assert!(matches!(refused, Err(Error::Store(StoreError::InUse))), "{refused:?}");
    assert!(second.home().is_ok());
    assert_eq!(names(world.folder.path()).iter().filter(|name| name.contains("restor")).count(), 0);
}

#[test]
fn whoever_unlocks_over_somebody_sweeps_nothing_and_ends_what_they_began() {
    let world = TestWorld::new("over");
    world.unlock();
    world.app.keep_proof(b"about to be named").unwrap();
    let mut is_over = false;
    let made = world.app.back_up(&stick(&world), &mut |_| {
        if !is_over {
            world.app.unlock(world.bob.0, world.bob.1).unwrap();
            is_over = true;
        }
    });
    assert!(matches!(made, Err(Error::Store(StoreError::Stopped))), "{made:?}");
    assert!(is_here(&world, "over", b"about to be named"), "nobody else had the folder, and somebody was in");
    world.app.lock();
    world.unlock();
    assert!(!is_here(&world, "over", b"about to be named"));
}

/// Locks a laptop in the middle of a backup: at the step for which `is_there` says so. What came of the backup.
fn locked_at(world: &TestWorld, is_there: impl Fn() -> bool + Sync) -> Result<PathBuf, Error> {
    let (begun, is_begun) = mpsc::channel();
    let has_gone_on = AtomicBool::new(false);
    thread::scope(|scope| {
        let backup = scope.spawn(|| {
            let mut begun = Some(begun);
            let made = world.app.back_up(&stick(world), &mut |_| {
                if is_there()
                    && let Some(begun) = begun.take()
                {
                    begun.send(()).unwrap();
                    while world.app.status().unwrap().unlocked.is_some() {
                        thread::yield_now();
                    }
                    // As a slow disk would.
                    let (_never, is_told) = mpsc::channel::<()>();
                    let _nobody_tells: Result<(), _> = is_told.recv_timeout(Duration::from_millis(300));
                    has_gone_on.store(true, Ordering::SeqCst);
                }
            });
            made.map(|made| made.path)
        });
        is_begun.recv().unwrap();
        world.app.lock();
        assert!(has_gone_on.load(Ordering::SeqCst), "locking waits for whoever holds the keys");
        backup.join().unwrap()
    })
}

#[test]
fn a_backup_ends_when_somebody_locks_says_so_and_leaves_nothing() {
    let world = TestWorld::new("locked-early");
    world.unlock();
    let made = locked_at(&world, || true);
    assert!(matches!(made, Err(Error::Store(StoreError::Stopped))), "{made:?}");
    let view = error::view(&made.unwrap_err());
    assert!(view.message.contains("stopped") && view.next.contains("Unlock"), "{view:?}");
    assert_eq!(names(&stick(&world)), [""; 0]);
    world.unlock();
    assert_eq!(world.app.upkeep().unwrap().backed_up_at, None);
    assert!(world.app.back_up(&stick(&world), &mut |_| {}).is_ok(), "the next one is not stopped");
}

#[test]
fn a_backup_that_was_finished_when_somebody_locked_is_one_and_is_noted() {
    let world = TestWorld::new("locked-late");
    world.unlock();
    let folder = stick(&world);
    // It has its name once it is whole.
    let made = locked_at(&world, || names(&folder).iter().any(|name| name.ends_with(".backup"))).unwrap();
    assert_eq!(names(&stick(&world)), [made.file_name().unwrap().to_str().unwrap()]);
    world.unlock();
    assert_eq!(world.app.upkeep().unwrap().backed_up_at, Some(fieldproof_app::Host::now(&world.host)));
}
