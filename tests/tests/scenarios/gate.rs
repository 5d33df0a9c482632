//! What must hold before the start.

use fieldproof_app::{
    session::{NewSession, certificate_facts},
    words,
};
use fieldproof_model::{
    decision::{Answer, Outcome, Rule},
    gate::{COMPETENCES, Deviation, Millivolts, Missing, ShownProblem, VoltageKind},
};
use fieldproof_seal::token::Token;
use fieldproof_testkit::{AC_FGAS, LADDER_3, LIVE_WORK, card, day};

use crate::{WAIT, answer, assert_held_up, is_certified, ladder, opened, starts, value, world};

#[test]
fn scenario_2_without_the_second_person_the_start_is_refused_and_the_missing_thing_named() {
    let world = world("golden-2");
    let alone = NewSession { second_person: None, ..world.new_session(LIVE_WORK) };
    assert_held_up(&world, &opened(&world, &alone, |_| {}), &Missing::Deviation);
    let half = Deviation { ground: "one person only".to_owned(), risk_assessment: "RA 7".to_owned(), ..<_>::default() };
    let half = opened(&world, &alone, |gate| gate.deviation = Some(half));
    assert_held_up(&world, &half, &Missing::Deviation);
    let named = opened(&world, &world.new_session(LIVE_WORK), |gate| gate.second_person_present = false);
    assert_held_up(&world, &named, &Missing::SecondPersonPresent);
}

#[test]
fn scenario_6_level_three_without_level_two_does_not_start() {
    let world = ladder("golden-6-start");
    let level_two = |problem| Missing::Prerequisite("level-2".to_owned(), problem);
    let new = world.new_session(LADDER_3);
    let without = opened(&world, &new, |gate| gate.prerequisites.clear());
    assert_held_up(&world, &without, &level_two(ShownProblem::NotShown));
    let out = opened(&world, &new, |gate| {
        gate.prerequisites.get_mut("level-2").unwrap().expires = Some(day("2026-03-01"));
    });
    assert_held_up(&world, &out, &level_two(ShownProblem::Over(day("2026-03-01"))));
    let other = opened(&world, &new, |gate| gate.prerequisites = [("level-1".to_owned(), card("level-1"))].into());
    assert_held_up(&world, &other, &level_two(ShownProblem::NotShown));
    let id = starts(&world, &opened(&world, &new, |_| {}));
    world.score_everything(id, 1);
    assert!(is_certified(&world.finish(id)), "with level two it can be passed");
}

#[test]
fn scenario_8_a_thousand_volts_ac_and_fifteen_hundred_dc_are_accepted_and_nothing_above() {
    let world = world("golden-8");
    let new = world.new_session(LIVE_WORK);
    let with = |millivolts: u64, kind| {
        opened(&world, &new, |gate| {
            gate.object_voltage = Some(Millivolts(millivolts));
            gate.object_voltage_kind = Some(kind);
            gate.instrument_voltage = Some(2_000);
        })
    };
    let id = starts(&world, &with(1_000_000, VoltageKind::Ac));
    assert_eq!(world.app.session(id).unwrap().missing(world.app.today()), []);
    starts(&world, &with(1_500_000, VoltageKind::Dc));
    let above = [
        (1_500_100, VoltageKind::Dc, 1_500, "1500.1 V"),
        (1_500_001, VoltageKind::Dc, 1_500, "1500.001 V"),
        (1_000_001, VoltageKind::Ac, 1_000, "1000.001 V"),
        (1_500_000, VoltageKind::Ac, 1_000, "1500 V"),
    ];
    for (millivolts, kind, limit, words) in above {
        let state = with(millivolts, kind);
        let missing = Missing::ObjectAboveLimit(Millivolts(millivolts), limit);
        assert_held_up(&world, &state, &missing);
        assert!(words::missing(&state.scheme, &missing).contains(words));
    }
}

#[test]
fn scenario_9_an_assessor_whose_refresh_ran_out_yesterday_cannot_start() {
    let world = world("golden-9");
    let new = world.new_session(LIVE_WORK);
    let (yesterday, today) = (day("2026-03-01"), day("2026-03-02"));
    for competence in COMPETENCES {
        let expiring = |expires| {
            opened(&world, &new, |gate| gate.competences.get_mut(&competence).unwrap().expires = Some(expires))
        };
        let missing = Missing::Competence(competence, ShownProblem::Over(yesterday));
        assert_held_up(&world, &expiring(yesterday), &missing);
        starts(&world, &expiring(today));
        let none = opened(&world, &new, |gate| drop(gate.competences.remove(&competence)));
        assert_held_up(&world, &none, &Missing::Competence(competence, ShownProblem::NotShown));
    }
}

#[test]
fn scenario_9_where_the_scheme_only_warns_the_missing_evidence_is_printed() {
    let world = world("golden-9-warn");
    let state = opened(&world, &world.new_session(AC_FGAS), |gate| gate.competences.clear());
    let id = starts(&world, &state);
    world.score_everything(id, 1);
    let state = world.finish(id);
    let (token, _) = Token::parse(state.sealed.as_ref().unwrap().row.token.as_ref().unwrap()).unwrap();
    let key_set = world.app.trust_file().unwrap().open().unwrap().key_set;
    let facts = certificate_facts(&state, &key_set, &token, String::new());
    let printed = value(&facts.assessed, "At the start");
    assert_eq!(printed.matches("(not shown)").count(), 3, "{printed}");
    assert!(printed.contains("Assessor: pedagogical capability (not shown)"), "{printed}");
}

#[test]
fn the_base_certificate_of_live_work_is_shown_and_valid_on_the_day() {
    let world = world("golden-chain");
    let new = world.new_session(LIVE_WORK);
    let base = |problem| Missing::Prerequisite("sfs-6002".to_owned(), problem);
    let with = |change: fn(&mut fieldproof_model::gate::Shown)| {
        opened(&world, &new, |gate| change(gate.prerequisites.get_mut("sfs-6002").unwrap()))
    };
    let none = opened(&world, &new, |gate| drop(gate.prerequisites.remove("sfs-6002")));
    assert_held_up(&world, &none, &base(ShownProblem::NotShown));
    let over = with(|shown| shown.expires = Some(day("2026-03-01")));
    assert_held_up(&world, &over, &base(ShownProblem::Over(day("2026-03-01"))));
    let early = with(|shown| shown.issued = Some(day("2026-03-03")));
    assert_held_up(&world, &early, &base(ShownProblem::NotYet(day("2026-03-03"))));
    let nameless = with(|shown| shown.issuer.clear());
    assert_held_up(&world, &nameless, &base(ShownProblem::Incomplete));
    starts(&world, &with(|shown| shown.expires = Some(day("2026-03-02"))));
    starts(&world, &with(|shown| shown.expires = None));
    let own_first_aid = opened(&world, &new, |gate| drop(gate.prerequisites.remove("first-aid")));
    let first_aid = Missing::Prerequisite("first-aid".to_owned(), ShownProblem::NotShown);
    assert_held_up(&world, &own_first_aid, &first_aid);
}

#[test]
fn first_aid_that_holds_today_and_is_out_tomorrow_lets_it_start_and_leaves_a_later_end_to_the_institution() {
    let gate_rule = |rule: &Rule| matches!(rule, Rule::Gate { .. });
    for (days, outcome, settled) in [(0, Outcome::Pass, Answer::Yes), (1, Outcome::Open, Answer::Open)] {
        let world = world("golden-first-aid");
        let new = world.new_session(LIVE_WORK);
        let today = world.app.today();
        let id = starts(&world, &opened(&world, &new, |gate| gate.second_person_first_aid = Some(today)));
        world.score_everything(id, WAIT);
        world.host.advance_seconds(days * 86_400);
        let state = world.app.end_exercise(id).unwrap();
        assert_eq!((state.decision.outcome, answer(&state, gate_rule)), (outcome, settled), "{days} days later");
    }
    let world = world("golden-first-aid");
    let today = world.app.today();
    let late = opened(&world, &world.new_session(LIVE_WORK), |gate| gate.second_person_first_aid = Some(today));
    world.host.advance_seconds(86_400);
    assert_held_up(&world, &late, &Missing::FirstAidOver(today));
}
