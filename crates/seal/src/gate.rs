//! The gate as bytes: the form in which it is stored while it is filled in, and later a part of the record.

use std::collections::{BTreeMap, BTreeSet};

use ciborium::Value;
use fieldproof_model::{
    gate::{
        Competence, Deviation, ExerciseState, Gate, IdentityDocument, InstrumentCategory, LiveWorkReason, Millivolts,
        Photo, Shown, VoltageKind,
    },
    scheme::SecondPersonProof,
    time::Date,
};

use crate::{
    cbor::{self, Fields, FormatError, Writer, bytes},
    choice::{choice, number, optional_choice},
    observation::{evidence_value, parse_evidence},
};

/// Kinds of document.
const DOCUMENTS: [(IdentityDocument, i64); 4] = [
    (IdentityDocument::Passport, 1),
    (IdentityDocument::IdentityCard, 2),
    (IdentityDocument::DrivingLicence, 3),
    (IdentityDocument::ResidencePermit, 4),
];
const CATEGORIES: [(InstrumentCategory, i64); 2] = [(InstrumentCategory::CatIii, 3), (InstrumentCategory::CatIv, 4)];
/// Direct and alternating, also in tokens.
pub(crate) const VOLTAGES: [(VoltageKind, i64); 2] = [(VoltageKind::Dc, 1), (VoltageKind::Ac, 2)];
/// States of the exercise object, also in tokens.
pub(crate) const STATES: [(ExerciseState, i64); 4] = [
    (ExerciseState::Live, 1),
    (ExerciseState::MadeDead, 2),
    (ExerciseState::NeverEnergised, 3),
    (ExerciseState::Simulated, 4),
];
const COMPETENCES: [(Competence, i64); 3] =
    [(Competence::Occupational, 1), (Competence::Pedagogical, 2), (Competence::Assessment, 3)];
const REASONS: [(LiveWorkReason, i64); 2] =
    [(LiveWorkReason::CannotBeDeenergised, 1), (LiveWorkReason::DeenergisingFailed, 2)];
const PROOFS: [(SecondPersonProof, i64); 5] = [
    (SecondPersonProof::Instructed, 1),
    (SecondPersonProof::FirstAid, 2),
    (SecondPersonProof::SwitchOff, 3),
    (SecondPersonProof::Rescue, 4),
    (SecondPersonProof::NoOtherTask, 5),
];

/// The gate part.
#[must_use]
pub fn gate_value(gate: &Gate) -> Value {
    let ticks = gate.ticks.iter().map(|tick| Value::from(tick.as_str())).collect();
    let prerequisites =
        gate.prerequisites.iter().map(|(id, shown)| (Value::from(id.as_str()), shown_value(shown))).collect();
    let competences = gate
        .competences
        .iter()
        .map(|(competence, shown)| (Value::from(number(&COMPETENCES, competence)), shown_value(shown)));
    let proofs = gate.second_person.iter().map(|proof| Value::from(number(&PROOFS, proof))).collect();
    Writer::default()
        .with_some(1, gate.identity_document.map(|choice| number(&DOCUMENTS, &choice)))
        .with(2, gate.identity_checked_by_assessor)
        .with_some(8, gate.instrument_category.map(|choice| number(&CATEGORIES, &choice)))
        .with_some(9, gate.instrument_voltage)
        .with(10, gate.instrument_serial.as_str())
        .with_some(11, gate.instrument_calibration_due.map(|day| day.as_days()))
        .with(12, gate.object_id.as_str())
        .with_some(13, gate.object_voltage_kind.map(|choice| number(&VOLTAGES, &choice)))
        .with_some(14, gate.object_state.map(|choice| number(&STATES, &choice)))
        .with(15, gate.risk_assessment.as_str())
        .with(16, gate.second_person_present)
        .with_some(17, gate.second_person_first_aid.map(|day| day.as_days()))
        .with_some(18, gate.live_work_reason.map(|choice| number(&REASONS, &choice)))
        .with_some(19, gate.deviation.as_ref().map(deviation_value))
        .with(3, Value::Array(ticks))
        .with(4, Value::Map(prerequisites))
        .with(5, Value::Map(competences.collect()))
        .with_some(6, gate.object_voltage.map(|voltage| voltage.0))
        .with(7, Value::Array(proofs))
        .build()
}

/// Reads a gate.
///
/// # Errors
/// [`FormatError`].
pub fn parse_gate(value: Value) -> Result<Gate, FormatError> {
    let mut fields = Fields::new(value, "gate")?;
    Ok(Gate {
        identity_document: optional_choice(&mut fields, 1, &DOCUMENTS)?,
        identity_checked_by_assessor: fields.boolean(2)?,
        ticks: parse_ticks(fields.list(3)?).ok_or(FormatError::Malformed(3))?,
        prerequisites: parse_prerequisites(fields.required(4)?)?,
        competences: parse_competences(fields.required(5)?)?,
        instrument_category: optional_choice(&mut fields, 8, &CATEGORIES)?,
        instrument_voltage: fields.optional_number(9)?,
        instrument_serial: fields.text(10)?,
        instrument_calibration_due: optional_day(&mut fields, 11)?,
        object_id: fields.text(12)?,
        object_voltage: fields.optional_number(6)?.map(Millivolts),
        object_voltage_kind: optional_choice(&mut fields, 13, &VOLTAGES)?,
        object_state: optional_choice(&mut fields, 14, &STATES)?,
        risk_assessment: fields.text(15)?,
        second_person_present: fields.boolean(16)?,
        second_person: parse_proofs(&fields.list(7)?).ok_or(FormatError::Malformed(7))?,
        second_person_first_aid: optional_day(&mut fields, 17)?,
        live_work_reason: optional_choice(&mut fields, 18, &REASONS)?,
        deviation: fields.optional(19).map(parse_deviation).transpose()?,
    })
}

/// Reads a day that may be absent.
pub(crate) fn optional_day(fields: &mut Fields, key: i64) -> Result<Option<Date>, FormatError> {
    Ok(fields.optional_number(key)?.map(Date::from_days))
}

fn parse_ticks(items: Vec<Value>) -> Option<BTreeSet<String>> {
    items.into_iter().map(|item| item.into_text().ok()).collect()
}

fn parse_proofs(items: &[Value]) -> Option<BTreeSet<SecondPersonProof>> {
    items.iter().map(|item| cbor::integer(item).and_then(|number| choice(&PROOFS, number))).collect()
}

fn parse_prerequisites(value: Value) -> Result<BTreeMap<String, Shown>, FormatError> {
    let wrong = |_| FormatError::Malformed(4);
    let items = value.into_map().map_err(wrong)?;
    items.into_iter().map(|(id, shown)| Ok((id.into_text().map_err(wrong)?, parse_shown(shown)?))).collect()
}

fn parse_competences(value: Value) -> Result<BTreeMap<Competence, Shown>, FormatError> {
    let wrong = || FormatError::Malformed(5);
    let items = value.into_map().map_err(|_| wrong())?;
    let competence = |value: &Value| cbor::integer(value).and_then(|number| choice(&COMPETENCES, number));
    items.into_iter().map(|(id, shown)| Ok((competence(&id).ok_or_else(wrong)?, parse_shown(shown)?))).collect()
}

fn shown_value(shown: &Shown) -> Value {
    Writer::default()
        .with(1, shown.issuer.as_str())
        .with(2, shown.reference.as_str())
        .with_some(3, shown.issued.map(|day| day.as_days()))
        .with_some(4, shown.expires.map(|day| day.as_days()))
        .with_some(5, shown.photo.map(|photo| Value::Array(evidence_value(&[(photo.digest, photo.size)]))))
        .with_some(6, shown.photo.and_then(|photo| photo.original).map(|original| bytes(*original.as_bytes())))
        .build()
}

fn parse_shown(value: Value) -> Result<Shown, FormatError> {
    let mut fields = Fields::new(value, "credential shown")?;
    Ok(Shown {
        issuer: fields.text(1)?,
        reference: fields.text(2)?,
        issued: optional_day(&mut fields, 3)?,
        expires: optional_day(&mut fields, 4)?,
        photo: parse_photo(&mut fields)?,
    })
}

/// Reads the picture of a credential, and the digest of its original, which says nothing without it.
fn parse_photo(fields: &mut Fields) -> Result<Option<Photo>, FormatError> {
    let Some(value) = fields.optional(5) else {
        return Ok(None);
    };
    let (digest, size) = match value.as_array().map(Vec::as_slice) {
        Some([photo]) => parse_evidence(photo),
        _ => None,
    }
    .ok_or(FormatError::Malformed(5))?;
    Ok(Some(Photo { digest, size, original: fields.optional_digest(6)? }))
}

fn deviation_value(deviation: &Deviation) -> Value {
    Writer::default()
        .with(1, deviation.ground.as_str())
        .with(2, deviation.risk_assessment.as_str())
        .with(3, deviation.approver.as_str())
        .build()
}

fn parse_deviation(value: Value) -> Result<Deviation, FormatError> {
    let mut fields = Fields::new(value, "deviation")?;
    Ok(Deviation { ground: fields.text(1)?, risk_assessment: fields.text(2)?, approver: fields.text(3)? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use fieldproof_model::digest::Digest;

    #[test]
    fn empty_and_full_gates_round_trip() {
        let shown = |original| Shown {
            issuer: "Example Institute".to_owned(),
            reference: "EX-1".to_owned(),
            issued: Some(Date::from_days(20_000)),
            expires: Some(Date::from_days(21_000)),
            photo: Some(Photo { digest: Digest::new([7; 32]), size: 12, original }),
        };
        let full = Gate {
            identity_document: Some(IdentityDocument::ResidencePermit),
            identity_checked_by_assessor: true,
            ticks: ["a", "b"].map(str::to_owned).into(),
            prerequisites: BTreeMap::from([("base".to_owned(), shown(None)), ("none".to_owned(), Shown::default())]),
            competences: BTreeMap::from([(Competence::Pedagogical, shown(Some(Digest::new([8; 32]))))]),
            instrument_category: Some(InstrumentCategory::CatIv),
            instrument_voltage: Some(1000),
            instrument_serial: "S".to_owned(),
            instrument_calibration_due: Some(Date::from_days(1)),
            object_id: "rig".to_owned(),
            object_voltage: Some(Millivolts(1_500_100)),
            object_voltage_kind: Some(VoltageKind::Ac),
            object_state: Some(ExerciseState::Live),
            risk_assessment: "RA".to_owned(),
            live_work_reason: Some(LiveWorkReason::DeenergisingFailed),
            second_person_present: true,
            second_person: [SecondPersonProof::Rescue, SecondPersonProof::NoOtherTask].into(),
            second_person_first_aid: Some(Date::from_days(2)),
            deviation: Some(Deviation {
                ground: "g".to_owned(),
                risk_assessment: "r".to_owned(),
                approver: "a".to_owned(),
            }),
        };
        for gate in [Gate::default(), full] {
            assert_eq!(parse_gate(gate_value(&gate)), Ok(gate));
        }
    }
}
