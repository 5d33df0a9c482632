//! Correcting a sealed record: a further one that names it and says why. Both stay, and both are sent.

use fieldproof_model::id::SessionId;

use crate::{
    App, Invalid, NotAllowed, Result,
    people::checked_person,
    session::{Place, SessionState, own_state, read_state, require_whole, seal::append_record},
    words::checked_text,
};

/// What was sealed wrongly about the candidate. What was seen and decided is no matter of correction: for that there
/// is a further session, or the institution's moderation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// The name as it should be.
    pub name: String,
    /// The year of birth as it should be.
    pub birth_year: Option<u16>,
    /// Why, as it stands in the new record.
    pub reason: String,
}

impl App {
    /// Seals a further record of the session, with the candidate's name and year of birth as they should be; for one that
    /// was refused they may be as they were.
    ///
    /// # Errors
    /// [`NotAllowed::NotSealed`], [`NotAllowed::Erased`]; [`Invalid::ReasonMissing`], [`Invalid::NothingCorrected`]; as [`App::add_person`].
    pub fn correct_record(&self, id: SessionId, correction: &Correction) -> Result<SessionState> {
        let unlocked = self.unlocked()?;
        let reason = checked_text(&correction.reason, 1_000).map_err(|_| Invalid::ReasonMissing)?;
        let (now, salts) = (self.now(), self.salts());
        let corrected = unlocked.store.write(|tx| {
            let mut state = own_state(tx, &unlocked, id)?;
            require_whole(&state)?;
            let corrected = state.sealed.take().ok_or(NotAllowed::NotSealed)?;
            let sealed = &state.candidate.person;
            let person = checked_person(sealed.id, &correction.name, correction.birth_year, now.date())?;
            // What was refused is sealed anew at a place of its own, whether or not anything in it was wrong.
            if person == *sealed && !matches!(corrected.place, Place::Refused(_)) {
                return Err(Invalid::NothingCorrected.into());
            }
            tx.correct_person(&person)?;
            state.candidate.person = person;
            state.corrected.push(corrected.clone());
            append_record(tx, &unlocked, &state, (now, &salts), Some((&corrected, &reason)))?;
            read_state(tx, id)
        });
        self.host.ring();
        corrected
    }
}
