//! The session as a fold over its observations: where it stands, and what was seen so far.
//!
//! Recording is never blocked by a rule. The fold marks what happened out of turn; [`crate::decision`] judges it.

use std::collections::BTreeMap;

use crate::{
    observation::{Observation, Observed, Score, StopKind, StoppedBy},
    scheme::CriterionId,
    time::Timestamp,
};

/// Where the session stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// The gate does not hold yet.
    Gate,
    /// The candidate works.
    Exercise,
    /// Halted for safety.
    Stopped,
    /// The exercise is over; the result is computed and not yet confirmed.
    Decision,
    /// The result is confirmed and waits for those who acknowledge it.
    Acknowledgement,
}

/// The score that counts for one criterion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scored {
    /// What was seen.
    pub score: Score,
    /// Why it does not apply.
    pub reason: Option<String>,
    /// When it was seen done: correcting how it was done does not move the moment, setting the time back does.
    pub done_at: Option<Timestamp>,
    /// Its place in the log.
    pub sequence: u32,
    /// Whether it corrects an earlier one.
    pub is_correction: bool,
}

/// One trial of the tester on a known source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trial {
    /// Which source.
    pub source: String,
    /// Whether the tester showed it.
    pub worked: bool,
    /// Whether it was the same instrument throughout.
    pub same_instrument: bool,
}

/// One point measured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// The point.
    pub point: String,
    /// What the instrument showed.
    pub reading: String,
    /// Whether the point was seen dead.
    pub dead: bool,
}

/// The construct prove – test – prove, as recorded since it last began.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Proof {
    /// The trial before measuring.
    pub before: Option<Trial>,
    /// The points, each with the reading that counts.
    pub readings: Vec<Reading>,
    /// The trial after measuring.
    pub after: Option<Trial>,
    /// When its first act was seen.
    pub began_at: Option<Timestamp>,
    /// What the assessor said of the wait before it.
    pub wait_answer: Option<bool>,
}

/// What the construct shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProofStatus {
    /// Nothing recorded.
    NotStarted,
    /// Begun; the second trial is still to come.
    Open,
    /// Both trials worked, with one instrument, and every point was dead.
    Proved,
    /// Both trials worked and a point was live.
    NotDead,
    /// The readings say nothing.
    Void(VoidBecause),
}

/// Why readings say nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VoidBecause {
    /// Measured without trying the tester first.
    NoFirstTrial,
    /// The tester did not show the known source before measuring.
    FirstTrialFailed,
    /// No point was measured.
    NoReading,
    /// The tester did not show the known source afterwards.
    SecondTrialFailed,
    /// The second trial was made with another instrument.
    OtherInstrument,
}

impl Proof {
    /// What the construct shows so far.
    #[must_use]
    pub fn status(&self) -> ProofStatus {
        let Some(before) = &self.before else {
            return match (&self.after, self.readings.is_empty()) {
                (None, true) => ProofStatus::NotStarted,
                _ => ProofStatus::Void(VoidBecause::NoFirstTrial),
            };
        };
        if !before.worked {
            return ProofStatus::Void(VoidBecause::FirstTrialFailed);
        }
        let Some(after) = &self.after else {
            return ProofStatus::Open;
        };
        if !after.worked {
            return ProofStatus::Void(VoidBecause::SecondTrialFailed);
        }
        if !after.same_instrument {
            return ProofStatus::Void(VoidBecause::OtherInstrument);
        }
        if self.readings.is_empty() {
            return ProofStatus::Void(VoidBecause::NoReading);
        }
        if self.readings.iter().all(|reading| reading.dead) { ProofStatus::Proved } else { ProofStatus::NotDead }
    }

    fn read(&mut self, reading: Reading) {
        // A point measured after a second trial that worked needs a further trial; one that failed stays failed.
        if self.after.as_ref().is_some_and(|after| after.worked && after.same_instrument) {
            self.after = None;
        }
        self.readings.retain(|earlier| earlier.point != reading.point);
        self.readings.push(reading);
    }
}

/// A halt for safety.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stop {
    /// When it was tapped.
    pub stopped_at: Timestamp,
    /// Who, which kind, why; told afterwards.
    pub explained: Option<(StoppedBy, StopKind, String)>,
    /// Whether the exercise went on.
    pub resumed: bool,
}

/// Something recorded when the work should have rested.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutOfTurn {
    /// While the second person was out of the room.
    SecondPersonAbsent,
    /// While the exercise was stopped.
    Stopped,
}

/// What the log amounts to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Where the session stands.
    pub phase: Phase,
    /// When the exercise began.
    pub started_at: Option<Timestamp>,
    /// The score that counts, by criterion.
    pub scores: BTreeMap<CriterionId, Scored>,
    /// The construct that proves dead.
    pub proof: Proof,
    /// Whether the second person is in the room.
    pub second_person_present: bool,
    /// Every stop, in order.
    pub stops: Vec<Stop>,
    /// The place in the log at which the exercise last went on after a stop; 0 when it never did.
    pub resumed_at: u32,
    /// What was recorded out of turn, by place in the log.
    pub out_of_turn: Vec<(u32, OutOfTurn)>,
    /// How the assessor confirmed: borderline or not, and in which words.
    pub confirmed: Option<(bool, String, Timestamp)>,
    /// The place of the last observation in the log.
    pub last_sequence: u32,
}

impl Default for Session {
    fn default() -> Self {
        Self {
            phase: Phase::Gate,
            started_at: None,
            scores: BTreeMap::new(),
            proof: Proof::default(),
            second_person_present: true,
            stops: Vec::new(),
            resumed_at: 0,
            out_of_turn: Vec::new(),
            confirmed: None,
            last_sequence: 0,
        }
    }
}

impl Session {
    /// Folds a whole log.
    #[must_use]
    pub fn replay(log: &[Observation]) -> Self {
        let mut session = Self::default();
        for observation in log {
            session.apply(observation);
        }
        session
    }

    /// Takes one further observation into account.
    pub fn apply(&mut self, observation: &Observation) {
        self.last_sequence = observation.sequence;
        if is_work(&observation.observed) {
            self.mark_out_of_turn(observation.sequence);
        }
        match &observation.observed {
            Observed::Started => {
                self.phase = Phase::Exercise;
                self.started_at = Some(observation.tapped_at);
            }
            Observed::Score { criterion, score, reason } => self.score(observation, criterion, *score, reason.clone()),
            Observed::Note { .. } | Observed::Photo { .. } => {}
            Observed::TesterBefore { .. } | Observed::Reading { .. } | Observed::TesterAfter { .. } => {
                self.prove(observation);
            }
            Observed::SecondPersonLeft => self.second_person_present = false,
            Observed::SecondPersonReturned => self.second_person_present = true,
            // Tapped twice, it is one stop.
            Observed::Stop if self.phase == Phase::Stopped => {}
            Observed::Stop => {
                self.stops.push(Stop { stopped_at: observation.tapped_at, explained: None, resumed: false });
                self.phase = Phase::Stopped;
            }
            Observed::StopExplained { by, kind, why } => {
                if let Some(stop) = self.stops.last_mut() {
                    stop.explained = Some((*by, *kind, why.clone()));
                }
            }
            Observed::Resume { made_safe, gate_checked } => self.resume(*made_safe && *gate_checked),
            Observed::WaitAnswer { kept, .. } => self.proof.wait_answer = Some(*kept),
            Observed::Ended => self.phase = Phase::Decision,
            Observed::Continued => {
                self.phase = if self.open_stop().is_some() { Phase::Stopped } else { Phase::Exercise };
            }
            Observed::Confirmed { borderline, note } => {
                self.confirmed = Some((*borderline, note.clone(), observation.tapped_at));
                self.phase = Phase::Acknowledgement;
            }
        }
    }

    /// The stop that was not resumed, if there is one.
    #[must_use]
    pub fn open_stop(&self) -> Option<&Stop> {
        self.stops.last().filter(|stop| !stop.resumed)
    }

    fn mark_out_of_turn(&mut self, sequence: u32) {
        // After the end the assessor completes the protocol at the table; that is not work on the object.
        match self.phase {
            Phase::Stopped => self.out_of_turn.push((sequence, OutOfTurn::Stopped)),
            Phase::Exercise if !self.second_person_present => {
                self.out_of_turn.push((sequence, OutOfTurn::SecondPersonAbsent));
            }
            Phase::Gate | Phase::Exercise | Phase::Decision | Phase::Acknowledgement => {}
        }
    }

    fn score(&mut self, observation: &Observation, criterion: &CriterionId, score: Score, reason: Option<String>) {
        let earlier = self.scores.get(criterion);
        let set_back = observation.seen_at != observation.tapped_at;
        // After a stop the work begins anew: what was done before it is not the moment that counts.
        let before = earlier.filter(|earlier| self.resumed_at < earlier.sequence).and_then(|earlier| earlier.done_at);
        let done_at = matches!(score, Score::Unaided | Score::Prompted).then(|| match before {
            Some(done_at) if !set_back => done_at,
            _ => observation.seen_at,
        });
        let scored =
            Scored { score, reason, done_at, sequence: observation.sequence, is_correction: earlier.is_some() };
        self.scores.insert(criterion.clone(), scored);
    }

    fn prove(&mut self, observation: &Observation) {
        match &observation.observed {
            Observed::TesterBefore { source, worked } => {
                let before = Trial { source: source.clone(), worked: *worked, same_instrument: true };
                self.proof = Proof { before: Some(before), ..Proof::default() };
            }
            Observed::Reading { point, reading, dead } => {
                self.proof.read(Reading { point: point.clone(), reading: reading.clone(), dead: *dead });
            }
            Observed::TesterAfter { source, worked, same_instrument } => {
                let trial = Trial { source: source.clone(), worked: *worked, same_instrument: *same_instrument };
                self.proof.after = Some(trial);
            }
            Observed::Started
            | Observed::Score { .. }
            | Observed::Note { .. }
            | Observed::Photo { .. }
            | Observed::SecondPersonLeft
            | Observed::SecondPersonReturned
            | Observed::Stop
            | Observed::StopExplained { .. }
            | Observed::Resume { .. }
            | Observed::WaitAnswer { .. }
            | Observed::Ended
            | Observed::Continued
            | Observed::Confirmed { .. } => {}
        }
        self.proof.began_at = self.proof.began_at.or(Some(observation.seen_at));
    }

    fn resume(&mut self, allowed: bool) {
        if let Some(stop) = self.stops.last_mut().filter(|_| allowed) {
            stop.resumed = true;
            self.resumed_at = self.last_sequence;
            self.phase = Phase::Exercise;
            // What was dead before the stop is to be proved again.
            self.proof = Proof::default();
        }
    }
}

/// Whether an observation is work on the object, which rests while stopped or alone.
const fn is_work(observed: &Observed) -> bool {
    matches!(
        observed,
        Observed::Score { .. }
            | Observed::TesterBefore { .. }
            | Observed::Reading { .. }
            | Observed::TesterAfter { .. }
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(kinds: Vec<Observed>) -> Vec<Observation> {
        kinds
            .into_iter()
            .zip(1..)
            .map(|(observed, sequence)| {
                let at = Timestamp::from_millis(i64::from(sequence) * 1000);
                Observation { sequence, tapped_at: at, seen_at: at, observed }
            })
            .collect()
    }

    fn before(worked: bool) -> Observed {
        Observed::TesterBefore { source: "battery 12 V".to_owned(), worked }
    }
    fn reading(point: &str, dead: bool) -> Observed {
        Observed::Reading { point: point.to_owned(), reading: "0.1 V".to_owned(), dead }
    }
    fn after(worked: bool, same_instrument: bool) -> Observed {
        Observed::TesterAfter { source: "battery 12 V".to_owned(), worked, same_instrument }
    }

    #[test]
    fn proving_dead_is_one_construct() {
        use ProofStatus::{NotDead, NotStarted, Open, Proved, Void};
        let table = [
            (vec![], NotStarted),
            (vec![before(true)], Open),
            (vec![before(true), reading("A", true)], Open),
            (vec![before(true), reading("A", true), after(true, true)], Proved),
            (vec![before(true), reading("A", true), reading("B", false), after(true, true)], NotDead),
            (vec![before(true), reading("A", false), reading("A", true), after(true, true)], Proved),
            (vec![before(true), after(true, true)], Void(VoidBecause::NoReading)),
            (vec![before(false), reading("A", true), after(true, true)], Void(VoidBecause::FirstTrialFailed)),
            (vec![reading("A", true), after(true, true)], Void(VoidBecause::NoFirstTrial)),
            (vec![before(true), reading("A", true), after(false, true)], Void(VoidBecause::SecondTrialFailed)),
            (vec![before(true), reading("A", true), after(true, false)], Void(VoidBecause::OtherInstrument)),
            (vec![before(true), reading("A", true), after(true, true), reading("B", true)], Open),
            (
                vec![before(true), reading("A", true), after(false, true), reading("B", true)],
                Void(VoidBecause::SecondTrialFailed),
            ),
            (vec![before(true), reading("A", true), after(false, true), before(true)], Open),
        ];
        for (kinds, expected) in table {
            let session = Session::replay(&log([vec![Observed::Started], kinds.clone()].concat()));
            assert_eq!(session.proof.status(), expected, "{kinds:?}");
        }
    }

    #[test]
    fn resuming_needs_both_checks_and_voids_the_proof() {
        let stop = |made_safe, gate_checked| {
            vec![
                Observed::Started,
                before(true),
                reading("A", true),
                after(true, true),
                Observed::Stop,
                Observed::Resume { made_safe, gate_checked },
            ]
        };
        for (made_safe, gate_checked) in [(false, true), (true, false), (false, false)] {
            let session = Session::replay(&log(stop(made_safe, gate_checked)));
            assert_eq!(session.phase, Phase::Stopped);
        }
        let session = Session::replay(&log(stop(true, true)));
        assert_eq!((session.phase, session.proof.status()), (Phase::Exercise, ProofStatus::NotStarted));
    }

    #[test]
    fn work_while_alone_or_stopped_is_recorded_and_marked() {
        let score =
            || Observed::Score { criterion: CriterionId::new("a".to_owned()), score: Score::Unaided, reason: None };
        let session = Session::replay(&log(vec![
            Observed::Started,
            Observed::SecondPersonLeft,
            score(),
            Observed::SecondPersonReturned,
            score(),
            Observed::Stop,
            score(),
        ]));
        assert_eq!(session.out_of_turn, [(3, OutOfTurn::SecondPersonAbsent), (7, OutOfTurn::Stopped)]);
        assert!(session.scores[&CriterionId::new("a".to_owned())].is_correction, "the last score corrects the first");
    }

    #[test]
    fn step_by_step_and_at_once_agree() {
        let whole = log(vec![Observed::Started, before(true), reading("A", true), Observed::Stop, Observed::Ended]);
        let mut stepwise = Session::default();
        for observation in &whole {
            stepwise.apply(observation);
        }
        assert_eq!(stepwise, Session::replay(&whole));
    }
}
