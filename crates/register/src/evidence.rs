//! Evidence arrives after the record that names it, and is kept under its digest.

mod bucket;
mod folder;

use std::{collections::BTreeSet, path::Path};

use fieldproof_model::digest::Digest;
use fieldproof_seal::{digest_of, keys::PublicKey};
use fieldproof_wire::{Fault, limit};

use crate::{
    RegisterError,
    core::Core,
    table::records,
    uploads::{Keeper, Unfinished},
};

pub use self::bucket::{BucketUrl, BucketUrlError};
pub(crate) use self::{
    bucket::Bucket,
    folder::{EvidenceFolder, measure},
};

/// Where evidence is kept. Nothing in it is ever deleted.
#[derive(Debug)]
pub(crate) enum Evidence {
    Folder(EvidenceFolder),
    Bucket(Bucket),
}

impl Evidence {
    /// Whether the item can be read back with this digest and size. A store that cannot be asked is not without it.
    pub(crate) fn holds(&self, digest: &Digest, size: u64) -> Result<bool, RegisterError> {
        match self {
            Self::Folder(folder) => folder.holds(digest, size),
            Self::Bucket(bucket) => Ok(bucket.measure(digest)? == Some((*digest, size))),
        }
    }

    /// The item, when it is here and whole.
    pub(crate) fn read(&self, digest: &Digest) -> Result<Option<Vec<u8>>, RegisterError> {
        let found = match self {
            Self::Folder(folder) => folder.read(digest)?,
            Self::Bucket(bucket) => bucket.read(digest)?,
        };
        Ok(found.filter(|bytes| digest_of(bytes) == *digest))
    }

    /// Keeps an item: stored under its name and read back before this returns.
    pub(crate) fn keep(&self, digest: &Digest, bytes: &[u8]) -> Result<(), RegisterError> {
        match self {
            Self::Folder(folder) => folder.keep(digest, bytes),
            Self::Bucket(bucket) => bucket.keep(digest, bytes),
        }
    }
}

impl Keeper for Evidence {
    /// The item is stored under its name and read back before this returns. The file is gone then.
    fn adopt(&self, digest: &Digest, file: &Path) -> Result<(), RegisterError> {
        match self {
            Self::Folder(folder) => folder.adopt(digest, file),
            Self::Bucket(bucket) => bucket.adopt(digest, file),
        }
    }
}

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
        if self.can_read(digest, size)? {
            return Ok(());
        }
        self.evidence.keep(digest, bytes)
    }

    /// Begins or continues a laptop's upload of evidence that an accepted record names with this size.
    pub(crate) fn begin_upload(&self, digest: &Digest, size: u64, by: &PublicKey) -> Result<Begun, RegisterError> {
        let most = u64::try_from(limit::EVIDENCE).unwrap_or(u64::MAX);
        if most < size {
            return Err(Fault::TooLarge(most).into());
        }
        if !self.read(|tx| records::names(tx, digest, size))? {
            return Err(Fault::NotNamed(*digest).into());
        }
        if self.can_read(digest, size)? {
            return Ok(Begun::Whole);
        }
        let offset = self.uploads.begin(digest, size, by)?.offset;
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
        for size in sizes {
            if self.can_read(digest, size)? {
                return Ok(Some(Unfinished { size, offset: size }));
            }
        }
        Ok(None)
    }

    /// Adds a chunk to an upload: on disk, up to the offset that is returned.
    pub(crate) fn append_upload(&self, digest: &Digest, offset: u64, chunk: &[u8]) -> Result<u64, RegisterError> {
        self.uploads.append(&self.evidence, digest, offset, chunk)
    }

    /// Which of these items cannot be read back whole, for whatever reason: they are to be sent again. Whoever names one
    /// twice has it read once.
    pub(crate) fn missing(&self, named: &[(Digest, u64)]) -> Result<Vec<Digest>, RegisterError> {
        let (mut missing, mut asked, mut told) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
        for (digest, size) in named {
            if asked.insert((digest, size)) && !self.can_read(digest, *size)? && told.insert(digest) {
                missing.push(*digest);
            }
        }
        Ok(missing)
    }

    /// Whether the item can be read back. Of one that lies there and cannot be read, whoever runs the register hears.
    fn can_read(&self, digest: &Digest, size: u64) -> Result<bool, RegisterError> {
        match self.evidence.holds(digest, size) {
            Err(error @ RegisterError::Unreadable { .. }) => {
                self.report(&error);
                Ok(false)
            }
            held => held,
        }
    }
}

/// Refuses what is longer than `limit` bytes.
pub(crate) fn within(bytes: &[u8], limit: usize) -> Result<(), Fault> {
    if limit < bytes.len() { Err(Fault::TooLarge(u64::try_from(limit).unwrap_or(u64::MAX))) } else { Ok(()) }
}

fn size_of(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}
