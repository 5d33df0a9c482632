//! A PIN re-unlocks inside the running program: five tries, then the passphrase. Nothing of it is ever on the disk.

use std::collections::BTreeMap;

use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use fieldproof_model::id::PersonId;
use fieldproof_seal::keys::SecretKey;
use fieldproof_store::{Store, StoreKey, slots::Cost};
use zeroize::Zeroizing;

use crate::{App, Error, Invalid, Result, unlock::wipe_stack};

/// The fewest and the most digits of a PIN.
pub const PIN_DIGITS: (usize, usize) = (6, 12);
/// Tries before only the passphrase opens.
pub const PIN_TRIES: u32 = 5;

/// Whoever has a PIN in this run of the program.
#[derive(Debug, Default)]
pub(crate) struct Pins(BTreeMap<PersonId, Pin>);

/// Store key and assessor key of a person, under a key that the PIN gives: while the laptop is locked, the memory holds
/// neither of them.
struct Pin {
    name: String,
    salt: [u8; 16],
    nonce: [u8; 24],
    cost: Cost,
    wrapped: Vec<u8>,
    wrong: u32,
}

impl std::fmt::Debug for Pin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pin(<redacted>)")
    }
}

impl App {
    /// Sets the PIN of whoever works, for as long as the program runs.
    ///
    /// # Errors
    /// [`Invalid::Pin`].
    pub fn set_pin(&self, pin: &str) -> Result<()> {
        let done = self.keep_pin(pin);
        wipe_stack();
        done
    }

    #[inline(never)]
    fn keep_pin(&self, pin: &str) -> Result<()> {
        let unlocked = self.unlocked()?;
        let (fewest, most) = PIN_DIGITS;
        if !(fewest..=most).contains(&pin.len()) || !pin.bytes().all(|digit| digit.is_ascii_digit()) {
            return Err(Invalid::Pin.into());
        }
        let (salt, nonce, cost) = (self.random(), self.random(), self.host.passphrase_cost());
        let mut plain = Zeroizing::new(Vec::with_capacity(80));
        plain.extend_from_slice(unlocked.store.key().dangerously_expose_bytes());
        plain.extend_from_slice(unlocked.key.dangerously_expose_seed().as_slice());
        let payload = Payload { msg: &plain, aad: unlocked.assessor.as_bytes() };
        let wrapped = cipher(pin, &salt, cost)?.encrypt(&XNonce::from(nonce), payload).map_err(|_| Invalid::Pin)?;
        let name = unlocked.name.clone();
        let pin = Pin { name, salt, nonce, cost, wrapped, wrong: 0 };
        self.pins.lock().map_err(|_| Error::Locked)?.0.insert(unlocked.assessor, pin);
        Ok(())
    }

    /// Whether a person can unlock with a PIN now.
    #[must_use]
    pub fn has_pin(&self, person: PersonId) -> bool {
        self.pins.lock().is_ok_and(|pins| pins.0.contains_key(&person))
    }

    /// Forgets a person's PIN, as a changed passphrase does.
    pub(crate) fn forget_pin(&self, person: PersonId) {
        if let Ok(mut pins) = self.pins.lock() {
            pins.0.remove(&person);
        }
    }

    /// Unlocks with a PIN that was set since the program began.
    ///
    /// # Errors
    /// [`Error::WrongPin`]; after the last try only the passphrase opens.
    pub fn unlock_with_pin(&self, person: PersonId, pin: &str) -> Result<()> {
        let done = self.try_pin(person, pin);
        wipe_stack();
        done
    }

    #[inline(never)]
    fn try_pin(&self, person: PersonId, pin: &str) -> Result<()> {
        let (name, store, key) = {
            let mut pins = self.pins.lock().map_err(|_| Error::Locked)?;
            let known = pins.0.get_mut(&person).ok_or(Error::WrongPin { left: 0 })?;
            match open(known, person, pin)? {
                Some((store, key)) => {
                    known.wrong = 0;
                    (known.name.clone(), store, key)
                }
                None => {
                    known.wrong = known.wrong.saturating_add(1);
                    let left = PIN_TRIES.saturating_sub(known.wrong);
                    if left == 0 {
                        pins.0.remove(&person);
                    }
                    return Err(Error::WrongPin { left });
                }
            }
        };
        self.enter((person, name), key, Store::open(&self.dir, &store)?)
    }
}

fn open(known: &Pin, person: PersonId, pin: &str) -> Result<Option<(StoreKey, SecretKey)>> {
    let payload = Payload { msg: &known.wrapped, aad: person.as_bytes() };
    let plain = cipher(pin, &known.salt, known.cost)?.decrypt(&XNonce::from(known.nonce), payload);
    let Ok(plain) = plain.map(Zeroizing::new) else {
        return Ok(None);
    };
    let (store, seed) = plain.split_at_checked(48).ok_or(Invalid::Pin)?;
    let seed: Zeroizing<[u8; 32]> = Zeroizing::new(seed.try_into().map_err(|_| Invalid::Pin)?);
    Ok(Some((StoreKey::new(store.try_into().map_err(|_| Invalid::Pin)?), SecretKey::new(&seed))))
}

fn cipher(pin: &str, salt: &[u8; 16], cost: Cost) -> Result<XChaCha20Poly1305> {
    let params = Params::new(cost.memory_kib, cost.passes, 1, Some(32)).map_err(|_| Invalid::Pin)?;
    let mut key = Zeroizing::new([0; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(pin.as_bytes(), salt, key.as_mut())
        .map_err(|_| Invalid::Pin)?;
    Ok(XChaCha20Poly1305::new(&(*key).into()))
}
