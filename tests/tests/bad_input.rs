//! Bad input: each is refused with its own words and a way on, loses nothing, and leaves the laptop working.
#![allow(clippy::unwrap_used, reason = "helpers of tests stop where the set-up fails")]

mod common;

use std::io::{Read, Write};

use common::{Server, photo};
use fieldproof_api::{
    dto::{Code, ErrorView},
    error::view,
};
use fieldproof_app::{
    Error, Invalid, Language, NotAllowed, What,
    session::{NewSession, PHOTO_LIMIT, Place},
};
use fieldproof_model::{
    gate::Photo,
    id::SessionId,
    observation::{Answer, Observed, Score},
    scheme::{CriterionId, PartId, RuleId},
};
use fieldproof_seal::{
    envelope::Purpose, keys::SecretKey, report::Tone, scheme::parse_scheme, scheme::sign_scheme,
    short_code::short_code, verdict,
};
use fieldproof_store::Store;
use fieldproof_testkit::{AC_FGAS, HV_ISOLATION, LIVE_WORK, Plan, TestWorld, full_gate_for, store_key};

/// The words for an error: they must say what happened and what to do now.
fn words(error: &Error) -> ErrorView {
    let view = view(error);
    for text in [&view.message, &view.next] {
        assert!(text.len() > 12 && text.ends_with('.'), "{error:?} is worded {text:?}");
    }
    view
}

fn sealed(world: &TestWorld) -> SessionId {
    world.unlock();
    let id = world.start_session();
    world.score_everything(id, 6);
    world.app.attach_photo(id, None, &photo()).unwrap();
    let state = world.finish(id);
    assert!(state.sealed.unwrap().row.token.is_some());
    id
}

#[test]
fn a_wrong_passphrase_waits_and_harms_nothing() {
    let world = TestWorld::new("passphrase");
    let wrong = world.app.unlock(world.alice.0, "not this one").unwrap_err();
    assert_eq!((words(&wrong).code, words(&wrong).wait_seconds), (Code::WrongPassphrase, Some(1)));
    let early = world.app.unlock(world.alice.0, world.alice.1).unwrap_err();
    assert_eq!(words(&early).code, Code::WaitBeforeNextTry, "even the right one waits");
    world.host.advance_seconds(2);
    let again = world.app.unlock(world.alice.0, "nor this").unwrap_err();
    assert_eq!(words(&again).wait_seconds, Some(2), "it slows down");
    world.host.advance_seconds(2);
    world.app.unlock(world.alice.0, world.alice.1).unwrap();
}

#[test]
fn photos_that_cannot_be_taken_leave_the_log_as_it_was() {
    let world = TestWorld::new("photo");
    world.unlock();
    let id = world.start_session();
    let before = world.app.session(id).unwrap().log.len();
    let cut = photo();
    let table = [
        (b"not a picture at all".to_vec(), Code::PhotoUnreadable),
        (cut[..200].to_vec(), Code::PhotoUnreadable),
        (Vec::new(), Code::PhotoUnreadable),
        (vec![0xff; 60_000_000], Code::PhotoTooLarge),
    ];
    for (bytes, code) in table {
        let error = world.app.attach_photo(id, None, &bytes).unwrap_err();
        assert_eq!(words(&error).code, code, "{} bytes", bytes.len());
    }
    assert_eq!(world.app.session(id).unwrap().log.len(), before);
    world.app.attach_photo(id, None, &photo()).unwrap();
}

#[test]
fn what_is_no_certificate_is_told_apart() {
    let world = TestWorld::new("verify");
    let id = sealed(&world);
    let sealed = world.app.session(id).unwrap().sealed.unwrap();
    let (record, code) = (sealed.row.file, short_code(&sealed.record.certificate.unwrap()));
    let mut foreign = std::io::Cursor::new(Vec::new());
    qr_of("https://shop.example/offer?id=7").write_to(&mut foreign, image::ImageFormat::Png).unwrap();
    let mut blank = std::io::Cursor::new(Vec::new());
    image::GrayImage::from_pixel(400, 400, image::Luma([255])).write_to(&mut blank, image::ImageFormat::Png).unwrap();
    let table: Vec<(&str, Vec<u8>, &str)> = vec![
        ("PDF without a code", pdf_without_code(&world), "no code was found in the pdf"),
        ("picture without a code", blank.into_inner(), "no code was found in the picture"),
        ("code of something else", foreign.into_inner(), "not a fieldproof certificate"),
        ("truncated record", record[..record.len() / 2].to_vec(), "damaged or cut off"),
        ("a few bytes of a record", record[..4].to_vec(), "damaged or cut off"),
        ("unreadable picture", photo()[..200].to_vec(), "picture is damaged"),
        ("noise", vec![0x9c; 3_000], "not a fieldproof certificate or record"),
        ("some text", b"hello, is this valid?".to_vec(), "not a fieldproof certificate or record"),
        (
            "the code below a symbol",
            code.to_lowercase().replace('-', " ").into_bytes(),
            "names a certificate and proves nothing",
        ),
        ("nothing", Vec::new(), "not a fieldproof certificate or record"),
    ];
    for (name, bytes, expected) in table {
        let error = world.app.verify_file(&bytes, Language::English).expect_err(name);
        let view = words(&error);
        assert_eq!(view.code, Code::NothingToVerify, "{name}");
        assert!(view.message.to_lowercase().contains(expected), "{name}: {}", view.message);
    }
}

#[test]
fn a_record_under_an_unknown_key_could_not_be_told_and_altered_ones_are_no() {
    let (ours, theirs) = (TestWorld::new("ours"), TestWorld::new("theirs"));
    let id = sealed(&theirs);
    let file = theirs.app.session(id).unwrap().sealed.unwrap().row.file;
    let verified = ours.app.verify_file(&file, Language::English).unwrap();
    assert_eq!(verified.genuine.answer, verdict::Answer::CouldNotTell);
    assert_eq!(verified.in_force.answer, verdict::Answer::CouldNotTell);
    let mut altered = file;
    let place = altered.windows(5).position(|window| window == b"Carol").unwrap();
    altered[place] = b'K';
    let verified = theirs.app.verify_file(&altered, Language::English).unwrap();
    assert_eq!(verified.genuine.answer, verdict::Answer::No, "a changed name is noticed");
    assert_eq!(verified.tone, Tone::Red);
}

#[test]
fn the_wrong_place_and_the_wrong_register_change_nothing() {
    let (world, other) = (TestWorld::new("place"), TestWorld::new("other"));
    let id = sealed(&world);
    let server = Server::start(other.register());
    let portal = portal();
    for (address, code) in [
        ("http://127.0.0.1:9".to_owned(), Code::RegisterUnreachable),
        ("not an address".to_owned(), Code::RegisterUnreachable),
        (portal, Code::RegisterUnreachable),
        (server.address, Code::RegisterOtherIdentity),
    ] {
        world.app.use_register(Some(address.clone()));
        let error = world.app.send().expect_err(&address);
        let view = words(&error);
        assert_eq!(view.code, code, "{address}: {}", view.message);
        assert!(view.next.contains("kept on this laptop"), "{address}: {}", view.next);
        assert_eq!(world.app.session(id).unwrap().sealed.unwrap().place, Place::OnThisLaptop, "{address}");
    }
    assert_eq!(other.register().log().unwrap().0, 0, "the other register got nothing");
}

#[test]
fn a_tap_on_a_full_disk_is_refused_visibly_and_the_session_stays_whole() {
    let world = TestWorld::new("full");
    world.unlock();
    let id = world.start_session();
    let note = |number: u32| Observed::Note { criterion: None, text: format!("{number} {}", "x".repeat(3_000)) };
    world.app.observe(id, note(0), 0).unwrap();
    let before = world.app.session(id).unwrap().log;
    world.app.limit_growth(0).unwrap();
    let error = (1..20).find_map(|number| world.app.observe(id, note(number), 0).err()).expect("the disk fills up");
    let view = words(&error);
    assert_eq!(view.code, Code::DiskFull);
    assert!(view.message.contains("NOT saved"), "{}", view.message);
    let after = world.app.session(id).unwrap().log;
    assert_eq!(after[..before.len()], before[..]);
    assert!(world.app.check_integrity().unwrap());
    // With room again the very next tap is taken, and follows without a gap.
    world.app.limit_growth(1_000).unwrap();
    let state = world.app.observe(id, note(99), 0).unwrap();
    assert_eq!(usize::try_from(state.session.last_sequence).unwrap(), after.len() + 1);
    world.app.lock();
    let store = Store::open(&world.laptop(), &store_key("full")).unwrap();
    assert!(store.check_integrity().unwrap());
}

#[test]
fn nobody_is_assessed_under_a_scheme_that_the_institution_has_not_signed() {
    let world = TestWorld::new("unsigned");
    world.unlock();
    let new = world.new_session(HV_ISOLATION);
    let (document, values) = HV_ISOLATION;
    for (purpose, key) in [(Purpose::Demonstration, [77; 32]), (Purpose::Real, [78; 32])] {
        let forged = sign_scheme(document, values, purpose, &SecretKey::new(&key)).unwrap();
        let store = Store::open(&world.laptop(), &store_key("unsigned")).unwrap();
        store.write(|tx| tx.set_scheme(new.scheme, &forged)).unwrap();
        let refused = words(&world.app.open_session(&new).unwrap_err());
        assert!(refused.message.contains("has not signed"), "{refused:?}");
    }
    assert!(world.app.home().unwrap().sessions.is_empty());
}

#[test]
fn what_the_screen_should_never_send_is_refused() {
    let world = TestWorld::new("screen");
    world.unlock();
    let carol = world.candidates[0];
    let good = world.new_session(HV_ISOLATION);
    let with = |candidate, second_person| NewSession { candidate, second_person, ..good.clone() };
    let bad = [
        with(carol, Some(carol)),
        with(world.alice.0, Some(carol)),
        with(carol, Some(world.alice.0)),
        with(carol, None),
        NewSession { team: true, ..good.clone() },
        NewSession { course: world.new_session(LIVE_WORK).course, ..good.clone() },
        NewSession { second_person: Some(world.candidates[1]), ..world.new_session(AC_FGAS) },
    ];
    for new in bad {
        assert_eq!(words(&world.app.open_session(&new).unwrap_err()).code, Code::InvalidInput, "{new:?}");
    }
    let state = world.app.open_session(&good).unwrap();
    assert_eq!(words(&world.app.start_exercise(state.row.id).unwrap_err()).code, Code::Rule, "the gate holds it");
    assert_eq!(words(&world.app.abandon_session(state.row.id, " ").unwrap_err()).code, Code::InvalidInput);
    let id = world.start_session();
    let criterion = state.scheme.values.critical[0].clone();
    let without_reason = Observed::Score { criterion, score: Score::NotApplicable, reason: None };
    assert_eq!(words(&world.app.observe(id, without_reason, 0).unwrap_err()).code, Code::InvalidInput);
    let resume = Observed::Resume { made_safe: true, gate_checked: false };
    assert_eq!(words(&world.app.observe(id, resume, 0).unwrap_err()).code, Code::Rule);
    assert_eq!(words(&world.app.add_person("", None).unwrap_err()).code, Code::InvalidInput);
    let unprintable = words(&world.app.add_person("Carol 王", None).unwrap_err());
    assert!(unprintable.message.contains('王'), "{unprintable:?}");
    assert_eq!(words(&world.app.add_person("Frieda Früh", Some(1800)).unwrap_err()).code, Code::InvalidInput);
}

#[test]
fn what_the_scheme_does_not_know_is_refused_and_nothing_is_recorded() {
    let world = TestWorld::new("unknown");
    world.unlock();
    let id = world.start_session();
    let before = world.app.session(id).unwrap().log;
    let nowhere = || CriterionId::new("T9.9.z".to_owned());
    let part = |id: &str| PartId::new(id.to_owned());
    let marked = |id: &str, points, of| {
        let (on, reference) = (world.app.today(), "Paper 1".to_owned());
        Observed::PartMarked { part: part(id), points, of, on, reference }
    };
    let unknown = [
        (Observed::Score { criterion: nowhere(), score: Score::Unaided, reason: None }, What::Criterion),
        (Observed::Answered { criterion: nowhere(), answer: Answer::Level(1) }, What::Criterion),
        (Observed::Note { criterion: Some(nowhere()), text: "a note".to_owned() }, What::Criterion),
        (Observed::TesterBefore { criterion: nowhere(), source: "unit".to_owned(), worked: true }, What::Criterion),
        (Observed::PartBegan(part("P9")), What::Part),
        (Observed::PartEnded(part("P9")), What::Part),
        (marked("P9", 1, 1), What::Part),
        (Observed::Said { rule: RuleId::new("W9".to_owned()), kept: true, note: String::new() }, What::Rule),
    ];
    for (observed, what) in unknown {
        let error = world.app.observe(id, observed.clone(), 0).unwrap_err();
        assert!(matches!(&error, Error::NotFound(found) if *found == what), "{observed:?}: {error:?}");
        assert_eq!(words(&error).code, Code::NotFound);
    }
    for (points, of) in [(11, 10), (0, 0), (1, 0)] {
        let error = world.app.observe(id, marked("P1", points, of), 0).unwrap_err();
        assert!(matches!(error, Error::Invalid(Invalid::Points)), "{points} of {of}: {error:?}");
        assert_eq!(words(&error).code, Code::InvalidInput);
    }
    let observed_part = world.app.observe(id, marked("P1", 10, 10), 0).unwrap_err();
    assert!(matches!(observed_part, Error::Invalid(Invalid::Points)), "its criteria are observed, so it has no marks");
    assert_eq!(world.app.session(id).unwrap().log, before);
}

#[test]
fn marks_are_taken_of_a_marked_part_for_a_day_that_has_come() {
    let world = TestWorld::new("marks");
    world.unlock();
    let id = world.start(&NewSession { second_person: None, ..world.new_session(AC_FGAS) });
    let part = world.app.session(id).unwrap().scheme.parts.into_iter().find(|part| part.is_marked()).unwrap().id;
    let marked = |points, of, on| {
        let (part, reference) = (part.clone(), "Paper 1".to_owned());
        world.app.observe(id, Observed::PartMarked { part, points, of, on, reference }, 0)
    };
    let today = world.app.today();
    assert!(matches!(marked(10, 10, today.days_later(1)).unwrap_err(), Error::Invalid(Invalid::FutureDay)));
    for (points, of) in [(10, 10), (0, 1)] {
        marked(points, of, today).unwrap();
    }
}

#[test]
fn a_file_that_is_too_large_is_refused_and_the_largest_is_taken() {
    let world = TestWorld::new("file");
    world.unlock();
    let id = world.start_session();
    let before = world.app.session(id).unwrap().log;
    let mut bytes = vec![7; PHOTO_LIMIT + 1];
    let error = world.app.attach_file(id, None, "long.bin", &bytes).unwrap_err();
    assert!(matches!(error, Error::PhotoTooLarge { .. }), "{error:?}");
    assert_eq!(words(&error).code, Code::PhotoTooLarge);
    let nameless = world.app.attach_file(id, None, " ", b"a file").unwrap_err();
    assert_eq!(words(&nameless).code, Code::InvalidInput);
    assert_eq!(world.app.session(id).unwrap().log, before);
    bytes.truncate(PHOTO_LIMIT);
    let state = world.app.attach_file(id, None, "long.bin", &bytes).unwrap();
    let Observed::File { size, .. } = &state.log.last().unwrap().observed else {
        panic!("the file is the last entry");
    };
    assert_eq!(usize::try_from(*size).unwrap(), PHOTO_LIMIT);
}

#[test]
fn a_picture_of_a_credential_belongs_to_something_the_gate_asks_for() {
    let world = TestWorld::new("credential");
    world.unlock();
    let id = world.app.open_session(&world.new_session(LIVE_WORK)).unwrap().row.id;
    let unknown = world.app.attach_credential(id, "pilot-licence", &photo()).unwrap_err();
    assert_eq!(words(&unknown).code, Code::InvalidInput);
    let unreadable = world.app.attach_credential(id, "sfs-6002", b"no picture").unwrap_err();
    assert_eq!(words(&unreadable).code, Code::PhotoUnreadable);
    assert!(world.app.session(id).unwrap().row.gate.prerequisites.is_empty());

    let state = world.app.attach_credential(id, "sfs-6002", &photo()).unwrap();
    let Photo { digest, size, original } = state.row.gate.prerequisites.get("sfs-6002").unwrap().photo.unwrap();
    assert_eq!((digest, original), (fieldproof_seal::digest_of(&photo()), None), "there was nothing to remove");
    let gate = full_gate_for(&state.scheme);
    let saved = world.app.save_gate(id, &gate).unwrap();
    let kept = saved.row.gate.prerequisites.get("sfs-6002").unwrap().photo;
    assert_eq!(kept, Some(Photo { digest, size, original }), "what the screen sends takes no picture away");
    assert!(saved.row.gate.prerequisites.get("first-aid").unwrap().photo.is_none());
    world.app.start_exercise(id).unwrap();
    let late = world.app.attach_credential(id, "sfs-6002", &photo()).unwrap_err();
    assert_eq!(words(&late).code, Code::Rule);
    let sealed = world.finish(id).sealed.unwrap();
    assert_eq!(sealed.record.evidence, [(digest, size)], "the picture is part of the record");
}

#[test]
fn not_passed_needs_a_word_to_the_candidate_and_passed_does_not() {
    let world = TestWorld::new("feedback");
    world.unlock();
    let failed = world.start_session();
    world.app.end_exercise(failed).unwrap();
    for note in ["", "  \n "] {
        let error = world.app.confirm_decision(failed, false, note).unwrap_err();
        assert!(matches!(error, Error::Invalid(Invalid::FeedbackMissing)), "{error:?}");
        assert_eq!(words(&error).code, Code::InvalidInput);
    }
    let silent = Observed::Confirmed { borderline: false, note: String::new() };
    let error = world.app.observe(failed, silent, 0).unwrap_err();
    assert!(matches!(error, Error::Invalid(Invalid::FeedbackMissing)), "not by another way either: {error:?}");
    assert!(world.app.session(failed).unwrap().session.confirmed.is_none());
    let state = world.app.confirm_decision(failed, false, " practise proving dead ").unwrap();
    assert_eq!(state.session.confirmed.unwrap().note, "practise proving dead");

    let passed = world.start_session();
    world.score_everything(passed, 6);
    world.app.end_exercise(passed).unwrap();
    let flagged = world.app.confirm_decision(passed, true, "").unwrap_err();
    assert!(matches!(flagged, Error::Invalid(Invalid::ReasonMissing)), "a flag needs its reason: {flagged:?}");
    world.app.confirm_decision(passed, false, "").unwrap();
}

#[test]
fn without_a_delegation_for_the_scheme_nothing_is_opened() {
    let fgas = parse_scheme(AC_FGAS.0, AC_FGAS.1, None).unwrap().id;
    let world = TestWorld::planned("delegation", &Plan { undelegated: vec![fgas], ..Plan::default() });
    world.unlock();
    let error = world.app.open_session(&world.new_session(AC_FGAS)).unwrap_err();
    assert!(matches!(error, Error::NotAllowed(NotAllowed::NotDelegated)), "{error:?}");
    assert_eq!(words(&error).code, Code::Rule);
    let home = world.app.home().unwrap();
    assert_eq!(home.sessions.len(), 0);
    assert_eq!(home.schemes.len(), 2, "and it is not offered");
    assert!(home.schemes.iter().all(|scheme| scheme.id != fgas));
    world.app.open_session(&world.new_session(HV_ISOLATION)).unwrap();
}

/// A page that wants a login first, as hotels have it.
fn portal() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming().take(4) {
            let mut stream = stream.unwrap();
            let mut request = [0; 4096];
            let _read = stream.read(&mut request).unwrap();
            let page = "<html>Welcome! Please log in.</html>";
            write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{page}", page.len())
                .unwrap();
        }
    });
    address
}

fn qr_of(text: &str) -> image::GrayImage {
    let code = qrcode::QrCode::new(text).unwrap();
    let width = u32::try_from(code.width()).unwrap();
    let dark = code.to_colors();
    image::GrayImage::from_fn((width + 8) * 6, (width + 8) * 6, |x, y| {
        let (x, y) = (i64::from(x / 6) - 4, i64::from(y / 6) - 4);
        let inside = (0..i64::from(width)).contains(&x) && (0..i64::from(width)).contains(&y);
        let place = usize::try_from(y * i64::from(width) + x).unwrap_or_default();
        image::Luma([if inside && dark.get(place) == Some(&qrcode::Color::Dark) { 0 } else { 255 }])
    })
}

/// A result sheet: a real PDF of ours that carries no code.
fn pdf_without_code(world: &TestWorld) -> Vec<u8> {
    let id = world.start_session();
    let state = world.finish(id);
    assert!(state.sealed.unwrap().row.token.is_none());
    world.app.draw_document(id).unwrap().1
}

#[test]
fn a_request_that_cannot_be_written_leaves_nothing_half_written_on_the_stick() {
    let world = TestWorld::new("request-stick");
    world.unlock();
    let stick = world.folder.path().join("stick");
    std::fs::create_dir(&stick).unwrap();
    let path = world.app.write_request(&stick).unwrap();
    assert_eq!(world.app.write_request(&stick).unwrap(), path, "written once more it takes its own place");
    std::fs::remove_file(&path).unwrap();
    std::fs::create_dir(&path).unwrap();
    let view = words(&world.app.write_request(&stick).unwrap_err());
    assert_eq!(view.code, Code::NotWritten);
    assert!(view.message.starts_with("Nothing was written"), "{}", view.message);
    assert_eq!(std::fs::read_dir(&stick).unwrap().count(), 1, "nothing half written stays");
}
