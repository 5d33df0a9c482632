//! A new laptop becomes an institution's: it makes its keys, asks, and takes the pack that comes back.

use std::{
    fs,
    path::{Path, PathBuf},
};

use fieldproof_certificate::{find_tokens, symbol_rows};
use fieldproof_model::{digest::Digest, id::PersonId, person::Person};
use fieldproof_seal::{
    cbor,
    course::parse_course,
    delegation::Delegation,
    key_set::KeyRole,
    keys::{PublicKey, SecretKey},
    pack::{Pack, PackFile, parse_roster},
    parts::PART_LIMIT,
    receipt::Beacon,
    request::{Request, SignedRequest},
    scheme::parse_signed_scheme,
    short_code::{code_of, parse_short_code},
    trust::{Trust, TrustFile},
};
use fieldproof_store::{
    ReadTx, Store, StoreError, StoreKey, WriteTx, durable,
    slots::{self, RecoveryKind, Secrets},
    table::{pack_items::PackItem, people::PersonRow},
};
use fieldproof_wire::{boxed, bundle::DecryptionKey};
use zeroize::Zeroizing;

use crate::{
    App, Error, Invalid, NotAllowed, Result, Unlocked, What,
    epoch::keep_snapshot,
    error::OrNotFound,
    folder, install,
    packs::held_number,
    passphrase,
    people::{checked_person, read_trust_file},
};

/// What a pack says before it is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackPreview {
    /// The institution's name.
    pub institution: String,
    /// The code of its root, for two people to compare by ear.
    pub code: String,
    /// Whether this laptop is that institution's already.
    pub is_known: bool,
    /// The pack's number.
    pub number: u32,
    /// How many schemes, courses and people it brings.
    pub brings: (usize, usize, usize),
}

/// A pack whose every word was checked.
struct Checked {
    pack: Pack,
    signed: Vec<u8>,
    trust_file: TrustFile,
    trust: Trust,
    beacon: Option<Vec<u8>>,
    schemes: Vec<Vec<u8>>,
    courses: Vec<Vec<u8>>,
    roster: Vec<Person>,
}

impl App {
    /// Makes a new laptop of this folder, with its first person, who has unlocked it afterwards. It belongs to nobody
    /// yet: it can ask an institution, and take its pack. A store that nobody can open is set aside.
    ///
    /// # Errors
    /// [`NotAllowed::NotNew`] when somebody can unlock the laptop in the folder; [`Invalid`] for a name, year or passphrase.
    pub fn begin(&self, name: &str, birth_year: Option<u16>, passphrase: &str) -> Result<()> {
        if !slots::list(&self.dir)?.is_empty() {
            return Err(NotAllowed::NotNew.into());
        }
        passphrase::check(passphrase).map_err(Invalid::Passphrase)?;
        let person = checked_person(PersonId::new(self.random()), name, birth_year, self.today())?;
        if Store::is_in(&self.dir) {
            // A beginning that a crash cut off, or a laptop whose slot files are lost: nobody can open it, and it is kept.
            durable::set_folder_aside(&self.dir, ".before-begin")?;
        }
        fs::create_dir_all(&self.dir).map_err(|source| StoreError::File { path: self.dir.clone(), source })?;
        durable::sync_folder_of(&self.dir)?;
        let secrets = Secrets { store: StoreKey::new(self.random()), assessor: self.random_key() };
        self.hold.share(&self.dir);
        let store = Store::create(&self.dir, &secrets.store)?;
        store.write(|tx| tx.add_person(&PersonRow { person: person.clone(), is_on_roster: true, contact: None }))?;
        let cost = self.host.passphrase_cost();
        let whom = (person.id, person.name.as_str());
        slots::set(&self.dir, whom, passphrase, &secrets, &self.slot_random(), cost)?;
        self.enter((person.id, person.name.as_str().to_owned()), secrets.assessor, store)
    }

    /// What whoever works shows a coordinator, to have their key delegated.
    ///
    /// # Errors
    /// [`Error::Locked`], [`Error::Store`].
    pub fn request(&self) -> Result<SignedRequest> {
        let unlocked = self.unlocked()?;
        let now = self.now();
        unlocked.store.read(|tx| {
            let request = Request {
                person: tx.person(unlocked.assessor)?.or_not_found(What::Person)?.person,
                key: unlocked.key.public(),
                installation: installation_key(tx)?.public(),
                recipient: pack_key(tx)?.recipient(),
                at: now,
                pack: held_number(tx)?,
            };
            Ok(SignedRequest::parse(&request.sign(&unlocked.key))?)
        })
    }

    /// Writes the request of whoever works into a folder, as a file that a coordinator opens.
    ///
    /// # Errors
    /// [`Error::NotWritten`].
    pub fn write_request(&self, folder: &Path) -> Result<PathBuf> {
        let request = self.request()?;
        // The code names the file: a stick that is lost says nobody's name at first sight.
        let path = folder.join(format!("request-{}.fieldproof", request.code()));
        folder::write(&path, &request.signed)?;
        Ok(path)
    }

    /// The symbol that the other laptop's camera reads the request of whoever works from: rows of dark modules.
    ///
    /// # Errors
    /// [`Error::Render`].
    pub fn request_symbol(&self, request: &SignedRequest) -> Result<Vec<Vec<bool>>> {
        Ok(symbol_rows(&request.to_text())?)
    }

    /// Looks into a pack that came on a stick or over the network. Nothing is taken yet.
    ///
    /// # Errors
    /// [`Invalid::Pack`] with what is wrong with it, [`Error::Format`].
    pub fn look_at_pack(&self, file: &[u8]) -> Result<PackPreview> {
        let unlocked = self.unlocked()?;
        unlocked.store.read(|tx| {
            let checked = check(tx, file)?;
            Ok(PackPreview {
                institution: checked.trust.key_set.name.clone(),
                code: code_of(checked.trust_file.root.as_bytes()),
                is_known: tx.pack_item(PackItem::Root)?.is_some(),
                number: checked.pack.number,
                brings: (checked.schemes.len(), checked.courses.len(), checked.roster.len()),
            })
        })
    }

    /// Takes a pack. The first one makes this laptop the institution's, and needs the code that its coordinator read
    /// out; later ones are known by the root. Taking one twice changes nothing.
    ///
    /// # Errors
    /// [`Invalid::Pack`], [`Invalid::InstitutionCode`]; nothing is changed then.
    pub fn take_pack(&self, file: &[u8], code: Option<&str>) -> Result<()> {
        let unlocked = self.unlocked()?;
        unlocked.store.write(|tx| take_pack(tx, file, code))?;
        install::write_public_trust(&self.dir, &unlocked.store.read(read_trust_file)?)?;
        self.ensure_recovery(&unlocked)
    }

    /// Takes a later key set that came by hand: signed by the root of this laptop's institution, with a higher number. Over
    /// a network it comes with every greeting.
    ///
    /// # Errors
    /// [`Error::Format`]; [`Invalid::Pack`] for another institution's and for one that does not follow. Nothing is changed
    /// then.
    pub fn take_key_set(&self, file: &[u8]) -> Result<()> {
        let offered = TrustFile::parse(file)?;
        let unlocked = self.unlocked()?;
        let trust = unlocked.store.write(|tx| -> Result<TrustFile> {
            let held = read_trust_file(tx)?;
            if held.root != offered.root {
                return Err(Invalid::Pack(PackProblem::OtherInstitution).into());
            }
            if held.key_set == offered.key_set {
                return Ok(held);
            }
            // Its list may be older than the one that is held, and is not what it is brought for.
            let offered = TrustFile { snapshot: held.snapshot.clone(), ..offered };
            let renewed = held.renewed_by(&offered).ok_or(Invalid::Pack(PackProblem::Older))?;
            tx.set_pack_item(PackItem::KeySet, &renewed.key_set)?;
            Ok(renewed)
        })?;
        install::write_public_trust(&self.dir, &trust)
    }

    /// Makes the slot with which the institution opens a lost laptop's backup, where its coordinator names a key.
    pub(crate) fn ensure_recovery(&self, unlocked: &Unlocked) -> Result<()> {
        let wanted = unlocked.store.read(|tx| tx.pack_item(PackItem::RecoveryRecipient))?;
        let Some(wanted) = wanted.and_then(|text| String::from_utf8(text).ok()) else { return Ok(()) };
        let slots = slots::recovery(&self.dir)?;
        let is_there = slots.iter().any(|slot| slot.kind == RecoveryKind::Institution && slot.recipient == wanted);
        if is_there {
            return Ok(());
        }
        Ok(slots::set_recovery(&self.dir, RecoveryKind::Institution, &wanted, self.now(), unlocked.store.key())?)
    }
}

/// Reads a request: its file, its symbol's text, or a picture of the symbol.
///
/// # Errors
/// [`Invalid::Request`].
pub fn read_request(bytes: &[u8]) -> Result<SignedRequest> {
    if let Ok(request) = SignedRequest::parse(bytes) {
        return Ok(request);
    }
    let texts = match std::str::from_utf8(bytes) {
        Ok(text) => vec![text.to_owned()],
        Err(_) => find_tokens(bytes).map(|found| found.texts).unwrap_or_default(),
    };
    let found = texts.iter().find_map(|text| SignedRequest::parse_text(text).ok());
    found.ok_or_else(|| Invalid::Request.into())
}

/// Makes the laptop's own keys where it has none: a new one, one of before version 7, and one that was restored.
pub(crate) fn make_keys(
    tx: &WriteTx<'_>,
    installation: impl FnOnce() -> SecretKey,
    pack: impl FnOnce() -> DecryptionKey,
) -> Result<()> {
    if tx.pack_item(PackItem::InstallationKey)?.is_none() {
        tx.set_pack_item(PackItem::InstallationKey, installation().dangerously_expose_seed().as_slice())?;
    }
    if tx.pack_item(PackItem::PackKey)?.is_none() {
        tx.set_pack_item(PackItem::PackKey, pack().dangerously_expose_text().as_bytes())?;
    }
    Ok(())
}

/// Lets go of the laptop's own keys: another laptop may go on with them.
pub(crate) fn forget_keys(tx: &WriteTx<'_>) -> Result<()> {
    for item in [PackItem::InstallationKey, PackItem::PackKey, PackItem::Pack, PackItem::Heard] {
        tx.forget_pack_item(item)?;
    }
    Ok(())
}

/// What signs this laptop's requests to a register.
pub(crate) fn installation_key(tx: &ReadTx<'_>) -> Result<SecretKey> {
    let seed = Zeroizing::new(tx.pack_item(PackItem::InstallationKey)?.or_not_found(What::Pack)?);
    let seed: &[u8; 32] = seed.as_slice().try_into().map_err(|_| StoreError::Damaged("installation key"))?;
    Ok(SecretKey::new(seed))
}

fn pack_key(tx: &ReadTx<'_>) -> Result<DecryptionKey> {
    let text = Zeroizing::new(tx.pack_item(PackItem::PackKey)?.or_not_found(What::Pack)?);
    let key = std::str::from_utf8(&text).ok().and_then(DecryptionKey::parse);
    Ok(key.ok_or(StoreError::Damaged("key of packs"))?)
}

/// Why a pack is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PackProblem {
    /// Encrypted for another laptop, or damaged.
    #[error("the pack is for another laptop, or damaged")]
    Shut,
    /// Of another institution than this laptop's.
    #[error("the pack is another institution's")]
    OtherInstitution,
    /// Not signed by an issuing key.
    #[error("the pack was not signed by the institution")]
    NotSigned,
    /// Older than the one taken last.
    #[error("a newer pack was taken already")]
    Older,
    /// Something that it names is missing, or is not what it should be.
    #[error("the pack's {0} are not whole")]
    NotWhole(&'static str),
}

/// Takes a pack; its number, where it is newer than the one that was held.
pub(crate) fn take_pack(tx: &WriteTx<'_>, file: &[u8], code: Option<&str>) -> Result<Option<u32>> {
    let (held, checked) = (held_number(tx)?, check(tx, file)?);
    let is_known = tx.pack_item(PackItem::Root)?.is_some();
    let expected = Some(code_of(checked.trust_file.root.as_bytes()));
    if !is_known && code.and_then(parse_short_code) != expected {
        return Err(Invalid::InstitutionCode.into());
    }
    keep(tx, &checked)?;
    Ok(Some(checked.pack.number).filter(|number| held < *number))
}

fn check(tx: &ReadTx<'_>, file: &[u8]) -> Result<Checked> {
    let refuse = |problem: PackProblem| Error::from(Invalid::Pack(problem));
    let plain = boxed::open(&pack_key(tx)?, file).map_err(|_| refuse(PackProblem::Shut))?;
    let file = PackFile::parse(&plain)?;
    let offered = TrustFile::parse(&file.trust)?;
    let trust_file = newest(tx, offered).ok_or_else(|| refuse(PackProblem::OtherInstitution))?;
    let trust = trust_file.open()?;
    let (pack, unverified) = Pack::parse(&file.pack)?;
    if trust.check(&unverified, KeyRole::Issuing, Some(pack.at.date())).is_err() {
        return Err(refuse(PackProblem::NotSigned));
    }
    if pack.installation != installation_key(tx)?.public() {
        return Err(refuse(PackProblem::Shut));
    }
    let held = tx.pack_item(PackItem::Pack)?;
    let held_number = held_number(tx)?;
    if pack.number < held_number || (pack.number == held_number && held.as_deref() != Some(&file.pack)) {
        return Err(refuse(PackProblem::Older));
    }
    let items = |digests: &[Digest], what| {
        let found = digests.iter().map(|digest| file.item(digest).map(<[u8]>::to_vec));
        found.collect::<Option<Vec<_>>>().ok_or_else(|| refuse(PackProblem::NotWhole(what)))
    };
    let (schemes, courses) = (items(&pack.schemes, "schemes")?, items(&pack.courses, "courses")?);
    for signed in &schemes {
        let (_, unverified) = parse_signed_scheme(signed, None)?;
        trust.check(&unverified, KeyRole::Issuing, None).map_err(|_| refuse(PackProblem::NotWhole("schemes")))?;
    }
    for signed in &pack.delegations {
        let (delegation, unverified) = Delegation::parse(signed)?;
        let day = Some(delegation.not_before);
        trust.check(&unverified, KeyRole::Issuing, day).map_err(|_| refuse(PackProblem::NotWhole("delegations")))?;
    }
    let roster = match &pack.roster {
        Some(digest) => parse_roster(file.item(digest).ok_or_else(|| refuse(PackProblem::NotWhole("people")))?)?,
        None => Vec::new(),
    };
    let beacon = file.beacon.filter(|signed| is_beacon(&trust, signed));
    Ok(Checked { pack, signed: file.pack, trust_file, trust, beacon, schemes, courses, roster })
}

/// What is held, renewed by what the pack brings; `None` for another institution's.
fn newest(tx: &ReadTx<'_>, offered: TrustFile) -> Option<TrustFile> {
    let Ok(held) = read_trust_file(tx) else { return Some(offered) };
    if held.root != offered.root {
        return None;
    }
    // A pack that was long on its way brings an older list; its key set may be newer all the same.
    let beside = TrustFile { snapshot: held.snapshot.clone(), ..offered.clone() };
    Some(held.renewed_by(&offered).or_else(|| held.renewed_by(&beside)).unwrap_or(held))
}

fn is_beacon(trust: &Trust, signed: &[u8]) -> bool {
    Beacon::parse(signed)
        .is_ok_and(|(beacon, unverified)| trust.check(&unverified, KeyRole::Register, Some(beacon.at.date())).is_ok())
}

fn keep(tx: &WriteTx<'_>, checked: &Checked) -> Result<()> {
    let pack = &checked.pack;
    tx.set_pack_item(PackItem::Root, checked.trust_file.root.as_bytes())?;
    tx.set_pack_item(PackItem::KeySet, &checked.trust_file.key_set)?;
    if let Some(snapshot) = &checked.trust_file.snapshot {
        keep_snapshot(tx, snapshot)?;
    }
    if let Some(beacon) = checked.beacon.as_deref().filter(|_| pack_brings_first_beacon(tx)) {
        tx.set_pack_item(PackItem::Beacon, beacon)?;
    }
    tx.set_pack_item(PackItem::Pack, &checked.signed)?;
    tx.set_pack_item(PackItem::RegisterAddress, pack.register_address.as_bytes())?;
    match &pack.register_pin {
        Some(pin) => tx.set_pack_item(PackItem::RegisterPin, pin.as_bytes())?,
        None => tx.forget_pack_item(PackItem::RegisterPin)?,
    }
    match &pack.recovery {
        Some(recipient) => tx.set_pack_item(PackItem::RecoveryRecipient, recipient.as_bytes())?,
        None => tx.forget_pack_item(PackItem::RecoveryRecipient)?,
    }
    // A coordinator's laptop keeps the institution's book, which is more than its own pack.
    if pack.is_coordinators {
        // An office that is not the first one begins with the people whom the first one knows.
        tx.add_to_roster(&checked.roster)?;
    } else {
        // Contacts are a coordinator's to know.
        tx.forget_contacts()?;
        tx.clear_schemes_and_courses()?;
        tx.set_roster(&checked.roster)?;
    }
    for signed in &checked.schemes {
        tx.set_scheme(parse_signed_scheme(signed, None)?.0.id, signed)?;
    }
    for encoded in &checked.courses {
        let course = parse_course(cbor::decode(encoded, PART_LIMIT)?)?;
        tx.set_course(course.id, course.scheme, encoded)?;
    }
    for signed in &pack.delegations {
        let (delegation, _) = Delegation::parse(signed)?;
        // One of a key that is not here any more is of no use.
        if let Some(chain) = tx.chain_with_key(&delegation.assessor_key)? {
            tx.set_delegation(chain, delegation.scheme, signed)?;
        }
    }
    Ok(())
}

/// The register's own beacons, asked for, are newer than any that a pack carries.
fn pack_brings_first_beacon(tx: &ReadTx<'_>) -> bool {
    tx.pack_item(PackItem::Beacon).is_ok_and(|held| held.is_none())
}

/// Whether this is the key of whoever may sign for the institution: an issuing key in use.
pub(crate) fn is_issuing(trust: &Trust, key: &PublicKey) -> bool {
    use fieldproof_seal::key_set::KeyState;
    let found = trust.key_set.find(key.id(), KeyRole::Issuing);
    found.is_some_and(|found| found.key == *key && found.state == KeyState::Active)
}
