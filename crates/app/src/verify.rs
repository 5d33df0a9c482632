//! Verifying what somebody hands over: a PDF, a picture of the paper, a record file, or pasted text. No network, no account.

use fieldproof_certificate::{ReadError, find_tokens};
use fieldproof_seal::{
    FormatError,
    report::{Language, Report, report_of},
    short_code::parse_short_code,
    token::{LINK_MARK, find_token},
    trust::Trust,
    verdict::Evidence,
};

use crate::{App, Error, Result, install, people::read_trust};

/// The longest text looked at.
const TEXT_LIMIT: usize = 64 * 1024;

impl App {
    /// Verifies the bytes of a file with the institution's keys at hand; works locked, too.
    ///
    /// # Errors
    /// [`Error::Unreadable`], [`Error::ForeignCode`], [`Error::NothingToVerify`], [`Error::DamagedFile`].
    pub fn verify_file(&self, bytes: &[u8], language: Language) -> Result<Report> {
        Ok(self.judge(&evidence_of_file(bytes)?, language))
    }

    /// Verifies a pasted or scanned text.
    ///
    /// # Errors
    /// As [`App::verify_file`].
    pub fn verify_text(&self, text: &str, language: Language) -> Result<Report> {
        Ok(self.judge(&evidence_of_text(text)?, language))
    }

    fn judge(&self, evidence: &Evidence, language: Language) -> Report {
        report_of(evidence, self.trust_at_hand().as_ref(), self.now(), language)
    }

    fn trust_at_hand(&self) -> Option<Trust> {
        match self.unlocked() {
            Ok(unlocked) => unlocked.store.read(read_trust).ok(),
            Err(_) => install::public_trust(&self.dir),
        }
    }
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
/// [`Error::ShortCode`] when it is the code below a symbol, [`Error::NothingToVerify`] when it is nothing of ours,
/// [`Error::DamagedFile`] when it was ours once.
pub fn evidence_of_text(text: &str) -> Result<Evidence> {
    if TEXT_LIMIT < text.len() {
        return Err(Error::NothingToVerify);
    }
    let Some(bytes) = find_token(text) else {
        if let Some(code) = parse_short_code(text) {
            return Err(Error::ShortCode(code));
        }
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

/// Whether bytes begin as a signed document (tag 18, array of four) or a record file (array of five, its mark) does.
fn begins_like_ours(bytes: &[u8]) -> bool {
    const MARK: &[u8] = b"\x85\x71fieldproof-record";
    bytes.starts_with(&[0xd2, 0x84]) || (!bytes.is_empty() && (bytes.starts_with(MARK) || MARK.starts_with(bytes)))
}
