//! Pictures as cameras write them, made by hand: whatever stands beside the pixels is marked, and no mark comes through.

use std::io::Cursor;

use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, RgbImage, metadata::Orientation};

use super::*;

/// Stands in every place where a camera, a phone or a program writes something.
const MARK: &[u8] = b"mark of the origin";

fn pixels() -> DynamicImage {
    RgbImage::from_fn(40, 24, |x, y| image::Rgb([(x * 6) as u8, (y * 10) as u8, ((x * y) % 255) as u8])).into()
}

fn encoded(format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    pixels().write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn decoded(bytes: &[u8]) -> Option<DynamicImage> {
    image::load_from_memory(bytes).ok()
}

fn way_of(bytes: &[u8]) -> Orientation {
    let mut decoder = ImageReader::new(Cursor::new(bytes)).with_guessed_format().unwrap().into_decoder().unwrap();
    decoder.orientation().unwrap()
}

fn has_mark(bytes: &[u8]) -> bool {
    bytes.windows(MARK.len()).any(|window| window == MARK)
}

/// A little-endian Exif block: maker, model, orientation, a pointer to GPS with a serial number behind it, a preview.
fn exif(orientation: u8) -> Vec<u8> {
    let entry = |tag: u16, format: u16, count: u32, value: [u8; 4]| {
        [&tag.to_le_bytes()[..], &format.to_le_bytes(), &count.to_le_bytes(), &value].concat()
    };
    let text = |tag: u16| entry(tag, 2, 18, 100_u32.to_le_bytes());
    let turned = entry(0x112, 3, 1, [orientation, 0, 0, 0]);
    let gps = entry(0x8825, 4, 1, 100_u32.to_le_bytes());
    let entries = [text(0x10f), text(0x110), turned, gps, text(0xa431)].concat();
    let mut block = [b"II\x2a\0\x08\0\0\0\x05\0", &entries[..], &[0; 4]].concat();
    block.resize(100, 0);
    [&block[..], MARK, &encoded(ImageFormat::Jpeg), MARK].concat()
}

fn segment(marker: u8, content: &[&[u8]]) -> Vec<u8> {
    let mut bytes = Vec::new();
    push_segment(&mut bytes, marker, &content.concat());
    bytes
}

/// Everything a phone may put before the pixels of a JPEG.
fn before_the_pixels(orientation: u8) -> Vec<u8> {
    let plain = encoded(ImageFormat::Jpeg);
    assert_eq!(&plain[..11], b"\xff\xd8\xff\xe0\0\x10JFIF\0", "the JFIF segment is the first");
    [
        &[0xff, START][..],
        &segment(0xe0, &[&plain[6..18], &[2, 3], MARK]),
        &segment(0xe0, &[b"JFXX\0", MARK]),
        &segment(APP_1, &[EXIF, &exif(orientation)]),
        &segment(APP_1, &[b"http://ns.adobe.com/xap/1.0/\0", MARK]),
        &segment(0xe2, &[b"MPF\0", MARK]),
        &segment(0xed, &[b"Photoshop 3.0\0", MARK]),
        &segment(0xee, &[b"Adobe\0\x64\0\0\0\0\x01", MARK]),
        &segment(0xef, &[MARK]),
        &segment(0xfe, &[MARK]),
    ]
    .concat()
}

/// A JPEG with everything a phone may put into it.
fn from_a_phone(orientation: u8) -> Vec<u8> {
    let plain = encoded(ImageFormat::Jpeg);
    let (pixels, end) = plain[20..].split_at(plain.len() - 22);
    [
        &before_the_pixels(orientation)[..],
        &segment(0xe2, &[b"ICC_PROFILE\0\x01\x01", b"how colours are meant"]),
        pixels,
        &segment(0xfe, &[MARK]),
        &segment(APP_1, &[EXIF, &exif(1)]),
        end,
        MARK,
        &encoded(ImageFormat::Jpeg),
    ]
    .concat()
}

fn chunk(kind: &[u8; 4], content: &[&[u8]]) -> Vec<u8> {
    let mut bytes = Vec::new();
    push_chunk(&mut bytes, *kind, &content.concat());
    bytes
}

/// A PNG with everything a screen or a program may put into it.
fn from_a_program(orientation: u8) -> Vec<u8> {
    let plain = encoded(ImageFormat::Png);
    let (head, pixels) = plain.split_at(33);
    let (pixels, end) = pixels.split_at(pixels.len() - 12);
    [
        head,
        &chunk(b"gAMA", &[&45_455_u32.to_be_bytes()]),
        &chunk(b"eXIf", &[&exif(orientation)]),
        &chunk(b"tIME", &[&[7, 0xea, 3, 2, 9, 0, 0]]),
        &chunk(b"tEXt", &[b"Author\0", MARK]),
        &chunk(b"zTXt", &[b"Comment\0\0", MARK]),
        &chunk(b"iTXt", &[b"XML:com.adobe.xmp\0\0\0\0\0", MARK]),
        &chunk(b"prVt", &[MARK]),
        pixels,
        &chunk(b"tEXt", &[b"Software\0", MARK]),
        end,
        MARK,
    ]
    .concat()
}

#[test]
fn the_picture_stays_to_the_pixel_and_its_origin_does_not() {
    for (name, original) in [("JPEG", from_a_phone(6)), ("PNG", from_a_program(6))] {
        assert!(has_mark(&original) && decoded(&original).is_some(), "{name}: as made");
        let kept = alone(&original).unwrap();
        assert!(!has_mark(&kept), "{name}");
        assert_eq!(decoded(&kept), decoded(&original), "{name}: pixels");
        assert_eq!(way_of(&kept), Orientation::Rotate90, "{name}: the way up");
        assert_eq!(alone(&kept).as_ref(), Some(&kept), "{name}: a copy of the copy");
    }
    let plain = encoded(ImageFormat::Jpeg).len();
    assert_eq!(alone(&from_a_phone(1)).unwrap().len(), plain + 39 + 16, "colour profile and Adobe's twelve bytes");
    assert!(
        !alone(&from_a_phone(1)).unwrap().windows(6).any(|window| window == EXIF),
        "what stands upright needs none"
    );
}

#[test]
fn every_way_up_is_kept_and_there_are_eight() {
    for orientation in 0..=9 {
        for original in [from_a_phone(orientation), from_a_program(orientation)] {
            let expected = Orientation::from_exif(orientation).unwrap_or(Orientation::NoTransforms);
            assert_eq!(way_of(&alone(&original).unwrap()), expected, "{orientation}");
        }
    }
}

#[test]
fn colours_stay_as_they_were_meant() {
    let kept = alone(&from_a_phone(1)).unwrap();
    let decoder = ImageReader::new(Cursor::new(&kept)).with_guessed_format().unwrap().into_decoder();
    assert_eq!(decoder.unwrap().icc_profile().unwrap().unwrap(), b"how colours are meant");
    let kept = alone(&from_a_program(1)).unwrap();
    assert!(kept.windows(4).any(|window| window == b"gAMA"));
}

#[test]
fn what_a_plain_encoder_writes_is_kept_byte_by_byte() {
    for format in [ImageFormat::Jpeg, ImageFormat::Png] {
        let plain = encoded(format);
        assert_eq!(alone(&plain), Some(plain));
    }
}

#[test]
fn restarts_and_fill_bytes_belong_to_a_scan() {
    let scan = b"\x12\xff\0\x34\xff\xd0\x56\xff\xff\xd7\x78\xff";
    assert_eq!(scan_length(&[scan, &b"\xd9"[..]].concat()), scan.len() - 1);
    assert_eq!(scan_length(scan), scan.len(), "cut off");
}

/// A cut file or one that was tampered with is taken without what it was marked with, or not at all.
fn assert_nothing_comes_through(name: &str, original: &[u8], changed: &[u8]) {
    let Some(kept) = alone(changed) else { return };
    assert_eq!(alone(&kept).as_ref(), Some(&kept), "{name}: a copy of the copy");
    assert!(kept.len() <= original.len(), "{name}: it grew");
    // What became something else is kept as that, and then is no picture any more.
    assert!(!has_mark(&kept) || decoded(&kept).is_none(), "{name}");
}

#[test]
fn cut_at_any_byte_nothing_comes_through() {
    for (name, original) in [("JPEG", from_a_phone(6)), ("PNG", from_a_program(6))] {
        for length in 0..original.len() {
            assert_nothing_comes_through(&format!("{name} cut at {length}"), &original, &original[..length]);
        }
        // An Exif block that was cut before it was put in.
        let whole = exif(6);
        for length in 0..whole.len() {
            let jpeg = [&[0xff, START][..], &segment(APP_1, &[EXIF, &whole[..length]])].concat();
            let jpeg = [&jpeg, &encoded(ImageFormat::Jpeg)[2..]].concat();
            let kept = alone(&jpeg).unwrap();
            assert!(!has_mark(&kept) && decoded(&kept) == decoded(&encoded(ImageFormat::Jpeg)), "Exif cut at {length}");
        }
    }
}

#[test]
fn with_any_byte_changed_before_the_pixels_nothing_comes_through() {
    let (phone, program) = (from_a_phone(6), from_a_program(6));
    // Behind that a changed byte can make whatever follows a part of the colour profile or of the scan.
    for (name, original, places) in [("JPEG", &phone, before_the_pixels(6).len()), ("PNG", &program, program.len())] {
        for place in 0..places {
            for byte in [0, 0xff, original[place] ^ 1, original[place] ^ 0x80] {
                let mut changed = original.clone();
                changed[place] = byte;
                assert_nothing_comes_through(&format!("{name}, {byte} at {place}"), original, &changed);
            }
        }
    }
}

#[test]
fn pictures_of_other_kinds_are_known_by_how_they_begin_and_nothing_else_is_taken_for_one() {
    let boxed = |brands: &[u8]| {
        let length = u32::try_from(brands.len() + 8).unwrap().to_be_bytes();
        [&length[..], b"ftyp", brands, b"\0\0\0\x08mdat"].concat()
    };
    let others = [
        ("HEIC of a phone", boxed(b"heic\0\0\0\0mif1MiHEheic")),
        ("HEIC under a general brand", boxed(b"mif1\0\0\0\0mif1heic")),
        ("HEIC in a row", boxed(b"msf1\0\0\0\0hevc")),
        ("AVIF", boxed(b"avif\0\0\0\0mif1miaf")),
        ("AVIF that calls itself otherwise first", boxed(b"xxxx\0\0\0\0avif")),
        ("Canon raw", boxed(b"crx \0\0\0\x01crx isom")),
        ("HEIC whose box goes to the end", b"\0\0\0\0ftypheic\0\0\0\0".to_vec()),
        ("WebP", b"RIFF\x24\0\0\0WEBPVP8X".to_vec()),
        ("TIFF", b"II\x2a\0\x08\0\0\0".to_vec()),
        ("TIFF, the other way round", b"MM\0\x2a\0\0\0\x08".to_vec()),
        ("large TIFF", b"II\x2b\0\x08\0\0\0".to_vec()),
        ("JPEG XL", b"\xff\x0a\xfa\x1f".to_vec()),
        ("JPEG XL in boxes", b"\0\0\0\x0cJXL \r\n\x87\n".to_vec()),
        ("JPEG 2000", b"\0\0\0\x0cjP  \r\n\x87\n".to_vec()),
        ("Photoshop", b"8BPS\0\x01".to_vec()),
    ];
    for (what, bytes) in others {
        assert!(is_of_other_kind(&bytes), "{what}");
        assert!(alone(&bytes).is_none(), "{what}");
    }
    let nothing_of_it = [
        ("JPEG", encoded(ImageFormat::Jpeg)),
        ("PNG", encoded(ImageFormat::Png)),
        ("a film", boxed(b"isom\0\0\x02\0isomiso2avc1mp41")),
        ("a film of a phone", boxed(b"qt  \0\0\0\0qt  ")),
        ("a sound", b"RIFF\x24\0\0\0WAVEfmt ".to_vec()),
        ("a document", b"%PDF-1.7\n".to_vec()),
        ("text", b"II and MM stand for two makers".to_vec()),
        ("cut off", b"\0\0\0\x18fty".to_vec()),
        ("nothing", Vec::new()),
    ];
    for (what, bytes) in nothing_of_it {
        assert!(!is_of_other_kind(&bytes), "{what}");
    }
}
