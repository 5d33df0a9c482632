//! The status on each side of every border (domain §5.4, §5.11 scenarios 1, 4, 9).

use crate::validity::{
    CountFrom, Entry, Found, Holding, InForce, Rules, ShownBeside, Status, Term, Validity, Withdrawal, fixtures::*,
    standing,
};

#[test]
fn every_credential_of_the_matrix_holds_through_its_last_day() {
    use Status::{CouldNotTell, Expired, InForce, PracticeNotShown};
    check(vec![
        (
            "base, five years, no lapse built in",
            base(),
            held("2020-03-10"),
            &[
                ("2020-03-09", CouldNotTell),
                ("2020-03-10", InForce),
                ("2020-03-11", InForce),
                ("2023-03-11", InForce),
                ("2025-03-09", InForce),
                ("2025-03-10", InForce),
                ("2025-03-11", Expired),
            ],
        ),
        (
            "live work with practice, five years",
            live_work(),
            with("2020-03-10", [work("2023-03-01")]),
            &[("2020-03-09", CouldNotTell), ("2025-03-09", InForce), ("2025-03-10", InForce), ("2025-03-11", Expired)],
        ),
        (
            "live work without entries, three years from the exercise",
            live_work(),
            held("2020-03-10"),
            &[("2023-03-09", InForce), ("2023-03-10", InForce), ("2023-03-11", PracticeNotShown)],
        ),
        (
            "first aid, three years",
            first_aid(),
            held("2020-03-10"),
            &[("2020-03-09", CouldNotTell), ("2023-03-09", InForce), ("2023-03-10", InForce), ("2023-03-11", Expired)],
        ),
        (
            "air conditioning, seven years",
            air_conditioning(),
            held("2020-03-10"),
            &[("2020-03-09", CouldNotTell), ("2027-03-09", InForce), ("2027-03-10", InForce), ("2027-03-11", Expired)],
        ),
        (
            "assessor refresh, two years",
            assessor_refresh(),
            held("2020-03-10"),
            &[("2020-03-09", CouldNotTell), ("2022-03-09", InForce), ("2022-03-10", InForce), ("2022-03-11", Expired)],
        ),
    ]);
}

#[test]
fn the_last_day_is_the_signed_one_or_the_schemes_or_the_institutions_or_none() {
    let none = plain(None);
    let signed = Holding { last_day: Some(day("2021-06-30")), ..held("2020-03-10") };
    let last_day = |validity: &Validity, holding: &Holding, institution_term: Option<Term>| {
        standing(&Rules { institution_term, ..rules(validity) }, holding, day("2020-03-10")).last_day
    };
    let months = Some(Term::Months(6));
    assert_eq!(last_day(&base(), &signed, months), Some(day("2021-06-30")));
    assert_eq!(last_day(&base(), &held("2020-03-10"), months), Some(day("2025-03-10")));
    assert_eq!(last_day(&none, &held("2020-03-10"), months), Some(day("2020-09-10")));
    assert_eq!(last_day(&none, &held("2020-03-10"), Some(Term::Days(30))), Some(day("2020-04-09")));
    assert_eq!(last_day(&none, &held("2020-03-10"), None), None);
    assert_eq!(status(&none, &held("2020-03-10"), "2999-01-01"), Status::InForce, "no end");
    assert_eq!(status(&base(), &signed, "2021-06-30"), Status::InForce);
    assert_eq!(status(&base(), &signed, "2021-07-01"), Status::Expired);
}

#[test]
fn the_29th_of_february_becomes_the_last_of_the_month() {
    use Status::{Expired, InForce, Lapsed, PracticeNotShown};
    check(vec![
        ("issued then", base(), held("2024-02-29"), &[("2029-02-28", InForce), ("2029-03-01", Expired)]),
        (
            "to a leap year",
            plain(Some(Term::Years(4))),
            held("2024-02-29"),
            &[("2028-02-29", InForce), ("2028-03-01", Expired)],
        ),
        (
            "practice counted from it",
            live_work(),
            held("2024-02-29"),
            &[("2027-02-28", InForce), ("2027-03-01", PracticeNotShown)],
        ),
        (
            "last work on it",
            live_work(),
            with("2023-01-10", [work("2024-02-29")]),
            &[("2027-02-28", InForce), ("2027-03-01", Lapsed)],
        ),
    ]);
}

#[test]
fn a_last_day_on_a_clock_change_is_a_day_like_any_other() {
    use Status::{Expired, InForce};
    check(vec![
        (
            "clocks go forward",
            base(),
            held("2022-03-28"),
            &[("2027-03-27", InForce), ("2027-03-28", InForce), ("2027-03-29", Expired)],
        ),
        (
            "clocks go back",
            base(),
            held("2021-10-25"),
            &[("2026-10-24", InForce), ("2026-10-25", InForce), ("2026-10-26", Expired)],
        ),
    ]);
}

#[test]
fn a_renewal_counts_from_its_day_and_takes_no_days_away() {
    use Status::{Expired, InForce};
    let base_held = |renewals| Holding { renewals, ..held("2020-03-10") };
    check(vec![
        (
            "in time",
            base(),
            base_held(vec![renewed("2025-03-01", "2030-03-01")]),
            &[("2025-03-11", InForce), ("2030-03-01", InForce), ("2030-03-02", Expired)],
        ),
        (
            "late",
            base(),
            base_held(vec![renewed("2025-06-01", "2030-06-01")]),
            &[("2025-05-31", Expired), ("2025-06-01", InForce), ("2030-06-02", Expired)],
        ),
        (
            "shorter than what was left",
            base(),
            base_held(vec![renewed("2021-01-01", "2022-01-01")]),
            &[("2025-03-10", InForce), ("2025-03-11", Expired)],
        ),
        (
            "before the issue",
            base(),
            base_held(vec![renewed("2020-03-09", "2030-01-01")]),
            &[("2025-03-10", InForce), ("2025-03-11", Expired)],
        ),
        (
            "on the day of issue",
            base(),
            base_held(vec![renewed("2020-03-10", "2030-01-01")]),
            &[("2030-01-01", InForce), ("2030-01-02", Expired)],
        ),
        (
            "of what has no end",
            plain(None),
            base_held(vec![renewed("2021-01-01", "2022-01-01")]),
            &[("2022-01-02", InForce)],
        ),
    ]);
}

#[test]
fn first_aid_may_run_out_between_the_gate_and_the_exam() {
    use Status::{ComplementaryNotShown, ComplementaryOver, InForce};
    let with_card = |card| Holding { complementary: vec![card], ..held("2026-05-01") };
    let other = ShownBeside { id: "forklift".to_owned(), ..shown("2026-05-01", None) };
    let renewed = Entry::ComplementaryRenewed {
        id: "first_aid".to_owned(),
        issued: day("2026-06-04"),
        expires: Some(day("2026-12-31")),
    };
    let card_and_entry = Holding {
        activities: vec![entry("2026-06-05", renewed)],
        ..with_card(shown("2023-06-02", Some("2026-06-02")))
    };
    let gate_and_exam: &[(&str, Status)] =
        &[("2026-06-01", InForce), ("2026-06-02", InForce), ("2026-06-03", ComplementaryOver)];
    check(vec![
        ("as printed", needs_first_aid(true), with_card(shown("2024-01-01", Some("2026-06-02"))), gate_and_exam),
        ("by the usual term", needs_first_aid(true), with_card(shown("2023-06-02", None)), gate_and_exam),
        (
            "an entry renews it, once it is made",
            needs_first_aid(true),
            card_and_entry,
            &[
                ("2026-06-04", ComplementaryOver),
                ("2026-06-05", InForce),
                ("2026-12-31", InForce),
                ("2027-01-01", ComplementaryOver),
            ],
        ),
        ("never shown", needs_first_aid(true), held("2026-05-01"), &[("2026-06-01", ComplementaryNotShown)]),
        ("something else", needs_first_aid(true), with_card(other), &[("2026-06-01", ComplementaryNotShown)]),
        (
            "issued later",
            needs_first_aid(true),
            with_card(shown("2026-06-02", None)),
            &[("2026-06-01", ComplementaryNotShown), ("2026-06-02", InForce)],
        ),
        ("where it does not block", needs_first_aid(false), held("2026-05-01"), &[("2026-06-01", InForce)]),
        (
            "over, where it does not block",
            needs_first_aid(false),
            with_card(shown("2023-06-02", None)),
            &[("2026-06-03", InForce)],
        ),
    ]);
}

#[test]
fn first_aid_without_any_end_holds() {
    let mut validity = needs_first_aid(true);
    validity.complementary[0].term = None;
    let cards = vec![shown("2020-01-01", None), shown("2020-01-01", Some("2021-01-01"))];
    let holding = Holding { complementary: cards, ..held("2026-05-01") };
    assert_eq!(status(&validity, &holding, "2029-01-01"), Status::InForce, "the one that holds longest counts");
    assert_eq!(on(&validity, &holding, "2029-01-01").reminders, Vec::new());
}

#[test]
fn a_withdrawal_holds_from_its_day() {
    use Status::{InForce, Refused, Revoked, Suspended};
    let with = |withdrawals: &[Withdrawal]| Holding { withdrawals: withdrawals.to_vec(), ..held("2020-03-10") };
    let from = day("2021-06-01");
    let suspended = Withdrawal::Suspended { from, until: Some(day("2021-08-01")) };
    let open = Withdrawal::Suspended { from, until: None };
    check(vec![
        (
            "revoked",
            base(),
            with(&[Withdrawal::Revoked { from }]),
            &[("2021-05-31", InForce), ("2021-06-01", Revoked), ("2029-01-01", Revoked)],
        ),
        (
            "refused",
            base(),
            with(&[Withdrawal::Refused { from }]),
            &[("2021-05-31", InForce), ("2021-06-01", Refused), ("2029-01-01", Refused)],
        ),
        (
            "suspended until",
            base(),
            with(&[suspended]),
            &[("2021-05-31", InForce), ("2021-06-01", Suspended), ("2021-08-01", Suspended), ("2021-08-02", InForce)],
        ),
        (
            "suspended",
            base(),
            with(&[open]),
            &[("2021-05-31", InForce), ("2021-06-01", Suspended), ("2029-01-01", Suspended)],
        ),
    ]);
}

/// Everything that can be wrong at once, strongest first: taking the first away uncovers the next.
#[test]
fn the_precedence_of_all_rules() {
    let from = day("2026-01-01");
    let mut validity = live_work();
    validity.complementary = needs_first_aid(true).complementary;
    validity.complementary.push(validity.complementary[0].clone());
    validity.complementary[1].id = "rescue".to_owned();
    let over = |last_day: &str| shown("2020-01-01", Some(last_day));
    let mut holding = Holding {
        withdrawals: vec![
            Withdrawal::Suspended { from, until: None },
            Withdrawal::Refused { from },
            Withdrawal::Revoked { from },
        ],
        activities: vec![work("2020-05-04")],
        complementary: vec![over("2021-01-01")],
        ..held("2020-03-10")
    };
    let asked = "2026-02-01";
    assert_eq!(status(&validity, &holding, asked), Status::Revoked);
    holding.withdrawals.pop();
    assert_eq!(status(&validity, &holding, asked), Status::Refused);
    holding.withdrawals.pop();
    assert_eq!(status(&validity, &holding, asked), Status::Suspended);
    holding.withdrawals.pop();
    assert_eq!(status(&validity, &holding, asked), Status::Expired);
    holding.last_day = Some(day("2030-01-01"));
    assert_eq!(status(&validity, &holding, asked), Status::Lapsed);
    holding.activities.clear();
    assert_eq!(status(&validity, &holding, asked), Status::ComplementaryOver);
    holding.complementary = vec![over("2026-02-01")];
    assert_eq!(status(&validity, &holding, asked), Status::PracticeNotShown);
    holding.activities = vec![entry("2025-05-04", Entry::Retraining)];
    assert_eq!(status(&validity, &holding, asked), Status::ComplementaryNotShown);
    holding.complementary.push(ShownBeside { id: "rescue".to_owned(), ..over("2026-02-01") });
    assert_eq!(status(&validity, &holding, asked), Status::InForce);
}

#[test]
fn a_clock_set_back_is_no_verdict_but_a_withdrawal_is() {
    let signed_oddly = Holding { last_day: Some(day("2019-01-01")), ..held("2020-03-10") };
    assert_eq!(status(&base(), &signed_oddly, "2020-03-09"), Status::CouldNotTell, "never expired");
    assert_eq!(on(&base(), &held("2020-03-10"), "2020-03-09").reminders, Vec::new());
    let revoked = Holding { withdrawals: vec![Withdrawal::Revoked { from: day("2020-03-09") }], ..held("2020-03-10") };
    assert_eq!(status(&base(), &revoked, "2020-03-08"), Status::CouldNotTell);
    assert_eq!(status(&base(), &revoked, "2020-03-09"), Status::Revoked);
}

#[test]
fn only_failed_checks_say_no() {
    let said = |answer: InForce| {
        let all = [
            Status::Revoked,
            Status::Refused,
            Status::Suspended,
            Status::CouldNotTell,
            Status::Expired,
            Status::Lapsed,
            Status::ComplementaryOver,
            Status::PracticeNotShown,
            Status::ComplementaryNotShown,
            Status::InForce,
        ];
        all.into_iter().filter(|status| status.in_force() == answer).collect::<Vec<_>>()
    };
    assert_eq!(said(InForce::Yes), [Status::InForce]);
    let open = [Status::CouldNotTell, Status::PracticeNotShown, Status::ComplementaryNotShown];
    assert_eq!(said(InForce::CouldNotTell), open);
    assert_eq!(said(InForce::No).len(), 6);
}

#[test]
fn an_answer_explains_itself() {
    let mut validity = live_work();
    validity.complementary = needs_first_aid(true).complementary;
    let holding = Holding {
        renewals: vec![renewed("2021-01-01", "2026-01-01")],
        complementary: vec![shown("2024-01-01", Some("2024-12-31"))],
        ..with("2020-03-10", [work("2021-05-04")])
    };
    let standing = on(&validity, &holding, "2024-05-05");
    assert_eq!((standing.status, standing.last_day), (Status::Lapsed, Some(day("2026-01-01"))));
    assert_eq!(standing.lapses_on, Some(day("2024-05-05")));
    let lines: Vec<(Status, Found, &str)> =
        standing.lines.iter().map(|line| (line.status, line.found.clone(), line.source.as_str())).collect();
    let (last, stood_until) = (day("2021-05-04"), day("2024-05-04"));
    let beside = Found::BesideHolds { id: "first_aid".to_owned(), last_day: Some(day("2024-12-31")) };
    let expected = vec![
        (Status::InForce, Found::NotWithdrawn, "fixture"),
        (Status::InForce, Found::Issued(day("2020-03-10")), "fixture"),
        (Status::InForce, Found::Renewed { on: day("2021-01-01"), last_day: day("2026-01-01") }, "VL2"),
        (Status::InForce, Found::HoldsUntil(day("2026-01-01")), "fixture"),
        (Status::Lapsed, Found::NotPractised { last, stood_until }, "VL2"),
        (Status::InForce, beside, "PR1"),
    ];
    assert_eq!(lines, expected);
}

#[test]
fn a_schemes_rules_are_read_off_it() {
    let superseded_on = [None, Some(day("2026-01-01")), Some(day("2025-01-01"))];
    let scheme = scheme(Validity { term: None, ..live_work() }, Some(Term::Months(30)), &superseded_on);
    let rules = Rules::of(&scheme, 30);
    assert_eq!(rules.term(), Some(Term::Months(30)));
    assert_eq!(rules.validity, &scheme.validity);
    assert_eq!(rules.superseded_on, [day("2026-01-01"), day("2025-01-01")]);
    assert_eq!((rules.count_from, rules.remind_days), (CountFrom::Renewal, 30));
}
