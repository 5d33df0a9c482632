//! Attaching a photo: the exact bytes become evidence first, then the log names them.

use fieldproof_model::{id::SessionId, observation::Observed, scheme::CriterionId};

use crate::{App, Error, Result, session::SessionState};

/// The largest photo in bytes: the best phone cameras stay below half of it.
pub const PHOTO_LIMIT: usize = 25 << 20;

impl App {
    /// Attaches a photo (JPEG or PNG) to a criterion, or to the session.
    ///
    /// # Errors
    /// [`Error::PhotoTooLarge`], [`Error::PhotoUnreadable`], and those of [`App::observe`].
    pub fn attach_photo(&self, id: SessionId, criterion: Option<CriterionId>, bytes: &[u8]) -> Result<SessionState> {
        if PHOTO_LIMIT < bytes.len() {
            return Err(Error::PhotoTooLarge { bytes: bytes.len() });
        }
        check_picture(bytes)?;
        // Evidence that nothing names yet is harmless; a log that names missing evidence would not be.
        let digest = self.unlocked()?.store.evidence().put(bytes)?;
        let size = u64::try_from(bytes.len()).map_err(|_| Error::PhotoTooLarge { bytes: bytes.len() })?;
        self.observe(id, Observed::Photo { criterion, digest, size }, 0)
    }
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
