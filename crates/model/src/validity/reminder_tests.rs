//! What is asked for ahead of time, and what was missed (domain §5.4).

use crate::validity::{
    About, Due, Entry, Holding, Reminder, Rules, Standing, Status, Validity, Withdrawal, fixtures::*, standing,
};

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
