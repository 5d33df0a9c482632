//! Starting the child, and reading what the recorder in `tests/faults/shim.c` wrote down about it.

use std::{fs, path::Path, process::Command};

use fieldproof_store::sabotage::Sabotage;

/// Loaded before the child.
const SHIM: &str = env!("FIELDPROOF_SHIM");

/// What a child is to do.
#[derive(Debug, Clone, Copy)]
pub struct Child<'a> {
    /// The program `life-child`.
    pub program: &'a Path,
    /// Its laptop.
    pub laptop: &'a Path,
    /// What tells its randomness from that of another run.
    pub run: &'a str,
    /// Where a register answers.
    pub register: Option<&'a str>,
    /// Names out of [`crate::life::JOBS`].
    pub jobs: &'a [&'a str],
    /// How it is wrong on purpose.
    pub sabotage: Option<Sabotage>,
    /// On which day it lives, counted from the first.
    pub day: u32,
}

impl Child<'_> {
    /// The command that starts it.
    #[must_use]
    pub fn command(&self) -> Command {
        let mut command = Command::new(self.program);
        let sabotage = self.sabotage.map_or("-", Sabotage::name);
        command.arg(self.laptop).args([
            self.run,
            self.register.unwrap_or("-"),
            &self.jobs.join(" "),
            sabotage,
            &self.day.to_string(),
        ]);
        command
    }

    /// The same with the recorder between the child and what lies in the folder of its laptop.
    ///
    /// `fault` is "kind n how [ending]", as the recorder takes it.
    #[must_use]
    pub fn watched(&self, log: Option<&Path>, fault: Option<&str>) -> Command {
        let mut command = self.command();
        command.env("LD_PRELOAD", SHIM);
        command.env("SHIM_ROOT", self.laptop.parent().unwrap());
        command.envs(log.map(|log| ("SHIM_LOG", log)));
        command.envs(fault.map(|fault| ("SHIM_FAULT", fault)));
        command
    }
}

/// One thing the recorder saw. `file` numbers an opening, not a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Something was opened.
    Open {
        /// The number of the opening.
        file: u32,
        /// Where.
        path: String,
        /// Whether it had not been there.
        created: bool,
        /// Whether its content went.
        emptied: bool,
        /// Whether it is a folder.
        folder: bool,
    },
    /// Something was read.
    Read,
    /// Bytes were written.
    Write {
        /// Into what.
        file: u32,
        /// From where on.
        at: usize,
        /// Which.
        bytes: Vec<u8>,
    },
    /// A file was cut or made longer.
    Length {
        /// Which.
        file: u32,
        /// Its length since.
        to: usize,
    },
    /// A file or folder was synced.
    Sync {
        /// Which.
        file: u32,
    },
    /// A name was changed, perhaps into one that was there.
    Rename {
        /// Before.
        from: String,
        /// Since.
        to: String,
    },
    /// A name went.
    Unlink(String),
    /// A folder was made.
    Folder(String),
    /// The child said a line.
    Told(String),
}

impl Event {
    /// The kind of call, as the recorder's faults name it.
    #[must_use]
    pub const fn kind(&self) -> Option<&'static str> {
        Some(match self {
            Self::Open { .. } => "open",
            Self::Read => "read",
            Self::Write { .. } => "write",
            Self::Length { .. } => "size",
            Self::Sync { .. } => "sync",
            Self::Rename { .. } => "rename",
            Self::Unlink(_) => "unlink",
            Self::Folder(_) => "mkdir",
            Self::Told(_) => return None,
        })
    }
}

/// Reads a log of the recorder. A last entry that was cut off by a kill is left out.
#[must_use]
pub fn read_log(path: &Path) -> Vec<Event> {
    let bytes = fs::read(path).unwrap();
    let mut rest = bytes.as_slice();
    let mut events = Vec::new();
    while let Some(event) = read_event(&mut rest) {
        events.push(event);
    }
    events
}

fn read_event(rest: &mut &[u8]) -> Option<Event> {
    let mut take = |length: usize| {
        let (taken, left) = rest.split_at_checked(length)?;
        *rest = left;
        Some(taken)
    };
    let kind = *take(1)?.first()?;
    let file = u32::from_le_bytes(take(4)?.try_into().ok()?);
    let number = usize::try_from(u64::from_le_bytes(take(8)?.try_into().ok()?)).ok()?;
    let mut length = || Some(u32::from_le_bytes(take(4)?.try_into().ok()?) as usize);
    let lengths = (length()?, length()?);
    let path = String::from_utf8(take(lengths.0)?.to_vec()).ok()?;
    let bytes = take(lengths.1)?.to_vec();
    let text = || String::from_utf8(bytes.clone()).ok();
    Some(match kind {
        b'O' => {
            let has = |flag| number & flag != 0;
            Event::Open { file, path, created: has(1), emptied: has(2), folder: has(4) }
        }
        b'R' => Event::Read,
        b'W' => Event::Write { file, at: number, bytes },
        b'L' => Event::Length { file, to: number },
        b'S' => Event::Sync { file },
        b'M' => Event::Rename { from: path, to: text()? },
        b'U' => Event::Unlink(path),
        b'D' => Event::Folder(path),
        b'A' => Event::Told(text()?.trim_end().to_owned()),
        other => panic!("the recorder wrote an entry of kind {other}"),
    })
}
