//! Proving dead: the tester on a known source, every point, the tester again, as one construct.

use crate::{observation::Observed, session::Moment};

/// A trial of the tester on a known source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trial {
    /// Which source.
    pub source: String,
    /// Whether the tester showed it.
    pub worked: bool,
    /// Whether it was the instrument used throughout; always so for the first trial.
    pub same_instrument: bool,
}

/// One point, as last measured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// The point.
    pub point: String,
    /// What the instrument showed.
    pub reading: String,
    /// Whether the assessor saw it dead.
    pub dead: bool,
}

/// One round of prove – test – prove.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Construct {
    /// The trial before measuring.
    pub before: Option<Trial>,
    /// Every point, with the reading that counts.
    pub readings: Vec<Reading>,
    /// The trial after measuring.
    pub after: Option<Trial>,
    /// When its first act was seen.
    pub began: Option<Moment>,
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

impl Construct {
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

/// A construct that was proved when it was ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EndedProved {
    /// When its first act was seen.
    pub began: Option<Moment>,
    /// Since when it held.
    pub proved: Moment,
    /// When it was ended.
    pub ended: Moment,
}

/// One proof over the whole session: the construct that counts, and when the proof held.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Proof {
    /// The construct that counts.
    pub construct: Construct,
    /// Since when it held, or did not, by its own acts, in the order of the log.
    pub turns: Vec<(Moment, bool)>,
    /// A proved construct that a resume or re-energising ended, with nothing begun since.
    pub ended_proved: Option<EndedProved>,
    /// The place of the last act in the log.
    pub last_sequence: u32,
}

impl Proof {
    pub(super) fn act(&mut self, observed: &Observed, moment: Moment) {
        self.ended_proved = None;
        let was_proved = self.construct.status() == ProofStatus::Proved;
        self.last_sequence = moment.sequence;
        if let Observed::TesterBefore { source, worked, .. } = observed {
            let before = Trial { source: source.clone(), worked: *worked, same_instrument: true };
            self.construct = Construct { before: Some(before), ..Construct::default() };
        } else if let Observed::Reading { point, reading, dead, .. } = observed {
            self.construct.read(Reading { point: point.clone(), reading: reading.clone(), dead: *dead });
        } else if let Observed::TesterAfter { source, worked, same_instrument, .. } = observed {
            let trial = Trial { source: source.clone(), worked: *worked, same_instrument: *same_instrument };
            self.construct.after = Some(trial);
        }
        self.construct.began = self.construct.began.or(Some(moment));
        self.turn(was_proved, moment);
    }

    fn turn(&mut self, was_proved: bool, moment: Moment) {
        match self.construct.status() {
            ProofStatus::Proved if was_proved => {}
            ProofStatus::Proved => self.turns.push((moment, true)),
            ProofStatus::NotDead
            | ProofStatus::Void(
                VoidBecause::FirstTrialFailed
                | VoidBecause::NoReading
                | VoidBecause::SecondTrialFailed
                | VoidBecause::OtherInstrument,
            ) => self.turns.push((moment, false)),
            ProofStatus::NotStarted | ProofStatus::Open | ProofStatus::Void(VoidBecause::NoFirstTrial) => {}
        }
    }

    /// When the construct that counts began, or else the proved one that was ended.
    #[must_use]
    pub fn began(&self) -> Option<Moment> {
        self.construct.began.or_else(|| self.ended_proved?.began)
    }

    pub(super) fn end(&mut self, moment: Moment) {
        if self.construct.status() == ProofStatus::NotStarted {
            return;
        }
        let proved = self.construct.status() == ProofStatus::Proved;
        let since = self.turns.last().filter(|(_, holds)| *holds && proved).map(|(since, _)| *since);
        let began = self.construct.began;
        self.ended_proved = since.map(|proved| EndedProved { began, proved, ended: moment });
        self.construct = Construct::default();
    }
}
