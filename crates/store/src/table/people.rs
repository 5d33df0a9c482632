//! People: the roster, those who turned up, and the assessors with their delegations.

use std::collections::BTreeSet;

use fieldproof_model::{
    id::{PersonId, SchemeId},
    person::{Contact, Name, Person},
};
use rusqlite::{OptionalExtension, Row, params};

use crate::{
    Result, StoreError,
    table::{ReadTx, WriteTx, array, chain_entries::Chain},
};

/// A person with the way they came here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonRow {
    /// Who.
    pub person: Person,
    /// Whether the institution's roster named them.
    pub is_on_roster: bool,
    /// How they are reached, where a coordinator's laptop was told.
    pub contact: Option<Contact>,
}

/// Stands in the place of a name that was erased.
pub const ERASED: &str = "(erased)";

type Columns = (Vec<u8>, String, Option<u16>, bool, Option<String>);

const COLUMNS: &str = "id, name, birth_year, is_on_roster, contact";

fn columns(row: &Row<'_>) -> rusqlite::Result<Columns> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
}

fn parse((id, name, birth_year, is_on_roster, contact): Columns) -> Result<PersonRow> {
    let name = Name::parse(&name).map_err(|_| StoreError::Damaged("name"))?;
    let contact = Contact::parse(&contact.unwrap_or_default()).map_err(|_| StoreError::Damaged("contact"))?;
    Ok(PersonRow {
        person: Person { id: PersonId::new(array(id, "person")?), name, birth_year },
        is_on_roster,
        contact,
    })
}

impl ReadTx<'_> {
    /// Lists everybody whose name was not erased, by name.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn people(&self) -> Result<Vec<PersonRow>> {
        let sql = format!("SELECT {COLUMNS} FROM people WHERE name <> ?1 ORDER BY name, id");
        let mut statement = self.connection().prepare_cached(&sql)?;
        let rows = statement.query_map(params![ERASED], columns)?;
        rows.map(|row| parse(row?)).collect()
    }

    /// Reads one person.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn person(&self, id: PersonId) -> Result<Option<PersonRow>> {
        let sql = format!("SELECT {COLUMNS} FROM people WHERE id = ?1");
        let row = self.connection().query_row(&sql, params![id.as_bytes()], columns).optional()?;
        row.map(parse).transpose()
    }

    /// Reads the signed delegation of a chain's key for one scheme.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn delegation(&self, chain: Chain, scheme: SchemeId) -> Result<Option<Vec<u8>>> {
        let sql = "SELECT signed FROM delegations WHERE assessor_id = ?1 AND chain = ?2 AND scheme_id = ?3";
        let of = params![chain.assessor.as_bytes(), chain.number, scheme.as_bytes()];
        Ok(self.connection().query_row(sql, of, |row| row.get(0)).optional()?)
    }

    /// Whether any key that an assessor had here was ever delegated for a scheme.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn was_delegated(&self, assessor: PersonId, scheme: SchemeId) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM delegations WHERE assessor_id = ?1 AND scheme_id = ?2)";
        Ok(self.connection().query_row(sql, params![assessor.as_bytes(), scheme.as_bytes()], |row| row.get(0))?)
    }

    /// Lists the delegations with the chains of their keys, by chain and scheme; behind them those of before version 2,
    /// which still name the key that signed what was not sent then.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn delegations(&self) -> Result<Vec<(Chain, Vec<u8>)>> {
        let sql = "SELECT assessor_id, chain, signed, scheme_id FROM delegations
                   UNION ALL SELECT assessor_id, 1, signed, NULL FROM delegations_before_2
                   ORDER BY assessor_id, chain, scheme_id NULLS LAST";
        let mut statement = self.connection().prepare_cached(sql)?;
        let rows = statement.query_map([], |row| Ok((row.get::<_, Vec<u8>>(0)?, row.get(1)?, row.get(2)?)))?;
        rows.map(|row| {
            let (id, number, signed) = row?;
            Ok((Chain { assessor: PersonId::new(array(id, "person")?), number }, signed))
        })
        .collect()
    }
}

impl WriteTx<'_> {
    /// Adds a person.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn add_person(&self, row: &PersonRow) -> Result<()> {
        let (person, contact) = (&row.person, row.contact.as_ref().map(Contact::as_str));
        self.execute(
            &format!("INSERT INTO people ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5)"),
            params![person.id.as_bytes(), person.name.as_str(), person.birth_year, row.is_on_roster, contact],
        )?;
        Ok(())
    }

    /// Takes a roster in place of the one before. Whoever is on it is known by that name, unless it was erased; whoever
    /// is not on it any more and took part in nothing leaves.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn set_roster(&self, roster: &[Person]) -> Result<()> {
        let named: BTreeSet<PersonId> = roster.iter().map(|person| person.id).collect();
        for known in self.people()?.iter().filter(|row| row.is_on_roster && !named.contains(&row.person.id)) {
            self.execute(
                "DELETE FROM people WHERE id = ?1
                 AND NOT EXISTS (SELECT 1 FROM chains WHERE assessor_id = ?1)
                 AND NOT EXISTS (SELECT 1 FROM course_people WHERE person_id = ?1)
                 AND NOT EXISTS (SELECT 1 FROM sessions WHERE ?1 IN (assessor_id, candidate_id, second_person_id))",
                params![known.person.id.as_bytes()],
            )?;
        }
        self.add_to_roster(roster)
    }

    /// Puts people on the roster. Whoever is known already is known by that name from now on, unless it was erased.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn add_to_roster(&self, people: &[Person]) -> Result<()> {
        for person in people {
            self.execute(
                "INSERT INTO people (id, name, birth_year, is_on_roster) VALUES (?1, ?2, ?3, 1)
                 ON CONFLICT (id) DO UPDATE SET name = excluded.name, birth_year = excluded.birth_year, is_on_roster = 1
                 WHERE name <> ?4",
                params![person.id.as_bytes(), person.name.as_str(), person.birth_year, ERASED],
            )?;
        }
        Ok(())
    }

    /// Corrects a person's name and year of birth.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn correct_person(&self, person: &Person) -> Result<()> {
        self.execute(
            "UPDATE people SET name = ?2, birth_year = ?3 WHERE id = ?1",
            params![person.id.as_bytes(), person.name.as_str(), person.birth_year],
        )?;
        Ok(())
    }

    /// Notes how somebody is reached, or that nobody knows.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn set_contact(&self, id: PersonId, contact: Option<&Contact>) -> Result<()> {
        let sql = "UPDATE people SET contact = ?2 WHERE id = ?1";
        self.execute(sql, params![id.as_bytes(), contact.map(Contact::as_str)])?;
        Ok(())
    }

    /// Forgets how anybody is reached.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn forget_contacts(&self) -> Result<()> {
        self.execute("UPDATE people SET contact = NULL WHERE contact IS NOT NULL", [])?;
        Ok(())
    }

    /// Erases a person's name, year of birth and contact. Who they were stays an identifier that sessions refer to.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn blank_person(&self, id: PersonId) -> Result<()> {
        let sql = "UPDATE people SET name = ?2, birth_year = NULL, contact = NULL WHERE id = ?1";
        self.execute(sql, params![id.as_bytes(), ERASED])?;
        Ok(())
    }

    /// Takes the signed delegation of a chain's key for one scheme, replacing the one before.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn set_delegation(&self, chain: Chain, scheme: SchemeId, signed: &[u8]) -> Result<()> {
        self.execute(
            "INSERT INTO delegations (assessor_id, chain, scheme_id, signed) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (assessor_id, chain, scheme_id) DO UPDATE SET signed = excluded.signed",
            params![chain.assessor.as_bytes(), chain.number, scheme.as_bytes(), signed],
        )?;
        Ok(())
    }
}
