//! From two empty folders to a complete receipt, with no demonstration data: an institution is founded, a new laptop
//! asks, a coordinator answers, and what the laptop seals is in the register.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests stop where the set-up fails")]

mod common;
mod house;

use std::{collections::BTreeSet, fs, sync::Arc};

use common::{Server, photo};
use fieldproof_app::{Error, Host, Invalid, NewGrant, NotAllowed, PackProblem, session::Place};
use fieldproof_model::{id::SchemeId, time::Date};
use fieldproof_register::{Register, back_up, restore};
use fieldproof_seal::{request::SignedRequest, snapshot::Ended};
use fieldproof_sync::{HttpError, SendError};
use fieldproof_testkit::{HV_ISOLATION, MORNING, storage};
use house::{ASSESSOR, House, app, house};

#[test]
fn a_new_laptop_asks_over_the_network_and_its_record_is_in_the_register() {
    let mut house = house("network");
    house.open();
    let server = Server::start(house.register.clone());
    house.office.set_register(&server.address, None).unwrap();
    house.office.send().unwrap().packs.unwrap();

    let laptop = house.laptop("laptop");
    assert!(laptop.fetch_pack(&server.address).unwrap().is_none(), "nobody has answered yet");
    let asked = laptop.ask_register(&server.address).unwrap();
    let waiting = house.office.waiting_requests().unwrap();
    assert_eq!(waiting, std::slice::from_ref(&asked));
    assert_eq!(waiting[0].code(), asked.code(), "the two read the same code to each other");
    house.office.admit(&waiting[0], &[house.grant(house.schemes[0])]).unwrap();
    assert_eq!(house.office.send().unwrap().packs.unwrap().brought, 1);
    assert!(house.office.waiting_requests().unwrap().is_empty(), "it was answered");

    let pack = laptop.fetch_pack(&server.address).unwrap().unwrap();
    let preview = laptop.look_at_pack(&pack).unwrap();
    assert_eq!((preview.institution.as_str(), preview.is_known, preview.number), ("Founded Institute", false, 1));
    assert_eq!(preview.code, house.code());
    laptop.take_pack(&pack, Some(&preview.code.to_lowercase())).unwrap();

    let world = house.world.on(laptop);
    let id = world.start_session();
    world.score_everything(id, 6);
    world.app.attach_photo(id, None, &photo()).unwrap();
    let state = world.finish(id);
    assert!(state.sealed.as_ref().unwrap().row.token.is_some(), "certified on site");
    let report = world.app.send().unwrap();
    assert_eq!((report.complete, report.packs.unwrap().taken), (1, None));
    assert!(matches!(world.app.session(id).unwrap().sealed.unwrap().place, Place::InRegister(_)));
    assert_eq!(house.register.log().unwrap().0, 1);
}

/// The laptop that asks knows nothing of the server; what it asks and gets is held to the codes.
#[test]
fn over_tls_the_pack_says_by_which_key_the_register_is_known() {
    let mut house = house("tls");
    house.open();
    let server = Server::start_tls(house.register.clone());
    house.office.set_register(&server.address, None).unwrap();
    let laptop = house.laptop("laptop");
    let asked = laptop.ask_register(&server.address).unwrap();
    assert_eq!(house.office.waiting_requests().unwrap(), std::slice::from_ref(&asked));
    house.office.admit(&asked, &[house.grant(house.schemes[0])]).unwrap();
    house.office.send().unwrap().packs.unwrap();
    let pack = laptop.fetch_pack(&server.address).unwrap().unwrap();
    laptop.take_pack(&pack, Some(&house.code())).unwrap();
    assert_eq!(laptop.send().unwrap().packs.unwrap().taken, None);

    // Somebody else's server at the same name: nothing is sent to it, and nobody takes it for a forgery of records.
    let other = house::house("tls-other");
    let stranger = Server::start_tls(other.register);
    laptop.use_register(Some(stranger.address));
    let refused = laptop.send();
    assert!(matches!(refused, Err(Error::Send(SendError::Register(HttpError::OtherServer)))), "{refused:?}");
    // In clear only on this machine.
    let refused = house.office.set_register("http://register.example", None);
    assert!(matches!(refused, Err(Error::Address(_))), "{refused:?}");
}

#[test]
fn a_pack_comes_by_stick_and_only_with_the_code_of_its_institution() {
    let mut house = house("stick");
    house.open();
    let laptop = house.laptop("laptop");
    let path = laptop.write_request(&house.stick()).unwrap();
    assert!(!path.to_string_lossy().contains("Alva"), "no name on the outside of a stick");
    let request = SignedRequest::parse(&fs::read(path).unwrap()).unwrap();
    house.office.admit(&request, &[house.grant(house.schemes[0])]).unwrap();
    let pack = house.pack(&request.request.installation);
    for name in ["Alva", "Carol", "Founded", "Test course"] {
        assert!(!pack.windows(name.len()).any(|bytes| bytes == name.as_bytes()), "{name} in clear");
    }

    let refused = |pack: &[u8], code: Option<&str>| match laptop.take_pack(pack, code) {
        Err(Error::Invalid(invalid)) => invalid,
        other => panic!("{other:?}"),
    };
    assert_eq!(refused(&pack, None), Invalid::InstitutionCode);
    assert_eq!(refused(&pack, Some("7K3M-9QTR-2XWD")), Invalid::InstitutionCode);
    assert_eq!(refused(&pack[..pack.len() - 1], Some(&house.code())), Invalid::Pack(PackProblem::Shut));
    assert!(laptop.status().unwrap().institution.is_none(), "nothing was taken");
    laptop.take_pack(&pack, Some(&house.code())).unwrap();
    laptop.take_pack(&pack, None).unwrap();
    assert_eq!(laptop.status().unwrap().institution.as_deref(), Some("Founded Institute"));
    let home = laptop.home().unwrap();
    assert_eq!((home.schemes.len(), home.courses.len(), home.people.len()), (1, 1, 3));
    assert_eq!(laptop.access().unwrap().recovery.len(), 0, "the institution names no recovery key");

    // Another laptop's pack, and another institution's, are not taken.
    let other = house.laptop("other");
    assert!(matches!(
        other.take_pack(&pack, Some(&house.code())),
        Err(Error::Invalid(Invalid::Pack(PackProblem::Shut)))
    ));
    let mut second = house::house("stick-other");
    second.open();
    second.office.admit(&request, &[second.grant(second.schemes[0])]).unwrap();
    let foreign = second.pack(&request.request.installation);
    assert_eq!(refused(&foreign, Some(&second.code())), Invalid::Pack(PackProblem::OtherInstitution));
}

#[test]
fn what_the_coordinator_changes_comes_with_the_next_pack() {
    let mut house = house("changes");
    house.open();
    let laptop = house.enrolled("laptop");
    let installation = laptop.request().unwrap().request.installation;
    let number = || {
        let members = house.office.office().unwrap().members;
        members.iter().find(|m| m.request.request.installation == installation).unwrap().pack.unwrap().0
    };
    let first = house.pack(&installation);
    assert_eq!(number(), 1);
    // What does not concern the laptop makes no pack.
    house.office.set_course(&house.world.usual_course(house.schemes[1]), &[]).unwrap();
    assert_eq!(number(), 1);

    // Extended to a second scheme: its scheme and course come along.
    let request = laptop.request().unwrap();
    house.office.admit(&request, &[house.grant(house.schemes[1])]).unwrap();
    assert_eq!(number(), 2);
    laptop.take_pack(&house.pack(&installation), None).unwrap();
    assert_eq!((laptop.home().unwrap().schemes.len(), laptop.home().unwrap().courses.len()), (2, 2));
    let older = laptop.take_pack(&first, None);
    assert!(matches!(older, Err(Error::Invalid(Invalid::Pack(PackProblem::Older)))), "{older:?}");

    // Ended: nobody opens a session under it any more, and the register's list says so.
    let members = house.office.office().unwrap().members;
    let member = members.iter().find(|m| m.request.request.installation == installation).unwrap();
    let (digest, ..) = *member.delegations.iter().find(|(_, d, _)| d.scheme == house.schemes[0]).unwrap();
    house.office.end_delegation(&digest, Ended::Retired).unwrap();
    laptop.take_pack(&house.pack(&installation), None).unwrap();
    let server = Server::start(house.register.clone());
    house.office.set_register(&server.address, None).unwrap();
    house.office.send().unwrap().packs.unwrap();
    drop(house.office.send().unwrap());
    let listed = house.office.trust_file().unwrap().open().unwrap().snapshot.unwrap();
    let ended: Vec<_> = listed.delegations.values().filter_map(|delegated| delegated.ended).collect();
    assert_eq!(ended, [(Ended::Retired, MORNING.date())]);

    let world = house.world.on(laptop);
    let id = world.start_session();
    world.score_everything(id, 6);
    let sealed = world.finish(id).sealed.unwrap();
    assert!(sealed.row.token.is_none(), "a certificate needs a delegation that covers the day");
}

#[test]
fn what_was_changed_is_changed_back_and_what_was_ended_stays_ended() {
    let mut house = house("back");
    house.open();
    let laptop = house.enrolled("laptop");
    let request = laptop.request().unwrap();
    let first = house.grant(house.schemes[0]);
    let longer = NewGrant { last: first.last.days_later(30), ..first.clone() };
    let newest = || {
        let members = house.office.office().unwrap().members;
        let member = members.into_iter().find(|member| member.request.request.key == request.request.key).unwrap();
        member.delegations.last().map(|(digest, delegation, _)| (*digest, delegation.not_after)).unwrap()
    };
    house.office.admit(&request, std::slice::from_ref(&longer)).unwrap();
    assert_eq!(newest().1, longer.last);
    house.office.admit(&request, std::slice::from_ref(&first)).unwrap();
    assert_eq!(newest().1, first.last, "word for word what it was before, and the newest all the same");

    house.office.end_delegation(&newest().0, Ended::Retired).unwrap();
    let again = house.office.admit(&request, &[first]);
    assert!(matches!(again, Err(Error::Invalid(Invalid::GrantEnded))), "{again:?}");
    house.office.admit(&request, std::slice::from_ref(&longer)).unwrap();
    assert_eq!(newest().1, longer.last);
}

#[test]
fn only_a_coordinator_keeps_the_book_and_a_grant_has_to_make_sense() {
    let mut house = house("rights");
    house.open();
    let laptop = house.enrolled("laptop");
    let request = laptop.request().unwrap();
    let refused = [
        laptop.office().map(|_| ()),
        laptop.admit(&request, &[]),
        laptop.publish_scheme(HV_ISOLATION.0, HV_ISOLATION.1).map(|_| ()),
        laptop.set_register("http://127.0.0.1:1", None),
        laptop.end_delegation(&fieldproof_seal::digest_of(b"none"), Ended::Retired),
        laptop.write_pack(&request.request.installation, &house.stick()).map(|_| ()),
    ];
    for (number, refused) in refused.into_iter().enumerate() {
        assert!(matches!(refused, Err(Error::NotAllowed(NotAllowed::NotCoordinator))), "{number}: {refused:?}");
    }
    assert!(house.office.is_coordinator() && !laptop.is_coordinator());
    let good = house.grant(house.schemes[0]);
    let yesterday = Date::from_days(good.first.as_days() - 1);
    for bad in [NewGrant { roles: BTreeSet::new(), ..good.clone() }, NewGrant { last: yesterday, ..good.clone() }] {
        let refused = house.office.admit(&request, &[bad]);
        assert!(matches!(refused, Err(Error::Invalid(Invalid::Grant))), "{refused:?}");
    }
    let unknown = NewGrant { scheme: SchemeId::new([9; 16]), ..good };
    assert!(matches!(house.office.admit(&request, &[unknown]), Err(Error::NotFound(_))));
    // A folder with a laptop in it is not begun anew.
    let again = laptop.begin("Somebody Else", None, ASSESSOR);
    assert!(matches!(again, Err(Error::NotAllowed(NotAllowed::NotNew))), "{again:?}");
    // One that nobody can open any more, such as a beginning that was cut off, is set aside and kept.
    let cut_off = house.laptop("cut-off");
    let folder = cut_off.dir().to_owned();
    drop(cut_off);
    for slots in ["slots.json", "slots-copy.json"] {
        fs::remove_file(folder.join(slots)).unwrap();
    }
    let anew = house.laptop("cut-off");
    assert_eq!(anew.home().unwrap().assessor.1, "Alva Assessor");
    let aside = fs::read_dir(folder.parent().unwrap()).unwrap().map(|entry| entry.unwrap().path());
    let aside: Vec<_> = aside.filter(|path| path.to_string_lossy().contains("before-begin")).collect();
    assert!(aside.len() == 1 && aside[0].join("store.db").exists(), "{aside:?}");
    let weak = app(house.world.folder.path(), "weak", &house.world.host).begin("Somebody Else", None, "password");
    assert!(matches!(weak, Err(Error::Invalid(Invalid::Passphrase(_)))), "{weak:?}");
}

#[test]
fn the_register_takes_no_pack_that_the_institution_did_not_sign() {
    let mut ours = house("register");
    ours.open();
    let mut theirs = house("register-other");
    theirs.open();
    let server = Server::start(ours.register.clone());
    let laptop = theirs.laptop("laptop");
    theirs.office.admit(&laptop.request().unwrap(), &[theirs.grant(theirs.schemes[0])]).unwrap();
    theirs.office.set_register(&server.address, None).unwrap();
    let refused = theirs.office.send();
    assert!(refused.is_err(), "another institution's register");
    assert!(laptop.fetch_pack(&server.address).unwrap().is_none());
}

/// The backup knows neither the laptop nor its pack: its own coordinator's laptop has both.
#[test]
fn a_register_restored_to_before_a_laptop_knows_it_again_once_the_coordinator_has_sent() {
    let mut house = house("restored");
    house.open();
    let server = Server::start(house.register.clone());
    house.office.set_register(&server.address, None).unwrap();
    house.office.send().unwrap().packs.unwrap();
    let [book, backup] = ["book", "backup"].map(|name| house.world.folder.path().join(name));
    back_up(&book, &backup).unwrap();
    let laptop = house.enrolled("laptop");
    assert_eq!(house.office.send().unwrap().packs.unwrap().brought, 1);
    laptop.use_register(Some(server.address.clone()));
    let House { world, office, register, schemes, .. } = house;
    let world = world.on(laptop);
    let seal = || {
        let id = world.start_session();
        world.score_everything(id, 6);
        (id, world.finish(id).sealed.unwrap().row.digest)
    };
    let (before, record) = seal();
    assert_eq!(world.app.send().unwrap().complete, 1);
    let receipt = world.app.receipt(record).unwrap();
    drop((server, register));

    fs::remove_dir_all(&book).unwrap();
    restore(&backup, &book, &storage::chosen()).unwrap();
    let clock = world.host.clone();
    let register = Register::open(&book, Arc::new(move || clock.now())).unwrap();
    let server = Server::start(register.clone());
    office.use_register(Some(server.address.clone()));
    world.app.use_register(Some(server.address.clone()));
    let (after, _) = seal();
    let report = world.app.send().unwrap();
    assert_eq!(
        (report.epoch.epoch, report.epoch.lost, report.epoch.given_back),
        (2, 1, 0),
        "it could show what it has"
    );
    assert_eq!((report.complete, report.failed.len()), (0, 2), "kept, and said why");
    for (_, error) in &report.failed {
        let view = fieldproof_api::error::view(error);
        assert!(view.next.contains("once the coordinator has sent"), "{view:?}");
    }
    assert!(matches!(world.app.session(before).unwrap().sealed.unwrap().place, Place::LostThere(_)));

    let report = office.send().unwrap();
    assert!(report.epoch.is_new && 1 <= report.packs.unwrap().brought, "every pack is brought again");
    let report = world.app.send().unwrap();
    assert_eq!((report.complete, report.epoch.lost, report.epoch.given_back), (1, 1, 1), "{report:?}");
    for id in [before, after] {
        assert!(matches!(world.app.session(id).unwrap().sealed.unwrap().place, Place::InRegister(_)));
    }
    assert_eq!(world.app.receipt(record).unwrap(), receipt);
    assert_eq!((register.log().unwrap().0, schemes.len()), (2, 2));
    drop(server);
}
