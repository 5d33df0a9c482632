//! A picture prepared for measuring: shades, and what counts as dark in each part of it.

use image::GrayImage;

/// The shorter side has this many blocks: three of them reach over a good part of a symbol on a page.
const BLOCKS: usize = 80;
/// A block is at least this many pixels wide, however small the picture.
const BLOCK_AT_LEAST: usize = 8;
/// Less difference than this around a block is grain of the paper, not print.
const FLAT: u8 = 40;

/// Shades with a threshold for every block of the picture.
pub(super) struct Plane {
    pub(super) width: usize,
    pub(super) height: usize,
    shades: Vec<u8>,
    block: usize,
    columns: usize,
    thresholds: Vec<u8>,
}

/// The darkest and the lightest shade of a place.
type Range = (u8, u8);

impl Plane {
    /// Prepares a picture; `None` if it has no pixels.
    pub(super) fn new(grey: GrayImage) -> Option<Self> {
        let width = usize::try_from(grey.width()).ok()?;
        let height = usize::try_from(grey.height()).ok()?;
        if width == 0 || height == 0 {
            return None;
        }
        let mut plane = Self {
            width,
            height,
            shades: grey.into_raw(),
            block: (width.min(height) / BLOCKS).max(BLOCK_AT_LEAST),
            columns: 0,
            thresholds: Vec::new(),
        };
        plane.columns = width.div_ceil(plane.block);
        plane.thresholds = plane.measure();
        Some(plane)
    }

    /// A row as dark and light pixels.
    pub(super) fn dark_row(&self, y: usize) -> Vec<bool> {
        let row = self.shades.chunks_exact(self.width).nth(y);
        let thresholds = self.thresholds.chunks(self.columns).nth(y / self.block);
        row.unwrap_or_default()
            .chunks(self.block)
            .zip(thresholds.unwrap_or_default())
            .flat_map(|(shades, threshold)| shades.iter().map(move |shade| shade < threshold))
            .collect()
    }

    /// Whether a pixel is dark; outside the picture everything is light.
    pub(super) fn is_dark(&self, x: usize, y: usize) -> bool {
        x < self.width && y < self.height && self.shade(x, y) < self.threshold(x, y)
    }

    /// The shade at a point between pixels, less the threshold there: negative is dark.
    pub(super) fn relief(&self, x: f32, y: f32) -> f32 {
        let (x, y) = (x.clamp(0.0, 60_000.0), y.clamp(0.0, 60_000.0));
        let (left, top) = (x.floor() as usize, y.floor() as usize);
        let (across, down) = (x - x.floor(), y - y.floor());
        let shade = |dx, dy| f32::from(self.shade(left + dx, top + dy));
        let upper = shade(0, 0) * (1.0 - across) + shade(1, 0) * across;
        let lower = shade(0, 1) * (1.0 - across) + shade(1, 1) * across;
        upper * (1.0 - down) + lower * down - f32::from(self.threshold(left, top))
    }

    fn shade(&self, x: usize, y: usize) -> u8 {
        let (x, y) = (x.min(self.width - 1), y.min(self.height - 1));
        self.shades.get(y * self.width + x).copied().unwrap_or(u8::MAX)
    }

    fn threshold(&self, x: usize, y: usize) -> u8 {
        let (x, y) = (x.min(self.width - 1), y.min(self.height - 1));
        let at = y / self.block * self.columns + x / self.block;
        self.thresholds.get(at).copied().unwrap_or(0)
    }

    /// The middle between darkest and lightest around each block; where that is flat, of the whole picture.
    fn measure(&self) -> Vec<u8> {
        let ranges = self.ranges();
        let whole = middle(ranges.iter().copied().fold((u8::MAX, 0), union));
        let rows = ranges.len() / self.columns.max(1);
        let mut thresholds = Vec::with_capacity(ranges.len());
        for row in 0..rows {
            for column in 0..self.columns {
                let around = (row.saturating_sub(1)..=(row + 1).min(rows - 1))
                    .flat_map(|y| {
                        let from = y * self.columns + column.saturating_sub(1);
                        let to = y * self.columns + (column + 1).min(self.columns - 1);
                        ranges.get(from..=to).unwrap_or_default()
                    })
                    .copied()
                    .fold((u8::MAX, 0), union);
                let is_flat = around.1.saturating_sub(around.0) < FLAT;
                thresholds.push(if is_flat { whole } else { middle(around) });
            }
        }
        thresholds
    }

    fn ranges(&self) -> Vec<Range> {
        let mut ranges = Vec::new();
        for band in self.shades.chunks(self.width * self.block) {
            let mut row = vec![(u8::MAX, 0); self.columns];
            for line in band.chunks(self.width) {
                for (range, shades) in row.iter_mut().zip(line.chunks(self.block)) {
                    for shade in shades {
                        *range = union(*range, (*shade, *shade));
                    }
                }
            }
            ranges.extend(row);
        }
        ranges
    }
}

fn union(one: Range, other: Range) -> Range {
    (one.0.min(other.0), one.1.max(other.1))
}

fn middle((dark, light): Range) -> u8 {
    u8::try_from((u16::from(dark) + u16::from(light)) / 2).unwrap_or(u8::MAX)
}
