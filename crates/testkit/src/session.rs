//! Sessions that go as they should: opened, started, everything done rightly by the scheme's own values, sealed.

use fieldproof_app::session::{NewSession, SessionState};
use fieldproof_model::{
    gate::{
        COMPETENCES, ExerciseState, Gate, IdentityDocument, InstrumentCategory, LiveWorkReason, Millivolts, Shown,
        VoltageKind,
    },
    id::SessionId,
    observation::{Answer, Observed, Score},
    scheme::{
        Criterion, CriterionId, CriterionKind, EvidenceKind, Part, Scheme, SecondPersonPolicy, SecondPersonProof,
    },
    time::Date,
};
use fieldproof_seal::{
    parts::{Acknowledged, AcknowledgementRole},
    scheme::parse_scheme,
};

use crate::{HV_ISOLATION, TestWorld};

/// Points possible in every part that is marked.
pub const FULL_MARKS: u32 = 100;

impl TestWorld {
    /// What opens a session for Carol under a scheme of the plan; Dave stands by where the scheme knows that.
    #[must_use]
    pub fn new_session(&self, (document, values): (&str, &str)) -> NewSession {
        let scheme = parse_scheme(document, values, None).unwrap();
        let stands_by = scheme.people.second_person != SecondPersonPolicy::Nobody;
        NewSession {
            scheme: scheme.id,
            course: self.course_of(scheme.id),
            candidate: self.candidates[0],
            second_person: stands_by.then_some(self.candidates[1]),
            team: false,
            language: None,
        }
    }

    /// Opens a session under high-voltage isolation for Carol with Dave standing by, and starts the exercise.
    #[must_use]
    pub fn start_session(&self) -> SessionId {
        self.start(&self.new_session(HV_ISOLATION))
    }

    /// Opens a session, lets its gate hold, and starts the exercise.
    #[must_use]
    pub fn start(&self, new: &NewSession) -> SessionId {
        let state = self.app.open_session(new).unwrap();
        self.app.save_gate(state.row.id, &full_gate_for(&state.scheme)).unwrap();
        self.app.start_exercise(state.row.id).unwrap();
        state.row.id
    }

    /// Passes every part, with `wait_seconds` before every proof.
    pub fn score_everything(&self, id: SessionId, wait_seconds: i64) {
        let state = self.app.session(id).unwrap();
        for part in &state.scheme.parts {
            self.pass_part(id, &state.scheme, part, wait_seconds);
        }
    }

    /// Passes one part: marks in full, or every criterion met as the scheme's values say.
    pub fn pass_part(&self, id: SessionId, scheme: &Scheme, part: &Part, wait_seconds: i64) {
        let observe = |observed| self.app.observe(id, observed, 0).unwrap();
        if part.is_marked() {
            self.mark(id, part, FULL_MARKS);
            return;
        }
        let several = 1 < scheme.parts.len();
        if several {
            observe(Observed::PartBegan(part.id.clone()));
        }
        for criterion in part.tasks.iter().flat_map(|task| &task.steps).flat_map(|step| &step.criteria) {
            if criterion.kind == CriterionKind::Proof {
                self.host.advance_seconds(wait_seconds);
                self.prove_dead(id, &criterion.id);
            }
            self.give_evidence(id, criterion);
            observe(met(scheme, criterion));
        }
        if several {
            observe(Observed::PartEnded(part.id.clone()));
        }
    }

    /// Enters the marks of a part, of [`FULL_MARKS`].
    pub fn mark(&self, id: SessionId, part: &Part, points: u32) {
        let observed = Observed::PartMarked {
            part: part.id.clone(),
            points,
            of: FULL_MARKS,
            on: self.app.today(),
            reference: "Paper 1".to_owned(),
        };
        self.app.observe(id, observed, 0).unwrap();
    }

    /// Attaches whatever a criterion demands.
    fn give_evidence(&self, id: SessionId, criterion: &Criterion) {
        let demanded = criterion.evidence.map_or(0, |demand| demand.count);
        for number in 0..demanded {
            let own = Some(criterion.id.clone());
            match criterion.evidence.map(|demand| demand.kind) {
                Some(EvidenceKind::Photo) => drop(self.app.attach_photo(id, own, &small_photo(number)).unwrap()),
                Some(EvidenceKind::File) => drop(self.app.attach_file(id, own, "file.txt", b"a file").unwrap()),
                Some(EvidenceKind::Note) => {
                    let note = Observed::Note { criterion: own, text: "a note".to_owned() };
                    self.app.observe(id, note, 0).unwrap();
                }
                Some(EvidenceKind::Reading) | None => {}
            }
        }
    }

    /// Tester, one point, tester.
    pub fn prove_dead(&self, id: SessionId, criterion: &CriterionId) {
        let (criterion, source) = (|| criterion.clone(), || "proving unit".to_owned());
        let observe = |observed| self.app.observe(id, observed, 0).unwrap();
        observe(Observed::TesterBefore { criterion: criterion(), source: source(), worked: true });
        observe(Observed::Reading {
            criterion: criterion(),
            point: "HV+ HV-".to_owned(),
            reading: "0.0 V".to_owned(),
            dead: true,
        });
        observe(Observed::TesterAfter {
            criterion: criterion(),
            source: source(),
            worked: true,
            same_instrument: true,
        });
    }

    /// Ends, confirms, acknowledges and seals.
    #[must_use]
    pub fn finish(&self, id: SessionId) -> SessionState {
        self.app.end_exercise(id).unwrap();
        self.confirm_and_seal(id, false)
    }

    /// Confirms a result, has it acknowledged, and seals.
    #[must_use]
    pub fn confirm_and_seal(&self, id: SessionId, borderline: bool) -> SessionState {
        let state = self.app.confirm_decision(id, borderline, "as discussed").unwrap();
        let typed = Acknowledged::Typed(state.candidate.person.name.as_str().to_owned());
        self.app.acknowledge(id, AcknowledgementRole::Candidate, typed).unwrap();
        if state.second_person.is_some() {
            let refused = Acknowledged::Refused("in a hurry".to_owned());
            self.app.acknowledge(id, AcknowledgementRole::SecondPerson, refused).unwrap();
        }
        self.app.seal(id).unwrap()
    }
}

/// What is recorded of a criterion that is met without help.
#[must_use]
pub fn met(scheme: &Scheme, criterion: &Criterion) -> Observed {
    let id = criterion.id.clone();
    let values = &scheme.values;
    let from = || values.met_from.get(&criterion.id).copied().unwrap();
    let within = || values.limits.get(&criterion.id).and_then(|limits| limits.min.or(limits.max)).unwrap();
    let answer = match &criterion.kind {
        CriterionKind::Observed | CriterionKind::Proof => {
            return Observed::Score { criterion: id, score: Score::Unaided, reason: None };
        }
        CriterionKind::Rubric { .. } => Answer::Level(from()),
        CriterionKind::Measurement { .. } => Answer::Measured(within(), "TEST-1".to_owned()),
        CriterionKind::Choice { right, .. } => Answer::Chosen(right.clone()),
        CriterionKind::Count { .. } => Answer::Counted(u32::try_from(within()).unwrap()),
        CriterionKind::Timed => Answer::Timed(u64::try_from(within()).unwrap() * 1_000),
        CriterionKind::Oral { .. } => Answer::Heard((1..=from()).collect(), 0),
        CriterionKind::Text => Answer::Written("as it was said".to_owned()),
    };
    Observed::Answered { criterion: id, answer }
}

fn small_photo(shade: u32) -> Vec<u8> {
    let mut jpeg = std::io::Cursor::new(Vec::new());
    let shade = u8::try_from(shade % 256).unwrap();
    let picture = image::RgbImage::from_pixel(16, 16, image::Rgb([shade, 90, 90]));
    picture.write_to(&mut jpeg, image::ImageFormat::Jpeg).unwrap();
    jpeg.into_inner()
}

/// A gate that holds for high-voltage isolation on the morning of the tests.
#[must_use]
pub fn full_gate() -> Gate {
    let (document, values) = HV_ISOLATION;
    full_gate_for(&parse_scheme(document, values, None).unwrap())
}

/// A gate that holds on the morning of the tests, whatever the scheme asks for.
#[must_use]
pub fn full_gate_for(scheme: &Scheme) -> Gate {
    let rules = &scheme.gate;
    let prerequisites = rules.prerequisites.iter().map(|rule| (rule.id.clone(), card(&rule.id)));
    Gate {
        identity_document: Some(IdentityDocument::Passport),
        identity_checked_by_assessor: true,
        ticks: rules.ticks.iter().map(|tick| tick.id.clone()).collect(),
        prerequisites: prerequisites.collect(),
        competences: COMPETENCES.map(|competence| (competence, card("competence"))).into(),
        instrument_category: Some(InstrumentCategory::CatIv),
        instrument_voltage: Some(1500),
        instrument_serial: "TEST-1".to_owned(),
        instrument_calibration_due: Some(day("2027-01-01")),
        object_id: "Test rig".to_owned(),
        object_voltage: Some(Millivolts::from_volts(400)),
        object_voltage_kind: Some(VoltageKind::Dc),
        object_state: Some(state_that_counts(scheme)),
        risk_assessment: "RA 1".to_owned(),
        live_work_reason: rules.live_work.then_some(LiveWorkReason::CannotBeDeenergised),
        second_person_present: true,
        second_person: [
            SecondPersonProof::Instructed,
            SecondPersonProof::SwitchOff,
            SecondPersonProof::Rescue,
            SecondPersonProof::NoOtherTask,
        ]
        .into(),
        second_person_first_aid: Some(day("2027-01-01")),
        ..Gate::default()
    }
}

/// A credential that is valid from 2026-01-01 until 2027-01-01.
#[must_use]
pub fn card(reference: &str) -> Shown {
    Shown {
        issuer: "Test office".to_owned(),
        reference: reference.to_owned(),
        issued: Some(day("2026-01-01")),
        expires: Some(day("2027-01-01")),
        photo: None,
    }
}

/// A day as it is written.
#[must_use]
pub fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

/// The first state that every part which needs an object counts.
fn state_that_counts(scheme: &Scheme) -> ExerciseState {
    let states =
        [ExerciseState::MadeDead, ExerciseState::Live, ExerciseState::NeverEnergised, ExerciseState::Simulated];
    let counts = |part: &Part, state| part.object_states.is_empty() || part.object_states.contains(&state);
    states.into_iter().find(|state| scheme.parts.iter().all(|part| counts(part, *state))).unwrap()
}
