//! The log, line by line, as the assessor reads it.

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
            let (text, tone) = line(&observation.observed);
            let mark = state.session.out_of_turn.iter().find(|(sequence, _)| *sequence == observation.sequence);
            let mark = match mark {
                Some((_, OutOfTurn::SecondPersonAbsent)) => " · second person away",
                Some((_, OutOfTurn::Stopped)) => " · while stopped",
                None => "",
            };
            LogView {
                sequence: observation.sequence,
                tapped_at: observation.tapped_at.as_millis(),
                seen_at: observation.seen_at.as_millis(),
                text: format!("{text}{mark}"),
                tone,
                superseded: superseded.contains(&observation.sequence),
                criterion_id: criterion(&observation.observed).map(|id| id.as_str().to_owned()),
            }
        })
        .collect()
}

/// The scores that a later score of the same criterion corrected.
fn superseded(log: &[Observation]) -> BTreeSet<u32> {
    let mut latest = std::collections::BTreeMap::new();
    let mut superseded = BTreeSet::new();
    for observation in log {
        if let Observed::Score { criterion, .. } = &observation.observed
            && let Some(earlier) = latest.insert(criterion, observation.sequence)
        {
            superseded.insert(earlier);
        }
    }
    superseded
}

fn criterion(observed: &Observed) -> Option<&CriterionId> {
    if let Observed::Score { criterion, .. } = observed {
        return Some(criterion);
    }
    if let Observed::Note { criterion, .. } | Observed::Photo { criterion, .. } = observed {
        return criterion.as_ref();
    }
    None
}

fn line(observed: &Observed) -> (String, Tone) {
    let trial = |when: &str, source: &str, worked: bool| {
        let (word, tone) = if worked { ("worked", Tone::Good) } else { ("did not work", Tone::Bad) };
        (format!("Tester {when} on {source}: {word}"), tone)
    };
    match observed {
        Observed::Started => ("The exercise began".to_owned(), Tone::Plain),
        Observed::Score { criterion, score, reason } => score_line(criterion, *score, reason.as_deref()),
        Observed::Note { text, .. } => (format!("Note: {text}"), Tone::Plain),
        Observed::Photo { size, .. } => (format!("Photo, {} kB", size.div_ceil(1024)), Tone::Plain),
        Observed::TesterBefore { source, worked } => trial("before", source, *worked),
        Observed::Reading { point, reading, dead } => {
            let (word, tone) = if *dead { ("dead", Tone::Good) } else { ("not dead", Tone::Bad) };
            (format!("{point}: {reading}, {word}"), tone)
        }
        Observed::TesterAfter { source, worked, same_instrument } => {
            let (text, tone) = trial("after", source, *worked);
            if *same_instrument { (text, tone) } else { (format!("{text}, with another instrument"), Tone::Bad) }
        }
        Observed::SecondPersonLeft => ("The second person left: pause".to_owned(), Tone::Warn),
        Observed::SecondPersonReturned => ("The second person is back".to_owned(), Tone::Plain),
        Observed::Stop => ("Stop".to_owned(), Tone::Stop),
        Observed::StopExplained { by, kind, why } => {
            (format!("Stopped by {}: {}. {why}", words::stopped_by(*by), words::stop_kind(*kind)), Tone::Stop)
        }
        Observed::Resume { .. } => {
            ("Made safe, gate checked again: dead is to be proved again".to_owned(), Tone::Plain)
        }
        Observed::WaitAnswer { kept, .. } => {
            let (word, tone) = if *kept { ("kept", Tone::Good) } else { ("not kept", Tone::Bad) };
            (format!("The wait was {word}, says the assessor"), tone)
        }
        Observed::Ended => ("The exercise is over".to_owned(), Tone::Plain),
        Observed::Continued => ("Back to the exercise".to_owned(), Tone::Plain),
        Observed::Confirmed { borderline: true, note } => (format!("Flagged borderline: {note}"), Tone::Warn),
        Observed::Confirmed { borderline: false, .. } => ("Result confirmed".to_owned(), Tone::Plain),
    }
}

fn score_line(criterion: &CriterionId, score: Score, reason: Option<&str>) -> (String, Tone) {
    let tone = match score {
        Score::Unaided => Tone::Good,
        Score::Prompted | Score::NotSeen => Tone::Warn,
        Score::NotDone | Score::Dangerous => Tone::Bad,
        Score::NotApplicable => Tone::Plain,
    };
    let reason = reason.map_or(String::new(), |reason| format!(": {reason}"));
    (format!("{} {}{reason}", criterion.as_str(), words::score(score)), tone)
}
