//! The names of a document: how they are written, that none stands twice, and what they name.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    super::{
        document::{CriterionDocument, Document, PartDocument, Text},
        problem::{At, Problems, quoted},
        walk::{Visit, walk},
    },
    unique,
};

/// The most criteria.
pub(crate) const CRITERIA_LIMIT: usize = 2_000;
/// The longest id.
pub(crate) const ID_LIMIT: usize = 40;

/// What the names of a document stand for.
pub(super) struct Names<'d> {
    /// Each criterion with its place in the order of the work.
    pub(super) criteria: BTreeMap<&'d str, (usize, &'d CriterionDocument)>,
    pub(super) outcomes: BTreeSet<&'d str>,
    pub(super) parts: BTreeMap<&'d str, &'d PartDocument>,
}

impl<'d> Names<'d> {
    pub(super) fn of(document: &'d Document) -> Self {
        let in_order = document.parts.iter().flat_map(|part| &part.tasks).flat_map(|task| &task.steps);
        let in_order = in_order.flat_map(|step| &step.criteria).enumerate();
        Self {
            criteria: in_order.map(|(place, criterion)| (criterion.id.as_str(), (place, criterion))).collect(),
            outcomes: document.outcomes.iter().map(|outcome| outcome.id.as_str()).collect(),
            parts: document.parts.iter().map(|part| (part.id.as_str(), part)).collect(),
        }
    }

    /// Notes a name that is no criterion of the scheme.
    pub(super) fn criterion(&self, at: &At<'_>, id: &str, problems: &mut Problems) {
        if !self.criteria.contains_key(id) {
            let what = format!("{} is no criterion of this scheme", quoted(id));
            problems.add(at, what, "name a criterion of the scheme, or add it");
        }
    }

    /// Notes a name that is no part of the scheme.
    pub(super) fn part(&self, at: &At<'_>, id: &str, problems: &mut Problems) {
        if !self.parts.contains_key(id) {
            let what = format!("{} is no part of this scheme", quoted(id));
            problems.add(at, what, "name a part of the scheme, or add it");
        }
    }
}

/// Shows every criterion with its place and its part.
pub(super) fn each_criterion<'d>(
    root: &At<'_>,
    document: &'d Document,
    mut look: impl FnMut(&At<'_>, &'d PartDocument, &'d CriterionDocument),
) {
    for (p, part) in document.parts.iter().enumerate() {
        for (t, task) in part.tasks.iter().enumerate() {
            for (s, step) in task.steps.iter().enumerate() {
                for (c, criterion) in step.criteria.iter().enumerate() {
                    let tasks = root.name("parts");
                    let tasks = tasks.index(p);
                    let steps = tasks.name("tasks");
                    let steps = steps.index(t);
                    let criteria = steps.name("steps");
                    look(&criteria.index(s).name("criteria").index(c), part, criterion);
                }
            }
        }
    }
}

/// Checks the names. Whether the rest can be looked at: there are not too many criteria.
pub(super) fn check(root: &At<'_>, document: &Document, problems: &mut Problems) -> bool {
    let parts = document.parts.iter();
    let steps = parts.flat_map(|part| &part.tasks).flat_map(|task| &task.steps);
    let count: usize = steps.map(|step| step.criteria.len()).sum();
    if CRITERIA_LIMIT < count {
        let what = format!("it has {count} criteria; {CRITERIA_LIMIT} are the most");
        problems.add(&root.name("parts"), what, "make two schemes of it");
        return false;
    }
    written(document, problems);
    unique_everywhere(root, document, problems);
    unique_in_lists(root, document, problems);
    true
}

fn written(document: &Document, problems: &mut Problems) {
    struct Ids<'p>(&'p mut Problems);

    impl Visit for Ids<'_> {
        fn text(&mut self, _: &At<'_>, _: &Text) {}

        fn line(&mut self, _: &At<'_>, _: &str) {}

        fn id(&mut self, at: &At<'_>, id: &str) {
            let is_known = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
            if id.is_empty() || ID_LIMIT < id.len() || !id.bytes().all(is_known) {
                let what = format!("{} is no id", quoted(id));
                self.0.add(at, what, "use 1 to 40 characters of A–Z, a–z, 0–9, full stop, underscore and hyphen");
            }
        }
    }

    walk(document, &mut Ids(problems));
}

/// Parts, criteria and the rules of order and waits share one set of names: an answer names one of them.
fn unique_everywhere(root: &At<'_>, document: &Document, problems: &mut Problems) {
    let mut seen = BTreeSet::new();
    let mut note = |at: &At<'_>, what: &str, id: &str| {
        if !seen.insert(id.to_owned()) {
            let what = format!("{what} {} has an id that stands elsewhere in the document", quoted(id));
            let remedy = "give one of them another id; parts, criteria, order and waits share one set of ids";
            problems.add(&at.name("id"), what, remedy);
        }
    };
    for (index, part) in document.parts.iter().enumerate() {
        note(&root.name("parts").index(index), "part", &part.id);
    }
    each_criterion(root, document, |at, _, criterion| note(at, "criterion", &criterion.id));
    for (index, rule) in document.order.iter().enumerate() {
        note(&root.name("order").index(index), "order", &rule.id);
    }
    for (index, rule) in document.waits.iter().enumerate() {
        note(&root.name("waits").index(index), "wait", &rule.id);
    }
}

fn unique_in_lists(root: &At<'_>, document: &Document, problems: &mut Problems) {
    let basis = document.legal_basis.iter().map(|basis| basis.id.as_str());
    unique(&root.name("legal_basis"), "legal basis", basis, problems);
    unique(&root.name("outcomes"), "outcome", document.outcomes.iter().map(|outcome| outcome.id.as_str()), problems);
    let gate = root.name("gate");
    unique(&gate.name("ticks"), "tick", document.gate.ticks.iter().map(|tick| tick.id.as_str()), problems);
    let prerequisites = document.gate.prerequisites.iter().map(|rule| rule.id.as_str());
    unique(&gate.name("prerequisites"), "prerequisite", prerequisites, problems);
    let beside = document.validity.complementary.iter().map(|item| item.id.as_str());
    unique(&root.name("validity").name("complementary"), "credential", beside, problems);
    for (index, part) in document.parts.iter().enumerate() {
        let parts = root.name("parts");
        let part_at = parts.index(index);
        let tasks = part_at.name("tasks");
        unique(&tasks, "task", part.tasks.iter().map(|task| task.id.as_str()), problems);
        for (index, task) in part.tasks.iter().enumerate() {
            let steps = task.steps.iter().map(|step| step.id.as_str());
            unique(&tasks.index(index).name("steps"), "step", steps, problems);
        }
    }
}
