//! The longest certificate still fits its symbol: every field at its limit, names as long as they may be.

use fieldproof_model::{
    clock::ClockGrade,
    digest::Digest,
    gate::{ExerciseState, VoltageKind},
    id::{CertificateId, SchemeId},
    scheme::PartKind,
    time::Date,
};
use fieldproof_seal::{
    delegation::{ASSESSOR_NAME_LIMIT, Delegation, Role},
    digits::to_digits,
    envelope::Purpose,
    keys::SecretKey,
    token::{HOLDER_LIMIT, HolderMark, SCHEME_LIMIT, Standing, TOKEN_LIMIT, Token, TokenTooLong},
};

/// Fills a limit with letters of two bytes, as Finnish and Portuguese names have them, and one of one byte if it is odd.
fn longest(letters: &str, limit: usize) -> String {
    let mut text: String = letters.chars().cycle().take(limit / 2).collect();
    text.extend((0..limit % 2).map(|_| 'o'));
    assert_eq!(text.len(), limit);
    text
}

fn delegation(assessor: &SecretKey, name: String) -> Vec<u8> {
    let everything = [Role::Assessor, Role::SecondAssessor, Role::Trainer, Role::Moderator, Role::SecondPerson].into();
    Delegation {
        purpose: Purpose::Demonstration,
        assessor_key: assessor.public(),
        scheme: SchemeId::new([0xff; 16]),
        assessor_name: name,
        roles: everything,
        may_certify: true,
        not_before: Date::from_days(65_535),
        not_after: Date::from_days(65_535),
        contact_days: Some(u16::MAX),
    }
    .sign(&SecretKey::new(&[2; 32]))
}

/// Every optional field there, every number as long as it gets before the year 2149.
fn longest_token(letters: &str) -> (Token, SecretKey) {
    let assessor = SecretKey::new(&[1; 32]);
    let day = Date::from_days(65_535);
    let token = Token {
        purpose: Purpose::Demonstration,
        certificate: CertificateId::new([0xff; 16]),
        record: Digest::new([0xff; 32]),
        chain_index: u32::from(u16::MAX),
        holder: longest(letters, HOLDER_LIMIT),
        mark: Some(HolderMark::BirthYear(2026)),
        scheme_title: longest(letters, SCHEME_LIMIT - 16),
        scheme_version: "2026.1".to_owned(),
        unit: Some("UFCD 12345".to_owned()),
        parts: vec![PartKind::Knowledge, PartKind::Practical, PartKind::Oral, PartKind::Portfolio],
        exercise_state: Some(ExerciseState::Simulated),
        voltage: Some((1_500, VoltageKind::Ac)),
        issued_on: day,
        valid_until: Some(day),
        standing: Standing::OnSite {
            beacon: Some((u32::from(u16::MAX), day)),
            clock: ClockGrade::Jumped,
            confirm_by: day,
            delegation: delegation(&assessor, longest(letters, ASSESSOR_NAME_LIMIT)),
        },
    };
    (token, assessor)
}

#[test]
fn the_longest_names_in_finnish_and_portuguese_fit() {
    for letters in ["äö", "ãçéõ"] {
        let (token, key) = longest_token(letters);
        let signed = token.sign(&key).unwrap();
        println!("{} bytes, {} digits", signed.len(), to_digits(&signed).len());
        assert!(signed.len() <= TOKEN_LIMIT);
        assert_eq!(Token::parse(&signed).unwrap().0, token);
    }
}

#[test]
fn one_byte_more_is_refused_by_the_name_of_what_is_too_long() {
    let (token, key) = longest_token("äö");
    let holder = Token { holder: format!("{}x", token.holder), ..token.clone() };
    assert_eq!(holder.sign(&key), Err(TokenTooLong::Holder(HOLDER_LIMIT + 1)));
    let title = Token { scheme_title: format!("{}x", token.scheme_title), ..token.clone() };
    assert_eq!(title.sign(&key), Err(TokenTooLong::Scheme(SCHEME_LIMIT + 1)));
    let Standing::OnSite { beacon, clock, confirm_by, .. } = token.standing.clone() else {
        panic!("it is one on site");
    };
    let delegation = delegation(&key, longest("äö", 400));
    let standing = Standing::OnSite { beacon, clock, confirm_by, delegation };
    assert!(matches!(Token { standing, ..token }.sign(&key), Err(TokenTooLong::Whole(_))));
}
