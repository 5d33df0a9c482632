//! Verdicts: genuine as issued, and in force now; each yes, no or could not tell, composed of checks by one precedence.
//!
//! "No" comes only from a check that was made and failed. A missing key, list or clock never turns into "no".

mod evidence;
mod findings;
mod gather;

pub use evidence::Evidence;
use fieldproof_model::clock::ClockGrade;
pub use findings::{
    ContentFound, DelegationFound, Details, Findings, IssuerFound, ListFound, SignatureFound, StandingFound, TermFound,
};
pub use gather::{endorsers, judge_record, judge_token};

use crate::{envelope::Purpose, snapshot::Withdrawn};

/// One of three answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Answer {
    /// Checked, and it holds.
    Yes,
    /// Checked, and it does not hold.
    No,
    /// Something needed for the check was missing.
    CouldNotTell,
}

/// What there is to say behind an answer; [`crate::report`] says it in words, with the days it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the sentences themselves stand in the catalogue, one for each name")]
pub enum Sentence {
    AllHold,
    NotChecked,
    SignatureHolds,
    BadSignature,
    IssuerHolds,
    NoTrust,
    UnknownIssuer,
    OtherPurpose,
    ForgedDelegation,
    CompromisedKey,
    DelegationHolds,
    MayNotCertify,
    OutsideDelegation,
    OutsideDelegationClock,
    NotListed,
    RetiredNotHeld,
    PartsWhole,
    PartsAbsent,
    PartAltered,
    SchemeForged,
    EndorsementForged,
    NeedsNewer,
    NotGenuine,
    GenuineUnknown,
    NotWithdrawn,
    Revoked,
    Suspended,
    Refused,
    NoList,
    ListBeforeIssue,
    ListAtHand,
    OwnClockBehind,
    ClockSound,
    ClockInDoubt,
    Expired,
    WithinTerm,
    PastConfirmBy,
    OnSite,
    InRegister,
    RecordOnly,
}

/// Every sentence, in the order of the catalogue.
pub const SENTENCES: [Sentence; 40] = {
    use Sentence::*;
    [
        AllHold,
        NotChecked,
        SignatureHolds,
        BadSignature,
        IssuerHolds,
        NoTrust,
        UnknownIssuer,
        OtherPurpose,
        ForgedDelegation,
        CompromisedKey,
        DelegationHolds,
        MayNotCertify,
        OutsideDelegation,
        OutsideDelegationClock,
        NotListed,
        RetiredNotHeld,
        PartsWhole,
        PartsAbsent,
        PartAltered,
        SchemeForged,
        EndorsementForged,
        NeedsNewer,
        NotGenuine,
        GenuineUnknown,
        NotWithdrawn,
        Revoked,
        Suspended,
        Refused,
        NoList,
        ListBeforeIssue,
        ListAtHand,
        OwnClockBehind,
        ClockSound,
        ClockInDoubt,
        Expired,
        WithinTerm,
        PastConfirmBy,
        OnSite,
        InRegister,
        RecordOnly,
    ]
};

/// What was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Check {
    /// Whether the content is as it was signed.
    Signature,
    /// Whether the institution's key stands behind it.
    Issuer,
    /// Whether the assessor was allowed to.
    Delegation,
    /// Whether the parts at hand are those that were sealed, and none is missing.
    Content,
    /// Whether it was withdrawn.
    Withdrawal,
    /// Whether its term is running.
    Term,
    /// Whether the clock that dated it is to be believed.
    Clock,
    /// Whether the register has it, or may still get it.
    Standing,
    /// Whether the list of what was withdrawn is recent enough.
    List,
}

/// Every check, in the order they are shown.
pub const CHECKS: [Check; 9] = [
    Check::Signature,
    Check::Issuer,
    Check::Delegation,
    Check::Content,
    Check::Withdrawal,
    Check::Term,
    Check::Clock,
    Check::Standing,
    Check::List,
];

/// An answer with what there is to say behind it.
pub type Answered = (Answer, Sentence);

/// The two questions answered, and what was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Genuine as issued?
    pub genuine: Answered,
    /// In force now?
    pub in_force: Answered,
    /// Every check, in the order of [`CHECKS`].
    pub checks: [Answered; 9],
    /// Whether it counts.
    pub purpose: Purpose,
    /// The days and names the sentences are about.
    pub details: Details,
}

impl Verdict {
    /// Green only when it counts, every check was made and holds, and both answers are yes.
    #[must_use]
    pub fn is_green(&self) -> bool {
        let holds = |(answer, _): &Answered| *answer == Answer::Yes;
        self.purpose == Purpose::Real && [self.genuine, self.in_force].iter().chain(&self.checks).all(holds)
    }

    /// The answer to one check.
    #[must_use]
    pub fn check(&self, check: Check) -> Answered {
        let place = CHECKS.iter().position(|known| *known == check);
        place.and_then(|place| self.checks.get(place)).copied().unwrap_or(CANNOT_CHECK)
    }
}

const CANNOT_CHECK: Answered = (Answer::CouldNotTell, Sentence::NotChecked);

const fn yes(sentence: Sentence) -> Answered {
    (Answer::Yes, sentence)
}
const fn no(sentence: Sentence) -> Answered {
    (Answer::No, sentence)
}
const fn unknown(sentence: Sentence) -> Answered {
    (Answer::CouldNotTell, sentence)
}

/// Answers both questions: the first check that failed decides, then the first that could not be made.
#[must_use]
pub fn decide(findings: &Findings, details: Details) -> Verdict {
    let checks = CHECKS.map(|check| answer(check, findings));
    let mut verdict =
        Verdict { genuine: CANNOT_CHECK, in_force: CANNOT_CHECK, checks, purpose: findings.purpose, details };
    let first = |verdict: &Verdict, among: &[Check], answer: Answer| {
        among.iter().map(|check| verdict.check(*check)).find(|(given, _)| *given == answer)
    };
    let as_issued = [Check::Signature, Check::Issuer, Check::Delegation, Check::Content];
    let open = as_issued.map(|check| verdict.check(check)).into_iter().filter(|(given, why)| {
        // Parts that were withheld say nothing against the seal; what is absent is named beside the answer.
        *given == Answer::CouldNotTell && *why != Sentence::PartsAbsent
    });
    // What was missing says more than what could not be checked for want of it.
    let open = open.min_by_key(|(_, why)| *why == Sentence::NotChecked);
    verdict.genuine = first(&verdict, &as_issued, Answer::No).or(open).unwrap_or(yes(Sentence::AllHold));
    let now = [Check::Withdrawal, Check::Standing, Check::Clock, Check::Term, Check::List];
    let failed = if verdict.genuine.0 == Answer::No {
        Some(no(Sentence::NotGenuine))
    } else {
        first(&verdict, &now, Answer::No)
    };
    let open = if verdict.genuine.0 == Answer::CouldNotTell {
        Some(unknown(Sentence::GenuineUnknown))
    } else {
        first(&verdict, &now, Answer::CouldNotTell)
    };
    verdict.in_force = failed.or(open).unwrap_or_else(|| verdict.check(Check::Standing));
    verdict
}

fn answer(check: Check, found: &Findings) -> Answered {
    match check {
        Check::Signature => signature(found),
        Check::Issuer => issuer(found),
        Check::Delegation => delegation(found),
        Check::Content => content(found),
        Check::Withdrawal => withdrawal(found),
        Check::Term => term(found),
        Check::Clock => clock(found),
        Check::Standing => standing(found),
        Check::List => list(found),
    }
}

const fn signature(found: &Findings) -> Answered {
    match found.signature {
        SignatureFound::Holds => yes(Sentence::SignatureHolds),
        SignatureFound::Broken => no(Sentence::BadSignature),
        SignatureFound::NoKey => CANNOT_CHECK,
    }
}

const fn issuer(found: &Findings) -> Answered {
    match found.issuer {
        IssuerFound::Holds => yes(Sentence::IssuerHolds),
        IssuerFound::NoTrust => unknown(Sentence::NoTrust),
        IssuerFound::Unknown => unknown(Sentence::UnknownIssuer),
        IssuerFound::OtherPurpose => no(Sentence::OtherPurpose),
        IssuerFound::Forged => no(Sentence::ForgedDelegation),
        IssuerFound::NeedsNewer => unknown(Sentence::NeedsNewer),
        IssuerFound::Compromised | IssuerFound::NotListed => unknown(Sentence::CompromisedKey),
    }
}

/// What a delegation says counts only once it is the institution's.
fn delegation(found: &Findings) -> Answered {
    if found.issuer != IssuerFound::Holds {
        return CANNOT_CHECK;
    }
    match found.delegation {
        DelegationFound::Holds | DelegationFound::RetiredNotHeld => yes(Sentence::DelegationHolds),
        DelegationFound::MayNotCertify => no(Sentence::MayNotCertify),
        DelegationFound::OutsideDays if found.clock == ClockGrade::Sound => no(Sentence::OutsideDelegation),
        DelegationFound::OutsideDays => unknown(Sentence::OutsideDelegationClock),
        DelegationFound::Compromised => unknown(Sentence::CompromisedKey),
    }
}

const fn content(found: &Findings) -> Answered {
    match found.content {
        ContentFound::Whole => yes(Sentence::PartsWhole),
        ContentFound::Absent => unknown(Sentence::PartsAbsent),
        ContentFound::Altered => no(Sentence::PartAltered),
        ContentFound::SchemeForged => no(Sentence::SchemeForged),
        ContentFound::SchemeUnknown => unknown(Sentence::UnknownIssuer),
        ContentFound::SchemeCompromised => unknown(Sentence::CompromisedKey),
        ContentFound::EndorsementForged => no(Sentence::EndorsementForged),
        ContentFound::NeedsNewer => unknown(Sentence::NeedsNewer),
    }
}

const fn withdrawal(found: &Findings) -> Answered {
    match (found.withdrawn, found.list) {
        (Some(Withdrawn::Revoked), _) => no(Sentence::Revoked),
        (Some(Withdrawn::Suspended), _) => no(Sentence::Suspended),
        (Some(Withdrawn::Refused), _) => no(Sentence::Refused),
        (None, ListFound::None) => unknown(Sentence::NoList),
        (None, ListFound::BeforeIssue | ListFound::AfterToday | ListFound::AtHand) => yes(Sentence::NotWithdrawn),
    }
}

/// A last day that a doubtful clock printed is no reason for "no".
fn term(found: &Findings) -> Answered {
    match (found.term, clock(found).0) {
        (TermFound::Within, _) => yes(Sentence::WithinTerm),
        (TermFound::NotYet, _) => unknown(Sentence::OwnClockBehind),
        (TermFound::Expired, Answer::Yes) => no(Sentence::Expired),
        (TermFound::Expired, Answer::No | Answer::CouldNotTell) => unknown(Sentence::ClockInDoubt),
    }
}

/// A register that has it fixed its time; a clock that contradicts what the register knows stays in doubt.
const fn clock(found: &Findings) -> Answered {
    match (found.clock, found.standing) {
        (ClockGrade::Sound, _)
        | (_, StandingFound::Registered)
        | (ClockGrade::Unconfirmed, StandingFound::RegisteredByList) => yes(Sentence::ClockSound),
        (ClockGrade::Unconfirmed | ClockGrade::Behind | ClockGrade::Ahead | ClockGrade::Jumped, _) => {
            unknown(Sentence::ClockInDoubt)
        }
    }
}

const fn standing(found: &Findings) -> Answered {
    match (found.issuer, found.delegation, found.standing) {
        (IssuerFound::NotListed, ..) | (IssuerFound::Holds, DelegationFound::Compromised, _) => no(Sentence::NotListed),
        (.., StandingFound::Record) => unknown(Sentence::RecordOnly),
        (.., StandingFound::Registered | StandingFound::RegisteredByList) => yes(Sentence::InRegister),
        (_, DelegationFound::RetiredNotHeld, _) => unknown(Sentence::RetiredNotHeld),
        (.., StandingFound::OnSite) => yes(Sentence::OnSite),
        (.., StandingFound::PastConfirmBy) => unknown(Sentence::PastConfirmBy),
    }
}

const fn list(found: &Findings) -> Answered {
    match found.list {
        ListFound::AtHand => yes(Sentence::ListAtHand),
        ListFound::None => unknown(Sentence::NoList),
        ListFound::BeforeIssue => unknown(Sentence::ListBeforeIssue),
        ListFound::AfterToday => unknown(Sentence::OwnClockBehind),
    }
}

#[cfg(test)]
mod every_cell;
#[cfg(test)]
mod verdict_tests;
