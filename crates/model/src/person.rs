//! People: a name, perhaps a year of birth, and an identifier that says who is who when names are equal.

use std::collections::BTreeMap;

use crate::id::PersonId;

/// The longest name kept, in characters.
pub const NAME_LIMIT: usize = 80;

/// A person's name: trimmed, not empty, at most [`NAME_LIMIT`] characters, no control characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name(String);

/// Why a text is not a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAName {
    /// Nothing but blanks.
    #[error("the name is empty")]
    Empty,
    /// Longer than [`NAME_LIMIT`].
    #[error("the name is longer than {NAME_LIMIT} characters")]
    TooLong,
    /// A line break or another control character.
    #[error("the name holds a line break or another control character")]
    ControlCharacter,
}

impl Name {
    /// Reads a name as typed.
    ///
    /// # Errors
    /// [`NotAName`] says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, NotAName> {
        let trimmed = text.trim();
        if trimmed.is_empty() {
            return Err(NotAName::Empty);
        }
        if trimmed.chars().count() > NAME_LIMIT {
            return Err(NotAName::TooLong);
        }
        if trimmed.chars().any(char::is_control) {
            return Err(NotAName::ControlCharacter);
        }
        Ok(Self(trimmed.to_owned()))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The longest contact kept, in characters.
pub const CONTACT_LIMIT: usize = 100;

/// How somebody is reached, a telephone number or an e-mail address as it was written: trimmed, not empty, at most
/// [`CONTACT_LIMIT`] characters, no control characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Contact(String);

/// Why a text is not a contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAContact {
    /// Longer than [`CONTACT_LIMIT`].
    #[error("the contact is longer than {CONTACT_LIMIT} characters")]
    TooLong,
    /// A line break or another control character.
    #[error("the contact holds a line break or another control character")]
    ControlCharacter,
}

impl Contact {
    /// Reads a contact as typed; nothing but blanks is none.
    ///
    /// # Errors
    /// [`NotAContact`] says what is wrong with it.
    pub fn parse(text: &str) -> Result<Option<Self>, NotAContact> {
        let trimmed = text.trim();
        if trimmed.chars().count() > CONTACT_LIMIT {
            return Err(NotAContact::TooLong);
        }
        if trimmed.chars().any(char::is_control) {
            return Err(NotAContact::ControlCharacter);
        }
        Ok(Some(trimmed).filter(|text| !text.is_empty()).map(|text| Self(text.to_owned())))
    }

    /// The contact.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Somebody who takes part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Tells two people of one name apart.
    pub id: PersonId,
    /// As it will stand on paper.
    pub name: Name,
    /// Year of birth, where known.
    pub birth_year: Option<u16>,
}

/// What somebody does in a session. A role, never a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Is assessed.
    Candidate,
    /// Assesses.
    Assessor,
    /// Stands by.
    SecondPerson,
    /// Taught the course.
    Trainer,
    /// Looks a second time.
    SecondAssessor,
    /// Marks again, blind.
    Moderator,
}

impl std::fmt::Display for Role {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Candidate => "the candidate",
            Self::Assessor => "the assessor",
            Self::SecondPerson => "the second person",
            Self::Trainer => "the trainer",
            Self::SecondAssessor => "the second assessor",
            Self::Moderator => "the moderator",
        })
    }
}

/// The pairs that are never one person.
const NEVER_ONE: [(Role, Role); 9] = [
    (Role::Assessor, Role::Candidate),
    (Role::SecondPerson, Role::Candidate),
    (Role::Trainer, Role::Candidate),
    (Role::SecondAssessor, Role::Candidate),
    (Role::Moderator, Role::Candidate),
    (Role::SecondPerson, Role::Assessor),
    (Role::SecondAssessor, Role::Assessor),
    (Role::Moderator, Role::Assessor),
    (Role::Moderator, Role::SecondAssessor),
];

/// Who takes part as what, by identifier.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct People(BTreeMap<Role, PersonId>);

impl People {
    /// Takes who takes part as what.
    #[must_use]
    pub fn new(roles: impl IntoIterator<Item = (Role, PersonId)>) -> Self {
        Self(roles.into_iter().collect())
    }

    /// Who has a role.
    #[must_use]
    pub fn get(&self, role: Role) -> Option<PersonId> {
        self.0.get(&role).copied()
    }
}

/// Two roles that may not be one person were given to one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0} may not also be {1}")]
pub struct SamePerson(pub Role, pub Role);

/// Checks, by identifier and never by name, that roles which exclude each other are different people.
///
/// # Errors
/// The first pair that is one person; `separate` names pairs beside those that never may be.
pub fn check_roles(people: &People, separate: &[(Role, Role)]) -> Result<(), SamePerson> {
    let same = |(a, b): &&(Role, Role)| people.get(*a).is_some() && people.get(*a) == people.get(*b);
    NEVER_ONE.iter().chain(separate).find(same).map_or(Ok(()), |(a, b)| Err(SamePerson(*a, *b)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        assert_eq!(Name::parse("  Aino Esimerkki ").map(|n| n.as_str().to_owned()), Ok("Aino Esimerkki".to_owned()));
        assert_eq!(Name::parse(" \t"), Err(NotAName::Empty));
        assert_eq!(Name::parse(&"ä".repeat(81)), Err(NotAName::TooLong));
        assert_eq!(Name::parse("a\nb"), Err(NotAName::ControlCharacter));
    }

    #[test]
    fn every_pair_of_roles_is_one_person_only_where_that_is_allowed() {
        use Role::{Assessor, Candidate, Moderator, SecondAssessor, SecondPerson, Trainer};
        let roles = [Candidate, Assessor, SecondPerson, Trainer, SecondAssessor, Moderator];
        let allowed = [
            (Assessor, Trainer),
            (SecondPerson, Trainer),
            (SecondPerson, SecondAssessor),
            (SecondPerson, Moderator),
            (Trainer, SecondAssessor),
            (Trainer, Moderator),
        ];
        for (at, a) in roles.into_iter().enumerate() {
            for b in roles.into_iter().skip(at + 1) {
                let other = |role| u8::try_from(roles.iter().position(|known| *known == role).unwrap()).unwrap();
                let people = People::new(
                    roles.map(|role| (role, PersonId::new([if role == b { other(a) } else { other(role) }; 16]))),
                );
                let refused = check_roles(&people, &[]).is_err();
                assert_eq!(refused, !allowed.contains(&(a, b)), "{a:?} and {b:?}");
                assert!(check_roles(&people, &[(a, b)]).is_err(), "a scheme can separate {a:?} and {b:?}");
            }
        }
        assert_eq!(check_roles(&People::default(), &[(Trainer, Assessor)]), Ok(()), "nobody is not one person");
    }
}
