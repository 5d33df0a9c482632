//! A made institution whose keys get lost: what it publishes after each event, and the papers that were out by then.

use std::collections::{BTreeMap, BTreeSet};

use fieldproof_model::{
    clock::ClockGrade,
    decision::Outcome,
    digest::Digest,
    gate::{ExerciseState, VoltageKind},
    id::{CertificateId, InstitutionId, SchemeId, SessionId},
    scheme::PartKind,
    time::{Date, Timestamp},
};
use fieldproof_seal::{
    chain::{ChainEntry, ChainEvent, Link},
    delegation::{Delegation, Role},
    digest_of,
    envelope::{Purpose, Unverified},
    key_set::{KeyRole, KeySet, KeyState, WorkingKey},
    keys::{KeyId, SecretKey},
    receipt::Epoch,
    record::Record,
    snapshot::{CertificateDigest, Delegated, DelegationDigest, Ended, Snapshot, StandingDigest, Withdrawn},
    token::{Standing, Token},
    trust::TrustFile,
};

/// The day the register's backup was made.
const BACKUP: Date = Date::from_days(20_030);
/// The day something happens to a key.
const EVENT: Date = Date::from_days(20_050);
/// The verifier's day.
pub(crate) const TODAY: Date = Date::from_days(20_060);
/// What a thief dates back to.
const LONG_AGO: Date = Date::from_days(20_009);

/// Alice's chain in the register: up to here now, and up to here in its backup.
const REGISTERED: u32 = 6;
const BACKED_UP: u32 = 2;

/// Each key of this story.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Key {
    Root,
    Issuing,
    NextIssuing,
    Register,
    NextRegister,
    Alice,
    AliceAnew,
    Bob,
    Forger,
    ForgersIssuing,
}

impl Key {
    pub(crate) fn secret(self) -> SecretKey {
        SecretKey::new(&[self as u8 + 1; 32])
    }
}

/// What happened, or what a verifier does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Event {
    Unnoticed,
    KeyStolen,
    LaptopLost,
    IssuingRetired,
    IssuingStolen,
    IssuingStolenNoList,
    RegisterStolen,
    RegisterStolenNoList,
    RegisterRestored,
    NoTrustFile,
}

/// The columns of the table.
pub(crate) const EVENTS: [(&str, Event); 10] = [
    ("unnoticed", Event::Unnoticed),
    ("key stolen", Event::KeyStolen),
    ("laptop lost", Event::LaptopLost),
    ("issuing key retired", Event::IssuingRetired),
    ("issuing key stolen", Event::IssuingStolen),
    ("issuing key stolen, no list yet", Event::IssuingStolenNoList),
    ("register key stolen", Event::RegisterStolen),
    ("register key stolen, no list yet", Event::RegisterStolenNoList),
    ("register restored", Event::RegisterRestored),
    ("no trust file", Event::NoTrustFile),
];

/// A paper that somebody shows.
pub(crate) struct Paper {
    pub(crate) name: &'static str,
    pub(crate) signed: Vec<u8>,
    /// Whether the register holds its record, and the institution lets it stand.
    is_held: bool,
}

pub(crate) fn noon(day: Date) -> Timestamp {
    Timestamp::from_millis(i64::from(day.as_days()) * 86_400_000 + 43_200_000)
}

fn delegation(holder: Key, name: &str, issuing: Key) -> Vec<u8> {
    Delegation {
        purpose: Purpose::Real,
        assessor_key: holder.secret().public(),
        scheme: SchemeId::new([4; 16]),
        assessor_name: name.to_owned(),
        roles: [Role::Assessor].into(),
        may_certify: true,
        not_before: Date::from_days(19_990),
        not_after: Date::from_days(20_300),
        contact_days: Some(60),
    }
    .sign(&issuing.secret())
}

fn alices() -> Vec<u8> {
    delegation(Key::Alice, "Alice Assessor", Key::Issuing)
}
fn alices_new() -> Vec<u8> {
    delegation(Key::AliceAnew, "Alice Assessor", Key::NextIssuing)
}
fn bobs() -> Vec<u8> {
    delegation(Key::Bob, "Bob Beurteiler", Key::Issuing)
}

/// One assessor key's chain: every record is opened first.
struct Chain {
    key: Key,
    delegation: Vec<u8>,
    link: Link,
}

impl Chain {
    fn new(key: Key, delegation: Vec<u8>) -> Self {
        Self { key, delegation, link: Link::FIRST }
    }

    /// Opens a session, seals its record and prints its certificate.
    fn print(&mut self, certificate: u8, day: Date) -> Token {
        let (session, scheme) = (SessionId::new([certificate; 16]), digest_of(b"a signed scheme"));
        let opened = ChainEntry {
            purpose: Purpose::Real,
            link: self.link,
            session,
            at: noon(day),
            event: ChainEvent::Opened { scheme },
        };
        self.link = self.link.next(&opened.sign(&self.key.secret()));
        let record = Record {
            purpose: Purpose::Real,
            link: self.link,
            session,
            sealed_at: noon(day),
            beacon: None,
            scheme,
            delegation: self.delegation.clone(),
            outcome: Outcome::Pass,
            certificate: Some(CertificateId::new([certificate; 16])),
            parts: BTreeMap::new(),
            evidence: Vec::new(),
            language: "en".to_owned(),
            partner: None,
            attempt: 1,
            clock: ClockGrade::Sound,
            supersedes: None,
            endorsements: Vec::new(),
        };
        let sealed = record.sign(&self.key.secret());
        let token = token(certificate, self.link.index, digest_of(&sealed), day, &self.delegation);
        self.link = self.link.next(&sealed);
        token
    }
}

fn token(certificate: u8, chain_index: u32, record: Digest, issued_on: Date, delegation: &[u8]) -> Token {
    Token {
        purpose: Purpose::Real,
        certificate: CertificateId::new([certificate; 16]),
        record,
        chain_index,
        holder: "Carol Candidate".to_owned(),
        mark: None,
        scheme_title: "High-voltage isolation".to_owned(),
        scheme_version: "1".to_owned(),
        unit: None,
        parts: vec![PartKind::Practical],
        exercise_state: Some(ExerciseState::Live),
        voltage: Some((400, VoltageKind::Dc)),
        issued_on,
        valid_until: Some(issued_on.days_later(365)),
        standing: Standing::OnSite {
            beacon: None,
            clock: ClockGrade::Sound,
            confirm_by: issued_on.days_later(20),
            delegation: delegation.to_vec(),
        },
    }
}

fn registered(token: Token) -> Token {
    Token { standing: Standing::Registered { assessor_name: "Alice Assessor".to_owned() }, ..token }
}

/// Somebody else's name, and a day of confirmation that has not come.
fn forged(token: Token, by: Key) -> Paper {
    let standing = match token.standing {
        Standing::OnSite { beacon, clock, delegation, .. } => {
            Standing::OnSite { beacon, clock, confirm_by: TODAY.days_later(20), delegation }
        }
        registered @ Standing::Registered { .. } => registered,
    };
    Paper {
        name: "",
        signed: Token { holder: "Mallory Muster".to_owned(), standing, ..token }.sign(&by.secret()).unwrap(),
        is_held: false,
    }
}

/// The rows of the table.
pub(crate) fn papers() -> Vec<Paper> {
    let paper =
        |name, token: Token, key: Key, is_held| Paper { name, signed: token.sign(&key.secret()).unwrap(), is_held };
    let mut chain = Chain::new(Key::Alice, alices());
    let backed_up = chain.print(1, Date::from_days(20_010));
    let later = chain.print(2, BACKUP.days_later(5));
    let withdrawn = chain.print(WITHDRAWN, BACKUP.days_later(6));
    let unsent = chain.print(4, Date::from_days(20_045));
    let after = chain.print(5, EVENT.days_later(5));
    let anew = Chain::new(Key::AliceAnew, alices_new()).print(6, EVENT.days_later(5));
    let bobs_own = Chain::new(Key::Bob, bobs()).print(9, Date::from_days(20_045));
    assert_eq!((backed_up.chain_index, withdrawn.chain_index), (BACKED_UP, REGISTERED));
    let by_register = registered(token(7, 8, digest_of(b"seven"), Date::from_days(20_010), &[]));
    let by_next = registered(token(8, 8, digest_of(b"eight"), EVENT.days_later(5), &[]));

    let forgers = |issuing| token(10, 1, digest_of(b"no record"), LONG_AGO, &delegation(Key::Forger, "Alice", issuing));
    let free = token(11, 99, digest_of(b"no record"), LONG_AGO, &alices());
    let named = |name, paper: Paper| Paper { name, ..paper };
    vec![
        paper("Alice's, listed as registered, also in the backup", backed_up.clone(), Key::Alice, true),
        paper("Alice's, listed as registered after the backup", later, Key::Alice, true),
        paper("Alice's, withdrawn after the backup", withdrawn, Key::Alice, true),
        paper("Alice's, printed before the event, not sent", unsent, Key::Alice, false),
        paper("Alice's, printed after the event", after, Key::Alice, false),
        paper("Alice's, printed after it with a new key", anew, Key::AliceAnew, false),
        paper("printed by the register before the event", by_register.clone(), Key::Register, true),
        paper("printed by the register after it, next key", by_next, Key::NextRegister, true),
        paper("Bob's, whose delegation the list forgot", bobs_own, Key::Bob, true),
        named("forged with Alice's key, place free", forged(free, Key::Alice)),
        named("forged with Alice's key, place and id of a registered one", forged(backed_up.clone(), Key::Alice)),
        named("forged with the issuing key", forged(forgers(Key::Issuing), Key::Forger)),
        named("forged with the register key, id of a registered one", forged(by_register, Key::Register)),
        named("forged by an institution of one's own", forged(forgers(Key::ForgersIssuing), Key::Forger)),
        named("Alice's, name altered", altered(&backed_up)),
    ]
}

/// The certificate that was withdrawn.
pub(crate) const WITHDRAWN: u8 = 3;

/// Another name over Alice's signature.
fn altered(token: &Token) -> Paper {
    let mut signed = token.sign(&Key::Alice.secret()).unwrap();
    let place = signed.windows(5).position(|window| window == b"Carol").unwrap();
    signed[place + 2] = b'p';
    Paper { name: "", signed, is_held: false }
}

/// What the register holds of all that a key signed.
fn standing(key: Key, papers: &[Paper]) -> (KeyId, BTreeSet<StandingDigest>) {
    let listed = [alices(), alices_new()];
    let held = papers.iter().filter(|paper| paper.is_held).map(|paper| &paper.signed).chain(&listed);
    let signed = held.map(|signed| Unverified::parse(signed).unwrap());
    let id = key.secret().public().id();
    (id, signed.filter(|read| read.key_id == id).map(|read| StandingDigest::of(&read.payload_digest())).collect())
}

fn key_set(number: u32, lost: Option<(Key, KeyState)>) -> Vec<u8> {
    let working = |key: Key, role| WorkingKey {
        key: key.secret().public(),
        role,
        not_before: Date::from_days(19_000),
        not_after: Date::from_days(21_000),
        state: lost.filter(|(lost, _)| *lost == key).map_or(KeyState::Active, |(_, state)| state),
    };
    KeySet {
        purpose: Purpose::Real,
        number,
        institution: InstitutionId::new([5; 16]),
        name: "Musterakademie".to_owned(),
        address: "muster.example/v".to_owned(),
        issued_at: noon(TODAY),
        keys: vec![
            working(Key::Issuing, KeyRole::Issuing),
            working(Key::NextIssuing, KeyRole::Issuing),
            working(Key::Register, KeyRole::Register),
            working(Key::NextRegister, KeyRole::Register),
        ],
    }
    .sign(&Key::Root.secret())
}

/// What the register says while nothing has happened.
pub(crate) fn snapshot() -> Snapshot {
    let row =
        |signed: &[u8], registered_up_to| (DelegationDigest::of(signed), Delegated { registered_up_to, ended: None });
    Snapshot {
        purpose: Purpose::Real,
        epoch: 1,
        number: 40,
        as_of: noon(TODAY),
        withdrawn: [(
            CertificateDigest::of(&CertificateId::new([WITHDRAWN; 16])),
            (Withdrawn::Revoked, BACKUP.days_later(8)),
        )]
        .into(),
        delegations: [row(&alices(), REGISTERED), row(&bobs(), 2)].into(),
        standing: BTreeMap::new(),
    }
}

/// Alice's delegation in the snapshot that follows.
fn with_alice(registered_up_to: u32, ended: Option<Ended>) -> Snapshot {
    let mut next = Snapshot { number: 41, ..snapshot() };
    let ended = ended.map(|ended| (ended, EVENT));
    next.delegations.insert(DelegationDigest::of(&alices()), Delegated { registered_up_to, ended });
    next
}

/// The word of a register that was restored from its backup.
pub(crate) fn new_epoch() -> Epoch {
    Epoch {
        purpose: Purpose::Real,
        number: 2,
        began_at: noon(EVENT),
        log_index: 17,
        log_head: digest_of(b"the log up to the backup"),
    }
}

/// What a verifier holds after the event.
pub(crate) fn trust_file(event: Event, papers: &[Paper]) -> Option<TrustFile> {
    let listing = |key| Snapshot { number: 41, standing: [standing(key, papers)].into(), ..snapshot() };
    let (number, lost, snapshot, by) = match event {
        Event::NoTrustFile => return None,
        Event::Unnoticed => (5, None, snapshot(), Key::Register),
        Event::KeyStolen => {
            let standing = [standing(Key::Alice, papers)].into();
            (5, None, Snapshot { standing, ..with_alice(REGISTERED, Some(Ended::Compromised)) }, Key::Register)
        }
        Event::LaptopLost => (5, None, with_alice(REGISTERED, Some(Ended::Retired)), Key::Register),
        Event::IssuingRetired => (6, Some((Key::Issuing, KeyState::Retired)), snapshot(), Key::Register),
        Event::IssuingStolen => (6, Some((Key::Issuing, KeyState::Compromised)), listing(Key::Issuing), Key::Register),
        Event::IssuingStolenNoList => (6, Some((Key::Issuing, KeyState::Compromised)), snapshot(), Key::Register),
        Event::RegisterStolen => {
            (6, Some((Key::Register, KeyState::Compromised)), listing(Key::Register), Key::NextRegister)
        }
        Event::RegisterStolenNoList => (6, Some((Key::Register, KeyState::Compromised)), snapshot(), Key::Register),
        Event::RegisterRestored => {
            (5, None, Snapshot { epoch: 2, number: 1, ..with_alice(BACKED_UP, None) }, Key::Register)
        }
    };
    let (root, key_set) = (Key::Root.secret().public(), key_set(number, lost));
    Some(TrustFile { root, key_set, snapshot: Some(snapshot.sign(&by.secret())) })
}
