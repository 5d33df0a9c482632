//! Writes specimen papers into a folder: `cargo run -p fieldproof-certificate --example specimens -- <folder>`.

#[allow(dead_code, reason = "each program uses its part of the shared papers")]
#[path = "../tests/common/mod.rs"]
mod common;

use std::{error::Error, fs, path::PathBuf};

use fieldproof_certificate::{render_certificate, render_result_sheet};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("a folder is needed")?);
    let mut certificate = common::certificate();
    fs::write(folder.join("certificate.pdf"), render_certificate(&certificate)?)?;
    certificate.demonstration = true;
    fs::write(folder.join("demonstration.pdf"), render_certificate(&certificate)?)?;
    let full = common::full_certificate();
    fs::write(folder.join("full.pdf"), render_certificate(&full)?)?;
    let mut sheet = common::sheet(6);
    fs::write(folder.join("sheet.pdf"), render_result_sheet(&sheet)?)?;
    sheet.demonstration = true;
    fs::write(folder.join("sheet-demonstration.pdf"), render_result_sheet(&sheet)?)?;
    Ok(())
}
