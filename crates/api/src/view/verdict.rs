//! A verdict as a page a gatekeeper understands; the words come from `seal`, as on the command line and the verify page.

use fieldproof_app::Report;
use fieldproof_seal::{
    report::{Said, Tone},
    verdict::Answer,
};

use crate::dto::*;

/// Turns a report into its view.
#[must_use]
pub fn verdict(report: Report) -> VerdictView {
    let fact = |(label, value): (&'static str, String)| FactView { label: label.to_owned(), value };
    VerdictView {
        what: report.what.to_owned(),
        tone: match report.tone {
            Tone::Green => ToneView::Green,
            Tone::Amber => ToneView::Amber,
            Tone::Red => ToneView::Red,
        },
        headline: report.headline.to_owned(),
        banner: report.banner,
        genuine: line(report.genuine),
        in_force: line(report.in_force),
        facts: report.facts.into_iter().map(fact).collect(),
        checks: report.checks.into_iter().map(line).collect(),
        lists: report.lists,
    }
}

fn line(said: Said) -> CheckLine {
    CheckLine { name: said.label.to_owned(), answer: answer(said.answer), because: said.sentence }
}

const fn answer(answer: Answer) -> AnswerView {
    match answer {
        Answer::Yes => AnswerView::Yes,
        Answer::No => AnswerView::No,
        Answer::CouldNotTell => AnswerView::CouldNotTell,
    }
}
