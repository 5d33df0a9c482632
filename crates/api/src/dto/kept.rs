//! What is kept, for how long and for whom: room on the disk, evidence that leaves, parts erased, a person's data.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::choices::*;

shapes! {
    /// Asking for room.
    struct RoomInput {
        /// For an assessment under which scheme.
        scheme_id: String,
    }
    /// Room for an assessment, in bytes.
    struct RoomView {
        /// What there is, where the machine says.
        #[ts(type = "number | null")]
        free_bytes: Option<u64>,
        /// What the scheme may need.
        #[ts(type = "number")]
        needed_bytes: u64,
        /// What is kept in evidence that may leave this laptop.
        #[ts(type = "number")]
        may_leave_bytes: u64,
        /// Whether it may be too little.
        is_too_little: bool,
    }
    /// Evidence that left this laptop.
    struct RetiredView {
        /// How many photos and files.
        items: u32,
        /// Their size.
        #[ts(type = "number")]
        bytes: u64,
    }
    /// Erasing parts of a session's records here.
    struct ErasePartsInput {
        /// Of which session.
        session_id: String,
        /// Which parts.
        parts: Vec<RecordPartView>,
        /// Why, without a name: it stays, and others read it.
        reason: String,
    }
    /// Writing down what is held about somebody.
    struct ExportPersonInput {
        /// About whom.
        person_id: String,
        /// Into which folder, in clear.
        folder: String,
    }
    /// What was written.
    struct ExportedView {
        /// Where it lies. Whoever has it can read it.
        path: String,
    }
}
