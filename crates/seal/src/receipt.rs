//! What the register signs: receipts, refusals, beacons and epochs.

use fieldproof_model::{digest::Digest, time::Timestamp};

use crate::{
    cbor::{FormatError, Writer, bytes},
    choice::{from_one, list_of, number, required_choice},
    envelope::{self, Kind, Purpose, Unverified},
    keys::SecretKey,
    observation::{evidence_value, parse_evidence},
};

/// How much of a record the register has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Have {
    /// The record; some evidence is missing.
    Held,
    /// The record and every evidence item.
    Complete,
}

const HAVE: [(Have, i64); 2] = [(Have::Held, 1), (Have::Complete, 2)];

/// The register's signed answer that it has a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Whether it counts.
    pub purpose: Purpose,
    /// How much of it.
    pub have: Have,
    /// Which record.
    pub record: Digest,
    /// The evidence items it has.
    pub evidence: Vec<(Digest, u64)>,
    /// When the record was first received.
    pub received_at: Timestamp,
    /// The record's place in the register's log.
    pub log_index: u32,
    /// Digest over the log up to and with this place.
    pub log_head: Digest,
    /// The register's epoch.
    pub epoch: u32,
}

impl Receipt {
    /// Signs the receipt with a register key.
    #[must_use]
    pub fn sign(&self, register: &SecretKey) -> Vec<u8> {
        let fields = Writer::default()
            .with(2, number(&HAVE, &self.have))
            .with(3, bytes(*self.record.as_bytes()))
            .with(4, evidence_value(&self.evidence))
            .with(5, self.received_at.as_millis())
            .with(6, self.log_index)
            .with(7, bytes(*self.log_head.as_bytes()))
            .with(8, self.epoch);
        envelope::sign(Kind::Receipt, self.purpose, fields, register)
    }

    /// Reads a receipt without believing it.
    ///
    /// # Errors
    /// [`FormatError`].
    pub fn parse(signed: &[u8]) -> Result<(Self, Unverified), FormatError> {
        let unverified = Unverified::parse_kind(signed, Kind::Receipt)?;
        let mut fields = unverified.unverified_fields()?;
        let receipt = Self {
            purpose: unverified.purpose,
            have: required_choice(&mut fields, 2, &HAVE)?,
            record: fields.digest(3)?,
            evidence: list_of(&mut fields, 4, parse_evidence)?,
            received_at: fields.timestamp(5)?,
            log_index: from_one(&mut fields, 6)?,
            log_head: fields.digest(7)?,
            epoch: fields.number(8)?,
        };
        Ok((receipt, unverified))
    }
}

/// Why the register refuses a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusalReason {
    /// The seal or a part does not match.
    NotGenuine,
    /// The delegation is not this institution's, or does not cover the record.
    Delegation,
    /// Another record stands at this place of the assessor's chain.
    OtherRecordAtThisPlace,
}

const REASONS: [(RefusalReason, i64); 3] =
    [(RefusalReason::NotGenuine, 1), (RefusalReason::Delegation, 2), (RefusalReason::OtherRecordAtThisPlace, 3)];

/// The register's signed no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Whether it counts.
    pub purpose: Purpose,
    /// Which record.
    pub record: Digest,
    /// Why.
    pub reason: RefusalReason,
    /// When.
    pub at: Timestamp,
}

impl Refusal {
    /// Signs the refusal with a register key.
    #[must_use]
    pub fn sign(&self, register: &SecretKey) -> Vec<u8> {
        let fields = Writer::default()
            .with(2, bytes(*self.record.as_bytes()))
            .with(3, number(&REASONS, &self.reason))
            .with(4, self.at.as_millis());
        envelope::sign(Kind::Refusal, self.purpose, fields, register)
    }

    /// Reads a refusal without believing it.
    ///
    /// # Errors
    /// [`FormatError`].
    pub fn parse(signed: &[u8]) -> Result<(Self, Unverified), FormatError> {
        let unverified = Unverified::parse_kind(signed, Kind::Refusal)?;
        let mut fields = unverified.unverified_fields()?;
        let record = fields.digest(2)?;
        let reason = required_choice(&mut fields, 3, &REASONS)?;
        let refusal = Self { purpose: unverified.purpose, record, reason, at: fields.timestamp(4)? };
        Ok((refusal, unverified))
    }
}

/// The register's time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Beacon {
    /// Whether it counts.
    pub purpose: Purpose,
    /// Rises with every beacon.
    pub number: u32,
    /// The register's time.
    pub at: Timestamp,
}

impl Beacon {
    /// Signs the beacon with a register key.
    #[must_use]
    pub fn sign(&self, register: &SecretKey) -> Vec<u8> {
        let fields = Writer::default().with(2, self.number).with(3, self.at.as_millis());
        envelope::sign(Kind::Beacon, self.purpose, fields, register)
    }

    /// Reads a beacon without believing it.
    ///
    /// # Errors
    /// [`FormatError`].
    pub fn parse(signed: &[u8]) -> Result<(Self, Unverified), FormatError> {
        let unverified = Unverified::parse_kind(signed, Kind::Beacon)?;
        let mut fields = unverified.unverified_fields()?;
        let beacon = Self { purpose: unverified.purpose, number: fields.number(2)?, at: fields.timestamp(3)? };
        Ok((beacon, unverified))
    }
}

/// A register that lost something begins anew, and says from where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Epoch {
    /// Whether it counts.
    pub purpose: Purpose,
    /// The epoch that begins.
    pub number: u32,
    /// When it began.
    pub began_at: Timestamp,
    /// The last place of the log that was kept; 0 when none was.
    pub log_index: u32,
    /// Digest over the log up to and with this place.
    pub log_head: Digest,
}

impl Epoch {
    /// Signs the epoch with a register key.
    #[must_use]
    pub fn sign(&self, register: &SecretKey) -> Vec<u8> {
        let fields = Writer::default()
            .with(2, self.number)
            .with(3, self.began_at.as_millis())
            .with(4, self.log_index)
            .with(5, bytes(*self.log_head.as_bytes()));
        envelope::sign(Kind::Epoch, self.purpose, fields, register)
    }

    /// Reads an epoch without believing it.
    ///
    /// # Errors
    /// [`FormatError`].
    pub fn parse(signed: &[u8]) -> Result<(Self, Unverified), FormatError> {
        let unverified = Unverified::parse_kind(signed, Kind::Epoch)?;
        let mut fields = unverified.unverified_fields()?;
        let epoch = Self {
            purpose: unverified.purpose,
            number: fields.number(2)?,
            began_at: fields.timestamp(3)?,
            log_index: fields.number(4)?,
            log_head: fields.digest(5)?,
        };
        Ok((epoch, unverified))
    }
}
