//! Decryption keys: one file each, named by the key, that only its owner can read. Old ones stay and still open what was
//! encrypted to them.
//!
//! As with the register key, whoever reads the disk has the keys: good enough to demonstrate with.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use fieldproof_seal::keys::KeyId;
use fieldproof_wire::bundle::DecryptionKey;
use zeroize::Zeroizing;

use crate::{RegisterError, error::at, files};

/// What the folder is called.
pub(crate) const FOLDER: &str = "decryption";

/// The folder of the keys. A register of an earlier version has none, and so no key.
#[derive(Debug, Clone)]
pub(crate) struct DecryptionFolder(PathBuf);

impl DecryptionFolder {
    pub(crate) fn of(register: &Path) -> Self {
        Self(register.join(FOLDER))
    }

    /// Keeps a key; one that is there already stays as it is.
    pub(crate) fn keep(&self, key: &DecryptionKey) -> Result<(), RegisterError> {
        files::make_folder(&self.0)?;
        let id = key.public().id();
        if self.find(id)?.is_some() {
            return Ok(());
        }
        let text = Zeroizing::new(format!("{}\n", *key.dangerously_expose_text()));
        files::write_secret(&self.0.join(id.to_string()), text.as_bytes())?;
        files::sync_folder(&self.0)
    }

    /// The key of that name.
    pub(crate) fn find(&self, id: KeyId) -> Result<Option<DecryptionKey>, RegisterError> {
        let path = self.0.join(id.to_string());
        let text = match fs::read_to_string(&path) {
            Ok(text) => Zeroizing::new(text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(at(&path)(error)),
        };
        let key = DecryptionKey::parse(&text).filter(|key| key.public().id() == id);
        key.map(Some).ok_or(RegisterError::OtherDecryptionKey(path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn keys_are_their_owners_and_old_ones_stay() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let keys = DecryptionFolder::of(folder.path());
        let [old, new] = [[1; 32], [2; 32]].map(|random| DecryptionKey::new(&random));
        assert!(keys.find(old.public().id()).unwrap().is_none());
        for key in [&old, &new, &old] {
            keys.keep(key).unwrap();
        }
        for key in [&old, &new] {
            assert_eq!(keys.find(key.public().id()).unwrap().unwrap().public(), key.public());
            let path = keys.0.join(key.public().id().to_string());
            assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        let path = keys.0.join(old.public().id().to_string());
        fs::copy(keys.0.join(new.public().id().to_string()), &path).unwrap();
        assert!(matches!(keys.find(old.public().id()), Err(RegisterError::OtherDecryptionKey(found)) if found == path));
    }
}
