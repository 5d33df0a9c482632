//! Graded clocks: what a log and the register's times say about the clock of the laptop that wrote it.
//!
//! A laptop's time is a claim. The grade says how far it can be believed; it blocks nothing.

use std::collections::BTreeMap;

use crate::{observation::Observation, time::Timestamp};

/// How far two clocks may differ and still agree, in milliseconds: two minutes.
///
/// An engineering constant and no value of any scheme: more than a network ever sets a clock right by while somebody
/// works, and than a register's clock and a laptop's differ where both are kept; less than what would change a result.
pub const TOLERANCE_MILLIS: i64 = 120_000;

const DAY_MILLIS: i64 = 86_400_000;

/// How long the app had been running, by a clock that nobody can set and that goes on while the machine sleeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Elapsed {
    /// Tells one start of the app from another; of two runs nothing can be compared.
    pub run: u32,
    /// Milliseconds since that start.
    pub millis: u64,
}

/// What a laptop's clocks said at one tap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// The time of day, as claimed.
    pub wall: Timestamp,
    /// The clock that nobody can set, where there was one.
    pub elapsed: Option<Elapsed>,
    /// The last of the register's times held at that moment. A session may outlast one, so each tap names its own.
    pub beacon: Option<Timestamp>,
}

impl From<&Observation> for Reading {
    fn from(observation: &Observation) -> Self {
        Self { wall: observation.tapped_at, elapsed: observation.elapsed, beacon: observation.beacon }
    }
}

/// The register's times between which a record was sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Bracket {
    /// The last of its times that was held when the record was sealed.
    pub not_before: Option<Timestamp>,
    /// When it received the record.
    pub not_after: Option<Timestamp>,
}

/// What can be said of the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ClockGrade {
    /// It goes with everything known.
    Sound,
    /// Nothing speaks against it, and no time of the register's near enough speaks for it.
    Unconfirmed,
    /// It lies before a time that had already been.
    Behind,
    /// It lies after the moment at which the record arrived.
    Ahead,
    /// It was set while the session ran, or ran backwards.
    Jumped,
}

/// Whether a clock that says `wall` lies before `held`, a time of the register's that was already known.
#[must_use]
pub fn is_behind(wall: Timestamp, held: Timestamp) -> bool {
    TOLERANCE_MILLIS < held.millis_since(wall)
}

/// Grades the clock of a session: its taps in the order of the log, its sealing, and the register's times around it.
///
/// The first that applies:
/// 1. `Jumped`: a later reading lies before an earlier one, or between two of one run the wall moved otherwise than the
///    clock that nobody can set. Readings of two runs, or without such a clock, are compared by the wall alone: the
///    time in between is not known, so a jump ahead across a restart shows only in what follows.
/// 2. `Behind`: a tap lies before the register's time it names itself, or the sealing before `not_before`. A tap is not
///    held against a time that came to the laptop after it.
/// 3. `Ahead`: anything lies after `not_after`.
/// 4. `Unconfirmed`: there is no `not_before`, or it lies more than `contact_days` before the sealing. Without a longest
///    time without contact (`None`), a time of any age speaks for the clock.
/// 5. `Sound`.
///
/// "Before", "after" and "otherwise" mean by more than [`TOLERANCE_MILLIS`].
#[must_use]
pub fn grade(readings: &[Reading], sealed_at: Timestamp, bracket: Bracket, contact_days: Option<u32>) -> ClockGrade {
    let walls = || readings.iter().map(|reading| reading.wall).chain([sealed_at]);
    if runs_backwards(walls()) || was_set(readings) {
        return ClockGrade::Jumped;
    }
    let tap_is_behind = |reading: &Reading| reading.beacon.is_some_and(|held| is_behind(reading.wall, held));
    let seal_is_behind = bracket.not_before.is_some_and(|held| is_behind(sealed_at, held));
    if readings.iter().any(tap_is_behind) || seal_is_behind {
        return ClockGrade::Behind;
    }
    // Whatever is claimed to come after the arrival has the arrival behind it.
    if bracket.not_after.is_some_and(|arrived| walls().any(|wall| is_behind(arrived, wall))) {
        return ClockGrade::Ahead;
    }
    let longest = contact_days.map_or(i64::MAX, |days| i64::from(days).saturating_mul(DAY_MILLIS));
    let is_confirmed = bracket.not_before.is_some_and(|held| sealed_at.millis_since(held) <= longest);
    if is_confirmed { ClockGrade::Sound } else { ClockGrade::Unconfirmed }
}

/// Against the latest reading so far, so that small steps back add up.
fn runs_backwards(walls: impl Iterator<Item = Timestamp>) -> bool {
    let mut latest: Option<Timestamp> = None;
    for wall in walls {
        if latest.is_some_and(|latest| is_behind(wall, latest)) {
            return true;
        }
        latest = latest.max(Some(wall));
    }
    false
}

/// Whether any two readings of one run disagree about the time between them, so that small steps add up.
fn was_set(readings: &[Reading]) -> bool {
    // When a run would have begun by the wall, at the earliest and at the latest.
    let mut begins: BTreeMap<u32, (i64, i64)> = BTreeMap::new();
    for reading in readings {
        let Some(elapsed) = reading.elapsed else { continue };
        let millis = i64::try_from(elapsed.millis).unwrap_or(i64::MAX);
        let began = reading.wall.as_millis().saturating_sub(millis);
        let (earliest, latest) = begins.entry(elapsed.run).or_insert((began, began));
        (*earliest, *latest) = ((*earliest).min(began), (*latest).max(began));
    }
    begins.values().any(|(earliest, latest)| TOLERANCE_MILLIS < latest.saturating_sub(*earliest))
}

#[cfg(test)]
#[path = "clock_tests.rs"]
mod tests;
