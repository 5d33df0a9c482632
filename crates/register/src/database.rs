//! The register's book on SQLite or on PostgreSQL. Both stand behind one [`Transaction`], so that every statement is
//! written once: numbered parameters `?1`, whole numbers, bytes and text, and no word that only one engine knows.

mod ladder;
mod postgres;
mod sqlite;
mod url;
mod value;

use std::{collections::BTreeSet, path::Path};

use fieldproof_model::digest::Digest;
use rusqlite::{Connection, TransactionBehavior, params_from_iter, types::ValueRef};

use self::postgres::{Postgres, PostgresTransaction};
pub use self::url::{DatabaseUrl, DatabaseUrlError};
pub(crate) use self::value::{Row, Value};
use crate::RegisterError;

/// So many names are asked after with one statement: far fewer than either engine takes.
const GROUP: usize = 500;

/// A connection to the book.
pub(crate) enum Database {
    Sqlite(Connection),
    Postgres(Box<Postgres>),
}

impl Database {
    /// Opens the SQLite file; makes it only when `make` says so.
    pub(crate) fn sqlite(path: &Path, make: bool) -> Result<Self, RegisterError> {
        sqlite::open(path, make).map(Self::Sqlite)
    }

    /// Opens the PostgreSQL database; makes the tables where they are not there yet.
    pub(crate) fn postgres(url: &DatabaseUrl) -> Result<Self, RegisterError> {
        Postgres::open(url).map(|postgres| Self::Postgres(Box::new(postgres)))
    }

    /// One state of the book, to look at.
    pub(crate) fn read(&mut self) -> Result<Transaction<'_>, RegisterError> {
        match self {
            Self::Sqlite(connection) => Ok(Transaction::Sqlite(connection.transaction()?)),
            Self::Postgres(postgres) => postgres.read().map(Transaction::Postgres),
        }
    }

    /// The book, to change: nobody else changes it meanwhile.
    pub(crate) fn write(&mut self) -> Result<Transaction<'_>, RegisterError> {
        match self {
            Self::Sqlite(connection) => {
                Ok(Transaction::Sqlite(connection.transaction_with_behavior(TransactionBehavior::Immediate)?))
            }
            Self::Postgres(postgres) => postgres.write().map(Transaction::Postgres),
        }
    }
}

/// What was begun and not committed; dropped, it leaves nothing.
pub(crate) enum Transaction<'t> {
    Sqlite(rusqlite::Transaction<'t>),
    Postgres(PostgresTransaction<'t>),
}

impl Transaction<'_> {
    /// Everything done is on disk when this returns.
    pub(crate) fn commit(self) -> Result<(), RegisterError> {
        match self {
            Self::Sqlite(transaction) => Ok(transaction.commit()?),
            Self::Postgres(transaction) => transaction.commit(),
        }
    }

    /// Carries a statement out.
    pub(crate) fn execute(&self, sql: &str, values: &[Value<'_>]) -> Result<(), RegisterError> {
        match self {
            Self::Sqlite(transaction) => {
                transaction.prepare_cached(sql)?.execute(params_from_iter(values))?;
                Ok(())
            }
            Self::Postgres(transaction) => transaction.execute(sql, values),
        }
    }

    /// Hands over one row of an answer after the other. Meanwhile the transaction carries out nothing else.
    pub(crate) fn each(
        &self,
        sql: &str,
        values: &[Value<'_>],
        mut take: impl FnMut(&mut Row) -> Result<(), RegisterError>,
    ) -> Result<(), RegisterError> {
        match self {
            Self::Sqlite(transaction) => {
                let mut statement = transaction.prepare_cached(sql)?;
                let columns = statement.column_count();
                let mut rows = statement.query(params_from_iter(values))?;
                while let Some(row) = rows.next()? {
                    let values = (0..columns).map(|place| owned(row.get_ref(place)?));
                    take(&mut Row(values.collect::<Result<_, _>>()?))?;
                }
                Ok(())
            }
            Self::Postgres(transaction) => transaction.each(sql, values, take),
        }
    }

    /// Hands over the rows of many names, with few statements. `sql` ends where the list of them begins.
    pub(crate) fn each_of(
        &self,
        sql: &str,
        names: &BTreeSet<Digest>,
        mut take: impl FnMut(&mut Row) -> Result<(), RegisterError>,
    ) -> Result<(), RegisterError> {
        let names: Vec<_> = names.iter().map(|name| Value::from(name.as_bytes())).collect();
        for group in names.chunks(GROUP) {
            let places: Vec<_> = (1..=group.len()).map(|place| format!("?{place}")).collect();
            self.each(&format!("{sql} ({})", places.join(", ")), group, &mut take)?;
        }
        Ok(())
    }

    /// Every row of an answer.
    pub(crate) fn list<T>(
        &self,
        sql: &str,
        values: &[Value<'_>],
        mut read: impl FnMut(&mut Row) -> Result<T, RegisterError>,
    ) -> Result<Vec<T>, RegisterError> {
        let mut found = Vec::new();
        self.each(sql, values, |row| {
            found.push(read(row)?);
            Ok(())
        })?;
        Ok(found)
    }

    /// The one row of an answer, or none. The statement must not find several.
    pub(crate) fn find<T>(
        &self,
        sql: &str,
        values: &[Value<'_>],
        read: impl FnMut(&mut Row) -> Result<T, RegisterError>,
    ) -> Result<Option<T>, RegisterError> {
        Ok(self.list(sql, values, read)?.pop())
    }

    /// The one row of an answer that always has one.
    pub(crate) fn one<T>(
        &self,
        sql: &str,
        values: &[Value<'_>],
        read: impl FnMut(&mut Row) -> Result<T, RegisterError>,
    ) -> Result<T, RegisterError> {
        self.find(sql, values, read)?.ok_or(RegisterError::Damaged("a row is missing"))
    }
}

/// Copies every row of the book into an empty one, from one state of it, whatever the engines.
pub(crate) fn copy(from: &mut Database, to: &mut Database) -> Result<(), RegisterError> {
    let (from, to) = (from.read()?, to.write()?);
    for table in sqlite::tables()? {
        let (name, columns) = (&table.name, table.columns.join(", "));
        let places: Vec<_> = (1..=table.columns.len()).map(|place| format!("?{place}")).collect();
        let insert = format!("INSERT INTO {name} ({columns}) VALUES ({})", places.join(", "));
        from.each(&format!("SELECT {columns} FROM {name}"), &[], |row| to.execute(&insert, row.values()))?;
    }
    to.commit()
}

fn owned(value: ValueRef<'_>) -> Result<Value<'static>, RegisterError> {
    match value {
        ValueRef::Null => Ok(Value::Null),
        ValueRef::Integer(number) => Ok(Value::Integer(number)),
        ValueRef::Blob(bytes) => Ok(Value::Bytes(bytes.to_vec().into())),
        ValueRef::Text(text) => match String::from_utf8(text.to_vec()) {
            Ok(text) => Ok(Value::Text(text.into())),
            Err(_) => Err(RegisterError::Damaged("a text is none")),
        },
        ValueRef::Real(_) => Err(RegisterError::Damaged("a number is not whole")),
    }
}
