//! Holding the register to what it signed: before anything is sent, it is shown what this laptop holds of it, so that a
//! register that was restored from a backup notices before it gives out the same numbers again.

use fieldproof_model::digest::Digest;
use fieldproof_seal::{
    digest_of,
    envelope::Kind,
    key_set::KeyRole,
    receipt::{Beacon, Epoch, Have, Receipt},
    snapshot::Snapshot,
    trust::Trust,
};
use fieldproof_wire::{Claim, ClaimAnswer, Reach, ReceiptName, RegisterProtocol, RequestError, limit};

use crate::{Greeting, IdentityError, Known, SendError, SnapshotNews, greet};

/// So many receipts are asked after every time, those that came last.
const LAST: usize = 16;

/// A receipt that this laptop holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldReceipt {
    /// Which record.
    pub record: Digest,
    /// Its signed bytes.
    pub signed: Vec<u8>,
}

/// What this laptop holds of the register's, all of it verified when it came.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Holding {
    /// Receipts, held and complete, in the order in which they came.
    pub receipts: Vec<HeldReceipt>,
    /// The signed snapshot.
    pub snapshot: Option<Vec<u8>>,
    /// One of an earlier epoch that the register was not shown yet.
    pub unshown: Option<Vec<u8>>,
    /// The signed beacon.
    pub beacon: Option<Vec<u8>>,
    /// The last epoch in which all receipts were compared; 0 for none.
    pub compared: u32,
}

/// In what the register goes on disagreeing after it was shown what is here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disagreement {
    /// Its snapshot is older than ours, or another one of the same number.
    Snapshot,
    /// Its beacons count lower than the one that is here.
    Beacon,
    /// A receipt is here of a later epoch than its own.
    Epoch,
}

/// What came of it.
#[derive(Debug)]
pub struct Comparison<E: RequestError> {
    /// Who answered, and what it brought after it was shown what is here.
    pub greeting: Greeting,
    /// The register's epoch.
    pub epoch: u32,
    /// The signed beginning of the epoch; none of the first.
    pub began: Option<Vec<u8>>,
    /// Whether it was asked after every receipt.
    pub is_full: bool,
    /// How many receipts were held here then.
    pub receipts: usize,
    /// Records whose receipts it lost.
    pub lost: Vec<Digest>,
    /// The signed snapshot that it was shown and looked at.
    pub shown: Option<Vec<u8>>,
    /// In what it still disagrees.
    pub disagreement: Option<Disagreement>,
    /// Why it did not take a claim; then not all of what is here was shown.
    pub refused: Option<E>,
}

/// Everything that is held here, for a register that nobody can ask: all of it is shown, and after every receipt it is
/// asked.
#[must_use]
pub fn claims(holding: &Holding) -> Vec<Claim> {
    let is_its = |signed: &&Vec<u8>| Snapshot::parse(signed).is_ok_and(|(held, _)| 0 < held.epoch);
    let mut portions = holding.receipts.chunks(limit::CLAIMED).map(names);
    let first = Claim {
        receipt: highest(&holding.receipts),
        snapshot: holding.snapshot.as_ref().filter(is_its).cloned(),
        beacon: holding.beacon.clone(),
        receipts: portions.next().unwrap_or_default(),
    };
    // Who has never heard of the register has nothing to show.
    if first.receipt.is_none() && first.snapshot.is_none() && holding.unshown.is_none() {
        return Vec::new();
    }
    let unshown = holding.unshown.clone().map(|snapshot| Claim { snapshot: Some(snapshot), ..Claim::default() });
    let rest = portions.map(|receipts| Claim { receipts, ..Claim::default() });
    [first].into_iter().chain(unshown).chain(rest).collect()
}

/// Greets the register and shows it what is held here. Nothing is kept of its first hello where it shows less than that.
///
/// # Errors
/// [`SendError`] when nobody answers, or somebody else.
pub async fn compare<R: RegisterProtocol + Sync>(
    register: &R,
    known: &Known,
    holding: &Holding,
) -> Result<Comparison<R::Error>, SendError<R::Error>> {
    let greeting = greet(register, known).await?;
    let mut comparing = Comparing { register, holding, lost: Vec::new() };
    let first = comparing.first(&greeting);
    let has_shown = first.snapshot.is_some() || first.beacon.is_some();
    let shown = first.snapshot.clone();
    let answered = if first == Claim::default() { Ok(None) } else { comparing.ask(first).await.map(Some) };
    let (answer, is_full, refused) = match answered {
        Ok(None) => (None, true, None),
        Ok(Some(answer)) if answer.epoch <= holding.compared => (Some(answer), false, None),
        Ok(Some(answer)) => match comparing.all().await {
            Ok(last) => (Some(last.unwrap_or(answer)), true, None),
            Err(error) => (Some(answer), false, Some(refusal(error)?)),
        },
        Err(error) => (None, false, Some(refusal(error)?)),
    };
    let lost = comparing.lost;
    let shown = shown.filter(|_| answer.is_some());
    let epoch = answer.as_ref().map_or(greeting.epoch, |answer| answer.epoch);
    let has_answered = answer.is_some();
    let began = answer.and_then(|answer| answer.began);
    let greeting = if has_shown || epoch != greeting.epoch { greet(register, known).await? } else { greeting };
    if has_answered && !began_is_its(&greeting.trust, epoch, began.as_deref()) {
        return Err(IdentityError::NotSigned(Kind::Epoch).into());
    }
    let disagreement = disagreement(&greeting, holding);
    let receipts = holding.receipts.len();
    Ok(Comparison { greeting, epoch, began, is_full, receipts, lost, shown, disagreement, refused })
}

/// A claim that was not taken concerns nothing else, unless the connection is gone.
fn refusal<E: RequestError>(error: SendError<E>) -> Result<E, SendError<E>> {
    match error {
        SendError::Register(error) if error.reach() == Reach::Request => Ok(error),
        error @ (SendError::Register(_) | SendError::Identity(_)) => Err(error),
    }
}

struct Comparing<'a, R> {
    register: &'a R,
    holding: &'a Holding,
    lost: Vec<Digest>,
}

impl<R: RegisterProtocol + Sync> Comparing<'_, R> {
    /// What is shown every time: the highest receipt, and the names of those that came last. Snapshot and beacon only
    /// where the register's own go back behind them.
    fn first(&self, greeting: &Greeting) -> Claim {
        let holding = self.holding;
        let from = holding.receipts.len().saturating_sub(LAST);
        let mut snapshots = [&holding.snapshot, &holding.unshown].into_iter().flatten();
        let snapshot = snapshots.find(|signed| is_passed_over(signed, greeting)).cloned();
        let beacon = holding
            .beacon
            .clone()
            .filter(|signed| Beacon::parse(signed).is_ok_and(|(held, _)| greeting.beacon.number <= held.number));
        let receipts = names(holding.receipts.get(from..).unwrap_or_default());
        Claim { receipt: highest(&holding.receipts), snapshot, beacon, receipts }
    }

    async fn ask(&mut self, claim: Claim) -> Result<ClaimAnswer, SendError<R::Error>> {
        let answer = self.register.claim(&claim).await.map_err(SendError::Register)?;
        let asked = |record: &Digest| claim.receipts.iter().any(|name| name.record == *record);
        for record in answer.lost.iter().filter(|record| asked(record)) {
            if !self.lost.contains(record) {
                self.lost.push(*record);
            }
        }
        Ok(answer)
    }

    /// Asks after every receipt, as many at a time as a claim may name.
    async fn all(&mut self) -> Result<Option<ClaimAnswer>, SendError<R::Error>> {
        let mut last = None;
        for receipts in self.holding.receipts.chunks(limit::CLAIMED).map(names) {
            last = Some(self.ask(Claim { receipts, ..Claim::default() }).await?);
        }
        Ok(last)
    }
}

fn names(receipts: &[HeldReceipt]) -> Vec<ReceiptName> {
    receipts.iter().map(|held| ReceiptName { record: held.record, receipt: digest_of(&held.signed) }).collect()
}

/// The receipt of the latest epoch and highest place; complete rather than held.
fn highest(receipts: &[HeldReceipt]) -> Option<Vec<u8>> {
    let place = |held: &&HeldReceipt| {
        let receipt = Receipt::parse(&held.signed).ok().map(|(receipt, _)| receipt);
        receipt.map(|receipt| (receipt.epoch, receipt.log_index, receipt.have == Have::Complete))
    };
    receipts.iter().max_by_key(place).map(|held| held.signed.clone())
}

/// Whether the register's own snapshot does not simply follow on this one.
fn is_passed_over(signed: &[u8], greeting: &Greeting) -> bool {
    // Below the first epoch there is only what the institution was founded with.
    let Some(held) = Snapshot::parse(signed).ok().map(|(held, _)| held).filter(|held| 0 < held.epoch) else {
        return false;
    };
    held.epoch != greeting.epoch || matches!(greeting.snapshot, SnapshotNews::Refused { .. })
}

/// Whether the beginning of an epoch is the register's word, as a receipt is. The first one has none.
#[must_use]
pub fn began_is_its(trust: &Trust, epoch: u32, began: Option<&[u8]>) -> bool {
    let Some(signed) = began else { return epoch <= 1 };
    Epoch::parse(signed).is_ok_and(|(began, unverified)| {
        began.number == epoch && trust.check(&unverified, KeyRole::Register, Some(began.began_at.date())).is_ok()
    })
}

fn disagreement(greeting: &Greeting, holding: &Holding) -> Option<Disagreement> {
    let epoch = |held: &HeldReceipt| Receipt::parse(&held.signed).map_or(0, |(receipt, _)| receipt.epoch);
    let beacon = holding.beacon.as_deref().and_then(|signed| Beacon::parse(signed).ok());
    if matches!(greeting.snapshot, SnapshotNews::Refused { .. }) {
        Some(Disagreement::Snapshot)
    } else if holding.receipts.iter().any(|held| greeting.epoch < epoch(held)) {
        Some(Disagreement::Epoch)
    } else if beacon.is_some_and(|(held, _)| greeting.beacon.number <= held.number) {
        Some(Disagreement::Beacon)
    } else {
        None
    }
}
