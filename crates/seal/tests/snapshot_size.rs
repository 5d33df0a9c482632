//! The snapshot of a large institution stays small enough for a stick, a slow line and a page that loads it.

use std::collections::BTreeMap;

use fieldproof_model::{
    id::CertificateId,
    time::{Date, Timestamp},
};
use fieldproof_seal::{
    digest_of,
    envelope::Purpose,
    keys::SecretKey,
    snapshot::{CertificateDigest, Delegated, DelegationDigest, Ended, Snapshot, Withdrawn},
};

const CERTIFICATES: u32 = 1_000_000;
const WITHDRAWN: u32 = 10_000;
const DELEGATIONS: u32 = 1_000;

/// What may be carried of it at most, in bytes.
const LIMIT: usize = 200_000;

fn certificate(number: u32) -> CertificateDigest {
    CertificateDigest::of(&CertificateId::new(u128::from(number).to_be_bytes()))
}

/// One in a hundred withdrawn, one delegation in ten ended, every chain with its share of the certificates.
fn large() -> Snapshot {
    let day = Date::from_days(20_514);
    let state = |number: u32| match number % 3 {
        0 => Withdrawn::Revoked,
        1 => Withdrawn::Suspended,
        _ => Withdrawn::Refused,
    };
    let delegated = |number: u32| {
        let ended = number.is_multiple_of(10).then_some((Ended::Retired, day));
        // Each certificate is two entries of a chain: opened and sealed.
        let row = Delegated { registered_up_to: CERTIFICATES / DELEGATIONS * 2, ended };
        (DelegationDigest::of(digest_of(&number.to_be_bytes()).as_bytes()), row)
    };
    Snapshot {
        purpose: Purpose::Real,
        epoch: 1,
        number: 3_650,
        as_of: Timestamp::from_millis(1_772_442_000_000),
        withdrawn: (0..WITHDRAWN).map(|number| (certificate(number), (state(number), day))).collect(),
        delegations: (0..DELEGATIONS).map(delegated).collect(),
        standing: BTreeMap::new(),
    }
}

#[test]
fn a_million_certificates_with_ten_thousand_withdrawn_fit_in_200_000_bytes() {
    let snapshot = large();
    assert_eq!((snapshot.withdrawn.len(), snapshot.delegations.len()), (10_000, 1_000));
    let signed = snapshot.sign(&SecretKey::new(&[2; 32]));
    println!("{} bytes", signed.len());
    assert!(signed.len() < LIMIT, "{} bytes", signed.len());
    assert_eq!(Snapshot::parse(&signed).unwrap().0, snapshot);
}

#[test]
fn of_a_million_certificates_only_the_withdrawn_ones_are_found() {
    let snapshot = large();
    let found = (0..CERTIFICATES).filter(|number| snapshot.withdrawn.contains_key(&certificate(*number)));
    assert_eq!(found.count(), 10_000);
}
