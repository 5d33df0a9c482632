//! The snapshot: the signed, numbered list of what was withdrawn.

use std::collections::BTreeMap;

use ciborium::Value;
use fieldproof_model::{
    id::CertificateId,
    time::{Date, Timestamp},
};

use crate::{
    cbor::{FormatError, Writer, bytes, integer},
    envelope::{self, Kind, Purpose, Unverified},
    keys::{SecretKey, digest_of},
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

/// The first eight bytes of a certificate identifier's digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct CertificateDigest([u8; 8]);

impl CertificateDigest {
    /// The digest of a certificate's identifier.
    #[must_use]
    pub fn of(id: &CertificateId) -> Self {
        let digest = digest_of(id.as_bytes());
        let mut short = [0; 8];
        for (to, from) in short.iter_mut().zip(digest.as_bytes()) {
            *to = *from;
        }
        Self(short)
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
}

impl Snapshot {
    /// Signs the snapshot with a register key.
    #[must_use]
    pub fn sign(&self, register: &SecretKey) -> Vec<u8> {
        let rows = self.withdrawn.iter().map(|(certificate, (state, day))| {
            let state = STATES.iter().find(|(known, _)| known == state).map_or(0, |(_, number)| *number);
            Value::Array(vec![bytes(certificate.0), Value::from(state), Value::from(day.as_days())])
        });
        let fields = Writer::default()
            .with(2, self.epoch)
            .with(3, self.number)
            .with(4, self.as_of.as_millis())
            .with(5, Value::Array(rows.collect()));
        envelope::sign(Kind::Snapshot, self.purpose, fields, register)
    }

    /// Reads a snapshot without believing it.
    ///
    /// # Errors
    /// [`FormatError`]; rows must be sorted and unique.
    pub fn parse(signed: &[u8]) -> Result<(Self, Unverified), FormatError> {
        let unverified = Unverified::parse_kind(signed, Kind::Snapshot)?;
        let mut fields = unverified.unverified_fields()?;
        let mut snapshot = Self {
            purpose: unverified.purpose,
            epoch: fields.number(2)?,
            number: fields.number(3)?,
            as_of: fields.timestamp(4)?,
            withdrawn: BTreeMap::new(),
        };
        for row in fields.list(5)? {
            let (certificate, state) = parse_row(&row).ok_or(FormatError::Malformed(5))?;
            if snapshot.withdrawn.last_key_value().is_some_and(|(last, _)| certificate <= *last) {
                return Err(FormatError::Malformed(5));
            }
            snapshot.withdrawn.insert(certificate, state);
        }
        Ok((snapshot, unverified))
    }
}

fn parse_row(row: &Value) -> Option<(CertificateDigest, (Withdrawn, Date))> {
    let [certificate, state, day] = row.as_array()?.as_slice() else {
        return None;
    };
    let number = integer(state)?;
    let state = STATES.iter().find(|(_, known)| *known == number)?.0;
    let day = Date::from_days(i32::try_from(integer(day)?).ok()?);
    Some((CertificateDigest(certificate.as_bytes()?.as_slice().try_into().ok()?), (state, day)))
}
