//! The log, line by line, as the assessor reads it.

use std::collections::BTreeSet;

use fieldproof_app::{session::SessionState, words};
use fieldproof_model::{
    digest::Digest,
    observation::{Observation, Observed, Score},
    scheme::{CriterionId, PartId},
    session::OutOfTurn,
};

use crate::{
    dto::{LogView, Tone},
    view::place,
};

pub(crate) fn log(state: &SessionState) -> Vec<LogView> {
    let superseded = superseded(&state.log);
    state
        .log
        .iter()
        .map(|observation| {
            let (text, tone) = line(state, &observation.observed);
            let marks = state.session.out_of_turn.iter().filter(|(sequence, _)| *sequence == observation.sequence);
            let mark: String = marks.map(|(_, mark)| out_of_turn(*mark)).collect();
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

fn plain(text: impl Into<String>) -> (String, Tone) {
    (text.into(), Tone::Plain)
}

fn line(state: &SessionState, observed: &Observed) -> (String, Tone) {
    match observed {
        Observed::Started => plain("The exercise began"),
        Observed::Score { criterion, score, reason } => score_line(criterion, *score, reason.as_deref()),
        Observed::Answered { criterion, answer } => {
            let known = state.scheme.criterion(criterion);
            plain(format!("{} {}", criterion.as_str(), words::answer(known, answer)))
        }
        Observed::Note { text, .. } => plain(format!("Note: {text}")),
        Observed::Photo { size, digest, .. } => {
            plain(format!("Photo, {} kB{}", size.div_ceil(1024), left(state, digest)))
        }
        Observed::File { name, size, digest, .. } => {
            plain(format!("File {name}, {} kB{}", size.div_ceil(1024), left(state, digest)))
        }
        Observed::TesterBefore { .. } | Observed::Reading { .. } | Observed::TesterAfter { .. } => proof_line(observed),
        Observed::Reenergised => ("Live again: dead is to be proved again".to_owned(), Tone::Warn),
        Observed::SecondPersonLeft => ("The second person left: pause".to_owned(), Tone::Warn),
        Observed::SecondPersonReturned => plain("The second person is back"),
        Observed::Stop => ("Stop".to_owned(), Tone::Stop),
        Observed::StopExplained { by, kind, why } => {
            (format!("Stopped by {}: {}. {why}", words::stopped_by(*by), words::stop_kind(*kind)), Tone::Stop)
        }
        Observed::Resume { .. } => plain("Made safe, gate checked again: dead is to be proved again"),
        Observed::Said { rule, kept, .. } => {
            let (word, tone) = if *kept { ("kept", Tone::Good) } else { ("not kept", Tone::Bad) };
            (format!("{}: {word}, says the assessor", words::rule_title(&state.scheme, rule)), tone)
        }
        Observed::PartBegan(_) | Observed::PartEnded(_) | Observed::PartMarked { .. } => part_line(state, observed),
        Observed::SwappedOut => plain("Stands by now; the other works"),
        Observed::SwappedIn => plain("Works now; the other stands by"),
        Observed::Shared { sequence, digest, .. } => {
            let digest: String = digest.to_string().chars().take(10).collect();
            plain(format!("Shared with the other's log, line {sequence}, {digest}"))
        }
        Observed::Ended => plain("The exercise is over"),
        Observed::Continued => plain("Back to the exercise"),
        Observed::Confirmed { borderline: true, note } => (format!("Flagged borderline: {note}"), Tone::Warn),
        Observed::Confirmed { borderline: false, .. } => plain("Result confirmed"),
    }
}

/// Where evidence is that is not here any more.
fn left(state: &SessionState, digest: &Digest) -> String {
    let Some(at) = state.left.get(digest) else {
        return String::new();
    };
    let numbers = state.corrected.iter().chain(&state.sealed).filter_map(|sealed| place(&sealed.place).number);
    let register = numbers.map(|number| format!(", in the register as number {number}")).next();
    format!(": left this laptop on {}{}", at.date(), register.unwrap_or_default())
}

fn proof_line(observed: &Observed) -> (String, Tone) {
    let trial = |when: &str, source: &str, worked: bool| {
        let (word, tone) = if worked { ("worked", Tone::Good) } else { ("did not work", Tone::Bad) };
        (format!("Tester {when} on {source}: {word}"), tone)
    };
    if let Observed::TesterBefore { source, worked, .. } = observed {
        return trial("before", source, *worked);
    }
    if let Observed::Reading { point, reading, dead, .. } = observed {
        let (word, tone) = if *dead { ("dead", Tone::Good) } else { ("not dead", Tone::Bad) };
        return (format!("{point}: {reading}, {word}"), tone);
    }
    if let Observed::TesterAfter { source, worked, same_instrument, .. } = observed {
        let (text, tone) = trial("after", source, *worked);
        return if *same_instrument { (text, tone) } else { (format!("{text}, with another instrument"), Tone::Bad) };
    }
    plain("")
}

fn part_line(state: &SessionState, observed: &Observed) -> (String, Tone) {
    let title = |id: &PartId| words::part_title(&state.scheme, id);
    if let Observed::PartBegan(part) = observed {
        return plain(format!("Began: {}", title(part)));
    }
    if let Observed::PartEnded(part) = observed {
        return plain(format!("Over: {}", title(part)));
    }
    if let Observed::PartMarked { part, points, of, on, reference } = observed {
        return plain(format!("{}: {points} of {of} points, {on}, {reference}", title(part)));
    }
    plain("")
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
