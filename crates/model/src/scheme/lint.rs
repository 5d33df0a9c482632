//! What a scheme's author should look at again: rules over the whole scheme that no single line breaks.

use std::collections::BTreeSet;

use crate::{
    gate::ExerciseState,
    scheme::{
        Completion, Criterion, CriterionId, CriterionKind, Label, Outcome, Part, PartId, PartKind, Scheme, Supervision,
        circle::in_circle,
    },
};

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The scheme does not do what it says.
    Error,
    /// It may be meant so.
    Warning,
}

/// Something to look at again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How much it weighs.
    pub severity: Severity,
    /// What it is about, by id, such as `outcome O2`; `scheme` for the whole.
    pub place: String,
    /// What is the matter.
    pub what: String,
}

/// The whole, in basis points.
const WHOLE: u64 = 10_000;

/// Looks through a whole scheme.
#[must_use]
pub fn lint(scheme: &Scheme) -> Vec<Finding> {
    let mut found = Findings(Vec::new());
    coverage(scheme, &mut found);
    safety(scheme, &mut found);
    micro_credential(scheme, &mut found);
    weights(scheme, &mut found);
    states(scheme, &mut found);
    circles(scheme, &mut found);
    sources(scheme, &mut found);
    for basis in scheme.legal_basis.iter().filter(|basis| basis.superseded_on.is_some()) {
        if basis.superseded_by.is_none() {
            found.warning(format!("legal basis {}", basis.id), "it is superseded, and nothing says by what");
        }
    }
    found.0
}

struct Findings(Vec<Finding>);

impl Findings {
    fn error(&mut self, place: impl Into<String>, what: impl Into<String>) {
        self.0.push(Finding { severity: Severity::Error, place: place.into(), what: what.into() });
    }

    fn warning(&mut self, place: impl Into<String>, what: impl Into<String>) {
        self.0.push(Finding { severity: Severity::Warning, place: place.into(), what: what.into() });
    }
}

fn coverage(scheme: &Scheme, found: &mut Findings) {
    for (_, criterion) in scheme.criteria().filter(|(_, criterion)| criterion.outcomes.is_empty()) {
        found.error(format!("criterion {}", criterion.id.as_str()), "it shows no outcome");
    }
    if scheme.completion == Completion::Attendance {
        return;
    }
    let only_knowledge = scheme.parts.iter().all(|part| part.kind == PartKind::Knowledge);
    for outcome in &scheme.outcomes {
        let place = || format!("outcome {}", outcome.id);
        let shown: Vec<_> =
            scheme.criteria().filter(|(_, criterion)| criterion.outcomes.contains(&outcome.id)).collect();
        if outcome.practical && only_knowledge {
            found.error(place(), "it can only be shown by doing, and every part is a knowledge test");
        } else if shown.is_empty() {
            unshown(scheme, outcome, found);
        } else if outcome.practical {
            if shown.iter().all(|(_, criterion)| matches!(criterion.kind, CriterionKind::Choice { .. })) {
                found.warning(place(), "it can only be shown by doing, and only choices are to show it");
            } else if shown.iter().all(|(place, _)| place.part.kind == PartKind::Knowledge) {
                found.warning(place(), "it can only be shown by doing, and only a knowledge test is to show it");
            }
        }
    }
}

fn unshown(scheme: &Scheme, outcome: &Outcome, found: &mut Findings) {
    let place = format!("outcome {}", outcome.id);
    match (scheme.parts.iter().any(Part::is_marked), outcome.practical) {
        (false, _) => found.error(place, "no criterion shows it"),
        (true, false) => found.warning(place, "no criterion shows it; only a part marked in points can"),
        (true, true) => {
            found.warning(place, "it can only be shown by doing, and only a part marked in points can show it");
        }
    }
}

const fn is_seen(criterion: &Criterion) -> bool {
    matches!(criterion.kind, CriterionKind::Observed | CriterionKind::Proof | CriterionKind::Rubric { .. })
}

/// The four minimum expectations of a safety-critical assessment.
fn safety(scheme: &Scheme, found: &mut Findings) {
    if !scheme.safety_critical {
        return;
    }
    let mut seen = scheme.criteria().filter(|(place, _)| place.part.kind == PartKind::Practical);
    let is_rubric = |criterion: &Criterion| matches!(criterion.kind, CriterionKind::Rubric { .. });
    let mut decides =
        scheme.criteria().filter(|(_, criterion)| is_rubric(criterion) || scheme.is_critical(&criterion.id));
    let wanted = [
        (seen.any(|(_, criterion)| is_seen(criterion)), "it is safety-critical and has no work that is watched"),
        (
            scheme.meaning.supervision == Supervision::SupervisedIdentity,
            "it is safety-critical and not supervised with identity verification",
        ),
        (decides.next().is_some(), "it is safety-critical and has neither a critical criterion nor a rubric"),
        (scheme.meaning.moderated, "it is safety-critical and not moderated"),
    ];
    for (_, what) in wanted.into_iter().filter(|(holds, _)| !holds) {
        found.error("scheme", what);
    }
}

/// The mandatory elements of the European list that a scheme or its values supply.
fn micro_credential(scheme: &Scheme, found: &mut Findings) {
    if scheme.label != Label::MicroCredential {
        return;
    }
    let is_written = |text: &str| !text.trim().is_empty();
    let meaning = &scheme.meaning;
    let wanted = [
        (scheme.completion == Completion::Assessed, "an assessment"),
        (is_written(&scheme.title), "its title"),
        (is_written(&scheme.values.issuer_region), "the country or region of the issuer"),
        (is_written(&scheme.values.awarder), "the awarding body"),
        (!scheme.outcomes.is_empty(), "learning outcomes"),
        (meaning.workload_minutes.is_some() || meaning.credits.is_some(), "the notional workload"),
        (meaning.assessment_types.iter().any(|text| is_written(text)), "the type of assessment"),
        (is_written(&meaning.quality_assurance), "the type of quality assurance"),
    ];
    for (_, what) in wanted.into_iter().filter(|(holds, _)| !holds) {
        found.error("scheme", format!("it is called a micro-credential and does not give {what}"));
    }
    if meaning.eqf_level.is_none() && meaning.national_level.is_none() {
        found.warning("scheme", "it is called a micro-credential and gives no level");
    }
}

fn weights(scheme: &Scheme, found: &mut Findings) {
    let sum = scheme.values.parts.values().fold(0, |sum: u64, part| sum.saturating_add(u64::from(part.weight)));
    if !scheme.parts.is_empty() && sum != WHOLE {
        found.error("scheme", format!("the weights of its parts add up to {sum}; {WHOLE} is the whole"));
    }
}

/// The gate asks for one state that counts in every part which needs an object.
fn states(scheme: &Scheme, found: &mut Findings) {
    let mut needing = scheme.parts.iter().filter(|part| !part.object_states.is_empty()).peekable();
    let all = [ExerciseState::Live, ExerciseState::MadeDead, ExerciseState::NeverEnergised, ExerciseState::Simulated];
    let left: Vec<_> = needing
        .clone()
        .fold(all.to_vec(), |left, part| left.into_iter().filter(|state| part.object_states.contains(state)).collect());
    if needing.peek().is_some() && left.is_empty() {
        found.error("scheme", "no state of the object counts in every part that needs one; the gate can never open");
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Moment<'a> {
    Begins(&'a PartId),
    Done(&'a CriterionId),
    Over(&'a PartId),
}

/// What can never be kept: order, waits and the order of parts, taken together, go in a circle.
fn circles(scheme: &Scheme, found: &mut Findings) {
    let mut steps = Vec::new();
    for part in &scheme.parts {
        steps.push((Moment::Begins(&part.id), Moment::Over(&part.id)));
        steps.extend(part.after.iter().map(|after| (Moment::Over(after), Moment::Begins(&part.id))));
    }
    for (place, criterion) in scheme.criteria() {
        steps.push((Moment::Begins(&place.part.id), Moment::Done(&criterion.id)));
        steps.push((Moment::Done(&criterion.id), Moment::Over(&place.part.id)));
    }
    steps.extend(scheme.order.iter().map(|rule| (Moment::Done(&rule.after), Moment::Done(&rule.criterion))));
    steps.extend(scheme.waits.iter().map(|rule| (Moment::Done(&rule.after), Moment::Done(&rule.before))));
    let circle: BTreeSet<Moment<'_>> = in_circle(&steps);
    let is_round = |id: &CriterionId| circle.contains(&Moment::Done(id));
    let what = "it can never be kept: with other rules of order, waits and parts it goes in a circle";
    for rule in scheme.order.iter().filter(|rule| is_round(&rule.criterion) && is_round(&rule.after)) {
        found.error(format!("order {}", rule.id.as_str()), what);
    }
    for rule in scheme.waits.iter().filter(|rule| is_round(&rule.before) && is_round(&rule.after)) {
        found.error(format!("wait {}", rule.id.as_str()), what);
    }
    for part in scheme.parts.iter().filter(|part| circle.contains(&Moment::Begins(&part.id))) {
        if part.after.iter().any(|after| circle.contains(&Moment::Over(after))) {
            found.error(format!("part {}", part.id.as_str()), what);
        }
    }
}

fn sources(scheme: &Scheme, found: &mut Findings) {
    let mut look = |place: String, source: &str| {
        if source.trim().is_empty() {
            found.error(place, "nothing says where this comes from");
        }
    };
    look("meaning".to_owned(), &scheme.meaning.source);
    look("validity".to_owned(), &scheme.validity.source);
    for basis in &scheme.legal_basis {
        look(format!("legal basis {}", basis.id), &basis.source);
    }
    for outcome in &scheme.outcomes {
        look(format!("outcome {}", outcome.id), &outcome.source);
    }
    for (_, criterion) in scheme.criteria() {
        look(format!("criterion {}", criterion.id.as_str()), &criterion.source);
    }
    rule_sources(scheme, &mut look);
    part_sources(&scheme.parts, &mut look);
    let validity = &scheme.validity;
    for item in &validity.complementary {
        look(format!("complementary {}", item.id), &item.source);
    }
    let lapse = validity.lapse.as_ref().map(|lapse| ("lapse", &lapse.source));
    let renewal = validity.renewal.as_ref().map(|renewal| ("renewal", &renewal.source));
    for (place, source) in lapse.into_iter().chain(renewal) {
        look(place.to_owned(), source);
    }
}

fn rule_sources(scheme: &Scheme, look: &mut impl FnMut(String, &str)) {
    if let Some(limits) = &scheme.gate.object_limits {
        look("object limits".to_owned(), &limits.source);
    }
    for tick in &scheme.gate.ticks {
        look(format!("tick {}", tick.id), &tick.source);
    }
    for rule in &scheme.gate.prerequisites {
        look(format!("prerequisite {}", rule.id), &rule.source);
    }
    for rule in &scheme.order {
        look(format!("order {}", rule.id.as_str()), &rule.source);
    }
    for rule in &scheme.voids {
        look(format!("voids of {}", rule.criterion.as_str()), &rule.source);
    }
    for rule in &scheme.waits {
        look(format!("wait {}", rule.id.as_str()), &rule.source);
    }
}

fn part_sources(parts: &[Part], look: &mut impl FnMut(String, &str)) {
    for part in parts {
        let id = part.id.as_str();
        if let Some(limit) = &part.time_limit {
            look(format!("time limit of part {id}"), &limit.source);
        }
        if let Some(floor) = &part.weight_at_least {
            look(format!("least weight of part {id}"), &floor.source);
        }
        if let Some(law) = &part.mode_source {
            look(format!("mode of part {id}"), law);
        }
    }
}

#[cfg(test)]
#[path = "lint_tests.rs"]
mod tests;
