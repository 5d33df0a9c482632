//! Every text, line and id of a scheme document, each with its place.

use super::{
    document::{CriterionDocument, Document, MeaningDocument, PartDocument, Text},
    problem::{At, Which},
};

/// Somebody who looks at what stands in a document.
pub(crate) trait Visit {
    /// A text in every language.
    fn text(&mut self, at: &At<'_>, text: &Text);
    /// A line in one language, or in none.
    fn line(&mut self, at: &At<'_>, line: &str);
    /// A name that others refer to.
    fn id(&mut self, at: &At<'_>, id: &str);
}

/// Shows all of it, in the order of the format.
pub(crate) fn walk(document: &Document, visit: &mut impl Visit) {
    let root = At::root(Which::Document);
    visit.text(&root.name("title"), &document.title);
    visit.text(&root.name("short_title"), &document.short_title);
    if let Some(unit) = &document.unit {
        visit.line(&root.name("unit"), unit);
    }
    visit.text(&root.name("scope"), &document.scope);
    visit.line(&root.name("designer"), &document.designer);
    for (index, basis) in document.legal_basis.iter().enumerate() {
        let list = root.name("legal_basis");
        let at = list.index(index);
        visit.id(&at.name("id"), &basis.id);
        visit.line(&at.name("title"), &basis.title);
        visit.line(&at.name("edition"), &basis.edition);
        optional_line(visit, &at.name("superseded_by"), basis.superseded_by.as_deref());
        visit.line(&at.name("source"), &basis.source);
    }
    meaning(&root.name("meaning"), &document.meaning, visit);
    for (index, outcome) in document.outcomes.iter().enumerate() {
        let list = root.name("outcomes");
        let at = list.index(index);
        visit.id(&at.name("id"), &outcome.id);
        visit.text(&at.name("text"), &outcome.text);
        visit.line(&at.name("source"), &outcome.source);
    }
    gate(&root.name("gate"), document, visit);
    for (index, item) in document.parts.iter().enumerate() {
        part(&root.name("parts").index(index), item, visit);
    }
    rules(&root, document, visit);
    validity(&root.name("validity"), document, visit);
}

fn optional_line(visit: &mut impl Visit, at: &At<'_>, line: Option<&str>) {
    if let Some(line) = line {
        visit.line(at, line);
    }
}

fn optional_text(visit: &mut impl Visit, at: &At<'_>, text: Option<&Text>) {
    if let Some(text) = text {
        visit.text(at, text);
    }
}

fn texts(visit: &mut impl Visit, at: &At<'_>, texts: &[Text]) {
    for (index, text) in texts.iter().enumerate() {
        visit.text(&at.index(index), text);
    }
}

fn meaning(at: &At<'_>, meaning: &MeaningDocument, visit: &mut impl Visit) {
    if let Some(credits) = &meaning.credits {
        visit.line(&at.name("credits").name("system"), &credits.system);
    }
    if let Some(level) = &meaning.national_level {
        visit.line(&at.name("national_level").name("framework"), &level.framework);
        visit.line(&at.name("national_level").name("level"), &level.level);
    }
    texts(visit, &at.name("assessment_types"), &meaning.assessment_types);
    visit.text(&at.name("quality_assurance"), &meaning.quality_assurance);
    for (index, towards) in meaning.towards.iter().enumerate() {
        visit.line(&at.name("towards").index(index), towards);
    }
    visit.text(&at.name("trainer_requirements"), &meaning.trainer_requirements);
    optional_text(visit, &at.name("further"), meaning.further.as_ref());
    visit.line(&at.name("source"), &meaning.source);
}

fn gate(at: &At<'_>, document: &Document, visit: &mut impl Visit) {
    if let Some(limits) = &document.gate.object_limits {
        visit.line(&at.name("object_limits").name("source"), &limits.source);
    }
    for (index, tick) in document.gate.ticks.iter().enumerate() {
        let list = at.name("ticks");
        let at = list.index(index);
        visit.id(&at.name("id"), &tick.id);
        visit.text(&at.name("text"), &tick.text);
        visit.line(&at.name("source"), &tick.source);
    }
    for (index, rule) in document.gate.prerequisites.iter().enumerate() {
        let list = at.name("prerequisites");
        let at = list.index(index);
        visit.id(&at.name("id"), &rule.id);
        visit.text(&at.name("text"), &rule.text);
        visit.line(&at.name("source"), &rule.source);
    }
}

fn part(at: &At<'_>, part: &PartDocument, visit: &mut impl Visit) {
    visit.id(&at.name("id"), &part.id);
    visit.text(&at.name("title"), &part.title);
    optional_line(visit, &at.name("mode_source"), part.mode_source.as_deref());
    optional_line(visit, &at.name("time_limit").name("source"), part.time_limit.as_ref().map(|limit| &*limit.source));
    let floor = part.weight_at_least.as_ref();
    optional_line(visit, &at.name("weight_at_least").name("source"), floor.map(|floor| &*floor.source));
    for (index, task) in part.tasks.iter().enumerate() {
        let list = at.name("tasks");
        let at = list.index(index);
        visit.id(&at.name("id"), &task.id);
        visit.text(&at.name("title"), &task.title);
        for (index, step) in task.steps.iter().enumerate() {
            let list = at.name("steps");
            let at = list.index(index);
            visit.id(&at.name("id"), &step.id);
            visit.text(&at.name("title"), &step.title);
            optional_text(visit, &at.name("note"), step.note.as_ref());
            for (index, item) in step.criteria.iter().enumerate() {
                criterion(&at.name("criteria").index(index), item, visit);
            }
        }
    }
}

fn criterion(at: &At<'_>, criterion: &CriterionDocument, visit: &mut impl Visit) {
    visit.id(&at.name("id"), &criterion.id);
    visit.text(&at.name("text"), &criterion.text);
    visit.line(&at.name("source"), &criterion.source);
    optional_line(visit, &at.name("unit"), criterion.unit.as_deref());
    let lists = [("levels", &criterion.levels), ("points", &criterion.points), ("prompts", &criterion.prompts)];
    for (name, list) in lists {
        texts(visit, &at.name(name), list.as_deref().unwrap_or_default());
    }
    for (index, option) in criterion.options.iter().flatten().enumerate() {
        let list = at.name("options");
        let at = list.index(index);
        visit.id(&at.name("id"), &option.id);
        visit.text(&at.name("text"), &option.text);
    }
}

fn rules(root: &At<'_>, document: &Document, visit: &mut impl Visit) {
    for (index, rule) in document.order.iter().enumerate() {
        let list = root.name("order");
        let at = list.index(index);
        visit.id(&at.name("id"), &rule.id);
        visit.text(&at.name("label"), &rule.label);
        visit.line(&at.name("source"), &rule.source);
    }
    for (index, rule) in document.voids.iter().enumerate() {
        visit.line(&root.name("voids").index(index).name("source"), &rule.source);
    }
    for (index, rule) in document.waits.iter().enumerate() {
        let list = root.name("waits");
        let at = list.index(index);
        visit.id(&at.name("id"), &rule.id);
        visit.text(&at.name("label"), &rule.label);
        visit.line(&at.name("source"), &rule.source);
    }
}

fn validity(at: &At<'_>, document: &Document, visit: &mut impl Visit) {
    let validity = &document.validity;
    if let Some(lapse) = &validity.lapse {
        for (index, work) in lapse.work.iter().enumerate() {
            visit.line(&at.name("lapse").name("work").index(index), work);
        }
        visit.line(&at.name("lapse").name("source"), &lapse.source);
    }
    if let Some(renewal) = &validity.renewal {
        visit.line(&at.name("renewal").name("source"), &renewal.source);
    }
    for (index, item) in validity.complementary.iter().enumerate() {
        let list = at.name("complementary");
        let at = list.index(index);
        visit.id(&at.name("id"), &item.id);
        visit.text(&at.name("text"), &item.text);
        visit.line(&at.name("source"), &item.source);
    }
    visit.line(&at.name("source"), &validity.source);
}
