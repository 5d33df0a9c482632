//! One laptop, several people, lost passphrases, lost laptops: everybody has their own key, nothing is lost, and what
//! the new keys sign says whose it was before.
#![allow(clippy::unwrap_used, reason = "helpers of tests stop where the set-up fails")]

mod common;

use std::{fs, path::PathBuf};

use common::Server;
use fieldproof_api::Api;
use fieldproof_app::{
    App, Error, Invalid, NotAllowed, PIN_TRIES, RestoreWith, install::install, session::SessionState,
};
use fieldproof_model::{id::SessionId, observation::Observed};
use fieldproof_seal::{
    chain::{ChainEntry, ChainEvent},
    digest_of,
    record::RecordFile,
};
use fieldproof_store::{
    Store,
    slots::{self, Cost, RecoveryKind},
    table::chain_entries::Chain,
};
use fieldproof_testkit::{CHEAP, MORNING, Plan, RECOVERY_KEY, TestHost, TestWorld, seeded, store_key};
use serde_json::json;

const NEW: &str = "abandon garage tunnel velvet zebra";
const OTHER: &str = "zebra velvet tunnel garage abandon";

fn note(world: &TestWorld, id: SessionId, text: &str) -> SessionState {
    world.host.advance_seconds(1);
    world.app.observe(id, Observed::Note { criterion: None, text: text.to_owned() }, 0).unwrap()
}

/// A backup of the world's laptop, made while somebody works.
fn backed_up(world: &TestWorld) -> PathBuf {
    let folder = world.folder.path().join("stick");
    fs::create_dir_all(&folder).unwrap();
    world.app.back_up(&folder, &mut |_| {}).unwrap().path
}

/// Another laptop of the same institution, empty.
fn new_laptop(world: &TestWorld) -> App {
    App::new(&world.folder.path().join("new-laptop"), Box::new(world.host.clone()))
}

#[test]
fn a_passphrase_is_changed_and_the_key_stays() {
    let world = TestWorld::new("laptop-change");
    world.unlock();
    let weak = world.app.change_passphrase(world.alice.1, "workshop2026");
    assert!(matches!(weak, Err(Error::Invalid(Invalid::Passphrase(_)))), "{weak:?}");
    assert!(matches!(world.app.change_passphrase("not hers", NEW), Err(Error::WrongPassphrase { .. })));
    world.app.change_passphrase(world.alice.1, NEW).unwrap();
    world.app.lock();
    assert!(matches!(world.app.unlock(world.alice.0, world.alice.1), Err(Error::WrongPassphrase { .. })));
    world.host.advance_seconds(60);
    world.app.unlock(world.alice.0, NEW).unwrap();
    let id = world.start_session();
    world.score_everything(id, 6);
    let sealed = world.finish(id).sealed.unwrap();
    assert!(sealed.row.token.is_some(), "her delegation is of the key that she still has");
}

#[test]
fn a_slot_that_is_guessed_too_cheaply_is_renewed_by_whoever_unlocks() {
    let folder = tempfile::tempdir().unwrap();
    let laptop = folder.path().join("laptop");
    let supplies = Plan::default().supplies("cheaper");
    let cheaper = Cost { memory_kib: CHEAP.memory_kib / 2, ..CHEAP };
    install(&laptop, &supplies.pack, &supplies.assessors, (MORNING, cheaper), &mut seeded("cheaper")).unwrap();
    let cost = |number: usize| {
        let assessor = &supplies.assessors[number];
        slots::unlock(&laptop, assessor.person.id, &assessor.passphrase).unwrap().cost
    };
    assert_eq!((cost(0), cost(1)), (cheaper, cheaper));
    let app = App::new(&laptop, Box::new(TestHost::new(MORNING, "cheaper")));
    app.unlock(supplies.assessors[0].person.id, &supplies.assessors[0].passphrase).unwrap();
    assert_eq!((cost(0), cost(1)), (CHEAP, cheaper), "hers; his passphrase is not at hand");
}

#[test]
fn a_colleague_gives_access_anew_and_the_new_key_waits_for_its_delegation() {
    let world = TestWorld::new("laptop-anew");
    world.unlock();
    assert!(matches!(world.app.give_access(world.alice.0, NEW), Err(Error::NotAllowed(NotAllowed::OwnAccess))));
    assert!(matches!(world.app.take_access(world.alice.0), Err(Error::NotAllowed(NotAllowed::OwnAccess))));
    // Bob works, then forgets his passphrase.
    world.app.unlock(world.bob.0, world.bob.1).unwrap();
    let first = world.start_session();
    world.score_everything(first, 6);
    assert!(world.finish(first).sealed.is_some());
    world.unlock();
    world.app.give_access(world.bob.0, NEW).unwrap();
    world.app.unlock(world.bob.0, NEW).unwrap();

    let second = world.start_session();
    world.score_everything(second, 6);
    let sealed = world.finish(second).sealed.unwrap();
    assert!(sealed.row.token.is_none() && sealed.record.delegation.is_empty(), "a result sheet until it is delegated");
    assert_eq!(sealed.record.link.index, 3, "behind the entry that names his chain before, and the opening");
    world.app.lock();

    let store = Store::open(&world.laptop(), &store_key("laptop-anew")).unwrap();
    let chain = |number| store.read(|tx| tx.chain(Chain { assessor: world.bob.0, number })).unwrap();
    let (before, after) = (chain(1), chain(2));
    let (entry, _) = ChainEntry::parse(&after[0].signed).unwrap();
    let head = digest_of(&before.last().unwrap().signed);
    assert_eq!(entry.event, ChainEvent::Continued { index: 2, head });
    drop(store);

    // What he sealed before goes out; what his new key sealed waits, and says for what.
    let server = Server::start(world.register());
    world.unlock();
    world.app.use_register(Some(server.address));
    let report = world.app.send().unwrap();
    let waits: Vec<_> = report.failed.iter().map(|(session, error)| (*session, error.to_string())).collect();
    assert_eq!((report.complete, waits), (1, vec![(second, "the assessor's new key is not delegated yet".to_owned())]));

    // The delegation arrives: the record takes it along, as it was sealed.
    world.app.unlock(world.bob.0, NEW).unwrap();
    let key = RecordFile::parse(&sealed.row.file).unwrap();
    world.delegate_key_in_use();
    let report = world.app.send().unwrap();
    assert_eq!((report.complete, report.failed.len()), (1, 0), "{report:?}");
    let kept = world.app.session(second).unwrap().sealed.unwrap();
    assert_eq!(RecordFile::parse(&kept.row.file).unwrap(), key, "nothing on the laptop changed");
    assert!(world.app.receipt(kept.row.digest).unwrap().is_some());
}

#[test]
fn access_is_taken_away_and_the_last_way_in_is_not() {
    let world = TestWorld::new("laptop-take");
    world.unlock();
    world.app.take_access(world.bob.0).unwrap();
    assert!(world.app.unlock(world.bob.0, world.bob.1).is_err());
    assert_eq!(world.app.access().unwrap().people.len(), 1);
}

#[test]
fn a_pin_opens_five_wrong_ones_do_not_and_a_new_start_knows_none() {
    let world = TestWorld::new("laptop-pin");
    world.unlock();
    for bad in ["", "12345", "1234567890123", "12345a", " 123456"] {
        assert!(matches!(world.app.set_pin(bad), Err(Error::Invalid(Invalid::Pin))), "{bad}");
    }
    world.app.set_pin("240816").unwrap();
    world.app.lock();
    assert_eq!(world.app.status().unwrap().with_pin, [world.alice.0]);
    assert!(matches!(world.app.unlock_with_pin(world.bob.0, "240816"), Err(Error::WrongPin { left: 0 })));
    for wrong in 1..PIN_TRIES {
        let tried = world.app.unlock_with_pin(world.alice.0, "240817");
        assert!(matches!(tried, Err(Error::WrongPin { left }) if left == PIN_TRIES - wrong), "{tried:?}");
    }
    world.app.unlock_with_pin(world.alice.0, "240816").unwrap();
    let id = world.start_session();
    world.score_everything(id, 6);
    assert!(world.finish(id).sealed.unwrap().row.token.is_some(), "with her own key");
    world.app.lock();
    for _ in 0..PIN_TRIES {
        assert!(world.app.unlock_with_pin(world.alice.0, "240817").is_err());
    }
    let late = world.app.unlock_with_pin(world.alice.0, "240816");
    assert!(matches!(late, Err(Error::WrongPin { left: 0 })), "the right one comes too late: {late:?}");
    world.unlock();
    world.app.set_pin("240816").unwrap();
    world.app.change_passphrase(world.alice.1, NEW).unwrap();
    world.app.lock();
    assert!(world.app.status().unwrap().with_pin.is_empty(), "a changed passphrase ends it");
    let next = App::new(&world.laptop(), Box::new(world.host));
    assert!(next.status().unwrap().with_pin.is_empty(), "and a new start");
}

#[test]
fn a_lost_laptop_is_restored_on_a_new_one_and_the_work_goes_on() {
    let world = TestWorld::new("laptop-lost");
    world.unlock();
    let sealed = world.start_session();
    world.score_everything(sealed, 6);
    world.app.attach_photo(sealed, None, &common::photo()).unwrap();
    assert!(world.finish(sealed).sealed.is_some());
    let open = world.start_session();
    let before = note(&world, open, "seen before the laptop was lost");
    let backup = backed_up(&world);
    note(&world, open, "seen after the backup, and lost with the laptop");

    let app = new_laptop(&world);
    assert!(app.status().unwrap().assessors.is_empty());
    let wrong = app.restore(&backup, RestoreWith::Passphrase("nobody's"), &mut |_| {});
    assert!(matches!(wrong, Err(Error::WrongPassphrase { .. })), "{wrong:?}");
    assert!(!app.dir().exists(), "what did not open leaves nothing behind");
    assert!(matches!(app.restore(&backup, RestoreWith::RecoveryKey("none"), &mut |_| {}), Err(Error::Invalid(_))));
    assert_eq!(app.restore(&backup, RestoreWith::RecoveryKey(RECOVERY_KEY), &mut |_| {}).unwrap(), None);

    let status = app.status().unwrap();
    assert_eq!(status.institution.as_deref(), Some("Institute of laptop-lost"));
    assert_eq!(status.assessors[0].1, "Alice Assessor", "the backup names nobody, the store does");
    app.unlock(world.alice.0, world.alice.1).unwrap();
    let restored = app.session(open).unwrap();
    assert_eq!(restored.log, before.log, "back where it was when the backup was made");
    assert_eq!(app.session(sealed).unwrap().log, world.app.session(sealed).unwrap().log);
    assert!(app.check_integrity().unwrap());
    assert_ne!(app.request().unwrap().request.key, world.app.request().unwrap().request.key);

    // Alice seals on both: the old laptop was found again. Nothing stands in anything else's place, both are taken.
    let place = |state: SessionState| state.sealed.unwrap().record.link.index;
    world.score_everything(open, 6);
    let on_the_old_one = place(world.finish(open));
    let server = Server::start(world.register());
    world.app.use_register(Some(server.address.clone()));
    assert_eq!(world.app.send().unwrap().complete, 2);
    let world = world.on(app);
    let after = note(&world, open, "seen on the new laptop");
    assert_eq!(after.log.len(), before.log.len() + 1, "work goes on at once");
    world.score_everything(open, 6);
    let on_the_new_one = place(world.finish(open));
    assert_eq!((on_the_old_one, on_the_new_one), (4, 2), "each in the chain of its own key");
    world.app.use_register(Some(server.address));
    let report = world.app.send().unwrap();
    assert_eq!((report.complete, report.failed.len()), (0, 2), "the register does not know this laptop: {report:?}");
    // As the pack does that a coordinator brings.
    drop(world.register());
    let report = world.app.send().unwrap();
    assert_eq!((report.complete, report.failed.len()), (1, 1), "what was in the backup; the new one waits: {report:?}");
    world.delegate_key_in_use();
    let report = world.app.send().unwrap();
    assert_eq!((report.complete, report.failed.len()), (1, 0), "{report:?}");
}

#[test]
fn a_restore_sets_aside_what_was_there_and_a_damaged_backup_changes_nothing() {
    let world = TestWorld::new("laptop-aside");
    world.unlock();
    let backup = backed_up(&world);
    let mut bytes = fs::read(&backup).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    let damaged = backup.with_extension("damaged");
    fs::write(&damaged, bytes).unwrap();
    let tried = world.app.restore(&damaged, RestoreWith::Passphrase(world.alice.1), &mut |_| {});
    assert!(matches!(tried, Err(Error::Store(_))), "{tried:?}");
    let id = world.start_session();
    assert!(world.app.session(id).is_ok(), "the laptop is as it was, and still unlocked");

    let aside = world.app.restore(&backup, RestoreWith::Passphrase(world.bob.1), &mut |_| {}).unwrap().unwrap();
    assert!(Store::open(&aside, &store_key("laptop-aside")).is_ok(), "kept, not deleted");
    assert!(matches!(world.app.home(), Err(Error::Locked)));
    world.unlock();
    assert!(world.app.session(id).is_err(), "the backup is from before that session");
    assert_eq!(
        fs::read_dir(world.folder.path())
            .unwrap()
            .filter(|entry| { entry.as_ref().unwrap().file_name().to_string_lossy().contains("restoring") })
            .count(),
        0
    );
}

#[test]
fn a_restore_that_the_power_cut_off_between_its_moves_is_ended_by_the_next_start() {
    let world = TestWorld::new("laptop-cut-off");
    let place = |suffix: &str| world.folder.path().join(format!("laptop{suffix}"));
    // What was unpacked waits under another name, and what was there before has one, too.
    fs::create_dir(place(".before-restore")).unwrap();
    fs::rename(place(""), place(".restoring")).unwrap();
    fs::write(place(".restoring").join("ready"), "").unwrap();
    let app = App::new(&world.laptop(), Box::new(world.host.clone()));
    assert_eq!(app.status().unwrap().assessors.len(), 2, "no empty laptop");
    app.unlock(world.alice.0, world.alice.1).unwrap();
    assert!(app.check_integrity().unwrap());
    assert!(place(".before-restore").exists() && !place(".restoring").exists());
}

#[test]
fn a_recovery_key_is_tried_without_restoring_and_gives_a_new_passphrase() {
    let world = TestWorld::new("laptop-drill");
    world.unlock();
    assert_eq!(world.app.upkeep().unwrap().drilled_at, None);
    let backup = backed_up(&world);
    let drill = world.app.drill(RECOVERY_KEY, None).unwrap();
    assert_eq!((drill.kind, drill.backup_made_at), (RecoveryKind::Institution, None));
    let drill = world.app.drill(RECOVERY_KEY, Some(&backup)).unwrap();
    assert_eq!(drill.backup_made_at, world.app.upkeep().unwrap().backed_up_at);
    assert!(world.app.upkeep().unwrap().drilled_at.is_some());

    world.app.make_recovery_sheet().unwrap();
    let (name, sheet) = world.host.documents().pop().unwrap();
    assert_eq!((name.as_str(), &sheet[..4]), ("recovery-sheet.pdf", &b"%PDF"[..]));
    assert_eq!(world.app.access().unwrap().recovery.len(), 2);

    let strange = fieldproof_store::slots::RecoveryKey::generate().dangerously_expose_text();
    assert!(matches!(world.app.drill(&strange, None), Err(Error::WrongRecoveryKey)));
    let other = TestWorld::new("laptop-drill-other");
    other.unlock();
    let foreign = backed_up(&other);
    let opens_another = world.app.drill(RECOVERY_KEY, Some(&foreign));
    assert!(matches!(opens_another, Err(Error::WrongRecoveryKey)), "a backup of another laptop is not this one's");

    world.app.lock();
    assert!(matches!(world.app.recover_access(world.bob.0, &strange, NEW), Err(Error::WrongRecoveryKey)));
    assert!(matches!(world.app.recover_access(world.bob.0, RECOVERY_KEY, "short"), Err(Error::Invalid(_))));
    world.app.recover_access(world.bob.0, RECOVERY_KEY, OTHER).unwrap();
    world.app.unlock(world.bob.0, OTHER).unwrap();
    assert_ne!(
        world.app.request().unwrap().request.key,
        TestWorld::assessor_key(2).public(),
        "nobody's key is recovered"
    );
}

#[test]
fn two_laptops_that_sign_with_one_key_are_told_and_nobody_is_held_up() {
    let world = TestWorld::new("laptop-copied");
    let copy = world.folder.path().join("copy");
    fs::create_dir(&copy).unwrap();
    for entry in fs::read_dir(world.laptop()).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, copy.join(path.file_name().unwrap())).unwrap();
    }
    let server = Server::start(world.register());
    let sealed_and_sent = |world: &TestWorld| {
        world.unlock();
        let id = world.start_session();
        world.score_everything(id, 6);
        assert!(world.finish(id).sealed.is_some());
        world.app.use_register(Some(server.address.clone()));
        world.app.send().unwrap()
    };
    let first = sealed_and_sent(&world);
    assert_eq!((first.complete, first.forks), (1, 0));
    let app = App::new(&copy, Box::new(world.host.clone()));
    let world = world.on(app);
    let second = sealed_and_sent(&world);
    assert_eq!((second.complete, second.forks), (0, 2), "the opening and the record: {second:?}");
    assert_eq!(second.entries_refused, 0, "both are kept");
    let session = world.app.home().unwrap().sessions.remove(0);
    assert!(
        matches!(session.sealed.unwrap().place, fieldproof_app::session::Place::Refused(_)),
        "on the shelf, not gone"
    );
    let next = world.start_session();
    assert!(world.app.session(next).is_ok(), "and the work goes on");
    let api = Api::new(world.app, None);
    let noticed = |command, input| api.call(command, input).unwrap()["noticed"].clone();
    let shown = noticed("home", json!({}));
    assert!(shown.as_str().unwrap().contains("Somebody works with a copy of this laptop."), "{shown}");
    assert_eq!(noticed("dismiss_noticed", json!({ "shown": "Something else." })), shown, "nobody saw this");
    assert_eq!(noticed("dismiss_noticed", json!({ "shown": shown })), json!(null));
    assert_eq!(api.app().send().unwrap().forks, 2, "it is still so");
    assert_eq!(noticed("home", json!({})), json!(null), "and is not said again");
}

#[test]
fn a_stick_without_room_is_named_before_anything_is_written_and_lets_nothing_go_from_the_laptop() {
    let world = TestWorld::new("laptop-full-stick");
    world.unlock();
    let id = world.start_session();
    let before = note(&world, id, "before").log;
    let stick = world.folder.path().join("stick");
    fs::create_dir_all(&stick).unwrap();
    let needed = world.app.backup_needs();
    assert!(2 * world.app.upkeep().unwrap().bytes <= needed, "copies and file lie beside each other");
    world.host.set_free_bytes(needed - 1);
    let view = fieldproof_api::error::view(&world.app.back_up(&stick, &mut |_| {}).unwrap_err());
    assert_eq!(view.code, fieldproof_api::dto::Code::NotWritten);
    let folder = stick.display().to_string();
    assert!(view.message.contains(&folder) && view.message.contains(" MB are needed"), "{}", view.message);
    assert!(view.next.starts_with("Nothing on this laptop was lost."), "{}", view.next);
    assert_eq!(fs::read_dir(&stick).unwrap().count(), 0, "nothing was begun");
    assert_eq!(world.app.session(id).unwrap().log, before);
    assert_eq!(world.app.upkeep().unwrap().backed_up_at, None);
    world.host.set_free_bytes(needed);
    world.app.back_up(&stick, &mut |_| {}).unwrap();
    assert_eq!(fs::read_dir(&stick).unwrap().count(), 1);
}
