//! Key slots: who can open the store, and with what. Two files beside the store, of which either is enough.
//!
//! A person's slot is opened by that person's passphrase (Argon2id). It wraps the store's key and, apart from it, the
//! person's own assessor key. A recovery slot wraps the store's key alone, for an age recipient; so does, where somebody
//! wants it, the slot for the operating system's key store. A slot names its person in clear, so that the unlock screen can ask whose passphrase it wants; nothing else about anybody stands
//! there, and in a backup not even that.

mod file;
pub mod key_store;
mod recovery;
mod wrap;

use std::path::Path;

use fieldproof_model::{
    id::{PersonId, to_hex},
    time::Timestamp,
};
use fieldproof_seal::keys::SecretKey;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

pub use self::{
    file::{SLOT_FILES, SlotFile},
    recovery::{RecoveryKey, RecoveryKind, RecoverySlot},
};
use crate::{StoreError, StoreKey};

/// How much work a passphrase costs; stored in the slot, so that it can be raised later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
}

impl Cost {
    /// The second choice of RFC 9106 §4 takes 64 MiB and three passes; more passes, so that a guess costs what the
    /// wait for the right passphrase may.
    pub const DEFAULT: Self = Self { memory_kib: 64 * 1024, passes: 8 };
    /// The most a slot file may ask for; more is damage or an attack on this machine's memory.
    const MOST: Self = Self { memory_kib: 1 << 20, passes: 64 };

    /// Whether guessing costs less than under `other`.
    #[must_use]
    pub fn is_below(self, other: Self) -> bool {
        let work = |cost: Self| u64::from(cost.memory_kib).saturating_mul(u64::from(cost.passes));
        self.memory_kib < other.memory_kib || work(self) < work(other)
    }
}

/// Why a slot did not open.
#[derive(Debug, thiserror::Error)]
pub enum SlotError {
    /// Not this person's passphrase.
    #[error("the passphrase is not right")]
    WrongPassphrase,
    /// Not a recovery key, or none that this laptop or backup knows.
    #[error("the recovery key is not right")]
    WrongRecoveryKey,
    /// What the operating system's key store holds opens nothing here.
    #[error("what the key store holds does not open this laptop")]
    WrongKeyStoreKey,
    /// Nobody of that identifier has a slot.
    #[error("nobody of that name has access here")]
    Unknown,
    /// Nothing would open the store any more.
    #[error("this is the last way into the store")]
    LastOne,
    /// The slot file is missing, damaged or unusable.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A person's slot. The files hold them for passphrases; one for a PIN is held in memory alone.
#[derive(Debug, Clone)]
pub struct Slot(Content);

/// What a slot says.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Content {
    person: String,
    name: String,
    cost: Cost,
    salt: String,
    /// The store's key; in slots of before, behind it the assessor's.
    store: Wrapped,
    /// The assessor's own key; none in a backup, nor in slots of before.
    assessor: Option<Wrapped>,
}

/// Bytes under a key of their slot.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Wrapped {
    nonce: String,
    bytes: String,
}

/// The two secrets a person's slot holds.
#[derive(Debug, Clone)]
pub struct Secrets {
    /// Opens the store.
    pub store: StoreKey,
    /// Signs as the assessor.
    pub assessor: SecretKey,
}

/// What a slot gave.
#[derive(Debug, Clone)]
pub struct Opened {
    /// Opens the store.
    pub store: StoreKey,
    /// Signs as the assessor; `None` where the slot came out of a backup, which holds nobody's.
    pub assessor: Option<SecretKey>,
    /// What the slot costs.
    pub cost: Cost,
    /// Whether the slot is of the first form.
    pub is_of_before: bool,
}

/// Randomness for one new slot.
#[derive(Debug, Clone)]
pub struct SlotRandom {
    /// For Argon2id.
    pub salt: [u8; 16],
    /// For the wrapping of either key.
    pub nonces: [[u8; 24]; 2],
}

impl SlotRandom {
    /// Draws it.
    pub fn draw(mut random: impl FnMut(&mut [u8])) -> Self {
        let mut drawn = Self { salt: [0; 16], nonces: [[0; 24]; 2] };
        random(&mut drawn.salt);
        drawn.nonces.iter_mut().for_each(|nonce| random(nonce));
        drawn
    }
}

impl Slot {
    /// Makes a slot that `passphrase` opens.
    ///
    /// # Errors
    /// [`StoreError`] for a cost that cannot be.
    pub fn make(
        (person, name): (PersonId, &str),
        passphrase: &str,
        secrets: &Secrets,
        random: &SlotRandom,
        cost: Cost,
    ) -> Result<Self, StoreError> {
        let person = person.to_string();
        let key = wrap::derive(passphrase, &random.salt, cost)?;
        let [first, second] = &random.nonces;
        let (store, seed) = (secrets.store.dangerously_expose_bytes(), secrets.assessor.dangerously_expose_seed());
        Ok(Self(Content {
            cost,
            salt: to_hex(&random.salt),
            store: wrap::wrap(&key, first, &wrap::label("store", &person), store)?,
            assessor: Some(wrap::wrap(&key, second, &wrap::label("assessor", &person), seed.as_slice())?),
            name: name.to_owned(),
            person,
        }))
    }

    /// Opens it.
    ///
    /// # Errors
    /// [`SlotError::WrongPassphrase`].
    pub fn open(&self, passphrase: &str) -> Result<Opened, SlotError> {
        open(&self.0, passphrase)
    }

    /// Whose it is.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0.name
    }
}

/// Lists who has a slot, in the order the slots were made.
///
/// # Errors
/// [`StoreError`]; a laptop without slots has an empty list.
pub fn list(dir: &Path) -> Result<Vec<(PersonId, String)>, StoreError> {
    SlotFile::read(dir)?.people()
}

/// Gives a person a slot, in place of the one they had.
///
/// # Errors
/// [`StoreError`].
pub fn set(
    dir: &Path,
    person: (PersonId, &str),
    passphrase: &str,
    secrets: &Secrets,
    random: &SlotRandom,
    cost: Cost,
) -> Result<(), StoreError> {
    let Slot(slot) = Slot::make(person, passphrase, secrets, random, cost)?;
    let mut file = SlotFile::read(dir)?;
    match file.slots.iter_mut().find(|known| known.person == slot.person) {
        Some(known) => *known = slot,
        None => file.slots.push(slot),
    }
    file.write(dir)
}

/// Takes a person's slot away. Whoever has an older copy of the files still opens that copy.
///
/// # Errors
/// [`SlotError::LastOne`] when nothing else would open the store.
pub fn forget(dir: &Path, person: PersonId) -> Result<(), SlotError> {
    let mut file = SlotFile::read(dir)?;
    let id = person.to_string();
    if !file.slots.iter().any(|slot| slot.person == id) {
        return Err(SlotError::Unknown);
    }
    file.slots.retain(|slot| slot.person != id);
    if file.slots.is_empty() {
        return Err(SlotError::LastOne);
    }
    Ok(file.write(dir)?)
}

/// Opens a person's slot.
///
/// # Errors
/// [`SlotError`].
pub fn unlock(dir: &Path, person: PersonId, passphrase: &str) -> Result<Opened, SlotError> {
    SlotFile::read(dir)?.unlock(person, passphrase)
}

/// Lets an age recipient open the store, in place of the one of that kind before.
///
/// # Errors
/// [`StoreError::Damaged`] for what is no recipient.
pub fn set_recovery(
    dir: &Path,
    kind: RecoveryKind,
    recipient: &str,
    made_at: Timestamp,
    store: &StoreKey,
) -> Result<(), StoreError> {
    let slot = RecoverySlot::make(kind, recipient, made_at, store)?;
    let mut file = SlotFile::read(dir)?;
    file.recovery.retain(|known| known.kind != kind);
    file.recovery.push(slot);
    file.write(dir)
}

/// Lists the recovery slots.
///
/// # Errors
/// [`StoreError`].
pub fn recovery(dir: &Path) -> Result<Vec<RecoverySlot>, StoreError> {
    Ok(SlotFile::read(dir)?.recovery)
}

/// Opens the store's key with a recovery key: which slot it was.
///
/// # Errors
/// [`SlotError::WrongRecoveryKey`].
pub fn recover(dir: &Path, key: &RecoveryKey) -> Result<(RecoveryKind, StoreKey), SlotError> {
    SlotFile::read(dir)?.recover(key)
}

impl SlotFile {
    /// Opens a person's slot.
    ///
    /// # Errors
    /// [`SlotError`].
    pub fn unlock(&self, person: PersonId, passphrase: &str) -> Result<Opened, SlotError> {
        let id = person.to_string();
        let slot = self.slots.iter().find(|slot| slot.person == id).ok_or(SlotError::Unknown)?;
        open(slot, passphrase)
    }

    /// Opens whichever slot the passphrase fits: a backup does not say whose it is.
    ///
    /// # Errors
    /// [`SlotError::WrongPassphrase`].
    pub fn unlock_any(&self, passphrase: &str) -> Result<(PersonId, Opened), SlotError> {
        for slot in &self.slots {
            match open(slot, passphrase) {
                Err(SlotError::WrongPassphrase) => {}
                Err(error) => return Err(error),
                Ok(opened) => return Ok((file::person(slot)?, opened)),
            }
        }
        Err(SlotError::WrongPassphrase)
    }

    /// Opens the store's key with a recovery key: which slot it was.
    ///
    /// # Errors
    /// [`SlotError::WrongRecoveryKey`].
    pub fn recover(&self, key: &RecoveryKey) -> Result<(RecoveryKind, StoreKey), SlotError> {
        let found = self.recovery.iter().find_map(|slot| Some((slot.kind, slot.open(key)?)));
        found.ok_or(SlotError::WrongRecoveryKey)
    }
}

fn open(slot: &Content, passphrase: &str) -> Result<Opened, SlotError> {
    let damaged = || StoreError::Damaged("key slot");
    if Cost::MOST.memory_kib < slot.cost.memory_kib || Cost::MOST.passes < slot.cost.passes {
        return Err(damaged().into());
    }
    let key = wrap::derive(passphrase, &wrap::salt(slot)?, slot.cost)?;
    if let Some(both) = wrap::unwrap(&key, &slot.store, &slot.person)? {
        return of_before(&both, slot.cost);
    }
    let store = wrap::unwrap(&key, &slot.store, &wrap::label("store", &slot.person))?;
    let store = store_key(&store.ok_or(SlotError::WrongPassphrase)?)?;
    let assessor = match &slot.assessor {
        None => None,
        Some(wrapped) => {
            let seed = wrap::unwrap(&key, wrapped, &wrap::label("assessor", &slot.person))?.ok_or_else(damaged)?;
            Some(assessor_key(&seed)?)
        }
    };
    Ok(Opened { store, assessor, cost: slot.cost, is_of_before: false })
}

/// Slots of the first form hold both keys in one.
fn of_before(both: &[u8], cost: Cost) -> Result<Opened, SlotError> {
    let (store, seed) = both.split_at_checked(48).ok_or(StoreError::Damaged("key slot"))?;
    Ok(Opened { store: store_key(store)?, assessor: Some(assessor_key(seed)?), cost, is_of_before: true })
}

fn store_key(bytes: &[u8]) -> Result<StoreKey, StoreError> {
    bytes.try_into().map(StoreKey::new).map_err(|_| StoreError::Damaged("key slot"))
}

fn assessor_key(seed: &[u8]) -> Result<SecretKey, StoreError> {
    let seed: Zeroizing<[u8; 32]> = Zeroizing::new(seed.try_into().map_err(|_| StoreError::Damaged("key slot"))?);
    Ok(SecretKey::new(&seed))
}

#[cfg(test)]
mod slots_tests;
