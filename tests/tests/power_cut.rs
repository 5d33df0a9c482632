//! The power goes at every step of a laptop's life: whatever was acknowledged before is on the disk that is left.
//!
//! Of all images a seeded sample is opened here; `make torture` opens at least twenty thousand.

use std::{io::Write, path::Path};

use fieldproof_store::sabotage::Sabotage;
use fieldproof_tests::power_cut::{Cuts, Tally};

fn look(images: u32, sabotage: Option<Sabotage>) -> Tally {
    let program = Path::new(env!("CARGO_BIN_EXE_life-child"));
    Cuts { program, run: "power cut", observations: 20, images, sabotage }.look()
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
