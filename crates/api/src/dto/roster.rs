//! A roster that comes out of a file.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

choices! {
    /// What becomes of a row.
    enum RosterStateView as "RosterState" {
        /// The person will be added.
        New,
        /// The person is on the course's roster without a contact, and gets this one.
        Reached,
        /// The person is there already, in the file or on the course's roster.
        Duplicate,
        /// The row is to be mended first.
        Wrong,
    }
}

shapes! {
    /// Which columns count, from nought.
    struct RosterMapping {
        /// The name, or the first names; `null` while nobody could tell.
        name: Option<u32>,
        /// The family name, where it has a column of its own.
        family_name: Option<u32>,
        /// The year or date of birth.
        birth: Option<u32>,
        /// A telephone number or an e-mail address.
        contact: Option<u32>,
        /// Whether the first row names the columns.
        has_headings: bool,
    }
    /// Takes other columns of the file that was read.
    struct MapRosterInput {
        /// The course.
        course_id: String,
        /// The columns.
        mapping: RosterMapping,
    }
    /// Puts those who are new on a course's roster.
    struct ImportRosterInput {
        /// The course.
        course_id: String,
    }
    /// A column.
    struct RosterColumnView {
        /// Its heading; empty where it has none.
        heading: String,
        /// Its first cell that is not empty.
        sample: String,
    }
    /// A row before anybody is added.
    struct RosterRowView {
        /// Its line in the file.
        #[ts(type = "number")]
        line: u64,
        /// The name.
        name: String,
        /// The year of birth.
        birth_year: Option<u16>,
        /// How they are reached.
        contact: Option<String>,
        /// What becomes of it.
        state: RosterStateView,
        /// What is wrong and how to mend it, or where the same person is; empty for somebody new.
        note: String,
    }
    /// Somebody on a course's roster.
    struct CoursePersonView {
        /// The person.
        id: String,
        /// The name.
        name: String,
        /// The year of birth.
        birth_year: Option<u16>,
        /// How they are reached.
        contact: Option<String>,
    }
    /// A course, to see who is on its roster.
    struct CourseInput {
        /// The course.
        course_id: String,
    }
    /// Those on a course's roster.
    struct CoursePeopleView {
        /// By name.
        people: Vec<CoursePersonView>,
    }
    /// How somebody on a course's roster is reached.
    struct SetContactInput {
        /// The course.
        course_id: String,
        /// The person.
        person_id: String,
        /// A telephone number or an e-mail address; empty to forget it.
        contact: String,
    }
    /// A file before anybody is added.
    struct RosterView {
        /// The course.
        course_id: String,
        /// What the file is.
        form: String,
        /// Its columns.
        columns: Vec<RosterColumnView>,
        /// Those that count.
        mapping: RosterMapping,
        /// The rows, in the file's order.
        rows: Vec<RosterRowView>,
        /// How many people will be added.
        to_add: u32,
        /// How many are there without a contact, and get one.
        to_reach: u32,
        /// How many are there already.
        there: u32,
        /// How many rows are to be mended first.
        to_mend: u32,
        /// How many blank rows were passed over.
        blank: u32,
    }
}
