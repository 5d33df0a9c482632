//! A register that was restored from yesterday's backup, and real laptops that hold what it signed today: nothing is lost
//! that anybody still has, and nothing is said to be there that is not.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests stop where the set-up fails"
)]

mod common;

use std::{
    fs,
    io::{Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    path::{Path, PathBuf},
    thread,
};

use common::{Server, photo};
use fieldproof_app::{
    Error, Language, NotAllowed, Restored, SendReport,
    session::{Place, SessionState},
};
use fieldproof_model::{digest::Digest, id::SessionId};
use fieldproof_register::{Register, back_up, restore};
use fieldproof_seal::{parts::PartKind, receipt::Receipt, verdict::Answer};
use fieldproof_testkit::{HV_ISOLATION, LIVE_WORK, Plan, TestWorld, edited, storage};
use fieldproof_tests::{past_the_register, restored};
use fieldproof_wire::{RecordAnswer, RegisterProtocol, SignedAnswer};

const DAY_SECONDS: i64 = 86_400;

/// The register of a world and its backup. The register is open as long as its server runs.
struct Book<'w> {
    world: &'w TestWorld,
}

impl Book<'_> {
    fn folder(&self, name: &str) -> PathBuf {
        self.world.folder.path().join(name)
    }

    fn serve(&self) -> Server {
        let server = Server::start(self.world.register());
        self.world.app.use_register(Some(server.address.clone()));
        server
    }

    /// Makes a backup of the running register, in the place of one before.
    fn back_up(&self, server: Server) -> Server {
        drop(fs::remove_dir_all(self.folder("backup")));
        back_up(&self.folder("register"), &self.folder("backup")).unwrap();
        server
    }

    /// Ends the register and puts what the backup holds in its place.
    fn restore(&self, server: Server) -> Server {
        drop(server);
        fs::remove_dir_all(self.folder("register")).unwrap();
        restore(&self.folder("backup"), &self.folder("register"), &storage::chosen()).unwrap();
        self.serve()
    }
}

/// A session with a photo, passed and sealed.
fn sealed(world: &TestWorld) -> (SessionId, Digest) {
    sealed_under(world, HV_ISOLATION)
}

fn sealed_under(world: &TestWorld, scheme: (&str, &str)) -> (SessionId, Digest) {
    let id = world.start(&world.new_session(scheme));
    world.score_everything(id, 6);
    world.app.attach_photo(id, None, &photo()).unwrap();
    (id, world.finish(id).sealed.unwrap().row.digest)
}

fn place(world: &TestWorld, id: SessionId) -> Place {
    world.app.session(id).unwrap().sealed.unwrap().place
}

fn file(state: &SessionState) -> Vec<u8> {
    state.sealed.as_ref().unwrap().row.file.clone()
}

/// What the register answers to a record that is sent again.
fn asked_again(register: &Register, file: &[u8]) -> RecordAnswer {
    tokio::runtime::Runtime::new().unwrap().block_on(register.put_record(file)).unwrap()
}

/// The register has the record with this very receipt and everything that belongs to it.
fn is_whole_there(world: &TestWorld, id: SessionId, receipt: &[u8]) {
    let answer = asked_again(&world.register(), &file(&world.app.session(id).unwrap()));
    assert_eq!(answer, RecordAnswer { signed: SignedAnswer::Receipt(receipt.to_vec()), missing: Vec::new() });
}

fn counts(report: &SendReport) -> (u32, bool, usize, usize) {
    let epoch = &report.epoch;
    assert!(epoch.disagreement.is_none() && epoch.refused.is_none(), "{epoch:?}");
    (epoch.epoch, epoch.is_new, epoch.lost, epoch.given_back)
}

#[test]
fn what_the_register_lost_goes_back_in_the_same_sending_byte_for_byte() {
    let world = TestWorld::new("restored");
    let book = Book { world: &world };
    world.unlock();
    let server = book.serve();
    let (yesterday, _) = sealed(&world);
    assert_eq!(counts(&world.app.send().unwrap()), (1, false, 0, 0));
    let server = book.back_up(server);
    let (today, lost) = sealed(&world);
    assert_eq!(world.app.send().unwrap().complete, 1);
    let receipt = world.app.receipt(lost).unwrap().unwrap();

    let server = book.restore(server);
    assert_eq!(world.register().log().unwrap().0, 1, "the backup does not know it");
    let (new, fresh) = sealed(&world);
    let report = world.app.send().unwrap();
    assert_eq!((report.complete, counts(&report)), (1, (2, true, 1, 1)));
    assert!(report.failed.is_empty() && report.chains_differ == 0, "{report:?}");
    for id in [yesterday, today, new] {
        assert!(matches!(place(&world, id), Place::InRegister(_)));
    }
    assert_eq!(world.app.receipt(lost).unwrap().as_ref(), Some(&receipt), "the laptop keeps what it has");
    is_whole_there(&world, today, &receipt);
    let (fresh, _) = Receipt::parse(&world.app.receipt(fresh).unwrap().unwrap()).unwrap();
    assert_eq!(fresh.epoch, 2, "no number is given out twice");
    assert_eq!(counts(&world.app.send().unwrap()), (2, false, 0, 0), "and then there is peace");
    assert_eq!(world.register().log().unwrap().0, 3);
    drop(server);
}

/// Nobody has to be looking when it comes to light, and what is sent meanwhile takes nothing away.
#[test]
fn that_it_was_restored_is_told_until_somebody_has_seen_it() {
    let world = TestWorld::new("told");
    let book = Book { world: &world };
    world.unlock();
    let told = || world.app.home().unwrap().restored;
    let server = book.back_up(book.serve());
    sealed(&world);
    assert!(world.app.send_in_background().0.unwrap().is_ok());
    assert_eq!(told(), None);

    let server = book.restore(server);
    world.app.use_register(Some(wire_without_returns(&server.address)));
    sealed(&world);
    assert_eq!(world.app.send_in_background().0.unwrap().unwrap().epoch.lost, 1);
    assert_eq!(told(), Some(Restored { epoch: 2, lost: 1, still_lost: 1 }));
    world.app.use_register(Some(server.address.clone()));
    assert_eq!(counts(&world.app.send().unwrap()), (2, false, 1, 1));
    assert_eq!(told(), Some(Restored { epoch: 2, lost: 1, still_lost: 0 }), "it has everything back");
    assert_eq!(counts(&world.app.send().unwrap()), (2, false, 0, 0));
    world.app.lock();
    world.unlock();
    assert_eq!(told(), Some(Restored { epoch: 2, lost: 1, still_lost: 0 }), "nobody has seen it");
    world.app.dismiss_restored().unwrap();
    assert_eq!((counts(&world.app.send().unwrap()), told()), ((2, false, 0, 0), None));

    let server = book.restore(server);
    assert_eq!(world.app.send().unwrap().epoch.epoch, 3);
    assert_eq!(told(), Some(Restored { epoch: 3, lost: 2, still_lost: 0 }), "another time is told again");
    drop(server);
}

/// A wire to a register that hangs up wherever somebody gives something back.
fn wire_without_returns(to: &str) -> String {
    wire_without(to, b"/v0/returns")
}

/// A wire to a register that hangs up at every request of one kind.
fn wire_without(to: &str, path: &'static [u8]) -> String {
    let to = to.strip_prefix("http://").unwrap().to_owned();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let at = format!("http://{}", listener.local_addr().unwrap());
    let pass_on = move |mut from: TcpStream, mut to: TcpStream| {
        let mut bytes = [0; 65_536];
        while let Ok(count @ 1..) = from.read(&mut bytes) {
            let is_it = bytes[..count].windows(path.len()).any(|window| window == path);
            if is_it || to.write_all(&bytes[..count]).is_err() {
                break;
            }
        }
        drop((from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both)));
    };
    thread::spawn(move || {
        for client in listener.incoming() {
            let (client, register) = (client.unwrap(), TcpStream::connect(&to).unwrap());
            let (back, from) = (client.try_clone().unwrap(), register.try_clone().unwrap());
            thread::spawn(move || pass_on(client, register));
            thread::spawn(move || pass_on(from, back));
        }
    });
    at
}

#[test]
fn until_it_is_given_back_nothing_says_that_it_is_there_and_whatever_is_killed_it_goes_back_later() {
    let world = TestWorld::new("killed");
    let book = Book { world: &world };
    world.unlock();
    let server = book.back_up(book.serve());
    let (id, record) = sealed(&world);
    world.app.send().unwrap();
    let receipt = world.app.receipt(record).unwrap().unwrap();
    let server = book.restore(server);
    world.app.use_register(Some(wire_without_returns(&server.address)));
    let report = world.app.send().unwrap();
    assert_eq!(counts(&report), (2, true, 1, 0));
    assert_eq!(report.failed.len(), 1, "{report:?}");
    let Place::LostThere(held) = place(&world, id) else { panic!("{:?}", place(&world, id)) };
    assert_eq!(held.record, record);
    assert!(world.app.erase_parts(id, &[PartKind::Log], "too early").is_err());
    // The laptop is ended and started, and so is the register.
    world.app.lock();
    drop(server);
    let server = book.serve();
    world.unlock();
    assert!(matches!(place(&world, id), Place::LostThere(_)));
    let report = world.app.send().unwrap();
    assert_eq!(counts(&report), (2, false, 1, 1));
    assert!(matches!(place(&world, id), Place::InRegister(_)));
    is_whole_there(&world, id, &receipt);
    drop(server);
}

/// A world whose photos may leave after thirty days, and the values that say so.
fn kept_thirty_days(seed: &str) -> (TestWorld, String) {
    let values = edited(LIVE_WORK.1, r#""retention_days": 730"#, r#""retention_days": 30"#);
    (TestWorld::planned(seed, &Plan::of(&[(LIVE_WORK.0, &values)])), values)
}

#[test]
fn evidence_that_nobody_has_any_more_is_told_and_the_receipt_stays_what_it_is() {
    let (world, values) = kept_thirty_days("gone");
    let book = Book { world: &world };
    world.unlock();
    let server = book.back_up(book.serve());
    let (id, record) = sealed_under(&world, (LIVE_WORK.0, &values));
    world.app.send().unwrap();
    let receipt = world.app.receipt(record).unwrap().unwrap();
    let named = Receipt::parse(&receipt).unwrap().0.evidence.len();
    world.host.advance_seconds(31 * DAY_SECONDS);
    world.app.send().unwrap();
    assert_eq!(world.app.retire_evidence().unwrap().items, named);

    let server = book.restore(server);
    let report = world.app.send().unwrap();
    assert_eq!((counts(&report), report.epoch.evidence_gone), ((2, true, 1, 0), 1));
    assert!(report.failed.is_empty(), "{report:?}");
    let expected = Place::EvidenceLostThere { receipt: Receipt::parse(&receipt).unwrap().0, here: 0, gone: named };
    assert_eq!(place(&world, id), expected);
    let answer = asked_again(&world.register(), &file(&world.app.session(id).unwrap()));
    assert_eq!((answer.signed, answer.missing.len()), (SignedAnswer::Receipt(receipt), named), "it claims no photo");
    assert_eq!(counts(&world.app.send().unwrap()), (2, false, 0, 0), "nothing is left that could be given back");
    assert_eq!(place(&world, id), expected, "and it is still told");
    drop(server);
}

#[test]
fn a_withdrawal_that_the_register_lost_still_counts_for_whoever_verifies() {
    let world = TestWorld::new("withdrawn");
    let book = Book { world: &world };
    world.unlock();
    let server = book.serve();
    let (id, _) = sealed(&world);
    world.app.send().unwrap();
    let (_, paper) = world.app.draw_document(id).unwrap();
    let in_force = || world.app.verify_file(&paper, Language::English).unwrap().in_force.answer;
    assert_eq!(in_force(), Answer::Yes);
    let server = book.back_up(server);
    let certificate = world.app.session(id).unwrap().sealed.unwrap().record.certificate.unwrap();
    let id: String = certificate.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    let withdraw = format!("INSERT INTO withdrawn (certificate_id, state, day) VALUES (x'{id}', 1, 20500)");
    past_the_register(&book.folder("register"), &withdraw);
    world.app.send().unwrap();
    assert_eq!(in_force(), Answer::No);
    let before = world.app.trust_file().unwrap();

    let server = book.restore(server);
    assert_eq!(counts(&world.app.send().unwrap()), (2, true, 0, 0));
    assert_eq!(in_force(), Answer::No, "it stays withdrawn");
    let after = world.app.trust_file().unwrap();
    let list = after.open().unwrap().snapshot.unwrap();
    assert!(list.epoch == 2 && list.withdrawn.len() == 1, "{list:?}");
    assert_eq!(before.renewed_by(&after), Some(after.clone()), "every verifier takes the new list");
    assert_eq!(after.renewed_by(&before), None);
    drop(server);
}

/// The same institution on another laptop, where Bob works.
fn bobs(world: &TestWorld, seed: &str, server: &Server) -> TestWorld {
    let other = TestWorld::new(seed);
    assert_eq!(other.institution.key_set(), world.institution.key_set());
    other.app.unlock(other.bob.0, other.bob.1).unwrap();
    other.app.use_register(Some(server.address.clone()));
    other
}

#[test]
fn two_laptops_with_different_tails_both_give_back_theirs_in_one_epoch() {
    let world = TestWorld::new("tails");
    let book = Book { world: &world };
    world.unlock();
    let server = book.back_up(book.serve());
    let bob = bobs(&world, "tails", &server);
    let mut sessions = Vec::new();
    for laptop in [&world, &bob, &world] {
        let (id, record) = sealed(laptop);
        laptop.app.send().unwrap();
        sessions.push((laptop, id, laptop.app.receipt(record).unwrap().unwrap()));
    }
    let server = book.restore(server);
    bob.app.use_register(Some(server.address.clone()));
    assert_eq!(counts(&bob.app.send().unwrap()), (2, true, 1, 1));
    assert_eq!(counts(&world.app.send().unwrap()), (2, true, 2, 2), "no third epoch");
    for (laptop, id, receipt) in sessions {
        assert!(matches!(place(laptop, id), Place::InRegister(_)));
        let answer = asked_again(&world.register(), &file(&laptop.app.session(id).unwrap()));
        assert_eq!(answer, RecordAnswer { signed: SignedAnswer::Receipt(receipt), missing: Vec::new() });
    }
    assert_eq!(world.register().log().unwrap().0, 3);
    drop(server);
}

/// Whoever has heard nothing since the backup cannot notice: the number is given out a second time, and both are kept.
#[test]
fn a_register_that_went_on_before_anybody_could_notice_keeps_both_branches() {
    let world = TestWorld::new("branches");
    let book = Book { world: &world };
    world.unlock();
    let server = book.serve();
    let bob = bobs(&world, "branches", &server);
    bob.app.send().unwrap();
    let server = book.back_up(server);
    let (id, record) = sealed(&world);
    world.app.send().unwrap();
    let server = book.restore(server);
    bob.app.use_register(Some(server.address.clone()));
    let (bobs_id, bobs_record) = sealed(&bob);
    assert_eq!(counts(&bob.app.send().unwrap()), (1, false, 0, 0));
    let receipts = [world.app.receipt(record).unwrap().unwrap(), bob.app.receipt(bobs_record).unwrap().unwrap()];
    let [one, two] = [&receipts[0], &receipts[1]].map(|signed| Receipt::parse(signed).unwrap().0);
    assert_eq!((one.epoch, one.log_index), (two.epoch, two.log_index));
    assert_ne!(one.log_head, two.log_head);

    assert_eq!(counts(&world.app.send().unwrap()), (2, true, 1, 1));
    assert_eq!(counts(&bob.app.send().unwrap()), (2, true, 0, 0));
    for (laptop, id, receipt) in [(&world, id, &receipts[0]), (&bob, bobs_id, &receipts[1])] {
        assert!(matches!(place(laptop, id), Place::InRegister(_)));
        let answer = asked_again(&world.register(), &file(&laptop.app.session(id).unwrap()));
        assert_eq!(answer.signed, SignedAnswer::Receipt(receipt.clone()));
    }
    drop(server);
}

fn bundle(world: &TestWorld, name: &str) -> PathBuf {
    let path = world.folder.path().join(name);
    let written = world.app.write_bundle(&path, &mut |_| {}).unwrap();
    assert!(written.left_out.is_empty(), "{written:?}");
    path
}

/// The register takes a bundle; where its answers are.
fn answered(world: &TestWorld, bundle: &Path) -> PathBuf {
    let taken = world.register().take_bundle(fs::File::open(bundle).unwrap()).unwrap();
    assert!(taken.broken.is_none() && taken.evidence_refused.is_empty(), "{taken:?}");
    let answers = bundle.with_extension("answers");
    taken.write_answers(fs::File::create(&answers).unwrap()).unwrap();
    answers
}

/// A laptop that has no network shows with one stick what it holds, and gives back with the next.
#[test]
fn what_a_register_lost_goes_back_on_a_stick() {
    let world = TestWorld::new("by-stick");
    let folder = world.folder.path().join("register");
    world.unlock();
    let carry = |name: &str| {
        let answers = answered(&world, &bundle(&world, name));
        (world.app.take_answers(&answers).unwrap(), answers)
    };
    let backup = world.folder.path().join("backup");
    drop(world.register());
    back_up(&folder, &backup).unwrap();
    let (id, record) = sealed(&world);
    assert_eq!(carry("first").0.complete, 1);
    let receipt = world.app.receipt(record).unwrap().unwrap();
    fs::remove_dir_all(&folder).unwrap();
    restore(&backup, &folder, &storage::chosen()).unwrap();

    let (new, fresh) = sealed(&world);
    let (report, answers) = carry("second");
    assert_eq!((report.new_epoch, report.lost, report.complete), (Some(2), 1, 1), "{report:?}");
    let (fresh, _) = Receipt::parse(&world.app.receipt(fresh).unwrap().unwrap()).unwrap();
    assert_eq!((fresh.epoch, fresh.log_index), (2, 1), "shown before anything got a number");
    assert!(matches!(place(&world, new), Place::InRegister(_)));
    assert!(matches!(place(&world, id), Place::LostThere(_)));

    assert_eq!(world.app.to_carry().unwrap().records, 1);
    let (report, _) = carry("third");
    assert_eq!((report.new_epoch, report.complete, report.held), (None, 1, 0), "{report:?}");
    assert!(matches!(place(&world, id), Place::InRegister(_)));
    is_whole_there(&world, id, &receipt);
    // The answers to the second come again, late.
    let late = world.app.take_answers(&answers).unwrap();
    assert_eq!((late.new_epoch, late.lost), (None, 0));
    assert!(matches!(place(&world, id), Place::InRegister(_)), "they say nothing of what came after");
    assert_eq!(world.register().log().unwrap().0, 2);
}

#[test]
fn answers_of_before_it_was_restored_put_nothing_back_into_the_register() {
    let world = TestWorld::new("late-lost");
    let book = Book { world: &world };
    world.unlock();
    let server = book.back_up(book.serve());
    let (id, record) = sealed(&world);
    let answers = answered(&world, &bundle(&world, "first"));
    assert_eq!(world.app.take_answers(&answers).unwrap().complete, 1);
    let receipt = world.app.receipt(record).unwrap().unwrap();
    let server = book.restore(server);
    world.app.use_register(Some(wire_without_returns(&server.address)));
    assert_eq!(counts(&world.app.send().unwrap()), (2, true, 1, 0));
    assert!(matches!(place(&world, id), Place::LostThere(_)));

    let late = world.app.take_answers(&answers).unwrap();
    assert_eq!((late.complete, late.records[0].was_lost), (0, true), "{late:?}");
    assert!(matches!(place(&world, id), Place::LostThere(_)), "it is not there, whatever was said before");
    world.app.use_register(Some(server.address.clone()));
    assert_eq!(counts(&world.app.send().unwrap()), (2, false, 1, 1));
    is_whole_there(&world, id, &receipt);
    let again = world.app.take_answers(&answers).unwrap();
    assert_eq!((again.complete, again.records[0].was_lost), (1, false), "it has it again");
    assert!(matches!(place(&world, id), Place::InRegister(_)));
    assert_eq!(counts(&world.app.send().unwrap()), (2, false, 0, 0));
    drop(server);
}

/// One more than is asked after at every contact.
const MANY: usize = 17;

#[test]
fn receipts_that_came_late_are_all_asked_after() {
    let world = TestWorld::new("late-receipts");
    let book = Book { world: &world };
    world.unlock();
    let server = book.back_up(book.serve());
    world.app.send().unwrap();
    let sealed = |_| {
        let id = world.start_session();
        world.score_everything(id, 6);
        world.finish(id).row.id
    };
    let ids: Vec<SessionId> = (0..MANY).map(sealed).collect();
    let are_in_register = || ids.iter().all(|id| matches!(place(&world, *id), Place::InRegister(_)));
    let are_lost = || ids.iter().all(|id| matches!(place(&world, *id), Place::LostThere(_)));
    let first = answered(&world, &bundle(&world, "first"));
    let server = book.restore(server);
    world.app.use_register(Some(wire_without(&server.address, b"/v0/records")));
    let report = world.app.send().unwrap();
    assert_eq!((counts(&report), report.failed.len()), ((2, true, 0, 0), MANY), "there is nothing to ask after yet");
    let second = answered(&world, &bundle(&world, "second"));

    let late = world.app.take_answers(&first).unwrap();
    assert_eq!((late.complete, late.records.iter().filter(|record| record.was_lost).count()), (0, MANY), "{late:?}");
    assert!(are_lost(), "the register that is has none of them");
    assert_eq!(world.app.to_carry().unwrap().records, MANY);
    // Neither the contact nor the second bundle was after the first one's answers.
    let report = world.app.take_answers(&second).unwrap();
    assert_eq!((report.complete, report.new_epoch, report.lost), (MANY, None, 0), "{report:?}");
    assert!(are_in_register());
    world.app.use_register(Some(server.address.clone()));
    assert_eq!(counts(&world.app.send().unwrap()), (2, false, MANY, MANY), "and it is no further restoring");
    assert!(are_in_register());
    assert_eq!(counts(&world.app.send().unwrap()), (2, false, 0, 0));
    assert_eq!(usize::try_from(world.register().log().unwrap().0), Ok(MANY));
    drop(server);
}

/// Their time was over while the answers lay somewhere.
#[test]
fn no_evidence_leaves_before_the_register_was_asked_after_a_receipt_that_came_late() {
    let (world, values) = kept_thirty_days("late-evidence");
    let book = Book { world: &world };
    world.unlock();
    let server = book.serve();
    let (known, _) = sealed_under(&world, (LIVE_WORK.0, &values));
    world.app.send().unwrap();
    let server = book.back_up(server);
    world.app.send().unwrap();
    let (id, _) = sealed_under(&world, (LIVE_WORK.0, &values));
    let answers = answered(&world, &bundle(&world, "first"));
    let server = book.restore(server);
    world.app.use_register(Some(wire_without(&server.address, b"/v0/records")));
    assert_eq!(counts(&world.app.send().unwrap()), (2, true, 0, 0));
    world.host.advance_seconds(31 * DAY_SECONDS);
    assert_eq!(world.app.take_answers(&answers).unwrap().complete, 0);
    let erase = |id| world.app.erase_parts(id, &[PartKind::Log], "the time for it is over");
    for unheard in [id, known] {
        let said = erase(unheard).unwrap_err();
        assert!(matches!(said, Error::NotAllowed(NotAllowed::NotInRegister)), "{said:?}");
    }
    assert!(matches!(place(&world, known), Place::InRegister(_)), "it was asked after");
    assert_eq!(world.app.retire_evidence().unwrap().items, 0);
    world.app.use_register(Some(server.address.clone()));
    assert_eq!(counts(&world.app.send().unwrap()), (2, false, 1, 1), "with its photo");
    assert!(matches!(place(&world, id), Place::InRegister(_)));
    assert!(0 < world.app.retire_evidence().unwrap().items, "and then it may");
    assert!(erase(id).is_ok() && erase(known).is_ok());
    drop(server);
}

#[test]
fn whoever_comes_first_and_however_often_it_is_restored_no_number_is_given_out_twice() {
    for seed in ["first", "second", "third", "fourth", "fifth"] {
        assert_eq!(restored::run(seed), Vec::<String>::new(), "{seed}");
    }
}
