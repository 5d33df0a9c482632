//! A roster out of a table: which columns count, and row by row who would be added, who is there, and what to mend.
//!
//! A name, a year of birth and one contact are taken, and nothing else that such tables hold about people. The contact
//! stays on coordinators' laptops: it is in no pack, record or paper.

mod birth;
mod columns;
mod table;
mod workbook;

use std::collections::{BTreeMap, BTreeSet};

use fieldproof_certificate::RenderError;
use fieldproof_model::{
    id::PersonId,
    person::{Contact, NotAContact, NotAName},
    time::Date,
};
use fieldproof_store::table::people::PersonRow;

use self::birth::birth_year;
pub use self::{
    columns::Mapping,
    table::{
        BYTES_LIMIT, CELL_LIMIT, COLUMN_LIMIT, Delimiter, Encoding, Form, ROW_LIMIT, Table, TableError, TableRow,
        read_table,
    },
};
use crate::{Error, Invalid, people::checked_person};

/// A row, before anybody is added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RosterRow {
    /// Its line in the file.
    pub line: u64,
    /// The name as it stands there, first names before family names.
    pub name: String,
    /// The year of birth, where one is there and can be read.
    pub birth_year: Option<u16>,
    /// How they are reached, where that is there and can be kept.
    pub contact: Option<Contact>,
    /// What becomes of it.
    pub state: RowState,
}

/// What becomes of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowState {
    /// This person will be added.
    New,
    /// This person is on the course's roster without a contact, and gets this one.
    Reached,
    /// This person is there already.
    Duplicate(Twin),
    /// The row is to be mended first.
    Wrong(RowProblem),
}

/// Where somebody with the same name and year of birth is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Twin {
    /// Further up in the file.
    Line(u64),
    /// On the course's roster.
    OnCourse,
}

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RowProblem {
    /// It is no name.
    #[error(transparent)]
    Name(#[from] NotAName),
    /// A letter that no paper can carry.
    #[error("the name holds the character {0:?} (U+{code:04X}), which cannot be printed", code = u32::from(*.0))]
    Letter(char),
    /// Neither a year nor a date.
    #[error("“{0}” is neither a year nor a date that can be read")]
    Birth(String),
    /// A year in which nobody here was born.
    #[error("the year of birth {0} is not one of the last 120 years")]
    Year(u16),
    /// It is no contact.
    #[error(transparent)]
    Contact(#[from] NotAContact),
}

/// Every row of a table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Preview {
    /// The rows, in the file's order.
    pub rows: Vec<RosterRow>,
    /// How many rows are blank and were passed over.
    pub blank: usize,
}

/// By what two people of a course count as one: a blank or a capital more makes nobody else.
type Identity = (String, Option<u16>);

pub(crate) fn identity(name: &str, birth_year: Option<u16>) -> Identity {
    let words: Vec<&str> = name.split_whitespace().collect();
    (words.join(" ").to_lowercase(), birth_year)
}

pub(crate) fn identity_of(row: &PersonRow) -> Identity {
    identity(row.person.name.as_str(), row.person.birth_year)
}

/// Looks at every row of a table, with those who are on the course's roster already. Without a column for the name there
/// is no row to look at.
#[must_use]
pub fn preview(table: &Table, mapping: &Mapping, on_course: &[PersonRow], today: Date) -> Preview {
    if mapping.name.is_none() {
        return Preview { rows: Vec::new(), blank: table.blank };
    }
    let mut seen: BTreeMap<_, _> = on_course.iter().map(|row| (identity_of(row), Twin::OnCourse)).collect();
    let mut unreached: BTreeSet<_> = on_course.iter().filter(|row| row.contact.is_none()).map(identity_of).collect();
    let first = (!mapping.has_headings).then_some(&table.headers);
    let rows = first.into_iter().chain(&table.rows).map(|row| {
        let name = mapping.name_in(row);
        let contact = Contact::parse(mapping.contact_in(row));
        let (birth_year, state) = match (checked(&name, mapping.birth_in(row), today), &contact) {
            (Err((birth_year, problem)), _) => (birth_year, RowState::Wrong(problem)),
            (Ok(birth_year), Err(problem)) => (birth_year, RowState::Wrong((*problem).into())),
            (Ok(birth_year), Ok(contact)) => {
                let identity = identity(&name, birth_year);
                let state = match seen.get(&identity) {
                    Some(Twin::OnCourse) if contact.is_some() && unreached.remove(&identity) => RowState::Reached,
                    Some(twin) => RowState::Duplicate(*twin),
                    None => {
                        seen.insert(identity, Twin::Line(row.line));
                        RowState::New
                    }
                };
                (birth_year, state)
            }
        };
        RosterRow { line: row.line, name, birth_year, contact: contact.ok().flatten(), state }
    });
    Preview { rows: rows.collect(), blank: table.blank }
}

/// The year of birth of somebody who can be added.
fn checked(name: &str, birth: &str, today: Date) -> Result<Option<u16>, (Option<u16>, RowProblem)> {
    let year = if birth.is_empty() {
        None
    } else {
        Some(birth_year(birth).ok_or_else(|| (None, RowProblem::Birth(birth.to_owned())))?)
    };
    // The identifier is drawn when somebody is added.
    match checked_person(PersonId::new([0; 16]), name, year, today) {
        Ok(person) => Ok(person.birth_year),
        Err(Error::Invalid(Invalid::Name(problem))) => Err((year, problem.into())),
        Err(Error::Render(RenderError::UnsupportedCharacter { character, .. })) => {
            Err((year, RowProblem::Letter(character)))
        }
        Err(_) => Err((year, RowProblem::Year(year.unwrap_or_default()))),
    }
}
