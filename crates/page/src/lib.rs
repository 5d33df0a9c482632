//! The verify page: the verdict of `fieldproof-seal` in a browser, in one file, for a gatekeeper with a phone.
//!
//! Compiled to WebAssembly it answers the page's three questions ([`abi`]); compiled natively it fills an institution's
//! trust file into the finished page ([`file`](mod@file)). Nothing is decided in the page's own script.
#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects))]

pub mod abi;
mod answer;
#[cfg(test)]
mod fixture;
mod newer;

#[cfg(not(target_arch = "wasm32"))]
pub mod file;

pub use answer::{about, judge};
pub use newer::{Offer, newer};
