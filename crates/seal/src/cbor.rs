//! Deterministic CBOR (RFC 8949 §4.2.1), and the map of numbered fields every signed payload is.

use std::collections::BTreeMap;

pub use ciborium::Value;
use fieldproof_model::{digest::Digest, time::Timestamp};

/// Nesting allowed in anything we read; our own formats need six.
const DEPTH_LIMIT: usize = 12;

/// Why bytes are not what they should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FormatError {
    /// Longer than this kind of thing may be: limit in bytes.
    #[error("larger than the {0} bytes allowed")]
    TooLarge(usize),
    /// Not CBOR, or cut off.
    #[error("damaged or cut off")]
    Damaged,
    /// CBOR, but not the one form our formats allow, or followed by further bytes.
    #[error("not in deterministic form")]
    NotDeterministic,
    /// Not the kind of thing that was expected.
    #[error("not a {0}")]
    OtherKind(&'static str),
    /// A field is absent.
    #[error("field {0} is missing")]
    Missing(i64),
    /// A field holds something else than it should.
    #[error("field {0} is malformed")]
    Malformed(i64),
    /// A field this version must understand and does not.
    #[error("field {0} needs a newer version")]
    Critical(i64),
}

/// Encodes a value; map keys are sorted by their encoded bytes.
#[must_use]
pub fn encode(value: Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    // Writing to memory does not fail, and every value we build can be encoded.
    let written = ciborium::into_writer(&sorted(value), &mut bytes);
    debug_assert!(written.is_ok());
    bytes
}

/// Decodes exactly one value of at most `limit` bytes in deterministic form.
///
/// # Errors
/// [`FormatError::TooLarge`], [`FormatError::Damaged`] or [`FormatError::NotDeterministic`].
pub fn decode(bytes: &[u8], limit: usize) -> Result<Value, FormatError> {
    if limit < bytes.len() {
        return Err(FormatError::TooLarge(limit));
    }
    let value: Value =
        ciborium::de::from_reader_with_recursion_limit(bytes, DEPTH_LIMIT).map_err(|_| FormatError::Damaged)?;
    // One rule covers shortest lengths, key order, duplicate keys, indefinite lengths and trailing bytes.
    if is_foreign(&value) || encode(value.clone()) != bytes {
        return Err(FormatError::NotDeterministic);
    }
    Ok(value)
}

#[expect(clippy::wildcard_enum_match_arm, reason = "whatever holds nothing inside is looked at below")]
fn is_foreign(value: &Value) -> bool {
    let inside = match value {
        Value::Array(items) => items.iter().any(is_foreign),
        Value::Map(pairs) => pairs.iter().any(|(key, value)| !is_plain_key(key) || is_foreign(value)),
        Value::Tag(_, inner) => is_foreign(inner),
        _ => false,
    };
    inside || value.is_float()
}

/// Keys are simple: nested ones would make sorting them exponential work. A number past its eight bytes stands in a tag.
fn is_plain_key(key: &Value) -> bool {
    let is_number = |key: i128| (-(1 << 64)..1 << 64).contains(&key);
    key.as_integer().map_or_else(
        || matches!(key, Value::Text(_) | Value::Bytes(_) | Value::Bool(_) | Value::Null),
        |key| is_number(i128::from(key)),
    )
}

#[expect(clippy::wildcard_enum_match_arm, reason = "whatever holds nothing inside stays as it is")]
fn sorted(value: Value) -> Value {
    match value {
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
        Value::Tag(tag, inner) => Value::Tag(tag, Box::new(sorted(*inner))),
        Value::Map(pairs) => {
            let by_key: BTreeMap<Vec<u8>, (Value, Value)> =
                pairs.into_iter().map(|(key, value)| (encode(key.clone()), (sorted(key), sorted(value)))).collect();
            Value::Map(by_key.into_values().collect())
        }
        other => other,
    }
}

/// Builds a map of numbered fields.
#[derive(Debug, Default)]
pub struct Writer(Vec<(Value, Value)>);

impl Writer {
    /// Adds a field.
    #[must_use]
    pub fn with(mut self, key: i64, value: impl Into<Value>) -> Self {
        self.0.push((Value::from(key), value.into()));
        self
    }

    /// Adds a field when there is something to say.
    #[must_use]
    pub fn with_some(self, key: i64, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.with(key, value),
            None => self,
        }
    }

    /// The finished map.
    #[must_use]
    pub fn build(self) -> Value {
        Value::Map(self.0)
    }
}

/// Reads a map of numbered fields: each is taken once, unknown ones are left over.
#[derive(Debug)]
pub struct Fields(BTreeMap<i64, Value>);

impl Fields {
    /// Takes a map with whole-number keys.
    ///
    /// # Errors
    /// [`FormatError::OtherKind`] when it is something else; [`FormatError::Critical`] for an unknown negative key.
    pub fn new(value: Value, expected: &'static str) -> Result<Self, FormatError> {
        let Value::Map(pairs) = value else {
            return Err(FormatError::OtherKind(expected));
        };
        let mut fields = BTreeMap::new();
        for (key, value) in pairs {
            let key = key.as_integer().map(i128::from).ok_or(FormatError::OtherKind(expected))?;
            // Keys may need a bit more than we have fields: no field of ours is out there, on either side.
            let key = i64::try_from(key).unwrap_or(if key < 0 { i64::MIN } else { i64::MAX });
            fields.insert(key, value);
        }
        // Before anything else: a negative field may change what every other one means.
        match fields.keys().next() {
            Some(key) if *key < 0 => Err(FormatError::Critical(*key)),
            _ => Ok(Self(fields)),
        }
    }

    /// Takes a field that may be absent.
    pub fn optional(&mut self, key: i64) -> Option<Value> {
        self.0.remove(&key)
    }

    /// Takes a field that must be there.
    ///
    /// # Errors
    /// [`FormatError::Missing`].
    pub fn required(&mut self, key: i64) -> Result<Value, FormatError> {
        self.optional(key).ok_or(FormatError::Missing(key))
    }

    /// Takes a whole number.
    ///
    /// # Errors
    /// When it is absent or something else, or does not fit.
    pub fn number<N: TryFrom<i64>>(&mut self, key: i64) -> Result<N, FormatError> {
        let value = self.required(key)?;
        integer(&value).and_then(|n| N::try_from(n).ok()).ok_or(FormatError::Malformed(key))
    }

    /// Takes a whole number that may be absent.
    ///
    /// # Errors
    /// When it is something else or does not fit.
    pub fn optional_number<N: TryFrom<i64>>(&mut self, key: i64) -> Result<Option<N>, FormatError> {
        if self.0.contains_key(&key) { self.number(key).map(Some) } else { Ok(None) }
    }

    /// Takes a point in time.
    ///
    /// # Errors
    /// As [`Fields::number`].
    pub fn timestamp(&mut self, key: i64) -> Result<Timestamp, FormatError> {
        self.number(key).map(Timestamp::from_millis)
    }

    /// Takes a text.
    ///
    /// # Errors
    /// When it is absent or something else.
    pub fn text(&mut self, key: i64) -> Result<String, FormatError> {
        self.required(key)?.into_text().map_err(|_| FormatError::Malformed(key))
    }

    /// Takes a text that may be absent.
    ///
    /// # Errors
    /// When it is something else.
    pub fn optional_text(&mut self, key: i64) -> Result<Option<String>, FormatError> {
        self.optional(key).map(|value| value.into_text().map_err(|_| FormatError::Malformed(key))).transpose()
    }

    /// Takes yes or no.
    ///
    /// # Errors
    /// When it is absent or something else.
    pub fn boolean(&mut self, key: i64) -> Result<bool, FormatError> {
        self.required(key)?.into_bool().map_err(|_| FormatError::Malformed(key))
    }

    /// Takes bytes.
    ///
    /// # Errors
    /// When they are absent or something else.
    pub fn bytes(&mut self, key: i64) -> Result<Vec<u8>, FormatError> {
        self.required(key)?.into_bytes().map_err(|_| FormatError::Malformed(key))
    }

    /// Takes bytes of one length.
    ///
    /// # Errors
    /// When they are absent, something else or of another length.
    pub fn array<const N: usize>(&mut self, key: i64) -> Result<[u8; N], FormatError> {
        self.bytes(key)?.try_into().map_err(|_| FormatError::Malformed(key))
    }

    /// Takes a digest.
    ///
    /// # Errors
    /// As [`Fields::array`].
    pub fn digest(&mut self, key: i64) -> Result<Digest, FormatError> {
        self.array(key).map(Digest::new)
    }

    /// Takes a digest that may be absent.
    ///
    /// # Errors
    /// When it is something else.
    pub fn optional_digest(&mut self, key: i64) -> Result<Option<Digest>, FormatError> {
        if self.0.contains_key(&key) { self.digest(key).map(Some) } else { Ok(None) }
    }

    /// Takes a list.
    ///
    /// # Errors
    /// When it is absent or something else.
    pub fn list(&mut self, key: i64) -> Result<Vec<Value>, FormatError> {
        self.required(key)?.into_array().map_err(|_| FormatError::Malformed(key))
    }
}

/// Reads a whole number that fits sixty-four bits with sign.
#[must_use]
pub fn integer(value: &Value) -> Option<i64> {
    value.as_integer().and_then(|n| i64::try_from(n).ok())
}

/// The first negative key of any map inside a value, for which version 1 knows no meaning.
#[must_use]
#[expect(clippy::wildcard_enum_match_arm, reason = "nothing else holds a map of ours")]
pub fn unknown_critical(value: &Value) -> Option<i64> {
    match value {
        Value::Map(pairs) => pairs
            .iter()
            .find_map(|(key, value)| integer(key).filter(|key| *key < 0).or_else(|| unknown_critical(value))),
        Value::Array(items) => items.iter().find_map(unknown_critical),
        _ => None,
    }
}

/// Bytes as a CBOR value.
#[must_use]
pub fn bytes(bytes: impl Into<Vec<u8>>) -> Value {
    Value::Bytes(bytes.into())
}

/// A list as a CBOR value.
#[must_use]
pub const fn array(items: Vec<Value>) -> Value {
    Value::Array(items)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_one_form_is_read() {
        let good = encode(Writer::default().with(1, 1).with(-1, "x").build());
        assert!(decode(&good, good.len()).is_ok());
        let cases: [(&str, &[u8]); 11] = [
            ("long integer", &[0x18, 0x01]),
            ("indefinite array", &[0x9f, 0x01, 0xff]),
            ("keys out of order", &[0xa2, 0x02, 0x00, 0x01, 0x00]),
            ("key twice", &[0xa2, 0x01, 0x00, 0x01, 0x00]),
            ("trailing byte", &[0x01, 0x00]),
            ("float", &[0xf9, 0x3c, 0x00]),
            ("float in an array", &[0x81, 0xf9, 0x3c, 0x00]),
            ("float in a map", &[0xa1, 0x01, 0xf9, 0x3c, 0x00]),
            ("float in a tag", &[0xc1, 0xf9, 0x3c, 0x00]),
            ("long text length", &[0x78, 0x01, 0x61]),
            ("array as a key", &[0xa1, 0x80, 0x00]),
        ];
        for (name, bytes) in cases {
            assert_eq!(decode(bytes, 100), Err(FormatError::NotDeterministic), "{name}");
        }
        assert_eq!(decode(&[0x42, 0x00], 100), Err(FormatError::Damaged));
        assert_eq!(decode(&[0x81; 100], 200), Err(FormatError::Damaged), "too deep");
        assert_eq!(decode(&good, 2), Err(FormatError::TooLarge(2)));
    }

    #[test]
    fn a_negative_key_is_found_however_deep_it_lies_and_0_is_none() {
        let map = |key: i64, value| Value::Map(vec![(Value::from(key), value)]);
        assert_eq!(unknown_critical(&map(0, Value::Null)), None);
        assert_eq!(unknown_critical(&map(-1, Value::Null)), Some(-1));
        assert_eq!(unknown_critical(&map(0, map(-2, Value::Null))), Some(-2));
        assert_eq!(unknown_critical(&array(vec![Value::Null, map(1, array(vec![map(-3, Value::Null)]))])), Some(-3));
    }

    #[test]
    fn unknown_positive_fields_are_ignored_and_negative_ones_are_not() {
        let fields = |key: i64| Fields::new(Writer::default().with(key, 1).build(), "thing").map(|_| ());
        assert_eq!(fields(99), Ok(()));
        assert_eq!(fields(-1), Err(FormatError::Critical(-1)));
    }
}
