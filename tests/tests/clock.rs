//! Clocks that are wrong: every tap is taken, the session is sealed, and the grade says what the clock was.
#![allow(clippy::unwrap_used, reason = "helpers of tests stop where the set-up fails")]

mod common;

use common::{Server, photo};
use fieldproof_app::{
    App, Error, Host, Invalid,
    session::{Place, SessionState},
};
use fieldproof_model::{
    clock::{Bracket, ClockGrade, Reading, grade},
    decision::Outcome,
    gate::{Gate, Shown},
    id::SessionId,
    observation::{Observed, Score},
    time::{Date, Timestamp},
};
use fieldproof_seal::{
    parts::{PartKind, parse_log},
    record::{Record, RecordFile},
};
use fieldproof_testkit::{AC_FGAS, HV_ISOLATION, LIVE_WORK, TestWorld, day, full_gate_for};

const DAY_SECONDS: i64 = 86_400;
const TEN_YEARS: i64 = 3_653 * DAY_SECONDS;

/// As an institution of the test's might set it.
const CONTACT_DAYS: Option<u32> = Some(30);

fn unlocked(seed: &str) -> TestWorld {
    let world = TestWorld::new(seed);
    world.unlock();
    world
}

fn readings(state: &SessionState) -> Vec<Reading> {
    state.log.iter().map(Reading::from).collect()
}

/// The grade by the laptop, and again by whoever holds the sealed record alone.
fn graded(world: &TestWorld, id: SessionId) -> ClockGrade {
    let state = world.app.session(id).unwrap();
    let sealed = state.sealed.as_ref().unwrap();
    let file = RecordFile::parse(&sealed.row.file).unwrap();
    let (record, _) = Record::parse(&file.sealed).unwrap();
    let log = parse_log(file.part(PartKind::Log).unwrap().unwrap()).unwrap();
    assert_eq!(log, state.log, "what was tapped was sealed, with the clocks beside it");
    let readings: Vec<Reading> = log.iter().map(Reading::from).collect();
    let not_after = match &sealed.place {
        Place::OnThisLaptop => None,
        Place::Held(receipt)
        | Place::InRegister(receipt)
        | Place::LostThere(receipt)
        | Place::EvidenceLostThere { receipt, .. } => Some(receipt.received_at),
        Place::Refused(refusal) => Some(refusal.at),
    };
    let bracket = Bracket { not_before: record.beacon.map(|(_, at)| at), not_after };
    let of_the_record = grade(&readings, record.sealed_at, bracket, CONTACT_DAYS);
    // What the clock says now is of no account once the record is sealed.
    assert_eq!(state.clock_grade(Timestamp::from_millis(0)), of_the_record);
    of_the_record
}

/// Starts with papers that have ten years and more to run.
fn start(world: &TestWorld) -> SessionId {
    let later = Some(day("2040-01-01"));
    let state = world.app.open_session(&world.new_session(HV_ISOLATION)).unwrap();
    let lasting = |shown: Shown| Shown { expires: later, ..shown };
    let gate = full_gate_for(&state.scheme);
    let gate = Gate {
        prerequisites: gate.prerequisites.into_iter().map(|(id, shown)| (id, lasting(shown))).collect(),
        competences: gate.competences.into_iter().map(|(id, shown)| (id, lasting(shown))).collect(),
        instrument_calibration_due: later,
        second_person_first_aid: later,
        ..gate
    };
    world.app.save_gate(state.row.id, &gate).unwrap();
    world.app.start_exercise(state.row.id).unwrap();
    state.row.id
}

/// Scores everything, seals, and grades before the sealing and after.
fn work_and_seal(world: &TestWorld, id: SessionId, expected: ClockGrade) -> SessionState {
    world.score_everything(id, 6);
    let before = world.app.session(id).unwrap().clock_grade(world.host.now());
    assert_eq!(before, expected, "before the sealing");
    let state = world.finish(id);
    assert_eq!(state.sealed.as_ref().unwrap().record.clock, expected, "what the record says");
    assert_eq!(graded(world, id), expected, "after it");
    state
}

fn send(world: &TestWorld, id: SessionId) -> Place {
    let server = Server::start(world.register());
    world.app.use_register(Some(server.address));
    world.app.send().unwrap();
    world.app.session(id).unwrap().sealed.unwrap().place
}

#[test]
fn a_clock_that_is_right_is_sound_through_sleep_and_restart() {
    let mut world = unlocked("clock-right");
    let id = start(&world);
    world.host.advance_seconds(8 * 3_600);
    let first = readings(&world.app.session(id).unwrap())[0];
    assert_eq!(first.elapsed.map(|elapsed| elapsed.run), Some(1));
    assert_eq!(first.beacon, Some(first.wall), "the pack's beacon is of this very morning");

    world.host.restart();
    world.app = App::new(&world.laptop(), Box::new(world.host.clone()));
    world.unlock();
    let state = work_and_seal(&world, id, ClockGrade::Sound);
    assert_eq!(readings(&state).last().unwrap().elapsed.map(|elapsed| elapsed.run), Some(2));
    assert!(state.sealed.unwrap().row.token.is_some(), "a certificate goes out");
    world.host.advance_seconds(DAY_SECONDS);
    assert!(matches!(send(&world, id), Place::InRegister(_)));
    assert_eq!(graded(&world, id), ClockGrade::Sound, "whatever beacon came after the sealing");
}

#[test]
fn ten_years_back_is_behind_and_holds_nothing_up() {
    let world = unlocked("clock-back");
    world.host.jump_seconds(-TEN_YEARS);
    let id = start(&world);
    let state = work_and_seal(&world, id, ClockGrade::Behind);
    assert_eq!(state.decision.outcome, Outcome::Pass);
    assert!(state.sealed.unwrap().row.token.is_none(), "no delegation covers the day it claims: a result sheet");
    assert_eq!(world.app.draw_document(id).unwrap().0, "result-sheet.pdf");

    world.host.jump_seconds(TEN_YEARS);
    assert!(matches!(send(&world, id), Place::InRegister(_)), "it is taken like any other: its receipt fixes the time");
    assert_eq!(graded(&world, id), ClockGrade::Behind);
}

#[test]
fn good_papers_do_not_become_papers_of_the_future_under_a_dead_clock() {
    for (scheme, seed) in [(AC_FGAS, "clock-papers-ac"), (LIVE_WORK, "clock-papers-live")] {
        let world = unlocked(seed);
        world.host.jump_seconds(-TEN_YEARS);
        let id = world.start(&world.new_session(scheme));
        let state = world.app.session(id).unwrap();
        assert!(!state.row.gate.prerequisites.is_empty());
        assert_eq!(state.missing(world.app.today()), []);
    }
}

#[test]
fn ten_years_ahead_is_unconfirmed_and_ahead_once_the_register_has_spoken() {
    let world = unlocked("clock-ahead");
    world.host.jump_seconds(TEN_YEARS);
    let id = start(&world);
    let state = work_and_seal(&world, id, ClockGrade::Unconfirmed);
    assert_eq!(state.decision.outcome, Outcome::Pass);
    assert!(state.sealed.unwrap().row.token.is_none());

    world.host.jump_seconds(-TEN_YEARS);
    assert_ne!(send(&world, id), Place::OnThisLaptop);
    assert_eq!(graded(&world, id), ClockGrade::Ahead);
}

#[test]
fn a_few_days_ahead_only_the_receipt_can_tell() {
    let world = unlocked("clock-days-ahead");
    world.host.jump_seconds(3 * DAY_SECONDS);
    let id = start(&world);
    let _state = work_and_seal(&world, id, ClockGrade::Sound);
    world.host.jump_seconds(-3 * DAY_SECONDS);
    assert!(matches!(send(&world, id), Place::InRegister(_)));
    assert_eq!(graded(&world, id), ClockGrade::Ahead);
}

#[test]
fn a_clock_that_jumps_within_the_session_has_jumped_wherever_it_lands() {
    for (case, by) in [("ahead", TEN_YEARS), ("back", -TEN_YEARS), ("three-minutes", 180), ("three-back", -180)] {
        let world = unlocked(&format!("clock-jump-{case}"));
        let id = start(&world);
        let note = |text: &str| Observed::Note { criterion: None, text: text.to_owned() };
        world.app.observe(id, note("before"), 0).unwrap();
        world.host.jump_seconds(by);
        world.app.attach_photo(id, None, &photo()).unwrap();
        world.app.observe(id, note("after, and set back"), 60).unwrap();
        let state = work_and_seal(&world, id, ClockGrade::Jumped);
        let sequences: Vec<u32> = state.log.iter().map(|observation| observation.sequence).collect();
        let all: Vec<u32> = (1..=u32::try_from(sequences.len()).unwrap()).collect();
        assert_eq!(sequences, all, "{case}: the order of the log is no matter of clocks");
    }
}

#[test]
fn a_minute_by_the_network_is_no_jump() {
    let world = unlocked("clock-minute");
    let id = start(&world);
    world.host.jump_seconds(60);
    let _state = work_and_seal(&world, id, ClockGrade::Sound);
}

#[test]
fn a_clock_that_dies_in_a_restart_has_jumped_back() {
    let mut world = unlocked("clock-dies");
    let id = start(&world);
    world.host.restart();
    let now = world.host.now().as_millis();
    world.host.jump_seconds(-now.div_euclid(1_000));
    world.app = App::new(&world.laptop(), Box::new(world.host.clone()));
    world.unlock();
    assert_eq!(world.app.today(), Date::from_days(0));
    let _state = work_and_seal(&world, id, ClockGrade::Jumped);
}

#[test]
fn a_beacon_that_comes_within_the_session_is_held_against_later_taps_only() {
    let world = unlocked("clock-beacons");
    let earlier = start(&world);
    world.score_everything(earlier, 6);
    let _sent = world.finish(earlier);
    let id = start(&world);
    let pack = readings(&world.app.session(id).unwrap())[0].beacon.unwrap();
    world.host.advance_seconds(3_600);
    assert!(matches!(send(&world, earlier), Place::InRegister(_)));
    let held = world.app.session(id).unwrap().beacon.unwrap().1;
    assert_eq!(held.millis_since(pack), 3_606_000, "the register's time came along");

    let state = work_and_seal(&world, id, ClockGrade::Sound);
    let beacons = readings(&state).into_iter().map(|reading| reading.beacon.unwrap());
    let mut beacons: Vec<Timestamp> = beacons.collect();
    beacons.dedup();
    assert_eq!(beacons, [pack, held]);
}

#[test]
fn a_beacon_that_cannot_be_read_confirms_nothing_and_holds_nothing_up() {
    let world = unlocked("clock-no-beacon");
    world.app.lock();
    let store =
        fieldproof_store::Store::open(&world.laptop(), &fieldproof_testkit::store_key("clock-no-beacon")).unwrap();
    let item = fieldproof_store::table::pack_items::PackItem::Beacon;
    store.write(|tx| tx.set_pack_item(item, b"no beacon")).unwrap();
    drop(store);
    world.unlock();
    let id = start(&world);
    let state = work_and_seal(&world, id, ClockGrade::Unconfirmed);
    assert!(readings(&state).iter().all(|reading| reading.beacon.is_none()));
}

#[test]
fn a_clock_known_to_be_behind_does_not_say_which_day_has_come() {
    let world = unlocked("clock-day");
    let today = world.app.today();
    let id = world.start(&world.new_session(AC_FGAS));
    let scheme = world.app.session(id).unwrap().scheme;
    let part = scheme.parts.iter().find(|part| part.is_marked()).unwrap();
    let marked =
        |on| Observed::PartMarked { part: part.id.clone(), points: 9, of: 10, on, reference: "Paper 2".to_owned() };
    let tomorrow = today.days_later(1);
    let refused = world.app.observe(id, marked(tomorrow), 0).unwrap_err();
    assert!(matches!(refused, Error::Invalid(Invalid::FutureDay)));
    world.host.jump_seconds(-120);
    assert!(world.app.observe(id, marked(tomorrow), 0).is_err(), "two minutes are no fault of a clock");
    world.host.jump_seconds(-1);
    world.app.observe(id, marked(tomorrow), 0).unwrap();
    world.host.jump_seconds(-TEN_YEARS);
    world.app.observe(id, marked(today), 0).unwrap();
    let score = |criterion| Observed::Score { criterion, score: Score::NotSeen, reason: None };
    let (_, first) = scheme.criteria().next().unwrap();
    assert_eq!(world.app.observe(id, score(first.id.clone()), 0).unwrap().session.last_sequence, 4);
}
