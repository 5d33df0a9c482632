//! Sessions: who is assessed by whom, the gate as filled in so far, and who acknowledged.

use fieldproof_model::{
    gate::Gate,
    id::{PersonId, SessionId},
    time::Timestamp,
};
use fieldproof_seal::{
    cbor,
    parts::{
        Acknowledgement, AcknowledgementRole, PART_LIMIT, acknowledgement_value, gate_value, parse_acknowledgement,
        parse_gate,
    },
};
use rusqlite::{OptionalExtension, Row, params};

use crate::{
    Result, StoreError,
    table::{ReadTx, WriteTx, array},
};

/// One session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    /// Which.
    pub id: SessionId,
    /// Who assesses.
    pub assessor: PersonId,
    /// Who is assessed.
    pub candidate: PersonId,
    /// Who stands by.
    pub second_person: PersonId,
    /// The signed scheme, frozen when the session was opened.
    pub scheme: Vec<u8>,
    /// The encoded course, frozen likewise.
    pub course: Vec<u8>,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// The gate as filled in so far.
    pub gate: Gate,
    /// When it was given up.
    pub abandoned_at: Option<Timestamp>,
}

const COLUMNS: &str = "id, assessor_id, candidate_id, second_person_id, scheme, course, opened_at, gate, abandoned_at";

type Columns = ([Vec<u8>; 4], Vec<u8>, Vec<u8>, i64, Vec<u8>, Option<i64>);

fn columns(row: &Row<'_>) -> rusqlite::Result<Columns> {
    let ids = [row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?];
    Ok((ids, row.get(4)?, row.get(5)?, row.get(6)?, row.get(7)?, row.get(8)?))
}

fn parse((ids, scheme, course, opened_at, gate, abandoned_at): Columns) -> Result<SessionRow> {
    let [id, assessor, candidate, second_person] = ids;
    let damaged = |_| StoreError::Damaged("gate");
    let gate = cbor::decode(&gate, PART_LIMIT).and_then(parse_gate).map_err(damaged)?;
    let person = |id| array(id, "session").map(PersonId::new);
    Ok(SessionRow {
        id: SessionId::new(array(id, "session")?),
        assessor: person(assessor)?,
        candidate: person(candidate)?,
        second_person: person(second_person)?,
        scheme,
        course,
        opened_at: Timestamp::from_millis(opened_at),
        gate,
        abandoned_at: abandoned_at.map(Timestamp::from_millis),
    })
}

impl ReadTx<'_> {
    /// Lists an assessor's sessions, the newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn sessions(&self, assessor: PersonId) -> Result<Vec<SessionRow>> {
        let sql = format!("SELECT {COLUMNS} FROM sessions WHERE assessor_id = ?1 ORDER BY opened_at DESC, id");
        let mut statement = self.connection().prepare_cached(&sql)?;
        let rows = statement.query_map(params![assessor.as_bytes()], columns)?;
        rows.map(|row| parse(row?)).collect()
    }

    /// Reads one session.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn session(&self, id: SessionId) -> Result<Option<SessionRow>> {
        let sql = format!("SELECT {COLUMNS} FROM sessions WHERE id = ?1");
        self.connection().query_row(&sql, params![id.as_bytes()], columns).optional()?.map(parse).transpose()
    }

    /// Lists who acknowledged the result, the candidate first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn acknowledgements(&self, id: SessionId) -> Result<Vec<Acknowledgement>> {
        let sql = "SELECT content FROM acknowledgements WHERE session_id = ?1 ORDER BY role";
        let mut statement = self.connection().prepare_cached(sql)?;
        let rows = statement.query_map(params![id.as_bytes()], |row| row.get::<_, Vec<u8>>(0))?;
        let read = |content: Vec<u8>| cbor::decode(&content, PART_LIMIT).and_then(parse_acknowledgement);
        rows.map(|row| read(row?).map_err(|_| StoreError::Damaged("acknowledgement"))).collect()
    }
}

impl WriteTx<'_> {
    /// Adds a session.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn add_session(&self, row: &SessionRow) -> Result<()> {
        self.execute(
            &format!("INSERT INTO sessions ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"),
            params![
                row.id.as_bytes(),
                row.assessor.as_bytes(),
                row.candidate.as_bytes(),
                row.second_person.as_bytes(),
                row.scheme,
                row.course,
                row.opened_at.as_millis(),
                cbor::encode(gate_value(&row.gate)),
                row.abandoned_at.map(Timestamp::as_millis),
            ],
        )?;
        Ok(())
    }

    /// Keeps the gate as filled in so far.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn set_gate(&self, id: SessionId, gate: &Gate) -> Result<()> {
        let gate = cbor::encode(gate_value(gate));
        self.execute("UPDATE sessions SET gate = ?2 WHERE id = ?1", params![id.as_bytes(), gate])?;
        Ok(())
    }

    /// Marks a session as given up.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn set_abandoned(&self, id: SessionId, at: Timestamp) -> Result<()> {
        let sql = "UPDATE sessions SET abandoned_at = ?2 WHERE id = ?1";
        self.execute(sql, params![id.as_bytes(), at.as_millis()])?;
        Ok(())
    }

    /// Takes an acknowledgement; until the record is sealed a later one replaces it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn set_acknowledgement(&self, id: SessionId, acknowledgement: &Acknowledgement) -> Result<()> {
        let role = match acknowledgement.role {
            AcknowledgementRole::Candidate => 1,
            AcknowledgementRole::SecondPerson => 2,
        };
        let content = cbor::encode(acknowledgement_value(acknowledgement));
        self.execute(
            "INSERT INTO acknowledgements (session_id, role, content) VALUES (?1, ?2, ?3)
             ON CONFLICT (session_id, role) DO UPDATE SET content = excluded.content",
            params![id.as_bytes(), role, content],
        )?;
        Ok(())
    }
}
