//! Confirming the computed result, or flagging it borderline.

use fieldproof_model::{id::SessionId, observation::Observed};

use crate::{App, Result, session::SessionState};

impl App {
    /// Confirms the result as computed; `borderline` asks the institution to look at it, with a note.
    ///
    /// # Errors
    /// [`crate::NotAllowed::NotOver`]; [`crate::Invalid::ReasonMissing`] for a borderline flag without a note;
    /// [`crate::Invalid::FeedbackMissing`] for "not passed" without a word to the candidate.
    pub fn confirm_decision(&self, id: SessionId, borderline: bool, note: &str) -> Result<SessionState> {
        self.observe(id, Observed::Confirmed { borderline, note: note.trim().to_owned() }, 0)
    }
}
