//! What the register lost of records that it had, and the receipts that say it had them.

use fieldproof_model::digest::Digest;
use rusqlite::params;

use crate::{
    Result,
    table::{ReadTx, WriteTx, array},
};

impl ReadTx<'_> {
    /// Lists what the register lost of a record: the record's own digest, or those of evidence.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn lost_there(&self, record: Digest) -> Result<Vec<Digest>> {
        let sql = "SELECT item FROM lost_there WHERE record_digest = ?1 ORDER BY item";
        let mut statement = self.connection().prepare_cached(sql)?;
        let rows = statement.query_map(params![record.as_bytes()], |row| row.get::<_, Vec<u8>>(0))?;
        rows.map(|row| array(row?, "lost item").map(Digest::new)).collect()
    }

    /// Lists the records of which the register lost something.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn records_lost_there(&self) -> Result<Vec<Digest>> {
        let sql = "SELECT DISTINCT record_digest FROM lost_there ORDER BY record_digest";
        let mut statement = self.connection().prepare_cached(sql)?;
        let rows = statement.query_map([], |row| row.get::<_, Vec<u8>>(0))?;
        rows.map(|row| array(row?, "record").map(Digest::new)).collect()
    }

    /// Lists every signed receipt with its record, in the order in which they came.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn receipts(&self) -> Result<Vec<(Digest, Vec<u8>)>> {
        let sql =
            "SELECT record_digest, signed FROM register_answers WHERE kind IN ('held', 'complete') ORDER BY rowid";
        let mut statement = self.connection().prepare_cached(sql)?;
        let rows = statement.query_map([], |row| Ok((row.get::<_, Vec<u8>>(0)?, row.get(1)?)))?;
        rows.map(|row| {
            row.map_err(Into::into).and_then(|(record, signed)| Ok((Digest::new(array(record, "record")?), signed)))
        })
        .collect()
    }
}

impl WriteTx<'_> {
    /// Notes what the register lost of a record, in place of what was noted before; nothing when it has everything.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn set_lost_there(&self, record: Digest, items: &[Digest]) -> Result<()> {
        self.execute("DELETE FROM lost_there WHERE record_digest = ?1", params![record.as_bytes()])?;
        for item in items {
            let sql = "INSERT INTO lost_there (record_digest, item) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
            self.execute(sql, params![record.as_bytes(), item.as_bytes()])?;
        }
        Ok(())
    }
}
