//! What the program reported, in the model's words.

use std::collections::BTreeSet;

use fieldproof_model::digest::Digest;
use fieldproof_sync::{LaneError, Outcome, SendError, SendReport, bundle::record_named};
use fieldproof_wire::bundle::Answer;

use super::{
    book::{ChainSaid, Said},
    ends::{WireError, chain_said, said},
    reference::{Came, Sent},
};

/// Nobody was there, or the register is wrong.
pub(super) fn nobody(error: &SendError<WireError>) -> Result<Came, String> {
    match error {
        SendError::Register(WireError::Broke | WireError::Gone) => Ok(Came::Nobody),
        SendError::Register(WireError::Register(_)) | SendError::Identity(_) => Err(error.to_string()),
    }
}

/// What a laptop saw of a sending, as the model has it.
pub(super) fn came(report: &SendReport<WireError>) -> Result<Came, String> {
    let mut sent = Sent { was_cut_short: report.was_cut_short, ..Sent::default() };
    sent.beacon = report.greeting.beacon.number;
    for chain in &report.chains {
        let forks = chain.forks.iter().map(|fork| (fork.index, fork.other)).collect();
        let other = chain.other_extent.map_or((0, 0), |extent| (extent.places, extent.highest));
        let said = ChainSaid { held: chain.held, forks, places: other.0, highest: other.1 };
        sent.chains.push((0 < chain.held).then_some(said));
        if let Some(error) = chain.errors.iter().find_map(of_the_register) {
            return Err(error);
        }
    }
    for record in &report.records {
        let word = match &record.outcome {
            Outcome::Complete(_) => "complete",
            Outcome::Held { .. } => "held",
            Outcome::Refused(_) => "refused",
            Outcome::Failed { held: Some(_), .. } => "failed, held",
            Outcome::Failed { held: None, .. } => "failed",
            Outcome::NotSent => "not sent",
        };
        if let Outcome::Failed { error, .. } = &record.outcome
            && let Some(error) = of_the_register(error)
        {
            return Err(error);
        }
        sent.records.insert(record.record, word);
    }
    Ok(Came::Sent(sent))
}

/// A failure that no network explains.
pub(super) fn of_the_register(error: &LaneError<WireError>) -> Option<String> {
    match error {
        LaneError::Register(WireError::Broke | WireError::Gone) | LaneError::EvidenceNotHere(_) => None,
        LaneError::Register(WireError::Register(error)) => Some(format!("the register failed: {error:?}")),
        LaneError::Answer(_)
        | LaneError::Unreadable(_)
        | LaneError::OtherRecord { .. }
        | LaneError::EvidenceDamaged(_)
        | LaneError::TooLarge(_) => Some(error.to_string()),
    }
}

/// A laptop is told how far its chain goes only where that differs from what it has.
pub(super) fn level(said: &mut Option<ChainSaid>, here: usize) {
    if let Some(said) = said
        && usize::try_from(said.places) == Ok(here)
        && said.highest == said.places
    {
        (said.places, said.highest) = (0, 0);
    }
}

pub(super) fn of_chain(answer: &Answer) -> Option<ChainSaid> {
    if let Answer::Chain(answer) = answer { Some(chain_said(answer)) } else { None }
}

pub(super) fn of_record(answer: &Answer) -> Option<(Digest, Said)> {
    if let Answer::Record(answer) = answer { Some((record_named(answer).unwrap(), said(answer))) } else { None }
}

pub(super) fn of_claim(answer: &Answer) -> Option<(u32, BTreeSet<Digest>)> {
    if let Answer::Claim(answer) = answer { Some((answer.epoch, answer.lost.iter().copied().collect())) } else { None }
}
