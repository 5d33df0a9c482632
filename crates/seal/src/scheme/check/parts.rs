//! Parts: their kind, mode, order, limits and tasks.

use fieldproof_model::{
    gate::ExerciseState,
    scheme::{Mode, circle::in_circle},
};

use super::{
    super::{
        document::{Document, PartDocument},
        problem::{At, Problems, quoted},
    },
    distinct,
    names::Names,
    whole::at_least_one,
};

/// The whole, in basis points.
pub(super) const WHOLE: u32 = 10_000;

pub(super) fn check(root: &At<'_>, document: &Document, names: &Names<'_>, problems: &mut Problems) {
    let parts = root.name("parts");
    for (index, part) in document.parts.iter().enumerate() {
        let at = parts.index(index);
        after(&at.name("after"), part, names, problems);
        object(&at.name("object_states"), document, part, problems);
        at_least_one(&at.name("time_limit").name("seconds"), part.time_limit.as_ref().map(|l| l.seconds), problems);
        if part.weight_at_least.as_ref().is_some_and(|floor| WHOLE < floor.basis_points) {
            let at = at.name("weight_at_least");
            problems.add(&at.name("basis_points"), "more than the whole, which is 10000", "write at most 10000");
        }
        tasks(&at.name("tasks"), part, problems);
    }
    circles(&parts, document, problems);
    let floors = document.parts.iter().filter_map(|part| part.weight_at_least.as_ref());
    let sum: u64 = floors.map(|floor| u64::from(floor.basis_points)).sum();
    if u64::from(WHOLE) < sum {
        let what = format!("the least weights add up to {sum}; 10000 is the whole");
        problems.add(&parts, what, "lower some weight_at_least");
    }
}

fn after(at: &At<'_>, part: &PartDocument, names: &Names<'_>, problems: &mut Problems) {
    distinct(at, &part.after, problems);
    for (index, id) in part.after.iter().enumerate() {
        names.part(&at.index(index), id, problems);
        if *id == part.id {
            problems.add(&at.index(index), "a part cannot come after itself", "leave it out");
        }
    }
}

fn circles(parts: &At<'_>, document: &Document, problems: &mut Problems) {
    let all = || document.parts.iter().flat_map(|part| part.after.iter().map(move |after| (after, &part.id)));
    let edges: Vec<(&str, &str)> = all().filter(|(a, b)| a != b).map(|(a, b)| (a.as_str(), b.as_str())).collect();
    let circle = in_circle(&edges);
    for (index, part) in document.parts.iter().enumerate() {
        if circle.contains(part.id.as_str()) {
            let what = format!("part {} waits, by way of others, for itself", quoted(&part.id));
            problems.add(&parts.index(index).name("after"), what, "leave one part of the circle out");
        }
    }
}

fn object(at: &At<'_>, document: &Document, part: &PartDocument, problems: &mut Problems) {
    distinct(at, part.object_states.iter().copied(), problems);
    if !document.gate.object && !part.object_states.is_empty() {
        let remedy = "make gate.object true, or leave the list empty";
        problems.add(at, "states of an object that the gate does not ask for", remedy);
    }
    let simulated = part.object_states.iter().position(|state| state.0 == ExerciseState::Simulated);
    if let Some(index) = simulated.filter(|_| part.mode.0 == Mode::InPerson) {
        let remedy = "leave simulated out, or choose another mode";
        problems.add(&at.index(index), "what is taken in person cannot be simulated", remedy);
    }
}

fn tasks(at: &At<'_>, part: &PartDocument, problems: &mut Problems) {
    for (index, task) in part.tasks.iter().enumerate() {
        if task.steps.is_empty() {
            problems.add(&at.index(index).name("steps"), "the task has no step", "add a step, or leave the task out");
        }
    }
    let mut criteria = part.tasks.iter().flat_map(|task| &task.steps).flat_map(|step| &step.criteria);
    if !part.tasks.is_empty() && criteria.next().is_none() {
        let remedy = "add a criterion; or leave the tasks empty, and the part is marked in points";
        problems.add(at, "the part has tasks and no criterion", remedy);
    }
}
