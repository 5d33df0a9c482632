//! What a verifier holds: the institution's root, its key set, and the last snapshot.

use ciborium::Value;
use fieldproof_model::time::Date;

use crate::{
    cbor::{self, FormatError, bytes, integer},
    envelope::{Kind, Unverified},
    key_set::{KeyRole, KeySet, KeySetError, KeyState},
    keys::PublicKey,
    snapshot::{Snapshot, StandingDigest},
};

/// The largest trust file.
const TRUST_LIMIT: usize = 4 << 20;

/// The first item of a trust file.
const FILE_MARK: &str = "fieldproof-trust";

/// A trust file: unsigned itself, believed because of where it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustFile {
    /// The root's public key.
    pub root: PublicKey,
    /// The signed key set.
    pub key_set: Vec<u8>,
    /// The signed snapshot, if one is at hand.
    pub snapshot: Option<Vec<u8>>,
}

impl TrustFile {
    /// Writes the file.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        cbor::encode(Value::Array(vec![
            Value::from(FILE_MARK),
            Value::from(1),
            bytes(*self.root.as_bytes()),
            bytes(self.key_set.clone()),
            self.snapshot.clone().map_or(Value::Null, bytes),
        ]))
    }

    /// Reads a trust file.
    ///
    /// # Errors
    /// [`FormatError`].
    pub fn parse(file: &[u8]) -> Result<Self, FormatError> {
        let wrong = || FormatError::OtherKind("trust file");
        let items = cbor::decode(file, TRUST_LIMIT)?.into_array().map_err(|_| wrong())?;
        let [mark, version, root, key_set, snapshot] = <[Value; 5]>::try_from(items).map_err(|_| wrong())?;
        if mark.as_text() != Some(FILE_MARK) || integer(&version) != Some(1) {
            return Err(wrong());
        }
        let root = root.into_bytes().ok().and_then(|root| root.try_into().ok()).ok_or_else(wrong)?;
        let snapshot = if snapshot.is_null() { None } else { Some(snapshot.into_bytes().map_err(|_| wrong())?) };
        let key_set = key_set.into_bytes().map_err(|_| wrong())?;
        Ok(Self { root: PublicKey::new(root), key_set, snapshot })
    }

    /// Verifies key set and snapshot under the root.
    ///
    /// A snapshot that does not verify is left out: without it nothing is said about withdrawal.
    ///
    /// # Errors
    /// [`KeySetError`].
    pub fn open(&self) -> Result<Trust, KeySetError> {
        let key_set = KeySet::verify(&self.key_set, &self.root)?;
        let trust = Trust { key_set, snapshot: None };
        let snapshot = self.snapshot.as_deref().and_then(|signed| trust.verify_snapshot(signed));
        Ok(Trust { snapshot, ..trust })
    }
}

/// A verified key set, and a verified snapshot if there is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trust {
    /// The institution's keys.
    pub key_set: KeySet,
    /// What was withdrawn, as far as known.
    pub snapshot: Option<Snapshot>,
}

/// Why a working key's signature is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyProblem {
    /// The key set does not hold the key for this work on that day.
    Unknown,
    /// It was signed for another purpose than the institution's.
    OtherPurpose,
    /// The signature is not the key's.
    BadSignature,
    /// Somebody else may have the key, and no snapshot says what of it stands.
    Compromised,
    /// Somebody else may have the key, and the snapshot does not list this among what stands.
    NotListed,
}

impl Trust {
    /// Checks that something was signed by a working key of that role, in use on `day` where it names one.
    ///
    /// # Errors
    /// [`KeyProblem`].
    pub fn check(&self, unverified: &Unverified, role: KeyRole, day: Option<Date>) -> Result<(), KeyProblem> {
        let key = self.key_set.find(unverified.key_id, role).ok_or(KeyProblem::Unknown)?;
        if !self.key_set.purpose.covers(unverified.purpose) {
            return Err(KeyProblem::OtherPurpose);
        }
        unverified.verify(&key.key).map_err(|_| KeyProblem::BadSignature)?;
        if day.is_some_and(|day| !key.covers(day)) {
            return Err(KeyProblem::Unknown);
        }
        match key.state {
            KeyState::Active | KeyState::Retired => Ok(()),
            KeyState::Compromised => self.check_listed(unverified),
        }
    }

    /// Whether the snapshot lists this among what stands of all that its compromised key signed.
    pub(crate) fn check_listed(&self, unverified: &Unverified) -> Result<(), KeyProblem> {
        let standing = self.snapshot.as_ref().and_then(|snapshot| snapshot.standing.get(&unverified.key_id));
        match standing {
            None => Err(KeyProblem::Compromised),
            Some(listed) if listed.contains(&StandingDigest::of(&unverified.payload_digest())) => Ok(()),
            Some(_) => Err(KeyProblem::NotListed),
        }
    }

    /// Reads a snapshot that a register key of this institution signed.
    #[must_use]
    pub fn verify_snapshot(&self, signed: &[u8]) -> Option<Snapshot> {
        let (snapshot, unverified) = Snapshot::parse(signed).ok()?;
        self.check(&unverified, KeyRole::Register, Some(snapshot.as_of.date())).ok().map(|()| snapshot)
    }

    /// Checks that something of `kind` was signed by a register key of this institution, on whatever day.
    ///
    /// # Errors
    /// [`KeyProblem`], also for bytes that are no such thing.
    pub fn check_register(&self, signed: &[u8], kind: Kind) -> Result<(), KeyProblem> {
        let unverified = Unverified::parse_kind(signed, kind).map_err(|_| KeyProblem::BadSignature)?;
        self.check(&unverified, KeyRole::Register, None)
    }
}

impl TrustFile {
    /// The newer of two: what is held, renewed by what is offered.
    ///
    /// `None` when the offer is another institution's, does not verify, or would go back: a lower key set, an earlier
    /// snapshot, or none where one is held that the offered key set still believes.
    #[must_use]
    pub fn renewed_by(&self, offered: &Self) -> Option<Self> {
        if self.root != offered.root {
            return None;
        }
        let (held, new) = (self.open().ok()?, offered.open().ok()?);
        let same_house =
            held.key_set.institution == new.key_set.institution && held.key_set.purpose == new.key_set.purpose;
        let key_set_rises = held.key_set.number < new.key_set.number || self.key_set == offered.key_set;
        // A list of a key that the offered key set calls lost must not keep better ones out.
        let held_list = self.snapshot.as_deref().and_then(|signed| new.verify_snapshot(signed));
        let snapshot_rises = match (&held_list, &new.snapshot) {
            // What does not verify is no first snapshot; what is held and does not verify may stay beside a new key set.
            (None, None) => offered.snapshot.is_none() || self.snapshot == offered.snapshot,
            (None, Some(_)) => true,
            (Some(held), Some(new)) => new.replaces(held) || new == held,
            (Some(_), None) => false,
        };
        let changes = self.key_set != offered.key_set || self.snapshot != offered.snapshot;
        (same_house && key_set_rises && snapshot_rises && changes).then(|| offered.clone())
    }
}

#[cfg(test)]
mod tests {
    use fieldproof_model::{id::InstitutionId, time::Timestamp};

    use super::*;
    use crate::{envelope::Purpose, key_set::WorkingKey, keys::SecretKey};

    #[test]
    fn a_trust_file_is_known_by_its_mark_and_its_version() {
        let file = |mark: &str, version: u8| {
            let root = bytes([1; 32]);
            let items = vec![Value::from(mark), Value::from(version), root, bytes([2]), Value::Null];
            TrustFile::parse(&cbor::encode(Value::Array(items)))
        };
        let expected = TrustFile { root: PublicKey::new([1; 32]), key_set: vec![2], snapshot: None };
        assert_eq!(file(FILE_MARK, 1), Ok(expected));
        assert!(file(FILE_MARK, 2).is_err());
        assert!(file("fieldproof-other", 1).is_err());
    }
    /// A key set that calls the key of its only lists lost lets none of them in, and none of them keeps it out.
    #[test]
    fn a_list_of_a_lost_key_may_stay_or_go_and_is_not_followed_by_another() {
        let (root, register) = (SecretKey::new(&[1; 32]), SecretKey::new(&[2; 32]));
        let at = Timestamp::from_millis(20_000 * 86_400_000);
        let key_set = |number, state| {
            let (not_before, not_after) = (Date::from_days(19_000), Date::from_days(21_000));
            let key = WorkingKey { key: register.public(), role: KeyRole::Register, not_before, not_after, state };
            let (name, address) = ("Test Institute".to_owned(), "fieldproof.example/v".to_owned());
            let (purpose, institution) = (Purpose::Demonstration, InstitutionId::new([9; 16]));
            KeySet { purpose, number, institution, name, address, issued_at: at, keys: vec![key] }.sign(&root)
        };
        let list = |number| {
            let (withdrawn, delegations, standing) = ([].into(), [].into(), [].into());
            let purpose = Purpose::Demonstration;
            Snapshot { purpose, epoch: 1, number, as_of: at, withdrawn, delegations, standing }.sign(&register)
        };
        let file = |key_set: &Vec<u8>, snapshot| TrustFile { root: root.public(), key_set: key_set.clone(), snapshot };
        let (first, second) = (key_set(1, KeyState::Active), key_set(2, KeyState::Compromised));
        let held = file(&first, Some(list(1)));
        assert!(held.open().is_ok_and(|trust| trust.snapshot.is_some()), "it is believed under the first key set");
        for (name, snapshot, is_newer) in
            [("none", None, true), ("the one held", Some(list(1)), true), ("another", Some(list(2)), false)]
        {
            let offered = file(&second, snapshot);
            assert_eq!(held.renewed_by(&offered), is_newer.then_some(offered), "{name}");
        }
    }
}
