//! One delivery of training. Certificates take these facts from here, never from the scheme.

use crate::{
    id::{CourseId, PersonId, SchemeId},
    time::Date,
};

/// A fact of a course that a certificate may need.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CourseFact {
    /// First and last day.
    Dates,
    /// Hours of theory.
    TheoryHours,
    /// Hours of practice.
    PracticeHours,
    /// What was taught.
    TheoryContent,
    /// What was practised.
    PracticeContent,
    /// The voltage level trained.
    VoltageLevel,
    /// The working methods covered.
    WorkingMethods,
    /// Who taught.
    Trainer,
    /// How to reach them.
    TrainerContact,
    /// Where.
    Site,
    /// Who was there for how long.
    Attendance,
}

/// What happened where, when and with whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Course {
    /// Which course.
    pub id: CourseId,
    /// The scheme it prepares for.
    pub scheme: SchemeId,
    /// Its title.
    pub title: String,
    /// Where it was held.
    pub site: String,
    /// Who taught, by identifier where the person is known here.
    pub trainer_id: Option<PersonId>,
    /// Who taught.
    pub trainer: String,
    /// How to reach them.
    pub trainer_contact: String,
    /// The voltage level trained, in the institution's words.
    pub voltage_level: String,
    /// The working methods covered.
    pub working_methods: String,
    /// Minutes of theory.
    pub theory_minutes: Option<u32>,
    /// Minutes of practice.
    pub practice_minutes: Option<u32>,
    /// What was taught.
    pub theory_content: String,
    /// What was practised.
    pub practice_content: String,
    /// Who was there for how long, in the institution's words.
    pub attendance: String,
    /// First day.
    pub first_day: Option<Date>,
    /// Last day.
    pub last_day: Option<Date>,
}

impl Course {
    /// A course of which nothing is known but which it is.
    #[must_use]
    pub const fn blank(id: CourseId, scheme: SchemeId) -> Self {
        Self {
            id,
            scheme,
            title: String::new(),
            site: String::new(),
            trainer_id: None,
            trainer: String::new(),
            trainer_contact: String::new(),
            voltage_level: String::new(),
            working_methods: String::new(),
            theory_minutes: None,
            practice_minutes: None,
            theory_content: String::new(),
            practice_content: String::new(),
            attendance: String::new(),
            first_day: None,
            last_day: None,
        }
    }

    /// Lists those of the needed facts that are empty, in the order they are needed.
    #[must_use]
    pub fn missing(&self, needed: &[CourseFact]) -> Vec<CourseFact> {
        let is_there = |fact: &CourseFact| match fact {
            CourseFact::Dates => self.first_day.is_some() && self.last_day.is_some(),
            CourseFact::TheoryHours => self.theory_minutes.is_some(),
            CourseFact::PracticeHours => self.practice_minutes.is_some(),
            CourseFact::TheoryContent => is_written(&self.theory_content),
            CourseFact::PracticeContent => is_written(&self.practice_content),
            CourseFact::VoltageLevel => is_written(&self.voltage_level),
            CourseFact::WorkingMethods => is_written(&self.working_methods),
            CourseFact::Trainer => is_written(&self.trainer),
            CourseFact::TrainerContact => is_written(&self.trainer_contact),
            CourseFact::Site => is_written(&self.site),
            CourseFact::Attendance => is_written(&self.attendance),
        };
        needed.iter().copied().filter(|fact| !is_there(fact)).collect()
    }
}

fn is_written(text: &str) -> bool {
    !text.trim().is_empty()
}

/// A course that lacks nothing.
#[cfg(test)]
pub(crate) fn sample() -> Course {
    let text = || "sample".to_owned();
    Course {
        id: CourseId::new([4; 16]),
        scheme: SchemeId::new([3; 16]),
        title: text(),
        site: text(),
        trainer_id: None,
        trainer: text(),
        trainer_contact: text(),
        voltage_level: text(),
        working_methods: text(),
        theory_minutes: Some(0),
        practice_minutes: Some(0),
        theory_content: text(),
        practice_content: text(),
        attendance: text(),
        first_day: Some(Date::from_days(20_000)),
        last_day: Some(Date::from_days(20_000)),
    }
}
