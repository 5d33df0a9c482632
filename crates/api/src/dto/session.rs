//! One session, whole.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{choices::*, home::*};

shapes! {
    /// A credential somebody shows.
    struct ShownInput {
        /// Which: a prerequisite's name, or a competence.
        id: String,
        /// Who issued it.
        issuer: String,
        /// What names it.
        reference: String,
        /// When it was issued.
        issued: Option<String>,
        /// Its last day.
        expires: Option<String>,
    }
    /// Why nobody stands by.
    struct DeviationInput {
        /// The ground.
        ground: String,
        /// The risk assessment that covers it.
        risk_assessment: String,
        /// Who approved it.
        approver: String,
    }
    /// The gate as filled in so far.
    struct GateInput {
        /// Kind of document shown; never its number.
        identity_document: Option<IdentityDocumentView>,
        /// The assessor looked at it.
        identity_checked_by_assessor: bool,
        /// The things confirmed, by name.
        ticks: Vec<String>,
        /// Credentials the candidate shows.
        prerequisites: Vec<ShownInput>,
        /// The assessor's evidences of competence.
        competences: Vec<ShownInput>,
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
        /// The voltage present in volts, as a decimal with at most three places.
        object_voltage: Option<String>,
        /// Direct or alternating.
        object_voltage_kind: Option<VoltageKindView>,
        /// What it is during the exercise.
        object_state: Option<ExerciseStateView>,
        /// The written risk assessment.
        risk_assessment: String,
        /// Why live work is needed.
        live_work_reason: Option<LiveWorkReasonView>,
        /// The second person is present.
        second_person_present: bool,
        /// What else the second person brings; first aid is given by its last day.
        second_person: Vec<SecondPersonProofView>,
        /// Until when the second person's first aid holds.
        second_person_first_aid: Option<String>,
        /// Why nobody stands by.
        deviation: Option<DeviationInput>,
    }
    /// Something to confirm.
    struct TickView {
        /// Its name.
        id: String,
        /// Where on the screen.
        section: GateSection,
        /// What is confirmed.
        text: String,
        /// Whether it holds the start up.
        blocks: bool,
    }
    /// A credential the candidate must hold.
    struct PrerequisiteView {
        /// Its name.
        id: String,
        /// What is to be shown.
        text: String,
        /// Whether it holds the start up.
        blocks: bool,
        /// Whether a picture is attached.
        photo: bool,
    }
    /// What this scheme's gate asks for.
    struct GateAsksView {
        /// Credentials.
        prerequisites: Vec<PrerequisiteView>,
        /// The assessor's three evidences; whether they hold the start up.
        competence: Option<bool>,
        /// Things to confirm.
        ticks: Vec<TickView>,
        /// An instrument.
        instrument: bool,
        /// An exercise object.
        object: bool,
        /// States of it that count, in every part that needs one.
        object_states: Vec<ExerciseStateView>,
        /// A risk assessment.
        risk_assessment: bool,
        /// Why live work is needed.
        live_work: bool,
        /// What the second person brings; empty when nobody stands by.
        second_person: Vec<SecondPersonProofView>,
        /// Why nobody stands by.
        deviation: bool,
    }
    /// Something the gate still needs.
    struct MissingView {
        /// Where on the screen.
        section: GateSection,
        /// What, ready to show.
        message: String,
        /// Whether it holds the start up; otherwise it is shown and printed.
        blocks: bool,
    }
    /// The gate.
    struct GateView {
        /// As filled in.
        values: GateInput,
        /// What this scheme asks for.
        asks: GateAsksView,
        /// What is missing.
        missing: Vec<MissingView>,
    }
    /// The wait the scheme demands.
    struct WaitView {
        /// Its name.
        id: String,
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
        /// The rule it is about.
        id: String,
        /// The rule, ready to show.
        rule: String,
        /// What is asked, ready to show.
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
        /// Whether the candidate is owed a word before it is confirmed.
        needs_feedback: bool,
    }
    /// The other member of a team.
    struct PartnerView {
        /// Their session.
        session_id: String,
        /// Their name.
        name: String,
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
    /// A sealed record that a further one corrects. Both stay.
    struct CorrectedView {
        /// What was sealed.
        record: SealedView,
        /// Why it was corrected.
        reason: String,
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
        /// Who stands by, unless nobody does.
        second_person: Option<PersonView>,
        /// The other member of a team.
        partner: Option<PartnerView>,
        /// Whether this candidate stands by while the other works.
        stands_by: bool,
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
        /// Waits that have begun, and what they are for.
        waits: Vec<WaitView>,
        /// Whether nothing but observation is to be asked for now.
        quiet: bool,
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
        /// The parts of its record that were erased from this laptop.
        erased: Vec<RecordPartView>,
        /// The sealed record; the last one, where records were corrected.
        sealed: Option<SealedView>,
        /// The records before it, the oldest first.
        corrected: Vec<CorrectedView>,
    }
}
