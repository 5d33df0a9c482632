//! What a laptop holds about a person, handed to them: complete, readable without us, and about nobody else.
#![allow(clippy::unwrap_used, reason = "helpers of tests stop where the set-up fails")]

mod common;

use std::{collections::BTreeMap, fs, io::Read, os::unix::fs::PermissionsExt, path::Path};

use common::{Server, photo};
use fieldproof_app::{Error, Language, session::NewSession};
use fieldproof_model::{id::PersonId, observation::Observed, validity::Entry};
use fieldproof_seal::verdict::Answer;
use fieldproof_testkit::{LIVE_WORK, TestWorld};
use serde_json::Value;

/// The files of a ZIP by name.
fn unpacked(path: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut zip = zip::ZipArchive::new(fs::File::open(path).unwrap()).unwrap();
    let names: Vec<String> = zip.file_names().map(|name| name.unwrap().into_owned()).collect();
    let read = |name: String| {
        let mut bytes = Vec::new();
        zip.by_name(&name).unwrap().read_to_end(&mut bytes).unwrap();
        (name, bytes)
    };
    names.into_iter().map(read).collect()
}

fn export(world: &TestWorld, person: PersonId) -> BTreeMap<String, Vec<u8>> {
    let folder = tempfile::tempdir().unwrap();
    let path = world.app.export_person(person, folder.path()).unwrap();
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing half-written lies beside it");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o077, 0, "nobody else on the machine reads it");
    unpacked(&path)
}

fn text(files: &BTreeMap<String, Vec<u8>>, name: &str) -> String {
    String::from_utf8(files.get(name).unwrap().clone()).unwrap()
}

#[test]
fn a_person_is_given_everything_about_them_and_can_have_it_checked() {
    let world = TestWorld::new("export");
    world.unlock();
    let id = world.start(&world.new_session(LIVE_WORK));
    world.app.observe(id, Observed::Note { criterion: None, text: "calm <hands> & eyes".to_owned() }, 0).unwrap();
    world.app.attach_photo(id, None, &photo()).unwrap();
    world.app.attach_file(id, None, "plan.of/work.txt", b"the plan").unwrap();
    world.score_everything(id, 6);
    let sealed = world.finish(id).sealed.unwrap();
    world.app.record_activity(id, world.app.today(), Entry::EditionRefresh, None, None).unwrap();
    let server = Server::start(world.register());
    world.app.use_register(Some(server.address));
    world.app.send().unwrap();

    let files = export(&world, world.candidates[0]);
    let page = text(&files, "index.html");
    for words in [
        "Carol Candidate",
        "Alice Assessor",
        "Dave Demo stood by",
        "calm &lt;hands&gt; &amp; eyes",
        "number 1",
        "new edition",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(!page.contains("<hands>") && !page.contains("<script"), "what was typed is no markup");
    let data: Value = serde_json::from_str(&text(&files, "data.json")).unwrap();
    let session = &data["sessions"][0];
    assert_eq!(data["person"]["name"], "Carol Candidate");
    assert_eq!(session["log"].as_array().unwrap().len(), world.app.session(id).unwrap().log.len());
    assert_eq!(session["criteria"].as_array().unwrap().len(), world.app.session(id).unwrap().decision.lines.len());
    assert_eq!(
        (&session["records"][0]["numberInTheRegister"], data["activities"].as_array().unwrap().len()),
        (&1.into(), 1)
    );

    // The record is the signed one, and its certificate's link verifies, too.
    let record = files.get(session["records"][0]["file"].as_str().unwrap()).unwrap();
    assert_eq!(*record, sealed.row.file);
    assert_eq!(world.app.verify_file(record, Language::English).unwrap().genuine.answer, Answer::Yes);
    let link = session["records"][0]["certificate"].as_str().unwrap();
    assert!(page.contains(link));
    assert_eq!(world.app.verify_text(link, Language::English).unwrap().genuine.answer, Answer::Yes);
    assert!(files.keys().any(|name| name.ends_with("-receipt.cbor")));

    let named = session["evidence"].as_array().unwrap();
    assert_eq!(named.len(), sealed.record.evidence.len());
    for item in named {
        let bytes = files.get(item["file"].as_str().unwrap()).unwrap();
        assert_eq!(fieldproof_seal::digest_of(bytes).to_string(), item["digest"].as_str().unwrap());
    }
    let endings: Vec<_> = files.keys().filter_map(|name| name.strip_prefix("evidence/")?.rsplit_once('.')).collect();
    assert!(endings.iter().any(|(_, ending)| *ending == "jpg") && endings.iter().any(|(_, ending)| *ending == "txt"));
}

#[test]
fn of_sessions_about_others_it_says_that_one_took_part() {
    let world = TestWorld::new("export-beside");
    world.unlock();
    let [carol, dave, erin] = world.candidates;
    let new = NewSession { candidate: carol, second_person: Some(dave), ..world.new_session(LIVE_WORK) };
    let id = world.start(&new);
    world.app.observe(id, Observed::Note { criterion: None, text: "about Carol alone".to_owned() }, 0).unwrap();
    world.score_everything(id, 6);
    let _sealed = world.finish(id);
    let files = export(&world, dave);
    let (page, data) = (text(&files, "index.html"), text(&files, "data.json"));
    assert_eq!(files.len(), 2, "no record and no photo of hers: {:?}", files.keys());
    for told in [&page, &data] {
        assert!(
            told.contains("Stood by while somebody was assessed") && told.contains("refused to acknowledge"),
            "{told}"
        );
        assert!(!told.contains("Carol") && !told.contains("about Carol alone"), "{told}");
    }
    assert!(text(&export(&world, world.alice.0), "index.html").contains("Assessed somebody"));
    let nothing: Value = serde_json::from_str(&text(&export(&world, erin), "data.json")).unwrap();
    assert_eq!((&nothing["sessions"], &nothing["person"]["name"]), (&Value::Array(vec![]), &"Erin Example".into()));
}

#[test]
fn what_left_or_was_erased_is_said_and_what_cannot_be_written_leaves_nothing() {
    let world = TestWorld::new("export-erased");
    world.unlock();
    let id = world.start(&world.new_session(LIVE_WORK));
    world.app.attach_photo(id, None, &photo()).unwrap();
    world.score_everything(id, 6);
    let _sealed = world.finish(id);
    let server = Server::start(world.register());
    world.app.use_register(Some(server.address));
    world.app.send().unwrap();
    world.host.advance_seconds(731 * 86_400);
    world.app.send().unwrap();
    assert!(0 < world.app.retire_evidence().unwrap().items);
    world.app.erase_parts(id, &[fieldproof_seal::parts::PartKind::Acknowledgements], "asked for").unwrap();
    let files = export(&world, world.candidates[0]);
    let page = text(&files, "index.html");
    assert!(page.contains("left this laptop on 2028-03-02") && page.contains("Erased from this laptop"), "{page}");
    assert!(!files.keys().any(|name| name.starts_with("evidence/")));

    let error = world.app.export_person(world.candidates[0], &world.laptop().join("no such folder")).unwrap_err();
    assert!(matches!(error, Error::NotWritten { .. }), "{error:?}");
    let nobody = world.app.export_person(PersonId::new([99; 16]), world.folder.path()).unwrap_err();
    assert!(matches!(nobody, Error::NotFound(_)), "{nobody:?}");
}

#[test]
fn what_an_export_that_was_killed_left_in_clear_goes_with_the_next_one() {
    let world = TestWorld::new("export-left");
    world.unlock();
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str| fs::write(folder.path().join(name), "a name").unwrap();
    let others = ["person-0a1b2c3d-2026-03-01.zip", "person-0a1b2c3d.zip.part", "notes.zip.part"];
    others.iter().for_each(|name| put(name));
    put("person-0a1b2c3d-2026-03-01.zip.part");
    put("person-4e5f6071-2026-03-02.zip.part");
    let held = fs::File::open(folder.path().join("person-4e5f6071-2026-03-02.zip.part")).unwrap();
    held.try_lock().unwrap();
    let made = world.app.export_person(world.candidates[0], folder.path()).unwrap();
    let is_there = |name: &str| folder.path().join(name).exists();
    assert!(made.exists() && others.iter().all(|name| is_there(name)), "nobody else's file is touched");
    assert!(!is_there("person-0a1b2c3d-2026-03-01.zip.part"));
    assert!(is_there("person-4e5f6071-2026-03-02.zip.part"), "one that is being written stays");
}
