//! The rules of a decision in words: what each demands, and why its answer is what it is.

use fieldproof_model::{
    decision::{Answer, Rule, Share},
    observation::StopKind,
    scheme::{PartId, RuleId, Scheme},
};

use crate::words::stop_kind;

/// What an order, a wait or the part with a time limit is called.
#[must_use]
pub fn rule_title(scheme: &Scheme, id: &RuleId) -> String {
    let order = scheme.order.iter().find(|order| order.id == *id).map(|order| &order.label);
    let wait = || scheme.waits.iter().find(|wait| wait.id == *id).map(|wait| &wait.label);
    let part = || scheme.parts.iter().find(|part| part.id.as_str() == id.as_str()).map(|part| &part.title);
    order.or_else(wait).or_else(part).map_or_else(|| id.as_str().to_owned(), Clone::clone)
}

/// What a part is called.
#[must_use]
pub fn part_title(scheme: &Scheme, id: &PartId) -> String {
    scheme.part(id).map_or_else(|| id.as_str().to_owned(), |part| part.title.clone())
}

/// A rule, and why its answer is what it is.
#[must_use]
pub fn rule(scheme: &Scheme, rule: &Rule, answer: Answer) -> (String, String) {
    match rule {
        Rule::Gate { at_start, at_end } => (text("What must hold before the start held"), gate(*at_start, *at_end)),
        Rule::Attempts { attempt, allowed } => {
            (format!("At most {allowed} attempts"), format!("attempt {attempt}, as far as this laptop knows"))
        }
        Rule::Critical { failed, not_applicable } => {
            (text("Every critical criterion is met"), critical(*failed, *not_applicable))
        }
        Rule::Danger(count) => (text("Nothing was done dangerously"), counted(*count, "done dangerously")),
        Rule::EndsExercise(count) => (text("No fault that ends the exercise"), counted(*count, "such fault seen")),
        Rule::Part { .. } | Rule::Total { .. } | Rule::PartOrder { .. } | Rule::Window { .. } => {
            part(scheme, rule, answer)
        }
        Rule::TimeLimit { part, millis, allowed, said } => {
            (format!("{}: within {}", part_title(scheme, part), duration(*allowed)), time_limit(*millis, *said, answer))
        }
        Rule::Order { rule, kept_by_taps, said } => (rule_title(scheme, rule), order(*kept_by_taps, *said)),
        Rule::Wait { rule, millis, demanded, said } => {
            (rule_title(scheme, rule), wait(*millis, *demanded, *said, answer))
        }
        Rule::Evidence(missing) => (
            text("All evidence that is demanded is attached"),
            match missing {
                0 => text("nothing is missing"),
                count => format!("missing for {count} of the criteria; add it, or the institution decides"),
            },
        ),
        Rule::SecondPerson(count) => (
            text("The second person was there while work was done"),
            out_of_turn(*count, "whenever something was recorded", "recorded while the second person was away"),
        ),
        Rule::WhileStopped(count) => (
            text("Nothing was recorded while the exercise was stopped"),
            out_of_turn(*count, "nothing was", "recorded while stopped"),
        ),
        Rule::StandingBy(count) => (
            text("Nothing was recorded while the candidate stood by"),
            out_of_turn(*count, "nothing was", "recorded while the other worked"),
        ),
        Rule::Stop { kind, resumed } => (text("No stop counts against the candidate"), stop(*kind, *resumed)),
    }
}

fn text(words: &str) -> String {
    words.to_owned()
}

fn gate(at_start: u32, at_end: u32) -> String {
    match (at_start, at_end) {
        (0, 0) => text("everything held"),
        (0, count) => format!("{count} held at the start and no longer on the last day: the institution decides"),
        (count, _) => format!("{count} missing at the start"),
    }
}

fn critical(failed: u32, not_applicable: u32) -> String {
    match (failed, not_applicable) {
        (0, 0) => text("all are met"),
        (0, open) => format!("{open} said not to apply: the institution decides"),
        (failed, _) => format!("{failed} not met; a critical failure cannot be outvoted"),
    }
}

fn counted(count: u32, what: &str) -> String {
    if count == 0 { text("nothing was") } else { format!("{count} {what}") }
}

fn out_of_turn(count: u32, none: &str, what: &str) -> String {
    if count == 0 { text(none) } else { format!("{count} {what}: the institution decides") }
}

fn part(scheme: &Scheme, rule: &Rule, answer: Answer) -> (String, String) {
    match rule {
        Rule::Part { part, share, minimum, borderline } => (
            format!("{}: at least {}", part_title(scheme, part), percent(*minimum)),
            near(share.map_or_else(|| text("this part is missing: it was not taken"), reached), *borderline),
        ),
        Rule::Total { total, minimum, borderline } => {
            (format!("Weighted total: at least {}", percent(*minimum)), near(percent(*total), *borderline))
        }
        Rule::PartOrder { part, after } => (
            format!("{} comes after {}", part_title(scheme, part), part_title(scheme, after)),
            text(if answer == Answer::Yes { "as the times say" } else { "not by the times: the institution decides" }),
        ),
        Rule::Window { part, after, days, allowed } => (
            format!("{} within {allowed} days of {}", part_title(scheme, part), part_title(scheme, after)),
            days.map_or_else(|| text("one of the two is missing"), |days| format!("{days} days lie between them")),
        ),
        Rule::Gate { .. }
        | Rule::Attempts { .. }
        | Rule::Critical { .. }
        | Rule::Danger(_)
        | Rule::EndsExercise(_)
        | Rule::TimeLimit { .. }
        | Rule::Order { .. }
        | Rule::Wait { .. }
        | Rule::Evidence(_)
        | Rule::SecondPerson(_)
        | Rule::WhileStopped(_)
        | Rule::StandingBy(_)
        | Rule::Stop { .. } => (String::new(), String::new()),
    }
}

fn reached(share: Share) -> String {
    match share.basis_points() {
        Some(points) => format!("{} of {}, {}", share.reached, share.of, percent(points)),
        None => text("nothing of it applies, so nothing was shown"),
    }
}

fn near(words: String, borderline: bool) -> String {
    if borderline { format!("{words}: borderline, so the institution decides") } else { words }
}

fn order(kept_by_taps: bool, said: Option<bool>) -> String {
    match (kept_by_taps, said) {
        (true, _) => text("in this order, as the taps say"),
        (false, Some(true)) => text("not in this order by the taps; the assessor saw it kept"),
        (false, Some(false)) => text("not in this order, as the taps and the assessor say"),
        (false, None) => text("not in this order by the taps: was it kept?"),
    }
}

fn time_limit(millis: Option<i64>, said: Option<bool>, answer: Answer) -> String {
    let taken = millis.map_or_else(|| text("not timed"), |millis| format!("{} taken", duration(millis)));
    match (said, answer) {
        (Some(true), _) => format!("{taken}; the assessor saw the limit kept"),
        (Some(false), _) => format!("{taken}; the assessor saw the limit exceeded"),
        (None, Answer::Open) => format!("{taken}: was the limit kept?"),
        (None, Answer::Yes | Answer::No) => taken,
    }
}

fn stop(kind: Option<StopKind>, resumed: bool) -> String {
    let after = if resumed { "the exercise went on" } else { "the exercise did not go on" };
    kind.map_or_else(
        || text("who stopped it and why has not been told"),
        |kind| format!("{}; {after}", stop_kind(kind)),
    )
}

fn wait(millis: Option<i64>, demanded: i64, said: Option<bool>, answer: Answer) -> String {
    let demanded = seconds(demanded);
    let taps = millis.map_or_else(
        || text("the taps do not show it"),
        |millis| match millis {
            0.. => format!("the taps lie {} apart", seconds(millis)),
            _ => text("by the taps it came the other way round"),
        },
    );
    match (said, answer) {
        (Some(true), Answer::Yes) => format!("{taps}; {demanded} are demanded, and the assessor saw them kept"),
        (Some(false), _) => format!("{taps}; {demanded} are demanded, and the assessor saw them not kept"),
        (_, Answer::Open) => format!("{taps}; {demanded} are demanded: was the wait kept?"),
        _ => format!("{taps}; {demanded} are demanded"),
    }
}

fn seconds(millis: i64) -> String {
    let tenths = millis.div_euclid(100);
    match tenths.rem_euclid(10) {
        0 => format!("{} s", tenths.div_euclid(10)),
        rest => format!("{}.{rest} s", tenths.div_euclid(10)),
    }
}

fn duration(millis: i64) -> String {
    let seconds = millis.div_euclid(1000);
    match (seconds.div_euclid(60), seconds.rem_euclid(60)) {
        (0, seconds) => format!("{seconds} s"),
        (minutes, 0) => format!("{minutes} min"),
        (minutes, seconds) => format!("{minutes} min {seconds} s"),
    }
}

fn percent(basis_points: u32) -> String {
    match (basis_points / 100, basis_points % 100) {
        (whole, 0) => format!("{whole} %"),
        (whole, rest) => format!("{whole}.{rest:02} %"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_read_as_people_write_them() {
        assert_eq!(percent(8_000), "80 %");
        assert_eq!(percent(6_667), "66.67 %");
        assert_eq!(seconds(4_999), "4.9 s");
        assert_eq!(seconds(5_000), "5 s");
        assert_eq!(duration(1_800_000), "30 min");
        assert_eq!(duration(61_000), "1 min 1 s");
    }
}
