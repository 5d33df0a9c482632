//! Evidence leaves the laptop when the register has it and the institution's time is over, and not a day before; what
//! nothing names is swept when the store is opened. And room for it is looked for before an assessment begins.
#![allow(clippy::unwrap_used, reason = "helpers of tests stop where the set-up fails")]

mod common;

use common::{Server, photo};
use fieldproof_api::{
    Api,
    dto::{Code, ErrorView, SessionInput, SessionView},
    error,
};
use fieldproof_app::{
    App, Error, NotAllowed, Retired, Room,
    session::{Correction, Place},
};
use fieldproof_model::{digest::Digest, id::SessionId, validity::Entry};
use fieldproof_seal::digest_of;
use fieldproof_store::{Store, StoreError, WriteTx, table::pack_items::PackItem};
use fieldproof_testkit::{HV_ISOLATION, LIVE_WORK, Plan, TestWorld, edited, store_key};

const DAY_SECONDS: i64 = 86_400;
const KEPT_DAYS: i64 = 30;

/// A world in which evidence of live work is kept for thirty days, and of isolation for no time that was set.
fn world(seed: &str) -> TestWorld {
    let values = edited(LIVE_WORK.1, r#""retention_days": 730"#, r#""retention_days": 30"#);
    let world = TestWorld::planned(seed, &Plan::of(&[(LIVE_WORK.0, &values), HV_ISOLATION]));
    world.unlock();
    world
}

/// A session with a photo of its own, passed and sealed; and the digest of the photo.
fn sealed(world: &TestWorld, scheme: (&str, &str), photo: &[u8]) -> (SessionId, Digest) {
    let id = world.start(&world.new_session(scheme));
    world.score_everything(id, 6);
    world.app.attach_photo(id, None, photo).unwrap();
    assert!(world.finish(id).sealed.is_some());
    (id, digest_of(photo))
}

fn send(world: &TestWorld) -> Server {
    let server = Server::start(world.register());
    world.app.use_register(Some(server.address.clone()));
    assert!(0 < world.app.send().unwrap().complete);
    server
}

/// Lets days pass, and lets the laptop hear from the register that they have.
fn pass(world: &TestWorld, days: i64) {
    world.host.advance_seconds(days * DAY_SECONDS);
    world.app.send().unwrap();
}

fn is_here(world: &TestWorld, seed: &str, digest: Digest) -> bool {
    Store::open(&world.laptop(), &store_key(seed)).unwrap().evidence().get(digest).unwrap().is_some()
}

fn shown(world: &TestWorld, id: SessionId) -> SessionView {
    let app = App::new(&world.laptop(), Box::new(world.host.clone()));
    app.unlock(world.alice.0, world.alice.1).unwrap();
    let input = serde_json::to_value(SessionInput { session_id: id.to_string() }).unwrap();
    serde_json::from_value(Api::new(app, None).call("session", input).unwrap()).unwrap()
}

#[test]
fn what_the_register_has_leaves_when_its_time_is_over_and_the_session_says_so() {
    let world = world("leaves");
    let (id, digest) = sealed(&world, LIVE_WORK, &photo());
    world.host.advance_seconds(KEPT_DAYS * DAY_SECONDS);
    assert_eq!(world.app.retire_evidence().unwrap(), Retired::default(), "the register has nothing");
    let _server = send(&world);
    let Place::InRegister(receipt) = world.app.session(id).unwrap().sealed.unwrap().place else {
        panic!("the record should be in the register");
    };
    assert_eq!(world.app.retire_evidence().unwrap().items, 0, "the time counts from the receipt");
    pass(&world, KEPT_DAYS - 1);
    assert_eq!(world.app.retire_evidence().unwrap().items, 0, "a day before");
    assert!(is_here(&world, "leaves", digest));
    world.host.advance_seconds(DAY_SECONDS);
    assert_eq!(world.app.retire_evidence().unwrap().items, 0, "only this laptop's clock says that the time is over");
    pass(&world, 0);
    let may_leave = world.app.retirable_evidence().unwrap();
    let left = world.app.retire_evidence().unwrap();
    assert_eq!((left, left.items), (may_leave, receipt.evidence.len()), "everything the record names");
    assert_eq!(left.bytes, receipt.evidence.iter().map(|(_, size)| size).sum::<u64>());
    assert!(!is_here(&world, "leaves", digest));
    assert_eq!(world.app.retire_evidence().unwrap(), Retired::default(), "once");

    let state = world.app.session(id).unwrap();
    assert!(matches!(state.sealed.as_ref().unwrap().place, Place::InRegister(_)), "record and receipt stay");
    assert_eq!(state.left.len(), receipt.evidence.len());
    let day = world.app.today();
    let line = format!(": left this laptop on {day}, in the register as number {}", receipt.log_index);
    let log = shown(&world, id).log;
    assert!(log.iter().any(|row| row.text.starts_with("Photo, ") && row.text.ends_with(&line)), "{log:?}");
    assert_eq!(world.app.home().unwrap().unreadable, 0);
    assert_eq!(world.app.draw_document(id).unwrap().0, "certificate.pdf");
    assert!(world.app.check_integrity().unwrap());

    // What is put right afterwards names evidence that only the register has, and that suffices.
    let correction =
        Correction { name: "Carola Candidate".to_owned(), birth_year: Some(1990), reason: "misspelt".to_owned() };
    world.app.correct_record(id, &correction).unwrap();
    assert_eq!(world.app.send().unwrap().complete, 1);
    assert_eq!(world.app.retire_evidence().unwrap(), Retired::default());
}

#[test]
fn what_anything_else_names_stays() {
    let world = world("stays");
    let (with_proof, shared) = sealed(&world, LIVE_WORK, &photo());
    let mut small = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(3, 3).write_to(&mut small, image::ImageFormat::Png).unwrap();
    let (_, leaves) = sealed(&world, LIVE_WORK, &small.into_inner());
    // The same bytes are evidence of the session and proof of an entry.
    let proof = world.app.session(with_proof).unwrap().sealed.unwrap().record.evidence[0].0;
    assert_ne!(proof, shared);
    let practised = world.app.record_activity(with_proof, world.app.today(), Entry::EditionRefresh, None, Some(proof));
    practised.unwrap();
    let _server = send(&world);
    pass(&world, 10 * KEPT_DAYS);
    let open = world.app.open_session(&world.new_session(HV_ISOLATION)).unwrap().row.id;
    world.app.save_gate(open, &fieldproof_testkit::full_gate()).unwrap();
    world.app.start_exercise(open).unwrap();
    world.app.attach_photo(open, None, &photo()).unwrap();
    assert_eq!(world.app.retire_evidence().unwrap().items, 1, "one photo leaves");
    assert!(!is_here(&world, "stays", leaves));
    assert!(is_here(&world, "stays", shared), "the open session names it");
    assert!(is_here(&world, "stays", proof), "the register has no proofs of entries");

    world.score_everything(open, 6);
    let _sealed = world.finish(open);
    assert_eq!(world.app.send().unwrap().complete, 1);
    pass(&world, 10 * KEPT_DAYS);
    assert_eq!(world.app.retire_evidence().unwrap(), Retired::default(), "no time is set for isolation");
    assert!(is_here(&world, "stays", shared));
}

#[test]
fn a_correction_that_the_register_does_not_have_holds_what_it_names() {
    let world = world("corrected");
    let (id, digest) = sealed(&world, LIVE_WORK, &photo());
    let _server = send(&world);
    let correction =
        Correction { name: "Carola Candidate".to_owned(), birth_year: Some(1990), reason: "misspelt".to_owned() };
    world.app.correct_record(id, &correction).unwrap();
    world.host.advance_seconds(KEPT_DAYS * DAY_SECONDS);
    assert_eq!(world.app.retire_evidence().unwrap(), Retired::default());
    assert_eq!(world.app.send().unwrap().complete, 1);
    assert_eq!(world.app.retire_evidence().unwrap(), Retired::default(), "and its time counts from its own receipt");
    pass(&world, KEPT_DAYS);
    assert!(0 < world.app.retire_evidence().unwrap().items);
    assert!(!is_here(&world, "corrected", digest));
}

#[test]
fn what_left_and_is_attached_again_is_here_again() {
    let world = world("again");
    let (first, digest) = sealed(&world, LIVE_WORK, &photo());
    let _server = send(&world);
    pass(&world, KEPT_DAYS);
    world.app.retire_evidence().unwrap();
    assert!(world.app.session(first).unwrap().left.contains_key(&digest));
    let second = world.start_session();
    world.app.attach_photo(second, None, &photo()).unwrap();
    assert!(!world.app.session(first).unwrap().left.contains_key(&digest), "nobody says that it is away");
    world.app.lock();
    world.unlock();
    assert!(is_here(&world, "again", digest), "nothing sweeps it");
    world.app.retire_evidence().unwrap();
    assert!(is_here(&world, "again", digest), "nor lets it go");
}

#[test]
fn orphans_are_swept_when_the_store_is_opened_and_only_then() {
    let world = world("orphans");
    let id = world.start_session();
    world.app.attach_photo(id, None, &photo()).unwrap();
    let orphan = world.app.keep_proof(b"never named").unwrap();
    world.app.retire_evidence().unwrap();
    let early =
        world.app.attach_file(id, None, "left.txt", b"an end in between").map(|_| digest_of(b"an end in between"));
    assert!(is_here(&world, "orphans", orphan), "while somebody works it may still be named");
    // As if the power had gone between the row that says it left and the bytes.
    let store = Store::open(&world.laptop(), &store_key("orphans")).unwrap();
    let now = fieldproof_app::Host::now(&world.host);
    store.write(|tx| tx.set_evidence_left(early.unwrap(), now)).unwrap();
    drop(store);
    world.app.lock();
    world.unlock();
    assert!(!is_here(&world, "orphans", orphan));
    assert!(!is_here(&world, "orphans", digest_of(b"an end in between")), "what was begun is ended");
    assert!(is_here(&world, "orphans", digest_of(&photo())), "what is named stays");
}

#[test]
fn what_a_sealed_record_names_is_no_orphan_whatever_became_of_the_log() {
    let world = world("sealed-names");
    let (id, digest) = sealed(&world, LIVE_WORK, &photo());
    world.app.lock();
    let store = Store::open(&world.laptop(), &store_key("sealed-names")).unwrap();
    store.write(|tx| tx.erase_log(id)).unwrap();
    assert!(store.read(|tx| tx.evidence_of_sessions()).unwrap().iter().all(|(_, named)| *named != digest));
    world.unlock();
    assert!(is_here(&world, "sealed-names", digest), "the record says what it was sealed with");
    // Once it left, nothing keeps its bytes.
    let now = fieldproof_app::Host::now(&world.host);
    store.write(|tx| tx.set_evidence_left(digest, now)).unwrap();
    drop(store);
    world.app.lock();
    world.unlock();
    assert!(!is_here(&world, "sealed-names", digest));
}

#[test]
fn on_a_rescued_laptop_a_record_that_cannot_be_read_keeps_everything_and_holds_up_no_assessment() {
    let world = world("rescued");
    let (id, digest) = sealed(&world, LIVE_WORK, &photo());
    let record = world.app.session(id).unwrap().sealed.unwrap().row.digest;
    let store = Store::open(&world.laptop(), &store_key("rescued")).unwrap();
    let damage = |tx: &WriteTx<'_>| -> Result<_, StoreError> {
        tx.set_pack_item(PackItem::Rescued, &[1])?;
        tx.set_record_file(record, b"a page that was lost", None)
    };
    store.write(damage).unwrap();
    drop(store);
    let new = world.new_session(HV_ISOLATION);
    assert_eq!(world.app.room(new.scheme).unwrap().may_leave, 0);
    assert_eq!(world.app.retire_evidence().unwrap(), Retired::default());
    assert!(is_here(&world, "rescued", digest));
    world.host.set_free_bytes(1);
    let error = world.app.open_session(&new).unwrap_err();
    assert!(matches!(error, Error::NotAllowed(NotAllowed::NoRoom { .. })), "{error:?}");
}

fn words(error: &Error) -> ErrorView {
    error::view(error)
}

#[test]
fn too_little_room_is_told_before_the_assessment_with_what_to_free() {
    let world = world("room");
    let new = world.new_session(LIVE_WORK);
    let Room { needed, .. } = world.app.room(new.scheme).unwrap();
    world.host.set_free_bytes(needed);
    assert_eq!(world.app.room(new.scheme).unwrap().free, Some(needed));
    let before = world.app.home().unwrap().sessions.len();
    world.host.set_free_bytes(needed - 1);
    let error = world.app.open_session(&new).unwrap_err();
    let Error::NotAllowed(NotAllowed::NoRoom { free, needed: told, may_leave: 0 }) = error else {
        panic!("{error:?}");
    };
    assert_eq!((free, told), (needed - 1, needed));
    let view = words(&error);
    assert_eq!(view.code, Code::DiskFull);
    assert!(view.next.contains("Free 1 MB") && view.next.contains("no photo or file may leave"), "{}", view.next);
    assert_eq!(world.app.home().unwrap().sessions.len(), before, "nothing was begun");
    world.host.set_free_bytes(needed);
    let team = fieldproof_app::session::NewSession { team: true, ..new.clone() };
    let error = world.app.open_session(&team).unwrap_err();
    assert!(
        matches!(error, Error::NotAllowed(NotAllowed::NoRoom { needed: two, .. }) if two == 2 * needed),
        "{error:?}"
    );
    assert!(world.app.open_session(&new).is_ok(), "exactly enough is enough");
}

#[test]
fn what_may_leave_is_named_and_makes_room() {
    let world = world("makes-room");
    let large: Vec<u8> =
        (0..3_000_000_u32).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).take(3_000_000).collect();
    let id = world.start(&world.new_session(LIVE_WORK));
    world.score_everything(id, 6);
    world.app.attach_file(id, None, "large.bin", &large).unwrap();
    assert!(world.finish(id).sealed.is_some());
    let _server = send(&world);
    pass(&world, KEPT_DAYS);
    let new = world.new_session(LIVE_WORK);
    let needed = world.app.room(new.scheme).unwrap().needed;
    world.host.set_free_bytes(needed - 2_000_000);
    let view = words(&world.app.open_session(&new).unwrap_err());
    assert!(view.next.contains("would free 4 MB"), "{}", view.next);
    let left = world.app.retire_evidence().unwrap();
    assert!(3_000_000 < left.bytes, "{left:?}");
    assert!(world.app.open_session(&new).is_ok(), "the file does not shrink, but has the room");
}
