//! Cases of the decision, each a small log under a scheme of three criteria.

use super::*;
use crate::{
    id::SchemeId,
    observation::{Observation, Observed, StoppedBy},
    scheme::{InstitutionValues, Step, Task, Wait},
};

fn id(text: &str) -> CriterionId {
    CriterionId::new(text.to_owned())
}

/// `cut` (critical) starts the wait, `prove` (critical) is the proof, `tidy` is neither; half must be met.
fn scheme() -> Scheme {
    let criterion = |name: &str, kind| Criterion {
        id: id(name),
        text: name.to_owned(),
        outcome: "O1".to_owned(),
        kind,
        source: "test".to_owned(),
    };
    Scheme {
        id: SchemeId::new([1; 16]),
        version: "1".to_owned(),
        title: "Test".to_owned(),
        scope: String::new(),
        tasks: vec![Task {
            id: "T1".to_owned(),
            title: "Task".to_owned(),
            steps: vec![Step {
                id: "T1.1".to_owned(),
                title: "Step".to_owned(),
                note: None,
                criteria: vec![
                    criterion("cut", CriterionKind::Observed),
                    criterion("prove", CriterionKind::Proof),
                    criterion("tidy", CriterionKind::Observed),
                ],
            }],
        }],
        wait: Some(Wait { after: id("cut"), label: "wait".to_owned() }),
        values: InstitutionValues {
            set_by: "test".to_owned(),
            critical: vec![id("cut"), id("prove")],
            critical_needs_unaided: false,
            minimum_met_basis_points: 6_667,
            wait_seconds: 5,
            validity_days: None,
            confirm_by_days: 30,
        },
    }
}

fn score(name: &str, score: Score) -> Observed {
    Observed::Score { criterion: id(name), score, reason: None }
}
fn before() -> Observed {
    Observed::TesterBefore { source: "s".to_owned(), worked: true }
}
fn reading(dead: bool) -> Observed {
    Observed::Reading { point: "A".to_owned(), reading: "0 V".to_owned(), dead }
}
fn after(worked: bool) -> Observed {
    Observed::TesterAfter { source: "s".to_owned(), worked, same_instrument: true }
}
fn told(kind: StopKind) -> Observed {
    Observed::StopExplained { by: StoppedBy::Assessor, kind, why: "w".to_owned() }
}

/// Ten seconds lie between two observations, unless `gap_millis` says otherwise.
fn run_with_gap(gap_millis: i64, middle: Vec<Observed>) -> (Session, Decision) {
    let log: Vec<Observation> = [vec![Observed::Started], middle, vec![Observed::Ended]]
        .concat()
        .into_iter()
        .zip(1_u32..)
        .map(|(observed, sequence)| {
            let at = Timestamp::from_millis(i64::from(sequence) * gap_millis);
            Observation { sequence, tapped_at: at, seen_at: at, observed }
        })
        .collect();
    let session = Session::replay(&log);
    let decision = decide(&scheme(), &session);
    (session, decision)
}

fn outcome_of(middle: Vec<Observed>) -> Outcome {
    run_with_gap(10_000, middle).1.outcome
}

fn good() -> Vec<Observed> {
    vec![
        score("cut", Score::Unaided),
        before(),
        reading(true),
        after(true),
        score("prove", Score::Unaided),
        score("tidy", Score::Unaided),
    ]
}

fn good_but(extra: Vec<Observed>) -> Vec<Observed> {
    [good(), extra].concat()
}

#[test]
fn outcomes_of_scores() {
    use Outcome::{Fail, Open, Pass};
    let table: Vec<(&str, Vec<Observed>, Outcome)> = vec![
        ("all unaided", good(), Pass),
        ("a prompt counts", good_but(vec![score("cut", Score::Prompted)]), Pass),
        ("two of three miss the share of 66.67 %", good_but(vec![score("tidy", Score::NotDone)]), Fail),
        ("not applicable leaves the share", good_but(vec![score("tidy", Score::NotApplicable)]), Pass),
        ("critical failure cannot be outvoted", good_but(vec![score("cut", Score::NotDone)]), Fail),
        ("not seen never counts", good_but(vec![score("cut", Score::NotSeen)]), Fail),
        ("critical said not to apply", good_but(vec![score("cut", Score::NotApplicable)]), Open),
        ("danger anywhere", good_but(vec![score("tidy", Score::Dangerous)]), Fail),
        ("a correction counts", good_but(vec![score("tidy", Score::NotDone), score("tidy", Score::Unaided)]), Pass),
        (
            "disconnected after proving dead, say the taps",
            good_but(vec![score("cut", Score::NotDone), score("cut", Score::Unaided)]),
            Open,
        ),
        ("nothing recorded", vec![], Fail),
        (
            "nothing is said to apply, so nothing was shown",
            ["cut", "prove", "tidy"].map(|name| score(name, Score::NotApplicable)).to_vec(),
            Fail,
        ),
        ("second trial failed", good_but(vec![after(false)]), Fail),
        ("a point was live", good_but(vec![before(), reading(false), after(true)]), Fail),
        ("measured again without a second trial", good_but(vec![reading(true)]), Fail),
        ("alone for a tap", good_but(vec![Observed::SecondPersonLeft, score("tidy", Score::Unaided)]), Open),
        (
            "alone, but nothing was done meanwhile",
            good_but(vec![Observed::SecondPersonLeft, Observed::SecondPersonReturned]),
            Pass,
        ),
    ];
    check_outcomes(table);
}

#[test]
fn outcomes_of_stops() {
    use Outcome::{Fail, NotCompleted, Open};
    let table = vec![
        ("stop not told", good_but(vec![Observed::Stop]), Open),
        (
            "tapped twice it is one stop",
            vec![Observed::Stop, Observed::Stop, told(StopKind::OutsideCause)],
            NotCompleted,
        ),
        (
            "a critical failure that was seen is not outlived by breaking off",
            vec![score("cut", Score::NotDone), Observed::Stop, told(StopKind::CalledInError)],
            Fail,
        ),
        ("danger by the candidate", good_but(vec![Observed::Stop, told(StopKind::DangerByCandidate)]), Fail),
        ("outside cause, broken off", vec![Observed::Stop, told(StopKind::OutsideCause)], NotCompleted),
        (
            "broken off after danger was seen",
            vec![score("tidy", Score::Dangerous), Observed::Stop, told(StopKind::OutsideCause)],
            Fail,
        ),
    ];
    check_outcomes(table);
}

#[test]
fn outcomes_of_stops_that_went_on() {
    use Outcome::{Fail, Open, Pass};
    let resume = Observed::Resume { made_safe: true, gate_checked: true };
    let table = vec![
        (
            "a first stop not told is not settled by telling the second",
            good_but(vec![
                Observed::Stop,
                resume.clone(),
                Observed::Stop,
                told(StopKind::CalledInError),
                resume.clone(),
                before(),
                reading(true),
                after(true),
            ]),
            Open,
        ),
        (
            "in error, resumed and dead proved again",
            good_but(vec![
                Observed::Stop,
                told(StopKind::CalledInError),
                resume.clone(),
                before(),
                reading(true),
                after(true),
            ]),
            Pass,
        ),
        (
            "in error, resumed and dead not proved again",
            good_but(vec![Observed::Stop, told(StopKind::CalledInError), resume.clone()]),
            Fail,
        ),
        (
            "an earlier danger stop is not outlived",
            good_but(vec![
                Observed::Stop,
                told(StopKind::DangerByCandidate),
                resume.clone(),
                Observed::Stop,
                told(StopKind::CalledInError),
                resume,
                before(),
                reading(true),
                after(true),
            ]),
            Fail,
        ),
    ];
    check_outcomes(table);
}

fn check_outcomes(table: Vec<(&str, Vec<Observed>, Outcome)>) {
    for (name, log, expected) in table {
        assert_eq!(outcome_of(log), expected, "{name}");
    }
}

#[test]
fn the_share_is_reached_exactly_at_its_minimum() {
    let mut scheme = scheme();
    let (session, _) = run_with_gap(10_000, good_but(vec![score("tidy", Score::NotDone)]));
    for (minimum, expected) in [(6_666, Outcome::Pass), (6_667, Outcome::Fail)] {
        scheme.values.minimum_met_basis_points = minimum;
        assert_eq!(decide(&scheme, &session).outcome, expected, "two of three against {minimum}");
    }
}

#[test]
fn a_short_wait_is_put_to_the_assessor() {
    let answer = |kept| Observed::WaitAnswer { kept, note: String::new() };
    // 4 999 ms between the tap on `cut` and the first trial: too short by a millisecond.
    assert_eq!(run_with_gap(4_999, good()).1.outcome, Outcome::Open);
    assert_eq!(run_with_gap(5_000, good()).1.outcome, Outcome::Pass);
    assert_eq!(run_with_gap(4_999, good_but(vec![answer(true)])).1.outcome, Outcome::Pass);
    let (_, decision) = run_with_gap(4_999, good_but(vec![answer(false)]));
    assert_eq!(decision.outcome, Outcome::Fail);
    assert_eq!(decision.lines[1].because, Because::WaitNotKept);
    // A new construct asks again.
    let again = good_but(vec![answer(true), before(), reading(true), after(true)]);
    assert_eq!(run_with_gap(1, again).1.outcome, Outcome::Open);
}

#[test]
fn after_a_stop_the_wait_counts_from_the_disconnection_after_it() {
    let again = good_but(vec![
        Observed::Stop,
        told(StopKind::OutsideCause),
        Observed::Resume { made_safe: true, gate_checked: true },
        score("cut", Score::Unaided),
        before(),
        reading(true),
        after(true),
    ]);
    assert_eq!(run_with_gap(4_999, again.clone()).1.outcome, Outcome::Open);
    assert_eq!(run_with_gap(5_000, again).1.outcome, Outcome::Pass);
}

#[test]
fn a_wait_that_nothing_shows_is_asked_about() {
    let mut scheme = scheme();
    scheme.values.critical = vec![id("prove")];
    scheme.values.minimum_met_basis_points = 5_000;
    let (session, _) = run_with_gap(10_000, good_but(vec![score("cut", Score::NotSeen)]));
    assert_eq!(decide(&scheme, &session).outcome, Outcome::Open);
}

#[test]
fn unaided_can_be_demanded_of_critical_criteria() {
    let mut scheme = scheme();
    scheme.values.critical_needs_unaided = true;
    let (session, _) = run_with_gap(10_000, good_but(vec![score("cut", Score::Prompted)]));
    let decision = decide(&scheme, &session);
    assert_eq!((decision.outcome, decision.lines[0].because), (Outcome::Fail, Because::NeedsUnaided));
    let (session, _) = run_with_gap(10_000, good_but(vec![score("tidy", Score::Prompted)]));
    assert_eq!(decide(&scheme, &session).outcome, Outcome::Pass, "a prompt is allowed where nothing is critical");
}

#[test]
fn no_certificate_before_confirmation_or_when_borderline() {
    let confirm = |borderline| Observation {
        sequence: 99,
        tapped_at: Timestamp::from_millis(1),
        seen_at: Timestamp::from_millis(1),
        observed: Observed::Confirmed { borderline, note: String::new() },
    };
    let (mut session, decision) = run_with_gap(10_000, good());
    assert!(!decision.allows_certificate(&session), "not confirmed");
    session.apply(&confirm(true));
    assert!(!decision.allows_certificate(&session), "borderline");
    session.apply(&confirm(false));
    assert!(decision.allows_certificate(&session));
}
