//! Builds the fault suites' recorder, which is loaded before a child program.

use std::{env, error::Error, path::Path, process::Command};

#[expect(clippy::disallowed_methods, reason = "cargo speaks to build scripts through the environment")]
fn main() -> Result<(), Box<dyn Error>> {
    let source = "faults/shim.c";
    let shim = Path::new(&env::var("OUT_DIR")?).join("shim.so");
    let built = Command::new("cc")
        .args(["-O1", "-Wall", "-Werror", "-shared", "-fPIC", "-o"])
        .arg(&shim)
        .arg(source)
        .status()?;
    if !built.success() {
        return Err("the recorder of the fault suites does not compile".into());
    }
    println!("cargo::rerun-if-changed={source}");
    println!("cargo::rustc-env=FIELDPROOF_SHIM={}", shim.display());
    Ok(())
}
