//! The stretch of time a credential runs for on a day: from its issue, or from its newest renewal by then.

use crate::{
    time::Date,
    validity::{Activity, Entry, Holding, Rules},
};

/// A stretch of time for which it was issued or renewed, both days included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stretch {
    /// The day of issue or renewal.
    pub(super) from: Date,
    /// The last day; `None` when it has no end.
    pub(super) last_day: Option<Date>,
    /// The first day whose facts can speak for the next renewal: what spoke for one does not speak again.
    pub(super) facts_from: Date,
}

impl Stretch {
    /// Follows a credential from its issue through the renewals made by `day`.
    pub(super) fn newest(rules: &Rules, holding: &Holding, day: Date) -> Self {
        let from = holding.issued_on;
        let by_term = rules.term().map(|term| term.last_day(from));
        let issued = Self { from, last_day: holding.last_day.or(by_term), facts_from: from };
        holding.renewals_by(day).into_iter().fold(issued, |old, renewed| Self {
            from: renewed.on,
            // A renewal never takes days away, and what has no end gets none.
            last_day: old.last_day.map(|last_day| last_day.max(renewed.last_day)),
            facts_from: renewed.on.days_later(1),
        })
    }

    /// The days of work an entry shows from `from` on; `None` when it shows none of the right kind.
    ///
    /// Work after the last day shows nothing: it was not covered (domain §5.4, "last activity after expiry").
    pub(super) fn work(&self, rules: &Rules, activity: &Activity, from: Date) -> Option<(Date, Date)> {
        let Entry::Work { kind, since } = &activity.entry else {
            return None;
        };
        if rules.validity.lapse.as_ref().is_some_and(|lapse| !lapse.work.contains(kind)) {
            return None;
        }
        let first = from.max(*since);
        let last = self.last_day.map_or(activity.on, |last_day| last_day.min(activity.on));
        (first <= last).then_some((first, last))
    }
}
