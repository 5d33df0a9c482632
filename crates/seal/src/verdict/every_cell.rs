//! Every cell of what can be found, judged by the precedence and held against what must never happen.

use fieldproof_model::{clock::ClockGrade, time::Date};

use super::*;

const SIGNATURES: [SignatureFound; 3] = [SignatureFound::Holds, SignatureFound::Broken, SignatureFound::NoKey];
const ISSUERS: [IssuerFound; 8] = [
    IssuerFound::Holds,
    IssuerFound::NoTrust,
    IssuerFound::Unknown,
    IssuerFound::OtherPurpose,
    IssuerFound::Forged,
    IssuerFound::NeedsNewer,
    IssuerFound::Compromised,
    IssuerFound::NotListed,
];
const DELEGATIONS: [DelegationFound; 5] = [
    DelegationFound::Holds,
    DelegationFound::MayNotCertify,
    DelegationFound::OutsideDays,
    DelegationFound::Compromised,
    DelegationFound::RetiredNotHeld,
];
const CONTENTS: [ContentFound; 8] = [
    ContentFound::Whole,
    ContentFound::Absent,
    ContentFound::Altered,
    ContentFound::SchemeForged,
    ContentFound::SchemeUnknown,
    ContentFound::SchemeCompromised,
    ContentFound::EndorsementForged,
    ContentFound::NeedsNewer,
];
const GRADES: [ClockGrade; 5] =
    [ClockGrade::Sound, ClockGrade::Unconfirmed, ClockGrade::Behind, ClockGrade::Ahead, ClockGrade::Jumped];
const WITHDRAWALS: [Option<Withdrawn>; 4] =
    [None, Some(Withdrawn::Revoked), Some(Withdrawn::Suspended), Some(Withdrawn::Refused)];
const LISTS: [ListFound; 4] = [ListFound::AtHand, ListFound::None, ListFound::BeforeIssue, ListFound::AfterToday];
const STANDINGS: [StandingFound; 5] = [
    StandingFound::Registered,
    StandingFound::RegisteredByList,
    StandingFound::OnSite,
    StandingFound::PastConfirmBy,
    StandingFound::Record,
];
const TERMS: [TermFound; 3] = [TermFound::Within, TermFound::NotYet, TermFound::Expired];

fn details() -> Details {
    Details {
        today: Date::from_days(20_000),
        issued_on: Date::from_days(20_000),
        confirm_by: None,
        valid_until: None,
        list_of: None,
        key_set: None,
        withdrawn_on: None,
        absent: Vec::new(),
    }
}

/// Calls `look` with every cell; says how many there were.
fn every_cell(mut look: impl FnMut(&Findings, &Verdict)) -> u32 {
    let mut count = 0;
    for signature in SIGNATURES {
        for issuer in ISSUERS {
            for delegation in DELEGATIONS {
                for content in CONTENTS {
                    for clock in GRADES {
                        for withdrawn in WITHDRAWALS {
                            for list in LISTS {
                                for standing in STANDINGS {
                                    for term in TERMS {
                                        let findings = Findings {
                                            purpose: Purpose::Real,
                                            signature,
                                            issuer,
                                            delegation,
                                            content,
                                            clock,
                                            withdrawn,
                                            list,
                                            standing,
                                            term,
                                        };
                                        look(&findings, &decide(&findings, details()));
                                        count += 1;
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
    count
}

/// Whether something that was found says against the thing itself; written from SPEC.md, not from the code above.
fn something_failed(found: &Findings) -> bool {
    let clock_is_sound = found.clock == ClockGrade::Sound;
    let clock_may_date = clock_is_sound
        || found.standing == StandingFound::Registered
        || (found.clock == ClockGrade::Unconfirmed && found.standing == StandingFound::RegisteredByList);
    let permission = found.issuer == IssuerFound::Holds
        && (found.delegation == DelegationFound::MayNotCertify
            || (found.delegation == DelegationFound::OutsideDays && clock_is_sound));
    found.signature == SignatureFound::Broken
        || matches!(found.issuer, IssuerFound::OtherPurpose | IssuerFound::Forged | IssuerFound::NotListed)
        || permission
        || (found.issuer == IssuerFound::Holds && found.delegation == DelegationFound::Compromised)
        || matches!(found.content, ContentFound::Altered | ContentFound::SchemeForged | ContentFound::EndorsementForged)
        || found.withdrawn.is_some()
        || (found.term == TermFound::Expired && clock_may_date)
}

fn is_perfect(found: &Findings) -> bool {
    let clock_may_date = found.clock == ClockGrade::Sound
        || found.standing == StandingFound::Registered
        || (found.clock == ClockGrade::Unconfirmed && found.standing == StandingFound::RegisteredByList);
    found.signature == SignatureFound::Holds
        && found.issuer == IssuerFound::Holds
        && (found.delegation == DelegationFound::Holds
            || (found.delegation == DelegationFound::RetiredNotHeld
                && matches!(found.standing, StandingFound::Registered | StandingFound::RegisteredByList)))
        && found.content == ContentFound::Whole
        && clock_may_date
        && found.withdrawn.is_none()
        && found.list == ListFound::AtHand
        && matches!(found.standing, StandingFound::Registered | StandingFound::RegisteredByList | StandingFound::OnSite)
        && found.term == TermFound::Within
}

#[test]
fn every_cell_is_green_no_or_could_not_tell_for_a_reason() {
    let (mut green, mut no, mut looked_at) = (0, 0, 0);
    let mut said = std::collections::BTreeSet::new();
    let cells = every_cell(|found, verdict| {
        let answers = [verdict.genuine, verdict.in_force];
        // Green only if every check was made, holds, and both answers are yes.
        assert_eq!(verdict.is_green(), is_perfect(found), "{found:?}");
        if verdict.is_green() {
            assert!(verdict.checks.iter().chain(&answers).all(|(answer, _)| *answer == Answer::Yes));
            green += 1;
        }
        // "No" only from a check that failed, and every failed check is heard.
        let says_no = answers.iter().any(|(answer, _)| *answer == Answer::No);
        assert_eq!(says_no, something_failed(found), "{found:?} {answers:?}");
        no += u32::from(says_no);
        // What is not genuine is not in force; what could not be told is never in force.
        match verdict.genuine.0 {
            Answer::No => assert_eq!(verdict.in_force, (Answer::No, Sentence::NotGenuine)),
            Answer::CouldNotTell => assert_ne!(verdict.in_force.0, Answer::Yes),
            Answer::Yes => {}
        }
        // The purpose changes the colour, never the answers.
        looked_at += 1;
        for purpose in [Purpose::Practice, Purpose::Demonstration].into_iter().filter(|_| looked_at % 97 == 0) {
            let other = decide(&Findings { purpose, ..*found }, details());
            assert_eq!(
                (other.genuine, other.in_force, other.checks),
                (verdict.genuine, verdict.in_force, verdict.checks)
            );
            assert!(!other.is_green());
        }
        said.extend(verdict.checks.iter().chain(&answers).map(|(_, sentence)| *sentence));
    });
    assert_eq!(cells, 3 * 8 * 5 * 8 * 5 * 4 * 4 * 5 * 3);
    assert!(0 < green && green < no, "{green} green, {no} no of {cells}");
    // Every sentence is said by some cell, and there are no others.
    assert_eq!(said, SENTENCES.into_iter().collect());
    assert!(said.len() <= 40);
}

#[test]
fn a_clock_in_doubt_never_makes_a_no() {
    every_cell(|found, verdict| {
        let sound = decide(&Findings { clock: ClockGrade::Sound, ..*found }, details());
        if verdict.in_force.0 == Answer::No || verdict.genuine.0 == Answer::No {
            assert!(sound.in_force.0 == Answer::No, "{found:?}: the clock alone made a no");
        }
    });
}
