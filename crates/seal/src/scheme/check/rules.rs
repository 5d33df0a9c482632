//! Order, voids, waits and quiet stretches.

use fieldproof_model::scheme::{EvidenceKind, circle::in_circle};

use super::{
    super::{
        document::{Document, QuietDocument},
        problem::{At, Problems, quoted},
        words::Kind,
    },
    distinct,
    names::Names,
};

pub(super) fn check(root: &At<'_>, document: &Document, names: &Names<'_>, problems: &mut Problems) {
    order(&root.name("order"), document, names, problems);
    voids(&root.name("voids"), document, names, problems);
    waits(&root.name("waits"), document, names, problems);
    quiet(&root.name("quiet"), document, names, problems);
}

fn order(list: &At<'_>, document: &Document, names: &Names<'_>, problems: &mut Problems) {
    let edges = document.order.iter().filter(|rule| rule.criterion != rule.after);
    let edges: Vec<(&str, &str)> = edges.map(|rule| (rule.after.as_str(), rule.criterion.as_str())).collect();
    let circle = in_circle(&edges);
    for (index, rule) in document.order.iter().enumerate() {
        let at = list.index(index);
        names.criterion(&at.name("criterion"), &rule.criterion, problems);
        names.criterion(&at.name("after"), &rule.after, problems);
        if rule.criterion == rule.after {
            problems.add(&at.name("after"), "a criterion cannot come after itself", "name another criterion");
        } else if circle.contains(rule.criterion.as_str()) && circle.contains(rule.after.as_str()) {
            let what = format!("{} comes, by way of other rules, after itself", quoted(&rule.criterion));
            problems.add(&at, what, "leave one rule of the circle out");
        }
    }
}

fn voids(list: &At<'_>, document: &Document, names: &Names<'_>, problems: &mut Problems) {
    for (index, rule) in document.voids.iter().enumerate() {
        let at = list.index(index);
        names.criterion(&at.name("criterion"), &rule.criterion, problems);
        let voids = at.name("voids");
        distinct(&voids, &rule.voids, problems);
        if rule.voids.is_empty() {
            problems.add(&voids, "it ends nothing", "name what it ends, or leave the rule out");
        }
        for (index, id) in rule.voids.iter().enumerate() {
            names.criterion(&voids.index(index), id, problems);
            if *id == rule.criterion {
                problems.add(&voids.index(index), "a criterion cannot end what it shows itself", "leave it out");
            }
        }
    }
}

fn waits(list: &At<'_>, document: &Document, names: &Names<'_>, problems: &mut Problems) {
    for (index, rule) in document.waits.iter().enumerate() {
        let at = list.index(index);
        names.criterion(&at.name("after"), &rule.after, problems);
        names.criterion(&at.name("before"), &rule.before, problems);
        if rule.after == rule.before {
            problems.add(&at.name("before"), "a wait lies between two criteria", "name another criterion");
        }
    }
}

fn quiet(list: &At<'_>, document: &Document, names: &Names<'_>, problems: &mut Problems) {
    let mut demanding: Vec<(usize, &str)> = names
        .criteria
        .values()
        .filter(|(_, criterion)| criterion.evidence.is_some())
        .map(|(place, criterion)| (*place, criterion.id.as_str()))
        .collect();
    demanding.sort_unstable();
    for (index, stretch) in document.quiet.iter().enumerate() {
        let at = list.index(index);
        names.criterion(&at.name("from"), &stretch.from, problems);
        names.criterion(&at.name("until"), &stretch.until, problems);
        stretch_holds(&at, stretch, names, &demanding, problems);
    }
}

fn stretch_holds(
    at: &At<'_>,
    stretch: &QuietDocument,
    names: &Names<'_>,
    demanding: &[(usize, &str)],
    problems: &mut Problems,
) {
    let Some((until, proof)) = names.criteria.get(stretch.until.as_str()) else {
        return;
    };
    if proof.kind.0 != Kind::Proof {
        let what = format!("{} is no proof", quoted(&stretch.until));
        problems.add(&at.name("until"), what, "name a criterion of kind proof");
    }
    let Some((from, _)) = names.criteria.get(stretch.from.as_str()) else {
        return;
    };
    if until <= from {
        let what = format!("{} does not come before {}", quoted(&stretch.from), quoted(&stretch.until));
        problems.add(&at.name("from"), what, "name a criterion that comes before it in the order of the work");
    }
    let first = demanding.partition_point(|(place, _)| place < from);
    // The proof at its end may demand the readings it consists of, and nothing else.
    let only_readings = proof.evidence.as_ref().is_some_and(|demand| demand.kind.0 == EvidenceKind::Reading);
    let within = |place: usize| place < *until || (place == *until && !only_readings);
    if let Some((_, id)) = demanding.get(first).filter(|(place, _)| within(*place)) {
        let what = format!("{} demands evidence inside this stretch", quoted(id));
        problems.add(at, what, "let it demand none, or move it out of the stretch");
    }
}
