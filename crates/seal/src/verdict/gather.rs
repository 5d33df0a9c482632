//! Finding out: signatures, keys, delegations, parts and lists become [`Findings`].

use fieldproof_model::{
    clock::{ClockGrade, TOLERANCE_MILLIS},
    time::{Date, Timestamp},
};

use super::{
    ContentFound, DelegationFound, Details, Findings, IssuerFound, ListFound, SignatureFound, StandingFound, TermFound,
    Verdict, decide,
};
use crate::{
    cbor::FormatError,
    delegation::{Delegation, Role},
    endorsement::{Endorsement, Over},
    envelope::Unverified,
    key_set::KeyRole,
    keys::digest_of,
    parts::{PARTS, PartKind},
    receipt::Receipt,
    record::{Record, RecordFile},
    scheme::parse_scheme_id,
    snapshot::{CertificateDigest, DelegationDigest, Ended, Withdrawn},
    token::{Standing, Token},
    trust::{KeyProblem, Trust},
};

/// Judges a token at `now`.
#[must_use]
pub fn judge_token(token: &Token, unverified: &Unverified, trust: Option<&Trust>, now: Timestamp) -> Verdict {
    let today = now.date();
    let signer = match &token.standing {
        Standing::OnSite { delegation, clock, .. } => {
            let signer = by_delegation(unverified, delegation, trust, token.issued_on, token.chain_index);
            let may_certify = signer.delegation.as_ref().is_none_or(|delegation| delegation.may_certify);
            let found = if may_certify { signer.found } else { signer.found.forbidding_certificates() };
            Signer { found, clock: *clock, ..signer }
        }
        Standing::Registered { .. } => by_register(unverified, trust, token.issued_on),
    };
    let list = list(trust, token.issued_on, today);
    let confirm_by = match &token.standing {
        Standing::OnSite { confirm_by, .. } => Some(*confirm_by),
        Standing::Registered { .. } => None,
    };
    let standing = match confirm_by {
        None => StandingFound::Registered,
        Some(_) if signer.is_registered => StandingFound::RegisteredByList,
        Some(last) if last < today => StandingFound::PastConfirmBy,
        Some(_) => StandingFound::OnSite,
    };
    let withdrawn = withdrawn(trust, CertificateDigest::of(&token.certificate));
    let findings = Findings {
        purpose: token.purpose,
        signature: signer.signature,
        issuer: signer.issuer,
        delegation: signer.found,
        content: ContentFound::Whole,
        clock: signer.clock,
        withdrawn: withdrawn.map(|(how, _)| how),
        list,
        standing,
        term: term(token.issued_on, token.valid_until, today),
    };
    let details = Details {
        confirm_by,
        valid_until: token.valid_until,
        withdrawn_on: withdrawn.map(|(_, day)| day),
        ..details(trust, today, token.issued_on)
    };
    decide(&findings, details)
}

/// Judges a record file at `now`.
#[must_use]
pub fn judge_record(
    file: &RecordFile,
    record: &Record,
    unverified: &Unverified,
    trust: Option<&Trust>,
    now: Timestamp,
) -> Verdict {
    let (today, sealed_on) = (now.date(), record.sealed_at.date());
    let signer = by_delegation(unverified, file.delegation(record, unverified), trust, sealed_on, record.link.index);
    let absent = file.absent(record);
    let withdrawn = record.certificate.and_then(|id| withdrawn(trust, CertificateDigest::of(&id)));
    let mut receipts = file.attached.iter().filter_map(|signed| receipt(file, signed, trust));
    let is_late = receipts.any(|receipt| TOLERANCE_MILLIS < record.sealed_at.millis_since(receipt.received_at));
    let findings =
        Findings {
            purpose: record.purpose,
            signature: signer.signature,
            issuer: signer.issuer,
            delegation: signer.found,
            content: content(file, record, unverified, signer.delegation.as_ref(), trust)
                .unwrap_or(if absent.is_empty() { ContentFound::Whole } else { ContentFound::Absent }),
            clock: if is_late { ClockGrade::Ahead } else { record.clock },
            withdrawn: withdrawn.map(|(how, _)| how),
            list: list(trust, sealed_on, today),
            standing: StandingFound::Record,
            term: term(sealed_on, None, today),
        };
    let details = Details { absent, withdrawn_on: withdrawn.map(|(_, day)| day), ..details(trust, today, sealed_on) };
    decide(&findings, details)
}

/// Who endorsed a record, as far as the endorsements hold: name and role, in the order they stand.
#[must_use]
pub fn endorsers(file: &RecordFile, record: &Record, unverified: &Unverified, trust: &Trust) -> Vec<(String, Role)> {
    let inside = record.endorsements.iter().map(|signed| (signed, Over::Body));
    let beside = file.attached.iter().map(|signed| (signed, Over::Sealed));
    let read = inside.chain(beside).filter_map(|(signed, over)| {
        let (endorsement, delegation) = endorsement(signed, over, file, unverified).ok()?;
        let own = Delegation::parse(file.delegation(record, unverified)).ok()?.0;
        check_endorser(&endorsement, &delegation, &own, trust).ok()?;
        Some((delegation.0.assessor_name, endorsement.role))
    });
    read.collect()
}

/// What was found about whoever signed.
struct Signer {
    signature: SignatureFound,
    issuer: IssuerFound,
    found: DelegationFound,
    clock: ClockGrade,
    is_registered: bool,
    delegation: Option<Delegation>,
}

impl DelegationFound {
    /// A delegation that forbids certificates forbids them whatever else it says, except for a key in other hands.
    const fn forbidding_certificates(self) -> Self {
        match self {
            Self::Compromised => self,
            Self::Holds | Self::MayNotCertify | Self::OutsideDays | Self::RetiredNotHeld => Self::MayNotCertify,
        }
    }
}

/// Something a register key signed.
fn by_register(unverified: &Unverified, trust: Option<&Trust>, day: Date) -> Signer {
    let issuer = match trust {
        None => IssuerFound::NoTrust,
        Some(trust) => issuer(trust.check(unverified, KeyRole::Register, Some(day))),
    };
    // Whose signature it is does not hang on the key's days or purpose.
    let key = trust.and_then(|trust| trust.key_set.find(unverified.key_id, KeyRole::Register));
    let signature = match key.map(|key| unverified.verify(&key.key)) {
        None => SignatureFound::NoKey,
        Some(Ok(())) => SignatureFound::Holds,
        Some(Err(_)) => SignatureFound::Broken,
    };
    let (found, clock) = (DelegationFound::Holds, ClockGrade::Sound);
    Signer { signature, issuer, found, clock, is_registered: true, delegation: None }
}

/// Something an assessor key signed on `day`, as that entry of its chain.
fn by_delegation(unverified: &Unverified, signed: &[u8], trust: Option<&Trust>, day: Date, index: u32) -> Signer {
    let unread = |signature, issuer| Signer {
        signature,
        issuer,
        found: DelegationFound::Holds,
        clock: ClockGrade::Sound,
        is_registered: false,
        delegation: None,
    };
    // Sealed with a new key, before the institution's delegation of it arrived.
    if signed.is_empty() {
        return unread(SignatureFound::NoKey, IssuerFound::Unknown);
    }
    let (delegation, delegated) = match Delegation::parse(signed) {
        Ok(read) => read,
        Err(FormatError::Critical(_)) => return unread(SignatureFound::NoKey, IssuerFound::NeedsNewer),
        Err(_) => return unread(SignatureFound::Broken, IssuerFound::Unknown),
    };
    let signature = match unverified.verify(&delegation.assessor_key) {
        Ok(()) => SignatureFound::Holds,
        Err(_) => SignatureFound::Broken,
    };
    let issuer = match trust {
        _ if delegation.purpose != unverified.purpose => IssuerFound::OtherPurpose,
        None => IssuerFound::NoTrust,
        Some(trust) => issuer(trust.check(&delegated, KeyRole::Issuing, Some(delegation.not_before))),
    };
    let row = trust.and_then(|trust| trust.snapshot.as_ref()?.delegations.get(&DelegationDigest::of(signed)));
    let ended = row.and_then(|row| row.ended).map(|(ended, _)| ended);
    let is_registered = row.is_some_and(|row| index <= row.registered_up_to);
    let is_listed = trust.is_some_and(|trust| trust.check_listed(unverified).is_ok());
    let found = match ended {
        Some(Ended::Compromised) if !is_listed => DelegationFound::Compromised,
        _ if !delegation.roles.contains(&Role::Assessor) => DelegationFound::MayNotCertify,
        _ if !delegation.covers(day) => DelegationFound::OutsideDays,
        Some(Ended::Retired) if !is_registered => DelegationFound::RetiredNotHeld,
        Some(Ended::Retired | Ended::Compromised) | None => DelegationFound::Holds,
    };
    Signer { signature, issuer, found, clock: ClockGrade::Sound, is_registered, delegation: Some(delegation) }
}

const fn issuer(checked: Result<(), KeyProblem>) -> IssuerFound {
    match checked {
        Ok(()) => IssuerFound::Holds,
        Err(KeyProblem::Unknown) => IssuerFound::Unknown,
        Err(KeyProblem::OtherPurpose) => IssuerFound::OtherPurpose,
        Err(KeyProblem::BadSignature) => IssuerFound::Forged,
        Err(KeyProblem::Compromised) => IssuerFound::Compromised,
        Err(KeyProblem::NotListed) => IssuerFound::NotListed,
    }
}

fn withdrawn(trust: Option<&Trust>, certificate: CertificateDigest) -> Option<(Withdrawn, Date)> {
    trust?.snapshot.as_ref()?.withdrawn.get(&certificate).copied()
}

fn list(trust: Option<&Trust>, issued_on: Date, today: Date) -> ListFound {
    match trust.and_then(|trust| trust.snapshot.as_ref()).map(|snapshot| snapshot.as_of.date()) {
        None => ListFound::None,
        Some(as_of) if as_of < issued_on => ListFound::BeforeIssue,
        Some(as_of) if today < as_of => ListFound::AfterToday,
        Some(_) => ListFound::AtHand,
    }
}

fn term(first: Date, last: Option<Date>, today: Date) -> TermFound {
    match last {
        _ if today < first => TermFound::NotYet,
        Some(last) if last < today => TermFound::Expired,
        Some(_) | None => TermFound::Within,
    }
}

fn details(trust: Option<&Trust>, today: Date, issued_on: Date) -> Details {
    let snapshot = trust.and_then(|trust| trust.snapshot.as_ref());
    Details {
        today,
        issued_on,
        confirm_by: None,
        valid_until: None,
        list_of: snapshot.map(|snapshot| snapshot.as_of.date()),
        key_set: trust.map(|trust| (trust.key_set.number, trust.key_set.issued_at.date())),
        withdrawn_on: None,
        absent: Vec::new(),
    }
}

/// A receipt for this record that a register key signed.
fn receipt(file: &RecordFile, signed: &[u8], trust: Option<&Trust>) -> Option<Receipt> {
    let (receipt, unverified) = Receipt::parse(signed).ok()?;
    trust?.check(&unverified, KeyRole::Register, Some(receipt.received_at.date())).ok()?;
    (receipt.record == file.digest()).then_some(receipt)
}

/// What is wrong with what is inside, if anything.
fn content(
    file: &RecordFile,
    record: &Record,
    unverified: &Unverified,
    delegation: Option<&Delegation>,
    trust: Option<&Trust>,
) -> Option<ContentFound> {
    if let Some(found) = parts(file, record) {
        return Some(found);
    }
    let (own, trust) = (delegation?, trust?);
    let inside = record.endorsements.iter().map(|signed| {
        let (endorsement, delegation) = endorsement(signed, Over::Body, file, unverified)?;
        check_endorser(&endorsement, &delegation, own, trust)
    });
    let inside = inside.filter_map(Result::err).collect::<Vec<_>>();
    let forged = inside.iter().find(|found| **found == ContentFound::EndorsementForged);
    forged.or(inside.first()).copied().or_else(|| scheme(file, record, own, trust))
}

/// What is wrong with the parts at hand, if anything; what was altered says more than what needs a newer program.
fn parts(file: &RecordFile, record: &Record) -> Option<ContentFound> {
    let found = file.parts.iter().map(|(number, part)| {
        if record.parts.get(number) != Some(&part.digest()) {
            return Some(ContentFound::Altered);
        }
        let is_known = PARTS.iter().any(|(_, known, _)| known == number);
        match part.content().map(|content| crate::cbor::unknown_critical(&content)) {
            Ok(Some(_)) if is_known => Some(ContentFound::NeedsNewer),
            Ok(_) => None,
            Err(FormatError::TooLarge(_)) => Some(ContentFound::NeedsNewer),
            Err(_) => Some(ContentFound::Altered),
        }
    });
    let found: Vec<_> = found.flatten().collect();
    found.iter().find(|found| **found == ContentFound::Altered).or(found.first()).copied()
}

/// What is wrong with the scheme inside, if anything.
fn scheme(file: &RecordFile, record: &Record, delegation: &Delegation, trust: &Trust) -> Option<ContentFound> {
    let scheme = file.part(PartKind::Scheme).ok().flatten()?;
    let signed = scheme.as_bytes().filter(|signed| digest_of(signed) == record.scheme);
    let (id, unverified) = match signed.map(|signed| parse_scheme_id(signed)) {
        Some(Ok(read)) => read,
        Some(Err(FormatError::Critical(_))) => return Some(ContentFound::NeedsNewer),
        Some(Err(_)) | None => return Some(ContentFound::SchemeForged),
    };
    if id != Some(delegation.scheme) || !unverified.purpose.covers(record.purpose) {
        return Some(ContentFound::SchemeForged);
    }
    match trust.check(&unverified, KeyRole::Issuing, None) {
        Ok(()) => None,
        Err(KeyProblem::BadSignature | KeyProblem::OtherPurpose) => Some(ContentFound::SchemeForged),
        Err(KeyProblem::Unknown) => Some(ContentFound::SchemeUnknown),
        Err(KeyProblem::Compromised | KeyProblem::NotListed) => Some(ContentFound::SchemeCompromised),
    }
}

type Delegated = (Delegation, Unverified);

/// Reads an endorsement over this record and checks everything but the institution's keys.
fn endorsement(
    signed: &[u8],
    over: Over,
    file: &RecordFile,
    record: &Unverified,
) -> Result<(Endorsement, Delegated), ContentFound> {
    let forged = |error| {
        let needs_newer = matches!(error, FormatError::Critical(_));
        if needs_newer { ContentFound::NeedsNewer } else { ContentFound::EndorsementForged }
    };
    let (endorsement, unverified) = Endorsement::parse(signed).map_err(forged)?;
    let delegated = Delegation::parse(&endorsement.delegation).map_err(forged)?;
    let digest = match over {
        Over::Sealed => file.digest(),
        Over::Body => digest_of(&record.payload_without(crate::record::ENDORSEMENTS)),
    };
    let is_over_this =
        endorsement.over == over && endorsement.digest == digest && endorsement.purpose == record.purpose;
    let is_another = unverified.key_id != record.key_id && delegated.0.purpose == record.purpose;
    let is_signed = unverified.verify(&delegated.0.assessor_key).is_ok();
    if is_over_this && is_another && is_signed {
        Ok((endorsement, delegated))
    } else {
        Err(ContentFound::EndorsementForged)
    }
}

/// Whether the institution let this key endorse in that role, under the same scheme, on that day.
fn check_endorser(
    endorsement: &Endorsement,
    delegated: &Delegated,
    own: &Delegation,
    trust: &Trust,
) -> Result<(), ContentFound> {
    let (delegation, unverified) = delegated;
    match trust.check(unverified, KeyRole::Issuing, Some(delegation.not_before)) {
        Ok(()) => {}
        Err(KeyProblem::Unknown) => return Err(ContentFound::SchemeUnknown),
        Err(KeyProblem::Compromised | KeyProblem::NotListed) => return Err(ContentFound::SchemeCompromised),
        Err(KeyProblem::BadSignature | KeyProblem::OtherPurpose) => return Err(ContentFound::EndorsementForged),
    }
    let allowed = delegation.roles.contains(&endorsement.role)
        && delegation.scheme == own.scheme
        && delegation.covers(endorsement.at.date());
    if allowed { Ok(()) } else { Err(ContentFound::EndorsementForged) }
}
