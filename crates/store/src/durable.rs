//! Replacing a small file whole: after a crash there is the old one or the new one, never half of either.

use std::{
    fs,
    io::{BufWriter, Write},
    path::{Path, PathBuf},
};

use crate::{Result, StoreError};

/// Says which file could not be used.
pub(crate) fn at(path: &Path) -> impl FnOnce(std::io::Error) -> StoreError {
    let path = PathBuf::from(path);
    move |source| StoreError::File { path, source }
}

/// Puts `bytes` in the place of `path`; on disk when this returns.
///
/// # Errors
/// [`StoreError::File`], [`StoreError::DiskFull`]; the old file is as it was, unless only the folder could not be synced.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<()> {
    let fresh = with_suffix(path, ".new");
    let done = write_synced(&fresh, bytes).and_then(|()| fs::rename(&fresh, path).map_err(at(path)));
    if done.is_err() {
        let _removed = fs::remove_file(&fresh);
    }
    done?;
    sync_folder_of(path)
}

fn write_synced(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut out = fs::File::create(path).map_err(at(path))?;
    out.write_all(bytes).map_err(|error| full(path, error))?;
    #[cfg(feature = "sabotage")]
    let is_synced = !crate::sabotage::is_set(crate::sabotage::Sabotage::SlotsWithoutSync);
    #[cfg(not(feature = "sabotage"))]
    let is_synced = true;
    if is_synced {
        out.sync_all().map_err(|error| full(path, error))?;
    }
    Ok(())
}

/// Makes a new file `path` piece by piece; it has its name when all of it is on disk, and never takes another one's.
///
/// # Errors
/// What `write` said, or the disk; then there is nothing new.
pub fn create<T, E: From<std::io::Error>>(
    path: &Path,
    write: impl FnOnce(&mut BufWriter<fs::File>) -> std::result::Result<T, E>,
) -> std::result::Result<T, E> {
    let part = with_suffix(path, ".part");
    let made = || {
        let mut out = BufWriter::new(fs::File::create(&part)?);
        let done = write(&mut out)?;
        out.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()?;
        // Hard links are no way to be sure: sticks have none.
        if path.try_exists()? {
            return Err(std::io::Error::from(std::io::ErrorKind::AlreadyExists).into());
        }
        fs::rename(&part, path)?;
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        fs::File::open(folder)?.sync_all()?;
        Ok(done)
    };
    if path.try_exists()? {
        return Err(std::io::Error::from(std::io::ErrorKind::AlreadyExists).into());
    }
    let made = made();
    if made.is_err() {
        let _removed = fs::remove_file(&part);
    }
    made
}

/// Makes a rename or a new name in the folder of `path` last.
///
/// # Errors
/// [`StoreError::File`].
pub fn sync_folder_of(path: &Path) -> Result<()> {
    // A relative path of one name lies in the folder that has none.
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(at(folder))
}

/// Gives a file another name beside itself, so that nothing that was damaged is lost.
pub(crate) fn set_aside(path: &Path, suffix: &str) -> Result<PathBuf> {
    let mut kept = with_suffix(path, suffix);
    for again in 2..1_000_u32 {
        if !kept.exists() {
            break;
        }
        kept = with_suffix(path, &format!("{suffix}-{again}"));
    }
    fs::rename(path, &kept).map_err(at(path))?;
    let synced = sync_folder_of(path);
    if synced.is_err() {
        // Whoever hears that it failed finds it where it was.
        fs::rename(&kept, path).map_err(at(&kept))?;
    }
    synced.map(|()| kept)
}

/// Gives a folder another name beside itself; `None` when there is none.
///
/// # Errors
/// [`StoreError::File`].
pub fn set_folder_aside(path: &Path, suffix: &str) -> Result<Option<PathBuf>> {
    if path.exists() { set_aside(path, suffix).map(Some) } else { Ok(None) }
}

/// The path with something behind its last name.
#[must_use]
pub fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(suffix);
    path.with_file_name(name)
}

/// Tells a full disk from everything else.
pub(crate) fn full(path: &Path, error: std::io::Error) -> StoreError {
    if matches!(error.kind(), std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded) {
        StoreError::DiskFull
    } else {
        at(path)(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_file_is_there_whole_or_not_at_all_and_takes_nobody_s_place() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("records.bundle");
        let broken = create(&path, |out| {
            out.write_all(b"half")?;
            Err::<(), _>(std::io::Error::other("the stick was pulled out"))
        });
        assert_eq!(broken.unwrap_err().to_string(), "the stick was pulled out");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0, "nothing half-written stays");
        create(&path, |out| out.write_all(b"whole")).unwrap();
        let again = create(&path, |out| out.write_all(b"another")).unwrap_err();
        assert_eq!(again.kind(), std::io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&path).unwrap(), b"whole");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_is_replaced_whole_and_one_set_aside_is_never_written_over() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("slots.json");
        replace(&path, b"old").unwrap();
        replace(&path, b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        let first = set_aside(&path, ".damaged").unwrap();
        replace(&path, b"third").unwrap();
        let second = set_aside(&path, ".damaged").unwrap();
        assert_ne!(first, second);
        assert_eq!((fs::read(first).unwrap(), fs::read(second).unwrap()), (b"new".to_vec(), b"third".to_vec()));
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 2, "nothing half-written stays");
    }
}
