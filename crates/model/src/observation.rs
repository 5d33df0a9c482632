//! Observations: what the assessor recorded, in order. Nothing is overwritten; a correction is a further observation.

use crate::{digest::Digest, scheme::CriterionId, time::Timestamp};

/// What was seen of one criterion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Score {
    /// Done without help.
    Unaided,
    /// Done after a prompt.
    Prompted,
    /// Not done.
    NotDone,
    /// Done in a dangerous way.
    Dangerous,
    /// The assessor did not see it; it never counts as done.
    NotSeen,
    /// Does not apply here, with a reason.
    NotApplicable,
}

/// Who stopped the exercise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoppedBy {
    /// The assessor.
    Assessor,
    /// The candidate.
    Candidate,
    /// The second person.
    SecondPerson,
    /// Somebody else in the room.
    SomebodyElse,
}

/// Why the exercise was stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StopKind {
    /// The candidate caused a danger.
    DangerByCandidate,
    /// Something outside the candidate's doing.
    OutsideCause,
    /// There was no danger after all.
    CalledInError,
}

/// What an observation says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Observed {
    /// The gate held and the exercise began.
    Started,
    /// A criterion was scored; scoring it again corrects it.
    Score {
        /// Which criterion.
        criterion: CriterionId,
        /// What was seen.
        score: Score,
        /// Why it does not apply; demanded with [`Score::NotApplicable`].
        reason: Option<String>,
    },
    /// A note, perhaps to a criterion.
    Note {
        /// Which criterion, if any.
        criterion: Option<CriterionId>,
        /// The note.
        text: String,
    },
    /// A photo, stored by its digest.
    Photo {
        /// Which criterion, if any.
        criterion: Option<CriterionId>,
        /// Digest of the exact bytes.
        digest: Digest,
        /// Their number.
        size: u64,
    },
    /// The tester was tried on a known source before measuring.
    TesterBefore {
        /// Which source.
        source: String,
        /// Whether the tester showed it.
        worked: bool,
    },
    /// One point was measured.
    Reading {
        /// The point the manufacturer names.
        point: String,
        /// What the instrument showed, as read.
        reading: String,
        /// Whether the assessor saw the point dead.
        dead: bool,
    },
    /// The tester was tried on the known source again.
    TesterAfter {
        /// Which source.
        source: String,
        /// Whether the tester showed it.
        worked: bool,
        /// Whether it was the instrument used before and between.
        same_instrument: bool,
    },
    /// The second person left the room.
    SecondPersonLeft,
    /// The second person is back.
    SecondPersonReturned,
    /// The exercise was stopped for safety.
    Stop,
    /// Who stopped it, and why.
    StopExplained {
        /// Who.
        by: StoppedBy,
        /// Which of the three kinds.
        kind: StopKind,
        /// In the assessor's words.
        why: String,
    },
    /// The exercise goes on after a stop.
    Resume {
        /// The place was made safe.
        made_safe: bool,
        /// The gate was checked again.
        gate_checked: bool,
    },
    /// The taps alone make a wait too short; the assessor says whether it was kept.
    WaitAnswer {
        /// Kept, as the assessor saw it.
        kept: bool,
        /// In the assessor's words.
        note: String,
    },
    /// The exercise is over and is to be decided.
    Ended,
    /// Back to the exercise before the result was confirmed.
    Continued,
    /// The assessor confirmed the computed result, or flagged it borderline.
    Confirmed {
        /// To be looked at by the institution.
        borderline: bool,
        /// In the assessor's words.
        note: String,
    },
}

/// One thing the assessor recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    /// Its place in the log, from 1, without gaps.
    pub sequence: u32,
    /// When it was tapped.
    pub tapped_at: Timestamp,
    /// When it was seen: the tap, unless set back.
    pub seen_at: Timestamp,
    /// What it says.
    pub observed: Observed,
}
