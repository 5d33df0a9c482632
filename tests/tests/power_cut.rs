//! The power goes at every step of a laptop's life: whatever was acknowledged before is on the disk that is left.
//!
//! Of all images a seeded sample is opened here; `make torture` opens at least twenty thousand.

use std::{io::Write, path::Path};

use fieldproof_store::sabotage::Sabotage;
use fieldproof_tests::{
    old::Old,
    power_cut::{Cuts, Lived, Tally},
};

fn look(images: u32, sabotage: Option<Sabotage>) -> Tally {
    live(Lived::New { observations: 20 }, images, sabotage)
}

fn live(life: Lived<'_>, images: u32, sabotage: Option<Sabotage>) -> Tally {
    let program = Path::new(env!("CARGO_BIN_EXE_life-child"));
    Cuts { program, run: "power cut", life, images, sabotage }.look()
}

#[test]
fn nothing_acknowledged_is_lost_wherever_the_power_goes() {
    let tally = look(600, None);
    writeln!(std::io::stderr(), "power cut: {} of {} images opened", tally.images, tally.of).unwrap();
    assert!(tally.wrong.is_empty(), "{:#?}", tally.wrong);
    assert!(400 < tally.images, "the sample is what it is called: {}", tally.images);
}

#[test]
fn whoever_answers_before_it_is_on_the_disk_is_noticed() {
    for sabotage in [
        Sabotage::AcknowledgeBeforeCommit,
        Sabotage::StoreWithoutSync,
        Sabotage::SlotsWithoutSync,
        Sabotage::RowBeforeEvidence,
    ] {
        let tally = look(600, Some(sabotage));
        assert!(!tally.wrong.is_empty(), "{sabotage:?} went unnoticed over {} images", tally.images);
    }
}

/// The oldest version whose signed formats are those of today.
const OLD: i64 = 3;

#[test]
fn a_laptop_of_an_earlier_version_loses_nothing_wherever_the_power_goes_while_it_is_migrated() {
    let old = Old::of_version(OLD);
    let tally = live(Lived::Old(&old), 150, None);
    writeln!(std::io::stderr(), "migration: {} of {} images opened", tally.images, tally.of).unwrap();
    assert!(tally.wrong.is_empty(), "{:#?}", tally.wrong);
    assert!(100 < tally.images, "the sample is what it is called: {}", tally.images);
}

#[test]
fn whoever_migrates_before_everything_is_on_the_disk_is_noticed() {
    let old = Old::of_version(OLD);
    for sabotage in [Sabotage::CopyWithoutSync, Sabotage::StoreWithoutSync] {
        let tally = live(Lived::Old(&old), 150, Some(sabotage));
        assert!(!tally.wrong.is_empty(), "{sabotage:?} went unnoticed over {} images", tally.images);
    }
}
