//! Bundles: taken as over a network, answered in a file, the same bytes when taken again.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a failure here is a failing test")]

mod common;

use common::{Institution, NOON, Place, named, register};
use fieldproof_register::{Material, NotTaken, Register, RegisterError, TakenBundle};
use fieldproof_seal::{
    digest_of,
    envelope::Kind,
    key_set::{KeyRole, KeyState},
    receipt::{Have, Receipt, RefusalReason},
    record::RecordFile,
};
use fieldproof_wire::{
    Claim, Fault, Message, SignedAnswer,
    bundle::{Answer, BundleError, BundleId, BundleWriter, DecryptionKey, FrameKind, Head},
};

/// A bundle for an institution's key, with these frames.
fn bundle_for(institution: &Institution, key: &DecryptionKey, frames: &[(FrameKind, Vec<u8>)]) -> Vec<u8> {
    let key = key.public();
    let head = Head { institution: institution.id, key: key.id(), bundle: BundleId::new([7; 16]) };
    let mut writer = BundleWriter::begin(Vec::new(), &head, &key).unwrap();
    for (kind, content) in frames {
        writer.put(*kind, content).unwrap();
    }
    writer.finish().unwrap()
}

fn bundle(institution: &Institution, frames: &[(FrameKind, Vec<u8>)]) -> Vec<u8> {
    bundle_for(institution, &institution.decryption, frames)
}

fn chain(institution: &Institution, places: &[u32]) -> (FrameKind, Vec<u8>) {
    let entries = places.iter().map(|index| institution.opened(*index, 1)).collect();
    (FrameKind::Chain, Message::ChainUpload(institution.upload(entries)).to_bytes())
}

fn record(file: &RecordFile) -> (FrameKind, Vec<u8>) {
    (FrameKind::Record, file.to_bytes())
}

fn answers_file(taken: &TakenBundle) -> Vec<u8> {
    taken.write_answers(Vec::new()).unwrap()
}

fn receipts(taken: &TakenBundle) -> Vec<Receipt> {
    let receipt = |answer: &Answer| match answer {
        Answer::Record(answer) => match &answer.signed {
            SignedAnswer::Receipt(signed) => Some(Receipt::parse(signed).unwrap().0),
            SignedAnswer::Refusal(_) => None,
        },
        Answer::Chain(_) | Answer::Claim(_) | Answer::Papers(_) | Answer::Fault(_) => None,
    };
    taken.answers.iter().filter_map(|(_, answer)| receipt(answer)).collect()
}

#[test]
fn a_bundle_is_taken_as_over_a_network_and_the_same_again_when_it_comes_again() {
    let (institution, place, register) = register();
    let (photo, other) = (b"a photo".as_slice(), b"another photo".as_slice());
    let (plain, with_photos) = (institution.record(1, &[]), institution.record(2, &[photo, other]));
    let frames = [
        chain(&institution, &[3, 4]),
        record(&plain),
        record(&with_photos),
        (FrameKind::Evidence, photo.to_vec()),
        (FrameKind::Evidence, other.to_vec()),
    ];
    let bundle = bundle(&institution, &frames);
    let taken = register.take_bundle(bundle.as_slice()).unwrap();
    assert_eq!((taken.bundle, taken.evidence, taken.answers.len()), (BundleId::new([7; 16]), 2, 3));
    assert!(taken.broken.is_none() && taken.evidence_refused.is_empty());
    let said = receipts(&taken);
    assert_eq!(said.iter().map(|receipt| receipt.have).collect::<Vec<_>>(), [Have::Complete; 2]);
    assert_eq!(said[1].evidence, [named(photo), named(other)]);
    for ((to, _), (_, content)) in taken.answers.iter().zip(&frames) {
        assert_eq!(*to, digest_of(content), "answers stand in the order of what they answer");
    }
    assert!(matches!(&taken.answers[0].1, Answer::Chain(answer) if answer.held == 2));
    institution.trust().check_register(&taken.hello.beacon, Kind::Beacon).unwrap();

    let log = register.log().unwrap();
    place.clock.set(NOON.seconds_later(600));
    let again = register.take_bundle(bundle.as_slice()).unwrap();
    assert!(answers_file(&again) == answers_file(&taken), "the same bytes, ten minutes later");
    drop(register);
    let register = place.open();
    let restarted = register.take_bundle(bundle.as_slice()).unwrap();
    assert!(answers_file(&restarted) == answers_file(&taken), "restarted");
    assert_eq!(register.log().unwrap(), log, "nothing came twice");
}

#[test]
fn a_chain_in_two_portions_is_answered_alike_from_the_first_time_on() {
    let (institution, _place, register) = register();
    let frames = [chain(&institution, &[1, 2]), chain(&institution, &[3])];
    let bundle = bundle(&institution, &frames);
    let first = register.take_bundle(bundle.as_slice()).unwrap();
    let extent = |(_, answer): &(_, Answer)| match answer {
        Answer::Chain(answer) => (answer.places, answer.highest),
        Answer::Record(_) | Answer::Claim(_) | Answer::Papers(_) | Answer::Fault(_) => panic!("both are chains"),
    };
    assert_eq!(first.answers.iter().map(extent).collect::<Vec<_>>(), [(3, 3), (3, 3)], "as at the bundle's end");
    let second = register.take_bundle(bundle.as_slice()).unwrap();
    assert!(answers_file(&first) == answers_file(&second), "the same bytes");
}

#[test]
fn what_goes_wrong_with_one_frame_stays_with_it() {
    let (institution, _place, register) = register();
    let (first, last) = (institution.record(1, &[b"photo"]), institution.record(3, &[]));
    let stranger = Institution::muu().record(2, &[]);
    let frames = [
        (FrameKind::Claim, b"no claim".to_vec()),
        (FrameKind::Claim, Message::Claim(Claim::default()).to_bytes()),
        (FrameKind::Return, b"nothing given back".to_vec()),
        (FrameKind::Papers, b"no papers".to_vec()),
        (FrameKind::Papers, Message::Papers(Vec::new()).to_bytes()),
        (FrameKind::Chain, b"no chain".to_vec()),
        chain(&Institution::muu(), &[1]),
        chain(&institution, &[5]),
        (FrameKind::Record, b"no record".to_vec()),
        record(&first),
        record(&stranger),
        record(&last),
        (FrameKind::Evidence, b"named by nobody".to_vec()),
        (FrameKind::Evidence, b"photo".to_vec()),
    ];
    let taken = register.take_bundle(bundle(&institution, &frames).as_slice()).unwrap();
    let words: Vec<_> = taken
        .answers
        .iter()
        .map(|(_, answer)| match answer {
            Answer::Chain(_) => "chain".to_owned(),
            Answer::Claim(answer) => format!("epoch {}", answer.epoch),
            Answer::Papers(answer) => format!("{} papers", answer.held),
            Answer::Fault(fault) => format!("{fault:?}"),
            Answer::Record(answer) => match &answer.signed {
                SignedAnswer::Receipt(signed) => format!("{:?}", Receipt::parse(signed).unwrap().0.have),
                SignedAnswer::Refusal(signed) => {
                    format!("{:?}", fieldproof_seal::receipt::Refusal::parse(signed).unwrap().0.reason)
                }
            },
        })
        .collect();
    let refused = format!("{:?}", RefusalReason::Delegation);
    let claims = ["Malformed", "epoch 1", "Malformed", "Malformed", "0 papers"];
    let chains = ["Malformed", "Delegation", "chain"];
    let records = ["Malformed", "Complete", &refused, "Complete"];
    assert_eq!(words, [&claims[..], &chains, &records].concat());
    let nobodys = digest_of(b"named by nobody");
    assert_eq!(taken.evidence_refused, [(nobodys, Fault::NotNamed(nobodys))]);
    assert_eq!((register.log().unwrap().0, taken.evidence), (2, 1));
}

/// Nobody may let go of a bundle in which there is a byte that is kept nowhere else.
#[test]
fn a_bundle_is_kept_elsewhere_when_each_of_its_frames_is() {
    let (institution, _place, register) = register();
    let (good, later) = (institution.record(1, &[b"photo"]), institution.record(3, &[]));
    let stranger = Institution::muu().record(2, &[]);
    let mut other_file = good.clone();
    other_file.parts.pop_first();
    let mixed = institution.upload(vec![institution.opened(7, 1), Institution::muu().opened(8, 1)]);
    let photo = (FrameKind::Evidence, b"photo".to_vec());
    let claim = (FrameKind::Claim, Message::Claim(Claim::default()).to_bytes());
    let is_kept = |frames: &[(FrameKind, Vec<u8>)]| {
        let taken = register.take_bundle(bundle(&institution, frames).as_slice()).unwrap();
        assert!(taken.broken.is_none());
        taken.is_kept
    };
    let all = [claim, chain(&institution, &[5, 6]), record(&good), record(&later), photo];
    for time in ["once", "twice"] {
        assert!(is_kept(&all), "{time}");
    }
    assert!(is_kept(&[record(&stranger)]), "what was refused lies on the shelf");
    for (name, frame) in [
        ("evidence that nobody named", (FrameKind::Evidence, b"named by nobody".to_vec())),
        ("an entry of another chain", (FrameKind::Chain, Message::ChainUpload(mixed).to_bytes())),
        ("no chain", (FrameKind::Chain, b"no chain".to_vec())),
        ("no record", (FrameKind::Record, b"no record".to_vec())),
        ("another file of a record that is there", record(&other_file)),
        ("no claim", (FrameKind::Claim, b"no claim".to_vec())),
        ("nothing given back", (FrameKind::Return, b"nothing given back".to_vec())),
    ] {
        assert!(!is_kept(&[all.as_slice(), &[frame]].concat()), "{name}");
    }
    let whole = bundle(&institution, &all);
    assert!(!register.take_bundle(&whole[..whole.len() - 1]).unwrap().is_kept, "one that was cut off");
}

#[test]
fn a_bundle_that_is_cut_off_is_taken_as_far_as_it_goes_and_whole_later() {
    let (institution, _place, register) = register();
    let with_photo = institution.record(1, &[b"photo"]);
    let whole = bundle(&institution, &[record(&with_photo), (FrameKind::Evidence, b"photo".to_vec())]);
    // The last piece holds the end, the one before it the photo.
    let taken = register.take_bundle(&whole[..whole.len() - 40_000]).unwrap();
    assert!(matches!(taken.broken, Some(BundleError::CutOff)));
    assert_eq!(receipts(&taken)[0].have, Have::Held);
    let taken = register.take_bundle(&whole[..whole.len() - 1]).unwrap();
    assert!(matches!(taken.broken, Some(BundleError::CutOff)));
    assert_eq!(receipts(&taken)[0].have, Have::Complete, "only the end is missing");
    let taken = register.take_bundle(whole.as_slice()).unwrap();
    assert!(taken.broken.is_none());
    assert_eq!(receipts(&taken)[0].have, Have::Complete);
}

#[test]
fn a_bundle_for_somebody_else_is_told_apart_and_not_taken() {
    let (institution, _place, register) = register();
    let not_taken = |bundle: &[u8]| match register.take_bundle(bundle) {
        Err(RegisterError::Bundle(why)) => why,
        other => panic!("{other:?}"),
    };
    let file = record(&institution.record(1, &[]));
    let muu = Institution::muu();
    let why = not_taken(&bundle(&muu, std::slice::from_ref(&file)));
    assert!(matches!(why, NotTaken::OtherInstitution { ours, found } if ours == institution.id && found == muu.id));
    let lost = DecryptionKey::new(&[5; 32]);
    let why = not_taken(&bundle_for(&institution, &lost, std::slice::from_ref(&file)));
    assert!(matches!(why, NotTaken::UnknownKey(key) if key == lost.public().id()));
    assert!(why.to_string().contains("decryption"), "{why}");
    // Its head says our key, and it was encrypted to another one.
    let mut bytes = bundle_for(&institution, &lost, &[file]);
    bytes[36..44].copy_from_slice(institution.decryption.public().id().as_bytes());
    assert!(matches!(not_taken(&bytes), NotTaken::Unreadable(BundleError::Damaged)));
    assert!(matches!(not_taken(b"a letter"), NotTaken::Unreadable(BundleError::OtherFile("bundle"))));
    assert_eq!(register.log().unwrap().0, 0);
}

#[test]
fn a_retired_encryption_key_still_opens_and_a_further_one_can_be_kept() {
    let place = Place::new();
    let mut institution = Institution::esimerkki();
    let (old, new, newest) =
        (institution.decryption.clone(), DecryptionKey::new(&[6; 32]), DecryptionKey::new(&[8; 32]));
    let mut working = institution.key_set.keys.iter().find(|key| key.role == KeyRole::Encryption).unwrap().clone();
    institution.key_set.keys.iter_mut().for_each(|key| {
        if key.role == KeyRole::Encryption {
            key.state = KeyState::Retired;
        }
    });
    working.key = new.public();
    institution.key_set.keys.push(working);
    let material = Material { decryption_keys: vec![old.clone(), new.clone()], ..institution.material() };
    let register = Register::create(&place.path, &material, place.clock.clock()).unwrap();
    let take = |key: &DecryptionKey, index| {
        let bundle = bundle_for(&institution, key, &[record(&institution.record(index, &[]))]);
        register.take_bundle(bundle.as_slice()).map(|taken| receipts(&taken)[0].have)
    };
    assert_eq!(take(&old, 1).unwrap(), Have::Complete);
    assert_eq!(take(&new, 2).unwrap(), Have::Complete);
    assert!(take(&newest, 3).is_err());
    register.keep_decryption_key(&newest).unwrap();
    assert_eq!(take(&newest, 3).unwrap(), Have::Complete);
    assert_eq!(take(&old, 4).unwrap(), Have::Complete);
}
