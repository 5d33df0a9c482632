//! A table out of a file: text with separators, in the encodings that spreadsheets write, or an XLSX workbook.

use encoding_rs::{Encoding as Charset, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::workbook;

/// The largest file, in bytes.
pub const BYTES_LIMIT: usize = 16 << 20;
/// The most rows below the headings.
pub const ROW_LIMIT: usize = 20_000;
/// The most columns.
pub const COLUMN_LIMIT: usize = 100;
/// The longest cell, in characters.
pub const CELL_LIMIT: usize = 1_000;

/// A table of text cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The first row that is not blank.
    pub headers: TableRow,
    /// The rows below it that are not blank.
    pub rows: Vec<TableRow>,
    /// How many rows below the headings are blank.
    pub blank: usize,
    /// What the file is.
    pub form: Form,
}

/// A row, with its place in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableRow {
    /// The line on which it begins, or the number that a workbook shows beside it.
    pub line: u64,
    /// Its cells without blanks around them, up to the last one that is not empty.
    pub cells: Vec<String>,
}

impl TableRow {
    /// A cell; empty where the row is shorter.
    #[must_use]
    pub fn cell(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", String::as_str)
    }
}

/// What a table was read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Form {
    /// Text.
    Text {
        /// How its letters are written.
        encoding: Encoding,
        /// What stands between cells.
        delimiter: Delimiter,
    },
    /// A workbook.
    Workbook {
        /// The sheet that was read: the first one that is not hidden.
        sheet: String,
    },
}

/// How letters are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without its mark.
    Utf8,
    /// UTF-16 with its mark.
    Utf16,
    /// What Windows wrote in Western Europe: whatever is nothing else.
    Cp1252,
}

/// What stands between cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delimiter {
    /// `,`
    Comma,
    /// `;`
    Semicolon,
    /// A tab.
    Tab,
}

impl Delimiter {
    const ALL: [Self; 3] = [Self::Comma, Self::Semicolon, Self::Tab];

    const fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
        }
    }
}

/// Why a file is no table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    /// Larger than [`BYTES_LIMIT`], or its text is.
    #[error("the file is larger than {} MiB", BYTES_LIMIT >> 20)]
    TooLarge,
    /// A workbook that unpacks to too much.
    #[error("the workbook unpacks to more than {} MiB", workbook::UNPACKED_LIMIT >> 20)]
    UnpacksTooLarge,
    /// More rows than [`ROW_LIMIT`].
    #[error("line {line}: the table has more than {ROW_LIMIT} rows")]
    TooManyRows {
        /// The first one too many.
        line: u64,
    },
    /// More columns than [`COLUMN_LIMIT`].
    #[error("line {line}: the row has more than {COLUMN_LIMIT} columns")]
    TooManyColumns {
        /// Where.
        line: u64,
    },
    /// Longer than [`CELL_LIMIT`].
    #[error("line {line}, column {column}: the cell is longer than {CELL_LIMIT} characters")]
    CellTooLong {
        /// Where.
        line: u64,
        /// Counted from one.
        column: usize,
    },
    /// Nothing in it.
    #[error("the file holds no row")]
    Empty,
    /// Neither text nor a workbook.
    #[error("the file is neither a table in text (CSV) nor an XLSX workbook")]
    NotATable,
    /// An encoding that its mark names and its bytes do not keep.
    #[error("the file's letters are damaged: it is not the Unicode text that it says it is")]
    DamagedText,
    /// A workbook of before 2007, or one behind a password.
    #[error("the workbook is of an older kind (XLS), or behind a password")]
    OldWorkbook,
    /// A workbook that cannot be read.
    #[error("the workbook is damaged, or no XLSX")]
    DamagedWorkbook,
}

/// Reads a table.
///
/// # Errors
/// [`TableError`].
pub fn read_table(bytes: &[u8]) -> Result<Table, TableError> {
    if BYTES_LIMIT < bytes.len() {
        return Err(TableError::TooLarge);
    }
    let mut rows = Rows::default();
    let form = if bytes.starts_with(b"PK\x03\x04") {
        Form::Workbook { sheet: workbook::read(bytes, &mut rows)? }
    } else if bytes.starts_with(b"\xd0\xcf\x11\xe0") {
        return Err(TableError::OldWorkbook);
    } else {
        let (text, encoding) = decode(bytes)?;
        Form::Text { encoding, delimiter: read_text(&text, &mut rows)? }
    };
    let headers = rows.headers.ok_or(TableError::Empty)?;
    Ok(Table { headers, rows: rows.rows, blank: rows.blank, form })
}

/// The rows read so far, within the limits.
#[derive(Default)]
pub(super) struct Rows {
    headers: Option<TableRow>,
    rows: Vec<TableRow>,
    blank: usize,
    bytes: usize,
}

impl Rows {
    /// Takes one row more.
    pub(super) fn put(&mut self, line: u64, mut cells: Vec<String>) -> Result<(), TableError> {
        while cells.last().is_some_and(String::is_empty) {
            cells.pop();
        }
        if cells.is_empty() {
            self.blank = self.blank.saturating_add(usize::from(self.headers.is_some()));
            return Ok(());
        }
        if COLUMN_LIMIT < cells.len() {
            return Err(TableError::TooManyColumns { line });
        }
        if let Some(place) = cells.iter().position(|cell| CELL_LIMIT < cell.chars().count()) {
            return Err(TableError::CellTooLong { line, column: place.saturating_add(1) });
        }
        // A workbook names one text in any number of cells.
        self.bytes = cells.iter().fold(self.bytes, |bytes, cell| bytes.saturating_add(cell.len()));
        if BYTES_LIMIT < self.bytes {
            return Err(TableError::TooLarge);
        }
        let row = TableRow { line, cells };
        if self.headers.is_none() {
            self.headers = Some(row);
        } else if self.rows.len() < ROW_LIMIT {
            self.rows.push(row);
        } else {
            return Err(TableError::TooManyRows { line });
        }
        Ok(())
    }
}

fn decode(bytes: &[u8]) -> Result<(String, Encoding), TableError> {
    let utf16 = |charset: &'static Charset, rest: &[u8]| {
        let text = charset.decode_without_bom_handling_and_without_replacement(rest);
        text.map(|text| (text.into_owned(), Encoding::Utf16)).ok_or(TableError::DamagedText)
    };
    let (text, encoding) = if let Some(rest) = bytes.strip_prefix(b"\xef\xbb\xbf") {
        let text = std::str::from_utf8(rest).map_err(|_| TableError::DamagedText)?;
        (text.to_owned(), Encoding::Utf8)
    } else if let Some(rest) = bytes.strip_prefix(b"\xff\xfe") {
        utf16(UTF_16LE, rest)?
    } else if let Some(rest) = bytes.strip_prefix(b"\xfe\xff") {
        utf16(UTF_16BE, rest)?
    } else if let Ok(text) = std::str::from_utf8(bytes) {
        (text.to_owned(), Encoding::Utf8)
    } else {
        (WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(), Encoding::Cp1252)
    };
    // Pictures, programs, and UTF-16 without its mark hold what no table in text does.
    if text.chars().any(|letter| letter.is_control() && !matches!(letter, '\t' | '\n' | '\r')) {
        return Err(TableError::NotATable);
    }
    Ok((text, encoding))
}

fn read_text(text: &str, rows: &mut Rows) -> Result<Delimiter, TableError> {
    let text = text.replace("\r\n", "\n");
    let (said, text, mut line) = said_delimiter(&text);
    let delimiter = said.unwrap_or_else(|| guess_delimiter(text));
    let mut reader = csv::ReaderBuilder::new();
    let mut reader = reader.delimiter(delimiter.byte()).has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    let mut from = 0_usize;
    while reader.read_record(&mut record).map_err(|_| TableError::NotATable)? {
        let to = usize::try_from(reader.position().byte()).unwrap_or(text.len());
        let read = text.get(from..to).unwrap_or_default();
        // The reader passes over empty lines, and whoever looks for a line in the file does not.
        let passed = read.len().saturating_sub(read.trim_start_matches(['\r', '\n']).len());
        let begins = line.saturating_add(line_ends(read.get(..passed).unwrap_or_default()));
        if record.iter().skip(COLUMN_LIMIT).any(|cell| !cell.trim().is_empty()) {
            return Err(TableError::TooManyColumns { line: begins });
        }
        rows.put(begins, record.iter().take(COLUMN_LIMIT).map(|cell| cell.trim().to_owned()).collect())?;
        line = line.saturating_add(line_ends(read));
        from = to;
    }
    Ok(delimiter)
}

fn line_ends(text: &str) -> u64 {
    let ends = text.bytes().filter(|byte| matches!(byte, b'\r' | b'\n')).count();
    u64::try_from(ends).unwrap_or(u64::MAX)
}

/// What the first line says stands between cells (`sep=;`, which some spreadsheets write), the rest, and its first line.
fn said_delimiter(text: &str) -> (Option<Delimiter>, &str, u64) {
    for delimiter in Delimiter::ALL {
        let said = format!("sep={}", char::from(delimiter.byte()));
        let rest = text.strip_prefix(&said);
        if let Some(rest) = rest.and_then(|rest| rest.strip_prefix('\n')) {
            return (Some(delimiter), rest, 2);
        }
    }
    (None, text, 1)
}

/// The one that stands equally often in the most of the first lines, or else the more often.
fn guess_delimiter(text: &str) -> Delimiter {
    let alike = |delimiter: Delimiter| {
        let lines = text.lines().filter(|line| !line.trim().is_empty()).take(10);
        let counts: Vec<usize> = lines.map(|line| outside_quotes(line, char::from(delimiter.byte()))).collect();
        let of = |count: &usize| (counts.iter().filter(|other| *other == count).count(), *count);
        counts.iter().filter(|count| 0 < **count).map(of).max().unwrap_or_default()
    };
    let mut best = (Delimiter::Comma, alike(Delimiter::Comma));
    for delimiter in [Delimiter::Semicolon, Delimiter::Tab] {
        let counted = alike(delimiter);
        if best.1 < counted {
            best = (delimiter, counted);
        }
    }
    best.0
}

fn outside_quotes(line: &str, delimiter: char) -> usize {
    let mut is_quoted = false;
    let mut count = 0_usize;
    for letter in line.chars() {
        is_quoted ^= letter == '"';
        count = count.saturating_add(usize::from(letter == delimiter && !is_quoted));
    }
    count
}
