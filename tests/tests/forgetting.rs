//! The database leaves copies of rows behind when it moves them about, and overwrites only what it deletes where it is.
//! Writing the file anew is what makes it forget; that there was something to forget is shown each time.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests stop where the set-up fails")]

use std::path::Path;

use fieldproof_model::{
    gate::Gate,
    id::{PersonId, SchemeId, SessionId, to_hex},
    person::{Name, Person},
    time::Timestamp,
};
use fieldproof_store::{
    Store, StoreError, StoreKey,
    table::{people::PersonRow, sessions::SessionRow},
};
use fieldproof_testkit::seeded;
use rusqlite::Connection;

const NEEDLE: &[u8] = b"needle of the forgetting";
const KEY: [u8; 48] = [7; 48];
const SESSIONS: usize = 120;
/// A copy is left behind in three of the first two hundred; two of them are here.
const STORES: std::ops::Range<usize> = 115..125;

/// A store whose rows grow and shrink at random, so that they are moved about; the needle is one gate's, and at the end
/// that gate is emptied.
fn emptied(folder: &Path, seed: &str) -> Store {
    let store = Store::create(folder, &StoreKey::new(KEY)).unwrap();
    let mut random = seeded(seed);
    let mut number = |below: usize| {
        let mut bytes = [0; 4];
        random(&mut bytes);
        u32::from_le_bytes(bytes) as usize % below
    };
    let mut ids = Vec::new();
    let gate = |text: String| Gate { object_id: text, ..Gate::default() };
    let filled = |length: usize| gate("x".repeat(length));
    store
        .write(|tx| -> Result<(), StoreError> {
            for id in [1, 2] {
                let person = Person { id: person(id), name: Name::parse("Somebody").unwrap(), birth_year: None };
                tx.add_person(&PersonRow { person, is_on_roster: false, contact: None })?;
            }
            for count in 0..SESSIONS {
                let id: [u8; 16] = std::array::from_fn(|_| number(256) as u8);
                ids.push(SessionId::new(id));
                tx.add_session(&session(SessionId::new(id), filled(number(60))))?;
                let Some(with_needle) = ids.get(SESSIONS / 2) else { continue };
                if count % 5 == 0 {
                    let needle = String::from_utf8(NEEDLE.to_vec()).unwrap();
                    tx.set_gate(*with_needle, &gate(format!("{needle}{}", "y".repeat(100 + number(700)))))?;
                }
                let other = ids[number(ids.len())];
                if count % 3 == 0 && other != *with_needle {
                    tx.set_gate(other, &filled(100 + number(800)))?;
                }
            }
            tx.set_gate(ids[SESSIONS / 2], &Gate::default())
        })
        .unwrap();
    store
}

const fn person(number: u8) -> PersonId {
    PersonId::new([number; 16])
}

fn session(id: SessionId, gate: Gate) -> SessionRow {
    SessionRow {
        id,
        assessor: person(1),
        candidate: person(2),
        second_person: None,
        scheme_id: SchemeId::new([3; 16]),
        scheme: vec![1],
        course: vec![2],
        language: "en".to_owned(),
        partner: None,
        attempt: 1,
        opened_at: Timestamp::from_millis(0),
        gate,
        abandoned_at: None,
    }
}

/// Whether any page of the store, used or not, holds the needle.
fn remembers(folder: &Path) -> bool {
    let mut connection = Connection::open(folder.join("store.db")).unwrap();
    connection.pragma_update(None, "key", format!("x'{}'", to_hex(&KEY))).unwrap();
    let pages = connection.serialize("main").unwrap();
    pages.windows(NEEDLE.len()).any(|window| window == NEEDLE)
}

#[test]
fn what_the_database_moved_about_is_forgotten_too() {
    let mut remembered = 0;
    for seed in STORES {
        let folder = tempfile::tempdir().unwrap();
        let store = emptied(folder.path(), &format!("forgetting/{seed}"));
        remembered += usize::from(remembers(folder.path()));
        store.forget().unwrap();
        assert!(!remembers(folder.path()), "store {seed}");
        assert!(store.check_integrity().unwrap());
    }
    assert!(0 < remembered, "in none of {STORES:?} a copy was left behind: nothing was shown");
}
