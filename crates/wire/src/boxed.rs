//! What only one laptop may read: encrypted with age (<https://age-encryption.org/v1>) to a key that it made.

use std::str::FromStr;

use age::{secrecy::ExposeSecret, x25519::Identity};
use fieldproof_seal::keys::PublicKey;
use zeroize::Zeroizing;

use crate::bundle;

/// Why a box stays shut, or cannot be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BoxError {
    /// The recipient is none of age.
    #[error("this is nobody that can be encrypted to")]
    Recipient,
    /// It is encrypted for somebody else, or damaged, or cut off.
    #[error("this is encrypted for another laptop, or damaged")]
    Shut,
}

/// Opens what was encrypted for its holder.
pub struct BoxKey(Identity);

impl std::fmt::Debug for BoxKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("BoxKey(<redacted>)")
    }
}

impl BoxKey {
    /// Makes a new one; age draws its randomness from the operating system itself.
    #[must_use]
    pub fn generate() -> Self {
        Self(Identity::generate())
    }

    /// Reads one as [`BoxKey::dangerously_expose_text`] writes it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Identity::from_str(text).ok().map(Self)
    }

    /// Whom to encrypt to.
    #[must_use]
    pub fn recipient(&self) -> String {
        self.0.to_public().to_string()
    }

    /// The key as text, to be kept where nobody else reads.
    #[must_use]
    pub fn dangerously_expose_text(&self) -> Zeroizing<String> {
        Zeroizing::new(self.0.to_string().expose_secret().to_owned())
    }

    /// Opens a box.
    ///
    /// # Errors
    /// [`BoxError::Shut`].
    pub fn open(&self, boxed: &[u8]) -> Result<Vec<u8>, BoxError> {
        age::decrypt(&self.0, boxed).map_err(|_| BoxError::Shut)
    }
}

/// Encrypts for a recipient.
///
/// # Errors
/// [`BoxError::Recipient`].
pub fn seal_for(recipient: &str, plain: &[u8]) -> Result<Vec<u8>, BoxError> {
    // A request names whomever it likes, also one of the points to which everybody could decrypt.
    let (_, point) = bech32::decode(recipient).map_err(|_| BoxError::Recipient)?;
    let point = point.try_into().map(PublicKey::new).map_err(|_| BoxError::Recipient)?;
    let to = bundle::recipient(&point).filter(|to| to.to_string() == recipient).ok_or(BoxError::Recipient)?;
    age::encrypt(&to, plain).map_err(|_| BoxError::Recipient)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_its_key_opens_a_box_and_only_unaltered() {
        let (ours, other) = (BoxKey::generate(), BoxKey::generate());
        let boxed = seal_for(&ours.recipient(), b"for one laptop").unwrap();
        assert!(!boxed.windows(8).any(|bytes| bytes == b"for one "));
        assert_eq!(ours.open(&boxed).as_deref(), Ok(b"for one laptop".as_slice()));
        let read_back = BoxKey::parse(&ours.dangerously_expose_text()).unwrap();
        assert_eq!(read_back.open(&boxed).as_deref(), Ok(b"for one laptop".as_slice()));
        assert_eq!(other.open(&boxed), Err(BoxError::Shut));
        for place in [0, boxed.len() / 2, boxed.len() - 1] {
            let mut bad = boxed.clone();
            bad[place] ^= 1;
            assert_eq!(ours.open(&bad), Err(BoxError::Shut), "byte {place}");
        }
        assert_eq!(ours.open(&boxed[..boxed.len() - 1]), Err(BoxError::Shut));
        assert_eq!(seal_for("age1nobody", b""), Err(BoxError::Recipient));
        let everybody = bech32::encode::<bech32::Bech32>(bech32::Hrp::parse("age").unwrap(), &[0; 32]).unwrap();
        assert_eq!(seal_for(&everybody, b""), Err(BoxError::Recipient), "a point to which everybody could decrypt");
    }
}
