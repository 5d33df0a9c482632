//! `make bench`: what the rules cost: folding a long log, deciding on it, reading the built-in schemes, a long practice.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a benchmark prints its figures or stops")]

use std::{hint::black_box, time::Duration};

use fieldproof_model::{
    decision::{Case, decide},
    id::PersonId,
    observation::{Observation, Observed},
    scheme::Scheme,
    session::Session,
    time::{Date, Timestamp},
    validity::{Activity, Entry, Holding, Rules, standing},
};
use fieldproof_seal::scheme::parse_scheme;
use fieldproof_testkit::{LIVE_WORK, SCHEMES, full_gate_for, met};

const TURNS: u32 = 50;
const OBSERVATIONS: u32 = 5_000;
const ACTIVITIES: i32 = 1_000;

#[expect(clippy::disallowed_methods, reason = "this measures")]
fn median(mut work: impl FnMut()) -> Duration {
    let mut times: Vec<_> = (0..TURNS)
        .map(|_| {
            let start = std::time::Instant::now();
            work();
            start.elapsed()
        })
        .collect();
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// A log in which every criterion is met, again and again.
fn long_log(scheme: &Scheme) -> Vec<Observation> {
    let observe = |(sequence, observed)| {
        let at = Timestamp::from_millis(1_772_442_000_000).seconds_later(sequence);
        Observation { sequence, tapped_at: at, seen_at: at, observed, elapsed: None, beacon: None }
    };
    let all = scheme.criteria().map(|(_, criterion)| met(scheme, criterion)).collect::<Vec<_>>();
    let work = std::iter::once(Observed::Started).chain(all.into_iter().cycle());
    (1..=OBSERVATIONS).zip(work).map(observe).collect()
}

/// A credential whose holder worked every day.
fn practised(scheme: &Scheme, issued_on: Date) -> Holding {
    let holder = PersonId::new([1; 16]);
    let kind = scheme.validity.lapse.as_ref().and_then(|lapse| lapse.work.first()).unwrap();
    let activity = |number: i32| {
        let on = Date::from_days(issued_on.as_days() + number);
        let entry = Entry::Work { kind: kind.clone(), since: on };
        Activity { holder, scheme: scheme.id, on, entry, attested_by: PersonId::new([2; 16]), proof: None }
    };
    Holding {
        holder,
        scheme: scheme.id,
        issued_on,
        last_day: None,
        renewals: Vec::new(),
        activities: (0..ACTIVITIES).map(activity).collect(),
        complementary: Vec::new(),
        withdrawals: Vec::new(),
    }
}

fn main() {
    let scheme = parse_scheme(LIVE_WORK.0, LIVE_WORK.1, None).unwrap();
    let log = long_log(&scheme);
    let session = Session::replay(&log);
    assert_eq!(session.last_sequence, OBSERVATIONS);
    let gate = full_gate_for(&scheme);
    let case = Case { gate: &gate, has_second_person: true, attempt: 1 };
    let issued_on = Date::from_days(20_514);
    let (rules, holding) = (Rules::of(&scheme, 30), practised(&scheme, issued_on));
    let asked = Date::from_days(issued_on.as_days() + ACTIVITIES);

    let fold = median(|| drop(black_box(Session::replay(black_box(&log)))));
    let decided = median(|| drop(black_box(decide(&scheme, &case, black_box(&session)))));
    let library = median(|| {
        for (document, values) in SCHEMES {
            drop(black_box(parse_scheme(black_box(document), values, None).unwrap()));
        }
    });
    let stands = median(|| drop(black_box(standing(&rules, black_box(&holding), asked))));
    println!("fold {OBSERVATIONS} observations:      median {fold:?}");
    println!("decide on them:              median {decided:?}");
    println!("read the {} built-in schemes: median {library:?}", SCHEMES.len());
    println!("standing, {ACTIVITIES} activities:   median {stands:?}");
}
