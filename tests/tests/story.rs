//! The main job through the operations: pass and fail, register up and down, sent once and twice, read back from paper.

mod common;

use common::{Server, photo};
use fieldproof_app::{
    Error, Language,
    session::{Place, result_sheet_facts},
};
use fieldproof_model::{
    decision::{Case, Outcome, decide},
    observation::{Observed, Score},
    scheme::CriterionId,
    session::Session,
};
use fieldproof_seal::{
    gate::parse_gate,
    parts::{PartKind, parse_log, parse_people},
    receipt::Have,
    record::{Record, RecordFile},
    scheme::parse_signed_scheme,
    verdict::Answer,
};
use fieldproof_sync::SendError;
use fieldproof_testkit::TestWorld;

#[test]
fn a_passed_assessment_reaches_the_register_and_its_paper_verifies() {
    let world = TestWorld::new("pass");
    world.unlock();
    let id = world.start_session();
    world.score_everything(id, 6);
    world.app.attach_photo(id, None, &photo()).unwrap();
    let state = world.finish(id);
    assert_eq!(state.decision.outcome, Outcome::Pass);
    let digest = state.sealed.as_ref().unwrap().row.digest;

    // Nobody listens: everything stays, and the record says so.
    let Err(Error::Send(SendError::Register(_))) = world.app.send() else {
        panic!("nobody answers at the pack's address");
    };
    assert_eq!(world.app.session(id).unwrap().sealed.unwrap().place, Place::OnThisLaptop);

    let server = Server::start(world.register());
    world.app.use_register(Some(server.address));
    assert_eq!(world.app.send().unwrap().complete, 1);
    let Place::InRegister(receipt) = world.app.session(id).unwrap().sealed.unwrap().place else {
        panic!("the record should be in the register");
    };
    assert_eq!((receipt.have, receipt.record, receipt.evidence.len()), (Have::Complete, digest, 1));
    let first = world.app.receipt(digest).unwrap();
    assert_eq!(world.app.send().unwrap().complete, 0, "there is nothing left to send");
    assert_eq!(world.app.receipt(digest).unwrap(), first, "the receipt stays as it was signed");

    let (name, pdf) = world.app.draw_document(id).unwrap();
    assert_eq!(name, "certificate.pdf");
    let verified = world.app.verify_file(&pdf, Language::English).unwrap();
    assert_eq!(verified.genuine.answer, Answer::Yes);
    assert_eq!(verified.in_force.answer, Answer::Yes, "{:?}", verified.in_force);
}

#[test]
fn a_critical_failure_cannot_be_outvoted_and_gives_a_result_sheet() {
    let world = TestWorld::new("fail");
    world.unlock();
    let id = world.start_session();
    world.score_everything(id, 6);
    let critical = world.app.session(id).unwrap().scheme.values.critical[0].clone();
    world.app.observe(id, Observed::Score { criterion: critical, score: Score::Dangerous, reason: None }, 0).unwrap();
    let state = world.finish(id);
    assert_eq!(state.decision.outcome, Outcome::Fail);
    let sealed = state.sealed.clone().unwrap();
    assert!(sealed.row.token.is_none(), "no certificate goes out");
    let key_set = world.app.trust_file().unwrap().open().unwrap().key_set;
    let because = result_sheet_facts(&state, &key_set, &sealed).because.join("\n");
    for expected in ["Not passed", "critical failure cannot be outvoted", "1 done dangerously"] {
        assert!(because.contains(expected), "the sheet says why: {because}");
    }
    assert_eq!(world.app.draw_document(id).unwrap().0, "result-sheet.pdf");
}

#[test]
fn nothing_changes_after_the_seal() {
    let world = TestWorld::new("sealed");
    world.unlock();
    let id = world.start_session();
    world.score_everything(id, 6);
    let before = world.finish(id);
    let score =
        Observed::Score { criterion: CriterionId::new("T1.1.a".to_owned()), score: Score::NotDone, reason: None };
    assert!(matches!(world.app.observe(id, score, 0), Err(Error::NotAllowed(_))));
    assert!(matches!(world.app.seal(id), Err(Error::NotAllowed(_))));
    assert!(matches!(world.app.abandon_session(id, "late"), Err(Error::NotAllowed(_))));
    assert_eq!(world.app.session(id).unwrap().sealed, before.sealed);
}

#[test]
fn the_sealed_log_alone_gives_the_decision_again() {
    let world = TestWorld::new("replay");
    world.unlock();
    let id = world.start_session();
    world.score_everything(id, 6);
    let state = world.finish(id);
    let file = RecordFile::parse(&state.sealed.as_ref().unwrap().row.file).unwrap();
    let part = |kind| file.part(kind).unwrap().unwrap();
    let log = parse_log(part(PartKind::Log)).unwrap();
    assert_eq!(log, state.log);
    let (record, _) = Record::parse(&file.sealed).unwrap();
    let scheme = part(PartKind::Scheme);
    let (scheme, _) = parse_signed_scheme(scheme.as_bytes().unwrap(), Some(record.language.as_str())).unwrap();
    let gate = parse_gate(part(PartKind::Gate)).unwrap();
    let (_, second) = parse_people(part(PartKind::People)).unwrap();
    let case = Case { gate: &gate, has_second_person: second.is_some(), attempt: record.attempt };
    assert_eq!(decide(&scheme, &case, &Session::replay(&log)), state.decision);
}

#[test]
fn a_wait_too_short_by_the_taps_is_asked_about_and_never_failed_silently() {
    let world = TestWorld::new("wait");
    world.unlock();
    let id = world.start_session();
    world.score_everything(id, 4);
    let state = world.app.end_exercise(id).unwrap();
    assert_eq!(state.decision.outcome, Outcome::Open);
    let rule = state.scheme.waits[0].id.clone();
    let answer = Observed::Said { rule, kept: true, note: String::new() };
    assert_eq!(world.app.observe(id, answer, 0).unwrap().decision.outcome, Outcome::Pass);
}

#[test]
fn two_assessors_on_one_laptop_have_their_own_chains_and_either_sends_for_both() {
    let world = TestWorld::new("two");
    world.unlock();
    let id = world.start_session();
    world.score_everything(id, 6);
    let first = world.finish(id).sealed.unwrap();
    world.app.lock();
    assert!(matches!(world.app.session(id), Err(Error::Locked)));
    world.app.unlock(world.bob.0, world.bob.1).unwrap();
    assert!(matches!(world.app.seal(id), Err(Error::NotAllowed(_))), "nobody signs for another");
    let own = world.start_session();
    world.score_everything(own, 6);
    let second = world.finish(own).sealed.unwrap();
    assert_eq!((first.record.link.index, second.record.link.index), (2, 2));
    let server = Server::start(world.register());
    world.app.use_register(Some(server.address));
    assert_eq!(world.app.send().unwrap().complete, 2);
}
