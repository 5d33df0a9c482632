//! Which rows name evidence, and which evidence left this laptop. The bytes are in the evidence file.

use fieldproof_model::{digest::Digest, gate::Gate, id::SessionId, observation::Observed, time::Timestamp};
use fieldproof_seal::{
    cbor,
    chain::{ChainEntry, ChainEvent},
    gate::parse_gate,
    observation::decode_observed,
    parts::PART_LIMIT,
    record::{Record, RecordFile},
};
use rusqlite::{OptionalExtension, params};

use crate::{
    Result, StoreError,
    table::{ReadTx, WriteTx, array},
};

impl ReadTx<'_> {
    /// Lists what logs and gates name, with the session that does.
    ///
    /// # Errors
    /// [`StoreError`]; [`StoreError::Damaged`] also for a row of a version before that this one cannot read: nobody
    /// knows what it names.
    pub fn evidence_of_sessions(&self) -> Result<Vec<(SessionId, Digest)>> {
        let mut named = self.evidence_of_logs()?;
        let mut statement = self.connection().prepare_cached("SELECT id, gate FROM sessions")?;
        let rows = statement.query_map([], |row| Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, Vec<u8>>(1)?)))?;
        for row in rows {
            let (id, gate) = row?;
            let gate = cbor::decode(&gate, PART_LIMIT).and_then(parse_gate).map_err(|_| StoreError::Damaged("gate"))?;
            let id = SessionId::new(array(id, "session")?);
            named.extend(photos(&gate).map(|digest| (id, digest)));
        }
        Ok(named)
    }

    fn evidence_of_logs(&self) -> Result<Vec<(SessionId, Digest)>> {
        let sql = "SELECT session_id, observed FROM observations WHERE substr(observed, 2, 2) IN (X'0004', X'0012')";
        let mut statement = self.connection().prepare_cached(sql)?;
        let rows = statement.query_map([], |row| Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, Vec<u8>>(1)?)))?;
        let mut named = Vec::new();
        for row in rows {
            let (id, observed) = row?;
            let observed = decode_observed(&observed).map_err(|_| StoreError::Damaged("observation"))?;
            if let Observed::Photo { digest, .. } | Observed::File { digest, .. } = observed {
                named.push((SessionId::new(array(id, "session")?), digest));
            }
        }
        Ok(named)
    }

    /// Lists what activity entries name.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn evidence_of_activities(&self) -> Result<Vec<Digest>> {
        let mut named = Vec::new();
        for signed in self.chain_events()? {
            let (entry, _) = ChainEntry::parse(&signed).map_err(|_| StoreError::Damaged("chain entry"))?;
            if let ChainEvent::Activity(activity) = entry.event {
                named.extend(activity.proof);
            }
        }
        Ok(named)
    }

    /// Lists what sealed records name, with the session of each. They name it whatever became of logs and gates.
    ///
    /// # Errors
    /// [`StoreError`]; [`StoreError::Damaged`] for a record that cannot be read.
    pub fn evidence_of_records(&self) -> Result<Vec<(SessionId, Digest)>> {
        let mut statement = self.connection().prepare_cached("SELECT session_id, file FROM records")?;
        let rows = statement.query_map([], |row| Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, Vec<u8>>(1)?)))?;
        let mut named = Vec::new();
        for row in rows {
            let (id, file) = row?;
            let id = SessionId::new(array(id, "record")?);
            let record = RecordFile::parse(&file).and_then(|file| Record::parse(&file.sealed));
            let (record, _) = record.map_err(|_| StoreError::Damaged("record"))?;
            named.extend(record.evidence.into_iter().map(|(digest, _)| (id, digest)));
        }
        Ok(named)
    }

    /// Lists what left this laptop.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn evidence_that_left(&self) -> Result<Vec<Digest>> {
        let mut statement = self.connection().prepare_cached("SELECT digest FROM evidence_left")?;
        let rows = statement.query_map([], |row| row.get::<_, Vec<u8>>(0))?;
        rows.map(|row| array(row?, "evidence").map(Digest::new)).collect()
    }

    /// Tells when an item left this laptop; `None` when it did not.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn evidence_left_at(&self, digest: Digest) -> Result<Option<Timestamp>> {
        let sql = "SELECT left_at FROM evidence_left WHERE digest = ?1";
        let at = self.connection().query_row(sql, params![digest.as_bytes()], |row| row.get(0)).optional()?;
        Ok(at.map(Timestamp::from_millis))
    }
}

fn photos(gate: &Gate) -> impl Iterator<Item = Digest> {
    let shown = gate.prerequisites.values().chain(gate.competences.values());
    shown.filter_map(|shown| shown.photo.map(|photo| photo.digest))
}

impl WriteTx<'_> {
    /// Notes that an item leaves; it is removed from the evidence file after this is on disk, never before.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn set_evidence_left(&self, digest: Digest, at: Timestamp) -> Result<()> {
        let sql = "INSERT INTO evidence_left (digest, left_at) VALUES (?1, ?2) ON CONFLICT (digest) DO NOTHING";
        self.execute(sql, params![digest.as_bytes(), at.as_millis()])?;
        Ok(())
    }

    /// Notes that an item is here, whatever was said before.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn set_evidence_here(&self, digest: Digest) -> Result<()> {
        self.execute("DELETE FROM evidence_left WHERE digest = ?1", params![digest.as_bytes()])?;
        Ok(())
    }
}
