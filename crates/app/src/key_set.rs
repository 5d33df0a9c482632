//! The institution's working keys as this laptop knows them: how far each is to be believed, and whose it is.

use fieldproof_seal::key_set::{KeySet, WorkingKey};
use fieldproof_store::table::pack_items::PackItem;

use crate::{App, Result, people::read_trust, shelf::assessors};

/// A working key, with its owner's name where that is known here: an issuing key is a coordinator's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnedKey {
    /// The key.
    pub key: WorkingKey,
    /// Whose.
    pub owner: Option<String>,
    /// Whether it is the key of whoever works.
    pub is_own: bool,
}

impl App {
    /// Reads the newest key set that is here; there is none before an institution answered.
    ///
    /// # Errors
    /// [`crate::Error`].
    pub fn key_set(&self) -> Result<Option<(KeySet, Vec<OwnedKey>)>> {
        let unlocked = self.unlocked()?;
        unlocked.store.read(|tx| {
            if tx.pack_item(PackItem::Root)?.is_none() {
                return Ok(None);
            }
            let (key_set, known, own) = (read_trust(tx)?.key_set, assessors(tx)?, unlocked.key.public());
            let name =
                |key: &WorkingKey| known.iter().find(|(known, _)| *known == key.key).map(|(_, name)| name.clone());
            let owned = |key: &WorkingKey| {
                let is_own = key.key == own;
                OwnedKey {
                    key: key.clone(),
                    owner: if is_own { Some(unlocked.name.clone()) } else { name(key) },
                    is_own,
                }
            };
            let keys = key_set.keys.iter().map(owned).collect();
            Ok(Some((key_set, keys)))
        })
    }
}
