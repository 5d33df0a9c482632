//! The shelf in words: why a record stands there, and who can mend it.

#![expect(clippy::needless_pass_by_value, reason = "every command takes its input whole")]

use fieldproof_app::{Paper, Shelf, Shelved, ShelvedBecause, Trainer};
use fieldproof_model::time::Timestamp;
use fieldproof_seal::{receipt::RefusalReason, short_code::short_code};

use crate::{
    Api,
    commands::Answer,
    dto::*,
    error::{self, refusal, sentence},
    input,
};

impl Api {
    pub(crate) fn shelf(&self, _: Nothing) -> Answer<ShelfView> {
        self.app().shelf().map(|shelf| view(&shelf)).map_err(|e| error::asking(&e))
    }

    pub(crate) fn paper_back(&self, input: PaperBackInput) -> Answer<ShelfView> {
        let shelf = self.app().paper_back(input::digest(&input.token)?, input.is_back);
        shelf.map(|shelf| view(&shelf)).map_err(|e| error::asking(&e))
    }

    pub(crate) fn offer_again(&self, input: SessionInput) -> Answer<SessionView> {
        self.show(self.app().offer_again(input::session(&input.session_id)?))
    }
}

fn view(shelf: &Shelf) -> ShelfView {
    ShelfView {
        rows: shelf.rows.iter().map(row).collect(),
        left_out: shelf.left_out,
        unreadable: u32::try_from(shelf.unreadable).unwrap_or(u32::MAX),
    }
}

pub(crate) fn row(row: &Shelved) -> ShelvedView {
    let (paper, certificate, printed_at) = match row.paper {
        Paper::None => (PaperView::None, None, None),
        Paper::Issued(id) => (PaperView::Issued, Some(id), None),
        Paper::Printed(id, at) => (PaperView::Printed, Some(id), Some(at)),
    };
    ShelvedView {
        record: row.record.to_string(),
        session_id: row.session.map(|session| session.to_string()),
        kind: kind(&row.because),
        reason: reason(&row.because),
        mend: mend(&row.because, row.session.is_some()).to_owned(),
        since: row.since.as_millis(),
        sealed_at: row.sealed_at.map(Timestamp::as_millis),
        holder: row.holder.as_ref().map(|holder| holder.name.clone()),
        birth_year: row.holder.as_ref().and_then(|holder| holder.birth_year),
        contact: row.contact.as_ref().map(|contact| contact.as_str().to_owned()),
        assessor: row.assessor.clone(),
        trainers: row.trainers.iter().map(trainer).collect(),
        paper,
        certificate: certificate.map(|id| short_code(&id)),
        printed_at: printed_at.map(Timestamp::as_millis),
        token: row.token.map(|token| token.to_string()),
        back_at: row.back_at.map(Timestamp::as_millis),
        corrected: row.is_corrected,
        mendable: !row.is_corrected && is_mendable(&row.because),
        offerable: row.session.is_some() && !row.is_corrected && may_be_taken(&row.because),
    }
}

fn trainer(trainer: &Trainer) -> String {
    let Trainer { name, contact, course } = trainer;
    if contact.is_empty() {
        format!("{name}, trainer of “{course}”")
    } else {
        format!("{name}, trainer of “{course}”: {contact}")
    }
}

const fn kind(because: &ShelvedBecause) -> ShelvedKind {
    match because {
        ShelvedBecause::Refused(_) | ShelvedBecause::SaidToBeRefused => ShelvedKind::Refused,
        ShelvedBecause::NotAtRegister => ShelvedKind::Missing,
        ShelvedBecause::EvidenceMissing(_) => ShelvedKind::EvidenceMissing,
        ShelvedBecause::OnItsWay(_) => ShelvedKind::OnItsWay,
        ShelvedBecause::Overdue(_) => ShelvedKind::Overdue,
    }
}

/// Whether the register may take it when it is offered again: what stands at its place stands there for good.
const fn may_be_taken(because: &ShelvedBecause) -> bool {
    matches!(because, ShelvedBecause::Refused(RefusalReason::NotGenuine | RefusalReason::Delegation))
}

/// Whether the institution can mend what spoke against it, so that the register takes it after all.
const fn is_mendable(because: &ShelvedBecause) -> bool {
    matches!(because, ShelvedBecause::Refused(RefusalReason::Delegation))
}

fn reason(because: &ShelvedBecause) -> String {
    match because {
        ShelvedBecause::Refused(why) => sentence(&format!("the register refused it: {}", refusal(*why))),
        ShelvedBecause::SaidToBeRefused => {
            "The register says that it refused it, and its signature does not prove that.".to_owned()
        }
        ShelvedBecause::NotAtRegister => {
            "A laptop says that it was sealed, and the register does not have it yet.".to_owned()
        }
        ShelvedBecause::EvidenceMissing(1) => "The register lacks 1 photo or file of it.".to_owned(),
        ShelvedBecause::EvidenceMissing(many) => format!("The register lacks {many} photos and files of it."),
        ShelvedBecause::OnItsWay(by) => {
            format!(
                "A laptop told of its paper, and the record is still to come. The paper says that it should be here by {by}."
            )
        }
        ShelvedBecause::Overdue(by) => {
            format!("It is not in the register, and its paper says that it should be by {by}.")
        }
    }
}

/// Who can mend it, and how. `is_own`: it lies on this laptop.
const fn mend(because: &ShelvedBecause, is_own: bool) -> &'static str {
    match (because, is_own) {
        (ShelvedBecause::Refused(RefusalReason::Delegation), true) => {
            "The coordinator has to mend the delegation or the institution's keys. Offer it again after that."
        }
        (ShelvedBecause::Refused(RefusalReason::Delegation), false) => {
            "Mend the delegation or the keys, then have the assessor offer it again."
        }
        (ShelvedBecause::Refused(RefusalReason::NotGenuine), true) => {
            "Offer it again: a copy may have been damaged on its way. If it is refused again, tell the coordinator; what can be corrected is sealed anew."
        }
        (ShelvedBecause::Refused(RefusalReason::NotGenuine), false) => {
            "Have the assessor offer it again, or seal a correction. If it stays refused, nobody should rely on it."
        }
        (ShelvedBecause::Refused(RefusalReason::OtherRecordAtThisPlace), true) => {
            "The coordinator has to find out who works with a copy of this laptop. A correction seals it at a place of its own."
        }
        (ShelvedBecause::Refused(RefusalReason::OtherRecordAtThisPlace), false) => {
            "Find out who works with a copy of the laptop. The assessor can seal a correction at a place of its own."
        }
        (ShelvedBecause::SaidToBeRefused, _) => "Whoever looks after the register has to look at it.",
        (ShelvedBecause::NotAtRegister, _) => {
            "Ask the assessor to send: it is on their laptop, or on a stick that was not brought yet."
        }
        (ShelvedBecause::EvidenceMissing(_), _) => {
            "Ask the assessor to send: the photos and files are on their laptop."
        }
        (ShelvedBecause::OnItsWay(_), _) => {
            "Nobody has to do anything yet: it leaves its laptop by itself, or comes on a stick."
        }
        (ShelvedBecause::Overdue(_), false) => {
            "The assessor can: the record is on their laptop, or on a stick that was not brought yet. Until it is here nobody can confirm the paper."
        }
        (ShelvedBecause::Overdue(_), true) => {
            "Send it, or bring it on a stick. Until then nobody can confirm the paper."
        }
    }
}

#[cfg(test)]
mod tests {
    use fieldproof_model::{digest::Digest, id::SessionId};

    use super::*;

    #[test]
    fn is_offered_again_where_that_may_help() {
        let at = Timestamp::from_millis(0);
        let own = |because| Shelved {
            record: Digest::new([1; 32]),
            session: Some(SessionId::new([1; 16])),
            because,
            since: at,
            sealed_at: Some(at),
            holder: None,
            contact: None,
            trainers: Vec::new(),
            assessor: None,
            paper: Paper::None,
            token: None,
            back_at: None,
            is_corrected: false,
        };
        let refused = |why| own(ShelvedBecause::Refused(why));
        let day = at.date();
        let cases = [
            ("its delegation can be mended", refused(RefusalReason::Delegation), true),
            ("its copy may have been damaged", refused(RefusalReason::NotGenuine), true),
            ("another stands there for good", refused(RefusalReason::OtherRecordAtThisPlace), false),
            ("it was never refused", own(ShelvedBecause::Overdue(day)), false),
            ("corrected", Shelved { is_corrected: true, ..refused(RefusalReason::Delegation) }, false),
            ("of another laptop", Shelved { session: None, ..refused(RefusalReason::Delegation) }, false),
        ];
        for (what, shelved, expected) in cases {
            assert_eq!(row(&shelved).offerable, expected, "{what}");
        }
    }
}
