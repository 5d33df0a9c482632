//! An institution, its register and a laptop of two assessors, all with fixed keys, in a temporary folder.

use std::{path::PathBuf, sync::Arc};

use fieldproof_app::{
    App,
    install::{NewAssessor, Pack, install},
    session::SessionState,
};
use fieldproof_model::{
    course::Course,
    gate::{ExerciseState, Gate, IdentityDocument, InstrumentCategory, VoltageKind},
    id::{CourseId, PersonId, SessionId},
    observation::{Observed, Score},
    person::{Name, Person},
    scheme::CriterionKind,
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

/// The built-in scheme.
pub const SCHEME: &str = include_str!("../../../assets/schemes/hv-isolation.json");
/// The demonstration's values for it.
pub const VALUES: &str = include_str!("../../../assets/schemes/demonstration-values.json");

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
        let scheme = parse_scheme(SCHEME, VALUES).unwrap().id;
        let assessors: Vec<_> = (1..)
            .zip(people.clone())
            .zip(passphrases)
            .map(|((number, person), passphrase)| {
                let key = Self::assessor_key(number);
                let whom = (key.public(), person.name.as_str());
                let delegation = institution.delegate(whom, scheme, true, (MORNING.date(), 365));
                NewAssessor { person, passphrase: passphrase.to_owned(), key, delegation }
            })
            .collect();
        let pack = Pack {
            trust: institution.trust(),
            beacon: institution.beacon(),
            scheme: sign_scheme(SCHEME, VALUES, Purpose::Demonstration, institution.issuing()).unwrap(),
            course: course(),
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

    /// Opens a session for Carol with Dave standing by, and starts the exercise.
    #[must_use]
    pub fn start_session(&self) -> SessionId {
        let state = self.app.open_session(self.candidates[0], self.candidates[1]).unwrap();
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
                self.prove_dead(id);
            }
            let score = Observed::Score { criterion: criterion.id.clone(), score: Score::Unaided, reason: None };
            self.app.observe(id, score, 0).unwrap();
        }
    }

    /// Tester, one point, tester.
    pub fn prove_dead(&self, id: SessionId) {
        let source = || "proving unit".to_owned();
        let observe = |observed| self.app.observe(id, observed, 0).unwrap();
        observe(Observed::TesterBefore { source: source(), worked: true });
        observe(Observed::Reading { point: "HV+ HV-".to_owned(), reading: "0.0 V".to_owned(), dead: true });
        observe(Observed::TesterAfter { source: source(), worked: true, same_instrument: true });
    }

    /// Ends, confirms, acknowledges and seals.
    #[must_use]
    pub fn finish(&self, id: SessionId) -> SessionState {
        self.app.end_exercise(id).unwrap();
        self.app.confirm_decision(id, false, "").unwrap();
        let typed = |name: &str| Acknowledged::Typed(name.to_owned());
        self.app.acknowledge(id, AcknowledgementRole::Candidate, typed("Carol Candidate")).unwrap();
        self.app
            .acknowledge(id, AcknowledgementRole::SecondPerson, Acknowledged::Refused("in a hurry".to_owned()))
            .unwrap();
        self.app.seal(id).unwrap()
    }
}

fn course() -> Course {
    Course {
        id: CourseId::new([5; 16]),
        title: "Test course".to_owned(),
        site: "Test bay".to_owned(),
        trainer: "Trudy Trainer".to_owned(),
        voltage_level: "as set by the test".to_owned(),
        hours: "1 h and 1 h".to_owned(),
        first_day: MORNING.date(),
        last_day: MORNING.date(),
    }
}

/// A gate that holds on the morning of the tests.
#[must_use]
pub fn full_gate() -> Gate {
    Gate {
        identity_document: Some(IdentityDocument::Passport),
        identity_checked_by_assessor: true,
        premises_marked: true,
        premises_thermal_runaway: true,
        premises_clean: true,
        ppe_gloves: true,
        ppe_arc_flash: true,
        ppe_aed: true,
        instrument_category: Some(InstrumentCategory::CatIv),
        instrument_voltage: Some(1000),
        instrument_serial: "TEST-1".to_owned(),
        instrument_calibration_due: Some(Date::parse("2027-01-01").unwrap()),
        object_id: "Test rig".to_owned(),
        object_voltage: Some(400),
        object_voltage_kind: Some(VoltageKind::Dc),
        object_state: Some(ExerciseState::MadeDead),
        risk_assessment: "RA 1".to_owned(),
        second_person_present: true,
        second_person_instructed: true,
    }
}
