//! The log of a session: rows are only ever added, and follow each other without gaps; a log is erased whole.

use fieldproof_model::{clock::Elapsed, id::SessionId, observation::Observation, time::Timestamp};
use fieldproof_seal::observation::{decode_observed, encode_observed};
use rusqlite::{Row, params};

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
        let sql = "SELECT sequence, tapped_at, seen_at, observed, run, run_millis, beacon_at
                   FROM observations WHERE session_id = ?1 ORDER BY sequence";
        let mut statement = self.connection().prepare_cached(sql)?;
        let mut rows = statement.query(params![session.as_bytes()])?;
        let mut log = Vec::new();
        while let Some(row) = rows.next()? {
            log.push(read(row)?);
        }
        Ok(log)
    }
}

fn read(row: &Row<'_>) -> Result<Observation> {
    let observed: Vec<u8> = row.get(3)?;
    let elapsed = match (row.get(4)?, row.get::<_, Option<i64>>(5)?) {
        (Some(run), Some(millis)) => {
            Some(Elapsed { run, millis: u64::try_from(millis).map_err(|_| StoreError::Damaged("observation"))? })
        }
        _ => None,
    };
    Ok(Observation {
        sequence: row.get(0)?,
        tapped_at: Timestamp::from_millis(row.get(1)?),
        seen_at: Timestamp::from_millis(row.get(2)?),
        observed: decode_observed(&observed).map_err(|_| StoreError::Damaged("observation"))?,
        elapsed,
        beacon: row.get::<_, Option<i64>>(6)?.map(Timestamp::from_millis),
    })
}

impl WriteTx<'_> {
    /// Destroys the log of a session whose record keeps its digest.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn erase_log(&self, session: SessionId) -> Result<()> {
        self.execute("DELETE FROM observations WHERE session_id = ?1", params![session.as_bytes()])?;
        Ok(())
    }

    /// Adds an observation; its sequence must be the next one.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn append_observation(&self, session: SessionId, observation: &Observation) -> Result<()> {
        self.execute(
            "INSERT INTO observations (session_id, sequence, tapped_at, seen_at, observed, run, run_millis, beacon_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![
                session.as_bytes(),
                observation.sequence,
                observation.tapped_at.as_millis(),
                observation.seen_at.as_millis(),
                encode_observed(&observation.observed),
                observation.elapsed.map(|elapsed| elapsed.run),
                observation.elapsed.map(|elapsed| i64::try_from(elapsed.millis).unwrap_or(i64::MAX)),
                observation.beacon.map(Timestamp::as_millis),
            ],
        )?;
        Ok(())
    }
}
