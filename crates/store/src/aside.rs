//! Copies set aside before a migration, so that a newer program that turns out wrong costs nothing.

use std::{fs, path::Path};

use crate::{Result, Stop, StoreKey, database, durable};

/// How many copies are kept, the newest.
const COPIES_KEPT: usize = 2;

/// Copies the store as it is, under its version, and lets the oldest copies go.
pub(crate) fn copy_before_migration(store: &Path, key: &StoreKey, version: i64) -> Result<()> {
    let part = durable::with_suffix(store, ".copy-part");
    // One that a crash left unfinished is begun anew.
    if part.exists() {
        fs::remove_file(&part).map_err(durable::at(&part))?;
    }
    database::copy(&database::open_still(store, key)?, &part, key, &Stop::default(), &mut |_| {})?;
    database::check(&part, key, &Stop::default())?;
    let copy = durable::with_suffix(store, &format!(".version-{version}"));
    fs::rename(&part, &copy).map_err(durable::at(&copy))?;
    durable::sync_folder_of(&copy)?;
    forget(store, COPIES_KEPT)
}

/// Lets all but the newest `kept` copies go.
pub(crate) fn forget(store: &Path, kept: usize) -> Result<()> {
    let folder = store.parent().unwrap_or(Path::new("."));
    let prefix = format!("{}.version-", store.file_name().unwrap_or_default().to_string_lossy());
    let mut copies = Vec::new();
    for entry in fs::read_dir(folder).map_err(durable::at(folder))? {
        let path = entry.map_err(durable::at(folder))?.path();
        let version = path.file_name().and_then(|name| name.to_str()?.strip_prefix(&prefix)?.parse::<i64>().ok());
        copies.extend(version.map(|version| (version, path)));
    }
    copies.sort_unstable();
    let surplus = copies.len().saturating_sub(kept);
    for (_, path) in copies.into_iter().take(surplus) {
        fs::remove_file(&path).map_err(durable::at(&path))?;
    }
    Ok(())
}
