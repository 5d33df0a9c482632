//! The words of the format: which word of a document stands for which value of the model.

use fieldproof_model::{
    course::CourseFact,
    gate::ExerciseState,
    person::Role,
    scheme::{
        Combination, Completion, Consequence, EvidenceKind, Label, Mode, Need, PartKind, Participation, Review,
        SecondPersonPolicy, SecondPersonProof, Stackability, Supervision, TickSection,
    },
};
use serde::{Deserialize, Deserializer, de::Error};

/// Something a document names by one word of a fixed list.
pub(crate) trait Words: Copy + 'static {
    /// Every word, with what it stands for.
    const WORDS: &'static [(&'static str, Self)];
}

/// A value that a document names by a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Word<T>(pub(crate) T);

impl<'de, T: Words> Deserialize<'de> for Word<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let found = T::WORDS.iter().find(|(word, _)| *word == text);
        found.map(|(_, value)| Self(*value)).ok_or_else(|| {
            let words: Vec<_> = T::WORDS.iter().map(|(word, _)| format!("`{word}`")).collect();
            D::Error::custom(format!("unknown word {text:?}, expected one of {}", words.join(", ")))
        })
    }
}

/// What kind of criterion it is, without what belongs to the kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Observed,
    Proof,
    Rubric,
    Measurement,
    Choice,
    Count,
    Timed,
    Oral,
    Text,
}

macro_rules! words {
    ($($type:ident { $($word:literal $value:ident),+ $(,)? })+) => {$(
        impl Words for $type {
            const WORDS: &'static [(&'static str, Self)] = &[$(($word, Self::$value)),+];
        }
    )+};
}

words! {
    Kind {
        "observed" Observed, "proof" Proof, "rubric" Rubric, "measurement" Measurement, "choice" Choice,
        "count" Count, "timed" Timed, "oral" Oral, "text" Text,
    }
    Review { "original" Original, "reviewed" Reviewed, "draft" Draft }
    Completion { "assessed" Assessed, "attendance" Attendance }
    Label {
        "certificate" Certificate, "micro_credential" MicroCredential,
        "certificate_of_attendance" CertificateOfAttendance,
    }
    Participation { "in_person" InPerson, "blended" Blended, "online" Online }
    Supervision {
        "unsupervised_no_identity" UnsupervisedNoIdentity, "supervised_no_identity" SupervisedNoIdentity,
        "supervised_identity" SupervisedIdentity,
    }
    Stackability { "standalone" Standalone, "stackable" Stackable }
    CourseFact {
        "dates" Dates, "theory_hours" TheoryHours, "practice_hours" PracticeHours, "theory_content" TheoryContent,
        "practice_content" PracticeContent, "voltage_level" VoltageLevel, "working_methods" WorkingMethods,
        "trainer" Trainer, "trainer_contact" TrainerContact, "site" Site, "attendance" Attendance,
    }
    SecondPersonPolicy { "required" Required, "deviation" Deviation, "none" Nobody }
    Role {
        "candidate" Candidate, "assessor" Assessor, "second_person" SecondPerson, "trainer" Trainer,
        "second_assessor" SecondAssessor, "moderator" Moderator,
    }
    Need { "block" Block, "warn" Warn }
    SecondPersonProof {
        "instructed" Instructed, "first_aid" FirstAid, "switch_off" SwitchOff, "rescue" Rescue,
        "no_other_task" NoOtherTask,
    }
    TickSection { "premises" Premises, "ppe" Ppe, "site" Site }
    PartKind { "knowledge" Knowledge, "practical" Practical, "oral" Oral, "portfolio" Portfolio }
    Mode { "in_person" InPerson, "simulated" Simulated, "either" Either }
    ExerciseState {
        "live" Live, "made_dead" MadeDead, "never_energised" NeverEnergised, "simulated" Simulated,
    }
    EvidenceKind { "photo" Photo, "note" Note, "reading" Reading, "file" File }
    Consequence { "fails" Fails, "institution" Institution, "marked" Marked }
    Combination { "all_parts" AllParts, "weighted" Weighted }
}
