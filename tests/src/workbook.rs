//! The smallest workbooks (XLSX) that a spreadsheet program would open.

use std::io::{Cursor, Write};

use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

/// A heading with a gap, somebody with a date of birth, a row of empty cells, and somebody with a year of birth.
pub const AUTUMN: &str = r#"<row r="2"><c r="A2" t="s"><v>0</v></c><c r="C2" t="inlineStr"><is><t>Syntymäaika</t></is></c></row>
    <row r="3"><c r="A3" t="s"><v>1</v></c><c r="C3" s="1"><v>32873</v></c></row>
    <row r="4"><c r="A4" s="1"/><c r="C4"/></row>
    <row r="6"><c r="A6" t="inlineStr"><is><t>Bo Ek</t></is></c><c r="C6"><v>1985</v></c></row>"#;

/// A workbook: its files by name.
#[must_use]
pub fn packed(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, content) in files {
        zip.start_file(*name, options).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

const SHEETS: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OF_OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// A workbook with a hidden sheet, and one with these rows.
#[must_use]
pub fn workbook(rows: &str) -> Vec<u8> {
    workbook_of(rows, "<workbookPr/>")
}

/// The same, with properties of its own.
#[must_use]
pub fn workbook_of(rows: &str, properties: &str) -> Vec<u8> {
    let book = format!(
        r#"<workbook xmlns="{SHEETS}" xmlns:r="{OF_OFFICE}">{properties}<sheets>
        <sheet name="Lists" sheetId="1" state="hidden" r:id="r1"/><sheet name="Autumn" sheetId="2" r:id="r2"/>
        </sheets></workbook>"#
    );
    let links = format!(
        r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
        <Relationship Id="r1" Type="{OF_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>
        <Relationship Id="r2" Type="{OF_OFFICE}/worksheet" Target="worksheets/sheet2.xml"/>
        <Relationship Id="r3" Type="{OF_OFFICE}/styles" Target="styles.xml"/>
        <Relationship Id="r4" Type="{OF_OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>"#
    );
    let root = format!(
        r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
        <Relationship Id="r1" Type="{OF_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
    );
    // Style 1 is Excel's short date.
    let styles = format!(
        r#"<styleSheet xmlns="{SHEETS}"><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>"#
    );
    let strings = format!(r#"<sst xmlns="{SHEETS}"><si><t>Nimi</t></si><si><t>Äijä Öberg</t></si></sst>"#);
    let sheet = |rows: &str| format!(r#"<worksheet xmlns="{SHEETS}"><sheetData>{rows}</sheetData></worksheet>"#);
    packed(&[
        ("_rels/.rels", root.as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", links.as_bytes()),
        ("xl/styles.xml", styles.as_bytes()),
        ("xl/sharedStrings.xml", strings.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet(r#"<row r="1"><c r="A1"><v>1</v></c></row>"#).as_bytes()),
        ("xl/worksheets/sheet2.xml", sheet(rows).as_bytes()),
    ])
}
