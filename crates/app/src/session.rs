//! A session as the operations see it: its row, its people, its log folded, and what became of it.

mod acknowledge;
mod correct;
mod decide;
mod document;
mod gate;
mod observe;
mod open;
mod photo;
mod seal;
mod team;

use std::collections::BTreeMap;

use fieldproof_model::{
    clock::{self, Bracket, ClockGrade, Reading},
    course::Course,
    decision::{Case, Decision, decide},
    digest::Digest,
    gate::Missing,
    id::SessionId,
    observation::Observation,
    scheme::{Need, Scheme},
    session::{Phase, Session},
    time::{Date, Timestamp},
};
use fieldproof_seal::{
    cbor,
    course::parse_course,
    delegation::Delegation,
    envelope::Purpose,
    parts::{Acknowledgement, PART_LIMIT, PARTS, PartKind, parse_people, parse_person},
    receipt::{Receipt, Refusal},
    record::{Record, RecordFile},
    scheme::parse_signed_scheme,
    trust::TrustFile,
};
use fieldproof_store::{
    ReadTx, StoreError,
    table::{
        people::PersonRow,
        records::{AnswerKind, RecordRow},
        sessions::SessionRow,
    },
};

use crate::{
    App, NotAllowed, Result, Unlocked, What, epoch::evidence_gone, error::OrNotFound, people::read_trust_file,
};

pub use correct::Correction;
pub use document::{certificate_facts, result_sheet_facts};
pub use open::NewSession;
pub(crate) use open::append_event;
pub use photo::PHOTO_LIMIT;
pub(crate) use photo::keep_file;
pub use seal::Obstacle;
pub(crate) use seal::{evidence, read_beacon};

/// Where a sealed record is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// Only here.
    OnThisLaptop,
    /// The register has the record and waits for evidence.
    Held(Receipt),
    /// The register has everything, and its receipt is here.
    InRegister(Receipt),
    /// The register signed this and lost the record, or was restored since and not asked; it goes back with the next sending.
    LostThere(Receipt),
    /// The register had everything, signed this, and lost evidence of it: so many items that are still here go there
    /// again, and so many are not here any more.
    EvidenceLostThere {
        /// What it signed.
        receipt: Receipt,
        /// Items that go there again.
        here: usize,
        /// Items that nobody has.
        gone: usize,
    },
    /// The register said no.
    Refused(Refusal),
}

/// A sealed record with where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// Its row.
    pub row: RecordRow,
    /// What was signed.
    pub record: Record,
    /// Where it is.
    pub place: Place,
}

/// The other member of a team, as far as this session shows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partner {
    /// Their session.
    pub session: SessionId,
    /// Who they are.
    pub person: PersonRow,
}

/// Everything about one session.
#[derive(Debug, Clone)]
pub struct SessionState {
    /// Its row.
    pub row: SessionRow,
    /// Who assesses.
    pub assessor: PersonRow,
    /// Who is assessed.
    pub candidate: PersonRow,
    /// Who stands by, unless nobody does.
    pub second_person: Option<PersonRow>,
    /// The other member of a team.
    pub partner: Option<Partner>,
    /// The scheme, as frozen when the session was opened.
    pub scheme: Scheme,
    /// The course, frozen likewise.
    pub course: Course,
    /// Whether the result counts.
    pub purpose: Purpose,
    /// What the delegation of the assessor's key allows; `None` while a new key waits for one.
    pub delegation: Option<Delegation>,
    /// Number and time of the register's last beacon that is held.
    pub beacon: Option<(u32, Timestamp)>,
    /// The log.
    pub log: Vec<Observation>,
    /// The log folded.
    pub session: Session,
    /// The result as it stands.
    pub decision: Decision,
    /// Who acknowledged.
    pub acknowledgements: Vec<Acknowledgement>,
    /// The sealed record; the last one, where records were corrected.
    pub sealed: Option<Sealed>,
    /// The records before it, each corrected by the next.
    pub corrected: Vec<Sealed>,
    /// The evidence of it that left this laptop, with the moment.
    pub left: BTreeMap<Digest, Timestamp>,
    /// The parts of its last record that were destroyed here.
    pub erased: Vec<PartKind>,
}

impl SessionState {
    /// What the gate still needs on `today`, and whether it holds the start up. No day counts that lies before the
    /// register's last time held: a dead clock does not turn good papers into papers of the future.
    #[must_use]
    pub fn missing(&self, today: Date) -> Vec<(Missing, Need)> {
        let today = self.beacon.map_or(today, |(_, at)| today.max(at.date()));
        fieldproof_model::gate::missing(&self.scheme, &self.row.gate, self.row.second_person.is_some(), today)
    }

    /// What the session is judged by, beside its log.
    #[must_use]
    pub const fn case(&self) -> Case<'_> {
        case(&self.row)
    }

    /// Grades the clock over the log: up to the sealing once it is sealed, up to `now` before. `contact_days` is the
    /// longest time without contact that leaves a clock confirmed; `None` where none is set.
    #[must_use]
    pub fn clock_grade(&self, now: Timestamp) -> ClockGrade {
        let readings: Vec<Reading> = self.log.iter().map(Reading::from).collect();
        let sealed = self.sealed.as_ref();
        let sealed_at = sealed.map_or(now, |sealed| sealed.record.sealed_at);
        let beacon = sealed.map_or(self.beacon, |sealed| sealed.record.beacon);
        let not_after = sealed.and_then(|sealed| match &sealed.place {
            Place::Held(receipt)
            | Place::InRegister(receipt)
            | Place::LostThere(receipt)
            | Place::EvidenceLostThere { receipt, .. } => Some(receipt.received_at),
            Place::Refused(refusal) => Some(refusal.at),
            Place::OnThisLaptop => None,
        });
        let contact_days = self.delegation.as_ref().and_then(|delegation| delegation.contact_days).map(u32::from);
        let bracket = Bracket { not_before: beacon.map(|(_, at)| at), not_after };
        clock::grade(&readings, sealed_at, bracket, contact_days)
    }

    /// When it was last worked on, as the laptop's clock claims: opened, tapped, acknowledged, given up, sealed.
    #[must_use]
    pub fn touched_at(&self) -> Timestamp {
        let taps = self.log.last().map(|last| last.tapped_at);
        let acknowledged = self.acknowledgements.iter().map(|given| given.at);
        let sealed = self.sealed.as_ref().map(|sealed| sealed.record.sealed_at);
        let later = taps.into_iter().chain(acknowledged).chain(sealed).chain(self.row.abandoned_at);
        later.fold(self.row.opened_at, Ord::max)
    }

    fn clock_is_behind(&self, now: Timestamp) -> bool {
        self.beacon.is_some_and(|(_, held)| clock::is_behind(now, held))
    }

    /// The day the exercise began, or the day the session was opened.
    #[must_use]
    pub fn started_on(&self) -> Date {
        self.session.started.map_or(self.row.opened_at, |started| started.at).date()
    }

    /// When the result was computed over the last observation.
    #[must_use]
    pub fn ended_at(&self) -> Timestamp {
        self.log.last().map_or(self.row.opened_at, |last| last.tapped_at)
    }
}

/// Reads everything about one session.
pub(crate) fn read_state(tx: &ReadTx<'_>, id: SessionId) -> Result<SessionState> {
    let row = tx.session(id)?.or_not_found(What::Session)?;
    let (scheme, signed_scheme) = parse_signed_scheme(&row.scheme, Some(&row.language))?;
    let chain = tx.chain_in_use(row.assessor)?;
    let delegation = chain.map(|chain| tx.delegation(chain, row.scheme_id)).transpose()?.flatten();
    let delegation = delegation.map(|signed| Delegation::parse(&signed)).transpose()?.map(|(delegation, _)| delegation);
    let log = tx.observations(id)?;
    let session = Session::replay(&log);
    let mut corrected: Vec<_> =
        tx.records_of(id)?.into_iter().map(|row| read_sealed(tx, row)).collect::<Result<_>>()?;
    let sealed = corrected.pop();
    let file = sealed.as_ref().map(|sealed| RecordFile::parse(&sealed.row.file)).transpose()?;
    let erased = sealed.as_ref().zip(file.as_ref()).map_or(Vec::new(), |(sealed, file)| absent(&sealed.record, file));
    let (assessor, candidate, second_person) = read_people(tx, &row, file.as_ref())?;
    Ok(SessionState {
        assessor,
        candidate,
        second_person,
        partner: row.partner.map(|id| read_partner(tx, id)).transpose()?,
        course: parse_course(cbor::decode(&row.course, PART_LIMIT)?)?,
        purpose: signed_scheme.purpose,
        decision: match &sealed {
            // Without the log the result is what was sealed, and nobody can say why.
            Some(sealed) if erased.contains(&PartKind::Log) => {
                Decision { outcome: sealed.record.outcome, rules: Vec::new(), lines: Vec::new() }
            }
            _ => decide(&scheme, &case(&row), &session),
        },
        acknowledgements: tx.acknowledgements(id)?,
        beacon: read_beacon(tx)?,
        left: read_left(tx, sealed.as_ref())?,
        erased,
        sealed,
        corrected,
        row,
        scheme,
        delegation,
        log,
        session,
    })
}

const fn case(row: &SessionRow) -> Case<'_> {
    Case { gate: &row.gate, has_second_person: row.second_person.is_some(), attempt: row.attempt }
}

/// Assessor, candidate and second person: as they were sealed, once they were, whatever was corrected since.
fn read_people(
    tx: &ReadTx<'_>,
    row: &SessionRow,
    sealed: Option<&RecordFile>,
) -> Result<(PersonRow, PersonRow, Option<PersonRow>)> {
    let read = |id| tx.person(id)?.or_not_found(What::Person);
    let (mut assessor, mut candidate) = (read(row.assessor)?, read(row.candidate)?);
    let mut second = row.second_person.map(read).transpose()?;
    if let Some(file) = sealed {
        if let Some(person) = file.part(PartKind::Person)? {
            candidate.person = parse_person(person)?;
        }
        if let Some(people) = file.part(PartKind::People)? {
            let (by, stood_by) = parse_people(people)?;
            assessor.person = by;
            if let (Some(second), Some(stood_by)) = (&mut second, stood_by) {
                second.person = stood_by;
            }
        }
    }
    Ok((assessor, candidate, second))
}

/// The parts that a record names and its file does not hold.
fn absent(record: &Record, file: &RecordFile) -> Vec<PartKind> {
    let is_absent = |number: &i64| record.parts.contains_key(number) && !file.parts.contains_key(number);
    PARTS.iter().filter(|(_, number, _)| is_absent(number)).map(|(kind, ..)| *kind).collect()
}

/// Nothing leaves before it is sealed and in the register.
fn read_left(tx: &ReadTx<'_>, sealed: Option<&Sealed>) -> Result<BTreeMap<Digest, Timestamp>> {
    let mut left = BTreeMap::new();
    for (digest, _) in sealed.iter().flat_map(|sealed| &sealed.record.evidence) {
        left.extend(tx.evidence_left_at(*digest)?.map(|at| (*digest, at)));
    }
    Ok(left)
}

fn read_partner(tx: &ReadTx<'_>, session: SessionId) -> Result<Partner> {
    let row = tx.session(session)?.or_not_found(What::Session)?;
    Ok(Partner { session, person: tx.person(row.candidate)?.or_not_found(What::Person)? })
}

fn read_sealed(tx: &ReadTx<'_>, row: RecordRow) -> Result<Sealed> {
    let (record, _) = Record::parse(&RecordFile::parse(&row.file)?.sealed)?;
    let place = read_place(tx, row.digest)?;
    Ok(Sealed { row, record, place })
}

/// Only answers that were verified are ever stored, so reading one is enough here.
pub(crate) fn read_place(tx: &ReadTx<'_>, record: Digest) -> Result<Place> {
    let lost = tx.lost_there(record)?;
    let is_lost = lost.contains(&record);
    let refusal = tx.register_answer(record, AnswerKind::Refusal)?;
    if let Some(signed) = tx.register_answer(record, AnswerKind::Complete)?.filter(|_| !is_lost || refusal.is_none()) {
        let receipt = Receipt::parse(&signed)?.0;
        let gone = evidence_gone(tx, &lost)?;
        return Ok(match lost.len() {
            0 => Place::InRegister(receipt),
            _ if is_lost => Place::LostThere(receipt),
            count => Place::EvidenceLostThere { receipt, here: count.saturating_sub(gone), gone },
        });
    }
    if let Some(signed) = refusal {
        return Ok(Place::Refused(Refusal::parse(&signed)?.0));
    }
    if let Some(signed) = tx.register_answer(record, AnswerKind::Held)? {
        let receipt = Receipt::parse(&signed)?.0;
        return Ok(if is_lost { Place::LostThere(receipt) } else { Place::Held(receipt) });
    }
    Ok(Place::OnThisLaptop)
}

impl App {
    /// Reads everything about one session of the assessor.
    ///
    /// # Errors
    /// [`crate::Error`].
    pub fn session(&self, id: SessionId) -> Result<SessionState> {
        let unlocked = self.unlocked()?;
        unlocked.store.read(|tx| own_state(tx, &unlocked, id))
    }
}

impl App {
    /// Reads the register's complete receipt for a record, exactly as it was signed.
    ///
    /// # Errors
    /// [`crate::Error`].
    pub fn receipt(&self, record: Digest) -> Result<Option<Vec<u8>>> {
        let unlocked = self.unlocked()?;
        unlocked.store.read(|tx| Ok(tx.register_answer(record, AnswerKind::Complete)?))
    }

    /// Asks the store itself whether it is whole.
    ///
    /// # Errors
    /// [`crate::Error`].
    pub fn check_integrity(&self) -> Result<bool> {
        Ok(self.unlocked()?.store.check_integrity()?)
    }

    /// Reads root, key set and snapshot, as a file for other verifiers.
    ///
    /// # Errors
    /// [`crate::Error`].
    pub fn trust_file(&self) -> Result<TrustFile> {
        self.unlocked()?.store.read(read_trust_file)
    }
}

pub(crate) fn own_state(tx: &ReadTx<'_>, unlocked: &Unlocked, id: SessionId) -> Result<SessionState> {
    let state = read_state(tx, id)?;
    if state.row.assessor == unlocked.assessor { Ok(state) } else { Err(NotAllowed::OtherAssessor.into()) }
}

/// A session that can still change: the assessor's own, neither sealed nor given up.
fn open_state(tx: &ReadTx<'_>, unlocked: &Unlocked, id: SessionId) -> Result<SessionState> {
    let state = own_state(tx, unlocked, id)?;
    if state.sealed.is_some() {
        return Err(NotAllowed::Sealed.into());
    }
    if state.row.abandoned_at.is_some() {
        return Err(NotAllowed::Abandoned.into());
    }
    Ok(state)
}

/// Fails where parts of what was sealed are gone: a paper or a further record made from the rest would say less.
fn require_whole(state: &SessionState) -> Result<()> {
    if state.erased.is_empty() { Ok(()) } else { Err(NotAllowed::Erased.into()) }
}

/// Fails unless the session stands in `phase`.
fn require_phase(state: &SessionState, phase: Phase, otherwise: NotAllowed) -> Result<()> {
    if state.session.phase == phase { Ok(()) } else { Err(otherwise.into()) }
}

/// The log is out of numbers, which no session reaches.
const LOG_FULL: StoreError = StoreError::Damaged("log");
