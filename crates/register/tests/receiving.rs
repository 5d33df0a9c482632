//! Records: accepted or refused, answered once and for all, none in the way of another.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a failure here is a failing test")]

mod common;

use std::sync::{Arc, Mutex};

use common::{Institution, NOON, PURPOSE, Place, coordinator, delegation, installation, register};
use fieldproof_model::{digest::Digest, time::Timestamp};
use fieldproof_register::{Register, RegisterError};
use fieldproof_seal::{
    digest_of,
    envelope::{Kind, Purpose},
    keys::SecretKey,
    parts::{Part, PartKind},
    receipt::{Have, Receipt, Refusal, RefusalReason},
    record::RecordFile,
    snapshot::DelegationDigest,
};
use fieldproof_wire::{Fault, RecordAnswer, RegisterProtocol, ShelfState, SignedAnswer, limit, log};

fn receipt(institution: &Institution, answer: &RecordAnswer) -> Receipt {
    let SignedAnswer::Receipt(signed) = &answer.signed else {
        panic!("a receipt was expected");
    };
    institution.trust().check_register(signed, Kind::Receipt).unwrap();
    Receipt::parse(signed).unwrap().0
}

fn refusal(institution: &Institution, answer: &RecordAnswer) -> Refusal {
    let SignedAnswer::Refusal(signed) = &answer.signed else {
        panic!("a refusal was expected");
    };
    institution.trust().check_register(signed, Kind::Refusal).unwrap();
    Refusal::parse(signed).unwrap().0
}

async fn put(register: &Register, file: &RecordFile) -> RecordAnswer {
    register.put_record(&file.to_bytes()).await.unwrap()
}

fn count(place: &Place, what: &str) -> i64 {
    place.sql(&format!("SELECT count(*) FROM {what}")).parse().unwrap()
}

#[tokio::test]
async fn a_record_without_evidence_is_complete_at_once_and_gets_the_same_bytes_ever_after() {
    let (institution, place, register) = register();
    let file = institution.record(1, &[]);
    let first = put(&register, &file).await;
    let said = receipt(&institution, &first);
    assert_eq!((said.have, said.record, said.evidence.len()), (Have::Complete, file.digest(), 0));
    assert_eq!((said.log_index, said.epoch, said.received_at), (1, 1, NOON));
    place.clock.set(NOON.seconds_later(3600));
    assert_eq!(put(&register, &file).await, first, "sent twice");
    drop(register);
    assert_eq!(put(&place.open(), &file).await, first, "after a restart");
    assert_eq!(count(&place, "records"), 1);
}

#[tokio::test]
async fn with_a_photo_a_record_is_held_first_and_complete_when_the_photo_is_there() {
    let (institution, place, register) = register();
    let (photo, other) = (b"a photo".as_slice(), b"another photo".as_slice());
    let file = institution.record(1, &[photo, other]);
    let held = put(&register, &file).await;
    assert_eq!(receipt(&institution, &held).have, Have::Held);
    assert_eq!(held.missing, [digest_of(photo), digest_of(other)]);

    register.put_evidence(digest_of(photo), photo).await.unwrap();
    register.put_evidence(digest_of(photo), photo).await.unwrap();
    let half = put(&register, &file).await;
    assert_eq!(half.signed, held.signed, "signed once while it is held");
    assert_eq!(half.missing, [digest_of(other)]);

    register.put_evidence(digest_of(other), other).await.unwrap();
    place.clock.set(NOON.seconds_later(60));
    let complete = put(&register, &file).await;
    let said = receipt(&institution, &complete);
    assert_eq!((said.have, complete.missing.len()), (Have::Complete, 0));
    assert_eq!(said.evidence, [common::named(photo), common::named(other)]);
    assert_eq!(said.received_at, NOON, "when the record came, not the photo");
    assert_eq!(said.log_index, receipt(&institution, &held).log_index);
    drop(register);
    assert_eq!(put(&place.open(), &file).await, complete, "after a restart");
}

#[tokio::test]
async fn a_photo_damaged_on_the_register_is_asked_for_again() {
    let (institution, place, register) = register();
    let file = institution.record(1, &[b"a photo"]);
    put(&register, &file).await;
    register.put_evidence(digest_of(b"a photo"), b"a photo").await.unwrap();
    place.damage(&digest_of(b"a photo"));
    assert_eq!(put(&register, &file).await.missing, [digest_of(b"a photo")]);
    register.put_evidence(digest_of(b"a photo"), b"a photo").await.unwrap();
    let complete = put(&register, &file).await;
    assert_eq!(receipt(&institution, &complete).have, Have::Complete);
    place.damage(&digest_of(b"a photo"));
    assert_eq!(put(&register, &file).await, complete, "what was signed stands");
}

#[tokio::test]
async fn a_photo_that_cannot_be_read_is_named_and_asked_for_again_and_is_in_nobodys_way() {
    let (institution, place) = (Institution::esimerkki(), Place::new());
    let register = Register::create(&place.path, &institution.material(), place.clock.clock()).unwrap();
    let (told, photo, other) = (Arc::new(Mutex::new(Vec::new())), b"a photo".as_slice(), b"another photo".as_slice());
    let heard = Arc::clone(&told);
    let report = move |error: &RegisterError| heard.lock().unwrap().push(error.to_string());
    let register = register.reporting_to(Arc::new(report));
    let (file, whole) = (institution.record(1, &[photo]), institution.record(2, &[other]));
    let held = put(&register, &file).await;
    put(&register, &whole).await;
    register.put_evidence(digest_of(other), other).await.unwrap();
    put(&register, &whole).await;
    // What is no file cannot be read as one, whoever runs the tests.
    let lies = place.path.join("evidence").join(digest_of(photo).to_string());
    std::fs::create_dir(&lies).unwrap();

    let checked = register.check().unwrap();
    assert_eq!((checked.unreadable.as_slice(), checked.evidence), ([digest_of(photo)].as_slice(), 1));
    assert_eq!((checked.awaited, checked.lost.len()), (0, 0), "and the others were read");
    assert_eq!(std::mem::take(&mut *told.lock().unwrap()), [format!("{} cannot be read", lies.display())]);
    coordinator(&register, &institution).await;
    let shelf = register.shelf(installation().public()).await.unwrap();
    let shown: Vec<_> = shelf.rows.iter().map(|row| (row.state, row.missing.as_slice())).collect();
    assert_eq!(shown, [(ShelfState::EvidenceMissing, [digest_of(photo)].as_slice())]);
    assert_eq!(told.lock().unwrap().len(), 1, "whoever runs the register hears of it");

    assert_eq!(put(&register, &file).await, held, "nothing is signed for it");
    register.put_evidence(digest_of(photo), photo).await.unwrap();
    assert_eq!(receipt(&institution, &put(&register, &file).await).have, Have::Complete);
    assert!(lies.with_extension("unreadable").is_dir(), "nothing was deleted");
}

#[tokio::test]
async fn a_photo_that_a_record_names_twice_is_asked_for_once() {
    let (institution, _place, register) = register();
    let photo = b"a photo".as_slice();
    let file = institution.record(1, &[photo, photo]);
    assert_eq!(put(&register, &file).await.missing, [digest_of(photo)]);
    register.put_evidence(digest_of(photo), photo).await.unwrap();
    let said = receipt(&institution, &put(&register, &file).await);
    assert_eq!((said.have, said.evidence), (Have::Complete, vec![common::named(photo); 2]), "as the record says it");
}

#[tokio::test]
async fn for_a_record_that_is_refused_no_evidence_is_looked_for() {
    let (institution, place) = (Institution::esimerkki(), Place::new());
    let register = Register::create(&place.path, &institution.material(), place.clock.clock()).unwrap();
    let told = Arc::new(Mutex::new(0));
    let heard = Arc::clone(&told);
    let register = register.reporting_to(Arc::new(move |_| *heard.lock().unwrap() += 1));
    let photo = b"a photo".as_slice();
    // What is no file cannot be read: where somebody looks for it, that is told.
    std::fs::create_dir_all(place.path.join("evidence").join(digest_of(photo).to_string())).unwrap();
    let foreign = Institution::muu().record(1, &[photo]);
    let first = put(&register, &foreign).await;
    assert_eq!(refusal(&institution, &first).reason, RefusalReason::Delegation);
    assert_eq!(put(&register, &foreign).await, first, "sent again");
    assert_eq!(register.offer_again(&foreign.to_bytes()).await.unwrap(), first, "offered again");
    assert_eq!(*told.lock().unwrap(), 0);
    let file = institution.record(1, &[photo]);
    let held = put(&register, &file).await;
    assert_eq!((*told.lock().unwrap(), held.missing.as_slice()), (1, [digest_of(photo)].as_slice()), "for ours it is");
    // Of one that has a place, a damaged copy is answered as the record is.
    let mut damaged = file.clone();
    damaged.parts.insert(2, Part::new([0; 16], "x".into()));
    assert_eq!(put(&register, &damaged).await, held);
}

/// Records that are no good, each with the reason for its refusal.
fn bad_records(institution: &Institution) -> Vec<(&'static str, RecordFile, RefusalReason)> {
    use RefusalReason::{Delegation, NotGenuine};
    let foreign = Institution::muu();
    let scheme = PartKind::Scheme.number();
    let log = PartKind::Log.number();
    let draft = || institution.draft(2, &[]);
    let seal = |draft: common::Draft| draft.seal(&institution.assessor);
    let sealed = |draft, spoil: fn(&mut RecordFile)| {
        let mut file: RecordFile = seal(draft);
        spoil(&mut file);
        file
    };
    let early = delegation(&institution.assessor, institution.scheme_id, NOON.date().days_later(1));
    let forged = delegation(&institution.assessor, institution.scheme_id, NOON.date());
    let signed_by = |delegation: Vec<u8>| draft().with(|draft| draft.record.delegation = delegation);
    vec![
        ("a part altered", sealed(draft(), |f| drop(f.parts.insert(2, Part::new([0; 16], "x".into())))), NotGenuine),
        ("a part withheld", sealed(draft(), |f| drop(f.parts.remove(&2))), NotGenuine),
        ("a part too many", sealed(draft(), |f| drop(f.parts.insert(77, Part::new([0; 16], "x".into())))), NotGenuine),
        ("no record inside", RecordFile { sealed: b"?".to_vec(), ..seal(draft()) }, NotGenuine),
        ("sealed by somebody else", draft().seal(&SecretKey::new(&[77; 32])), NotGenuine),
        ("for practice", seal(draft().with(|draft| draft.record.purpose = Purpose::Practice)), NotGenuine),
        ("no scheme", seal(draft().with(|draft| drop(draft.parts.remove(&scheme)))), NotGenuine),
        (
            "another scheme than sealed",
            seal(draft().with(|draft| draft.record.scheme = Digest::new([1; 32]))),
            NotGenuine,
        ),
        (
            "another institution's scheme",
            seal(draft().with(|draft| {
                draft.record.scheme = digest_of(&foreign.scheme);
                let part = Part::new([0; 16], fieldproof_seal::cbor::bytes(foreign.scheme.clone()));
                draft.parts.insert(scheme, part);
            })),
            Delegation,
        ),
        ("at no place", seal(institution.draft(0, &[])), NotGenuine),
        ("before the delegation", seal(signed_by(early.sign(&institution.issuing))), Delegation),
        ("a forged delegation", seal(signed_by(forged.sign(&SecretKey::new(&[78; 32])))), Delegation),
        ("another institution's assessor", foreign.record(2, &[]), Delegation),
        (
            "a byte behind a part",
            {
                let mut file = seal(draft());
                let part = file.parts.remove(&log).unwrap();
                file.parts.insert(log, Part::from_bytes([part.as_bytes(), b"\0"].concat()));
                file
            },
            NotGenuine,
        ),
    ]
}

#[tokio::test]
async fn bad_records_are_refused_kept_and_in_nobodys_way() {
    let (institution, place, register) = register();
    put(&register, &institution.record(1, &[])).await;
    let bad = bad_records(&institution);
    let kept = i64::try_from(bad.len()).unwrap();
    for (name, file, reason) in bad {
        place.clock.set(NOON);
        let first = put(&register, &file).await;
        let said = refusal(&institution, &first);
        assert_eq!((said.reason, said.record), (reason, file.digest()), "{name}");
        place.clock.set(NOON.seconds_later(9));
        assert_eq!(put(&register, &file).await, first, "{name}, sent twice");
    }
    assert_eq!(count(&place, "refusals"), kept, "a refused one never disappears");
    assert_eq!(count(&place, "records"), 1);
    let good = institution.record(2, &[]);
    assert_eq!(receipt(&institution, &put(&register, &good).await).log_index, 2);
}

#[tokio::test]
async fn a_damaged_copy_does_not_stand_in_the_way_of_the_record() {
    let (institution, _place, register) = register();
    let good = institution.record(1, &[]);
    let mut damaged = good.clone();
    damaged.parts.remove(&2);
    assert_eq!(damaged.digest(), good.digest());
    let refused = put(&register, &damaged).await;
    assert_eq!(refusal(&institution, &refused).reason, RefusalReason::NotGenuine);
    let accepted = put(&register, &good).await;
    assert_eq!(receipt(&institution, &accepted).have, Have::Complete);
    assert_eq!(put(&register, &damaged).await, accepted, "the register has it, whoever asks");
}

#[tokio::test]
async fn another_record_at_the_same_place_is_refused_and_both_are_kept() {
    let (institution, place, register) = register();
    let first = institution.record(1, &[]);
    let accepted = put(&register, &first).await;
    let second = institution
        .draft(1, &[])
        .with(|draft| draft.record.sealed_at = NOON.seconds_later(1))
        .seal(&institution.assessor);
    assert_ne!(first.digest(), second.digest());
    let refused = put(&register, &second).await;
    assert_eq!(refusal(&institution, &refused).reason, RefusalReason::OtherRecordAtThisPlace);
    assert_eq!(put(&register, &second).await, refused);
    assert_eq!(put(&register, &first).await, accepted);
    assert_eq!(count(&place, "chain_entries"), 2, "the fork is kept");
    assert_eq!(count(&place, "refusals"), 1);
    let entry = institution.opened(1, 8);
    let answer = register.put_chain(&institution.upload(vec![entry])).await.unwrap();
    let mut others = [first.digest(), second.digest()];
    others.sort_unstable();
    assert_eq!(answer.forks.iter().map(|fork| fork.other).collect::<Vec<_>>(), others);
}

#[tokio::test]
async fn a_record_whose_place_holds_a_chain_entry_is_refused() {
    let (institution, _place, register) = register();
    let file = institution.record(2, &[]);
    // The record's own sealed bytes are no other entry.
    register.put_chain(&institution.upload(vec![file.sealed.clone()])).await.unwrap();
    assert_eq!(receipt(&institution, &put(&register, &file).await).have, Have::Complete);
    register.put_chain(&institution.upload(vec![institution.opened(3, 1)])).await.unwrap();
    let refused = put(&register, &institution.record(3, &[])).await;
    assert_eq!(refusal(&institution, &refused).reason, RefusalReason::OtherRecordAtThisPlace);
}

#[tokio::test]
async fn the_log_is_the_one_of_the_protocol_text() {
    let (institution, _place, register) = register();
    assert_eq!(register.log().unwrap(), (0, Digest::new([0; 32])));
    let files = [1, 2].map(|index| institution.record(index, &[]));
    let mut head = [0; 32].to_vec();
    for (file, index) in files.iter().zip(1..) {
        head = digest_of(&[head.as_slice(), file.digest().as_bytes()].concat()).as_bytes().to_vec();
        let said = receipt(&institution, &put(&register, file).await);
        assert_eq!((said.log_index, said.log_head.as_bytes().as_slice()), (index, head.as_slice()));
        assert_eq!(register.log().unwrap(), (index, said.log_head));
    }
    assert_eq!(log::EMPTY, Digest::new([0; 32]));
}

#[tokio::test]
async fn a_record_lands_whole_or_not_at_all() {
    let (institution, place, register) = register();
    // The last table that it writes to is not there.
    place.sql("ALTER TABLE chains RENAME TO away");
    let file = institution.record(1, &[]);
    let failed = register.put_record(&file.to_bytes()).await.unwrap_err();
    assert_eq!(failed.fault(), Fault::Internal);
    for table in ["records", "receipts", "chain_entries", "refusals"] {
        assert_eq!(count(&place, table), 0, "{table}");
    }
    place.sql("ALTER TABLE away RENAME TO chains");
    assert_eq!(receipt(&institution, &put(&register, &file).await).log_index, 1);
}

#[tokio::test]
async fn what_is_no_record_file_or_too_large_is_a_fault_and_no_refusal() {
    let (_institution, place, register) = register();
    let fault = |result: Result<RecordAnswer, RegisterError>| result.unwrap_err().fault();
    assert_eq!(fault(register.put_record(b"hello").await), Fault::Malformed);
    let large = vec![0; limit::RECORD + 1];
    assert_eq!(fault(register.put_record(&large).await), Fault::TooLarge(8 << 20));
    assert_eq!(count(&place, "refusals"), 0);
}

#[tokio::test]
async fn evidence_is_taken_only_when_it_is_what_a_record_names() {
    let (institution, _place, register) = register();
    let photo = b"a photo".as_slice();
    let fault = |result: Result<(), RegisterError>| result.unwrap_err().fault();
    let digest = digest_of(photo);
    assert_eq!(fault(register.put_evidence(digest, photo).await), Fault::NotNamed(digest), "before its record");
    let mut refused = institution.record(1, &[photo]);
    refused.parts.remove(&2);
    put(&register, &refused).await;
    assert_eq!(fault(register.put_evidence(digest, photo).await), Fault::NotNamed(digest), "named by a refused one");
    put(&register, &institution.record(1, &[photo])).await;
    assert_eq!(fault(register.put_evidence(digest, b"another").await), Fault::OtherDigest(digest));
    let large = vec![0; limit::EVIDENCE + 1];
    assert_eq!(fault(register.put_evidence(digest, &large).await), Fault::TooLarge(32 << 20));
    assert_eq!(register.check().unwrap().evidence, 0, "nothing was kept");
    register.put_evidence(digest, photo).await.unwrap();
    let wrong_size = institution.draft(2, &[]).with(|draft| draft.record.evidence = vec![(digest_of(b"note"), 5)]);
    put(&register, &wrong_size.seal(&institution.assessor)).await;
    let digest = digest_of(b"note");
    assert_eq!(fault(register.put_evidence(digest, b"note").await), Fault::NotNamed(digest), "named with another size");
}

#[tokio::test]
async fn times_and_purposes_are_the_registers() {
    let (institution, place, register) = register();
    let late = Timestamp::from_millis(NOON.as_millis() + 5);
    place.clock.set(late);
    let file = institution.record(1, &[]);
    let said = receipt(&institution, &put(&register, &file).await);
    assert_eq!((said.received_at, said.purpose), (late, PURPOSE));
}

#[tokio::test]
async fn a_register_whose_clock_is_years_off_signs_nothing_and_goes_on_once_it_is_set() {
    let (institution, place, register) = register();
    let file = institution.record(1, &[]).to_bytes();
    for days in [-3_653, 3_653] {
        place.clock.set(Timestamp::from_millis(NOON.as_millis() + days * 86_400_000));
        let error = register.hello().await.unwrap_err();
        assert!(matches!(error, RegisterError::Clock { .. }) && !error.fault().is_permanent(), "{error:?}");
        assert!(error.to_string().contains("set the clock"), "{error}");
        assert_eq!(register.put_record(&file).await.unwrap_err().fault(), Fault::Internal);
        place.clock.set(NOON);
        let hello = register.hello().await.unwrap();
        institution.trust().verify_snapshot(&hello.snapshot).unwrap();
        assert_eq!(count(&place, "records"), 0, "nothing was signed that nobody would believe");
    }
    receipt(&institution, &register.put_record(&file).await.unwrap());
}

/// How far the newest list says the assessor's chain is registered, once a record came in under the delegation.
async fn listed(institution: &Institution, register: &Register) -> Option<u32> {
    let signed = register.hello().await.unwrap().snapshot;
    let snapshot = institution.trust().verify_snapshot(&signed).unwrap();
    assert!(snapshot.delegations.len() <= 1);
    snapshot.delegations.get(&DelegationDigest::of(&institution.delegation)).map(|row| row.registered_up_to)
}

#[tokio::test]
async fn the_list_says_how_far_a_chain_is_registered_and_never_past_what_is_missing() {
    let (institution, place, register) = register();
    let photo = b"a photo".as_slice();
    let [record, later, last] =
        [institution.record(2, &[photo]), institution.record(3, &[]), institution.record(5, &[])];
    assert_eq!(listed(&institution, &register).await, None, "nothing was accepted yet");

    put(&register, &later).await;
    assert_eq!(listed(&institution, &register).await, Some(0), "the entries before it are missing");
    register.put_chain(&institution.upload(vec![institution.opened(1, 1)])).await.unwrap();
    assert_eq!(listed(&institution, &register).await, Some(1));
    put(&register, &record).await;
    assert_eq!(listed(&institution, &register).await, Some(1), "held is not complete");
    register.put_evidence(digest_of(photo), photo).await.unwrap();
    put(&register, &record).await;
    assert_eq!(listed(&institution, &register).await, Some(3), "complete, and past what had come before it");

    // Its bytes alone, as an entry of the chain, are no record in the register; and two at one place are none.
    register.put_chain(&institution.upload(vec![last.sealed.clone(), institution.opened(4, 1)])).await.unwrap();
    assert_eq!(listed(&institution, &register).await, Some(4));
    register.put_chain(&institution.upload(vec![institution.opened(5, 9)])).await.unwrap();
    put(&register, &last).await;
    assert_eq!(listed(&institution, &register).await, Some(4), "a fork");
    drop(register);
    assert_eq!(listed(&institution, &place.open()).await, Some(4), "after a restart");
}
