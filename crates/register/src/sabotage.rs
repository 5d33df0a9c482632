//! Switches that make the register wrong on purpose, so that the fault suites can show that they notice.

use std::sync::atomic::{AtomicU8, Ordering};

/// A way to be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Sabotage {
    /// Does not look whether a record is there already.
    ForgetDuplicates = 1,
    /// Answers, and one time in five leaves out the commit.
    ReceiptBeforeCommit,
    /// Takes nothing that seems earlier than what it took last.
    TrustTheClock,
    /// Goes on with numbers that were given out before, whatever clients show.
    NeverBeginAnEpoch,
}

static SET: AtomicU8 = AtomicU8::new(0);
static WRITES: AtomicU8 = AtomicU8::new(0);

/// Turns one on for this whole program, or all off.
pub fn set(sabotage: Option<Sabotage>) {
    SET.store(sabotage.map_or(0, |sabotage| sabotage as u8), Ordering::SeqCst);
}

pub(crate) fn is_set(sabotage: Sabotage) -> bool {
    SET.load(Ordering::SeqCst) == sabotage as u8
}

/// Whether this write is answered and not committed.
pub(crate) fn leaves_out_the_commit() -> bool {
    is_set(Sabotage::ReceiptBeforeCommit) && WRITES.fetch_add(1, Ordering::SeqCst).is_multiple_of(5)
}
