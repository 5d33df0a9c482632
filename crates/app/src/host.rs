//! The port to everything outside: clock, randomness, and the viewer for documents.

use std::path::{Path, PathBuf};

use fieldproof_model::{clock::Elapsed, time::Timestamp};
use fieldproof_store::slots::Cost;

/// The document could not be shown.
#[derive(Debug, thiserror::Error)]
#[error("the document could not be opened")]
pub struct ViewerError(#[from] pub std::io::Error);

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

    /// Puts a document into a private folder that lives no longer than the unlocked session, and opens it.
    ///
    /// # Errors
    /// [`ViewerError`] when there is no such folder or no viewer.
    fn open_document(&self, name: &str, pdf: &[u8]) -> Result<(), ViewerError>;

    /// Removes every document handed to the viewer.
    fn clear_documents(&self);
}
