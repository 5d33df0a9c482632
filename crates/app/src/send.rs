//! Sending sealed records to the register. "In register" is what a stored, verified complete receipt says, nothing less.

use std::collections::BTreeSet;

use fieldproof_model::{digest::Digest, id::SessionId};
use fieldproof_seal::{
    delegation::Delegation,
    parts::PartKind,
    receipt::Beacon,
    record::{Record, RecordFile},
    token::Token,
    trust::TrustFile,
};
#[cfg(feature = "sabotage")]
use fieldproof_store::sabotage;
use fieldproof_store::{
    ReadTx, Store, WriteTx,
    table::{
        chain_entries::Chain,
        pack_items::PackItem,
        records::{AnswerKind, RecordRow},
    },
};
use fieldproof_sync::{
    Greeting, HttpError, Known, LaneError, Outbox, OutboxChain, OutboxRecord, Outcome, Progress, SnapshotNews,
};
use fieldproof_wire::{Paper, limit};

use crate::{
    App, EpochReport, Error, NotAllowed, PackReport, Result, Unlocked, What,
    direct::{By, Going},
    enrol::installation_key,
    epoch::{ToReturn, keep_held, keep_snapshot, meet, to_return},
    error::OrNotFound,
    feed::Pulled,
    install,
    noticed::keep_findings,
    packs::known_register,
    people::read_trust_file,
    session::{Place, read_place},
};

/// Why one record did not get through.
pub type Lane = LaneError<HttpError>;

/// What became of everything that was sent.
#[derive(Debug)]
pub struct SendReport {
    /// Packs that were brought, and what the institution tells this laptop, or why not; no record waits for them.
    pub packs: Result<PackReport>,
    /// Records now in the register.
    pub complete: usize,
    /// Records that did not get through, with the reason.
    pub failed: Vec<(SessionId, Error)>,
    /// Records that had no turn because the connection ended.
    pub not_sent: usize,
    /// Places of chains at which the register holds something else as well: two laptops sign with one key.
    pub forks: usize,
    /// Entries of chains that the register did not take.
    pub entries_refused: usize,
    /// Chains of which the register has more or less than this laptop.
    pub chains_differ: usize,
    /// Why some of the chains or papers did not get through; they go again with the next sending.
    pub untold: Option<Error>,
    /// Certificates that were opened for printing and that the register does not take for any.
    pub papers_refused: usize,
    /// What came of showing the register what it signed.
    pub epoch: EpochReport,
}

/// What goes out, and which session each record belongs to.
pub(crate) struct Load {
    pub(crate) known: Known,
    pub(crate) trust: TrustFile,
    pub(crate) outbox: Outbox,
    pub(crate) sessions: Vec<(Digest, SessionId)>,
    /// Sealed with a key that is not delegated yet.
    pub(crate) waiting: Vec<SessionId>,
    /// What the register lost. It goes back over a network.
    pub(crate) returns: Vec<OutboxRecord>,
}

impl App {
    /// Sends everybody's sealed records that are neither in the register nor refused. Blocks until it is over.
    ///
    /// # Errors
    /// [`Error::Send`] when nobody or somebody else answered; nothing was changed then.
    pub fn send(&self) -> Result<SendReport> {
        let Some(going) = self.direct.begin(By::Hand) else { return Err(Error::Stopped) };
        let unlocked = self.unlocked()?;
        let report = self.send_from(&unlocked.store, Some(&unlocked), &going);
        self.over(going);
        report
    }

    /// The same while nobody is in, where the operating system's key store was turned on for it. Packs wait for somebody.
    ///
    /// # Errors
    /// As [`Self::send`]; [`Error::Locked`] where it was not turned on; [`Error::KeyStore`].
    pub fn send_while_locked(&self) -> Result<SendReport> {
        let Some(going) = self.direct.begin(By::Hand) else { return Err(Error::Stopped) };
        let report = self.send_from(&self.open_for_sending()?, None, &going);
        self.over(going);
        report
    }

    /// Whoever sent by hand is done: what is left goes by itself again.
    fn over(&self, going: Going<'_>) {
        drop(going);
        self.host.ring();
    }

    /// Sends from an open store. Packs go with whoever is in.
    pub(crate) fn send_from(
        &self,
        store: &Store,
        unlocked: Option<&Unlocked>,
        going: &Going<'_>,
    ) -> Result<SendReport> {
        let in_use = self.register_in_use();
        let (key, register) =
            store.read(|tx| -> Result<_> { Ok((installation_key(tx)?, known_register(tx, in_use.as_deref())?)) })?;
        let register = register.signing_with(key).telling(going.on_bytes());
        let line = going.line(self.runtime()?);
        let (greeting, mut epoch) = meet(store, &register, &line)?;
        // Packs first: the register admits this very laptop by one of them, where it is a coordinator's.
        let brought = unlocked.map_or(Ok(0), |unlocked| self.bring_packs(unlocked, &register, &line));
        let mut load = store.read(gather)?;
        let lost: BTreeSet<Digest> = load.returns.iter().map(|record| record.digest).collect();
        epoch.lost = lost.len();
        load.outbox.records.append(&mut load.returns);
        going.load(&load.outbox, &load.sessions);
        let mut kept: Result<()> = Ok(());
        let mut evidence = |digest| store.evidence().get(digest).ok().flatten();
        let mut on = |progress: Progress<'_, HttpError>| {
            // What the register signed is on disk before anything further is asked of it.
            let now_kept = keep(store, &progress);
            if kept.is_ok() {
                kept = now_kept;
            }
            going.note(&progress);
        };
        let beacon = greeting.beacon.number;
        let sending =
            fieldproof_sync::send_greeted(&register, &load.known, greeting, &load.outbox, &mut evidence, &mut on);
        let report = line.run(sending)?;
        kept?;
        install::write_public_trust(&self.dir, &newest_trust(&load.trust, &report.greeting))?;
        let mut summary = summarise(report, &load.sessions, (epoch, &lost));
        let waits = |session| (session, NotAllowed::NotDelegatedYet.into());
        summary.failed.extend(load.waiting.into_iter().map(waits));
        summary.packs = brought.and_then(|brought| {
            // Behind the records: whatever is wrong with it keeps none of them.
            let pulled = unlocked.map(|unlocked| self.pull(unlocked, &register, &line, beacon));
            let Pulled { pack: taken, unknown, is_anew, .. } = pulled.transpose()?.unwrap_or_default();
            Ok(PackReport { brought, taken, unknown, is_anew })
        });
        keep_findings(store, &summary.findings())?;
        Ok(summary)
    }
}

pub(crate) fn gather(tx: &ReadTx<'_>) -> Result<Load> {
    let trust = read_trust_file(tx)?;
    let papers = tx.papers_to_tell()?.into_iter().filter_map(paper).collect();
    let mut outbox = Outbox { papers, ..Outbox::default() };
    let mut delegations = tx.delegations()?;
    // One key signs under all its delegations: any of them names it.
    delegations.dedup_by_key(|(chain, _)| *chain);
    for (chain, delegation) in &delegations {
        let entries = tx.chain(*chain)?.into_iter().map(|row| row.signed).collect();
        outbox.chains.push(OutboxChain { delegation: delegation.clone(), entries });
    }
    let mut sessions = Vec::new();
    let mut waiting = Vec::new();
    for row in tx.records_not_in_register()? {
        // A refused record waits on the shelf for somebody to mend it.
        if !matches!(read_place(tx, row.digest)?, Place::Refused(_)) {
            let Some(file) = with_delegation(row.file, &delegations) else {
                waiting.push(row.session);
                continue;
            };
            sessions.push((row.digest, row.session));
            outbox.records.push(OutboxRecord { digest: row.digest, file, receipts: Vec::new() });
        }
    }
    let mut returns = Vec::new();
    for ToReturn { record, receipts } in to_return(tx)? {
        let row = tx.record(record)?.or_not_found(What::Session)?;
        // One that was only held would go out for the first time: it goes back instead.
        outbox.records.retain(|outgoing| outgoing.digest != record);
        sessions.retain(|(digest, _)| *digest != record);
        sessions.push((record, row.session));
        let file = with_delegation(row.file.clone(), &delegations).unwrap_or(row.file);
        returns.push(OutboxRecord { digest: record, file, receipts });
    }
    Ok(Load { waiting, known: Known::open(&trust)?, trust, outbox, sessions, returns })
}

/// What the register is told of a certificate that was opened for printing.
fn paper(row: RecordRow) -> Option<Paper> {
    let file = RecordFile::parse(&row.file).unwrap_or_default();
    let person = file.parts.get(&PartKind::Person.number()).map(|part| part.as_bytes().to_vec());
    let person = person.filter(|part| part.len() <= limit::PERSON).unwrap_or_default();
    Some(Paper { token: row.token?, opened_at: row.document_opened_at?, person })
}

/// A record as it would be sent.
pub(crate) fn outgoing(tx: &ReadTx<'_>, file: Vec<u8>) -> Result<Option<Vec<u8>>> {
    Ok(with_delegation(file, &tx.delegations()?))
}

/// A record that was sealed before its key was delegated takes the delegation along; `None` while there is none.
fn with_delegation(bytes: Vec<u8>, delegations: &[(Chain, Vec<u8>)]) -> Option<Vec<u8>> {
    let Ok(mut file) = RecordFile::parse(&bytes) else { return Some(bytes) };
    let Ok((record, unverified)) = Record::parse(&file.sealed) else { return Some(bytes) };
    if !file.delegation(&record, &unverified).is_empty() {
        return Some(bytes);
    }
    let is_of_key = |signed: &[u8]| {
        Delegation::parse(signed).is_ok_and(|(found, _)| unverified.verify(&found.assessor_key).is_ok())
    };
    let found = delegations.iter().find(|(_, signed)| is_of_key(signed));
    found.map(|(_, signed)| {
        file.attached.push(signed.clone());
        file.to_bytes()
    })
}

fn keep(store: &Store, progress: &Progress<'_, HttpError>) -> Result<()> {
    match progress {
        Progress::Greeted(greeting) => keep_greeting(store, greeting),
        #[cfg(feature = "sabotage")]
        Progress::Held { receipt, .. } if sabotage::is_set(sabotage::Sabotage::AcceptHeld) => {
            keep_answer(store, receipt.receipt.record, AnswerKind::Complete, &receipt.signed)
        }
        Progress::Told(papers) => store.write(|tx| {
            let records = papers.iter().filter_map(|paper| Token::parse(&paper.token).ok());
            records.map(|(token, _)| token.record).try_for_each(|record| Ok(tx.paper_is_told(record)?))
        }),
        Progress::Held { receipt, missing } => store.write(|tx| keep_held(tx, receipt, missing)),
        Progress::Ended(report) => match &report.outcome {
            Outcome::Complete(complete) => store.write(|tx| {
                tx.keep_register_answer(report.record, AnswerKind::Complete, &complete.signed)?;
                Ok(tx.set_lost_there(report.record, &[])?)
            }),
            Outcome::Refused(refused) => keep_answer(store, report.record, AnswerKind::Refusal, &refused.signed),
            Outcome::Held { .. } | Outcome::Failed { .. } | Outcome::NotSent => Ok(()),
        },
        Progress::Turn(_) | Progress::Step { .. } => Ok(()),
    }
}

fn keep_answer(store: &Store, record: Digest, kind: AnswerKind, signed: &[u8]) -> Result<()> {
    store.write(|tx| Ok(tx.keep_register_answer(record, kind, signed)?))
}

pub(crate) fn keep_greeting(store: &Store, greeting: &Greeting) -> Result<()> {
    store.write(|tx| keep_greeting_inner(tx, greeting))
}

pub(crate) fn keep_greeting_inner(tx: &WriteTx<'_>, greeting: &Greeting) -> Result<()> {
    tx.set_pack_item(PackItem::KeySet, &greeting.key_set)?;
    keep_beacon(tx, &greeting.beacon, &greeting.signed_beacon)?;
    if let SnapshotNews::Newer(signed) = &greeting.snapshot {
        keep_snapshot(tx, signed)?;
    }
    Ok(())
}

pub(crate) fn keep_beacon(tx: &WriteTx<'_>, beacon: &Beacon, signed: &[u8]) -> Result<()> {
    let held = tx.pack_item(PackItem::Beacon)?.and_then(|signed| Beacon::parse(&signed).ok());
    // A register that was restored from a backup may show an earlier time; the later claim stays.
    if held.is_none_or(|(held, _)| held.number < beacon.number) {
        tx.set_pack_item(PackItem::Beacon, signed)?;
    }
    Ok(())
}

pub(crate) fn newest_trust(before: &TrustFile, greeting: &Greeting) -> TrustFile {
    let snapshot = match &greeting.snapshot {
        SnapshotNews::Newer(signed) => Some(signed.clone()),
        SnapshotNews::Same | SnapshotNews::Refused { .. } => before.snapshot.clone(),
    };
    TrustFile { root: before.root, key_set: greeting.key_set.clone(), snapshot }
}

fn summarise(
    mut report: fieldproof_sync::SendReport<HttpError>,
    sessions: &[(Digest, SessionId)],
    (epoch, lost): (EpochReport, &BTreeSet<Digest>),
) -> SendReport {
    let mut summary = SendReport {
        forks: report.chains.iter().map(|chain| chain.forks.len()).sum(),
        entries_refused: report.chains.iter().map(|chain| chain.refused.len()).sum(),
        chains_differ: report.chains.iter().filter(|chain| chain.other_extent.is_some()).count(),
        packs: Ok(PackReport::default()),
        papers_refused: report.papers.refused.len(),
        untold: untold(&mut report),
        epoch,
        complete: 0,
        failed: Vec::new(),
        not_sent: 0,
    };
    for record in report.records {
        let session = sessions.iter().find(|(digest, _)| *digest == record.record).map(|(_, session)| *session);
        let was_lost = lost.contains(&record.record);
        if was_lost {
            summary.epoch.count(&record.outcome);
        }
        match record.outcome {
            Outcome::Complete(_) if was_lost => {}
            Outcome::Complete(_) => summary.complete = summary.complete.saturating_add(1),
            Outcome::Failed { error, .. } => {
                summary.failed.extend(session.map(|session| (session, Error::Lane(error))));
            }
            Outcome::NotSent => summary.not_sent = summary.not_sent.saturating_add(1),
            Outcome::Held { .. } | Outcome::Refused(_) => {}
        }
    }
    summary
}

/// What kept a chain or papers from getting through.
fn untold(report: &mut fieldproof_sync::SendReport<HttpError>) -> Option<Error> {
    let chains = report.chains.iter_mut().flat_map(|chain| chain.errors.drain(..));
    chains.chain(report.papers.errors.drain(..)).next().map(Error::Lane)
}
