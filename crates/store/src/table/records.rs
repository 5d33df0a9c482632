//! Sealed records with their tokens, and what the register signed about them.

use fieldproof_model::{digest::Digest, id::SessionId, time::Timestamp};
use rusqlite::{OptionalExtension, Row, params};

use crate::{
    Result,
    table::{ReadTx, WriteTx, array},
};

/// A sealed record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordRow {
    /// Digest of the sealed bytes.
    pub digest: Digest,
    /// The session it seals.
    pub session: SessionId,
    /// The record file, exactly as made.
    pub file: Vec<u8>,
    /// The certificate's token, where one goes out.
    pub token: Option<Vec<u8>>,
    /// When certificate or result sheet was first handed to the viewer.
    pub document_opened_at: Option<Timestamp>,
}

/// What the register signed about a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnswerKind {
    /// It has the record; evidence is missing.
    Held,
    /// It has everything.
    Complete,
    /// It said no.
    Refusal,
}

impl AnswerKind {
    const fn name(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Complete => "complete",
            Self::Refusal => "refusal",
        }
    }
}

type Columns = (Vec<u8>, Vec<u8>, Vec<u8>, Option<Vec<u8>>, Option<i64>);

const COLUMNS: &str = "digest, session_id, file, token, document_opened_at";

fn columns(row: &Row<'_>) -> rusqlite::Result<Columns> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
}

fn parse((digest, session, file, token, opened_at): Columns) -> Result<RecordRow> {
    Ok(RecordRow {
        digest: Digest::new(array(digest, "record")?),
        session: SessionId::new(array(session, "record")?),
        file,
        token,
        document_opened_at: opened_at.map(Timestamp::from_millis),
    })
}

impl ReadTx<'_> {
    /// Lists the records of a session in the order of sealing: each but the first corrects the one before.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn records_of(&self, session: SessionId) -> Result<Vec<RecordRow>> {
        let sql = format!("SELECT {COLUMNS} FROM records WHERE session_id = ?1 ORDER BY number");
        let mut statement = self.connection().prepare_cached(&sql)?;
        let rows = statement.query_map(params![session.as_bytes()], columns)?;
        rows.map(|row| parse(row?)).collect()
    }

    /// Finds a record, whoever sealed it.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn record(&self, digest: Digest) -> Result<Option<RecordRow>> {
        let sql = format!("SELECT {COLUMNS} FROM records WHERE digest = ?1");
        let row = self.connection().query_row(&sql, params![digest.as_bytes()], columns).optional()?;
        row.map(parse).transpose()
    }

    /// Lists every record without a complete receipt, whoever sealed it; refused ones too.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn records_not_in_register(&self) -> Result<Vec<RecordRow>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM records
             WHERE NOT EXISTS (
                 SELECT 1 FROM register_answers WHERE record_digest = digest AND kind = 'complete'
             )
             ORDER BY number"
        );
        let mut statement = self.connection().prepare_cached(&sql)?;
        let rows = statement.query_map([], columns)?;
        rows.map(|row| parse(row?)).collect()
    }

    /// Lists the records whose certificate was opened for printing and the register was not told of it, while it has no
    /// complete record or has lost it.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn papers_to_tell(&self) -> Result<Vec<RecordRow>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM records
             WHERE is_paper_told = 0 AND token IS NOT NULL AND document_opened_at IS NOT NULL
                 AND (NOT EXISTS (SELECT 1 FROM register_answers WHERE record_digest = digest AND kind = 'complete')
                     OR EXISTS (SELECT 1 FROM lost_there WHERE record_digest = digest AND item = digest))
             ORDER BY number"
        );
        let mut statement = self.connection().prepare_cached(&sql)?;
        let rows = statement.query_map([], columns)?;
        rows.map(|row| parse(row?)).collect()
    }

    /// What the register refused earlier, of a record that was offered again.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn earlier_refusals(&self, record: Digest) -> Result<Vec<Vec<u8>>> {
        let sql = "SELECT signed FROM earlier_refusals WHERE record_digest = ?1 ORDER BY rowid";
        let mut statement = self.connection().prepare_cached(sql)?;
        let rows = statement.query_map(params![record.as_bytes()], |row| row.get(0))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// How many records are neither in the register nor refused, whoever sealed them.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn count_unsent_records(&self) -> Result<usize> {
        let sql = "SELECT count(*) FROM records WHERE NOT EXISTS (
                       SELECT 1 FROM register_answers WHERE record_digest = digest AND kind IN ('complete', 'refusal')
                   )";
        let count: i64 = self.connection().query_row(sql, [], |row| row.get(0))?;
        Ok(usize::try_from(count).unwrap_or_default())
    }

    /// Reads what the register signed about a record.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn register_answer(&self, record: Digest, kind: AnswerKind) -> Result<Option<Vec<u8>>> {
        let sql = "SELECT signed FROM register_answers WHERE record_digest = ?1 AND kind = ?2";
        let row = self.connection().query_row(sql, params![record.as_bytes(), kind.name()], |row| row.get(0));
        Ok(row.optional()?)
    }
}

impl WriteTx<'_> {
    /// Adds a sealed record.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn add_record(&self, row: &RecordRow) -> Result<()> {
        self.execute(
            &format!("INSERT INTO records ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5)"),
            params![
                row.digest.as_bytes(),
                row.session.as_bytes(),
                row.file,
                row.token,
                row.document_opened_at.map(Timestamp::as_millis),
            ],
        )?;
        Ok(())
    }

    /// Puts another file of the same record in the place of the one before, and its token or none.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn set_record_file(&self, record: Digest, file: &[u8], token: Option<&[u8]>) -> Result<()> {
        let sql = "UPDATE records SET file = ?2, token = ?3 WHERE digest = ?1";
        self.execute(sql, params![record.as_bytes(), file, token])?;
        Ok(())
    }

    /// Notes that the register was told of a record's paper.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn paper_is_told(&self, record: Digest) -> Result<()> {
        self.execute("UPDATE records SET is_paper_told = 1 WHERE digest = ?1", params![record.as_bytes()])?;
        Ok(())
    }

    /// Notes that nobody knows which papers the register was told of: they are told again.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn papers_are_not_told(&self) -> Result<()> {
        self.execute("UPDATE records SET is_paper_told = 0 WHERE is_paper_told = 1", [])?;
        Ok(())
    }

    /// Notes when certificate or result sheet was first handed to the viewer.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn set_document_opened(&self, record: Digest, at: Timestamp) -> Result<()> {
        self.execute(
            "UPDATE records SET document_opened_at = ?2 WHERE digest = ?1 AND document_opened_at IS NULL",
            params![record.as_bytes(), at.as_millis()],
        )?;
        Ok(())
    }

    /// Keeps what the register answered to a record that was offered again. The refusal of before is kept apart.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn keep_later_answer(&self, record: Digest, kind: AnswerKind, signed: &[u8]) -> Result<()> {
        let refused = self.register_answer(record, AnswerKind::Refusal)?;
        if let Some(before) = refused.filter(|before| before != signed) {
            self.execute(
                "INSERT INTO earlier_refusals (record_digest, signed) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
                params![record.as_bytes(), before],
            )?;
            self.execute(
                "DELETE FROM register_answers WHERE record_digest = ?1 AND kind = 'refusal'",
                params![record.as_bytes()],
            )?;
        }
        self.keep_register_answer(record, kind, signed)
    }

    /// Keeps what the register signed; the first answer of a kind stays.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn keep_register_answer(&self, record: Digest, kind: AnswerKind, signed: &[u8]) -> Result<()> {
        self.execute(
            "INSERT INTO register_answers (record_digest, kind, signed) VALUES (?1, ?2, ?3)
             ON CONFLICT (record_digest, kind) DO NOTHING",
            params![record.as_bytes(), kind.name(), signed],
        )?;
        Ok(())
    }
}
