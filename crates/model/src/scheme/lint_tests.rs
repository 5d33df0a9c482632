//! A scheme without a finding, and one case for each thing that can be found.

use std::collections::BTreeMap;

use super::{
    super::{
        Choice, Combination, Consequence, GateRules, InstitutionValues, LegalBasis, Meaning, Mode, Need, ObjectLimits,
        Order, PartValues, Participation, PeopleRules, PrerequisiteRule, RuleId, SecondPersonPolicy, Stackability,
        Step, Task, Tick, TickSection, TimeLimit, Void, Wait, WeightFloor,
    },
    *,
};
use crate::{
    id::SchemeId,
    time::Date,
    validity::{Complementary, Lapse, Renewal, Term, Validity},
};

fn source() -> String {
    "proposed".to_owned()
}

fn criterion(id: &str, outcome: &str, kind: CriterionKind) -> Criterion {
    Criterion {
        id: CriterionId::new(id.to_owned()),
        text: "a".to_owned(),
        outcomes: vec![outcome.to_owned()],
        kind,
        evidence: None,
        source: source(),
    }
}

fn outcome(id: &str, practical: bool) -> Outcome {
    Outcome { id: id.to_owned(), text: "a".to_owned(), esco: None, practical, source: source() }
}

fn part(id: &str, kind: PartKind, after: &[&str], criteria: Vec<Criterion>) -> Part {
    let step = Step { id: "S".to_owned(), title: "a".to_owned(), note: None, criteria };
    Part {
        id: PartId::new(id.to_owned()),
        title: "a".to_owned(),
        kind,
        mode: Mode::InPerson,
        mode_source: Some(source()),
        after: after.iter().map(|id| PartId::new((*id).to_owned())).collect(),
        object_states: vec![ExerciseState::MadeDead],
        time_limit: Some(TimeLimit { seconds: 1, source: source() }),
        weight_at_least: Some(WeightFloor { basis_points: 1, source: source() }),
        tasks: vec![Task { id: "T".to_owned(), title: "a".to_owned(), steps: vec![step] }],
    }
}

fn order(id: &str, after: &str, criterion: &str) -> Order {
    Order {
        id: RuleId::new(id.to_owned()),
        criterion: CriterionId::new(criterion.to_owned()),
        after: CriterionId::new(after.to_owned()),
        label: "a".to_owned(),
        consequence: Consequence::Fails,
        source: source(),
    }
}

fn wait(after: &str, before: &str) -> Wait {
    Wait {
        id: RuleId::new("W".to_owned()),
        after: CriterionId::new(after.to_owned()),
        before: CriterionId::new(before.to_owned()),
        label: "a".to_owned(),
        consequence: Consequence::Fails,
        source: source(),
    }
}

fn choice() -> CriterionKind {
    let option = |id: &str| Choice { id: id.to_owned(), text: id.to_owned() };
    CriterionKind::Choice { options: vec![option("a"), option("b")], right: vec!["a".to_owned()] }
}

fn meaning() -> Meaning {
    Meaning {
        contact_minutes_theory: None,
        contact_minutes_practice: None,
        workload_minutes: Some(60),
        credits: None,
        eqf_level: Some(4),
        national_level: None,
        assessment_types: vec!["a".to_owned()],
        participation: Participation::InPerson,
        supervision: Supervision::SupervisedIdentity,
        quality_assurance: "a".to_owned(),
        moderated: true,
        stackability: Stackability::Standalone,
        towards: Vec::new(),
        trainer_requirements: "a".to_owned(),
        further: None,
        source: source(),
    }
}

fn gate() -> GateRules {
    let tick = Tick {
        id: "t".to_owned(),
        section: TickSection::Site,
        text: "a".to_owned(),
        need: Need::Warn,
        source: source(),
    };
    let rule =
        PrerequisiteRule { id: "p".to_owned(), text: "a".to_owned(), scheme: None, need: Need::Warn, source: source() };
    GateRules {
        instrument: false,
        object: true,
        object_limits: Some(ObjectLimits { dc_volts: 1, ac_volts: 1, source: source() }),
        risk_assessment: false,
        live_work: false,
        second_person: Vec::new(),
        assessor_evidence: None,
        ticks: vec![tick],
        prerequisites: vec![rule],
    }
}

fn validity() -> Validity {
    let beside =
        Complementary { id: "c".to_owned(), text: "a".to_owned(), term: None, blocks: false, source: source() };
    Validity {
        term: Some(Term::Years(1)),
        lapse: Some(Lapse { years: 1, work: vec!["a".to_owned()], source: source() }),
        renewal: Some(Renewal { activity_years: None, refresher_minutes: None, retraining: true, source: source() }),
        complementary: vec![beside],
        suitability_review_months: None,
        refresh_on_new_edition: false,
        source: source(),
    }
}

fn values() -> InstitutionValues {
    let weight = |weight| PartValues { weight, minimum: 0, time_limit_seconds: None, within_days: None };
    InstitutionValues {
        set_by: "a".to_owned(),
        awarder: "a".to_owned(),
        validator: "a".to_owned(),
        issuer_region: "a".to_owned(),
        critical: vec![CriterionId::new("b".to_owned())],
        critical_needs_unaided: false,
        ends_exercise: Vec::new(),
        parts: [("theory", 4_000), ("work", 6_000)].map(|(id, w)| (PartId::new(id.to_owned()), weight(w))).into(),
        total_minimum: 0,
        borderline_band: 0,
        second_opinion: false,
        attempts: None,
        waits: BTreeMap::new(),
        met_from: BTreeMap::new(),
        limits: BTreeMap::new(),
        term: None,
        confirm_by_days: 1,
        retention_days: None,
    }
}

/// Two parts, in order: `a` in the theory; `b`, `c` and the proof `d` in the work.
fn fine() -> Scheme {
    let work = vec![
        criterion("b", "practice", CriterionKind::Observed),
        criterion("c", "practice", CriterionKind::Text),
        criterion("d", "practice", CriterionKind::Proof),
    ];
    Scheme {
        id: SchemeId::new([1; 16]),
        version: "1".to_owned(),
        language: "en".to_owned(),
        languages: Vec::new(),
        title: "a".to_owned(),
        short_title: "a".to_owned(),
        unit: None,
        scope: "a".to_owned(),
        completion: Completion::Assessed,
        label: Label::MicroCredential,
        safety_critical: true,
        legal_basis: vec![LegalBasis {
            id: "l".to_owned(),
            title: "a".to_owned(),
            edition: "1".to_owned(),
            superseded_on: Some(Date::from_days(1)),
            superseded_by: Some("m".to_owned()),
            source: source(),
        }],
        designer: "a".to_owned(),
        meaning: meaning(),
        outcomes: vec![outcome("theory", false), outcome("practice", true)],
        course_facts: Vec::new(),
        people: PeopleRules { second_person: SecondPersonPolicy::Nobody, team: false, separate: Vec::new() },
        gate: gate(),
        parts: vec![
            part("theory", PartKind::Knowledge, &[], vec![criterion("a", "theory", choice())]),
            part("work", PartKind::Practical, &["theory"], work),
        ],
        order: vec![order("R", "b", "d")],
        voids: vec![Void {
            criterion: CriterionId::new("c".to_owned()),
            voids: vec![CriterionId::new("d".to_owned())],
            source: source(),
        }],
        waits: vec![wait("b", "d")],
        quiet: Vec::new(),
        combination: Combination::AllParts,
        validity: validity(),
        values: values(),
    }
}

type Break = fn(&mut Scheme);

/// Each change finds exactly what is named, weight by weight.
fn finds(table: &[(Break, Severity, &str, &str)]) {
    for (at, (change, severity, place, what)) in table.iter().enumerate() {
        let mut scheme = fine();
        change(&mut scheme);
        let found = lint(&scheme);
        let is_it = |f: &Finding| f.severity == *severity && f.place == *place && f.what.contains(what);
        assert!(found.iter().any(is_it), "case {at}: {place}: {what}: {found:#?}");
        assert!(found.iter().all(|f| f.severity == *severity), "case {at}: of one weight: {found:#?}");
    }
}

fn criteria(scheme: &mut Scheme, part: usize) -> &mut Vec<Criterion> {
    &mut scheme.parts[part].tasks[0].steps[0].criteria
}

#[test]
fn nothing_is_found_where_nothing_is_wrong() {
    assert_eq!(lint(&fine()), []);
}

#[test]
fn outcomes_and_what_shows_them() {
    use Severity::{Error, Warning};
    finds(&[
        (|s| criteria(s, 1)[1].outcomes.clear(), Error, "criterion c", "shows no outcome"),
        (|s| s.outcomes.push(outcome("more", false)), Error, "outcome more", "no criterion shows it"),
        (
            |s| {
                s.outcomes.push(outcome("more", false));
                let mut marked = part("test", PartKind::Knowledge, &[], Vec::new());
                marked.tasks.clear();
                s.parts.push(marked);
            },
            Warning,
            "outcome more",
            "only a part marked in points can",
        ),
        (
            |s| {
                s.outcomes.push(outcome("more", true));
                let mut marked = part("test", PartKind::Knowledge, &[], Vec::new());
                marked.tasks.clear();
                s.parts.push(marked);
            },
            Warning,
            "outcome more",
            "only be shown by doing, and only a part marked",
        ),
        (
            |s| {
                s.outcomes.push(outcome("more", true));
                criteria(s, 1).push(criterion("e", "more", choice()));
            },
            Warning,
            "outcome more",
            "only choices",
        ),
        (
            |s| {
                s.outcomes.push(outcome("more", true));
                criteria(s, 0).push(criterion("e", "more", CriterionKind::Text));
            },
            Warning,
            "outcome more",
            "only a knowledge test",
        ),
        (
            |s| {
                s.safety_critical = false;
                s.parts[1].kind = PartKind::Knowledge;
            },
            Error,
            "outcome practice",
            "every part is a knowledge test",
        ),
    ]);
}

#[test]
fn safety_and_names_that_promise_something() {
    use Severity::{Error, Warning};
    finds(&[
        (|s| s.parts[1].kind = PartKind::Oral, Error, "scheme", "no work that is watched"),
        (
            |s| s.meaning.supervision = Supervision::SupervisedNoIdentity,
            Error,
            "scheme",
            "not supervised with identity verification",
        ),
        (|s| s.values.critical.clear(), Error, "scheme", "neither a critical criterion nor a rubric"),
        (|s| s.meaning.moderated = false, Error, "scheme", "not moderated"),
        (
            |s| {
                s.completion = Completion::Attendance;
            },
            Error,
            "scheme",
            "does not give an assessment",
        ),
        (|s| s.title.clear(), Error, "scheme", "does not give its title"),
        (|s| s.values.issuer_region.clear(), Error, "scheme", "does not give the country or region"),
        (|s| s.values.awarder.clear(), Error, "scheme", "does not give the awarding body"),
        (
            |s| {
                s.outcomes.clear();
            },
            Error,
            "scheme",
            "does not give learning outcomes",
        ),
        (|s| s.meaning.workload_minutes = None, Error, "scheme", "does not give the notional workload"),
        (|s| s.meaning.assessment_types.clear(), Error, "scheme", "does not give the type of assessment"),
        (|s| s.meaning.quality_assurance.clear(), Error, "scheme", "does not give the type of quality assurance"),
        (|s| s.meaning.eqf_level = None, Warning, "scheme", "gives no level"),
        (|s| s.legal_basis[0].superseded_by = None, Warning, "legal basis l", "nothing says by what"),
    ]);
    let mut rubric = fine();
    rubric.values.critical.clear();
    criteria(&mut rubric, 1)[1].kind = CriterionKind::Rubric { levels: Vec::new() };
    assert_eq!(lint(&rubric), [], "a rubric is as good as a critical criterion");
    let mut other = fine();
    (other.safety_critical, other.label) = (false, Label::Certificate);
    (other.meaning.moderated, other.meaning.workload_minutes) = (false, None);
    assert_eq!(lint(&other), [], "what is not promised is not asked for");
}

#[test]
fn what_can_never_be() {
    const NEVER: &str = "can never be kept";
    finds(&[
        (|s| s.values.parts.clear(), Severity::Error, "scheme", "add up to 0"),
        (
            |s| s.parts[0].object_states = vec![ExerciseState::Live],
            Severity::Error,
            "scheme",
            "no state of the object counts",
        ),
        (|s| s.order.push(order("Q", "d", "b")), Severity::Error, "order Q", NEVER),
        (|s| s.order.push(order("Q", "d", "b")), Severity::Error, "order R", NEVER),
        (|s| s.waits = vec![wait("d", "b")], Severity::Error, "wait W", NEVER),
        // The order of parts says that `a` comes first.
        (|s| s.order.push(order("Q", "c", "a")), Severity::Error, "order Q", NEVER),
        (|s| s.parts[0].after.push(PartId::new("work".to_owned())), Severity::Error, "part theory", NEVER),
        (|s| s.parts[0].after.push(PartId::new("theory".to_owned())), Severity::Error, "part theory", NEVER),
    ]);
    let mut across = fine();
    across.order.push(order("Q", "a", "c"));
    assert_eq!(lint(&across), [], "an order from an earlier part to a later one can be kept");
}

#[test]
fn everything_says_where_it_comes_from() {
    const NOWHERE: &str = "nothing says where";
    finds(&[
        (|s| s.meaning.source.clear(), Severity::Error, "meaning", NOWHERE),
        (|s| s.validity.source = " ".to_owned(), Severity::Error, "validity", NOWHERE),
        (|s| s.legal_basis[0].source.clear(), Severity::Error, "legal basis l", NOWHERE),
        (|s| s.outcomes[0].source.clear(), Severity::Error, "outcome theory", NOWHERE),
        (|s| criteria(s, 1)[2].source.clear(), Severity::Error, "criterion d", NOWHERE),
        (|s| s.gate.object_limits.as_mut().unwrap().source.clear(), Severity::Error, "object limits", NOWHERE),
        (|s| s.gate.ticks[0].source.clear(), Severity::Error, "tick t", NOWHERE),
        (|s| s.gate.prerequisites[0].source.clear(), Severity::Error, "prerequisite p", NOWHERE),
        (|s| s.order[0].source.clear(), Severity::Error, "order R", NOWHERE),
        (|s| s.voids[0].source.clear(), Severity::Error, "voids of c", NOWHERE),
        (|s| s.waits[0].source.clear(), Severity::Error, "wait W", NOWHERE),
        (
            |s| s.parts[0].time_limit.as_mut().unwrap().source.clear(),
            Severity::Error,
            "time limit of part theory",
            NOWHERE,
        ),
        (
            |s| s.parts[0].weight_at_least.as_mut().unwrap().source.clear(),
            Severity::Error,
            "least weight of part theory",
            NOWHERE,
        ),
        (|s| s.parts[1].mode_source.as_mut().unwrap().clear(), Severity::Error, "mode of part work", NOWHERE),
        (|s| s.validity.complementary[0].source.clear(), Severity::Error, "complementary c", NOWHERE),
        (|s| s.validity.lapse.as_mut().unwrap().source.clear(), Severity::Error, "lapse", NOWHERE),
        (|s| s.validity.renewal.as_mut().unwrap().source.clear(), Severity::Error, "renewal", NOWHERE),
    ]);
}
