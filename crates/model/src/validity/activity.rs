//! Activity entries: signed facts that somebody did the work, was reviewed or was trained again.
//!
//! Identifiers and digests only, never a name: entries travel in the chain of whoever attests them.

use crate::{
    digest::Digest,
    id::{PersonId, SchemeId},
    time::Date,
};

/// One fact that keeps a credential, attested by somebody other than its holder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Activity {
    /// Whose credential it concerns.
    pub holder: PersonId,
    /// The scheme it concerns, in all its versions; what counts for two schemes is entered for each.
    pub scheme: SchemeId,
    /// The day it happened; for work over a stretch of time, the last day.
    pub on: Date,
    /// What happened.
    pub entry: Entry,
    /// Who attests it.
    pub attested_by: PersonId,
    /// Digest of what shows it: a work order, an employer's statement, a card.
    pub proof: Option<Digest>,
}

/// What an activity entry says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// The work was done.
    Work {
        /// The kind of work, in the words of the scheme's lapse rule where it has one.
        kind: String,
        /// The first day of it; the day of the entry for a single day's work.
        since: Date,
    },
    /// Whether the holder suits the present tasks was looked at.
    SuitabilityReview,
    /// A refresher was attended.
    Refresher {
        /// How long it lasted.
        minutes: u32,
    },
    /// The holder was shown what a new edition changes; no training was renewed.
    EditionRefresh,
    /// The training itself was repeated.
    Retraining,
    /// A credential beside the one assessed was renewed and seen.
    ComplementaryRenewed {
        /// Its name in the scheme.
        id: String,
        /// When it was issued.
        issued: Date,
        /// Its last day as printed on it; `None` when nothing is printed.
        expires: Option<Date>,
    },
}

/// Why something is no activity entry; such a thing is not signed, and does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAnEntry {
    /// Nobody shows their own practice.
    #[error("the holder attests it")]
    AttestedByHolder,
    /// Nothing says which work.
    #[error("the kind of work is not named")]
    NoKind,
    /// The work ends before it begins.
    #[error("the work ends before it begins")]
    EndsBeforeItBegins,
    /// A refresher of no length.
    #[error("the refresher lasted no minute")]
    NoMinutes,
    /// A credential that ran out before it was issued, or was seen before it was.
    #[error("the days of the credential contradict each other")]
    DaysContradict,
}

impl Activity {
    /// Checks what an entry must be to be signed and to count.
    ///
    /// # Errors
    /// [`NotAnEntry`] says what is wrong with it.
    pub fn check(&self) -> Result<(), NotAnEntry> {
        if self.attested_by == self.holder {
            return Err(NotAnEntry::AttestedByHolder);
        }
        match &self.entry {
            Entry::Work { kind, .. } if kind.trim().is_empty() => Err(NotAnEntry::NoKind),
            Entry::Work { since, .. } if self.on < *since => Err(NotAnEntry::EndsBeforeItBegins),
            Entry::Refresher { minutes: 0 } => Err(NotAnEntry::NoMinutes),
            Entry::ComplementaryRenewed { issued, expires, .. }
                if self.on < *issued || expires.is_some_and(|last_day| last_day < *issued) =>
            {
                Err(NotAnEntry::DaysContradict)
            }
            Entry::Work { .. }
            | Entry::SuitabilityReview
            | Entry::Refresher { .. }
            | Entry::EditionRefresh
            | Entry::Retraining
            | Entry::ComplementaryRenewed { .. } => Ok(()),
        }
    }
}

impl Entry {
    /// Whether training was renewed: the count for want of practice begins anew.
    #[must_use]
    pub const fn renews_training(&self) -> bool {
        match self {
            Self::Refresher { .. } | Self::Retraining => true,
            Self::Work { .. } | Self::SuitabilityReview | Self::EditionRefresh | Self::ComplementaryRenewed { .. } => {
                false
            }
        }
    }

    /// Whether it taught what a new edition changes.
    #[must_use]
    pub const fn refreshes(&self) -> bool {
        matches!(self, Self::EditionRefresh) || self.renews_training()
    }

    /// Whether it is a review of the holder's suitability.
    #[must_use]
    pub const fn is_review(&self) -> bool {
        matches!(self, Self::SuitabilityReview)
    }

    /// The minutes of refresher it proves.
    #[must_use]
    pub const fn refresher_minutes(&self) -> u32 {
        match self {
            Self::Refresher { minutes } => *minutes,
            Self::Work { .. }
            | Self::SuitabilityReview
            | Self::EditionRefresh
            | Self::Retraining
            | Self::ComplementaryRenewed { .. } => 0,
        }
    }
}
