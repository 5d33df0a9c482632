//! The same as data: names, times as milliseconds since 1970 UTC, and the words of the page.

use fieldproof_model::observation::Observed;
use fieldproof_seal::parts::{Acknowledged, Acknowledgement, AcknowledgementRole};
use serde_json::{Value, json};

use super::{About, Told, page};
use crate::{
    session::{Place, SessionState, evidence},
    words,
};

/// Writes the data.
pub(super) fn data(about: &About) -> String {
    let person = &about.person.person;
    let data = json!({
        "person": {
            "id": person.id.to_string(),
            "name": person.name.as_str(),
            "birthYear": person.birth_year,
            "contact": about.person.contact.as_ref().map(fieldproof_model::person::Contact::as_str),
            "isOnRoster": about.person.is_on_roster,
        },
        "sessions": about.assessed.iter().map(|(state, records)| session(about, state, records)).collect::<Vec<_>>(),
        "sessionsAboutOthers": about.beside,
        "activities": about.entries,
        "sessionsOfAnOlderForm": about.unreadable,
    });
    format!("{data:#}\n")
}

fn session(about: &About, state: &SessionState, records: &[Told]) -> Value {
    let log = state.log.iter().map(|tap| {
        let original = if let Observed::Photo { original, .. } | Observed::File { original, .. } = &tap.observed {
            *original
        } else {
            None
        };
        json!({
            "sequence": tap.sequence,
            "tappedAt": tap.tapped_at.as_millis(),
            "seenAt": tap.seen_at.as_millis(),
            "text": words::line(state, &tap.observed),
            "digestOfTheOriginal": original.map(|digest| digest.to_string()),
        })
    });
    let items = evidence(state).into_iter().map(|(digest, size)| {
        json!({
            "digest": digest.to_string(),
            "bytes": size,
            "file": about.files.get(&digest),
            "leftAt": state.left.get(&digest).map(|at| at.as_millis()),
        })
    });
    json!({
        "id": state.row.id.to_string(),
        "scheme": { "title": state.scheme.title, "version": state.scheme.version, "language": state.row.language },
        "course": { "title": state.course.title, "site": state.course.site },
        "assessor": state.assessor.person.name.as_str(),
        "secondPerson": state.second_person.as_ref().map(|row| row.person.name.as_str()),
        "attempt": state.row.attempt,
        "openedAt": state.row.opened_at.as_millis(),
        "abandonedAt": state.row.abandoned_at.map(fieldproof_model::time::Timestamp::as_millis),
        "credentials": credentials(state),
        "log": log.collect::<Vec<_>>(),
        "result": words::outcome(state.decision.outcome),
        "criteria": page::criteria(state),
        "rules": page::rules(state),
        "acknowledgements": state.acknowledgements.iter().map(acknowledgement).collect::<Vec<_>>(),
        "records": records.iter().map(record).collect::<Vec<_>>(),
        "evidence": items.collect::<Vec<_>>(),
        "erasedParts": state.erased.iter().map(|part| part.number()).collect::<Vec<_>>(),
    })
}

fn credentials(state: &SessionState) -> Vec<Value> {
    let day = |day: Option<fieldproof_model::time::Date>| day.map(|day| day.to_string());
    let shown = state.row.gate.prerequisites.iter().map(|(id, shown)| {
        json!({
            "id": id,
            "issuer": shown.issuer,
            "reference": shown.reference,
            "issued": day(shown.issued),
            "expires": day(shown.expires),
            "picture": shown.photo.map(|photo| photo.digest.to_string()),
        })
    });
    shown.collect()
}

fn acknowledgement(given: &Acknowledgement) -> Value {
    let who = match given.role {
        AcknowledgementRole::Candidate => "candidate",
        AcknowledgementRole::SecondPerson => "secondPerson",
    };
    let (how, what) = match &given.how {
        Acknowledged::Typed(name) => ("typed", json!(name)),
        Acknowledged::Drawn(strokes) => ("drawn", json!(strokes)),
        Acknowledged::Refused(reason) => ("refused", json!(reason)),
    };
    json!({ "who": who, "how": how, "what": what, "at": given.at.as_millis() })
}

fn record(told: &Told) -> Value {
    let sealed = &told.sealed;
    let receipt = match &sealed.place {
        Place::InRegister(receipt) | Place::EvidenceLostThere { receipt, .. } | Place::Held(receipt) => Some(receipt),
        Place::OnThisLaptop | Place::LostThere(_) | Place::Refused(_) => None,
    };
    json!({
        "digest": sealed.row.digest.to_string(),
        "file": format!("records/{}.cbor", told.name),
        "sealedAt": sealed.record.sealed_at.as_millis(),
        "corrects": sealed.record.supersedes.as_ref().map(|(digest, reason)| json!([digest.to_string(), reason])),
        "certificate": told.link,
        "numberInTheRegister": receipt.map(|receipt| receipt.log_index),
        "receivedAt": receipt.map(|receipt| receipt.received_at.as_millis()),
    })
}
