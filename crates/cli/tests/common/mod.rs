//! The program, with a secret on standard input.
#![expect(clippy::unwrap_used, reason = "a program that cannot be started stops the test, and says where")]

use std::{
    io::Write,
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
