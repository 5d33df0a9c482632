//! The slot files: each whole in itself, with a number and a check sum, replaced one after the other.

use std::{
    fs,
    path::{Path, PathBuf},
};

use fieldproof_model::id::PersonId;
use fieldproof_seal::digest_of;
use serde::{Deserialize, Serialize};

use super::{Content, Cost, RecoverySlot, Wrapped, key_store::KeyStoreSlot};
use crate::{StoreError, durable};

/// The names of the two slot files.
pub const SLOT_FILES: [&str; 2] = ["slots.json", "slots-copy.json"];

/// The largest slot file read.
const SLOTS_LIMIT: usize = 1 << 20;

/// How many people have a passphrase at most: a backup does not say whose a slot is, so each may have to be tried.
const PEOPLE_LIMIT: usize = 256;

/// How many recovery keys open a store at most.
const RECOVERY_LIMIT: usize = 16;

/// Everything that opens a store.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SlotFile {
    format: u32,
    /// Counts the changes: of two whole files the higher one holds.
    number: u64,
    pub(super) slots: Vec<Content>,
    pub(super) recovery: Vec<RecoverySlot>,
    /// For sending while nobody is in, where somebody turned it on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) key_store: Option<KeyStoreSlot>,
}

/// A file on disk: what it says, and the digest of exactly that.
#[derive(Serialize, Deserialize)]
struct Envelope {
    check: String,
    content: String,
}

/// The first form of the file.
#[derive(Deserialize)]
struct FileOfBefore {
    format: u32,
    slots: Vec<SlotOfBefore>,
}

#[derive(Deserialize)]
struct SlotOfBefore {
    person: String,
    name: String,
    cost: Cost,
    salt: String,
    nonce: String,
    wrapped: String,
}

impl SlotFile {
    /// Reads whichever of the two files is whole and newer. A laptop without slots has none.
    ///
    /// # Errors
    /// [`StoreError`] when there is a file and none that is whole.
    pub fn read(dir: &Path) -> Result<Self, StoreError> {
        let mut best: Option<Self> = None;
        let mut problem = None;
        for name in SLOT_FILES {
            match read_one(&dir.join(name)) {
                Ok(Some(file)) if best.as_ref().is_none_or(|best| best.number < file.number) => best = Some(file),
                Ok(_) => {}
                Err(error) => problem = Some(error),
            }
        }
        match (best, problem) {
            (Some(file), _) => Ok(file),
            (None, Some(error)) => Err(error),
            (None, None) => Ok(Self { format: 1, number: 0, slots: Vec::new(), recovery: Vec::new(), key_store: None }),
        }
    }

    /// Replaces both files, one after the other. A damaged one is set aside first.
    ///
    /// # Errors
    /// [`StoreError::TooManySlots`]; [`StoreError`].
    pub fn write(mut self, dir: &Path) -> Result<(), StoreError> {
        self.number = self.number.saturating_add(1);
        let bytes = self.to_bytes()?;
        if !self.is_within_limits() || SLOTS_LIMIT < bytes.len() {
            return Err(StoreError::TooManySlots(PEOPLE_LIMIT));
        }
        for name in SLOT_FILES {
            let path = dir.join(name);
            if matches!(read_one(&path), Err(StoreError::Damaged(_))) {
                durable::set_aside(&path, ".damaged")?;
            }
            durable::replace(&path, &bytes)?;
        }
        Ok(())
    }

    /// As it goes into a backup: nobody's name, nobody's assessor key, and no slot of this machine's key store.
    ///
    /// Slots of the first form hold both keys in one and stay out; they are made anew at their person's next unlocking.
    #[must_use]
    pub fn for_backup(mut self) -> Self {
        self.key_store = None;
        self.slots.retain(|slot| slot.assessor.is_some());
        for slot in &mut self.slots {
            slot.assessor = None;
            slot.name.clear();
        }
        self
    }

    /// Whether anybody at all opens it; a key store alone is nobody.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty() && self.recovery.is_empty()
    }

    /// Names the people of a backup again, as they stand in the store that came with it.
    pub fn name_people(&mut self, name_of: impl Fn(PersonId) -> Option<String>) {
        for slot in &mut self.slots {
            if let Some(name) = person(slot).ok().and_then(&name_of) {
                slot.name = name;
            }
        }
    }

    pub(super) fn people(&self) -> Result<Vec<(PersonId, String)>, StoreError> {
        self.slots.iter().map(|slot| Ok((person(slot)?, slot.name.clone()))).collect()
    }

    /// The bytes of a file.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn to_bytes(&self) -> Result<Vec<u8>, StoreError> {
        let damaged = |_| StoreError::Damaged("key slot file");
        let content = serde_json::to_string(self).map_err(damaged)?;
        let check = digest_of(content.as_bytes()).to_string();
        serde_json::to_vec_pretty(&Envelope { check, content }).map_err(damaged)
    }

    /// Reads the bytes of a file.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], also for more than a slot file holds; [`StoreError::TooNew`].
    pub fn parse(bytes: &[u8]) -> Result<Self, StoreError> {
        let file = if SLOTS_LIMIT < bytes.len() { None } else { Some(Self::parse_any(bytes)?) };
        file.filter(Self::is_within_limits).ok_or(StoreError::Damaged("key slot file"))
    }

    fn parse_any(bytes: &[u8]) -> Result<Self, StoreError> {
        let damaged = || StoreError::Damaged("key slot file");
        let Ok(envelope) = serde_json::from_slice::<Envelope>(bytes) else {
            return parse_before(bytes);
        };
        if digest_of(envelope.content.as_bytes()).to_string() != envelope.check {
            return Err(damaged());
        }
        let file: Self = serde_json::from_str(&envelope.content).map_err(|_| damaged())?;
        if file.format == 1 { Ok(file) } else { Err(StoreError::TooNew { found: i64::from(file.format), known: 1 }) }
    }

    const fn is_within_limits(&self) -> bool {
        self.slots.len() <= PEOPLE_LIMIT && self.recovery.len() <= RECOVERY_LIMIT
    }
}

/// Whose slot it is.
pub(super) fn person(slot: &Content) -> Result<PersonId, StoreError> {
    PersonId::parse(&slot.person).map_err(|_| StoreError::Damaged("key slot"))
}

fn parse_before(bytes: &[u8]) -> Result<SlotFile, StoreError> {
    let file: FileOfBefore = serde_json::from_slice(bytes).map_err(|_| StoreError::Damaged("key slot file"))?;
    if file.format != 0 {
        return Err(StoreError::Damaged("key slot file"));
    }
    let slots = file.slots.into_iter().map(|slot| Content {
        person: slot.person,
        name: slot.name,
        cost: slot.cost,
        salt: slot.salt,
        store: Wrapped { nonce: slot.nonce, bytes: slot.wrapped },
        assessor: None,
    });
    Ok(SlotFile { format: 1, number: 0, slots: slots.collect(), recovery: Vec::new(), key_store: None })
}

/// One file; `None` when it is not there.
fn read_one(path: &PathBuf) -> Result<Option<SlotFile>, StoreError> {
    match fs::metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(durable::at(path)(error)),
        Ok(metadata) if usize::try_from(metadata.len()).map_or(true, |bytes| SLOTS_LIMIT < bytes) => {
            return Err(StoreError::Damaged("key slot file"));
        }
        Ok(_) => {}
    }
    SlotFile::parse(&fs::read(path).map_err(durable::at(path))?).map(Some)
}
