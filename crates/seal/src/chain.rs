//! Chain entries: sessions opened and abandoned, so that attempts cannot be picked, activities, and parts of records that
//! were destroyed. Records are entries of the same chain.

use ciborium::Value;
use fieldproof_model::{digest::Digest, id::SessionId, time::Timestamp, validity::Activity};

use crate::{
    activity::{activity_value, parse_activity},
    cbor::{Fields, FormatError, Writer, bytes, integer},
    envelope::{self, Kind, Purpose, Unverified},
    keys::{SecretKey, digest_of},
};

/// A place in an assessor key's chain: the entry's index and the digest of the entry before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// Counted from 1.
    pub index: u32,
    /// Digest of the signed bytes of the entry before; absent in the first.
    pub previous: Option<Digest>,
}

impl Link {
    /// The first place of a chain.
    pub const FIRST: Self = Self { index: 1, previous: None };

    /// The place after a signed entry that stood here.
    #[must_use]
    pub fn next(&self, signed: &[u8]) -> Self {
        Self { index: self.index.saturating_add(1), previous: Some(digest_of(signed)) }
    }
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChainEvent {
    /// A session was opened under the scheme of that digest.
    Opened {
        /// Digest of the signed scheme.
        scheme: Digest,
    },
    /// A session was given up.
    Abandoned {
        /// In the assessor's words.
        reason: String,
    },
    /// A holder did the work, was reviewed or was refreshed. The entry's session is an identifier of its own.
    Activity(Activity),
    /// The key is new on its installation: the last entry known there of the chain before. The entry's session is an
    /// identifier of its own.
    Continued {
        /// Its index.
        index: u32,
        /// Digest of its signed bytes.
        head: Digest,
    },
    /// Parts of a sealed record were destroyed on this laptop. The record stands; the parts are absent.
    Erased {
        /// Digest of the sealed record.
        record: Digest,
        /// The parts' numbers, in their order; at least one.
        parts: Vec<i64>,
        /// In the assessor's words, which say nothing about anybody: they stay.
        reason: String,
    },
}

/// One entry of an assessor key's chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainEntry {
    /// Whether it counts.
    pub purpose: Purpose,
    /// Its place.
    pub link: Link,
    /// The session it speaks of.
    pub session: SessionId,
    /// When, as the laptop's clock claims.
    pub at: Timestamp,
    /// What happened.
    pub event: ChainEvent,
}

impl ChainEntry {
    /// Signs the entry with the assessor's key.
    #[must_use]
    pub fn sign(&self, assessor: &SecretKey) -> Vec<u8> {
        let fields = Writer::default()
            .with(2, self.link.index)
            .with_some(3, self.link.previous.map(|digest| bytes(*digest.as_bytes())))
            .with(4, bytes(*self.session.as_bytes()))
            .with(5, self.at.as_millis());
        let fields = match &self.event {
            ChainEvent::Opened { scheme } => fields.with(6, 1).with(7, bytes(*scheme.as_bytes())),
            ChainEvent::Abandoned { reason } => fields.with(6, 2).with(8, reason.as_str()),
            ChainEvent::Activity(activity) => fields.with(6, 3).with(9, activity_value(activity)),
            ChainEvent::Continued { index, head } => {
                fields.with(6, 4).with(10, vec![Value::from(*index), bytes(*head.as_bytes())])
            }
            ChainEvent::Erased { record, parts, reason } => fields
                .with(6, 5)
                .with(8, reason.as_str())
                .with(12, bytes(*record.as_bytes()))
                .with(13, parts.iter().copied().map(Value::from).collect::<Vec<_>>()),
        };
        envelope::sign(Kind::ChainEntry, self.purpose, fields, assessor)
    }

    /// Reads an entry without believing it.
    ///
    /// # Errors
    /// [`FormatError`].
    pub fn parse(signed: &[u8]) -> Result<(Self, Unverified), FormatError> {
        let unverified = Unverified::parse_kind(signed, Kind::ChainEntry)?;
        let mut fields = unverified.unverified_fields()?;
        let entry = Self {
            purpose: unverified.purpose,
            link: parse_link(&mut fields)?,
            session: SessionId::new(fields.array(4)?),
            at: fields.timestamp(5)?,
            event: match fields.number(6)? {
                1 => ChainEvent::Opened { scheme: fields.digest(7)? },
                2 => ChainEvent::Abandoned { reason: fields.text(8)? },
                3 => ChainEvent::Activity(parse_activity(fields.required(9)?)?),
                4 => parse_continued(fields.required(10)?)?,
                5 => ChainEvent::Erased {
                    record: fields.digest(12)?,
                    parts: parse_part_numbers(&fields.list(13)?).ok_or(FormatError::Malformed(13))?,
                    reason: fields.text(8)?,
                },
                _ => return Err(FormatError::Malformed(6)),
            },
        };
        Ok((entry, unverified))
    }
}

fn parse_continued(value: Value) -> Result<ChainEvent, FormatError> {
    let malformed = || FormatError::Malformed(10);
    let [index, head] = value.into_array().ok().and_then(|items| items.try_into().ok()).ok_or_else(malformed)?;
    let index = integer(&index).and_then(|index| u32::try_from(index).ok()).filter(|index| 0 < *index);
    Ok(ChainEvent::Continued { index: index.ok_or_else(malformed)?, head: parse_digest(&head).ok_or_else(malformed)? })
}

/// At least one number, each higher than the one before.
fn parse_part_numbers(numbers: &[Value]) -> Option<Vec<i64>> {
    let number = |value| integer(value).filter(|number| (0..=i64::from(u32::MAX)).contains(number));
    let numbers: Vec<i64> = numbers.iter().map(number).collect::<Option<_>>()?;
    let is_rising = numbers.iter().zip(numbers.iter().skip(1)).all(|(before, after)| before < after);
    (is_rising && !numbers.is_empty()).then_some(numbers)
}

/// Reads fields 2 and 3: only the first place has no entry before it.
pub(crate) fn parse_link(fields: &mut Fields) -> Result<Link, FormatError> {
    let index = fields.number(2)?;
    let previous = fields.optional(3).map(|value| parse_digest(&value).ok_or(FormatError::Malformed(3))).transpose()?;
    match (index, previous) {
        (1, None) | (2.., Some(_)) => Ok(Link { index, previous }),
        _ => Err(FormatError::Malformed(2)),
    }
}

/// Reads a digest out of a value; `None` when it is something else.
pub(crate) fn parse_digest(value: &ciborium::Value) -> Option<Digest> {
    Digest::from_slice(value.as_bytes()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_destroyed_is_named_in_order_and_is_something() {
        let read = |numbers: &[i64]| parse_part_numbers(&numbers.iter().copied().map(Value::from).collect::<Vec<_>>());
        for good in [&[1][..], &[0, 2, i64::from(u32::MAX)]] {
            assert_eq!(read(good), Some(good.to_vec()));
        }
        for bad in [&[][..], &[2, 1], &[1, 1], &[-1], &[i64::from(u32::MAX) + 1]] {
            assert_eq!(read(bad), None, "{bad:?}");
        }
        assert_eq!(parse_part_numbers(&[Value::Null]), None);
    }

    #[test]
    fn a_tombstone_is_signed_and_read_as_it_was_written() {
        let event = ChainEvent::Erased {
            record: Digest::new([7; 32]),
            parts: vec![1, 6],
            reason: "the time is over".to_owned(),
        };
        let (session, at) = (SessionId::new([4; 16]), Timestamp::from_millis(5));
        let link = Link { index: 2, previous: Some(Digest::new([1; 32])) };
        let entry = ChainEntry { purpose: Purpose::Practice, link, session, at, event };
        let key = SecretKey::new(&[9; 32]);
        let (read, unverified) = ChainEntry::parse(&entry.sign(&key)).unwrap();
        assert_eq!(read, entry);
        assert!(unverified.verify(&key.public()).is_ok());
    }
}
