//! The JSON Schemas beside the schemes name the fields, the words and the limits that are read here, and no others.

use std::collections::{BTreeMap, BTreeSet};

use fieldproof_model::{
    course::CourseFact,
    gate::ExerciseState,
    person::Role,
    scheme::{
        Combination, Completion, Consequence, EvidenceKind, Label, Mode, Need, PartKind, Participation, Review,
        SecondPersonPolicy, SecondPersonProof, Stackability, Supervision, TickSection,
    },
};
use serde_json::Value;

use super::{
    check::{
        TEXT_LIMIT,
        names::{CRITERIA_LIMIT, ID_LIMIT},
        texts::LANGUAGE_LIMIT,
        whole::VERSION_LIMIT,
    },
    scheme_tests::{DOCUMENT, VALUES},
    words::{Kind, Words},
};

const SCHEME_SCHEMA: &str = include_str!("../../../../assets/schemes/scheme.schema.json");
const VALUES_SCHEMA: &str = include_str!("../../../../assets/schemes/values.schema.json");

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// What a reference names.
fn at<'s>(schema: &'s Value, name: &str) -> &'s Value {
    let found = name.strip_prefix('#').and_then(|pointer| schema.pointer(pointer));
    found.unwrap_or_else(|| panic!("{name} is defined"))
}

/// Follows references, and of several forms takes the one of an object where an object stands.
fn resolved<'s>(schema: &'s Value, node: &'s Value, instance: &Value) -> (String, &'s Value) {
    let forms: Vec<&Value> = match node.get("anyOf").filter(|_| node.get("properties").is_none()) {
        Some(forms) => forms.as_array().unwrap().iter().collect(),
        None => vec![node],
    };
    let found = forms.into_iter().map(|form| match form.get("$ref") {
        Some(name) => {
            let name = name.as_str().unwrap();
            (name.to_owned(), at(schema, name))
        }
        None => (String::new(), form),
    });
    let mut fits = found.filter(|(_, form)| instance.is_object() == (form["type"] == "object"));
    fits.next().unwrap_or_else(|| panic!("{node} has a form for {instance}"))
}

/// Notes for each kind of object which fields stand in the sample.
fn walk(schema: &Value, node: &Value, instance: &Value, seen: &mut BTreeMap<String, BTreeSet<String>>) {
    match instance {
        Value::Array(items) => {
            assert_eq!(node["type"], "array", "{instance}");
            items.iter().for_each(|item| walk(schema, &node["items"], item, seen));
        }
        Value::Object(fields) => {
            let (name, form) = if node.get("$schema").is_some() {
                ("root".to_owned(), node)
            } else {
                resolved(schema, node, instance)
            };
            for (field, inside) in fields {
                let inner = form["properties"].get(field).unwrap_or(&form["additionalProperties"]);
                assert!(inner.is_object(), "{name} has no {field}");
                walk(schema, inner, inside, seen);
                if form.get("properties").is_some() {
                    seen.entry(name.clone()).or_default().insert(field.clone());
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn the_schemas_have_exactly_the_fields_that_are_read() {
    // The sample has every field, and is read; one field more is refused.
    for (schema, instance) in [(SCHEME_SCHEMA, DOCUMENT), (VALUES_SCHEMA, VALUES)] {
        let (schema, mut seen) = (json(schema), BTreeMap::new());
        walk(&schema, &schema, &json(instance), &mut seen);
        // A term has one of its three fields at a time.
        seen.remove("#/$defs/term");
        let defined = schema["$defs"].as_object().unwrap().iter();
        let defined = defined.filter(|(name, node)| *name != "term" && node.get("properties").is_some());
        let mut kinds: BTreeSet<String> = defined.map(|(name, _)| format!("#/$defs/{name}")).collect();
        kinds.insert("root".to_owned());
        assert_eq!(seen.keys().cloned().collect::<BTreeSet<_>>(), kinds, "every kind of object is in the sample");
        for (name, fields) in seen {
            let node = if name == "root" { &schema } else { at(&schema, &name) };
            let named: BTreeSet<String> = node["properties"].as_object().unwrap().keys().cloned().collect();
            assert_eq!(named, fields, "{name}");
            assert_eq!(node["additionalProperties"], false, "{name}");
            let further = ["levels", "unit", "instrument", "options", "right", "points", "prompts"];
            let required: BTreeSet<String> =
                node["required"].as_array().unwrap().iter().map(|field| field.as_str().unwrap().to_owned()).collect();
            let expected = fields.into_iter().filter(|f| name != "#/$defs/criterion" || !further.contains(&f.as_str()));
            assert_eq!(required, expected.collect(), "{name}: every field must be there");
        }
    }
    let term: Vec<_> =
        json(SCHEME_SCHEMA)["$defs"]["term"]["properties"].as_object().unwrap().keys().cloned().collect();
    assert_eq!(term, ["days", "months", "years"]);
}

fn words<T: Words>() -> Value {
    T::WORDS.iter().map(|(word, _)| *word).collect()
}

#[test]
fn the_schema_has_exactly_the_words_that_are_read() {
    let schema = json(SCHEME_SCHEMA);
    for (pointer, words) in [
        ("/properties/completion", words::<Completion>()),
        ("/properties/label", words::<Label>()),
        ("/properties/course_facts/items", words::<CourseFact>()),
        ("/properties/combination", words::<Combination>()),
        ("/$defs/review", words::<Review>()),
        ("/$defs/meaning/properties/participation", words::<Participation>()),
        ("/$defs/meaning/properties/supervision", words::<Supervision>()),
        ("/$defs/meaning/properties/stackability", words::<Stackability>()),
        ("/$defs/people/properties/second_person", words::<SecondPersonPolicy>()),
        ("/$defs/role", words::<Role>()),
        ("/$defs/need", words::<Need>()),
        ("/$defs/gate/properties/second_person/items", words::<SecondPersonProof>()),
        ("/$defs/tick/properties/section", words::<TickSection>()),
        ("/$defs/part/properties/kind", words::<PartKind>()),
        ("/$defs/part/properties/mode", words::<Mode>()),
        ("/$defs/part/properties/object_states/items", words::<ExerciseState>()),
        ("/$defs/criterion/properties/kind", words::<Kind>()),
        ("/$defs/evidence/properties/kind", words::<EvidenceKind>()),
        ("/$defs/consequence", words::<Consequence>()),
    ] {
        assert_eq!(schema.pointer(pointer).unwrap()["enum"], words, "{pointer}");
    }
}

#[test]
fn the_schemas_have_the_limits_that_are_checked() {
    for schema in [SCHEME_SCHEMA, VALUES_SCHEMA].map(json) {
        assert_eq!(schema["$defs"]["line"]["maxLength"], TEXT_LIMIT);
        assert_eq!(schema["$defs"]["id"]["pattern"], format!("^[A-Za-z0-9._-]{{1,{ID_LIMIT}}}$"));
        assert_eq!(schema["properties"]["format"]["const"], 1);
    }
    let schema = json(SCHEME_SCHEMA);
    assert_eq!(schema["properties"]["languages"]["maxItems"], LANGUAGE_LIMIT);
    assert_eq!(schema["properties"]["version"]["maxLength"], VERSION_LIMIT);
    assert_eq!(schema["$defs"]["step"]["properties"]["criteria"]["maxItems"], CRITERIA_LIMIT);
}
