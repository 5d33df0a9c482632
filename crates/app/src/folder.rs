//! A folder that somebody chose, on a stick mostly: whether there is room, and what its refusals mean. This laptop's own
//! disk is another matter (`room.rs`).

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use fieldproof_store::{StoreError, backup, durable};

use crate::{App, Error, Result};

impl App {
    /// Bytes that have to be free in a folder while a backup is made there: more than it takes in the end.
    #[must_use]
    pub fn backup_needs(&self) -> u64 {
        backup::needs(&self.dir)
    }

    /// Fails where the folder of a backup that is to be made has too little room, before anything is written.
    pub(crate) fn require_room_for_backup(&self, path: &Path) -> Result<()> {
        backup::remove_unfinished(path);
        let (folder, needed) = (folder_of(path), self.backup_needs());
        match self.host.free_bytes(&folder) {
            Some(free) if free < needed => Err(Error::NoRoomThere { folder, free, needed }),
            _ => Ok(()),
        }
    }
}

/// What it means that the store could not write the file `path` for somebody: where the room or the largest size of that
/// place is over, this laptop's is not.
pub(crate) fn not_written(path: &Path, error: StoreError) -> Error {
    let path = path.to_owned();
    if matches!(error, StoreError::DiskFull) {
        return Error::NotWritten { path, source: io::ErrorKind::StorageFull.into() };
    }
    if let StoreError::File { source, .. } = &error
        && source.kind() == io::ErrorKind::FileTooLarge
    {
        return Error::NotWritten { path, source: io::ErrorKind::FileTooLarge.into() };
    }
    error.into()
}

/// Writes a small file for somebody: beside its place first, so that a stick which is full holds nothing half written.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let part = durable::with_suffix(path, ".part");
    let written =
        fs::write(&part, bytes).and_then(|()| fs::File::open(&part)?.sync_all()).and_then(|()| fs::rename(&part, path));
    if written.is_err() {
        let _removed = fs::remove_file(&part);
    }
    written.map_err(|source| Error::NotWritten { path: path.to_owned(), source })
}

fn folder_of(path: &Path) -> PathBuf {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_stick_refuses_is_the_stick_s() {
        let path = Path::new("/media/anna/STICK/a.backup");
        let kind = |error| {
            let Error::NotWritten { path: named, source } = not_written(path, error) else { return None };
            (named == path).then(|| source.kind())
        };
        assert_eq!(kind(StoreError::DiskFull), Some(io::ErrorKind::StorageFull));
        let file = |kind: io::ErrorKind| StoreError::File {
            path: "/media/anna/STICK/a.backup.part".into(),
            source: kind.into(),
        };
        assert_eq!(kind(file(io::ErrorKind::FileTooLarge)), Some(io::ErrorKind::FileTooLarge));
        assert_eq!(kind(file(io::ErrorKind::PermissionDenied)), None, "that keeps its own words");
        assert_eq!(kind(StoreError::Damaged("database")), None);
    }
}
