//! What laptops and a register do, in maps: written from `PROTOCOL.md`, beside the program and without a line of it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use fieldproof_model::digest::Digest;

use super::{
    book::{ChainSaid, Claim, Entry, Facts, Listed, Receipt, Register, Said, head},
    laptop::Laptop,
    script::Fate,
    seen::NOTHING_ELSE,
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
    /// What was said to each chain, as far as it got through; where it is not what is here, with its places and head.
    pub(super) chains: Vec<Option<ChainSaid>>,
    /// A word for each record, by name.
    pub(super) records: BTreeMap<Digest, &'static str>,
    /// Whether the connection ended first.
    pub(super) was_cut_short: bool,
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
    claims: Vec<Claim>,
    chains: Vec<(u32, Vec<Entry>)>,
    records: Vec<(Facts, Vec<Receipt>)>,
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
    /// To claims: the epoch, and of which records the receipts are lost.
    pub(super) claims: Vec<(u32, BTreeSet<Digest>)>,
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
    /// The receipts that go back with the record.
    returns: Vec<Receipt>,
    /// What is missing, and whether it was complete once.
    missing: Option<(Vec<Digest>, bool)>,
    has_failed: bool,
    last_word: Option<&'static str>,
}

impl Lane {
    const fn wants_record(&self) -> bool {
        self.last_word.is_none() && !self.has_failed
    }

    fn wants(&self, item: &Digest) -> bool {
        self.last_word.is_none() && self.missing.as_ref().is_some_and(|(missing, _)| missing.contains(item))
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
    /// How often a record went back with its receipts.
    pub(super) given_back: u64,
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

    /// Shows the register what the laptop holds of it, and keeps what comes of that; the beacon's number.
    fn compare(&mut self, laptop: usize) -> Result<u32, Stop> {
        let (mut beacon, mut list) = self.request(Register::hello)?;
        let end = &self.laptops[laptop];
        let (claim, compared) = (end.claim(beacon, &list), end.compared);
        let has_shown = claim.list.is_some() || claim.beacon.is_some();
        let (mut epoch, mut is_full, mut lost) = (list.epoch, true, BTreeSet::new());
        if has_shown || claim.receipt.is_some() {
            (epoch, lost) = self.request(|register| register.claim(&claim))?;
            is_full = compared < epoch;
            if is_full {
                let names = self.laptops[laptop].came.clone();
                if !names.is_empty() {
                    (epoch, lost) = self.request(|register| register.claim(&Claim { names, ..Claim::default() }))?;
                }
            }
        }
        if has_shown || epoch != list.epoch {
            (beacon, list) = self.request(Register::hello)?;
        }
        let end = &mut self.laptops[laptop];
        end.learn(beacon, &list);
        if claim.list.is_some() && claim.list == end.unshown {
            end.unshown = None;
        }
        for record in lost {
            end.records.get_mut(&record).unwrap().lost = [record].into();
        }
        if is_full {
            end.compared = epoch;
        }
        end.heard = end.heard.max(epoch);
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
        let beacon = match self.compare(laptop) {
            Ok(beacon) => beacon,
            Err(Stop::Killed) => return Came::Killed,
            Err(Stop::Broke | Stop::Gone) => return Came::Nobody,
        };
        let records = self.laptops[laptop].outgoing();
        let lane = |(facts, returns): &(Facts, Vec<Receipt>)| {
            (facts.record, Lane { returns: returns.clone(), ..Lane::default() })
        };
        let mut lanes: BTreeMap<Digest, Lane> = records.iter().map(lane).collect();
        let records: Vec<Facts> = records.into_iter().map(|(facts, _)| facts).collect();
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
            let said = self.chain(key, &entries, sent)?;
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
                    let was_whole = lane.missing.as_ref().is_some_and(|(_, was_whole)| *was_whole);
                    lane.has_failed |= lane.returns.is_empty() && !was_whole;
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

    /// Asks what there is of a chain, and sends what is not; all of it where something else is there.
    fn chain(&mut self, key: u32, entries: &[Entry], sent: &mut Sent) -> Result<Option<ChainSaid>, Stop> {
        if sent.was_cut_short || entries.is_empty() {
            return Ok(None);
        }
        let said = match self.request(|register| register.put_chain(key, 1, &[])) {
            Ok(said) => said,
            Err(stop) => return self.look(stop, sent).map(|()| None),
        };
        let known = usize::try_from(said.highest).ok().and_then(|there| entries.get(..there));
        let is_ours = |known: &&[Entry]| {
            said.places == said.highest && said.head == head(known.iter().map(|entry| &entry.digest))
        };
        let (known, rest) = entries.split_at(known.filter(is_ours).map_or(0, <[Entry]>::len));
        let held = u32::try_from(known.len()).unwrap();
        if rest.is_empty() {
            return Ok(Some(ChainSaid { held, ..said }));
        }
        match self.request(|register| register.put_chain(key, held + 1, rest)) {
            Ok(said) => Ok(Some(ChainSaid { held: held + said.held, ..said })),
            Err(stop) => {
                self.look(stop, sent)?;
                let (places, highest, head) = NOTHING_ELSE;
                Ok(Some(ChainSaid { held, forks: Vec::new(), places, highest, head }).filter(|_| 0 < held))
            }
        }
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
        let returns = lane.returns.clone();
        self.given_back += u64::from(!returns.is_empty());
        let asked = self.request(|register| match returns.as_slice() {
            [] => register.put_record(facts),
            receipts => register.give_back(facts, receipts),
        });
        match asked {
            Ok(said) => {
                match &said {
                    Said::Refused(_) => lane.last_word = Some("refused"),
                    Said::Receipt(receipt, missing) if receipt.is_complete && missing.is_empty() => {
                        lane.last_word = Some("complete");
                    }
                    Said::Receipt(receipt, missing) => lane.missing = Some((missing.clone(), receipt.is_complete)),
                }
                self.laptops[laptop].hear(&facts.record, &said);
                Ok(())
            }
            Err(stop) => {
                lane.has_failed = true;
                self.look(stop, sent)
            }
        }
    }

    /// A laptop writes a bundle; its claims and chain uploads have these sizes, and records that go back those.
    pub(super) fn bundle(&mut self, laptop: usize, sizes: &[usize], returns: &BTreeMap<Digest, usize>) {
        let number = u32::try_from(self.bundles.len()).unwrap();
        let laptop = &mut self.laptops[laptop];
        laptop.written.insert(number, laptop.came.len());
        let records = laptop.outgoing();
        let facts: Vec<Facts> = records.iter().map(|(facts, _)| facts.clone()).collect();
        let (mut items, mut seen) = (Vec::new(), BTreeSet::new());
        for facts in by_evidence(&facts) {
            let is_new = |(item, _): &&(Digest, u64)| laptop.photos.contains(item) && seen.insert(*item);
            items.extend(facts.evidence.iter().filter(is_new).copied());
        }
        let chains: Vec<_> = laptop.chains.iter().filter(|(_, entries)| !entries.is_empty()).cloned().collect();
        let size_of = |facts: &Facts| returns.get(&facts.record).copied().unwrap_or(facts.size);
        let sizes = sizes.iter().copied().chain(facts.iter().map(size_of)).map(|size| u64::try_from(size).unwrap());
        let (mut at, mut ends) = (32, Vec::new());
        for size in sizes.chain(items.iter().map(|(_, size)| *size)) {
            at = u64::next_multiple_of(at + 5 + size, 65_536);
            ends.push(at / 65_536);
        }
        let claims = laptop.claims();
        self.bundles.push(Bundle { number, claims, chains, records, items, ends, answers: None });
    }

    /// The register takes a bundle of which so many pieces are whole; `None` when it takes nothing of it.
    pub(super) fn import(&mut self, bundle: usize, pieces: u64) -> Option<Answers> {
        if pieces == 0 {
            return None;
        }
        let Bundle { number, claims, chains, records, items, ends, .. } = self.bundles[bundle].clone();
        let was_whole = self.bundles[bundle].pieces() <= pieces;
        let mut whole = ends.iter().filter(|end| **end <= pieces).count();
        let mut next = || whole.checked_sub(1).map(|left| whole = left).is_some();
        let register = &mut self.register;
        let mut answers = Answers { was_whole, ..Answers::default() };
        answers.claims = claims.iter().take_while(|_| next()).map(|claim| register.claim(claim)).collect();
        let taken = chains.iter().take_while(|_| next()).map(|(key, entries)| register.put_chain(*key, 1, entries));
        answers.chains = taken.collect();
        let taken = records.iter().take_while(|_| next()).map(|(facts, receipts)| match receipts.as_slice() {
            [] => (facts, register.put_record(facts)),
            receipts => (facts, register.give_back(facts, receipts)),
        });
        let mut said: Vec<_> = taken.collect();
        for (item, _) in items.iter().take_while(|_| next()) {
            register.put_evidence(*item);
        }
        // What was missing may have come behind its record, and a chain's entries within it.
        for (facts, said) in &mut said {
            if matches!(said, Said::Receipt(_, missing) if !missing.is_empty()) {
                *said = register.put_record(facts);
            }
        }
        answers.records = said.into_iter().map(|(facts, said)| (facts.record, said)).collect();
        for (said, (key, _)) in answers.chains.iter_mut().zip(&chains) {
            (said.places, said.highest, said.head) = register.extent(*key);
        }
        answers.beacon = register.bundles.get(&number).copied().unwrap_or(register.beacon + 1);
        register.beacon = register.beacon.max(answers.beacon);
        register.bundles.insert(number, answers.beacon);
        answers.list = register.list();
        self.bundles[bundle].answers = Some(answers.clone());
        Some(answers)
    }

    /// A laptop takes the first of the answers to a bundle, hello counted; nothing without it. To the end is with what
    /// says that it is the end.
    pub(super) fn take_answers(&mut self, laptop: usize, bundle: usize, (whole, is_to_the_end): (usize, bool)) {
        let number = self.bundles[bundle].number;
        let (Some(answers), Some(whole)) = (self.bundles[bundle].answers.clone(), whole.checked_sub(1)) else { return };
        let laptop = &mut self.laptops[laptop];
        laptop.learn(answers.beacon, &answers.list);
        let (claims, chains) = (answers.claims.len(), answers.chains.len());
        let epoch = answers.claims.iter().map(|(epoch, _)| *epoch).max().unwrap_or(0);
        // Nobody signed what is lost: it counts where this laptop asked, and from the whole file.
        let is_late = answers.list.epoch < laptop.heard;
        if let Some(asked) = laptop.written.get(&number).copied()
            && laptop.compared < epoch
            && is_to_the_end
        {
            for record in answers.claims.iter().flat_map(|(_, lost)| lost) {
                if let Some(kept) = laptop.records.get_mut(record) {
                    kept.lost = [*record].into();
                }
            }
            laptop.heard = laptop.heard.max(epoch);
            if asked == laptop.came.len() {
                laptop.compared = epoch;
            }
        }
        for (record, said) in answers.records.iter().take(whole.saturating_sub(claims + chains)) {
            if is_late {
                laptop.hear_late(record, said, answers.list.epoch);
            } else {
                laptop.hear(record, said);
            }
        }
    }
}
