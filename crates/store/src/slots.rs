//! Key slots: one per person, opened by that person's passphrase (Argon2id), in a small file beside the store.
//!
//! A slot wraps the store's key and the person's own assessor key. It names the person in clear, so that the
//! unlock screen can ask whose passphrase it wants; nothing else about anybody stands there.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use fieldproof_model::id::{PersonId, parse_hex, to_hex};
use fieldproof_seal::keys::SecretKey;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::{StoreError, StoreKey};

const SLOTS_FILE: &str = "slots.json";

/// The largest slot file read.
const SLOTS_LIMIT: u64 = 1 << 20;

/// How much work a passphrase costs; stored in the slot, so that it can be raised later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
}

impl Cost {
    /// The second choice of RFC 9106 §4: 64 MiB, three passes.
    pub const DEFAULT: Self = Self { memory_kib: 64 * 1024, passes: 3 };
    /// The most a slot file may ask for; more is damage or an attack on this machine's memory.
    const MOST: Self = Self { memory_kib: 1 << 20, passes: 16 };
}

/// Why a slot did not open.
#[derive(Debug, thiserror::Error)]
pub enum SlotError {
    /// Not this person's passphrase.
    #[error("the passphrase is not right")]
    WrongPassphrase,
    /// Nobody of that identifier has a slot.
    #[error("nobody of that name has access here")]
    Unknown,
    /// The slot file is missing, damaged or unusable.
    #[error(transparent)]
    Store(#[from] StoreError),
}

#[derive(Serialize, Deserialize)]
struct File {
    format: u32,
    slots: Vec<Slot>,
}

#[derive(Serialize, Deserialize)]
struct Slot {
    person: String,
    name: String,
    cost: Cost,
    salt: String,
    nonce: String,
    wrapped: String,
}

/// The two secrets a slot holds.
#[derive(Debug, Clone)]
pub struct Secrets {
    /// Opens the store.
    pub store: StoreKey,
    /// Signs as the assessor.
    pub assessor: SecretKey,
}

/// Randomness for one new slot.
#[derive(Debug, Clone)]
pub struct SlotRandom {
    /// For Argon2id.
    pub salt: [u8; 16],
    /// For the wrapping.
    pub nonce: [u8; 24],
}

/// Lists who has a slot, in the order the slots were made.
///
/// # Errors
/// [`StoreError`]; a laptop without slots has an empty list.
pub fn list(dir: &Path) -> Result<Vec<(PersonId, String)>, StoreError> {
    let people = read(dir)?.slots.into_iter().map(|slot| {
        PersonId::parse(&slot.person).map(|id| (id, slot.name)).map_err(|_| StoreError::Damaged("key slot"))
    });
    people.collect()
}

/// Adds a slot for a person.
///
/// # Errors
/// [`StoreError`].
pub fn add(
    dir: &Path,
    person: (PersonId, &str),
    passphrase: &str,
    secrets: &Secrets,
    random: &SlotRandom,
    cost: Cost,
) -> Result<(), StoreError> {
    let mut file = read(dir)?;
    let mut plain = Zeroizing::new(secrets.store.dangerously_expose_bytes().to_vec());
    plain.extend_from_slice(secrets.assessor.dangerously_expose_seed().as_slice());
    let cipher = cipher(passphrase, &random.salt, cost)?;
    let id = person.0.to_string();
    let payload = Payload { msg: &plain, aad: id.as_bytes() };
    let wrapped = cipher.encrypt(&XNonce::from(random.nonce), payload).map_err(|_| StoreError::Damaged("key slot"))?;
    file.slots.push(Slot {
        person: id,
        name: person.1.to_owned(),
        cost,
        salt: to_hex(&random.salt),
        nonce: to_hex(&random.nonce),
        wrapped: to_hex(&wrapped),
    });
    write(dir, &file)
}

/// Opens a person's slot.
///
/// # Errors
/// [`SlotError`].
pub fn unlock(dir: &Path, person: PersonId, passphrase: &str) -> Result<Secrets, SlotError> {
    let id = person.to_string();
    let slot = read(dir)?.slots.into_iter().find(|slot| slot.person == id).ok_or(SlotError::Unknown)?;
    let damaged = || StoreError::Damaged("key slot");
    if Cost::MOST.memory_kib < slot.cost.memory_kib || Cost::MOST.passes < slot.cost.passes {
        return Err(damaged().into());
    }
    let salt: [u8; 16] = parse_hex(&slot.salt).ok_or_else(damaged)?;
    let nonce: [u8; 24] = parse_hex(&slot.nonce).ok_or_else(damaged)?;
    let wrapped: [u8; 96] = parse_hex(&slot.wrapped).ok_or_else(damaged)?;
    let payload = Payload { msg: &wrapped, aad: id.as_bytes() };
    let plain = cipher(passphrase, &salt, slot.cost)?
        .decrypt(&XNonce::from(nonce), payload)
        .map(Zeroizing::new)
        .map_err(|_| SlotError::WrongPassphrase)?;
    let (store, seed) = plain.split_at_checked(48).ok_or_else(damaged)?;
    let store = StoreKey::new(store.try_into().map_err(|_| damaged())?);
    let seed: Zeroizing<[u8; 32]> = Zeroizing::new(seed.try_into().map_err(|_| damaged())?);
    Ok(Secrets { store, assessor: SecretKey::new(&seed) })
}

fn cipher(passphrase: &str, salt: &[u8; 16], cost: Cost) -> Result<XChaCha20Poly1305, StoreError> {
    let damaged = || StoreError::Damaged("key slot");
    let params = Params::new(cost.memory_kib, cost.passes, 1, Some(32)).map_err(|_| damaged())?;
    let mut key = Zeroizing::new([0; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(passphrase.trim().as_bytes(), salt, key.as_mut())
        .map_err(|_| damaged())?;
    Ok(XChaCha20Poly1305::new(&(*key).into()))
}

fn file_error(path: &Path) -> impl FnOnce(std::io::Error) -> StoreError {
    let path = PathBuf::from(path);
    move |source| StoreError::File { path, source }
}

fn read(dir: &Path) -> Result<File, StoreError> {
    let path = dir.join(SLOTS_FILE);
    match fs::metadata(&path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(File { format: 0, slots: Vec::new() }),
        Err(error) => return Err(file_error(&path)(error)),
        Ok(metadata) if SLOTS_LIMIT < metadata.len() => return Err(StoreError::Damaged("key slot file")),
        Ok(_) => {}
    }
    let text = fs::read(&path).map_err(file_error(&path))?;
    let file: File = serde_json::from_slice(&text).map_err(|_| StoreError::Damaged("key slot file"))?;
    if file.format == 0 { Ok(file) } else { Err(StoreError::TooNew { found: i64::from(file.format), known: 0 }) }
}

/// Replaces the file whole: a crash leaves either the old one or the new one.
fn write(dir: &Path, file: &File) -> Result<(), StoreError> {
    let path = dir.join(SLOTS_FILE);
    let fresh = dir.join("slots.json.new");
    let text = serde_json::to_vec_pretty(file).map_err(|_| StoreError::Damaged("key slot file"))?;
    let mut out = fs::File::create(&fresh).map_err(file_error(&fresh))?;
    out.write_all(&text).map_err(file_error(&fresh))?;
    #[cfg(feature = "sabotage")]
    let is_synced = !crate::sabotage::is_set(crate::sabotage::Sabotage::SlotsWithoutSync);
    #[cfg(not(feature = "sabotage"))]
    let is_synced = true;
    if is_synced {
        out.sync_all().map_err(file_error(&fresh))?;
    }
    fs::rename(&fresh, &path).map_err(file_error(&path))?;
    fs::File::open(dir).and_then(|dir| dir.sync_all()).map_err(file_error(dir))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHEAP: Cost = Cost { memory_kib: 64, passes: 1 };

    #[test]
    fn a_slot_opens_with_its_own_passphrase_only() {
        let dir = tempfile::tempdir().unwrap();
        let [anna, bert] = [1, 2].map(|n| PersonId::new([n; 16]));
        let secrets = |n| Secrets { store: StoreKey::new([9; 48]), assessor: SecretKey::new(&[n; 32]) };
        let random = SlotRandom { salt: [3; 16], nonce: [4; 24] };
        add(dir.path(), (anna, "Anna Assessor"), "one two", &secrets(1), &random, CHEAP).unwrap();
        add(dir.path(), (bert, "Bert Beispiel"), "three four", &secrets(2), &random, CHEAP).unwrap();
        assert_eq!(list(dir.path()).unwrap().len(), 2);
        let opened = unlock(dir.path(), anna, " one two\n").unwrap();
        assert_eq!(opened.assessor.public(), secrets(1).assessor.public());
        assert!(matches!(unlock(dir.path(), anna, "three four"), Err(SlotError::WrongPassphrase)));
        assert!(matches!(unlock(dir.path(), PersonId::new([5; 16]), "x"), Err(SlotError::Unknown)));
    }

    #[test]
    fn a_damaged_slot_file_is_said_to_be_damaged_and_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join(SLOTS_FILE), "{").unwrap();
        assert!(matches!(list(dir.path()), Err(StoreError::Damaged(_))));
        assert_eq!(fs::read_to_string(dir.path().join(SLOTS_FILE)).unwrap(), "{");
    }
}
