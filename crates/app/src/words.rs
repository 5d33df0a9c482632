//! The sentences for what the rules found, said to the person beside the vehicle. One place for screen and paper.

use fieldproof_model::{
    decision::{Answer, Because, Judged, Outcome, Rule},
    gate::{ExerciseState, Missing, VoltageKind},
    observation::{Score, StopKind, StoppedBy},
    session::{ProofStatus, VoidBecause},
    time::Date,
};

use crate::{
    Invalid,
    session::{Obstacle, SessionState},
};

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
pub fn because(because: Because) -> String {
    match because {
        Because::Scored(Score::NotSeen) => "not seen, which never counts as done".to_owned(),
        Because::Scored(given) => score(given).to_owned(),
        Because::NotRecorded => "nothing was recorded, which counts as not seen".to_owned(),
        Because::NeedsUnaided => "done after a prompt; the institution wants it unaided".to_owned(),
        Because::CriticalNotApplicable => "critical, and said not to apply: the institution decides".to_owned(),
        Because::Proof(status) => format!("scored as done, but {}", proof(status)),
        Because::WaitNotKept => "scored as done, but the wait before it was not kept".to_owned(),
    }
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

/// A rule, and why its answer is what it is.
#[must_use]
pub fn rule(rule: Rule, answer: Answer) -> (String, String) {
    match rule {
        Rule::Critical { failed, not_applicable } => (
            "Every critical criterion is met".to_owned(),
            match (failed, not_applicable) {
                (0, 0) => "all are met".to_owned(),
                (0, open) => format!("{open} said not to apply: the institution decides"),
                (failed, _) => format!("{failed} not met; a critical failure cannot be outvoted"),
            },
        ),
        Rule::Danger(0) => ("Nothing was done dangerously".to_owned(), "nothing was".to_owned()),
        Rule::Danger(count) => ("Nothing was done dangerously".to_owned(), format!("{count} done dangerously")),
        Rule::Share { met, of, minimum } => (
            format!("At least {} of the criteria that apply are met", percent(minimum)),
            format!("{met} of {of} are met"),
        ),
        Rule::Wait { millis, demanded, answer: said } => {
            ("The wait before proving dead was kept".to_owned(), wait(millis, demanded, said, answer))
        }
        Rule::SecondPerson(count) => (
            "The second person was there while work was done".to_owned(),
            match count {
                0 => "whenever something was recorded".to_owned(),
                count => format!("{count} recorded while the second person was away: the institution decides"),
            },
        ),
        Rule::WhileStopped(count) => (
            "Nothing was recorded while the exercise was stopped".to_owned(),
            match count {
                0 => "nothing was".to_owned(),
                count => format!("{count} recorded while stopped: the institution decides"),
            },
        ),
        Rule::Stop { kind, resumed } => ("No stop counts against the candidate".to_owned(), stop(kind, resumed)),
    }
}

fn stop(kind: Option<StopKind>, resumed: bool) -> String {
    let after = if resumed { "the exercise went on" } else { "the exercise did not go on" };
    kind.map_or("who stopped it and why has not been told".to_owned(), |kind| format!("{}; {after}", stop_kind(kind)))
}

fn wait(millis: Option<i64>, demanded: i64, said: Option<bool>, answer: Answer) -> String {
    let demanded = seconds(demanded);
    let taps = millis.map_or("the taps do not show it".to_owned(), |millis| match millis {
        0.. => format!("the taps lie {} apart", seconds(millis)),
        _ => "by the taps, proving dead came before the disconnection".to_owned(),
    });
    match (said, answer) {
        (Some(true), Answer::Yes) => format!("{taps}; {demanded} are demanded, and the assessor saw them kept"),
        (Some(false), Answer::No) => format!("{taps}; {demanded} are demanded, and the assessor saw them not kept"),
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

fn percent(basis_points: u32) -> String {
    match (basis_points / 100, basis_points % 100) {
        (whole, 0) => format!("{whole} %"),
        (whole, rest) => format!("{whole}.{rest:02} %"),
    }
}

/// Why only a result sheet goes out, a sentence each.
#[must_use]
pub fn why_no_certificate(state: &SessionState, today: Date) -> Vec<String> {
    let mut obstacles = state.obstacles(today);
    if obstacles.is_empty() && state.sealed.as_ref().is_some_and(|sealed| sealed.row.token.is_none()) {
        obstacles.push(Obstacle::TextsTooLong);
    }
    obstacles
        .into_iter()
        .map(|obstacle| match obstacle {
            Obstacle::NotPassed => format!("The result is “{}”.", outcome(state.decision.outcome)),
            Obstacle::Borderline => {
                "The assessor flagged the result as borderline; the institution decides.".to_owned()
            }
            Obstacle::MayNotCertify => "The assessor's delegation does not allow certificates on site.".to_owned(),
            Obstacle::OutsideDelegation => "The assessor's delegation does not cover today.".to_owned(),
            Obstacle::TextsTooLong => "Names and titles together are too long for the symbol on paper.".to_owned(),
        })
        .collect()
}

/// What the gate still needs, as a request.
#[must_use]
pub fn missing(missing: Missing) -> String {
    match missing {
        Missing::IdentityDocument => "Which kind of document did the candidate show?",
        Missing::IdentityCheck => "Confirm that you looked at the document yourself.",
        Missing::PremisesMarked => "Confirm that the area is marked.",
        Missing::PremisesThermalRunaway => "Confirm that the premises are prepared for thermal runaway.",
        Missing::PremisesClean => "Confirm that the work area is clean.",
        Missing::Gloves => "Confirm that the site provides protective gloves.",
        Missing::ArcFlash => "Confirm that the site provides arc-flash clothing.",
        Missing::Aed => "Confirm that a defibrillator is available and reachable.",
        Missing::InstrumentCategory => "Which measurement category stands on the instrument?",
        Missing::InstrumentVoltage => "Which rated voltage stands on the instrument?",
        Missing::InstrumentSerial => "Enter the instrument's serial number.",
        Missing::CalibrationDate => "Until when does the instrument's calibration hold?",
        Missing::CalibrationOverdue(day) => {
            return format!("The instrument's calibration ran out on {day}: use another instrument.");
        }
        Missing::InstrumentBelowObject(rated, present) => {
            return format!(
                "The instrument is rated for {rated} V and {present} V are present: use another instrument."
            );
        }
        Missing::ObjectId => "Name the vehicle, battery or rig.",
        Missing::ObjectVoltage => "Which voltage is present at it, direct or alternating?",
        Missing::ObjectState => "Is it live, made dead in the exercise, never energised or simulated?",
        Missing::RiskAssessment => "Name the written risk assessment, and the main risks.",
        Missing::SecondPersonPresent => "Confirm that the second person is present.",
        Missing::SecondPersonInstructed => {
            "Confirm that the second person is instructed and knows switch-off and rescue route."
        }
    }
    .to_owned()
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
pub fn voltage((volts, kind): (u32, VoltageKind)) -> String {
    let kind = match kind {
        VoltageKind::Dc => "DC",
        VoltageKind::Ac => "AC",
    };
    format!("{volts} V {kind}")
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
        assert_eq!(percent(8_000), "80 %");
        assert_eq!(percent(6_667), "66.67 %");
        assert_eq!(seconds(4_999), "4.9 s");
        assert_eq!(seconds(5_000), "5 s");
    }

    #[test]
    fn texts_are_trimmed_and_bounded() {
        assert_eq!(checked_text("  a ", 1), Ok("a".to_owned()));
        assert_eq!(checked_text("  ", 1), Err(Invalid::TextMissing));
        assert_eq!(checked_text("äö", 1), Err(Invalid::TextTooLong(1)));
    }
}
