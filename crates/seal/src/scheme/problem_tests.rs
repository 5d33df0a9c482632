//! One case for each check: one thing of the sample is broken, and the problem names it by path, line and words.

use serde_json::Value;

use super::{
    scheme_tests::{DOCUMENT, VALUES},
    *,
};

/// Where, what stands there instead (`-`: nothing), and the path and words of the problem.
type Case<'a> = (&'a str, &'a str, &'a str, &'a str);

/// The text with one thing of it broken; one line for each value.
pub(super) fn broken(text: &str, pointer: &str, instead: &str) -> String {
    let mut whole: Value = serde_json::from_str(text).unwrap();
    let (above, last) = pointer.rsplit_once('/').unwrap();
    let above = whole.pointer_mut(above).unwrap_or_else(|| panic!("{pointer} is in the sample"));
    let instead = (instead != "-").then(|| serde_json::from_str(instead).unwrap());
    match (above, instead) {
        (Value::Object(map), Some(value)) => drop(map.insert(last.to_owned(), value)),
        (Value::Object(map), None) => assert!(map.remove(last).is_some(), "{pointer} is in the sample"),
        (Value::Array(list), Some(value)) => list[last.parse::<usize>().unwrap()] = value,
        (above, instead) => panic!("{above} cannot take {instead:?}"),
    }
    serde_json::to_string_pretty(&whole).unwrap()
}

fn holds(which: Which, (pointer, instead, path, words): Case<'_>) {
    let (document, values) = match which {
        Which::Document => (broken(DOCUMENT, pointer, instead), VALUES.to_owned()),
        Which::Values => (DOCUMENT.to_owned(), broken(VALUES, pointer, instead)),
    };
    let problems = check_scheme(&document, Some(&values));
    let is_it = |problem: &&Problem| problem.path == path && problem.what.contains(words);
    let Some(problem) = problems.iter().find(is_it) else {
        panic!("{pointer} → {instead}: expected {path}: {words}, found {problems:#?}");
    };
    let text = if problem.which == Which::Document { &document } else { &values };
    let line = text.lines().nth(problem.line - 1).unwrap();
    if let Some((_, last)) = problem.path.rsplit_once('.') {
        let is_name = !last.ends_with(']');
        assert!(!is_name || line.contains(&format!("\"{last}\": ")), "{path} is not on line {}: {line}", problem.line);
    }
    assert!(!problem.remedy.is_empty(), "{path}: what to do about it");
    assert!(matches!(parse_scheme(&document, &values, None), Err(SchemeError::Problems(found)) if found == problems));
}

#[test]
fn shape() {
    let table: &[Case<'_>] = &[
        ("/format", "9", "format", "format 9 is not read here"),
        ("/titel", "{}", "titel", "unknown field `titel`"),
        ("/title", "-", "", "missing field `title`"),
        ("/designer", "-", "", "missing field `designer`"),
        ("/legal_basis/0/superseded_by", "-", "legal_basis[0]", "missing field `superseded_by`"),
        ("/safety_critical", "\"yes\"", "safety_critical", "expected a boolean"),
        ("/id", "\"5A3B1E0C9D7F4A2E8C6B0D1F3E5A7C9B\"", "id", "32 lower-case"),
        ("/id", "\"5a\"", "id", "32 lower-case"),
        ("/label", "\"badge\"", "label", "unknown word \"badge\", expected one of `certificate`"),
        ("/legal_basis/0/superseded_on", "\"2031-02-30\"", "legal_basis[0].superseded_on", "is not a day"),
        ("/gate/object_limits/dc_volts", "1.5", "gate.object_limits.dc_volts", "expected a whole number from 0"),
        ("/gate/object_limits/dc_volts", "-1", "gate.object_limits.dc_volts", "expected a whole number from 0"),
        ("/gate/object_limits/dc_volts", "4294967296", "gate.object_limits.dc_volts", "expected a whole number"),
        ("/languages/0", r#"["en", "original"]"#, "languages[0]", "invalid type: list, expected an object"),
        ("/scope/sv", r#"["a", "draft"]"#, "scope.sv", "a wording"),
        ("/parts/1/tasks/0/steps/0/criteria/0/levels", "null", "parts[1].tasks[0].steps[0].criteria[0].levels", "null"),
        ("/title/en", "7", "title.en", "a wording: a string, or an object of text and review"),
        ("/scope/sv", r#"{"text": "a"}"#, "scope.sv", "missing field `review`"),
        ("/people/separate/0", r#"["trainer"]"#, "people.separate[0]", "a pair"),
        (
            "/validity/complementary/0/term",
            r#"{"years": 1, "days": 2}"#,
            "validity.complementary[0].term",
            "exactly one of",
        ),
        ("/validity/complementary/0/term", r#"{"weeks": 1}"#, "validity.complementary[0].term", "exactly one of"),
        ("/validity/complementary/0/term/years", "\"a\"", "validity.complementary[0].term.years", "whole number"),
    ];
    for case in table {
        holds(Which::Document, *case);
    }
    for case in [
        ("/limits/T2.1.c/min", "1.0", "limits[\"T2.1.c\"].min", "floating point"),
        ("/limits/T2.1.c/min", "9223372036854775808", "limits[\"T2.1.c\"].min", "whole number"),
        ("/term", "-", "", "missing field `term`"),
        ("/format", "0", "format", "format 0 is not read here"),
        ("/waits/W1", "null", "waits.W1", "null"),
    ] {
        holds(Which::Values, case);
    }
}

#[test]
fn what_json_allows_and_we_do_not() {
    let table = [
        ("\"version\": \"1\",", "\"version\": \"1\", \"version\": \"1\",", "duplicate field `version`"),
        ("{\"en\": \"Sample of", "{\"en\": \"\", \"en\": \"Sample of", "duplicate name \"en\""),
        ("\"format\": 1,", "\"format\": 1, // one", "key must be a string"),
        ("\"format\": 1,", "\"format\": 01,", "invalid number"),
        ("\"en\": \"Sample of", "\"en\": \"\\ud800Sample of", "hex escape"),
        ("\"format\": 1,", "\"format\": 1e400,", "number out of range"),
        ("[{\"tag\"", "[[[[[{\"tag\"", "invalid type: list, expected an object"),
    ];
    for (from, to, words) in table {
        assert!(DOCUMENT.contains(from), "{from} stands in the sample");
        let problems = check_scheme(&DOCUMENT.replacen(from, to, 1), None);
        assert_eq!(problems.len(), 1, "{problems:?}");
        let line = DOCUMENT.lines().position(|line| line.contains(from)).unwrap() + 1;
        assert!(problems[0].what.contains(words), "{from} → {to}: {problems:?}");
        assert!((line..=line + 1).contains(&problems[0].line), "{from} → {to}: line {line}: {problems:?}");
    }
    let twice = VALUES.replacen("{\"W1\": 5}", "{\"W1\": 5, \"W1\": 6}", 1);
    assert!(check_scheme(DOCUMENT, Some(&twice))[0].what.contains("duplicate name \"W1\""));
    assert!(check_scheme(&format!("{DOCUMENT} 1"), None)[0].what.contains("trailing characters"));
    assert!(check_scheme(&format!("\u{feff}{DOCUMENT}"), None)[0].what.contains("byte order mark"));
}

#[test]
fn whole_and_texts() {
    let long = format!("\"{}\"", "ä".repeat(401));
    let just = format!("\"{}\"", "ä".repeat(400));
    let fits = broken(DOCUMENT, "/title/sv", &just);
    assert_eq!(check_scheme(&fits, None), [], "400 characters are not too many");
    let table: &[Case<'_>] = &[
        ("/title/sv", &long, "title.sv", "it has 401 characters; 400 are the most"),
        ("/designer", "\" \"", "designer", "it is empty"),
        ("/version", "\"123456789012345678901\"", "version", "21 characters; 20 are"),
        ("/title/sv", "-", "title", "no wording in language \"sv\""),
        ("/title/fi", "\"a\"", "title.fi", "language \"fi\" is not in the list"),
        (
            "/title/sv",
            r#"{"text": "a", "review": "original"}"#,
            "title.sv.review",
            "a translation is marked as original",
        ),
        ("/languages/1/review", "\"original\"", "languages", "2 languages are original"),
        ("/languages/0/review", "\"draft\"", "languages", "0 languages are original"),
        ("/languages/1/tag", "\"en\"", "languages[1].tag", "language \"en\" stands twice"),
        ("/languages/1/tag", "\"Swedish!\"", "languages[1].tag", "is no language"),
        ("/completion", "\"attendance\"", "label", "only attended is not called so"),
        ("/completion", "\"attendance\"", "parts", "only attended has no parts"),
        ("/parts", "[]", "parts", "it is assessed and has no part"),
        ("/meaning/eqf_level", "0", "meaning.eqf_level", "levels 1 to 8"),
        ("/meaning/eqf_level", "9", "meaning.eqf_level", "levels 1 to 8"),
        ("/meaning/source", "\"\"", "meaning.source", "it is empty"),
        ("/outcomes/1/esco", "\"sample\"", "outcomes[1].esco", "is no URI"),
        ("/course_facts/1", "\"dates\"", "course_facts[1]", "stands twice"),
        ("/people/separate/0", r#"["trainer", "trainer"]"#, "people.separate[0]", "apart from itself"),
        ("/people/second_person", "\"none\"", "gate.second_person", "and there is none"),
        ("/gate/object", "false", "gate.object_limits", "is not asked for"),
        ("/gate/object", "false", "parts[1].object_states", "that the gate does not ask for"),
        ("/people/second_person", "\"none\"", "people.team", "a team stands by for each other"),
        ("/validity/renewal/activity_years", "0", "validity.renewal.activity_years", "it is 0"),
        ("/validity/renewal/refresher_minutes", "0", "validity.renewal.refresher_minutes", "it is 0"),
        ("/validity/lapse/years", "0", "validity.lapse.years", "it is 0"),
        ("/validity/lapse/work", "[]", "validity.lapse.work", "no kind of work"),
        ("/validity/suitability_review_months", "0", "validity.suitability_review_months", "it is 0"),
        (
            "/validity/renewal",
            r#"{"activity_years":null,"refresher_minutes":null,"retraining":false,"source":"a"}"#,
            "validity.renewal",
            "asks for nothing",
        ),
        ("/validity/complementary/0/term/years", "0", "validity.complementary[0].term.years", "it is 0"),
        ("/validity/complementary/0/term/years", "101", "validity.complementary[0].term.years", "than a hundred years"),
    ];
    for case in table {
        holds(Which::Document, *case);
    }
}

#[test]
fn names() {
    let table: &[Case<'_>] = &[
        ("/outcomes/0/id", "\"O 1\"", "outcomes[0].id", "is no id"),
        ("/parts/0/id", "\"\"", "parts[0].id", "is no id"),
        ("/order/0/id", "\"a23456789012345678901234567890123456789012\"", "order[0].id", "is no id"),
        ("/legal_basis/1/id", "\"SAMPLE-1\"", "legal_basis[1].id", "legal basis \"SAMPLE-1\" stands twice"),
        ("/outcomes/1/id", "\"O1\"", "outcomes[1].id", "outcome \"O1\" stands twice"),
        ("/gate/ticks/1/id", "\"barrier\"", "gate.ticks[1].id", "stands twice"),
        ("/gate/prerequisites/1/id", "\"basics\"", "gate.prerequisites[1].id", "stands twice"),
        ("/parts/1/tasks/1/id", "\"T1\"", "parts[1].tasks[1].id", "task \"T1\" stands twice"),
        ("/parts/1/tasks/0/steps/1/id", "\"T1.1\"", "parts[1].tasks[0].steps[1].id", "step \"T1.1\" stands twice"),
        ("/waits/0/id", "\"R1\"", "waits[0].id", "stands elsewhere in the document"),
        ("/order/0/id", "\"theory\"", "order[0].id", "stands elsewhere in the document"),
        ("/order/1/id", "\"T1.2.a\"", "order[1].id", "stands elsewhere in the document"),
        (
            "/parts/2/tasks/0/steps/0/criteria/2/id",
            "\"T1.1.a\"",
            "parts[2].tasks[0].steps[0].criteria[2].id",
            "criterion \"T1.1.a\" has an id that stands elsewhere",
        ),
        (
            "/validity/complementary",
            r#"[{"id":"a","text":{"en":"a","sv":"a"},"term":null,"blocks":true,"source":"a"},{"id":"a","text":{"en":"a","sv":"a"},"term":null,"blocks":true,"source":"a"}]"#,
            "validity.complementary[1].id",
            "stands twice",
        ),
    ];
    for case in table {
        holds(Which::Document, *case);
    }
}

#[test]
fn parts_and_criteria() {
    let table: &[Case<'_>] = &[
        ("/parts/1/after/0", "\"nothing\"", "parts[1].after[0]", "\"nothing\" is no part"),
        ("/parts/1/after/0", "\"practice\"", "parts[1].after[0]", "cannot come after itself"),
        ("/parts/1/after", r#"["theory", "theory"]"#, "parts[1].after[1]", "stands twice"),
        ("/parts/0/after", r#"["talk"]"#, "parts[0].after", "part \"theory\" waits, by way of others, for itself"),
        ("/parts/1/object_states/0", "\"simulated\"", "parts[1].object_states[0]", "cannot be simulated"),
        ("/parts/1/object_states/0", "\"never_energised\"", "parts[1].object_states[1]", "stands twice"),
        ("/parts/1/time_limit/seconds", "0", "parts[1].time_limit.seconds", "it is 0"),
        (
            "/parts/1/weight_at_least/basis_points",
            "10001",
            "parts[1].weight_at_least.basis_points",
            "more than the whole",
        ),
        ("/parts/1/weight_at_least/basis_points", "6501", "parts", "least weights add up to 10001"),
        ("/parts/2/tasks/0/steps", "[]", "parts[2].tasks[0].steps", "the task has no step"),
        ("/parts/2/tasks/0/steps/0/criteria", "[]", "parts[2].tasks", "has tasks and no criterion"),
        ("/parts/1/kind", "\"oral\"", "parts[1].tasks[0].steps[1].criteria[0].kind", "a part that is not practical"),
    ];
    for case in table {
        holds(Which::Document, *case);
    }
    let criterion = |part: usize, task: usize, step: usize, criterion: usize| {
        [
            format!("/parts/{part}/tasks/{task}/steps/{step}/criteria/{criterion}"),
            format!("parts[{part}].tasks[{task}].steps[{step}].criteria[{criterion}]"),
        ]
    };
    let (observed, rubric, measured) = (criterion(1, 0, 0, 0), criterion(1, 1, 0, 0), criterion(1, 1, 0, 1));
    let (oral, choice) = (criterion(2, 0, 0, 0), criterion(2, 0, 0, 1));
    let table: [(&[String; 2], Case<'_>); 18] = [
        (&measured, ("/evidence/kind", "\"reading\"", ".evidence.kind", "where nothing is proved")),
        (&observed, ("/outcomes/0", "\"O77\"", ".outcomes[0]", "\"O77\" is not in the list of outcomes")),
        (&observed, ("/outcomes", r#"["O1", "O1"]"#, ".outcomes[1]", "stands twice")),
        (&observed, ("/evidence/count", "0", ".evidence.count", "it is 0")),
        (&observed, ("/unit", "\"V\"", ".unit", "a criterion of kind observed has no unit")),
        (&observed, ("/source", "\"\"", ".source", "it is empty")),
        (&rubric, ("/levels", "-", ".kind", "a criterion of kind rubric needs levels")),
        (&rubric, ("/levels", r#"[{"en": "a", "sv": "a"}]"#, ".levels", "2 to 8 levels")),
        (&measured, ("/instrument", "-", ".kind", "a criterion of kind measurement needs instrument")),
        (&measured, ("/unit", "\"\"", ".unit", "it is empty")),
        (&oral, ("/points", "[]", ".points", "no point is expected")),
        (&oral, ("/prompts", "-", ".kind", "a criterion of kind oral needs prompts")),
        (&oral, ("/points/0/sv", "-", ".points[0]", "no wording in language")),
        (&choice, ("/right", "[]", ".right", "no option is right")),
        (&choice, ("/right/0", "\"c\"", ".right[0]", "\"c\" is no option of this criterion")),
        (&choice, ("/right", r#"["a", "a"]"#, ".right[1]", "stands twice")),
        (&choice, ("/options/1/id", "\"a\"", ".options[1].id", "option \"a\" stands twice")),
        (&choice, ("/options", r#"[{"id":"a","text":{"en":"a","sv":"a"}}]"#, ".options", "at least two options")),
    ];
    for ([pointer, path], (below, instead, at, words)) in table {
        holds(Which::Document, (&format!("{pointer}{below}"), instead, &format!("{path}{at}"), words));
    }
}

const PHOTO: &str = r#"{"kind":"photo","count":1}"#;

#[test]
fn rules() {
    let table: &[Case<'_>] = &[
        ("/order/0/criterion", "\"T9\"", "order[0].criterion", "\"T9\" is no criterion"),
        ("/order/0/after", "\"T9\"", "order[0].after", "\"T9\" is no criterion"),
        ("/order/0/after", "\"T1.2.a\"", "order[0].after", "cannot come after itself"),
        ("/order/0/after", "\"T2.1.a\"", "order[0]", "comes, by way of other rules, after itself"),
        ("/voids/0/criterion", "\"T9\"", "voids[0].criterion", "\"T9\" is no criterion"),
        ("/voids/0/voids/0", "\"T9\"", "voids[0].voids[0]", "\"T9\" is no criterion"),
        ("/voids/0/voids/0", "\"T2.2.a\"", "voids[0].voids[0]", "cannot end what it shows itself"),
        ("/voids/0/voids", "[]", "voids[0].voids", "it ends nothing"),
        ("/voids/0/voids", r#"["T1.2.a", "T1.2.a"]"#, "voids[0].voids[1]", "stands twice"),
        ("/waits/0/after", "\"T9\"", "waits[0].after", "\"T9\" is no criterion"),
        ("/waits/0/before", "\"T9\"", "waits[0].before", "\"T9\" is no criterion"),
        ("/waits/0/before", "\"T1.1.b\"", "waits[0].before", "between two criteria"),
        ("/quiet/0/from", "\"T9\"", "quiet[0].from", "\"T9\" is no criterion"),
        ("/quiet/0/until", "\"T9\"", "quiet[0].until", "\"T9\" is no criterion"),
        ("/quiet/0/until", "\"T2.1.a\"", "quiet[0].until", "\"T2.1.a\" is no proof"),
        ("/quiet/0/from", "\"T1.2.a\"", "quiet[0].from", "does not come before"),
        ("/parts/1/tasks/0/steps/1/criteria/0/evidence", PHOTO, "quiet[0]", "\"T1.2.a\" demands evidence inside"),
        ("/quiet/0/from", "\"T1.1.a\"", "quiet[0]", "\"T1.1.a\" demands evidence inside this stretch"),
    ];
    for case in table {
        holds(Which::Document, *case);
    }
    let readings = broken(DOCUMENT, "/parts/1/tasks/0/steps/1/criteria/0/evidence", r#"{"kind":"reading","count":1}"#);
    assert_eq!(check_scheme(&readings, Some(VALUES)), [], "a proof may demand the readings it consists of");
}

#[test]
fn the_institutions_values() {
    let table: &[Case<'_>] = &[
        ("/scheme", "\"00112233445566778899aabbccddeeff\"", "scheme", "for another scheme"),
        ("/scheme_version", "\"2\"", "scheme_version", "for version \"2\""),
        ("/set_by", "\"\"", "set_by", "it is empty"),
        ("/awarder", "\"\"", "awarder", "it is empty"),
        ("/validator", "\"\"", "validator", "it is empty"),
        ("/issuer_region", "\"\"", "issuer_region", "it is empty"),
        ("/critical/0", "\"T9\"", "critical[0]", "\"T9\" is no criterion"),
        ("/critical", r#"["T1.2.a", "T1.2.a"]"#, "critical[1]", "stands twice"),
        ("/ends_exercise/0", "\"T9\"", "ends_exercise[0]", "\"T9\" is no criterion"),
        ("/parts/talk", "-", "parts", "the value of part \"talk\" is missing"),
        (
            "/parts/walk",
            r#"{"weight":0,"minimum":0,"time_limit_seconds":null,"within_days":null}"#,
            "parts.walk",
            "no such value",
        ),
        ("/parts/talk/weight", "1501", "parts", "the weights of all parts add up to 10001"),
        ("/parts/theory/weight", "3499", "parts.theory.weight", "less than the scheme's least weight of 3500"),
        ("/parts/talk/minimum", "10001", "parts.talk.minimum", "more than the whole"),
        ("/parts/practice/time_limit_seconds", "60", "parts.practice.time_limit_seconds", "a time limit itself"),
        ("/parts/theory/time_limit_seconds", "0", "parts.theory.time_limit_seconds", "it is 0"),
        ("/parts/theory/within_days", "1", "parts.theory.within_days", "comes after no other"),
        ("/total_minimum", "10001", "total_minimum", "more than the whole"),
        ("/borderline_band", "10001", "borderline_band", "more than the whole"),
        ("/attempts", "0", "attempts", "it is 0"),
        ("/waits", "{}", "waits", "the value of wait \"W1\" is missing"),
        ("/waits/R1", "5", "waits.R1", "no such value"),
        ("/met_from/Q1.a", "-", "met_from", "the value of criterion \"Q1.a\" is missing"),
        ("/met_from/Q1.a", "3", "met_from[\"Q1.a\"]", "does not lie within the 2 levels or points"),
        ("/met_from/T2.1.a", "0", "met_from[\"T2.1.a\"]", "does not lie within the 3"),
        ("/met_from/T1.1.a", "1", "met_from[\"T1.1.a\"]", "no such value"),
        ("/limits/T2.1.d", "-", "limits", "the value of criterion \"T2.1.d\" is missing"),
        ("/limits/T1.1.a", r#"{"min":1,"max":2}"#, "limits[\"T1.1.a\"]", "no such value"),
        ("/limits/T2.1.c/min", "5", "limits[\"T2.1.c\"]", "the least, 5, is more than the most, 4"),
        ("/limits/T2.1.d/max", "null", "limits[\"T2.1.d\"]", "neither a lower nor an upper"),
        ("/limits/T2.1.c/min", "-1", "limits[\"T2.1.c\"].min", "nothing can lie there"),
        ("/limits/T2.1.b/min", "9007199254740992", "limits[\"T2.1.b\"].min", "nothing can lie there"),
        ("/term", "null", "term", "neither scheme nor values"),
        ("/term", r#"{"days": 0}"#, "term.days", "it is 0"),
    ];
    for case in table {
        holds(Which::Values, *case);
    }
    holds(Which::Document, ("/validity/term", r#"{"years": 1}"#, "term", "the scheme gives the term itself"));
    let negative = broken(VALUES, "/limits/T2.1.b/min", "-20000");
    assert_eq!(check_scheme(DOCUMENT, Some(&negative)), [], "a measurement may lie below zero");
}

#[test]
fn what_just_fits_is_no_problem() {
    let forty = "a".repeat(40);
    let text = r#"{"en": "a", "sv": "a"}"#;
    let levels = |count: usize| format!("[{}]", vec![text; count].join(","));
    let rubric = "/parts/1/tasks/1/steps/0/criteria/0/levels";
    let table = [
        ("/meaning/eqf_level", "1".to_owned()),
        ("/meaning/eqf_level", "8".to_owned()),
        ("/gate/ticks/0/id", format!("\"{forty}\"")),
        ("/version", "\"12345678901234567890\"".to_owned()),
        ("/parts/1/weight_at_least/basis_points", "6500".to_owned()),
        ("/validity/suitability_review_months", "1".to_owned()),
        (rubric, levels(2)),
        (rubric, levels(8)),
    ];
    for (pointer, instead) in table {
        assert_eq!(check_scheme(&broken(DOCUMENT, pointer, &instead), None), [], "{pointer} → {instead}");
    }
    let table = [
        ("/total_minimum", "10000"),
        ("/borderline_band", "10000"),
        ("/attempts", "1"),
        ("/met_from/Q1.a", "2"),
        ("/limits/T2.1.c/min", "4"),
        ("/limits/T2.1.c/min", "0"),
        ("/limits/T2.1.b/min", "9007199254740991"),
    ];
    for (pointer, instead) in table {
        assert_eq!(check_scheme(DOCUMENT, Some(&broken(VALUES, pointer, instead))), [], "{pointer} → {instead}");
    }
    let proof = "/parts/1/tasks/0/steps/1/criteria/0/evidence";
    let evidence = broken(DOCUMENT, proof, r#"{"kind": "photo", "count": 1}"#);
    let found = check_scheme(&evidence, None);
    assert_eq!(found.iter().map(|problem| problem.path.as_str()).collect::<Vec<_>>(), ["quiet[0]"], "until is within");
}

#[test]
fn as_many_as_are_allowed_and_one_more() {
    let languages = |count: usize| {
        let more = r#",{"tag":"xx","review":"draft"}"#.repeat(count - 2);
        DOCUMENT.replacen("\"draft\"}]", &format!("\"draft\"}}{more}]"), 1)
    };
    let is_many = |count| check_scheme(&languages(count), None).iter().any(|problem| problem.what.contains("40 are"));
    assert!(!is_many(40) && is_many(41));
    let criteria = |count: usize| {
        let text = r#"{"en":"a","sv":"a"}"#;
        let item =
            |at| format!(r#"{{"id":"N{at}","text":{text},"outcomes":[],"kind":"text","evidence":null,"source":"a"}},"#);
        // The sample has eleven of its own.
        let more: String = (11..count).map(item).collect();
        DOCUMENT.replacen("\"criteria\": [", &format!("\"criteria\": [{more}"), 1)
    };
    assert_eq!(check_scheme(&criteria(2_000), None), []);
    assert!(check_scheme(&criteria(2_001), None)[0].what.contains("2001 criteria; 2000 are the most"));
}

#[test]
fn everything_that_is_wrong_is_listed_at_once() {
    let document = broken(&broken(DOCUMENT, "/order/0/after", "\"T9\""), "/title/sv", "-");
    let values = broken(VALUES, "/attempts", "0");
    let problems = check_scheme(&document, Some(&values));
    let paths: Vec<_> = problems.iter().map(|problem| (problem.which, problem.path.as_str())).collect();
    let document = Which::Document;
    assert_eq!(paths, [(document, "title"), (document, "order[0].after"), (Which::Values, "attempts")]);
    let neither = check_scheme("{", Some("["));
    assert_eq!(neither.iter().map(|problem| problem.which).collect::<Vec<_>>(), [document, Which::Values]);
}

#[test]
fn names_of_the_document_cannot_paint_over_the_words() {
    let values = VALUES.replacen("\"W1\": 5", "\"W1\": 5, \"\\u001b[2Ja\\u202eb\": 5", 1);
    let problems = check_scheme(DOCUMENT, Some(&values));
    assert_eq!(problems.len(), 1);
    let document = DOCUMENT.replacen("\"format\": 1,", "\"format\": 1, \"\\u001b[2Ja\\u202eb\": 5,", 1);
    for problem in [problems, check_scheme(&document, None)].concat() {
        let said = problem.to_string();
        assert!(said.contains("[2Ja") && !said.contains(['\u{1b}', '\u{202e}']), "{said:?}");
    }
}
