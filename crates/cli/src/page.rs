//! `fieldproof page`: the verify page with an institution's trust file inside, for a stick or a web server.

use std::{fs, path::PathBuf};

use anyhow::Context;
use fieldproof_page::file::{TEMPLATE, fill};
use fieldproof_seal::trust::TrustFile;

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The institution's trust file: its root, key set and list of withdrawn certificates.
    #[arg(long)]
    trust: PathBuf,
    /// The page to write; an existing one is replaced.
    #[arg(long)]
    out: PathBuf,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let path = &arguments.trust;
    let trust = fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let file = TrustFile::parse(&trust).with_context(|| format!("{} is no trust file", path.display()))?;
    let opened = file.open().with_context(|| format!("{} does not hold together", path.display()))?;
    let out = &arguments.out;
    fs::write(out, fill(TEMPLATE, &trust)).with_context(|| format!("{} cannot be written", out.display()))?;
    println!("The verify page of {} is in {}.", opened.key_set.name, out.display());
    Ok(())
}
