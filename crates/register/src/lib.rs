//! The institution's server: it receives records, verifies them, keeps them, and signs receipts and refusals.
//!
//! A folder holds everything: `register.sqlite`, `register.key`, `tls.key`, `decryption/`, `evidence/` and, on the way
//! there, `uploads/`, and `bundles/`, which came over a network, each with its answers; book and evidence may be
//! elsewhere ([`Storage`]). [`Register`] is the core and answers to the same trait as the client over HTTP; [`serve_tls`] puts
//! it on a socket. Nothing received is ever deleted.
#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects))]

mod background;
mod backup;
mod bundle;
mod carried;
mod chain;
mod core;
mod database;
mod decryption;
mod door;
mod enrol;
mod epoch;
mod error;
mod evidence;
mod feed;
mod files;
pub mod founding;
mod greet;
mod http;
mod page;
mod papers;
mod receive;
mod renewal;
pub mod root;
#[cfg(feature = "sabotage")]
pub mod sabotage;
mod shelf;
mod storage;
pub mod succession;
mod table;
mod tls;
mod uploads;

use std::{fmt, fs, path::Path, sync::Arc};

use fieldproof_model::{digest::Digest, time::Timestamp};
use fieldproof_seal::{
    key_set::{KeyRole, KeySet, KeyState},
    keys::{PublicKey, SecretKey},
    trust::Trust,
};
use fieldproof_wire::{
    ChainAnswer, ChainUpload, Claim, ClaimAnswer, Cursor, Feed, Hello, PackAnswer, PackUpload, Paper, PaperBack,
    PapersAnswer, RecordAnswer, RegisterProtocol, Return, Shelf, bundle::DecryptionKey, log,
};

pub use crate::{
    backup::{back_up, restore},
    bundle::{NotTaken, TakenBundle},
    database::{DatabaseUrl, DatabaseUrlError},
    error::RegisterError,
    evidence::{BucketUrl, BucketUrlError},
    http::{serve, serve_tls},
    renewal::{NewKeys, take_key_set},
    storage::{Checked, Storage},
};
use crate::{
    carried::Carried,
    core::Core,
    decryption::DecryptionFolder,
    table::institution::{self, InstitutionRow},
    tls::Tls,
    uploads::Uploads,
};

/// Where the register's time comes from. Only a program's entry reads the system's clock.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Who hears of failures that are the register's own; a client is only told that there was one.
pub type Report = Arc<dyn Fn(&RegisterError) + Send + Sync>;

const KEY: &str = "register.key";
const UPLOADS: &str = "uploads";
const BUNDLES: &str = "bundles";

/// What a new register is made from.
#[derive(Debug, Clone)]
pub struct Material {
    /// The institution's root.
    pub root: PublicKey,
    /// The key set the root signed. Its purpose is the register's.
    pub key_set: Vec<u8>,
    /// The register key; its public half is an active register key of the key set.
    pub register_key: SecretKey,
    /// The secret halves of the institution's encryption keys, retired ones too: they open bundles.
    pub decryption_keys: Vec<DecryptionKey>,
}

/// The register. Clones share everything.
#[derive(Clone)]
pub struct Register {
    core: Arc<Core>,
    decryption: DecryptionFolder,
    carried: Arc<Carried>,
    tls: Tls,
    storage: Storage,
    /// How many connections one address may have, where it was said.
    each: Option<usize>,
}

impl fmt::Debug for Register {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Register({})", self.core.trust.key_set.institution)
    }
}

impl Register {
    /// Makes a register in a folder that does not exist yet or is empty, with book and evidence in it.
    ///
    /// # Errors
    /// As [`Register::create_on`].
    pub fn create(folder: &Path, material: &Material, clock: Clock) -> Result<Self, RegisterError> {
        Self::create_on(&Storage::default(), folder, material, clock)
    }

    /// Makes a register in a folder that does not exist yet or is empty, with book and evidence where `storage` says.
    ///
    /// The key's seed is written into a file that only its owner can read, and nothing more: good enough for a
    /// demonstration, not for an institution.
    ///
    /// # Errors
    /// [`RegisterError`]; [`RegisterError::NotEmpty`] and [`RegisterError::DatabaseNotEmpty`] when something is there.
    pub fn create_on(
        storage: &Storage,
        folder: &Path,
        material: &Material,
        clock: Clock,
    ) -> Result<Self, RegisterError> {
        let trust = trust(&material.root, &material.key_set)?;
        check_key(&trust, &material.register_key)?;
        if fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some()) {
            return Err(RegisterError::NotEmpty(folder.to_owned()));
        }
        files::make_folder(folder)?;
        let mut database = storage.database(folder, true)?;
        if institution::find(&database.read()?)?.is_some() {
            return Err(RegisterError::DatabaseNotEmpty);
        }
        files::write_key(&folder.join(KEY), &material.register_key)?;
        let decryption = DecryptionFolder::of(folder);
        material.decryption_keys.iter().try_for_each(|key| decryption.keep(key))?;
        let row = InstitutionRow {
            root: material.root,
            key_set: material.key_set.clone(),
            register_key: material.register_key.public(),
            epoch: 1,
        };
        let tx = database.write()?;
        institution::insert(&tx, &row)?;
        tx.commit()?;
        storage.remember(folder)?;
        drop(database);
        Self::open(folder, clock)
    }

    /// Opens the register in a folder.
    ///
    /// # Errors
    /// [`RegisterError`]; [`RegisterError::NotThere`] when there is none.
    pub fn open(folder: &Path, clock: Clock) -> Result<Self, RegisterError> {
        Self::open_on(&Storage::default(), folder, clock)
    }

    /// Opens the register in a folder whose database or bucket is now reached in another way. The folder remembers it.
    ///
    /// # Errors
    /// As [`Register::open`]; [`RegisterError::KeptHere`] for a register whose folder holds what would be elsewhere.
    pub fn open_on(moved: &Storage, folder: &Path, clock: Clock) -> Result<Self, RegisterError> {
        let storage = moved.over(folder)?;
        let mut database = storage.database(folder, false)?;
        let row = institution::find(&database.read()?)?.ok_or(RegisterError::Damaged("no institution"))?;
        let trust = trust(&row.root, &row.key_set)?;
        let key = files::read_key(&renewal::key_file(folder, &row.register_key))?;
        if key.public() != row.register_key {
            return Err(RegisterError::OtherKey);
        }
        check_key(&trust, &key)?;
        table::records::note_corrections(&mut database)?;
        let evidence = storage.evidence(folder)?;
        let uploads = Uploads::open(&folder.join(UPLOADS), uploads::LIMIT, Arc::clone(&clock))?;
        let carried = Arc::new(Carried::open(&folder.join(BUNDLES), Arc::clone(&clock))?);
        let core = Core::new(database, (evidence, uploads), trust, row, key, clock);
        let (decryption, tls) = (DecryptionFolder::of(folder), Tls::open(folder)?);
        moved.remember(folder)?;
        Ok(Self { core: Arc::new(core), decryption, carried, tls, storage, each: None })
    }

    /// Keeps a further decryption key, for bundles encrypted to it; the earlier ones stay.
    ///
    /// # Errors
    /// [`RegisterError::File`].
    pub fn keep_decryption_key(&self, key: &DecryptionKey) -> Result<(), RegisterError> {
        self.decryption.keep(key)
    }

    /// Tells `report` of every failure that is the register's own.
    #[must_use]
    pub fn reporting_to(self, report: Report) -> Self {
        self.core.report_to(report);
        self
    }

    /// Lets every address have so many connections. Behind a proxy all laptops are one.
    #[must_use]
    pub fn with_connections_per_address(self, each: usize) -> Self {
        Self { each: Some(each), ..self }
    }

    /// Whose register this is.
    #[must_use]
    pub fn key_set(&self) -> &KeySet {
        &self.core.trust.key_set
    }

    /// Where it keeps what is not in its folder.
    #[must_use]
    pub const fn storage(&self) -> &Storage {
        &self.storage
    }

    /// What clients know the register by on TLS: the SHA-256 of its public key (SubjectPublicKeyInfo, DER).
    #[must_use]
    pub const fn tls_pin(&self) -> Digest {
        self.tls.pin()
    }

    /// Admits a laptop: from now on the register takes what this installation key signed.
    ///
    /// # Errors
    /// [`RegisterError`]; [`RegisterError::WeakKey`] for a key whose signatures prove nothing.
    pub fn admit_installation(&self, key: &PublicKey) -> Result<(), RegisterError> {
        self.core.admit_installation(key)
    }

    /// How many records were accepted, and the log's head.
    ///
    /// # Errors
    /// [`RegisterError`].
    pub fn log(&self) -> Result<(u32, Digest), RegisterError> {
        let last = self.core.read(table::records::last)?;
        Ok(last.map_or((0, log::EMPTY), |place| (place.index, place.head)))
    }

    /// Reads back what the register keeps: its log's end, and every item of evidence that a record names. One that cannot
    /// be read is told of, and the others are read all the same.
    ///
    /// # Errors
    /// [`RegisterError`] when book or store cannot be read.
    pub fn check(&self) -> Result<Checked, RegisterError> {
        let (records, _) = self.log()?;
        let mut checked = Checked { records, ..Checked::default() };
        for item in self.core.read(table::records::named)? {
            let is_here = self.core.evidence.holds(&item.digest, item.size).inspect_err(|error| self.report(error));
            checked.note(&item, is_here)?;
        }
        Ok(checked)
    }

    /// Does blocking work where it does not hold up the socket. The work is finished even when nobody waits any more.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Core) -> Result<T, RegisterError> + Send + 'static,
    ) -> Result<T, RegisterError> {
        let core = Arc::clone(&self.core);
        tokio::task::spawn_blocking(move || work(&core)).await?
    }

    pub(crate) fn report(&self, error: &RegisterError) {
        self.core.report(error);
    }
}

impl RegisterProtocol for Register {
    type Error = RegisterError;

    async fn hello(&self) -> Result<Hello, RegisterError> {
        self.run(Core::greet).await
    }

    async fn put_chain(&self, upload: &ChainUpload) -> Result<ChainAnswer, RegisterError> {
        let upload = upload.clone();
        self.run(move |core| core.receive_chain(&upload)).await
    }

    async fn put_papers(&self, papers: &[Paper]) -> Result<PapersAnswer, RegisterError> {
        let papers = papers.to_vec();
        self.run(move |core| core.receive_papers(&papers)).await
    }

    async fn put_record(&self, file: &[u8]) -> Result<RecordAnswer, RegisterError> {
        let file = file.to_vec();
        self.run(move |core| core.receive_record(&file)).await
    }

    async fn put_evidence(&self, digest: Digest, bytes: &[u8]) -> Result<(), RegisterError> {
        let bytes = bytes.to_vec();
        self.run(move |core| core.receive_evidence(&digest, &bytes)).await
    }

    async fn claim(&self, claim: &Claim) -> Result<ClaimAnswer, RegisterError> {
        let claim = claim.clone();
        self.run(move |core| core.receive_claim(&claim)).await
    }

    async fn give_back(&self, returned: &Return) -> Result<RecordAnswer, RegisterError> {
        let returned = returned.clone();
        self.run(move |core| core.take_back(&returned)).await
    }

    async fn feed(&self, installation: PublicKey, after: Cursor) -> Result<Feed, RegisterError> {
        self.run(move |core| core.feed(&installation, after)).await
    }

    async fn put_pack(&self, upload: &PackUpload) -> Result<PackAnswer, RegisterError> {
        let upload = upload.clone();
        self.run(move |core| core.receive_pack(&upload)).await
    }

    async fn put_request(&self, signed: &[u8]) -> Result<(), RegisterError> {
        let signed = signed.to_vec();
        self.run(move |core| core.receive_request(&signed)).await
    }

    async fn requests(&self, installation: PublicKey) -> Result<Vec<Vec<u8>>, RegisterError> {
        self.run(move |core| core.requests_for(&installation)).await
    }

    async fn offer_again(&self, file: &[u8]) -> Result<RecordAnswer, RegisterError> {
        let file = file.to_vec();
        self.run(move |core| core.judge_anew(&file)).await
    }

    async fn shelf(&self, installation: PublicKey) -> Result<Shelf, RegisterError> {
        self.run(move |core| core.shelf_for(&installation)).await
    }

    async fn paper_back(&self, installation: PublicKey, said: PaperBack) -> Result<PapersAnswer, RegisterError> {
        self.run(move |core| core.note_back(&installation, said)).await
    }
}

fn trust(root: &PublicKey, key_set: &[u8]) -> Result<Trust, RegisterError> {
    Ok(Trust { key_set: KeySet::verify(key_set, root)?, snapshot: None })
}

fn check_key(trust: &Trust, key: &SecretKey) -> Result<(), RegisterError> {
    let id = key.public().id();
    let working = trust.key_set.find(id, KeyRole::Register).filter(|working| working.key == key.public());
    match working.map(|working| working.state) {
        Some(KeyState::Active) => Ok(()),
        Some(KeyState::Retired | KeyState::Compromised) | None => Err(RegisterError::NotARegisterKey(id)),
    }
}
