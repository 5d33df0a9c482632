//! Pages become a file whose bytes depend on nothing but the facts.

use lopdf::{Object, StringFormat, dictionary};
use printpdf::{FontId, Op, ParsedFont, PdfDocument, PdfFont, PdfPage, PdfSaveOptions, Pt, Rect};
use sha2::{Digest, Sha256};
use time::OffsetDateTime;

use crate::{
    RenderError,
    fonts::Program,
    template::{PAGE_HEIGHT_DOTS, PAGE_WIDTH_DOTS},
};

/// What the file says about itself.
pub(crate) struct About<'a> {
    pub(crate) title: String,
    pub(crate) institution: &'a str,
    /// Seconds since 1970, UTC.
    pub(crate) date: i64,
}

/// Writes the pages.
///
/// # Errors
/// [`RenderError::BadDate`] and [`RenderError::Assembly`].
pub(crate) fn write(pages: Vec<Vec<Op>>, about: &About<'_>) -> Result<Vec<u8>, RenderError> {
    let mut pdf = PdfDocument::new(&about.title);
    for program in Program::ALL {
        let font = ParsedFont::from_bytes(program.bytes(), 0, &mut Vec::new()).ok_or(RenderError::Assembly)?;
        pdf.resources.fonts.map.insert(FontId(program.name().to_owned()), PdfFont::new(font));
    }
    pdf.with_pages(pages.into_iter().map(page).collect());
    let mut warnings = Vec::new();
    let mut document = pdf.to_lopdf_document(&PdfSaveOptions::default(), &mut warnings);
    settle(&mut document, about)?;
    document.compress();
    let unnamed = save(&mut document)?;
    let name = Sha256::digest(&unnamed);
    set_id(&mut document, name.get(..16).unwrap_or_default());
    save(&mut document)
}

fn page(ops: Vec<Op>) -> PdfPage {
    let whole = Rect {
        x: Pt(0.0),
        y: Pt(0.0),
        width: dots(PAGE_WIDTH_DOTS),
        height: dots(PAGE_HEIGHT_DOTS),
        mode: None,
        winding_order: None,
    };
    PdfPage { media_box: whole.clone(), trim_box: whole.clone(), crop_box: whole, ops }
}

/// 1/300 inch is 0.24 points.
fn dots(count: i64) -> Pt {
    Pt((count * 24) as f32 / 100.0)
}

/// Replaces what the writer makes up (random names, the present time) by what follows from the facts.
fn settle(document: &mut lopdf::Document, about: &About<'_>) -> Result<(), RenderError> {
    let date = pdf_date(about.date)?;
    let info = dictionary! {
        "Title" => utf16(&about.title),
        "Author" => utf16(about.institution),
        "Creator" => utf16("Fieldproof"),
        "Producer" => utf16("Fieldproof"),
        "CreationDate" => Object::string_literal(date.clone()),
        "ModDate" => Object::string_literal(date),
    };
    let info = document.add_object(info);
    document.trailer.set("Info", info);
    set_id(document, &[0; 16]);
    "1.7".clone_into(&mut document.version);
    let catalog = document.catalog_mut().map_err(|_| RenderError::Assembly)?;
    catalog.set("Lang", Object::string_literal("en"));
    catalog.set("PageLayout", "SinglePage");
    catalog.set("ViewerPreferences", dictionary! { "DisplayDocTitle" => true, "PrintScaling" => "None" });
    document.prune_objects();
    document.renumber_objects();
    Ok(())
}

fn set_id(document: &mut lopdf::Document, id: &[u8]) {
    let part = Object::String(id.to_vec(), StringFormat::Hexadecimal);
    document.trailer.set("ID", Object::Array(vec![part.clone(), part]));
}

fn save(document: &mut lopdf::Document) -> Result<Vec<u8>, RenderError> {
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).map_err(|_| RenderError::Assembly)?;
    Ok(bytes)
}

fn utf16(text: &str) -> Object {
    let mut bytes = vec![0xFE, 0xFF];
    bytes.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
    Object::String(bytes, StringFormat::Hexadecimal)
}

fn pdf_date(seconds: i64) -> Result<String, RenderError> {
    let at = OffsetDateTime::from_unix_timestamp(seconds).map_err(|_| RenderError::BadDate)?;
    if !(1..=9999).contains(&at.year()) {
        return Err(RenderError::BadDate);
    }
    Ok(format!(
        "D:{:04}{:02}{:02}{:02}{:02}{:02}Z",
        at.year(),
        u8::from(at.month()),
        at.day(),
        at.hour(),
        at.minute(),
        at.second()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_written_in_universal_time() {
        assert_eq!(pdf_date(0).unwrap(), "D:19700101000000Z");
        assert_eq!(pdf_date(1_805_884_205).unwrap(), "D:20270324103005Z");
        assert_eq!(pdf_date(i64::MAX), Err(RenderError::BadDate));
    }
}
