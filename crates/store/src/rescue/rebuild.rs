//! One file: its schema, the trees that can be walked, then the leaves that no tree led to.

use std::path::Path;

use rusqlite::types::Value;

use crate::{
    Result, StoreError, StoreKey,
    migrations::Step,
    rescue::{
        Progress, Stage,
        btree::{Cell, cells},
        pages::{Node, Pages},
        record::{self, Kind},
        report::{FileReport, TableReport},
        shape::{Column, Shapes, fits, shapes_of},
        target::{Row, Saved, Target},
        version::version_of,
        wal::word,
    },
};

/// A line of the schema: a table's name, the root of its tree, and its statement.
struct Entry {
    name: String,
    root: u32,
    sql: String,
}

/// What is at work on one file.
struct Rebuild<'a> {
    pages: Pages,
    target: Target,
    shapes: Shapes,
    report: FileReport,
    /// Whether pages may hold rows to which no tree leads.
    is_search_due: bool,
    progress: &'a mut dyn FnMut(Stage, u32, u32),
}

/// Saves what can be read of the file at `from` into a fresh one at `to`. Also says whether anything could be read.
pub(super) fn rebuild(
    from: &Path,
    to: &Path,
    key: &StoreKey,
    steps: &[Step],
    file: &'static str,
    progress: &mut dyn FnMut(Progress),
) -> Result<(FileReport, Target, bool)> {
    let mut progress = |stage, done, total| progress(Progress { file, stage, done, total });
    let mut pages = Pages::open(from, key, |done, total| progress(Stage::Checking, done, total))?;
    pages.mark_free();
    let (entries, is_schema_whole) = read_schema(&mut pages);
    let found = shapes_of(entries.iter().map(|entry| entry.sql.as_str()))?;
    let known = steps.last().map_or(0, |step| step.version);
    let told = pages.page(1).map(|page| i64::from(word(&page, 60)));
    let version = told.map_or_else(|| version_of(&found, &pages, steps), Ok)?;
    if known < version {
        return Err(StoreError::TooNew { found: version, known });
    }
    let target = Target::create(to, key, steps, version)?;
    // Rows are as the damaged file's schema says; what it does not tell is as in a fresh file.
    let mut shapes = target.shapes()?;
    for (table, columns) in &mut shapes {
        if let Some(found) = found.get(table).filter(|found| same_names(found, columns)) {
            columns.clone_from(found);
        }
    }
    // Where every tree is known and whole, no row can stand anywhere else.
    let is_known = |table: &String| entries.iter().any(|entry| entry.name == *table);
    let is_search_due = pages.wal.is_damaged() || !is_schema_whole && !shapes.keys().all(is_known);
    let report = FileReport::default();
    let mut rebuild = Rebuild { pages, target, shapes, report, is_search_due, progress: &mut progress };
    rebuild.save(&entries)?;
    let has_any = rebuild.pages.has_any();
    rebuild.finish(steps).map(|(report, target)| (report, target, has_any))
}

/// Whether two tables have the same columns, in whatever order.
fn same_names(one: &[Column], other: &[Column]) -> bool {
    one.len() == other.len() && one.iter().all(|column| other.iter().any(|twin| twin.name == column.name))
}

/// Reads the schema from its tree, and from wherever else it stands when the tree is broken.
fn read_schema(pages: &mut Pages) -> (Vec<Entry>, bool) {
    let mut entries = Vec::new();
    let mut is_whole = true;
    let mut waiting = vec![1];
    while let Some(number) = waiting.pop() {
        match pages.node(number) {
            Some(Node::Leaf(page)) => entries.extend(schema_entries(pages, number, &page)),
            Some(Node::Interior(children)) => {
                pages.set_used(number);
                waiting.extend(children.into_iter().rev());
            }
            None => is_whole = false,
        }
    }
    if !is_whole {
        for number in pages.unused_leaves() {
            if let Some(Node::Leaf(page)) = pages.node(number)
                && cells(number, &page).iter().flatten().any(is_schema_row)
            {
                entries.extend(schema_entries(pages, number, &page));
            }
        }
    }
    (entries, is_whole)
}

fn schema_entries(pages: &mut Pages, number: u32, page: &[u8]) -> Vec<Entry> {
    pages.set_used(number);
    let rows = cells(number, page);
    rows.iter().flatten().filter_map(|cell| schema_entry(&pages.row(cell)?)).collect()
}

/// Whether a row looks like one of the schema: no table of ours holds text, text, text, number, text.
fn is_schema_row(cell: &Cell<'_>) -> bool {
    record::kinds(cell.local).is_some_and(|kinds| {
        matches!(*kinds, [Kind::Text, Kind::Text, Kind::Text, Kind::Integer, Kind::Text | Kind::Null])
    })
}

fn schema_entry(row: &[u8]) -> Option<Entry> {
    let values: [Value; 5] = record::values(row)?.try_into().ok()?;
    let [Value::Text(kind), Value::Text(name), _, Value::Integer(root), Value::Text(sql)] = values else {
        return None;
    };
    let root = u32::try_from(root).ok().filter(|_| kind == "table")?;
    Some(Entry { name, root, sql })
}

impl Rebuild<'_> {
    fn save(&mut self, entries: &[Entry]) -> Result<()> {
        for name in self.shapes.keys().cloned().collect::<Vec<_>>() {
            let roots: Vec<u32> = entries.iter().filter(|entry| entry.name == name).map(|entry| entry.root).collect();
            for root in roots {
                self.save_tree(&name, root)?;
            }
        }
        if self.is_search_due { self.save_unused() } else { Ok(()) }
    }

    fn table(&mut self, table: &str) -> &mut TableReport {
        self.report.tables.entry(table.to_owned()).or_default()
    }

    /// Saves the rows of a tree, from left to right.
    fn save_tree(&mut self, table: &str, root: u32) -> Result<()> {
        let mut waiting = vec![root];
        while let Some(number) = waiting.pop() {
            match self.pages.node(number) {
                Some(Node::Interior(children)) => {
                    self.pages.set_used(number);
                    waiting.extend(children.into_iter().rev());
                }
                Some(Node::Leaf(page)) if self.page_fits(table, number, &page) => {
                    self.pages.set_used(number);
                    let rows = self.read_rows(number, &page, Some(table));
                    self.add_rows(table, &rows)?;
                    (self.progress)(Stage::Saving, number, self.pages.count());
                }
                _ => {
                    let unread = &mut self.table(table).unread_pages;
                    *unread = unread.saturating_add(1);
                    self.is_search_due = true;
                }
            }
        }
        Ok(())
    }

    /// Whether every row of a leaf can stand in a table; one that makes no sense says nothing against it.
    fn page_fits(&self, table: &str, number: u32, page: &[u8]) -> bool {
        let columns = self.shapes.get(table).map(Vec::as_slice).unwrap_or_default();
        let mut kinds = cells(number, page).into_iter().flatten().filter_map(|cell| record::kinds(cell.local));
        kinds.all(|kinds| fits(columns, &kinds))
    }

    /// Reads the rows of a leaf and counts those that are lost, for their table where that is known.
    fn read_rows(&mut self, number: u32, page: &[u8], table: Option<&str>) -> Vec<Row> {
        let cells = cells(number, page);
        let mut rows = Vec::with_capacity(cells.len());
        let mut lost = 0_u64;
        for cell in cells {
            let read = cell.and_then(|cell| {
                let values = record::values(&self.pages.row(&cell)?)?;
                Some(Row { rowid: cell.rowid, bytes: cell.size, values })
            });
            match read {
                Some(row) => rows.push(row),
                None => lost = lost.saturating_add(1),
            }
        }
        let count = match table {
            Some(table) => &mut self.table(table).lost,
            None => &mut self.report.unassigned,
        };
        *count = count.saturating_add(lost);
        rows
    }

    /// Adds rows; says how many were new.
    fn add_rows(&mut self, table: &str, rows: &[Row]) -> Result<u64> {
        let columns = self.shapes.get(table).map(Vec::as_slice).unwrap_or_default();
        let (mut added, mut refused) = (0_u64, 0_u64);
        for row in rows {
            match self.target.add(table, columns, row)? {
                Saved::Added => added = added.saturating_add(1),
                Saved::Refused => refused = refused.saturating_add(1),
                Saved::Twice => {}
            }
        }
        let lost = &mut self.table(table).lost;
        *lost = lost.saturating_add(refused);
        self.target.commit_some()?;
        Ok(added)
    }

    /// Saves the rows of leaves that no tree led to: first where only one table can hold them, then where the rules
    /// and references of several must tell, and last what newer versions in a broken log have hidden.
    fn save_unused(&mut self) -> Result<()> {
        let mut unclear = Vec::new();
        for number in self.pages.unused_leaves() {
            let Some(Node::Leaf(page)) = self.pages.node(number) else {
                continue;
            };
            match &*self.candidates(number, &page) {
                [table] => self.save_found(&table.clone(), number, &page)?,
                [] => self.count_unassigned(number, &page),
                _ => unclear.push(number),
            }
            (self.progress)(Stage::Searching, number, self.pages.count());
        }
        for number in unclear {
            if let Some(Node::Leaf(page)) = self.pages.node(number) {
                self.save_unclear(number, &page)?;
            }
        }
        if self.pages.wal.is_damaged() { self.save_hidden() } else { Ok(()) }
    }

    /// The tables that can hold a leaf's rows; those of an empty one are no matter.
    fn candidates(&self, number: u32, page: &[u8]) -> Vec<String> {
        let tables = self.shapes.keys().filter(|table| self.page_fits(table, number, page));
        tables.cloned().collect()
    }

    fn count_unassigned(&mut self, number: u32, page: &[u8]) {
        let rows = u64::try_from(cells(number, page).len()).unwrap_or(u64::MAX);
        self.report.unassigned = self.report.unassigned.saturating_add(rows);
    }

    fn save_found(&mut self, table: &str, number: u32, page: &[u8]) -> Result<()> {
        self.pages.set_used(number);
        let rows = self.read_rows(number, page, Some(table));
        self.add_found(table, &rows)
    }

    fn add_found(&mut self, table: &str, rows: &[Row]) -> Result<()> {
        let added = self.add_rows(table, rows)?;
        let found = &mut self.table(table).found;
        *found = found.saturating_add(added);
        Ok(())
    }

    fn save_unclear(&mut self, number: u32, page: &[u8]) -> Result<()> {
        self.pages.set_used(number);
        let rows = self.read_rows(number, page, None);
        self.add_to_best(&self.candidates(number, page), &rows)
    }

    fn add_to_best(&mut self, candidates: &[String], rows: &[Row]) -> Result<()> {
        let mut best = None;
        for table in candidates {
            let columns = self.shapes.get(table).map(Vec::as_slice).unwrap_or_default();
            let misfit = self.target.try_rows(table, columns, rows)?;
            if best.as_ref().is_none_or(|(least, _)| misfit < *least) {
                best = Some((misfit, table));
            }
        }
        best.map_or(Ok(()), |(_, table)| self.add_found(table, rows))
    }

    /// Saves rows that stand in the file itself under versions in the log, one of which could not be read.
    fn save_hidden(&mut self) -> Result<()> {
        for number in self.pages.wal.numbers().collect::<Vec<_>>() {
            let Some(page) = self.pages.leaf_under_log(number) else {
                continue;
            };
            let candidates = self.candidates(number, &page);
            if candidates.is_empty() || cells(number, &page).is_empty() {
                continue;
            }
            let before = self.report.unassigned;
            let rows = self.read_rows(number, &page, None);
            // Most of these rows are there already; that some could not be read says nothing.
            self.report.unassigned = before;
            self.add_to_best(&candidates, &rows)?;
        }
        Ok(())
    }

    fn finish(mut self, steps: &[Step]) -> Result<(FileReport, Target)> {
        self.target.finish(steps)?;
        self.report.set_saved(self.target.counts()?);
        let pages = &self.pages;
        self.report.pages = pages.expected;
        self.report.missing = pages.expected.saturating_sub(pages.count());
        self.report.damaged = pages.damaged();
        self.report.is_log_header_damaged = pages.wal.is_header_damaged;
        self.report.damaged_frames.clone_from(&pages.wal.damaged_frames);
        self.report.dangling = self.target.dangling()?;
        Ok((self.report, self.target))
    }
}
