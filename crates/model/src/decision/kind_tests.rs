//! Cases of every kind of criterion: met, not met, at its border, and recorded in a way that does not fit.

use super::fixtures::*;
use crate::{
    decision::{Because, Judged, Outcome},
    observation::{Answer, Score},
    scheme::{
        CriterionKind, Scheme,
        sample::{choice, cid, criterion, limits, measurement, of, oral, rubric},
    },
    session::sample::*,
};
use Judged::{Met, NotMet};

/// One criterion `x` of a kind, met from 2, within 10 to 60.
fn of_kind(kind: CriterionKind) -> Scheme {
    let mut scheme = of(vec![criterion("x", kind)]);
    scheme.values.met_from.insert(cid("x"), 2);
    scheme.values.limits.insert(cid("x"), limits(Some(10), Some(60)));
    scheme
}

fn check(scheme: &Scheme, table: Vec<(Answer, Judged, Because)>) {
    for (answer, expected, because) in table {
        let decision = decided(scheme, &[answered("x", answer.clone())]);
        assert_eq!(judged(&decision, "x"), (expected, because), "{answer:?}");
        let outcome = if expected == Met { Outcome::Pass } else { Outcome::Fail };
        assert_eq!((decision.outcome, decision.lines[0].score), (outcome, None), "{answer:?}");
    }
}

#[test]
fn a_rubric_is_met_from_a_level() {
    let reached = |level, expected| (Answer::Level(level), expected, Because::Reached(level, 3));
    let mut scheme = of_kind(rubric(3));
    let table = vec![reached(1, NotMet), reached(2, Met), reached(3, Met), reached(4, NotMet), reached(0, NotMet)];
    check(&scheme, table);
    scheme.values.met_from.insert(cid("x"), 0);
    check(&scheme, vec![reached(0, NotMet), reached(1, Met)]);
    scheme.values.met_from.clear();
    check(&scheme, vec![reached(3, NotMet)]);
}

#[test]
fn a_measurement_lies_within_its_limits_on_a_named_instrument() {
    let value = |value, expected| (Answer::Measured(value, "M-1".to_owned()), expected, Because::Value(value));
    let blank = |instrument: &str| Answer::Measured(10, instrument.to_owned());
    let mut scheme = of_kind(measurement(true));
    check(&scheme, vec![value(9, NotMet), value(10, Met), value(60, Met), value(61, NotMet)]);
    let unnamed = |instrument| (blank(instrument), NotMet, Because::NoInstrument);
    check(&scheme, vec![unnamed(""), unnamed(" ")]);
    check(&of_kind(measurement(false)), vec![(blank(""), Met, Because::Value(10))]);
    let mut within = |min, max, table| {
        scheme.values.limits.insert(cid("x"), limits(min, max));
        check(&scheme, table);
    };
    within(Some(-5), None, vec![value(-6, NotMet), value(-5, Met), value(i64::MAX, Met)]);
    within(None, Some(-5), vec![value(-4, NotMet), value(-5, Met), value(i64::MIN, Met)]);
    scheme.values.limits.clear();
    check(&scheme, vec![value(10, NotMet)]);
}

#[test]
fn a_choice_is_exactly_the_right_options() {
    let scheme = of_kind(choice(&["a", "b", "c"], &["a", "c"]));
    let chosen = |options: &[&str], expected| {
        (
            Answer::Chosen(options.iter().map(|id| (*id).to_owned()).collect()),
            expected,
            Because::Options(expected == Met),
        )
    };
    let right = vec![chosen(&["a", "c"], Met), chosen(&["c", "a"], Met), chosen(&["a", "c", "a"], Met)];
    let wrong = vec![chosen(&["a"], NotMet), chosen(&["a", "b", "c"], NotMet), chosen(&[], NotMet)];
    check(&scheme, [right, wrong].concat());
    check(&scheme, vec![chosen(&["a", "c", "x"], NotMet), chosen(&["b"], NotMet)]);
}

#[test]
fn a_count_lies_within_its_limits() {
    let scheme = of_kind(CriterionKind::Count { unit: "pieces".to_owned() });
    let counted = |number, expected| (Answer::Counted(number), expected, Because::Value(i64::from(number)));
    check(&scheme, vec![counted(9, NotMet), counted(10, Met), counted(60, Met), counted(61, NotMet)]);
}

#[test]
fn a_time_lies_within_its_limits_to_the_millisecond() {
    let mut scheme = of_kind(CriterionKind::Timed);
    let took = |millis: u64, expected| {
        (Answer::Timed(millis), expected, Because::Value(i64::try_from(millis).unwrap_or(i64::MAX)))
    };
    let borders = vec![took(9_999, NotMet), took(10_000, Met), took(60_000, Met), took(60_001, NotMet)];
    check(&scheme, [borders, vec![took(u64::MAX, NotMet)]].concat());
    scheme.values.limits.insert(cid("x"), limits(None, Some(60)));
    check(&scheme, vec![took(0, Met), took(60_001, NotMet)]);
    scheme.values.limits.insert(cid("x"), limits(Some(10), None));
    check(&scheme, vec![took(9_999, NotMet), took(60_001, Met)]);
    scheme.values.limits.clear();
    check(&scheme, vec![took(10_000, NotMet)]);
}

#[test]
fn an_oral_answer_is_met_from_so_many_expected_points() {
    let mut scheme = of_kind(oral(3));
    let heard =
        |points: &[u32], counted, expected| (Answer::Heard(points.to_vec(), 0), expected, Because::Reached(counted, 3));
    check(
        &scheme,
        vec![
            heard(&[1], 1, NotMet),
            heard(&[1, 2], 2, Met),
            heard(&[3, 1, 2], 3, Met),
            heard(&[2, 2], 1, NotMet),
            heard(&[3, 4], 1, NotMet),
            heard(&[0, 1], 1, NotMet),
        ],
    );
    scheme.values.met_from.clear();
    check(&scheme, vec![heard(&[1, 2, 3], 3, NotMet)]);
}

#[test]
fn prompts_count_against_a_critical_oral_answer_where_unaided_is_needed() {
    let (unaided, reached) = ((NotMet, Because::NeedsUnaided), (Met, Because::Reached(2, 3)));
    for (critical, needs_unaided, prompts, expected) in
        [(true, true, 1, &unaided), (true, true, 0, &reached), (false, true, 1, &reached), (true, false, 1, &reached)]
    {
        let mut scheme = of_kind(oral(3));
        scheme.values.critical_needs_unaided = needs_unaided;
        if critical {
            scheme.values.critical.push(cid("x"));
        }
        let decision = decided(&scheme, &[answered("x", Answer::Heard(vec![1, 2], prompts))]);
        assert_eq!(&judged(&decision, "x"), expected, "{critical} {needs_unaided} {prompts}");
    }
    let mut other = of_kind(CriterionKind::Text);
    other.values.critical_needs_unaided = true;
    other.values.critical.push(cid("x"));
    let decision = decided(&other, &[answered("x", Answer::Heard(vec![1, 2], 1))]);
    assert_eq!(judged(&decision, "x"), (NotMet, Because::DoesNotFit), "it was no answer to a question at all");
}

#[test]
fn a_text_is_met_when_something_is_written() {
    let wrote = |text: &str, expected| (Answer::Written(text.to_owned()), expected, Because::Written);
    check(&of_kind(CriterionKind::Text), vec![wrote("Bolts tightened.", Met), wrote("", NotMet), wrote(" \n", NotMet)]);
}

/// Each kind with an answer that would meet it.
fn every_kind() -> Vec<(CriterionKind, Answer)> {
    vec![
        (rubric(3), Answer::Level(2)),
        (measurement(true), Answer::Measured(10, "M-1".to_owned())),
        (choice(&["a", "b"], &["a"]), Answer::Chosen(vec!["a".to_owned()])),
        (CriterionKind::Count { unit: "pieces".to_owned() }, Answer::Counted(10)),
        (CriterionKind::Timed, Answer::Timed(10_000)),
        (oral(3), Answer::Heard(vec![1, 2], 0)),
        (CriterionKind::Text, Answer::Written("written".to_owned())),
    ]
}

#[test]
fn an_answer_of_another_kind_counts_as_nothing_recorded() {
    for (kind, _) in &every_kind() {
        let scheme = of_kind(kind.clone());
        for (other, answer) in &every_kind() {
            let decision = decided(&scheme, &[answered("x", answer.clone())]);
            if other == kind {
                assert_eq!(judged(&decision, "x").0, Met, "{kind:?}");
            } else {
                assert_eq!(judged(&decision, "x"), (NotMet, Because::DoesNotFit), "{answer:?} to {kind:?}");
            }
        }
    }
    for kind in [CriterionKind::Observed, CriterionKind::Proof] {
        for (_, answer) in every_kind() {
            let decision = decided(&of_kind(kind.clone()), &[did("x"), answered("x", answer.clone())]);
            assert_eq!(judged(&decision, "x"), (NotMet, Because::DoesNotFit), "{answer:?} to {kind:?}");
        }
    }
}

#[test]
fn four_scores_count_for_every_kind_and_two_say_nothing() {
    for (kind, answer) in every_kind() {
        let scheme = of_kind(kind.clone());
        for (given, expected) in [
            (Score::Unaided, (NotMet, Because::DoesNotFit)),
            (Score::Prompted, (NotMet, Because::DoesNotFit)),
            (Score::NotDone, (NotMet, Because::Scored(Score::NotDone))),
            (Score::Dangerous, (NotMet, Because::Scored(Score::Dangerous))),
            (Score::NotSeen, (NotMet, Because::Scored(Score::NotSeen))),
            (Score::NotApplicable, (Judged::Excluded, Because::Scored(Score::NotApplicable))),
        ] {
            let decision = decided(&scheme, &[answered("x", answer.clone()), score("x", given)]);
            assert_eq!(judged(&decision, "x"), expected, "{given:?} of {kind:?}");
        }
        let corrected = decided(&scheme, &[score("x", Score::NotDone), answered("x", answer)]);
        assert_eq!(judged(&corrected, "x").0, Met, "the newest counts");
    }
}
