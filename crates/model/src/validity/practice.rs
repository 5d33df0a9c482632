//! Lapse for want of practice.
//!
//! Rests on VL2 (domain §2.5): "if an employee has not performed Live Work within three years, training must be renewed
//! before resuming Live Work".
//!
//! - The count begins with the issue (the exercise was the work itself), a renewal, or training renewed since.
//! - It moves on with each entry of the right kind. On the same day of the month so many years later the credential
//!   still stands; a day later it does not.
//! - Lapsed is said only where an entry shows the last practice. Without one, practice is not shown.
//! - Work entered behind too long a silence does not lift it: training comes before resuming. Entries for the silence
//!   may be missing, so that, too, is practice not shown.

use crate::{
    time::Date,
    validity::{Found, Holding, Lapse, Line, Rules, Status, Term, term::Stretch},
};

/// What the entries show of practice on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Practice {
    /// What it makes of the status.
    pub(super) line: Line,
    /// The last day on which the newest practice is recent enough.
    pub(super) stands_until: Date,
}

/// Looks at practice on `day`; `None` where the scheme has no such rule.
pub(super) fn practice(rules: &Rules, holding: &Holding, stretch: Stretch, day: Date) -> Option<Practice> {
    let lapse = rules.validity.lapse.as_ref()?;
    let start = start(holding, stretch, day);
    let mut work: Vec<(Date, Date)> =
        holding.entries_since_issue(day).filter_map(|activity| stretch.work(rules, activity, start)).collect();
    work.sort_unstable();
    let mut newest = start;
    let mut silence = None;
    for (first, last) in &work {
        if reaches(lapse, newest) < *first {
            silence = silence.or(Some((newest, *first)));
        }
        newest = newest.max(*last);
    }
    let stands_until = reaches(lapse, newest);
    let (status, found) = if stands_until < day {
        if work.is_empty() {
            (Status::PracticeNotShown, Found::NoEntrySince { start, stood_until: stands_until })
        } else {
            (Status::Lapsed, Found::NotPractised { last: newest, stood_until: stands_until })
        }
    } else if let Some((from, until)) = silence {
        (Status::PracticeNotShown, Found::Silence { from, until })
    } else {
        (Status::InForce, Found::Practised { last: newest, stands_until })
    };
    Some(Practice { line: Line { status, found, source: lapse.source.clone() }, stands_until })
}

fn reaches(lapse: &Lapse, day: Date) -> Date {
    Term::Years(lapse.years).last_day(day)
}

/// Where the count begins: the issue, or the newest renewal or training behind it.
fn start(holding: &Holding, stretch: Stretch, day: Date) -> Date {
    let trained = holding.entries_since_issue(day).filter(|activity| activity.entry.renews_training());
    trained.map(|activity| activity.on).fold(stretch.from, Date::max)
}
