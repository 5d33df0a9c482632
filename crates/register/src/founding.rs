//! Founding an institution: its root, its working keys, and what they sign before the first record exists.

use std::collections::{BTreeMap, BTreeSet};

use fieldproof_model::{
    id::{InstitutionId, SchemeId},
    time::{Date, Timestamp},
};
use fieldproof_seal::{
    delegation::{Delegation, Role},
    envelope::Purpose,
    key_set::{KeyRole, KeySet, KeyState, WorkingKey},
    keys::{PublicKey, SecretKey},
    receipt::Beacon,
    snapshot::Snapshot,
    trust::TrustFile,
};
use fieldproof_wire::bundle::DecryptionKey;
use zeroize::Zeroizing;

use crate::Material;

/// Working keys are set up for so many days, a little over five years.
pub(crate) const WORKING_DAYS: u32 = 1_830;

/// What founding leaves: the root, and everything that follows from it. Nothing here writes the root anywhere.
#[derive(Debug)]
pub struct Founding {
    root: SecretKey,
    register: SecretKey,
    decryption: DecryptionKey,
    key_set: KeySet,
}

/// An institution with all its secret keys in memory, the issuing key of its first coordinator among them.
#[derive(Debug)]
pub struct Institution {
    founding: Founding,
    issuing: SecretKey,
    contact_days: Option<u16>,
}

/// What a new institution calls itself.
#[derive(Debug, Clone)]
pub struct Charter {
    /// Whether its documents count.
    pub purpose: Purpose,
    /// Its name.
    pub name: String,
    /// Host and path printed in certificates.
    pub address: String,
    /// The longest time without contact it allows a laptop, in days, where it sets one.
    pub contact_days: Option<u16>,
}

impl Founding {
    /// Makes root and register key; the issuing key is the first coordinator's own.
    #[must_use]
    pub fn begin(charter: Charter, issuing: PublicKey, now: Timestamp, random: &mut dyn FnMut(&mut [u8])) -> Self {
        let root = draw(random);
        Self::under(root, charter, issuing, now, random)
    }

    /// What follows from a root.
    fn under(
        root: SecretKey,
        charter: Charter,
        issuing: PublicKey,
        now: Timestamp,
        random: &mut dyn FnMut(&mut [u8]),
    ) -> Self {
        let register = draw(random);
        let mut id = [0; 16];
        random(&mut id);
        let mut secret = Zeroizing::new([0; 32]);
        random(secret.as_mut_slice());
        let decryption = DecryptionKey::new(&secret);
        let working = |key: PublicKey, role| WorkingKey {
            key,
            role,
            not_before: now.date(),
            not_after: now.date().days_later(WORKING_DAYS),
            state: KeyState::Active,
        };
        let key_set = KeySet {
            purpose: charter.purpose,
            number: 1,
            institution: InstitutionId::new(id),
            name: charter.name,
            address: charter.address,
            issued_at: now,
            keys: vec![
                working(issuing, KeyRole::Issuing),
                working(register.public(), KeyRole::Register),
                working(decryption.public(), KeyRole::Encryption),
            ],
        };
        Self { root, register, decryption, key_set }
    }

    /// Signs the key set and nothing else. It belongs into a sealed file, off every network.
    #[must_use]
    pub const fn root(&self) -> &SecretKey {
        &self.root
    }

    /// Its name, address and working keys.
    #[must_use]
    pub const fn key_set(&self) -> &KeySet {
        &self.key_set
    }

    /// Root, signed key set, and a first snapshot in which nothing is withdrawn.
    #[must_use]
    pub fn trust(&self) -> TrustFile {
        let snapshot = Snapshot {
            purpose: self.key_set.purpose,
            // Below the register's first epoch, so that the register's own list replaces it.
            epoch: 0,
            number: 1,
            as_of: self.key_set.issued_at,
            withdrawn: BTreeMap::new(),
            delegations: BTreeMap::new(),
            standing: BTreeMap::new(),
        };
        TrustFile {
            root: self.root.public(),
            key_set: self.key_set.sign(&self.root),
            snapshot: Some(snapshot.sign(&self.register)),
        }
    }

    /// A first beacon.
    #[must_use]
    pub fn beacon(&self) -> Vec<u8> {
        Beacon { purpose: self.key_set.purpose, number: 0, at: self.key_set.issued_at }.sign(&self.register)
    }

    /// What a new register is made from.
    #[must_use]
    pub fn material(&self) -> Material {
        let trust = self.trust();
        Material {
            root: trust.root,
            key_set: trust.key_set,
            register_key: self.register.clone(),
            decryption_keys: vec![self.decryption.clone()],
        }
    }
}

impl Institution {
    /// Founds an institution whose first coordinator's key is made here, too.
    #[must_use]
    pub fn found(charter: Charter, now: Timestamp, random: &mut dyn FnMut(&mut [u8])) -> Self {
        let (root, issuing, contact_days) = (draw(random), draw(random), charter.contact_days);
        Self { founding: Founding::under(root, charter, issuing.public(), now, random), issuing, contact_days }
    }

    /// Its name, address and working keys.
    #[must_use]
    pub const fn key_set(&self) -> &KeySet {
        self.founding.key_set()
    }

    /// Root, signed key set, and a first snapshot.
    #[must_use]
    pub fn trust(&self) -> TrustFile {
        self.founding.trust()
    }

    /// A first beacon.
    #[must_use]
    pub fn beacon(&self) -> Vec<u8> {
        self.founding.beacon()
    }

    /// What a new register is made from.
    #[must_use]
    pub fn material(&self) -> Material {
        self.founding.material()
    }

    /// Signs schemes and delegations.
    #[must_use]
    pub const fn issuing(&self) -> &SecretKey {
        &self.issuing
    }

    /// Delegates a scheme to an assessor's key, from `first` for so many days.
    #[must_use]
    pub fn delegate(
        &self,
        (assessor_key, assessor_name): (PublicKey, &str),
        scheme: SchemeId,
        may_certify: bool,
        (first, days): (Date, u32),
    ) -> Vec<u8> {
        let delegation = Delegation {
            purpose: self.founding.key_set.purpose,
            assessor_key,
            scheme,
            assessor_name: assessor_name.to_owned(),
            roles: BTreeSet::from([Role::Assessor]),
            may_certify,
            not_before: first,
            not_after: first.days_later(days),
            contact_days: self.contact_days,
        };
        delegation.sign(&self.issuing)
    }
}

pub(crate) fn draw(random: &mut dyn FnMut(&mut [u8])) -> SecretKey {
    let mut seed = Zeroizing::new([0; 32]);
    random(seed.as_mut_slice());
    SecretKey::new(&seed)
}
