//! A verdict.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::choices::*;

shapes! {
    /// A label with its value.
    struct FactView {
        /// The label.
        label: String,
        /// The value.
        value: String,
    }
    /// A check of a verdict.
    struct CheckLine {
        /// What was asked.
        name: String,
        /// The answer.
        answer: AnswerView,
        /// Why.
        because: String,
    }
    /// A verdict.
    struct VerdictView {
        /// What it is about.
        what: String,
        /// Whether it is for demonstration only.
        demonstration: bool,
        /// Genuine as issued?
        genuine: AnswerView,
        /// Why.
        genuine_because: String,
        /// In force now?
        in_force: AnswerView,
        /// Why.
        in_force_because: String,
        /// Only when both are yes.
        green: bool,
        /// What it says.
        facts: Vec<FactView>,
        /// Every check.
        checks: Vec<CheckLine>,
    }
}
