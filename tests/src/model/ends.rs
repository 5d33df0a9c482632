//! The real ends: laptops in memory that send by the program's own engine, and a register in a folder.

use std::{
    collections::{BTreeMap, VecDeque},
    fs,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard},
};

use fieldproof_model::{digest::Digest, time::Timestamp};
use fieldproof_register::{Register, RegisterError};
use fieldproof_seal::{
    digest_of,
    keys::{PublicKey, SecretKey},
    pack::{EndedDelegation, Pack},
    receipt::{Beacon, Have, Receipt, Refusal, RefusalReason},
    scheme::{parse_signed_scheme, sign_scheme},
    snapshot::{DelegationDigest, Ended, Snapshot},
};
use fieldproof_sync::{
    Comparison, Greeting, HeldReceipt, Holding, Known, Outbox, OutboxChain, OutboxRecord, SnapshotNews,
};
use fieldproof_testkit::KNOWLEDGE;
use fieldproof_wire::{
    ChainAnswer, ChainUpload, Claim, ClaimAnswer, Cursor, Feed, Hello, PackAnswer, PackUpload, Paper, PaperBack,
    PapersAnswer, Reach, RecordAnswer, RegisterProtocol, RequestError, Return, Shelf, SignedAnswer, bundle::BundleId,
};

use super::{
    book::{self, ChainSaid, Facts, Listed, Said, Shown},
    script::Fate,
};
use crate::institution::{Institution, NOON, PURPOSE, TestClock, bare_pack, delegation};

/// An institution with a short scheme, and another assessor of it.
pub(super) struct Keys {
    institution: Institution,
    /// By number: an assessor's key and its delegation.
    keys: Vec<(SecretKey, Vec<u8>)>,
}

impl Keys {
    pub(super) fn new() -> Self {
        let mut institution = Institution::esimerkki();
        let (document, values) = KNOWLEDGE;
        institution.scheme = sign_scheme(document, values, PURPOSE, &institution.issuing).unwrap();
        institution.scheme_id = parse_signed_scheme(&institution.scheme, None).unwrap().0.id;
        Self { institution, keys: Vec::new() }
    }

    pub(super) const fn institution(&self) -> &Institution {
        &self.institution
    }

    /// A further key, delegated.
    pub(super) fn add(&mut self) -> u32 {
        let number = u32::try_from(self.keys.len()).unwrap();
        let mut seed = [0xa5; 32];
        seed[..4].copy_from_slice(&number.to_be_bytes());
        let (key, institution) = (SecretKey::new(&seed), &self.institution);
        let signed = delegation(&key, institution.scheme_id, NOON.date()).sign(&institution.issuing);
        self.keys.push((key, signed));
        number
    }

    pub(super) fn count(&self) -> u32 {
        u32::try_from(self.keys.len()).unwrap()
    }

    fn delegation(&self, key: u32) -> &[u8] {
        &self.keys[usize::try_from(key).unwrap()].1
    }

    fn key_of(&self, row: &DelegationDigest) -> Option<u32> {
        let is_this = |key: &u32| DelegationDigest::of(self.delegation(*key)) == *row;
        (0..self.count()).find(is_this)
    }

    /// A record as a key seals it, and what is known of it. Each has a minute of its own.
    pub(super) fn record(
        &mut self,
        (key, index): (u32, u32),
        photos: &[Vec<u8>],
        minute: u32,
        is_damaged: bool,
    ) -> (Facts, Vec<u8>) {
        let (secret, signed) = self.keys[usize::try_from(key).unwrap()].clone();
        self.institution.delegation = signed;
        let named: Vec<&[u8]> = photos.iter().map(Vec::as_slice).collect();
        let draft = self.institution.draft(index, &named);
        let mut file = draft.with(|draft| draft.record.sealed_at = NOON.seconds_later(minute * 60)).seal(&secret);
        if is_damaged {
            file.parts.remove(&2);
        }
        let (record, bytes) = (file.digest(), file.to_bytes());
        let evidence = photos.iter().map(|photo| (digest_of(photo), u64::try_from(photo.len()).unwrap())).collect();
        let facts = Facts { record, file: digest_of(&bytes), size: bytes.len(), evidence, key, index, is_damaged };
        (facts, bytes)
    }

    /// An entry of a chain: a session was opened.
    pub(super) fn opened(&self, (key, index): (u32, u32), minute: u32) -> Vec<u8> {
        let [.., high, low] = minute.to_be_bytes();
        let mut entry = self.institution.entry(index, high ^ low);
        entry.at = NOON.seconds_later(minute * 60);
        entry.sign(&self.keys[usize::try_from(key).unwrap()].0)
    }

    /// A pack that says that a delegation ended.
    pub(super) fn withdrawal(&self, key: u32, (number, is_compromised): (u32, bool)) -> PackUpload {
        let (secret, signed) = &self.keys[usize::try_from(key).unwrap()];
        let end = if is_compromised { Ended::Compromised } else { Ended::Retired };
        let ended = EndedDelegation { delegation: digest_of(signed), key: secret.public(), end, on: NOON.date() };
        let pack = Pack { ended: vec![ended], ..bare_pack(SecretKey::new(&[0x77; 32]).public(), number) };
        PackUpload { pack: pack.sign(&self.institution.issuing), file: Vec::new() }
    }

    /// A signed list, as the model has it.
    pub(super) fn listed(&self, signed: &[u8]) -> Listed {
        let (snapshot, _) = Snapshot::parse(signed).unwrap();
        let row = |(digest, row): (&DelegationDigest, &fieldproof_seal::snapshot::Delegated)| {
            let ended = row.ended.map(|(end, day)| (end == Ended::Compromised, day.as_days()));
            (self.key_of(digest).unwrap_or(u32::MAX), (row.registered_up_to, ended))
        };
        Listed {
            epoch: snapshot.epoch,
            number: snapshot.number,
            as_of: snapshot.as_of.as_millis(),
            delegations: snapshot.delegations.iter().map(row).collect(),
        }
    }
}

/// What a laptop keeps of a record.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    file: Vec<u8>,
    held: Option<Vec<u8>>,
    refused: Option<Vec<u8>>,
    complete: Option<Vec<u8>>,
    /// What the register lost: the record by its own name, or evidence.
    lost: Vec<Digest>,
}

/// A laptop: what its store would hold, kept by the rules of the app.
#[derive(Debug, Clone)]
pub(super) struct Laptop {
    /// Its chains by key; the last one is in use.
    pub(super) chains: Vec<(u32, Vec<Vec<u8>>)>,
    pub(super) records: BTreeMap<Digest, Kept>,
    pub(super) photos: BTreeMap<Digest, Vec<u8>>,
    pub(super) known: Known,
    pub(super) holding: Holding,
    /// The latest epoch in which the register was asked after anything.
    pub(super) heard: u32,
    /// The bundles it wrote, and after how many receipts each asks.
    pub(super) written: BTreeMap<BundleId, usize>,
}

impl Laptop {
    pub(super) fn new(keys: &Keys, key: u32) -> Self {
        let known = Known { root: keys.institution.root.public(), trust: keys.institution.trust() };
        let (chains, holding) = (vec![(key, Vec::new())], Holding::default());
        let (records, photos, written) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        Self { chains, records, photos, known, holding, heard: 0, written }
    }

    pub(super) fn seal(&mut self, record: Digest, sealed: Vec<u8>, file: Vec<u8>) {
        self.chains.last_mut().unwrap().1.push(sealed);
        self.records.insert(record, Kept { file, held: None, refused: None, complete: None, lost: Vec::new() });
    }

    /// Keeps what the register signed, unless one of this kind is here; says whether it is new.
    pub(super) fn keep_receipt(&mut self, record: &Digest, signed: &[u8], have: Have) -> bool {
        let Some(kept) = self.records.get_mut(record) else { return false };
        let slot = if have == Have::Complete { &mut kept.complete } else { &mut kept.held };
        let is_new = slot.is_none();
        if is_new {
            *slot = Some(signed.to_vec());
            self.holding.receipts.push(HeldReceipt { record: *record, signed: signed.to_vec() });
        }
        is_new
    }

    pub(super) fn keep_refusal(&mut self, record: &Digest, signed: &[u8]) {
        if let Some(kept) = self.records.get_mut(record) {
            kept.refused.get_or_insert_with(|| signed.to_vec());
        }
    }

    /// Keeps a receipt of an epoch that ended: one that was not here was not asked after.
    pub(super) fn keep_late(&mut self, record: &Digest, signed: &[u8], have: Have, epoch: u32) {
        let was_complete = self.records.get(record).is_some_and(|kept| kept.complete.is_some());
        if self.keep_receipt(record, signed, have) {
            self.holding.compared = self.holding.compared.min(epoch);
            if !was_complete {
                self.set_lost(record, &[*record]);
            }
        }
    }

    pub(super) fn set_lost(&mut self, record: &Digest, items: &[Digest]) {
        if let Some(kept) = self.records.get_mut(record) {
            kept.lost = items.to_vec();
        }
    }

    /// Learns a list and a beacon; a list of another epoch that is replaced is to be shown yet.
    pub(super) fn learn(&mut self, greeting: &Greeting) {
        let beacon = |signed: &Vec<u8>| Beacon::parse(signed).unwrap().0.number;
        if self.holding.beacon.as_ref().is_none_or(|held| beacon(held) < greeting.beacon.number) {
            self.holding.beacon = Some(greeting.signed_beacon.clone());
        }
        let SnapshotNews::Newer(signed) = &greeting.snapshot else { return };
        let number = |signed: &Vec<u8>| Snapshot::parse(signed).map(|(list, _)| (list.epoch, list.number)).unwrap();
        if let Some(held) = self.holding.snapshot.take().filter(|held| number(held).0 != number(signed).0)
            && self.holding.unshown.as_ref().is_none_or(|unshown| number(unshown) < number(&held))
        {
            self.holding.unshown = Some(held);
        }
        self.holding.snapshot = Some(signed.clone());
        self.known.trust = greeting.trust.clone();
    }

    /// Keeps what a comparison showed.
    pub(super) fn keep_comparison<E: RequestError>(&mut self, comparison: &Comparison<E>) {
        self.learn(&comparison.greeting);
        if comparison.shown.is_some() && comparison.shown == self.holding.unshown {
            self.holding.unshown = None;
        }
        for record in &comparison.lost {
            self.set_lost(record, &[*record]);
        }
        self.note_epoch(comparison.epoch, Some(comparison.receipts).filter(|_| comparison.is_full));
    }

    /// Notes the epoch, and that everything was asked after where nothing came since.
    pub(super) fn note_epoch(&mut self, epoch: u32, asked: Option<usize>) {
        self.heard = self.heard.max(epoch);
        if asked == Some(self.holding.receipts.len()) {
            self.holding.compared = epoch;
        }
    }

    /// What is shown of each record.
    pub(super) fn shown(&self) -> BTreeMap<Digest, Shown> {
        self.records.iter().map(|(record, kept)| (*record, kept.shown(record))).collect()
    }

    /// What has no last word yet, and what goes back.
    pub(super) fn outbox(&self, keys: &Keys, claims: Vec<Claim>) -> Outbox {
        let chain = |(key, entries): &(u32, Vec<Vec<u8>>)| OutboxChain {
            delegation: keys.delegation(*key).to_vec(),
            entries: entries.clone(),
        };
        let record = |(digest, kept): (&Digest, &Kept)| {
            if matches!(kept.shown(digest), Shown::Complete(..) | Shown::Refused(_)) {
                return None;
            }
            let of = [&kept.held, &kept.complete];
            let is_lost = kept.lost.contains(digest);
            let receipts = of.into_iter().flatten().filter(|_| is_lost).cloned().collect();
            Some(OutboxRecord { digest: *digest, file: kept.file.clone(), receipts })
        };
        Outbox {
            chains: self.chains.iter().map(chain).collect(),
            records: self.records.iter().filter_map(record).collect(),
            claims,
            papers: Vec::new(),
        }
    }
}

impl Kept {
    fn shown(&self, record: &Digest) -> Shown {
        let is_lost = self.lost.contains(record);
        if let Some(signed) = self.complete.as_ref().filter(|_| !is_lost || self.refused.is_none()) {
            let receipt = receipt(signed);
            return match self.lost.len() {
                0 => Shown::Complete(receipt.index, receipt.at),
                _ if is_lost => Shown::Lost,
                _ => Shown::EvidenceLost,
            };
        }
        match (&self.refused, &self.held) {
            (Some(signed), _) => Shown::Refused(reason(signed)),
            (None, Some(_)) if is_lost => Shown::Lost,
            (None, Some(signed)) => Shown::Held(receipt(signed).index, receipt(signed).at),
            (None, None) => Shown::Here,
        }
    }
}

/// What a receipt says, as the model has it.
pub(super) fn receipt(signed: &[u8]) -> book::Receipt {
    let receipt = Receipt::parse(signed).unwrap().0;
    book::Receipt {
        epoch: receipt.epoch,
        index: receipt.log_index,
        is_complete: receipt.have == Have::Complete,
        record: receipt.record,
        evidence: receipt.evidence.iter().map(|(item, _)| *item).collect(),
        at: receipt.received_at.as_millis(),
        head: receipt.log_head,
    }
}

fn reason(signed: &[u8]) -> u8 {
    match Refusal::parse(signed).unwrap().0.reason {
        RefusalReason::NotGenuine => 1,
        RefusalReason::Delegation => 2,
        RefusalReason::OtherRecordAtThisPlace => 3,
    }
}

/// An answer to a record, likewise.
pub(super) fn said(answer: &RecordAnswer) -> Said {
    match &answer.signed {
        SignedAnswer::Receipt(signed) => Said::Receipt(receipt(signed), answer.missing.clone()),
        SignedAnswer::Refusal(signed) => Said::Refused(reason(signed)),
    }
}

/// An answer to a chain, likewise.
pub(super) fn chain_said(answer: &ChainAnswer) -> ChainSaid {
    let forks = answer.forks.iter().map(|fork| (fork.index, fork.other)).collect();
    ChainSaid { held: answer.held, forks, places: answer.places, highest: answer.highest, head: answer.head.unwrap() }
}

/// A register in a folder, and its clock.
pub(super) struct Server {
    folder: tempfile::TempDir,
    generation: u32,
    pub(super) clock: TestClock,
    running: Option<Register>,
    is_kept: bool,
}

impl Server {
    pub(super) fn new(keys: &Keys) -> Self {
        let (folder, clock) = (crate::scratch(), TestClock::new());
        let path = folder.path().join("0");
        let register = Register::create(&path, &keys.institution.material(), clock.clock()).unwrap();
        Self { folder, generation: 0, clock, running: Some(register), is_kept: false }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join(self.generation.to_string())
    }

    pub(super) fn register(&self) -> Register {
        self.running.clone().unwrap()
    }

    /// The register is killed and started again: what goes on is its folder as it lay there while it ran.
    pub(super) fn kill(&mut self) {
        let before = self.path();
        self.generation += 1;
        copy(&before, &self.path());
        self.running = None;
        fs::remove_dir_all(before).unwrap();
        self.running = Some(Register::open(&self.path(), self.clock.clock()).unwrap());
    }

    /// The register is backed up while it runs.
    pub(super) fn keep(&mut self) {
        let backup = self.folder.path().join("backup");
        if self.is_kept {
            fs::remove_dir_all(&backup).unwrap();
        }
        copy(&self.path(), &backup);
        self.is_kept = true;
    }

    /// The register is restored from its backup, if there is one.
    pub(super) fn restore(&mut self) {
        if self.is_kept {
            self.running = None;
            fs::remove_dir_all(self.path()).unwrap();
            copy(&self.folder.path().join("backup"), &self.path());
            self.running = Some(Register::open(&self.path(), self.clock.clock()).unwrap());
        }
    }

    pub(super) fn set_clock(&self, minutes: u32) -> i64 {
        let now = NOON.seconds_later(minutes * 60);
        self.clock.set(now);
        now.as_millis()
    }

    pub(super) async fn withdraw(&self, pack: &PackUpload) {
        self.register().put_pack(pack).await.unwrap();
    }
}

/// Copies a folder; what another program has open as memory alone stays behind.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (path, name) = (entry.path(), entry.file_name());
        if path.is_dir() {
            copy(&path, &to.join(&name));
        } else if !name.to_string_lossy().ends_with("-shm") {
            fs::copy(&path, to.join(&name)).unwrap();
        }
    }
}

/// The way to the register on which each request has its fate.
pub(super) struct Wire<'a> {
    server: Mutex<&'a mut Server>,
    fates: Mutex<VecDeque<Fate>>,
    pub(super) killed: tokio::sync::Notify,
}

/// Why a request failed.
#[derive(Debug, thiserror::Error)]
pub(super) enum WireError {
    #[error("it broke off")]
    Broke,
    #[error("nobody is there")]
    Gone,
    #[error(transparent)]
    Register(RegisterError),
}

impl RequestError for WireError {
    fn is_permanent(&self) -> bool {
        matches!(self, Self::Register(error) if error.is_permanent())
    }

    fn reach(&self) -> Reach {
        match self {
            Self::Broke => Reach::Unclear,
            Self::Gone => Reach::Connection,
            Self::Register(error) => error.reach(),
        }
    }
}

impl<'a> Wire<'a> {
    pub(super) fn new(server: &'a mut Server, fates: &[Fate]) -> Self {
        Self {
            server: Mutex::new(server),
            fates: Mutex::new(fates.iter().copied().collect()),
            killed: tokio::sync::Notify::new(),
        }
    }

    fn server(&self) -> MutexGuard<'_, &'a mut Server> {
        self.server.lock().unwrap()
    }

    async fn request<T, F>(&self, work: impl FnOnce(Register) -> F + Send) -> Result<T, WireError>
    where
        T: Send,
        F: Future<Output = Result<T, RegisterError>> + Send,
    {
        let fate = self.fates.lock().unwrap().pop_front().unwrap_or(Fate::Passes);
        if fate == Fate::Restarted {
            self.server().kill();
        }
        match fate {
            Fate::Lost => return Err(WireError::Broke),
            Fate::Gone => return Err(WireError::Gone),
            Fate::Killed => return self.die().await,
            Fate::Passes | Fate::Eaten | Fate::KilledBehind | Fate::Restarted => {}
        }
        let register = self.server().register();
        let answer = work(register).await.map_err(WireError::Register);
        match fate {
            Fate::Eaten => Err(WireError::Broke),
            Fate::KilledBehind => self.die().await,
            Fate::Passes | Fate::Lost | Fate::Gone | Fate::Killed | Fate::Restarted => answer,
        }
    }

    /// The laptop is no more: nothing goes on behind this request.
    async fn die<T>(&self) -> T {
        self.killed.notify_one();
        std::future::pending().await
    }
}

impl RegisterProtocol for Wire<'_> {
    type Error = WireError;

    async fn hello(&self) -> Result<Hello, WireError> {
        self.request(|register| async move { register.hello().await }).await
    }

    async fn put_chain(&self, upload: &ChainUpload) -> Result<ChainAnswer, WireError> {
        self.request(|register| async move { register.put_chain(upload).await }).await
    }

    async fn put_papers(&self, papers: &[Paper]) -> Result<PapersAnswer, WireError> {
        self.request(|register| async move { register.put_papers(papers).await }).await
    }

    async fn put_record(&self, file: &[u8]) -> Result<RecordAnswer, WireError> {
        self.request(|register| async move { register.put_record(file).await }).await
    }

    async fn put_evidence(&self, digest: Digest, bytes: &[u8]) -> Result<(), WireError> {
        self.request(|register| async move { register.put_evidence(digest, bytes).await }).await
    }

    async fn claim(&self, claim: &Claim) -> Result<ClaimAnswer, WireError> {
        self.request(|register| async move { register.claim(claim).await }).await
    }

    async fn give_back(&self, returned: &Return) -> Result<RecordAnswer, WireError> {
        self.request(|register| async move { register.give_back(returned).await }).await
    }

    async fn feed(&self, installation: PublicKey, after: Cursor) -> Result<Feed, WireError> {
        self.request(|register| async move { register.feed(installation, after).await }).await
    }

    async fn put_pack(&self, upload: &PackUpload) -> Result<PackAnswer, WireError> {
        self.request(|register| async move { register.put_pack(upload).await }).await
    }

    async fn put_request(&self, signed: &[u8]) -> Result<(), WireError> {
        self.request(|register| async move { register.put_request(signed).await }).await
    }

    async fn requests(&self, installation: PublicKey) -> Result<Vec<Vec<u8>>, WireError> {
        self.request(|register| async move { register.requests(installation).await }).await
    }

    async fn offer_again(&self, file: &[u8]) -> Result<RecordAnswer, WireError> {
        self.request(|register| async move { register.offer_again(file).await }).await
    }

    async fn shelf(&self, installation: PublicKey) -> Result<Shelf, WireError> {
        self.request(|register| async move { register.shelf(installation).await }).await
    }

    async fn paper_back(&self, installation: PublicKey, said: PaperBack) -> Result<PapersAnswer, WireError> {
        self.request(|register| async move { register.paper_back(installation, said).await }).await
    }
}

/// The time at which every script begins.
pub(super) const BEGINNING: Timestamp = NOON;
