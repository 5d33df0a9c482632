//! Kills: a child is killed at a random moment of a session, and its laptop is held to what it had told by then. Every now
//! and then it is one that migrates a laptop of an earlier version.

use std::{
    collections::{BTreeMap, BTreeSet},
    ffi::OsString,
    fs,
    io::{BufRead, BufReader, Lines},
    path::Path,
    process::{ChildStdout, Command, Stdio},
    time::{Duration, Instant},
};

use fieldproof_store::sabotage::Sabotage;
use fieldproof_testkit::TestWorld;

use crate::{
    Dice, SEED, Server,
    child::Child,
    held::{Told, Wrong, check},
    life,
    old::Old,
    scratch,
};

/// Rounds on one laptop, before a new one takes its place.
const ROUNDS_PER_LAPTOP: u32 = 20;

/// Of so many rounds one kills a migration.
const ROUNDS_PER_MIGRATION: u32 = 20;

/// Whose laptops are migrated, one after another.
const VERSIONS: [i64; 3] = [1, 4, 7];

/// Observations before the photo of a session.
const OBSERVATIONS: usize = 12;

/// What came of rounds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Account {
    /// How many.
    pub rounds: u32,
    /// Observations that were acknowledged.
    pub observations: u32,
    /// Acknowledged and not there, or a laptop that is damaged.
    pub lost: u32,
    /// There twice.
    pub doubled: u32,
    /// Shown as what it is not.
    pub false_states: u32,
    /// Killed before the child had told everything.
    pub early: u32,
    /// How many rounds were a migration.
    pub migrations: u32,
    /// Migrations killed before the child had told that somebody is in.
    pub early_migrations: u32,
    /// Lines told before the kill, in tenths of all.
    pub spread: [u32; 10],
    /// What was wrong first, with its round.
    pub first: Option<String>,
}

impl Account {
    /// Whether nothing was wrong.
    #[must_use]
    pub const fn is_clean(&self) -> bool {
        self.lost == 0 && self.doubled == 0 && self.false_states == 0
    }

    fn add(&mut self, round: u32, wrong: Vec<Wrong>) {
        for wrong in wrong {
            self.first.get_or_insert_with(|| format!("round {round}: {wrong:?}"));
            match wrong {
                Wrong::Lost(_) | Wrong::Damaged(_) => self.lost += 1,
                Wrong::Doubled(_) => self.doubled += 1,
                Wrong::False(_) => self.false_states += 1,
            }
        }
    }
}

/// One laptop with its register, and what its children told.
struct Desk {
    world: TestWorld,
    server: Server,
    told: Told,
    day: u32,
}

impl Desk {
    fn new() -> Self {
        let world = TestWorld::planned_in(scratch(), SEED, &life::plan());
        let server = Server::start(world.register());
        Self { world, server, told: Told::installed(), day: 0 }
    }

    /// The time of what the register has until now is over.
    fn pass(&mut self) {
        self.day += life::KEPT_DAYS;
        self.world.host.advance_seconds(i64::from(life::KEPT_DAYS) * 86_400);
        self.told.pass();
    }

    fn command(&self, program: &Path, run: &str, sabotage: Option<Sabotage>) -> Command {
        let register = Some(self.server.address.as_str());
        let jobs = life::whole(OBSERVATIONS);
        Child { program, laptop: &self.world.laptop(), run, register, jobs: &jobs, sabotage, day: self.day }.command()
    }
}

/// How long a child that nobody kills takes at least to each of its lines. It sets the times of the kills.
fn shortest(program: &Path, sabotage: Option<Sabotage>) -> Vec<Duration> {
    let [first, second, third] = [0; 3].map(|_: u8| measure(program, sabotage));
    first.into_iter().zip(second).zip(third).map(|((a, b), c)| a.min(b).min(c)).collect()
}

#[expect(clippy::disallowed_methods, reason = "this measures")]
fn measure(program: &Path, sabotage: Option<Sabotage>) -> Vec<Duration> {
    let desk = Desk::new();
    let (mut child, lines) = start(desk.command(program, "measured", sabotage));
    let mut last = Instant::now();
    let gaps = lines.map(|_| std::mem::replace(&mut last, Instant::now()).elapsed()).collect();
    assert!(child.wait().unwrap().success(), "a child that nobody kills comes to its end");
    gaps
}

fn start(mut command: Command) -> (std::process::Child, Lines<BufReader<ChildStdout>>) {
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    (child, lines)
}

/// Kills children, from one round up to another; a round is the same whoever came before. Stops at the first laptop
/// that is wrong when the children are wrong on purpose.
pub fn kill(
    program: &Path,
    seed: &str,
    rounds: std::ops::Range<u32>,
    sabotage: Option<Sabotage>,
    account: &mut Account,
) {
    let gaps = shortest(program, sabotage);
    let mut desk = Desk::new();
    let mut migrations: BTreeMap<u32, Migration> = BTreeMap::new();
    for (number, round) in (0..).zip(rounds) {
        if 0 < number && number % ROUNDS_PER_LAPTOP == 0 {
            desk = Desk::new();
        }
        let run = format!("{seed}/{round}");
        // Children that are wrong on purpose are wrong at work.
        if sabotage.is_none() && round % ROUNDS_PER_MIGRATION == ROUNDS_PER_MIGRATION - 1 {
            let version = round / ROUNDS_PER_MIGRATION % 3;
            let migration = migrations.entry(version).or_insert_with(|| Migration::of(program, version));
            let (is_unlocked, wrong) = migration.kill(program, &run);
            account.rounds += 1;
            account.migrations += 1;
            account.early_migrations += u32::from(!is_unlocked);
            account.add(round, wrong);
            continue;
        }
        desk.pass();
        let told = kill_one(desk.command(program, &run, sabotage), &gaps, &mut Dice::new(&run));
        told.iter().for_each(|line| desk.told.hear(line));
        account.rounds += 1;
        account.observations += u32::try_from(told.iter().filter(|line| line.starts_with("noted ")).count()).unwrap();
        account.early += u32::from(told.len() < gaps.len());
        if let Some(tenth) = account.spread.get_mut((told.len() * 10 / gaps.len()).min(9)) {
            *tenth += 1;
        }
        account.add(round, check(&desk.world.laptop(), &desk.told));
        if sabotage.is_some() && !account.is_clean() {
            return;
        }
    }
}

/// A laptop of an earlier version, and how long it takes from the first file that changes until somebody is in.
struct Migration {
    old: Old,
    takes: Duration,
}

impl Migration {
    fn of(program: &Path, number: u32) -> Self {
        let version = VERSIONS.get(number as usize).copied().unwrap();
        let mut migration = Self { old: Old::of_version(version), takes: Duration::ZERO };
        let [first, second] = [0; 2].map(|_: u8| migration.measure(program));
        migration.takes = first.min(second);
        migration
    }

    #[expect(clippy::disallowed_methods, reason = "this measures")]
    fn measure(&self, program: &Path) -> Duration {
        let room = scratch();
        let (mut child, lines) = self.begin(program, "measured", &room.path().join("laptop"));
        let begun = Instant::now();
        assert!(lines.map_while(Result::ok).any(|line| line == "unlocked"), "it comes to its end");
        let takes = begun.elapsed();
        child.wait().unwrap();
        takes
    }

    /// A child that has just begun to change the laptop's folder.
    fn begin(&self, program: &Path, run: &str, laptop: &Path) -> (std::process::Child, Lines<BufReader<ChildStdout>>) {
        self.old.copy_to(laptop);
        let before = names(laptop);
        let child = Child { program, laptop, run, register: None, jobs: &["unlock"], sabotage: None, day: 0 };
        let (mut child, lines) = start(child.command());
        while names(laptop) == before && child.try_wait().unwrap().is_none() {
            std::thread::yield_now();
        }
        (child, lines)
    }

    /// Kills it somewhere in its middle: whether the child had told that somebody is in, and what is wrong.
    #[expect(clippy::disallowed_methods, reason = "the moment of the kill is what is random here")]
    fn kill(&self, program: &Path, run: &str) -> (bool, Vec<Wrong>) {
        let room = scratch();
        let laptop = room.path().join("laptop");
        let (mut child, lines) = self.begin(program, run, &laptop);
        let share = f64::from(Dice::new(run).below(1_000)) / 1_000.0;
        std::thread::sleep(self.takes.mul_f64(share));
        child.kill().unwrap();
        child.wait().unwrap();
        let is_unlocked = lines.map_while(Result::ok).any(|line| line == "unlocked");
        (is_unlocked, self.old.check(&laptop, is_unlocked))
    }
}

fn names(folder: &Path) -> BTreeSet<OsString> {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name()).collect()
}

/// Kills one child somewhere between two of its lines; what it had told by then.
#[expect(clippy::disallowed_methods, reason = "the moment of the kill is what is random here")]
fn kill_one(command: Command, gaps: &[Duration], dice: &mut Dice) -> Vec<String> {
    let after = dice.below(u32::try_from(gaps.len()).unwrap()) as usize;
    let share = f64::from(dice.below(1_000)) / 1_000.0;
    let (mut child, mut lines) = start(command);
    let mut told: Vec<String> = lines.by_ref().take(after).map_while(Result::ok).collect();
    std::thread::sleep(gaps.get(after).copied().unwrap_or_default().mul_f64(share));
    child.kill().unwrap();
    child.wait().unwrap();
    // What was already in the pipe was acknowledged too.
    told.extend(lines.map_while(Result::ok));
    told
}
