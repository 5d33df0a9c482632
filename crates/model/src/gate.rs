//! What must hold before a session may start. The gate says what is missing; it judges nothing else.

use crate::time::Date;

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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

/// The gate as filled in so far.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Gate {
    /// Kind of document the candidate showed.
    pub identity_document: Option<IdentityDocument>,
    /// The assessor looked at it.
    pub identity_checked_by_assessor: bool,
    /// The area is marked.
    pub premises_marked: bool,
    /// The premises are prepared for thermal runaway.
    pub premises_thermal_runaway: bool,
    /// The work area is clean.
    pub premises_clean: bool,
    /// The site provides protective gloves.
    pub ppe_gloves: bool,
    /// The site provides arc-flash clothing.
    pub ppe_arc_flash: bool,
    /// A defibrillator is available and reachable.
    pub ppe_aed: bool,
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
    /// The voltage actually present, in volts.
    pub object_voltage: Option<u32>,
    /// Direct or alternating.
    pub object_voltage_kind: Option<VoltageKind>,
    /// What the object is during the exercise.
    pub object_state: Option<ExerciseState>,
    /// Reference to the written risk assessment.
    pub risk_assessment: String,
    /// The second person is present.
    pub second_person_present: bool,
    /// The second person was instructed, knows the switch-off and the rescue route.
    pub second_person_instructed: bool,
}

/// Something the gate still needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// Which kind of identity document was shown.
    IdentityDocument,
    /// That the assessor looked at it.
    IdentityCheck,
    /// The area's marking.
    PremisesMarked,
    /// Preparation for thermal runaway.
    PremisesThermalRunaway,
    /// Cleanliness.
    PremisesClean,
    /// Gloves.
    Gloves,
    /// Arc-flash clothing.
    ArcFlash,
    /// Defibrillator.
    Aed,
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
    /// The instrument is rated below the voltage present: rated, present.
    InstrumentBelowObject(u32, u32),
    /// The object's name.
    ObjectId,
    /// The voltage present, with its kind; zero is a voltage too.
    ObjectVoltage,
    /// The object's state.
    ObjectState,
    /// The risk assessment.
    RiskAssessment,
    /// The second person's presence.
    SecondPersonPresent,
    /// The second person's instruction.
    SecondPersonInstructed,
}

/// Lists what the gate still needs on `today`, in the order of the screen; empty means it holds.
#[must_use]
pub fn missing(gate: &Gate, today: Date) -> Vec<Missing> {
    let calibration = match gate.instrument_calibration_due {
        None => Some(Missing::CalibrationDate),
        Some(due) if due < today => Some(Missing::CalibrationOverdue(due)),
        Some(_) => None,
    };
    let rating = match (gate.instrument_voltage, gate.object_voltage) {
        (Some(rated), Some(present)) if rated < present => Some(Missing::InstrumentBelowObject(rated, present)),
        _ => None,
    };
    let need = |holds: bool, missing: Missing| (!holds).then_some(missing);
    [
        need(gate.identity_document.is_some(), Missing::IdentityDocument),
        need(gate.identity_checked_by_assessor, Missing::IdentityCheck),
        need(gate.premises_marked, Missing::PremisesMarked),
        need(gate.premises_thermal_runaway, Missing::PremisesThermalRunaway),
        need(gate.premises_clean, Missing::PremisesClean),
        need(gate.ppe_gloves, Missing::Gloves),
        need(gate.ppe_arc_flash, Missing::ArcFlash),
        need(gate.ppe_aed, Missing::Aed),
        need(gate.instrument_category.is_some(), Missing::InstrumentCategory),
        need(gate.instrument_voltage.is_some_and(|volts| 0 < volts), Missing::InstrumentVoltage),
        need(!gate.instrument_serial.trim().is_empty(), Missing::InstrumentSerial),
        calibration,
        need(!gate.object_id.trim().is_empty(), Missing::ObjectId),
        need(gate.object_voltage.is_some() && gate.object_voltage_kind.is_some(), Missing::ObjectVoltage),
        rating,
        need(gate.object_state.is_some(), Missing::ObjectState),
        need(!gate.risk_assessment.trim().is_empty(), Missing::RiskAssessment),
        need(gate.second_person_present, Missing::SecondPersonPresent),
        need(gate.second_person_instructed, Missing::SecondPersonInstructed),
    ]
    .into_iter()
    .flatten()
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn full() -> Gate {
        Gate {
            identity_document: Some(IdentityDocument::Passport),
            identity_checked_by_assessor: true,
            premises_marked: true,
            premises_thermal_runaway: true,
            premises_clean: true,
            ppe_gloves: true,
            ppe_arc_flash: true,
            ppe_aed: true,
            instrument_category: Some(InstrumentCategory::CatIii),
            instrument_voltage: Some(1000),
            instrument_serial: "SN 1".to_owned(),
            instrument_calibration_due: Some(Date::from_days(10)),
            object_id: "Rig 1".to_owned(),
            object_voltage: Some(400),
            object_voltage_kind: Some(VoltageKind::Dc),
            object_state: Some(ExerciseState::MadeDead),
            risk_assessment: "RA 1".to_owned(),
            second_person_present: true,
            second_person_instructed: true,
        }
    }

    #[test]
    fn a_full_gate_holds_up_to_and_including_the_day_calibration_is_due() {
        assert_eq!(missing(&full(), Date::from_days(10)), []);
        assert_eq!(missing(&full(), Date::from_days(11)), [Missing::CalibrationOverdue(Date::from_days(10))]);
    }

    #[test]
    fn an_empty_gate_misses_everything_once() {
        assert_eq!(missing(&Gate::default(), Date::from_days(0)).len(), 18);
    }

    #[test]
    fn each_single_gap_is_named() {
        type Spoil = fn(&mut Gate);
        let cases: Vec<(Spoil, Missing)> = vec![
            (|g| g.identity_document = None, Missing::IdentityDocument),
            (|g| g.identity_checked_by_assessor = false, Missing::IdentityCheck),
            (|g| g.premises_marked = false, Missing::PremisesMarked),
            (|g| g.premises_thermal_runaway = false, Missing::PremisesThermalRunaway),
            (|g| g.premises_clean = false, Missing::PremisesClean),
            (|g| g.ppe_gloves = false, Missing::Gloves),
            (|g| g.ppe_arc_flash = false, Missing::ArcFlash),
            (|g| g.ppe_aed = false, Missing::Aed),
            (|g| g.instrument_category = None, Missing::InstrumentCategory),
            (|g| g.instrument_voltage = None, Missing::InstrumentVoltage),
            (|g| g.instrument_serial = " ".to_owned(), Missing::InstrumentSerial),
            (|g| g.instrument_calibration_due = None, Missing::CalibrationDate),
            (|g| g.instrument_voltage = Some(399), Missing::InstrumentBelowObject(399, 400)),
            (|g| g.object_id = String::new(), Missing::ObjectId),
            (|g| g.object_voltage = None, Missing::ObjectVoltage),
            (|g| g.object_voltage_kind = None, Missing::ObjectVoltage),
            (|g| g.object_state = None, Missing::ObjectState),
            (|g| g.risk_assessment = String::new(), Missing::RiskAssessment),
            (|g| g.second_person_present = false, Missing::SecondPersonPresent),
            (|g| g.second_person_instructed = false, Missing::SecondPersonInstructed),
        ];
        for (spoil, expected) in cases {
            let mut gate = full();
            spoil(&mut gate);
            assert_eq!(missing(&gate, Date::from_days(0)), [expected]);
        }
    }
}
