//! The program, with a secret on standard input.
#![allow(dead_code, reason = "each suite asks for what it needs")]
#![expect(clippy::unwrap_used, reason = "a program that cannot be started stops the test, and says where")]

use std::{
    fs,
    io::Write,
    path::Path,
    process::{Command, Output, Stdio},
};

/// Runs the program to its end.
pub(crate) fn with_secret(arguments: &[&str], secret: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_fieldproof"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Arguments that are refused end the program before it reads.
    drop(child.stdin.take().unwrap().write_all(secret.as_bytes()));
    child.wait_with_output().unwrap()
}

/// All that it said.
pub(crate) fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// What it said when all went well.
pub(crate) fn well(secret: &str, arguments: &[&str]) -> String {
    let output = with_secret(arguments, secret);
    assert!(output.status.success(), "{arguments:?}: {}", said(&output));
    said(&output)
}

/// That it said no, and why.
pub(crate) fn refused(secret: &str, arguments: &[&str], because: &str) {
    let output = with_secret(arguments, secret);
    assert!(!output.status.success() && said(&output).contains(because), "{arguments:?}: {}", said(&output));
}

/// The only file of a folder that begins so.
pub(crate) fn file(folder: &Path, start: &str) -> String {
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut found = names.filter(|path| path.file_name().unwrap().to_string_lossy().starts_with(start));
    found.next().unwrap().to_str().unwrap().to_owned()
}
