//! The home screen after years: what is over and in the register is left out until somebody asks, and every row that
//! stands there says what a whole replay says.
#![allow(clippy::unwrap_used, reason = "helpers of tests stop where the set-up fails")]

use std::collections::BTreeSet;

use fieldproof_api::{
    Api,
    dto::{EarlierView, HomeView, PhaseView, PlaceView},
};
use fieldproof_app::{
    App, SESSIONS_AT_HAND,
    session::{NewSession, Place, SessionState},
};
use fieldproof_model::{id::SessionId, observation::Observed};
use fieldproof_testkit::{KNOWLEDGE, LIVE_WORK, Plan, TestWorld, full_gate_for};
use fieldproof_tests::Server;
use serde_json::json;

fn opened(world: &TestWorld) -> SessionId {
    world.host.advance_seconds(1);
    world.app.open_session(&world.new_session(KNOWLEDGE)).unwrap().row.id
}

fn begun(world: &TestWorld) -> SessionId {
    let id = opened(world);
    let scheme = world.app.session(id).unwrap().scheme;
    world.app.save_gate(id, &full_gate_for(&scheme)).unwrap();
    world.app.start_exercise(id).unwrap();
    id
}

fn given_up(world: &TestWorld) -> SessionId {
    let id = begun(world);
    world.app.abandon_session(id, "the room was needed").unwrap();
    id
}

fn sealed(world: &TestWorld) -> SessionId {
    let id = begun(world);
    world.finish(id).row.id
}

/// Whether the list may leave it out: nothing of it can change, and the register lacks nothing.
fn is_over(state: &SessionState) -> bool {
    match &state.sealed {
        Some(_) => {
            state.corrected.iter().chain(&state.sealed).all(|sealed| matches!(sealed.place, Place::InRegister(_)))
        }
        None => state.row.abandoned_at.is_some(),
    }
}

fn ids(states: &[SessionState]) -> Vec<SessionId> {
    states.iter().map(|state| state.row.id).collect()
}

/// Old sessions of every kind, and behind them so many that are over as stand on the home screen.
fn many_years(world: &TestWorld) -> (Vec<SessionId>, Server) {
    let (over, gate, exercise) = (sealed(world), opened(world), begun(world));
    let decision = begun(world);
    world.app.end_exercise(decision).unwrap();
    let mut all = vec![over, gate, exercise, decision, given_up(world)];
    let server = Server::start(world.register());
    world.app.use_register(Some(server.address.clone()));
    assert_eq!(world.app.send().unwrap().complete, 1);
    let unsent = sealed(world);
    all.push(unsent);
    all.extend((0..SESSIONS_AT_HAND).map(|_| given_up(world)));
    all.reverse();
    (all, server)
}

#[test]
fn every_row_is_what_a_whole_replay_says_and_only_what_is_over_is_left_out() {
    let world = TestWorld::planned("home-years", &Plan::of(&[KNOWLEDGE]));
    world.unlock();
    let (all, _server) = many_years(&world);
    let replayed: Vec<SessionState> = all.iter().map(|id| world.app.session(*id).unwrap()).collect();
    let newest: BTreeSet<_> = all.iter().copied().take(usize::try_from(SESSIONS_AT_HAND).unwrap()).collect();
    let (at_hand, left_out): (Vec<_>, Vec<_>) =
        replayed.into_iter().partition(|state| newest.contains(&state.row.id) || !is_over(state));
    assert_eq!((at_hand.len(), left_out.len()), (54, 2), "one in the register, and one given up long ago");

    let home = world.app.home().unwrap();
    assert_eq!(ids(&home.sessions), ids(&at_hand));
    assert_eq!(format!("{:?}", home.sessions), format!("{at_hand:?}"), "each is what it is when it is opened");
    assert_eq!((home.earlier, home.unreadable), (2, 0));
    let (earlier, unreadable) = world.app.earlier_sessions().unwrap();
    assert_eq!((ids(&earlier), unreadable), (ids(&left_out), 0));
    assert_eq!(format!("{earlier:?}"), format!("{left_out:?}"));

    // A colleague has none of them.
    world.app.unlock(world.bob.0, world.bob.1).unwrap();
    let home = world.app.home().unwrap();
    assert_eq!((home.sessions.len(), home.earlier), (0, 0));
}

#[test]
fn of_a_team_each_row_names_the_other_and_says_who_stands_by() {
    let world = TestWorld::planned("home-team", &Plan::of(&[LIVE_WORK]));
    world.unlock();
    let team = world.app.open_session(&NewSession { team: true, ..world.new_session(LIVE_WORK) }).unwrap();
    let (first, second) = (team.row.id, team.partner.unwrap().session);
    for id in [first, second] {
        world.app.save_gate(id, &full_gate_for(&team.scheme)).unwrap();
        world.app.start_exercise(id).unwrap();
    }
    let app = App::new(&world.laptop(), Box::new(world.host.clone()));
    app.unlock(world.alice.0, world.alice.1).unwrap();
    let api = Api::new(app, None);
    let told = || {
        let home: HomeView = serde_json::from_value(api.call("home", json!({})).unwrap()).unwrap();
        let row = |id: SessionId| home.sessions.iter().find(|row| row.id == id.to_string()).unwrap().clone();
        [first, second].map(|id| (row(id).partner_id, row(id).stands_by))
    };
    let (of_first, of_second) = (Some(second.to_string()), Some(first.to_string()));
    assert_eq!(
        told(),
        [(of_first.clone(), false), (of_second.clone(), true)],
        "the second began while the first works"
    );
    api.app().swap(first).unwrap();
    assert_eq!(told(), [(of_first, true), (of_second, false)]);
}

#[test]
fn the_screen_is_told_who_stands_there_and_when_each_was_touched() {
    let world = TestWorld::planned("home-screen", &Plan::of(&[KNOWLEDGE]));
    world.unlock();
    let (all, _server) = many_years(&world);
    world.host.advance_seconds(60);
    let exercise = all[all.len() - 3];
    let touched = world
        .app
        .observe(exercise, Observed::Note { criterion: None, text: "looked at once more".to_owned() }, 0)
        .unwrap()
        .log;
    let app = App::new(&world.laptop(), Box::new(world.host.clone()));
    app.unlock(world.alice.0, world.alice.1).unwrap();
    let api = Api::new(app, None);
    let home: HomeView = serde_json::from_value(api.call("home", json!({})).unwrap()).unwrap();
    let row = |id: SessionId| home.sessions.iter().find(|row| row.id == id.to_string()).unwrap();
    assert_eq!(home.earlier, 2);
    assert_eq!(row(exercise).phase, PhaseView::Exercise);
    assert_eq!(row(exercise).touched_at, touched.last().unwrap().tapped_at.as_millis());
    assert!(home.sessions.iter().all(|other| other.touched_at <= row(exercise).touched_at));
    let earlier: EarlierView = serde_json::from_value(api.call("earlier_sessions", json!({})).unwrap()).unwrap();
    let told: Vec<_> = earlier.sessions.iter().map(|row| (row.phase, row.place)).collect();
    assert_eq!(told, [(PhaseView::Abandoned, None), (PhaseView::Sealed, Some(PlaceView::InRegister))]);
    assert_eq!(earlier.unreadable, 0);
}
