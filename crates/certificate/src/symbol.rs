//! The QR symbol: which version carries the link, how large its modules are, which are dark.

use qrcode::{EcLevel, QrCode, Version, bits::Bits};

use crate::{
    RenderError,
    template::{DOTS_PER_MODULE_CHOICES, QUIET_ZONE, SYMBOL_DOTS_AT_LEAST, SYMBOL_DOTS_AT_MOST},
};

/// Scanners in the field read versions up to this one at 150 dpi; larger ones fail first on worn paper.
pub(crate) const MAX_VERSION: i16 = 18;

/// A symbol ready to be drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Symbol {
    /// Rows of modules, dark is `true`, without the quiet zone.
    pub(crate) rows: Vec<Vec<bool>>,
    /// The side of a module in printer dots.
    pub(crate) module_dots: i64,
}

impl Symbol {
    /// The side of the symbol in printer dots, quiet zone included.
    pub(crate) fn side_dots(&self) -> i64 {
        side_dots(self.rows.len(), self.module_dots)
    }

    /// Horizontal runs of dark modules as (row, first column, length).
    pub(crate) fn runs(&self) -> Vec<(i64, i64, i64)> {
        let mut runs = Vec::new();
        for (row, modules) in (0..).zip(&self.rows) {
            let mut length = 0;
            for (column, dark) in (0..).zip(modules.iter().copied().chain([false])) {
                if dark {
                    length += 1;
                } else if length > 0 {
                    runs.push((row, column - length, length));
                    length = 0;
                }
            }
        }
        runs
    }
}

/// Encodes a link: everything up to `/v#` as bytes, the digits behind it as digits, error correction M.
///
/// # Errors
/// [`RenderError::BadLink`] for any other form, [`RenderError::SymbolTooLarge`] beyond [`MAX_VERSION`].
pub(crate) fn encode(link: &str) -> Result<Symbol, RenderError> {
    let (prefix, digits) = split(link).ok_or(RenderError::BadLink)?;
    let code = (1..=MAX_VERSION)
        .find_map(|version| encode_at(version, prefix, digits))
        .ok_or(RenderError::SymbolTooLarge { limit: MAX_VERSION })?;
    Ok(drawn(&code))
}

/// Encodes a text that is no link, as the fewest modules carry it.
///
/// # Errors
/// [`RenderError::SymbolTooLarge`] beyond [`MAX_VERSION`].
pub(crate) fn encode_plain(text: &str) -> Result<Symbol, RenderError> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok();
    let fits = |code: &QrCode| code.width() <= side_modules(MAX_VERSION);
    Ok(drawn(&code.filter(fits).ok_or(RenderError::SymbolTooLarge { limit: MAX_VERSION })?))
}

/// The modules of a symbol that a screen shows: rows of dark and light, without the quiet zone.
///
/// # Errors
/// [`RenderError::SymbolTooLarge`].
pub fn symbol_rows(text: &str) -> Result<Vec<Vec<bool>>, RenderError> {
    Ok(encode_plain(text)?.rows)
}

/// Modules along a side of a version.
fn side_modules(version: i16) -> usize {
    usize::try_from(version).unwrap_or_default() * 4 + 17
}

fn drawn(code: &QrCode) -> Symbol {
    let width = code.width();
    let colors = code.to_colors();
    let rows: Vec<Vec<bool>> =
        colors.chunks(width.max(1)).map(|row| row.iter().map(|c| *c == qrcode::Color::Dark).collect()).collect();
    let module_dots = module_dots(rows.len());
    Symbol { rows, module_dots }
}

/// Splits a link behind `/v#`, if it is `https://host…/v#digits`.
pub(crate) fn split(link: &str) -> Option<(&str, &str)> {
    let (prefix, digits) = link.split_at_checked(link.find("/v#")? + 3)?;
    let host = prefix.strip_prefix("https://")?;
    let plain = prefix.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'(' | b')' | b'\\'));
    let numeric = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    (plain && numeric && !host.starts_with('/')).then_some((prefix, digits))
}

fn encode_at(version: i16, prefix: &str, digits: &str) -> Option<QrCode> {
    let mut bits = Bits::new(Version::Normal(version));
    bits.push_byte_data(prefix.as_bytes()).ok()?;
    bits.push_numeric_data(digits.as_bytes()).ok()?;
    bits.push_terminator(EcLevel::M).ok()?;
    QrCode::with_bits(bits, EcLevel::M).ok()
}

/// The largest module that keeps the symbol within its size, or the next larger one where that leaves it too small.
fn module_dots(modules: usize) -> i64 {
    let fits = DOTS_PER_MODULE_CHOICES.rev().find(|dots| side_dots(modules, *dots) <= SYMBOL_DOTS_AT_MOST);
    match fits {
        Some(dots) if side_dots(modules, dots) >= SYMBOL_DOTS_AT_LEAST => dots,
        Some(dots) => dots + 1,
        None => *DOTS_PER_MODULE_CHOICES.start(),
    }
}

fn side_dots(modules: usize, module_dots: i64) -> i64 {
    let modules = i64::try_from(modules).unwrap_or(i64::MAX / 64);
    (modules + 2 * QUIET_ZONE) * module_dots
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(digits: usize) -> String {
        format!("https://fieldproof.example/v#{}", "7".repeat(digits))
    }

    #[test]
    fn the_largest_token_fits_the_largest_version() {
        assert_eq!(encode(&link(1215)).unwrap().rows.len(), 17 + 4 * 18, "500 bytes need version 18");
        assert_eq!(encode(&link(843)).unwrap().rows.len(), 17 + 4 * 15, "347 bytes need version 15");
    }

    #[test]
    fn symbols_carry_the_link_at_level_m() {
        for digits in [1, 843, 1215] {
            let symbol = encode(&link(digits)).unwrap();
            let dark = |x: usize, y: usize| symbol.rows[y][x];
            let grid = rqrr::Grid::new(rqrr::SimpleGrid::from_func(symbol.rows.len(), dark));
            let (about, text) = grid.decode().unwrap();
            assert_eq!(about.ecc_level, 0, "the two bits 00 stand for level M");
            assert_eq!(text, link(digits));
        }
    }

    #[test]
    fn beyond_the_largest_version_is_refused() {
        assert_eq!(encode(&link(1400)), Err(RenderError::SymbolTooLarge { limit: 18 }));
    }

    #[test]
    fn other_links_are_refused() {
        for bad in [
            "",
            "https://a.example/v#",
            "http://a.example/v#1",
            "https:///v#1",
            "https://a.example/v#1a",
            "https://a b/v#1",
            "https://a.example/x#1",
        ] {
            assert_eq!(encode(bad), Err(RenderError::BadLink), "{bad}");
        }
    }

    #[test]
    fn modules_are_whole_dots_of_a_readable_size() {
        for version in 1..=18usize {
            let modules = 17 + 4 * version;
            let side = side_dots(modules, module_dots(modules));
            let within = SYMBOL_DOTS_AT_LEAST..=SYMBOL_DOTS_AT_MOST;
            let mut choices = DOTS_PER_MODULE_CHOICES;
            let possible = choices.any(|dots| within.contains(&side_dots(modules, dots)));
            if possible {
                assert!(within.contains(&side), "version {version}: {side} dots");
            } else {
                assert!((376..=472).contains(&side), "version {version}: {side} dots, at most 40 mm");
            }
        }
        assert_eq!(module_dots(17 + 4 * 15), 5, "a usual token: 36 mm");
        assert_eq!(module_dots(17 + 4 * 18), 4, "the largest token: 32.9 mm");
    }

    #[test]
    fn runs_hold_every_dark_module() {
        let symbol = encode(&link(100)).unwrap();
        let dark: usize = symbol.rows.iter().flatten().filter(|d| **d).count();
        let in_runs: i64 = symbol.runs().iter().map(|(_, _, length)| length).sum();
        assert_eq!(usize::try_from(in_runs).unwrap(), dark);
    }
}
