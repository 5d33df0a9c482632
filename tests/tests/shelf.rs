//! The shelf: what was refused is kept with its reason, can be offered again once the institution mended its part, and
//! never goes away; a coordinator sees everybody's, and what is missing, with whose paper may be out.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests stop where the set-up fails")]

mod common;
mod house;

use std::{path::PathBuf, sync::Arc};

use common::{Server, photo};
use fieldproof_api::Api;
use fieldproof_app::{App, Error, Host, NotAllowed, Paper, ShelvedBecause, session::Place};
use fieldproof_model::id::SessionId;
use fieldproof_register::{Register, founding::Founding};
use fieldproof_seal::{
    key_set::{KeyRole, KeyState},
    receipt::RefusalReason,
    record::{Record, RecordFile},
};
use fieldproof_sync::HttpError;
use fieldproof_testkit::TestWorld;
use fieldproof_wire::{ChainUpload, Fault, RegisterProtocol};
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

    /// Seals a passed session with a photo; its certificate is printed.
    fn print(&self) -> SessionId {
        let id = self.world.start_session();
        self.world.score_everything(id, 6);
        self.world.app.attach_photo(id, None, &photo()).unwrap();
        assert!(self.world.finish(id).sealed.unwrap().row.token.is_some());
        let _opened = self.world.app.open_document(id).unwrap();
        id
    }

    fn place(&self, id: SessionId) -> Place {
        self.world.app.session(id).unwrap().sealed.unwrap().place
    }

    fn file(&self, id: SessionId) -> Vec<u8> {
        self.world.app.session(id).unwrap().sealed.unwrap().row.file
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
fn a_coordinator_sees_everybodys_with_whose_paper_may_be_out_and_nobody_else_does() {
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
    let (held, missing) = (house.print(), house.print());
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
        assert!(matches!(row.paper, Paper::MayBeOut(_)), "what a record says, and no more: {:?}", row.paper);
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
    drop(server);
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
