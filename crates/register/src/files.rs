//! Files that are on disk, whole, when a call returns.

use std::{
    fs::{self, File, OpenOptions},
    io::{Read, Write},
    path::Path,
};

use fieldproof_seal::keys::SecretKey;

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

/// Has the file system write what a file holds.
pub(crate) fn sync_file(path: &Path) -> Result<(), RegisterError> {
    File::open(path).and_then(|file| file.sync_all()).map_err(at(path))
}

/// Makes a folder that only its owner can enter.
pub(crate) fn make_private_folder(path: &Path) -> Result<(), RegisterError> {
    make_folder(path)?;
    #[cfg(unix)]
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o700)).map_err(at(path))?;
    Ok(())
}

/// Has the file system remember what a folder holds.
pub(crate) fn sync_folder(path: &Path) -> Result<(), RegisterError> {
    // An empty parent is the folder the program runs in.
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    // Windows keeps folders by itself and cannot open them as files.
    if cfg!(unix) { File::open(path).and_then(|folder| folder.sync_all()).map_err(at(path)) } else { Ok(()) }
}

/// Whether others than its owner may read a file, where the file system tells.
#[cfg(unix)]
pub(crate) fn is_open_to_others(path: &Path) -> Result<bool, RegisterError> {
    use std::os::unix::fs::PermissionsExt;
    Ok(fs::metadata(path).map_err(at(path))?.permissions().mode() & 0o077 != 0)
}

/// Whether others than its owner may read a file, where the file system tells.
#[cfg(not(unix))]
pub(crate) const fn is_open_to_others(_: &Path) -> Result<bool, RegisterError> {
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;

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
