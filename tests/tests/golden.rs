//! The ten golden scenarios of the field, and the edges around them, through the operations and the built-in schemes.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests stop where the set-up fails"
)]

use fieldproof_app::{
    Error, NotAllowed,
    session::{NewSession, Obstacle, SessionState, certificate_facts, result_sheet_facts},
    words,
};
use fieldproof_certificate::Fact;
use fieldproof_model::{
    course::{Course, CourseFact},
    decision::{Answer, Hold, Judged, Outcome, Rule},
    gate::{COMPETENCES, Deviation, Gate, Millivolts, Missing, ShownProblem, VoltageKind},
    id::{PersonId, SessionId},
    observation::{Observed, Score, StopKind, StoppedBy},
    sabotage::{self, Sabotage},
    scheme::{Label, Need, PartId, RuleId, Scheme},
    time::Date,
    validity::{Activity, Entry, Holding, InForce, RenewalDemand, Rules, ShownBeside, Status, renew, standing},
};
use fieldproof_seal::{
    scheme::{check_scheme, parse_scheme},
    token::{Token, to_link},
};
use fieldproof_testkit::{
    AC_FGAS, ATTENDANCE, FULL_MARKS, HV_ISOLATION, LADDER_2, LADDER_3, LIVE_WORK, Plan, TestWorld, card, day, edited,
    full_gate_for,
};

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
fn scenario_2_without_the_second_person_the_start_is_refused_and_the_missing_thing_named() {
    let world = world("golden-2");
    let alone = NewSession { second_person: None, ..world.new_session(LIVE_WORK) };
    assert_held_up(&world, &opened(&world, &alone, |_| {}), &Missing::Deviation);
    let half = Deviation { ground: "one person only".to_owned(), risk_assessment: "RA 7".to_owned(), ..<_>::default() };
    let half = opened(&world, &alone, |gate| gate.deviation = Some(half));
    assert_held_up(&world, &half, &Missing::Deviation);
    let named = opened(&world, &world.new_session(LIVE_WORK), |gate| gate.second_person_present = false);
    assert_held_up(&world, &named, &Missing::SecondPersonPresent);
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

const HOLDER: PersonId = PersonId::new([11; 16]);
const EMPLOYER: PersonId = PersonId::new([40; 16]);

fn entry(scheme: &Scheme, on: &str, entry: Entry) -> Activity {
    Activity { holder: HOLDER, scheme: scheme.id, on: day(on), entry, attested_by: EMPLOYER, proof: None }
}

fn work(scheme: &Scheme, kind: &str, since: &str, until: &str) -> Activity {
    entry(scheme, until, Entry::Work { kind: kind.to_owned(), since: day(since) })
}

fn holding(scheme: &Scheme, issued_on: &str, last_day: Option<Date>, activities: Vec<Activity>) -> Holding {
    Holding {
        holder: HOLDER,
        scheme: scheme.id,
        issued_on: day(issued_on),
        last_day,
        renewals: Vec::new(),
        activities,
        complementary: Vec::new(),
        withdrawals: Vec::new(),
    }
}

#[test]
fn scenario_4_three_years_and_a_day_without_live_work_lapses_although_the_expiry_lies_ahead() {
    let scheme = parse_scheme(LIVE_WORK.0, LIVE_WORK.1, None).unwrap();
    let rules = Rules::of(&scheme, 30);
    let issued_on = day("2026-03-02");
    let last_day = rules.term().map(|term| term.last_day(issued_on));
    let once = vec![work(&scheme, "live work", "2026-05-04", "2026-05-04")];
    let mut held = holding(&scheme, "2026-03-02", last_day, once);
    let first_aid = &scheme.validity.complementary[0];
    let (id, issued) = (first_aid.id.clone(), day("2027-06-01"));
    held.complementary.push(ShownBeside { id, issued, expires: None });
    let on = |date: &str| standing(&rules, &held, day(date));

    assert_eq!(on("2029-05-04").status, Status::InForce, "three years to the day");
    let lapsed = on("2029-05-05");
    assert_eq!(lapsed.status, Status::Lapsed, "{:?}", lapsed.lines);
    assert_eq!(lapsed.status.in_force(), InForce::No);
    assert_eq!(lapsed.last_day, Some(day("2031-03-02")), "the expiry lies ahead");
    assert_eq!(lapsed.lapses_on, Some(day("2029-05-05")));

    held.activities.push(work(&scheme, "battery storage", "2028-05-04", "2028-05-04"));
    assert_eq!(standing(&rules, &held, day("2029-05-05")).status, Status::Lapsed, "other work keeps nothing");
    held.activities.clear();
    assert_eq!(standing(&rules, &held, day("2029-05-05")).status, Status::PracticeNotShown, "no entry is no lapse");
}

#[test]
fn scenario_4_the_lapse_shows_on_the_laptop_that_issued_the_certificate() {
    let world = world("golden-4");
    let id = world.start(&world.new_session(LIVE_WORK));
    world.score_everything(id, WAIT);
    assert!(is_certified(&world.finish(id)));
    let issued = world.app.practice(id).unwrap().standing;
    assert_eq!(issued.status, Status::InForce, "the first aid shown at the gate counts: {:?}", issued.lines);
    let first_aid = world.app.session(id).unwrap().scheme.validity.complementary[0].id.clone();
    let days = |days: i64| world.host.advance_seconds(days * 86_400);
    let record = |entry| world.app.record_activity(id, world.app.today(), entry, Some(world.bob.0), None).unwrap();

    days(63);
    let today = world.app.today();
    assert_eq!(today, day("2026-05-04"));
    let practice = record(Entry::Work { kind: "live work".to_owned(), since: today });
    assert_eq!(practice.standing.lapses_on, Some(day("2029-05-05")));
    days(730);
    let issued = world.app.today();
    record(Entry::ComplementaryRenewed { id: first_aid, issued, expires: Some(day("2031-05-01")) });
    days(366);
    assert_eq!(world.app.today(), day("2029-05-04"));
    let in_force = world.app.practice(id).unwrap().standing;
    assert_eq!(in_force.status, Status::InForce, "three years to the day: {:?}", in_force.lines);
    days(1);
    let lapsed = world.app.practice(id).unwrap().standing;
    assert_eq!((lapsed.status, lapsed.last_day), (Status::Lapsed, Some(day("2031-03-02"))), "{:?}", lapsed.lines);
}

#[test]
fn scenario_5_the_fgas_attestation_is_renewed_for_three_years_of_work_and_seven_hours_and_for_nothing_less() {
    let scheme = parse_scheme(AC_FGAS.0, AC_FGAS.1, None).unwrap();
    let rules = Rules::of(&scheme, 30);
    let asked = |since: &str, until: &str, minutes: &[u32]| {
        let mut activities = vec![work(&scheme, "A/C work", since, until)];
        activities
            .extend(minutes.iter().map(|minutes| entry(&scheme, "2032-10-01", Entry::Refresher { minutes: *minutes })));
        renew(&rules, &holding(&scheme, "2026-03-02", None, activities), day("2033-02-01"))
    };
    let refused = |answer: &fieldproof_model::validity::RenewalAnswer| {
        let lines = answer.lines.iter().filter(|line| !line.holds);
        lines.map(|line| line.demand.clone()).collect::<Vec<_>>()
    };

    let early = asked("2027-01-01", "2029-11-26", &[420]);
    assert_eq!(early.last_day, None, "2.9 years");
    let short = RenewalDemand::Activity { years: 3, needed_days: 1_096, proved_days: 1_061 };
    assert_eq!(refused(&early), [short]);
    let one_day = asked("2027-01-01", "2029-12-30", &[420]);
    assert!(matches!(refused(&one_day)[..], [RenewalDemand::Activity { proved_days: 1_095, .. }]), "{one_day:?}");

    let renewed = asked("2027-01-01", "2029-12-31", &[420]);
    assert_eq!(renewed.last_day, Some(day("2040-02-01")), "{:?}", refused(&renewed));
    assert_eq!(asked("2027-01-01", "2029-12-31", &[180, 240]).last_day, renewed.last_day, "in two sittings");
    let minute = asked("2027-01-01", "2029-12-31", &[419]);
    assert_eq!(refused(&minute), [RenewalDemand::Refresher { needed: 420, proved: 419 }]);
    assert_eq!(minute.last_day, None);
}

fn marked_and_practical(scheme: &Scheme) -> (&fieldproof_model::scheme::Part, &fieldproof_model::scheme::Part) {
    (&scheme.parts[0], &scheme.parts[1])
}

#[test]
fn scenario_6_level_three_without_level_two_does_not_start() {
    let world = ladder("golden-6-start");
    let level_two = |problem| Missing::Prerequisite("level-2".to_owned(), problem);
    let new = world.new_session(LADDER_3);
    let without = opened(&world, &new, |gate| gate.prerequisites.clear());
    assert_held_up(&world, &without, &level_two(ShownProblem::NotShown));
    let out = opened(&world, &new, |gate| {
        gate.prerequisites.get_mut("level-2").unwrap().expires = Some(day("2026-03-01"));
    });
    assert_held_up(&world, &out, &level_two(ShownProblem::Over(day("2026-03-01"))));
    let other = opened(&world, &new, |gate| gate.prerequisites = [("level-1".to_owned(), card("level-1"))].into());
    assert_held_up(&world, &other, &level_two(ShownProblem::NotShown));
    let id = starts(&world, &opened(&world, &new, |_| {}));
    world.score_everything(id, 1);
    assert!(is_certified(&world.finish(id)), "with level two it can be passed");
}

#[test]
fn scenario_6_level_two_passed_in_the_written_test_only_is_not_passed() {
    let world = ladder("golden-6-test");
    let id = world.start(&world.new_session(LADDER_2));
    let scheme = world.app.session(id).unwrap().scheme;
    let (test, practical) = marked_and_practical(&scheme);
    world.mark(id, test, FULL_MARKS);
    world.app.observe(id, Observed::PartBegan(practical.id.clone()), 0).unwrap();
    for criterion in ["T1.1.a", "T1.1.b", "T1.2.a"] {
        score(&world, id, criterion, Score::NotDone);
    }
    let state = world.finish(id);
    assert_eq!(state.decision.outcome, Outcome::Fail);
    assert_eq!(answer(&state, |rule| matches!(rule, Rule::Part { part, .. } if *part == test.id)), Answer::Yes);
    assert_eq!(answer(&state, |rule| matches!(rule, Rule::Part { part, .. } if *part == practical.id)), Answer::No);
    assert_eq!(sheet(&world, &state).result, "Not passed");

    // Never taken, the practical is missing, which is no pass either.
    let id = world.start(&world.new_session(LADDER_2));
    world.mark(id, test, FULL_MARKS);
    let state = world.finish(id);
    assert_ne!(state.decision.outcome, Outcome::Pass);
    assert!(!is_certified(&state));
}

#[test]
fn scenario_6_level_two_passed_in_the_practical_only_is_not_passed() {
    let world = ladder("golden-6-practical");
    for (points, outcome) in [(59, Outcome::Fail), (60, Outcome::Pass)] {
        let id = world.start(&world.new_session(LADDER_2));
        let scheme = world.app.session(id).unwrap().scheme;
        let (test, practical) = marked_and_practical(&scheme);
        world.pass_part(id, &scheme, practical, 1);
        let open = world.app.session(id).unwrap();
        assert_eq!(answer(&open, |rule| matches!(rule, Rule::Part { part, .. } if *part == test.id)), Answer::Open);
        world.mark(id, test, points);
        let state = world.finish(id);
        assert_eq!(state.decision.outcome, outcome, "{points} of {FULL_MARKS}");
        assert_eq!(is_certified(&state), outcome == Outcome::Pass);
        let wrong = sabotage::with(Sabotage::IgnoreMinimum, || world.app.session(id).unwrap().decision.outcome);
        assert_eq!(wrong, Outcome::Pass, "only the minimum stands against it");
    }
}

/// A level two whose practical takes `seconds` by the taps.
fn practical_of(world: &TestWorld, seconds: i64) -> (SessionId, PartId) {
    let id = world.start(&world.new_session(LADDER_2));
    let scheme = world.app.session(id).unwrap().scheme;
    let (test, practical) = marked_and_practical(&scheme);
    world.mark(id, test, FULL_MARKS);
    world.pass_part(id, &scheme, practical, seconds);
    (id, practical.id.clone())
}

fn said(world: &TestWorld, id: SessionId, part: &PartId, kept: bool) -> SessionState {
    let rule = RuleId::new(part.as_str().to_owned());
    world.app.observe(id, Observed::Said { rule, kept, note: String::new() }, 0).unwrap()
}

#[test]
fn twenty_minutes_exceeded_by_the_taps_are_put_to_the_assessor_and_never_failed_silently() {
    let world = ladder("golden-limit");
    let limit = |rule: &Rule| matches!(rule, Rule::TimeLimit { .. });
    let (id, _) = practical_of(&world, 1_200);
    assert_eq!(world.app.end_exercise(id).unwrap().decision.outcome, Outcome::Pass, "twenty minutes are within");

    let (id, part) = practical_of(&world, 1_201);
    let open = world.app.end_exercise(id).unwrap();
    assert_eq!((open.decision.outcome, answer(&open, limit)), (Outcome::Open, Answer::Open));
    let silent = sabotage::with(Sabotage::SilentlyKept, || world.app.session(id).unwrap().decision.outcome);
    assert_eq!(silent, Outcome::Pass, "only the limit is open");
    assert_eq!(said(&world, id, &part, true).decision.outcome, Outcome::Pass, "seen kept");
    let broken = said(&world, id, &part, false);
    assert_eq!((broken.decision.outcome, answer(&broken, limit)), (Outcome::Fail, Answer::No));
    assert_eq!(sheet(&world, &world.confirm_and_seal(id, false)).result, "Not passed");
}

#[test]
fn time_stopped_does_not_count_against_the_limit() {
    let world = ladder("golden-stopped");
    for (seconds, outcome) in [(1_200, Outcome::Pass), (1_201, Outcome::Open)] {
        let id = world.start(&world.new_session(LADDER_2));
        let scheme = world.app.session(id).unwrap().scheme;
        let (test, practical) = marked_and_practical(&scheme);
        world.mark(id, test, FULL_MARKS);
        let observe = |observed| world.app.observe(id, observed, 0).unwrap();
        observe(Observed::PartBegan(practical.id.clone()));
        observe(Observed::Stop);
        let (by, kind) = (StoppedBy::Candidate, StopKind::OutsideCause);
        observe(Observed::StopExplained { by, kind, why: "a fire alarm".to_owned() });
        world.host.advance_seconds(900);
        observe(Observed::Resume { made_safe: true, gate_checked: true });
        world.pass_part(id, &scheme, practical, seconds);
        let state = world.app.end_exercise(id).unwrap();
        assert_eq!(state.decision.outcome, outcome, "{seconds} s at work: {:?}", state.decision.rules);
    }
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
fn scenario_8_a_thousand_volts_ac_and_fifteen_hundred_dc_are_accepted_and_nothing_above() {
    let world = world("golden-8");
    let new = world.new_session(LIVE_WORK);
    let with = |millivolts: u64, kind| {
        opened(&world, &new, |gate| {
            gate.object_voltage = Some(Millivolts(millivolts));
            gate.object_voltage_kind = Some(kind);
            gate.instrument_voltage = Some(2_000);
        })
    };
    let id = starts(&world, &with(1_000_000, VoltageKind::Ac));
    assert_eq!(world.app.session(id).unwrap().missing(world.app.today()), []);
    starts(&world, &with(1_500_000, VoltageKind::Dc));
    let above = [
        (1_500_100, VoltageKind::Dc, 1_500, "1500.1 V"),
        (1_500_001, VoltageKind::Dc, 1_500, "1500.001 V"),
        (1_000_001, VoltageKind::Ac, 1_000, "1000.001 V"),
        (1_500_000, VoltageKind::Ac, 1_000, "1500 V"),
    ];
    for (millivolts, kind, limit, words) in above {
        let state = with(millivolts, kind);
        let missing = Missing::ObjectAboveLimit(Millivolts(millivolts), limit);
        assert_held_up(&world, &state, &missing);
        assert!(words::missing(&state.scheme, &missing).contains(words));
    }
}

#[test]
fn scenario_9_an_assessor_whose_refresh_ran_out_yesterday_cannot_start() {
    let world = world("golden-9");
    let new = world.new_session(LIVE_WORK);
    let (yesterday, today) = (day("2026-03-01"), day("2026-03-02"));
    for competence in COMPETENCES {
        let expiring = |expires| {
            opened(&world, &new, |gate| gate.competences.get_mut(&competence).unwrap().expires = Some(expires))
        };
        let missing = Missing::Competence(competence, ShownProblem::Over(yesterday));
        assert_held_up(&world, &expiring(yesterday), &missing);
        starts(&world, &expiring(today));
        let none = opened(&world, &new, |gate| drop(gate.competences.remove(&competence)));
        assert_held_up(&world, &none, &Missing::Competence(competence, ShownProblem::NotShown));
    }
}

#[test]
fn scenario_9_where_the_scheme_only_warns_the_missing_evidence_is_printed() {
    let world = world("golden-9-warn");
    let state = opened(&world, &world.new_session(AC_FGAS), |gate| gate.competences.clear());
    let id = starts(&world, &state);
    world.score_everything(id, 1);
    let state = world.finish(id);
    let (token, _) = Token::parse(state.sealed.as_ref().unwrap().row.token.as_ref().unwrap()).unwrap();
    let key_set = world.app.trust_file().unwrap().open().unwrap().key_set;
    let facts = certificate_facts(&state, &key_set, &token, String::new());
    let printed = value(&facts.assessed, "At the start");
    assert_eq!(printed.matches("(not shown)").count(), 3, "{printed}");
    assert!(printed.contains("Assessor: pedagogical capability (not shown)"), "{printed}");
}

#[test]
fn scenario_10_a_critical_failure_stands_although_everything_else_is_met() {
    let world = world("golden-10");
    let id = world.start(&world.new_session(LIVE_WORK));
    world.score_everything(id, WAIT);
    score(&world, id, "L1.1.c", Score::NotDone);
    let state = world.finish(id);
    assert_eq!(state.decision.outcome, Outcome::Fail);
    let unmet: Vec<_> = state.decision.lines.iter().filter(|line| line.judged != Judged::Met).collect();
    assert_eq!(unmet.iter().map(|line| line.criterion.as_str()).collect::<Vec<_>>(), ["L1.1.c"]);
    let broken: Vec<_> = state.decision.rules.iter().filter(|(_, answer)| *answer != Answer::Yes).collect();
    assert_eq!(broken, [&(Rule::Critical { failed: 1, not_applicable: 0 }, Answer::No)], "every minimum is reached");
    let sheet = sheet(&world, &state);
    assert_eq!(sheet.result, "Not passed");
    assert!(sheet.because.join(" ").contains("critical failure cannot be outvoted"), "{:?}", sheet.because);
    let wrong = sabotage::with(Sabotage::DropCriticalOverride, || world.app.session(id).unwrap().decision.outcome);
    assert_eq!(wrong, Outcome::Pass, "only the critical criterion stands against it");
}

#[test]
fn scenario_10_a_result_flagged_borderline_is_held_open_for_the_institution() {
    let world = world("golden-10-borderline");
    let id = world.start_session();
    world.score_everything(id, WAIT);
    world.app.end_exercise(id).unwrap();
    assert_eq!(world.app.session(id).unwrap().obstacles(world.app.today()), []);
    let state = world.confirm_and_seal(id, true);
    assert_eq!(state.decision.outcome, Outcome::Pass, "the computed result stays");
    assert_eq!(state.obstacles(world.app.today()), [Obstacle::Held(Hold::Borderline)]);
    let because = sheet(&world, &state).because.join(" ");
    assert!(because.contains("borderline; the institution decides"), "{because}");
}

#[test]
fn the_weights_of_the_fgas_exam_end_where_the_law_says() {
    let weights = |theory: u32, practice: u32| {
        let values = edited(AC_FGAS.1, "\"weight\": 4000", &format!("\"weight\": {theory}"));
        edited(&values, "\"weight\": 6000", &format!("\"weight\": {practice}"))
    };
    for (theory, practice) in [(3_500, 6_500), (5_000, 5_000), (4_000, 6_000)] {
        let scheme = parse_scheme(AC_FGAS.0, &weights(theory, practice), None).unwrap();
        let set: Vec<_> = scheme.values.parts.values().map(|part| part.weight).collect();
        assert_eq!(set, [theory, practice]);
    }
    let refused = [
        (3_400, 6_600, "P1", "3400 is less than the scheme's least weight of 3500", "write at least 3500"),
        (5_100, 4_900, "P2", "4900 is less than the scheme's least weight of 5000", "write at least 5000"),
        (3_499, 6_501, "P1", "3499 is less than the scheme's least weight of 3500", "write at least 3500"),
    ];
    for (theory, practice, part, what, remedy) in refused {
        let values = weights(theory, practice);
        let problems = check_scheme(AC_FGAS.0, Some(&values));
        let said: Vec<_> = problems.iter().map(|p| (p.path.clone(), p.what.as_str(), p.remedy.as_str())).collect();
        assert_eq!(said, [(format!("parts.{part}.weight"), what, remedy)]);
        assert!(parse_scheme(AC_FGAS.0, &values, None).is_err());
    }
    let sum = check_scheme(AC_FGAS.0, Some(&weights(3_600, 6_500)));
    assert!(sum.iter().any(|problem| problem.what.contains("add up to 10100")), "{sum:?}");
}

#[test]
fn the_base_certificate_of_live_work_is_shown_and_valid_on_the_day() {
    let world = world("golden-chain");
    let new = world.new_session(LIVE_WORK);
    let base = |problem| Missing::Prerequisite("sfs-6002".to_owned(), problem);
    let with = |change: fn(&mut fieldproof_model::gate::Shown)| {
        opened(&world, &new, |gate| change(gate.prerequisites.get_mut("sfs-6002").unwrap()))
    };
    let none = opened(&world, &new, |gate| drop(gate.prerequisites.remove("sfs-6002")));
    assert_held_up(&world, &none, &base(ShownProblem::NotShown));
    let over = with(|shown| shown.expires = Some(day("2026-03-01")));
    assert_held_up(&world, &over, &base(ShownProblem::Over(day("2026-03-01"))));
    let early = with(|shown| shown.issued = Some(day("2026-03-03")));
    assert_held_up(&world, &early, &base(ShownProblem::NotYet(day("2026-03-03"))));
    let nameless = with(|shown| shown.issuer.clear());
    assert_held_up(&world, &nameless, &base(ShownProblem::Incomplete));
    starts(&world, &with(|shown| shown.expires = Some(day("2026-03-02"))));
    starts(&world, &with(|shown| shown.expires = None));
    let own_first_aid = opened(&world, &new, |gate| drop(gate.prerequisites.remove("first-aid")));
    let first_aid = Missing::Prerequisite("first-aid".to_owned(), ShownProblem::NotShown);
    assert_held_up(&world, &own_first_aid, &first_aid);
}

#[test]
fn first_aid_that_holds_today_and_is_out_tomorrow_lets_it_start_and_leaves_a_later_end_to_the_institution() {
    let gate_rule = |rule: &Rule| matches!(rule, Rule::Gate { .. });
    for (days, outcome, settled) in [(0, Outcome::Pass, Answer::Yes), (1, Outcome::Open, Answer::Open)] {
        let world = world("golden-first-aid");
        let new = world.new_session(LIVE_WORK);
        let today = world.app.today();
        let id = starts(&world, &opened(&world, &new, |gate| gate.second_person_first_aid = Some(today)));
        world.score_everything(id, WAIT);
        world.host.advance_seconds(days * 86_400);
        let state = world.app.end_exercise(id).unwrap();
        assert_eq!((state.decision.outcome, answer(&state, gate_rule)), (outcome, settled), "{days} days later");
    }
    let world = world("golden-first-aid");
    let today = world.app.today();
    let late = opened(&world, &world.new_session(LIVE_WORK), |gate| gate.second_person_first_aid = Some(today));
    world.host.advance_seconds(86_400);
    assert_held_up(&world, &late, &Missing::FirstAidOver(today));
}

#[test]
fn a_wait_not_kept_is_not_washed_out_by_giving_the_proof_up_and_stopping() {
    let world = world("washed");
    let id = world.start(&world.new_session(HV_ISOLATION));
    world.score_everything(id, 1);
    let observe = |observed| world.app.observe(id, observed, 0).unwrap();
    observe(Observed::Stop);
    observe(Observed::StopExplained {
        by: StoppedBy::SecondPerson,
        kind: StopKind::CalledInError,
        why: "heard wrong".to_owned(),
    });
    observe(Observed::Resume { made_safe: true, gate_checked: true });
    let state = world.app.end_exercise(id).unwrap();
    assert_eq!(state.decision.outcome, Outcome::Open, "the wait of the proof that counts is asked about");
    let rule = state.scheme.waits[0].id.clone();
    let state = world.app.observe(id, Observed::Said { rule, kept: false, note: String::new() }, 0).unwrap();
    assert_eq!(state.decision.outcome, Outcome::Fail);
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
