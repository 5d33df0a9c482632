//! The session as a fold over its observations: where it stands, and what was seen so far.
//!
//! Recording is never blocked by a rule, and the fold knows no scheme: it keeps what was recorded and when.
//! [`crate::decision`] judges it.

mod proof;
#[cfg(test)]
pub(crate) mod sample;

use std::collections::BTreeMap;

use crate::{
    observation::{Answer, Observation, Observed, Score, StopKind, StoppedBy},
    scheme::{CriterionId, EvidenceKind, PartId, RuleId},
    time::{Date, Timestamp},
};

pub use proof::{Construct, EndedProved, Proof, ProofStatus, Reading, Trial, VoidBecause};

/// A moment of the log: the time something was seen and, between equal times, its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    /// When it was seen.
    pub at: Timestamp,
    /// Its place in the log.
    pub sequence: u32,
}

impl Moment {
    const fn of(observation: &Observation) -> Self {
        Self { at: observation.seen_at, sequence: observation.sequence }
    }
}

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

/// What one entry of a criterion says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recorded {
    /// One of the six scores.
    Score(Score, Option<String>),
    /// An answer.
    Answer(Answer),
}

/// One entry of a criterion. The newest counts; none is removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What it says.
    pub recorded: Recorded,
    /// When it was seen, and its place in the log.
    pub moment: Moment,
    /// Whether it was set back: seen before it was tapped.
    pub set_back: bool,
}

/// The result of a part that is marked in points.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marks {
    /// Points reached.
    pub points: u32,
    /// Points possible.
    pub of: u32,
    /// The day it was taken.
    pub on: Date,
    /// What names the paper it stands on.
    pub reference: String,
}

/// What was recorded of a part as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PartLog {
    /// When it first began.
    pub began: Option<Moment>,
    /// When it last ended.
    pub ended: Option<Moment>,
    /// Its marks, as last entered.
    pub marks: Option<Marks>,
}

/// What the assessor said of a rule that the taps show broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Kept, as the assessor saw it.
    pub kept: bool,
    /// In the assessor's words.
    pub note: String,
    /// Its place in the log.
    pub sequence: u32,
}

/// A halt for safety.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stop {
    /// When it was tapped.
    pub stopped_at: Timestamp,
    /// Who, which kind, why; told afterwards.
    pub explained: Option<(StoppedBy, StopKind, String)>,
    /// When the exercise went on.
    pub resumed_at: Option<Timestamp>,
}

/// Something recorded when the work should have rested.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutOfTurn {
    /// While the second person was out of the room.
    SecondPersonAbsent,
    /// While the exercise was stopped.
    Stopped,
    /// While this candidate stood by and the other worked.
    StandingBy,
}

/// How the assessor confirmed the result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmation {
    /// To be looked at by the institution.
    pub borderline: bool,
    /// In the assessor's words.
    pub note: String,
    /// When it was tapped.
    pub at: Timestamp,
}

/// What the log amounts to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Where the session stands.
    pub phase: Phase,
    /// When the exercise began.
    pub started: Option<Moment>,
    /// When the exercise last ended.
    pub ended: Option<Moment>,
    /// Every entry, by criterion, in the order of the log.
    pub entries: BTreeMap<CriterionId, Vec<Entry>>,
    /// Every proof that was begun.
    pub proofs: BTreeMap<CriterionId, Proof>,
    /// When a resume or re-energising ended every proof.
    pub proofs_ended: Vec<Moment>,
    /// How much evidence there is, by criterion and kind.
    pub evidence: BTreeMap<(CriterionId, EvidenceKind), u32>,
    /// What was recorded of parts as a whole.
    pub parts: BTreeMap<PartId, PartLog>,
    /// What the assessor last said of each rule.
    pub said: BTreeMap<RuleId, Said>,
    /// Whether the second person is in the room.
    pub second_person_present: bool,
    /// Whether this candidate stands by while the other works.
    pub stands_by: bool,
    /// When the second person last left, and when this candidate last began to stand by.
    since: (Timestamp, Timestamp),
    /// Every stop, in order.
    pub stops: Vec<Stop>,
    /// When the exercise last went on after a stop.
    pub resumed: Option<Moment>,
    /// Every time it went on, in the order of the log.
    pub resumes: Vec<Moment>,
    /// What was recorded out of turn, by place in the log.
    pub out_of_turn: Vec<(u32, OutOfTurn)>,
    /// How the assessor confirmed.
    pub confirmed: Option<Confirmation>,
    /// The place of the last observation in the log.
    pub last_sequence: u32,
}

impl Default for Session {
    fn default() -> Self {
        Self {
            phase: Phase::Gate,
            started: None,
            ended: None,
            entries: BTreeMap::new(),
            proofs: BTreeMap::new(),
            proofs_ended: Vec::new(),
            evidence: BTreeMap::new(),
            parts: BTreeMap::new(),
            said: BTreeMap::new(),
            second_person_present: true,
            stands_by: false,
            since: (Timestamp::from_millis(0), Timestamp::from_millis(0)),
            stops: Vec::new(),
            resumed: None,
            resumes: Vec::new(),
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
        let moment = Moment::of(observation);
        if is_work(&observation.observed) {
            self.mark_out_of_turn(observation);
        }
        match &observation.observed {
            Observed::Started => {
                self.phase = Phase::Exercise;
                self.started = Some(moment);
            }
            Observed::Score { criterion, score, reason } => {
                self.enter(observation, criterion, Recorded::Score(*score, reason.clone()));
            }
            Observed::Answered { criterion, answer } => {
                self.enter(observation, criterion, Recorded::Answer(answer.clone()));
            }
            Observed::TesterBefore { .. } | Observed::Reading { .. } | Observed::TesterAfter { .. } => {
                self.prove(&observation.observed, moment);
            }
            Observed::Note { criterion, .. } => self.count(criterion.as_ref(), EvidenceKind::Note),
            Observed::Photo { criterion, .. } => self.count(criterion.as_ref(), EvidenceKind::Photo),
            Observed::File { criterion, .. } => self.count(criterion.as_ref(), EvidenceKind::File),
            Observed::Said { rule, kept, note } => {
                let said = Said { kept: *kept, note: note.clone(), sequence: moment.sequence };
                self.said.insert(rule.clone(), said);
            }
            Observed::Ended => {
                self.phase = Phase::Decision;
                self.ended = Some(moment);
            }
            Observed::Continued => {
                self.phase = if self.open_stop().is_some() { Phase::Stopped } else { Phase::Exercise };
            }
            Observed::Confirmed { borderline, note } => {
                let note = note.clone();
                self.confirmed = Some(Confirmation { borderline: *borderline, note, at: observation.tapped_at });
                self.phase = Phase::Acknowledgement;
            }
            Observed::Shared { .. } => {}
            Observed::Reenergised => self.end_proofs(moment),
            Observed::SecondPersonLeft => (self.second_person_present, self.since.0) = (false, moment.at),
            Observed::SecondPersonReturned => self.second_person_present = true,
            Observed::SwappedOut => (self.stands_by, self.since.1) = (true, moment.at),
            Observed::SwappedIn => self.stands_by = false,
            Observed::Stop => self.stop(moment),
            Observed::StopExplained { by, kind, why } => self.explain((*by, *kind, why.clone())),
            Observed::Resume { made_safe, gate_checked } => self.resume(*made_safe && *gate_checked, moment),
            Observed::PartBegan(part) => {
                let log = self.part(part);
                log.began = log.began.or(Some(moment));
            }
            Observed::PartEnded(part) => self.part(part).ended = Some(moment),
            Observed::PartMarked { part, points, of, on, reference } => {
                let marks = Marks { points: *points, of: *of, on: *on, reference: reference.clone() };
                self.part(part).marks = Some(marks);
            }
        }
    }

    /// The newest entry of a criterion.
    #[must_use]
    pub fn newest(&self, criterion: &CriterionId) -> Option<&Entry> {
        self.entries.get(criterion)?.last()
    }

    /// The newest score of a criterion, if its newest entry is one.
    #[must_use]
    pub fn score(&self, criterion: &CriterionId) -> Option<Score> {
        match &self.newest(criterion)?.recorded {
            Recorded::Score(score, _) => Some(*score),
            Recorded::Answer(_) => None,
        }
    }

    /// The stop that was not resumed, if there is one.
    #[must_use]
    pub fn open_stop(&self) -> Option<&Stop> {
        self.stops.last().filter(|stop| stop.resumed_at.is_none())
    }

    /// Whether the exercise is over: it began, was ended, and did not go on.
    #[must_use]
    pub const fn is_over(&self) -> bool {
        self.started.is_some() && self.ended.is_some() && matches!(self.phase, Phase::Decision | Phase::Acknowledgement)
    }

    fn enter(&mut self, observation: &Observation, criterion: &CriterionId, recorded: Recorded) {
        let set_back = observation.seen_at != observation.tapped_at;
        let entry = Entry { recorded, moment: Moment::of(observation), set_back };
        self.entries.entry(criterion.clone()).or_default().push(entry);
    }

    fn count(&mut self, criterion: Option<&CriterionId>, kind: EvidenceKind) {
        if let Some(criterion) = criterion {
            let count = self.evidence.entry((criterion.clone(), kind)).or_default();
            *count = count.saturating_add(1);
        }
    }

    fn prove(&mut self, observed: &Observed, moment: Moment) {
        let (Observed::TesterBefore { criterion, .. }
        | Observed::Reading { criterion, .. }
        | Observed::TesterAfter { criterion, .. }) = observed
        else {
            return;
        };
        if matches!(observed, Observed::Reading { .. }) {
            self.count(Some(criterion), EvidenceKind::Reading);
        }
        self.proofs.entry(criterion.clone()).or_default().act(observed, moment);
    }

    fn part(&mut self, part: &PartId) -> &mut PartLog {
        self.parts.entry(part.clone()).or_default()
    }

    fn stop(&mut self, moment: Moment) {
        // Tapped twice it is one stop, even if the exercise was ended in between.
        if self.open_stop().is_none() {
            self.stops.push(Stop { stopped_at: moment.at, explained: None, resumed_at: None });
        }
        self.phase = Phase::Stopped;
    }

    fn explain(&mut self, explained: (StoppedBy, StopKind, String)) {
        if let Some(stop) = self.stops.last_mut() {
            stop.explained = Some(explained);
        }
    }

    fn resume(&mut self, allowed: bool, moment: Moment) {
        if let Some(stop) = self.stops.last_mut().filter(|stop| allowed && stop.resumed_at.is_none()) {
            stop.resumed_at = Some(moment.at);
            self.resumed = Some(moment);
            self.resumes.push(moment);
            self.phase = Phase::Exercise;
            // What was dead before the stop is to be proved again.
            self.end_proofs(moment);
        }
    }

    fn end_proofs(&mut self, moment: Moment) {
        self.proofs_ended.push(moment);
        for proof in self.proofs.values_mut() {
            proof.end(moment);
        }
    }

    /// By place in the log; what was set back to before the turn began was seen before it.
    fn mark_out_of_turn(&mut self, observation: &Observation) {
        let set_back = observation.seen_at != observation.tapped_at;
        let within = |since: Timestamp| !(set_back && observation.seen_at < since);
        let stopped_at = self.open_stop().map(|stop| stop.stopped_at);
        let in_exercise = self.phase == Phase::Exercise;
        // After the end the assessor completes the protocol at the table; that is not work on the object.
        let marks = [
            (self.phase == Phase::Stopped && stopped_at.is_none_or(within), OutOfTurn::Stopped),
            (in_exercise && !self.second_person_present && within(self.since.0), OutOfTurn::SecondPersonAbsent),
            (in_exercise && self.stands_by && within(self.since.1), OutOfTurn::StandingBy),
        ];
        let marks = marks.into_iter().filter_map(|(stands, mark)| stands.then_some((observation.sequence, mark)));
        self.out_of_turn.extend(marks);
    }
}

/// Whether an observation is work on the object, which rests while stopped, alone or standing by.
const fn is_work(observed: &Observed) -> bool {
    matches!(
        observed,
        Observed::Score { .. }
            | Observed::Answered { .. }
            | Observed::TesterBefore { .. }
            | Observed::Reading { .. }
            | Observed::TesterAfter { .. }
    )
}

#[cfg(test)]
#[path = "session_tests.rs"]
mod tests;
