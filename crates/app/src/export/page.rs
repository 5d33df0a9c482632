//! The page in plain words: one file, no scripts, nothing fetched.

use fieldproof_model::{gate::Shown, time::Timestamp};
use fieldproof_seal::parts::{Acknowledged, Acknowledgement, AcknowledgementRole};

use super::{About, Told, how};
use crate::{
    session::{Place, SessionState, evidence},
    words,
};

/// What stands between head and text of every page.
const HEAD: &str = "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\">\
    <meta name=\"viewport\" content=\"width=device-width\"><title>What a Fieldproof laptop holds about you</title>\
    <style>body{font:1rem/1.5 sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem}\
    img{max-width:100%}td,th{text-align:left;vertical-align:top;padding:.2rem 1rem .2rem 0}</style>\n";

/// Writes the page.
pub(super) fn page(about: &About) -> String {
    let person = &about.person.person;
    let mut page = Page(HEAD.to_owned());
    page.add("h1", &format!("What this laptop holds about {}", person.name.as_str()));
    page.add("p", "This folder is yours. It is not encrypted: whoever has it can read it.");
    page.add(
        "p",
        "Beside this page lie data.json, the same for programs; records, each result as it was sealed and signed, with \
         the register's receipt; and evidence, your photos and files. A record can be checked with Fieldproof.",
    );
    page.add("h2", "You");
    page.add("p", &format!("Name: {}", person.name.as_str()));
    page.add("p", &format!("Year of birth: {}", person.birth_year.map_or("not known".to_owned(), |y| y.to_string())));
    page.add("p", &format!("Contact: {}", about.person.contact.as_ref().map_or("not known", |known| known.as_str())));
    page.add("p", &format!("Identifier in all records: {}", person.id));
    if about.person.is_on_roster {
        page.add("p", "The institution's roster names you.");
    }
    for (state, records) in &about.assessed {
        page.session(state, records);
        page.evidence(about, state);
    }
    page.list("Sessions that were about somebody else", &about.beside);
    page.list("What was entered about your practice", &about.entries);
    if 0 < about.unreadable {
        let count = about.unreadable;
        page.add("p", &format!("Sessions of an older form, which this version cannot show: {count}. They are kept."));
    }
    page.0
}

/// Day, hour and minute.
pub(super) fn moment(at: Timestamp) -> String {
    format!("{} {} UTC", at.date(), at.clock_utc())
}

struct Page(String);

impl Page {
    fn add(&mut self, tag: &str, text: &str) {
        self.0.push_str(&format!("<{tag}>{}</{tag}>\n", escaped(text)));
    }

    fn list(&mut self, title: &str, lines: &[String]) {
        if !lines.is_empty() {
            self.add("h3", title);
            self.0.push_str("<ul>\n");
            lines.iter().for_each(|line| self.add("li", line));
            self.0.push_str("</ul>\n");
        }
    }

    fn session(&mut self, state: &SessionState, records: &[Told]) {
        self.add("h2", &format!("{} on {}", state.scheme.title, state.started_on()));
        self.add("p", &format!("Assessed by {}.", state.assessor.person.name.as_str()));
        if let Some(second) = &state.second_person {
            self.add("p", &format!("{} stood by.", second.person.name.as_str()));
        }
        self.add(
            "p",
            &format!("Course: {}, {}. Attempt: {}.", state.course.title, state.course.site, state.row.attempt),
        );
        if let Some(at) = state.row.abandoned_at {
            self.add("p", &format!("Given up on {}.", moment(at)));
        }
        for part in &state.erased {
            self.add("p", &format!("Erased from this laptop: {part:?}."));
        }
        self.list("Shown before the start", &shown(state));
        let lines: Vec<String> = state.log.iter().map(|tap| line(state, tap)).collect();
        self.list("What was recorded", &lines);
        if !records.is_empty() {
            self.add("p", &format!("Result: {}", words::summary(state.decision.outcome)));
        }
        self.list("Criterion by criterion", &criteria(state));
        self.list("Rules", &rules(state));
        self.acknowledgements(&state.acknowledgements);
        records.iter().for_each(|told| self.record(told));
    }

    fn acknowledgements(&mut self, given: &[Acknowledgement]) {
        for one in given {
            let who = match one.role {
                AcknowledgementRole::Candidate => "You",
                AcknowledgementRole::SecondPerson => "The second person",
            };
            self.add("p", &format!("{who} {} ({}).", how(one), moment(one.at)));
            if let Acknowledged::Drawn(strokes) = &one.how {
                self.drawing(strokes);
            }
        }
    }

    fn drawing(&mut self, strokes: &[Vec<u16>]) {
        self.0
            .push_str("<svg viewBox=\"0 0 600 200\" width=\"300\" fill=\"none\" stroke=\"black\" stroke-width=\"4\">");
        for stroke in strokes {
            let points: Vec<String> = stroke.iter().map(u16::to_string).collect();
            self.0.push_str(&format!("<polyline points=\"{}\"/>", points.join(" ")));
        }
        self.0.push_str("</svg>\n");
    }

    fn record(&mut self, told: &Told) {
        self.0.push_str(&format!("<h3><a href=\"records/{0}.cbor\">Record {0}</a></h3>\n", told.name));
        self.add("p", &format!("Sealed on {}.", moment(told.sealed.record.sealed_at)));
        if let Some((_, reason)) = &told.sealed.record.supersedes {
            self.add("p", &format!("It corrects the record before it: {reason}"));
        }
        let place = match &told.sealed.place {
            Place::InRegister(receipt) => format!("In the register as number {}.", receipt.log_index),
            Place::LostThere(_) => "The register signed for it before it was restored; it goes there again.".to_owned(),
            Place::EvidenceLostThere { receipt, .. } => {
                format!("In the register as number {}; some evidence of it was lost there.", receipt.log_index)
            }
            Place::Held(_) => "The register has the record and waits for its evidence.".to_owned(),
            Place::Refused(_) => "The register refused it.".to_owned(),
            Place::OnThisLaptop => "Not in the register yet.".to_owned(),
        };
        self.add("p", &place);
        if let Some(link) = &told.link {
            let link = escaped(link);
            self.0.push_str(&format!("<p>Certificate: <a href=\"{link}\">{link}</a></p>\n"));
        }
    }

    fn evidence(&mut self, about: &About, state: &SessionState) {
        for (digest, _) in evidence(state) {
            let Some(name) = about.files.get(&digest) else {
                let at = state.left.get(&digest).map_or(String::new(), |at| format!(" on {}", at.date()));
                self.add("p", &format!("Evidence {digest} left this laptop{at}."));
                continue;
            };
            let is_picture = name.ends_with(".jpg") || name.ends_with(".png");
            let shown = if is_picture { format!("<br><img alt=\"\" src=\"{name}\">") } else { String::new() };
            self.0.push_str(&format!("<p><a href=\"{name}\">{name}</a>{shown}</p>\n"));
        }
    }
}

fn line(state: &SessionState, tap: &fieldproof_model::observation::Observation) -> String {
    format!("{}: {}", moment(tap.tapped_at), words::line(state, &tap.observed))
}

fn shown(state: &SessionState) -> Vec<String> {
    let title = |id: &str| {
        let rule = state.scheme.gate.prerequisites.iter().find(|rule| rule.id == id);
        rule.map_or(id.to_owned(), |rule| rule.text.clone())
    };
    let told = |(id, shown): (&String, &Shown)| {
        let until = shown.expires.map_or(String::new(), |day| format!(", until {day}"));
        let issued = shown.issued.map_or(String::new(), |day| format!(", issued {day}"));
        format!("{}: {}, {}{issued}{until}", title(id), shown.issuer, shown.reference)
    };
    state.row.gate.prerequisites.iter().map(told).collect()
}

/// Every criterion with how it was judged and why.
pub(super) fn criteria(state: &SessionState) -> Vec<String> {
    let told = |line: &fieldproof_model::decision::Line| {
        let criterion = state.scheme.criterion(&line.criterion);
        let text = criterion.map_or(line.criterion.as_str(), |criterion| &criterion.text);
        let because = words::because(&state.scheme, criterion, &line.because);
        format!("{text}: {} ({because})", words::judged(line.judged))
    };
    state.decision.lines.iter().map(told).collect()
}

/// Every rule with its answer.
pub(super) fn rules(state: &SessionState) -> Vec<String> {
    let told = |(rule, answer): &(fieldproof_model::decision::Rule, fieldproof_model::decision::Answer)| {
        let (text, because) = words::rule(&state.scheme, rule, *answer);
        format!("{text}: {because}")
    };
    state.decision.rules.iter().map(told).collect()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_typed_is_text_and_no_markup() {
        let mut page = Page(String::new());
        page.add("p", "<img src=\"x\" onerror='a'> & so on");
        assert_eq!(page.0, "<p>&lt;img src=&quot;x&quot; onerror='a'&gt; &amp; so on</p>\n");
        page.0.clear();
        page.list("Nothing", &[]);
        assert_eq!(page.0, "");
        page.drawing(&[vec![1, 2, 3, 4], vec![5, 6]]);
        assert!(page.0.contains("<polyline points=\"1 2 3 4\"/><polyline points=\"5 6\"/>"), "{}", page.0);
    }
}
