//! The gate: filled in bit by bit, kept as it stands; the exercise begins when nothing is missing.

use fieldproof_model::{
    decision::Outcome,
    gate::{Gate, blocks},
    id::SessionId,
    observation::Observed,
    session::Phase,
};
use fieldproof_seal::record::{Record, RecordFile};
use fieldproof_store::ReadTx;

use crate::{
    App, Invalid, NotAllowed, Result, retention,
    session::{SessionState, observe::append, open_state, photo::keep_photo, read_state, require_phase, team},
    words::checked_optional_text,
};

impl App {
    /// Keeps the gate as filled in so far. Pictures of credentials stay as they are.
    ///
    /// # Errors
    /// [`NotAllowed::Begun`] once the exercise has begun; [`crate::Invalid`] for texts that are too long.
    pub fn save_gate(&self, id: SessionId, gate: &Gate) -> Result<SessionState> {
        for text in texts(gate) {
            checked_optional_text(text, 400)?;
        }
        let unlocked = self.unlocked()?;
        unlocked.store.write(|tx| {
            let state = open_state(tx, &unlocked, id)?;
            require_phase(&state, Phase::Gate, NotAllowed::Begun)?;
            let mut gate = gate.clone();
            for shown in gate.prerequisites.values_mut() {
                shown.photo = None;
            }
            for (prerequisite, kept) in state.row.gate.prerequisites.iter().filter(|(_, kept)| kept.photo.is_some()) {
                gate.prerequisites.entry(prerequisite.clone()).or_default().photo = kept.photo;
            }
            tx.set_gate(id, &gate)?;
            read_state(tx, id)
        })
    }

    /// Attaches a picture of a credential the candidate shows.
    ///
    /// # Errors
    /// [`crate::Error::PhotoTooLarge`], [`crate::Error::PhotoUnreadable`], [`NotAllowed::Begun`].
    pub fn attach_credential(&self, id: SessionId, prerequisite: &str, bytes: &[u8]) -> Result<SessionState> {
        let unlocked = self.unlocked()?;
        let photo = keep_photo(&unlocked, bytes)?;
        unlocked.store.write(|tx| {
            let state = open_state(tx, &unlocked, id)?;
            require_phase(&state, Phase::Gate, NotAllowed::Begun)?;
            let asked = state.scheme.gate.prerequisites.iter().any(|rule| rule.id == prerequisite);
            if !asked {
                return Err(Invalid::Malformed.into());
            }
            retention::name(tx, &unlocked.store, photo.digest)?;
            let mut gate = state.row.gate;
            gate.prerequisites.entry(prerequisite.to_owned()).or_default().photo = Some(photo);
            tx.set_gate(id, &gate)?;
            read_state(tx, id)
        })
    }

    /// Begins the exercise. In a team, whoever begins while the other works stands by until the two swap.
    ///
    /// # Errors
    /// [`NotAllowed::Gate`] while anything is missing that holds the start up.
    pub fn start_exercise(&self, id: SessionId) -> Result<SessionState> {
        let unlocked = self.unlocked()?;
        let at = self.moment();
        self.direct.tapped(self.host.elapsed());
        unlocked.store.write(|tx| {
            let mut state = open_state(tx, &unlocked, id)?;
            require_phase(&state, Phase::Gate, NotAllowed::Begun)?;
            if blocks(&state.missing(at.tapped_at.date())) {
                return Err(NotAllowed::Gate.into());
            }
            state.row.attempt = attempt(tx, &state)?;
            tx.set_attempt(id, state.row.attempt)?;
            append(tx, &mut state, at, Observed::Started)?;
            if team::partner_works(tx, &state)? {
                append(tx, &mut state, at, Observed::SwappedOut)?;
            }
            Ok(state)
        })
    }
}

/// Which attempt of the candidate's begins now, as far as this laptop knows: every exercise begun before counts, but
/// not one that was stopped for no fault of theirs and not completed.
fn attempt(tx: &ReadTx<'_>, state: &SessionState) -> Result<u32> {
    let mut attempt = 1_u32;
    for earlier in tx.begun_sessions(state.row.candidate, state.row.scheme_id)? {
        let record = tx.records_of(earlier)?.pop().map(|row| RecordFile::parse(&row.file)).transpose()?;
        let record = record.map(|file| Record::parse(&file.sealed)).transpose()?;
        if record.is_none_or(|(record, _)| record.outcome != Outcome::NotCompleted) {
            attempt = attempt.saturating_add(1);
        }
    }
    Ok(attempt)
}

fn texts(gate: &Gate) -> Vec<&str> {
    let credentials = gate.prerequisites.values().chain(gate.competences.values());
    let deviation = gate.deviation.iter().flat_map(|d| [&d.ground, &d.risk_assessment, &d.approver]);
    [&gate.instrument_serial, &gate.object_id, &gate.risk_assessment]
        .into_iter()
        .chain(credentials.flat_map(|shown| [&shown.issuer, &shown.reference]))
        .chain(deviation)
        .chain(&gate.ticks)
        .map(String::as_str)
        .collect()
}
