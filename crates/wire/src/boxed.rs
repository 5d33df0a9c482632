//! What only one laptop may read: encrypted with age (<https://age-encryption.org/v1>) to a key that it made.

use fieldproof_seal::keys::PublicKey;

use crate::bundle::{self, DecryptionKey};

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

/// Opens a box.
///
/// # Errors
/// [`BoxError::Shut`].
pub fn open(key: &DecryptionKey, boxed: &[u8]) -> Result<Vec<u8>, BoxError> {
    let identity = key.identity().ok_or(BoxError::Shut)?;
    age::decrypt(&identity, boxed).map_err(|_| BoxError::Shut)
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
        let [ours, other] = [[1; 32], [2; 32]].map(|random| DecryptionKey::new(&random));
        let boxed = seal_for(&ours.recipient(), b"for one laptop").unwrap();
        assert!(!boxed.windows(8).any(|bytes| bytes == b"for one "));
        assert_eq!(open(&ours, &boxed).as_deref(), Ok(b"for one laptop".as_slice()));
        let read_back = DecryptionKey::parse(&ours.dangerously_expose_text()).unwrap();
        assert_eq!(open(&read_back, &boxed).as_deref(), Ok(b"for one laptop".as_slice()));
        assert_eq!(open(&other, &boxed), Err(BoxError::Shut));
        for place in [0, boxed.len() / 2, boxed.len() - 1] {
            let mut bad = boxed.clone();
            bad[place] ^= 1;
            assert_eq!(open(&ours, &bad), Err(BoxError::Shut), "byte {place}");
        }
        assert_eq!(open(&ours, &boxed[..boxed.len() - 1]), Err(BoxError::Shut));
        assert_eq!(seal_for("age1nobody", b""), Err(BoxError::Recipient));
        let everybody = bech32::encode::<bech32::Bech32>(bech32::Hrp::parse("age").unwrap(), &[0; 32]).unwrap();
        assert_eq!(seal_for(&everybody, b""), Err(BoxError::Recipient), "a point to which everybody could decrypt");
    }
}
