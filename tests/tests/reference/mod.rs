//! The decision a second time, written from the words of `assets/schemes/README.md` alone, and what it is compared on.

pub(crate) mod acts;
pub(crate) mod by_hand;
pub(crate) mod decision;
pub(crate) mod documents;
pub(crate) mod exercise;
pub(crate) mod gate;
pub(crate) mod noise;
pub(crate) mod plan;
pub(crate) mod proof;
pub(crate) mod random;
pub(crate) mod read;
pub(crate) mod rng;
pub(crate) mod rules;
pub(crate) mod spoil;
pub(crate) mod target;
