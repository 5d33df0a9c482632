//! The stick: an outbox written into a bundle, and what the answers to one may be believed.

use std::{collections::BTreeSet, io::Write};

use fieldproof_model::digest::Digest;
use fieldproof_seal::{
    digest_of,
    keys::PublicKey,
    receipt::{Have, Receipt, Refusal},
    trust::Trust,
};
use fieldproof_wire::{
    ChainUpload, Hello, Message, RecordAnswer, RequestError, Return, SignedAnswer,
    bundle::{BundleError, BundleWriter, FrameKind, Head},
    limit,
};

use crate::{
    AnswerProblem, Greeting, IdentityError, Known, LaneError, Outbox, OutboxRecord, Outcome, SignedReceipt,
    SignedRefusal, check_hello,
    lane::Lane,
    plan::Step,
    send::{steps, usable},
    verify::{verify_receipt, verify_refusal},
};

/// How far writing has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BundleProgress {
    /// Steps over.
    pub done: usize,
    /// All.
    pub of: usize,
}

/// What a bundle carries.
#[derive(Debug)]
pub struct Carried<E: RequestError> {
    /// Records in it.
    pub records: Vec<Digest>,
    /// Evidence items in it.
    pub evidence: usize,
    /// What it shows of receipts and chains.
    pub shown: Vec<ShownFrame>,
    /// Records that are not in it, or not with all their evidence, with the reason.
    pub left_out: Vec<(Digest, LaneError<E>)>,
    /// Whether it holds as many frames as a bundle may, and more is left for the next one.
    pub is_full: bool,
}

/// A frame whose answer nobody signs: what was in it says what the answer has to agree with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShownFrame {
    /// The digest of its content, by which the answer names it.
    pub frame: Digest,
    /// Which chain of the outbox; `None` for receipts.
    pub chain: Option<usize>,
    /// Up to which place the chain went, or how many receipts were named.
    pub count: usize,
}

/// The frame in which a record travels: as a file, or given back with its receipts.
#[must_use]
pub fn frame_of(record: &OutboxRecord) -> (FrameKind, Vec<u8>) {
    if record.receipts.is_empty() {
        return (FrameKind::Record, record.file.clone());
    }
    let returned = Return { receipts: record.receipts.clone(), file: record.file.clone() };
    (FrameKind::Return, Message::Return(returned).to_bytes())
}

/// Writes what is in the outbox into a bundle: claims, papers, chains, then records, small ones first, then evidence, one item in memory
/// at a time. `evidence` gives an item's bytes, or `None` when they are not on this laptop.
///
/// # Errors
/// [`BundleError`]; what was written then is no bundle.
pub fn write_bundle<W: Write, E: RequestError>(
    out: W,
    (head, key): (&Head, &PublicKey),
    outbox: &Outbox,
    evidence: &mut dyn FnMut(Digest) -> Option<Vec<u8>>,
    on: &mut dyn FnMut(BundleProgress),
) -> Result<Carried<E>, BundleError> {
    let mut lanes: Vec<Lane<E>> = outbox.records.iter().map(Lane::open).collect();
    let steps = steps(outbox, &lanes);
    let mut carrying = Carrying {
        writer: BundleWriter::begin(out, head, key)?,
        outbox,
        records: Vec::new(),
        shown: Vec::new(),
        items: BTreeSet::new(),
        is_full: false,
    };
    for claim in &outbox.claims {
        carrying.show(FrameKind::Claim, &Message::Claim(claim.clone()), (None, claim.receipts.len()))?;
    }
    for (done, step) in (1..).zip(&steps) {
        carrying.step(step, &mut lanes, evidence)?;
        on(BundleProgress { done, of: steps.len() });
    }
    let Carrying { writer, records, shown, items, is_full, .. } = carrying;
    let left_out = lanes.into_iter().filter_map(|lane| {
        let report = lane.close();
        if let Outcome::Failed { error, .. } = report.outcome { Some((report.record, error)) } else { None }
    });
    let carried = Carried { records, evidence: items.len(), shown, left_out: left_out.collect(), is_full };
    writer.finish()?.flush()?;
    Ok(carried)
}

struct Carrying<'a, W: Write> {
    writer: BundleWriter<W>,
    outbox: &'a Outbox,
    records: Vec<Digest>,
    shown: Vec<ShownFrame>,
    /// Items in the bundle; two records may name the same one.
    items: BTreeSet<Digest>,
    is_full: bool,
}

impl<W: Write> Carrying<'_, W> {
    fn step<E: RequestError>(
        &mut self,
        step: &Step,
        lanes: &mut [Lane<E>],
        evidence: &mut dyn FnMut(Digest) -> Option<Vec<u8>>,
    ) -> Result<(), BundleError> {
        match step {
            Step::Papers { papers } => {
                let papers = self.outbox.papers.get(papers.clone()).unwrap_or_default();
                self.put(FrameKind::Papers, &Message::Papers(papers.to_vec()).to_bytes()).map(|_| ())
            }
            Step::Chain { chain, entries } => {
                let Some(load) = self.outbox.chains.get(*chain) else { return Ok(()) };
                let (end, entries) = (entries.end, load.entries.get(entries.clone()).unwrap_or_default().to_vec());
                let upload = ChainUpload { delegation: load.delegation.clone(), entries };
                // An entry that is too large for any upload goes alone and would be refused alone.
                self.show(FrameKind::Chain, &Message::ChainUpload(upload), (Some(*chain), end))
            }
            Step::Record { record } => {
                let (Some(lane), Some(outgoing)) = (lanes.get(*record), self.outbox.records.get(*record)) else {
                    return Ok(());
                };
                let (kind, content) = frame_of(outgoing);
                if lane.wants_record() && self.put(kind, &content)? {
                    self.records.push(outgoing.digest);
                }
                Ok(())
            }
            Step::Evidence { record, item, size } => {
                let Some(lane) = lanes.get_mut(*record).filter(|_| !self.items.contains(item)) else { return Ok(()) };
                match usable(evidence(*item), *item, *size) {
                    Ok(bytes) if limit::EVIDENCE < bytes.len() => lane.fail(LaneError::TooLarge(*item)),
                    Ok(bytes) => {
                        if self.put(FrameKind::Evidence, &bytes)? {
                            self.items.insert(*item);
                        }
                    }
                    Err(error) => lane.lacks(error),
                }
                Ok(())
            }
            // The register asks itself again when it has read the bundle.
            Step::Confirm { .. } => Ok(()),
        }
    }

    fn show(
        &mut self,
        kind: FrameKind,
        message: &Message,
        (chain, count): (Option<usize>, usize),
    ) -> Result<(), BundleError> {
        let content = message.to_bytes();
        if self.put(kind, &content)? {
            self.shown.push(ShownFrame { frame: digest_of(&content), chain, count });
        }
        Ok(())
    }

    /// Whether it went in.
    fn put(&mut self, kind: FrameKind, content: &[u8]) -> Result<bool, BundleError> {
        match self.writer.put(kind, content) {
            Ok(()) => Ok(true),
            Err(BundleError::TooLarge { .. }) => Ok(false),
            Err(BundleError::TooMany) => {
                self.is_full = true;
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }
}

/// Whoever answered to a bundle: what to trust, and what to keep of the hello.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answering {
    /// What its answers are verified with.
    pub trust: Trust,
    /// The epoch in which it answered, as it signed it; 0 where that cannot be known.
    pub epoch: u32,
    /// What it brought; `None` when this laptop has learnt of a newer key set since, which is then what counts.
    pub greeting: Option<Greeting>,
}

/// Verifies the hello of an answers file, which may have been on its way for long: unlike over a network, older than what
/// is known is no lie.
///
/// # Errors
/// [`IdentityError`], but never [`IdentityError::OlderKeySet`].
pub fn check_carried_hello(known: &Known, hello: &Hello) -> Result<Answering, IdentityError> {
    match check_hello(known, hello) {
        Ok(greeting) => {
            Ok(Answering { trust: greeting.trust.clone(), epoch: greeting.epoch, greeting: Some(greeting) })
        }
        Err(IdentityError::OlderKeySet { .. }) => {
            let epoch = known.trust.verify_snapshot(&hello.snapshot).map_or(0, |snapshot| snapshot.epoch);
            Ok(Answering { trust: known.trust.clone(), epoch, greeting: None })
        }
        Err(error) => Err(error),
    }
}

/// What the register signed about a record, verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// It has the record and all evidence.
    Complete(SignedReceipt),
    /// It has the record.
    Held(SignedReceipt),
    /// It refused it.
    Refused(SignedRefusal),
}

/// Which record an answer says it is about. Nobody has verified that yet.
///
/// # Errors
/// [`AnswerProblem::Unreadable`].
pub fn record_named(answer: &RecordAnswer) -> Result<Digest, AnswerProblem> {
    Ok(match &answer.signed {
        SignedAnswer::Receipt(signed) => Receipt::parse(signed)?.0.record,
        SignedAnswer::Refusal(signed) => Refusal::parse(signed)?.0.record,
    })
}

/// Verifies an answer about a record that names this evidence.
///
/// # Errors
/// [`AnswerProblem`].
pub fn verify_answer(
    trust: &Trust,
    record: &Digest,
    evidence: &[(Digest, u64)],
    answer: &RecordAnswer,
) -> Result<Said, AnswerProblem> {
    match &answer.signed {
        SignedAnswer::Receipt(signed) => {
            let receipt = verify_receipt(trust, record, evidence, signed)?;
            Ok(match receipt.receipt.have {
                Have::Complete => Said::Complete(receipt),
                Have::Held => Said::Held(receipt),
            })
        }
        SignedAnswer::Refusal(signed) => Ok(Said::Refused(verify_refusal(trust, record, signed)?)),
    }
}
