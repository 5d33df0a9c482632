//! What the gate still needs, as a request to the assessor.

use fieldproof_model::{
    gate::{Competence, Missing, ShownProblem},
    scheme::{Scheme, SecondPersonProof},
};

use crate::words::{exercise_state, volts};

const NOT_SHOWN: &str = "Not shown: ";
const CONFIRM: &str = "Confirm: ";

/// What a gate that let the session start did not show, for the paper, without the request around it.
#[must_use]
pub fn not_shown(scheme: &Scheme, what: &Missing) -> String {
    let words = missing(scheme, what);
    let bare = words.strip_prefix(NOT_SHOWN).or_else(|| words.strip_prefix(CONFIRM)).unwrap_or(&words);
    bare.trim_end_matches('.').to_owned()
}

/// What the gate still needs, as a request.
#[must_use]
pub fn missing(scheme: &Scheme, missing: &Missing) -> String {
    match missing {
        Missing::IdentityDocument => text("Which kind of document did the candidate show?"),
        Missing::IdentityCheck => text("Confirm that you looked at the document yourself."),
        Missing::Prerequisite(id, problem) => {
            let rule = scheme.gate.prerequisites.iter().find(|rule| rule.id == *id);
            shown(rule.map_or(id, |rule| &rule.text), *problem)
        }
        Missing::Competence(competence, problem) => shown(competence_words(*competence), *problem),
        Missing::Tick(_, id) => {
            let tick = scheme.gate.ticks.iter().find(|tick| tick.id == *id);
            format!("{CONFIRM}{}", tick.map_or(id, |tick| &tick.text))
        }
        Missing::InstrumentCategory => text("Which measurement category stands on the instrument?"),
        Missing::InstrumentVoltage => text("Which rated voltage stands on the instrument?"),
        Missing::InstrumentSerial => text("Enter the instrument's serial number."),
        Missing::CalibrationDate => text("Until when does the instrument's calibration hold?"),
        Missing::CalibrationOverdue(day) => {
            format!("The instrument's calibration ran out on {day}: use another instrument.")
        }
        Missing::InstrumentBelowObject(rated, present) => format!(
            "The instrument is rated for {rated} V and {} V are present: use another instrument.",
            volts(*present)
        ),
        Missing::ObjectId => text("Name the vehicle, battery or rig."),
        Missing::ObjectVoltage => text("Which voltage is present at it, direct or alternating?"),
        Missing::ObjectAboveLimit(present, limit) => format!(
            "{} V are present and this scheme covers {limit} V: use another object, or another scheme.",
            volts(*present)
        ),
        Missing::ObjectState => text("Is it live, made dead in the exercise, never energised or simulated?"),
        Missing::ObjectStateDoesNotCount(state) => format!(
            "“{}” does not count here: use an object in a state that this scheme counts.",
            exercise_state(*state)
        ),
        Missing::RiskAssessment => text("Name the written risk assessment, and the main risks."),
        Missing::LiveWorkReason => text("Why is live work needed: it cannot be de-energised, or that failed?"),
        Missing::SecondPersonPresent => text("Confirm that the second person is present."),
        Missing::SecondPerson(proof) => text(second_person(*proof)),
        Missing::FirstAidOver(day) => {
            format!("The second person's first aid ran out on {day}: somebody else has to stand by.")
        }
        Missing::Deviation => text("Nobody stands by: give the ground, the risk assessment and who approved it."),
    }
}

fn text(words: &str) -> String {
    words.to_owned()
}

fn shown(what: &str, problem: ShownProblem) -> String {
    match problem {
        ShownProblem::NotShown => format!("{NOT_SHOWN}{what}"),
        ShownProblem::Incomplete => format!("Issuer, reference and day of issue are needed: {what}"),
        ShownProblem::NotYet(day) => format!("Issued only on {day}: {what}"),
        ShownProblem::Over(day) => format!("Ran out on {day}: {what}"),
    }
}

/// An evidence of the assessor's competence.
const fn competence_words(competence: Competence) -> &'static str {
    match competence {
        Competence::Occupational => "Assessor: up-to-date occupational competence",
        Competence::Pedagogical => "Assessor: pedagogical capability",
        Competence::Assessment => "Assessor: training in performance-based assessment",
    }
}

/// What the second person brings, as a request.
#[must_use]
const fn second_person(proof: SecondPersonProof) -> &'static str {
    match proof {
        SecondPersonProof::Instructed => "Confirm that the second person is instructed.",
        SecondPersonProof::FirstAid => "Until when does the second person's first aid hold?",
        SecondPersonProof::SwitchOff => "Confirm that the second person knows how to switch off.",
        SecondPersonProof::Rescue => "Confirm that the second person knows the rescue route and whom to call.",
        SecondPersonProof::NoOtherTask => "Confirm that the second person has no other task.",
    }
}
