//! A register on a socket, and a photo.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed, and says where")]

#[allow(unused_imports, reason = "a suite without a network takes the photo alone")]
pub(crate) use fieldproof_tests::Server;

/// A small photo.
pub(crate) fn photo() -> Vec<u8> {
    let mut jpeg = std::io::Cursor::new(Vec::new());
    let picture = image::RgbImage::from_fn(320, 200, |x, y| image::Rgb([(x % 251) as u8, (y % 200) as u8, 90]));
    picture.write_to(&mut jpeg, image::ImageFormat::Jpeg).unwrap();
    jpeg.into_inner()
}
