//! The signed scheme: the document of what is assessed, and the values its institution signs with it.

use std::collections::BTreeSet;

use fieldproof_model::{
    id::SchemeId,
    scheme::{Criterion, CriterionId, CriterionKind, InstitutionValues, Scheme, Step, Task, Wait},
};
use serde::Deserialize;

use crate::{
    cbor::{FormatError, Writer},
    envelope::{self, Kind, Purpose, Unverified},
    keys::SecretKey,
};

/// The largest scheme document and the largest document of values, in bytes.
pub const DOCUMENT_LIMIT: usize = 512 * 1024;

/// Why a scheme document or its values cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SchemeError {
    /// The signed envelope.
    #[error(transparent)]
    Format(#[from] FormatError),
    /// Larger than [`DOCUMENT_LIMIT`].
    #[error("the {0} is larger than {DOCUMENT_LIMIT} bytes")]
    TooLarge(&'static str),
    /// Not JSON of the expected shape; says line and column.
    #[error("the {0} cannot be read: {1}")]
    Json(&'static str, #[source] serde_json::Error),
    /// A format number this version does not know.
    #[error("the {0} has format {1}; this version reads format 0")]
    Version(&'static str, u32),
    /// The identifier is not 32 hexadecimal digits.
    #[error("the scheme's id is not 32 hexadecimal digits")]
    Id,
    /// Two criteria of one name.
    #[error("criterion {0} stands twice")]
    Twice(String),
    /// A criterion names an outcome that is not listed.
    #[error("criterion {0} names outcome {1}, which is not listed")]
    UnknownOutcome(String, String),
    /// A name that is no criterion of the scheme.
    #[error("{0} names criterion {1}, which the scheme does not have")]
    UnknownCriterion(&'static str, String),
    /// The proof is not exactly the one criterion of kind proof.
    #[error("exactly one criterion is of kind proof, and \"proof\" names it")]
    Proof,
    /// The values belong to another scheme or version.
    #[error("the values are for another scheme or version")]
    OtherScheme,
    /// A share above the whole.
    #[error("the minimum share is at most 10000 basis points")]
    Share,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    format: u32,
    id: String,
    version: String,
    language: String,
    title: String,
    scope: String,
    outcomes: Vec<OutcomeDocument>,
    tasks: Vec<TaskDocument>,
    wait: Option<WaitDocument>,
    proof: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OutcomeDocument {
    id: String,
    text: String,
    #[serde(rename = "source")]
    _source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TaskDocument {
    id: String,
    title: String,
    steps: Vec<StepDocument>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StepDocument {
    id: String,
    title: String,
    note: Option<String>,
    criteria: Vec<CriterionDocument>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CriterionDocument {
    id: String,
    text: String,
    outcome: String,
    kind: KindDocument,
    source: String,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum KindDocument {
    Observed,
    Proof,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WaitDocument {
    after: String,
    before: String,
    label: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ValuesDocument {
    format: u32,
    scheme: String,
    scheme_version: String,
    set_by: String,
    critical: Vec<String>,
    critical_needs_unaided: bool,
    minimum_met_basis_points: u32,
    wait_seconds: u32,
    validity_days: Option<u32>,
    confirm_by_days: u32,
}

fn read<'a, T: Deserialize<'a>>(text: &'a str, what: &'static str) -> Result<T, SchemeError> {
    if DOCUMENT_LIMIT < text.len() {
        return Err(SchemeError::TooLarge(what));
    }
    serde_json::from_str(text).map_err(|error| SchemeError::Json(what, error))
}

/// Reads a scheme document with its institution's values.
///
/// # Errors
/// [`SchemeError`] names the first thing that is wrong.
pub fn parse_scheme(document: &str, values: &str) -> Result<Scheme, SchemeError> {
    let document: Document = read(document, "scheme document")?;
    let values: ValuesDocument = read(values, "document of values")?;
    for (what, format) in [("scheme document", document.format), ("document of values", values.format)] {
        if format != 0 {
            return Err(SchemeError::Version(what, format));
        }
    }
    if values.scheme != document.id || values.scheme_version != document.version {
        return Err(SchemeError::OtherScheme);
    }
    check(&document, &values)?;
    build(document, values)
}

fn criteria(document: &Document) -> impl Iterator<Item = &CriterionDocument> {
    document.tasks.iter().flat_map(|task| &task.steps).flat_map(|step| &step.criteria)
}

fn check(document: &Document, values: &ValuesDocument) -> Result<(), SchemeError> {
    let mut known = BTreeSet::new();
    for criterion in criteria(document) {
        if !known.insert(criterion.id.as_str()) {
            return Err(SchemeError::Twice(criterion.id.clone()));
        }
        if !document.outcomes.iter().any(|outcome| outcome.id == criterion.outcome) {
            return Err(SchemeError::UnknownOutcome(criterion.id.clone(), criterion.outcome.clone()));
        }
    }
    let wait = document.wait.iter().flat_map(|wait| [("the wait", &wait.after), ("the wait", &wait.before)]);
    let critical = values.critical.iter().map(|id| ("the list of critical criteria", id));
    for (what, id) in wait.chain(critical) {
        if !known.contains(id.as_str()) {
            return Err(SchemeError::UnknownCriterion(what, id.clone()));
        }
    }
    let proofs: Vec<_> = criteria(document).filter(|c| matches!(c.kind, KindDocument::Proof)).collect();
    let named = document.proof.as_deref();
    if 1 < proofs.len() || proofs.first().map(|criterion| criterion.id.as_str()) != named {
        return Err(SchemeError::Proof);
    }
    // The wait ends where proving dead begins.
    if document.wait.as_ref().is_some_and(|wait| Some(wait.before.as_str()) != named) {
        return Err(SchemeError::Proof);
    }
    if 10_000 < values.minimum_met_basis_points {
        return Err(SchemeError::Share);
    }
    Ok(())
}

fn build(document: Document, values: ValuesDocument) -> Result<Scheme, SchemeError> {
    let Document { outcomes, tasks, .. } = document;
    let criterion = |c: CriterionDocument| Criterion {
        outcome: outcomes.iter().find(|o| o.id == c.outcome).map_or(c.outcome.clone(), |o| o.text.clone()),
        id: CriterionId::new(c.id),
        text: c.text,
        kind: match c.kind {
            KindDocument::Observed => CriterionKind::Observed,
            KindDocument::Proof => CriterionKind::Proof,
        },
        source: c.source,
    };
    let step = |s: StepDocument| Step {
        id: s.id,
        title: s.title,
        note: s.note,
        criteria: s.criteria.into_iter().map(criterion).collect(),
    };
    let task = |t: TaskDocument| Task { id: t.id, title: t.title, steps: t.steps.into_iter().map(step).collect() };
    Ok(Scheme {
        id: SchemeId::parse(&document.id).map_err(|_| SchemeError::Id)?,
        version: document.version,
        title: document.title,
        scope: document.scope,
        tasks: tasks.into_iter().map(task).collect(),
        wait: document.wait.map(|wait| Wait { after: CriterionId::new(wait.after), label: wait.label }),
        values: InstitutionValues {
            set_by: values.set_by,
            critical: values.critical.into_iter().map(CriterionId::new).collect(),
            critical_needs_unaided: values.critical_needs_unaided,
            minimum_met_basis_points: values.minimum_met_basis_points,
            wait_seconds: values.wait_seconds,
            validity_days: values.validity_days,
            confirm_by_days: values.confirm_by_days,
        },
    })
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
    parse_scheme(document, values)?;
    let language = read::<Document>(document, "scheme document")?.language;
    let fields = Writer::default().with(2, document).with(3, values).with(4, language);
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
    let document = unverified.unverified_fields()?.text(2)?;
    let id = serde_json::from_str(&document).ok().and_then(|identity: Identity| SchemeId::parse(&identity.id).ok());
    Ok((id, unverified))
}

/// Reads a signed scheme without believing it.
///
/// # Errors
/// [`SchemeError`].
pub fn parse_signed_scheme(signed: &[u8]) -> Result<(Scheme, Unverified), SchemeError> {
    let unverified = Unverified::parse_kind(signed, Kind::Scheme)?;
    let mut fields = unverified.unverified_fields()?;
    let scheme = parse_scheme(&fields.text(2)?, &fields.text(3)?)?;
    fields.text(4)?;
    Ok((scheme, unverified))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str = include_str!("../../../assets/schemes/hv-isolation.json");
    const VALUES: &str = include_str!("../../../assets/schemes/demonstration-values.json");

    #[test]
    fn the_built_in_scheme_holds_what_it_promises() {
        let scheme = parse_scheme(DOCUMENT, VALUES).unwrap();
        assert_eq!(scheme.tasks.len(), 6);
        assert!(25 <= scheme.criteria().count(), "at least 25 criteria");
        assert!(scheme.criteria().all(|(_, c)| !c.source.is_empty() && !c.outcome.is_empty()));
        assert!(
            !DOCUMENT.to_lowercase().contains("short-circuit"),
            "earthing and short-circuiting is no built-in step"
        );
        assert!(scheme.values.set_by.contains("demonstration"));
    }

    #[test]
    fn what_does_not_fit_is_named() {
        let table: [(&str, &str, &str); 7] = [
            ("\"format\": 0", "\"format\": 9", "format 9"),
            ("\"proof\": \"T4.2.a\"", "\"proof\": \"T4.2.b\"", "kind proof"),
            ("\"after\": \"T3.1.b\"", "\"after\": \"T9\"", "T9"),
            ("\"outcome\": \"O1\"", "\"outcome\": \"O77\"", "O77"),
            ("\"id\": \"T1.1.b\"", "\"id\": \"T1.1.a\"", "T1.1.a stands twice"),
            ("\"version\": \"1\"", "\"version\": \"2\"", "another scheme or version"),
            ("\"title\"", "\"titel\"", "line"),
        ];
        for (from, to, named) in table {
            assert!(DOCUMENT.contains(from), "the case {from} touches the document");
            let error = parse_scheme(&DOCUMENT.replacen(from, to, 1), VALUES).unwrap_err().to_string();
            assert!(error.contains(named), "{from} → {to}: {error}");
        }
        let error = parse_scheme(DOCUMENT, &VALUES.replace("8000", "10001")).unwrap_err().to_string();
        assert!(error.contains("10000"), "{error}");
        assert!(parse_scheme(&" ".repeat(DOCUMENT_LIMIT + 1), VALUES).is_err());
    }
}
