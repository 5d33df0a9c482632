//! The shelf: what was refused or is missing at the register, who can mend it, and whose paper is out.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::choices::*;

shapes! {
    /// A record on the shelf.
    struct ShelvedView {
        /// The record's digest.
        record: String,
        /// Its session, where it is one of this laptop.
        session_id: Option<String>,
        /// Why it stands there.
        kind: ShelvedKind,
        /// The same, ready to show.
        reason: String,
        /// Who can mend it and how, ready to show.
        mend: String,
        /// Since when.
        #[ts(type = "number")]
        since: i64,
        /// When it was sealed, by its laptop's clock, where more is known than a paper.
        #[ts(type = "number | null")]
        sealed_at: Option<i64>,
        /// Whom it is about.
        holder: Option<String>,
        /// Their year of birth.
        birth_year: Option<u16>,
        /// How the holder is reached, where that is known here.
        contact: Option<String>,
        /// Who sealed it.
        assessor: Option<String>,
        /// Who taught the holder, ready to show, with how the trainer is reached.
        trainers: Vec<String>,
        /// Whether a paper is out.
        paper: PaperView,
        /// The short code on that paper.
        certificate: Option<String>,
        /// When it was printed, where that is known.
        #[ts(type = "number | null")]
        printed_at: Option<i64>,
        /// What the register knows its paper by, where a laptop told of it.
        token: Option<String>,
        /// Since when a coordinator says that the paper was taken back; nothing while it is out.
        #[ts(type = "number | null")]
        back_at: Option<i64>,
        /// Whether a further record corrects it.
        corrected: bool,
        /// Whether the institution can mend what spoke against it.
        mendable: bool,
        /// Whether offering it again from here may help.
        offerable: bool,
    }
    /// What became of a paper.
    struct PaperBackInput {
        /// Which.
        token: String,
        /// Whether it was taken back; else it is out after all.
        is_back: bool,
    }
    /// What a coordinator is shown.
    struct ShelfView {
        /// The records, the longest known first.
        rows: Vec<ShelvedView>,
        /// How many more there are.
        left_out: u32,
        /// How many cannot be read here.
        unreadable: u32,
    }
}
