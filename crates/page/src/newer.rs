//! Whether a trust file on offer may take the place of the one held, in a word for whoever offered it.

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

/// Compares an offered trust file with the one held. Never a step back: [`TrustFile::renewed_by`] is the rule.
#[must_use]
pub fn newer(held: &[u8], offered: &[u8]) -> Offer {
    let (Ok(held), Ok(offered)) = (TrustFile::parse(held), TrustFile::parse(offered)) else {
        return Offer::NotGenuine;
    };
    if held.root != offered.root {
        return Offer::OtherInstitution;
    }
    let Ok(opened) = offered.open() else {
        return Offer::NotGenuine;
    };
    if offered.snapshot.is_some() && opened.snapshot.is_none() {
        return Offer::NotGenuine;
    }
    match held.renewed_by(&offered) {
        Some(_) => Offer::Newer,
        None if held == offered => Offer::Same,
        None => Offer::Older,
    }
}

#[cfg(test)]
#[path = "newer_tests.rs"]
mod tests;
