//! The institution's values: nothing here is built in.

use std::collections::BTreeMap;

use crate::{
    scheme::{CriterionId, PartId, RuleId},
    validity::Term,
};

/// A lower and an upper limit, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// At least.
    pub min: Option<i64>,
    /// At most.
    pub max: Option<i64>,
}

impl Limits {
    /// Whether a value lies within.
    #[must_use]
    pub fn hold(&self, value: i64) -> bool {
        self.min.is_none_or(|min| min <= value) && self.max.is_none_or(|max| value <= max)
    }
}

/// What the institution set for a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartValues {
    /// Its weight in the total, in basis points.
    pub weight: u32,
    /// The least share, in basis points.
    pub minimum: u32,
    /// Its time limit in seconds, where the scheme gives none.
    pub time_limit_seconds: Option<u32>,
    /// Within how many days of the parts before it.
    pub within_days: Option<u32>,
}

/// What the institution signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstitutionValues {
    /// Who set them, as printed.
    pub set_by: String,
    /// Who awards.
    pub awarder: String,
    /// Who validates the technique.
    pub validator: String,
    /// Country or region of the issuer.
    pub issuer_region: String,
    /// Criteria whose failure cannot be outvoted.
    pub critical: Vec<CriterionId>,
    /// Whether a critical criterion counts only when done unaided.
    pub critical_needs_unaided: bool,
    /// Criteria whose being seen not done ends the exercise.
    pub ends_exercise: Vec<CriterionId>,
    /// By part.
    pub parts: BTreeMap<PartId, PartValues>,
    /// The least weighted total, in basis points.
    pub total_minimum: u32,
    /// So many basis points on either side of a minimum are borderline.
    pub borderline_band: u32,
    /// Whether a second assessor must look before a certificate.
    pub second_opinion: bool,
    /// How many attempts there are.
    pub attempts: Option<u32>,
    /// How long each wait lasts, in seconds.
    pub waits: BTreeMap<RuleId, u32>,
    /// The level or the number of points from which a rubric or oral criterion is met.
    pub met_from: BTreeMap<CriterionId, u32>,
    /// Limits of measurements (thousandths of the unit), counts and times (seconds).
    pub limits: BTreeMap<CriterionId, Limits>,
    /// How long a certificate holds, where the scheme does not say.
    pub term: Option<Term>,
    /// How many days after issue the register should show the certificate.
    pub confirm_by_days: u32,
    /// How many days evidence is kept.
    pub retention_days: Option<u32>,
}
