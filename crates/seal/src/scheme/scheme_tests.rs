//! Reading, signing, languages, limits.

use std::{collections::BTreeMap, fs, path::Path};

use fieldproof_model::{
    person::Role,
    scheme::{CriterionId, CriterionKind, Language, PartId, Review, RuleId, lint::lint},
};
use serde_json::Value;

use super::*;

pub(super) const DOCUMENT: &str = include_str!("sample.json");
pub(super) const VALUES: &str = include_str!("sample.values.json");

fn key() -> SecretKey {
    SecretKey::new(&[7; 32])
}

#[test]
fn the_sample_is_read_whole() {
    assert_eq!(check_scheme(DOCUMENT, Some(VALUES)), []);
    assert_eq!(check_scheme(DOCUMENT, None), []);
    let scheme = parse_scheme(DOCUMENT, VALUES, None).unwrap();
    let kinds: Vec<_> = scheme.criteria().map(|(_, criterion)| std::mem::discriminant(&criterion.kind)).collect();
    let all = [
        CriterionKind::Observed,
        CriterionKind::Proof,
        CriterionKind::Rubric { levels: Vec::new() },
        CriterionKind::Measurement { unit: String::new(), names_instrument: false },
        CriterionKind::Choice { options: Vec::new(), right: Vec::new() },
        CriterionKind::Count { unit: String::new() },
        CriterionKind::Timed,
        CriterionKind::Oral { points: Vec::new(), prompts: Vec::new() },
        CriterionKind::Text,
    ];
    assert!(all.iter().all(|kind| kinds.contains(&std::mem::discriminant(kind))), "every kind stands in the sample");
    assert_eq!((scheme.parts.len(), scheme.order.len(), scheme.voids.len()), (3, 2, 1));
    assert_eq!(scheme.values.waits[&RuleId::new("W1".to_owned())], 5);
    assert_eq!(scheme.values.parts[&PartId::new("practice".to_owned())].within_days, Some(30));
    assert_eq!(scheme.values.limits[&CriterionId::new("T2.1.c".to_owned())].max, Some(4));
    assert_eq!(scheme.people.separate, [(Role::Trainer, Role::Assessor)]);
    assert!(scheme.is_critical(&CriterionId::new("T1.2.a".to_owned())));
}

#[test]
fn a_scheme_speaks_one_language_and_knows_how_far_each_was_checked() {
    let english = parse_scheme(DOCUMENT, VALUES, None).unwrap();
    let swedish = parse_scheme(DOCUMENT, VALUES, Some("sv")).unwrap();
    assert_eq!((english.language.as_str(), english.title.as_str()), ("en", "Sample of the format"));
    assert_eq!((swedish.language.as_str(), swedish.title.as_str()), ("sv", "Prov på formatet"));
    assert!(english.language_counts() && !swedish.language_counts());
    let review = |document: &str, tag: &str| {
        let languages = parse_scheme(document, VALUES, None).unwrap().languages;
        languages.into_iter().find(|language: &Language| language.tag == tag).unwrap().review
    };
    assert_eq!((review(DOCUMENT, "en"), review(DOCUMENT, "sv")), (Review::Original, Review::Draft));
    let reviewed = DOCUMENT.replacen("\"review\": \"draft\"", "\"review\": \"reviewed\"", 1);
    assert_eq!(review(&reviewed, "sv"), Review::Reviewed, "where every wording is reviewed");
    let one = reviewed.replacen("\"review\": \"reviewed\"\n", "\"review\": \"draft\"\n", 1);
    assert_eq!(review(&one, "sv"), Review::Draft, "as weak as its weakest wording");
    let missing = parse_scheme(DOCUMENT, VALUES, Some("fi")).unwrap_err().to_string();
    assert_eq!(missing, "the scheme has no language \"fi\"; it has en, sv");
}

#[test]
fn what_was_signed_is_read_again_and_nothing_wrong_is_signed() {
    let signed = sign_scheme(DOCUMENT, VALUES, Purpose::Demonstration, &key()).unwrap();
    let (scheme, unverified) = parse_signed_scheme(&signed, Some("sv")).unwrap();
    assert_eq!(scheme, parse_scheme(DOCUMENT, VALUES, Some("sv")).unwrap());
    assert_eq!(unverified.verify(&key().public()), Ok(()));
    let mut fields = unverified.unverified_fields().unwrap();
    let texts = [2, 3, 4].map(|field| fields.text(field).unwrap());
    assert_eq!(texts, [DOCUMENT, VALUES, "en"], "both exactly as given, and the original language");
    assert_eq!(parse_scheme_id(&signed).unwrap().0, Some(scheme.id));
    let broken = VALUES.replace("\"W1\": 5", "\"W2\": 5");
    let error = sign_scheme(DOCUMENT, &broken, Purpose::Demonstration, &key()).unwrap_err();
    let SchemeError::Problems(problems) = &error else { panic!("{error}") };
    assert_eq!(problems.len(), 2, "{problems:?}");
    let said = error.to_string();
    assert!(said.starts_with("values document, line 21, waits: the value of wait \"W1\" is missing — "), "{said}");
    assert!(said.ends_with("(and 1 more problem)"), "{said}");
}

/// Every text in one language, line, id and reference of a document, with how often it stands there.
fn strings(value: &Value, found: &mut BTreeMap<String, usize>) {
    // Words become values, and identifiers are written without quotes.
    const WORDS: [&str; 18] = [
        "sv",
        "review",
        "superseded_on",
        "tag",
        "kind",
        "mode",
        "participation",
        "supervision",
        "stackability",
        "course_facts",
        "second_person",
        "separate",
        "need",
        "section",
        "object_states",
        "consequence",
        "assessor_evidence",
        "scheme",
    ];
    let mut note = |text: &str| *found.entry(format!("{text:?}")).or_default() += 1;
    match value {
        Value::String(text) => note(text),
        Value::Array(items) => items.iter().for_each(|item| strings(item, found)),
        Value::Object(fields) => {
            for (name, inside) in fields.iter().filter(|(name, _)| !WORDS.contains(&name.as_str())) {
                strings(inside, found);
                if ["parts", "waits", "met_from", "limits"].contains(&name.as_str()) {
                    inside.as_object().into_iter().flatten().for_each(|(id, _)| {
                        *found.entry(format!("{id:?}")).or_default() += 1;
                    });
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[test]
fn nothing_is_lost_on_the_way_to_the_model() {
    let mut expected = BTreeMap::new();
    for text in [DOCUMENT, VALUES] {
        let mut whole: Value = serde_json::from_str(text).unwrap();
        let fields = whole.as_object_mut().unwrap();
        // Said once in the model, or as values.
        for name in ["scheme_version", "completion", "label", "combination"] {
            fields.remove(name);
        }
        if fields.contains_key("designer") {
            fields.remove("id");
        }
        strings(&whole, &mut expected);
    }
    assert!(60 < expected.len(), "there is something to lose");
    let scheme = format!("{:?}", parse_scheme(DOCUMENT, VALUES, None).unwrap());
    for (text, count) in expected {
        assert_eq!(scheme.matches(&text).count(), count, "{text}");
    }
    for number in [
        "contact_minutes_theory: Some(480)",
        "workload_minutes: Some(1500)",
        "hundredths: 100",
        "eqf_level: Some(4)",
        "dc_volts: 1500, ac_volts: 1000",
        "seconds: 3600",
        "basis_points: 3500",
        "kind: Photo, count: 2",
        "names_instrument: true",
        "years: 2",
        "activity_years: Some(2)",
        "refresher_minutes: Some(240)",
        "term: Some(Years(3)), blocks: true",
        "suitability_review_months: Some(12)",
        "term: Some(Months(18))",
        "weight: 5000, minimum: 6000, time_limit_seconds: None, within_days: Some(30)",
        "total_minimum: 6000",
        "time_limit_seconds: Some(1800)",
        "borderline_band: 200",
        "attempts: Some(2)",
        "confirm_by_days: 30",
        "retention_days: Some(400)",
        "min: Some(2), max: Some(4)",
        "critical_needs_unaided: true",
        "superseded_on: Some(Date(22280))",
        "criterion: CriterionId(\"T2.1.a\"), after: CriterionId(\"T1.2.a\")",
        "after: CriterionId(\"T1.1.b\"), before: CriterionId(\"T1.2.a\")",
        "from: CriterionId(\"T1.1.b\"), until: CriterionId(\"T1.2.a\")",
        "criterion: CriterionId(\"T2.2.a\"), voids: [CriterionId(\"T1.2.a\")]",
    ] {
        assert!(scheme.contains(number), "{number} in {scheme}");
    }
}

/// The documents of a folder that have values beside them.
fn documents(folder: &str) -> Vec<(String, String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(folder);
    let names = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> =
        names.filter_map(|name| name.strip_suffix(".values.json").map(str::to_owned)).collect();
    names.sort();
    let read = |name: String| fs::read_to_string(folder.join(name)).unwrap();
    names.into_iter().map(|name| (read(format!("{name}.json")), read(format!("{name}.values.json")), name)).collect()
}

#[test]
fn the_built_in_schemes_have_no_problem_in_any_language() {
    let built_in = documents("assets/schemes");
    let all = [built_in.clone(), documents("tests/schemes")].concat();
    assert!(3 <= built_in.len() && built_in.len() < all.len(), "they are there");
    for (document, values, name) in &all {
        assert_eq!(check_scheme(document, Some(values)), [], "{name}");
        let scheme = parse_scheme(document, values, None).unwrap();
        for language in &scheme.languages {
            let spoken = parse_scheme(document, values, Some(&language.tag)).unwrap();
            assert_eq!((spoken.language, spoken.id), (language.tag.clone(), scheme.id), "{name}");
        }
    }
    for (document, values, name) in &built_in {
        assert_eq!(lint(&parse_scheme(document, values, None).unwrap()), [], "{name}");
    }
}
