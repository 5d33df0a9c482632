//! Order, voids and waits: what the taps show of when things were done, and what the assessor said of it.

use crate::{
    decision::{Answer, Rule},
    observation,
    scheme::{Consequence, CriterionId, CriterionKind, Order, RuleId, Scheme, Wait},
    session::{Entry, Moment, Recorded, Session},
};

/// An order or wait rule, answered, with what follows from it.
pub(super) struct Timed {
    pub(super) id: RuleId,
    pub(super) rule: Rule,
    pub(super) answer: Answer,
    pub(super) consequence: Consequence,
    /// The criterion that stands under the rule.
    pub(super) criterion: CriterionId,
}

/// Answers every order and wait rule of the scheme.
pub(super) fn rules(scheme: &Scheme, session: &Session) -> Vec<Timed> {
    let orders = scheme.order.iter().map(|order| order_rule(scheme, session, order));
    orders.chain(scheme.waits.iter().map(|wait| wait_rule(scheme, session, wait))).collect()
}

fn order_rule(scheme: &Scheme, session: &Session, order: &Order) -> Timed {
    let kept_by_taps = looked_at(scheme, session, &order.criterion)
        .into_iter()
        .all(|moment| held_before(scheme, session, &order.after, moment));
    let said = said(session, &order.id, [&order.criterion, &order.after]);
    Timed {
        id: order.id.clone(),
        rule: Rule::Order { rule: order.id.clone(), kept_by_taps, said },
        answer: answer(kept_by_taps, said, order.consequence),
        consequence: order.consequence,
        criterion: order.criterion.clone(),
    }
}

fn wait_rule(scheme: &Scheme, session: &Session, wait: &Wait) -> Timed {
    let seconds = scheme.values.waits.get(&wait.id).copied().unwrap_or(u32::MAX);
    let demanded = i64::from(seconds).saturating_mul(1000);
    let began = begin(scheme, session, &wait.before);
    let done = first_done(scheme, session, &wait.after);
    let millis = done.zip(began).map(|(done, began)| began.at.millis_since(done.at));
    let kept_by_taps = began.is_none() || millis.is_some_and(|millis| demanded <= millis);
    let said = said(session, &wait.id, [&wait.after, &wait.before]);
    Timed {
        id: wait.id.clone(),
        rule: Rule::Wait { rule: wait.id.clone(), millis, demanded, said },
        answer: answer(kept_by_taps, said, wait.consequence),
        consequence: wait.consequence,
        criterion: wait.before.clone(),
    }
}

/// What the taps alone show broken is put to the assessor, never failed silently.
pub(super) fn answer(kept_by_taps: bool, said: Option<bool>, consequence: Consequence) -> Answer {
    match (kept_by_taps, said, consequence) {
        #[cfg(feature = "sabotage")]
        (false, None, _) if crate::sabotage::is_set(crate::sabotage::Sabotage::SilentlyKept) => Answer::Yes,
        (true, ..) | (_, Some(true), _) | (_, Some(false), Consequence::Marked) => Answer::Yes,
        (_, Some(false), Consequence::Fails) => Answer::No,
        (_, Some(false), Consequence::Institution) | (_, None, _) => Answer::Open,
    }
}

/// What the assessor said of a rule, unless something was recorded of its criteria since.
fn said(session: &Session, rule: &RuleId, criteria: [&CriterionId; 2]) -> Option<bool> {
    let said = session.said.get(rule)?;
    let last = criteria.into_iter().map(|id| last_sequence(session, id)).max().unwrap_or(0);
    (last < said.sequence).then_some(said.kept)
}

fn last_sequence(session: &Session, criterion: &CriterionId) -> u32 {
    let entry = session.newest(criterion).map_or(0, |entry| entry.moment.sequence);
    entry.max(session.proofs.get(criterion).map_or(0, |proof| proof.last_sequence))
}

/// The moments at which an order rule is looked at: every done moment, or when a proof began.
fn looked_at(scheme: &Scheme, session: &Session, criterion: &CriterionId) -> Vec<Moment> {
    if is_proof(scheme, criterion) {
        return begin(scheme, session, criterion).into_iter().collect();
    }
    done_moments(scheme, session, criterion)
}

/// Whether `criterion` was done, or proved, at or before `moment` and not voided since.
fn held_before(scheme: &Scheme, session: &Session, criterion: &CriterionId, moment: Moment) -> bool {
    let last_void = voids_of(scheme, session, criterion).into_iter().filter(|void| *void < moment).max();
    let since = if is_proof(scheme, criterion) {
        let turns = session.proofs.get(criterion).map_or(&[][..], |proof| &proof.turns);
        let ended = session.proofs_ended.iter().map(|at| (*at, false));
        let last = turns.iter().copied().chain(ended).filter(|(at, _)| *at < moment).max();
        last.filter(|(_, holds)| *holds).map(|(at, _)| at)
    } else {
        done_moments(scheme, session, criterion).into_iter().filter(|done| *done <= moment).max()
    };
    since.is_some_and(|since| last_void.is_none_or(|void| void < since))
}

/// When something that voids `criterion` was done.
pub(super) fn voids_of(scheme: &Scheme, session: &Session, criterion: &CriterionId) -> Vec<Moment> {
    let voiding = scheme.voids.iter().filter(|void| void.voids.contains(criterion));
    voiding.flat_map(|void| done_moments(scheme, session, &void.criterion)).collect()
}

/// When `criterion` began: a proof with its first act, anything else when it was first done.
fn begin(scheme: &Scheme, session: &Session, criterion: &CriterionId) -> Option<Moment> {
    if is_proof(scheme, criterion) {
        return session.proofs.get(criterion)?.began();
    }
    first_done(scheme, session, criterion)
}

/// When a criterion was first done: since the last resume, where it was done again after it. What was recorded since
/// then and set back stands where it was set to.
#[must_use]
pub fn first_done(scheme: &Scheme, session: &Session, criterion: &CriterionId) -> Option<Moment> {
    let done = done_entries(scheme, session, criterion);
    let is_since = |entry: &&&Entry| {
        let by_place = |resumed: Moment| entry.set_back && resumed.sequence < entry.moment.sequence;
        session.resumed.is_none_or(|resumed| resumed < entry.moment || by_place(resumed))
    };
    let since = done.iter().filter(is_since).map(|entry| entry.moment).min();
    since.or_else(|| done.iter().map(|entry| entry.moment).min())
}

/// Whether the newest entry of a criterion says that it was done.
pub(super) fn is_done(scheme: &Scheme, session: &Session, criterion: &CriterionId) -> bool {
    !done_moments(scheme, session, criterion).is_empty()
}

/// The moments of the done entries.
fn done_moments(scheme: &Scheme, session: &Session, criterion: &CriterionId) -> Vec<Moment> {
    done_entries(scheme, session, criterion).into_iter().map(|entry| entry.moment).collect()
}

/// The done entries since the criterion was last recorded as anything else; one that was set back stands in the place
/// of those before it.
fn done_entries<'s>(scheme: &Scheme, session: &'s Session, criterion: &CriterionId) -> Vec<&'s Entry> {
    let Some(kind) = scheme.criterion(criterion).map(|criterion| &criterion.kind) else {
        return Vec::new();
    };
    let mut done = Vec::new();
    for entry in session.entries.get(criterion).map_or(&[][..], Vec::as_slice) {
        let is_done = says_done(kind, entry);
        if !is_done || entry.set_back {
            done.clear();
        }
        if is_done {
            done.push(entry);
        }
    }
    done
}

fn says_done(kind: &CriterionKind, entry: &Entry) -> bool {
    use observation::Score::{Prompted, Unaided};
    match &entry.recorded {
        Recorded::Score(score, _) => kind.is_scored() && matches!(score, Unaided | Prompted),
        Recorded::Answer(answer) => fits(kind, answer),
    }
}

/// Whether an answer is of the kind the criterion asks for.
const fn fits(kind: &CriterionKind, answer: &observation::Answer) -> bool {
    use observation::Answer::{Chosen, Counted, Heard, Level, Measured, Timed, Written};
    matches!(
        (kind, answer),
        (CriterionKind::Rubric { .. }, Level(_))
            | (CriterionKind::Measurement { .. }, Measured(..))
            | (CriterionKind::Choice { .. }, Chosen(_))
            | (CriterionKind::Count { .. }, Counted(_))
            | (CriterionKind::Timed, Timed(_))
            | (CriterionKind::Oral { .. }, Heard(..))
            | (CriterionKind::Text, Written(_))
    )
}

fn is_proof(scheme: &Scheme, criterion: &CriterionId) -> bool {
    scheme.criterion(criterion).is_some_and(|criterion| criterion.kind == CriterionKind::Proof)
}
