//! A made-up institution with fixed keys, its assessor, and records of every kind: good, damaged and foreign.
#![allow(dead_code, reason = "every test file uses its own part of this")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "test code; a failure here is a failing test")]

pub(crate) mod storage;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use fieldproof_model::{
    clock::ClockGrade,
    decision::Outcome,
    digest::Digest,
    id::{InstitutionId, SchemeId, SessionId},
    time::{Date, Timestamp},
};
use fieldproof_register::{Clock, Material, Register};
use fieldproof_seal::{
    cbor,
    chain::{ChainEntry, ChainEvent, Link},
    delegation::{Delegation, Role},
    digest_of,
    envelope::Purpose,
    key_set::{KeyRole, KeySet, KeyState, WorkingKey},
    keys::{PublicKey, SecretKey},
    pack::Pack,
    parts::{PARTS, Part, PartKind},
    record::{Record, RecordFile},
    scheme::{parse_signed_scheme, sign_scheme},
    trust::Trust,
};
use fieldproof_wire::{ChainUpload, PackUpload, RegisterProtocol, bundle::DecryptionKey};

const DOCUMENT: &str = include_str!("../../../../assets/schemes/hv-isolation.json");
const VALUES: &str = include_str!("../../../../assets/schemes/hv-isolation.values.json");

/// The purpose of everything here.
pub(crate) const PURPOSE: Purpose = Purpose::Demonstration;

/// Noon of the day on which everything happens.
pub(crate) const NOON: Timestamp = Timestamp::from_millis(1_795_348_800_000);

/// A clock that stands still until it is set.
#[derive(Clone)]
pub(crate) struct TestClock(Arc<AtomicI64>);

impl TestClock {
    pub(crate) fn new() -> Self {
        Self(Arc::new(AtomicI64::new(NOON.as_millis())))
    }
    pub(crate) fn set(&self, now: Timestamp) {
        self.0.store(now.as_millis(), Ordering::SeqCst);
    }
    pub(crate) fn clock(&self) -> Clock {
        let time = Arc::clone(&self.0);
        Arc::new(move || Timestamp::from_millis(time.load(Ordering::SeqCst)))
    }
}

/// The key of the one laptop that every register here admits.
pub(crate) fn installation() -> SecretKey {
    SecretKey::new(&[42; 32])
}

/// An institution and one of its assessors; everything follows from one number.
pub(crate) struct Institution {
    pub(crate) id: InstitutionId,
    pub(crate) root: SecretKey,
    pub(crate) issuing: SecretKey,
    pub(crate) register: SecretKey,
    pub(crate) assessor: SecretKey,
    pub(crate) decryption: DecryptionKey,
    pub(crate) scheme: Vec<u8>,
    pub(crate) scheme_id: SchemeId,
    pub(crate) delegation: Vec<u8>,
    pub(crate) key_set: KeySet,
}

fn key(institution: u8, n: u8) -> SecretKey {
    let mut seed = [institution; 32];
    seed[0] = n;
    SecretKey::new(&seed)
}

impl Institution {
    /// Esimerkkiopisto with its assessor Aino Esimerkki.
    pub(crate) fn esimerkki() -> Self {
        Self::new(1, "Esimerkkiopisto")
    }

    /// Another institution with the same scheme.
    pub(crate) fn muu() -> Self {
        Self::new(2, "Muu Keksitty Laitos")
    }

    fn new(n: u8, name: &str) -> Self {
        let (root, issuing, register, assessor) = (key(n, 1), key(n, 2), key(n, 3), key(n, 4));
        let decryption = DecryptionKey::new(&[n.wrapping_add(100); 32]);
        let working = |key: PublicKey, role| WorkingKey {
            key,
            role,
            not_before: NOON.date(),
            not_after: NOON.date().days_later(365),
            state: KeyState::Active,
        };
        let id = InstitutionId::new([n; 16]);
        let key_set = KeySet {
            purpose: PURPOSE,
            number: 5,
            institution: id,
            name: name.to_owned(),
            address: "register.example/v".to_owned(),
            issued_at: NOON,
            keys: vec![
                working(issuing.public(), KeyRole::Issuing),
                working(register.public(), KeyRole::Register),
                working(decryption.public(), KeyRole::Encryption),
            ],
        };
        let scheme = sign_scheme(DOCUMENT, VALUES, PURPOSE, &issuing).unwrap();
        let scheme_id = parse_signed_scheme(&scheme, None).unwrap().0.id;
        let delegation = delegation(&assessor, scheme_id, NOON.date()).sign(&issuing);
        Self { id, root, issuing, register, assessor, decryption, scheme, scheme_id, delegation, key_set }
    }

    pub(crate) fn trust(&self) -> Trust {
        Trust { key_set: self.key_set.clone(), snapshot: None }
    }

    pub(crate) fn material(&self) -> Material {
        Material {
            root: self.root.public(),
            key_set: self.key_set.sign(&self.root),
            register_key: self.register.clone(),
            decryption_keys: vec![self.decryption.clone()],
        }
    }

    /// A record at a place of the chain, with these photos.
    pub(crate) fn record(&self, index: u32, photos: &[&[u8]]) -> RecordFile {
        self.draft(index, photos).seal(&self.assessor)
    }

    /// The same, still to be altered.
    pub(crate) fn draft(&self, index: u32, photos: &[&[u8]]) -> Draft {
        let [.., high, low] = index.to_be_bytes();
        let salt = std::array::from_fn(|place| if place == 0 && high != 0 { high } else { low });
        let content = |kind| {
            if kind == PartKind::Scheme {
                cbor::bytes(self.scheme.clone())
            } else {
                format!("part of session {index}").into()
            }
        };
        let parts: BTreeMap<_, _> =
            PARTS.iter().map(|(kind, number, _)| (*number, Part::new(salt, content(*kind)))).collect();
        let record = Record {
            purpose: PURPOSE,
            link: Link { index, previous: (index != 1).then(|| Digest::new([9; 32])) },
            session: SessionId::new(salt),
            sealed_at: NOON,
            beacon: None,
            scheme: digest_of(&self.scheme),
            delegation: self.delegation.clone(),
            outcome: Outcome::Pass,
            certificate: None,
            parts: BTreeMap::new(),
            evidence: photos.iter().map(|photo| named(photo)).collect(),
            language: "en".to_owned(),
            partner: None,
            attempt: 1,
            clock: ClockGrade::Sound,
            supersedes: None,
            endorsements: Vec::new(),
        };
        Draft { record, parts }
    }

    /// A chain entry: session opened.
    pub(crate) fn opened(&self, index: u32, session: u8) -> Vec<u8> {
        self.entry(index, session).sign(&self.assessor)
    }

    /// The same, still to be signed.
    pub(crate) fn entry(&self, index: u32, session: u8) -> ChainEntry {
        ChainEntry {
            purpose: PURPOSE,
            link: Link { index, previous: (index != 1).then(|| Digest::new([9; 32])) },
            session: SessionId::new([session; 16]),
            at: NOON,
            event: ChainEvent::Opened { scheme: digest_of(&self.scheme) },
        }
    }

    /// A pack of a laptop that says nothing but its number.
    pub(crate) fn pack(&self, installation: PublicKey, number: u32) -> PackUpload {
        self.pack_upload(&bare_pack(installation, number))
    }

    /// A pack as an office brings it.
    pub(crate) fn pack_upload(&self, pack: &Pack) -> PackUpload {
        PackUpload { pack: pack.sign(&self.issuing), file: format!("pack {}", pack.number).into_bytes() }
    }

    pub(crate) fn upload(&self, entries: Vec<Vec<u8>>) -> ChainUpload {
        ChainUpload { delegation: self.delegation.clone(), entries }
    }
}

/// A key that issues and a pack that it signed make a laptop a coordinator's.
pub(crate) async fn coordinator(register: &Register, institution: &Institution) {
    let pack = Pack { is_coordinators: true, ..bare_pack(installation().public(), 1) };
    register.put_pack(&institution.pack_upload(&pack)).await.unwrap();
}

/// A pack that names nobody and nothing.
pub(crate) fn bare_pack(installation: PublicKey, number: u32) -> Pack {
    Pack {
        purpose: PURPOSE,
        installation,
        number,
        at: NOON,
        register_address: String::new(),
        register_pin: None,
        delegations: Vec::new(),
        schemes: Vec::new(),
        courses: Vec::new(),
        roster: None,
        recovery: None,
        ended: Vec::new(),
        is_coordinators: false,
    }
}

/// A delegation for thirty days.
pub(crate) fn delegation(assessor: &SecretKey, scheme: SchemeId, from: Date) -> Delegation {
    Delegation {
        purpose: PURPOSE,
        assessor_key: assessor.public(),
        scheme,
        assessor_name: "Aino Esimerkki".to_owned(),
        may_certify: true,
        not_before: from,
        not_after: from.days_later(30),
        roles: [Role::Assessor].into(),
        contact_days: None,
    }
}

/// A photo as a record names it.
pub(crate) fn named(photo: &[u8]) -> (Digest, u64) {
    (digest_of(photo), photo.len() as u64)
}

/// A record before it is sealed.
pub(crate) struct Draft {
    pub(crate) record: Record,
    pub(crate) parts: BTreeMap<i64, Part>,
}

impl Draft {
    pub(crate) fn with(mut self, alter: impl FnOnce(&mut Self)) -> Self {
        alter(&mut self);
        self
    }

    pub(crate) fn seal(mut self, assessor: &SecretKey) -> RecordFile {
        self.record.parts = self.parts.iter().map(|(number, part)| (*number, part.digest())).collect();
        RecordFile { sealed: self.record.sign(assessor), parts: self.parts, attached: Vec::new() }
    }
}

/// A register in a folder of its own.
pub(crate) struct Place {
    _folder: tempfile::TempDir,
    pub(crate) path: PathBuf,
    pub(crate) clock: TestClock,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self::within(tempfile::tempdir().unwrap())
    }

    pub(crate) fn within(folder: tempfile::TempDir) -> Self {
        Self { path: folder.path().join("register"), _folder: folder, clock: TestClock::new() }
    }

    pub(crate) fn create(&self, institution: &Institution) -> Register {
        let storage = storage::chosen();
        let register = Register::create_on(&storage, &self.path, &institution.material(), self.clock.clock()).unwrap();
        register.admit_installation(&installation().public()).unwrap();
        register
    }

    pub(crate) fn open(&self) -> Register {
        Register::open(&self.path, self.clock.clock()).unwrap()
    }

    /// Makes a backup, in the place of one before.
    pub(crate) fn back_up(&self) {
        drop(std::fs::remove_dir_all(self.backup()));
        fieldproof_register::back_up(&self.path, &self.backup()).unwrap();
    }

    /// Puts what the backup holds in the place of everything that came after it.
    pub(crate) fn restore(&self) -> Register {
        std::fs::remove_dir_all(&self.path).unwrap();
        fieldproof_register::restore(&self.backup(), &self.path, &storage::chosen()).unwrap();
        self.open()
    }

    /// Carries a statement out in the book, as [`sql`].
    pub(crate) fn sql(&self, text: &str) -> String {
        sql(&self.path, text)
    }

    /// Puts something else in the place of an item of evidence, past the register.
    pub(crate) fn damage(&self, item: &Digest) {
        if let Ok(url) = std::fs::read_to_string(self.path.join("evidence.url")) {
            let folder = url.lines().next().unwrap().strip_prefix("s3:/").unwrap();
            let answer = storage::Store::shared().ask("PUT", &format!("{folder}/{item}"), "damaged");
            assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        } else {
            std::fs::write(self.path.join("evidence").join(item.to_string()), b"damaged").unwrap();
        }
    }

    fn backup(&self) -> PathBuf {
        self.path.with_extension("backup")
    }
}

/// Carries a statement out in the book of the register in `folder`, past the register, and gives the first value it
/// finds. Bytes are written `x'00'`, whatever the engine.
pub(crate) fn sql(folder: &Path, sql: &str) -> String {
    if let Ok(url) = std::fs::read_to_string(folder.join("database.url")) {
        return storage::carry_out(url.trim(), &sql.replace("x'", r"'\x"));
    }
    let database = rusqlite::Connection::open(folder.join("register.sqlite")).unwrap();
    let mut statement = database.prepare(sql).unwrap();
    if statement.column_count() == 0 {
        return statement.execute([]).unwrap().to_string();
    }
    statement.query_row([], |row| row.get::<_, i64>(0)).unwrap().to_string()
}

/// A register of Esimerkkiopisto.
pub(crate) fn register() -> (Institution, Place, Register) {
    let (institution, place) = (Institution::esimerkki(), Place::new());
    let register = place.create(&institution);
    (institution, place, register)
}
