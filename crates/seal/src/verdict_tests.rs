//! Every line of SPEC.md §6, each with the token or record that meets it and nothing else.

use std::collections::BTreeMap;

use fieldproof_model::{
    decision::Outcome,
    gate::{ExerciseState, VoltageKind},
    id::{CertificateId, InstitutionId, SchemeId, SessionId},
};

use super::*;
use crate::{
    cbor,
    chain::Link,
    key_set::{KeySet, KeyState, WorkingKey},
    keys::SecretKey,
    parts::Part,
    scheme::sign_scheme,
    snapshot::Snapshot,
    token::{find_token, to_link},
};

const DOCUMENT: &str = include_str!("../../../assets/schemes/hv-isolation.json");
const VALUES: &str = include_str!("../../../assets/schemes/hv-isolation.values.json");
const SCHEME: &str = "783d78e5403b7a9c4cef07620c18c352";

const ISSUED: Date = Date::from_days(20_000);

fn key(number: u8) -> SecretKey {
    SecretKey::new(&[number; 32])
}
fn issuing() -> SecretKey {
    key(1)
}
fn register() -> SecretKey {
    key(2)
}
fn assessor() -> SecretKey {
    key(3)
}

/// What a case may change.
struct Case {
    purpose: Purpose,
    delegation_purpose: Purpose,
    set_purpose: Purpose,
    delegation_signer: SecretKey,
    delegation_first: Date,
    may_certify: bool,
    scheme: SchemeId,
    signer: SecretKey,
    issuing_state: KeyState,
    issuing_known: bool,
    trusted: bool,
    snapshot: Option<Date>,
    withdrawn: Option<Withdrawn>,
    today: Date,
    valid_until: Option<Date>,
    first_part: Value,
}

impl Default for Case {
    fn default() -> Self {
        Self {
            purpose: Purpose::Real,
            delegation_purpose: Purpose::Real,
            set_purpose: Purpose::Real,
            delegation_signer: issuing(),
            delegation_first: Date::from_days(19_990),
            may_certify: true,
            scheme: SchemeId::parse(SCHEME).unwrap(),
            signer: assessor(),
            issuing_state: KeyState::Active,
            issuing_known: true,
            trusted: true,
            snapshot: Some(ISSUED),
            withdrawn: None,
            today: ISSUED,
            valid_until: Some(ISSUED.days_later(365)),
            first_part: Value::from("person"),
        }
    }
}

fn at(day: Date) -> Timestamp {
    Timestamp::from_millis(i64::from(day.as_days()) * 86_400_000 + 1)
}

impl Case {
    fn certificate() -> CertificateId {
        CertificateId::new([7; 16])
    }

    fn delegation(&self) -> Vec<u8> {
        let delegation = Delegation {
            purpose: self.delegation_purpose,
            assessor_key: assessor().public(),
            scheme: self.scheme,
            assessor_name: "Alice Assessor".to_owned(),
            may_certify: self.may_certify,
            not_before: self.delegation_first,
            not_after: Date::from_days(20_100),
        };
        delegation.sign(&self.delegation_signer)
    }

    fn trust(&self) -> Option<Trust> {
        let working = |key: &SecretKey, role, state| WorkingKey {
            key: key.public(),
            role,
            not_before: Date::from_days(0),
            not_after: Date::from_days(30_000),
            state,
        };
        let mut keys = vec![working(&register(), KeyRole::Register, KeyState::Active)];
        if self.issuing_known {
            keys.push(working(&issuing(), KeyRole::Issuing, self.issuing_state));
        }
        let key_set = KeySet {
            purpose: self.set_purpose,
            number: 1,
            institution: InstitutionId::new([9; 16]),
            name: "Test Institute".to_owned(),
            address: "fieldproof.example/v".to_owned(),
            issued_at: at(ISSUED),
            keys,
        };
        let withdrawn =
            self.withdrawn.map(|how| (CertificateDigest::of(&Self::certificate()), (how, ISSUED))).into_iter();
        let snapshot = self.snapshot.map(|as_of| Snapshot {
            purpose: self.set_purpose,
            epoch: 1,
            number: 1,
            as_of: at(as_of),
            withdrawn: withdrawn.collect(),
        });
        self.trusted.then_some(Trust { key_set, snapshot })
    }

    fn token(&self) -> Verdict {
        let token = Token {
            purpose: self.purpose,
            certificate: Self::certificate(),
            record: digest_of(b"record"),
            chain_index: 2,
            beacon: Some((1, at(ISSUED))),
            confirm_by: ISSUED.days_later(30),
            holder: "Carol Candidate".to_owned(),
            birth_year: None,
            scheme_title: "Test".to_owned(),
            scheme_version: "1".to_owned(),
            exercise_state: Some(ExerciseState::MadeDead),
            voltage: Some((400, VoltageKind::Dc)),
            issued_on: ISSUED,
            valid_until: self.valid_until,
            delegation: self.delegation(),
        };
        let signed = token.sign(&self.signer).unwrap();
        let read = find_token(&to_link("elsewhere.example/x", &signed)).unwrap();
        assert_eq!(read, signed, "the host is not looked at");
        Evidence::parse(&read).unwrap().judge(self.trust().as_ref(), at(self.today))
    }

    fn record(&self, spoil: impl FnOnce(&mut RecordFile)) -> (Verdict, Vec<&'static str>) {
        let scheme = sign_scheme(DOCUMENT, VALUES, self.purpose, &issuing()).unwrap();
        let contents = [(1, self.first_part.clone()), (7, cbor::bytes(scheme.clone()))];
        let parts: BTreeMap<i64, Part> =
            contents.into_iter().map(|(number, content)| (number, Part::new([1; 16], content))).collect();
        let record = Record {
            purpose: self.purpose,
            link: Link { index: 2, previous: Some(digest_of(b"opened")) },
            session: SessionId::new([4; 16]),
            sealed_at: at(ISSUED),
            beacon: None,
            scheme: digest_of(&scheme),
            delegation: self.delegation(),
            outcome: Outcome::Pass,
            certificate: Some(Self::certificate()),
            parts: parts.iter().map(|(number, part)| (*number, part.digest())).collect(),
            evidence: Vec::new(),
            language: None,
            partner: None,
            attempt: None,
        };
        let mut file = RecordFile { sealed: record.sign(&self.signer), parts };
        spoil(&mut file);
        let Evidence::Record(record, file, unverified) = Evidence::parse(&file.to_bytes()).unwrap() else {
            panic!("a record file reads as a record");
        };
        (judge_record(&file, &record, &unverified, self.trust().as_ref()), file.absent(&record))
    }
}

use cbor::Value;

#[test]
fn a_token_is_genuine_or_not_or_it_could_not_be_told() {
    use Answer::{CouldNotTell, No, Yes};
    let table: Vec<(Case, Answer, Reason)> = vec![
        (Case::default(), Yes, Reason::AllHold),
        (Case { signer: key(9), ..Case::default() }, No, Reason::BadSignature),
        (Case { delegation_purpose: Purpose::Demonstration, ..Case::default() }, No, Reason::OtherPurpose),
        (Case { trusted: false, ..Case::default() }, CouldNotTell, Reason::NoTrust),
        (Case { set_purpose: Purpose::Demonstration, ..Case::default() }, No, Reason::OtherPurpose),
        (Case { issuing_known: false, ..Case::default() }, CouldNotTell, Reason::UnknownIssuer),
        (Case { delegation_signer: key(8), ..Case::default() }, CouldNotTell, Reason::UnknownIssuer),
        (Case { issuing_state: KeyState::Compromised, ..Case::default() }, CouldNotTell, Reason::CompromisedIssuer),
        (Case { issuing_state: KeyState::Retired, ..Case::default() }, Yes, Reason::AllHold),
        (Case { delegation_first: ISSUED, ..Case::default() }, Yes, Reason::AllHold),
        (Case { delegation_first: ISSUED.days_later(1), ..Case::default() }, No, Reason::OutsideDelegation),
        (Case { may_certify: false, ..Case::default() }, No, Reason::MayNotCertify),
    ];
    for (case, answer, reason) in table {
        let verdict = case.token();
        assert_eq!((verdict.genuine.answer, &verdict.genuine.because), (answer, &reason));
        if answer != Yes {
            assert_eq!(verdict.in_force.answer, answer, "{reason:?} carries over");
            assert!(!verdict.is_green());
        }
    }
}

#[test]
fn a_genuine_token_is_in_force_or_not_or_it_could_not_be_told() {
    use Answer::{CouldNotTell, No, Yes};
    let later = |days| ISSUED.days_later(days);
    let table: Vec<(Case, Answer)> = vec![
        (Case::default(), Yes),
        (Case { today: later(30), ..Case::default() }, Yes),
        (Case { today: later(31), ..Case::default() }, CouldNotTell),
        (Case { today: later(10), valid_until: Some(later(10)), ..Case::default() }, Yes),
        (Case { today: later(11), valid_until: Some(later(10)), ..Case::default() }, No),
        (Case { today: Date::from_days(19_999), ..Case::default() }, CouldNotTell),
        (Case { snapshot: None, ..Case::default() }, CouldNotTell),
        (Case { snapshot: Some(Date::from_days(19_999)), ..Case::default() }, CouldNotTell),
        (Case { withdrawn: Some(Withdrawn::Revoked), ..Case::default() }, No),
        (Case { withdrawn: Some(Withdrawn::Suspended), ..Case::default() }, No),
        (Case { withdrawn: Some(Withdrawn::Refused), today: later(31), ..Case::default() }, No),
    ];
    for (number, (case, answer)) in (1..).zip(table) {
        let verdict = case.token();
        assert_eq!(verdict.genuine.answer, Yes, "row {number}");
        assert_eq!(verdict.in_force.answer, answer, "row {number}: {:?}", verdict.in_force);
        assert_eq!(verdict.is_green(), answer == Yes, "row {number}");
    }
}

#[test]
fn a_record_holds_with_its_parts_and_without_them_and_never_with_altered_ones() {
    let (verdict, absent) = Case::default().record(|_| {});
    assert_eq!((verdict.genuine.answer, absent), (Answer::Yes, vec![]));
    let (verdict, absent) = Case::default().record(|file| drop(file.parts.remove(&1)));
    assert_eq!((verdict.genuine.answer, absent), (Answer::Yes, vec!["person"]), "a withheld part breaks nothing");
    let (verdict, _) =
        Case::default().record(|file| drop(file.parts.insert(1, Part::new([1; 16], Value::from("another person")))));
    assert_eq!(verdict.genuine.because, Reason::AlteredPart(1));
    let (verdict, _) = Case::default().record(|file| drop(file.parts.insert(3, Part::new([1; 16], Value::Null))));
    assert_eq!(verdict.genuine.because, Reason::AlteredPart(3), "a part the record does not name");
    let newer = cbor::Writer::default().with(-1, 1).build();
    let (verdict, _) = Case { first_part: newer, ..Case::default() }.record(|_| {});
    assert_eq!(verdict.genuine.answer, Answer::CouldNotTell, "a field that needs a newer version");
    let (verdict, _) = Case { scheme: SchemeId::new([1; 16]), ..Case::default() }.record(|_| {});
    assert_eq!(verdict.genuine.because, Reason::OtherScheme);
    let (verdict, _) = Case { withdrawn: Some(Withdrawn::Revoked), ..Case::default() }.record(|_| {});
    assert_eq!(verdict.in_force.answer, Answer::No);
    let (verdict, _) = Case::default().record(|_| {});
    assert_eq!(verdict.in_force.answer, Answer::CouldNotTell, "a record does not say whether a certificate holds");
}

#[test]
fn what_is_neither_token_nor_record_is_not_judged() {
    let delegation = Case::default().delegation();
    assert!(matches!(Evidence::parse(&delegation), Err(FormatError::OtherKind(_))));
    assert!(Evidence::parse(b"").is_err());
    assert!(Evidence::parse(&delegation[..20]).is_err());
}
