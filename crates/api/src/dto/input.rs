//! What the screen asks with.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{choices::*, home::*, session::*};
use crate::secret::Secret;

shapes! {
    /// Unlocking.
    struct UnlockInput {
        /// Who.
        assessor_id: String,
        /// Their passphrase.
        #[ts(type = "string")]
        passphrase: Secret,
    }
    /// Adding a person.
    struct AddPersonInput {
        /// Their name.
        name: String,
        /// Their year of birth.
        birth_year: Option<u16>,
    }
    /// Opening a session.
    struct OpenSessionInput {
        /// Under which scheme.
        scheme_id: String,
        /// After which course.
        course_id: String,
        /// Who is assessed.
        candidate_id: String,
        /// Who stands by, unless nobody does.
        second_person_id: Option<String>,
        /// Both are assessed and swap.
        team: bool,
        /// The language of the wording; none for the original.
        language: Option<String>,
    }
    /// Looking at a scheme.
    struct SchemeInput {
        /// Which.
        scheme_id: String,
        /// In which language.
        language: String,
    }
    /// One session.
    struct SessionInput {
        /// Which.
        session_id: String,
    }
    /// Keeping the gate.
    struct SaveGateInput {
        /// Of which session.
        session_id: String,
        /// As filled in.
        gate: GateInput,
    }
    /// Recording an observation.
    struct ObserveInput {
        /// In which session.
        session_id: String,
        /// What.
        observation: ObservationInput,
        /// How long before the tap it was seen.
        seen_seconds_ago: u32,
    }
    /// Confirming the result.
    struct ConfirmDecisionInput {
        /// Of which session.
        session_id: String,
        /// To be looked at by the institution.
        borderline: bool,
        /// In the assessor's words.
        note: String,
    }
    /// Acknowledging the result.
    struct AcknowledgeInput {
        /// Of which session.
        session_id: String,
        /// Who.
        role: AcknowledgementRoleView,
        /// How.
        how: AcknowledgeHow,
    }
    /// Giving a session up.
    struct AbandonInput {
        /// Which.
        session_id: String,
        /// Why.
        reason: String,
    }
    /// Correcting what was sealed about the candidate.
    struct CorrectRecordInput {
        /// Which session.
        session_id: String,
        /// The name as it should be.
        name: String,
        /// The year of birth as it should be.
        birth_year: Option<u16>,
        /// Why.
        reason: String,
    }
    /// Verifying a text.
    struct VerifyTextInput {
        /// Pasted or scanned.
        text: String,
        /// The language of the answer, by its code.
        language: String,
    }
}

/// One observation, as tapped.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum ObservationInput {
    /// A criterion was scored; again corrects it.
    Score {
        /// Which criterion.
        criterion_id: String,
        /// What was seen.
        score: ScoreView,
        /// Why it does not apply.
        reason: Option<String>,
    },
    /// A note.
    Note {
        /// To which criterion, if any.
        criterion_id: Option<String>,
        /// The note.
        text: String,
    },
    /// A criterion was answered; again corrects it.
    Answered {
        /// Which criterion.
        criterion_id: String,
        /// What was recorded.
        answer: AnsweredView,
    },
    /// The object became live again, unplanned.
    Reenergised,
    /// A part began.
    PartBegan {
        /// Which.
        part_id: String,
    },
    /// A part is over.
    PartEnded {
        /// Which.
        part_id: String,
    },
    /// The result of a part that is marked in points.
    PartMarked {
        /// Which.
        part_id: String,
        /// Points reached.
        points: u32,
        /// Points possible.
        of: u32,
        /// The day it was taken.
        on: String,
        /// What names the paper it stands on.
        reference: String,
    },
    /// The tester was tried before measuring.
    TesterBefore {
        /// Which proof.
        criterion_id: String,
        /// On which source.
        source: String,
        /// Whether it showed it.
        worked: bool,
    },
    /// A point was measured.
    Reading {
        /// Which proof.
        criterion_id: String,
        /// The point.
        point: String,
        /// What the instrument showed.
        reading: String,
        /// Whether it was seen dead.
        dead: bool,
    },
    /// The tester was tried again.
    TesterAfter {
        /// Which proof.
        criterion_id: String,
        /// On which source.
        source: String,
        /// Whether it showed it.
        worked: bool,
        /// Whether it was the instrument used throughout.
        same_instrument: bool,
    },
    /// The second person left.
    SecondPersonLeft,
    /// The second person is back.
    SecondPersonReturned,
    /// Stop.
    Stop,
    /// Who stopped, and why.
    StopExplained {
        /// Who.
        by: StoppedByView,
        /// Which kind.
        stop_kind: StopKindView,
        /// In the assessor's words.
        why: String,
    },
    /// Going on after a stop.
    Resume {
        /// Made safe.
        made_safe: bool,
        /// Gate checked again.
        gate_checked: bool,
    },
    /// Whether a rule was kept that the taps show broken.
    Said {
        /// Which rule.
        rule_id: String,
        /// Kept.
        kept: bool,
        /// In the assessor's words.
        note: String,
    },
}

/// How somebody acknowledges.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum AcknowledgeHow {
    /// Typed name.
    Typed {
        /// The name.
        name: String,
    },
    /// Drawn strokes of x0, y0, x1, y1, … in a box of 600 by 200.
    Drawn {
        /// The strokes.
        strokes: Vec<Vec<u16>>,
    },
    /// Refused.
    Refused {
        /// Why.
        reason: String,
    },
}
