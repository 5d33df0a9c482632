//! The parts both papers share: head, name, scheme, and rows under a section's name.

use crate::{
    Fact, RenderError,
    fit::{Attempt, Fitted, fit, wrap},
    flow::{Hand, Mark, Piece, hairline},
    fonts::{Faces, Style},
    template::{
        Density, FLAG_HEIGHT, FLAG_PADDING, FLAG_SIZE, GUTTER, HEAD_ATTEMPTS, HEAD_RULE_GAP, HEAD_TOP, INK, LABELS,
        LEFT, MUTED, PAPER, RIGHT, TITLE_SIZE, Um, VALUES, WATERMARK,
    },
};

pub(crate) const fn ink(style: Style, size: i64) -> Hand {
    Hand { style, size, colour: INK }
}

pub(crate) const fn muted(size: i64) -> Hand {
    Hand { style: Style::Regular, size, colour: MUTED }
}

/// Fits a text into a column or says which part of the page is too full.
pub(crate) fn fitted(
    faces: &Faces,
    part: &'static str,
    text: &str,
    style: Style,
    attempts: &[Attempt],
    limit: Um,
) -> Result<Fitted, RenderError> {
    fit(text, attempts, limit, &|line, size| faces.width(style, size, line)).ok_or(RenderError::TooMuchText { part })
}

/// The institution, the word for a demonstration, and the rule below them; the piece starts at the page's top.
pub(crate) fn head(faces: &Faces, institution: &str, demonstration: bool) -> Result<Piece, RenderError> {
    let flag = ink(Style::Bold, FLAG_SIZE);
    let flag_width = flag.width(faces, WATERMARK) + 2 * FLAG_PADDING;
    let limit = if demonstration { RIGHT - LEFT - flag_width - GUTTER } else { RIGHT - LEFT };
    let lines = fitted(faces, "the institution", institution, Style::Bold, &HEAD_ATTEMPTS, limit)?;
    let hand = ink(Style::Bold, lines.size);
    let leading = line_height(lines.size);
    let mut marks = Vec::new();
    let mut baseline = HEAD_TOP + (FLAG_HEIGHT + hand.cap_height()) / 2;
    for line in lines.lines {
        marks.push(hand.at(LEFT, baseline, line));
        baseline += leading;
    }
    let bottom = (baseline - leading).max(HEAD_TOP + FLAG_HEIGHT) + HEAD_RULE_GAP;
    if demonstration {
        marks.push(Mark::Bar {
            x: RIGHT - flag_width,
            y: HEAD_TOP,
            width: flag_width,
            height: FLAG_HEIGHT,
            colour: INK,
        });
        let word = Hand { colour: PAPER, ..flag };
        let base = HEAD_TOP + (FLAG_HEIGHT + flag.cap_height()) / 2;
        marks.push(word.at(RIGHT - flag_width + FLAG_PADDING, base, WATERMARK));
    }
    marks.push(hairline(LEFT, RIGHT, bottom));
    Ok(Piece { height: bottom, keep: true, marks, ..Piece::default() })
}

/// The paper's title, the name as the largest thing on the page, and the year of birth.
pub(crate) fn opening(
    faces: &Faces,
    density: &Density,
    title: &str,
    name: &str,
    attempts: &[Attempt],
    birth_year: Option<u16>,
) -> Result<Vec<Piece>, RenderError> {
    let fitted = fitted(faces, "the holder's name", name, Style::Bold, attempts, RIGHT - LEFT)?;
    let title_hand = ink(Style::Regular, TITLE_SIZE);
    let name_hand = ink(Style::Bold, fitted.size);
    let mut pieces = vec![
        Piece::space(density.opening),
        line(LEFT, title_hand, title, title_hand.cap_height()),
        Piece::space(density.opening * 3 / 4),
    ];
    let leading = line_height(fitted.size);
    let last = fitted.lines.len().saturating_sub(1);
    for (index, text) in fitted.lines.into_iter().enumerate() {
        let height = if index == last { name_hand.cap_height() } else { leading };
        pieces.push(Piece {
            height,
            keep: true,
            marks: vec![name_hand.at(LEFT, name_hand.cap_height(), text)],
            ..Piece::default()
        });
    }
    if let Some(year) = birth_year {
        let hand = muted(density.body);
        pieces.push(Piece::space(density.leading * 5 / 4));
        pieces.push(line(LEFT, hand, format!("Born {year}"), hand.cap_height()));
    }
    pieces.push(Piece::space(density.opening));
    Ok(pieces)
}

/// The scheme: title, version, scope.
pub(crate) fn scheme(
    faces: &Faces,
    density: &Density,
    title: &str,
    version: &str,
    scope: &str,
) -> Result<Vec<Piece>, RenderError> {
    let width = RIGHT - LABELS;
    let size = density.scheme;
    let attempts = [
        Attempt { size, lines: 1 },
        Attempt { size: size - 100, lines: 1 },
        Attempt { size, lines: 2 },
        Attempt { size: size - 200, lines: 3 },
        Attempt { size: size - 200, lines: 8 },
    ];
    let title = fitted(faces, "the scheme's title", title, Style::Bold, &attempts, width)?;
    let hand = ink(Style::Bold, title.size);
    let mut pieces = open_section(density);
    for (index, text) in title.lines.into_iter().enumerate() {
        let height = line_height(title.size);
        let base = baseline(hand, density.leading);
        let mut marks = vec![hand.at(LABELS, base, text)];
        if index == 0 {
            marks.push(ink(Style::Bold, density.label).at(LEFT, base, "Scheme"));
        }
        pieces.push(Piece { height, keep: true, marks, ..Piece::default() });
    }
    if !version.is_empty() {
        let version = format!("Version {version}");
        pieces.push(line(LABELS, muted(density.body), version, density.leading));
    }
    pieces.push(Piece::space(density.row_gap));
    let body = ink(Style::Regular, density.body);
    for text in wrap(scope, width, &|part| body.width(faces, part)) {
        pieces.push(line(LABELS, body, text, density.leading));
    }
    end_row(&mut pieces, density.row_gap);
    pieces.push(Piece::space(density.section_gap - density.row_gap));
    Ok(pieces)
}

/// Rows under a section's name; nothing at all when there are no rows.
pub(crate) fn rows(faces: &Faces, density: &Density, name: &str, facts: &[Fact]) -> Vec<Piece> {
    if facts.is_empty() {
        return Vec::new();
    }
    let mut pieces = open_section(density);
    let mut name = Some(name);
    for fact in facts {
        pieces.extend(row(faces, density, name.take(), fact));
    }
    pieces.push(Piece::space(density.section_gap - density.row_gap));
    pieces
}

/// The space and rule a section begins with.
pub(crate) fn open_section(density: &Density) -> Vec<Piece> {
    vec![Piece::rule(LEFT, RIGHT), Piece::space(density.section_gap)]
}

/// One row: label and value side by side, as many lines as the longer one needs.
fn row(faces: &Faces, density: &Density, name: Option<&str>, fact: &Fact) -> Vec<Piece> {
    let label_hand = muted(density.label);
    let value_hand = ink(Style::Regular, density.body);
    let labels = wrap(&fact.label, VALUES - LABELS - GUTTER, &|part| label_hand.width(faces, part));
    let values = wrap(&fact.value, RIGHT - VALUES, &|part| value_hand.width(faces, part));
    let count = labels.len().max(values.len());
    let (mut labels, mut values) = (labels.into_iter(), values.into_iter());
    let baseline = baseline(value_hand, density.leading);
    let mut pieces = Vec::new();
    for index in 0..count {
        let mut marks = Vec::new();
        if let (0, Some(name)) = (index, name) {
            marks.push(ink(Style::Bold, density.label).at(LEFT, baseline, name));
        }
        marks.extend(labels.next().map(|text| label_hand.at(LABELS, baseline, text)));
        marks.extend(values.next().map(|text| value_hand.at(VALUES, baseline, text)));
        pieces.push(Piece { height: density.leading, keep: true, marks, ..Piece::default() });
    }
    end_row(&mut pieces, density.row_gap);
    pieces
}

/// Lets a page break after the last piece and adds the space between rows.
pub(crate) fn end_row(pieces: &mut [Piece], gap: Um) {
    if let Some(last) = pieces.last_mut() {
        last.height += gap;
        last.keep = false;
    }
}

/// One line of text as a piece.
pub(crate) fn line(x: Um, hand: Hand, text: impl Into<String>, height: Um) -> Piece {
    Piece { height, keep: true, marks: vec![hand.at(x, baseline(hand, height), text)], ..Piece::default() }
}

/// Where the baseline stands for capitals to sit in the middle of a line.
pub(crate) fn baseline(hand: Hand, height: Um) -> Um {
    (height + hand.cap_height()) / 2
}

/// The distance of lines set solid enough for headings: 1.2 of the size.
pub(crate) fn line_height(size: i64) -> Um {
    crate::fonts::milli_em_to_um(1200, size)
}
