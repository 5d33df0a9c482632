//! The command line as a script meets it: one demonstration, then every exit code of `verify`.
#![allow(clippy::unwrap_used, reason = "helpers of tests stop where the set-up fails")]

mod common;

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use common::{said, with_secret};

fn fieldproof(arguments: &[&str]) -> Output {
    with_secret(arguments, "")
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
    assert!(made.status.success(), "{}", said(&made));
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
    let said = (&page["genuine"]["answer"], &page["inForce"]["answer"], &page["tone"], &page["headline"]);
    assert_eq!(said, (&"yes".into(), &"yes".into(), &"amber".into(), &"Demonstration only".into()));
    let finnish = fieldproof(&[&["verify", path.to_str().unwrap(), "--language", "fi"], &trust[..]].concat());
    assert!(String::from_utf8_lossy(&finnish.stdout).contains("Vain esittely. Mikään tässä ei koske"));
    assert_eq!(fieldproof(&["verify", "x", "--language", "sv"]).status.code(), Some(64));
}

#[test]
fn a_scheme_document_is_checked_line_by_line() {
    let folder = tempfile::tempdir().unwrap();
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("../seal/src/scheme");
    let document = fs::read_to_string(sample.join("sample.json")).unwrap();
    let values = sample.join("sample.values.json");
    let check = |name: &str, bytes: &[u8], more: &[&str]| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        let with = ["scheme", "check", path.to_str().unwrap(), "--values", values.to_str().unwrap()];
        let done = fieldproof(&[&with, more].concat());
        (done.status.code(), String::from_utf8(done.stdout).unwrap())
    };
    let (code, said) = check("good.json", document.as_bytes(), &[]);
    assert!(code == Some(0) && said.ends_with("good.json: nothing is wrong\n"), "{said}");

    let broken = document.replacen("\"outcomes\": [\"O1\"]", "\"outcomes\": [\"O9\"]", 1);
    let line = broken.lines().position(|line| line.contains("O9")).unwrap() + 1;
    let (code, said) = check("broken.json", broken.as_bytes(), &[]);
    let path = "parts[1].tasks[0].steps[0].criteria[0].outcomes[0]";
    let words = "\"O9\" is not in the list of outcomes — name an outcome of the list, or add it";
    assert!(code == Some(1) && said.ends_with(&format!("broken.json:{line}: {path}: {words}\n")), "{said}");
    let (code, said) = check("broken.json", broken.as_bytes(), &["--json"]);
    let said: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!(
        (code, &said["problems"][0]["path"], &said["problems"][0]["line"]),
        (Some(1), &path.into(), &line.into())
    );

    let unmoderated = document.replacen("\"moderated\": true", "\"moderated\": false", 1);
    let (code, said) = check("unmoderated.json", unmoderated.as_bytes(), &[]);
    assert!(code == Some(1) && said.ends_with(": error: scheme: it is safety-critical and not moderated\n"), "{said}");
    let warned = document.replacen("\"superseded_by\": \"SAMPLE-2\"", "\"superseded_by\": null", 1);
    let (code, said) = check("warned.json", warned.as_bytes(), &[]);
    assert!(code == Some(0) && said.contains(": warning: legal basis SAMPLE-1: "), "a warning is no failure: {said}");
    assert_eq!(check("large.json", &vec![b' '; 524_289], &[]).0, Some(2));
    assert_eq!(check("no-text.json", &[0xff], &[]).0, Some(2));
    assert_eq!(fieldproof(&["scheme", "check", "nowhere.json"]).status.code(), Some(2));
}

/// Half of the 200 MB allowed, so that reading 100 MB whole cannot go unnoticed.
const MEMORY_KIB: &str = "97656";

#[test]
fn hostile_sizes_are_refused_within_little_memory() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("hostile.json");
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("../seal/src/scheme/sample.json");
    let document = fs::read_to_string(sample).unwrap();
    let behind = |from: &str, piece: &str, times: usize| {
        assert!(document.contains(from), "the sample has no {from}");
        document.replacen(from, &format!("{from}{}", piece.repeat(times)), 1)
    };
    let criterion = r#"{"id":"a","text":{},"outcomes":[],"kind":"text","evidence":null,"source":""},"#;
    for (what, text, code, words) in [
        ("100 MB of text", "a".repeat(100_000_000), 2, "524288"),
        ("1,000,000 criteria", behind("\"criteria\": [", criterion, 1_000_000), 2, "524288"),
        ("6,000 criteria", behind("\"criteria\": [", criterion, 6_000), 1, "2000 are the most"),
        ("10,000 nested lists", behind("\"parts\": [", "[", 10_000), 1, "expected an object"),
        ("100,000 empty texts", behind("\"assessment_types\": [", "{},", 100_000), 1, "no wording in language"),
    ] {
        fs::write(&path, text).unwrap();
        let done = Command::new("sh")
            .args(["-c", "ulimit -v \"$1\" && exec \"$2\" scheme check \"$3\"", "sh", MEMORY_KIB])
            .args([Path::new(env!("CARGO_BIN_EXE_fieldproof")), &path])
            .output()
            .unwrap();
        let said = [done.stdout, done.stderr].concat();
        let said = String::from_utf8_lossy(&said);
        assert!(done.status.code() == Some(code) && said.contains(words), "{what}: {:?}: {said:.500}", done.status);
    }
}

#[test]
fn no_crash_writes_its_memory_to_the_disk() {
    let mut waiting = Command::new(env!("CARGO_BIN_EXE_fieldproof"))
        .args(["restore", "--backup", "none", "--laptop", "none"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let limits = PathBuf::from(format!("/proc/{}/limits", waiting.id()));
    let limit = || {
        let limits = fs::read_to_string(&limits).unwrap();
        let line = limits.lines().find_map(|line| line.strip_prefix("Max core file size")).unwrap().to_owned();
        line.split_whitespace().take(2).map(|words| words.parse::<u64>().unwrap_or(u64::MAX)).collect::<Vec<_>>()
    };
    // It waits for the secret, and has set the limit before it came to that.
    let is_set = (0..100_000).any(|_| limit().iter().all(|bytes| *bytes <= 1));
    let found = limit();
    drop(waiting.stdin.take());
    waiting.wait().unwrap();
    assert!(is_set, "soft and hard limit of dumps: {found:?}");
}

#[test]
fn a_damaged_laptop_is_rescued_and_restored() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    assert!(fieldproof(&["demo", "--out", out.to_str().unwrap()]).status.success());
    let key = fs::read_to_string(out.join("institution-recovery-key.txt")).unwrap();
    let store = out.join("laptop/store.db");
    let mut bytes = fs::read(&store).unwrap();
    // The page that holds the schema: the store opens no more.
    bytes[2_000] ^= 1;
    fs::write(&store, &bytes).unwrap();

    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (laptop, rescued, fresh) =
        (out.join("laptop").to_str().unwrap().to_owned(), path("rescued.backup"), path("fresh"));
    let rescue = ["rescue", "--laptop", &laptop, "--out", &rescued, "--recovery-key"];
    assert_eq!(with_secret(&rescue, "").status.code(), Some(70), "without a secret");
    let done = with_secret(&rescue, &key);
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    assert!(
        done.status.success() && said.contains("damaged pages: 1\n"),
        "{said}{}",
        String::from_utf8_lossy(&done.stderr)
    );
    assert_eq!(fs::read(&store).unwrap(), bytes, "what was damaged is only read");
    assert_eq!(with_secret(&rescue, &key).status.code(), Some(70), "nothing is written over");

    let restore = ["restore", "--backup", &rescued, "--laptop", &fresh, "--recovery-key"];
    assert_eq!(with_secret(&restore, "AGE-SECRET-KEY-1").status.code(), Some(70));
    let done = with_secret(&restore, &key);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    // As a window holds the folder that works on it.
    let held = fs::File::create(folder.path().join("fresh/in-use")).unwrap();
    held.lock_shared().unwrap();
    let done = with_secret(&restore, &key);
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(done.status.code() == Some(70) && said.contains("Close its Fieldproof window"), "{said}");
    drop(held);
    let done = with_secret(&restore, &key);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let back_up = ["backup", "--laptop", &fresh, "--person", "Nobody Nowhere", "--to", &path("")];
    let done = with_secret(&back_up, "x");
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(
        done.status.code() == Some(70) && said.contains("there are: "),
        "the restored laptop knows its people: {said}"
    );
}
