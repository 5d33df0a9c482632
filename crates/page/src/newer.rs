//! Whether a trust file on offer may take the place of the one held. Never a step back.

use fieldproof_seal::trust::TrustFile;

/// What an offered trust file is beside the one held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offer {
    /// Key set and list are at least as new, and something is newer.
    Newer,
    /// Nothing in it is new.
    Same,
    /// Key set or list is older than what is held, or a list is missing.
    Older,
    /// Another root: another institution, or somebody who would like to be this one.
    OtherInstitution,
    /// No trust file, or one that does not hold together.
    NotGenuine,
}

/// Compares an offered trust file with the one held.
///
/// A list held that no longer verifies under the offered key set counts for nothing: whoever has a compromised register
/// key could otherwise keep every later list out with one of the highest number.
#[must_use]
pub fn newer(held: &[u8], offered: &[u8]) -> Offer {
    let (Ok(held), Ok(offered)) = (TrustFile::parse(held), TrustFile::parse(offered)) else {
        return Offer::NotGenuine;
    };
    if held.root != offered.root {
        return Offer::OtherInstitution;
    }
    let (Ok(ours), Ok(theirs)) = (held.open(), offered.open()) else {
        return Offer::NotGenuine;
    };
    if offered.snapshot.is_some() && theirs.snapshot.is_none() {
        return Offer::NotGenuine;
    }
    if held == offered {
        return Offer::Same;
    }
    // Two key sets of one number are a fork; the one held stays.
    let is_fork = ours.key_set.number == theirs.key_set.number && held.key_set != offered.key_set;
    if theirs.key_set.number < ours.key_set.number || is_fork {
        return Offer::Older;
    }
    let standing = held.snapshot.as_deref().and_then(|signed| theirs.verify_snapshot(signed));
    let place = |snapshot: &fieldproof_seal::snapshot::Snapshot| (snapshot.epoch, snapshot.number);
    let (before, after) = (standing.as_ref().map(place), theirs.snapshot.as_ref().map(place));
    if after < before || (before.is_some() && before == after && held.snapshot != offered.snapshot) {
        return Offer::Older;
    }
    Offer::Newer
}

#[cfg(test)]
#[path = "newer_tests.rs"]
mod tests;
