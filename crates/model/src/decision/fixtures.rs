//! Short ways to decide.

use crate::{
    decision::{Answer, Because, Case, Decision, Judged, Outcome, Rule, decide},
    gate::Gate,
    observation::{Observation, Observed},
    scheme::{
        Scheme,
        sample::{cid, identified},
    },
    session::{Session, sample::log_every},
};

/// A session that went by the book as far as the gate goes.
pub(super) fn case(gate: &Gate) -> Case<'_> {
    Case { gate, has_second_person: false, attempt: 1 }
}

pub(super) fn decide_log(scheme: &Scheme, log: &[Observation]) -> Decision {
    decide(scheme, &case(&identified()), &Session::replay(log))
}

/// A start, these with so many milliseconds between them, and an end.
pub(super) fn whole_log(gap: i64, middle: &[Observed]) -> Vec<Observation> {
    log_every(gap, &[&[Observed::Started], middle, &[Observed::Ended]].concat())
}

pub(super) fn decided(scheme: &Scheme, middle: &[Observed]) -> Decision {
    decide_log(scheme, &whole_log(10_000, middle))
}

pub(super) fn judged(decision: &Decision, name: &str) -> (Judged, Because) {
    let line = decision.lines.iter().find(|line| line.criterion == cid(name)).unwrap();
    (line.judged, line.because.clone())
}

/// The only rule of its sort, with its answer.
pub(super) fn only(decision: &Decision, sort: fn(&Rule) -> bool) -> (Rule, Answer) {
    let mut found = decision.rules.iter().filter(|(rule, _)| sort(rule));
    let first = found.next().unwrap();
    assert_eq!(found.next(), None, "one rule of its sort");
    first.clone()
}

pub(super) fn check_outcomes(scheme: &Scheme, table: Vec<(&str, Vec<Observed>, Outcome)>) {
    for (name, middle, expected) in table {
        let decision = decided(scheme, &middle);
        assert_eq!(decision.outcome, expected, "{name}: {decision:#?}");
    }
}
