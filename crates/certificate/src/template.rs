//! Every measure of the paper, in whole micrometres from the top left corner, in one place.
//!
//! Sizes of type are in hundredths of a point.
//! The page is A4 to within a printer dot: a whole number of 1/300 inch each way, so that symbols keep the grid.

use std::ops::RangeInclusive;

use crate::fit::Attempt;

/// A length in micrometres.
pub(crate) type Um = i64;

/// The page in printer dots of 1/300 inch.
pub(crate) const PAGE_WIDTH_DOTS: i64 = 2480;
pub(crate) const PAGE_HEIGHT_DOTS: i64 = 3508;

/// The three axes everything stands on: margin and section names, labels, values; and the right margin.
/// The left one is 296 printer dots, so that a symbol's dark modules begin exactly on it.
pub(crate) const LEFT: Um = 25_061;
pub(crate) const LABELS: Um = 69_000;
pub(crate) const VALUES: Um = 106_000;
pub(crate) const RIGHT: Um = 184_912;
/// White space between a column's text and the next column.
pub(crate) const GUTTER: Um = 4_000;

/// Colours as red, green, blue of 255.
pub(crate) type Colour = [u8; 3];
pub(crate) const INK: Colour = [0x14, 0x17, 0x1A];
/// Labels: clearly lighter than ink and still solid when a printer knows only black.
pub(crate) const MUTED: Colour = [0x4C, 0x52, 0x59];
pub(crate) const HAIRLINE: Colour = [0x9A, 0x9E, 0xA3];
pub(crate) const PAPER: Colour = [0xFF, 0xFF, 0xFF];
pub(crate) const BLACK: Colour = [0, 0, 0];
pub(crate) const HAIRLINE_WIDTH: Um = 120;

/// The head: institution, and the word for a demonstration at the right.
pub(crate) const HEAD_TOP: Um = 18_000;
pub(crate) const HEAD_ATTEMPTS: [Attempt; 5] = [
    Attempt { size: 1100, lines: 1 },
    Attempt { size: 1000, lines: 1 },
    Attempt { size: 1000, lines: 2 },
    Attempt { size: 900, lines: 2 },
    Attempt { size: 850, lines: 4 },
];
pub(crate) const HEAD_RULE_GAP: Um = 3_000;
pub(crate) const FLAG_SIZE: i64 = 1000;
pub(crate) const FLAG_PADDING: Um = 2_200;
pub(crate) const FLAG_HEIGHT: Um = 7_000;

/// The title and the name. Eighty letters fit; wide ones take more lines.
pub(crate) const TITLE_SIZE: i64 = 1500;
pub(crate) const NAME_ATTEMPTS: [Attempt; 10] = [
    Attempt { size: 3600, lines: 1 },
    Attempt { size: 3200, lines: 1 },
    Attempt { size: 2900, lines: 1 },
    Attempt { size: 2600, lines: 1 },
    Attempt { size: 2600, lines: 2 },
    Attempt { size: 2300, lines: 2 },
    Attempt { size: 2000, lines: 2 },
    Attempt { size: 2000, lines: 3 },
    Attempt { size: 1700, lines: 3 },
    Attempt { size: 1600, lines: 4 },
];
pub(crate) const SHEET_NAME_ATTEMPTS: [Attempt; 5] = [
    Attempt { size: 2400, lines: 1 },
    Attempt { size: 2100, lines: 1 },
    Attempt { size: 1800, lines: 2 },
    Attempt { size: 1600, lines: 3 },
    Attempt { size: 1400, lines: 5 },
];

/// How densely the sections are set: the certificate takes the first that fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Density {
    /// Size of values and running text.
    pub(crate) body: i64,
    /// Size of labels and section names.
    pub(crate) label: i64,
    /// Size of the scheme's title.
    pub(crate) scheme: i64,
    /// From one line of a text to the next.
    pub(crate) leading: Um,
    /// Extra space between rows.
    pub(crate) row_gap: Um,
    /// Space above and below the rule between sections.
    pub(crate) section_gap: Um,
    /// Space above the title, the name and the sections.
    pub(crate) opening: Um,
}

pub(crate) const DENSITIES: [Density; 5] = [
    Density {
        body: 1050,
        label: 950,
        scheme: 1500,
        leading: 4_700,
        row_gap: 1_300,
        section_gap: 4_000,
        opening: 12_000,
    },
    Density { body: 1000, label: 900, scheme: 1400, leading: 4_400, row_gap: 900, section_gap: 3_200, opening: 9_000 },
    Density { body: 950, label: 900, scheme: 1300, leading: 4_100, row_gap: 500, section_gap: 2_500, opening: 6_500 },
    Density { body: 850, label: 850, scheme: 1100, leading: 3_700, row_gap: 300, section_gap: 1_900, opening: 4_500 },
    Density { body: 850, label: 850, scheme: 1100, leading: 3_450, row_gap: 150, section_gap: 1_400, opening: 3_600 },
];
/// How result sheets are set.
pub(crate) const SHEET_DENSITY: Density =
    Density { body: 1000, label: 900, scheme: 1300, leading: 4_400, row_gap: 900, section_gap: 3_000, opening: 7_000 };

/// The foot of a certificate: symbol at the left axis, standing and how to check beside it.
pub(crate) const FLOW_BOTTOM: Um = 213_000;
pub(crate) const SYMBOL_TOP: Um = 220_000;
pub(crate) const CODE_GAP: Um = 6_200;
pub(crate) const ADDRESS_ATTEMPTS: [Attempt; 4] = [
    Attempt { size: 950, lines: 1 },
    Attempt { size: 900, lines: 1 },
    Attempt { size: 850, lines: 1 },
    Attempt { size: 850, lines: 2 },
];
pub(crate) const CODE_ATTEMPTS: [Attempt; 3] =
    [Attempt { size: 1100, lines: 1 }, Attempt { size: 950, lines: 1 }, Attempt { size: 850, lines: 1 }];
pub(crate) const ADDRESS_GAP: Um = 4_600;
pub(crate) const STANDING_SIZE: i64 = 1200;
pub(crate) const STANDING_LEADING: Um = 5_400;
pub(crate) const CHECK_SIZE: i64 = 900;
pub(crate) const CHECK_LEADING: Um = 4_000;
pub(crate) const FOOT_RULE: Um = 274_500;
pub(crate) const FOOT_BASELINE: Um = 281_000;
pub(crate) const FOOT_SIZE: i64 = 1100;

/// The body of a result sheet's pages and their foot.
pub(crate) const SHEET_BOTTOM: Um = 266_000;
pub(crate) const SHEET_CONTINUED_TOP: Um = 47_000;
pub(crate) const SHEET_CONTINUED_NAME: Um = 36_000;
pub(crate) const SHEET_CONTINUED_TASK: Um = 44_000;
pub(crate) const SHEET_CONTINUED_ATTEMPTS: [Attempt; 3] =
    [Attempt { size: 1100, lines: 1 }, Attempt { size: 950, lines: 1 }, Attempt { size: 850, lines: 2 }];
pub(crate) const SHEET_FOOT_RULE: Um = 272_000;
pub(crate) const SHEET_FOOT_BASELINE: Um = 277_500;
pub(crate) const SHEET_FOOT_SECOND: Um = 282_200;
pub(crate) const SHEET_RESULT_SIZE: i64 = 2000;
pub(crate) const SHEET_SHAPE: Um = 6_500;
pub(crate) const LINE_SHAPE: Um = 2_700;
pub(crate) const LINE_TEXT: Um = 31_000;
pub(crate) const LINE_JUDGED: Um = 150_000;

/// Light modules around a symbol, as the symbol's standard asks.
pub(crate) const QUIET_ZONE: i64 = 4;
/// The symbol's side, quiet zone included: 32 to 36 mm in dots of 1/300 inch.
pub(crate) const SYMBOL_DOTS_AT_LEAST: i64 = 378;
pub(crate) const SYMBOL_DOTS_AT_MOST: i64 = 425;
/// Modules below four dots are lost at 150 dpi; above twelve the symbol has too few modules to matter.
pub(crate) const DOTS_PER_MODULE_CHOICES: RangeInclusive<i64> = 4..=12;
/// The symbol's corner stands on a multiple of this many dots, so that 150 and 300 dpi share its grid.
pub(crate) const SYMBOL_GRID_DOTS: i64 = 2;

/// DEMONSTRATION across the page: outlined and hatched, so that it is pale by how little ink it takes
/// and stays solid where a printer or a scanner knows only black and white.
pub(crate) const WATERMARK: &str = "DEMONSTRATION";
pub(crate) const WATERMARK_SIZE: i64 = 7300;
pub(crate) const WATERMARK_CENTRE: (Um, Um) = (105_000, 121_500);
/// Cosine and sine of its angle in thousandths; together they make a turn without scaling (0.6² + 0.8² = 1).
pub(crate) const WATERMARK_TURN: (i64, i64) = (600, 800);
pub(crate) const WATERMARK_COLOUR: Colour = [0x70, 0x74, 0x78];
pub(crate) const WATERMARK_OUTLINE: Um = 180;
pub(crate) const WATERMARK_HATCH: Um = 80;
/// The hatching runs along the word: level lines would strike the text through.
pub(crate) const WATERMARK_HATCH_STEP: Um = 1_900;
