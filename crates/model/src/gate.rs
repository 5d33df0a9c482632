//! What must hold before a session may start. The gate says what is missing; it judges nothing else.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    digest::Digest,
    scheme::{Need, PrerequisiteRule, Scheme, SecondPersonPolicy, SecondPersonProof, TickSection},
    time::Date,
};

/// The kind of document looked at. Its number is never recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdentityDocument {
    /// A passport.
    Passport,
    /// A national identity card.
    IdentityCard,
    /// A driving licence.
    DrivingLicence,
    /// A residence permit.
    ResidencePermit,
}

/// The measurement category printed on the instrument.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InstrumentCategory {
    /// CAT III.
    CatIii,
    /// CAT IV.
    CatIv,
}

/// Direct or alternating voltage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VoltageKind {
    /// Direct.
    Dc,
    /// Alternating.
    Ac,
}

/// What the exercise object was during the exercise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ExerciseState {
    /// Live throughout.
    Live,
    /// Made dead in the exercise.
    MadeDead,
    /// Never energised.
    NeverEnergised,
    /// Simulated.
    Simulated,
}

/// Why live work is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LiveWorkReason {
    /// The object cannot be de-energised.
    CannotBeDeenergised,
    /// De-energising was tried and failed.
    DeenergisingFailed,
}

/// A voltage in thousandths of a volt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Millivolts(pub u64);

impl Millivolts {
    /// Takes whole volts.
    #[must_use]
    pub fn from_volts(volts: u32) -> Self {
        Self(u64::from(volts).saturating_mul(1000))
    }

    /// Whole volts, rounded up: what stands on paper is never below what was present.
    #[must_use]
    pub fn volts_rounded_up(self) -> u32 {
        u32::try_from(self.0.div_ceil(1000)).unwrap_or(u32::MAX)
    }
}

/// A picture of a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Photo {
    /// Digest of the exact bytes that are kept.
    pub digest: Digest,
    /// Their number.
    pub size: u64,
    /// Digest of what the camera wrote, where something of it was not kept.
    pub original: Option<Digest>,
}

/// A credential somebody showed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Shown {
    /// Who issued it.
    pub issuer: String,
    /// What names it.
    pub reference: String,
    /// When it was issued.
    pub issued: Option<Date>,
    /// Its last day; `None` when it has none.
    pub expires: Option<Date>,
    /// A picture of it.
    pub photo: Option<Photo>,
}

/// One of the three evidences of an assessor's competence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Competence {
    /// Up-to-date occupational competence.
    Occupational,
    /// Pedagogical capability.
    Pedagogical,
    /// Training in performance-based assessment.
    Assessment,
}

/// All three.
pub const COMPETENCES: [Competence; 3] = [Competence::Occupational, Competence::Pedagogical, Competence::Assessment];

/// Why nobody stands by, who weighed that, and who approved it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Deviation {
    /// The ground.
    pub ground: String,
    /// The risk assessment that covers it.
    pub risk_assessment: String,
    /// Who approved it.
    pub approver: String,
}

/// The gate as filled in so far.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Gate {
    /// Kind of document the candidate showed.
    pub identity_document: Option<IdentityDocument>,
    /// The assessor looked at it.
    pub identity_checked_by_assessor: bool,
    /// The scheme's ticks that were confirmed, by name.
    pub ticks: BTreeSet<String>,
    /// Credentials shown, by the prerequisite's name.
    pub prerequisites: BTreeMap<String, Shown>,
    /// The assessor's evidences of competence.
    pub competences: BTreeMap<Competence, Shown>,
    /// The instrument's category.
    pub instrument_category: Option<InstrumentCategory>,
    /// The instrument's rated voltage in volts.
    pub instrument_voltage: Option<u32>,
    /// The instrument's serial number.
    pub instrument_serial: String,
    /// Until when the instrument's calibration holds.
    pub instrument_calibration_due: Option<Date>,
    /// What names the vehicle, battery or rig.
    pub object_id: String,
    /// The voltage actually present.
    pub object_voltage: Option<Millivolts>,
    /// Direct or alternating.
    pub object_voltage_kind: Option<VoltageKind>,
    /// What the object is during the exercise.
    pub object_state: Option<ExerciseState>,
    /// Reference to the written risk assessment.
    pub risk_assessment: String,
    /// Why live work is needed.
    pub live_work_reason: Option<LiveWorkReason>,
    /// The second person is present.
    pub second_person_present: bool,
    /// What else the second person brings.
    pub second_person: BTreeSet<SecondPersonProof>,
    /// Until when the second person's first aid holds.
    pub second_person_first_aid: Option<Date>,
    /// Why nobody stands by.
    pub deviation: Option<Deviation>,
}

/// Something the gate still needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Missing {
    /// Which kind of identity document was shown.
    IdentityDocument,
    /// That the assessor looked at it.
    IdentityCheck,
    /// A prerequisite, by name.
    Prerequisite(String, ShownProblem),
    /// An evidence of the assessor's competence.
    Competence(Competence, ShownProblem),
    /// A tick, by name.
    Tick(TickSection, String),
    /// The instrument's category.
    InstrumentCategory,
    /// The instrument's rated voltage.
    InstrumentVoltage,
    /// The instrument's serial number.
    InstrumentSerial,
    /// The day its calibration is due.
    CalibrationDate,
    /// Its calibration ran out on that day.
    CalibrationOverdue(Date),
    /// The instrument is rated below the voltage present: rated volts, present.
    InstrumentBelowObject(u32, Millivolts),
    /// The object's name.
    ObjectId,
    /// The voltage present, with its kind; zero is a voltage too.
    ObjectVoltage,
    /// More voltage than the scheme covers: present, at most volts.
    ObjectAboveLimit(Millivolts, u32),
    /// The object's state.
    ObjectState,
    /// A state of the object that no part counts.
    ObjectStateDoesNotCount(ExerciseState),
    /// The risk assessment.
    RiskAssessment,
    /// Why live work is needed.
    LiveWorkReason,
    /// The second person's presence.
    SecondPersonPresent,
    /// Something the second person brings.
    SecondPerson(SecondPersonProof),
    /// The second person's first aid ran out on that day.
    FirstAidOver(Date),
    /// Nobody stands by, and nothing says why that may be.
    Deviation,
}

/// What is wrong with a credential shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShownProblem {
    /// Nothing was shown.
    NotShown,
    /// Issuer, reference or day of issue is missing.
    Incomplete,
    /// It is issued only on that day.
    NotYet(Date),
    /// It ran out on that day.
    Over(Date),
}

/// Lists what the gate still needs on `today`, in the order of the screen, and whether each holds the start up.
///
/// `has_second_person` says whether somebody was named to stand by.
#[must_use]
pub fn missing(scheme: &Scheme, gate: &Gate, has_second_person: bool, today: Date) -> Vec<(Missing, Need)> {
    let need = |holds: bool, missing: Missing| (!holds).then_some((missing, Need::Block));
    let mut found: Vec<(Missing, Need)> = [
        need(gate.identity_document.is_some(), Missing::IdentityDocument),
        need(gate.identity_checked_by_assessor, Missing::IdentityCheck),
    ]
    .into_iter()
    .flatten()
    .collect();
    found.extend(scheme.gate.prerequisites.iter().filter_map(|rule| missing_prerequisite(rule, gate, today)));
    if let Some(need) = scheme.gate.assessor_evidence {
        found.extend(COMPETENCES.into_iter().filter_map(|competence| {
            let problem = problem(gate.competences.get(&competence), today)?;
            Some((Missing::Competence(competence, problem), need))
        }));
    }
    let ticks = scheme.gate.ticks.iter().filter(|tick| !gate.ticks.contains(&tick.id));
    found.extend(ticks.map(|tick| (Missing::Tick(tick.section, tick.id.clone()), tick.need)));
    let blocking = instrument(scheme, gate, today)
        .into_iter()
        .chain(object(scheme, gate))
        .chain(risk(scheme, gate))
        .chain(second_person(scheme, gate, has_second_person, today));
    found.extend(blocking.map(|missing| (missing, Need::Block)));
    found
}

/// Whether the start is held up.
#[must_use]
pub fn blocks(missing: &[(Missing, Need)]) -> bool {
    missing.iter().any(|(_, need)| *need == Need::Block)
}

fn missing_prerequisite(rule: &PrerequisiteRule, gate: &Gate, today: Date) -> Option<(Missing, Need)> {
    let problem = problem(gate.prerequisites.get(&rule.id), today)?;
    Some((Missing::Prerequisite(rule.id.clone(), problem), rule.need))
}

fn problem(shown: Option<&Shown>, today: Date) -> Option<ShownProblem> {
    let Some(shown) = shown else {
        return Some(ShownProblem::NotShown);
    };
    let empty = |text: &str| text.trim().is_empty();
    if empty(&shown.issuer) && empty(&shown.reference) {
        return Some(ShownProblem::NotShown);
    }
    let Some(issued) = shown.issued.filter(|_| !empty(&shown.issuer) && !empty(&shown.reference)) else {
        return Some(ShownProblem::Incomplete);
    };
    if today < issued {
        return Some(ShownProblem::NotYet(issued));
    }
    shown.expires.filter(|last_day| *last_day < today).map(ShownProblem::Over)
}

fn instrument(scheme: &Scheme, gate: &Gate, today: Date) -> Vec<Missing> {
    if !scheme.gate.instrument {
        return Vec::new();
    }
    let calibration = match gate.instrument_calibration_due {
        None => Some(Missing::CalibrationDate),
        Some(due) if due < today => Some(Missing::CalibrationOverdue(due)),
        Some(_) => None,
    };
    let rating = match (gate.instrument_voltage, gate.object_voltage) {
        (Some(rated), Some(present)) if Millivolts::from_volts(rated) < present => {
            Some(Missing::InstrumentBelowObject(rated, present))
        }
        _ => None,
    };
    let need = |holds: bool, missing: Missing| (!holds).then_some(missing);
    [
        need(gate.instrument_category.is_some(), Missing::InstrumentCategory),
        need(gate.instrument_voltage.is_some_and(|volts| 0 < volts), Missing::InstrumentVoltage),
        need(!gate.instrument_serial.trim().is_empty(), Missing::InstrumentSerial),
        calibration,
        rating,
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn object(scheme: &Scheme, gate: &Gate) -> Vec<Missing> {
    if !scheme.gate.object {
        return Vec::new();
    }
    let voltage = gate.object_voltage.zip(gate.object_voltage_kind);
    let above = voltage.zip(scheme.gate.object_limits.as_ref()).and_then(|((present, kind), limits)| {
        let limit = match kind {
            VoltageKind::Dc => limits.dc_volts,
            VoltageKind::Ac => limits.ac_volts,
        };
        (Millivolts::from_volts(limit) < present).then_some(Missing::ObjectAboveLimit(present, limit))
    });
    // Every part that needs an object needs it in a state that counts there.
    let counts = |state| scheme.parts.iter().all(|p| p.object_states.is_empty() || p.object_states.contains(&state));
    let state = match gate.object_state {
        None => Some(Missing::ObjectState),
        Some(state) if !counts(state) => Some(Missing::ObjectStateDoesNotCount(state)),
        Some(_) => None,
    };
    let need = |holds: bool, missing: Missing| (!holds).then_some(missing);
    [
        need(!gate.object_id.trim().is_empty(), Missing::ObjectId),
        need(voltage.is_some(), Missing::ObjectVoltage),
        above,
        state,
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn risk(scheme: &Scheme, gate: &Gate) -> Vec<Missing> {
    let assessed = !scheme.gate.risk_assessment || !gate.risk_assessment.trim().is_empty();
    let reasoned = !scheme.gate.live_work || gate.live_work_reason.is_some();
    let need = |holds: bool, missing: Missing| (!holds).then_some(missing);
    [need(assessed, Missing::RiskAssessment), need(reasoned, Missing::LiveWorkReason)].into_iter().flatten().collect()
}

fn second_person(scheme: &Scheme, gate: &Gate, has_second_person: bool, today: Date) -> Vec<Missing> {
    if !has_second_person {
        return match scheme.people.second_person {
            SecondPersonPolicy::Nobody => Vec::new(),
            SecondPersonPolicy::Required => vec![Missing::SecondPersonPresent],
            SecondPersonPolicy::Deviation if is_whole(gate.deviation.as_ref()) => Vec::new(),
            SecondPersonPolicy::Deviation => vec![Missing::Deviation],
        };
    }
    let present = (!gate.second_person_present).then_some(Missing::SecondPersonPresent);
    let asked = scheme.gate.second_person.iter().filter_map(|proof| match (proof, gate.second_person_first_aid) {
        (SecondPersonProof::FirstAid, Some(last_day)) if last_day < today => Some(Missing::FirstAidOver(last_day)),
        (SecondPersonProof::FirstAid, Some(_)) => None,
        (SecondPersonProof::FirstAid, None) => Some(Missing::SecondPerson(*proof)),
        _ => (!gate.second_person.contains(proof)).then_some(Missing::SecondPerson(*proof)),
    });
    present.into_iter().chain(asked).collect()
}

fn is_whole(deviation: Option<&Deviation>) -> bool {
    deviation.is_some_and(|deviation| {
        [&deviation.ground, &deviation.risk_assessment, &deviation.approver].iter().all(|text| !text.trim().is_empty())
    })
}

#[cfg(test)]
#[path = "gate_tests.rs"]
mod tests;
