//! A register in maps: what it takes, what it says to it, and the lists it signs.

use std::collections::{BTreeMap, BTreeSet};

use fieldproof_model::digest::Digest;
use fieldproof_seal::digest_of;

/// What is known of a sealed record from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Facts {
    /// Its name.
    pub(super) record: Digest,
    /// The digest of its file.
    pub(super) file: Digest,
    /// The size of its file.
    pub(super) size: usize,
    /// The evidence it names, with sizes.
    pub(super) evidence: Vec<(Digest, u64)>,
    /// Whose chain.
    pub(super) key: u32,
    /// Its place there.
    pub(super) index: u32,
    /// Whether its file is not what was sealed.
    pub(super) is_damaged: bool,
}

/// What a laptop shows of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    /// On this laptop.
    Here,
    /// The register has the record: its place in the log, and when it came.
    Held(u32, i64),
    /// Refused: the reason's number.
    Refused(u8),
    /// In the register: its place in the log, and when it came.
    Complete(u32, i64),
    /// The register had it and lost it.
    Lost,
    /// The register had everything and lost some of the evidence.
    EvidenceLost,
}

/// A receipt by what it says; its bytes are the same when all of that is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Receipt {
    /// The register's epoch.
    pub(super) epoch: u32,
    /// The record's place in the log.
    pub(super) index: u32,
    /// Whether it is for everything.
    pub(super) is_complete: bool,
    /// Which record.
    pub(super) record: Digest,
    /// The evidence it names.
    pub(super) evidence: Vec<Digest>,
    /// When the record came first.
    pub(super) at: i64,
    /// The log's head at that place.
    pub(super) head: Digest,
}

/// What the register says to a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Said {
    /// It has it, and misses this evidence.
    Receipt(Receipt, Vec<Digest>),
    /// It refuses it: the reason's number.
    Refused(u8),
}

/// What a laptop shows the register of what it signed.
#[derive(Debug, Clone, Default)]
pub(super) struct Claim {
    /// Its highest receipt.
    pub(super) receipt: Option<Receipt>,
    /// A list.
    pub(super) list: Option<Listed>,
    /// The number of a beacon.
    pub(super) beacon: Option<u32>,
    /// Receipts it asks after.
    pub(super) names: Vec<Receipt>,
}

/// What the register says to a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ChainSaid {
    /// How many of the entries it holds.
    pub(super) held: u32,
    /// What else stands at their places.
    pub(super) forks: Vec<(u32, Digest)>,
    /// How many places are taken.
    pub(super) places: u32,
    /// The highest of them.
    pub(super) highest: u32,
    /// The head over all entries.
    pub(super) head: Digest,
}

/// A list that the register signed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Listed {
    /// Its epoch.
    pub(super) epoch: u32,
    /// Its number there.
    pub(super) number: u32,
    /// When it was signed.
    pub(super) as_of: i64,
    /// By key: how far its chain is registered, and whether and on which day its delegation ended as compromised (true)
    /// or retired.
    pub(super) delegations: BTreeMap<u32, (u32, Option<(bool, i32)>)>,
}

/// An entry of a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry {
    /// Its digest.
    pub(super) digest: Digest,
    /// Whether it is a sealed record.
    pub(super) is_record: bool,
}

/// A register.
#[derive(Debug, Clone, Default)]
pub(super) struct Register {
    /// What its clock says.
    pub(super) now: i64,
    /// Accepted records in order.
    pub(super) log: Vec<Digest>,
    places: BTreeMap<Digest, (u32, i64, Digest)>,
    named: BTreeSet<Digest>,
    evidence: BTreeSet<Digest>,
    /// Of each record: for the record alone, and for everything.
    receipts: BTreeMap<Digest, [Option<Receipt>; 2]>,
    returned: BTreeSet<Receipt>,
    refused: BTreeMap<Digest, u8>,
    entries: BTreeMap<(u32, u32), BTreeMap<Digest, bool>>,
    registered: BTreeMap<u32, u32>,
    delegations: BTreeMap<u32, Option<End>>,
    /// Ends that lists told of which are lost, with the list's epoch and number.
    ends: BTreeMap<u32, (End, (u32, u32))>,
    pub(super) epoch: u32,
    pub(super) beacon: u32,
    lists: BTreeMap<(u32, u32), Listed>,
    pub(super) bundles: BTreeMap<u32, u32>,
}

/// How a delegation ended, as compromised (true) or retired, and on which day.
type End = (bool, i32);

const DAY: i64 = 86_400_000;

/// The head of a chain, by the words of the protocol.
pub(super) fn head<'a>(entries: impl Iterator<Item = &'a Digest>) -> Digest {
    let next = |head: Digest, entry: &Digest| digest_of(&[*head.as_bytes(), *entry.as_bytes()].concat());
    entries.fold(Digest::new([0; 32]), next)
}

impl Register {
    pub(super) fn hello(&mut self) -> (u32, Listed) {
        self.beacon += 1;
        (self.beacon, self.list())
    }

    /// The list that stands; the next one when something changed or a later day began.
    pub(super) fn list(&mut self) -> Listed {
        let row = |(key, ended): (&u32, &Option<End>)| (*key, (self.registered.get(key).copied().unwrap_or(0), *ended));
        let mut delegations: BTreeMap<_, _> = self.delegations.iter().map(row).collect();
        for (key, (end, _)) in &self.ends {
            let (_, ended) = delegations.entry(*key).or_default();
            if ended.is_none_or(|(is_compromised, _)| !is_compromised && end.0) {
                *ended = Some(*end);
            }
        }
        let newest = self.lists.range((self.epoch, 0)..=(self.epoch, u32::MAX)).next_back();
        let day = |millis: i64| millis.div_euclid(DAY);
        if let Some((_, list)) = newest
            && list.delegations == delegations
            && day(self.now) <= day(list.as_of)
        {
            return list.clone();
        }
        let number = newest.map_or(0, |((_, number), _)| *number) + 1;
        let list = Listed { epoch: self.epoch, number, as_of: self.now, delegations };
        self.lists.insert((self.epoch, number), list.clone());
        list
    }

    /// Takes entries of a chain, the first of them at this place.
    pub(super) fn put_chain(&mut self, key: u32, first: u32, entries: &[Entry]) -> ChainSaid {
        let mut forks = Vec::new();
        for (index, entry) in (first..).zip(entries) {
            self.entries.entry((key, index)).or_default().insert(entry.digest, entry.is_record);
        }
        for (index, entry) in (first..).zip(entries) {
            let here = self.entries.get(&(key, index)).into_iter().flat_map(BTreeMap::keys);
            forks.extend(here.filter(|other| **other != entry.digest).map(|other| (index, *other)));
        }
        self.advance(key);
        let (places, highest, head) = self.extent(key);
        ChainSaid { held: u32::try_from(entries.len()).unwrap(), forks, places, highest, head }
    }

    /// How many places are taken, the highest of them, and the head over all entries.
    pub(super) fn extent(&self, key: u32) -> (u32, u32, Digest) {
        let here = || self.entries.range((key, 0)..=(key, u32::MAX));
        let places: Vec<u32> = here().map(|((_, index), _)| *index).collect();
        let head = head(here().flat_map(|(_, entries)| entries.keys()));
        (u32::try_from(places.len()).unwrap(), places.last().copied().unwrap_or(0), head)
    }

    /// A chain is registered up to the first place that is empty, taken twice, or a record that is not complete.
    fn advance(&mut self, key: u32) {
        let mut reached = self.registered.get(&key).copied().unwrap_or(0);
        while let Some(entries) = self.entries.get(&(key, reached + 1)) {
            let is_good = |(digest, is_record): (&Digest, &bool)| !is_record || self.is_complete(digest);
            if entries.len() != 1 || !entries.iter().all(is_good) {
                break;
            }
            reached += 1;
        }
        self.registered.insert(key, reached);
    }

    fn is_complete(&self, record: &Digest) -> bool {
        self.receipts.get(record).is_some_and(|[_, complete]| complete.is_some())
    }

    fn missing(&self, facts: &Facts) -> Vec<Digest> {
        let is_here = |item: &Digest| self.evidence.contains(item);
        facts.evidence.iter().map(|(item, _)| *item).filter(|item| !is_here(item)).collect()
    }

    pub(super) fn put_record(&mut self, facts: &Facts) -> Said {
        let mut missing = self.missing(facts);
        let was_returned = self.returned.iter().any(|receipt| receipt.record == facts.record);
        if self.is_complete(&facts.record) && !was_returned {
            missing.clear();
        }
        if self.places.contains_key(&facts.record) {
            return self.receipt(facts, missing);
        }
        if let Some(reason) = self.refused.get(&facts.file) {
            return Said::Refused(*reason);
        }
        if facts.is_damaged {
            return self.refuse(facts, 1);
        }
        let here = self.entries.entry((facts.key, facts.index)).or_default();
        here.insert(facts.record, true);
        if 1 < here.len() {
            return self.refuse(facts, 3);
        }
        self.accept(facts, self.now);
        self.receipt(facts, missing)
    }

    fn refuse(&mut self, facts: &Facts, reason: u8) -> Said {
        self.refused.insert(facts.file, reason);
        Said::Refused(reason)
    }

    fn accept(&mut self, facts: &Facts, at: i64) {
        let head = self.log.last().map_or(Digest::new([0; 32]), |last| self.places[last].2);
        let head = digest_of(&[*head.as_bytes(), *facts.record.as_bytes()].concat());
        self.log.push(facts.record);
        self.places.insert(facts.record, (u32::try_from(self.log.len()).unwrap(), at, head));
        self.named.extend(facts.evidence.iter().map(|(item, _)| *item));
        self.delegations.entry(facts.key).or_default();
    }

    /// The receipt that was signed, or one that is signed now. What was complete stays so.
    fn receipt(&mut self, facts: &Facts, missing: Vec<Digest>) -> Said {
        let (epoch, (index, at, head)) = (self.epoch, self.places[&facts.record]);
        let [held, complete] = self.receipts.entry(facts.record).or_default();
        if let Some(complete) = complete {
            return Said::Receipt(complete.clone(), missing);
        }
        let is_complete = missing.is_empty();
        let slot = if is_complete { complete } else { held };
        if let Some(receipt) = slot {
            return Said::Receipt(receipt.clone(), missing);
        }
        let evidence = facts.evidence.iter().map(|(item, _)| *item).filter(|item| !missing.contains(item)).collect();
        let receipt = Receipt { epoch, index, is_complete, record: facts.record, evidence, at, head };
        *slot = Some(receipt.clone());
        self.advance(facts.key);
        Said::Receipt(receipt, missing)
    }

    fn has(&self, receipt: &Receipt) -> bool {
        let here = self.receipts.get(&receipt.record).into_iter().flatten().flatten();
        self.returned.contains(receipt) || here.into_iter().any(|here| here == receipt)
    }

    /// Looks at what a laptop shows; says the epoch, and of which records the receipts are lost.
    pub(super) fn claim(&mut self, claim: &Claim) -> (u32, BTreeSet<Digest>) {
        self.compare(claim.receipt.as_slice(), claim.list.as_ref(), claim.beacon.unwrap_or(0));
        let lost = claim.names.iter().filter(|receipt| !self.has(receipt)).map(|receipt| receipt.record);
        (self.epoch, lost.collect())
    }

    /// What was given out and is not here was lost: a new epoch begins above it.
    fn compare(&mut self, receipts: &[Receipt], list: Option<&Listed>, beacon: u32) {
        let lost = receipts.iter().filter(|receipt| !self.has(receipt)).map(|receipt| receipt.epoch);
        let mut lost: Vec<u32> = lost.collect();
        if let Some(list) = list.filter(|list| self.lists.get(&(list.epoch, list.number)) != Some(list)) {
            lost.push(list.epoch);
            for (key, (_, ended)) in &list.delegations {
                let of = (list.epoch, list.number);
                if let Some(end) = ended
                    && self.ends.get(key).is_none_or(|(_, before)| *before < of)
                {
                    self.ends.insert(*key, (*end, of));
                }
            }
        }
        if self.beacon < beacon {
            lost.push(self.epoch);
        }
        let Some(above) = lost.into_iter().max().filter(|highest| self.epoch <= *highest) else { return };
        self.epoch = above + 1;
        self.beacon = u32::next_multiple_of(self.beacon.max(beacon) + 1, 65_536);
    }

    /// Takes a record back with the receipts that were signed of it.
    pub(super) fn give_back(&mut self, facts: &Facts, receipts: &[Receipt]) -> Said {
        let missing = self.missing(facts);
        self.compare(receipts, None, 0);
        if !self.places.contains_key(&facts.record) {
            self.entries.entry((facts.key, facts.index)).or_default().insert(facts.record, true);
            self.accept(facts, receipts.iter().map(|receipt| receipt.at).min().unwrap_or(self.now));
        }
        for receipt in receipts {
            let slots = self.receipts.entry(facts.record).or_default();
            slots[usize::from(receipt.is_complete)].get_or_insert_with(|| receipt.clone());
            self.returned.insert(receipt.clone());
        }
        self.advance(facts.key);
        self.receipt(facts, missing)
    }

    /// Takes an item that an accepted record names.
    pub(super) fn put_evidence(&mut self, item: Digest) {
        if self.named.contains(&item) {
            self.evidence.insert(item);
        }
    }

    /// Ends a delegation; what is compromised stays so.
    pub(super) fn withdraw(&mut self, key: u32, is_compromised: bool, day: i32) {
        let ended = self.delegations.entry(key).or_default();
        if ended.is_none_or(|(before, _)| !before && is_compromised) {
            *ended = Some((is_compromised, day));
        }
    }
}
