//! What each rule of the table answers: yes, no or open.

use fieldproof_model::{
    observation::{Observation, Observed, Score, StopKind},
    time::{Date, Timestamp},
};
use serde_json::Value;

use super::{
    decision::{Says, Standing, is_critical, part_values},
    gate,
    read::{Case, Criterion, Entry, Moment, concerned, is_resume, list, lists, moment, number, text},
};

/// Every rule that stands in the scheme.
pub(crate) fn all(case: &Case<'_>, met: &[Standing]) -> Vec<(String, Says)> {
    let mut found = vec![
        ("gate".to_owned(), gate_says(case)),
        ("attempts".to_owned(), no_if(attempts_are_over(case))),
        ("critical".to_owned(), critical_says(case, met)),
        ("danger".to_owned(), no_if(last_scored(case, Score::Dangerous, |_| true))),
        (
            "ends exercise".to_owned(),
            no_if(last_scored(case, Score::NotDone, |id| lists(case.values, "ends_exercise", id))),
        ),
        ("evidence".to_owned(), open_if(case.criteria.iter().any(|criterion| lacks_evidence(case, criterion)))),
        ("while stopped".to_owned(), open_if(worked_while(case, |o| o.observed == Observed::Stop, is_resume))),
        ("standing by".to_owned(), open_if(stood_by(case))),
    ];
    let policy = case.document.get("people").map_or("", |people| text(people, "second_person"));
    if case.facts.has_second_person && policy != "none" {
        let left = |o: &Observation| o.observed == Observed::SecondPersonLeft;
        let back = |o: &Observation| o.observed == Observed::SecondPersonReturned;
        found.push(("second person".to_owned(), open_if(worked_while(case, left, back))));
    }
    over_parts(case, met, &mut found);
    for order in list(case.document, "order") {
        found.push((format!("order:{}", text(order, "id")), settled_says(order, order_state(case, order))));
    }
    for wait in list(case.document, "waits") {
        found.push((format!("wait:{}", text(wait, "id")), settled_says(wait, wait_state(case, wait))));
    }
    for (at, kind) in stops(case).into_iter().enumerate() {
        let says = match kind {
            None => Says::Open,
            Some(StopKind::DangerByCandidate) => Says::No,
            Some(StopKind::OutsideCause | StopKind::CalledInError) => Says::Yes,
        };
        found.push((format!("stop:{}", at + 1), says));
    }
    found
}

fn no_if(broken: bool) -> Says {
    if broken { Says::No } else { Says::Yes }
}

fn open_if(open: bool) -> Says {
    if open { Says::Open } else { Says::Yes }
}

fn day(at: Moment) -> Date {
    Timestamp::from_millis(at.0).date()
}

fn gate_says(case: &Case<'_>) -> Says {
    let Some(start) = case.start() else { return Says::Yes };
    let at_start = gate::missing(case, day(start));
    if !at_start.is_empty() {
        return Says::No;
    }
    open_if(case.end().is_some_and(|end| !gate::missing(case, day(end)).is_empty()))
}

fn attempts_are_over(case: &Case<'_>) -> bool {
    number(case.values, "attempts").is_some_and(|attempts| attempts < i64::from(case.facts.attempt))
}

fn critical_says(case: &Case<'_>, met: &[Standing]) -> Says {
    let any = |wanted| case.criteria.iter().zip(met).any(|(c, met)| *met == wanted && is_critical(case, c.id));
    if any(Standing::NotMet) { Says::No } else { open_if(any(Standing::Open)) }
}

/// Whether a criterion that `concerns` picks has this as its newest entry.
fn last_scored(case: &Case<'_>, score: Score, concerns: impl Fn(&str) -> bool) -> bool {
    case.criteria.iter().any(|c| concerns(c.id) && case.newest(c) == Entry::Scored(score))
}

fn lacks_evidence(case: &Case<'_>, criterion: &Criterion<'_>) -> bool {
    let Some(demand) = criterion.value.get("evidence").filter(|demand| !demand.is_null()) else { return false };
    if case.newest(criterion) == Entry::Scored(Score::NotApplicable) {
        return false;
    }
    let wanted = text(demand, "kind");
    let there = case.log.iter().filter(|o| evidence(&o.observed) == Some((wanted, criterion.id))).count();
    i64::try_from(there).unwrap_or(i64::MAX) < number(demand, "count").unwrap_or_default()
}

/// Which kind of evidence an observation is, and to which criterion.
fn evidence(observed: &Observed) -> Option<(&'static str, &str)> {
    if let Observed::Photo { criterion: Some(criterion), .. } = observed {
        return Some(("photo", criterion.as_str()));
    }
    if let Observed::Note { criterion: Some(criterion), .. } = observed {
        return Some(("note", criterion.as_str()));
    }
    if let Observed::File { criterion: Some(criterion), .. } = observed {
        return Some(("file", criterion.as_str()));
    }
    if let Observed::Reading { criterion, .. } = observed {
        return Some(("reading", criterion.as_str()));
    }
    None
}

/// Whether something was scored, answered or measured during the exercise between two turns, by place in the log; what
/// was set back to before the turn does not count.
fn worked_while(case: &Case<'_>, from: impl Fn(&Observation) -> bool, to: impl Fn(&Observation) -> bool) -> bool {
    let begins = |o: &Observation| matches!(o.observed, Observed::Started | Observed::Continued);
    let ends = |o: &Observation| o.observed == Observed::Ended;
    let turn = |before: &[Observation], on: &dyn Fn(&Observation) -> bool, off: &dyn Fn(&Observation) -> bool| {
        let last = before.iter().rfind(|o| on(o) || off(o));
        last.filter(|o| on(o)).map(|o| o.seen_at)
    };
    let work = case.log.iter().enumerate().filter(|(_, o)| concerned(&o.observed).is_some());
    work.into_iter().any(|(place, o)| {
        let before = case.log.get(..place).unwrap_or_default();
        let is_set_back = o.seen_at != o.tapped_at;
        let meant = |since| !is_set_back || since <= o.seen_at;
        turn(before, &begins, &ends).is_some() && turn(before, &from, &to).is_some_and(meant)
    })
}

fn stood_by(case: &Case<'_>) -> bool {
    worked_while(case, |o| o.observed == Observed::SwappedOut, |o| o.observed == Observed::SwappedIn)
}

/// Each stop with its kind, once it is explained; the last explanation before the next stop counts.
fn stops(case: &Case<'_>) -> Vec<Option<StopKind>> {
    let mut found: Vec<Option<StopKind>> = Vec::new();
    let mut stopped = false;
    for observation in case.log {
        if observation.observed == Observed::Stop && !stopped {
            found.push(None);
            stopped = true;
        }
        stopped &= !is_resume(observation);
        if let (Observed::StopExplained { kind, .. }, Some(last)) = (&observation.observed, found.last_mut()) {
            *last = Some(*kind);
        }
    }
    found
}

/// Whether the last stop is explained.
pub(crate) fn last_stop_is_explained(case: &Case<'_>) -> bool {
    stops(case).last().is_some_and(Option::is_some)
}

/// Where an order or wait rule stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Kept,
    Put,
    Broken,
}

fn settled_says(rule: &Value, state: State) -> Says {
    match (state, text(rule, "consequence")) {
        (State::Kept, _) | (State::Broken, "marked") => Says::Yes,
        (State::Broken, "fails") => Says::No,
        (State::Put | State::Broken, _) => Says::Open,
    }
}

/// Broken by the taps, a rule is put to the assessor, whose answer counts behind every entry of both criteria.
fn settle(case: &Case<'_>, rule: &Value, other: &str, broken: bool) -> State {
    if !broken {
        return State::Kept;
    }
    let behind = case.last_place(text(rule, other)).max(case.last_place(text(rule, "after")));
    match case.said_behind(text(rule, "id"), behind) {
        None => State::Put,
        Some(true) => State::Kept,
        Some(false) => State::Broken,
    }
}

fn order_state(case: &Case<'_>, order: &Value) -> State {
    let (Some(criterion), Some(after)) =
        (case.criterion(text(order, "criterion")), case.criterion(text(order, "after")))
    else {
        return State::Kept;
    };
    let moments = match criterion.kind {
        "proof" => case.construct(criterion).began.into_iter().collect(),
        _ => case.done_moments(criterion),
    };
    settle(case, order, "criterion", moments.into_iter().any(|at| !held(case, after, at)))
}

/// Whether a criterion was done, or a proof stood, and was not voided since, just before a moment.
fn held(case: &Case<'_>, criterion: &Criterion<'_>, at: Moment) -> bool {
    let voided = voided(case, criterion.id);
    if criterion.kind == "proof" {
        return case.construct(criterion).held_before(at, &voided);
    }
    let done = case.done_moments(criterion);
    done.iter().any(|done| *done <= at && !voided.iter().any(|void| done < void && *void < at))
}

/// The moments at which a `voids` rule ends what a criterion showed.
pub(crate) fn voided(case: &Case<'_>, id: &str) -> Vec<Moment> {
    let rules = list(case.document, "voids").iter().filter(|rule| lists(rule, "voids", id));
    let voiding = rules.filter_map(|rule| case.criterion(text(rule, "criterion")));
    voiding.flat_map(|criterion| case.done_moments(criterion)).collect()
}

fn wait_state(case: &Case<'_>, wait: &Value) -> State {
    let (Some(before), Some(after)) = (case.criterion(text(wait, "before")), case.criterion(text(wait, "after")))
    else {
        return State::Kept;
    };
    let began = match before.kind {
        "proof" => case.construct(before).began,
        _ => case.first_done(before),
    };
    let Some(began) = began else { return State::Kept };
    let seconds = case.values.get("waits").and_then(|waits| number(waits, text(wait, "id"))).unwrap_or_default();
    let waited = case.first_done(after).map(|done| began.0 - done.0);
    settle(case, wait, "before", waited.is_none_or(|millis| millis < seconds * 1000))
}

/// Whether a broken rule with the consequence `fails` takes a criterion away.
pub(crate) fn fails(case: &Case<'_>, id: &str) -> bool {
    let order = list(case.document, "order").iter().filter(|rule| text(rule, "criterion") == id);
    let waits = list(case.document, "waits").iter().filter(|rule| text(rule, "before") == id);
    order.clone().any(|rule| settled_says(rule, order_state(case, rule)) == Says::No)
        || waits.clone().any(|rule| settled_says(rule, wait_state(case, rule)) == Says::No)
}

/// A part as the log shows it.
struct Part<'a> {
    id: &'a str,
    value: &'a Value,
    values: &'a Value,
    began: Option<Moment>,
    ended: Option<Moment>,
    last_entry: Option<Moment>,
    exercise_ended: Option<Moment>,
    marked: Option<(u64, u64, Date)>,
    is_only: bool,
}

impl Part<'_> {
    /// The day it was marked for, or the day it began.
    fn day(&self) -> Option<Date> {
        self.marked.map(|(_, _, day)| day).or_else(|| self.began.map(day))
    }

    fn is_missing(&self) -> bool {
        self.began.is_none() && self.marked.is_none() && !self.is_only
    }
}

fn read_part<'a>(case: &Case<'a>, value: &'a Value) -> Part<'a> {
    let id = text(value, "id");
    let is_only = list(case.document, "parts").len() == 1;
    let began = case.log.iter().find(|o| matches!(&o.observed, Observed::PartBegan(part) if part.as_str() == id));
    let ended = case.last(|observed| matches!(observed, Observed::PartEnded(part) if part.as_str() == id));
    let marked = case.log.iter().rev().find_map(|o| {
        let Observed::PartMarked { part, points, of, on, .. } = &o.observed else { return None };
        let counts = part.as_str() == id && list(value, "tasks").is_empty();
        counts.then_some((u64::from(*points), u64::from(*of), *on))
    });
    let own = |o: &&Observation| {
        let (Observed::Score { criterion, .. } | Observed::Answered { criterion, .. }) = &o.observed else {
            return false;
        };
        case.criteria.iter().any(|own| own.part == id && own.id == criterion.as_str())
    };
    let entries = || case.log.iter().filter(own).map(moment);
    let said = began.map(moment);
    Part {
        id,
        value,
        values: part_values(case, value),
        began: if is_only { said.or_else(|| case.start()) } else { entries().chain(said).min() },
        ended: ended.map(moment).or_else(|| case.end().filter(|_| is_only)),
        last_entry: entries().max(),
        exercise_ended: case.end(),
        marked,
        is_only,
    }
}

/// The share in basis points; none where nothing of it applies.
fn share(case: &Case<'_>, met: &[Standing], part: &Part<'_>) -> Option<u64> {
    let (reached, possible) = if list(part.value, "tasks").is_empty() {
        part.marked.map(|(points, of, _)| (points, of))?
    } else {
        let own = || case.criteria.iter().zip(met).filter(|(c, _)| c.part == part.id).map(|(_, met)| *met);
        let count = |wanted: &[Standing]| own().filter(|met| wanted.contains(met)).count();
        (u64::try_from(count(&[Standing::Met])).ok()?, u64::try_from(count(&[Standing::Met, Standing::NotMet])).ok()?)
    };
    (reached * 10_000).checked_div(possible)
}

/// Against a minimum: in the band neither yes nor no.
fn reaches(case: &Case<'_>, share: u64, minimum: u64) -> Says {
    let band = number(case.values, "borderline_band").and_then(|band| u64::try_from(band).ok()).unwrap_or_default();
    if band > 0 && share < 10_000 && share.abs_diff(minimum) <= band {
        return Says::Open;
    }
    no_if(share < minimum)
}

fn basis_points(value: &Value, name: &str) -> u64 {
    value.get(name).and_then(Value::as_u64).unwrap_or_default()
}

fn over_parts(case: &Case<'_>, met: &[Standing], found: &mut Vec<(String, Says)>) {
    let parts: Vec<Part<'_>> = list(case.document, "parts").iter().map(|value| read_part(case, value)).collect();
    for part in &parts {
        let says = match share(case, met, part) {
            _ if part.is_missing() => Says::Open,
            None => Says::No,
            Some(share) => reaches(case, share, basis_points(part.values, "minimum")),
        };
        found.push((format!("part:{}", part.id), says));
        for before in list(part.value, "after").iter().filter_map(Value::as_str) {
            let Some(before) = parts.iter().find(|other| other.id == before) else { continue };
            found.push((format!("part order:{}:{}", part.id, before.id), open_if(is_early(part, before))));
            if let Some(within) = number(part.values, "within_days") {
                let late = part.day().zip(before.day()).is_some_and(|(day, other)| within < day.days_since(other));
                found.push((format!("window:{}:{}", part.id, before.id), no_if(late)));
            }
        }
        if let Some(limit) = limit_seconds(part) {
            found.push((format!("time limit:{}", part.id), limit_says(case, part, limit)));
        }
    }
    if text(case.document, "combination") == "weighted" && !parts.iter().any(Part::is_missing) {
        let weighed = |part| basis_points(part_values(case, part), "weight");
        let sum: u64 = parts.iter().map(|p| weighed(p.value) * share(case, met, p).unwrap_or_default()).sum();
        found.push(("total".to_owned(), reaches(case, sum / 10_000, basis_points(case.values, "total_minimum"))));
    }
}

/// Whether a part began before another was over. A marked part begins and is over on its day; then days are compared.
fn is_early(part: &Part<'_>, before: &Part<'_>) -> bool {
    let ended = before.ended.or(before.last_entry).or_else(|| before.began.and(before.exercise_ended));
    if let (Some(began), Some(ended), None, None) = (part.began, ended, part.marked, before.marked) {
        return began < ended;
    }
    let over = before.marked.map(|(_, _, day)| day).or_else(|| ended.map(day));
    match (part.day(), over) {
        (Some(began), Some(over)) => began < over,
        (Some(_), None) => true,
        (None, _) => false,
    }
}

fn limit_seconds(part: &Part<'_>) -> Option<i64> {
    let scheme = part.value.get("time_limit").and_then(|limit| number(limit, "seconds"));
    scheme.or_else(|| number(part.values, "time_limit_seconds"))
}

fn limit_says(case: &Case<'_>, part: &Part<'_>, limit: i64) -> Says {
    let (Some(began), Some(ended)) = (part.began, part.ended.or_else(|| case.end())) else {
        return no_if(case.said_behind(part.id, 0) == Some(false));
    };
    if ended.0 - began.0 - stopped_between(case, began.0, ended.0) <= limit * 1000 {
        return Says::Yes;
    }
    case.said_behind(part.id, ended.1).map_or(Says::Open, |kept| no_if(!kept))
}

/// Milliseconds of a stretch during which the exercise was stopped.
fn stopped_between(case: &Case<'_>, from: i64, until: i64) -> i64 {
    let mut sum = 0;
    let mut stopped = None;
    for observation in case.log {
        if observation.observed == Observed::Stop {
            stopped.get_or_insert(observation.seen_at.as_millis());
        }
        if is_resume(observation) {
            let since = stopped.take().unwrap_or(until);
            sum += (observation.seen_at.as_millis().min(until) - since.max(from)).max(0);
        }
    }
    sum + stopped.map_or(0, |since| (until - since.max(from)).max(0))
}
