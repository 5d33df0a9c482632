//! The sentences for what the rules found, said to the person beside the vehicle. One place for screen and paper.

mod gate;
mod log;
mod practice;
mod rules;

use fieldproof_model::{
    course::CourseFact,
    decision::{Because, Hold, Judged, Outcome},
    gate::{ExerciseState, LiveWorkReason, Millivolts, VoltageKind},
    observation::{Answer, Score, StopKind, StoppedBy},
    scheme::{Criterion, CriterionKind, LegalBasis, Scheme, Supervision},
    session::{ProofStatus, VoidBecause},
    time::Date,
};

use crate::{
    Invalid,
    session::{Obstacle, SessionState},
};

pub use gate::{lacking, missing};
pub use log::line;
pub use practice::{entry, found, reminder, status};
pub use rules::{part_title, rule, rule_title};

/// A text that must be there: trimmed, at most `limit` characters.
pub(crate) fn checked_text(text: &str, limit: usize) -> Result<String, Invalid> {
    checked_optional_text(text, limit)?.ok_or(Invalid::TextMissing)
}

/// A text that may be empty: trimmed, at most `limit` characters.
pub(crate) fn checked_optional_text(text: &str, limit: usize) -> Result<Option<String>, Invalid> {
    let text = text.trim();
    if limit < text.chars().count() {
        return Err(Invalid::TextTooLong(limit));
    }
    Ok((!text.is_empty()).then(|| text.to_owned()))
}

/// The result in two words at most.
#[must_use]
pub const fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Pass => "Passed",
        Outcome::Fail => "Not passed",
        Outcome::Open => "Open",
        Outcome::NotCompleted => "Not completed",
    }
}

/// The result in a sentence.
#[must_use]
pub const fn summary(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Pass => "Every rule of the scheme holds.",
        Outcome::Fail => "A rule of the scheme is broken; the decision says which.",
        Outcome::Open => "Something is to be settled before there is a result; the decision says what.",
        Outcome::NotCompleted => "The exercise was stopped for no fault of the candidate's and was not taken up again.",
    }
}

/// How a criterion counts.
#[must_use]
pub const fn judged(judged: Judged) -> &'static str {
    match judged {
        Judged::Met => "met",
        Judged::NotMet => "not met",
        Judged::Excluded => "does not apply",
        Judged::Open => "to be settled",
    }
}

/// A score as a person says it.
#[must_use]
pub const fn score(score: Score) -> &'static str {
    match score {
        Score::Unaided => "unaided",
        Score::Prompted => "after a prompt",
        Score::NotDone => "not done",
        Score::Dangerous => "done dangerously",
        Score::NotSeen => "not seen",
        Score::NotApplicable => "not applicable",
    }
}

/// Why a criterion counts as it does.
#[must_use]
pub fn because(scheme: &Scheme, criterion: Option<&Criterion>, because: &Because) -> String {
    match because {
        Because::Scored(Score::NotSeen) => "not seen, which never counts as done".to_owned(),
        Because::Scored(given) => score(*given).to_owned(),
        Because::NotRecorded => "nothing was recorded, which counts as not seen".to_owned(),
        Because::DoesNotFit => "what was recorded is not what this criterion asks for".to_owned(),
        Because::NeedsUnaided => "done after a prompt; the institution wants it unaided".to_owned(),
        Because::CriticalNotApplicable => "critical, and said not to apply: the institution decides".to_owned(),
        Because::Proof(status) => format!("scored as done, but {}", proof(*status)),
        Because::ProofGivenUp => "proved dead, and given up on purpose before the work was halted".to_owned(),
        Because::Rule(id) => format!("done, but not as demanded: {}", rule_title(scheme, id)),
        Because::Reached(reached, of) => reached_words(scheme, criterion, *reached, *of),
        Because::Value(value) => value_words(scheme, criterion, *value),
        Because::NoInstrument => "the instrument it was read off is not named".to_owned(),
        Because::Options(true) => "exactly the right options were chosen".to_owned(),
        Because::Options(false) => "not exactly the right options were chosen".to_owned(),
        Because::Written => "written down".to_owned(),
    }
}

fn reached_words(scheme: &Scheme, criterion: Option<&Criterion>, reached: u32, of: u32) -> String {
    let from = criterion.and_then(|criterion| scheme.values.met_from.get(&criterion.id)).copied().unwrap_or(of);
    match criterion.map(|criterion| &criterion.kind) {
        Some(CriterionKind::Oral { .. }) => format!("{reached} of {of} points heard; {from} are demanded"),
        _ => format!("level {reached} of {of}; level {from} is demanded"),
    }
}

fn value_words(scheme: &Scheme, criterion: Option<&Criterion>, value: i64) -> String {
    let Some(criterion) = criterion else {
        return String::new();
    };
    let limits = scheme.values.limits.get(&criterion.id);
    let show = |value: i64, is_limit: bool| match &criterion.kind {
        CriterionKind::Measurement { unit, .. } => format!("{} {unit}", thousandths(value)),
        CriterionKind::Timed if is_limit => format!("{value} s"),
        CriterionKind::Timed => format!("{} s", thousandths(value)),
        CriterionKind::Count { unit } => format!("{value} {unit}"),
        CriterionKind::Observed
        | CriterionKind::Proof
        | CriterionKind::Rubric { .. }
        | CriterionKind::Choice { .. }
        | CriterionKind::Oral { .. }
        | CriterionKind::Text => value.to_string(),
    };
    let demanded = match limits.map(|limits| (limits.min, limits.max)) {
        Some((Some(min), Some(max))) => format!("from {} to {} is demanded", show(min, true), show(max, true)),
        Some((Some(min), None)) => format!("at least {} is demanded", show(min, true)),
        Some((None, Some(max))) => format!("at most {} is demanded", show(max, true)),
        Some((None, None)) | None => "no limits are set".to_owned(),
    };
    format!("{}; {demanded}", show(value, false))
}

/// What was recorded of a criterion that scores alone do not settle.
#[must_use]
pub fn answer(criterion: Option<&Criterion>, answer: &Answer) -> String {
    let kind = criterion.map(|criterion| &criterion.kind);
    let unit = match kind {
        Some(CriterionKind::Measurement { unit, .. } | CriterionKind::Count { unit }) => format!(" {unit}"),
        _ => String::new(),
    };
    match answer {
        Answer::Level(level) => format!("level {level}"),
        Answer::Measured(value, instrument) if instrument.trim().is_empty() => format!("{}{unit}", thousandths(*value)),
        Answer::Measured(value, instrument) => format!("{}{unit}, read off {instrument}", thousandths(*value)),
        Answer::Chosen(chosen) => {
            let text = |id: &String| match kind {
                Some(CriterionKind::Choice { options, .. }) => {
                    options.iter().find(|option| option.id == *id).map_or_else(|| id.clone(), |o| o.text.clone())
                }
                _ => id.clone(),
            };
            format!("chosen: {}", chosen.iter().map(text).collect::<Vec<_>>().join("; "))
        }
        Answer::Counted(number) => format!("{number}{unit}"),
        Answer::Timed(millis) => format!("{} s", thousandths(i64::try_from(*millis).unwrap_or(i64::MAX))),
        Answer::Heard(points, prompts) => {
            let heard = if points.len() == 1 { "point" } else { "points" };
            let heard = format!("{} {heard} heard", points.len());
            match prompts {
                0 => heard,
                1 => format!("{heard}, 1 prompt given"),
                _ => format!("{heard}, {prompts} prompts given"),
            }
        }
        Answer::Written(text) => text.clone(),
    }
}

/// A number of thousandths, as people write it.
#[must_use]
pub fn thousandths(value: i64) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let value = value.unsigned_abs();
    let (whole, rest) = (value / 1000, value % 1000);
    if rest == 0 {
        return format!("{sign}{whole}");
    }
    format!("{sign}{whole}.{}", format!("{rest:03}").trim_end_matches('0'))
}

/// What the construct prove – test – prove shows.
#[must_use]
pub const fn proof(status: ProofStatus) -> &'static str {
    match status {
        ProofStatus::NotStarted => "proving dead was not recorded",
        ProofStatus::Open => "the tester was not tried on the known source again",
        ProofStatus::Proved => "dead is proved: the tester worked before and after, and every point was dead",
        ProofStatus::NotDead => "a point was not dead",
        ProofStatus::Void(VoidBecause::NoFirstTrial) => "the tester was not tried on a known source first",
        ProofStatus::Void(VoidBecause::FirstTrialFailed) => "the tester did not show the known source before measuring",
        ProofStatus::Void(VoidBecause::NoReading) => "no point was measured",
        ProofStatus::Void(VoidBecause::SecondTrialFailed) => {
            "the tester did not show the known source afterwards, so the readings are void"
        }
        ProofStatus::Void(VoidBecause::OtherInstrument) => {
            "the second trial was made with another instrument, so the readings are void"
        }
    }
}

/// Why only a result sheet goes out, a sentence each.
#[must_use]
pub fn why_no_certificate(state: &SessionState, today: Date) -> Vec<String> {
    let mut obstacles = state.obstacles(today);
    if obstacles.is_empty() && state.sealed.as_ref().is_some_and(|sealed| sealed.row.token.is_none()) {
        obstacles.push(Obstacle::NotPrintable);
    }
    obstacles
        .into_iter()
        .map(|obstacle| match obstacle {
            Obstacle::NotPassed => format!("The result is “{}”.", outcome(state.decision.outcome)),
            Obstacle::Held(held) => hold(&held),
            Obstacle::NotDelegated => {
                "The institution has not yet delegated this laptop's new key; the record can be sealed, a certificate cannot go out."
                    .to_owned()
            }
            Obstacle::MayNotCertify => "The assessor's delegation does not allow certificates on site.".to_owned(),
            Obstacle::OutsideDelegation => "The assessor's delegation does not cover today.".to_owned(),
            Obstacle::NotPrintable => {
                "What the certificate must say is too long for its symbol or its page, or cannot be printed here; the institution issues it.".to_owned()
            }
        })
        .collect()
}

/// What keeps a certificate from going out although the assessment is passed.
fn hold(hold: &Hold) -> String {
    match hold {
        Hold::Borderline => "The assessor flagged the result as borderline; the institution decides.".to_owned(),
        Hold::Deviation => {
            "Nobody stood by; the documented deviation is looked at by the institution first.".to_owned()
        }
        Hold::SecondOpinion => "The institution wants a second assessor to look before a certificate.".to_owned(),
        Hold::CourseFact(fact) => format!(
            "The course does not say {}, which this certificate must state. Ask your coordinator to complete it.",
            course_fact(*fact)
        ),
    }
}

/// A fact of the course, as a certificate names it.
#[must_use]
pub const fn course_fact(fact: CourseFact) -> &'static str {
    match fact {
        CourseFact::Dates => "its dates",
        CourseFact::TheoryHours => "the hours of theory",
        CourseFact::PracticeHours => "the hours of practice",
        CourseFact::TheoryContent => "the content of the theory",
        CourseFact::PracticeContent => "the content of the practice",
        CourseFact::VoltageLevel => "the voltage level trained",
        CourseFact::WorkingMethods => "the working methods covered",
        CourseFact::Trainer => "the trainer",
        CourseFact::TrainerContact => "how to reach the trainer",
        CourseFact::Site => "the site",
        CourseFact::Attendance => "the attendance",
    }
}

/// An edition that no longer holds.
#[must_use]
pub fn superseded(basis: &LegalBasis) -> String {
    let since = basis.superseded_on.map_or(String::new(), |day| format!(" since {day}"));
    let by = basis.superseded_by.as_ref().map_or(String::new(), |by| format!(" It was replaced by {by}."));
    format!("{}, edition {}, no longer holds{since}.{by} Ask your coordinator.", basis.title, basis.edition)
}

/// How the assessment was supervised, in the words of the European list.
#[must_use]
pub const fn supervision(supervision: Supervision) -> &'static str {
    match supervision {
        Supervision::UnsupervisedNoIdentity => "unsupervised with no identity verification",
        Supervision::SupervisedNoIdentity => "supervised with no identity verification",
        Supervision::SupervisedIdentity => "supervised online or onsite with identity verification",
    }
}

/// Why live work is needed.
#[must_use]
pub const fn live_work_reason(reason: LiveWorkReason) -> &'static str {
    match reason {
        LiveWorkReason::CannotBeDeenergised => "it cannot be de-energised",
        LiveWorkReason::DeenergisingFailed => "de-energising was tried and failed",
    }
}

/// What the exercise object was.
#[must_use]
pub const fn exercise_state(state: ExerciseState) -> &'static str {
    match state {
        ExerciseState::Live => "live",
        ExerciseState::MadeDead => "made dead in the exercise",
        ExerciseState::NeverEnergised => "never energised",
        ExerciseState::Simulated => "simulated",
    }
}

/// A voltage with its kind.
#[must_use]
pub fn voltage((voltage, kind): (Millivolts, VoltageKind)) -> String {
    let kind = match kind {
        VoltageKind::Dc => "DC",
        VoltageKind::Ac => "AC",
    };
    format!("{} V {kind}", volts(voltage))
}

/// A voltage in volts.
#[must_use]
pub fn volts(voltage: Millivolts) -> String {
    thousandths(i64::try_from(voltage.0).unwrap_or(i64::MAX))
}

/// A kind of stop.
#[must_use]
pub const fn stop_kind(kind: StopKind) -> &'static str {
    match kind {
        StopKind::DangerByCandidate => "the candidate caused a danger",
        StopKind::OutsideCause => "something outside the candidate's doing",
        StopKind::CalledInError => "called in error",
    }
}

/// Who stopped.
#[must_use]
pub const fn stopped_by(by: StoppedBy) -> &'static str {
    match by {
        StoppedBy::Assessor => "the assessor",
        StoppedBy::Candidate => "the candidate",
        StoppedBy::SecondPerson => "the second person",
        StoppedBy::SomebodyElse => "somebody else in the room",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_read_as_people_write_them() {
        let table = [(0, "0"), (1_500_100, "1500.1"), (-1, "-0.001"), (400_000, "400"), (250, "0.25")];
        for (value, words) in table {
            assert_eq!(thousandths(value), words);
        }
    }

    #[test]
    fn one_point_is_not_points() {
        let table = [
            (vec![2], 0, "1 point heard"),
            (vec![1, 2], 1, "2 points heard, 1 prompt given"),
            (vec![], 2, "0 points heard, 2 prompts given"),
        ];
        for (points, prompts, words) in table {
            assert_eq!(answer(None, &Answer::Heard(points, prompts)), words);
        }
    }

    #[test]
    fn texts_are_trimmed_and_bounded() {
        assert_eq!(checked_text("  a ", 1), Ok("a".to_owned()));
        assert_eq!(checked_text("  ", 1), Err(Invalid::TextMissing));
        assert_eq!(checked_text("äö", 1), Err(Invalid::TextTooLong(1)));
    }
}
