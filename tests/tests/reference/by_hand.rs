//! The reference against cases worked out by hand from the words, so that a gross misreading shows.

use fieldproof_model::{
    gate::{Gate, IdentityDocument, InstrumentCategory},
    observation::{Answer, Observation, Observed, Score, StopKind, StoppedBy},
    scheme::{CriterionId, RuleId},
    time::{Date, Timestamp},
};
use serde_json::{Value, json};

use super::decision::{Facts, Judged, Result4, Says, Standing, decide};

use Observed::{Ended, Reenergised, SecondPersonLeft, SecondPersonReturned, Started, Stop};

/// A day's first second: 1 March 2027.
const MIDNIGHT: i64 = 20_878 * 86_400;

/// Five criteria: A, then the proof P a minute later, then B behind P, the rubric R, and D, which ends P.
fn documents() -> (Value, Value) {
    let criterion = |id: &str, kind: &str| json!({ "id": id, "kind": kind, "evidence": null });
    let document = json!({
        "people": { "second_person": "required" },
        "gate": { "instrument": true, "object": false, "second_person": [], "ticks": [], "prerequisites": [] },
        "parts": [{
            "id": "P1", "after": [], "object_states": [], "time_limit": { "seconds": 600 },
            "tasks": [{ "steps": [{ "criteria": [
                criterion("A", "observed"), criterion("P", "proof"), criterion("B", "observed"),
                criterion("R", "rubric"), criterion("D", "observed"),
            ] }] }],
        }],
        "order": [{ "id": "R1", "criterion": "B", "after": "P", "consequence": "fails" }],
        "voids": [{ "criterion": "D", "voids": ["P"] }],
        "waits": [{ "id": "W1", "after": "A", "before": "P", "consequence": "fails" }],
        "combination": "all_parts",
    });
    let values = json!({
        "critical": ["P"], "critical_needs_unaided": true, "ends_exercise": ["B"],
        "parts": { "P1": { "weight": 10000, "minimum": 6000 } }, "total_minimum": 0, "borderline_band": 0,
        "attempts": 2, "waits": { "W1": 60 }, "met_from": { "R": 2 }, "limits": {},
    });
    (document, values)
}

fn facts() -> Facts {
    let gate = Gate {
        identity_document: Some(IdentityDocument::Passport),
        identity_checked_by_assessor: true,
        instrument_category: Some(InstrumentCategory::CatIii),
        instrument_voltage: Some(1000),
        instrument_serial: "Meter 1".to_owned(),
        instrument_calibration_due: Date::parse("2027-03-01").ok(),
        second_person_present: true,
        ..Gate::default()
    };
    Facts { gate, has_second_person: true, attempt: 1 }
}

/// A log from seconds and what was recorded then.
fn log(entries: &[(i64, Observed)]) -> Vec<Observation> {
    let observation = |(sequence, (seconds, observed)): (u32, &(i64, Observed))| Observation {
        sequence,
        tapped_at: Timestamp::from_millis((MIDNIGHT + seconds) * 1000),
        seen_at: Timestamp::from_millis((MIDNIGHT + seconds) * 1000),
        observed: observed.clone(),
        elapsed: None,
        beacon: None,
    };
    (1..).zip(entries).map(observation).collect()
}

fn id(criterion: &str) -> CriterionId {
    CriterionId::new(criterion.to_owned())
}

fn score(criterion: &str, score: Score) -> Observed {
    Observed::Score { criterion: id(criterion), score, reason: None }
}

fn done(criterion: &str) -> Observed {
    score(criterion, Score::Unaided)
}

fn level(level: u32) -> Observed {
    Observed::Answered { criterion: id("R"), answer: Answer::Level(level) }
}

fn before(worked: bool) -> Observed {
    Observed::TesterBefore { criterion: id("P"), source: "Source".to_owned(), worked }
}

fn reading(point: &str, dead: bool) -> Observed {
    Observed::Reading { criterion: id("P"), point: point.to_owned(), reading: "as read".to_owned(), dead }
}

fn after(worked: bool) -> Observed {
    Observed::TesterAfter { criterion: id("P"), source: "Source".to_owned(), worked, same_instrument: true }
}

fn said(rule: &str, kept: bool) -> Observed {
    Observed::Said { rule: RuleId::new(rule.to_owned()), kept, note: String::new() }
}

fn explained(kind: StopKind) -> Observed {
    Observed::StopExplained { by: StoppedBy::Assessor, kind, why: "Seen.".to_owned() }
}

fn resume() -> Observed {
    Observed::Resume { made_safe: true, gate_checked: true }
}

/// Everything done right, five seconds before the end.
fn right() -> Vec<(i64, Observed)> {
    vec![
        (0, Started),
        (10, done("A")),
        (70, before(true)),
        (75, reading("+", true)),
        (80, reading("-", true)),
        (85, after(true)),
        (90, done("P")),
        (100, done("B")),
        (110, level(2)),
        (120, done("D")),
    ]
}

/// The good log with some entries taken out by place, others put in where their time belongs, and the end.
fn changed(without: &[usize], with: &[(i64, Observed)]) -> Vec<(i64, Observed)> {
    let mut entries: Vec<(i64, Observed)> =
        right().into_iter().enumerate().filter(|(at, _)| !without.contains(at)).map(|(_, entry)| entry).collect();
    entries.extend(with.iter().cloned());
    entries.sort_by_key(|(seconds, _)| *seconds);
    let end = entries.last().map_or(0, |(seconds, _)| seconds + 5);
    entries.push((end, Ended));
    entries
}

fn judge(entries: &[(i64, Observed)]) -> Judged {
    let (document, values) = documents();
    decide(&document, &values, &facts(), &log(entries))
}

/// The rules that do not say yes, in one line, and the criteria that are not met.
fn summary(judged: &Judged) -> (Result4, String, String) {
    let word = |says: &Says| if *says == Says::No { "no" } else { "open" };
    let rules = judged.rules.iter().filter(|(_, says)| *says != Says::Yes);
    let rules: Vec<String> = rules.map(|(name, says)| format!("{name} {}", word(says))).collect();
    let lost: Vec<&str> =
        judged.criteria.iter().filter(|(_, met)| **met != Standing::Met).map(|(id, _)| id.as_str()).collect();
    (judged.result, rules.join(", "), lost.join(" "))
}

type Case = (&'static str, Vec<usize>, Vec<(i64, Observed)>, Result4, &'static str, &'static str);

fn check(cases: Vec<Case>) {
    for (name, without, with, result, rules, lost) in cases {
        let judged = judge(&changed(&without, &with));
        assert_eq!(summary(&judged), (result, rules.to_owned(), lost.to_owned()), "{name}");
    }
}

use Result4::{NotCompleted, NotPassed, Open, Passed};

#[test]
fn criteria_and_answers() {
    check(vec![
        ("all right", vec![], vec![], Passed, "", ""),
        ("one lost, four of five are enough", vec![8], vec![], Passed, "", "R"),
        ("too low a level", vec![], vec![(115, level(1))], Passed, "", "R"),
        ("a score says nothing of a rubric", vec![], vec![(115, done("R"))], Passed, "", "R"),
        (
            "an answer says nothing of an observed criterion",
            vec![8],
            vec![(111, Observed::Answered { criterion: id("A"), answer: Answer::Level(2) })],
            Open,
            "wait:W1 open",
            "A R",
        ),
        ("critical, and prompted", vec![], vec![(91, score("P", Score::Prompted))], NotPassed, "critical no", "P"),
        (
            "critical, and not applicable",
            vec![],
            vec![(91, score("P", Score::NotApplicable))],
            Open,
            "critical open",
            "P",
        ),
        ("dangerous", vec![], vec![(121, score("D", Score::Dangerous))], NotPassed, "danger no", "D"),
        (
            "dangerous, then put right",
            vec![],
            vec![(121, score("D", Score::Dangerous)), (122, done("D"))],
            Passed,
            "",
            "",
        ),
        ("ends the exercise", vec![], vec![(121, score("B", Score::NotDone))], NotPassed, "ends exercise no", "B"),
    ]);
    let excluded = judge(&changed(
        &[],
        &[(121, score("D", Score::NotApplicable)), (122, level(1)), (123, score("A", Score::NotSeen))],
    ));
    let lost = "part:P1 no, wait:W1 open".to_owned();
    assert_eq!(summary(&excluded), (NotPassed, lost, "A D R".to_owned()), "two of four is below 6000");
    assert_eq!(excluded.criteria.get("D"), Some(&Standing::Excluded));
}

#[test]
fn order_and_waits() {
    let early = |with: Vec<(i64, Observed)>| [vec![(20, done("B"))], with].concat();
    check(vec![
        ("before the proof: put", vec![7], early(vec![]), Open, "order:R1 open", ""),
        ("said kept", vec![7], early(vec![(121, said("R1", true))]), Passed, "", ""),
        ("said not kept", vec![7], early(vec![(121, said("R1", false))]), NotPassed, "order:R1 no", "B"),
        ("answered too soon", vec![7], early(vec![(86, said("R1", false))]), Open, "order:R1 open", ""),
        ("every done moment is looked at", vec![], early(vec![]), Open, "order:R1 open", ""),
        (
            "only those since it was something else",
            vec![],
            early(vec![(21, score("B", Score::NotSeen))]),
            Passed,
            "",
            "",
        ),
        ("behind what ended the proof", vec![], vec![(121, done("B"))], Open, "order:R1 open", ""),
        ("a second too short", vec![1], vec![(11, done("A"))], Open, "wait:W1 open", ""),
        ("never done", vec![1], vec![], Open, "wait:W1 open", "A"),
        (
            "too short, and not kept",
            vec![1],
            vec![(11, done("A")), (121, said("W1", false))],
            NotPassed,
            "critical no, wait:W1 no",
            "P",
        ),
        ("an answer to what the taps show kept", vec![], vec![(121, said("W1", false))], Passed, "", ""),
    ]);
    let (document, values) = documents();
    let mut set_back = log(&changed(&[1], &[(12, done("A"))]));
    for observation in &mut set_back {
        if observation.observed == done("A") {
            observation.seen_at = observation.seen_at.seconds_earlier(2);
        }
    }
    assert_eq!(decide(&document, &values, &facts(), &set_back).result, Passed, "set back to where the wait is kept");
}

#[test]
fn proofs_and_stops() {
    let outside = explained(StopKind::OutsideCause);
    let halt = |at: i64| vec![(at, Stop), (at + 1, outside.clone()), (at + 2, resume())];
    check(vec![
        ("a live point", vec![3], vec![(75, reading("+", false))], NotPassed, "critical no, order:R1 open", "P"),
        (
            "a live point, measured again",
            vec![3],
            vec![(75, reading("+", false)), (78, reading("+", true))],
            Passed,
            "",
            "",
        ),
        ("measured behind the second trial", vec![], vec![(105, reading("+", true))], NotPassed, "critical no", "P"),
        ("no point", vec![3, 4], vec![], NotPassed, "critical no, order:R1 open", "P"),
        ("the first trial failed", vec![2], vec![(70, before(false))], NotPassed, "critical no, order:R1 open", "P"),
        ("stopped, not proved again", vec![], halt(92), NotPassed, "critical no, order:R1 open", "P"),
        ("stopped when given up on purpose", vec![], halt(125), Passed, "", ""),
        ("live again when given up on purpose", vec![], vec![(125, Reenergised)], Passed, "", ""),
        ("begun again since", vec![], [halt(125), vec![(130, before(true))]].concat(), NotPassed, "critical no", "P"),
        (
            "stopped for danger",
            vec![],
            vec![(122, Stop), (123, explained(StopKind::DangerByCandidate)), (124, resume())],
            NotPassed,
            "stop:1 no",
            "",
        ),
        ("not explained", vec![], vec![(122, Stop), (123, resume())], Open, "stop:1 open", ""),
        (
            "stopped for good",
            vec![7, 8, 9],
            vec![(92, Stop), (93, outside.clone())],
            NotCompleted,
            "part:P1 no",
            "B D R",
        ),
        ("stopped for good, not explained", vec![9], vec![(115, Stop)], Open, "stop:1 open", "D"),
        (
            "stopped for good, danger seen",
            vec![],
            vec![(121, score("D", Score::Dangerous)), (122, Stop), (123, outside.clone())],
            NotPassed,
            "danger no",
            "D",
        ),
        (
            "scored while stopped",
            vec![],
            vec![(122, Stop), (123, outside.clone()), (124, done("A")), (125, resume())],
            Open,
            "while stopped open",
            "",
        ),
    ]);
}

#[test]
fn people_days_and_time() {
    let (left, back) = (SecondPersonLeft, SecondPersonReturned);
    let slow = |with: Vec<(i64, Observed)>| [vec![(601, done("D"))], with].concat();
    check(vec![
        ("scored while away", vec![], vec![(99, left.clone()), (101, back.clone())], Open, "second person open", ""),
        ("away between two taps", vec![], vec![(101, left), (102, back)], Passed, "", ""),
        ("too slow by the taps", vec![9], slow(vec![]), Open, "time limit:P1 open", ""),
        ("said before the end", vec![9], slow(vec![(602, said("P1", true))]), Open, "time limit:P1 open", ""),
        (
            "stopped meanwhile",
            vec![9],
            vec![(121, Stop), (122, explained(StopKind::CalledInError)), (300, resume()), (620, done("D"))],
            NotPassed,
            "critical no",
            "P",
        ),
        ("past midnight", vec![9], vec![(86_401, done("D"))], Open, "gate open, time limit:P1 open", ""),
    ]);
    let slow = |kept| [changed(&[9], &[(601, done("D"))]), vec![(610, said("P1", kept))]].concat();
    assert_eq!(summary(&judge(&slow(true))).0, Passed, "said kept behind the end");
    assert_eq!(summary(&judge(&slow(false))), (NotPassed, "time limit:P1 no".to_owned(), String::new()));
    let mut over = changed(&[], &[]);
    over.pop();
    assert_eq!(summary(&judge(&over)).0, Open, "the exercise is not over");
    over.retain(|(_, observed)| *observed != done("B") && *observed != level(2));
    assert_eq!(summary(&judge(&[over, vec![(200, Ended)]].concat())).0, Passed, "three of five reach 6000");
}

#[test]
fn facts_and_values() {
    let entries = changed(&[8], &[]);
    let (document, mut values) = documents();
    let with = |values: &Value, facts: &Facts| summary(&decide(&document, values, facts, &log(&entries))).1;
    assert_eq!(with(&values, &Facts { attempt: 2, ..facts() }), "", "the second of two attempts");
    assert_eq!(with(&values, &Facts { attempt: 3, ..facts() }), "attempts no");
    assert_eq!(with(&values, &Facts { has_second_person: false, ..facts() }), "gate no");
    let mut gate = facts();
    gate.gate.instrument_calibration_due = Date::parse("2027-02-28").ok();
    assert_eq!(with(&values, &gate), "gate no");
    for (band, minimum, says) in [
        (0, 8000, ""),
        (1, 8000, "part:P1 open"),
        (100, 8100, "part:P1 open"),
        (99, 8100, "part:P1 no"),
        (100, 7899, ""),
    ] {
        for (pointer, number) in [("/borderline_band", band), ("/parts/P1/minimum", minimum)] {
            if let Some(value) = values.pointer_mut(pointer) {
                *value = json!(number);
            }
        }
        assert_eq!(with(&values, &facts()), says, "8000 against {minimum} with a band of {band}");
    }
}
