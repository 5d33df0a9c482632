//! An institution with fixed keys for this crate's tests: trust files of every age, and a certificate's link.

use std::collections::{BTreeMap, BTreeSet};

use fieldproof_model::{
    clock::ClockGrade,
    digest::Digest,
    id::{CertificateId, InstitutionId, SchemeId},
    time::Timestamp,
};
use fieldproof_seal::{
    delegation::{Delegation, Role},
    envelope::Purpose,
    key_set::{KeyRole, KeySet, KeyState, WorkingKey},
    keys::SecretKey,
    snapshot::Snapshot,
    token::{HolderMark, Standing, Token, to_link},
    trust::TrustFile,
};

/// Noon of the day on which everything happens.
pub(crate) const NOON: Timestamp = Timestamp::from_millis(1_795_348_800_000);

pub(crate) fn key(n: u8) -> SecretKey {
    SecretKey::new(&[n; 32])
}

/// A key set of a number, in which the first register key has a state and the second is active.
pub(crate) fn key_set(number: u32, first: KeyState) -> Vec<u8> {
    let working = |n: u8, role, state| WorkingKey {
        key: key(n).public(),
        role,
        not_before: NOON.date(),
        not_after: NOON.date().days_later(365),
        state,
    };
    let keys = vec![
        working(2, KeyRole::Issuing, KeyState::Active),
        working(3, KeyRole::Register, first),
        working(4, KeyRole::Register, KeyState::Active),
    ];
    KeySet {
        purpose: Purpose::Real,
        number,
        institution: InstitutionId::new([1; 16]),
        name: "Esimerkkiopisto".to_owned(),
        address: "fieldproof.example/v".to_owned(),
        issued_at: NOON,
        keys,
    }
    .sign(&key(1))
}

/// A list of a place, signed by a register key.
pub(crate) fn list(epoch: u32, number: u32, signer: u8) -> Vec<u8> {
    list_as_of(NOON, (epoch, number), signer)
}

/// The same as of another time.
pub(crate) fn list_as_of(as_of: Timestamp, (epoch, number): (u32, u32), signer: u8) -> Vec<u8> {
    let (withdrawn, delegations, standing) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    Snapshot { purpose: Purpose::Real, epoch, number, as_of, withdrawn, delegations, standing }.sign(&key(signer))
}

pub(crate) fn trust(key_set: Vec<u8>, snapshot: Option<Vec<u8>>) -> Vec<u8> {
    TrustFile { root: key(1).public(), key_set, snapshot }.to_bytes()
}

/// The trust file of every day.
pub(crate) fn usual() -> Vec<u8> {
    trust(key_set(5, KeyState::Active), Some(list(1, 7, 3)))
}

/// A certificate that is genuine and in force.
pub(crate) fn link() -> String {
    let delegation = Delegation {
        purpose: Purpose::Real,
        assessor_key: key(9).public(),
        scheme: SchemeId::new([1; 16]),
        assessor_name: "Aino Arvioija".to_owned(),
        roles: BTreeSet::from([Role::Assessor]),
        may_certify: true,
        not_before: NOON.date(),
        not_after: NOON.date().days_later(30),
        contact_days: None,
    };
    let token = Token {
        purpose: Purpose::Real,
        certificate: CertificateId::new([7; 16]),
        record: Digest::new([3; 32]),
        chain_index: 7,
        holder: "Kalle Kokelas".to_owned(),
        mark: Some(HolderMark::BirthYear(1990)),
        scheme_title: "Invented for a test".to_owned(),
        scheme_version: "3".to_owned(),
        unit: None,
        parts: Vec::new(),
        exercise_state: None,
        voltage: None,
        issued_on: NOON.date(),
        valid_until: None,
        standing: Standing::OnSite {
            beacon: None,
            clock: ClockGrade::Sound,
            confirm_by: NOON.date().days_later(30),
            delegation: delegation.sign(&key(2)),
        },
    };
    to_link("fieldproof.example/v", &token.sign(&key(9)).unwrap())
}
