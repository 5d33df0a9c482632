//! Numbers that look random and can be had again.
#![expect(clippy::indexing_slicing, reason = "places come from the plan itself")]

/// A seeded generator of numbers (SplitMix64), so that a disagreement can be met again.
pub(crate) struct Rng(u64);

impl Rng {
    /// Starts from a seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// One of `0..bound`; 0 where the bound is 0.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.next() % bound).unwrap_or_default()
    }

    /// One of `0..bound`, small.
    pub(crate) fn small(&mut self, bound: u32) -> u32 {
        u32::try_from(self.next() % u64::from(bound.max(1))).unwrap_or_default()
    }

    /// Up to so many seconds, in milliseconds.
    pub(crate) fn millis(&mut self, seconds: u32) -> i64 {
        i64::from(self.small(seconds * 1000 + 1))
    }

    /// True so many times in a hundred.
    pub(crate) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of these; there is at least one.
    pub(crate) fn pick<'s, T>(&mut self, from: &'s [T]) -> &'s T {
        let at = self.below(from.len());
        &from[at]
    }

    /// One of these, if there is one.
    pub(super) fn one(&mut self, from: &[usize]) -> Option<usize> {
        (!from.is_empty()).then(|| *self.pick(from))
    }
}
