//! Opening a session, and giving one up. Both are entries of the assessor key's chain, so that attempts cannot be picked.

use fieldproof_model::{
    gate::Gate,
    id::{PersonId, SessionId},
    person::check_roles,
    session::Phase,
    time::Timestamp,
};
use fieldproof_seal::{
    chain::{ChainEntry, ChainEvent},
    digest_of,
    envelope::Purpose,
    scheme::parse_signed_scheme,
};
use fieldproof_store::{
    WriteTx,
    table::{chain_entries::ChainRow, pack_items::PackItem, sessions::SessionRow},
};

use crate::{
    App, Invalid, NotAllowed, Result, Unlocked, What,
    error::OrNotFound,
    session::{SessionState, open_state, read_state},
    words::checked_text,
};

impl App {
    /// Opens a session under the pack's scheme and course.
    ///
    /// # Errors
    /// [`Invalid::SamePerson`] when two roles are one person; [`crate::Error::NotFound`].
    pub fn open_session(&self, candidate: PersonId, second_person: PersonId) -> Result<SessionState> {
        let unlocked = self.unlocked()?;
        check_roles(unlocked.assessor, candidate, second_person).map_err(Invalid::SamePerson)?;
        let (id, now) = (SessionId::new(self.random()), self.now());
        unlocked.store.write(|tx| {
            for person in [candidate, second_person] {
                tx.person(person)?.or_not_found(What::Person)?;
            }
            let scheme = tx.pack_item(PackItem::Scheme)?.or_not_found(What::Pack)?;
            let (_, signed) = parse_signed_scheme(&scheme)?;
            let event = ChainEvent::Opened { scheme: digest_of(&scheme) };
            tx.add_session(&SessionRow {
                id,
                assessor: unlocked.assessor,
                candidate,
                second_person,
                scheme,
                course: tx.pack_item(PackItem::Course)?.or_not_found(What::Pack)?,
                opened_at: now,
                gate: Gate::default(),
                abandoned_at: None,
            })?;
            append_event(tx, &unlocked, signed.purpose, (id, now), event)?;
            read_state(tx, id)
        })
    }

    /// Gives a session up, with the reason. What was recorded stays.
    ///
    /// # Errors
    /// [`Invalid::ReasonMissing`]; [`NotAllowed`] when it is confirmed, sealed or given up.
    pub fn abandon_session(&self, id: SessionId, reason: &str) -> Result<()> {
        let unlocked = self.unlocked()?;
        let reason = checked_text(reason, 1_000).map_err(|_| Invalid::ReasonMissing)?;
        let now = self.now();
        unlocked.store.write(|tx| {
            let state = open_state(tx, &unlocked, id)?;
            if state.session.phase == Phase::Acknowledgement {
                return Err(NotAllowed::Confirmed.into());
            }
            tx.set_abandoned(id, now)?;
            append_event(tx, &unlocked, state.purpose, (id, now), ChainEvent::Abandoned { reason })
        })
    }
}

fn append_event(
    tx: &WriteTx<'_>,
    unlocked: &Unlocked,
    purpose: Purpose,
    (session, at): (SessionId, Timestamp),
    event: ChainEvent,
) -> Result<()> {
    let link = tx.next_link(unlocked.assessor)?;
    let signed = ChainEntry { purpose, link, session, at, event }.sign(&unlocked.key);
    Ok(tx.append_chain_entry(unlocked.assessor, link, &ChainRow { signed, is_record: false })?)
}
