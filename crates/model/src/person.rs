//! People: a name, perhaps a year of birth, and an identifier that says who is who when names are equal.

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

/// Two roles that may not be one person were given to one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SamePerson {
    /// The second person stands by for the candidate.
    #[error("the second person may not be the candidate")]
    SecondIsCandidate,
    /// Nobody assesses themselves.
    #[error("the assessor may not be the candidate")]
    AssessorIsCandidate,
    /// The assessor watches the candidate and cannot stand by.
    #[error("the second person may not be the assessor")]
    SecondIsAssessor,
}

/// Checks, by identifier and never by name, that the three roles are three people.
///
/// # Errors
/// The first pair that is one person.
pub fn check_roles(assessor: PersonId, candidate: PersonId, second: PersonId) -> Result<(), SamePerson> {
    if candidate == assessor {
        return Err(SamePerson::AssessorIsCandidate);
    }
    if second == candidate {
        return Err(SamePerson::SecondIsCandidate);
    }
    if second == assessor {
        return Err(SamePerson::SecondIsAssessor);
    }
    Ok(())
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
    fn roles_are_compared_by_identifier() {
        let [a, b, c] = [1, 2, 3].map(|n| PersonId::new([n; 16]));
        assert_eq!(check_roles(a, b, c), Ok(()));
        assert_eq!(check_roles(a, a, c), Err(SamePerson::AssessorIsCandidate));
        assert_eq!(check_roles(a, b, b), Err(SamePerson::SecondIsCandidate));
        assert_eq!(check_roles(a, b, a), Err(SamePerson::SecondIsAssessor));
    }
}
