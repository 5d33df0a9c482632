//! Criteria: the outcomes they show, and what belongs to their kind.

use std::collections::BTreeSet;

use fieldproof_model::scheme::{EvidenceKind, PartKind};

use super::{
    super::{
        document::{CriterionDocument, Document, PartDocument},
        problem::{At, Problems, quoted},
        words::{Kind, Words},
    },
    distinct,
    names::{Names, each_criterion},
    unique,
    whole::at_least_one,
};

pub(super) fn check(root: &At<'_>, document: &Document, names: &Names<'_>, problems: &mut Problems) {
    each_criterion(root, document, |at, part, criterion| {
        let outcomes = at.name("outcomes");
        distinct(&outcomes, &criterion.outcomes, problems);
        for (index, outcome) in criterion.outcomes.iter().enumerate() {
            if !names.outcomes.contains(outcome.as_str()) {
                let what = format!("{} is not in the list of outcomes", quoted(outcome));
                problems.add(&outcomes.index(index), what, "name an outcome of the list, or add it");
            }
        }
        let demanded = criterion.evidence.as_ref().map(|evidence| evidence.count);
        at_least_one(&at.name("evidence").name("count"), demanded, problems);
        kind(at, part, criterion, problems);
        readings(at, criterion, problems);
        further(at, criterion, problems);
        lists(at, criterion, problems);
    });
}

/// Only proving takes readings, so nobody could ever give one that something else demands.
fn readings(at: &At<'_>, criterion: &CriterionDocument, problems: &mut Problems) {
    let demands = criterion.evidence.as_ref().is_some_and(|evidence| evidence.kind.0 == EvidenceKind::Reading);
    if demands && criterion.kind.0 != Kind::Proof {
        let remedy = "demand a photo, a note or a file, or make it a proof";
        problems.add(&at.name("evidence").name("kind"), "readings are demanded where nothing is proved", remedy);
    }
}

fn kind(at: &At<'_>, part: &PartDocument, criterion: &CriterionDocument, problems: &mut Problems) {
    if criterion.kind.0 == Kind::Proof && part.kind.0 != PartKind::Practical {
        let remedy = "move it to a practical part, or choose another kind";
        problems.add(&at.name("kind"), "a proof stands in a part that is not practical", remedy);
    }
}

/// The further fields of a kind, all of which must be there and no others.
const fn fields(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Observed | Kind::Proof | Kind::Timed | Kind::Text => &[],
        Kind::Rubric => &["levels"],
        Kind::Measurement => &["unit", "instrument"],
        Kind::Choice => &["options", "right"],
        Kind::Count => &["unit"],
        Kind::Oral => &["points", "prompts"],
    }
}

fn further(at: &At<'_>, criterion: &CriterionDocument, problems: &mut Problems) {
    let wanted = fields(criterion.kind.0);
    let word = Kind::WORDS.iter().find(|(_, kind)| *kind == criterion.kind.0).map_or("", |(word, _)| word);
    let given = [
        ("levels", criterion.levels.is_some()),
        ("unit", criterion.unit.is_some()),
        ("instrument", criterion.instrument.is_some()),
        ("options", criterion.options.is_some()),
        ("right", criterion.right.is_some()),
        ("points", criterion.points.is_some()),
        ("prompts", criterion.prompts.is_some()),
    ];
    for (name, is_given) in given {
        if is_given && !wanted.contains(&name) {
            let what = format!("a criterion of kind {word} has no {name}");
            problems.add(&at.name(name), what, "leave it out, or choose the kind it belongs to");
        }
        if !is_given && wanted.contains(&name) {
            let what = format!("a criterion of kind {word} needs {name}");
            problems.add(&at.name("kind"), what, "add it, or choose another kind");
        }
    }
}

fn lists(at: &At<'_>, criterion: &CriterionDocument, problems: &mut Problems) {
    if criterion.levels.as_ref().is_some_and(|levels| !(2..=8).contains(&levels.len())) {
        problems.add(&at.name("levels"), "a rubric has 2 to 8 levels", "add some, or leave some out");
    }
    if criterion.points.as_ref().is_some_and(Vec::is_empty) {
        problems.add(&at.name("points"), "no point is expected", "add what is expected in the answer");
    }
    let (Some(options), Some(right)) = (&criterion.options, &criterion.right) else {
        return;
    };
    unique(&at.name("options"), "option", options.iter().map(|option| option.id.as_str()), problems);
    if options.len() < 2 {
        problems.add(&at.name("options"), "a choice needs at least two options", "add options");
    }
    let known: BTreeSet<&str> = options.iter().map(|option| option.id.as_str()).collect();
    let at = at.name("right");
    distinct(&at, right, problems);
    if right.is_empty() {
        problems.add(&at, "no option is right", "name at least one");
    }
    for (index, id) in right.iter().enumerate() {
        if !known.contains(id.as_str()) {
            let what = format!("{} is no option of this criterion", quoted(id));
            problems.add(&at.index(index), what, "name one of its options, or add it");
        }
    }
}
