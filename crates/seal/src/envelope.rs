//! The one envelope for everything signed: COSE_Sign1 (RFC 9052) over deterministic CBOR.

use ciborium::Value;
use coset::{CborSerializable, CoseSign1, CoseSign1Builder, HeaderBuilder, TaggedCborSerializable, iana};
use fieldproof_model::digest::Digest;

use crate::{
    cbor::{self, Fields, FormatError, Writer},
    keys::{KeyId, PublicKey, SecretKey, digest_of},
};

/// The largest signed thing; parts and evidence travel beside it, not in it.
pub const SIGNED_LIMIT: usize = 1 << 20;

/// What a signed thing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The institution's working keys, signed by its root.
    KeySet,
    /// A scheme with its institution's values.
    Scheme,
    /// One assessor key, one scheme.
    Delegation,
    /// A session opened or abandoned.
    ChainEntry,
    /// The sealed result of one candidate's session.
    Record,
    /// The bytes in a certificate's symbol.
    Token,
    /// The register's answer: it has the record.
    Receipt,
    /// The register's no.
    Refusal,
    /// The register's time.
    Beacon,
    /// What was withdrawn.
    Snapshot,
    /// Another key-holder's signature over a record.
    Endorsement,
    /// A register that begins anew.
    Epoch,
    /// A person and a laptop who ask to be enrolled.
    Request,
    /// What one laptop is to hold.
    Pack,
    /// What the register tells one laptop.
    FeedPage,
}

const KINDS: [(Kind, i64, &str); 15] = [
    (Kind::KeySet, 1, "key set"),
    (Kind::Scheme, 2, "scheme"),
    (Kind::Delegation, 3, "delegation"),
    (Kind::ChainEntry, 4, "chain entry"),
    (Kind::Record, 5, "record"),
    (Kind::Token, 6, "token"),
    (Kind::Receipt, 7, "receipt"),
    (Kind::Refusal, 8, "refusal"),
    (Kind::Beacon, 9, "beacon"),
    (Kind::Snapshot, 10, "snapshot"),
    (Kind::Endorsement, 11, "endorsement"),
    (Kind::Epoch, 12, "epoch"),
    (Kind::Request, 13, "request"),
    (Kind::Pack, 14, "pack"),
    (Kind::FeedPage, 15, "feed page"),
];

impl Kind {
    fn row(self) -> (i64, &'static str) {
        KINDS.iter().find(|(kind, ..)| *kind == self).map_or((0, ""), |(_, number, name)| (*number, name))
    }

    /// Its name, as in SPEC.md.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.row().1
    }
}

/// Whether a signed thing counts, or only shows how things work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// It counts.
    Real,
    /// Made while practising.
    Practice,
    /// Made by a demonstration institution.
    Demonstration,
}

const PURPOSES: [(Purpose, i64, &str); 3] =
    [(Purpose::Real, 0, "real"), (Purpose::Practice, 1, "practice"), (Purpose::Demonstration, 2, "demonstration")];

impl Purpose {
    /// Whether an institution of this purpose may sign something of that one: its own, and practice beside real.
    #[must_use]
    pub fn covers(self, signed: Self) -> bool {
        self == signed || (self == Self::Real && signed == Self::Practice)
    }

    fn row(self) -> (i64, &'static str) {
        PURPOSES.iter().find(|(purpose, ..)| *purpose == self).map_or((0, ""), |(_, number, name)| (*number, name))
    }
}

/// The payload that [`sign`] signs: the fields with kind (0) and purpose (1).
pub(crate) fn payload(kind: Kind, purpose: Purpose, fields: Writer) -> Value {
    fields.with(0, kind.row().0).with(1, purpose.row().0).build()
}

/// Signs a payload; fields 0 (kind) and 1 (purpose) are added here.
#[must_use]
pub fn sign(kind: Kind, purpose: Purpose, fields: Writer, key: &SecretKey) -> Vec<u8> {
    let payload = cbor::encode(payload(kind, purpose, fields));
    let header =
        HeaderBuilder::new().algorithm(iana::Algorithm::EdDSA).key_id(key.public().id().as_bytes().to_vec()).build();
    let message = CoseSign1Builder::new()
        .protected(header)
        .payload(payload)
        .create_signature(&external_aad(kind, purpose), |to_be_signed| key.sign(to_be_signed))
        .build();
    // Encoding to memory does not fail for a message built here.
    message.to_tagged_vec().unwrap_or_default()
}

fn external_aad(kind: Kind, purpose: Purpose) -> Vec<u8> {
    format!("fieldproof/1/{}/{}", kind.row().1, purpose.row().1).into_bytes()
}

/// A well-formed signed thing whose signature has not been looked at.
#[derive(Debug, Clone)]
pub struct Unverified {
    message: CoseSign1,
    /// What it says it is.
    pub kind: Kind,
    /// Whether it says it counts.
    pub purpose: Purpose,
    /// The key it names.
    pub key_id: KeyId,
    payload: Value,
}

/// The signature is not the key's, or the key is not the one named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the signature does not match")]
pub struct BadSignature;

impl Unverified {
    /// Reads the envelope without verifying it.
    ///
    /// # Errors
    /// [`FormatError`] when it is not exactly the form of SPEC.md.
    pub fn parse(bytes: &[u8]) -> Result<Self, FormatError> {
        const WHAT: &str = "signed Fieldproof document";
        let envelope = cbor::decode(bytes, SIGNED_LIMIT)?;
        let message = CoseSign1::from_tagged_slice(bytes).map_err(|_| FormatError::OtherKind(WHAT))?;
        if !is_plain(&envelope, &message) {
            return Err(FormatError::OtherKind(WHAT));
        }
        let key_id = message.protected.header.key_id.as_slice();
        let key_id = KeyId::new(key_id.try_into().map_err(|_| FormatError::OtherKind(WHAT))?);
        let payload = message.payload.as_deref().ok_or(FormatError::OtherKind(WHAT))?;
        let payload = cbor::decode(payload, SIGNED_LIMIT)?;
        let mut fields = Fields::new(payload.clone(), WHAT)?;
        let number: i64 = fields.number(0)?;
        let kind = KINDS.iter().find(|(_, known, _)| *known == number).ok_or(FormatError::OtherKind(WHAT))?.0;
        let number: i64 = fields.number(1)?;
        let purpose = PURPOSES.iter().find(|(_, known, _)| *known == number).ok_or(FormatError::Malformed(1))?.0;
        Ok(Self { message, kind, purpose, key_id, payload })
    }

    /// Reads an envelope that must be of one kind.
    ///
    /// # Errors
    /// As [`Unverified::parse`], and [`FormatError::OtherKind`].
    pub fn parse_kind(bytes: &[u8], kind: Kind) -> Result<Self, FormatError> {
        let unverified = Self::parse(bytes)?;
        if unverified.kind == kind { Ok(unverified) } else { Err(FormatError::OtherKind(kind.row().1)) }
    }

    /// The payload without the field of that number, in the one form it has.
    #[must_use]
    pub fn payload_without(&self, field: i64) -> Vec<u8> {
        cbor::encode(without(&self.payload, field))
    }

    /// The digest of the payload: what was signed, whoever signed it.
    #[must_use]
    pub fn payload_digest(&self) -> Digest {
        digest_of(self.message.payload.as_deref().unwrap_or_default())
    }

    /// The payload's fields, not to be believed before [`Unverified::verify`] agreed.
    ///
    /// # Errors
    /// [`FormatError`] when the payload is not a map of numbered fields.
    pub fn unverified_fields(&self) -> Result<Fields, FormatError> {
        let mut fields = Fields::new(self.payload.clone(), self.kind.row().1)?;
        fields.required(0)?;
        fields.required(1)?;
        Ok(fields)
    }

    /// Verifies the signature with the key it names.
    ///
    /// # Errors
    /// [`BadSignature`].
    pub fn verify(&self, key: &PublicKey) -> Result<(), BadSignature> {
        if key.id() != self.key_id {
            return Err(BadSignature);
        }
        let aad = external_aad(self.kind, self.purpose);
        self.message.verify_signature(
            &aad,
            |signature, message| {
                if key.verifies(message, signature) { Ok(()) } else { Err(BadSignature) }
            },
        )
    }
}

/// A map without one of its numbered fields.
pub(crate) fn without(map: &Value, field: i64) -> Value {
    let pairs = map.as_map().map(Vec::as_slice).unwrap_or_default();
    Value::Map(pairs.iter().filter(|(key, _)| cbor::integer(key) != Some(field)).cloned().collect())
}

/// Whether the headers are exactly ours: protected `{1: -8, 4: key id}`, unprotected empty.
fn is_plain(envelope: &Value, message: &CoseSign1) -> bool {
    let Value::Tag(18, inner) = envelope else {
        return false;
    };
    let Some([Value::Bytes(protected), Value::Map(unprotected), Value::Bytes(_), Value::Bytes(_)]) =
        inner.as_array().map(Vec::as_slice)
    else {
        return false;
    };
    let expected = HeaderBuilder::new()
        .algorithm(iana::Algorithm::EdDSA)
        .key_id(message.protected.header.key_id.clone())
        .build()
        .to_vec()
        .unwrap_or_default();
    unprotected.is_empty() && *protected == expected
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> SecretKey {
        SecretKey::new(&[7; 32])
    }

    #[test]
    fn what_was_signed_verifies_and_nothing_else_does() {
        let bytes = sign(Kind::Beacon, Purpose::Demonstration, Writer::default().with(2, 5).with(3, 99), &key());
        let read = Unverified::parse(&bytes).unwrap();
        assert_eq!((read.kind, read.purpose), (Kind::Beacon, Purpose::Demonstration));
        assert_eq!(read.verify(&key().public()), Ok(()));
        assert_eq!(read.verify(&SecretKey::new(&[8; 32]).public()), Err(BadSignature));
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            let accepted = Unverified::parse(&flipped).is_ok_and(|read| read.verify(&key().public()).is_ok());
            assert!(!accepted, "bit {bit} flipped and still accepted");
        }
    }

    #[test]
    fn kinds_have_the_names_of_the_specification() {
        let names = KINDS.map(|(kind, ..)| kind.name());
        assert_eq!(
            names,
            [
                "key set",
                "scheme",
                "delegation",
                "chain entry",
                "record",
                "token",
                "receipt",
                "refusal",
                "beacon",
                "snapshot",
                "endorsement",
                "epoch",
                "request",
                "pack",
                "feed page",
            ]
        );
    }

    #[test]
    fn an_institution_signs_its_own_purpose_and_practice_beside_real() {
        let all = PURPOSES.map(|(purpose, ..)| purpose);
        let covered = all.map(|institution| all.map(|signed| institution.covers(signed)));
        assert_eq!(covered, [[true, true, false], [false, true, false], [false, false, true]]);
    }

    #[test]
    fn a_purpose_cannot_be_changed_without_the_key() {
        let bytes = sign(Kind::Beacon, Purpose::Demonstration, Writer::default().with(2, 5), &key());
        let mut read = Unverified::parse(&bytes).unwrap();
        read.purpose = Purpose::Real;
        assert_eq!(read.verify(&key().public()), Err(BadSignature));
    }
}
