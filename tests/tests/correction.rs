//! A name or a year of birth that was sealed wrongly is corrected by a further record; both stay, and both are sent.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests stop where the set-up fails")]

mod common;

use common::{Server, photo};
use fieldproof_app::{
    Error, Invalid, Language, NotAllowed,
    session::{Correction, NewSession, Place, SessionState, certificate_facts},
};
use fieldproof_model::{decision::Outcome, id::SessionId, observation::Observed};
use fieldproof_seal::{
    parts::{PartKind, parse_people, parse_person},
    record::{Record, RecordFile},
    short_code::short_code,
    token::Token,
    verdict::Answer,
};
use fieldproof_testkit::{HV_ISOLATION, LIVE_WORK, Plan, TestWorld, full_gate_for};

const DAYS: i64 = 86_400;

fn correction(name: &str) -> Correction {
    Correction { name: name.to_owned(), birth_year: Some(1997), reason: "One letter was missing.".to_owned() }
}

fn passed(seed: &str) -> (TestWorld, SessionState) {
    let world = TestWorld::new(seed);
    world.unlock();
    let id = world.start_session();
    world.score_everything(id, 6);
    let state = world.finish(id);
    (world, state)
}

fn file_of(state: &SessionState) -> RecordFile {
    RecordFile::parse(&state.sealed.as_ref().unwrap().row.file).unwrap()
}

fn token_of(state: &SessionState) -> Token {
    Token::parse(state.sealed.as_ref().unwrap().row.token.as_ref().unwrap()).unwrap().0
}

#[test]
fn a_correction_is_a_further_record_that_names_the_first_and_says_why() {
    let (world, before) = passed("correct");
    let id = before.row.id;
    let first = before.sealed.clone().unwrap();
    world.host.advance_seconds(3 * DAYS);
    let after = world.app.correct_record(id, &correction("Carol Candidate-Corrected")).unwrap();
    let second = after.sealed.clone().unwrap();

    assert_eq!(after.corrected, std::slice::from_ref(&first), "the first one stays as it was sealed");
    assert_eq!(second.record.supersedes, Some((first.row.digest, "One letter was missing.".to_owned())));
    assert_eq!(second.record.link.index, first.record.link.index + 1);
    assert_eq!(second.record.link.previous, Some(first.row.digest));
    assert_eq!((second.record.session, second.record.outcome), (id, Outcome::Pass));
    let (old, new) = (file_of(&before), file_of(&after));
    for kind in [PartKind::Log, PartKind::People, PartKind::Gate, PartKind::Decision, PartKind::Acknowledgements] {
        assert_eq!(old.part(kind).unwrap(), new.part(kind).unwrap(), "{kind:?}");
    }
    let person = parse_person(new.part(PartKind::Person).unwrap().unwrap()).unwrap();
    assert_eq!((person.id, person.name.as_str()), (before.row.candidate, "Carol Candidate-Corrected"));
    assert_eq!(person.birth_year, Some(1997));

    let (old, new) = (token_of(&before), token_of(&after));
    assert_eq!((new.holder.as_str(), new.record), ("Carol Candidate-Corrected", second.row.digest));
    assert_ne!(new.certificate, old.certificate, "another paper has another number");
    assert_eq!((new.issued_on, new.valid_until), (old.issued_on, old.valid_until), "nobody gains days by it");
    let key_set = world.app.trust_file().unwrap().open().unwrap().key_set;
    let facts = certificate_facts(&after, &key_set, &new, String::new());
    let replaced = facts.assessed.iter().find(|fact| fact.label == "In place of").map(|fact| fact.value.clone());
    let sealed_on = first.record.sealed_at.date();
    assert_eq!(replaced, Some(format!("certificate {} of {sealed_on}", short_code(&old.certificate))));
}

#[test]
fn both_records_reach_the_register_and_both_papers_stay_genuine() {
    let world = TestWorld::new("correct-send");
    world.unlock();
    let id = world.start_session();
    world.score_everything(id, 6);
    world.app.attach_photo(id, None, &photo()).unwrap();
    drop(world.finish(id));
    let server = Server::start(world.register());
    world.app.use_register(Some(server.address));
    let (_, first_paper) = world.app.draw_document(id).unwrap();
    assert_eq!(world.app.send().unwrap().complete, 1);
    world.app.correct_record(id, &correction("Carol Candidate-Corrected")).unwrap();
    let after = world.app.session(id).unwrap();
    assert_eq!(after.sealed.unwrap().place, Place::OnThisLaptop, "only the first is in the register");
    assert_eq!(world.app.send().unwrap().complete, 1);
    let after = world.app.session(id).unwrap();
    let places = after.corrected.iter().chain(&after.sealed).map(|sealed| &sealed.place);
    assert_eq!(places.filter(|place| matches!(place, Place::InRegister(_))).count(), 2);
    let (name, second_paper) = world.app.draw_document(id).unwrap();
    assert_eq!(name, "certificate.pdf");
    for paper in [&first_paper, &second_paper] {
        let report = world.app.verify_file(paper, Language::English).unwrap();
        assert_eq!((report.genuine.answer, report.in_force.answer), (Answer::Yes, Answer::Yes));
    }
    let record = world.app.verify_file(&after.sealed.unwrap().row.file, Language::English).unwrap();
    assert_eq!(record.genuine.answer, Answer::Yes, "{:?}", record.genuine);
    assert!(record.facts.iter().any(|(_, value)| value == "One letter was missing."), "{:?}", record.facts);
}

#[test]
fn what_cannot_be_corrected_says_why_and_changes_nothing() {
    let (world, before) = passed("correct-refused");
    let id = before.row.id;
    let was = &before.candidate.person;
    let asked = |name: &str, birth_year, reason: &str| {
        let asked = Correction { name: name.to_owned(), birth_year, reason: reason.to_owned() };
        world.app.correct_record(id, &asked).unwrap_err()
    };
    assert!(matches!(asked(was.name.as_str(), was.birth_year, "why"), Error::Invalid(Invalid::NothingCorrected)));
    assert!(matches!(asked("Carol Other", None, "  "), Error::Invalid(Invalid::ReasonMissing)));
    assert!(matches!(asked("Carol Other", None, &"x".repeat(1_001)), Error::Invalid(Invalid::ReasonMissing)));
    assert!(matches!(asked(" ", None, "why"), Error::Invalid(Invalid::Name(_))));
    assert!(matches!(asked("Carol Other", Some(1066), "why"), Error::Invalid(Invalid::BirthYear)));
    assert!(matches!(asked("Carol \u{1F600}", None, "why"), Error::Render(_)));
    let open = world.app.open_session(&world.new_session(HV_ISOLATION)).unwrap();
    let refused = world.app.correct_record(open.row.id, &correction("Carol Other")).unwrap_err();
    assert!(matches!(refused, Error::NotAllowed(NotAllowed::NotSealed)));
    world.app.lock();
    world.app.unlock(world.bob.0, world.bob.1).unwrap();
    let refused = world.app.correct_record(id, &correction("Carol Other")).unwrap_err();
    assert!(matches!(refused, Error::NotAllowed(NotAllowed::OtherAssessor)));
    world.app.lock();
    world.unlock();
    let after = world.app.session(id).unwrap();
    assert_eq!((&after.sealed, &after.candidate, after.corrected.len()), (&before.sealed, &before.candidate, 0));
    assert_eq!(world.app.session(open.row.id).unwrap().candidate, before.candidate, "nobody was renamed");
}

#[test]
fn a_second_correction_corrects_the_first_and_a_new_session_has_the_right_name() {
    let (world, before) = passed("correct-twice");
    let id = before.row.id;
    world.app.correct_record(id, &correction("Carol Wrong")).unwrap();
    let after = world.app.correct_record(id, &correction("Carol Right")).unwrap();
    let [first, second] = after.corrected.as_slice() else { panic!("two were corrected") };
    assert_eq!(second.record.supersedes.as_ref().unwrap().0, first.row.digest);
    assert_eq!(after.sealed.unwrap().record.supersedes.unwrap().0, second.row.digest);
    let next = world.app.open_session(&world.new_session(HV_ISOLATION)).unwrap();
    assert_eq!(next.candidate.person.name.as_str(), "Carol Right");
}

#[test]
fn a_result_sheet_is_corrected_too_and_gives_no_certificate() {
    let world = TestWorld::new("correct-fail");
    world.unlock();
    let id = world.start_session();
    let before = world.finish(id);
    assert_eq!(before.decision.outcome, Outcome::Fail);
    let after = world.app.correct_record(id, &correction("Carol Right")).unwrap();
    assert!(after.sealed.as_ref().unwrap().row.token.is_none());
    assert_eq!(after.decision, before.decision);
    assert_eq!(world.app.draw_document(id).unwrap().0, "result-sheet.pdf");
}

#[test]
fn what_others_sealed_about_somebody_is_shown_as_it_was_sealed() {
    let world = TestWorld::planned("correct-team", &Plan::of(&[LIVE_WORK]));
    world.unlock();
    let new = NewSession { team: true, ..world.new_session(LIVE_WORK) };
    let state = world.app.open_session(&new).unwrap();
    let (carol, dave) = (state.row.id, state.partner.unwrap().session);
    let seal = |id: SessionId| {
        let scheme = world.app.session(id).unwrap().scheme;
        world.app.save_gate(id, &full_gate_for(&scheme)).unwrap();
        world.app.start_exercise(id).unwrap();
        world.app.observe(id, Observed::Note { criterion: None, text: "begun".to_owned() }, 0).unwrap();
        world.finish(id)
    };
    let (of_carol, of_dave) = (seal(carol), seal(dave));
    let sealed_name = of_carol.candidate.person.name;
    world.app.correct_record(carol, &correction("Carol Right")).unwrap();
    let dave = world.app.session(dave).unwrap();
    assert_eq!(dave.sealed, of_dave.sealed);
    assert_eq!(dave.second_person.as_ref().unwrap().person.name, sealed_name);
    let (_, second) = parse_people(file_of(&dave).part(PartKind::People).unwrap().unwrap()).unwrap();
    assert_eq!(second.unwrap().name, sealed_name);
    let (record, _) = Record::parse(&file_of(&world.app.session(carol).unwrap()).sealed).unwrap();
    assert_eq!(record.partner, Some(dave.row.id), "the team stays one");
}
