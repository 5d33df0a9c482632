//! The commands that bring a roster out of a file, and what is said about each of its rows.

#![expect(clippy::needless_pass_by_value, reason = "every command takes its input whole")]

use fieldproof_app::roster::{
    BYTES_LIMIT, Delimiter, Encoding, Form, Mapping, Preview, ROW_LIMIT, RosterRow, RowProblem, RowState, Table,
    TableError, Twin, read_table,
};
use fieldproof_model::{
    id::CourseId,
    person::{Contact, NotAContact, NotAName},
};
use fieldproof_store::table::people::PersonRow;

use crate::{
    commands::{Answer, Api},
    dto::*,
    enrol::count,
    error, input,
};

/// A file that was read for a course, and the columns that count.
#[derive(Debug, Clone)]
pub(crate) struct HeldRoster {
    course: CourseId,
    table: Table,
    mapping: Mapping,
}

impl Api {
    /// Reads a table for a course, and keeps it at hand to be mapped and imported.
    ///
    /// # Errors
    /// The [`ErrorView`] the screen shows.
    pub fn read_roster(&self, course_id: &str, bytes: &[u8]) -> Answer<RosterView> {
        let course = course(course_id)?;
        let table = read_table(bytes).map_err(|e| error::view(&e.into()))?;
        let mapping = Mapping::guess(&table);
        self.look_at_roster(HeldRoster { course, table, mapping })
    }

    pub(crate) fn map_roster(&self, input: MapRosterInput) -> Answer<RosterView> {
        let held = self.held_roster(&input.course_id)?;
        self.look_at_roster(HeldRoster { mapping: mapping(&input.mapping), ..held })
    }

    pub(crate) fn import_roster(&self, input: ImportRosterInput) -> Answer<OfficeView> {
        let HeldRoster { course, table, mapping } = self.held_roster(&input.course_id)?;
        let preview = self.app().preview_roster(course, &table, &mapping).map_err(|e| error::view(&e))?;
        self.app().import_roster(course, &preview.rows).map_err(|e| error::view(&e))?;
        self.let_go_of_roster();
        self.office(Nothing {})
    }

    pub(crate) fn course_people(&self, input: CourseInput) -> Answer<CoursePeopleView> {
        let people = self.app().course_people(course(&input.course_id)?).map_err(|e| error::view(&e))?;
        let person = |row: &PersonRow| CoursePersonView {
            id: row.person.id.to_string(),
            name: row.person.name.as_str().to_owned(),
            birth_year: row.person.birth_year,
            contact: contact(row.contact.as_ref()),
        };
        Ok(CoursePeopleView { people: people.iter().map(person).collect() })
    }

    pub(crate) fn set_contact(&self, input: SetContactInput) -> Answer<CoursePeopleView> {
        let SetContactInput { course_id, person_id, contact } = input;
        self.app().set_contact(input::person(&person_id)?, &contact).map_err(|e| error::view(&e))?;
        self.course_people(CourseInput { course_id })
    }

    /// Forgets the file that was read.
    pub(crate) fn let_go_of_roster(&self) {
        if let Ok(mut desk) = self.desk.write() {
            desk.roster = None;
        }
    }

    fn held_roster(&self, course_id: &str) -> Answer<HeldRoster> {
        let course = course(course_id)?;
        let held = self.desk.read().ok().and_then(|desk| desk.roster.clone());
        held.filter(|held| held.course == course).ok_or_else(error::malformed)
    }

    fn look_at_roster(&self, held: HeldRoster) -> Answer<RosterView> {
        let HeldRoster { course, table, mapping } = &held;
        let preview = self.app().preview_roster(*course, table, mapping).map_err(|e| error::view(&e))?;
        let view = roster(&held, &preview);
        if let Ok(mut desk) = self.desk.write() {
            desk.roster = Some(held);
        }
        Ok(view)
    }
}

fn course(id: &str) -> Answer<CourseId> {
    CourseId::parse(id).map_err(|_| error::malformed())
}

fn mapping(input: &RosterMapping) -> Mapping {
    let column = |place: Option<u32>| place.and_then(|place| usize::try_from(place).ok());
    Mapping {
        name: column(input.name),
        family_name: column(input.family_name),
        birth: column(input.birth),
        contact: column(input.contact),
        has_headings: input.has_headings,
    }
}

fn roster(HeldRoster { course, table, mapping }: &HeldRoster, preview: &Preview) -> RosterView {
    let of = |state: RosterStateView| count(preview.rows.iter().filter(|row| state_view(&row.state) == state).count());
    RosterView {
        course_id: course.to_string(),
        form: form(&table.form),
        columns: columns(table, mapping),
        mapping: RosterMapping {
            name: mapping.name.map(count),
            family_name: mapping.family_name.map(count),
            birth: mapping.birth.map(count),
            contact: mapping.contact.map(count),
            has_headings: mapping.has_headings,
        },
        rows: preview.rows.iter().map(row).collect(),
        to_add: of(RosterStateView::New),
        to_reach: of(RosterStateView::Reached),
        there: of(RosterStateView::Duplicate),
        to_mend: of(RosterStateView::Wrong),
        blank: count(preview.blank),
    }
}

fn columns(table: &Table, mapping: &Mapping) -> Vec<RosterColumnView> {
    let all = || std::iter::once(&table.headers).chain(&table.rows);
    let columns = all().map(|row| row.cells.len()).max().unwrap_or_default();
    let column = |column: usize| {
        let people = all().skip(usize::from(mapping.has_headings));
        let heading = if mapping.has_headings { table.headers.cell(column) } else { "" };
        let sample = people.map(|row| row.cell(column)).find(|cell| !cell.is_empty());
        RosterColumnView { heading: heading.to_owned(), sample: sample.unwrap_or_default().to_owned() }
    };
    (0..columns).map(column).collect()
}

fn row(row: &RosterRow) -> RosterRowView {
    RosterRowView {
        line: row.line,
        name: row.name.clone(),
        birth_year: row.birth_year,
        contact: contact(row.contact.as_ref()),
        state: state_view(&row.state),
        note: note(&row.state),
    }
}

fn contact(known: Option<&Contact>) -> Option<String> {
    known.map(|contact| contact.as_str().to_owned())
}

const fn state_view(state: &RowState) -> RosterStateView {
    match state {
        RowState::New => RosterStateView::New,
        RowState::Reached => RosterStateView::Reached,
        RowState::Duplicate(_) => RosterStateView::Duplicate,
        RowState::Wrong(_) => RosterStateView::Wrong,
    }
}

const TWO: &str = "If they are two people, tell them apart by a second name.";

fn note(state: &RowState) -> String {
    match state {
        RowState::New => String::new(),
        RowState::Reached => "On this course's roster already, without a contact so far.".to_owned(),
        RowState::Duplicate(Twin::Line(line)) => format!("The same name and year of birth as in line {line}. {TWO}"),
        RowState::Duplicate(Twin::OnCourse) => format!("On this course's roster already. {TWO}"),
        RowState::Wrong(problem) => format!("{} {}", error::sentence(&problem.to_string()), mend(problem)),
    }
}

const fn mend(problem: &RowProblem) -> &'static str {
    match problem {
        RowProblem::Name(NotAName::Empty) => "Write the name there, or choose the column that holds it.",
        RowProblem::Name(NotAName::TooLong) => "Shorten it, or choose another column.",
        RowProblem::Name(NotAName::ControlCharacter) => {
            "Write it on one line. If it is not one name, a quotation mark above it is not closed."
        }
        RowProblem::Letter(_) => "Write the name in the letters that stand on the person's papers, in Latin script.",
        RowProblem::Birth(_) => "Write four digits, such as 1990, or a date, such as 31.12.1990; or leave it empty.",
        RowProblem::Contact(NotAContact::TooLong) => "Shorten it to one number or address, or choose another column.",
        RowProblem::Contact(NotAContact::ControlCharacter) => "Write it on one line, or choose another column.",
        RowProblem::Year(_) => "Check the digits, or choose another column.",
    }
}

fn form(form: &Form) -> String {
    match form {
        Form::Workbook { sheet } => format!("Workbook, sheet “{sheet}”"),
        Form::Text { encoding, delimiter } => {
            let encoding = match encoding {
                Encoding::Utf8 => "UTF-8",
                Encoding::Utf16 => "UTF-16",
                Encoding::Cp1252 => "Windows-1252",
            };
            let delimiter = match delimiter {
                Delimiter::Comma => "commas",
                Delimiter::Semicolon => "semicolons",
                Delimiter::Tab => "tabs",
            };
            format!("Text in {encoding}, cells divided by {delimiter}")
        }
    }
}

/// What to do about a file that is no table.
pub(crate) fn mend_table(error: TableError) -> String {
    match error {
        TableError::TooLarge | TableError::UnpacksTooLarge => {
            format!("Save the roster alone: one sheet, without pictures, at most {} MiB.", BYTES_LIMIT >> 20)
        }
        TableError::TooManyRows { .. } => {
            format!("Cut it into files of at most {ROW_LIMIT} rows and import them one after the other.")
        }
        TableError::TooManyColumns { .. } => "Delete the columns that are not needed, then choose the file again.".to_owned(),
        TableError::CellTooLong { .. } => {
            "Shorten it. If it is not one cell, a quotation mark there is not closed.".to_owned()
        }
        TableError::Empty => "Choose the file that holds the names, saved with its content.".to_owned(),
        TableError::NotATable | TableError::OldWorkbook | TableError::DamagedWorkbook => {
            "Open it in the spreadsheet program, save it as XLSX or as CSV in UTF-8, without a password, and choose that."
                .to_owned()
        }
        TableError::DamagedText => "Save it again as CSV in UTF-8, or as XLSX, and choose that.".to_owned(),
    }
}
