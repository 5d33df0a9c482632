//! What the institution tells a laptop: heard in its order, once, over restarts and restored registers, and never in the
//! way of a record.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests stop where the set-up fails")]

mod house;

use std::{fs, sync::Arc};

use fieldproof_app::{App, Error, HeardUpTo, Host, NewGrant, PackReport};
use fieldproof_model::id::to_hex;
use fieldproof_register::{Register, back_up, restore};
use fieldproof_testkit::{TestWorld, storage};
use fieldproof_tests::Server;
use house::{ASSESSOR, House, house};

/// How far it heard, and how much there was.
fn heard(app: &App) -> Option<(u32, u32)> {
    app.heard().unwrap().map(|HeardUpTo { number, newest, .. }| (number, newest))
}

/// An enrolled laptop at its register, and the office with whom it is enrolled.
fn enrolled(seed: &str) -> (House, Server, App) {
    let mut house = house(seed);
    house.open();
    let server = Server::start(house.register.clone());
    house.office.set_register(&server.address, None).unwrap();
    house.office.send().unwrap().packs.unwrap();
    let laptop = house.enrolled("laptop");
    laptop.use_register(Some(server.address.clone()));
    house.office.send().unwrap().packs.unwrap();
    (house, server, laptop)
}

/// The next pack of a laptop, whose delegation holds for so many days longer than the first, at the register.
fn next_pack(house: &House, laptop: &App, days: u32) {
    let grant = house.grant(house.schemes[0]);
    let grant = NewGrant { last: grant.last.days_later(days), ..grant };
    house.office.admit(&laptop.request().unwrap(), &[grant]).unwrap();
    assert!(0 < house.office.send().unwrap().packs.unwrap().brought);
}

/// Seals a record on the laptop in use.
fn seal(world: &TestWorld) {
    let id = world.start_session();
    world.score_everything(id, 6);
    assert!(world.finish(id).sealed.is_some());
}

/// Does something to the register's book, past the register.
fn in_book(house: &House, sql: &str) {
    let book = house.world.folder.path().join("book/register.sqlite");
    rusqlite::Connection::open(book).unwrap().execute(sql, []).unwrap();
}

#[test]
fn a_laptop_hears_everything_once_and_knows_how_far() {
    let (house, _server, laptop) = enrolled("feed");
    assert_eq!(heard(&laptop), None);
    assert_eq!(laptop.send().unwrap().packs.unwrap().taken, None, "by stick it was faster");
    assert_eq!(heard(&laptop), Some((3, 3)), "key set, list, pack");
    let first = laptop.heard().unwrap().unwrap().at;
    house.world.host.advance_seconds(60);
    laptop.send().unwrap().packs.unwrap();
    assert_eq!(heard(&laptop), Some((3, 3)));
    assert!(first < laptop.heard().unwrap().unwrap().at, "nothing new, of a later time");
    next_pack(&house, &laptop, 1);
    assert_eq!(laptop.send().unwrap().packs.unwrap().taken, laptop.pack_number().ok());
    assert_eq!(heard(&laptop), Some((4, 4)));
    let other = house.enrolled("other");
    other.use_register(laptop.home().map(|home| home.register_address).ok());
    house.office.send().unwrap().packs.unwrap();
    other.send().unwrap().packs.unwrap();
    assert_eq!(heard(&other), Some((3, 3)), "a row of its own");
}

#[test]
fn an_entry_that_is_not_believed_stops_there_keeps_no_record_and_is_passed_once_it_was_replaced() {
    let (house, _server, laptop) = enrolled("feed-forged");
    laptop.send().unwrap().packs.unwrap();
    next_pack(&house, &laptop, 1);
    let key = to_hex(laptop.request().unwrap().request.installation.as_bytes());
    in_book(&house, &format!("UPDATE packs SET file = x'0102' WHERE installation = x'{key}'"));
    let house = House { world: house.world.on(laptop), ..house };
    let (world, laptop) = (&house.world, &house.world.app);
    let held = laptop.pack_number().unwrap();
    seal(world);
    let report = laptop.send().unwrap();
    assert_eq!(report.complete, 1, "records leave all the same");
    let refused = report.packs.unwrap_err();
    assert!(matches!(refused, Error::Entry { number: 5, .. }), "{refused:?}");
    let view = fieldproof_api::error::view(&refused);
    assert!(view.message.contains("Entry 5") && view.message.contains("damaged"), "{view:?}");
    assert_eq!((heard(laptop), laptop.pack_number().unwrap()), (Some((4, 5)), held), "the list before it is taken");

    // Whoever locks and unlocks begins where it stands, and goes on once the institution mended it.
    let me = laptop.status().unwrap().assessors[0].0;
    laptop.lock();
    laptop.unlock(me, ASSESSOR).unwrap();
    assert_eq!(heard(laptop), Some((4, 5)));
    assert!(matches!(laptop.send().unwrap().packs.unwrap_err(), Error::Entry { number: 5, .. }));
    next_pack(&house, laptop, 2);
    assert_eq!(laptop.send().unwrap().packs.unwrap().taken, Some(held + 2));
    assert_eq!(heard(laptop), Some((6, 6)));
}

#[test]
fn a_register_that_forgot_what_it_told_is_told_of_and_heard_anew() {
    let (house, _server, laptop) = enrolled("feed-forgot");
    laptop.send().unwrap().packs.unwrap();
    next_pack(&house, &laptop, 1);
    let number = laptop.send().unwrap().packs.unwrap().taken.unwrap();
    assert_eq!(heard(&laptop), Some((4, 4)));
    // It has fewer entries than the laptop heard; then as many, which say something else.
    in_book(&house, "DELETE FROM feed_entries");
    let anew = PackReport { is_anew: true, ..PackReport::default() };
    assert_eq!(laptop.send().unwrap().packs.unwrap(), anew);
    assert_eq!((heard(&laptop), laptop.pack_number().unwrap()), (Some((3, 3)), number));
    in_book(&house, "DELETE FROM feed_entries");
    next_pack(&house, &laptop, 2);
    assert_eq!(laptop.send().unwrap().packs.unwrap(), PackReport { taken: Some(number + 1), ..anew });
    assert_eq!(heard(&laptop), Some((3, 3)), "the same number, and another story");
    assert_eq!(laptop.send().unwrap().packs.unwrap(), PackReport::default());
}

#[test]
fn a_restored_register_is_heard_anew_in_its_next_epoch() {
    let (house, server, laptop) = enrolled("feed-restored");
    let [book, backup] = ["book", "backup"].map(|name| house.world.folder.path().join(name));
    back_up(&book, &backup).unwrap();
    laptop.send().unwrap().packs.unwrap();
    next_pack(&house, &laptop, 1);
    let number = laptop.send().unwrap().packs.unwrap().taken.unwrap();
    assert_eq!(heard(&laptop), Some((4, 4)));
    let House { world, office, register, .. } = house;
    drop((server, register));
    fs::remove_dir_all(&book).unwrap();
    restore(&backup, &book, &storage::chosen()).unwrap();
    let clock = world.host;
    let server = Server::start(Register::open(&book, Arc::new(move || clock.now())).unwrap());
    laptop.use_register(Some(server.address.clone()));
    let report = laptop.send().unwrap();
    assert_eq!(report.epoch.epoch, 2);
    assert_eq!(report.packs.unwrap(), PackReport::default(), "an earlier pack takes no later one's place");
    assert_eq!((heard(&laptop), laptop.pack_number().unwrap()), (Some((3, 3)), number));
    office.use_register(Some(server.address));
    assert!(0 < office.send().unwrap().packs.unwrap().brought);
    laptop.send().unwrap().packs.unwrap();
    assert_eq!((heard(&laptop), laptop.pack_number().unwrap()), (Some((4, 4)), number));
}
