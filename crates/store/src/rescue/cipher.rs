//! One page as SQLCipher 4 writes it: AES-256-CBC, then HMAC-SHA-512 over ciphertext, vector and page number.
//!
//! The HMAC covers every byte that matters, so a page is either exactly what was written or it is damaged.

use aes::{
    Aes256,
    cipher::{BlockModeDecrypt, InnerIvInit, KeyInit, block_padding::NoPadding},
};
use hmac::{Hmac, Mac};
use sha2::Sha512;
use zeroize::Zeroizing;

use crate::{Result, StoreError, StoreKey};

/// Bytes of a page on disk.
pub(super) const PAGE_BYTES: usize = 4096;
/// Bytes of a page that hold content; vector and HMAC follow.
pub(super) const USABLE_BYTES: usize = PAGE_BYTES - VECTOR_BYTES - 64;
const VECTOR_BYTES: usize = 16;
/// Page 1 begins with the salt in clear, where SQLite has its magic.
const SALT_BYTES: usize = 16;
/// What SQLCipher does to the salt, and how often it iterates, to make the HMAC's key from the page key.
const HMAC_SALT_MASK: u8 = 0x3A;
const HMAC_KEY_ITERATIONS: u32 = 2;

/// Opens pages.
pub(super) struct PageCipher {
    aes: Aes256,
    mac: Hmac<Sha512>,
    salt: [u8; SALT_BYTES],
}

impl PageCipher {
    pub(super) fn new(key: &StoreKey) -> Result<Self> {
        let damaged = || StoreError::Damaged("key");
        let (key, salt) = key.dangerously_expose_bytes().split_at_checked(32).ok_or_else(damaged)?;
        let salt: [u8; SALT_BYTES] = salt.try_into().map_err(|_| damaged())?;
        let mut mac_key = Zeroizing::new([0; 32]);
        let mac_salt = salt.map(|byte| byte ^ HMAC_SALT_MASK);
        pbkdf2::pbkdf2_hmac::<Sha512>(key, &mac_salt, HMAC_KEY_ITERATIONS, mac_key.as_mut());
        Ok(Self {
            aes: Aes256::new_from_slice(key).map_err(|_| damaged())?,
            mac: Hmac::new_from_slice(mac_key.as_slice()).map_err(|_| damaged())?,
            salt,
        })
    }

    /// Opens a page; `None` when it is not as it was written, or is another page than `number`.
    pub(super) fn open(&self, number: u32, raw: &[u8]) -> Option<Vec<u8>> {
        let clear = if number == 1 { SALT_BYTES } else { 0 };
        let (authentic, code) = raw.split_at_checked(USABLE_BYTES + VECTOR_BYTES)?;
        let (head, authentic) = authentic.split_at_checked(clear)?;
        let mac = self.mac.clone().chain_update(authentic).chain_update(number.to_le_bytes());
        mac.verify_slice(code).ok()?;
        let (text, vector) = authentic.split_at_checked(USABLE_BYTES - clear)?;
        let mut page = [head, text].concat();
        let cipher = cbc::Decryptor::inner_iv_slice_init(self.aes.clone(), vector).ok()?;
        cipher.decrypt_padded::<NoPadding>(page.get_mut(clear..)?).ok()?;
        Some(page)
    }

    /// Writes a page as SQLCipher would, for tests of what a page may hold.
    #[cfg(test)]
    pub(super) fn seal(&self, number: u32, page: &[u8]) -> Vec<u8> {
        use aes::cipher::BlockModeEncrypt;
        let clear = if number == 1 { SALT_BYTES } else { 0 };
        let vector = [7; VECTOR_BYTES];
        let mut raw = page.to_vec();
        let cipher = cbc::Encryptor::inner_iv_slice_init(self.aes.clone(), &vector).unwrap();
        let length = raw.len() - clear;
        cipher.encrypt_padded::<NoPadding>(&mut raw[clear..], length).unwrap();
        raw.extend(vector);
        let mac = self.mac.clone().chain_update(&raw[clear..]).chain_update(number.to_le_bytes());
        raw.extend(mac.finalize().into_bytes());
        raw
    }

    /// Whether page 1 begins with the key's salt: the only bytes of a file that no HMAC covers.
    pub(super) fn has_salt(&self, raw: &[u8]) -> bool {
        raw.starts_with(&self.salt)
    }
}

impl std::fmt::Debug for PageCipher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PageCipher(<redacted>)")
    }
}
