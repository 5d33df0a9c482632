//! Which version a store was of, when the page that says it is gone.

use rusqlite::Connection;

use crate::{
    Result,
    migrations::Step,
    rescue::{
        btree::cells,
        pages::{Node, Pages},
        record,
        shape::{Shapes, fits, shapes},
    },
};

/// How well a version agrees with what was found: tables that look the same, then leaves that some table can hold;
/// the newest of several.
type Agreement = (usize, usize, i64);

/// Tells the version from the tables of which the schema is left, and from the rows.
pub(super) fn version_of(found: &Shapes, pages: &Pages, steps: &[Step]) -> Result<i64> {
    let scratch = Connection::open_in_memory()?;
    scratch.pragma_update(None, "foreign_keys", false)?;
    let mut versions: Vec<(Agreement, Shapes)> = Vec::new();
    for step in steps {
        scratch.execute_batch(step.sql)?;
        let shapes = shapes(&scratch)?;
        let alike = found.iter().filter(|(name, columns)| shapes.get(*name) == Some(columns)).count();
        versions.push(((alike, 0, step.version), shapes));
    }
    if 1 < versions.len() {
        for number in pages.unused_leaves() {
            if let Some(Node::Leaf(page)) = pages.node(number) {
                count_fitting(&mut versions, number, &page);
            }
        }
    }
    let best = versions.into_iter().map(|(agreement, _)| agreement).max();
    Ok(best.map_or(0, |(_, _, version)| version))
}

fn count_fitting(versions: &mut [(Agreement, Shapes)], number: u32, page: &[u8]) {
    let cells = cells(number, page);
    let rows: Vec<_> = cells.into_iter().flatten().filter_map(|cell| record::kinds(cell.local)).collect();
    for ((_, fitting, _), shapes) in versions {
        let can_hold = |columns: &Vec<_>| rows.iter().all(|kinds| fits(columns, kinds));
        *fitting = fitting.saturating_add(usize::from(shapes.values().any(can_hold)));
    }
}
