//! A switch that makes the client wrong on purpose, so that the fault suites can show that they notice.

use std::sync::atomic::{AtomicBool, Ordering};

static ACCEPT_HELD: AtomicBool = AtomicBool::new(false);

/// Takes the receipt for a record alone for one that says that everything is there.
pub fn accept_held(on: bool) {
    ACCEPT_HELD.store(on, Ordering::SeqCst);
}

pub(crate) fn accepts_held() -> bool {
    ACCEPT_HELD.load(Ordering::SeqCst)
}
