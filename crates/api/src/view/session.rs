//! One session, whole: everything any of its screens shows.

use fieldproof_app::{session::SessionState, words};
use fieldproof_model::{
    decision::{Answer, Judged, Rule, wait_began},
    gate::{ExerciseState, Gate, IdentityDocument, InstrumentCategory, Missing, VoltageKind},
    observation::{Observed, StopKind, StoppedBy},
    scheme::{Criterion, CriterionId, CriterionKind, Scheme},
    session::{Phase, ProofStatus, Stop, Trial},
    time::Date,
};
use fieldproof_seal::{
    envelope::Purpose,
    parts::{Acknowledged, Acknowledgement, AcknowledgementRole},
};

use crate::{
    dto::*,
    view::{document, log, person, phase, place, result, score},
};

pub(crate) fn session(state: &SessionState, today: Date) -> SessionView {
    let over = matches!(state.session.phase, Phase::Decision | Phase::Acknowledgement);
    SessionView {
        id: state.row.id.to_string(),
        phase: phase(state),
        demonstration: state.purpose == Purpose::Demonstration,
        assessor_name: state.assessor.person.name.as_str().to_owned(),
        candidate: person(&state.candidate),
        second_person: person(&state.second_person),
        scheme: scheme(&state.scheme, |id| Some((state, id))),
        gate: GateView {
            values: gate(&state.row.gate),
            missing: state.missing(today).into_iter().map(missing).collect(),
        },
        opened_at: state.row.opened_at.as_millis(),
        started_at: state.session.started_at.map(|at| at.as_millis()),
        proof: proof(state),
        wait: wait(state),
        second_person_present: state.session.second_person_present,
        stop: state.session.open_stop().map(stop),
        log: log::log(state),
        questions: questions(state),
        decision: over.then(|| decision(state, today)),
        acknowledgements: state.acknowledgements.iter().map(|given| acknowledgement(state, given)).collect(),
        sealed: sealed(state),
    }
}

/// A scheme; `seen` gives the session to look a criterion up in, where there is one.
pub(crate) fn scheme<'a>(
    scheme: &'a Scheme,
    seen: impl Fn(&'a CriterionId) -> Option<(&'a SessionState, &'a CriterionId)>,
) -> SchemeView {
    let criterion = |c: &'a Criterion| criterion(c, scheme.is_critical(&c.id), seen(&c.id).map(|(state, _)| state));
    SchemeView {
        id: scheme.id.to_string(),
        title: scheme.title.clone(),
        version: scheme.version.clone(),
        scope: scheme.scope.clone(),
        values_set_by: scheme.values.set_by.clone(),
        tasks: scheme
            .tasks
            .iter()
            .map(|task| TaskView {
                id: task.id.clone(),
                title: task.title.clone(),
                steps: task
                    .steps
                    .iter()
                    .map(|step| StepView {
                        id: step.id.clone(),
                        title: step.title.clone(),
                        note: step.note.clone(),
                        criteria: step.criteria.iter().map(criterion).collect(),
                    })
                    .collect(),
            })
            .collect(),
    }
}

fn criterion(criterion: &Criterion, critical: bool, state: Option<&SessionState>) -> CriterionView {
    let scored = state.and_then(|state| state.session.scores.get(&criterion.id));
    let count = |wanted: fn(&Observed) -> Option<&CriterionId>| {
        let log = state.map_or(&[][..], |state| &state.log);
        let found = log.iter().filter(|o| wanted(&o.observed) == Some(&criterion.id)).count();
        u32::try_from(found).unwrap_or(u32::MAX)
    };
    CriterionView {
        id: criterion.id.as_str().to_owned(),
        text: criterion.text.clone(),
        outcome: criterion.outcome.clone(),
        critical,
        source: criterion.source.clone(),
        kind: match criterion.kind {
            CriterionKind::Observed => CriterionKindView::Observed,
            CriterionKind::Proof => CriterionKindView::Proof,
        },
        score: scored.map(|scored| score(scored.score)),
        reason: scored.and_then(|scored| scored.reason.clone()),
        corrected: scored.is_some_and(|scored| scored.is_correction),
        notes: count(|o| if let Observed::Note { criterion, .. } = o { criterion.as_ref() } else { None }),
        photos: count(|o| if let Observed::Photo { criterion, .. } = o { criterion.as_ref() } else { None }),
    }
}

fn gate(gate: &Gate) -> GateInput {
    GateInput {
        identity_document: gate.identity_document.map(|document| match document {
            IdentityDocument::Passport => IdentityDocumentView::Passport,
            IdentityDocument::IdentityCard => IdentityDocumentView::IdentityCard,
            IdentityDocument::DrivingLicence => IdentityDocumentView::DrivingLicence,
            IdentityDocument::ResidencePermit => IdentityDocumentView::ResidencePermit,
        }),
        identity_checked_by_assessor: gate.identity_checked_by_assessor,
        premises_marked: gate.premises_marked,
        premises_thermal_runaway: gate.premises_thermal_runaway,
        premises_clean: gate.premises_clean,
        ppe_gloves: gate.ppe_gloves,
        ppe_arc_flash: gate.ppe_arc_flash,
        ppe_aed: gate.ppe_aed,
        instrument_category: gate.instrument_category.map(|category| match category {
            InstrumentCategory::CatIii => InstrumentCategoryView::CatIii,
            InstrumentCategory::CatIv => InstrumentCategoryView::CatIv,
        }),
        instrument_voltage: gate.instrument_voltage,
        instrument_serial: gate.instrument_serial.clone(),
        instrument_calibration_due: gate.instrument_calibration_due.map(|day| day.to_string()),
        object_id: gate.object_id.clone(),
        object_voltage: gate.object_voltage,
        object_voltage_kind: gate.object_voltage_kind.map(|kind| match kind {
            VoltageKind::Dc => VoltageKindView::Dc,
            VoltageKind::Ac => VoltageKindView::Ac,
        }),
        object_state: gate.object_state.map(|state| match state {
            ExerciseState::Live => ExerciseStateView::Live,
            ExerciseState::MadeDead => ExerciseStateView::MadeDead,
            ExerciseState::NeverEnergised => ExerciseStateView::NeverEnergised,
            ExerciseState::Simulated => ExerciseStateView::Simulated,
        }),
        risk_assessment: gate.risk_assessment.clone(),
        second_person_present: gate.second_person_present,
        second_person_instructed: gate.second_person_instructed,
    }
}

fn missing(missing: Missing) -> MissingView {
    let section = match missing {
        Missing::IdentityDocument | Missing::IdentityCheck => GateSection::Identity,
        Missing::PremisesMarked | Missing::PremisesThermalRunaway | Missing::PremisesClean => GateSection::Premises,
        Missing::Gloves | Missing::ArcFlash | Missing::Aed => GateSection::Ppe,
        Missing::InstrumentCategory
        | Missing::InstrumentVoltage
        | Missing::InstrumentSerial
        | Missing::CalibrationDate
        | Missing::CalibrationOverdue(_)
        | Missing::InstrumentBelowObject(..) => GateSection::Instrument,
        Missing::ObjectId | Missing::ObjectVoltage | Missing::ObjectState => GateSection::Object,
        Missing::RiskAssessment => GateSection::Risk,
        Missing::SecondPersonPresent | Missing::SecondPersonInstructed => GateSection::SecondPerson,
    };
    MissingView { section, message: words::missing(missing) }
}

fn proof(state: &SessionState) -> ProofView {
    let proof = &state.session.proof;
    let trial = |trial: &Trial| TrialView {
        source: trial.source.clone(),
        worked: trial.worked,
        same_instrument: trial.same_instrument,
    };
    let status = proof.status();
    ProofView {
        status: match status {
            ProofStatus::NotStarted => ProofStatusView::NotStarted,
            ProofStatus::Open => ProofStatusView::Open,
            ProofStatus::Proved => ProofStatusView::Proved,
            ProofStatus::NotDead => ProofStatusView::NotDead,
            ProofStatus::Void(_) => ProofStatusView::Void,
        },
        why: match status {
            ProofStatus::NotStarted | ProofStatus::Open => None,
            ProofStatus::Proved | ProofStatus::NotDead | ProofStatus::Void(_) => Some(words::proof(status).to_owned()),
        },
        before: proof.before.as_ref().map(trial),
        readings: proof
            .readings
            .iter()
            .map(|r| ReadingView { point: r.point.clone(), reading: r.reading.clone(), dead: r.dead })
            .collect(),
        after: proof.after.as_ref().map(trial),
    }
}

fn wait(state: &SessionState) -> Option<WaitView> {
    let wait = state.scheme.wait.as_ref()?;
    let required_seconds = state.scheme.values.wait_seconds;
    let started_at = wait_began(&state.scheme, &state.session);
    Some(WaitView {
        label: wait.label.clone(),
        required_seconds,
        set_by: state.scheme.values.set_by.clone(),
        started_at: started_at.map(|at| at.as_millis()),
        ready_at: started_at.map(|at| at.seconds_later(required_seconds).as_millis()),
    })
}

fn stop(stop: &Stop) -> StopView {
    let explained = stop.explained.as_ref();
    StopView {
        stopped_at: stop.stopped_at.as_millis(),
        kind: explained.map(|(_, kind, _)| match kind {
            StopKind::DangerByCandidate => StopKindView::DangerByCandidate,
            StopKind::OutsideCause => StopKindView::OutsideCause,
            StopKind::CalledInError => StopKindView::CalledInError,
        }),
        by: explained.map(|(by, ..)| match by {
            StoppedBy::Assessor => StoppedByView::Assessor,
            StoppedBy::Candidate => StoppedByView::Candidate,
            StoppedBy::SecondPerson => StoppedByView::SecondPerson,
            StoppedBy::SomebodyElse => StoppedByView::SomebodyElse,
        }),
        why: explained.map(|(.., why)| why.clone()),
    }
}

fn questions(state: &SessionState) -> Vec<QuestionView> {
    let open = |(rule, answer): &&(Rule, Answer)| matches!(rule, Rule::Wait { .. }) && *answer == Answer::Open;
    let rules = state.decision.rules.iter().filter(open);
    rules.map(|(rule, answer)| QuestionView { id: "wait".to_owned(), text: words::rule(*rule, *answer).1 }).collect()
}

fn decision(state: &SessionState, today: Date) -> DecisionView {
    let why_no_certificate = words::why_no_certificate(state, today);
    let confirmed = state.session.confirmed.as_ref();
    DecisionView {
        result: result(state.decision.outcome),
        summary: words::summary(state.decision.outcome).to_owned(),
        rules: state.decision.rules.iter().map(|(rule, answer)| rule_line(*rule, *answer)).collect(),
        lines: state.decision.lines.iter().map(|line| judged_line(state, line)).collect(),
        certificate_allowed: why_no_certificate.is_empty(),
        why_no_certificate,
        confirmed_at: confirmed.map(|(.., at)| at.as_millis()),
        borderline: confirmed.is_some_and(|(borderline, ..)| *borderline),
    }
}

fn rule_line(rule: Rule, answer: Answer) -> RuleLine {
    let (text, because) = words::rule(rule, answer);
    let answer = match answer {
        Answer::Yes => RuleAnswer::Yes,
        Answer::No => RuleAnswer::No,
        Answer::Open => RuleAnswer::Open,
    };
    RuleLine { text, answer, because }
}

fn judged_line(state: &SessionState, line: &fieldproof_model::decision::Line) -> JudgedLine {
    let found = state.scheme.criteria().find(|(_, criterion)| criterion.id == line.criterion);
    JudgedLine {
        criterion_id: line.criterion.as_str().to_owned(),
        task: found.map_or(String::new(), |(task, _)| task.title.clone()),
        text: found.map_or(String::new(), |(_, criterion)| criterion.text.clone()),
        critical: line.critical,
        score: line.score.map(score),
        judged: match line.judged {
            Judged::Met => JudgedView::Met,
            Judged::NotMet => JudgedView::NotMet,
            Judged::Excluded => JudgedView::Excluded,
            Judged::Open => JudgedView::Open,
        },
        because: words::because(line.because),
    }
}

fn acknowledgement(state: &SessionState, given: &Acknowledgement) -> AcknowledgementView {
    let (role, person) = match given.role {
        AcknowledgementRole::Candidate => (AcknowledgementRoleView::Candidate, &state.candidate),
        AcknowledgementRole::SecondPerson => (AcknowledgementRoleView::SecondPerson, &state.second_person),
    };
    let roster_name = person.person.name.as_str().to_owned();
    let (how, name, reason) = match &given.how {
        Acknowledged::Drawn(_) => (AcknowledgedView::Drawn, roster_name, None),
        Acknowledged::Typed(name) => (AcknowledgedView::Typed, name.clone(), None),
        Acknowledged::Refused(reason) => (AcknowledgedView::Refused, roster_name, Some(reason.clone())),
    };
    AcknowledgementView { role, name, how, reason, at: given.at.as_millis() }
}

fn sealed(state: &SessionState) -> Option<SealedView> {
    let sealed = state.sealed.as_ref()?;
    let facts = place(&sealed.place);
    Some(SealedView {
        record_digest: sealed.row.digest.to_string(),
        chain_index: sealed.record.link.index,
        sealed_at: sealed.record.sealed_at.as_millis(),
        document: document(sealed.row.token.is_some()),
        document_opened_at: sealed.row.document_opened_at.map(|at| at.as_millis()),
        place: facts.place,
        place_note: facts.note,
        register_number: facts.number,
        registered_at: facts.at,
    })
}
