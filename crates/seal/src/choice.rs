//! Closed choices and their numbers: one table per choice, read in both directions.

use ciborium::Value;

use crate::cbor::{Fields, FormatError};

/// The number of a choice. Every choice stands in its table; 0 names none.
pub(crate) fn number<T: PartialEq>(table: &[(T, i64)], choice: &T) -> i64 {
    table.iter().find(|(known, _)| known == choice).map_or(0, |(_, number)| *number)
}

/// The choice of a number.
pub(crate) fn choice<T: Copy>(table: &[(T, i64)], number: i64) -> Option<T> {
    table.iter().find(|(_, known)| *known == number).map(|(choice, _)| *choice)
}

/// Takes a choice.
pub(crate) fn required_choice<T: Copy>(fields: &mut Fields, key: i64, table: &[(T, i64)]) -> Result<T, FormatError> {
    choice(table, fields.number(key)?).ok_or(FormatError::Malformed(key))
}

/// Takes a choice that may be absent.
pub(crate) fn optional_choice<T: Copy>(
    fields: &mut Fields,
    key: i64,
    table: &[(T, i64)],
) -> Result<Option<T>, FormatError> {
    let number = fields.optional_number(key)?;
    number.map(|number| choice(table, number).ok_or(FormatError::Malformed(key))).transpose()
}

/// Takes a number that counts from one.
pub(crate) fn from_one(fields: &mut Fields, key: i64) -> Result<u32, FormatError> {
    fields.number(key).and_then(|number| if 0 < number { Ok(number) } else { Err(FormatError::Malformed(key)) })
}

/// Takes a list in which every item must be readable.
pub(crate) fn list_of<T>(
    fields: &mut Fields,
    key: i64,
    parse: impl Fn(&Value) -> Option<T>,
) -> Result<Vec<T>, FormatError> {
    fields.list(key)?.iter().map(parse).collect::<Option<_>>().ok_or(FormatError::Malformed(key))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cbor::Writer;

    #[test]
    fn what_counts_from_one_is_never_nought() {
        let read = |number: i64| from_one(&mut Fields::new(Writer::default().with(2, number).build(), "thing")?, 2);
        assert_eq!([0, 1, 2].map(read), [Err(FormatError::Malformed(2)), Ok(1), Ok(2)]);
    }
}
