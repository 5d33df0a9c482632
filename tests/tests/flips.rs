//! A bit flips on the disk, in every kind of page and in the slot files: it is found, until then no wrong value is ever
//! shown, and what does not hang on the page is saved by a rescue.
#![allow(clippy::unwrap_used, reason = "helpers of tests stop where the set-up fails")]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use fieldproof_app::{App, Error, RestoreWith};
use fieldproof_model::{
    digest::Digest,
    id::{PersonId, to_hex},
};
use fieldproof_seal::observation::evidence_of;
use fieldproof_store::{Store, rescue::rescue};
use fieldproof_testkit::{MORNING, TestHost, TestWorld, store_key};
use fieldproof_tests::{Dice, SEED, child::Child, life, scratch};
use rusqlite::Connection;

/// Flips per page, and pages of a kind that are tried.
const FLIPS: u32 = 8;
const PAGES: u32 = 3;

/// What hangs on one page at most, of everything that can be read: in the store the sessions with the list that names
/// them, and of the evidence eight photos that begin there.
const MOST_LOST: [usize; 2] = [4, 8];

const FILES: [&str; 2] = ["store.db", "evidence.db"];

/// A laptop that was locked, with enough in it for every kind of page.
fn laptop(folder: &Path) -> PathBuf {
    let laptop = folder.join("laptop");
    let mut jobs = vec!["install", "enter", "open"];
    jobs.extend(["photo"; 12]);
    jobs.extend(life::session(150));
    let child = Child {
        program: Path::new(env!("CARGO_BIN_EXE_life-child")),
        laptop: &laptop,
        run: "flips",
        register: None,
        jobs: &jobs,
        sabotage: None,
        day: 0,
    };
    assert!(child.command().output().unwrap().status.success());
    for file in FILES {
        // Something was deleted, so that there are free pages.
        let filler = "CREATE TABLE filler (bytes); INSERT INTO filler VALUES (zeroblob(30000)); DROP TABLE filler;";
        open(&laptop, file).execute_batch(filler).unwrap();
    }
    laptop
}

fn open(laptop: &Path, file: &str) -> Connection {
    let connection = Connection::open(laptop.join(file)).unwrap();
    let key = format!("x'{}'", to_hex(store_key(SEED).dangerously_expose_bytes()));
    connection.pragma_update(None, "key", key).unwrap();
    connection
}

/// The pages of a file by kind.
fn pages(laptop: &Path, file: &str) -> BTreeMap<String, Vec<u32>> {
    let connection = open(laptop, file);
    let count: u32 = connection.query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap();
    let mut statement = connection.prepare("SELECT pageno, pagetype FROM dbstat").unwrap();
    let used = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    let mut kinds: BTreeMap<u32, String> = (1..=count).map(|page| (page, "free".to_owned())).collect();
    kinds.extend(used.map(Result::unwrap));
    kinds.insert(1, "first".to_owned());
    let mut pages = BTreeMap::<String, Vec<u32>>::new();
    for (page, kind) in kinds {
        pages.entry(kind).or_default().push(page);
    }
    pages
}

/// The photos of a laptop that is whole. They are looked for whatever became of the sessions that name them.
fn photos(laptop: &Path) -> Vec<Digest> {
    let app = App::new(laptop, Box::new(TestHost::new(MORNING, "photos")));
    app.enter_with_raw_key(PersonId::new([1; 16]), &store_key(SEED), TestWorld::assessor_key(1)).unwrap();
    let sessions = app.home().unwrap().sessions.into_iter();
    sessions.flat_map(|state| evidence_of(&state.log)).map(|(digest, _)| digest).collect()
}

/// Everything that can be read, each as it is shown or not at all; and whether damage was found.
fn read(laptop: &Path, photos: &[Digest]) -> (Vec<Option<String>>, bool) {
    let app = App::new(laptop, Box::new(TestHost::new(MORNING, "read")));
    let entered = app.enter_with_raw_key(PersonId::new([1; 16]), &store_key(SEED), TestWorld::assessor_key(1));
    if entered.is_err() {
        return (Vec::new(), true);
    }
    let mut shown = vec![app.trust_file().ok().map(|trust| format!("{trust:?}"))];
    let store = Store::open(laptop, &store_key(SEED)).unwrap();
    let photo = |digest: &Digest| store.evidence().get(*digest).ok().map(|bytes| format!("{bytes:?}"));
    shown.extend(photos.iter().map(photo));
    let sessions = store.read(|tx| tx.sessions(PersonId::new([1; 16])));
    shown.push(sessions.as_ref().ok().map(|sessions| format!("{sessions:?}")));
    for id in sessions.unwrap_or_default() {
        let state = app.session(id);
        // What is damaged is not said to have never been.
        let is_denied = matches!(state, Err(Error::NotFound(_)));
        shown.push(state.ok().map(|state| format!("{state:?}")).or(is_denied.then(|| "not here".to_owned())));
    }
    (shown, !matches!(app.check_integrity(), Ok(true)))
}

#[test]
fn a_flip_in_any_kind_of_page_is_found_and_shows_nothing_wrong() {
    let folder = scratch();
    let laptop = laptop(folder.path());
    let photos = photos(&laptop);
    assert!(12 <= photos.len(), "photos of both sessions");
    let (whole, is_damaged) = read(&laptop, &photos);
    assert!(!is_damaged && whole.iter().all(Option::is_some), "what is whole reads as whole");
    let mut dice = Dice::new("flips");
    for (file, most_lost) in FILES.into_iter().zip(MOST_LOST) {
        let pages = pages(&laptop, file);
        let kinds: Vec<&str> = pages.keys().map(String::as_str).collect();
        assert_eq!(kinds, ["first", "free", "internal", "leaf", "overflow"], "{file} has every kind of page");
        for (kind, pages) in pages {
            for page in dice.spread(PAGES, u32::try_from(pages.len()).unwrap()) {
                for _ in 0..FLIPS {
                    let bit = dice.below(4096 * 8);
                    let case = format!("{file}, {kind} page, bit {bit}");
                    let copy = folder.path().join("copy");
                    flip(&laptop, &copy, file, (pages[page as usize - 1], bit));
                    let (shown, is_found) = read(&copy, &photos);
                    assert!(is_found, "{case}: nobody noticed");
                    let wrong = shown.iter().flatten().find(|shown| !whole.contains(&Some((*shown).clone())));
                    assert!(wrong.is_none(), "{case}: shown as {:.300}", wrong.unwrap());
                    fs::remove_dir_all(&copy).unwrap();
                }
                let page = pages[page as usize - 1];
                let lost = whole.len() - rescued(&laptop, folder.path(), (file, page), (&whole, &photos));
                let most = if ["free", "internal"].contains(&kind.as_str()) { 0 } else { most_lost };
                assert!(lost <= most, "{file}, {kind} page {page}: {lost} of {} were not saved", whole.len());
            }
        }
    }
}

/// Who may enter, whose laptop it is, and whether the passphrase opens it.
fn door(laptop: &Path) -> (String, bool) {
    let app = App::new(laptop, Box::new(TestHost::new(MORNING, "door")));
    let status = app.status();
    let opens = app.unlock(PersonId::new([1; 16]), life::PASSPHRASES[1]).is_ok();
    (format!("{:?}", status.map(|status| (status.institution, status.assessors))), opens)
}

#[test]
fn a_flip_at_the_door_locks_nobody_out_and_shows_no_other_name() {
    let folder = scratch();
    let laptop = laptop(folder.path());
    let whole = door(&laptop);
    assert!(whole.1, "the passphrase opens what is whole");
    let mut dice = Dice::new("door");
    for file in ["slots.json", "slots-copy.json"] {
        let bits = 8 * u32::try_from(fs::read(laptop.join(file)).unwrap().len()).unwrap();
        for bit in dice.spread(16 * FLIPS, bits) {
            let copy = folder.path().join("copy");
            flip(&laptop, &copy, file, (1, bit - 1));
            assert_eq!(door(&copy), whole, "{file}, bit {bit}");
            fs::remove_dir_all(&copy).unwrap();
        }
    }
}

/// Rescues a laptop with a damaged page: how much of what was whole is whole again, once somebody has entered. Every
/// photo that the rescue's own index calls whole is.
fn rescued(
    laptop: &Path,
    folder: &Path,
    (file, page): (&str, u32),
    (whole, photos): (&[Option<String>], &[Digest]),
) -> usize {
    let (copy, out) = (folder.join("copy"), folder.join("rescued"));
    flip(laptop, &copy, file, (page, 4_000));
    let report = rescue(&copy, &store_key(SEED), &out, &mut |_| {}).unwrap();
    let is_lost = |photo: &&Digest| !report.whole.contains(photo);
    let lost: Vec<_> = photos.iter().filter(is_lost).collect();
    assert!(file == "evidence.db" || lost.is_empty(), "{file} page {page} holds no photo: {lost:?}");
    let (shown, _) = read(&out, photos);
    assert_here(&out, &report.whole, &format!("{file} page {page}"));
    fs::remove_dir_all(&copy).unwrap();
    fs::remove_dir_all(&out).unwrap();
    whole.iter().filter(|whole| shown.contains(whole)).count()
}

/// Every item of the index is in the evidence, byte for byte.
fn assert_here(laptop: &Path, whole: &[Digest], what: &str) {
    let store = Store::open(laptop, &store_key(SEED)).unwrap();
    let gone: Vec<_> = whole.iter().filter(|digest| !matches!(store.evidence().get(**digest), Ok(Some(_)))).collect();
    assert!(gone.is_empty(), "{what}: swept though the index lists them as whole: {gone:?}");
}

#[test]
fn what_a_rescue_saved_is_still_there_when_the_restored_laptop_is_unlocked() {
    let folder = scratch();
    let laptop = laptop(folder.path());
    let rows = open(&laptop, "store.db");
    let leaves = "SELECT pageno FROM dbstat WHERE name = 'observations' AND pagetype = 'leaf' ORDER BY pageno";
    let mut statement = rows.prepare(leaves).unwrap();
    let leaves: Vec<u32> = statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    drop(statement);
    drop(rows);
    let photos = photos(&laptop).len();
    let mut unnamed = 0;
    for leaf in leaves {
        let at = |name: &str| folder.path().join(name);
        flip(&laptop, &at("copy"), "store.db", (leaf, 4_000));
        let with = RestoreWith::Passphrase(life::PASSPHRASES[1]);
        let report =
            fieldproof_app::rescue(&at("copy"), &at("rescued.backup"), None, with, MORNING, &mut |_| {}).unwrap();
        assert!(photos <= report.whole.len(), "no photo stood on leaf {leaf}");
        let app = App::new(&at("restored"), Box::new(TestHost::new(MORNING, "restored")));
        app.restore(&at("rescued.backup"), with, &mut |_| {}).unwrap();
        app.unlock(PersonId::new([1; 16]), life::PASSPHRASES[1]).unwrap();
        assert_here(&at("restored"), &report.whole, &format!("leaf {leaf}"));
        let named = Store::open(&at("restored"), &store_key(SEED)).unwrap().read(|tx| tx.evidence_of_sessions());
        unnamed += usize::from(named.unwrap().len() < photos);
        drop(app);
        fs::remove_dir_all(at("copy")).unwrap();
        fs::remove_dir_all(at("restored")).unwrap();
        fs::remove_file(at("rescued.backup")).unwrap();
    }
    assert!(0 < unnamed, "on some leaf stood rows that name photos");
}

/// Copies a laptop and flips one bit of one page.
fn flip(laptop: &Path, copy: &Path, file: &str, (page, bit): (u32, u32)) {
    assert!(Command::new("cp").arg("-r").args([laptop, copy]).status().unwrap().success());
    let mut bytes = fs::read(copy.join(file)).unwrap();
    *bytes.get_mut((page as usize - 1) * 4096 + bit as usize / 8).unwrap() ^= 1 << (bit % 8);
    fs::write(copy.join(file), bytes).unwrap();
}
