//! The words: complete in every language, with every mark filled in, and the page of a certificate as it reads.

use std::collections::{BTreeMap, BTreeSet};

use fieldproof_model::{
    clock::ClockGrade,
    decision::Outcome,
    digest::Digest,
    gate::{ExerciseState, VoltageKind},
    id::{CertificateId, PersonId, SchemeId, SessionId},
    person::{Name, Person},
    scheme::PartKind as Assessed,
};

use super::*;
use crate::{
    chain::Link,
    delegation::Role,
    keys::SecretKey,
    parts::{PARTS, Part, people_value, person_value},
    verdict::SENTENCES,
};

const TODAY: Date = Date::from_days(20_610);

fn details() -> Details {
    Details {
        today: TODAY,
        issued_on: Date::from_days(20_600),
        confirm_by: Some(Date::from_days(20_630)),
        valid_until: Some(Date::from_days(21_000)),
        list_of: Some(Date::from_days(20_609)),
        key_set: Some((3, Date::from_days(20_500))),
        withdrawn_on: Some(Date::from_days(20_605)),
        absent: vec!["person", "log"],
    }
}

#[test]
fn every_sentence_is_whole_and_its_own_in_every_language() {
    for language in Language::ALL {
        let said: BTreeSet<String> = SENTENCES.iter().map(|sentence| say(*sentence, &details(), language)).collect();
        assert_eq!(said.len(), SENTENCES.len(), "two sentences read alike in {language:?}");
        for text in &said {
            assert!(text.ends_with('.') && !text.contains(['{', '}', '–']), "{text}");
        }
    }
    for sentence in SENTENCES {
        let texts: BTreeSet<&str> = sentences::texts(sentence).into_iter().collect();
        assert_eq!(texts.len(), 4, "{sentence:?} is not translated");
        let marks = |text: &str| text.matches(['{']).count();
        let [english, others @ ..] = sentences::texts(sentence);
        assert!(others.iter().all(|text| marks(text) == marks(english)), "{sentence:?} loses a day in translation");
    }
}

#[test]
fn days_that_are_not_there_read_as_a_dash_and_one_day_is_one_day() {
    let bare = Details { valid_until: None, list_of: None, key_set: None, ..details() };
    assert_eq!(say(Sentence::Expired, &bare, Language::English), "It expired after –.");
    let age = |days: i32| {
        let details = Details { list_of: Some(Date::from_days(20_610 - days)), ..details() };
        say(Sentence::ListAtHand, &details, Language::Finnish)
    };
    assert!(age(1).ends_with("ikä 1 päivä.") && age(0).ends_with("ikä 0 päivää.") && age(30).ends_with("30 päivää."));
    assert!(age(-5).ends_with("ikä 0 päivää."), "a list of a day to come is not minus five days old");
}

#[test]
fn languages_are_found_by_their_codes() {
    for language in Language::ALL {
        assert_eq!(Language::parse(language.code()), Some(language));
    }
    assert_eq!(Language::parse("pt-BR"), Some(Language::Portuguese));
    assert_eq!(Language::parse("ES_mx"), Some(Language::Spanish));
    assert_eq!((Language::parse("sv"), Language::parse("")), (None, None));
}

fn signed(standing: impl FnOnce(&SecretKey) -> Standing, purpose: Purpose) -> Vec<u8> {
    let key = SecretKey::new(&[1; 32]);
    let token = Token {
        purpose,
        certificate: CertificateId::new([7; 16]),
        record: Digest::new([1; 32]),
        chain_index: 2,
        holder: "Carol Candidate".to_owned(),
        mark: Some(HolderMark::BirthYear(1990)),
        scheme_title: "Sample".to_owned(),
        scheme_version: "4".to_owned(),
        unit: Some("U-1".to_owned()),
        parts: vec![Assessed::Knowledge, Assessed::Practical],
        exercise_state: Some(ExerciseState::MadeDead),
        voltage: Some((12, VoltageKind::Dc)),
        issued_on: Date::from_days(20_600),
        valid_until: Some(Date::from_days(21_000)),
        standing: standing(&key),
    };
    token.sign(&key).unwrap()
}

fn on_site(purpose: Purpose) -> Vec<u8> {
    let standing = |key: &SecretKey| {
        let delegation = Delegation {
            purpose,
            assessor_key: key.public(),
            scheme: SchemeId::new([2; 16]),
            assessor_name: "Alice Assessor".to_owned(),
            roles: [Role::Assessor].into(),
            may_certify: true,
            not_before: Date::from_days(20_000),
            not_after: Date::from_days(21_000),
            contact_days: None,
        };
        let delegation = delegation.sign(&SecretKey::new(&[2; 32]));
        Standing::OnSite { beacon: None, clock: ClockGrade::Sound, confirm_by: Date::from_days(20_630), delegation }
    };
    signed(standing, purpose)
}

fn read(token: &[u8], language: Language) -> Report {
    report(token, None, Timestamp::from_millis(20_610 * 86_400_000), language).unwrap()
}

#[test]
fn a_certificate_says_who_what_by_whom_and_until_when() {
    let report = read(&on_site(Purpose::Real), Language::English);
    assert_eq!((report.tone, report.headline, report.banner), (Tone::Amber, "Could not tell", None));
    let facts: Vec<String> = report.facts.iter().map(|(label, value)| format!("{label}: {value}")).collect();
    assert_eq!(
        facts,
        [
            "Holder: Carol Candidate",
            "Year of birth: 1990",
            "Assessed: Sample, version 4",
            "Unit: U-1",
            "Parts passed: knowledge test, practical",
            "Exercise object was: made dead in the exercise",
            "Voltage present: 12 V direct",
            "Assessor: Alice Assessor",
            "Issued: 2026-05-27",
            "Valid until: 2027-07-01",
            "To be in the register by: 2026-06-26",
            "Certificate: TXGX-81NF-5958",
            "Limits: Shows what was assessed. Does not authorise work; the employer does.",
        ]
    );
    assert_eq!(report.checks.len(), CHECKS.len());
    assert_eq!(report.lists, ["List of what was withdrawn: not at hand"]);
    let finnish = read(&on_site(Purpose::Real), Language::Finnish);
    assert_eq!((finnish.headline, finnish.genuine.label), ("Ei voitu todeta", "Aito sellaisena kuin annettiin?"));
}

#[test]
fn a_registered_certificate_has_no_day_to_be_confirmed_by() {
    let standing = |_: &SecretKey| Standing::Registered { assessor_name: "Alice Assessor".to_owned() };
    let report = read(&signed(standing, Purpose::Real), Language::English);
    let labels: Vec<&str> = report.facts.iter().map(|(label, _)| *label).collect();
    assert!(labels.contains(&"Assessor") && !labels.contains(&"To be in the register by"));
}

#[test]
fn practice_and_demonstration_say_so_in_a_word_of_their_own_and_a_forgery_is_still_red() {
    for (purpose, word) in [(Purpose::Practice, "Practice only"), (Purpose::Demonstration, "Demonstration only")] {
        let token = on_site(purpose);
        let report = read(&token, Language::English);
        assert_eq!((report.tone, report.headline), (Tone::Amber, "Could not tell"), "nobody vouches for it here");
        assert_eq!(report.banner, Some(format!("{word}. Nothing here is about a real assessment.")));
        let mut forged = token;
        *forged.last_mut().unwrap() ^= 1;
        assert_eq!(
            (read(&forged, Language::English).tone, read(&forged, Language::English).headline),
            (Tone::Red, "Do not accept")
        );
    }
}

#[test]
fn every_part_has_a_name_of_its_own_in_every_language() {
    let absent_in = |language| {
        let details = Details { absent: PARTS.iter().map(|(.., name)| *name).collect(), ..details() };
        absent(&details, language)
    };
    assert_eq!(absent_in(Language::English), PARTS.map(|(.., name)| name));
    for language in [Language::Finnish, Language::Portuguese, Language::Spanish] {
        let names: BTreeSet<&str> = absent_in(language).into_iter().collect();
        assert_eq!(names.len(), PARTS.len(), "{language:?}: {names:?}");
        let borrowed = names.iter().filter(|name| PARTS.iter().any(|(.., english)| english == *name)).count();
        assert_eq!(borrowed, 0, "{language:?}: {names:?}");
    }
    let newer = Details { absent: vec!["a part of a newer version"], ..details() };
    assert_eq!(absent(&newer, Language::Finnish), ["a part of a newer version"]);
}

#[test]
fn only_what_counts_and_holds_in_everything_is_green() {
    let yes = (Answer::Yes, Sentence::AllHold);
    let unsure = (Answer::CouldNotTell, Sentence::NotChecked);
    let verdict = |purpose, in_force, last| {
        let mut checks = [yes; 9];
        checks[8] = last;
        tone(&Verdict { genuine: yes, in_force, checks, purpose, details: details() })
    };
    assert_eq!(verdict(Purpose::Real, yes, yes), (Tone::Green, labels::GREEN));
    assert_eq!(verdict(Purpose::Real, yes, unsure), (Tone::Amber, labels::AMBER), "not every check was made");
    assert_eq!(verdict(Purpose::Real, unsure, yes), (Tone::Amber, labels::AMBER));
    assert_eq!(verdict(Purpose::Practice, yes, yes), (Tone::Amber, labels::PRACTICE));
    assert_eq!(verdict(Purpose::Demonstration, yes, yes), (Tone::Amber, labels::DEMONSTRATION));
    assert_eq!(verdict(Purpose::Demonstration, (Answer::No, Sentence::Expired), yes), (Tone::Red, labels::RED));
}

#[test]
fn a_record_says_its_result_and_whom_and_what_it_corrects() {
    let person = |number, name: &str| Person {
        id: PersonId::new([number; 16]),
        name: Name::parse(name).unwrap(),
        birth_year: None,
    };
    let (carol, alice, dave) = (person(1, "Carol Candidate"), person(2, "Alice Assessor"), person(3, "Dave Demo"));
    let contents = [(PartKind::Person, person_value(&carol)), (PartKind::People, people_value(&alice, Some(&dave)))];
    let parts: BTreeMap<_, _> =
        contents.into_iter().map(|(kind, content)| (kind.number(), Part::new([1; 16], content))).collect();
    let record = Record {
        purpose: Purpose::Real,
        link: Link { index: 7, previous: Some(Digest::new([3; 32])) },
        session: SessionId::new([4; 16]),
        sealed_at: Timestamp::from_millis(20_600 * 86_400_000 + 3_600_000),
        beacon: None,
        scheme: Digest::new([5; 32]),
        delegation: Vec::new(),
        outcome: Outcome::Pass,
        certificate: Some(CertificateId::new([7; 16])),
        parts: parts.iter().map(|(number, part)| (*number, part.digest())).collect(),
        evidence: vec![(Digest::new([6; 32]), 9)],
        language: "en".to_owned(),
        partner: None,
        attempt: 1,
        clock: ClockGrade::Sound,
        supersedes: Some((Digest::new([3; 32]), "A letter was missing.".to_owned())),
        endorsements: Vec::new(),
    };
    let file = RecordFile { sealed: record.sign(&SecretKey::new(&[1; 32])), parts, attached: Vec::new() };
    let facts = read(&file.to_bytes(), Language::English).facts;
    let facts: Vec<String> = facts.iter().map(|(label, value)| format!("{label}: {value}")).collect();
    assert_eq!(
        facts,
        [
            "Result: passed",
            "Candidate: Carol Candidate",
            "Assessor: Alice Assessor",
            "Second person: Dave Demo",
            "Sealed: 2026-05-27 01:00 UTC",
            "Corrects an earlier record: A letter was missing.",
            "Place in the assessor's chain: 7",
            "Photos and files: 1",
            "Certificate: TXGX-81NF-5958",
        ]
    );
}
