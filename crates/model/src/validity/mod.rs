//! Validity: one pure function from facts and a date to a status.
//!
//! The nouns a scheme carries stand here; [`standing`] answers what is true on a day, [`renew`] whether it is renewed.

mod activity;
mod complementary;
mod holding;
mod practice;
mod reminder;
mod renew;
mod standing;
mod term;

#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod practice_tests;
#[cfg(test)]
mod property_tests;
#[cfg(test)]
mod reminder_tests;
#[cfg(test)]
mod renew_tests;
#[cfg(test)]
mod status_tests;

pub use activity::{Activity, Entry, NotAnEntry};
pub use holding::{CountFrom, Holding, Renewed, Rules, ShownBeside, Withdrawal};
pub use reminder::{About, Due, Reminder};
pub use renew::{RenewalAnswer, RenewalDemand, RenewalLine, renew};
pub use standing::{Found, InForce, Line, Standing, Status, standing};

use crate::time::Date;

/// How long something holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Term {
    /// Calendar years.
    Years(u32),
    /// Calendar months.
    Months(u32),
    /// Days.
    Days(u32),
}

/// Lapse for want of practice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lapse {
    /// After so many years without …
    pub years: u32,
    /// … one of these kinds of work.
    pub work: Vec<String>,
    /// Where that stands.
    pub source: String,
}

/// What renewing asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renewal {
    /// Years of relevant activity to prove.
    pub activity_years: Option<u32>,
    /// Minutes of a refresher.
    pub refresher_minutes: Option<u32>,
    /// Whether the training itself is repeated.
    pub retraining: bool,
    /// Where that stands.
    pub source: String,
}

/// A credential with an expiry of its own beside the one assessed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complementary {
    /// Its name in the scheme.
    pub id: String,
    /// What it is.
    pub text: String,
    /// How long it usually holds.
    pub term: Option<Term>,
    /// Whether without it the credential is not in force.
    pub blocks: bool,
    /// Where that stands.
    pub source: String,
}

/// How long a credential holds, and what keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Validity {
    /// Its term; `None` when the institution sets it.
    pub term: Option<Term>,
    /// Lapse for want of practice.
    pub lapse: Option<Lapse>,
    /// What renewing asks for.
    pub renewal: Option<Renewal>,
    /// Credentials beside it.
    pub complementary: Vec<Complementary>,
    /// How often the holder's suitability is looked at again, in months.
    pub suitability_review_months: Option<u32>,
    /// Whether a new edition asks for a refresh.
    pub refresh_on_new_edition: bool,
    /// Where all this stands.
    pub source: String,
}

impl Term {
    /// The last day something holds that was issued on `day`.
    #[must_use]
    pub fn last_day(self, day: Date) -> Date {
        #[cfg(feature = "sabotage")]
        let day = day.days_later(u32::from(crate::sabotage::is_set(crate::sabotage::Sabotage::OneDayTooLong)));
        match self {
            Self::Years(years) => day.months_later(years.saturating_mul(12)),
            Self::Months(months) => day.months_later(months),
            Self::Days(days) => day.days_later(days),
        }
    }
}
