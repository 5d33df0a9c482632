//! Activity entries end to end: signed in the assessor's chain, judged on a day, and taken by the register.

#![allow(clippy::unwrap_used, reason = "helpers of tests stop where the set-up fails")]

mod common;

use common::{Server, photo};
use fieldproof_app::{Error, Invalid, NotAllowed};
use fieldproof_model::{
    digest::Digest,
    id::SessionId,
    observation::{Observed, Score},
    validity::{Entry, NotAnEntry, Status},
};
use fieldproof_seal::chain::{ChainEntry, ChainEvent};
use fieldproof_store::{Store, table::chain_entries::Chain};
use fieldproof_testkit::{HV_ISOLATION, LIVE_WORK, TestWorld, store_key};

const DAY_SECONDS: i64 = 86_400;

/// Carol holds a certificate for live work.
fn holder(seed: &str) -> (TestWorld, SessionId) {
    let world = TestWorld::new(seed);
    world.unlock();
    let id = world.start(&world.new_session(LIVE_WORK));
    world.score_everything(id, 6);
    assert!(world.finish(id).sealed.unwrap().row.token.is_some(), "a certificate went out");
    (world, id)
}

fn work(world: &TestWorld) -> Entry {
    let lapse = world.app.home().unwrap().schemes.into_iter().find_map(|scheme| scheme.validity.lapse).unwrap();
    Entry::Work { kind: lapse.work.first().unwrap().clone(), since: world.app.today() }
}

#[test]
fn entries_keep_a_certificate_in_force_and_reach_the_register() {
    let (world, id) = holder("practice");
    let first_aid = Entry::ComplementaryRenewed {
        id: "first-aid".to_owned(),
        issued: world.app.today(),
        expires: Some(world.app.today().months_later(12 * 9)),
    };
    let practice = world.app.record_activity(id, world.app.today(), first_aid, None, None).unwrap();
    assert_eq!(practice.standing.status, Status::InForce);
    world.host.advance_seconds(365 * DAY_SECONDS);
    let (worked_on, proof) = (world.app.today(), world.app.keep_proof(&photo()).unwrap());
    let bob = world.bob.0;
    world.app.record_activity(id, worked_on, work(&world), Some(bob), Some(proof)).unwrap();
    let three_years = worked_on.months_later(36).days_since(worked_on);
    world.host.advance_seconds(three_years * DAY_SECONDS);
    let practice = world.app.practice(id).unwrap();
    assert_eq!(practice.standing.status, Status::InForce, "exactly three years after the work");
    assert_eq!((practice.activities.len(), practice.activities[0].proof), (2, Some(proof)));
    world.host.advance_seconds(DAY_SECONDS);
    let standing = world.app.practice(id).unwrap().standing;
    assert_eq!(standing.status, Status::Lapsed, "and a day later");
    assert!(standing.last_day.is_some_and(|last_day| world.app.today() < last_day), "its last day is still to come");

    let server = Server::start(world.register());
    world.app.use_register(Some(server.address));
    world.app.send().unwrap();
    world.app.lock();
    let store = Store::open(&world.laptop(), &store_key("practice")).unwrap();
    let chain = store.read(|tx| tx.chain(Chain { assessor: world.alice.0, number: 1 })).unwrap();
    let entries = chain.iter().filter(|row| !row.is_record).map(|row| ChainEntry::parse(&row.signed).unwrap().0.event);
    let activities = entries.filter(|event| matches!(event, ChainEvent::Activity(_))).count();
    assert_eq!(activities, 2, "both stand in the chain");
    let bytes: Vec<u8> = chain.iter().filter(|row| !row.is_record).flat_map(|row| row.signed.clone()).collect();
    let name = b"Carol Candidate";
    assert!(!bytes.windows(name.len()).any(|window| window == name), "entries hold no name");
}

#[test]
fn what_is_no_entry_is_refused_and_changes_nothing() {
    let (world, id) = holder("entries");
    let today = world.app.today();
    let record = |on, entry, by, proof| world.app.record_activity(id, on, entry, by, proof).unwrap_err();
    let carol = world.candidates[0];
    let entry = |error: Error| if let Error::Invalid(Invalid::Entry(why)) = error { Some(why) } else { None };
    let refresher = |minutes| Entry::Refresher { minutes };
    assert_eq!(entry(record(today, work(&world), Some(carol), None)), Some(NotAnEntry::AttestedByHolder));
    assert_eq!(entry(record(today, refresher(0), None, None)), Some(NotAnEntry::NoMinutes));
    let tomorrow = today.days_later(1);
    assert!(matches!(record(tomorrow, refresher(60), None, None), Error::Invalid(Invalid::FutureDay)));
    let gone = Some(Digest::new([9; 32]));
    assert!(matches!(record(today, refresher(60), None, gone), Error::Invalid(Invalid::Malformed)));
    let unknown = Entry::ComplementaryRenewed { id: "first_aid".to_owned(), issued: today, expires: None };
    assert!(
        matches!(record(today, unknown, None, None), Error::Invalid(Invalid::Malformed)),
        "the scheme knows no such"
    );
    assert!(world.app.practice(id).unwrap().activities.is_empty());
}

#[test]
fn without_a_certificate_there_is_nothing_to_keep() {
    let world = TestWorld::new("nothing");
    world.unlock();
    let id = world.start(&world.new_session(HV_ISOLATION));
    world.score_everything(id, 6);
    let criterion = world.app.session(id).unwrap().scheme.values.critical[0].clone();
    world.app.observe(id, Observed::Score { criterion, score: Score::NotDone, reason: None }, 0).unwrap();
    let _failed = world.finish(id);
    let refused = world.app.practice(id).unwrap_err();
    assert!(matches!(refused, Error::NotAllowed(NotAllowed::NoCertificate)));
}
