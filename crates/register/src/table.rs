//! The tables, a file each: every statement of the register stands below.
//!
//! Functions take a [`Transaction`]: whoever has none cannot write half of something.

pub(crate) mod bundles;
pub(crate) mod chain_entries;
pub(crate) mod delegations;
pub(crate) mod enrolment;
pub(crate) mod epochs;
pub(crate) mod feed;
pub(crate) mod installations;
pub(crate) mod institution;
pub(crate) mod papers;
pub(crate) mod receipts;
pub(crate) mod records;
pub(crate) mod refusals;
pub(crate) mod snapshots;

pub(crate) use crate::database::Transaction;
