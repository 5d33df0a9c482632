//! Whether a credential is renewed, and why not, line by line.
//!
//! Rests on VL5 (domain §2.5): proof of so many years of relevant activity **and** a refresher of so many hours, both;
//! and on VL2: training renewed. No source names a window, so what counts is what came since the issue or since the
//! last renewal: nothing speaks for two renewals.

use crate::{
    time::Date,
    validity::{CountFrom, Entry, Holding, Renewal, Rules, Term, Withdrawal, term::Stretch},
};

/// Whether it is renewed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenewalAnswer {
    /// Its new last day; `None` when it is not renewed.
    pub last_day: Option<Date>,
    /// Every demand with what was found.
    pub lines: Vec<RenewalLine>,
}

/// One demand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenewalLine {
    /// What was asked and found.
    pub demand: RenewalDemand,
    /// Whether that is enough.
    pub holds: bool,
    /// Where the demand stands.
    pub source: String,
}

/// What a renewal asks for, with what was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RenewalDemand {
    /// That the scheme says what renewing asks for.
    SchemeSays,
    /// That it was issued by then.
    Issued(Date),
    /// That nothing took it away by then.
    NotWithdrawn(Option<Withdrawal>),
    /// That there is a term to renew it for.
    Term(Option<Term>),
    /// That it has an end to put off.
    HasAnEnd(Option<Date>),
    /// Relevant activity.
    Activity {
        /// How many years are asked for.
        years: u32,
        /// How many days that is from the first day proved.
        needed_days: i64,
        /// How many different days are proved.
        proved_days: i64,
    },
    /// A refresher.
    Refresher {
        /// How many minutes are asked for.
        needed: u32,
        /// How many are proved.
        proved: u32,
    },
    /// Training repeated; the day of it.
    Retraining(Option<Date>),
}

impl RenewalAnswer {
    /// Whether it is renewed.
    #[must_use]
    pub const fn is_granted(&self) -> bool {
        self.last_day.is_some()
    }
}

/// Whether a credential is renewed on `on`, from the facts by then. The full term is given again.
#[must_use]
pub fn renew(rules: &Rules, holding: &Holding, on: Date) -> RenewalAnswer {
    let earlier = Holding {
        renewals: holding.renewals.iter().copied().filter(|renewed| renewed.on < on).collect(),
        ..holding.clone()
    };
    let stretch = Stretch::newest(rules, &earlier, on);
    let old = stretch.last_day;
    let withdrawn = holding.withdrawals.iter().copied().filter(|withdrawal| withdrawal.holds_on(on)).min();
    let source = &rules.validity.source;
    let mut lines = vec![
        line(RenewalDemand::Issued(holding.issued_on), holding.issued_on <= on, source),
        line(RenewalDemand::NotWithdrawn(withdrawn), withdrawn.is_none(), source),
        line(RenewalDemand::HasAnEnd(old), old.is_some(), source),
        line(RenewalDemand::Term(rules.term()), rules.term().is_some(), source),
    ];
    match &rules.validity.renewal {
        None => lines.push(line(RenewalDemand::SchemeSays, false, source)),
        Some(renewal) => lines.extend(proofs(rules, renewal, holding, stretch, on)),
    }
    let is_granted = lines.iter().all(|line| line.holds);
    let from = match rules.count_from {
        CountFrom::Renewal => on,
        CountFrom::OldLastDay => old.map_or(on, |old| old.max(on)),
    };
    RenewalAnswer { last_day: rules.term().filter(|_| is_granted).map(|term| term.last_day(from)), lines }
}

fn line(demand: RenewalDemand, holds: bool, source: &str) -> RenewalLine {
    RenewalLine { demand, holds, source: source.to_owned() }
}

fn proofs(rules: &Rules, renewal: &Renewal, holding: &Holding, stretch: Stretch, on: Date) -> Vec<RenewalLine> {
    let from = stretch.facts_from;
    let entries = || holding.entries_since_issue(on).filter(|activity| from <= activity.on);
    let activity = renewal.activity_years.map(|years| {
        let work: Vec<(Date, Date)> = entries().filter_map(|activity| stretch.work(rules, activity, from)).collect();
        activity_line(renewal, years, work, from)
    });
    let refresher = renewal.refresher_minutes.map(|needed| {
        let proved = entries().map(|activity| activity.entry.refresher_minutes()).fold(0, u32::saturating_add);
        line(RenewalDemand::Refresher { needed, proved }, needed <= proved, &renewal.source)
    });
    let retraining = renewal.retraining.then(|| {
        let day = entries().filter(|activity| activity.entry == Entry::Retraining).map(|activity| activity.on).max();
        line(RenewalDemand::Retraining(day), day.is_some(), &renewal.source)
    });
    [activity, refresher, retraining].into_iter().flatten().collect()
}

/// Lays the days proved end to end: together they must reach from the first of them to the same day of the month so
/// many years later. Days proved twice count once.
fn activity_line(renewal: &Renewal, years: u32, mut work: Vec<(Date, Date)>, from: Date) -> RenewalLine {
    work.sort_unstable();
    let first = work.first().map_or(from, |(first, _)| *first);
    let needed_days = Term::Years(years).last_day(first).days_since(first);
    let mut proved_days: i64 = 0;
    let mut next = first;
    for (begins, ends) in work {
        let begins = begins.max(next);
        let after = ends.days_later(1);
        proved_days = proved_days.saturating_add(after.days_since(begins).max(0));
        next = next.max(after);
    }
    let demand = RenewalDemand::Activity { years, needed_days, proved_days };
    line(demand, needed_days <= proved_days, &renewal.source)
}
