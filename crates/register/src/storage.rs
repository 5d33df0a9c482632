//! Where a register keeps its book and its evidence: in its folder, or where a file there says.
//!
//! `database.url` holds the connection string of a PostgreSQL database, `evidence.url` the address of a bucket and its
//! settings. Both may hold passwords and are readable by their owner only.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use fieldproof_model::digest::Digest;
use fieldproof_seal::digest_of;
use zeroize::Zeroizing;

use crate::{
    RegisterError,
    database::{Database, DatabaseUrl},
    error::at,
    evidence::{BucketUrl, Evidence, EvidenceFolder},
    files,
    table::{institution, records::NamedItem},
};

pub(crate) const BOOK: &str = "register.sqlite";
const EVIDENCE: &str = "evidence";
const DATABASE_URL: &str = "database.url";
const BUCKET_URL: &str = "evidence.url";

/// Where a register keeps its book and its evidence; what is not said is in its folder.
#[derive(Debug, Clone, Default)]
pub struct Storage {
    /// The book on PostgreSQL.
    pub database: Option<DatabaseUrl>,
    /// The evidence in an S3-compatible store.
    pub bucket: Option<BucketUrl>,
}

/// What was read back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Checked {
    /// Records in the log.
    pub records: u32,
    /// Items of evidence that are here, whole.
    pub evidence: u64,
    /// Items of evidence that records name and laptops have not sent to the end yet.
    pub awaited: u64,
    /// Items of evidence that a receipt says are here, and that are not, or not whole.
    pub lost: Vec<Digest>,
    /// Items of evidence that lie here and cannot be read.
    pub unreadable: Vec<Digest>,
}

impl Checked {
    pub(crate) fn note(&mut self, item: &NamedItem, is_here: Result<bool, RegisterError>) -> Result<(), RegisterError> {
        match (is_here, item.is_receipted) {
            (Ok(true), _) => self.evidence = self.evidence.saturating_add(1),
            (Ok(false), false) => self.awaited = self.awaited.saturating_add(1),
            (Ok(false), true) => self.lost.push(item.digest),
            (Err(RegisterError::Unreadable { .. }), _) => self.unreadable.push(item.digest),
            (Err(error), _) => return Err(error),
        }
        Ok(())
    }
}

impl Storage {
    /// Finds out whether a new register can be made here: the database answers and holds none yet, the store of the
    /// evidence answers. Nothing is made but the empty tables of the database.
    ///
    /// # Errors
    /// [`RegisterError`]; [`RegisterError::DatabaseNotEmpty`] when a register is there.
    pub fn try_for_new(&self) -> Result<(), RegisterError> {
        if let Some(url) = &self.database
            && institution::find(&Database::postgres(url)?.read()?)?.is_some()
        {
            return Err(RegisterError::DatabaseNotEmpty);
        }
        if let Some(url) = &self.bucket {
            url.open()?.measure(&digest_of(b""))?;
        }
        Ok(())
    }

    /// What a register's folder says.
    pub(crate) fn of(folder: &Path) -> Result<Self, RegisterError> {
        let database = read(&folder.join(DATABASE_URL))?.map(|text| DatabaseUrl::parse(&text)).transpose()?;
        let bucket = read(&folder.join(BUCKET_URL))?.map(|text| BucketUrl::parse(&text)).transpose()?;
        Ok(Self { database, bucket })
    }

    /// This, and for the rest what a register's folder says. What the folder itself holds cannot be elsewhere.
    pub(crate) fn over(&self, folder: &Path) -> Result<Self, RegisterError> {
        let said = Self::of(folder)?;
        let moves_book = self.database.is_some() && exists(&folder.join(BOOK))?;
        let holds_evidence = || fs::read_dir(folder.join(EVIDENCE)).is_ok_and(|mut items| items.next().is_some());
        let moves_evidence = self.bucket.is_some() && said.bucket.is_none() && holds_evidence();
        if moves_book || moves_evidence {
            return Err(RegisterError::KeptHere(folder.to_owned()));
        }
        let Self { database, bucket } = self.clone();
        Ok(Self { database: database.or(said.database), bucket: bucket.or(said.bucket) })
    }

    /// Has a register's folder say this from now on.
    pub(crate) fn remember(&self, folder: &Path) -> Result<(), RegisterError> {
        if let Some(url) = &self.database {
            write(&folder.join(DATABASE_URL), url.dangerously_expose())?;
        }
        if let Some(url) = &self.bucket {
            write(&folder.join(BUCKET_URL), url.dangerously_expose())?;
        }
        files::sync_folder(folder)
    }

    /// The book; a file is made only when `make` says so.
    pub(crate) fn database(&self, folder: &Path, make: bool) -> Result<Database, RegisterError> {
        if let Some(url) = &self.database {
            return Database::postgres(url);
        }
        let path = folder.join(BOOK);
        if !make && !exists(&path)? {
            return Err(RegisterError::NotThere(folder.to_owned()));
        }
        Database::sqlite(&path, make)
    }

    /// The evidence.
    pub(crate) fn evidence(&self, folder: &Path) -> Result<Evidence, RegisterError> {
        match &self.bucket {
            Some(url) => Ok(Evidence::Bucket(url.open()?)),
            None => {
                let path = folder.join(EVIDENCE);
                files::make_folder(&path)?;
                Ok(Evidence::Folder(EvidenceFolder::new(path)))
            }
        }
    }
}

fn exists(path: &Path) -> Result<bool, RegisterError> {
    path.try_exists().map_err(at(path))
}

/// What a file says that only its owner may read.
fn read(path: &Path) -> Result<Option<Zeroizing<String>>, RegisterError> {
    let text = match fs::read_to_string(path) {
        Ok(text) => Zeroizing::new(text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(at(path)(error)),
    };
    if files::is_open_to_others(path)? { Err(RegisterError::OpenToOthers(path.to_owned())) } else { Ok(Some(text)) }
}

fn write(path: &Path, text: &str) -> Result<(), RegisterError> {
    let new: PathBuf = path.with_extension("url.new");
    match fs::remove_file(&new) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(at(&new)(error)),
        Ok(()) | Err(_) => {}
    }
    files::write_secret(&new, Zeroizing::new(format!("{text}\n")).as_bytes())?;
    fs::rename(&new, path).map_err(at(path))
}
