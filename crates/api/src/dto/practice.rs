//! What keeps a certificate in force: how its holder stands, and the entries.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{choices::*, home::*};

shapes! {
    /// A rule of validity with what it found.
    struct StandingLine {
        /// Whether it holds.
        answer: AnswerView,
        /// What it found, ready to show.
        text: String,
        /// Where the rule stands.
        source: String,
    }
    /// An activity entry.
    struct ActivityView {
        /// The day.
        on: String,
        /// What it says, ready to show.
        text: String,
        /// Who attested it.
        attested_by: String,
        /// Whether something that shows it is kept.
        proof: bool,
    }
    /// How the holder of a certificate stands.
    struct PracticeView {
        /// The session the certificate came from.
        session_id: String,
        /// In force now, as far as this laptop knows.
        in_force: AnswerView,
        /// In a few words.
        status: String,
        /// Its last day.
        last_day: Option<String>,
        /// Every rule.
        lines: Vec<StandingLine>,
        /// What should be seen to, ready to show.
        reminders: Vec<String>,
        /// Kinds of work that show practice, in the scheme's words.
        work: Vec<String>,
        /// Credentials beside it.
        beside: Vec<OptionView>,
        /// Who can attest: everybody but the holder.
        people: Vec<PersonView>,
        /// The entries, the newest first.
        activities: Vec<ActivityView>,
    }
    /// Recording an activity.
    struct RecordActivityInput {
        /// About the holder of this session's certificate.
        session_id: String,
        /// The day it happened.
        on: String,
        /// What happened.
        entry: EntryInput,
        /// Who attests it; nobody named is the assessor.
        attested_by: Option<String>,
        /// Digest of a file kept before that shows it.
        proof: Option<String>,
    }
    /// A file that was kept.
    struct KeptView {
        /// Its digest.
        digest: String,
    }
}

/// What an activity entry says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum EntryInput {
    /// The work was done.
    Work {
        /// Which.
        work: String,
        /// Its first day.
        since: String,
    },
    /// The holder's suitability was looked at.
    SuitabilityReview,
    /// A refresher was attended.
    Refresher {
        /// How long, in minutes.
        minutes: u32,
    },
    /// What a new edition changes was shown.
    EditionRefresh,
    /// The training was repeated.
    Retraining,
    /// A credential beside it was renewed.
    ComplementaryRenewed {
        /// Which.
        id: String,
        /// When it was issued.
        issued: String,
        /// Its last day.
        expires: Option<String>,
    },
}
