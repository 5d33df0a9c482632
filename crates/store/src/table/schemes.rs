//! Schemes as signed, and the courses that prepare for them.

use fieldproof_model::id::{CourseId, PersonId, SchemeId};
use rusqlite::{OptionalExtension, params};

use crate::{
    Result,
    table::{ReadTx, WriteTx, array},
};

impl ReadTx<'_> {
    /// Lists the signed schemes, by identifier.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn schemes(&self) -> Result<Vec<(SchemeId, Vec<u8>)>> {
        let mut statement = self.connection().prepare_cached("SELECT id, signed FROM schemes ORDER BY id")?;
        let rows = statement.query_map([], |row| Ok((row.get::<_, Vec<u8>>(0)?, row.get(1)?)))?;
        rows.map(|row| {
            let (id, signed) = row?;
            Ok((SchemeId::new(array(id, "scheme")?), signed))
        })
        .collect()
    }

    /// Reads one signed scheme.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn scheme(&self, id: SchemeId) -> Result<Option<Vec<u8>>> {
        let sql = "SELECT signed FROM schemes WHERE id = ?1";
        Ok(self.connection().query_row(sql, params![id.as_bytes()], |row| row.get(0)).optional()?)
    }

    /// Lists the encoded courses, by identifier.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn courses(&self) -> Result<Vec<Vec<u8>>> {
        let mut statement = self.connection().prepare_cached("SELECT encoded FROM courses ORDER BY id")?;
        let rows = statement.query_map([], |row| row.get(0))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Reads one encoded course.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn course(&self, id: CourseId) -> Result<Option<Vec<u8>>> {
        let sql = "SELECT encoded FROM courses WHERE id = ?1";
        Ok(self.connection().query_row(sql, params![id.as_bytes()], |row| row.get(0)).optional()?)
    }

    /// Lists who is on the roster of a course, by identifier.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn course_people(&self, course: CourseId) -> Result<Vec<PersonId>> {
        let sql = "SELECT person_id FROM course_people WHERE course_id = ?1 ORDER BY person_id";
        let mut statement = self.connection().prepare_cached(sql)?;
        let rows = statement.query_map(params![course.as_bytes()], |row| row.get::<_, Vec<u8>>(0))?;
        rows.map(|id| Ok(PersonId::new(array(id?, "person")?))).collect()
    }
}

impl WriteTx<'_> {
    /// Lets go of every scheme and course; sessions keep those they were opened under.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn clear_schemes_and_courses(&self) -> Result<()> {
        for sql in ["DELETE FROM course_people", "DELETE FROM courses", "DELETE FROM schemes"] {
            self.execute(sql, [])?;
        }
        Ok(())
    }

    /// Puts somebody on the roster of a course.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn enter_course(&self, course: CourseId, person: PersonId) -> Result<()> {
        let sql = "INSERT INTO course_people (course_id, person_id) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
        self.execute(sql, params![course.as_bytes(), person.as_bytes()])?;
        Ok(())
    }
    /// Takes a signed scheme, replacing another version of it; sessions keep the version they were opened under.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn set_scheme(&self, id: SchemeId, signed: &[u8]) -> Result<()> {
        self.execute(
            "INSERT INTO schemes (id, signed) VALUES (?1, ?2) ON CONFLICT (id) DO UPDATE SET signed = excluded.signed",
            params![id.as_bytes(), signed],
        )?;
        Ok(())
    }

    /// Takes an encoded course, replacing the one of that identifier.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn set_course(&self, id: CourseId, scheme: SchemeId, encoded: &[u8]) -> Result<()> {
        self.execute(
            "INSERT INTO courses (id, scheme_id, encoded) VALUES (?1, ?2, ?3)
             ON CONFLICT (id) DO UPDATE SET scheme_id = excluded.scheme_id, encoded = excluded.encoded",
            params![id.as_bytes(), scheme.as_bytes(), encoded],
        )?;
        Ok(())
    }
}
