//! The stick: from a sealed photo to "in register" without a network; whoever carries the file can neither read nor alter
//! it, and cut off anywhere it yields every whole frame before the cut.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of tests stop where the set-up fails"
)]

mod common;

use std::{
    fs,
    path::{Path, PathBuf},
};

use fieldproof_app::{
    Error, Host, NotAllowed,
    install::{Pack, install},
    session::Place,
};
use fieldproof_model::{digest::Digest, id::SessionId, observation::Observed};
use fieldproof_register::{Register, TakenBundle};
use fieldproof_seal::{
    key_set::KeyRole,
    keys::SecretKey,
    receipt::{Have, Receipt},
    trust::TrustFile,
};
use fieldproof_testkit::{CHEAP, MORNING, Plan, Supplies, TestHost, TestWorld, seeded, storage};
use fieldproof_wire::{
    ChainAnswer, SignedAnswer,
    bundle::{
        Answer, AnswersReader, AnswersWriter, BundleError, BundleReader, DecryptionKey, Frame, FrameKind, FrameWriter,
        Head, PIECE,
    },
};

const NOTE: &str = "trembling hands noted";

/// A laptop with a sealed session: a note, a photo, names.
fn sealed(seed: &str) -> (TestWorld, SessionId) {
    let world = TestWorld::new(seed);
    world.unlock();
    let id = seal_another(&world);
    (world, id)
}

fn seal_another(world: &TestWorld) -> SessionId {
    let id = world.start_session();
    world.app.observe(id, Observed::Note { criterion: None, text: NOTE.to_owned() }, 0).unwrap();
    world.app.attach_photo(id, None, &common::photo()).unwrap();
    world.score_everything(id, 6);
    let _state = world.finish(id);
    id
}

fn write(world: &TestWorld, name: &str) -> (PathBuf, Vec<u8>) {
    let path = world.folder.path().join(name);
    world.app.write_bundle(&path, &mut |_| {}).unwrap();
    let bytes = fs::read(&path).unwrap();
    (path, bytes)
}

fn answers(world: &TestWorld, taken: &TakenBundle, name: &str) -> (PathBuf, Vec<u8>) {
    let path = world.folder.path().join(name);
    let bytes = taken.write_answers(Vec::new()).unwrap();
    fs::write(&path, &bytes).unwrap();
    (path, bytes)
}

fn place(world: &TestWorld, id: SessionId) -> Place {
    world.app.session(id).unwrap().sealed.unwrap().place
}

fn key(world: &TestWorld) -> DecryptionKey {
    world.institution.material().decryption_keys[0].clone()
}

/// The frames that can be read, and whether that is all.
fn frames(mut bundle: &[u8], key: &DecryptionKey) -> (Vec<Frame>, Result<(), BundleError>) {
    let begun = Head::read(&mut bundle).and_then(|head| BundleReader::open(bundle, &head, key));
    let mut reader = match begun {
        Ok(reader) => reader,
        Err(error) => return (Vec::new(), Err(error)),
    };
    let mut frames = Vec::new();
    loop {
        match reader.next_frame() {
            Ok(Some(frame)) => frames.push(frame),
            Ok(None) => return (frames, Ok(())),
            Err(error) => return (frames, Err(error)),
        }
    }
}

/// The same frames without the encryption.
fn twin(bundle: &[u8], key: &DecryptionKey) -> Vec<u8> {
    let head = Head::read(&mut &*bundle).unwrap();
    let (frames, ended) = frames(bundle, key);
    ended.unwrap();
    let mut writer = FrameWriter::begin(Vec::new(), &head).unwrap();
    for frame in frames {
        writer.put(frame.kind, &frame.content).unwrap();
    }
    writer.finish().unwrap()
}

/// Where each frame but the last ends in the encrypted file.
fn borders(bundle: &[u8], key: &DecryptionKey) -> Vec<usize> {
    let (piece, plain) = (usize::try_from(PIECE).unwrap(), twin(bundle, key).len());
    let start = bundle.len() - plain - plain.div_ceil(piece) * 16;
    let mut end = 32;
    let border = |frame: &Frame| {
        end = (end + 5 + frame.content.len()).next_multiple_of(piece);
        start + end / piece * (piece + 16)
    };
    frames(bundle, key).0.iter().map(border).collect()
}

/// A seeded sample of places in a file.
fn sample(seed: &str, count: usize, below: usize) -> Vec<usize> {
    let mut random = seeded(seed);
    let mut draw = || {
        let mut bytes = [0; 8];
        random(&mut bytes);
        usize::try_from(u64::from_le_bytes(bytes)).unwrap() % below
    };
    (0..count).map(|_| draw()).collect()
}

/// Another register of the same institution, in a folder of its own.
fn fresh_register(world: &TestWorld, folder: &Path) -> Register {
    let host = world.host.clone();
    let clock = std::sync::Arc::new(move || host.now());
    Register::create_on(&storage::chosen(), folder, &world.institution.material(), clock).unwrap()
}

#[test]
fn sealed_with_a_photo_carried_and_in_the_register_without_a_network() {
    let (world, id) = sealed("stick");
    let path = world.folder.path().join("out.bundle");
    let mut steps = Vec::new();
    let written = world.app.write_bundle(&path, &mut |progress| steps.push((progress.done, progress.of))).unwrap();
    assert_eq!((written.records, written.evidence, written.left_out.len(), written.is_full), (1, 1, 0, false));
    assert_eq!(steps.last().map(|(done, of)| done == of), Some(true), "{steps:?}");
    assert!(matches!(place(&world, id), Place::OnThisLaptop), "written is not arrived");
    let kinds: Vec<_> = frames(&fs::read(&path).unwrap(), &key(&world)).0.iter().map(|frame| frame.kind).collect();
    assert_eq!(kinds, [FrameKind::Chain, FrameKind::Record, FrameKind::Evidence]);

    let register = world.register();
    let taken = register.take_bundle(fs::read(&path).unwrap().as_slice()).unwrap();
    assert!(taken.broken.is_none());
    let (file, _) = answers(&world, &taken, "back.answers");
    let report = world.app.take_answers(&file).unwrap();
    assert_eq!((report.complete, report.held, report.refused, report.ignored), (1, 0, 0, 0));
    assert_eq!((report.failed.len(), report.forks, report.was_whole), (0, 0, Some(true)));
    let Place::InRegister(receipt) = place(&world, id) else { panic!("it is in the register") };
    assert_eq!((receipt.have, receipt.log_index, register.log().unwrap().0), (Have::Complete, 1, 1));

    let signed = world.app.receipt(receipt.record).unwrap();
    let trust = world.app.trust_file().unwrap();
    let report = world.app.take_answers(&file).unwrap();
    assert_eq!((report.complete, report.ignored), (1, 0), "taken twice");
    assert_eq!((world.app.receipt(receipt.record).unwrap(), world.app.trust_file().unwrap()), (signed, trust));
    let next = world.app.write_bundle(&world.folder.path().join("next.bundle"), &mut |_| {}).unwrap();
    assert_eq!((next.records, next.evidence), (0, 0), "what is in the register is not carried again");
}

#[test]
fn over_a_network_the_register_says_the_same_as_by_stick() {
    let (world, id) = sealed("stick-network");
    let (_, bundle) = write(&world, "out.bundle");
    let taken = world.register().take_bundle(bundle.as_slice()).unwrap();
    let server = common::Server::start(world.register());
    world.app.use_register(Some(server.address));
    assert_eq!(world.app.send().unwrap().complete, 1, "the answers are still on their way");
    let Place::InRegister(receipt) = place(&world, id) else { panic!("it is in the register") };
    let signed = world.app.receipt(receipt.record).unwrap().unwrap();
    let said = taken.answers.iter().filter_map(|(_, answer)| match answer {
        Answer::Record(answer) => Some(answer.signed.clone()),
        Answer::Chain(_) | Answer::Claim(_) | Answer::Papers(_) | Answer::Fault(_) => None,
    });
    assert_eq!(said.collect::<Vec<_>>(), [SignedAnswer::Receipt(signed)]);
    let (file, _) = answers(&world, &taken, "late.answers");
    let report = world.app.take_answers(&file).unwrap();
    assert_eq!((report.complete, report.failed.len(), report.was_whole), (1, 0, Some(true)), "late is no lie");
}

#[test]
fn a_bundle_takes_no_other_file_s_place_and_nothing_half_written_stays() {
    let (world, _) = sealed("stick-place");
    let (path, bytes) = write(&world, "out.bundle");
    let again = world.app.write_bundle(&path, &mut |_| {}).unwrap_err();
    assert!(matches!(again, Error::NotWritten { .. }), "{again}");
    assert_eq!(fs::read(&path).unwrap(), bytes);
    let nowhere = world.folder.path().join("no folder").join("out.bundle");
    assert!(matches!(world.app.write_bundle(&nowhere, &mut |_| {}), Err(Error::NotWritten { .. })));
    let parts = fs::read_dir(world.folder.path())
        .unwrap()
        .filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().ends_with(".part"));
    assert_eq!(parts.count(), 0);
}

#[test]
fn whoever_carries_it_reads_nothing() {
    let (world, id) = sealed("stick-secrets");
    let (_, bundle) = write(&world, "out.bundle");
    let taken = world.register().take_bundle(bundle.as_slice()).unwrap();
    let (_, back) = answers(&world, &taken, "back.answers");
    let plain = twin(&bundle, &key(&world));
    let photo = frames(&bundle, &key(&world)).0.pop().unwrap().content;
    let sealed = world.app.session(id).unwrap().sealed.unwrap();
    let needles: [(&str, Vec<u8>); 7] = [
        ("the candidate's name", b"Carol Candidate".to_vec()),
        ("the second person's name", b"Dave Demo".to_vec()),
        ("the assessor's name", b"Alice Assessor".to_vec()),
        ("a note", NOTE.as_bytes().to_vec()),
        ("the scheme's title", b"High-voltage isolation (practical)".to_vec()),
        ("the photo", photo[photo.len() / 2..][..32].to_vec()),
        ("the record", sealed.row.digest.as_bytes().to_vec()),
    ];
    let holds = |file: &[u8], needle: &[u8]| file.windows(needle.len()).any(|window| window == needle);
    for (name, needle) in needles {
        assert!(!holds(&bundle, &needle), "{name} lies in clear");
        // The record's name is a digest; the twin holds what it is the digest of.
        assert!(name == "the record" || holds(&plain, &needle), "the search would not notice {name}");
        assert!(name == "the record" || !holds(&back, &needle), "the answers name {name}");
    }
    assert!(holds(&plain, &sealed.row.file) && !holds(&bundle, &sealed.row.file[..64]));
}

#[test]
fn cut_off_anywhere_it_yields_every_whole_frame_before_the_cut() {
    let (world, _) = sealed("stick-cut");
    seal_another(&world);
    let (_, bundle) = write(&world, "out.bundle");
    let key = key(&world);
    let (all, _) = frames(&bundle, &key);
    let borders = borders(&bundle, &key);
    assert!(borders.windows(2).all(|pair| pair[0] < pair[1]) && *borders.last().unwrap() < bundle.len());
    let near = borders.iter().flat_map(|border| [border - 1, *border, border + 1]);
    for end in near.chain(sample("stick-cut", 60, bundle.len())) {
        let (found, ended) = frames(&bundle[..end], &key);
        let whole = borders.iter().filter(|border| **border <= end).count();
        assert_eq!(found, all[..whole], "{end}");
        assert!(matches!(ended, Err(BundleError::CutOff | BundleError::OtherFile(_))), "{end}: {ended:?}");
    }
    frames(&bundle, &key).1.unwrap();

    // What came before the cut is in the register, and the rest when the bundle comes whole.
    let register = world.register();
    let first_record = all.iter().position(|frame| frame.kind == FrameKind::Record).unwrap();
    let taken = register.take_bundle(&bundle[..borders[first_record] + 1]).unwrap();
    assert_eq!((register.log().unwrap().0, taken.broken.is_some()), (1, true));
    let (file, _) = answers(&world, &taken, "cut.answers");
    let report = world.app.take_answers(&file).unwrap();
    assert_eq!((report.held, report.complete, report.was_whole), (1, 0, Some(false)));
    let (file, _) = answers(&world, &register.take_bundle(bundle.as_slice()).unwrap(), "whole.answers");
    let report = world.app.take_answers(&file).unwrap();
    assert_eq!((report.held, report.complete, report.was_whole), (0, 2, Some(true)));
}

#[test]
fn imported_twice_the_answers_are_the_same_bytes() {
    let (world, _) = sealed("stick-twice");
    let (_, bundle) = write(&world, "out.bundle");
    let register = world.register();
    let (_, first) = answers(&world, &register.take_bundle(bundle.as_slice()).unwrap(), "first.answers");
    let log = register.log().unwrap();
    world.host.advance_seconds(3_600);
    let (_, second) = answers(&world, &register.take_bundle(bundle.as_slice()).unwrap(), "second.answers");
    assert_eq!(first, second);
    assert_eq!(register.log().unwrap(), log);
}

#[test]
fn one_flipped_byte_anywhere_lets_nothing_wrong_through() {
    let (world, _) = sealed("stick-flip");
    let (_, bundle) = write(&world, "out.bundle");
    let key = key(&world);
    let (all, _) = frames(&bundle, &key);
    let borders = borders(&bundle, &key);
    let start = borders[0] - usize::try_from(PIECE).unwrap() - 16;
    for at in (0..start).step_by(3).chain(sample("stick-flip", 40, bundle.len())) {
        let mut flipped = bundle.clone();
        flipped[at] ^= 1 << (at % 8);
        let (found, ended) = frames(&flipped, &key);
        let before = borders.iter().filter(|border| **border <= at).count();
        assert_eq!(found, all[..before], "{at}");
        assert!(ended.is_err(), "{at}");
    }
    // The register says the same: nothing of a flipped head, and what came before of anything else.
    for (number, at) in
        [25, 40, 50, start - 20, borders[1] - 100, borders[1] + 100, bundle.len() - 1].into_iter().enumerate()
    {
        let mut flipped = bundle.clone();
        flipped[at] ^= 4;
        let register = fresh_register(&world, &world.folder.path().join(format!("flipped-{number}")));
        let taken = register.take_bundle(flipped.as_slice());
        let records = register.log().unwrap().0;
        match taken {
            Err(_) => assert!(at < start && records == 0, "{at}"),
            Ok(taken) => {
                assert!(start <= at && taken.broken.is_some(), "{at}");
                assert_eq!(records, u32::from(borders[1] <= at), "{at}: the record is the second frame");
            }
        }
    }
}

#[test]
fn answers_about_others_are_counted_and_forged_ones_count_as_nothing() {
    let (world, id) = sealed("stick-mine");
    let (_, bundle) = write(&world, "out.bundle");
    let taken = world.register().take_bundle(bundle.as_slice()).unwrap();

    // A laptop of the same institution whose records these are not.
    let other = TestWorld::new("stick-mine");
    other.unlock();
    let (file, bytes) = answers(&other, &taken, "theirs.answers");
    let report = other.app.take_answers(&file).unwrap();
    assert_eq!((report.complete, report.ignored, report.forks), (0, taken.answers.len(), 0));

    // The same answers with a receipt that somebody else signed.
    let forged = |alter: &dyn Fn(Receipt) -> Vec<u8>| {
        let mut reader = AnswersReader::open(bytes.as_slice()).unwrap();
        let mut writer = AnswersWriter::begin(Vec::new(), &reader.bundle(), &reader.hello().clone()).unwrap();
        while let Some((to, answer)) = reader.next_answer().unwrap() {
            let answer = match answer {
                Answer::Record(mut answer) => {
                    if let SignedAnswer::Receipt(signed) = &answer.signed {
                        answer.signed = SignedAnswer::Receipt(alter(Receipt::parse(signed).unwrap().0));
                    }
                    Answer::Record(answer)
                }
                answer @ (Answer::Chain(_) | Answer::Claim(_) | Answer::Papers(_) | Answer::Fault(_)) => answer,
            };
            writer.put(&to, &answer).unwrap();
        }
        let path = world.folder.path().join("forged.answers");
        fs::write(&path, writer.finish(true).unwrap()).unwrap();
        let report = world.app.take_answers(&path).unwrap();
        (report.complete, report.failed.len(), report.ignored)
    };
    let thief = SecretKey::new(&[66; 32]);
    assert_eq!(forged(&|receipt| receipt.sign(&thief)), (0, 1, 0), "another key");
    assert_eq!(forged(&|_| b"no receipt".to_vec()), (0, 0, 1), "no receipt");
    let elsewhere = |receipt| Receipt { record: Digest::new([1; 32]), ..receipt }.sign(&thief);
    assert_eq!(forged(&elsewhere), (0, 0, 1), "about another record");
    assert!(matches!(place(&world, id), Place::OnThisLaptop), "nothing of it counts");

    let stranger = TestWorld::new("another institution");
    stranger.unlock();
    let refused = stranger.app.take_answers(&file).unwrap_err();
    assert!(matches!(refused, Error::OtherAnswers(_)), "{refused}");
    let no_answers = world.app.take_answers(&world.folder.path().join("out.bundle")).unwrap_err();
    assert!(matches!(no_answers, Error::Bundle(BundleError::OtherFile("answers file"))), "{no_answers}");
}

/// The same answers with what is said of chains altered; nobody signed that.
fn said_of_chains(answers: &[u8], alter: &dyn Fn(&mut ChainAnswer)) -> Vec<u8> {
    let mut reader = AnswersReader::open(answers).unwrap();
    let mut writer = AnswersWriter::begin(Vec::new(), &reader.bundle(), &reader.hello().clone()).unwrap();
    while let Some((to, mut answer)) = reader.next_answer().unwrap() {
        if let Answer::Chain(answer) = &mut answer {
            alter(answer);
        }
        writer.put(&to, &answer).unwrap();
    }
    writer.finish(true).unwrap()
}

#[test]
fn a_chain_of_which_the_register_has_something_else_is_told() {
    let (world, _) = sealed("stick-chains");
    let (_, bundle) = write(&world, "out.bundle");
    let (_, back) = answers(&world, &world.register().take_bundle(bundle.as_slice()).unwrap(), "back.answers");
    let differs = |alter: &dyn Fn(&mut ChainAnswer)| {
        let taken = world.app.take_answers_from(said_of_chains(&back, alter).as_slice()).unwrap();
        assert_eq!((taken.complete, taken.ignored), (1, 0), "records have their own word");
        taken.chains_differ
    };
    let to = |places, highest| move |answer: &mut ChainAnswer| (answer.places, answer.highest) = (places, highest);
    assert_eq!(differs(&|_| {}), 0);
    assert_eq!(differs(&|answer| answer.head = Some(Digest::new([7; 32]))), 1, "the head alone");
    assert_eq!(differs(&|answer| answer.head = None), 0, "an older register names none");
    assert_eq!(differs(&to(3, 3)), 1, "more than is here");
    assert_eq!(
        differs(&|answer| (answer.places, answer.highest, answer.head) = (1, 1, None)),
        1,
        "less than it was sent"
    );
    assert_eq!(differs(&|answer| (answer.highest, answer.head) = (3, None)), 1, "a gap");
    seal_another(&world);
    assert_eq!(differs(&|_| {}), 0, "late is no lie");
    let (_, later) = write(&world, "later.bundle");
    world.register().take_bundle(later.as_slice()).unwrap();
    let (_, back) = answers(&world, &world.register().take_bundle(bundle.as_slice()).unwrap(), "again.answers");
    let taken = world.app.take_answers_from(back.as_slice()).unwrap();
    assert_eq!(taken.chains_differ, 0, "nor is what came with a later bundle");
}

#[test]
fn answers_that_are_cut_off_count_as_far_as_they_go() {
    let (world, first) = sealed("stick-answers");
    let second = seal_another(&world);
    let (_, bundle) = write(&world, "out.bundle");
    let taken = world.register().take_bundle(bundle.as_slice()).unwrap();
    let (path, bytes) = answers(&world, &taken, "back.answers");
    // The end frame and a part of the answer before it are missing.
    fs::write(&path, &bytes[..bytes.len() - 40]).unwrap();
    let report = world.app.take_answers(&path).unwrap();
    assert_eq!((report.complete, report.was_whole), (1, None));
    let in_register = |id| matches!(place(&world, id), Place::InRegister(_));
    assert_eq!([first, second].into_iter().filter(|id| in_register(*id)).count(), 1);
    fs::write(&path, &bytes).unwrap();
    assert_eq!(world.app.take_answers(&path).unwrap().complete, 2);
    assert!(in_register(first) && in_register(second));
}

#[test]
fn without_an_encryption_key_nothing_is_written() {
    let seed = "stick-no-key";
    let Supplies { institution, pack, assessors } = Plan::default().supplies(seed);
    let root = SecretKey::new(&[99; 32]);
    let mut key_set = institution.key_set().clone();
    key_set.keys.retain(|key| key.role != KeyRole::Encryption);
    let trust = TrustFile { root: root.public(), key_set: key_set.sign(&root), ..pack.trust };
    let pack = Pack { trust, ..pack };
    let folder = tempfile::tempdir().unwrap();
    let laptop = folder.path().join("laptop");
    install(&laptop, &pack, &assessors, (MORNING, CHEAP), &mut seeded("install")).unwrap();
    let app = fieldproof_app::App::new(&laptop, Box::new(TestHost::new(MORNING, seed)));
    app.unlock(assessors[0].person.id, &assessors[0].passphrase).unwrap();
    let path = folder.path().join("out.bundle");
    let refused = app.write_bundle(&path, &mut |_| {}).unwrap_err();
    assert!(matches!(refused, Error::NotAllowed(NotAllowed::NoEncryptionKey)), "{refused}");
    assert!(!path.exists());
}
