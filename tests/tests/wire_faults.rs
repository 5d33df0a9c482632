//! Records over a network that fails: a sample of what `make torture` does for longer, and ways to be wrong on purpose.

use fieldproof_tests::wire::{Plan, run};

#[test]
fn whatever_the_network_does_each_record_is_in_the_register_once() {
    let tally = run(Plan { records: 40, faults: 150, seed: "sample" });
    assert!(tally.is_clean(), "{tally:?}");
    assert!(150 <= tally.faults && 0 < tally.restarts, "{tally:?}");
}
