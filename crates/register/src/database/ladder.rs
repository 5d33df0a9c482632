//! The ladder of migrations: each step once in the words of each engine, with the same tables in the same columns. A
//! shipped migration is never edited.

/// A step.
pub(super) struct Step {
    /// The version it leads to.
    pub(super) version: i64,
    pub(super) sqlite: &'static str,
    pub(super) postgres: &'static str,
}

macro_rules! step {
    ($version:literal, $name:literal) => {
        Step {
            version: $version,
            sqlite: include_str!(concat!("../../../../migrations/register-sqlite/", $name)),
            postgres: include_str!(concat!("../../../../migrations/register-postgres/", $name)),
        }
    };
}

/// Every step, from the first.
pub(super) const STEPS: &[Step] = &[
    step!(1, "0001_first.sql"),
    step!(2, "0002_delegations.sql"),
    step!(3, "0003_installations.sql"),
    step!(4, "0004_enrolment.sql"),
    step!(5, "0005_bundles.sql"),
    step!(6, "0006_epochs.sql"),
    step!(8, "0008_shelf.sql"),
    step!(9, "0009_papers.sql"),
    step!(10, "0010_feed.sql"),
    step!(11, "0011_papers_back.sql"),
    step!(12, "0012_corrections.sql"),
];

/// The newest version known here.
pub(super) fn newest() -> i64 {
    STEPS.last().map_or(0, |step| step.version)
}
