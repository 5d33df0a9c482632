//! The epochs that began here, and what clients gave back of what was lost before them.

use std::collections::{BTreeMap, BTreeSet};

use fieldproof_model::{
    digest::Digest,
    time::{Date, Timestamp},
};
use fieldproof_seal::{
    digest_of,
    snapshot::{CertificateDigest, Delegated, DelegationDigest, Ended, Snapshot, Withdrawn},
};

use super::{Transaction, delegations::read_end, snapshots::read_state};
use crate::RegisterError;

/// The epoch now.
pub(crate) fn current(tx: &Transaction<'_>) -> Result<u32, RegisterError> {
    tx.one("SELECT epoch FROM institution WHERE id = 1", &[], |row| row.get(0))
}

/// The signed beginning of an epoch; none of the first.
pub(crate) fn began(tx: &Transaction<'_>, epoch: u32) -> Result<Option<Vec<u8>>, RegisterError> {
    tx.find("SELECT signed FROM epochs WHERE number = ?1", &[epoch.into()], |row| row.get(0))
}

/// Begins an epoch: from now on everything is signed under its number, and beacons go on from `beacon`.
pub(crate) fn begin(tx: &Transaction<'_>, number: u32, signed: &[u8], beacon: u32) -> Result<(), RegisterError> {
    tx.execute("INSERT INTO epochs (number, signed) VALUES (?1, ?2)", &[number.into(), signed.into()])?;
    let sql = "UPDATE institution SET epoch = ?1, last_beacon = ?2 WHERE id = 1";
    tx.execute(sql, &[number.into(), beacon.into()])
}

/// Keeps a receipt that was given back.
pub(crate) fn keep_receipt(
    tx: &Transaction<'_>,
    record: &Digest,
    signed: &[u8],
    returned_at: Timestamp,
) -> Result<(), RegisterError> {
    tx.execute(
        "INSERT INTO returned_receipts (digest, record_digest, signed, returned_at) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (digest) DO NOTHING",
        &[digest_of(signed).as_bytes().into(), record.as_bytes().into(), signed.into(), returned_at.as_millis().into()],
    )
}

/// Whether a receipt of a record was given back: then it is not known whether its evidence is here.
pub(crate) fn was_returned(tx: &Transaction<'_>, record: &Digest) -> Result<bool, RegisterError> {
    let sql = "SELECT count(*) FROM returned_receipts WHERE record_digest = ?1";
    Ok(0 < tx.one::<i64>(sql, &[record.as_bytes().into()], |row| row.get(0))?)
}

/// Which of these receipts were given back.
pub(crate) fn returned(tx: &Transaction<'_>, receipts: &BTreeSet<Digest>) -> Result<BTreeSet<Digest>, RegisterError> {
    let mut returned = BTreeSet::new();
    tx.each_of("SELECT digest FROM returned_receipts WHERE digest IN", receipts, |row| {
        returned.insert(Digest::new(row.get(0)?));
        Ok(())
    })?;
    Ok(returned)
}

/// Keeps what a lost list withdrew and ended. Of several lists the later one says how and since when; nothing leaves.
pub(crate) fn keep_list(tx: &Transaction<'_>, list: &Snapshot) -> Result<(), RegisterError> {
    for (certificate, (state, day)) in &list.withdrawn {
        let state = match state {
            Withdrawn::Revoked => 1,
            Withdrawn::Suspended => 2,
            Withdrawn::Refused => 3,
        };
        let sql = "INSERT INTO kept_withdrawals (certificate, state, day, epoch, number) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (certificate) DO UPDATE SET state = excluded.state, day = excluded.day,
                 epoch = excluded.epoch, number = excluded.number
             WHERE (kept_withdrawals.epoch, kept_withdrawals.number) < (excluded.epoch, excluded.number)";
        keep(tx, sql, certificate.as_bytes(), (state, *day), list)?;
    }
    for (delegation, row) in &list.delegations {
        let Some((end, day)) = row.ended else { continue };
        let end = match end {
            Ended::Retired => 1,
            Ended::Compromised => 2,
        };
        let sql = "INSERT INTO kept_ends (delegation, ended, ended_on, epoch, number) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (delegation) DO UPDATE SET ended = excluded.ended, ended_on = excluded.ended_on,
                 epoch = excluded.epoch, number = excluded.number
             WHERE (kept_ends.epoch, kept_ends.number) < (excluded.epoch, excluded.number)";
        keep(tx, sql, delegation.as_bytes(), (end, day), list)?;
    }
    Ok(())
}

fn keep(
    tx: &Transaction<'_>,
    sql: &str,
    name: &[u8; 8],
    (state, day): (i64, Date),
    list: &Snapshot,
) -> Result<(), RegisterError> {
    let values = [name.into(), state.into(), day.as_days().into(), list.epoch.into(), list.number.into()];
    tx.execute(sql, &values)
}

/// Adds what lost lists withdrew. A certificate is known only by its eight bytes, and a list that was lost is later than
/// anything that was not: its word stands.
pub(crate) fn add_withdrawals(
    tx: &Transaction<'_>,
    withdrawn: &mut BTreeMap<CertificateDigest, (Withdrawn, Date)>,
) -> Result<(), RegisterError> {
    tx.each("SELECT certificate, state, day FROM kept_withdrawals", &[], |row| {
        let (certificate, state) = (CertificateDigest::new(row.get(0)?), read_state(row.get(1)?)?);
        withdrawn.insert(certificate, (state, Date::from_days(row.get(2)?)));
        Ok(())
    })
}

/// Adds the ends that lost lists told of. How far a delegation is registered is only what is in the book.
pub(crate) fn add_ends(
    tx: &Transaction<'_>,
    delegations: &mut BTreeMap<DelegationDigest, Delegated>,
) -> Result<(), RegisterError> {
    tx.each("SELECT delegation, ended, ended_on FROM kept_ends", &[], |row| {
        let delegation = DelegationDigest::new(row.get(0)?);
        let kept = (read_end(row.get(1)?)?, Date::from_days(row.get(2)?));
        let known = delegations.entry(delegation).or_insert(Delegated { registered_up_to: 0, ended: None });
        // What was called compromised stays so.
        if known.ended.is_none_or(|(end, _)| end < kept.0) {
            known.ended = Some(kept);
        }
        Ok(())
    })
}
