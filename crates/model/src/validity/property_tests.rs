//! What holds for any facts: time alone revives nothing, an entry takes nothing away, order does not matter.

use proptest::{collection::vec, option, prelude::*, sample::select};

use crate::{
    time::Date,
    validity::{
        Activity, Entry, Holding, Renewed, Rules, ShownBeside, Standing, Status, Validity, Withdrawal, fixtures::*,
        renew, standing,
    },
};

/// About sixteen years, so that terms of five and lapses of three begin and end within.
const DAYS: i32 = 6000;

fn any_day() -> impl Strategy<Value = Date> {
    (0..DAYS).prop_map(Date::from_days)
}

fn any_activity() -> impl Strategy<Value = Activity> {
    let entry = (0..6, 0..400, option::of(0..1500)).prop_map(|(kind, back, forth)| (kind, back, forth));
    (any_day(), entry).prop_map(|(on, (kind, back, forth))| {
        let earlier = Date::from_days(on.as_days() - back);
        let entry = match kind {
            0 => Entry::SuitabilityReview,
            1 => Entry::Refresher { minutes: 420 },
            2 => Entry::EditionRefresh,
            3 => Entry::Retraining,
            4 => {
                let expires = forth.map(|days| Date::from_days(earlier.as_days() + days));
                Entry::ComplementaryRenewed { id: "first_aid".to_owned(), issued: earlier, expires }
            }
            _ => Entry::Work { kind: LIVE.to_owned(), since: earlier },
        };
        Activity { holder: HOLDER, scheme: SCHEME, on, entry, attested_by: ASSESSOR, proof: None }
    })
}

fn any_withdrawal() -> impl Strategy<Value = Withdrawal> {
    (0..3, any_day(), option::of(any_day())).prop_map(|(kind, from, until)| match kind {
        0 => Withdrawal::Revoked { from },
        1 => Withdrawal::Refused { from },
        _ => Withdrawal::Suspended { from, until },
    })
}

fn any_beside() -> impl Strategy<Value = ShownBeside> {
    (any_day(), option::of(any_day())).prop_map(|(issued, expires)| ShownBeside {
        id: "first_aid".to_owned(),
        issued,
        expires,
    })
}

fn any_holding() -> impl Strategy<Value = Holding> {
    let renewed = (any_day(), any_day()).prop_map(|(on, last_day)| Renewed { on, last_day });
    (
        0..2000_i32,
        option::of(any_day()),
        vec(renewed, 0..3),
        vec(any_activity(), 0..8),
        vec(any_beside(), 0..3),
        vec(any_withdrawal(), 0..3),
    )
        .prop_map(|(issued, last_day, renewals, activities, complementary, withdrawals)| Holding {
            issued_on: Date::from_days(issued),
            last_day,
            renewals,
            activities,
            complementary,
            withdrawals,
            ..held("1970-01-01")
        })
}

fn any_validity() -> impl Strategy<Value = Validity> {
    let live = Validity { complementary: needs_first_aid(true).complementary, ..live_work() };
    select(vec![base(), live_work(), live, needs_first_aid(false), air_conditioning(), assessor_refresh()])
}

fn ask(validity: &Validity, holding: &Holding, day: Date) -> Standing {
    standing(&Rules { superseded_on: vec![Date::from_days(2500)], ..rules(validity) }, holding, day)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    #[test]
    fn time_alone_never_revives(validity in any_validity(), holding in any_holding(), asked in any_day(), later in 1..2000_u32) {
        let mut holding = holding;
        holding.renewals.retain(|renewed| renewed.on <= asked);
        holding.activities.retain(|activity| activity.on <= asked);
        holding.complementary.retain(|shown| shown.issued <= asked);
        holding.withdrawals.retain(|withdrawal| withdrawal.holds_on(asked) && !matches!(withdrawal, Withdrawal::Suspended { .. }));
        let first = ask(&validity, &holding, asked).status;
        let second = ask(&validity, &holding, asked.days_later(later)).status;
        if first != Status::CouldNotTell {
            prop_assert!(first == Status::InForce || second != Status::InForce, "{first:?} became {second:?}");
            prop_assert!(first != Status::Expired || second == Status::Expired);
        }
    }

    #[test]
    fn an_entry_takes_nothing_away(validity in any_validity(), holding in any_holding(), more in any_activity(), asked in any_day()) {
        let before = ask(&validity, &holding, asked);
        let mut richer = holding.clone();
        richer.activities.push(more);
        let after = ask(&validity, &richer, asked);
        if before.status == Status::InForce {
            prop_assert_eq!(after.status, Status::InForce);
        }
        prop_assert_eq!(after.last_day, before.last_day);
        prop_assert!(before.lapses_on <= after.lapses_on);
        let granted = |holding: &Holding| renew(&rules(&validity), holding, asked).is_granted();
        prop_assert!(!granted(&holding) || granted(&richer));
    }

    #[test]
    fn order_does_not_matter(validity in any_validity(), holding in any_holding(), asked in any_day(), turn in 0..8_usize) {
        let mut turned = holding.clone();
        turned.activities.reverse();
        let by = turn.min(turned.activities.len());
        turned.activities.rotate_left(by);
        turned.renewals.reverse();
        turned.complementary.reverse();
        turned.withdrawals.reverse();
        prop_assert_eq!(ask(&validity, &turned, asked), ask(&validity, &holding, asked));
        prop_assert_eq!(renew(&rules(&validity), &turned, asked), renew(&rules(&validity), &holding, asked));
    }

    #[test]
    fn in_force_means_every_line_says_so(validity in any_validity(), holding in any_holding(), asked in any_day()) {
        let standing = ask(&validity, &holding, asked);
        let is_clean = standing.lines.iter().all(|line| line.status == Status::InForce);
        prop_assert_eq!(standing.status == Status::InForce, is_clean);
        prop_assert!(standing.lines.iter().any(|line| line.status == standing.status));
    }
}
