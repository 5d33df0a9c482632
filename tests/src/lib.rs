//! What the fault suites share: a laptop's life in a child program, its disk as a recorder saw it, and what must hold
//! whatever happened to either. The suites in `tests` take samples; the program `torture` goes on for as long as wanted.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a suite that cannot be set up has failed, and says where")]

pub mod child;
pub mod disk;
pub mod every_call;
pub mod held;
#[path = "../../crates/register/tests/common/mod.rs"]
mod institution;
pub mod kill;
pub mod life;
pub mod line;
pub mod model;
pub mod old;
pub mod power_cut;
pub mod proxy;
pub mod restored;
mod server;
pub mod wire;
pub mod workbook;

use std::path::Path;

pub use server::Server;

/// The seed of every laptop here.
pub const SEED: &str = "faults";

/// A folder in memory where there is one: the suites ask what was written and synced, never how fast.
#[must_use]
pub fn scratch() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory).unwrap() } else { tempfile::tempdir().unwrap() }
}

/// Carries a statement out in the book of the register in `folder`, past the register, whatever engine it is on, and gives
/// the first value it finds. Bytes are written `x'00'`.
pub fn past_the_register(folder: &Path, sql: &str) -> String {
    institution::sql(folder, sql)
}

type Random = Box<dyn FnMut(&mut [u8]) + Send>;

/// Dice that fall the same for the same seed.
pub struct Dice(Random);

impl std::fmt::Debug for Dice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Dice")
    }
}

impl Dice {
    /// Takes a seed.
    #[must_use]
    pub fn new(seed: &str) -> Self {
        Self(Box::new(fieldproof_testkit::seeded(seed)))
    }

    /// A number below `limit`.
    pub fn below(&mut self, limit: u32) -> u32 {
        let mut bytes = [0; 4];
        (self.0)(&mut bytes);
        u32::from_le_bytes(bytes) % limit.max(1)
    }

    /// As many numbers from 1 up to `last` as wanted, spread over all of them; all, when there are no more.
    #[must_use]
    pub fn spread(&mut self, wanted: u32, last: u32) -> Vec<u32> {
        let border = |part: u32| u32::try_from(u64::from(part) * u64::from(last) / u64::from(wanted)).unwrap();
        if last <= wanted {
            return (1..=last).collect();
        }
        (0..wanted).map(|part| 1 + border(part) + self.below(border(part + 1) - border(part))).collect()
    }

    /// Whether something happens that happens `wanted` times in `of`.
    pub fn falls(&mut self, wanted: u32, of: u32) -> bool {
        self.below(of) < wanted
    }
}
