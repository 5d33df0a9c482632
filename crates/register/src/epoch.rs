//! Epochs: whoever holds something signed here that is not in the book shows that the book was lost in part. Then
//! numbers go on above everything that was ever given out, and what clients hold is taken back as it was signed.

use std::{
    collections::BTreeSet,
    sync::{MutexGuard, PoisonError},
};

use fieldproof_model::{digest::Digest, time::Timestamp};
use fieldproof_seal::{
    digest_of,
    envelope::Unverified,
    key_set::KeyRole,
    receipt::{Beacon, Epoch, Have, Receipt},
    record::{Record, RecordFile},
    snapshot::Snapshot,
};
use fieldproof_wire::{Claim, ClaimAnswer, Fault, ReceiptName, RecordAnswer, Return, limit, log};

#[cfg(feature = "sabotage")]
use crate::sabotage::{self, Sabotage};
use crate::{
    RegisterError,
    core::Core,
    evidence::within,
    receive::{Arrived, Whole, judge},
    table::{Transaction, chain_entries, delegations, epochs, institution, receipts, records, snapshots},
};

/// So many lists that were lost are remembered: one a day is given out, and one with every change.
const KEPT_LISTS: usize = 1_024;

/// What a client showed, verified; nothing of it was compared with the book yet.
struct Shown<'a> {
    receipts: Vec<(Receipt, &'a [u8])>,
    snapshot: Option<(Snapshot, &'a [u8])>,
    beacon: Option<Beacon>,
}

/// What is shown, held against the book.
struct Weighed<'a> {
    current: u32,
    /// The highest epoch in which something was given out that is not in the book.
    highest: u32,
    /// The highest beacon that was given out, as far as is known now.
    beacon: u32,
    /// A list that is not in the book.
    list: Option<&'a Snapshot>,
}

impl Weighed<'_> {
    const fn begins_an_epoch(&self) -> bool {
        self.current <= self.highest
    }

    /// Whether the book has to be changed.
    const fn is_news(&self) -> bool {
        self.begins_an_epoch() || self.list.is_some()
    }
}

impl Core {
    /// Holds the book to what a client shows, and says which of its receipts are not there.
    pub(crate) fn receive_claim(&self, claim: &Claim) -> Result<ClaimAnswer, RegisterError> {
        let shown = Shown {
            receipts: claim.receipt.iter().map(|signed| self.own_receipt(signed)).collect::<Result<_, _>>()?,
            snapshot: claim.snapshot.as_deref().map(|signed| self.own_snapshot(signed)).transpose()?,
            beacon: claim.beacon.as_deref().map(|signed| self.own_beacon(signed)).transpose()?,
        };
        // Anybody may claim, and most have heard nothing but what is in the book: nobody waits for them.
        let (lost, answer) = self.read(|tx| {
            let lost = receipts::lost(tx, &claim.receipts)?;
            let answer = if self.weigh(tx, &shown)?.is_news() { None } else { Some(epoch_now(tx)?) };
            Ok((lost, answer))
        })?;
        let (epoch, began) = match answer {
            Some(answer) => answer,
            None => {
                let now = self.write(|tx| {
                    self.compare(tx, &shown)?;
                    epoch_now(tx)
                })?;
                self.remember_kept(&shown);
                now
            }
        };
        Ok(ClaimAnswer { epoch, began, lost })
    }

    /// Takes a record back with its receipts. They stay what they are; what they say of evidence is what was here once.
    pub(crate) fn take_back(&self, returned: &Return) -> Result<RecordAnswer, RegisterError> {
        within(&returned.file, limit::RECORD)?;
        let file = RecordFile::parse(&returned.file).map_err(|_| Fault::Malformed)?;
        let arrived = Arrived { bytes: &returned.file, digest: file.digest(), file };
        let named = Record::parse(&arrived.file.sealed).map(|(record, _)| record.evidence).unwrap_or_default();
        let receipts =
            returned.receipts.iter().map(|signed| self.own_receipt(signed)).collect::<Result<Vec<_>, _>>()?;
        let is_of_record = |receipt: &Receipt| {
            let is_whole = receipt.have == Have::Held || named.iter().all(|item| receipt.evidence.contains(item));
            receipt.record == arrived.digest && is_whole
        };
        if !receipts.iter().all(|(receipt, _)| is_of_record(receipt)) {
            return Err(Fault::NotOurs.into());
        }
        let now = self.now();
        // Its receipt says that every part was there: what was destroyed since has a right to be absent.
        let judged = judge(&self.trust, &arrived.file, now, Whole::Once);
        let has_place = self.read(|tx| self.place_of(tx, &arrived.digest))?.is_some();
        let missing = (has_place || judged.is_ok()).then(|| self.missing(&named)).transpose()?;
        let shown = Shown { receipts, snapshot: None, beacon: None };
        self.write(|tx| {
            self.compare(tx, &shown)?;
            let place = match self.place_of(tx, &arrived.digest)? {
                Some(place) => place,
                None => {
                    let genuine = match judged {
                        Ok(genuine) => genuine,
                        Err(reason) => return self.refuse(tx, &arrived, reason),
                    };
                    // Whatever else stands at its place of the chain by now: it was accepted, and a fork shows itself.
                    let (key, index) = (&genuine.assessor_key, genuine.record.link.index);
                    chain_entries::keep(tx, key, index, &arrived.file.sealed, now)?;
                    let received_at = shown.receipts.iter().map(|(receipt, _)| receipt.received_at).min();
                    delegations::keep(tx, &genuine.delegation, key)?;
                    self.log(tx, &arrived, &genuine.record, received_at.unwrap_or(now))?
                }
            };
            for (receipt, signed) in &shown.receipts {
                receipts::take_back(tx, &arrived.digest, receipt.have, signed, now)?;
            }
            delegations::advance_past(tx, &arrived.digest)?;
            // Without an answer: another file of this record was accepted a moment ago.
            let missing = missing.map_or_else(|| self.missing(&named), Ok)?;
            self.receipt(tx, &arrived.digest, &place, &named, missing)
        })
    }

    /// Begins a new epoch where what is shown was given out in this one, or a later one, and is not in the book.
    fn compare(&self, tx: &Transaction<'_>, shown: &Shown<'_>) -> Result<(), RegisterError> {
        let weighed = self.weigh(tx, shown)?;
        if let Some(list) = weighed.list {
            epochs::keep_list(tx, list)?;
        }
        if weighed.begins_an_epoch() { self.begin_epoch(tx, weighed.highest, weighed.beacon) } else { Ok(()) }
    }

    fn weigh<'a>(&self, tx: &Transaction<'_>, shown: &'a Shown<'_>) -> Result<Weighed<'a>, RegisterError> {
        let (current, last_beacon) = (epochs::current(tx)?, institution::last_beacon(tx)?);
        let (mut lost_in, mut list) = (Vec::new(), None);
        for (receipt, signed) in &shown.receipts {
            let name = ReceiptName { record: receipt.record, receipt: digest_of(signed) };
            if !receipts::lost(tx, &[name])?.is_empty() {
                lost_in.push(receipt.epoch);
            }
        }
        if let Some((snapshot, signed)) = &shown.snapshot
            && !snapshots::is_known(tx, (snapshot.epoch, snapshot.number), signed)?
        {
            lost_in.push(snapshot.epoch);
            list = Some(snapshot).filter(|_| !self.kept_lists().contains(&digest_of(signed)));
        }
        let beacon = shown.beacon.map_or(0, |beacon| beacon.number);
        // Every epoch begins above the beacons of the one before.
        if last_beacon < beacon {
            lost_in.push(current);
        }
        let highest = lost_in.into_iter().max().unwrap_or(0);
        if current.saturating_add(limit::AHEAD) < highest || last_beacon.saturating_add(limit::AHEAD) < beacon {
            return Err(Fault::TooFarAhead.into());
        }
        Ok(Weighed { current, highest, beacon: last_beacon.max(beacon), list })
    }

    fn kept_lists(&self) -> MutexGuard<'_, BTreeSet<Digest>> {
        // Each change is one step, and what is forgotten is kept once more.
        self.kept_lists.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Remembers a list that is committed: whoever shows it once more waits for nobody.
    fn remember_kept(&self, shown: &Shown<'_>) {
        let Some((_, signed)) = &shown.snapshot else { return };
        let mut kept = self.kept_lists();
        if kept.len() == KEPT_LISTS {
            kept.clear();
        }
        kept.insert(digest_of(signed));
    }

    fn begin_epoch(&self, tx: &Transaction<'_>, above: u32, above_beacon: u32) -> Result<(), RegisterError> {
        #[cfg(feature = "sabotage")]
        if sabotage::is_set(Sabotage::NeverBeginAnEpoch) {
            return Ok(());
        }
        let number = above.checked_add(1).ok_or(RegisterError::Exhausted("an epoch"))?;
        let beacon = above_beacon.checked_add(1).and_then(|beacon| beacon.checked_next_multiple_of(limit::BEACONS));
        let beacon = beacon.ok_or(RegisterError::Exhausted("a beacon"))?;
        let (log_index, log_head) = records::last(tx)?.map_or((0, log::EMPTY), |place| (place.index, place.head));
        let began = Epoch { purpose: self.purpose(), number, began_at: self.signing_time()?, log_index, log_head };
        epochs::begin(tx, number, &began.sign(&self.key), beacon)
    }

    fn own_receipt<'a>(&self, signed: &'a [u8]) -> Result<(Receipt, &'a [u8]), Fault> {
        let (receipt, unverified) = Receipt::parse(signed).map_err(|_| Fault::NotOurs)?;
        self.own(&unverified, receipt.received_at)?;
        Ok((receipt, signed))
    }

    fn own_snapshot<'a>(&self, signed: &'a [u8]) -> Result<(Snapshot, &'a [u8]), Fault> {
        let (snapshot, unverified) = Snapshot::parse(signed).map_err(|_| Fault::NotOurs)?;
        self.own(&unverified, snapshot.as_of)?;
        Ok((snapshot, signed))
    }

    fn own_beacon(&self, signed: &[u8]) -> Result<Beacon, Fault> {
        let (beacon, unverified) = Beacon::parse(signed).map_err(|_| Fault::NotOurs)?;
        self.own(&unverified, beacon.at)?;
        Ok(beacon)
    }

    /// Whether a register key of this institution signed it, one that retired too.
    fn own(&self, unverified: &Unverified, at: Timestamp) -> Result<(), Fault> {
        self.trust.check(unverified, KeyRole::Register, Some(at.date())).map_err(|_| Fault::NotOurs)
    }
}

/// The epoch now, and its signed beginning.
fn epoch_now(tx: &Transaction<'_>) -> Result<(u32, Option<Vec<u8>>), RegisterError> {
    let epoch = epochs::current(tx)?;
    Ok((epoch, epochs::began(tx, epoch)?))
}
