//! The demonstration: an invented institution, its laptop, and one whole assessment.

pub(crate) mod job;
mod photo;
pub(crate) mod run;
mod world;
