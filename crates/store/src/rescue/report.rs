//! What was saved and what was not, by table and page; nothing personal stands in it.

use std::{collections::BTreeMap, fmt::Write as _};

use fieldproof_model::digest::Digest;

/// The outcome of a rescue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Of the store itself.
    pub store: FileReport,
    /// Of the evidence beside it.
    pub evidence: FileReport,
    /// Items of evidence whose bytes have their digest.
    pub whole: Vec<Digest>,
    /// Items of which something is missing.
    pub incomplete: Vec<Digest>,
}

/// The outcome for one file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileReport {
    /// How many pages the file should have.
    pub pages: u32,
    /// Pages at its end that are not there.
    pub missing: u32,
    /// Pages that are not as they were written.
    pub damaged: Vec<u32>,
    /// Whether the log's header is not as it was written.
    pub is_log_header_damaged: bool,
    /// Frames of the log that are not as they were written, counted from one.
    pub damaged_frames: Vec<u32>,
    /// By table.
    pub tables: BTreeMap<String, TableReport>,
    /// Rows that were read and belong to no table that is known.
    pub unassigned: u64,
    /// References to rows that were not saved.
    pub dangling: u64,
}

/// The outcome for one table.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TableReport {
    /// Rows saved.
    pub saved: u64,
    /// Of these, rows found by their form alone, on pages that no tree led to. Some may have been deleted before.
    pub found: u64,
    /// Rows of which only a part could be read.
    pub lost: u64,
    /// Pages of its tree that could not be read.
    pub unread_pages: u64,
}

impl FileReport {
    /// Whether everything was as it was written.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        let is_log_whole = !self.is_log_header_damaged && self.damaged_frames.is_empty();
        is_log_whole && 0 < self.pages && self.missing == 0 && self.damaged.is_empty()
    }

    pub(super) fn set_saved(&mut self, counts: Vec<(String, u64)>) {
        for (table, saved) in counts {
            self.tables.entry(table).or_default().saved = saved;
        }
    }

    fn write(&self, name: &str, text: &mut String) -> std::fmt::Result {
        writeln!(text, "{name}: {} pages", self.pages)?;
        if self.is_whole() {
            writeln!(text, "  every page is as it was written")?;
        }
        if self.pages == 0 {
            writeln!(text, "  there was nothing to read")?;
        }
        if 0 < self.missing {
            writeln!(text, "  pages missing at the end: {}", self.missing)?;
        }
        if !self.damaged.is_empty() {
            writeln!(text, "  damaged pages: {}", ranges(&self.damaged))?;
        }
        if self.is_log_header_damaged {
            writeln!(text, "  the log's beginning is damaged")?;
        }
        if !self.damaged_frames.is_empty() {
            writeln!(text, "  damaged frames of the log: {}", ranges(&self.damaged_frames))?;
        }
        for (table, rows) in &self.tables {
            rows.write(table, text)?;
        }
        if 0 < self.unassigned {
            writeln!(text, "  rows that belong to no known table: {}", self.unassigned)?;
        }
        if 0 < self.dangling {
            writeln!(text, "  references to rows that were not saved: {}", self.dangling)?;
        }
        writeln!(text)
    }
}

impl TableReport {
    fn write(&self, table: &str, text: &mut String) -> std::fmt::Result {
        write!(text, "  {table}: {} rows saved", self.saved)?;
        if 0 < self.found {
            write!(text, ", {} of them by their form alone (some may have been deleted before)", self.found)?;
        }
        if 0 < self.lost {
            write!(text, ", {} read in part and lost", self.lost)?;
        }
        if 0 < self.unread_pages {
            write!(text, ", {} pages not read", self.unread_pages)?;
        }
        writeln!(text)
    }
}

impl Report {
    /// Whether nothing was damaged.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.store.is_whole() && self.evidence.is_whole() && self.incomplete.is_empty()
    }

    /// The index in words, for whoever holds the rescued files.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = "What was saved from the store\n\n".to_owned();
        // Writing into a string cannot fail.
        let _written = self.write(&mut text);
        text
    }

    fn write(&self, text: &mut String) -> std::fmt::Result {
        self.store.write(crate::STORE_FILE, text)?;
        self.evidence.write(crate::EVIDENCE_FILE, text)?;
        writeln!(text, "Evidence: {} items whole, {} incomplete", self.whole.len(), self.incomplete.len())?;
        self.incomplete.iter().try_for_each(|digest| writeln!(text, "  incomplete: {digest}"))?;
        self.whole.iter().try_for_each(|digest| writeln!(text, "  whole: {digest}"))
    }
}

/// Numbers in order, neighbours taken together: `3, 7-9`.
fn ranges(numbers: &[u32]) -> String {
    let runs = numbers.chunk_by(|one, next| one.checked_add(1) == Some(*next));
    let words = runs.filter_map(|run| match (run.first()?, run.last()?) {
        (first, last) if first == last => Some(first.to_string()),
        (first, last) => Some(format!("{first}-{last}")),
    });
    words.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_index_says_what_was_saved_and_what_was_not() {
        let table = TableReport { saved: 9, found: 4, lost: 2, unread_pages: 1 };
        let store = FileReport {
            pages: 20,
            missing: 3,
            damaged: vec![3, 7, 8, 9],
            damaged_frames: vec![2],
            tables: [("observations".to_owned(), table)].into(),
            dangling: 5,
            ..FileReport::default()
        };
        let evidence = FileReport { pages: 2, ..FileReport::default() };
        let [whole, incomplete] = [1, 2].map(|byte| Digest::new([byte; 32]));
        let report = Report { store, evidence, whole: vec![whole], incomplete: vec![incomplete] };
        let expected = format!(
            "What was saved from the store

store.db: 20 pages
  pages missing at the end: 3
  damaged pages: 3, 7-9
  damaged frames of the log: 2
  observations: 9 rows saved, 4 of them by their form alone (some may have been deleted before), 2 read in part and \
             lost, 1 pages not read
  references to rows that were not saved: 5

evidence.db: 2 pages
  every page is as it was written

Evidence: 1 items whole, 1 incomplete
  incomplete: {incomplete}
  whole: {whole}
"
        );
        assert_eq!(report.to_text(), expected);
        assert!(!report.is_whole());
    }
}
