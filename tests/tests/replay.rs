//! An operation answers with the session as it goes on tap by tap; what is read back is replayed at once. Both are one.
#![allow(clippy::unwrap_used, reason = "helpers of tests stop where the set-up fails")]

use fieldproof_app::session::{NewSession, SessionState};
use fieldproof_model::{
    gate::Gate,
    id::SessionId,
    observation::{Answer, Observed, Score, StopKind, StoppedBy},
    scheme::{CriterionId, PartId, RuleId},
};
use fieldproof_testkit::{LIVE_WORK, TestWorld, full_gate_for, seeded};

/// How many taps each team gets, most of them taken.
const TAPS: u32 = 250;

struct Dice<F>(F);

impl<F: FnMut(&mut [u8])> Dice<F> {
    fn below(&mut self, bound: usize) -> usize {
        let mut bytes = [0; 4];
        self.0(&mut bytes);
        usize::try_from(u32::from_le_bytes(bytes)).unwrap() % bound
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        from.get(self.below(from.len())).unwrap()
    }
}

fn any_tap(dice: &mut Dice<impl FnMut(&mut [u8])>, state: &SessionState) -> Observed {
    let criteria: Vec<CriterionId> = state.scheme.criteria().map(|(_, criterion)| criterion.id.clone()).collect();
    let parts: Vec<PartId> = state.scheme.parts.iter().map(|part| part.id.clone()).collect();
    let rules: Vec<RuleId> = state.scheme.order.iter().map(|order| order.id.clone()).collect();
    let (criterion, text) = (dice.pick(&criteria).clone(), || "as it was".to_owned());
    let flag = dice.below(2) == 0;
    match dice.below(20) {
        0..5 => {
            let score =
                *dice.pick(&[Score::Unaided, Score::Prompted, Score::NotDone, Score::Dangerous, Score::NotSeen]);
            Observed::Score { criterion, score, reason: None }
        }
        5 => Observed::Answered { criterion, answer: Answer::Level(2) },
        6 => Observed::TesterBefore { criterion, source: text(), worked: flag },
        7 => Observed::Reading { criterion, point: text(), reading: text(), dead: flag },
        8 => Observed::TesterAfter { criterion, source: text(), worked: true, same_instrument: flag },
        9 => Observed::PartBegan(dice.pick(&parts).clone()),
        10 => Observed::PartEnded(dice.pick(&parts).clone()),
        11 => Observed::Said { rule: dice.pick(&rules).clone(), kept: flag, note: text() },
        12 => Observed::Note { criterion: flag.then_some(criterion), text: text() },
        13 => Observed::Reenergised,
        14 => Observed::Stop,
        15 => {
            let kind = *dice.pick(&[StopKind::CalledInError, StopKind::OutsideCause, StopKind::DangerByCandidate]);
            Observed::StopExplained { by: StoppedBy::Candidate, kind, why: text() }
        }
        16 | 17 => Observed::Resume { made_safe: true, gate_checked: true },
        18 if flag => Observed::Ended,
        18 => Observed::SecondPersonLeft,
        _ if flag => Observed::Continued,
        _ => Observed::SecondPersonReturned,
    }
}

fn assert_on_disk(world: &TestWorld, answered: &SessionState) {
    let read = world.app.session(answered.row.id).unwrap();
    assert_eq!(answered.log, read.log);
    assert_eq!(answered.session, read.session, "{:?}", answered.log.last());
    assert_eq!(answered.decision, read.decision, "{:?}", answered.log.last());
    assert_eq!(answered.row, read.row);
}

#[test]
fn what_an_operation_answers_is_what_stands_on_the_disk() {
    for seed in ["replay-1", "replay-2"] {
        let world = TestWorld::new(seed);
        world.unlock();
        let opened = world.app.open_session(&NewSession { team: true, ..world.new_session(LIVE_WORK) }).unwrap();
        let pair: [SessionId; 2] = [opened.row.id, opened.partner.as_ref().unwrap().session];
        let gate: Gate = full_gate_for(&opened.scheme);
        for id in pair {
            world.app.save_gate(id, &gate).unwrap();
            assert_on_disk(&world, &world.app.start_exercise(id).unwrap());
        }
        let mut dice = Dice(seeded(seed));
        let mut taken = 0;
        for _ in 0..TAPS {
            world.host.advance_seconds(1);
            let id = *dice.pick(&pair);
            let back = u32::try_from(dice.below(30)).unwrap();
            let answer = if dice.below(12) == 0 {
                world.app.swap(id)
            } else {
                world.app.observe(id, any_tap(&mut dice, &opened), back)
            };
            if let Ok(state) = answer {
                taken += 1;
                assert_on_disk(&world, &state);
            }
        }
        assert!(TAPS < 2 * taken, "most of {TAPS} taps were taken: {taken}");
    }
}
