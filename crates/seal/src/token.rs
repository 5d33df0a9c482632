//! The token: the signed bytes in a certificate's symbol. On site it carries the delegation of the key that signed it;
//! once the register has the record, a register key signs one that says so.

use ciborium::Value;
use fieldproof_model::{
    clock::ClockGrade,
    digest::Digest,
    gate::{ExerciseState, VoltageKind},
    id::CertificateId,
    scheme::PartKind,
    time::Date,
};

use crate::{
    cbor::{Fields, FormatError, Writer, bytes, integer},
    choice::{choice, from_one, number, optional_choice, required_choice},
    digits::{parse_digits, to_digits},
    envelope::{self, Kind, Purpose, Unverified},
    gate::{STATES, VOLTAGES},
    keys::SecretKey,
    record::CLOCKS,
};

/// The largest token a symbol of version 18 at level M takes with its link.
pub const TOKEN_LIMIT: usize = 500;

/// The longest holder's name in bytes of UTF-8.
pub const HOLDER_LIMIT: usize = 52;

/// The longest scheme title, version and unit together, in bytes of UTF-8.
pub const SCHEME_LIMIT: usize = 48;

/// The most digits that are read: a token of 500 bytes has 1 215.
const DIGITS: usize = 1_300;

/// What stands between host and digits in a link.
pub const LINK_MARK: &str = "#";

/// Kinds of the parts that were passed.
const PARTS: [(PartKind, i64); 4] =
    [(PartKind::Knowledge, 1), (PartKind::Practical, 2), (PartKind::Oral, 3), (PartKind::Portfolio, 4)];

/// Where a certificate stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Printed on site by the assessor.
    OnSite {
        /// The last beacon the laptop held: number and day.
        beacon: Option<(u32, Date)>,
        /// How far the laptop's clock is to be believed.
        clock: ClockGrade,
        /// The day by which the register should show it.
        confirm_by: Date,
        /// The signed delegation.
        delegation: Vec<u8>,
    },
    /// In the register, which signed it.
    Registered {
        /// Who assessed.
        assessor_name: String,
    },
}

/// What tells two holders of one name apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HolderMark {
    /// The year of birth.
    BirthYear(u16),
    /// An identifier of the scheme's own.
    Identifier(String),
}

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
    /// The holder's name.
    pub holder: String,
    /// What tells two holders of one name apart, where the scheme wants it.
    pub mark: Option<HolderMark>,
    /// The scheme's title.
    pub scheme_title: String,
    /// The scheme's version.
    pub scheme_version: String,
    /// The unit of a catalogue that the scheme assesses, where there is one.
    pub unit: Option<String>,
    /// The kinds of the parts that were passed.
    pub parts: Vec<PartKind>,
    /// What the exercise object was, where the scheme asks for one.
    pub exercise_state: Option<ExerciseState>,
    /// The voltage present at the exercise object, in whole volts, rounded up.
    pub voltage: Option<(u32, VoltageKind)>,
    /// First day.
    pub issued_on: Date,
    /// Last day, where the institution set one.
    pub valid_until: Option<Date>,
    /// Where it stands.
    pub standing: Standing,
}

/// The token does not fit a symbol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenTooLong {
    /// The holder's name.
    #[error("the holder's name is too long for the symbol: {0} bytes of {HOLDER_LIMIT}")]
    Holder(usize),
    /// The scheme's texts.
    #[error("the scheme's title, version and unit are too long for the symbol: {0} bytes of {SCHEME_LIMIT}")]
    Scheme(usize),
    /// Something else, such as the assessor's name.
    #[error("the certificate's texts are too long for its symbol: {0} bytes of {TOKEN_LIMIT}")]
    Whole(usize),
}

impl Token {
    /// Signs the token: with the assessor's key on site, with a register key once it is registered.
    ///
    /// # Errors
    /// [`TokenTooLong`].
    pub fn sign(&self, key: &SecretKey) -> Result<Vec<u8>, TokenTooLong> {
        let scheme = [&self.scheme_title, &self.scheme_version].into_iter().chain(&self.unit);
        let scheme = scheme.fold(0, |sum: usize, text| sum.saturating_add(text.len()));
        if HOLDER_LIMIT < self.holder.len() {
            return Err(TokenTooLong::Holder(self.holder.len()));
        }
        if SCHEME_LIMIT < scheme {
            return Err(TokenTooLong::Scheme(scheme));
        }
        let signed = envelope::sign(Kind::Token, self.purpose, self.fields(), key);
        if TOKEN_LIMIT < signed.len() { Err(TokenTooLong::Whole(signed.len())) } else { Ok(signed) }
    }

    fn fields(&self) -> Writer {
        let voltage = self
            .voltage
            .map(|(volts, kind)| Value::Array(vec![Value::from(volts), Value::from(number(&VOLTAGES, &kind))]));
        let parts = self.parts.iter().map(|kind| Value::from(number(&PARTS, kind))).collect();
        let fields = Writer::default()
            .with(2, bytes(*self.certificate.as_bytes()))
            .with(3, bytes(*self.record.as_bytes()))
            .with(4, self.chain_index)
            .with(5, self.holder.as_str())
            .with(7, self.scheme_title.as_str())
            .with(8, self.scheme_version.as_str())
            .with_some(9, self.unit.as_deref())
            .with(10, Value::Array(parts))
            .with_some(11, self.exercise_state.map(|state| number(&STATES, &state)))
            .with_some(12, voltage)
            .with(13, self.issued_on.as_days())
            .with_some(14, self.valid_until.map(Date::as_days));
        let fields = match &self.mark {
            None => fields,
            Some(HolderMark::BirthYear(year)) => fields.with(6, *year),
            Some(HolderMark::Identifier(text)) => fields.with(6, text.as_str()),
        };
        match &self.standing {
            Standing::OnSite { beacon, clock, confirm_by, delegation } => fields
                .with_some(
                    15,
                    beacon.map(|(number, day)| Value::Array(vec![Value::from(number), Value::from(day.as_days())])),
                )
                .with(16, number(&CLOCKS, clock))
                .with(17, confirm_by.as_days())
                .with(18, bytes(delegation.clone())),
            Standing::Registered { assessor_name } => fields.with(19, assessor_name.as_str()),
        }
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
            chain_index: from_one(&mut fields, 4)?,
            holder: fields.text(5)?,
            mark: parse_mark(&mut fields)?,
            scheme_title: fields.text(7)?,
            scheme_version: fields.text(8)?,
            unit: fields.optional_text(9)?,
            parts: parse_parts(&mut fields)?,
            exercise_state: optional_choice(&mut fields, 11, &STATES)?,
            voltage: fields
                .optional(12)
                .map(|value| parse_voltage(&value).ok_or(FormatError::Malformed(12)))
                .transpose()?,
            issued_on: Date::from_days(fields.number(13)?),
            valid_until: fields.optional_number(14)?.map(Date::from_days),
            standing: parse_standing(&mut fields)?,
        };
        Ok((token, unverified))
    }
}

fn parse_mark(fields: &mut Fields) -> Result<Option<HolderMark>, FormatError> {
    let Some(value) = fields.optional(6) else {
        return Ok(None);
    };
    let year = integer(&value).and_then(|year| u16::try_from(year).ok()).map(HolderMark::BirthYear);
    let mark = year.or_else(|| value.into_text().ok().map(HolderMark::Identifier));
    mark.map(Some).ok_or(FormatError::Malformed(6))
}

/// Kinds of parts rise and do not repeat.
fn parse_parts(fields: &mut Fields) -> Result<Vec<PartKind>, FormatError> {
    let numbers: Option<Vec<i64>> = fields.list(10)?.iter().map(integer).collect();
    let numbers = numbers.filter(|numbers| numbers.is_sorted_by(|before, after| before < after));
    let parts = numbers.and_then(|numbers| numbers.into_iter().map(|number| choice(&PARTS, number)).collect());
    parts.ok_or(FormatError::Malformed(10))
}

/// Exactly one of the two: fields 15 to 18, or field 19.
fn parse_standing(fields: &mut Fields) -> Result<Standing, FormatError> {
    let registered = fields.optional_text(19)?;
    match (registered, fields.optional(18)) {
        (None, None) => Err(FormatError::Missing(18)),
        (Some(assessor_name), None) if (15..18).all(|key| fields.optional(key).is_none()) => {
            Ok(Standing::Registered { assessor_name })
        }
        (Some(_), _) => Err(FormatError::Malformed(19)),
        (None, Some(delegation)) => Ok(Standing::OnSite {
            beacon: fields
                .optional(15)
                .map(|value| parse_beacon(&value).ok_or(FormatError::Malformed(15)))
                .transpose()?,
            clock: required_choice(fields, 16, &CLOCKS)?,
            confirm_by: Date::from_days(fields.number(17)?),
            delegation: delegation.into_bytes().map_err(|_| FormatError::Malformed(18))?,
        }),
    }
}

fn parse_beacon(value: &Value) -> Option<(u32, Date)> {
    match value.as_array()?.as_slice() {
        [number, day] => {
            Some((u32::try_from(integer(number)?).ok()?, Date::from_days(i32::try_from(integer(day)?).ok()?)))
        }
        _ => None,
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
    parse_digits(digits, DIGITS).ok().filter(|bytes| !bytes.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_registered_token_has_no_field_of_one_on_site() {
        let key = SecretKey::new(&[2; 32]);
        let token = Token {
            purpose: Purpose::Demonstration,
            certificate: CertificateId::new([7; 16]),
            record: Digest::new([8; 32]),
            chain_index: 2,
            holder: "Carol Candidate".to_owned(),
            mark: None,
            scheme_title: "Test".to_owned(),
            scheme_version: "1".to_owned(),
            unit: None,
            parts: vec![PartKind::Practical],
            exercise_state: None,
            voltage: None,
            issued_on: Date::from_days(20_000),
            valid_until: None,
            standing: Standing::Registered { assessor_name: "Alice Assessor".to_owned() },
        };
        let read =
            |fields| Token::parse(&envelope::sign(Kind::Token, token.purpose, fields, &key)).map(|(read, _)| read);
        assert_eq!(read(token.fields()).as_ref(), Ok(&token));
        let beacon = Value::Array(vec![Value::from(1), Value::from(20_000)]);
        for (field, value) in [(15, beacon), (16, Value::from(1)), (17, Value::from(20_030)), (18, bytes([1]))] {
            assert_eq!(read(token.fields().with(field, value)), Err(FormatError::Malformed(19)), "field {field}");
        }
    }
}
