//! Verdicts: genuine as issued, and in force now; each yes, no with the reason, or could not tell with what was missing.
//!
//! "No" comes only from a check that failed. A missing key, list or clock never turns into "no".

use fieldproof_model::time::{Date, Timestamp};

use crate::{
    cbor::FormatError,
    delegation::Delegation,
    envelope::{Kind, Purpose, Unverified},
    key_set::KeyRole,
    keys::digest_of,
    parts::PartKind,
    record::{Record, RecordFile},
    scheme::parse_scheme_id,
    snapshot::{CertificateDigest, Withdrawn},
    token::Token,
    trust::{KeyProblem, Trust},
};

/// One of three answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Checked, and it holds.
    Yes,
    /// Checked, and it does not hold.
    No,
    /// Something needed for the check was missing.
    CouldNotTell,
}

/// The reason behind an answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// Every check ran and held.
    #[error("every signature and digest at hand was checked and holds")]
    AllHold,
    /// Trust of no institution is at hand.
    #[error("the institution's root and key set are not at hand")]
    NoTrust,
    /// The delegation names a key the key set does not hold.
    #[error("the institution's key set at hand does not hold the key that was used")]
    UnknownIssuer,
    /// The issuing key is marked as compromised.
    #[error("the key that was used is marked as compromised; ask the institution")]
    CompromisedIssuer,
    /// The delegation is not the institution's.
    #[error("the assessor's delegation was not signed by the institution")]
    ForgedDelegation,
    /// The signature does not match.
    #[error("the content was altered, or was not signed by the assessor named")]
    BadSignature,
    /// Demonstration passed off as real, or the other way round.
    #[error("its purpose is not the one of this institution's documents")]
    OtherPurpose,
    /// The delegation does not allow certificates.
    #[error("the assessor was not allowed to issue certificates on site")]
    MayNotCertify,
    /// Signed on a day outside the delegation.
    #[error("the assessor's delegation does not cover the day it was signed")]
    OutsideDelegation,
    /// A part is not the one that was sealed.
    #[error("part {0} is not the one that was sealed")]
    AlteredPart(i64),
    /// The scheme is not the institution's, or not the delegated one.
    #[error("the scheme inside was not signed by the institution for this assessor")]
    OtherScheme,
    /// The bytes cannot be read.
    #[error("the content cannot be read: {0}")]
    Unreadable(FormatError),
    /// Without being genuine it is not in force.
    #[error("it is not genuine")]
    NotGenuine,
    /// Without knowing whether it is genuine nothing can be said.
    #[error("it could not be told whether it is genuine")]
    GenuineUnknown,
    /// On the list of what was withdrawn.
    #[error("{} on {on}, says the institution's list of {as_of}", withdrawn_word(*.how))]
    Withdrawn {
        /// How.
        how: Withdrawn,
        /// When.
        on: Date,
        /// The list's day.
        as_of: Date,
    },
    /// Its last day is over.
    #[error("it expired after {0}")]
    Expired(Date),
    /// Today lies before its first day.
    #[error("it was issued on {0}, which this device's clock has not reached; check the clock")]
    ClockBeforeIssue(Date),
    /// The day by which the register should show it is over.
    #[error("it should have been in the register by {0} and was not shown to be; ask the institution")]
    PastConfirmBy(Date),
    /// No list of what was withdrawn.
    #[error("the institution's list of withdrawn certificates is not at hand")]
    NoSnapshot,
    /// The list is older than the certificate.
    #[error("the list of withdrawn certificates, of {0}, is older than the certificate")]
    SnapshotTooOld(Date),
    /// Not on the list.
    #[error(
        "not withdrawn as of {as_of}; issued on site, not yet shown in the register, to be confirmed by {confirm_by}"
    )]
    NotWithdrawn {
        /// The list's day.
        as_of: Date,
        /// The day by which the register should show it.
        confirm_by: Date,
    },
    /// A record does not say whether the register has it.
    #[error("a record shows what was seen; whether a certificate is in force is shown by the certificate")]
    RecordOnly,
}

const fn withdrawn_word(how: Withdrawn) -> &'static str {
    match how {
        Withdrawn::Revoked => "revoked",
        Withdrawn::Suspended => "suspended",
        Withdrawn::Refused => "refused",
    }
}

/// An answer with its reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The answer.
    pub answer: Answer,
    /// Why.
    pub because: Reason,
}

impl Answered {
    const fn yes(because: Reason) -> Self {
        Self { answer: Answer::Yes, because }
    }
    const fn no(because: Reason) -> Self {
        Self { answer: Answer::No, because }
    }
    const fn unknown(because: Reason) -> Self {
        Self { answer: Answer::CouldNotTell, because }
    }
}

/// The two questions answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Genuine as issued?
    pub genuine: Answered,
    /// In force now?
    pub in_force: Answered,
    /// Whether it counts.
    pub purpose: Purpose,
}

impl Verdict {
    /// Green only when both answers are yes.
    #[must_use]
    pub fn is_green(&self) -> bool {
        self.genuine.answer == Answer::Yes && self.in_force.answer == Answer::Yes
    }
}

/// Judges a token on `today`.
#[must_use]
pub fn judge_token(token: &Token, unverified: &Unverified, trust: Option<&Trust>, today: Date) -> Verdict {
    let genuine = match judge_signer(unverified, &token.delegation, trust, token.issued_on) {
        Err(answered) => answered,
        Ok(delegation) if !delegation.may_certify => Answered::no(Reason::MayNotCertify),
        Ok(_) => Answered::yes(Reason::AllHold),
    };
    let in_force = match genuine.answer {
        Answer::No => Answered::no(Reason::NotGenuine),
        Answer::CouldNotTell => Answered::unknown(Reason::GenuineUnknown),
        Answer::Yes => judge_force(token, trust, today),
    };
    Verdict { genuine, in_force, purpose: token.purpose }
}

/// Judges a record file; parts that are absent are for [`RecordFile::absent`] to name.
#[must_use]
pub fn judge_record(file: &RecordFile, record: &Record, unverified: &Unverified, trust: Option<&Trust>) -> Verdict {
    let genuine = match judge_signer(unverified, &record.delegation, trust, record.sealed_at.date()) {
        Err(answered) => answered,
        Ok(delegation) => {
            judge_parts(file, record, &delegation, trust).unwrap_or_else(|| Answered::yes(Reason::AllHold))
        }
    };
    let withdrawn = record.certificate.and_then(|id| withdrawal(CertificateDigest::of(&id), trust));
    let in_force = match (genuine.answer, withdrawn) {
        (Answer::No, _) => Answered::no(Reason::NotGenuine),
        (Answer::CouldNotTell, _) => Answered::unknown(Reason::GenuineUnknown),
        (Answer::Yes, Some(reason)) => Answered::no(reason),
        (Answer::Yes, None) => Answered::unknown(Reason::RecordOnly),
    };
    Verdict { genuine, in_force, purpose: record.purpose }
}

/// Checks signature, delegation and issuer of something an assessor key signed on `day`.
fn judge_signer(
    unverified: &Unverified,
    delegation: &[u8],
    trust: Option<&Trust>,
    day: Date,
) -> Result<Delegation, Answered> {
    let (delegation, delegated) = Delegation::parse(delegation).map_err(|error| match error {
        FormatError::Critical(_) => Answered::unknown(Reason::Unreadable(error)),
        FormatError::TooLarge(_)
        | FormatError::Damaged
        | FormatError::NotDeterministic
        | FormatError::OtherKind(_)
        | FormatError::Missing(_)
        | FormatError::Malformed(_) => Answered::no(Reason::Unreadable(error)),
    })?;
    // The signature comes first: altered content is "no" whatever else is missing.
    if unverified.verify(&delegation.assessor_key).is_err() {
        return Err(Answered::no(Reason::BadSignature));
    }
    if delegation.purpose != unverified.purpose {
        return Err(Answered::no(Reason::OtherPurpose));
    }
    let trust = trust.ok_or(Answered::unknown(Reason::NoTrust))?;
    if trust.key_set.find(delegated.key_id, KeyRole::Issuing).is_some() && unverified.purpose != trust.key_set.purpose {
        return Err(Answered::no(Reason::OtherPurpose));
    }
    trust.check(&delegated, KeyRole::Issuing).map_err(|problem| match problem {
        KeyProblem::Unknown => Answered::unknown(Reason::UnknownIssuer),
        KeyProblem::Compromised => Answered::unknown(Reason::CompromisedIssuer),
        KeyProblem::BadSignature => Answered::no(Reason::ForgedDelegation),
    })?;
    if delegation.covers(day) { Ok(delegation) } else { Err(Answered::no(Reason::OutsideDelegation)) }
}

/// What is wrong with the parts at hand, if anything.
fn judge_parts(file: &RecordFile, record: &Record, delegation: &Delegation, trust: Option<&Trust>) -> Option<Answered> {
    for (number, part) in &file.parts {
        if record.parts.get(number) != Some(&part.digest()) {
            return Some(Answered::no(Reason::AlteredPart(*number)));
        }
        match part.content().map(|content| crate::cbor::unknown_critical(&content)) {
            Ok(None) => {}
            Ok(Some(key)) => return Some(Answered::unknown(Reason::Unreadable(FormatError::Critical(key)))),
            Err(error @ FormatError::TooLarge(_)) => return Some(Answered::unknown(Reason::Unreadable(error))),
            Err(error) => return Some(Answered::no(Reason::Unreadable(error))),
        }
    }
    let scheme = file.part(PartKind::Scheme).ok().flatten()?;
    let signed = scheme.as_bytes().filter(|signed| digest_of(signed) == record.scheme);
    let (id, unverified) = match signed.map(|signed| parse_scheme_id(signed)) {
        Some(Ok(read)) => read,
        Some(Err(error @ FormatError::Critical(_))) => return Some(Answered::unknown(Reason::Unreadable(error))),
        Some(Err(_)) | None => return Some(Answered::no(Reason::OtherScheme)),
    };
    match trust.map_or(Err(KeyProblem::Unknown), |trust| trust.check(&unverified, KeyRole::Issuing)) {
        Ok(()) if id == Some(delegation.scheme) => None,
        Ok(()) | Err(KeyProblem::BadSignature) => Some(Answered::no(Reason::OtherScheme)),
        Err(KeyProblem::Unknown) => Some(Answered::unknown(Reason::UnknownIssuer)),
        Err(KeyProblem::Compromised) => Some(Answered::unknown(Reason::CompromisedIssuer)),
    }
}

fn withdrawal(certificate: CertificateDigest, trust: Option<&Trust>) -> Option<Reason> {
    let snapshot = trust?.snapshot.as_ref()?;
    let (how, on) = *snapshot.withdrawn.get(&certificate)?;
    Some(Reason::Withdrawn { how, on, as_of: snapshot.as_of.date() })
}

fn judge_force(token: &Token, trust: Option<&Trust>, today: Date) -> Answered {
    if let Some(reason) = withdrawal(CertificateDigest::of(&token.certificate), trust) {
        return Answered::no(reason);
    }
    if today < token.issued_on {
        return Answered::unknown(Reason::ClockBeforeIssue(token.issued_on));
    }
    if let Some(last) = token.valid_until.filter(|last| *last < today) {
        return Answered::no(Reason::Expired(last));
    }
    if token.confirm_by < today {
        return Answered::unknown(Reason::PastConfirmBy(token.confirm_by));
    }
    match trust.and_then(|trust| trust.snapshot.as_ref()).map(|snapshot| snapshot.as_of.date()) {
        None => Answered::unknown(Reason::NoSnapshot),
        Some(as_of) if as_of < token.issued_on => Answered::unknown(Reason::SnapshotTooOld(as_of)),
        Some(as_of) => Answered::yes(Reason::NotWithdrawn { as_of, confirm_by: token.confirm_by }),
    }
}

/// Anything a person may hand over to be verified, once it is bytes of ours.
#[derive(Debug, Clone)]
pub enum Evidence {
    /// A token out of a symbol or link.
    Token(Box<Token>, Unverified),
    /// A record file.
    Record(Box<Record>, RecordFile, Unverified),
}

impl Evidence {
    /// Reads a record file, a sealed record without its parts, or a token's bytes.
    ///
    /// # Errors
    /// [`FormatError`]; [`FormatError::OtherKind`] when the bytes are nothing of ours.
    pub fn parse(bytes: &[u8]) -> Result<Self, FormatError> {
        match Unverified::parse(bytes) {
            Ok(unverified) if unverified.kind == Kind::Token => {
                let (token, unverified) = Token::parse(bytes)?;
                return Ok(Self::Token(Box::new(token), unverified));
            }
            Ok(unverified) if unverified.kind == Kind::Record => {
                return Self::record(RecordFile { sealed: bytes.to_vec(), parts: std::collections::BTreeMap::new() });
            }
            Ok(_) => return Err(FormatError::OtherKind("certificate or record")),
            Err(_) => {}
        }
        Self::record(RecordFile::parse(bytes)?)
    }

    fn record(file: RecordFile) -> Result<Self, FormatError> {
        let (record, unverified) = Record::parse(&file.sealed)?;
        Ok(Self::Record(Box::new(record), file, unverified))
    }

    /// Judges it at `now`.
    #[must_use]
    pub fn judge(&self, trust: Option<&Trust>, now: Timestamp) -> Verdict {
        match self {
            Self::Token(token, unverified) => judge_token(token, unverified, trust, now.date()),
            Self::Record(record, file, unverified) => judge_record(file, record, unverified, trust),
        }
    }
}

#[cfg(test)]
#[path = "verdict_tests.rs"]
mod tests;
