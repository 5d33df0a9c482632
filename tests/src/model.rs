//! Random scripts played to both ends, laptops and register, and to a model of them in maps: they agree after every step.
//!
//! A script is plain data, so that one that fails is made as short as it goes before it is told.
#![expect(clippy::indexing_slicing, reason = "a suite that reads past what it was given has a mistake, and stops")]

mod book;
mod ends;
mod laptop;
mod reference;
mod script;
mod seen;

use std::collections::BTreeMap;

use fieldproof_seal::{digest_of, receipt::Have};
use fieldproof_sync::{
    Outcome, Progress, began_is_its,
    bundle::{Said as Verified, check_carried_hello, frame_of, record_named, verify_answer, write_bundle},
    claims, compare, send_greeted,
};
use fieldproof_wire::{
    ChainUpload, Message,
    bundle::{Answer, AnswersReader, BundleId, Head},
};
use tokio::runtime::Runtime;

use book::{Entry, head};
use ends::{Keys, Laptop, Server, Wire, WireError};
use laptop::Kept;
use reference::{Answers, Came, Model};
pub use script::{Fate, Step, script};
use seen::{came, level, nobody, of_chain, of_claim, of_record};

/// Laptops of a script.
const LAPTOPS: u32 = 3;

/// Steps of one script; then everything begins anew.
const STEPS: u32 = 60;

/// A script that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What it was made from.
    pub seed: String,
    /// The script, as short as it could be made; its last step is the one after which the ends disagree.
    pub steps: Vec<Step>,
    /// How they disagree.
    pub what: String,
}

/// How often what happened.
pub type Figures = BTreeMap<&'static str, u64>;

/// Plays whole scripts, of about so many steps together; says what happened in them.
///
/// # Errors
/// [`Failure`], the first.
pub fn play(seed: &str, steps: u32) -> Result<Figures, Box<Failure>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (mut played, mut figures) = (0, Figures::new());
    while played < steps {
        let seed = format!("{seed}/{played}");
        let script = script(&seed, STEPS);
        match follow(&runtime, &script) {
            Ok(more) => more.into_iter().for_each(|(what, count)| *figures.entry(what).or_default() += count),
            Err((at, what)) => {
                let (steps, what) = shorten(&runtime, script[..=at].to_vec(), what);
                return Err(Box::new(Failure { seed, steps, what }));
            }
        }
        played += STEPS;
    }
    Ok(figures)
}

/// Plays one script; says what happened in it.
///
/// # Errors
/// After which step the ends disagree, and how.
pub fn play_script(steps: &[Step]) -> Result<Figures, (usize, String)> {
    follow(&tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap(), steps)
}

/// How often a script that fails is tried in a shorter form.
const TRIES: u32 = 300;

/// Leaves out whatever is not needed to fail, in ever smaller pieces.
fn shorten(runtime: &Runtime, mut steps: Vec<Step>, mut what: String) -> (Vec<Step>, String) {
    let (mut piece, mut tries) = (steps.len() / 2, 0);
    while 0 < piece && tries < TRIES {
        let mut from = 0;
        while from < steps.len() && tries < TRIES {
            tries += 1;
            let end = (from + piece).min(steps.len());
            let shorter = [&steps[..from], &steps[end..]].concat();
            match follow(runtime, &shorter) {
                Err((at, other)) => (steps, what) = (shorter[..=at].to_vec(), other),
                Ok(_) => from = end,
            }
        }
        piece /= 2;
    }
    (steps, what)
}

/// Follows a script to its end, or to the step after which the ends disagree.
fn follow(runtime: &Runtime, steps: &[Step]) -> Result<Figures, (usize, String)> {
    let mut play = Play::new();
    for (at, step) in steps.iter().enumerate() {
        runtime.block_on(play.step(step)).and_then(|()| play.agree()).map_err(|what| (at, what))?;
        play.count("steps");
    }
    let epochs = u64::from(play.model.register.epoch - 1);
    *play.figures.entry("epochs begun").or_default() += epochs;
    *play.figures.entry("records given back").or_default() += play.model.given_back;
    Ok(play.figures)
}

/// Both ends and the model of them.
struct Play {
    keys: Keys,
    laptops: Vec<Laptop>,
    server: Server,
    bundles: Vec<Carried>,
    /// Backups by laptop: the laptop and the model of it.
    backups: BTreeMap<usize, (Laptop, laptop::Laptop)>,
    model: Model,
    /// The model of the register when it was backed up.
    kept: Option<book::Register>,
    /// Each thing that is made has a number of its own.
    made: u32,
    figures: Figures,
}

/// A bundle and the answers to it.
struct Carried {
    bytes: Vec<u8>,
    answers: Option<Vec<u8>>,
}

/// Puts two answers beside each other.
fn same<T: PartialEq + std::fmt::Debug>(what: &str, real: &T, model: &T) -> Result<(), String> {
    if real == model { Ok(()) } else { Err(format!("{what}: it is {real:?}, and should be {model:?}")) }
}

impl Play {
    fn new() -> Self {
        let mut keys = Keys::new();
        let mut model = Model::default();
        let laptops = (0..LAPTOPS).map(|_| {
            let key = keys.add();
            model.laptops.push(laptop::Laptop { chains: vec![(key, Vec::new())], ..Default::default() });
            Laptop::new(&keys, key)
        });
        let laptops = laptops.collect();
        (model.register.now, model.register.epoch) = (ends::BEGINNING.as_millis(), 1);
        let server = Server::new(&keys);
        Self {
            keys,
            laptops,
            server,
            bundles: Vec::new(),
            backups: BTreeMap::new(),
            model,
            kept: None,
            made: 0,
            figures: Figures::new(),
        }
    }

    fn laptop(&self, number: u32) -> usize {
        usize::try_from(number).unwrap() % self.laptops.len()
    }

    fn number(&mut self) -> u32 {
        self.made += 1;
        self.made
    }

    fn count(&mut self, what: &'static str) {
        *self.figures.entry(what).or_default() += 1;
    }

    async fn step(&mut self, step: &Step) -> Result<(), String> {
        match step {
            Step::Write { laptop, photos, die } => self.write(self.laptop(*laptop), *photos, *die),
            Step::Open { laptop } => self.open(self.laptop(*laptop)),
            Step::Send { laptop, fates } => return self.send(self.laptop(*laptop), fates).await,
            Step::Kill => self.server.kill(),
            Step::Backup { laptop } => {
                let at = self.laptop(*laptop);
                self.backups.insert(at, (self.laptops[at].clone(), self.model.laptops[at].clone()));
            }
            Step::Restore { from, onto } => self.restore(self.laptop(*from), self.laptop(*onto)),
            Step::Clone { from, onto } => {
                let (from, onto) = (self.laptop(*from), self.laptop(*onto));
                self.laptops[onto] = self.laptops[from].clone();
                self.model.laptops[onto] = self.model.laptops[from].clone();
            }
            Step::KeepRegister => {
                self.server.keep();
                self.kept = Some(self.model.register.clone());
            }
            Step::RestoreRegister => {
                self.server.restore();
                if self.kept.is_some() {
                    self.count("registers restored");
                }
                let now = self.model.register.now;
                self.model.register = self.kept.clone().unwrap_or_else(|| self.model.register.clone());
                self.model.register.now = now;
            }
            Step::Bundle { laptop } => self.bundle(self.laptop(*laptop)),
            Step::Import { bundle, cut } => return self.import(*bundle, *cut),
            Step::Answers { laptop, bundle, cut } => return self.answers(self.laptop(*laptop), *bundle, *cut),
            Step::Withdraw { key, is_compromised } => {
                let key = key % self.keys.count();
                let number = self.number();
                self.server.withdraw(&self.keys.withdrawal(key, (number, *is_compromised))).await;
                self.model.register.withdraw(key, *is_compromised, ends::BEGINNING.date().as_days());
            }
            Step::Clock { minutes } => self.model.register.now = self.server.set_clock(*minutes),
        }
        Ok(())
    }

    /// The place of the next entry of a laptop's own chain.
    fn place(&self, laptop: usize) -> (u32, u32) {
        let (key, entries) = self.laptops[laptop].chains.last().unwrap();
        (*key, u32::try_from(entries.len()).unwrap() + 1)
    }

    fn write(&mut self, laptop: usize, photos: u32, die: u32) {
        let (place, minute) = (self.place(laptop), self.number());
        let mut own = Vec::new();
        for number in 0..photos {
            // Some are larger than a piece of a bundle, some are those of another record, some are gone.
            let length = if die % 8 == 1 { 70_000 } else { 300 };
            let text = format!("photo {number} of {minute} ");
            let shared = self.laptops[laptop].photos.values().next().filter(|_| number == 0 && die % 6 == 2).cloned();
            own.push(shared.unwrap_or_else(|| text.bytes().cycle().take(length).collect()));
        }
        let (facts, file) = self.keys.record(place, &own, minute, die % 10 == 3);
        let sealed = fieldproof_seal::record::RecordFile::parse(&file).unwrap().sealed;
        let kept = if die % 12 == 4 { own.get(1..).unwrap_or_default() } else { &own };
        let end = &mut self.laptops[laptop];
        end.photos.extend(kept.iter().map(|photo| (digest_of(photo), photo.clone())));
        end.seal(facts.record, sealed, file);
        let model = &mut self.model.laptops[laptop];
        model.photos.extend(kept.iter().map(|photo| digest_of(photo)));
        model.chains.last_mut().unwrap().1.push(Entry { digest: facts.record, is_record: true });
        model.records.insert(facts.record, Kept::new(facts));
    }

    fn open(&mut self, laptop: usize) {
        let (place, minute) = (self.place(laptop), self.number());
        let signed = self.keys.opened(place, minute);
        let entry = Entry { digest: digest_of(&signed), is_record: false };
        self.laptops[laptop].chains.last_mut().unwrap().1.push(signed);
        self.model.laptops[laptop].chains.last_mut().unwrap().1.push(entry);
    }

    fn restore(&mut self, from: usize, onto: usize) {
        let Some((laptop, model)) = self.backups.get(&from).cloned() else { return };
        let key = self.keys.add();
        (self.laptops[onto], self.model.laptops[onto]) = (laptop, model);
        self.laptops[onto].chains.push((key, Vec::new()));
        self.model.laptops[onto].chains.push((key, Vec::new()));
    }

    async fn send(&mut self, laptop: usize, fates: &[Fate]) -> Result<(), String> {
        let Self { laptops, server, keys, .. } = self;
        let end = &mut laptops[laptop];
        let came = {
            let wire = Wire::new(server, fates);
            tokio::select! {
                biased;
                came = bring(&wire, end, keys) => came?,
                () = wire.killed.notified() => Came::Killed,
            }
        };
        self.tally(&came);
        let mut expected = self.model.send(laptop, fates);
        if let Came::Sent(sent) = &mut expected {
            for (chain, (_, entries)) in sent.chains.iter_mut().zip(&self.model.laptops[laptop].chains) {
                level(chain, entries);
            }
        }
        same("what came of sending", &came, &expected)
    }

    fn tally(&mut self, came: &Came) {
        match came {
            Came::Killed => self.count("laptops killed while sending"),
            Came::Nobody => self.count("sendings that found nobody"),
            Came::Sent(sent) => {
                self.count(if sent.was_cut_short { "sendings that broke off" } else { "sendings to their end" });
                sent.records.values().for_each(|word| self.count(word));
                let forks = sent.chains.iter().flatten().filter(|said| !said.forks.is_empty());
                forks.for_each(|_| self.count("chains with forks"));
            }
        }
    }

    fn bundle(&mut self, laptop: usize) {
        let number = self.number();
        let end = &mut self.laptops[laptop];
        let outbox = end.outbox(&self.keys, claims(&end.holding));
        let of_claims = outbox.claims.iter().map(|claim| Message::Claim(claim.clone()).to_bytes().len());
        let of_chains = outbox.chains.iter().filter(|chain| !chain.entries.is_empty()).map(size);
        let sizes: Vec<_> = of_claims.chain(of_chains).collect();
        let returns = outbox.records.iter().filter(|record| !record.receipts.is_empty());
        let returns = returns.map(|record| (record.digest, frame_of(record).1.len())).collect();
        let institution = self.keys.institution();
        let key = institution.decryption.public();
        let mut id = [0; 16];
        id[..4].copy_from_slice(&number.to_be_bytes());
        let head = Head { institution: institution.id, key: key.id(), bundle: BundleId::new(id) };
        end.written.insert(head.bundle, end.holding.receipts.len());
        let (mut bytes, mut evidence) = (Vec::new(), |digest| end.photos.get(&digest).cloned());
        write_bundle::<_, WireError>(&mut bytes, (&head, &key), &outbox, &mut evidence, &mut |_| {}).unwrap();
        self.bundles.push(Carried { bytes, answers: None });
        self.model.bundle(laptop, &sizes, &returns);
    }

    fn import(&mut self, bundle: u32, cut: Option<u32>) -> Result<(), String> {
        let Some(at) = usize::try_from(bundle).unwrap().checked_rem(self.bundles.len()) else { return Ok(()) };
        let pieces = self.model.bundles[at].pieces();
        let bytes = self.bundles[at].bytes.clone();
        // In front of the pieces stand the head and what age puts there; the last piece is the shortest.
        let (front, piece) = (front(bytes.len(), pieces), usize::try_from(PIECE + TAG).unwrap());
        let (end, whole) = match cut.map(|cut| usize::try_from(cut).unwrap() % bytes.len()) {
            None => (bytes.len(), pieces),
            Some(end) => (end, u64::try_from(end.saturating_sub(front) / piece).unwrap().min(pieces - 1)),
        };
        let register = self.server.register();
        let taken = register.take_bundle(&bytes[..end]);
        let expected = self.model.import(at, whole);
        let real = taken.as_ref().ok().map(|taken| Answers {
            beacon: fieldproof_seal::receipt::Beacon::parse(&taken.hello.beacon).unwrap().0.number,
            list: self.keys.listed(&taken.hello.snapshot),
            claims: taken.answers.iter().filter_map(|(_, answer)| of_claim(answer)).collect(),
            chains: taken.answers.iter().filter_map(|(_, answer)| of_chain(answer)).collect(),
            records: taken.answers.iter().filter_map(|(_, answer)| of_record(answer)).collect(),
            was_whole: taken.broken.is_none(),
        });
        same("what came of a bundle", &real, &expected)?;
        self.count(match &expected {
            None => "bundles not taken",
            Some(answers) if answers.was_whole => "bundles taken whole",
            Some(_) => "bundles taken in part",
        });
        if let Ok(taken) = taken {
            let answers = taken.write_answers(Vec::new()).unwrap();
            if self.made.is_multiple_of(3) {
                let again = register.take_bundle(&bytes[..end]).map_err(|error| error.to_string())?;
                same("the answers to a bundle that came twice", &again.write_answers(Vec::new()).unwrap(), &answers)?;
            }
            self.bundles[at].answers = Some(answers);
        }
        Ok(())
    }

    fn answers(&mut self, laptop: usize, bundle: u32, cut: Option<u32>) -> Result<(), String> {
        let all = self.bundles.iter().enumerate();
        let answered: Vec<_> = all.filter_map(|(at, bundle)| Some((at, bundle.answers.clone()?))).collect();
        let Some(number) = usize::try_from(bundle).unwrap().checked_rem(answered.len()) else { return Ok(()) };
        let (at, answers) = answered[number].clone();
        let end = cut.map_or(answers.len(), |cut| usize::try_from(cut).unwrap() % answers.len());
        let whole = sections(&answers[..end]);
        self.model.take_answers(laptop, at, (whole, end == answers.len()));
        let Ok(mut reader) = AnswersReader::open(&answers[..end]) else {
            return same("whether answers can be opened", &false, &(whole != 0));
        };
        self.count("answers taken");
        let end = &mut self.laptops[laptop];
        let answering = check_carried_hello(&end.known, reader.hello()).map_err(|error| error.to_string())?;
        if let Some(greeting) = &answering.greeting {
            end.learn(greeting);
        }
        let (asked, is_late) = (end.written.get(&reader.bundle()).copied(), answering.epoch < end.heard);
        let (mut epoch, mut lost, mut records) = (0, Vec::new(), Vec::new());
        while let Ok(Some((_, answer))) = reader.next_answer() {
            match answer {
                Answer::Record(answer) => records.push(answer),
                Answer::Claim(answer) if asked.is_some() => {
                    let is_its = began_is_its(&answering.trust, answer.epoch, answer.began.as_deref());
                    same("whether the epoch is the register's", &is_its, &true)?;
                    epoch = epoch.max(answer.epoch);
                    lost.extend(answer.lost);
                }
                Answer::Claim(_) | Answer::Chain(_) | Answer::Papers(_) | Answer::Fault(_) => {}
            }
        }
        if end.holding.compared < epoch && reader.was_whole().is_some() {
            lost.iter().for_each(|record| end.set_lost(record, &[*record]));
            end.note_epoch(epoch, asked);
        }
        if is_late {
            *self.figures.entry("answers of an ended epoch").or_default() += 1;
        }
        for answer in records {
            let record = record_named(&answer).map_err(|error| error.to_string())?;
            let Some(kept) = self.model.laptops[laptop].records.get(&record) else { continue };
            let verified = verify_answer(&answering.trust, &record, &kept.facts.evidence, &answer);
            match verified.map_err(|error| error.to_string())? {
                Verified::Complete(receipt) | Verified::Held(receipt) => {
                    let have = receipt.receipt.have;
                    if is_late {
                        end.keep_late(&record, &receipt.signed, have, answering.epoch);
                    } else {
                        end.keep_receipt(&record, &receipt.signed, have);
                        end.set_lost(&record, if have == Have::Complete { &answer.missing } else { &[] });
                    }
                }
                Verified::Refused(refusal) => end.keep_refusal(&record, &refusal.signed),
            }
        }
        Ok(())
    }

    /// Whether the ends are where the model is.
    fn agree(&self) -> Result<(), String> {
        let log = self.server.register().log().map_err(|error| error.to_string())?;
        let expected = &self.model.register.log;
        same("the log", &log, &(u32::try_from(expected.len()).unwrap(), head(expected.iter())))?;
        for (number, (end, model)) in self.laptops.iter().zip(&self.model.laptops).enumerate() {
            let shown = model.records.iter().map(|(record, kept)| (*record, kept.shown())).collect();
            same(&format!("what laptop {number} shows"), &end.shown(), &shown)?;
            let listed = |signed: &Option<Vec<u8>>| signed.as_ref().map(|signed| self.keys.listed(signed));
            let beacon = |signed: &Vec<u8>| fieldproof_seal::receipt::Beacon::parse(signed).unwrap().0.number;
            let holding = &end.holding;
            same(&format!("the list of laptop {number}"), &listed(&holding.snapshot), &model.list)?;
            same(&format!("the unshown list of laptop {number}"), &listed(&holding.unshown), &model.unshown)?;
            same("the beacon", &holding.beacon.as_ref().map_or(0, beacon), &model.beacon)?;
            same("the epoch compared", &holding.compared, &model.compared)?;
        }
        Ok(())
    }
}

/// Sends as an app does: compares first, sends everything, and keeps what it is told.
async fn bring(wire: &Wire<'_>, laptop: &mut Laptop, keys: &Keys) -> Result<Came, String> {
    let comparison = match compare(wire, &laptop.known, &laptop.holding).await {
        Ok(comparison) => comparison,
        Err(error) => return nobody(&error),
    };
    if let Some(error) = &comparison.refused {
        return Err(format!("the claim was not taken: {error}"));
    }
    laptop.keep_comparison(&comparison);
    let outbox = laptop.outbox(keys, Vec::new());
    let (known, photos) = (laptop.known.clone(), laptop.photos.clone());
    let mut evidence = |digest| photos.get(&digest).cloned();
    let mut on = |progress: Progress<'_, WireError>| keep(laptop, &progress);
    came(&send_greeted(wire, &known, comparison.greeting, &outbox, &mut evidence, &mut on).await)
}

/// Keeps what an app keeps.
fn keep(laptop: &mut Laptop, progress: &Progress<'_, WireError>) {
    match progress {
        Progress::Greeted(greeting) => laptop.learn(greeting),
        Progress::Step { .. } | Progress::Turn(_) | Progress::Told(_) => {}
        Progress::Held { receipt, missing } => {
            let (record, have) = (receipt.receipt.record, receipt.receipt.have);
            laptop.keep_receipt(&record, &receipt.signed, have);
            laptop.set_lost(&record, if have == Have::Complete { missing } else { &[] });
        }
        Progress::Ended(report) => match &report.outcome {
            Outcome::Complete(receipt) => {
                laptop.keep_receipt(&report.record, &receipt.signed, Have::Complete);
                laptop.set_lost(&report.record, &[]);
            }
            Outcome::Refused(refusal) => laptop.keep_refusal(&report.record, &refusal.signed),
            Outcome::Held { .. } | Outcome::Failed { .. } | Outcome::NotSent => {}
        },
    }
}

/// The size of a chain's upload.
fn size(chain: &fieldproof_sync::OutboxChain) -> usize {
    let upload = ChainUpload { delegation: chain.delegation.clone(), entries: chain.entries.clone() };
    Message::ChainUpload(upload).to_bytes().len()
}

/// `age` enciphers pieces of this length and puts a tag of that one behind each.
const PIECE: u64 = 65_536;
const TAG: u64 = 16;

/// How much stands before the first piece of a bundle of that length.
fn front(length: usize, pieces: u64) -> usize {
    // The end is a kind, a length and a map of three small numbers; alone it stands behind the digest of the head.
    let last = if pieces == 1 { 32 } else { 0 } + END + TAG;
    length - usize::try_from((pieces - 1) * (PIECE + TAG) + last).unwrap()
}

/// The end of a bundle with fewer than 24 frames of each kind.
const END: u64 = 5 + 7;

/// How many whole sections an answers file has, its end left out: a kind, a length, and so many bytes.
fn sections(answers: &[u8]) -> usize {
    let (mut rest, mut count) = (answers.get(37..).unwrap_or_default(), 0);
    while let Some(([kind @ 1..=2, length @ ..], content)) = rest.split_first_chunk::<5>() {
        let _: &u8 = kind;
        let Some(behind) = content.get(usize::try_from(u32::from_be_bytes(*length)).unwrap()..) else { break };
        (rest, count) = (behind, count + 1);
    }
    count
}
