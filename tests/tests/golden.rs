//! The ten golden scenarios of the field, and the edges around them, through the operations and the built-in schemes.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests stop where the set-up fails"
)]

mod scenarios;

use fieldproof_app::{
    Error, NotAllowed,
    session::{NewSession, Obstacle, SessionState, certificate_facts, result_sheet_facts},
    words,
};
use fieldproof_certificate::Fact;
use fieldproof_model::{
    course::{Course, CourseFact},
    decision::{Answer, Hold, Outcome, Rule},
    gate::{Deviation, Gate, Missing, VoltageKind},
    id::SessionId,
    observation::{Observed, Score},
    sabotage::{self, Sabotage},
    scheme::{Label, Need},
};
use fieldproof_seal::{
    scheme::{check_scheme, parse_scheme},
    token::{Token, to_link},
};
use fieldproof_testkit::{ATTENDANCE, LADDER_2, LADDER_3, LIVE_WORK, Plan, TestWorld, day, edited, full_gate_for};

/// The wait that the demonstration's values ask for, and a second.
const WAIT: i64 = 6;

fn world(seed: &str) -> TestWorld {
    let world = TestWorld::new(seed);
    world.unlock();
    world
}

fn ladder(seed: &str) -> TestWorld {
    let world = TestWorld::planned(seed, &Plan::of(&[LADDER_2, LADDER_3]));
    world.unlock();
    world
}

/// Opens a session with a gate that holds but for one change; it is not started.
fn opened(world: &TestWorld, new: &NewSession, change: impl FnOnce(&mut Gate)) -> SessionState {
    let state = world.app.open_session(new).unwrap();
    let mut gate = full_gate_for(&state.scheme);
    change(&mut gate);
    world.app.save_gate(state.row.id, &gate).unwrap()
}

/// That the start is refused, that exactly this is named as missing, and that nothing was recorded.
fn assert_held_up(world: &TestWorld, state: &SessionState, expected: &Missing) {
    let id = state.row.id;
    assert!(matches!(world.app.start_exercise(id), Err(Error::NotAllowed(NotAllowed::Gate))), "{expected:?}");
    let state = world.app.session(id).unwrap();
    assert_eq!(state.missing(world.app.today()), [(expected.clone(), Need::Block)]);
    assert!(12 < words::missing(&state.scheme, expected).len(), "it is asked for in words");
    assert!(state.log.is_empty(), "nothing began");
    let started = sabotage::with(Sabotage::IgnoreGate, || world.app.start_exercise(id));
    assert!(started.is_err(), "the operation itself holds the start up");
}

fn starts(world: &TestWorld, state: &SessionState) -> SessionId {
    world.app.start_exercise(state.row.id).unwrap();
    state.row.id
}

fn value<'a>(facts: &'a [Fact], label: &str) -> &'a str {
    let found = facts.iter().find(|fact| fact.label == label);
    found.map_or_else(|| panic!("{label} is not on the paper: {facts:?}"), |fact| fact.value.as_str())
}

fn answer(state: &SessionState, wanted: impl Fn(&Rule) -> bool) -> Answer {
    state.decision.rules.iter().find(|(rule, _)| wanted(rule)).unwrap().1
}

fn sheet(world: &TestWorld, state: &SessionState) -> fieldproof_certificate::ResultSheetFacts {
    let sealed = state.sealed.as_ref().unwrap();
    assert!(sealed.row.token.is_none(), "no certificate goes out");
    assert!(sealed.record.certificate.is_none(), "and the record names none");
    assert_eq!(world.app.draw_document(state.row.id).unwrap().0, "result-sheet.pdf");
    result_sheet_facts(state, &world.app.trust_file().unwrap().open().unwrap().key_set, sealed)
}

fn is_certified(state: &SessionState) -> bool {
    state.sealed.as_ref().unwrap().row.token.is_some()
}

fn score(world: &TestWorld, id: SessionId, criterion: &str, score: Score) -> SessionState {
    let criterion = fieldproof_model::scheme::CriterionId::new(criterion.to_owned());
    world.app.observe(id, Observed::Score { criterion, score, reason: None }, 0).unwrap()
}

#[test]
fn scenario_1_live_work_passed_with_two_people_gives_a_certificate_of_five_years_with_the_facts_of_appendix_y() {
    let world = world("golden-1");
    let id = world.start(&world.new_session(LIVE_WORK));
    world.score_everything(id, WAIT);
    let state = world.finish(id);
    assert_eq!(state.decision.outcome, Outcome::Pass, "{:?}", state.decision.rules);
    let sealed = state.sealed.as_ref().unwrap();
    let (token, _) = Token::parse(sealed.row.token.as_ref().unwrap()).unwrap();
    assert_eq!((token.issued_on, token.valid_until), (day("2026-03-02"), Some(day("2031-03-02"))));
    assert_eq!(token.voltage, Some((400, VoltageKind::Dc)), "the voltage that was present");
    assert_eq!(token.record, sealed.row.digest);

    let key_set = world.app.trust_file().unwrap().open().unwrap().key_set;
    let link = to_link(&key_set.address, sealed.row.token.as_ref().unwrap());
    let facts = certificate_facts(&state, &key_set, &token, link);
    let course = &state.course;
    for (label, expected) in [
        ("Voltage level trained", course.voltage_level.as_str()),
        ("Working methods", &course.working_methods),
        ("Theory content", &course.theory_content),
        ("Practice content", &course.practice_content),
        ("Theory", "1 h"),
        ("Practice", "1 h"),
    ] {
        assert!(!expected.is_empty());
        assert_eq!(value(&facts.course, label), expected);
    }
    let trainer = value(&facts.people, "Trainer");
    assert!(trainer.contains(&course.trainer) && trainer.contains(&course.trainer_contact), "{trainer}");
    assert_eq!(value(&facts.people, "Second person"), "Dave Demo");
    assert_eq!(facts.valid_until.as_deref(), Some("2031-03-02"));
    assert_eq!(world.app.draw_document(id).unwrap().0, "certificate.pdf");
}

/// Leaves a fact of a course out.
type LeaveOut = fn(&mut Course);

#[test]
fn scenario_1_without_a_fact_of_appendix_y_no_certificate_goes_out() {
    let missing: [(LeaveOut, CourseFact); 7] = [
        (|course| course.voltage_level.clear(), CourseFact::VoltageLevel),
        (|course| course.working_methods = " ".to_owned(), CourseFact::WorkingMethods),
        (|course| course.theory_content.clear(), CourseFact::TheoryContent),
        (|course| course.practice_content.clear(), CourseFact::PracticeContent),
        (|course| course.theory_minutes = None, CourseFact::TheoryHours),
        (|course| course.practice_minutes = None, CourseFact::PracticeHours),
        (|course| course.trainer_contact.clear(), CourseFact::TrainerContact),
    ];
    for (edit_course, fact) in missing {
        let world = TestWorld::planned("golden-1-fact", &Plan { edit_course, ..Plan::of(&[LIVE_WORK]) });
        world.unlock();
        let state = world.app.open_session(&world.new_session(LIVE_WORK)).unwrap();
        let held = state.obstacles(world.app.today());
        assert_eq!(held, [Obstacle::NotPassed, Obstacle::Held(Hold::CourseFact(fact))]);
        assert!(words::why_no_certificate(&state, world.app.today()).join(" ").contains(words::course_fact(fact)));
    }
}

#[test]
fn scenario_3_a_documented_deviation_lets_it_start_and_pass_and_the_result_sheet_prints_it() {
    let world = world("golden-3");
    let alone = NewSession { second_person: None, ..world.new_session(LIVE_WORK) };
    let deviation = Deviation {
        ground: "remote site".to_owned(),
        risk_assessment: "RA 7".to_owned(),
        approver: "Stella Safety".to_owned(),
    };
    let id = starts(&world, &opened(&world, &alone, |gate| gate.deviation = Some(deviation)));
    world.score_everything(id, WAIT);
    let state = world.finish(id);
    assert_eq!(state.decision.outcome, Outcome::Pass, "{:?}", state.decision.rules);
    assert_eq!(state.obstacles(world.app.today()), [Obstacle::Held(Hold::Deviation)]);
    let sheet = sheet(&world, &state);
    assert_eq!(sheet.result, "Passed");
    let printed = value(&sheet.people, "Deviation");
    for part in ["remote site", "RA 7", "Stella Safety"] {
        assert!(printed.contains(part), "{part} is printed: {printed}");
    }
    assert!(sheet.because.join(" ").contains("Nobody stood by"), "{:?}", sheet.because);
    assert!(sheet.people.iter().all(|fact| fact.label != "Second person"));
}

#[test]
fn scenario_7_what_is_only_attended_is_not_assessed_and_called_no_micro_credential() {
    let world = TestWorld::planned("golden-7", &Plan::of(&[ATTENDANCE]));
    world.unlock();
    let new = world.new_session(ATTENDANCE);
    assert!(matches!(world.app.open_session(&new), Err(Error::NotAllowed(NotAllowed::NothingToAssess))));
    let home = world.app.home().unwrap();
    assert_eq!((home.sessions.len(), home.unreadable), (0, 0), "no session was opened");
    assert_eq!(home.schemes[0].label, Label::CertificateOfAttendance);

    for label in ["micro_credential", "certificate"] {
        let called = edited(ATTENDANCE.0, "\"certificate_of_attendance\"", &format!("\"{label}\""));
        let problems = check_scheme(&called, Some(ATTENDANCE.1));
        let found: Vec<_> = problems.iter().map(|problem| (problem.path.as_str(), problem.what.as_str())).collect();
        assert_eq!(found, [("label", "what is only attended is not called so")], "{label}");
        assert!(parse_scheme(&called, ATTENDANCE.1, None).is_err(), "{label}");
    }
}

#[test]
fn what_does_not_fit_its_page_goes_out_as_a_result_sheet_and_says_so() {
    let long = |course: &mut Course| course.practice_content = "a long line of what was practised ".repeat(200);
    let world = TestWorld::planned("long", &Plan { edit_course: long, ..Plan::of(&[LIVE_WORK]) });
    world.unlock();
    let id = world.start(&world.new_session(LIVE_WORK));
    world.score_everything(id, WAIT);
    let state = world.finish(id);
    assert_eq!(state.decision.outcome, Outcome::Pass);
    assert!(state.sealed.as_ref().unwrap().row.token.is_none(), "no certificate that could not be drawn");
    assert_eq!(world.app.draw_document(id).unwrap().0, "result-sheet.pdf");
    let why = words::why_no_certificate(&state, world.app.today()).join(" ");
    assert!(why.contains("too long for its symbol or its page"), "{why}");
}
