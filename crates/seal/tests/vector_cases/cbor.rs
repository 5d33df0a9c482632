//! A second encoder, small enough to be read at once: the bytes of the vectors are not made by the code they judge.

/// A value, written in the order it stands in; [`V::Raw`] is written as it is, right or wrong.
#[derive(Clone, Debug, PartialEq)]
pub enum V {
    /// A whole number.
    Int(i128),
    /// Bytes.
    Bytes(Vec<u8>),
    /// Text.
    Text(String),
    /// Items.
    Array(Vec<Self>),
    /// Pairs, in this order.
    Map(Vec<(Self, Self)>),
    /// A tag and what it holds.
    Tag(u64, Box<Self>),
    /// Yes or no.
    Bool(bool),
    /// Null.
    Null,
    /// Exact bytes.
    Raw(Vec<u8>),
}

/// The fields of a payload, sorted when it is written.
pub type Fields = Vec<(i64, V)>;

fn head(major: u8, argument: u64) -> Vec<u8> {
    let bytes = argument.to_be_bytes();
    let (info, kept) = match argument {
        0..=23 => return vec![major << 5 | bytes[7]],
        24..=0xff => (24, 1),
        0x100..=0xffff => (25, 2),
        0x1_0000..=0xffff_ffff => (26, 4),
        _ => (27, 8),
    };
    [&[major << 5 | info], &bytes[8 - kept..]].concat()
}

impl V {
    /// The bytes.
    pub fn encode(&self) -> Vec<u8> {
        let length = |items: usize| u64::try_from(items).unwrap();
        match self {
            Self::Int(n) if *n < 0 => head(1, u64::try_from(-1 - n).unwrap()),
            Self::Int(n) => head(0, u64::try_from(*n).unwrap()),
            Self::Bytes(bytes) => [head(2, length(bytes.len())), bytes.clone()].concat(),
            Self::Text(text) => [head(3, length(text.len())), text.clone().into_bytes()].concat(),
            Self::Array(items) => {
                let items = items.iter().flat_map(Self::encode).collect();
                [head(4, length(self.len())), items].concat()
            }
            Self::Map(pairs) => {
                let pairs = pairs.iter().flat_map(|(key, value)| [key.encode(), value.encode()].concat()).collect();
                [head(5, length(self.len())), pairs].concat()
            }
            Self::Tag(tag, inner) => [head(6, *tag), inner.encode()].concat(),
            Self::Bool(yes) => vec![0xf4 + u8::from(*yes)],
            Self::Null => vec![0xf6],
            Self::Raw(bytes) => bytes.clone(),
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::Array(items) => items.len(),
            Self::Map(pairs) => pairs.len(),
            Self::Int(_)
            | Self::Bytes(_)
            | Self::Text(_)
            | Self::Tag(..)
            | Self::Bool(_)
            | Self::Null
            | Self::Raw(_) => 0,
        }
    }
}

/// A number.
pub fn int(n: impl Into<i128>) -> V {
    V::Int(n.into())
}

/// Bytes.
pub fn bytes(bytes: impl Into<Vec<u8>>) -> V {
    V::Bytes(bytes.into())
}

/// Text.
pub fn text(text: &str) -> V {
    V::Text(text.to_owned())
}

/// A list.
pub fn list(items: impl Into<Vec<V>>) -> V {
    V::Array(items.into())
}

/// A field map in the one order it has.
pub fn map(fields: &[(i64, V)]) -> V {
    let mut sorted: Vec<_> = fields.iter().map(|(key, value)| (int(*key), value.clone())).collect();
    sorted.sort_by_key(|(key, _)| key.encode());
    V::Map(sorted)
}

/// With a field put in, or in the place of the one there.
pub fn with(fields: &[(i64, V)], key: i64, value: V) -> Fields {
    let mut changed = without(fields, key);
    changed.push((key, value));
    changed
}

/// Without a field.
pub fn without(fields: &[(i64, V)], key: i64) -> Fields {
    fields.iter().filter(|(known, _)| *known != key).cloned().collect()
}

/// Arrays in one another, as many as wanted, around a number.
pub fn nested(depth: usize) -> V {
    (0..depth).fold(int(1), |inner, _| list([inner]))
}
