//! Whether a renewal is granted, on each side of every border (domain §5.11 scenario 5).

use crate::validity::{
    Activity, CountFrom, Entry, Holding, Renewal, RenewalAnswer, RenewalDemand, Rules, Term, Validity, Withdrawal,
    fixtures::*, renew,
};

fn asked(validity: &Validity, holding: &Holding, on: &str) -> RenewalAnswer {
    renew(&rules(validity), holding, day(on))
}

fn failed(answer: &RenewalAnswer) -> Vec<RenewalDemand> {
    answer.lines.iter().filter(|line| !line.holds).map(|line| line.demand.clone()).collect()
}

fn activity(needed_days: i64, proved_days: i64) -> RenewalDemand {
    RenewalDemand::Activity { years: 3, needed_days, proved_days }
}

#[test]
fn scenario_5_both_proofs_or_none() {
    let three_years = || work_over("2021-01-01", "2023-12-31");
    let nearly = || work_over("2021-01-01", "2023-11-24");
    let rows: [(&str, Vec<Activity>, Vec<RenewalDemand>); 7] = [
        ("3 years and 7 hours", vec![three_years(), refresher("2026-02-02", 420)], vec![]),
        ("2.9 years and 7 hours", vec![nearly(), refresher("2026-02-02", 420)], vec![activity(1095, 1058)]),
        (
            "a day less than 3 years",
            vec![work_over("2021-01-01", "2023-12-30"), refresher("2026-02-02", 420)],
            vec![activity(1095, 1094)],
        ),
        (
            "a minute less than 7 hours",
            vec![three_years(), refresher("2026-02-02", 419)],
            vec![RenewalDemand::Refresher { needed: 420, proved: 419 }],
        ),
        ("7 hours in two", vec![three_years(), refresher("2026-02-02", 400), refresher("2026-02-03", 20)], vec![]),
        ("no refresher", vec![three_years()], vec![RenewalDemand::Refresher { needed: 420, proved: 0 }]),
        ("nothing", vec![], vec![activity(1096, 0), RenewalDemand::Refresher { needed: 420, proved: 0 }]),
    ];
    for (name, entries, expected) in rows {
        let answer = asked(&air_conditioning(), &with("2020-01-15", entries), "2026-03-01");
        assert_eq!(failed(&answer), expected, "{name}");
        assert_eq!(answer.last_day, expected.is_empty().then(|| day("2033-03-01")), "{name}: the full term again");
        assert_eq!(answer.is_granted(), expected.is_empty(), "{name}");
    }
}

#[test]
fn days_of_activity_count_once_and_only_where_covered() {
    let proved = |entries: Vec<Activity>, on: &str| {
        let answer = asked(&air_conditioning(), &with("2020-01-15", entries), on);
        answer.lines.iter().find_map(|line| match line.demand {
            RenewalDemand::Activity { needed_days, proved_days, .. } => Some((needed_days, proved_days)),
            RenewalDemand::SchemeSays
            | RenewalDemand::Issued(_)
            | RenewalDemand::NotWithdrawn(_)
            | RenewalDemand::Term(_)
            | RenewalDemand::HasAnEnd(_)
            | RenewalDemand::Refresher { .. }
            | RenewalDemand::Retraining(_) => None,
        })
    };
    let rows = [
        ("one day", vec![work("2021-01-01")], "2026-03-01", (1095, 1)),
        ("the same day twice", vec![work("2021-01-01"), work("2021-01-01")], "2026-03-01", (1095, 1)),
        ("two days side by side", vec![work("2021-01-02"), work("2021-01-01")], "2026-03-01", (1095, 2)),
        (
            "one within another, one overlapping, one apart",
            vec![
                work_over("2021-01-01", "2021-01-31"),
                work_over("2021-01-10", "2021-01-20"),
                work_over("2021-01-31", "2021-02-02"),
                work_over("2021-03-01", "2021-03-10"),
            ],
            "2026-03-01",
            (1095, 43),
        ),
        ("begun before the issue", vec![work_over("2019-01-01", "2020-01-16")], "2026-03-01", (1096, 2)),
        ("ended behind the last day", vec![work_over("2027-01-14", "2027-03-01")], "2027-03-01", (1096, 2)),
        ("on the day of renewal", vec![work("2026-03-01")], "2026-03-01", (1096, 1)),
        ("behind the day of renewal", vec![work("2026-03-02")], "2026-03-01", (1096, 0)),
    ];
    for (name, entries, on, expected) in rows {
        assert_eq!(proved(entries, on), Some(expected), "{name}");
    }
}

#[test]
fn relevant_is_the_kind_the_scheme_names_or_any_kind() {
    let mut validity = air_conditioning();
    let mut painting = work_over("2021-01-01", "2023-12-31");
    painting.entry = Entry::Work { kind: "painting".to_owned(), since: day("2021-01-01") };
    let holding = with("2020-01-15", [painting, refresher("2026-02-02", 420)]);
    assert!(asked(&validity, &holding, "2026-03-01").is_granted(), "whoever attests it says that it is relevant");
    validity.lapse = live_work().lapse;
    assert_eq!(failed(&asked(&validity, &holding, "2026-03-01")), vec![activity(1096, 0)]);
}

#[test]
fn nothing_speaks_for_two_renewals() {
    let first = [work_over("2021-01-01", "2026-03-01"), refresher("2026-03-01", 420)];
    let again = |more: Vec<Activity>| {
        let activities = first.iter().cloned().chain(more).collect();
        let renewals = vec![renewed("2026-03-01", "2033-03-01")];
        let holding = Holding { activities, renewals, ..held("2020-01-15") };
        failed(&asked(&air_conditioning(), &holding, "2032-03-01"))
    };
    let none = RenewalDemand::Refresher { needed: 420, proved: 0 };
    assert_eq!(again(vec![]), vec![activity(1096, 0), none.clone()]);
    assert_eq!(again(vec![work_over("2020-06-01", "2026-03-02")]), vec![activity(1096, 1), none]);
    assert_eq!(again(vec![work_over("2026-03-02", "2029-03-01"), refresher("2026-03-02", 420)]), vec![]);
}

#[test]
fn a_renewal_of_the_day_itself_is_not_behind_it() {
    let entries = [work_over("2021-01-01", "2023-12-31"), refresher("2026-03-01", 420)];
    let holding = Holding { renewals: vec![renewed("2026-03-01", "2033-03-01")], ..with("2020-01-15", entries) };
    assert!(asked(&air_conditioning(), &holding, "2026-03-01").is_granted(), "asking again gives the same answer");
    assert!(!asked(&air_conditioning(), &holding, "2026-03-02").is_granted());
}

#[test]
fn live_work_asks_for_training_and_nothing_else_will_do() {
    let ask = |entry| failed(&asked(&live_work(), &with("2020-01-15", [entry]), "2024-06-01"));
    assert_eq!(ask(entry("2024-06-01", Entry::Retraining)), vec![]);
    assert_eq!(ask(entry("2020-01-15", Entry::Retraining)), vec![]);
    let missing = vec![RenewalDemand::Retraining(None)];
    for other in [
        entry("2024-06-02", Entry::Retraining),
        entry("2020-01-14", Entry::Retraining),
        refresher("2024-06-01", 9999),
        entry("2024-06-01", Entry::EditionRefresh),
        work("2024-06-01"),
    ] {
        assert_eq!(ask(other.clone()), missing, "{other:?}");
    }
}

#[test]
fn the_newest_training_is_the_one_named() {
    let trainings = ["2021-06-01", "2023-06-01", "2022-06-01"].map(|on| entry(on, Entry::Retraining));
    let answer = asked(&live_work(), &with("2020-01-15", trainings), "2024-06-01");
    let named = RenewalDemand::Retraining(Some(day("2023-06-01")));
    assert!(answer.lines.iter().any(|line| line.demand == named && line.source == "VL2"), "{answer:?}");
}

#[test]
fn the_term_counts_from_the_renewal_or_from_the_old_last_day() {
    let holding = with("2020-01-15", [entry("2024-06-01", Entry::Retraining)]);
    let validity = live_work();
    let last_day = |count_from, on: &str| renew(&Rules { count_from, ..rules(&validity) }, &holding, day(on)).last_day;
    for (on, from_renewal, from_old) in [
        ("2024-06-01", "2029-06-01", "2030-01-15"),
        ("2025-01-15", "2030-01-15", "2030-01-15"),
        ("2025-01-16", "2030-01-16", "2030-01-16"),
        ("2026-05-05", "2031-05-05", "2031-05-05"),
    ] {
        assert_eq!(last_day(CountFrom::Renewal, on), Some(day(from_renewal)), "{on}");
        assert_eq!(last_day(CountFrom::OldLastDay, on), Some(day(from_old)), "{on}");
    }
}

#[test]
fn what_stands_in_the_way_of_any_renewal() {
    let trained = || with("2020-01-15", [entry("2024-06-01", Entry::Retraining)]);
    let from = day("2024-07-01");
    let suspended = Withdrawal::Suspended { from, until: Some(day("2024-08-01")) };
    let revoked = Withdrawal::Revoked { from };
    let withdrawn = |withdrawals: &[Withdrawal]| Holding { withdrawals: withdrawals.to_vec(), ..trained() };
    let not = |withdrawal| vec![RenewalDemand::NotWithdrawn(Some(withdrawal))];
    let live = live_work();
    assert_eq!(failed(&asked(&live, &withdrawn(&[suspended]), "2024-06-30")), vec![]);
    assert_eq!(failed(&asked(&live, &withdrawn(&[suspended]), "2024-08-01")), not(suspended));
    assert_eq!(failed(&asked(&live, &withdrawn(&[suspended]), "2024-08-02")), vec![]);
    assert_eq!(failed(&asked(&live, &withdrawn(&[suspended, revoked]), "2024-07-01")), not(revoked), "the heavier");
    assert_eq!(failed(&asked(&base(), &trained(), "2024-07-01")), vec![RenewalDemand::SchemeSays]);
    let endless = Validity { term: None, ..live_work() };
    let no_term = vec![RenewalDemand::HasAnEnd(None), RenewalDemand::Term(None)];
    assert_eq!(failed(&asked(&endless, &trained(), "2024-07-01")), no_term);
    let signed = Holding { last_day: Some(day("2025-01-15")), ..trained() };
    assert_eq!(failed(&asked(&endless, &signed, "2024-07-01")), vec![RenewalDemand::Term(None)]);
    let issued = Holding { issued_on: day("2024-06-01"), ..trained() };
    assert_eq!(failed(&asked(&live, &issued, "2024-06-01")), vec![]);
    let early = vec![RenewalDemand::Issued(day("2024-06-01")), RenewalDemand::Retraining(None)];
    assert_eq!(failed(&asked(&live, &issued, "2024-05-31")), early);
}

#[test]
fn the_institutions_term_renews_where_the_scheme_has_none() {
    let validity = Validity { term: None, ..live_work() };
    let rules = Rules { institution_term: Some(Term::Months(30)), ..rules(&validity) };
    let answer = renew(&rules, &with("2024-01-15", [entry("2024-06-01", Entry::Retraining)]), day("2024-06-01"));
    assert_eq!(answer.last_day, Some(day("2026-12-01")));
}

#[test]
fn a_demand_that_is_not_made_leaves_no_line() {
    let nothing =
        Renewal { activity_years: None, refresher_minutes: None, retraining: false, source: "fixture".to_owned() };
    let validity = Validity { renewal: Some(nothing), ..base() };
    let answer = asked(&validity, &held("2020-01-15"), "2024-06-01");
    assert_eq!(answer.lines.len(), 4);
    assert_eq!(answer.last_day, Some(day("2029-06-01")));
}
