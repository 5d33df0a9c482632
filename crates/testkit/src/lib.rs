//! Named people with fixed keys, clocks moved by hand, seeded randomness, and a laptop in a temporary folder.
#![expect(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "a test that cannot be set up has failed, and says where"
)]

mod documents;
mod host;
mod session;
/// PostgreSQL and an S3-compatible store, and whether registers are to stand on them.
#[path = "../../register/tests/common/storage.rs"]
pub mod storage;
mod world;

pub use documents::{AC_FGAS, ATTENDANCE, HV_ISOLATION, KNOWLEDGE, LADDER_2, LADDER_3, LIVE_WORK, SCHEMES, edited};
pub use host::{TestHost, seeded};
pub use session::{FULL_MARKS, card, day, full_gate, full_gate_for, met};
pub use world::{CHEAP, MORNING, Plan, RECOVERY_KEY, Supplies, TestWorld, installation_key, recovery_key, store_key};
