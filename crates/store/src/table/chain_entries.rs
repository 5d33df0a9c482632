//! The assessor keys' chains, as signed.

use fieldproof_model::id::PersonId;
use fieldproof_seal::{chain::Link, digest_of};
use rusqlite::{OptionalExtension, params};

use crate::{
    Result,
    table::{ReadTx, WriteTx},
};

/// One entry of a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainRow {
    /// The signed bytes.
    pub signed: Vec<u8>,
    /// Whether it is a sealed record.
    pub is_record: bool,
}

impl ReadTx<'_> {
    /// The place of the next entry in an assessor's chain.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn next_link(&self, assessor: PersonId) -> Result<Link> {
        let sql = "SELECT chain_index, signed FROM chain_entries
                   WHERE assessor_id = ?1 ORDER BY chain_index DESC LIMIT 1";
        let last = self
            .connection()
            .query_row(sql, params![assessor.as_bytes()], |row| Ok((row.get(0)?, row.get::<_, Vec<u8>>(1)?)))
            .optional()?;
        Ok(last.map_or(Link::FIRST, |(index, signed)| Link { index, previous: None }.next(&signed)))
    }

    /// Lists an assessor's chain, in order.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn chain(&self, assessor: PersonId) -> Result<Vec<ChainRow>> {
        let sql = "SELECT signed, is_record FROM chain_entries WHERE assessor_id = ?1 ORDER BY chain_index";
        let mut statement = self.connection().prepare_cached(sql)?;
        let rows = statement.query_map(params![assessor.as_bytes()], |row| {
            Ok(ChainRow { signed: row.get(0)?, is_record: row.get(1)? })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Lists every entry of every chain that is no record, as signed.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn chain_events(&self) -> Result<Vec<Vec<u8>>> {
        let sql = "SELECT signed FROM chain_entries WHERE is_record = 0 ORDER BY assessor_id, chain_index";
        let mut statement = self.connection().prepare_cached(sql)?;
        let rows = statement.query_map([], |row| row.get(0))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

impl WriteTx<'_> {
    /// Adds a signed entry at the place it was signed for.
    ///
    /// # Errors
    /// [`crate::StoreError`]; a place is taken once only.
    pub fn append_chain_entry(&self, assessor: PersonId, link: Link, row: &ChainRow) -> Result<()> {
        self.execute(
            "INSERT INTO chain_entries (assessor_id, chain_index, digest, signed, is_record)
             VALUES (?1, ?2, ?3, ?4, ?5)",
            params![assessor.as_bytes(), link.index, digest_of(&row.signed).as_bytes(), row.signed, row.is_record],
        )?;
        Ok(())
    }
}
