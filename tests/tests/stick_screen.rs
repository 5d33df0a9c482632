//! The stick as the screen knows it: what a file would hold, that it was written, what became of each record, and a
//! sentence of its own for every file that brings nothing.
#![allow(clippy::unwrap_used, reason = "helpers of tests stop where the set-up fails")]

mod common;

use std::fs;

use fieldproof_api::{
    Api,
    dto::{AnswersView, BundleView, Code, RecordAnswerChoice, StickView},
};
use fieldproof_app::App;
use fieldproof_model::id::SessionId;
use fieldproof_testkit::TestWorld;
use serde_json::json;

/// A laptop with a sealed record and its photo, on its screen.
fn on_screen(seed: &str) -> (TestWorld, SessionId, Api) {
    let world = TestWorld::new(seed);
    world.unlock();
    let id = world.start_session();
    world.app.attach_photo(id, None, &common::photo()).unwrap();
    world.score_everything(id, 6);
    assert!(world.finish(id).sealed.is_some());
    world.app.lock();
    let app = App::new(&world.laptop(), Box::new(world.host.clone()));
    app.unlock(world.alice.0, world.alice.1).unwrap();
    (world, id, Api::new(app, None))
}

fn stick(api: &Api) -> StickView {
    serde_json::from_value(api.call("stick", json!({})).unwrap()).unwrap()
}

fn write(world: &TestWorld, api: &Api) -> (BundleView, Vec<u8>) {
    let written = api.call("write_bundle", json!({ "folder": world.folder.path() })).unwrap();
    let written: BundleView = serde_json::from_value(written).unwrap();
    let bytes = fs::read(&written.path).unwrap();
    (written, bytes)
}

fn answers(world: &TestWorld, bundle: &[u8]) -> Vec<u8> {
    world.register().take_bundle(bundle).unwrap().write_answers(Vec::new()).unwrap()
}

fn whats(view: &AnswersView) -> Vec<(RecordAnswerChoice, &str)> {
    view.records.iter().map(|record| (record.what, record.candidate.as_str())).collect()
}

#[test]
fn one_file_is_written_and_what_became_of_each_record_is_shown() {
    let (world, id, api) = on_screen("stick-screen");
    let before = stick(&api);
    assert_eq!((before.records, before.files, before.waiting, before.has_key), (1, 1, 0, true));
    let (written, bundle) = write(&world, &api);
    assert_eq!((written.records, written.files, written.left_out.len(), written.is_full), (1, 1, 0, false));
    assert!(written.path.ends_with("fieldproof-2026-03-02.bundle"), "it names nobody: {}", written.path);
    assert_eq!(written.bytes, u64::try_from(bundle.len()).unwrap());
    assert!(before.bytes < written.bytes, "what was announced is what it holds at least");
    let (second, _) = write(&world, &api);
    assert!(second.path.ends_with("fieldproof-2026-03-02-2.bundle"), "no file takes another one's place");

    let taken = api.take_answers(&answers(&world, &bundle)).unwrap();
    assert_eq!(whats(&taken), [(RecordAnswerChoice::InRegister, "Carol Candidate")]);
    assert!(taken.records[0].text.contains("no. 1") && taken.remarks.is_empty(), "{taken:?}");
    assert_eq!(taken.records[0].session_id, id.to_string());
    let after = stick(&api);
    assert_eq!((after.records, after.files, after.bytes), (0, 0, 0), "nothing is left to carry");
}

#[test]
fn a_record_without_its_photo_is_said_to_wait_for_it() {
    let (world, _, api) = on_screen("stick-screen-held");
    let (_, bundle) = write(&world, &api);
    // The photo is the last frame before the end.
    let taken = api.take_answers(&answers(&world, &bundle[..bundle.len() - 10_000])).unwrap();
    assert_eq!(whats(&taken), [(RecordAnswerChoice::Held, "Carol Candidate")]);
    assert_eq!(taken.remarks.len(), 1);
    assert!(taken.remarks[0].contains("could not read the file that was carried to its end"), "{:?}", taken.remarks);
}

#[test]
fn every_file_that_brings_nothing_has_its_own_sentence() {
    let (world, _, api) = on_screen("stick-screen-bad");
    let (_, bundle) = write(&world, &api);
    let back = answers(&world, &bundle);
    let (stranger, _, theirs) = on_screen("another institution");
    let (_, their_bundle) = write(&stranger, &theirs);
    let limit = usize::try_from(stick(&api).answers_limit).unwrap();
    let cases: [(&str, Vec<u8>, Code, &str); 5] = [
        ("a picture", common::photo(), Code::InvalidInput, "This is no answers file of Fieldproof."),
        ("what was written", bundle, Code::InvalidInput, "This is no answers file of Fieldproof."),
        ("other", answers(&stranger, &their_bundle), Code::RegisterOtherIdentity, "Nothing was taken: "),
        ("cut off before anybody answers", back[..60].to_vec(), Code::InvalidInput, "It ends too early: "),
        ("a film", vec![0; limit + 1], Code::InvalidInput, "This file is larger than the 67 MB that answers may have."),
    ];
    for (name, file, code, message) in cases {
        let refused = api.take_answers(&file).unwrap_err();
        assert!(refused.code == code && refused.message.starts_with(message), "{name}: {refused:?}");
        assert!(refused.next.contains("kept on this laptop"), "{name}: {}", refused.next);
    }
    let cut = api.take_answers(&back[..back.len() - 10]).unwrap();
    assert_eq!(whats(&cut), [(RecordAnswerChoice::InRegister, "Carol Candidate")], "what is whole counts");
    assert!(cut.remarks[0].starts_with("It ends too early: ") && cut.remarks[0].contains("Copy"), "{:?}", cut.remarks);
}
