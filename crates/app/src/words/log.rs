//! The log, line by line, as the assessor reads it.

use fieldproof_model::{
    digest::Digest,
    observation::{Observed, Score},
    scheme::{CriterionId, PartId},
};

use crate::{
    session::{Place, SessionState},
    words,
};

/// What an observation says.
#[must_use]
pub fn line(state: &SessionState, observed: &Observed) -> String {
    match observed {
        Observed::Started => "The exercise began".to_owned(),
        Observed::Score { criterion, score, reason } => score_line(criterion, *score, reason.as_deref()),
        Observed::Answered { criterion, answer } => {
            let known = state.scheme.criterion(criterion);
            format!("{} {}", criterion.as_str(), words::answer(known, answer))
        }
        Observed::Note { text, .. } => format!("Note: {text}"),
        Observed::Photo { size, digest, .. } => format!("Photo, {} kB{}", size.div_ceil(1024), left(state, digest)),
        Observed::File { name, size, digest, .. } => {
            format!("File {name}, {} kB{}", size.div_ceil(1024), left(state, digest))
        }
        Observed::TesterBefore { .. } | Observed::Reading { .. } | Observed::TesterAfter { .. } => proof_line(observed),
        Observed::Reenergised => "Live again: dead is to be proved again".to_owned(),
        Observed::SecondPersonLeft => "The second person left: pause".to_owned(),
        Observed::SecondPersonReturned => "The second person is back".to_owned(),
        Observed::Stop => "Stop".to_owned(),
        Observed::StopExplained { by, kind, why } => {
            format!("Stopped by {}: {}. {why}", words::stopped_by(*by), words::stop_kind(*kind))
        }
        Observed::Resume { .. } => "Made safe, gate checked again: dead is to be proved again".to_owned(),
        Observed::Said { rule, kept, .. } => {
            let kept = if *kept { "kept" } else { "not kept" };
            format!("{}: {kept}, says the assessor", words::rule_title(&state.scheme, rule))
        }
        Observed::PartBegan(_) | Observed::PartEnded(_) | Observed::PartMarked { .. } => part_line(state, observed),
        Observed::SwappedOut => "Stands by now; the other works".to_owned(),
        Observed::SwappedIn => "Works now; the other stands by".to_owned(),
        Observed::Shared { sequence, digest, .. } => {
            let digest: String = digest.to_string().chars().take(10).collect();
            format!("Shared with the other's log, line {sequence}, {digest}")
        }
        Observed::Ended => "The exercise is over".to_owned(),
        Observed::Continued => "Back to the exercise".to_owned(),
        Observed::Confirmed { borderline: true, note } => format!("Flagged borderline: {note}"),
        Observed::Confirmed { borderline: false, .. } => "Result confirmed".to_owned(),
    }
}

/// Where evidence is that is not here any more.
fn left(state: &SessionState, digest: &Digest) -> String {
    let Some(at) = state.left.get(digest) else {
        return String::new();
    };
    let register = state.corrected.iter().chain(&state.sealed).find_map(|sealed| match &sealed.place {
        Place::InRegister(receipt) => Some(format!(", in the register as number {}", receipt.log_index)),
        Place::OnThisLaptop
        | Place::Held(_)
        | Place::LostThere(_)
        | Place::EvidenceLostThere { .. }
        | Place::Refused(_) => None,
    });
    format!(": left this laptop on {}{}", at.date(), register.unwrap_or_default())
}

fn proof_line(observed: &Observed) -> String {
    let trial = |when: &str, source: &str, worked: bool| {
        format!("Tester {when} on {source}: {}", if worked { "worked" } else { "did not work" })
    };
    if let Observed::TesterBefore { source, worked, .. } = observed {
        return trial("before", source, *worked);
    }
    if let Observed::Reading { point, reading, dead, .. } = observed {
        return format!("{point}: {reading}, {}", if *dead { "dead" } else { "not dead" });
    }
    if let Observed::TesterAfter { source, worked, same_instrument, .. } = observed {
        let other = if *same_instrument { "" } else { ", with another instrument" };
        return format!("{}{other}", trial("after", source, *worked));
    }
    String::new()
}

fn part_line(state: &SessionState, observed: &Observed) -> String {
    let title = |id: &PartId| words::part_title(&state.scheme, id);
    if let Observed::PartBegan(part) = observed {
        return format!("Began: {}", title(part));
    }
    if let Observed::PartEnded(part) = observed {
        return format!("Over: {}", title(part));
    }
    if let Observed::PartMarked { part, points, of, on, reference } = observed {
        return format!("{}: {points} of {of} points, {on}, {reference}", title(part));
    }
    String::new()
}

fn score_line(criterion: &CriterionId, score: Score, reason: Option<&str>) -> String {
    let reason = reason.map_or(String::new(), |reason| format!(": {reason}"));
    format!("{} {}{reason}", criterion.as_str(), words::score(score))
}
