//! The book on PostgreSQL, or on whatever else speaks as it does.
//!
//! One row says which version the tables have, and whoever changes the book holds that row: registers on one database
//! write one after the other, so that no number of the log is given twice.

use std::{cell::Cell, pin::pin, time::Duration};

use futures_executor::block_on;
use futures_util::TryStreamExt;
use tokio_postgres::{
    Client, SimpleQueryMessage,
    types::{ToSql, Type},
};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::{
    Row, Value,
    ladder::{STEPS, newest},
    url::DatabaseUrl,
};
use crate::{RegisterError, background};

/// A server that took the connection and says nothing for so long is taken for absent.
const GREETING_LIMIT: Duration = Duration::from_secs(20);

/// What holds for this connection alone. A commit returns when it is on disk, whatever the server was set up for; whoever
/// waits for another writer waits as long as on SQLite; a register that went away in the middle lets go of the book.
const SESSION: &str = "
    SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off';
    SET lock_timeout = '5s';
    SET idle_in_transaction_session_timeout = '60s';
    SELECT current_setting('fsync', true)";

const BEGIN_READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// Each statement after the lock sees what was committed before it was given.
const BEGIN_WRITE: &str = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT version FROM book FOR UPDATE";

const FIRST: &str = "
    CREATE TABLE IF NOT EXISTS book (id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1), version BIGINT NOT NULL);
    INSERT INTO book (id, version) VALUES (1, 0) ON CONFLICT (id) DO NOTHING";

/// A connection, made anew whenever it broke.
pub(crate) struct Postgres {
    url: DatabaseUrl,
    tls: MakeRustlsConnect,
    client: Option<Client>,
}

impl Postgres {
    /// Connects, and brings the tables to the newest version.
    pub(super) fn open(url: &DatabaseUrl) -> Result<Self, RegisterError> {
        let mut postgres = Self { url: url.clone(), tls: url.tls()?, client: None };
        postgres.migrate()?;
        Ok(postgres)
    }

    pub(super) fn read(&mut self) -> Result<PostgresTransaction<'_>, RegisterError> {
        let client = self.begin(BEGIN_READ)?.0;
        Ok(PostgresTransaction { client, state: Cell::new(State::Open) })
    }

    pub(super) fn write(&mut self) -> Result<PostgresTransaction<'_>, RegisterError> {
        let (client, found) = self.begin(BEGIN_WRITE)?;
        let transaction = PostgresTransaction { client, state: Cell::new(State::Open) };
        check_version(found)?;
        Ok(transaction)
    }

    /// All steps of one start land together or not at all.
    fn migrate(&mut self) -> Result<(), RegisterError> {
        let client = self.connected()?;
        if answer(client, "SELECT to_regclass('book') IS NULL")?.as_deref() == Some("t") {
            block_on(client.batch_execute(FIRST))?;
        }
        let (client, found) = self.begin(BEGIN_WRITE)?;
        let transaction = PostgresTransaction { client, state: Cell::new(State::Open) };
        let found = check_version(found)?;
        for step in STEPS.iter().filter(|step| found < step.version) {
            block_on(client.batch_execute(step.postgres))?;
            transaction.execute("UPDATE book SET version = ?1", &[step.version.into()])?;
        }
        transaction.commit()
    }

    /// Begins, on a new connection when the old one broke: nothing was done on it yet.
    fn begin(&mut self, sql: &str) -> Result<(&Client, Option<String>), RegisterError> {
        let mut begun = answer(self.connected()?, sql);
        if begun.is_err() && self.client.as_ref().is_some_and(Client::is_closed) {
            begun = answer(self.connected()?, sql);
        }
        if begun.is_err() {
            // Whatever it stands in the middle of is over.
            self.client = None;
        }
        let found = begun?;
        Ok((self.connected()?, found))
    }

    fn connected(&mut self) -> Result<&Client, RegisterError> {
        let usable = self.client.take().filter(|client| !client.is_closed());
        let client = match usable {
            Some(client) => client,
            None => self.connect()?,
        };
        Ok(self.client.insert(client))
    }

    fn connect(&self) -> Result<Client, RegisterError> {
        let (config, tls) = (self.url.config().clone(), self.tls.clone());
        let connecting = async move {
            let (client, connection) = config.connect(tls).await?;
            // What breaks it, the client hears of.
            drop(tokio::spawn(connection));
            Ok(client)
        };
        let connected = background::run(async { tokio::time::timeout(GREETING_LIMIT, connecting).await })?;
        let client = connected.map_err(|_| RegisterError::DatabaseSilent).flatten()?;
        let fsync = answer(&client, SESSION)?;
        if fsync.as_deref() == Some("off") { Err(RegisterError::NotDurable) } else { Ok(client) }
    }
}

/// The version of the tables, unless a later program wrote them.
fn check_version(found: Option<String>) -> Result<i64, RegisterError> {
    let found = found.and_then(|version| version.parse().ok()).ok_or(RegisterError::Damaged("no version"))?;
    let known = newest();
    if known < found { Err(RegisterError::TooNew { found, known }) } else { Ok(found) }
}

/// Carries statements out and gives the last value they found.
fn answer(client: &Client, sql: &str) -> Result<Option<String>, RegisterError> {
    let messages = block_on(client.simple_query(sql))?;
    let values = messages.iter().filter_map(|message| match message {
        SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
        SimpleQueryMessage::CommandComplete(_) | SimpleQueryMessage::RowDescription(_) | _ => None,
    });
    Ok(values.last())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Open,
    /// A statement failed: the server would answer a commit, and roll back.
    Failed,
    Over,
}

/// What was begun and not committed.
pub(crate) struct PostgresTransaction<'t> {
    client: &'t Client,
    state: Cell<State>,
}

impl PostgresTransaction<'_> {
    /// Everything done is on disk when this returns. When it fails, nobody knows: the answer may have got lost.
    pub(super) fn commit(self) -> Result<(), RegisterError> {
        if self.state.get() == State::Failed {
            return Err(RegisterError::Damaged("a statement failed before the commit"));
        }
        self.noting(block_on(self.client.batch_execute("COMMIT")))?;
        self.state.set(State::Over);
        Ok(())
    }

    pub(super) fn execute(&self, sql: &str, values: &[Value<'_>]) -> Result<(), RegisterError> {
        self.noting(block_on(self.client.execute_typed(&numbered(sql), &parameters(values))))?;
        Ok(())
    }

    pub(super) fn each(
        &self,
        sql: &str,
        values: &[Value<'_>],
        mut take: impl FnMut(&mut Row) -> Result<(), RegisterError>,
    ) -> Result<(), RegisterError> {
        let found = block_on(self.client.query_typed_raw(&numbered(sql), parameters(values)));
        let mut rows = pin!(self.noting(found)?);
        while let Some(row) = self.noting(block_on(rows.try_next()))? {
            let columns = 0..row.len();
            take(&mut Row(columns.map(|place| owned(&row, place)).collect::<Result<_, _>>()?))?;
        }
        Ok(())
    }

    fn noting<T>(&self, done: Result<T, tokio_postgres::Error>) -> Result<T, RegisterError> {
        if done.is_err() {
            self.state.set(State::Failed);
        }
        Ok(done?)
    }
}

impl Drop for PostgresTransaction<'_> {
    fn drop(&mut self) {
        if self.state.get() != State::Over {
            // On a connection that broke, the server does it by itself.
            drop(block_on(self.client.batch_execute("ROLLBACK")));
        }
    }
}

/// Parameters as PostgreSQL numbers them. No statement of ours holds another question mark.
fn numbered(sql: &str) -> String {
    sql.replace('?', "$")
}

fn parameters<'v>(values: &'v [Value<'_>]) -> Vec<(&'v (dyn ToSql + Sync), Type)> {
    let parameter = |value: &'v Value<'_>| -> (&'v (dyn ToSql + Sync), Type) {
        match value {
            Value::Null => (&None::<&str>, Type::UNKNOWN),
            Value::Integer(number) => (number, Type::INT8),
            Value::Bytes(bytes) => (bytes, Type::BYTEA),
            Value::Text(text) => (text, Type::TEXT),
        }
    };
    values.iter().map(parameter).collect()
}

fn owned(row: &tokio_postgres::Row, place: usize) -> Result<Value<'static>, RegisterError> {
    let of = row.columns().get(place).map(|column| column.type_().clone());
    let value = match of {
        Some(Type::INT8) => row.try_get::<_, Option<i64>>(place)?.map(Value::Integer),
        Some(Type::INT4) => row.try_get::<_, Option<i32>>(place)?.map(Value::from),
        Some(Type::BOOL) => row.try_get::<_, Option<bool>>(place)?.map(|is| Value::Integer(is.into())),
        Some(Type::BYTEA) => row.try_get::<_, Option<Vec<u8>>>(place)?.map(|bytes| Value::Bytes(bytes.into())),
        Some(Type::TEXT) => row.try_get::<_, Option<String>>(place)?.map(|text| Value::Text(text.into())),
        _ => return Err(RegisterError::Damaged("a column is of an unknown type")),
    };
    Ok(value.unwrap_or(Value::Null))
}
