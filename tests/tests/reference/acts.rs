//! What is recorded of one criterion, right or with its fault.
#![expect(clippy::indexing_slicing, reason = "places come from the plan itself")]

use fieldproof_model::{
    digest::Digest,
    observation::{Answer, Observed, Score},
    scheme::CriterionId,
};
use serde_json::Value;

use super::{
    exercise::Room,
    plan::Item,
    read::{list, number, text},
    target::Fault,
};

impl Room<'_, '_> {
    /// Records one criterion, right or with its fault.
    pub(super) fn record(&mut self, at: usize) {
        let item = &self.plan.items[at];
        let id = CriterionId::new(item.id.to_owned());
        let scored = |score| Observed::Score {
            criterion: id.clone(),
            score,
            reason: (score == Score::NotApplicable).then(|| "Not on this object.".to_owned()),
        };
        let answered = |answer| Observed::Answered { criterion: id.clone(), answer };
        let scores = matches!(item.kind, "observed" | "proof");
        let prompted = Fault::Scored(Score::Prompted);
        match self.target.faults.get(&at).copied() {
            Some(Fault::Nothing) => return,
            Some(Fault::Scored(score)) => return self.push(scored(score)),
            Some(Fault::Short) if item.kind == "proof" => {
                self.prove_badly(at);
                return self.push(scored(Score::Unaided));
            }
            Some(Fault::Short) if scores => return self.push(scored(Score::NotSeen)),
            Some(Fault::Helped) if scores => {
                if item.kind == "proof" {
                    self.prove(at);
                }
                return self.push(scored(Score::Prompted));
            }
            Some(Fault::Short) => return self.push(answered(self.answer(item, false, false))),
            Some(Fault::Helped) => return self.push(answered(self.answer(item, true, true))),
            Some(Fault::Misfit) => {
                return self.push(if scores { answered(Answer::Level(2)) } else { scored(Score::Unaided) });
            }
            Some(Fault::NoEvidence) | None => {}
        }
        let unaided = super::read::lists(self.plan.values, "critical", item.id);
        let first = if unaided || self.rng.chance(85) { Fault::Scored(Score::Unaided) } else { prompted };
        let prompts = !unaided && self.rng.chance(20);
        let right = if !scores {
            answered(self.answer(item, true, prompts))
        } else if first == prompted {
            scored(Score::Prompted)
        } else {
            scored(Score::Unaided)
        };
        if self.rng.chance(7) {
            let wrong = if self.rng.chance(50) && !scores {
                answered(self.answer(item, false, false))
            } else {
                scored(*self.rng.pick(&[Score::NotSeen, Score::NotDone, Score::Dangerous, Score::NotApplicable]))
            };
            self.push(wrong);
        }
        if item.kind == "proof" {
            self.prove(at);
        }
        self.enter(at, right);
    }

    fn enter(&mut self, at: usize, right: Observed) {
        let free = self.plan.is_free(at);
        if self.target.set_back.contains(&at) || (free && self.rng.chance(5)) {
            if self.rng.chance(40) {
                self.push(right.clone());
            }
            let back = self.rng.millis(if free { 20 } else { 400 });
            self.now += 700;
            return self.push_back(right, back.min(self.now - self.start - 1));
        }
        self.push(right.clone());
        if self.rng.chance(3) {
            self.push(right);
        }
    }

    /// An answer of a criterion's kind.
    pub(super) fn answer(&self, item: &Item<'_>, enough: bool, prompts: bool) -> Answer {
        let right = list(item.value, "right").iter().filter_map(Value::as_str).map(str::to_owned).collect();
        match item.kind {
            "rubric" => Answer::Level(if enough { 2 } else { 1 }),
            "measurement" if self.log.len().is_multiple_of(3) && !enough => Answer::Measured(0, String::new()),
            "measurement" => Answer::Measured(if enough { 500 } else { 501 }, "Meter 1".to_owned()),
            "choice" if enough => Answer::Chosen(right),
            "choice" => Answer::Chosen(vec![
                if self.log.len().is_multiple_of(2) { "b" } else { "a" }.to_owned(),
                "c".to_owned(),
                "b".to_owned(),
            ]),
            "count" => Answer::Counted(if enough { 2 } else { 1 }),
            "timed" => Answer::Timed(if enough { 60_000 } else { 60_001 }),
            "oral" => Answer::Heard(if enough { vec![1, 3] } else { vec![2] }, u32::from(prompts)),
            _ => Answer::Written(if enough { "In words." } else { " " }.to_owned()),
        }
    }

    /// Prove – test – prove, now and then with something put right on the way.
    pub(super) fn prove(&mut self, at: usize) {
        let criterion = CriterionId::new(self.plan.items[at].id.to_owned());
        let source = || "Known source".to_owned();
        let before = |worked| Observed::TesterBefore { criterion: criterion.clone(), source: source(), worked };
        let after = |worked, same_instrument| Observed::TesterAfter {
            criterion: criterion.clone(),
            source: source(),
            worked,
            same_instrument,
        };
        let reading = |point: &str, dead| Observed::Reading {
            criterion: criterion.clone(),
            point: point.to_owned(),
            reading: "as read".to_owned(),
            dead,
        };
        if self.rng.chance(5) {
            self.push(before(false));
        }
        self.push(before(true));
        if self.rng.chance(8) {
            self.push(reading("B", false));
        }
        for point in ["A", "B", "C"].iter().take(2 + self.rng.below(2)) {
            self.push(reading(point, true));
        }
        if self.rng.chance(6) {
            self.push(after(true, true));
            self.push(reading("A", true));
        }
        if self.rng.chance(4) {
            self.push(after(true, false));
        }
        self.push(after(true, true));
    }

    /// A construct that shows nothing: no first trial, none that worked, no point, a live one, another instrument.
    fn prove_badly(&mut self, at: usize) {
        let criterion = || CriterionId::new(self.plan.items[at].id.to_owned());
        let source = || "Known source".to_owned();
        let wrong = self.rng.below(6);
        let mut acts = vec![
            Observed::TesterBefore { criterion: criterion(), source: source(), worked: wrong != 1 },
            Observed::Reading {
                criterion: criterion(),
                point: "A".to_owned(),
                reading: "as read".to_owned(),
                dead: wrong != 3,
            },
            Observed::TesterAfter {
                criterion: criterion(),
                source: source(),
                worked: wrong != 4,
                same_instrument: wrong != 5,
            },
        ];
        if wrong == 0 || wrong == 2 {
            acts.remove(wrong / 2);
        }
        for act in acts {
            self.push(act);
        }
    }

    pub(super) fn evidence(&mut self, at: usize) {
        let item = &self.plan.items[at];
        let Some(demand) = item.value.get("evidence") else { return };
        let criterion = Some(CriterionId::new(item.id.to_owned()));
        for _ in 0..number(demand, "count").unwrap_or_default() {
            let digest = Digest::new([self.rng.small(200).to_le_bytes()[0]; 32]);
            let criterion = criterion.clone();
            match text(demand, "kind") {
                "photo" => self.push(Observed::Photo { criterion, digest, size: 10, original: None }),
                "file" => {
                    let name = "plan.pdf".to_owned();
                    self.push(Observed::File { criterion, name, digest, size: 10, original: None });
                }
                "note" => self.push(Observed::Note { criterion, text: "Seen.".to_owned() }),
                _ => {}
            }
        }
    }
}
