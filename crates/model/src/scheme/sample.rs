//! Schemes to test with: an empty one, a small one, and one whose gate asks for everything.

use std::collections::BTreeMap;

use crate::{
    gate::{
        COMPETENCES, Deviation, ExerciseState, Gate, IdentityDocument, InstrumentCategory, LiveWorkReason, Millivolts,
        Shown, VoltageKind,
    },
    id::SchemeId,
    scheme::{
        Choice, Combination, Completion, Consequence, Criterion, CriterionId, CriterionKind, EvidenceDemand,
        EvidenceKind, GateRules, InstitutionValues, Label, Limits, Meaning, Mode, Need, ObjectLimits, Order, Part,
        PartId, PartKind, PartValues, Participation, PeopleRules, PrerequisiteRule, RuleId, Scheme, SecondPersonPolicy,
        SecondPersonProof, Stackability, Step, Supervision, Task, Tick, TickSection, Void, Wait,
    },
    time::Date,
    validity::Validity,
};

pub(crate) fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

pub(crate) fn cid(name: &str) -> CriterionId {
    CriterionId::new(name.to_owned())
}

pub(crate) fn rid(name: &str) -> RuleId {
    RuleId::new(name.to_owned())
}

pub(crate) fn pid(name: &str) -> PartId {
    PartId::new(name.to_owned())
}

fn text() -> String {
    "sample".to_owned()
}

/// Asks for nothing but the candidate's identity, and assesses nothing.
pub(crate) fn bare() -> Scheme {
    Scheme {
        id: SchemeId::new([3; 16]),
        version: text(),
        language: text(),
        languages: Vec::new(),
        title: text(),
        short_title: text(),
        unit: None,
        scope: text(),
        completion: Completion::Assessed,
        label: Label::Certificate,
        safety_critical: true,
        legal_basis: Vec::new(),
        designer: text(),
        meaning: meaning(),
        outcomes: Vec::new(),
        course_facts: Vec::new(),
        people: PeopleRules { second_person: SecondPersonPolicy::Nobody, team: false, separate: Vec::new() },
        gate: no_gate(),
        parts: Vec::new(),
        order: Vec::new(),
        voids: Vec::new(),
        waits: Vec::new(),
        quiet: Vec::new(),
        combination: Combination::AllParts,
        validity: Validity {
            term: None,
            lapse: None,
            renewal: None,
            complementary: Vec::new(),
            suitability_review_months: None,
            refresh_on_new_edition: false,
            source: text(),
        },
        values: no_values(),
    }
}

fn meaning() -> Meaning {
    Meaning {
        contact_minutes_theory: None,
        contact_minutes_practice: None,
        workload_minutes: None,
        credits: None,
        eqf_level: None,
        national_level: None,
        assessment_types: Vec::new(),
        participation: Participation::InPerson,
        supervision: Supervision::SupervisedIdentity,
        quality_assurance: String::new(),
        moderated: false,
        stackability: Stackability::Standalone,
        towards: Vec::new(),
        trainer_requirements: String::new(),
        further: None,
        source: String::new(),
    }
}

fn no_gate() -> GateRules {
    GateRules {
        instrument: false,
        object: false,
        object_limits: None,
        risk_assessment: false,
        live_work: false,
        second_person: Vec::new(),
        assessor_evidence: None,
        ticks: Vec::new(),
        prerequisites: Vec::new(),
    }
}

fn no_values() -> InstitutionValues {
    InstitutionValues {
        set_by: text(),
        awarder: String::new(),
        validator: String::new(),
        issuer_region: String::new(),
        critical: Vec::new(),
        critical_needs_unaided: false,
        ends_exercise: Vec::new(),
        parts: BTreeMap::new(),
        total_minimum: 0,
        borderline_band: 0,
        second_opinion: false,
        attempts: None,
        waits: BTreeMap::new(),
        met_from: BTreeMap::new(),
        limits: BTreeMap::new(),
        term: None,
        confirm_by_days: 0,
        retention_days: None,
    }
}

pub(crate) fn criterion(name: &str, kind: CriterionKind) -> Criterion {
    Criterion { id: cid(name), text: text(), outcomes: Vec::new(), kind, evidence: None, source: text() }
}

/// Criteria that are scored, by name; `prove` is a proof.
pub(crate) fn scored(names: &[&str]) -> Vec<Criterion> {
    let kind = |name| if name == "prove" { CriterionKind::Proof } else { CriterionKind::Observed };
    names.iter().map(|name| criterion(name, kind(*name))).collect()
}

/// A part of one step; without criteria it is marked.
pub(crate) fn part(name: &str, criteria: Vec<Criterion>) -> Part {
    let step = |criteria| Step { id: text(), title: text(), note: None, criteria };
    let task = |criteria| Task { id: text(), title: text(), steps: vec![step(criteria)] };
    Part {
        id: pid(name),
        title: text(),
        kind: PartKind::Practical,
        mode: Mode::InPerson,
        mode_source: None,
        after: Vec::new(),
        object_states: Vec::new(),
        time_limit: None,
        weight_at_least: None,
        tasks: if criteria.is_empty() { Vec::new() } else { vec![task(criteria)] },
    }
}

pub(crate) const fn weighs(weight: u32, minimum: u32) -> PartValues {
    PartValues { weight, minimum, time_limit_seconds: None, within_days: None }
}

/// These parts, each with its weight and minimum.
pub(crate) fn of_parts(parts: Vec<(Part, PartValues)>) -> Scheme {
    let mut scheme = bare();
    for (part, values) in parts {
        scheme.values.parts.insert(part.id.clone(), values);
        scheme.parts.push(part);
    }
    scheme
}

/// One part `work` of these criteria, all of which must be met.
pub(crate) fn of(criteria: Vec<Criterion>) -> Scheme {
    of_parts(vec![(part("work", criteria), weighs(10_000, 10_000))])
}

/// `cut` (critical) starts a wait of five seconds before `prove` (critical, a proof); `tidy` is neither.
/// Two of the three are just too few.
pub(crate) fn small() -> Scheme {
    let mut scheme = of_parts(vec![(part("work", scored(&["cut", "prove", "tidy"])), weighs(10_000, 6_667))]);
    scheme.waits = vec![wait("discharge", "cut", "prove", Consequence::Fails)];
    scheme.values.waits.insert(rid("discharge"), 5);
    scheme.values.critical = vec![cid("cut"), cid("prove")];
    scheme
}

/// Every kind of rule at work on one practical part, between a theory part in points and a question.
pub(crate) fn whole() -> Scheme {
    let mut talk = part("talk", vec![criterion("ask", oral(3))]);
    talk.after = vec![pid("work")];
    let mut work = part("work", scored(&["plan", "cut", "prove", "open", "energise", "tidy"]));
    work.after = vec![pid("theory")];
    let within = PartValues { time_limit_seconds: Some(600), within_days: Some(30), ..weighs(5_000, 6_000) };
    let theory = part("theory", Vec::new());
    let mut scheme = of_parts(vec![(theory, weighs(3_000, 5_000)), (work, within), (talk, weighs(2_000, 5_000))]);
    scheme.combination = Combination::Weighted;
    scheme.order = vec![order("dead-first", "open", "prove", Consequence::Fails)];
    scheme.order.push(order("planned", "cut", "plan", Consequence::Institution));
    scheme.voids = vec![void("energise", &["prove"])];
    scheme.waits = vec![wait("discharge", "cut", "prove", Consequence::Fails)];
    scheme.people.team = true;
    let values = &mut scheme.values;
    values.waits.insert(rid("discharge"), 5);
    values.met_from.insert(cid("ask"), 2);
    values.critical = vec![cid("cut"), cid("prove")];
    values.ends_exercise = vec![cid("open")];
    values.total_minimum = 6_000;
    values.borderline_band = 300;
    values.attempts = Some(2);
    scheme
}

pub(crate) fn order(id: &str, criterion: &str, after: &str, consequence: Consequence) -> Order {
    Order { id: rid(id), criterion: cid(criterion), after: cid(after), label: text(), consequence, source: text() }
}

pub(crate) fn wait(id: &str, after: &str, before: &str, consequence: Consequence) -> Wait {
    Wait { id: rid(id), after: cid(after), before: cid(before), label: text(), consequence, source: text() }
}

pub(crate) fn void(criterion: &str, voids: &[&str]) -> Void {
    Void { criterion: cid(criterion), voids: voids.iter().map(|name| cid(name)).collect(), source: text() }
}

pub(crate) fn rubric(levels: usize) -> CriterionKind {
    CriterionKind::Rubric { levels: vec![text(); levels] }
}

pub(crate) fn measurement(names_instrument: bool) -> CriterionKind {
    CriterionKind::Measurement { unit: text(), names_instrument }
}

pub(crate) fn choice(options: &[&str], right: &[&str]) -> CriterionKind {
    let options = options.iter().map(|id| Choice { id: (*id).to_owned(), text: text() }).collect();
    CriterionKind::Choice { options, right: right.iter().map(|id| (*id).to_owned()).collect() }
}

pub(crate) fn oral(points: usize) -> CriterionKind {
    CriterionKind::Oral { points: vec![text(); points], prompts: Vec::new() }
}

pub(crate) const fn limits(min: Option<i64>, max: Option<i64>) -> Limits {
    Limits { min, max }
}

pub(crate) const fn demands(kind: EvidenceKind, count: u32) -> Option<EvidenceDemand> {
    Some(EvidenceDemand { kind, count })
}

/// A gate that asks for everything: blocking, but for the tick `tools` and the credential `driving`.
pub(crate) fn asks_for_everything() -> Scheme {
    let tick = |id: &str, section, need| Tick { id: id.to_owned(), section, text: text(), need, source: text() };
    let holds =
        |id: &str, need| PrerequisiteRule { id: id.to_owned(), text: text(), scheme: None, need, source: text() };
    let mut scheme = bare();
    scheme.people.second_person = SecondPersonPolicy::Deviation;
    scheme.parts = vec![part("work", scored(&["cut"])), part("theory", Vec::new())];
    scheme.parts[0].object_states = vec![ExerciseState::Live, ExerciseState::MadeDead];
    scheme.gate = GateRules {
        instrument: true,
        object: true,
        object_limits: Some(ObjectLimits { dc_volts: 1_500, ac_volts: 1_000, source: text() }),
        risk_assessment: true,
        live_work: true,
        second_person: vec![
            SecondPersonProof::Instructed,
            SecondPersonProof::FirstAid,
            SecondPersonProof::SwitchOff,
            SecondPersonProof::Rescue,
            SecondPersonProof::NoOtherTask,
        ],
        assessor_evidence: Some(Need::Warn),
        ticks: vec![
            tick("marked", TickSection::Premises, Need::Block),
            tick("gloves", TickSection::Ppe, Need::Block),
            tick("tools", TickSection::Site, Need::Warn),
        ],
        prerequisites: vec![holds("base", Need::Block), holds("driving", Need::Warn)],
    };
    scheme
}

pub(crate) fn shown(issued: &str, expires: Option<&str>) -> Shown {
    Shown {
        issuer: "Koulutustalo Esimerkki".to_owned(),
        reference: "K-1".to_owned(),
        issued: Some(day(issued)),
        expires: expires.map(day),
        photo: None,
    }
}

/// Identity and no more: enough for [`bare`].
pub(crate) fn identified() -> Gate {
    Gate { identity_document: Some(IdentityDocument::Passport), identity_checked_by_assessor: true, ..Gate::default() }
}

/// Nothing is missing on 2026-05-04, with a second person standing by.
pub(crate) fn full() -> Gate {
    let long = || shown("2020-01-01", Some("2030-01-01"));
    Gate {
        ticks: ["marked", "gloves", "tools"].map(str::to_owned).into(),
        prerequisites: ["base", "driving"].map(|id| (id.to_owned(), long())).into(),
        competences: COMPETENCES.map(|competence| (competence, long())).into(),
        instrument_category: Some(InstrumentCategory::CatIii),
        instrument_voltage: Some(1_500),
        instrument_serial: "S-1".to_owned(),
        instrument_calibration_due: Some(day("2030-01-01")),
        object_id: "Rig 1".to_owned(),
        object_voltage: Some(Millivolts::from_volts(400)),
        object_voltage_kind: Some(VoltageKind::Dc),
        object_state: Some(ExerciseState::MadeDead),
        risk_assessment: "RA-1".to_owned(),
        live_work_reason: Some(LiveWorkReason::CannotBeDeenergised),
        second_person_present: true,
        second_person: [
            SecondPersonProof::Instructed,
            SecondPersonProof::SwitchOff,
            SecondPersonProof::Rescue,
            SecondPersonProof::NoOtherTask,
        ]
        .into(),
        second_person_first_aid: Some(day("2030-01-01")),
        ..identified()
    }
}

pub(crate) fn deviation() -> Deviation {
    Deviation {
        ground: "Dry bench".to_owned(),
        risk_assessment: "RA-2".to_owned(),
        approver: "Liisa Esimerkki".to_owned(),
    }
}
