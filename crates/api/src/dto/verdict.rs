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
        /// How it looks as a whole.
        tone: ToneView,
        /// The verdict in a word or three.
        headline: String,
        /// That it is practice or demonstration, when it is.
        banner: Option<String>,
        /// Genuine as issued?
        genuine: CheckLine,
        /// In force now?
        in_force: CheckLine,
        /// What it says.
        facts: Vec<FactView>,
        /// Every check.
        checks: Vec<CheckLine>,
        /// Which lists were at hand, and how old they are.
        lists: Vec<String>,
    }
}
