//! Who has how many of something of which there is not enough for everybody at once: connections, bodies being read.

use std::{
    collections::BTreeMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::door::neighbour;

/// The places, and who takes them.
#[derive(Debug)]
pub(super) struct Places {
    each: usize,
    all: usize,
    taken: Mutex<BTreeMap<IpAddr, usize>>,
}

/// A place that is taken as long as this lives.
#[derive(Debug)]
pub(super) struct Place {
    places: Arc<Places>,
    from: IpAddr,
}

impl Places {
    pub(super) const fn new(each: usize, all: usize) -> Self {
        Self { each, all, taken: Mutex::new(BTreeMap::new()) }
    }

    fn taken(&self) -> MutexGuard<'_, BTreeMap<IpAddr, usize>> {
        // Each change is one step.
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a place for this address, where there is one.
    pub(super) fn take(self: &Arc<Self>, from: IpAddr) -> Option<Place> {
        let from = neighbour(from);
        let mut taken = self.taken();
        let (of_neighbour, in_all) = (taken.get(&from).copied().unwrap_or(0), taken.values().sum::<usize>());
        if self.each <= of_neighbour || self.all <= in_all {
            return None;
        }
        taken.insert(from, of_neighbour.saturating_add(1));
        Some(Place { places: Arc::clone(self), from })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.taken();
        let left = taken.get(&self.from).map_or(0, |count| count.saturating_sub(1));
        if left == 0 {
            taken.remove(&self.from);
        } else {
            taken.insert(self.from, left);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_has_some_of_the_places_and_all_together_have_no_more_than_there_are() {
        let places = Arc::new(Places::new(2, 3));
        let [one, two, other] = ["192.0.2.1", "192.0.2.2", "2001:db8::1"].map(|from| from.parse().unwrap());
        let first = places.take(one).unwrap();
        let second = places.take("::ffff:192.0.2.1".parse().unwrap()).unwrap();
        assert!(places.take(one).is_none(), "the same address has two");
        let third = places.take(other).unwrap();
        assert!(places.take(two).is_none(), "all are taken");
        drop(first);
        let fourth = places.take("2001:db8::2".parse().unwrap()).unwrap();
        assert!(places.take(other).is_none(), "whoever has one address of IPv6 has many");
        drop((second, third, fourth));
        assert!(places.taken().is_empty(), "nothing is remembered of those who left");
    }
}
