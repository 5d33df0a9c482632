//! A copy of a register that stands on its own, and a register made from one.
//!
//! A backup is itself a register's folder, with the book on SQLite and the evidence in a folder, wherever both were kept:
//! so it can be restored onto either engine and into either store, and is the way from one to the other.

use std::{
    fs,
    path::{Path, PathBuf},
};

use zeroize::Zeroizing;

use crate::{
    RegisterError,
    database::{self, Database},
    error::at,
    evidence::Evidence,
    files,
    storage::{BOOK, Checked, Storage},
    table::{institution, records},
    tls,
};

/// SQLite's log beside the book.
const BOOK_LOG: &str = "register.sqlite-wal";

/// Secret files besides the register's key, which is copied last: a folder without it is no register.
const SECRETS: [&str; 2] = [tls::KEY, tls::CERTIFICATE];

/// Copies the register in a folder into a new one, which holds its keys and is readable by its owner only. The register
/// may run meanwhile: book and evidence are those of one moment. What is only half sent stays behind.
///
/// # Errors
/// [`RegisterError`]; [`RegisterError::NotEmpty`] when something is there.
pub fn back_up(folder: &Path, backup: &Path) -> Result<Checked, RegisterError> {
    let from = Storage::of(folder)?;
    let mut book = from.database(folder, false)?;
    begin(backup)?;
    let to = Storage::default();
    let mut copy = to.database(backup, true)?;
    database::copy(&mut book, &mut copy)?;
    finish((folder, &from), (backup, &to), &mut copy)
}

/// Makes a register in a new folder from a backup, with book and evidence where `storage` says. The backup is only read.
///
/// # Errors
/// [`RegisterError`]; [`RegisterError::NotEmpty`] and [`RegisterError::DatabaseNotEmpty`] when something is there.
pub fn restore(backup: &Path, folder: &Path, storage: &Storage) -> Result<Checked, RegisterError> {
    let from = backup.join(BOOK);
    if !from.try_exists().map_err(at(&from))? {
        return Err(RegisterError::NotThere(backup.to_owned()));
    }
    begin(folder)?;
    // An earlier version's book is brought to the newest one in a copy. Beside the book of a register that was killed lies
    // what it had not written into it yet.
    let own = folder.join(BOOK);
    for name in [BOOK, BOOK_LOG] {
        let (from, own) = (backup.join(name), folder.join(name));
        if from.try_exists().map_err(at(&from))? {
            fs::copy(&from, &own).map_err(at(&own))?;
            files::sync_file(&own)?;
        }
    }
    let mut book = Database::sqlite(&own, false)?;
    if storage.database.is_some() {
        let mut database = storage.database(folder, true)?;
        if institution::find(&database.read()?)?.is_some() {
            return Err(RegisterError::DatabaseNotEmpty);
        }
        database::copy(&mut book, &mut database)?;
        drop(std::mem::replace(&mut book, database));
        fs::remove_file(&own).map_err(at(&own))?;
    }
    storage.remember(folder)?;
    finish((backup, &Storage::default()), (folder, storage), &mut book)
}

/// Makes the folder, in which nothing is.
fn begin(folder: &Path) -> Result<(), RegisterError> {
    if fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(RegisterError::NotEmpty(folder.to_owned()));
    }
    files::make_private_folder(folder)
}

/// Copies what the copied book names, and the keys.
fn finish(
    (from, from_storage): (&Path, &Storage),
    (to, to_storage): (&Path, &Storage),
    book: &mut Database,
) -> Result<Checked, RegisterError> {
    let (held, kept) = (from_storage.evidence(from)?, to_storage.evidence(to)?);
    let (last, named) = {
        let tx = book.read()?;
        (records::last(&tx)?, records::named(&tx)?)
    };
    let mut checked = Checked { records: last.map_or(0, |place| place.index), ..Checked::default() };
    for item in &named {
        checked.note(item, copy_item(&held, &kept, item))?;
    }
    // What is not there yet is made when it is needed.
    for name in SECRETS.iter().filter(|name| from.join(name).exists()) {
        copy_secret(&from.join(name), &to.join(name))?;
    }
    for key in decryption_keys(from)? {
        let name = key.strip_prefix(from).map_err(|_| RegisterError::Damaged("a key lies elsewhere"))?;
        files::make_folder(&to.join(crate::decryption::FOLDER))?;
        copy_secret(&key, &to.join(name))?;
    }
    let own = institution::find(&book.read()?)?.ok_or(RegisterError::Damaged("no institution"))?.register_key;
    copy_secret(&crate::renewal::key_file(from, &own), &to.join(crate::KEY))?;
    files::sync_folder(to)?;
    Ok(checked)
}

/// Whether the item was there, whole; then it is in the copy, too.
fn copy_item(from: &Evidence, to: &Evidence, item: &records::NamedItem) -> Result<bool, RegisterError> {
    let size = |bytes: &Vec<u8>| u64::try_from(bytes.len()).is_ok_and(|size| size == item.size);
    match from.read(&item.digest)?.filter(size) {
        Some(bytes) => to.keep(&item.digest, &bytes).map(|()| true),
        None => Ok(false),
    }
}

fn decryption_keys(register: &Path) -> Result<Vec<PathBuf>, RegisterError> {
    let folder = register.join(crate::decryption::FOLDER);
    if !folder.try_exists().map_err(at(&folder))? {
        return Ok(Vec::new());
    }
    let entries = fs::read_dir(&folder).map_err(at(&folder))?;
    entries.map(|entry| Ok(entry.map_err(at(&folder))?.path())).collect()
}

/// Copies a file into a new one that only its owner can read.
fn copy_secret(from: &Path, to: &Path) -> Result<(), RegisterError> {
    files::write_secret(to, &Zeroizing::new(fs::read(from).map_err(at(from))?))
}
