//! What was refused or is missing at the register: this laptop's own records, and everybody's for a coordinator, with
//! whose paper is out and how its holder is reached. A refused record can be offered again; nothing is ever deleted.

mod book;

use fieldproof_model::{
    course::Course,
    digest::Digest,
    id::{CertificateId, SessionId},
    person::{Contact, Person},
    time::{Date, Timestamp},
};
use fieldproof_seal::{
    receipt::RefusalReason,
    token::{Standing, Token},
};
use fieldproof_store::table::records::AnswerKind;
use fieldproof_sync::{OutboxRecord, Outcome, offer_again};
use fieldproof_wire::{PaperBack, RegisterProtocol};

use self::book::Book;
pub(crate) use self::book::assessors;

use crate::{
    App, Error, NotAllowed, Result,
    epoch::Met,
    send::outgoing,
    session::{Place, Sealed, SessionState, own_state},
};

/// Why a record stands on the shelf.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ShelvedBecause {
    /// The register refused it, and signed why.
    Refused(RefusalReason),
    /// The register says that it refused it; what it signed does not prove that.
    SaidToBeRefused,
    /// A chain says that it was sealed, and the register has no such record.
    NotAtRegister,
    /// The register has it, and not so many of its evidence items.
    EvidenceMissing(usize),
    /// Its paper was printed, and the register has nothing else of it; by this day it should.
    OnItsWay(Date),
    /// Its paper was printed, and the day by which the register should have had the record is over.
    Overdue(Date),
}

/// Whether a paper is out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paper {
    /// None goes out with this record.
    None,
    /// A certificate was issued with it; no laptop told that it was printed.
    Issued(CertificateId),
    /// Its certificate was opened for printing, by its laptop's clock.
    Printed(CertificateId, Timestamp),
}

/// Whom a record is about, as far as its part or its paper says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// The name.
    pub name: String,
    /// The year of birth, where it is known.
    pub birth_year: Option<u16>,
}

/// Who taught a course that a holder was in, and may know how they are reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trainer {
    /// The name.
    pub name: String,
    /// How the trainer is reached; empty where nobody wrote it down.
    pub contact: String,
    /// The course.
    pub course: String,
}

/// A record on the shelf.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shelved {
    /// Which.
    pub record: Digest,
    /// Its session, where it is one of this laptop.
    pub session: Option<SessionId>,
    /// Why it stands there.
    pub because: ShelvedBecause,
    /// Since when.
    pub since: Timestamp,
    /// When it was sealed, as its laptop's clock claims; `None` where a paper is all that is known.
    pub sealed_at: Option<Timestamp>,
    /// Whom it is about, where that is known here.
    pub holder: Option<Holder>,
    /// How they are reached, where a coordinator's laptop was told.
    pub contact: Option<Contact>,
    /// Who else may know that.
    pub trainers: Vec<Trainer>,
    /// Who sealed it, where that is known here.
    pub assessor: Option<String>,
    /// Whether its paper is out.
    pub paper: Paper,
    /// What the register knows of its paper by, where a laptop told of it: the digest of its token.
    pub token: Option<Digest>,
    /// Since when a coordinator says that the paper was taken back; `None` while it is out.
    pub back_at: Option<Timestamp>,
    /// Whether a further record corrects it.
    pub is_corrected: bool,
}

/// Everything a coordinator is shown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Shelf {
    /// The records, as the register shows them: whose paper does not count and is out first, then the longest known.
    pub rows: Vec<Shelved>,
    /// How many more there are.
    pub left_out: u32,
    /// How many the register showed that cannot be read.
    pub unreadable: usize,
}

impl App {
    /// Offers the refused records of a session to the register again, to be judged anew. The refusals of before are kept.
    ///
    /// # Errors
    /// [`NotAllowed::NotRefused`]; as [`App::send`]; [`Error::Lane`] when the register did not answer to one.
    pub fn offer_again(&self, id: SessionId) -> Result<SessionState> {
        let unlocked = self.unlocked()?;
        let state = unlocked.store.read(|tx| own_state(tx, &unlocked, id))?;
        let refused: Vec<_> = records(&state).filter(|sealed| is_refused(sealed)).cloned().collect();
        if refused.is_empty() {
            return Err(NotAllowed::NotRefused.into());
        }
        let Met { register, line, greeting, .. } = self.meet(&unlocked)?;
        for sealed in refused {
            let file = unlocked.store.read(|tx| outgoing(tx, sealed.row.file.clone()))?;
            let record = OutboxRecord {
                digest: sealed.row.digest,
                file: file.ok_or(NotAllowed::NotDelegatedYet)?,
                receipts: Vec::new(),
            };
            let report = line.run(offer_again(&register, &greeting.trust, &record))?;
            let (kind, signed) = match report.outcome {
                Outcome::Complete(receipt) => (AnswerKind::Complete, receipt.signed),
                Outcome::Held { receipt, .. } => (AnswerKind::Held, receipt.signed),
                Outcome::Refused(refusal) => (AnswerKind::Refusal, refusal.signed),
                Outcome::Failed { error, .. } => return Err(Error::Lane(error)),
                Outcome::NotSent => continue,
            };
            unlocked.store.write(|tx| tx.keep_later_answer(report.record, kind, &signed))?;
        }
        // Photos and files go by themselves.
        self.host.ring();
        unlocked.store.read(|tx| own_state(tx, &unlocked, id))
    }

    /// Asks the register what was refused and what is missing, on a coordinator's laptop.
    ///
    /// # Errors
    /// [`Error::Address`], [`Error::Send`], [`Error::Http`].
    pub fn shelf(&self) -> Result<Shelf> {
        self.shelf_after(None)
    }

    /// Tells the register that a paper was taken back, or is out after all, and asks anew what stands there.
    ///
    /// # Errors
    /// [`NotAllowed::PaperUnknown`]; as [`App::shelf`].
    pub fn paper_back(&self, token: Digest, is_back: bool) -> Result<Shelf> {
        self.shelf_after(Some(PaperBack { token, is_back }))
    }

    fn shelf_after(&self, said: Option<PaperBack>) -> Result<Shelf> {
        let (unlocked, today) = (self.unlocked()?, self.today());
        let Met { register, line, installation, .. } = self.meet(&unlocked)?;
        let book = unlocked.store.read(|tx| Book::read(tx, today))?;
        self.bring_packs(&unlocked, &register, &line)?;
        if let Some(said) = said {
            let answer = line.run(register.paper_back(installation, said))??;
            if !answer.refused.is_empty() {
                return Err(NotAllowed::PaperUnknown.into());
            }
        }
        let shown = line.run(register.shelf(installation))??;
        let rows: Vec<_> = shown.rows.iter().filter_map(|row| book.shelved(row)).collect();
        let unreadable = shown.rows.len().saturating_sub(rows.len());
        Ok(Shelf { rows, left_out: shown.left_out, unreadable })
    }
}

impl From<&Person> for Holder {
    fn from(person: &Person) -> Self {
        Self { name: person.name.as_str().to_owned(), birth_year: person.birth_year }
    }
}

impl Trainer {
    /// Who taught a course, where that was written down.
    fn of(course: &Course) -> Option<Self> {
        let named = Some(course.trainer.trim()).filter(|name| !name.is_empty());
        named.map(|name| Self {
            name: name.to_owned(),
            contact: course.trainer_contact.trim().to_owned(),
            course: course.title.clone(),
        })
    }
}

fn records(state: &SessionState) -> impl Iterator<Item = &Sealed> {
    state.corrected.iter().chain(&state.sealed)
}

const fn is_refused(sealed: &Sealed) -> bool {
    matches!(sealed.place, Place::Refused(_))
}

/// What of an assessor's sessions was refused, and whose paper should have been confirmed by now.
pub(crate) fn own_shelf(sessions: &[SessionState], today: Date) -> Vec<Shelved> {
    let mut shelf: Vec<_> = sessions
        .iter()
        .flat_map(|state| records(state).map(move |sealed| (state, sealed)))
        .filter_map(|(state, sealed)| own_row(state, sealed, today))
        .collect();
    shelf.sort_by_key(|row| row.since);
    shelf
}

fn own_row(state: &SessionState, sealed: &Sealed, today: Date) -> Option<Shelved> {
    let (because, since) = match &sealed.place {
        Place::InRegister(_) | Place::EvidenceLostThere { .. } => return None,
        Place::Refused(refusal) => (ShelvedBecause::Refused(refusal.reason), refusal.at),
        Place::OnThisLaptop | Place::Held(_) | Place::LostThere(_) => {
            let by = confirm_by(sealed).filter(|by| *by < today && sealed.row.document_opened_at.is_some())?;
            (ShelvedBecause::Overdue(by), sealed.record.sealed_at)
        }
    };
    let certificate = sealed.record.certificate;
    Some(Shelved {
        record: sealed.row.digest,
        session: Some(state.row.id),
        because,
        since,
        sealed_at: Some(sealed.record.sealed_at),
        holder: Some(Holder::from(&state.candidate.person)),
        contact: state.candidate.contact.clone(),
        trainers: Trainer::of(&state.course).into_iter().collect(),
        assessor: Some(state.assessor.person.name.as_str().to_owned()),
        paper: match (certificate, sealed.row.document_opened_at) {
            (Some(certificate), Some(at)) => Paper::Printed(certificate, at),
            (Some(_) | None, None) | (None, Some(_)) => Paper::None,
        },
        token: None,
        back_at: None,
        is_corrected: state.sealed.as_ref().is_some_and(|last| last.row.digest != sealed.row.digest),
    })
}

/// The day by which a paper that went out should be confirmed.
fn confirm_by(sealed: &Sealed) -> Option<Date> {
    let (token, _) = Token::parse(sealed.row.token.as_ref()?).ok()?;
    match token.standing {
        Standing::OnSite { confirm_by, .. } => Some(confirm_by),
        Standing::Registered { .. } => None,
    }
}
