//! What laptops and a register do, in maps: written from `PROTOCOL.md`, beside the program and without a line of it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use fieldproof_model::digest::Digest;

use super::{
    book::{ChainSaid, Entry, Facts, Listed, Register, Said, Shown},
    script::Fate,
};

/// What a laptop saw of one sending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Came {
    /// It was killed.
    Killed,
    /// Nobody answered to hello.
    Nobody,
    /// What became of it.
    Sent(Sent),
}

/// What became of everything.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Sent {
    /// The number of the beacon.
    pub(super) beacon: u32,
    /// What was said to each chain, as far as it got through; a difference from what is here is `places` and `highest`.
    pub(super) chains: Vec<Option<ChainSaid>>,
    /// A word for each record, by name.
    pub(super) records: BTreeMap<Digest, &'static str>,
    /// Whether the connection ended first.
    pub(super) was_cut_short: bool,
}

/// A laptop.
#[derive(Debug, Clone, Default)]
pub(super) struct Laptop {
    /// Its chains by key; the last one is in use.
    pub(super) chains: Vec<(u32, Vec<Entry>)>,
    /// Its records.
    pub(super) records: BTreeMap<Digest, (Facts, Shown)>,
    /// Photos that are here.
    pub(super) photos: BTreeSet<Digest>,
    /// The newest list it holds.
    pub(super) list: u32,
}

impl Laptop {
    fn show(&mut self, record: &Digest, shown: Shown) {
        if let Some((_, before)) = self.records.get_mut(record) {
            *before = shown.max(*before);
        }
    }

    /// Records that have no last word yet, the smallest first.
    fn outgoing(&self) -> Vec<Facts> {
        let is_open = |shown: &Shown| matches!(shown, Shown::Here | Shown::Held(..));
        let mut open: Vec<_> =
            self.records.values().filter(|(_, shown)| is_open(shown)).map(|(facts, _)| facts.clone()).collect();
        open.sort_by_key(|facts| (facts.size, facts.record));
        open
    }
}

/// The order of evidence: the records with the least of it first.
fn by_evidence(records: &[Facts]) -> Vec<Facts> {
    let mut order = records.to_vec();
    order.sort_by_key(|facts| (facts.evidence.iter().map(|(_, size)| size).sum::<u64>(), facts.record));
    order.retain(|facts| !facts.evidence.is_empty());
    order
}

/// What is in a bundle.
#[derive(Debug, Clone, Default)]
pub(super) struct Bundle {
    /// Which.
    pub(super) number: u32,
    chains: Vec<(u32, Vec<Entry>)>,
    records: Vec<Facts>,
    items: Vec<(Digest, u64)>,
    /// Behind which piece of 65 536 bytes each frame ends.
    ends: Vec<u64>,
    /// What was answered last.
    pub(super) answers: Option<Answers>,
}

impl Bundle {
    /// How many pieces there are, the end counted.
    pub(super) fn pieces(&self) -> u64 {
        self.ends.last().map_or(1, |last| last + 1)
    }
}

/// What goes back.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Answers {
    /// The number of the beacon.
    pub(super) beacon: u32,
    /// The list.
    pub(super) list: Listed,
    /// To chains.
    pub(super) chains: Vec<ChainSaid>,
    /// To records, by name.
    pub(super) records: Vec<(Digest, Said)>,
    /// Whether the bundle was read to its end.
    pub(super) was_whole: bool,
}

/// Where a record stands while it is sent.
#[derive(Default)]
struct Lane {
    missing: Option<Vec<Digest>>,
    has_failed: bool,
    last_word: Option<&'static str>,
}

impl Lane {
    const fn wants_record(&self) -> bool {
        self.last_word.is_none() && !self.has_failed
    }

    fn wants(&self, item: &Digest) -> bool {
        self.last_word.is_none() && self.missing.as_ref().is_some_and(|missing| missing.contains(item))
    }

    const fn word(&self) -> &'static str {
        match (self.last_word, self.has_failed, &self.missing) {
            (Some(word), ..) => word,
            (None, true, Some(_)) => "failed, held",
            (None, true, None) => "failed",
            (None, false, Some(_)) => "held",
            (None, false, None) => "not sent",
        }
    }
}

/// Why a request did not end well.
#[derive(Clone, Copy)]
enum Stop {
    Killed,
    /// This request broke off.
    Broke,
    /// Nobody is there.
    Gone,
}

/// Both ends.
#[derive(Debug, Clone, Default)]
pub(super) struct Model {
    /// The laptops.
    pub(super) laptops: Vec<Laptop>,
    /// The register.
    pub(super) register: Register,
    /// Bundles that were written.
    pub(super) bundles: Vec<Bundle>,
    fates: VecDeque<Fate>,
}

impl Model {
    fn request<T>(&mut self, work: impl FnOnce(&mut Register) -> T) -> Result<T, Stop> {
        match self.fates.pop_front().unwrap_or(Fate::Passes) {
            Fate::Passes | Fate::Restarted => Ok(work(&mut self.register)),
            Fate::Lost => Err(Stop::Broke),
            Fate::Eaten => {
                work(&mut self.register);
                Err(Stop::Broke)
            }
            Fate::Gone => Err(Stop::Gone),
            Fate::Killed => Err(Stop::Killed),
            Fate::KilledBehind => {
                work(&mut self.register);
                Err(Stop::Killed)
            }
        }
    }

    fn greet(&mut self, laptop: usize) -> Result<u32, Stop> {
        let (beacon, list) = self.request(Register::hello)?;
        let held = &mut self.laptops[laptop].list;
        *held = list.number.max(*held);
        Ok(beacon)
    }

    /// After a request that broke off: whether the register still answers. What it brings is not kept.
    fn look(&mut self, stop: Stop, sent: &mut Sent) -> Result<(), Stop> {
        match stop {
            Stop::Killed => return Err(Stop::Killed),
            Stop::Gone => sent.was_cut_short = true,
            Stop::Broke => match self.request(Register::hello) {
                Err(Stop::Killed) => return Err(Stop::Killed),
                Err(Stop::Broke | Stop::Gone) => sent.was_cut_short = true,
                Ok(_) => {}
            },
        }
        Ok(())
    }

    /// A laptop sends everything.
    pub(super) fn send(&mut self, laptop: usize, fates: &[Fate]) -> Came {
        self.fates = fates.iter().copied().collect();
        let beacon = match self.greet(laptop) {
            Ok(beacon) => beacon,
            Err(Stop::Killed) => return Came::Killed,
            Err(Stop::Broke | Stop::Gone) => return Came::Nobody,
        };
        let records = self.laptops[laptop].outgoing();
        let mut lanes: BTreeMap<Digest, Lane> = records.iter().map(|facts| (facts.record, Lane::default())).collect();
        let mut sent = Sent { beacon, ..Sent::default() };
        let went = self.steps(laptop, &records, &mut lanes, &mut sent);
        if went.is_err() {
            return Came::Killed;
        }
        sent.records = lanes.iter().map(|(record, lane)| (*record, lane.word())).collect();
        Came::Sent(sent)
    }

    /// Every step in order, until the laptop is killed or the connection ends.
    fn steps(
        &mut self,
        laptop: usize,
        records: &[Facts],
        lanes: &mut BTreeMap<Digest, Lane>,
        sent: &mut Sent,
    ) -> Result<(), Stop> {
        for (key, entries) in self.laptops[laptop].chains.clone() {
            let mut said = None;
            if !sent.was_cut_short && !entries.is_empty() {
                match self.request(|register| register.put_chain(key, &entries)) {
                    Ok(answer) => said = Some(answer),
                    Err(stop) => self.look(stop, sent)?,
                }
            }
            sent.chains.push(said);
        }
        for facts in records {
            self.ask(laptop, facts, lanes, sent)?;
        }
        let mut taken = BTreeSet::new();
        for facts in by_evidence(records) {
            for (item, _) in &facts.evidence {
                let lane = lanes.get_mut(&facts.record).unwrap();
                if sent.was_cut_short || !lane.wants(item) || taken.contains(item) {
                    continue;
                }
                if !self.laptops[laptop].photos.contains(item) {
                    lane.has_failed = true;
                    continue;
                }
                match self.request(|register| register.put_evidence(*item)) {
                    Ok(()) => {
                        taken.insert(*item);
                    }
                    Err(stop) => {
                        let is_killed = matches!(stop, Stop::Killed);
                        lane.has_failed = !is_killed;
                        self.look(stop, sent)?;
                    }
                }
            }
            if lanes[&facts.record].missing.is_some() {
                self.ask(laptop, &facts, lanes, sent)?;
            }
        }
        Ok(())
    }

    /// Sends a record, if its lane wants it.
    fn ask(
        &mut self,
        laptop: usize,
        facts: &Facts,
        lanes: &mut BTreeMap<Digest, Lane>,
        sent: &mut Sent,
    ) -> Result<(), Stop> {
        let lane = lanes.get_mut(&facts.record).unwrap();
        if sent.was_cut_short || !lane.wants_record() {
            return Ok(());
        }
        match self.request(|register| register.put_record(facts)) {
            Ok(Said(shown, missing)) => {
                match shown {
                    Shown::Complete(..) => lane.last_word = Some("complete"),
                    Shown::Refused(_) => lane.last_word = Some("refused"),
                    Shown::Held(..) | Shown::Here => lane.missing = Some(missing),
                }
                self.laptops[laptop].show(&facts.record, shown);
                Ok(())
            }
            Err(stop) => {
                lane.has_failed = true;
                self.look(stop, sent)
            }
        }
    }

    /// A laptop writes a bundle; its chain uploads have these sizes.
    pub(super) fn bundle(&mut self, laptop: usize, chain_sizes: &[usize]) {
        let laptop = &self.laptops[laptop];
        let records = laptop.outgoing();
        let (mut items, mut seen) = (Vec::new(), BTreeSet::new());
        for facts in by_evidence(&records) {
            let is_new = |(item, _): &&(Digest, u64)| laptop.photos.contains(item) && seen.insert(*item);
            items.extend(facts.evidence.iter().filter(is_new).copied());
        }
        let chains: Vec<_> = laptop.chains.iter().filter(|(_, entries)| !entries.is_empty()).cloned().collect();
        let sizes = chain_sizes.iter().map(|size| u64::try_from(*size).unwrap());
        let sizes = sizes.chain(records.iter().map(|facts| u64::try_from(facts.size).unwrap()));
        let (mut at, mut ends) = (32, Vec::new());
        for size in sizes.chain(items.iter().map(|(_, size)| *size)) {
            at = u64::next_multiple_of(at + 5 + size, 65_536);
            ends.push(at / 65_536);
        }
        let number = u32::try_from(self.bundles.len()).unwrap();
        self.bundles.push(Bundle { number, chains, records, items, ends, answers: None });
    }

    /// The register takes a bundle of which so many pieces are whole; `None` when it takes nothing of it.
    pub(super) fn import(&mut self, bundle: usize, pieces: u64) -> Option<Answers> {
        if pieces == 0 {
            return None;
        }
        let Bundle { number, chains, records, items, ends, .. } = self.bundles[bundle].clone();
        let was_whole = self.bundles[bundle].pieces() <= pieces;
        let mut whole = ends.iter().filter(|end| **end <= pieces).count();
        let mut next = || whole.checked_sub(1).map(|left| whole = left).is_some();
        let register = &mut self.register;
        let mut answers = Answers { was_whole, ..Answers::default() };
        let taken = chains.iter().take_while(|_| next()).map(|(key, entries)| register.put_chain(*key, entries));
        answers.chains = taken.collect();
        let taken = records.iter().take_while(|_| next()).map(|facts| (facts, register.put_record(facts)));
        let mut said: Vec<_> = taken.collect();
        for (item, _) in items.iter().take_while(|_| next()) {
            register.put_evidence(*item);
        }
        // What was missing may have come behind its record, and a chain's entries within it.
        for (facts, said) in said.iter_mut().filter(|(_, Said(_, missing))| !missing.is_empty()) {
            *said = register.put_record(facts);
        }
        answers.records = said.into_iter().map(|(facts, said)| (facts.record, said)).collect();
        for (said, (key, _)) in answers.chains.iter_mut().zip(&chains) {
            (said.places, said.highest) = register.extent(*key);
        }
        answers.beacon = register.bundles.get(&number).copied().unwrap_or(register.beacon + 1);
        register.beacon = register.beacon.max(answers.beacon);
        register.bundles.insert(number, answers.beacon);
        answers.list = register.list();
        self.bundles[bundle].answers = Some(answers.clone());
        Some(answers)
    }

    /// A laptop takes the first of the answers to a bundle, hello counted; nothing without it.
    pub(super) fn take_answers(&mut self, laptop: usize, bundle: usize, whole: usize) {
        let (Some(answers), Some(whole)) = (self.bundles[bundle].answers.clone(), whole.checked_sub(1)) else { return };
        let laptop = &mut self.laptops[laptop];
        laptop.list = laptop.list.max(answers.list.number);
        for (record, Said(shown, _)) in answers.records.iter().take(whole.saturating_sub(answers.chains.len())) {
            laptop.show(record, *shown);
        }
    }
}
