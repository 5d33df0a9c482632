//! Bundles that a coordinator's laptop carries here over a network, and their answers on the way back.
//!
//! A bundle is uploaded as evidence is, kept under the digest of its file, and taken as one from a stick. Its answers are
//! a file named by their own digest. Once everything in a bundle is kept where it belongs, the bundle is let go of: its
//! answers stay, with a note which they are. One that was cut off, or of which anything was not taken, stays until
//! whoever runs the register empties the folder, while it stands still.

use std::{
    fs::{self, File},
    io::{BufReader, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use fieldproof_model::digest::Digest;
use fieldproof_seal::{Digester, digest_of_all, keys::PublicKey};
use fieldproof_wire::{AnswersPiece, BundleTaken, Fault, Message, bundle::BundleId, limit};

use crate::{
    Clock, Register, RegisterError,
    error::at,
    evidence::Begun,
    files,
    table::bundles,
    uploads::{Keeper, Unfinished, Uploads},
};

/// So many bundles may be unfinished.
const LIMIT: usize = 64;

/// What stays of a bundle that was let go of, beside its answers.
struct Note {
    bundle: BundleId,
    size: u64,
    taken: BundleTaken,
}

impl Note {
    fn to_bytes(&self) -> Vec<u8> {
        let taken = Message::BundleTaken(self.taken).to_bytes();
        [self.bundle.as_bytes().as_slice(), &self.size.to_be_bytes(), &taken].concat()
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        let (bundle, rest) = bytes.split_first_chunk()?;
        let (size, taken) = rest.split_first_chunk()?;
        let Ok(Message::BundleTaken(taken)) = Message::parse(taken) else { return None };
        Some(Self { bundle: BundleId::new(*bundle), size: u64::from_be_bytes(*size), taken })
    }
}

/// The folder of bundles.
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
    pub(crate) fn open(folder: &Path, clock: Clock) -> Result<Self, RegisterError> {
        Ok(Self { folder: folder.to_owned(), uploads: Uploads::open(folder, LIMIT, clock)? })
    }

    fn bundle(&self, digest: &Digest) -> PathBuf {
        self.folder.join(format!("{digest}.bundle"))
    }

    fn answers(&self, digest: &Digest) -> PathBuf {
        self.folder.join(format!("{digest}.answers"))
    }

    /// Begins or continues a bundle of that size, brought by a laptop.
    pub(crate) fn begin(&self, digest: &Digest, size: u64, by: &PublicKey) -> Result<Begun, RegisterError> {
        if limit::BUNDLE < size {
            return Err(Fault::TooLarge(limit::BUNDLE).into());
        }
        if size == 0 {
            return Err(Fault::NotABundle.into());
        }
        if self.find(digest).is_some_and(|found| found.size == size && found.offset == size) {
            return Ok(Begun::Whole);
        }
        Ok(Begun::From(self.uploads.begin(digest, size, by)?.offset))
    }

    /// How far a bundle came.
    pub(crate) fn find(&self, digest: &Digest) -> Option<Unfinished> {
        let whole = |size| Unfinished { size, offset: size };
        let is_here = || fs::metadata(self.bundle(digest)).ok().map(|file| whole(file.len()));
        let was_here = || self.note(digest).map(|note| whole(note.size));
        self.uploads.find(digest).or_else(is_here).or_else(was_here)
    }

    fn note_path(&self, digest: &Digest) -> PathBuf {
        self.folder.join(format!("{digest}.taken"))
    }

    /// What stayed of a bundle, as long as its answers are there.
    fn note(&self, digest: &Digest) -> Option<Note> {
        let note = Note::parse(&fs::read(self.note_path(digest)).ok()?)?;
        let answers = fs::metadata(self.answers(&note.taken.answers)).ok()?;
        (answers.len() == note.taken.length).then_some(note)
    }

    /// Lets go of a bundle: what stays of it is on disk before it goes.
    fn let_go(&self, digest: &Digest, note: &Note) -> Result<(), RegisterError> {
        let (path, new) = (self.note_path(digest), self.folder.join(format!("{digest}.letting-go")));
        fs::write(&new, note.to_bytes()).map_err(at(&new))?;
        files::sync_file(&new)?;
        fs::rename(&new, &path).map_err(at(&path))?;
        files::sync_folder(&self.folder)?;
        let bundle = self.bundle(digest);
        fs::remove_file(&bundle).map_err(at(&bundle))?;
        files::sync_folder(&self.folder)
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
        let Ok(mut file) = File::open(&path) else {
            return self.taken_before(digest);
        };
        let (found, size) = digest_of_all(&mut file).map_err(at(&path))?;
        if found != *digest {
            // The disk damaged it: it is brought once more, beside what is left of it.
            let aside = path.with_extension("aside");
            fs::rename(&path, &aside).map_err(at(&aside))?;
            return Err(Fault::OtherDigest(*digest).into());
        }
        file.seek(SeekFrom::Start(0)).map_err(at(&path))?;
        let taken = self.take_bundle(BufReader::new(file))?;
        let (answers, length) = carried.keep_answers(digest, |out| taken.write_answers(out).map(drop))?;
        let said = BundleTaken { bundle: *digest, answers, length, was_whole: taken.broken.is_none() };
        if taken.is_kept {
            carried.let_go(digest, &Note { bundle: taken.bundle, size, taken: said })?;
        }
        Ok(said)
    }

    /// What was answered to a bundle that was let go of. A book that was put back to before it does not know it any more:
    /// then it has to be brought again.
    fn taken_before(&self, digest: &Digest) -> Result<BundleTaken, RegisterError> {
        let note = self.carried.note(digest).ok_or(Fault::NoSuchRequest)?;
        if self.core.read(|tx| bundles::beacon(tx, &note.bundle))?.is_some() {
            return Ok(note.taken);
        }
        let (path, aside) = (self.carried.note_path(digest), self.carried.folder.join(format!("{digest}.forgotten")));
        fs::rename(&path, &aside).map_err(at(&aside))?;
        files::sync_folder(&self.carried.folder)?;
        Err(Fault::NoSuchRequest.into())
    }
}
