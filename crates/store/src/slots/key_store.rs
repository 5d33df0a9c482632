//! A slot that the operating system's key store opens: the store's key under a random one that lies there.
//!
//! Nobody's assessor key is in it, so whoever opens the store with it can read and send, and sign nothing.

use std::path::Path;

use fieldproof_model::time::Timestamp;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{
    SlotError, SlotFile, Wrapped, store_key,
    wrap::{label, unwrap, wrap},
};
use crate::{StoreError, StoreKey};

/// The store's key, for a key in the operating system's key store.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct KeyStoreSlot {
    /// The name of the key there: drawn, so that it says nothing about anybody.
    pub name: String,
    /// When the slot was made, in milliseconds.
    made_at: i64,
    store: Wrapped,
}

impl KeyStoreSlot {
    /// When the slot was made.
    #[must_use]
    pub const fn made_at(&self) -> Timestamp {
        Timestamp::from_millis(self.made_at)
    }

    /// Opens it.
    ///
    /// # Errors
    /// [`SlotError::WrongKeyStoreKey`].
    pub fn open(&self, key: &[u8]) -> Result<StoreKey, SlotError> {
        let key: Zeroizing<[u8; 32]> = Zeroizing::new(key.try_into().map_err(|_| SlotError::WrongKeyStoreKey)?);
        let store = unwrap(&key, &self.store, &label("key store", &self.name))?.ok_or(SlotError::WrongKeyStoreKey)?;
        Ok(store_key(&store)?)
    }
}

/// What the slot of one laptop is made of.
#[derive(Debug)]
pub struct KeyStoreRandom {
    /// The name of the key in the key store.
    pub name: String,
    /// The key that goes into the key store.
    pub key: Zeroizing<[u8; 32]>,
    /// For the wrapping.
    pub nonce: [u8; 24],
}

/// Lets the key in the key store open the store, in place of the one before.
///
/// # Errors
/// [`StoreError`].
pub fn set(dir: &Path, random: &KeyStoreRandom, made_at: Timestamp, store: &StoreKey) -> Result<(), StoreError> {
    let KeyStoreRandom { name, key, nonce } = random;
    let store = wrap(key, nonce, &label("key store", name), store.dangerously_expose_bytes())?;
    let mut file = SlotFile::read(dir)?;
    file.key_store = Some(KeyStoreSlot { name: name.clone(), made_at: made_at.as_millis(), store });
    file.write(dir)
}

/// The slot, where there is one.
///
/// # Errors
/// [`StoreError`].
pub fn find(dir: &Path) -> Result<Option<KeyStoreSlot>, StoreError> {
    Ok(SlotFile::read(dir)?.key_store)
}

/// Takes the slot away. Somebody's passphrase is always left: this slot counts as no way in.
///
/// # Errors
/// [`StoreError`].
pub fn forget(dir: &Path) -> Result<(), StoreError> {
    let mut file = SlotFile::read(dir)?;
    if file.key_store.take().is_some() { file.write(dir) } else { Ok(()) }
}
