//! Observations: what the assessor recorded, in order. Nothing is overwritten; a correction is a further observation.

use crate::{
    clock::Elapsed,
    digest::Digest,
    id::SessionId,
    scheme::{CriterionId, PartId, RuleId},
    time::{Date, Timestamp},
};

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

/// What was recorded of a criterion that scores alone do not settle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The level of a rubric, counted from 1.
    Level(u32),
    /// A value in thousandths of the criterion's unit, and the instrument it was read off (may be empty).
    Measured(i64, String),
    /// The options chosen, by name.
    Chosen(Vec<String>),
    /// How many.
    Counted(u32),
    /// How long, in milliseconds.
    Timed(u64),
    /// The points heard, counted from 1, and how many prompts were given.
    Heard(Vec<u32>, u32),
    /// In free words.
    Written(String),
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
    /// A criterion was answered; answering it again corrects it.
    Answered {
        /// Which criterion.
        criterion: CriterionId,
        /// What was recorded.
        answer: Answer,
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
        /// Digest of the exact bytes that are kept.
        digest: Digest,
        /// Their number.
        size: u64,
        /// Digest of what the camera wrote, where something of it was not kept.
        original: Option<Digest>,
    },
    /// Any other file, stored by its digest.
    File {
        /// Which criterion, if any.
        criterion: Option<CriterionId>,
        /// Its name where it came from.
        name: String,
        /// Digest of the exact bytes that are kept.
        digest: Digest,
        /// Their number.
        size: u64,
        /// Digest of the file as it came, where it was a picture and something of it was not kept.
        original: Option<Digest>,
    },
    /// The tester was tried on a known source before measuring.
    TesterBefore {
        /// Which proof.
        criterion: CriterionId,
        /// Which source.
        source: String,
        /// Whether the tester showed it.
        worked: bool,
    },
    /// One point was measured.
    Reading {
        /// Which proof.
        criterion: CriterionId,
        /// The point the manufacturer names.
        point: String,
        /// What the instrument showed, as read.
        reading: String,
        /// Whether the assessor saw the point dead.
        dead: bool,
    },
    /// The tester was tried on the known source again.
    TesterAfter {
        /// Which proof.
        criterion: CriterionId,
        /// Which source.
        source: String,
        /// Whether the tester showed it.
        worked: bool,
        /// Whether it was the instrument used before and between.
        same_instrument: bool,
    },
    /// The object became live again, unplanned.
    Reenergised,
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
    /// A part began.
    PartBegan(PartId),
    /// A part is over.
    PartEnded(PartId),
    /// The result of a part that is marked in points.
    PartMarked {
        /// Which part.
        part: PartId,
        /// Points reached.
        points: u32,
        /// Points possible.
        of: u32,
        /// The day it was taken.
        on: Date,
        /// What names the paper it stands on.
        reference: String,
    },
    /// The taps alone show a rule broken; the assessor says whether it was kept.
    Said {
        /// Which rule.
        rule: RuleId,
        /// Kept, as the assessor saw it.
        kept: bool,
        /// In the assessor's words.
        note: String,
    },
    /// In a team: this candidate stands by now, the other works.
    SwappedOut,
    /// In a team: this candidate works now.
    SwappedIn,
    /// Something recorded in the other team member's log concerns this record too.
    Shared {
        /// The other's session.
        session: SessionId,
        /// Its place in that log.
        sequence: u32,
        /// Digest of the observation as it stands there.
        digest: Digest,
    },
    /// The exercise is over and is to be decided.
    Ended,
    /// Back to the exercise before the result was confirmed.
    Continued,
    /// The assessor confirmed the computed result, or flagged it borderline.
    Confirmed {
        /// To be looked at by the institution.
        borderline: bool,
        /// In the assessor's words; the feedback when the result is "not passed".
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
    /// How long the app had been running at the tap, where a clock told.
    pub elapsed: Option<Elapsed>,
    /// The register's last time that was held at the tap, if any.
    pub beacon: Option<Timestamp>,
}
