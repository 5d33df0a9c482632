//! A laptop of the reference: what it holds, and what it makes of what it hears.

use std::collections::{BTreeMap, BTreeSet};

use fieldproof_model::digest::Digest;

use super::book::{Claim, Entry, Facts, Listed, Receipt, Said, Shown};

/// A record on a laptop, with what the register signed of it: the first of each kind.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    pub(super) facts: Facts,
    held: Option<Receipt>,
    refused: Option<u8>,
    complete: Option<Receipt>,
    /// What the register lost: the record by its own name, or evidence.
    pub(super) lost: BTreeSet<Digest>,
}

impl Kept {
    pub(super) const fn new(facts: Facts) -> Self {
        Self { facts, held: None, refused: None, complete: None, lost: BTreeSet::new() }
    }

    pub(super) fn shown(&self) -> Shown {
        let is_lost = self.lost.contains(&self.facts.record);
        match (&self.complete, self.refused, &self.held) {
            (Some(_), None, _) if is_lost => Shown::Lost,
            (Some(receipt), ..) if self.lost.is_empty() => Shown::Complete(receipt.index, receipt.at),
            (Some(_), ..) if !is_lost => Shown::EvidenceLost,
            (_, Some(reason), _) => Shown::Refused(reason),
            (None, None, Some(_)) if is_lost => Shown::Lost,
            (None, None, Some(receipt)) => Shown::Held(receipt.index, receipt.at),
            _ => Shown::Here,
        }
    }

    /// The receipts that go back with it, where it goes at all.
    fn outgoing(&self) -> Option<Vec<Receipt>> {
        let is_lost = self.lost.contains(&self.facts.record);
        match self.shown() {
            Shown::Refused(_) | Shown::Complete(..) => None,
            Shown::Here | Shown::Held(..) | Shown::Lost | Shown::EvidenceLost if is_lost => {
                Some([&self.held, &self.complete].into_iter().flatten().cloned().collect())
            }
            Shown::Here | Shown::Held(..) | Shown::Lost | Shown::EvidenceLost => Some(Vec::new()),
        }
    }
}

/// A laptop.
#[derive(Debug, Clone, Default)]
pub(super) struct Laptop {
    /// Its chains by key; the last one is in use.
    pub(super) chains: Vec<(u32, Vec<Entry>)>,
    /// Its records.
    pub(super) records: BTreeMap<Digest, Kept>,
    /// Photos that are here.
    pub(super) photos: BTreeSet<Digest>,
    /// Receipts in the order in which they came.
    pub(super) came: Vec<Receipt>,
    /// The newest list it holds.
    pub(super) list: Option<Listed>,
    /// One of an earlier epoch that the register was not shown yet.
    pub(super) unshown: Option<Listed>,
    /// The number of the newest beacon.
    pub(super) beacon: u32,
    /// The last epoch in which every receipt was compared.
    pub(super) compared: u32,
    /// The last epoch in which it was asked after anything.
    pub(super) heard: u32,
    /// The bundles it wrote, and after how many receipts each asks.
    pub(super) written: BTreeMap<u32, usize>,
}

/// So many receipts are asked after every time.
const LAST: usize = 16;

const fn number(list: &Listed) -> (u32, u32) {
    (list.epoch, list.number)
}

impl Laptop {
    /// Keeps what the register signed; what was kept of the same kind before stays.
    pub(super) fn keep(&mut self, record: &Digest, said: &Said) {
        let Some(kept) = self.records.get_mut(record) else { return };
        match said {
            Said::Refused(reason) => {
                kept.refused.get_or_insert(*reason);
            }
            Said::Receipt(receipt, _) => {
                let slot = if receipt.is_complete { &mut kept.complete } else { &mut kept.held };
                if slot.is_none() {
                    *slot = Some(receipt.clone());
                    self.came.push(receipt.clone());
                }
            }
        }
    }

    /// The same in the epoch that this laptop knows of: what is missing was missing then.
    pub(super) fn hear(&mut self, record: &Digest, said: &Said) {
        self.keep(record, said);
        let Said::Receipt(receipt, missing) = said else { return };
        if let Some(kept) = self.records.get_mut(record) {
            kept.lost = if receipt.is_complete { missing.iter().copied().collect() } else { BTreeSet::new() };
        }
    }

    /// The same in an epoch that ended: it says nothing of what was lost since, and what comes with it was not asked after.
    pub(super) fn hear_late(&mut self, record: &Digest, said: &Said, epoch: u32) {
        let was_complete = matches!(self.records.get(record), Some(Kept { complete: Some(_), .. }));
        let before = self.came.len();
        self.keep(record, said);
        if before == self.came.len() {
            return;
        }
        self.compared = self.compared.min(epoch);
        if let Some(kept) = self.records.get_mut(record).filter(|_| !was_complete) {
            kept.lost = [*record].into();
        }
    }

    /// Learns a list and a beacon.
    pub(super) fn learn(&mut self, beacon: u32, list: &Listed) {
        self.beacon = self.beacon.max(beacon);
        if self.list.as_ref().is_some_and(|held| number(list) <= number(held)) {
            return;
        }
        if let Some(held) = self.list.take().filter(|held| held.epoch != list.epoch)
            && self.unshown.as_ref().is_none_or(|unshown| number(unshown) < number(&held))
        {
            self.unshown = Some(held);
        }
        self.list = Some(list.clone());
    }

    /// What is shown to a register that greeted with this.
    pub(super) fn claim(&self, beacon: u32, list: &Listed) -> Claim {
        let is_refused = self.list.as_ref().is_some_and(|held| held != list && number(list) <= number(held));
        let is_passed_over = |held: &&Listed| held.epoch != list.epoch || is_refused;
        Claim {
            receipt: self.highest(),
            list: [&self.list, &self.unshown].into_iter().flatten().find(is_passed_over).cloned(),
            beacon: Some(self.beacon).filter(|held| 0 < *held && beacon <= *held),
            names: self.came[self.came.len().saturating_sub(LAST)..].to_vec(),
        }
    }

    /// What goes out, the smallest record first; with receipts where the register lost it.
    pub(super) fn outgoing(&self) -> Vec<(Facts, Vec<Receipt>)> {
        let out = |kept: &Kept| Some((kept.facts.clone(), kept.outgoing()?));
        let mut open: Vec<_> = self.records.values().filter_map(out).collect();
        open.sort_by_key(|(facts, _)| (facts.size, facts.record));
        open
    }

    /// What a bundle shows first: everything.
    pub(super) fn claims(&self) -> Vec<Claim> {
        if self.came.is_empty() && self.list.is_none() && self.unshown.is_none() {
            return Vec::new();
        }
        let first = Claim {
            receipt: self.highest(),
            list: self.list.clone(),
            beacon: Some(self.beacon).filter(|held| 0 < *held),
            names: self.came.clone(),
        };
        let unshown = self.unshown.clone().map(|list| Claim { list: Some(list), ..Claim::default() });
        [first].into_iter().chain(unshown).collect()
    }

    fn highest(&self) -> Option<Receipt> {
        let place = |receipt: &&Receipt| (receipt.epoch, receipt.index, receipt.is_complete);
        self.came.iter().max_by_key(place).cloned()
    }
}
