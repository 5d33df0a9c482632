//! A picture without what says where, when and with what it was taken. Pixels are never encoded again: what is needed
//! to show them is copied piece by piece, and everything else is left behind, whatever it is called.
//!
//! Kept beside the pixels are the colour profile and the way up. A camera's other pictures of the same moment (previews,
//! depth, a short film) go with the rest. A tool that knows only the pieces before the first scan would not do: between
//! scans and behind the end there may be more.

use image::metadata::Orientation;

/// A copy of a JPEG or PNG that holds the picture alone; `None` when its pieces cannot be told apart. A JPEG that ends
/// early is copied as far as it goes. Copying the copy changes nothing.
pub(crate) fn alone(bytes: &[u8]) -> Option<Vec<u8>> {
    bytes.strip_prefix(JPEG).map_or_else(|| png(bytes.strip_prefix(PNG)?), jpeg)
}

/// Whether it calls itself a JPEG or PNG, however much of one is in it.
pub(crate) fn begins_like_one(bytes: &[u8]) -> bool {
    bytes.starts_with(JPEG) || bytes.starts_with(PNG)
}

/// Whether it is a picture of another kind, with which would be kept where it was taken: HEIC and AVIF, WebP, TIFF and
/// the raw pictures that are written like one, JPEG XL, JPEG 2000, and what Photoshop writes.
pub(crate) fn is_of_other_kind(bytes: &[u8]) -> bool {
    OTHERS.iter().any(|mark| bytes.starts_with(mark))
        || bytes.strip_prefix(b"RIFF").and_then(|rest| rest.get(4..8)) == Some(b"WEBP")
        || brands(bytes).is_some_and(|mut brands| brands.any(|brand| BRANDS.contains(&brand)))
}

/// What such a file begins with.
const OTHERS: [&[u8]; 12] = [
    b"II\x2a\0",
    b"MM\0\x2a",
    b"II\x2b\0",
    b"MM\0\x2b",
    b"IIU\0",
    b"IIRO",
    b"IIRS",
    b"FUJIFILMCCD-RAW",
    b"\xff\x0a",
    b"\0\0\0\x0cJXL ",
    b"\0\0\0\x0cjP  ",
    b"8BPS",
];

/// What it calls itself in its first box, where it is made of boxes. Films call themselves otherwise.
const BRANDS: [&[u8]; 16] = [
    b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"mif2", b"msf1", b"miaf",
    b"avif", b"avis", b"avio", b"crx ",
];

/// The brands in the first box of a file: its own, and those that it can be read as.
fn brands(bytes: &[u8]) -> Option<impl Iterator<Item = &[u8]>> {
    let (length, rest) = bytes.split_first_chunk()?;
    let brands = rest.strip_prefix(b"ftyp")?;
    let length = usize::try_from(u32::from_be_bytes(*length)).ok()?.saturating_sub(8);
    // A length of nought goes to the end; the version stands between the two and is no brand.
    let length = if length == 0 { brands.len() } else { length.min(brands.len()) };
    Some(brands.get(..length)?.chunks_exact(4))
}

const JPEG: &[u8] = &[0xff, START];
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

const START: u8 = 0xd8;
const END: u8 = 0xd9;
const SCAN: u8 = 0xda;
const APP_1: u8 = 0xe1;

fn jpeg(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut kept = JPEG.to_vec();
    let (mut is_turned, mut has_pixels) = (false, false);
    while let Some(marker) = next_marker(&mut rest) {
        if marker == END {
            kept.extend([0xff, END]);
            break;
        }
        if stands_alone(marker) {
            continue;
        }
        let Some(content) = take_segment(&mut rest) else { break };
        if let Some(turned) = content.strip_prefix(EXIF).filter(|_| marker == APP_1 && !is_turned).and_then(way_up) {
            push_segment(&mut kept, APP_1, &[EXIF, &turned].concat());
            is_turned = true;
        } else if let Some(content) = needed(marker, content) {
            push_segment(&mut kept, marker, &content);
        }
        if marker == SCAN {
            has_pixels = true;
            let (scan, behind) = rest.split_at_checked(scan_length(rest))?;
            kept.extend(scan);
            rest = behind;
        }
    }
    has_pixels.then_some(kept)
}

/// Goes on to the next marker, past fill bytes and whatever else lies before it.
fn next_marker(rest: &mut &[u8]) -> Option<u8> {
    loop {
        match rest {
            [0xff, marker @ (0x01..=0xfe), behind @ ..] => {
                *rest = behind;
                return Some(*marker);
            }
            [_, behind @ ..] => *rest = behind,
            [] => return None,
        }
    }
}

/// Markers without content, which mean nothing outside a scan.
const fn stands_alone(marker: u8) -> bool {
    matches!(marker, 0x01 | 0xd0..=START)
}

/// The content of a segment, whose length counts its own two bytes.
fn take_segment<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (length, behind) = rest.split_first_chunk()?;
    let (content, behind) = behind.split_at_checked(usize::from(u16::from_be_bytes(*length)).checked_sub(2)?)?;
    *rest = behind;
    Some(content)
}

fn push_segment(kept: &mut Vec<u8>, marker: u8, content: &[u8]) {
    // Nothing grows on the way, so that what came with a length of two bytes goes with one.
    let length = u16::try_from(content.len().saturating_add(2)).unwrap_or(u16::MAX);
    kept.extend([0xff, marker]);
    kept.extend(length.to_be_bytes());
    kept.extend(content);
}

/// What of a segment is needed to show the picture.
fn needed(marker: u8, content: &[u8]) -> Option<Vec<u8>> {
    match marker {
        // Frames, Huffman and arithmetic tables; scans, quantisation tables.
        0xc0..=0xc7 | 0xc9..=0xcf | SCAN | 0xdb => Some(content.to_vec()),
        // Number of lines, restart interval.
        0xdc | 0xdd => content.get(..2).map(<[u8]>::to_vec),
        // Density, without the preview that may follow.
        0xe0 if content.starts_with(b"JFIF\0") => Some([content.get(..12)?, &[0, 0]].concat()),
        0xe2 if content.starts_with(b"ICC_PROFILE\0") => Some(content.to_vec()),
        // How colours were transformed.
        0xee if content.starts_with(b"Adobe") => content.get(..12).map(<[u8]>::to_vec),
        _ => None,
    }
}

/// How far a scan goes: up to a marker that is neither a stuffed byte nor a restart, nor a fill byte before one.
fn scan_length(rest: &[u8]) -> usize {
    let is_end = |pair: &[u8]| matches!(pair, [0xff, 0x01..=0xcf | START..=0xfe]);
    rest.windows(2).position(is_end).unwrap_or(rest.len())
}

const EXIF: &[u8] = b"Exif\0\0";

/// An Exif block that says which way is up and nothing else; `None` when the picture stands as it is.
fn way_up(exif: &[u8]) -> Option<Vec<u8>> {
    let way = Orientation::from_exif_chunk(exif).filter(|way| *way != Orientation::NoTransforms)?;
    // Big-endian, one directory at 8, one entry: tag 0x0112, a short, one of them; no further directory.
    let mut block = b"MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01".to_vec();
    block.extend([0, way.to_exif(), 0, 0, 0, 0, 0, 0]);
    Some(block)
}

/// Chunks that the pixels and their colours need.
const CHUNKS: [&[u8; 4]; 13] = [
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"cICP", b"mDCV", b"cLLI",
];

fn png(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut kept = PNG.to_vec();
    let mut is_turned = false;
    loop {
        let (length, behind) = rest.split_first_chunk()?;
        let (kind, behind) = behind.split_first_chunk::<4>()?;
        let (content, behind) = behind.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)?;
        let (_checksum, behind) = behind.split_first_chunk::<4>()?;
        let chunk = rest.get(..rest.len().saturating_sub(behind.len()))?;
        rest = behind;
        if let Some(turned) = Some(content).filter(|_| kind == b"eXIf" && !is_turned).and_then(way_up) {
            push_chunk(&mut kept, *b"eXIf", &turned);
            is_turned = true;
        } else if CHUNKS.contains(&kind) {
            kept.extend(chunk);
        }
        if kind == b"IEND" {
            return Some(kept);
        }
    }
}

fn push_chunk(kept: &mut Vec<u8>, kind: [u8; 4], content: &[u8]) {
    kept.extend(u32::try_from(content.len()).unwrap_or(u32::MAX).to_be_bytes());
    let named = [&kind, content].concat();
    kept.extend(&named);
    kept.extend(crc32fast::hash(&named).to_be_bytes());
}

#[cfg(test)]
#[path = "picture_tests.rs"]
mod tests;
