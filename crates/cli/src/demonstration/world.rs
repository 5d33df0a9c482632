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
    course::Course,
    id::{CourseId, PersonId},
    person::{Name, Person},
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
use fieldproof_store::slots::Cost;

use crate::{
    demonstration::photo,
    host::{now, random},
};

const SCHEME: &str = include_str!("../../../../assets/schemes/hv-isolation.json");
const VALUES: &str = include_str!("../../../../assets/schemes/demonstration-values.json");

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
}

impl World {
    /// The folders of a demonstration in `dir`.
    pub(crate) fn at(dir: &Path) -> Self {
        Self {
            register: dir.join("register"),
            laptop: dir.join("laptop"),
            photos: dir.join("photos"),
            trust: dir.join("trust.cbor"),
        }
    }

    /// Whether the demonstration was set up to its end.
    pub(crate) fn is_ready(&self) -> bool {
        self.trust.exists()
    }

    /// Founds the institution and installs the laptop. The trust file is written last and marks the end.
    pub(crate) fn set_up(&self, register_address: &str, cost: Cost) -> anyhow::Result<()> {
        let charter = Charter {
            purpose: Purpose::Demonstration,
            name: "Demonstration Institute".to_owned(),
            address: "fieldproof.example/v".to_owned(),
        };
        let institution = Institution::found(charter, now(), &mut random);
        Register::create(&self.register, &institution.material(), Arc::new(now))?;
        let scheme_id = parse_scheme(SCHEME, VALUES)?.id;
        let pack = Pack {
            trust: institution.trust(),
            beacon: institution.beacon(),
            scheme: sign_scheme(SCHEME, VALUES, Purpose::Demonstration, institution.issuing())?,
            course: course(),
            roster: CANDIDATES.into_iter().map(person).collect::<anyhow::Result<_>>()?,
            register_address: register_address.to_owned(),
        };
        let assessors = ASSESSORS
            .into_iter()
            .map(|new| {
                let (person, key) = (person(new)?, SecretKey::new(&fresh()));
                let whom = (key.public(), person.name.as_str());
                let delegation = institution.delegate(whom, scheme_id, true, (now().date(), 365));
                Ok(NewAssessor { person, passphrase: passphrase(), key, delegation })
            })
            .collect::<anyhow::Result<Vec<_>>>()?;
        install(&self.laptop, &pack, &assessors, cost, &mut random)?;
        fs::create_dir_all(&self.photos)?;
        photo::write(&self.photos.join("sample-photo.jpg"))?;
        self.write_notice(&assessors)?;
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

fn course() -> Course {
    let today = now().date();
    Course {
        id: CourseId::new(fresh()),
        title: "High-voltage isolation, demonstration course".to_owned(),
        site: "Demonstration workshop, bay 1".to_owned(),
        trainer: "Tuula Tarina, tuula.tarina@fieldproof.example".to_owned(),
        voltage_level: "400 V DC (demonstration value)".to_owned(),
        hours: "6 h theory, 8 h practice (demonstration values)".to_owned(),
        first_day: today,
        last_day: today,
    }
}
