//! PDFs: the links of our own, and the pictures a scanner saves.

use image::GrayImage;
use lopdf::{Dictionary, Document, LoadOptions, Object, Stream};

use super::{Found, Limit, MAX_IMAGES, MAX_PIXELS, MAX_STREAM_BYTES, ReadError, picture, scan};
use crate::symbol;

/// A PDF may carry a little of something else in front, as readers of the format allow.
const HEAD: usize = 1024;

/// Whether the file says it is a PDF.
pub(super) fn looks_like(bytes: &[u8]) -> bool {
    bytes.get(..HEAD.min(bytes.len())).unwrap_or_default().windows(5).any(|window| window == b"%PDF-")
}

/// Finds links that look like ours, then symbols in pictures.
pub(super) fn find(bytes: &[u8]) -> Result<Found, ReadError> {
    let options = LoadOptions { max_decompressed_size: Some(MAX_STREAM_BYTES), ..LoadOptions::default() };
    let document = Document::load_mem_with_options(bytes, options).map_err(|_| ReadError::DamagedPdf)?;
    let mut found = Found::default();
    for object in document.objects.values() {
        for link in links(&document, object) {
            found.add(link);
        }
    }
    let refused = pictures(&document, &mut found);
    match (found.texts.is_empty(), refused) {
        (false, _) => Ok(found),
        (true, Some(limit)) => Err(ReadError::TooLarge { limit }),
        (true, None) => Err(ReadError::PdfWithoutCode),
    }
}

/// Reads the pictures one by one; returns the limit that kept some from being read.
fn pictures(document: &Document, found: &mut Found) -> Option<Limit> {
    let mut refused = None;
    let streams = document.objects.values().filter_map(|o| o.as_stream().ok());
    let images = streams.filter(|s| name(document, &s.dict, b"Subtype") == Some(b"Image"));
    for (index, stream) in images.enumerate() {
        if index == MAX_IMAGES {
            return Some(Limit::Images);
        }
        match decode(document, stream) {
            Ok(Some(grey)) => scan::symbols(&grey).into_iter().for_each(|t| found.add(t)),
            Ok(None) => {}
            Err(limit) => refused = Some(limit),
        }
    }
    refused
}

/// The address of a link action, if it is one of ours; actions may stand inside annotations or on their own.
fn links(document: &Document, object: &Object) -> Vec<String> {
    let (own, beside) = match (object.as_dict(), object.as_array()) {
        (Ok(dictionary), _) => {
            let annotations = dictionary.get(b"Annots").and_then(Object::as_array);
            (Some(dictionary), annotations.ok())
        }
        (_, array) => (None, array.ok()),
    };
    let beside = beside.into_iter().flatten().filter_map(|item| item.as_dict().ok());
    own.into_iter().chain(beside).filter_map(|dictionary| link(document, dictionary)).collect()
}

fn link(document: &Document, dictionary: &Dictionary) -> Option<String> {
    let action = dictionary.get_deref(b"A", document).and_then(Object::as_dict).unwrap_or(dictionary);
    let uri = action.get_deref(b"URI", document).and_then(Object::as_str).ok()?;
    let uri = String::from_utf8(uri.to_vec()).ok()?;
    symbol::split(&uri).is_some().then_some(uri)
}

/// Decodes one picture; `None` for what no scanner of ours to read writes.
fn decode(document: &Document, stream: &Stream) -> Result<Option<GrayImage>, Limit> {
    let side = |key: &[u8]| {
        let number = stream.dict.get_deref(key, document).and_then(Object::as_i64);
        number.ok().and_then(|n| u32::try_from(n).ok())
    };
    let (Some(width), Some(height)) = (side(b"Width"), side(b"Height")) else {
        return Ok(None);
    };
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(Limit::Pixels);
    }
    let filters = stream.filters().unwrap_or_default();
    let (jpeg, packed) = match filters.split_last() {
        Some((&b"DCTDecode", before)) => (true, before),
        _ => (false, filters.as_slice()),
    };
    let known = [&b"FlateDecode"[..], b"ASCII85Decode", b"ASCIIHexDecode", b"RunLengthDecode"];
    if !packed.iter().all(|filter| known.contains(filter)) {
        return Ok(None);
    }
    let data = unpack(document, stream, packed)?;
    if jpeg {
        return match picture::decode(&data) {
            Err(ReadError::TooLarge { limit }) => Err(limit),
            other => Ok(other.ok()),
        };
    }
    let bits = stream.dict.get_deref(b"BitsPerComponent", document).and_then(Object::as_i64).unwrap_or(1);
    Ok(samples(width, height, bits, &data))
}

/// Undoes the filters in front of a JPEG, or all of them.
fn unpack(document: &Document, stream: &Stream, filters: &[&[u8]]) -> Result<Vec<u8>, Limit> {
    if filters.is_empty() {
        return Ok(stream.content.clone());
    }
    let mut dictionary = Dictionary::new();
    let names = filters.iter().map(|f| Object::Name(f.to_vec())).collect();
    dictionary.set("Filter", Object::Array(names));
    if let Ok(parameters) = stream.dict.get_deref(b"DecodeParms", document) {
        let first = match parameters.as_array() {
            Ok(each) => each.first(),
            Err(_) => Some(parameters),
        };
        if let Some(first) = first.and_then(|first| first.as_dict().ok()) {
            dictionary.set("DecodeParms", first.clone());
        }
    }
    Stream::new(dictionary, stream.content.clone())
        .decompressed_content_with_limit(MAX_STREAM_BYTES)
        .map_err(|_| Limit::StreamBytes)
}

/// Samples of one bit or eight bits, grey or colour, as shades of grey.
fn samples(width: u32, height: u32, bits: i64, data: &[u8]) -> Option<GrayImage> {
    let (columns, rows) = (usize::try_from(width).ok()?, usize::try_from(height).ok()?);
    let grey = match (bits, data.len().checked_div(columns.checked_mul(rows)?)?) {
        (1, _) => {
            let packed = columns.div_ceil(8);
            data.chunks(packed.max(1)).take(rows).flat_map(|row| (0..columns).map(move |x| bit(row, x))).collect()
        }
        (8, 1) => data.iter().copied().take(columns * rows).collect(),
        (8, 3) => data.chunks_exact(3).take(columns * rows).map(luma).collect(),
        _ => return None,
    };
    GrayImage::from_raw(width, height, grey)
}

fn bit(row: &[u8], x: usize) -> u8 {
    let byte = row.get(x / 8).copied().unwrap_or(0);
    if byte & (0x80 >> (x % 8)) == 0 { 0 } else { 255 }
}

/// Green counts most, as it does for the eye.
fn luma(rgb: &[u8]) -> u8 {
    let weighted: u32 = rgb.iter().zip([299, 587, 114]).map(|(part, weight)| u32::from(*part) * weight).sum();
    u8::try_from(weighted / 1000).unwrap_or(u8::MAX)
}

fn name<'a>(document: &'a Document, dictionary: &'a Dictionary, key: &[u8]) -> Option<&'a [u8]> {
    dictionary.get_deref(key, document).and_then(Object::as_name).ok()
}
