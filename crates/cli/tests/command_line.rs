//! The command line as a script meets it: one demonstration, then every exit code of `verify`.
#![allow(clippy::unwrap_used, reason = "helpers of tests stop where the set-up fails")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

fn fieldproof(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_fieldproof")).args(arguments).output().unwrap()
}

/// The exit code of `verify` for a file in a folder.
fn verify(folder: &Path, file: &str, more: &[&str]) -> i32 {
    let path = folder.join(file);
    fieldproof(&[&["verify", path.to_str().unwrap()], more].concat()).status.code().unwrap()
}

#[test]
fn one_demonstration_and_every_exit_code() {
    let folder = tempfile::tempdir().unwrap();
    let out: PathBuf = folder.path().join("out");
    let made = fieldproof(&["demo", "--out", out.to_str().unwrap()]);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    for name in ["record.cbor", "certificate.pdf", "token.txt", "receipt.cbor", "trust.cbor", "laptop/store.db"] {
        assert!(out.join(name).exists(), "{name} is missing");
    }
    let again = fieldproof(&["demo", "--out", out.to_str().unwrap()]);
    assert!(!again.status.success(), "a folder with something in it is left alone");

    let trust = out.join("trust.cbor");
    let trust = ["--trust", trust.to_str().unwrap()];
    for file in ["record.cbor", "certificate.pdf", "token.txt"] {
        assert_eq!(verify(&out, file, &trust), 0, "{file}");
        assert_eq!(verify(&out, file, &[]), 2, "{file} without the institution's keys");
    }
    assert_eq!(verify(&out, "certificate.pdf", &[&trust[..], &["--require-status"]].concat()), 0);
    assert_eq!(verify(&out, "record.cbor", &[&trust[..], &["--require-status"]].concat()), 2);

    let record = fs::read(out.join("record.cbor")).unwrap();
    let place = record.windows(5).position(|window| window == b"Kalle").unwrap();
    let mut altered = record.clone();
    altered[place] = b'R';
    let token = fs::read_to_string(out.join("token.txt")).unwrap();
    for (name, bytes, expected) in [
        ("altered.cbor", altered, 1),
        ("cut.cbor", record[..record.len() / 3].to_vec(), 2),
        ("cut.txt", token.as_bytes()[..token.len() / 2].to_vec(), 2),
        ("cut-elsewhere.txt", token.as_bytes()[..token.len() / 2 + 5].to_vec(), 2),
        ("other.txt", b"good morning".to_vec(), 65),
        ("receipt-for-a-record.cbor", fs::read(out.join("receipt.cbor")).unwrap(), 2),
    ] {
        fs::write(out.join(name), bytes).unwrap();
        assert_eq!(verify(&out, name, &trust), expected, "{name}");
    }
    assert_eq!(verify(&out, "nowhere.cbor", &trust), 66);
    assert_eq!(verify(&out, "record.cbor", &["--trust", "nowhere.cbor"]), 64);
    assert_eq!(fieldproof(&["verify"]).status.code(), Some(64));
    assert_eq!(fieldproof(&["--help"]).status.code(), Some(0));

    let path = out.join("certificate.pdf");
    let json = fieldproof(&[&["verify", path.to_str().unwrap(), "--json"], &trust[..]].concat());
    let page: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!((&page["genuine"], &page["demonstration"], &page["green"]), (&"yes".into(), &true.into(), &true.into()));
}
