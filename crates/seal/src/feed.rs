//! A page of the feed: what a register tells one laptop, numbered and signed. `PROTOCOL.md` of the register is normative.
//!
//! What the entries say travels beside the page, which names each by its digest.

use ciborium::Value;
use fieldproof_model::digest::Digest;

use crate::{
    cbor::{Fields, FormatError, Writer, bytes, integer},
    envelope::{self, Kind, Purpose, SIGNED_LIMIT, Unverified},
    keys::{PublicKey, SecretKey, digest_of},
};

/// A page has so many entries at most; whoever is further behind asks again.
pub const PAGE_ENTRIES: usize = 64;

/// The head before the first entry.
pub const NO_HEAD: Digest = Digest::new([0; 32]);

/// An entry that is a signed key set.
pub const KEY_SET: u32 = 1;
/// An entry that is a signed snapshot.
pub const SNAPSHOT: u32 = 2;
/// An entry that is a pack file, encrypted for the laptop.
pub const PACK: u32 = 3;

/// One entry. Its number is that of its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FeedEntry {
    /// What it is; a later version may know more kinds.
    pub kind: u32,
    /// The digest of what it says.
    pub content: Digest,
    /// Whether that comes with the page; what a later entry of the same kind replaced does not.
    pub is_here: bool,
}

impl FeedEntry {
    /// The head behind this entry: it covers every entry before it, and their order.
    #[must_use]
    pub fn head_behind(&self, head: &Digest) -> Digest {
        digest_of(&[head.as_bytes().as_slice(), &self.kind.to_be_bytes(), self.content.as_bytes()].concat())
    }
}

/// What a register tells one laptop behind the entry that the laptop heard last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedPage {
    /// The institution's purpose.
    pub purpose: Purpose,
    /// The laptop's key.
    pub installation: PublicKey,
    /// The register's epoch, in which the numbers count.
    pub epoch: u32,
    /// The number before that of the first entry.
    pub after: u32,
    /// The entries, numbered on from there. None only where there is nothing behind `after`.
    pub entries: Vec<FeedEntry>,
    /// The number of the newest entry.
    pub newest: u32,
    /// The head behind the last entry of this page.
    pub head: Digest,
    /// A new signed beacon.
    pub beacon: Vec<u8>,
}

impl FeedPage {
    /// The number of its last entry.
    #[must_use]
    pub fn last(&self) -> u32 {
        self.after.saturating_add(u32::try_from(self.entries.len()).unwrap_or(u32::MAX))
    }

    /// Signs the page with a register key.
    #[must_use]
    pub fn sign(&self, register: &SecretKey) -> Vec<u8> {
        let fields = Writer::default()
            .with(2, bytes(*self.installation.as_bytes()))
            .with(3, self.epoch)
            .with(4, self.after)
            .with(5, self.entries.iter().map(entry_value).collect::<Vec<_>>())
            .with(6, self.newest)
            .with(7, bytes(*self.head.as_bytes()))
            .with(8, bytes(self.beacon.clone()));
        envelope::sign(Kind::FeedPage, self.purpose, fields, register)
    }

    /// Reads a page without believing it.
    ///
    /// # Errors
    /// [`FormatError`].
    pub fn parse(signed: &[u8]) -> Result<(Self, Unverified), FormatError> {
        let unverified = Unverified::parse_kind(signed, Kind::FeedPage)?;
        let mut fields = unverified.unverified_fields()?;
        let page = Self {
            purpose: unverified.purpose,
            installation: PublicKey::new(fields.array(2)?),
            epoch: fields.number(3)?,
            after: fields.number(4)?,
            entries: entries(&mut fields)?,
            newest: fields.number(6)?,
            head: fields.digest(7)?,
            beacon: fields.bytes(8)?,
        };
        // Whoever asks on from its end comes to the end of the feed.
        let is_told = if page.entries.is_empty() { page.after == page.newest } else { page.last() <= page.newest };
        match (is_told, page.beacon.len() <= SIGNED_LIMIT) {
            (false, _) => Err(FormatError::Malformed(6)),
            (_, false) => Err(FormatError::TooLarge(SIGNED_LIMIT)),
            (true, true) => Ok((page, unverified)),
        }
    }
}

fn entry_value(entry: &FeedEntry) -> Value {
    Value::Array(vec![Value::from(entry.kind), bytes(*entry.content.as_bytes()), Value::Bool(entry.is_here)])
}

fn entries(fields: &mut Fields) -> Result<Vec<FeedEntry>, FormatError> {
    let list = fields.list(5)?;
    let entries = list.iter().take(PAGE_ENTRIES).map(parse_entry).collect::<Option<Vec<_>>>();
    entries.filter(|entries| entries.len() == list.len()).ok_or(FormatError::Malformed(5))
}

fn parse_entry(value: &Value) -> Option<FeedEntry> {
    let [kind, content, is_here] = value.as_array()?.as_slice() else { return None };
    Some(FeedEntry {
        kind: u32::try_from(integer(kind)?).ok()?,
        content: Digest::from_slice(content.as_bytes()?)?,
        is_here: is_here.as_bool()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(entries: usize) -> FeedPage {
        let entry = FeedEntry { kind: PACK, content: Digest::new([3; 32]), is_here: true };
        FeedPage {
            purpose: Purpose::Demonstration,
            installation: SecretKey::new(&[1; 32]).public(),
            epoch: 2,
            after: 3,
            entries: vec![entry; entries],
            newest: 3 + u32::try_from(entries).unwrap(),
            head: Digest::new([4; 32]),
            beacon: vec![5],
        }
    }

    #[test]
    fn a_page_round_trips_and_has_its_limits() {
        let key = SecretKey::new(&[2; 32]);
        let mut unlike = page(2);
        unlike.entries[1] = FeedEntry { kind: 77, is_here: false, ..unlike.entries[0] };
        for whole in [page(0), page(1), unlike, page(PAGE_ENTRIES), FeedPage { newest: 99, ..page(1) }] {
            let (read, unverified) = FeedPage::parse(&whole.sign(&key)).unwrap();
            assert_eq!(read, whole);
            assert!(unverified.verify(&key.public()).is_ok());
        }
        let cases = [
            (page(PAGE_ENTRIES + 1), FormatError::Malformed(5)),
            (FeedPage { newest: 4, ..page(0) }, FormatError::Malformed(6)),
            (FeedPage { newest: 2, ..page(0) }, FormatError::Malformed(6)),
            (FeedPage { newest: 4, ..page(2) }, FormatError::Malformed(6)),
        ];
        for (bad, problem) in cases {
            assert_eq!(FeedPage::parse(&bad.sign(&key)).unwrap_err(), problem, "{bad:?}");
        }
    }

    #[test]
    fn the_head_covers_kind_and_content_and_order_and_not_what_is_left_out() {
        let entry = |kind, n| FeedEntry { kind, content: Digest::new([n; 32]), is_here: true };
        let head = |entries: &[FeedEntry]| entries.iter().fold(NO_HEAD, |head, entry| entry.head_behind(&head));
        let (a, b) = (entry(1, 1), entry(2, 2));
        let all = [head(&[a, b]), head(&[b, a]), head(&[a]), head(&[a, entry(3, 2)]), head(&[a, entry(2, 3)])];
        for (n, one) in all.iter().enumerate() {
            assert!(all[n + 1..].iter().all(|other| one != other), "{n}");
        }
        assert_eq!(head(&[FeedEntry { is_here: false, ..a }, b]), all[0]);
    }
}
