//! The decision against a second one, written from the words alone: random sessions, and both must agree.

mod reference;

use std::collections::BTreeMap;

use fieldproof_model::{
    decision::{Answer, Case, Judged as Line, Outcome, Rule, decide},
    observation::Observation,
    scheme::Scheme,
    session::Session,
};
use fieldproof_seal::scheme::parse_scheme;

use reference::{
    decision::{Facts, Judged, Result4, Says, Standing, decide as decide_by_words, kind_of},
    random::{random_scheme, random_session},
    rng::Rng,
};

const SCHEMES: u64 = 2_000;
const SESSIONS: u64 = 50;
const FIRST_SEED: u64 = 0;

/// So many sessions must pass …
const PASSES: u32 = 20_000;
/// … and each of these must be the only answer that is not yes in so many.
const SOLE_CAUSES: u32 = 500;
const BLOCKING: [(&str, Says); 25] = [
    ("gate", Says::No),
    ("gate", Says::Open),
    ("attempts", Says::No),
    ("critical", Says::No),
    ("critical", Says::Open),
    ("danger", Says::No),
    ("ends exercise", Says::No),
    ("part", Says::No),
    ("part", Says::Open),
    ("total", Says::No),
    ("total", Says::Open),
    ("part order", Says::Open),
    ("window", Says::No),
    ("time limit", Says::No),
    ("time limit", Says::Open),
    ("order", Says::No),
    ("order", Says::Open),
    ("wait", Says::No),
    ("wait", Says::Open),
    ("evidence", Says::Open),
    ("second person", Says::Open),
    ("while stopped", Says::Open),
    ("standing by", Says::Open),
    ("stop", Says::No),
    ("stop", Says::Open),
];

/// A rule by its name in the words; stops are counted, because they have none.
fn name(rule: &Rule, stops: &mut u32) -> String {
    if let Rule::Stop { .. } = rule {
        *stops += 1;
        return format!("{rule}:{stops}");
    }
    rule.to_string()
}

/// The program's decision in the reference's words.
fn engine(scheme: &Scheme, facts: &Facts, log: &[Observation]) -> Judged {
    let session = Session::replay(log);
    let case = Case { gate: &facts.gate, has_second_person: facts.has_second_person, attempt: facts.attempt };
    let decision = decide(scheme, &case, &session);
    let result = match decision.outcome {
        Outcome::Pass => Result4::Passed,
        Outcome::Fail => Result4::NotPassed,
        Outcome::Open => Result4::Open,
        Outcome::NotCompleted => Result4::NotCompleted,
    };
    let rules = decision.rules.iter().map(|(rule, answer)| {
        let says = match answer {
            Answer::Yes => Says::Yes,
            Answer::No => Says::No,
            Answer::Open => Says::Open,
        };
        (rule, says)
    });
    let mut stops = 0;
    let rules = rules.map(|(rule, says)| (name(rule, &mut stops), says));
    let criteria = decision.lines.iter().map(|line| {
        let met = match line.judged {
            Line::Met => Standing::Met,
            Line::NotMet => Standing::NotMet,
            Line::Excluded => Standing::Excluded,
            Line::Open => Standing::Open,
        };
        (line.criterion.as_str().to_owned(), met)
    });
    Judged { result, rules: rules.collect(), criteria: criteria.collect() }
}

/// What is not yes, sorted: a rule that does not stand in the scheme says nothing, and neither does a kept one.
fn not_yes(judged: &Judged) -> Vec<(String, Says)> {
    let mut found: Vec<(String, Says)> = judged.rules.iter().filter(|(_, says)| *says != Says::Yes).cloned().collect();
    found.sort();
    found
}

#[test]
fn both_decisions_agree_and_every_rule_is_met_alone() {
    let mut results: BTreeMap<Result4, u32> = BTreeMap::new();
    let mut sole: BTreeMap<(String, Says), u32> = BTreeMap::new();
    for seed in FIRST_SEED..FIRST_SEED + SCHEMES {
        let mut rng = Rng::new(seed);
        let (document, values) = random_scheme(&mut rng);
        let scheme = parse_scheme(&document.to_string(), &values.to_string(), None);
        assert!(scheme.is_ok(), "seed {seed}: not a scheme: {:?}\n{document}\n{values}", scheme.err());
        let Ok(scheme) = scheme else { return };
        for session in 0..SESSIONS {
            let (facts, log) = random_session(&mut rng, &document, &values);
            let words = decide_by_words(&document, &values, &facts, &log);
            let program = engine(&scheme, &facts, &log);
            let same = words.result == program.result
                && words.criteria == program.criteria
                && not_yes(&words) == not_yes(&program);
            assert!(
                same,
                "seed {seed}, session {session}\n{document}\n{values}\n{facts:#?}\n{}\nby the words: {words:#?}\nby the program: {program:#?}",
                log.iter().map(|observation| format!("{observation:?}\n")).collect::<String>(),
            );
            *results.entry(words.result).or_default() += 1;
            if let [(name, says)] = not_yes(&words).as_slice() {
                *sole.entry((kind_of(name).to_owned(), *says)).or_default() += 1;
            }
        }
    }
    println!("{results:?}\n{sole:#?}");
    assert!(results.get(&Result4::Passed).is_some_and(|passed| PASSES <= *passed), "too few pass: {results:?}");
    for (kind, says) in BLOCKING {
        let count = sole.get(&(kind.to_owned(), says)).copied().unwrap_or_default();
        assert!(SOLE_CAUSES <= count, "{kind} says {says:?} alone only {count} times");
    }
    let listed = |(kind, says): &(String, Says)| BLOCKING.contains(&(kind.as_str(), *says));
    assert!(sole.keys().all(listed), "an answer the table of the words does not know: {sole:#?}");
}
