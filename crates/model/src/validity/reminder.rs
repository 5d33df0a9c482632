//! Reminders: what should be seen to. None of them ever changes a status.

use crate::{
    time::Date,
    validity::{
        Found, Holding, Rules, Term,
        complementary::{Beside, beside},
        practice::Practice,
        term::Stretch,
    },
};

/// Something that should be seen to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reminder {
    /// What.
    pub about: About,
    /// When.
    pub due: Due,
}

/// What a reminder is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// Looking again at the holder's suitability (VL3).
    SuitabilityReview,
    /// A new edition asks for a refresh (VL6).
    Refresh,
    /// An entry that shows practice (VL2).
    Practice,
    /// A credential beside it, by its name in the scheme (VL4).
    Complementary(String),
    /// Renewing.
    Renewal,
}

/// When something is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// On this day at the latest.
    By(Date),
    /// It is missing, from this day on.
    Since(Date),
    /// It is missing, and no day is known from which on.
    Open,
}

/// Lists what should be seen to on `day`.
pub(super) fn reminders(
    rules: &Rules,
    holding: &Holding,
    stretch: Stretch,
    practice: Option<&Practice>,
    day: Date,
) -> Vec<Reminder> {
    let until = |last_day: Date| due(last_day, day, rules.remind_days);
    let review = rules.validity.suitability_review_months.and_then(|months| {
        let reviews = holding.entries_since_issue(day).filter(|activity| activity.entry.is_review());
        let last = reviews.map(|activity| activity.on).fold(holding.issued_on, Date::max);
        until(Term::Months(months).last_day(last))
    });
    let practised = practice.and_then(|practice| {
        // A silence is filled by entries for it or by training, whatever the day.
        let is_open = matches!(practice.line.found, Found::Silence { .. });
        if is_open { Some(Due::Open) } else { until(practice.stands_until) }
    });
    let renewal = stretch.last_day.and_then(until);
    let reminder = |about: About| move |due: Due| Reminder { about, due };
    let mut found: Vec<Reminder> = [
        renewal.map(reminder(About::Renewal)),
        practised.map(reminder(About::Practice)),
        refresh(rules, holding, stretch, day).map(|since| Reminder { about: About::Refresh, due: Due::Since(since) }),
        review.map(reminder(About::SuitabilityReview)),
    ]
    .into_iter()
    .flatten()
    .collect();
    found.extend(rules.validity.complementary.iter().filter_map(|rule| {
        let due = match beside(rule, holding, day) {
            Beside::NotShown => Some(Due::Open),
            Beside::Over(last_day) | Beside::Holds(last_day) => until(last_day),
            Beside::HasNoEnd => None,
        };
        due.map(reminder(About::Complementary(rule.id.clone())))
    }));
    found
}

fn due(last_day: Date, day: Date, remind_days: u32) -> Option<Due> {
    if last_day < day {
        return Some(Due::Since(last_day.days_later(1)));
    }
    (last_day <= day.days_later(remind_days)).then_some(Due::By(last_day))
}

/// The day of the newest edition that superseded one taught to the holder, unless a refresh came with it or after it.
fn refresh(rules: &Rules, holding: &Holding, stretch: Stretch, day: Date) -> Option<Date> {
    if !rules.validity.refresh_on_new_edition {
        return None;
    }
    let refreshed = holding.entries_since_issue(day).filter(|activity| activity.entry.refreshes());
    let taught = refreshed.map(|activity| activity.on).fold(stretch.from, Date::max);
    rules.superseded_on.iter().copied().filter(|edition| taught < *edition && *edition <= day).max()
}
