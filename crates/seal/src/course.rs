//! The course as bytes: the form in which it travels to the laptop, and later a part of the record.

use ciborium::Value;
use fieldproof_model::{
    course::Course,
    id::{CourseId, PersonId, SchemeId},
};

use crate::{
    cbor::{Fields, FormatError, Writer, bytes},
    gate::optional_day,
};

/// The course part.
#[must_use]
pub fn course_value(course: &Course) -> Value {
    Writer::default()
        .with(1, bytes(*course.id.as_bytes()))
        .with(2, course.title.as_str())
        .with(3, course.site.as_str())
        .with(4, course.trainer.as_str())
        .with(5, course.voltage_level.as_str())
        .with_some(7, course.first_day.map(|day| day.as_days()))
        .with_some(8, course.last_day.map(|day| day.as_days()))
        .with(9, bytes(*course.scheme.as_bytes()))
        .with_some(10, course.trainer_id.map(|id| bytes(*id.as_bytes())))
        .with(11, course.trainer_contact.as_str())
        .with(12, course.working_methods.as_str())
        .with_some(13, course.theory_minutes)
        .with_some(14, course.practice_minutes)
        .with(15, course.theory_content.as_str())
        .with(16, course.practice_content.as_str())
        .with(17, course.attendance.as_str())
        .build()
}

/// Reads a course.
///
/// # Errors
/// [`FormatError`].
pub fn parse_course(value: Value) -> Result<Course, FormatError> {
    let mut fields = Fields::new(value, "course")?;
    let trainer_id = fields.optional(10).map(|value| value.as_bytes().and_then(|b| b.as_slice().try_into().ok()));
    Ok(Course {
        id: CourseId::new(fields.array(1)?),
        title: fields.text(2)?,
        site: fields.text(3)?,
        trainer: fields.text(4)?,
        voltage_level: fields.text(5)?,
        first_day: optional_day(&mut fields, 7)?,
        last_day: optional_day(&mut fields, 8)?,
        scheme: SchemeId::new(fields.array(9)?),
        trainer_id: trainer_id.map(|id| id.map(PersonId::new).ok_or(FormatError::Malformed(10))).transpose()?,
        trainer_contact: fields.text(11)?,
        working_methods: fields.text(12)?,
        theory_minutes: fields.optional_number(13)?,
        practice_minutes: fields.optional_number(14)?,
        theory_content: fields.text(15)?,
        practice_content: fields.text(16)?,
        attendance: fields.text(17)?,
    })
}

#[cfg(test)]
mod tests {
    use fieldproof_model::time::Date;

    use super::*;

    #[test]
    fn a_course_round_trips_with_and_without_what_is_optional() {
        let empty = Course { title: "t".to_owned(), ..Course::blank(CourseId::new([1; 16]), SchemeId::new([2; 16])) };
        let full = Course {
            trainer_id: Some(PersonId::new([3; 16])),
            theory_minutes: Some(30),
            practice_minutes: Some(60),
            first_day: Some(Date::from_days(1)),
            last_day: Some(Date::from_days(2)),
            attendance: "a".to_owned(),
            ..empty.clone()
        };
        for course in [empty, full] {
            assert_eq!(parse_course(course_value(&course)), Ok(course));
        }
    }
}
