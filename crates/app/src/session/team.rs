//! A team of two: who works and who stands by, and what one log shares with the other.

use fieldproof_model::{
    id::SessionId,
    observation::{Observation, Observed},
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
            let comes_in = |state: &SessionState| tx_append(tx, state, now, Observed::SwappedIn);
            let goes_out = |state: &SessionState| tx_append(tx, state, now, Observed::SwappedOut);
            let partner_works = partner.session.phase == Phase::Exercise;
            if state.session.stands_by {
                comes_in(&state)?;
                if partner_works && !partner.session.stands_by {
                    goes_out(&partner)?;
                }
                return read_state(tx, id);
            }
            if partner.sealed.is_some() || partner.row.abandoned_at.is_some() || partner.session.is_over() {
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

/// Names in the partner's log, by digest, what concerns both: stops, and notes and pictures of the whole session.
pub(super) fn share(tx: &WriteTx<'_>, state: &SessionState, observation: &Observation) -> Result<()> {
    let concerns_both = matches!(
        &observation.observed,
        Observed::Stop
            | Observed::StopExplained { .. }
            | Observed::Resume { .. }
            | Observed::Note { criterion: None, .. }
            | Observed::Photo { criterion: None, .. }
    );
    let Some(partner) = state.row.partner.filter(|_| concerns_both) else {
        return Ok(());
    };
    let partner = read_state(tx, partner)?;
    let takes = matches!(partner.session.phase, Phase::Exercise | Phase::Stopped | Phase::Decision);
    if !takes || partner.sealed.is_some() || partner.row.abandoned_at.is_some() {
        return Ok(());
    }
    let digest = digest_of(&cbor::encode(observation_value(observation)));
    let shared = Observed::Shared { session: state.row.id, sequence: observation.sequence, digest };
    append(tx, &partner, (observation.tapped_at, observation.seen_at), shared).map(|_| ())
}
