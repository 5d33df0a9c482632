//! `fieldproof institution key-set`: the next key set, signed with the root on a machine that sees no network, and carried
//! to the register and to coordinators' laptops. Standard input holds the root's passphrase or recovery key.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail, ensure};
use fieldproof_app::read_request;
use fieldproof_model::id::parse_hex;
use fieldproof_register::{
    root::open_root,
    succession::{Change, Successor, succeed},
};
use fieldproof_seal::{
    key_set::{KeyRole, KeyState},
    keys::KeyId,
    short_code::parse_short_code,
    trust::TrustFile,
};
use zeroize::Zeroizing;

use crate::{
    host,
    laptop::{Person, read_secret, said},
};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Shows the working keys that a trust file names.
    Show {
        /// The trust file.
        trust: PathBuf,
    },
    /// Lets a further coordinator sign for the institution; compare the code by ear first.
    AddCoordinator {
        #[command(flatten)]
        signing: Signing,
        /// The request that the coordinator's laptop made: its file, or a picture of its symbol.
        request: PathBuf,
        /// The code that the coordinator read out.
        #[arg(long)]
        code: String,
    },
    /// Ends an issuing key; what it signed stands.
    Retire {
        #[command(flatten)]
        signing: Signing,
        /// The key, as `show` names it.
        key: String,
    },
    /// Says that somebody else may have an issuing key: what it signed stands only where the register lists it.
    Compromised {
        #[command(flatten)]
        signing: Signing,
        /// The key, as `show` names it.
        key: String,
    },
    /// Gives the register a new key, which is written beside the key set.
    RenewRegister {
        #[command(flatten)]
        signing: Signing,
        /// Somebody else may have the one before.
        #[arg(long)]
        compromised: bool,
    },
    /// Has bundles encrypted to a new key, which is written beside the key set; the ones before still open theirs.
    RenewEncryption {
        #[command(flatten)]
        signing: Signing,
        /// Somebody else may have the one before.
        #[arg(long)]
        compromised: bool,
    },
    /// Brings a key set to a coordinator's laptop by hand. Standard input holds the person's passphrase.
    Take {
        #[command(flatten)]
        laptop: Person,
        /// The new trust file.
        trust: PathBuf,
    },
}

/// What every change needs.
#[derive(Debug, clap::Args)]
struct Signing {
    /// root.age or root-recovery.age.
    #[arg(long)]
    root: PathBuf,
    /// The institution's trust file with its newest key set.
    #[arg(long)]
    trust: PathBuf,
    /// The new trust file.
    #[arg(long)]
    out: PathBuf,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    match &arguments.command {
        Command::Show { trust } => show(trust),
        Command::AddCoordinator { signing, request, code } => {
            let request = read_request(&read(request)?).map_err(|e| said(&e))?;
            ensure!(
                parse_short_code(code).as_deref() == Some(request.code().as_str()),
                "the code of this request is another one: ask the coordinator to read it out again, and add nobody whose code differs"
            );
            sign(signing, Change::AddIssuing(request.request.key))?;
            println!(
                "{} signs for the institution once the register has this key set. Then admit the request at a coordinator's laptop: the pack makes the new one a coordinator's.",
                request.request.person.name.as_str()
            );
            Ok(())
        }
        Command::Retire { signing, key } => sign(signing, Change::Retire(key_id(key)?)),
        Command::Compromised { signing, key } => {
            sign(signing, Change::Compromise(key_id(key)?))?;
            println!(
                "Whoever was enrolled with that key is admitted anew by another coordinator, who publishes the schemes anew."
            );
            Ok(())
        }
        Command::RenewRegister { signing, compromised } => {
            sign(signing, Change::RenewRegister { is_lost: *compromised })
        }
        Command::RenewEncryption { signing, compromised } => {
            sign(signing, Change::RenewEncryption { is_lost: *compromised })
        }
        Command::Take { laptop, trust } => {
            let file = read(trust)?;
            laptop.unlock()?.take_key_set(&file).map_err(|e| said(&e))?;
            println!("Taken.");
            Ok(())
        }
    }
}

fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("{} cannot be read", path.display()))
}

fn trust(path: &Path) -> anyhow::Result<TrustFile> {
    TrustFile::parse(&read(path)?).with_context(|| format!("{} is no trust file", path.display()))
}

fn key_id(text: &str) -> anyhow::Result<KeyId> {
    parse_hex(text).map(KeyId::new).context("a key is named by 16 hexadecimal digits: `show` tells them")
}

fn show(path: &Path) -> anyhow::Result<()> {
    let key_set = trust(path)?.open()?.key_set;
    println!("{}: key set {} of {}", key_set.name, key_set.number, key_set.issued_at.date());
    for key in &key_set.keys {
        let role = match key.role {
            KeyRole::Issuing => "issuing",
            KeyRole::Register => "register",
            KeyRole::Encryption => "encryption",
        };
        let state = match key.state {
            KeyState::Active => "active",
            KeyState::Retired => "retired",
            KeyState::Compromised => "compromised",
        };
        println!("{}  {role}, {state}, {} to {}", key.key.id(), key.not_before, key.not_after);
    }
    Ok(())
}

fn sign(signing: &Signing, change: Change) -> anyhow::Result<()> {
    let before = trust(&signing.trust)?;
    let held = before.open()?.key_set;
    let Successor { key_set, register, decryption } = succeed(&held, change, host::now(), &mut host::random)?;
    let root = open_root(&read(&signing.root)?, &read_secret()?)?;
    ensure!(root.public() == before.root, "this opens a root, and it is another institution's");
    let beside = |suffix: &str| {
        let mut name = signing.out.file_name().unwrap_or_default().to_owned();
        name.push(suffix);
        signing.out.with_file_name(name)
    };
    ensure!(!signing.out.exists(), "{} is there already", signing.out.display());
    if let Some(key) = &register {
        let path = beside(".register-key");
        write_secret(&path, key.dangerously_expose_seed().as_slice())?;
        println!("The register's new key: {}", path.display());
    }
    if let Some(key) = &decryption {
        let path = beside(".decryption-key");
        write_secret(&path, key.dangerously_expose_text().as_bytes())?;
        println!("The new decryption key: {}", path.display());
    }
    let next = TrustFile { key_set: key_set.sign(&root), ..before };
    fs::write(&signing.out, next.to_bytes()).with_context(|| format!("{} cannot be written", signing.out.display()))?;
    println!(
        "Key set {}: {}. Bring it to the register: fieldproof register key-set",
        key_set.number,
        signing.out.display()
    );
    Ok(())
}

/// Writes a new file that only its owner can read.
fn write_secret(path: &Path, secret: &[u8]) -> anyhow::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).with_context(|| format!("{} cannot be made", path.display()))?;
    file.write_all(secret)
        .and_then(|()| file.sync_all())
        .with_context(|| format!("{} cannot be written", path.display()))
}

/// A register key out of the file that `renew-register` wrote.
pub(crate) fn register_key(path: &Path) -> anyhow::Result<fieldproof_seal::keys::SecretKey> {
    let seed = Zeroizing::new(read(path)?);
    let Ok(seed) = seed.as_slice().try_into() else { bail!("{} holds no key of a register", path.display()) };
    Ok(fieldproof_seal::keys::SecretKey::new(seed))
}

/// The key set of a trust file, as signed.
pub(crate) fn signed_key_set(path: &Path) -> anyhow::Result<Vec<u8>> {
    Ok(trust(path)?.key_set)
}
