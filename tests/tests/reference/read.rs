//! Reading the two documents and the log: nothing here judges.
//!
//! Every question goes through the whole log again, so that it shares no build with a fold over it.

use std::cell::OnceCell;

use fieldproof_model::observation::{Answer, Observation, Observed, Score};
use serde_json::Value;

use super::{decision::Facts, proof::Construct};

/// A moment: the time seen in milliseconds, and between equal times the place in the log.
pub(crate) type Moment = (i64, u32);

/// When something was seen.
pub(crate) fn moment(observation: &Observation) -> Moment {
    (observation.seen_at.as_millis(), observation.sequence)
}

/// The text under a name; empty where there is none.
pub(crate) fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// The whole number under a name.
pub(crate) fn number(value: &Value, name: &str) -> Option<i64> {
    value.get(name).and_then(Value::as_i64)
}

/// Whether a name stands at true.
pub(crate) fn yes(value: &Value, name: &str) -> bool {
    value.get(name).and_then(Value::as_bool).unwrap_or_default()
}

/// The list under a name; empty where there is none.
pub(crate) fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// Whether the list under a name holds this text.
pub(crate) fn lists(value: &Value, name: &str, wanted: &str) -> bool {
    list(value, name).iter().any(|item| item.as_str() == Some(wanted))
}

/// What an entry says about a criterion of a kind.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Entry<'a> {
    /// Nothing, or something that does not fit the kind.
    Nothing,
    /// A score that counts.
    Scored(Score),
    /// An answer of the criterion's kind.
    Answered(&'a Answer),
}

impl Entry<'_> {
    /// Whether it says the criterion was done.
    pub(crate) fn is_done(self) -> bool {
        matches!(self, Self::Scored(Score::Unaided | Score::Prompted) | Self::Answered(_))
    }
}

/// One criterion, where it stands, and its construct once somebody asked for it.
pub(crate) struct Criterion<'a> {
    /// Its name.
    pub(crate) id: &'a str,
    /// Its part's name.
    pub(crate) part: &'a str,
    /// Its kind.
    pub(crate) kind: &'a str,
    /// As it stands in the document.
    pub(crate) value: &'a Value,
    construct: OnceCell<Construct>,
}

/// Both documents, the log and the facts beside it.
pub(crate) struct Case<'a> {
    /// The scheme document.
    pub(crate) document: &'a Value,
    /// The values document.
    pub(crate) values: &'a Value,
    /// Gate, second person, attempt.
    pub(crate) facts: &'a Facts,
    /// What was recorded.
    pub(crate) log: &'a [Observation],
    /// Every criterion in the order of the work.
    pub(crate) criteria: Vec<Criterion<'a>>,
}

impl<'a> Case<'a> {
    /// Gathers the criteria.
    pub(crate) fn new(document: &'a Value, values: &'a Value, facts: &'a Facts, log: &'a [Observation]) -> Self {
        let mut criteria = Vec::new();
        for part in list(document, "parts") {
            let steps = list(part, "tasks").iter().flat_map(|task| list(task, "steps"));
            criteria.extend(steps.flat_map(|step| list(step, "criteria")).map(|value| Criterion {
                id: text(value, "id"),
                part: text(part, "id"),
                kind: text(value, "kind"),
                value,
                construct: OnceCell::new(),
            }));
        }
        Self { document, values, facts, log, criteria }
    }

    /// The criterion of a name.
    pub(crate) fn criterion(&self, id: &str) -> Option<&Criterion<'a>> {
        self.criteria.iter().find(|criterion| criterion.id == id)
    }

    /// Its scores and answers, in the order of the log.
    pub(crate) fn entries<'c>(
        &'c self,
        criterion: &'c Criterion<'a>,
    ) -> impl Iterator<Item = (&'a Observation, Entry<'a>)> + 'c {
        self.log.iter().filter_map(|observation| Some((observation, entry(criterion, &observation.observed)?)))
    }

    /// The newest entry counts.
    pub(crate) fn newest(&self, criterion: &Criterion<'a>) -> Entry<'a> {
        self.entries(criterion).last().map_or(Entry::Nothing, |(_, entry)| entry)
    }

    /// Its done entries since it was last recorded as anything else; one set back replaces those before it.
    fn done_entries(&self, criterion: &Criterion<'a>) -> Vec<&'a Observation> {
        let mut found = Vec::new();
        for (observation, entry) in self.entries(criterion) {
            if !entry.is_done() || is_set_back(observation) {
                found.clear();
            }
            if entry.is_done() {
                found.push(observation);
            }
        }
        found
    }

    /// Its done moments.
    pub(crate) fn done_moments(&self, criterion: &Criterion<'a>) -> Vec<Moment> {
        self.done_entries(criterion).into_iter().map(moment).collect()
    }

    /// When it was first done: the earliest since the last resume, else the earliest; an entry set back that was
    /// recorded since the resume stands where it was set to.
    pub(crate) fn first_done(&self, criterion: &Criterion<'a>) -> Option<Moment> {
        let done = self.done_entries(criterion);
        let resume = self.log.iter().filter(|observation| is_resume(observation)).map(moment).max();
        let since = done.iter().filter(|observation| {
            let by_place = is_set_back(observation) && resume.is_none_or(|(_, place)| place < observation.sequence);
            by_place || resume.is_none_or(|resume| resume < moment(observation))
        });
        since.copied().map(moment).min().or_else(|| done.iter().copied().map(moment).min())
    }

    /// Its construct.
    pub(crate) fn construct<'c>(&self, criterion: &'c Criterion<'a>) -> &'c Construct {
        criterion.construct.get_or_init(|| Construct::read(criterion.id, self.log))
    }

    /// The place of the last entry of a criterion, acts of proving among them; 0 where there is none.
    pub(crate) fn last_place(&self, id: &str) -> u32 {
        let concerns = |observation: &&Observation| concerned(&observation.observed) == Some(id);
        self.log.iter().rfind(concerns).map_or(0, |observation| observation.sequence)
    }

    /// What was last said to a rule behind a place in the log.
    pub(crate) fn said_behind(&self, id: &str, place: u32) -> Option<bool> {
        self.log.iter().rev().take_while(|observation| place < observation.sequence).find_map(|observation| {
            let Observed::Said { rule, kept, note: _ } = &observation.observed else { return None };
            (rule.as_str() == id).then_some(*kept)
        })
    }

    /// The newest observation, by place, that `wanted` picks.
    pub(crate) fn last(&self, wanted: impl Fn(&Observed) -> bool) -> Option<&'a Observation> {
        self.log.iter().rfind(|observation| wanted(&observation.observed))
    }

    /// When the exercise began.
    pub(crate) fn start(&self) -> Option<Moment> {
        self.log.iter().find(|observation| observation.observed == Observed::Started).map(moment)
    }

    /// When it was over, where it is over.
    pub(crate) fn end(&self) -> Option<Moment> {
        let last = self.last(|observed| matches!(observed, Observed::Ended | Observed::Continued))?;
        (last.observed == Observed::Ended).then(|| moment(last))
    }

    /// Whether the exercise is stopped.
    pub(crate) fn is_stopped(&self) -> bool {
        self.log
            .iter()
            .rfind(|observation| observation.observed == Observed::Stop || is_resume(observation))
            .is_some_and(|observation| observation.observed == Observed::Stop)
    }
}

/// Whether the time seen was set back.
fn is_set_back(observation: &Observation) -> bool {
    observation.seen_at < observation.tapped_at
}

/// Whether the exercise goes on from here.
pub(crate) fn is_resume(observation: &Observation) -> bool {
    observation.observed == Observed::Resume { made_safe: true, gate_checked: true }
}

/// The criterion that was scored, answered or measured.
pub(crate) fn concerned(observed: &Observed) -> Option<&str> {
    match observed {
        Observed::Score { criterion, .. }
        | Observed::Answered { criterion, .. }
        | Observed::TesterBefore { criterion, .. }
        | Observed::Reading { criterion, .. }
        | Observed::TesterAfter { criterion, .. } => Some(criterion.as_str()),
        Observed::Started
        | Observed::Note { .. }
        | Observed::Photo { .. }
        | Observed::File { .. }
        | Observed::Reenergised
        | Observed::SecondPersonLeft
        | Observed::SecondPersonReturned
        | Observed::Stop
        | Observed::StopExplained { .. }
        | Observed::Resume { .. }
        | Observed::PartBegan(_)
        | Observed::PartEnded(_)
        | Observed::PartMarked { .. }
        | Observed::Said { .. }
        | Observed::SwappedOut
        | Observed::SwappedIn
        | Observed::Shared { .. }
        | Observed::Ended
        | Observed::Continued
        | Observed::Confirmed { .. } => None,
    }
}

/// What an observation says about a criterion, if it is a score of it or an answer to it.
fn entry<'a>(criterion: &Criterion<'_>, observed: &'a Observed) -> Option<Entry<'a>> {
    let scored_kind = ["observed", "proof"].contains(&criterion.kind);
    if let Observed::Score { criterion: scored, score, reason: _ } = observed {
        let says_nothing = !scored_kind && matches!(score, Score::Unaided | Score::Prompted);
        let entry = if says_nothing { Entry::Nothing } else { Entry::Scored(*score) };
        return (scored.as_str() == criterion.id).then_some(entry);
    }
    if let Observed::Answered { criterion: answered, answer } = observed {
        let entry = if criterion.kind == kind_of(answer) { Entry::Answered(answer) } else { Entry::Nothing };
        return (answered.as_str() == criterion.id).then_some(entry);
    }
    None
}

/// The kind of criterion an answer answers.
fn kind_of(answer: &Answer) -> &'static str {
    match answer {
        Answer::Level(_) => "rubric",
        Answer::Measured(..) => "measurement",
        Answer::Chosen(_) => "choice",
        Answer::Counted(_) => "count",
        Answer::Timed(_) => "timed",
        Answer::Heard(..) => "oral",
        Answer::Written(_) => "text",
    }
}
