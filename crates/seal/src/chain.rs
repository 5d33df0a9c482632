//! Chain entries: sessions opened and abandoned, so that attempts cannot be picked, and activities. Records are entries of the same chain.

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
