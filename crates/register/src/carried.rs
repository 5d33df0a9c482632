//! Bundles that a coordinator's laptop carries here over a network, and their answers on the way back.
//!
//! A bundle is uploaded as evidence is, kept under the digest of its file, and taken as one from a stick. Its answers are
//! a file named by their own digest. What lies here is also kept where it belongs: whoever runs the register may empty
//! the folder while it stands still.

use std::{
    fs::{self, File},
    io::{BufReader, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use fieldproof_model::digest::Digest;
use fieldproof_seal::{Digester, digest_of_all};
use fieldproof_wire::{AnswersPiece, BundleTaken, Fault, limit};

use crate::{
    Register, RegisterError,
    error::at,
    evidence::Begun,
    files,
    uploads::{Keeper, Unfinished, Uploads},
};

/// So many bundles may be unfinished.
const LIMIT: usize = 64;

/// The folder of bundles.
#[derive(Debug)]
pub(crate) struct Carried {
    folder: PathBuf,
    uploads: Uploads,
}

impl Keeper for Carried {
    fn adopt(&self, digest: &Digest, file: &Path) -> Result<(), RegisterError> {
        let bundle = self.bundle(digest);
        fs::rename(file, &bundle).map_err(at(&bundle))
    }
}

impl Carried {
    pub(crate) fn open(folder: &Path) -> Result<Self, RegisterError> {
        Ok(Self { folder: folder.to_owned(), uploads: Uploads::open(folder, LIMIT)? })
    }

    fn bundle(&self, digest: &Digest) -> PathBuf {
        self.folder.join(format!("{digest}.bundle"))
    }

    fn answers(&self, digest: &Digest) -> PathBuf {
        self.folder.join(format!("{digest}.answers"))
    }

    /// Begins or continues a bundle of that size.
    pub(crate) fn begin(&self, digest: &Digest, size: u64) -> Result<Begun, RegisterError> {
        if limit::BUNDLE < size {
            return Err(Fault::TooLarge(limit::BUNDLE).into());
        }
        if size == 0 {
            return Err(Fault::NotABundle.into());
        }
        if self.find(digest).is_some_and(|found| found.size == size && found.offset == size) {
            return Ok(Begun::Whole);
        }
        Ok(Begun::From(self.uploads.begin(digest, size)?.offset))
    }

    /// How far a bundle came.
    pub(crate) fn find(&self, digest: &Digest) -> Option<Unfinished> {
        let whole = || {
            let size = fs::metadata(self.bundle(digest)).ok()?.len();
            Some(Unfinished { size, offset: size })
        };
        self.uploads.find(digest).or_else(whole)
    }

    /// Adds a chunk: on disk, up to the offset that is returned.
    pub(crate) fn append(&self, digest: &Digest, offset: u64, chunk: &[u8]) -> Result<u64, RegisterError> {
        self.uploads.append(self, digest, offset, chunk)
    }

    /// The part of a file of answers that begins at `offset`.
    pub(crate) fn piece(&self, answers: Digest, offset: u64) -> Result<AnswersPiece, RegisterError> {
        let path = self.answers(&answers);
        let mut file = File::open(&path).map_err(|_| Fault::NoSuchRequest)?;
        file.seek(SeekFrom::Start(offset)).map_err(at(&path))?;
        let mut bytes = Vec::new();
        let most = u64::try_from(limit::CHUNK).unwrap_or(u64::MAX);
        file.take(most).read_to_end(&mut bytes).map_err(at(&path))?;
        Ok(AnswersPiece { answers, offset, bytes })
    }

    /// Makes the file of answers last, under the digest of what `write` wrote.
    fn keep_answers(
        &self,
        bundle: &Digest,
        write: impl FnOnce(&mut Digesting<File>) -> std::io::Result<()>,
    ) -> Result<(Digest, u64), RegisterError> {
        // Nobody else writes it: the bundle is held.
        let path = self.folder.join(format!("{bundle}.answering"));
        let file = File::create(&path).map_err(at(&path))?;
        let mut out = Digesting { to: file, hashing: Digester::default(), length: 0 };
        write(&mut out).map_err(at(&path))?;
        out.to.sync_all().map_err(at(&path))?;
        let (digest, length) = (out.hashing.finish(), out.length);
        let answers = self.answers(&digest);
        fs::rename(&path, &answers).map_err(at(&answers))?;
        files::sync_folder(&self.folder)?;
        Ok((digest, length))
    }
}

/// Digests what goes through.
struct Digesting<W> {
    to: W,
    hashing: Digester,
    length: u64,
}

impl<W: Write> Write for Digesting<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.to.write_all(bytes)?;
        self.hashing.update(bytes);
        self.length = self.length.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.to.flush()
    }
}

impl Register {
    /// Takes a bundle that was uploaded. Blocks until it is over; taken again it changes nothing.
    pub(crate) fn take_carried(&self, digest: &Digest) -> Result<BundleTaken, RegisterError> {
        let carried = &self.carried;
        let _held = carried.uploads.hold(digest)?;
        let path = carried.bundle(digest);
        let mut file = File::open(&path).map_err(|_| Fault::NoSuchRequest)?;
        if digest_of_all(&mut file).map_err(at(&path))?.0 != *digest {
            // The disk damaged it: it is brought once more, beside what is left of it.
            let aside = path.with_extension("aside");
            fs::rename(&path, &aside).map_err(at(&aside))?;
            return Err(Fault::OtherDigest(*digest).into());
        }
        file.seek(SeekFrom::Start(0)).map_err(at(&path))?;
        let taken = self.take_bundle(BufReader::new(file))?;
        let (answers, length) = carried.keep_answers(digest, |out| taken.write_answers(out).map(drop))?;
        Ok(BundleTaken { bundle: *digest, answers, length, was_whole: taken.broken.is_none() })
    }
}
