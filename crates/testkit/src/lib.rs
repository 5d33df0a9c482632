//! Named people with fixed keys, clocks moved by hand, seeded randomness, and a laptop in a temporary folder.
#![expect(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "a test that cannot be set up has failed, and says where"
)]

mod host;
mod world;

pub use host::{TestHost, seeded};
pub use world::{AC_FGAS, HV_ISOLATION, LIVE_WORK, SCHEMES, TestWorld, full_gate, store_key};
