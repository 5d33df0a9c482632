//! Observations as bytes: the form in which a tap is stored and later stands in the record's log part.

use ciborium::Value;
use fieldproof_model::{
    clock::Elapsed,
    id::SessionId,
    observation::{Answer, Observation, Observed, Score, StopKind, StoppedBy},
    scheme::{CriterionId, PartId, RuleId},
    time::{Date, Timestamp},
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

/// An observation with its place, its two times and the clocks beside them, as it stands in the log part:
/// `[sequence, tapped at, seen at, observation, [run, milliseconds] or null, beacon or null]`.
#[must_use]
pub fn observation_value(observation: &Observation) -> Value {
    Value::Array(vec![
        Value::from(observation.sequence),
        Value::from(observation.tapped_at.as_millis()),
        Value::from(observation.seen_at.as_millis()),
        observed_value(&observation.observed),
        or_null(observation.elapsed, |elapsed| Value::Array(vec![elapsed.run.into(), elapsed.millis.into()])),
        or_null(observation.beacon, |beacon| beacon.as_millis().into()),
    ])
}

/// Reads an observation out of the log part.
///
/// # Errors
/// [`FormatError`].
pub fn parse_observation(value: Value) -> Result<Observation, FormatError> {
    let wrong = || FormatError::OtherKind(WHAT);
    let items: [Value; 6] = value.into_array().map_err(|_| wrong())?.try_into().map_err(|_| wrong())?;
    let [sequence, tapped_at, seen_at, observed, elapsed, beacon] = items;
    let time = |value: &Value| cbor::integer(value).map(Timestamp::from_millis).ok_or_else(wrong);
    Ok(Observation {
        sequence: cbor::integer(&sequence).and_then(|n| u32::try_from(n).ok()).ok_or_else(wrong)?,
        tapped_at: time(&tapped_at)?,
        seen_at: time(&seen_at)?,
        observed: parse_observed(observed)?,
        elapsed: unless_null(&elapsed, |value| parse_elapsed(value).ok_or_else(wrong))?,
        beacon: unless_null(&beacon, time)?,
    })
}

fn or_null<T>(some: Option<T>, value: impl FnOnce(T) -> Value) -> Value {
    some.map_or(Value::Null, value)
}

fn unless_null<T>(
    value: &Value,
    parse: impl FnOnce(&Value) -> Result<T, FormatError>,
) -> Result<Option<T>, FormatError> {
    if value.is_null() { Ok(None) } else { parse(value).map(Some) }
}

fn parse_elapsed(value: &Value) -> Option<Elapsed> {
    let [run, millis] = value.as_array()?.as_slice() else { return None };
    Some(Elapsed { run: cbor::integer(run)?.try_into().ok()?, millis: cbor::integer(millis)?.try_into().ok()? })
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
        Observed::Photo { criterion, digest, size, original } => code(4)
            .with_some(1, criterion.as_ref().map(CriterionId::as_str))
            .with(2, bytes(*digest.as_bytes()))
            .with(3, *size)
            .with_some(4, original.map(|original| bytes(*original.as_bytes()))),
        Observed::TesterBefore { criterion, source, worked } => {
            code(5).with(1, source.as_str()).with(2, *worked).with(4, criterion.as_str())
        }
        Observed::Reading { criterion, point, reading, dead } => {
            code(6).with(1, point.as_str()).with(2, reading.as_str()).with(3, *dead).with(4, criterion.as_str())
        }
        Observed::TesterAfter { criterion, source, worked, same_instrument } => {
            code(7).with(1, source.as_str()).with(2, *worked).with(3, *same_instrument).with(4, criterion.as_str())
        }
        Observed::SecondPersonLeft => code(8),
        Observed::SecondPersonReturned => code(9),
        Observed::Stop => code(10),
        Observed::StopExplained { by, kind, why } => {
            code(11).with(1, stopped_by_number(*by)).with(2, stop_kind_number(*kind)).with(3, why.as_str())
        }
        Observed::Resume { made_safe, gate_checked } => code(12).with(1, *made_safe).with(2, *gate_checked),
        Observed::Said { rule, kept, note } => code(13).with(1, *kept).with(2, note.as_str()).with(3, rule.as_str()),
        Observed::Ended => code(14),
        Observed::Continued => code(15),
        Observed::Confirmed { borderline, note } => code(16).with(1, *borderline).with(2, note.as_str()),
        Observed::Answered { criterion, answer } => code(17).with(1, criterion.as_str()).with(2, answer_value(answer)),
        Observed::File { criterion, name, digest, size, original } => code(18)
            .with_some(1, criterion.as_ref().map(CriterionId::as_str))
            .with(2, bytes(*digest.as_bytes()))
            .with(3, *size)
            .with(4, name.as_str())
            .with_some(5, original.map(|original| bytes(*original.as_bytes()))),
        Observed::Reenergised => code(19),
        Observed::PartBegan(part) => code(20).with(1, part.as_str()),
        Observed::PartEnded(part) => code(21).with(1, part.as_str()),
        Observed::PartMarked { part, points, of, on, reference } => code(22)
            .with(1, part.as_str())
            .with(2, *points)
            .with(3, *of)
            .with(4, on.as_days())
            .with(5, reference.as_str()),
        Observed::SwappedOut => code(23),
        Observed::SwappedIn => code(24),
        Observed::Shared { session, sequence, digest } => {
            code(25).with(1, bytes(*session.as_bytes())).with(2, *sequence).with(3, bytes(*digest.as_bytes()))
        }
    }
    .build()
}

/// An answer: its kind, and what it says.
fn answer_value(answer: &Answer) -> Value {
    let list = |kind: i64, first: Value| vec![Value::from(kind), first];
    let numbers = |numbers: &[u32]| Value::Array(numbers.iter().map(|number| Value::from(*number)).collect());
    Value::Array(match answer {
        Answer::Level(level) => list(1, Value::from(*level)),
        Answer::Measured(value, instrument) => {
            vec![Value::from(2), Value::from(*value), Value::from(instrument.as_str())]
        }
        Answer::Chosen(options) => {
            list(3, Value::Array(options.iter().map(|option| Value::from(option.as_str())).collect()))
        }
        Answer::Counted(number) => list(4, Value::from(*number)),
        Answer::Timed(millis) => list(5, Value::from(*millis)),
        Answer::Heard(points, prompts) => vec![Value::from(6), numbers(points), Value::from(*prompts)],
        Answer::Written(text) => list(7, Value::from(text.as_str())),
    })
}

fn parse_answer(value: Value) -> Option<Answer> {
    let items = value.into_array().ok()?;
    let number = |value: &Value| cbor::integer(value).and_then(|n| u32::try_from(n).ok());
    Some(match items.as_slice() {
        [kind, first] => match cbor::integer(kind)? {
            1 => Answer::Level(number(first)?),
            3 => {
                let text = |value: &Value| value.as_text().map(str::to_owned);
                Answer::Chosen(first.as_array()?.iter().map(text).collect::<Option<_>>()?)
            }
            4 => Answer::Counted(number(first)?),
            5 => Answer::Timed(u64::try_from(cbor::integer(first)?).ok()?),
            7 => Answer::Written(first.as_text()?.to_owned()),
            _ => return None,
        },
        [kind, first, second] => match cbor::integer(kind)? {
            2 => Answer::Measured(cbor::integer(first)?, second.as_text()?.to_owned()),
            6 => Answer::Heard(first.as_array()?.iter().map(number).collect::<Option<_>>()?, number(second)?),
            _ => return None,
        },
        _ => return None,
    })
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
            original: fields.optional_digest(4)?,
        },
        5 => Observed::TesterBefore {
            criterion: CriterionId::new(fields.text(4)?),
            source: fields.text(1)?,
            worked: fields.boolean(2)?,
        },
        6 => Observed::Reading {
            criterion: CriterionId::new(fields.text(4)?),
            point: fields.text(1)?,
            reading: fields.text(2)?,
            dead: fields.boolean(3)?,
        },
        7 => Observed::TesterAfter {
            criterion: CriterionId::new(fields.text(4)?),
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
        13 => Observed::Said { rule: RuleId::new(fields.text(3)?), kept: fields.boolean(1)?, note: fields.text(2)? },
        14 => Observed::Ended,
        15 => Observed::Continued,
        16 => Observed::Confirmed { borderline: fields.boolean(1)?, note: fields.text(2)? },
        number => parse_newer(number, fields)?,
    })
}

/// Answers, files, parts and teams.
fn parse_newer(number: i64, fields: &mut Fields) -> Result<Observed, FormatError> {
    let part = |fields: &mut Fields| fields.text(1).map(PartId::new);
    Ok(match number {
        17 => Observed::Answered {
            criterion: CriterionId::new(fields.text(1)?),
            answer: parse_answer(fields.required(2)?).ok_or(FormatError::Malformed(2))?,
        },
        18 => Observed::File {
            criterion: fields.optional_text(1)?.map(CriterionId::new),
            digest: fields.digest(2)?,
            size: fields.number(3)?,
            name: fields.text(4)?,
            original: fields.optional_digest(5)?,
        },
        19 => Observed::Reenergised,
        20 => Observed::PartBegan(part(fields)?),
        21 => Observed::PartEnded(part(fields)?),
        22 => Observed::PartMarked {
            part: part(fields)?,
            points: fields.number(2)?,
            of: fields.number(3)?,
            on: Date::from_days(fields.number(4)?),
            reference: fields.text(5)?,
        },
        23 => Observed::SwappedOut,
        24 => Observed::SwappedIn,
        25 => Observed::Shared {
            session: SessionId::new(fields.array(1)?),
            sequence: fields.number(2)?,
            digest: fields.digest(3)?,
        },
        _ => return Err(FormatError::Malformed(0)),
    })
}

/// Every evidence item a log names, in its order: digest and size.
pub fn evidence_of(log: &[Observation]) -> Vec<(fieldproof_model::digest::Digest, u64)> {
    let mut found = Vec::new();
    for observation in log {
        if let Observed::Photo { digest, size, .. } | Observed::File { digest, size, .. } = &observation.observed
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
    fn every_photo_and_file_of_a_log_is_named_once_in_its_order() {
        let digest = |number: u8| Digest::new([number; 32]);
        let photo = |number, size| Observed::Photo { criterion: None, digest: digest(number), size, original: None };
        let file =
            Observed::File { criterion: None, digest: digest(2), size: 20, name: "a.txt".to_owned(), original: None };
        let seen = [photo(3, 30), Observed::Started, file, photo(3, 30), photo(1, 10)];
        let log: Vec<_> = (1..)
            .zip(seen)
            .map(|(sequence, observed)| Observation {
                sequence,
                tapped_at: Timestamp::from_millis(0),
                seen_at: Timestamp::from_millis(0),
                observed,
                elapsed: None,
                beacon: None,
            })
            .collect();
        assert_eq!(evidence_of(&log), [(digest(3), 30), (digest(2), 20), (digest(1), 10)]);
    }

    #[test]
    fn a_note_fills_the_largest_observation_and_no_more() {
        let note = |length: usize| Observed::Note { criterion: None, text: "a".repeat(length) };
        let just = 65_536 - encode_observed(&note(1_000)).len() + 1_000;
        let encoded = encode_observed(&note(just));
        assert_eq!((encoded.len(), decode_observed(&encoded)), (65_536, Ok(note(just))));
        assert_eq!(decode_observed(&encode_observed(&note(just + 1))), Err(FormatError::TooLarge(65_536)));
    }

    #[test]
    fn every_kind_round_trips() {
        let criterion = || CriterionId::new("T1.1.a".to_owned());
        let text = || "käsine".to_owned();
        let (digest, original) = (Digest::new([3; 32]), Some(Digest::new([6; 32])));
        let all = vec![
            Observed::Started,
            Observed::Score { criterion: criterion(), score: Score::NotApplicable, reason: Some(text()) },
            Observed::Score { criterion: criterion(), score: Score::Dangerous, reason: None },
            Observed::Note { criterion: None, text: text() },
            Observed::Photo { criterion: Some(criterion()), digest, size: 7, original: None },
            Observed::Photo { criterion: None, digest, size: 7, original },
            Observed::TesterBefore { criterion: criterion(), source: text(), worked: true },
            Observed::Reading { criterion: criterion(), point: text(), reading: "0.2 V".to_owned(), dead: true },
            Observed::TesterAfter { criterion: criterion(), source: text(), worked: false, same_instrument: true },
            Observed::SecondPersonLeft,
            Observed::SecondPersonReturned,
            Observed::Stop,
            Observed::StopExplained { by: StoppedBy::SecondPerson, kind: StopKind::CalledInError, why: text() },
            Observed::Resume { made_safe: true, gate_checked: false },
            Observed::Said { rule: RuleId::new(text()), kept: true, note: text() },
            Observed::Ended,
            Observed::Continued,
            Observed::Confirmed { borderline: true, note: text() },
            Observed::File { criterion: None, name: text(), digest, size: 9, original },
            Observed::Reenergised,
            Observed::PartBegan(PartId::new(text())),
            Observed::PartEnded(PartId::new(text())),
            Observed::PartMarked {
                part: PartId::new(text()),
                points: 17,
                of: 20,
                on: Date::from_days(20_000),
                reference: text(),
            },
            Observed::SwappedOut,
            Observed::SwappedIn,
            Observed::Shared { session: SessionId::new([6; 16]), sequence: 3, digest: Digest::new([5; 32]) },
        ];
        let answers = [
            Answer::Level(3),
            Answer::Measured(-1_500, text()),
            Answer::Chosen(vec![text(), "b".to_owned()]),
            Answer::Counted(4),
            Answer::Timed(61_000),
            Answer::Heard(vec![1, 3], 2),
            Answer::Written(text()),
        ];
        let answers = answers.map(|answer| Observed::Answered { criterion: criterion(), answer });
        for observed in all.into_iter().chain(answers) {
            assert_eq!(decode_observed(&encode_observed(&observed)), Ok(observed));
        }
        assert!(decode_observed(&cbor::encode(Writer::default().with(0, 99).build())).is_err());
    }
}
