//! Further key sets as a script meets them: a second coordinator's key, renewed keys, and what is refused.
#![allow(clippy::unwrap_used, reason = "helpers of tests stop where the set-up fails")]

mod common;

use std::{fs, path::Path};

use common::{file, refused, well};

const COORDINATOR: &str = "abandon garage tunnel velvet zebra";
const ROOT: &str = "zebra velvet tunnel garage abandon";
const SECOND: &str = "velvet abandon zebra garage tunnel";

#[test]
fn the_root_adds_a_coordinator_and_renews_the_register() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (house, office, new, stick) = (path("house"), path("house/laptop"), path("new"), path("stick"));
    fs::create_dir(&stick).unwrap();
    let init =
        ["institution", "init", "--dir", &house, "--name", "Founded Institute", "--address", "fieldproof.example/v"];
    let init = [init.as_slice(), &["--coordinator", "Carla Coordinator", "--practice"]].concat();
    let founded = well(&format!("{COORDINATOR}\n{ROOT}\n"), &init);
    let institution = founded.split("Its code is ").nth(1).unwrap().split(':').next().unwrap().to_owned();

    well(SECOND, &["enrol", "begin", "--laptop", &new, "--person", "Cora Coordinator"]);
    let asked = well(SECOND, &["enrol", "request", "--laptop", &new, "--person", "Cora Coordinator", "--to", &stick]);
    let request = file(Path::new(&stick), "request-");
    let code = request.split("request-").nth(1).unwrap().trim_end_matches(".fieldproof").to_owned();
    assert!(asked.contains(&code), "{asked}");

    let (root, trust, next) = (path("house/root.age"), path("house/trust.cbor"), path("next"));
    let signing = ["--root", &root, "--trust", &trust, "--out", &next];
    let add = |code: &str| {
        let asked = ["institution", "key-set", "add-coordinator", request.as_str(), "--code", code];
        let arguments = [asked.as_slice(), &signing].concat();
        arguments.into_iter().map(str::to_owned).collect::<Vec<String>>()
    };
    let wrong = add("7K3M-9QTR-2XWD");
    let wrong: Vec<&str> = wrong.iter().map(String::as_str).collect();
    refused(ROOT, &wrong, "the code of this request is another one");
    let add = add(&code);
    let add: Vec<&str> = add.iter().map(String::as_str).collect();
    refused(SECOND, &add, "does not open");
    well(ROOT, &add);
    refused(ROOT, &add, "is there already");
    let shown = well("", &["institution", "key-set", "show", &next]);
    assert_eq!(shown.matches("issuing, active").count(), 2, "{shown}");

    let register = path("house/register");
    assert!(well("", &["register", "key-set", &next, "--data", &register]).contains("key set 2"));
    let desk = ["--laptop", office.as_str(), "--person", "Carla Coordinator"];
    well(COORDINATOR, &[["institution", "key-set", "take", &next].as_slice(), &desk].concat());
    well(COORDINATOR, &[["institution", "admit", &request, "--code", &code].as_slice(), &desk].concat());
    well(COORDINATOR, &[["institution", "pack", &code, "--to", &stick].as_slice(), &desk].concat());
    let pack = file(Path::new(&stick), "pack-");
    well(SECOND, &["enrol", "take", "--laptop", &new, "--person", "Cora Coordinator", &pack, "--code", &institution]);
    let book = well(SECOND, &["institution", "show", "--laptop", &new, "--person", "Cora Coordinator"]);
    assert!(book.contains(&institution), "the second coordinator opens the book: {book}");

    // The register's key: without its secret half the register does not take the key set.
    let (third, key) = (path("third"), path("third.register-key"));
    let signing = ["--root", &root, "--trust", &next, "--out", &third];
    well(ROOT, &[["institution", "key-set", "renew-register"].as_slice(), &signing].concat());
    refused("", &["register", "key-set", &third, "--data", &register], "is no active register key");
    let taken = well("", &["register", "key-set", &third, "--data", &register, "--register-key", &key]);
    assert!(taken.contains("key set 3"), "{taken}");
    refused("", &["register", "key-set", &next, "--data", &register], "holds key set 3");
    let signing = ["--root", &root, "--trust", &third, "--out", &path("fourth")];
    let id = shown.lines().find(|line| line.contains("issuing")).unwrap().split(' ').next().unwrap();
    well(ROOT, &[["institution", "key-set", "compromised", id].as_slice(), &signing].concat());
    let shown = well("", &["institution", "key-set", "show", &path("fourth")]);
    assert!(shown.contains("issuing, compromised") && shown.contains("register, retired"), "{shown}");
}
