//! `fieldproof institution shelf`: what was refused and what is missing at the register, whose paper is out, whom to call.

use anyhow::Context;
use fieldproof_api::{
    Api,
    dto::{PaperView, ShelfView, ShelvedView},
};
use fieldproof_model::time::Timestamp;
use serde_json::{Value, json};

use crate::laptop::Person;

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    desk: Person,
    /// Notes first that the paper with this short code was taken back.
    #[arg(long, value_name = "CODE", conflicts_with = "out")]
    back: Option<String>,
    /// Notes first that it is out after all.
    #[arg(long, value_name = "CODE")]
    out: Option<String>,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let api = Api::new(arguments.desk.unlock()?, None);
    let mut shelf = ask(&api, "shelf", &json!({}))?;
    if let Some(code) = arguments.back.as_ref().or(arguments.out.as_ref()) {
        let row = shelf.rows.iter().find(|row| row.token.is_some() && row.certificate.as_ref() == Some(code));
        let row = row.with_context(|| not_found(code, shelf.left_out.saturating_add(shelf.unreadable)))?;
        let said = json!({ "token": row.token, "isBack": arguments.back.is_some() });
        shelf = ask(&api, "paper_back", &said)?;
    }
    if shelf.rows.is_empty() {
        println!("Nothing was refused, and nothing is missing.");
    }
    // Whose paper is out comes first.
    let (out, others): (Vec<_>, Vec<_>) = shelf.rows.iter().partition(|row| is_out(row));
    out.into_iter().chain(others).for_each(tell);
    if 0 < shelf.left_out {
        println!("{} more, not shown here.", shelf.left_out);
    }
    if 0 < shelf.unreadable {
        println!("{} of a newer version cannot be shown here.", shelf.unreadable);
    }
    Ok(())
}

fn ask(api: &Api, command: &str, input: &Value) -> anyhow::Result<ShelfView> {
    let shelf = api.call(command, input.clone()).map_err(|view| anyhow::anyhow!("{} {}", view.message, view.next))?;
    Ok(serde_json::from_value(shelf)?)
}

/// A paper that is not shown may be on the register's list all the same.
fn not_found(code: &str, not_shown: u32) -> String {
    match not_shown {
        0 => format!("no paper with the code {code} is on the register's list"),
        1.. => format!(
            "no paper with the code {code} is shown here; {not_shown} more are on the register's list and not shown, and it \
             may be among them"
        ),
    }
}

fn is_out(row: &ShelvedView) -> bool {
    row.paper == PaperView::Printed && row.back_at.is_none()
}

fn tell(row: &ShelvedView) {
    let record: String = row.record.chars().take(16).collect();
    let born = row.birth_year.map(|year| format!(", born {year}")).unwrap_or_default();
    println!("{record}  {}{born}", row.holder.as_deref().unwrap_or("(no name is known here)"));
    println!("  {} {}", row.reason, row.mend);
    if row.corrected {
        println!("  A further record corrects it.");
    }
    let back = match row.back_at {
        Some(at) => format!(" It was taken back, noted on {}.", Timestamp::from_millis(at).date()),
        None if row.corrected && row.paper != PaperView::None => " Take it back.".to_owned(),
        None => String::new(),
    };
    println!("  {}{back}", paper(row));
    if row.paper != PaperView::None && row.back_at.is_none() {
        println!("  {}", whom(row));
    }
}

fn paper(row: &ShelvedView) -> String {
    let code = row.certificate.as_deref().unwrap_or_default();
    match (row.paper, row.printed_at) {
        (PaperView::Printed, Some(at)) => {
            format!("Certificate {code} was opened for printing on {}.", Timestamp::from_millis(at).date())
        }
        (PaperView::Printed, None) => format!("Certificate {code} was opened for printing."),
        (PaperView::Issued, _) => {
            format!("Certificate {code} was issued; no laptop has told that it was opened for printing.")
        }
        (PaperView::None, _) => "No paper goes out with it.".to_owned(),
    }
}

fn whom(row: &ShelvedView) -> String {
    let assessor = row.assessor.iter().map(|name| format!("{name}, who sealed it"));
    let ask: Vec<_> = assessor.chain(row.trainers.iter().cloned()).collect();
    match &row.contact {
        Some(contact) => format!("Call: {contact}"),
        None if ask.is_empty() => "No contact is known here, and nobody here knows who sealed it.".to_owned(),
        None => format!("No contact is known here: ask {}.", ask.join("; or ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paper_that_may_be_among_those_not_shown_is_not_called_missing() {
        assert_eq!(not_found("ABCD", 0), "no paper with the code ABCD is on the register's list");
        let said = not_found("ABCD", 3);
        assert!(said.contains("3 more") && said.contains("may be among them"), "{said}");
    }
}
