//! A scheme: one version of what is assessed, in one language, with the values its institution signed.
//!
//! The words of the format stand in `assets/schemes/README.md`; the names here are theirs.

pub mod circle;
mod criterion;
pub mod lint;
mod meaning;
mod part;
mod rules;
#[cfg(test)]
pub(crate) mod sample;
mod values;

pub use criterion::{
    Choice, Criterion, CriterionId, CriterionKind, EvidenceDemand, EvidenceKind, Step, Task, TaskPlace,
};
pub use meaning::{
    Completion, Credits, Label, Language, LegalBasis, Meaning, NationalLevel, Outcome, Participation, Review,
    Stackability, Supervision,
};
pub use part::{Mode, Part, PartId, PartKind, TimeLimit, WeightFloor};
pub use rules::{
    Consequence, GateRules, Need, ObjectLimits, Order, PeopleRules, PrerequisiteRule, Quiet, RuleId,
    SecondPersonPolicy, SecondPersonProof, Tick, TickSection, Void, Wait,
};
pub use values::{InstitutionValues, Limits, PartValues};

use crate::{course::CourseFact, id::SchemeId, time::Date, validity::Validity};

/// Whether every part must reach its minimum, or the weighted total too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Combination {
    /// Every part must reach its minimum; nothing makes up for it.
    AllParts,
    /// And the weighted total must reach its own.
    Weighted,
}

/// One version of a scheme, in one language, with its institution's values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scheme {
    /// Which scheme, in all its versions.
    pub id: SchemeId,
    /// Which version.
    pub version: String,
    /// The language of every text here.
    pub language: String,
    /// Every language it exists in.
    pub languages: Vec<Language>,
    /// Its title.
    pub title: String,
    /// Its title as it stands in a certificate's symbol.
    pub short_title: String,
    /// The unit of a catalogue that it assesses, where there is one.
    pub unit: Option<String>,
    /// What it shows, and what it does not cover.
    pub scope: String,
    /// Assessed or attended.
    pub completion: Completion,
    /// What it may be called.
    pub label: Label,
    /// Whether the work it covers can kill when done wrong.
    pub safety_critical: bool,
    /// The editions it rests on.
    pub legal_basis: Vec<LegalBasis>,
    /// Who designed it.
    pub designer: String,
    /// How it describes itself to others.
    pub meaning: Meaning,
    /// What is to be shown.
    pub outcomes: Vec<Outcome>,
    /// The course facts a certificate needs.
    pub course_facts: Vec<CourseFact>,
    /// Who may take part as what.
    pub people: PeopleRules,
    /// What must hold before a session starts.
    pub gate: GateRules,
    /// In the order of the work.
    pub parts: Vec<Part>,
    /// What counts only behind something else.
    pub order: Vec<Order>,
    /// What ends what was shown before.
    pub voids: Vec<Void>,
    /// What needs time in between.
    pub waits: Vec<Wait>,
    /// Between what nothing but observation is asked for.
    pub quiet: Vec<Quiet>,
    /// How parts make a result.
    pub combination: Combination,
    /// How long a credential holds, and what keeps it.
    pub validity: Validity,
    /// What the institution signed.
    pub values: InstitutionValues,
}

impl Scheme {
    /// Every criterion with where it stands, in the order of the work.
    pub fn criteria(&self) -> impl Iterator<Item = (TaskPlace<'_>, &Criterion)> {
        self.parts.iter().flat_map(|part| {
            part.tasks.iter().flat_map(move |task| {
                task.steps.iter().flat_map(move |step| {
                    step.criteria.iter().map(move |criterion| (TaskPlace { part, task, step }, criterion))
                })
            })
        })
    }

    /// The criterion of that name.
    #[must_use]
    pub fn criterion(&self, id: &CriterionId) -> Option<&Criterion> {
        self.criteria().map(|(_, criterion)| criterion).find(|criterion| criterion.id == *id)
    }

    /// The part of that name.
    #[must_use]
    pub fn part(&self, id: &PartId) -> Option<&Part> {
        self.parts.iter().find(|part| part.id == *id)
    }

    /// Whether the institution signed this criterion as critical.
    #[must_use]
    pub fn is_critical(&self, id: &CriterionId) -> bool {
        self.values.critical.contains(id)
    }

    /// The first edition that was superseded on or before `today`, or on a day that no source names.
    #[must_use]
    pub fn superseded(&self, today: Date) -> Option<&LegalBasis> {
        self.legal_basis.iter().find(|basis| match basis.superseded_on {
            Some(day) => day <= today,
            None => basis.superseded_by.is_some(),
        })
    }

    /// Whether a session in its language may count: a language with one draft wording serves practice only.
    #[must_use]
    pub fn language_counts(&self) -> bool {
        self.languages.iter().any(|language| language.tag == self.language && language.review != Review::Draft)
    }
}
