//! Random sessions: mostly right from end to end, then with one fault aimed at one rule, rarely with several.

use fieldproof_model::{
    gate::{
        COMPETENCES, Deviation, ExerciseState, Gate, IdentityDocument, InstrumentCategory, LiveWorkReason, Millivolts,
        Shown, VoltageKind,
    },
    observation::Observation,
    scheme::SecondPersonProof,
};
use serde_json::Value;

use super::{
    decision::Facts,
    exercise::Room,
    plan::Plan,
    read::{list, number, text},
    rng::Rng,
    spoil::{SPOILERS, spoil},
    target::Target,
};

pub(crate) use super::documents::random_scheme;

/// The facts and the log of one session under a scheme.
pub(crate) fn random_session(rng: &mut Rng, document: &Value, values: &Value) -> (Facts, Vec<Observation>) {
    let plan = Plan::new(document, values);
    let mut facts = facts(rng, &plan);
    let mut target = Target::default();
    let wanted = match rng.below(100) {
        0..35 => 0,
        35..92 => 1,
        _ => 2 + rng.below(2),
    };
    for _ in 0..wanted {
        for _ in 0..30 {
            let spoiler = *rng.pick(&SPOILERS);
            if spoil(rng, &plan, spoiler, &mut facts, &mut target).is_some() {
                break;
            }
        }
    }
    let log = Room::run(rng, &plan, &target);
    (facts, log)
}

/// A gate that lacks nothing for a year, filled in beyond what is asked now and then.
fn facts(rng: &mut Rng, plan: &Plan<'_>) -> Facts {
    let policy = plan.document.get("people").map_or("", |people| text(people, "second_person"));
    let rules = plan.document.get("gate").unwrap_or(&Value::Null);
    let has_second_person = policy == "required" || (policy == "deviation" && rng.chance(60));
    let today = Room::first_day();
    let later = |rng: &mut Rng| Some(today.days_later(60 + rng.small(300)));
    let shown = |rng: &mut Rng| Shown {
        issuer: "Fictional school".to_owned(),
        reference: "No 1".to_owned(),
        issued: Some(fieldproof_model::time::Date::from_days(today.as_days() - 30)),
        expires: if rng.chance(50) { later(rng) } else { None },
        photo: None,
    };
    let mut gate = Gate {
        identity_document: Some(IdentityDocument::Passport),
        identity_checked_by_assessor: true,
        ticks: list(rules, "ticks").iter().map(|tick| text(tick, "id").to_owned()).collect(),
        prerequisites: list(rules, "prerequisites").iter().map(|p| (text(p, "id").to_owned(), shown(rng))).collect(),
        competences: COMPETENCES.iter().map(|competence| (*competence, shown(rng))).collect(),
        instrument_category: Some(InstrumentCategory::CatIii),
        instrument_voltage: Some(60),
        instrument_serial: "Meter 1".to_owned(),
        instrument_calibration_due: later(rng),
        object_id: "Rig 1".to_owned(),
        object_voltage: Some(*rng.pick(&[Millivolts(0), Millivolts(30_000)])),
        object_voltage_kind: Some(*rng.pick(&[VoltageKind::Dc, VoltageKind::Ac])),
        object_state: Some(*rng.pick(&[ExerciseState::MadeDead, ExerciseState::NeverEnergised])),
        risk_assessment: "Paper 2".to_owned(),
        live_work_reason: Some(LiveWorkReason::CannotBeDeenergised),
        ..Gate::default()
    };
    if has_second_person {
        gate.second_person_present = true;
        gate.second_person = SECOND_PERSON.into_iter().collect();
        gate.second_person_first_aid = later(rng);
    } else if policy == "deviation" {
        let text = || "Weighed and approved.".to_owned();
        gate.deviation = Some(Deviation { ground: text(), risk_assessment: text(), approver: text() });
    }
    let attempts = number(plan.values, "attempts").and_then(|attempts| u32::try_from(attempts).ok());
    Facts { gate, has_second_person, attempt: 1 + rng.small(attempts.unwrap_or(4)) }
}

const SECOND_PERSON: [SecondPersonProof; 5] = [
    SecondPersonProof::Instructed,
    SecondPersonProof::FirstAid,
    SecondPersonProof::SwitchOff,
    SecondPersonProof::Rescue,
    SecondPersonProof::NoOtherTask,
];
