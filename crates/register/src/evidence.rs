//! Evidence arrives after the record that names it, and is kept under its digest.

use fieldproof_model::digest::Digest;
use fieldproof_seal::digest_of;
use fieldproof_wire::{Fault, limit};

use crate::{RegisterError, core::Core, table::records, uploads::Unfinished};

/// Where an upload begins.
pub(crate) enum Begun {
    /// The register has the evidence.
    Whole,
    /// The next byte it wants.
    From(u64),
}

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

    /// Begins or continues an upload of evidence that an accepted record names with this size.
    pub(crate) fn begin_upload(&self, digest: &Digest, size: u64) -> Result<Begun, RegisterError> {
        let most = u64::try_from(limit::EVIDENCE).unwrap_or(u64::MAX);
        if most < size {
            return Err(Fault::TooLarge(most).into());
        }
        if !self.read(|tx| records::names(tx, digest, size))? {
            return Err(Fault::NotNamed(*digest).into());
        }
        if self.evidence.holds(digest, size) {
            return Ok(Begun::Whole);
        }
        let offset = self.uploads.begin(digest, size)?.offset;
        // Of nothing, no chunk will come.
        if size == 0 {
            self.append_upload(digest, 0, &[])?;
            return Ok(Begun::Whole);
        }
        Ok(Begun::From(offset))
    }

    /// How far an upload came; the whole way for evidence that is there.
    pub(crate) fn find_upload(&self, digest: &Digest) -> Result<Option<Unfinished>, RegisterError> {
        if let Some(upload) = self.uploads.find(digest) {
            return Ok(Some(upload));
        }
        let sizes = self.read(|tx| records::sizes(tx, digest))?;
        let held = sizes.into_iter().find(|size| self.evidence.holds(digest, *size));
        Ok(held.map(|size| Unfinished { size, offset: size }))
    }

    /// Adds a chunk to an upload: on disk, up to the offset that is returned.
    pub(crate) fn append_upload(&self, digest: &Digest, offset: u64, chunk: &[u8]) -> Result<u64, RegisterError> {
        self.uploads.append(&self.evidence, digest, offset, chunk)
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
