//! What was found, as small closed answers: the cells the precedence is written over.

use fieldproof_model::{clock::ClockGrade, time::Date};

use crate::{envelope::Purpose, snapshot::Withdrawn};

/// Whether the content is as it was signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignatureFound {
    /// The signature is the named key's.
    Holds,
    /// It is not, or what names the key cannot be read.
    Broken,
    /// The key is not at hand.
    NoKey,
}

/// Whether the institution's key stands behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IssuerFound {
    /// A key of the key set signed.
    Holds,
    /// No key set is at hand.
    NoTrust,
    /// The key set at hand does not hold the key.
    Unknown,
    /// Practice or demonstration passed off as something else.
    OtherPurpose,
    /// The signature is not the institution's.
    Forged,
    /// A field inside needs a newer program.
    NeedsNewer,
    /// The key may be in other hands, and no list says what stands.
    Compromised,
    /// The key may be in other hands, and the list of what stands does not hold this.
    NotListed,
}

/// Whether the assessor was allowed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DelegationFound {
    /// On that day, in that role.
    Holds,
    /// Not to certify, or not in that role.
    MayNotCertify,
    /// Not on that day.
    OutsideDays,
    /// The key may be in other hands, and this is not listed among what stands.
    Compromised,
    /// The assessor stopped before the register held this.
    RetiredNotHeld,
}

/// Whether everything inside is what was sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContentFound {
    /// All of it.
    Whole,
    /// Some of it was withheld.
    Absent,
    /// A part is another.
    Altered,
    /// The scheme is not the institution's, or not the delegated one.
    SchemeForged,
    /// The key set does not hold the key that signed the scheme.
    SchemeUnknown,
    /// The key that signed the scheme may be in other hands.
    SchemeCompromised,
    /// An endorsement inside is not what it says.
    EndorsementForged,
    /// A field inside needs a newer program.
    NeedsNewer,
}

/// The list of what was withdrawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListFound {
    /// None that verifies.
    None,
    /// Older than what it is asked about.
    BeforeIssue,
    /// Of a day this device's clock has not reached.
    AfterToday,
    /// At hand.
    AtHand,
}

/// Whether the register has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StandingFound {
    /// It signed it itself.
    Registered,
    /// Its list says so.
    RegisteredByList,
    /// It may still arrive.
    OnSite,
    /// It should have arrived.
    PastConfirmBy,
    /// A record, not a certificate.
    Record,
}

/// Its first and last day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TermFound {
    /// Today lies between them.
    Within,
    /// Today lies before the first.
    NotYet,
    /// Today lies behind the last.
    Expired,
}

/// Everything that was found about a certificate or record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each field is its type")]
pub struct Findings {
    pub purpose: Purpose,
    pub signature: SignatureFound,
    pub issuer: IssuerFound,
    pub delegation: DelegationFound,
    pub content: ContentFound,
    pub clock: ClockGrade,
    pub withdrawn: Option<Withdrawn>,
    pub list: ListFound,
    pub standing: StandingFound,
    pub term: TermFound,
}

/// The days and names that sentences are about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Details {
    /// The verifier's day.
    pub today: Date,
    /// The day of issue, or of sealing.
    pub issued_on: Date,
    /// The day by which the register should show it.
    pub confirm_by: Option<Date>,
    /// The last day.
    pub valid_until: Option<Date>,
    /// The day of the list of what was withdrawn.
    pub list_of: Option<Date>,
    /// The number and day of the key set.
    pub key_set: Option<(u32, Date)>,
    /// The day it was withdrawn.
    pub withdrawn_on: Option<Date>,
    /// The names of the parts that are not at hand.
    pub absent: Vec<&'static str>,
}
