//! An upload over restarts, cuts, mix-ups and two who send at once.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use fieldproof_seal::digest_of;

use super::*;
use crate::evidence::{Evidence, EvidenceFolder};

/// A moment, and a day in seconds.
const NOON: Timestamp = Timestamp::from_millis(1_795_348_800_000);
const DAY: u32 = 86_400;

/// A laptop.
const LAPTOP: PublicKey = PublicKey::new([1; 32]);

struct World {
    folder: tempfile::TempDir,
    evidence: Evidence,
    now: Arc<AtomicI64>,
}

impl World {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("evidence")).unwrap();
        let evidence = Evidence::Folder(EvidenceFolder::new(folder.path().join("evidence")));
        Self { folder, evidence, now: Arc::new(AtomicI64::new(NOON.as_millis())) }
    }
    fn open(&self) -> Uploads {
        let now = Arc::clone(&self.now);
        let clock = Arc::new(move || Timestamp::from_millis(now.load(Ordering::SeqCst)));
        Uploads::open(&self.folder.path().join("uploads"), LIMIT, clock).unwrap()
    }
    fn set(&self, now: Timestamp) {
        self.now.store(now.as_millis(), Ordering::SeqCst);
    }
    /// Says that nobody touched an upload since.
    fn touched(&self, file: &str, at: Timestamp) {
        let file = OpenOptions::new().append(true).open(self.folder.path().join("uploads").join(file)).unwrap();
        let since = std::time::Duration::from_millis(at.as_millis().unsigned_abs());
        file.set_modified(UNIX_EPOCH + since).unwrap();
    }
    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder.path().join("uploads")).unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

fn fault<T>(result: Result<T, RegisterError>) -> Option<Fault> {
    result.err().map(|error| error.fault())
}

#[test]
fn an_upload_goes_on_after_a_restart_where_it_stood() {
    let world = World::new();
    let digest = digest_of(b"photo");
    let uploads = world.open();
    assert_eq!(uploads.begin(&digest, 5, &LAPTOP).unwrap(), Unfinished { size: 5, offset: 0 });
    assert_eq!(uploads.append(&world.evidence, &digest, 0, b"ph").unwrap(), 2);
    drop(uploads);
    // A write that was cut off left bytes that nothing counts.
    let path = world.folder.path().join("uploads").join(format!("{digest}.5.2"));
    fs::write(&path, b"phXXXXXX").unwrap();
    let uploads = world.open();
    assert_eq!(uploads.begin(&digest, 5, &LAPTOP).unwrap(), Unfinished { size: 5, offset: 2 });
    assert_eq!(uploads.append(&world.evidence, &digest, 2, b"o").unwrap(), 3);
    assert_eq!(uploads.append(&world.evidence, &digest, 3, b"to").unwrap(), 5);
    assert!(world.evidence.holds(&digest, 5).unwrap());
    assert_eq!((uploads.find(&digest), world.names().len()), (None, 0));
    assert_eq!(fault(uploads.append(&world.evidence, &digest, 5, b"")), Some(Fault::NoSuchRequest));
}

#[test]
fn a_chunk_at_another_place_is_refused_and_says_where_to_go_on() {
    let world = World::new();
    let (digest, uploads) = (digest_of(b"photo"), world.open());
    assert_eq!(fault(uploads.append(&world.evidence, &digest, 0, b"ph")), Some(Fault::NoSuchRequest));
    uploads.begin(&digest, 5, &LAPTOP).unwrap();
    uploads.append(&world.evidence, &digest, 0, b"ph").unwrap();
    for offset in [0, 1, 3, 5, u64::MAX] {
        assert_eq!(fault(uploads.append(&world.evidence, &digest, offset, b"x")), Some(Fault::Offset(2)));
    }
    assert_eq!(fault(uploads.append(&world.evidence, &digest, 2, b"otos")), Some(Fault::Malformed), "past its end");
    assert_eq!(uploads.append(&world.evidence, &digest, 2, b"oto").unwrap(), 5);
    assert!(world.evidence.holds(&digest, 5).unwrap());
}

#[test]
fn what_became_something_else_is_set_aside_and_begun_anew() {
    let world = World::new();
    let (digest, uploads) = (digest_of(b"photo"), world.open());
    uploads.begin(&digest, 5, &LAPTOP).unwrap();
    assert_eq!(fault(uploads.append(&world.evidence, &digest, 0, b"phot0")), Some(Fault::OtherDigest(digest)));
    assert_eq!(world.names(), [format!("{digest}.aside")]);
    assert!(!world.evidence.holds(&digest, 5).unwrap());
    drop(uploads);
    let uploads = world.open();
    assert_eq!(uploads.begin(&digest, 5, &LAPTOP).unwrap().offset, 0);
    uploads.append(&world.evidence, &digest, 0, b"photo").unwrap();
    assert!(world.evidence.holds(&digest, 5).unwrap());
    let empty = digest_of(b"");
    uploads.begin(&empty, 0, &LAPTOP).unwrap();
    assert_eq!(uploads.append(&world.evidence, &empty, 0, b"").unwrap(), 0);
    assert!(world.evidence.holds(&empty, 0).unwrap());
}

#[test]
fn an_upload_of_another_size_takes_the_place_of_the_first() {
    let world = World::new();
    let (digest, uploads) = (digest_of(b"photo"), world.open());
    uploads.begin(&digest, 7, &LAPTOP).unwrap();
    uploads.append(&world.evidence, &digest, 0, b"lies").unwrap();
    assert_eq!(uploads.begin(&digest, 5, &LAPTOP).unwrap(), Unfinished { size: 5, offset: 0 });
    uploads.append(&world.evidence, &digest, 0, b"photo").unwrap();
    assert!(world.evidence.holds(&digest, 5).unwrap());
}

#[test]
fn whoever_comes_second_waits_and_nobody_holds_on_for_ever() {
    let world = World::new();
    let (digest, uploads) = (digest_of(b"photo"), world.open());
    uploads.begin(&digest, 5, &LAPTOP).unwrap();
    let held = uploads.hold(&digest).unwrap();
    assert_eq!(fault(uploads.append(&world.evidence, &digest, 0, b"photo")), Some(Fault::Busy));
    drop(held);
    uploads.append(&world.evidence, &digest, 0, b"photo").unwrap();
}

fn invented(n: usize) -> Digest {
    digest_of(&n.to_be_bytes())
}

/// Uploads that these laptops began and nobody goes on with, without their files.
fn fill(uploads: &Uploads, from: std::ops::Range<usize>, by: Option<PublicKey>) {
    let upload = Unfinished { size: 9, offset: 0 };
    uploads.state().unfinished.extend(from.map(|n| (invented(n), Entry { upload, by, touched: NOON })));
}

#[test]
fn so_many_may_be_unfinished_and_no_more() {
    let world = World::new();
    let uploads = world.open();
    fill(&uploads, 0..LIMIT, None);
    assert_eq!(fault(uploads.begin(&digest_of(b"photo"), 5, &LAPTOP)), Some(Fault::TooManyUploads));
    assert_eq!(uploads.begin(&invented(1), 9, &LAPTOP).unwrap().offset, 0, "one that is begun goes on");
}

#[test]
fn one_laptop_has_a_quarter_of_the_places() {
    let world = World::new();
    let uploads = world.open();
    let other = PublicKey::new([2; 32]);
    fill(&uploads, 1..LIMIT / 4, Some(LAPTOP));
    uploads.begin(&digest_of(b"photo"), 5, &LAPTOP).unwrap();
    assert_eq!(fault(uploads.begin(&digest_of(b"further"), 7, &LAPTOP)), Some(Fault::TooManyUploads));
    assert_eq!(uploads.begin(&digest_of(b"photo"), 5, &LAPTOP).unwrap().offset, 0, "one that is begun goes on");
    uploads.begin(&digest_of(b"further"), 7, &other).unwrap();
    uploads.append(&world.evidence, &digest_of(b"photo"), 0, b"ph").unwrap();
    assert!(fault(uploads.begin(&digest_of(b"third"), 5, &LAPTOP)).is_some(), "on its way it is still the laptop's");
    uploads.append(&world.evidence, &digest_of(b"photo"), 2, b"oto").unwrap();
    uploads.begin(&digest_of(b"third"), 5, &LAPTOP).unwrap();
}

#[test]
fn what_nobody_touched_for_thirty_days_is_set_aside_also_after_a_restart() {
    let world = World::new();
    let [old, young] = [b"forgotten".as_slice(), b"on its way"].map(|bytes| (digest_of(bytes), bytes.len() as u64));
    let uploads = world.open();
    for (digest, size) in [old, young] {
        uploads.begin(&digest, size, &LAPTOP).unwrap();
        uploads.append(&world.evidence, &digest, 0, b"fo").unwrap();
    }
    drop(uploads);
    world.touched(&format!("{}.9.2", old.0), NOON.seconds_earlier(30 * DAY + 1));
    world.touched(&format!("{}.10.2", young.0), NOON.seconds_earlier(30 * DAY));
    let uploads = world.open();
    assert_eq!(world.names().len(), 2, "nothing is changed by looking");
    uploads.begin(&digest_of(b"photo"), 5, &LAPTOP).unwrap();
    assert_eq!((uploads.find(&old.0), uploads.find(&young.0)), (None, Some(Unfinished { size: 10, offset: 2 })));
    assert!(world.names().contains(&format!("{}.aside", old.0)), "nothing of it is deleted");
    assert_eq!(uploads.begin(&old.0, 9, &LAPTOP).unwrap().offset, 0, "it is begun anew");
}

#[test]
fn what_nobody_touched_for_thirty_days_makes_room_when_there_is_none() {
    let world = World::new();
    let uploads = world.open();
    let [old, young, busy] = [b"old".as_slice(), b"young", b"busy"].map(digest_of);
    for digest in [old, young, busy] {
        uploads.begin(&digest, 5, &LAPTOP).unwrap();
    }
    world.set(NOON.seconds_later(30 * DAY + 1));
    uploads.append(&world.evidence, &young, 0, b"yo").unwrap();
    fill(&uploads, 3..LIMIT, None);
    for n in 3..LIMIT {
        uploads.state().unfinished.get_mut(&invented(n)).unwrap().touched = NOON.seconds_later(DAY);
    }
    let held = uploads.hold(&busy).unwrap();
    uploads.begin(&digest_of(b"photo"), 5, &LAPTOP).unwrap();
    assert_eq!((uploads.find(&old), uploads.find(&young).is_some()), (None, true));
    assert!(uploads.find(&busy).is_some(), "somebody is at it");
    drop(held);
}

#[test]
fn one_that_cannot_be_set_aside_stops_no_other_and_one_whose_file_is_gone_makes_room() {
    let world = World::new();
    let uploads = world.open();
    let stuck = digest_of(b"stuck");
    uploads.begin(&stuck, 5, &LAPTOP).unwrap();
    // Over a folder no file is renamed.
    fs::create_dir(world.folder.path().join("uploads").join(format!("{stuck}.aside"))).unwrap();
    fill(&uploads, 1..9, None);
    world.set(NOON.seconds_later(30 * DAY + 1));
    uploads.begin(&digest_of(b"photo"), 5, &LAPTOP).unwrap();
    let unfinished: Vec<_> = uploads.state().unfinished.keys().copied().collect();
    assert_eq!(unfinished.len(), 2, "it alone takes a place still");
    assert!(unfinished.contains(&stuck) && world.names().contains(&format!("{stuck}.5.0")), "nothing of it is deleted");
}

#[test]
fn what_is_resumed_after_a_restart_is_touched_and_counts_for_whoever_does() {
    let world = World::new();
    let (photo, other) = (digest_of(b"photo"), PublicKey::new([2; 32]));
    world.open().begin(&photo, 5, &LAPTOP).unwrap();
    world.touched(&format!("{photo}.5.0"), NOON.seconds_earlier(30 * DAY + 1));
    let uploads = world.open();
    fill(&uploads, 1..LIMIT / 4, Some(other));
    assert_eq!(uploads.begin(&photo, 5, &other).unwrap().offset, 0);
    assert_eq!(fault(uploads.begin(&digest_of(b"further"), 7, &other)), Some(Fault::TooManyUploads));
    uploads.begin(&digest_of(b"further"), 7, &LAPTOP).unwrap();
    assert!(uploads.find(&photo).is_some(), "somebody goes on with it");
}

#[test]
fn what_no_upload_left_in_the_folder_is_none() {
    let digest = digest_of(b"photo");
    for name in ["", "x", ".5.2", &format!("{digest}"), &format!("{digest}.aside"), &format!("{digest}.5.2.1")] {
        assert_eq!(parse_file(name), None, "{name}");
    }
    assert_eq!(parse_file(&format!("{digest}.5.2")), Some((digest, Unfinished { size: 5, offset: 2 })));
}
