//! The digest of what comes piece by piece.

use fieldproof_model::digest::Digest;
use sha2::{Digest as _, Sha256};

/// A digest in the making.
#[derive(Debug, Default)]
pub(crate) struct Hashing(Sha256);

impl Hashing {
    pub(crate) fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    pub(crate) fn finish(self) -> Digest {
        Digest::new(self.0.finalize().into())
    }
}
