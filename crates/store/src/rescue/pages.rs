//! The pages of a damaged file: what each is, which were used, and which are not as they were written.

use std::{fs::File, io, path::Path};

use crate::{
    Result, StoreError, StoreKey,
    rescue::{
        btree::{self, Cell, INTERIOR, LEAF, OVERFLOW_BYTES, page_type},
        cipher::{PAGE_BYTES, PageCipher, USABLE_BYTES},
        read_at,
        wal::{Wal, word},
    },
};

/// What is known of a page, one bit each.
const DAMAGED: u8 = 1;
const EMPTY: u8 = 2;
const USED: u8 = 4;
const FREE: u8 = 8;
const IS_LEAF: u8 = 16;
const IS_INTERIOR: u8 = 32;

/// A page of a tree.
pub(super) enum Node {
    /// Rows stand on it.
    Leaf(Vec<u8>),
    /// It points to these pages.
    Interior(Vec<u32>),
}

/// A file's pages, each in its newest committed version.
pub(super) struct Pages {
    file: Option<File>,
    cipher: PageCipher,
    pub(super) wal: Wal,
    /// What is known of page 1 and those after it.
    known: Vec<u8>,
    /// How many pages the file should have.
    pub(super) expected: u32,
}

impl Pages {
    /// Opens a file and its log for reading, and looks at every page once. A missing file has no pages.
    pub(super) fn open(path: &Path, key: &StoreKey, mut progress: impl FnMut(u32, u32)) -> Result<Self> {
        let file = open(path)?;
        let cipher = PageCipher::new(key)?;
        let mut log = path.as_os_str().to_owned();
        log.push("-wal");
        let wal = Wal::read(open(log.as_ref())?, &cipher);
        let bytes = file.as_ref().and_then(|file| file.metadata().ok()).map_or(0, |data| data.len());
        let present = u32::try_from(bytes.div_ceil(PAGE_BYTES as u64)).unwrap_or(u32::MAX);
        let present = present.max(wal.numbers().next_back().unwrap_or(0));
        let mut pages = Self { file, cipher, wal, known: Vec::new(), expected: present };
        if let Some(expected) = pages.told_count() {
            pages.expected = expected;
        }
        let count = present.min(pages.expected);
        for number in 1..=count {
            let about = pages.look(number);
            pages.known.push(about);
            progress(number, count);
        }
        Ok(pages)
    }

    /// How many pages there should be, as the last commit says; nobody can say it under a damaged log.
    fn told_count(&self) -> Option<u32> {
        if self.wal.is_damaged() {
            return None;
        }
        let header = || self.page(1).map(|page| word(&page, 28)).filter(|count| 0 < *count);
        self.wal.page_count.or_else(header)
    }

    fn look(&self, number: u32) -> u8 {
        let mut raw = [0; PAGE_BYTES];
        if self.raw(number, &mut raw).is_none() {
            return DAMAGED;
        }
        let empty = if raw.iter().all(|byte| *byte == 0) { EMPTY } else { 0 };
        let Some(page) = self.cipher.open(number, &raw) else {
            return DAMAGED | empty;
        };
        let salt = if number == 1 && !self.cipher.has_salt(&raw) { DAMAGED } else { 0 };
        salt | match page_type(number, &page) {
            LEAF => IS_LEAF,
            INTERIOR => IS_INTERIOR,
            _ => 0,
        }
    }

    fn raw(&self, number: u32, raw: &mut [u8; PAGE_BYTES]) -> Option<()> {
        self.wal.page(number, raw).or_else(|| self.raw_of_file(number, raw))
    }

    fn raw_of_file(&self, number: u32, raw: &mut [u8; PAGE_BYTES]) -> Option<()> {
        let offset = u64::from(number.checked_sub(1)?).checked_mul(PAGE_BYTES as u64)?;
        read_at(self.file.as_ref()?, offset, raw).ok()
    }

    /// Reads a page; `None` when it is not as it was written.
    pub(super) fn page(&self, number: u32) -> Option<Vec<u8>> {
        let mut raw = [0; PAGE_BYTES];
        self.raw(number, &mut raw)?;
        self.cipher.open(number, &raw)
    }

    /// Reads a leaf as it stands in the file itself, under a newer version in the log.
    pub(super) fn leaf_under_log(&self, number: u32) -> Option<Vec<u8>> {
        let mut raw = [0; PAGE_BYTES];
        self.raw_of_file(number, &mut raw)?;
        self.cipher.open(number, &raw).filter(|page| page_type(number, page) == LEAF)
    }

    /// How many pages there are.
    pub(super) fn count(&self) -> u32 {
        u32::try_from(self.known.len()).unwrap_or(u32::MAX)
    }

    fn about(&self, number: u32) -> Option<u8> {
        self.known.get(usize::try_from(number.checked_sub(1)?).ok()?).copied()
    }

    fn note(&mut self, number: u32, what: u8) {
        let place = number.checked_sub(1).and_then(|index| usize::try_from(index).ok());
        if let Some(about) = place.and_then(|index| self.known.get_mut(index)) {
            *about |= what;
        }
    }

    /// Whether any page could be read.
    pub(super) fn has_any(&self) -> bool {
        self.known.iter().any(|about| about & DAMAGED == 0)
    }

    /// Reads a page of a tree that nothing has used yet; `None` when it is none, and then the tree is not whole.
    pub(super) fn node(&self, number: u32) -> Option<Node> {
        let about = self.about(number)?;
        if about & (USED | FREE) != 0 || about & (IS_LEAF | IS_INTERIOR) == 0 {
            return None;
        }
        let page = self.page(number)?;
        Some(if about & IS_LEAF == 0 { Node::Interior(btree::children(number, &page)) } else { Node::Leaf(page) })
    }

    /// Notes that a page belongs to something that was saved.
    pub(super) fn set_used(&mut self, number: u32) {
        self.note(number, USED);
    }

    /// The leaves that nothing has used and that are not free, in order.
    pub(super) fn unused_leaves(&self) -> Vec<u32> {
        let leaves = (1..).zip(&self.known).filter(|(_, about)| **about & (IS_LEAF | USED | FREE) == IS_LEAF);
        leaves.map(|(number, _)| number).collect()
    }

    /// Reads a whole row, following it over its pages; none of them may belong to another row.
    pub(super) fn row(&mut self, cell: &Cell<'_>) -> Option<Vec<u8>> {
        let most = self.known.len().saturating_add(1).saturating_mul(PAGE_BYTES);
        if most < cell.size {
            return None;
        }
        let mut row = cell.local.to_vec();
        let mut chain = Vec::new();
        let mut next = cell.overflow.unwrap_or(0);
        while row.len() < cell.size {
            let about = self.about(next)?;
            if about & (USED | FREE | IS_LEAF | IS_INTERIOR) != 0 {
                return None;
            }
            let page = self.page(next)?;
            chain.push(next);
            let content = page.get(4..USABLE_BYTES)?;
            let missing = cell.size.saturating_sub(row.len()).min(OVERFLOW_BYTES);
            row.extend_from_slice(content.get(..missing)?);
            next = word(&page, 0);
        }
        if next != 0 && cell.overflow.is_some() {
            return None;
        }
        chain.into_iter().for_each(|number| self.set_used(number));
        Some(row)
    }

    /// Marks the free pages: what stands on them was deleted.
    pub(super) fn mark_free(&mut self) {
        let mut trunk = self.page(1).map_or(0, |page| word(&page, 32));
        while let Some(page) = self.free_trunk(trunk) {
            self.note(trunk, FREE);
            let (words, _) = page.get(8..).unwrap_or_default().as_chunks::<4>();
            let count = usize::try_from(word(&page, 4)).unwrap_or(0);
            for leaf in words.iter().take(count) {
                self.note(u32::from_be_bytes(*leaf), FREE);
            }
            trunk = word(&page, 0);
        }
    }

    fn free_trunk(&self, number: u32) -> Option<Vec<u8>> {
        self.about(number).filter(|about| about & FREE == 0)?;
        self.page(number)
    }

    /// The pages that are not as they were written. A free one may never have been written.
    pub(super) fn damaged(&self) -> Vec<u32> {
        let is_damaged = |about: u8| about & DAMAGED != 0 && about & (FREE | EMPTY) != FREE | EMPTY;
        (1..).zip(&self.known).filter(|(_, about)| is_damaged(**about)).map(|(number, _)| number).collect()
    }
}

/// Opens a file for reading and nothing else; `None` when there is none.
fn open(path: &Path) -> Result<Option<File>> {
    match File::open(path) {
        Ok(file) => Ok(Some(file)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(StoreError::File { path: path.to_owned(), source }),
    }
}
