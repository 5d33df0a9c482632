//! Parts of a record are destroyed on the laptop: nothing of them is in any page of its files, the seal and the chain
//! still hold, and the register has the tombstone.
#![allow(clippy::unwrap_used, reason = "helpers of tests stop where the set-up fails")]

mod common;

use std::fs;

use common::{Server, photo};
use fieldproof_app::{
    Error, Invalid, Language, NotAllowed, Retired,
    session::{Correction, NewSession, SessionState},
};
use fieldproof_model::{
    id::{PersonId, SessionId, to_hex},
    observation::Observed,
    person::Contact,
};
use fieldproof_seal::{
    chain::{ChainEntry, ChainEvent},
    digest_of,
    parts::{PARTS, PartKind},
    record::{Record, RecordFile},
    verdict::Answer,
};
use fieldproof_store::{Store, table::chain_entries::Chain};
use fieldproof_testkit::{HV_ISOLATION, LIVE_WORK, TestWorld, full_gate_for, store_key};
use rusqlite::Connection;

const NAME: &str = "Zacharias Zufall";
const SECOND: &str = "Yolanda Yonder";
const NOTE: &str = "trembling hands noted";
const CARD: &str = "card of the one who is erased";
const CONTACT: &str = "+358 40 555 0177";
const REASON: &str = "the institution's time is over";

/// Everything but the scheme.
fn everything() -> Vec<PartKind> {
    PARTS.iter().map(|(kind, ..)| *kind).filter(|kind| *kind != PartKind::Scheme).collect()
}

/// Somebody who turned up today, passed, corrected once, in the register.
fn sealed_and_sent(world: &TestWorld) -> (SessionId, PersonId, Server) {
    world.unlock();
    let add = |name: &str| world.app.add_person(name, Some(1999)).unwrap().person.id;
    let (candidate, second) = (add("Zacharias Zufal"), add(SECOND));
    let new = NewSession { candidate, second_person: Some(second), ..world.new_session(LIVE_WORK) };
    let state = world.app.open_session(&new).unwrap();
    let id = state.row.id;
    let mut gate = full_gate_for(&state.scheme);
    gate.prerequisites.values_mut().for_each(|shown| CARD.clone_into(&mut shown.reference));
    world.app.save_gate(id, &gate).unwrap();
    world.app.start_exercise(id).unwrap();
    // Many rows, so that the database moves some of them about.
    for number in 0..60 {
        let text = format!("{NOTE} {number} {}", "and so on ".repeat(number));
        world.app.observe(id, Observed::Note { criterion: None, text }, 0).unwrap();
    }
    world.app.attach_photo(id, None, &photo()).unwrap();
    world.score_everything(id, 6);
    others(world, 20);
    let _sealed = world.finish(id);
    let correction = Correction { name: NAME.to_owned(), birth_year: Some(1999), reason: "misspelt".to_owned() };
    world.app.correct_record(id, &correction).unwrap();
    let server = Server::start(world.register());
    others(world, 20);
    world.app.use_register(Some(server.address.clone()));
    assert_eq!(world.app.send().unwrap().complete, 2);
    (id, candidate, server)
}

/// Notes how somebody is reached, as a coordinator's laptop does.
fn reach(world: &TestWorld, seed: &str, person: PersonId) {
    let store = Store::open(&world.laptop(), &store_key(seed)).unwrap();
    store.write(|tx| tx.set_contact(person, Contact::parse(CONTACT).unwrap().as_ref())).unwrap();
}

/// Sessions of somebody else, so that the database moves rows about to make place.
fn others(world: &TestWorld, count: usize) {
    for _ in 0..count {
        let new = NewSession { candidate: world.candidates[2], ..world.new_session(LIVE_WORK) };
        let state = world.app.open_session(&new).unwrap();
        world.app.save_gate(state.row.id, &full_gate_for(&state.scheme)).unwrap();
        world.app.add_person("Somebody Else", None).unwrap();
    }
}

/// Every page of store and evidence as the database decrypts it, those that are in no use too.
fn pages(world: &TestWorld, seed: &str) -> Vec<u8> {
    let key = to_hex(store_key(seed).dangerously_expose_bytes());
    let raw = ["store.db", "evidence.db"].map(|name| {
        let mut connection = Connection::open(world.laptop().join(name)).unwrap();
        connection.pragma_update(None, "key", format!("x'{key}'")).unwrap();
        connection.serialize("main").unwrap().to_vec()
    });
    raw.concat()
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

/// Reads a file as it is now, and keeps reading that.
fn still(world: &TestWorld, seed: &str, name: &str) -> Connection {
    let key = to_hex(store_key(seed).dangerously_expose_bytes());
    let reader = Connection::open(world.laptop().join(name)).unwrap();
    reader.pragma_update(None, "key", format!("x'{key}'")).unwrap();
    reader.execute_batch("BEGIN; SELECT count(*) FROM sqlite_schema;").unwrap();
    reader
}

fn erase(world: &TestWorld, id: SessionId, parts: &[PartKind]) -> SessionState {
    world.app.erase_parts(id, parts, REASON).unwrap()
}

#[test]
fn nothing_of_what_was_erased_is_left_in_any_page_and_the_seal_still_holds() {
    let world = TestWorld::new("erased");
    let (id, candidate, _server) = sealed_and_sent(&world);
    reach(&world, "erased", candidate);
    let picture = &photo()[300..364];
    let before = pages(&world, "erased");
    for needle in [NAME, "Zacharias Zufal", CONTACT, SECOND, NOTE, CARD] {
        assert!(holds(&before, needle), "the search would not notice {needle}");
    }
    assert!(before.windows(64).any(|window| window == picture), "the search would not notice the photo");

    let state = erase(&world, id, &everything());
    let after = pages(&world, "erased");
    for needle in [NAME, "Zacharias", "Zufal", CONTACT, SECOND, NOTE, CARD] {
        assert!(!holds(&after, needle), "{needle} is still there");
    }
    assert!(!after.windows(64).any(|window| window == picture), "the photo is still there");
    for log in ["store.db-wal", "evidence.db-wal"] {
        assert_eq!(fs::metadata(world.laptop().join(log)).map_or(0, |file| file.len()), 0, "{log} holds earlier pages");
    }

    assert_eq!(state.erased, everything());
    assert_eq!(state.candidate.person.id, candidate);
    assert_eq!(state.candidate.person.name.as_str(), "(erased)");
    let records: Vec<_> = state.corrected.iter().chain(&state.sealed).collect();
    assert_eq!(records.len(), 2);
    for sealed in records {
        let verdict = world.app.verify_file(&sealed.row.file, Language::English).unwrap();
        assert_eq!(verdict.genuine.answer, Answer::Yes, "{:?}", verdict.genuine);
        let file = RecordFile::parse(&sealed.row.file).unwrap();
        assert_eq!(file.absent(&sealed.record).len(), everything().len(), "the verdict names what is absent");
        assert_eq!(file.digest(), sealed.row.digest, "the sealed bytes are what they were");
        assert!(sealed.row.token.is_none(), "the certificate holds the name");
    }
    assert_eq!(state.decision.outcome, state.sealed.as_ref().unwrap().record.outcome, "the result is what was sealed");
    let home = world.app.home().unwrap();
    assert_eq!((home.unreadable, home.sessions.len()), (0, 41));
    assert!(home.people.iter().all(|row| row.person.id != candidate), "nobody is chosen who has no name");
    for refused in [
        world.app.draw_document(id).map(|_| ()),
        world
            .app
            .correct_record(id, &Correction { name: "Zoe".to_owned(), birth_year: None, reason: "misspelt".to_owned() })
            .map(|_| ()),
    ] {
        assert!(matches!(refused, Err(Error::NotAllowed(NotAllowed::Erased))), "{refused:?}");
    }
    world.app.lock();
    world.unlock();
    assert!(world.app.check_integrity().unwrap());
    assert_eq!(world.app.session(id).unwrap().erased, everything());
}

#[test]
fn the_tombstone_is_signed_in_the_chain_and_reaches_the_register() {
    let world = TestWorld::new("tombstone");
    let (id, _, _server) = sealed_and_sent(&world);
    let state = erase(&world, id, &[PartKind::Acknowledgements, PartKind::Person, PartKind::Person]);
    assert_eq!(state.erased, [PartKind::Person, PartKind::Acknowledgements]);
    assert!(state.acknowledgements.is_empty() && !state.log.is_empty(), "what was not named stays");
    let again = erase(&world, id, &[PartKind::Person]);
    assert_eq!(again.erased, state.erased);

    let store = Store::open(&world.laptop(), &store_key("tombstone")).unwrap();
    let chain = store.read(|tx| tx.chain(Chain { assessor: world.alice.0, number: 1 })).unwrap();
    drop(store);
    let (mut previous, mut tombstones) = (None, Vec::new());
    for (index, row) in (1..).zip(&chain) {
        let (link, unverified) = if row.is_record {
            let (record, unverified) = Record::parse(&row.signed).unwrap();
            (record.link, unverified)
        } else {
            let (entry, unverified) = ChainEntry::parse(&row.signed).unwrap();
            if let ChainEvent::Erased { record, parts, reason } = entry.event {
                assert_eq!((entry.session, reason.as_str()), (id, REASON));
                tombstones.push((record, parts, row.signed.clone()));
            }
            (entry.link, unverified)
        };
        assert_eq!((link.index, link.previous), (index, previous), "each entry names the one before");
        assert!(unverified.verify(&TestWorld::assessor_key(1).public()).is_ok());
        previous = Some(digest_of(&row.signed));
    }
    let records: Vec<_> = state.corrected.iter().chain(&state.sealed).map(|sealed| sealed.row.digest).collect();
    let named: Vec<_> = tombstones.iter().map(|(record, parts, _)| (*record, parts.clone())).collect();
    assert_eq!(named, records.iter().map(|record| (*record, vec![1, 6])).collect::<Vec<_>>(), "one for each, once");

    world.app.send().unwrap();
    let book = Connection::open(world.folder.path().join("register/register.sqlite")).unwrap();
    for (.., signed) in &tombstones {
        let sql = "SELECT count(*) FROM chain_entries WHERE signed = ?1";
        let count: i64 = book.query_row(sql, [signed], |row| row.get(0)).unwrap();
        assert_eq!(count, 1, "the register keeps it");
    }
}

#[test]
fn nothing_is_erased_before_the_register_has_it_and_nothing_else_is_lost() {
    let world = TestWorld::new("too-early");
    world.unlock();
    let id = world.start_session();
    let early = |parts: &[PartKind], reason: &str| world.app.erase_parts(id, parts, reason).unwrap_err();
    assert!(matches!(early(&everything(), REASON), Error::NotAllowed(NotAllowed::NotSealed)));
    world.score_everything(id, 6);
    let _sealed = world.finish(id);
    assert!(matches!(early(&everything(), REASON), Error::NotAllowed(NotAllowed::NotInRegister)));
    assert!(matches!(early(&everything(), " "), Error::Invalid(Invalid::ReasonMissing)));
    for nothing in [&[][..], &[PartKind::Scheme], &[PartKind::Log, PartKind::Scheme]] {
        assert!(matches!(early(nothing, REASON), Error::Invalid(Invalid::NothingToErase)), "{nothing:?}");
    }
    assert!(world.app.session(id).unwrap().erased.is_empty());
}

#[test]
fn a_name_and_a_photo_that_something_else_needs_stay() {
    let world = TestWorld::new("needed");
    let (id, candidate, _server) = sealed_and_sent(&world);
    reach(&world, "needed", candidate);
    let further = NewSession { candidate, ..world.new_session(HV_ISOLATION) };
    let other = world.app.open_session(&further).unwrap().row.id;
    world.app.save_gate(other, &fieldproof_testkit::full_gate()).unwrap();
    world.app.start_exercise(other).unwrap();
    world.app.attach_photo(other, None, &photo()).unwrap();
    erase(&world, id, &everything());
    let state = world.app.session(other).unwrap();
    assert_eq!(state.candidate.person.name.as_str(), NAME, "the open session is about them");
    assert_eq!(state.candidate.contact, None, "how they are reached leaves all the same");
    assert!(state.left.is_empty());
    world.score_everything(other, 6);
    let _sealed = world.finish(other);
    assert_eq!(world.app.send().unwrap().complete, 1, "with its photo");
    erase(&world, other, &[PartKind::Person]);
    let erased = world.app.session(id).unwrap();
    assert_eq!(erased.candidate.person.name.as_str(), "(erased)", "nothing needs it any more");
    assert_eq!(world.app.home().unwrap().people.len(), 44, "the roster, Bob and the others are known as before");
}

#[test]
fn copies_set_aside_before_a_migration_do_not_outlive_an_erasure() {
    let world = TestWorld::new("copies");
    let (id, ..) = sealed_and_sent(&world);
    let copies = ["store.db.version-3", "store.db.version-4"].map(|name| world.laptop().join(name));
    for copy in &copies {
        std::fs::write(copy, NAME).unwrap();
    }
    erase(&world, id, &everything());
    assert!(copies.iter().all(|copy| !copy.exists()));
}

#[test]
fn an_attempt_whose_log_is_erased_still_counts() {
    let world = TestWorld::new("attempts");
    let (id, candidate, _server) = sealed_and_sent(&world);
    erase(&world, id, &[PartKind::Log]);
    let new = NewSession { candidate, ..world.new_session(LIVE_WORK) };
    assert_eq!(world.app.session(world.start(&new)).unwrap().row.attempt, 2);
}

#[test]
fn while_somebody_reads_what_was_before_it_is_said_that_traces_remain() {
    let world = TestWorld::new("erased-read");
    let (id, _, _server) = sealed_and_sent(&world);
    let log = |name: &str| fs::metadata(world.laptop().join(format!("{name}-wal"))).map_or(0, |file| file.len());
    for (name, other) in [("evidence.db", "store.db"), ("store.db", "evidence.db")] {
        let reader = still(&world, "erased-read", name);
        let said = world.app.erase_parts(id, &everything(), REASON).unwrap_err();
        assert!(matches!(said, Error::Remains(_)), "{name}: {said:?}");
        assert!(0 < log(name), "{name}: what was before stands in its log");
        assert_eq!(log(other), 0, "{other}: nothing stands there");
        assert_eq!(world.app.retire_evidence().unwrap(), Retired::default(), "nothing left now");
        drop(reader);
    }
    erase(&world, id, &everything());
    assert_eq!([log("store.db"), log("evidence.db")], [0, 0]);
}
