//! Delegations in use, and how far the chains of their keys are registered.

use std::collections::BTreeMap;

use fieldproof_model::{digest::Digest, time::Date};
use fieldproof_seal::{
    envelope::{Kind, Unverified},
    keys::PublicKey,
    pack::EndedDelegation,
    receipt::Have,
    snapshot::{Delegated, DelegationDigest, Ended},
};

use super::{Transaction, receipts};
use crate::RegisterError;

/// Notes a delegation under which a record was accepted.
pub(crate) fn keep(tx: &Transaction<'_>, signed: &[u8], key: &PublicKey) -> Result<(), RegisterError> {
    tx.execute(
        "INSERT INTO delegations (digest, assessor_key) VALUES (?1, ?2) ON CONFLICT (digest) DO NOTHING",
        &[DelegationDigest::of(signed).as_bytes().into(), key.as_bytes().into()],
    )
}

/// Ends a delegation as its institution says. What was called compromised stays so.
pub(crate) fn end(tx: &Transaction<'_>, ended: &EndedDelegation) -> Result<(), RegisterError> {
    let number: i64 = match ended.end {
        Ended::Retired => 1,
        Ended::Compromised => 2,
    };
    tx.execute(
        "INSERT INTO delegations (digest, assessor_key, ended, ended_on) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (digest) DO UPDATE SET ended = excluded.ended, ended_on = excluded.ended_on
         WHERE delegations.ended IS NULL OR delegations.ended < excluded.ended",
        &[
            DelegationDigest::of_digest(&ended.delegation).as_bytes().into(),
            ended.key.as_bytes().into(),
            number.into(),
            ended.on.as_days().into(),
        ],
    )
}

/// Goes on in every chain that holds this record.
pub(crate) fn advance_past(tx: &Transaction<'_>, record: &Digest) -> Result<(), RegisterError> {
    let sql = "SELECT DISTINCT assessor_key FROM chain_entries WHERE digest = ?1";
    let keys = tx.list(sql, &[record.as_bytes().into()], |row| row.get(0).map(PublicKey::new))?;
    keys.iter().try_for_each(|key| advance(tx, key))
}

/// Goes on from where a key's chain was registered: past every entry that stands alone at its place, and past a record
/// only once it is complete.
pub(crate) fn advance(tx: &Transaction<'_>, key: &PublicKey) -> Result<(), RegisterError> {
    let sql = "SELECT registered_up_to FROM chains WHERE assessor_key = ?1";
    let before = tx.find(sql, &[key.as_bytes().into()], |row| row.get(0))?.unwrap_or(0);
    let mut reached: u32 = before;
    while let Some(next) = reached.checked_add(1) {
        if !is_registered(tx, key, next)? {
            break;
        }
        reached = next;
    }
    if reached == before {
        return Ok(());
    }
    tx.execute(
        "INSERT INTO chains (assessor_key, registered_up_to) VALUES (?1, ?2)
         ON CONFLICT (assessor_key) DO UPDATE SET registered_up_to = excluded.registered_up_to",
        &[key.as_bytes().into(), reached.into()],
    )
}

fn is_registered(tx: &Transaction<'_>, key: &PublicKey, index: u32) -> Result<bool, RegisterError> {
    let sql = "SELECT digest, signed FROM chain_entries WHERE assessor_key = ?1 AND chain_index = ?2";
    let entries: Vec<([u8; 32], Vec<u8>)> =
        tx.list(sql, &[key.as_bytes().into(), index.into()], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let [(entry, signed)] = entries.as_slice() else {
        return Ok(false);
    };
    let is_record = Unverified::parse(signed).is_ok_and(|entry| entry.kind == Kind::Record);
    Ok(!is_record || receipts::find(tx, &Digest::new(*entry), Have::Complete)?.is_some())
}

/// Every delegation, as the snapshot lists it.
pub(crate) fn all(tx: &Transaction<'_>) -> Result<BTreeMap<DelegationDigest, Delegated>, RegisterError> {
    let rows = tx.list(
        "SELECT delegations.digest, coalesce(chains.registered_up_to, 0), ended, ended_on
         FROM delegations LEFT JOIN chains ON chains.assessor_key = delegations.assessor_key",
        &[],
        |row| {
            let (digest, registered_up_to) = (DelegationDigest::new(row.get(0)?), row.get(1)?);
            let (ended, day): (Option<i64>, Option<i32>) = (row.get(2)?, row.get(3)?);
            let ended = ended.zip(day.map(Date::from_days));
            let ended = ended.map(|(end, day)| Ok::<_, RegisterError>((read_end(end)?, day))).transpose()?;
            Ok((digest, Delegated { registered_up_to, ended }))
        },
    )?;
    Ok(rows.into_iter().collect())
}

pub(super) const fn read_end(number: i64) -> Result<Ended, RegisterError> {
    match number {
        1 => Ok(Ended::Retired),
        2 => Ok(Ended::Compromised),
        _ => Err(RegisterError::Damaged("a delegation ended in an unknown way")),
    }
}
