//! A register that was restored from a backup: whoever shows what it lost begins a new epoch, and it is taken back.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a failure here is a failing test")]

mod common;

use common::{Institution, NOON, Place, named, register};
use fieldproof_model::{
    digest::Digest,
    id::CertificateId,
    time::{Date, Timestamp},
};
use fieldproof_register::Register;
use fieldproof_seal::{
    digest_of,
    envelope::Kind,
    keys::SecretKey,
    receipt::{Beacon, Epoch, Have, Receipt, RefusalReason},
    record::RecordFile,
    snapshot::{CertificateDigest, Delegated, DelegationDigest, Ended, Snapshot, Withdrawn},
};
use fieldproof_wire::{
    Claim, ClaimAnswer, Fault, Hello, ReceiptName, RecordAnswer, RegisterProtocol, Return, SignedAnswer, limit, log,
};

const PHOTO: &[u8] = b"photo of the measuring point";

async fn put(register: &Register, file: &RecordFile) -> RecordAnswer {
    register.put_record(&file.to_bytes()).await.unwrap()
}

fn signed(answer: &RecordAnswer) -> Vec<u8> {
    let SignedAnswer::Receipt(signed) = &answer.signed else { panic!("a receipt: {answer:?}") };
    signed.clone()
}

fn read(signed: &[u8]) -> Receipt {
    Receipt::parse(signed).unwrap().0
}

fn name(file: &RecordFile, receipt: &[u8]) -> ReceiptName {
    ReceiptName { record: file.digest(), receipt: digest_of(receipt) }
}

fn showing(receipt: &[u8], receipts: Vec<ReceiptName>) -> Claim {
    Claim { receipt: Some(receipt.to_vec()), receipts, ..Claim::default() }
}

async fn give_back(register: &Register, file: &RecordFile, receipts: &[&Vec<u8>]) -> RecordAnswer {
    let receipts = receipts.iter().map(|signed| (*signed).clone()).collect();
    register.give_back(&Return { receipts, file: file.to_bytes() }).await.unwrap()
}

fn snapshot(institution: &Institution, hello: &Hello) -> Snapshot {
    institution.trust().verify_snapshot(&hello.snapshot).unwrap()
}

fn beacon(signed: &[u8]) -> Beacon {
    Beacon::parse(signed).unwrap().0
}

/// A register with one record, backed up, and two records after the backup; then it is restored.
struct Lost {
    institution: Institution,
    place: Place,
    register: Register,
    kept: (RecordFile, Vec<u8>),
    lost: [(RecordFile, Vec<u8>); 2],
    hello: Hello,
}

async fn lost() -> Lost {
    let (institution, place, register) = register();
    let files = [1, 2, 3].map(|index| institution.record(index, &[]));
    let first = signed(&put(&register, &files[0]).await);
    register.hello().await.unwrap();
    drop(register);
    place.back_up();
    let register = place.open();
    let second = signed(&put(&register, &files[1]).await);
    let third = signed(&put(&register, &files[2]).await);
    let hello = register.hello().await.unwrap();
    drop(register);
    let register = place.restore();
    let [one, two, three] = files;
    Lost { institution, place, register, kept: (one, first), lost: [(two, second), (three, third)], hello }
}

#[tokio::test]
async fn what_is_in_the_book_begins_nothing() {
    let (_institution, _place, register) = register();
    let file = _institution.record(1, &[PHOTO]);
    let held = signed(&put(&register, &file).await);
    register.put_evidence(named(PHOTO).0, PHOTO).await.unwrap();
    let complete = signed(&put(&register, &file).await);
    let hello = register.hello().await.unwrap();
    let nothing = ClaimAnswer { epoch: 1, began: None, lost: Vec::new() };
    assert_eq!(register.claim(&Claim::default()).await.unwrap(), nothing);
    for receipt in [&held, &complete] {
        let claim = Claim {
            receipt: Some(receipt.clone()),
            snapshot: Some(hello.snapshot.clone()),
            beacon: Some(hello.beacon.clone()),
            receipts: vec![name(&file, &held), name(&file, &complete)],
        };
        assert_eq!(register.claim(&claim).await.unwrap(), nothing);
        assert_eq!(register.claim(&claim).await.unwrap(), nothing, "twice");
    }
}

#[tokio::test]
async fn a_claim_of_what_is_in_the_book_waits_for_nobody_who_writes() {
    let (institution, place) = (Institution::esimerkki(), Place::new());
    let register = Register::create(&place.path, &institution.material(), place.clock.clock()).unwrap();
    let file = institution.record(1, &[]);
    let receipt = signed(&put(&register, &file).await);
    let hello = register.hello().await.unwrap();
    let mut other = rusqlite::Connection::open(place.path.join("register.sqlite")).unwrap();
    let writing = other.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).unwrap();
    let claim = Claim {
        receipt: Some(receipt.clone()),
        snapshot: Some(hello.snapshot),
        beacon: Some(hello.beacon),
        receipts: vec![name(&file, &receipt)],
    };
    assert_eq!(register.claim(&claim).await.unwrap(), ClaimAnswer { epoch: 1, began: None, lost: Vec::new() });
    drop(writing);
}

#[tokio::test]
async fn a_lost_list_is_kept_once_and_whoever_shows_it_again_waits_for_nobody_who_writes() {
    let (institution, place) = (Institution::esimerkki(), Place::new());
    let register = Register::create(&place.path, &institution.material(), place.clock.clock()).unwrap();
    let hello = register.hello().await.unwrap();
    place.sql("DELETE FROM snapshots");
    let claim = Claim { snapshot: Some(hello.snapshot), ..Claim::default() };
    let said = register.claim(&claim).await.unwrap();
    assert_eq!(said.epoch, 2);
    let mut other = rusqlite::Connection::open(place.path.join("register.sqlite")).unwrap();
    let writing = other.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).unwrap();
    assert_eq!(register.claim(&claim).await.unwrap(), said);
    drop(writing);
}

#[tokio::test]
async fn many_receipts_are_asked_after_at_once_and_each_that_is_not_here_is_named_once() {
    let (institution, _place, register) = register();
    let mut here = Vec::new();
    for index in 1..=12 {
        let file = institution.record(index, &[]);
        let receipt = signed(&put(&register, &file).await);
        here.push(name(&file, &receipt));
    }
    let invented = |n: u32| digest_of(&n.to_be_bytes());
    let mut lost: Vec<_> = (0..1_200).map(invented).collect();
    let mut names: Vec<_> = lost.iter().map(|record| ReceiptName { record: *record, receipt: *record }).collect();
    // Here is the record, and another receipt of it.
    names.push(ReceiptName { receipt: invented(0), ..here[0] });
    lost.push(here[0].record);
    names.extend(here);
    names.extend(names.clone());
    lost.sort_unstable();
    let answer = register.claim(&Claim { receipts: names, ..Claim::default() }).await.unwrap();
    assert_eq!(answer.lost, lost);
}

#[tokio::test]
async fn the_first_to_show_what_was_lost_begins_the_next_epoch_and_nobody_a_further_one() {
    let Lost { institution, register, kept, lost: [two, three], .. } = lost().await;
    assert_eq!(register.log().unwrap().0, 1, "the backup knows one record");
    let names = vec![name(&kept.0, &kept.1), name(&two.0, &two.1)];
    let answer = register.claim(&showing(&two.1, names.clone())).await.unwrap();
    assert_eq!((answer.epoch, answer.lost.as_slice()), (2, [two.0.digest()].as_slice()));
    institution.trust().check_register(answer.began.as_ref().unwrap(), Kind::Epoch).unwrap();
    let (began, _) = Epoch::parse(answer.began.as_ref().unwrap()).unwrap();
    assert_eq!((began.number, began.began_at, began.log_index), (2, NOON, 1));
    assert_eq!(began.log_head, log::next_head(&log::EMPTY, &kept.0.digest()));

    // Another laptop holds more of the epoch that ended.
    let other = register.claim(&showing(&three.1, vec![name(&three.0, &three.1)])).await.unwrap();
    assert_eq!((other.epoch, other.lost, &other.began), (2, vec![three.0.digest()], &answer.began));
    assert_eq!(register.claim(&showing(&two.1, names)).await.unwrap(), answer, "claimed twice");

    let hello = register.hello().await.unwrap();
    let list = snapshot(&institution, &hello);
    assert_eq!((hello.epoch, list.epoch, list.number), (2, 2, 1));
    assert_eq!(beacon(&hello.beacon).number, limit::BEACONS + 1, "above whatever was given out");
}

#[tokio::test]
async fn a_record_is_taken_back_with_its_receipts_byte_for_byte() {
    let (institution, place, register) = register();
    register.hello().await.unwrap();
    drop(register);
    place.back_up();
    let register = place.open();
    let file = institution.record(1, &[PHOTO]);
    let held = signed(&put(&register, &file).await);
    register.put_evidence(named(PHOTO).0, PHOTO).await.unwrap();
    let complete = signed(&put(&register, &file).await);
    drop(register);
    let register = place.restore();
    place.clock.set(NOON.seconds_later(3600));

    assert_eq!(register.claim(&showing(&complete, Vec::new())).await.unwrap().epoch, 2);
    let missing = vec![named(PHOTO).0];
    let answer = give_back(&register, &file, &[&held, &complete]).await;
    assert_eq!((signed(&answer), &answer.missing), (complete.clone(), &missing), "it does not say it has the photo");
    assert_eq!(give_back(&register, &file, &[&held, &complete]).await, answer, "given back twice");
    assert_eq!(put(&register, &file).await, answer, "sent as ever, too");
    register.put_evidence(named(PHOTO).0, PHOTO).await.unwrap();
    let whole = put(&register, &file).await;
    assert_eq!((signed(&whole), whole.missing.len()), (complete.clone(), 0));
    let names = vec![name(&file, &held), name(&file, &complete)];
    assert_eq!(register.claim(&showing(&complete, names)).await.unwrap().lost, []);

    // Numbers go on behind it, in the new epoch.
    let next = read(&signed(&put(&register, &institution.record(2, &[])).await));
    assert_eq!((next.epoch, next.log_index), (2, 2));
    drop(register);
    assert_eq!(signed(&put(&place.open(), &file).await), complete, "after a restart");
}

#[tokio::test]
async fn a_held_receipt_keeps_its_time_and_is_completed_in_the_new_epoch() {
    let (institution, place, register) = register();
    drop(register);
    place.back_up();
    let register = place.open();
    let file = institution.record(1, &[PHOTO]);
    let held = signed(&put(&register, &file).await);
    drop(register);
    let register = place.restore();
    place.clock.set(NOON.seconds_later(24 * 3600));
    // Nothing was claimed: what is given back says itself that it was lost.
    let answer = give_back(&register, &file, &[&held]).await;
    assert_eq!((signed(&answer), answer.missing.len()), (held, 1));
    register.put_evidence(named(PHOTO).0, PHOTO).await.unwrap();
    let complete = read(&signed(&put(&register, &file).await));
    assert_eq!((complete.have, complete.epoch, complete.received_at), (Have::Complete, 2, NOON));
}

#[tokio::test]
async fn numbers_that_were_given_out_again_before_anybody_claimed_are_a_fork_that_is_kept() {
    let Lost { institution, register, lost: [two, three], .. } = lost().await;
    let later = institution.record(9, &[]);
    let again = signed(&put(&register, &later).await);
    assert_eq!((read(&again).epoch, read(&again).log_index), (1, 2), "the same number as the one that was lost");
    // By stick, before its laptop was in the network.
    let other = signed(&put(&register, &three.0).await);
    assert_ne!(other, three.1);

    let names = vec![name(&two.0, &two.1), name(&later, &again), name(&three.0, &three.1)];
    let answer = register.claim(&showing(&two.1, names.clone())).await.unwrap();
    let expected: std::collections::BTreeSet<Digest> = [two.0.digest(), three.0.digest()].into();
    assert_eq!((answer.epoch, answer.lost.into_iter().collect()), (2, expected));
    let (began, _) = Epoch::parse(answer.began.as_ref().unwrap()).unwrap();
    assert_eq!(began.log_index, 3, "so far the log of the ended epoch reached, as the register knows it");
    assert_eq!(signed(&give_back(&register, &two.0, &[&two.1]).await), two.1);
    assert_eq!(signed(&give_back(&register, &three.0, &[&three.1]).await), other, "it was given out and stays");
    assert_eq!(signed(&put(&register, &later).await), again);
    assert_eq!(register.claim(&showing(&two.1, names)).await.unwrap().lost, [], "both are kept");
}

#[tokio::test]
async fn a_register_restored_to_before_an_epoch_goes_on_above_it() {
    let Lost { institution, place, register, lost: [two, three], hello, .. } = lost().await;
    assert_eq!(register.claim(&showing(&two.1, Vec::new())).await.unwrap().epoch, 2);
    let later = signed(&put(&register, &institution.record(9, &[])).await);
    let list = register.hello().await.unwrap();
    drop(register);
    let register = place.restore();
    assert_eq!(register.claim(&showing(&later, Vec::new())).await.unwrap().epoch, 3);
    assert_eq!(register.claim(&showing(&three.1, Vec::new())).await.unwrap().epoch, 3, "an ended epoch's");
    drop(register);
    let register = place.restore();
    let claim = Claim { snapshot: Some(list.snapshot.clone()), ..Claim::default() };
    assert_eq!(register.claim(&claim).await.unwrap().epoch, 3, "a list of the second epoch shows as much");
    let claim = Claim { snapshot: Some(hello.snapshot), ..Claim::default() };
    assert_eq!(register.claim(&claim).await.unwrap().epoch, 3);
}

#[tokio::test]
async fn a_list_or_a_beacon_shows_as_well_that_something_was_lost() {
    let Lost { institution, place, register, hello, .. } = lost().await;
    let claim = Claim { beacon: Some(hello.beacon.clone()), ..Claim::default() };
    assert_eq!(register.claim(&claim).await.unwrap().epoch, 2);
    assert_eq!(register.claim(&claim).await.unwrap().epoch, 2, "a beacon of the ended epoch");
    let before = beacon(&hello.beacon).number;
    assert!(before < beacon(&register.hello().await.unwrap().beacon).number);
    drop(register);
    let register = place.restore();
    let held = snapshot(&institution, &hello);
    let claim = Claim { snapshot: Some(hello.snapshot), ..Claim::default() };
    assert_eq!(register.claim(&claim).await.unwrap().epoch, 2);
    let list = snapshot(&institution, &register.hello().await.unwrap());
    assert!(list.replaces(&held) && list.epoch == 2);
}

fn withdrawn(number: u8) -> CertificateDigest {
    CertificateDigest::of(&CertificateId::new([number; 16]))
}

#[tokio::test]
async fn what_a_lost_list_withdrew_and_ended_stays_so_though_nobody_knows_more_than_eight_bytes_of_it() {
    let (institution, place, register) = register();
    let file = institution.record(1, &[]);
    put(&register, &file).await;
    drop(register);
    let withdraw = |number: u8, state: u8| {
        let certificate = format!("{number:02x}").repeat(16);
        place.sql(&format!(
            "INSERT INTO withdrawn (certificate_id, state, day) VALUES (x'{certificate}', {state}, 20779)
             ON CONFLICT (certificate_id) DO UPDATE SET state = excluded.state"
        ));
    };
    withdraw(1, 2);
    place.back_up();
    withdraw(1, 1);
    withdraw(2, 3);
    place.sql("UPDATE delegations SET ended = 2, ended_on = 20780");
    let later = place.open().hello().await.unwrap();
    let register = place.restore();
    let before = snapshot(&institution, &register.hello().await.unwrap());
    assert_eq!(before.withdrawn.get(&withdrawn(2)), None, "the backup does not know it");

    let claim = Claim { snapshot: Some(later.snapshot.clone()), ..Claim::default() };
    register.claim(&claim).await.unwrap();
    register.claim(&claim).await.unwrap();
    let list = snapshot(&institution, &register.hello().await.unwrap());
    let day = Date::from_days(20779);
    assert_eq!(list.withdrawn.get(&withdrawn(1)), Some(&(Withdrawn::Revoked, day)), "as it was decided last");
    assert_eq!(list.withdrawn.get(&withdrawn(2)), Some(&(Withdrawn::Refused, day)));
    let delegation = DelegationDigest::of(&institution.delegation);
    let ended = Some((Ended::Compromised, Date::from_days(20780)));
    assert_eq!(list.delegations.get(&delegation), Some(&Delegated { registered_up_to: 1, ended }));
    assert!(list.replaces(&snapshot(&institution, &later)));
}

#[tokio::test]
async fn nothing_counts_that_the_register_did_not_sign_and_no_number_is_used_up() {
    let Lost { institution, register, lost: [two, three], hello, .. } = lost().await;
    let (stranger, receipt) = (SecretKey::new(&[70; 32]), read(&two.1));
    let mut altered = two.1.clone();
    *altered.last_mut().unwrap() ^= 1;
    let far = |epoch| Receipt { epoch, ..receipt.clone() }.sign(&institution.register);
    let far_beacon = Beacon { number: u32::MAX, ..beacon(&hello.beacon) }.sign(&institution.register);
    let on_another_day =
        Receipt { received_at: Timestamp::from_millis(NOON.as_millis() - 172_800_000), ..receipt.clone() };
    let claims = [
        ("a stranger's", Fault::NotOurs, showing(&receipt.sign(&stranger), Vec::new())),
        ("an issuing key's", Fault::NotOurs, showing(&receipt.sign(&institution.issuing), Vec::new())),
        ("altered", Fault::NotOurs, showing(&altered, Vec::new())),
        ("before the key was", Fault::NotOurs, showing(&on_another_day.sign(&institution.register), Vec::new())),
        ("no receipt", Fault::NotOurs, showing(&hello.beacon, Vec::new())),
        ("no list", Fault::NotOurs, Claim { snapshot: Some(b"?".to_vec()), ..Claim::default() }),
        ("no beacon", Fault::NotOurs, Claim { beacon: Some(two.1.clone()), ..Claim::default() }),
        ("the last epoch", Fault::TooFarAhead, showing(&far(u32::MAX), Vec::new())),
        ("far ahead", Fault::TooFarAhead, showing(&far(limit::AHEAD + 2), Vec::new())),
        ("the last beacon", Fault::TooFarAhead, Claim { beacon: Some(far_beacon), ..Claim::default() }),
    ];
    for (name, fault, claim) in claims {
        assert_eq!(register.claim(&claim).await.unwrap_err().fault(), fault, "{name}");
    }
    let returns = [
        ("another record's receipt", vec![three.1.clone()], two.0.to_bytes()),
        ("a stranger's receipt", vec![receipt.sign(&stranger)], two.0.to_bytes()),
    ];
    for (name, receipts, file) in returns {
        let fault = register.give_back(&Return { receipts, file }).await.unwrap_err().fault();
        assert_eq!(fault, Fault::NotOurs, "{name}");
    }
    let malformed = Return { receipts: vec![two.1.clone()], file: b"no record".to_vec() };
    assert_eq!(register.give_back(&malformed).await.unwrap_err().fault(), Fault::Malformed);
    assert_eq!(register.hello().await.unwrap().epoch, 1, "nothing was changed");
    assert_eq!(register.log().unwrap().0, 1);
    assert_eq!(register.claim(&showing(&far(limit::AHEAD), Vec::new())).await.unwrap().epoch, limit::AHEAD + 1);
}

#[tokio::test]
async fn a_receipt_never_makes_a_false_record_true_and_lets_destroyed_parts_be_absent() {
    let (institution, place, register) = register();
    drop(register);
    place.back_up();
    let register = place.open();
    let whole = institution.record(1, &[]);
    let receipt = signed(&put(&register, &whole).await);
    drop(register);
    let register = place.restore();

    let mut altered = whole.clone();
    let other = institution.record(2, &[]);
    let (number, part) = other.parts.iter().next_back().map(|(number, part)| (*number, part.clone())).unwrap();
    altered.parts.insert(number, part);
    let answer = give_back(&register, &altered, &[&receipt]).await;
    let SignedAnswer::Refusal(refusal) = &answer.signed else { panic!("a refusal") };
    let refusal = fieldproof_seal::receipt::Refusal::parse(refusal).unwrap().0;
    assert_eq!(refusal.reason, RefusalReason::NotGenuine);
    assert_eq!(give_back(&register, &altered, &[&receipt]).await, answer, "and the same bytes ever after");

    let mut without = whole.clone();
    without.parts.remove(&2);
    assert!(matches!(put(&register, &without).await.signed, SignedAnswer::Refusal(_)), "new, it is not whole");
    assert_eq!(signed(&give_back(&register, &without, &[&receipt]).await), receipt);
}

/// Two records of one place were accepted, one before the loss and one after it: neither is turned away.
#[tokio::test]
async fn a_record_whose_place_was_taken_meanwhile_comes_back_beside_the_other() {
    let Lost { institution, register, lost: [two, _], .. } = lost().await;
    let draft = institution.draft(2, &[]).with(|draft| draft.record.sealed_at = NOON.seconds_later(1));
    let fork = draft.seal(&institution.assessor);
    signed(&put(&register, &fork).await);
    assert!(matches!(put(&register, &two.0).await.signed, SignedAnswer::Refusal(_)), "as new it comes too late");
    assert_eq!(signed(&give_back(&register, &two.0, &[&two.1]).await), two.1);
    let chain = register.put_chain(&institution.upload(vec![two.0.sealed.clone()])).await.unwrap();
    assert_eq!(chain.forks.len(), 1, "and the fork is told");
}
