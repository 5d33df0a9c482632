//! Text made printable: composed letters, single spaces, and no character the faces do not hold.

use unicode_normalization::UnicodeNormalization;

use crate::{Fact, RenderError, fonts::Faces};

/// Returns the text in composed form with runs of white space as single spaces.
///
/// # Errors
/// Names the first character that no face can print.
pub(crate) fn clean(faces: &Faces, field: &'static str, text: &str) -> Result<String, RenderError> {
    let mut out = String::with_capacity(text.len());
    for character in text.nfc() {
        if character.is_whitespace() {
            let keeps_together = matches!(character, '\u{A0}' | '\u{202F}');
            if keeps_together {
                out.push('\u{A0}');
            } else if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else if is_mark(character) || !faces.covers(character) {
            return Err(RenderError::UnsupportedCharacter { field, character });
        } else {
            out.push(character);
        }
    }
    Ok(out.trim().to_owned())
}

/// Checks that every character of a text can be printed.
///
/// # Errors
/// [`RenderError::UnsupportedCharacter`] names the first that cannot.
pub fn check_printable(field: &'static str, text: &str) -> Result<(), RenderError> {
    clean(&Faces::load()?, field, text).map(|_| ())
}

/// As [`clean`], and refuses blank text.
pub(crate) fn required(faces: &Faces, field: &'static str, text: &str) -> Result<String, RenderError> {
    let text = clean(faces, field, text)?;
    if text.is_empty() { Err(RenderError::Missing { field }) } else { Ok(text) }
}

/// Cleans both halves of every row and drops rows without a value.
pub(crate) fn facts(faces: &Faces, field: &'static str, rows: &[Fact]) -> Result<Vec<Fact>, RenderError> {
    let mut out = Vec::with_capacity(rows.len());
    for row in rows {
        let value = clean(faces, field, &row.value)?;
        if !value.is_empty() {
            out.push(Fact::new(clean(faces, field, &row.label)?, value));
        }
    }
    Ok(out)
}

/// A mark that would have to be set over another letter: the faces hold some, but nothing here places them.
fn is_mark(character: char) -> bool {
    ('\u{300}'..='\u{36F}').contains(&character)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decomposed_letters_are_composed() {
        let faces = Faces::load().unwrap();
        assert_eq!(clean(&faces, "holder", "A\u{308}ijo\u{308}").unwrap(), "Äijö");
    }

    #[test]
    fn white_space_is_single() {
        let faces = Faces::load().unwrap();
        assert_eq!(clean(&faces, "holder", "  Ana \t\n Sá  ").unwrap(), "Ana Sá");
    }

    #[test]
    fn letters_of_europe_are_covered() {
        let faces = Faces::load().unwrap();
        for text in [
            "Åsa Äijälä Öhman",
            "João Exemplão Ângelo Ñoñez",
            "Łukasz Żółć Ğüneş Ștefan Ķirsis",
            "Máret Áŋŋá Sŧálá Đorđić",
            "Ελένη Παπαδοπούλου",
            "Георги Димитров",
            "≥ Ω/V, µs, ≤ V",
        ] {
            clean(&faces, "holder", text).unwrap();
        }
    }

    #[test]
    fn an_unknown_character_is_named() {
        let faces = Faces::load().unwrap();
        for (text, character) in [("王", '王'), ("a\u{200B}b", '\u{200B}'), ("x\u{338}", '\u{338}')] {
            assert_eq!(
                clean(&faces, "holder", text),
                Err(RenderError::UnsupportedCharacter { field: "holder", character })
            );
        }
    }

    #[test]
    fn blank_is_missing() {
        let faces = Faces::load().unwrap();
        assert_eq!(required(&faces, "holder", " \u{A0} "), Err(RenderError::Missing { field: "holder" }));
    }
}
