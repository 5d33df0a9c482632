//! The feed, as a laptop asks for it and as it is answered.

use ciborium::Value;
use fieldproof_seal::{
    cbor::{Fields, FormatError, Writer, bytes},
    feed::PAGE_ENTRIES,
};

use crate::{
    limit,
    message::{items, parse_bytes},
};

/// The last entry that a laptop took; numbers begin anew in every epoch. By order: whoever heard more is later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Cursor {
    /// The register's epoch; 0 for a laptop that heard nothing.
    pub epoch: u32,
    /// The entry's number; 0 for none.
    pub number: u32,
}

/// What lies behind a cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feed {
    /// The signed page, which names the entries.
    pub page: Vec<u8>,
    /// What the entries say, in their order; nothing for those that the page calls left out.
    pub contents: Vec<Vec<u8>>,
}

impl Feed {
    pub(crate) fn write(&self, fields: Writer) -> Writer {
        let contents = self.contents.iter().map(|content| bytes(content.clone()));
        fields.with(1, bytes(self.page.clone())).with(2, contents.collect::<Vec<_>>())
    }

    pub(crate) fn read(fields: &mut Fields) -> Result<Self, FormatError> {
        let page = parse_bytes(fields.required(1)?, 1)?;
        let content = |value: &Value| value.as_bytes().filter(|bytes| bytes.len() <= limit::PACK).cloned();
        let contents = items(fields, 2, content)?;
        if PAGE_ENTRIES < contents.len() { Err(FormatError::Malformed(2)) } else { Ok(Self { page, contents }) }
    }
}
