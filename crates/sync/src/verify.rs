//! What the register says about a record, believed only after every check.

use fieldproof_model::{digest::Digest, time::Date};
use fieldproof_seal::{
    cbor::FormatError,
    envelope::Unverified,
    key_set::KeyRole,
    receipt::{Have, Receipt, Refusal},
    trust::{KeyProblem, Trust},
};

/// A receipt that was verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedReceipt {
    /// What it says.
    pub receipt: Receipt,
    /// The signed bytes.
    pub signed: Vec<u8>,
}

/// A refusal that was verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedRefusal {
    /// What it says.
    pub refusal: Refusal,
    /// The signed bytes.
    pub signed: Vec<u8>,
}

/// Why an answer is not believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AnswerProblem {
    /// It is no such thing.
    #[error("the register's answer cannot be read")]
    Unreadable(#[from] FormatError),
    /// No register key of the institution signed it.
    #[error("the register's answer was not signed by a register key of our institution")]
    NotSigned(KeyProblem),
    /// It speaks of another record.
    #[error("the register answered about record {named}, and {sent} was sent")]
    OtherRecord {
        /// The one that was sent.
        sent: Digest,
        /// The one it names.
        named: Digest,
    },
    /// It calls the record complete and does not name this item with its size.
    #[error("the register calls the record complete and does not name evidence {0} with its size")]
    NotComplete(Digest),
}

/// Verifies a receipt for a record and the evidence that record names.
///
/// # Errors
/// [`AnswerProblem`].
pub fn verify_receipt(
    trust: &Trust,
    record: &Digest,
    evidence: &[(Digest, u64)],
    signed: &[u8],
) -> Result<SignedReceipt, AnswerProblem> {
    let (receipt, unverified) = Receipt::parse(signed)?;
    check(trust, &unverified, receipt.received_at.date(), (record, receipt.record))?;
    if receipt.have == Have::Complete
        && let Some((absent, _)) = evidence.iter().find(|item| !receipt.evidence.contains(item))
    {
        return Err(AnswerProblem::NotComplete(*absent));
    }
    Ok(SignedReceipt { receipt, signed: signed.to_vec() })
}

/// Verifies a refusal of a record.
///
/// # Errors
/// [`AnswerProblem`].
pub fn verify_refusal(trust: &Trust, record: &Digest, signed: &[u8]) -> Result<SignedRefusal, AnswerProblem> {
    let (refusal, unverified) = Refusal::parse(signed)?;
    check(trust, &unverified, refusal.at.date(), (record, refusal.record))?;
    Ok(SignedRefusal { refusal, signed: signed.to_vec() })
}

fn check(
    trust: &Trust,
    unverified: &Unverified,
    day: Date,
    (sent, named): (&Digest, Digest),
) -> Result<(), AnswerProblem> {
    trust.check(unverified, KeyRole::Register, Some(day)).map_err(AnswerProblem::NotSigned)?;
    if named == *sent { Ok(()) } else { Err(AnswerProblem::OtherRecord { sent: *sent, named }) }
}
