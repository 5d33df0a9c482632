//! What the program reported, in the model's words.

use std::collections::BTreeSet;

use fieldproof_model::digest::Digest;
use fieldproof_sync::{LaneError, Outcome, SendError, SendReport, bundle::record_named};
use fieldproof_wire::bundle::Answer;

use super::{
    book::{ChainSaid, Entry, Said, head},
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
        let (places, highest, head) =
            chain.other_extent.map_or(NOTHING_ELSE, |extent| (extent.places, extent.highest, extent.head.unwrap()));
        let said = ChainSaid { held: chain.held, forks, places, highest, head };
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

/// Where the register has of a chain what the laptop has.
pub(super) const NOTHING_ELSE: (u32, u32, Digest) = (0, 0, Digest::new([0; 32]));

/// A laptop is told what there is of its chain only where that differs from what it has.
pub(super) fn level(said: &mut Option<ChainSaid>, here: &[Entry]) {
    if let Some(said) = said
        && usize::try_from(said.places) == Ok(here.len())
        && said.highest == said.places
        && said.head == head(here.iter().map(|entry| &entry.digest))
    {
        (said.places, said.highest, said.head) = NOTHING_ELSE;
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
