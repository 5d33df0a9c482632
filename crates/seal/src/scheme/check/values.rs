//! The values: that they belong to this scheme, that none is missing and none too many, and that they fit.

use std::collections::BTreeSet;

use super::{
    super::{
        document::{CriterionDocument, Document, Keyed},
        problem::{At, Problems, Which, quoted},
        values::{LimitsDocument, PartValuesDocument, Values},
        words::Kind,
    },
    TEXT_LIMIT, distinct, line,
    names::Names,
    parts::WHOLE,
    whole::{at_least_one, term},
};

/// The largest number that every reader of JSON reads as it stands (RFC 8259, section 6).
const EXACT: i64 = 9_007_199_254_740_991;

pub(super) fn check(document: &Document, values: &Values, names: &Names<'_>, problems: &mut Problems) {
    let root = At::root(Which::Values);
    if values.scheme != document.id {
        problems.add(
            &root.name("scheme"),
            "these values are for another scheme",
            "write the id of the scheme document",
        );
    }
    if values.scheme_version != document.version {
        let what = format!("these values are for version {}", quoted(&values.scheme_version));
        let remedy = format!("look through them for version {}, then write that", quoted(&document.version));
        problems.add(&root.name("scheme_version"), what, remedy);
    }
    let lines = [
        ("set_by", &values.set_by),
        ("awarder", &values.awarder),
        ("validator", &values.validator),
        ("issuer_region", &values.issuer_region),
    ];
    for (name, text) in lines {
        line(&root.name(name), text, TEXT_LIMIT, problems);
    }
    for (name, ids) in [("critical", &values.critical), ("ends_exercise", &values.ends_exercise)] {
        let at = root.name(name);
        distinct(&at, ids, problems);
        for (index, id) in ids.iter().enumerate() {
            names.criterion(&at.index(index), id, problems);
        }
    }
    parts(&root.name("parts"), document, values, problems);
    for (name, share) in [("total_minimum", values.total_minimum), ("borderline_band", values.borderline_band)] {
        basis_points(&root.name(name), share, problems);
    }
    at_least_one(&root.name("attempts"), values.attempts, problems);
    let waits = document.waits.iter().map(|wait| wait.id.as_str()).collect();
    complete(&root.name("waits"), "wait", &waits, &values.waits, problems);
    met_from(&root.name("met_from"), names, values, problems);
    limits(&root.name("limits"), names, values, problems);
    terms(&root.name("term"), document, values, problems);
}

fn basis_points(at: &At<'_>, share: u32, problems: &mut Problems) {
    if WHOLE < share {
        problems.add(at, format!("{share} is more than the whole, which is 10000"), "write at most 10000");
    }
}

/// Notes what is called for and not given, and what is given and not called for.
fn complete<T>(at: &At<'_>, what: &str, wanted: &BTreeSet<&str>, given: &Keyed<T>, problems: &mut Problems) {
    for id in wanted.iter().filter(|id| !given.0.contains_key(**id)) {
        let missing = format!("the value of {what} {} is missing", quoted(id));
        problems.add(at, missing, "set it; without it the scheme cannot be used");
    }
    for id in given.0.keys().filter(|id| !wanted.contains(id.as_str())) {
        let what = format!("the scheme asks for no such value of {}", quoted(id));
        problems.add(&at.name(id), what, "leave it out, or correct the id");
    }
}

fn parts(at: &At<'_>, document: &Document, values: &Values, problems: &mut Problems) {
    let wanted = document.parts.iter().map(|part| part.id.as_str()).collect();
    complete(at, "part", &wanted, &values.parts, problems);
    for part in &document.parts {
        let Some(given) = values.parts.0.get(&part.id) else {
            continue;
        };
        let at = at.name(&part.id);
        basis_points(&at.name("minimum"), given.minimum, problems);
        at_least_one(&at.name("time_limit_seconds"), given.time_limit_seconds, problems);
        if let Some(floor) = part.weight_at_least.as_ref().filter(|floor| given.weight < floor.basis_points) {
            let what = format!("{} is less than the scheme's least weight of {}", given.weight, floor.basis_points);
            problems.add(&at.name("weight"), what, format!("write at least {}", floor.basis_points));
        }
        if part.time_limit.is_some() && given.time_limit_seconds.is_some() {
            let remedy = "write null; the scheme's limit holds";
            problems.add(&at.name("time_limit_seconds"), "the scheme gives this part a time limit itself", remedy);
        }
        if part.after.is_empty() && given.within_days.is_some() {
            let remedy = "write null, or name in the scheme what the part comes after";
            problems.add(&at.name("within_days"), "the part comes after no other", remedy);
        }
    }
    let weight = |given: &PartValuesDocument| u64::from(given.weight);
    let sum: u64 = values.parts.0.values().map(weight).sum();
    if !document.parts.is_empty() && sum != u64::from(WHOLE) {
        let what = format!("the weights of all parts add up to {sum}");
        problems.add(at, what, "change them so that they add up to 10000");
    }
}

fn ids_of<'d>(names: &Names<'d>, kinds: &[Kind]) -> BTreeSet<&'d str> {
    names.criteria.iter().filter(|(_, (_, criterion))| kinds.contains(&criterion.kind.0)).map(|(id, _)| *id).collect()
}

fn given<'v, 'd, T>(
    names: &Names<'d>,
    values: &'v Keyed<T>,
) -> impl Iterator<Item = (&'v String, &'d CriterionDocument, &'v T)> {
    values
        .0
        .iter()
        .filter_map(|(id, value)| names.criteria.get(id.as_str()).map(|(_, criterion)| (id, *criterion, value)))
}

fn met_from(at: &At<'_>, names: &Names<'_>, values: &Values, problems: &mut Problems) {
    let wanted = ids_of(names, &[Kind::Rubric, Kind::Oral]);
    complete(at, "criterion", &wanted, &values.met_from, problems);
    for (id, criterion, from) in given(names, &values.met_from) {
        let most = criterion.levels.as_ref().or(criterion.points.as_ref()).map_or(0, Vec::len);
        let fits = usize::try_from(*from).is_ok_and(|from| (1..=most).contains(&from));
        if wanted.contains(id.as_str()) && !fits {
            let what = format!("{from} does not lie within the {most} levels or points of the criterion");
            problems.add(&at.name(id), what, format!("write a number from 1 to {most}"));
        }
    }
}

fn limits(at: &At<'_>, names: &Names<'_>, values: &Values, problems: &mut Problems) {
    let wanted = ids_of(names, &[Kind::Measurement, Kind::Count, Kind::Timed]);
    complete(at, "criterion", &wanted, &values.limits, problems);
    for (id, criterion, limits) in given(names, &values.limits) {
        if wanted.contains(id.as_str()) {
            limits_hold(&at.name(id), criterion, limits, problems);
        }
    }
}

fn limits_hold(at: &At<'_>, criterion: &CriterionDocument, limits: &LimitsDocument, problems: &mut Problems) {
    if limits.min.is_none() && limits.max.is_none() {
        problems.add(at, "it has neither a lower nor an upper limit", "set at least one");
    }
    if let (Some(min), Some(max)) = (limits.min, limits.max)
        && max < min
    {
        problems.add(at, format!("the least, {min}, is more than the most, {max}"), "exchange them, or correct one");
    }
    for (name, limit) in [("min", limits.min), ("max", limits.max)] {
        let least = if criterion.kind.0 == Kind::Measurement { EXACT.saturating_neg() } else { 0 };
        if limit.is_some_and(|limit| !(least..=EXACT).contains(&limit)) {
            problems.add(&at.name(name), "nothing can lie there", format!("write a number from {least} to {EXACT}"));
        }
    }
}

fn terms(at: &At<'_>, document: &Document, values: &Values, problems: &mut Problems) {
    term(at, values.term, problems);
    let (what, remedy) = match (document.validity.term, values.term) {
        (Some(_), Some(_)) => ("the scheme gives the term itself", "write null; the scheme's term holds"),
        (None, None) => ("neither scheme nor values say how long it holds", "set a term here"),
        (Some(_), None) | (None, Some(_)) => return,
    };
    problems.add(at, what, remedy);
}
