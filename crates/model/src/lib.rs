//! The nouns of assessment and the pure rules over them.
//!
//! Values in, values out: no clock, no randomness, no disk, no network, no serialisation.
//! A session is a fold over its observations ([`session`]); the result is a pure function of that fold ([`decision`]).
#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects))]

pub mod clock;
pub mod course;
pub mod decision;
pub mod digest;
pub mod gate;
pub mod id;
pub mod observation;
pub mod person;
#[cfg(feature = "sabotage")]
pub mod sabotage;
pub mod scheme;
pub mod session;
pub mod time;
pub mod validity;
