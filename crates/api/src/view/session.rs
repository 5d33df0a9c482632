//! One session, whole: everything any of its screens shows.

use fieldproof_app::{
    session::{Sealed, SessionState},
    words,
};
use fieldproof_model::{
    decision::{Answer, Judged, Rule, first_done, is_quiet},
    observation::{StopKind, StoppedBy},
    session::{Phase, Stop},
    time::Date,
};
use fieldproof_seal::{
    envelope::Purpose,
    parts::{Acknowledged, Acknowledgement, AcknowledgementRole},
};

use crate::{
    dto::*,
    view::{document, gate::gate, kept, log, person, phase, place, result, scheme::scheme, score},
};

pub(crate) fn session(state: &SessionState, today: Date) -> SessionView {
    let over = matches!(state.session.phase, Phase::Decision | Phase::Acknowledgement);
    SessionView {
        id: state.row.id.to_string(),
        phase: phase(state),
        demonstration: state.purpose == Purpose::Demonstration,
        assessor_name: state.assessor.person.name.as_str().to_owned(),
        candidate: person(&state.candidate),
        second_person: state.second_person.as_ref().map(person),
        partner: state.partner.as_ref().map(|partner| PartnerView {
            session_id: partner.session.to_string(),
            name: partner.person.person.name.as_str().to_owned(),
        }),
        stands_by: state.session.stands_by,
        scheme: scheme(&state.scheme, Some(state), today),
        gate: gate(state, today),
        opened_at: state.row.opened_at.as_millis(),
        started_at: state.session.started.map(|started| started.at.as_millis()),
        waits: waits(state),
        quiet: is_quiet(&state.scheme, &state.session),
        second_person_present: state.session.second_person_present,
        stop: state.session.open_stop().map(stop),
        log: log::log(state),
        questions: questions(state),
        decision: over.then(|| decision(state, today)),
        acknowledgements: state.acknowledgements.iter().map(|given| acknowledgement(state, given)).collect(),
        erased: state.erased.iter().filter_map(|erased| kept::part(*erased)).collect(),
        sealed: state.sealed.as_ref().map(sealed),
        corrected: corrected(state),
    }
}

/// The waits that have begun, with the moment each is over.
fn waits(state: &SessionState) -> Vec<WaitView> {
    let begun = state.scheme.waits.iter().filter_map(|wait| {
        let began = first_done(&state.scheme, &state.session, &wait.after)?.at;
        let required_seconds = state.scheme.values.waits.get(&wait.id).copied().unwrap_or(0);
        Some(WaitView {
            id: wait.id.as_str().to_owned(),
            label: wait.label.clone(),
            required_seconds,
            set_by: state.scheme.values.set_by.clone(),
            started_at: Some(began.as_millis()),
            ready_at: Some(began.seconds_later(required_seconds).as_millis()),
        })
    });
    begun.collect()
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

/// What the taps alone show broken, put to the assessor.
fn questions(state: &SessionState) -> Vec<QuestionView> {
    let asked = |rule: &Rule| {
        if let Rule::Order { rule, said: None, .. } | Rule::Wait { rule, said: None, .. } = rule {
            return Some(rule.as_str().to_owned());
        }
        if let Rule::TimeLimit { part, said: None, .. } = rule {
            return Some(part.as_str().to_owned());
        }
        None
    };
    let open = state.decision.rules.iter().filter(|(_, answer)| *answer == Answer::Open);
    open.filter_map(|(rule, answer)| {
        let id = asked(rule)?;
        let (rule, text) = words::rule(&state.scheme, rule, *answer);
        Some(QuestionView { id, rule, text })
    })
    .collect()
}

fn decision(state: &SessionState, today: Date) -> DecisionView {
    let why_no_certificate = words::why_no_certificate(state, today);
    let confirmed = state.session.confirmed.as_ref();
    DecisionView {
        result: result(state.decision.outcome),
        summary: words::summary(state.decision.outcome).to_owned(),
        rules: state.decision.rules.iter().map(|(rule, answer)| rule_line(state, rule, *answer)).collect(),
        lines: state.decision.lines.iter().map(|line| judged_line(state, line)).collect(),
        certificate_allowed: why_no_certificate.is_empty(),
        why_no_certificate,
        confirmed_at: confirmed.map(|confirmed| confirmed.at.as_millis()),
        borderline: confirmed.is_some_and(|confirmed| confirmed.borderline),
        needs_feedback: state.decision.outcome.needs_feedback(),
    }
}

fn rule_line(state: &SessionState, rule: &Rule, answer: Answer) -> RuleLine {
    let (text, because) = words::rule(&state.scheme, rule, answer);
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
        task: found.map_or(String::new(), |(place, _)| place.task.title.clone()),
        text: found.map_or(String::new(), |(_, criterion)| criterion.text.clone()),
        critical: line.critical,
        score: line.score.map(score),
        judged: match line.judged {
            Judged::Met => JudgedView::Met,
            Judged::NotMet => JudgedView::NotMet,
            Judged::Excluded => JudgedView::Excluded,
            Judged::Open => JudgedView::Open,
        },
        because: words::because(&state.scheme, found.map(|(_, criterion)| criterion), &line.because),
    }
}

fn acknowledgement(state: &SessionState, given: &Acknowledgement) -> AcknowledgementView {
    let (role, person) = match given.role {
        AcknowledgementRole::Candidate => (AcknowledgementRoleView::Candidate, Some(&state.candidate)),
        AcknowledgementRole::SecondPerson => (AcknowledgementRoleView::SecondPerson, state.second_person.as_ref()),
    };
    let roster_name = person.map_or(String::new(), |row| row.person.name.as_str().to_owned());
    let (how, name, reason) = match &given.how {
        Acknowledged::Drawn(_) => (AcknowledgedView::Drawn, roster_name, None),
        Acknowledged::Typed(name) => (AcknowledgedView::Typed, name.clone(), None),
        Acknowledged::Refused(reason) => (AcknowledgedView::Refused, roster_name, Some(reason.clone())),
    };
    AcknowledgementView { role, name, how, reason, at: given.at.as_millis() }
}

fn sealed(sealed: &Sealed) -> SealedView {
    let facts = place(sealed);
    SealedView {
        record_digest: sealed.row.digest.to_string(),
        chain_index: sealed.record.link.index,
        sealed_at: sealed.record.sealed_at.as_millis(),
        document: document(sealed.row.token.is_some()),
        document_opened_at: sealed.row.document_opened_at.map(|at| at.as_millis()),
        place: facts.place,
        place_note: facts.note,
        register_number: facts.number,
        registered_at: facts.at,
    }
}

/// The records that were corrected, each with the reason that the next one gives.
fn corrected(state: &SessionState) -> Vec<CorrectedView> {
    let next = state.corrected.iter().skip(1).chain(&state.sealed);
    let reason = |next: &Sealed| next.record.supersedes.as_ref().map_or(String::new(), |(_, reason)| reason.clone());
    let pairs = state.corrected.iter().zip(next);
    pairs.map(|(record, next)| CorrectedView { record: sealed(record), reason: reason(next) }).collect()
}
