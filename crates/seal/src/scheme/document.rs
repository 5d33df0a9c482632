//! The scheme document as it stands on disk: shapes and nothing else. What they mean is checked elsewhere.
//!
//! Every field must be there; `null` is written out. A name that is not known here is refused.

use std::{collections::BTreeMap, fmt, marker::PhantomData};

use fieldproof_model::{
    course::CourseFact,
    gate::ExerciseState,
    id::SchemeId,
    person::Role,
    scheme::{
        Combination, Completion, Consequence, EvidenceKind, Label, Mode, Need, PartKind, Participation, Review,
        SecondPersonPolicy, SecondPersonProof, Stackability, Supervision, TickSection,
    },
    time::Date,
    validity::Term,
};
use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, Visitor, value::MapAccessDeserializer},
};

use super::words::{Kind, Word};

/// A derived reader also takes a list of the fields' values, without their names. Here an object is an object.
macro_rules! objects {
    ($($name:ident)+) => {$(
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Only;

                impl<'de> Visitor<'de> for Only {
                    type Value = $name;

                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str("an object")
                    }

                    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<$name, A::Error> {
                        $name::deserialize(MapAccessDeserializer::new(map))
                    }
                }

                deserializer.deserialize_map(Only)
            }
        }
    )+};
}
pub(super) use objects;

objects! {
    Document LanguageDocument LegalBasisDocument MeaningDocument CreditsDocument NationalLevelDocument OutcomeDocument PeopleDocument GateDocument ObjectLimitsDocument TickDocument PrerequisiteDocument PartDocument TimeLimitDocument WeightFloorDocument TaskDocument StepDocument CriterionDocument EvidenceDocument OptionDocument OrderDocument VoidDocument WaitDocument QuietDocument ValidityDocument LapseDocument RenewalDocument ComplementaryDocument ReviewedWording
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub(crate) struct Document {
    /// Looked at before anything else, where the document is read.
    #[serde(rename = "format")]
    _format: u32,
    pub(crate) id: SchemeIdText,
    pub(crate) version: String,
    pub(crate) languages: Vec<LanguageDocument>,
    pub(crate) title: Text,
    pub(crate) short_title: Text,
    pub(crate) unit: Option<String>,
    pub(crate) scope: Text,
    pub(crate) completion: Word<Completion>,
    pub(crate) label: Word<Label>,
    pub(crate) safety_critical: bool,
    pub(crate) legal_basis: Vec<LegalBasisDocument>,
    pub(crate) designer: String,
    pub(crate) meaning: MeaningDocument,
    pub(crate) outcomes: Vec<OutcomeDocument>,
    pub(crate) course_facts: Vec<Word<CourseFact>>,
    pub(crate) people: PeopleDocument,
    pub(crate) gate: GateDocument,
    pub(crate) parts: Vec<PartDocument>,
    pub(crate) order: Vec<OrderDocument>,
    pub(crate) voids: Vec<VoidDocument>,
    pub(crate) waits: Vec<WaitDocument>,
    pub(crate) quiet: Vec<QuietDocument>,
    pub(crate) combination: Word<Combination>,
    pub(crate) validity: ValidityDocument,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub(crate) struct LanguageDocument {
    pub(crate) tag: String,
    pub(crate) review: Word<Review>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub(crate) struct LegalBasisDocument {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) edition: String,
    #[serde(deserialize_with = "nullable")]
    pub(crate) superseded_on: Option<DateText>,
    #[serde(deserialize_with = "nullable")]
    pub(crate) superseded_by: Option<String>,
    pub(crate) source: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub(crate) struct MeaningDocument {
    #[serde(deserialize_with = "nullable")]
    pub(crate) contact_minutes_theory: Option<u32>,
    #[serde(deserialize_with = "nullable")]
    pub(crate) contact_minutes_practice: Option<u32>,
    #[serde(deserialize_with = "nullable")]
    pub(crate) workload_minutes: Option<u32>,
    #[serde(deserialize_with = "nullable")]
    pub(crate) credits: Option<CreditsDocument>,
    #[serde(deserialize_with = "nullable")]
    pub(crate) eqf_level: Option<u8>,
    #[serde(deserialize_with = "nullable")]
    pub(crate) national_level: Option<NationalLevelDocument>,
    pub(crate) assessment_types: Vec<Text>,
    pub(crate) participation: Word<Participation>,
    pub(crate) supervision: Word<Supervision>,
    pub(crate) quality_assurance: Text,
    pub(crate) moderated: bool,
    pub(crate) stackability: Word<Stackability>,
    pub(crate) towards: Vec<String>,
    pub(crate) trainer_requirements: Text,
    #[serde(deserialize_with = "nullable")]
    pub(crate) further: Option<Text>,
    pub(crate) source: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub(crate) struct CreditsDocument {
    pub(crate) system: String,
    pub(crate) hundredths: u32,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub(crate) struct NationalLevelDocument {
    pub(crate) framework: String,
    pub(crate) level: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub(crate) struct OutcomeDocument {
    pub(crate) id: String,
    pub(crate) text: Text,
    #[serde(deserialize_with = "nullable")]
    pub(crate) esco: Option<String>,
    pub(crate) practical: bool,
    pub(crate) source: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub(crate) struct PeopleDocument {
    pub(crate) second_person: Word<SecondPersonPolicy>,
    pub(crate) team: bool,
    pub(crate) separate: Vec<(Word<Role>, Word<Role>)>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub(crate) struct GateDocument {
    pub(crate) instrument: bool,
    pub(crate) object: bool,
    #[serde(deserialize_with = "nullable")]
    pub(crate) object_limits: Option<ObjectLimitsDocument>,
    pub(crate) risk_assessment: bool,
    pub(crate) live_work: bool,
    pub(crate) second_person: Vec<Word<SecondPersonProof>>,
    #[serde(deserialize_with = "nullable")]
    pub(crate) assessor_evidence: Option<Word<Need>>,
    pub(crate) ticks: Vec<TickDocument>,
    pub(crate) prerequisites: Vec<PrerequisiteDocument>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub(crate) struct ObjectLimitsDocument {
    pub(crate) dc_volts: u32,
    pub(crate) ac_volts: u32,
    pub(crate) source: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub(crate) struct TickDocument {
    pub(crate) id: String,
    pub(crate) section: Word<TickSection>,
    pub(crate) text: Text,
    pub(crate) need: Word<Need>,
    pub(crate) source: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub(crate) struct PrerequisiteDocument {
    pub(crate) id: String,
    pub(crate) text: Text,
    #[serde(deserialize_with = "nullable")]
    pub(crate) scheme: Option<SchemeIdText>,
    pub(crate) need: Word<Need>,
    pub(crate) source: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub(crate) struct PartDocument {
    pub(crate) id: String,
    pub(crate) title: Text,
    pub(crate) kind: Word<PartKind>,
    pub(crate) mode: Word<Mode>,
    #[serde(deserialize_with = "nullable")]
    pub(crate) mode_source: Option<String>,
    pub(crate) after: Vec<String>,
    pub(crate) object_states: Vec<Word<ExerciseState>>,
    #[serde(deserialize_with = "nullable")]
    pub(crate) time_limit: Option<TimeLimitDocument>,
    #[serde(deserialize_with = "nullable")]
    pub(crate) weight_at_least: Option<WeightFloorDocument>,
    pub(crate) tasks: Vec<TaskDocument>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub(crate) struct TimeLimitDocument {
    pub(crate) seconds: u32,
    pub(crate) source: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub(crate) struct WeightFloorDocument {
    pub(crate) basis_points: u32,
    pub(crate) source: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub(crate) struct TaskDocument {
    pub(crate) id: String,
    pub(crate) title: Text,
    pub(crate) steps: Vec<StepDocument>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub(crate) struct StepDocument {
    pub(crate) id: String,
    pub(crate) title: Text,
    #[serde(deserialize_with = "nullable")]
    pub(crate) note: Option<Text>,
    pub(crate) criteria: Vec<CriterionDocument>,
}

/// Which further fields belong to a kind is checked elsewhere, so that it can be said in words.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub(crate) struct CriterionDocument {
    pub(crate) id: String,
    pub(crate) text: Text,
    pub(crate) outcomes: Vec<String>,
    pub(crate) kind: Word<Kind>,
    #[serde(deserialize_with = "nullable")]
    pub(crate) evidence: Option<EvidenceDocument>,
    pub(crate) source: String,
    #[serde(default, deserialize_with = "given")]
    pub(crate) levels: Option<Vec<Text>>,
    #[serde(default, deserialize_with = "given")]
    pub(crate) unit: Option<String>,
    #[serde(default, deserialize_with = "given")]
    pub(crate) instrument: Option<bool>,
    #[serde(default, deserialize_with = "given")]
    pub(crate) options: Option<Vec<OptionDocument>>,
    #[serde(default, deserialize_with = "given")]
    pub(crate) right: Option<Vec<String>>,
    #[serde(default, deserialize_with = "given")]
    pub(crate) points: Option<Vec<Text>>,
    #[serde(default, deserialize_with = "given")]
    pub(crate) prompts: Option<Vec<Text>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub(crate) struct EvidenceDocument {
    pub(crate) kind: Word<EvidenceKind>,
    pub(crate) count: u32,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub(crate) struct OptionDocument {
    pub(crate) id: String,
    pub(crate) text: Text,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub(crate) struct OrderDocument {
    pub(crate) id: String,
    pub(crate) criterion: String,
    pub(crate) after: String,
    pub(crate) label: Text,
    pub(crate) consequence: Word<Consequence>,
    pub(crate) source: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub(crate) struct VoidDocument {
    pub(crate) criterion: String,
    pub(crate) voids: Vec<String>,
    pub(crate) source: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub(crate) struct WaitDocument {
    pub(crate) id: String,
    pub(crate) after: String,
    pub(crate) before: String,
    pub(crate) label: Text,
    pub(crate) consequence: Word<Consequence>,
    pub(crate) source: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub(crate) struct QuietDocument {
    pub(crate) from: String,
    pub(crate) until: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub(crate) struct ValidityDocument {
    #[serde(deserialize_with = "nullable")]
    pub(crate) term: Option<TermDocument>,
    #[serde(deserialize_with = "nullable")]
    pub(crate) lapse: Option<LapseDocument>,
    #[serde(deserialize_with = "nullable")]
    pub(crate) renewal: Option<RenewalDocument>,
    pub(crate) complementary: Vec<ComplementaryDocument>,
    #[serde(deserialize_with = "nullable")]
    pub(crate) suitability_review_months: Option<u32>,
    pub(crate) refresh_on_new_edition: bool,
    pub(crate) source: String,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum TermDocument {
    Years(u32),
    Months(u32),
    Days(u32),
}

impl<'de> Deserialize<'de> for TermDocument {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let given: Vec<(String, u32)> = Keyed::deserialize(d)?.0.into_iter().collect();
        match given.as_slice() {
            [(name, years)] if name == "years" => Ok(Self::Years(*years)),
            [(name, months)] if name == "months" => Ok(Self::Months(*months)),
            [(name, days)] if name == "days" => Ok(Self::Days(*days)),
            _ => Err(D::Error::custom("a term gives exactly one of `years`, `months`, `days`")),
        }
    }
}

impl TermDocument {
    pub(crate) const fn term(self) -> Term {
        match self {
            Self::Years(years) => Term::Years(years),
            Self::Months(months) => Term::Months(months),
            Self::Days(days) => Term::Days(days),
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub(crate) struct LapseDocument {
    pub(crate) years: u32,
    pub(crate) work: Vec<String>,
    pub(crate) source: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub(crate) struct RenewalDocument {
    #[serde(deserialize_with = "nullable")]
    pub(crate) activity_years: Option<u32>,
    #[serde(deserialize_with = "nullable")]
    pub(crate) refresher_minutes: Option<u32>,
    pub(crate) retraining: bool,
    pub(crate) source: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub(crate) struct ComplementaryDocument {
    pub(crate) id: String,
    pub(crate) text: Text,
    #[serde(deserialize_with = "nullable")]
    pub(crate) term: Option<TermDocument>,
    pub(crate) blocks: bool,
    pub(crate) source: String,
}

/// A field that must be there, and may be null.
pub(crate) fn nullable<'de, D: Deserializer<'de>, T: Deserialize<'de>>(d: D) -> Result<Option<T>, D::Error> {
    Option::deserialize(d)
}

/// A field that may be absent, and may not be null.
fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(d: D) -> Result<Option<T>, D::Error> {
    T::deserialize(d).map(Some)
}

/// A scheme's identifier, in the one form it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SchemeIdText(pub(crate) SchemeId);

impl<'de> Deserialize<'de> for SchemeIdText {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        let lower = text.bytes().all(|byte| !byte.is_ascii_uppercase());
        let id = SchemeId::parse(&text).ok().filter(|_| lower);
        id.map(Self).ok_or_else(|| D::Error::custom(format!("{text:?} is not 32 lower-case hexadecimal digits")))
    }
}

/// A day.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DateText(pub(crate) Date);

impl<'de> Deserialize<'de> for DateText {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        Date::parse(&text).map(Self).map_err(|_| D::Error::custom(format!("{text:?} is not a day like 2026-11-22")))
    }
}

/// An object whose names are not fixed; none may stand twice.
#[derive(Debug)]
pub(crate) struct Keyed<T>(pub(crate) BTreeMap<String, T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Keyed<T> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct Keys<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Keys<T> {
            type Value = Keyed<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut found = BTreeMap::new();
                while let Some(key) = map.next_key::<String>()? {
                    let value = map.next_value()?;
                    if found.contains_key(&key) {
                        return Err(A::Error::custom(format!("duplicate name {key:?}")));
                    }
                    found.insert(key, value);
                }
                Ok(Keyed(found))
            }
        }

        d.deserialize_map(Keys(PhantomData))
    }
}

/// A text: a wording in each language.
pub(crate) type Text = Keyed<Wording>;

/// A wording, and its review where that differs from its language's.
#[derive(Debug)]
pub(crate) struct Wording {
    pub(crate) text: String,
    pub(crate) review: Option<Review>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
struct ReviewedWording {
    text: String,
    review: Word<Review>,
}

impl<'de> Deserialize<'de> for Wording {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct Words;

        impl<'de> Visitor<'de> for Words {
            type Value = Wording;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a wording: a string, or an object of text and review")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Wording, E> {
                Ok(Wording { text: text.to_owned(), review: None })
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Wording, A::Error> {
                let wording = ReviewedWording::deserialize(MapAccessDeserializer::new(map))?;
                Ok(Wording { text: wording.text, review: Some(wording.review.0) })
            }
        }

        d.deserialize_any(Words)
    }
}
