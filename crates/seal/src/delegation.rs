//! A delegation: the institution's statement that one assessor key may assess under one scheme until a date.

use std::collections::BTreeSet;

use fieldproof_model::{id::SchemeId, time::Date};

use crate::{
    cbor::{FormatError, Writer, bytes},
    envelope::{self, Kind, Purpose, Unverified},
    keys::{KeyId, PublicKey, SecretKey},
};

/// What a key-holder may do under a scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Assesses, and seals records.
    Assessor,
    /// Looks a second time, and endorses.
    SecondAssessor,
    /// Answers for the course, and endorses.
    Trainer,
    /// Marks again for the institution, and endorses.
    Moderator,
    /// Stands by, and endorses.
    SecondPerson,
}

/// The bit of every role.
const ROLES: [(Role, u32); 5] = [
    (Role::Assessor, 1),
    (Role::SecondAssessor, 2),
    (Role::Trainer, 4),
    (Role::Moderator, 8),
    (Role::SecondPerson, 16),
];

fn roles_number(roles: &BTreeSet<Role>) -> u32 {
    ROLES.iter().filter(|(role, _)| roles.contains(role)).fold(0, |bits, (_, bit)| bits | bit)
}

/// Bits that name no role of this version are ignored: they allow nothing that it knows.
fn parse_roles(bits: u32) -> BTreeSet<Role> {
    ROLES.iter().filter(|(_, bit)| bits & bit != 0).map(|(role, _)| *role).collect()
}

/// The longest name of an assessor in bytes of UTF-8, so that a token holds it.
pub const ASSESSOR_NAME_LIMIT: usize = 36;

/// What a delegation says. Whether it is the institution's is for [`crate::verdict`] to find out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delegation {
    /// Whether it counts.
    pub purpose: Purpose,
    /// The assessor's key.
    pub assessor_key: PublicKey,
    /// The scheme, in all its versions.
    pub scheme: SchemeId,
    /// The assessor's name.
    pub assessor_name: String,
    /// What the assessor may do.
    pub roles: BTreeSet<Role>,
    /// Whether certificates may be printed on site.
    pub may_certify: bool,
    /// First day.
    pub not_before: Date,
    /// Last day.
    pub not_after: Date,
    /// The longest time without contact with the register, in days, where the institution set one.
    pub contact_days: Option<u16>,
}

impl Delegation {
    /// Signs the delegation with an issuing key.
    #[must_use]
    pub fn sign(&self, issuing: &SecretKey) -> Vec<u8> {
        let fields = Writer::default()
            .with(2, bytes(*self.assessor_key.as_bytes()))
            .with(3, bytes(*self.scheme.as_bytes()))
            .with(4, self.assessor_name.as_str())
            .with(5, self.may_certify)
            .with(6, self.not_before.as_days())
            .with(7, self.not_after.as_days())
            .with(8, roles_number(&self.roles))
            .with_some(9, self.contact_days);
        envelope::sign(Kind::Delegation, self.purpose, fields, issuing)
    }

    /// Reads a delegation without believing it.
    ///
    /// # Errors
    /// [`FormatError`].
    pub fn parse(signed: &[u8]) -> Result<(Self, Unverified), FormatError> {
        let unverified = Unverified::parse_kind(signed, Kind::Delegation)?;
        let mut fields = unverified.unverified_fields()?;
        let delegation = Self {
            purpose: unverified.purpose,
            assessor_key: PublicKey::new(fields.array(2)?),
            scheme: SchemeId::new(fields.array(3)?),
            assessor_name: fields.text(4)?,
            may_certify: fields.boolean(5)?,
            not_before: Date::from_days(fields.number(6)?),
            not_after: Date::from_days(fields.number(7)?),
            roles: parse_roles(fields.number(8)?),
            contact_days: fields.optional_number(9)?,
        };
        Ok((delegation, unverified))
    }

    /// Whether `day` lies within the delegation.
    #[must_use]
    pub fn covers(&self, day: Date) -> bool {
        self.not_before <= day && day <= self.not_after
    }

    /// The short name of the assessor's key.
    #[must_use]
    pub fn key_id(&self) -> KeyId {
        self.assessor_key.id()
    }
}
