//! Attaching a photo: what becomes evidence is the picture without what the camera wrote beside it. It is kept first,
//! then the log names it, and the digest of what the camera wrote.

use fieldproof_model::{digest::Digest, gate::Photo, id::SessionId, observation::Observed, scheme::CriterionId};
use fieldproof_seal::digest_of;

use crate::{App, Error, Result, Unlocked, picture, session::SessionState};

/// The largest photo in bytes: the best phone cameras stay below half of it.
pub const PHOTO_LIMIT: usize = 25 << 20;

impl App {
    /// Attaches a photo (JPEG or PNG) to a criterion, or to the session. Where and with what it was taken is not kept.
    ///
    /// # Errors
    /// [`Error::PhotoTooLarge`], [`Error::PhotoOfOtherKind`], [`Error::PhotoUnreadable`], and those of [`App::observe`].
    pub fn attach_photo(&self, id: SessionId, criterion: Option<CriterionId>, bytes: &[u8]) -> Result<SessionState> {
        let Photo { digest, size, original } = keep_photo(&*self.unlocked()?, bytes)?;
        self.observe(id, Observed::Photo { criterion, digest, size, original }, 0)
    }

    /// Attaches any other file to a criterion, or to the session. Of a picture only the picture is kept.
    ///
    /// # Errors
    /// [`Error::PhotoTooLarge`], [`Error::PhotoOfOtherKind`], [`Error::PhotoUnreadable`] for a picture whose pieces cannot be
    /// told apart, and those of [`App::observe`].
    pub fn attach_file(
        &self,
        id: SessionId,
        criterion: Option<CriterionId>,
        name: &str,
        bytes: &[u8],
    ) -> Result<SessionState> {
        let (digest, size, original) = keep_file(&*self.unlocked()?, bytes)?;
        self.observe(id, Observed::File { criterion, name: name.to_owned(), digest, size, original }, 0)
    }
}

/// Keeps a picture as evidence, and the digest of what it was when something of it is left behind.
pub(super) fn keep_photo(unlocked: &Unlocked, bytes: &[u8]) -> Result<Photo> {
    check_size(bytes)?;
    check_kind(bytes)?;
    let kept = picture::alone(bytes).ok_or(Error::PhotoUnreadable)?;
    check_picture(&kept)?;
    let (digest, size) = keep(unlocked, &kept)?;
    Ok(Photo { digest, size, original: (kept != bytes).then(|| digest_of(bytes)) })
}

/// Keeps any file as evidence; a picture may come as one, too. Its digest and size, and the digest of what it was when
/// something of it is left behind.
pub(crate) fn keep_file(unlocked: &Unlocked, bytes: &[u8]) -> Result<(Digest, u64, Option<Digest>)> {
    check_size(bytes)?;
    check_kind(bytes)?;
    let kept = match picture::alone(bytes) {
        Some(kept) => kept,
        // Damaged, it would be kept with whatever the camera wrote.
        None if picture::begins_like_one(bytes) => return Err(Error::PhotoUnreadable),
        None => bytes.to_vec(),
    };
    let (digest, size) = keep(unlocked, &kept)?;
    Ok((digest, size, (kept != bytes).then(|| digest_of(bytes))))
}

/// Refuses a picture of which what the camera wrote cannot be left behind.
fn check_kind(bytes: &[u8]) -> Result<()> {
    if picture::is_of_other_kind(bytes) { Err(Error::PhotoOfOtherKind) } else { Ok(()) }
}

/// Keeps a file as evidence: its digest and size.
fn keep(unlocked: &Unlocked, bytes: &[u8]) -> Result<(Digest, u64)> {
    let size = check_size(bytes)?;
    // Evidence that nothing names yet is harmless; a log that names missing evidence would not be.
    Ok((unlocked.store.evidence().put(bytes)?, size))
}

fn check_size(bytes: &[u8]) -> Result<u64> {
    let size = u64::try_from(bytes.len()).ok().filter(|_| bytes.len() <= PHOTO_LIMIT);
    size.ok_or(Error::PhotoTooLarge { bytes: bytes.len() })
}

/// Decodes the picture once, so that what is sealed as a photo can be looked at as one. A JPEG that was cut off behind
/// its head still shows something and is taken.
fn check_picture(bytes: &[u8]) -> Result<()> {
    let mut reader = image::ImageReader::new(std::io::Cursor::new(bytes))
        .with_guessed_format()
        .map_err(|_| Error::PhotoUnreadable)?;
    let mut limits = image::Limits::default();
    limits.max_image_width = Some(20_000);
    limits.max_image_height = Some(20_000);
    limits.max_alloc = Some(512 << 20);
    reader.limits(limits);
    reader.decode().map(|_| ()).map_err(|_| Error::PhotoUnreadable)
}
