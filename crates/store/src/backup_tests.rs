//! Backups: whole, made while somebody writes, opened with the key only, and every flip is found.

use fieldproof_model::{
    id::PersonId,
    person::{Name, Person},
};

use super::*;
use crate::{
    Store,
    slots::{self, Cost, Secrets, SlotRandom},
    table::people::PersonRow,
};

const KEY: [u8; 48] = [7; 48];

fn person(number: u16) -> PersonRow {
    let [high, low] = number.to_be_bytes();
    let mut id = [high; 16];
    id[15] = low;
    let name = Name::parse(&format!("Person {number}")).unwrap();
    PersonRow { person: Person { id: PersonId::new(id), name, birth_year: None }, is_on_roster: true, contact: None }
}

struct Laptop {
    folder: tempfile::TempDir,
    store: Store,
}

impl Laptop {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let key = StoreKey::new(KEY);
        let store = Store::create(folder.path(), &key).unwrap();
        let secrets = Secrets { store: key, assessor: fieldproof_seal::keys::SecretKey::new(&[1; 32]) };
        let random = SlotRandom::draw(|bytes| bytes.fill(3));
        let anna = (PersonId::new([1; 16]), "Anna Assessor");
        slots::set(folder.path(), anna, "one two", &secrets, &random, Cost { memory_kib: 64, passes: 1 }).unwrap();
        let laptop = Self { folder, store };
        laptop.add(0..50);
        laptop.store.evidence().put(&vec![5; 700_000]).unwrap();
        laptop
    }

    fn add(&self, numbers: std::ops::Range<u16>) {
        for number in numbers {
            self.store.write(|tx| tx.add_person(&person(number))).unwrap();
        }
    }

    fn back_up(&self, name: &str) -> Result<Head> {
        let to = self.folder.path().join(name);
        back_up(
            self.folder.path(),
            &StoreKey::new(KEY),
            &to,
            (Timestamp::from_millis(77), &Stop::default()),
            &mut |_| {},
        )
    }
}

fn unpacked(laptop: &Laptop, name: &str) -> Result<Store> {
    let dir = laptop.folder.path().join("restored");
    unpack(&laptop.folder.path().join(name), &StoreKey::new(KEY), &dir, &mut |_| {})?;
    Store::open(&dir, &StoreKey::new(KEY))
}

#[test]
fn what_was_there_when_it_began_is_in_it_and_both_files_open() {
    let laptop = Laptop::new();
    let mut heard = Vec::new();
    let mut written = 0;
    let to = laptop.folder.path().join("a.backup");
    let head = back_up(
        laptop.folder.path(),
        &StoreKey::new(KEY),
        &to,
        (Timestamp::from_millis(77), &Stop::default()),
        &mut |progress| {
            heard.push(progress);
            // Somebody goes on working: neither of the two waits for the other.
            written += 1;
            laptop.add(50 + written..51 + written);
        },
    )
    .unwrap();
    assert_eq!(head.made_at().as_millis(), 77);
    assert_eq!(head.bytes(), super::head(&to).unwrap().bytes());
    assert!(2 < heard.len() && heard.iter().all(|progress| progress.done <= progress.total), "{heard:?}");
    assert_eq!(heard.last().map(|last| last.done), heard.last().map(|last| last.total));
    let restored = unpacked(&laptop, "a.backup").unwrap();
    let people = restored.read(|tx| tx.people()).unwrap().len();
    assert!((50..50 + usize::from(written)).contains(&people), "{people}");
    assert_eq!(restored.evidence().get(digest_of(&vec![5; 700_000])).unwrap().unwrap().len(), 700_000);
    let left: Vec<_> = fs::read_dir(laptop.folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| !name.to_string_lossy().contains("part")), "{left:?}");
}

#[test]
fn a_backup_holds_nothing_in_clear_and_opens_with_no_other_key() {
    let laptop = Laptop::new();
    laptop.back_up("a.backup").unwrap();
    let bytes = fs::read(laptop.folder.path().join("a.backup")).unwrap();
    for needle in ["Person 7", "Anna", "CREATE TABLE"] {
        assert!(!bytes.windows(needle.len()).any(|window| window == needle.as_bytes()), "{needle}");
    }
    let dir = laptop.folder.path().join("restored");
    let other = StoreKey::new([8; 48]);
    assert!(unpack(&laptop.folder.path().join("a.backup"), &other, &dir, &mut |_| {}).is_err());
    assert!(!dir.exists(), "what did not open leaves nothing behind");
    let (_, opened) =
        head(&laptop.folder.path().join("a.backup")).unwrap().slots().unwrap().unlock_any("one two").unwrap();
    assert_eq!(opened.store.dangerously_expose_bytes(), &KEY);
    assert!(opened.assessor.is_none());
}

#[test]
fn every_flip_and_every_cut_is_found_before_anything_is_replaced() {
    let laptop = Laptop::new();
    laptop.back_up("a.backup").unwrap();
    let path = laptop.folder.path().join("a.backup");
    let whole = fs::read(&path).unwrap();
    let dir = laptop.folder.path().join("restored");
    let try_it = |bytes: &[u8]| {
        fs::write(&path, bytes).unwrap();
        let checked = check_digests(&path, &Stop::default(), &mut |_| {});
        let done = unpack(&path, &StoreKey::new(KEY), &dir, &mut |_| {});
        assert_eq!((checked.is_err(), done.is_err()), (true, true));
        assert!(!dir.exists());
    };
    let front = MARK.len() + 4 + 32;
    for byte in [0, 19, 20, 23, 24, 55, front, front + 40, front + 4_000, whole.len() / 2, whole.len() - 1] {
        let mut flipped = whole.clone();
        flipped[byte] ^= 0x10;
        try_it(&flipped);
    }
    for length in [0, 10, 22, 40, front + 9, whole.len() / 3, whole.len() - 1] {
        try_it(&whole[..length]);
    }
    try_it(&[whole.clone(), vec![0]].concat());
    fs::write(&path, &whole).unwrap();
    assert!(check_digests(&path, &Stop::default(), &mut |_| {}).is_ok());
}

#[test]
fn a_backup_that_fails_leaves_the_one_before_as_it_was() {
    let laptop = Laptop::new();
    laptop.back_up("a.backup").unwrap();
    let before = fs::read(laptop.folder.path().join("a.backup")).unwrap();
    let wrong = StoreKey::new([8; 48]);
    let to = laptop.folder.path().join("a.backup");
    assert!(
        back_up(laptop.folder.path(), &wrong, &to, (Timestamp::from_millis(1), &Stop::default()), &mut |_| {}).is_err()
    );
    assert_eq!(fs::read(to).unwrap(), before);
}

#[test]
fn a_backup_that_nothing_would_open_is_not_made() {
    let laptop = Laptop::new();
    for name in slots::SLOT_FILES {
        fs::remove_file(laptop.folder.path().join(name)).unwrap();
    }
    assert!(matches!(laptop.back_up("a.backup"), Err(StoreError::NothingOpensIt)));
    assert!(!laptop.folder.path().join("a.backup").exists());
}

#[test]
fn what_an_early_end_left_is_removed() {
    let laptop = Laptop::new();
    let to = laptop.folder.path().join("a.backup");
    fs::create_dir(durable::with_suffix(&to, ".parts")).unwrap();
    fs::write(laptop.folder.path().join("a.backup.parts/store.db"), [7; 5_000]).unwrap();
    fs::write(durable::with_suffix(&to, ".part"), [7; 5_000]).unwrap();
    let before = fs::read_dir(laptop.folder.path()).unwrap().count();
    remove_unfinished(&to);
    assert_eq!(fs::read_dir(laptop.folder.path()).unwrap().count(), before - 2);
}

#[test]
fn the_copies_and_the_file_lie_beside_each_other_and_both_are_reckoned() {
    let laptop = Laptop::new();
    let stick = tempfile::tempdir().unwrap();
    let to = stick.path().join("a.backup");
    let there = || -> u64 {
        let (copies, part) = (durable::with_suffix(&to, ".parts"), durable::with_suffix(&to, ".part"));
        [STORE_FILE, EVIDENCE_FILE].iter().map(|name| bytes_at(&copies.join(name))).sum::<u64>() + bytes_at(&part)
    };
    let mut most = 0;
    let on = &mut |_| most = there().max(most);
    let made =
        back_up(laptop.folder.path(), &StoreKey::new(KEY), &to, (Timestamp::from_millis(77), &Stop::default()), on)
            .unwrap()
            .bytes();
    let needed = needs(laptop.folder.path());
    assert!(2 * made < most + HEAD_ROOM / 8 && most <= needed, "{made} bytes, {most} there, {needed} needed");
}

#[test]
fn a_copy_that_fat_takes_no_more_of_is_told_from_one_that_could_not_be_written() {
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("store.db");
    let file = File::create(&copy).unwrap();
    let failed = || StoreError::Sqlite(rusqlite::Error::InvalidQuery);
    let kind_at = |bytes: u64| {
        // Nothing of it takes room.
        file.set_len(bytes).unwrap();
        if let StoreError::File { source, .. } = too_large(&copy, failed()) { Some(source.kind()) } else { None }
    };
    let limit = u64::from(u32::MAX);
    assert_eq!(kind_at(limit + 1 - database::PAGE_BYTES), Some(ErrorKind::FileTooLarge));
    assert_eq!(kind_at(limit), Some(ErrorKind::FileTooLarge));
    assert_eq!([0, limit - database::PAGE_BYTES, limit + 1].map(kind_at), [None; 3], "that was something else");
    file.set_len(limit).unwrap();
    assert!(matches!(too_large(&copy, StoreError::DiskFull), StoreError::DiskFull));
}

#[test]
fn a_backup_that_is_stopped_anywhere_says_so_and_leaves_nothing_behind() {
    let laptop = Laptop::new();
    let to = laptop.folder.path().join("a.backup");
    let before = names(&laptop);
    let at = (Timestamp::from_millis(77), Stop::default());
    let mut steps = 0;
    back_up(laptop.folder.path(), &StoreKey::new(KEY), &to, (at.0, &at.1), &mut |_| steps += 1).unwrap();
    fs::remove_file(&to).unwrap();
    // The last step is told of what is done.
    for step in 1..steps {
        let (mut heard, stop) = (0, Stop::default());
        let done = back_up(laptop.folder.path(), &StoreKey::new(KEY), &to, (at.0, &stop), &mut |_| {
            heard += 1;
            if heard == step {
                stop.set();
            }
        });
        assert!(matches!(done, Err(StoreError::Stopped)), "step {step} of {steps}: {done:?}");
        assert_eq!(names(&laptop), before, "step {step} of {steps}");
    }
}

fn names(laptop: &Laptop) -> Vec<std::ffi::OsString> {
    let mut names: Vec<_> =
        fs::read_dir(laptop.folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    names
}
