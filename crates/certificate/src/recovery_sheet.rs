//! The recovery sheet: one A4 page with the key that opens a laptop's store when every passphrase is lost.

use crate::{
    Fact, RenderError,
    canvas::Canvas,
    clean,
    document::{self, About},
    flow::Piece,
    fonts::{Faces, Style},
    sections::{head, ink, line, open_section, opening, rows},
    symbol,
    template::{DENSITIES, Density, FLOW_BOTTOM, LEFT, NAME_ATTEMPTS, QUIET_ZONE, SYMBOL_TOP},
};

const TITLE: &str = "Recovery sheet";
/// Letters in a group, and groups in a line: as a person reads them off and types them.
const GROUP: usize = 4;
const GROUPS_A_LINE: usize = 8;
const KEY_SIZE: i64 = 1500;
const KEY_NAME: &str = "AGE-SECRET-KEY-1";

/// Draws a recovery sheet as a PDF; `date` is the document's, in seconds since 1970. The key is set as text in groups
/// and as a symbol.
///
/// # Errors
/// See [`RenderError`]: a blank institution, characters that cannot be printed, a key that fits no symbol.
pub fn render_recovery_sheet(institution: &str, made_on: &str, date: i64, key: &str) -> Result<Vec<u8>, RenderError> {
    let faces = Faces::load()?;
    let institution = clean::required(&faces, "institution", institution)?;
    let key = clean::required(&faces, "recovery key", key)?;
    let symbol = symbol::encode_plain(&key)?;
    let mut canvas = Canvas::new(&faces);
    let [density, ..] = &DENSITIES;
    let mut pieces = vec![head(&faces, &institution, false)?];
    pieces.extend(opening(&faces, density, TITLE, &format!("Made on {made_on}"), &NAME_ATTEMPTS, None)?);
    pieces.extend(rows(&faces, density, "Keep it", &facts()));
    pieces.extend(key_lines(density, &key));
    let mut top = 0;
    for piece in pieces {
        for mark in &piece.marks {
            canvas.mark(top, mark);
        }
        top += piece.height;
    }
    if FLOW_BOTTOM < top {
        return Err(RenderError::TooMuchText { part: "the page" });
    }
    let quiet = QUIET_ZONE * symbol.module_dots;
    let dots = |um: i64| um * 300 / 25_400;
    canvas.symbol(dots(LEFT) - quiet, dots(SYMBOL_TOP) - quiet, &symbol);
    let about = About { title: TITLE.to_owned(), institution: &institution, date };
    document::write(vec![canvas.into_ops()], &about)
}

fn facts() -> Vec<Fact> {
    vec![
        Fact::new(
            "Where",
            "Locked away, not in the laptop's bag. Whoever holds it and the laptop can read everything on it.",
        ),
        Fact::new("It opens", "The laptop's store and every backup of it, when a passphrase or the laptop is lost."),
        Fact::new("It signs nothing", "No record and no certificate can be signed with it."),
        Fact::new(
            "To use it",
            "Choose “Forgot the passphrase” or “Restore a backup” when unlocking, and type the key, or paste what a scanner reads.",
        ),
        Fact::new("A new sheet", "Making one ends this one for the laptop; older backups still open with it."),
    ]
}

fn key_lines(density: &Density, key: &str) -> Vec<Piece> {
    // What every key begins with stands by itself; the rest is what has to be typed with care.
    let (name, rest) = key.split_once(KEY_NAME).map_or(("", key), |(_, rest)| (KEY_NAME, rest));
    let letters: Vec<char> = rest.chars().collect();
    let groups: Vec<String> = letters.chunks(GROUP).map(|group| group.iter().collect()).collect();
    let hand = ink(Style::MonoBold, KEY_SIZE);
    let mut pieces = open_section(density);
    pieces.push(line(LEFT, hand, name, density.leading * 2));
    pieces.extend(groups.chunks(GROUPS_A_LINE).map(|groups| line(LEFT, hand, groups.join(" "), density.leading * 2)));
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "AGE-SECRET-KEY-1QQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQ";

    #[test]
    fn the_sheet_s_symbol_says_the_key_and_nothing_else() {
        let symbol = symbol::encode_plain(KEY).unwrap();
        let dark = |x: usize, y: usize| symbol.rows[y][x];
        let grid = rqrr::Grid::new(rqrr::SimpleGrid::from_func(symbol.rows.len(), dark));
        assert_eq!(grid.decode().unwrap().1, KEY);
    }

    #[test]
    fn the_sheet_is_drawn_and_needs_an_institution_and_a_key() {
        let draw = |institution: &str, key: &str| render_recovery_sheet(institution, "2026-03-02", 1_772_409_600, key);
        assert!(draw("Institute of Tests", KEY).unwrap().starts_with(b"%PDF"));
        assert!(draw(" ", KEY).is_err());
        assert!(draw("Institute of Tests", "").is_err());
        assert!(draw("Institute of Tests", &"X".repeat(2_000)).is_err());
    }
}
