//! Parts: separately salted and hashed pieces of a record, which can be withheld without breaking the seal.

use ciborium::Value;
use fieldproof_model::{
    decision::{Answer, Because, Decision, Judged, Outcome},
    digest::Digest,
    id::PersonId,
    observation::Observation,
    person::{Name, Person},
};

use crate::{
    cbor::{self, Fields, FormatError, Writer, bytes},
    keys::digest_of,
    observation::{observation_value, parse_observation, score_number},
};

/// The largest part: a long log, or a scheme in full.
pub const PART_LIMIT: usize = 4 << 20;

/// What a part holds; the number is its name in the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PartKind {
    /// Who was assessed.
    Person,
    /// What was observed.
    Log,
    /// Assessor and second person.
    People,
    /// The gate as it held.
    Gate,
    /// The computed result and its explanation.
    Decision,
    /// Who acknowledged it, and how.
    Acknowledgements,
    /// The signed scheme, wording and values.
    Scheme,
    /// The course.
    Course,
    /// Where it took place.
    Location,
}

/// All parts of version 1, in the order of their numbers.
pub const PARTS: [(PartKind, i64, &str); 9] = [
    (PartKind::Person, 1, "person"),
    (PartKind::Log, 2, "log"),
    (PartKind::People, 3, "people"),
    (PartKind::Gate, 4, "gate"),
    (PartKind::Decision, 5, "decision"),
    (PartKind::Acknowledgements, 6, "acknowledgements"),
    (PartKind::Scheme, 7, "scheme"),
    (PartKind::Course, 8, "course"),
    (PartKind::Location, 9, "location"),
];

impl PartKind {
    /// The part's number.
    #[must_use]
    pub fn number(self) -> i64 {
        PARTS.iter().find(|(kind, ..)| *kind == self).map_or(0, |(_, number, _)| *number)
    }
}

/// One part: a salt nobody can guess, and the content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part(Vec<u8>);

impl Part {
    /// Salts and encodes a part's content.
    #[must_use]
    pub fn new(salt: [u8; 16], content: Value) -> Self {
        Self(cbor::encode(Value::Array(vec![bytes(salt), content])))
    }

    /// Takes a part's exact bytes.
    #[must_use]
    pub const fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// The exact bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// What the record signs of it.
    #[must_use]
    pub fn digest(&self) -> Digest {
        digest_of(&self.0)
    }

    /// The content.
    ///
    /// # Errors
    /// [`FormatError`].
    pub fn content(&self) -> Result<Value, FormatError> {
        let wrong = |_| FormatError::OtherKind("part");
        let items = cbor::decode(&self.0, PART_LIMIT)?.into_array().map_err(wrong)?;
        let [salt, content] = <[Value; 2]>::try_from(items).map_err(|_| FormatError::OtherKind("part"))?;
        match salt.as_bytes().map(Vec::len) {
            Some(16) => Ok(content),
            _ => Err(FormatError::OtherKind("part")),
        }
    }
}

/// A person, as a part or inside one.
#[must_use]
pub fn person_value(person: &Person) -> Value {
    Writer::default()
        .with(1, bytes(*person.id.as_bytes()))
        .with(2, person.name.as_str())
        .with_some(3, person.birth_year)
        .build()
}

/// Where it took place, in the words of the course.
#[must_use]
pub fn location_value(site: &str) -> Value {
    Writer::default().with(1, site).build()
}

/// Reads where it took place.
///
/// # Errors
/// [`FormatError`].
pub fn parse_location(value: Value) -> Result<String, FormatError> {
    Fields::new(value, "location")?.text(1)
}

/// Reads a person.
///
/// # Errors
/// [`FormatError`].
pub fn parse_person(value: Value) -> Result<Person, FormatError> {
    let mut fields = Fields::new(value, "person")?;
    let person = Person {
        id: PersonId::new(fields.array(1)?),
        name: Name::parse(&fields.text(2)?).map_err(|_| FormatError::Malformed(2))?,
        birth_year: fields.optional_number(3)?,
    };
    Ok(person)
}

/// The log part.
#[must_use]
pub fn log_value(log: &[Observation]) -> Value {
    Value::Array(log.iter().map(observation_value).collect())
}

/// Reads the log part.
///
/// # Errors
/// [`FormatError`].
pub fn parse_log(value: Value) -> Result<Vec<Observation>, FormatError> {
    let items = value.into_array().map_err(|_| FormatError::OtherKind("log"))?;
    items.into_iter().map(parse_observation).collect()
}

/// The people part.
#[must_use]
pub fn people_value(assessor: &Person, second: Option<&Person>) -> Value {
    Writer::default().with(1, person_value(assessor)).with_some(2, second.map(person_value)).build()
}

/// Reads the people part: assessor and second person, where there is one.
///
/// # Errors
/// [`FormatError`].
pub fn parse_people(value: Value) -> Result<(Person, Option<Person>), FormatError> {
    let mut fields = Fields::new(value, "people")?;
    let assessor = parse_person(fields.required(1)?)?;
    let second = fields.optional(2).map(parse_person).transpose()?;
    Ok((assessor, second))
}

/// The number of an outcome in every format of ours.
#[must_use]
pub const fn outcome_number(outcome: Outcome) -> i64 {
    match outcome {
        Outcome::Pass => 1,
        Outcome::Fail => 2,
        Outcome::Open => 3,
        Outcome::NotCompleted => 4,
    }
}

/// The outcome of a number.
#[must_use]
pub fn parse_outcome(number: i64) -> Option<Outcome> {
    [Outcome::Pass, Outcome::Fail, Outcome::Open, Outcome::NotCompleted]
        .into_iter()
        .find(|outcome| outcome_number(*outcome) == number)
}

/// The decision part: outcome, how it was confirmed, every line with its reason, and the answer to every rule.
#[must_use]
pub fn decision_value(decision: &Decision, borderline: bool, note: &str) -> Value {
    let lines = decision.lines.iter().map(|line| {
        let judged = match line.judged {
            Judged::Met => 1,
            Judged::NotMet => 2,
            Judged::Excluded => 3,
            Judged::Open => 4,
        };
        let because = match &line.because {
            Because::Scored(_) => 1,
            Because::NotRecorded => 2,
            Because::NeedsUnaided => 3,
            Because::CriticalNotApplicable => 4,
            Because::Proof(_) => 5,
            Because::Rule(_) => 6,
            Because::DoesNotFit => 7,
            Because::ProofGivenUp => 8,
            Because::Reached(..) => 9,
            Because::Value(_) => 10,
            Because::NoInstrument => 11,
            Because::Options(_) => 12,
            Because::Written => 13,
        };
        Writer::default()
            .with(1, line.criterion.as_str())
            .with(2, line.critical)
            .with_some(3, line.score.map(score_number))
            .with(4, judged)
            .with(5, because)
            .build()
    });
    let rules = decision.rules.iter().map(|(rule, answer)| {
        let answer = match answer {
            Answer::Yes => 1,
            Answer::No => 2,
            Answer::Open => 3,
        };
        Value::Array(vec![Value::from(rule.to_string()), Value::from(answer)])
    });
    Writer::default()
        .with(1, outcome_number(decision.outcome))
        .with(2, borderline)
        .with(3, note)
        .with(4, Value::Array(lines.collect()))
        .with(5, Value::Array(rules.collect()))
        .build()
}

/// How somebody acknowledged the result. Witnessed by the assessor's key, not the person's signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Acknowledged {
    /// "I have seen this result", typed name.
    Typed(String),
    /// "I have seen this result", drawn: strokes of x, y in a box of 600 by 200.
    Drawn(Vec<Vec<u16>>),
    /// Refused, with the reason given.
    Refused(String),
}

/// Who acknowledged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AcknowledgementRole {
    /// The candidate.
    Candidate,
    /// The second person.
    SecondPerson,
}

/// An acknowledgement with its moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acknowledgement {
    /// Who.
    pub role: AcknowledgementRole,
    /// How.
    pub how: Acknowledged,
    /// When, as the laptop's clock claims.
    pub at: fieldproof_model::time::Timestamp,
}

/// One acknowledgement, stored and sealed in the same form.
#[must_use]
pub fn acknowledgement_value(acknowledgement: &Acknowledgement) -> Value {
    let role = match acknowledgement.role {
        AcknowledgementRole::Candidate => 1,
        AcknowledgementRole::SecondPerson => 2,
    };
    let (how, content) = match &acknowledgement.how {
        Acknowledged::Typed(name) => (1, Value::from(name.as_str())),
        Acknowledged::Drawn(strokes) => {
            let stroke = |points: &Vec<u16>| Value::Array(points.iter().map(|n| Value::from(*n)).collect());
            (2, Value::Array(strokes.iter().map(stroke).collect()))
        }
        Acknowledged::Refused(reason) => (3, Value::from(reason.as_str())),
    };
    Writer::default().with(1, role).with(2, how).with(3, content).with(4, acknowledgement.at.as_millis()).build()
}

/// Reads one acknowledgement.
///
/// # Errors
/// [`FormatError`].
pub fn parse_acknowledgement(value: Value) -> Result<Acknowledgement, FormatError> {
    let mut fields = Fields::new(value, "acknowledgement")?;
    let role = match fields.number(1)? {
        1 => AcknowledgementRole::Candidate,
        2 => AcknowledgementRole::SecondPerson,
        _ => return Err(FormatError::Malformed(1)),
    };
    let how = match fields.number(2)? {
        1 => Acknowledged::Typed(fields.text(3)?),
        2 => Acknowledged::Drawn(parse_strokes(fields.list(3)?).ok_or(FormatError::Malformed(3))?),
        3 => Acknowledged::Refused(fields.text(3)?),
        _ => return Err(FormatError::Malformed(2)),
    };
    let at = fields.timestamp(4)?;
    Ok(Acknowledgement { role, how, at })
}

fn parse_strokes(strokes: Vec<Value>) -> Option<Vec<Vec<u16>>> {
    let number = |value: &Value| cbor::integer(value).and_then(|n| u16::try_from(n).ok());
    strokes.into_iter().map(|stroke| stroke.into_array().ok()?.iter().map(number).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use fieldproof_model::{clock::Elapsed, observation::Observed, time::Timestamp};

    fn tap(sequence: u32, elapsed: Option<Elapsed>, beacon: Option<i64>) -> Observation {
        Observation {
            sequence,
            tapped_at: Timestamp::from_millis(2_000),
            seen_at: Timestamp::from_millis(1_000),
            observed: Observed::Started,
            elapsed,
            beacon: beacon.map(Timestamp::from_millis),
        }
    }

    #[test]
    fn a_log_row_has_six_items_whether_or_not_there_were_clocks() {
        let log = [
            tap(1, None, None),
            tap(2, Some(Elapsed { run: u32::MAX, millis: 7 }), Some(-5)),
            tap(3, Some(Elapsed { run: 0, millis: 0 }), None),
            tap(4, None, Some(9)),
        ];
        assert_eq!(parse_log(log_value(&log)), Ok(log.to_vec()));
        let encoded = cbor::encode(log_value(&log[..2]));
        let expected = [
            &[0x82, 0x86, 0x01, 0x19, 0x07, 0xD0, 0x19, 0x03, 0xE8, 0xA1, 0x00, 0x01, 0xF6, 0xF6][..],
            &[0x86, 0x02, 0x19, 0x07, 0xD0, 0x19, 0x03, 0xE8, 0xA1, 0x00, 0x01],
            &[0x82, 0x1A, 0xFF, 0xFF, 0xFF, 0xFF, 0x07, 0x24],
        ];
        assert_eq!(encoded, expected.concat());
    }

    #[test]
    fn a_log_row_of_another_form_is_refused() {
        let row = observation_value(&tap(1, Some(Elapsed { run: 1, millis: 2 }), Some(3))).into_array().unwrap();
        let parse = |row: Vec<Value>| parse_log(Value::Array(vec![Value::Array(row)]));
        assert!(parse(row.clone()).is_ok());
        assert!(parse(row[..4].to_vec()).is_err(), "four items, as once");
        assert!(parse(row[..5].to_vec()).is_err());
        assert!(parse([row.clone(), vec![Value::Null]].concat()).is_err(), "a seventh");
        let integers = |numbers: &[i64]| Value::Array(numbers.iter().map(|n| Value::from(*n)).collect());
        let past_run = i64::from(u32::MAX) + 1;
        let wrong_elapsed = [integers(&[1]), integers(&[1, 2, 3]), integers(&[-1, 2]), integers(&[1, -2])];
        let wrong_elapsed =
            wrong_elapsed.into_iter().chain([integers(&[past_run, 2]), Value::from(2), Value::Bool(false)]);
        for (place, wrong) in
            wrong_elapsed.map(|wrong| (4, wrong)).chain([(5, Value::from("3")), (5, integers(&[3])), (1, Value::Null)])
        {
            let mut row = row.clone();
            row[place] = wrong.clone();
            assert!(parse(row).is_err(), "{wrong:?} at {place}");
        }
    }

    #[test]
    fn acknowledgements_places_and_outcomes_round_trip() {
        let at = Timestamp::from_millis(5);
        for role in [AcknowledgementRole::Candidate, AcknowledgementRole::SecondPerson] {
            for how in [
                Acknowledged::Typed("Carol Candidate".to_owned()),
                Acknowledged::Drawn(vec![vec![1, 2, 3, u16::MAX], vec![], vec![0]]),
                Acknowledged::Refused("in a hurry".to_owned()),
            ] {
                let given = Acknowledgement { role, how, at };
                assert_eq!(parse_acknowledgement(acknowledgement_value(&given)), Ok(given));
            }
        }
        let drawn = |numbers: Value| Writer::default().with(1, 1).with(2, 2).with(3, numbers).with(4, 0).build();
        for wrong in [Value::from(1), cbor::array(vec![Value::from(-1)]), cbor::array(vec![Value::from(1 << 16)])] {
            assert!(parse_acknowledgement(drawn(cbor::array(vec![wrong]))).is_err());
        }
        assert_eq!(parse_location(location_value("Workshop 2")), Ok("Workshop 2".to_owned()));
        let outcomes = [Outcome::Pass, Outcome::Fail, Outcome::Open, Outcome::NotCompleted];
        assert_eq!(outcomes.map(outcome_number), [1, 2, 3, 4]);
        assert_eq!(
            [0, 1, 2, 3, 4, 5].map(parse_outcome),
            [None, Some(Outcome::Pass), Some(Outcome::Fail), Some(Outcome::Open), Some(Outcome::NotCompleted), None]
        );
    }
}
