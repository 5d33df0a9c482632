//! Credentials with an expiry of their own beside the one assessed, as first aid is (VL4, PR1; domain §2.3, §2.5).
//!
//! Where the scheme says one blocks, the credential is in force only while that one holds too.
//! One that ran out is a check that failed; one never shown is a fact that is missing, and says no "no".

use crate::{
    time::Date,
    validity::{Complementary, Entry, Found, Holding, Line, Status},
};

/// The state of one complementary credential on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Beside {
    /// Nothing was shown that had been issued by then.
    NotShown,
    /// Its last day was …
    Over(Date),
    /// Its last day is …
    Holds(Date),
    /// It holds, and has no end.
    HasNoEnd,
}

/// The state of `rule`'s credential on `day`: of all that were shown, the one that holds longest.
pub(super) fn beside(rule: &Complementary, holding: &Holding, day: Date) -> Beside {
    let shown = holding.complementary.iter().map(|shown| (&shown.id, shown.issued, shown.expires));
    let seen = holding.entries(day).filter_map(|activity| match &activity.entry {
        Entry::ComplementaryRenewed { id, issued, expires } => Some((id, *issued, *expires)),
        Entry::Work { .. }
        | Entry::SuitabilityReview
        | Entry::Refresher { .. }
        | Entry::EditionRefresh
        | Entry::Retraining => None,
    });
    let state = |(_, issued, expires): (&String, Date, Option<Date>)| match expires
        .or_else(|| rule.term.map(|term| term.last_day(issued)))
    {
        None => Beside::HasNoEnd,
        Some(last_day) if last_day < day => Beside::Over(last_day),
        Some(last_day) => Beside::Holds(last_day),
    };
    let of_rule = shown.chain(seen).filter(|(id, issued, _)| **id == rule.id && *issued <= day);
    of_rule.map(state).max().unwrap_or(Beside::NotShown)
}

/// What it makes of the status: nothing, unless the scheme says it blocks.
pub(super) fn line(rule: &Complementary, state: Beside) -> Line {
    let id = rule.id.clone();
    let (status, found) = match state {
        Beside::NotShown => (Status::ComplementaryNotShown, Found::BesideNotShown { id }),
        Beside::Over(last_day) => (Status::ComplementaryOver, Found::BesideOver { id, last_day }),
        Beside::Holds(last_day) => (Status::InForce, Found::BesideHolds { id, last_day: Some(last_day) }),
        Beside::HasNoEnd => (Status::InForce, Found::BesideHolds { id, last_day: None }),
    };
    let status = if rule.blocks { status } else { Status::InForce };
    Line { status, found, source: rule.source.clone() }
}
