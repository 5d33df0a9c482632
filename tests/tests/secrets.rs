//! Nothing about anybody lies in clear on the disk: names, notes, scheme text and photo bytes are searched for in every
//! file of a working laptop, and the same search finds them all in an unencrypted twin.
#![allow(clippy::unwrap_used, reason = "helpers of tests stop where the set-up fails")]

use std::{fs, path::Path};

use fieldproof_app::{App, Host};
use fieldproof_model::{observation::Observed, person::Contact};
use fieldproof_store::Store;
use fieldproof_testkit::{TestWorld, store_key};
use image::{
    ExtendedColorType, ImageEncoder,
    codecs::png::{CompressionType, FilterType, PngEncoder},
};

/// Bytes that occur nowhere by chance.
const PHOTO_MARK: &[u8] = b"\xd3photo mark of the secrets test\xd3";

/// A picture whose pixels are the mark, line by line, and are not compressed: what is not a pixel is not kept.
fn photo() -> Vec<u8> {
    let mut png = Vec::new();
    let width = u32::try_from(PHOTO_MARK.len()).unwrap();
    let encoder = PngEncoder::new_with_quality(&mut png, CompressionType::Uncompressed, FilterType::NoFilter);
    encoder.write_image(&PHOTO_MARK.repeat(64), width, 64, ExtendedColorType::L8).unwrap();
    png
}

const CONTACT: &str = "+358 40 555 0199";

fn needles() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("a candidate's name", b"Carol Candidate".to_vec()),
        ("the second person's name", b"Dave Demo".to_vec()),
        ("a name added today", b"Zacharias Zufall".to_vec()),
        ("a contact", CONTACT.as_bytes().to_vec()),
        ("a note", b"trembling hands noted".to_vec()),
        ("the scheme's title", b"High-voltage isolation (practical)".to_vec()),
        ("the photo", PHOTO_MARK.to_vec()),
    ]
}

/// The needles found in any file below a folder, with the file.
fn search(folder: &Path) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(search(&path));
            continue;
        }
        let bytes = fs::read(&path).unwrap();
        for (name, needle) in needles() {
            if bytes.windows(needle.len()).any(|window| window == needle) {
                found.push((name, path.file_name().unwrap().to_string_lossy().into_owned()));
            }
        }
    }
    found
}

#[test]
fn a_working_laptop_holds_nothing_in_clear() {
    let world = TestWorld::new("secrets");
    world.unlock();
    world.app.add_person("Zacharias Zufall", Some(1999)).unwrap();
    let store = Store::open(&world.laptop(), &store_key("secrets")).unwrap();
    store.write(|tx| tx.set_contact(world.candidates[0], Contact::parse(CONTACT).unwrap().as_ref())).unwrap();
    drop(store);
    let id = world.start_session();
    world.app.observe(id, Observed::Note { criterion: None, text: "trembling hands noted".to_owned() }, 0).unwrap();
    world.app.attach_photo(id, None, &photo()).unwrap();

    assert!(world.laptop().join("store.db-wal").exists(), "the search looks at a live write-ahead log, too");
    assert_eq!(search(&world.laptop()), [], "while working");

    let twins = tempfile::tempdir().unwrap();
    let store = Store::open(&world.laptop(), &store_key("secrets")).unwrap();
    store.export_plain_twins(twins.path()).unwrap();
    drop(store);
    let found = search(twins.path());
    for (name, _) in needles() {
        assert!(found.iter().any(|(found, _)| *found == name), "the search would not notice {name}");
    }

    world.score_everything(id, 6);
    let sealed = world.finish(id);
    world.app.open_document(id).unwrap();
    assert_eq!(world.host.documents().len(), 1, "the viewer was given {:?}", sealed.row.id);
    world.app.lock();
    assert_eq!(world.host.documents().len(), 0, "locking clears what the viewer was given");
    assert_eq!(search(&world.laptop()), [], "after sealing and locking");
    let leave_a_document = || world.host.open_document("certificate.pdf", b"%PDF").unwrap();
    leave_a_document();
    let next = App::new(&world.laptop(), Box::new(world.host.clone()));
    assert_eq!(world.host.documents().len(), 0, "the next start clears what an earlier end left");
    leave_a_document();
    drop(next);
    assert_eq!(world.host.documents().len(), 0, "leaving clears it, too");
}
