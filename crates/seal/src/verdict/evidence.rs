//! Anything a person may hand over to be verified, once it is bytes of ours.

use fieldproof_model::time::Timestamp;

use super::{Verdict, judge_record, judge_token};
use crate::{
    cbor::FormatError,
    envelope::{Kind, Unverified},
    record::{Record, RecordFile},
    token::Token,
    trust::Trust,
};

/// A certificate or a record.
#[derive(Debug, Clone)]
pub enum Evidence {
    /// A token out of a symbol or link.
    Token(Box<Token>, Unverified),
    /// A record file.
    Record(Box<Record>, RecordFile, Unverified),
}

impl Evidence {
    /// Reads a record file, a sealed record without its parts, or a token's bytes.
    ///
    /// # Errors
    /// [`FormatError`]; [`FormatError::OtherKind`] when the bytes are nothing of ours.
    pub fn parse(bytes: &[u8]) -> Result<Self, FormatError> {
        match Unverified::parse(bytes) {
            Ok(unverified) if unverified.kind == Kind::Token => {
                let (token, unverified) = Token::parse(bytes)?;
                return Ok(Self::Token(Box::new(token), unverified));
            }
            Ok(unverified) if unverified.kind == Kind::Record => {
                return Self::record(RecordFile { sealed: bytes.to_vec(), ..RecordFile::default() });
            }
            Ok(_) => return Err(FormatError::OtherKind("certificate or record")),
            Err(newer @ FormatError::Critical(_)) => return Err(newer),
            Err(_) => {}
        }
        Self::record(RecordFile::parse(bytes)?)
    }

    fn record(file: RecordFile) -> Result<Self, FormatError> {
        let (record, unverified) = Record::parse(&file.sealed)?;
        Ok(Self::Record(Box::new(record), file, unverified))
    }

    /// Judges it at `now`.
    #[must_use]
    pub fn judge(&self, trust: Option<&Trust>, now: Timestamp) -> Verdict {
        match self {
            Self::Token(token, unverified) => judge_token(token, unverified, trust, now),
            Self::Record(record, file, unverified) => judge_record(file, record, unverified, trust, now),
        }
    }
}
