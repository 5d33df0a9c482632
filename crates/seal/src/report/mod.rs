//! The page a gatekeeper reads: who, what, within which limits, by whom, when, until when; the two questions answered;
//! every check; and how old the lists are. The same words in the app, on the command line and on the verify page.

mod labels;
mod sentences;

use std::fmt;

use fieldproof_model::time::{Date, Timestamp};
use labels::Texts;

use crate::{
    cbor::FormatError,
    delegation::Delegation,
    envelope::{Purpose, Unverified},
    parts::{PartKind, parse_people, parse_person},
    record::{Record, RecordFile},
    short_code::short_code,
    token::{HolderMark, Standing, Token},
    trust::Trust,
    verdict::{Answer, CHECKS, Details, Evidence, Sentence, Verdict, endorsers},
};

/// The languages a report is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// English.
    English,
    /// Finnish.
    Finnish,
    /// Portuguese.
    Portuguese,
    /// Spanish.
    Spanish,
}

impl Language {
    /// Every language, in the order of the catalogue.
    pub const ALL: [Self; 4] = [Self::English, Self::Finnish, Self::Portuguese, Self::Spanish];

    /// Its code, as in `lang="fi"`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Finnish => "fi",
            Self::Portuguese => "pt",
            Self::Spanish => "es",
        }
    }

    /// The language of a code such as `pt` or `pt-BR`.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        let code = code.split(['-', '_']).next()?;
        Self::ALL.into_iter().find(|language| language.code().eq_ignore_ascii_case(code))
    }

    const fn of(self, texts: Texts) -> &'static str {
        let [english, finnish, portuguese, spanish] = texts;
        match self {
            Self::English => english,
            Self::Finnish => finnish,
            Self::Portuguese => portuguese,
            Self::Spanish => spanish,
        }
    }
}

/// How the page looks as a whole; always beside a word and a shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Every check was made and holds.
    Green,
    /// Something could not be told, or nothing here counts.
    Amber,
    /// A check failed.
    Red,
}

/// A question or check with its answer, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// What was asked.
    pub label: &'static str,
    /// The answer.
    pub answer: Answer,
    /// What there is to say behind it.
    pub sentence: String,
}

/// What to read on the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// How it looks as a whole.
    pub tone: Tone,
    /// Whether it counts.
    pub purpose: Purpose,
    /// The verdict in a word or three.
    pub headline: &'static str,
    /// What was handed over.
    pub what: &'static str,
    /// That it is practice or demonstration, when it is.
    pub banner: Option<String>,
    /// Genuine as issued?
    pub genuine: Said,
    /// In force now?
    pub in_force: Said,
    /// Who, what, limits, by whom, when, until when: labels and values.
    pub facts: Vec<(&'static str, String)>,
    /// The names of the parts that are not at hand.
    pub absent: Vec<&'static str>,
    /// Every check.
    pub checks: Vec<Said>,
    /// Which lists were at hand, and how old they are.
    pub lists: Vec<String>,
}

/// Judges what was handed over and says it in words.
///
/// # Errors
/// [`FormatError`] when the bytes are no token, record or record file.
pub fn report(
    subject: &[u8],
    trust: Option<&Trust>,
    now: Timestamp,
    language: Language,
) -> Result<Report, FormatError> {
    Ok(report_of(&Evidence::parse(subject)?, trust, now, language))
}

/// Judges evidence and says it in words.
#[must_use]
pub fn report_of(evidence: &Evidence, trust: Option<&Trust>, now: Timestamp, language: Language) -> Report {
    let verdict = evidence.judge(trust, now);
    let (what, facts) = match evidence {
        Evidence::Token(token, _) => (labels::CERTIFICATE, certificate_facts(token, language)),
        Evidence::Record(record, file, unverified) => {
            (labels::RECORD, record_facts(record, file, unverified, trust, language))
        }
    };
    let (tone, headline) = tone(&verdict);
    let say = |label: Texts, (answer, sentence): (Answer, Sentence)| Said {
        label: language.of(label),
        answer,
        sentence: say(sentence, &verdict.details, language),
    };
    let banner = match verdict.purpose {
        Purpose::Real => None,
        Purpose::Practice => Some(labels::PRACTICE),
        Purpose::Demonstration => Some(labels::DEMONSTRATION),
    };
    Report {
        tone,
        purpose: verdict.purpose,
        headline: language.of(headline),
        what: language.of(what),
        banner: banner.map(|word| format!("{}. {}", language.of(word), language.of(labels::NOT_REAL))),
        genuine: say(labels::GENUINE, verdict.genuine),
        in_force: say(labels::IN_FORCE, verdict.in_force),
        facts,
        absent: absent(&verdict.details, language),
        checks: CHECKS.into_iter().map(|check| say(labels::check(check), verdict.check(check))).collect(),
        lists: lists(&verdict.details, language),
    }
}

/// What does not count never looks as if it did, and a failed check shows whatever the purpose.
fn tone(verdict: &Verdict) -> (Tone, Texts) {
    let is_any = |sought| [verdict.genuine, verdict.in_force].iter().any(|(answer, _)| *answer == sought);
    match verdict.purpose {
        _ if is_any(Answer::No) => (Tone::Red, labels::RED),
        _ if is_any(Answer::CouldNotTell) => (Tone::Amber, labels::AMBER),
        Purpose::Practice => (Tone::Amber, labels::PRACTICE),
        Purpose::Demonstration => (Tone::Amber, labels::DEMONSTRATION),
        Purpose::Real if verdict.is_green() => (Tone::Green, labels::GREEN),
        Purpose::Real => (Tone::Amber, labels::AMBER),
    }
}

/// A sentence with its days filled in.
#[must_use]
pub fn say(sentence: Sentence, details: &Details, language: Language) -> String {
    fill(language.of(sentences::texts(sentence)), details, language)
}

fn fill(text: &str, details: &Details, language: Language) -> String {
    let day = |day: Option<Date>| day.map_or_else(|| "–".to_owned(), |day| day.to_string());
    let filled = [
        ("{today}", details.today.to_string()),
        ("{issued}", details.issued_on.to_string()),
        ("{confirm}", day(details.confirm_by)),
        ("{until}", day(details.valid_until)),
        ("{list}", day(details.list_of)),
        ("{age}", age(details, language)),
        ("{withdrawn}", day(details.withdrawn_on)),
        ("{keys}", details.key_set.map_or_else(|| "–".to_owned(), |(number, _)| number.to_string())),
        ("{keys_of}", day(details.key_set.map(|(_, day)| day))),
        ("{absent}", absent(details, language).join(", ")),
    ];
    filled.iter().fold(text.to_owned(), |text, (mark, value)| text.replace(mark, value))
}

/// How old the list is, in days; a list of a day to come is as old as can be told: not at all.
fn age(details: &Details, language: Language) -> String {
    let days = details.list_of.map_or(0, |list| details.today.days_since(list)).max(0);
    match days {
        1 => language.of(labels::ONE_DAY).to_owned(),
        days => language.of(labels::DAYS).replace("{n}", &days.to_string()),
    }
}

fn absent(details: &Details, language: Language) -> Vec<&'static str> {
    details.absent.iter().map(|name| labels::part_name(name).map_or(*name, |texts| language.of(texts))).collect()
}

fn lists(details: &Details, language: Language) -> Vec<String> {
    let withdrawn = if details.list_of.is_some() { labels::WITHDRAWN_LIST } else { labels::NO_LIST };
    let key_list = details.key_set.map(|_| labels::KEY_LIST);
    key_list.into_iter().chain([withdrawn]).map(|texts| fill(language.of(texts), details, language)).collect()
}

/// Rows of a page: a label and a value each.
struct Rows {
    language: Language,
    rows: Vec<(&'static str, String)>,
}

impl Rows {
    fn add(&mut self, label: Texts, value: impl fmt::Display) {
        self.rows.push((self.language.of(label), value.to_string()));
    }

    fn add_some(&mut self, label: Texts, value: Option<impl fmt::Display>) {
        if let Some(value) = value {
            self.add(label, value);
        }
    }
}

fn certificate_facts(token: &Token, language: Language) -> Vec<(&'static str, String)> {
    let mut rows = Rows { language, rows: Vec::new() };
    rows.add(labels::HOLDER, &token.holder);
    match &token.mark {
        Some(HolderMark::BirthYear(year)) => rows.add(labels::BIRTH_YEAR, year),
        Some(HolderMark::Identifier(text)) => rows.add(labels::IDENTIFIER, text),
        None => {}
    }
    let version = language.of(labels::VERSION);
    rows.add(labels::ASSESSED, format_args!("{}, {version} {}", token.scheme_title, token.scheme_version));
    rows.add_some(labels::UNIT, token.unit.as_ref());
    let parts: Vec<&str> = token.parts.iter().map(|kind| language.of(labels::part_kind(*kind))).collect();
    rows.add_some(labels::PASSED, Some(parts.join(", ")).filter(|parts| !parts.is_empty()));
    rows.add_some(labels::OBJECT, token.exercise_state.map(|state| language.of(labels::exercise_state(state))));
    let voltage = token.voltage.map(|(volts, kind)| format!("{volts} {}", language.of(labels::voltage_kind(kind))));
    rows.add_some(labels::VOLTAGE, voltage);
    match &token.standing {
        Standing::OnSite { delegation, .. } => {
            let delegation = Delegation::parse(delegation).ok().map(|(delegation, _)| delegation.assessor_name);
            rows.add_some(labels::ASSESSOR, delegation);
        }
        Standing::Registered { assessor_name } => rows.add(labels::ASSESSOR, assessor_name),
    }
    rows.add(labels::ISSUED, token.issued_on);
    rows.add_some(labels::VALID_UNTIL, token.valid_until);
    if let Standing::OnSite { confirm_by, .. } = token.standing {
        rows.add(labels::CONFIRM_BY, confirm_by);
    }
    rows.add(labels::CODE, short_code(&token.certificate));
    rows.add(labels::LIMITS, language.of(labels::NO_PERMISSION));
    rows.rows
}

/// A part with another content than ours is not shown; the verdict speaks of digests and signatures only.
fn record_facts(
    record: &Record,
    file: &RecordFile,
    unverified: &Unverified,
    trust: Option<&Trust>,
    language: Language,
) -> Vec<(&'static str, String)> {
    let part = |kind| file.part(kind).ok().flatten();
    let mut rows = Rows { language, rows: Vec::new() };
    rows.add(labels::RESULT, language.of(labels::outcome(record.outcome)));
    let candidate = part(PartKind::Person).and_then(|content| parse_person(content).ok());
    rows.add_some(labels::CANDIDATE, candidate.as_ref().map(|person| person.name.as_str()));
    if let Some((assessor, second)) = part(PartKind::People).and_then(|content| parse_people(content).ok()) {
        rows.add(labels::ASSESSOR, assessor.name.as_str());
        rows.add_some(labels::SECOND_PERSON, second.as_ref().map(|person| person.name.as_str()));
    }
    for (name, role) in trust.map(|trust| endorsers(file, record, unverified, trust)).unwrap_or_default() {
        rows.add(labels::ENDORSED, format_args!("{name} ({})", language.of(labels::role(role)).to_lowercase()));
    }
    let at = record.sealed_at;
    rows.add(labels::SEALED, format_args!("{} {} UTC", at.date(), at.clock_utc()));
    rows.add_some(labels::CORRECTS, record.supersedes.as_ref().map(|(_, reason)| reason));
    rows.add(labels::PLACE, record.link.index);
    rows.add(labels::PICTURES, record.evidence.len());
    rows.add_some(labels::CODE, record.certificate.as_ref().map(short_code));
    rows.rows
}

#[cfg(test)]
mod report_tests;
