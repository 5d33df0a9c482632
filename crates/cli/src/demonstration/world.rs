//! The demonstration's world: an institution, a register and a laptop with invented people. Keys are made afresh.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::Context;
use fieldproof_api::dto::{DemonstrationPassphrase, DemonstrationView};
use fieldproof_app::install::{NewAssessor, Pack, install};
use fieldproof_model::{
    course::{Course, CourseFact},
    id::{CourseId, PersonId},
    person::{Name, Person},
    scheme::Scheme,
};
use fieldproof_register::{
    Register,
    founding::{Charter, Institution},
};
use fieldproof_seal::{
    envelope::Purpose,
    keys::SecretKey,
    scheme::{parse_scheme, sign_scheme},
};
use fieldproof_store::slots::{Cost, RecoveryKey};

use crate::{
    demonstration::photo,
    host::{now, random},
};

/// Every built-in scheme with the demonstration's values for it.
const SCHEMES: [(&str, &str); 3] = [
    (
        include_str!("../../../../assets/schemes/hv-isolation.json"),
        include_str!("../../../../assets/schemes/hv-isolation.values.json"),
    ),
    (
        include_str!("../../../../assets/schemes/live-work-battery.json"),
        include_str!("../../../../assets/schemes/live-work-battery.values.json"),
    ),
    (
        include_str!("../../../../assets/schemes/ac-fgas.json"),
        include_str!("../../../../assets/schemes/ac-fgas.values.json"),
    ),
];

/// What a demonstration of this version looks like on disk. Another one is set aside, never mended.
const FORM: &str = "4";

const ASSESSORS: [(&str, u16); 2] = [("Aino Arvioija", 1979), ("Tomás Avaliador", 1985)];
const CANDIDATES: [(&str, u16); 5] = [
    ("Kalle Kokelas", 2001),
    ("Maria Candidata", 1998),
    ("Petra Prüfling", 1990),
    ("Juan Aspirante", 1987),
    ("Liisa Esimerkki", 1995),
];

/// Words for passphrases that are shown on the screen anyway.
const WORDS: [&str; 32] = [
    "amber", "anchor", "apple", "arrow", "basket", "beacon", "birch", "bridge", "candle", "cedar", "clover", "copper",
    "desert", "ember", "falcon", "forest", "garden", "harbor", "hazel", "island", "kettle", "lantern", "maple",
    "meadow", "nectar", "orchid", "pebble", "quartz", "river", "saddle", "timber", "willow",
];

/// Where everything of a demonstration lies.
#[derive(Debug, Clone)]
pub(crate) struct World {
    pub(crate) register: PathBuf,
    pub(crate) laptop: PathBuf,
    pub(crate) photos: PathBuf,
    pub(crate) trust: PathBuf,
    form: PathBuf,
    /// The institution's recovery key, which opens every backup of this laptop.
    recovery_key: PathBuf,
}

impl World {
    /// The folders of a demonstration in `dir`.
    pub(crate) fn at(dir: &Path) -> Self {
        Self {
            register: dir.join("register"),
            laptop: dir.join("laptop"),
            photos: dir.join("photos"),
            trust: dir.join("trust.cbor"),
            form: dir.join("form.txt"),
            recovery_key: dir.join("institution-recovery-key.txt"),
        }
    }

    /// Whether the demonstration was set up to its end, by a version that made it like this one.
    pub(crate) fn is_ready(&self) -> bool {
        self.trust.exists() && fs::read_to_string(&self.form).is_ok_and(|form| form == FORM)
    }

    /// Founds the institution and installs the laptop. The trust file is written last and marks the end.
    pub(crate) fn set_up(&self, register_address: &str, cost: Cost) -> anyhow::Result<()> {
        let charter = Charter {
            purpose: Purpose::Demonstration,
            name: "Demonstration Institute".to_owned(),
            address: "fieldproof.example/v".to_owned(),
            // A demonstration value; an institution sets its own.
            contact_days: Some(60),
        };
        let institution = Institution::found(charter, now(), &mut random);
        let register = Register::create(&self.register, &institution.material(), Arc::new(now))?;
        let sign = |(document, values): (&str, &str)| {
            sign_scheme(document, values, Purpose::Demonstration, institution.issuing())
        };
        let read = SCHEMES.iter().map(|(document, values)| parse_scheme(document, values, None));
        let read = read.collect::<Result<Vec<_>, _>>()?;
        let recovery = RecoveryKey::generate();
        let pack = Pack {
            trust: institution.trust(),
            beacon: institution.beacon(),
            schemes: SCHEMES.into_iter().map(sign).collect::<Result<_, _>>()?,
            courses: read.iter().map(course).collect(),
            roster: CANDIDATES.into_iter().map(person).collect::<anyhow::Result<_>>()?,
            recovery: Some(recovery.recipient()),
            register_address: register_address.to_owned(),
        };
        let assessors = ASSESSORS
            .into_iter()
            .map(|new| {
                let (person, key) = (person(new)?, SecretKey::new(&fresh()));
                let whom = (key.public(), person.name.as_str());
                let delegate = |scheme: &Scheme| institution.delegate(whom, scheme.id, true, (now().date(), 365));
                let delegations = read.iter().map(delegate).collect();
                Ok(NewAssessor { person, passphrase: passphrase(), key, delegations })
            })
            .collect::<anyhow::Result<Vec<_>>>()?;
        let installation = install(&self.laptop, &pack, &assessors, (now(), cost), &mut random)?;
        register.admit_installation(&installation)?;
        fs::write(&self.recovery_key, recovery.dangerously_expose_text().as_bytes())?;
        fs::create_dir_all(&self.photos)?;
        photo::write(&self.photos.join("sample-photo.jpg"))?;
        self.write_notice(&assessors)?;
        fs::write(&self.form, FORM)?;
        fs::write(&self.trust, institution.trust().to_bytes())?;
        Ok(())
    }

    /// What the unlock screen of a demonstration laptop shows.
    fn write_notice(&self, assessors: &[NewAssessor]) -> anyhow::Result<()> {
        let photos = self.photos.canonicalize()?;
        let notice = DemonstrationView {
            passphrases: assessors
                .iter()
                .map(|assessor| DemonstrationPassphrase {
                    name: assessor.person.name.as_str().to_owned(),
                    passphrase: assessor.passphrase.clone(),
                })
                .collect(),
            sample_photo_folder: photos.to_string_lossy().into_owned(),
        };
        let text = serde_json::to_vec_pretty(&notice)?;
        fs::write(self.laptop.join("demonstration.json"), text).context("the demonstration's notice")
    }

    /// The passphrases, in the order of the assessors.
    pub(crate) fn notice(&self) -> anyhow::Result<DemonstrationView> {
        Ok(serde_json::from_slice(&fs::read(self.laptop.join("demonstration.json"))?)?)
    }
}

fn fresh<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    random(&mut bytes);
    bytes
}

fn passphrase() -> String {
    let words = fresh::<4>().map(|byte| WORDS.get(usize::from(byte) % WORDS.len()).copied().unwrap_or_default());
    words.join(" ")
}

fn person((name, birth_year): (&str, u16)) -> anyhow::Result<Person> {
    Ok(Person { id: PersonId::new(fresh()), name: Name::parse(name)?, birth_year: Some(birth_year) })
}

fn course(scheme: &Scheme) -> Course {
    let today = now().date();
    let about_voltage = scheme.course_facts.contains(&CourseFact::VoltageLevel);
    Course {
        id: CourseId::new(fresh()),
        scheme: scheme.id,
        title: format!("{}, demonstration course", scheme.title),
        site: "Demonstration workshop, bay 1".to_owned(),
        trainer_id: None,
        trainer: "Tuula Tarina".to_owned(),
        trainer_contact: "tuula.tarina@fieldproof.example".to_owned(),
        voltage_level: if about_voltage { "400 V DC (demonstration value)".to_owned() } else { String::new() },
        working_methods: "Those of the demonstration".to_owned(),
        theory_minutes: Some(360),
        practice_minutes: Some(360),
        theory_content: "What the scheme names (demonstration)".to_owned(),
        practice_content: "What the scheme names (demonstration)".to_owned(),
        attendance: "All days (demonstration)".to_owned(),
        first_day: Some(today),
        last_day: Some(today),
    }
}
