//! What stands in a column, whichever engine keeps it: nothing, a whole number, bytes or text.

use std::borrow::Cow;

use rusqlite::types::{ToSql, ToSqlOutput, ValueRef};

use crate::RegisterError;

/// One value, on its way into a statement or out of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value<'a> {
    Null,
    Integer(i64),
    Bytes(Cow<'a, [u8]>),
    Text(Cow<'a, str>),
}

impl<'a> From<&'a [u8]> for Value<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self::Bytes(Cow::Borrowed(bytes))
    }
}

impl<'a, const N: usize> From<&'a [u8; N]> for Value<'a> {
    fn from(bytes: &'a [u8; N]) -> Self {
        Self::Bytes(Cow::Borrowed(bytes))
    }
}

impl<'a> From<&'a Vec<u8>> for Value<'a> {
    fn from(bytes: &'a Vec<u8>) -> Self {
        Self::Bytes(Cow::Borrowed(bytes))
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<i64> for Value<'_> {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<i32> for Value<'_> {
    fn from(number: i32) -> Self {
        Self::Integer(number.into())
    }
}

impl From<u32> for Value<'_> {
    fn from(number: u32) -> Self {
        Self::Integer(number.into())
    }
}

impl<T: Into<Self>> From<Option<T>> for Value<'_> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Integer(number) => ValueRef::Integer(*number),
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
        }))
    }
}

/// One row of an answer.
#[derive(Debug)]
pub(crate) struct Row(pub(super) Vec<Value<'static>>);

impl Row {
    /// Takes a value out of the row; each can be taken once.
    pub(crate) fn get<T: Column>(&mut self, place: usize) -> Result<T, RegisterError> {
        let value = self.0.get_mut(place).map(|value| std::mem::replace(value, Value::Null));
        value.and_then(T::read).ok_or(RegisterError::Damaged("a column holds something else than it should"))
    }

    /// All that stands in it.
    pub(crate) fn values(&self) -> &[Value<'static>] {
        &self.0
    }
}

/// What a value is read as.
pub(crate) trait Column: Sized {
    /// Nothing when it is something else.
    fn read(value: Value<'static>) -> Option<Self>;
}

impl Column for i64 {
    fn read(value: Value<'static>) -> Option<Self> {
        if let Value::Integer(number) = value { Some(number) } else { None }
    }
}

impl Column for i32 {
    fn read(value: Value<'static>) -> Option<Self> {
        i64::read(value)?.try_into().ok()
    }
}

impl Column for u32 {
    fn read(value: Value<'static>) -> Option<Self> {
        i64::read(value)?.try_into().ok()
    }
}

impl Column for u64 {
    fn read(value: Value<'static>) -> Option<Self> {
        i64::read(value)?.try_into().ok()
    }
}

impl Column for bool {
    fn read(value: Value<'static>) -> Option<Self> {
        Some(i64::read(value)? != 0)
    }
}

impl Column for Vec<u8> {
    fn read(value: Value<'static>) -> Option<Self> {
        if let Value::Bytes(bytes) = value { Some(bytes.into_owned()) } else { None }
    }
}

impl<const N: usize> Column for [u8; N] {
    fn read(value: Value<'static>) -> Option<Self> {
        Vec::read(value)?.try_into().ok()
    }
}

impl Column for String {
    fn read(value: Value<'static>) -> Option<Self> {
        if let Value::Text(text) = value { Some(text.into_owned()) } else { None }
    }
}

impl<T: Column> Column for Option<T> {
    fn read(value: Value<'static>) -> Option<Self> {
        if value == Value::Null { Some(None) } else { T::read(value).map(Some) }
    }
}
