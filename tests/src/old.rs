//! A real laptop of an earlier version: what it held, and what must hold of it after it was opened and something went
//! wrong meanwhile.

use std::{
    cell::RefCell,
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use fieldproof_app::App;
use fieldproof_model::id::{PersonId, to_hex};
use fieldproof_store::{Store, StoreKey, slots};
use fieldproof_testkit::{MORNING, TestHost};
use rusqlite::{Connection, Result, config::DbConfig, types::Value};

use crate::{held::Wrong, scratch};

/// Every row of every table, sorted.
type Rows = BTreeMap<String, Vec<String>>;

/// A laptop out of `tests/stores`.
#[derive(Debug)]
pub struct Old {
    /// Its version.
    pub version: i64,
    folder: PathBuf,
    person: PersonId,
    passphrase: String,
    key: StoreKey,
    /// What it holds as it lies there.
    before: Rows,
    /// What it holds once it was opened, and once somebody entered, when nothing goes wrong.
    after: [Rows; 2],
    /// The version it has then.
    newest: i64,
    /// Whether the passphrase opens slot files of these bytes: trying costs what a guess costs.
    doors: RefCell<BTreeMap<Vec<u8>, bool>>,
}

impl Old {
    /// Takes the laptop of a version.
    #[must_use]
    pub fn of_version(version: i64) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("stores/version-{version}"));
        let passphrase = fs::read_to_string(folder.join("passphrase.txt")).unwrap();
        let (person, _) = slots::list(&folder).unwrap().into_iter().next().unwrap();
        let key = slots::unlock(&folder, person, &passphrase).unwrap().store;
        let mut old = Self {
            version,
            folder,
            person,
            passphrase,
            key,
            before: Rows::new(),
            after: [Rows::new(), Rows::new()],
            newest: 0,
            doors: RefCell::default(),
        };
        let room = scratch();
        let laptop = room.path().join("laptop");
        old.copy_to(&laptop);
        old.before = old.rows(&laptop.join("store.db")).unwrap();
        drop(Store::open(&laptop, &old.key).unwrap());
        let opened = old.rows(&laptop.join("store.db")).unwrap();
        let app = App::new(&laptop, Box::new(TestHost::new(MORNING, "old")));
        app.unlock(person, &old.passphrase).unwrap();
        drop(app);
        old.after = [opened, old.rows(&laptop.join("store.db")).unwrap()];
        old.newest = old.version_at(&laptop.join("store.db")).unwrap();
        assert!(old.version < old.newest, "opening it migrates it");
        old
    }

    /// Copies it to where it is going to be opened.
    pub fn copy_to(&self, laptop: &Path) {
        fs::create_dir_all(laptop).unwrap();
        for entry in fs::read_dir(&self.folder).unwrap() {
            let path = entry.unwrap().path();
            fs::copy(&path, laptop.join(path.file_name().unwrap())).unwrap();
        }
    }

    /// Holds a laptop that was opened, perhaps not to the end, to what this one held. `is_unlocked`: somebody was told
    /// that they are in.
    #[must_use]
    pub fn check(&self, laptop: &Path, is_unlocked: bool) -> Vec<Wrong> {
        let mut wrong = Vec::new();
        let (store, copy) = (laptop.join("store.db"), laptop.join(format!("store.db.version-{}", self.version)));
        if !self.opens(laptop) {
            wrong.push(Wrong::Lost("the passphrase".to_owned()));
        }
        if copy.exists() {
            self.check_copy(&copy, &mut wrong);
        }
        let before = self.version_at(&store);
        if is_unlocked && before != Ok(self.newest) {
            wrong.push(Wrong::Lost(format!("a migration that was acknowledged: {before:?}")));
        }
        if before == Ok(self.newest) && !copy.exists() {
            wrong.push(Wrong::Lost("the copy set aside".to_owned()));
        }
        match Store::open(laptop, &self.key) {
            Ok(store) if matches!(store.check_integrity(), Ok(true)) => {}
            Ok(_) => wrong.push(Wrong::Damaged("the integrity check".to_owned())),
            Err(error) => wrong.push(Wrong::Damaged(format!("{error}"))),
        }
        let [opened, entered] = &self.after;
        match self.rows(&store) {
            Ok(rows) if rows == *entered || (rows == *opened && !is_unlocked) => {}
            Ok(rows) => wrong.push(Wrong::Lost(differing(entered, &rows))),
            Err(error) => wrong.push(Wrong::Lost(format!("the rows: {error}"))),
        }
        // Whether it was migrated before or just now: the store as it was lies beside it.
        if copy.exists() {
            self.check_copy(&copy, &mut wrong);
        } else {
            wrong.push(Wrong::Lost("the copy set aside, in the end".to_owned()));
        }
        wrong
    }

    /// A copy set aside is the store as it was, to the last row, from the moment it has its name.
    fn check_copy(&self, copy: &Path, wrong: &mut Vec<Wrong>) {
        match (self.rows(copy), self.version_at(copy)) {
            (Ok(rows), Ok(version)) if rows == self.before && version == self.version => {}
            (Ok(rows), version) => {
                wrong.push(Wrong::False(format!("the copy, version {version:?}: {}", differing(&self.before, &rows))));
            }
            (Err(error), _) => wrong.push(Wrong::Damaged(format!("the copy set aside: {error}"))),
        }
    }

    fn opens(&self, laptop: &Path) -> bool {
        let files = slots::SLOT_FILES.map(|name| fs::read(laptop.join(name)).unwrap_or_default()).concat();
        let mut doors = self.doors.borrow_mut();
        *doors.entry(files).or_insert_with(|| {
            let opened = slots::unlock(laptop, self.person, &self.passphrase);
            opened.is_ok_and(|opened| {
                opened.store.dangerously_expose_bytes() == self.key.dangerously_expose_bytes()
                    && opened.assessor.is_some()
            })
        })
    }

    /// Opens a file of the store as it lies there, and leaves it so: what is in its log stays there.
    fn open(&self, path: &Path) -> Result<Connection> {
        let connection = Connection::open(path)?;
        let key = format!("x'{}'", to_hex(self.key.dangerously_expose_bytes()));
        connection.pragma_update(None, "key", key)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        Ok(connection)
    }

    fn version_at(&self, path: &Path) -> Result<i64> {
        self.open(path)?.query_row("PRAGMA user_version", [], |row| row.get(0))
    }

    fn rows(&self, path: &Path) -> Result<Rows> {
        let connection = self.open(path)?;
        let tables = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
        let mut statement = connection.prepare(tables)?;
        let names: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<Result<_>>()?;
        names.into_iter().map(|name| Ok((name.clone(), rows_of(&connection, &name)?))).collect()
    }
}

fn rows_of(connection: &Connection, table: &str) -> Result<Vec<String>> {
    let mut statement = connection.prepare(&format!("SELECT * FROM {table}"))?;
    let columns = statement.column_count();
    let read = statement.query_map([], |row| {
        let mut values: Vec<Value> = (0..columns).map(|column| row.get(column)).collect::<Result<_>>()?;
        // The laptop's own keys are drawn when it is unlocked for the first time: that they are there is what counts.
        if let [Value::Text(name), key] = values.as_mut_slice()
            && ["installation_key", "pack_key"].contains(&name.as_str())
        {
            *key = Value::Null;
        }
        Ok(format!("{values:?}"))
    })?;
    let mut rows: Vec<String> = read.collect::<Result<_>>()?;
    rows.sort_unstable();
    Ok(rows)
}

/// Which tables differ, and in how many rows.
fn differing(expected: &Rows, found: &Rows) -> String {
    let nothing = Vec::new();
    let differ = expected.iter().filter_map(|(table, rows)| {
        let there = found.get(table).unwrap_or(&nothing);
        let lost = rows.iter().filter(|row| !there.contains(row)).count();
        (rows != there).then(|| format!("{table}: {lost} of {} rows lost, {} there", rows.len(), there.len()))
    });
    differ.collect::<Vec<_>>().join("; ")
}
