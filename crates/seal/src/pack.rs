//! A pack: the signed, numbered list of everything that one laptop is to hold. `PROTOCOL.md` of the register is
//! normative.
//!
//! The newest pack replaces the one before: what it does not name any more is no longer to be used.

use ciborium::Value;
use fieldproof_model::{
    digest::Digest,
    person::Person,
    time::{Date, Timestamp},
};

use crate::{
    cbor::{self, Fields, FormatError, Writer, bytes, integer},
    choice::{choice, from_one, number},
    envelope::{self, Kind, Purpose, Unverified},
    keys::{PublicKey, SecretKey, digest_of},
    parts::{parse_person, person_value},
    snapshot::{ENDS, Ended},
};

/// The largest pack file: a pack and every item it names.
pub const PACK_FILE_LIMIT: usize = 16 << 20;

/// The first item of a pack file.
const FILE_MARK: &str = "fieldproof-pack";

/// A delegation that ended before its last day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct EndedDelegation {
    /// The digest of the signed delegation.
    pub delegation: Digest,
    /// The assessor's key.
    pub key: PublicKey,
    /// How it ended.
    pub end: Ended,
    /// On which day.
    pub on: Date,
}

/// What one laptop is to hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pack {
    /// The institution's purpose.
    pub purpose: Purpose,
    /// The laptop's key.
    pub installation: PublicKey,
    /// From 1; a higher one replaces a lower one.
    pub number: u32,
    /// When it was made.
    pub at: Timestamp,
    /// The register's address; empty while it has none.
    pub register_address: String,
    /// The digest of the key that the register shows over TLS.
    pub register_pin: Option<Digest>,
    /// The signed delegations of the keys of this laptop.
    pub delegations: Vec<Vec<u8>>,
    /// The digests of the signed schemes.
    pub schemes: Vec<Digest>,
    /// The digests of the encoded courses.
    pub courses: Vec<Digest>,
    /// The digest of the encoded roster.
    pub roster: Option<Digest>,
    /// Who at the institution can open a lost laptop's backup: an age recipient.
    pub recovery: Option<String>,
    /// Delegations of keys of this laptop that ended.
    pub ended: Vec<EndedDelegation>,
    /// Whether this laptop is a coordinator's: the register shows it who asks to be enrolled.
    pub is_coordinators: bool,
}

impl Pack {
    /// Signs the pack with an issuing key.
    #[must_use]
    pub fn sign(&self, issuing: &SecretKey) -> Vec<u8> {
        let digests = |digests: &[Digest]| digests.iter().map(|digest| bytes(*digest.as_bytes())).collect::<Vec<_>>();
        let fields = Writer::default()
            .with(2, bytes(*self.installation.as_bytes()))
            .with(3, self.number)
            .with(4, self.at.as_millis())
            .with(5, self.register_address.as_str())
            .with_some(6, self.register_pin.map(|pin| bytes(*pin.as_bytes())))
            .with(7, self.delegations.iter().map(|signed| bytes(signed.clone())).collect::<Vec<_>>())
            .with(8, digests(&self.schemes))
            .with(9, digests(&self.courses))
            .with_some(10, self.roster.map(|roster| bytes(*roster.as_bytes())))
            .with_some(11, self.recovery.as_deref())
            .with(12, self.ended.iter().map(ended_value).collect::<Vec<_>>())
            .with(13, self.is_coordinators);
        envelope::sign(Kind::Pack, self.purpose, fields, issuing)
    }

    /// Reads a pack without believing it.
    ///
    /// # Errors
    /// [`FormatError`].
    pub fn parse(signed: &[u8]) -> Result<(Self, Unverified), FormatError> {
        let unverified = Unverified::parse_kind(signed, Kind::Pack)?;
        let mut fields = unverified.unverified_fields()?;
        let pack = Self {
            purpose: unverified.purpose,
            installation: PublicKey::new(fields.array(2)?),
            number: from_one(&mut fields, 3)?,
            at: fields.timestamp(4)?,
            register_address: fields.text(5)?,
            register_pin: fields.optional_digest(6)?,
            delegations: items(&mut fields, 7, |value| value.as_bytes().cloned())?,
            schemes: items(&mut fields, 8, parse_digest)?,
            courses: items(&mut fields, 9, parse_digest)?,
            roster: fields.optional_digest(10)?,
            recovery: fields.optional_text(11)?,
            ended: items(&mut fields, 12, parse_ended)?,
            is_coordinators: fields.boolean(13)?,
        };
        Ok((pack, unverified))
    }

    /// The digests of everything that travels beside the pack.
    pub fn items(&self) -> impl Iterator<Item = &Digest> {
        self.schemes.iter().chain(&self.courses).chain(&self.roster)
    }
}

/// A pack with what it names, and what a laptop that trusts nobody yet begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackFile {
    /// Root, key set and snapshot.
    pub trust: Vec<u8>,
    /// A signed beacon, where one is at hand.
    pub beacon: Option<Vec<u8>>,
    /// The signed pack.
    pub pack: Vec<u8>,
    /// Schemes, courses and roster, each known by its digest.
    pub items: Vec<Vec<u8>>,
}

impl PackFile {
    /// Writes the file, in clear.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        cbor::encode(Value::Array(vec![
            Value::from(FILE_MARK),
            Value::from(1),
            bytes(self.trust.clone()),
            self.beacon.clone().map_or(Value::Null, bytes),
            bytes(self.pack.clone()),
            Value::Array(self.items.iter().map(|item| bytes(item.clone())).collect()),
        ]))
    }

    /// Reads the file.
    ///
    /// # Errors
    /// [`FormatError`].
    pub fn parse(file: &[u8]) -> Result<Self, FormatError> {
        let wrong = || FormatError::OtherKind("pack file");
        let read = cbor::decode(file, PACK_FILE_LIMIT)?.into_array().map_err(|_| wrong())?;
        let [mark, version, trust, beacon, pack, items] = <[Value; 6]>::try_from(read).map_err(|_| wrong())?;
        if mark.as_text() != Some(FILE_MARK) || integer(&version) != Some(1) {
            return Err(wrong());
        }
        let inner = |value: Value| value.into_bytes().map_err(|_| wrong());
        Ok(Self {
            trust: inner(trust)?,
            beacon: if beacon.is_null() { None } else { Some(inner(beacon)?) },
            pack: inner(pack)?,
            items: items.into_array().map_err(|_| wrong())?.into_iter().map(inner).collect::<Result<_, _>>()?,
        })
    }

    /// The item of that digest.
    #[must_use]
    pub fn item(&self, digest: &Digest) -> Option<&[u8]> {
        self.items.iter().map(Vec::as_slice).find(|item| digest_of(item) == *digest)
    }
}

/// The roster: everybody whom this laptop may assess.
#[must_use]
pub fn roster_bytes(people: &[Person]) -> Vec<u8> {
    cbor::encode(Value::Array(people.iter().map(person_value).collect()))
}

/// Reads a roster.
///
/// # Errors
/// [`FormatError`].
pub fn parse_roster(roster: &[u8]) -> Result<Vec<Person>, FormatError> {
    let people = cbor::decode(roster, PACK_FILE_LIMIT)?.into_array().map_err(|_| FormatError::OtherKind("roster"))?;
    people.into_iter().map(parse_person).collect()
}

fn items<T>(fields: &mut Fields, key: i64, read: impl Fn(&Value) -> Option<T>) -> Result<Vec<T>, FormatError> {
    fields.list(key)?.iter().map(read).collect::<Option<_>>().ok_or(FormatError::Malformed(key))
}

fn parse_digest(value: &Value) -> Option<Digest> {
    Digest::from_slice(value.as_bytes()?)
}

fn ended_value(ended: &EndedDelegation) -> Value {
    Value::Array(vec![
        bytes(*ended.delegation.as_bytes()),
        bytes(*ended.key.as_bytes()),
        Value::from(number(&ENDS, &ended.end)),
        Value::from(ended.on.as_days()),
    ])
}

fn parse_ended(value: &Value) -> Option<EndedDelegation> {
    let [delegation, key, end, on] = value.as_array()?.as_slice() else { return None };
    Some(EndedDelegation {
        delegation: parse_digest(delegation)?,
        key: PublicKey::new(key.as_bytes()?.as_slice().try_into().ok()?),
        end: choice(&ENDS, integer(end)?)?,
        on: Date::from_days(i32::try_from(integer(on)?).ok()?),
    })
}

#[cfg(test)]
mod tests {
    use fieldproof_model::{id::PersonId, person::Name};

    use super::*;

    fn full() -> Pack {
        let digest = |n| Digest::new([n; 32]);
        Pack {
            purpose: Purpose::Demonstration,
            installation: SecretKey::new(&[1; 32]).public(),
            number: 3,
            at: Timestamp::from_millis(1_772_442_000_000),
            register_address: "https://register.example".to_owned(),
            register_pin: Some(digest(2)),
            delegations: vec![vec![3], vec![4]],
            schemes: vec![digest(5)],
            courses: vec![digest(6), digest(7)],
            roster: Some(digest(8)),
            recovery: Some("age1".to_owned()),
            ended: [Ended::Retired, Ended::Compromised]
                .map(|end| EndedDelegation {
                    delegation: digest(9),
                    key: PublicKey::new([10; 32]),
                    end,
                    on: Date::from_days(20_000),
                })
                .to_vec(),
            is_coordinators: true,
        }
    }

    #[test]
    fn a_pack_round_trips_with_and_without_what_is_optional() {
        let empty = Pack {
            register_pin: None,
            delegations: Vec::new(),
            schemes: Vec::new(),
            courses: Vec::new(),
            roster: None,
            recovery: None,
            ended: Vec::new(),
            is_coordinators: false,
            ..full()
        };
        assert_eq!((full().items().count(), empty.items().count()), (4, 0));
        let issuing = SecretKey::new(&[2; 32]);
        for pack in [full(), empty] {
            let (read, unverified) = Pack::parse(&pack.sign(&issuing)).unwrap();
            assert_eq!(read, pack);
            assert!(unverified.verify(&issuing.public()).is_ok());
        }
        assert_eq!(Pack::parse(&Pack { number: 0, ..full() }.sign(&issuing)).unwrap_err(), FormatError::Malformed(3));
    }

    #[test]
    fn a_pack_file_round_trips_and_finds_its_items_by_digest() {
        for beacon in [None, Some(vec![2])] {
            let file = PackFile { trust: vec![1], beacon, pack: vec![3], items: vec![vec![4], vec![5]] };
            assert_eq!(PackFile::parse(&file.to_bytes()), Ok(file.clone()));
            assert_eq!(file.item(&digest_of(&[5])), Some([5_u8].as_slice()));
            assert_eq!(file.item(&digest_of(&[6])), None);
        }
        for other in [cbor::encode(Value::Array(vec![Value::from(FILE_MARK)])), cbor::encode(Value::Null), vec![0xff]] {
            assert!(PackFile::parse(&other).is_err());
        }
    }

    #[test]
    fn a_roster_round_trips() {
        let person = |n, birth_year| Person {
            id: PersonId::new([n; 16]),
            name: Name::parse("Erin Example").unwrap(),
            birth_year,
        };
        let people = [person(1, Some(1990)), person(2, None)];
        assert_eq!(parse_roster(&roster_bytes(&people)), Ok(people.to_vec()));
        assert!(parse_roster(&[0x80, 0]).is_err());
    }
}
