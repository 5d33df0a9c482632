//! What is true of a credential on a day, and why.
//!
//! Every rule is looked at and leaves a line; the status is the one that ranks first among the lines.
//! Days are calendar days, both ends included, so no clock change moves them (VL1: a credential issued for five years
//! holds through the same day of the month five years later; from 29 February, through the month's last day).
//! Only a check that was made and failed says no; what is missing never does.

use crate::{
    time::Date,
    validity::{
        Holding, Reminder, Renewed, Rules, Withdrawal,
        complementary::{beside, line},
        practice::practice,
        reminder::reminders,
        term::Stretch,
    },
};

/// What is true of a credential on a day; what stands first outranks what follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Withdrawn for good.
    Revoked,
    /// The register refused the record it rests on.
    Refused,
    /// Withdrawn for a time.
    Suspended,
    /// The day lies before the issue: a clock set back, or a wrong question.
    CouldNotTell,
    /// Its last day is past.
    Expired,
    /// An entry shows when the work was last done, and that is too long ago.
    Lapsed,
    /// A credential it needs beside it ran out.
    ComplementaryOver,
    /// No entries show that the work was done often enough.
    PracticeNotShown,
    /// A credential it needs beside it was not shown.
    ComplementaryNotShown,
    /// In force.
    InForce,
}

/// The answer to "in force on that day?".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InForce {
    /// Yes.
    Yes,
    /// No: a check was made and failed.
    No,
    /// Could not tell: something is missing.
    CouldNotTell,
}

/// What is true of a credential on a day, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// In one word.
    pub status: Status,
    /// Its last day, with the renewals by then; `None` when it has no end.
    pub last_day: Option<Date>,
    /// The first day on which, without a further entry, practice is not recent enough; `None` without such a rule.
    pub lapses_on: Option<Date>,
    /// Every rule with what it found.
    pub lines: Vec<Line>,
    /// What should be seen to.
    pub reminders: Vec<Reminder>,
}

/// One rule with what it found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What the rule alone would make of the status.
    pub status: Status,
    /// What it found.
    pub found: Found,
    /// Where the rule stands.
    pub source: String,
}

/// What a rule found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// It was issued on that day.
    Issued(Date),
    /// The day asked for lies before the issue on that day.
    AskedBeforeIssue(Date),
    /// Nothing took it away.
    NotWithdrawn,
    /// Something took it away.
    Withdrawn(Withdrawal),
    /// A renewal on a day, and the last day it gave.
    Renewed {
        /// The day of renewal.
        on: Date,
        /// The last day it gave.
        last_day: Date,
    },
    /// It holds through that day.
    HoldsUntil(Date),
    /// It has no end.
    NoEnd,
    /// It held through that day.
    HeldUntil(Date),
    /// The work was done recently enough.
    Practised {
        /// When last, or when the count began.
        last: Date,
        /// The last day for which that is enough.
        stands_until: Date,
    },
    /// The work was last done too long ago.
    NotPractised {
        /// When last.
        last: Date,
        /// The last day for which that was enough.
        stood_until: Date,
    },
    /// No entry of the right kind.
    NoEntrySince {
        /// When the count began: the issue, a renewal, or training.
        start: Date,
        /// The last day for which that was enough.
        stood_until: Date,
    },
    /// Work was entered behind too long a silence; training had to be renewed before it.
    Silence {
        /// The last practice before it.
        from: Date,
        /// The first practice after it.
        until: Date,
    },
    /// A credential beside it holds.
    BesideHolds {
        /// Its name in the scheme.
        id: String,
        /// Its last day; `None` when it has no end.
        last_day: Option<Date>,
    },
    /// A credential beside it ran out.
    BesideOver {
        /// Its name in the scheme.
        id: String,
        /// Its last day.
        last_day: Date,
    },
    /// A credential beside it was not shown.
    BesideNotShown {
        /// Its name in the scheme.
        id: String,
    },
}

impl Status {
    /// The answer to "in force on that day?".
    #[must_use]
    pub const fn in_force(self) -> InForce {
        match self {
            Self::InForce => InForce::Yes,
            Self::Revoked
            | Self::Refused
            | Self::Suspended
            | Self::Expired
            | Self::Lapsed
            | Self::ComplementaryOver => InForce::No,
            Self::CouldNotTell | Self::PracticeNotShown | Self::ComplementaryNotShown => InForce::CouldNotTell,
        }
    }
}

/// What is true of a credential on `day`.
#[must_use]
pub fn standing(rules: &Rules, holding: &Holding, day: Date) -> Standing {
    let stretch = Stretch::newest(rules, holding, day);
    let practice = practice(rules, holding, stretch, day);
    let mut lines = withdrawn(rules, holding, day);
    lines.push(issued(rules, holding, day));
    lines.extend(renewals(rules, holding, day));
    lines.push(term(rules, stretch, day));
    lines.extend(practice.iter().map(|practice| practice.line.clone()));
    lines.extend(rules.validity.complementary.iter().map(|rule| line(rule, beside(rule, holding, day))));
    let status = first_ranking(&lines);
    let reminders = match status {
        // Nobody is reminded of what was taken away, or of what does not exist yet.
        Status::Revoked | Status::Refused | Status::CouldNotTell => Vec::new(),
        Status::Suspended
        | Status::Expired
        | Status::Lapsed
        | Status::ComplementaryOver
        | Status::PracticeNotShown
        | Status::ComplementaryNotShown
        | Status::InForce => reminders(rules, holding, stretch, practice.as_ref(), day),
    };
    Standing {
        status,
        last_day: stretch.last_day,
        lapses_on: practice.map(|practice| practice.stands_until.days_later(1)),
        lines,
        reminders,
    }
}

/// The precedence of all rules, in one place: the order of [`Status`].
fn first_ranking(lines: &[Line]) -> Status {
    lines.iter().map(|line| line.status).min().unwrap_or(Status::InForce)
}

fn withdrawn(rules: &Rules, holding: &Holding, day: Date) -> Vec<Line> {
    let source = || rules.validity.source.clone();
    let mut held: Vec<Withdrawal> = holding.withdrawals.iter().copied().filter(|held| held.holds_on(day)).collect();
    held.sort_unstable();
    let line = |withdrawal| {
        let status = match withdrawal {
            Withdrawal::Revoked { .. } => Status::Revoked,
            Withdrawal::Refused { .. } => Status::Refused,
            Withdrawal::Suspended { .. } => Status::Suspended,
        };
        Line { status, found: Found::Withdrawn(withdrawal), source: source() }
    };
    let mut lines: Vec<Line> = held.into_iter().map(line).collect();
    if lines.is_empty() {
        lines.push(Line { status: Status::InForce, found: Found::NotWithdrawn, source: source() });
    }
    lines
}

fn issued(rules: &Rules, holding: &Holding, day: Date) -> Line {
    let (status, found) = if day < holding.issued_on {
        (Status::CouldNotTell, Found::AskedBeforeIssue(holding.issued_on))
    } else {
        (Status::InForce, Found::Issued(holding.issued_on))
    };
    Line { status, found, source: rules.validity.source.clone() }
}

fn renewals(rules: &Rules, holding: &Holding, day: Date) -> Vec<Line> {
    let source = rules.validity.renewal.as_ref().map_or(&rules.validity.source, |renewal| &renewal.source);
    // A renewal speaks through the term it gave, never for itself.
    let line = |Renewed { on, last_day }| Line {
        status: Status::InForce,
        found: Found::Renewed { on, last_day },
        source: source.clone(),
    };
    holding.renewals_by(day).into_iter().map(line).collect()
}

fn term(rules: &Rules, stretch: Stretch, day: Date) -> Line {
    let (status, found) = match stretch.last_day {
        None => (Status::InForce, Found::NoEnd),
        Some(last_day) if last_day < day => (Status::Expired, Found::HeldUntil(last_day)),
        Some(last_day) => (Status::InForce, Found::HoldsUntil(last_day)),
    };
    Line { status, found, source: rules.validity.source.clone() }
}
