//! A register that was restored from a backup: what this laptop holds is shown to it, what it lost is given back, and
//! until then nothing says that it is there.

use std::collections::BTreeSet;

use fieldproof_model::digest::Digest;
use fieldproof_seal::{
    keys::PublicKey,
    receipt::{Epoch, Have},
    snapshot::Snapshot,
};
use fieldproof_store::{
    ReadTx, Store, WriteTx,
    table::{pack_items::PackItem, records::AnswerKind},
};
use fieldproof_sync::{
    Comparison, Disagreement, Greeting, HeldReceipt, Holding, HttpError, HttpRegister, Known, Outcome, SignedReceipt,
    compare,
};

use crate::{
    App, Error, Result, Unlocked, direct::Line, enrol::installation_key, packs::known_register,
    people::read_trust_file, send::keep_greeting_inner,
};

/// What came of showing the register what it signed.
#[derive(Debug, Default)]
pub struct EpochReport {
    /// The register's epoch.
    pub epoch: u32,
    /// Whether this laptop heard of it only now: the register was restored from a backup.
    pub is_new: bool,
    /// Records of this laptop that the register had and lost, or whose evidence it lost.
    pub lost: usize,
    /// Those of them that it has again, with everything.
    pub given_back: usize,
    /// Those that it has again without some evidence, which is not on this laptop any more.
    pub evidence_gone: usize,
    /// In what the register contradicts this laptop all the same.
    pub disagreement: Option<Disagreement>,
    /// Why it did not look at what was shown.
    pub refused: Option<Error>,
}

/// A register that was found to be restored from a backup. It is told until somebody has seen it, whatever is sent
/// meanwhile: other laptops hear of it from people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Restored {
    /// The epoch that it began.
    pub epoch: u32,
    /// Records of this laptop that it had and lost.
    pub lost: usize,
    /// Those of them that it still does not have, or not with everything.
    pub still_lost: usize,
}

/// What the laptop holds of the register's.
pub(crate) fn holding(tx: &ReadTx<'_>) -> Result<Holding> {
    let receipts = tx.receipts()?.into_iter().map(|(record, signed)| HeldReceipt { record, signed });
    Ok(Holding {
        receipts: receipts.collect(),
        snapshot: tx.pack_item(PackItem::Snapshot)?,
        unshown: tx.pack_item(PackItem::UnshownSnapshot)?,
        beacon: tx.pack_item(PackItem::Beacon)?,
        compared: compared(tx)?,
    })
}

/// The last epoch in which every receipt was compared.
pub(crate) fn compared(tx: &ReadTx<'_>) -> Result<u32> {
    let compared = tx.pack_item(PackItem::ComparedEpoch)?.and_then(|bytes| bytes.try_into().ok());
    Ok(compared.map_or(0, u32::from_be_bytes))
}

/// The latest epoch in which the register was asked after anything; 0 for none.
pub(crate) fn heard_of(tx: &ReadTx<'_>) -> Result<u32> {
    let began = tx.pack_item(PackItem::Epoch)?.and_then(|signed| Epoch::parse(&signed).ok());
    Ok(compared(tx)?.max(began.map_or(0, |(began, _)| began.number)))
}

/// Greets the register, shows it what this laptop holds of it, and keeps what comes of that: before anything gets a
/// number. A register that was restored must not give out the same ones again.
pub(crate) fn meet(store: &Store, register: &HttpRegister, line: &Line) -> Result<(Greeting, EpochReport)> {
    let (known, holding) = store.read(|tx| -> Result<_> { Ok((Known::open(&read_trust_file(tx)?)?, holding(tx)?)) })?;
    let comparison = line.run(compare(register, &known, &holding))??;
    let report = store.write(|tx| keep_comparison(tx, &comparison))?;
    let refused = comparison.refused.map(Error::Http);
    Ok((comparison.greeting, EpochReport { refused, ..report }))
}

/// Keeps what the comparison showed; from here on nothing says that the register has what it lost.
fn keep_comparison(tx: &WriteTx<'_>, comparison: &Comparison<HttpError>) -> Result<EpochReport> {
    keep_greeting_inner(tx, &comparison.greeting)?;
    if comparison.shown.is_some() && comparison.shown == tx.pack_item(PackItem::UnshownSnapshot)? {
        tx.forget_pack_item(PackItem::UnshownSnapshot)?;
    }
    keep_lost(tx, &comparison.lost)?;
    let asked = Some(comparison.receipts).filter(|_| comparison.is_full);
    let is_new = keep_epoch(tx, comparison.epoch, comparison.began.as_deref(), asked)?;
    Ok(EpochReport { epoch: comparison.epoch, disagreement: comparison.disagreement, is_new, ..EpochReport::default() })
}

/// Notes what the register lost of records that it had.
pub(crate) fn keep_lost(tx: &WriteTx<'_>, records: &[Digest]) -> Result<()> {
    Ok(records.iter().try_for_each(|record| tx.set_lost_there(*record, &[*record]))?)
}

/// Notes the register's epoch, and after how many receipts it was asked in it where that was after all that were held
/// then; says whether it was restored since this was done the last time.
pub(crate) fn keep_epoch(tx: &WriteTx<'_>, epoch: u32, began: Option<&[u8]>, asked: Option<usize>) -> Result<bool> {
    let is_new = heard_of(tx)?.max(1) < epoch;
    if let Some(began) = began {
        tx.set_pack_item(PackItem::Epoch, began)?;
    }
    if is_new {
        // It may have lost packs, too, and the laptops that it admitted by them; and what it was told of papers.
        tx.packs_are_not_at_register()?;
        tx.papers_are_not_told()?;
        let lost = u32::try_from(tx.records_lost_there()?.len()).unwrap_or(u32::MAX);
        tx.set_pack_item(PackItem::Restored, &[epoch.to_be_bytes(), lost.to_be_bytes()].concat())?;
    }
    // What a stick brought meanwhile was not asked after: everything is, at the next contact.
    if asked == Some(tx.receipts()?.len()) {
        set_compared(tx, epoch)?;
    }
    Ok(is_new)
}

/// Notes up to which epoch every receipt was asked after.
pub(crate) fn set_compared(tx: &WriteTx<'_>, epoch: u32) -> Result<()> {
    Ok(tx.set_pack_item(PackItem::ComparedEpoch, &epoch.to_be_bytes())?)
}

/// What nobody has seen yet of a register that was restored.
pub(crate) fn restored(tx: &ReadTx<'_>) -> Result<Option<Restored>> {
    let kept = tx.pack_item(PackItem::Restored)?;
    let Some((epoch, lost)) = kept.as_deref().and_then(|kept| kept.split_first_chunk()) else { return Ok(None) };
    let still_lost = tx.records_lost_there()?.len();
    let lost = lost.try_into().map_or(0, u32::from_be_bytes);
    let lost = usize::try_from(lost).unwrap_or(usize::MAX).max(still_lost);
    Ok(Some(Restored { epoch: u32::from_be_bytes(*epoch), lost, still_lost }))
}

/// Takes a newer snapshot. One of another epoch that it replaces is kept until the register was shown it: it may be all
/// that is left of a withdrawal.
pub(crate) fn keep_snapshot(tx: &WriteTx<'_>, signed: &[u8]) -> Result<()> {
    let number = |signed: &[u8]| Snapshot::parse(signed).map_or((0, 0), |(list, _)| (list.epoch, list.number));
    let held = tx.pack_item(PackItem::Snapshot)?.unwrap_or_default();
    let (epoch, _) = number(&held);
    if 0 < epoch && epoch != number(signed).0 {
        let unshown = tx.pack_item(PackItem::UnshownSnapshot)?.unwrap_or_default();
        if number(&unshown) < number(&held) {
            tx.set_pack_item(PackItem::UnshownSnapshot, &held)?;
        }
    }
    Ok(tx.set_pack_item(PackItem::Snapshot, signed)?)
}

/// A record of which the register lost something, and what goes back with it.
pub(crate) struct ToReturn {
    pub(crate) record: Digest,
    /// Its receipts, where the record itself was lost.
    pub(crate) receipts: Vec<Vec<u8>>,
}

/// What is to go back. Evidence that is not here any more brings nobody anything; a refused record waits for people.
pub(crate) fn to_return(tx: &ReadTx<'_>) -> Result<Vec<ToReturn>> {
    let mut returns = Vec::new();
    for record in tx.records_lost_there()? {
        let lost = tx.lost_there(record)?;
        let answer = |kind| tx.register_answer(record, kind);
        let mut receipts = Vec::new();
        if lost.contains(&record) {
            if answer(AnswerKind::Refusal)?.is_some() {
                continue;
            }
            receipts.extend([answer(AnswerKind::Held)?, answer(AnswerKind::Complete)?].into_iter().flatten());
        } else if evidence_gone(tx, &lost)? == lost.len() {
            continue;
        }
        returns.push(ToReturn { record, receipts });
    }
    Ok(returns)
}

/// How many of these items left this laptop.
pub(crate) fn evidence_gone(tx: &ReadTx<'_>, items: &[Digest]) -> Result<usize> {
    let left: BTreeSet<Digest> = tx.evidence_that_left()?.into_iter().collect();
    Ok(items.iter().filter(|item| left.contains(item)).count())
}

/// Keeps what the register says of a record it misses evidence of.
pub(crate) fn keep_held(tx: &WriteTx<'_>, receipt: &SignedReceipt, missing: &[Digest]) -> Result<()> {
    let record = receipt.receipt.record;
    let (kind, lost) = match receipt.receipt.have {
        Have::Held => (AnswerKind::Held, &[][..]),
        // It was complete once: what is missing now was lost.
        Have::Complete => (AnswerKind::Complete, missing),
    };
    tx.keep_register_answer(record, kind, &receipt.signed)?;
    Ok(tx.set_lost_there(record, lost)?)
}

/// The register, greeted and shown what this laptop holds of it.
pub(crate) struct Met {
    pub(crate) register: HttpRegister,
    pub(crate) line: Line,
    pub(crate) greeting: Greeting,
    /// The laptop's own key, by which the register knows who asks.
    pub(crate) installation: PublicKey,
}

impl App {
    /// Meets the register on whatever errand somebody has: whoever comes first must not let it give out a number again.
    pub(crate) fn meet(&self, unlocked: &Unlocked) -> Result<Met> {
        let in_use = self.register_in_use();
        let (key, register) = unlocked
            .store
            .read(|tx| -> Result<_> { Ok((installation_key(tx)?, known_register(tx, in_use.as_deref())?)) })?;
        let installation = key.public();
        let (register, line) = (register.signing_with(key), Line::unstopped(self.runtime()?));
        let (greeting, _) = meet(&unlocked.store, &register, &line)?;
        Ok(Met { register, line, greeting, installation })
    }

    /// Somebody has seen that the register was restored.
    ///
    /// # Errors
    /// [`Error::Locked`], [`Error::Store`].
    pub fn dismiss_restored(&self) -> Result<()> {
        Ok(self.unlocked()?.store.write(|tx| tx.forget_pack_item(PackItem::Restored))?)
    }
}

impl EpochReport {
    /// Counts what became of a record that was lost.
    pub(crate) fn count(&mut self, outcome: &Outcome<HttpError>) {
        match outcome {
            Outcome::Complete(_) => self.given_back = self.given_back.saturating_add(1),
            Outcome::Held { receipt, .. } if receipt.receipt.have == Have::Complete => {
                self.evidence_gone = self.evidence_gone.saturating_add(1);
            }
            Outcome::Held { .. } => self.given_back = self.given_back.saturating_add(1),
            Outcome::Refused(_) | Outcome::Failed { .. } | Outcome::NotSent => {}
        }
    }
}
