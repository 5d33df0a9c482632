//! A scheme: what is assessed, in tasks, steps and criteria, with the values its institution signed.

use crate::id::SchemeId;

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

/// How a criterion is observed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CriterionKind {
    /// The assessor scores what was seen.
    Observed,
    /// Scored too, and held by the construct prove – test – prove.
    Proof,
}

/// One observable behaviour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Criterion {
    /// Its name in the scheme.
    pub id: CriterionId,
    /// What is to be seen, in plain words.
    pub text: String,
    /// The learning outcome it shows.
    pub outcome: String,
    /// How it is observed.
    pub kind: CriterionKind,
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

/// A part of the work with a beginning and an end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// Its name in the scheme.
    pub id: String,
    /// What it is.
    pub title: String,
    /// In the order of the work.
    pub steps: Vec<Step>,
}

/// A wait the scheme demands between two criteria; how long is the institution's to sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wait {
    /// The criterion that starts it.
    pub after: CriterionId,
    /// What the wait is for.
    pub label: String,
}

/// What the institution signed: nothing here is built in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstitutionValues {
    /// Who set them, as printed.
    pub set_by: String,
    /// Criteria whose failure cannot be outvoted.
    pub critical: Vec<CriterionId>,
    /// Whether a critical criterion counts only when done unaided.
    pub critical_needs_unaided: bool,
    /// The share of applicable criteria that must be met, in basis points.
    pub minimum_met_basis_points: u32,
    /// How long the wait lasts, in seconds.
    pub wait_seconds: u32,
    /// How long a certificate is valid, in days; `None` when the institution set no end.
    pub validity_days: Option<u32>,
    /// How many days after issue the register should show the certificate.
    pub confirm_by_days: u32,
}

/// One version of a scheme with its institution's values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scheme {
    /// Which scheme, in all its versions.
    pub id: SchemeId,
    /// Which version.
    pub version: String,
    /// Its title.
    pub title: String,
    /// What it shows, and what it does not cover.
    pub scope: String,
    /// In the order of the work.
    pub tasks: Vec<Task>,
    /// The wait between disconnection and proving dead, where there is one.
    pub wait: Option<Wait>,
    /// What the institution signed.
    pub values: InstitutionValues,
}

impl Scheme {
    /// Every criterion with the task it stands in, in the order of the work.
    pub fn criteria(&self) -> impl Iterator<Item = (&Task, &Criterion)> {
        self.tasks
            .iter()
            .flat_map(|task| task.steps.iter().flat_map(move |step| step.criteria.iter().map(move |c| (task, c))))
    }

    /// The criterion of that name.
    #[must_use]
    pub fn criterion(&self, id: &CriterionId) -> Option<&Criterion> {
        self.criteria().map(|(_, criterion)| criterion).find(|criterion| criterion.id == *id)
    }

    /// Whether the institution signed this criterion as critical.
    #[must_use]
    pub fn is_critical(&self, id: &CriterionId) -> bool {
        self.values.critical.contains(id)
    }
}
