//! Whether what two documents of the right shape say holds together: everything that is wrong, with its place.

mod criteria;
pub(crate) mod names;
mod parts;
mod rules;
pub(crate) mod texts;
mod values;
pub(crate) mod whole;

use names::Names;

use super::{
    document::Document,
    problem::{At, Problems, Which, quoted},
    values::Values,
};

/// The longest wording or line, in characters.
pub(crate) const TEXT_LIMIT: usize = 400;

/// Notes everything that is wrong with a document, and with the values where there are any.
pub(crate) fn check(document: &Document, values: Option<&Values>, problems: &mut Problems) {
    let root = At::root(Which::Document);
    let names = Names::of(document);
    if !names::check(&root, document, problems) {
        return;
    }
    texts::check(document, problems);
    whole::check(&root, document, problems);
    parts::check(&root, document, &names, problems);
    criteria::check(&root, document, &names, problems);
    rules::check(&root, document, &names, problems);
    if let Some(values) = values {
        values::check(document, values, &names, problems);
    }
}

/// Notes a line that is empty or too long.
fn line(at: &At<'_>, line: &str, most: usize, problems: &mut Problems) {
    if line.trim().is_empty() {
        problems.add(at, "it is empty", "write what belongs there");
    } else if line.chars().nth(most).is_some() {
        let count = line.chars().count();
        problems.add(at, format!("it has {count} characters; {most} are the most"), "shorten it");
    }
}

/// Notes each item of a list that stood in it before.
fn distinct<T: Ord>(at: &At<'_>, items: impl IntoIterator<Item = T>, problems: &mut Problems) {
    let mut seen = std::collections::BTreeSet::new();
    for (index, item) in items.into_iter().enumerate() {
        if !seen.insert(item) {
            problems.add(&at.index(index), "it stands twice in this list", "leave one of them out");
        }
    }
}

/// Notes each id of a list that stood in it before.
fn unique<'d>(at: &At<'_>, what: &str, ids: impl IntoIterator<Item = &'d str>, problems: &mut Problems) {
    let mut seen = std::collections::BTreeSet::new();
    for (index, id) in ids.into_iter().enumerate() {
        if !seen.insert(id) {
            let what = format!("{what} {} stands twice", quoted(id));
            problems.add(&at.index(index).name("id"), what, "give one of them another id");
        }
    }
}
