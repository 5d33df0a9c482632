//! `make bench`: what sealing and verifying cost, beside bare Ed25519 of the same run, and a large institution's snapshot.
//!
//! A ratio of 1 would be one bare `sign` or `verify_strict` of ed25519-dalek alone. How fast the page starts takes a browser and is not measured here.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a benchmark prints its figures or stops")]

use std::{collections::BTreeMap, hint::black_box, time::Duration};

use ed25519_dalek::{Signer, SigningKey};
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
    chain::Link,
    delegation::{Delegation, Role},
    digest_of,
    envelope::Purpose,
    key_set::{KeyRole, KeySet, KeyState, WorkingKey},
    keys::SecretKey,
    record::Record,
    snapshot::{CertificateDigest, Delegated, DelegationDigest, Snapshot, Withdrawn},
    token::{Standing, Token},
    trust::{Trust, TrustFile},
    verdict::{Answer, Evidence},
};

const TURNS: u32 = 25;
const BATCH: u32 = 10_000;
const ASSESSORS: u32 = 1_000;
const WITHDRAWN: u32 = 10_000;
const TODAY: Date = Date::from_days(20_514);

/// How long one of `calls` takes.
#[expect(clippy::disallowed_methods, reason = "this measures")]
fn time(calls: u32, work: &mut dyn FnMut()) -> Duration {
    let start = std::time::Instant::now();
    for _ in 0..calls {
        work();
    }
    start.elapsed() / calls
}

/// Measures work and floor turn by turn, so that a busy machine slows down both, and prints both medians and the
/// median of their ratios.
fn beside(what: &str, floor: &mut dyn FnMut(), (turns, calls): (u32, u32), mut work: impl FnMut()) {
    let turns = (0..turns).map(|_| (time(100, floor), time(calls, &mut work)));
    let (floors, works): (Vec<_>, Vec<_>) = turns.unzip();
    let ratios = works.iter().zip(&floors).map(|(work, floor)| work.as_secs_f64() / floor.as_secs_f64());
    let ratio = median(ratios.collect(), f64::total_cmp);
    println!("{what:42} {:>11.1?} {:>11.1?} {ratio:>8.3}", median(works, Ord::cmp), median(floors, Ord::cmp));
}

fn median<T: Copy + Default>(mut all: Vec<T>, order: impl Fn(&T, &T) -> std::cmp::Ordering) -> T {
    all.sort_by(order);
    all.get(all.len() / 2).copied().unwrap_or_default()
}

fn key(number: u32) -> SecretKey {
    SecretKey::new(digest_of(&number.to_be_bytes()).as_bytes())
}
fn issuing() -> SecretKey {
    key(u32::MAX)
}
fn register() -> SecretKey {
    key(u32::MAX - 1)
}
fn root() -> SecretKey {
    key(u32::MAX - 2)
}

fn certificate(number: u32) -> CertificateId {
    let digest = digest_of(&number.to_le_bytes());
    CertificateId::new(*digest.as_bytes().first_chunk().unwrap())
}

fn delegation(assessor: u32) -> Vec<u8> {
    Delegation {
        purpose: Purpose::Real,
        assessor_key: key(assessor).public(),
        scheme: SchemeId::new([4; 16]),
        assessor_name: "Alice Assessor".to_owned(),
        roles: [Role::Assessor].into(),
        may_certify: true,
        not_before: Date::from_days(20_000),
        not_after: Date::from_days(21_000),
        contact_days: Some(60),
    }
    .sign(&issuing())
}

fn token(number: u32, standing: Standing) -> Token {
    Token {
        purpose: Purpose::Real,
        certificate: certificate(number),
        record: digest_of(b"record"),
        chain_index: 2,
        holder: "Carol Candidate".to_owned(),
        mark: None,
        scheme_title: "High-voltage isolation".to_owned(),
        scheme_version: "1".to_owned(),
        unit: None,
        parts: vec![PartKind::Practical],
        exercise_state: Some(ExerciseState::Live),
        voltage: Some((400, VoltageKind::Dc)),
        issued_on: TODAY,
        valid_until: Some(TODAY.days_later(365)),
        standing,
    }
}

fn on_site(delegation: Vec<u8>) -> Standing {
    Standing::OnSite { beacon: None, clock: ClockGrade::Sound, confirm_by: TODAY.days_later(20), delegation }
}

fn record(delegation: Vec<u8>) -> Record {
    Record {
        purpose: Purpose::Real,
        link: Link { index: 2, previous: Some(digest_of(b"opened")) },
        session: SessionId::new([6; 16]),
        sealed_at: now(),
        beacon: None,
        scheme: digest_of(b"scheme"),
        delegation,
        outcome: Outcome::Pass,
        certificate: Some(certificate(1)),
        parts: (1..=9).map(|number| (number, Digest::new([9; 32]))).collect(),
        evidence: vec![(digest_of(b"photo"), 200_000)],
        language: "en".to_owned(),
        partner: None,
        attempt: 1,
        clock: ClockGrade::Sound,
        supersedes: None,
        endorsements: Vec::new(),
    }
}

fn now() -> Timestamp {
    Timestamp::from_millis(i64::from(TODAY.as_days()) * 86_400_000)
}

/// A million certificates, a thousand to each assessor, ten thousand of them withdrawn.
fn snapshot() -> Snapshot {
    let withdrawn = |number| (CertificateDigest::of(&certificate(BATCH + number)), (Withdrawn::Revoked, TODAY));
    let delegated = |assessor: u32| {
        let row = Delegated { registered_up_to: 2_000, ended: None };
        (DelegationDigest::of(&delegation(assessor)), row)
    };
    Snapshot {
        purpose: Purpose::Real,
        epoch: 1,
        number: 3_650,
        as_of: now(),
        withdrawn: (0..WITHDRAWN).map(withdrawn).collect(),
        delegations: (0..ASSESSORS).map(delegated).collect(),
        standing: BTreeMap::new(),
    }
}

fn trust_file(snapshot: &Snapshot) -> TrustFile {
    let working = |key: &SecretKey, role| WorkingKey {
        key: key.public(),
        role,
        not_before: Date::from_days(19_000),
        not_after: Date::from_days(22_000),
        state: KeyState::Active,
    };
    let key_set = KeySet {
        purpose: Purpose::Real,
        number: 5,
        institution: InstitutionId::new([5; 16]),
        name: "Musterakademie".to_owned(),
        address: "muster.example/v".to_owned(),
        issued_at: now(),
        keys: vec![working(&issuing(), KeyRole::Issuing), working(&register(), KeyRole::Register)],
    };
    TrustFile { root: root().public(), key_set: key_set.sign(&root()), snapshot: Some(snapshot.sign(&register())) }
}

/// From bytes to a verdict, which is yes.
fn judge(signed: &[u8], trust: &Trust) {
    let verdict = Evidence::parse(black_box(signed)).unwrap().judge(Some(trust), now());
    assert_eq!(verdict.genuine.0, Answer::Yes);
}

/// Bare signatures over as many bytes as a token has.
struct Floor {
    key: SigningKey,
    message: Vec<u8>,
}

impl Floor {
    fn sign(&self) -> impl FnMut() {
        || {
            black_box(self.key.sign(black_box(&self.message)));
        }
    }

    fn verify(&self) -> impl FnMut() {
        let (key, signature) = (self.key.verifying_key(), self.key.sign(&self.message));
        move || key.verify_strict(black_box(&self.message), black_box(&signature)).unwrap()
    }
}

/// Ten thousand certificates of a thousand assessors, one after the other.
fn batch(floor: &mut dyn FnMut(), trust: &Trust) {
    let print = |number| {
        let assessor = number % ASSESSORS;
        token(number, on_site(delegation(assessor))).sign(&key(assessor)).unwrap()
    };
    let batch: Vec<_> = (0..BATCH).map(print).collect();
    let mut rest = batch.iter().cycle();
    beside(&format!("{BATCH} tokens with delegation, each"), floor, (BATCH / 100, 100), || {
        judge(rest.next().unwrap(), trust);
    });
}

fn large_snapshot(floor: &mut dyn FnMut(), snapshot: &Snapshot, file: &[u8]) {
    let signed = snapshot.sign(&register());
    let size = signed.len();
    println!("a snapshot of 1000000 certificates, {WITHDRAWN} withdrawn, {ASSESSORS} delegations: {size} bytes");
    beside("parse it", floor, (TURNS, 1), || drop(black_box(Snapshot::parse(black_box(&signed)).unwrap())));
    beside("read and verify a trust file with it", floor, (TURNS, 1), || {
        drop(black_box(TrustFile::parse(black_box(file)).unwrap().open().unwrap()));
    });
    let ids: Vec<_> = (0..BATCH + WITHDRAWN).map(certificate).collect();
    let found = ids.iter().filter(|id| snapshot.withdrawn.contains_key(&CertificateDigest::of(id)));
    assert_eq!(found.count(), usize::try_from(WITHDRAWN).unwrap());
    let mut rest = ids.iter().cycle();
    beside("look one certificate up, digest included", floor, (TURNS, 10_000), || {
        let digest = CertificateDigest::of(rest.next().unwrap());
        black_box(snapshot.withdrawn.contains_key(&digest));
    });
}

fn main() {
    let assessor = key(0);
    let site = token(0, on_site(delegation(0)));
    let registered = token(0, Standing::Registered { assessor_name: "Alice Assessor".to_owned() });
    let (signed_site, signed_registered) = (site.sign(&assessor).unwrap(), registered.sign(&register()).unwrap());
    let sealed = record(delegation(0));
    let signed_record = sealed.sign(&assessor);
    let snapshot = snapshot();
    let file = trust_file(&snapshot).to_bytes();
    let trust = TrustFile::parse(&file).unwrap().open().unwrap();
    assert_eq!(trust.snapshot.as_ref(), Some(&snapshot));

    let floor = Floor { key: SigningKey::from_bytes(&[7; 32]), message: signed_site.clone() };
    let (sign, verify) = (&mut floor.sign(), &mut floor.verify());
    let often = (TURNS, 100);
    println!("{:42} {:>11} {:>11} {:>8}", "", "median", "Ed25519", "ratio");
    beside("sign a token on site", sign, often, || drop(black_box(site.sign(&assessor).unwrap())));
    beside("seal a record of nine parts", sign, often, || drop(black_box(sealed.sign(&assessor))));
    beside("token without delegation (one signature)", verify, often, || judge(&signed_registered, &trust));
    beside("token with delegation (two signatures)", verify, often, || judge(&signed_site, &trust));
    beside("record with delegation (two signatures)", verify, often, || judge(&signed_record, &trust));
    batch(verify, &trust);
    large_snapshot(verify, &snapshot, &file);
}
