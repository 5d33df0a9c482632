//! What holds for any log: made by taking a session that went by the book and changing it here and there.

use proptest::{collection::vec, prelude::*, sample::select};

use crate::{
    decision::{Answer, Because, Case, Decision, Judged, Outcome, Rule, Share, decide},
    gate::{self, Gate},
    observation::{Answer as Given, Observation, Observed, Score, StopKind},
    scheme::{
        CriterionKind, Need, Scheme,
        sample::{cid, identified, whole},
    },
    session::{ProofStatus, Recorded, Session, sample::*},
    time::Timestamp,
};

/// One entry of a log to be: what, how long after the one before it, and how far it was set back.
#[derive(Debug, Clone)]
struct Tap {
    gap: i64,
    back: i64,
    observed: Observed,
}

/// A change to a log.
#[derive(Debug, Clone)]
enum Change {
    Put(Tap),
    Instead(Tap),
    Without,
    SetBack(i64),
}

fn by_the_book() -> Vec<Tap> {
    let work = [
        vec![Observed::Started, marked("theory", 9, 10, "2026-05-04"), began("work"), did("plan"), did("cut")],
        proved(),
        ["prove", "open", "tidy", "energise"].map(did).to_vec(),
        vec![
            ended("work"),
            began("talk"),
            answered("ask", Given::Heard(vec![1, 2], 0)),
            ended("talk"),
            Observed::Ended,
        ],
    ];
    work.concat().into_iter().map(|observed| Tap { gap: 10_000, back: 0, observed }).collect()
}

const NAMES: [&str; 6] = ["plan", "cut", "prove", "open", "energise", "tidy"];

fn any_score() -> impl Strategy<Value = Score> {
    use Score::{Dangerous, NotApplicable, NotDone, NotSeen, Prompted, Unaided};
    select(vec![Unaided, Unaided, Unaided, Prompted, NotDone, Dangerous, NotSeen, NotApplicable])
}

fn any_observed() -> impl Strategy<Value = Observed> {
    use StopKind::{CalledInError, DangerByCandidate, OutsideCause};
    let kinds = select(vec![OutsideCause, OutsideCause, CalledInError, DangerByCandidate]);
    let parts = || select(vec!["theory", "work", "talk"]);
    let rules = select(vec!["dead-first", "planned", "discharge", "work"]);
    prop_oneof![
        6 => (select(NAMES.to_vec()), any_score()).prop_map(|(name, given)| score(name, given)),
        1 => (0..4_u32, 0..2_u32).prop_map(|(heard, prompts)| answered("ask", Given::Heard((1..=heard).collect(), prompts))),
        1 => any::<bool>().prop_map(before),
        1 => any::<bool>().prop_map(|dead| reading("A", dead)),
        1 => (any::<bool>(), any::<bool>()).prop_map(|(worked, same)| after(worked, same)),
        2 => kinds.prop_map(told),
        1 => (parts(), any::<bool>()).prop_map(|(part, begin)| if begin { began(part) } else { ended(part) }),
        1 => (0..11_u32).prop_map(|points| marked("theory", points, 10, "2026-05-04")),
        3 => (rules, any::<bool>()).prop_map(|(rule, kept)| said(rule, kept)),
        6 => select(vec![
            Observed::Stop,
            resume(),
            Observed::Reenergised,
            Observed::SecondPersonLeft,
            Observed::SecondPersonReturned,
            Observed::SwappedOut,
            Observed::SwappedIn,
            Observed::Ended,
            Observed::Continued,
            Observed::Started,
            confirmed(false),
        ]),
    ]
}

fn any_tap() -> impl Strategy<Value = Tap> {
    (0..20_000_i64, any_observed()).prop_map(|(gap, observed)| Tap { gap, back: 0, observed })
}

fn any_taps() -> impl Strategy<Value = Vec<Tap>> {
    let change = prop_oneof![
        4 => any_tap().prop_map(Change::Put),
        2 => any_tap().prop_map(Change::Instead),
        1 => Just(Change::Without),
        1 => (1..60_000_i64).prop_map(Change::SetBack),
    ];
    vec((0..64_usize, change), 0..6).prop_map(|changes| {
        let mut taps = by_the_book();
        for (place, change) in changes {
            let place = place % taps.len();
            match change {
                Change::Put(tap) => taps.insert(place, tap),
                Change::Instead(tap) => taps[place] = tap,
                Change::Without if 1 < taps.len() => drop(taps.remove(place)),
                Change::Without => {}
                Change::SetBack(back) if is_entry(&taps[place].observed) => taps[place].back = back,
                Change::SetBack(_) => {}
            }
        }
        taps
    })
}

const fn is_entry(observed: &Observed) -> bool {
    matches!(observed, Observed::Score { .. } | Observed::Answered { .. })
}

fn written(taps: &[Tap]) -> Vec<Observation> {
    let mut now = MORNING;
    let mut log = Vec::new();
    for (tap, sequence) in taps.iter().zip(1..) {
        now += tap.gap;
        let (tapped_at, seen_at) = (Timestamp::from_millis(now), Timestamp::from_millis(now - tap.back));
        log.push(Observation {
            sequence,
            tapped_at,
            seen_at,
            observed: tap.observed.clone(),
            elapsed: None,
            beacon: None,
        });
    }
    log
}

fn any_gate() -> impl Strategy<Value = Gate> {
    select(vec![
        identified(),
        Gate { second_person_present: true, ..identified() },
        Gate { identity_checked_by_assessor: false, ..identified() },
        Gate::default(),
    ])
}

fn decide_taps(scheme: &Scheme, taps: &[Tap]) -> Decision {
    decide(
        scheme,
        &Case { attempt: 1, has_second_person: false, gate: &identified() },
        &Session::replay(&written(taps)),
    )
}

/// Whether a critical criterion was shown, read off the session itself.
fn was_shown(session: &Session, name: &str) -> bool {
    let entry = session.entries.get(&cid(name)).and_then(|entries| entries.last());
    let scored =
        entry.is_some_and(|entry| matches!(entry.recorded, Recorded::Score(Score::Unaided | Score::Prompted, _)));
    let proof = session.proofs.get(&cid(name));
    let proved =
        proof.is_some_and(|proof| proof.construct.status() == ProofStatus::Proved || proof.ended_proved.is_some());
    scored && (name != "prove" || proved)
}

fn shares(decision: &Decision) -> Vec<Option<u32>> {
    let share = |rule: &Rule| {
        let Rule::Part { share, .. } = rule else { return None };
        Some(share.and_then(Share::basis_points))
    };
    decision.rules.iter().filter_map(|(rule, _)| share(rule)).collect()
}

fn time_limits(decision: &Decision) -> Vec<(Option<i64>, Answer)> {
    let limit = |(rule, answer): &(Rule, Answer)| {
        let Rule::TimeLimit { millis, .. } = rule else { return None };
        Some((*millis, *answer))
    };
    decision.rules.iter().filter_map(limit).collect()
}

const fn rank(answer: Answer) -> u8 {
    match answer {
        Answer::Yes => 0,
        Answer::Open => 1,
        Answer::No => 2,
    }
}

#[test]
fn by_the_book_it_passes() {
    let decision = decide_taps(&whole(), &by_the_book());
    assert_eq!(decision.outcome, Outcome::Pass, "{decision:#?}");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1024) })]

    #[test]
    fn a_further_entry_leaves_every_earlier_one_in_place(taps in any_taps(), more in any_tap()) {
        let mut session = Session::replay(&written(&taps));
        let earlier = session.entries.clone();
        let last = written(&[&taps[..], &[more]].concat()).pop().unwrap();
        session.apply(&last);
        for (criterion, entries) in &earlier {
            prop_assert!(session.entries[criterion].starts_with(entries));
        }
        let count = |entries: &std::collections::BTreeMap<_, Vec<_>>| entries.values().map(Vec::len).sum::<usize>();
        prop_assert_eq!(count(&session.entries) - count(&earlier), usize::from(is_entry(&last.observed)));
    }

    #[test]
    fn a_pass_has_nothing_against_it(taps in any_taps(), gate in any_gate(), has_second_person in any::<bool>(), attempt in 1..4_u32) {
        let (scheme, log) = (whole(), written(&taps));
        let session = Session::replay(&log);
        let decision = decide(&scheme, &Case { gate: &gate, has_second_person, attempt }, &session);
        if decision.outcome != Outcome::Pass {
            return Ok(());
        }
        prop_assert!(decision.rules.iter().all(|(_, answer)| *answer == Answer::Yes));
        for name in ["cut", "prove"] {
            prop_assert!(was_shown(&session, name), "{name}");
        }
        prop_assert!(decision.lines.iter().all(|line| !line.critical || line.judged == Judged::Met));
        let newest_scores = NAMES.map(|name| session.score(&cid(name)));
        prop_assert!(!newest_scores.contains(&Some(Score::Dangerous)));
        let missing = gate::missing(&scheme, &gate, has_second_person, session.started.unwrap().at.date());
        prop_assert!(missing.iter().all(|(_, need)| *need == Need::Warn));
        prop_assert!(attempt <= 2 && session.ended.is_some());
        let minima = scheme.parts.iter().map(|part| scheme.values.parts[&part.id].minimum);
        prop_assert!(shares(&decision).into_iter().zip(minima).all(|(share, minimum)| Some(minimum) <= share));
        let danger = session.stops.iter().any(|stop| stop.explained.as_ref().is_none_or(|told| told.1 == StopKind::DangerByCandidate));
        prop_assert!(!danger);
    }

    #[test]
    fn a_stop_for_an_outside_cause_lowers_no_share(taps in any_taps(), gap in 0..600_000_i64) {
        let mut taps = taps;
        taps.retain(|tap| tap.observed != Observed::Ended && tap.observed != resume());
        let end = Tap { gap: 0, back: 0, observed: Observed::Ended };
        let halt = halted().into_iter().map(|observed| Tap { gap, back: 0, observed }).collect::<Vec<_>>();
        let without = [&taps[..], std::slice::from_ref(&end)].concat();
        let with = [&taps[..], &halt, &[end]].concat();
        let mut scheme = whole();
        let proved = decide_taps(&scheme, &without);
        let halted = decide_taps(&scheme, &with);
        for (before, after) in proved.lines.iter().zip(&halted.lines).filter(|(before, after)| before != after) {
            prop_assert_eq!(&before.criterion, &cid("prove"), "only a proof ends");
            let again = (Judged::NotMet, Because::Proof(ProofStatus::NotStarted));
            let given_up = (Judged::Met, Because::ProofGivenUp);
            prop_assert!([again, given_up].contains(&(after.judged, after.because.clone())), "{after:?}");
        }
        for criterion in &mut scheme.parts[1].tasks[0].steps[0].criteria {
            criterion.kind = CriterionKind::Observed;
        }
        let pairs = shares(&decide_taps(&scheme, &without)).into_iter().zip(shares(&decide_taps(&scheme, &with)));
        for (before, after) in pairs {
            prop_assert!(before <= after, "{before:?} became {after:?}");
        }
    }

    #[test]
    fn time_stopped_breaks_no_time_limit(taps in any_taps(), stops in vec((1..64_usize, 0..3_usize, 0..900_000_i64), 1..4)) {
        let mut taps = taps;
        taps.retain(|tap| tap.observed != Observed::Stop && tap.observed != resume());
        let mut with = taps.clone();
        // From the back, so that no stop lies within another.
        let mut room = with.len();
        for (place, between, gap) in stops {
            let place = place % (room + 1);
            with.insert((place + between).min(room), Tap { gap, back: 0, observed: resume() });
            with.insert(place, Tap { gap: 0, back: 0, observed: Observed::Stop });
            room = place;
        }
        let pairs = time_limits(&decide_taps(&whole(), &taps)).into_iter().zip(time_limits(&decide_taps(&whole(), &with)));
        for ((millis, answer), (after_millis, after)) in pairs {
            // A resume behind the end opens the exercise again: what is not over is not timed.
            if let (Some(millis), Some(after_millis)) = (millis, after_millis) {
                prop_assert!(after_millis <= millis, "{millis} became {after_millis}");
                prop_assert!(rank(after) <= rank(answer));
            } else {
                prop_assert!(after_millis.is_none(), "a stop times nothing");
            }
        }
    }

    /// Of criteria that no rule looks at: with one of those, what was not seen leaves nothing to look at.
    #[test]
    fn not_seen_in_place_of_done_turns_nothing_into_a_pass(taps in any_taps(), name in select(vec!["plan", "tidy", "prove"])) {
        let scheme = whole();
        if decide_taps(&scheme, &taps).outcome == Outcome::Pass {
            return Ok(());
        }
        for place in 0..taps.len() {
            if [did(name), score(name, Score::Prompted)].contains(&taps[place].observed) {
                let mut instead = taps.clone();
                instead[place].observed = score(name, Score::NotSeen);
                prop_assert_ne!(decide_taps(&scheme, &instead).outcome, Outcome::Pass);
            }
        }
    }
}
