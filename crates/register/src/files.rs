//! Files that are on disk, whole, when a call returns: the key file and the evidence folder.

use std::{
    fs::{self, File, OpenOptions},
    io::{Read, Write},
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

use fieldproof_model::digest::Digest;
use fieldproof_seal::{digest_of, keys::SecretKey};

use crate::{RegisterError, error::at};

/// Writes the register key's seed into a file only its owner can read.
///
/// Good enough to demonstrate with: whoever reads the disk has the key. A real register keeps it in hardware.
pub(crate) fn write_key(path: &Path, key: &SecretKey) -> Result<(), RegisterError> {
    write_secret(path, key.dangerously_expose_seed().as_slice())
}

/// Writes a new file only its owner can read.
pub(crate) fn write_secret(path: &Path, secret: &[u8]) -> Result<(), RegisterError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(at(path))?;
    file.write_all(secret).map_err(at(path))?;
    file.sync_all().map_err(at(path))
}

/// Reads the key file.
pub(crate) fn read_key(path: &Path) -> Result<SecretKey, RegisterError> {
    let mut seed = [0; 32];
    let mut file = File::open(path).map_err(at(path))?;
    file.read_exact(&mut seed).map_err(at(path))?;
    Ok(SecretKey::new(&seed))
}

/// Makes a folder and has the folder around it remember that.
pub(crate) fn make_folder(path: &Path) -> Result<(), RegisterError> {
    fs::create_dir_all(path).map_err(at(path))?;
    path.parent().map_or(Ok(()), sync_folder)
}

/// Has the file system remember what a folder holds.
pub(crate) fn sync_folder(path: &Path) -> Result<(), RegisterError> {
    // An empty parent is the folder the program runs in.
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    // Windows keeps folders by itself and cannot open them as files.
    if cfg!(unix) { File::open(path).and_then(|folder| folder.sync_all()).map_err(at(path)) } else { Ok(()) }
}

/// The evidence folder: one file per item, named by its digest. Nothing is ever deleted.
#[derive(Debug)]
pub(crate) struct EvidenceFolder {
    path: PathBuf,
    written: AtomicU64,
}

impl EvidenceFolder {
    pub(crate) const fn new(path: PathBuf) -> Self {
        Self { path, written: AtomicU64::new(0) }
    }

    fn item(&self, digest: &Digest) -> PathBuf {
        self.path.join(digest.to_string())
    }

    /// Whether the item can be read back with this digest and size.
    pub(crate) fn holds(&self, digest: &Digest, size: u64) -> bool {
        fs::read(self.item(digest)).is_ok_and(|bytes| {
            u64::try_from(bytes.len()).is_ok_and(|length| length == size) && digest_of(&bytes) == *digest
        })
    }

    /// Keeps an item: on disk under its name, read back, before this returns.
    pub(crate) fn keep(&self, digest: &Digest, bytes: &[u8]) -> Result<(), RegisterError> {
        // Several may arrive at once, also the same one, also at two processes.
        let number = self.written.fetch_add(1, Ordering::Relaxed);
        let incoming = self.path.join(format!("{digest}.incoming-{}-{number}", std::process::id()));
        let mut file = File::create(&incoming).map_err(at(&incoming))?;
        file.write_all(bytes).map_err(at(&incoming))?;
        file.sync_all().map_err(at(&incoming))?;
        self.adopt(digest, &incoming)
    }

    /// Takes a file that is on disk as an item: under its name, read back, before this returns.
    pub(crate) fn adopt(&self, digest: &Digest, file: &Path) -> Result<(), RegisterError> {
        let item = self.item(digest);
        fs::rename(file, &item).map_err(at(&item))?;
        sync_folder(&self.path)?;
        let kept = fs::read(&item).map_err(at(&item))?;
        if digest_of(&kept) == *digest { Ok(()) } else { Err(RegisterError::Damaged("evidence read back differs")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_that_was_damaged_on_disk_is_not_held() {
        let folder = tempfile::tempdir().unwrap();
        let evidence = EvidenceFolder::new(folder.path().to_owned());
        let digest = digest_of(b"photo");
        assert!(!evidence.holds(&digest, 5));
        evidence.keep(&digest, b"photo").unwrap();
        assert!(evidence.holds(&digest, 5));
        assert!(!evidence.holds(&digest, 4), "another size");
        fs::write(folder.path().join(digest.to_string()), b"phot0").unwrap();
        assert!(!evidence.holds(&digest, 5), "altered");
        evidence.keep(&digest, b"photo").unwrap();
        assert!(evidence.holds(&digest, 5), "sent again, it is whole");
    }

    #[cfg(unix)]
    #[test]
    fn the_key_file_is_its_owners_and_is_never_overwritten() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        write_key(&path, &SecretKey::new(&[1; 32])).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert!(write_key(&path, &SecretKey::new(&[2; 32])).is_err());
        assert_eq!(read_key(&path).unwrap().public(), SecretKey::new(&[1; 32]).public());
    }
}
