//! `fieldproof backup`, `restore` and `rescue`: a laptop's folder from the command line. Secrets come on standard input,
//! never as an argument, which other programs could read.

use std::{
    io::Read,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use fieldproof_app::{App, Error, RestoreWith};
use zeroize::Zeroizing;

use crate::host::{self, CommandLine};

#[derive(Debug, clap::Args)]
pub(crate) struct Secret {
    /// Standard input holds a recovery key instead of a passphrase.
    #[arg(long)]
    recovery_key: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct BackUp {
    /// The laptop's folder.
    #[arg(long)]
    laptop: PathBuf,
    /// Whose passphrase standard input holds, by name.
    #[arg(long)]
    person: String,
    /// The folder that the backup goes into.
    #[arg(long)]
    to: PathBuf,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Restore {
    /// The backup.
    #[arg(long)]
    backup: PathBuf,
    /// The laptop's folder; what lies there is set aside and kept.
    #[arg(long)]
    laptop: PathBuf,
    #[command(flatten)]
    secret: Secret,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Rescue {
    /// The damaged laptop's folder, which is only read.
    #[arg(long)]
    laptop: PathBuf,
    /// The file that what can be read goes into; a backup like any other.
    #[arg(long)]
    out: PathBuf,
    /// An earlier backup, where both slot files of the laptop are damaged.
    #[arg(long)]
    slots_of: Option<PathBuf>,
    #[command(flatten)]
    secret: Secret,
}

/// A laptop and who works on it; standard input holds that person's passphrase.
#[derive(Debug, clap::Args)]
pub(crate) struct Person {
    /// The laptop's folder.
    #[arg(long)]
    pub(crate) laptop: PathBuf,
    /// Whose passphrase standard input holds, by name.
    #[arg(long)]
    pub(crate) person: String,
}

impl Person {
    /// The laptop, unlocked.
    pub(crate) fn unlock(&self) -> anyhow::Result<App> {
        unlock(&self.laptop, &self.person)
    }
}

/// Reads one secret from standard input.
pub(crate) fn read_secret() -> anyhow::Result<Zeroizing<String>> {
    let mut text = Zeroizing::new(String::new());
    std::io::stdin().take(4_096).read_to_string(&mut text).context("standard input cannot be read")?;
    if text.trim().is_empty() {
        bail!("standard input holds no passphrase and no recovery key");
    }
    Ok(Zeroizing::new(text.trim().to_owned()))
}

const fn with<'s>(secret: &Secret, text: &'s str) -> RestoreWith<'s> {
    if secret.recovery_key { RestoreWith::RecoveryKey(text) } else { RestoreWith::Passphrase(text) }
}

/// What the screen would say.
pub(crate) fn said(error: &Error) -> anyhow::Error {
    let view = fieldproof_api::error::view(error);
    anyhow::anyhow!("{} {}", view.message, view.next)
}

/// The laptop in a folder, unlocked by somebody whose passphrase standard input holds.
fn unlock(laptop: &Path, person: &str) -> anyhow::Result<App> {
    let app = App::new(laptop, Box::new(CommandLine::start()));
    let people = app.status().map_err(|error| said(&error))?.assessors;
    let Some((person, _)) = people.iter().find(|(_, name)| name == person) else {
        let names: Vec<_> = people.into_iter().map(|(_, name)| name).collect();
        bail!("nobody of that name can unlock this laptop; there are: {}", names.join(", "));
    };
    app.unlock(*person, &read_secret()?).map_err(|error| said(&error))?;
    Ok(app)
}

pub(crate) fn back_up(arguments: &BackUp) -> anyhow::Result<()> {
    let app = unlock(&arguments.laptop, &arguments.person)?;
    let made = app.back_up(&arguments.to, &mut |_| {}).map_err(|error| said(&error))?;
    println!("{} ({} bytes)", made.path.display(), made.bytes);
    Ok(())
}

pub(crate) fn restore(arguments: &Restore) -> anyhow::Result<()> {
    let app = App::new(&arguments.laptop, Box::new(CommandLine::start()));
    let text = read_secret()?;
    let aside = app.restore(&arguments.backup, with(&arguments.secret, &text), &mut |_| {});
    match aside.map_err(|error| said(&error))? {
        Some(aside) => println!("Restored; what was there before lies in {}", aside.display()),
        None => println!("Restored."),
    }
    println!("Whoever unlocks gets a new key, which waits for the institution's delegation.");
    Ok(())
}

pub(crate) fn rescue(arguments: &Rescue) -> anyhow::Result<()> {
    let text = read_secret()?;
    let slots_of = arguments.slots_of.as_deref();
    let report = fieldproof_app::rescue(
        &arguments.laptop,
        &arguments.out,
        slots_of.map(Path::new),
        with(&arguments.secret, &text),
        host::now(),
        &mut |_| {},
    );
    let report = report.map_err(|error| said(&error))?;
    println!("{}\nKept in {}; restore it like any backup.", report.to_text(), arguments.out.display());
    Ok(())
}
