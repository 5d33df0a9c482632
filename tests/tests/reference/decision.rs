//! How each criterion is judged and what follows from all of it, from the words under *How it is decided*.

use std::collections::BTreeMap;

use fieldproof_model::{
    gate::Gate,
    observation::{Answer, Observation, Score},
};
use serde_json::Value;

use super::{
    read::{Case, Criterion, Entry, list, lists, number, text, yes},
    rules,
};

/// What is known beside the log.
#[derive(Debug, Clone)]
pub(crate) struct Facts {
    /// The gate as filled in.
    pub(crate) gate: Gate,
    /// Whether somebody was named to stand by.
    pub(crate) has_second_person: bool,
    /// Which attempt it is, from 1.
    pub(crate) attempt: u32,
}

/// The result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Result4 {
    /// Everything the scheme asks for was shown.
    Passed,
    /// A rule says no.
    NotPassed,
    /// Somebody has to decide or to record something yet.
    Open,
    /// Stopped, and nobody's failure.
    NotCompleted,
}

/// What a rule answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Says {
    /// Kept.
    Yes,
    /// Not kept.
    No,
    /// Not decided.
    Open,
}

/// What a criterion is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Shown.
    Met,
    /// Not shown.
    NotMet,
    /// Does not apply.
    Excluded,
    /// Critical, and said not to apply.
    Open,
}

/// The whole judgement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Judged {
    /// The result.
    pub(crate) result: Result4,
    /// Every rule that stands in the scheme, by name; one that is not here does not apply.
    pub(crate) rules: Vec<(String, Says)>,
    /// Every criterion by its id.
    pub(crate) criteria: BTreeMap<String, Standing>,
}

/// Judges a log.
pub(crate) fn decide(document: &Value, values: &Value, facts: &Facts, log: &[Observation]) -> Judged {
    let case = Case::new(document, values, facts, log);
    let met: Vec<Standing> = case.criteria.iter().map(|criterion| judge(&case, criterion)).collect();
    let rules = rules::all(&case, &met);
    let result = result(&case, &rules);
    let criteria = case.criteria.iter().zip(met).map(|(criterion, met)| (criterion.id.to_owned(), met)).collect();
    Judged { result, rules, criteria }
}

/// Whether the institution signed a criterion as critical.
pub(crate) fn is_critical(case: &Case<'_>, id: &str) -> bool {
    lists(case.values, "critical", id)
}

fn judge(case: &Case<'_>, criterion: &Criterion<'_>) -> Standing {
    let newest = case.newest(criterion);
    let critical = is_critical(case, criterion.id);
    if newest == Entry::Scored(Score::NotApplicable) {
        return if critical { Standing::Open } else { Standing::Excluded };
    }
    let helped = match newest {
        Entry::Scored(score) => score == Score::Prompted,
        Entry::Answered(answer) => matches!(answer, Answer::Heard(_, prompts) if *prompts > 0),
        Entry::Nothing => false,
    };
    let help_counts = critical && yes(case.values, "critical_needs_unaided");
    let shown = match newest {
        Entry::Nothing => false,
        Entry::Scored(_) => newest.is_done() && (criterion.kind != "proof" || is_proved(case, criterion)),
        Entry::Answered(answer) => suffices(case, criterion, answer),
    };
    if shown && !(helped && help_counts) && !rules::fails(case, criterion.id) {
        Standing::Met
    } else {
        Standing::NotMet
    }
}

/// Whether the proof stands, or was given up on purpose.
fn is_proved(case: &Case<'_>, criterion: &Criterion<'_>) -> bool {
    let construct = case.construct(criterion);
    construct.proved || construct.given_up(&rules::voided(case, criterion.id))
}

/// Whether an answer of the criterion's own kind is enough.
fn suffices(case: &Case<'_>, criterion: &Criterion<'_>, answer: &Answer) -> bool {
    let of = |name: &str| case.values.get(name).and_then(|all| all.get(criterion.id));
    let met_from = of("met_from").and_then(Value::as_u64).unwrap_or(u64::MAX);
    let within = |value: i128, factor: i128| {
        let limits = of("limits").unwrap_or(&Value::Null);
        let min = number(limits, "min").is_none_or(|min| i128::from(min) * factor <= value);
        min && number(limits, "max").is_none_or(|max| value <= i128::from(max) * factor)
    };
    match answer {
        Answer::Level(level) => met_from <= u64::from(*level),
        Answer::Measured(value, instrument) => {
            let named = !yes(criterion.value, "instrument") || !instrument.trim().is_empty();
            named && within(i128::from(*value), 1)
        }
        Answer::Chosen(chosen) => {
            let right = list(criterion.value, "right");
            let all = right.iter().all(|right| chosen.iter().any(|chosen| right == chosen));
            all && chosen.iter().all(|chosen| right.iter().any(|right| right == chosen))
        }
        Answer::Counted(count) => within(i128::from(*count), 1),
        Answer::Timed(millis) => within(i128::from(*millis), 1000),
        Answer::Heard(heard, _) => {
            let expected = list(criterion.value, "points").len();
            let points = (1..).take(expected).filter(|point: &u32| heard.contains(point)).count();
            met_from <= u64::try_from(points).unwrap_or_default()
        }
        Answer::Written(words) => !words.trim().is_empty(),
    }
}

/// The first that applies.
fn result(case: &Case<'_>, rules: &[(String, Says)]) -> Result4 {
    let any = |kind: &str, says: Says| rules.iter().any(|(name, said)| kind_of(name) == kind && *said == says);
    if any("stop", Says::No) {
        return Result4::NotPassed;
    }
    let seen = any("wait", Says::No)
        || any("order", Says::No)
        || any("ends exercise", Says::No)
        || case.criteria.iter().any(|criterion| {
            let newest = case.newest(criterion);
            let not_done = newest == Entry::Scored(Score::NotDone) && is_critical(case, criterion.id);
            not_done || newest == Entry::Scored(Score::Dangerous)
        });
    if case.is_stopped() && rules::last_stop_is_explained(case) && !seen {
        return Result4::NotCompleted;
    }
    if rules.iter().any(|(_, says)| *says == Says::No) {
        return Result4::NotPassed;
    }
    if case.end().is_none() || rules.iter().any(|(_, says)| *says == Says::Open) {
        return Result4::Open;
    }
    Result4::Passed
}

/// A rule's name without what it is about: `part order` of `part order:P2:P1`.
pub(crate) fn kind_of(name: &str) -> &str {
    name.split(':').next().unwrap_or_default()
}

/// What the institution set for a part.
pub(crate) fn part_values<'a>(case: &Case<'a>, part: &Value) -> &'a Value {
    case.values.get("parts").and_then(|parts| parts.get(text(part, "id"))).unwrap_or(&Value::Null)
}
