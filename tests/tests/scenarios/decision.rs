//! What passes, and what does not.

use fieldproof_app::session::{Obstacle, SessionState};
use fieldproof_model::{
    decision::{Answer, Hold, Judged, Outcome, Rule},
    id::SessionId,
    observation::{Observed, Score, StopKind, StoppedBy},
    sabotage::{self, Sabotage},
    scheme::{PartId, RuleId, Scheme},
};
use fieldproof_seal::scheme::{check_scheme, parse_scheme};
use fieldproof_testkit::{AC_FGAS, FULL_MARKS, HV_ISOLATION, LADDER_2, LIVE_WORK, TestWorld, edited};

use crate::{WAIT, answer, is_certified, ladder, score, sheet, world};

fn marked_and_practical(scheme: &Scheme) -> (&fieldproof_model::scheme::Part, &fieldproof_model::scheme::Part) {
    (&scheme.parts[0], &scheme.parts[1])
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
