//! Encryption keys: X25519, as `age` knows them. The institution's stands in the key set beside the keys that sign; a
//! laptop's in its request to be enrolled.

use std::str::FromStr;

use age::x25519::{Identity, Recipient};
use bech32::{Bech32, Hrp};
use fieldproof_seal::{
    key_set::{KeyRole, KeySet, KeyState, WorkingKey},
    keys::PublicKey,
};
use x25519_dalek::StaticSecret;
use zeroize::Zeroizing;

const RECIPIENT: Hrp = Hrp::parse_unchecked("age");
const IDENTITY: Hrp = Hrp::parse_unchecked("age-secret-key-");

/// The secret half of an encryption key. Wiped from memory when dropped; never printed.
#[derive(Clone)]
pub struct DecryptionKey(StaticSecret);

impl std::fmt::Debug for DecryptionKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DecryptionKey(<redacted>)")
    }
}

impl DecryptionKey {
    /// Makes a key from thirty-two random bytes.
    #[must_use]
    pub fn new(random: &[u8; 32]) -> Self {
        Self(StaticSecret::from(*random))
    }

    /// The public half, as it stands in the key set under role 3. It verifies no signature.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        PublicKey::new(x25519_dalek::PublicKey::from(&self.0).to_bytes())
    }

    /// Whom to encrypt to, as `age` writes a recipient.
    #[must_use]
    pub fn recipient(&self) -> String {
        bech32::encode::<Bech32>(RECIPIENT, self.public().as_bytes()).unwrap_or_default()
    }

    /// The key as `age` writes an identity: with it what is encrypted to it can be opened without Fieldproof.
    #[must_use]
    pub fn dangerously_expose_text(&self) -> Zeroizing<String> {
        let bytes = Zeroizing::new(self.0.to_bytes());
        // It always fits: a text of age has no limit that thirty-two bytes could reach.
        Zeroizing::new(bech32::encode_upper::<Bech32>(IDENTITY, bytes.as_slice()).unwrap_or_default())
    }

    /// Reads what [`Self::dangerously_expose_text`] wrote.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (kind, bytes) = bech32::decode(text.trim()).ok()?;
        let bytes = Zeroizing::new(bytes);
        let bytes: Zeroizing<[u8; 32]> = Zeroizing::new(bytes.as_slice().try_into().ok()?);
        (kind == IDENTITY).then(|| Self::new(&bytes))
    }

    pub(crate) fn identity(&self) -> Option<Identity> {
        Identity::from_str(&self.dangerously_expose_text()).ok()
    }
}

/// The key that bundles are encrypted to: the active one that began last; `None` when the institution has none.
///
/// Its days bind nobody here, because a laptop's clock is a claim and a dead one must not keep a record from leaving.
#[must_use]
pub fn encryption_key(key_set: &KeySet) -> Option<&WorkingKey> {
    let is_in_use = |key: &&WorkingKey| key.role == KeyRole::Encryption && key.state == KeyState::Active;
    key_set.keys.iter().filter(is_in_use).max_by_key(|key| key.not_before)
}

/// A public key as `age` takes it; `None` for the few points to which everybody could decrypt, at which `age` panics.
pub(crate) fn recipient(key: &PublicKey) -> Option<Recipient> {
    let point = x25519_dalek::PublicKey::from(*key.as_bytes());
    let is_strong = StaticSecret::from([1; 32]).diffie_hellman(&point).was_contributory();
    let text = bech32::encode::<Bech32>(RECIPIENT, key.as_bytes()).ok()?;
    is_strong.then(|| Recipient::from_str(&text).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use fieldproof_model::{
        id::InstitutionId,
        time::{Date, Timestamp},
    };
    use fieldproof_seal::envelope::Purpose;

    use super::*;

    #[test]
    fn a_key_is_age_s_and_its_text_is_read_back() {
        let key = DecryptionKey::new(&[9; 32]);
        let identity = key.identity().unwrap();
        assert_eq!(identity.to_public().to_string(), recipient(&key.public()).unwrap().to_string());
        let text = key.dangerously_expose_text();
        assert!(text.starts_with("AGE-SECRET-KEY-1"));
        assert_eq!(DecryptionKey::parse(&format!("{}\n", *text)).unwrap().public(), key.public());
        for no_key in ["", "AGE-SECRET-KEY-1", &identity.to_public().to_string()] {
            assert!(DecryptionKey::parse(no_key).is_none(), "{no_key}");
        }
        assert_eq!(format!("{key:?}"), "DecryptionKey(<redacted>)");
    }

    /// Points of small order on the curve and its twist; the highest bit of a key counts for nothing.
    #[test]
    fn a_key_that_everybody_can_decrypt_for_is_none() {
        let low = |bytes: [u8; 32]| PublicKey::new(bytes);
        let with = |first: u8, rest: u8, last: u8| {
            let mut bytes = [rest; 32];
            (bytes[0], bytes[31]) = (first, last);
            low(bytes)
        };
        for (first, rest, last) in [(0, 0, 0), (1, 0, 0), (0xec, 0xff, 0x7f), (0xed, 0xff, 0x7f), (0xee, 0xff, 0x7f)] {
            assert!(recipient(&with(first, rest, last)).is_none(), "{first}");
            assert!(recipient(&with(first, rest, last | 0x80)).is_none(), "{first} with its highest bit");
        }
        assert!(recipient(&with(9, 0, 0)).is_some(), "the base point");
    }

    #[test]
    fn the_active_key_that_began_last_is_encrypted_to() {
        let key = |n: u8, role, state, first| WorkingKey {
            key: PublicKey::new([n; 32]),
            role,
            not_before: Date::from_days(first),
            not_after: Date::from_days(first + 10),
            state,
        };
        use KeyRole::{Encryption, Register};
        use KeyState::{Active, Compromised, Retired};
        let mut key_set = KeySet {
            purpose: Purpose::Demonstration,
            number: 1,
            institution: InstitutionId::new([1; 16]),
            name: String::new(),
            address: String::new(),
            issued_at: Timestamp::from_millis(0),
            keys: vec![
                key(1, Encryption, Active, 1),
                key(2, Encryption, Active, 5),
                key(3, Encryption, Retired, 7),
                key(4, Encryption, Compromised, 8),
                key(5, Register, Active, 9),
            ],
        };
        assert_eq!(encryption_key(&key_set).unwrap().key, PublicKey::new([2; 32]));
        key_set.keys.retain(|key| key.state != Active || key.role == Register);
        assert_eq!(encryption_key(&key_set), None);
    }
}
