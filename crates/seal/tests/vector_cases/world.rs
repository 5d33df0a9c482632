//! An invented institution with fixed keys, and what it signs when nothing is wrong.

use ed25519_dalek::{Signer, SigningKey};
use fieldproof_seal::digest_of;

use super::cbor::{Fields, V, bytes, int, list, map, text, with};

/// The day on which everything happens, 2024-10-04.
pub const DAY: i64 = 20_000;
/// The numbers of kinds.
pub const KINDS: [&str; 13] = [
    "",
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
];
/// The numbers of purposes.
pub const PURPOSES: [&str; 3] = ["real", "practice", "demonstration"];

/// The key made from thirty-two times this byte.
pub fn key(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&[seed; 32])
}
/// Signs key sets.
pub fn root() -> SigningKey {
    key(16)
}
/// Signs schemes and delegations.
pub fn issuing() -> SigningKey {
    key(1)
}
/// Signs for the register.
pub fn register() -> SigningKey {
    key(2)
}
/// Signs for the register when the other key is lost.
pub fn second_register() -> SigningKey {
    key(12)
}
/// Alice's key.
pub fn assessor() -> SigningKey {
    key(3)
}
/// Bob's key.
pub fn endorser() -> SigningKey {
    key(5)
}
/// Nobody's key.
pub fn stranger() -> SigningKey {
    key(9)
}

/// The thirty-two bytes of the public key.
pub fn public(key: &SigningKey) -> Vec<u8> {
    key.verifying_key().to_bytes().to_vec()
}

/// SHA-256.
pub fn sha256(of: &[u8]) -> Vec<u8> {
    digest_of(of).as_bytes().to_vec()
}

/// The first bytes of the digest.
pub fn short(of: &[u8], length: usize) -> Vec<u8> {
    sha256(of)[..length].to_vec()
}

/// The key id of a public key.
pub fn key_id(public: &[u8]) -> Vec<u8> {
    short(public, 8)
}

/// Eight in the morning of a day, in milliseconds.
pub fn morning(day: i64) -> V {
    int(day * 86_400_000 + 28_800_000)
}

/// What is signed, and how; each piece can be wrong.
#[derive(Clone)]
pub struct Envelope {
    /// The bytes of the payload.
    pub payload: Vec<u8>,
    /// The bytes of the protected header.
    pub protected: Vec<u8>,
    /// What stands where the empty map belongs.
    pub unprotected: V,
    /// The text signed beside it.
    pub aad: String,
    /// The tag.
    pub tag: u64,
}

/// The protected header that names a key.
pub fn header(key_id: &[u8]) -> Vec<u8> {
    map(&[(1, int(-8)), (4, bytes(key_id))]).encode()
}

impl Envelope {
    /// As it should be: kind and purpose are read out of the fields.
    pub fn new(fields: &[(i64, V)], key: &SigningKey) -> Self {
        let number = |field: i64| match fields.iter().find(|(known, _)| *known == field) {
            Some((_, V::Int(number))) => usize::try_from(*number).unwrap_or(0),
            _ => 0,
        };
        let aad = format!(
            "fieldproof/1/{}/{}",
            KINDS.get(number(0)).unwrap_or(&""),
            PURPOSES.get(number(1)).unwrap_or(&"real")
        );
        Self {
            payload: map(fields).encode(),
            protected: header(&key_id(&public(key))),
            unprotected: V::Map(Vec::new()),
            aad,
            tag: 18,
        }
    }

    /// The Sig_structure of RFC 9052 §4.4.
    pub fn to_be_signed(&self) -> Vec<u8> {
        let aad = bytes(self.aad.as_bytes());
        list([text("Signature1"), bytes(self.protected.clone()), aad, bytes(self.payload.clone())]).encode()
    }

    /// The four items of the message.
    pub fn items(&self, signature: &[u8]) -> [V; 4] {
        let (protected, payload) = (bytes(self.protected.clone()), bytes(self.payload.clone()));
        [protected, self.unprotected.clone(), payload, bytes(signature)]
    }

    /// Tagged, with that signature.
    pub fn signed(&self, signature: &[u8]) -> Vec<u8> {
        V::Tag(self.tag, Box::new(list(self.items(signature)))).encode()
    }

    /// Tagged, with the signature of a key.
    pub fn sign(&self, key: &SigningKey) -> Vec<u8> {
        self.signed(&key.sign(&self.to_be_signed()).to_bytes())
    }
}

/// Signs fields as they should be signed.
pub fn sign(fields: &[(i64, V)], key: &SigningKey) -> Vec<u8> {
    Envelope::new(fields, key).sign(key)
}

/// Kind and purpose.
fn opened(kind: i64, purpose: i64) -> Fields {
    vec![(0, int(kind)), (1, int(purpose))]
}

fn of(kind: i64, rest: impl IntoIterator<Item = (i64, V)>) -> Fields {
    opened(kind, 0).into_iter().chain(rest).collect()
}

/// The scheme's identifier.
pub const SCHEME: [u8; 16] = [0x5c; 16];
/// The certificate's identifier.
pub const CERTIFICATE: [u8; 16] = [7; 16];

/// Alice's delegation.
pub fn delegation_fields() -> Fields {
    of(
        3,
        [
            (2, bytes(public(&assessor()))),
            (3, bytes(SCHEME)),
            (4, text("Alice Assessor")),
            (5, V::Bool(true)),
            (6, int(DAY - 10)),
            (7, int(DAY + 100)),
            (8, int(1)),
            (9, int(60)),
        ],
    )
}

/// Alice's delegation, signed.
pub fn delegation() -> Vec<u8> {
    sign(&delegation_fields(), &issuing())
}

/// A token printed on site.
pub fn token_fields() -> Fields {
    token_of(&delegation())
}

/// A token printed on site under that delegation.
pub fn token_of(delegation: &[u8]) -> Fields {
    of(
        6,
        [
            (2, bytes(CERTIFICATE)),
            (3, bytes(sha256(b"record"))),
            (4, int(2)),
            (5, text("Carol Candidate")),
            (6, int(1990)),
            (7, text("Isolation")),
            (8, text("1")),
            (10, list([int(1), int(2)])),
            (11, int(2)),
            (12, list([int(400), int(1)])),
            (13, int(DAY)),
            (14, int(DAY + 365)),
            (15, list([int(1), int(DAY)])),
            (16, int(1)),
            (17, int(DAY + 30)),
            (18, bytes(delegation)),
        ],
    )
}

/// A token that the register signs.
pub fn registered_fields() -> Fields {
    let mut fields: Fields = token_fields().into_iter().filter(|(key, _)| *key < 15).collect();
    fields.push((19, text("Alice Assessor")));
    fields
}

/// The smallest scheme document a verifier has to look into.
pub fn scheme_fields() -> Fields {
    let document = format!("{{\"id\":\"{}\"}}", "5c".repeat(16));
    of(2, [(2, text(&document)), (3, text("{}")), (4, text("en"))])
}

/// That scheme, signed.
pub fn scheme() -> Vec<u8> {
    sign(&scheme_fields(), &issuing())
}

/// A part with a fixed salt.
pub fn part(content: &V) -> Vec<u8> {
    list([bytes([0x5a; 16]), content.clone()]).encode()
}

/// Part 1.
pub fn person() -> V {
    map(&[(1, bytes([0xc0; 16])), (2, text("Carol Candidate")), (3, int(1990))])
}

/// A record with its parts and what lies beside it.
#[derive(Clone)]
pub struct Record {
    /// What is signed, without field 11.
    pub fields: Fields,
    /// What field 11 says, if it is not the digests of the parts.
    pub digests: Option<V>,
    /// The parts: number, bytes.
    pub parts: Vec<(i64, Vec<u8>)>,
    /// Numbers of parts that are withheld.
    pub withheld: Vec<i64>,
    /// What is attached.
    pub attached: Vec<Vec<u8>>,
    /// The fields of endorsements inside, without the digest of the body; and who signs.
    pub endorsements: Vec<(Fields, SigningKey)>,
    /// Who seals.
    pub key: SigningKey,
}

/// A record of parts 1 and 7 in which nothing is wrong.
pub fn record() -> Record {
    record_of(&delegation(), &scheme())
}

/// A record under that delegation and scheme.
pub fn record_of(delegation: &[u8], scheme: &[u8]) -> Record {
    let fields = of(
        5,
        [
            (2, int(2)),
            (3, bytes(sha256(b"opened"))),
            (4, bytes([4; 16])),
            (5, morning(DAY)),
            (6, list([int(1), morning(DAY)])),
            (7, bytes(sha256(scheme))),
            (8, bytes(delegation)),
            (9, int(1)),
            (10, bytes(CERTIFICATE)),
            (12, list([])),
            (13, text("en")),
            (15, int(1)),
            (16, int(1)),
        ],
    );
    let parts = vec![(1, part(&person())), (7, part(&bytes(scheme)))];
    let (withheld, attached, endorsements) = (Vec::new(), Vec::new(), Vec::new());
    Record { fields, digests: None, parts, withheld, attached, endorsements, key: assessor() }
}

impl Record {
    /// With a field put in or changed.
    pub fn with(mut self, key: i64, value: V) -> Self {
        self.fields = with(&self.fields, key, value);
        self
    }

    /// The body: everything but endorsements.
    pub fn body(&self) -> Fields {
        let digests: Vec<_> = self.parts.iter().map(|(number, part)| (*number, bytes(sha256(part)))).collect();
        with(&self.fields, 11, self.digests.clone().unwrap_or_else(|| map(&digests)))
    }

    /// Everything that is signed.
    pub fn all_fields(&self) -> Fields {
        let body = self.body();
        let digest = sha256(&map(&body).encode());
        let endorsements = self.endorsements.iter().map(|(fields, key)| {
            let holds = fields.iter().any(|(number, _)| *number == 3);
            let fields = if holds { fields.clone() } else { with(fields, 3, bytes(digest.clone())) };
            bytes(sign(&fields, key))
        });
        let endorsements: Vec<V> = endorsements.collect();
        if endorsements.is_empty() { body } else { with(&body, 18, list(endorsements)) }
    }

    /// The sealed bytes.
    pub fn sealed(&self) -> Vec<u8> {
        sign(&self.all_fields(), &self.key)
    }

    /// The record file.
    pub fn file(&self) -> Vec<u8> {
        self.file_of(&self.sealed())
    }

    /// The record file around other sealed bytes.
    pub fn file_of(&self, sealed: &[u8]) -> Vec<u8> {
        let parts = self.parts.iter().filter(|(number, _)| !self.withheld.contains(number));
        let parts: Vec<_> = parts.map(|(number, part)| (*number, bytes(part.clone()))).collect();
        let attached: Vec<V> = self.attached.iter().cloned().map(bytes).collect();
        list([text("fieldproof-record"), int(1), bytes(sealed), map(&parts), list(attached)]).encode()
    }
}

/// Bob's delegation for endorsing, with these roles.
pub fn endorser_delegation(roles: i64) -> Fields {
    let fields = with(&delegation_fields(), 2, bytes(public(&endorser())));
    let fields = with(&fields, 4, text("Bob Beurteiler"));
    with(&with(&fields, 5, V::Bool(false)), 8, int(roles))
}

/// Bob's endorsement as second assessor; the digest is put in where it is signed.
pub fn endorsement_fields(over: i64, delegation: &[u8]) -> Fields {
    of(11, [(2, int(over)), (4, int(2)), (5, morning(DAY)), (6, bytes(delegation))])
}

/// A receipt for a record, received on a day.
pub fn receipt_fields(record: &[u8], received: i64) -> Fields {
    of(
        7,
        [
            (2, int(2)),
            (3, bytes(sha256(record))),
            (4, list([])),
            (5, morning(received)),
            (6, int(1)),
            (7, bytes(sha256(b"log head"))),
            (8, int(1)),
        ],
    )
}

/// A refusal.
pub fn refusal_fields() -> Fields {
    of(8, [(2, bytes(sha256(b"record"))), (3, int(1)), (4, morning(DAY))])
}

/// A beacon.
pub fn beacon_fields() -> Fields {
    of(9, [(2, int(1)), (3, morning(DAY))])
}

/// An epoch.
pub fn epoch_fields() -> Fields {
    of(12, [(2, int(2)), (3, morning(DAY)), (4, int(0)), (5, bytes(sha256(b"log head")))])
}

/// A session opened.
pub fn chain_entry_fields() -> Fields {
    of(4, [(2, int(1)), (4, bytes([4; 16])), (5, morning(DAY)), (6, int(1)), (7, bytes(sha256(&scheme())))])
}

/// An activity.
pub fn activity_fields() -> Fields {
    let activity = map(&[
        (1, bytes([0xc0; 16])),
        (2, bytes(SCHEME)),
        (3, int(DAY)),
        (4, bytes([0xa1; 16])),
        (6, int(1)),
        (7, text("isolation")),
        (8, int(DAY)),
    ]);
    of(
        4,
        [
            (2, int(2)),
            (3, bytes(sha256(b"opened"))),
            (4, bytes([6; 16])),
            (5, morning(DAY)),
            (6, int(3)),
            (9, activity),
        ],
    )
}
