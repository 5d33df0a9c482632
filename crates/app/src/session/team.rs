//! A team of two: who works and who stands by, and what one log shares with the other.

use fieldproof_model::{
    id::SessionId,
    observation::{Observation, Observed, StopKind, StoppedBy},
    session::Phase,
};
use fieldproof_seal::{cbor, digest_of, observation::observation_value};
use fieldproof_store::{ReadTx, WriteTx};

use crate::{
    App, NotAllowed, Result,
    session::{
        SessionState,
        observe::{Moment, append},
        open_state, own_state, read_state,
    },
};

impl App {
    /// Swaps the two members of a team. Whoever stood by works; returns the session of the one who works now.
    ///
    /// # Errors
    /// [`NotAllowed::NoPartner`]; [`NotAllowed::NotBegun`], [`NotAllowed::Stopped`] and the like outside the exercise.
    pub fn swap(&self, id: SessionId) -> Result<SessionState> {
        let unlocked = self.unlocked()?;
        let at = self.moment();
        unlocked.store.write(|tx| {
            let mut state = open_state(tx, &unlocked, id)?;
            let mut partner = own_state(tx, &unlocked, state.row.partner.ok_or(NotAllowed::NoPartner)?)?;
            match state.session.phase {
                Phase::Exercise => {}
                Phase::Gate => return Err(NotAllowed::NotBegun.into()),
                Phase::Stopped => return Err(NotAllowed::Stopped.into()),
                Phase::Decision | Phase::Acknowledgement => return Err(NotAllowed::Confirmed.into()),
            }
            let given_up = partner.row.abandoned_at.is_some();
            if !given_up && partner.session.phase == Phase::Stopped {
                return Err(NotAllowed::Stopped.into());
            }
            let partner_is_there = partner.session.phase == Phase::Exercise && !given_up;
            if state.session.stands_by {
                append(tx, &mut state, at, Observed::SwappedIn)?;
                if partner_is_there && !partner.session.stands_by {
                    append(tx, &mut partner, at, Observed::SwappedOut)?;
                }
                return Ok(state);
            }
            if partner.sealed.is_some() || given_up || partner.session.is_over() {
                return Err(NotAllowed::PartnerIsDone.into());
            }
            append(tx, &mut state, at, Observed::SwappedOut)?;
            if partner_is_there && partner.session.stands_by {
                append(tx, &mut partner, at, Observed::SwappedIn)?;
            }
            Ok(partner)
        })
    }
}

/// Whether the other member of a team works, or would but for a stop.
pub(super) fn partner_works(tx: &ReadTx<'_>, state: &SessionState) -> Result<bool> {
    let partner = state.row.partner.map(|partner| read_state(tx, partner)).transpose()?;
    Ok(partner.is_some_and(|partner| works(&partner)))
}

fn works(state: &SessionState) -> bool {
    let is_at_work = matches!(state.session.phase, Phase::Exercise | Phase::Stopped);
    is_at_work && !state.session.stands_by && state.row.abandoned_at.is_none()
}

/// Carries to the partner's log what concerns both: names it there by digest, and halts and resumes both at once.
///
/// Whoever goes on while the other works stands by.
pub(super) fn share(tx: &WriteTx<'_>, state: &mut SessionState, observation: &Observation) -> Result<()> {
    let goes_on = matches!(&observation.observed, Observed::Continued | Observed::Resume { .. });
    let concerns_both = concerns_both(&observation.observed);
    let Some(partner) = state.row.partner.filter(|_| goes_on || concerns_both) else {
        return Ok(());
    };
    let mut partner = read_state(tx, partner)?;
    let at = Moment::of(observation);
    if goes_on && !state.session.stands_by && works(&partner) {
        append(tx, state, at.seen_when_tapped(), Observed::SwappedOut)?;
    }
    let phase = partner.session.phase;
    let takes = matches!(phase, Phase::Exercise | Phase::Stopped | Phase::Decision);
    let is_done = partner.sealed.is_some() || partner.row.abandoned_at.is_some();
    if !concerns_both || !takes || is_done {
        return Ok(());
    }
    let digest = digest_of(&cbor::encode(observation_value(observation)));
    let shared = Observed::Shared { session: state.row.id, sequence: observation.sequence, digest };
    append(tx, &mut partner, at, shared)?;
    if let Some(observed) = for_partner(&observation.observed, phase).filter(|o| !is_told_over(&partner, o)) {
        append(tx, &mut partner, at, observed)?;
    }
    Ok(())
}

/// Whether a stop would be told anew where it was the candidate's own danger: only their own log can take that back.
fn is_told_over(partner: &SessionState, observed: &Observed) -> bool {
    let told = partner.session.open_stop().and_then(|stop| stop.explained.as_ref());
    matches!(observed, Observed::StopExplained { .. })
        && told.is_some_and(|(_, kind, _)| *kind == StopKind::DangerByCandidate)
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
