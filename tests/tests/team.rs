//! A team of two: both are assessed, swap, stand by for each other, and each has a record of their own.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests stop where the set-up fails")]

use fieldproof_app::{
    Error, Invalid, NotAllowed,
    session::{NewSession, Place, SessionState, certificate_facts},
};
use fieldproof_model::{
    course::Course,
    decision::{Answer, Outcome, Rule},
    gate::Missing,
    id::{PersonId, SessionId},
    observation::{Observation, Observed, Score, StopKind, StoppedBy},
    person::{Role, SamePerson},
    scheme::{CriterionId, Need, SecondPersonProof},
    session::OutOfTurn,
};
use fieldproof_seal::{
    cbor, digest_of,
    observation::observation_value,
    parts::{PARTS, PartKind, parse_log, parse_people, parse_person},
    record::RecordFile,
    token::Token,
};
use fieldproof_testkit::{AC_FGAS, LIVE_WORK, Plan, TestWorld, edited, full_gate_for};

/// The wait that the demonstration's values ask for, and a second.
const WAIT: i64 = 6;
const ALICE: PersonId = PersonId::new([1; 16]);
const DAVE: PersonId = PersonId::new([12; 16]);

/// Carol and Dave, who swap: their two sessions, none of them started.
struct Team {
    world: TestWorld,
    carol: SessionId,
    dave: SessionId,
}

fn team_of(world: &TestWorld) -> NewSession {
    NewSession { team: true, ..world.new_session(LIVE_WORK) }
}

fn team(seed: &str) -> Team {
    let world = TestWorld::planned(seed, &Plan::of(&[LIVE_WORK]));
    world.unlock();
    let state = world.app.open_session(&team_of(&world)).unwrap();
    let (carol, dave) = (state.row.id, state.partner.unwrap().session);
    Team { world, carol, dave }
}

impl Team {
    fn start(&self, id: SessionId) -> SessionState {
        let gate = full_gate_for(&self.state(id).scheme);
        self.world.app.save_gate(id, &gate).unwrap();
        self.world.app.start_exercise(id).unwrap()
    }

    fn state(&self, id: SessionId) -> SessionState {
        self.world.app.session(id).unwrap()
    }

    fn observe(&self, id: SessionId, observed: Observed) -> SessionState {
        self.world.app.observe(id, observed, 0).unwrap()
    }

    fn score(&self, id: SessionId) -> SessionState {
        let criterion = CriterionId::new("L1.1.c".to_owned());
        self.observe(id, Observed::Score { criterion, score: Score::Unaided, reason: None })
    }

    fn shared(&self, id: SessionId) -> Vec<Observation> {
        let log = self.state(id).log;
        log.into_iter().filter(|observation| matches!(observation.observed, Observed::Shared { .. })).collect()
    }
}

fn standing_by(state: &SessionState) -> Vec<u32> {
    let marked = state.session.out_of_turn.iter().filter(|(_, why)| *why == OutOfTurn::StandingBy);
    marked.map(|(sequence, _)| *sequence).collect()
}

#[test]
fn both_sessions_are_opened_at_once_and_name_each_other() {
    let team = team("team-open");
    let (carol, dave) = (team.state(team.carol), team.state(team.dave));
    assert_eq!((carol.row.partner, dave.row.partner), (Some(team.dave), Some(team.carol)));
    let names = |state: &SessionState| {
        let second = state.second_person.as_ref().unwrap().person.name.as_str().to_owned();
        let partner = state.partner.as_ref().unwrap().person.person.name.as_str().to_owned();
        (state.candidate.person.name.as_str().to_owned(), second, partner)
    };
    let (c, d) = (|| "Carol Candidate".to_owned(), || "Dave Demo".to_owned());
    assert_eq!(names(&carol), (c(), d(), d()));
    assert_eq!(names(&dave), (d(), c(), c()));
    assert_eq!(carol.row.opened_at, dave.row.opened_at);
    assert_eq!(team.world.app.home().unwrap().sessions.len(), 2);
}

#[test]
fn the_gate_of_the_second_must_hold_before_the_second_begins() {
    let team = team("team-gate");
    team.start(team.carol);
    assert!(matches!(team.world.app.start_exercise(team.dave), Err(Error::NotAllowed(NotAllowed::Gate))));
    let mut gate = full_gate_for(&team.state(team.dave).scheme);
    gate.second_person_first_aid = None;
    gate.second_person.remove(&SecondPersonProof::Instructed);
    let state = team.world.app.save_gate(team.dave, &gate).unwrap();
    let asked = [SecondPersonProof::Instructed, SecondPersonProof::FirstAid];
    let asked = asked.map(|proof| (Missing::SecondPerson(proof), Need::Block));
    assert_eq!(state.missing(team.world.app.today()), asked, "Carol stands by here, and brings what that needs");
    assert!(matches!(team.world.app.start_exercise(team.dave), Err(Error::NotAllowed(NotAllowed::Gate))));
    assert!(team.state(team.dave).log.is_empty());
    team.start(team.dave);
}

#[test]
fn whoever_stood_by_works_and_work_recorded_while_standing_by_is_marked() {
    let team = team("team-swap");
    team.start(team.carol);
    let before = team.world.app.swap(team.carol).unwrap();
    assert_eq!(before.row.id, team.dave, "the screen goes on with Dave");
    assert!(team.state(team.carol).session.stands_by);
    assert!(before.log.is_empty(), "Dave has not begun and is put nowhere");
    team.start(team.dave);
    assert!(!team.state(team.dave).session.stands_by);

    let carol = team.score(team.carol);
    assert_eq!(standing_by(&carol), [carol.session.last_sequence]);
    assert!(standing_by(&team.score(team.dave)).is_empty(), "Dave works");
    let back = team.world.app.swap(team.dave).unwrap();
    assert_eq!(back.row.id, team.carol);
    let (carol, dave) = (team.state(team.carol), team.state(team.dave));
    assert_eq!((carol.session.stands_by, dave.session.stands_by), (false, true));
    assert_eq!(carol.log.last().unwrap().observed, Observed::SwappedIn);
    assert_eq!(dave.log.last().unwrap().observed, Observed::SwappedOut);
    let worked = team.score(team.carol);
    assert_eq!(standing_by(&worked).len(), 1, "only what was recorded while standing by");
    let rule = worked.decision.rules.iter().find(|(rule, _)| matches!(rule, Rule::StandingBy(_))).unwrap();
    assert_eq!(rule, &(Rule::StandingBy(1), Answer::Open), "the institution decides");
    let note = Observed::Note { criterion: None, text: "Dave hands the tool".to_owned() };
    assert!(standing_by(&team.observe(team.dave, note)).is_empty(), "a note is no work");
}

#[test]
fn whoever_begins_while_the_other_works_stands_by() {
    let team = team("team-begin");
    team.start(team.carol);
    let dave = team.start(team.dave);
    assert!(dave.session.stands_by, "only one works");
    assert!(!team.state(team.carol).session.stands_by);
    assert_eq!(standing_by(&team.score(team.dave)).len(), 1, "what is recorded of Dave now is marked");
    assert_eq!(team.world.app.swap(team.carol).unwrap().row.id, team.dave);
    let (carol, dave) = (team.state(team.carol), team.state(team.dave));
    assert_eq!((carol.session.stands_by, dave.session.stands_by), (true, false));

    let state = team.world.app.open_session(&team_of(&team.world)).unwrap();
    let (first, second) = (state.row.id, state.partner.unwrap().session);
    team.start(first);
    team.world.app.end_exercise(first).unwrap();
    assert!(!team.start(second).session.stands_by, "nobody works any more");
    let alone = team.world.start(&team.world.new_session(LIVE_WORK));
    assert!(!team.state(alone).session.stands_by);
}

#[test]
fn swapping_is_for_a_team_at_work() {
    let team = team("team-refused");
    let refused = |id| match team.world.app.swap(id) {
        Err(Error::NotAllowed(why)) => why,
        other => panic!("{other:?}"),
    };
    assert_eq!(refused(team.carol), NotAllowed::NotBegun);
    team.start(team.carol);
    team.observe(team.carol, Observed::Stop);
    assert_eq!(refused(team.carol), NotAllowed::Stopped);
    let alone = team.world.start(&team.world.new_session(LIVE_WORK));
    assert_eq!(refused(alone), NotAllowed::NoPartner);
}

/// Carol's stop, told and resumed, while Dave's exercise goes on.
fn stop_and_resume(team: &Team) {
    team.observe(team.carol, Observed::Stop);
    let (by, kind) = (StoppedBy::SecondPerson, StopKind::OutsideCause);
    team.observe(team.carol, Observed::StopExplained { by, kind, why: "a visitor came in".to_owned() });
    team.observe(team.carol, Observed::Resume { made_safe: true, gate_checked: true });
}

/// Both work through everything and are sealed.
fn seal_both(team: &Team) -> [SessionState; 2] {
    team.start(team.carol);
    team.world.app.swap(team.carol).unwrap();
    team.start(team.dave);
    team.world.app.swap(team.dave).unwrap();
    stop_and_resume(team);
    team.world.score_everything(team.carol, WAIT);
    team.world.app.swap(team.carol).unwrap();
    team.world.score_everything(team.dave, WAIT);
    [team.carol, team.dave].map(|id| team.world.finish(id))
}

fn part(state: &SessionState, kind: PartKind) -> fieldproof_seal::parts::Part {
    let file = RecordFile::parse(&state.sealed.as_ref().unwrap().row.file).unwrap();
    let number = kind.number();
    file.parts.into_iter().find(|(found, _)| *found == number).unwrap().1
}

#[test]
fn a_stop_is_shared_by_the_digest_of_what_stands_in_the_other_sealed_log() {
    let team = team("team-stop");
    let [carol, dave] = seal_both(&team);
    let sealed = |state: &SessionState| {
        let file = RecordFile::parse(&state.sealed.as_ref().unwrap().row.file).unwrap();
        parse_log(file.part(PartKind::Log).unwrap().unwrap()).unwrap()
    };
    let (own, other) = (sealed(&carol), sealed(&dave));
    let shared: Vec<_> = other
        .iter()
        .filter_map(|observation| {
            let Observed::Shared { session, sequence, digest } = &observation.observed else {
                return None;
            };
            let named = own.iter().find(|named| named.sequence == *sequence).unwrap();
            let clocks = |tap: &Observation| (tap.tapped_at, tap.seen_at, tap.elapsed, tap.beacon);
            assert_eq!(clocks(observation), clocks(named), "one tap, one moment");
            assert!(named.elapsed.is_some() && named.beacon.is_some());
            Some((*session, *sequence, *digest))
        })
        .collect();
    let kinds: Vec<_> = shared
        .iter()
        .map(|(session, sequence, digest)| {
            assert_eq!(*session, team.carol);
            let named = own.iter().find(|observation| observation.sequence == *sequence).unwrap();
            assert_eq!(digest_of(&cbor::encode(observation_value(named))), *digest, "{named:?}");
            std::mem::discriminant(&named.observed)
        })
        .collect();
    let (by, kind) = (StoppedBy::SecondPerson, StopKind::OutsideCause);
    let expected = [
        Observed::Stop,
        Observed::StopExplained { by, kind, why: String::new() },
        Observed::Resume { made_safe: true, gate_checked: true },
    ];
    assert_eq!(kinds, expected.map(|observed| std::mem::discriminant(&observed)), "stop, why, and going on");
    assert_eq!(team.shared(team.carol), [], "nothing of Dave's concerned both");
}

#[test]
fn what_concerns_the_session_is_shared_and_what_concerns_a_criterion_is_not() {
    let team = team("team-share");
    team.start(team.carol);
    team.observe(team.carol, Observed::Stop);
    assert_eq!(team.shared(team.dave), [], "nothing is put into a log that has not begun");
    stop_and_resume(&team);
    team.start(team.dave);
    let own = Some(CriterionId::new("L1.1.c".to_owned()));
    team.observe(team.carol, Observed::Note { criterion: own, text: "names two risks".to_owned() });
    team.score(team.carol);
    assert_eq!(team.shared(team.dave), []);
    let noted = team.observe(team.carol, Observed::Note { criterion: None, text: "it rains".to_owned() });
    let shared = team.shared(team.dave);
    let sequence = noted.session.last_sequence;
    let digest = digest_of(&cbor::encode(observation_value(noted.log.last().unwrap())));
    assert_eq!(shared.len(), 1);
    assert_eq!(shared[0].observed, Observed::Shared { session: team.carol, sequence, digest });
    assert_eq!(team.shared(team.carol), [], "what was shared is not shared back");
}

#[test]
fn there_are_two_records_and_neither_lies_in_the_other() {
    let team = team("team-records");
    let states = seal_both(&team);
    let [carol, dave] = &states;
    for state in &states {
        assert_eq!(state.decision.outcome, Outcome::Pass, "{:?}", state.decision.rules);
        assert!(state.sealed.as_ref().unwrap().row.token.is_some(), "each has a certificate");
    }
    let record = |state: &SessionState| state.sealed.as_ref().unwrap().record.clone();
    assert_eq!((record(carol).session, record(carol).partner), (team.carol, Some(team.dave)));
    assert_eq!((record(dave).session, record(dave).partner), (team.dave, Some(team.carol)));
    assert_ne!(carol.sealed.as_ref().unwrap().row.digest, dave.sealed.as_ref().unwrap().row.digest);
    let lies_in = |inner: &[u8], outer: &[u8]| outer.windows(inner.len()).any(|window| window == inner);
    for (own, other) in [(carol, dave), (dave, carol)] {
        let file = &own.sealed.as_ref().unwrap().row.file;
        assert_eq!(RecordFile::parse(file).unwrap().parts.len(), PARTS.len());
        let others = RecordFile::parse(&other.sealed.as_ref().unwrap().row.file).unwrap();
        assert!(!lies_in(&others.sealed, file), "the other's sealed bytes are not in it");
        for kind in [PartKind::Person, PartKind::Log, PartKind::Decision, PartKind::Gate] {
            assert!(!lies_in(part(other, kind).as_bytes(), file), "nor is the other's {kind:?}");
        }
        let parsed = RecordFile::parse(file).unwrap();
        let person = parse_person(parsed.part(PartKind::Person).unwrap().unwrap()).unwrap();
        assert_eq!(person, own.candidate.person);
        let (_, second) = parse_people(parsed.part(PartKind::People).unwrap().unwrap()).unwrap();
        assert_eq!(second.as_ref(), Some(&other.candidate.person), "who stood by");
        let own_scores = own.log.iter().filter(|o| matches!(o.observed, Observed::Answered { .. })).count();
        let sealed = parse_log(parsed.part(PartKind::Log).unwrap().unwrap()).unwrap();
        assert_eq!(sealed.iter().filter(|o| matches!(o.observed, Observed::Answered { .. })).count(), own_scores);
    }
}

#[test]
fn giving_one_up_leaves_the_other() {
    let team = team("team-abandon");
    team.start(team.carol);
    team.start(team.dave);
    team.world.app.abandon_session(team.dave, "was called away").unwrap();
    let refused = team.world.app.swap(team.carol);
    assert!(matches!(refused, Err(Error::NotAllowed(NotAllowed::PartnerIsDone))), "{refused:?}");
    let gone = team.state(team.dave).log.len();
    stop_and_resume(&team);
    assert_eq!(team.state(team.dave).log.len(), gone, "nothing is added to what was given up");
    team.world.score_everything(team.carol, WAIT);
    let state = team.world.finish(team.carol);
    assert_eq!(state.decision.outcome, Outcome::Pass);
    let sealed = state.sealed.unwrap();
    assert_eq!((sealed.record.partner, sealed.place), (Some(team.dave), Place::OnThisLaptop));
    assert!(sealed.row.token.is_some());
    assert!(team.state(team.dave).row.abandoned_at.is_some() && team.state(team.dave).sealed.is_none());
}

#[test]
fn who_was_given_up_while_stopped_does_not_keep_the_other_from_working() {
    let team = team("team-abandon-stopped");
    team.start(team.carol);
    team.start(team.dave);
    team.observe(team.carol, Observed::Stop);
    team.world.app.abandon_session(team.carol, "felt ill").unwrap();
    let (by, kind) = (StoppedBy::Candidate, StopKind::OutsideCause);
    team.observe(team.dave, Observed::StopExplained { by, kind, why: "Carol felt ill".to_owned() });
    let resumed = team.observe(team.dave, Observed::Resume { made_safe: true, gate_checked: true });
    assert!(resumed.session.stands_by, "he stood by when it stopped");
    let works = team.world.app.swap(team.dave).unwrap();
    assert!(!works.session.stands_by);
    assert!(standing_by(&team.score(team.dave)).is_empty());
}

fn refusal(world: &TestWorld, new: &NewSession) -> Invalid {
    match world.app.open_session(new) {
        Err(Error::Invalid(why)) => why,
        other => panic!("{:?}", other.map(|state| state.row.id)),
    }
}

fn taught_by(seed: &str, document: &str, values: &str, edit_course: fn(&mut Course)) -> TestWorld {
    let world = TestWorld::planned(seed, &Plan { edit_course, ..Plan::of(&[(document, values)]) });
    world.unlock();
    world
}

#[test]
fn nobody_is_in_a_team_with_the_assessor_the_trainer_or_themselves() {
    let world = taught_by("team-roles", LIVE_WORK.0, LIVE_WORK.1, |course| course.trainer_id = Some(DAVE));
    let new = team_of(&world);
    assert_eq!(new.second_person, Some(DAVE));
    let same = |a, b| Invalid::SamePerson(SamePerson(a, b));
    assert_eq!(refusal(&world, &new), same(Role::Trainer, Role::Candidate), "Dave would be assessed by his own course");
    let with = |second_person| NewSession { second_person, ..new.clone() };
    assert_eq!(refusal(&world, &with(Some(world.alice.0))), same(Role::SecondPerson, Role::Assessor));
    assert_eq!(refusal(&world, &with(Some(world.candidates[0]))), same(Role::SecondPerson, Role::Candidate));
    assert_eq!(refusal(&world, &with(None)), Invalid::NoTeam);
    assert_eq!(world.app.home().unwrap().sessions.len(), 0, "no half of a team was opened");
    world.app.open_session(&with(Some(world.candidates[2]))).unwrap();
}

#[test]
fn the_trainer_may_stand_by_unless_the_scheme_separates_the_two() {
    let teach: fn(&mut Course) = |course| course.trainer_id = Some(DAVE);
    let world = taught_by("team-trainer", LIVE_WORK.0, LIVE_WORK.1, teach);
    let state = world.app.open_session(&world.new_session(LIVE_WORK)).unwrap();
    assert_eq!(state.second_person.unwrap().person.id, DAVE);

    let separated = edited(LIVE_WORK.0, "\"separate\": []", r#""separate": [["second_person", "trainer"]]"#);
    let world = taught_by("team-separated", &separated, LIVE_WORK.1, teach);
    let new = world.new_session((&separated, LIVE_WORK.1));
    let same = Invalid::SamePerson(SamePerson(Role::SecondPerson, Role::Trainer));
    assert_eq!(refusal(&world, &new), same);
    world.app.open_session(&NewSession { second_person: Some(world.candidates[2]), ..new }).unwrap();
}

#[test]
fn a_trainer_who_assesses_is_printed_unless_the_scheme_separates_the_two() {
    let printed = |teach: fn(&mut Course)| {
        let world = taught_by("team-assesses", AC_FGAS.0, AC_FGAS.1, teach);
        assert_eq!(world.alice.0, ALICE);
        let id = world.start(&world.new_session(AC_FGAS));
        world.score_everything(id, 1);
        let state = world.finish(id);
        let token = Token::parse(state.sealed.as_ref().unwrap().row.token.as_ref().unwrap()).unwrap().0;
        let key_set = world.app.trust_file().unwrap().open().unwrap().key_set;
        let facts = certificate_facts(&state, &key_set, &token, String::new());
        facts.people.into_iter().find(|fact| fact.label == "Trainer").unwrap().value
    };
    let both = printed(|course| course.trainer_id = Some(ALICE));
    assert!(both.ends_with("(also the assessor)"), "{both}");
    let other = printed(|course| course.trainer_id = Some(TRUDY));
    assert!(!other.contains("assessor"), "{other}");

    let separated = edited(AC_FGAS.0, "\"separate\": []", r#""separate": [["assessor", "trainer"]]"#);
    let world = taught_by("team-apart", &separated, AC_FGAS.1, |course| course.trainer_id = Some(ALICE));
    let same = Invalid::SamePerson(SamePerson(Role::Assessor, Role::Trainer));
    assert_eq!(refusal(&world, &world.new_session((&separated, AC_FGAS.1))), same);
}

/// Nobody of the roster.
const TRUDY: PersonId = PersonId::new([60; 16]);

#[test]
fn a_stop_halts_both_and_resuming_lets_only_one_work() {
    let team = team("team-halt");
    team.start(team.carol);
    team.start(team.dave);
    // Dave stands by and calls the stop on his own screen: the room is one.
    team.observe(team.dave, Observed::Stop);
    for id in [team.carol, team.dave] {
        assert!(team.state(id).session.open_stop().is_some(), "both are halted");
    }
    assert!(matches!(team.world.app.swap(team.dave), Err(Error::NotAllowed(NotAllowed::Stopped))));
    let marked = team.score(team.carol);
    assert_eq!(marked.session.out_of_turn.last().map(|(_, why)| *why), Some(OutOfTurn::Stopped));
    let explained = Observed::StopExplained {
        by: StoppedBy::Candidate,
        kind: StopKind::DangerByCandidate,
        why: "reached across".to_owned(),
    };
    team.observe(team.carol, explained);
    let kind = |id| team.state(id).session.stops.last().unwrap().explained.clone().map(|(by, kind, _)| (by, kind));
    assert_eq!(kind(team.carol), Some((StoppedBy::Candidate, StopKind::DangerByCandidate)));
    assert_eq!(kind(team.dave), Some((StoppedBy::SomebodyElse, StopKind::OutsideCause)), "it was not Dave's danger");
    let again = Observed::StopExplained {
        by: StoppedBy::SomebodyElse,
        kind: StopKind::OutsideCause,
        why: "reached across to Dave".to_owned(),
    };
    team.observe(team.dave, again);
    let danger = Some((StoppedBy::Candidate, StopKind::DangerByCandidate));
    assert_eq!(kind(team.carol), danger, "what is told of Dave's takes no danger from Carol");
    let in_error =
        |kind| Observed::StopExplained { by: StoppedBy::Candidate, kind, why: "looked worse than it was".to_owned() };
    team.observe(team.carol, in_error(StopKind::CalledInError));
    assert_eq!(kind(team.carol).map(|(_, kind)| kind), Some(StopKind::CalledInError), "her own log can");
    team.observe(team.carol, in_error(StopKind::DangerByCandidate));
    team.observe(team.carol, Observed::Resume { made_safe: true, gate_checked: true });
    let (carol, dave) = (team.state(team.carol), team.state(team.dave));
    assert!(carol.session.open_stop().is_none() && dave.session.open_stop().is_none(), "and both go on");
    assert_eq!((carol.session.stands_by, dave.session.stands_by), (false, true));
}

#[test]
fn whoever_comes_back_while_the_other_works_stands_by() {
    let team = team("team-back");
    team.start(team.carol);
    team.start(team.dave);
    team.world.app.end_exercise(team.carol).unwrap();
    assert!(!team.world.app.swap(team.dave).unwrap().session.stands_by, "Dave works");
    team.world.app.continue_exercise(team.carol).unwrap();
    let (carol, dave) = (team.state(team.carol), team.state(team.dave));
    assert_eq!((carol.session.stands_by, dave.session.stands_by), (true, false), "never both at once");
}
