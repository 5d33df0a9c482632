//! Symbols in shades of grey.
//!
//! The modules between a symbol's eyes go to the decoder: first as the picture is, then from a larger
//! copy. The decoder's own search is left out: it loses symbols of many modules on a whole page.

use image::{GrayImage, imageops};

use super::{finders, grid, plane::Plane};

/// Pictures up to this many pixels are also doubled: a page at 150 dpi has two pixels per module.
const SMALL_PIXELS: u64 = 4_100_000;
/// Pictures above this are halved until they are below it.
const LARGE_PIXELS: u64 = 16_500_000;

/// Returns the texts of the symbols in the first copy of the picture that shows any.
pub(super) fn symbols(grey: &GrayImage) -> Vec<String> {
    let sized = halved(grey);
    let mut texts = between_eyes(sized.clone());
    if texts.is_empty() && pixels(sized.dimensions()) <= SMALL_PIXELS {
        let (width, height) = sized.dimensions();
        let filter = imageops::FilterType::Triangle;
        texts = between_eyes(imageops::resize(&sized, width * 2, height * 2, filter));
    }
    texts
}

fn between_eyes(grey: GrayImage) -> Vec<String> {
    let Some(plane) = Plane::new(grey) else {
        return Vec::new();
    };
    let mut readings = grid::read(&plane, &finders::triples(&plane));
    // From top to bottom, as one reads.
    readings.sort_by(|one, other| {
        let place = |reading: &grid::Reading| (reading.eyes[0].y, reading.eyes[0].x);
        let (first, second) = (place(one), place(other));
        first.0.total_cmp(&second.0).then(first.1.total_cmp(&second.1))
    });
    readings.into_iter().map(|reading| reading.text).collect()
}

fn halved(grey: &GrayImage) -> GrayImage {
    let (mut width, mut height) = grey.dimensions();
    if pixels((width, height)) <= LARGE_PIXELS {
        return grey.clone();
    }
    while pixels((width, height)) > LARGE_PIXELS {
        (width, height) = (width.div_ceil(2), height.div_ceil(2));
    }
    imageops::thumbnail(grey, width, height)
}

fn pixels((width, height): (u32, u32)) -> u64 {
    u64::from(width) * u64::from(height)
}
