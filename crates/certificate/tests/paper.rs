//! The papers as other programs see them: rasterised, decoded, their text taken out.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test that cannot go on has failed")]

#[allow(dead_code, reason = "each program uses its part of the shared papers")]
mod common;

use std::{fs, path::Path, process::Command};

use common::{LONG_FINNISH_NAME, certificate, full_certificate, link, sheet};
use fieldproof_certificate::{
    CertificateFacts, Fact, RenderError, find_tokens, render_certificate, render_recovery_sheet, render_result_sheet,
};

const A4_AT_100_DPI: (usize, usize) = (827, 1170);

/// One page as shades of grey.
struct Raster {
    width: usize,
    height: usize,
    shades: Vec<u8>,
}

impl Raster {
    fn is_blank(&self, left: usize, top: usize, right: usize, bottom: usize) -> bool {
        (top..bottom)
            .all(|y| self.shades[y * self.width + left..y * self.width + right].iter().all(|shade| *shade > 250))
    }
}

fn run(program: &str, arguments: &[&str]) -> Vec<u8> {
    let output = Command::new(program).args(arguments).output().unwrap_or_else(|e| panic!("{program}: {e}"));
    assert!(output.status.success(), "{program} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

fn save(folder: &Path, pdf: &[u8]) -> String {
    let path = folder.join("paper.pdf");
    fs::write(&path, pdf).unwrap();
    path.to_str().unwrap().to_owned()
}

fn text(pdf: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = save(folder.path(), pdf);
    let raw = String::from_utf8(run("pdftotext", &["-raw", &path, "-"])).unwrap();
    raw.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Rasterises every page with the given options of `pdftoppm`.
fn pages(pdf: &[u8], options: &[&str]) -> Vec<Raster> {
    let folder = tempfile::tempdir().unwrap();
    let path = save(folder.path(), pdf);
    let stem = folder.path().join("page").to_str().unwrap().to_owned();
    let mut arguments = options.to_vec();
    arguments.extend(["-gray", path.as_str(), stem.as_str()]);
    run("pdftoppm", &arguments);
    let mut files: Vec<_> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "pgm"))
        .collect();
    files.sort();
    files.iter().map(|file| pgm(&fs::read(file).unwrap())).collect()
}

fn pgm(bytes: &[u8]) -> Raster {
    let mut parts = bytes.splitn(4, |byte| byte.is_ascii_whitespace());
    let mut number = || {
        let part = parts.next().unwrap();
        String::from_utf8(part.to_vec()).unwrap()
    };
    assert_eq!(number(), "P5");
    let (width, height) = (number().parse().unwrap(), number().parse().unwrap());
    let shades = bytes[bytes.len() - width * height..].to_vec();
    Raster { width, height, shades }
}

/// Decodes the page at a resolution with `zbarimg` and with our own reader.
fn decode(pdf: &[u8], dpi: &str, format: &str) -> (String, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let path = save(folder.path(), pdf);
    let stem = folder.path().join("page").to_str().unwrap().to_owned();
    run("pdftoppm", &["-r", dpi, "-singlefile", format, &path, &stem]);
    let picture = format!("{stem}.{}", if format == "-png" { "png" } else { "jpg" });
    let zbar = run("zbarimg", &["--nodbus", "--raw", "-q", &picture]);
    let ours = find_tokens(&fs::read(&picture).unwrap()).unwrap_or_else(|e| panic!("{dpi} dpi {format}: {e}"));
    (String::from_utf8(zbar).unwrap().trim().to_owned(), ours.texts)
}

fn with_link(digits: usize, demonstration: bool) -> CertificateFacts {
    CertificateFacts { token_link: link(digits), demonstration, ..certificate() }
}

#[test]
fn the_symbol_is_read_from_the_page_at_every_resolution() {
    for (digits, demonstration) in [(851, true), (1215, false)] {
        let facts = with_link(digits, demonstration);
        let pdf = render_certificate(&facts).unwrap();
        for dpi in ["150", "200", "300"] {
            for format in ["-png", "-jpeg"] {
                let (zbar, ours) = decode(&pdf, dpi, format);
                assert_eq!(zbar, facts.token_link, "zbar, {digits} digits, {dpi} dpi");
                assert_eq!(ours, [facts.token_link.as_str()], "{digits} digits, {dpi} dpi");
            }
        }
    }
}

#[test]
fn symbols_of_every_size_are_read() {
    for digits in [1, 60, 150, 250, 350, 450, 550, 650, 750, 950, 1050] {
        let facts = with_link(digits, false);
        let (zbar, ours) = decode(&render_certificate(&facts).unwrap(), "150", "-png");
        assert_eq!(zbar, facts.token_link, "zbar, {digits} digits");
        assert_eq!(ours, [facts.token_link.as_str()], "{digits} digits");
    }
}

#[test]
fn the_certificate_says_what_it_must() {
    let facts = certificate();
    let text = text(&render_certificate(&facts).unwrap());
    for sentence in [
        "Certificate of assessment",
        "Issued on site, not yet in the register",
        "Should be in the register by 27 November 2026",
        "Shows what was assessed. Does not authorise work; the employer does.",
        "Check it with the institution's own address or the Fieldproof app; the address inside the code is no evidence.",
        "Áine Esimerkkipää",
        "Born 1987",
        "Väylä Specimen College, Department of Invented Vehicles",
        "Isolation of high-voltage vehicle systems, level X",
        "Version 3.1",
        "João Exemplão",
        "(≥ Ω µ)",
        "Valid until 12 November 2029",
        "FP-7K3M-9QX2",
        "vayla.example/check",
    ] {
        assert!(text.contains(sentence), "{sentence} is missing in: {text}");
    }
    assert!(!text.to_lowercase().contains("credential"));
    assert!(!text.contains("DEMONSTRATION"));
}

#[test]
fn a_demonstration_says_so_in_its_head_and_across_the_page() {
    let plain = certificate();
    let demonstration = CertificateFacts { demonstration: true, ..certificate() };
    let pdf = render_certificate(&demonstration).unwrap();
    assert!(text(&pdf).contains("DEMONSTRATION"));
    for options in [["-r", "150", "-mono"].as_slice(), &["-r", "100"]] {
        let dark = |facts: &CertificateFacts| dark_pixels(&render_certificate(facts).unwrap(), options);
        let (with, without) = (dark(&demonstration), dark(&plain));
        assert!(with > without * 11 / 10, "{options:?}: {with} of {without}");
    }
}

/// Counts dark pixels below the head, so that the word in the head does not help.
fn dark_pixels(pdf: &[u8], options: &[&str]) -> usize {
    if options.contains(&"-mono") {
        let folder = tempfile::tempdir().unwrap();
        let path = save(folder.path(), pdf);
        let stem = folder.path().join("page").to_str().unwrap().to_owned();
        let mut arguments = options.to_vec();
        arguments.extend(["-singlefile", path.as_str(), stem.as_str()]);
        run("pdftoppm", &arguments);
        let bytes = fs::read(format!("{stem}.pbm")).unwrap();
        let below = &bytes[bytes.len() / 8..];
        return below.iter().map(|byte| usize::try_from(byte.count_ones()).unwrap()).sum();
    }
    let page = pages(pdf, options).remove(0);
    let below = &page.shades[page.shades.len() / 8..];
    below.iter().filter(|shade| **shade < 200).count()
}

/// The square of a usual symbol at 300 dpi, a pixel per printer dot, with its quiet zone.
fn symbol_square(demonstration: bool) -> Vec<Vec<u8>> {
    let pdf = render_certificate(&with_link(851, demonstration)).unwrap();
    let page = pages(&pdf, &["-r", "300"]).remove(0);
    // 85 modules of five dots; the dark ones begin at dot 296 from the left and 220 mm from the top.
    let (left, top, side) = (276, 2578, 85 * 5);
    let row = |y: usize| page.shades[y * page.width + left..y * page.width + left + side].to_vec();
    (top..top + side).map(row).collect()
}

#[test]
fn the_watermark_stays_clear_of_the_symbol() {
    assert_eq!(symbol_square(true), symbol_square(false));
}

#[test]
fn modules_are_whole_printer_dots_with_a_quiet_zone_around() {
    let square = symbol_square(true);
    for (y, row) in square.iter().enumerate() {
        for (x, shade) in row.iter().enumerate() {
            // The rasteriser counts an edge it only touches as a quarter of the next dot.
            let middle = square[y / 5 * 5 + 2][x / 5 * 5 + 2];
            assert!(matches!(middle, 0 | 255), "the module at dot {x}, {y} is black or white");
            assert!(shade.abs_diff(middle) < 128, "dot {x}, {y} is {shade} in a module of {middle}");
            let in_quiet_zone = [x, y].iter().any(|at| !(20..405).contains(at));
            assert!(!in_quiet_zone || *shade > 191, "dot {x}, {y} is in the quiet zone");
        }
    }
    let first: Vec<u8> = square[20][20..55].to_vec();
    assert!(first.iter().all(|shade| *shade < 128), "the upper edge of the first eye");
}

#[test]
fn nothing_runs_off_the_page() {
    for facts in [certificate(), full_certificate()] {
        let pdf = render_certificate(&facts).unwrap();
        let pages = pages(&pdf, &["-r", "100"]);
        assert_eq!(pages.len(), 1);
        assert_margins_are_white(&pages[0]);
    }
    for facts in [sheet(1), sheet(30)] {
        for page in pages(&render_result_sheet(&facts).unwrap(), &["-r", "100"]) {
            assert_margins_are_white(&page);
        }
    }
}

fn assert_margins_are_white(page: &Raster) {
    assert_eq!((page.width, page.height), A4_AT_100_DPI);
    // The margins are 25 mm at the sides and 18 mm at head and foot; at 100 dpi a millimetre is 3.94 pixels.
    assert!(page.is_blank(0, 0, page.width, 70), "head");
    assert!(page.is_blank(0, 1118, page.width, page.height), "foot");
    assert!(page.is_blank(0, 0, 96, page.height), "left");
    assert!(page.is_blank(731, 0, page.width, page.height), "right");
}

#[test]
fn long_names_are_whole_and_apart_from_what_follows() {
    let wide = "W".repeat(80);
    let narrow = "i ".repeat(40);
    for name in [LONG_FINNISH_NAME, &wide, &narrow] {
        let facts = CertificateFacts { holder: name.into(), ..certificate() };
        let pdf = render_certificate(&facts).unwrap();
        let printed: String = text(&pdf).replace(' ', "");
        assert!(printed.contains(&name.replace(' ', "")), "{name} in {printed}");
        assert_margins_are_white(&pages(&pdf, &["-r", "100"]).remove(0));
        assert_no_overlap(&pdf);
    }
    assert_no_overlap(&render_certificate(&full_certificate()).unwrap());
    assert_no_overlap(&render_certificate(&certificate()).unwrap());
}

/// No two words share more than a sliver of the page.
fn assert_no_overlap(pdf: &[u8]) {
    let folder = tempfile::tempdir().unwrap();
    let path = save(folder.path(), pdf);
    let html = String::from_utf8(run("pdftotext", &["-bbox", &path, "-"])).unwrap();
    let words: Vec<[f64; 4]> = html
        .lines()
        .filter(|line| line.contains("<word"))
        .map(|line| {
            ["xMin", "yMin", "xMax", "yMax"].map(|key| {
                let rest = line.split_once(&format!("{key}=\"")).unwrap().1;
                rest.split_once('"').unwrap().0.parse().unwrap()
            })
        })
        .collect();
    assert!(words.len() > 20);
    for (index, a) in words.iter().enumerate() {
        for b in &words[..index] {
            let across = a[2].min(b[2]) - a[0].max(b[0]);
            // A word's box reaches from the highest to the lowest letter of the face, 1.3 of the size;
            // lines set at 1.2 of it overlap by that little.
            let slack = 0.35 * (a[3] - a[1]).min(b[3] - b[1]);
            let down = a[3].min(b[3]) - a[1].max(b[1]) - slack;
            assert!(across < 0.5 || down < 0.0, "{a:?} and {b:?}");
        }
    }
}

#[test]
fn too_much_text_is_an_error_not_an_overlap() {
    let mut facts = certificate();
    facts.scope = "Covers everything. ".repeat(300);
    assert_eq!(render_certificate(&facts), Err(RenderError::TooMuchText { part: "the page" }));
    let mut facts = certificate();
    facts.confirm_by = "soon ".repeat(100);
    assert!(matches!(render_certificate(&facts), Err(RenderError::TooMuchText { .. })));
    let mut facts = certificate();
    facts.address = "a".repeat(400);
    assert!(matches!(render_certificate(&facts), Err(RenderError::TooMuchText { .. })));
}

#[test]
fn facts_that_cannot_be_printed_are_named() {
    let mut facts = certificate();
    facts.holder = "王秀英".into();
    let error = render_certificate(&facts).unwrap_err();
    assert_eq!(error.to_string(), "holder holds the character '王' (U+738B), which cannot be printed");
    let mut facts = certificate();
    facts.people.push(Fact::new("Guest", "\u{202E}nairod"));
    assert!(matches!(render_certificate(&facts), Err(RenderError::UnsupportedCharacter { field: "people", .. })));
    let mut facts = certificate();
    facts.confirm_by = String::new();
    assert_eq!(render_certificate(&facts), Err(RenderError::Missing { field: "confirm by" }));
    let facts = with_link(1500, false);
    assert_eq!(render_certificate(&facts), Err(RenderError::SymbolTooLarge { limit: 18 }));
}

#[test]
fn the_same_facts_give_the_same_bytes() {
    assert_eq!(render_certificate(&certificate()).unwrap(), render_certificate(&certificate()).unwrap());
    assert_eq!(render_result_sheet(&sheet(4)).unwrap(), render_result_sheet(&sheet(4)).unwrap());
    let later = CertificateFacts { document_date: certificate().document_date + 1, ..certificate() };
    assert_ne!(render_certificate(&certificate()).unwrap(), render_certificate(&later).unwrap());
}

#[test]
fn the_symbol_is_a_link_to_the_same_address() {
    let facts = certificate();
    let pdf = render_certificate(&facts).unwrap();
    assert_eq!(find_tokens(&pdf).unwrap().texts, [facts.token_link]);
}

#[test]
fn the_result_sheet_says_what_it_is() {
    let mut facts = sheet(12);
    let pdf = render_result_sheet(&facts).unwrap();
    let text_of_all = text(&pdf);
    let count = pages(&pdf, &["-r", "30"]).len();
    assert!(count > 3);
    assert!(text_of_all.matches("This is not a certificate.").count() > count, "on every page and beside the result");
    assert_eq!(
        text_of_all.matches("Shows what was assessed. Does not authorise work; the employer does.").count(),
        count
    );
    for sentence in [
        "Result sheet",
        "Not yet",
        "Critical: the service plug was not secured against being put back.",
        "The waiting time before proving dead was not kept.",
        "Critical: The plug lay on the bench beside the vehicle.",
        "Make the system dead, continued",
        &format!("Page {count} of {count}"),
    ] {
        assert!(text_of_all.contains(sentence), "{sentence} in {text_of_all}");
    }
    assert_eq!(text_of_all.matches("Áine Esimerkkipää").count(), count);
    assert!(!text_of_all.contains("DEMONSTRATION"));
    facts.demonstration = true;
    let demonstration = text(&render_result_sheet(&facts).unwrap());
    assert!(demonstration.matches("DEMONSTRATION").count() >= count);
}

#[test]
fn every_line_of_a_long_sheet_is_printed() {
    let mut facts = sheet(40);
    for (index, line) in facts.lines.iter_mut().enumerate() {
        line.text = format!("criterion number {index}x");
    }
    let text = text(&render_result_sheet(&facts).unwrap());
    for index in 0..facts.lines.len() {
        assert!(text.contains(&format!("criterion number {index}x")), "{index}");
    }
}

#[test]
fn a_recovery_sheet_is_read_back_by_a_scanner_and_by_whoever_types() {
    let key = "AGE-SECRET-KEY-1PYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSTFVYXW";
    let pdf = render_recovery_sheet("Institute of Fictional Tests", "2026-03-02", 1_772_409_600, key).unwrap();
    for dpi in ["150", "200", "300"] {
        let folder = tempfile::tempdir().unwrap();
        let path = save(folder.path(), &pdf);
        let stem = folder.path().join("page").to_str().unwrap().to_owned();
        run("pdftoppm", &["-r", dpi, "-png", "-singlefile", &path, &stem]);
        let found = run("zbarimg", &["--quiet", "--raw", &format!("{stem}.png")]);
        assert_eq!(String::from_utf8(found).unwrap().trim(), key, "{dpi} dpi");
    }
    let text = text(&pdf);
    let letters: String = text.chars().filter(|letter| !letter.is_whitespace()).collect();
    assert!(letters.contains(key), "{text}");
    assert!(text.contains("Institute of Fictional Tests") && text.contains("2026-03-02"), "{text}");
}
