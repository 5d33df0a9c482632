//! A folder that somebody chose, on a stick mostly: whether there is room, and what its refusals mean. This laptop's own
//! disk is another matter (`room.rs`).

use std::{
    io,
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

/// Writes a small file for somebody; it is on their stick when this returns, and nothing half written where it is full.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    durable::replace(path, bytes).map_err(|error| {
        if let StoreError::File { source, .. } = error {
            Error::NotWritten { path: path.to_owned(), source }
        } else {
            not_written(path, error)
        }
    })
}

fn folder_of(path: &Path) -> PathBuf {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_file_is_there_whole_or_it_is_said_which_was_not_written_and_nothing_is_left() {
        let stick = tempfile::tempdir().unwrap();
        let path = stick.path().join("laptop.request");
        write(&path, b"before").unwrap();
        write(&path, b"a request").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"a request");
        let folder = stick.path().join("folder");
        std::fs::create_dir(&folder).unwrap();
        for refused in [folder, stick.path().join("not-there").join("laptop.request")] {
            let said = write(&refused, b"a request").unwrap_err();
            assert!(matches!(&said, Error::NotWritten { path, .. } if *path == refused), "{said:?}");
        }
        assert_eq!(std::fs::read_dir(stick.path()).unwrap().count(), 2);
    }

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
