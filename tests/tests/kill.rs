//! What was acknowledged is on disk: a child is killed at random moments, two hundred times.
//!
//! The same rounds over a store that acknowledges before it commits must go red, or this test shows nothing.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests stop where the set-up fails")]

use std::{
    collections::BTreeSet,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Command, Stdio},
};

use fieldproof_app::App;
use fieldproof_model::{
    id::{PersonId, SessionId},
    observation::Observed,
};
use fieldproof_testkit::{TestHost, TestWorld, seeded, store_key};

const SEED: &str = "kill";
const OBSERVATIONS: u32 = 200;
const ROUNDS: u32 = 200;

/// One round's account.
struct Round {
    acknowledged: BTreeSet<String>,
    /// Whether the child was killed before its last observation.
    is_early: bool,
}

fn random_below(limit: u32, random: &mut impl FnMut(&mut [u8])) -> u32 {
    let mut bytes = [0; 4];
    random(&mut bytes);
    u32::from_le_bytes(bytes) % limit
}

/// Runs a child and kills it somewhere around its `kill_after`-th acknowledgement.
fn kill_a_child(laptop: &Path, session: SessionId, kill_after: u32, spin: u32, mode: &str) -> Round {
    let mut child = Command::new(env!("CARGO_BIN_EXE_kill-child"))
        .arg(laptop)
        .args([SEED, &session.to_string(), &OBSERVATIONS.to_string(), mode])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut acknowledged = BTreeSet::new();
    for _ in 0..kill_after {
        acknowledged.insert(lines.next().expect("the child ended before it was killed").unwrap());
    }
    // A little work of random length, so that the signal meets every stage of the next observation.
    let mut waste = u64::from(spin);
    for turn in 0..spin {
        waste = waste.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(u64::from(turn));
    }
    std::hint::black_box(waste);
    child.kill().unwrap();
    child.wait().unwrap();
    // What was already in the pipe was acknowledged too.
    acknowledged.extend(lines.map_while(Result::ok));
    let is_early = acknowledged.len() < usize::try_from(OBSERVATIONS).unwrap();
    Round { acknowledged, is_early }
}

/// Opens the store again: what it holds, and whether the database calls itself whole.
fn reopen(laptop: &Path, session: SessionId) -> (Vec<String>, bool) {
    let app = App::new(laptop, Box::new(TestHost::new(fieldproof_model::time::Timestamp::from_millis(0), "reopen")));
    app.enter_with_raw_key(PersonId::new([1; 16]), &store_key(SEED), TestWorld::assessor_key(1)).unwrap();
    let state = app.session(session).unwrap();
    for (observation, expected) in state.log.iter().zip(1..) {
        assert_eq!(observation.sequence, expected, "the log has no gap and no double");
    }
    let notes = state.log.iter().filter_map(|observation| {
        let Observed::Note { text, .. } = &observation.observed else {
            return None;
        };
        text.strip_prefix("observation ").map(str::to_owned)
    });
    (notes.collect(), app.check_integrity().unwrap())
}

/// Lost, doubled and early rounds over all kills, with the spread of the kills in tenths; stops at the first loss.
fn run(mode: &str) -> (usize, usize, u32, [u32; 10]) {
    let world = TestWorld::new(SEED);
    world.unlock();
    let laptop = world.laptop();
    let mut random = seeded("kill/rounds");
    let (mut lost, mut doubled, mut early, mut spread) = (0, 0, 0, [0; 10]);
    for round in 0..ROUNDS {
        let session = world.start_session();
        let kill_after = random_below(OBSERVATIONS, &mut random);
        let spin = random_below(400_000, &mut random);
        let result = kill_a_child(&laptop, session, kill_after, spin, mode);
        let (found, is_whole) = reopen(&laptop, session);
        assert!(is_whole, "round {round}: the integrity check failed");
        let distinct: BTreeSet<_> = found.iter().cloned().collect();
        lost += result.acknowledged.difference(&distinct).count();
        doubled += found.len() - distinct.len();
        early += u32::from(result.is_early);
        if let Some(tenth) = spread.get_mut(usize::min(result.acknowledged.len() / 20, 9)) {
            *tenth += 1;
        }
        if 0 < lost {
            break;
        }
    }
    (lost, doubled, early, spread)
}

#[test]
fn no_acknowledged_observation_is_lost_or_doubled() {
    let (lost, doubled, early, spread) = run("honest");
    // Past the test's own capture: the figures belong to every run.
    let figures =
        format!("{ROUNDS} kills, {early} before the last observation; acknowledged before, in twenties: {spread:?}");
    writeln!(std::io::stderr(), "kill test: {figures}").unwrap();
    assert_eq!((lost, doubled), (0, 0), "acknowledged means on disk");
    assert!(ROUNDS * 9 <= early * 10, "at least nine in ten kills come before the last observation: {early}");
}

#[test]
fn a_store_that_acknowledges_before_it_commits_is_noticed() {
    let (lost, ..) = run("sabotaged");
    assert!(0 < lost, "the sabotage went unnoticed, so the test above shows nothing");
}
