//! An institution, its register and a laptop of two assessors, all with fixed keys, in a temporary folder.

use std::{path::PathBuf, sync::Arc};

use fieldproof_app::{
    App,
    install::{NewAssessor, Pack, install},
    session::{NewSession, SessionState},
};
use fieldproof_model::{
    course::Course,
    gate::{ExerciseState, Gate, IdentityDocument, InstrumentCategory, Millivolts, VoltageKind},
    id::{CourseId, PersonId, SchemeId, SessionId},
    observation::{Observed, Score},
    person::{Name, Person},
    scheme::{CriterionId, CriterionKind, SecondPersonProof},
    time::{Date, Timestamp},
};
use fieldproof_register::{
    Register,
    founding::{Charter, Institution},
};
use fieldproof_seal::{
    envelope::Purpose,
    keys::SecretKey,
    parts::{Acknowledged, AcknowledgementRole},
    scheme::{parse_scheme, sign_scheme},
};
use fieldproof_store::{StoreKey, slots::Cost};

use crate::{TestHost, seeded};

/// High-voltage isolation, with the demonstration's values for it.
pub const HV_ISOLATION: (&str, &str) = (
    include_str!("../../../assets/schemes/hv-isolation.json"),
    include_str!("../../../assets/schemes/hv-isolation.values.json"),
);
/// Live work and battery repair, likewise.
pub const LIVE_WORK: (&str, &str) = (
    include_str!("../../../assets/schemes/live-work-battery.json"),
    include_str!("../../../assets/schemes/live-work-battery.values.json"),
);
/// The F-gas exam, likewise.
pub const AC_FGAS: (&str, &str) =
    (include_str!("../../../assets/schemes/ac-fgas.json"), include_str!("../../../assets/schemes/ac-fgas.values.json"));
/// Every built-in scheme with its values.
pub const SCHEMES: [(&str, &str); 3] = [HV_ISOLATION, LIVE_WORK, AC_FGAS];

/// Cheap on purpose: suites unlock hundreds of times.
const CHEAP: Cost = Cost { memory_kib: 64, passes: 1 };

/// 2026-03-02 09:00 UTC.
const MORNING: Timestamp = Timestamp::from_millis(1_772_442_000_000);

/// The world.
#[derive(Debug)]
pub struct TestWorld {
    /// Everything lies here.
    pub folder: tempfile::TempDir,
    /// The clock and randomness of the laptop.
    pub host: TestHost,
    /// The institution.
    pub institution: Institution,
    /// The laptop, locked.
    pub app: App,
    /// Alice, the first assessor, with her passphrase.
    pub alice: (PersonId, &'static str),
    /// Bob, the second assessor, with his.
    pub bob: (PersonId, &'static str),
    /// Candidates: Carol, Dave, Erin.
    pub candidates: [PersonId; 3],
}

fn person(number: u8, name: &str) -> Person {
    Person { id: PersonId::new([number; 16]), name: Name::parse(name).unwrap(), birth_year: Some(1990) }
}

/// The key of the store, as the seed of the world makes it.
#[must_use]
pub fn store_key(seed: &str) -> StoreKey {
    let mut key = [0; 48];
    seeded(&format!("{seed}/install"))(&mut key);
    StoreKey::new(key)
}

impl TestWorld {
    /// Makes the world; the same seed gives the same keys.
    #[must_use]
    pub fn new(seed: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let charter = Charter {
            purpose: Purpose::Demonstration,
            name: format!("Institute of {seed}"),
            address: "fieldproof.example/v".to_owned(),
        };
        let institution = Institution::found(charter, MORNING, &mut seeded(seed));
        let people = [person(1, "Alice Assessor"), person(2, "Bob Beurteiler")];
        let roster = [person(11, "Carol Candidate"), person(12, "Dave Demo"), person(13, "Erin Example")];
        let passphrases = ["alice has a passphrase", "bob has another one"];
        let schemes = SCHEMES.map(|(document, values)| parse_scheme(document, values, None).unwrap().id);
        let assessors: Vec<_> = (1..)
            .zip(people.clone())
            .zip(passphrases)
            .map(|((number, person), passphrase)| {
                let key = Self::assessor_key(number);
                let whom = (key.public(), person.name.as_str());
                let delegations =
                    schemes.map(|scheme| institution.delegate(whom, scheme, true, (MORNING.date(), 365))).to_vec();
                NewAssessor { person, passphrase: passphrase.to_owned(), key, delegations }
            })
            .collect();
        let pack = Pack {
            trust: institution.trust(),
            beacon: institution.beacon(),
            schemes: SCHEMES
                .map(|(document, values)| {
                    sign_scheme(document, values, Purpose::Demonstration, institution.issuing()).unwrap()
                })
                .to_vec(),
            courses: (0..).zip(schemes).map(|(number, scheme)| course(number, scheme)).collect(),
            roster: roster.to_vec(),
            register_address: "http://127.0.0.1:9".to_owned(),
        };
        let laptop = folder.path().join("laptop");
        install(&laptop, &pack, &assessors, CHEAP, &mut seeded(&format!("{seed}/install"))).unwrap();
        let host = TestHost::new(MORNING, &format!("{seed}/host"));
        let app = App::new(&laptop, Box::new(host.clone()));
        let [alice, bob] = people.map(|person| person.id);
        Self {
            folder,
            host,
            institution,
            app,
            alice: (alice, passphrases[0]),
            bob: (bob, passphrases[1]),
            candidates: roster.map(|person| person.id),
        }
    }

    /// The key of the assessor of that number, from 1.
    #[must_use]
    pub fn assessor_key(number: u8) -> SecretKey {
        SecretKey::new(&[number; 32])
    }

    /// The laptop's folder.
    #[must_use]
    pub fn laptop(&self) -> PathBuf {
        self.folder.path().join("laptop")
    }

    /// Makes the institution's register.
    #[must_use]
    pub fn register(&self) -> Register {
        let host = self.host.clone();
        let clock = Arc::new(move || fieldproof_app::Host::now(&host));
        let folder = self.folder.path().join("register");
        if folder.exists() {
            return Register::open(&folder, clock).unwrap();
        }
        Register::create(&folder, &self.institution.material(), clock).unwrap()
    }

    /// Alice unlocks.
    pub fn unlock(&self) {
        self.app.unlock(self.alice.0, self.alice.1).unwrap();
    }

    /// What opens a session for Carol under a built-in scheme, with Dave standing by.
    #[must_use]
    pub fn new_session(&self, (document, values): (&str, &str)) -> NewSession {
        let scheme = parse_scheme(document, values, None).unwrap().id;
        let number = SCHEMES.iter().position(|(known, _)| *known == document).unwrap();
        NewSession {
            scheme,
            course: course(u8::try_from(number).unwrap(), scheme).id,
            candidate: self.candidates[0],
            second_person: Some(self.candidates[1]),
            team: false,
            language: None,
        }
    }

    /// Opens a session under high-voltage isolation for Carol with Dave standing by, and starts the exercise.
    #[must_use]
    pub fn start_session(&self) -> SessionId {
        let state = self.app.open_session(&self.new_session(HV_ISOLATION)).unwrap();
        self.app.save_gate(state.row.id, &full_gate()).unwrap();
        self.app.start_exercise(state.row.id).unwrap();
        state.row.id
    }

    /// Scores everything unaided, proves dead, with `wait_seconds` between disconnection and proof.
    pub fn score_everything(&self, id: SessionId, wait_seconds: i64) {
        let state = self.app.session(id).unwrap();
        for (_, criterion) in state.scheme.criteria() {
            if criterion.kind == CriterionKind::Proof {
                self.host.advance_seconds(wait_seconds);
                self.prove_dead(id, &criterion.id);
            }
            let score = Observed::Score { criterion: criterion.id.clone(), score: Score::Unaided, reason: None };
            self.app.observe(id, score, 0).unwrap();
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
        self.app.confirm_decision(id, false, "as discussed").unwrap();
        let typed = |name: &str| Acknowledged::Typed(name.to_owned());
        self.app.acknowledge(id, AcknowledgementRole::Candidate, typed("Carol Candidate")).unwrap();
        self.app
            .acknowledge(id, AcknowledgementRole::SecondPerson, Acknowledged::Refused("in a hurry".to_owned()))
            .unwrap();
        self.app.seal(id).unwrap()
    }
}

fn course(number: u8, scheme: SchemeId) -> Course {
    Course {
        id: CourseId::new([number.wrapping_add(50); 16]),
        scheme,
        title: "Test course".to_owned(),
        site: "Test bay".to_owned(),
        trainer_id: None,
        trainer: "Trudy Trainer".to_owned(),
        trainer_contact: "trudy@fieldproof.example".to_owned(),
        voltage_level: "as set by the test".to_owned(),
        working_methods: "as set by the test".to_owned(),
        theory_minutes: Some(60),
        practice_minutes: Some(60),
        theory_content: "what the test taught".to_owned(),
        practice_content: "what the test practised".to_owned(),
        attendance: "all of it".to_owned(),
        first_day: Some(MORNING.date()),
        last_day: Some(MORNING.date()),
    }
}

/// A gate that holds on the morning of the tests.
#[must_use]
pub fn full_gate() -> Gate {
    Gate {
        identity_document: Some(IdentityDocument::Passport),
        identity_checked_by_assessor: true,
        ticks: [
            "premises-marked",
            "premises-thermal-runaway",
            "premises-clean",
            "ppe-gloves",
            "ppe-arc-flash",
            "ppe-aed",
        ]
        .map(str::to_owned)
        .into(),
        instrument_category: Some(InstrumentCategory::CatIv),
        instrument_voltage: Some(1000),
        instrument_serial: "TEST-1".to_owned(),
        instrument_calibration_due: Some(Date::parse("2027-01-01").unwrap()),
        object_id: "Test rig".to_owned(),
        object_voltage: Some(Millivolts::from_volts(400)),
        object_voltage_kind: Some(VoltageKind::Dc),
        object_state: Some(ExerciseState::MadeDead),
        risk_assessment: "RA 1".to_owned(),
        second_person_present: true,
        second_person: [
            SecondPersonProof::Instructed,
            SecondPersonProof::SwitchOff,
            SecondPersonProof::Rescue,
            SecondPersonProof::NoOtherTask,
        ]
        .into(),
        second_person_first_aid: Some(Date::parse("2027-01-01").unwrap()),
        ..Gate::default()
    }
}
