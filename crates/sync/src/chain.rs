//! What a register says of a chain beside what is here of it.

use fieldproof_model::digest::Digest;
use fieldproof_wire::{ChainAnswer, log};

/// Whether the register has these entries from the first one on, so many at least, and nothing else. A register that names
/// no head is believed for its numbers.
#[must_use]
pub fn agrees(entries: &[Digest], at_least: usize, answer: &ChainAnswer) -> bool {
    let there = usize::try_from(answer.highest).ok().filter(|there| at_least <= *there);
    let known = there.and_then(|there| entries.get(..there));
    let is_ours = |known: &[Digest]| answer.head.is_none_or(|head| head == log::head(known));
    answer.places == answer.highest && known.is_some_and(is_ours)
}

/// How many of these entries need not be sent again; none where the register does not name the head over them.
pub(crate) fn confirmed(entries: &[Digest], answer: &ChainAnswer) -> usize {
    let is_known = answer.head.is_some() && agrees(entries, 0, answer);
    usize::try_from(answer.highest).ok().filter(|_| is_known).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(of: &[u8]) -> Vec<Digest> {
        of.iter().map(|n| Digest::new([*n; 32])).collect()
    }

    #[test]
    fn what_is_there_is_compared_by_places_and_by_head() {
        let here = entries(&[1, 2, 3]);
        type Row = (&'static str, (u32, u32), Option<&'static [u8]>, usize, Option<usize>);
        let table: [Row; 9] = [
            ("nothing", (0, 0), Some(&[]), 0, Some(0)),
            ("the first two", (2, 2), Some(&[1, 2]), 2, Some(2)),
            ("all", (3, 3), Some(&[1, 2, 3]), 3, Some(3)),
            ("fewer than it must have", (2, 2), Some(&[1, 2]), 2, None),
            ("another entry", (2, 2), Some(&[1, 9]), 0, None),
            ("a gap", (2, 3), Some(&[1, 3]), 0, None),
            ("more than is here", (4, 4), Some(&[1, 2, 3, 4]), 0, None),
            ("a fork", (2, 2), Some(&[1, 2, 9]), 0, None),
            ("no head", (3, 3), None, 0, Some(3)),
        ];
        for (name, (places, highest), there, known, agreeing) in table {
            let head = there.map(|there| log::head(&entries(there)));
            let answer = ChainAnswer { held: 0, forks: Vec::new(), refused: Vec::new(), places, highest, head };
            assert_eq!(confirmed(&here, &answer), known, "{name}");
            assert_eq!(agrees(&here, agreeing.unwrap_or(3), &answer), agreeing.is_some(), "{name}");
        }
    }
}
