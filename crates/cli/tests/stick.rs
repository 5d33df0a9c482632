//! The stick as a script meets it: written on the laptop, imported at the register, answers taken.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests stop where the set-up fails")]

mod common;

use std::{fs, path::Path};

use common::{said, with_secret as fieldproof};

/// Name and passphrase of the first assessor.
fn first(laptop: &Path) -> (String, String) {
    let notice: serde_json::Value =
        serde_json::from_slice(&fs::read(laptop.join("demonstration.json")).unwrap()).unwrap();
    let first = &notice["passphrases"][0];
    (first["name"].as_str().unwrap().to_owned(), first["passphrase"].as_str().unwrap().to_owned())
}

#[test]
fn a_bundle_goes_out_and_its_answers_come_back() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let made = fieldproof(&["demo", "--out", out.to_str().unwrap()], "");
    assert!(made.status.success(), "{}", said(&made));
    let (name, passphrase) = first(&out.join("laptop"));
    let path = |name: &str| out.join(name).to_str().unwrap().to_owned();
    let (laptop, register) = (path("laptop"), path("register"));
    let (bundle, answers) = (path("out.bundle"), path("back.answers"));
    let stick = |verb: &str, more: &[&str]| {
        fieldproof(&[&["stick", verb, "--laptop", &laptop, "--person", &name], more].concat(), &passphrase)
    };
    let import = |bundle: &str, answers: &str| {
        fieldproof(&["register", "import", bundle, "--data", &register, "--answers", answers], "")
    };

    let written = stick("write", &["--to", &bundle]);
    assert!(written.status.success(), "{}", said(&written));
    assert!(said(&written).contains("0 records"), "the demonstration's record is in the register: {}", said(&written));
    let again = stick("write", &["--to", &bundle]);
    assert_eq!(again.status.code(), Some(70), "{}", said(&again));
    assert!(said(&again).contains("already"), "{}", said(&again));

    let imported = import(&bundle, &answers);
    assert!(imported.status.success(), "{}", said(&imported));
    let twice = import(&bundle, &path("twice.answers"));
    assert!(twice.status.success(), "{}", said(&twice));
    assert_eq!(fs::read(&answers).unwrap(), fs::read(path("twice.answers")).unwrap());
    let none = import(&path("record.cbor"), &path("none.answers"));
    assert!(none.status.code() == Some(70) && said(&none).contains("no bundle"), "{}", said(&none));
    assert!(!Path::new(&path("none.answers")).exists());
    assert_eq!(fieldproof(&["register", "import", &bundle], "").status.code(), Some(64));
    assert_eq!(fieldproof(&["register"], "").status.code(), Some(64));

    let taken = stick("take", &[&answers]);
    assert!(taken.status.success(), "{}", said(&taken));
    assert!(said(&taken).contains("In the register: 0."), "{}", said(&taken));
    let carried = stick("carry", &[&bundle]);
    assert!(carried.status.code() == Some(70) && said(&carried).contains("coordinator"), "{}", said(&carried));
    let no_answers = stick("take", &[&bundle]);
    assert!(no_answers.status.code() == Some(70) && said(&no_answers).contains("no answers file"));
}
