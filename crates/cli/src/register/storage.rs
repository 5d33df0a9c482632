//! Where a register keeps its book and its evidence, as the command line says it; copies of a register.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, ensure};
use fieldproof_register::{BucketUrl, Checked, DatabaseUrl, Storage, back_up, restore};
use zeroize::Zeroizing;

#[derive(Debug, clap::Args)]
pub(crate) struct Kept {
    /// Keeps the book on PostgreSQL: a file with the connection string, postgres://USER:PASSWORD@HOST/DATABASE, or the
    /// string itself where it holds no password. The register's folder remembers it.
    #[arg(long, value_name = "FILE|postgres://…")]
    database: Option<String>,
    /// Keeps the evidence in an S3-compatible store: s3://BUCKET/FOLDER with the usual variables AWS_…, or a file with
    /// that address and a line aws_…=… for each of them. The register's folder remembers what is given here.
    #[arg(long, value_name = "FILE|s3://…")]
    evidence: Option<String>,
}

impl Kept {
    pub(crate) fn storage(&self) -> anyhow::Result<Storage> {
        let database = self.database.as_deref().map(database).transpose()?;
        let bucket = self.evidence.as_deref().map(bucket).transpose()?;
        Ok(Storage { database, bucket })
    }
}

fn database(given: &str) -> anyhow::Result<DatabaseUrl> {
    if !given.contains("://") {
        return DatabaseUrl::parse(&file(given)?).with_context(|| format!("{given} holds no connection string"));
    }
    let url = DatabaseUrl::parse(given)?;
    ensure!(
        !url.has_password(),
        "a password on the command line is seen by others: put the string into a file, and name it"
    );
    Ok(url)
}

fn bucket(given: &str) -> anyhow::Result<BucketUrl> {
    if given.contains("://") {
        return Ok(BucketUrl::parse(given)?);
    }
    BucketUrl::parse(&file(given)?).with_context(|| format!("{given} holds no address of a bucket"))
}

fn file(path: &str) -> anyhow::Result<Zeroizing<String>> {
    fs::read_to_string(path).map(Zeroizing::new).with_context(|| format!("{path} cannot be read"))
}

#[derive(Debug, clap::Args)]
pub(crate) struct BackUp {
    /// The register's folder.
    #[arg(long)]
    data: PathBuf,
    /// The new folder for the copy. Whoever has it has the register's keys.
    #[arg(long)]
    to: PathBuf,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Restore {
    /// The backup, which is only read.
    #[arg(long)]
    backup: PathBuf,
    /// The new folder of the register.
    #[arg(long)]
    data: PathBuf,
    #[command(flatten)]
    kept: Kept,
}

pub(super) fn back_up_register(arguments: &BackUp) -> anyhow::Result<()> {
    let BackUp { data, to } = arguments;
    let made = back_up(data, to).with_context(|| format!("no backup of the register in {}", data.display()))?;
    println!("Backed up into {}: {}.", to.display(), counted(&made));
    println!("It holds the register's keys. Keep it where nobody else can read it.");
    nothing_lost(&made)
}

pub(super) fn restore_register(arguments: &Restore) -> anyhow::Result<()> {
    let Restore { backup, data, kept } = arguments;
    let storage = kept.storage()?;
    let restored = restore(backup, data, &storage).with_context(|| format!("{} is not restored", backup.display()))?;
    println!("Restored into {}: {}.", data.display(), counted(&restored));
    println!("Let no other copy of this register run. What came after the backup, laptops send again.");
    nothing_lost(&restored)
}

pub(super) fn health(data: &Path) -> anyhow::Result<()> {
    let register = super::open(data)?;
    let checked = register.check()?;
    println!("The register of {}{}: {}.", register.key_set().name, kept_at(register.storage()), counted(&checked));
    nothing_lost(&checked)
}

/// Where book and evidence are, when they are not in the folder.
pub(super) fn kept_at(storage: &Storage) -> String {
    let database = storage.database.iter().map(|url| format!(", its book on {url}"));
    database.chain(storage.bucket.iter().map(|url| format!(", its evidence in {url}"))).collect()
}

fn counted(checked: &Checked) -> String {
    let Checked { records, evidence, awaited, .. } = checked;
    format!("{records} records, {evidence} photos and files whole, {awaited} not here yet")
}

fn nothing_lost(checked: &Checked) -> anyhow::Result<()> {
    let kinds = [
        (&checked.lost, "photos or files that receipts promise are not here, or damaged"),
        (&checked.unreadable, "photos or files lie here and cannot be read"),
    ];
    let told = kinds.iter().filter(|(items, _)| !items.is_empty()).map(|(items, what)| {
        let names: Vec<_> = items.iter().map(ToString::to_string).collect();
        format!("{} {what}:\n{}", names.len(), names.join("\n"))
    });
    let told: Vec<_> = told.collect();
    ensure!(told.is_empty(), "{}", told.join("\n"));
    Ok(())
}

#[cfg(test)]
mod tests {
    use fieldproof_model::digest::Digest;

    use super::*;

    #[test]
    fn what_is_lost_and_what_cannot_be_read_is_named_each_by_itself() {
        assert!(nothing_lost(&Checked { awaited: 1, ..Checked::default() }).is_ok());
        let [lost, unreadable] = [1, 2].map(|n| Digest::new([n; 32]));
        let checked = Checked { lost: vec![lost], unreadable: vec![unreadable], ..Checked::default() };
        let words = nothing_lost(&checked).unwrap_err().to_string();
        let expected = format!(
            "1 photos or files that receipts promise are not here, or damaged:\n{lost}\n\
             1 photos or files lie here and cannot be read:\n{unreadable}"
        );
        assert_eq!(words, expected);
    }
}
