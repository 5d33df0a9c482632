//! The decision: computed from what was seen and what the institution signed, and explained line by line.
//!
//! Critical failures cannot be outvoted; "not seen" never counts as done. The words of every rule stand in
//! `assets/schemes/README.md`.

mod judge;
mod parts;
mod timing;

#[cfg(feature = "sabotage")]
use crate::sabotage::{self, Sabotage};
use crate::{
    course::{Course, CourseFact},
    gate::{self, Gate},
    observation::{Score, StopKind},
    scheme::{CriterionId, PartId, RuleId, Scheme},
    session::{OutOfTurn, ProofStatus, Session},
};

pub use judge::is_quiet;
pub use parts::began as part_began;
pub use timing::first_done;

/// What a session is judged by, beside its log.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    /// The gate as it was when the exercise began.
    pub gate: &'a Gate,
    /// Whether somebody was named to stand by.
    pub has_second_person: bool,
    /// Which attempt of the candidate's this is, from 1.
    pub attempt: u32,
}

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
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Because {
    /// The score itself.
    Scored(Score),
    /// Nothing was recorded, which counts as not seen.
    NotRecorded,
    /// What was recorded does not fit the kind of criterion.
    DoesNotFit,
    /// The institution wants it unaided.
    NeedsUnaided,
    /// A critical criterion was said not to apply.
    CriticalNotApplicable,
    /// The construct prove – test – prove does not show it.
    Proof(ProofStatus),
    /// It was proved, and given up on purpose before the work was halted.
    ProofGivenUp,
    /// A rule that it stands under is broken.
    Rule(RuleId),
    /// So much of so much was reached.
    Reached(u32, u32),
    /// The value lies within the limits, or not: in the criterion's smallest unit.
    Value(i64),
    /// The instrument was not named.
    NoInstrument,
    /// Whether exactly the right options were chosen.
    Options(bool),
    /// Something was written.
    Written,
}

/// One criterion, judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Which criterion.
    pub criterion: CriterionId,
    /// Whether the institution signed it as critical.
    pub critical: bool,
    /// What was scored, if its newest entry is a score.
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
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rule {
    /// What held the start up: missing on the day of the start, and what was missing only on the day of the end.
    Gate {
        /// On the day of the start.
        at_start: u32,
        /// On the day of the end, and not before.
        at_end: u32,
    },
    /// Which attempt this is, and how many there are.
    Attempts {
        /// This one.
        attempt: u32,
        /// Allowed.
        allowed: u32,
    },
    /// Critical criteria not met: how many.
    Critical {
        /// Failed.
        failed: u32,
        /// Said not to apply.
        not_applicable: u32,
    },
    /// Criteria done dangerously: how many.
    Danger(u32),
    /// Criteria whose being seen not done ends the exercise: how many.
    EndsExercise(u32),
    /// A part's share.
    Part {
        /// Which.
        part: PartId,
        /// What was reached; `None` when the part is missing.
        share: Option<Share>,
        /// Demanded, in basis points.
        minimum: u32,
        /// Whether the share lies so near the minimum that somebody else looks.
        borderline: bool,
    },
    /// The weighted total, in basis points.
    Total {
        /// Reached.
        total: u32,
        /// Demanded.
        minimum: u32,
        /// Whether it lies so near the minimum that somebody else looks.
        borderline: bool,
    },
    /// A part that should begin after another.
    PartOrder {
        /// Which.
        part: PartId,
        /// After which.
        after: PartId,
    },
    /// The days between two parts.
    Window {
        /// Which.
        part: PartId,
        /// After which.
        after: PartId,
        /// Days between them.
        days: Option<i64>,
        /// Allowed.
        allowed: u32,
    },
    /// A part's time limit, in milliseconds, without the time stopped.
    TimeLimit {
        /// Which.
        part: PartId,
        /// Taken.
        millis: Option<i64>,
        /// Allowed.
        allowed: i64,
        /// What the assessor said.
        said: Option<bool>,
    },
    /// A criterion that counts in order only behind another.
    Order {
        /// Which rule.
        rule: RuleId,
        /// Whether the taps show it kept.
        kept_by_taps: bool,
        /// What the assessor said.
        said: Option<bool>,
    },
    /// The wait between two criteria, in milliseconds as the taps say.
    Wait {
        /// Which rule.
        rule: RuleId,
        /// Between the taps; `None` when one of the two is missing.
        millis: Option<i64>,
        /// Demanded, in milliseconds.
        demanded: i64,
        /// What the assessor said of a wait that the taps make too short.
        said: Option<bool>,
    },
    /// Criteria that demand more evidence than there is: how many.
    Evidence(u32),
    /// Things recorded while the second person was away: how many.
    SecondPerson(u32),
    /// Things recorded while the exercise was stopped: how many.
    WhileStopped(u32),
    /// Things recorded while this candidate stood by: how many.
    StandingBy(u32),
    /// A stop: its kind once told, and whether the exercise went on.
    Stop {
        /// The kind.
        kind: Option<StopKind>,
        /// Whether it went on.
        resumed: bool,
    },
}

/// The rule by its name in the words of the format.
impl std::fmt::Display for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Gate { .. } => f.write_str("gate"),
            Self::Attempts { .. } => f.write_str("attempts"),
            Self::Critical { .. } => f.write_str("critical"),
            Self::Danger(_) => f.write_str("danger"),
            Self::EndsExercise(_) => f.write_str("ends exercise"),
            Self::Part { part, .. } => write!(f, "part:{}", part.as_str()),
            Self::Total { .. } => f.write_str("total"),
            Self::PartOrder { part, after } => write!(f, "part order:{}:{}", part.as_str(), after.as_str()),
            Self::Window { part, after, .. } => write!(f, "window:{}:{}", part.as_str(), after.as_str()),
            Self::TimeLimit { part, .. } => write!(f, "time limit:{}", part.as_str()),
            Self::Order { rule, .. } => write!(f, "order:{}", rule.as_str()),
            Self::Wait { rule, .. } => write!(f, "wait:{}", rule.as_str()),
            Self::Evidence(_) => f.write_str("evidence"),
            Self::SecondPerson(_) => f.write_str("second person"),
            Self::WhileStopped(_) => f.write_str("while stopped"),
            Self::StandingBy(_) => f.write_str("standing by"),
            Self::Stop { .. } => f.write_str("stop"),
        }
    }
}

/// What was reached of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// Met criteria, or points.
    pub reached: u32,
    /// Applicable criteria, or points possible.
    pub of: u32,
}

impl Share {
    /// In basis points, rounded down; `None` when nothing applies.
    #[must_use]
    pub fn basis_points(self) -> Option<u32> {
        let reached = u64::from(self.reached.min(self.of)).saturating_mul(10_000);
        reached.checked_div(u64::from(self.of)).and_then(|share| u32::try_from(share).ok())
    }
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

impl Outcome {
    /// Whether the candidate is owed a word on what to do better before the result is confirmed.
    #[must_use]
    pub const fn needs_feedback(self) -> bool {
        matches!(self, Self::Fail)
    }
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

/// What keeps a certificate from going out on the spot although the assessment is passed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hold {
    /// The assessor flagged the result as borderline.
    Borderline,
    /// Nobody stood by, on documented grounds.
    Deviation,
    /// The institution wants a second assessor to look first.
    SecondOpinion,
    /// A fact of the course that the certificate needs is empty.
    CourseFact(CourseFact),
}

/// Lists what keeps a certificate from going out on the spot, beside the result itself.
#[must_use]
pub fn holds(scheme: &Scheme, case: &Case<'_>, course: &Course, session: &Session) -> Vec<Hold> {
    let borderline = session.confirmed.as_ref().is_some_and(|confirmed| confirmed.borderline);
    let deviation = !case.has_second_person && case.gate.deviation.is_some();
    [(borderline, Hold::Borderline), (deviation, Hold::Deviation), (scheme.values.second_opinion, Hold::SecondOpinion)]
        .into_iter()
        .filter_map(|(stands, hold)| stands.then_some(hold))
        .chain(course.missing(&scheme.course_facts).into_iter().map(Hold::CourseFact))
        .collect()
}

/// Computes the result of a session under its scheme.
#[must_use]
pub fn decide(scheme: &Scheme, case: &Case<'_>, session: &Session) -> Decision {
    let timing = timing::rules(scheme, session);
    let lines = judge::lines(scheme, session, &timing);
    let mut rules = Vec::new();
    rules.extend(gate_rule(scheme, case, session));
    rules.extend(attempts_rule(scheme, case));
    rules.extend([critical_rule(&lines), danger_rule(&lines), ends_rule(scheme, session)]);
    rules.extend(parts::rules(scheme, session, &lines));
    rules.extend(timing.into_iter().map(|timed| (timed.rule, timed.answer)));
    rules.push(evidence_rule(scheme, session));
    rules.extend(turn_rules(scheme, case, session));
    rules.extend(session.stops.iter().map(|stop| {
        let kind = stop.explained.as_ref().map(|(_, kind, _)| *kind);
        let answer = match kind {
            Some(StopKind::DangerByCandidate) => Answer::No,
            None => Answer::Open,
            Some(StopKind::OutsideCause | StopKind::CalledInError) => Answer::Yes,
        };
        (Rule::Stop { kind, resumed: stop.resumed_at.is_some() }, answer)
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
    if any(Answer::Open) || !session.is_over() { Outcome::Open } else { Outcome::Pass }
}

/// Whether something seen, and not merely something missing, broke a rule.
fn failed_before_stop(rules: &[(Rule, Answer)], lines: &[Line]) -> bool {
    let seen_not_done = |line: &Line| line.critical && line.score == Some(Score::NotDone);
    lines.iter().any(seen_not_done)
        || rules.iter().any(|(rule, answer)| {
            *answer == Answer::No
                && matches!(rule, Rule::Danger(_) | Rule::EndsExercise(_) | Rule::Wait { .. } | Rule::Order { .. })
        })
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn count_lines(lines: &[Line], predicate: impl Fn(&Line) -> bool) -> u32 {
    count(lines.iter().filter(|line| predicate(line)).count())
}

fn yes_if(holds: bool) -> Answer {
    if holds { Answer::Yes } else { Answer::No }
}

fn gate_rule(scheme: &Scheme, case: &Case<'_>, session: &Session) -> Option<(Rule, Answer)> {
    let started = session.started?.at.date();
    let ended = session.ended.filter(|_| session.is_over()).map_or(started, |ended| ended.at.date());
    let blocking = |day| {
        let missing = gate::missing(scheme, case.gate, case.has_second_person, day);
        missing.into_iter().filter(|(_, need)| *need == crate::scheme::Need::Block).collect::<Vec<_>>()
    };
    let first = blocking(started);
    let last = blocking(ended);
    let at_start = count(first.len());
    let at_end = count(last.iter().filter(|missing| !first.contains(missing)).count());
    let answer = match (at_start, at_end) {
        #[cfg(feature = "sabotage")]
        _ if sabotage::is_set(Sabotage::IgnoreGate) => Answer::Yes,
        (0, 0) => Answer::Yes,
        (0, _) => Answer::Open,
        _ => Answer::No,
    };
    Some((Rule::Gate { at_start, at_end }, answer))
}

fn attempts_rule(scheme: &Scheme, case: &Case<'_>) -> Option<(Rule, Answer)> {
    let allowed = scheme.values.attempts?;
    Some((Rule::Attempts { attempt: case.attempt, allowed }, yes_if(case.attempt <= allowed)))
}

fn critical_rule(lines: &[Line]) -> (Rule, Answer) {
    let failed = count_lines(lines, |line| line.critical && line.judged == Judged::NotMet);
    let not_applicable = count_lines(lines, |line| line.critical && line.judged == Judged::Open);
    let answer = match (failed, not_applicable) {
        #[cfg(feature = "sabotage")]
        _ if sabotage::is_set(Sabotage::DropCriticalOverride) => Answer::Yes,
        (0, 0) => Answer::Yes,
        (0, _) => Answer::Open,
        _ => Answer::No,
    };
    (Rule::Critical { failed, not_applicable }, answer)
}

fn danger_rule(lines: &[Line]) -> (Rule, Answer) {
    let dangerous = count_lines(lines, |line| line.score == Some(Score::Dangerous));
    (Rule::Danger(dangerous), yes_if(dangerous == 0))
}

fn ends_rule(scheme: &Scheme, session: &Session) -> (Rule, Answer) {
    let faults = &scheme.values.ends_exercise;
    let seen = count(faults.iter().filter(|id| session.score(id) == Some(Score::NotDone)).count());
    (Rule::EndsExercise(seen), yes_if(seen == 0))
}

fn evidence_rule(scheme: &Scheme, session: &Session) -> (Rule, Answer) {
    let lacks = |criterion: &&crate::scheme::Criterion| {
        let Some(demand) = criterion.evidence else {
            return false;
        };
        let there = session.evidence.get(&(criterion.id.clone(), demand.kind)).copied().unwrap_or(0);
        there < demand.count && session.score(&criterion.id) != Some(Score::NotApplicable)
    };
    let missing = count(scheme.criteria().map(|(_, criterion)| criterion).filter(lacks).count());
    (Rule::Evidence(missing), if missing == 0 { Answer::Yes } else { Answer::Open })
}

fn turn_rules(scheme: &Scheme, case: &Case<'_>, session: &Session) -> Vec<(Rule, Answer)> {
    let marked = |kind| count(session.out_of_turn.iter().filter(|(_, marked)| *marked == kind).count());
    let answer = |count| if count == 0 { Answer::Yes } else { Answer::Open };
    let absent = marked(OutOfTurn::SecondPersonAbsent);
    let stopped = marked(OutOfTurn::Stopped);
    let standing_by = marked(OutOfTurn::StandingBy);
    let mut rules = Vec::new();
    if case.has_second_person {
        rules.push((Rule::SecondPerson(absent), answer(absent)));
    }
    rules.push((Rule::WhileStopped(stopped), answer(stopped)));
    if scheme.people.team || 0 < standing_by {
        rules.push((Rule::StandingBy(standing_by), answer(standing_by)));
    }
    rules
}

#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod kind_tests;
#[cfg(test)]
mod parts_tests;
#[cfg(test)]
mod property_tests;
#[cfg(test)]
mod stops_tests;
#[cfg(test)]
#[path = "decision_tests.rs"]
mod tests;
#[cfg(test)]
mod timing_tests;
