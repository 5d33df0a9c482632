//! A second coordinator's laptop, and the key sets that follow the first: the root adds its key, it enrols people of its
//! own, two offices do not take each other's laptops away unnoticed, and a first key that is lost leaves what is listed.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests stop where the set-up fails")]

mod house;

use std::{fs, path::Path};

use fieldproof_api::Api;
use fieldproof_app::{App, Error, NewGrant, PackProblem, session::Place};
use fieldproof_model::id::SessionId;
use fieldproof_register::{
    NewKeys, RegisterError,
    succession::{Change, Successor, succeed},
    take_key_set,
};
use fieldproof_seal::{
    key_set::{KeyRole, KeySet, KeyState},
    keys::{PublicKey, SecretKey},
    trust::TrustFile,
};
use fieldproof_sync::HttpError;
use fieldproof_testkit::{HV_ISOLATION, LIVE_WORK, MORNING, TestWorld, seeded};
use fieldproof_tests::Server;
use fieldproof_wire::Fault;
use house::{COORDINATOR, House, app, house};
use serde_json::json;

/// What the root signs next.
fn next(house: &House, before: &KeySet, change: Change) -> (Vec<u8>, Successor) {
    let next = succeed(before, change, MORNING, &mut seeded(&format!("key set {}", before.number + 1))).unwrap();
    (next.key_set.sign(house.founding.root()), next)
}

fn key_set(house: &House) -> KeySet {
    house.register.key_set().clone()
}

/// A house with a second coordinator's laptop that has its pack; the register knows it and answers.
fn two_offices(seed: &str) -> (House, App, Server) {
    let mut house = house(seed);
    house.open();
    let second = app(house.world.folder.path(), "office-2", &house.world.host);
    second.begin("Cora Coordinator", Some(1975), COORDINATOR).unwrap();
    let request = second.request().unwrap();
    let (signed, _) = next(&house, &key_set(&house), Change::AddIssuing(request.request.key));
    let house = house.renewed(&signed, &NewKeys::default());
    let server = Server::start(house.register.clone());
    house.office.set_register(&server.address, None).unwrap();
    // The key set comes with the greeting; only then does the first office know whom it admits.
    house.office.send().unwrap().packs.unwrap();
    house.office.admit(&request, &[]).unwrap();
    second.take_pack(&house.pack(&request.request.installation), Some(&house.code())).unwrap();
    house.office.send().unwrap().packs.unwrap();
    (house, second, server)
}

fn stick(house: &House, office: &App, installation: &PublicKey) -> Vec<u8> {
    fs::read(office.write_pack(installation, &house.stick()).unwrap()).unwrap()
}

/// Somebody enrolled by that office over a stick.
fn enrolled(house: &House, office: &App, name: &str, grants: &[NewGrant]) -> App {
    let laptop = house.laptop(name);
    let request = laptop.request().unwrap();
    office.admit(&request, grants).unwrap();
    laptop.take_pack(&stick(house, office, &request.request.installation), Some(&house.code())).unwrap();
    laptop
}

fn seal(world: &TestWorld) -> SessionId {
    let id = world.start_session();
    world.score_everything(id, 6);
    assert!(world.finish(id).sealed.is_some());
    id
}

fn is_in_register(world: &TestWorld, id: SessionId) -> bool {
    matches!(world.app.session(id).unwrap().sealed.unwrap().place, Place::InRegister(_))
}

#[test]
fn the_root_adds_a_coordinator_who_enrols_people_and_the_first_one_s_packs_still_work() {
    let (house, second, server) = two_offices("second-office");
    assert!(house.office.is_coordinator() && second.is_coordinator());
    let book = second.office().unwrap();
    assert_eq!((book.schemes.len(), book.courses.len(), book.members.len()), (2, 1, 0), "its own book begins");
    assert_eq!(second.home().unwrap().people.len(), 3, "it knows the people of the roster");

    let grant = house.grant(house.schemes[0]);
    let alva = enrolled(&house, &house.office, "laptop-1", std::slice::from_ref(&grant));
    let berta = enrolled(&house, &second, "laptop-2", std::slice::from_ref(&grant));
    assert_eq!(second.office().unwrap().members.len(), 2, "its own laptop and hers");
    house.office.send().unwrap().packs.unwrap();
    assert!(0 < second.send().unwrap().packs.unwrap().brought);
    assert!(second.waiting_requests().unwrap().is_empty(), "the register tells a coordinator's laptop");
    for (laptop, other) in [(&alva, &house.office), (&berta, &second)] {
        let installation = laptop.request().unwrap().request.installation;
        other.admit(&laptop.request().unwrap(), &[house.grant(house.schemes[1])]).unwrap();
        laptop.take_pack(&stick(&house, other, &installation), None).unwrap();
        assert_eq!(laptop.home().unwrap().schemes.len(), 2);
        assert_eq!(other.send().unwrap().packs.unwrap().brought, 1);
    }
    let House { world, register, .. } = house;
    let world = world.on(berta);
    let id = seal(&world);
    world.app.use_register(Some(server.address));
    assert_eq!(world.app.send().unwrap().complete, 1);
    assert!(is_in_register(&world, id));
    assert_eq!(register.log().unwrap().0, 1);
}

#[test]
fn an_office_that_was_passed_over_stands_back_until_somebody_there_admits_again() {
    let (house, second, _server) = two_offices("passed-over");
    let grant = house.grant(house.schemes[0]);
    let alva = enrolled(&house, &house.office, "laptop-1", std::slice::from_ref(&grant));
    let installation = alva.request().unwrap().request.installation;
    house.office.send().unwrap().packs.unwrap();
    let pack = |office: &App| {
        let members = office.office().unwrap().members;
        let member = members.into_iter().find(|member| member.request.request.installation == installation).unwrap();
        (member.pack.unwrap(), member.other_office)
    };
    assert_eq!(pack(&house.office), ((1, true), None));

    // The second office takes her over; her request says which pack she holds.
    second.admit(&alva.request().unwrap(), std::slice::from_ref(&grant)).unwrap();
    assert_eq!(pack(&second), ((2, false), None));
    second.send().unwrap().packs.unwrap();
    // The first one, who does not know, changes something that concerns her: nothing is taken away unnoticed.
    house.office.admit(&alva.request().unwrap(), &[house.grant(house.schemes[1])]).unwrap();
    assert_eq!(pack(&house.office), ((2, false), None), "the same number, made by two");
    house.office.send().unwrap().packs.unwrap();
    assert_eq!(pack(&house.office), ((2, false), Some(2)), "it learns that it was passed over");
    alva.take_pack(&stick(&house, &second, &installation), None).unwrap();
    house.office.publish_scheme(LIVE_WORK.0, LIVE_WORK.1).unwrap();
    assert_eq!(house.office.send().unwrap().packs.unwrap().brought, 0, "and stands back");

    house.office.admit(&alva.request().unwrap(), &[]).unwrap();
    assert_eq!(pack(&house.office), ((4, false), None), "until somebody admits her again");
    assert!(0 < house.office.send().unwrap().packs.unwrap().brought);
    alva.take_pack(&stick(&house, &house.office, &installation), None).unwrap();
    assert_eq!(alva.pack_number().unwrap(), 4);
}

#[test]
fn a_first_key_that_is_lost_leaves_what_the_register_held_and_the_second_goes_on() {
    let (house, second, server) = two_offices("lost-key");
    let grant = house.grant(house.schemes[0]);
    let alva = enrolled(&house, &house.office, "laptop-1", std::slice::from_ref(&grant));
    let berta = enrolled(&house, &second, "laptop-2", std::slice::from_ref(&grant));
    house.office.send().unwrap().packs.unwrap();
    second.send().unwrap().packs.unwrap();
    let House { world, office, register, founding, schemes } = house;
    let world = world.on(alva);
    let sealed = seal(&world);
    world.app.use_register(Some(server.address.clone()));
    assert_eq!(world.app.send().unwrap().complete, 1);
    drop(server);

    let lost = office.request().unwrap().request.key;
    let house = House { world, office, register, founding, schemes };
    let (signed, _) = next(&house, &key_set(&house), Change::Compromise(lost.id()));
    let house = house.renewed(&signed, &NewKeys::default());
    let server = Server::start(house.register.clone());
    for app in [&house.office, &second, &house.world.app, &berta] {
        app.use_register(Some(server.address.clone()));
    }
    // Whoever asks the register learns of it.
    let packs = house.office.send();
    assert!(!house.office.is_coordinator(), "{packs:?}");
    second.send().unwrap().packs.unwrap();
    assert!(second.is_coordinator());
    let trust = second.trust_file().unwrap().open().unwrap();
    assert_eq!(trust.key_set.find(lost.id(), KeyRole::Issuing).unwrap().state, KeyState::Compromised);
    let listed = &trust.snapshot.as_ref().unwrap().standing[&lost.id()];
    assert_eq!(listed.len(), 2, "the one delegation and the one scheme of the record that the register held");
    let record = house.world.app.session(sealed).unwrap().sealed.unwrap().row.file;
    let report = house.world.app.verify_file(&record, fieldproof_app::Language::English).unwrap();
    assert_eq!(report.genuine.answer, fieldproof_seal::verdict::Answer::Yes, "{:?}", report.genuine);

    // What the thief signs now lets nobody in.
    let stranger = house.laptop("stranger");
    let forged = house.office.admit(&stranger.request().unwrap(), std::slice::from_ref(&grant));
    assert!(matches!(forged, Err(Error::NotAllowed(_))), "{forged:?}");

    // The second office publishes anew, and takes everybody over whom the first one had enrolled.
    for (document, values) in [HV_ISOLATION, LIVE_WORK] {
        second.publish_scheme(document, values).unwrap();
    }
    let asked = house.world.app.request().unwrap();
    second.admit(&asked, std::slice::from_ref(&grant)).unwrap();
    second.send().unwrap().packs.unwrap();
    house.world.app.take_pack(&stick(&house, &second, &asked.request.installation), None).unwrap();
    let id = seal(&house.world);
    assert_eq!(house.world.app.send().unwrap().complete, 1);
    assert!(is_in_register(&house.world, id));
    let world = house.world.on(berta);
    world.app.send().unwrap().packs.unwrap();
    let id = seal(&world);
    assert_eq!(world.app.send().unwrap().complete, 1, "whoever the second one had enrolled goes on");
    assert!(is_in_register(&world, id));
}

#[test]
fn a_laptop_shows_every_working_key_with_whose_it_is_and_how_far_it_is_believed() {
    let (house, second, _server) = two_offices("keys-shown");
    assert_eq!(house.laptop("laptop-1").key_set().unwrap(), None, "no institution has answered yet");
    let issuing = |app: &App| {
        let (_, keys) = app.key_set().unwrap().unwrap();
        let keys = keys.into_iter().filter(|key| key.key.role == KeyRole::Issuing);
        keys.map(|key| (key.owner, key.is_own)).collect::<Vec<_>>()
    };
    let named = |name: &str, is_own| (Some(name.to_owned()), is_own);
    assert_eq!(issuing(&house.office), [named("Carla Coordinator", true), named("Cora Coordinator", false)]);
    assert_eq!(issuing(&second), [(None, false), named("Cora Coordinator", true)], "it admitted nobody of the first");

    let lost = house.office.request().unwrap().request.key.id();
    let (signed, _) = next(&house, &key_set(&house), Change::Compromise(lost));
    second.take_key_set(&TrustFile { key_set: signed, ..house.founding.trust() }.to_bytes()).unwrap();
    let api = Api::new(second, None);
    let shown = || {
        let view = api.call("laptop", json!({})).unwrap();
        let keys = view["keySet"]["keys"].as_array().unwrap().clone();
        let states = keys.iter().map(|key| key["state"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
        (view["keySet"]["number"].clone(), keys[0]["id"].clone(), states)
    };
    let (number, id, states) = shown();
    assert_eq!((number, id), (json!(3), json!(lost.to_string())));
    assert_eq!(states, ["compromised", "active", "active", "active"]);
    house.world.host.advance_seconds(20 * 366 * 86_400);
    assert_eq!(shown().2, ["compromised", "over", "over", "over"], "nothing here says that it counts for ever");
}

#[test]
fn a_retired_key_lets_nobody_in_any_more_and_what_it_signed_stands() {
    let (house, second, server) = two_offices("retired");
    let grant = house.grant(house.schemes[0]);
    let alva = enrolled(&house, &house.office, "laptop-1", std::slice::from_ref(&grant));
    house.office.send().unwrap().packs.unwrap();
    second.send().unwrap().packs.unwrap();
    // Made before it ends, and not brought.
    house.office.admit(&house.laptop("late").request().unwrap(), std::slice::from_ref(&grant)).unwrap();
    drop(server);
    let first = house.office.request().unwrap().request.key;
    let (signed, _) = next(&house, &key_set(&house), Change::Retire(first.id()));
    let house = house.renewed(&signed, &NewKeys::default());
    let server = Server::start(house.register.clone());
    house.office.use_register(Some(server.address.clone()));
    let refused = house.office.send().unwrap().packs.unwrap_err();
    assert!(matches!(refused, Error::Http(HttpError::Fault(Fault::Pack))), "{refused:?}");
    assert!(!house.office.is_coordinator());
    let world = house.world.on(alva);
    world.app.use_register(Some(server.address));
    let id = seal(&world);
    assert_eq!(world.app.send().unwrap().complete, 1, "whom it enrolled goes on");
    assert!(is_in_register(&world, id));
}

#[test]
fn the_register_is_renewed_with_its_keys_and_old_bundles_still_open() {
    let mut house = house("renewed");
    house.open();
    let grant = house.grant(house.schemes[0]);
    let laptop = enrolled(&house, &house.office, "laptop", std::slice::from_ref(&grant));
    let folder = house.world.folder.path().to_owned();
    let House { world, office, register, founding, schemes } = house;
    let world = world.on(laptop);
    let id = seal(&world);
    let bundle = folder.join("old.bundle");
    world.app.write_bundle(&bundle, &mut |_| {}).unwrap();
    let house = House { world, office, register, founding, schemes };
    let (signed, renewed) = next(&house, &key_set(&house), Change::RenewEncryption { is_lost: false });
    let keys = NewKeys { decryption: renewed.decryption, ..NewKeys::default() };
    let house = house.renewed(&signed, &keys);
    let (signed, renewed) = next(&house, &key_set(&house), Change::RenewRegister { is_lost: true });
    let refused = take_key_set(&folder.join("book"), &signed, &NewKeys::default(), MORNING);
    assert!(matches!(refused, Err(RegisterError::NotARegisterKey(_))), "it would be without a key: {refused:?}");
    let keys = NewKeys { register: renewed.register, ..NewKeys::default() };
    let house = house.renewed(&signed, &keys);
    assert_eq!(house.register.key_set().number, 3);
    let taken = house.register.take_bundle(fs::File::open(&bundle).unwrap()).unwrap();
    let answers = folder.join("old.answers");
    fs::write(&answers, taken.write_answers(Vec::new()).unwrap()).unwrap();
    let report = house.world.app.take_answers(&answers).unwrap();
    assert_eq!((report.complete, report.failed.len()), (1, 0), "{report:?}");
    assert!(is_in_register(&house.world, id));
    let trust = house.world.app.trust_file().unwrap().open().unwrap();
    assert_eq!((trust.key_set.number, trust.snapshot.is_some()), (3, true), "the new key's list");
    let next_bundle = folder.join("next.bundle");
    house.world.app.write_bundle(&next_bundle, &mut |_| {}).unwrap();
    assert!(house.register.take_bundle(fs::File::open(&next_bundle).unwrap()).is_ok(), "encrypted to the new key");
    // A copy of the folder has the key that is in use.
    let copy = folder.join("copy");
    fieldproof_register::back_up(&folder.join("book"), &copy).unwrap();
    let restored = fieldproof_register::Register::open(&copy, std::sync::Arc::new(|| MORNING)).unwrap();
    assert_eq!(restored.key_set().number, 3);
}

#[test]
fn only_the_next_key_set_of_the_own_root_is_taken() {
    let mut house = house("order");
    house.open();
    let book = house.world.folder.path().join("book");
    let take = |signed: &[u8]| take_key_set(&book, signed, &NewKeys::default(), MORNING);
    let first = key_set(&house);
    let key = SecretKey::new(&[77; 32]).public();
    let (signed, second) = next(&house, &first, Change::AddIssuing(key));
    let forged = second.key_set.sign(&SecretKey::new(&[78; 32]));
    assert!(matches!(take(&forged), Err(RegisterError::KeySet(_))), "another root");
    let other = KeySet { institution: fieldproof_model::id::InstitutionId::new([9; 16]), ..second.key_set.clone() };
    assert!(matches!(take(&other.sign(house.founding.root())), Err(RegisterError::OtherKeySet)));
    assert_eq!(take(&signed).unwrap().number, 2);
    assert_eq!(take(&signed).unwrap().number, 2, "taken twice");
    let again = KeySet { name: "Another name".to_owned(), ..second.key_set };
    let refused = take(&again.sign(house.founding.root()));
    assert!(matches!(refused, Err(RegisterError::OlderKeySet { ours: 2, found: 2 })), "{refused:?}");

    // The same by hand at a laptop.
    let file = |key_set: &[u8]| {
        let held = house.office.trust_file().unwrap();
        TrustFile { key_set: key_set.to_vec(), snapshot: None, ..held }.to_bytes()
    };
    let problem = |file: &[u8]| match house.office.take_key_set(file) {
        Err(Error::Invalid(fieldproof_app::Invalid::Pack(problem))) => problem,
        other => panic!("{other:?}"),
    };
    house.office.take_key_set(&file(&signed)).unwrap();
    house.office.take_key_set(&file(&signed)).unwrap();
    assert_eq!(house.office.trust_file().unwrap().open().unwrap().key_set.number, 2);
    assert!(house.office.trust_file().unwrap().snapshot.is_some(), "the list stays");
    assert_eq!(problem(&file(&first.sign(house.founding.root()))), PackProblem::Older);
    assert_eq!(problem(&file(&forged)), PackProblem::Older, "what does not verify is no later one");
    let foreign = self::house::house("order-other").office.trust_file().unwrap();
    assert_eq!(problem(&foreign.to_bytes()), PackProblem::OtherInstitution);
    assert!(Path::new(&book).exists());
}
