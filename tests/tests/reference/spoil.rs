//! What a session is spoiled with, each aimed at one rule.
#![expect(clippy::indexing_slicing, reason = "places come from the plan itself")]
#![expect(clippy::wildcard_enum_match_arm, reason = "each of these is given some of the spoilers only")]

use std::collections::BTreeMap;

use fieldproof_model::{
    gate::{ExerciseState, Millivolts},
    observation::{Score, StopKind},
    time::Date,
};
use serde_json::Value;

use super::{
    decision::Facts,
    exercise::Room,
    plan::Plan,
    read::{lists, number, text},
    rng::Rng,
    target::{Around, Fault, Target},
};

/// What a session is spoiled with; each is aimed at one rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spoiler {
    Gate,
    GateLate,
    Attempts,
    CriticalFails,
    CriticalHelped,
    CriticalNotApplicable,
    Danger,
    Ends,
    PartLow,
    PartBand,
    PartMissing,
    TotalLow,
    TotalBand,
    PartOrder,
    Window,
    LimitSaid,
    LimitPassed,
    LimitKept,
    OrderSaid,
    OrderPut,
    OrderKept,
    WaitSaid,
    WaitPut,
    WaitKept,
    Evidence,
    Away,
    Stopped,
    StandingBy,
    StopDanger,
    StopUnexplained,
    EndsStopped,
    NeverEnds,
    Misfit,
    SetBack,
    Failures,
    Noise,
    Exactly,
    SaidAtOnce,
    Forgets,
    GivesUp,
    LimitStopped,
    LimitSaidAnyway,
}

use Spoiler as S;

pub(super) const SPOILERS: [Spoiler; 66] = [
    S::Gate,
    S::GateLate,
    S::Attempts,
    S::CriticalFails,
    S::CriticalHelped,
    S::CriticalNotApplicable,
    S::Danger,
    S::Ends,
    S::PartLow,
    S::PartLow,
    S::PartBand,
    S::PartBand,
    S::PartMissing,
    S::TotalLow,
    S::TotalLow,
    S::TotalBand,
    S::TotalBand,
    S::PartOrder,
    S::Window,
    S::LimitSaid,
    S::LimitPassed,
    S::LimitKept,
    S::OrderSaid,
    S::OrderSaid,
    S::OrderPut,
    S::OrderKept,
    S::WaitSaid,
    S::WaitSaid,
    S::WaitPut,
    S::WaitKept,
    S::Evidence,
    S::Away,
    S::Stopped,
    S::StandingBy,
    S::StopDanger,
    S::StopUnexplained,
    S::EndsStopped,
    S::NeverEnds,
    S::Misfit,
    S::SetBack,
    S::SetBack,
    S::SetBack,
    S::Failures,
    S::Noise,
    S::Noise,
    S::Noise,
    S::Noise,
    S::Exactly,
    S::Exactly,
    S::SaidAtOnce,
    S::SaidAtOnce,
    S::Forgets,
    S::GivesUp,
    S::GivesUp,
    S::LimitStopped,
    S::LimitSaidAnyway,
    S::GateLate,
    S::GateLate,
    S::PartOrder,
    S::PartOrder,
    S::PartOrder,
    S::Window,
    S::Window,
    S::Window,
    S::Window,
    S::Window,
];

/// Spoils a session; nothing when the scheme has no such rule.
pub(super) fn spoil(
    rng: &mut Rng,
    plan: &Plan<'_>,
    spoiler: Spoiler,
    facts: &mut Facts,
    target: &mut Target,
) -> Option<()> {
    match spoiler {
        S::Gate => spoil_gate(rng, plan, facts),
        S::GateLate => spoil_gate_late(rng, plan, facts, target),
        S::Attempts => {
            facts.attempt = u32::try_from(number(plan.values, "attempts")?).ok()? + 1 + rng.small(2);
            Some(())
        }
        S::CriticalFails
        | S::CriticalHelped
        | S::CriticalNotApplicable
        | S::Danger
        | S::Ends
        | S::Evidence
        | S::Misfit => spoil_criterion(rng, plan, spoiler, target),
        S::PartLow | S::PartBand | S::TotalLow | S::TotalBand => spoil_shares(rng, plan, spoiler, target),
        S::PartMissing | S::PartOrder | S::Window => spoil_parts(rng, plan, spoiler, target),
        S::LimitSaid | S::LimitPassed | S::LimitKept => spoil_limit(rng, plan, spoiler, target),
        S::OrderSaid | S::OrderPut | S::OrderKept | S::WaitSaid | S::WaitPut | S::WaitKept => {
            spoil_pair(rng, plan, spoiler, target)
        }
        S::Away | S::Stopped | S::StandingBy | S::StopDanger | S::StopUnexplained | S::EndsStopped | S::SetBack => {
            spoil_around(rng, plan, spoiler, facts, target)
        }
        S::Exactly | S::SaidAtOnce | S::Forgets | S::GivesUp => spoil_close_by(rng, plan, spoiler, target),
        S::LimitStopped | S::LimitSaidAnyway => spoil_limit(rng, plan, spoiler, target),
        S::NeverEnds => {
            target.never_ends = true;
            Some(())
        }
        S::Failures => {
            for at in 0..plan.items.len() {
                if rng.chance(25) {
                    target.faults.insert(at, fault(rng));
                }
            }
            Some(())
        }
        S::Noise => {
            target.noise = 15 + rng.below(40);
            Some(())
        }
    }
}

/// Some way in which a criterion is not met.
fn fault(rng: &mut Rng) -> Fault {
    *rng.pick(&[
        Fault::Scored(Score::NotDone),
        Fault::Scored(Score::NotSeen),
        Fault::Scored(Score::NotSeen),
        Fault::Short,
        Fault::Nothing,
        Fault::Misfit,
    ])
}

fn spoil_gate(rng: &mut Rng, plan: &Plan<'_>, facts: &mut Facts) -> Option<()> {
    let gate = &mut facts.gate;
    let first = Room::first_day();
    let yesterday = Date::from_days(first.as_days() - 1);
    let rules = plan.document.get("gate")?;
    match rng.below(17) {
        0 => gate.identity_document = None,
        1 => gate.identity_checked_by_assessor = false,
        2 => drop(gate.ticks.pop_first()),
        3 => drop(gate.prerequisites.pop_first()),
        4 => gate.prerequisites.first_entry()?.get_mut().expires = Some(yesterday),
        5 => gate.prerequisites.first_entry()?.get_mut().reference = String::new(),
        6 => drop(gate.competences.pop_first()),
        7 => gate.competences.first_entry()?.get_mut().issued = Some(first.days_later(3)),
        8 => gate.instrument_voltage = Some(29),
        9 => gate.instrument_calibration_due = Some(yesterday),
        10 => gate.instrument_serial = String::new(),
        11 => gate.object_voltage = Some(Millivolts(60_001)),
        12 => gate.object_state = Some(ExerciseState::Live),
        13 => gate.risk_assessment = String::new(),
        14 => gate.live_work_reason = None,
        15 => gate.second_person_first_aid = Some(yesterday),
        _ => {
            gate.second_person.pop_first();
            gate.deviation.as_mut().into_iter().for_each(|deviation| deviation.approver = String::new());
        }
    }
    rules.is_object().then_some(())
}

/// Something holds on the first day only, and the exercise goes past midnight.
fn spoil_gate_late(rng: &mut Rng, plan: &Plan<'_>, facts: &mut Facts, target: &mut Target) -> Option<()> {
    let rules = plan.document.get("gate")?;
    let first = Room::first_day();
    let gate = &mut facts.gate;
    let asked = |name: &str| rules.get(name).and_then(Value::as_bool) == Some(true);
    match rng.below(4) {
        0 if asked("instrument") => gate.instrument_calibration_due = Some(first),
        1 if text(rules, "assessor_evidence") == "block" => {
            gate.competences.first_entry()?.get_mut().expires = Some(first);
        }
        2 if lists(rules, "second_person", "first_aid") => gate.second_person_first_aid = Some(first),
        3 => gate.prerequisites.first_entry()?.get_mut().expires = Some(first),
        _ => return None,
    }
    target.midnight = true;
    Some(())
}

/// The places of the criteria that `wanted` picks.
fn places(plan: &Plan<'_>, wanted: impl Fn(usize, &str) -> bool) -> Vec<usize> {
    (0..plan.items.len()).filter(|at| wanted(*at, plan.items[*at].id)).collect()
}

fn spoil_criterion(rng: &mut Rng, plan: &Plan<'_>, spoiler: Spoiler, target: &mut Target) -> Option<()> {
    let critical = |id: &str| lists(plan.values, "critical", id);
    let ends = |id: &str| lists(plan.values, "ends_exercise", id);
    let free = |at: usize| !plan.is_leaned_on(at);
    let (from, fault) = match spoiler {
        S::CriticalFails => {
            let fault = if rng.chance(50) { Fault::Short } else { Fault::Scored(Score::NotSeen) };
            (places(plan, |at, id| critical(id) && free(at)), fault)
        }
        S::CriticalHelped => (places(plan, |_, id| critical(id)), Fault::Helped),
        S::CriticalNotApplicable => {
            (places(plan, |at, id| critical(id) && free(at)), Fault::Scored(Score::NotApplicable))
        }
        S::Danger => (places(plan, |at, id| !critical(id) && free(at)), Fault::Scored(Score::Dangerous)),
        S::Ends => (places(plan, |at, id| ends(id) && !critical(id) && free(at)), Fault::Scored(Score::NotDone)),
        S::Evidence => {
            let demands = |at: usize| plan.items[at].value.get("evidence").is_some_and(|demand| !demand.is_null());
            (places(plan, |at, _| demands(at)), Fault::NoEvidence)
        }
        _ => (places(plan, |_, _| true), Fault::Misfit),
    };
    target.faults.insert(rng.one(&from)?, fault);
    Some(())
}

/// Lets criteria and points go until a part or the total lies where it is wanted; gives up after some tries.
fn spoil_shares(rng: &mut Rng, plan: &Plan<'_>, spoiler: Spoiler, target: &mut Target) -> Option<()> {
    let aimed = rng.below(plan.parts().len());
    for _ in 0..40 {
        let mut faults = BTreeMap::new();
        let mut points = BTreeMap::new();
        let percent = 10 + rng.below(60);
        for at in 0..plan.items.len() {
            let item = &plan.items[at];
            let set = ["critical", "ends_exercise"].iter().any(|name| lists(plan.values, name, item.id));
            let in_reach = matches!(spoiler, S::TotalLow | S::TotalBand) || item.part == aimed;
            if in_reach && !set && !plan.is_leaned_on(at) && rng.chance(percent) {
                faults.insert(at, fault(rng));
            }
        }
        for part in (0..plan.parts().len()).filter(|part| plan.is_marked(*part)) {
            let in_reach = matches!(spoiler, S::TotalLow | S::TotalBand) || part == aimed;
            if in_reach {
                points.insert(part, 10 + rng.small(85));
            }
        }
        if lies(plan, spoiler, aimed, &faults, &points) {
            target.faults.extend(faults);
            target.points.extend(points);
            return Some(());
        }
    }
    None
}

/// Whether the shares these failures leave are those that were aimed at.
fn lies(
    plan: &Plan<'_>,
    spoiler: Spoiler,
    aimed: usize,
    faults: &BTreeMap<usize, Fault>,
    points: &BTreeMap<usize, u32>,
) -> bool {
    let band = number(plan.values, "borderline_band").unwrap_or_default();
    let share = |part: usize| {
        if plan.is_marked(part) {
            return i64::from(points.get(&part).copied().unwrap_or(95)) * 100;
        }
        let own = |at: &usize| plan.items[*at].part == part;
        let all = (0..plan.items.len()).filter(own).count();
        let failed = faults.keys().filter(|at| own(at)).count();
        i64::try_from((all - failed) * 10_000 / all).unwrap_or_default()
    };
    let near = |share: i64, minimum: i64| band > 0 && (share - minimum).abs() <= band && share < 10_000;
    let reached = |part: usize| {
        let minimum = plan.set(part, "minimum").unwrap_or_default();
        (near(share(part), minimum), share(part) < minimum)
    };
    let parts = 0..plan.parts().len();
    let weighted = text(plan.document, "combination") == "weighted";
    let total = parts.clone().map(|part| share(part) * plan.set(part, "weight").unwrap_or_default()).sum::<i64>();
    let minimum = number(plan.values, "total_minimum").unwrap_or_default();
    let totals = if weighted { (near(total / 10_000, minimum), total / 10_000 < minimum) } else { (false, false) };
    let clean = |but: Option<usize>| parts.clone().all(|part| Some(part) == but || reached(part) == (false, false));
    match spoiler {
        S::PartLow => reached(aimed) == (false, true) && totals == (false, false),
        S::PartBand => reached(aimed).0 && totals == (false, false) && clean(Some(aimed)),
        S::TotalLow => totals == (false, true) && clean(None),
        _ => totals.0 && clean(None),
    }
}

fn spoil_parts(rng: &mut Rng, plan: &Plan<'_>, spoiler: Spoiler, target: &mut Target) -> Option<()> {
    let count = plan.parts().len();
    if count == 1 {
        return None;
    }
    if spoiler == S::PartMissing {
        target.missing.insert(rng.below(count));
        return Some(());
    }
    let part = rng.below(count);
    let before = rng.one(&plan.after(part))?;
    if spoiler == S::PartOrder {
        if plan.is_marked(before) {
            target.days.insert(before, 1 + i32::try_from(rng.small(3)).ok()?);
        } else {
            target.overlapped.insert(part);
        }
        return Some(());
    }
    let within = plan.set(part, "within_days")?;
    let days = within - 1 + i64::from(rng.small(7));
    if plan.is_marked(before) {
        target.days.insert(before, -i32::try_from(days).ok()?);
    } else if plan.is_marked(part) {
        target.days.insert(part, i32::try_from(days).ok()?);
    } else {
        target.idle_days.insert(part, days);
    }
    Some(())
}

fn spoil_limit(rng: &mut Rng, plan: &Plan<'_>, spoiler: Spoiler, target: &mut Target) -> Option<()> {
    let limited: Vec<usize> = (0..plan.parts().len()).filter(|part| plan.limit(*part).is_some()).collect();
    let part = rng.one(&limited)?;
    let id = text(&plan.parts()[part], "id").to_owned();
    let own = places(plan, |at, _| plan.items[at].part == part);
    if spoiler == S::LimitStopped {
        target.stops.insert(rng.one(&own)?, Some(StopKind::OutsideCause));
        target.long_stop = plan.limit(part)?;
        return Some(());
    }
    if spoiler == S::LimitSaidAnyway {
        match rng.one(&own).filter(|_| rng.chance(50)) {
            Some(at) => drop(target.said_at_once.insert(at, (id, rng.chance(50), None))),
            None => target.said.push((id, false)),
        }
        if rng.chance(50) {
            return Some(());
        }
    }
    target.slow.insert(part);
    let id = text(&plan.parts()[part], "id").to_owned();
    match spoiler {
        S::LimitSaid => target.said.push((id, false)),
        S::LimitKept => target.said.push((id, true)),
        _ => {}
    }
    Some(())
}

fn spoil_pair(rng: &mut Rng, plan: &Plan<'_>, spoiler: Spoiler, target: &mut Target) -> Option<()> {
    let waits = matches!(spoiler, S::WaitSaid | S::WaitPut | S::WaitKept);
    let pairs = if waits { &plan.waits } else { &plan.order };
    let said = matches!(spoiler, S::OrderSaid | S::WaitSaid);
    let fitting = |at: &usize| {
        let critical = lists(plan.values, "critical", plan.items[pairs[*at].then].id);
        !said || !critical && pairs[*at].consequence == "fails"
    };
    let fitting: Vec<usize> = (0..pairs.len()).filter(fitting).collect();
    let at = rng.one(&fitting)?;
    let places = if waits { &mut target.rushed } else { &mut target.early };
    places.insert(at);
    match spoiler {
        S::OrderSaid | S::WaitSaid => target.said.push((pairs[at].id.to_owned(), false)),
        S::OrderKept | S::WaitKept => target.said.push((pairs[at].id.to_owned(), true)),
        _ if rng.chance(40) => target.said.push((pairs[at].id.to_owned(), false)),
        _ => {}
    }
    Some(())
}

fn spoil_around(rng: &mut Rng, plan: &Plan<'_>, spoiler: Spoiler, facts: &Facts, target: &mut Target) -> Option<()> {
    let at = rng.below(plan.items.len());
    let around = match spoiler {
        S::Away if facts.has_second_person => Around::Away,
        S::StandingBy if plan.document.pointer("/people/team") == Some(&Value::Bool(true)) => Around::StandingBy,
        S::Stopped if plan.items[at].kind != "proof" => Around::Stopped,
        S::StopDanger => {
            target.stops.insert(at, Some(StopKind::DangerByCandidate));
            return Some(());
        }
        S::StopUnexplained => {
            target.stops.insert(at, None);
            return Some(());
        }
        S::EndsStopped => {
            target.ends_stopped = Some((!rng.chance(20)).then_some(StopKind::OutsideCause));
            if rng.chance(60) {
                target.faults.insert(at, fault(rng));
            }
            return Some(());
        }
        S::SetBack => {
            let wait = plan.waits.first().filter(|_| rng.chance(70));
            if let Some(wait) = wait {
                target.set_back.insert(if rng.chance(70) { wait.after } else { wait.then });
                target
                    .stops
                    .insert(if rng.chance(60) { wait.then } else { wait.after + 1 }, Some(StopKind::OutsideCause));
                target.once_more.insert(wait.then, wait.after);
                return Some(());
            }
            target.set_back.insert(at);
            return Some(());
        }
        _ => return None,
    };
    target.around.insert(at, around);
    Some(())
}

/// What is decided by a millisecond, or by which of two entries came last.
fn spoil_close_by(rng: &mut Rng, plan: &Plan<'_>, spoiler: Spoiler, target: &mut Target) -> Option<()> {
    if spoiler == S::Exactly {
        let wait = rng.one(&(0..plan.waits.len()).collect::<Vec<usize>>())?;
        target.exactly.insert(wait, *rng.pick(&[0, 0, -1]));
    }
    if spoiler == S::SaidAtOnce {
        let waits = rng.chance(50);
        let pairs = if waits { &plan.waits } else { &plan.order };
        let at = rng.one(&(0..pairs.len()).collect::<Vec<usize>>())?;
        let pair = &pairs[at];
        if waits {
            target.rushed.insert(at)
        } else {
            target.early.insert(at)
        };
        let again = *rng.pick(&[None, Some(pair.after), Some(pair.then)]);
        target.said_at_once.insert(pair.then, (pair.id.to_owned(), rng.chance(50), again));
    }
    if spoiler == S::Forgets {
        target.stops.insert(rng.below(plan.items.len()), Some(StopKind::OutsideCause));
        target.forgets = true;
    }
    if spoiler == S::GivesUp {
        target.gives_up = !plan.voids.is_empty();
        return target.gives_up.then_some(());
    }
    Some(())
}
