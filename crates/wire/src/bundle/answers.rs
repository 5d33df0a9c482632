//! The answers to a bundle: a file in clear that names nobody. What counts in it is signed.

use std::io::{self, Read, Write};

use fieldproof_model::digest::Digest;
use fieldproof_seal::cbor::{self, Fields, Writer};

use crate::{
    ChainAnswer, ClaimAnswer, Fault, Hello, Message, PapersAnswer, RecordAnswer,
    bundle::{
        BundleError, BundleId,
        error::broken,
        frame::{SectionReader, SectionWriter},
        head::read_mark,
    },
    limit,
};

const MARK: &[u8; 21] = b"fieldproof answers 1\n";

const HELLO: u8 = 1;
const ANSWER: u8 = 2;
const END: u8 = 3;
const END_LIMIT: usize = 64;

/// What the register says to one frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// To a chain upload.
    Chain(ChainAnswer),
    /// To a record file, or to one that is given back.
    Record(RecordAnswer),
    /// To a claim.
    Claim(ClaimAnswer),
    /// To papers.
    Papers(PapersAnswer),
    /// It did not take it.
    Fault(Fault),
}

impl Answer {
    fn to_message(&self) -> Message {
        match self {
            Self::Chain(answer) => Message::ChainAnswer(answer.clone()),
            Self::Record(answer) => Message::RecordAnswer(answer.clone()),
            Self::Claim(answer) => Message::ClaimAnswer(answer.clone()),
            Self::Papers(answer) => Message::PapersAnswer(answer.clone()),
            Self::Fault(fault) => Message::Fault(*fault),
        }
    }

    fn parse(body: &[u8]) -> Option<Self> {
        match Message::parse(body).ok()? {
            Message::ChainAnswer(answer) => Some(Self::Chain(answer)),
            Message::RecordAnswer(answer) => Some(Self::Record(answer)),
            Message::ClaimAnswer(answer) => Some(Self::Claim(answer)),
            Message::PapersAnswer(answer) => Some(Self::Papers(answer)),
            Message::Fault(fault) => Some(Self::Fault(fault)),
            Message::Hello(_)
            | Message::ChainUpload(_)
            | Message::Stored(_)
            | Message::Upload(_)
            | Message::PackUpload(_)
            | Message::PackAnswer(_)
            | Message::EnrolmentRequest(_)
            | Message::EnrolmentRequests(_)
            | Message::Shelf(_)
            | Message::Claim(_)
            | Message::Return(_)
            | Message::Papers(_)
            | Message::PaperBack(_)
            | Message::BundleTaken(_)
            | Message::AnswersPiece(_)
            | Message::Feed(_) => None,
        }
    }
}

/// Writes the answers to a bundle.
#[derive(Debug)]
pub struct AnswersWriter<W> {
    sections: SectionWriter<W>,
    count: u32,
}

impl<W: Write> AnswersWriter<W> {
    /// Begins with which bundle it was, and who answers.
    ///
    /// # Errors
    /// [`io::Error`] of `out`.
    pub fn begin(mut out: W, bundle: &BundleId, hello: &Hello) -> io::Result<Self> {
        out.write_all(MARK)?;
        out.write_all(bundle.as_bytes())?;
        let mut sections = SectionWriter { out, offset: 0, step: 1 };
        sections.put(HELLO, &Message::Hello(hello.clone()).to_bytes())?;
        Ok(Self { sections, count: 0 })
    }

    /// Writes the answer to a frame, which is named by the digest of its content.
    ///
    /// # Errors
    /// [`io::Error`] of what was written to.
    pub fn put(&mut self, to: &Digest, answer: &Answer) -> io::Result<()> {
        self.sections.put(ANSWER, &[to.as_bytes().as_slice(), &answer.to_message().to_bytes()].concat())?;
        self.count = self.count.saturating_add(1);
        Ok(())
    }

    /// Ends the file: whether the bundle was there to its end.
    ///
    /// # Errors
    /// [`io::Error`] of what was written to.
    pub fn finish(mut self, was_whole: bool) -> io::Result<W> {
        let end = Writer::default().with(1, self.count).with(2, was_whole);
        self.sections.put(END, &cbor::encode(end.build()))?;
        Ok(self.sections.out)
    }
}

/// Reads the answers to a bundle. Nothing in it is believed before it was verified.
#[derive(Debug)]
pub struct AnswersReader<R> {
    sections: SectionReader<R>,
    bundle: BundleId,
    hello: Hello,
    count: u32,
    /// Whether the bundle was there to its end, once that was read.
    was_whole: Option<bool>,
    is_over: bool,
}

impl<R: Read> AnswersReader<R> {
    /// Reads as far as who answers.
    ///
    /// # Errors
    /// [`BundleError`].
    pub fn open(mut input: R) -> Result<Self, BundleError> {
        read_mark(&mut input, MARK, "answers file")?;
        let mut bundle = [0; 16];
        input.read_exact(&mut bundle).map_err(broken)?;
        let mut sections = SectionReader { input, offset: 0, step: 1, frames: 0 };
        let (_, body) = sections.take(|kind| (kind == HELLO).then_some(limit::ANSWER))?;
        let Ok(Message::Hello(hello)) = Message::parse(&body) else {
            return Err(sections.malformed());
        };
        Ok(Self { sections, bundle: BundleId::new(bundle), hello, count: 0, was_whole: None, is_over: false })
    }

    /// Which bundle was answered.
    #[must_use]
    pub const fn bundle(&self) -> BundleId {
        self.bundle
    }

    /// Who answers.
    #[must_use]
    pub const fn hello(&self) -> &Hello {
        &self.hello
    }

    /// Whether the bundle was there to its end; `None` before the end of the answers was read.
    #[must_use]
    pub const fn was_whole(&self) -> Option<bool> {
        self.was_whole
    }

    /// The next answer, with the digest of what it answers; `None` behind the last. After an error there is none either.
    ///
    /// # Errors
    /// [`BundleError`] says why nothing more can be read; the answers before it stay what they are.
    pub fn next_answer(&mut self) -> Result<Option<(Digest, Answer)>, BundleError> {
        if self.is_over {
            return Ok(None);
        }
        self.is_over = true;
        let (kind, content) = self.sections.take(|kind| match kind {
            ANSWER => Some(limit::ANSWER),
            END => Some(END_LIMIT),
            _ => None,
        })?;
        if kind == END {
            return self.end(&content).map(|()| None);
        }
        let (to, body) = content.split_at_checked(32).ok_or_else(|| self.sections.malformed())?;
        let answer = Digest::from_slice(to).zip(Answer::parse(body)).ok_or_else(|| self.sections.malformed())?;
        self.count = self.count.saturating_add(1);
        self.is_over = false;
        Ok(Some(answer))
    }

    fn end(&mut self, content: &[u8]) -> Result<(), BundleError> {
        let read = || {
            let mut fields = Fields::new(cbor::decode(content, END_LIMIT).ok()?, "end of answers").ok()?;
            Some((fields.number::<u32>(1).ok()?, fields.boolean(2).ok()?))
        };
        match read().filter(|(count, _)| *count == self.count) {
            Some((_, was_whole)) if self.sections.is_at_end()? => self.was_whole = Some(was_whole),
            _ => return Err(self.sections.malformed()),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use fieldproof_model::id::InstitutionId;

    use super::*;
    use crate::SignedAnswer;

    fn hello() -> Hello {
        let institution = InstitutionId::new([1; 16]);
        Hello { institution, epoch: 1, key_set: vec![2], beacon: vec![3], snapshot: vec![4] }
    }

    fn answers() -> Vec<(Digest, Answer)> {
        let receipt = RecordAnswer { signed: SignedAnswer::Receipt(vec![5]), missing: vec![Digest::new([6; 32])] };
        let (forks, refused) = (Vec::new(), Vec::new());
        let chain = ChainAnswer { held: 2, forks, refused, places: 2, highest: 2, head: None };
        [Answer::Chain(chain), Answer::Record(receipt), Answer::Fault(Fault::Malformed)]
            .into_iter()
            .zip(1..)
            .map(|(answer, n)| (Digest::new([n; 32]), answer))
            .collect()
    }

    fn file(was_whole: bool) -> Vec<u8> {
        let mut writer = AnswersWriter::begin(Vec::new(), &BundleId::new([7; 16]), &hello()).unwrap();
        for (to, answer) in answers() {
            writer.put(&to, &answer).unwrap();
        }
        writer.finish(was_whole).unwrap()
    }

    /// What was read, and how it ended.
    fn read(file: &[u8]) -> (usize, Result<Option<bool>, BundleError>) {
        let mut reader = match AnswersReader::open(file) {
            Ok(reader) => reader,
            Err(error) => return (0, Err(error)),
        };
        let mut count = 0;
        loop {
            match reader.next_answer() {
                Ok(Some(answer)) => assert_eq!(answer, answers()[count]),
                Ok(None) => return (count, Ok(reader.was_whole())),
                Err(error) => {
                    assert!(matches!(reader.next_answer(), Ok(None)), "nothing follows an error");
                    return (count, Err(error));
                }
            }
            count += 1;
        }
    }

    #[test]
    fn answers_round_trip() {
        for was_whole in [true, false] {
            assert!(matches!(read(&file(was_whole)), (3, Ok(Some(found))) if found == was_whole));
        }
        let bytes = file(true);
        assert_eq!(bytes[..21], *b"fieldproof answers 1\n");
        assert_eq!(AnswersReader::open(bytes.as_slice()).unwrap().bundle(), BundleId::new([7; 16]));
        assert_eq!(*AnswersReader::open(bytes.as_slice()).unwrap().hello(), hello());
    }

    #[test]
    fn cut_off_anywhere_every_whole_answer_before_the_cut_is_read() {
        let bytes = file(true);
        let mut before = 0;
        for end in 0..bytes.len() {
            let (count, ended) = read(&bytes[..end]);
            let expected = if end < 21 {
                "this is no answers file of Fieldproof".to_owned()
            } else {
                BundleError::CutOff.to_string()
            };
            assert_eq!(ended.unwrap_err().to_string(), expected, "{end}");
            assert!(before <= count && count <= 3, "{end}");
            before = count;
        }
        assert_eq!(before, 3);
        assert!(matches!(read(&[bytes.as_slice(), b"more"].concat()), (3, Err(BundleError::Malformed(5)))));
    }

    #[test]
    fn what_is_no_answer_is_not_read() {
        let mut writer = AnswersWriter::begin(Vec::new(), &BundleId::new([7; 16]), &hello()).unwrap();
        writer.sections.put(ANSWER, &[&[1; 32], Message::Hello(hello()).to_bytes().as_slice()].concat()).unwrap();
        assert!(matches!(read(&writer.finish(true).unwrap()), (0, Err(BundleError::Malformed(2)))));
        let mut writer = AnswersWriter::begin(Vec::new(), &BundleId::new([7; 16]), &hello()).unwrap();
        writer.sections.put(ANSWER, &vec![0; limit::ANSWER + 1]).unwrap();
        assert!(matches!(read(&writer.finish(true).unwrap()), (0, Err(BundleError::TooLarge { frame: 2, .. }))));
        let mut writer = AnswersWriter::begin(Vec::new(), &BundleId::new([7; 16]), &hello()).unwrap();
        writer.count = 1;
        assert!(matches!(read(&writer.finish(true).unwrap()), (0, Err(BundleError::Malformed(2)))), "miscounted");
    }
}
