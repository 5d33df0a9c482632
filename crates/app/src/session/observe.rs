//! Recording what was seen. Recording is never blocked by a rule; the rule shows in the result.

use fieldproof_model::{
    id::SessionId,
    observation::{Observation, Observed, Score},
    session::Phase,
    time::Timestamp,
};
use fieldproof_store::WriteTx;

use crate::{
    App, Invalid, NotAllowed, Result, What,
    error::OrNotFound,
    session::{LOG_FULL, SessionState, open_state, read_state},
    words::{checked_optional_text, checked_text},
};

/// The furthest a tap can be set back, in seconds: an hour.
const SET_BACK_LIMIT: u32 = 3_600;

impl App {
    /// Records one observation, seen `seen_seconds_ago` before the tap. It is on disk when this returns.
    ///
    /// # Errors
    /// [`Invalid`] for something incomplete; [`NotAllowed`] before the exercise and after the result was confirmed;
    /// [`fieldproof_store::StoreError::DiskFull`] when it could not be kept.
    pub fn observe(&self, id: SessionId, observed: Observed, seen_seconds_ago: u32) -> Result<SessionState> {
        let unlocked = self.unlocked()?;
        let now = self.now();
        let seen_at = now.seconds_earlier(seen_seconds_ago.min(SET_BACK_LIMIT));
        unlocked.store.write(|tx| {
            let state = open_state(tx, &unlocked, id)?;
            check(&state, &observed)?;
            append(tx, &state, (now, seen_at), observed)?;
            read_state(tx, id)
        })
    }

    /// Ends the exercise: the result can be looked at and confirmed.
    ///
    /// # Errors
    /// [`NotAllowed`].
    pub fn end_exercise(&self, id: SessionId) -> Result<SessionState> {
        self.observe(id, Observed::Ended, 0)
    }

    /// Goes back to the exercise before the result is confirmed.
    ///
    /// # Errors
    /// [`NotAllowed::NotOver`].
    pub fn continue_exercise(&self, id: SessionId) -> Result<SessionState> {
        self.observe(id, Observed::Continued, 0)
    }
}

/// Adds an observation behind the log of `state`.
pub(super) fn append(
    tx: &WriteTx<'_>,
    state: &SessionState,
    (tapped_at, seen_at): (Timestamp, Timestamp),
    observed: Observed,
) -> Result<()> {
    let sequence = state.session.last_sequence.checked_add(1).ok_or(LOG_FULL)?;
    Ok(tx.append_observation(state.row.id, &Observation { sequence, tapped_at, seen_at, observed })?)
}

fn check(state: &SessionState, observed: &Observed) -> Result<()> {
    check_phase(state.session.phase, observed)?;
    match observed {
        Observed::Score { criterion, score, reason } => {
            state.scheme.criterion(criterion).or_not_found(What::Criterion)?;
            let reason = checked_optional_text(reason.as_deref().unwrap_or_default(), 1_000)?;
            if *score == Score::NotApplicable && reason.is_none() {
                return Err(Invalid::ReasonMissing.into());
            }
        }
        Observed::Note { criterion, text } => {
            if let Some(criterion) = criterion {
                state.scheme.criterion(criterion).or_not_found(What::Criterion)?;
            }
            checked_text(text, 4_000)?;
        }
        Observed::Photo { criterion, .. } => {
            if let Some(criterion) = criterion {
                state.scheme.criterion(criterion).or_not_found(What::Criterion)?;
            }
        }
        Observed::TesterBefore { source, .. } | Observed::TesterAfter { source, .. } => {
            checked_text(source, 200)?;
        }
        Observed::Reading { point, reading, .. } => {
            checked_text(point, 200)?;
            checked_text(reading, 60)?;
        }
        Observed::StopExplained { why, .. } => {
            checked_text(why, 1_000)?;
        }
        Observed::Resume { made_safe, gate_checked } => {
            if state.session.stops.last().is_some_and(|stop| stop.explained.is_none()) {
                return Err(NotAllowed::StopNotTold.into());
            }
            if !(*made_safe && *gate_checked) {
                return Err(NotAllowed::ResumeChecks.into());
            }
        }
        Observed::WaitAnswer { note, .. } | Observed::Confirmed { note, .. } => {
            checked_optional_text(note, 1_000)?;
        }
        Observed::Started
        | Observed::SecondPersonLeft
        | Observed::SecondPersonReturned
        | Observed::Stop
        | Observed::Ended
        | Observed::Continued => {}
    }
    Ok(())
}

fn check_phase(phase: Phase, observed: &Observed) -> Result<()> {
    match phase {
        Phase::Gate => return Err(NotAllowed::NotBegun.into()),
        Phase::Acknowledgement => return Err(NotAllowed::Confirmed.into()),
        Phase::Exercise | Phase::Stopped | Phase::Decision => {}
    }
    let needs_over = matches!(observed, Observed::Continued | Observed::Confirmed { .. });
    let needs_stop = matches!(observed, Observed::Resume { .. });
    if matches!(observed, Observed::Started) {
        return Err(NotAllowed::Begun.into());
    }
    if needs_over && phase != Phase::Decision {
        return Err(NotAllowed::NotOver.into());
    }
    if needs_stop && phase != Phase::Stopped {
        return Err(NotAllowed::ResumeChecks.into());
    }
    Ok(())
}
