//! The operating system's key store, for whoever turns it on: with it sealed records are sent while nobody is in.
//!
//! It opens the store and no assessor key, so nothing is signed; and what comes of it are figures, never names.

use fieldproof_model::{id::to_hex, time::Date};
use fieldproof_store::{
    Store,
    slots::key_store::{self, KeyStoreRandom},
};
use zeroize::Zeroizing;

use crate::{App, Error, KeyStoreError, Result, unlock::wiping};

impl App {
    /// Since when the operating system's key store opens this laptop for sending; `None` while it does not.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub fn key_store_since(&self) -> Result<Option<Date>> {
        Ok(key_store::find(&self.dir)?.map(|slot| slot.made_at().date()))
    }

    /// Lets the operating system's key store open this laptop for sending: whoever can use the session that is logged
    /// in can then read the store.
    ///
    /// # Errors
    /// [`Error::KeyStore`]; then nothing was changed, and nothing was kept anywhere else.
    pub fn turn_key_store_on(&self) -> Result<()> {
        let unlocked = self.unlocked()?;
        let before = key_store::find(&self.dir)?;
        wiping(|| {
            let drawn = KeyStoreRandom {
                name: to_hex(&self.random::<16>()),
                key: Zeroizing::new(self.random()),
                nonce: self.random(),
            };
            self.host.keep_secret(&drawn.name, drawn.key.as_slice())?;
            let kept = self.host.find_secret(&drawn.name);
            let done = match kept {
                Ok(kept) if kept.as_slice() == drawn.key.as_slice() => {
                    key_store::set(&self.dir, &drawn, self.now(), unlocked.store.key()).map_err(Error::from)
                }
                Ok(_) => Err(KeyStoreError::NotThere.into()),
                Err(error) => Err(error.into()),
            };
            if done.is_err() {
                // It opens nothing: no slot was made for it.
                drop(self.host.remove_secret(&drawn.name));
            }
            done
        })?;
        if let Some(before) = before {
            drop(self.host.remove_secret(&before.name));
        }
        Ok(())
    }

    /// Takes the slot away, then the key out of the key store.
    ///
    /// # Errors
    /// [`Error::Store`]; [`Error::KeyStore`] when the key is still in the key store. It opens this laptop no more then.
    pub fn turn_key_store_off(&self) -> Result<()> {
        self.unlocked()?;
        let Some(slot) = key_store::find(&self.dir)? else { return Ok(()) };
        key_store::forget(&self.dir)?;
        Ok(self.host.remove_secret(&slot.name)?)
    }

    /// Opens the store with what the key store holds. Nobody is in afterwards.
    ///
    /// # Errors
    /// [`Error::Locked`] where nobody turned it on; [`Error::KeyStore`]: then only a passphrase opens.
    pub(crate) fn open_for_sending(&self) -> Result<Store> {
        let slot = key_store::find(&self.dir)?.ok_or(Error::Locked)?;
        wiping(|| {
            let kept = self.host.find_secret(&slot.name)?;
            self.open_store(&slot.open(&kept)?)
        })
    }
}
