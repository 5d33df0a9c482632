//! Backups: one sealed file made while the store is in use, first the store, then the evidence that it names.
//!
//! Both go in as they lie on the disk, encrypted under the store's key; the key slots stand in front, without names and
//! without anybody's assessor key. So a backup opens with a passphrase or a recovery key, and signs nothing.

use std::{
    fs::{self, File},
    io::{BufReader, BufWriter, ErrorKind, Read, Write},
    path::Path,
};

use fieldproof_model::{digest::Digest, id::parse_hex, time::Timestamp};
use fieldproof_seal::{Digester, digest_of};
use serde::{Deserialize, Serialize};

use crate::{EVIDENCE_FILE, Result, STORE_FILE, Stop, StoreError, StoreKey, database, durable, slots::SlotFile};

const MARK: &[u8; 20] = b"fieldproof backup 1\n";
/// The largest head read.
const HEAD_LIMIT: u32 = 4 << 20;
const PIECE: usize = 1 << 18;
/// What stands in front of a backup, and what its two folders take.
const HEAD_ROOM: u64 = 1 << 20;

/// How far a long piece of work has come, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Done.
    pub done: u64,
    /// Of so many, as far as is known.
    pub total: u64,
}

/// Hears how far the work has come.
pub type OnProgress<'p> = &'p mut dyn FnMut(Progress);

/// What stands in front of a backup, for everybody to read.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Head {
    made_at: i64,
    /// Lines for a person: what is in it, or what could be saved.
    pub note: String,
    slots: String,
    files: Vec<Member>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Member {
    name: String,
    bytes: u64,
    digest: String,
}

impl Head {
    /// Reads what stands in front of a backup.
    ///
    /// # Errors
    /// [`StoreError::NotABackup`], [`StoreError::DamagedBackup`].
    pub fn read(input: &mut impl Read) -> Result<Self> {
        let (mut mark, mut length, mut digest) = ([0; MARK.len()], [0; 4], [0; 32]);
        let not_a_backup = |_| StoreError::NotABackup;
        input.read_exact(&mut mark).map_err(not_a_backup)?;
        if mark != *MARK {
            return Err(StoreError::NotABackup);
        }
        let damaged = || StoreError::DamagedBackup("backup's head");
        input.read_exact(&mut length).and_then(|()| input.read_exact(&mut digest)).map_err(|_| damaged())?;
        let length = u32::from_be_bytes(length);
        if HEAD_LIMIT < length {
            return Err(damaged());
        }
        let mut text = Vec::new();
        input.take(length.into()).read_to_end(&mut text).map_err(|_| damaged())?;
        if digest_of(&text).as_bytes() != &digest {
            return Err(damaged());
        }
        let head: Self = serde_json::from_slice(&text).map_err(|_| damaged())?;
        let names: Vec<&str> = head.files.iter().map(|file| file.name.as_str()).collect();
        if names == [STORE_FILE, EVIDENCE_FILE] { Ok(head) } else { Err(damaged()) }
    }

    /// As it stands in front of a backup: the mark, the length of the text, its digest, the text.
    ///
    /// # Errors
    /// [`StoreError::DamagedBackup`] for more than a head holds.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        let too_large = || StoreError::DamagedBackup("backup's head");
        let text = serde_json::to_vec(self).map_err(|_| too_large())?;
        let length = u32::try_from(text.len()).ok().filter(|length| *length <= HEAD_LIMIT).ok_or_else(too_large)?;
        Ok([MARK.as_slice(), &length.to_be_bytes(), digest_of(&text).as_bytes(), &text].concat())
    }

    /// When the backup was made, as the laptop's clock claimed.
    #[must_use]
    pub const fn made_at(&self) -> Timestamp {
        Timestamp::from_millis(self.made_at)
    }

    /// What opens the backup.
    ///
    /// # Errors
    /// [`StoreError::Damaged`].
    pub fn slots(&self) -> Result<SlotFile> {
        SlotFile::parse(self.slots.as_bytes())
    }

    /// Bytes of store and evidence together.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.files.iter().fold(0, |sum, file| sum.saturating_add(file.bytes))
    }
}

/// Backs the store in `dir` up into the file `to`, while it may be in use.
///
/// # Errors
/// [`StoreError`], [`StoreError::Stopped`]; then there is no file `to`, and what there was before is as it was.
pub fn back_up(
    dir: &Path,
    key: &StoreKey,
    to: &Path,
    (now, stop): (Timestamp, &Stop),
    on: OnProgress<'_>,
) -> Result<Head> {
    let parts = durable::with_suffix(to, ".parts");
    let total = bytes_of(dir).saturating_mul(2);
    let done = fresh_folder(&parts).and_then(|()| {
        let mut before = 0;
        for name in [STORE_FILE, EVIDENCE_FILE] {
            let still = database::open_still(&dir.join(name), key)?;
            let copy = parts.join(name);
            database::copy(&still, &copy, key, stop, &mut |pages| {
                on(Progress { done: before + pages.saturating_mul(database::PAGE_BYTES), total });
            })
            .map_err(|error| too_large(&copy, error))?;
            before = before.saturating_add(bytes_at(&copy));
        }
        for name in [STORE_FILE, EVIDENCE_FILE] {
            database::check(&parts.join(name), key, stop)?;
        }
        let slots = SlotFile::read(dir)?.for_backup();
        let note = "Key slots, store and evidence of one laptop, encrypted.".to_owned();
        let head = seal(&parts, &slots, to, (now, note), stop, &mut |done| {
            on(Progress { done: before.saturating_add(done), total });
        })?;
        on(Progress { done: total, total });
        Ok(head)
    });
    // The copies are encrypted; what cannot be removed now is removed by the next backup to the same place.
    let _removed = fs::remove_dir_all(&parts);
    done
}

/// Puts the store and evidence in `parts` into one file.
///
/// # Errors
/// [`StoreError::NothingOpensIt`], [`StoreError::Stopped`]; [`StoreError`]; then there is no file `to` that was not there
/// before.
pub fn seal(
    parts: &Path,
    slots: &SlotFile,
    to: &Path,
    (now, note): (Timestamp, String),
    stop: &Stop,
    on: &mut dyn FnMut(u64),
) -> Result<Head> {
    if slots.is_empty() {
        return Err(StoreError::NothingOpensIt);
    }
    let mut files = Vec::new();
    for name in [STORE_FILE, EVIDENCE_FILE] {
        let (digest, bytes) = digest_file(&parts.join(name), stop)?;
        files.push(Member { name: name.to_owned(), bytes, digest: digest.to_string() });
    }
    let slots = String::from_utf8(slots.to_bytes()?).map_err(|_| StoreError::Damaged("key slot file"))?;
    let head = Head { made_at: now.as_millis(), note, slots, files };
    let part = durable::with_suffix(to, ".part");
    let written = write_file(&head, parts, &part, stop, on).and_then(|()| {
        // What was written is read back before it is called a backup.
        check_digests(&part, stop, &mut |_| {})?;
        fs::rename(&part, to).map_err(durable::at(to))?;
        durable::sync_folder_of(to)
    });
    if written.is_err() {
        let _removed = fs::remove_file(&part);
    }
    written.map(|()| head)
}

fn write_file(head: &Head, parts: &Path, part: &Path, stop: &Stop, on: &mut dyn FnMut(u64)) -> Result<()> {
    let failed = |error| durable::full(part, error);
    let front = head.to_bytes()?;
    let mut out = BufWriter::new(File::create(part).map_err(failed)?);
    out.write_all(&front).map_err(failed)?;
    let mut done = 0_u64;
    for member in &head.files {
        let path = parts.join(&member.name);
        let mut input = File::open(&path).map_err(durable::at(&path))?;
        let mut piece = vec![0; PIECE];
        loop {
            stop.check()?;
            let read = input.read(&mut piece).map_err(durable::at(&path))?;
            let Some(bytes) = piece.get(..read).filter(|bytes| !bytes.is_empty()) else { break };
            out.write_all(bytes).map_err(failed)?;
            done = done.saturating_add(bytes.len().try_into().unwrap_or_default());
            on(done);
        }
    }
    out.into_inner().map_err(|error| failed(error.into_error()))?.sync_all().map_err(failed)
}

/// Reads the head of a backup.
///
/// # Errors
/// [`StoreError::NotABackup`], [`StoreError::DamagedBackup`].
pub fn head(backup: &Path) -> Result<Head> {
    Head::read(&mut open(backup)?)
}

/// Reads a whole backup without unpacking it: every byte is what was written.
///
/// # Errors
/// As [`head`]; [`StoreError::DamagedBackup`] names what is not whole; [`StoreError::Stopped`].
pub fn check_digests(backup: &Path, stop: &Stop, on: &mut dyn FnMut(u64)) -> Result<Head> {
    let mut input = open(backup)?;
    let head = Head::read(&mut input)?;
    for member in &head.files {
        take(&mut input, member, (&mut std::io::sink(), backup), stop, on)?;
    }
    end(&mut input, backup)?;
    Ok(head)
}

/// Unpacks a backup into the folder `dir`, which must not be there, and opens both files with the key.
///
/// # Errors
/// As [`check_digests`]; then there is no folder `dir`.
pub fn unpack(backup: &Path, key: &StoreKey, dir: &Path, on: &mut dyn FnMut(u64)) -> Result<Head> {
    fs::create_dir(dir).map_err(durable::at(dir))?;
    let done = unpack_into(backup, key, dir, on);
    if done.is_err() {
        let _removed = fs::remove_dir_all(dir);
    }
    done
}

fn unpack_into(backup: &Path, key: &StoreKey, dir: &Path, on: &mut dyn FnMut(u64)) -> Result<Head> {
    let mut input = open(backup)?;
    let head = Head::read(&mut input)?;
    let stop = Stop::default();
    for member in &head.files {
        let path = dir.join(&member.name);
        let mut out = File::create(&path).map_err(durable::at(&path))?;
        take(&mut input, member, (&mut out, backup), &stop, on)?;
        out.sync_all().map_err(|error| durable::full(&path, error))?;
        drop(out);
        database::check(&path, key, &stop)?;
    }
    end(&mut input, backup)?;
    durable::sync_folder_of(&dir.join(STORE_FILE))?;
    Ok(head)
}

fn open(backup: &Path) -> Result<BufReader<File>> {
    Ok(BufReader::new(File::open(backup).map_err(durable::at(backup))?))
}

/// Reads one member to its end, and out.
fn take(
    input: &mut impl Read,
    member: &Member,
    (out, backup): (&mut impl Write, &Path),
    stop: &Stop,
    on: &mut dyn FnMut(u64),
) -> Result<()> {
    let damaged = if member.name == STORE_FILE { "store in the backup" } else { "evidence in the backup" };
    let mut hashing = Digester::default();
    let mut left = member.bytes;
    let mut piece = vec![0; PIECE];
    while 0 < left {
        stop.check()?;
        let wanted = usize::try_from(left).unwrap_or(PIECE).min(PIECE);
        let bytes = piece.get_mut(..wanted).ok_or(StoreError::NotABackup)?;
        input.read_exact(bytes).map_err(|error| {
            let is_cut_off = error.kind() == std::io::ErrorKind::UnexpectedEof;
            if is_cut_off { StoreError::DamagedBackup(damaged) } else { durable::at(backup)(error) }
        })?;
        hashing.update(bytes);
        out.write_all(bytes).map_err(|error| durable::full(backup, error))?;
        left = left.saturating_sub(bytes.len().try_into().unwrap_or_default());
        on(member.bytes.saturating_sub(left));
    }
    let expected = parse_hex(&member.digest).map(Digest::new);
    if expected == Some(hashing.finish()) { Ok(()) } else { Err(StoreError::DamagedBackup(damaged)) }
}

/// Nothing stands behind the last member.
fn end(input: &mut impl Read, backup: &Path) -> Result<()> {
    match input.read(&mut [0]).map_err(durable::at(backup))? {
        0 => Ok(()),
        _ => Err(StoreError::DamagedBackup("backup's end")),
    }
}

fn digest_file(path: &Path, stop: &Stop) -> Result<(Digest, u64)> {
    let mut input = File::open(path).map_err(durable::at(path))?;
    let (mut hashing, mut bytes) = (Digester::default(), 0_u64);
    let mut piece = vec![0; PIECE];
    loop {
        stop.check()?;
        let read = input.read(&mut piece).map_err(durable::at(path))?;
        match piece.get(..read) {
            Some([]) | None => return Ok((hashing.finish(), bytes)),
            Some(read) => {
                hashing.update(read);
                bytes = bytes.saturating_add(read.len().try_into().unwrap_or_default());
            }
        }
    }
}

fn fresh_folder(path: &Path) -> Result<()> {
    if path.exists() {
        fs::remove_dir_all(path).map_err(durable::at(path))?;
    }
    fs::create_dir(path).map_err(|error| durable::full(path, error))
}

fn bytes_at(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |metadata| metadata.len())
}

/// FAT takes no file of four gibibytes or more. SQLite says that a write failed there, and not why.
fn too_large(copy: &Path, error: StoreError) -> StoreError {
    let (bytes, limit) = (bytes_at(copy), u64::from(u32::MAX));
    let is_at_limit = bytes <= limit && limit < bytes.saturating_add(database::PAGE_BYTES);
    if is_at_limit && matches!(error, StoreError::Sqlite(_)) {
        return durable::at(copy)(ErrorKind::FileTooLarge.into());
    }
    error
}

/// Bytes that have to be free where a backup of the store in `dir` is made: the copies lie there, and beside them the
/// file that they are put into.
#[must_use]
pub fn needs(dir: &Path) -> u64 {
    bytes_of(dir).saturating_mul(2).saturating_add(HEAD_ROOM)
}

/// Removes what an early end left of a backup that was to be made at `to`: it takes the room of the next one.
pub fn remove_unfinished(to: &Path) {
    // Where it cannot be removed, the next backup says so.
    let _copies = fs::remove_dir_all(durable::with_suffix(to, ".parts"));
    let _file = fs::remove_file(durable::with_suffix(to, ".part"));
}

/// Bytes of store and evidence as they lie in a folder, what is only in the write-ahead logs included.
#[must_use]
pub fn bytes_of(dir: &Path) -> u64 {
    let files = [STORE_FILE, EVIDENCE_FILE].map(|name| dir.join(name));
    files.iter().fold(0, |sum, path| {
        sum.saturating_add(bytes_at(path)).saturating_add(bytes_at(&durable::with_suffix(path, "-wal")))
    })
}

#[cfg(test)]
#[path = "backup_tests.rs"]
mod backup_tests;
