//! The sync protocol both ends implement. `PROTOCOL.md` beside this folder is normative.
//!
//! Messages and limits, no transport: the client over HTTP and the register's core answer to one trait.
#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects))]

pub mod boxed;
pub mod bundle;
mod claim;
mod fault;
mod feed;
pub mod limit;
pub mod log;
mod message;
mod paper;
pub mod path;
mod protocol;
mod shelf;
pub mod signature;
pub mod tus;

pub use claim::{Claim, ClaimAnswer, ReceiptName, Return};
pub use fault::Fault;
pub use feed::{Cursor, Feed};
pub use message::{
    AnswersPiece, BundleTaken, ChainAnswer, ChainUpload, Fork, Hello, Message, PackAnswer, PackUpload, RecordAnswer,
    SignedAnswer, Stored, Upload,
};
pub use paper::{OnPaper, Paper, PaperBack, PapersAnswer};
pub use protocol::{Reach, RegisterProtocol, RequestError};
pub use shelf::{Shelf, ShelfRow, ShelfState};
pub use signature::{Nonce, SignatureProblem};
