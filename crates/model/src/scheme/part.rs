//! Parts of an assessment: knowledge test, practical, oral questioning, portfolio.

use crate::{gate::ExerciseState, scheme::Task};

/// A part's name inside its scheme.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PartId(String);

impl PartId {
    /// Takes the scheme author's name for a part.
    #[must_use]
    pub const fn new(text: String) -> Self {
        Self(text)
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What kind of part it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PartKind {
    /// A knowledge test.
    Knowledge,
    /// Work under observation.
    Practical,
    /// Questions and answers.
    Oral,
    /// Evidence of prior learning.
    Portfolio,
}

/// How it is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// In person, on a real object.
    InPerson,
    /// Simulated.
    Simulated,
    /// Either.
    Either,
}

/// A time limit that the scheme itself gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeLimit {
    /// In seconds.
    pub seconds: u32,
    /// Who demands it.
    pub source: String,
}

/// The least weight the institution may give a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeightFloor {
    /// In basis points.
    pub basis_points: u32,
    /// Who demands it.
    pub source: String,
}

/// A part of the assessment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Its name in the scheme.
    pub id: PartId,
    /// What it is.
    pub title: String,
    /// Of which kind.
    pub kind: PartKind,
    /// How it is taken.
    pub mode: Mode,
    /// The law that fixes the mode.
    pub mode_source: Option<String>,
    /// Parts that must be over before it begins.
    pub after: Vec<PartId>,
    /// States of the exercise object that count; empty when it needs none.
    pub object_states: Vec<ExerciseState>,
    /// Its time limit, where the scheme gives one.
    pub time_limit: Option<TimeLimit>,
    /// The least weight the institution may give it.
    pub weight_at_least: Option<WeightFloor>,
    /// In the order of the work; empty when the part is marked in points.
    pub tasks: Vec<Task>,
}

impl Part {
    /// Whether its result is entered as points.
    #[must_use]
    pub const fn is_marked(&self) -> bool {
        self.tasks.is_empty()
    }
}
