//! Scheme documents: every pair in the tree reads without a problem, a draft wording serves practice only, and a session
//! keeps the wording it was opened under.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests stop where the set-up fails")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use fieldproof_app::{
    Error, NotAllowed,
    session::{NewSession, SessionState},
};
use fieldproof_model::scheme::{
    Completion, Review,
    lint::{Severity, lint},
};
use fieldproof_seal::{
    digest_of,
    envelope::Purpose,
    parts::PartKind,
    record::RecordFile,
    scheme::{SchemeError, check_scheme, parse_scheme, parse_signed_scheme, sign_scheme},
};
use fieldproof_store::Store;
use fieldproof_testkit::{HV_ISOLATION, Plan, TestWorld, edited, store_key};

/// A pair of documents as it stands in the tree.
struct Pair {
    name: String,
    document: String,
    values: String,
}

impl Pair {
    fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.document).unwrap()
    }
}

/// Every scheme document of a folder with its values.
fn pairs(folder: &str) -> Vec<Pair> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join(folder);
    let files: BTreeSet<String> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".json") && !name.ends_with(".schema.json"))
        .collect();
    let names: Vec<&str> = files.iter().filter_map(|name| name.strip_suffix(".json")).collect();
    let documents = names.iter().filter(|name| !name.ends_with(".values"));
    let pairs: Vec<Pair> = documents
        .map(|name| {
            let read = |ending: &str| fs::read_to_string(folder.join(format!("{name}{ending}"))).unwrap();
            Pair { name: (*name).to_owned(), document: read(".json"), values: read(".values.json") }
        })
        .collect();
    assert_eq!(names.len(), 2 * pairs.len(), "every values document belongs to a scheme document");
    pairs
}

fn built_in() -> Vec<Pair> {
    let pairs = pairs("assets/schemes");
    assert_eq!(pairs.len(), 3);
    pairs
}

fn all() -> Vec<Pair> {
    let mut all = built_in();
    let sketches = pairs("tests/schemes");
    assert_eq!(sketches.len(), 7);
    all.extend(sketches);
    all
}

#[test]
fn every_pair_of_documents_has_no_problem_and_no_lint_error_and_its_warnings_are_meant() {
    let mut warnings: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for pair in all() {
        let problems = check_scheme(&pair.document, Some(&pair.values));
        assert!(problems.is_empty(), "{}: {problems:?}", pair.name);
        let scheme = parse_scheme(&pair.document, &pair.values, None).unwrap();
        for finding in lint(&scheme) {
            assert_eq!(finding.severity, Severity::Warning, "{}: {finding:?}", pair.name);
            warnings.entry(pair.name.clone()).or_default().push(format!("{}: {}", finding.place, finding.what));
        }
    }
    let knowledge_only = "outcome O1: no criterion shows it; only a part marked in points can".to_owned();
    assert_eq!(warnings, BTreeMap::from([("knowledge-base".to_owned(), vec![knowledge_only])]));
}

#[test]
fn the_weights_of_every_assessed_scheme_are_the_whole_and_none_is_below_its_floor() {
    for pair in all() {
        let scheme = parse_scheme(&pair.document, &pair.values, None).unwrap();
        let sum: u32 = scheme.values.parts.values().map(|part| part.weight).sum();
        let whole = if scheme.completion == Completion::Attendance { 0 } else { 10_000 };
        assert_eq!(sum, whole, "{}", pair.name);
        for part in &scheme.parts {
            let floor = part.weight_at_least.as_ref().map_or(0, |floor| floor.basis_points);
            let weight = scheme.values.parts.get(&part.id).unwrap().weight;
            assert!(floor <= weight, "{}: {} has {weight}", pair.name, part.id.as_str());
        }
    }
}

#[test]
fn every_language_reads_and_only_what_was_reviewed_counts() {
    let mut counting = 0;
    for pair in all() {
        let original = parse_scheme(&pair.document, &pair.values, None).unwrap();
        for language in &original.languages {
            let scheme = parse_scheme(&pair.document, &pair.values, Some(&language.tag)).unwrap();
            assert_eq!(scheme.language, language.tag);
            assert_eq!(scheme.language_counts(), language.review != Review::Draft, "{} in {}", pair.name, language.tag);
            counting += usize::from(scheme.language_counts());
            let is_original = language.review == Review::Original;
            assert_eq!(
                scheme.title == original.title,
                is_original,
                "{} in {} has its own title",
                pair.name,
                language.tag
            );
            assert_eq!(original.criteria().count(), scheme.criteria().count());
        }
        let other = parse_scheme(&pair.document, &pair.values, Some("sv"));
        assert!(matches!(other, Err(SchemeError::Language { .. })), "{}: {other:?}", pair.name);
    }
    assert_eq!(counting, 10, "one original each, and every other language is a draft");
}

/// Every wording of a document, with its path.
fn wordings(value: &serde_json::Value, path: &str, languages: &BTreeSet<String>, found: &mut Vec<(String, String)>) {
    match value {
        serde_json::Value::Object(fields) => {
            let is_text = !fields.is_empty() && fields.keys().all(|key| languages.contains(key));
            for (key, inner) in fields {
                let path = format!("{path}.{key}");
                let wording = inner.as_str().or_else(|| inner.get("text").and_then(|text| text.as_str()));
                match wording.filter(|_| is_text) {
                    Some(wording) => found.push((path, wording.to_owned())),
                    None => wordings(inner, &path, languages, found),
                }
            }
        }
        serde_json::Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                wordings(item, &format!("{path}[{index}]"), languages, found);
            }
        }
        serde_json::Value::Null
        | serde_json::Value::Bool(_)
        | serde_json::Value::Number(_)
        | serde_json::Value::String(_) => {}
    }
}

const UNITS: [&str; 22] = [
    "V", "kV", "mV", "A", "mA", "Nm", "N·m", "°C", "C", "K", "min", "s", "ms", "h", "Ω", "kΩ", "MΩ", "volts",
    "amperes", "seconds", "minutes", "degrees",
];

/// The first number of a text that is followed by a unit.
fn technical_value(text: &str) -> Option<String> {
    let is_number = |word: &str| {
        word.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',')) && word.chars().any(|c| c.is_ascii_digit())
    };
    let bare = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric() && c != '°').to_owned();
    let words: Vec<String> = text.split(|c: char| c.is_whitespace() || c == '-').map(bare).collect();
    let together = words.iter().find(|word| {
        let unit = word.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ','));
        unit.len() < word.len() && UNITS.contains(&unit)
    });
    let apart = words
        .iter()
        .zip(words.iter().skip(1))
        .find(|(number, unit)| is_number(number) && UNITS.contains(&unit.as_str()));
    together.cloned().or_else(|| apart.map(|(number, unit)| format!("{number} {unit}")))
}

#[test]
fn no_wording_of_a_built_in_scheme_carries_a_technical_value() {
    for (text, found) in [
        ("Waits 5 min before measuring.", Some("5 min")),
        ("Tightens it to 25Nm.", Some("25Nm")),
        ("At most 1,5 V remain.", Some("1,5 V")),
        ("A 10-minutes wait", Some("10 minutes")),
        ("Below 60 °C", Some("60 °C")),
        ("SFS 6002 appendices Y and U, level 3, CAT III", None),
    ] {
        assert_eq!(technical_value(text).as_deref(), found, "{text}");
    }
    for pair in built_in() {
        let json = pair.json();
        let tags = json["languages"].as_array().unwrap().iter();
        let languages = tags.map(|language| language["tag"].as_str().unwrap().to_owned()).collect();
        let mut found = Vec::new();
        wordings(&json, "", &languages, &mut found);
        assert!(50 < found.len(), "{}: {} wordings", pair.name, found.len());
        for (path, wording) in found {
            assert_eq!(technical_value(&wording), None, "{}{path}: {wording}", pair.name);
        }
    }
}

/// How many sources there are; none may be empty.
fn count_sources(value: &serde_json::Value, path: &str) -> usize {
    match value {
        serde_json::Value::Object(fields) => {
            let own =
                fields.iter().filter(|(key, value)| key.ends_with("source") && !value.is_null()).map(|(key, value)| {
                    let source = value.as_str().unwrap_or_else(|| panic!("{path}.{key} is a text"));
                    assert!(3 < source.trim().len(), "{path}.{key} says where the demand comes from");
                    1
                });
            let own: usize = own.sum();
            own + fields.iter().map(|(key, value)| count_sources(value, &format!("{path}.{key}"))).sum::<usize>()
        }
        serde_json::Value::Array(items) => {
            (0..).zip(items).map(|(index, item): (usize, _)| count_sources(item, &format!("{path}[{index}]"))).sum()
        }
        serde_json::Value::Null
        | serde_json::Value::Bool(_)
        | serde_json::Value::Number(_)
        | serde_json::Value::String(_) => 0,
    }
}

#[test]
fn every_demand_says_where_it_comes_from() {
    for pair in all() {
        let criteria = parse_scheme(&pair.document, &pair.values, None).unwrap().criteria().count();
        assert!(criteria < count_sources(&pair.json(), &pair.name), "{}", pair.name);
        let (before, rest) = pair.document.split_once("\"source\": \"").unwrap();
        let (_, behind) = rest.split_once('"').unwrap();
        let problems = check_scheme(&format!("{before}\"source\": \" \"{behind}"), None);
        assert!(problems.iter().any(|problem| problem.path.ends_with("source")), "{}: {problems:?}", pair.name);
    }
}

fn in_language(world: &TestWorld, pair: (&str, &str), language: &str) -> Result<SessionState, Error> {
    world.app.open_session(&NewSession { language: Some(language.to_owned()), ..world.new_session(pair) })
}

#[test]
fn a_draft_language_serves_the_demonstration_and_the_record_keeps_it() {
    let world = TestWorld::planned("schemes-draft", &Plan::of(&[HV_ISOLATION]));
    world.unlock();
    let state = in_language(&world, HV_ISOLATION, "fi").unwrap();
    let id = state.row.id;
    assert_eq!((state.row.language.as_str(), state.scheme.language.as_str()), ("fi", "fi"));
    let finnish = parse_scheme(HV_ISOLATION.0, HV_ISOLATION.1, Some("fi")).unwrap();
    assert_eq!(state.scheme, finnish);
    assert_ne!(finnish.title, parse_scheme(HV_ISOLATION.0, HV_ISOLATION.1, None).unwrap().title);
    world.app.save_gate(id, &fieldproof_testkit::full_gate()).unwrap();
    world.app.start_exercise(id).unwrap();
    world.score_everything(id, 6);
    let sealed = world.finish(id).sealed.unwrap();
    assert_eq!(sealed.record.language, "fi");
    assert_eq!(sealed.record.purpose, Purpose::Demonstration);
    assert!(matches!(in_language(&world, HV_ISOLATION, "sv"), Err(Error::Scheme(SchemeError::Language { .. }))));
}

#[test]
fn what_counts_is_refused_in_a_draft_language_and_in_a_reviewed_one_with_a_draft_wording() {
    let real = |seed: &str, document: &str| {
        let plan = Plan { purpose: Purpose::Real, ..Plan::of(&[(document, HV_ISOLATION.1)]) };
        let world = TestWorld::planned(seed, &plan);
        world.unlock();
        world
    };
    let is_draft =
        |result: Result<SessionState, Error>| matches!(result, Err(Error::NotAllowed(NotAllowed::DraftLanguage)));
    let world = real("schemes-real", HV_ISOLATION.0);
    for language in ["fi", "pt"] {
        assert!(is_draft(in_language(&world, HV_ISOLATION, language)), "{language}");
    }
    assert_eq!(world.app.home().unwrap().sessions.len(), 0);
    let state = in_language(&world, HV_ISOLATION, "en").unwrap();
    assert_eq!((state.purpose, state.row.language.as_str()), (Purpose::Real, "en"));
    world.app.open_session(&world.new_session(HV_ISOLATION)).unwrap();

    let draft = r#""tag": "fi", "review": "draft""#;
    let reviewed = edited(HV_ISOLATION.0, draft, r#""tag": "fi", "review": "reviewed""#);
    let world = real("schemes-reviewed", &reviewed);
    assert_eq!(in_language(&world, (&reviewed, HV_ISOLATION.1), "fi").unwrap().row.language, "fi");

    let title = parse_scheme(&reviewed, HV_ISOLATION.1, Some("fi")).unwrap().title;
    let instead = format!(r#""fi": {{ "text": "{title}", "review": "draft" }}"#);
    let one_draft = edited(&reviewed, &format!(r#""fi": "{title}""#), &instead);
    let world = real("schemes-one-draft", &one_draft);
    assert!(is_draft(in_language(&world, (&one_draft, HV_ISOLATION.1), "fi")), "one draft wording is enough");
}

#[test]
fn a_session_keeps_its_wording_and_values_when_the_pack_gets_another_version() {
    let world = TestWorld::planned("schemes-frozen", &Plan::of(&[HV_ISOLATION]));
    world.unlock();
    let id = world.start_session();
    let before = world.app.session(id).unwrap();
    world.app.lock();

    let wording = "The area is marked off and signed.";
    let document = edited(HV_ISOLATION.0, "\"version\": \"2\"", "\"version\": \"3\"");
    let document = edited(&document, wording, "The area is marked off, and nobody enters it.");
    let values = edited(HV_ISOLATION.1, "\"scheme_version\": \"2\"", "\"scheme_version\": \"3\"");
    let values = edited(&values, "\"minimum\": 8000", "\"minimum\": 9000");
    let signed = sign_scheme(&document, &values, Purpose::Demonstration, world.institution.issuing()).unwrap();
    let store = Store::open(&world.laptop(), &store_key("schemes-frozen")).unwrap();
    store.write(|tx| tx.set_scheme(before.scheme.id, &signed)).unwrap();
    drop(store);

    world.unlock();
    let after = world.app.session(id).unwrap();
    assert_eq!(after.scheme, before.scheme, "wording and values of the session stay");
    assert_eq!(after.row.scheme, before.row.scheme);
    assert_eq!(world.app.scheme(before.scheme.id, "en").unwrap().version, "3", "the pack has the other");
    world.score_everything(id, 6);
    let sealed = world.finish(id).sealed.unwrap();
    assert_eq!(sealed.record.scheme, digest_of(&before.row.scheme));
    let file = RecordFile::parse(&sealed.row.file).unwrap();
    let part = file.part(PartKind::Scheme).unwrap().unwrap();
    let sealed_scheme = part.as_bytes().unwrap();
    assert_eq!(sealed_scheme, &before.row.scheme);
    let (scheme, _) = parse_signed_scheme(sealed_scheme, Some(sealed.record.language.as_str())).unwrap();
    assert_eq!(scheme, before.scheme);
    assert!(scheme.gate.ticks.iter().any(|tick| tick.text == wording));

    let next = world.app.open_session(&world.new_session(HV_ISOLATION)).unwrap();
    assert_eq!(next.scheme.version, "3", "the next session is opened under it");
    assert!(next.scheme.gate.ticks.iter().all(|tick| tick.text != wording));
}
