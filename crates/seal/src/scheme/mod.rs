//! The signed scheme: the document of what is assessed, and the values its institution signs with it.
//!
//! The words of the format stand in `assets/schemes/README.md`; this reads format 1 of them.

mod build;
mod check;
mod document;
#[cfg(test)]
mod edge_tests;
mod place;
mod problem;
#[cfg(test)]
mod problem_tests;
#[cfg(test)]
mod schema_tests;
#[cfg(test)]
mod scheme_tests;
mod shape;
mod values;
mod walk;
mod words;

use fieldproof_model::{
    id::SchemeId,
    scheme::{Review, Scheme},
};
use serde::Deserialize;

pub use problem::{Problem, Which};

use self::{document::Document, problem::Problems, values::Values};
use crate::{
    cbor::{FormatError, Writer},
    envelope::{self, Kind, Purpose, Unverified},
    keys::SecretKey,
};

/// The largest scheme document and the largest values document, in bytes.
pub const DOCUMENT_LIMIT: usize = 512 * 1024;

/// Why a scheme document or its values cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SchemeError {
    /// The signed envelope.
    #[error(transparent)]
    Format(#[from] FormatError),
    /// What is wrong with the documents; never empty.
    #[error("{}", first_of(.0))]
    Problems(Vec<Problem>),
    /// The scheme does not exist in that language.
    #[error("the scheme has no language {wanted:?}; it has {}", .has.join(", "))]
    Language {
        /// The language asked for.
        wanted: String,
        /// Those it has.
        has: Vec<String>,
    },
}

fn first_of(problems: &[Problem]) -> String {
    let first = problems.first().map(Problem::to_string).unwrap_or_default();
    match problems.len().saturating_sub(1) {
        0 => first,
        1 => format!("{first} (and 1 more problem)"),
        more => format!("{first} (and {more} more problems)"),
    }
}

/// Lists everything that is wrong with a scheme document, and with its values where they are given.
///
/// What cannot be read is one problem and hides what stands behind it.
#[must_use]
pub fn check_scheme(document: &str, values: Option<&str>) -> Vec<Problem> {
    let mut problems = Problems::default();
    let read = shape::read::<Document>(Which::Document, document, &mut problems);
    let given = values.and_then(|values| shape::read::<Values>(Which::Values, values, &mut problems));
    if let Some(read) = read {
        check::check(&read, given.as_ref(), &mut problems);
    }
    problems.list(document, values)
}

/// Reads a scheme document with its institution's values, in one of its languages or else in the original one.
///
/// # Errors
/// [`SchemeError`] names everything that is wrong.
pub fn parse_scheme(document: &str, values: &str, language: Option<&str>) -> Result<Scheme, SchemeError> {
    let (read, given) = read(document, values)?;
    let has = || read.languages.iter().map(|language| language.tag.clone()).collect::<Vec<_>>();
    let language = match language {
        None => original(&read).to_owned(),
        Some(wanted) if has().iter().any(|tag| tag == wanted) => wanted.to_owned(),
        Some(wanted) => return Err(SchemeError::Language { wanted: wanted.to_owned(), has: has() }),
    };
    Ok(build::build(read, given, &language))
}

fn read(document: &str, values: &str) -> Result<(Document, Values), SchemeError> {
    let mut problems = Problems::default();
    let read = shape::read::<Document>(Which::Document, document, &mut problems);
    let given = shape::read::<Values>(Which::Values, values, &mut problems);
    if let Some(read) = &read {
        check::check(read, given.as_ref(), &mut problems);
    }
    match (read, given) {
        (Some(read), Some(given)) if problems.is_empty() => Ok((read, given)),
        _ => Err(SchemeError::Problems(problems.list(document, Some(values)))),
    }
}

fn original(document: &Document) -> &str {
    let original = document.languages.iter().find(|language| language.review.0 == Review::Original);
    original.map_or("", |language| &language.tag)
}

/// Signs a scheme document with its values, both exactly as given.
///
/// # Errors
/// [`SchemeError`] when they do not fit together.
pub fn sign_scheme(
    document: &str,
    values: &str,
    purpose: Purpose,
    issuing: &SecretKey,
) -> Result<Vec<u8>, SchemeError> {
    let (read, _) = read(document, values)?;
    let fields = Writer::default().with(2, document).with(3, values).with(4, original(&read));
    Ok(envelope::sign(Kind::Scheme, purpose, fields, issuing))
}

/// Reads only the identifier of a signed scheme, so that schemes of later formats can still be told apart.
///
/// # Errors
/// [`FormatError`] of the envelope; the identifier is `None` when the document does not hold one.
pub fn parse_scheme_id(signed: &[u8]) -> Result<(Option<SchemeId>, Unverified), FormatError> {
    #[derive(Deserialize)]
    struct Identity {
        id: String,
    }
    let unverified = Unverified::parse_kind(signed, Kind::Scheme)?;
    let mut fields = unverified.unverified_fields()?;
    let (document, _, _) = (fields.text(2)?, fields.text(3)?, fields.text(4)?);
    let id = serde_json::from_str(&document).ok().and_then(|identity: Identity| SchemeId::parse(&identity.id).ok());
    Ok((id, unverified))
}

/// Reads a signed scheme without believing it, in one of its languages or else in the original one.
///
/// # Errors
/// [`SchemeError`].
pub fn parse_signed_scheme(signed: &[u8], language: Option<&str>) -> Result<(Scheme, Unverified), SchemeError> {
    let unverified = Unverified::parse_kind(signed, Kind::Scheme)?;
    let mut fields = unverified.unverified_fields()?;
    let scheme = parse_scheme(&fields.text(2)?, &fields.text(3)?, language)?;
    fields.text(4)?;
    Ok((scheme, unverified))
}
