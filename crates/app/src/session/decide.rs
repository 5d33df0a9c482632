//! Confirming the computed result, or flagging it borderline.

use fieldproof_model::{id::SessionId, observation::Observed};

use crate::{App, Invalid, Result, session::SessionState};

impl App {
    /// Confirms the result as computed; `borderline` asks the institution to look at it, with a note.
    ///
    /// # Errors
    /// [`crate::NotAllowed::NotOver`]; [`Invalid::ReasonMissing`] for a borderline flag without a note;
    /// [`Invalid::FeedbackMissing`] for "not passed" without a word to the candidate.
    pub fn confirm_decision(&self, id: SessionId, borderline: bool, note: &str) -> Result<SessionState> {
        let is_empty = note.trim().is_empty();
        if borderline && is_empty {
            return Err(Invalid::ReasonMissing.into());
        }
        if is_empty && self.session(id)?.decision.outcome.needs_feedback() {
            return Err(Invalid::FeedbackMissing.into());
        }
        self.observe(id, Observed::Confirmed { borderline, note: note.trim().to_owned() }, 0)
    }
}
