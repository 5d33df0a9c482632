//! From the screen's shapes to the domain's types.

use fieldproof_model::{
    gate::{ExerciseState, Gate, IdentityDocument, InstrumentCategory, VoltageKind},
    id::{PersonId, SessionId},
    observation::{Observed, Score, StopKind, StoppedBy},
    scheme::CriterionId,
    time::Date,
};
use fieldproof_seal::parts::{Acknowledged, AcknowledgementRole};

use crate::{dto::*, error};

pub(crate) fn person(text: &str) -> Result<PersonId, ErrorView> {
    PersonId::parse(text).map_err(|_| error::malformed())
}

pub(crate) fn session(text: &str) -> Result<SessionId, ErrorView> {
    SessionId::parse(text).map_err(|_| error::malformed())
}

/// An empty name means the session as a whole.
pub(crate) fn criterion(text: &str) -> Option<CriterionId> {
    (!text.is_empty()).then(|| CriterionId::new(text.to_owned()))
}

pub(crate) fn gate(input: GateInput) -> Result<Gate, ErrorView> {
    let due = input.instrument_calibration_due.filter(|text| !text.is_empty());
    Ok(Gate {
        identity_document: input.identity_document.map(|document| match document {
            IdentityDocumentView::Passport => IdentityDocument::Passport,
            IdentityDocumentView::IdentityCard => IdentityDocument::IdentityCard,
            IdentityDocumentView::DrivingLicence => IdentityDocument::DrivingLicence,
            IdentityDocumentView::ResidencePermit => IdentityDocument::ResidencePermit,
        }),
        identity_checked_by_assessor: input.identity_checked_by_assessor,
        premises_marked: input.premises_marked,
        premises_thermal_runaway: input.premises_thermal_runaway,
        premises_clean: input.premises_clean,
        ppe_gloves: input.ppe_gloves,
        ppe_arc_flash: input.ppe_arc_flash,
        ppe_aed: input.ppe_aed,
        instrument_category: input.instrument_category.map(|category| match category {
            InstrumentCategoryView::CatIii => InstrumentCategory::CatIii,
            InstrumentCategoryView::CatIv => InstrumentCategory::CatIv,
        }),
        instrument_voltage: input.instrument_voltage,
        instrument_serial: input.instrument_serial,
        instrument_calibration_due: due.map(|text| Date::parse(&text)).transpose().map_err(|_| error::malformed())?,
        object_id: input.object_id,
        object_voltage: input.object_voltage,
        object_voltage_kind: input.object_voltage_kind.map(|kind| match kind {
            VoltageKindView::Dc => VoltageKind::Dc,
            VoltageKindView::Ac => VoltageKind::Ac,
        }),
        object_state: input.object_state.map(|state| match state {
            ExerciseStateView::Live => ExerciseState::Live,
            ExerciseStateView::MadeDead => ExerciseState::MadeDead,
            ExerciseStateView::NeverEnergised => ExerciseState::NeverEnergised,
            ExerciseStateView::Simulated => ExerciseState::Simulated,
        }),
        risk_assessment: input.risk_assessment,
        second_person_present: input.second_person_present,
        second_person_instructed: input.second_person_instructed,
    })
}

pub(crate) fn observed(input: ObservationInput) -> Observed {
    match input {
        ObservationInput::Score { criterion_id, score: given, reason } => {
            Observed::Score { criterion: CriterionId::new(criterion_id), score: score(given), reason }
        }
        ObservationInput::Note { criterion_id, text } => {
            Observed::Note { criterion: criterion_id.map(CriterionId::new), text }
        }
        ObservationInput::TesterBefore { source, worked } => Observed::TesterBefore { source, worked },
        ObservationInput::Reading { point, reading, dead } => Observed::Reading { point, reading, dead },
        ObservationInput::TesterAfter { source, worked, same_instrument } => {
            Observed::TesterAfter { source, worked, same_instrument }
        }
        ObservationInput::SecondPersonLeft => Observed::SecondPersonLeft,
        ObservationInput::SecondPersonReturned => Observed::SecondPersonReturned,
        ObservationInput::Stop => Observed::Stop,
        ObservationInput::StopExplained { by, stop_kind, why } => Observed::StopExplained {
            by: match by {
                StoppedByView::Assessor => StoppedBy::Assessor,
                StoppedByView::Candidate => StoppedBy::Candidate,
                StoppedByView::SecondPerson => StoppedBy::SecondPerson,
                StoppedByView::SomebodyElse => StoppedBy::SomebodyElse,
            },
            kind: match stop_kind {
                StopKindView::DangerByCandidate => StopKind::DangerByCandidate,
                StopKindView::OutsideCause => StopKind::OutsideCause,
                StopKindView::CalledInError => StopKind::CalledInError,
            },
            why,
        },
        ObservationInput::Resume { made_safe, gate_checked } => Observed::Resume { made_safe, gate_checked },
        ObservationInput::WaitAnswer { kept, note, .. } => Observed::WaitAnswer { kept, note },
    }
}

const fn score(score: ScoreView) -> Score {
    match score {
        ScoreView::Unaided => Score::Unaided,
        ScoreView::Prompted => Score::Prompted,
        ScoreView::NotDone => Score::NotDone,
        ScoreView::Dangerous => Score::Dangerous,
        ScoreView::NotSeen => Score::NotSeen,
        ScoreView::NotApplicable => Score::NotApplicable,
    }
}

pub(crate) const fn role(role: AcknowledgementRoleView) -> AcknowledgementRole {
    match role {
        AcknowledgementRoleView::Candidate => AcknowledgementRole::Candidate,
        AcknowledgementRoleView::SecondPerson => AcknowledgementRole::SecondPerson,
    }
}

pub(crate) fn how(how: AcknowledgeHow) -> Acknowledged {
    match how {
        AcknowledgeHow::Typed { name } => Acknowledged::Typed(name),
        AcknowledgeHow::Drawn { strokes } => Acknowledged::Drawn(strokes),
        AcknowledgeHow::Refused { reason } => Acknowledged::Refused(reason),
    }
}
