//! What crosses the border to the screen: plain shapes, no rules, no domain types.
//!
//! Times are milliseconds since 1970 UTC, days are `YYYY-MM-DD`, identifiers and digests are lower-case hex.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Declares shapes with the derives they all share.
macro_rules! shapes {
    ($($(#[$meta:meta])* struct $name:ident { $($(#[$field_meta:meta])* $field:ident: $type:ty,)* })*) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Serialize, Deserialize, TS)]
        #[serde(rename_all = "camelCase")]
        pub struct $name { $($(#[$field_meta])* pub $field: $type,)* }
    )*};
}

/// Declares choices that cross as one word each, with the name they have on the screen.
macro_rules! choices {
    ($($(#[$meta:meta])* enum $name:ident as $screen:literal {
        $($(#[$variant_meta:meta])* $variant:ident,)*
    })*) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
        #[serde(rename_all = "snake_case")]
        #[ts(rename = $screen)]
        pub enum $name { $($(#[$variant_meta])* $variant,)* }
    )*};
}

choices! {
    /// What an error means to the screen.
    enum Code as "Code" {
        /// The passphrase is not right.
        WrongPassphrase,
        /// Too early for another try.
        WaitBeforeNextTry,
        /// Nobody has unlocked.
        Locked,
        /// It is not here.
        NotFound,
        /// Not possible now.
        Rule,
        /// Not possible like this.
        InvalidInput,
        /// Not a picture.
        PhotoUnreadable,
        /// Too many bytes.
        PhotoTooLarge,
        /// Nothing was kept.
        DiskFull,
        /// Nobody answered, or not a register.
        RegisterUnreachable,
        /// Somebody else's register.
        RegisterOtherIdentity,
        /// The register said no.
        RegisterRefused,
        /// Nothing of ours in it.
        NothingToVerify,
        /// The document could not be shown.
        Viewer,
        /// A fault of ours.
        Unexpected,
    }
    /// Where a session stands.
    enum PhaseView as "Phase" {
        /// Before the exercise.
        Gate,
        /// The candidate works.
        Exercise,
        /// Halted for safety.
        Stopped,
        /// The result is to be confirmed.
        Decision,
        /// The result is to be acknowledged.
        Acknowledgement,
        /// Signed.
        Sealed,
        /// Given up.
        Abandoned,
    }
    /// A result.
    enum ResultView as "Result" {
        /// Every rule holds.
        Pass,
        /// A rule is broken.
        Fail,
        /// Something is to be settled.
        Open,
        /// Stopped without the candidate's fault.
        NotCompleted,
    }
    /// Where a record is.
    enum PlaceView as "Place" {
        /// Only here.
        OnThisLaptop,
        /// The register has part of it.
        Leaving,
        /// The register's complete receipt is here.
        InRegister,
        /// The register said no.
        Refused,
    }
    /// Which paper goes out.
    enum DocumentView as "Document" {
        /// A certificate.
        Certificate,
        /// A result sheet.
        ResultSheet,
    }
    /// What was seen of a criterion.
    enum ScoreView as "Score" {
        /// Without help.
        Unaided,
        /// After a prompt.
        Prompted,
        /// Not done.
        NotDone,
        /// In a dangerous way.
        Dangerous,
        /// Not seen.
        NotSeen,
        /// Does not apply.
        NotApplicable,
    }
    /// How a criterion is observed.
    enum CriterionKindView as "CriterionKind" {
        /// Scored.
        Observed,
        /// Scored, and held by prove – test – prove.
        Proof,
    }
    /// A kind of identity document.
    enum IdentityDocumentView as "IdentityDocument" {
        /// A passport.
        Passport,
        /// An identity card.
        IdentityCard,
        /// A driving licence.
        DrivingLicence,
        /// A residence permit.
        ResidencePermit,
    }
    /// A measurement category.
    enum InstrumentCategoryView as "InstrumentCategory" {
        /// CAT III.
        CatIii,
        /// CAT IV.
        CatIv,
    }
    /// Direct or alternating.
    enum VoltageKindView as "VoltageKind" {
        /// Direct.
        Dc,
        /// Alternating.
        Ac,
    }
    /// What the exercise object is.
    enum ExerciseStateView as "ExerciseState" {
        /// Live throughout.
        Live,
        /// Made dead in the exercise.
        MadeDead,
        /// Never energised.
        NeverEnergised,
        /// Simulated.
        Simulated,
    }
    /// A section of the gate.
    enum GateSection as "GateSection" {
        /// Identity.
        Identity,
        /// Premises.
        Premises,
        /// Protective equipment.
        Ppe,
        /// Instrument.
        Instrument,
        /// Exercise object.
        Object,
        /// Risk assessment.
        Risk,
        /// Second person.
        SecondPerson,
    }
    /// What prove – test – prove shows.
    enum ProofStatusView as "ProofStatus" {
        /// Nothing recorded.
        NotStarted,
        /// Begun.
        Open,
        /// Dead is proved.
        Proved,
        /// A point was live.
        NotDead,
        /// The readings say nothing.
        Void,
    }
    /// Why the exercise was stopped.
    enum StopKindView as "StopKind" {
        /// By the candidate's doing.
        DangerByCandidate,
        /// From outside.
        OutsideCause,
        /// In error.
        CalledInError,
    }
    /// Who stopped it.
    enum StoppedByView as "StoppedBy" {
        /// The assessor.
        Assessor,
        /// The candidate.
        Candidate,
        /// The second person.
        SecondPerson,
        /// Somebody else.
        SomebodyElse,
    }
    /// How a line of the log is to be shown.
    enum Tone as "Tone" {
        /// As it is.
        Plain,
        /// Done.
        Good,
        /// Worth a look.
        Warn,
        /// Not done, or dangerous.
        Bad,
        /// A stop.
        Stop,
    }
    /// How a criterion counts.
    enum JudgedView as "Judged" {
        /// Met.
        Met,
        /// Not met.
        NotMet,
        /// Left out.
        Excluded,
        /// To be settled.
        Open,
    }
    /// The answer to a rule.
    enum RuleAnswer as "RuleAnswer" {
        /// Holds.
        Yes,
        /// Broken.
        No,
        /// To be settled.
        Open,
    }
    /// Who acknowledges.
    enum AcknowledgementRoleView as "AcknowledgementRole" {
        /// The candidate.
        Candidate,
        /// The second person.
        SecondPerson,
    }
    /// How somebody acknowledged.
    enum AcknowledgedView as "Acknowledged" {
        /// Drawn.
        Drawn,
        /// Typed.
        Typed,
        /// Refused.
        Refused,
    }
    /// An answer of a verdict.
    enum AnswerView as "Answer" {
        /// Checked, and it holds.
        Yes,
        /// Checked, and it does not hold.
        No,
        /// Something was missing.
        CouldNotTell,
    }
}

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
    /// The gate as filled in so far.
    struct GateInput {
        /// Kind of document shown; never its number.
        identity_document: Option<IdentityDocumentView>,
        /// The assessor looked at it.
        identity_checked_by_assessor: bool,
        /// The area is marked.
        premises_marked: bool,
        /// Prepared for thermal runaway.
        premises_thermal_runaway: bool,
        /// Clean.
        premises_clean: bool,
        /// Gloves are provided.
        ppe_gloves: bool,
        /// Arc-flash clothing is provided.
        ppe_arc_flash: bool,
        /// A defibrillator is reachable.
        ppe_aed: bool,
        /// The instrument's category.
        instrument_category: Option<InstrumentCategoryView>,
        /// Its rated voltage in volts.
        instrument_voltage: Option<u32>,
        /// Its serial number.
        instrument_serial: String,
        /// Until when its calibration holds.
        instrument_calibration_due: Option<String>,
        /// What names the object.
        object_id: String,
        /// The voltage present, in volts.
        object_voltage: Option<u32>,
        /// Direct or alternating.
        object_voltage_kind: Option<VoltageKindView>,
        /// What it is during the exercise.
        object_state: Option<ExerciseStateView>,
        /// The written risk assessment.
        risk_assessment: String,
        /// The second person is present.
        second_person_present: bool,
        /// The second person is instructed.
        second_person_instructed: bool,
    }
    /// Something the gate still needs.
    struct MissingView {
        /// Where on the screen.
        section: GateSection,
        /// What, ready to show.
        message: String,
    }
    /// The gate.
    struct GateView {
        /// As filled in.
        values: GateInput,
        /// What is missing.
        missing: Vec<MissingView>,
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
    /// The wait the scheme demands.
    struct WaitView {
        /// What for.
        label: String,
        /// How long.
        required_seconds: u32,
        /// Who set that.
        set_by: String,
        /// When it began.
        #[ts(type = "number | null")]
        started_at: Option<i64>,
        /// When it is over.
        #[ts(type = "number | null")]
        ready_at: Option<i64>,
    }
    /// A stop.
    struct StopView {
        /// When.
        #[ts(type = "number")]
        stopped_at: i64,
        /// Why.
        kind: Option<StopKindView>,
        /// By whom.
        by: Option<StoppedByView>,
        /// In the assessor's words.
        why: Option<String>,
    }
    /// A line of the log.
    struct LogView {
        /// Its place.
        sequence: u32,
        /// When it was tapped.
        #[ts(type = "number")]
        tapped_at: i64,
        /// When it was seen.
        #[ts(type = "number")]
        seen_at: i64,
        /// Ready to show.
        text: String,
        /// How to show it.
        tone: Tone,
        /// Whether a later line corrected it.
        superseded: bool,
        /// The criterion it speaks of.
        criterion_id: Option<String>,
    }
    /// Something put to the assessor.
    struct QuestionView {
        /// Which.
        id: String,
        /// Ready to show.
        text: String,
    }
    /// A criterion, judged.
    struct JudgedLine {
        /// Which.
        criterion_id: String,
        /// The task it stands in.
        task: String,
        /// What was to be seen.
        text: String,
        /// Whether its failure cannot be outvoted.
        critical: bool,
        /// What was scored.
        score: Option<ScoreView>,
        /// How it counts.
        judged: JudgedView,
        /// Why.
        because: String,
    }
    /// A rule, answered.
    struct RuleLine {
        /// The rule.
        text: String,
        /// Its answer.
        answer: RuleAnswer,
        /// Why.
        because: String,
    }
    /// The result with its explanation.
    struct DecisionView {
        /// The result.
        result: ResultView,
        /// In a sentence.
        summary: String,
        /// Every rule.
        rules: Vec<RuleLine>,
        /// Every criterion.
        lines: Vec<JudgedLine>,
        /// Whether a certificate may go out.
        certificate_allowed: bool,
        /// Why not, a sentence each.
        why_no_certificate: Vec<String>,
        /// When it was confirmed.
        #[ts(type = "number | null")]
        confirmed_at: Option<i64>,
        /// Whether it was flagged borderline.
        borderline: bool,
    }
    /// An acknowledgement.
    struct AcknowledgementView {
        /// Who.
        role: AcknowledgementRoleView,
        /// Their name.
        name: String,
        /// How.
        how: AcknowledgedView,
        /// Why it was refused.
        reason: Option<String>,
        /// When.
        #[ts(type = "number")]
        at: i64,
    }
    /// A sealed record.
    struct SealedView {
        /// Its digest.
        record_digest: String,
        /// Its place in the chain.
        chain_index: u32,
        /// When it was sealed.
        #[ts(type = "number")]
        sealed_at: i64,
        /// Which paper goes out.
        document: DocumentView,
        /// When the paper was first opened.
        #[ts(type = "number | null")]
        document_opened_at: Option<i64>,
        /// Where it is.
        place: PlaceView,
        /// Why it is there.
        place_note: Option<String>,
        /// Its number in the register.
        register_number: Option<u32>,
        /// When the register received it.
        #[ts(type = "number | null")]
        registered_at: Option<i64>,
    }
    /// One session, whole.
    struct SessionView {
        /// Its identifier.
        id: String,
        /// Where it stands.
        phase: PhaseView,
        /// Whether its papers say DEMONSTRATION.
        demonstration: bool,
        /// Who assesses.
        assessor_name: String,
        /// Who is assessed.
        candidate: PersonView,
        /// Who stands by.
        second_person: PersonView,
        /// The scheme, with what was seen.
        scheme: SchemeView,
        /// The gate.
        gate: GateView,
        /// When it was opened.
        #[ts(type = "number")]
        opened_at: i64,
        /// When the exercise began.
        #[ts(type = "number | null")]
        started_at: Option<i64>,
        /// Proving dead.
        proof: ProofView,
        /// The wait.
        wait: Option<WaitView>,
        /// Whether the second person is in the room.
        second_person_present: bool,
        /// The stop that was not resumed.
        stop: Option<StopView>,
        /// The log, in order.
        log: Vec<LogView>,
        /// What is put to the assessor.
        questions: Vec<QuestionView>,
        /// The result, once the exercise is over.
        decision: Option<DecisionView>,
        /// Who acknowledged.
        acknowledgements: Vec<AcknowledgementView>,
        /// The sealed record.
        sealed: Option<SealedView>,
    }
    /// A label with its value.
    struct FactView {
        /// The label.
        label: String,
        /// The value.
        value: String,
    }
    /// A check of a verdict.
    struct CheckLine {
        /// What was asked.
        name: String,
        /// The answer.
        answer: AnswerView,
        /// Why.
        because: String,
    }
    /// A verdict.
    struct VerdictView {
        /// What it is about.
        what: String,
        /// Whether it is for demonstration only.
        demonstration: bool,
        /// Genuine as issued?
        genuine: AnswerView,
        /// Why.
        genuine_because: String,
        /// In force now?
        in_force: AnswerView,
        /// Why.
        in_force_because: String,
        /// Only when both are yes.
        green: bool,
        /// What it says.
        facts: Vec<FactView>,
        /// Every check.
        checks: Vec<CheckLine>,
    }
    /// Unlocking.
    struct UnlockInput {
        /// Who.
        assessor_id: String,
        /// Their passphrase.
        passphrase: String,
    }
    /// Adding a person.
    struct AddPersonInput {
        /// Their name.
        name: String,
        /// Their year of birth.
        birth_year: Option<u16>,
    }
    /// Opening a session.
    struct OpenSessionInput {
        /// Who is assessed.
        candidate_id: String,
        /// Who stands by.
        second_person_id: String,
    }
    /// One session.
    struct SessionInput {
        /// Which.
        session_id: String,
    }
    /// Keeping the gate.
    struct SaveGateInput {
        /// Of which session.
        session_id: String,
        /// As filled in.
        gate: GateInput,
    }
    /// Recording an observation.
    struct ObserveInput {
        /// In which session.
        session_id: String,
        /// What.
        observation: ObservationInput,
        /// How long before the tap it was seen.
        seen_seconds_ago: u32,
    }
    /// Confirming the result.
    struct ConfirmDecisionInput {
        /// Of which session.
        session_id: String,
        /// To be looked at by the institution.
        borderline: bool,
        /// In the assessor's words.
        note: String,
    }
    /// Acknowledging the result.
    struct AcknowledgeInput {
        /// Of which session.
        session_id: String,
        /// Who.
        role: AcknowledgementRoleView,
        /// How.
        how: AcknowledgeHow,
    }
    /// Giving a session up.
    struct AbandonInput {
        /// Which.
        session_id: String,
        /// Why.
        reason: String,
    }
    /// Verifying a text.
    struct VerifyTextInput {
        /// Pasted or scanned.
        text: String,
    }
}

/// One observation, as tapped.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum ObservationInput {
    /// A criterion was scored; again corrects it.
    Score {
        /// Which criterion.
        criterion_id: String,
        /// What was seen.
        score: ScoreView,
        /// Why it does not apply.
        reason: Option<String>,
    },
    /// A note.
    Note {
        /// To which criterion, if any.
        criterion_id: Option<String>,
        /// The note.
        text: String,
    },
    /// The tester was tried before measuring.
    TesterBefore {
        /// On which source.
        source: String,
        /// Whether it showed it.
        worked: bool,
    },
    /// A point was measured.
    Reading {
        /// The point.
        point: String,
        /// What the instrument showed.
        reading: String,
        /// Whether it was seen dead.
        dead: bool,
    },
    /// The tester was tried again.
    TesterAfter {
        /// On which source.
        source: String,
        /// Whether it showed it.
        worked: bool,
        /// Whether it was the instrument used throughout.
        same_instrument: bool,
    },
    /// The second person left.
    SecondPersonLeft,
    /// The second person is back.
    SecondPersonReturned,
    /// Stop.
    Stop,
    /// Who stopped, and why.
    StopExplained {
        /// Who.
        by: StoppedByView,
        /// Which kind.
        stop_kind: StopKindView,
        /// In the assessor's words.
        why: String,
    },
    /// Going on after a stop.
    Resume {
        /// Made safe.
        made_safe: bool,
        /// Gate checked again.
        gate_checked: bool,
    },
    /// Whether a wait was kept.
    WaitAnswer {
        /// The question.
        question_id: String,
        /// Kept.
        kept: bool,
        /// In the assessor's words.
        note: String,
    },
}

/// How somebody acknowledges.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum AcknowledgeHow {
    /// Typed name.
    Typed {
        /// The name.
        name: String,
    },
    /// Drawn strokes of x0, y0, x1, y1, … in a box of 600 by 200.
    Drawn {
        /// The strokes.
        strokes: Vec<Vec<u16>>,
    },
    /// Refused.
    Refused {
        /// Why.
        reason: String,
    },
}
