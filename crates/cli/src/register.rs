//! `fieldproof register`: the institution's server on a socket, bundles that came on a stick, and copies.

mod storage;

use std::{
    error::Error,
    fs::File,
    io::{self, BufReader},
    net::SocketAddr,
    num::NonZeroUsize,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::Context;
use fieldproof_register::{NewKeys, Register, Storage, serve, serve_tls, take_key_set};
use fieldproof_store::durable;
use fieldproof_wire::bundle::DecryptionKey;
use zeroize::Zeroizing;

pub(crate) use self::storage::Kept;
use self::storage::{BackUp, Restore};
use crate::host;

#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    /// The register's folder.
    #[arg(long, required = true)]
    data: Option<PathBuf>,
    /// Where to listen. Other machines are answered over TLS alone.
    #[arg(long, default_value = "127.0.0.1:7878")]
    listen: SocketAddr,
    /// Answers this machine over TLS, too.
    #[arg(long)]
    tls: bool,
    /// How many connections one address may have, of 1024 in all; 128 unless this says so. Behind a proxy all laptops are
    /// one address.
    #[arg(long, value_name = "NUMBER")]
    connections_per_address: Option<NonZeroUsize>,
    #[command(flatten)]
    kept: Kept,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Takes a bundle that a stick brought, and writes the answers to it; the register may run meanwhile.
    Import {
        /// The bundle.
        bundle: PathBuf,
        /// The register's folder.
        #[arg(long)]
        data: PathBuf,
        /// The new file for the answers, which go back to the laptop. It names nobody.
        #[arg(long)]
        answers: PathBuf,
    },
    /// Copies the register, with its keys, into a new folder that is a register's itself; the register may run meanwhile.
    ///
    /// The copy holds the book, the evidence of every record in it, and the keys that sign receipts, open bundles and are
    /// shown over TLS, readable by its owner only. Wherever book and evidence were kept, they are files there. What
    /// laptops have sent by halves is left out; they send it again.
    Backup(BackUp),
    /// Makes a register from a backup, with book and evidence where the options say: so it also moves to PostgreSQL, to
    /// a store, and back.
    Restore(Restore),
    /// Reads everything back: opens the book, and holds every photo and file to its digest. Exits with 0 when nothing is
    /// lost. A running register answers /health.
    Health {
        /// The register's folder.
        #[arg(long)]
        data: PathBuf,
    },
    /// Takes the institution's next key set, while the register stands still.
    KeySet {
        /// The trust file that `institution key-set` wrote.
        trust: PathBuf,
        /// The register's folder.
        #[arg(long)]
        data: PathBuf,
        /// The register's new key, where it is renewed.
        #[arg(long)]
        register_key: Option<PathBuf>,
        /// The new decryption key, where it is renewed.
        #[arg(long)]
        decryption_key: Option<PathBuf>,
    },
}

/// Opens the register in a folder; its own failures are told on standard error.
pub(crate) fn open(data: &Path) -> anyhow::Result<Register> {
    open_on(&Storage::default(), data)
}

/// The same, with book or evidence reached in another way from now on.
fn open_on(storage: &Storage, data: &Path) -> anyhow::Result<Register> {
    let register = Register::open_on(storage, data, Arc::new(host::now))
        .with_context(|| format!("the register in {} cannot be opened", data.display()))?;
    Ok(register.reporting_to(Arc::new(|error| {
        let because = std::iter::successors(Some(error as &(dyn Error + 'static)), |error| (*error).source());
        eprintln!("register: {}", because.map(ToString::to_string).collect::<Vec<_>>().join(": "));
    })))
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    match &arguments.command {
        Some(Command::Import { bundle, data, answers }) => import(data, bundle, answers),
        Some(Command::Backup(arguments)) => storage::back_up_register(arguments),
        Some(Command::Restore(arguments)) => storage::restore_register(arguments),
        Some(Command::Health { data }) => storage::health(data),
        Some(Command::KeySet { trust, data, register_key, decryption_key }) => {
            renew(data, trust, (register_key.as_deref(), decryption_key.as_deref()))
        }
        None => answer(arguments),
    }
}

fn answer(arguments: &Arguments) -> anyhow::Result<()> {
    let data = arguments.data.as_deref().context("--data names the register's folder")?;
    let mut register = open_on(&arguments.kept.storage()?, data)?;
    if let Some(each) = arguments.connections_per_address {
        register = register.with_connections_per_address(each.get());
    }
    host::allow_open_files();
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(arguments.listen)
            .await
            .with_context(|| format!("{} cannot be listened on", arguments.listen))?;
        let name = format!("{}{}", register.key_set().name, storage::kept_at(register.storage()));
        let at = listener.local_addr()?;
        let is_protected = arguments.tls || !at.ip().is_loopback();
        if is_protected {
            println!("The register of {name} listens on https://{at}, with the key {}", register.tls_pin());
        } else {
            println!("The register of {name} listens on http://{at}");
        }
        let stop = async {
            // Without a handler for the signal the register simply runs until it is ended.
            if tokio::signal::ctrl_c().await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        if is_protected {
            serve_tls(listener, register, stop).await;
        } else {
            serve(listener, register, stop).await;
        }
        Ok(())
    })
}

fn renew(data: &Path, trust: &Path, (register, decryption): (Option<&Path>, Option<&Path>)) -> anyhow::Result<()> {
    let read = |path: &Path| -> anyhow::Result<DecryptionKey> {
        let text = Zeroizing::new(std::fs::read_to_string(path).with_context(|| format!("{}", path.display()))?);
        DecryptionKey::parse(&text).with_context(|| format!("{} holds no decryption key", path.display()))
    };
    let keys = NewKeys {
        register: register.map(crate::key_set::register_key).transpose()?,
        decryption: decryption.map(read).transpose()?,
    };
    let signed = crate::key_set::signed_key_set(trust)?;
    let key_set = take_key_set(data, &signed, &keys, host::now())?;
    println!(
        "The register has key set {}. Start it anew where it runs: laptops get it with their next sending.",
        key_set.number
    );
    Ok(())
}

fn import(data: &Path, bundle: &Path, answers: &Path) -> anyhow::Result<()> {
    let register = open(data)?;
    let file = File::open(bundle).with_context(|| format!("{} cannot be opened", bundle.display()))?;
    let taken = register.take_bundle(BufReader::new(file))?;
    let written = durable::create(answers, |out| taken.write_answers(out).map(drop));
    written.map_err(|error: io::Error| anyhow::anyhow!("{} cannot be written: {error}", answers.display()))?;
    println!(
        "Bundle {}: {} answers in {}, {} photos and files taken.",
        taken.bundle,
        taken.answers.len(),
        answers.display(),
        taken.evidence
    );
    for (item, fault) in &taken.evidence_refused {
        println!("Not taken: {item}: {fault}");
    }
    if let Some(broken) = &taken.broken {
        println!("Not read to its end: {broken}. What was read is answered; have it carried again.");
    }
    Ok(())
}
