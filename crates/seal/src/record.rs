//! The record: the sealed result of one candidate's session. What is signed holds digests of its parts.

use std::collections::BTreeMap;

use ciborium::Value;
use fieldproof_model::{
    clock::ClockGrade,
    decision::Outcome,
    digest::Digest,
    id::{CertificateId, SessionId},
    time::Timestamp,
};

use crate::{
    cbor::{self, Fields, FormatError, Writer, bytes, integer},
    chain::{Link, parse_digest, parse_link},
    choice::{list_of, number, required_choice},
    delegation::Delegation,
    envelope::{self, Kind, Purpose, Unverified},
    keys::{SecretKey, digest_of},
    observation::{evidence_value, parse_evidence},
    parts::{PARTS, Part, PartKind, outcome_number, parse_outcome},
};

/// The largest record file: what is signed, and every part.
pub const RECORD_LIMIT: usize = 8 << 20;

/// Grades of a clock, also in tokens.
pub(crate) const CLOCKS: [(ClockGrade, i64); 5] = [
    (ClockGrade::Sound, 1),
    (ClockGrade::Unconfirmed, 2),
    (ClockGrade::Behind, 3),
    (ClockGrade::Ahead, 4),
    (ClockGrade::Jumped, 5),
];

/// The first item of a record file.
const FILE_MARK: &str = "fieldproof-record";

/// What the assessor's key signs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Whether it counts.
    pub purpose: Purpose,
    /// Its place in the assessor key's chain.
    pub link: Link,
    /// Which session.
    pub session: SessionId,
    /// When it was sealed, as the laptop's clock claims.
    pub sealed_at: Timestamp,
    /// Number and time of the last beacon the laptop held.
    pub beacon: Option<(u32, Timestamp)>,
    /// Digest of the signed scheme.
    pub scheme: Digest,
    /// The signed delegation of the key that seals.
    pub delegation: Vec<u8>,
    /// The result.
    pub outcome: Outcome,
    /// The certificate that goes out with it.
    pub certificate: Option<CertificateId>,
    /// Digest of every part, by number.
    pub parts: BTreeMap<i64, Digest>,
    /// Digest and size of every evidence item.
    pub evidence: Vec<(Digest, u64)>,
    /// The language of the wording the assessor saw.
    pub language: String,
    /// The session of the other member of a team.
    pub partner: Option<SessionId>,
    /// Which attempt of the candidate's this was, as far as this laptop knows.
    pub attempt: u32,
    /// How far the laptop's clock is to be believed, as graded when it sealed.
    pub clock: ClockGrade,
    /// The sealed record that this one corrects, and why. Both stay.
    pub supersedes: Option<(Digest, String)>,
    /// Endorsements of other key-holders over the body, where they had to look before it was sealed.
    pub endorsements: Vec<Vec<u8>>,
}

/// The field that holds endorsements over the body, which is everything else.
pub(crate) const ENDORSEMENTS: i64 = 18;

impl Record {
    /// Seals the record with the assessor's key.
    #[must_use]
    pub fn sign(&self, assessor: &SecretKey) -> Vec<u8> {
        envelope::sign(Kind::Record, self.purpose, self.fields(), assessor)
    }

    /// The digest of the body, which is what others endorse before it is sealed: everything but their endorsements.
    #[must_use]
    pub fn body_digest(&self) -> Digest {
        let payload = envelope::payload(Kind::Record, self.purpose, self.fields());
        digest_of(&cbor::encode(envelope::without(&payload, ENDORSEMENTS)))
    }

    fn fields(&self) -> Writer {
        let parts = self.parts.iter().map(|(number, digest)| (Value::from(*number), bytes(*digest.as_bytes())));
        let supersedes = self
            .supersedes
            .as_ref()
            .map(|(record, reason)| Value::Array(vec![bytes(*record.as_bytes()), Value::from(reason.as_str())]));
        let endorsements: Vec<Value> = self.endorsements.iter().cloned().map(bytes).collect();
        Writer::default()
            .with(2, self.link.index)
            .with_some(3, self.link.previous.map(|digest| bytes(*digest.as_bytes())))
            .with(4, bytes(*self.session.as_bytes()))
            .with(5, self.sealed_at.as_millis())
            .with_some(6, beacon_claim(self.beacon))
            .with(7, bytes(*self.scheme.as_bytes()))
            .with(8, bytes(self.delegation.clone()))
            .with(9, outcome_number(self.outcome))
            .with_some(10, self.certificate.map(|id| bytes(*id.as_bytes())))
            .with(11, Value::Map(parts.collect()))
            .with(12, Value::Array(evidence_value(&self.evidence)))
            .with(13, self.language.as_str())
            .with_some(14, self.partner.map(|session| bytes(*session.as_bytes())))
            .with(15, self.attempt)
            .with(16, number(&CLOCKS, &self.clock))
            .with_some(17, supersedes)
            .with_some(ENDORSEMENTS, Some(endorsements).filter(|given| !given.is_empty()))
    }

    /// Reads what was signed, without believing it.
    ///
    /// # Errors
    /// [`FormatError`].
    pub fn parse(signed: &[u8]) -> Result<(Self, Unverified), FormatError> {
        let unverified = Unverified::parse_kind(signed, Kind::Record)?;
        let mut fields = unverified.unverified_fields()?;
        let record = Self {
            purpose: unverified.purpose,
            link: parse_link(&mut fields)?,
            session: SessionId::new(fields.array(4)?),
            sealed_at: fields.timestamp(5)?,
            beacon: parse_beacon_claim(&mut fields, 6)?,
            scheme: fields.digest(7)?,
            delegation: fields.bytes(8)?,
            outcome: parse_outcome(fields.number(9)?).ok_or(FormatError::Malformed(9))?,
            certificate: fields
                .optional(10)
                .map(|value| value.as_bytes().and_then(|b| b.as_slice().try_into().ok()).map(CertificateId::new))
                .map(|id| id.ok_or(FormatError::Malformed(10)))
                .transpose()?,
            parts: parse_part_digests(fields.required(11)?)?,
            evidence: list_of(&mut fields, 12, parse_evidence)?,
            language: fields.text(13)?,
            partner: parse_partner(&mut fields)?,
            attempt: fields.number(15)?,
            clock: required_choice(&mut fields, 16, &CLOCKS)?,
            supersedes: parse_supersedes(&mut fields)?,
            endorsements: parse_endorsements(&mut fields)?,
        };
        Ok((record, unverified))
    }
}

fn parse_partner(fields: &mut Fields) -> Result<Option<SessionId>, FormatError> {
    let Some(value) = fields.optional(14) else {
        return Ok(None);
    };
    let id = value.as_bytes().and_then(|bytes| bytes.as_slice().try_into().ok());
    id.map(|id| Some(SessionId::new(id))).ok_or(FormatError::Malformed(14))
}

fn parse_supersedes(fields: &mut Fields) -> Result<Option<(Digest, String)>, FormatError> {
    let read = |value: Value| {
        let [record, reason] = <[Value; 2]>::try_from(value.into_array().ok()?).ok()?;
        Some((parse_digest(&record)?, reason.into_text().ok()?))
    };
    fields.optional(17).map(|value| read(value).ok_or(FormatError::Malformed(17))).transpose()
}

/// An empty list would be a second form of none.
fn parse_endorsements(fields: &mut Fields) -> Result<Vec<Vec<u8>>, FormatError> {
    let Some(value) = fields.optional(ENDORSEMENTS) else {
        return Ok(Vec::new());
    };
    let items = value.into_array().ok().filter(|items| !items.is_empty());
    let items = items.and_then(|items| items.into_iter().map(|item| item.into_bytes().ok()).collect::<Option<_>>());
    items.ok_or(FormatError::Malformed(ENDORSEMENTS))
}

/// Writes the number and time of the last beacon held.
fn beacon_claim(beacon: Option<(u32, Timestamp)>) -> Option<Value> {
    beacon.map(|(number, at)| Value::Array(vec![Value::from(number), Value::from(at.as_millis())]))
}

/// Reads the number and time of the last beacon held.
fn parse_beacon_claim(fields: &mut Fields, key: i64) -> Result<Option<(u32, Timestamp)>, FormatError> {
    let Some(value) = fields.optional(key) else {
        return Ok(None);
    };
    let claim = match value.as_array().map(Vec::as_slice) {
        Some([number, at]) => integer(number).and_then(|n| u32::try_from(n).ok()).zip(integer(at)),
        _ => None,
    };
    claim.map(|(number, at)| Some((number, Timestamp::from_millis(at)))).ok_or(FormatError::Malformed(key))
}

fn parse_part_digests(value: Value) -> Result<BTreeMap<i64, Digest>, FormatError> {
    let pairs = value.into_map().map_err(|_| FormatError::Malformed(11))?;
    let number = |value: &Value| integer(value).filter(|number| *number <= i64::from(u32::MAX));
    let read = |(key, digest): &(Value, Value)| Some((number(key)?, parse_digest(digest)?));
    let read: BTreeMap<_, _> = pairs.iter().map(read).collect::<Option<_>>().ok_or(FormatError::Malformed(11))?;
    match read.keys().next() {
        Some(number) if *number < 0 => Err(FormatError::Critical(*number)),
        _ => Ok(read),
    }
}

/// A record with those of its parts that are at hand, and what others signed over it; as kept, carried and handed out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RecordFile {
    /// The sealed bytes.
    pub sealed: Vec<u8>,
    /// The parts at hand, by number.
    pub parts: BTreeMap<i64, Part>,
    /// Signed endorsements, receipts and refusals over the sealed record, and the delegation that came after the seal.
    pub attached: Vec<Vec<u8>>,
}

impl RecordFile {
    /// Writes the file.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let parts = self.parts.iter().map(|(number, part)| (Value::from(*number), bytes(part.as_bytes())));
        cbor::encode(Value::Array(vec![
            Value::from(FILE_MARK),
            Value::from(1),
            bytes(self.sealed.clone()),
            Value::Map(parts.collect()),
            Value::Array(self.attached.iter().cloned().map(bytes).collect()),
        ]))
    }

    /// Reads a file; nothing in it is believed yet.
    ///
    /// # Errors
    /// [`FormatError`].
    pub fn parse(file: &[u8]) -> Result<Self, FormatError> {
        let wrong = || FormatError::OtherKind("record file");
        let items = cbor::decode(file, RECORD_LIMIT)?.into_array().map_err(|_| wrong())?;
        let [mark, version, sealed, parts, attached] = <[Value; 5]>::try_from(items).map_err(|_| wrong())?;
        if mark.as_text() != Some(FILE_MARK) || integer(&version) != Some(1) {
            return Err(wrong());
        }
        let mut found = BTreeMap::new();
        for (number, part) in parts.into_map().map_err(|_| wrong())? {
            let number = integer(&number).ok_or_else(wrong)?;
            found.insert(number, Part::from_bytes(part.into_bytes().map_err(|_| wrong())?));
        }
        let attached = attached.into_array().map_err(|_| wrong())?;
        let attached =
            attached.into_iter().map(|item| item.into_bytes().map_err(|_| wrong())).collect::<Result<_, _>>()?;
        Ok(Self { sealed: sealed.into_bytes().map_err(|_| wrong())?, parts: found, attached })
    }

    /// The signed delegation of the key that sealed: the record's own or, where the key had none yet, the one beside
    /// it. Empty where there is neither.
    #[must_use]
    pub fn delegation<'a>(&'a self, record: &'a Record, unverified: &Unverified) -> &'a [u8] {
        if !record.delegation.is_empty() {
            return &record.delegation;
        }
        let names =
            |signed: &&Vec<u8>| Delegation::parse(signed).is_ok_and(|(found, _)| found.assessor_key.id() == unverified.key_id);
        self.attached.iter().find(names).map_or(&[], Vec::as_slice)
    }

    /// The record's name everywhere: the digest of its sealed bytes.
    #[must_use]
    pub fn digest(&self) -> Digest {
        digest_of(&self.sealed)
    }

    /// The content of a part, if it is at hand.
    ///
    /// # Errors
    /// [`FormatError`] when it is at hand and unreadable.
    pub fn part(&self, kind: PartKind) -> Result<Option<Value>, FormatError> {
        self.parts.get(&kind.number()).map(Part::content).transpose()
    }

    /// The names of the parts of this version that are not at hand.
    #[must_use]
    pub fn absent(&self, record: &Record) -> Vec<&'static str> {
        PARTS
            .iter()
            .filter(|(_, number, _)| record.parts.contains_key(number) && !self.parts.contains_key(number))
            .map(|(.., name)| *name)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_negative_number_is_critical_and_of_any_other_is_kept() {
        let read = |number: i64| parse_part_digests(Value::Map(vec![(Value::from(number), bytes([7; 32]))]));
        assert_eq!(read(-1), Err(FormatError::Critical(-1)));
        for number in [0, 1, 900] {
            assert_eq!(read(number), Ok(BTreeMap::from([(number, Digest::new([7; 32]))])));
        }
    }
}
