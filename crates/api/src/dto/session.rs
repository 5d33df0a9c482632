//! One session, whole.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{choices::*, home::*};

shapes! {
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
}
