//! One row as SQLite writes it: variable-length numbers, a header of types, the values one after another.

use rusqlite::types::Value;

/// What a value is, as far as the header tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Null,
    Integer,
    Real,
    Text,
    Blob,
}

/// Reads a number of one to nine bytes, and how long it was.
pub(super) fn varint(bytes: &[u8]) -> Option<(u64, usize)> {
    let mut value = 0_u64;
    for (byte, length) in bytes.iter().take(8).zip(1..) {
        value = value << 7 | u64::from(byte & 0x7F);
        if byte & 0x80 == 0 {
            return Some((value, length));
        }
    }
    Some((value << 8 | u64::from(*bytes.get(8)?), 9))
}

/// Reads the kinds of a row's values; the header stands at the beginning of what is stored on the leaf.
pub(super) fn kinds(row: &[u8]) -> Option<Vec<Kind>> {
    let (types, _) = types(row)?;
    types.into_iter().map(|number| size(number).map(|(kind, _)| kind)).collect()
}

/// Reads the values of a row; `None` unless header and values are exactly as long as the row.
pub(super) fn values(row: &[u8]) -> Option<Vec<Value>> {
    let (types, mut rest) = types(row)?;
    let mut values = Vec::with_capacity(types.len());
    for number in types {
        let (kind, size) = size(number)?;
        let (bytes, after) = rest.split_at_checked(size)?;
        values.push(value(kind, number, bytes)?);
        rest = after;
    }
    rest.is_empty().then_some(values)
}

/// The types of the header, and what follows it.
fn types(row: &[u8]) -> Option<(Vec<u64>, &[u8])> {
    let (length, begun) = varint(row)?;
    let (header, values) = row.split_at_checked(usize::try_from(length).ok()?)?;
    let mut header = header.get(begun..)?;
    let mut types = Vec::new();
    while !header.is_empty() {
        let (number, length) = varint(header)?;
        types.push(number);
        header = header.get(length..)?;
    }
    Some((types, values))
}

fn size(number: u64) -> Option<(Kind, usize)> {
    Some(match number {
        0 => (Kind::Null, 0),
        1..=4 => (Kind::Integer, usize::try_from(number).ok()?),
        5 => (Kind::Integer, 6),
        6 => (Kind::Integer, 8),
        7 => (Kind::Real, 8),
        8 | 9 => (Kind::Integer, 0),
        10 | 11 => return None,
        _ => {
            let kind = if number.is_multiple_of(2) { Kind::Blob } else { Kind::Text };
            (kind, usize::try_from(number.saturating_sub(12) / 2).ok()?)
        }
    })
}

fn value(kind: Kind, number: u64, bytes: &[u8]) -> Option<Value> {
    Some(match kind {
        Kind::Null => Value::Null,
        Kind::Integer if number == 9 => Value::Integer(1),
        Kind::Integer => Value::Integer(integer(bytes)),
        Kind::Real => Value::Real(f64::from_be_bytes(bytes.try_into().ok()?)),
        Kind::Text => Value::Text(String::from_utf8(bytes.to_vec()).ok()?),
        Kind::Blob => Value::Blob(bytes.to_vec()),
    })
}

/// A signed number of up to eight bytes, most significant first.
fn integer(bytes: &[u8]) -> i64 {
    let sign = if bytes.first().is_some_and(|byte| 0x7F < *byte) { -1 } else { 0 };
    bytes.iter().fold(sign, |value, byte| value << 8 | i64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_sqlite_writes_them() {
        let cases: [(&[u8], u64, usize); 6] = [
            (&[0], 0, 1),
            (&[0x7F, 0xFF], 127, 1),
            (&[0x81, 0x00], 128, 2),
            (&[0xFF, 0x7F], 16_383, 2),
            (&[0x81, 0x80, 0x00], 16_384, 3),
            (&[0xFF; 9], u64::MAX, 9),
        ];
        for (bytes, value, length) in cases {
            assert_eq!(varint(bytes), Some((value, length)), "{bytes:?}");
        }
        for cut in [&[][..], &[0x80], &[0xFF; 8]] {
            assert_eq!(varint(cut), None, "{cut:?}");
        }
    }

    #[test]
    fn a_row_reads_value_by_value_and_only_at_its_own_length() {
        let row = [9, 0, 1, 2, 9, 8, 6, 18, 17, 0xFF, 0x01, 0x00, 0x80, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, b'o', b'k'];
        let expected = [
            Value::Null,
            Value::Integer(-1),
            Value::Integer(256),
            Value::Integer(1),
            Value::Integer(0),
            Value::Integer(i64::MIN),
            Value::Blob(vec![1, 2, 3]),
            Value::Text("ok".to_owned()),
        ];
        assert_eq!(values(&row).as_deref(), Some(&expected[..]));
        assert_eq!(values(&row[..row.len() - 1]), None);
        assert_eq!(values(&[&row[..], &[0]].concat()), None);
        assert_eq!(values(&[2, 10]), None, "a type that SQLite never writes");
        assert_eq!(kinds(&row[..9]).map(|kinds| kinds.len()), Some(8), "the header alone tells the kinds");
    }
}
