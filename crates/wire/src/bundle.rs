//! Bundles: one file that carries what a laptop sealed to the register without a network, and the answers back.
//!
//! A head in clear says for whom it is; behind it stands one `age` stream that holds frames. Whoever carries a bundle
//! can neither read it nor alter it. `PROTOCOL.md`, chapter 10, is normative. Readers and writers are handed in: nothing
//! here opens a file.

mod answers;
mod cipher;
mod error;
mod frame;
mod head;
mod key;

pub use answers::{Answer, AnswersReader, AnswersWriter};
pub use cipher::{BundleReader, BundleWriter};
pub use error::BundleError;
pub use frame::{Frame, FrameKind, FrameReader, FrameWriter};
pub use head::{BundleId, Head};
pub(crate) use key::recipient;
pub use key::{DecryptionKey, encryption_key};

/// The most frames of one bundle, and the most answers to one.
pub const FRAMES: u32 = 100_000;

/// Every frame of a bundle but the last ends at a multiple of this, where `age` ends a piece that it authenticates: so a
/// frame can be read as soon as all of it is there.
pub const PIECE: u64 = 1 << 16;
