//! A register in maps: what it takes, what it says to it, and the lists it signs.

use std::collections::{BTreeMap, BTreeSet};

use fieldproof_model::digest::Digest;

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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Shown {
    /// On this laptop.
    Here,
    /// The register has the record: its place in the log, and when it came.
    Held(u32, i64),
    /// Refused: the reason's number.
    Refused(u8),
    /// In the register: its place in the log, and when it came.
    Complete(u32, i64),
}

/// What the register says to a record: what is to be shown, and what is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Said(pub(super) Shown, pub(super) Vec<Digest>);

/// What the register says to a chain.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct ChainSaid {
    /// How many of the entries it holds.
    pub(super) held: u32,
    /// What else stands at their places.
    pub(super) forks: Vec<(u32, Digest)>,
    /// How many places are taken.
    pub(super) places: u32,
    /// The highest of them.
    pub(super) highest: u32,
}

/// A list that the register signed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Listed {
    /// Its number.
    pub(super) number: u32,
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
    places: BTreeMap<Digest, (u32, i64)>,
    named: BTreeSet<Digest>,
    evidence: BTreeSet<Digest>,
    held: BTreeSet<Digest>,
    complete: BTreeSet<Digest>,
    refused: BTreeMap<Digest, u8>,
    entries: BTreeMap<(u32, u32), BTreeMap<Digest, bool>>,
    registered: BTreeMap<u32, u32>,
    delegations: BTreeMap<u32, Option<(bool, i32)>>,
    pub(super) beacon: u32,
    list: Listed,
    list_day: i64,
    pub(super) bundles: BTreeMap<u32, u32>,
}

const DAY: i64 = 86_400_000;

impl Register {
    pub(super) fn hello(&mut self) -> (u32, Listed) {
        self.beacon += 1;
        (self.beacon, self.list())
    }

    /// The list that stands; the next one when something changed or a later day began.
    pub(super) fn list(&mut self) -> Listed {
        let row = |(key, ended): (&u32, &Option<(bool, i32)>)| {
            (*key, (self.registered.get(key).copied().unwrap_or(0), *ended))
        };
        let delegations: BTreeMap<_, _> = self.delegations.iter().map(row).collect();
        let day = self.now.div_euclid(DAY);
        if self.list.number == 0 || delegations != self.list.delegations || self.list_day < day {
            self.list = Listed { number: self.list.number + 1, delegations };
            self.list_day = day;
        }
        self.list.clone()
    }

    pub(super) fn put_chain(&mut self, key: u32, entries: &[Entry]) -> ChainSaid {
        let mut forks = Vec::new();
        for (index, entry) in (1..).zip(entries) {
            self.entries.entry((key, index)).or_default().insert(entry.digest, entry.is_record);
        }
        for (index, entry) in (1..).zip(entries) {
            let here = self.entries.get(&(key, index)).into_iter().flat_map(BTreeMap::keys);
            forks.extend(here.filter(|other| **other != entry.digest).map(|other| (index, *other)));
        }
        self.advance(key);
        let (places, highest) = self.extent(key);
        ChainSaid { held: u32::try_from(entries.len()).unwrap(), forks, places, highest }
    }

    pub(super) fn extent(&self, key: u32) -> (u32, u32) {
        let places: Vec<u32> = self.entries.range((key, 0)..=(key, u32::MAX)).map(|((_, index), _)| *index).collect();
        (u32::try_from(places.len()).unwrap(), places.last().copied().unwrap_or(0))
    }

    /// A chain is registered up to the first place that is empty, taken twice, or a record that is not complete.
    fn advance(&mut self, key: u32) {
        let mut reached = self.registered.get(&key).copied().unwrap_or(0);
        while let Some(entries) = self.entries.get(&(key, reached + 1)) {
            let is_good = |(digest, is_record): (&Digest, &bool)| !is_record || self.complete.contains(digest);
            if entries.len() != 1 || !entries.iter().all(is_good) {
                break;
            }
            reached += 1;
        }
        self.registered.insert(key, reached);
    }

    pub(super) fn put_record(&mut self, facts: &Facts) -> Said {
        let is_here = |item: &Digest| self.evidence.contains(item);
        let missing: Vec<_> = facts.evidence.iter().map(|(item, _)| *item).filter(|item| !is_here(item)).collect();
        if let Some((index, at)) = self.places.get(&facts.record).copied() {
            return self.receipt(facts, (index, at), missing);
        }
        if let Some(reason) = self.refused.get(&facts.file) {
            return Said(Shown::Refused(*reason), Vec::new());
        }
        if facts.is_damaged {
            return self.refuse(facts, 1);
        }
        let here = self.entries.entry((facts.key, facts.index)).or_default();
        here.insert(facts.record, true);
        if 1 < here.len() {
            return self.refuse(facts, 3);
        }
        self.log.push(facts.record);
        let place = (u32::try_from(self.log.len()).unwrap(), self.now);
        self.places.insert(facts.record, place);
        self.named.extend(facts.evidence.iter().map(|(item, _)| *item));
        self.delegations.entry(facts.key).or_default();
        self.receipt(facts, place, missing)
    }

    fn refuse(&mut self, facts: &Facts, reason: u8) -> Said {
        self.refused.insert(facts.file, reason);
        Said(Shown::Refused(reason), Vec::new())
    }

    fn receipt(&mut self, facts: &Facts, (index, at): (u32, i64), missing: Vec<Digest>) -> Said {
        let is_complete = missing.is_empty() || self.complete.contains(&facts.record);
        let given = if is_complete { &mut self.complete } else { &mut self.held };
        if given.insert(facts.record) {
            self.advance(facts.key);
        }
        if is_complete { Said(Shown::Complete(index, at), Vec::new()) } else { Said(Shown::Held(index, at), missing) }
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
