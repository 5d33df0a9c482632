//! The decision: computed from what was seen and what the institution signed, and explained line by line.
//!
//! Critical failures cannot be outvoted; "not seen" never counts as done.

use crate::{
    observation::{Score, StopKind},
    scheme::{Criterion, CriterionId, CriterionKind, Scheme},
    session::{OutOfTurn, Phase, ProofStatus, Session},
    time::Timestamp,
};

/// How one criterion was judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judged {
    /// Counts as done.
    Met,
    /// Does not count as done.
    NotMet,
    /// Left out of the share: does not apply.
    Excluded,
    /// Somebody at the institution has to look at it.
    Open,
}

/// Why a criterion was judged as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Because {
    /// The score itself.
    Scored(Score),
    /// Nothing was recorded, which counts as not seen.
    NotRecorded,
    /// The institution wants it unaided.
    NeedsUnaided,
    /// A critical criterion was said not to apply.
    CriticalNotApplicable,
    /// The construct prove – test – prove does not show it.
    Proof(ProofStatus),
    /// The wait before it was not kept.
    WaitNotKept,
}

/// One criterion, judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Which criterion.
    pub criterion: CriterionId,
    /// Whether the institution signed it as critical.
    pub critical: bool,
    /// What was scored.
    pub score: Option<Score>,
    /// How it counts.
    pub judged: Judged,
    /// Why.
    pub because: Because,
}

/// The answer to a rule of the scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Holds.
    Yes,
    /// Broken.
    No,
    /// To be settled.
    Open,
}

/// A rule over the whole session, with the figures behind its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// Critical criteria not met: how many.
    Critical {
        /// Failed.
        failed: u32,
        /// Said not to apply.
        not_applicable: u32,
    },
    /// The share of applicable criteria that were met.
    Share {
        /// Met.
        met: u32,
        /// Applicable.
        of: u32,
        /// Demanded, in basis points.
        minimum: u32,
    },
    /// Criteria done dangerously: how many.
    Danger(u32),
    /// The wait between disconnection and proving dead, in milliseconds as the taps say.
    Wait {
        /// Between the taps; `None` when one of the two is missing.
        millis: Option<i64>,
        /// Demanded, in milliseconds.
        demanded: i64,
        /// What the assessor said of a wait that the taps make too short.
        answer: Option<bool>,
    },
    /// Things recorded while the second person was away: how many.
    SecondPerson(u32),
    /// Things recorded while the exercise was stopped: how many.
    WhileStopped(u32),
    /// A stop: its kind once told, and whether the exercise went on.
    Stop {
        /// The kind.
        kind: Option<StopKind>,
        /// Whether it went on.
        resumed: bool,
    },
}

/// What the session amounts to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Every rule holds.
    Pass,
    /// Something is to be settled first.
    Open,
    /// Stopped without the candidate's fault and not taken up again.
    NotCompleted,
    /// A rule is broken.
    Fail,
}

/// The computed result with its explanation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The result.
    pub outcome: Outcome,
    /// Every rule that applies, with its answer.
    pub rules: Vec<(Rule, Answer)>,
    /// Every criterion of the scheme, in its order.
    pub lines: Vec<Line>,
}

impl Decision {
    /// Whether a certificate may be printed on the spot, as far as the assessment goes.
    #[must_use]
    pub fn allows_certificate(&self, session: &Session) -> bool {
        let borderline = session.confirmed.as_ref().is_none_or(|(borderline, _, _)| *borderline);
        self.outcome == Outcome::Pass && !borderline
    }
}

/// Computes the result of a session under its scheme.
#[must_use]
pub fn decide(scheme: &Scheme, session: &Session) -> Decision {
    let wait = wait_rule(scheme, session);
    let lines: Vec<Line> =
        scheme.criteria().map(|(_, criterion)| judge(scheme, session, criterion, wait.as_ref())).collect();
    let mut rules = vec![critical_rule(&lines), danger_rule(&lines), share_rule(scheme, &lines)];
    rules.extend(wait);
    rules.extend(turn_rules(session));
    rules.extend(session.stops.iter().map(|stop| {
        let kind = stop.explained.as_ref().map(|(_, kind, _)| *kind);
        let answer = match kind {
            Some(StopKind::DangerByCandidate) => Answer::No,
            None => Answer::Open,
            Some(StopKind::OutsideCause | StopKind::CalledInError) => Answer::Yes,
        };
        (Rule::Stop { kind, resumed: stop.resumed }, answer)
    }));
    Decision { outcome: outcome(session, &rules, &lines), rules, lines }
}

fn outcome(session: &Session, rules: &[(Rule, Answer)], lines: &[Line]) -> Outcome {
    let any = |answer| rules.iter().any(|(_, given)| *given == answer);
    let danger = session
        .stops
        .iter()
        .any(|stop| stop.explained.as_ref().is_some_and(|(_, kind, _)| *kind == StopKind::DangerByCandidate));
    if danger {
        return Outcome::Fail;
    }
    // An exercise broken off for no fault of the candidate's is not failed for what could not be shown any more.
    if session.open_stop().is_some_and(|stop| stop.explained.is_some()) && !failed_before_stop(rules, lines) {
        return Outcome::NotCompleted;
    }
    if any(Answer::No) {
        return Outcome::Fail;
    }
    let over = matches!(session.phase, Phase::Decision | Phase::Acknowledgement);
    if any(Answer::Open) || !over { Outcome::Open } else { Outcome::Pass }
}

/// Whether something seen, and not merely something missing, broke a rule.
fn failed_before_stop(rules: &[(Rule, Answer)], lines: &[Line]) -> bool {
    let seen_not_done = |line: &Line| line.critical && line.score == Some(Score::NotDone);
    lines.iter().any(seen_not_done)
        || rules.iter().any(|(rule, answer)| match rule {
            Rule::Danger(count) => 0 < *count,
            Rule::Wait { .. } => *answer == Answer::No,
            Rule::Critical { .. }
            | Rule::Share { .. }
            | Rule::SecondPerson(_)
            | Rule::WhileStopped(_)
            | Rule::Stop { .. } => false,
        })
}

fn judge(scheme: &Scheme, session: &Session, criterion: &Criterion, wait: Option<&(Rule, Answer)>) -> Line {
    let critical = scheme.is_critical(&criterion.id);
    let scored = session.scores.get(&criterion.id);
    let (judged, because) = match scored.map(|scored| scored.score) {
        None => (Judged::NotMet, Because::NotRecorded),
        Some(Score::NotApplicable) if critical => (Judged::Open, Because::CriticalNotApplicable),
        Some(Score::NotApplicable) => (Judged::Excluded, Because::Scored(Score::NotApplicable)),
        Some(Score::Prompted) if critical && scheme.values.critical_needs_unaided => {
            (Judged::NotMet, Because::NeedsUnaided)
        }
        Some(score @ (Score::Unaided | Score::Prompted)) => hold_proof(session, criterion, score, wait),
        Some(score @ (Score::NotDone | Score::Dangerous | Score::NotSeen)) => (Judged::NotMet, Because::Scored(score)),
    };
    Line { criterion: criterion.id.clone(), critical, score: scored.map(|scored| scored.score), judged, because }
}

/// A proof criterion scored as done counts only when the construct and the wait before it hold.
fn hold_proof(
    session: &Session,
    criterion: &Criterion,
    score: Score,
    wait: Option<&(Rule, Answer)>,
) -> (Judged, Because) {
    if criterion.kind == CriterionKind::Observed {
        return (Judged::Met, Because::Scored(score));
    }
    let status = session.proof.status();
    if status != ProofStatus::Proved {
        return (Judged::NotMet, Because::Proof(status));
    }
    match wait {
        Some((_, Answer::No)) => (Judged::NotMet, Because::WaitNotKept),
        Some((_, Answer::Yes | Answer::Open)) | None => (Judged::Met, Because::Scored(score)),
    }
}

fn count(lines: &[Line], predicate: impl Fn(&Line) -> bool) -> u32 {
    u32::try_from(lines.iter().filter(|line| predicate(line)).count()).unwrap_or(u32::MAX)
}

fn critical_rule(lines: &[Line]) -> (Rule, Answer) {
    let failed = count(lines, |line| line.critical && line.judged == Judged::NotMet);
    let not_applicable = count(lines, |line| line.critical && line.judged == Judged::Open);
    let answer = match (failed, not_applicable) {
        (0, 0) => Answer::Yes,
        (0, _) => Answer::Open,
        _ => Answer::No,
    };
    (Rule::Critical { failed, not_applicable }, answer)
}

fn danger_rule(lines: &[Line]) -> (Rule, Answer) {
    let dangerous = count(lines, |line| line.score == Some(Score::Dangerous));
    (Rule::Danger(dangerous), if dangerous == 0 { Answer::Yes } else { Answer::No })
}

fn share_rule(scheme: &Scheme, lines: &[Line]) -> (Rule, Answer) {
    let met = count(lines, |line| line.judged == Judged::Met);
    let of = count(lines, |line| matches!(line.judged, Judged::Met | Judged::NotMet));
    let minimum = scheme.values.minimum_met_basis_points;
    let demanded = u64::from(of).saturating_mul(u64::from(minimum));
    let reached = demanded <= u64::from(met).saturating_mul(10_000);
    // With nothing applicable nothing was shown.
    let answer = if reached && 0 < of { Answer::Yes } else { Answer::No };
    (Rule::Share { met, of, minimum }, answer)
}

fn wait_rule(scheme: &Scheme, session: &Session) -> Option<(Rule, Answer)> {
    scheme.wait.as_ref()?;
    let demanded = i64::from(scheme.values.wait_seconds).saturating_mul(1000);
    let millis = match (wait_began(scheme, session), session.proof.began_at) {
        (Some(began), Some(proved)) => Some(proved.millis_since(began)),
        _ => None,
    };
    let answer = match (millis, session.proof.wait_answer) {
        (Some(millis), _) if demanded <= millis => Answer::Yes,
        (_, Some(true)) => Answer::Yes,
        (_, Some(false)) => Answer::No,
        // Also when nothing shows the wait: what nobody saw is not taken for kept.
        (_, None) => Answer::Open,
    };
    Some((Rule::Wait { millis, demanded, answer: session.proof.wait_answer }, answer))
}

/// When the disconnection that starts the wait was seen done.
#[must_use]
pub fn wait_began(scheme: &Scheme, session: &Session) -> Option<Timestamp> {
    session.scores.get(&scheme.wait.as_ref()?.after)?.done_at
}

fn turn_rules(session: &Session) -> [(Rule, Answer); 2] {
    let marked = |kind| {
        let marks = session.out_of_turn.iter().filter(|(_, marked)| *marked == kind).count();
        u32::try_from(marks).unwrap_or(u32::MAX)
    };
    let answer = |count| if count == 0 { Answer::Yes } else { Answer::Open };
    let absent = marked(OutOfTurn::SecondPersonAbsent);
    let stopped = marked(OutOfTurn::Stopped);
    [(Rule::SecondPerson(absent), answer(absent)), (Rule::WhileStopped(stopped), answer(stopped))]
}

#[cfg(test)]
#[path = "decision_tests.rs"]
mod tests;
