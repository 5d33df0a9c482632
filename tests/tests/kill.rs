//! What was acknowledged is on disk, and nothing is shown that is not so: a child is killed at random moments of whole
//! sessions, from the first tap to the register's receipt and on to what is exported, destroyed and let go of; and while it
//! migrates a laptop of an earlier version.
//!
//! Three hundred rounds here; `make torture` kills ten thousand times. The same rounds with children that are wrong on
//! purpose must go red, or this shows nothing.
#![allow(clippy::unwrap_used, reason = "helpers of tests stop where the set-up fails")]

use std::{io::Write, path::Path};

use fieldproof_store::sabotage::Sabotage;
use fieldproof_tests::kill::{Account, kill};

const ROUNDS: u32 = 300;

fn run(sabotage: Option<Sabotage>) -> Account {
    let mut account = Account::default();
    kill(Path::new(env!("CARGO_BIN_EXE_life-child")), "kill", 0..ROUNDS, sabotage, &mut account);
    account
}

#[test]
fn no_acknowledged_observation_is_lost_or_doubled() {
    let account = run(None);
    // Past the test's own capture: the figures belong to every run.
    writeln!(std::io::stderr(), "kill test: {account:?}").unwrap();
    assert!(account.is_clean(), "acknowledged means on disk: {account:?}");
    let at_work = ROUNDS - account.migrations;
    assert!(at_work * 9 <= account.early * 10, "at least nine in ten kills come before the last line");
    assert_eq!(account.migrations, ROUNDS / 20);
    assert!(0 < account.early_migrations, "and some of those in a migration: {account:?}");
    assert!(account.spread.iter().all(|tenth| 0 < *tenth), "kills fall everywhere: {:?}", account.spread);
}

#[test]
fn a_laptop_that_answers_or_lets_go_too_early_is_noticed() {
    for sabotage in
        [Sabotage::AcknowledgeBeforeCommit, Sabotage::PrintBeforeViewer, Sabotage::AcceptHeld, Sabotage::LetGoEarly]
    {
        let account = run(Some(sabotage));
        assert!(!account.is_clean(), "{sabotage:?} went unnoticed, so the test above shows nothing");
    }
}
