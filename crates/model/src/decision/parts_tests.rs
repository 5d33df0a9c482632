//! Cases of parts: shares, the total, their order, the days between them, and time limits.

use super::fixtures::*;
use crate::{
    decision::{Answer, Decision, Outcome, Rule, Share},
    observation::{Observed, Score},
    scheme::{
        Combination, PartValues, Scheme, TimeLimit,
        sample::{bare, cid, of, of_parts, part, pid, scored, weighs},
    },
    session::sample::*,
};

const TODAY: &str = "2026-05-04";

fn part_rule(decision: &Decision, name: &str) -> (Option<Share>, bool, Answer) {
    let found = decision.rules.iter().find_map(|(rule, answer)| {
        let Rule::Part { part, share, borderline, .. } = rule else { return None };
        (*part == pid(name)).then_some((*share, *borderline, *answer))
    });
    found.unwrap()
}

const fn share(reached: u32, of: u32) -> Option<Share> {
    Some(Share { reached, of })
}

/// One marked part: points give any share.
fn in_points(minimum: u32, band: u32) -> Scheme {
    let mut scheme = of_parts(vec![(part("theory", Vec::new()), weighs(10_000, minimum))]);
    scheme.values.borderline_band = band;
    scheme
}

#[test]
fn shares_round_down() {
    for (reached, of, expected) in [
        (0, 3, Some(0)),
        (1, 3, Some(3_333)),
        (2, 3, Some(6_666)),
        (3, 3, Some(10_000)),
        (4, 3, Some(10_000)),
        (9_999, 10_000, Some(9_999)),
        (u32::MAX - 1, u32::MAX, Some(9_999)),
        (0, 0, None),
        (1, 0, None),
    ] {
        assert_eq!(Share { reached, of }.basis_points(), expected, "{reached} of {of}");
    }
}

#[test]
fn a_share_is_reached_exactly_at_its_minimum() {
    let mut scheme = of(scored(&["cut", "tidy", "plan"]));
    for (minimum, answer, outcome) in [(6_666, Answer::Yes, Outcome::Pass), (6_667, Answer::No, Outcome::Fail)] {
        scheme.values.parts.insert(pid("work"), weighs(10_000, minimum));
        let decision = decided(&scheme, &[did("cut"), did("tidy")]);
        assert_eq!(part_rule(&decision, "work"), (share(2, 3), false, answer), "two of three against {minimum}");
        assert_eq!(decision.outcome, outcome);
    }
    scheme.values.parts.clear();
    let without = |middle: &[Observed]| decided(&scheme, middle).outcome;
    assert_eq!(without(&[did("cut"), did("tidy")]), Outcome::Fail, "a part without values demands everything");
    assert_eq!(without(&[did("cut"), did("tidy"), did("plan")]), Outcome::Pass);
}

#[test]
fn what_does_not_apply_is_not_counted() {
    let mut scheme = of(scored(&["cut", "tidy", "plan"]));
    scheme.values.critical = vec![cid("plan")];
    let skip = |name| score(name, Score::NotApplicable);
    let rule = |middle: &[Observed]| part_rule(&decided(&scheme, middle), "work");
    assert_eq!(rule(&[]), (share(0, 3), false, Answer::No));
    assert_eq!(rule(&[did("cut"), skip("tidy")]), (share(1, 2), false, Answer::No));
    assert_eq!(rule(&[did("cut"), skip("tidy"), skip("plan")]), (share(1, 1), false, Answer::Yes));
    assert_eq!(rule(&[skip("cut"), skip("tidy"), skip("plan")]), (share(0, 0), false, Answer::No), "nothing was shown");
}

#[test]
fn near_the_minimum_somebody_else_looks() {
    use Answer::{No, Open, Yes};
    for (minimum, band, points, borderline, answer) in [
        (6_000, 500, 5_499, false, No),
        (6_000, 500, 5_500, true, Open),
        (6_000, 500, 5_999, true, Open),
        (6_000, 500, 6_000, true, Open),
        (6_000, 500, 6_500, true, Open),
        (6_000, 500, 6_501, false, Yes),
        (6_000, 0, 5_999, false, No),
        (6_000, 0, 6_000, false, Yes),
        (9_800, 500, 9_999, true, Open),
        (9_800, 500, 10_000, false, Yes),
        (10_000, 500, 10_000, false, Yes),
    ] {
        let decision = decided(&in_points(minimum, band), &[marked("theory", points, 10_000, TODAY)]);
        let expected = (share(points, 10_000), borderline, answer);
        assert_eq!(part_rule(&decision, "theory"), expected, "{points} against {minimum} ± {band}");
    }
}

#[test]
fn a_missing_part_is_open() {
    let two = of_parts(vec![
        (part("theory", Vec::new()), weighs(5_000, 5_000)),
        (part("work", scored(&["cut"])), weighs(5_000, 5_000)),
    ]);
    let rule = |middle: &[Observed], name| part_rule(&decided(&two, middle), name);
    let missing = (None, false, Answer::Open);
    assert_eq!(rule(&[], "theory"), missing);
    assert_eq!(rule(&[began("theory"), ended("theory")], "theory"), missing, "it has no marks");
    assert_eq!(rule(&[marked("theory", 0, 0, TODAY)], "theory"), (share(0, 0), false, Answer::No));
    assert_eq!(rule(&[marked("theory", 4, 5, TODAY)], "theory"), (share(4, 5), false, Answer::Yes));
    assert_eq!(rule(&[], "work"), missing, "it never began");
    assert_eq!(rule(&[did("cut")], "work"), (share(1, 1), false, Answer::Yes), "it begins with its first entry");
    assert_eq!(rule(&[began("work"), did("cut")], "work"), (share(1, 1), false, Answer::Yes));
    assert_eq!(decided(&two, &[began("work"), did("cut")]).outcome, Outcome::Open);
    let marks = [marked("theory", 4, 5, TODAY), began("work"), did("cut")];
    assert_eq!(decided(&two, &marks).outcome, Outcome::Pass);
    let one = of(scored(&["cut"]));
    assert_eq!(part_rule(&decided(&one, &[did("cut")]), "work"), (share(1, 1), false, Answer::Yes), "with the start");
    let never_started = decide_log(&one, &log_every(1000, &[did("cut"), Observed::Ended]));
    assert_eq!(part_rule(&never_started, "work"), missing);
    assert_eq!(part_rule(&decided(&in_points(1, 0), &[]), "theory"), missing, "points are never given by the start");
}

/// Weights of a third and two thirds, rounded.
fn weighted(combination: Combination, total_minimum: u32, band: u32) -> Scheme {
    let parts = vec![(part("a", Vec::new()), weighs(3_333, 0)), (part("b", Vec::new()), weighs(6_667, 0))];
    let mut scheme = of_parts(parts);
    scheme.combination = combination;
    scheme.values.total_minimum = total_minimum;
    scheme.values.borderline_band = band;
    scheme
}

fn total(decision: &Decision) -> Option<(u32, bool, Answer)> {
    decision.rules.iter().find_map(|(rule, answer)| {
        let Rule::Total { total, borderline, .. } = rule else { return None };
        Some((*total, *borderline, *answer))
    })
}

#[test]
fn the_total_is_weighted_and_rounded_down_once() {
    use Answer::{No, Open, Yes};
    for (a, b, minimum, band, expected) in [
        (5_000, 5_001, 5_000, 0, (5_000, false, Yes)),
        (5_000, 5_001, 5_001, 0, (5_000, false, No)),
        (5_001, 5_001, 5_001, 0, (5_001, false, Yes)),
        (1, 1, 1, 0, (1, false, Yes)),
        (10_000, 0, 3_333, 0, (3_333, false, Yes)),
        (0, 10_000, 6_667, 0, (6_667, false, Yes)),
        (10_000, 10_000, 10_000, 100, (10_000, false, Yes)),
        (5_000, 5_000, 5_100, 100, (5_000, true, Open)),
        (5_000, 5_000, 5_101, 100, (5_000, false, No)),
        (5_000, 5_000, 4_900, 100, (5_000, true, Open)),
        (5_000, 5_000, 4_899, 100, (5_000, false, Yes)),
    ] {
        let scheme = weighted(Combination::Weighted, minimum, band);
        let decision = decided(&scheme, &[marked("a", a, 10_000, TODAY), marked("b", b, 10_000, TODAY)]);
        assert_eq!(total(&decision), Some(expected), "{a} and {b} against {minimum} ± {band}");
    }
}

#[test]
fn a_total_is_only_asked_for_where_it_can_be_had() {
    let of_both = [marked("a", 1, 1, TODAY), marked("b", 1, 1, TODAY)];
    assert_eq!(total(&decided(&weighted(Combination::AllParts, 10_000, 0), &of_both)), None);
    let scheme = weighted(Combination::Weighted, 10_000, 0);
    assert_eq!(total(&decided(&scheme, &of_both[..1])), None, "a part is missing");
    assert_eq!(decided(&scheme, &of_both[..1]).outcome, Outcome::Open);
    assert_eq!(decided(&scheme, &of_both).outcome, Outcome::Pass);
    let nothing = [marked("a", 1, 1, TODAY), marked("b", 0, 0, TODAY)];
    assert_eq!(total(&decided(&scheme, &nothing)), Some((3_333, false, Answer::No)));
}

/// `first` and, after it, `second`; each marked in points or of one criterion.
fn two_parts(is_marked: [bool; 2], within_days: Option<u32>) -> Scheme {
    let criteria = |marked, name| if marked { Vec::new() } else { scored(&[name]) };
    let mut second = part("second", criteria(is_marked[1], "b"));
    second.after = vec![pid("first")];
    let values = PartValues { within_days, ..weighs(5_000, 0) };
    of_parts(vec![(part("first", criteria(is_marked[0], "a")), weighs(5_000, 0)), (second, values)])
}

fn order_answer(decision: &Decision) -> Answer {
    only(decision, |rule| matches!(rule, Rule::PartOrder { .. })).1
}

#[test]
fn parts_follow_each_other() {
    use Answer::{Open, Yes};
    let work = |first: &str, second: &str| vec![began(first), ended(first), began(second), ended(second)];
    let check = |is_marked, table: Vec<(&str, Vec<Observed>, Answer)>| {
        for (name, middle, expected) in table {
            let decision = decided(&two_parts(is_marked, None), &middle);
            assert_eq!(order_answer(&decision), expected, "{name}");
        }
    };
    check(
        [false, false],
        vec![
            ("one after the other", work("first", "second"), Yes),
            ("the other way round", work("second", "first"), Open),
            ("before it was over", vec![began("first"), began("second"), ended("first")], Open),
            ("it was never ended, so it ended with the exercise", vec![began("first"), began("second")], Open),
            ("the first is missing", vec![began("second")], Open),
            ("the second is missing", vec![began("first")], Yes),
            ("both are missing", vec![], Yes),
        ],
    );
    let first = |on| marked("first", 1, 1, on);
    check(
        [true, false],
        vec![
            ("marked for the same day", vec![began("second"), first("2026-05-04")], Yes),
            ("marked for a later day", vec![began("second"), first("2026-05-05")], Open),
            ("marked for an earlier day", vec![began("second"), first("2026-05-03")], Yes),
            ("without marks", vec![began("second")], Open),
        ],
    );
    let second = |on| marked("second", 1, 1, on);
    check(
        [false, true],
        vec![
            ("marked for the same day", vec![began("first"), second("2026-05-04")], Yes),
            ("marked for an earlier day", vec![began("first"), second("2026-05-03")], Open),
            ("the first is missing", vec![second("2026-05-04")], Open),
        ],
    );
    check([true, true], vec![("by their days", vec![first("2026-05-05"), second("2026-05-04")], Open)]);
}

#[test]
fn a_part_that_runs_over_midnight_is_over_on_its_last_day() {
    let scheme = two_parts([false, true], None);
    for (on, expected) in [("2026-05-04", Answer::Open), ("2026-05-05", Answer::Yes)] {
        let taps = [
            (0, Observed::Started),
            (1, began("first")),
            (DAY, ended("first")),
            (DAY + 1, marked("second", 1, 1, on)),
            (DAY + 2, Observed::Ended),
        ];
        assert_eq!(order_answer(&decide_log(&scheme, &log_at(&taps))), expected, "{on}");
    }
}

#[test]
fn days_are_counted_from_the_part_before() {
    use Answer::{No, Yes};
    let window = |middle: &[Observed], is_marked, within| {
        let decision = decided(&two_parts(is_marked, within), middle);
        decision.rules.iter().find_map(|(rule, answer)| {
            let Rule::Window { days, allowed, .. } = rule else { return None };
            Some((*days, *allowed, *answer))
        })
    };
    let days = |first, second| [marked("first", 1, 1, first), marked("second", 1, 1, second)];
    for (first, second, expected) in [
        ("2026-04-01", "2026-05-01", (Some(30), 30, Yes)),
        ("2026-04-01", "2026-05-02", (Some(31), 30, No)),
        ("2026-05-02", "2026-04-01", (Some(-31), 30, Yes)),
        ("2026-05-01", "2026-05-01", (Some(0), 30, Yes)),
    ] {
        assert_eq!(window(&days(first, second), [true, true], Some(30)), Some(expected), "{first} {second}");
    }
    assert_eq!(window(&days("2026-05-01", "2026-05-01"), [true, true], Some(0)), Some((Some(0), 0, Yes)));
    assert_eq!(window(&days("2026-05-01", "2026-05-02"), [true, true], Some(0)), Some((Some(1), 0, No)));
    assert_eq!(window(&days("2026-01-01", "2026-05-02"), [true, true], None), None, "where none is set");
    let first = marked("first", 1, 1, "2026-04-03");
    let one = |middle: &[Observed]| window(middle, [true, false], Some(30));
    assert_eq!(one(&[first.clone(), began("second")]), Some((Some(31), 30, No)), "on the day it began");
    assert_eq!(one(&[first]), Some((None, 30, Yes)), "a missing part asks nothing");
    assert_eq!(one(&[began("second")]), Some((None, 30, Yes)));
}

/// One part `work` of 60 seconds by the scheme or by the institution.
fn limited(by_scheme: Option<u32>, by_institution: Option<u32>) -> Scheme {
    let mut work = part("work", scored(&["cut"]));
    work.time_limit = by_scheme.map(|seconds| TimeLimit { seconds, source: "sample".to_owned() });
    of_parts(vec![(work, PartValues { time_limit_seconds: by_institution, ..weighs(10_000, 0) })])
}

fn time_limit(scheme: &Scheme, taps: &[(i64, Observed)]) -> (Option<i64>, i64, Option<bool>, Answer) {
    match only(&decide_log(scheme, &log_at(taps)), |rule| matches!(rule, Rule::TimeLimit { .. })) {
        (Rule::TimeLimit { millis, allowed, said, .. }, answer) => (millis, allowed, said, answer),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_time_limit_ends_to_the_millisecond() {
    use Answer::{No, Open, Yes};
    let run = |scheme: &Scheme, millis, more: &[Observed]| {
        let taps = [
            vec![(0, Observed::Started), (millis, Observed::Ended)],
            more.iter().map(|o| (millis, o.clone())).collect(),
        ];
        time_limit(scheme, &taps.concat())
    };
    let minute = limited(Some(60), None);
    let (kept, not_kept) = (said("work", true), said("work", false));
    assert_eq!(run(&minute, 60_000, &[]), (Some(60_000), 60_000, None, Yes));
    assert_eq!(run(&minute, 60_001, &[]), (Some(60_001), 60_000, None, Open));
    assert_eq!(run(&minute, 60_001, &[kept]), (Some(60_001), 60_000, Some(true), Yes));
    assert_eq!(run(&minute, 60_001, std::slice::from_ref(&not_kept)), (Some(60_001), 60_000, Some(false), No));
    assert_eq!(run(&minute, 60_000, &[not_kept]), (Some(60_000), 60_000, Some(false), Yes));
    assert_eq!(run(&limited(None, Some(60)), 60_001, &[]), (Some(60_001), 60_000, None, Open), "the institution's");
    assert_eq!(run(&limited(Some(60), Some(90)), 60_001, &[]).1, 60_000, "the scheme's goes first");
    let without = decided(&limited(None, None), &[]);
    assert!(!without.rules.iter().any(|(rule, _)| matches!(rule, Rule::TimeLimit { .. })));
}

#[test]
fn a_time_limit_runs_from_a_parts_beginning_to_its_end() {
    let minute = limited(Some(60), None);
    let start = (0, Observed::Started);
    let millis = |taps: &[(i64, Observed)]| time_limit(&minute, &[std::slice::from_ref(&start), taps].concat()).0;
    let end = |at| (at, Observed::Ended);
    assert_eq!(millis(&[]), None, "it runs");
    assert_eq!(millis(&[end(50), (60, Observed::Continued)]), None, "it runs on");
    assert_eq!(millis(&[end(50), (60, Observed::Continued), end(90)]), Some(90));
    assert_eq!(millis(&[(10, began("work")), (30, ended("work")), end(90)]), Some(20));
    assert_eq!(millis(&[(10, began("work")), end(90)]), Some(80), "ended with the exercise");
    assert_eq!(millis(&[(30, ended("work"))]), Some(30), "ended before it");
    let said_at = |taps: &[(i64, Observed)]| time_limit(&minute, &[std::slice::from_ref(&start), taps].concat()).2;
    let kept = |at| (at, said("work", true));
    let over = (70_000, ended("work"));
    assert_eq!(said_at(&[over.clone(), kept(80_000), end(90_000)]), Some(true), "behind the part's end");
    assert_eq!(said_at(&[kept(10), over.clone(), end(90_000)]), None, "before it");
    assert_eq!(said_at(&[over.clone(), kept(80_000), over, end(90_000)]), None, "it ended again since");
    assert_eq!(said_at(&[kept(10), end(90_000)]), None);
}

#[test]
fn what_nobody_timed_keeps_its_limit_unless_it_was_seen_otherwise() {
    use Answer::{No, Yes};
    let minute = limited(Some(60), None);
    let answer = |more: &[Observed]| {
        let taps: Vec<_> = more.iter().map(|observed| (90_000, observed.clone())).collect();
        let (millis, _, said, answer) = time_limit(&minute, &[vec![(0, Observed::Started)], taps].concat());
        assert_eq!(millis, None, "it is not over");
        (said, answer)
    };
    assert_eq!(answer(&[]), (None, Yes));
    assert_eq!(answer(&[said("work", true)]), (Some(true), Yes));
    assert_eq!(answer(&[said("work", false)]), (Some(false), No));
}

#[test]
fn time_stopped_does_not_count() {
    let minute = limited(Some(60), None);
    let millis = |taps: &[(i64, Observed)]| {
        time_limit(&minute, &[&[(0, Observed::Started)], taps, &[(100, Observed::Ended)]].concat()).0
    };
    let stop = |at| (at, Observed::Stop);
    let on = |at| (at, resume());
    assert_eq!(millis(&[stop(10), on(30)]), Some(80));
    assert_eq!(millis(&[stop(10), on(30), stop(40), on(45)]), Some(75));
    assert_eq!(millis(&[stop(70)]), Some(70), "never gone on");
    let within = |more: [(i64, Observed); 4]| millis(&more);
    let (from, until) = ((20, began("work")), (60, ended("work")));
    assert_eq!(within([stop(10), from.clone(), on(30), until.clone()]), Some(30), "stopped before it began");
    assert_eq!(within([from.clone(), stop(50), until.clone(), on(80)]), Some(30), "still stopped when it ended");
    assert_eq!(within([stop(5), on(15), from.clone(), until.clone()]), Some(40), "stopped before it");
    assert_eq!(within([from, until, stop(70), on(80)]), Some(40), "stopped after it");
}

#[test]
fn a_scheme_without_parts_asks_nothing_of_them() {
    let decision = decided(&bare(), &[marked("theory", 0, 1, TODAY), began("work")]);
    assert!(!decision.rules.iter().any(|(rule, _)| matches!(rule, Rule::Part { .. } | Rule::Total { .. })));
    assert_eq!(decision.outcome, Outcome::Pass);
}
