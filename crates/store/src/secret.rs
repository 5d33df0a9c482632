//! The key of the store's files: thirty-two bytes of key and sixteen of salt, wiped from memory when dropped.

use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// Opens the store's files.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct StoreKey([u8; 48]);

impl StoreKey {
    /// Takes forty-eight random bytes.
    #[must_use]
    pub const fn new(random: [u8; 48]) -> Self {
        Self(random)
    }

    /// The bytes, for wrapping under a passphrase.
    #[must_use]
    pub const fn dangerously_expose_bytes(&self) -> &[u8; 48] {
        &self.0
    }

    /// The form SQLCipher takes as raw key and salt.
    pub(crate) fn pragma(&self) -> Zeroizing<String> {
        let hex = Zeroizing::new(fieldproof_model::id::to_hex(&self.0));
        Zeroizing::new(format!("x'{}'", hex.as_str()))
    }
}

impl std::fmt::Debug for StoreKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("StoreKey(<redacted>)")
    }
}
