//! Bundles: what a stick brought is taken frame by frame as over a network, and what would be answered goes back in a
//! file.

use std::io::{self, Read, Write};

use fieldproof_model::{digest::Digest, id::InstitutionId};
use fieldproof_seal::{
    delegation::Delegation,
    digest_of,
    keys::{KeyId, PublicKey},
    receipt::Beacon,
    record::RecordFile,
};
use fieldproof_wire::{
    Fault, Hello, Message, RecordAnswer,
    bundle::{Answer, AnswersWriter, BundleError, BundleId, BundleReader, Frame, FrameKind, Head},
};

use crate::{
    Register, RegisterError,
    core::Core,
    table::{bundles, chain_entries, institution, records, refusals},
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

impl NotTaken {
    /// What whoever carried it is told.
    pub(crate) const fn fault(&self) -> Fault {
        match self {
            Self::OtherInstitution { .. } => Fault::OtherInstitution,
            Self::UnknownKey(_) => Fault::UnknownKey,
            Self::Unreadable(BundleError::File(_)) => Fault::Internal,
            Self::Unreadable(_) => Fault::NotABundle,
        }
    }
}

/// A bundle that was taken, and what goes back.
#[derive(Debug)]
pub struct TakenBundle {
    /// Which bundle it was.
    pub bundle: BundleId,
    /// Who answers.
    pub hello: Hello,
    /// The answers to everything but evidence, each with the digest of what it answers, in the order of the
    /// bundle.
    pub answers: Vec<(Digest, Answer)>,
    /// Evidence items that were taken, now or before.
    pub evidence: usize,
    /// Evidence items that were not, with the reason.
    pub evidence_refused: Vec<(Digest, Fault)>,
    /// Why it could not be read to its end.
    pub broken: Option<BundleError>,
    /// Whether everything that was in it is kept where it belongs, to the byte, so that nobody needs the bundle any more.
    pub is_kept: bool,
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
        let (answers, evidence_refused) = (Vec::new(), Vec::new());
        let mut taking = Taking { register: self, answers, evidence: 0, evidence_refused, is_kept: true };
        let broken = taking.frames(reader);
        taking.confirm();
        let Taking { answers, evidence, evidence_refused, is_kept, .. } = taking;
        let answers = answers.into_iter().map(|(to, _, answer)| (to, answer)).collect();
        let hello = self.core.greet_bundle(&head.bundle)?;
        let is_kept = is_kept && broken.is_none();
        Ok(TakenBundle { bundle: head.bundle, hello, answers, evidence, evidence_refused, broken, is_kept })
    }
}

/// What of an answer is only known when the bundle has been read.
enum Open {
    Nothing,
    /// Whether the record's evidence came.
    Record(Digest),
    /// How far the key's chain goes.
    Chain(PublicKey),
}

struct Taking<'a> {
    register: &'a Register,
    /// What is answered, what is open in it, and the answer.
    answers: Vec<(Digest, Open, Answer)>,
    evidence: usize,
    evidence_refused: Vec<(Digest, Fault)>,
    /// Whether each frame so far is kept, to the byte.
    is_kept: bool,
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
                let (open, answer) = self.chain(content).unwrap_or_else(|error| self.refused(&error));
                self.is_kept &= matches!(&answer, Answer::Chain(answer) if answer.refused.is_empty());
                self.answers.push((name, open, answer));
            }
            FrameKind::Record => {
                let (open, answer) = match core.receive_record(content) {
                    Ok(answer) => (open_in(content, &answer), Answer::Record(answer)),
                    Err(error) => self.refused(&error),
                };
                self.is_kept &= self.keeps(content);
                self.answers.push((name, open, answer));
            }
            FrameKind::Claim => {
                let (open, answer) = self.claim(content).unwrap_or_else(|error| self.refused(&error));
                self.is_kept &= matches!(answer, Answer::Claim(_));
                self.answers.push((name, open, answer));
            }
            FrameKind::Papers => {
                let (open, answer) = self.papers(content).unwrap_or_else(|error| self.refused(&error));
                self.answers.push((name, open, answer));
            }
            FrameKind::Return => {
                let (open, answer) = self.take_back(content).unwrap_or_else(|error| self.refused(&error));
                self.is_kept &= self.keeps_returned(content);
                self.answers.push((name, open, answer));
            }
            FrameKind::Evidence => match core.receive_evidence(&name, content) {
                Ok(()) => self.evidence = self.evidence.saturating_add(1),
                Err(error) => {
                    self.is_kept = false;
                    self.evidence_refused.push((name, self.fault(&error)));
                }
            },
        }
    }

    /// Whether this very file is in the log or on the shelf. Another file of the same record may say more.
    fn keeps(&self, file: &[u8]) -> bool {
        let record = RecordFile::parse(file).map(|file| file.digest());
        let found = self.register.core.read(|tx| {
            let logged = record.map_or(Ok(None), |record| records::file(tx, &record))?;
            Ok(logged.is_some_and(|kept| kept == file) || refusals::find(tx, &digest_of(file))?.is_some())
        });
        found.is_ok_and(|is_kept| is_kept)
    }

    fn keeps_returned(&self, content: &[u8]) -> bool {
        matches!(Message::parse(content), Ok(Message::Return(returned)) if self.keeps(&returned.file))
    }

    fn chain(&self, content: &[u8]) -> Result<(Open, Answer), RegisterError> {
        let Ok(Message::ChainUpload(upload)) = Message::parse(content) else {
            return Err(Fault::Malformed.into());
        };
        let answer = self.register.core.receive_chain(&upload)?;
        let (delegation, _) = Delegation::parse(&upload.delegation).map_err(|_| Fault::Malformed)?;
        Ok((Open::Chain(delegation.assessor_key), Answer::Chain(answer)))
    }

    fn claim(&self, content: &[u8]) -> Result<(Open, Answer), RegisterError> {
        let Ok(Message::Claim(claim)) = Message::parse(content) else {
            return Err(Fault::Malformed.into());
        };
        Ok((Open::Nothing, Answer::Claim(self.register.core.receive_claim(&claim)?)))
    }

    fn papers(&self, content: &[u8]) -> Result<(Open, Answer), RegisterError> {
        let Ok(Message::Papers(papers)) = Message::parse(content) else {
            return Err(Fault::Malformed.into());
        };
        Ok((Open::Nothing, Answer::Papers(self.register.core.receive_papers(&papers)?)))
    }

    fn take_back(&self, content: &[u8]) -> Result<(Open, Answer), RegisterError> {
        let Ok(Message::Return(returned)) = Message::parse(content) else {
            return Err(Fault::Malformed.into());
        };
        let answer = self.register.core.take_back(&returned)?;
        Ok((open_in(&returned.file, &answer), Answer::Record(answer)))
    }

    /// Answers once more where more is known at the end: records whose evidence came behind them, and how far chains go.
    /// What goes wrong leaves the first answer standing.
    fn confirm(&mut self) {
        let core = &self.register.core;
        let mut answers = std::mem::take(&mut self.answers);
        for (_, open, answer) in &mut answers {
            let again = match (open, &mut *answer) {
                (Open::Record(record), _) => core.answer_again(record).map(|again| *answer = Answer::Record(again)),
                (Open::Chain(key), Answer::Chain(chain)) => {
                    core.read(|tx| chain_entries::extent(tx, key)).map(|(places, highest, head)| {
                        (chain.places, chain.highest, chain.head) = (places, highest, Some(head));
                    })
                }
                (Open::Chain(_) | Open::Nothing, _) => Ok(()),
            };
            if let Err(error) = again {
                self.fault(&error);
            }
        }
        self.answers = answers;
    }

    fn refused(&self, error: &RegisterError) -> (Open, Answer) {
        (Open::Nothing, Answer::Fault(self.fault(error)))
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
fn open_in(file: &[u8], answer: &RecordAnswer) -> Open {
    match RecordFile::parse(file) {
        Ok(file) if !answer.missing.is_empty() => Open::Record(file.digest()),
        Ok(_) | Err(_) => Open::Nothing,
    }
}

impl Core {
    /// Answers to an accepted record once more, from the file that was kept.
    fn answer_again(&self, record: &Digest) -> Result<RecordAnswer, RegisterError> {
        let file = self.read(|tx| records::file(tx, record))?;
        self.receive_record(&file.ok_or(RegisterError::Damaged("an accepted record is gone"))?)
    }

    /// Says who the register is. A bundle that comes again gets the beacon it got, so that its answers stay the same.
    fn greet_bundle(&self, bundle: &BundleId) -> Result<Hello, RegisterError> {
        let now = self.signing_time()?;
        self.write(|tx| {
            let beacon = match bundles::beacon(tx, bundle)? {
                Some(beacon) => beacon,
                None => {
                    let number = institution::next_beacon(tx)?;
                    let beacon = Beacon { purpose: self.purpose(), number, at: now }.sign(&self.key);
                    bundles::insert(tx, bundle, now, &beacon)?;
                    beacon
                }
            };
            self.hello(tx, beacon, now)
        })
    }
}
