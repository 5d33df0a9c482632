//! Observations as bytes: the form in which a tap is stored and later stands in the record's log part.

use ciborium::Value;
use fieldproof_model::{
    observation::{Observation, Observed, Score, StopKind, StoppedBy},
    scheme::CriterionId,
    time::Timestamp,
};

use crate::{
    cbor::{self, Fields, FormatError, Writer, bytes},
    chain::parse_digest,
};

/// The largest single observation: a note and its frame.
pub const OBSERVATION_LIMIT: usize = 64 * 1024;

const WHAT: &str = "observation";

/// The number of a score in every format of ours.
#[must_use]
pub const fn score_number(score: Score) -> i64 {
    match score {
        Score::Unaided => 1,
        Score::Prompted => 2,
        Score::NotDone => 3,
        Score::Dangerous => 4,
        Score::NotSeen => 5,
        Score::NotApplicable => 6,
    }
}

fn parse_score(number: i64) -> Option<Score> {
    use Score::{Dangerous, NotApplicable, NotDone, NotSeen, Prompted, Unaided};
    [Unaided, Prompted, NotDone, Dangerous, NotSeen, NotApplicable].into_iter().find(|s| score_number(*s) == number)
}

const fn stopped_by_number(by: StoppedBy) -> i64 {
    match by {
        StoppedBy::Assessor => 1,
        StoppedBy::Candidate => 2,
        StoppedBy::SecondPerson => 3,
        StoppedBy::SomebodyElse => 4,
    }
}

const fn stop_kind_number(kind: StopKind) -> i64 {
    match kind {
        StopKind::DangerByCandidate => 1,
        StopKind::OutsideCause => 2,
        StopKind::CalledInError => 3,
    }
}

/// Encodes what an observation says, as stored in one row.
#[must_use]
pub fn encode_observed(observed: &Observed) -> Vec<u8> {
    cbor::encode(observed_value(observed))
}

/// Decodes one row.
///
/// # Errors
/// [`FormatError`].
pub fn decode_observed(bytes: &[u8]) -> Result<Observed, FormatError> {
    parse_observed(cbor::decode(bytes, OBSERVATION_LIMIT)?)
}

/// An observation with its place and its two times, as it stands in the log part.
#[must_use]
pub fn observation_value(observation: &Observation) -> Value {
    Value::Array(vec![
        Value::from(observation.sequence),
        Value::from(observation.tapped_at.as_millis()),
        Value::from(observation.seen_at.as_millis()),
        observed_value(&observation.observed),
    ])
}

/// Reads an observation out of the log part.
///
/// # Errors
/// [`FormatError`].
pub fn parse_observation(value: Value) -> Result<Observation, FormatError> {
    let wrong = || FormatError::OtherKind(WHAT);
    let items: [Value; 4] = value.into_array().map_err(|_| wrong())?.try_into().map_err(|_| wrong())?;
    let [sequence, tapped_at, seen_at, observed] = items;
    let time = |value| cbor::integer(value).map(Timestamp::from_millis).ok_or_else(wrong);
    Ok(Observation {
        sequence: cbor::integer(&sequence).and_then(|n| u32::try_from(n).ok()).ok_or_else(wrong)?,
        tapped_at: time(&tapped_at)?,
        seen_at: time(&seen_at)?,
        observed: parse_observed(observed)?,
    })
}

fn observed_value(observed: &Observed) -> Value {
    let code = |number: i64| Writer::default().with(0, number);
    match observed {
        Observed::Started => code(1),
        Observed::Score { criterion, score, reason } => {
            code(2).with(1, criterion.as_str()).with(2, score_number(*score)).with_some(3, reason.as_deref())
        }
        Observed::Note { criterion, text } => {
            code(3).with_some(1, criterion.as_ref().map(CriterionId::as_str)).with(2, text.as_str())
        }
        Observed::Photo { criterion, digest, size } => code(4)
            .with_some(1, criterion.as_ref().map(CriterionId::as_str))
            .with(2, bytes(*digest.as_bytes()))
            .with(3, *size),
        Observed::TesterBefore { source, worked } => code(5).with(1, source.as_str()).with(2, *worked),
        Observed::Reading { point, reading, dead } => {
            code(6).with(1, point.as_str()).with(2, reading.as_str()).with(3, *dead)
        }
        Observed::TesterAfter { source, worked, same_instrument } => {
            code(7).with(1, source.as_str()).with(2, *worked).with(3, *same_instrument)
        }
        Observed::SecondPersonLeft => code(8),
        Observed::SecondPersonReturned => code(9),
        Observed::Stop => code(10),
        Observed::StopExplained { by, kind, why } => {
            code(11).with(1, stopped_by_number(*by)).with(2, stop_kind_number(*kind)).with(3, why.as_str())
        }
        Observed::Resume { made_safe, gate_checked } => code(12).with(1, *made_safe).with(2, *gate_checked),
        Observed::WaitAnswer { kept, note } => code(13).with(1, *kept).with(2, note.as_str()),
        Observed::Ended => code(14),
        Observed::Continued => code(15),
        Observed::Confirmed { borderline, note } => code(16).with(1, *borderline).with(2, note.as_str()),
    }
    .build()
}

fn parse_observed(value: Value) -> Result<Observed, FormatError> {
    let mut fields = Fields::new(value, WHAT)?;
    let observed = match fields.number(0)? {
        1 => Observed::Started,
        2 => Observed::Score {
            criterion: CriterionId::new(fields.text(1)?),
            score: parse_score(fields.number(2)?).ok_or(FormatError::Malformed(2))?,
            reason: fields.optional_text(3)?,
        },
        3 => Observed::Note { criterion: fields.optional_text(1)?.map(CriterionId::new), text: fields.text(2)? },
        4 => Observed::Photo {
            criterion: fields.optional_text(1)?.map(CriterionId::new),
            digest: fields.digest(2)?,
            size: fields.number(3)?,
        },
        5 => Observed::TesterBefore { source: fields.text(1)?, worked: fields.boolean(2)? },
        6 => Observed::Reading { point: fields.text(1)?, reading: fields.text(2)?, dead: fields.boolean(3)? },
        7 => Observed::TesterAfter {
            source: fields.text(1)?,
            worked: fields.boolean(2)?,
            same_instrument: fields.boolean(3)?,
        },
        number => parse_rest(number, &mut fields)?,
    };
    Ok(observed)
}

/// The observations about the course of the exercise.
fn parse_rest(number: i64, fields: &mut Fields) -> Result<Observed, FormatError> {
    use StopKind::{CalledInError, DangerByCandidate, OutsideCause};
    use StoppedBy::{Assessor, Candidate, SecondPerson, SomebodyElse};
    Ok(match number {
        8 => Observed::SecondPersonLeft,
        9 => Observed::SecondPersonReturned,
        10 => Observed::Stop,
        11 => {
            let (by, kind) = (fields.number::<i64>(1)?, fields.number::<i64>(2)?);
            Observed::StopExplained {
                by: [Assessor, Candidate, SecondPerson, SomebodyElse]
                    .into_iter()
                    .find(|known| stopped_by_number(*known) == by)
                    .ok_or(FormatError::Malformed(1))?,
                kind: [DangerByCandidate, OutsideCause, CalledInError]
                    .into_iter()
                    .find(|known| stop_kind_number(*known) == kind)
                    .ok_or(FormatError::Malformed(2))?,
                why: fields.text(3)?,
            }
        }
        12 => Observed::Resume { made_safe: fields.boolean(1)?, gate_checked: fields.boolean(2)? },
        13 => Observed::WaitAnswer { kept: fields.boolean(1)?, note: fields.text(2)? },
        14 => Observed::Ended,
        15 => Observed::Continued,
        16 => Observed::Confirmed { borderline: fields.boolean(1)?, note: fields.text(2)? },
        _ => return Err(FormatError::Malformed(0)),
    })
}

/// Every evidence item a log names, in its order: digest and size.
pub fn evidence_of(log: &[Observation]) -> Vec<(fieldproof_model::digest::Digest, u64)> {
    let mut found = Vec::new();
    for observation in log {
        if let Observed::Photo { digest, size, .. } = &observation.observed
            && !found.iter().any(|(known, _)| known == digest)
        {
            found.push((*digest, *size));
        }
    }
    found
}

/// Evidence as it stands in a signed thing.
pub(crate) fn evidence_value(evidence: &[(fieldproof_model::digest::Digest, u64)]) -> Vec<Value> {
    evidence.iter().map(|(digest, size)| Value::Array(vec![bytes(*digest.as_bytes()), Value::from(*size)])).collect()
}

/// Reads evidence out of a signed thing.
pub(crate) fn parse_evidence(value: &Value) -> Option<(fieldproof_model::digest::Digest, u64)> {
    match value.as_array()?.as_slice() {
        [digest, size] => Some((parse_digest(digest)?, u64::try_from(cbor::integer(size)?).ok()?)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fieldproof_model::digest::Digest;

    #[test]
    fn every_kind_round_trips() {
        let criterion = || CriterionId::new("T1.1.a".to_owned());
        let text = || "käsine".to_owned();
        let all = vec![
            Observed::Started,
            Observed::Score { criterion: criterion(), score: Score::NotApplicable, reason: Some(text()) },
            Observed::Score { criterion: criterion(), score: Score::Dangerous, reason: None },
            Observed::Note { criterion: None, text: text() },
            Observed::Photo { criterion: Some(criterion()), digest: Digest::new([3; 32]), size: 7 },
            Observed::TesterBefore { source: text(), worked: true },
            Observed::Reading { point: text(), reading: "0.2 V".to_owned(), dead: true },
            Observed::TesterAfter { source: text(), worked: false, same_instrument: true },
            Observed::SecondPersonLeft,
            Observed::SecondPersonReturned,
            Observed::Stop,
            Observed::StopExplained { by: StoppedBy::SecondPerson, kind: StopKind::CalledInError, why: text() },
            Observed::Resume { made_safe: true, gate_checked: false },
            Observed::WaitAnswer { kept: true, note: text() },
            Observed::Ended,
            Observed::Continued,
            Observed::Confirmed { borderline: true, note: text() },
        ];
        for observed in all {
            assert_eq!(decode_observed(&encode_observed(&observed)), Ok(observed));
        }
        assert!(decode_observed(&cbor::encode(Writer::default().with(0, 99).build())).is_err());
    }
}
