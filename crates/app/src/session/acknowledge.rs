//! "I have seen this result": drawn, typed, or refused with a reason. A refusal never blocks.

use fieldproof_model::{id::SessionId, person::Name, session::Phase};
use fieldproof_seal::parts::{Acknowledged, Acknowledgement, AcknowledgementRole};

use crate::{
    App, Invalid, NotAllowed, Result,
    session::{SessionState, open_state, read_state, require_phase},
    words::checked_text,
};

/// The most strokes, and the most numbers in all of them together.
const DRAWING_LIMIT: (usize, usize) = (200, 20_000);

impl App {
    /// Takes the acknowledgement of the candidate or the second person.
    ///
    /// # Errors
    /// [`NotAllowed::NotConfirmed`] before the result is confirmed; [`Invalid`].
    pub fn acknowledge(&self, id: SessionId, role: AcknowledgementRole, how: Acknowledged) -> Result<SessionState> {
        let how = check(how)?;
        let unlocked = self.unlocked()?;
        let acknowledgement = Acknowledgement { role, how, at: self.now() };
        unlocked.store.write(|tx| {
            let state = open_state(tx, &unlocked, id)?;
            require_phase(&state, Phase::Acknowledgement, NotAllowed::NotConfirmed)?;
            if acknowledgement.role == AcknowledgementRole::SecondPerson && state.second_person.is_none() {
                return Err(Invalid::NobodyStandsBy.into());
            }
            tx.set_acknowledgement(id, &acknowledgement)?;
            read_state(tx, id)
        })
    }
}

fn check(how: Acknowledged) -> Result<Acknowledged> {
    Ok(match how {
        Acknowledged::Typed(name) => {
            Acknowledged::Typed(Name::parse(&name).map_err(Invalid::Name)?.as_str().to_owned())
        }
        Acknowledged::Refused(reason) => {
            Acknowledged::Refused(checked_text(&reason, 1_000).map_err(|_| Invalid::ReasonMissing)?)
        }
        Acknowledged::Drawn(strokes) => {
            let numbers: usize = strokes.iter().map(Vec::len).sum();
            let (most_strokes, most_numbers) = DRAWING_LIMIT;
            // A single dot is no drawing: four numbers are one short line.
            if numbers < 4 || most_strokes < strokes.len() || most_numbers < numbers {
                return Err(Invalid::Drawing.into());
            }
            Acknowledged::Drawn(strokes)
        }
    })
}
