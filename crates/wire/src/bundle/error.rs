//! Why a bundle, or the answers to one, cannot be read on.

use std::io;

use crate::bundle::FRAMES;

/// Why reading ended before the end, or writing did.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// Something else, or damaged at its very beginning.
    #[error("this is no {0} of Fieldproof")]
    OtherFile(&'static str),
    /// A later version made it.
    #[error("a later version of Fieldproof made this {0}")]
    LaterVersion(&'static str),
    /// It ends before its end frame.
    #[error("it ends too early: it was cut off, or damaged at its end")]
    CutOff,
    /// It was altered: what follows cannot be deciphered.
    #[error("it is damaged: what follows cannot be deciphered")]
    Damaged,
    /// Whoever made it did not keep to the protocol; the number of the frame, from 1.
    #[error("frame {0} is not one of the protocol")]
    Malformed(u32),
    /// A frame is longer than frames of its kind may be; its number, from 1, and the limit in bytes.
    #[error("frame {frame} is larger than the {limit} bytes that frames of its kind may have")]
    TooLarge {
        /// Which frame.
        frame: u32,
        /// The limit in bytes.
        limit: usize,
    },
    /// More frames than a bundle may have.
    #[error("it has more than {FRAMES} frames")]
    TooMany,
    /// The key set names an encryption key that none can encrypt to.
    #[error("the institution's encryption key is none")]
    NotAKey,
    /// The file itself cannot be read or written.
    #[error("the file cannot be read or written")]
    File(#[from] io::Error),
}

/// What a failed read means.
pub(crate) fn broken(error: io::Error) -> BundleError {
    if error.kind() == io::ErrorKind::UnexpectedEof {
        BundleError::CutOff
    } else if error.kind() == io::ErrorKind::InvalidData {
        BundleError::Damaged
    } else {
        BundleError::File(error)
    }
}
