//! Bringing sealed records to the register: who is there, what goes in which order, and what may be believed.
//!
//! Works on plain data that is handed in and reports plain data; it keeps nothing and knows no clock.
//! [`check_hello`], [`plan`] and [`verify`] are pure; [`send`] runs them against anything that answers to the protocol.
#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects))]

pub mod bundle;
mod carry;
mod chain;
mod compare;
mod feed;
mod hello;
mod http;
mod lane;
mod outbox;
mod pin;
pub mod plan;
mod report;
#[cfg(feature = "sabotage")]
pub mod sabotage;
mod send;
mod signing;
mod transport;
mod upload;
pub mod verify;

pub use carry::CarryProgress;
pub use chain::agrees;
pub use compare::{Comparison, Disagreement, HeldReceipt, Holding, began_is_its, claims, compare};
pub use feed::{FeedError, FeedProblem, Heard, News, Page, PageEntry, check_page, first_pack, next_page};
pub use hello::{Greeting, IdentityError, Known, SnapshotNews, check_hello, check_key_set, check_snapshot};
pub use http::{HttpRegister, OnBytes};
pub use outbox::{Outbox, OutboxChain, OutboxRecord};
pub use report::{
    ChainReport, Extent, LaneError, Outcome, PapersReport, Progress, RecordReport, SendError, SendReport,
};
pub use send::{greet, offer_again, send, send_greeted};
pub use transport::{AddressError, HttpError};
pub use verify::{AnswerProblem, SignedReceipt, SignedRefusal};
