//! Cases of the fold.

use super::sample::*;
use super::*;
use crate::{
    digest::Digest,
    id::SessionId,
    scheme::sample::{cid, day, pid, rid},
};

/// One second between two taps, behind a start.
fn fold(observed: &[Observed]) -> Session {
    Session::replay(&log_every(1000, &[&[Observed::Started], observed].concat()))
}

fn moment(sequence: u32) -> Moment {
    Moment { at: Timestamp::from_millis(MORNING + i64::from(sequence - 1) * 1000), sequence }
}

fn proof(session: &Session) -> &Proof {
    &session.proofs[&cid("prove")]
}

#[test]
fn proving_dead_is_one_construct() {
    use ProofStatus::{NotDead, Open, Proved, Void};
    let again = |earlier: Vec<Observed>, later: Vec<Observed>| [earlier, later].concat();
    let failed = || vec![before(true), reading("A", true), after(false, true)];
    let table = [
        (vec![before(true)], Open),
        (vec![before(true), reading("A", true)], Open),
        (proved(), Proved),
        (vec![before(true), reading("A", true), reading("B", false), after(true, true)], NotDead),
        (vec![before(true), reading("A", false), reading("A", true), after(true, true)], Proved),
        (vec![before(true), reading("A", true), reading("A", false), after(true, true)], NotDead),
        (vec![before(true), after(true, true)], Void(VoidBecause::NoReading)),
        (vec![before(false), reading("A", true), after(true, true)], Void(VoidBecause::FirstTrialFailed)),
        (vec![reading("A", true)], Void(VoidBecause::NoFirstTrial)),
        (vec![after(true, true)], Void(VoidBecause::NoFirstTrial)),
        (vec![reading("A", true), after(true, true)], Void(VoidBecause::NoFirstTrial)),
        (vec![reading("A", true), before(true), after(true, true)], Void(VoidBecause::NoReading)),
        (failed(), Void(VoidBecause::SecondTrialFailed)),
        (vec![before(true), reading("A", true), after(true, false)], Void(VoidBecause::OtherInstrument)),
        (vec![before(true), reading("A", true), after(false, false)], Void(VoidBecause::SecondTrialFailed)),
        (again(proved(), vec![reading("B", true)]), Open),
        (again(proved(), vec![reading("B", true), after(true, true)]), Proved),
        (again(proved(), vec![reading("A", false), after(true, true)]), NotDead),
        (again(failed(), vec![reading("B", true)]), Void(VoidBecause::SecondTrialFailed)),
        (again(failed(), vec![after(true, true)]), Proved),
        (again(failed(), vec![before(true)]), Open),
        (again(proved(), vec![before(true), after(true, true)]), Void(VoidBecause::NoReading)),
        (again(proved(), vec![before(false)]), Void(VoidBecause::FirstTrialFailed)),
    ];
    for (acts, expected) in table {
        assert_eq!(proof(&fold(&acts)).construct.status(), expected, "{acts:?}");
    }
    assert_eq!(Construct::default().status(), ProofStatus::NotStarted);
}

#[test]
fn a_construct_keeps_its_acts() {
    let trial = |same_instrument| Trial { source: "battery 12 V".to_owned(), worked: true, same_instrument };
    let point = |point: &str, dead| Reading { point: point.to_owned(), reading: "0.1 V".to_owned(), dead };
    let acts = [before(true), reading("A", false), reading("B", true), reading("A", true), after(true, false)];
    let session = fold(&acts);
    let expected = Construct {
        before: Some(trial(true)),
        readings: vec![point("B", true), point("A", true)],
        after: Some(trial(false)),
        began: Some(moment(2)),
    };
    assert_eq!(proof(&session).construct, expected);
    assert_eq!(proof(&session).last_sequence, 6);
    let again = fold(&[&acts[..], &[before(true)]].concat());
    assert_eq!(proof(&again).construct.began, Some(moment(7)), "a further trial begins a new construct");
}

#[test]
fn a_proof_holds_from_turn_to_turn() {
    let turns = |more: &[Observed]| {
        let session = fold(&[&proved(), more].concat());
        let own = proof(&session).turns.iter().map(|(moment, holds)| (moment.sequence, *holds));
        let ended = session.proofs_ended.iter().map(|moment| (moment.sequence, false));
        own.chain(ended).collect::<Vec<_>>()
    };
    let first = (4, true);
    for (name, more, expected) in [
        ("proved", vec![], vec![first]),
        ("the next round began: nothing else is shown yet", vec![before(true), reading("A", true)], vec![first]),
        ("a further point: likewise", vec![reading("B", false)], vec![first]),
        ("a point was live", vec![reading("A", false), after(true, true)], vec![first, (6, false)]),
        ("the tester fails first", vec![before(false)], vec![first, (5, false)]),
        ("the tester fails afterwards", vec![after(false, true)], vec![first, (5, false)]),
        ("another instrument", vec![after(true, false)], vec![first, (5, false)]),
        ("no point", vec![before(true), after(true, true)], vec![first, (6, false)]),
        ("proved again", [before(false)].into_iter().chain(proved()).collect(), vec![first, (5, false), (8, true)]),
        ("re-energised", vec![Observed::Reenergised], vec![first, (5, false)]),
        ("re-energised twice", vec![Observed::Reenergised, Observed::Reenergised], vec![first, (5, false), (6, false)]),
        ("stopped and gone on", halted(), vec![first, (7, false)]),
    ] {
        assert_eq!(turns(&more), expected, "{name}");
    }
    assert_eq!(proof(&fold(&[reading("A", true), after(true, true)])).turns, [], "void from the start, it never held");
}

#[test]
fn two_proofs_are_kept_apart() {
    let session = fold(&[
        before_of("prove", true),
        before_of("again", true),
        reading_of("prove", "A", true),
        reading_of("again", "A", false),
        after_of("prove", true, true),
        after_of("again", true, true),
    ]);
    let of = |name: &str| &session.proofs[&cid(name)];
    assert_eq!(of("prove").construct.status(), ProofStatus::Proved);
    assert_eq!(of("again").construct.status(), ProofStatus::NotDead);
    assert_eq!((of("prove").last_sequence, of("again").last_sequence), (6, 7));
    assert_eq!((of("prove").turns.len(), of("again").turns.len()), (1, 1));
    assert_eq!(session.proofs.len(), 2);
}

#[test]
fn resuming_needs_both_checks_and_ends_every_proof() {
    let went_on = |made_safe, gate_checked| {
        let stop = [Observed::Stop, Observed::Resume { made_safe, gate_checked }];
        fold(&[&proved()[..], &[before_of("again", true)], &stop].concat())
    };
    for (made_safe, gate_checked) in [(false, true), (true, false), (false, false)] {
        let session = went_on(made_safe, gate_checked);
        assert_eq!((session.phase, session.resumed), (Phase::Stopped, None), "{made_safe} {gate_checked}");
        assert!(session.open_stop().is_some());
        assert_eq!(proof(&session).construct.status(), ProofStatus::Proved);
    }
    let session = went_on(true, true);
    assert_eq!((session.phase, session.resumed), (Phase::Exercise, Some(moment(7))));
    assert_eq!((session.open_stop(), session.stops[0].resumed_at), (None, Some(moment(7).at)));
    for name in ["prove", "again"] {
        assert_eq!(session.proofs[&cid(name)].construct, Construct::default(), "{name}");
    }
}

#[test]
fn a_resume_that_no_stop_asked_for_changes_nothing() {
    let session = fold(&[&proved()[..], &[resume()]].concat());
    assert_eq!((session.resumed, proof(&session).construct.status()), (None, ProofStatus::Proved));
    let twice = fold(&[&halted()[..], &proved(), &[resume()]].concat());
    assert_eq!((twice.resumed, proof(&twice).construct.status()), (Some(moment(4)), ProofStatus::Proved));
}

#[test]
fn a_proof_that_ended_is_remembered_until_the_next_act() {
    let ended =
        |more: &[Observed]| proof(&fold(&[&proved(), more].concat())).ended_proved.map(|was| (was.proved, was.ended));
    assert_eq!(ended(&[]), None);
    assert_eq!(proof(&fold(&[&proved()[..], &[Observed::Reenergised]].concat())).began(), Some(moment(2)));
    assert_eq!(ended(&[Observed::Reenergised]), Some((moment(4), moment(5))));
    assert_eq!(ended(&halted()), Some((moment(4), moment(7))));
    assert_eq!(ended(&[&halted()[..], &[Observed::Reenergised]].concat()), Some((moment(4), moment(7))), "once ended");
    assert_eq!(ended(&[before(true), Observed::Reenergised]), None, "a new round was open");
    assert_eq!(ended(&[after(true, false), Observed::Reenergised]), None, "it was void");
    for act in [before(true), reading("A", true), after(true, true)] {
        assert_eq!(ended(&[Observed::Reenergised, act]), None);
    }
    let empty = fold(&[Observed::Reenergised]);
    assert_eq!(empty.proofs.len(), 0);
}

#[test]
fn work_while_alone_stopped_or_standing_by_is_recorded_and_marked() {
    use OutOfTurn::{SecondPersonAbsent, StandingBy, Stopped};
    let work = [did("a"), answered("b", Answer::Counted(1)), before(true), reading("A", true), after(true, true)];
    let no_work = [
        Observed::Note { criterion: None, text: "n".to_owned() },
        Observed::Photo { criterion: None, digest: Digest::new([0; 32]), size: 1, original: None },
        Observed::Reenergised,
        said("r", true),
        began("p"),
        marked("p", 1, 2, "2026-05-04"),
    ];
    for (state, kind) in [
        (vec![Observed::SecondPersonLeft], SecondPersonAbsent),
        (vec![Observed::SwappedOut], StandingBy),
        (vec![Observed::Stop], Stopped),
        (vec![Observed::SecondPersonLeft, Observed::Stop], Stopped),
    ] {
        let place = u32::try_from(state.len()).unwrap() + 2;
        for observed in &work {
            let session = fold(&[&state[..], std::slice::from_ref(observed)].concat());
            assert_eq!(session.out_of_turn, [(place, kind)], "{observed:?} {state:?}");
        }
        assert_eq!(fold(&[&state[..], &no_work].concat()).out_of_turn, [], "{state:?}");
    }
    let both = fold(&[Observed::SecondPersonLeft, Observed::SwappedOut, did("a")]);
    assert_eq!(both.out_of_turn, [(4, SecondPersonAbsent), (4, StandingBy)]);
    assert_eq!(both.entries.len(), 1, "it is recorded all the same");
}

#[test]
fn work_in_turn_is_not_marked() {
    for earlier in [
        vec![],
        vec![Observed::SecondPersonLeft, Observed::SecondPersonReturned],
        vec![Observed::SwappedOut, Observed::SwappedIn],
        halted(),
        vec![Observed::SecondPersonLeft, Observed::Ended],
        vec![Observed::SecondPersonLeft, Observed::Ended, confirmed(false)],
    ] {
        assert_eq!(fold(&[&earlier[..], &[did("a")]].concat()).out_of_turn, [], "{earlier:?}");
    }
    let before_the_start = Session::replay(&log_every(1000, &[Observed::SecondPersonLeft, did("a")]));
    assert_eq!(before_the_start.out_of_turn, []);
    let back_again = fold(&[Observed::SwappedOut, Observed::Ended, Observed::Continued, did("a")]);
    assert_eq!(back_again.out_of_turn, [(5, OutOfTurn::StandingBy)]);
}

#[test]
fn phases() {
    use Phase::{Acknowledgement, Decision, Exercise, Gate, Stopped};
    assert_eq!(Session::replay(&[]), Session::default());
    assert_eq!(Session::default().phase, Gate);
    for (observed, phase, is_over) in [
        (vec![], Exercise, false),
        (vec![Observed::Stop], Stopped, false),
        (vec![Observed::Ended], Decision, true),
        (vec![Observed::Stop, Observed::Ended], Decision, true),
        (vec![Observed::Ended, Observed::Continued], Exercise, false),
        (vec![Observed::Stop, Observed::Ended, Observed::Continued], Stopped, false),
        (vec![Observed::Ended, confirmed(false)], Acknowledgement, true),
        (vec![Observed::Ended, confirmed(false), Observed::Continued], Exercise, false),
    ] {
        let session = fold(&observed);
        assert_eq!((session.phase, session.is_over()), (phase, is_over), "{observed:?}");
    }
    let session = fold(&[Observed::Ended, Observed::Continued, Observed::Ended, confirmed(true)]);
    assert_eq!((session.started, session.ended, session.last_sequence), (Some(moment(1)), Some(moment(4)), 5));
    let confirmation = Confirmation { borderline: true, note: "seen".to_owned(), at: moment(5).at };
    assert_eq!(session.confirmed, Some(confirmation));
}

#[test]
fn stops() {
    let stop = |at, kind: Option<StopKind>, resumed: Option<u32>| Stop {
        stopped_at: moment(at).at,
        explained: kind.map(|kind| (StoppedBy::Assessor, kind, "why".to_owned())),
        resumed_at: resumed.map(|at| moment(at).at),
    };
    let (outside, error) = (StopKind::OutsideCause, StopKind::CalledInError);
    for (name, observed, expected) in [
        ("tapped twice it is one", vec![Observed::Stop, Observed::Stop], vec![stop(2, None, None)]),
        ("ended in between", vec![Observed::Stop, Observed::Ended, Observed::Stop], vec![stop(2, None, None)]),
        ("told", vec![Observed::Stop, told(outside)], vec![stop(2, Some(outside), None)]),
        ("told anew", vec![Observed::Stop, told(outside), told(error)], vec![stop(2, Some(error), None)]),
        ("gone on", halted(), vec![stop(2, Some(outside), Some(4))]),
        ("told after going on", vec![Observed::Stop, resume(), told(error)], vec![stop(2, Some(error), Some(3))]),
        (
            "two",
            [halted(), vec![Observed::Stop, told(error)]].concat(),
            vec![stop(2, Some(outside), Some(4)), stop(5, Some(error), None)],
        ),
        ("told without one", vec![told(outside)], vec![]),
    ] {
        let session = fold(&observed);
        assert_eq!(session.stops, expected, "{name}");
        let still_open = expected.last().filter(|stop| stop.resumed_at.is_none());
        assert_eq!(session.open_stop(), still_open, "{name}");
    }
}

#[test]
fn parts_begin_end_and_are_marked() {
    let session = fold(&[began("p"), began("p"), ended("p"), ended("p"), marked("q", 1, 9, "2026-05-01")]);
    let p = PartLog { began: Some(moment(2)), ended: Some(moment(5)), marks: None };
    assert_eq!(session.parts[&pid("p")], p, "it first began and last ended then");
    let session = fold(&[marked("q", 1, 9, "2026-05-01"), marked("q", 7, 8, "2026-05-02")]);
    let marks = Marks { points: 7, of: 8, on: day("2026-05-02"), reference: "P-1".to_owned() };
    assert_eq!(session.parts[&pid("q")], PartLog { began: None, ended: None, marks: Some(marks) }, "the last marks");
    assert_eq!(session.parts.len(), 1);
}

#[test]
fn what_was_said_last_of_a_rule_is_kept() {
    let session = fold(&[said("r", true), said("other", true), said("r", false)]);
    let expected = |kept, sequence| Said { kept, note: "as seen".to_owned(), sequence };
    assert_eq!(session.said[&rid("r")], expected(false, 4));
    assert_eq!(session.said[&rid("other")], expected(true, 3));
}

#[test]
fn evidence_is_counted_by_criterion_and_kind() {
    let digest = Digest::new([7; 32]);
    let note = |criterion: Option<&str>| Observed::Note { criterion: criterion.map(cid), text: "n".to_owned() };
    let photo = |criterion: &str| Observed::Photo { criterion: Some(cid(criterion)), digest, size: 1, original: None };
    let file = Observed::File { criterion: Some(cid("a")), name: "f".to_owned(), digest, size: 1, original: None };
    let session = fold(&[note(Some("a")), note(None), photo("a"), photo("a"), photo("b"), file, reading("A", true)]);
    let expected = [
        ((cid("a"), EvidenceKind::Photo), 2),
        ((cid("a"), EvidenceKind::Note), 1),
        ((cid("a"), EvidenceKind::File), 1),
        ((cid("b"), EvidenceKind::Photo), 1),
        ((cid("prove"), EvidenceKind::Reading), 1),
    ];
    assert_eq!(session.evidence, expected.into());
}

#[test]
fn what_the_other_shared_changes_nothing_but_the_place() {
    let observed = [did("a"), before(true), Observed::SwappedOut];
    let shared = Observed::Shared { session: SessionId::new([9; 16]), sequence: 1, digest: Digest::new([1; 32]) };
    let mut expected = fold(&observed);
    expected.last_sequence = 5;
    assert_eq!(fold(&[&observed[..], &[shared]].concat()), expected);
}

#[test]
fn a_correction_removes_nothing() {
    let taps = [Observed::Started, did("a"), score("a", Score::NotDone), answered("a", Answer::Level(2))];
    let session = Session::replay(&set_back(log_every(1000, &taps), 3, 2_500));
    let entry = |sequence, back, recorded| {
        let at = Timestamp::from_millis(moment(sequence).at.as_millis() - back);
        Entry { recorded, moment: Moment { at, sequence }, set_back: back != 0 }
    };
    let expected = [
        entry(2, 0, Recorded::Score(Score::Unaided, None)),
        entry(3, 2_500, Recorded::Score(Score::NotDone, None)),
        entry(4, 0, Recorded::Answer(Answer::Level(2))),
    ];
    assert_eq!(session.entries[&cid("a")], expected);
    assert_eq!(session.newest(&cid("a")), expected.last());
    assert_eq!((session.score(&cid("a")), session.score(&cid("b"))), (None, None), "the newest is no score");
    assert_eq!(fold(&[did("a"), score("a", Score::NotSeen)]).score(&cid("a")), Some(Score::NotSeen));
    let reason = Some("no such part".to_owned());
    let skipped = Observed::Score { criterion: cid("a"), score: Score::NotApplicable, reason: reason.clone() };
    assert_eq!(
        fold(&[skipped]).newest(&cid("a")).map(|entry| entry.recorded.clone()),
        Some(Recorded::Score(Score::NotApplicable, reason))
    );
}
