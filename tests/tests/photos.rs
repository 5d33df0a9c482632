//! A photo from a phone: where, when and with what it was taken is not kept; the picture is, and the digest of the file
//! as it came stands in what is sealed.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests stop where the set-up fails")]

mod common;

use common::{Server, photo};
use fieldproof_app::{Error, session::Place};
use fieldproof_model::{gate::Photo, observation::Observed};
use fieldproof_seal::{
    digest_of,
    gate::parse_gate,
    parts::{PartKind, parse_log},
    record::RecordFile,
};
use fieldproof_store::Store;
use fieldproof_testkit::{LIVE_WORK, TestWorld, full_gate_for, store_key};

const MAKER: &[u8] = b"Example Cameras\0";
const MODEL: &[u8] = b"Example Phone 3\0";
const SERIAL: &[u8] = b"SN-0000-EXAMPLE\0";
const PLACE: &[u8] = b"60N 25E, example";

/// The photo of the other stories as a phone held upright would have written it.
fn from_a_phone() -> Vec<u8> {
    let entry = |tag: u16, format: u16, count: u32, value: u32| {
        [&tag.to_be_bytes()[..], &format.to_be_bytes(), &count.to_be_bytes(), &value.to_be_bytes()].concat()
    };
    let texts = [entry(0x010f, 2, 16, 74), entry(0x0110, 2, 16, 90)].concat();
    let rest = [entry(0x0112, 3, 1, 6 << 16), entry(0x8825, 4, 1, 122), entry(0xa431, 2, 16, 106)].concat();
    let block =
        [&b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x05"[..], &texts, &rest, &[0; 4], MAKER, MODEL, SERIAL, PLACE].concat();
    let length = u16::try_from(block.len() + 2).unwrap().to_be_bytes();
    let plain = photo();
    [&plain[..2], &[0xff, 0xe1], &length, &block, &plain[2..], b"a short film", SERIAL].concat()
}

fn says_where_it_is_from(bytes: &[u8]) -> bool {
    let holds = |mark: &[u8]| bytes.windows(mark.len()).any(|window| window == mark);
    [MAKER, MODEL, SERIAL, PLACE, b"a short film"].into_iter().any(holds)
}

#[test]
fn what_the_camera_wrote_beside_the_picture_is_nowhere_and_its_digest_is_sealed() {
    let world = TestWorld::new("phone");
    world.unlock();
    let original = from_a_phone();
    assert!(says_where_it_is_from(&original), "the search finds it where it is");
    let id = world.app.open_session(&world.new_session(LIVE_WORK)).unwrap().row.id;
    let state = world.app.attach_credential(id, "sfs-6002", &original).unwrap();
    world.app.save_gate(id, &full_gate_for(&state.scheme)).unwrap();
    world.app.start_exercise(id).unwrap();
    let state = world.app.attach_photo(id, None, &original).unwrap();
    let Observed::Photo { digest, size, original: named, .. } = state.log.last().unwrap().observed else {
        panic!("the photo is the last entry");
    };
    assert_eq!(named, Some(digest_of(&original)));
    let shown = state.row.gate.prerequisites.get("sfs-6002").unwrap().photo;
    assert_eq!(shown, Some(Photo { digest, size, original: named }), "a credential's picture is kept the same way");

    let store = Store::open(&world.laptop(), &store_key("phone")).unwrap();
    let kept = store.evidence().get(digest).unwrap().unwrap();
    assert_eq!(store.evidence().get(digest_of(&original)).unwrap(), None, "the file as it came is not kept");
    assert!(!says_where_it_is_from(&kept));
    assert_eq!(image::load_from_memory(&kept).unwrap(), image::load_from_memory(&original).unwrap());
    drop(store);

    world.score_everything(id, 6);
    let sealed = world.finish(id).sealed.unwrap();
    let file = RecordFile::parse(&sealed.row.file).unwrap();
    assert_eq!(parse_log(file.part(PartKind::Log).unwrap().unwrap()).unwrap(), world.app.session(id).unwrap().log);
    let gate = parse_gate(file.part(PartKind::Gate).unwrap().unwrap()).unwrap();
    assert_eq!(gate.prerequisites.get("sfs-6002").unwrap().photo, shown);
    let server = Server::start(world.register());
    world.app.use_register(Some(server.address));
    world.app.send().unwrap();
    assert!(matches!(world.app.session(id).unwrap().sealed.unwrap().place, Place::InRegister(_)));
}

#[test]
fn a_picture_that_comes_as_a_file_is_kept_the_same_way_and_any_other_file_as_it_is() {
    let world = TestWorld::new("picture-file");
    world.unlock();
    let id = world.start_session();
    let store = Store::open(&world.laptop(), &store_key("picture-file")).unwrap();
    for (bytes, is_changed) in [(from_a_phone(), true), (photo(), false), (b"a file".to_vec(), false)] {
        let state = world.app.attach_file(id, None, "attached", &bytes).unwrap();
        let Observed::File { digest, size, original, .. } = state.log.last().unwrap().observed else {
            panic!("the file is the last entry");
        };
        assert_eq!(original, is_changed.then(|| digest_of(&bytes)));
        let kept = store.evidence().get(digest).unwrap().unwrap();
        assert_eq!((kept == bytes, kept.len() as u64), (!is_changed, size));
        assert!(!is_changed || !says_where_it_is_from(&kept));
    }
    let broken = world.app.attach_file(id, None, "attached", &from_a_phone()[..150]).unwrap_err();
    assert!(matches!(broken, Error::PhotoUnreadable), "what would be kept of it is what the camera wrote: {broken:?}");
}

#[test]
fn a_proof_that_is_a_picture_is_kept_the_same_way() {
    let world = TestWorld::new("picture-proof");
    world.unlock();
    let proof = world.app.keep_proof(&from_a_phone()).unwrap();
    let store = Store::open(&world.laptop(), &store_key("picture-proof")).unwrap();
    assert!(!says_where_it_is_from(&store.evidence().get(proof).unwrap().unwrap()));
    assert_eq!(store.evidence().get(digest_of(&from_a_phone())).unwrap(), None);
    let plain = world.app.keep_proof(b"a certificate of employment").unwrap();
    assert_eq!(plain, digest_of(b"a certificate of employment"), "any other file is kept as it is");
}

#[test]
fn a_picture_of_a_kind_that_keeps_its_place_is_refused_with_what_to_do() {
    let world = TestWorld::new("other-kinds");
    world.unlock();
    let id = world.start_session();
    let before = Store::open(&world.laptop(), &store_key("other-kinds")).unwrap().evidence().items().unwrap();
    let heic = [b"\0\0\0\x1cftypheic\0\0\0\0mif1MiHEheic", PLACE].concat();
    let webp = [b"RIFF\x24\0\0\0WEBPEXIF", PLACE].concat();
    let tiff = [b"II\x2a\0\x08\0\0\0", PLACE].concat();
    for bytes in [heic, webp, tiff] {
        let tried = [
            world.app.attach_photo(id, None, &bytes).unwrap_err(),
            world.app.attach_file(id, None, "IMG_0001.HEIC", &bytes).unwrap_err(),
            world.app.attach_credential(id, "sfs-6002", &bytes).unwrap_err(),
            world.app.keep_proof(&bytes).unwrap_err(),
        ];
        for error in tried {
            assert!(matches!(error, Error::PhotoOfOtherKind), "{error:?}");
            assert!(fieldproof_api::error::view(&error).next.starts_with("Save it as JPEG or PNG"));
        }
    }
    let after = Store::open(&world.laptop(), &store_key("other-kinds")).unwrap().evidence().items().unwrap();
    assert_eq!(after, before, "nothing of them is kept");
}

#[test]
fn a_photo_without_anything_beside_it_is_its_own_original() {
    let world = TestWorld::new("plain-photo");
    world.unlock();
    let id = world.start_session();
    let state = world.app.attach_photo(id, None, &photo()).unwrap();
    let Observed::Photo { digest, original, .. } = state.log.last().unwrap().observed else {
        panic!("the photo is the last entry");
    };
    assert_eq!((digest, original), (digest_of(&photo()), None));
    let head_alone = world.app.attach_photo(id, None, &from_a_phone()[..150]).unwrap_err();
    assert!(matches!(head_alone, Error::PhotoUnreadable), "{head_alone:?}");
}
