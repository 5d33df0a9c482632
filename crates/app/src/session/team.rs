//! A team of two: who works and who stands by, and what one log shares with the other.

use fieldproof_model::{
    id::SessionId,
    observation::{Observation, Observed, StopKind, StoppedBy},
    session::Phase,
    time::Timestamp,
};
use fieldproof_seal::{cbor, digest_of, observation::observation_value};
use fieldproof_store::{ReadTx, WriteTx};

use crate::{
    App, NotAllowed, Result,
    session::{SessionState, observe::append, open_state, own_state, read_state},
};

impl App {
    /// Swaps the two members of a team. Whoever stood by works; returns the session of the one who works now.
    ///
    /// # Errors
    /// [`NotAllowed::NoPartner`]; [`NotAllowed::NotBegun`], [`NotAllowed::Stopped`] and the like outside the exercise.
    pub fn swap(&self, id: SessionId) -> Result<SessionState> {
        let unlocked = self.unlocked()?;
        let now = self.now();
        unlocked.store.write(|tx| {
            let state = open_state(tx, &unlocked, id)?;
            let partner = own_state(tx, &unlocked, state.row.partner.ok_or(NotAllowed::NoPartner)?)?;
            match state.session.phase {
                Phase::Exercise => {}
                Phase::Gate => return Err(NotAllowed::NotBegun.into()),
                Phase::Stopped => return Err(NotAllowed::Stopped.into()),
                Phase::Decision | Phase::Acknowledgement => return Err(NotAllowed::Confirmed.into()),
            }
            if partner.session.phase == Phase::Stopped {
                return Err(NotAllowed::Stopped.into());
            }
            let comes_in = |state: &SessionState| tx_append(tx, state, now, Observed::SwappedIn);
            let goes_out = |state: &SessionState| tx_append(tx, state, now, Observed::SwappedOut);
            let given_up = partner.row.abandoned_at.is_some();
            let partner_works = partner.session.phase == Phase::Exercise && !given_up;
            if state.session.stands_by {
                comes_in(&state)?;
                if partner_works && !partner.session.stands_by {
                    goes_out(&partner)?;
                }
                return read_state(tx, id);
            }
            if partner.sealed.is_some() || given_up || partner.session.is_over() {
                return Err(NotAllowed::PartnerIsDone.into());
            }
            goes_out(&state)?;
            if partner_works && partner.session.stands_by {
                comes_in(&partner)?;
            }
            read_state(tx, partner.row.id)
        })
    }
}

fn tx_append(tx: &WriteTx<'_>, state: &SessionState, now: Timestamp, observed: Observed) -> Result<()> {
    append(tx, state, (now, now), observed).map(|_| ())
}

/// Whether the other member of a team works, or would but for a stop.
pub(super) fn partner_works(tx: &ReadTx<'_>, state: &SessionState) -> Result<bool> {
    let Some(partner) = state.row.partner else {
        return Ok(false);
    };
    let partner = read_state(tx, partner)?;
    let is_at_work = matches!(partner.session.phase, Phase::Exercise | Phase::Stopped);
    Ok(is_at_work && !partner.session.stands_by && partner.row.abandoned_at.is_none())
}

/// Carries to the partner's log what concerns both: names it there by digest, and halts and resumes both at once.
///
/// Whoever goes on while the other works stands by.
pub(super) fn share(tx: &WriteTx<'_>, state: &SessionState, observation: &Observation) -> Result<()> {
    let Some(partner) = state.row.partner else {
        return Ok(());
    };
    let goes_on = matches!(&observation.observed, Observed::Continued | Observed::Resume { .. });
    if goes_on && !state.session.stands_by && partner_works(tx, state)? {
        tx_append(tx, &read_state(tx, state.row.id)?, observation.tapped_at, Observed::SwappedOut)?;
    }
    let partner_state = read_state(tx, partner)?;
    let phase = partner_state.session.phase;
    let takes = matches!(phase, Phase::Exercise | Phase::Stopped | Phase::Decision);
    let is_done = partner_state.sealed.is_some() || partner_state.row.abandoned_at.is_some();
    if !concerns_both(&observation.observed) || !takes || is_done {
        return Ok(());
    }
    let at = (observation.tapped_at, observation.seen_at);
    let digest = digest_of(&cbor::encode(observation_value(observation)));
    append(tx, &partner_state, at, Observed::Shared { session: state.row.id, sequence: observation.sequence, digest })?;
    match for_partner(&observation.observed, phase) {
        Some(observed) => append(tx, &read_state(tx, partner)?, at, observed).map(|_| ()),
        None => Ok(()),
    }
}

const fn concerns_both(observed: &Observed) -> bool {
    matches!(
        observed,
        Observed::Stop
            | Observed::StopExplained { .. }
            | Observed::Resume { .. }
            | Observed::Reenergised
            | Observed::Note { criterion: None, .. }
            | Observed::Photo { criterion: None, .. }
            | Observed::File { criterion: None, .. }
    )
}

/// What happens to the partner with it: one room, one object, so a halt halts both. A danger that one caused is, for
/// the other, something outside their doing.
fn for_partner(observed: &Observed, phase: Phase) -> Option<Observed> {
    match (observed, phase) {
        (Observed::Stop | Observed::Reenergised, Phase::Exercise) | (Observed::Resume { .. }, Phase::Stopped) => {
            Some(observed.clone())
        }
        (Observed::StopExplained { by, kind, why }, Phase::Stopped) => {
            let kind = if *kind == StopKind::DangerByCandidate { StopKind::OutsideCause } else { *kind };
            let by = if *by == StoppedBy::Candidate { StoppedBy::SomebodyElse } else { *by };
            Some(Observed::StopExplained { by, kind, why: why.clone() })
        }
        _ => None,
    }
}
