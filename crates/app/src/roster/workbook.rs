//! The first sheet of an XLSX workbook, cell by cell: a table laid out whole would be as large as its last cell says.

use std::{
    io::{Cursor, Read, copy, sink},
    panic::{AssertUnwindSafe, catch_unwind},
};

use calamine::{DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx};
use zip::ZipArchive;

use super::table::{COLUMN_LIMIT, Rows, TableError};

/// The most that a workbook may unpack to, in bytes.
pub(super) const UNPACKED_LIMIT: u64 = 32 << 20;

/// Reads the first sheet that is not hidden, and says its name.
pub(super) fn read(bytes: &[u8], rows: &mut Rows) -> Result<String, TableError> {
    check_unpacked(bytes)?;
    // The reader of workbooks counts on cells that a sheet can have; one that has others is damaged, and that is all.
    let read = catch_unwind(AssertUnwindSafe(|| read_sheet(bytes, rows)));
    read.unwrap_or(Err(TableError::DamagedWorkbook))
}

fn read_sheet(bytes: &[u8], rows: &mut Rows) -> Result<String, TableError> {
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|_| TableError::DamagedWorkbook)?;
    let is_shown = |sheet: &&calamine::Sheet| {
        matches!(sheet.typ, SheetType::WorkSheet) && matches!(sheet.visible, SheetVisible::Visible)
    };
    let sheet = book.sheets_metadata().iter().find(is_shown).map(|sheet| sheet.name.clone());
    let sheet = sheet.ok_or(TableError::DamagedWorkbook)?;
    let mut cells = book.worksheet_cells_reader(&sheet).map_err(|_| TableError::DamagedWorkbook)?;
    let (mut at, mut row) = (0_u32, Vec::new());
    while let Some(cell) = cells.next_cell().map_err(|_| TableError::DamagedWorkbook)? {
        let (down, across) = cell.get_position();
        if down < at {
            return Err(TableError::DamagedWorkbook);
        }
        if at < down {
            put(rows, at, &mut row)?;
            at = down;
        }
        let text = text(cell.get_value());
        if text.is_empty() {
            row.extend(row.is_empty().then(String::new));
            continue;
        }
        let column = usize::try_from(across).unwrap_or(usize::MAX);
        if COLUMN_LIMIT <= column {
            return Err(TableError::TooManyColumns { line: line(down) });
        }
        if row.len() <= column {
            row.resize(column.saturating_add(1), String::new());
        }
        if let Some(place) = row.get_mut(column) {
            *place = text;
        }
    }
    put(rows, at, &mut row)?;
    Ok(sheet)
}

/// A row without a cell is none, and one whose cells are empty is blank.
fn put(rows: &mut Rows, at: u32, row: &mut Vec<String>) -> Result<(), TableError> {
    if row.is_empty() { Ok(()) } else { rows.put(line(at), std::mem::take(row)) }
}

fn line(at: u32) -> u64 {
    u64::from(at).saturating_add(1)
}

/// What a few packed bytes unpack to may be anything; what a file says about it, too.
fn check_unpacked(bytes: &[u8]) -> Result<(), TableError> {
    let mut packed = ZipArchive::new(Cursor::new(bytes)).map_err(|_| TableError::DamagedWorkbook)?;
    let mut left = UNPACKED_LIMIT;
    for place in 0..packed.len() {
        let file = packed.by_index(place).map_err(|_| TableError::DamagedWorkbook)?;
        let unpacked = copy(&mut file.take(left.saturating_add(1)), &mut sink());
        let unpacked = unpacked.map_err(|_| TableError::DamagedWorkbook)?;
        left = left.checked_sub(unpacked).ok_or(TableError::UnpacksTooLarge)?;
    }
    Ok(())
}

fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        // A float is written without a point where it has nothing behind it.
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.trim().to_owned(),
        DataRef::SharedString(text) => text.trim().to_owned(),
        DataRef::Bool(is_true) => is_true.to_string(),
        DataRef::DateTime(time) => day(time),
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}

fn day(time: &ExcelDateTime) -> String {
    if time.is_duration() {
        return time.as_f64().to_string();
    }
    let (year, month, day, ..) = time.to_ymd_hms_milli();
    format!("{year:04}-{month:02}-{day:02}")
}
