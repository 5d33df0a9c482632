//! The log, line by line, with how much each line weighs.

use std::collections::BTreeSet;

use fieldproof_app::{session::SessionState, words};
use fieldproof_model::{
    observation::{Observation, Observed, Score},
    scheme::CriterionId,
    session::OutOfTurn,
};

use crate::dto::{LogView, Tone};

pub(crate) fn log(state: &SessionState) -> Vec<LogView> {
    let superseded = superseded(&state.log);
    state
        .log
        .iter()
        .map(|observation| {
            let text = words::line(state, &observation.observed);
            let marks = state.session.out_of_turn.iter().filter(|(sequence, _)| *sequence == observation.sequence);
            let mark: String = marks.map(|(_, mark)| out_of_turn(*mark)).collect();
            LogView {
                sequence: observation.sequence,
                tapped_at: observation.tapped_at.as_millis(),
                seen_at: observation.seen_at.as_millis(),
                text: format!("{text}{mark}"),
                tone: tone(&observation.observed),
                superseded: superseded.contains(&observation.sequence),
                criterion_id: criterion(&observation.observed).map(|id| id.as_str().to_owned()),
            }
        })
        .collect()
}

const fn out_of_turn(mark: OutOfTurn) -> &'static str {
    match mark {
        OutOfTurn::SecondPersonAbsent => " · second person away",
        OutOfTurn::Stopped => " · while stopped",
        OutOfTurn::StandingBy => " · while standing by",
    }
}

/// The entries that a later entry of the same criterion corrected.
fn superseded(log: &[Observation]) -> BTreeSet<u32> {
    let mut latest = std::collections::BTreeMap::new();
    let mut superseded = BTreeSet::new();
    for observation in log {
        if let Observed::Score { criterion, .. } | Observed::Answered { criterion, .. } = &observation.observed
            && let Some(earlier) = latest.insert(criterion, observation.sequence)
        {
            superseded.insert(earlier);
        }
    }
    superseded
}

fn criterion(observed: &Observed) -> Option<&CriterionId> {
    if let Observed::Score { criterion, .. } | Observed::Answered { criterion, .. } = observed {
        return Some(criterion);
    }
    if let Observed::Note { criterion, .. } | Observed::Photo { criterion, .. } | Observed::File { criterion, .. } =
        observed
    {
        return criterion.as_ref();
    }
    None
}

const fn tone(observed: &Observed) -> Tone {
    match observed {
        Observed::Score { score: Score::Unaided, .. } => Tone::Good,
        Observed::Score { score: Score::Prompted | Score::NotSeen, .. } => Tone::Warn,
        Observed::Score { score: Score::NotDone | Score::Dangerous, .. } => Tone::Bad,
        Observed::Said { kept: holds, .. }
        | Observed::TesterBefore { worked: holds, .. }
        | Observed::TesterAfter { worked: holds, same_instrument: true, .. }
        | Observed::Reading { dead: holds, .. } => {
            if *holds {
                Tone::Good
            } else {
                Tone::Bad
            }
        }
        Observed::TesterAfter { same_instrument: false, .. } => Tone::Bad,
        Observed::Reenergised | Observed::SecondPersonLeft | Observed::Confirmed { borderline: true, .. } => Tone::Warn,
        Observed::Stop | Observed::StopExplained { .. } => Tone::Stop,
        Observed::Score { score: Score::NotApplicable, .. }
        | Observed::Started
        | Observed::Answered { .. }
        | Observed::Note { .. }
        | Observed::Photo { .. }
        | Observed::File { .. }
        | Observed::SecondPersonReturned
        | Observed::Resume { .. }
        | Observed::PartBegan(_)
        | Observed::PartEnded(_)
        | Observed::PartMarked { .. }
        | Observed::SwappedOut
        | Observed::SwappedIn
        | Observed::Shared { .. }
        | Observed::Ended
        | Observed::Continued
        | Observed::Confirmed { borderline: false, .. } => Tone::Plain,
    }
}
