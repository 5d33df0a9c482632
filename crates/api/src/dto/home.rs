//! Errors, the unlock and home screens, and a scheme.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::choices::*;

shapes! {
    /// What went wrong, and what to do now; both ready to show.
    struct ErrorView {
        /// What it means to the screen.
        code: Code,
        /// What happened.
        message: String,
        /// What to do now.
        next: String,
        /// Seconds before the next try.
        wait_seconds: Option<u32>,
    }
    /// No input.
    struct Nothing {}
    /// Somebody who can unlock.
    struct AssessorView {
        /// Their identifier.
        id: String,
        /// Their name.
        name: String,
    }
    /// A passphrase everybody may know.
    struct DemonstrationPassphrase {
        /// Whose.
        name: String,
        /// The passphrase.
        passphrase: String,
    }
    /// What a demonstration laptop shows before unlocking.
    struct DemonstrationView {
        /// Everybody's passphrase.
        passphrases: Vec<DemonstrationPassphrase>,
        /// Where a sample photo lies.
        sample_photo_folder: String,
    }
    /// The unlock screen.
    struct StatusView {
        /// The institution's name.
        institution: String,
        /// Who can unlock.
        assessors: Vec<AssessorView>,
        /// Who has unlocked.
        unlocked: Option<AssessorView>,
        /// Only on a demonstration laptop.
        demonstration: Option<DemonstrationView>,
        /// The program's version.
        version: String,
    }
    /// A person.
    struct PersonView {
        /// Their identifier.
        id: String,
        /// Their name.
        name: String,
        /// Their year of birth.
        birth_year: Option<u16>,
        /// Whether the institution's roster named them.
        on_roster: bool,
    }
    /// A session in the list.
    struct SessionRowView {
        /// Its identifier.
        id: String,
        /// Who is assessed.
        candidate_name: String,
        /// Who stands by.
        second_person_name: String,
        /// Under which scheme.
        scheme_title: String,
        /// When it was opened.
        #[ts(type = "number")]
        opened_at: i64,
        /// Where it stands.
        phase: PhaseView,
        /// The result, once it is over.
        result: Option<ResultView>,
        /// Where the record is, once it is sealed.
        place: Option<PlaceView>,
        /// Its number in the register.
        register_number: Option<u32>,
        /// When the register received it.
        #[ts(type = "number | null")]
        registered_at: Option<i64>,
        /// Why it is where it is, ready to show.
        place_note: Option<String>,
        /// Which paper goes out.
        document: Option<DocumentView>,
        /// When the paper was first opened.
        #[ts(type = "number | null")]
        document_opened_at: Option<i64>,
    }
    /// A course.
    struct CourseView {
        /// Its title.
        title: String,
        /// Where.
        site: String,
        /// By whom.
        trainer: String,
        /// The voltage level trained.
        voltage_level: String,
        /// First day.
        first_day: String,
        /// Last day.
        last_day: String,
    }
    /// The home screen.
    struct HomeView {
        /// Who has unlocked.
        assessor: AssessorView,
        /// The institution's name.
        institution: String,
        /// Whether its documents say DEMONSTRATION.
        demonstration: bool,
        /// The scheme of the pack.
        scheme: SchemeView,
        /// The course of the pack.
        course: CourseView,
        /// Who can take part.
        people: Vec<PersonView>,
        /// The assessor's sessions, the newest first.
        sessions: Vec<SessionRowView>,
        /// The register's address.
        register: String,
    }
    /// A scheme.
    struct SchemeView {
        /// Its identifier.
        id: String,
        /// Its title.
        title: String,
        /// Its version.
        version: String,
        /// What it shows, and what it does not cover.
        scope: String,
        /// Who set the institution's values.
        values_set_by: String,
        /// In the order of the work.
        tasks: Vec<TaskView>,
    }
    /// A task.
    struct TaskView {
        /// Its name in the scheme.
        id: String,
        /// What it is.
        title: String,
        /// In the order of the work.
        steps: Vec<StepView>,
    }
    /// A step.
    struct StepView {
        /// Its name in the scheme.
        id: String,
        /// What the candidate does.
        title: String,
        /// A word to the assessor.
        note: Option<String>,
        /// What is looked at.
        criteria: Vec<CriterionView>,
    }
    /// A criterion, with what was seen of it inside a session.
    struct CriterionView {
        /// Its name in the scheme.
        id: String,
        /// What is to be seen.
        text: String,
        /// The outcome it shows.
        outcome: String,
        /// Whether its failure cannot be outvoted.
        critical: bool,
        /// Where the demand comes from.
        source: String,
        /// How it is observed.
        kind: CriterionKindView,
        /// The score that counts.
        score: Option<ScoreView>,
        /// Why it does not apply.
        reason: Option<String>,
        /// Whether the score corrects an earlier one.
        corrected: bool,
        /// How many notes.
        notes: u32,
        /// How many photos.
        photos: u32,
    }
}
