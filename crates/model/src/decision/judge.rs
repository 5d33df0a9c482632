//! How each criterion counts, by its kind.

use crate::{
    decision::{
        Answer, Because, Judged, Line,
        timing::{self, Timed},
    },
    observation::{self, Score},
    scheme::{Consequence, Criterion, CriterionId, CriterionKind, Scheme},
    session::{Proof, ProofStatus, Recorded, Session},
};

/// Judges every criterion of the scheme, in its order.
pub(super) fn lines(scheme: &Scheme, session: &Session, timing: &[Timed]) -> Vec<Line> {
    scheme.criteria().map(|(_, criterion)| line(scheme, session, criterion, timing)).collect()
}

/// Whether nothing but observation may be asked for now: something was disconnected and dead is not proved yet.
#[must_use]
pub fn is_quiet(scheme: &Scheme, session: &Session) -> bool {
    !session.is_over()
        && scheme.quiet.iter().any(|quiet| {
            let settled = session.proofs.get(&quiet.until).is_some_and(|proof| {
                proof.construct.status() == ProofStatus::Proved || is_given_up(scheme, session, &quiet.until, proof)
            });
            timing::is_done(scheme, session, &quiet.from) && !settled
        })
}

fn line(scheme: &Scheme, session: &Session, criterion: &Criterion, timing: &[Timed]) -> Line {
    let critical = scheme.is_critical(&criterion.id);
    let (judged, because) = judge(scheme, session, criterion, critical);
    let (judged, because) = match broken_rule(timing, &criterion.id) {
        Some(rule) if judged == Judged::Met => (Judged::NotMet, rule),
        _ => (judged, because),
    };
    Line { criterion: criterion.id.clone(), critical, score: session.score(&criterion.id), judged, because }
}

/// The rule with the consequence "fails" that was said not to be kept and that this criterion stands under.
fn broken_rule(timing: &[Timed], criterion: &CriterionId) -> Option<Because> {
    let broken = |timed: &&Timed| {
        timed.answer == Answer::No && timed.consequence == Consequence::Fails && timed.criterion == *criterion
    };
    timing.iter().find(broken).map(|timed| Because::Rule(timed.id.clone()))
}

fn judge(scheme: &Scheme, session: &Session, criterion: &Criterion, critical: bool) -> (Judged, Because) {
    let Some(entry) = session.newest(&criterion.id) else {
        return (Judged::NotMet, Because::NotRecorded);
    };
    let unaided = critical && scheme.values.critical_needs_unaided;
    match &entry.recorded {
        #[cfg(feature = "sabotage")]
        Recorded::Score(Score::NotSeen, _) if crate::sabotage::is_set(crate::sabotage::Sabotage::NotSeenIsDone) => {
            (Judged::Met, Because::Scored(Score::NotSeen))
        }
        Recorded::Score(Score::NotApplicable, _) if critical => (Judged::Open, Because::CriticalNotApplicable),
        Recorded::Score(Score::NotApplicable, _) => (Judged::Excluded, Because::Scored(Score::NotApplicable)),
        Recorded::Score(score @ (Score::NotDone | Score::Dangerous | Score::NotSeen), _) => {
            (Judged::NotMet, Because::Scored(*score))
        }
        Recorded::Score(Score::Unaided | Score::Prompted, _) if !criterion.kind.is_scored() => {
            (Judged::NotMet, Because::DoesNotFit)
        }
        Recorded::Score(Score::Prompted, _) if unaided => (Judged::NotMet, Because::NeedsUnaided),
        Recorded::Score(score @ (Score::Unaided | Score::Prompted), _) => {
            if criterion.kind == CriterionKind::Proof {
                judge_proof(scheme, session, &criterion.id, *score)
            } else {
                (Judged::Met, Because::Scored(*score))
            }
        }
        Recorded::Answer(observation::Answer::Heard(_, prompts))
            if unaided && 0 < *prompts && matches!(criterion.kind, CriterionKind::Oral { .. }) =>
        {
            (Judged::NotMet, Because::NeedsUnaided)
        }
        Recorded::Answer(answer) => judge_answer(scheme, criterion, answer),
    }
}

/// Whether a proof was given up on purpose before a resume or re-energising ended it.
fn is_given_up(scheme: &Scheme, session: &Session, id: &CriterionId, proof: &Proof) -> bool {
    proof.ended_proved.is_some_and(|was| {
        timing::voids_of(scheme, session, id).into_iter().any(|void| was.proved < void && void < was.ended)
    })
}

/// A proof scored as done counts only while the construct shows it, or after it was given up on purpose.
fn judge_proof(scheme: &Scheme, session: &Session, id: &CriterionId, score: Score) -> (Judged, Because) {
    let nothing = Proof::default();
    let proof = session.proofs.get(id).unwrap_or(&nothing);
    let status = proof.construct.status();
    if status == ProofStatus::Proved {
        return (Judged::Met, Because::Scored(score));
    }
    if is_given_up(scheme, session, id, proof) {
        (Judged::Met, Because::ProofGivenUp)
    } else {
        (Judged::NotMet, Because::Proof(status))
    }
}

fn met_if(met: bool, because: Because) -> (Judged, Because) {
    (if met { Judged::Met } else { Judged::NotMet }, because)
}

fn judge_answer(scheme: &Scheme, criterion: &Criterion, answer: &observation::Answer) -> (Judged, Because) {
    let values = &scheme.values;
    let met_from = values.met_from.get(&criterion.id).copied();
    let within = |value: i64| values.limits.get(&criterion.id).is_some_and(|limits| limits.hold(value));
    match (&criterion.kind, answer) {
        (CriterionKind::Rubric { levels }, observation::Answer::Level(level)) => {
            let top = u32::try_from(levels.len()).unwrap_or(u32::MAX);
            let exists = 0 < *level && *level <= top;
            met_if(exists && met_from.is_some_and(|from| from <= *level), Because::Reached(*level, top))
        }
        (CriterionKind::Measurement { names_instrument, .. }, observation::Answer::Measured(value, instrument)) => {
            if *names_instrument && instrument.trim().is_empty() {
                return (Judged::NotMet, Because::NoInstrument);
            }
            met_if(within(*value), Because::Value(*value))
        }
        (CriterionKind::Choice { right, .. }, observation::Answer::Chosen(chosen)) => {
            let same = right.iter().all(|id| chosen.contains(id)) && chosen.iter().all(|id| right.contains(id));
            met_if(same, Because::Options(same))
        }
        (CriterionKind::Count { .. }, observation::Answer::Counted(number)) => {
            met_if(within(i64::from(*number)), Because::Value(i64::from(*number)))
        }
        (CriterionKind::Timed, observation::Answer::Timed(millis)) => {
            let millis = i64::try_from(*millis).unwrap_or(i64::MAX);
            let limits = values.limits.get(&criterion.id);
            let to_millis = |seconds: i64| seconds.saturating_mul(1000);
            let holds = limits.is_some_and(|limits| {
                limits.min.is_none_or(|min| to_millis(min) <= millis)
                    && limits.max.is_none_or(|max| millis <= to_millis(max))
            });
            met_if(holds, Because::Value(millis))
        }
        (CriterionKind::Oral { points, .. }, observation::Answer::Heard(heard, _)) => {
            let all = u32::try_from(points.len()).unwrap_or(u32::MAX);
            let counted = (1..=all).filter(|point| heard.contains(point)).count();
            let counted = u32::try_from(counted).unwrap_or(u32::MAX);
            met_if(met_from.is_some_and(|from| from <= counted), Because::Reached(counted, all))
        }
        (CriterionKind::Text, observation::Answer::Written(text)) => met_if(!text.trim().is_empty(), Because::Written),
        _ => (Judged::NotMet, Because::DoesNotFit),
    }
}
