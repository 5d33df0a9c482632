//! Each read, write, sync, rename and whatever else touches the disk fails once, and the disk runs full at each write:
//! no panic, an answer in words, and nothing lost that was acknowledged.
//!
//! A few calls of each kind here; `make torture` goes through all of them.

use std::path::Path;

use fieldproof_store::sabotage::Sabotage;
use fieldproof_tests::{
    Dice,
    every_call::{FLIPS, Lives, WAYS, Way},
    old::Old,
};

const PROGRAM: &str = env!("CARGO_BIN_EXE_life-child");

/// Lets some calls of each way fail; what did not hold.
fn fail(lives: &Lives<'_>, ways: &[Way], most: u32) -> Vec<String> {
    let mut dice = Dice::new("every call");
    let mut wrong = Vec::new();
    for way in ways {
        let calls = lives.calls(*way);
        assert!(0 < calls, "{way:?} meets no call, so it shows nothing");
        wrong.extend(dice.spread(most, calls).into_iter().filter_map(|call| lives.fail(*way, call)));
    }
    wrong
}

#[test]
fn whichever_call_fails_nothing_is_lost_and_it_is_said() {
    let wrong = fail(&Lives::new(Path::new(PROGRAM), None), &WAYS, 4);
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn whichever_call_fails_a_migration_loses_nothing_and_it_is_said() {
    let old = Old::of_version(3);
    // No folder is made on the way.
    let ways: Vec<Way> = WAYS.into_iter().filter(|(kind, ..)| *kind != "mkdir").collect();
    let wrong = fail(&Lives::of_old(Path::new(PROGRAM), &old), &ways, 2);
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn evidence_that_goes_wrong_on_its_way_to_the_disk_is_read_back_and_noticed() {
    let wrong = fail(&Lives::new(Path::new(PROGRAM), None), &FLIPS, 10);
    assert!(wrong.is_empty(), "{wrong:#?}");
    let wrong = fail(&Lives::new(Path::new(PROGRAM), Some(Sabotage::SkipReadBack)), &FLIPS, 4);
    assert!(!wrong.is_empty(), "evidence that nobody read back went unnoticed, so this shows nothing");
}
