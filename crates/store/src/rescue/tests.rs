//! Damage of every kind, done to a copy of a store whose pages SQLite itself has mapped: it is named, and every row
//! that does not stand on it is saved.

mod log;
mod whole;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use rusqlite::{Connection, types::Value};
use tempfile::TempDir;

use super::{cipher::PAGE_BYTES, *};
use crate::{CHUNK_BYTES, Store, database, rescue::report::FileReport};

/// Tables by name, rows by SQLite's own number.
type Rows = BTreeMap<String, BTreeMap<i64, Vec<Value>>>;

fn key() -> StoreKey {
    StoreKey::new(std::array::from_fn(|index| u8::try_from(index).unwrap()))
}

/// A small generator, so that every run does the same damage.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }
}

/// What SQLite says of one page.
#[derive(Debug, Clone)]
struct Mapped {
    number: u32,
    kind: &'static str,
    /// The table, and the rows that stand on it or go on over it.
    rows: Option<(String, BTreeSet<i64>)>,
}

/// One file of an undamaged store.
struct Whole {
    name: &'static str,
    rows: Rows,
    /// The rows before some were deleted.
    before: Rows,
    map: Vec<Mapped>,
}

/// An undamaged store: big enough for trees of three levels, with long rows and with free pages.
struct Made {
    folder: TempDir,
    files: [Whole; 2],
}

const FILL: &str = "
    CREATE TEMP TABLE n AS WITH RECURSIVE up (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM up WHERE n < 4000) SELECT n FROM up;
    INSERT INTO pack_items SELECT 'item ' || n, CAST(printf('%0*d', n, n) AS BLOB) FROM n WHERE n <= 9;
    INSERT INTO people SELECT CAST(printf('person%010d', n) AS BLOB), 'Person ' || n, iif(n % 3, 1980, NULL), n % 2,
        iif(n % 4, NULL, 'telephone ' || n) FROM n WHERE n <= 300;
    INSERT INTO schemes SELECT CAST(printf('scheme%010d', n) AS BLOB), CAST(printf('%0*d', n * 7000, n) AS BLOB)
        FROM n WHERE n <= 4;
    INSERT INTO courses SELECT CAST(printf('course%010d', n) AS BLOB), CAST(printf('scheme%010d', n % 4 + 1) AS BLOB),
        CAST(printf('%0*d', 200, n) AS BLOB) FROM n WHERE n <= 40;
    INSERT INTO chains SELECT CAST(printf('person%010d', n) AS BLOB), 1, NULL FROM n WHERE n <= 40;
    INSERT INTO delegations SELECT CAST(printf('person%010d', n) AS BLOB), 1, CAST(printf('scheme%010d', n % 4 + 1) AS BLOB),
        CAST(printf('%0*d', 300, n) AS BLOB) FROM n WHERE n <= 40;
    INSERT INTO delegations_before_2 SELECT CAST(printf('person%010d', n) AS BLOB), CAST(printf('%0*d', 250, n) AS BLOB)
        FROM n WHERE n <= 3;
    INSERT INTO sessions SELECT CAST(printf('session%09d', n) AS BLOB), CAST(printf('person%010d', n % 5 + 1) AS BLOB),
        CAST(printf('person%010d', n % 200 + 10) AS BLOB), iif(n % 2, CAST(printf('person%010d', n % 80 + 220) AS BLOB), NULL),
        CAST(printf('scheme%010d', n % 4 + 1) AS BLOB), x'F6', x'F6', 'fi', NULL, 1, 1772442000000 + n, x'A0',
        iif(n % 7, NULL, 1772442000001) FROM n WHERE n <= 300;
    INSERT INTO observations SELECT CAST(printf('session%09d', n / 20 + 1) AS BLOB), n % 20 + 1, 1772442000000 + n, -n,
        CAST(printf('%0*d', 600 + n % 400, n) AS BLOB), iif(n % 2, n, NULL), iif(n % 2, n * 1000, NULL), NULL FROM n;
    INSERT INTO acknowledgements SELECT CAST(printf('session%09d', n) AS BLOB), n % 3, CAST(printf('%0*d', 80, n) AS BLOB)
        FROM n WHERE n <= 150;
    INSERT INTO chain_entries SELECT CAST(printf('person%010d', n % 5 + 1) AS BLOB), 1, n, CAST(printf('%032d', n) AS BLOB),
        CAST(printf('%0*d', 400, n) AS BLOB), n % 2 FROM n WHERE n <= 200;
    INSERT INTO records (digest, session_id, file, token) SELECT CAST(printf('%032d', n * 2) AS BLOB),
        CAST(printf('session%09d', n) AS BLOB), CAST(printf('%0*d', 3000 + n * 350, n) AS BLOB), iif(n % 2, x'D2', NULL)
        FROM n WHERE n <= 60;
    INSERT INTO register_answers SELECT CAST(printf('%032d', n * 2) AS BLOB), iif(n % 2, 'held', 'complete'),
        CAST(printf('%0*d', 120, n) AS BLOB) FROM n WHERE n <= 60;
    DROP TABLE n;
";

/// What is deleted stays legible on the free pages: harder than the wiping that SQLCipher does by itself.
const DELETE: &str = "
    PRAGMA secure_delete = OFF;
    DELETE FROM observations WHERE rowid BETWEEN 2000 AND 2400;
    DELETE FROM register_answers WHERE rowid BETWEEN 50 AND 54;
    DELETE FROM records WHERE number BETWEEN 50 AND 54;
";

const DELETE_EVIDENCE: &str = "
    PRAGMA secure_delete = OFF;
    DELETE FROM chunks WHERE digest IN (SELECT digest FROM evidence WHERE rowid BETWEEN 81 AND 136);
    DELETE FROM evidence WHERE rowid BETWEEN 81 AND 136;
";

fn make() -> Made {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::create(folder.path(), &key()).unwrap();
    let mut dice = Dice(5);
    let mut bytes =
        |length: usize| -> Vec<u8> { (0..length).map(|_| u8::try_from(dice.below(256)).unwrap()).collect() };
    let items: Vec<Vec<u8>> =
        (0..260_usize).map(|n| bytes(if n % 40 == 0 { CHUNK_BYTES * 2 + 9 } else { n * 3 })).collect();
    for item in &items {
        store.evidence().put(item).unwrap();
    }
    drop(store);
    let [store, evidence] = [STORE_FILE, EVIDENCE_FILE].map(|name| folder.path().join(name));
    let connection = database::open(&store, &key()).unwrap();
    connection.execute_batch(FILL).unwrap();
    let store_before = dump(&connection);
    connection.execute_batch(DELETE).unwrap();
    drop(connection);
    let connection = database::open(&evidence, &key()).unwrap();
    let evidence_before = dump(&connection);
    connection.execute_batch(DELETE_EVIDENCE).unwrap();
    drop(connection);
    let whole = |name: &'static str, before| {
        let connection = database::open(&folder.path().join(name), &key()).unwrap();
        let rows = dump(&connection);
        Whole { name, map: map(&connection, &rows), rows, before }
    };
    let files = [whole(STORE_FILE, store_before), whole(EVIDENCE_FILE, evidence_before)];
    Made { folder, files }
}

fn dump(connection: &Connection) -> Rows {
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'table'";
    let mut statement = connection.prepare(sql).unwrap();
    let names: Vec<String> = statement.query_map([], |row| row.get(0)).unwrap().map(|row| row.unwrap()).collect();
    let table = |name: String| {
        let mut statement = connection.prepare(&format!("SELECT rowid, * FROM {name}")).unwrap();
        let width = statement.column_count();
        let rows = statement
            .query_map([], |row| Ok((row.get(0)?, (1..width).map(|at| row.get(at)).collect::<rusqlite::Result<_>>()?)))
            .unwrap();
        let rows = rows.map(|row| row.unwrap()).collect();
        (name, rows)
    };
    names.into_iter().map(table).collect()
}

/// Every page as SQLite's own `dbstat` sees it; what it does not see is free.
fn map(connection: &Connection, rows: &Rows) -> Vec<Mapped> {
    let sql = "SELECT pageno, pagetype, name, path, ncell FROM dbstat ORDER BY name, path";
    let mut statement = connection.prepare(sql).unwrap();
    let pages: Vec<(u32, String, String, String, usize)> = statement
        .query_map([], |row| {
            let cells = row.get::<_, i64>(4)?.unsigned_abs();
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, usize::try_from(cells).unwrap()))
        })
        .unwrap()
        .map(|row| row.unwrap())
        .collect();
    let mut on_leaf: BTreeMap<(String, String), Vec<i64>> = BTreeMap::new();
    for (table, rows) in rows {
        let mut numbers = rows.keys().copied();
        for (_, kind, name, path, cells) in &pages {
            if name == table && kind == "leaf" {
                on_leaf.insert((name.clone(), path.clone()), numbers.by_ref().take(*cells).collect());
            }
        }
        assert_eq!(numbers.next(), None, "the map holds every row of {table}");
    }
    let mapped = |(number, kind, name, path, _): &(u32, String, String, String, usize)| {
        let standing = |path: &str| on_leaf[&(name.clone(), path.to_owned())].clone();
        let (kind, numbers) = match (name.as_str(), kind.as_str()) {
            ("sqlite_schema", _) => ("schema", None),
            _ if !rows.contains_key(name) => ("index", None),
            (_, "internal") => ("interior", None),
            (_, "leaf") => ("leaf", Some(standing(path))),
            (_, "overflow") => {
                let (cell, _) = path.split_once('+').unwrap();
                let (leaf, cell) = cell.rsplit_once('/').unwrap();
                let row = standing(&format!("{leaf}/"))[usize::from_str_radix(cell, 16).unwrap()];
                ("overflow", Some(vec![row]))
            }
            other => panic!("{other:?}"),
        };
        let rows = numbers.map(|numbers| (name.clone(), numbers.into_iter().collect()));
        Mapped { number: *number, kind, rows }
    };
    let mut map: Vec<Mapped> = pages.iter().map(mapped).collect();
    let count: u32 = connection.query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap();
    let seen: BTreeSet<u32> = map.iter().map(|page| page.number).collect();
    let free = (1..=count).filter(|number| !seen.contains(number));
    map.extend(free.map(|number| Mapped { number, kind: "free", rows: None }));
    map
}

/// Rescues one file and reads the fresh one.
fn rescue_one(from: &Path, name: &'static str) -> (FileReport, Rows) {
    let out = tempfile::tempdir().unwrap();
    let steps = if name == STORE_FILE { migrations::LAPTOP } else { migrations::EVIDENCE };
    let to = out.path().join(name);
    let (report, target, _) = rebuild::rebuild(from, &to, &key(), steps, name, &mut |_| {}).unwrap();
    let rows = dump(&target.connection);
    (report, rows)
}

/// A damaged copy of a file.
fn damaged(made: &Made, name: &str, harm: impl FnOnce(&mut Vec<u8>)) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    let mut bytes = fs::read(made.folder.path().join(name)).unwrap();
    harm(&mut bytes);
    fs::write(&path, bytes).unwrap();
    (folder, path)
}

fn without(rows: &Rows, lost: Option<&(String, BTreeSet<i64>)>) -> Rows {
    let mut rows = rows.clone();
    if let Some((table, numbers)) = lost {
        rows.get_mut(table).unwrap().retain(|number, _| !numbers.contains(number));
    }
    rows
}

/// Says where two stores differ, rather than printing them.
fn assert_same(found: &Rows, expected: &Rows, what: &str) {
    assert_eq!(found.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>(), "{what}");
    for (table, rows) in expected {
        let found = &found[table];
        let missing: Vec<_> =
            rows.iter().filter(|(number, row)| found.get(number) != Some(row)).map(|(n, _)| n).collect();
        let further: Vec<_> = found.keys().filter(|number| !rows.contains_key(number)).collect();
        assert!(missing.is_empty() && further.is_empty(), "{what}: {table}: missing {missing:?}, further {further:?}");
    }
}

/// Flips a bit on eight pages of each kind, one at a time.
fn flips(made: &Made, whole: &Whole, kinds: &[&str]) {
    let mut dice = Dice(41);
    for kind in kinds {
        let pages: Vec<&Mapped> = whole.map.iter().filter(|page| page.kind == *kind).collect();
        assert!(!pages.is_empty(), "{} has a page of the kind {kind}", whole.name);
        for _ in 0..8 {
            let page = pages[dice.below(pages.len())];
            let bit = dice.below(PAGE_BYTES * 8);
            let what = format!("{}: {kind}: page {}, bit {bit}", whole.name, page.number);
            let (_folder, path) = damaged(made, whole.name, |bytes| {
                let begin = usize::try_from(page.number - 1).unwrap() * PAGE_BYTES;
                bytes[begin + bit / 8] ^= 1 << (bit % 8);
            });
            let (report, rows) = rescue_one(&path, whole.name);
            assert_eq!((report.damaged, report.missing, report.unassigned), (vec![page.number], 0, 0), "{what}");
            let mut expected = without(&whole.rows, page.rows.as_ref());
            if page.number == 1 {
                // Without page 1 nobody knows which pages are free: what was deleted may come back, and nothing else.
                for (table, rows) in &rows {
                    let deleted = whole.before[table].iter().filter(|(number, _)| rows.contains_key(number));
                    expected.get_mut(table).unwrap().extend(deleted.map(|(number, row)| (*number, row.clone())));
                }
            }
            assert_same(&rows, &expected, &what);
            let lost: u64 = report.tables.values().map(|table| table.lost).sum();
            assert_eq!(lost, u64::from(*kind == "overflow"), "{what}");
        }
    }
}

#[test]
fn a_flip_in_any_page_of_the_store_costs_the_rows_on_it_and_no_other() {
    let made = make();
    flips(&made, &made.files[0], &["schema", "interior", "leaf", "overflow", "index", "free"]);
}

#[test]
fn a_flip_in_any_page_of_the_evidence_costs_the_rows_on_it_and_no_other() {
    let made = make();
    flips(&made, &made.files[1], &["schema", "interior", "leaf", "overflow", "index", "free"]);
}
