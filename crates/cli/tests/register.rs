//! The register's copies from the command line: made, read back, restored, and what is refused on the way.
#![allow(clippy::unwrap_used, reason = "helpers of tests stop where the set-up fails")]

mod common;
#[path = "../../register/tests/common/storage.rs"]
mod storage;

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    os::unix::fs::PermissionsExt,
    process::{Child, Command, Stdio},
};

use common::{said, with_secret};

/// Founds an institution in a folder; what was said.
fn founding(house: &str, options: &[&str]) -> (bool, String) {
    let init = ["institution", "init", "--dir", house, "--name", "Founded Institute", "--practice"];
    let more = ["--address", "fieldproof.example/v", "--coordinator", "Carla Coordinator"];
    let secret = "abandon garage tunnel velvet zebra\nzebra velvet tunnel garage abandon\n";
    let output = with_secret(&[init.as_slice(), &more, options].concat(), secret);
    (output.status.success(), said(&output))
}

fn found(house: &str, options: &[&str]) {
    let (is_well, words) = founding(house, options);
    assert!(is_well, "{words}");
}

fn fieldproof(arguments: &[&str]) -> (i32, String) {
    let output = with_secret(arguments, "");
    (output.status.code().unwrap(), said(&output))
}

#[test]
fn a_register_is_backed_up_read_back_and_restored() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (house, backup, restored) = (path("house"), path("backup"), path("restored"));
    found(&house, &[]);
    let register = path("house/register");

    let (code, words) = fieldproof(&["register", "backup", "--data", &register, "--to", &backup]);
    assert!(code == 0 && words.contains("0 records") && words.contains("It holds the register's keys"), "{words}");
    assert_eq!(fs::metadata(&backup).unwrap().permissions().mode() & 0o777, 0o700);
    let (code, words) = fieldproof(&["register", "backup", "--data", &register, "--to", &backup]);
    assert!(code == 70 && words.contains("is not empty"), "{words}");

    let (code, words) = fieldproof(&["register", "restore", "--backup", &backup, "--data", &restored]);
    assert!(code == 0 && words.contains("Let no other copy of this register run"), "{words}");
    for copy in [&register, &backup, &restored] {
        let (code, words) = fieldproof(&["register", "health", "--data", copy]);
        assert!(code == 0 && words.contains("The register of Founded Institute: 0 records"), "{words}");
    }
    let same = |name: &str| {
        let read = |folder: &str| fs::read(std::path::Path::new(folder).join(name)).unwrap();
        read(&register) == read(&restored)
    };
    assert!(same("register.key") && same("tls.key"), "a restored register is the same one to its laptops");
    let (code, words) = fieldproof(&["register", "health", "--data", &path("nowhere")]);
    assert!(code == 70 && words.contains("holds no register"), "{words}");
}

#[test]
fn a_register_is_founded_on_servers_and_moves_back_into_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (house, backup, restored) = (path("house"), path("backup"), path("restored"));
    let (database, evidence) = (path("database"), path("evidence"));
    fs::write(&database, storage::Postgres::shared().new_database()).unwrap();
    fs::write(&evidence, storage::Store::shared().new_folder()).unwrap();
    found(&house, &["--database", &database, "--evidence", &evidence]);
    let register = path("house/register");
    let (code, words) = fieldproof(&["register", "health", "--data", &register]);
    let expected =
        ["Founded Institute, its book on postgres://keeper@", ", its evidence in s3://evidence/", ": 0 records"];
    assert!(code == 0 && expected.iter().all(|part| words.contains(part)) && !words.contains("secret"), "{words}");
    for name in ["register.sqlite", "evidence"] {
        assert!(!fs::exists(path("house/register") + "/" + name).unwrap(), "{name}");
    }
    let (code, words) = fieldproof(&["register", "backup", "--data", &register, "--to", &backup]);
    assert_eq!(code, 0, "{words}");
    let (code, words) = fieldproof(&["register", "restore", "--backup", &backup, "--data", &restored]);
    assert_eq!(code, 0, "{words}");
    let (code, words) = fieldproof(&["register", "health", "--data", &restored]);
    assert!(code == 0 && words.contains("The register of Founded Institute: 0 records"), "{words}");
    let again =
        fieldproof(&["register", "restore", "--backup", &backup, "--data", &path("x"), "--database", &database]);
    assert!(again.0 == 70 && again.1.contains("the database holds a register already"), "{}", again.1);
}

#[test]
fn a_founding_whose_servers_do_not_answer_leaves_nothing_and_is_begun_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (house, taken, bucket) = (path("house"), path("taken"), path("bucket"));
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let settings = "aws_allow_http=true\naws_region=eu-north-1\naws_access_key_id=key\naws_secret_access_key=secret";
    fs::write(&bucket, format!("s3://evidence\naws_endpoint=http://{nobody}\n{settings}")).unwrap();
    fs::write(&taken, storage::Postgres::shared().new_database()).unwrap();
    found(&path("other"), &["--database", &taken]);
    let absent = format!("postgres://keeper@{nobody}/book");
    for (option, value, because) in [
        ("--database", absent.as_str(), "the register's database failed"),
        ("--database", &taken, "the database holds a register already"),
        ("--evidence", &bucket, "the register's evidence store failed"),
    ] {
        let (is_well, words) = founding(&house, &[option, value]);
        assert!(!is_well && words.contains("begin again") && words.contains(because), "{option} {value}: {words}");
        assert!(!fs::exists(&house).unwrap(), "{option} {value} leaves nothing");
    }

    // Whatever breaks off later leaves keys that nobody needs, and they are named.
    let (database, full) = (storage::Postgres::shared().new_database(), path("full"));
    fs::write(&full, &database).unwrap();
    assert!(!founding(&house, &["--database", &full, "--evidence", &bucket]).0, "it has its tables now");
    storage::carry_out(&database, "ALTER TABLE institution ADD CHECK (false) NOT VALID");
    let (is_well, words) = founding(&house, &["--database", &full]);
    assert!(!is_well && words.contains("remove the folder, and begin again with an empty database"), "{words}");
    let (is_well, words) = founding(&house, &[]);
    assert!(!is_well && words.contains("is not empty"), "nothing is deleted for anybody: {words}");
    fs::remove_dir_all(&house).unwrap();
    found(&house, &[]);
}

#[test]
fn where_book_and_evidence_are_to_be_is_said_without_secrets_on_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let data = folder.path().join("register").to_str().unwrap().to_owned();
    let start = |option: &str, value: &str| fieldproof(&["register", "--data", &data, option, value]);
    for (option, value, expected) in [
        ("--database", "postgres://keeper:hidden@db.example/book".to_owned(), "put the string into a file"),
        ("--database", "mysql://db.example/book".to_owned(), "begins with postgres://"),
        (
            "--database",
            file("mode", "postgres://keeper:hidden@db.example/book?sslmode=prefer"),
            "sslmode=prefer is not offered",
        ),
        ("--database", "/nowhere".to_owned(), "/nowhere cannot be read"),
        ("--evidence", "ftp://evidence".to_owned(), "begins with s3://"),
        ("--evidence", file("bucket", "s3://evidence\naws_secret_access_key\n"), "line 2"),
    ] {
        let (code, words) = start(option, &value);
        assert!(code == 70 && words.contains(expected) && !words.contains("hidden"), "{option} {value}: {words}");
    }
}

/// Runs a register after `ulimit` was told this, and waits until it listens.
#[cfg(target_os = "linux")]
fn listening(limit: &str, data: &str) -> (Child, SocketAddr) {
    let program = env!("CARGO_BIN_EXE_fieldproof");
    let mut register = Command::new("sh")
        .args(["-c", &format!("ulimit {limit}; exec \"$@\""), "sh", program, "register", "--data", data])
        .args(["--listen", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(register.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    let at = line.trim().rsplit_once("http://").unwrap().1.parse().unwrap();
    (register, at)
}

#[cfg(target_os = "linux")]
#[test]
fn a_register_has_as_many_files_as_it_may_and_says_once_when_they_do_not_do() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    found(&path("house"), &[]);
    let data = path("house/register");
    let (mut register, _) = listening("-S -n 128", &data);
    let limits = fs::read_to_string(format!("/proc/{}/limits", register.id())).unwrap();
    register.kill().unwrap();
    register.wait().unwrap();
    let line = limits.lines().find(|line| line.starts_with("Max open files")).unwrap();
    let [soft, hard] = [3, 4].map(|word| line.split_whitespace().nth(word).unwrap().parse().unwrap_or(u64::MAX));
    assert_eq!(soft, hard.min(16_384), "{line}");

    let (mut register, at) = listening("-n 48", &data);
    let waiting: Vec<_> = (0..100).map(|_| TcpStream::connect(at).unwrap()).collect();
    let mut said = BufReader::new(register.stderr.take().unwrap());
    let mut line = String::new();
    said.read_line(&mut line).unwrap();
    assert!(line.starts_with("register: no connection can be taken: ") && line.contains("open files"), "{line}");
    drop(waiting);
    // Long enough for it to be asked again and again.
    let mut asked = TcpStream::connect(at).unwrap();
    asked.write_all(b"GET /health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    asked.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "those who left make room: {answer}");
    register.kill().unwrap();
    register.wait().unwrap();
    line.clear();
    said.read_to_string(&mut line).unwrap();
    assert_eq!(line, "", "told once");
}
