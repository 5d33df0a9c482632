//! An institution, its register and a laptop of two assessors, all with fixed keys, in a temporary folder.

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use fieldproof_app::{
    App,
    install::{NewAssessor, Pack, install},
};
use fieldproof_model::{
    course::Course,
    id::{CourseId, PersonId, SchemeId},
    person::{Name, Person},
    time::Timestamp,
};
use fieldproof_register::{
    Register,
    founding::{Charter, Institution},
};
use fieldproof_seal::{
    envelope::Purpose,
    keys::{PublicKey, SecretKey},
    pack::PackFile,
    scheme::{parse_scheme, sign_scheme},
};
use fieldproof_store::{
    StoreKey,
    slots::{Cost, RecoveryKey},
};

use fieldproof_wire::boxed::seal_for;

use crate::{SCHEMES, TestHost, seeded};

/// Bech32 of thirty-two bytes, as age writes a key of its own.
pub const RECOVERY_KEY: &str = "AGE-SECRET-KEY-1PYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSTFVYXW";
/// Cheap on purpose: suites unlock hundreds of times.
pub const CHEAP: Cost = Cost { memory_kib: 64, passes: 1 };

/// Where nobody listens.
const NOWHERE: &str = "http://127.0.0.1:9";

/// 2026-03-02 09:00 UTC.
pub const MORNING: Timestamp = Timestamp::from_millis(1_772_442_000_000);

/// What a world is made of.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Whether its results count.
    pub purpose: Purpose,
    /// Scheme documents, each with its values; a course is held for each.
    pub schemes: Vec<(String, String)>,
    /// Schemes that nobody here may assess under.
    pub undelegated: Vec<SchemeId>,
    /// Changes every course.
    pub edit_course: fn(&mut Course),
}

impl Default for Plan {
    fn default() -> Self {
        Self::of(&SCHEMES)
    }
}

impl Plan {
    /// A demonstration under these schemes.
    #[must_use]
    pub fn of(schemes: &[(&str, &str)]) -> Self {
        let own = |(document, values): &(&str, &str)| ((*document).to_owned(), (*values).to_owned());
        Self {
            purpose: Purpose::Demonstration,
            schemes: schemes.iter().map(own).collect(),
            undelegated: Vec::new(),
            edit_course: |_| {},
        }
    }
}

/// What a laptop is installed from, and who founded it.
#[derive(Debug)]
pub struct Supplies {
    /// The institution.
    pub institution: Institution,
    /// What it hands out.
    pub pack: Pack,
    /// Alice and Bob.
    pub assessors: [NewAssessor; 2],
}

impl Plan {
    /// Founds the institution and makes everything it hands out; the same seed gives the same keys.
    #[must_use]
    pub fn supplies(&self, seed: &str) -> Supplies {
        let charter = Charter {
            purpose: self.purpose,
            name: format!("Institute of {seed}"),
            address: "fieldproof.example/v".to_owned(),
            contact_days: Some(60),
        };
        let institution = Institution::found(charter, MORNING, &mut seeded(seed));
        let schemes = self.scheme_ids();
        let delegated: Vec<SchemeId> =
            schemes.iter().copied().filter(|scheme| !self.undelegated.contains(scheme)).collect();
        let assessors = [ALICE, BOB].map(|(number, name, passphrase)| {
            let (person, key) = (person(number, name), TestWorld::assessor_key(number));
            let whom = (key.public(), name);
            let delegate = |scheme: &SchemeId| institution.delegate(whom, *scheme, true, (MORNING.date(), 365));
            let delegations = delegated.iter().map(delegate).collect();
            NewAssessor { person, passphrase: passphrase.to_owned(), key, delegations }
        });
        let roster = CANDIDATES.map(|(number, name)| person(number, name));
        let pack = pack(&institution, self, &schemes, &roster);
        Supplies { institution, pack, assessors }
    }

    fn scheme_ids(&self) -> Vec<SchemeId> {
        self.schemes.iter().map(|(document, values)| parse_scheme(document, values, None).unwrap().id).collect()
    }
}

/// Number, name and passphrase of the assessors.
const ALICE: (u8, &str, &str) = (1, "Alice Assessor", "alice has a passphrase");
const BOB: (u8, &str, &str) = (2, "Bob Beurteiler", "bob has another one");
const CANDIDATES: [(u8, &str); 3] = [(11, "Carol Candidate"), (12, "Dave Demo"), (13, "Erin Example")];

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
    /// The schemes of the plan.
    schemes: Vec<SchemeId>,
    /// The key of the laptop that was installed.
    installation: PublicKey,
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

/// The key of the laptop, as the seed of the world makes it.
#[must_use]
pub fn installation_key(seed: &str) -> SecretKey {
    let mut random = seeded(&format!("{seed}/install"));
    let mut seed = [0; 32];
    random(&mut [0; 48]);
    random(&mut seed);
    SecretKey::new(&seed)
}

impl TestWorld {
    /// Makes the usual world; the same seed gives the same keys.
    #[must_use]
    pub fn new(seed: &str) -> Self {
        Self::planned(seed, &Plan::default())
    }

    /// Makes a world as planned.
    #[must_use]
    pub fn planned(seed: &str, plan: &Plan) -> Self {
        Self::planned_in(tempfile::tempdir().unwrap(), seed, plan)
    }

    /// Makes a world as planned, in a folder of the suite's choice.
    #[must_use]
    pub fn planned_in(folder: tempfile::TempDir, seed: &str, plan: &Plan) -> Self {
        let Supplies { institution, pack, assessors } = plan.supplies(seed);
        let laptop = folder.path().join("laptop");
        let random = &mut seeded(&format!("{seed}/install"));
        let installation = install(&laptop, &pack, &assessors, (MORNING, CHEAP), random).unwrap();
        let host = TestHost::new(MORNING, &format!("{seed}/host"));
        let app = App::new(&laptop, Box::new(host.clone()));
        let ids = assessors.map(|assessor| assessor.person.id);
        Self {
            folder,
            host,
            institution,
            app,
            alice: (ids[0], ALICE.2),
            bob: (ids[1], BOB.2),
            candidates: CANDIDATES.map(|(number, _)| PersonId::new([number; 16])),
            schemes: plan.scheme_ids(),
            installation,
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
        let register = if folder.exists() {
            Register::open(&folder, clock).unwrap()
        } else {
            Register::create_on(&crate::storage::chosen(), &folder, &self.institution.material(), clock).unwrap()
        };
        // Its first laptop, and the one that is worked on now.
        register.admit_installation(&self.installation).unwrap();
        if let Ok(asked) = self.app.request() {
            register.admit_installation(&asked.request.installation).unwrap();
        }
        register
    }

    /// Alice unlocks.
    pub fn unlock(&self) {
        self.app.unlock(self.alice.0, self.alice.1).unwrap();
    }

    /// The same world with another laptop in use.
    #[must_use]
    pub fn on(self, app: App) -> Self {
        Self { app, ..self }
    }

    /// The institution delegates the key of whoever works, under every scheme of the plan.
    pub fn delegate_key_in_use(&self) {
        static NUMBER: AtomicU32 = AtomicU32::new(1);
        let asked = self.app.request().unwrap().request;
        let whom = (asked.key, asked.person.name.as_str());
        let delegate = |scheme: &SchemeId| self.institution.delegate(whom, *scheme, true, (MORNING.date(), 365));
        let pack = fieldproof_seal::pack::Pack {
            purpose: self.institution.key_set().purpose,
            installation: asked.installation,
            number: NUMBER.fetch_add(1, Ordering::SeqCst),
            at: MORNING,
            register_address: NOWHERE.to_owned(),
            register_pin: None,
            delegations: self.schemes.iter().map(delegate).collect(),
            schemes: Vec::new(),
            courses: Vec::new(),
            roster: None,
            recovery: Some(recovery_key().recipient()),
            ended: Vec::new(),
            // Such a pack leaves schemes, courses and people as they are.
            is_coordinators: true,
        };
        let file = PackFile {
            trust: self.institution.trust().to_bytes(),
            beacon: None,
            pack: pack.sign(self.institution.issuing()),
            items: Vec::new(),
        };
        self.app.take_pack(&seal_for(&asked.recipient, &file.to_bytes()).unwrap(), None).unwrap();
    }

    /// The course of a scheme of the plan, as everybody's laptop would hold it.
    #[must_use]
    pub fn usual_course(&self, scheme: SchemeId) -> Course {
        let number = self.schemes.iter().position(|known| *known == scheme).unwrap();
        course(u8::try_from(number).unwrap(), scheme)
    }

    /// Carol, Dave and Erin, with their names.
    #[must_use]
    pub fn usual_candidates(&self) -> [Person; 3] {
        CANDIDATES.map(|(number, name)| person(number, name))
    }

    /// The course that is held for a scheme of the plan.
    #[must_use]
    pub fn course_of(&self, scheme: SchemeId) -> CourseId {
        self.usual_course(scheme).id
    }
}

/// The institution's recovery key; the same in every world.
#[must_use]
pub fn recovery_key() -> RecoveryKey {
    RecoveryKey::parse(RECOVERY_KEY).unwrap()
}

fn pack(institution: &Institution, plan: &Plan, schemes: &[SchemeId], roster: &[Person]) -> Pack {
    let sign = |(document, values): &(String, String)| {
        sign_scheme(document, values, plan.purpose, institution.issuing()).unwrap()
    };
    let mut courses: Vec<Course> = (0..).zip(schemes).map(|(number, scheme)| course(number, *scheme)).collect();
    courses.iter_mut().for_each(plan.edit_course);
    Pack {
        trust: institution.trust(),
        beacon: institution.beacon(),
        schemes: plan.schemes.iter().map(sign).collect(),
        courses,
        roster: roster.to_vec(),
        recovery: Some(recovery_key().recipient()),
        register_address: NOWHERE.to_owned(),
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
