//! From a path through a document to the line it stands on.

use jsonc_parser::{ParseOptions, ast::Value, common::Ranged, parse_to_ast};

use super::problem::Segment;

/// A line and a character of it, both counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) line: usize,
    pub(crate) column: usize,
}

impl Default for Place {
    fn default() -> Self {
        Self { line: 1, column: 1 }
    }
}

/// JSON and nothing beside it.
const STRICT: ParseOptions = ParseOptions {
    allow_comments: false,
    allow_loose_object_property_names: false,
    allow_trailing_commas: false,
    allow_missing_commas: false,
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

/// A document that was read before, with where everything in it stands.
pub(crate) struct Places<'a> {
    text: &'a str,
    tree: Option<Value<'a>>,
}

impl<'a> Places<'a> {
    /// Looks through a document.
    pub(crate) fn of(text: &'a str) -> Self {
        let tree = parse_to_ast(text, &jsonc_parser::CollectOptions::default(), &STRICT);
        Self { text, tree: tree.ok().and_then(|result| result.value) }
    }

    /// Where a path leads, or as far as it leads: what is missing stands nowhere.
    pub(crate) fn find(&self, path: &[Segment]) -> Option<Place> {
        let mut value = self.tree.as_ref()?;
        let mut start = value.start();
        for segment in path {
            let next = match (segment, value) {
                (Segment::Index(index), Value::Array(array)) => {
                    array.elements.get(*index).map(|item| (item.start(), item))
                }
                (Segment::Name(name), Value::Object(object)) => {
                    object.get(name).map(|property| (property.start(), &property.value))
                }
                _ => None,
            };
            let Some((at, inside)) = next else {
                break;
            };
            (start, value) = (at, inside);
        }
        Some(self.place(start))
    }

    fn place(&self, offset: usize) -> Place {
        let before = self.text.get(..offset).unwrap_or(self.text);
        let line = before.bytes().filter(|byte| *byte == b'\n').count().saturating_add(1);
        let column = before.chars().rev().take_while(|c| *c != '\n').count().saturating_add(1);
        Place { line, column }
    }
}
