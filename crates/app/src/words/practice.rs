//! How the holder of a certificate stands, in words.

use fieldproof_model::{
    scheme::Scheme,
    validity::{About, Due, Entry, Found, Reminder, Status, Withdrawal},
};

/// A status in a few words.
#[must_use]
pub const fn status(status: Status) -> &'static str {
    match status {
        Status::Revoked => "Revoked",
        Status::Refused => "Refused by the register",
        Status::Suspended => "Suspended",
        Status::CouldNotTell => "Could not tell: the day lies before the issue",
        Status::Expired => "Expired",
        Status::Lapsed => "Lapsed: not practised",
        Status::ComplementaryOver => "Not in force: a credential it needs ran out",
        Status::PracticeNotShown => "Practice not shown",
        Status::ComplementaryNotShown => "Could not tell: a credential it needs was not shown",
        Status::InForce => "In force, as far as this laptop knows",
    }
}

fn beside<'a>(scheme: &'a Scheme, id: &'a str) -> &'a str {
    let rule = scheme.validity.complementary.iter().find(|rule| rule.id == id);
    rule.map_or(id, |rule| &rule.text)
}

/// What a rule found.
#[must_use]
pub fn found(scheme: &Scheme, found: &Found) -> String {
    match found {
        Found::Issued(day) => format!("Issued on {day}."),
        Found::AskedBeforeIssue(day) => format!("Issued only on {day}: is the laptop's clock right?"),
        Found::NotWithdrawn => "Nothing known here took it away.".to_owned(),
        Found::Withdrawn(Withdrawal::Revoked { from }) => format!("Revoked from {from}."),
        Found::Withdrawn(Withdrawal::Refused { from }) => format!("Refused by the register on {from}."),
        Found::Withdrawn(Withdrawal::Suspended { from, .. }) => format!("Suspended from {from}."),
        Found::Renewed { on, last_day } => format!("Renewed on {on}, through {last_day}."),
        Found::HoldsUntil(day) => format!("It holds through {day}."),
        Found::NoEnd => "The institution set no end.".to_owned(),
        Found::HeldUntil(day) => format!("It held through {day}."),
        Found::Practised { last, stands_until } => {
            format!("Practised last on {last}; that is enough through {stands_until}.")
        }
        Found::NotPractised { last, stood_until } => {
            format!("Practised last on {last}; that was enough through {stood_until}. Training is renewed first.")
        }
        Found::NoEntrySince { start, stood_until } => {
            format!("No entry since {start} shows practice; without one it stood through {stood_until}.")
        }
        Found::Silence { from, until } => {
            format!("Nothing is entered between {from} and {until}: too long without training in between.")
        }
        Found::BesideHolds { id, last_day: Some(day) } => format!("{}: through {day}.", beside(scheme, id)),
        Found::BesideHolds { id, last_day: None } => format!("{}: has no end.", beside(scheme, id)),
        Found::BesideOver { id, last_day } => format!("{}: ran out on {last_day}.", beside(scheme, id)),
        Found::BesideNotShown { id } => format!("{}: not shown.", beside(scheme, id)),
    }
}

/// What should be seen to.
#[must_use]
pub fn reminder(scheme: &Scheme, reminder: &Reminder) -> String {
    let what = match &reminder.about {
        About::SuitabilityReview => "Review of suitability",
        About::Refresh => "Refresh on the new edition",
        About::Practice => "An entry that shows practice",
        About::Complementary(id) => beside(scheme, id),
        About::Renewal => "Renewal",
    };
    match reminder.due {
        Due::By(day) => format!("{what}: by {day}"),
        Due::Since(day) => format!("{what}: missing since {day}"),
        Due::Open => format!("{what}: not shown"),
    }
}

/// An activity entry.
#[must_use]
pub fn entry(scheme: &Scheme, entry: &Entry) -> String {
    match entry {
        Entry::Work { kind, since } => format!("Work: {kind}, since {since}"),
        Entry::SuitabilityReview => "Review of suitability".to_owned(),
        Entry::Refresher { minutes } => format!("Refresher, {minutes} min"),
        Entry::EditionRefresh => "Shown what the new edition changes".to_owned(),
        Entry::Retraining => "Training repeated".to_owned(),
        Entry::ComplementaryRenewed { id, issued, .. } => format!("{}: issued {issued}", beside(scheme, id)),
    }
}
