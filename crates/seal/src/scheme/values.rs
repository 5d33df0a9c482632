//! The values document as it stands on disk: shapes and nothing else.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor, value::MapAccessDeserializer},
};

use super::document::{Keyed, SchemeIdText, TermDocument, nullable, objects};

objects! {
    Values PartValuesDocument LimitsDocument
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub(crate) struct Values {
    /// Looked at before anything else, where the document is read.
    #[serde(rename = "format")]
    _format: u32,
    pub(crate) scheme: SchemeIdText,
    pub(crate) scheme_version: String,
    pub(crate) set_by: String,
    pub(crate) awarder: String,
    pub(crate) validator: String,
    pub(crate) issuer_region: String,
    pub(crate) critical: Vec<String>,
    pub(crate) critical_needs_unaided: bool,
    pub(crate) ends_exercise: Vec<String>,
    pub(crate) parts: Keyed<PartValuesDocument>,
    pub(crate) total_minimum: u32,
    pub(crate) borderline_band: u32,
    pub(crate) second_opinion: bool,
    #[serde(deserialize_with = "nullable")]
    pub(crate) attempts: Option<u32>,
    pub(crate) waits: Keyed<u32>,
    pub(crate) met_from: Keyed<u32>,
    pub(crate) limits: Keyed<LimitsDocument>,
    #[serde(deserialize_with = "nullable")]
    pub(crate) term: Option<TermDocument>,
    pub(crate) confirm_by_days: u32,
    #[serde(deserialize_with = "nullable")]
    pub(crate) retention_days: Option<u32>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub(crate) struct PartValuesDocument {
    pub(crate) weight: u32,
    pub(crate) minimum: u32,
    #[serde(deserialize_with = "nullable")]
    pub(crate) time_limit_seconds: Option<u32>,
    #[serde(deserialize_with = "nullable")]
    pub(crate) within_days: Option<u32>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub(crate) struct LimitsDocument {
    #[serde(deserialize_with = "nullable")]
    pub(crate) min: Option<i64>,
    #[serde(deserialize_with = "nullable")]
    pub(crate) max: Option<i64>,
}
