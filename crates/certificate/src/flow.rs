//! Pieces of a page one below the other: what is drawn at which depth, and where pages break.

use crate::{
    Shape,
    fonts::{Faces, Style},
    template::{Colour, HAIRLINE, HAIRLINE_WIDTH, Um},
};

/// Something drawn; `y` counts down from the top of its piece.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Mark {
    Text { x: Um, baseline: Um, style: Style, size: i64, colour: Colour, text: String },
    Bar { x: Um, y: Um, width: Um, height: Um, colour: Colour },
    Shape { x: Um, y: Um, side: Um, shape: Shape },
}

/// A slice of a page that is never cut.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Piece {
    pub(crate) height: Um,
    /// Whether it stays on one page with the piece below it.
    pub(crate) keep: bool,
    pub(crate) marks: Vec<Mark>,
    /// What a page that begins inside it is headed with.
    pub(crate) within: Option<String>,
}

impl Piece {
    /// White space.
    pub(crate) fn space(height: Um) -> Self {
        Self { height, keep: true, ..Self::default() }
    }

    /// A hairline between two axes, taking no height.
    pub(crate) fn rule(from: Um, to: Um) -> Self {
        Self { height: 0, keep: true, marks: vec![hairline(from, to, 0)], ..Self::default() }
    }
}

/// The words and hands a text is set in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hand {
    pub(crate) style: Style,
    pub(crate) size: i64,
    pub(crate) colour: Colour,
}

impl Hand {
    /// Sets one line at a baseline.
    pub(crate) fn at(self, x: Um, baseline: Um, text: impl Into<String>) -> Mark {
        Mark::Text { x, baseline, style: self.style, size: self.size, colour: self.colour, text: text.into() }
    }

    /// The width of a line in this hand.
    pub(crate) fn width(self, faces: &Faces, text: &str) -> Um {
        faces.width(self.style, self.size, text)
    }

    /// The height of a line's capitals above its baseline: 668 thousandths of an em in every face.
    pub(crate) fn cap_height(self) -> Um {
        crate::fonts::milli_em_to_um(668, self.size)
    }
}

/// A hairline as a mark.
pub(crate) fn hairline(from: Um, to: Um, y: Um) -> Mark {
    Mark::Bar { x: from, y, width: to - from, height: HAIRLINE_WIDTH, colour: HAIRLINE }
}

/// The height of all pieces together.
pub(crate) fn height(pieces: &[Piece]) -> Um {
    pieces.iter().map(|piece| piece.height).sum()
}

/// Distributes pieces over pages: each page is a list of (top, piece).
///
/// Pieces that keep with the next move together unless together they are higher than a page.
/// White space at the head of a continued page is dropped.
pub(crate) fn paginate(pieces: Vec<Piece>, first: (Um, Um), next: (Um, Um)) -> Vec<Vec<(Um, Piece)>> {
    let mut pages = vec![Vec::new()];
    let (mut y, mut bottom) = first;
    for group in groups(pieces) {
        let whole = height(&group);
        let fits_a_page = whole <= next.1 - next.0;
        let mut fresh = pages.len() > 1 && pages.last().is_some_and(Vec::is_empty);
        if fits_a_page && y + whole > bottom {
            pages.push(Vec::new());
            (y, bottom) = next;
            fresh = true;
        }
        for piece in group {
            if y + piece.height > bottom {
                pages.push(Vec::new());
                (y, bottom) = next;
                fresh = true;
            }
            if fresh && piece.marks.is_empty() {
                continue;
            }
            fresh = false;
            let top = y;
            y += piece.height;
            if let Some(page) = pages.last_mut() {
                page.push((top, piece));
            }
        }
    }
    pages
}

fn groups(pieces: Vec<Piece>) -> Vec<Vec<Piece>> {
    let mut groups = Vec::new();
    let mut group = Vec::new();
    for piece in pieces {
        let ends = !piece.keep;
        group.push(piece);
        if ends {
            groups.push(std::mem::take(&mut group));
        }
    }
    if !group.is_empty() {
        groups.push(group);
    }
    groups
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn piece(height: Um, keep: bool) -> Piece {
        Piece { height, keep, marks: vec![hairline(0, 1, 0)], within: None }
    }

    fn tops(pages: &[Vec<(Um, Piece)>]) -> Vec<Vec<Um>> {
        pages.iter().map(|page| page.iter().map(|(top, _)| *top).collect()).collect()
    }

    #[test]
    fn what_keeps_together_moves_together() {
        let pages =
            paginate(vec![piece(60, false), piece(30, true), piece(20, false), piece(10, false)], (0, 100), (10, 100));
        assert_eq!(tops(&pages), [vec![0], vec![10, 40, 60]]);
    }

    #[test]
    fn a_group_higher_than_a_page_is_cut() {
        let pages = paginate(vec![piece(60, true), piece(60, true), piece(60, false)], (0, 100), (0, 100));
        assert_eq!(tops(&pages), [[0], [0], [0]]);
    }

    #[test]
    fn a_continued_page_does_not_open_with_white_space() {
        let pages = paginate(vec![piece(90, false), Piece::space(20), piece(10, false)], (0, 100), (5, 100));
        assert_eq!(tops(&pages), [[0], [5]]);
    }

    proptest! {
        #[test]
        fn no_piece_is_lost_or_below_the_bottom(
            heights in prop::collection::vec((1i64..90, any::<bool>()), 0..60),
        ) {
            let pieces: Vec<_> = heights.iter().map(|(h, keep)| piece(*h, *keep)).collect();
            let pages = paginate(pieces.clone(), (10, 100), (5, 100));
            let placed: Vec<_> = pages.iter().flatten().map(|(_, p)| p.clone()).collect();
            prop_assert_eq!(placed, pieces);
            for page in &pages {
                let mut end = 0;
                for (top, piece) in page {
                    prop_assert!(*top >= end && top + piece.height <= 100);
                    end = top + piece.height;
                }
            }
        }
    }
}
