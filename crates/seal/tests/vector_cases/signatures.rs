//! M10, M11 and M18: signatures that are made by hand, so that each breaks one rule and no other.

use curve25519_dalek::{
    constants::ED25519_BASEPOINT_POINT as BASE, edwards::CompressedEdwardsY, edwards::EdwardsPoint, scalar::Scalar,
};
use ed25519_dalek::{Signer, SigningKey};
use sha2::{Digest, Sha512};

use super::{
    Expect::Unreadable,
    Vector,
    cbor::{V, bytes, with},
    judge, read,
    trust::trust,
    world::{self, Envelope, assessor, delegation_fields, header, issuing, key_id, public, register, sign, token_of},
};

const BROKEN: &str = "nn- nyyyyyyyy";

/// Every one of them.
pub fn all() -> Vec<Vector> {
    [external(), strict(), lengths(), limit()].concat()
}

fn token(about: &'static str, name: &'static str, signed: Vec<u8>, letters: &'static str) -> Vector {
    judge((about, name, "token"), &trust(), signed, letters)
}

fn plain() -> Envelope {
    Envelope::new(&world::token_fields(), &assessor())
}

fn external() -> Vec<Vector> {
    let aad = |aad: &str| Envelope { aad: aad.to_owned(), ..plain() }.sign(&assessor());
    let delegated = |aad: &str| {
        let delegation = Envelope { aad: aad.to_owned(), ..Envelope::new(&delegation_fields(), &issuing()) };
        sign(&token_of(&delegation.sign(&issuing())), &assessor())
    };
    vec![
        token("M10", "signed as what it is", plain().sign(&assessor()), "yyg yyyyyyyyy"),
        token("M10", "signed as another kind", aad("fieldproof/1/record/real"), BROKEN),
        token("M10", "signed for another purpose", aad("fieldproof/1/token/practice"), BROKEN),
        token("M10", "signed as version 0", aad("fieldproof/0/token/real"), BROKEN),
        token("M10", "signed with nothing beside it", aad(""), BROKEN),
        token("M10", "delegation signed as another kind", delegated("fieldproof/1/scheme/real"), "nn- yn?yyyyyy"),
    ]
}

/// The challenge of RFC 8032.
fn challenge(r: &[u8], a: &[u8], message: &[u8]) -> Scalar {
    let digest = Sha512::new().chain_update(r).chain_update(a).chain_update(message).finalize();
    let digest: [u8; 64] = digest.into();
    Scalar::from_bytes_mod_order_wide(&digest)
}

/// A token of an assessor key that is these bytes.
fn token_by(public: &[u8]) -> Envelope {
    let delegation = sign(&with(&delegation_fields(), 2, bytes(public)), &issuing());
    let envelope = Envelope::new(&token_of(&delegation), &assessor());
    Envelope { protected: header(&key_id(public)), ..envelope }
}

fn joined(r: &[u8], s: Scalar) -> Vec<u8> {
    [r, &s.to_bytes()].concat()
}

/// The neutral element, and the same with 2²⁵⁵−19 added to its coordinate.
fn neutral() -> [[u8; 32]; 2] {
    let (mut plain, mut shifted) = ([0; 32], [0xff; 32]);
    plain[0] = 1;
    (shifted[0], shifted[31]) = (0xee, 0x7f);
    [plain, shifted]
}

/// A point of order eight.
fn torsion() -> EdwardsPoint {
    let bytes = [
        0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a, 0x20,
        0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a,
    ];
    CompressedEdwardsY(bytes).decompress().unwrap()
}

/// A key with a point of order eight added to it, and a signature whose challenge leaves that rest by eight.
fn mixed(rest_is_zero: bool) -> Vec<u8> {
    let secret = assessor().to_scalar();
    let public = (secret * BASE + torsion()).compress().to_bytes();
    let envelope = token_by(&public);
    let found = (1_u64..).find_map(|seed| {
        let nonce = Scalar::from(seed) * Scalar::from(0x1234_5678_9abc_def1_u64);
        let r = (nonce * BASE).compress().to_bytes();
        let k = challenge(&r, &public, &envelope.to_be_signed());
        let is_zero = k.to_bytes()[0].trailing_zeros() >= 3;
        (is_zero == rest_is_zero).then(|| joined(&r, nonce + k * secret))
    });
    envelope.signed(&found.unwrap())
}

fn strict() -> Vec<Vector> {
    let key = assessor();
    let nonce = SigningKey::from_bytes(&[77; 32]);
    let [plain_one, shifted_one] = neutral();
    // R = S·B, and nothing times the neutral element is added: the equation holds.
    let by_neutral = |a: &[u8; 32]| token_by(a).signed(&joined(&public(&nonce), nonce.to_scalar()));
    let r_of = |r: &[u8; 32]| {
        let k = challenge(r, &public(&key), &plain().to_be_signed());
        plain().signed(&joined(r, k * key.to_scalar()))
    };
    let mut past = key.sign(&plain().to_be_signed()).to_bytes();
    add_order(&mut past[32..]);
    let delegated_past = {
        let envelope = Envelope::new(&delegation_fields(), &issuing());
        let mut signature = issuing().sign(&envelope.to_be_signed()).to_bytes();
        add_order(&mut signature[32..]);
        sign(&token_of(&envelope.signed(&signature)), &key)
    };
    vec![
        token("M11", "a signature by the strict rule", plain().sign(&key), "yyg yyyyyyyyy"),
        token("M11", "key of small order", by_neutral(&plain_one), BROKEN).note("S·B = R + k·A holds for any message."),
        token("M11", "key of small order not canonical", by_neutral(&shifted_one), BROKEN),
        token("M11", "R of small order", r_of(&plain_one), BROKEN),
        token("M11", "R not canonical", r_of(&shifted_one), BROKEN),
        token("M11", "S past the order", plain().signed(&past), BROKEN),
        token("M11", "S past the order in the delegation", delegated_past, "nn- yn?yyyyyy"),
        token("M11", "only eight times the equation holds", mixed(false), BROKEN)
            .note("A key with a rest of order eight: the equation with cofactor would hold."),
        token("M11", "a key with a rest that does not count", mixed(true), "yyg yyyyyyyyy").note(
            "The key has a rest of order eight, but is not of small order, and the challenge is a multiple of eight.",
        ),
    ]
}

/// S + L, which a lax verifier takes for S.
fn add_order(s: &mut [u8]) {
    const ORDER: [u8; 32] = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];
    let mut carry = 0_u16;
    for (byte, add) in s.iter_mut().zip(ORDER) {
        let sum = u16::from(*byte) + u16::from(add) + carry;
        (*byte, carry) = (sum.to_le_bytes()[0], sum >> 8);
    }
}

fn lengths() -> Vec<Vector> {
    let signature = assessor().sign(&plain().to_be_signed()).to_bytes();
    let longer = [&signature[..], &[0]].concat();
    vec![
        token("M11", "a signature of 63 bytes", plain().signed(&signature[..63]), BROKEN),
        token("M11", "a signature of 65 bytes", plain().signed(&longer), BROKEN),
        token("M11", "an empty signature", plain().signed(&[]), BROKEN),
    ]
}

/// A token of exactly so many bytes.
fn token_of_length(total: usize, registered: bool) -> Vec<u8> {
    let (fields, key) =
        if registered { (world::registered_fields(), register()) } else { (world::token_fields(), assessor()) };
    let padded = |length: usize| sign(&with(&fields, 99, V::Text("a".repeat(length))), &key);
    let found = (0..total).map(padded).find(|token| token.len() == total);
    found.unwrap()
}

fn limit() -> Vec<Vector> {
    let too_long = |name, registered| read("M18", name, "token", token_of_length(501, registered), Unreadable);
    vec![
        token("M18", "500 bytes", token_of_length(500, false), "yyg yyyyyyyyy"),
        too_long("501 bytes", false),
        token("M18", "500 bytes registered", token_of_length(500, true), "yyg yyyyyyyyy"),
        too_long("501 bytes registered", true),
    ]
}
