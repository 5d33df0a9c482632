//! The log of a session: rows are only ever added, and follow each other without gaps.

use fieldproof_model::{id::SessionId, observation::Observation, time::Timestamp};
use fieldproof_seal::observation::{decode_observed, encode_observed};
use rusqlite::params;

use crate::{
    Result, StoreError,
    table::{ReadTx, WriteTx},
};

impl ReadTx<'_> {
    /// Reads a session's log, in order.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn observations(&self, session: SessionId) -> Result<Vec<Observation>> {
        let sql = "SELECT sequence, tapped_at, seen_at, observed
                   FROM observations WHERE session_id = ?1 ORDER BY sequence";
        let mut statement = self.connection().prepare_cached(sql)?;
        let rows = statement.query_map(params![session.as_bytes()], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get::<_, Vec<u8>>(3)?))
        })?;
        rows.map(|row| {
            let (sequence, tapped_at, seen_at, observed) = row?;
            let observed = decode_observed(&observed).map_err(|_| StoreError::Damaged("observation"))?;
            let (tapped_at, seen_at) = (Timestamp::from_millis(tapped_at), Timestamp::from_millis(seen_at));
            Ok(Observation { sequence, tapped_at, seen_at, observed })
        })
        .collect()
    }
}

impl WriteTx<'_> {
    /// Adds an observation; its sequence must be the next one.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn append_observation(&self, session: SessionId, observation: &Observation) -> Result<()> {
        self.execute(
            "INSERT INTO observations (session_id, sequence, tapped_at, seen_at, observed)
             VALUES (?1, ?2, ?3, ?4, ?5)",
            params![
                session.as_bytes(),
                observation.sequence,
                observation.tapped_at.as_millis(),
                observation.seen_at.as_millis(),
                encode_observed(&observation.observed),
            ],
        )?;
        Ok(())
    }
}
