//! Verifying what somebody hands over: a PDF, a picture of the paper, a record file, or pasted text. No network, no account.

use fieldproof_certificate::{ReadError, find_tokens};
use fieldproof_model::{person::Person, time::Date};
use fieldproof_seal::{
    FormatError,
    delegation::Delegation,
    parts::{PartKind, parse_people, parse_person},
    record::{Record, RecordFile},
    token::{LINK_MARK, Token, find_token},
    trust::Trust,
    verdict::{Evidence, Verdict},
};

use crate::{App, Error, Result, install, people::read_trust};

/// The longest text looked at.
const TEXT_LIMIT: usize = 64 * 1024;

/// What was handed over, as far as it can be read.
#[derive(Debug, Clone)]
pub enum Subject {
    /// A certificate.
    Certificate(Box<Token>, Option<Delegation>),
    /// A record with the parts that were at hand.
    Record {
        /// What was signed.
        record: Box<Record>,
        /// Whom it is about, if that part is at hand.
        candidate: Option<Person>,
        /// Assessor and second person, if that part is at hand.
        people: Option<(Person, Option<Person>)>,
        /// The names of the parts that are not.
        absent: Vec<&'static str>,
    },
}

/// A verdict with what it is about.
#[derive(Debug, Clone)]
pub struct Verified {
    /// What it is about.
    pub subject: Subject,
    /// The two questions answered.
    pub verdict: Verdict,
    /// The day of the list of withdrawn certificates, if one was at hand.
    pub list_as_of: Option<Date>,
}

impl App {
    /// Verifies the bytes of a file with the institution's keys at hand; works locked, too.
    ///
    /// # Errors
    /// [`Error::Unreadable`], [`Error::ForeignCode`], [`Error::NothingToVerify`], [`Error::DamagedFile`].
    pub fn verify_file(&self, bytes: &[u8]) -> Result<Verified> {
        verify(&evidence_of_file(bytes)?, self.trust_at_hand().as_ref(), self.now())
    }

    /// Verifies a pasted or scanned text.
    ///
    /// # Errors
    /// As [`App::verify_file`].
    pub fn verify_text(&self, text: &str) -> Result<Verified> {
        verify(&evidence_of_text(text)?, self.trust_at_hand().as_ref(), self.now())
    }

    fn trust_at_hand(&self) -> Option<Trust> {
        match self.unlocked() {
            Ok(unlocked) => unlocked.store.read(read_trust).ok(),
            Err(_) => install::public_trust(&self.dir),
        }
    }
}

/// Judges what was read.
///
/// # Errors
/// [`Error::DamagedFile`] when a part at hand cannot be read.
pub fn verify(evidence: &Evidence, trust: Option<&Trust>, now: fieldproof_model::time::Timestamp) -> Result<Verified> {
    let verdict = evidence.judge(trust, now);
    let subject = match evidence {
        Evidence::Token(token, _) => {
            let delegation = Delegation::parse(&token.delegation).ok().map(|(delegation, _)| delegation);
            Subject::Certificate(token.clone(), delegation)
        }
        Evidence::Record(record, file, _) => Subject::Record {
            record: record.clone(),
            candidate: read_part(file, PartKind::Person, parse_person),
            people: read_part(file, PartKind::People, parse_people),
            absent: file.absent(record),
        },
    };
    let list_as_of = trust.and_then(|trust| trust.snapshot.as_ref()).map(|snapshot| snapshot.as_of.date());
    Ok(Verified { subject, verdict, list_as_of })
}

/// A part with another content than ours is not shown; the verdict speaks of digests and signatures only.
fn read_part<T>(
    file: &RecordFile,
    kind: PartKind,
    parse: impl FnOnce(fieldproof_seal::cbor::Value) -> std::result::Result<T, FormatError>,
) -> Option<T> {
    file.part(kind).ok().flatten().and_then(|content| parse(content).ok())
}

/// Reads a file: one of ours, a text, a PDF or a picture.
///
/// # Errors
/// As [`App::verify_file`].
pub fn evidence_of_file(bytes: &[u8]) -> Result<Evidence> {
    match Evidence::parse(bytes) {
        Ok(evidence) => return Ok(evidence),
        Err(error) if begins_like_ours(bytes) => return Err(Error::DamagedFile(error)),
        Err(_) => {}
    }
    match find_tokens(bytes) {
        Ok(found) => {
            let mut ours =
                found.texts.iter().filter(|text| !matches!(evidence_of_text(text), Err(Error::NothingToVerify)));
            let first = ours.next().ok_or(Error::ForeignCode)?;
            // One verdict for several papers would be believed of all of them.
            if ours.next().is_some() { Err(Error::SeveralCertificates) } else { evidence_of_text(first) }
        }
        Err(ReadError::NotAPictureOrPdf) => match std::str::from_utf8(bytes) {
            Ok(text) => evidence_of_text(text),
            Err(_) => Err(Error::NothingToVerify),
        },
        Err(error) => Err(error.into()),
    }
}

/// Reads a text: a link from a symbol, or its digits.
///
/// # Errors
/// [`Error::NothingToVerify`] when it is neither, [`Error::DamagedFile`] when it was ours once.
pub fn evidence_of_text(text: &str) -> Result<Evidence> {
    if TEXT_LIMIT < text.len() {
        return Err(Error::NothingToVerify);
    }
    let Some(bytes) = find_token(text) else {
        return Err(if was_ours(text) { Error::DamagedFile(FormatError::Damaged) } else { Error::NothingToVerify });
    };
    match Evidence::parse(&bytes) {
        Ok(evidence) => Ok(evidence),
        Err(error) if begins_like_ours(&bytes) => Err(Error::DamagedFile(error)),
        Err(_) => Err(Error::NothingToVerify),
    }
}

/// Whether a text is digits as in our links, only not all of them or not the right ones.
fn was_ours(text: &str) -> bool {
    let digits = text.rsplit_once(LINK_MARK).map_or(text, |(_, digits)| digits).trim();
    17 < digits.len() && digits.starts_with('0') && digits.bytes().all(|digit| digit.is_ascii_digit())
}

/// Whether bytes begin as a signed document (tag 18, array of four) or a record file (array of four, its mark) does.
fn begins_like_ours(bytes: &[u8]) -> bool {
    const MARK: &[u8] = b"\x84\x71fieldproof-record";
    bytes.starts_with(&[0xd2, 0x84]) || (!bytes.is_empty() && (bytes.starts_with(MARK) || MARK.starts_with(bytes)))
}
