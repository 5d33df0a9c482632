//! Identifiers: sixteen random bytes each, one type per meaning, lower-case hex at the borders.

/// The text was not an identifier: 32 hexadecimal digits were expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an identifier is 32 hexadecimal digits")]
pub struct NotAnId;

/// Writes bytes as lower-case hex.
#[must_use]
pub fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Reads exactly `N` bytes of hex; `None` for anything else.
#[must_use]
pub fn parse_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    let digits = text.as_bytes().chunks_exact(2);
    if !digits.remainder().is_empty() || digits.len() != N {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(digits) {
        let pair = std::str::from_utf8(pair).ok()?;
        if !pair.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        *byte = u8::from_str_radix(pair, 16).ok()?;
    }
    Some(bytes)
}

macro_rules! id {
    ($($(#[$meta:meta])* $name:ident)*) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; 16]);

        impl $name {
            /// Makes an identifier from sixteen random bytes.
            #[must_use]
            pub const fn new(random: [u8; 16]) -> Self {
                Self(random)
            }

            /// Reads the text form.
            ///
            /// # Errors
            /// [`NotAnId`] when the text is not 32 hexadecimal digits.
            pub fn parse(text: &str) -> Result<Self, NotAnId> {
                parse_hex(text).map(Self).ok_or(NotAnId)
            }

            /// The sixteen bytes.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; 16] {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&to_hex(&self.0))
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }
    )*};
}

id! {
    /// A person in any role.
    PersonId
    /// One candidate being assessed under one scheme version.
    SessionId
    /// A scheme, all versions of it.
    SchemeId
    /// One delivery of training.
    CourseId
    /// A certificate handed out.
    CertificateId
    /// An institution.
    InstitutionId
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_form_round_trips_and_refuses_everything_else() {
        let id = PersonId::new([0xab; 16]);
        assert_eq!(PersonId::parse(&id.to_string()), Ok(id));
        for bad in ["", "ab", &"ab".repeat(17), &"zz".repeat(16), &"+a".repeat(16), "ä"] {
            assert_eq!(PersonId::parse(bad), Err(NotAnId), "{bad:?}");
        }
    }
}
