//! What could not be kept, or not be read of what is kept: pictures and the store.

use fieldproof_app::Error;
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
        StoreError::NotABackup | StoreError::DamagedBackup(_) => backup(error),
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

/// A file that was to be restored.
fn backup(error: &StoreError) -> ErrorView {
    let (message, next) = if matches!(error, StoreError::NotABackup) {
        ("This file is no backup of Fieldproof.".to_owned(), "Choose a file that ends in .backup.")
    } else {
        (sentence(&error.to_string()), "Copy it again from where it came, or take an older one.")
    };
    build(Code::InvalidInput, message, format!("Nothing was changed. {next}"))
}
