//! Errors, the unlock and home screens, and a scheme.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{choices::*, shelf::ShelvedView};

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
        /// Whether a PIN unlocks, until the program ends.
        has_pin: bool,
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
        /// Whether sealed records can be sent while nobody is in.
        sends_while_locked: bool,
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
        /// Who stands by, unless nobody does.
        second_person_name: Option<String>,
        /// Under which scheme.
        scheme_title: String,
        /// When it was opened.
        #[ts(type = "number")]
        opened_at: i64,
        /// When it was last worked on.
        #[ts(type = "number")]
        touched_at: i64,
        /// The session of the other member of a team.
        partner_id: Option<String>,
        /// Whether this candidate stands by while the other works.
        stands_by: bool,
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
        /// Its identifier.
        id: String,
        /// The scheme it prepares for.
        scheme_id: String,
        /// Its title.
        title: String,
        /// Where.
        site: String,
        /// By whom.
        trainer: String,
        /// The voltage level trained.
        voltage_level: String,
        /// First day.
        first_day: Option<String>,
        /// Last day.
        last_day: Option<String>,
        /// What the scheme's certificate needs and the course does not say, ready to show.
        missing: Vec<String>,
    }
    /// The home screen.
    struct HomeView {
        /// Who has unlocked.
        assessor: AssessorView,
        /// The institution's name.
        institution: String,
        /// Whether whoever works signs for the institution.
        is_coordinator: bool,
        /// Whether its documents say DEMONSTRATION.
        demonstration: bool,
        /// The schemes this assessor may assess under, by title.
        schemes: Vec<SchemeView>,
        /// The courses, by title.
        courses: Vec<CourseView>,
        /// Who can take part.
        people: Vec<PersonView>,
        /// The assessor's sessions, the newest first: those opened last, and every other that can still change or of
        /// which the register lacks something.
        sessions: Vec<SessionRowView>,
        /// How many of these this version cannot show; they are kept.
        unreadable: u32,
        /// How many more there are, which are over and in the register.
        earlier: u32,
        /// The register's address.
        register: String,
        /// What did not come through with the last sending.
        warning: Option<String>,
        /// What a sending showed that somebody has to go after, as long as nobody has dismissed it.
        noticed: Option<String>,
        /// That the register was found to be restored from a backup, as long as nobody has dismissed it.
        restored: Option<String>,
        /// What of the assessor's was refused, or is overdue at the register.
        shelf: Vec<ShelvedView>,
    }
    /// The sessions that the home screen leaves out until somebody asks for them.
    struct EarlierView {
        /// The sessions, the newest first.
        sessions: Vec<SessionRowView>,
        /// How many of these this version cannot show; they are kept.
        unreadable: u32,
    }
    /// A language a scheme exists in.
    struct LanguageView {
        /// Its tag.
        tag: String,
        /// Whether a session in it may count; otherwise it serves practice only.
        counts: bool,
    }
    /// Marks of a part.
    struct MarksView {
        /// Points reached.
        points: u32,
        /// Points possible.
        of: u32,
        /// The day it was taken.
        on: String,
        /// What names the paper it stands on.
        reference: String,
    }
    /// A part of the assessment, with how it stands inside a session.
    struct PartView {
        /// Its name in the scheme.
        id: String,
        /// What it is.
        title: String,
        /// Of which kind.
        kind: PartKindView,
        /// Whether its result is entered as points.
        marked: bool,
        /// Its time limit.
        time_limit_seconds: Option<u32>,
        /// When it began.
        #[ts(type = "number | null")]
        began_at: Option<i64>,
        /// When it ended.
        #[ts(type = "number | null")]
        ended_at: Option<i64>,
        /// Its marks.
        marks: Option<MarksView>,
        /// In the order of the work.
        tasks: Vec<TaskView>,
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
        /// The language of every text here.
        language: String,
        /// Every language it exists in.
        languages: Vec<LanguageView>,
        /// An edition it rests on was superseded: what to know, ready to show.
        superseded: Option<String>,
        /// Whether somebody must stand by.
        second_person: SecondPersonPolicyView,
        /// Whether two candidates may swap roles.
        team: bool,
        /// Whether there is something to assess.
        assessed: bool,
        /// Who set the institution's values.
        values_set_by: String,
        /// In the order of the work.
        parts: Vec<PartView>,
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
    /// An option of a choice.
    struct OptionView {
        /// Its name inside the criterion.
        id: String,
        /// What it says.
        text: String,
    }
    /// Evidence a criterion demands.
    struct EvidenceView {
        /// Of which kind.
        kind: EvidenceKindView,
        /// How many.
        count: u32,
        /// How many there are.
        have: u32,
        /// Whether it may be asked for now: never between disconnecting and proving dead.
        due: bool,
    }
    /// A criterion, with what was seen of it inside a session.
    struct CriterionView {
        /// Its name in the scheme.
        id: String,
        /// What is to be seen.
        text: String,
        /// The outcomes it shows.
        outcomes: Vec<String>,
        /// Whether its failure cannot be outvoted.
        critical: bool,
        /// Where the demand comes from.
        source: String,
        /// How it is observed.
        kind: CriterionKindView,
        /// Of a rubric: the descriptors, the lowest level first.
        levels: Vec<String>,
        /// Of a measurement or count: the unit.
        unit: Option<String>,
        /// Of a measurement: whether the instrument must be named.
        names_instrument: bool,
        /// Of a choice: the options.
        options: Vec<OptionView>,
        /// Of a question: the points expected.
        points: Vec<String>,
        /// Of a question: the prompts that may be given.
        prompts: Vec<String>,
        /// Of a proof: how it stands.
        proof: Option<ProofView>,
        /// The answer that counts.
        answer: Option<AnsweredView>,
        /// The same, ready to show.
        answer_text: Option<String>,
        /// Evidence it demands.
        evidence: Option<EvidenceView>,
        /// What is amiss with when it was done, ready to show.
        out_of_order: Vec<String>,
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
        /// How many other files.
        files: u32,
    }
    /// One trial of the tester.
    struct TrialView {
        /// On which source.
        source: String,
        /// Whether it showed it.
        worked: bool,
        /// Whether it was the instrument used throughout.
        same_instrument: bool,
    }
    /// One point measured.
    struct ReadingView {
        /// The point.
        point: String,
        /// What the instrument showed.
        reading: String,
        /// Whether it was seen dead.
        dead: bool,
    }
    /// Proving dead.
    struct ProofView {
        /// What it shows.
        status: ProofStatusView,
        /// In words.
        why: Option<String>,
        /// The trial before.
        before: Option<TrialView>,
        /// The points.
        readings: Vec<ReadingView>,
        /// The trial after.
        after: Option<TrialView>,
    }
}

/// An answer to a criterion that scores alone do not settle. Numbers with a fraction are written as decimals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
#[ts(rename = "Answered")]
pub enum AnsweredView {
    /// The level of a rubric, counted from 1.
    Level {
        /// Which.
        level: u32,
    },
    /// A value and the instrument it was read off.
    Measured {
        /// In the criterion's unit, as a decimal with at most three places.
        value: String,
        /// Which instrument; may be empty.
        instrument: String,
    },
    /// The options chosen.
    Chosen {
        /// Their names.
        options: Vec<String>,
    },
    /// How many.
    Counted {
        /// The number.
        number: u32,
    },
    /// How long.
    Timed {
        /// In seconds, as a decimal with at most three places.
        seconds: String,
    },
    /// What was heard of the points expected.
    Heard {
        /// The points, counted from 1.
        points: Vec<u32>,
        /// How many prompts were given.
        prompts: u32,
    },
    /// In free words.
    Written {
        /// The words.
        text: String,
    },
}
