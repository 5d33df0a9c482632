//! Rules a scheme can switch on: people, gate, order, voids, waits.

use crate::{id::SchemeId, person::Role, scheme::CriterionId};

/// A rule's name inside its scheme; also names a part where the assessor answers for a time limit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RuleId(String);

impl RuleId {
    /// Takes the scheme author's name for a rule.
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

/// What follows from a broken rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consequence {
    /// The assessment is not passed.
    Fails,
    /// The institution decides.
    Institution,
    /// It is shown, and no more.
    Marked,
}

/// A criterion that counts in order only behind another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// Its name.
    pub id: RuleId,
    /// What counts in order only …
    pub criterion: CriterionId,
    /// … after this was done and still held.
    pub after: CriterionId,
    /// What it is called on the screen.
    pub label: String,
    /// What follows when it is broken.
    pub consequence: Consequence,
    /// Where the demand comes from.
    pub source: String,
}

/// A criterion whose being done ends what others showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Void {
    /// Doing this …
    pub criterion: CriterionId,
    /// … ends what these showed.
    pub voids: Vec<CriterionId>,
    /// Where that comes from.
    pub source: String,
}

/// A wait between doing one criterion and beginning another; how long is the institution's to sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wait {
    /// Its name.
    pub id: RuleId,
    /// What starts it.
    pub after: CriterionId,
    /// What begins when it is over.
    pub before: CriterionId,
    /// What the wait is for.
    pub label: String,
    /// What follows when it is not kept.
    pub consequence: Consequence,
    /// Where the demand comes from.
    pub source: String,
}

/// A stretch of the work in which nothing but observation is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quiet {
    /// From doing this …
    pub from: CriterionId,
    /// … until this is proved.
    pub until: CriterionId,
}

/// Whether somebody must stand by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecondPersonPolicy {
    /// Always.
    Required,
    /// Yes, and a documented deviation may stand in their place.
    Deviation,
    /// Nobody.
    Nobody,
}

/// Who may take part as what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeopleRules {
    /// Whether somebody must stand by.
    pub second_person: SecondPersonPolicy,
    /// Whether two candidates may swap roles.
    pub team: bool,
    /// Pairs that may not be one person, beside those that never may.
    pub separate: Vec<(Role, Role)>,
}

/// Whether something missing holds the start up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// It holds the start up.
    Block,
    /// It is shown and printed.
    Warn,
}

/// What the second person must bring, beside being present.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SecondPersonProof {
    /// Instructed.
    Instructed,
    /// First aid that is valid on the day.
    FirstAid,
    /// Knows how to switch off.
    SwitchOff,
    /// Knows the rescue route and whom to call.
    Rescue,
    /// Has no other task.
    NoOtherTask,
}

/// Where on the screen something is to be confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TickSection {
    /// The premises.
    Premises,
    /// Protective equipment the site provides.
    Ppe,
    /// Everything else about the site.
    Site,
}

/// Something to confirm before the start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tick {
    /// Its name in the scheme.
    pub id: String,
    /// Where on the screen.
    pub section: TickSection,
    /// What is confirmed.
    pub text: String,
    /// Whether it holds the start up.
    pub need: Need,
    /// Where the demand comes from.
    pub source: String,
}

/// A credential the candidate must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrerequisiteRule {
    /// Its name in the scheme.
    pub id: String,
    /// What is to be shown.
    pub text: String,
    /// The scheme of ours that issues it, where there is one.
    pub scheme: Option<SchemeId>,
    /// Whether it holds the start up.
    pub need: Need,
    /// Where the demand comes from.
    pub source: String,
}

/// The highest voltages a scheme covers, in volts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectLimits {
    /// Direct.
    pub dc_volts: u32,
    /// Alternating.
    pub ac_volts: u32,
    /// Where the limits come from.
    pub source: String,
}

/// What must hold before a session starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GateRules {
    /// An instrument must be named.
    pub instrument: bool,
    /// The exercise object must be named.
    pub object: bool,
    /// How much voltage it may have.
    pub object_limits: Option<ObjectLimits>,
    /// A written risk assessment must be named.
    pub risk_assessment: bool,
    /// Why live work is needed must be given.
    pub live_work: bool,
    /// What the second person must bring.
    pub second_person: Vec<SecondPersonProof>,
    /// Whether the assessor's three evidences of competence are asked for.
    pub assessor_evidence: Option<Need>,
    /// Things to confirm.
    pub ticks: Vec<Tick>,
    /// Credentials the candidate must hold.
    pub prerequisites: Vec<PrerequisiteRule>,
}
