//! Attaching a photo: the exact bytes become evidence first, then the log names them.

use fieldproof_model::{digest::Digest, id::SessionId, observation::Observed, scheme::CriterionId};

use crate::{App, Error, Result, Unlocked, session::SessionState};

/// The largest photo in bytes: the best phone cameras stay below half of it.
pub const PHOTO_LIMIT: usize = 25 << 20;

impl App {
    /// Attaches a photo (JPEG or PNG) to a criterion, or to the session.
    ///
    /// # Errors
    /// [`Error::PhotoTooLarge`], [`Error::PhotoUnreadable`], and those of [`App::observe`].
    pub fn attach_photo(&self, id: SessionId, criterion: Option<CriterionId>, bytes: &[u8]) -> Result<SessionState> {
        let (digest, size) = keep_photo(&*self.unlocked()?, bytes)?;
        self.observe(id, Observed::Photo { criterion, digest, size }, 0)
    }

    /// Attaches any other file to a criterion, or to the session.
    ///
    /// # Errors
    /// [`Error::PhotoTooLarge`], and those of [`App::observe`].
    pub fn attach_file(
        &self,
        id: SessionId,
        criterion: Option<CriterionId>,
        name: &str,
        bytes: &[u8],
    ) -> Result<SessionState> {
        let (digest, size) = keep(&*self.unlocked()?, bytes)?;
        self.observe(id, Observed::File { criterion, name: name.to_owned(), digest, size }, 0)
    }
}

/// Keeps a picture as evidence: its digest and size.
pub(super) fn keep_photo(unlocked: &Unlocked, bytes: &[u8]) -> Result<(Digest, u64)> {
    if bytes.len() <= PHOTO_LIMIT {
        check_picture(bytes)?;
    }
    keep(unlocked, bytes)
}

/// Keeps a file as evidence: its digest and size.
pub(crate) fn keep(unlocked: &Unlocked, bytes: &[u8]) -> Result<(Digest, u64)> {
    let too_large = || Error::PhotoTooLarge { bytes: bytes.len() };
    if PHOTO_LIMIT < bytes.len() {
        return Err(too_large());
    }
    // Evidence that nothing names yet is harmless; a log that names missing evidence would not be.
    let digest = unlocked.store.evidence().put(bytes)?;
    Ok((digest, u64::try_from(bytes.len()).map_err(|_| too_large())?))
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
