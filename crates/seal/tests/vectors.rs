//! Every file of `tests/vectors`, read by the formats' code; `ACCEPT=1` writes those that are missing from the table beside this.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    missing_docs,
    unreachable_pub,
    reason = "helpers of tests stop where the set-up fails, and are nobody else's"
)]

mod vector_cases;
mod vector_flips;
mod vector_reader;

use std::{collections::BTreeMap, fs};

use fieldproof_seal::scheme::parse_scheme_id;
use vector_reader::{all, folder, texts};

#[test]
fn what_was_written_as_version_1_stays() {
    let made: BTreeMap<_, _> = vector_cases::all().iter().map(|(name, vector)| (name.clone(), vector.text())).collect();
    if std::env::var_os("ACCEPT").is_some() {
        for (name, text) in made.iter().filter(|(name, _)| !folder().join(name).exists()) {
            fs::write(folder().join(name), text).unwrap();
        }
    }
    let found = texts();
    assert!(made.keys().eq(found.keys()), "made and not there, or there and not made");
    for (name, text) in &made {
        assert!(found[name] == *text, "{name} is not what it was");
    }
}

#[test]
fn every_vector_becomes_what_its_file_says() {
    let vectors = all();
    let listed = fs::read_dir(folder()).unwrap().filter(|entry| entry.as_ref().unwrap().file_name() != "README.md");
    let mut differ = Vec::new();
    for vector in &vectors {
        let differences = vector.differences();
        if !differences.is_empty() {
            differ.push(format!("{}: {}", vector.file, differences.join("; ")));
        }
    }
    assert_eq!(differ, [""; 0]);
    assert_eq!(vectors.len(), listed.count());
    assert!(400 < vectors.len(), "{}", vectors.len());
}

#[test]
fn what_is_read_is_written_again_the_same() {
    let mut kinds = BTreeMap::new();
    for vector in &all() {
        let kind = vector.line("kind");
        if ["digits", "short code"].contains(&kind) {
            continue;
        }
        if let Some(same) = vector_reader::is_the_same_when_written_again(kind, &vector.input()) {
            assert!(same, "{}", vector.file);
            *kinds.entry(kind.to_owned()).or_insert(0) += 1;
        }
    }
    assert_eq!(kinds.len(), 12, "{kinds:?}");
}

#[test]
fn every_sentence_has_one_that_is_accepted_and_one_that_is_rejected() {
    let vectors = all();
    for number in 1..=22 {
        let about = format!("M{number}");
        let of: Vec<_> = vectors.iter().filter(|vector| vector.line("about") == about).collect();
        // Without anything at hand M20 is met by what is neither, and M6 by what is read nevertheless.
        let accepted = of.iter().filter(|vector| vector.is_accepted()).count();
        println!("{about}: {accepted} of {}", of.len());
        assert!(0 < accepted || number == 20, "{about} is never met");
        assert!(of.iter().any(|vector| !vector.is_accepted()), "{about} is never broken");
        assert!(of.iter().all(|vector| vector.file.starts_with(&format!("{about}-"))));
    }
    let kinds = vectors.iter().map(|vector| vector.line("kind")).collect::<std::collections::BTreeSet<_>>();
    assert_eq!(kinds.len(), 15, "{kinds:?}");
}

/// Each check gives each of the answers it can give, and every answer that is "no" decides somewhere.
#[test]
fn every_check_gives_every_answer_it_has() {
    let judged: Vec<_> = all().into_iter().filter(vector_reader::Read::is_judged).collect();
    for check in vector_cases::CHECKS {
        let never: &[&str] = if ["clock", "list"].contains(&check) { &["no"] } else { &[] };
        for answer in ["yes", "no", "could not tell"] {
            let given = judged.iter().any(|vector| vector.line(&format!("check {check}")) == answer);
            assert_eq!(given, !never.contains(&answer), "{check}: {answer}");
        }
        assert_eq!(judged.iter().any(|vector| vector.line("fails at") == check), never.is_empty(), "{check}");
    }
    for kind in ["token", "record"] {
        assert!(20 < judged.iter().filter(|vector| vector.line("kind") == kind).count());
    }
}

/// The answers to both questions follow from the nine; written a second time, as every line was typed by hand.
#[test]
fn the_files_answers_follow_from_their_checks() {
    for vector in all().iter().filter(|vector| vector.is_judged()) {
        let given = |check: &str| vector.line(&format!("check {check}"));
        let any = |checks: &[&str], answer: &str| checks.iter().any(|check| given(check) == answer);
        let seal = ["signature", "issuer", "delegation"];
        let now = ["withdrawal", "standing", "clock", "term", "list"];
        let is_absent = given("content") == "could not tell" && vector.line("expect").starts_with("genuine=yes");
        let genuine = match () {
            () if any(&seal, "no") || given("content") == "no" => "no",
            () if any(&seal, "could not tell") => "could not tell",
            () if given("content") == "could not tell" && !is_absent => "could not tell",
            () => "yes",
        };
        let in_force = match () {
            () if genuine == "no" || any(&now, "no") => "no",
            () if genuine == "could not tell" || any(&now, "could not tell") => "could not tell",
            () => "yes",
        };
        let all_yes = vector_cases::CHECKS.iter().all(|check| given(check) == "yes");
        let green = if all_yes && vector.line("purpose") == "real" { "yes" } else { "no" };
        let said = vector.line("expect").replace('"', "");
        assert_eq!(said, format!("genuine={genuine} in_force={in_force} green={green}"), "{}", vector.file);
    }
}

#[test]
fn the_schemes_id_is_read() {
    let scheme = all().into_iter().find(|vector| vector.file == "M14-scheme.txt").unwrap();
    let (id, _) = parse_scheme_id(&scheme.input()).unwrap();
    assert_eq!(id.unwrap().as_bytes(), &vector_cases::world::SCHEME);
}
