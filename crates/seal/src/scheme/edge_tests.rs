//! Both sides of every limit that is checked, and every text, line and id of the sample looked at.

use serde_json::Value;

use super::{
    problem_tests::broken,
    scheme_tests::{DOCUMENT, VALUES},
    *,
};

/// Whether a problem of these words stands at that path of a document.
fn has(document: &str, path: &str, words: &str) -> bool {
    check_scheme(document, None).iter().any(|problem| problem.path == path && problem.what.contains(words))
}

#[test]
fn a_uri_is_whole_and_nothing_else_is_one() {
    let of = |length: usize| format!("a:{}", "b".repeat(length - 2));
    let (just, long) = (of(400), of(401));
    let table = [
        ("http://data.europa.eu/esco/skill/sample", true),
        ("urn:sample", true),
        ("a+b-c.1:x", true),
        (just.as_str(), true),
        (long.as_str(), false),
        ("", false),
        ("sample", false),
        (":sample", false),
        ("http:", false),
        ("1a:sample", false),
        ("+a:sample", false),
        ("a_b:sample", false),
        ("ä:sample", false),
        ("a:two words", false),
        ("a:\u{a0}", false),
        ("a:\u{7}", false),
    ];
    for (uri, is_one) in table {
        let document = broken(DOCUMENT, "/outcomes/1/esco", &Value::from(uri).to_string());
        assert_eq!(has(&document, "outcomes[1].esco", "is no URI"), !is_one, "{uri:?}");
    }
}

#[test]
fn a_language_is_a_tag_of_lower_case_letters_and_what_follows_hyphens() {
    let table = [
        ("fi", true),
        ("fil", true),
        ("pt-BR", true),
        ("zh-Hant", true),
        ("aa-12345678-12345678", true),
        ("aaa-12345678-12345678", false),
        ("", false),
        ("f", false),
        ("finn", false),
        ("FI", false),
        ("f1", false),
        ("pt-", false),
        ("pt-B", false),
        ("pt-123456789", false),
        ("pt-B_R", false),
        ("pt_BR", false),
    ];
    for (tag, is_one) in table {
        let document = broken(DOCUMENT, "/languages/1/tag", &Value::from(tag).to_string());
        assert_eq!(has(&document, "languages[1].tag", "is no language"), !is_one, "{tag:?}");
    }
}

#[test]
fn roles_are_kept_apart_once_whichever_way_round_they_are_named() {
    let pairs = |pairs: &str| broken(DOCUMENT, "/people/separate", pairs);
    let twice = |pairs: &str| has(pairs, "people.separate[1]", "stands twice");
    for same in [r#"["trainer", "assessor"]"#, r#"["assessor", "trainer"]"#] {
        assert!(twice(&pairs(&format!(r#"[["trainer", "assessor"], {same}]"#))), "{same}");
    }
    for other in [r#"["trainer", "moderator"]"#, r#"["moderator", "assessor"]"#] {
        assert_eq!(check_scheme(&pairs(&format!(r#"[["trainer", "assessor"], {other}]"#)), None), [], "{other}");
    }
}

#[test]
fn a_hundred_years_are_the_longest_term() {
    for (unit, most) in [("years", 100), ("months", 1_200), ("days", 36_525)] {
        for (count, is_too_long) in [(1, false), (most, false), (most + 1, true)] {
            let pointer = "/validity/complementary/0/term";
            let document = broken(DOCUMENT, pointer, &format!(r#"{{"{unit}": {count}}}"#));
            let path = format!("validity.complementary[0].term.{unit}");
            assert_eq!(has(&document, &path, "longer than a hundred years"), is_too_long, "{count} {unit}");
        }
    }
}

#[test]
fn title_version_and_unit_fill_the_symbol_and_no_more() {
    // Two bytes for each letter: the symbol counts bytes.
    for (letters, unit, is_too_long) in [(23, "a", false), (23, "ab", true), (24, "", true), (12, "a", false)] {
        let titled = broken(DOCUMENT, "/short_title/sv", &format!("\"{}\"", "ä".repeat(letters)));
        let unit = if unit.is_empty() { "null".to_owned() } else { format!("\"{unit}\"") };
        let found = check_scheme(&broken(&titled, "/unit", &unit), None);
        let paths: Vec<_> = found.iter().map(|problem| problem.path.as_str()).collect();
        let expected: &[&str] = if is_too_long { &["short_title.sv"] } else { &[] };
        assert_eq!(paths, expected, "{letters} letters, unit {unit}: {found:?}");
        assert!(found.iter().all(|problem| problem.what.contains("49 bytes of the symbol's 48")), "{found:?}");
    }
}

#[test]
fn a_part_may_weigh_the_whole() {
    let alone = broken(DOCUMENT, "/parts/0/weight_at_least", "null");
    let weighs = |points: &str| check_scheme(&broken(&alone, "/parts/1/weight_at_least/basis_points", points), None);
    assert_eq!(weighs("10000"), []);
    let path = "parts[1].weight_at_least.basis_points";
    assert!(weighs("10001").iter().any(|problem| problem.path == path && problem.what.contains("more than the whole")));
}

#[test]
fn only_rules_within_a_circle_are_called_a_circle() {
    let mut whole: Value = serde_json::from_str(DOCUMENT).unwrap();
    let order = whole["order"].as_array_mut().unwrap();
    let rule = |id: &str, criterion: &str, after: &str| {
        let mut rule = order[0].clone();
        for (name, value) in [("id", id), ("criterion", criterion), ("after", after)] {
            rule[name] = Value::from(value);
        }
        rule
    };
    *order = vec![
        rule("in", "T1.2.a", "T1.1.b"),
        rule("there", "T2.1.a", "T1.2.a"),
        rule("back", "T1.2.a", "T2.1.a"),
        rule("out", "T2.1.b", "T2.1.a"),
    ];
    let found = check_scheme(&whole.to_string(), None);
    let paths: Vec<_> = found.iter().map(|problem| problem.path.as_str()).collect();
    assert_eq!(paths, ["order[1]", "order[2]"], "{found:?}");
}

#[test]
fn a_document_of_the_largest_size_is_read_and_one_byte_more_is_not() {
    let of = |size: usize| format!("{DOCUMENT}{}", " ".repeat(size - DOCUMENT.len()));
    assert_eq!(check_scheme(&of(524_288), None), []);
    let found = check_scheme(&of(524_289), None);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].what, "it has 524289 bytes; 524288 are the most");
}

#[test]
fn a_text_that_is_no_object_is_told_what_it_should_be() {
    assert!(has(&broken(DOCUMENT, "/title", "7"), "title", "invalid type: integer `7`, expected an object"));
}

#[test]
fn a_problem_names_the_character_of_its_line() {
    let place = |document: &str| {
        let found = check_scheme(document, None);
        assert_eq!(found.len(), 1, "{found:?}");
        (found[0].line, found[0].column)
    };
    let level = "\"eqf_level\": 4";
    let line = DOCUMENT.lines().position(|line| line.contains(level)).unwrap() + 1;
    assert_eq!(place(&DOCUMENT.replacen(level, "\"eqf_level\": 9", 1)), (line, 5));
    let before = "\"credits\": {\"system\": \"sample credits\", \"hundredths\": 100},\n    ";
    assert!(DOCUMENT.contains(&format!("{before}{level}")), "one stands behind the other in the sample");
    let beside =
        DOCUMENT.replacen(&format!("{before}{level}"), "\"credits\": null, \"towards\": [\"ää\"], \"eqf_level\": 9", 1);
    let beside = beside.replacen("    \"towards\": [\"Sample programme\"],\n", "", 1);
    assert_eq!(place(&beside), (line - 1, 41), "characters are counted, not bytes");
}

#[test]
fn a_hundred_problems_are_listed_and_the_rest_is_counted() {
    let with = |count: usize| {
        let unknown: Vec<_> = (0..count).map(|number| format!("N{number}")).collect();
        check_scheme(DOCUMENT, Some(&broken(VALUES, "/critical", &Value::from(unknown).to_string())))
    };
    assert!(with(100).iter().all(|problem| problem.what.contains("is no criterion")));
    assert_eq!(with(100).len(), 100);
    let found = with(103);
    assert_eq!(found.len(), 101);
    let last = found.last().unwrap();
    assert_eq!((last.what.as_str(), last.path.as_str()), ("3 further problems are not listed", ""));
    assert_eq!((last.which, last.line, last.column), (Which::Document, 1, 1));
}

#[test]
fn lists_of_words_arrive_in_the_model() {
    use fieldproof_model::{course::CourseFact, gate::ExerciseState, scheme::SecondPersonProof};
    let scheme = parse_scheme(DOCUMENT, VALUES, None).unwrap();
    assert_eq!(scheme.course_facts, [CourseFact::Dates, CourseFact::TheoryHours, CourseFact::Trainer]);
    assert_eq!(scheme.gate.second_person.first(), Some(&SecondPersonProof::Instructed));
    assert_eq!(scheme.gate.second_person.len(), 5);
    assert_eq!(scheme.parts[1].object_states, [ExerciseState::MadeDead, ExerciseState::NeverEnergised]);
}

/// Names under which a document holds a line.
const LINES: [&str; 12] = [
    "designer",
    "edition",
    "framework",
    "level",
    "mode_source",
    "source",
    "superseded_by",
    "system",
    "title",
    "towards",
    "unit",
    "work",
];

/// Every text, line and id below a value: where it stands, what stands there instead, and the path and words expected.
fn look(value: &Value, name: &str, pointer: &str, path: &str, found: &mut Vec<[String; 4]>) {
    let mut note = |pointer: &str, instead: &str, path: &str, words: &str| {
        found.push([pointer, instead, path, words].map(str::to_owned));
    };
    match value {
        Value::String(_) if LINES.contains(&name) => note(pointer, "\" \"", path, "it is empty"),
        Value::String(_) if name == "id" && path != "id" => note(pointer, "\"a b\"", path, "is no id"),
        Value::Object(fields) if fields.contains_key("sv") => {
            note(&format!("{pointer}/sv"), "-", path, "no wording in language \"sv\"");
        }
        Value::Object(fields) => {
            for (name, inside) in fields {
                let dot = if path.is_empty() { "" } else { "." };
                look(inside, name, &format!("{pointer}/{name}"), &format!("{path}{dot}{name}"), found);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                look(item, name, &format!("{pointer}/{index}"), &format!("{path}[{index}]"), found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn every_text_line_and_id_is_looked_at() {
    let whole: Value = serde_json::from_str(DOCUMENT).unwrap();
    let mut cases = Vec::new();
    look(&whole, "", "", "", &mut cases);
    for [pointer, instead, path, words] in &cases {
        assert!(has(&broken(DOCUMENT, pointer, instead), path, words), "{pointer} → {instead}: {path}: {words}");
    }
    assert!(100 < cases.len(), "{}", cases.len());
    for path in ["meaning.further", "gate.ticks[0].text", "validity.lapse.work[0]", "parts[1].tasks[0].steps[0].note"] {
        assert!(cases.iter().any(|case| case[2] == path), "{path} stands in the sample");
    }
}
