//! Cases of the gate: every gap is named, with whether it holds the start up.

use super::{
    Missing::{
        CalibrationDate, CalibrationOverdue, FirstAidOver, IdentityCheck, IdentityDocument, InstrumentBelowObject,
        InstrumentCategory, InstrumentSerial, InstrumentVoltage, LiveWorkReason, ObjectAboveLimit, ObjectId,
        ObjectState, ObjectStateDoesNotCount, ObjectVoltage, RiskAssessment, SecondPersonPresent,
    },
    *,
};
use crate::scheme::sample::{asks_for_everything, bare, day, deviation, full, identified, shown};

const TODAY: &str = "2026-05-04";

fn asked(scheme: &Scheme, gate: &Gate, has_second_person: bool) -> Vec<(Missing, Need)> {
    missing(scheme, gate, has_second_person, day(TODAY))
}

/// A full gate but for one thing, under the scheme that asks for everything.
fn but(change: fn(&mut Gate)) -> Vec<(Missing, Need)> {
    let mut gate = full();
    change(&mut gate);
    asked(&asks_for_everything(), &gate, true)
}

type Gap = (&'static str, fn(&mut Gate), Vec<Missing>);

fn check_blocking(table: Vec<Gap>) {
    for (name, change, expected) in table {
        let found = but(change);
        assert_eq!(found, expected.into_iter().map(|missing| (missing, Need::Block)).collect::<Vec<_>>(), "{name}");
        assert_eq!(blocks(&found), !found.is_empty(), "{name}");
    }
}

#[test]
fn every_gap_is_named() {
    let tick = |section, id: &str| vec![Missing::Tick(section, id.to_owned())];
    check_blocking(vec![
        ("full", |_| (), vec![]),
        ("identity", |gate| gate.identity_document = None, vec![IdentityDocument]),
        ("looked at", |gate| gate.identity_checked_by_assessor = false, vec![IdentityCheck]),
        (
            "tick",
            |gate| gate.ticks = ["gloves", "tools"].map(str::to_owned).into(),
            tick(TickSection::Premises, "marked"),
        ),
        ("tick", |gate| gate.ticks = ["marked", "tools"].map(str::to_owned).into(), tick(TickSection::Ppe, "gloves")),
        ("category", |gate| gate.instrument_category = None, vec![InstrumentCategory]),
        ("rating", |gate| gate.instrument_voltage = None, vec![InstrumentVoltage]),
        ("serial", |gate| gate.instrument_serial.clear(), vec![InstrumentSerial]),
        ("blank serial", |gate| gate.instrument_serial = " ".to_owned(), vec![InstrumentSerial]),
        ("calibration", |gate| gate.instrument_calibration_due = None, vec![CalibrationDate]),
        ("object", |gate| gate.object_id.clear(), vec![ObjectId]),
        ("blank object", |gate| gate.object_id = "\t".to_owned(), vec![ObjectId]),
        ("voltage", |gate| gate.object_voltage = None, vec![ObjectVoltage]),
        ("its kind", |gate| gate.object_voltage_kind = None, vec![ObjectVoltage]),
        ("zero is a voltage", |gate| gate.object_voltage = Some(Millivolts(0)), vec![]),
        ("state", |gate| gate.object_state = None, vec![ObjectState]),
        ("risk", |gate| gate.risk_assessment = " ".to_owned(), vec![RiskAssessment]),
        ("reason", |gate| gate.live_work_reason = None, vec![LiveWorkReason]),
        ("nothing but the gate", |gate| gate.deviation = Some(deviation()), vec![]),
    ]);
    let all = asked(&asks_for_everything(), &Gate::default(), true);
    assert_eq!(all.len(), 25, "an empty gate lacks everything: {all:?}");
}

#[test]
fn a_warning_holds_nothing_up() {
    let not_shown = ShownProblem::NotShown;
    let table: Vec<Gap> = vec![
        (
            "tick",
            |gate| assert!(gate.ticks.remove("tools")),
            vec![Missing::Tick(TickSection::Site, "tools".to_owned())],
        ),
        (
            "credential",
            |gate| assert!(gate.prerequisites.remove("driving").is_some()),
            vec![Missing::Prerequisite("driving".to_owned(), not_shown)],
        ),
        (
            "evidence of competence",
            |gate| assert!(gate.competences.remove(&Competence::Pedagogical).is_some()),
            vec![Missing::Competence(Competence::Pedagogical, not_shown)],
        ),
        (
            "all of them",
            |gate| gate.competences.clear(),
            COMPETENCES.map(|competence| Missing::Competence(competence, not_shown)).to_vec(),
        ),
    ];
    for (name, change, expected) in table {
        let found = but(change);
        assert_eq!(found, expected.into_iter().map(|missing| (missing, Need::Warn)).collect::<Vec<_>>(), "{name}");
        assert!(!blocks(&found), "{name}");
    }
    let mut scheme = asks_for_everything();
    scheme.gate.assessor_evidence = Some(Need::Block);
    let found = asked(&scheme, &Gate { competences: BTreeMap::new(), ..full() }, true);
    assert_eq!(found.len(), 3);
    assert!(blocks(&found), "where the scheme says so, it does");
}

#[test]
fn a_scheme_that_asks_for_nothing_asks_for_identity() {
    let found = asked(&bare(), &Gate::default(), false);
    assert_eq!(found, [(IdentityDocument, Need::Block), (IdentityCheck, Need::Block)]);
    assert_eq!(asked(&bare(), &identified(), false), []);
    assert_eq!(asked(&bare(), &identified(), true), [(SecondPersonPresent, Need::Block)], "whoever is named is there");
    let odd = Gate {
        object_voltage: Some(Millivolts::from_volts(9_000)),
        object_voltage_kind: Some(VoltageKind::Dc),
        instrument_voltage: Some(1),
        instrument_calibration_due: Some(day("2020-01-01")),
        ..identified()
    };
    assert_eq!(asked(&bare(), &odd, false), [], "what is not asked for is not looked at");
}

/// Rated volts and millivolts present, each on its border.
#[test]
fn the_instrument_is_rated_at_least_the_voltage_present() {
    for (rated, present, expected) in [
        (400, 400_000, vec![]),
        (400, 400_001, vec![InstrumentBelowObject(400, Millivolts(400_001))]),
        (399, 400_000, vec![InstrumentBelowObject(399, Millivolts(400_000))]),
        (0, 0, vec![InstrumentVoltage]),
        (1, 0, vec![]),
    ] {
        let gate = Gate { instrument_voltage: Some(rated), object_voltage: Some(Millivolts(present)), ..full() };
        let found: Vec<_> =
            asked(&asks_for_everything(), &gate, true).into_iter().map(|(missing, _)| missing).collect();
        assert_eq!(found, expected, "{rated} V against {present} mV");
    }
}

#[test]
fn the_object_stays_within_the_schemes_limits() {
    use VoltageKind::{Ac, Dc};
    let above = |millivolts, volts| vec![ObjectAboveLimit(Millivolts(millivolts), volts)];
    for (kind, present, expected) in [
        (Dc, 1_500_000, vec![]),
        (Dc, 1_500_001, above(1_500_001, 1_500)),
        (Dc, 1_500_100, above(1_500_100, 1_500)),
        (Ac, 1_000_000, vec![]),
        (Ac, 1_000_001, above(1_000_001, 1_000)),
    ] {
        let gate = Gate {
            instrument_voltage: Some(9_000),
            object_voltage: Some(Millivolts(present)),
            object_voltage_kind: Some(kind),
            ..full()
        };
        let found: Vec<_> =
            asked(&asks_for_everything(), &gate, true).into_iter().map(|(missing, _)| missing).collect();
        assert_eq!(found, expected, "{present} mV {kind:?}");
        let mut without = asks_for_everything();
        without.gate.object_limits = None;
        assert_eq!(asked(&without, &gate, true), [], "without limits");
    }
    assert_eq!(Millivolts(1_500_001).volts_rounded_up(), 1_501, "paper never says less than was present");
    assert_eq!(Millivolts(1_500_000).volts_rounded_up(), 1_500);
    assert_eq!(Millivolts(u64::MAX).volts_rounded_up(), u32::MAX);
}

#[test]
fn the_objects_state_counts_in_every_part_that_needs_one() {
    use ExerciseState::{Live, MadeDead, NeverEnergised, Simulated};
    let mut scheme = asks_for_everything();
    let mut found = |second_part: &[ExerciseState], state| {
        scheme.parts[1].object_states = second_part.to_vec();
        asked(&scheme, &Gate { object_state: Some(state), ..full() }, true)
    };
    let no = |state| vec![(ObjectStateDoesNotCount(state), Need::Block)];
    for (second_part, state, expected) in [
        (&[][..], Live, vec![]),
        (&[], MadeDead, vec![]),
        (&[], NeverEnergised, no(NeverEnergised)),
        (&[], Simulated, no(Simulated)),
        (&[MadeDead], MadeDead, vec![]),
        (&[MadeDead], Live, no(Live)),
    ] {
        assert_eq!(found(second_part, state), expected, "{second_part:?} {state:?}");
    }
}

/// What holds until a day holds on that day and not on the day after; what is issued on a day holds from then on.
#[test]
fn last_days() {
    let (today, yesterday, tomorrow) = (TODAY, "2026-05-03", "2026-05-05");
    let over = ShownProblem::Over(day(yesterday));
    let not_yet = ShownProblem::NotYet(day(tomorrow));
    for (issued, expires, problem) in [
        (today, Some(today), None),
        (today, None, None),
        ("2020-01-01", Some(today), None),
        ("2020-01-01", Some(tomorrow), None),
        ("2020-01-01", Some(yesterday), Some(over)),
        (tomorrow, Some("2030-01-01"), Some(not_yet)),
        (tomorrow, None, Some(not_yet)),
    ] {
        let mut gate = full();
        gate.prerequisites.insert("base".to_owned(), shown(issued, expires));
        gate.competences.insert(Competence::Assessment, shown(issued, expires));
        let expected: Vec<_> = problem
            .into_iter()
            .flat_map(|problem| {
                let base = (Missing::Prerequisite("base".to_owned(), problem), Need::Block);
                [base, (Missing::Competence(Competence::Assessment, problem), Need::Warn)]
            })
            .collect();
        assert_eq!(asked(&asks_for_everything(), &gate, true), expected, "{issued} to {expires:?}");
    }
    check_blocking(vec![
        ("calibrated until today", |gate| gate.instrument_calibration_due = Some(day(TODAY)), vec![]),
        (
            "calibrated until yesterday",
            |gate| gate.instrument_calibration_due = Some(day("2026-05-03")),
            vec![CalibrationOverdue(day(yesterday))],
        ),
        ("first aid until today", |gate| gate.second_person_first_aid = Some(day(TODAY)), vec![]),
        (
            "first aid until yesterday",
            |gate| gate.second_person_first_aid = Some(day("2026-05-03")),
            vec![FirstAidOver(day(yesterday))],
        ),
    ]);
}

#[test]
fn a_credential_is_shown_whole() {
    let base = || shown("2020-01-01", None);
    let blank = || " ".to_owned();
    for (shown, problem) in [
        (Shown { issuer: blank(), ..base() }, ShownProblem::Incomplete),
        (Shown { reference: blank(), ..base() }, ShownProblem::Incomplete),
        (Shown { issued: None, ..base() }, ShownProblem::Incomplete),
        (Shown { issuer: blank(), reference: blank(), ..base() }, ShownProblem::NotShown),
        (Shown::default(), ShownProblem::NotShown),
    ] {
        let mut gate = full();
        gate.prerequisites.insert("base".to_owned(), shown.clone());
        let found = asked(&asks_for_everything(), &gate, true);
        assert_eq!(found, [(Missing::Prerequisite("base".to_owned(), problem), Need::Block)], "{shown:?}");
    }
}

#[test]
fn the_second_person_brings_what_is_asked() {
    check_blocking(vec![
        ("present", |gate| gate.second_person_present = false, vec![SecondPersonPresent]),
        (
            "first aid",
            |gate| gate.second_person_first_aid = None,
            vec![Missing::SecondPerson(SecondPersonProof::FirstAid)],
        ),
    ]);
    for proof in [
        SecondPersonProof::Instructed,
        SecondPersonProof::SwitchOff,
        SecondPersonProof::Rescue,
        SecondPersonProof::NoOtherTask,
    ] {
        let mut gate = full();
        assert!(gate.second_person.remove(&proof));
        let found = asked(&asks_for_everything(), &gate, true);
        assert_eq!(found, [(Missing::SecondPerson(proof), Need::Block)]);
    }
    let mut scheme = asks_for_everything();
    scheme.gate.second_person = vec![SecondPersonProof::Rescue];
    let only = Gate { second_person: [SecondPersonProof::Rescue].into(), second_person_first_aid: None, ..full() };
    assert_eq!(asked(&scheme, &only, true), [], "nothing is asked for that the scheme does not ask for");
}

#[test]
fn who_stands_in_for_a_second_person() {
    let mut scheme = asks_for_everything();
    let half = |change: fn(&mut Deviation)| {
        let mut deviation = deviation();
        change(&mut deviation);
        Some(deviation)
    };
    let mut found = |policy, deviation| {
        scheme.people.second_person = policy;
        let gate = Gate { deviation, ..full() };
        asked(&scheme, &gate, false).into_iter().map(|(missing, _)| missing).collect::<Vec<_>>()
    };
    assert_eq!(found(SecondPersonPolicy::Nobody, None), []);
    assert_eq!(found(SecondPersonPolicy::Required, None), [SecondPersonPresent]);
    assert_eq!(
        found(SecondPersonPolicy::Required, Some(deviation())),
        [SecondPersonPresent],
        "no deviation where none is allowed"
    );
    assert_eq!(found(SecondPersonPolicy::Deviation, Some(deviation())), []);
    assert_eq!(found(SecondPersonPolicy::Deviation, None), [Missing::Deviation]);
    for half in [
        half(|deviation| deviation.ground = " ".to_owned()),
        half(|deviation| deviation.risk_assessment.clear()),
        half(|deviation| deviation.approver.clear()),
    ] {
        assert_eq!(found(SecondPersonPolicy::Deviation, half.clone()), [Missing::Deviation], "{half:?}");
    }
}
