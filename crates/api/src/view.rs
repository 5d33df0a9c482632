//! From the domain's types to the screen's shapes.

pub(crate) mod gate;
pub(crate) mod home;
pub(crate) mod kept;
mod log;
pub(crate) mod practice;
pub(crate) mod scheme;
pub(crate) mod session;
pub(crate) mod verdict;

use fieldproof_app::session::{Place, Sealed, SessionState};
use fieldproof_model::{decision::Outcome, observation::Score, session::Phase};
use fieldproof_seal::{receipt::Receipt, record::Record};
use fieldproof_store::table::people::PersonRow;

use crate::dto::*;

pub(crate) fn person(row: &PersonRow) -> PersonView {
    PersonView {
        id: row.person.id.to_string(),
        name: row.person.name.as_str().to_owned(),
        birth_year: row.person.birth_year,
        on_roster: row.is_on_roster,
    }
}

pub(crate) const fn score(score: Score) -> ScoreView {
    match score {
        Score::Unaided => ScoreView::Unaided,
        Score::Prompted => ScoreView::Prompted,
        Score::NotDone => ScoreView::NotDone,
        Score::Dangerous => ScoreView::Dangerous,
        Score::NotSeen => ScoreView::NotSeen,
        Score::NotApplicable => ScoreView::NotApplicable,
    }
}

pub(crate) const fn result(outcome: Outcome) -> ResultView {
    match outcome {
        Outcome::Pass => ResultView::Pass,
        Outcome::Fail => ResultView::Fail,
        Outcome::Open => ResultView::Open,
        Outcome::NotCompleted => ResultView::NotCompleted,
    }
}

pub(crate) fn phase(state: &SessionState) -> PhaseView {
    if state.sealed.is_some() {
        return PhaseView::Sealed;
    }
    if state.row.abandoned_at.is_some() {
        return PhaseView::Abandoned;
    }
    match state.session.phase {
        Phase::Gate => PhaseView::Gate,
        Phase::Exercise => PhaseView::Exercise,
        Phase::Stopped => PhaseView::Stopped,
        Phase::Decision => PhaseView::Decision,
        Phase::Acknowledgement => PhaseView::Acknowledgement,
    }
}

/// Where a record is, with its number and time in the register and a sentence about it.
pub(crate) struct PlaceFacts {
    pub(crate) place: PlaceView,
    pub(crate) note: Option<String>,
    pub(crate) number: Option<u32>,
    pub(crate) at: Option<i64>,
}

pub(crate) fn place(sealed: &Sealed) -> PlaceFacts {
    let (view, note, receipt) = match &sealed.place {
        Place::OnThisLaptop => {
            (PlaceView::OnThisLaptop, Some("Not in the register yet. Kept on this laptop.".to_owned()), None)
        }
        Place::Held(receipt) => (PlaceView::Held, Some(lacks(&sealed.record, receipt)), Some(receipt)),
        Place::InRegister(receipt) => (PlaceView::InRegister, None, Some(receipt)),
        Place::LostThere(_) => {
            let note = "The register signed for it before it was restored. Kept on this laptop; it goes back with the next \
                        sending.";
            (PlaceView::OnThisLaptop, Some(note.to_owned()), None)
        }
        Place::EvidenceLostThere { receipt, here: 0, gone } => {
            let note = format!(
                "The register has the record again. Photos or files of it were lost there and are no longer on this \
                 laptop: {gone}. Tell the coordinator."
            );
            (PlaceView::InRegister, Some(note), Some(receipt))
        }
        Place::EvidenceLostThere { .. } => {
            let note = "The register has the record again and waits for its photos, which go with the next sending.";
            (PlaceView::Held, Some(note.to_owned()), None)
        }
        Place::Refused(refusal) => {
            let note = format!(
                "The register refused it: {}. It stays here; ask the coordinator.",
                crate::error::refusal(refusal.reason)
            );
            (PlaceView::Refused, Some(note), None)
        }
    };
    PlaceFacts {
        place: view,
        note,
        number: receipt.map(|receipt| receipt.log_index),
        at: receipt.map(|receipt| receipt.received_at.as_millis()),
    }
}

/// What the register waits for.
fn lacks(record: &Record, receipt: &Receipt) -> String {
    let missing: Vec<_> = record.evidence.iter().filter(|item| !receipt.evidence.contains(item)).collect();
    let bytes = missing.iter().fold(0_u64, |sum, (_, size)| sum.saturating_add(*size));
    format!(
        "The register has the record and waits for {} of {} photos and files ({}). They are kept on this laptop.",
        missing.len(),
        record.evidence.len(),
        megabytes(bytes)
    )
}

/// Bytes as people read them.
pub(crate) fn megabytes(bytes: u64) -> String {
    let tenths = bytes.div_ceil(100_000);
    format!("{}.{} MB", tenths.div_euclid(10), tenths.rem_euclid(10))
}

pub(crate) const fn document(has_token: bool) -> DocumentView {
    if has_token { DocumentView::Certificate } else { DocumentView::ResultSheet }
}
