//! Evidence arrives after the record that names it, and is kept under its digest.

use fieldproof_model::digest::Digest;
use fieldproof_seal::digest_of;
use fieldproof_wire::{Fault, limit};

use crate::{RegisterError, core::Core, table::records};

impl Core {
    /// Takes one item that an accepted record names.
    pub(crate) fn receive_evidence(&self, digest: &Digest, bytes: &[u8]) -> Result<(), RegisterError> {
        within(bytes, limit::EVIDENCE)?;
        if digest_of(bytes) != *digest {
            return Err(Fault::OtherDigest(*digest).into());
        }
        let size = size_of(bytes);
        if !self.read(|tx| records::names(tx, digest, size))? {
            return Err(Fault::NotNamed(*digest).into());
        }
        if self.evidence.holds(digest, size) {
            return Ok(());
        }
        self.evidence.keep(digest, bytes)
    }

    /// Which of these items cannot be read back whole.
    pub(crate) fn missing(&self, named: &[(Digest, u64)]) -> Vec<Digest> {
        named.iter().filter(|(digest, size)| !self.evidence.holds(digest, *size)).map(|(digest, _)| *digest).collect()
    }
}

/// Refuses what is longer than `limit` bytes.
pub(crate) fn within(bytes: &[u8], limit: usize) -> Result<(), Fault> {
    if limit < bytes.len() { Err(Fault::TooLarge(u64::try_from(limit).unwrap_or(u64::MAX))) } else { Ok(()) }
}

fn size_of(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}
