//! What goes otherwise than right in a random session.

use std::collections::{BTreeMap, BTreeSet};

use fieldproof_model::observation::{Score, StopKind};

/// How a criterion goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// This score.
    Scored(Score),
    /// Of its kind, and not enough.
    Short,
    /// Done with help.
    Helped,
    /// Nothing is recorded.
    Nothing,
    /// An answer of another kind.
    Misfit,
    /// Evidence is not there.
    NoEvidence,
}

/// What happens while a criterion is worked on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Around {
    /// The second person is away.
    Away,
    /// The exercise is stopped.
    Stopped,
    /// The candidate stands by.
    StandingBy,
}

/// What goes otherwise than right; empty in a good session.
#[derive(Default)]
pub(crate) struct Target {
    pub(crate) faults: BTreeMap<usize, Fault>,
    pub(crate) points: BTreeMap<usize, u32>,
    pub(crate) days: BTreeMap<usize, i32>,
    pub(crate) missing: BTreeSet<usize>,
    /// Places in `order`: the criterion is done before what it stands behind.
    pub(crate) early: BTreeSet<usize>,
    /// Places in `waits`: nobody waits.
    pub(crate) rushed: BTreeSet<usize>,
    /// Parts that take longer than they may.
    pub(crate) slow: BTreeSet<usize>,
    /// Parts that begin before the one before is over.
    pub(crate) overlapped: BTreeSet<usize>,
    /// Days that pass before a part begins.
    pub(crate) idle_days: BTreeMap<usize, i64>,
    pub(crate) around: BTreeMap<usize, Around>,
    /// Stops before a criterion, and what they are explained as.
    pub(crate) stops: BTreeMap<usize, Option<StopKind>>,
    pub(crate) set_back: BTreeSet<usize>,
    /// What is said at the end, by rule.
    pub(crate) said: Vec<(String, bool)>,
    /// Said as soon as a criterion was worked on, by its place; then, perhaps, a criterion is recorded once more.
    pub(crate) said_at_once: BTreeMap<usize, (String, bool, Option<usize>)>,
    /// Before a criterion, another is recorded once more, perhaps set back.
    pub(crate) once_more: BTreeMap<usize, usize>,
    /// Places in `waits`: milliseconds more or less than demanded.
    pub(crate) exactly: BTreeMap<usize, i64>,
    /// Nobody proves again after a stop.
    pub(crate) forgets: bool,
    /// What was ended on purpose is begun again, or the exercise is stopped, right behind that.
    pub(crate) gives_up: bool,
    /// Seconds each stop lasts longer.
    pub(crate) long_stop: i64,
    pub(crate) ends_stopped: Option<Option<StopKind>>,
    pub(crate) never_ends: bool,
    pub(crate) midnight: bool,
    /// Chance in a hundred of something arbitrary before each criterion.
    pub(crate) noise: usize,
}
