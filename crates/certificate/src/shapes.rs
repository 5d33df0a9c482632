//! The five shapes beside a result's word, as outlines in thousandths of their side.

use crate::Shape;

/// What a shape is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outline {
    /// Open lines, each stroked.
    Strokes(&'static [&'static [(i64, i64)]]),
    /// A circle stroked inside the square.
    Circle,
    /// A filled polygon.
    Filled(&'static [(i64, i64)]),
}

/// The line width in thousandths of the side.
pub(crate) const STROKE: i64 = 150;

/// Returns the outline of a shape in a square of a thousand, y counting down.
pub(crate) fn outline(shape: Shape) -> Outline {
    match shape {
        Shape::Done => Outline::Strokes(&[&[(80, 540), (370, 830), (930, 170)]]),
        Shape::NotYet => Outline::Circle,
        Shape::Critical => Outline::Strokes(&[&[(120, 120), (880, 880)], &[(880, 120), (120, 880)]]),
        Shape::Stopped => Outline::Filled(&[(60, 60), (940, 60), (940, 940), (60, 940)]),
        Shape::NotApplicable => Outline::Strokes(&[&[(120, 500), (880, 500)]]),
    }
}
