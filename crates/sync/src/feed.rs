//! The feed: a page of what the register tells this laptop, held to what was heard before. What its entries bring is
//! believed, or not, by whoever takes them.

use fieldproof_model::digest::Digest;
use fieldproof_seal::{
    digest_of,
    envelope::Unverified,
    feed::{FeedEntry, FeedPage, KEY_SET, NO_HEAD, PACK, SNAPSHOT},
    key_set::{KeyRole, KeyState},
    keys::PublicKey,
    receipt::Beacon,
    trust::Trust,
};
use fieldproof_wire::{Cursor, Feed, RegisterProtocol, RequestError};

use crate::{Known, check_key_set};

/// How far a laptop heard what the register tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Heard {
    /// The last entry it took.
    pub last: Cursor,
    /// The head behind that entry.
    pub head: Digest,
}

impl Heard {
    /// It heard nothing.
    pub const NOTHING: Self = Self { last: Cursor { epoch: 0, number: 0 }, head: NO_HEAD };
}

/// What an entry brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// A signed key set.
    KeySet(Vec<u8>),
    /// A signed snapshot.
    Snapshot(Vec<u8>),
    /// A pack file, encrypted for this laptop.
    Pack(Vec<u8>),
    /// Nothing: a later entry replaced it.
    Replaced,
    /// Something that this version does not know.
    Unknown,
}

/// One entry of a page that was verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageEntry {
    /// What it brings.
    pub news: News,
    /// How far the laptop has heard once it took it.
    pub heard: Heard,
}

/// A page that is the register's, for this laptop, of now, and goes on where the laptop heard the last entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Its entries.
    pub entries: Vec<PageEntry>,
    /// How far the laptop had heard before the first of them.
    pub before: Heard,
    /// The number of the newest entry there is.
    pub newest: u32,
    /// The time at which that is so.
    pub beacon: Beacon,
    /// Its signed bytes.
    pub signed_beacon: Vec<u8>,
}

/// Why a page is not believed. Nothing of it is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FeedProblem {
    /// It is none.
    #[error("it cannot be read")]
    Unreadable,
    /// No register key that the institution uses signed it, or its beacon.
    #[error("the institution's register did not sign it")]
    NotSigned,
    /// It is for another laptop.
    #[error("it is for another laptop")]
    OtherLaptop,
    /// It was signed before it was asked for.
    #[error("it is an earlier answer")]
    Earlier,
    /// It does not begin behind the last entry that was heard.
    #[error("it does not go on where this laptop heard the last of it")]
    NotNext,
    /// What came with it is not what it names.
    #[error("what came with it is something else")]
    OtherContent,
    /// The register tells another story than it did before: it was restored from a backup, or lost something.
    #[error("the register does not know of everything that it told this laptop before")]
    OtherBook,
}

/// Why a page did not come.
#[derive(Debug, thiserror::Error)]
pub enum FeedError<E: RequestError> {
    /// The request failed.
    #[error(transparent)]
    Register(E),
    /// What came is not believed.
    #[error(transparent)]
    Page(#[from] FeedProblem),
}

/// Asks for the next page, and verifies it. Its beacon has to be later than one that the same register gave out before.
///
/// # Errors
/// [`FeedError`].
pub async fn next_page<R: RegisterProtocol>(
    register: &R,
    known: &Known,
    installation: &PublicKey,
    heard: &Heard,
    earlier: u32,
) -> Result<Page, FeedError<R::Error>> {
    let feed = register.feed(*installation, heard.last).await.map_err(FeedError::Register)?;
    Ok(check_page(known, installation, heard, earlier, feed)?)
}

/// The newest pack in what a laptop is told that may belong to no institution yet. Nothing is verified: it cannot know any key, and
/// whoever takes the pack holds it to a code.
///
/// # Errors
/// As the request's.
pub async fn first_pack<R: RegisterProtocol>(
    register: &R,
    installation: &PublicKey,
) -> Result<Option<Vec<u8>>, R::Error> {
    let (mut after, mut found) = (Cursor::default(), None);
    loop {
        let feed = register.feed(*installation, after).await?;
        let Ok((page, _)) = FeedPage::parse(&feed.page) else { return Ok(found) };
        let contents = contents(&page, feed).unwrap_or_default();
        for (_, pack) in page.entries.iter().zip(contents).filter(|(entry, _)| entry.kind == PACK) {
            found = pack.or(found);
        }
        if page.after != after.number || page.newest <= page.last() {
            return Ok(found);
        }
        after = Cursor { epoch: page.epoch, number: page.last() };
    }
}

/// Verifies a page against what is known and what was heard before.
///
/// # Errors
/// [`FeedProblem`].
pub fn check_page(
    known: &Known,
    installation: &PublicKey,
    heard: &Heard,
    earlier: u32,
    feed: Feed,
) -> Result<Page, FeedProblem> {
    let (page, unverified) = FeedPage::parse(&feed.page).map_err(|_| FeedProblem::Unreadable)?;
    let contents = contents(&page, feed).ok_or(FeedProblem::OtherContent)?;
    let news: Vec<News> = page.entries.iter().zip(contents).map(|(entry, content)| news(entry, content)).collect();
    let trust = trust(known, &news);
    let (beacon, signed_beacon) = Beacon::parse(&page.beacon).map_err(|_| FeedProblem::Unreadable)?;
    if ![&unverified, &signed_beacon].into_iter().all(|signed| is_signed(&trust, signed, &beacon)) {
        return Err(FeedProblem::NotSigned);
    }
    if page.installation != *installation {
        return Err(FeedProblem::OtherLaptop);
    }
    if beacon.number <= earlier {
        return Err(FeedProblem::Earlier);
    }
    let before = before(heard, &page)?;
    let mut heard = before;
    let mut entries = Vec::new();
    for (entry, news) in page.entries.iter().zip(news) {
        let number = heard.last.number.saturating_add(1);
        heard = Heard { last: Cursor { number, ..heard.last }, head: entry.head_behind(&heard.head) };
        entries.push(PageEntry { news, heard });
    }
    if heard.head != page.head {
        return Err(FeedProblem::OtherBook);
    }
    Ok(Page { entries, before, newest: page.newest, beacon, signed_beacon: page.beacon })
}

/// From where the page goes on. In a later epoch that is the beginning.
fn before(heard: &Heard, page: &FeedPage) -> Result<Heard, FeedProblem> {
    if page.epoch < heard.last.epoch {
        return Err(FeedProblem::OtherBook);
    }
    let anew = Heard { last: Cursor { epoch: page.epoch, number: 0 }, head: NO_HEAD };
    let before = if page.epoch == heard.last.epoch { *heard } else { anew };
    if page.after == before.last.number { Ok(before) } else { Err(FeedProblem::NotNext) }
}

/// What comes with each entry; `None` for a page with something else.
fn contents(page: &FeedPage, feed: Feed) -> Option<Vec<Option<Vec<u8>>>> {
    let mut with = feed.contents.into_iter();
    let mut content = |entry: &FeedEntry| {
        if !entry.is_here {
            return Some(None);
        }
        with.next().filter(|content| digest_of(content) == entry.content).map(Some)
    };
    let contents = page.entries.iter().map(&mut content).collect::<Option<Vec<_>>>()?;
    with.next().is_none().then_some(contents)
}

fn news(entry: &FeedEntry, content: Option<Vec<u8>>) -> News {
    match (entry.kind, content) {
        (KEY_SET, Some(signed)) => News::KeySet(signed),
        (SNAPSHOT, Some(signed)) => News::Snapshot(signed),
        (PACK, Some(file)) => News::Pack(file),
        (KEY_SET | SNAPSHOT | PACK, None) => News::Replaced,
        (_, _) => News::Unknown,
    }
}

/// Whom to believe: the key set that is known, or a newer one of the same root in the page.
fn trust(known: &Known, news: &[News]) -> Trust {
    let offered = news.iter().filter_map(|news| match news {
        News::KeySet(signed) => check_key_set(known, signed).ok(),
        News::Snapshot(_) | News::Pack(_) | News::Replaced | News::Unknown => None,
    });
    let newest = offered.max_by_key(|key_set| key_set.number);
    Trust { key_set: newest.unwrap_or_else(|| known.trust.key_set.clone()), snapshot: None }
}

/// Whether a register key signed it that is in use: what it tells is told now.
fn is_signed(trust: &Trust, unverified: &Unverified, beacon: &Beacon) -> bool {
    let key = trust.key_set.find(unverified.key_id, KeyRole::Register);
    key.is_some_and(|key| key.state == KeyState::Active)
        && trust.check(unverified, KeyRole::Register, Some(beacon.at.date())).is_ok()
}
