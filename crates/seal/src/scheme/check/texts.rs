//! Languages, wordings and lines.

use std::collections::BTreeSet;

use fieldproof_model::scheme::Review;

use super::{
    super::{
        document::{Document, Text},
        problem::{At, Problems, Which, quoted},
        walk::{Visit, walk},
    },
    TEXT_LIMIT, line,
};
use crate::token::SCHEME_LIMIT;

/// The most languages.
pub(crate) const LANGUAGE_LIMIT: usize = 40;

/// Checks the list of languages, and every text and line against it.
pub(super) fn check(document: &Document, problems: &mut Problems) {
    let root = At::root(Which::Document);
    let at = root.name("languages");
    let count = document.languages.len();
    if LANGUAGE_LIMIT < count {
        let what = format!("it has {count} languages; {LANGUAGE_LIMIT} are the most");
        problems.add(&at, what, "leave out those that are not needed");
        return;
    }
    let mut tags = BTreeSet::new();
    for (index, language) in document.languages.iter().enumerate() {
        let item = at.index(index);
        let tag = item.name("tag");
        if !is_tag(&language.tag) {
            problems.add(&tag, format!("{} is no language", quoted(&language.tag)), "write a tag like fi or pt-BR");
        }
        if !tags.insert(language.tag.as_str()) {
            problems.add(&tag, format!("language {} stands twice", quoted(&language.tag)), "leave one of them out");
        }
    }
    let originals = document.languages.iter().filter(|language| language.review.0 == Review::Original).count();
    if originals != 1 {
        let what = format!("{originals} languages are original");
        problems.add(&at, what, "mark exactly the one it was written in as original");
    }
    let original = document.languages.iter().find(|language| language.review.0 == Review::Original);
    let original = original.map(|language| language.tag.as_str());
    walk(document, &mut Texts { tags, original, problems });
    check_symbol(document, problems);
}

/// What stands in a certificate's symbol has to fit, in every language.
fn check_symbol(document: &Document, problems: &mut Problems) {
    let beside = document.version.len().saturating_add(document.unit.as_ref().map_or(0, String::len));
    for (tag, wording) in &document.short_title.0 {
        let length = wording.text.len().saturating_add(beside);
        if SCHEME_LIMIT < length {
            let at = At::root(Which::Document);
            let what = format!("with version and unit it takes {length} bytes of the symbol's {SCHEME_LIMIT}");
            problems.add(&at.name("short_title").name(tag), what, "write it shorter");
        }
    }
}

fn is_tag(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let is_main = |part: &str| (2..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_lowercase());
    let is_sub = |part: &str| (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    tag.len() <= 20 && parts.next().is_some_and(is_main) && parts.all(is_sub)
}

struct Texts<'d, 'p> {
    tags: BTreeSet<&'d str>,
    original: Option<&'d str>,
    problems: &'p mut Problems,
}

impl Visit for Texts<'_, '_> {
    fn text(&mut self, at: &At<'_>, text: &Text) {
        for tag in self.tags.iter().filter(|tag| !text.0.contains_key(**tag)) {
            self.problems.add(at, format!("it has no wording in language {}", quoted(tag)), "add the wording");
        }
        for (tag, wording) in &text.0 {
            let at = at.name(tag);
            if !self.tags.contains(tag.as_str()) {
                let what = format!("language {} is not in the list of languages", quoted(tag));
                self.problems.add(&at, what, "leave the wording out, or list the language");
            }
            line(&at, &wording.text, TEXT_LIMIT, self.problems);
            if wording.review == Some(Review::Original) && Some(tag.as_str()) != self.original {
                let remedy = "mark it reviewed or draft; only the language it was written in is original";
                self.problems.add(&at.name("review"), "a translation is marked as original", remedy);
            }
        }
    }

    fn line(&mut self, at: &At<'_>, text: &str) {
        line(at, text, TEXT_LIMIT, self.problems);
    }

    fn id(&mut self, _: &At<'_>, _: &str) {}
}
