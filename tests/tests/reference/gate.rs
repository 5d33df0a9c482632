//! What the gate asks for under `block` and does not have on a day, from the words under *Gate* and *People*.

use fieldproof_model::{
    gate::{COMPETENCES, ExerciseState, Shown, VoltageKind},
    scheme::SecondPersonProof,
    time::Date,
};

use super::read::{Case, list, lists, number, text, yes};

/// Names what is missing under `block` on a day.
pub(crate) fn missing(case: &Case<'_>, today: Date) -> Vec<String> {
    let rules = case.document.get("gate").unwrap_or(&serde_json::Value::Null);
    let gate = &case.facts.gate;
    let mut found = Missing(Vec::new());
    found.unless(gate.identity_document.is_some(), "identity document");
    found.unless(gate.identity_checked_by_assessor, "identity check");
    found.unless(!yes(rules, "risk_assessment") || !blank(&gate.risk_assessment), "risk assessment");
    found.unless(!yes(rules, "live_work") || gate.live_work_reason.is_some(), "reason for live work");
    if yes(rules, "instrument") {
        instrument(case, today, &mut found);
    }
    if yes(rules, "object") {
        object(case, &mut found);
    }
    for tick in list(rules, "ticks").iter().filter(|tick| text(tick, "need") == "block") {
        found.unless(gate.ticks.contains(text(tick, "id")), text(tick, "id"));
    }
    for asked in list(rules, "prerequisites").iter().filter(|asked| text(asked, "need") == "block") {
        found.unless(is_valid(gate.prerequisites.get(text(asked, "id")), today), text(asked, "id"));
    }
    if text(rules, "assessor_evidence") == "block" {
        for competence in COMPETENCES {
            found.unless(is_valid(gate.competences.get(&competence), today), "assessor's evidence");
        }
    }
    second_person(case, today, &mut found);
    found.0
}

/// What was found missing.
struct Missing(Vec<String>);

impl Missing {
    fn unless(&mut self, holds: bool, what: &str) {
        if !holds {
            self.0.push(what.to_owned());
        }
    }
}

fn blank(text: &str) -> bool {
    text.trim().is_empty()
}

/// Whether a credential was shown with issuer, reference and day of issue, and is valid on the day.
fn is_valid(shown: Option<&Shown>, today: Date) -> bool {
    shown.is_some_and(|shown| {
        let issued = shown.issued.is_some_and(|day| day <= today);
        let lasts = shown.expires.is_none_or(|day| today <= day);
        !blank(&shown.issuer) && !blank(&shown.reference) && issued && lasts
    })
}

fn instrument(case: &Case<'_>, today: Date, found: &mut Missing) {
    let gate = &case.facts.gate;
    found.unless(gate.instrument_category.is_some(), "instrument category");
    found.unless(gate.instrument_voltage.is_some(), "instrument voltage");
    found.unless(!blank(&gate.instrument_serial), "instrument serial number");
    found.unless(gate.instrument_calibration_due.is_some_and(|day| today <= day), "calibration");
    if let (Some(rated), Some(present)) = (gate.instrument_voltage, gate.object_voltage) {
        found.unless(present.0 <= u64::from(rated) * 1000, "instrument rated below the voltage present");
    }
}

fn object(case: &Case<'_>, found: &mut Missing) {
    let gate = &case.facts.gate;
    found.unless(!blank(&gate.object_id), "object");
    found.unless(gate.object_voltage.is_some() && gate.object_voltage_kind.is_some(), "voltage present");
    found.unless(gate.object_state.is_some(), "object state");
    let parts = list(case.document, "parts");
    let counts = |state| parts.iter().any(|part| lists(part, "object_states", state));
    let needs_object = parts.iter().any(|part| !list(part, "object_states").is_empty());
    if let Some(state) = gate.object_state {
        found.unless(!needs_object || counts(state_name(state)), "an object state that counts");
    }
    let limits = case.document.get("gate").and_then(|rules| rules.get("object_limits"));
    if let (Some(limits), Some(present), Some(kind)) = (limits, gate.object_voltage, gate.object_voltage_kind) {
        let limit = match kind {
            VoltageKind::Dc => number(limits, "dc_volts"),
            VoltageKind::Ac => number(limits, "ac_volts"),
        };
        let above = limit.and_then(|volts| u64::try_from(volts).ok()).is_some_and(|volts| volts * 1000 < present.0);
        found.unless(!above, "an object within the limits");
    }
}

fn state_name(state: ExerciseState) -> &'static str {
    match state {
        ExerciseState::Live => "live",
        ExerciseState::MadeDead => "made_dead",
        ExerciseState::NeverEnergised => "never_energised",
        ExerciseState::Simulated => "simulated",
    }
}

/// The second person's own gate; where the scheme allows one, a deviation stands in the place of nobody.
fn second_person(case: &Case<'_>, today: Date, found: &mut Missing) {
    let gate = &case.facts.gate;
    let policy = case.document.get("people").map_or("", |people| text(people, "second_person"));
    if policy == "none" {
        return;
    }
    if policy == "deviation" && !case.facts.has_second_person {
        let holds = gate.deviation.as_ref().is_some_and(|deviation| {
            !blank(&deviation.ground) && !blank(&deviation.risk_assessment) && !blank(&deviation.approver)
        });
        found.unless(holds, "deviation");
        return;
    }
    found.unless(case.facts.has_second_person && gate.second_person_present, "second person");
    let asked = |name| case.document.get("gate").is_some_and(|rules| lists(rules, "second_person", name));
    let proofs = [
        ("instructed", SecondPersonProof::Instructed),
        ("first_aid", SecondPersonProof::FirstAid),
        ("switch_off", SecondPersonProof::SwitchOff),
        ("rescue", SecondPersonProof::Rescue),
        ("no_other_task", SecondPersonProof::NoOtherTask),
    ];
    for (name, proof) in proofs {
        found.unless(!asked(name) || gate.second_person.contains(&proof), name);
    }
    let valid = gate.second_person_first_aid.is_some_and(|day| today <= day);
    found.unless(!asked("first_aid") || valid, "valid first aid");
}
