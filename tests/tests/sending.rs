//! Direct: what is sealed reaches the register by itself, leaves exercises and metered links alone, stops at once when
//! somebody says so, and never says more than it knows.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests stop where the set-up fails")]

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::{
        Arc, Condvar, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use fieldproof_api::Api;
use fieldproof_app::{App, Error, Link, Rest, RestoreWith, Wait, session::Place};
use fieldproof_model::{id::SessionId, observation::Observed};
use fieldproof_seal::parts::PartKind;
use fieldproof_testkit::{RECOVERY_KEY, TestWorld};
use fieldproof_tests::Server;
use serde_json::json;

/// A photo of several chunks.
fn large_photo() -> Vec<u8> {
    let mut state = 7_u32;
    let mut noise = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    };
    let picture = image::RgbImage::from_fn(900, 700, |_, _| image::Rgb([noise(), noise(), noise()]));
    let mut jpeg = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut jpeg, image::ImageFormat::Jpeg).unwrap();
    let jpeg = jpeg.into_inner();
    assert!(600_000 < jpeg.len(), "{}", jpeg.len());
    jpeg
}

/// Seals one record with a photo of several chunks.
fn seal(world: &TestWorld) -> SessionId {
    let id = world.start_session();
    world.score_everything(id, 6);
    world.app.attach_photo(id, None, &large_photo()).unwrap();
    assert!(world.finish(id).sealed.is_some());
    id
}

fn world(seed: &str) -> TestWorld {
    let world = TestWorld::new(seed);
    world.unlock();
    world
}

fn is_in_register(app: &App, id: SessionId) -> bool {
    matches!(app.session(id).unwrap().sealed.unwrap().place, Place::InRegister(_))
}

/// Whether a line that stalled goes on.
#[derive(Default)]
struct Tap(Mutex<bool>, Condvar);

impl Tap {
    fn open(&self) {
        *self.0.lock().unwrap() = true;
        self.1.notify_all();
    }

    fn wait(&self) {
        drop(self.1.wait_while(self.0.lock().unwrap(), |is_open| !*is_open).unwrap());
    }
}

/// Hands bytes on to a register, and no more of them after so many: a line that neither works nor breaks, until its tap
/// is opened.
fn stalling(to: &str, after: usize, tap: &Arc<Tap>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let to = to.strip_prefix("http://").unwrap().to_owned();
    let passed = Arc::new(AtomicUsize::new(0));
    let tap = Arc::clone(tap);
    thread::spawn(move || {
        while let Ok((client, _)) = listener.accept() {
            let server = TcpStream::connect(&to).unwrap();
            let (back, front) = (server.try_clone().unwrap(), client.try_clone().unwrap());
            thread::spawn(move || pump(back, front, usize::MAX, (&AtomicUsize::new(0), &Tap::default())));
            let (passed, tap) = (Arc::clone(&passed), Arc::clone(&tap));
            thread::spawn(move || pump(client, server, after, (&passed, &tap)));
        }
    });
    address
}

fn pump(mut from: TcpStream, mut to: TcpStream, most: usize, (passed, tap): (&AtomicUsize, &Tap)) {
    let mut buffer = [0; 4096];
    while let Ok(read @ 1..) = from.read(&mut buffer) {
        if most < passed.fetch_add(read, Ordering::SeqCst) {
            // Kept open: the other side waits.
            tap.wait();
        }
        if to.write_all(&buffer[..read]).is_err() {
            thread::park();
        }
    }
}

/// A round on a thread of its own, over a line that stalls in the middle of the photo.
struct Stuck {
    world: Arc<TestWorld>,
    server: Server,
    /// The line goes on once it is opened.
    tap: Arc<Tap>,
    /// Whether anything was told of the round, and what comes next.
    round: thread::JoinHandle<(bool, Wait)>,
}

fn stuck(world: TestWorld, after: usize) -> Stuck {
    let server = Server::start(world.register());
    let tap = Arc::default();
    world.app.use_register(Some(stalling(&server.address, after, &tap)));
    let world = Arc::new(world);
    let sending = Arc::clone(&world);
    let round = thread::spawn(move || {
        let (report, wait) = sending.app.send_in_background();
        (report.is_some(), wait)
    });
    while world.app.sending().unwrap().leaving.is_none_or(|leaving| leaving.bytes.0 == 0) {
        thread::yield_now();
    }
    Stuck { world, server, tap, round }
}

#[test]
fn what_is_sealed_leaves_by_itself_and_what_is_new_is_asked_after_once_in_a_while() {
    let world = world("direct");
    let server = Server::start(world.register());
    world.app.use_register(Some(server.address));
    let (report, wait) = world.app.send_in_background();
    let report = report.unwrap().unwrap();
    assert!(report.complete == 0 && report.packs.is_ok(), "whoever has just unlocked hears what is new: {report:?}");
    assert!(matches!(wait, Wait::Seconds(_)), "the clock is looked at, whoever rings");
    assert!(world.app.send_in_background().0.is_none(), "nothing to send, nobody is asked");
    let rings = world.host.rings();
    let id = seal(&world);
    assert!(rings < world.host.rings(), "sealing rings");
    let before = world.app.sending().unwrap();
    assert_eq!(before.waiting, Some(1));
    let (report, wait) = world.app.send_in_background();
    assert!(report.unwrap().unwrap().complete == 1 && matches!(wait, Wait::Seconds(_)), "{wait:?}");
    assert!(is_in_register(&world.app, id));
    assert!(world.app.send_in_background().0.is_none());
    world.host.advance_seconds(3_600);
    assert!(world.app.send_in_background().0.is_some(), "an hour later something may be new");
    let after = world.app.sending().unwrap();
    assert_eq!((after.waiting, after.rest, after.leaving), (Some(0), Rest::Nothing, None));
    assert_ne!(after.kept, before.kept, "a screen knows that there is something new");
}

#[test]
fn whoever_has_nothing_to_send_is_troubled_by_no_network_and_asked_again_later() {
    let world = world("direct-unheard");
    let (report, wait) = world.app.send_in_background();
    assert!(matches!(report, Some(Err(Error::Send(_)))), "{report:?}");
    assert!(matches!(world.app.sending().unwrap().rest, Rest::Unheard { .. }));
    assert!(matches!(wait, Wait::Seconds(10..13)), "{wait:?}");
    let server = Server::start(world.register());
    world.app.use_register(Some(server.address));
    assert!(world.app.send_in_background().0.unwrap().unwrap().packs.is_ok());
    assert_eq!(world.app.sending().unwrap().rest, Rest::Nothing);
    world.app.lock();
    world.unlock();
    assert!(world.app.send_in_background().0.is_some(), "somebody else may be in");
}

#[test]
fn a_session_that_is_given_up_is_told_without_a_record() {
    let world = world("direct-abandoned");
    let server = Server::start(world.register());
    world.app.use_register(Some(server.address));
    let id = world.start_session();
    world.host.advance_seconds(61);
    let (_report, _wait) = world.app.send_in_background();
    let rings = world.host.rings();
    world.app.abandon_session(id, "The candidate left.").unwrap();
    assert!(rings < world.host.rings());
    assert!(world.app.send_in_background().0.unwrap().unwrap().untold.is_none());
    assert!(world.app.send_in_background().0.is_none(), "once");
}

#[test]
fn without_a_register_the_pauses_grow_and_nothing_is_called_failed() {
    let world = world("direct-nowhere");
    let id = seal(&world);
    let mut pauses = Vec::new();
    for _ in 0..7 {
        let (report, wait) = world.app.send_in_background();
        assert!(matches!(report, Some(Err(Error::Send(_)))), "{report:?}");
        let Wait::Seconds(seconds) = wait else { panic!("{wait:?}") };
        pauses.push(seconds);
    }
    assert!(pauses.is_sorted() && pauses[0] < 13 && (300..=375).contains(&pauses[6]), "{pauses:?}");
    assert!(matches!(world.app.session(id).unwrap().sealed.unwrap().place, Place::OnThisLaptop));
    assert!(matches!(world.app.sending().unwrap().rest, Rest::Retry { .. }));
    let server = Server::start(world.register());
    world.app.use_register(Some(server.address));
    assert_eq!(world.app.send_in_background().0.unwrap().unwrap().complete, 1, "rung, it is tried at once");
    let second = seal(&world);
    world.app.use_register(Some("http://127.0.0.1:9".to_owned()));
    let (_, wait) = world.app.send_in_background();
    assert!(matches!(wait, Wait::Seconds(10..13)), "the pauses begin anew: {wait:?}");
    assert!(!is_in_register(&world.app, second));
}

#[test]
fn a_pause_is_kept_over_restarts_and_the_button_sends_all_the_same() {
    let world = world("direct-pause");
    let id = seal(&world);
    let server = Server::start(world.register());
    world.app.pause_sending(true).unwrap();
    world.app.lock();
    let again = App::new(&world.laptop(), Box::new(world.host.clone()));
    again.use_register(Some(server.address));
    again.unlock(world.alice.0, world.alice.1).unwrap();
    let (report, wait) = again.send_in_background();
    assert!(report.is_none() && wait == Wait::UntilRung);
    let sending = again.sending().unwrap();
    assert_eq!((sending.is_paused, sending.rest, sending.waiting), (true, Rest::Paused, Some(1)));
    assert_eq!(again.send().unwrap().complete, 1, "whoever presses the button means it");
    assert!(is_in_register(&again, id) && again.sending().unwrap().is_paused, "and it stays paused");
    again.pause_sending(false).unwrap();
    assert!(!again.sending().unwrap().is_paused);
}

#[test]
fn a_metered_link_is_spared_where_somebody_wants_it_and_the_machine_can_tell() {
    let world = world("direct-metered");
    let server = Server::start(world.register());
    world.app.use_register(Some(server.address));
    world.host.set_link(Link::Metered);
    seal(&world);
    assert!(!world.app.sending().unwrap().spares_metered, "nobody asked for it");
    world.app.spare_metered(true).unwrap();
    let (report, wait) = world.app.send_in_background();
    assert!(report.is_none(), "{report:?}");
    assert!(matches!(wait, Wait::Seconds(_)), "the link is looked at again");
    assert_eq!((world.app.sending().unwrap().rest, world.app.sending().unwrap().link), (Rest::Metered, Link::Metered));
    assert_eq!(world.app.send().unwrap().complete, 1, "this time anyway");
    seal(&world);
    world.app.send_in_background();
    assert_eq!(world.app.sending().unwrap().rest, Rest::Metered, "and only this time");
    world.host.set_link(Link::CannotTell);
    assert_eq!(world.app.send_in_background().0.unwrap().unwrap().complete, 1, "nobody can tell: it is sent");
    seal(&world);
    world.host.set_link(Link::Free);
    assert_eq!(world.app.send_in_background().0.unwrap().unwrap().complete, 1);
}

#[test]
fn what_goes_on_stops_when_the_connection_becomes_one_that_is_spared() {
    let roaming = |seed: &str| {
        let world = world(seed);
        let id = seal(&world);
        world.app.spare_metered(true).unwrap();
        (stuck(world, 420_000), id)
    };
    let (Stuck { world, server: _server, tap, round }, id) = roaming("direct-wired");
    world.host.set_link(Link::Free);
    world.app.link_changed();
    tap.open();
    let (was_told, _wait) = round.join().unwrap();
    assert!(was_told && is_in_register(&world.app, id), "another one that costs nothing");

    let (Stuck { world, server, round, .. }, id) = roaming("direct-roaming");
    world.host.set_link(Link::Metered);
    world.app.link_changed();
    let (was_told, _wait) = round.join().unwrap();
    assert!(!was_told, "stopped is not failed");
    world.app.use_register(Some(server.address));
    assert!(world.app.send_in_background().0.is_none() && !is_in_register(&world.app, id));
    assert_eq!(world.app.sending().unwrap().rest, Rest::Metered);
}

#[test]
fn an_exercise_has_the_laptop_to_itself() {
    let world = world("direct-exercise");
    let server = Server::start(world.register());
    world.app.use_register(Some(server.address));
    let first = seal(&world);
    let second = world.start_session();
    let (report, wait) = world.app.send_in_background();
    assert!(report.is_none() && matches!(wait, Wait::Seconds(1..=60)), "{wait:?}");
    assert!(matches!(world.app.sending().unwrap().rest, Rest::Exercise { .. }));
    world.host.advance_seconds(61);
    assert!(world.app.send_in_background().0.unwrap().unwrap().packs.is_ok(), "a long wait lets it through");
    assert_eq!(world.app.heard().unwrap(), None, "what the institution tells waits for its end");
    assert!(is_in_register(&world.app, first));
    world.score_everything(second, 6);
    let rings = world.host.rings();
    assert!(world.finish(second).sealed.is_some());
    assert!(rings < world.host.rings());
    assert_eq!(world.app.send_in_background().0.unwrap().unwrap().complete, 1, "over, it goes at once");
    assert!(world.app.heard().unwrap().is_some());
}

#[test]
fn while_something_is_sent_the_screen_knows_what_and_how_far_and_a_tap_ends_it() {
    let world = world("direct-tap");
    let sealed = seal(&world);
    let other = world.start_session();
    world.host.advance_seconds(61);
    let Stuck { world, server: _server, round, .. } = stuck(world, 420_000);
    let leaving = world.app.sending().unwrap().leaving.unwrap();
    assert_eq!((leaving.session, leaving.record, leaving.records), (Some(sealed), 1, 1));
    assert!(0 < leaving.bytes.0 && leaving.bytes.0 < leaving.bytes.1, "{leaving:?}");
    assert_eq!(leaving.bytes, leaving.all_bytes);
    // The line hangs for ten minutes; the tap does not wait for it.
    world.app.observe(other, Observed::Note { criterion: None, text: "seen".to_owned() }, 0).unwrap();
    let (was_told, wait) = round.join().unwrap();
    assert!(!was_told, "stopped is not failed");
    assert_eq!(wait, Wait::Seconds(1));
    assert!(
        matches!(world.app.session(sealed).unwrap().sealed.unwrap().place, Place::Held(_)),
        "what is there is kept"
    );
}

#[test]
fn locking_waits_for_no_line_and_pausing_ends_what_is_under_way() {
    let first = world("direct-lock");
    seal(&first);
    let Stuck { world: first, server: _server, round, .. } = stuck(first, 420_000);
    first.app.lock();
    assert_eq!(first.app.sending().unwrap().leaving, None, "nobody sends when the lock is there");
    assert!(!round.join().unwrap().0);
    assert!(matches!(first.app.send(), Err(Error::Locked)));

    let second = world("direct-pause-now");
    let id = seal(&second);
    let Stuck { world: second, server, round, .. } = stuck(second, 420_000);
    second.app.pause_sending(true).unwrap();
    let (was_told, wait) = round.join().unwrap();
    assert!(!was_told && wait == Wait::Seconds(1));
    assert_eq!(second.app.send_in_background().1, Wait::UntilRung);
    assert_eq!(second.app.sending().unwrap().rest, Rest::Paused);
    second.app.pause_sending(false).unwrap();
    second.app.use_register(Some(server.address));
    assert_eq!(second.app.send_in_background().0.unwrap().unwrap().complete, 1, "on from where it stood");
    assert!(is_in_register(&second.app, id));
}

#[test]
fn a_locked_laptop_sends_where_the_key_store_opens_it_and_shows_figures_alone() {
    let world = TestWorld::new("direct-locked");
    world.host.set_key_store(true);
    world.unlock();
    let server = Server::start(world.register());
    world.app.use_register(Some(server.address));
    let id = seal(&world);
    world.app.lock();
    assert_eq!(world.app.send_in_background().1, Wait::UntilRung);
    assert_eq!(world.app.sending().unwrap().rest, Rest::Shut, "nobody turned it on");
    world.unlock();
    world.app.turn_key_store_on().unwrap();
    let rings = world.host.rings();
    world.app.lock();
    assert!(rings < world.host.rings(), "locking rings");
    assert_eq!(world.app.send_in_background().0.unwrap().unwrap().complete, 1);
    assert_eq!(world.app.sending().unwrap().waiting, None);
    world.unlock();
    assert!(is_in_register(&world.app, id));
    assert!(world.app.send_in_background().0.is_some(), "what the institution tells was not heard while nobody was in");
    let second = seal(&world);
    world.app.pause_sending(true).unwrap();
    world.app.lock();
    assert!(world.app.send_in_background().0.is_none(), "paused is paused, whoever is in");
    world.host.set_key_store(false);
    let (report, wait) = world.app.send_in_background();
    assert!(matches!(report, Some(Err(Error::KeyStore(_)))), "{report:?}");
    assert_eq!(wait, Wait::UntilRung, "a key store that says no is not asked again and again");
    world.unlock();
    assert!(!is_in_register(&world.app, second));
}

#[test]
fn what_a_chain_says_while_something_is_sent_is_told_behind_it() {
    let world = world("direct-behind");
    let server = Server::start(world.register());
    world.app.use_register(Some(server.address.clone()));
    let first = world.start_session();
    world.score_everything(first, 6);
    assert!(world.finish(first).sealed.is_some());
    assert_eq!(world.app.send_in_background().0.unwrap().unwrap().complete, 1);
    drop(server);
    seal(&world);
    let Stuck { world, server: _server, tap, round } = stuck(world, 420_000);
    let rings = world.host.rings();
    world.app.erase_parts(first, &[PartKind::Acknowledgements], "the time for it is over").unwrap();
    assert!(rings < world.host.rings(), "erasing rings");
    tap.open();
    assert!(round.join().unwrap().0);
    assert_eq!(world.app.sending().unwrap().waiting, Some(0));
    assert!(world.app.send_in_background().0.is_some(), "the tombstone came after the chain was read");
    assert!(world.app.send_in_background().0.is_none(), "once");
}

#[test]
fn a_restore_waits_for_what_is_sent_while_nobody_is_in() {
    let world = TestWorld::new("direct-restore");
    world.host.set_key_store(true);
    world.unlock();
    seal(&world);
    world.app.turn_key_store_on().unwrap();
    let backup = world.app.back_up(world.folder.path(), &mut |_| {}).unwrap().path;
    world.app.lock();
    let Stuck { world, server: _server, round, .. } = stuck(world, 420_000);
    world.app.restore(&backup, RestoreWith::RecoveryKey(RECOVERY_KEY), &mut |_| {}).unwrap();
    assert_eq!(world.app.sending().unwrap().leaving, None, "nobody sends from a folder that was set aside");
    assert!(!round.join().unwrap().0, "stopped is not failed");
}

#[test]
fn the_screen_is_told_in_words_and_never_of_a_failure_for_want_of_a_network() {
    let world = world("direct-screen");
    let id = seal(&world).to_string();
    world.app.lock();
    let app = App::new(&world.laptop(), Box::new(world.host.clone()));
    app.unlock(world.alice.0, world.alice.1).unwrap();
    let api = Api::new(app, None);
    let call = |command: &str, input| api.call(command, input).unwrap();
    api.send_in_background();
    let sending = call("sending", json!({}));
    assert_eq!(
        (&sending["rest"], &sending["waiting"], &sending["leaving"]),
        (&json!("retry"), &json!(1), &json!(null))
    );
    assert_eq!(sending["note"], "The register cannot be reached.");
    assert_eq!(sending["link"], "cannot_tell");
    let home = call("home", json!({}));
    let row = home["sessions"].as_array().unwrap().iter().find(|row| row["id"] == id.as_str()).unwrap().clone();
    assert_eq!(row["place"], "on_this_laptop");
    assert_eq!(row["placeNote"], "The register cannot be reached. Kept on this laptop.");
    assert!(!format!("{sending}{row}").to_lowercase().contains("fail"), "{sending} {row}");
    assert_eq!(call("pause_sending", json!({ "on": true }))["paused"], true);
    assert_eq!(call("spare_metered", json!({ "on": true }))["sparesMetered"], true);
    let server = Server::start(world.register());
    api.app().use_register(Some(server.address));
    let home = call("send", json!({}));
    assert!(home["sessions"].to_string().contains("in_register"), "{}", home["sessions"]);
    assert_eq!(call("sending", json!({}))["note"], json!(null), "what went wrong before is gone");
}
