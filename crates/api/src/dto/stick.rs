//! A bundle to be carried on a stick, and the answers that come back.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::choices::*;

shapes! {
    /// What could be carried now.
    struct StickView {
        /// Records that are neither in the register nor refused.
        records: u32,
        /// Their photos and files.
        files: u32,
        /// About how many bytes that is.
        #[ts(type = "number")]
        bytes: u64,
        /// Records that stay here until their key is delegated.
        waiting: u32,
        /// Whether the institution can be encrypted to.
        has_key: bool,
        /// Folders to write to: sticks first.
        places: Vec<String>,
        /// The largest answers file that is read here, in bytes.
        #[ts(type = "number")]
        answers_limit: u64,
    }
    /// A record that is not in the file, or not whole.
    struct LeftOutView {
        /// Its session.
        session_id: String,
        /// Who was assessed; empty when another assessor's.
        candidate: String,
        /// Why.
        message: String,
        /// What can be done.
        next: String,
    }
    /// A bundle that was written.
    struct BundleView {
        /// Where it lies.
        path: String,
        /// Its size.
        #[ts(type = "number")]
        bytes: u64,
        /// Records in it.
        records: u32,
        /// Photos and files in it.
        files: u32,
        /// What is not in it.
        left_out: Vec<LeftOutView>,
        /// Whether more is left for another file.
        is_full: bool,
    }
    /// A file that somebody may carry.
    struct FoundBundleView {
        /// Where it lies.
        path: String,
        /// Its size.
        #[ts(type = "number")]
        bytes: u64,
        /// Whether answers lie beside it.
        has_answers: bool,
    }
    /// The files that a coordinator's laptop can carry.
    struct FoundBundlesView {
        /// On sticks and in the documents folder.
        bundles: Vec<FoundBundleView>,
    }
    /// Carries a file to the register.
    struct CarryBundleInput {
        /// The file.
        path: String,
    }
    /// What became of it.
    struct CarriedView {
        /// The file with the answers.
        answers: String,
        /// Whether the register could read what was carried to its end.
        was_whole: bool,
    }
    /// What the register said about one record.
    struct RecordAnswerView {
        /// Its session.
        session_id: String,
        /// Who was assessed.
        candidate: String,
        /// What became of it.
        what: RecordAnswerChoice,
        /// The same in words.
        text: String,
    }
    /// What a file of answers brought.
    struct AnswersView {
        /// The records of this laptop that it is about.
        records: Vec<RecordAnswerView>,
        /// Answers about nothing of this laptop.
        ignored: u32,
        /// What else somebody has to look at, ready to show.
        remarks: Vec<String>,
    }
}
