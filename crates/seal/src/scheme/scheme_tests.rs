//! Reading, signing, languages, limits.

use fieldproof_model::scheme::{CriterionId, CriterionKind, Language, PartId, Review, RuleId};

use super::*;

pub(super) const DOCUMENT: &str = include_str!("sample.json");
pub(super) const VALUES: &str = include_str!("sample.values.json");

fn key() -> SecretKey {
    SecretKey::new(&[7; 32])
}

#[test]
fn the_sample_is_read_whole() {
    assert_eq!(check_scheme(DOCUMENT, Some(VALUES)), []);
    assert_eq!(check_scheme(DOCUMENT, None), []);
    let scheme = parse_scheme(DOCUMENT, VALUES, None).unwrap();
    let kinds: Vec<_> = scheme.criteria().map(|(_, criterion)| std::mem::discriminant(&criterion.kind)).collect();
    let all = [
        CriterionKind::Observed,
        CriterionKind::Proof,
        CriterionKind::Rubric { levels: Vec::new() },
        CriterionKind::Measurement { unit: String::new(), names_instrument: false },
        CriterionKind::Choice { options: Vec::new(), right: Vec::new() },
        CriterionKind::Count { unit: String::new() },
        CriterionKind::Timed,
        CriterionKind::Oral { points: Vec::new(), prompts: Vec::new() },
        CriterionKind::Text,
    ];
    assert!(all.iter().all(|kind| kinds.contains(&std::mem::discriminant(kind))), "every kind stands in the sample");
    assert_eq!((scheme.parts.len(), scheme.order.len(), scheme.voids.len()), (3, 2, 1));
    assert_eq!(scheme.values.waits[&RuleId::new("W1".to_owned())], 5);
    assert_eq!(scheme.values.parts[&PartId::new("practice".to_owned())].within_days, Some(30));
    assert_eq!(scheme.values.limits[&CriterionId::new("T2.1.c".to_owned())].max, Some(4));
    assert!(scheme.is_critical(&CriterionId::new("T1.2.a".to_owned())));
}

#[test]
fn a_scheme_speaks_one_language_and_knows_how_far_each_was_checked() {
    let english = parse_scheme(DOCUMENT, VALUES, None).unwrap();
    let swedish = parse_scheme(DOCUMENT, VALUES, Some("sv")).unwrap();
    assert_eq!((english.language.as_str(), english.title.as_str()), ("en", "Sample of the format"));
    assert_eq!((swedish.language.as_str(), swedish.title.as_str()), ("sv", "Prov på formatet"));
    assert!(english.language_counts() && !swedish.language_counts());
    let review = |document: &str, tag: &str| {
        let languages = parse_scheme(document, VALUES, None).unwrap().languages;
        languages.into_iter().find(|language: &Language| language.tag == tag).unwrap().review
    };
    assert_eq!((review(DOCUMENT, "en"), review(DOCUMENT, "sv")), (Review::Original, Review::Draft));
    let reviewed = DOCUMENT.replacen("\"review\": \"draft\"", "\"review\": \"reviewed\"", 1);
    assert_eq!(review(&reviewed, "sv"), Review::Reviewed, "where every wording is reviewed");
    let one = reviewed.replacen("\"review\": \"reviewed\"\n", "\"review\": \"draft\"\n", 1);
    assert_eq!(review(&one, "sv"), Review::Draft, "as weak as its weakest wording");
    let missing = parse_scheme(DOCUMENT, VALUES, Some("fi")).unwrap_err().to_string();
    assert_eq!(missing, "the scheme has no language \"fi\"; it has en, sv");
}

#[test]
fn what_was_signed_is_read_again_and_nothing_wrong_is_signed() {
    let signed = sign_scheme(DOCUMENT, VALUES, Purpose::Demonstration, &key()).unwrap();
    let (scheme, unverified) = parse_signed_scheme(&signed, Some("sv")).unwrap();
    assert_eq!(scheme, parse_scheme(DOCUMENT, VALUES, Some("sv")).unwrap());
    assert_eq!(unverified.verify(&key().public()), Ok(()));
    let mut fields = unverified.unverified_fields().unwrap();
    let texts = [2, 3, 4].map(|field| fields.text(field).unwrap());
    assert_eq!(texts, [DOCUMENT, VALUES, "en"], "both exactly as given, and the original language");
    assert_eq!(parse_scheme_id(&signed).unwrap().0, Some(scheme.id));
    let broken = VALUES.replace("\"W1\": 5", "\"W2\": 5");
    let error = sign_scheme(DOCUMENT, &broken, Purpose::Demonstration, &key()).unwrap_err();
    let SchemeError::Problems(problems) = &error else { panic!("{error}") };
    assert_eq!(problems.len(), 2, "{problems:?}");
    let said = error.to_string();
    assert!(said.starts_with("values document, line 21, waits: the value of wait \"W1\" is missing — "), "{said}");
    assert!(said.ends_with("(and 1 more problem)"), "{said}");
}
