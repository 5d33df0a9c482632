//! What a disk or a stick has no room for, or no place: what was not written, and that nothing here was lost.

use std::{
    io::{self, ErrorKind},
    path::Path,
};

use fieldproof_app::{Error, NotAllowed};
use fieldproof_store::StoreError;

use super::{build, view};
use crate::dto::{Code, ErrorView};

/// Nothing of a stick's is ever the reason to let anything go from this laptop.
const NOTHING_LOST: &str = "Nothing on this laptop was lost.";

/// What the disk has no room for, or no place.
pub(super) fn disk(error: &Error) -> ErrorView {
    if let Error::NotAllowed(NotAllowed::NoRoom { free, needed, may_leave }) = error {
        return no_room(*free, *needed, *may_leave);
    }
    if let Error::NoRoomThere { folder, free, needed } = error {
        return no_room_there(folder, *free, *needed);
    }
    if let Error::NotWritten { path, source } = error {
        return not_written(path, source);
    }
    let first = if matches!(error, Error::Remains(StoreError::StillRead)) {
        "Let a backup, or whatever else reads this laptop's files, come to its end"
    } else {
        "Free some space"
    };
    build(
        Code::TracesRemain,
        "It is gone from every row, and traces of it may remain in this laptop's files.",
        format!("{first}, and do it again: nothing else is changed, and the traces go."),
    )
}

/// A file that somebody wanted in a folder of their choice.
fn not_written(path: &Path, why: &io::Error) -> ErrorView {
    let told = |message, next: &str| build(Code::NotWritten, message, next);
    if matches!(why.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded) {
        return told(
            format!("Nothing was written: {} is full.", path.parent().unwrap_or(path).display()),
            &format!("{NOTHING_LOST} Free some room there or choose another folder, then try again."),
        );
    }
    if why.kind() == ErrorKind::FileTooLarge {
        return told(
            format!("Nothing was written: {} is larger than a file may be there.", path.display()),
            &format!(
                "{NOTHING_LOST} Choose another stick, or format this one as exFAT, which deletes what is on it; then try \
                 again."
            ),
        );
    }
    if why.kind() == ErrorKind::AlreadyExists {
        return told(
            format!("Nothing was written: there is {} already.", path.display()),
            "Choose another name; what is there may still be on its way.",
        );
    }
    told(
        format!("Nothing was written: {} could not be made.", path.display()),
        "Choose a folder that is there and has room, then try again.",
    )
}

/// Told before anything is written, so that nobody waits for a backup that cannot come to its end.
fn no_room_there(folder: &Path, free: u64, needed: u64) -> ErrorView {
    let lacking = megabytes(needed.saturating_sub(free));
    build(
        Code::NotWritten,
        format!(
            "Nothing was written: {} has {} MB free, and {} MB are needed until it is done.",
            folder.display(),
            free.div_euclid(1_000_000),
            megabytes(needed)
        ),
        format!("{NOTHING_LOST} Free {lacking} MB there or choose another folder, then try again."),
    )
}

/// Told before the assessment, so that the disk does not fill up in the middle of it.
fn no_room(free: u64, needed: u64, may_leave: u64) -> ErrorView {
    let lacking = megabytes(needed.saturating_sub(free));
    let leave = match megabytes(may_leave) {
        0 => "no photo or file may leave this laptop yet".to_owned(),
        may_leave => format!("photos and files that the register has and that may leave would free {may_leave} MB"),
    };
    build(
        Code::DiskFull,
        format!(
            "There may be too little room: {} MB are free, and this assessment may need {} MB.",
            free.div_euclid(1_000_000),
            megabytes(needed)
        ),
        format!("Nothing was begun. Free {lacking} MB: {leave}; delete files that are not Fieldproof's for the rest."),
    )
}

const fn megabytes(bytes: u64) -> u64 {
    bytes.div_ceil(1_000_000)
}

/// What went wrong with a restore: there is no tap to repeat, and nothing yet that could be let go of.
pub(crate) fn restoring(error: &Error) -> ErrorView {
    if !matches!(error, Error::Store(StoreError::DiskFull)) {
        return view(error);
    }
    build(
        Code::DiskFull,
        "The disk is full: nothing was restored.",
        "What was here before is as it was, and so is the backup. Free some room on this laptop's disk, then restore again.",
    )
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    fn written(kind: ErrorKind) -> ErrorView {
        view(&Error::NotWritten { path: PathBuf::from("/media/anna/STICK/a.backup"), source: kind.into() })
    }

    #[test]
    fn a_full_stick_says_which_and_lets_nothing_go_from_the_laptop() {
        let there = Error::NoRoomThere { folder: "/media/anna/STICK".into(), free: 5_400_000, needed: 90_000_001 };
        for said in [written(ErrorKind::StorageFull), written(ErrorKind::QuotaExceeded), view(&there)] {
            assert_eq!(said.code, Code::NotWritten);
            assert!(said.message.starts_with("Nothing was written: /media/anna/STICK "), "{}", said.message);
            assert!(said.next.starts_with(NOTHING_LOST) && said.next.contains("another folder"), "{}", said.next);
            for wrong in ["evidence", "This laptop", "tap", "saved"] {
                assert!(!said.message.contains(wrong) && !said.next.contains(wrong), "{wrong}: {said:?}");
            }
        }
        let said = view(&there);
        assert!(said.message.contains("has 5 MB free, and 91 MB are needed"), "{}", said.message);
        assert!(said.next.contains("Free 85 MB"), "{}", said.next);
    }

    #[test]
    fn a_file_too_large_for_its_stick_names_the_format_that_takes_it() {
        let said = written(ErrorKind::FileTooLarge);
        assert!(said.message.contains("/media/anna/STICK/a.backup is larger than a file may be there"), "{said:?}");
        assert!(said.next.contains("exFAT") && said.next.contains("deletes what is on it"), "{}", said.next);
        assert_eq!(io::Error::from_raw_os_error(27).kind(), ErrorKind::FileTooLarge, "what Linux says of FAT");
    }

    #[test]
    fn whoever_reads_what_was_before_is_told_from_a_full_disk() {
        let [read, full] = [StoreError::StillRead, StoreError::DiskFull].map(|why| view(&Error::Remains(why)));
        assert_eq!((read.code, full.code), (Code::TracesRemain, Code::TracesRemain));
        assert!(read.next.contains("backup") && !read.next.contains("space"), "{}", read.next);
        assert!(full.next.contains("space") && !full.next.contains("backup"), "{}", full.next);
    }

    #[test]
    fn a_restore_on_a_full_disk_asks_for_no_tap() {
        let said = restoring(&Error::Store(StoreError::DiskFull));
        assert!(said.message.contains("nothing was restored") && !said.next.contains("tap"), "{said:?}");
        assert_eq!(restoring(&Error::Locked).code, Code::Locked);
    }
}
