//! The stick: what has no final answer yet written into one encrypted file, and the answers taken from another. No
//! network takes part, and "in register" is still what a stored, verified complete receipt says.

use std::{
    collections::BTreeMap,
    fs::File,
    io::BufReader,
    path::{Path, PathBuf},
};

use fieldproof_model::{digest::Digest, id::SessionId};
use fieldproof_seal::{
    digest_of,
    record::{Record, RecordFile},
    trust::Trust,
};
use fieldproof_store::{
    ReadTx, WriteTx, durable,
    table::{pack_items::PackItem, records::AnswerKind},
};
use fieldproof_sync::{
    HttpError, LaneError,
    bundle::{Answering, BundleProgress, Said, check_carried_hello, record_named, verify_answer, write_bundle},
};
use fieldproof_wire::{
    Fault, RecordAnswer,
    bundle::{Answer, AnswersReader, BundleError, BundleId, Head, encryption_key},
};

use crate::{
    App, Error, NotAllowed, Result, Unlocked, install,
    send::{Load, gather, keep_greeting_inner, newest_trust},
};

/// How many bundles a laptop remembers to have written.
const REMEMBERED: usize = 64;

/// A bundle that was written.
#[derive(Debug)]
pub struct BundleReport {
    /// Which.
    pub bundle: BundleId,
    /// Records in it.
    pub records: usize,
    /// Evidence items in it.
    pub evidence: usize,
    /// Records that are not in it, or not whole, with the reason.
    pub left_out: Vec<(SessionId, Error)>,
    /// Whether more is left for another bundle, because this one holds as much as one may.
    pub is_full: bool,
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
    /// Whether the register had the bundle to its end; `None` when the answers themselves end too early.
    pub was_whole: Option<bool>,
}

impl App {
    /// Writes everybody's sealed records that are neither in the register nor refused into the new file `path`,
    /// encrypted to the institution. Evidence is in memory one item at a time.
    ///
    /// # Errors
    /// [`NotAllowed::NoEncryptionKey`]; [`Error::NotWritten`], also when there is such a file. There is nothing new then.
    pub fn write_bundle(&self, path: &Path, on: &mut dyn FnMut(BundleProgress)) -> Result<BundleReport> {
        let unlocked = self.unlocked()?;
        let load = unlocked.store.read(gather)?;
        let key_set = &load.known.trust.key_set;
        let key = encryption_key(key_set).ok_or(NotAllowed::NoEncryptionKey)?.key;
        let bundle = BundleId::new(self.random());
        let head = Head { institution: key_set.institution, key: key.id(), bundle };
        let mut evidence = |digest| unlocked.store.evidence().get(digest).ok().flatten();
        let written = durable::create(path, |out| {
            write_bundle::<_, HttpError>(out, (&head, &key), &load.outbox, &mut evidence, on)
        });
        let carried = written.map_err(|error| not_written(path, error))?;
        unlocked.store.write(|tx| remember(tx, bundle))?;
        let session = |(record, error)| load.session(&record).map(|session| (session, Error::Lane(error)));
        let waits = |session: &SessionId| (*session, NotAllowed::NotDelegatedYet.into());
        Ok(BundleReport {
            bundle,
            records: carried.records.len(),
            evidence: carried.evidence,
            left_out: carried.left_out.into_iter().filter_map(session).chain(load.waiting.iter().map(waits)).collect(),
            is_full: carried.is_full,
        })
    }

    /// Takes the answers that a stick brought back. Each is verified as over a network, and what does not verify counts
    /// as nothing; taking them twice changes nothing. Cut off, every whole answer before the cut counts.
    ///
    /// # Errors
    /// [`Error::Bundle`] when the file is none; [`Error::OtherAnswers`] when another institution's register answered. Nothing was
    /// changed then.
    pub fn take_answers(&self, path: &Path) -> Result<AnswersReport> {
        let unlocked = self.unlocked()?;
        let file = File::open(path).map_err(BundleError::File)?;
        let mut reader = AnswersReader::open(BufReader::new(file))?;
        let load = unlocked.store.read(gather)?;
        let answering = check_carried_hello(&load.known, reader.hello()).map_err(Error::OtherAnswers)?;
        let is_ours = unlocked.store.read(|tx| was_written_here(tx, reader.bundle()))?;
        let mut taking = Taking {
            unlocked: &unlocked,
            trust: &answering.trust,
            load: &load,
            is_ours,
            kept: BTreeMap::new(),
            report: AnswersReport::default(),
        };
        let ended = loop {
            match reader.next_answer() {
                Ok(Some((to, answer))) => taking.take(&to, answer)?,
                Ok(None) => break None,
                Err(error) => break Some(error),
            }
        };
        let Taking { kept, mut report, .. } = taking;
        report.was_whole = reader.was_whole();
        self.keep(&unlocked, &load, &answering, &kept)?;
        match ended {
            Some(error @ BundleError::File(_)) => Err(error.into()),
            Some(_) | None => Ok(report),
        }
    }

    /// Keeps what was verified, all of it or nothing.
    fn keep(&self, unlocked: &Unlocked, load: &Load, answering: &Answering, kept: &Kept) -> Result<()> {
        unlocked.store.write(|tx| -> Result<()> {
            if let Some(greeting) = &answering.greeting {
                keep_greeting_inner(tx, greeting)?;
            }
            for ((record, _), (kind, signed)) in kept {
                tx.keep_register_answer(*record, *kind, signed)?;
            }
            Ok(())
        })?;
        let Some(greeting) = &answering.greeting else { return Ok(()) };
        install::write_public_trust(&self.dir, &newest_trust(&load.trust, greeting))
    }
}

/// What the register signed, by record and by kind.
type Kept = BTreeMap<(Digest, u8), (AnswerKind, Vec<u8>)>;

struct Taking<'a> {
    unlocked: &'a Unlocked,
    trust: &'a Trust,
    load: &'a Load,
    /// Whether this laptop wrote the bundle.
    is_ours: bool,
    kept: Kept,
    report: AnswersReport,
}

impl Taking<'_> {
    fn take(&mut self, to: &Digest, answer: Answer) -> Result<()> {
        match answer {
            Answer::Record(answer) => self.record(&answer)?,
            Answer::Fault(fault) => self.fault(to, fault),
            // Nobody signed it: it says something of this laptop only when this laptop asked.
            Answer::Chain(answer) if self.is_ours => {
                self.report.forks = self.report.forks.saturating_add(answer.forks.len());
                self.report.entries_refused = self.report.entries_refused.saturating_add(answer.refused.len());
            }
            Answer::Chain(_) => self.ignore(),
        }
        Ok(())
    }

    fn ignore(&mut self) {
        self.report.ignored = self.report.ignored.saturating_add(1);
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
            Ok(said) => self.said(record, said),
            Err(problem) => self.failed(row.session, problem.into()),
        }
        Ok(())
    }

    fn said(&mut self, record: Digest, said: Said) {
        let report = &mut self.report;
        let (count, number, kind, signed) = match said {
            Said::Complete(receipt) => (&mut report.complete, 0, AnswerKind::Complete, receipt.signed),
            Said::Held(receipt) => (&mut report.held, 1, AnswerKind::Held, receipt.signed),
            Said::Refused(refusal) => (&mut report.refused, 2, AnswerKind::Refusal, refusal.signed),
        };
        *count = count.saturating_add(1);
        self.kept.entry((record, number)).or_insert((kind, signed));
    }

    /// A record file that the register could not take; it is named by what was in the bundle.
    fn fault(&mut self, to: &Digest, fault: Fault) {
        let is_named = |file: &[u8]| digest_of(file) == *to;
        let record = self.load.outbox.records.iter().find(|record| is_named(&record.file));
        match record.and_then(|record| self.load.session(&record.digest)) {
            Some(session) => self.failed(session, LaneError::Register(HttpError::Fault(fault))),
            None => self.ignore(),
        }
    }

    fn failed(&mut self, session: SessionId, error: LaneError<HttpError>) {
        self.report.failed.push((session, Error::Lane(error)));
    }
}

impl Load {
    fn session(&self, record: &Digest) -> Option<SessionId> {
        self.sessions.iter().find(|(digest, _)| digest == record).map(|(_, session)| *session)
    }
}

fn evidence_named(file: &[u8]) -> Result<Vec<(Digest, u64)>> {
    Ok(Record::parse(&RecordFile::parse(file)?.sealed)?.0.evidence)
}

fn not_written(path: &Path, error: BundleError) -> Error {
    if let BundleError::File(source) = error {
        Error::NotWritten { path: PathBuf::from(path), source }
    } else if matches!(error, BundleError::NotAKey) {
        NotAllowed::NoEncryptionKey.into()
    } else {
        error.into()
    }
}

/// Notes that this laptop wrote a bundle; the oldest of many is forgotten.
fn remember(tx: &WriteTx<'_>, bundle: BundleId) -> Result<()> {
    let mut written = tx.pack_item(PackItem::Bundles)?.unwrap_or_default();
    written.extend_from_slice(bundle.as_bytes());
    let most = REMEMBERED.saturating_mul(bundle.as_bytes().len());
    let forgotten = written.len().saturating_sub(most);
    tx.set_pack_item(PackItem::Bundles, written.get(forgotten..).unwrap_or_default())?;
    Ok(())
}

fn was_written_here(tx: &ReadTx<'_>, bundle: BundleId) -> Result<bool> {
    let written = tx.pack_item(PackItem::Bundles)?.unwrap_or_default();
    Ok(written.chunks_exact(16).any(|id| id == bundle.as_bytes()))
}
