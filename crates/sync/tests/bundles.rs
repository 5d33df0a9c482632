//! Bundles: what goes in, what is left out and why, and answers that were on their way for long.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a failure here is a failing test")]

mod common;

use common::{
    Laptop,
    institution::{Institution, register},
    known,
};
use fieldproof_seal::{
    digest_of,
    key_set::{KeyRole, KeyState},
    keys::SecretKey,
    receipt::Have,
};
use fieldproof_sync::{
    HttpError, IdentityError, LaneError,
    bundle::{BundleProgress, Carried, Said, check_carried_hello, record_named, verify_answer, write_bundle},
    check_hello,
};
use fieldproof_wire::bundle::{Answer, BundleId, BundleReader, Frame, FrameKind, Head};

/// A bundle, and what is said to be in it.
fn carried(institution: &Institution, laptop: &Laptop) -> (Vec<u8>, Carried<HttpError>, Vec<BundleProgress>) {
    let key = institution.decryption.public();
    let head = Head { institution: institution.id, key: key.id(), bundle: BundleId::new([7; 16]) };
    let (mut bundle, mut told) = (Vec::new(), Vec::new());
    let carried = write_bundle(
        &mut bundle,
        (&head, &key),
        &laptop.outbox,
        &mut |digest| laptop.photos.get(&digest).cloned(),
        &mut |progress| told.push(progress),
    );
    (bundle, carried.unwrap(), told)
}

fn frames(institution: &Institution, mut bundle: &[u8]) -> Vec<Frame> {
    let head = Head::read(&mut bundle).unwrap();
    let mut reader = BundleReader::open(bundle, &head, &institution.decryption).unwrap();
    std::iter::from_fn(|| reader.next_frame().unwrap()).collect()
}

#[test]
fn small_things_come_first_and_an_item_that_two_records_name_once() {
    let institution = Institution::esimerkki();
    let (large, small) = (vec![1; 90_000], b"small".to_vec());
    let records =
        [institution.record(1, &[&large, &small]), institution.record(2, &[&small]), institution.record(3, &[])];
    let laptop = Laptop::new(&institution, &records, &[&large, &small]);
    let (bundle, carried, told) = carried(&institution, &laptop);
    assert_eq!((carried.records.len(), carried.evidence, carried.left_out.len(), carried.is_full), (3, 2, 0, false));
    let frames = frames(&institution, &bundle);
    let kinds: Vec<_> = frames.iter().map(|frame| frame.kind).collect();
    use FrameKind::{Chain, Evidence, Record};
    assert_eq!(kinds, [Chain, Record, Record, Record, Evidence, Evidence]);
    let sizes: Vec<_> = frames[1..].iter().map(|frame| frame.content.len()).collect();
    assert!(sizes[..3].is_sorted() && sizes[3..].is_sorted(), "{sizes:?}");
    assert_eq!(told.last().map(|last| last.done), Some(told.len()));
}

#[test]
fn what_is_not_here_or_damaged_is_left_out_and_holds_up_nothing() {
    let institution = Institution::esimerkki();
    let (lost, damaged, fine): (&[u8], &[u8], &[u8]) = (b"lost", b"damaged", b"fine");
    let records =
        [institution.record(1, &[lost]), institution.record(2, &[damaged, fine]), institution.record(3, &[fine])];
    let mut laptop = Laptop::new(&institution, &records, &[damaged, fine]);
    laptop.photos.insert(digest_of(damaged), b"dAmaged".to_vec());
    laptop.outbox.records.push(fieldproof_sync::OutboxRecord {
        digest: digest_of(b"?"),
        file: b"no record".to_vec(),
        receipts: Vec::new(),
    });
    let (bundle, carried, _) = carried(&institution, &laptop);
    assert_eq!((carried.records.len(), carried.evidence), (3, 1));
    let words = |error: &LaneError<HttpError>| error.to_string();
    let words: Vec<_> = carried.left_out.iter().map(|(_, error)| words(error)).collect();
    let expected: [LaneError<HttpError>; 2] =
        [LaneError::EvidenceNotHere(digest_of(lost)), LaneError::EvidenceDamaged(digest_of(damaged))];
    assert_eq!(words[..2], expected.map(|error| error.to_string()));
    assert_eq!(words[2..], ["the record file on this laptop cannot be read"]);
    assert_eq!(frames(&institution, &bundle).last().unwrap().content, fine);
}

#[test]
fn answers_that_an_earlier_key_set_signed_still_count_and_turn_nothing_back() {
    let (institution, _place, register) = register();
    let laptop = Laptop::new(&institution, &[institution.record(1, &[])], &[]);
    let (bundle, ..) = carried(&institution, &laptop);
    let taken = register.take_bundle(bundle.as_slice()).unwrap();

    // Meanwhile the laptop has learnt that the register signs with another key.
    let mut known = known(&institution);
    let mut next = known.trust.key_set.keys.iter().find(|key| key.role == KeyRole::Register).unwrap().clone();
    next.key = SecretKey::new(&[77; 32]).public();
    known.trust.key_set.number += 1;
    for key in known.trust.key_set.keys.iter_mut().filter(|key| key.role == KeyRole::Register) {
        key.state = KeyState::Retired;
    }
    known.trust.key_set.keys.push(next);
    assert!(matches!(check_hello(&known, &taken.hello), Err(IdentityError::OlderKeySet { .. })), "over a network");
    let answering = check_carried_hello(&known, &taken.hello).unwrap();
    assert_eq!((&answering.trust, &answering.greeting), (&known.trust, &None));
    let Some((_, Answer::Record(answer))) = taken.answers.last() else { panic!("the record is answered") };
    let record = record_named(answer).unwrap();
    let said = verify_answer(&answering.trust, &record, &[], answer).unwrap();
    assert!(matches!(said, Said::Complete(receipt) if receipt.receipt.have == Have::Complete));

    let stranger = common::known(&Institution::muu());
    assert!(matches!(check_carried_hello(&stranger, &taken.hello), Err(IdentityError::OtherIdentity { .. })));
}
