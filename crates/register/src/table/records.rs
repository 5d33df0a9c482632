//! The log of accepted records, and the evidence they name.

use fieldproof_model::{digest::Digest, time::Timestamp};
use fieldproof_seal::record::{Record, RecordFile};

use super::Transaction;
use crate::{
    RegisterError,
    database::{Database, Row},
};

/// A record's place in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LogPlace {
    pub(crate) index: u32,
    pub(crate) head: Digest,
    pub(crate) received_at: Timestamp,
}

fn place(row: &mut Row) -> Result<LogPlace, RegisterError> {
    Ok(LogPlace {
        index: row.get(0)?,
        head: Digest::new(row.get(1)?),
        received_at: Timestamp::from_millis(row.get(2)?),
    })
}

/// The place of a record that was accepted.
pub(crate) fn find(tx: &Transaction<'_>, record: &Digest) -> Result<Option<LogPlace>, RegisterError> {
    let sql = "SELECT log_index, log_head, received_at FROM records WHERE digest = ?1";
    tx.find(sql, &[record.as_bytes().into()], place)
}

/// The last place of the log.
pub(crate) fn last(tx: &Transaction<'_>) -> Result<Option<LogPlace>, RegisterError> {
    tx.find("SELECT log_index, log_head, received_at FROM records ORDER BY log_index DESC LIMIT 1", &[], place)
}

/// The file of a record that was accepted, exactly as it came.
pub(crate) fn file(tx: &Transaction<'_>, record: &Digest) -> Result<Option<Vec<u8>>, RegisterError> {
    tx.find("SELECT file FROM records WHERE digest = ?1", &[record.as_bytes().into()], |row| row.get(0))
}

/// Every accepted record.
pub(crate) fn all(tx: &Transaction<'_>) -> Result<Vec<Digest>, RegisterError> {
    tx.list("SELECT digest FROM records ORDER BY log_index", &[], |row| row.get(0).map(Digest::new))
}

/// The accepted records that have no complete receipt, each with when it arrived.
pub(crate) fn incomplete(tx: &Transaction<'_>) -> Result<Vec<(Digest, Timestamp)>, RegisterError> {
    tx.list(
        "SELECT digest, received_at FROM records
         WHERE NOT EXISTS (SELECT 1 FROM receipts WHERE record_digest = digest AND kind = 'complete')",
        &[],
        |row| Ok((Digest::new(row.get(0)?), Timestamp::from_millis(row.get(1)?))),
    )
}

/// An item of evidence that accepted records name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NamedItem {
    pub(crate) digest: Digest,
    pub(crate) size: u64,
    /// Whether a complete receipt says that it is here.
    pub(crate) is_receipted: bool,
}

/// Every item of evidence that accepted records name.
pub(crate) fn named(tx: &Transaction<'_>) -> Result<Vec<NamedItem>, RegisterError> {
    tx.list(
        "SELECT evidence_digest, size, max(CASE WHEN receipts.signed IS NULL THEN 0 ELSE 1 END)
         FROM record_evidence
         LEFT JOIN receipts ON receipts.record_digest = record_evidence.record_digest AND receipts.kind = 'complete'
         GROUP BY evidence_digest, size
         ORDER BY evidence_digest, size",
        &[],
        |row| Ok(NamedItem { digest: Digest::new(row.get(0)?), size: row.get(1)?, is_receipted: row.get(2)? }),
    )
}

/// The digest of the record that this one corrects; no bytes where it corrects none.
fn corrected(record: &Record) -> &[u8] {
    record.supersedes.as_ref().map_or(&[], |(corrected, _)| corrected.as_bytes())
}

/// Notes of the records of before the column which one each of them corrects.
pub(crate) fn note_corrections(database: &mut Database) -> Result<(), RegisterError> {
    let unread = "SELECT digest FROM records WHERE corrects IS NULL";
    let records = database.read()?.list(unread, &[], |row| row.get(0).map(Digest::new))?;
    if records.is_empty() {
        return Ok(());
    }
    let tx = database.write()?;
    for record in records {
        let sealed = file(&tx, &record)?.and_then(|file| RecordFile::parse(&file).ok()).unwrap_or_default().sealed;
        let said = Record::parse(&sealed).ok();
        let corrected = said.as_ref().map_or(&[][..], |(said, _)| corrected(said));
        let sql = "UPDATE records SET corrects = ?2 WHERE digest = ?1";
        tx.execute(sql, &[record.as_bytes().into(), corrected.into()])?;
    }
    tx.commit()
}

/// Adds a record with the evidence it names.
pub(crate) fn insert(
    tx: &Transaction<'_>,
    record: &Digest,
    file: &[u8],
    place: &LogPlace,
    said: &Record,
) -> Result<(), RegisterError> {
    tx.execute(
        "INSERT INTO records (log_index, log_head, digest, received_at, file, corrects)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        &[
            place.index.into(),
            place.head.as_bytes().into(),
            record.as_bytes().into(),
            place.received_at.as_millis().into(),
            file.into(),
            corrected(said).into(),
        ],
    )?;
    let sql = "INSERT INTO record_evidence (record_digest, ordinal, evidence_digest, size) VALUES (?1, ?2, ?3, ?4)";
    for (ordinal, (item, size)) in (1_u32..).zip(&said.evidence) {
        let values = [record.as_bytes().into(), ordinal.into(), item.as_bytes().into(), whole(*size)?.into()];
        tx.execute(sql, &values)?;
    }
    Ok(())
}

/// The sizes with which accepted records name this item; more than one where one of them is wrong.
pub(crate) fn sizes(tx: &Transaction<'_>, item: &Digest) -> Result<Vec<u64>, RegisterError> {
    let sql = "SELECT DISTINCT size FROM record_evidence WHERE evidence_digest = ?1 ORDER BY size LIMIT 16";
    tx.list(sql, &[item.as_bytes().into()], |row| row.get(0))
}

/// Whether an accepted record names this item with this size.
pub(crate) fn names(tx: &Transaction<'_>, item: &Digest, size: u64) -> Result<bool, RegisterError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM record_evidence WHERE evidence_digest = ?1 AND size = ?2)";
    tx.one(sql, &[item.as_bytes().into(), whole(size)?.into()], |row| row.get(0))
}

fn whole(size: u64) -> Result<i64, RegisterError> {
    i64::try_from(size).map_err(|_| RegisterError::Damaged("an evidence size is out of range"))
}
