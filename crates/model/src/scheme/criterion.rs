//! Tasks, steps and criteria: what is looked at.

use crate::scheme::Part;

/// A criterion's name inside its scheme, such as `T4.2.a`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct CriterionId(String);

impl CriterionId {
    /// Takes the scheme author's name for a criterion.
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

/// One option of a choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Its name inside the criterion.
    pub id: String,
    /// What it says.
    pub text: String,
}

/// How a criterion is observed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CriterionKind {
    /// The assessor scores what was seen.
    Observed,
    /// Scored too, and held by the construct prove – test – prove.
    Proof,
    /// A level with a descriptor each, the lowest first.
    Rubric {
        /// The descriptors.
        levels: Vec<String>,
    },
    /// A value read off an instrument, in thousandths of its unit.
    Measurement {
        /// The unit.
        unit: String,
        /// Whether the instrument must be named.
        names_instrument: bool,
    },
    /// Options, of which exactly the right ones are to be chosen.
    Choice {
        /// The options.
        options: Vec<Choice>,
        /// The right ones.
        right: Vec<String>,
    },
    /// A number of things.
    Count {
        /// What is counted.
        unit: String,
    },
    /// How long something took.
    Timed,
    /// A question, with the points expected in the answer.
    Oral {
        /// The points.
        points: Vec<String>,
        /// Prompts the assessor may give, word for word.
        prompts: Vec<String>,
    },
    /// Something written in free words.
    Text,
}

impl CriterionKind {
    /// Whether the six scores alone say whether it is done.
    #[must_use]
    pub const fn is_scored(&self) -> bool {
        matches!(self, Self::Observed | Self::Proof)
    }
}

/// What kind of evidence is attached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum EvidenceKind {
    /// A picture.
    Photo,
    /// A note.
    Note,
    /// A reading of an instrument.
    Reading,
    /// Any other file.
    File,
}

/// Evidence a criterion demands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EvidenceDemand {
    /// Of which kind.
    pub kind: EvidenceKind,
    /// How many.
    pub count: u32,
}

/// One observable behaviour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Criterion {
    /// Its name in the scheme.
    pub id: CriterionId,
    /// What is to be seen, in plain words.
    pub text: String,
    /// The learning outcomes it shows, by name.
    pub outcomes: Vec<String>,
    /// How it is observed.
    pub kind: CriterionKind,
    /// What must be attached before a certificate.
    pub evidence: Option<EvidenceDemand>,
    /// Where the demand comes from.
    pub source: String,
}

/// Criteria that belong to one moment of the work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its name in the scheme.
    pub id: String,
    /// What the candidate does.
    pub title: String,
    /// A word to the assessor.
    pub note: Option<String>,
    /// What is looked at.
    pub criteria: Vec<Criterion>,
}

/// Steps with a beginning and an end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// Its name in the scheme.
    pub id: String,
    /// What it is.
    pub title: String,
    /// In the order of the work.
    pub steps: Vec<Step>,
}

/// Where a criterion stands.
#[derive(Debug, Clone, Copy)]
pub struct TaskPlace<'a> {
    /// The part.
    pub part: &'a Part,
    /// The task.
    pub task: &'a Task,
    /// The step.
    pub step: &'a Step,
}
