//! Practice and its lapse on each side of every border (domain §5.4, §5.11 scenario 4).

use crate::{
    id::{PersonId, SchemeId},
    validity::{Activity, Entry, Found, Holding, NotAnEntry, Status, Term, Validity, fixtures::*},
};

#[test]
fn live_work_lapses_three_years_and_a_day_after_the_last_of_it() {
    use Status::{Expired, InForce, Lapsed, PracticeNotShown};
    let far = Validity { term: Some(Term::Years(20)), ..live_work() };
    check(vec![
        (
            "scenario 4: lapsed while the last day lies ahead",
            live_work(),
            with("2020-01-15", [work("2021-05-04")]),
            &[("2024-05-03", InForce), ("2024-05-04", InForce), ("2024-05-05", Lapsed), ("2025-01-16", Expired)],
        ),
        (
            "an entry on the day of issue shows practice",
            live_work(),
            with("2020-01-15", [work("2020-01-15")]),
            &[("2023-01-15", InForce), ("2023-01-16", Lapsed)],
        ),
        (
            "work on the last possible day goes on",
            far.clone(),
            with("2020-01-15", [work("2023-01-15")]),
            &[("2023-01-16", InForce), ("2026-01-15", InForce), ("2026-01-16", Lapsed)],
        ),
        (
            "work a day too late does not lift the silence; training comes before resuming",
            far.clone(),
            with("2020-01-15", [work("2023-01-16")]),
            &[("2023-01-16", PracticeNotShown), ("2026-01-16", PracticeNotShown), ("2026-01-17", Lapsed)],
        ),
        (
            "a silence stays one through later work",
            far.clone(),
            with("2020-01-15", [work("2023-01-16"), work("2024-01-16")]),
            &[("2024-01-16", PracticeNotShown), ("2027-01-17", Lapsed)],
        ),
        (
            "work over a stretch leaves no silence within it, and ends on its last day",
            far.clone(),
            with("2020-01-15", [work_over("2023-01-15", "2027-06-01")]),
            &[("2027-06-01", InForce), ("2030-06-01", InForce), ("2030-06-02", Lapsed)],
        ),
        (
            "a stretch that begins a day too late",
            far.clone(),
            with("2020-01-15", [work_over("2023-01-16", "2027-06-01")]),
            &[("2027-06-01", PracticeNotShown)],
        ),
        (
            "a long stretch is not shortened by a single day within it",
            far,
            with("2020-01-15", [work_over("2020-01-16", "2024-06-01"), work("2020-02-01")]),
            &[("2027-06-01", InForce), ("2027-06-02", Lapsed)],
        ),
    ]);
}

#[test]
fn silences_are_found_in_whatever_order_entries_came() {
    let far = Validity { term: Some(Term::Years(20)), ..live_work() };
    let filled = with("2020-01-15", [work("2025-01-01"), work("2022-06-01")]);
    assert_eq!(status(&far, &filled, "2026-01-01"), Status::InForce);
    let twice = with("2020-01-15", [work("2028-01-01"), work("2024-01-15")]);
    let first = Found::Silence { from: day("2020-01-15"), until: day("2024-01-15") };
    assert!(on(&far, &twice, "2029-01-01").lines.iter().any(|line| line.found == first), "the first is the one named");
}

#[test]
fn what_does_not_count_as_practice() {
    use Status::{InForce, PracticeNotShown};
    let other_kind = entry("2021-05-04", Entry::Work { kind: "wheel_change".to_owned(), since: day("2021-05-04") });
    let others = Activity { holder: PersonId::new([9; 16]), ..work("2021-05-04") };
    let other_scheme = Activity { scheme: SchemeId::new([9; 16]), ..work("2021-05-04") };
    let own = Activity { attested_by: HOLDER, ..work("2021-05-04") };
    let asked: &[(&str, Status)] = &[("2023-01-15", InForce), ("2023-01-16", PracticeNotShown)];
    check(vec![
        ("of another kind", live_work(), with("2020-01-15", [other_kind]), asked),
        ("somebody else's", live_work(), with("2020-01-15", [others]), asked),
        ("for another scheme", live_work(), with("2020-01-15", [other_scheme]), asked),
        ("attested by the holder", live_work(), with("2020-01-15", [own]), asked),
        ("before the issue", live_work(), with("2020-01-15", [work("2020-01-14")]), asked),
        ("behind the day asked for", live_work(), with("2020-01-15", [work("2023-01-17")]), asked),
        ("a review", live_work(), with("2020-01-15", [entry("2021-05-04", Entry::SuitabilityReview)]), asked),
        ("an edition", live_work(), with("2020-01-15", [entry("2021-05-04", Entry::EditionRefresh)]), asked),
    ]);
}

#[test]
fn an_entry_counts_on_its_own_day_and_not_before() {
    let holding = with("2020-01-15", [entry("2023-06-01", Entry::Retraining)]);
    assert_eq!(status(&live_work(), &holding, "2023-05-31"), Status::PracticeNotShown);
    assert_eq!(status(&live_work(), &holding, "2023-06-01"), Status::InForce);
}

#[test]
fn training_and_renewal_begin_the_count_anew() {
    use Status::{InForce, Lapsed, PracticeNotShown};
    let far = Validity { term: Some(Term::Years(20)), ..live_work() };
    let lapsed = [work("2020-05-04")];
    let and = |more: Activity| with("2020-01-15", lapsed.iter().cloned().chain([more]));
    let renewal = Holding { renewals: vec![renewed("2024-02-01", "2044-02-01")], ..with("2020-01-15", lapsed.clone()) };
    check(vec![
        (
            "retraining",
            far.clone(),
            and(entry("2024-02-01", Entry::Retraining)),
            &[
                ("2024-01-31", Lapsed),
                ("2024-02-01", InForce),
                ("2027-02-01", InForce),
                ("2027-02-02", PracticeNotShown),
            ],
        ),
        (
            "a refresher",
            far.clone(),
            and(refresher("2024-02-01", 60)),
            &[
                ("2024-01-31", Lapsed),
                ("2024-02-01", InForce),
                ("2027-02-01", InForce),
                ("2027-02-02", PracticeNotShown),
            ],
        ),
        (
            "a renewal",
            far.clone(),
            renewal,
            &[
                ("2024-01-31", Lapsed),
                ("2024-02-01", InForce),
                ("2027-02-01", InForce),
                ("2027-02-02", PracticeNotShown),
            ],
        ),
        (
            "an earlier training takes no later work away",
            far,
            with("2020-01-15", [work("2021-05-04"), entry("2020-06-01", Entry::Retraining)]),
            &[("2024-05-04", InForce), ("2024-05-05", Lapsed)],
        ),
    ]);
}

#[test]
fn work_behind_the_last_day_revives_nothing() {
    use Status::{Expired, InForce, Lapsed};
    let entries = [work("2022-01-10"), work("2025-01-16")];
    let trained = [work("2022-01-20"), entry("2025-01-16", Entry::Retraining)];
    let late =
        Holding { last_day: Some(day("2021-01-15")), ..with("2020-01-15", [work_over("2020-12-01", "2021-03-01")]) };
    // The renewal runs from before the work, so that the old last day alone decides what it covers.
    let renewed_late = Holding { renewals: vec![renewed("2021-02-01", "2030-01-15")], ..late.clone() };
    check(vec![
        ("work", live_work(), with("2020-01-15", entries), &[("2025-01-15", Lapsed), ("2025-01-16", Expired)]),
        ("training", live_work(), with("2020-01-15", trained), &[("2025-01-15", InForce), ("2025-01-16", Expired)]),
        ("a stretch across it", live_work(), late, &[("2021-01-15", InForce), ("2021-03-02", Expired)]),
        (
            "renewed",
            live_work(),
            renewed_late,
            &[("2021-03-02", InForce), ("2024-03-01", InForce), ("2024-03-02", Lapsed)],
        ),
    ]);
}

#[test]
fn a_stretch_of_work_counts_through_the_last_day_and_no_further() {
    let validity = Validity { term: Some(Term::Years(4)), ..live_work() };
    let lapses_on =
        |on_day: &str| on(&validity, &with("2020-01-15", [work_over("2022-01-01", on_day)]), "2024-02-01").lapses_on;
    assert_eq!(lapses_on("2024-01-14"), Some(day("2027-01-15")));
    assert_eq!(lapses_on("2024-01-15"), Some(day("2027-01-16")));
    assert_eq!(lapses_on("2024-01-16"), Some(day("2027-01-16")), "the day behind the last shows nothing");
}

#[test]
fn what_is_no_entry_says_so() {
    let beside = |issued: &str, expires: &str| {
        entry(
            "2021-05-04",
            Entry::ComplementaryRenewed {
                id: "first_aid".to_owned(),
                issued: day(issued),
                expires: Some(day(expires)),
            },
        )
    };
    let kind = |kind: &str| entry("2021-05-04", Entry::Work { kind: kind.to_owned(), since: day("2021-05-04") });
    for (activity, expected) in [
        (work("2021-05-04"), Ok(())),
        (Activity { attested_by: HOLDER, ..work("2021-05-04") }, Err(NotAnEntry::AttestedByHolder)),
        (kind(" "), Err(NotAnEntry::NoKind)),
        (work_over("2021-05-05", "2021-05-04"), Err(NotAnEntry::EndsBeforeItBegins)),
        (refresher("2021-05-04", 0), Err(NotAnEntry::NoMinutes)),
        (refresher("2021-05-04", 1), Ok(())),
        (beside("2021-05-04", "2021-05-04"), Ok(())),
        (beside("2021-05-05", "2021-05-05"), Err(NotAnEntry::DaysContradict)),
        (beside("2021-05-04", "2021-05-03"), Err(NotAnEntry::DaysContradict)),
        (entry("2021-05-04", Entry::Retraining), Ok(())),
    ] {
        assert_eq!(activity.check(), expected, "{activity:?}");
    }
}
