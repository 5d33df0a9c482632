//! Ways to be wrong on purpose, each noticed by the suites of `wire_faults.rs` and `epochs.rs`. A program of their own: the switches are
//! the whole program's.

use fieldproof_register::sabotage::{self, Sabotage};
use fieldproof_tests::{
    restored,
    wire::{Plan, Tally, run},
};

const PLAN: Plan<'static> = Plan { records: 10, faults: 25, seed: "saboteurs" };

#[test]
fn every_way_to_be_wrong_is_noticed() {
    let honest = run(PLAN);
    assert!(honest.is_clean(), "without a saboteur: {honest:?}");

    let with = |sabotage| {
        sabotage::set(Some(sabotage));
        let tally = run(PLAN);
        sabotage::set(None);
        tally
    };
    let noticed = |name: &str, tally: Tally| assert!(!tally.is_clean(), "{name} was not noticed: {tally:?}");
    noticed("dropping de-duplication", with(Sabotage::ForgetDuplicates));
    noticed("a receipt before the commit", with(Sabotage::ReceiptBeforeCommit));
    noticed("trusting the wall clock", with(Sabotage::TrustTheClock));

    let restored = || ["one", "two", "three"].map(restored::run).concat();
    assert_eq!(restored(), Vec::<String>::new(), "without a saboteur");
    sabotage::set(Some(Sabotage::NeverBeginAnEpoch));
    let wrong = restored();
    sabotage::set(None);
    assert!(
        wrong.iter().any(|what| what.contains("of epoch 1")),
        "numbers given out twice were not noticed: {wrong:?}"
    );

    fieldproof_sync::sabotage::accept_held(true);
    let tally = run(PLAN);
    fieldproof_sync::sabotage::accept_held(false);
    assert!(0 < tally.false_states, "accepting without a complete receipt: {tally:?}");
}
