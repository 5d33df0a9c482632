//! An upload over restarts, cuts, mix-ups and two who send at once.

use fieldproof_seal::digest_of;

use super::*;
use crate::evidence::{Evidence, EvidenceFolder};

struct World {
    folder: tempfile::TempDir,
    evidence: Evidence,
}

impl World {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("evidence")).unwrap();
        let evidence = Evidence::Folder(EvidenceFolder::new(folder.path().join("evidence")));
        Self { folder, evidence }
    }
    fn open(&self) -> Uploads {
        Uploads::open(&self.folder.path().join("uploads"), LIMIT).unwrap()
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
    assert_eq!(uploads.begin(&digest, 5).unwrap(), Unfinished { size: 5, offset: 0 });
    assert_eq!(uploads.append(&world.evidence, &digest, 0, b"ph").unwrap(), 2);
    drop(uploads);
    // A write that was cut off left bytes that nothing counts.
    let path = world.folder.path().join("uploads").join(format!("{digest}.5.2"));
    fs::write(&path, b"phXXXXXX").unwrap();
    let uploads = world.open();
    assert_eq!(uploads.begin(&digest, 5).unwrap(), Unfinished { size: 5, offset: 2 });
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
    uploads.begin(&digest, 5).unwrap();
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
    uploads.begin(&digest, 5).unwrap();
    assert_eq!(fault(uploads.append(&world.evidence, &digest, 0, b"phot0")), Some(Fault::OtherDigest(digest)));
    assert_eq!(world.names(), [format!("{digest}.aside")]);
    assert!(!world.evidence.holds(&digest, 5).unwrap());
    drop(uploads);
    let uploads = world.open();
    assert_eq!(uploads.begin(&digest, 5).unwrap().offset, 0);
    uploads.append(&world.evidence, &digest, 0, b"photo").unwrap();
    assert!(world.evidence.holds(&digest, 5).unwrap());
    let empty = digest_of(b"");
    uploads.begin(&empty, 0).unwrap();
    assert_eq!(uploads.append(&world.evidence, &empty, 0, b"").unwrap(), 0);
    assert!(world.evidence.holds(&empty, 0).unwrap());
}

#[test]
fn an_upload_of_another_size_takes_the_place_of_the_first() {
    let world = World::new();
    let (digest, uploads) = (digest_of(b"photo"), world.open());
    uploads.begin(&digest, 7).unwrap();
    uploads.append(&world.evidence, &digest, 0, b"lies").unwrap();
    assert_eq!(uploads.begin(&digest, 5).unwrap(), Unfinished { size: 5, offset: 0 });
    uploads.append(&world.evidence, &digest, 0, b"photo").unwrap();
    assert!(world.evidence.holds(&digest, 5).unwrap());
}

#[test]
fn whoever_comes_second_waits_and_nobody_holds_on_for_ever() {
    let world = World::new();
    let (digest, uploads) = (digest_of(b"photo"), world.open());
    uploads.begin(&digest, 5).unwrap();
    let held = uploads.hold(&digest).unwrap();
    assert_eq!(fault(uploads.append(&world.evidence, &digest, 0, b"photo")), Some(Fault::Busy));
    drop(held);
    uploads.append(&world.evidence, &digest, 0, b"photo").unwrap();
}

#[test]
fn so_many_may_be_unfinished_and_no_more() {
    let world = World::new();
    let uploads = world.open();
    let invented = |n: usize| digest_of(&n.to_be_bytes());
    let many = (0..LIMIT).map(|n| (invented(n), Unfinished { size: 9, offset: 0 }));
    uploads.state().unfinished.extend(many);
    assert_eq!(fault(uploads.begin(&digest_of(b"photo"), 5)), Some(Fault::TooManyUploads));
    assert_eq!(uploads.begin(&invented(1), 9).unwrap().offset, 0, "one that is begun goes on");
}

#[test]
fn what_no_upload_left_in_the_folder_is_none() {
    let digest = digest_of(b"photo");
    for name in ["", "x", ".5.2", &format!("{digest}"), &format!("{digest}.aside"), &format!("{digest}.5.2.1")] {
        assert_eq!(parse_file(name), None, "{name}");
    }
    assert_eq!(parse_file(&format!("{digest}.5.2")), Some((digest, Unfinished { size: 5, offset: 2 })));
}
