//! Clocks and their grades: every case of the rules, and each boundary.

use super::*;
use ClockGrade::{Ahead, Behind, Jumped, Sound, Unconfirmed};

/// 2026-05-04 09:00 UTC, in milliseconds.
const MORNING: i64 = 1_777_885_200_000;
const MINUTE: i64 = 60_000;
const TEN_YEARS: i64 = 3_653 * DAY_MILLIS;

/// One tap: the wall in milliseconds since [`MORNING`], the run, and the milliseconds the run had lasted.
type Tap = (i64, u32, i64);

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(MORNING + millis)
}

fn reading((wall, run, millis): Tap) -> Reading {
    Reading {
        wall: at(wall),
        elapsed: Some(Elapsed { run, millis: u64::try_from(millis).unwrap() }),
        beacon: Some(at(-DAY_MILLIS)),
    }
}

/// Taps a minute apart for an hour, on a wall that is off by `off`.
fn hour(off: i64) -> Vec<Reading> {
    (0..60).map(|minute| reading((off + minute * MINUTE, 1, minute * MINUTE))).collect()
}

/// Graded with a beacon of the day before and thirty days without contact allowed.
fn graded(readings: &[Reading], sealed: i64, received: Option<i64>) -> ClockGrade {
    let bracket = Bracket { not_before: Some(at(-DAY_MILLIS)), not_after: received.map(at) };
    grade(readings, at(sealed), bracket, Some(30))
}

#[test]
fn a_clock_that_is_off_all_along() {
    let received = Some(2 * DAY_MILLIS);
    for (case, off, without_receipt, with_receipt) in [
        ("right", 0, Sound, Sound),
        ("a minute behind", -MINUTE, Sound, Sound),
        ("two days behind", -2 * DAY_MILLIS, Behind, Behind),
        ("three days ahead", 3 * DAY_MILLIS, Sound, Ahead),
        ("ten years behind", -TEN_YEARS, Behind, Behind),
        ("ten years ahead", TEN_YEARS, Unconfirmed, Ahead),
        ("at its very beginning", i64::MIN + MORNING, Behind, Behind),
    ] {
        let sealed = off + 60 * MINUTE;
        assert_eq!(graded(&hour(off), sealed, None), without_receipt, "{case}, without a receipt");
        assert_eq!(graded(&hour(off), sealed, received), with_receipt, "{case}, with one");
    }
}

#[test]
fn a_clock_that_jumps_within_a_run_has_jumped_however_often_it_looks_right() {
    for by in [-TEN_YEARS, -121_000, 121_000, TEN_YEARS] {
        let mut for_good = hour(0);
        for_good.iter_mut().skip(30).for_each(|late| late.wall = Timestamp::from_millis(late.wall.as_millis() + by));
        let sealed = 60 * MINUTE + by;
        assert_eq!(graded(&for_good, sealed, None), Jumped, "{by} for good");
        assert_eq!(graded(&for_good, sealed, Some(2 * DAY_MILLIS)), Jumped, "{by} before behind and ahead");

        let mut and_back = hour(0);
        and_back[30].wall = Timestamp::from_millis(and_back[30].wall.as_millis() + by);
        assert_eq!(graded(&and_back, 60 * MINUTE, None), Jumped, "{by} and back");
    }
}

#[test]
fn small_steps_add_up() {
    let steps =
        |by: i64| -> Vec<Reading> { (0..4).map(|step| reading((step * (MINUTE + by), 1, step * MINUTE))).collect() };
    assert_eq!(graded(&steps(40_000), DAY_MILLIS, None), Sound, "two minutes in all");
    assert_eq!(graded(&steps(41_000), DAY_MILLIS, None), Jumped, "more than two minutes in all");
    let back: Vec<Reading> = (0..4).map(|step| reading((-41_000 * step, u32::try_from(step).unwrap(), 0))).collect();
    assert_eq!(graded(&back, 0, None), Jumped, "backwards over runs");
}

#[test]
fn a_restart_is_no_jump_and_hides_none_backwards() {
    for (case, after, expected) in [
        ("at once", (10 * MINUTE, 2, 0), Sound),
        ("after a night", (14 * 60 * MINUTE, 2, 5_000), Sound),
        ("two minutes back", (8 * MINUTE, 2, 0), Sound),
        ("more than two minutes back", (8 * MINUTE - 1, 2, 0), Jumped),
        ("ten years back", (-TEN_YEARS, 2, 0), Jumped),
    ] {
        let readings = [(0, 1, 600_000), (10 * MINUTE, 1, 1_200_000), after].map(reading);
        assert_eq!(graded(&readings, DAY_MILLIS, None), expected, "{case}");
    }
    let back_in_the_first_run = [(0, 1, 0), (MINUTE, 2, 0), (10 * MINUTE, 1, MINUTE)].map(reading);
    assert_eq!(graded(&back_in_the_first_run, DAY_MILLIS, None), Jumped, "a run is compared wherever it stands");
    let ahead = [(0, 1, 0), (TEN_YEARS, 2, 0)].map(reading);
    assert_eq!(graded(&ahead, TEN_YEARS, None), Unconfirmed, "ahead over a restart shows in what follows");
    assert_eq!(graded(&ahead, TEN_YEARS, Some(DAY_MILLIS)), Ahead);
}

#[test]
fn sleep_counts_on_both_clocks() {
    let slept = [(0, 1, 0), (8 * 60 * MINUTE, 1, 8 * 60 * MINUTE)].map(reading);
    assert_eq!(graded(&slept, DAY_MILLIS, None), Sound);
}

#[test]
fn what_lies_exactly_on_a_boundary_still_agrees() {
    let tolerance = TOLERANCE_MILLIS;
    for (case, second, expected) in [
        ("wall slower", (0, 1, tolerance), Sound),
        ("wall too slow", (0, 1, tolerance + 1), Jumped),
        ("wall faster", (tolerance, 1, 0), Sound),
        ("wall too fast", (tolerance + 1, 1, 0), Jumped),
    ] {
        assert_eq!(graded(&[(0, 1, 0), second].map(reading), DAY_MILLIS, None), expected, "{case}");
    }
    let one = [reading((0, 1, 0))];
    for (case, bracket, sealed, contact_days, expected) in [
        ("sealed before the last tap", (Some(-1), None), -tolerance, Some(1), Sound),
        ("sealed too long before it", (Some(-1), None), -tolerance - 1, Some(1), Jumped),
        ("before the beacon", (Some(tolerance), None), 0, Some(1), Sound),
        ("too long before it", (Some(tolerance + 1), None), 0, Some(1), Behind),
        ("after the receipt", (Some(0), Some(-tolerance)), 0, Some(1), Sound),
        ("too long after it", (Some(0), Some(-tolerance - 1)), 0, Some(1), Ahead),
        ("the last day without contact", (Some(0), None), DAY_MILLIS, Some(1), Sound),
        ("past it", (Some(0), None), DAY_MILLIS + 1, Some(1), Unconfirmed),
        ("contact on the spot only", (Some(0), None), 0, Some(0), Sound),
        ("past the spot", (Some(0), None), 1, Some(0), Unconfirmed),
        ("no longest time without contact", (Some(0), None), TEN_YEARS, None, Sound),
        ("no beacon", (None, None), 0, None, Unconfirmed),
        ("no beacon, and arrived", (None, Some(MINUTE)), 0, None, Unconfirmed),
        ("no beacon, and arrived long before", (None, Some(-TEN_YEARS)), 0, None, Ahead),
        ("behind one and ahead of the other", (Some(DAY_MILLIS), Some(-DAY_MILLIS)), 0, None, Behind),
    ] {
        let bracket = Bracket { not_before: bracket.0.map(at), not_after: bracket.1.map(at) };
        assert_eq!(grade(&one, at(sealed), bracket, contact_days), expected, "{case}");
    }
}

#[test]
fn a_tap_is_held_against_the_beacon_of_its_own_moment() {
    let tap = |wall: i64, beacon: Option<i64>| Reading { wall: at(wall), elapsed: None, beacon: beacon.map(at) };
    let bracket = Bracket { not_before: Some(at(60 * MINUTE)), not_after: None };
    for (case, beacon, expected) in [
        ("a beacon came after the tap", Some(-DAY_MILLIS), Sound),
        ("none was held", None, Sound),
        ("held, and within two minutes", Some(TOLERANCE_MILLIS), Sound),
        ("held, and the tap lies before it", Some(TOLERANCE_MILLIS + 1), Behind),
    ] {
        assert_eq!(grade(&[tap(0, beacon)], at(61 * MINUTE), bracket, Some(30)), expected, "{case}");
    }
}

#[test]
fn a_tap_after_the_arrival_is_ahead_though_the_sealing_is_not() {
    let readings = [reading((TOLERANCE_MILLIS, 1, 0))];
    assert_eq!(graded(&readings, 0, Some(-1)), Ahead);
    assert_eq!(graded(&readings, 0, Some(0)), Sound);
}

#[test]
fn without_the_clock_that_nobody_can_set_only_steps_back_are_seen() {
    let plain = |walls: &[i64]| -> Vec<Reading> {
        let reading = |wall: &i64| Reading { wall: at(*wall), elapsed: None, beacon: None };
        walls.iter().map(reading).collect()
    };
    assert_eq!(graded(&plain(&[0, 60 * MINUTE]), DAY_MILLIS, None), Sound);
    assert_eq!(graded(&plain(&[0, 3 * MINUTE, MINUTE]), DAY_MILLIS, None), Sound);
    assert_eq!(graded(&plain(&[0, 3 * MINUTE, MINUTE - 1]), DAY_MILLIS, None), Jumped);
    assert_eq!(graded(&[], 0, None), Sound, "nothing tapped");
}
