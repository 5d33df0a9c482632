//! The last resort: a store that opens no more is read page by page, and what can be read goes into one sealed file.

use std::path::Path;

use fieldproof_model::time::Timestamp;
use fieldproof_store::{
    Stop, StoreError, backup, durable,
    rescue::{self, Progress, Report},
    slots::SlotFile,
};

use crate::{RestoreWith, Result, folder::not_written, restore};

/// Saves what can be read of the laptop in `dir` into the backup `to`, which must not be there. The laptop's folder is
/// only read. Where both its slot files are damaged, those of an earlier backup open it: `slots_of`.
///
/// # Errors
/// [`crate::Error::WrongPassphrase`], [`crate::Error::WrongRecoveryKey`], [`crate::Error::NotWritten`],
/// [`crate::Error::Store`]; then there is no file `to`.
pub fn rescue(
    dir: &Path,
    to: &Path,
    slots_of: Option<&Path>,
    with: RestoreWith<'_>,
    now: Timestamp,
    on: &mut dyn FnMut(Progress),
) -> Result<Report> {
    if to.exists() {
        let source = std::io::ErrorKind::AlreadyExists.into();
        return Err(StoreError::File { path: to.to_owned(), source }.into());
    }
    let (key, slots) = match slots_of {
        None => {
            let slots = SlotFile::read(dir)?;
            (restore::open(&slots, with)?, slots.for_backup())
        }
        Some(earlier) => {
            let slots = backup::head(earlier)?.slots()?;
            (restore::open(&slots, with)?, slots)
        }
    };
    let parts = durable::with_suffix(to, ".rescued");
    let done = rescue::rescue(dir, &key, &parts, on).and_then(|report| {
        backup::seal(&parts, &slots, to, (now, report.to_text()), &Stop::default(), &mut |_| {})?;
        Ok(report)
    });
    // Everything in it is encrypted, and stands in the file as well.
    let _removed = std::fs::remove_dir_all(&parts);
    done.map_err(|error| not_written(to, error))
}
