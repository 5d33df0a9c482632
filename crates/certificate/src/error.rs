//! Why a paper could not be drawn.

use thiserror::Error;

/// A reason not to print: every one of them is about the facts, except the last.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RenderError {
    /// A fact the paper cannot do without is blank.
    #[error("{field} is blank")]
    Missing {
        /// The fact.
        field: &'static str,
    },
    /// A character is in none of the printing faces.
    #[error("{field} holds the character {character:?} (U+{:04X}), which cannot be printed", u32::from(*character))]
    UnsupportedCharacter {
        /// The fact.
        field: &'static str,
        /// The character.
        character: char,
    },
    /// The text does not fit at the smallest readable size.
    #[error("{part} holds more text than the page can show at a readable size")]
    TooMuchText {
        /// The part of the page.
        part: &'static str,
    },
    /// The link is not `https://…/v#` followed by digits.
    #[error("the link for the symbol is not https://…/v# followed by digits")]
    BadLink,
    /// The link needs a larger symbol than the paper may carry.
    #[error("the link for the symbol is too long: it needs more than version {limit}")]
    SymbolTooLarge {
        /// The largest version allowed.
        limit: i16,
    },
    /// The document's date is outside the years 1 to 9999.
    #[error("the document date is out of range")]
    BadDate,
    /// A printing face or the file itself could not be put together.
    #[error("the document could not be put together")]
    Assembly,
}
