//! Installing a pack: a new store with its people, delegations, schemes, courses, and the institution's keys.

use std::{fs, path::Path};

use fieldproof_model::{course::Course, id::PersonId, person::Person, time::Timestamp};
use fieldproof_seal::{
    cbor,
    course::course_value,
    delegation::Delegation,
    keys::{PublicKey, SecretKey},
    scheme::parse_signed_scheme,
    trust::{Trust, TrustFile},
};
use fieldproof_store::{
    Store, StoreError, StoreKey, durable,
    slots::{self, Cost, RecoveryKind, Secrets, SlotRandom},
    table::{pack_items::PackItem, people::PersonRow},
};
use fieldproof_wire::bundle::DecryptionKey;
use zeroize::Zeroizing;

use crate::{App, Result, enrol};

/// The institution's public keys and list, readable without unlocking: it is what the verify screen needs.
const TRUST_FILE: &str = "trust.cbor";

/// An assessor of this installation, with the key made for them here.
#[derive(Debug, Clone)]
pub struct NewAssessor {
    /// Who.
    pub person: Person,
    /// Opens their slot.
    pub passphrase: String,
    /// Signs their records.
    pub key: SecretKey,
    /// The institution's signed delegations of that key, one per scheme.
    pub delegations: Vec<Vec<u8>>,
}

/// Everything an installation needs to work offline.
#[derive(Debug, Clone)]
pub struct Pack {
    /// Root, key set and snapshot.
    pub trust: TrustFile,
    /// The signed beacon.
    pub beacon: Vec<u8>,
    /// The signed schemes.
    pub schemes: Vec<Vec<u8>>,
    /// The courses.
    pub courses: Vec<Course>,
    /// The roster.
    pub roster: Vec<Person>,
    /// Who at the institution can open a lost laptop's backup: an age recipient.
    pub recovery: Option<String>,
    /// The register's address.
    pub register_address: String,
}

/// Makes a new laptop in `dir`; the answer is its own key, which its register admits.
///
/// # Errors
/// [`crate::Error`] when the folder cannot be used or the pack's key set is not its root's.
pub fn install(
    dir: &Path,
    pack: &Pack,
    assessors: &[NewAssessor],
    (now, cost): (Timestamp, Cost),
    random: &mut dyn FnMut(&mut [u8]),
) -> Result<PublicKey> {
    pack.trust.open()?;
    // A file is on disk when its own name is, and the names of the folders above it.
    fs::create_dir_all(dir).map_err(|source| StoreError::File { path: dir.to_owned(), source })?;
    durable::sync_folder_of(dir)?;
    let mut key = [0; 48];
    random(&mut key);
    let key = StoreKey::new(key);
    let store = Store::create(dir, &key)?;
    let mut seed = Zeroizing::new([0; 32]);
    random(seed.as_mut_slice());
    let installation = SecretKey::new(&seed);
    random(seed.as_mut_slice());
    let pack_key = DecryptionKey::new(&seed);
    store.write(|tx| -> Result<()> {
        enrol::make_keys(tx, || installation.clone(), || pack_key.clone())?;
        for (item, value) in [
            (PackItem::Root, pack.trust.root.as_bytes().as_slice()),
            (PackItem::KeySet, &pack.trust.key_set),
            (PackItem::Beacon, &pack.beacon),
            (PackItem::RegisterAddress, pack.register_address.as_bytes()),
        ] {
            tx.set_pack_item(item, value)?;
        }
        for signed in &pack.schemes {
            tx.set_scheme(parse_signed_scheme(signed, None)?.0.id, signed)?;
        }
        for course in &pack.courses {
            tx.set_course(course.id, course.scheme, &cbor::encode(course_value(course)))?;
        }
        if let Some(snapshot) = &pack.trust.snapshot {
            tx.set_pack_item(PackItem::Snapshot, snapshot)?;
        }
        let people = assessors.iter().map(|assessor| &assessor.person).chain(&pack.roster);
        for person in people {
            tx.add_person(&PersonRow { person: person.clone(), is_on_roster: true, contact: None })?;
        }
        for assessor in assessors {
            let (chain, _) = tx.chain_of_key(assessor.person.id, &assessor.key.public())?;
            for signed in &assessor.delegations {
                tx.set_delegation(chain, Delegation::parse(signed)?.0.scheme, signed)?;
            }
        }
        Ok(())
    })?;
    for assessor in assessors {
        let slot = SlotRandom::draw(&mut *random);
        let secrets = Secrets { store: key.clone(), assessor: assessor.key.clone() };
        let person = (assessor.person.id, assessor.person.name.as_str());
        slots::set(dir, person, &assessor.passphrase, &secrets, &slot, cost)?;
    }
    if let Some(recipient) = &pack.recovery {
        slots::set_recovery(dir, RecoveryKind::Institution, recipient, now, &key)?;
    }
    write_public_trust(dir, &pack.trust)?;
    Ok(installation.public())
}

/// Replaces the public trust file whole.
pub(crate) fn write_public_trust(dir: &Path, trust: &TrustFile) -> Result<()> {
    Ok(durable::replace(&dir.join(TRUST_FILE), &trust.to_bytes())?)
}

/// Reads the public trust file; `None` when there is none that holds.
pub(crate) fn public_trust(dir: &Path) -> Option<Trust> {
    TrustFile::parse(&fs::read(dir.join(TRUST_FILE)).ok()?).ok()?.open().ok()
}

impl App {
    /// Enters a store with its raw key, past the passphrase: for suites that open it thousands of times.
    ///
    /// # Errors
    /// [`crate::Error::Store`].
    pub fn enter_with_raw_key(&self, person: PersonId, store: &StoreKey, key: SecretKey) -> Result<()> {
        let store = self.open_store(store)?;
        self.enter((person, String::new()), key, store)
    }

    /// Makes the disk seem full once the store has grown by `pages` pages.
    ///
    /// # Errors
    /// [`crate::Error`].
    #[cfg(feature = "sabotage")]
    pub fn limit_growth(&self, pages: i64) -> Result<()> {
        Ok(self.unlocked()?.store.limit_growth(pages)?)
    }
}
