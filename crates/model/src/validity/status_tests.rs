//! The status on each side of every border (domain §5.4, §5.11 scenarios 1, 4, 9).

use crate::{
    id::{PersonId, SchemeId},
    validity::{
        About, Activity, CountFrom, Due, Entry, Found, Holding, InForce, NotAnEntry, Reminder, Rules, ShownBeside,
        Standing, Status, Term, Validity, Withdrawal, fixtures::*, standing,
    },
};

/// Each row: name, rules, facts, then what is true on each day asked.
type Row<'a> = (&'a str, Validity, Holding, &'a [(&'a str, Status)]);

fn check(rows: Vec<Row<'_>>) {
    for (name, validity, holding, asked) in rows {
        for (text, expected) in asked {
            assert_eq!(status(&validity, &holding, text), *expected, "{name}, on {text}");
        }
    }
}

fn by(about: About, on: &str) -> Reminder {
    Reminder { about, due: Due::By(day(on)) }
}

fn since(about: About, on: &str) -> Reminder {
    Reminder { about, due: Due::Since(day(on)) }
}

fn ahead(validity: &Validity, holding: &Holding, asked: &str, remind_days: u32) -> Vec<Reminder> {
    standing(&Rules { remind_days, ..rules(validity) }, holding, day(asked)).reminders
}

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

fn shown(issued: &str, expires: Option<&str>) -> ShownBeside {
    ShownBeside { id: "first_aid".to_owned(), issued: day(issued), expires: expires.map(day) }
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
fn first_aid_is_reminded_of_whether_or_not_it_blocks() {
    let about = || About::Complementary("first_aid".to_owned());
    for blocks in [true, false] {
        let validity = needs_first_aid(blocks);
        let holding = Holding { complementary: vec![shown("2023-06-02", None)], ..held("2026-05-01") };
        assert_eq!(ahead(&validity, &holding, "2026-05-22", 10), vec![]);
        assert_eq!(ahead(&validity, &holding, "2026-05-23", 10), vec![by(about(), "2026-06-02")]);
        assert_eq!(ahead(&validity, &holding, "2026-06-02", 0), vec![by(about(), "2026-06-02")]);
        assert_eq!(ahead(&validity, &holding, "2026-06-03", 0), vec![since(about(), "2026-06-03")]);
        let never = vec![Reminder { about: about(), due: Due::Open }];
        assert_eq!(ahead(&validity, &held("2026-05-01"), "2026-06-03", 0), never);
    }
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
fn suitability_is_looked_at_again_every_twelve_months_and_is_only_a_reminder() {
    let validity = Validity { suitability_review_months: Some(12), ..base() };
    let review = |on: &str| entry(on, Entry::SuitabilityReview);
    let reminders = |holding: &Holding, asked: &str| {
        let Standing { status, reminders, .. } = on(&validity, holding, asked);
        assert_eq!(status, Status::InForce, "{asked}");
        reminders
    };
    let none = held("2020-03-10");
    assert_eq!(reminders(&none, "2021-03-09"), vec![]);
    assert_eq!(reminders(&none, "2021-03-10"), vec![by(About::SuitabilityReview, "2021-03-10")]);
    assert_eq!(reminders(&none, "2021-03-11"), vec![since(About::SuitabilityReview, "2021-03-11")]);
    let reviewed = with("2020-03-10", [review("2021-03-10"), review("2020-09-01")]);
    assert_eq!(reminders(&reviewed, "2022-03-09"), vec![]);
    assert_eq!(reminders(&reviewed, "2022-03-10"), vec![by(About::SuitabilityReview, "2022-03-10")]);
    assert_eq!(reminders(&reviewed, "2022-03-11"), vec![since(About::SuitabilityReview, "2022-03-11")]);
    let before = with("2020-03-10", [review("2020-03-09")]);
    assert_eq!(reminders(&before, "2021-03-10"), vec![by(About::SuitabilityReview, "2021-03-10")]);
}

#[test]
fn a_new_edition_asks_for_a_refresh_from_its_day() {
    let validity = assessor_refresh();
    let asked = |validity: &Validity, holding: &Holding, asked: &str| {
        let superseded_on = vec![day("2020-06-01"), day("2021-06-01"), day("2030-01-01")];
        standing(&Rules { superseded_on, ..rules(validity) }, holding, day(asked)).reminders
    };
    let due = |on: &str| vec![since(About::Refresh, on)];
    assert_eq!(asked(&validity, &held("2020-03-10"), "2020-05-31"), vec![]);
    assert_eq!(asked(&validity, &held("2020-03-10"), "2020-06-01"), due("2020-06-01"));
    assert_eq!(asked(&validity, &held("2020-03-10"), "2021-06-01"), due("2021-06-01"), "the newest");
    assert_eq!(asked(&validity, &held("2020-05-31"), "2020-06-02"), due("2020-06-01"));
    assert_eq!(asked(&validity, &held("2020-06-01"), "2020-06-02"), vec![], "issued under the new one");
    for refresh in [Entry::EditionRefresh, Entry::Retraining, Entry::Refresher { minutes: 1 }] {
        let on_day = |on: &str| with("2020-03-10", [entry(on, refresh.clone())]);
        assert_eq!(asked(&validity, &on_day("2020-05-31"), "2020-07-01"), due("2020-06-01"));
        assert_eq!(asked(&validity, &on_day("2020-06-01"), "2020-07-01"), vec![]);
    }
    let renewal = Holding { renewals: vec![renewed("2020-06-01", "2022-06-01")], ..held("2020-03-10") };
    assert_eq!(asked(&validity, &renewal, "2020-07-01"), vec![]);
    assert_eq!(asked(&base(), &held("2020-03-10"), "2020-07-01"), vec![], "where the scheme does not ask");
}

#[test]
fn renewal_and_practice_are_reminded_of_as_far_ahead_as_asked() {
    let validity = Validity { suitability_review_months: None, ..live_work() };
    let holding = with("2020-03-10", [work("2021-05-04")]);
    assert_eq!(ahead(&validity, &holding, "2024-04-03", 30), vec![]);
    assert_eq!(ahead(&validity, &holding, "2024-04-04", 30), vec![by(About::Practice, "2024-05-04")]);
    assert_eq!(ahead(&validity, &holding, "2024-05-05", 30), vec![since(About::Practice, "2024-05-05")]);
    let renewal = |on: &str| by(About::Renewal, on);
    let practice = since(About::Practice, "2024-05-05");
    assert_eq!(ahead(&validity, &holding, "2025-02-07", 30), vec![practice.clone()]);
    assert_eq!(ahead(&validity, &holding, "2025-02-08", 30), vec![renewal("2025-03-10"), practice.clone()]);
    assert_eq!(ahead(&validity, &holding, "2025-03-10", 0), vec![renewal("2025-03-10"), practice.clone()]);
    assert_eq!(ahead(&validity, &holding, "2025-03-11", 0), vec![since(About::Renewal, "2025-03-11"), practice]);
    let silent = with("2020-03-10", [work("2024-05-04")]);
    let open = Reminder { about: About::Practice, due: Due::Open };
    assert_eq!(ahead(&validity, &silent, "2024-06-01", 0), vec![open]);
}

#[test]
fn what_was_taken_away_is_not_reminded_of() {
    let from = day("2026-01-01");
    for (withdrawal, count) in [
        (Withdrawal::Revoked { from }, 0),
        (Withdrawal::Refused { from }, 0),
        (Withdrawal::Suspended { from, until: None }, 1),
    ] {
        let holding = Holding { withdrawals: vec![withdrawal], ..held("2020-03-10") };
        assert_eq!(on(&base(), &holding, "2026-01-01").reminders.len(), count, "{withdrawal:?}");
    }
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
