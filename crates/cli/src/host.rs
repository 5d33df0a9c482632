//! The machine under the command line: its clock and its randomness. There is no viewer.

use std::{path::Path, time::UNIX_EPOCH};

use fieldproof_app::{Host, ViewerError};
use fieldproof_model::{clock::Elapsed, time::Timestamp};
use rustix::process::{DumpableBehavior, Resource, Rlimit, getrlimit, set_dumpable_behavior, setrlimit};

/// The command line as a host.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CommandLine {
    run: u32,
    started: u64,
}

impl CommandLine {
    /// Begins a run.
    pub(crate) fn start() -> Self {
        let mut run = [0; 4];
        random(&mut run);
        Self { run: u32::from_le_bytes(run), started: since_boot() }
    }
}

/// Lets no crash write the memory of this program to the disk, nor that of one it starts: names and keys are in it.
pub(crate) fn write_no_dumps() {
    let hardest = getrlimit(Resource::Core).maximum.unwrap_or(u64::MAX);
    // One byte rather than none: whoever takes dumps over a pipe is handed them at nought as well, but never at one.
    let least = Some(hardest.min(1));
    let _set = setrlimit(Resource::Core, Rlimit { current: least, maximum: least });
    // Nor may any other program of the same user look into it.
    let _hidden = set_dumpable_behavior(DumpableBehavior::NotDumpable);
}

/// Lets this program have as many open files as the system allows it: a register's connections alone come to the usual
/// limit.
pub(crate) fn allow_open_files() {
    const ENOUGH: u64 = 16_384;
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let most = maximum.unwrap_or(ENOUGH).min(ENOUGH);
    if current.is_some_and(|current| current < most) {
        // Where it cannot be raised, the register takes fewer connections and says so.
        let _set = setrlimit(Resource::Nofile, Rlimit { current: Some(most), maximum });
    }
}

/// Milliseconds since the machine started, time asleep included.
#[expect(clippy::disallowed_methods, reason = "this is a host")]
fn since_boot() -> u64 {
    let since = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
    let millis = since.tv_sec.saturating_mul(1_000).saturating_add(since.tv_nsec.div_euclid(1_000_000));
    u64::try_from(millis).unwrap_or_default()
}

/// The system's clock.
#[expect(clippy::disallowed_methods, reason = "this is a host")]
pub(crate) fn now() -> Timestamp {
    let since = std::time::SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// The operating system's randomness.
#[expect(clippy::disallowed_methods, reason = "this is a host")]
#[expect(clippy::panic, reason = "without randomness there are no keys, and nothing may be signed")]
pub(crate) fn random(bytes: &mut [u8]) {
    if let Err(error) = getrandom::fill(bytes) {
        panic!("the operating system gives no randomness: {error}");
    }
}

impl Host for CommandLine {
    fn now(&self) -> Timestamp {
        now()
    }

    fn elapsed(&self) -> Option<Elapsed> {
        Some(Elapsed { run: self.run, millis: since_boot().saturating_sub(self.started) })
    }

    fn random(&self, bytes: &mut [u8]) {
        random(bytes);
    }

    fn free_bytes(&self, folder: &Path) -> Option<u64> {
        let disk = rustix::fs::statvfs(folder).ok()?;
        Some(disk.f_bavail.saturating_mul(disk.f_frsize))
    }

    fn open_document(&self, _name: &str, _pdf: &[u8]) -> Result<(), ViewerError> {
        Err(ViewerError(std::io::Error::other("the command line has no viewer")))
    }

    fn clear_documents(&self) {}
}
