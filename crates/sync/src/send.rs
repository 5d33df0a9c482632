//! Sending: the plan run step by step. Each record has its own lane; only a dead connection stops them all.

use std::{collections::BTreeSet, ops::Range, sync::Arc};

use fieldproof_model::digest::Digest;
use fieldproof_seal::{digest_of, trust::Trust};
use fieldproof_wire::{ChainAnswer, ChainUpload, Reach, RegisterProtocol, RequestError, Return};

use crate::{
    ChainReport, Extent, Greeting, Known, LaneError, Outbox, OutboxChain, OutboxRecord, PapersReport, Progress,
    RecordReport, SendError, SendReport,
    chain::{agrees, confirmed},
    check_hello,
    lane::Lane,
    plan::{ChainLoad, RecordLoad, Step, plan},
};

/// Asks the register who it is.
///
/// # Errors
/// [`SendError`] when nobody answers, or somebody else.
pub async fn greet<R: RegisterProtocol>(register: &R, known: &Known) -> Result<Greeting, SendError<R::Error>> {
    let hello = register.hello().await.map_err(SendError::Register)?;
    Ok(check_hello(known, &hello)?)
}

/// Sends what is in the outbox. `evidence` gives an item's bytes, or `None` when they are not on this laptop.
///
/// Everything may be sent again after any failure. What `on` is told is verified and stays true whatever follows.
///
/// # Errors
/// [`SendError`] when nothing was sent; everything later is in the report.
pub async fn send<R: RegisterProtocol + Sync>(
    register: &R,
    known: &Known,
    outbox: &Outbox,
    evidence: &mut (impl FnMut(Digest) -> Option<Vec<u8>> + Send),
    on: &mut (impl FnMut(Progress<'_, R::Error>) + Send),
) -> Result<SendReport<R::Error>, SendError<R::Error>> {
    let greeting = greet(register, known).await?;
    Ok(send_greeted(register, known, greeting, outbox, evidence, on).await)
}

/// The same to a register that was greeted just now.
pub async fn send_greeted<R: RegisterProtocol + Sync>(
    register: &R,
    known: &Known,
    greeting: Greeting,
    outbox: &Outbox,
    evidence: &mut (impl FnMut(Digest) -> Option<Vec<u8>> + Send),
    on: &mut (impl FnMut(Progress<'_, R::Error>) + Send),
) -> SendReport<R::Error> {
    on(Progress::Greeted(&greeting));
    let mut sender = Sender::new(register, known, outbox, &greeting);
    let steps = sender.plan();
    let mut was_cut_short = false;
    for (done, step) in (1..).zip(&steps) {
        if let Some(record) = step.record().and_then(|record| outbox.records.get(record)) {
            on(Progress::Turn(record.digest));
        }
        let connection = sender.run(step, evidence, on).await;
        on(Progress::Step { done, of: steps.len() });
        if connection == Connection::Dead {
            was_cut_short = true;
            break;
        }
    }
    let records = sender.close(on);
    let (papers, chains) = (sender.papers, sender.chains);
    SendReport { greeting, papers, chains, records, was_cut_short }
}

/// Offers a refused record again to a register that was greeted just now, and says what became of it. Evidence goes with
/// the next sending.
pub async fn offer_again<R: RegisterProtocol + Sync>(
    register: &R,
    trust: &Trust,
    record: &OutboxRecord,
) -> RecordReport<R::Error> {
    let mut lane = Lane::open(record);
    if lane.wants_record() {
        match register.offer_again(&record.file).await {
            Ok(answer) => drop(lane.take(trust, answer)),
            Err(error) => lane.fail(LaneError::Register(error)),
        }
    }
    lane.close()
}

/// Whether anything more can be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Connection {
    Alive,
    Dead,
}

struct Sender<'a, R: RegisterProtocol> {
    register: &'a R,
    known: &'a Known,
    outbox: &'a Outbox,
    greeting: &'a Greeting,
    papers: PapersReport<R::Error>,
    chains: Vec<ChainReport<R::Error>>,
    /// What the entries of each chain are named by.
    entries: Vec<Arc<[Digest]>>,
    /// How many of them need not be sent again.
    confirmed: Vec<usize>,
    lanes: Vec<Lane<R::Error>>,
    /// Items the register took in this round; two records may name the same one.
    taken: BTreeSet<Digest>,
}

impl<'a, R: RegisterProtocol + Sync> Sender<'a, R> {
    fn new(register: &'a R, known: &'a Known, outbox: &'a Outbox, greeting: &'a Greeting) -> Self {
        let chain =
            |_| ChainReport { held: 0, forks: Vec::new(), refused: Vec::new(), other_extent: None, errors: Vec::new() };
        Self {
            register,
            known,
            outbox,
            greeting,
            papers: PapersReport { held: 0, refused: Vec::new(), errors: Vec::new() },
            chains: outbox.chains.iter().map(chain).collect(),
            entries: outbox
                .chains
                .iter()
                .map(|chain| chain.entries.iter().map(|entry| digest_of(entry)).collect())
                .collect(),
            confirmed: vec![0; outbox.chains.len()],
            lanes: outbox.records.iter().map(Lane::open).collect(),
            taken: BTreeSet::new(),
        }
    }

    fn plan(&self) -> Vec<Step> {
        steps(self.outbox, &self.lanes)
    }

    async fn run(
        &mut self,
        step: &Step,
        evidence: &mut (impl FnMut(Digest) -> Option<Vec<u8>> + Send),
        on: &mut (impl FnMut(Progress<'_, R::Error>) + Send),
    ) -> Connection {
        match step {
            Step::Papers { papers } => self.tell_papers(papers.clone(), on).await,
            Step::Chain { chain, entries } => self.send_entries(*chain, entries.clone()).await,
            Step::Record { record } if self.lanes.get(*record).is_some_and(Lane::wants_record) => {
                self.send_record(*record, on).await
            }
            Step::Confirm { record } if self.lanes.get(*record).is_some_and(Lane::wants_confirmation) => {
                self.send_record(*record, on).await
            }
            Step::Evidence { record, item, size } if self.wants(*record, item) => {
                match usable(evidence(*item), *item, *size) {
                    Ok(bytes) => self.send_item(*record, *item, &bytes).await,
                    Err(error) => {
                        if let Some(lane) = self.lanes.get_mut(*record) {
                            lane.lacks(error);
                        }
                        Connection::Alive
                    }
                }
            }
            // The register said its last word about the record, or never asked for the item.
            Step::Record { .. } | Step::Confirm { .. } | Step::Evidence { .. } => Connection::Alive,
        }
    }

    async fn tell_papers(
        &mut self,
        papers: Range<usize>,
        on: &mut (impl FnMut(Progress<'_, R::Error>) + Send),
    ) -> Connection {
        let papers = self.outbox.papers.get(papers).unwrap_or_default();
        match self.register.put_papers(papers).await {
            Ok(answer) => {
                self.papers.held = self.papers.held.saturating_add(answer.held);
                self.papers.refused.extend(answer.refused);
                on(Progress::Told(papers));
                Connection::Alive
            }
            Err(error) => {
                let connection = look(self.register, self.known, &error).await;
                self.papers.errors.push(LaneError::Register(error));
                connection
            }
        }
    }

    /// Sends what the register does not have of a portion. Before the first one it is asked what it has.
    async fn send_entries(&mut self, chain: usize, entries: Range<usize>) -> Connection {
        let Some(here) = self.entries.get(chain).cloned() else { return Connection::Alive };
        if entries.start == 0 {
            match self.put_entries(chain, 0..0, &here).await {
                Ok(answer) => self.note_confirmed(chain, confirmed(&here, &answer)),
                Err(connection) => return connection,
            }
        }
        let from = self.confirmed.get(chain).copied().unwrap_or(0).max(entries.start);
        if from < entries.end
            && let Err(connection) = self.put_entries(chain, from..entries.end, &here).await
        {
            return connection;
        }
        Connection::Alive
    }

    fn note_confirmed(&mut self, chain: usize, count: usize) {
        if let (Some(report), Some(confirmed)) = (self.chains.get_mut(chain), self.confirmed.get_mut(chain)) {
            *confirmed = count;
            report.held = u32::try_from(count).unwrap_or(u32::MAX);
        }
    }

    async fn put_entries(
        &mut self,
        chain: usize,
        entries: Range<usize>,
        here: &[Digest],
    ) -> Result<ChainAnswer, Connection> {
        let (Some(load), Some(report)) = (self.outbox.chains.get(chain), self.chains.get_mut(chain)) else {
            return Err(Connection::Alive);
        };
        let is_last = entries.end == here.len();
        let upload = ChainUpload {
            delegation: load.delegation.clone(),
            entries: load.entries.get(entries).unwrap_or_default().to_vec(),
        };
        match self.register.put_chain(&upload).await {
            Ok(answer) => {
                report.held = report.held.saturating_add(answer.held);
                report.forks.extend(answer.forks.iter().copied());
                report.refused.extend(answer.refused.iter().copied());
                // The last portion tells of them all.
                let there = Extent { places: answer.places, highest: answer.highest, head: answer.head };
                report.other_extent = Some(there).filter(|_| is_last && !agrees(here, here.len(), &answer));
                Ok(answer)
            }
            Err(error) => {
                let connection = look(self.register, self.known, &error).await;
                report.errors.push(LaneError::Register(error));
                Err(connection)
            }
        }
    }

    async fn send_record(&mut self, record: usize, on: &mut (impl FnMut(Progress<'_, R::Error>) + Send)) -> Connection {
        let (Some(outgoing), Some(lane)) = (self.outbox.records.get(record), self.lanes.get_mut(record)) else {
            return Connection::Alive;
        };
        let answered = if outgoing.receipts.is_empty() {
            self.register.put_record(&outgoing.file).await
        } else {
            let returned = Return { receipts: outgoing.receipts.clone(), file: outgoing.file.clone() };
            self.register.give_back(&returned).await
        };
        match answered {
            Ok(answer) => {
                if let Some((receipt, missing)) = lane.take(&self.greeting.trust, answer) {
                    on(Progress::Held { receipt, missing });
                }
                if let Some(report) = lane.report() {
                    on(Progress::Ended(report));
                }
                Connection::Alive
            }
            Err(error) => {
                let connection = look(self.register, self.known, &error).await;
                lane.fail(LaneError::Register(error));
                connection
            }
        }
    }

    async fn send_item(&mut self, record: usize, item: Digest, bytes: &[u8]) -> Connection {
        match self.register.put_evidence(item, bytes).await {
            Ok(()) => {
                self.taken.insert(item);
                Connection::Alive
            }
            Err(error) => {
                let connection = look(self.register, self.known, &error).await;
                self.fail(record, LaneError::Register(error));
                connection
            }
        }
    }

    fn wants(&self, record: usize, item: &Digest) -> bool {
        self.lanes.get(record).is_some_and(|lane| lane.wants(item)) && !self.taken.contains(item)
    }

    fn fail(&mut self, record: usize, error: LaneError<R::Error>) {
        if let Some(lane) = self.lanes.get_mut(record) {
            lane.fail(error);
        }
    }

    /// Ends every lane; those whose outcome nobody heard of yet are told.
    fn close(&mut self, on: &mut impl FnMut(Progress<'_, R::Error>)) -> Vec<RecordReport<R::Error>> {
        let lanes = std::mem::take(&mut self.lanes);
        let close = |lane: Lane<R::Error>| {
            let was_told = lane.report().is_some();
            let report = lane.close();
            if !was_told {
                on(Progress::Ended(&report));
            }
            report
        };
        lanes.into_iter().map(close).collect()
    }
}

/// What goes out in which order.
pub(crate) fn steps<E: RequestError>(outbox: &Outbox, lanes: &[Lane<E>]) -> Vec<Step> {
    let chain_load = |chain: &OutboxChain| ChainLoad {
        delegation: chain.delegation.len(),
        entries: chain.entries.iter().map(Vec::len).collect(),
    };
    let chains: Vec<_> = outbox.chains.iter().map(chain_load).collect();
    let records: Vec<RecordLoad> =
        lanes.iter().zip(&outbox.records).map(|(lane, record)| lane.load(&record.file)).collect();
    plan(outbox.papers.len(), &chains, &records)
}

/// After a failed request: whether the register is still there. One bad record must not hold up the others, and a
/// connection that ends just there looks the same at first.
async fn look<R: RegisterProtocol>(register: &R, known: &Known, error: &R::Error) -> Connection {
    match error.reach() {
        Reach::Request => Connection::Alive,
        Reach::Connection => Connection::Dead,
        Reach::Unclear => match greet(register, known).await {
            Ok(_) => Connection::Alive,
            Err(_) => Connection::Dead,
        },
    }
}

/// Evidence bytes that are what the record names.
pub(crate) fn usable<E: RequestError>(
    bytes: Option<Vec<u8>>,
    item: Digest,
    size: u64,
) -> Result<Vec<u8>, LaneError<E>> {
    let bytes = bytes.ok_or(LaneError::EvidenceNotHere(item))?;
    let is_whole = u64::try_from(bytes.len()).is_ok_and(|length| length == size) && digest_of(&bytes) == item;
    if is_whole { Ok(bytes) } else { Err(LaneError::EvidenceDamaged(item)) }
}
