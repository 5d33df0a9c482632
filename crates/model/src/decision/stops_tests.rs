//! Cases of stops, of what was recorded out of turn, and of a proof that was given up on purpose.

use super::fixtures::*;
use crate::{
    decision::{Answer, Because, Case, Judged, Outcome, Rule, decide},
    observation::{Observed, Score, StopKind},
    scheme::{
        Consequence, Scheme,
        sample::{cid, of, order, scored, small, void},
    },
    session::{ProofStatus, Session, VoidBecause, sample::*},
};

fn good() -> Vec<Observed> {
    [vec![did("cut")], proved(), vec![did("prove"), did("tidy")]].concat()
}

fn good_but(more: &[Observed]) -> Vec<Observed> {
    [&good(), more].concat()
}

#[test]
fn outcomes_of_stops() {
    use Outcome::{Fail, NotCompleted, Open};
    use StopKind::{CalledInError, DangerByCandidate, OutsideCause};
    let table = vec![
        ("not told", good_but(&[Observed::Stop]), Open),
        ("not told, and nothing shown yet", vec![Observed::Stop], Fail),
        ("outside cause", vec![Observed::Stop, told(OutsideCause)], NotCompleted),
        ("in error", vec![Observed::Stop, told(CalledInError)], NotCompleted),
        ("danger", good_but(&[Observed::Stop, told(DangerByCandidate)]), Fail),
        (
            "told again as an error",
            good_but(&[Observed::Stop, told(DangerByCandidate), told(CalledInError)]),
            NotCompleted,
        ),
        ("all was done before", good_but(&[Observed::Stop, told(OutsideCause)]), NotCompleted),
        ("tapped twice it is one", vec![Observed::Stop, Observed::Stop, told(OutsideCause)], NotCompleted),
    ];
    check_outcomes(&small(), table);
    let running = Session::replay(&log_every(1000, &[Observed::Started, Observed::Stop, told(OutsideCause)]));
    let gate = crate::scheme::sample::identified();
    assert_eq!(decide(&small(), &case(&gate), &running).outcome, NotCompleted, "nobody need end it first");
}

#[test]
fn a_failure_that_was_seen_is_not_outlived_by_breaking_off() {
    use Outcome::{Fail, NotCompleted};
    let broken_off = |earlier: &[Observed]| [earlier, &[Observed::Stop, told(StopKind::OutsideCause)]].concat();
    let mut scheme = small();
    scheme.order = vec![order("o", "tidy", "cut", Consequence::Fails)];
    scheme.values.attempts = Some(1);
    let table = vec![
        ("critical, not done", broken_off(&[score("cut", Score::NotDone)]), Fail),
        ("critical, not seen", broken_off(&[score("cut", Score::NotSeen)]), NotCompleted),
        ("critical, corrected", broken_off(&[score("cut", Score::NotDone), did("cut")]), NotCompleted),
        ("not critical, not done", broken_off(&[score("tidy", Score::NotDone)]), NotCompleted),
        ("danger", broken_off(&[score("tidy", Score::Dangerous)]), Fail),
        ("order not kept", broken_off(&[did("tidy"), said("o", false)]), Fail),
        ("order put to the assessor", broken_off(&[did("tidy")]), NotCompleted),
        ("wait not kept", broken_off(&[before(true), said("discharge", false)]), Fail),
        ("nothing was seen at all", broken_off(&[]), NotCompleted),
    ];
    check_outcomes(&scheme, table);
    scheme.values.ends_exercise = vec![cid("tidy")];
    check_outcomes(&scheme, vec![("ends the exercise", broken_off(&[score("tidy", Score::NotDone)]), Fail)]);
    let gate = crate::scheme::sample::identified();
    let session = Session::replay(&whole_log(10_000, &broken_off(&[])));
    let second = decide(&scheme, &Case { attempt: 2, ..case(&gate) }, &session);
    assert_eq!(second.outcome, NotCompleted, "one attempt too many is nothing that was seen");
}

#[test]
fn outcomes_of_stops_that_went_on() {
    use Outcome::{Fail, NotCompleted, Open, Pass};
    let stop = |kind| vec![Observed::Stop, told(kind), resume()];
    let with = |more: Vec<Vec<Observed>>| good_but(&more.concat());
    let unsettled = || vec![Observed::Stop, resume()];
    let error = || stop(StopKind::CalledInError);
    let table = vec![
        ("and dead was proved again", with(vec![error(), proved()]), Pass),
        ("an outside cause likewise", with(vec![halted(), proved()]), Pass),
        ("and dead was not proved again", with(vec![error()]), Fail),
        ("told after going on", with(vec![unsettled(), vec![told(StopKind::CalledInError)], proved()]), Pass),
        ("never told", with(vec![unsettled(), proved()]), Open),
        ("a first one not told is not settled by telling the second", with(vec![unsettled(), error(), proved()]), Open),
        ("an earlier danger", with(vec![stop(StopKind::DangerByCandidate), error(), proved()]), Fail),
        (
            "danger, then broken off for another reason",
            with(vec![stop(StopKind::DangerByCandidate), vec![Observed::Stop, told(StopKind::OutsideCause)]]),
            Fail,
        ),
        (
            "broken off at the second",
            with(vec![halted(), vec![Observed::Stop, told(StopKind::OutsideCause)]]),
            NotCompleted,
        ),
    ];
    check_outcomes(&small(), table);
}

#[test]
fn every_stop_has_its_answer() {
    let stops = |middle: &[Observed]| {
        let decision = decided(&small(), middle);
        let found = decision.rules.into_iter().filter(|(rule, _)| matches!(rule, Rule::Stop { .. }));
        found.collect::<Vec<_>>()
    };
    let rule = |kind, resumed, answer| (Rule::Stop { kind, resumed }, answer);
    assert_eq!(stops(&[]), []);
    for (kind, answer) in [
        (StopKind::DangerByCandidate, Answer::No),
        (StopKind::OutsideCause, Answer::Yes),
        (StopKind::CalledInError, Answer::Yes),
    ] {
        assert_eq!(stops(&[Observed::Stop, told(kind)]), [rule(Some(kind), false, answer)]);
    }
    let two = [vec![Observed::Stop, resume()], halted()].concat();
    let outside = rule(Some(StopKind::OutsideCause), true, Answer::Yes);
    assert_eq!(stops(&two), [rule(None, true, Answer::Open), outside]);
}

/// One criterion `tidy`, done in the given state of things.
fn out_of_turn(scheme: &Scheme, has_second_person: bool, middle: &[Observed]) -> (Vec<(Rule, Answer)>, Outcome) {
    let gate = crate::gate::Gate { second_person_present: true, ..crate::scheme::sample::identified() };
    let session = Session::replay(&whole_log(1000, &[&[did("tidy")], middle].concat()));
    let decision = decide(scheme, &Case { has_second_person, ..case(&gate) }, &session);
    let turn = |rule: &Rule| matches!(rule, Rule::SecondPerson(_) | Rule::WhileStopped(_) | Rule::StandingBy(_));
    (decision.rules.into_iter().filter(|(rule, _)| turn(rule)).collect(), decision.outcome)
}

#[test]
fn work_out_of_turn_is_looked_at_by_the_institution() {
    use Answer::{Open, Yes};
    let mut scheme = of(scored(&["tidy"]));
    let (second, stopped, standing) = (Rule::SecondPerson, Rule::WhileStopped, Rule::StandingBy);
    let left = || Observed::SecondPersonLeft;
    let back = || Observed::SecondPersonReturned;
    let alone = out_of_turn(&scheme, true, &[left(), did("tidy"), did("tidy"), back(), did("tidy")]);
    assert_eq!(alone, (vec![(second(2), Open), (stopped(0), Yes)], Outcome::Open));
    let idle = out_of_turn(&scheme, true, &[left(), back()]);
    assert_eq!(idle, (vec![(second(0), Yes), (stopped(0), Yes)], Outcome::Pass), "nothing was done meanwhile");
    let nobody = out_of_turn(&scheme, false, &[left(), did("tidy")]);
    assert_eq!(nobody, (vec![(stopped(0), Yes)], Outcome::Pass), "nobody was there who could leave");
    let halt = [Observed::Stop, did("tidy"), told(StopKind::OutsideCause), resume()];
    assert_eq!(out_of_turn(&scheme, false, &halt), (vec![(stopped(1), Open)], Outcome::Open));
    let swapped = [Observed::SwappedOut, did("tidy"), Observed::SwappedIn];
    let expected = (vec![(stopped(0), Yes), (standing(1), Open)], Outcome::Open);
    assert_eq!(out_of_turn(&scheme, false, &swapped), expected, "even where there is no team");
    scheme.people.team = true;
    assert_eq!(out_of_turn(&scheme, false, &[]), (vec![(stopped(0), Yes), (standing(0), Yes)], Outcome::Pass));
    assert_eq!(out_of_turn(&scheme, false, &swapped), expected);
}

/// `energise` gives the proof up on purpose.
fn handed_over() -> Scheme {
    let mut scheme = of(scored(&["prove", "energise"]));
    scheme.voids = vec![void("energise", &["prove"])];
    scheme
}

#[test]
fn a_proof_given_up_on_purpose_before_a_stop_counts() {
    let prove = || [proved(), vec![did("prove")]].concat();
    let energise = || vec![did("energise")];
    let given_up = (Judged::Met, Because::ProofGivenUp);
    let not = |status| (Judged::NotMet, Because::Proof(status));
    let empty = || not(ProofStatus::NotStarted);
    let scored = (Judged::Met, Because::Scored(Score::Unaided));
    let live = || vec![before(true), reading("A", false), after(true, true)];
    for (name, middle, expected) in [
        ("stopped afterwards", vec![prove(), energise(), halted()], given_up.clone()),
        ("re-energised afterwards", vec![prove(), energise(), vec![Observed::Reenergised]], given_up.clone()),
        ("and again", vec![prove(), energise(), halted(), vec![Observed::Reenergised]], given_up),
        ("never halted", vec![prove(), energise()], scored.clone()),
        ("not given up", vec![prove(), halted()], empty()),
        ("given up before it was proved", vec![energise(), prove(), halted()], empty()),
        ("given up, and proved again before the stop", vec![prove(), energise(), proved(), halted()], empty()),
        ("given up after the stop", vec![prove(), halted(), energise()], empty()),
        ("taken back", vec![prove(), energise(), vec![score("energise", Score::NotSeen)], halted()], empty()),
        ("it was never proved", vec![live(), vec![did("prove")], energise(), halted()], empty()),
        ("begun again since", vec![prove(), energise(), halted(), vec![before(true)]], not(ProofStatus::Open)),
        ("and proved again", vec![prove(), energise(), halted(), proved()], scored),
        (
            "scored as done without measuring",
            vec![vec![did("prove"), reading("A", true)]],
            not(ProofStatus::Void(VoidBecause::NoFirstTrial)),
        ),
        ("live", vec![live(), vec![did("prove")]], not(ProofStatus::NotDead)),
    ] {
        assert_eq!(judged(&decided(&handed_over(), &middle.concat()), "prove"), expected, "{name}");
    }
    let mut unrelated = handed_over();
    unrelated.voids = vec![void("energise", &["energise"])];
    let middle = [prove(), energise(), halted()].concat();
    assert_eq!(judged(&decided(&unrelated, &middle), "prove"), empty(), "what voids something else gives nothing up");
}
