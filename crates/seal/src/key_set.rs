//! The key set: the root-signed, numbered list of the institution's working keys.

use ciborium::Value;
use fieldproof_model::{
    id::InstitutionId,
    time::{Date, Timestamp},
};

use crate::{
    cbor::{FormatError, Writer, bytes, integer},
    choice::{choice, number},
    envelope::{self, BadSignature, Kind, Purpose, Unverified},
    keys::{KeyId, PublicKey, SecretKey},
};

/// What a working key signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyRole {
    /// Schemes and delegations.
    Issuing,
    /// Receipts, refusals, beacons, snapshots, epochs and registered tokens.
    Register,
    /// Nothing: what only the institution may read is encrypted to it (X25519).
    Encryption,
}

/// How far a working key is to be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyState {
    /// Signs.
    Active,
    /// Signs no more; what it signed stands.
    Retired,
    /// Somebody else may have it; what it signed stands only where a snapshot lists it.
    Compromised,
}

const ROLES: [(KeyRole, i64); 3] = [(KeyRole::Issuing, 1), (KeyRole::Register, 2), (KeyRole::Encryption, 3)];
const STATES: [(KeyState, i64); 3] = [(KeyState::Active, 1), (KeyState::Retired, 2), (KeyState::Compromised, 3)];

/// One working key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkingKey {
    /// The key.
    pub key: PublicKey,
    /// What it signs.
    pub role: KeyRole,
    /// From when.
    pub not_before: Date,
    /// Until when.
    pub not_after: Date,
    /// How far it is to be believed.
    pub state: KeyState,
}

impl WorkingKey {
    /// Whether the key was in use on `day`.
    #[must_use]
    pub fn covers(&self, day: Date) -> bool {
        self.not_before <= day && day <= self.not_after
    }
}

/// The institution's name, address and working keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeySet {
    /// Whether this institution's documents count.
    pub purpose: Purpose,
    /// Higher numbers replace lower ones.
    pub number: u32,
    /// Which institution.
    pub institution: InstitutionId,
    /// Its name.
    pub name: String,
    /// Host and path printed in certificates, such as `fieldproof.example/v`.
    pub address: String,
    /// When it was made.
    pub issued_at: Timestamp,
    /// The working keys.
    pub keys: Vec<WorkingKey>,
}

/// A key set could not be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeySetError {
    /// Not a key set.
    #[error(transparent)]
    Format(#[from] FormatError),
    /// Not signed by this root.
    #[error(transparent)]
    Signature(#[from] BadSignature),
}

impl KeySet {
    /// Signs the key set with the root.
    #[must_use]
    pub fn sign(&self, root: &SecretKey) -> Vec<u8> {
        let keys = self.keys.iter().map(working_key_value).collect::<Vec<_>>();
        let fields = Writer::default()
            .with(2, self.number)
            .with(3, bytes(*self.institution.as_bytes()))
            .with(4, self.name.as_str())
            .with(5, self.address.as_str())
            .with(6, self.issued_at.as_millis())
            .with(7, keys);
        envelope::sign(Kind::KeySet, self.purpose, fields, root)
    }

    /// Reads a key set signed by `root`.
    ///
    /// # Errors
    /// [`KeySetError`].
    pub fn verify(signed: &[u8], root: &PublicKey) -> Result<Self, KeySetError> {
        let unverified = Unverified::parse_kind(signed, Kind::KeySet)?;
        unverified.verify(root)?;
        let mut fields = unverified.unverified_fields()?;
        let key_set = Self {
            purpose: unverified.purpose,
            number: fields.number(2)?,
            institution: InstitutionId::new(fields.array(3)?),
            name: fields.text(4)?,
            address: fields.text(5)?,
            issued_at: fields.timestamp(6)?,
            keys: fields
                .list(7)?
                .iter()
                .map(parse_working_key)
                .collect::<Option<_>>()
                .ok_or(FormatError::Malformed(7))?,
        };
        Ok(key_set)
    }

    /// The working key of that name and role, whatever its days.
    #[must_use]
    pub fn find(&self, id: KeyId, role: KeyRole) -> Option<&WorkingKey> {
        self.keys.iter().find(|key| key.key.id() == id && key.role == role)
    }
}

fn working_key_value(key: &WorkingKey) -> Value {
    Value::Array(vec![
        bytes(*key.key.as_bytes()),
        Value::from(number(&ROLES, &key.role)),
        Value::from(key.not_before.as_days()),
        Value::from(key.not_after.as_days()),
        Value::from(number(&STATES, &key.state)),
    ])
}

fn parse_working_key(value: &Value) -> Option<WorkingKey> {
    let [key, role, not_before, not_after, state] = value.as_array()?.as_slice() else {
        return None;
    };
    let date = |value| integer(value).and_then(|days| i32::try_from(days).ok()).map(Date::from_days);
    Some(WorkingKey {
        key: PublicKey::new(key.as_bytes()?.as_slice().try_into().ok()?),
        role: choice(&ROLES, integer(role)?)?,
        not_before: date(not_before)?,
        not_after: date(not_after)?,
        state: choice(&STATES, integer(state)?)?,
    })
}
