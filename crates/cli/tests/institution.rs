//! Founding and enrolling as a script meets them: from an empty folder to a laptop that holds its pack, by stick.
#![allow(clippy::unwrap_used, reason = "helpers of tests stop where the set-up fails")]

mod common;

use std::{fs, path::Path};

use common::{file, refused, said, well, with_secret};

const COORDINATOR: &str = "abandon garage tunnel velvet zebra";
const ROOT: &str = "zebra velvet tunnel garage abandon";
const ASSESSOR: &str = "velvet abandon zebra garage tunnel";

/// The words behind a mark.
fn behind<'s>(said: &'s str, mark: &str) -> &'s str {
    said.split(mark).nth(1).unwrap().split_whitespace().next().unwrap()
}

#[test]
fn from_an_empty_folder_to_a_laptop_that_holds_its_pack() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (house, office, new, stick) = (path("house"), path("house/laptop"), path("new"), path("stick"));
    fs::create_dir(&stick).unwrap();
    let init =
        ["institution", "init", "--dir", &house, "--name", "Founded Institute", "--address", "fieldproof.example/v"];
    let init = [init.as_slice(), &["--coordinator", "Carla Coordinator", "--practice"]].concat();
    refused(COORDINATOR, &init, "two lines");
    refused(&format!("{COORDINATOR}\npassword\n"), &init, "too easily guessed");
    let founded = well(&format!("{COORDINATOR}\n{ROOT}\n"), &init);
    refused(&format!("{COORDINATOR}\n{ROOT}\n"), &init, "is not empty");
    let recovery = founded.lines().find(|line| line.starts_with("AGE-SECRET-KEY-1")).unwrap();
    let code = behind(&founded, "Its code is ").trim_end_matches(':').to_owned();
    let trust = path("house/trust.cbor");
    for (file, secret) in [("house/root.age", ROOT), ("house/root-recovery.age", recovery)] {
        let said = well(secret, &["institution", "check-root", &path(file), "--trust", &trust]);
        assert!(said.contains("Founded Institute"), "{said}");
    }
    refused(ASSESSOR, &["institution", "check-root", &path("house/root.age"), "--trust", &trust], "does not open");

    let desk = |verb: &'static str| ["institution", verb, "--laptop", &office, "--person", "Carla Coordinator"];
    let (document, values) =
        ("../../assets/schemes/hv-isolation.json", "../../assets/schemes/hv-isolation.values.json");
    let published = well(COORDINATOR, &[desk("publish").as_slice(), &[document, values]].concat());
    let scheme = behind(&published, "scheme ");

    let person = ["--laptop", &new, "--person", "Ville Uusi"];
    well(ASSESSOR, &[["enrol", "begin"].as_slice(), &person].concat());
    let asked = well(ASSESSOR, &[["enrol", "request"].as_slice(), &person, &["--to", &stick]].concat());
    let theirs = behind(&asked, "to the coordinator: ");
    let request = file(Path::new(&stick), "request-");
    let admit = |code| {
        let rest = [request.as_str(), "--code", code, "--scheme", scheme, "--until", "2099-12-31", "--certify"];
        [desk("admit").as_slice(), &rest].concat()
    };
    refused(COORDINATOR, &admit("7K3M-9QTR-2XWD"), "is another one");
    well(COORDINATOR, &admit(theirs));
    well(COORDINATOR, &[desk("pack").as_slice(), &[theirs, "--to", &stick]].concat());

    let pack = file(Path::new(&stick), "pack-");
    let take = |code: &str| {
        let rest = [pack.as_str(), "--code", code];
        let output = with_secret(&[["enrol", "take"].as_slice(), &person, &rest].concat(), ASSESSOR);
        (output.status.success(), said(&output))
    };
    let (is_well, said) = take(theirs);
    assert!(!is_well && said.contains("not the code of the institution"), "{said}");
    let (is_well, said) = take(&code);
    assert!(is_well && said.contains("Pack 1 of Founded Institute: 1 schemes"), "{said}");
    let shown = well(COORDINATOR, &desk("show"));
    assert!(shown.contains("Ville Uusi, pack 1 not at the register yet"), "{shown}");
}
