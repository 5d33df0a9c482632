//! Every line of SPEC.md §6, each with the token or record that meets it and nothing else.

use std::collections::BTreeMap;

use fieldproof_model::{
    decision::Outcome,
    digest::Digest,
    gate::{ExerciseState, VoltageKind},
    id::{CertificateId, InstitutionId, SchemeId, SessionId},
    scheme::PartKind as Assessed,
    time::{Date, Timestamp},
};

use super::*;
use crate::{
    FormatError,
    cbor::{self, Value},
    chain::Link,
    delegation::{Delegation, Role},
    digest_of,
    endorsement::{Endorsement, Over},
    envelope::Kind,
    key_set::{KeyRole, KeySet, KeyState, WorkingKey},
    keys::SecretKey,
    parts::Part,
    receipt::{Beacon, Have, Receipt},
    record::{Record, RecordFile},
    scheme::sign_scheme,
    snapshot::{CertificateDigest, Delegated, DelegationDigest, Ended, Snapshot, StandingDigest},
    token::{HolderMark, Standing, Token, find_token, to_link},
    trust::Trust,
};

const DOCUMENT: &str = include_str!("../../../../assets/schemes/hv-isolation.json");
const VALUES: &str = include_str!("../../../../assets/schemes/hv-isolation.values.json");
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
    clock: ClockGrade,
    roles: Vec<Role>,
    registered: bool,
    register_state: KeyState,
    issuing_until: Date,
    /// How the register lists the delegation.
    delegated: Option<Delegated>,
    /// Whether the list of what stands names this.
    stands: Option<bool>,
    /// Who endorsed the body before it was sealed.
    endorsers: Vec<Endorser>,
}

/// Somebody who endorses.
#[derive(Clone)]
struct Endorser {
    key: SecretKey,
    signer: SecretKey,
    issuer: SecretKey,
    roles: Vec<Role>,
    role: Role,
    scheme: SchemeId,
    day: Date,
}

impl Default for Endorser {
    fn default() -> Self {
        Self {
            key: key(5),
            signer: key(5),
            issuer: issuing(),
            roles: vec![Role::SecondAssessor, Role::Moderator],
            role: Role::SecondAssessor,
            scheme: SchemeId::parse(SCHEME).unwrap(),
            day: ISSUED,
        }
    }
}

impl Endorser {
    fn over(&self, over: Over, digest: Digest) -> Vec<u8> {
        let delegation = Delegation {
            purpose: Purpose::Real,
            assessor_key: self.key.public(),
            scheme: self.scheme,
            assessor_name: "Bob Beurteiler".to_owned(),
            roles: self.roles.iter().copied().collect(),
            may_certify: false,
            not_before: Date::from_days(19_990),
            not_after: Date::from_days(20_100),
            contact_days: None,
        };
        let delegation = delegation.sign(&self.issuer);
        Endorsement { purpose: Purpose::Real, over, digest, role: self.role, at: at(self.day), delegation }
            .sign(&self.signer)
    }
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
            clock: ClockGrade::Sound,
            roles: vec![Role::Assessor],
            registered: false,
            register_state: KeyState::Active,
            issuing_until: Date::from_days(30_000),
            delegated: None,
            stands: None,
            endorsers: Vec::new(),
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
            roles: self.roles.iter().copied().collect(),
            contact_days: Some(60),
        };
        delegation.sign(&self.delegation_signer)
    }

    fn trust(&self) -> Option<Trust> {
        let working = |key: &SecretKey, role, state| WorkingKey {
            key: key.public(),
            role,
            not_before: Date::from_days(0),
            not_after: self.issuing_until,
            state,
        };
        // A second register key goes on when the first is lost.
        let mut keys = vec![
            working(&register(), KeyRole::Register, self.register_state),
            working(&key(12), KeyRole::Register, KeyState::Active),
        ];
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
            delegations: self
                .delegated
                .map(|row| (DelegationDigest::of(&self.delegation()), row))
                .into_iter()
                .collect(),
            standing: self.standing(),
        });
        self.trusted.then_some(Trust { key_set, snapshot })
    }

    /// What stands under every key that a case may call lost, or an empty list for each.
    fn standing(&self) -> std::collections::BTreeMap<crate::keys::KeyId, std::collections::BTreeSet<StandingDigest>> {
        let Some(stands) = self.stands else {
            return [].into();
        };
        let signed = [self.signed_token(), self.delegation()];
        let digests = signed
            .iter()
            .map(|signed| StandingDigest::of(&crate::envelope::Unverified::parse(signed).unwrap().payload_digest()));
        let digests: std::collections::BTreeSet<_> = digests.filter(|_| stands).collect();
        [issuing(), register(), assessor()].iter().map(|key| (key.public().id(), digests.clone())).collect()
    }

    fn signed_token(&self) -> Vec<u8> {
        let standing = if self.registered {
            Standing::Registered { assessor_name: "Alice Assessor".to_owned() }
        } else {
            Standing::OnSite {
                beacon: Some((1, ISSUED)),
                clock: self.clock,
                confirm_by: ISSUED.days_later(30),
                delegation: self.delegation(),
            }
        };
        let token = Token {
            purpose: self.purpose,
            certificate: Self::certificate(),
            record: digest_of(b"record"),
            chain_index: 2,
            holder: "Carol Candidate".to_owned(),
            mark: Some(HolderMark::BirthYear(1990)),
            scheme_title: "Test".to_owned(),
            scheme_version: "1".to_owned(),
            unit: None,
            parts: vec![Assessed::Knowledge, Assessed::Practical],
            exercise_state: Some(ExerciseState::MadeDead),
            voltage: Some((400, VoltageKind::Dc)),
            issued_on: ISSUED,
            valid_until: self.valid_until,
            standing,
        };
        token.sign(&self.signer).unwrap()
    }

    fn token(&self) -> Verdict {
        let signed = self.signed_token();
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
            language: "en".to_owned(),
            partner: None,
            attempt: 1,
            clock: self.clock,
            supersedes: None,
            endorsements: Vec::new(),
        };
        let mut record = record;
        let body = record.body_digest();
        record.endorsements = self.endorsers.iter().map(|endorser| endorser.over(Over::Body, body)).collect();
        let mut file = RecordFile { sealed: record.sign(&self.signer), parts, attached: Vec::new() };
        spoil(&mut file);
        let Evidence::Record(record, file, unverified) = Evidence::parse(&file.to_bytes()).unwrap() else {
            panic!("a record file reads as a record");
        };
        (judge_record(&file, &record, &unverified, self.trust().as_ref(), at(self.today)), file.absent(&record))
    }
}

#[test]
fn a_token_is_genuine_or_not_or_it_could_not_be_told() {
    use Answer::{CouldNotTell, No, Yes};
    let table: Vec<(Case, Answer, Sentence)> = vec![
        (Case::default(), Yes, Sentence::AllHold),
        (Case { signer: key(9), ..Case::default() }, No, Sentence::BadSignature),
        (Case { delegation_purpose: Purpose::Demonstration, ..Case::default() }, No, Sentence::OtherPurpose),
        (Case { trusted: false, ..Case::default() }, CouldNotTell, Sentence::NoTrust),
        (Case { set_purpose: Purpose::Demonstration, ..Case::default() }, No, Sentence::OtherPurpose),
        (Case { issuing_known: false, ..Case::default() }, CouldNotTell, Sentence::UnknownIssuer),
        (Case { delegation_signer: key(8), ..Case::default() }, CouldNotTell, Sentence::UnknownIssuer),
        (Case { issuing_state: KeyState::Compromised, ..Case::default() }, CouldNotTell, Sentence::CompromisedKey),
        (Case { issuing_state: KeyState::Retired, ..Case::default() }, Yes, Sentence::AllHold),
        (Case { delegation_first: ISSUED, ..Case::default() }, Yes, Sentence::AllHold),
        (Case { delegation_first: ISSUED.days_later(1), ..Case::default() }, No, Sentence::OutsideDelegation),
        (Case { may_certify: false, ..Case::default() }, No, Sentence::MayNotCertify),
        (Case { roles: vec![Role::Trainer], ..Case::default() }, No, Sentence::MayNotCertify),
        (
            Case { delegation_first: ISSUED.days_later(1), clock: ClockGrade::Behind, ..Case::default() },
            CouldNotTell,
            Sentence::OutsideDelegationClock,
        ),
        (Case { issuing_until: Date::from_days(19_989), ..Case::default() }, CouldNotTell, Sentence::UnknownIssuer),
        (Case { issuing_until: Date::from_days(19_990), ..Case::default() }, Yes, Sentence::AllHold),
    ];
    for (case, answer, reason) in table {
        let verdict = case.token();
        assert_eq!((verdict.genuine.0, verdict.genuine.1), (answer, reason));
        if answer != Yes {
            assert_eq!(verdict.in_force.0, answer, "{reason:?} carries over");
            assert!(!verdict.is_green());
        }
    }
}

const fn upto(index: u32) -> Option<Delegated> {
    Some(Delegated { registered_up_to: index, ended: None })
}

const fn ended(index: u32, how: Ended) -> Option<Delegated> {
    Some(Delegated { registered_up_to: index, ended: Some((how, ISSUED)) })
}

/// A lost key leaves standing what the list names, and nothing else; without a list nothing can be told.
#[test]
fn lost_keys_leave_what_is_listed() {
    use Answer::{CouldNotTell, No, Yes};
    let lost_issuing = Case { issuing_state: KeyState::Compromised, ..Case::default() };
    let lost_assessor = || Case { delegated: ended(2, Ended::Compromised), ..Case::default() };
    // The snapshot of a lost register key is none; here another register key signed it.
    let registered = || Case { registered: true, signer: register(), ..Case::default() };
    let lost_register = || Case { register_state: KeyState::Compromised, ..registered() };
    let table = [
        ("issuing key, no list", lost_issuing, (CouldNotTell, CouldNotTell)),
        (
            "issuing key, not listed",
            Case { issuing_state: KeyState::Compromised, stands: Some(false), ..Case::default() },
            (CouldNotTell, No),
        ),
        (
            "issuing key, listed",
            Case { issuing_state: KeyState::Compromised, stands: Some(true), ..Case::default() },
            (Yes, Yes),
        ),
        ("assessor key, no list", lost_assessor(), (CouldNotTell, No)),
        ("assessor key, not listed", Case { stands: Some(false), ..lost_assessor() }, (CouldNotTell, No)),
        ("assessor key, listed", Case { stands: Some(true), ..lost_assessor() }, (Yes, Yes)),
        ("register key, no list", lost_register(), (CouldNotTell, CouldNotTell)),
        ("register key, not listed", Case { stands: Some(false), ..lost_register() }, (CouldNotTell, No)),
        ("register key, listed", Case { stands: Some(true), ..lost_register() }, (Yes, Yes)),
        ("register key, retired", Case { register_state: KeyState::Retired, ..registered() }, (Yes, Yes)),
    ];
    for (name, case, (genuine, in_force)) in table {
        let verdict = case.token();
        assert_eq!((verdict.genuine.0, verdict.in_force.0), (genuine, in_force), "{name}: {verdict:?}");
    }
}

#[test]
fn only_a_register_key_signs_registered_and_only_a_delegated_one_on_site() {
    let by = |signer, registered| Case { registered, signer, ..Case::default() }.token();
    assert_eq!(by(assessor(), true).genuine, (Answer::CouldNotTell, Sentence::UnknownIssuer));
    assert_eq!(by(issuing(), true).genuine, (Answer::CouldNotTell, Sentence::UnknownIssuer));
    assert_eq!(by(register(), false).genuine, (Answer::No, Sentence::BadSignature));
}

#[test]
fn practice_under_a_real_institution_is_practice_and_never_green() {
    let practice = Case { purpose: Purpose::Practice, delegation_purpose: Purpose::Practice, ..Case::default() };
    let verdict = practice.token();
    assert_eq!((verdict.genuine.0, verdict.in_force.0, verdict.is_green()), (Answer::Yes, Answer::Yes, false));
    let real_under_practice = Case { set_purpose: Purpose::Practice, ..Case::default() };
    assert_eq!(real_under_practice.token().genuine, (Answer::No, Sentence::OtherPurpose));
}

#[test]
fn endorsements_inside_are_what_they_say_or_the_record_is_not_genuine() {
    use Answer::{CouldNotTell, No, Yes};
    let table: Vec<(&str, Endorser, Answer)> = vec![
        ("as it should be", Endorser::default(), Yes),
        ("another role than delegated", Endorser { role: Role::Trainer, ..Endorser::default() }, No),
        ("another scheme", Endorser { scheme: SchemeId::new([1; 16]), ..Endorser::default() }, No),
        ("outside its days", Endorser { day: Date::from_days(20_101), ..Endorser::default() }, No),
        ("somebody else's signature", Endorser { signer: key(6), ..Endorser::default() }, No),
        ("the assessor's own key", Endorser { key: assessor(), signer: assessor(), ..Endorser::default() }, No),
        ("an unknown issuer", Endorser { issuer: key(8), ..Endorser::default() }, CouldNotTell),
    ];
    for (name, endorser, answer) in table {
        let (verdict, _) = Case { endorsers: vec![endorser], ..Case::default() }.record(|_| {});
        assert_eq!(verdict.genuine.0, answer, "{name}: {:?}", verdict.genuine);
    }
    // Beside the record anybody can lay anything: what does not hold is not shown, and says nothing against the record.
    let shown = |endorser: Endorser, over| {
        let case = Case::default();
        let mut names = Vec::new();
        let (verdict, _) = case.record(|file| {
            file.attached.push(endorser.over(over, file.digest()));
            let (record, unverified) = Record::parse(&file.sealed).unwrap();
            names = endorsers(file, &record, &unverified, &case.trust().unwrap());
        });
        assert_eq!(verdict.genuine.0, Yes);
        names
    };
    assert_eq!(shown(Endorser::default(), Over::Sealed), [("Bob Beurteiler".to_owned(), Role::SecondAssessor)]);
    assert_eq!(shown(Endorser::default(), Over::Body), [], "over the body it does not stand beside");
    assert_eq!(shown(Endorser { signer: key(6), ..Endorser::default() }, Over::Sealed), []);
}

#[test]
fn a_receipt_beside_a_record_shows_a_clock_that_was_ahead() {
    let received = |days, signer: SecretKey| {
        let case = Case { today: ISSUED.days_later(5), snapshot: Some(ISSUED.days_later(5)), ..Case::default() };
        case.record(|file| {
            let receipt = Receipt {
                purpose: Purpose::Real,
                have: Have::Complete,
                record: file.digest(),
                evidence: Vec::new(),
                received_at: at(Date::from_days(20_000 + days)),
                log_index: 1,
                log_head: digest_of(b"head"),
                epoch: 1,
            };
            file.attached.push(receipt.sign(&signer));
        })
        .0
        .check(Check::Clock)
    };
    assert_eq!(received(1, register()), (Answer::Yes, Sentence::ClockSound));
    assert_eq!(received(-1, register()), (Answer::CouldNotTell, Sentence::ClockInDoubt));
    assert_eq!(received(-1, key(9)), (Answer::Yes, Sentence::ClockSound), "nobody's receipt says nothing");
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
        (Case { snapshot: Some(later(1)), ..Case::default() }, CouldNotTell),
        (Case { clock: ClockGrade::Unconfirmed, ..Case::default() }, CouldNotTell),
        (Case { clock: ClockGrade::Jumped, ..Case::default() }, CouldNotTell),
        // Expired by a clock in doubt says nothing; registered by the list, an unconfirmed clock is confirmed.
        (
            Case { clock: ClockGrade::Behind, today: later(11), valid_until: Some(later(10)), ..Case::default() },
            CouldNotTell,
        ),
        (Case { clock: ClockGrade::Unconfirmed, delegated: upto(2), ..Case::default() }, Yes),
        (Case { clock: ClockGrade::Behind, delegated: upto(2), ..Case::default() }, CouldNotTell),
        // In the list up to its place of the chain it need not be confirmed.
        (Case { today: later(31), delegated: upto(2), ..Case::default() }, Yes),
        (Case { today: later(31), delegated: upto(1), ..Case::default() }, CouldNotTell),
        (Case { delegated: ended(2, Ended::Retired), today: later(31), ..Case::default() }, Yes),
        (Case { delegated: ended(1, Ended::Retired), ..Case::default() }, CouldNotTell),
        (Case { delegated: ended(1, Ended::Compromised), stands: Some(true), ..Case::default() }, Yes),
        (Case { registered: true, signer: register(), today: later(31), ..Case::default() }, Yes),
        (
            Case {
                registered: true,
                signer: register(),
                valid_until: Some(later(10)),
                today: later(11),
                ..Case::default()
            },
            No,
        ),
        (Case { registered: true, signer: register(), withdrawn: Some(Withdrawn::Revoked), ..Case::default() }, No),
    ];
    for (number, (case, answer)) in (1..).zip(table) {
        let verdict = case.token();
        assert_eq!(verdict.genuine.0, Yes, "row {number}");
        assert_eq!(verdict.in_force.0, answer, "row {number}: {:?}", verdict.in_force);
        assert_eq!(verdict.is_green(), answer == Yes, "row {number}");
    }
}

#[test]
fn a_record_holds_with_its_parts_and_without_them_and_never_with_altered_ones() {
    let (verdict, absent) = Case::default().record(|_| {});
    assert_eq!((verdict.genuine.0, absent), (Answer::Yes, vec![]));
    let (verdict, absent) = Case::default().record(|file| drop(file.parts.remove(&1)));
    assert_eq!((verdict.genuine.0, absent), (Answer::Yes, vec!["person"]), "a withheld part breaks nothing");
    let (verdict, _) =
        Case::default().record(|file| drop(file.parts.insert(1, Part::new([1; 16], Value::from("another person")))));
    assert_eq!(verdict.genuine.1, Sentence::PartAltered);
    let (verdict, _) = Case::default().record(|file| drop(file.parts.insert(3, Part::new([1; 16], Value::Null))));
    assert_eq!(verdict.genuine.1, Sentence::PartAltered, "a part the record does not name");
    let newer = cbor::Writer::default().with(-1, 1).build();
    let (verdict, _) = Case { first_part: newer, ..Case::default() }.record(|_| {});
    assert_eq!(verdict.genuine.0, Answer::CouldNotTell, "a field that needs a newer version");
    let (verdict, _) = Case { scheme: SchemeId::new([1; 16]), ..Case::default() }.record(|_| {});
    assert_eq!(verdict.genuine.1, Sentence::SchemeForged);
    let (verdict, _) = Case { withdrawn: Some(Withdrawn::Revoked), ..Case::default() }.record(|_| {});
    assert_eq!(verdict.in_force.0, Answer::No);
    let (verdict, _) = Case::default().record(|_| {});
    assert_eq!(verdict.in_force.0, Answer::CouldNotTell, "a record does not say whether a certificate holds");
}

#[test]
fn a_verdict_carries_the_days_and_names_that_its_sentences_are_about() {
    let revoked = || Case { withdrawn: Some(Withdrawn::Revoked), today: ISSUED.days_later(3), ..Case::default() };
    let token = Details {
        today: ISSUED.days_later(3),
        issued_on: ISSUED,
        confirm_by: Some(ISSUED.days_later(30)),
        valid_until: Some(ISSUED.days_later(365)),
        list_of: Some(ISSUED),
        key_set: Some((1, ISSUED)),
        withdrawn_on: Some(ISSUED),
        absent: Vec::new(),
    };
    assert_eq!(revoked().token().details, token);
    let registered = Case { registered: true, signer: register(), ..revoked() };
    assert_eq!(registered.token().details, Details { confirm_by: None, ..token.clone() });
    let (record, _) = revoked().record(|file| drop(file.parts.remove(&1)));
    assert_eq!(record.details, Details { confirm_by: None, valid_until: None, absent: vec!["person"], ..token });
    let nothing = Case { trusted: false, valid_until: None, ..Case::default() }.token().details;
    assert_eq!((nothing.list_of, nothing.key_set, nothing.withdrawn_on, nothing.valid_until), (None, None, None, None));
}

#[test]
fn a_sealed_record_is_judged_without_its_file() {
    let mut sealed = Vec::new();
    Case::default().record(|file| sealed.clone_from(&file.sealed));
    let evidence = Evidence::parse(&sealed).unwrap();
    let Evidence::Record(record, file, _) = &evidence else { panic!("{evidence:?}") };
    assert_eq!((&file.sealed, file.absent(record)), (&sealed, vec!["person", "scheme"]));
    let verdict = evidence.judge(Case::default().trust().as_ref(), at(ISSUED));
    assert_eq!((verdict.genuine.0, verdict.details.absent), (Answer::Yes, vec!["person", "scheme"]));
}

#[test]
fn what_is_neither_token_nor_record_is_not_judged() {
    let delegation = Case::default().delegation();
    assert!(matches!(Evidence::parse(&delegation), Err(FormatError::OtherKind("certificate or record"))));
    assert!(Evidence::parse(b"").is_err());
    assert!(Evidence::parse(&delegation[..20]).is_err());
}

#[test]
fn only_a_register_key_of_the_institution_signs_what_is_the_registers() {
    let trust = Case::default().trust().unwrap();
    let beacon = |key: &SecretKey| Beacon { purpose: Purpose::Real, number: 1, at: at(ISSUED) }.sign(key);
    assert!(trust.check_register(&beacon(&register()), Kind::Beacon).is_ok());
    assert!(trust.check_register(&beacon(&issuing()), Kind::Beacon).is_err(), "another role");
    assert!(trust.check_register(&beacon(&key(77)), Kind::Beacon).is_err(), "nobody's");
    assert!(trust.check_register(&beacon(&register()), Kind::Receipt).is_err(), "another kind");
}
