//! The signed formats, byte by byte. `SPEC.md` beside this folder is normative.
//!
//! Signed bytes are the truth: they are kept as they were signed and never encoded again.
#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects))]

mod activity;
pub mod cbor;
pub mod chain;
mod choice;
pub mod course;
pub mod delegation;
pub mod digits;
pub mod endorsement;
pub mod envelope;
pub mod feed;
pub mod gate;
pub mod key_set;
pub mod keys;
pub mod observation;
pub mod pack;
pub mod parts;
pub mod receipt;
pub mod record;
pub mod report;
pub mod request;
pub mod scheme;
pub mod short_code;
pub mod snapshot;
pub mod token;
pub mod trust;
pub mod verdict;

pub use cbor::FormatError;
pub use keys::{Digester, digest_of, digest_of_all};
