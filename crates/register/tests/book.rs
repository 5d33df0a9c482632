//! The register itself: made once, opened as it was, with beacons that rise and snapshots that stand.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a failure here is a failing test")]

mod common;

use common::{Institution, NOON, Place, register};
use fieldproof_model::id::to_hex;
use fieldproof_register::{Material, Register, RegisterError};
use fieldproof_seal::{
    envelope::Kind,
    key_set::KeyState,
    keys::{PublicKey, SecretKey},
    receipt::Beacon,
    snapshot::{Snapshot, Withdrawn},
};
use fieldproof_wire::{Fault, Fork, RegisterProtocol};

#[tokio::test]
async fn hello_says_who_it_is_and_its_beacon_rises_across_restarts() {
    let (institution, place, register) = register();
    let beacon = |hello: &fieldproof_wire::Hello| {
        institution.trust().check_register(&hello.beacon, Kind::Beacon).unwrap();
        Beacon::parse(&hello.beacon).unwrap().0
    };
    let first = register.hello().await.unwrap();
    assert_eq!((first.institution, first.epoch), (institution.id, 1));
    assert_eq!(first.key_set, institution.material().key_set);
    assert_eq!((beacon(&first).number, beacon(&first).at), (1, NOON));
    assert_eq!(beacon(&register.hello().await.unwrap()).number, 2);
    drop(register);
    assert_eq!(beacon(&place.open().hello().await.unwrap()).number, 3);
}

#[tokio::test]
async fn a_snapshot_stands_until_the_list_changes_or_a_later_day_begins() {
    let (institution, place, register) = register();
    let read = |signed: &[u8]| institution.trust().verify_snapshot(signed).unwrap();
    let snapshot = async || register.hello().await.unwrap().snapshot;
    let first = snapshot().await;
    assert_eq!((read(&first).epoch, read(&first).number, read(&first).withdrawn.len()), (1, 1, 0));
    place.clock.set(NOON.seconds_later(3600));
    assert_eq!(snapshot().await, first, "later the same day");
    place.clock.set(NOON.seconds_later(24 * 3600));
    let second = snapshot().await;
    assert_eq!((read(&second).number, read(&second).as_of), (2, NOON.seconds_later(24 * 3600)));
    place.clock.set(NOON);
    assert_eq!(snapshot().await, second, "a clock that went back");
    let certificate = "00".repeat(16);
    place.sql(&format!("INSERT INTO withdrawn (certificate_id, state, day) VALUES (x'{certificate}', 1, 20779)"));
    let third: Snapshot = read(&snapshot().await);
    assert_eq!(third.number, 3);
    assert!(third.withdrawn.values().all(|(how, day)| *how == Withdrawn::Revoked && day.as_days() == 20779));
    assert_eq!(third.withdrawn.len(), 1);
}

#[tokio::test]
async fn chains_are_kept_forks_reported_and_foreign_entries_not_taken() {
    let (institution, place, register) = register();
    let put = async |entries| register.put_chain(&institution.upload(entries)).await.unwrap();
    let [one, two] = [1, 2].map(|index| institution.opened(index, 1));
    let first = put(vec![one.clone(), two.clone()]).await;
    assert_eq!((first.held, first.forks.len(), first.refused.len()), (2, 0, 0));
    assert_eq!(put(vec![one.clone(), two.clone()]).await, first, "known already");

    let other = institution.opened(2, 9);
    let forked = put(vec![other.clone()]).await;
    assert_eq!(forked.forks, [Fork { index: 2, other: fieldproof_seal::digest_of(&two) }]);
    assert_eq!(put(vec![two.clone()]).await.forks, [Fork { index: 2, other: fieldproof_seal::digest_of(&other) }]);

    let foreign = Institution::muu().opened(3, 1);
    let not_signed = b"no entry".to_vec();
    let answer =
        put(vec![foreign.clone(), not_signed.clone(), institution.opened(0, 1), institution.opened(3, 1)]).await;
    assert_eq!(answer.held, 1, "the good one among them is taken");
    assert_eq!(answer.refused.len(), 3);
    assert_eq!(place.sql("SELECT count(*) FROM chain_entries"), "4");
}

#[tokio::test]
async fn asking_after_a_chain_waits_for_nobody_who_writes() {
    let (institution, place) = (Institution::esimerkki(), Place::new());
    let register = Register::create(&place.path, &institution.material(), place.clock.clock()).unwrap();
    let entries = institution.upload(vec![institution.opened(1, 1), institution.opened(2, 2)]);
    let first = register.put_chain(&entries).await.unwrap();
    let mut other = rusqlite::Connection::open(place.path.join("register.sqlite")).unwrap();
    let writing = other.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).unwrap();
    let asked = register.put_chain(&institution.upload(Vec::new())).await.unwrap();
    assert_eq!(asked, fieldproof_wire::ChainAnswer { held: 0, ..first });
    drop(writing);
}

#[tokio::test]
async fn a_chain_of_another_institutions_assessor_is_a_fault() {
    let (institution, _place, register) = register();
    let foreign = Institution::muu();
    let fault = async |upload| register.put_chain(&upload).await.unwrap_err().fault();
    assert_eq!(fault(foreign.upload(vec![foreign.opened(1, 1)])).await, Fault::Delegation);
    let mut upload = institution.upload(vec![]);
    upload.delegation = b"no delegation".to_vec();
    assert_eq!(fault(upload).await, Fault::Malformed);
}

#[test]
fn a_register_is_made_once_and_only_with_its_own_keys() {
    let (institution, place) = (Institution::esimerkki(), Place::new());
    let create = |material: &Material| Register::create(&place.path, material, place.clock.clock());
    let material = institution.material();

    let other_root = Material { root: SecretKey::new(&[9; 32]).public(), ..material.clone() };
    assert!(matches!(create(&other_root), Err(RegisterError::KeySet(_))));
    let issuing = Material { register_key: institution.issuing.clone(), ..material.clone() };
    assert!(matches!(create(&issuing), Err(RegisterError::NotARegisterKey(_))));
    let mut retired = institution.key_set.clone();
    retired.keys.iter_mut().for_each(|key| key.state = KeyState::Retired);
    let retired = Material { key_set: retired.sign(&institution.root), ..material.clone() };
    assert!(matches!(create(&retired), Err(RegisterError::NotARegisterKey(_))));
    assert!(matches!(Register::open(&place.path, place.clock.clock()), Err(RegisterError::NotThere(_))));
    assert!(!place.path.exists(), "looking and failing make nothing");

    create(&material).unwrap();
    assert!(matches!(create(&material), Err(RegisterError::NotEmpty(_))));
    assert_eq!(place.open().key_set().name, "Esimerkkiopisto");
}

#[test]
fn a_register_with_another_key_file_does_not_open() {
    let (_institution, place, register) = register();
    drop(register);
    std::fs::write(place.path.join("register.key"), [9; 32]).unwrap();
    assert!(matches!(Register::open(&place.path, place.clock.clock()), Err(RegisterError::OtherKey)));
    std::fs::write(place.path.join("register.key"), [9; 5]).unwrap();
    assert!(matches!(Register::open(&place.path, place.clock.clock()), Err(RegisterError::File { .. })));
}

#[test]
fn a_laptop_is_admitted_once_and_a_weak_key_never() {
    let (_institution, place, register) = register();
    register.admit_installation(&common::installation().public()).unwrap();
    let mut neutral = [0; 32];
    neutral[0] = 1;
    assert!(matches!(register.admit_installation(&PublicKey::new(neutral)), Err(RegisterError::WeakKey)));
    let key = to_hex(common::installation().public().as_bytes());
    let kept = place.sql(&format!("SELECT admitted_at FROM installations WHERE key = x'{key}'"));
    assert_eq!((kept, place.sql("SELECT count(*) FROM installations")), (NOON.as_millis().to_string(), "1".to_owned()));
}
