//! The write-ahead log, read without SQLite: which page stands in which frame, as far as commits reach.
//!
//! SQLite stops at the first broken frame and forgets every commit after it. Each page carries an HMAC of its own,
//! so a broken frame costs here what stood in it and nothing more.

use std::{collections::BTreeMap, fs::File};

use crate::rescue::{
    cipher::{PAGE_BYTES, PageCipher},
    read_at,
};

const HEADER_BYTES: usize = 32;
const FRAME_HEADER_BYTES: usize = 24;
/// The header's first word; the last bit says in which order words are summed.
const MAGIC: u32 = 0x377F_0682;

/// The committed frames of a log.
#[derive(Debug, Default)]
pub(super) struct Wal {
    file: Option<File>,
    /// Where the newest committed version of a page begins.
    pages: BTreeMap<u32, u64>,
    /// How many pages the file has after the last commit.
    pub(super) page_count: Option<u32>,
    /// Whether the header is not as it was written.
    pub(super) is_header_damaged: bool,
    /// Frames that are not as they were written, counted from one.
    pub(super) damaged_frames: Vec<u32>,
}

impl Wal {
    /// Reads a log; one that is missing or empty is as good as none.
    pub(super) fn read(file: Option<File>, cipher: &PageCipher) -> Self {
        let mut wal = Self { file, ..Self::default() };
        if let Some(file) = &wal.file {
            let mut header = [0; HEADER_BYTES];
            if read_at(file, 0, &mut header).is_ok() {
                let mut scan = Scan::new(&header);
                let is_header_damaged = scan.is_header_damaged;
                scan.run(file, cipher);
                wal.is_header_damaged = is_header_damaged;
                wal.pages = scan.committed;
                wal.page_count = scan.page_count;
                wal.damaged_frames = scan.damaged;
            }
        }
        wal
    }

    /// Whether a frame could not be read, so that older versions of pages may stand in for newer ones. A broken header
    /// alone hides nothing.
    pub(super) const fn is_damaged(&self) -> bool {
        !self.damaged_frames.is_empty()
    }

    /// The pages that stand in the log, in order.
    pub(super) fn numbers(&self) -> impl DoubleEndedIterator<Item = u32> {
        self.pages.keys().copied()
    }

    /// Reads a page's newest committed version; `None` when the log has none.
    pub(super) fn page(&self, number: u32, raw: &mut [u8]) -> Option<()> {
        read_at(self.file.as_ref()?, *self.pages.get(&number)?, raw).ok()
    }
}

/// What has been understood of a log so far.
struct Scan {
    is_big_endian: bool,
    is_header_damaged: bool,
    salts: Option<[u8; 8]>,
    /// The sum that the next frame continues: as it stood in the frame before, and as computed over it.
    sums: [(u32, u32); 2],
    pending: Vec<(u32, u64)>,
    /// Frames of which it is not yet known whether they are damaged or left over from an earlier log.
    strange: Vec<u32>,
    committed: BTreeMap<u32, u64>,
    page_count: Option<u32>,
    damaged: Vec<u32>,
}

impl Scan {
    fn new(header: &[u8; HEADER_BYTES]) -> Self {
        let magic = word(header, 0);
        let is_big_endian = magic == MAGIC | 1;
        let sum = checksum(is_big_endian, (0, 0), header.get(..24).unwrap_or_default());
        let is_whole = magic & !1 == MAGIC && sum == (word(header, 24), word(header, 28));
        Self {
            is_big_endian,
            is_header_damaged: !is_whole,
            salts: is_whole.then(|| salts(header, 16)).flatten(),
            sums: [(word(header, 24), word(header, 28)), sum],
            pending: Vec::new(),
            strange: Vec::new(),
            committed: BTreeMap::new(),
            page_count: None,
            damaged: Vec::new(),
        }
    }

    fn run(&mut self, file: &File, cipher: &PageCipher) {
        let mut frame = vec![0; FRAME_HEADER_BYTES + PAGE_BYTES];
        let size = u64::try_from(frame.len()).unwrap_or(u64::MAX);
        for (number, offset) in (1..=u32::MAX).zip((32_u64..).step_by(frame.len())) {
            // A frame cut short was never committed.
            if file.metadata().map_or(0, |data| data.len()) < offset.saturating_add(size) {
                return;
            }
            if read_at(file, offset, &mut frame).is_ok() {
                self.take(number, offset, &frame, cipher);
            } else {
                self.strange.push(number);
            }
        }
    }

    fn take(&mut self, number: u32, offset: u64, frame: &[u8], cipher: &PageCipher) {
        let found = salts(frame, 8);
        // Under a broken header the first frame's salts must do.
        self.salts = self.salts.or(found);
        if found != self.salts {
            self.strange.push(number);
            return;
        }
        self.damaged.append(&mut self.strange);
        let (header, page) = frame.split_at_checked(FRAME_HEADER_BYTES).unwrap_or_default();
        let begun = header.get(..8).unwrap_or_default();
        let stored = (word(header, 16), word(header, 20));
        let computed = self.sums.map(|sum| {
            let sum = checksum(self.is_big_endian, sum, begun);
            checksum(self.is_big_endian, sum, page)
        });
        let is_summed = computed.contains(&stored);
        let [computed, _] = computed;
        self.sums = [stored, computed];
        let page_number = word(header, 0);
        let is_page_whole = cipher.open(page_number, page).is_some();
        if is_page_whole {
            self.pending.push((page_number, offset.saturating_add(24)));
        }
        if !(is_summed && is_page_whole) {
            self.damaged.push(number);
        }
        // Whether a frame ends a transaction is believed only under a right sum.
        let commit = word(header, 4);
        if is_summed && commit != 0 {
            self.committed.extend(self.pending.drain(..));
            self.page_count = Some(commit);
        }
    }
}

fn salts(bytes: &[u8], at: usize) -> Option<[u8; 8]> {
    bytes.get(at..at.checked_add(8)?)?.try_into().ok()
}

/// Four bytes as SQLite keeps numbers; nothing is zero.
pub(super) fn word(bytes: &[u8], at: usize) -> u32 {
    let four = bytes.get(at..).and_then(|rest| rest.first_chunk::<4>());
    four.map_or(0, |four| u32::from_be_bytes(*four))
}

/// SQLite's running sum over pairs of words.
fn checksum(is_big_endian: bool, (mut first, mut second): (u32, u32), bytes: &[u8]) -> (u32, u32) {
    let read = |four: &[u8; 4]| if is_big_endian { u32::from_be_bytes(*four) } else { u32::from_le_bytes(*four) };
    let (words, _) = bytes.as_chunks::<4>();
    let (pairs, _) = words.as_chunks::<2>();
    for [one, two] in pairs {
        first = first.wrapping_add(read(one)).wrapping_add(second);
        second = second.wrapping_add(read(two)).wrapping_add(first);
    }
    (first, second)
}
