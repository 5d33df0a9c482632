//! The snapshot: the signed, numbered list of what was withdrawn, how far each delegation is registered, and what
//! stands under keys that somebody else may have.

use std::collections::{BTreeMap, BTreeSet};

use ciborium::Value;
use fieldproof_model::{
    digest::Digest,
    id::CertificateId,
    time::{Date, Timestamp},
};

use crate::{
    cbor::{FormatError, Writer, bytes, integer},
    choice::{choice, number},
    envelope::{self, Kind, Purpose, Unverified},
    keys::{KeyId, SecretKey, digest_of},
};

/// How a certificate was withdrawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Withdrawn {
    /// For good.
    Revoked,
    /// For the time being.
    Suspended,
    /// Its record was never accepted.
    Refused,
}

const STATES: [(Withdrawn, i64); 3] = [(Withdrawn::Revoked, 1), (Withdrawn::Suspended, 2), (Withdrawn::Refused, 3)];

/// Why a delegation is no longer in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ended {
    /// The assessor stopped; what the register holds stands.
    Retired,
    /// Somebody else may have the key; only what is listed stands.
    Compromised,
}

pub(crate) const ENDS: [(Ended, i64); 2] = [(Ended::Retired, 1), (Ended::Compromised, 2)];

/// A delegation as the register knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delegated {
    /// Every entry of the key's chain up to this one is registered; 0 when none is.
    pub registered_up_to: u32,
    /// Why and since when it is no longer in use.
    pub ended: Option<(Ended, Date)>,
}

/// The first bytes of a digest, as a row of a list.
fn short<const N: usize>(digest: &Digest) -> [u8; N] {
    let mut short = [0; N];
    for (to, from) in short.iter_mut().zip(digest.as_bytes()) {
        *to = *from;
    }
    short
}

/// The first eight bytes of a certificate identifier's digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct CertificateDigest([u8; 8]);

impl CertificateDigest {
    /// The digest of a certificate's identifier.
    #[must_use]
    pub fn of(id: &CertificateId) -> Self {
        Self(short(&digest_of(id.as_bytes())))
    }

    /// Takes the eight bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 8]) -> Self {
        Self(bytes)
    }

    /// The eight bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 8] {
        &self.0
    }
}

/// The first eight bytes of the digest of a signed delegation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct DelegationDigest([u8; 8]);

impl DelegationDigest {
    /// The digest of a signed delegation.
    #[must_use]
    pub fn of(signed: &[u8]) -> Self {
        Self::of_digest(&digest_of(signed))
    }

    /// The same of a digest of the whole signed delegation.
    #[must_use]
    pub fn of_digest(digest: &Digest) -> Self {
        Self(short(digest))
    }

    /// Takes the eight bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 8]) -> Self {
        Self(bytes)
    }

    /// The eight bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 8] {
        &self.0
    }
}

/// The first sixteen bytes of the digest of what was signed: long enough that the thief of a key finds no second text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct StandingDigest([u8; 16]);

impl StandingDigest {
    /// The digest of a signed thing's payload.
    #[must_use]
    pub fn of(payload: &Digest) -> Self {
        Self(short(payload))
    }
}

/// What was withdrawn, as of a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// Whether it counts.
    pub purpose: Purpose,
    /// The register's epoch.
    pub epoch: u32,
    /// Rises with every snapshot of an epoch.
    pub number: u32,
    /// As of when.
    pub as_of: Timestamp,
    /// Withdrawn certificates with the day it happened.
    pub withdrawn: BTreeMap<CertificateDigest, (Withdrawn, Date)>,
    /// Delegations the register has heard of.
    pub delegations: BTreeMap<DelegationDigest, Delegated>,
    /// What stands of all that compromised keys signed: tokens, records and delegations, by the digest of their payload.
    pub standing: BTreeMap<KeyId, BTreeSet<StandingDigest>>,
}

impl Snapshot {
    /// Signs the snapshot with a register key.
    #[must_use]
    pub fn sign(&self, register: &SecretKey) -> Vec<u8> {
        let withdrawn = self.withdrawn.iter().map(|(certificate, (state, day))| {
            let state = number(&STATES, state);
            Value::Array(vec![bytes(certificate.0), Value::from(state), Value::from(day.as_days())])
        });
        let delegations = self.delegations.iter().map(|(delegation, row)| {
            let mut items = vec![bytes(delegation.0), Value::from(row.registered_up_to)];
            if let Some((ended, day)) = row.ended {
                items.extend([Value::from(number(&ENDS, &ended)), Value::from(day.as_days())]);
            }
            Value::Array(items)
        });
        let standing = self.standing.iter().map(|(key, digests)| {
            let digests: Vec<u8> = digests.iter().flat_map(|digest| digest.0).collect();
            Value::Array(vec![bytes(*key.as_bytes()), bytes(digests)])
        });
        let fields = Writer::default()
            .with(2, self.epoch)
            .with(3, self.number)
            .with(4, self.as_of.as_millis())
            .with(5, Value::Array(withdrawn.collect()))
            .with(6, Value::Array(delegations.collect()))
            .with(7, Value::Array(standing.collect()));
        envelope::sign(Kind::Snapshot, self.purpose, fields, register)
    }

    /// Reads a snapshot without believing it.
    ///
    /// # Errors
    /// [`FormatError`]; rows must be sorted and unique.
    pub fn parse(signed: &[u8]) -> Result<(Self, Unverified), FormatError> {
        let unverified = Unverified::parse_kind(signed, Kind::Snapshot)?;
        let mut fields = unverified.unverified_fields()?;
        let snapshot = Self {
            purpose: unverified.purpose,
            epoch: fields.number(2)?,
            number: fields.number(3)?,
            as_of: fields.timestamp(4)?,
            withdrawn: sorted(&fields.list(5)?, parse_withdrawn).ok_or(FormatError::Malformed(5))?,
            delegations: sorted(&fields.list(6)?, parse_delegated).ok_or(FormatError::Malformed(6))?,
            standing: sorted(&fields.list(7)?, parse_standing).ok_or(FormatError::Malformed(7))?,
        };
        Ok((snapshot, unverified))
    }

    /// Whether this one replaces `held`: a later epoch, or a higher number in the same one. Never back.
    #[must_use]
    pub fn replaces(&self, held: &Self) -> bool {
        (held.epoch, held.number) < (self.epoch, self.number)
    }
}

/// Reads rows whose first items rise.
fn sorted<K: Ord, V>(rows: &[Value], parse: impl Fn(&Value) -> Option<(K, V)>) -> Option<BTreeMap<K, V>> {
    let mut read = BTreeMap::new();
    for row in rows {
        let (key, value) = parse(row)?;
        if read.last_key_value().is_some_and(|(last, _)| key <= *last) {
            return None;
        }
        read.insert(key, value);
    }
    Some(read)
}

fn day(value: &Value) -> Option<Date> {
    Some(Date::from_days(i32::try_from(integer(value)?).ok()?))
}

fn eight(value: &Value) -> Option<[u8; 8]> {
    value.as_bytes()?.as_slice().try_into().ok()
}

fn parse_withdrawn(row: &Value) -> Option<(CertificateDigest, (Withdrawn, Date))> {
    let [certificate, state, since] = row.as_array()?.as_slice() else {
        return None;
    };
    Some((CertificateDigest(eight(certificate)?), (choice(&STATES, integer(state)?)?, day(since)?)))
}

fn parse_delegated(row: &Value) -> Option<(DelegationDigest, Delegated)> {
    let (delegation, up_to, ended) = match row.as_array()?.as_slice() {
        [delegation, up_to] => (delegation, up_to, None),
        [delegation, up_to, ended, since] => (delegation, up_to, Some((choice(&ENDS, integer(ended)?)?, day(since)?))),
        _ => return None,
    };
    let registered_up_to = u32::try_from(integer(up_to)?).ok()?;
    Some((DelegationDigest(eight(delegation)?), Delegated { registered_up_to, ended }))
}

fn parse_standing(row: &Value) -> Option<(KeyId, BTreeSet<StandingDigest>)> {
    let [key, digests] = row.as_array()?.as_slice() else {
        return None;
    };
    let (digests, rest) = digests.as_bytes()?.as_chunks::<16>();
    let rise = digests.is_sorted_by(|before, after| before < after);
    (rise && rest.is_empty()).then_some(())?;
    Some((KeyId::new(eight(key)?), digests.iter().copied().map(StandingDigest).collect()))
}
