//! Small random schemes with their values, valid by the words of the format.
//!
//! Minima leave room for one criterion to fail, so that each rule can be the only one that speaks.

use serde_json::{Map, Value, json};

use super::rng::Rng;

const SOURCE: &str = "fictional, for tests";
const KINDS: [&str; 9] = ["observed", "proof", "rubric", "measurement", "choice", "count", "timed", "oral", "text"];

/// One criterion as it is being written.
struct Draft {
    id: String,
    kind: &'static str,
    part: usize,
    evidence: Value,
}

/// Everything that is decided before the documents are written.
struct Sketch {
    marked: Vec<bool>,
    criteria: Vec<Draft>,
    order: Vec<Value>,
    waits: Vec<Value>,
    wait_seconds: Map<String, Value>,
    voids: Vec<Value>,
    quiet: Vec<Value>,
}

fn english(text: &str) -> Value {
    json!({ "en": text })
}

/// A scheme document and its values.
pub(crate) fn random_scheme(rng: &mut Rng) -> (Value, Value) {
    let sketch = sketch(rng);
    let id = format!("{:016x}{:016x}", rng.next(), rng.next());
    let gate = gate(rng);
    let parts = parts(rng, &sketch, gate.get("object") == Some(&Value::Bool(true)));
    let weighted = rng.chance(65);
    let term = rng.chance(50);
    let document = json!({
        "format": 1, "id": id, "version": "1",
        "languages": [{ "tag": "en", "review": "original" }],
        "title": english("A fictional practical"), "short_title": english("A fictional practical"), "unit": null, "scope": english("Shows nothing that exists."),
        "completion": "assessed", "label": "certificate", "safety_critical": true,
        "legal_basis": [{
            "id": "FICTION", "title": "A fictional edition", "edition": "1",
            "superseded_on": null, "superseded_by": null, "source": SOURCE,
        }],
        "designer": "Nobody", "meaning": meaning(),
        "outcomes": [{ "id": "O1", "text": english("Works safely."), "esco": null, "practical": true, "source": SOURCE }],
        "course_facts": [],
        "people": {
            "second_person": gate.get("policy"), "team": rng.chance(50) && gate.get("policy") != Some(&json!("none")), "separate": [],
        },
        "gate": gate.get("gate"),
        "parts": parts,
        "order": sketch.order, "voids": sketch.voids, "waits": sketch.waits, "quiet": sketch.quiet,
        "combination": if weighted { "weighted" } else { "all_parts" },
        "validity": {
            "term": if term { json!({ "years": 1 }) } else { Value::Null },
            "lapse": null, "renewal": null, "complementary": [], "suitability_review_months": null,
            "refresh_on_new_edition": false, "source": SOURCE,
        },
    });
    let values = values(rng, &sketch, &document, weighted);
    (document, values)
}

fn meaning() -> Value {
    json!({
        "contact_minutes_theory": null, "contact_minutes_practice": null, "workload_minutes": null,
        "credits": null, "eqf_level": null, "national_level": null,
        "assessment_types": [english("Practical work.")], "participation": "in_person",
        "supervision": "supervised_identity", "quality_assurance": english("A signed record."), "moderated": true,
        "stackability": "standalone", "towards": [], "trainer_requirements": english("Competence."),
        "further": null, "source": SOURCE,
    })
}

fn sketch(rng: &mut Rng) -> Sketch {
    let count = *rng.pick(&[1, 1, 2, 2, 2, 3]);
    let mut marked: Vec<bool> = (0..count).map(|_| count > 1 && rng.chance(45)).collect();
    if marked.iter().all(|marked| *marked) {
        marked.pop();
        marked.push(false);
    }
    let worked = marked.iter().filter(|marked| !**marked).count();
    let mut criteria = Vec::new();
    let mut proofs = 0;
    for (part, _) in marked.iter().enumerate().filter(|(_, marked)| !**marked) {
        let size = if worked == 1 { 4 + rng.below(6) } else { 2 + rng.below(if worked == 2 { 4 } else { 2 }) };
        for _ in 0..size {
            let mut kind = *rng.pick(&KINDS);
            if kind == "proof" && proofs == 2 || rng.chance(35) {
                kind = "observed";
            }
            proofs += usize::from(kind == "proof");
            criteria.push(Draft { id: format!("C{}", criteria.len() + 1), kind, part, evidence: evidence(rng, kind) });
        }
    }
    let mut sketch = Sketch {
        marked,
        criteria,
        order: Vec::new(),
        waits: Vec::new(),
        wait_seconds: Map::new(),
        voids: Vec::new(),
        quiet: Vec::new(),
    };
    rules(rng, &mut sketch);
    sketch
}

fn evidence(rng: &mut Rng, kind: &str) -> Value {
    if !rng.chance(25) {
        return Value::Null;
    }
    let wanted = if kind == "proof" && rng.chance(50) { "reading" } else { *rng.pick(&["photo", "note", "file"]) };
    json!({ "kind": wanted, "count": 1 + rng.below(2) })
}

/// Order, waits, voids and quiet, always forward in the order of the work.
fn rules(rng: &mut Rng, sketch: &mut Sketch) {
    let count = sketch.criteria.len();
    let id = |sketch: &Sketch, at: usize| sketch.criteria.get(at).map(|draft| draft.id.clone()).unwrap_or_default();
    let proof = sketch.criteria.iter().position(|draft| draft.kind == "proof");
    for number in 0..rng.below(4) {
        let behind = if rng.chance(50) { proof } else { None };
        let behind = behind.filter(|at| at + 1 < count).unwrap_or_else(|| rng.below(count - 1));
        let criterion = behind + 1 + rng.below(count - 1 - behind);
        let taken = |rule: &Value| rule.get("criterion") == Some(&Value::String(id(sketch, criterion)));
        if sketch.order.iter().any(taken) {
            continue;
        }
        sketch.order.push(json!({
            "id": format!("R{number}"), "criterion": id(sketch, criterion), "after": id(sketch, behind),
            "label": english("In this order."), "consequence": consequence(rng), "source": SOURCE,
        }));
    }
    for number in 0..rng.below(3) {
        let after = rng.below(count - 1);
        let before = (after + 1 + rng.below(2)).min(count - 1);
        sketch.wait_seconds.insert(format!("W{number}"), json!(120 + 30 * rng.below(9)));
        sketch.waits.push(json!({
            "id": format!("W{number}"), "after": id(sketch, after), "before": id(sketch, before),
            "label": english("A wait."), "consequence": consequence(rng), "source": SOURCE,
        }));
    }
    if rng.chance(35) {
        let voiding = 1 + rng.below(count - 1);
        let earlier = proof.filter(|at| *at < voiding && rng.chance(70)).unwrap_or_else(|| rng.below(voiding));
        sketch
            .voids
            .push(json!({ "criterion": id(sketch, voiding), "voids": [id(sketch, earlier)], "source": SOURCE }));
    }
    if let Some(until) = proof.filter(|at| *at > 0 && rng.chance(40)) {
        let from = rng.below(until);
        sketch.quiet.push(json!({ "from": id(sketch, from), "until": id(sketch, until) }));
        for draft in sketch.criteria.iter_mut().skip(from).take(until + 1 - from) {
            draft.evidence = Value::Null;
        }
    }
}

fn consequence(rng: &mut Rng) -> &'static str {
    const ALL: [&str; 4] = ["fails", "fails", "institution", "marked"];
    let chosen: &&str = rng.pick(&ALL);
    chosen
}

/// The gate's rules, with the policy for the second person beside them.
fn gate(rng: &mut Rng) -> Value {
    let policy = *rng.pick(&["required", "required", "deviation", "none"]);
    let asked = ["instructed", "first_aid", "switch_off", "rescue", "no_other_task"];
    let asked: Vec<&str> = asked.into_iter().filter(|_| policy != "none" && rng.chance(40)).collect();
    let object = rng.chance(50);
    let limits = object && rng.chance(60);
    let needs = ["block", "block", "warn"];
    let ticks: Vec<Value> = (0..rng.below(3))
        .map(|number| {
            json!({
                "id": format!("tick-{number}"), "section": rng.pick(&["premises", "ppe", "site"]),
                "text": english("It is so."), "need": rng.pick(&needs), "source": SOURCE,
            })
        })
        .collect();
    let prerequisites: Vec<Value> = (0..rng.below(3))
        .map(|number| {
            json!({
                "id": format!("held-{number}"), "text": english("A credential."), "scheme": null,
                "need": rng.pick(&needs), "source": SOURCE,
            })
        })
        .collect();
    let evidence = *rng.pick(&[Some("block"), Some("warn"), None]);
    let gate = json!({
        "instrument": rng.chance(50), "object": object,
        "object_limits": if limits { json!({ "dc_volts": 60, "ac_volts": 30, "source": SOURCE }) } else { Value::Null },
        "risk_assessment": rng.chance(50), "live_work": rng.chance(30), "second_person": asked,
        "assessor_evidence": evidence, "ticks": ticks, "prerequisites": prerequisites,
    });
    json!({ "policy": policy, "gate": gate, "object": object })
}

fn parts(rng: &mut Rng, sketch: &Sketch, object: bool) -> Vec<Value> {
    let mut parts = Vec::new();
    for (at, marked) in sketch.marked.iter().enumerate() {
        let after: Vec<String> = (0..at).filter(|_| rng.chance(65)).map(|before| format!("P{}", before + 1)).collect();
        let limited = rng.chance(if *marked { 10 } else { 40 });
        let limit = json!({ "seconds": 1800 + 600 * rng.below(6), "source": SOURCE });
        let criteria: Vec<Value> =
            sketch.criteria.iter().filter(|draft| draft.part == at).map(|draft| criterion(rng, draft)).collect();
        let half = if criteria.len() > 3 { criteria.len() / 2 } else { 0 };
        let (first, second) = criteria.split_at(half);
        let steps: Vec<Value> = [first, second]
            .iter()
            .enumerate()
            .filter(|(_, criteria)| !criteria.is_empty())
            .map(|(step, criteria)| {
                json!({ "id": format!("S{at}{step}"), "title": english("A step"), "note": null, "criteria": criteria })
            })
            .collect();
        let task = json!({ "id": format!("T{at}"), "title": english("A task"), "steps": steps });
        parts.push(json!({
            "id": format!("P{}", at + 1), "title": english("A part"),
            "kind": if *marked { "knowledge" } else { "practical" },
            "mode": if *marked { "either" } else { "in_person" }, "mode_source": null, "after": after,
            "object_states": if object && !marked { json!(["made_dead", "never_energised"]) } else { json!([]) },
            "time_limit": if limited { limit } else { Value::Null }, "weight_at_least": null,
            "tasks": if *marked { json!([]) } else { json!([task]) },
        }));
    }
    parts
}

fn criterion(rng: &mut Rng, draft: &Draft) -> Value {
    let mut value = json!({
        "id": draft.id, "text": english("Does it."), "outcomes": ["O1"], "kind": draft.kind,
        "evidence": draft.evidence, "source": SOURCE,
    });
    let texts = |count: usize| (0..count).map(|at| english(&format!("Text {at}"))).collect::<Vec<Value>>();
    let further = match draft.kind {
        "rubric" => json!({ "levels": texts(3) }),
        "measurement" => json!({ "unit": "V", "instrument": rng.chance(50) }),
        "choice" => {
            let options: Vec<Value> =
                ["a", "b", "c"].iter().map(|id| json!({ "id": id, "text": english("An option") })).collect();
            json!({ "options": options, "right": if rng.chance(50) { json!(["a"]) } else { json!(["a", "c"]) } })
        }
        "count" => json!({ "unit": "pieces" }),
        "oral" => json!({ "points": texts(3), "prompts": texts(1) }),
        _ => json!({}),
    };
    if let (Some(value), Some(further)) = (value.as_object_mut(), further.as_object()) {
        value.extend(further.clone());
    }
    value
}

/// Some criteria by chance, by id.
fn some(rng: &mut Rng, sketch: &Sketch, percent: usize) -> Vec<String> {
    sketch.criteria.iter().filter(|_| rng.chance(percent)).map(|draft| draft.id.clone()).collect()
}

fn values(rng: &mut Rng, sketch: &Sketch, document: &Value, weighted: bool) -> Value {
    let critical = some(rng, sketch, 20);
    let ends = some(rng, sketch, 20);
    let mut met_from = Map::new();
    let mut limits = Map::new();
    for draft in &sketch.criteria {
        match draft.kind {
            "rubric" | "oral" => drop(met_from.insert(draft.id.clone(), json!(2))),
            "measurement" => drop(limits.insert(draft.id.clone(), json!({ "min": -500, "max": 500 }))),
            "count" => drop(limits.insert(draft.id.clone(), json!({ "min": 2, "max": null }))),
            "timed" => drop(limits.insert(draft.id.clone(), json!({ "min": null, "max": 60 }))),
            _ => {}
        }
    }
    let band = if rng.chance(45) { 0 } else { 200 + 100 * rng.below(10) };
    let parts = part_values(rng, sketch, document, band);
    let least: usize = parts.values().map(|part| of(part, "weight") * of(part, "minimum") / 10_000).sum();
    let total = (least + band + 800 + 100 * rng.below(16)).min(9_500);
    let term = document.pointer("/validity/term").is_some_and(Value::is_null);
    json!({
        "format": 1, "scheme": document.get("id"), "scheme_version": "1", "set_by": "Nobody, for tests",
        "awarder": "Fictional institution", "validator": "Fictional institution", "issuer_region": "Nowhere",
        "critical": critical, "critical_needs_unaided": rng.chance(40), "ends_exercise": ends, "parts": parts,
        "total_minimum": if weighted { total } else { 0 }, "borderline_band": band, "second_opinion": false,
        "attempts": rng.pick(&[Some(1), Some(2), Some(3), None]), "waits": sketch.wait_seconds,
        "met_from": met_from, "limits": limits, "term": if term { json!({ "years": 1 }) } else { Value::Null },
        "confirm_by_days": 30, "retention_days": null,
    })
}

fn of(part: &Value, name: &str) -> usize {
    part.get(name).and_then(Value::as_u64).and_then(|number| usize::try_from(number).ok()).unwrap_or_default()
}

/// Weights that add up, and minima below what a small failure leaves, some of them within reach of the band.
fn part_values(rng: &mut Rng, sketch: &Sketch, document: &Value, band: usize) -> Map<String, Value> {
    let mut found = Map::new();
    let count = sketch.marked.len();
    for (at, marked) in sketch.marked.iter().enumerate() {
        let own = sketch.criteria.iter().filter(|draft| draft.part == at).count();
        let minimum = if *marked || own < 4 {
            *rng.pick(&[3000, 4000, 5000, 5500])
        } else {
            let near = (own - 2) * 10_000 / own;
            if rng.chance(50) { near - rng.below(band + 1) } else { near.min(6000) - rng.below(1000) }
        };
        let value = |name: &str| document.pointer(&format!("/parts/{at}/{name}"));
        let follows = value("after").and_then(Value::as_array).is_some_and(|after| !after.is_empty());
        let unlimited = value("time_limit").is_some_and(Value::is_null);
        let weight = if at + 1 == count { 10_000 - (count - 1) * (10_000 / count) } else { 10_000 / count };
        found.insert(
            format!("P{}", at + 1),
            json!({
                "weight": weight, "minimum": minimum,
                "time_limit_seconds": if unlimited && !marked && rng.chance(40) { json!(2400) } else { Value::Null },
                "within_days": if follows && rng.chance(65) { json!(3 + rng.below(20)) } else { Value::Null },
            }),
        );
    }
    found
}
