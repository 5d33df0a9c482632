//! A verdict as a page a gatekeeper understands: what it is, the two questions, what it says, and every check.

use fieldproof_app::{Subject, Verified, words};
use fieldproof_model::gate::Millivolts;
use fieldproof_seal::{
    delegation::Delegation,
    envelope::Purpose,
    record::Record,
    token::Token,
    verdict::{Answer, Answered, Reason},
};

use crate::dto::*;

/// Turns a verdict into its page.
#[must_use]
pub fn verdict(verified: Verified) -> VerdictView {
    let Verified { subject, verdict, list_as_of } = verified;
    let what = match &subject {
        Subject::Certificate(..) => "Certificate of assessment",
        Subject::Record { .. } => "Sealed record",
    };
    let demonstration = verdict.purpose != Purpose::Real;
    let list = list_as_of.map_or_else(
        || check("List of withdrawn certificates", Answer::CouldNotTell, "not at hand".to_owned()),
        |day| check("List of withdrawn certificates", Answer::Yes, format!("at hand, as of {day}")),
    );
    let mut checks = vec![
        line("Content and signatures", &verdict.genuine),
        line("Not withdrawn, not expired, confirmed in time", &verdict.in_force),
        list,
    ];
    if let Subject::Record { absent, .. } = &subject {
        checks.push(absent_check(absent));
    }
    VerdictView {
        what: what.to_owned(),
        demonstration,
        green: verdict.is_green(),
        genuine: answer(verdict.genuine.answer),
        genuine_because: sentence(&verdict.genuine.because),
        in_force: answer(verdict.in_force.answer),
        in_force_because: sentence(&verdict.in_force.because),
        facts: match subject {
            Subject::Certificate(token, delegation) => certificate_facts(&token, delegation.as_ref()),
            Subject::Record { record, candidate, people, .. } => {
                let name = |person: fieldproof_model::person::Person| person.name.as_str().to_owned();
                let names = people.map(|(assessor, second)| (name(assessor), second.map(name)));
                record_facts(&record, candidate.map(|person| person.name.as_str().to_owned()), names)
            }
        },
        checks,
    }
}

fn absent_check(absent: &[&'static str]) -> CheckLine {
    if absent.is_empty() {
        check("Parts of the record", Answer::Yes, "all at hand".to_owned())
    } else {
        check("Parts of the record", Answer::CouldNotTell, format!("not at hand: {}", absent.join(", ")))
    }
}

fn certificate_facts(token: &Token, delegation: Option<&Delegation>) -> Vec<FactView> {
    let mut facts = vec![fact("Holder", token.holder.clone())];
    facts.extend(token.birth_year.map(|year| fact("Year of birth", year.to_string())));
    facts.push(fact("Assessed", format!("{}, version {}", token.scheme_title, token.scheme_version)));
    facts.extend(token.exercise_state.map(|s| fact("Exercise object was", words::exercise_state(s).to_owned())));
    let voltage = token.voltage.map(|(volts, kind)| (Millivolts::from_volts(volts), kind));
    facts.extend(voltage.map(|voltage| fact("Voltage present", words::voltage(voltage))));
    facts.extend(delegation.map(|delegation| fact("Assessor", delegation.assessor_name.clone())));
    facts.push(fact("Issued", token.issued_on.to_string()));
    facts.extend(token.valid_until.map(|day| fact("Valid until", day.to_string())));
    facts.push(fact("To be in the register by", token.confirm_by.to_string()));
    facts.push(fact("Certificate", token.certificate.short_code()));
    facts.push(fact("Limits", "Shows what was assessed. Does not authorise work; the employer does.".to_owned()));
    facts
}

fn record_facts(record: &Record, candidate: Option<String>, people: Option<(String, Option<String>)>) -> Vec<FactView> {
    let mut facts = vec![fact("Result", words::outcome(record.outcome).to_owned())];
    facts.extend(candidate.map(|name| fact("Candidate", name)));
    if let Some((assessor, second)) = people {
        facts.push(fact("Assessor", assessor));
        facts.extend(second.map(|second| fact("Second person", second)));
    }
    facts.push(fact("Sealed", format!("{} {} UTC", record.sealed_at.date(), record.sealed_at.clock_utc())));
    facts.push(fact("Place in the assessor's chain", record.link.index.to_string()));
    facts.push(fact("Photos", record.evidence.len().to_string()));
    facts.extend(record.certificate.map(|id| fact("Certificate", id.short_code())));
    facts
}

fn fact(label: &str, value: String) -> FactView {
    FactView { label: label.to_owned(), value }
}

fn check(name: &str, given: Answer, because: String) -> CheckLine {
    CheckLine { name: name.to_owned(), answer: answer(given), because }
}

fn line(name: &str, answered: &Answered) -> CheckLine {
    check(name, answered.answer, sentence(&answered.because))
}

const fn answer(answer: Answer) -> AnswerView {
    match answer {
        Answer::Yes => AnswerView::Yes,
        Answer::No => AnswerView::No,
        Answer::CouldNotTell => AnswerView::CouldNotTell,
    }
}

/// A reason as a sentence: first letter large, full stop.
fn sentence(reason: &Reason) -> String {
    let text = reason.to_string();
    let mut letters = text.chars();
    let first: String = letters.next().map(|letter| letter.to_uppercase().collect()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}
