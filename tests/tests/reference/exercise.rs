//! A candidate who does everything right, in the order of the work, except where a [`Target`] says otherwise.
#![expect(clippy::indexing_slicing, reason = "places come from the plan itself")]

use std::collections::{BTreeMap, BTreeSet};

use fieldproof_model::{
    observation::{Observation, Observed, Score, StopKind, StoppedBy},
    scheme::{CriterionId, PartId, RuleId},
    time::{Date, Timestamp},
};

use super::{
    plan::Plan,
    read::{concerned, text},
    rng::Rng,
    target::{Around, Fault, Target},
};

/// The exercise as it is being recorded.
pub(crate) struct Room<'r, 'a> {
    pub(crate) rng: &'r mut Rng,
    pub(crate) plan: &'r Plan<'a>,
    pub(crate) target: &'r Target,
    pub(crate) log: Vec<Observation>,
    pub(super) now: i64,
    pub(super) start: i64,
    first_done: BTreeMap<usize, i64>,
    holds: BTreeSet<usize>,
    finished: BTreeSet<usize>,
    /// The next entry is made at this very moment.
    still: bool,
}

/// The first of March 2027, which is nobody's day.
const DAY: i64 = 20_878 * 86_400_000;

impl<'r, 'a> Room<'r, 'a> {
    /// Goes through the whole exercise.
    pub(crate) fn run(rng: &'r mut Rng, plan: &'r Plan<'a>, target: &'r Target) -> Vec<Observation> {
        let start = if target.midnight { DAY + 86_400_000 - 3_000 } else { DAY + 28_800_000 + rng.millis(7_200) };
        let mut room = Self {
            rng,
            plan,
            target,
            log: Vec::new(),
            now: start,
            start,
            first_done: BTreeMap::new(),
            holds: BTreeSet::new(),
            finished: BTreeSet::new(),
            still: false,
        };
        room.push(Observed::Started);
        let mut open = None;
        for part in 0..plan.parts().len() {
            room.part(part, &mut open);
        }
        if let Some(part) = open {
            room.end_part(part);
        }
        room.close();
        room.log
    }

    /// The day the exercise starts on.
    pub(crate) fn first_day() -> Date {
        Timestamp::from_millis(DAY).date()
    }

    pub(super) fn push(&mut self, observed: Observed) {
        if !std::mem::take(&mut self.still) {
            self.now += 500 + self.rng.millis(4);
        }
        self.push_back(observed, 0);
    }

    pub(super) fn push_back(&mut self, observed: Observed, back: i64) {
        self.log.push(Observation {
            sequence: u32::try_from(self.log.len() + 1).unwrap_or(u32::MAX),
            tapped_at: Timestamp::from_millis(self.now),
            seen_at: Timestamp::from_millis(self.now - back),
            observed,
            elapsed: None,
            beacon: None,
        });
    }

    fn part_id(&self, part: usize) -> PartId {
        PartId::new(text(&self.plan.parts()[part], "id").to_owned())
    }

    fn end_part(&mut self, part: usize) {
        let id = self.part_id(part);
        self.push(Observed::PartEnded(id.clone()));
        self.say(id.as_str());
    }

    /// Says what the target has to say to a rule.
    fn say(&mut self, id: &str) {
        let said: Vec<bool> = self.target.said.iter().filter(|(rule, _)| rule == id).map(|(_, kept)| *kept).collect();
        for kept in said {
            let rule = RuleId::new(id.to_owned());
            self.push(Observed::Said { rule, kept, note: "As it was seen.".to_owned() });
        }
    }

    fn part(&mut self, part: usize, open: &mut Option<usize>) {
        if self.target.missing.contains(&part) {
            return;
        }
        self.now += self.target.idle_days.get(&part).copied().unwrap_or_default() * 86_400_000;
        let waits_for_end = self.target.overlapped.contains(&part);
        if let Some(before) = open.filter(|_| !waits_for_end) {
            self.end_part(before);
            *open = None;
        }
        let alone = self.plan.parts().len() == 1;
        let marked = self.plan.is_marked(part);
        let timed = !marked || self.plan.limit(part).is_some() || self.rng.chance(20);
        if timed && (!alone || self.rng.chance(20)) {
            let id = self.part_id(part);
            self.push(Observed::PartBegan(id));
        }
        if let Some(before) = open.take() {
            self.end_part(before);
        }
        if let Some(seconds) = self.plan.limit(part).filter(|_| self.target.slow.contains(&part)) {
            self.now += seconds * 1000 + self.rng.millis(30);
        }
        if marked {
            self.mark(part);
        } else {
            self.work(part);
        }
        let never_ended = part + 1 == self.plan.parts().len() && self.rng.chance(20);
        if timed && !alone && !never_ended {
            *open = Some(part);
        }
    }

    /// Enters the result of a part.
    pub(crate) fn mark(&mut self, part: usize) {
        let today = Timestamp::from_millis(self.now).date().as_days();
        let days = self.target.days.get(&part).copied().unwrap_or_default();
        let points = self.target.points.get(&part).copied().unwrap_or_else(|| 90 + self.rng.small(11));
        let part = self.part_id(part);
        let marked = |points, on| Observed::PartMarked {
            part: part.clone(),
            points,
            of: 100,
            on: Date::from_days(on),
            reference: "Paper 1".to_owned(),
        };
        if self.rng.chance(10) {
            let wrong = self.rng.small(60);
            self.push(marked(wrong, today));
        }
        self.push(marked(points, today + days));
    }

    fn work(&mut self, part: usize) {
        for at in 0..self.plan.items.len() {
            if self.plan.items[at].part != part {
                continue;
            }
            let early = self.target.early.iter().map(|order| &self.plan.order[*order]);
            let brought: Vec<usize> = early.filter(|pair| pair.after == at).map(|pair| pair.then).collect();
            for then in brought {
                self.turn(then);
            }
            self.turn(at);
        }
    }

    /// A criterion's turn, with whatever comes before it.
    fn turn(&mut self, at: usize) {
        if !self.finished.insert(at) {
            return;
        }
        if let Some(kind) = self.target.stops.get(&at) {
            self.stop(*kind);
        }
        if let Some(other) = self.target.once_more.get(&at) {
            let back = if self.rng.chance(50) { self.rng.millis(900) } else { 0 };
            self.once_more(*other, back);
        }
        if self.rng.below(100) < self.target.noise {
            self.noise();
        }
        if self.rng.chance(4) {
            self.harmless();
        }
        let around = self.target.around.get(&at).copied();
        let (from, to) = match around {
            None => (None, None),
            Some(Around::Away) => (Some(Observed::SecondPersonLeft), Some(Observed::SecondPersonReturned)),
            Some(Around::StandingBy) => (Some(Observed::SwappedOut), Some(Observed::SwappedIn)),
            Some(Around::Stopped) => (Some(Observed::Stop), None),
        };
        if let Some(from) = from {
            self.push(from);
        }
        self.once(at, 0);
        if around == Some(Around::Stopped) {
            self.explain(StopKind::OutsideCause);
            self.resume();
        }
        if let Some(to) = to {
            self.push(to);
        }
        self.behind(at);
    }

    /// Records a criterion's newest entry again.
    pub(super) fn once_more(&mut self, at: usize, back: i64) {
        let id = self.plan.items[at].id;
        let mut entries = self.log.iter().rev().map(|observation| &observation.observed);
        let Some(again) = entries.find(|observed| concerned(observed) == Some(id)).cloned() else { return };
        self.now += 900;
        self.push_back(again, back.min(self.now - self.start - 1));
    }

    /// What comes right behind a criterion's turn.
    fn behind(&mut self, at: usize) {
        if let Some((rule, kept, again)) = self.target.said_at_once.get(&at).cloned() {
            let rule = RuleId::new(rule);
            self.push(Observed::Said { rule, kept, note: "At once.".to_owned() });
            if let Some(again) = again {
                self.once_more(again, 0);
            }
        }
        if self.target.gives_up && self.plan.voids.iter().any(|(voiding, _)| *voiding == at) {
            let criterion = self.proof(CriterionId::new(self.plan.items[at].id.to_owned()));
            let (source, worked) = ("Known source".to_owned(), self.rng.chance(70));
            if self.rng.chance(40) {
                self.push(Observed::Reenergised);
            }
            match self.rng.below(4) {
                0 => self.push(Observed::TesterBefore { criterion, source, worked }),
                1 => self.push(Observed::TesterAfter { criterion, source, worked: true, same_instrument: true }),
                2 => {
                    let (point, reading) = ("A".to_owned(), "as read".to_owned());
                    self.push(Observed::Reading { criterion, point, reading, dead: true });
                }
                _ => {}
            }
            match self.rng.below(3) {
                0 => self.push(Observed::Reenergised),
                1 => self.stop(Some(StopKind::OutsideCause)),
                _ => {}
            }
        }
    }

    /// Does a criterion when what it stands behind holds and the waits before it are over.
    fn once(&mut self, at: usize, depth: usize) {
        for number in 0..self.plan.order.len() {
            let pair = &self.plan.order[number];
            let again = pair.then == at && !self.target.early.contains(&number) && !self.holds.contains(&pair.after);
            if again && depth < 3 && !self.target.faults.contains_key(&pair.after) {
                self.once(pair.after, depth + 1);
            }
        }
        for number in 0..self.plan.waits.len() {
            let pair = &self.plan.waits[number];
            let done = self.first_done.get(&pair.after).copied();
            if let Some(done) = done.filter(|_| pair.then == at && !self.target.rushed.contains(&number)) {
                let over = done + pair.seconds * 1000;
                let exactly = self.target.exactly.get(&number).map(|more| over + more);
                self.still = exactly.is_some_and(|exactly| self.now <= exactly);
                self.now = self.now.max(exactly.filter(|_| self.still).unwrap_or(over + 200));
            }
        }
        if !self.still {
            self.now += self.rng.millis(6);
        }
        self.record(at);
        let done = self.log.last().map_or(self.now, |observation| observation.seen_at.as_millis());
        self.first_done.entry(at).or_insert(done);
        let fault = self.target.faults.get(&at).copied();
        let not_here = fault == Some(Fault::Scored(Score::NotApplicable)) && self.rng.chance(60);
        if fault != Some(Fault::NoEvidence) && !not_here {
            self.evidence(at);
        }
        self.holds.insert(at);
        for (voiding, voided) in &self.plan.voids {
            if *voiding == at {
                self.holds.retain(|held| !voided.contains(held));
            }
        }
    }

    fn explain(&mut self, kind: StopKind) {
        let by = *self.rng.pick(&[StoppedBy::Assessor, StoppedBy::Candidate, StoppedBy::SecondPerson]);
        self.push(Observed::StopExplained { by, kind, why: "A car drove in.".to_owned() });
    }

    /// Resumes, and proves again what had been proved.
    fn resume(&mut self) {
        self.push(Observed::Resume { made_safe: true, gate_checked: true });
        let proofs: Vec<usize> = self.holds.iter().copied().filter(|at| self.plan.items[*at].kind == "proof").collect();
        self.holds.retain(|at| !proofs.contains(at));
        for at in proofs {
            if !self.target.forgets && !self.target.faults.contains_key(&at) {
                self.prove(at);
                self.holds.insert(at);
            }
        }
    }

    pub(super) fn stop(&mut self, kind: Option<StopKind>) {
        self.push(Observed::Stop);
        self.now += self.rng.millis(900) + self.target.long_stop * 1000;
        let late = self.rng.chance(30);
        if kind.is_some() && self.rng.chance(6) {
            self.explain(StopKind::DangerByCandidate);
        }
        if let Some(kind) = kind.filter(|_| !late) {
            self.explain(kind);
        }
        self.resume();
        if let Some(kind) = kind.filter(|_| late) {
            self.explain(kind);
        }
    }

    /// What comes behind the work: answers to rules, the end, now and then back to the exercise and the end again.
    fn close(&mut self) {
        let rules: Vec<&str> = self.plan.order.iter().chain(&self.plan.waits).map(|pair| pair.id).collect();
        for rule in rules {
            self.say(rule);
        }
        if let Some(kind) = self.target.ends_stopped {
            self.push(Observed::Stop);
            if let Some(kind) = kind {
                self.explain(kind);
            }
        }
        if self.target.never_ends {
            if self.rng.chance(40) {
                self.push(Observed::Ended);
                self.push(Observed::Continued);
            }
            return;
        }
        self.push(Observed::Ended);
        if self.rng.chance(8) {
            self.push(Observed::Continued);
            self.push(Observed::Note { criterion: None, text: "Once more.".to_owned() });
            self.push(Observed::Ended);
        }
        for (part, value) in self.plan.parts().iter().enumerate() {
            let ends =
                |o: &Observation| matches!(&o.observed, Observed::PartEnded(id) if id.as_str() == text(value, "id"));
            let ended = self.log.iter().any(ends);
            if !ended && !self.target.missing.contains(&part) {
                self.say(text(value, "id"));
            }
        }
        if self.rng.chance(20) {
            let note = "Looked at once more.".to_owned();
            let borderline = self.rng.chance(10);
            self.push(Observed::Confirmed { borderline, note });
        }
    }
}
