//! Reading back: scans saved as PDF, photographs, and files that are broken on purpose.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test that cannot go on has failed")]

#[allow(dead_code, reason = "each program uses its part of the shared papers")]
mod common;

use std::{fs, io::Cursor, process::Command, sync::LazyLock};

use common::{certificate, link};
use fieldproof_certificate::{CertificateFacts, Limit, ReadError, find_tokens, render_certificate};
use image::{DynamicImage, GrayImage, ImageFormat, Luma, RgbImage, imageops};
use lopdf::{Document, Object, Stream, dictionary};
use proptest::prelude::*;

/// The page with a token of this many digits, as a scanner sees it.
fn page(digits: usize, dpi: &str) -> GrayImage {
    let facts = CertificateFacts { token_link: link(digits), ..certificate() };
    let folder = tempfile::tempdir().unwrap();
    let (pdf, stem) = (folder.path().join("paper.pdf"), folder.path().join("page"));
    fs::write(&pdf, render_certificate(&facts).unwrap()).unwrap();
    let status =
        Command::new("pdftoppm").args(["-r", dpi, "-singlefile", "-png"]).args([&pdf, &stem]).status().unwrap();
    assert!(status.success());
    image::open(stem.with_extension("png")).unwrap().into_luma8()
}

fn png(picture: impl Into<DynamicImage>) -> Vec<u8> {
    encode(picture, ImageFormat::Png)
}

fn jpeg(picture: impl Into<DynamicImage>) -> Vec<u8> {
    encode(picture, ImageFormat::Jpeg)
}

fn encode(picture: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Vec::new();
    picture.into().write_to(&mut Cursor::new(&mut bytes), format).unwrap();
    bytes
}

/// A PDF that holds these pictures and nothing else.
fn pdf_of(streams: Vec<Stream>) -> Vec<u8> {
    let mut document = Document::with_version("1.5");
    let pages = document.new_object_id();
    let mut names = lopdf::Dictionary::new();
    for (index, stream) in streams.into_iter().enumerate() {
        let id = document.add_object(stream);
        names.set(format!("I{index}"), id);
    }
    let page = document.add_object(dictionary! {
        "Type" => "Page", "Parent" => pages,
        "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()],
        "Resources" => dictionary! { "XObject" => names },
    });
    document.objects.insert(
        pages,
        Object::Dictionary(dictionary! { "Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1 }),
    );
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages });
    document.trailer.set("Root", catalog);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    bytes
}

fn picture_stream(width: u32, height: u32, space: &str, bits: i64, data: Vec<u8>) -> Stream {
    Stream::new(
        dictionary! {
            "Type" => "XObject", "Subtype" => "Image", "Width" => i64::from(width), "Height" => i64::from(height),
            "ColorSpace" => space, "BitsPerComponent" => bits,
        },
        data,
    )
}

fn jpeg_stream(picture: &GrayImage) -> Stream {
    let mut stream = picture_stream(picture.width(), picture.height(), "DeviceGray", 8, jpeg(picture.clone()));
    stream.dict.set("Filter", "DCTDecode");
    stream
}

fn packed(mut stream: Stream) -> Stream {
    stream.compress().unwrap();
    stream
}

#[test]
fn a_scan_saved_as_pdf_is_read_in_every_usual_form() {
    let grey = page(851, "200");
    let (width, height) = grey.dimensions();
    let colour: RgbImage = DynamicImage::from(grey.clone()).into_rgb8();
    let row = usize::try_from(width).unwrap();
    let bits: Vec<u8> = grey
        .as_raw()
        .chunks(row)
        .flat_map(|row| {
            row.chunks(8)
                .map(|eight| {
                    eight.iter().enumerate().fold(0, |byte, (i, shade)| byte | (u8::from(*shade > 127) << (7 - i)))
                })
                .collect::<Vec<u8>>()
        })
        .collect();
    let forms = [
        ("jpeg", jpeg_stream(&grey)),
        ("grey", packed(picture_stream(width, height, "DeviceGray", 8, grey.as_raw().clone()))),
        ("colour", packed(picture_stream(width, height, "DeviceRGB", 8, colour.into_raw()))),
        ("bits", packed(picture_stream(width, height, "DeviceGray", 1, bits))),
        ("plain", picture_stream(width, height, "DeviceGray", 8, grey.as_raw().clone())),
    ];
    for (form, stream) in forms {
        let found = find_tokens(&pdf_of(vec![stream])).unwrap_or_else(|e| panic!("{form}: {e}"));
        assert_eq!(found.texts, [link(851)], "{form}");
    }
}

#[test]
fn several_scans_are_read_in_order_and_each_text_once() {
    let (first, second) = (page(400, "150"), page(500, "150"));
    let pdf = pdf_of(vec![jpeg_stream(&first), jpeg_stream(&second), jpeg_stream(&first)]);
    assert_eq!(find_tokens(&pdf).unwrap().texts, [link(400), link(500)]);
}

#[test]
fn a_page_lying_askew_is_read() {
    let grey = page(851, "200");
    for turned in [
        imageops::rotate90(&grey),
        imageops::rotate180(&grey),
        imageops::rotate270(&grey),
        rotated(&grey, 3),
        rotated(&grey, -7),
    ] {
        assert_eq!(find_tokens(&png(turned)).unwrap().texts, [link(851)]);
    }
}

/// Turns a picture by whole degrees on white ground, taking each pixel from between its four neighbours.
fn rotated(grey: &GrayImage, degrees: i32) -> GrayImage {
    let (sin, cos) = f64::from(degrees).to_radians().sin_cos();
    let (width, height) = (f64::from(grey.width()), f64::from(grey.height()));
    GrayImage::from_fn(grey.width(), grey.height(), |x, y| {
        let (dx, dy) = (f64::from(x) - width / 2.0, f64::from(y) - height / 2.0);
        let (sx, sy) = (dx * cos + dy * sin + width / 2.0, dy * cos - dx * sin + height / 2.0);
        if sx < 0.0 || sy < 0.0 {
            return Luma([255]);
        }
        imageops::interpolate_bilinear(grey, sx as f32, sy as f32).unwrap_or(Luma([255]))
    })
}

#[test]
fn a_pale_blurred_scan_is_read() {
    for (digits, dpi, spread) in [(851, "150", 0.6), (851, "200", 0.9), (1215, "150", 0.5), (1215, "200", 0.7)] {
        let grey = imageops::blur(&page(digits, dpi), spread);
        let pale = GrayImage::from_fn(grey.width(), grey.height(), |x, y| {
            let shade = u32::from(grey.get_pixel(x, y).0[0]);
            let light = 40 * y / grey.height();
            let grain = (x * 7919 + y * 104_729) % 13;
            Luma([u8::try_from(100 + light + grain + shade * 90 / 255).unwrap()])
        });
        let found = find_tokens(&jpeg(pale)).unwrap_or_else(|e| panic!("{digits} digits, {dpi} dpi: {e}"));
        assert_eq!(found.texts, [link(digits)], "{digits} digits, {dpi} dpi");
    }
}

#[test]
fn a_coarse_scan_is_read() {
    for (digits, dpi) in [(851, "90"), (851, "100"), (1215, "100"), (1215, "110")] {
        let found = find_tokens(&jpeg(page(digits, dpi))).unwrap_or_else(|e| panic!("{digits} digits, {dpi} dpi: {e}"));
        assert_eq!(found.texts, [link(digits)], "{digits} digits, {dpi} dpi");
    }
}

#[test]
fn a_grainy_scan_is_read() {
    let grey = imageops::blur(&page(1215, "200"), 0.7);
    let mut state = 1u32;
    let grainy = GrayImage::from_fn(grey.width(), grey.height(), |x, y| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let grain = i32::try_from(state >> 24).unwrap() - 128;
        let shade = i32::from(grey.get_pixel(x, y).0[0]) + grain;
        Luma([u8::try_from(shade.clamp(0, 255)).unwrap()])
    });
    assert_eq!(find_tokens(&png(grainy)).unwrap().texts, [link(1215)]);
}

#[test]
fn a_page_photographed_aslant_is_read() {
    let grey = page(1215, "200");
    let (width, height) = (grey.width() as f32, grey.height() as f32);
    // The upper edge is further away than the lower one.
    let aslant = GrayImage::from_fn(grey.width(), grey.height(), |x, y| {
        let (u, v) = (x as f32 / width - 0.5, y as f32 / height);
        let depth = 1.35 - 0.35 * v;
        let (sx, sy) = ((u * depth + 0.5) * width, v * depth * height);
        if sx < 0.0 || sy < 0.0 {
            return Luma([255]);
        }
        imageops::interpolate_bilinear(&grey, sx, sy).unwrap_or(Luma([255]))
    });
    assert_eq!(find_tokens(&png(aslant)).unwrap().texts, [link(1215)]);
}

#[test]
fn two_symbols_in_one_picture_are_read_from_the_top() {
    let (upper, lower) = (page(400, "150"), page(500, "150"));
    let mut both = GrayImage::from_pixel(upper.width(), upper.height() * 2, Luma([255]));
    imageops::replace(&mut both, &upper, 0, 0);
    imageops::replace(&mut both, &lower, 0, i64::from(upper.height()));
    assert_eq!(find_tokens(&png(both)).unwrap().texts, [link(400), link(500)]);
}

#[test]
fn a_large_photograph_is_read() {
    let grey = page(851, "450");
    assert_eq!(find_tokens(&jpeg(grey)).unwrap().texts, [link(851)]);
}

#[test]
fn what_has_no_code_says_so() {
    let blank = GrayImage::from_pixel(400, 300, Luma([255]));
    assert_eq!(find_tokens(&png(blank.clone())), Err(ReadError::PictureWithoutCode));
    assert_eq!(find_tokens(&pdf_of(vec![jpeg_stream(&blank)])), Err(ReadError::PdfWithoutCode));
    assert_eq!(find_tokens(&pdf_of(vec![])), Err(ReadError::PdfWithoutCode));
}

#[test]
fn limits_are_named() {
    let huge = picture_stream(20_000, 20_000, "DeviceGray", 8, vec![0]);
    assert_eq!(find_tokens(&pdf_of(vec![huge])), Err(ReadError::TooLarge { limit: Limit::Pixels }));
    let small = GrayImage::from_pixel(8, 8, Luma([255]));
    let many = (0..51).map(|_| jpeg_stream(&small)).collect();
    assert_eq!(find_tokens(&pdf_of(many)), Err(ReadError::TooLarge { limit: Limit::Images }));
    let bomb = packed(picture_stream(100, 100, "DeviceGray", 8, vec![0; 200_000_000]));
    assert_eq!(find_tokens(&pdf_of(vec![bomb])), Err(ReadError::TooLarge { limit: Limit::StreamBytes }));
}

#[test]
fn a_foreign_link_in_a_pdf_is_not_a_token() {
    let mut document = Document::with_version("1.5");
    let catalog = document.add_object(dictionary! { "Type" => "Catalog" });
    document.trailer.set("Root", catalog);
    for uri in ["https://other.example/", "https://fieldproof.example/v#12x", "javascript:/v#12"] {
        document.add_object(dictionary! { "S" => "URI", "URI" => Object::string_literal(uri) });
    }
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    assert_eq!(find_tokens(&bytes), Err(ReadError::PdfWithoutCode));
}

#[test]
fn nesting_does_not_exhaust_the_stack() {
    let deep = "[".repeat(200_000);
    let dictionaries = "<</A".repeat(100_000);
    for body in [deep, dictionaries] {
        let pdf = format!(
            "%PDF-1.4\n1 0 obj\n{body}\nendobj\nxref\n0 2\n0000000000 65535 f \n0000000009 00000 n \ntrailer<</Size 2/Root 1 0 R>>\nstartxref\n{}\n%%EOF",
            9 + 8 + body.len() + 8
        );
        drop(find_tokens(pdf.as_bytes()));
    }
}

static PAPER: LazyLock<Vec<u8>> = LazyLock::new(|| render_certificate(&certificate()).unwrap());

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_cut_or_altered_pdf_is_survived(cut in 0.0f64..1.0, changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..40)) {
        let mut bytes = PAPER.clone();
        let length = bytes.len();
        for (index, value) in changes {
            bytes[index.index(length)] = value;
        }
        bytes.truncate((length as f64 * cut) as usize);
        drop(find_tokens(&bytes));
    }

    #[test]
    fn an_altered_picture_is_survived(seed in any::<u64>(), spots in 1usize..400) {
        let mut grey = small_symbol();
        let mut state = seed | 1;
        let pixels = grey.as_raw().len();
        for _ in 0..spots {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let at = usize::try_from(state >> 33).unwrap() % pixels;
            for shade in grey.iter_mut().skip(at).take(5) {
                *shade = u8::try_from(state & 0xFF).unwrap();
            }
        }
        drop(find_tokens(&png(grey)));
    }
}

/// A symbol of three pixels per module, without a page around it.
fn small_symbol() -> GrayImage {
    let code = qrcode::QrCode::new(link(120)).unwrap();
    let width = code.width();
    let colours = code.to_colors();
    let side = u32::try_from((width + 8) * 3).unwrap();
    GrayImage::from_fn(side, side, |x, y| {
        let module = |at: u32| usize::try_from(at / 3).unwrap().checked_sub(4).filter(|m| *m < width);
        let dark = module(x).zip(module(y)).is_some_and(|(x, y)| colours[y * width + x] == qrcode::Color::Dark);
        Luma([if dark { 0 } else { 255 }])
    })
}

#[test]
fn the_small_symbol_is_read() {
    assert_eq!(find_tokens(&png(small_symbol())).unwrap().texts, [link(120)]);
}
