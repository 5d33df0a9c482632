//! The tables, a file each. Reading takes a [`ReadTx`], writing a [`WriteTx`]; neither can be had outside the store.

pub mod chain_entries;
pub mod evidence_names;
pub mod lost_there;
pub mod observations;
pub mod office;
pub mod pack_items;
pub mod people;
pub mod records;
pub mod schemes;
pub mod sessions;

use rusqlite::Connection;

/// A view of the store that cannot write.
#[derive(Debug)]
pub struct ReadTx<'c>(&'c Connection);

impl<'c> ReadTx<'c> {
    pub(crate) const fn new(connection: &'c Connection) -> Self {
        Self(connection)
    }

    pub(crate) const fn connection(&self) -> &Connection {
        self.0
    }
}

/// One transaction: reads like [`ReadTx`], and writes.
#[derive(Debug)]
pub struct WriteTx<'c>(ReadTx<'c>);

impl<'c> WriteTx<'c> {
    pub(crate) const fn new(connection: &'c Connection) -> Self {
        Self(ReadTx::new(connection))
    }

    pub(crate) fn execute(&self, sql: &str, params: impl rusqlite::Params) -> crate::Result<usize> {
        self.0.connection().execute(sql, params).map_err(crate::StoreError::from_write)
    }
}

impl<'c> std::ops::Deref for WriteTx<'c> {
    type Target = ReadTx<'c>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

/// Reads a fixed number of bytes out of a column.
pub(crate) fn array<const N: usize>(bytes: Vec<u8>, what: &'static str) -> crate::Result<[u8; N]> {
    bytes.try_into().map_err(|_| crate::StoreError::Damaged(what))
}
