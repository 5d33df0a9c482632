//! A candidate who does everything right, in the order of the work, except where a [`Target`] says otherwise.
#![expect(clippy::indexing_slicing, reason = "places come from the plan itself")]

use std::collections::{BTreeMap, BTreeSet};

use fieldproof_model::{
    digest::Digest,
    id::SessionId,
    observation::{Answer, Observation, Observed, Score, StopKind, StoppedBy},
    scheme::{CriterionId, PartId, RuleId},
    time::{Date, Timestamp},
};
use serde_json::Value;

use super::{
    random::Rng,
    read::{concerned, list, number, text},
};

/// A criterion in the plan.
pub(crate) struct Item<'a> {
    pub(crate) id: &'a str,
    pub(crate) kind: &'a str,
    pub(crate) part: usize,
    pub(crate) value: &'a Value,
}

/// A rule between two criteria, by their places.
pub(crate) struct Pair<'a> {
    pub(crate) id: &'a str,
    pub(crate) after: usize,
    pub(crate) then: usize,
    pub(crate) consequence: &'a str,
    pub(crate) seconds: i64,
}

/// The scheme as the candidate goes through it.
pub(crate) struct Plan<'a> {
    pub(crate) document: &'a Value,
    pub(crate) values: &'a Value,
    pub(crate) items: Vec<Item<'a>>,
    pub(crate) order: Vec<Pair<'a>>,
    pub(crate) waits: Vec<Pair<'a>>,
    pub(crate) voids: Vec<(usize, Vec<usize>)>,
}

impl<'a> Plan<'a> {
    /// Reads both documents.
    pub(crate) fn new(document: &'a Value, values: &'a Value) -> Self {
        let mut items = Vec::new();
        for (at, part) in list(document, "parts").iter().enumerate() {
            let steps = list(part, "tasks").iter().flat_map(|task| list(task, "steps"));
            items.extend(steps.flat_map(|step| list(step, "criteria")).map(|value| Item {
                id: text(value, "id"),
                kind: text(value, "kind"),
                part: at,
                value,
            }));
        }
        let place = |id: &str| items.iter().position(|item: &Item<'_>| item.id == id).unwrap_or_default();
        let pairs = |name: &str, then: &str| {
            let pair = |rule: &'a Value| Pair {
                id: text(rule, "id"),
                after: place(text(rule, "after")),
                then: place(text(rule, then)),
                consequence: text(rule, "consequence"),
                seconds: values.get("waits").and_then(|waits| number(waits, text(rule, "id"))).unwrap_or_default(),
            };
            list(document, name).iter().map(pair).collect::<Vec<Pair<'a>>>()
        };
        let (order, waits) = (pairs("order", "criterion"), pairs("waits", "before"));
        let voids = list(document, "voids")
            .iter()
            .map(|rule| {
                let voided = list(rule, "voids").iter().filter_map(Value::as_str).map(place).collect();
                (place(text(rule, "criterion")), voided)
            })
            .collect();
        Self { document, values, items, order, waits, voids }
    }

    /// The parts, in order.
    pub(crate) fn parts(&self) -> &'a [Value] {
        list(self.document, "parts")
    }

    /// What the institution set for a part.
    pub(crate) fn set(&self, part: usize, name: &str) -> Option<i64> {
        let parts = self.values.get("parts")?;
        number(parts.get(text(&self.parts()[part], "id"))?, name)
    }

    /// Whether a part is marked in points.
    pub(crate) fn is_marked(&self, part: usize) -> bool {
        list(&self.parts()[part], "tasks").is_empty()
    }

    /// A part's time limit.
    pub(crate) fn limit(&self, part: usize) -> Option<i64> {
        let scheme = self.parts()[part].get("time_limit").and_then(|limit| number(limit, "seconds"));
        scheme.or_else(|| self.set(part, "time_limit_seconds"))
    }

    /// The places of the parts before a part.
    pub(crate) fn after(&self, part: usize) -> Vec<usize> {
        let before = |id: &Value| self.parts().iter().position(|part| id.as_str() == Some(text(part, "id")));
        list(&self.parts()[part], "after").iter().filter_map(before).collect()
    }

    /// Whether a rule starts from this criterion or ends it, so that failing it breaks something else.
    pub(crate) fn is_leaned_on(&self, at: usize) -> bool {
        self.order.iter().chain(&self.waits).any(|pair| pair.after == at)
            || self.voids.iter().any(|(criterion, voided)| *criterion == at || voided.contains(&at))
    }

    /// Whether no rule between criteria names it.
    pub(crate) fn is_free(&self, at: usize) -> bool {
        !self.is_leaned_on(at) && !self.order.iter().chain(&self.waits).any(|pair| pair.then == at)
    }
}

/// How a criterion goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// This score.
    Scored(Score),
    /// Of its kind, and not enough.
    Short,
    /// Done with help.
    Helped,
    /// Nothing is recorded.
    Nothing,
    /// An answer of another kind.
    Misfit,
    /// Evidence is not there.
    NoEvidence,
}

/// What happens while a criterion is worked on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Around {
    /// The second person is away.
    Away,
    /// The exercise is stopped.
    Stopped,
    /// The candidate stands by.
    StandingBy,
}

/// What goes otherwise than right; empty in a good session.
#[derive(Default)]
pub(crate) struct Target {
    pub(crate) faults: BTreeMap<usize, Fault>,
    pub(crate) points: BTreeMap<usize, u32>,
    pub(crate) days: BTreeMap<usize, i32>,
    pub(crate) missing: BTreeSet<usize>,
    /// Places in `order`: the criterion is done before what it stands behind.
    pub(crate) early: BTreeSet<usize>,
    /// Places in `waits`: nobody waits.
    pub(crate) rushed: BTreeSet<usize>,
    /// Parts that take longer than they may.
    pub(crate) slow: BTreeSet<usize>,
    /// Parts that begin before the one before is over.
    pub(crate) overlapped: BTreeSet<usize>,
    /// Days that pass before a part begins.
    pub(crate) idle_days: BTreeMap<usize, i64>,
    pub(crate) around: BTreeMap<usize, Around>,
    /// Stops before a criterion, and what they are explained as.
    pub(crate) stops: BTreeMap<usize, Option<StopKind>>,
    pub(crate) set_back: BTreeSet<usize>,
    /// What is said at the end, by rule.
    pub(crate) said: Vec<(String, bool)>,
    /// Said as soon as a criterion was worked on, by its place; then, perhaps, a criterion is recorded once more.
    pub(crate) said_at_once: BTreeMap<usize, (String, bool, Option<usize>)>,
    /// Before a criterion, another is recorded once more, perhaps set back.
    pub(crate) once_more: BTreeMap<usize, usize>,
    /// Places in `waits`: milliseconds more or less than demanded.
    pub(crate) exactly: BTreeMap<usize, i64>,
    /// Nobody proves again after a stop.
    pub(crate) forgets: bool,
    /// What was ended on purpose is begun again, or the exercise is stopped, right behind that.
    pub(crate) gives_up: bool,
    /// Seconds each stop lasts longer.
    pub(crate) long_stop: i64,
    pub(crate) ends_stopped: Option<Option<StopKind>>,
    pub(crate) never_ends: bool,
    pub(crate) midnight: bool,
    /// Chance in a hundred of something arbitrary before each criterion.
    pub(crate) noise: usize,
}

/// The exercise as it is being recorded.
pub(crate) struct Room<'r, 'a> {
    pub(crate) rng: &'r mut Rng,
    pub(crate) plan: &'r Plan<'a>,
    pub(crate) target: &'r Target,
    pub(crate) log: Vec<Observation>,
    now: i64,
    start: i64,
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

    fn push(&mut self, observed: Observed) {
        if !std::mem::take(&mut self.still) {
            self.now += 500 + self.rng.millis(4);
        }
        self.push_back(observed, 0);
    }

    fn push_back(&mut self, observed: Observed, back: i64) {
        self.log.push(Observation {
            sequence: u32::try_from(self.log.len() + 1).unwrap_or(u32::MAX),
            tapped_at: Timestamp::from_millis(self.now),
            seen_at: Timestamp::from_millis(self.now - back),
            observed,
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
    fn once_more(&mut self, at: usize, back: i64) {
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

    /// Records one criterion, right or with its fault.
    fn record(&mut self, at: usize) {
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
    fn answer(&self, item: &Item<'_>, enough: bool, prompts: bool) -> Answer {
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
    fn prove(&mut self, at: usize) {
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

    fn evidence(&mut self, at: usize) {
        let item = &self.plan.items[at];
        let Some(demand) = item.value.get("evidence") else { return };
        let criterion = Some(CriterionId::new(item.id.to_owned()));
        for _ in 0..number(demand, "count").unwrap_or_default() {
            let digest = Digest::new([self.rng.small(200).to_le_bytes()[0]; 32]);
            let criterion = criterion.clone();
            match text(demand, "kind") {
                "photo" => self.push(Observed::Photo { criterion, digest, size: 10 }),
                "file" => self.push(Observed::File { criterion, name: "plan.pdf".to_owned(), digest, size: 10 }),
                "note" => self.push(Observed::Note { criterion, text: "Seen.".to_owned() }),
                _ => {}
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

    fn stop(&mut self, kind: Option<StopKind>) {
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

    /// Something that breaks nothing.
    fn harmless(&mut self) {
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
                self.push(Observed::Photo { criterion: None, digest, size: 10 });
            }
        }
    }

    /// Something arbitrary that the program could record now.
    fn noise(&mut self) {
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
    fn proof(&self, otherwise: CriterionId) -> CriterionId {
        let proof = self.plan.items.iter().find(|item| item.kind == "proof");
        proof.map_or(otherwise, |item| CriterionId::new(item.id.to_owned()))
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
