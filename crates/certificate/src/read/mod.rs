//! Finding tokens in what a person hands over: our own PDF, a scan, a photo. Whatever is found is text, not truth.

mod finders;
mod grid;
mod pdf;
mod picture;
mod plane;
mod scan;

use thiserror::Error;

/// A phone's largest photo or a scanned A4 page is below half of this; more is not a picture of one certificate.
const MAX_FILE_BYTES: usize = 32 * 1024 * 1024;
/// Today's phones stop at about 50 megapixels in use; each pixel costs up to four bytes and several passes.
const MAX_PIXELS: u64 = 60_000_000;
/// A scanned stack of certificates; beyond it the work would grow without a person waiting for it.
const MAX_IMAGES: usize = 50;
/// An uncompressed colour scan of 60 megapixels.
const MAX_STREAM_BYTES: usize = 180_000_000;

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Found {
    /// The texts of all symbols and links, in order, each once.
    pub texts: Vec<String>,
}

impl Found {
    fn add(&mut self, text: String) {
        if !self.texts.contains(&text) {
            self.texts.push(text);
        }
    }
}

/// A limit that keeps reading within bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Limit {
    /// The size of the file.
    #[error("32 MiB")]
    FileBytes,
    /// The size of a picture.
    #[error("60 megapixels")]
    Pixels,
    /// The number of pictures in a PDF.
    #[error("50 pictures in one PDF")]
    Images,
    /// The size of what is packed inside a PDF.
    #[error("180 MB unpacked")]
    StreamBytes,
}

/// Why nothing could be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ReadError {
    /// The file is neither a PDF nor a PNG or JPEG picture.
    #[error("the file is not a PDF, PNG or JPEG")]
    NotAPictureOrPdf,
    /// The file says it is a picture and cannot be decoded.
    #[error("the picture is damaged")]
    UnreadablePicture,
    /// The file is larger than a certificate can be.
    #[error("the file is larger than {limit}")]
    TooLarge {
        /// Which limit it passes.
        limit: Limit,
    },
    /// The PDF was read and holds neither a link nor a readable symbol.
    #[error("no code was found in the PDF")]
    PdfWithoutCode,
    /// The picture was read and holds no readable symbol.
    #[error("no code was found in the picture")]
    PictureWithoutCode,
    /// The file says it is a PDF and cannot be read.
    #[error("the PDF is damaged")]
    DamagedPdf,
}

/// Finds the texts of the symbols in a picture, and in a PDF also those of its links that look like ours.
///
/// # Errors
/// See [`ReadError`]; a file without a code is told apart from one that could not be read.
pub fn find_tokens(bytes: &[u8]) -> Result<Found, ReadError> {
    if bytes.len() > MAX_FILE_BYTES {
        return Err(ReadError::TooLarge { limit: Limit::FileBytes });
    }
    if pdf::looks_like(bytes) { pdf::find(bytes) } else { picture::find(bytes) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_file_limit_comes_first() {
        let bytes = vec![0; MAX_FILE_BYTES + 1];
        assert_eq!(find_tokens(&bytes), Err(ReadError::TooLarge { limit: Limit::FileBytes }));
    }

    #[test]
    fn other_files_are_told_apart() {
        assert_eq!(find_tokens(b""), Err(ReadError::NotAPictureOrPdf));
        assert_eq!(find_tokens(b"PK\x03\x04 something"), Err(ReadError::NotAPictureOrPdf));
        assert_eq!(find_tokens(b"GIF89a\x01\0\x01\0"), Err(ReadError::NotAPictureOrPdf));
        assert_eq!(find_tokens(b"\x89PNG\r\n\x1a\n rest"), Err(ReadError::UnreadablePicture));
        assert_eq!(find_tokens(b"\xFF\xD8\xFF\xE0 rest"), Err(ReadError::UnreadablePicture));
        assert_eq!(find_tokens(b"%PDF-1.7\nnothing"), Err(ReadError::DamagedPdf));
    }

    #[test]
    fn a_huge_picture_is_refused_by_its_header() {
        let mut png = Vec::from(*b"\x89PNG\r\n\x1a\n\0\0\0\x0DIHDR");
        png.extend(100_000u32.to_be_bytes());
        png.extend(100_000u32.to_be_bytes());
        png.extend([8, 0, 0, 0, 0]);
        png.extend([0xC7, 0x97, 0x55, 0xC9]);
        let crc = crc32(&png[12..29]);
        png.truncate(29);
        png.extend(crc.to_be_bytes());
        png.extend(b"\0\0\0\0IDAT");
        assert_eq!(find_tokens(&png), Err(ReadError::TooLarge { limit: Limit::Pixels }));
    }

    fn crc32(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(!0u32, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |c, _| (c >> 1) ^ (0xEDB8_8320 & (c & 1).wrapping_neg()))
        })
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
            drop(find_tokens(&bytes));
        }

        #[test]
        fn any_pdf_body_is_survived(body in "[ -~\n]{0,400}") {
            drop(find_tokens(format!("%PDF-1.7\n{body}").as_bytes()));
        }
    }
}
