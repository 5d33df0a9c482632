//! What stands in clear in front of a bundle: for whom it is, and which bundle it is.

use std::{
    fmt,
    io::{self, Read},
};

use fieldproof_model::id::{InstitutionId, to_hex};
use fieldproof_seal::keys::KeyId;

use crate::bundle::{BundleError, error::broken};

const MARK: &[u8; 20] = b"fieldproof bundle 1\n";

/// Sixteen random bytes that name a bundle.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct BundleId([u8; 16]);

impl BundleId {
    /// Takes sixteen random bytes.
    #[must_use]
    pub const fn new(random: [u8; 16]) -> Self {
        Self(random)
    }

    /// The sixteen bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl fmt::Display for BundleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&to_hex(&self.0))
    }
}

impl fmt::Debug for BundleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BundleId({self})")
    }
}

/// A bundle's head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// The institution whose register it is for.
    pub institution: InstitutionId,
    /// The encryption key it is for.
    pub key: KeyId,
    /// Which bundle it is.
    pub bundle: BundleId,
}

impl Head {
    /// The head's bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        [MARK.as_slice(), self.institution.as_bytes(), self.key.as_bytes(), self.bundle.as_bytes()].concat()
    }

    /// Reads the head and nothing behind it.
    ///
    /// # Errors
    /// [`BundleError::OtherFile`], [`BundleError::LaterVersion`], [`BundleError::CutOff`], [`BundleError::File`].
    pub fn read(input: &mut impl Read) -> Result<Self, BundleError> {
        read_mark(input, MARK, "bundle")?;
        let (mut institution, mut key, mut bundle) = ([0; 16], [0; 8], [0; 16]);
        let read = |input: &mut dyn Read, bytes: &mut [u8]| input.read_exact(bytes).map_err(broken);
        read(input, &mut institution)?;
        read(input, &mut key)?;
        read(input, &mut bundle)?;
        Ok(Self { institution: InstitutionId::new(institution), key: KeyId::new(key), bundle: BundleId::new(bundle) })
    }
}

/// Reads a mark: a name, a blank, one digit for the version, and the end of the line.
pub(crate) fn read_mark<const N: usize>(
    input: &mut impl Read,
    mark: &[u8; N],
    what: &'static str,
) -> Result<(), BundleError> {
    let mut found = [0; N];
    input.read_exact(&mut found).map_err(|error| {
        let is_short = error.kind() == io::ErrorKind::UnexpectedEof;
        if is_short { BundleError::OtherFile(what) } else { BundleError::File(error) }
    })?;
    let name = |mark: &[u8; N]| mark.get(..N.saturating_sub(2)).map(<[u8]>::to_vec);
    match (found == *mark, name(&found) == name(mark)) {
        (true, _) => Ok(()),
        (false, true) => Err(BundleError::LaterVersion(what)),
        (false, false) => Err(BundleError::OtherFile(what)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_has_the_bytes_of_the_protocol_text() {
        let head =
            Head { institution: InstitutionId::new([1; 16]), key: KeyId::new([2; 8]), bundle: BundleId::new([3; 16]) };
        let bytes = head.to_bytes();
        assert_eq!(bytes, [b"fieldproof bundle 1\n".as_slice(), &[1; 16], &[2; 8], &[3; 16]].concat());
        let mut input = [bytes.as_slice(), b"rest"].concat();
        assert_eq!(Head::read(&mut input.as_slice()).unwrap(), head);
        input[18] = b'2';
        assert!(matches!(Head::read(&mut input.as_slice()), Err(BundleError::LaterVersion("bundle"))));
        input[0] = b'F';
        assert!(matches!(Head::read(&mut input.as_slice()), Err(BundleError::OtherFile("bundle"))));
        assert!(matches!(Head::read(&mut &bytes[..19]), Err(BundleError::OtherFile("bundle"))));
        assert!(matches!(Head::read(&mut &bytes[..59]), Err(BundleError::CutOff)));
    }
}
