//! The embedded faces: which one prints a character, how wide it is, how pairs are kerned.

use ttf_parser::{
    Tag,
    gpos::{PairAdjustment, PositioningSubtable},
};

use crate::{RenderError, template::Um};

/// A face as text is set in it; characters it lacks come from the supplement of the same weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    Regular,
    Bold,
    Mono,
    MonoBold,
}

/// A font program in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Program {
    Regular,
    Bold,
    Mono,
    MonoBold,
    SupplementRegular,
    SupplementBold,
}

impl Program {
    pub(crate) const ALL: [Self; 6] =
        [Self::Regular, Self::Bold, Self::Mono, Self::MonoBold, Self::SupplementRegular, Self::SupplementBold];

    /// The name the program carries in the file.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Regular => "AtkinsonHyperlegibleNext-Regular",
            Self::Bold => "AtkinsonHyperlegibleNext-Bold",
            Self::Mono => "AtkinsonHyperlegibleMono-Regular",
            Self::MonoBold => "AtkinsonHyperlegibleMono-Bold",
            Self::SupplementRegular => "Roboto-Supplement-Regular",
            Self::SupplementBold => "Roboto-Supplement-Bold",
        }
    }

    /// The TrueType bytes.
    pub(crate) fn bytes(self) -> &'static [u8] {
        match self {
            Self::Regular => {
                include_bytes!("../../../assets/fonts/AtkinsonHyperlegibleNext-Regular.ttf")
            }
            Self::Bold => include_bytes!("../../../assets/fonts/AtkinsonHyperlegibleNext-Bold.ttf"),
            Self::Mono => {
                include_bytes!("../../../assets/fonts/AtkinsonHyperlegibleMono-Regular.ttf")
            }
            Self::MonoBold => {
                include_bytes!("../../../assets/fonts/AtkinsonHyperlegibleMono-Bold.ttf")
            }
            Self::SupplementRegular => {
                include_bytes!("../../../assets/fonts/Roboto-Supplement-Regular.ttf")
            }
            Self::SupplementBold => {
                include_bytes!("../../../assets/fonts/Roboto-Supplement-Bold.ttf")
            }
        }
    }
}

/// A stretch of text in one program. Kerning is in thousandths of an em, before the character it stands with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stretch {
    pub(crate) program: Program,
    pub(crate) glyphs: Vec<(char, i64)>,
}

/// All faces, parsed.
pub(crate) struct Faces {
    regular: ttf_parser::Face<'static>,
    bold: ttf_parser::Face<'static>,
    mono: ttf_parser::Face<'static>,
    mono_bold: ttf_parser::Face<'static>,
    supplement: ttf_parser::Face<'static>,
    supplement_bold: ttf_parser::Face<'static>,
}

impl Faces {
    /// Parses the embedded programs.
    pub(crate) fn load() -> Result<Self, RenderError> {
        let parse = |program: Program| {
            ttf_parser::Face::parse(program.bytes(), 0)
                .ok()
                .filter(|face| face.units_per_em() == 1000)
                .ok_or(RenderError::Assembly)
        };
        Ok(Self {
            regular: parse(Program::Regular)?,
            bold: parse(Program::Bold)?,
            mono: parse(Program::Mono)?,
            mono_bold: parse(Program::MonoBold)?,
            supplement: parse(Program::SupplementRegular)?,
            supplement_bold: parse(Program::SupplementBold)?,
        })
    }

    /// Whether every style can print the character.
    pub(crate) fn covers(&self, character: char) -> bool {
        [Style::Regular, Style::Bold, Style::Mono, Style::MonoBold]
            .into_iter()
            .all(|style| self.program(style, character).is_some())
    }

    /// The text as it is set: stretches of one program, with kerning.
    pub(crate) fn shape(&self, style: Style, text: &str) -> Vec<Stretch> {
        let mut stretches: Vec<Stretch> = Vec::new();
        let mut before: Option<(Program, char)> = None;
        for character in text.chars().map(|c| if c == '\u{A0}' { ' ' } else { c }) {
            let Some(program) = self.program(style, character) else {
                continue;
            };
            let kern = match before {
                Some((last, left)) if last == program => self.kern(program, left, character),
                _ => 0,
            };
            match stretches.last_mut() {
                Some(stretch) if stretch.program == program => {
                    stretch.glyphs.push((character, kern));
                }
                _ => stretches.push(Stretch { program, glyphs: vec![(character, kern)] }),
            }
            before = Some((program, character));
        }
        stretches
    }

    /// The width of the text in thousandths of an em.
    pub(crate) fn width_milli_em(&self, style: Style, text: &str) -> i64 {
        self.shape(style, text).iter().map(|stretch| self.stretch_milli_em(stretch)).sum()
    }

    /// The width of one stretch in thousandths of an em.
    pub(crate) fn stretch_milli_em(&self, stretch: &Stretch) -> i64 {
        stretch.glyphs.iter().map(|(character, kern)| self.advance(stretch.program, *character) + kern).sum()
    }

    /// The width of the text at a size in hundredths of a point.
    pub(crate) fn width(&self, style: Style, size: i64, text: &str) -> Um {
        milli_em_to_um(self.width_milli_em(style, text), size)
    }

    fn program(&self, style: Style, character: char) -> Option<Program> {
        let (first, second) = match style {
            Style::Regular => (Program::Regular, Program::SupplementRegular),
            Style::Bold => (Program::Bold, Program::SupplementBold),
            Style::Mono => (Program::Mono, Program::SupplementRegular),
            Style::MonoBold => (Program::MonoBold, Program::SupplementBold),
        };
        [first, second].into_iter().find(|program| self.face(*program).glyph_index(character).is_some())
    }

    fn advance(&self, program: Program, character: char) -> i64 {
        let face = self.face(program);
        face.glyph_index(character).and_then(|glyph| face.glyph_hor_advance(glyph)).map_or(0, i64::from)
    }

    fn kern(&self, program: Program, left: char, right: char) -> i64 {
        let face = self.face(program);
        let (Some(left), Some(right)) = (face.glyph_index(left), face.glyph_index(right)) else {
            return 0;
        };
        let Some(gpos) = face.tables().gpos else {
            return 0;
        };
        let Some(feature) = gpos.features.find(Tag::from_bytes(b"kern")) else {
            return 0;
        };
        feature
            .lookup_indices
            .into_iter()
            .filter_map(|index| gpos.lookups.get(index))
            .flat_map(|lookup| lookup.subtables.into_iter::<PositioningSubtable<'_>>())
            .find_map(|subtable| pair_advance(&subtable, left, right))
            .unwrap_or(0)
    }

    fn face(&self, program: Program) -> &ttf_parser::Face<'static> {
        match program {
            Program::Regular => &self.regular,
            Program::Bold => &self.bold,
            Program::Mono => &self.mono,
            Program::MonoBold => &self.mono_bold,
            Program::SupplementRegular => &self.supplement,
            Program::SupplementBold => &self.supplement_bold,
        }
    }
}

/// Thousandths of an em at a size in hundredths of a point, as micrometres.
pub(crate) fn milli_em_to_um(milli_em: i64, size: i64) -> Um {
    milli_em * size * 127 / 36_000
}

fn pair_advance(
    subtable: &PositioningSubtable<'_>,
    left: ttf_parser::GlyphId,
    right: ttf_parser::GlyphId,
) -> Option<i64> {
    let PositioningSubtable::Pair(pair) = subtable else {
        return None;
    };
    match pair {
        PairAdjustment::Format1 { coverage, sets } => {
            let set = sets.get(coverage.get(left)?)?;
            set.get(right).map(|(first, _)| i64::from(first.x_advance))
        }
        PairAdjustment::Format2 { coverage, classes, matrix } => {
            coverage.get(left)?;
            let values = matrix.get((classes.0.get(left), classes.1.get(right)))?;
            Some(i64::from(values.0.x_advance))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_are_the_programs_own() {
        let faces = Faces::load().unwrap();
        for program in Program::ALL {
            let parsed = printpdf::ParsedFont::from_bytes(program.bytes(), 0, &mut Vec::new()).unwrap();
            for character in ' '..'\u{500}' {
                let Some(glyph) = faces.face(program).glyph_index(character) else {
                    continue;
                };
                assert_eq!(parsed.lookup_glyph_index(u32::from(character)), Some(glyph.0));
                assert_eq!(
                    parsed.get_glyph_width(glyph.0).map(i64::from),
                    Some(faces.advance(program, character)),
                    "{program:?} {character}"
                );
            }
        }
    }

    #[test]
    fn pairs_are_kerned() {
        let faces = Faces::load().unwrap();
        let apart = faces.width_milli_em(Style::Bold, "T") + faces.width_milli_em(Style::Bold, "o");
        assert!(faces.width_milli_em(Style::Bold, "To") < apart);
    }

    #[test]
    fn a_missing_letter_comes_from_the_supplement() {
        let faces = Faces::load().unwrap();
        let programs: Vec<_> = faces.shape(Style::Bold, "Áŋŋá").into_iter().map(|s| s.program).collect();
        assert_eq!(programs, [Program::Bold, Program::SupplementBold, Program::Bold]);
    }

    #[test]
    fn mono_is_mono() {
        let faces = Faces::load().unwrap();
        assert_eq!(faces.width_milli_em(Style::Mono, "iiii"), faces.width_milli_em(Style::Mono, "WWWW"));
    }
}
