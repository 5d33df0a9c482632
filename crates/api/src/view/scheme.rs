//! A scheme, by itself or with what a session has seen of it.

use fieldproof_app::{session::SessionState, words};
use fieldproof_model::{
    decision::{Answer, Rule, is_quiet, part_began},
    observation,
    scheme::{
        Choice, Completion, Criterion, CriterionId, CriterionKind, EvidenceKind, Part, PartKind, Review, Scheme,
        SecondPersonPolicy, Step, Task,
    },
    session::{Construct, ProofStatus, Recorded, Trial},
    time::Date,
};

use crate::{dto::*, view::score};

/// A scheme; `state` is the session to look criteria up in, where there is one.
pub(crate) fn scheme(scheme: &Scheme, state: Option<&SessionState>, today: Date) -> SchemeView {
    SchemeView {
        id: scheme.id.to_string(),
        title: scheme.title.clone(),
        version: scheme.version.clone(),
        scope: scheme.scope.clone(),
        language: scheme.language.clone(),
        languages: scheme
            .languages
            .iter()
            .map(|known| LanguageView { tag: known.tag.clone(), counts: known.review != Review::Draft })
            .collect(),
        superseded: scheme.superseded(today).map(words::superseded),
        second_person: match scheme.people.second_person {
            SecondPersonPolicy::Required => SecondPersonPolicyView::Required,
            SecondPersonPolicy::Deviation => SecondPersonPolicyView::Deviation,
            SecondPersonPolicy::Nobody => SecondPersonPolicyView::Nobody,
        },
        team: scheme.people.team,
        assessed: scheme.completion == Completion::Assessed,
        values_set_by: scheme.values.set_by.clone(),
        parts: scheme.parts.iter().map(|known| part(scheme, known, state)).collect(),
    }
}

fn part(scheme: &Scheme, part: &Part, state: Option<&SessionState>) -> PartView {
    let log = state.and_then(|state| state.session.parts.get(&part.id));
    let marks = log.and_then(|log| log.marks.as_ref());
    let own = part.time_limit.as_ref().map(|limit| limit.seconds);
    PartView {
        id: part.id.as_str().to_owned(),
        title: part.title.clone(),
        kind: match part.kind {
            PartKind::Knowledge => PartKindView::Knowledge,
            PartKind::Practical => PartKindView::Practical,
            PartKind::Oral => PartKindView::Oral,
            PartKind::Portfolio => PartKindView::Portfolio,
        },
        marked: part.is_marked(),
        time_limit_seconds: own.or_else(|| scheme.values.parts.get(&part.id)?.time_limit_seconds),
        began_at: state.and_then(|state| part_began(scheme, &state.session, part)).map(|began| began.at.as_millis()),
        ended_at: log.and_then(|log| log.ended).map(|moment| moment.at.as_millis()),
        marks: marks.map(|marks| MarksView {
            points: marks.points,
            of: marks.of,
            on: marks.on.to_string(),
            reference: marks.reference.clone(),
        }),
        tasks: part.tasks.iter().map(|known| task(scheme, known, state)).collect(),
    }
}

fn task(scheme: &Scheme, task: &Task, state: Option<&SessionState>) -> TaskView {
    TaskView {
        id: task.id.clone(),
        title: task.title.clone(),
        steps: task.steps.iter().map(|known| step(scheme, known, state)).collect(),
    }
}

fn step(scheme: &Scheme, step: &Step, state: Option<&SessionState>) -> StepView {
    StepView {
        id: step.id.clone(),
        title: step.title.clone(),
        note: step.note.clone(),
        criteria: step.criteria.iter().map(|known| criterion(scheme, known, state)).collect(),
    }
}

fn criterion(scheme: &Scheme, criterion: &Criterion, state: Option<&SessionState>) -> CriterionView {
    let entry = state.and_then(|state| state.session.newest(&criterion.id));
    let (given, reason) = match entry.map(|entry| &entry.recorded) {
        Some(Recorded::Score(given, reason)) => (Some(score(*given)), reason.clone()),
        Some(Recorded::Answer(_)) | None => (None, None),
    };
    let answer = match entry.map(|entry| &entry.recorded) {
        Some(Recorded::Answer(answer)) => Some(answer),
        Some(Recorded::Score(..)) | None => None,
    };
    let entries = state.and_then(|state| state.session.entries.get(&criterion.id)).map_or(0, Vec::len);
    let shape = Shape::of(&criterion.kind);
    let outcome = |id: &String| scheme.outcomes.iter().find(|outcome| outcome.id == *id).map(|o| o.text.clone());
    let attached = |kind| {
        let found = state.and_then(|state| state.session.evidence.get(&(criterion.id.clone(), kind)));
        found.copied().unwrap_or_default()
    };
    CriterionView {
        id: criterion.id.as_str().to_owned(),
        text: criterion.text.clone(),
        outcomes: criterion.outcomes.iter().filter_map(outcome).collect(),
        critical: scheme.is_critical(&criterion.id),
        source: criterion.source.clone(),
        kind: kind(&criterion.kind),
        levels: shape.levels,
        unit: shape.unit,
        names_instrument: shape.names_instrument,
        options: shape.options,
        points: shape.points,
        prompts: shape.prompts,
        proof: state.filter(|_| criterion.kind == CriterionKind::Proof).map(|state| proof(state, &criterion.id)),
        answer: answer.map(answered),
        answer_text: answer.map(|answer| words::answer(Some(criterion), answer)),
        evidence: criterion.evidence.map(|demand| evidence(scheme, criterion, demand, state)),
        out_of_order: state.map_or_else(Vec::new, |state| out_of_order(state, &criterion.id)),
        score: given,
        reason,
        corrected: 1 < entries,
        notes: attached(EvidenceKind::Note),
        photos: attached(EvidenceKind::Photo),
        files: attached(EvidenceKind::File),
    }
}

/// What a kind brings along, in the fields the screen has for it.
#[derive(Default)]
struct Shape {
    levels: Vec<String>,
    unit: Option<String>,
    names_instrument: bool,
    options: Vec<OptionView>,
    points: Vec<String>,
    prompts: Vec<String>,
}

impl Shape {
    fn of(kind: &CriterionKind) -> Self {
        match kind {
            CriterionKind::Observed | CriterionKind::Proof | CriterionKind::Timed | CriterionKind::Text => {
                Self::default()
            }
            CriterionKind::Rubric { levels } => Self { levels: levels.clone(), ..Self::default() },
            CriterionKind::Measurement { unit, names_instrument } => {
                Self { unit: Some(unit.clone()), names_instrument: *names_instrument, ..Self::default() }
            }
            CriterionKind::Choice { options, .. } => {
                let option = |option: &Choice| OptionView { id: option.id.clone(), text: option.text.clone() };
                Self { options: options.iter().map(option).collect(), ..Self::default() }
            }
            CriterionKind::Count { unit } => Self { unit: Some(unit.clone()), ..Self::default() },
            CriterionKind::Oral { points, prompts } => {
                Self { points: points.clone(), prompts: prompts.clone(), ..Self::default() }
            }
        }
    }
}

const fn kind(kind: &CriterionKind) -> CriterionKindView {
    match kind {
        CriterionKind::Observed => CriterionKindView::Observed,
        CriterionKind::Proof => CriterionKindView::Proof,
        CriterionKind::Rubric { .. } => CriterionKindView::Rubric,
        CriterionKind::Measurement { .. } => CriterionKindView::Measurement,
        CriterionKind::Choice { .. } => CriterionKindView::Choice,
        CriterionKind::Count { .. } => CriterionKindView::Count,
        CriterionKind::Timed => CriterionKindView::Timed,
        CriterionKind::Oral { .. } => CriterionKindView::Oral,
        CriterionKind::Text => CriterionKindView::Text,
    }
}

fn answered(answer: &observation::Answer) -> AnsweredView {
    match answer {
        observation::Answer::Level(level) => AnsweredView::Level { level: *level },
        observation::Answer::Measured(value, instrument) => {
            AnsweredView::Measured { value: words::thousandths(*value), instrument: instrument.clone() }
        }
        observation::Answer::Chosen(options) => AnsweredView::Chosen { options: options.clone() },
        observation::Answer::Counted(number) => AnsweredView::Counted { number: *number },
        observation::Answer::Timed(millis) => {
            AnsweredView::Timed { seconds: words::thousandths(i64::try_from(*millis).unwrap_or(i64::MAX)) }
        }
        observation::Answer::Heard(points, prompts) => {
            AnsweredView::Heard { points: points.clone(), prompts: *prompts }
        }
        observation::Answer::Written(text) => AnsweredView::Written { text: text.clone() },
    }
}

fn evidence(
    scheme: &Scheme,
    criterion: &Criterion,
    demand: fieldproof_model::scheme::EvidenceDemand,
    state: Option<&SessionState>,
) -> EvidenceView {
    let key = (criterion.id.clone(), demand.kind);
    EvidenceView {
        kind: match demand.kind {
            EvidenceKind::Photo => EvidenceKindView::Photo,
            EvidenceKind::Note => EvidenceKindView::Note,
            EvidenceKind::Reading => EvidenceKindView::Reading,
            EvidenceKind::File => EvidenceKindView::File,
        },
        count: demand.count,
        have: state.and_then(|state| state.session.evidence.get(&key)).copied().unwrap_or(0),
        due: state.is_some_and(|state| !is_quiet(scheme, &state.session)),
    }
}

/// The rules that the taps show broken and that the criterion stands under.
fn out_of_order(state: &SessionState, criterion: &CriterionId) -> Vec<String> {
    let stands_under = |rule: &Rule| {
        if let Rule::Order { rule, .. } = rule {
            return state.scheme.order.iter().any(|order| order.id == *rule && order.criterion == *criterion);
        }
        if let Rule::Wait { rule, .. } = rule {
            return state.scheme.waits.iter().any(|wait| wait.id == *rule && wait.before == *criterion);
        }
        false
    };
    let broken = state.decision.rules.iter().filter(|(rule, answer)| *answer != Answer::Yes && stands_under(rule));
    broken
        .map(|(rule, answer)| {
            let (title, because) = words::rule(&state.scheme, rule, *answer);
            format!("{title}: {because}")
        })
        .collect()
}

fn proof(state: &SessionState, criterion: &CriterionId) -> ProofView {
    let nothing = Construct::default();
    let construct = state.session.proofs.get(criterion).map_or(&nothing, |proof| &proof.construct);
    let trial = |trial: &Trial| TrialView {
        source: trial.source.clone(),
        worked: trial.worked,
        same_instrument: trial.same_instrument,
    };
    let status = construct.status();
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
        before: construct.before.as_ref().map(trial),
        readings: construct
            .readings
            .iter()
            .map(|r| ReadingView { point: r.point.clone(), reading: r.reading.clone(), dead: r.dead })
            .collect(),
        after: construct.after.as_ref().map(trial),
    }
}
