//! A store of version 1, made by hand, is opened by the present program: nothing is lost, and nothing stays behind.
#![allow(clippy::unwrap_used, reason = "helpers of tests stop where the set-up fails")]

mod common;

use std::{collections::BTreeMap, fs, path::Path};

use common::{Server, photo};
use fieldproof_model::{digest::Digest, id::to_hex};
use fieldproof_seal::{digest_of, record::RecordFile};
use fieldproof_store::{Store, table::chain_entries::Chain};
use fieldproof_testkit::{TestWorld, store_key};
use rusqlite::{Connection, params};

const FIRST: &str = include_str!("../../migrations/laptop/0001_first.sql");

/// Opens a store's file with its raw key, as the program does.
fn open(laptop: &Path, seed: &str) -> Connection {
    let connection = Connection::open(laptop.join("store.db")).unwrap();
    let key = format!("x'{}'", to_hex(store_key(seed).dangerously_expose_bytes()));
    connection.pragma_update(None, "key", key).unwrap();
    connection.pragma_update(None, "foreign_keys", true).unwrap();
    connection
}

fn number(connection: &Connection, sql: &str) -> i64 {
    connection.query_row(sql, [], |row| row.get(0)).unwrap()
}

/// A laptop of version 1: what it held, beside the world it belongs to.
struct Old {
    world: TestWorld,
    seed: &'static str,
    record: Digest,
    file: Vec<u8>,
    session: Vec<u8>,
    delegation: Vec<u8>,
}

/// Seals one session, takes the record out of the store, and writes a store of version 1 around it.
fn old_laptop(seed: &'static str) -> Old {
    let world = TestWorld::new(seed);
    world.unlock();
    let id = world.start_session();
    world.score_everything(id, 6);
    world.app.attach_photo(id, None, &photo()).unwrap();
    let state = world.finish(id);
    world.app.lock();
    let sealed = state.sealed.unwrap();
    let file = RecordFile::parse(&sealed.row.file).unwrap();
    let record = file.digest();
    let store = Store::open(&world.laptop(), &store_key(seed)).unwrap();
    let chain = store.read(|tx| tx.chain(Chain { assessor: world.alice.0, number: 1 })).unwrap();
    drop(store);
    let entries = vec![chain.first().unwrap().signed.clone(), file.sealed.clone()];
    let old = Old {
        seed,
        record,
        file: file.to_bytes(),
        session: id.as_bytes().to_vec(),
        delegation: sealed.record.delegation,
        world,
    };
    write_version_1(&old, &entries);
    old
}

fn write_version_1(old: &Old, entries: &[Vec<u8>]) {
    let laptop = old.world.laptop();
    let pack: Vec<(String, Vec<u8>)> = {
        let now = open(&laptop, old.seed);
        let mut statement = now.prepare("SELECT name, value FROM pack_items").unwrap();
        statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect()
    };
    for name in ["store.db", "store.db-wal", "store.db-shm"] {
        let path = laptop.join(name);
        assert!(!path.exists() || fs::remove_file(&path).is_ok());
    }
    let connection = open(&laptop, old.seed);
    connection.execute_batch(FIRST).unwrap();
    connection.pragma_update(None, "user_version", 1).unwrap();
    let pack = pack.into_iter().chain([("scheme".to_owned(), vec![1]), ("course".to_owned(), vec![2])]);
    for (name, value) in pack {
        connection.execute("INSERT INTO pack_items (name, value) VALUES (?1, ?2)", params![name, value]).unwrap();
    }
    let (alice, carol, dave) = (old.world.alice.0, old.world.candidates[0], old.world.candidates[1]);
    for (person, name) in [(alice, "Alice Assessor"), (carol, "Carol Candidate"), (dave, "Dave Demo")] {
        let sql = "INSERT INTO people (id, name, birth_year, is_on_roster) VALUES (?1, ?2, 1990, 1)";
        connection.execute(sql, params![person.as_bytes(), name]).unwrap();
    }
    let alice = alice.as_bytes();
    let add = |sql: &str, values: &[&dyn rusqlite::ToSql]| {
        connection.execute(sql, values).unwrap();
    };
    add("INSERT INTO delegations (assessor_id, signed) VALUES (?1, ?2)", params![alice, old.delegation]);
    add(
        "INSERT INTO sessions (id, assessor_id, candidate_id, second_person_id, scheme, course, opened_at, gate)
         VALUES (?1, ?2, ?3, ?4, X'F6', X'F6', 1772442000000, X'F6')",
        params![old.session, alice, carol.as_bytes(), dave.as_bytes()],
    );
    add(
        "INSERT INTO observations (session_id, sequence, tapped_at, seen_at, observed)
         VALUES (?1, 1, 1772442000000, 1772442000000, X'F6')",
        params![old.session],
    );
    add("INSERT INTO acknowledgements (session_id, role, content) VALUES (?1, 1, X'F6')", params![old.session]);
    for (index, signed) in (1_i64..).zip(entries) {
        add(
            "INSERT INTO chain_entries (assessor_id, chain_index, digest, signed, is_record) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![alice, index, digest_of(signed).as_bytes(), signed, index == 2],
        );
    }
    add(
        "INSERT INTO records (digest, session_id, file) VALUES (?1, ?2, ?3)",
        params![old.record.as_bytes(), old.session, old.file],
    );
}

const TABLES: [&str; 7] =
    ["people", "sessions", "observations", "acknowledgements", "chain_entries", "records", "register_answers"];

fn counts(connection: &Connection) -> BTreeMap<&'static str, i64> {
    TABLES.map(|table| (table, number(connection, &format!("SELECT count(*) FROM {table}")))).into()
}

#[test]
fn every_row_is_still_there_and_every_reference_holds() {
    let old = old_laptop("migration-rows");
    let before = counts(&open(&old.world.laptop(), old.seed));
    assert_eq!(before.values().copied().collect::<Vec<_>>(), [1, 2, 1, 3, 1, 0, 1], "{before:?}");
    old.world.unlock();
    old.world.app.lock();

    let connection = open(&old.world.laptop(), old.seed);
    assert_eq!(number(&connection, "PRAGMA user_version"), 10);
    assert_eq!(counts(&connection), before);
    assert_eq!(number(&connection, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
    assert_eq!(number(&connection, "SELECT count(*) FROM delegations_before_2"), 1, "the old delegation is kept");
    let kept: Vec<u8> = connection.query_row("SELECT file FROM records", [], |row| row.get(0)).unwrap();
    assert_eq!(kept, old.file, "the record's bytes are as they were");
    let (second, scheme, language, attempt): (Vec<u8>, Vec<u8>, String, i64) = connection
        .query_row("SELECT second_person_id, scheme, language, attempt FROM sessions", [], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })
        .unwrap();
    assert_eq!(second, old.world.candidates[1].as_bytes());
    assert_eq!((scheme, language.as_str(), attempt), (vec![0xF6], "en", 1));
    let unwitnessed =
        "SELECT count(*) FROM observations WHERE run IS NULL AND run_millis IS NULL AND beacon_at IS NULL";
    assert_eq!(number(&connection, unwitnessed), 1, "nothing is claimed of the clocks beside an old tap");
    for half in ["UPDATE observations SET run = 1", "UPDATE observations SET run_millis = 1"] {
        let refused = connection.execute(half, []).unwrap_err();
        assert_eq!(refused.sqlite_error_code(), Some(rusqlite::ErrorCode::ConstraintViolation), "{half}");
    }
    let homeless = "INSERT INTO observations (session_id, sequence, tapped_at, seen_at, observed)
                    VALUES (zeroblob(16), 1, 0, 0, X'F6')";
    let refused = connection.execute(homeless, []).unwrap_err();
    assert_eq!(refused.sqlite_error_code(), Some(rusqlite::ErrorCode::ConstraintViolation), "references are checked");
    let deleted = connection.execute("DELETE FROM sessions", []).unwrap_err();
    assert_eq!(deleted.sqlite_error_code(), Some(rusqlite::ErrorCode::ConstraintViolation), "by all who refer to it");
}

#[test]
fn home_works_and_says_that_one_session_cannot_be_shown() {
    let old = old_laptop("migration-home");
    old.world.unlock();
    let home = old.world.app.home().unwrap();
    assert_eq!((home.sessions.len(), home.unreadable), (0, 1));
    assert_eq!(home.people.len(), 2, "Carol and Dave");
    assert_eq!(home.institution, "Institute of migration-home");
    assert!(home.schemes.is_empty() && home.courses.is_empty(), "the old pack's forms are read no more");
    old.world.app.add_person("Frieda Further", None).unwrap();
    assert!(old.world.app.check_integrity().unwrap());
}

#[test]
fn the_sealed_record_still_waits_to_be_sent_and_the_register_takes_it() {
    let old = old_laptop("migration-send");
    old.world.unlock();
    old.world.app.lock();
    let store = Store::open(&old.world.laptop(), &store_key(old.seed)).unwrap();
    let waiting = store.read(|tx| tx.records_not_in_register()).unwrap();
    assert_eq!(waiting.iter().map(|row| (row.digest, &row.file)).collect::<Vec<_>>(), [(old.record, &old.file)]);
    drop(store);

    old.world.unlock();
    let server = Server::start(old.world.register());
    old.world.app.use_register(Some(server.address));
    let report = old.world.app.send().unwrap();
    assert_eq!((report.complete, report.failed.len(), report.not_sent), (1, 0, 0), "{report:?}");
    assert!(old.world.app.receipt(old.record).unwrap().is_some());
    assert_eq!(old.world.app.send().unwrap().complete, 0);
    let book = Connection::open(old.world.folder.path().join("register/register.sqlite")).unwrap();
    let opening = "SELECT count(*) FROM chain_entries WHERE chain_index = 1";
    assert_eq!(number(&book, opening), 1, "the opening before it goes along, so that no attempt is left out");
}

/// Every table and index as its statement says, blanks aside.
fn schema(connection: &Connection) -> BTreeMap<String, String> {
    let sql = "SELECT type || ' ' || name, coalesce(sql, tbl_name) FROM sqlite_schema";
    let mut statement = connection.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))).unwrap();
    let plain = |sql: String| sql.split_whitespace().collect::<Vec<_>>().join(" ");
    rows.map(|row| row.map(|(name, sql)| (name, plain(sql))).unwrap()).collect()
}

#[test]
fn an_upgraded_store_has_the_schema_of_a_fresh_one() {
    let old = old_laptop("migration-schema");
    let before = schema(&open(&old.world.laptop(), old.seed));
    old.world.unlock();
    old.world.app.lock();
    let fresh = TestWorld::new("migration-fresh");
    let upgraded = schema(&open(&old.world.laptop(), old.seed));
    assert_eq!(upgraded, schema(&open(&fresh.laptop(), "migration-fresh")));
    assert_ne!(upgraded, before);
    assert!(TABLES.iter().all(|table| upgraded.contains_key(&format!("table {table}"))), "{upgraded:?}");
}
