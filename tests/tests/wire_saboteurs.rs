//! Ways to be wrong on purpose, each noticed by the suites of `wire_faults.rs` and `epochs.rs` or by the model of
//! `sync_model.rs`. A program of their own: the switches are the whole program's.

use std::sync::Mutex;

use fieldproof_register::sabotage::{self, Sabotage};
use fieldproof_tests::{
    model::play,
    restored,
    wire::{Plan, run},
};

const PLAN: Plan<'static> = Plan { records: 10, faults: 25, seed: "saboteurs" };

/// Networks that one saboteur is tried on at most.
const SEEDS: [&str; 6] = ["saboteurs", "again", "a third time", "a fourth", "a fifth", "and the last"];

/// One saboteur at a time.
static SWITCHES: Mutex<()> = Mutex::new(());

#[test]
fn every_way_to_be_wrong_is_noticed() {
    let _alone = SWITCHES.lock();
    let honest = run(PLAN);
    assert!(honest.is_clean(), "without a saboteur: {honest:?}");

    // Which write is left out hangs on how the network happened to fail: not every ten records are hit.
    let noticed = |name: &str, sabotage| {
        sabotage::set(Some(sabotage));
        let mut plans = SEEDS.iter().map(|&seed| Plan { seed, ..PLAN });
        let is_noticed = plans.any(|plan| !run(plan).is_clean());
        sabotage::set(None);
        assert!(is_noticed, "{name} was not noticed");
    };
    noticed("dropping de-duplication", Sabotage::ForgetDuplicates);
    noticed("a receipt before the commit", Sabotage::ReceiptBeforeCommit);
    noticed("trusting the wall clock", Sabotage::TrustTheClock);

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

#[test]
fn every_way_to_be_wrong_is_noticed_by_the_model_too() {
    let _alone = SWITCHES.lock();
    let noticed = |name: &str| {
        let failure = play("saboteurs", 1_200).err();
        let failure = failure.unwrap_or_else(|| panic!("{name} was not noticed"));
        assert!(failure.steps.len() <= 8, "{name}: a few steps show it: {failure:#?}");
    };
    for (name, sabotage) in [
        ("numbers given out twice", Sabotage::NeverBeginAnEpoch),
        ("dropping de-duplication", Sabotage::ForgetDuplicates),
        ("a receipt before the commit", Sabotage::ReceiptBeforeCommit),
        ("trusting the wall clock", Sabotage::TrustTheClock),
    ] {
        sabotage::set(Some(sabotage));
        noticed(name);
        sabotage::set(None);
    }
    fieldproof_sync::sabotage::accept_held(true);
    noticed("accepting without a complete receipt");
    fieldproof_sync::sabotage::accept_held(false);
}
