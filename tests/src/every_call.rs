//! Every call that touches the disk goes wrong once: the child says so in words and goes on, and a later start finds
//! everything that was acknowledged.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Output,
};

use fieldproof_store::sabotage::Sabotage;
use fieldproof_testkit::{MORNING, TestHost, installation_key};

use crate::{
    SEED, Server,
    child::{Child, Event, read_log},
    held::{Told, check},
    life,
    old::Old,
    scratch,
};

/// A kind of call, how it goes wrong, and on which paths, as the recorder takes it.
pub type Way = (&'static str, &'static str, &'static str);

/// Every way in which a call goes wrong.
pub const WAYS: [Way; 12] = [
    ("open", "EIO", ""),
    ("read", "EIO", ""),
    ("write", "EIO", ""),
    ("write", "ENOSPC", ""),
    ("write", "SHORT", ""),
    // From there on the disk is full.
    ("write", "FULL", ""),
    ("size", "EIO", ""),
    ("sync", "EIO", ""),
    ("rename", "EIO", ""),
    ("rename", "ENOSPC", ""),
    ("unlink", "EIO", ""),
    ("mkdir", "EIO", ""),
];

/// A bit that goes wrong on its way to the evidence.
pub const FLIPS: [Way; 2] = [("write", "FLIP", "evidence.db"), ("write", "FLIP", "evidence.db-wal")];

/// A laptop that lives its life in a new folder, as often as wanted.
#[derive(Debug)]
pub struct Lives<'a> {
    program: &'a Path,
    sabotage: Option<Sabotage>,
    /// A laptop of an earlier version, which is unlocked and migrated; otherwise one is installed.
    old: Option<&'a Old>,
    events: Vec<Event>,
}

impl<'a> Lives<'a> {
    /// Lets it live once undisturbed, to know its calls.
    #[must_use]
    pub fn new(program: &'a Path, sabotage: Option<Sabotage>) -> Self {
        Self { program, sabotage, old: None, events: Vec::new() }.known()
    }

    /// Lets one of an earlier version be migrated once undisturbed, to know its calls.
    #[must_use]
    pub fn of_old(program: &'a Path, old: &'a Old) -> Self {
        Self { program, sabotage: None, old: Some(old), events: Vec::new() }.known()
    }

    fn known(mut self) -> Self {
        let folder = scratch();
        let log = folder.path().join("log");
        let (output, told) = self.live(folder.path(), Some(&log), None);
        let is_begun = told.is_installed || told.is_unlocked;
        assert!(output.status.success() && is_begun, "{output:?}");
        self.events = read_log(&log);
        self
    }

    /// How many calls of a kind there are, on paths of an ending.
    #[must_use]
    pub fn calls(&self, (kind, _, ending): Way) -> u32 {
        let mut paths = std::collections::BTreeMap::new();
        let mut count = 0;
        for event in &self.events {
            if let Event::Open { file, path, .. } = event {
                paths.insert(*file, path.as_str());
            }
            let path = match event {
                Event::Open { file, .. } | Event::Write { file, .. } => paths.get(file).copied().unwrap_or_default(),
                Event::Read
                | Event::Length { .. }
                | Event::Sync { .. }
                | Event::Rename { .. }
                | Event::Unlink(_)
                | Event::Folder(_)
                | Event::Told(_) => "",
            };
            let is_there = path.ends_with(ending);
            count += u32::from(is_there && event.kind() == Some(kind));
        }
        count
    }

    /// Lets one call go wrong; what did not hold afterwards, if anything.
    #[must_use]
    pub fn fail(&self, way: Way, call: u32) -> Option<String> {
        let folder = scratch();
        let fault = format!("{} {call} {} {}", way.0, way.1, way.2);
        let (output, told) = self.live(folder.path(), None, Some(&fault));
        let said = String::from_utf8_lossy(&output.stderr);
        if !output.status.success() || said.contains("panicked") {
            return Some(format!("{fault}: the child ended: {said}"));
        }
        let speechless = |line: &&String| line.split_once(": ").is_none_or(|(_, words)| words.len() < 30);
        if let Some(line) = told.failures.iter().find(speechless) {
            return Some(format!("{fault}: no words: {line}"));
        }
        // A stick that is full is named, and no reason to let anything go from the laptop.
        let misled = |line: &&String| line.starts_with("failed backup: ") && line.contains("NOT saved");
        if let Some(line) = told.failures.iter().find(misled) {
            return Some(format!("{fault}: words of another disk: {line}"));
        }
        let laptop = laptop(folder.path());
        let wrong = match self.old {
            Some(old) => old.check(&laptop, told.is_unlocked),
            None => check(&laptop, &told),
        };
        // No program keeps a bit from flipping on its way; it has to be said before a photo is called saved.
        let is_said = way.1 == "FLIP" && !told.failures.is_empty() && !told.has_photos();
        (!wrong.is_empty() && !is_said).then(|| format!("{fault}: {wrong:?}, and the child said {:?}", told.failures))
    }

    fn live(&self, folder: &Path, log: Option<&Path>, fault: Option<&str>) -> (Output, Told) {
        let laptop = laptop(folder);
        fs::create_dir(laptop.parent().unwrap()).unwrap();
        if let Some(old) = self.old {
            old.copy_to(&laptop);
            return self.run(&laptop, None, &["unlock", "lock", "unlock"], (log, fault));
        }
        let institution = life::plan().supplies(SEED).institution;
        let clock = TestHost::new(MORNING, "register");
        let clock = std::sync::Arc::new(move || fieldproof_app::Host::now(&clock));
        let register = fieldproof_register::Register::create(&folder.join("register"), &institution.material(), clock);
        let register = register.unwrap();
        register.admit_installation(&installation_key(SEED).public()).unwrap();
        let server = Server::start(register);
        let mut jobs = vec!["install"];
        jobs.extend(life::session(3));
        jobs.extend(["lock", "enter", "open", "observe"]);
        self.run(&laptop, Some(&server.address), &jobs, (log, fault))
    }

    fn run(
        &self,
        laptop: &Path,
        register: Option<&str>,
        jobs: &[&str],
        (log, fault): (Option<&Path>, Option<&str>),
    ) -> (Output, Told) {
        let (program, sabotage) = (self.program, self.sabotage);
        let child = Child { program, laptop, run: "every call", register, jobs, sabotage, day: 0 };
        let output = child.watched(log, fault).output().unwrap();
        let mut told = Told::default();
        String::from_utf8_lossy(&output.stdout).lines().for_each(|line| told.hear(line));
        (output, told)
    }
}

fn laptop(folder: &Path) -> PathBuf {
    folder.join("root").join("laptop")
}
