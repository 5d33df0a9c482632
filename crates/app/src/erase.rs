//! Destroying parts of a sealed record on this laptop: what the register has and this laptop may no longer hold.
//!
//! The seal stands: it names digests of salted parts, and those that are gone are absent. A signed tombstone in the
//! assessor's chain says what was destroyed, when and why; it goes to the register with the chain.

use fieldproof_model::{
    course::Course,
    digest::Digest,
    gate::Gate,
    id::{PersonId, SessionId},
    time::Timestamp,
};
use fieldproof_seal::{cbor, chain::ChainEvent, course::course_value, parts::PartKind, record::RecordFile};
use fieldproof_store::{ReadTx, WriteTx};

use crate::{
    App, Error, Invalid, NotAllowed, Result, Unlocked, What,
    epoch::{compared, heard_of},
    error::OrNotFound,
    retention::remove_what_left,
    session::{Place, Sealed, SessionState, append_event, evidence, own_state},
    words::checked_text,
};

impl App {
    /// Destroys parts of a session's records, in every record of it, together with whatever else on this laptop says the
    /// same: drafts, evidence, the certificate, and the name of somebody whom nothing else here needs.
    ///
    /// The reason stays for ever and is read by others, so it should name nobody. Destroying what is gone already only
    /// looks once more for what was left of it.
    ///
    /// # Errors
    /// [`NotAllowed::NotSealed`]; [`NotAllowed::NotInRegister`] while the register lacks any record of the session, or was
    /// restored and not asked after all of them yet;
    /// [`Invalid::ReasonMissing`], [`Invalid::NothingToErase`]; [`Error::Remains`] when it is done, and the store's
    /// file could not be cleaned.
    pub fn erase_parts(&self, id: SessionId, parts: &[PartKind], reason: &str) -> Result<SessionState> {
        let unlocked = self.unlocked()?;
        let reason = checked_text(reason, 1_000).map_err(|_| Invalid::ReasonMissing)?;
        // The scheme is about nobody, and without it nothing could be read any more.
        if parts.is_empty() || parts.contains(&PartKind::Scheme) {
            return Err(Invalid::NothingToErase.into());
        }
        let now = self.now();
        unlocked.store.write(|tx| -> Result<()> {
            let state = own_state(tx, &unlocked, id)?;
            let records: Vec<&Sealed> = state.corrected.iter().chain(&state.sealed).collect();
            if records.is_empty() {
                return Err(NotAllowed::NotSealed.into());
            }
            // Evidence that nobody has any more keeps nobody from what the law gives them.
            let is_there =
                |place: &Place| matches!(place, Place::InRegister(_) | Place::EvidenceLostThere { here: 0, .. });
            if compared(tx)? < heard_of(tx)? || !records.iter().all(|record| is_there(&record.place)) {
                return Err(NotAllowed::NotInRegister.into());
            }
            for record in records {
                erase_from(tx, &unlocked, record, parts, (now, &reason))?;
            }
            let named = if parts.contains(&PartKind::Log) || parts.contains(&PartKind::Gate) {
                evidence(&state)
            } else {
                Vec::new()
            };
            blank(tx, &state, parts)?;
            forget_people(tx, &state, parts)?;
            let_go(tx, &named, now)
        })?;
        let left = unlocked.store.read(|tx| tx.evidence_that_left());
        let removed = left.map_err(Error::Store).and_then(|left| remove_what_left(&unlocked.store, left.into_iter()));
        // One file that somebody reads keeps nothing in the other.
        let forgotten = unlocked.store.forget().map_err(Error::Remains);
        self.direct.tell_soon();
        self.host.ring();
        removed.and(forgotten)?;
        unlocked.store.read(|tx| own_state(tx, &unlocked, id))
    }
}

/// Takes the parts out of one record's file, and signs that they were.
fn erase_from(
    tx: &WriteTx<'_>,
    unlocked: &Unlocked,
    sealed: &Sealed,
    parts: &[PartKind],
    (at, reason): (Timestamp, &str),
) -> Result<()> {
    let mut file = RecordFile::parse(&sealed.row.file)?;
    let mut gone: Vec<i64> = parts.iter().map(|kind| kind.number()).collect();
    gone.sort_unstable();
    gone.dedup();
    gone.retain(|number| file.parts.remove(number).is_some());
    if gone.is_empty() {
        return Ok(());
    }
    // A certificate's token holds the name.
    let token = sealed.row.token.as_deref().filter(|_| !parts.contains(&PartKind::Person));
    tx.set_record_file(sealed.row.digest, &file.to_bytes(), token)?;
    let event = ChainEvent::Erased { record: sealed.row.digest, parts: gone, reason: reason.to_owned() };
    append_event(tx, (unlocked.chain, &unlocked.key), sealed.record.purpose, (sealed.record.session, at), event)
}

/// Empties the drafts that parts were made from.
fn blank(tx: &WriteTx<'_>, state: &SessionState, parts: &[PartKind]) -> Result<()> {
    let id = state.row.id;
    for part in parts {
        match part {
            PartKind::Log => tx.erase_log(id)?,
            PartKind::Gate => tx.set_gate(id, &Gate::default())?,
            PartKind::Acknowledgements => tx.erase_acknowledgements(id)?,
            PartKind::Course | PartKind::Location => {
                let course = if parts.contains(&PartKind::Course) {
                    Course::blank(state.course.id, state.course.scheme)
                } else {
                    Course { site: String::new(), ..state.course.clone() }
                };
                tx.set_session_course(id, &cbor::encode(course_value(&course)))?;
            }
            // The decision is computed from the log each time; people have rows of their own.
            PartKind::Decision | PartKind::Person | PartKind::People | PartKind::Scheme => {}
        }
    }
    Ok(())
}

/// Forgets how whoever stood in an erased part is reached, and blanks their name where nothing else needs it: the
/// institution's roster, a delegation, another session.
fn forget_people(tx: &WriteTx<'_>, state: &SessionState, parts: &[PartKind]) -> Result<()> {
    let candidate = Some(state.row.candidate).filter(|_| parts.contains(&PartKind::Person));
    let second = state.row.second_person.filter(|_| parts.contains(&PartKind::People));
    for person in [candidate, second].into_iter().flatten() {
        let row = tx.person(person)?.or_not_found(What::Person)?;
        // The institution's roster keeps a name; how somebody is reached is nobody's to keep against their will.
        tx.set_contact(person, None)?;
        let is_assessor = tx.delegations()?.iter().any(|(chain, _)| chain.assessor == person);
        if !row.is_on_roster && !is_assessor && !is_needed(tx, person)? {
            tx.blank_person(person)?;
        }
    }
    Ok(())
}

/// Whether any session still says who somebody is. This one's parts are gone from its file already.
fn is_needed(tx: &ReadTx<'_>, person: PersonId) -> Result<bool> {
    for session in tx.sessions_of(person)? {
        let row = tx.session(session)?.or_not_found(What::Session)?;
        let part = if row.candidate == person { PartKind::Person } else { PartKind::People };
        let records = tx.records_of(session)?;
        let mut says = records.is_empty();
        for record in records {
            says = says || RecordFile::parse(&record.file)?.parts.contains_key(&part.number());
        }
        if says {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Lets evidence go that the session named and nothing names any more.
fn let_go(tx: &WriteTx<'_>, named: &[(Digest, u64)], now: Timestamp) -> Result<()> {
    if named.is_empty() {
        return Ok(());
    }
    let mut still: Vec<Digest> = tx.evidence_of_activities()?;
    still.extend(tx.evidence_of_sessions()?.into_iter().map(|(_, digest)| digest));
    for (digest, _) in named.iter().filter(|(digest, _)| !still.contains(digest)) {
        tx.set_evidence_left(*digest, now)?;
    }
    Ok(())
}
