//! An institution that was just founded: its coordinator's laptop, its register, and laptops that ask.
#![allow(dead_code, reason = "each suite asks for what it needs")]

use std::{collections::BTreeSet, fs, path::Path, sync::Arc};

use fieldproof_app::{App, Host, NewGrant};
use fieldproof_model::id::SchemeId;
use fieldproof_register::{
    NewKeys, Register,
    founding::{Charter, Founding},
    take_key_set,
};
use fieldproof_seal::{delegation::Role, envelope::Purpose, keys::PublicKey};
use fieldproof_testkit::{HV_ISOLATION, LIVE_WORK, MORNING, Plan, TestHost, TestWorld, seeded, storage};

pub(crate) const COORDINATOR: &str = "abandon garage tunnel velvet zebra";
pub(crate) const ASSESSOR: &str = "zebra velvet tunnel garage abandon";

/// An institution that was just founded: the coordinator's laptop, and the register.
pub(crate) struct House {
    /// The helpers of the usual world, and its people; its own laptop is not used.
    pub(crate) world: TestWorld,
    pub(crate) office: App,
    pub(crate) register: Register,
    /// Its root, and what followed from it.
    pub(crate) founding: Founding,
    pub(crate) schemes: Vec<SchemeId>,
}

pub(crate) fn app(folder: &Path, name: &str, host: &TestHost) -> App {
    App::new(&folder.join("house").join(name), Box::new(host.clone()))
}

pub(crate) fn house(seed: &str) -> House {
    let world = TestWorld::planned(seed, &Plan { purpose: Purpose::Practice, ..Plan::default() });
    let host = world.host.clone();
    let office = app(world.folder.path(), "office", &host);
    office.begin("Carla Coordinator", Some(1970), COORDINATOR).unwrap();
    let charter = Charter {
        purpose: Purpose::Practice,
        name: "Founded Institute".to_owned(),
        address: "fieldproof.example/v".to_owned(),
        contact_days: None,
    };
    let asked = office.request().unwrap().request;
    let founding = Founding::begin(charter, asked.key, MORNING, &mut seeded(&format!("{seed}/founding")));
    let clock = host;
    let clock = Arc::new(move || clock.now());
    let book = world.folder.path().join("book");
    let register = Register::create_on(&storage::chosen(), &book, &founding.material(), clock).unwrap();
    register.admit_installation(&asked.installation).unwrap();
    office.found(&founding.trust(), &founding.beacon(), register.tls_pin()).unwrap();
    House { world, office, register, founding, schemes: Vec::new() }
}

impl House {
    /// Publishes both schemes and a course with Carol, Dave and Erin under the first.
    pub(crate) fn open(&mut self) {
        for (document, values) in [HV_ISOLATION, LIVE_WORK] {
            self.schemes.push(self.office.publish_scheme(document, values).unwrap());
        }
        let usual = self.world.usual_course(self.schemes[0]);
        self.office.set_course(&usual, &self.world.usual_candidates()).unwrap();
    }

    pub(crate) fn grant(&self, scheme: SchemeId) -> NewGrant {
        NewGrant {
            scheme,
            roles: BTreeSet::from([Role::Assessor]),
            may_certify: true,
            first: MORNING.date(),
            last: MORNING.date().days_later(30),
            contact_days: None,
        }
    }

    /// A new laptop, with whoever asks.
    pub(crate) fn laptop(&self, name: &str) -> App {
        let app = app(self.world.folder.path(), name, &self.world.host);
        app.begin("Alva Assessor", Some(1980), ASSESSOR).unwrap();
        app
    }

    /// The register takes the next key set, and is started anew.
    pub(crate) fn renewed(self, signed: &[u8], keys: &NewKeys) -> Self {
        let Self { world, office, register, founding, schemes } = self;
        drop(register);
        let folder = world.folder.path().join("book");
        take_key_set(&folder, signed, keys, world.host.now()).unwrap();
        let clock = world.host.clone();
        let register = Register::open(&folder, Arc::new(move || clock.now())).unwrap();
        Self { world, office, register, founding, schemes }
    }

    pub(crate) fn stick(&self) -> std::path::PathBuf {
        let stick = self.world.folder.path().join("stick");
        fs::create_dir_all(&stick).unwrap();
        stick
    }

    /// The pack that the coordinator writes onto a stick.
    pub(crate) fn pack(&self, installation: &PublicKey) -> Vec<u8> {
        fs::read(self.office.write_pack(installation, &self.stick()).unwrap()).unwrap()
    }

    pub(crate) fn code(&self) -> String {
        self.office.office().unwrap().code
    }

    /// Somebody enrolled for the first scheme, over a stick.
    pub(crate) fn enrolled(&self, name: &str) -> App {
        let app = self.laptop(name);
        let request = app.request().unwrap();
        self.office.admit(&request, &[self.grant(self.schemes[0])]).unwrap();
        app.take_pack(&self.pack(&request.request.installation), Some(&self.code())).unwrap();
        app
    }
}
