//! The home screen's facts, and adding somebody who turned up today.

use std::{cmp::Reverse, collections::BTreeSet};

use fieldproof_certificate::check_printable;
use fieldproof_model::{
    course::Course,
    id::{PersonId, SchemeId, SessionId},
    person::{Name, Person},
    scheme::Scheme,
    time::Date,
};
use fieldproof_seal::{
    cbor,
    course::parse_course,
    envelope::Purpose,
    keys::PublicKey,
    parts::PART_LIMIT,
    scheme::parse_signed_scheme,
    trust::{Trust, TrustFile},
};
use fieldproof_store::{
    ReadTx,
    table::{pack_items::PackItem, people::PersonRow},
};

use crate::{
    App, Invalid, Restored, Result, What, epoch,
    error::OrNotFound,
    session::{SessionState, read_state},
    shelf::{Shelved, own_shelf},
};

/// So many of the sessions opened last stand on the home screen, whatever became of them.
pub const SESSIONS_AT_HAND: u32 = 50;

/// What the home screen shows.
#[derive(Debug, Clone)]
pub struct Home {
    /// Who has unlocked.
    pub assessor: (PersonId, String),
    /// The institution's name; empty while none has answered.
    pub institution: String,
    /// Whether its documents count.
    pub purpose: Purpose,
    /// The schemes this assessor may assess under, by title.
    pub schemes: Vec<Scheme>,
    /// The courses, by title.
    pub courses: Vec<Course>,
    /// Everybody who can take part.
    pub people: Vec<PersonRow>,
    /// The assessor's sessions, the newest first: those opened last, and every other that can still change or of which the
    /// register lacks something.
    pub sessions: Vec<SessionState>,
    /// How many of these this version cannot show; they are kept.
    pub unreadable: usize,
    /// How many more there are: over, in the register, and read when somebody asks for them.
    pub earlier: usize,
    /// The register's address.
    pub register_address: String,
    /// What of it was refused, or is overdue at the register.
    pub shelf: Vec<Shelved>,
    /// A register that was restored, as long as nobody has seen it.
    pub restored: Option<Restored>,
}

impl App {
    /// Reads one scheme in one of its languages, for looking at it before a session.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`], and [`crate::Error::Scheme`] for a language it does not exist in.
    pub fn scheme(&self, id: SchemeId, language: &str) -> Result<Scheme> {
        let unlocked = self.unlocked()?;
        unlocked.store.read(|tx| {
            let signed = tx.scheme(id)?.or_not_found(What::Pack)?;
            Ok(parse_signed_scheme(&signed, Some(language))?.0)
        })
    }

    /// Reads what the home screen shows.
    ///
    /// # Errors
    /// [`crate::Error`].
    pub fn home(&self) -> Result<Home> {
        let unlocked = self.unlocked()?;
        let (register, today) = (self.register_in_use(), self.today());
        unlocked.store.read(|tx| {
            // A laptop that no institution has answered yet shows who works, and nothing else.
            let is_somebodys = tx.pack_item(PackItem::Root)?.is_some();
            let key_set = is_somebodys.then(|| read_trust(tx)).transpose()?.map(|trust| trust.key_set);
            // To replay everything that was ever recorded would keep whoever unlocks waiting after some years.
            let at_hand = tx.sessions_at_hand(unlocked.assessor, SESSIONS_AT_HAND)?;
            let sessions = read_sessions(tx, &at_hand);
            let mut people = tx.people()?;
            people.retain(|row| row.person.id != unlocked.assessor);
            Ok(Home {
                assessor: (unlocked.assessor, unlocked.name.clone()),
                purpose: key_set.as_ref().map_or(Purpose::Practice, |key_set| key_set.purpose),
                institution: key_set.map(|key_set| key_set.name).unwrap_or_default(),
                schemes: read_schemes(tx, unlocked.assessor)?,
                courses: read_courses(tx)?,
                people,
                unreadable: at_hand.len().saturating_sub(sessions.len()),
                earlier: tx.count_sessions(unlocked.assessor)?.saturating_sub(at_hand.len()),
                shelf: own_shelf(&sessions, today),
                sessions,
                restored: epoch::restored(tx)?,
                register_address: register.map_or_else(|| read_address(tx), Ok)?,
            })
        })
    }

    /// Reads the assessor's sessions that [`Self::home`] leaves out, the newest first, and says how many of them this
    /// version cannot show.
    ///
    /// # Errors
    /// [`crate::Error`].
    pub fn earlier_sessions(&self) -> Result<(Vec<SessionState>, usize)> {
        let unlocked = self.unlocked()?;
        unlocked.store.read(|tx| {
            let at_hand: BTreeSet<_> = tx.sessions_at_hand(unlocked.assessor, SESSIONS_AT_HAND)?.into_iter().collect();
            let mut earlier = tx.sessions(unlocked.assessor)?;
            earlier.retain(|id| !at_hand.contains(id));
            let sessions = read_sessions(tx, &earlier);
            let unreadable = earlier.len().saturating_sub(sessions.len());
            Ok((sessions, unreadable))
        })
    }

    /// Adds somebody who turned up today.
    ///
    /// # Errors
    /// [`Invalid`] for a name or a year that cannot be; [`crate::Error::Render`] for a letter no printing face has.
    pub fn add_person(&self, name: &str, birth_year: Option<u16>) -> Result<PersonRow> {
        let unlocked = self.unlocked()?;
        let person = checked_person(PersonId::new(self.random()), name, birth_year, self.today())?;
        let row = PersonRow { person, is_on_roster: false, contact: None };
        unlocked.store.write(|tx| Ok(tx.add_person(&row)?)).map(|()| row)
    }
}

/// Sessions that can be read, the newest first. One that cannot holds up none of the others.
fn read_sessions(tx: &ReadTx<'_>, ids: &[SessionId]) -> Vec<SessionState> {
    let mut sessions: Vec<_> = ids.iter().filter_map(|id| read_state(tx, *id).ok()).collect();
    sessions.sort_by_key(|state| (Reverse(state.row.opened_at), state.row.id));
    sessions
}

/// A person as typed, where paper can carry the name and the year of birth can be.
pub(crate) fn checked_person(id: PersonId, name: &str, birth_year: Option<u16>, today: Date) -> Result<Person> {
    let name = Name::parse(name).map_err(Invalid::Name)?;
    // A name that no paper can carry is better told now than behind a passed exercise.
    check_printable("the name", name.as_str())?;
    if birth_year.is_some_and(|year| !is_birth_year(year, today.year())) {
        return Err(Invalid::BirthYear.into());
    }
    Ok(Person { id, name, birth_year })
}

fn is_birth_year(year: u16, this_year: i32) -> bool {
    let year = i32::from(year);
    this_year.saturating_sub(120) <= year && year <= this_year
}

/// Root, key set and snapshot, as they stand in the encrypted store.
pub(crate) fn read_trust_file(tx: &ReadTx<'_>) -> Result<TrustFile> {
    let root = tx.pack_item(PackItem::Root)?.and_then(|root| root.try_into().ok()).or_not_found(What::Pack)?;
    Ok(TrustFile {
        root: PublicKey::new(root),
        key_set: tx.pack_item(PackItem::KeySet)?.or_not_found(What::Pack)?,
        snapshot: tx.pack_item(PackItem::Snapshot)?,
    })
}

pub(crate) fn read_trust(tx: &ReadTx<'_>) -> Result<Trust> {
    Ok(read_trust_file(tx)?.open()?)
}

/// The schemes an assessor was delegated for, in their original language, by title.
fn read_schemes(tx: &ReadTx<'_>, assessor: PersonId) -> Result<Vec<Scheme>> {
    let mut schemes = Vec::new();
    for (id, signed) in tx.schemes()? {
        if tx.was_delegated(assessor, id)? {
            // One that a newer version made holds up none of the others.
            schemes.extend(parse_signed_scheme(&signed, None).ok().map(|(scheme, _)| scheme));
        }
    }
    schemes.sort_by(|a, b| a.title.cmp(&b.title));
    Ok(schemes)
}

pub(crate) fn read_courses(tx: &ReadTx<'_>) -> Result<Vec<Course>> {
    let read = |course: Vec<u8>| parse_course(cbor::decode(&course, PART_LIMIT).ok()?).ok();
    let mut courses: Vec<_> = tx.courses()?.into_iter().filter_map(read).collect();
    courses.sort_by(|a, b| a.title.cmp(&b.title));
    Ok(courses)
}

pub(crate) fn read_address(tx: &ReadTx<'_>) -> Result<String> {
    let address = tx.pack_item(PackItem::RegisterAddress)?.unwrap_or_default();
    Ok(String::from_utf8_lossy(&address).into_owned())
}
