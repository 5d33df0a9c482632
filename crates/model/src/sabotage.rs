//! Switches that make the rules wrong on purpose, so that the suites can show that they notice. Test builds only.

use std::cell::Cell;

/// A way to be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sabotage {
    /// A critical failure is outvoted.
    DropCriticalOverride,
    /// A share below its minimum passes.
    IgnoreMinimum,
    /// "Not seen" counts as done.
    NotSeenIsDone,
    /// A credential holds a day longer than it does.
    OneDayTooLong,
    /// A rule that the taps show broken is taken for kept without asking.
    SilentlyKept,
    /// The gate is not looked at.
    IgnoreGate,
}

/// All of them.
pub const SABOTEURS: [Sabotage; 6] = [
    Sabotage::DropCriticalOverride,
    Sabotage::IgnoreMinimum,
    Sabotage::NotSeenIsDone,
    Sabotage::OneDayTooLong,
    Sabotage::SilentlyKept,
    Sabotage::IgnoreGate,
];

thread_local! {
    static AT_WORK: Cell<Option<Sabotage>> = const { Cell::new(None) };
}

/// Does `work` with a saboteur in this thread's rules.
pub fn with<T>(sabotage: Sabotage, work: impl FnOnce() -> T) -> T {
    let before = AT_WORK.replace(Some(sabotage));
    let done = work();
    AT_WORK.set(before);
    done
}

pub(crate) fn is_set(sabotage: Sabotage) -> bool {
    AT_WORK.get() == Some(sabotage)
}
