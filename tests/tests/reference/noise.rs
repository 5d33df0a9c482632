//! What happens besides: things that break nothing, and things that may break anything.
#![expect(clippy::indexing_slicing, reason = "places come from the plan itself")]

use fieldproof_model::{
    digest::Digest,
    id::SessionId,
    observation::{Answer, Observed, Score, StopKind},
    scheme::{CriterionId, RuleId},
};

use super::exercise::Room;

impl Room<'_, '_> {
    /// Something that breaks nothing.
    pub(super) fn harmless(&mut self) {
        match self.rng.below(6) {
            0 => {
                self.push(Observed::SecondPersonLeft);
                self.push(Observed::SecondPersonReturned);
            }
            1 => self.stop(Some(StopKind::CalledInError)),
            2 => self.push(Observed::Note { criterion: None, text: "Calm.".to_owned() }),
            3 => {
                self.push(Observed::SwappedOut);
                self.push(Observed::SwappedIn);
            }
            4 => self.push(Observed::Shared {
                session: SessionId::new([7; 16]),
                sequence: 1,
                digest: Digest::new([7; 32]),
            }),
            _ => {
                let digest = Digest::new([9; 32]);
                self.push(Observed::Photo { criterion: None, digest, size: 10, original: None });
            }
        }
    }

    /// Something arbitrary that the program could record now.
    pub(super) fn noise(&mut self) {
        let at = self.rng.below(self.plan.items.len());
        let criterion = CriterionId::new(self.plan.items[at].id.to_owned());
        let source = "Known source".to_owned();
        let worked = self.rng.chance(70);
        let score = *self.rng.pick(&[
            Score::Unaided,
            Score::Prompted,
            Score::NotDone,
            Score::Dangerous,
            Score::NotSeen,
            Score::NotApplicable,
        ]);
        let reason = (score == Score::NotApplicable).then(|| "Not here.".to_owned());
        let observed = match self.rng.below(14) {
            0..=2 => Observed::Score { criterion, score, reason },
            3 => Observed::Answered { criterion, answer: Answer::Level(2) },
            4 => Observed::Answered { criterion, answer: self.answer(&self.plan.items[at], worked, !worked) },
            5 => Observed::TesterBefore { criterion: self.proof(criterion), source, worked },
            6 => {
                let (point, reading) = ("A".to_owned(), "as read".to_owned());
                Observed::Reading { criterion: self.proof(criterion), point, reading, dead: worked }
            }
            7 => {
                let same_instrument = self.rng.chance(80);
                Observed::TesterAfter { criterion: self.proof(criterion), source, worked, same_instrument }
            }
            8 => Observed::Reenergised,
            9 if worked => Observed::SecondPersonLeft,
            9 => Observed::SecondPersonReturned,
            10 if worked => Observed::SwappedOut,
            10 => Observed::SwappedIn,
            11 => {
                let rules: Vec<&str> = self.plan.order.iter().chain(&self.plan.waits).map(|pair| pair.id).collect();
                let rule = if rules.is_empty() { "P1" } else { self.rng.pick(&rules) };
                Observed::Said { rule: RuleId::new(rule.to_owned()), kept: worked, note: String::new() }
            }
            12 => return self.stop(if worked { Some(StopKind::OutsideCause) } else { None }),
            _ => {
                self.now += self.rng.millis(7200) - 3_600_000;
                self.now = self.now.max(self.start + 1);
                Observed::Note { criterion: Some(criterion), text: "The clock was set.".to_owned() }
            }
        };
        let back = if self.rng.chance(15) { self.rng.millis(300) } else { 0 };
        self.now += 900;
        self.push_back(observed, back.min(self.now - self.start - 1).max(0));
    }

    /// A proof where the scheme has one: only proofs are measured.
    pub(super) fn proof(&self, otherwise: CriterionId) -> CriterionId {
        let proof = self.plan.items.iter().find(|item| item.kind == "proof");
        proof.map_or(otherwise, |item| CriterionId::new(item.id.to_owned()))
    }
}
