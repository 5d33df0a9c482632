//! Short ways to write logs.

use crate::{
    observation::{Answer, Observation, Observed, Score, StopKind, StoppedBy},
    scheme::sample::{cid, day, pid, rid},
    time::Timestamp,
};

/// 2026-05-04 09:00 UTC.
pub(crate) const MORNING: i64 = 1_777_885_200_000;
/// A day in milliseconds.
pub(crate) const DAY: i64 = 86_400_000;

/// Observations with the milliseconds since [`MORNING`] at which each was tapped and seen.
pub(crate) fn log_at(taps: &[(i64, Observed)]) -> Vec<Observation> {
    taps.iter()
        .zip(1_u32..)
        .map(|((millis, observed), sequence)| {
            let at = Timestamp::from_millis(MORNING + millis);
            Observation {
                sequence,
                tapped_at: at,
                seen_at: at,
                observed: observed.clone(),
                elapsed: None,
                beacon: None,
            }
        })
        .collect()
}

/// Observations `gap` milliseconds apart; the first is tapped at [`MORNING`].
pub(crate) fn log_every(gap: i64, observed: &[Observed]) -> Vec<Observation> {
    let taps: Vec<_> = observed.iter().zip(0_i64..).map(|(observed, place)| (place * gap, observed.clone())).collect();
    log_at(&taps)
}

/// Sets the entry at a place, counted from 1, back by milliseconds.
pub(crate) fn set_back(mut log: Vec<Observation>, sequence: usize, millis: i64) -> Vec<Observation> {
    let entry = &mut log[sequence - 1];
    entry.seen_at = Timestamp::from_millis(entry.tapped_at.as_millis() - millis);
    log
}

pub(crate) fn score(name: &str, score: Score) -> Observed {
    Observed::Score { criterion: cid(name), score, reason: None }
}

pub(crate) fn did(name: &str) -> Observed {
    score(name, Score::Unaided)
}

pub(crate) fn answered(name: &str, answer: Answer) -> Observed {
    Observed::Answered { criterion: cid(name), answer }
}

pub(crate) fn before(worked: bool) -> Observed {
    before_of("prove", worked)
}

pub(crate) fn before_of(name: &str, worked: bool) -> Observed {
    Observed::TesterBefore { criterion: cid(name), source: "battery 12 V".to_owned(), worked }
}

pub(crate) fn reading(point: &str, dead: bool) -> Observed {
    reading_of("prove", point, dead)
}

pub(crate) fn reading_of(name: &str, point: &str, dead: bool) -> Observed {
    Observed::Reading { criterion: cid(name), point: point.to_owned(), reading: "0.1 V".to_owned(), dead }
}

pub(crate) fn after(worked: bool, same_instrument: bool) -> Observed {
    after_of("prove", worked, same_instrument)
}

pub(crate) fn after_of(name: &str, worked: bool, same_instrument: bool) -> Observed {
    Observed::TesterAfter { criterion: cid(name), source: "battery 12 V".to_owned(), worked, same_instrument }
}

/// Prove – test – prove on one point, dead.
pub(crate) fn proved() -> Vec<Observed> {
    vec![before(true), reading("A", true), after(true, true)]
}

pub(crate) fn said(rule: &str, kept: bool) -> Observed {
    Observed::Said { rule: rid(rule), kept, note: "as seen".to_owned() }
}

pub(crate) fn told(kind: StopKind) -> Observed {
    Observed::StopExplained { by: StoppedBy::Assessor, kind, why: "why".to_owned() }
}

pub(crate) const fn resume() -> Observed {
    Observed::Resume { made_safe: true, gate_checked: true }
}

/// A stop for an outside cause that went on.
pub(crate) fn halted() -> Vec<Observed> {
    vec![Observed::Stop, told(StopKind::OutsideCause), resume()]
}

pub(crate) fn began(part: &str) -> Observed {
    Observed::PartBegan(pid(part))
}

pub(crate) fn ended(part: &str) -> Observed {
    Observed::PartEnded(pid(part))
}

pub(crate) fn marked(part: &str, points: u32, of: u32, on: &str) -> Observed {
    Observed::PartMarked { part: pid(part), points, of, on: day(on), reference: "P-1".to_owned() }
}

pub(crate) fn confirmed(borderline: bool) -> Observed {
    Observed::Confirmed { borderline, note: "seen".to_owned() }
}
