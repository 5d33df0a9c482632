//! What could not be kept, or not be read of what is kept: pictures, files, the store.

use fieldproof_app::{Error, NotAllowed};
use fieldproof_store::StoreError;

use super::{build, sentence};
use crate::dto::{Code, ErrorView};

pub(super) fn photo(error: &Error) -> ErrorView {
    if let Error::PhotoTooLarge { bytes } = error {
        return build(
            Code::PhotoTooLarge,
            format!("This photo has {} MB; 26 MB is the most.", bytes.div_ceil(1_000_000)),
            "Take it again in a smaller size, or choose another. Nothing was attached.",
        );
    }
    if matches!(error, Error::PhotoOfOtherKind) {
        return build(
            Code::PhotoUnreadable,
            "Of this kind of picture Fieldproof cannot leave out where it was taken.",
            "Save it as JPEG or PNG, then choose that file. Nothing was attached.",
        );
    }
    build(
        Code::PhotoUnreadable,
        "This file is not a photo that can be read.",
        "Choose a JPEG or PNG file. Nothing was attached.",
    )
}

/// What the disk has no room for, or no place.
pub(super) fn disk(error: &Error) -> ErrorView {
    if let Error::NotAllowed(NotAllowed::NoRoom { free, needed, may_leave }) = error {
        return no_room(*free, *needed, *may_leave);
    }
    if let Error::NotWritten { path, source } = error
        && source.kind() == std::io::ErrorKind::AlreadyExists
    {
        return build(
            Code::NotWritten,
            format!("Nothing was written: there is {} already.", path.display()),
            "Choose another name; what is there may still be on its way.",
        );
    }
    if let Error::NotWritten { path, .. } = error {
        return build(
            Code::NotWritten,
            format!("Nothing was written: {} could not be made.", path.display()),
            "Choose a folder that is there and has room, then try again.",
        );
    }
    build(
        Code::DiskFull,
        "It is gone from every row, and traces of it may remain in this laptop's files.",
        "Let a backup that is running come to its end, free some space, and do it again: nothing else is changed, and \
         the traces go.",
    )
}

/// Told before the assessment, so that the disk does not fill up in the middle of it.
fn no_room(free: u64, needed: u64, may_leave: u64) -> ErrorView {
    let megabytes = |bytes: u64| bytes.div_ceil(1_000_000);
    let lacking = megabytes(needed.saturating_sub(free));
    let leave = match megabytes(may_leave) {
        0 => "no photo or file may leave this laptop yet".to_owned(),
        may_leave => format!("photos and files that the register has and that may leave would free {may_leave} MB"),
    };
    build(
        Code::DiskFull,
        format!(
            "There may be too little room: {} MB are free, and this assessment may need {} MB.",
            free / 1_000_000,
            megabytes(needed)
        ),
        format!("Nothing was begun. Free {lacking} MB: {leave}; delete files that are not Fieldproof's for the rest."),
    )
}

pub(super) fn store(error: &StoreError) -> ErrorView {
    match error {
        StoreError::DiskFull => build(
            Code::DiskFull,
            "The disk is full: this was NOT saved.",
            "Everything before it is safe. Let evidence go under “This laptop”, or remove other files, then tap again.",
        ),
        StoreError::TooNew { .. } => build(
            Code::Unexpected,
            "This laptop's store was made by a newer version of Fieldproof.",
            "Nothing was changed. Install the newer version.",
        ),
        StoreError::Gone(name) => build(
            Code::Unexpected,
            format!("A file of this laptop's store is gone: {name}."),
            "Nothing was replaced. Put it back from where it was moved, or call the coordinator.",
        ),
        StoreError::NotABackup => build(
            Code::InvalidInput,
            "This file is no backup of Fieldproof.",
            "Choose a file that ends in .backup. Nothing was changed.",
        ),
        StoreError::DamagedBackup(_) => build(
            Code::InvalidInput,
            sentence(&error.to_string()),
            "Nothing was changed. Copy it again from where it came, or take an older one.",
        ),
        StoreError::TooManySlots(most) => build(
            Code::Rule,
            format!("{most} people can unlock here, and no more fit."),
            "Nothing was changed. Take access away from somebody who no longer works here, then try again.",
        ),
        StoreError::NothingOpensIt => build(
            Code::Rule,
            "Nothing would open this file again, so it was not made.",
            "Let everybody unlock this laptop once, or make a recovery sheet, then try again.",
        ),
        StoreError::File { path, .. } => build(
            Code::Unexpected,
            format!("This could not be read or written: {}.", path.display()),
            "Check that it is there and may be written to, then try again. What was saved is safe.",
        ),
        StoreError::ReadBack | StoreError::Damaged(_) => build(
            Code::Unexpected,
            "Something stored on this laptop is damaged.",
            "Nothing was deleted. Stop working with this laptop and call the coordinator.",
        ),
        StoreError::InUse => build(
            Code::Rule,
            "Another program has this laptop's folder open.",
            "Nothing was changed. Close its Fieldproof window, or let the command that works on it end, then try again.",
        ),
        StoreError::Stopped => build(
            Code::Rule,
            "It was stopped, because the laptop was locked.",
            "Nothing is lost, and nothing half-made was left. Unlock and begin it again.",
        ),
        StoreError::Sqlite(_) | StoreError::Closed | StoreError::StillRead => build(
            Code::Unexpected,
            "The store could not be read or written.",
            "What was saved is safe. Restart the program; if it stays, call the coordinator.",
        ),
    }
}
