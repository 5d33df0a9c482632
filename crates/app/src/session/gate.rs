//! The gate: filled in bit by bit, kept as it stands; the exercise begins when nothing is missing.

use fieldproof_model::{gate::Gate, id::SessionId, observation::Observed, session::Phase};

use crate::{
    App, NotAllowed, Result,
    session::{SessionState, observe::append, open_state, read_state, require_phase},
    words::checked_optional_text,
};

impl App {
    /// Keeps the gate as filled in so far.
    ///
    /// # Errors
    /// [`NotAllowed::Begun`] once the exercise has begun; [`crate::Invalid`] for texts that are too long.
    pub fn save_gate(&self, id: SessionId, gate: &Gate) -> Result<SessionState> {
        for text in [&gate.instrument_serial, &gate.object_id, &gate.risk_assessment] {
            checked_optional_text(text, 200)?;
        }
        let unlocked = self.unlocked()?;
        unlocked.store.write(|tx| {
            let state = open_state(tx, &unlocked, id)?;
            require_phase(&state, Phase::Gate, NotAllowed::Begun)?;
            tx.set_gate(id, gate)?;
            read_state(tx, id)
        })
    }

    /// Begins the exercise.
    ///
    /// # Errors
    /// [`NotAllowed::Gate`] while anything is missing.
    pub fn start_exercise(&self, id: SessionId) -> Result<SessionState> {
        let unlocked = self.unlocked()?;
        let now = self.now();
        unlocked.store.write(|tx| {
            let state = open_state(tx, &unlocked, id)?;
            require_phase(&state, Phase::Gate, NotAllowed::Begun)?;
            if !state.missing(now.date()).is_empty() {
                return Err(NotAllowed::Gate.into());
            }
            append(tx, &state, (now, now), Observed::Started)?;
            read_state(tx, id)
        })
    }
}
