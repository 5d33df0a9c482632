//! Circles: what waits, by way of others, for itself.

use std::collections::{BTreeMap, BTreeSet};

/// Everything that lies on a circle, or between two, of steps from one thing to the next.
#[must_use]
pub fn in_circle<T: Ord + Copy>(steps: &[(T, T)]) -> BTreeSet<T> {
    let back: Vec<(T, T)> = steps.iter().map(|(from, to)| (*to, *from)).collect();
    let behind = never_free(&back);
    never_free(steps).into_iter().filter(|item| behind.contains(item)).collect()
}

/// What is left when everything that nothing left leads to is taken away, again and again.
fn never_free<T: Ord + Copy>(steps: &[(T, T)]) -> BTreeSet<T> {
    let mut next: BTreeMap<T, Vec<T>> = BTreeMap::new();
    let mut waiting: BTreeMap<T, usize> = BTreeMap::new();
    for (from, to) in steps {
        next.entry(*from).or_default().push(*to);
        waiting.entry(*from).or_default();
        let count = waiting.entry(*to).or_default();
        *count = count.saturating_add(1);
    }
    let mut free: Vec<T> = waiting.iter().filter(|(_, count)| **count == 0).map(|(item, _)| *item).collect();
    while let Some(item) = free.pop() {
        waiting.remove(&item);
        for to in next.get(&item).into_iter().flatten() {
            if let Some(count) = waiting.get_mut(to) {
                *count = count.saturating_sub(1);
                if *count == 0 {
                    free.push(*to);
                }
            }
        }
    }
    waiting.into_keys().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn circles_and_what_lies_between_them() {
        type Steps = &'static [(u8, u8)];
        let table: [(Steps, &[u8]); 7] = [
            (&[], &[]),
            (&[(1, 2), (2, 3), (1, 3)], &[]),
            (&[(1, 1)], &[1]),
            (&[(1, 2), (2, 1)], &[1, 2]),
            (&[(0, 1), (1, 2), (2, 3), (3, 1), (3, 4)], &[1, 2, 3]),
            (&[(1, 2), (2, 1), (2, 3), (3, 4), (4, 3)], &[1, 2, 3, 4]),
            (&[(1, 2), (1, 2), (2, 3)], &[]),
        ];
        for (steps, expected) in table {
            assert_eq!(in_circle(steps).into_iter().collect::<Vec<_>>(), expected, "{steps:?}");
        }
    }
}
