//! Receipts, each signed once and given out ever after.

use std::collections::BTreeSet;

use fieldproof_model::{digest::Digest, time::Timestamp};
use fieldproof_seal::{digest_of, receipt::Have};
use fieldproof_wire::ReceiptName;

use super::{Transaction, epochs};
use crate::RegisterError;

const fn kind(have: Have) -> &'static str {
    match have {
        Have::Held => "held",
        Have::Complete => "complete",
    }
}

pub(crate) fn find(tx: &Transaction<'_>, record: &Digest, have: Have) -> Result<Option<Vec<u8>>, RegisterError> {
    let sql = "SELECT signed FROM receipts WHERE record_digest = ?1 AND kind = ?2";
    tx.find(sql, &[record.as_bytes().into(), kind(have).into()], |row| row.get(0))
}

pub(crate) fn insert(tx: &Transaction<'_>, record: &Digest, have: Have, signed: &[u8]) -> Result<(), RegisterError> {
    tx.execute(
        "INSERT INTO receipts (record_digest, kind, signed) VALUES (?1, ?2, ?3)",
        &[record.as_bytes().into(), kind(have).into(), signed.into()],
    )
}

/// Every receipt.
pub(crate) fn all(tx: &Transaction<'_>) -> Result<Vec<Vec<u8>>, RegisterError> {
    tx.list("SELECT signed FROM receipts", &[], |row| row.get(0))
}

/// The records in `names` of which the book does not have the very receipt, in their order.
pub(crate) fn lost(tx: &Transaction<'_>, names: &[ReceiptName]) -> Result<Vec<Digest>, RegisterError> {
    let mut asked: BTreeSet<_> = names.iter().map(|name| (name.record, name.receipt)).collect();
    let records: BTreeSet<_> = asked.iter().map(|(record, _)| *record).collect();
    tx.each_of("SELECT record_digest, signed FROM receipts WHERE record_digest IN", &records, |row| {
        let (record, signed): (_, Vec<u8>) = (Digest::new(row.get(0)?), row.get(1)?);
        asked.remove(&(record, digest_of(&signed)));
        Ok(())
    })?;
    let others = asked.iter().map(|(_, receipt)| *receipt).collect();
    let returned = epochs::returned(tx, &others)?;
    let lost: BTreeSet<_> =
        asked.into_iter().filter(|(_, receipt)| !returned.contains(receipt)).map(|(record, _)| record).collect();
    Ok(lost.into_iter().collect())
}

/// Takes a receipt back. It is the record's, unless the record has got another one since; that one has been given out.
pub(crate) fn take_back(
    tx: &Transaction<'_>,
    record: &Digest,
    have: Have,
    signed: &[u8],
    now: Timestamp,
) -> Result<(), RegisterError> {
    tx.execute(
        "INSERT INTO receipts (record_digest, kind, signed) VALUES (?1, ?2, ?3)
         ON CONFLICT (record_digest, kind) DO NOTHING",
        &[record.as_bytes().into(), kind(have).into(), signed.into()],
    )?;
    epochs::keep_receipt(tx, record, signed, now)
}
