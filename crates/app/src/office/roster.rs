//! A course's roster: out of a table, and how those on it are reached.

use std::collections::BTreeMap;

use fieldproof_model::{
    id::{CourseId, PersonId},
    person::Contact,
};
use fieldproof_store::{ReadTx, table::people::PersonRow};

use super::{desk, renew::renew};
use crate::{
    App, Invalid, Result, What,
    error::OrNotFound,
    people::{checked_person, read_courses},
    roster::{Mapping, Preview, RosterRow, RowState, Table, identity, identity_of, preview},
};

impl App {
    /// Looks at every row of a table beside a course's roster. Nothing is changed.
    ///
    /// # Errors
    /// [`crate::NotAllowed::NotCoordinator`]; [`crate::Error::NotFound`] for a course that is not in the book.
    pub fn preview_roster(&self, course: CourseId, table: &Table, mapping: &Mapping) -> Result<Preview> {
        let unlocked = self.unlocked()?;
        let now = self.now();
        unlocked.store.read(|tx| {
            let desk = desk(tx, &unlocked, now)?;
            Ok(preview(table, mapping, &on_course(tx, course)?, desk.now.date()))
        })
    }

    /// Puts those of the rows who are new on a course's roster, and says how many. Whoever is on it by now is not added
    /// twice, and gets a contact where none is known.
    ///
    /// # Errors
    /// [`crate::NotAllowed::NotCoordinator`]; [`crate::Error::NotFound`] for a course that is not in the book;
    /// [`crate::Invalid`], [`crate::Error::Render`] for somebody who cannot be added, and then nobody is.
    pub fn import_roster(&self, course: CourseId, rows: &[RosterRow]) -> Result<usize> {
        self.at_desk(|tx, desk| {
            let mut known: BTreeMap<_, _> = on_course(tx, course)?
                .iter()
                .map(|row| (identity_of(row), (row.person.id, row.contact.is_some())))
                .collect();
            let mut added = 0_usize;
            for row in rows.iter().filter(|row| matches!(row.state, RowState::New | RowState::Reached)) {
                let id = PersonId::new(self.random());
                let person = checked_person(id, &row.name, row.birth_year, desk.now.date())?;
                let identity = identity(person.name.as_str(), person.birth_year);
                let (id, is_reached) = match known.get(&identity) {
                    Some(known) => *known,
                    None => {
                        tx.add_to_roster(std::slice::from_ref(&person))?;
                        tx.enter_course(course, id)?;
                        added = added.saturating_add(1);
                        (id, false)
                    }
                };
                if let Some(contact) = row.contact.as_ref().filter(|_| !is_reached) {
                    tx.set_contact(id, Some(contact))?;
                }
                known.insert(identity, (id, is_reached || row.contact.is_some()));
            }
            renew(tx, desk)?;
            Ok(added)
        })
    }

    /// Lists those on a course's roster, by name.
    ///
    /// # Errors
    /// [`crate::NotAllowed::NotCoordinator`]; [`crate::Error::NotFound`] for a course that is not in the book.
    pub fn course_people(&self, course: CourseId) -> Result<Vec<PersonRow>> {
        let unlocked = self.unlocked()?;
        let now = self.now();
        unlocked.store.read(|tx| {
            desk(tx, &unlocked, now)?;
            let mut people = on_course(tx, course)?;
            people.sort_by(|a, b| a.person.name.cmp(&b.person.name));
            Ok(people)
        })
    }

    /// Notes how somebody is reached; an empty text forgets it. It stays on this laptop.
    ///
    /// # Errors
    /// [`crate::NotAllowed::NotCoordinator`], [`Invalid::Contact`]; [`crate::Error::NotFound`] for nobody of this laptop.
    pub fn set_contact(&self, person: PersonId, contact: &str) -> Result<()> {
        let contact = Contact::parse(contact).map_err(Invalid::Contact)?;
        self.at_desk(|tx, _| {
            tx.person(person)?.or_not_found(What::Person)?;
            Ok(tx.set_contact(person, contact.as_ref())?)
        })
    }
}

fn on_course(tx: &ReadTx<'_>, course: CourseId) -> Result<Vec<PersonRow>> {
    read_courses(tx)?.into_iter().find(|known| known.id == course).or_not_found(What::Pack)?;
    let mut people = Vec::new();
    for id in tx.course_people(course)? {
        people.extend(tx.person(id)?);
    }
    Ok(people)
}
