//! An endorsement: another key-holder's signature over a sealed record, or over its body before it is sealed.

use fieldproof_model::{digest::Digest, time::Timestamp};

use crate::{
    cbor::{FormatError, Writer, bytes},
    choice::{number, required_choice},
    delegation::Role,
    envelope::{self, Kind, Purpose, Unverified},
    keys::SecretKey,
};

/// What is endorsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Over {
    /// A sealed record, by the digest of its signed bytes.
    Sealed,
    /// A record about to be sealed, by the digest of its body; it stands inside that record.
    Body,
}

const OVER: [(Over, i64); 2] = [(Over::Sealed, 1), (Over::Body, 2)];
const ROLES: [(Role, i64); 5] =
    [(Role::Assessor, 1), (Role::SecondAssessor, 2), (Role::Trainer, 3), (Role::Moderator, 4), (Role::SecondPerson, 5)];

/// What an endorsement says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endorsement {
    /// Whether it counts.
    pub purpose: Purpose,
    /// What is endorsed.
    pub over: Over,
    /// Its digest.
    pub digest: Digest,
    /// In which role.
    pub role: Role,
    /// When, as the device's clock claims.
    pub at: Timestamp,
    /// The signed delegation of the key that endorses.
    pub delegation: Vec<u8>,
}

impl Endorsement {
    /// Signs the endorsement with the endorser's key.
    #[must_use]
    pub fn sign(&self, endorser: &SecretKey) -> Vec<u8> {
        let fields = Writer::default()
            .with(2, number(&OVER, &self.over))
            .with(3, bytes(*self.digest.as_bytes()))
            .with(4, number(&ROLES, &self.role))
            .with(5, self.at.as_millis())
            .with(6, bytes(self.delegation.clone()));
        envelope::sign(Kind::Endorsement, self.purpose, fields, endorser)
    }

    /// Reads an endorsement without believing it.
    ///
    /// # Errors
    /// [`FormatError`].
    pub fn parse(signed: &[u8]) -> Result<(Self, Unverified), FormatError> {
        let unverified = Unverified::parse_kind(signed, Kind::Endorsement)?;
        let mut fields = unverified.unverified_fields()?;
        let endorsement = Self {
            purpose: unverified.purpose,
            over: required_choice(&mut fields, 2, &OVER)?,
            digest: fields.digest(3)?,
            role: required_choice(&mut fields, 4, &ROLES)?,
            at: fields.timestamp(5)?,
            delegation: fields.bytes(6)?,
        };
        Ok((endorsement, unverified))
    }
}
