//! Answers that a stick brought back: verified one by one, kept together.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{BufReader, Read},
    path::Path,
};

use fieldproof_model::{digest::Digest, id::SessionId};
use fieldproof_seal::{
    digest_of,
    keys::PublicKey,
    record::{Record, RecordFile},
    trust::Trust,
};
use fieldproof_store::{
    ReadTx, WriteTx,
    table::{pack_items::PackItem, records::AnswerKind},
};
use fieldproof_sync::{
    HttpError, LaneError, agrees, began_is_its,
    bundle::{Answering, Said, check_carried_hello, frame_of, record_named, verify_answer},
};
use fieldproof_wire::{
    ChainAnswer, ClaimAnswer, Fault, RecordAnswer,
    bundle::{Answer, AnswersReader, BundleError, BundleId},
};

use crate::{
    App, Error, Result, Unlocked,
    epoch::{compared, heard_of, keep_epoch, keep_lost, set_compared},
    install,
    send::{Load, gather, keep_greeting_inner, newest_trust},
    session::read_state,
};

use super::shown::{Shown, shown_in};

/// A record of this laptop, and what the register signed about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnsweredRecord {
    /// The session that it sealed.
    pub session: SessionId,
    /// Who was assessed.
    pub candidate: String,
    /// What the register said.
    pub said: Said,
    /// How much evidence it lost of a record that it had complete once.
    pub lost: usize,
    /// Whether it lost the record after it said that, or may have: it was restored since, and nobody asked it.
    pub was_lost: bool,
}

/// What became of the answers in a file.
#[derive(Debug, Default)]
pub struct AnswersReport {
    /// Records of this laptop that are in the register by them.
    pub complete: usize,
    /// Records of this laptop that the register has without all their evidence.
    pub held: usize,
    /// Records of this laptop that the register refused.
    pub refused: usize,
    /// Records of this laptop that the register did not take, or whose answer is not to be believed, with the reason.
    pub failed: Vec<(SessionId, Error)>,
    /// Answers that are about nothing of this laptop, and those that cannot be read. They count as nothing.
    pub ignored: usize,
    /// Places of this laptop's chains at which the register holds something else as well.
    pub forks: usize,
    /// Entries of this laptop's chains that the register did not take.
    pub entries_refused: usize,
    /// Chains of this laptop of which the register has something else than was in the bundle and is here.
    pub chains_differ: usize,
    /// The epoch that the register began and of which this laptop heard only now: it was restored.
    pub new_epoch: Option<u32>,
    /// Records of this laptop that it lost.
    pub lost: usize,
    /// Whether the register had the bundle to its end; `None` when the answers themselves end too early.
    pub was_whole: Option<bool>,
    /// Why the answers could not be read to their end. What stood before counts.
    pub broken: Option<BundleError>,
    /// What the register signed about records of this laptop, in the order of the answers.
    pub records: Vec<AnsweredRecord>,
}

impl App {
    /// Takes the answers that a stick brought back. Each is verified as over a network, and what does not verify counts
    /// as nothing; taking them twice changes nothing. Cut off, every whole answer before the cut counts.
    ///
    /// # Errors
    /// [`Error::Bundle`] when the file is none; [`Error::OtherAnswers`] when another institution's register answered. Nothing was
    /// changed then.
    pub fn take_answers(&self, path: &Path) -> Result<AnswersReport> {
        self.take_answers_from(BufReader::new(File::open(path).map_err(BundleError::File)?))
    }

    /// The same, from wherever the answers can be read.
    ///
    /// # Errors
    /// As [`Self::take_answers`].
    pub fn take_answers_from(&self, answers: impl Read) -> Result<AnswersReport> {
        let unlocked = self.unlocked()?;
        let mut reader = AnswersReader::open(answers)?;
        let load = unlocked.store.read(gather)?;
        let answering = check_carried_hello(&load.known, reader.hello()).map_err(Error::OtherAnswers)?;
        let (is_ours, is_late) = unlocked.store.read(|tx| -> Result<_> {
            Ok((was_written_here(tx, reader.bundle())?, answering.epoch < heard_of(tx)?))
        })?;
        let mut taking = Taking {
            unlocked: &unlocked,
            trust: &answering.trust,
            load: &load,
            is_ours,
            is_late,
            kept: BTreeMap::new(),
            claimed: None,
            other_chain: None,
            report: AnswersReport::default(),
        };
        let ended = loop {
            match reader.next_answer() {
                Ok(Some((to, answer))) => taking.take(&to, answer)?,
                Ok(None) => break None,
                Err(error) => break Some(error),
            }
        };
        let Taking { kept, claimed, mut report, .. } = taking;
        report.was_whole = reader.was_whole();
        self.keep(&unlocked, &load, &answering, (&kept, claimed), &mut report)?;
        match ended {
            Some(error @ BundleError::File(_)) => Err(error.into()),
            broken => Ok(AnswersReport { broken, ..report }),
        }
    }

    /// Keeps what was verified, all of it or nothing.
    fn keep(
        &self,
        unlocked: &Unlocked,
        load: &Load,
        answering: &Answering,
        (kept, claimed): (&Kept, Option<Claimed>),
        report: &mut AnswersReport,
    ) -> Result<()> {
        unlocked.store.write(|tx| -> Result<()> {
            if let Some(greeting) = &answering.greeting {
                keep_greeting_inner(tx, greeting)?;
            }
            let is_late = answering.epoch < heard_of(tx)?;
            // Told twice, or late, it says nothing of what came after it.
            if let Some(Claimed { epoch, began, lost, asked }) = claimed
                && compared(tx)? < epoch
                && report.was_whole.is_some()
            {
                keep_lost(tx, &lost)?;
                report.new_epoch = keep_epoch(tx, epoch, began.as_deref(), Some(asked))?.then_some(epoch);
                report.lost = lost.len();
            }
            if is_late { keep_late(tx, answering.epoch, kept) } else { keep_answers(tx, kept) }
        })?;
        let Some(greeting) = &answering.greeting else { return Ok(()) };
        install::write_public_trust(&self.dir, &newest_trust(&load.trust, greeting))
    }
}

fn keep_answers(tx: &WriteTx<'_>, kept: &Kept) -> Result<()> {
    for ((record, _), Answered { kind, signed, missing }) in kept {
        tx.keep_register_answer(*record, *kind, signed)?;
        if *kind != AnswerKind::Refusal {
            tx.set_lost_there(*record, missing)?;
        }
    }
    Ok(())
}

/// Keeps what was signed in an epoch that ended. It says nothing of what the register lost since: a receipt that was not
/// here when it was asked is asked after at the next contact, and until then its record counts as lost.
fn keep_late(tx: &WriteTx<'_>, epoch: u32, kept: &Kept) -> Result<()> {
    for ((record, _), Answered { kind, signed, .. }) in kept {
        if lacks(tx, *record, *kind)? {
            set_compared(tx, compared(tx)?.min(epoch))?;
        }
        if may_be_lost(tx, *record, *kind)? {
            keep_lost(tx, &[*record])?;
        }
        tx.keep_register_answer(*record, *kind, signed)?;
    }
    Ok(())
}

/// Whether it is a receipt, and none of its kind is here.
fn lacks(tx: &ReadTx<'_>, record: Digest, kind: AnswerKind) -> Result<bool> {
    Ok(kind != AnswerKind::Refusal && tx.register_answer(record, kind)?.is_none())
}

/// Whether nothing here says that the register has it, but a receipt of an epoch that ended.
fn may_be_lost(tx: &ReadTx<'_>, record: Digest, kind: AnswerKind) -> Result<bool> {
    let is_lost = || Ok::<_, Error>(tx.lost_there(record)?.contains(&record));
    Ok((lacks(tx, record, kind)? && lacks(tx, record, AnswerKind::Complete)?) || is_lost()?)
}

/// What the register signed, by record and by kind.
type Kept = BTreeMap<(Digest, u8), Answered>;

struct Answered {
    kind: AnswerKind,
    signed: Vec<u8>,
    /// What it lost of the evidence of a record that it had complete once.
    missing: Vec<Digest>,
}

/// What it made of what it was shown.
struct Claimed {
    epoch: u32,
    began: Option<Vec<u8>>,
    lost: Vec<Digest>,
    /// After how many receipts it was asked.
    asked: usize,
}

struct Taking<'a> {
    unlocked: &'a Unlocked,
    trust: &'a Trust,
    load: &'a Load,
    /// Whether this laptop wrote the bundle.
    is_ours: bool,
    /// Whether this laptop has heard of a later epoch since.
    is_late: bool,
    kept: Kept,
    claimed: Option<Claimed>,
    /// The last chain that was found to be another one there.
    other_chain: Option<PublicKey>,
    report: AnswersReport,
}

impl Taking<'_> {
    fn take(&mut self, to: &Digest, answer: Answer) -> Result<()> {
        match answer {
            Answer::Record(answer) => self.record(&answer)?,
            Answer::Fault(fault) => self.fault(to, fault),
            // Nobody signed it: it says something of this laptop only when this laptop asked.
            Answer::Chain(answer) if self.is_ours => self.chain(to, &answer)?,
            Answer::Claim(answer) if self.is_ours => self.claim(to, answer)?,
            // A network is told again: a paper is known by itself, however often it is told.
            Answer::Papers(_) if self.is_ours => {}
            Answer::Chain(_) | Answer::Claim(_) | Answer::Papers(_) => self.ignore(),
        }
        Ok(())
    }

    fn ignore(&mut self) {
        self.report.ignored = self.report.ignored.saturating_add(1);
    }

    /// A bundle carries whole chains: the register has what was in it then, and nothing that is not here by now.
    fn chain(&mut self, to: &Digest, answer: &ChainAnswer) -> Result<()> {
        let report = &mut self.report;
        report.forks = report.forks.saturating_add(answer.forks.len());
        report.entries_refused = report.entries_refused.saturating_add(answer.refused.len());
        let (key, is_other) = self.unlocked.store.read(|tx| -> Result<_> {
            let Some(Shown::Chain(key, up_to)) = shown_in(tx, to)? else { return Ok((None, false)) };
            let Some(chain) = tx.chain_with_key(&key)? else { return Ok((None, false)) };
            let entries: Vec<_> = tx.chain(chain)?.iter().map(|entry| digest_of(&entry.signed)).collect();
            Ok((Some(key), !agrees(&entries, usize::try_from(up_to).unwrap_or(usize::MAX), answer)))
        })?;
        // A long chain is answered in several portions, and counted once.
        if is_other && key != self.other_chain {
            self.other_chain = key;
            self.report.chains_differ = self.report.chains_differ.saturating_add(1);
        }
        Ok(())
    }

    /// Nobody signed which receipts are lost: what the register says of its epoch it did.
    fn claim(&mut self, to: &Digest, answer: ClaimAnswer) -> Result<()> {
        let ClaimAnswer { epoch, began, lost } = answer;
        if !began_is_its(self.trust, epoch, began.as_deref()) {
            self.ignore();
            return Ok(());
        }
        let ours = |record: &Digest| self.unlocked.store.read(|tx| tx.record(*record)).map(|row| row.is_some());
        let mut found = Vec::new();
        for record in lost {
            if ours(&record)? {
                found.push(record);
            }
        }
        let asked = match self.unlocked.store.read(|tx| shown_in(tx, to))? {
            Some(Shown::Receipts(count)) => count,
            Some(Shown::Chain(..)) | None => 0,
        };
        let claimed = self.claimed.get_or_insert(Claimed { epoch, began: None, lost: Vec::new(), asked: 0 });
        claimed.epoch = claimed.epoch.max(epoch);
        claimed.began = began.or_else(|| claimed.began.take());
        claimed.lost.append(&mut found);
        claimed.asked = claimed.asked.saturating_add(asked);
        Ok(())
    }

    fn record(&mut self, answer: &RecordAnswer) -> Result<()> {
        let Ok(record) = record_named(answer) else {
            self.ignore();
            return Ok(());
        };
        let Some(row) = self.unlocked.store.read(|tx| tx.record(record))? else {
            self.ignore();
            return Ok(());
        };
        let evidence = evidence_named(&row.file)?;
        match verify_answer(self.trust, &record, &evidence, answer) {
            Ok(said) => {
                let is_named = |item: &Digest| evidence.iter().any(|(named, _)| named == item);
                let missing = answer.missing.iter().copied().filter(is_named).collect();
                self.said(record, row.session, said, missing)?;
            }
            Err(problem) => self.failed(row.session, problem.into()),
        }
        Ok(())
    }

    fn said(&mut self, record: Digest, session: SessionId, said: Said, missing: Vec<Digest>) -> Result<()> {
        // Practice may have gone on under a scheme that this version cannot read: the answer counts all the same.
        let read = |tx: &ReadTx<'_>| Ok::<_, Error>(read_state(tx, session).ok());
        let state = self.unlocked.store.read(read)?;
        let candidate = state.map(|state| state.candidate.person.name.as_str().to_owned()).unwrap_or_default();
        let kind = match &said {
            Said::Complete(_) => AnswerKind::Complete,
            Said::Held(_) => AnswerKind::Held,
            Said::Refused(_) => AnswerKind::Refusal,
        };
        let was_lost = self.is_late && self.unlocked.store.read(|tx| may_be_lost(tx, record, kind))?;
        let report = &mut self.report;
        let missing = if matches!(said, Said::Complete(_)) { missing } else { Vec::new() };
        report.records.push(AnsweredRecord { session, candidate, said: said.clone(), lost: missing.len(), was_lost });
        let (count, number, signed) = match said {
            Said::Complete(receipt) if !missing.is_empty() => (&mut report.held, 0, receipt.signed),
            Said::Complete(receipt) => (&mut report.complete, 0, receipt.signed),
            Said::Held(receipt) => (&mut report.held, 1, receipt.signed),
            Said::Refused(refusal) => (&mut report.refused, 2, refusal.signed),
        };
        *count = count.saturating_add(usize::from(!was_lost));
        self.kept.entry((record, number)).or_insert(Answered { kind, signed, missing });
        Ok(())
    }

    /// A record file that the register could not take; it is named by what was in the bundle.
    fn fault(&mut self, to: &Digest, fault: Fault) {
        let mut records = self.load.outbox.records.iter().chain(&self.load.returns);
        let record = records.find(|record| digest_of(&frame_of(record).1) == *to);
        match record.and_then(|record| self.load.session(&record.digest)) {
            Some(session) => self.failed(session, LaneError::Register(HttpError::Fault(fault))),
            None => self.ignore(),
        }
    }

    fn failed(&mut self, session: SessionId, error: LaneError<HttpError>) {
        self.report.failed.push((session, Error::Lane(error)));
    }
}

pub(super) fn evidence_named(file: &[u8]) -> Result<Vec<(Digest, u64)>> {
    Ok(Record::parse(&RecordFile::parse(file)?.sealed)?.0.evidence)
}

fn was_written_here(tx: &ReadTx<'_>, bundle: BundleId) -> Result<bool> {
    let written = tx.pack_item(PackItem::Bundles)?.unwrap_or_default();
    Ok(written.chunks_exact(16).any(|id| id == bundle.as_bytes()))
}
