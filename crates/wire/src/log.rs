//! Heads: one digest that covers every record of the register's log so far, or every entry of a chain.

use fieldproof_model::digest::Digest;
use fieldproof_seal::digest_of;

/// The head before the first one.
pub const EMPTY: Digest = Digest::new([0; 32]);

/// The head after a record: the digest of the previous head followed by the record's digest.
#[must_use]
pub fn next_head(previous: &Digest, record: &Digest) -> Digest {
    digest_of(&[*previous.as_bytes(), *record.as_bytes()].concat())
}

/// The head over these, in their order.
#[must_use]
pub fn head(of: &[Digest]) -> Digest {
    of.iter().fold(EMPTY, |head, next| next_head(&head, next))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_covers_every_record_and_their_order() {
        let [a, b] = [1, 2].map(|n| Digest::new([n; 32]));
        assert_ne!(head(&[a, b]), head(&[b, a]));
        assert_eq!(head(&[a]).to_string(), "5c85955f709283ecce2b74f1b1552918819f390911816e7bb466805a38ab87f3",);
    }
}
