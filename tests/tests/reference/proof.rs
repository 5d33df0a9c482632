//! Prove – test – prove, as the words have it: what the construct shows, and from when to when the proof held.

use std::collections::BTreeMap;

use fieldproof_model::observation::{Observation, Observed};

use super::read::{Moment, is_resume, moment};

/// The acts on one proof since it was last empty.
#[derive(Default)]
struct Acts {
    began: Option<Moment>,
    first: Option<bool>,
    points: BTreeMap<String, bool>,
    second: Option<(bool, bool)>,
}

impl Acts {
    /// Both trials worked with one instrument, and every point, as last measured, was dead.
    fn proved(&self) -> bool {
        let dead = !self.points.is_empty() && self.points.values().all(|dead| *dead);
        self.first == Some(true) && self.second == Some((true, true)) && dead
    }

    /// Whether what it shows counts against an earlier proof.
    fn shows(&self) -> bool {
        self.first == Some(false) || (self.first.is_some() && self.second.is_some())
    }

    /// Takes one act on the proof; false when the observation is none.
    fn take(&mut self, id: &str, observation: &Observation) -> bool {
        if let Observed::TesterBefore { criterion, worked, .. } = &observation.observed
            && criterion.as_str() == id
        {
            *self = Self { began: Some(moment(observation)), first: Some(*worked), ..Self::default() };
            return true;
        }
        if let Observed::Reading { criterion, point, dead, .. } = &observation.observed
            && criterion.as_str() == id
        {
            self.began.get_or_insert(moment(observation));
            if self.first.is_some() {
                self.points.insert(point.clone(), *dead);
            }
            if self.second.is_some_and(|(worked, _)| worked) {
                self.second = None;
            }
            return true;
        }
        if let Observed::TesterAfter { criterion, worked, same_instrument, .. } = &observation.observed
            && criterion.as_str() == id
        {
            self.began.get_or_insert(moment(observation));
            self.second = Some((*worked, *same_instrument));
            return true;
        }
        false
    }
}

/// What a proof shows at the end of the log, and its turns on the way there.
pub(crate) struct Construct {
    /// When the present construct began, or else the proved one that was emptied.
    pub(crate) began: Option<Moment>,
    /// Whether it is proved now.
    pub(crate) proved: bool,
    /// Each turn: from when, and whether the proof holds from there.
    pub(crate) turns: Vec<(Moment, bool)>,
    /// What emptied the construct while it was proved, where nothing has begun since.
    pub(crate) emptied: Option<Moment>,
}

impl Construct {
    /// Goes through the log for one proof.
    pub(crate) fn read(id: &str, log: &[Observation]) -> Self {
        let mut acts = Acts::default();
        let mut turns = Vec::new();
        let (mut emptied, mut emptied_began) = (None, None);
        for observation in log {
            if observation.observed == Observed::Reenergised || is_resume(observation) {
                if emptied.is_none() && acts.proved() {
                    (emptied, emptied_began) = (Some(moment(observation)), acts.began);
                }
                acts = Acts::default();
                turns.push((moment(observation), false));
            }
            let was_proved = acts.proved();
            if !acts.take(id, observation) {
                continue;
            }
            (emptied, emptied_began) = (None, None);
            if acts.proved() && !was_proved {
                turns.push((moment(observation), true));
            } else if !acts.proved() && acts.shows() {
                turns.push((moment(observation), false));
            }
        }
        Self { began: acts.began.or(emptied_began), proved: acts.proved(), turns, emptied }
    }

    /// Whether it held just before a moment, given the moments at which a `voids` rule ended it.
    pub(crate) fn held_before(&self, at: Moment, voided: &[Moment]) -> bool {
        self.last_turn(at).is_some_and(|(turn, holds)| holds && !voided.iter().any(|void| turn < *void && *void < at))
    }

    /// Whether it was given up on purpose: emptied with nothing begun since, and before that proved and then voided.
    pub(crate) fn given_up(&self, voided: &[Moment]) -> bool {
        self.emptied.is_some_and(|end| {
            let held = self.turns.iter().filter(|(turn, holds)| *holds && *turn < end).map(|(turn, _)| *turn).max();
            held.is_some_and(|turn| voided.iter().any(|void| turn < *void && *void < end))
        })
    }

    fn last_turn(&self, before: Moment) -> Option<(Moment, bool)> {
        self.turns.iter().copied().filter(|(turn, _)| *turn < before).max()
    }
}
