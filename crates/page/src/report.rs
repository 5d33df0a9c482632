//! The report in English, until `fieldproof_seal::report` says it in four languages.

use fieldproof_model::time::Timestamp;
use fieldproof_seal::{
    FormatError,
    envelope::Purpose,
    token::find_token,
    trust::Trust,
    verdict::{Answer, Answered, Evidence},
};

pub(crate) enum Language {
    English,
}

impl Language {
    pub(crate) fn parse(code: &str) -> Option<Self> {
        (code == "en").then_some(Self::English)
    }
}

pub(crate) enum Tone {
    Green,
    Amber,
    Red,
}

pub(crate) struct Said {
    pub(crate) label: String,
    pub(crate) answer: Answer,
    pub(crate) sentence: String,
}

pub(crate) struct Report {
    pub(crate) tone: Tone,
    pub(crate) purpose: Purpose,
    pub(crate) banner: Option<String>,
    pub(crate) genuine: Said,
    pub(crate) in_force: Said,
    pub(crate) facts: Vec<(String, String)>,
    pub(crate) absent: Vec<String>,
    pub(crate) checks: Vec<Said>,
    pub(crate) lists: Vec<String>,
}

fn said(label: &str, answered: &Answered) -> Said {
    let text = answered.because.to_string();
    let mut letters = text.chars();
    let first: String = letters.next().map(|letter| letter.to_uppercase().collect()).unwrap_or_default();
    Said { label: label.to_owned(), answer: answered.answer, sentence: format!("{first}{}.", letters.as_str()) }
}

pub(crate) fn report(
    subject: &[u8],
    trust: Option<&Trust>,
    now: Timestamp,
    _language: Language,
) -> Result<Report, FormatError> {
    let evidence = match Evidence::parse(subject) {
        Err(FormatError::Damaged | FormatError::NotDeterministic | FormatError::OtherKind(_)) => {
            let text = std::str::from_utf8(subject).map_err(|_| FormatError::OtherKind("certificate or record"))?;
            Evidence::parse(&find_token(text).ok_or(FormatError::OtherKind("certificate or record"))?)?
        }
        read => read?,
    };
    let verdict = evidence.judge(trust, now);
    let tone = match (verdict.genuine.answer, verdict.in_force.answer) {
        (Answer::Yes, Answer::Yes) => Tone::Green,
        (Answer::No, _) | (_, Answer::No) => Tone::Red,
        (Answer::CouldNotTell, _) | (_, Answer::CouldNotTell) => Tone::Amber,
    };
    let fact = |label: &str, value: String| (label.to_owned(), value);
    let (facts, absent) = match &evidence {
        Evidence::Token(token, _) => (
            vec![
                fact("Holder", token.holder.clone()),
                fact("Assessed", format!("{}, version {}", token.scheme_title, token.scheme_version)),
                fact("Issued", token.issued_on.to_string()),
                fact("To be in the register by", token.confirm_by.to_string()),
                fact("Certificate", token.certificate.short_code()),
            ],
            Vec::new(),
        ),
        Evidence::Record(record, file, _) => (
            vec![fact("Sealed", record.sealed_at.date().to_string())],
            file.absent(record).into_iter().map(str::to_owned).collect(),
        ),
    };
    let list = trust.and_then(|trust| trust.snapshot.as_ref()).map(|snapshot| snapshot.as_of.date());
    Ok(Report {
        tone,
        purpose: verdict.purpose,
        banner: (verdict.purpose != Purpose::Real).then(|| "DEMONSTRATION".to_owned()),
        genuine: said("Genuine as issued?", &verdict.genuine),
        in_force: said("In force now?", &verdict.in_force),
        facts,
        absent,
        checks: vec![
            said("Content and signatures", &verdict.genuine),
            said("Not withdrawn, not expired, confirmed in time", &verdict.in_force),
        ],
        lists: list.map(|day| format!("List of withdrawn certificates: as of {day}.")).into_iter().collect(),
    })
}
