//! What a verifier holds: the institution's root, its key set, and the last snapshot.

use ciborium::Value;

use crate::{
    cbor::{self, FormatError, bytes, integer},
    envelope::{Kind, Unverified},
    key_set::{KeyRole, KeySet, KeySetError, KeyState},
    keys::PublicKey,
    snapshot::Snapshot,
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
            Value::from(0),
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
        if mark.as_text() != Some(FILE_MARK) || integer(&version) != Some(0) {
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
    /// The key set does not hold the key for this work.
    Unknown,
    /// Somebody else may have the key.
    Compromised,
    /// The signature is not the key's, or the purpose is not the institution's.
    BadSignature,
}

impl Trust {
    /// Checks that something was signed by a working key of that role.
    ///
    /// # Errors
    /// [`KeyProblem`].
    pub fn check(&self, unverified: &Unverified, role: KeyRole) -> Result<(), KeyProblem> {
        let key = self.key_set.find(unverified.key_id, role).ok_or(KeyProblem::Unknown)?;
        if unverified.purpose != self.key_set.purpose || unverified.verify(&key.key).is_err() {
            return Err(KeyProblem::BadSignature);
        }
        match key.state {
            KeyState::Active | KeyState::Retired => Ok(()),
            KeyState::Compromised => Err(KeyProblem::Compromised),
        }
    }

    /// Reads a snapshot that a register key of this institution signed.
    #[must_use]
    pub fn verify_snapshot(&self, signed: &[u8]) -> Option<Snapshot> {
        let (snapshot, unverified) = Snapshot::parse(signed).ok()?;
        self.check(&unverified, KeyRole::Register).ok().map(|()| snapshot)
    }

    /// Reads something of `kind` that a register key of this institution signed.
    ///
    /// # Errors
    /// [`KeyProblem`], also for bytes that are no such thing.
    pub fn check_register(&self, signed: &[u8], kind: Kind) -> Result<(), KeyProblem> {
        let unverified = Unverified::parse_kind(signed, kind).map_err(|_| KeyProblem::BadSignature)?;
        self.check(&unverified, KeyRole::Register)
    }
}
