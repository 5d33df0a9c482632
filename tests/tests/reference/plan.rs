//! A scheme as a candidate goes through it: its criteria and rules by their places.
#![expect(clippy::indexing_slicing, reason = "places come from the plan itself")]

use serde_json::Value;

use super::read::{list, number, text};

/// A criterion in the plan.
pub(crate) struct Item<'a> {
    pub(crate) id: &'a str,
    pub(crate) kind: &'a str,
    pub(crate) part: usize,
    pub(crate) value: &'a Value,
}

/// A rule between two criteria, by their places.
pub(crate) struct Pair<'a> {
    pub(crate) id: &'a str,
    pub(crate) after: usize,
    pub(crate) then: usize,
    pub(crate) consequence: &'a str,
    pub(crate) seconds: i64,
}

/// The scheme as the candidate goes through it.
pub(crate) struct Plan<'a> {
    pub(crate) document: &'a Value,
    pub(crate) values: &'a Value,
    pub(crate) items: Vec<Item<'a>>,
    pub(crate) order: Vec<Pair<'a>>,
    pub(crate) waits: Vec<Pair<'a>>,
    pub(crate) voids: Vec<(usize, Vec<usize>)>,
}

impl<'a> Plan<'a> {
    /// Reads both documents.
    pub(crate) fn new(document: &'a Value, values: &'a Value) -> Self {
        let mut items = Vec::new();
        for (at, part) in list(document, "parts").iter().enumerate() {
            let steps = list(part, "tasks").iter().flat_map(|task| list(task, "steps"));
            items.extend(steps.flat_map(|step| list(step, "criteria")).map(|value| Item {
                id: text(value, "id"),
                kind: text(value, "kind"),
                part: at,
                value,
            }));
        }
        let place = |id: &str| items.iter().position(|item: &Item<'_>| item.id == id).unwrap_or_default();
        let pairs = |name: &str, then: &str| {
            let pair = |rule: &'a Value| Pair {
                id: text(rule, "id"),
                after: place(text(rule, "after")),
                then: place(text(rule, then)),
                consequence: text(rule, "consequence"),
                seconds: values.get("waits").and_then(|waits| number(waits, text(rule, "id"))).unwrap_or_default(),
            };
            list(document, name).iter().map(pair).collect::<Vec<Pair<'a>>>()
        };
        let (order, waits) = (pairs("order", "criterion"), pairs("waits", "before"));
        let voids = list(document, "voids")
            .iter()
            .map(|rule| {
                let voided = list(rule, "voids").iter().filter_map(Value::as_str).map(place).collect();
                (place(text(rule, "criterion")), voided)
            })
            .collect();
        Self { document, values, items, order, waits, voids }
    }

    /// The parts, in order.
    pub(crate) fn parts(&self) -> &'a [Value] {
        list(self.document, "parts")
    }

    /// What the institution set for a part.
    pub(crate) fn set(&self, part: usize, name: &str) -> Option<i64> {
        let parts = self.values.get("parts")?;
        number(parts.get(text(&self.parts()[part], "id"))?, name)
    }

    /// Whether a part is marked in points.
    pub(crate) fn is_marked(&self, part: usize) -> bool {
        list(&self.parts()[part], "tasks").is_empty()
    }

    /// A part's time limit.
    pub(crate) fn limit(&self, part: usize) -> Option<i64> {
        let scheme = self.parts()[part].get("time_limit").and_then(|limit| number(limit, "seconds"));
        scheme.or_else(|| self.set(part, "time_limit_seconds"))
    }

    /// The places of the parts before a part.
    pub(crate) fn after(&self, part: usize) -> Vec<usize> {
        let before = |id: &Value| self.parts().iter().position(|part| id.as_str() == Some(text(part, "id")));
        list(&self.parts()[part], "after").iter().filter_map(before).collect()
    }

    /// Whether a rule starts from this criterion or ends it, so that failing it breaks something else.
    pub(crate) fn is_leaned_on(&self, at: usize) -> bool {
        self.order.iter().chain(&self.waits).any(|pair| pair.after == at)
            || self.voids.iter().any(|(criterion, voided)| *criterion == at || voided.contains(&at))
    }

    /// Whether no rule between criteria names it.
    pub(crate) fn is_free(&self, at: usize) -> bool {
        !self.is_leaned_on(at) && !self.order.iter().chain(&self.waits).any(|pair| pair.then == at)
    }
}
