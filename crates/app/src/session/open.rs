//! Opening a session, and giving one up. Both are entries of the assessor key's chain, so that attempts cannot be picked.

use fieldproof_model::{
    course::Course,
    gate::Gate,
    id::{CourseId, PersonId, SchemeId, SessionId},
    person::{People, Role, check_roles},
    scheme::{Completion, Scheme, SecondPersonPolicy},
    session::Phase,
    time::Timestamp,
};
use fieldproof_seal::{
    cbor,
    chain::{ChainEntry, ChainEvent},
    course::{course_value, parse_course},
    digest_of,
    envelope::Purpose,
    key_set::KeyRole,
    keys::SecretKey,
    parts::PART_LIMIT,
    scheme::parse_signed_scheme,
};
use fieldproof_store::{
    ReadTx, WriteTx,
    table::{
        chain_entries::{Chain, ChainRow},
        sessions::SessionRow,
    },
};

use crate::{
    App, Invalid, NotAllowed, Result, Unlocked, What,
    error::OrNotFound,
    people::read_trust,
    session::{SessionState, open_state, read_state},
    words::checked_text,
};

/// Who is assessed under what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSession {
    /// The scheme.
    pub scheme: SchemeId,
    /// The course it follows.
    pub course: CourseId,
    /// Who is assessed.
    pub candidate: PersonId,
    /// Who stands by, unless nobody does.
    pub second_person: Option<PersonId>,
    /// Both are assessed and swap.
    pub team: bool,
    /// The language of the wording; `None` for the original.
    pub language: Option<String>,
}

/// What a session is opened under.
struct Under {
    scheme: Scheme,
    signed: Vec<u8>,
    purpose: Purpose,
    course: Course,
}

impl App {
    /// Opens a session; for a team two, each naming the other, and returns the candidate's.
    ///
    /// # Errors
    /// [`Invalid::SamePerson`] when two roles are one person; [`Invalid::SecondPersonMissing`];
    /// [`NotAllowed::SchemeNotSigned`], [`NotAllowed::NotDelegated`], [`NotAllowed::DraftLanguage`], [`NotAllowed::NothingToAssess`], [`NotAllowed::NoRoom`];
    /// [`crate::Error::NotFound`].
    pub fn open_session(&self, new: &NewSession) -> Result<SessionState> {
        let unlocked = self.unlocked()?;
        let (first, second, now) = (SessionId::new(self.random()), SessionId::new(self.random()), self.now());
        unlocked.store.write(|tx| {
            let under = read_under(tx, &unlocked, new)?;
            check_people(&under, &unlocked, new)?;
            self.require_room(tx, &unlocked, &under.scheme, if new.team { 2 } else { 1 })?;
            for person in [Some(new.candidate), new.second_person].into_iter().flatten() {
                tx.person(person)?.or_not_found(What::Person)?;
            }
            let partner = new.second_person.filter(|_| new.team);
            let pair = (new.candidate, new.second_person);
            add(tx, &unlocked, &under, (first, partner.map(|_| second), now), pair)?;
            if let Some(partner) = partner {
                add(tx, &unlocked, &under, (second, Some(first), now), (partner, Some(new.candidate)))?;
            }
            read_state(tx, first)
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
            append_event(
                tx,
                (unlocked.chain, &unlocked.key),
                state.purpose,
                (id, now),
                ChainEvent::Abandoned { reason },
            )
        })?;
        self.direct.exercise_is_over();
        self.direct.tell_soon();
        self.host.ring();
        Ok(())
    }
}

fn read_under(tx: &ReadTx<'_>, unlocked: &Unlocked, new: &NewSession) -> Result<Under> {
    let signed = tx.scheme(new.scheme)?.or_not_found(What::Pack)?;
    let (scheme, unverified) = parse_signed_scheme(&signed, new.language.as_deref())?;
    let purpose = unverified.purpose;
    // Its values are the institution's: nobody is assessed under what the institution has not signed.
    if read_trust(tx)?.check(&unverified, KeyRole::Issuing, None).is_err() {
        return Err(NotAllowed::SchemeNotSigned.into());
    }
    // A new key waits for its delegation, and the work goes on.
    if !tx.was_delegated(unlocked.assessor, new.scheme)? {
        return Err(NotAllowed::NotDelegated.into());
    }
    if scheme.completion == Completion::Attendance {
        return Err(NotAllowed::NothingToAssess.into());
    }
    if purpose == Purpose::Real && !scheme.language_counts() {
        return Err(NotAllowed::DraftLanguage.into());
    }
    let course = tx.course(new.course)?.or_not_found(What::Pack)?;
    let course = parse_course(cbor::decode(&course, PART_LIMIT)?)?;
    if course.scheme != new.scheme {
        return Err(Invalid::OtherCourse.into());
    }
    Ok(Under { scheme, signed, purpose, course })
}

fn check_people(under: &Under, unlocked: &Unlocked, new: &NewSession) -> Result<()> {
    let rules = &under.scheme.people;
    match (rules.second_person, new.second_person) {
        (SecondPersonPolicy::Required, None) => return Err(Invalid::SecondPersonMissing.into()),
        (SecondPersonPolicy::Nobody, Some(_)) => return Err(Invalid::NobodyStandsBy.into()),
        (SecondPersonPolicy::Required | SecondPersonPolicy::Deviation, _) | (SecondPersonPolicy::Nobody, None) => {}
    }
    if new.team && (!rules.team || new.second_person.is_none()) {
        return Err(Invalid::NoTeam.into());
    }
    let check = |candidate: PersonId, second_person: Option<PersonId>| {
        let roles = [
            Some((Role::Candidate, candidate)),
            Some((Role::Assessor, unlocked.assessor)),
            second_person.map(|id| (Role::SecondPerson, id)),
            under.course.trainer_id.map(|id| (Role::Trainer, id)),
        ];
        check_roles(&People::new(roles.into_iter().flatten()), &rules.separate).map_err(Invalid::SamePerson)
    };
    check(new.candidate, new.second_person)?;
    if let Some(partner) = new.second_person.filter(|_| new.team) {
        check(partner, Some(new.candidate))?;
    }
    Ok(())
}

fn add(
    tx: &WriteTx<'_>,
    unlocked: &Unlocked,
    under: &Under,
    (id, partner, now): (SessionId, Option<SessionId>, Timestamp),
    (candidate, second_person): (PersonId, Option<PersonId>),
) -> Result<()> {
    tx.add_session(&SessionRow {
        id,
        assessor: unlocked.assessor,
        candidate,
        second_person,
        scheme_id: under.scheme.id,
        scheme: under.signed.clone(),
        course: cbor::encode(course_value(&under.course)),
        language: under.scheme.language.clone(),
        partner,
        // Known only when the exercise begins.
        attempt: 1,
        opened_at: now,
        gate: Gate::default(),
        abandoned_at: None,
    })?;
    let event = ChainEvent::Opened { scheme: digest_of(&under.signed) };
    append_event(tx, (unlocked.chain, &unlocked.key), under.purpose, (id, now), event)
}

pub(crate) fn append_event(
    tx: &WriteTx<'_>,
    (chain, key): (Chain, &SecretKey),
    purpose: Purpose,
    (session, at): (SessionId, Timestamp),
    event: ChainEvent,
) -> Result<()> {
    let link = tx.next_link(chain)?;
    let signed = ChainEntry { purpose, link, session, at, event }.sign(key);
    Ok(tx.append_chain_entry(chain, link, &ChainRow { signed, is_record: false })?)
}
