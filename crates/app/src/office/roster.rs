//! A course's roster out of a table.

use std::collections::BTreeSet;

use fieldproof_model::{
    id::{CourseId, PersonId},
    person::Person,
};
use fieldproof_store::ReadTx;

use super::{desk, renew::renew};
use crate::{
    App, Result, What,
    error::OrNotFound,
    people::{checked_person, read_courses},
    roster::{Mapping, Preview, RosterRow, RowState, Table, identity, preview},
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
    /// twice.
    ///
    /// # Errors
    /// [`crate::NotAllowed::NotCoordinator`]; [`crate::Error::NotFound`] for a course that is not in the book;
    /// [`crate::Invalid`], [`crate::Error::Render`] for somebody who cannot be added, and then nobody is.
    pub fn import_roster(&self, course: CourseId, rows: &[RosterRow]) -> Result<usize> {
        self.at_desk(|tx, desk| {
            let known = on_course(tx, course)?;
            let mut known: BTreeSet<_> =
                known.iter().map(|person| identity(person.name.as_str(), person.birth_year)).collect();
            let mut added = Vec::new();
            for row in rows.iter().filter(|row| matches!(row.state, RowState::New)) {
                let id = PersonId::new(self.random());
                let person = checked_person(id, &row.name, row.birth_year, desk.now.date())?;
                if known.insert(identity(person.name.as_str(), person.birth_year)) {
                    added.push(person);
                }
            }
            tx.add_to_roster(&added)?;
            for person in &added {
                tx.enter_course(course, person.id)?;
            }
            renew(tx, desk)?;
            Ok(added.len())
        })
    }
}

fn on_course(tx: &ReadTx<'_>, course: CourseId) -> Result<Vec<Person>> {
    read_courses(tx)?.into_iter().find(|known| known.id == course).or_not_found(What::Pack)?;
    let mut people = Vec::new();
    for id in tx.course_people(course)? {
        people.extend(tx.person(id)?.map(|row| row.person));
    }
    Ok(people)
}
