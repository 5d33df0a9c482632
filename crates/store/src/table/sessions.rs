//! Sessions: who is assessed by whom, the gate as filled in so far, and who acknowledged.

use fieldproof_model::{
    gate::Gate,
    id::{PersonId, SchemeId, SessionId},
    time::Timestamp,
};
use fieldproof_seal::{
    cbor,
    gate::{gate_value, parse_gate},
    parts::{Acknowledgement, AcknowledgementRole, PART_LIMIT, acknowledgement_value, parse_acknowledgement},
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
    /// Who stands by, unless nobody does.
    pub second_person: Option<PersonId>,
    /// Which scheme.
    pub scheme_id: SchemeId,
    /// The signed scheme, frozen when the session was opened.
    pub scheme: Vec<u8>,
    /// The encoded course, frozen likewise.
    pub course: Vec<u8>,
    /// The language of the wording the assessor sees.
    pub language: String,
    /// The session of the other member of a team.
    pub partner: Option<SessionId>,
    /// Which attempt of the candidate's this is, as far as this laptop knows.
    pub attempt: u32,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// The gate as filled in so far.
    pub gate: Gate,
    /// When it was given up.
    pub abandoned_at: Option<Timestamp>,
}

const COLUMNS: &str = "id, assessor_id, candidate_id, second_person_id, scheme_id, scheme, course, language, \
                       partner_id, attempt, opened_at, gate, abandoned_at";

/// A row as SQL hands it over.
struct Columns {
    id: Vec<u8>,
    assessor: Vec<u8>,
    candidate: Vec<u8>,
    second_person: Option<Vec<u8>>,
    scheme_id: Vec<u8>,
    scheme: Vec<u8>,
    course: Vec<u8>,
    language: String,
    partner: Option<Vec<u8>>,
    attempt: u32,
    opened_at: i64,
    gate: Vec<u8>,
    abandoned_at: Option<i64>,
}

fn columns(row: &Row<'_>) -> rusqlite::Result<Columns> {
    Ok(Columns {
        id: row.get(0)?,
        assessor: row.get(1)?,
        candidate: row.get(2)?,
        second_person: row.get(3)?,
        scheme_id: row.get(4)?,
        scheme: row.get(5)?,
        course: row.get(6)?,
        language: row.get(7)?,
        partner: row.get(8)?,
        attempt: row.get(9)?,
        opened_at: row.get(10)?,
        gate: row.get(11)?,
        abandoned_at: row.get(12)?,
    })
}

fn parse(row: Columns) -> Result<SessionRow> {
    let damaged = |_| StoreError::Damaged("gate");
    let gate = cbor::decode(&row.gate, PART_LIMIT).and_then(parse_gate).map_err(damaged)?;
    let person = |id| array(id, "session").map(PersonId::new);
    Ok(SessionRow {
        id: SessionId::new(array(row.id, "session")?),
        assessor: person(row.assessor)?,
        candidate: person(row.candidate)?,
        second_person: row.second_person.map(person).transpose()?,
        scheme_id: SchemeId::new(array(row.scheme_id, "session")?),
        scheme: row.scheme,
        course: row.course,
        language: row.language,
        partner: row.partner.map(|id| array(id, "session").map(SessionId::new)).transpose()?,
        attempt: row.attempt,
        opened_at: Timestamp::from_millis(row.opened_at),
        gate,
        abandoned_at: row.abandoned_at.map(Timestamp::from_millis),
    })
}

impl ReadTx<'_> {
    /// Lists an assessor's sessions, the newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn sessions(&self, assessor: PersonId) -> Result<Vec<SessionId>> {
        let sql = "SELECT id FROM sessions WHERE assessor_id = ?1 ORDER BY opened_at DESC, id";
        let mut statement = self.connection().prepare_cached(sql)?;
        let rows = statement.query_map(params![assessor.as_bytes()], |row| row.get::<_, Vec<u8>>(0))?;
        rows.map(|row| array(row?, "session").map(SessionId::new)).collect()
    }

    /// Lists an assessor's sessions that can still change, those of which the register lacks something, and the `newest`
    /// opened last. Nothing of what is over is read for it: a session and its record take a hundred thousand bytes.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn sessions_at_hand(&self, assessor: PersonId, newest: u32) -> Result<Vec<SessionId>> {
        let sql = "WITH own AS (SELECT rowid AS place, id FROM sessions WHERE assessor_id = ?1)
                   SELECT id FROM own
                   WHERE place IN (SELECT place FROM own ORDER BY place DESC LIMIT ?2)
                       OR CASE WHEN EXISTS (SELECT 1 FROM records WHERE session_id = own.id)
                           THEN EXISTS (
                               SELECT 1 FROM records
                               WHERE session_id = own.id
                                   AND (EXISTS (SELECT 1 FROM lost_there WHERE record_digest = digest)
                                       OR NOT EXISTS (
                                           SELECT 1 FROM register_answers
                                           WHERE record_digest = digest AND kind = 'complete'
                                       ))
                           )
                           ELSE (SELECT abandoned_at IS NULL FROM sessions WHERE sessions.id = own.id)
                       END";
        let mut statement = self.connection().prepare_cached(sql)?;
        let rows = statement.query_map(params![assessor.as_bytes(), newest], |row| row.get::<_, Vec<u8>>(0))?;
        rows.map(|row| array(row?, "session").map(SessionId::new)).collect()
    }

    /// How many sessions an assessor has.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn count_sessions(&self, assessor: PersonId) -> Result<usize> {
        let sql = "SELECT count(*) FROM sessions WHERE assessor_id = ?1";
        let count: i64 = self.connection().query_row(sql, params![assessor.as_bytes()], |row| row.get(0))?;
        Ok(usize::try_from(count).unwrap_or_default())
    }

    /// Lists the sessions of a candidate under a scheme whose exercise began; of a sealed one the log may be erased.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn begun_sessions(&self, candidate: PersonId, scheme: SchemeId) -> Result<Vec<SessionId>> {
        let sql = "SELECT id FROM sessions WHERE candidate_id = ?1 AND scheme_id = ?2
                   AND (EXISTS (SELECT 1 FROM observations WHERE session_id = sessions.id)
                        OR EXISTS (SELECT 1 FROM records WHERE session_id = sessions.id)) ORDER BY id";
        let mut statement = self.connection().prepare_cached(sql)?;
        let rows =
            statement.query_map(params![candidate.as_bytes(), scheme.as_bytes()], |row| row.get::<_, Vec<u8>>(0))?;
        rows.map(|row| array(row?, "session").map(SessionId::new)).collect()
    }

    /// Lists the sessions that somebody takes part in, as whatever.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn sessions_of(&self, person: PersonId) -> Result<Vec<SessionId>> {
        let sql = "SELECT id FROM sessions WHERE ?1 IN (candidate_id, second_person_id, assessor_id)
                   ORDER BY opened_at, id";
        let mut statement = self.connection().prepare_cached(sql)?;
        let rows = statement.query_map(params![person.as_bytes()], |row| row.get::<_, Vec<u8>>(0))?;
        rows.map(|row| array(row?, "session").map(SessionId::new)).collect()
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
            &format!(
                "INSERT INTO sessions ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)"
            ),
            params![
                row.id.as_bytes(),
                row.assessor.as_bytes(),
                row.candidate.as_bytes(),
                row.second_person.as_ref().map(PersonId::as_bytes),
                row.scheme_id.as_bytes(),
                row.scheme,
                row.course,
                row.language,
                row.partner.as_ref().map(SessionId::as_bytes),
                row.attempt,
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

    /// Puts another course in the place of the one that was frozen.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn set_session_course(&self, id: SessionId, course: &[u8]) -> Result<()> {
        self.execute("UPDATE sessions SET course = ?2 WHERE id = ?1", params![id.as_bytes(), course])?;
        Ok(())
    }

    /// Destroys the acknowledgements of a session whose record keeps their digest.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn erase_acknowledgements(&self, id: SessionId) -> Result<()> {
        self.execute("DELETE FROM acknowledgements WHERE session_id = ?1", params![id.as_bytes()])?;
        Ok(())
    }

    /// Notes which attempt of the candidate's a session is.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn set_attempt(&self, id: SessionId, attempt: u32) -> Result<()> {
        self.execute("UPDATE sessions SET attempt = ?2 WHERE id = ?1", params![id.as_bytes(), attempt])?;
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
