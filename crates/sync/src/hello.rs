//! Who answers: the register of our institution, or somebody else.

use fieldproof_model::id::InstitutionId;
use fieldproof_seal::{
    envelope::{Kind, Unverified},
    key_set::{KeyRole, KeySet, KeySetError},
    keys::PublicKey,
    receipt::Beacon,
    snapshot::Snapshot,
    trust::{Trust, TrustFile},
};
use fieldproof_wire::Hello;

/// What the laptop trusts before it asks anybody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// The institution's root.
    pub root: PublicKey,
    /// Its key set and the last snapshot, both verified.
    pub trust: Trust,
}

impl Known {
    /// Takes what a trust file says.
    ///
    /// # Errors
    /// [`KeySetError`] when its key set is not its root's.
    pub fn open(file: &TrustFile) -> Result<Self, KeySetError> {
        Ok(Self { root: file.root, trust: file.open()? })
    }
}

/// Whoever answers is not the register we know. Nothing was sent, and trying again changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdentityError {
    /// The register of another institution.
    #[error("this is the register of institution {found}, not of {expected}")]
    OtherIdentity {
        /// Ours.
        expected: InstitutionId,
        /// The one it says it is.
        found: InstitutionId,
    },
    /// It calls itself ours, and our root did not sign its key set.
    #[error("the register's key set was not signed by our institution's root")]
    NotOurRoot(#[source] KeySetError),
    /// Its documents count differently from ours: demonstration against real.
    #[error("the register's documents are of another purpose")]
    OtherPurpose,
    /// Its key set is older than the one we hold.
    #[error("the register's key set {theirs} is older than key set {ours}, which is already known")]
    OlderKeySet {
        /// The number we hold.
        ours: u32,
        /// The number it showed.
        theirs: u32,
    },
    /// Two key sets of one number.
    #[error("the register's key set {number} is not the key set {number} that is already known")]
    ContradictingKeySet {
        /// The number of both.
        number: u32,
    },
    /// What it signs is not signed by a register key of its key set.
    #[error("the register's {} was not signed by a register key of our institution", .0.name())]
    NotSigned(Kind),
}

/// What the register's snapshot means for the one we hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SnapshotNews {
    /// Newer than ours, or the first: its signed bytes.
    Newer(Vec<u8>),
    /// The one we hold.
    Same,
    /// Older than ours, or of the same number and different; ours stays. Numbers are (epoch, number).
    Refused {
        /// Ours.
        ours: (u32, u32),
        /// The one it showed.
        theirs: (u32, u32),
    },
}

/// A register that is ours, and what it brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Greeting {
    /// What to trust from now on: the newest key set and the newest snapshot.
    pub trust: Trust,
    /// The epoch of the snapshot it showed.
    pub epoch: u32,
    /// The signed key set.
    pub key_set: Vec<u8>,
    /// The beacon.
    pub beacon: Beacon,
    /// Its signed bytes.
    pub signed_beacon: Vec<u8>,
    /// The snapshot.
    pub snapshot: SnapshotNews,
}

/// Verifies a hello against what is known.
///
/// # Errors
/// [`IdentityError`].
pub fn check_hello(known: &Known, hello: &Hello) -> Result<Greeting, IdentityError> {
    // The claim comes first: it tells a mistyped address from somebody who passes himself off as ours.
    is_ours(known, hello.institution)?;
    let key_set = check_key_set(known, &hello.key_set)?;
    let trust = Trust { key_set, snapshot: None };
    let beacon = match Beacon::parse(&hello.beacon) {
        Ok((beacon, unverified)) if is_signed(&trust, &unverified, &beacon) => beacon,
        _ => return Err(IdentityError::NotSigned(Kind::Beacon)),
    };
    let theirs = trust.verify_snapshot(&hello.snapshot).ok_or(IdentityError::NotSigned(Kind::Snapshot))?;
    let epoch = theirs.epoch;
    let (snapshot, news) = compare(known.trust.snapshot.as_ref(), theirs, &hello.snapshot);
    Ok(Greeting {
        trust: Trust { snapshot: Some(snapshot), ..trust },
        epoch,
        key_set: hello.key_set.clone(),
        beacon,
        signed_beacon: hello.beacon.clone(),
        snapshot: news,
    })
}

fn is_signed(trust: &Trust, unverified: &Unverified, beacon: &Beacon) -> bool {
    trust.check(unverified, KeyRole::Register, Some(beacon.at.date())).is_ok()
}

fn is_ours(known: &Known, found: InstitutionId) -> Result<(), IdentityError> {
    let expected = known.trust.key_set.institution;
    if found == expected { Ok(()) } else { Err(IdentityError::OtherIdentity { expected, found }) }
}

/// Verifies a key set that takes the place of the one that is known, or is the same.
///
/// # Errors
/// [`IdentityError`]; [`IdentityError::OlderKeySet`] for one that was replaced.
pub fn check_key_set(known: &Known, signed: &[u8]) -> Result<KeySet, IdentityError> {
    let ours = &known.trust.key_set;
    let theirs = KeySet::verify(signed, &known.root).map_err(IdentityError::NotOurRoot)?;
    is_ours(known, theirs.institution)?;
    if theirs.purpose != ours.purpose {
        return Err(IdentityError::OtherPurpose);
    }
    if theirs.number < ours.number {
        return Err(IdentityError::OlderKeySet { ours: ours.number, theirs: theirs.number });
    }
    if theirs.number == ours.number && theirs != *ours {
        return Err(IdentityError::ContradictingKeySet { number: ours.number });
    }
    Ok(theirs)
}

/// Verifies a snapshot, and says what it means for the one that is held.
///
/// # Errors
/// [`IdentityError::NotSigned`].
pub fn check_snapshot(trust: &Trust, signed: &[u8]) -> Result<SnapshotNews, IdentityError> {
    let theirs = trust.verify_snapshot(signed).ok_or(IdentityError::NotSigned(Kind::Snapshot))?;
    Ok(compare(trust.snapshot.as_ref(), theirs, signed).1)
}

/// The snapshot to hold from now on, and what changed.
fn compare(ours: Option<&Snapshot>, theirs: Snapshot, signed: &[u8]) -> (Snapshot, SnapshotNews) {
    let number = |snapshot: &Snapshot| (snapshot.epoch, snapshot.number);
    match ours {
        Some(ours) if *ours == theirs => (theirs, SnapshotNews::Same),
        Some(ours) if number(&theirs) <= number(ours) => {
            (ours.clone(), SnapshotNews::Refused { ours: number(ours), theirs: number(&theirs) })
        }
        Some(_) | None => (theirs, SnapshotNews::Newer(signed.to_vec())),
    }
}
