//! `fieldproof institution shelf`: what was refused and what is missing at the register, whose paper is out, whom to call.

use fieldproof_api::{
    Api,
    dto::{PaperView, ShelfView, ShelvedView},
};
use fieldproof_model::time::Timestamp;
use serde_json::json;

use crate::laptop::Person;

pub(crate) fn run(desk: &Person) -> anyhow::Result<()> {
    let api = Api::new(desk.unlock()?, None);
    let shelf = api.call("shelf", json!({})).map_err(|view| anyhow::anyhow!("{} {}", view.message, view.next))?;
    let shelf: ShelfView = serde_json::from_value(shelf)?;
    if shelf.rows.is_empty() {
        println!("Nothing was refused, and nothing is missing.");
    }
    // Whose paper is out comes first.
    let (out, others): (Vec<_>, Vec<_>) = shelf.rows.iter().partition(|row| row.paper == PaperView::Printed);
    out.into_iter().chain(others).for_each(tell);
    if 0 < shelf.left_out {
        println!("{} more, not shown here.", shelf.left_out);
    }
    if 0 < shelf.unreadable {
        println!("{} of a newer version cannot be shown here.", shelf.unreadable);
    }
    Ok(())
}

fn tell(row: &ShelvedView) {
    let record: String = row.record.chars().take(16).collect();
    let born = row.birth_year.map(|year| format!(", born {year}")).unwrap_or_default();
    println!("{record}  {}{born}", row.holder.as_deref().unwrap_or("(no name is known here)"));
    println!("  {} {}", row.reason, row.mend);
    if row.corrected {
        println!("  A further record corrects it.");
    }
    let take_back = if row.corrected && row.paper != PaperView::None { " Take it back." } else { "" };
    println!("  {}{take_back}", paper(row));
    if row.paper != PaperView::None {
        println!("  {}", whom(row));
    }
}

fn paper(row: &ShelvedView) -> String {
    let code = row.certificate.as_deref().unwrap_or_default();
    match (row.paper, row.printed_at) {
        (PaperView::Printed, Some(at)) => {
            format!("Certificate {code} was printed on {}.", Timestamp::from_millis(at).date())
        }
        (PaperView::Printed, None) => format!("Certificate {code} was printed."),
        (PaperView::Issued, _) => format!("Certificate {code} was issued; no laptop has told that it was printed."),
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
