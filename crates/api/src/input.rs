//! From the screen's shapes to the domain's types.

use fieldproof_app::{Language, session::NewSession};
use fieldproof_model::{
    digest::Digest,
    gate::{
        Competence, Deviation, ExerciseState, Gate, IdentityDocument, InstrumentCategory, LiveWorkReason, Millivolts,
        Shown, VoltageKind,
    },
    id::{CourseId, PersonId, SchemeId, SessionId},
    observation::{Answer, Observed, Score, StopKind, StoppedBy},
    scheme::{CriterionId, PartId, RuleId, SecondPersonProof},
    time::Date,
    validity::Entry,
};
use fieldproof_seal::parts::{Acknowledged, AcknowledgementRole, PartKind};

use crate::{dto::*, error, view::gate::COMPETENCES};

pub(crate) fn person(text: &str) -> Result<PersonId, ErrorView> {
    PersonId::parse(text).map_err(|_| error::malformed())
}

pub(crate) fn session(text: &str) -> Result<SessionId, ErrorView> {
    SessionId::parse(text).map_err(|_| error::malformed())
}

/// A language that reports do not speak is answered in English.
pub(crate) fn language(code: &str) -> Language {
    Language::parse(code).unwrap_or(Language::English)
}

/// An empty name means the session as a whole.
pub(crate) fn criterion(text: &str) -> Option<CriterionId> {
    (!text.is_empty()).then(|| CriterionId::new(text.to_owned()))
}

pub(crate) fn scheme(text: &str) -> Result<SchemeId, ErrorView> {
    SchemeId::parse(text).map_err(|_| error::malformed())
}

pub(crate) fn new_session(input: OpenSessionInput) -> Result<NewSession, ErrorView> {
    Ok(NewSession {
        scheme: scheme(&input.scheme_id)?,
        course: CourseId::parse(&input.course_id).map_err(|_| error::malformed())?,
        candidate: person(&input.candidate_id)?,
        second_person: input.second_person_id.as_deref().map(person).transpose()?,
        team: input.team,
        language: input.language,
    })
}

/// A decimal with at most three places, in thousandths; comma and point both divide.
fn thousandths(text: &str) -> Option<i64> {
    let text = text.trim().replace(',', ".");
    let (sign, digits) = text.strip_prefix('-').map_or((1, text.as_str()), |rest| (-1, rest));
    let (whole, rest) = digits.split_once('.').unwrap_or((digits, ""));
    let is_number = |digits: &str| digits.bytes().all(|digit| digit.is_ascii_digit());
    if whole.is_empty() || 12 < whole.len() || 3 < rest.len() || !is_number(whole) || !is_number(rest) {
        return None;
    }
    let whole: i64 = whole.parse().ok()?;
    let rest: i64 = format!("{rest:0<3}").parse().ok()?;
    whole.checked_mul(1000)?.checked_add(rest)?.checked_mul(sign)
}

pub(crate) fn day(text: Option<String>) -> Result<Option<Date>, ErrorView> {
    let text = text.filter(|text| !text.is_empty());
    text.map(|text| Date::parse(text.trim())).transpose().map_err(|_| error::day())
}

pub(crate) const fn part_kind(part: RecordPartView) -> PartKind {
    match part {
        RecordPartView::Person => PartKind::Person,
        RecordPartView::Log => PartKind::Log,
        RecordPartView::People => PartKind::People,
        RecordPartView::Gate => PartKind::Gate,
        RecordPartView::Decision => PartKind::Decision,
        RecordPartView::Acknowledgements => PartKind::Acknowledgements,
        RecordPartView::Course => PartKind::Course,
        RecordPartView::Location => PartKind::Location,
    }
}

/// A day that must be given.
pub(crate) fn required_day(text: &str) -> Result<Date, ErrorView> {
    Date::parse(text.trim()).map_err(|_| error::day())
}

pub(crate) fn digest(text: &str) -> Result<Digest, ErrorView> {
    Digest::parse(text).ok_or_else(error::malformed)
}

pub(crate) fn entry(input: EntryInput) -> Result<Entry, ErrorView> {
    Ok(match input {
        EntryInput::Work { work, since } => Entry::Work { kind: work, since: required_day(&since)? },
        EntryInput::SuitabilityReview => Entry::SuitabilityReview,
        EntryInput::Refresher { minutes } => Entry::Refresher { minutes },
        EntryInput::EditionRefresh => Entry::EditionRefresh,
        EntryInput::Retraining => Entry::Retraining,
        EntryInput::ComplementaryRenewed { id, issued, expires } => {
            Entry::ComplementaryRenewed { id, issued: required_day(&issued)?, expires: day(expires)? }
        }
    })
}

fn shown(input: ShownInput) -> Result<(String, Shown), ErrorView> {
    let shown = Shown {
        issuer: input.issuer,
        reference: input.reference,
        issued: day(input.issued)?,
        expires: day(input.expires)?,
        photo: None,
    };
    Ok((input.id, shown))
}

fn competence((id, shown): (String, Shown)) -> Result<(Competence, Shown), ErrorView> {
    let known = COMPETENCES.iter().find(|(_, name)| *name == id).map(|(competence, _)| *competence);
    known.map(|competence| (competence, shown)).ok_or_else(error::malformed)
}

fn millivolts(text: &str) -> Result<Millivolts, ErrorView> {
    let value = thousandths(text).and_then(|value| u64::try_from(value).ok());
    value.map(Millivolts).ok_or_else(error::number)
}

pub(crate) fn gate(input: GateInput) -> Result<Gate, ErrorView> {
    let voltage = input.object_voltage.filter(|text| !text.trim().is_empty());
    Ok(Gate {
        identity_document: input.identity_document.map(document),
        identity_checked_by_assessor: input.identity_checked_by_assessor,
        ticks: input.ticks.into_iter().collect(),
        prerequisites: input.prerequisites.into_iter().map(shown).collect::<Result<_, _>>()?,
        competences: input
            .competences
            .into_iter()
            .map(|given| shown(given).and_then(competence))
            .collect::<Result<_, _>>()?,
        instrument_category: input.instrument_category.map(|category| match category {
            InstrumentCategoryView::CatIii => InstrumentCategory::CatIii,
            InstrumentCategoryView::CatIv => InstrumentCategory::CatIv,
        }),
        instrument_voltage: input.instrument_voltage,
        instrument_serial: input.instrument_serial,
        instrument_calibration_due: day(input.instrument_calibration_due)?,
        object_id: input.object_id,
        object_voltage: voltage.as_deref().map(millivolts).transpose()?,
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
        live_work_reason: input.live_work_reason.map(|reason| match reason {
            LiveWorkReasonView::CannotBeDeenergised => LiveWorkReason::CannotBeDeenergised,
            LiveWorkReasonView::DeenergisingFailed => LiveWorkReason::DeenergisingFailed,
        }),
        second_person_present: input.second_person_present,
        second_person: input.second_person.into_iter().map(proof).collect(),
        second_person_first_aid: day(input.second_person_first_aid)?,
        deviation: input.deviation.map(|deviation| Deviation {
            ground: deviation.ground,
            risk_assessment: deviation.risk_assessment,
            approver: deviation.approver,
        }),
    })
}

const fn document(document: IdentityDocumentView) -> IdentityDocument {
    match document {
        IdentityDocumentView::Passport => IdentityDocument::Passport,
        IdentityDocumentView::IdentityCard => IdentityDocument::IdentityCard,
        IdentityDocumentView::DrivingLicence => IdentityDocument::DrivingLicence,
        IdentityDocumentView::ResidencePermit => IdentityDocument::ResidencePermit,
    }
}

const fn proof(proof: SecondPersonProofView) -> SecondPersonProof {
    match proof {
        SecondPersonProofView::Instructed => SecondPersonProof::Instructed,
        SecondPersonProofView::FirstAid => SecondPersonProof::FirstAid,
        SecondPersonProofView::SwitchOff => SecondPersonProof::SwitchOff,
        SecondPersonProofView::Rescue => SecondPersonProof::Rescue,
        SecondPersonProofView::NoOtherTask => SecondPersonProof::NoOtherTask,
    }
}

fn answer(input: AnsweredView) -> Result<Answer, ErrorView> {
    Ok(match input {
        AnsweredView::Level { level } => Answer::Level(level),
        AnsweredView::Measured { value, instrument } => {
            Answer::Measured(thousandths(&value).ok_or_else(error::number)?, instrument)
        }
        AnsweredView::Chosen { options } => Answer::Chosen(options),
        AnsweredView::Counted { number } => Answer::Counted(number),
        AnsweredView::Timed { seconds } => {
            let millis = thousandths(&seconds).and_then(|millis| u64::try_from(millis).ok());
            Answer::Timed(millis.ok_or_else(error::number)?)
        }
        AnsweredView::Heard { points, prompts } => Answer::Heard(points, prompts),
        AnsweredView::Written { text } => Answer::Written(text),
    })
}

pub(crate) fn observed(input: ObservationInput) -> Result<Observed, ErrorView> {
    let id = CriterionId::new;
    Ok(match input {
        ObservationInput::Score { criterion_id, score: given, reason } => {
            Observed::Score { criterion: id(criterion_id), score: score(given), reason }
        }
        ObservationInput::Answered { criterion_id, answer: given } => {
            Observed::Answered { criterion: id(criterion_id), answer: answer(given)? }
        }
        ObservationInput::Note { criterion_id, text } => Observed::Note { criterion: criterion_id.map(id), text },
        ObservationInput::TesterBefore { criterion_id, source, worked } => {
            Observed::TesterBefore { criterion: id(criterion_id), source, worked }
        }
        ObservationInput::Reading { criterion_id, point, reading, dead } => {
            Observed::Reading { criterion: id(criterion_id), point, reading, dead }
        }
        ObservationInput::TesterAfter { criterion_id, source, worked, same_instrument } => {
            Observed::TesterAfter { criterion: id(criterion_id), source, worked, same_instrument }
        }
        ObservationInput::Reenergised => Observed::Reenergised,
        ObservationInput::SecondPersonLeft => Observed::SecondPersonLeft,
        ObservationInput::SecondPersonReturned => Observed::SecondPersonReturned,
        ObservationInput::Stop => Observed::Stop,
        ObservationInput::StopExplained { by, stop_kind, why } => stop_explained(by, stop_kind, why),
        ObservationInput::Resume { made_safe, gate_checked } => Observed::Resume { made_safe, gate_checked },
        ObservationInput::PartBegan { part_id } => Observed::PartBegan(PartId::new(part_id)),
        ObservationInput::PartEnded { part_id } => Observed::PartEnded(PartId::new(part_id)),
        ObservationInput::PartMarked { part_id, points, of, on, reference } => {
            Observed::PartMarked { part: PartId::new(part_id), points, of, on: required_day(&on)?, reference }
        }
        ObservationInput::Said { rule_id, kept, note } => Observed::Said { rule: RuleId::new(rule_id), kept, note },
    })
}

fn stop_explained(by: StoppedByView, kind: StopKindView, why: String) -> Observed {
    Observed::StopExplained {
        by: match by {
            StoppedByView::Assessor => StoppedBy::Assessor,
            StoppedByView::Candidate => StoppedBy::Candidate,
            StoppedByView::SecondPerson => StoppedBy::SecondPerson,
            StoppedByView::SomebodyElse => StoppedBy::SomebodyElse,
        },
        kind: match kind {
            StopKindView::DangerByCandidate => StopKind::DangerByCandidate,
            StopKindView::OutsideCause => StopKind::OutsideCause,
            StopKindView::CalledInError => StopKind::CalledInError,
        },
        why,
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

#[cfg(test)]
mod tests {
    use super::thousandths;

    #[test]
    fn decimals_are_read_exactly_or_not_at_all() {
        let table = [("1500.1", Some(1_500_100)), ("0", Some(0)), ("-2,5", Some(-2_500)), (" 7 ", Some(7_000))];
        let bad = ["", "-", ".5", "1.2345", "1e3", "ä", "1 000", "1234567890123", "--1", "1.-2"];
        for (text, expected) in table.into_iter().chain(bad.map(|text| (text, None))) {
            assert_eq!(thousandths(text), expected, "{text:?}");
        }
    }
}
