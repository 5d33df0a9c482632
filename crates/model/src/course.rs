//! One delivery of training. Certificates take these facts from here, never from the scheme.

use crate::{id::CourseId, time::Date};

/// What happened where, when and with whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Course {
    /// Which course.
    pub id: CourseId,
    /// Its title.
    pub title: String,
    /// Where it was held.
    pub site: String,
    /// Who taught, and how to reach them.
    pub trainer: String,
    /// The voltage level trained, in the institution's words.
    pub voltage_level: String,
    /// Contact hours, theory and practice, in the institution's words.
    pub hours: String,
    /// First day.
    pub first_day: Date,
    /// Last day.
    pub last_day: Date,
}
