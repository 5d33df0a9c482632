//! The headers of tus 1.0 (core and creation), read strictly. An upload is named by the digest of what it will be.

use base64::{Engine, engine::general_purpose::STANDARD};
use fieldproof_model::digest::Digest;

/// The one version.
pub const VERSION: &str = "1.0.0";
/// The extension: uploads are begun by `POST`.
pub const EXTENSION: &str = "creation";
/// The media type of a chunk.
pub const CHUNK_TYPE: &str = "application/offset+octet-stream";

/// Header: the version a request is of.
pub const TUS_RESUMABLE: &str = "tus-resumable";
/// Header: the versions a register speaks.
pub const TUS_VERSION: &str = "tus-version";
/// Header: the largest upload.
pub const TUS_MAX_SIZE: &str = "tus-max-size";
/// Header: the extensions a register speaks.
pub const TUS_EXTENSION: &str = "tus-extension";
/// Header: the size of the whole.
pub const UPLOAD_LENGTH: &str = "upload-length";
/// Header: where a chunk begins, or how far an upload came.
pub const UPLOAD_OFFSET: &str = "upload-offset";
/// Header: what is uploaded.
pub const UPLOAD_METADATA: &str = "upload-metadata";

/// The key of the digest among the metadata.
const DIGEST: &str = "digest";
/// Room for other things a client may say.
const METADATA_LIMIT: usize = 1_024;
/// Decimal digits of the largest number taken.
const NUMBER_LIMIT: usize = 12;

/// Reads a length or an offset: decimal digits without a sign and without a leading nought.
#[must_use]
pub fn parse_number(text: &str) -> Option<u64> {
    let is_plain = text.len() <= NUMBER_LIMIT && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_shortest = text == "0" || !text.starts_with('0');
    if is_plain && is_shortest { text.parse().ok() } else { None }
}

/// Writes the metadata of an upload: the digest, in base64 of its lower-case hexadecimal digits.
#[must_use]
pub fn metadata(digest: &Digest) -> String {
    format!("{DIGEST} {}", STANDARD.encode(digest.to_string()))
}

/// Reads the digest out of the metadata; what else a client says there is nobody's concern.
#[must_use]
pub fn parse_metadata(text: &str) -> Option<Digest> {
    if METADATA_LIMIT < text.len() {
        return None;
    }
    let mut found = text.split(',').map(|pair| pair.trim().split_once(' ').unwrap_or((pair.trim(), "")));
    let mut digests = found.by_ref().filter(|(key, _)| *key == DIGEST);
    let (Some((_, value)), None) = (digests.next(), digests.next()) else {
        return None;
    };
    let name = String::from_utf8(STANDARD.decode(value).ok()?).ok()?;
    parse_name(&name)
}

/// Reads the name of an upload. There is one spelling: upper-case digits would be a second one.
#[must_use]
pub fn parse_name(name: &str) -> Option<Digest> {
    Digest::parse(name).filter(|digest| digest.to_string() == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_one_spelling() {
        for (text, number) in [("0", 0), ("7", 7), ("33554432", 33_554_432), ("999999999999", 999_999_999_999)] {
            assert_eq!(parse_number(text), Some(number), "{text}");
        }
        for bad in ["", "00", "01", "-1", "+1", " 1", "1 ", "1.0", "0x1", "1000000000000", "\u{661}"] {
            assert_eq!(parse_number(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_digest_is_found_among_whatever_else_is_said() {
        let digest = Digest::new([0xab; 32]);
        let own = metadata(&digest);
        let value = STANDARD.encode("ab".repeat(32));
        assert_eq!(own, format!("digest {value}"));
        for text in [own.clone(), format!("filename cGhvdG8=,{own}"), format!("{own}, is_confidential")] {
            assert_eq!(parse_metadata(&text), Some(digest), "{text}");
        }
        let upper = STANDARD.encode("AB".repeat(32));
        let bad = [
            String::new(),
            "digest".to_owned(),
            format!("digest {}", "ab".repeat(32)),
            format!("digest {upper}"),
            format!("Digest {value}"),
            format!("{own},{own}"),
            format!("digest  {value}"),
            format!("{own},x {}", "A".repeat(1_024)),
        ];
        for text in bad {
            assert_eq!(parse_metadata(&text), None, "{text}");
        }
    }
}
