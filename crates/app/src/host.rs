//! The port to everything outside: clock, randomness, the viewer for documents, the operating system's key store, and what
//! the connection costs.

use std::path::{Path, PathBuf};

use fieldproof_model::{clock::Elapsed, time::Timestamp};
use fieldproof_store::slots::Cost;
use zeroize::Zeroizing;

use crate::Link;

/// The document could not be shown.
#[derive(Debug, thiserror::Error)]
#[error("the document could not be opened")]
pub struct ViewerError(#[from] pub std::io::Error);

/// Why the operating system's key store could not be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyStoreError {
    /// There is none for whoever is logged in.
    #[error("there is no key store")]
    Missing,
    /// It did not answer in time: perhaps it waits for a password of its own.
    #[error("the key store did not answer in time")]
    NoAnswer,
    /// It said no.
    #[error("the key store refused")]
    Refused(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// It does not hold what was put there.
    #[error("the key store does not hold this laptop's key")]
    NotThere,
}

/// What an application needs from the machine it runs on. It grows only when an operation needs more.
pub trait Host: Send + Sync {
    /// The device's clock, which is a claim.
    fn now(&self) -> Timestamp;

    /// How long this start of the app has lasted, by a clock that nobody can set and that counts while the machine
    /// sleeps; `None` where the machine has none.
    fn elapsed(&self) -> Option<Elapsed>;

    /// Fills `bytes` from the operating system's random source.
    fn random(&self, bytes: &mut [u8]);

    /// How much a guess at a passphrase is to cost from now on.
    fn passphrase_cost(&self) -> Cost {
        Cost::DEFAULT
    }

    /// Folders that a person would back up to: sticks first, then their own documents.
    fn places(&self) -> Vec<PathBuf> {
        Vec::new()
    }

    /// How many bytes whoever runs the app may still write where `folder` lies; `None` where the machine does not say.
    fn free_bytes(&self, folder: &Path) -> Option<u64>;

    /// Keeps a secret in the operating system's key store, in place of the one of that name before. Never anywhere else.
    ///
    /// # Errors
    /// [`KeyStoreError`]; [`KeyStoreError::Missing`] on machines that have no key store.
    fn keep_secret(&self, _name: &str, _secret: &[u8]) -> Result<(), KeyStoreError> {
        Err(KeyStoreError::Missing)
    }

    /// Finds the secret of that name.
    ///
    /// # Errors
    /// [`KeyStoreError`]; [`KeyStoreError::NotThere`] when it holds none of that name.
    fn find_secret(&self, _name: &str) -> Result<Zeroizing<Vec<u8>>, KeyStoreError> {
        Err(KeyStoreError::Missing)
    }

    /// Removes the secret of that name; one that is not there is removed.
    ///
    /// # Errors
    /// [`KeyStoreError`].
    fn remove_secret(&self, _name: &str) -> Result<(), KeyStoreError> {
        Err(KeyStoreError::Missing)
    }

    /// What the connection costs that something would be sent over now.
    fn link(&self) -> Link {
        Link::CannotTell
    }

    /// Tells whoever sends in the background to look at once: something was sealed, or something changed.
    fn ring(&self) {}

    /// Puts a document into a private folder that lives no longer than the unlocked session, and opens it.
    ///
    /// # Errors
    /// [`ViewerError`] when there is no such folder or no viewer.
    fn open_document(&self, name: &str, pdf: &[u8]) -> Result<(), ViewerError>;

    /// Removes every document handed to the viewer.
    fn clear_documents(&self);
}
