//! Pictures as files: their size is checked from the header before a pixel is decoded.

use std::io::Cursor;

use image::{GrayImage, ImageDecoder, ImageFormat, ImageReader, Limits};

use super::{Found, Limit, MAX_PIXELS, MAX_STREAM_BYTES, ReadError, scan};

/// Finds symbols in a PNG or JPEG file.
pub(super) fn find(bytes: &[u8]) -> Result<Found, ReadError> {
    let grey = decode(bytes)?;
    let mut found = Found::default();
    for text in scan::symbols(&grey) {
        found.add(text);
    }
    if found.texts.is_empty() { Err(ReadError::PictureWithoutCode) } else { Ok(found) }
}

/// Decodes a PNG or JPEG file to shades of grey.
pub(super) fn decode(bytes: &[u8]) -> Result<GrayImage, ReadError> {
    let format = image::guess_format(bytes).map_err(|_| ReadError::NotAPictureOrPdf)?;
    if !matches!(format, ImageFormat::Png | ImageFormat::Jpeg) {
        return Err(ReadError::NotAPictureOrPdf);
    }
    let mut limits = Limits::no_limits();
    limits.max_alloc = u64::try_from(MAX_STREAM_BYTES * 2).ok();
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let decoder = reader.into_decoder().map_err(|_| ReadError::UnreadablePicture)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(ReadError::TooLarge { limit: Limit::Pixels });
    }
    let picture = image::DynamicImage::from_decoder(decoder).map_err(|_| ReadError::UnreadablePicture)?;
    Ok(on_white(picture))
}

/// Shades of grey on white paper: transparency would otherwise turn black.
fn on_white(picture: image::DynamicImage) -> GrayImage {
    if !picture.color().has_alpha() {
        return picture.into_luma8();
    }
    let mut grey = GrayImage::new(picture.width(), picture.height());
    for (target, source) in grey.pixels_mut().zip(picture.into_luma_alpha8().pixels()) {
        let [shade, alpha] = source.0.map(u32::from);
        let mixed = (shade * alpha + 255 * (255 - alpha)) / 255;
        target.0 = [u8::try_from(mixed).unwrap_or(u8::MAX)];
    }
    grey
}
