//! Ed25519 keys (RFC 8032) and SHA-256 digests (FIPS 180-4).

use std::io::{self, Read};

use ed25519_dalek::{Signer, SigningKey, VerifyingKey};
use fieldproof_model::{digest::Digest, id::to_hex};
use sha2::{Digest as _, Sha256};

/// Computes the digest of exact bytes.
#[must_use]
pub fn digest_of(bytes: &[u8]) -> Digest {
    Digest::new(Sha256::digest(bytes).into())
}

/// Computes the digest of bytes that come piece by piece.
#[derive(Debug, Clone, Default)]
pub struct Digester(Sha256);

impl Digester {
    /// Goes on with further bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The digest of everything that came.
    #[must_use]
    pub fn finish(self) -> Digest {
        Digest::new(self.0.finalize().into())
    }
}

/// Computes the digest of everything that can be read, and counts its bytes; little of it is in memory at once.
///
/// # Errors
/// [`io::Error`] of `from`.
pub fn digest_of_all(mut from: impl Read) -> io::Result<(Digest, u64)> {
    let (mut hash, mut length, mut piece) = (Digester::default(), 0_u64, vec![0; 64 << 10]);
    loop {
        match from.read(&mut piece) {
            Ok(0) => return Ok((hash.finish(), length)),
            Ok(read) => {
                hash.update(piece.get(..read).unwrap_or_default());
                length = length.saturating_add(u64::try_from(read).unwrap_or(u64::MAX));
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// The first eight bytes of a public key's digest; names a key inside signed things.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyId([u8; 8]);

impl KeyId {
    /// Takes the eight bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 8]) -> Self {
        Self(bytes)
    }

    /// The eight bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 8] {
        &self.0
    }
}

impl std::fmt::Display for KeyId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&to_hex(&self.0))
    }
}

impl std::fmt::Debug for KeyId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KeyId({self})")
    }
}

/// A public key, as the thirty-two bytes of RFC 8032.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct PublicKey([u8; 32]);

impl PublicKey {
    /// Takes the thirty-two bytes; whether they are a key shows when something is verified.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The thirty-two bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The key's short name.
    #[must_use]
    pub fn id(&self) -> KeyId {
        let digest = digest_of(&self.0);
        let mut id = [0; 8];
        for (to, from) in id.iter_mut().zip(digest.as_bytes()) {
            *to = *from;
        }
        KeyId(id)
    }

    /// Whether `signature` over `message` is this key's, by the strict rule of SPEC.md.
    #[must_use]
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        let Some(key) = self.decoded() else {
            return false;
        };
        let Ok(signature) = ed25519_dalek::Signature::from_slice(signature) else {
            return false;
        };
        key.verify_strict(message, &signature).is_ok()
    }

    /// Whether these bytes are a key that anything can be signed with: canonical, and not of small order.
    #[must_use]
    pub fn is_usable(&self) -> bool {
        self.decoded().is_some()
    }

    /// The point that these bytes encode canonically. The library takes 2^255−19 and more for the rest of the division.
    fn decoded(&self) -> Option<VerifyingKey> {
        let [low, middle @ .., high] = &self.0;
        let is_reduced = *low < 0xed || high | 0x80 != 0xff || middle.iter().any(|byte| *byte != 0xff);
        is_reduced.then(|| VerifyingKey::from_bytes(&self.0).ok()).flatten().filter(|key| !key.is_weak())
    }
}

impl std::fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PublicKey({})", to_hex(&self.0))
    }
}

/// A secret key. Wiped from memory when dropped; never printed.
///
/// It stays at one place of the memory: whoever is handed it is handed the place.
#[derive(Clone)]
pub struct SecretKey(Box<SigningKey>);

impl SecretKey {
    /// Makes a key from thirty-two random bytes.
    #[must_use]
    pub fn new(seed: &[u8; 32]) -> Self {
        Self(Box::new(SigningKey::from_bytes(seed)))
    }

    /// The public half.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key().to_bytes())
    }

    /// The seed, for wrapping under a passphrase.
    #[must_use]
    pub fn dangerously_expose_seed(&self) -> zeroize::Zeroizing<[u8; 32]> {
        zeroize::Zeroizing::new(self.0.to_bytes())
    }

    /// Signs a text that is none of the sealed formats: what a request is signed over (RFC 9421).
    ///
    /// Neither can be passed off as the other: what the sealed formats sign begins with 0x84, an array of four, and no
    /// text begins with that byte in UTF-8.
    #[must_use]
    pub fn sign_text(&self, text: &str) -> [u8; 64] {
        self.0.sign(text.as_bytes()).to_bytes()
    }

    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.0.sign(message).to_bytes().to_vec()
    }
}

impl std::fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecretKey(<redacted>)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_shown_by_what_is_public_and_secret_ones_are_not() {
        let id = KeyId::new([0, 1, 2, 3, 4, 5, 6, 0xff]);
        assert_eq!((id.to_string(), format!("{id:?}")), ("00010203040506ff".into(), "KeyId(00010203040506ff)".into()));
        assert_eq!(format!("{:?}", PublicKey::new([0xab; 32])), format!("PublicKey({})", "ab".repeat(32)));
        assert_eq!(format!("{:?}", SecretKey::new(&[7; 32])), "SecretKey(<redacted>)");
    }

    /// The encodings of y that are p and more: 19 values, with either sign of x.
    fn unreduced() -> impl Iterator<Item = [u8; 32]> {
        (0xed..=0xff).flat_map(|low| {
            [0x7f, 0xff].map(|high| {
                let mut bytes = [0xff; 32];
                bytes[0] = low;
                bytes[31] = high;
                bytes
            })
        })
    }

    #[test]
    fn no_second_encoding_of_a_point_is_a_key() {
        // Nobody can sign for such a point of full order without its logarithm, so only the decoding can be shown.
        let taken: Vec<_> = unreduced().filter_map(|bytes| VerifyingKey::from_bytes(&bytes).ok()).collect();
        let strong = taken.iter().filter(|key| !key.is_weak()).count();
        assert_eq!((taken.len(), strong), (24, 20), "what the library takes");
        for bytes in unreduced() {
            assert!(!PublicKey::new(bytes).is_usable(), "{bytes:02x?}");
        }
    }

    #[test]
    fn a_signed_text_verifies_and_is_no_signature_of_a_sealed_thing() {
        let key = SecretKey::new(&[7; 32]);
        assert!(key.public().is_usable());
        assert!(key.public().verifies(b"\"@method\": GET", &key.sign_text("\"@method\": GET")));
        assert!(!key.public().verifies(b"\"@method\": PUT", &key.sign_text("\"@method\": GET")));
        let sealed = coset::CoseSign1Builder::new().payload(vec![1]).build().tbs_data(&[]);
        assert_eq!(sealed.first(), Some(&0x84));
        assert!(std::str::from_utf8(&sealed).is_err());
    }

    #[test]
    fn canonical_encodings_beside_them_are_keys() {
        let count = |low: std::ops::Range<u8>, middle: u8, high: u8| {
            let bytes = low.map(|low| {
                let mut bytes = [middle; 32];
                (bytes[0], bytes[31]) = (low, high);
                bytes
            });
            let (keys, rest): (Vec<_>, Vec<_>) = bytes.partition(|bytes| PublicKey::new(*bytes).decoded().is_some());
            let taken = rest.iter().filter_map(|bytes| VerifyingKey::from_bytes(bytes).ok());
            assert!(taken.into_iter().all(|key| key.is_weak()), "only a weak point is refused");
            keys.len()
        };
        // The last values below p, the first values of all, and those with one byte less than p.
        assert_eq!(count(0..0xed, 0xff, 0x7f), 115);
        assert_eq!(count(0..0x13, 0, 0), 10);
        assert_eq!(count(0xed..0xff, 0xfe, 0xff), 7);
        assert_eq!(count(0xed..0xff, 0xff, 0x7e), 9);
    }
}
