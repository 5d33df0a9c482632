//! What is known of one credential, and the rules it is looked at by. Who verified the signatures is not asked here.

use crate::{
    id::{PersonId, SchemeId},
    scheme::Scheme,
    time::Date,
    validity::{Activity, Term, Validity},
};

/// The rules a credential is looked at by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules<'a> {
    /// What the scheme says.
    pub validity: &'a Validity,
    /// The institution's term; the scheme's own wins where it has one. Without either it has no end.
    pub institution_term: Option<Term>,
    /// From which day a renewed term counts.
    pub count_from: CountFrom,
    /// The days on which editions the scheme rests on were superseded. Whoever was issued, renewed or refreshed on such
    /// a day or later counts as taught the new edition.
    pub superseded_on: Vec<Date>,
    /// How many days ahead a reminder is given; no source names a number, so the asker does.
    pub remind_days: u32,
}

/// From which day a renewed term counts. The sources do not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CountFrom {
    /// The day it is renewed: the term never holds longer than since somebody last looked.
    #[default]
    Renewal,
    /// The old last day, so that whoever renews early loses nothing; the day of renewal once that is past.
    OldLastDay,
}

/// What is known of one credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holding {
    /// Whose it is.
    pub holder: PersonId,
    /// The scheme it was issued under.
    pub scheme: SchemeId,
    /// The day of issue, which is the day of the exercise: its first day.
    pub issued_on: Date,
    /// Its last day as signed; `None` when the term gives it.
    pub last_day: Option<Date>,
    /// Renewals so far, in any order.
    pub renewals: Vec<Renewed>,
    /// Activity entries known here, in any order; those of others are passed over.
    pub activities: Vec<Activity>,
    /// Credentials beside it that were shown, in any order.
    pub complementary: Vec<ShownBeside>,
    /// What was taken away, in any order.
    pub withdrawals: Vec<Withdrawal>,
}

/// A renewal as the institution signed it, having asked [`renew`](super::renew).
///
/// Its proofs are activity entries. They are not judged again: whoever looks may not have them all, and what is missing
/// never says no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Renewed {
    /// The day of it.
    pub on: Date,
    /// The new last day.
    pub last_day: Date,
}

/// A credential beside the one assessed, as shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownBeside {
    /// Its name in the scheme.
    pub id: String,
    /// When it was issued.
    pub issued: Date,
    /// Its last day as printed on it; `None` when the term the scheme names gives it.
    pub expires: Option<Date>,
}

/// What was taken away, and from which day; what stands first weighs more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Withdrawal {
    /// Withdrawn for good.
    Revoked {
        /// The first day without it.
        from: Date,
    },
    /// The register refused the record it rests on.
    Refused {
        /// The day of the refusal.
        from: Date,
    },
    /// Withdrawn for a time.
    Suspended {
        /// The first day without it.
        from: Date,
        /// The last day without it; `None` while open.
        until: Option<Date>,
    },
}

impl<'a> Rules<'a> {
    /// The rules of a scheme version; a renewed term counts from the day of renewal.
    #[must_use]
    pub fn of(scheme: &'a Scheme, remind_days: u32) -> Self {
        Self {
            validity: &scheme.validity,
            institution_term: scheme.values.term,
            count_from: CountFrom::default(),
            superseded_on: scheme.legal_basis.iter().filter_map(|basis| basis.superseded_on).collect(),
            remind_days,
        }
    }

    /// How long it holds: the scheme's term, else the institution's.
    #[must_use]
    pub fn term(&self) -> Option<Term> {
        self.validity.term.or(self.institution_term)
    }
}

impl Holding {
    /// The renewals made by `day`, in order.
    pub(super) fn renewals_by(&self, day: Date) -> Vec<Renewed> {
        let made = |renewed: &Renewed| self.issued_on <= renewed.on && renewed.on <= day;
        let mut renewals: Vec<Renewed> = self.renewals.iter().copied().filter(made).collect();
        renewals.sort_unstable();
        renewals
    }

    /// The entries that concern this credential and were made by `day`.
    pub(super) fn entries(&self, day: Date) -> impl Iterator<Item = &Activity> {
        self.activities.iter().filter(move |activity| {
            activity.holder == self.holder
                && activity.scheme == self.scheme
                && activity.on <= day
                && activity.check().is_ok()
        })
    }

    /// Those of them that came with the issue or after it.
    pub(super) fn entries_since_issue(&self, day: Date) -> impl Iterator<Item = &Activity> {
        self.entries(day).filter(|activity| self.issued_on <= activity.on)
    }
}

impl Withdrawal {
    /// Whether it takes the credential away on `day`.
    #[must_use]
    pub fn holds_on(self, day: Date) -> bool {
        match self {
            Self::Revoked { from } | Self::Refused { from } => from <= day,
            Self::Suspended { from, until } => from <= day && until.is_none_or(|until| day <= until),
        }
    }
}
