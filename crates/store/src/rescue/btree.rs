//! One page of a table's tree: the cells of a leaf, or where an interior page points.

use crate::rescue::{cipher::USABLE_BYTES, record::varint, wal::word};

/// The first byte of a page that holds rows.
pub(super) const LEAF: u8 = 0x0D;
/// The first byte of a page that points to such pages.
pub(super) const INTERIOR: u8 = 0x05;
/// The longest row that stands whole on its leaf, and the least of a longer one that does.
const MOST_LOCAL: usize = USABLE_BYTES - 35;
const LEAST_LOCAL: usize = (USABLE_BYTES - 12) * 32 / 255 - 23;
/// Bytes of content on an overflow page, after the number of the next.
pub(super) const OVERFLOW_BYTES: usize = USABLE_BYTES - 4;

/// A row on a leaf.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cell<'p> {
    /// SQLite's own number of the row.
    pub(super) rowid: i64,
    /// Bytes of the whole row.
    pub(super) size: usize,
    /// Those that stand on the leaf.
    pub(super) local: &'p [u8],
    /// The first page of the rest.
    pub(super) overflow: Option<u32>,
}

/// Where the page's own header begins: page 1 begins with the file's.
const fn header_at(number: u32) -> usize {
    if number == 1 { 100 } else { 0 }
}

/// What a page is: [`LEAF`], [`INTERIOR`] or something else.
pub(super) fn page_type(number: u32, page: &[u8]) -> u8 {
    page.get(header_at(number)).copied().unwrap_or(0)
}

/// The cells of a leaf, `None` for each that makes no sense.
pub(super) fn cells(number: u32, page: &[u8]) -> Vec<Option<Cell<'_>>> {
    pointers(number, page, 8).map(|pointer| cell(page.get(pointer..)?)).collect()
}

/// The pages an interior page points to, from left to right.
pub(super) fn children(number: u32, page: &[u8]) -> Vec<u32> {
    let last = word(page, header_at(number).saturating_add(8));
    pointers(number, page, 12).map(|pointer| word(page, pointer)).chain([last]).collect()
}

/// Where the cells begin.
fn pointers(number: u32, page: &[u8], header_bytes: usize) -> impl Iterator<Item = usize> {
    let header = page.get(header_at(number)..).unwrap_or_default();
    let two = |at: usize| header.get(at..).and_then(|rest| rest.first_chunk::<2>()).copied().unwrap_or_default();
    let count = usize::from(u16::from_be_bytes(two(3)));
    let (pairs, _) = header.get(header_bytes..).unwrap_or_default().as_chunks::<2>();
    pairs.iter().take(count).map(|pair| usize::from(u16::from_be_bytes(*pair)))
}

fn cell(bytes: &[u8]) -> Option<Cell<'_>> {
    let (size, length) = varint(bytes)?;
    let bytes = bytes.get(length..)?;
    let (rowid, length) = varint(bytes)?;
    let bytes = bytes.get(length..)?;
    let size = usize::try_from(size).ok()?;
    let local = local_bytes(size);
    let (local, rest) = bytes.split_at_checked(local)?;
    let overflow = if local.len() < size { Some(word(rest.get(..4)?, 0)) } else { None };
    Some(Cell { rowid: i64::from_ne_bytes(rowid.to_ne_bytes()), size, local, overflow })
}

/// How much of a row stands on its leaf.
const fn local_bytes(size: usize) -> usize {
    if size <= MOST_LOCAL {
        return size;
    }
    let fitting = LEAST_LOCAL + (size - LEAST_LOCAL) % OVERFLOW_BYTES;
    if fitting <= MOST_LOCAL { fitting } else { LEAST_LOCAL }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;
    use crate::rescue::record;

    proptest! {
        #[test]
        fn no_bytes_make_reading_a_page_panic(
            number in 1_u32..3,
            first in prop::sample::select(vec![LEAF, INTERIOR, 0x02, 0x0A, 0]),
            mut page in vec(any::<u8>(), 0..=USABLE_BYTES),
            count in 0_u16..600,
        ) {
            let at = header_at(number);
            for (byte, value) in page.iter_mut().skip(at).zip([first, 0, 0, 0]) {
                *byte = value;
            }
            for (byte, value) in page.iter_mut().skip(at + 3).zip(count.to_be_bytes()) {
                *byte = value;
            }
            for cell in cells(number, &page).into_iter().flatten() {
                prop_assert!(cell.local.len() <= cell.size);
                let _kinds = record::kinds(cell.local);
                let _values = record::values(cell.local);
            }
            prop_assert!(children(number, &page).len() <= usize::from(count) + 1);
        }

        #[test]
        fn no_bytes_make_reading_a_row_panic(row in vec(any::<u8>(), 0..200)) {
            let (kinds, values) = (record::kinds(&row), record::values(&row));
            if let Some(values) = values {
                prop_assert_eq!(kinds.map(|kinds| kinds.len()), Some(values.len()));
            }
        }
    }

    #[test]
    fn a_row_cut_short_is_no_row() {
        let row = [&[5, 7][..], &[3, 1, 17, 42, b'a'], &[0; 8]].concat();
        let whole = cell(&row).unwrap();
        assert_eq!((whole.rowid, whole.size, whole.local.len(), whole.overflow), (7, 5, 5, None));
        for length in 0..7 {
            assert_eq!(cell(&row[..length]), None, "{length}");
        }
        let long = [&[0x82, 0x80, 0x00, 1][..], &[0; USABLE_BYTES]].concat();
        let begun = cell(&long).unwrap();
        assert!(begun.local.len() < begun.size && begun.overflow == Some(0));
        assert_eq!(cell(&long[..4 + begun.local.len() + 3]), None, "the next page's number is cut short");
    }
}
