//! The shelf: what was refused is kept with its reason, can be offered again once the institution mended its part, and
//! never goes away; a coordinator sees everybody's, and what is missing, with whose paper is out and whom to call.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests stop where the set-up fails")]

mod common;
mod house;

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use common::{Server, photo};
use fieldproof_api::Api;
use fieldproof_app::{App, Error, Host, Invalid, NotAllowed, Paper, ShelvedBecause, session::Place};
use fieldproof_model::{
    digest::Digest,
    id::{PersonId, SessionId},
    person::{Contact, NotAContact, Person},
};
use fieldproof_register::{Register, back_up, founding::Founding, restore};
use fieldproof_seal::{
    key_set::{KeyRole, KeyState},
    receipt::RefusalReason,
    record::{Record, RecordFile},
};
use fieldproof_store::{Store, slots, table::people::PersonRow};
use fieldproof_sync::HttpError;
use fieldproof_testkit::{TestWorld, storage};
use fieldproof_wire::{
    ChainUpload, Fault, RegisterProtocol,
    bundle::{BundleReader, FrameKind, Head},
};
use serde_json::json;

/// An institution with a coordinator's laptop, its register, and an assessor's laptop that belongs to it.
struct House {
    /// With the assessor's laptop in use.
    world: TestWorld,
    office: App,
    founding: Founding,
    register: Register,
}

fn house(seed: &str) -> House {
    let mut house = house::house(seed);
    house.open();
    let laptop = house.enrolled("laptop");
    let house::House { world, office, founding, register, .. } = house;
    House { world: world.on(laptop), office, founding, register }
}

impl House {
    fn folder(&self) -> PathBuf {
        self.world.folder.path().join("book")
    }

    fn serve(&self) -> Server {
        let server = Server::start(self.register.clone());
        for app in [&self.office, &self.world.app] {
            app.use_register(Some(server.address.clone()));
        }
        server
    }

    /// The register starts again with the next key set, in which the issuing keys have this state.
    fn issuing_keys_are(&mut self, state: KeyState, number: u32) {
        let mut key_set = self.founding.key_set().clone();
        key_set.number = number;
        for key in key_set.keys.iter_mut().filter(|key| key.role == KeyRole::Issuing) {
            key.state = state;
        }
        let book = rusqlite::Connection::open(self.folder().join("register.sqlite")).unwrap();
        book.execute("UPDATE institution SET key_set = ?1", [key_set.sign(self.founding.root())]).unwrap();
        let clock = self.world.host.clone();
        self.register = Register::open(&self.folder(), Arc::new(move || clock.now())).unwrap();
    }

    fn count(&self, table: &str) -> u32 {
        let book = rusqlite::Connection::open(self.folder().join("register.sqlite")).unwrap();
        book.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap()
    }

    /// Seals a passed session with a photo; its certificate is not printed yet.
    fn seal(&self) -> SessionId {
        let id = self.world.start_session();
        self.world.score_everything(id, 6);
        self.world.app.attach_photo(id, None, &photo()).unwrap();
        assert!(self.world.finish(id).sealed.unwrap().row.token.is_some());
        id
    }

    /// The same, and its certificate is printed.
    fn print(&self) -> SessionId {
        let id = self.seal();
        let _opened = self.world.app.open_document(id).unwrap();
        id
    }

    fn place(&self, id: SessionId) -> Place {
        self.world.app.session(id).unwrap().sealed.unwrap().place
    }

    fn file(&self, id: SessionId) -> Vec<u8> {
        self.world.app.session(id).unwrap().sealed.unwrap().row.file
    }

    /// Printed records that the register refuses, because nobody stands by the issuing key for a while.
    fn refused(mut self, count: usize, printed: bool) -> (Self, Vec<SessionId>) {
        let server = self.serve();
        self.office.send().unwrap().packs.unwrap();
        drop(server);
        let ids = (0..count).map(|_| if printed { self.print() } else { self.seal() }).collect();
        self.issuing_keys_are(KeyState::Compromised, 2);
        let server = self.serve();
        let _report = self.world.app.send();
        drop(server);
        self.issuing_keys_are(KeyState::Active, 3);
        let server = self.serve();
        let _learnt = self.world.app.send().unwrap();
        drop(server);
        (self, ids)
    }

    /// Carol, as the office knows her.
    fn carol(&self) -> PersonRow {
        let course = self.office.office().unwrap().courses[0].0.id;
        let mut people = self.office.course_people(course).unwrap().into_iter();
        people.find(|row| row.person.name.as_str() == "Carol Candidate").unwrap()
    }

    fn ask<T>(&self, asked: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(asked)
    }
}

#[test]
fn what_was_refused_is_offered_again_once_the_institution_mended_its_part_and_nothing_is_forgotten() {
    let mut house = house("shelf-again");
    let id = house.print();
    let server = house.serve();
    house.office.send().unwrap().packs.unwrap();
    assert!(matches!(house.world.app.offer_again(id), Err(Error::NotAllowed(NotAllowed::NotRefused))));
    drop(server);
    house.issuing_keys_are(KeyState::Compromised, 2);
    let server = house.serve();
    let _report = house.world.app.send();
    let Place::Refused(first) = house.place(id) else { panic!("{:?}", house.place(id)) };
    assert_eq!(first.reason, RefusalReason::Delegation);
    let own = house.world.app.home().unwrap().shelf;
    assert_eq!((own.len(), own[0].session), (1, Some(id)));
    assert_eq!(own[0].because, ShelvedBecause::Refused(RefusalReason::Delegation));
    assert!(matches!(own[0].paper, Paper::Printed(..)), "the laptop knows that it was printed");
    house.world.host.advance_seconds(3_600);
    let again = house.world.app.offer_again(id).unwrap().sealed.unwrap().place;
    assert_eq!(again, Place::Refused(first), "the same reason is signed once");
    assert_eq!((house.count("refusals"), house.count("later_refusals")), (1, 0));
    drop(server);

    house.issuing_keys_are(KeyState::Active, 3);
    let server = house.serve();
    assert_eq!(house.world.app.send().unwrap().complete, 0, "nobody asked: what was refused is not sent");
    assert!(matches!(house.place(id), Place::Refused(_)));
    let rings = house.world.host.rings();
    let state = house.world.app.offer_again(id).unwrap();
    assert!(matches!(state.sealed.unwrap().place, Place::Held(_)), "accepted; its photo goes by itself");
    assert!(rings < house.world.host.rings());
    assert_eq!(house.world.app.send().unwrap().complete, 1);
    assert!(matches!(house.place(id), Place::InRegister(_)));
    assert_eq!((house.count("refusals"), house.count("records")), (1, 1), "the refusal stays on the shelf");
    assert!(house.world.app.home().unwrap().shelf.is_empty());
    assert!(house.office.shelf().unwrap().rows.is_empty(), "what is in the register is on no list");
    drop(server);
}

#[test]
fn a_coordinator_sees_everybodys_with_whose_paper_is_out_and_nobody_else_does() {
    let mut house = house("shelf-office");
    let server = house.serve();
    house.office.send().unwrap().packs.unwrap();
    assert!(house.office.shelf().unwrap().rows.is_empty());
    let refused = house.print();
    drop(server);
    house.issuing_keys_are(KeyState::Compromised, 2);
    let server = house.serve();
    let _report = house.world.app.send();
    assert!(matches!(house.place(refused), Place::Refused(_)));
    drop(server);
    house.issuing_keys_are(KeyState::Active, 3);
    let server = house.serve();
    let _learnt = house.world.app.send().unwrap();
    drop(server);
    let (held, missing) = (house.seal(), house.seal());
    house.ask(house.register.put_record(&house.file(held))).unwrap();
    let file = RecordFile::parse(&house.file(missing)).unwrap();
    let (record, _) = Record::parse(&file.sealed).unwrap();
    let upload = ChainUpload { delegation: record.delegation, entries: vec![file.sealed] };
    house.ask(house.register.put_chain(&upload)).unwrap();
    let server = house.serve();

    let denied = house.world.app.shelf();
    assert!(matches!(denied, Err(Error::Http(HttpError::Fault(Fault::NotCoordinators)))), "{denied:?}");
    let shelf = house.office.shelf().unwrap();
    assert_eq!((shelf.rows.len(), shelf.left_out, shelf.unreadable), (3, 0, 0));
    let because: Vec<_> = shelf.rows.iter().map(|row| row.because.clone()).collect();
    let all = [
        ShelvedBecause::Refused(RefusalReason::Delegation),
        ShelvedBecause::NotAtRegister,
        ShelvedBecause::EvidenceMissing(1),
    ];
    assert_eq!(because, all);
    for row in &shelf.rows {
        assert_eq!(row.assessor.as_deref(), Some("Alva Assessor"), "whom to ask");
        if matches!(row.because, ShelvedBecause::Refused(_)) {
            assert!(matches!(row.paper, Paper::Printed(..)), "told: {:?}", row.paper);
        } else {
            assert!(matches!(row.paper, Paper::Issued(_)), "what a record says, and no more: {:?}", row.paper);
        }
        assert_eq!((row.contact.as_ref(), row.trainers.len()), (None, usize::from(row.holder.is_some())));
        assert!(row.session.is_none() && !row.is_corrected);
    }
    let names: Vec<_> = shelf.rows.iter().map(|row| row.holder.as_ref().map(|holder| holder.name.as_str())).collect();
    assert_eq!(names, [Some("Carol Candidate"), None, Some("Carol Candidate")], "as far as the register has the part");

    // Everything arrives by itself but what was refused, and a correction of that is told.
    assert_eq!(house.world.app.send().unwrap().complete, 2);
    let rows = house.office.shelf().unwrap().rows;
    assert_eq!((rows.len(), rows[0].is_corrected), (1, false));
    let person = house.world.app.session(refused).unwrap().candidate.person;
    let correction = fieldproof_app::session::Correction {
        name: person.name.as_str().to_owned(),
        birth_year: person.birth_year,
        reason: "Sealed anew: nothing in it was wrong.".to_owned(),
    };
    let _corrected = house.world.app.correct_record(refused, &correction).unwrap();
    assert_eq!(house.world.app.send().unwrap().complete, 1);
    let rows = house.office.shelf().unwrap().rows;
    assert_eq!((rows.len(), rows[0].is_corrected), (1, true), "its paper is still out");

    a_coordinator_alone_says_that_it_is_back(&house, &rows[0]);
    drop(server);
}

fn a_coordinator_alone_says_that_it_is_back(house: &House, row: &fieldproof_app::Shelved) {
    let (since, token) = (row.since, row.token.unwrap());
    let denied = house.world.app.paper_back(token, true);
    assert!(matches!(denied, Err(Error::Http(HttpError::Fault(Fault::NotCoordinators)))), "{denied:?}");
    let back = |token, is_back| house.office.paper_back(token, is_back).map(|shelf| shelf.rows[0].back_at);
    assert!(back(token, true).unwrap().is_some_and(|at| since <= at));
    assert_eq!(back(token, false).unwrap(), None, "it is out after all");
    let unknown = back(Digest::new([1; 32]), true);
    assert!(matches!(unknown, Err(Error::NotAllowed(NotAllowed::PaperUnknown))), "{unknown:?}");
}

#[test]
fn a_paper_that_should_be_confirmed_by_now_is_on_the_laptops_own_list_and_says_what_to_do() {
    let house = house("shelf-overdue");
    let id = house.print();
    assert!(house.world.app.home().unwrap().shelf.is_empty(), "it has time");
    house.world.host.advance_seconds(200 * 86_400);
    let shelf = house.world.app.home().unwrap().shelf;
    assert!(matches!(shelf[..], [ref row] if matches!(row.because, ShelvedBecause::Overdue(_))), "{shelf:?}");
    let House { world, .. } = house;
    let api = Api::new(world.app, None);
    let home = api.call("home", json!({})).unwrap();
    let row = &home["shelf"][0];
    assert_eq!(
        (&row["kind"], &row["paper"], &row["sessionId"]),
        (&json!("overdue"), &json!("printed"), &json!(id.to_string()))
    );
    assert_eq!(row["holder"], "Carol Candidate");
    assert!(row["reason"].as_str().unwrap().contains("its paper says that it should be by"), "{row}");
    assert!(row["mend"].as_str().unwrap().contains("Until then nobody can confirm the paper"), "{row}");
    assert!(row["certificate"].is_string() && row["printedAt"].is_number(), "{row}");
}

const CONTACT: &str = "+358 40 555 0100";

#[test]
fn a_laptop_tells_of_a_paper_before_its_record_once_and_of_none_that_is_in_the_register() {
    let house = house("papers-network");
    let server = house.serve();
    house.office.send().unwrap().packs.unwrap();
    let (_printed, plain) = (house.print(), house.seal());
    let sent = house.world.app.send().unwrap();
    assert_eq!((sent.complete, sent.papers_refused, house.count("papers")), (2, 0, 1));
    assert!(house.office.shelf().unwrap().rows.is_empty(), "with the complete receipt no paper is out");
    house.world.app.open_document(plain).unwrap();
    let (report, _) = house.world.app.send_in_background();
    assert!(report.unwrap().is_ok() && house.count("papers") == 1, "nothing is told of what is in the register");
    drop(server);
}

#[test]
fn a_certificate_that_is_printed_after_its_record_was_refused_is_told_by_itself() {
    let (house, ids) = house("papers-later").refused(1, false);
    let server = house.serve();
    let rows = house.office.shelf().unwrap().rows;
    assert!(matches!(rows[..], [ref row] if matches!(row.paper, Paper::Issued(_))), "{rows:?}");
    let rings = house.world.host.rings();
    let opened = house.world.app.open_document(ids[0]).unwrap();
    assert!(rings < house.world.host.rings());
    let (report, _) = house.world.app.send_in_background();
    assert_eq!(report.unwrap().unwrap().papers_refused, 0);
    let row = house.office.shelf().unwrap().rows.remove(0);
    let at = opened.sealed.unwrap().row.document_opened_at.unwrap();
    assert!(matches!(row.paper, Paper::Printed(_, told) if told == at), "{:?}", row.paper);
    assert_eq!(row.because, ShelvedBecause::Refused(RefusalReason::Delegation));
    let (report, _) = house.world.app.send_in_background();
    assert!(report.is_none(), "it is told once");
    drop(server);
}

#[test]
fn a_paper_that_comes_alone_is_listed_with_whom_to_call_and_overdue_only_behind_its_day() {
    let house = house("papers-stick");
    let server = house.serve();
    house.office.send().unwrap().packs.unwrap();
    let id = house.print();
    let path = house.world.folder.path().join("out.bundle");
    house.world.app.write_bundle(&path, &mut |_| {}).unwrap();
    let bundle = fs::read(path).unwrap();
    let kinds = |bundle: &[u8]| kinds(bundle, &house.founding);
    assert_eq!(kinds(&bundle), [FrameKind::Papers, FrameKind::Chain, FrameKind::Record, FrameKind::Evidence]);
    let cut = (0..bundle.len()).step_by(1_000).find(|cut| kinds(&bundle[..*cut]).len() == 1).unwrap();
    assert!(house.register.take_bundle(&bundle[..cut]).unwrap().broken.is_some(), "the stick breaks off");

    let only = || {
        let mut rows = house.office.shelf().unwrap().rows;
        assert_eq!(rows.len(), 1, "{rows:?}");
        rows.remove(0)
    };
    let row = only();
    let ShelvedBecause::OnItsWay(by) = row.because else { panic!("{:?}", row.because) };
    assert!(matches!(row.paper, Paper::Printed(..)) && row.sealed_at.is_none());
    assert_eq!(row.holder.as_ref().map(|holder| holder.name.as_str()), Some("Carol Candidate"));
    assert_eq!(row.assessor.as_deref(), Some("Alva Assessor"));
    assert_eq!(row.contact, None, "nobody was told how she is reached");
    assert_eq!(
        (row.trainers[0].name.as_str(), row.trainers[0].contact.as_str()),
        ("Trudy Trainer", "trudy@fieldproof.example")
    );

    house.office.set_contact(house.carol().person.id, &format!(" {CONTACT} ")).unwrap();
    assert_eq!(only().contact.unwrap().as_str(), CONTACT);
    let left = i64::from(by.as_days() - house.world.host.now().date().as_days());
    house.world.host.advance_seconds(left * 86_400);
    assert_eq!(only().because, ShelvedBecause::OnItsWay(by), "its last day is not over");
    house.world.host.advance_seconds(86_400);
    assert_eq!(only().because, ShelvedBecause::Overdue(by));
    drop(server);
    assert!(house.register.take_bundle(bundle.as_slice()).unwrap().broken.is_none());
    let server = house.serve();
    assert!(house.office.shelf().unwrap().rows.is_empty(), "everything came");
    assert!(matches!(house.place(id), Place::OnThisLaptop), "its laptop hears of it when the answers come");
    drop(server);
}

/// What a bundle carries, as far as it can be read.
fn kinds(mut bundle: &[u8], founding: &Founding) -> Vec<FrameKind> {
    let key = &founding.material().decryption_keys[0];
    let Ok(mut reader) = Head::read(&mut bundle).and_then(|head| BundleReader::open(bundle, &head, key)) else {
        return Vec::new();
    };
    std::iter::from_fn(|| reader.next_frame().ok().flatten().map(|frame| frame.kind)).collect()
}

#[test]
fn a_missing_record_whose_paper_is_out_is_named_by_the_part_that_came_with_it() {
    let (house, ids) = house("papers-missing").refused(1, true);
    let book = rusqlite::Connection::open(house.folder().join("register.sqlite")).unwrap();
    // As if it had never come: its chain says that it was sealed.
    book.execute_batch("DELETE FROM later_refusals; DELETE FROM refusals;").unwrap();
    let server = house.serve();
    house.office.set_contact(house.carol().person.id, CONTACT).unwrap();
    let row = house.office.shelf().unwrap().rows.remove(0);
    assert_eq!(row.because, ShelvedBecause::NotAtRegister);
    assert_eq!(row.holder.as_ref().map(|holder| holder.name.as_str()), Some("Carol Candidate"));
    assert_eq!(row.contact.as_ref().map(Contact::as_str), Some(CONTACT));
    assert!(matches!(row.paper, Paper::Printed(..)));

    // A part that is not the sealed one names nobody; then the signed token does.
    book.execute_batch("UPDATE papers SET person = x'80'").unwrap();
    let row = house.office.shelf().unwrap().rows.remove(0);
    assert_eq!(row.holder.as_ref().map(|holder| holder.name.as_str()), Some("Carol Candidate"));
    assert_eq!(row.contact.as_ref().map(Contact::as_str), Some(CONTACT), "there is one Carol");
    let namesake = Person { id: PersonId::new([99; 16]), ..house.carol().person };
    house.office.set_course(&house.office.office().unwrap().courses[0].0, &[namesake]).unwrap();
    let row = house.office.shelf().unwrap().rows.remove(0);
    assert_eq!(row.contact, None, "of two nobody knows which");
    assert!(matches!(house.place(ids[0]), Place::Refused(_)));
    drop(server);
}

#[test]
fn a_register_that_mixes_papers_up_makes_none_of_them_printed() {
    let (house, _) = house("papers-mixed").refused(2, true);
    let server = house.serve();
    let printed = |paper: &Paper| matches!(paper, Paper::Printed(..));
    let rows = house.office.shelf().unwrap().rows;
    assert_eq!(rows.iter().filter(|row| printed(&row.paper)).count(), 2);
    let book = rusqlite::Connection::open(house.folder().join("register.sqlite")).unwrap();
    let mix = "CREATE TEMP TABLE mixed AS SELECT a.token_digest AS token, b.record_digest AS record
               FROM papers a JOIN papers b ON a.token_digest <> b.token_digest;
               UPDATE papers SET record_digest = (SELECT record FROM mixed WHERE token = token_digest);";
    book.execute_batch(mix).unwrap();
    let rows = house.office.shelf().unwrap().rows;
    assert_eq!(rows.len(), 2);
    assert!(rows.iter().all(|row| matches!(row.paper, Paper::Issued(_))), "each token names the other record");
    drop(server);
}

#[test]
fn a_restored_register_is_told_of_papers_again() {
    let house = house("papers-restored");
    let server = house.serve();
    house.office.send().unwrap().packs.unwrap();
    let backup = house.world.folder.path().join("book.backup");
    back_up(&house.folder(), &backup).unwrap();
    drop(server);
    let (mut house, _) = house.refused(1, true);
    let _later = house.print();
    let server = house.serve();
    assert_eq!((house.world.app.send().unwrap().complete, house.count("papers")), (1, 2));
    drop(server);
    fs::remove_dir_all(house.folder()).unwrap();
    restore(&backup, &house.folder(), &storage::chosen()).unwrap();
    assert_eq!(house.count("papers"), 0);
    house.issuing_keys_are(KeyState::Active, 3);
    let server = house.serve();
    let sent = house.world.app.send().unwrap();
    assert!(sent.epoch.is_new && sent.epoch.given_back == 1, "{:?}", sent.epoch);
    assert_eq!(house.count("papers"), 2, "of the one that goes back, too: it might be refused now");
    let rows = house.office.shelf().unwrap().rows;
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].because, ShelvedBecause::NotAtRegister, "refusals do not come back, papers do");
    assert!(matches!(rows[0].paper, Paper::Printed(..)));
    drop(server);
}

/// Whatever somebody's errand is after it was restored: it is shown first what it signed.
#[test]
fn offering_again_lets_a_restored_register_give_out_no_place_a_second_time() {
    let (mut house, refused) = house("shelf-restored").refused(1, false);
    let backup = house.world.folder.path().join("book.backup");
    back_up(&house.folder(), &backup).unwrap();
    let lost = house.seal();
    let server = house.serve();
    assert_eq!(house.world.app.send().unwrap().complete, 1);
    let Place::InRegister(before) = house.place(lost) else { panic!("{:?}", house.place(lost)) };
    drop(server);
    fs::remove_dir_all(house.folder()).unwrap();
    restore(&backup, &house.folder(), &storage::chosen()).unwrap();
    house.issuing_keys_are(KeyState::Active, 3);
    let server = house.serve();
    let offered = house.world.app.offer_again(refused[0]).unwrap().sealed.unwrap().place;
    let Place::Held(receipt) = offered else { panic!("{offered:?}") };
    let numbers = [(before.epoch, before.log_index), (receipt.epoch, receipt.log_index)];
    assert_eq!(numbers, [(1, 1), (2, 1)], "the place is counted in another epoch");
    assert!(matches!(house.place(lost), Place::LostThere(_)));
    let sent = house.world.app.send().unwrap();
    assert_eq!((sent.complete, sent.epoch.given_back, sent.epoch.is_new), (1, 1, false));
    drop(server);
}

/// Whether a text stands in any file below a folder.
fn stands_in(folder: &Path, text: &str) -> bool {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).any(|path| {
        if path.is_dir() {
            return stands_in(&path, text);
        }
        fs::read(path).unwrap().windows(text.len()).any(|window| window == text.as_bytes())
    })
}

/// Whether it stands in the store of a laptop once that is not encrypted.
fn stands_in_store(world: &TestWorld, laptop: &str, passphrase: &str, text: &str) -> bool {
    let folder = world.folder.path().join("house").join(laptop);
    assert!(!stands_in(&folder, text), "it lies in clear on {laptop}");
    let (person, _) = slots::list(&folder).unwrap().into_iter().next().unwrap();
    let store = Store::open(&folder, &slots::unlock(&folder, person, passphrase).unwrap().store).unwrap();
    let twins = tempfile::tempdir().unwrap();
    store.export_plain_twins(twins.path()).unwrap();
    stands_in(twins.path(), text)
}

#[test]
fn a_contact_stays_in_the_office_and_leaves_with_its_person() {
    let house = house("papers-contact");
    let carol = house.carol().person.id;
    let wrong = house.office.set_contact(carol, "040\n555");
    assert!(matches!(wrong, Err(Error::Invalid(Invalid::Contact(NotAContact::ControlCharacter)))), "{wrong:?}");
    let denied = house.world.app.set_contact(carol, CONTACT);
    assert!(matches!(denied, Err(Error::NotAllowed(NotAllowed::NotCoordinator))), "{denied:?}");
    house.office.set_contact(carol, CONTACT).unwrap();
    // Whatever goes out of the office now knows nothing of it.
    house.office.set_register("http://127.0.0.1:1", None).unwrap();
    let server = house.serve();
    house.office.send().unwrap().packs.unwrap();
    let id = house.print();
    house.world.app.send().unwrap();
    assert!(matches!(house.place(id), Place::InRegister(_)));
    drop(server);
    assert!(stands_in_store(&house.world, "office", house::COORDINATOR, CONTACT), "the search finds it where it is");
    assert!(!stands_in_store(&house.world, "laptop", house::ASSESSOR, CONTACT));
    assert!(!stands_in(&house.folder(), CONTACT), "the register never hears of it");

    // A laptop that is no coordinator's keeps none, wherever it had it from.
    let folder = house.world.folder.path().join("house").join("laptop");
    let (person, _) = slots::list(&folder).unwrap().into_iter().next().unwrap();
    let store = Store::open(&folder, &slots::unlock(&folder, person, house::ASSESSOR).unwrap().store).unwrap();
    let contact = Contact::parse(CONTACT).unwrap();
    store.write(|tx| tx.set_contact(carol, contact.as_ref())).unwrap();
    let request = house.world.app.request().unwrap();
    let stick = house.world.folder.path().join("stick");
    house.office.set_register("http://127.0.0.1:2", None).unwrap();
    let pack = fs::read(house.office.write_pack(&request.request.installation, &stick).unwrap()).unwrap();
    house.world.app.take_pack(&pack, None).unwrap();
    assert_eq!(store.read(|tx| tx.person(carol)).unwrap().unwrap().contact, None);

    let exported = house.office.export_person(carol, &stick).unwrap();
    let mut zip = zip::ZipArchive::new(fs::File::open(exported).unwrap()).unwrap();
    for (name, text) in
        [("index.html", format!("Contact: {CONTACT}")), ("data.json", format!("\"contact\": \"{CONTACT}\""))]
    {
        let mut read = String::new();
        std::io::Read::read_to_string(&mut zip.by_name(name).unwrap(), &mut read).unwrap();
        assert!(read.contains(&text), "{name} tells it");
    }
    house.office.set_contact(carol, "  ").unwrap();
    assert_eq!(house.carol().contact, None, "an empty one forgets it");
}
