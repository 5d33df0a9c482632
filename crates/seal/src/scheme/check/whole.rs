//! The scheme as a whole: what it may be called, what it says of itself, who takes part, what the gate asks.

use fieldproof_model::scheme::{Completion, Label, SecondPersonPolicy};

use super::{
    super::{
        document::{Document, MeaningDocument, TermDocument},
        problem::{At, Problems, quoted},
    },
    distinct, line,
};

/// The longest version.
pub(crate) const VERSION_LIMIT: usize = 20;

pub(super) fn check(root: &At<'_>, document: &Document, problems: &mut Problems) {
    line(&root.name("version"), &document.version, VERSION_LIMIT, problems);
    called(root, document, problems);
    meaning(&root.name("meaning"), &document.meaning, problems);
    for (index, outcome) in document.outcomes.iter().enumerate() {
        if outcome.esco.as_deref().is_some_and(|uri| !is_uri(uri)) {
            let uri = outcome.esco.as_deref().unwrap_or_default();
            let at = root.name("outcomes");
            let remedy = "write the skill's whole URI, or null";
            problems.add(&at.index(index).name("esco"), format!("{} is no URI", quoted(uri)), remedy);
        }
    }
    distinct(&root.name("course_facts"), document.course_facts.iter().copied(), problems);
    people(&root.name("people"), document, problems);
    gate(&root.name("gate"), document, problems);
    validity(&root.name("validity"), document, problems);
}

fn called(root: &At<'_>, document: &Document, problems: &mut Problems) {
    let attended = document.completion.0 == Completion::Attendance;
    if attended && document.label.0 != Label::CertificateOfAttendance {
        let remedy = "call it certificate_of_attendance, or assess it";
        problems.add(&root.name("label"), "what is only attended is not called so", remedy);
    }
    if attended && !document.parts.is_empty() {
        let remedy = "leave the parts out, or make completion assessed";
        problems.add(&root.name("parts"), "what is only attended has no parts", remedy);
    }
    if !attended && document.parts.is_empty() {
        let remedy = "add a part, or make completion attendance";
        problems.add(&root.name("parts"), "it is assessed and has no part", remedy);
    }
}

fn is_uri(text: &str) -> bool {
    let is_plain = text.chars().all(|c| !c.is_whitespace() && !c.is_control()) && text.len() <= super::TEXT_LIMIT;
    let scheme = text.split_once(':').filter(|(_, rest)| !rest.is_empty()).map(|(scheme, _)| scheme);
    is_plain
        && scheme.is_some_and(|scheme| {
            scheme.starts_with(|c: char| c.is_ascii_alphabetic())
                && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
        })
}

fn meaning(at: &At<'_>, meaning: &MeaningDocument, problems: &mut Problems) {
    if meaning.eqf_level.is_some_and(|level| !(1..=8).contains(&level)) {
        problems.add(&at.name("eqf_level"), "the framework has the levels 1 to 8", "write one of them, or null");
    }
}

fn people(at: &At<'_>, document: &Document, problems: &mut Problems) {
    if document.people.team && document.people.second_person.0 == SecondPersonPolicy::Nobody {
        let remedy = "let people.second_person be required or deviation, or team be false";
        problems.add(&at.name("team"), "a team stands by for each other, and there is no second person", remedy);
    }
    let pairs = document.people.separate.iter().map(|(a, b)| (a.min(b), a.max(b)));
    distinct(&at.name("separate"), pairs, problems);
    for (index, (a, b)) in document.people.separate.iter().enumerate() {
        if a == b {
            let remedy = "name two different roles, or leave the pair out";
            problems.add(&at.name("separate").index(index), "a role cannot be kept apart from itself", remedy);
        }
    }
}

fn gate(at: &At<'_>, document: &Document, problems: &mut Problems) {
    let gate = &document.gate;
    let asked = at.name("second_person");
    distinct(&asked, gate.second_person.iter().copied(), problems);
    if document.people.second_person.0 == SecondPersonPolicy::Nobody && !gate.second_person.is_empty() {
        let remedy = "leave the list empty, or let people.second_person be required or deviation";
        problems.add(&asked, "something is asked of a second person, and there is none", remedy);
    }
    if gate.object_limits.is_some() && !gate.object {
        let remedy = "make gate.object true, or the limits null";
        problems.add(&at.name("object_limits"), "the object has limits and is not asked for", remedy);
    }
}

fn validity(at: &At<'_>, document: &Document, problems: &mut Problems) {
    let validity = &document.validity;
    term(&at.name("term"), validity.term, problems);
    if let Some(lapse) = &validity.lapse {
        at_least_one(&at.name("lapse").name("years"), Some(lapse.years), problems);
        distinct(&at.name("lapse").name("work"), &lapse.work, problems);
        if lapse.work.is_empty() {
            let remedy = "name at least one, or make lapse null";
            problems.add(&at.name("lapse").name("work"), "no kind of work keeps it from lapsing", remedy);
        }
    }
    if let Some(renewal) = &validity.renewal {
        let at = at.name("renewal");
        at_least_one(&at.name("activity_years"), renewal.activity_years, problems);
        at_least_one(&at.name("refresher_minutes"), renewal.refresher_minutes, problems);
        if renewal.activity_years.is_none() && renewal.refresher_minutes.is_none() && !renewal.retraining {
            problems.add(&at, "a renewal asks for nothing", "let it ask for something, or make renewal null");
        }
    }
    for (index, item) in validity.complementary.iter().enumerate() {
        term(&at.name("complementary").index(index).name("term"), item.term, problems);
    }
    at_least_one(&at.name("suitability_review_months"), validity.suitability_review_months, problems);
}

/// Nothing holds for longer than a hundred years.
const LONGEST: [(&str, u32); 3] = [("years", 100), ("months", 1_200), ("days", 36_525)];

/// Notes a term of nothing, and one that outlives everybody.
pub(super) fn term(at: &At<'_>, term: Option<TermDocument>, problems: &mut Problems) {
    let (name, count) = match term {
        None => return,
        Some(TermDocument::Years(count)) => ("years", count),
        Some(TermDocument::Months(count)) => ("months", count),
        Some(TermDocument::Days(count)) => ("days", count),
    };
    at_least_one(&at.name(name), Some(count), problems);
    if LONGEST.iter().any(|(known, most)| *known == name && *most < count) {
        problems.add(&at.name(name), "it is longer than a hundred years", "write a term that somebody will see end");
    }
}

/// Notes a nought where at least one is meant.
pub(super) fn at_least_one(at: &At<'_>, count: Option<u32>, problems: &mut Problems) {
    if count == Some(0) {
        problems.add(at, "it is 0", "write at least 1");
    }
}
