//! The encryption around the frames: one `age` stream to one X25519 recipient.
//!
//! `age` draws the key of each file and its nonce from the operating system itself and lets nobody hand them in.

use std::{
    io::{self, Read, Write},
    iter,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use age::{
    DecryptError, Decryptor, Encryptor,
    stream::{StreamReader, StreamWriter},
};
use fieldproof_seal::keys::PublicKey;

use crate::bundle::{BundleError, DecryptionKey, Frame, FrameKind, FrameReader, FrameWriter, Head, error::broken, key};

/// The longest header of `age` read; one recipient and what `age` strews in take a tenth.
const HEADER: u64 = 4_096;

/// Writes a bundle.
pub struct BundleWriter<W: Write>(FrameWriter<StreamWriter<W>>);

impl<W: Write> std::fmt::Debug for BundleWriter<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("BundleWriter")
    }
}

impl<W: Write> BundleWriter<W> {
    /// Writes the head and begins the stream for the key that the head names.
    ///
    /// # Errors
    /// [`BundleError::NotAKey`] when nothing can be encrypted to `key`; [`BundleError::File`].
    pub fn begin(mut out: W, head: &Head, key: &PublicKey) -> Result<Self, BundleError> {
        let recipient = key::recipient(key).filter(|_| head.key == key.id()).ok_or(BundleError::NotAKey)?;
        let encryptor = Encryptor::with_recipients(iter::once(&recipient as &dyn age::Recipient))
            .map_err(|_| BundleError::NotAKey)?;
        out.write_all(&head.to_bytes())?;
        Ok(Self(FrameWriter::begin(encryptor.wrap_output(out)?, head)?))
    }

    /// Writes one frame.
    ///
    /// # Errors
    /// As [`FrameWriter::put`].
    pub fn put(&mut self, kind: FrameKind, content: &[u8]) -> Result<(), BundleError> {
        self.0.put(kind, content)
    }

    /// Writes the last frame and ends the stream; without this the bundle reads as cut off.
    ///
    /// # Errors
    /// [`io::Error`] of what was written to.
    pub fn finish(self) -> io::Result<W> {
        self.0.finish()?.finish()
    }
}

/// Reads a bundle behind its head.
pub struct BundleReader<R: Read> {
    frames: FrameReader<StreamReader<Watched<R>>>,
    watch: Watch,
}

impl<R: Read> std::fmt::Debug for BundleReader<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("BundleReader")
    }
}

impl<R: Read> BundleReader<R> {
    /// Begins to decipher what stands behind `head`, which was read from the same input.
    ///
    /// # Errors
    /// [`BundleError::Damaged`], also when it was encrypted to another key than the head says; [`BundleError::CutOff`];
    /// [`BundleError::File`].
    pub fn open(input: R, head: &Head, key: &DecryptionKey) -> Result<Self, BundleError> {
        let watch = Watch::default();
        watch.left.store(HEADER, Ordering::Relaxed);
        let identity = key.identity().ok_or(BundleError::NotAKey)?;
        let decryptor = Decryptor::new(Watched { input, watch: watch.clone() });
        watch.left.store(u64::MAX, Ordering::Relaxed);
        let opened = decryptor.and_then(|decryptor| decryptor.decrypt(iter::once(&identity as &dyn age::Identity)));
        let frames = opened.map_err(undecipherable).and_then(|stream| FrameReader::begin(stream, head));
        let frames = frames.map_err(|error| watch.tell(error))?;
        Ok(Self { frames, watch })
    }

    /// The next whole frame; `None` behind the last, when everything was there. After an error there is none either.
    ///
    /// # Errors
    /// As [`FrameReader::next_frame`].
    pub fn next_frame(&mut self) -> Result<Option<Frame>, BundleError> {
        self.frames.next_frame().map_err(|error| self.watch.tell(error))
    }
}

fn undecipherable(error: DecryptError) -> BundleError {
    if let DecryptError::Io(error) = error { broken(error) } else { BundleError::Damaged }
}

/// What was seen of the input below the decryption.
#[derive(Debug, Clone, Default)]
struct Watch {
    /// Whether it came to its end.
    has_ended: Arc<AtomicBool>,
    /// How many bytes may still be read.
    left: Arc<AtomicU64>,
}

impl Watch {
    /// A piece that fails at the very end was cut off, or damaged; one that fails before was damaged.
    fn tell(&self, error: BundleError) -> BundleError {
        let is_at_end = self.has_ended.load(Ordering::Relaxed);
        if is_at_end && matches!(error, BundleError::Damaged) { BundleError::CutOff } else { error }
    }
}

struct Watched<R> {
    input: R,
    watch: Watch,
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let left = self.watch.left.load(Ordering::Relaxed);
        if left == 0 {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let most = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len());
        let read = self.input.read(bytes.get_mut(..most).unwrap_or_default())?;
        if read == 0 && !bytes.is_empty() {
            self.watch.has_ended.store(true, Ordering::Relaxed);
        }
        self.watch.left.store(left.saturating_sub(u64::try_from(read).unwrap_or(u64::MAX)), Ordering::Relaxed);
        Ok(read)
    }
}

#[cfg(test)]
#[path = "cipher_tests.rs"]
mod tests;
