//! The terms a credential had up to a day: the first from its issue, one more for each renewal.

use crate::{
    time::Date,
    validity::{Activity, Entry, Holding, Renewed, Rules},
};

/// A stretch of time for which it was issued or renewed, both days included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stretch {
    /// The first day.
    pub(super) from: Date,
    /// The last day; `None` when it has no end.
    pub(super) last_day: Option<Date>,
}

/// Every stretch begun by a day, the first one first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stretches {
    first: Stretch,
    renewed: Vec<Stretch>,
}

impl Stretches {
    /// Follows a credential from its issue through the renewals made by `day`.
    pub(super) fn up_to(rules: &Rules, holding: &Holding, day: Date) -> Self {
        let by_term = rules.term().map(|term| term.last_day(holding.issued_on));
        let mut newest = holding.last_day.or(by_term);
        let first = Stretch { from: holding.issued_on, last_day: newest };
        let renew = |renewed: Renewed| {
            // A renewal never takes days away, and what has no end gets none.
            newest = newest.map(|old| old.max(renewed.last_day));
            Stretch { from: renewed.on, last_day: newest }
        };
        Self { first, renewed: holding.renewals_by(day).into_iter().map(renew).collect() }
    }

    /// The newest stretch.
    pub(super) fn last(&self) -> Stretch {
        self.renewed.last().copied().unwrap_or(self.first)
    }

    /// The first day whose facts can speak for the next renewal: what spoke for one does not speak again.
    pub(super) fn facts_from(&self) -> Date {
        self.renewed.last().map_or(self.first.from, |stretch| stretch.from.days_later(1))
    }

    /// The days of work an entry shows within the stretches it was issued or renewed for, from `from` on.
    ///
    /// Work after the last day shows nothing: it was not covered (domain §5.4, "last activity after expiry").
    pub(super) fn work(&self, rules: &Rules, activity: &Activity, from: Date) -> Vec<(Date, Date)> {
        let Entry::Work { kind, since } = &activity.entry else {
            return Vec::new();
        };
        if rules.validity.lapse.as_ref().is_some_and(|lapse| !lapse.work.contains(kind)) {
            return Vec::new();
        }
        let within = |stretch: &Stretch| {
            let first = (*since).max(stretch.from).max(from);
            let last = stretch.last_day.map_or(activity.on, |last_day| last_day.min(activity.on));
            (first <= last).then_some((first, last))
        };
        std::iter::once(&self.first).chain(&self.renewed).filter_map(within).collect()
    }
}
