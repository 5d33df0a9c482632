//! A bundle carried by a coordinator's laptop over a network: it can read and alter nothing of it and keeps nothing; cut
//! off, it goes on where it stood; brought twice it changes nothing; its answers lie beside it.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of tests stop where the set-up fails"
)]

mod house;

use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use fieldproof_app::{
    App, CarryProgress, Error, Invalid, NotAllowed,
    session::{NewSession, Place},
};
use fieldproof_model::{id::SessionId, observation::Observed};
use fieldproof_register::Register;
use fieldproof_seal::digest_of;
use fieldproof_store::{Store, slots};
use fieldproof_sync::{HttpError, HttpRegister};
use fieldproof_testkit::{HV_ISOLATION, TestWorld};
use fieldproof_tests::{
    Server,
    line::{Line, Place as At, Rule, Wrong},
    proxy::Proxy,
};
use fieldproof_wire::{
    Fault,
    bundle::{BundleError, BundleReader, FrameWriter, Head},
    limit,
};
use house::{COORDINATOR, House, house};
use image::{
    ExtendedColorType, ImageEncoder,
    codecs::png::{CompressionType, FilterType, PngEncoder},
};
use tokio::runtime::Runtime;

const CHUNK: &str = "PATCH /v0/bundles/";
const NAME: &str = "Zacharias Zufall";
const NOTE: &str = "trembling hands noted";
/// Bytes that occur nowhere by chance.
const PHOTO_MARK: &[u8] = b"\xd3photo mark of who carries\xd3";

/// Pixels that are the mark, line by line, and not compressed: several chunks long.
fn photo() -> Vec<u8> {
    let mut png = Vec::new();
    let (width, height) = (u32::try_from(PHOTO_MARK.len() * 40).unwrap(), 600);
    let encoder = PngEncoder::new_with_quality(&mut png, CompressionType::Uncompressed, FilterType::NoFilter);
    let pixels = PHOTO_MARK.repeat(40 * 600);
    encoder.write_image(&pixels, width, height, ExtendedColorType::L8).unwrap();
    png
}

fn needles() -> [(&'static str, &'static [u8]); 3] {
    [("a name", NAME.as_bytes()), ("a note", NOTE.as_bytes()), ("a photo", PHOTO_MARK)]
}

fn found_in(bytes: &[u8]) -> Vec<&'static str> {
    let is_in = |needle: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
    needles().into_iter().filter(|(_, needle)| is_in(needle)).map(|(name, _)| name).collect()
}

/// What of it stands in any file below a folder.
fn found_below(folder: &Path) -> Vec<&'static str> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| if path.is_dir() { found_below(&path) } else { found_in(&fs::read(path).unwrap()) })
        .collect()
}

/// A laptop that sealed somebody's record who is on no roster; its bundle lies on a stick.
struct Carrying {
    world: TestWorld,
    session: SessionId,
    office: App,
    register: Register,
    bundle: PathBuf,
}

fn carrying(seed: &str) -> Carrying {
    let mut house = house(seed);
    house.open();
    let laptop = house.enrolled("laptop");
    let bundle = house.stick().join("out.bundle");
    let House { world, office, register, .. } = house;
    let world = world.on(laptop);
    let candidate = world.app.add_person(NAME, Some(1999)).unwrap().person.id;
    let session = world.start(&NewSession { candidate, ..world.new_session(HV_ISOLATION) });
    world.app.observe(session, Observed::Note { criterion: None, text: NOTE.to_owned() }, 0).unwrap();
    world.app.attach_photo(session, None, &photo()).unwrap();
    world.score_everything(session, 6);
    assert!(world.finish(session).sealed.is_some());
    world.app.write_bundle(&bundle, &mut |_| {}).unwrap();
    Carrying { world, session, office, register, bundle }
}

impl Carrying {
    /// The endings of what lies in the register's folder of bundles, in order.
    fn kept(&self) -> Vec<String> {
        let entries = fs::read_dir(self.world.folder.path().join("book").join("bundles")).unwrap();
        let ending = |entry: fs::DirEntry| entry.path().extension().unwrap().to_string_lossy().into_owned();
        let mut kept: Vec<_> = entries.map(|entry| ending(entry.unwrap())).collect();
        kept.sort();
        kept
    }

    fn place(&self) -> Place {
        self.world.app.session(self.session).unwrap().sealed.unwrap().place
    }

    /// The same frames without the encryption, under the same head.
    fn twin(&self) -> Vec<u8> {
        let bytes = fs::read(&self.bundle).unwrap();
        let mut input = bytes.as_slice();
        let head = Head::read(&mut input).unwrap();
        let keys = self.world.folder.path().join("book").join("decryption").join(head.key.to_string());
        let key = fieldproof_wire::bundle::DecryptionKey::parse(&fs::read_to_string(keys).unwrap()).unwrap();
        let mut reader = BundleReader::open(input, &head, &key).unwrap();
        let mut writer = FrameWriter::begin(head.to_bytes(), &head).unwrap();
        while let Some(frame) = reader.next_frame().unwrap() {
            writer.put(frame.kind, &frame.content).unwrap();
        }
        writer.finish().unwrap()
    }
}

/// A network between the office and the register, in which nothing happens until somebody wants it to.
fn network(server: &Server, seed: &str) -> (Runtime, Proxy) {
    let runtime = Runtime::new().unwrap();
    let to: SocketAddr = server.address.strip_prefix("http://").unwrap().parse().unwrap();
    let proxy = runtime.block_on(Proxy::start(to, seed));
    (runtime, proxy)
}

#[test]
fn whoever_carries_it_reads_nothing_and_keeps_nothing_and_the_answers_lie_beside_it() {
    let it = carrying("carry");
    let server = Server::start(it.register.clone());
    let (_network, proxy) = network(&server, "carry");
    proxy.calm();
    it.office.use_register(Some(format!("http://{}", proxy.at)));
    proxy.listen();
    let before = fs::read(&it.bundle).unwrap();
    let mut steps: Vec<CarryProgress> = Vec::new();
    let carried = it.office.carry_bundle(&it.bundle, &mut |progress| steps.push(progress)).unwrap();
    assert_eq!((carried.answers.clone(), carried.was_whole), (it.bundle.with_extension("answers"), true));
    assert!(steps.len() > 2 && steps.last().is_some_and(|step| step.done == step.of), "{steps:?}");
    assert_eq!(fs::read(&it.bundle).unwrap(), before, "it is what it was");

    let traffic = proxy.heard();
    assert!(before.len() < traffic.len(), "all of it went over the network");
    assert_eq!(found_in(&traffic), Vec::<&str>::new(), "in the traffic");
    let office = it.office.dir().to_owned();
    assert_eq!(found_below(&office), Vec::<&str>::new(), "on the disk");
    assert_eq!(found_in(&fs::read(&carried.answers).unwrap()), Vec::<&str>::new(), "in the answers");
    // Nor behind the encryption of the office's own store.
    it.office.lock();
    let (person, _) = it.office.status().unwrap().assessors[0];
    let key = slots::unlock(&office, person, COORDINATOR).unwrap().store;
    let twins = tempfile::tempdir().unwrap();
    Store::open(&office, &key).unwrap().export_plain_twins(twins.path()).unwrap();
    assert_eq!(found_below(twins.path()), Vec::<&str>::new(), "in the store");
    let plain = fs::read(twins.path().join("store-twin.db")).unwrap();
    assert!(plain.windows(15).any(|window| window == b"Carol Candidate"), "the office's own roster is there");

    let report = it.world.app.take_answers(&carried.answers).unwrap();
    assert_eq!((report.complete, report.ignored, report.was_whole), (1, 0, Some(true)));
    assert!(matches!(it.place(), Place::InRegister(_)));
}

#[test]
fn the_same_search_finds_all_of_it_in_an_unencrypted_twin() {
    let it = carrying("carry-twin");
    let server = Server::start(it.register.clone());
    let (_network, proxy) = network(&server, "carry-twin");
    proxy.calm();
    proxy.listen();
    it.office.use_register(Some(format!("http://{}", proxy.at)));
    let twin = it.bundle.with_file_name("twin.bundle");
    fs::write(&twin, it.twin()).unwrap();
    let refused = it.office.carry_bundle(&twin, &mut |_| {}).unwrap_err();
    assert!(matches!(refused, Error::Http(HttpError::Fault(Fault::NotABundle))), "{refused:?}");
    assert_eq!(found_in(&proxy.heard()), ["a name", "a note", "a photo"]);
    assert!(!twin.with_extension("answers").exists(), "nothing of it was taken");
    assert_eq!(it.register.log().unwrap().0, 0);
}

#[test]
fn over_a_network_that_fails_it_goes_on_where_it_stood_and_twice_changes_nothing() {
    let it = carrying("carry-cut");
    let server = Server::start(it.register.clone());
    let cut = |request: &str| At::ALL.map(|place| Rule::once(request, Wrong::Cut(place)));
    let rules = [cut("POST /v0/bundles "), cut(CHUNK), cut("PUT /v0/bundles/"), cut("GET /v0/answers/")].concat();
    let cuts = u32::try_from(rules.len()).unwrap();
    let network = Runtime::new().unwrap();
    let to: SocketAddr = server.address.strip_prefix("http://").unwrap().parse().unwrap();
    let line = network.block_on(Line::start(to, rules));
    it.office.use_register(Some(format!("http://{}", line.at)));
    let mut tries = 0;
    let carried = loop {
        tries += 1;
        match it.office.carry_bundle(&it.bundle, &mut |_| {}) {
            Ok(carried) => break carried,
            Err(error) => assert!(tries < cuts, "{error}"),
        }
        assert!(!it.bundle.with_extension("answers").exists(), "no half answers");
    };
    assert_eq!(line.met(), cuts, "each request was cut at each place");
    let size = usize::try_from(fs::metadata(&it.bundle).unwrap().len()).unwrap();
    let sent = line.carried().iter().filter(|one| one.request.starts_with(CHUNK)).map(|one| one.body).sum::<usize>();
    assert!(size <= sent && sent <= size + 6 * limit::CHUNK, "at most a chunk anew for each cut: {sent} of {size}");
    assert_eq!(it.register.log().unwrap().0, 1);

    let (log, answers) = (it.register.log().unwrap(), fs::read(&carried.answers).unwrap());
    let mut sent = Vec::new();
    let again = it.office.carry_bundle(&it.bundle, &mut |progress| sent.push(progress.done)).unwrap();
    assert_eq!(again, carried, "the answers that are there are not written twice");
    assert_eq!(sent, [fs::metadata(&it.bundle).unwrap().len()], "the register has the file");
    assert_eq!(it.register.log().unwrap(), log);
    fs::rename(&carried.answers, carried.answers.with_extension("kept")).unwrap();
    fs::write(&carried.answers, b"something else").unwrap();
    let third = it.office.carry_bundle(&it.bundle, &mut |_| {}).unwrap();
    assert!(third.answers.ends_with("out-2.answers"), "no file takes another one's place: {:?}", third.answers);
    assert_eq!(fs::read(&third.answers).unwrap(), answers);
    assert_eq!(it.world.app.take_answers(&third.answers).unwrap().complete, 1);
}

#[test]
fn a_bundle_that_ends_too_early_is_taken_as_far_as_it_goes() {
    let it = carrying("carry-short");
    let server = Server::start(it.register.clone());
    it.office.use_register(Some(server.address));
    let bytes = fs::read(&it.bundle).unwrap();
    let short = it.bundle.with_file_name("short.bundle");
    fs::write(&short, &bytes[..bytes.len() - 10_000]).unwrap();
    let carried = it.office.carry_bundle(&short, &mut |_| {}).unwrap();
    assert!(!carried.was_whole);
    let report = it.world.app.take_answers(&carried.answers).unwrap();
    assert_eq!((report.held, report.complete, report.was_whole), (1, 0, Some(false)));
    // Whole, it is another file.
    let carried = it.office.carry_bundle(&it.bundle, &mut |_| {}).unwrap();
    assert_eq!(it.world.app.take_answers(&carried.answers).unwrap().complete, 1);
}

#[test]
fn a_bundle_goes_when_all_of_it_is_kept_and_its_answers_stay() {
    let it = carrying("carry-gone");
    let server = Server::start(it.register.clone());
    it.office.use_register(Some(server.address));
    let bytes = fs::read(&it.bundle).unwrap();
    let short = it.bundle.with_file_name("short.bundle");
    fs::write(&short, &bytes[..bytes.len() - 10_000]).unwrap();
    it.office.carry_bundle(&short, &mut |_| {}).unwrap();
    assert_eq!(it.kept(), ["answers", "bundle"], "one that was cut off stays");

    let carried = it.office.carry_bundle(&it.bundle, &mut |_| {}).unwrap();
    assert_eq!(it.kept(), ["answers", "answers", "bundle", "taken"], "all of it is in the book");
    let answers = fs::read(&carried.answers).unwrap();
    fs::remove_file(&carried.answers).unwrap();
    let mut sent = Vec::new();
    let again = it.office.carry_bundle(&it.bundle, &mut |progress| sent.push(progress.done)).unwrap();
    assert_eq!((&again, sent.len()), (&carried, 1), "nothing of it is sent again");
    assert_eq!(fs::read(&again.answers).unwrap(), answers);

    // Answers that somebody cleared away are made again, from the bundle.
    let folder = it.world.folder.path().join("book").join("bundles");
    fs::remove_file(folder.join(format!("{}.answers", digest_of(&answers)))).unwrap();
    fs::remove_file(&carried.answers).unwrap();
    let mut sent = Vec::new();
    let again = it.office.carry_bundle(&it.bundle, &mut |progress| sent.push(progress.done)).unwrap();
    assert!(1 < sent.len(), "it is brought once more: {sent:?}");
    assert_eq!(fs::read(&again.answers).unwrap(), answers);
    assert_eq!(it.world.app.take_answers(&again.answers).unwrap().complete, 1);
}

#[test]
fn a_book_that_was_put_back_has_the_bundle_brought_again() {
    let it = carrying("carry-back");
    let server = Server::start(it.register.clone());
    it.office.use_register(Some(server.address));
    it.office.carry_bundle(&it.bundle, &mut |_| {}).unwrap();
    // The folder stays and the book is the one of before.
    let book = it.world.folder.path().join("book");
    fieldproof_tests::past_the_register(&book, "DELETE FROM bundles");
    fs::remove_file(it.bundle.with_extension("answers")).unwrap();
    let refused = it.office.carry_bundle(&it.bundle, &mut |_| {}).unwrap_err();
    assert!(matches!(refused, Error::Http(HttpError::Fault(Fault::NoSuchRequest))), "{refused:?}");
    it.office.carry_bundle(&it.bundle, &mut |_| {}).unwrap();
    assert_eq!(it.kept(), ["answers", "answers", "forgotten", "taken"]);
}

#[test]
fn only_coordinators_carry_and_what_is_no_bundle_of_this_institution_stays_where_it_is() {
    let it = carrying("carry-rights");
    let server = Server::start(it.register.clone());
    let (_network, proxy) = network(&server, "carry-rights");
    proxy.calm();
    proxy.listen();
    it.office.use_register(Some(format!("http://{}", proxy.at)));
    let refused = it.world.app.carry_bundle(&it.bundle, &mut |_| {}).unwrap_err();
    assert!(matches!(refused, Error::NotAllowed(NotAllowed::NotCoordinator)), "{refused:?}");
    let photo_file = it.bundle.with_file_name("photo.bundle");
    fs::write(&photo_file, photo()).unwrap();
    let refused = it.office.carry_bundle(&photo_file, &mut |_| {}).unwrap_err();
    assert!(matches!(refused, Error::Bundle(BundleError::OtherFile("bundle"))), "{refused:?}");
    let other = carrying("carry-rights-other");
    let refused = it.office.carry_bundle(&other.bundle, &mut |_| {}).unwrap_err();
    assert!(matches!(refused, Error::Invalid(Invalid::BundleOfOthers)), "{refused:?}");
    assert!(proxy.heard().is_empty(), "nobody was asked");

    // An admitted laptop that is no coordinator's is turned away by the register itself.
    it.office.send().unwrap().packs.unwrap();
    let runtime = Runtime::new().unwrap();
    let (person, _) = it.world.app.status().unwrap().assessors[0];
    it.world.app.lock();
    let key = slots::unlock(it.world.app.dir(), person, house::ASSESSOR).unwrap().store;
    let item = fieldproof_store::table::pack_items::PackItem::InstallationKey;
    let seed = Store::open(it.world.app.dir(), &key).unwrap().read(|tx| tx.pack_item(item)).unwrap().unwrap();
    let key = fieldproof_seal::keys::SecretKey::new(&seed.try_into().unwrap());
    let register = HttpRegister::new(&server.address).unwrap().signing_with(key);
    let mut file = fs::File::open(&it.bundle).unwrap();
    let refused = runtime.block_on(register.bring_bundle(&mut file, &mut |_| {})).unwrap_err();
    assert!(matches!(refused, HttpError::Fault(Fault::NotCoordinators)), "{refused:?}");
    let name = digest_of(&fs::read(&it.bundle).unwrap());
    assert!(!it.world.folder.path().join("book").join("bundles").join(format!("{name}.bundle")).exists());
}
