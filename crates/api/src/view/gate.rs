//! The gate as filled in, what this scheme asks for, and what is missing.

use fieldproof_app::{session::SessionState, words};
use fieldproof_model::{
    gate::{
        Competence, ExerciseState, Gate, IdentityDocument, InstrumentCategory, LiveWorkReason, Missing, Shown,
        VoltageKind,
    },
    scheme::{Need, SecondPersonPolicy, SecondPersonProof, TickSection},
    time::Date,
};

use crate::dto::*;

pub(crate) fn gate(state: &SessionState, today: Date) -> GateView {
    GateView {
        values: values(&state.row.gate),
        asks: asks(state),
        missing: state.missing(today).iter().map(|(missing, need)| missing_view(state, missing, *need)).collect(),
    }
}

const STATES: [(ExerciseState, ExerciseStateView); 4] = [
    (ExerciseState::Live, ExerciseStateView::Live),
    (ExerciseState::MadeDead, ExerciseStateView::MadeDead),
    (ExerciseState::NeverEnergised, ExerciseStateView::NeverEnergised),
    (ExerciseState::Simulated, ExerciseStateView::Simulated),
];

const fn state_view(state: ExerciseState) -> ExerciseStateView {
    match state {
        ExerciseState::Live => ExerciseStateView::Live,
        ExerciseState::MadeDead => ExerciseStateView::MadeDead,
        ExerciseState::NeverEnergised => ExerciseStateView::NeverEnergised,
        ExerciseState::Simulated => ExerciseStateView::Simulated,
    }
}

const fn proof_view(proof: SecondPersonProof) -> SecondPersonProofView {
    match proof {
        SecondPersonProof::Instructed => SecondPersonProofView::Instructed,
        SecondPersonProof::FirstAid => SecondPersonProofView::FirstAid,
        SecondPersonProof::SwitchOff => SecondPersonProofView::SwitchOff,
        SecondPersonProof::Rescue => SecondPersonProofView::Rescue,
        SecondPersonProof::NoOtherTask => SecondPersonProofView::NoOtherTask,
    }
}

/// The name of a competence where it stands as an id.
pub(crate) const COMPETENCES: [(Competence, &str); 3] = [
    (Competence::Occupational, "occupational"),
    (Competence::Pedagogical, "pedagogical"),
    (Competence::Assessment, "assessment"),
];

const fn section(section: TickSection) -> GateSection {
    match section {
        TickSection::Premises => GateSection::Premises,
        TickSection::Ppe => GateSection::Ppe,
        TickSection::Site => GateSection::Site,
    }
}

fn asks(state: &SessionState) -> GateAsksView {
    let rules = &state.scheme.gate;
    let has_second = state.second_person.is_some();
    let counts = |state_of: ExerciseState| {
        let needing = state.scheme.parts.iter().filter(|part| !part.object_states.is_empty());
        needing.clone().all(|part| part.object_states.contains(&state_of))
    };
    GateAsksView {
        prerequisites: rules
            .prerequisites
            .iter()
            .map(|rule| PrerequisiteView {
                id: rule.id.clone(),
                text: rule.text.clone(),
                blocks: rule.need == Need::Block,
                photo: state.row.gate.prerequisites.get(&rule.id).is_some_and(|shown| shown.photo.is_some()),
            })
            .collect(),
        competence: rules.assessor_evidence.map(|need| need == Need::Block),
        ticks: rules
            .ticks
            .iter()
            .map(|tick| TickView {
                id: tick.id.clone(),
                section: section(tick.section),
                text: tick.text.clone(),
                blocks: tick.need == Need::Block,
            })
            .collect(),
        instrument: rules.instrument,
        object: rules.object,
        object_states: STATES.into_iter().filter(|(known, _)| counts(*known)).map(|(_, view)| view).collect(),
        risk_assessment: rules.risk_assessment,
        live_work: rules.live_work,
        second_person: if has_second {
            rules.second_person.iter().map(|p| proof_view(*p)).collect()
        } else {
            Vec::new()
        },
        deviation: !has_second && state.scheme.people.second_person == SecondPersonPolicy::Deviation,
    }
}

fn shown(id: &str, shown: &Shown) -> ShownInput {
    ShownInput {
        id: id.to_owned(),
        issuer: shown.issuer.clone(),
        reference: shown.reference.clone(),
        issued: shown.issued.map(|day| day.to_string()),
        expires: shown.expires.map(|day| day.to_string()),
    }
}

fn values(gate: &Gate) -> GateInput {
    GateInput {
        identity_document: gate.identity_document.map(|document| match document {
            IdentityDocument::Passport => IdentityDocumentView::Passport,
            IdentityDocument::IdentityCard => IdentityDocumentView::IdentityCard,
            IdentityDocument::DrivingLicence => IdentityDocumentView::DrivingLicence,
            IdentityDocument::ResidencePermit => IdentityDocumentView::ResidencePermit,
        }),
        identity_checked_by_assessor: gate.identity_checked_by_assessor,
        ticks: gate.ticks.iter().cloned().collect(),
        prerequisites: gate.prerequisites.iter().map(|(id, given)| shown(id, given)).collect(),
        competences: COMPETENCES
            .into_iter()
            .filter_map(|(competence, name)| Some(shown(name, gate.competences.get(&competence)?)))
            .collect(),
        instrument_category: gate.instrument_category.map(|category| match category {
            InstrumentCategory::CatIii => InstrumentCategoryView::CatIii,
            InstrumentCategory::CatIv => InstrumentCategoryView::CatIv,
        }),
        instrument_voltage: gate.instrument_voltage,
        instrument_serial: gate.instrument_serial.clone(),
        instrument_calibration_due: gate.instrument_calibration_due.map(|day| day.to_string()),
        object_id: gate.object_id.clone(),
        object_voltage: gate.object_voltage.map(words::volts),
        object_voltage_kind: gate.object_voltage_kind.map(|kind| match kind {
            VoltageKind::Dc => VoltageKindView::Dc,
            VoltageKind::Ac => VoltageKindView::Ac,
        }),
        object_state: gate.object_state.map(state_view),
        risk_assessment: gate.risk_assessment.clone(),
        live_work_reason: gate.live_work_reason.map(|reason| match reason {
            LiveWorkReason::CannotBeDeenergised => LiveWorkReasonView::CannotBeDeenergised,
            LiveWorkReason::DeenergisingFailed => LiveWorkReasonView::DeenergisingFailed,
        }),
        second_person_present: gate.second_person_present,
        second_person: gate.second_person.iter().map(|proof| proof_view(*proof)).collect(),
        second_person_first_aid: gate.second_person_first_aid.map(|day| day.to_string()),
        deviation: gate.deviation.as_ref().map(|deviation| DeviationInput {
            ground: deviation.ground.clone(),
            risk_assessment: deviation.risk_assessment.clone(),
            approver: deviation.approver.clone(),
        }),
    }
}

fn missing_view(state: &SessionState, missing: &Missing, need: Need) -> MissingView {
    let section = match missing {
        Missing::IdentityDocument | Missing::IdentityCheck => GateSection::Identity,
        Missing::Prerequisite(..) => GateSection::Prerequisites,
        Missing::Competence(..) => GateSection::Competence,
        Missing::Tick(place, _) => section(*place),
        Missing::InstrumentCategory
        | Missing::InstrumentVoltage
        | Missing::InstrumentSerial
        | Missing::CalibrationDate
        | Missing::CalibrationOverdue(_)
        | Missing::InstrumentBelowObject(..) => GateSection::Instrument,
        Missing::ObjectId
        | Missing::ObjectVoltage
        | Missing::ObjectAboveLimit(..)
        | Missing::ObjectState
        | Missing::ObjectStateDoesNotCount(_) => GateSection::Object,
        Missing::RiskAssessment | Missing::LiveWorkReason => GateSection::Risk,
        Missing::SecondPersonPresent | Missing::SecondPerson(_) | Missing::FirstAidOver(_) | Missing::Deviation => {
            GateSection::SecondPerson
        }
    };
    MissingView { section, message: words::missing(&state.scheme, missing), blocks: need == Need::Block }
}
