//! Evidence in a folder.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

use fieldproof_model::digest::Digest;
use fieldproof_seal::digest_of_all;

use crate::{RegisterError, error::at, files::sync_folder};

/// One file per item, named by its digest. Nothing is ever deleted.
#[derive(Debug)]
pub(crate) struct EvidenceFolder {
    path: PathBuf,
    written: AtomicU64,
}

/// Digest and size of a file.
pub(crate) fn measure(path: &Path) -> io::Result<(Digest, u64)> {
    File::open(path).and_then(digest_of_all)
}

impl EvidenceFolder {
    pub(crate) const fn new(path: PathBuf) -> Self {
        Self { path, written: AtomicU64::new(0) }
    }

    fn item(&self, digest: &Digest) -> PathBuf {
        self.path.join(digest.to_string())
    }

    /// Whether the item can be read back with this digest and size. One that cannot be read is not one that is not there.
    pub(super) fn holds(&self, digest: &Digest, size: u64) -> Result<bool, RegisterError> {
        Ok(self.look(digest, measure)? == Some((*digest, size)))
    }

    /// The bytes that lie under the item's name.
    pub(super) fn read(&self, digest: &Digest) -> Result<Option<Vec<u8>>, RegisterError> {
        self.look(digest, |item| fs::read(item))
    }

    /// Reads what lies under the item's name.
    fn look<T>(&self, digest: &Digest, read: impl FnOnce(&Path) -> io::Result<T>) -> Result<Option<T>, RegisterError> {
        let path = self.item(digest);
        match read(&path) {
            Ok(found) => Ok(Some(found)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            // Where the folder can be read, nothing else fails: neither all of the disk nor for want of open files.
            Err(source) if fs::read_dir(&self.path).is_ok() => Err(RegisterError::Unreadable { path, source }),
            Err(error) => Err(at(&path)(error)),
        }
    }

    /// Keeps an item: on disk under its name, read back, before this returns.
    pub(super) fn keep(&self, digest: &Digest, bytes: &[u8]) -> Result<(), RegisterError> {
        // Several may arrive at once, also the same one, also at two processes.
        let number = self.written.fetch_add(1, Ordering::Relaxed);
        let incoming = self.path.join(format!("{digest}.incoming-{}-{number}", std::process::id()));
        let mut file = File::create(&incoming).map_err(at(&incoming))?;
        file.write_all(bytes).map_err(at(&incoming))?;
        file.sync_all().map_err(at(&incoming))?;
        self.adopt(digest, &incoming)
    }

    /// Takes a file that is on disk as an item: under its name, read back, before this returns.
    pub(super) fn adopt(&self, digest: &Digest, file: &Path) -> Result<(), RegisterError> {
        let item = self.item(digest);
        if let Err(RegisterError::Unreadable { .. }) = self.look(digest, measure) {
            // Whoever mends the disk may still read it.
            let aside = item.with_extension("unreadable");
            fs::rename(&item, &aside).map_err(at(&aside))?;
        }
        fs::rename(file, &item).map_err(at(&item))?;
        sync_folder(&self.path)?;
        let (kept, _) = measure(&item).map_err(at(&item))?;
        if kept == *digest { Ok(()) } else { Err(RegisterError::Damaged("evidence read back differs")) }
    }
}

#[cfg(test)]
mod tests {
    use fieldproof_seal::digest_of;

    use super::*;

    #[test]
    fn an_item_that_was_damaged_on_disk_is_not_held() {
        let folder = tempfile::tempdir().unwrap();
        let evidence = EvidenceFolder::new(folder.path().to_owned());
        let digest = digest_of(b"photo");
        assert!(!evidence.holds(&digest, 5).unwrap());
        evidence.keep(&digest, b"photo").unwrap();
        assert!(evidence.holds(&digest, 5).unwrap());
        assert!(!evidence.holds(&digest, 4).unwrap(), "another size");
        fs::write(folder.path().join(digest.to_string()), b"phot0").unwrap();
        assert!(!evidence.holds(&digest, 5).unwrap(), "altered");
        evidence.keep(&digest, b"photo").unwrap();
        assert!(evidence.holds(&digest, 5).unwrap(), "sent again, it is whole");
    }

    #[test]
    fn an_item_that_cannot_be_read_is_not_one_that_is_not_there_and_is_replaced_without_being_deleted() {
        let folder = tempfile::tempdir().unwrap();
        let evidence = EvidenceFolder::new(folder.path().to_owned());
        let digest = digest_of(b"photo");
        // Whoever runs the tests may read everything; what is no file nobody reads as one.
        fs::create_dir(folder.path().join(digest.to_string())).unwrap();
        assert!(matches!(evidence.holds(&digest, 5), Err(RegisterError::Unreadable { .. })));
        assert!(matches!(evidence.read(&digest), Err(RegisterError::Unreadable { .. })));
        evidence.keep(&digest, b"photo").unwrap();
        assert!(evidence.holds(&digest, 5).unwrap(), "sent again, it is whole");
        assert!(folder.path().join(format!("{digest}.unreadable")).is_dir(), "what could not be read is still there");
        let nowhere = folder.path().join("no folder");
        fs::write(&nowhere, "").unwrap();
        let evidence = EvidenceFolder::new(nowhere);
        assert!(matches!(evidence.holds(&digest, 5), Err(RegisterError::File { .. })), "nothing here can be read");
    }

    #[test]
    fn an_item_is_measured_piece_by_piece() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("item");
        // So much is read at once.
        const PIECE: usize = 64 << 10;
        for length in [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE] {
            let bytes: Vec<u8> = (0..=250).cycle().take(length).collect();
            fs::write(&path, &bytes).unwrap();
            assert_eq!(measure(&path).unwrap(), (digest_of(&bytes), length as u64));
        }
    }
}
