//! The fresh file that saved rows go into.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension, ffi, params, params_from_iter, types::Value};

use crate::{
    Result, StoreError, StoreKey, database,
    migrations::Step,
    rescue::shape::{Column, Shapes, shapes},
    table::pack_items::PackItem,
};

/// How many bytes of rows go to the disk together.
const COMMIT_BYTES: usize = 16 * 1024 * 1024;

/// A row that was read whole.
pub(super) struct Row {
    pub(super) rowid: i64,
    pub(super) bytes: usize,
    pub(super) values: Vec<Value>,
}

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Saved {
    /// It is there.
    Added,
    /// A row of the same key was there before.
    Twice,
    /// The table's own rules refuse it.
    Refused,
}

/// How well the rows of a page stand in a table; less is better.
pub(super) type Misfit = (usize, usize, std::cmp::Reverse<usize>);

/// A fresh file, open in a transaction.
#[derive(Debug)]
pub(super) struct Target {
    pub(super) connection: Connection,
    uncommitted: usize,
}

impl Target {
    /// Makes the file and brings it to the version the rows are of; references are not checked from here on.
    pub(super) fn create(path: &Path, key: &StoreKey, steps: &[Step], version: i64) -> Result<Self> {
        let connection = database::open(path, key)?;
        connection.pragma_update(None, "foreign_keys", false)?;
        let target = Self { connection, uncommitted: 0 };
        target.begin()?;
        target.climb(steps, version)?;
        Ok(target)
    }

    fn begin(&self) -> Result<()> {
        self.connection.execute_batch("BEGIN IMMEDIATE").map_err(StoreError::from_write)
    }

    fn commit(&self) -> Result<()> {
        self.connection.execute_batch("COMMIT").map_err(StoreError::from_write)
    }

    /// Walks the ladder up to a version. References may be broken here, which the usual walk would not allow.
    fn climb(&self, steps: &[Step], version: i64) -> Result<()> {
        let found: i64 = self.connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        for step in steps.iter().filter(|step| found < step.version && step.version <= version) {
            self.connection.execute_batch(step.sql).map_err(StoreError::from_write)?;
            self.connection.pragma_update(None, "user_version", step.version)?;
            self.connection.pragma_update(None, "application_id", step.oldest_reader)?;
        }
        Ok(())
    }

    /// The shapes of its tables.
    pub(super) fn shapes(&self) -> Result<Shapes> {
        shapes(&self.connection)
    }

    /// Adds a row, under its own number where that is free.
    pub(super) fn add(&mut self, table: &str, columns: &[Column], row: &Row) -> Result<Saved> {
        let saved = self.insert(table, columns, row, true)?;
        self.uncommitted = self.uncommitted.saturating_add(row.bytes);
        Ok(saved)
    }

    /// Puts what was added on the disk, once it is much.
    pub(super) fn commit_some(&mut self) -> Result<()> {
        if COMMIT_BYTES < self.uncommitted {
            self.commit()?;
            self.begin()?;
            self.uncommitted = 0;
        }
        Ok(())
    }

    fn insert(&self, table: &str, columns: &[Column], row: &Row, is_numbered: bool) -> Result<Saved> {
        let mut names = Vec::new();
        let mut values = Vec::new();
        let has_alias = columns.iter().any(|column| column.is_rowid);
        if is_numbered && !has_alias {
            names.push("rowid".to_owned());
            values.push(Value::Integer(row.rowid));
        }
        for (column, value) in columns.iter().zip(&row.values) {
            names.push(format!("\"{}\"", column.name));
            values.push(if column.is_rowid { Value::Integer(row.rowid) } else { value.clone() });
        }
        let marks = vec!["?"; names.len()].join(", ");
        let sql = format!("INSERT INTO \"{table}\" ({}) VALUES ({marks})", names.join(", "));
        match self.connection.prepare_cached(&sql)?.execute(params_from_iter(values)) {
            Ok(_) => Ok(Saved::Added),
            Err(rusqlite::Error::SqliteFailure(error, words)) => match error.extended_code {
                ffi::SQLITE_CONSTRAINT_ROWID if is_numbered && !has_alias => self.insert(table, columns, row, false),
                ffi::SQLITE_CONSTRAINT_ROWID | ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_UNIQUE => {
                    Ok(Saved::Twice)
                }
                _ if error.code == rusqlite::ErrorCode::ConstraintViolation => Ok(Saved::Refused),
                _ => Err(StoreError::from_write(rusqlite::Error::SqliteFailure(error, words))),
            },
            Err(error) => Err(error.into()),
        }
    }

    /// Tries rows in a table and takes them out again: how many its rules refuse, how many references lead nowhere,
    /// and how many lead somewhere.
    pub(super) fn try_rows(&self, table: &str, columns: &[Column], rows: &[Row]) -> Result<Misfit> {
        self.connection.execute_batch("SAVEPOINT trial")?;
        let tried = self.tried(table, columns, rows);
        self.connection.execute_batch("ROLLBACK TO trial; RELEASE trial")?;
        tried
    }

    fn tried(&self, table: &str, columns: &[Column], rows: &[Row]) -> Result<Misfit> {
        let references = self.references(table)?;
        let (mut refused, mut nowhere, mut somewhere) = (0_usize, 0_usize, 0_usize);
        for row in rows {
            if self.insert(table, columns, row, true)? == Saved::Refused {
                refused = refused.saturating_add(1);
            }
            for (column, value) in columns.iter().zip(&row.values).filter(|(_, value)| **value != Value::Null) {
                let Some((_, parent, key)) = references.iter().find(|(from, ..)| *from == column.name) else {
                    continue;
                };
                let sql = format!("SELECT 1 FROM \"{parent}\" WHERE \"{key}\" = ?1");
                let found = self.connection.prepare_cached(&sql)?.query_row(params![value], |_| Ok(())).optional()?;
                let count = if found.is_some() { &mut somewhere } else { &mut nowhere };
                *count = count.saturating_add(1);
            }
        }
        Ok((refused, nowhere, std::cmp::Reverse(somewhere)))
    }

    /// The columns of a table that refer to others: column, table, column there.
    fn references(&self, table: &str) -> Result<Vec<(String, String, String)>> {
        let sql = "SELECT \"from\", \"table\", \"to\" FROM pragma_foreign_key_list(?1) WHERE \"to\" IS NOT NULL";
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map(params![table], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Brings the file to the newest version and puts everything on the disk.
    pub(super) fn finish(&self, steps: &[Step]) -> Result<()> {
        self.climb(steps, i64::MAX)?;
        self.commit()
    }

    /// Marks a store for good as one that may lack rows: what nothing in it names may have been named.
    pub(super) fn mark_rescued(&self) -> Result<()> {
        let sql = "INSERT INTO pack_items (name, value) VALUES (?1, X'01') ON CONFLICT (name) DO NOTHING";
        self.connection.execute(sql, params![PackItem::Rescued.name()]).map_err(StoreError::from_write)?;
        Ok(())
    }

    /// How many rows each table holds.
    pub(super) fn counts(&self) -> Result<Vec<(String, u64)>> {
        let count = |name: String| {
            let sql = format!("SELECT count(*) FROM \"{name}\"");
            Ok((name, self.connection.query_row(&sql, [], |row| row.get::<_, i64>(0))?.unsigned_abs()))
        };
        self.shapes()?.into_keys().map(count).collect()
    }

    /// How many references lead to rows that were not saved.
    pub(super) fn dangling(&self) -> Result<u64> {
        let sql = "SELECT count(*) FROM pragma_foreign_key_check";
        Ok(self.connection.query_row(sql, [], |row| row.get::<_, i64>(0))?.unsigned_abs())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migrations::EVIDENCE;

    #[test]
    fn a_row_is_added_once_whatever_its_number_and_only_where_it_may_stand() {
        let folder = tempfile::tempdir().unwrap();
        let key = StoreKey::new([1; 48]);
        let mut target = Target::create(&folder.path().join("evidence.db"), &key, EVIDENCE, 1).unwrap();
        let columns = target.shapes().unwrap()["evidence"].clone();
        let row = |rowid, digest: u8, size| {
            let values = vec![Value::Blob(vec![digest; 32]), Value::Integer(size)];
            Row { rowid, bytes: 40, values }
        };
        let cases = [
            (row(1, 1, 5), Saved::Added),
            (row(1, 2, 5), Saved::Added),
            (row(1, 1, 5), Saved::Twice),
            (row(9, 2, 6), Saved::Twice),
            (row(3, 3, -1), Saved::Refused),
        ];
        for (row, expected) in cases {
            assert_eq!(target.add("evidence", &columns, &row).unwrap(), expected, "{:?}", row.values);
        }
        let rows = target.counts().unwrap();
        assert_eq!(rows, [("chunks".to_owned(), 0), ("evidence".to_owned(), 2)]);
        let tried = target.try_rows("evidence", &columns, &[row(4, 4, 1), row(5, 5, -1)]).unwrap();
        assert_eq!((tried.0, target.counts().unwrap()), (1, rows), "a trial leaves nothing behind");
    }
}
