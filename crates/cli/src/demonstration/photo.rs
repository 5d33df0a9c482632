//! The sample photo: a drawn orange connector with a lock and a tag, so that no real photo has to ship.

use std::path::Path;

use image::{Rgb, RgbImage};

/// Draws the picture and writes it as JPEG.
pub(crate) fn write(path: &Path) -> anyhow::Result<()> {
    let mut picture = RgbImage::from_fn(1200, 800, |x, y| {
        // A workshop wall with a little unevenness, so that it compresses like a photo.
        let noise = (x.wrapping_mul(7919) ^ y.wrapping_mul(104_729)) % 9;
        let shade = u8::try_from(150 + y / 16 + noise).unwrap_or(u8::MAX);
        Rgb([shade, shade, shade.saturating_sub(8)])
    });
    fill(&mut picture, (0, 360, 620, 90), [230, 100, 20]);
    fill(&mut picture, (560, 300, 220, 210), [235, 110, 25]);
    fill(&mut picture, (600, 340, 140, 130), [40, 40, 44]);
    fill(&mut picture, (840, 330, 120, 150), [200, 30, 36]);
    fill(&mut picture, (865, 260, 70, 24), [120, 120, 126]);
    fill(&mut picture, (865, 260, 16, 80), [120, 120, 126]);
    fill(&mut picture, (919, 260, 16, 80), [120, 120, 126]);
    fill(&mut picture, (980, 420, 160, 220), [250, 235, 120]);
    for line in 0..5 {
        fill(&mut picture, (1000, 450 + line * 34, 120, 8), [60, 60, 60]);
    }
    picture.save_with_format(path, image::ImageFormat::Jpeg)?;
    Ok(())
}

fn fill(picture: &mut RgbImage, (left, top, width, height): (u32, u32, u32, u32), colour: [u8; 3]) {
    for y in top..top + height {
        for x in left..left + width {
            picture.put_pixel(x, y, Rgb(colour));
        }
    }
}
