//! Parts: shares and the total, their order, the days between them, and time limits.

use crate::{
    decision::{Answer, Judged, Line, Rule, Share, timing},
    scheme::{Combination, Consequence, Part, PartId, PartValues, RuleId, Scheme},
    session::{Moment, Session},
    time::Date,
};

/// What a scheme whose values lack a part would demand of it: everything.
const STRICTEST: PartValues = PartValues { weight: 0, minimum: 10_000, time_limit_seconds: None, within_days: None };

/// Answers every rule about parts.
pub(super) fn rules(scheme: &Scheme, session: &Session, lines: &[Line]) -> Vec<(Rule, Answer)> {
    let mut rules = Vec::new();
    let mut shares = Vec::new();
    for part in &scheme.parts {
        let share = share(scheme, session, part, lines);
        shares.push((part, share));
        rules.push(part_rule(scheme, part, share));
    }
    rules.extend(total_rule(scheme, &shares));
    for part in &scheme.parts {
        for after in &part.after {
            rules.extend(between(scheme, session, part, after));
        }
        rules.extend(time_limit(scheme, session, part));
    }
    rules
}

fn values(scheme: &Scheme, part: &PartId) -> PartValues {
    scheme.values.parts.get(part).copied().unwrap_or(STRICTEST)
}

/// What was reached; `None` when the part is missing: a marked part without marks, any other that never began.
fn share(scheme: &Scheme, session: &Session, part: &Part, lines: &[Line]) -> Option<Share> {
    if part.is_marked() {
        let marks = session.parts.get(&part.id)?.marks.as_ref()?;
        return Some(Share { reached: marks.points, of: marks.of });
    }
    began(scheme, session, part)?;
    let mut share = Share { reached: 0, of: 0 };
    for criterion in part.tasks.iter().flat_map(|task| &task.steps).flat_map(|step| &step.criteria) {
        let judged = lines.iter().find(|line| line.criterion == criterion.id).map(|line| line.judged);
        if matches!(judged, Some(Judged::Met | Judged::NotMet)) {
            share.of = share.of.saturating_add(1);
        }
        if judged == Some(Judged::Met) {
            share.reached = share.reached.saturating_add(1);
        }
    }
    Some(share)
}

fn part_rule(scheme: &Scheme, part: &Part, share: Option<Share>) -> (Rule, Answer) {
    let minimum = values(scheme, &part.id).minimum;
    let (answer, borderline) = match share.map(Share::basis_points) {
        None => (Answer::Open, false),
        // With nothing applicable nothing was shown.
        Some(None) => (Answer::No, false),
        Some(Some(reached)) => weigh(reached, minimum, scheme.values.borderline_band),
    };
    (Rule::Part { part: part.id.clone(), share, minimum, borderline }, answer)
}

fn total_rule(scheme: &Scheme, shares: &[(&Part, Option<Share>)]) -> Option<(Rule, Answer)> {
    if scheme.combination != Combination::Weighted {
        return None;
    }
    let mut total: u64 = 0;
    for (part, share) in shares {
        let reached = share.as_ref()?.basis_points().unwrap_or(0);
        total = total.saturating_add(u64::from(values(scheme, &part.id).weight).saturating_mul(u64::from(reached)));
    }
    let total = u32::try_from(total.checked_div(10_000).unwrap_or(0)).unwrap_or(u32::MAX);
    let minimum = scheme.values.total_minimum;
    let (answer, borderline) = weigh(total, minimum, scheme.values.borderline_band);
    Some((Rule::Total { total, minimum, borderline }, answer))
}

/// Holds a share against its minimum; near it, somebody else looks. The whole is never borderline.
fn weigh(reached: u32, minimum: u32, band: u32) -> (Answer, bool) {
    let borderline = 0 < band && reached < 10_000 && reached.abs_diff(minimum) <= band;
    let answer = match (borderline, minimum <= reached) {
        #[cfg(feature = "sabotage")]
        _ if crate::sabotage::is_set(crate::sabotage::Sabotage::IgnoreMinimum) => Answer::Yes,
        (true, _) => Answer::Open,
        (false, true) => Answer::Yes,
        (false, false) => Answer::No,
    };
    (answer, borderline)
}

/// When a part began: when that was said, or with its first entry where nobody remembered to; the only part of a scheme
/// begins with the start.
#[must_use]
pub fn began(scheme: &Scheme, session: &Session, part: &Part) -> Option<Moment> {
    let told = session.parts.get(&part.id).and_then(|log| log.began);
    if scheme.parts.len() == 1 {
        return told.or(session.started);
    }
    told.into_iter().chain(entries(session, part)).min()
}

/// The moments of every entry of a part's criteria.
fn entries<'s>(session: &'s Session, part: &'s Part) -> impl Iterator<Item = Moment> + 's {
    let criteria = part.tasks.iter().flat_map(|task| &task.steps).flat_map(|step| &step.criteria);
    let entries = criteria.filter_map(|criterion| session.entries.get(&criterion.id)).flatten();
    entries.map(|entry| entry.moment)
}

/// When a part was said to be over.
fn told_ended(session: &Session, part: &Part) -> Option<Moment> {
    session.parts.get(&part.id).and_then(|log| log.ended)
}

/// The day a part that is marked in points was marked for.
fn marked_on(session: &Session, part: &Part) -> Option<Date> {
    Some(session.parts.get(&part.id).filter(|_| part.is_marked())?.marks.as_ref()?.on)
}

fn day(scheme: &Scheme, session: &Session, part: &PartId) -> Option<Date> {
    let own = scheme.part(part)?;
    marked_on(session, own).or_else(|| Some(began(scheme, session, own)?.at.date()))
}

/// Whether a part followed the one before it, and within the days allowed.
fn between(scheme: &Scheme, session: &Session, part: &Part, after: &PartId) -> Vec<(Rule, Answer)> {
    let order = Rule::PartOrder { part: part.id.clone(), after: after.clone() };
    let in_order = is_in_order(scheme, session, part, after);
    let mut rules = vec![(order, if in_order { Answer::Yes } else { Answer::Open })];
    if let Some(allowed) = values(scheme, &part.id).within_days {
        let days = day(scheme, session, &part.id).zip(day(scheme, session, after));
        let days = days.map(|(day, before)| day.days_since(before));
        let holds = days.is_none_or(|days| days <= i64::from(allowed));
        let rule = Rule::Window { part: part.id.clone(), after: after.clone(), days, allowed };
        rules.push((rule, super::yes_if(holds)));
    }
    rules
}

fn is_in_order(scheme: &Scheme, session: &Session, part: &Part, after: &PartId) -> bool {
    let marks = |id: &PartId| scheme.part(id).and_then(|part| marked_on(session, part));
    let Some(own_day) = day(scheme, session, &part.id) else {
        return true;
    };
    if let Some(before) = marks(after) {
        return before <= own_day;
    }
    let over = scheme.part(after).and_then(|after| {
        let with_exercise = || session.ended.filter(|_| session.is_over() && began(scheme, session, after).is_some());
        told_ended(session, after).or_else(|| entries(session, after).max()).or_else(with_exercise)
    });
    let Some(over) = over else {
        return false;
    };
    match (marks(&part.id), began(scheme, session, part)) {
        (None, Some(began)) => over <= began,
        _ => over.at.date() <= own_day,
    }
}

fn time_limit(scheme: &Scheme, session: &Session, part: &Part) -> Option<(Rule, Answer)> {
    let own = part.time_limit.as_ref().map(|limit| limit.seconds);
    let seconds = own.or(values(scheme, &part.id).time_limit_seconds)?;
    let allowed = i64::from(seconds).saturating_mul(1000);
    let over = session.ended.filter(|_| session.is_over());
    let span = began(scheme, session, part).zip(told_ended(session, part).or(over));
    let millis = span.map(|(began, ended)| taken(session, began, ended));
    let rule_id = RuleId::new(part.id.as_str().to_owned());
    let after = span.map_or(0, |(_, ended)| ended.sequence);
    let said = session.said.get(&rule_id).filter(|said| after < said.sequence).map(|said| said.kept);
    // A part that nobody timed: only what was said can break its limit.
    let kept = millis.map_or(said != Some(false), |millis| millis <= allowed);
    let answer = timing::answer(kept, said, Consequence::Fails);
    Some((Rule::TimeLimit { part: part.id.clone(), millis, allowed, said }, answer))
}

/// From beginning to end, without the time stopped: who stops for safety never loses by it.
fn taken(session: &Session, began: Moment, ended: Moment) -> i64 {
    let stopped = session.stops.iter().map(|stop| {
        let from = stop.stopped_at.max(began.at);
        let until = stop.resumed_at.unwrap_or(ended.at).min(ended.at);
        until.millis_since(from).max(0)
    });
    ended.at.millis_since(began.at).saturating_sub(stopped.fold(0, i64::saturating_add))
}
