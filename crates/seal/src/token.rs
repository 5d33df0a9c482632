//! The token: the signed bytes in a certificate's symbol. It carries the delegation of the key that signed it.

use ciborium::Value;
use fieldproof_model::{
    digest::Digest,
    gate::{ExerciseState, VoltageKind},
    id::CertificateId,
    time::{Date, Timestamp},
};

use crate::{
    cbor::{FormatError, Writer, bytes, integer},
    digits::{parse_digits, to_digits},
    envelope::{self, Kind, Purpose, Unverified},
    gate::{STATES, VOLTAGES, choice, number, optional_choice},
    keys::SecretKey,
    record::parse_beacon_claim,
};

/// The largest token a symbol of version 18 at level M takes with its link.
pub const TOKEN_LIMIT: usize = 500;

/// What stands between host and digits in a link.
pub const LINK_MARK: &str = "#";

/// What a certificate says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Whether it counts.
    pub purpose: Purpose,
    /// Which certificate.
    pub certificate: CertificateId,
    /// Digest of the sealed record behind it.
    pub record: Digest,
    /// The record's place in the assessor key's chain.
    pub chain_index: u32,
    /// Number and time of the last beacon the laptop held.
    pub beacon: Option<(u32, Timestamp)>,
    /// The day by which the register should show it.
    pub confirm_by: Date,
    /// The holder's name.
    pub holder: String,
    /// The holder's year of birth.
    pub birth_year: Option<u16>,
    /// The scheme's title.
    pub scheme_title: String,
    /// The scheme's version.
    pub scheme_version: String,
    /// What the exercise object was, where the scheme asks for one.
    pub exercise_state: Option<ExerciseState>,
    /// The voltage present at the exercise object, in whole volts, rounded up.
    pub voltage: Option<(u32, VoltageKind)>,
    /// First day.
    pub issued_on: Date,
    /// Last day, where the institution set one.
    pub valid_until: Option<Date>,
    /// The signed delegation.
    pub delegation: Vec<u8>,
}

/// The token does not fit a symbol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the certificate's texts are too long for its symbol: {0} bytes of {TOKEN_LIMIT}")]
pub struct TokenTooLong(pub usize);

impl Token {
    /// Signs the token with the assessor's key.
    ///
    /// # Errors
    /// [`TokenTooLong`].
    pub fn sign(&self, assessor: &SecretKey) -> Result<Vec<u8>, TokenTooLong> {
        let beacon =
            self.beacon.map(|(number, at)| Value::Array(vec![Value::from(number), Value::from(at.as_millis())]));
        let voltage = self.voltage.and_then(|(volts, kind)| {
            Some(Value::Array(vec![Value::from(volts), Value::from(number(&VOLTAGES, &kind)?)]))
        });
        let fields = Writer::default()
            .with(2, bytes(*self.certificate.as_bytes()))
            .with(3, bytes(*self.record.as_bytes()))
            .with(4, self.chain_index)
            .with_some(5, beacon)
            .with(6, self.confirm_by.as_days())
            .with(7, self.holder.as_str())
            .with_some(8, self.birth_year)
            .with(9, self.scheme_title.as_str())
            .with(10, self.scheme_version.as_str())
            .with_some(11, self.exercise_state.and_then(|state| number(&STATES, &state)))
            .with_some(12, voltage)
            .with(13, self.issued_on.as_days())
            .with_some(14, self.valid_until.map(Date::as_days))
            .with(15, bytes(self.delegation.clone()));
        let signed = envelope::sign(Kind::Token, self.purpose, fields, assessor);
        if TOKEN_LIMIT < signed.len() { Err(TokenTooLong(signed.len())) } else { Ok(signed) }
    }

    /// Reads a token without believing it.
    ///
    /// # Errors
    /// [`FormatError`].
    pub fn parse(signed: &[u8]) -> Result<(Self, Unverified), FormatError> {
        if TOKEN_LIMIT < signed.len() {
            return Err(FormatError::TooLarge(TOKEN_LIMIT));
        }
        let unverified = Unverified::parse_kind(signed, Kind::Token)?;
        let mut fields = unverified.unverified_fields()?;
        let token = Self {
            purpose: unverified.purpose,
            certificate: CertificateId::new(fields.array(2)?),
            record: fields.digest(3)?,
            chain_index: fields.number(4)?,
            beacon: parse_beacon_claim(&mut fields, 5)?,
            confirm_by: Date::from_days(fields.number(6)?),
            holder: fields.text(7)?,
            birth_year: fields.optional_number(8)?,
            scheme_title: fields.text(9)?,
            scheme_version: fields.text(10)?,
            exercise_state: optional_choice(&mut fields, 11, &STATES)?,
            voltage: fields
                .optional(12)
                .map(|value| parse_voltage(&value).ok_or(FormatError::Malformed(12)))
                .transpose()?,
            issued_on: Date::from_days(fields.number(13)?),
            valid_until: fields.optional_number(14)?.map(Date::from_days),
            delegation: fields.bytes(15)?,
        };
        Ok((token, unverified))
    }
}

fn parse_voltage(value: &Value) -> Option<(u32, VoltageKind)> {
    match value.as_array()?.as_slice() {
        [volts, kind] => Some((u32::try_from(integer(volts)?).ok()?, choice(&VOLTAGES, integer(kind)?)?)),
        _ => None,
    }
}

/// The link that stands in the symbol.
#[must_use]
pub fn to_link(address: &str, signed: &[u8]) -> String {
    format!("https://{address}{LINK_MARK}{}", to_digits(signed))
}

/// Finds a token's bytes in a scanned or pasted text: a link with digits behind `#`, or the digits alone.
///
/// The host is no evidence and is not looked at. `None` when there is nothing of ours in the text.
#[must_use]
pub fn find_token(text: &str) -> Option<Vec<u8>> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let digits = text.rsplit_once(LINK_MARK).map_or(text.as_str(), |(_, digits)| digits);
    parse_digits(digits).ok().filter(|bytes| !bytes.is_empty())
}
