//! DEMONSTRATION across the page, behind everything else.

use crate::{
    canvas::{Canvas, Hatched},
    fonts::Style,
    template::{
        WATERMARK, WATERMARK_CENTRE, WATERMARK_COLOUR, WATERMARK_HATCH, WATERMARK_HATCH_STEP, WATERMARK_OUTLINE,
        WATERMARK_SIZE, WATERMARK_TURN,
    },
};

/// Draws the word; it must come before anything else on the page.
pub(crate) fn draw(canvas: &mut Canvas<'_>) {
    canvas.hatched(&Hatched {
        text: WATERMARK,
        style: Style::Bold,
        size: WATERMARK_SIZE,
        centre: WATERMARK_CENTRE,
        turn: WATERMARK_TURN,
        colour: WATERMARK_COLOUR,
        outline: WATERMARK_OUTLINE,
        hatch: WATERMARK_HATCH,
        hatch_step: WATERMARK_HATCH_STEP,
    });
}
