//! What rows of each table look like, as the schema says.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};

use crate::{Result, rescue::record::Kind};

/// One column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Column {
    pub(super) name: String,
    kind: String,
    is_required: bool,
    has_default: bool,
    /// Whether this is SQLite's own number of the row under another name, which is not kept in the row.
    pub(super) is_rowid: bool,
}

/// Tables by name, each with its columns in the order in which rows keep them.
pub(super) type Shapes = BTreeMap<String, Vec<Column>>;

/// Reads the shapes of the tables of an open database.
pub(super) fn shapes(connection: &Connection) -> Result<Shapes> {
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";
    let mut statement = connection.prepare(sql)?;
    let names = statement.query_map([], |row| row.get::<_, String>(0))?;
    names
        .map(|name| name.map_err(Into::into).and_then(|name| Ok((name.clone(), columns(connection, &name)?))))
        .collect()
}

/// Reads the shapes that the statements of a schema make; a statement that makes none is passed over.
pub(super) fn shapes_of<'s>(statements: impl Iterator<Item = &'s str>) -> Result<Shapes> {
    let scratch = Connection::open_in_memory()?;
    for sql in statements.filter(|sql| sql.starts_with("CREATE TABLE")) {
        // Copies of the schema from before a migration name the same tables again; the first one counts.
        let _made = scratch.execute_batch(sql);
    }
    shapes(&scratch)
}

fn columns(connection: &Connection, table: &str) -> Result<Vec<Column>> {
    let sql = "SELECT name, upper(type), \"notnull\" OR 0 < pk, dflt_value IS NOT NULL,
                      pk = 1 AND upper(type) = 'INTEGER' AND 1 = (SELECT max(pk) FROM pragma_table_info(?1))
               FROM pragma_table_info(?1) ORDER BY cid";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params![table], |row| {
        let (name, kind) = (row.get(0)?, row.get(1)?);
        Ok(Column { name, kind, is_required: row.get(2)?, has_default: row.get(3)?, is_rowid: row.get(4)? })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Whether a row of these kinds can stand in a table of these columns. Columns added later may be absent at the end.
pub(super) fn fits(columns: &[Column], kinds: &[Kind]) -> bool {
    let (present, absent) = columns.split_at_checked(kinds.len()).unwrap_or_default();
    let is_left_out = |column: &Column| column.has_default || !column.is_required;
    !present.is_empty()
        && present.iter().zip(kinds).all(|(column, kind)| column.takes(*kind))
        && absent.iter().all(is_left_out)
}

impl Column {
    fn takes(&self, kind: Kind) -> bool {
        match kind {
            Kind::Null => self.is_rowid || !self.is_required,
            // A whole number in a column of fractions is kept as one.
            Kind::Integer => !self.is_rowid && ["INTEGER", "INT", "REAL", "ANY"].contains(&self.kind.as_str()),
            Kind::Real => ["REAL", "ANY"].contains(&self.kind.as_str()),
            Kind::Text => ["TEXT", "ANY"].contains(&self.kind.as_str()),
            Kind::Blob => ["BLOB", "ANY"].contains(&self.kind.as_str()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migrations::{EVIDENCE, LAPTOP, run};

    #[test]
    fn rows_fit_their_own_table() {
        let shapes = shapes_of(
            ["CREATE TABLE taps (session BLOB NOT NULL, number INTEGER NOT NULL, said TEXT, PRIMARY KEY (session, number))",
             "CREATE TABLE files (number INTEGER PRIMARY KEY, file BLOB NOT NULL, late INTEGER NOT NULL DEFAULT 1)"]
                .into_iter(),
        )
        .unwrap();
        let fitting = |kinds: &[Kind]| -> Vec<&str> {
            shapes.iter().filter(|(_, columns)| fits(columns, kinds)).map(|(name, _)| name.as_str()).collect()
        };
        assert_eq!(fitting(&[Kind::Blob, Kind::Integer, Kind::Text]), ["taps"]);
        assert_eq!(fitting(&[Kind::Blob, Kind::Integer]), ["taps"], "the last may be left out");
        assert_eq!(fitting(&[Kind::Null, Kind::Blob, Kind::Integer]), ["files"]);
        assert_eq!(fitting(&[Kind::Null, Kind::Blob]), ["files"]);
        let none: [&[Kind]; 5] = [
            &[],
            &[Kind::Blob],
            &[Kind::Integer, Kind::Blob],
            &[Kind::Null, Kind::Integer, Kind::Text],
            &[Kind::Blob, Kind::Integer, Kind::Text, Kind::Null],
        ];
        for kinds in none {
            assert_eq!(fitting(kinds), Vec::<&str>::new(), "{kinds:?}");
        }
    }

    #[test]
    fn every_table_of_ours_keeps_its_rows_where_they_are_looked_for() {
        for steps in [LAPTOP, EVIDENCE] {
            let mut connection = Connection::open_in_memory().unwrap();
            run(&mut connection, steps).unwrap();
            let sql = "SELECT count(*), sum(wr OR NOT strict) FROM pragma_table_list
                       WHERE schema = 'main' AND name NOT LIKE 'sqlite%'";
            let (tables, strange): (i64, i64) =
                connection.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
            let known = i64::try_from(shapes(&connection).unwrap().len()).unwrap();
            assert_eq!((tables, strange), (known, 0), "strict, and with rowids");
        }
    }
}
