//! Bundles: what a stick brought is taken frame by frame as over a network, and what would be answered goes back in a
//! file.

use std::io::{self, Read, Write};

use fieldproof_model::{digest::Digest, id::InstitutionId};
use fieldproof_seal::{digest_of, keys::KeyId, receipt::Beacon, record::RecordFile};
use fieldproof_wire::{
    Fault, Hello, Message, RecordAnswer,
    bundle::{Answer, AnswersWriter, BundleError, BundleId, BundleReader, Frame, FrameKind, Head},
};

use crate::{
    Register, RegisterError,
    core::Core,
    table::{bundles, institution, records},
};

/// A bundle that is not taken. Nothing of it was.
#[derive(Debug, thiserror::Error)]
pub enum NotTaken {
    /// For another institution's register.
    #[error("the bundle is for the register of institution {found}, and this is the one of {ours}")]
    OtherInstitution {
        /// Whose register this is.
        ours: InstitutionId,
        /// Whose it is for.
        found: InstitutionId,
    },
    /// This register holds no decryption key of that name.
    #[error("the bundle is encrypted to key {0}; there is no such key in the register's folder `decryption`")]
    UnknownKey(KeyId),
    /// It cannot be read as far as its first frame.
    #[error("the bundle cannot be read: {0}")]
    Unreadable(#[from] BundleError),
}

/// A bundle that was taken, and what goes back.
#[derive(Debug)]
pub struct TakenBundle {
    /// Which bundle it was.
    pub bundle: BundleId,
    /// Who answers.
    pub hello: Hello,
    /// The answers to chain uploads and record files, each with the digest of what it answers, in the order of the
    /// bundle.
    pub answers: Vec<(Digest, Answer)>,
    /// Evidence items that were taken, now or before.
    pub evidence: usize,
    /// Evidence items that were not, with the reason.
    pub evidence_refused: Vec<(Digest, Fault)>,
    /// Why it could not be read to its end.
    pub broken: Option<BundleError>,
}

impl TakenBundle {
    /// Writes the answers file. It names nobody.
    ///
    /// # Errors
    /// [`io::Error`] of `out`.
    pub fn write_answers<W: Write>(&self, out: W) -> io::Result<W> {
        let mut writer = AnswersWriter::begin(out, &self.bundle, &self.hello)?;
        for (to, answer) in &self.answers {
            writer.put(to, answer)?;
        }
        writer.finish(self.broken.is_none())
    }
}

impl Register {
    /// Takes a bundle as far as it can be read. Blocks until it is over; taken again it changes nothing and is answered
    /// with the same bytes. What goes wrong with one frame stays with that frame.
    ///
    /// # Errors
    /// [`RegisterError::Bundle`] when nothing was taken.
    pub fn take_bundle(&self, mut bundle: impl Read) -> Result<TakenBundle, RegisterError> {
        let head = Head::read(&mut bundle).map_err(NotTaken::from)?;
        let ours = self.key_set().institution;
        if head.institution != ours {
            return Err(NotTaken::OtherInstitution { ours, found: head.institution }.into());
        }
        let key = self.decryption.find(head.key)?.ok_or(NotTaken::UnknownKey(head.key))?;
        let reader = BundleReader::open(bundle, &head, &key).map_err(NotTaken::from)?;
        let mut taking = Taking { register: self, answers: Vec::new(), evidence: 0, evidence_refused: Vec::new() };
        let broken = taking.frames(reader);
        taking.confirm();
        let Taking { answers, evidence, evidence_refused, .. } = taking;
        let answers = answers.into_iter().map(|(to, _, answer)| (to, answer)).collect();
        let hello = self.core.greet_bundle(&head.bundle)?;
        Ok(TakenBundle { bundle: head.bundle, hello, answers, evidence, evidence_refused, broken })
    }
}

struct Taking<'a> {
    register: &'a Register,
    /// What is answered, the record that waits for its evidence, and the answer.
    answers: Vec<(Digest, Option<Digest>, Answer)>,
    evidence: usize,
    evidence_refused: Vec<(Digest, Fault)>,
}

impl Taking<'_> {
    /// Takes every frame that can be read; says why the rest cannot.
    fn frames<R: Read>(&mut self, mut reader: BundleReader<R>) -> Option<BundleError> {
        loop {
            match reader.next_frame() {
                Ok(Some(frame)) => self.frame(&frame),
                Ok(None) => return None,
                Err(error) => return Some(error),
            }
        }
    }

    fn frame(&mut self, frame: &Frame) {
        let (core, content) = (&self.register.core, frame.content.as_slice());
        let name = digest_of(content);
        match frame.kind {
            FrameKind::Chain => {
                let answer = match Message::parse(content) {
                    Ok(Message::ChainUpload(upload)) => core.receive_chain(&upload).map(Answer::Chain),
                    _ => Err(Fault::Malformed.into()),
                };
                let answer = answer.unwrap_or_else(|error| Answer::Fault(self.fault(&error)));
                self.answers.push((name, None, answer));
            }
            FrameKind::Record => {
                let (waiting, answer) = match core.receive_record(content) {
                    Ok(answer) => (waiting(content, &answer), Answer::Record(answer)),
                    Err(error) => (None, Answer::Fault(self.fault(&error))),
                };
                self.answers.push((name, waiting, answer));
            }
            FrameKind::Evidence => match core.receive_evidence(&name, content) {
                Ok(()) => self.evidence = self.evidence.saturating_add(1),
                Err(error) => self.evidence_refused.push((name, self.fault(&error))),
            },
        }
    }

    /// Asks again for the records whose evidence came behind them. What goes wrong leaves the first answer standing.
    fn confirm(&mut self) {
        let mut answers = std::mem::take(&mut self.answers);
        for (_, record, answer) in &mut answers {
            let Some(record) = record.take() else { continue };
            match self.register.core.answer_again(&record) {
                Ok(again) => *answer = Answer::Record(again),
                Err(error) => drop(self.fault(&error)),
            }
        }
        self.answers = answers;
    }

    /// What the laptop is told; what is the register's own failure is reported to whoever runs it.
    fn fault(&self, error: &RegisterError) -> Fault {
        let fault = error.fault();
        if fault == Fault::Internal {
            self.register.report(error);
        }
        fault
    }
}

/// The record, when its answer says that evidence is missing.
fn waiting(file: &[u8], answer: &RecordAnswer) -> Option<Digest> {
    if answer.missing.is_empty() { None } else { RecordFile::parse(file).ok().map(|file| file.digest()) }
}

impl Core {
    /// Answers to an accepted record once more, from the file that was kept.
    fn answer_again(&self, record: &Digest) -> Result<RecordAnswer, RegisterError> {
        let file = self.read(|tx| records::file(tx, record))?;
        self.receive_record(&file.ok_or(RegisterError::Damaged("an accepted record is gone"))?)
    }

    /// Says who the register is. A bundle that comes again gets the beacon it got, so that its answers stay the same.
    fn greet_bundle(&self, bundle: &BundleId) -> Result<Hello, RegisterError> {
        let now = self.now();
        let (beacon, snapshot) = self.write(|tx| {
            let beacon = match bundles::beacon(tx, bundle)? {
                Some(beacon) => beacon,
                None => {
                    let number = institution::next_beacon(tx)?;
                    let beacon = Beacon { purpose: self.purpose(), number, at: now }.sign(&self.key);
                    bundles::insert(tx, bundle, now, &beacon)?;
                    beacon
                }
            };
            Ok((beacon, self.snapshot(tx, now)?))
        })?;
        Ok(self.hello(beacon, snapshot))
    }
}
