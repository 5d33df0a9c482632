//! The feed: everything that each laptop is told, numbered when it asks. What it never asked for in between is told to
//! nobody, so a new laptop gets what counts and no more.

use fieldproof_model::time::Timestamp;
use fieldproof_seal::{
    digest_of,
    feed::{FeedEntry, FeedPage, KEY_SET, PACK, PAGE_ENTRIES, SNAPSHOT},
    keys::PublicKey,
    receipt::Beacon,
};
use fieldproof_wire::{Cursor, Fault, Feed, limit};

use crate::{
    RegisterError,
    core::Core,
    table::{Transaction, enrolment, epochs, feed, feed::Told, installations, institution},
};

/// What counts now, of one kind.
type Content = (FeedEntry, Vec<u8>);

impl Core {
    /// What a laptop is told behind the last entry that it took.
    pub(crate) fn feed(&self, installation: &PublicKey, after: Cursor) -> Result<Feed, RegisterError> {
        let now = self.signing_time()?;
        self.write(|tx| {
            if !installations::is_admitted(tx, installation)? {
                return Err(Fault::NotAdmitted.into());
            }
            let epoch = epochs::current(tx)?;
            let contents = self.contents(tx, installation, now)?;
            for (entry, _) in &contents {
                if feed::last_of(tx, installation, epoch, entry.kind)? != Some(entry.content) {
                    feed::append(tx, installation, epoch, entry)?;
                }
            }
            let (newest, _) = feed::newest(tx, installation, epoch)?;
            if (Cursor { epoch, number: newest }) < after {
                return Err(Fault::NotInFeed.into());
            }
            // In every epoch it begins anew.
            let after = if after.epoch == epoch { after.number } else { 0 };
            let mut head = feed::head(tx, installation, (epoch, after))?;
            let (mut entries, mut with, mut size) = (Vec::new(), Vec::new(), 0_usize);
            for told in feed::behind(tx, installation, (epoch, after), PAGE_ENTRIES)? {
                let (entry, content) = beside(&told, &contents);
                size = size.saturating_add(content.map_or(0, <[u8]>::len));
                if !with.is_empty() && limit::FEED_CONTENTS < size {
                    break;
                }
                head = told.head;
                entries.push(entry);
                with.extend(content.map(<[u8]>::to_vec));
            }
            let beacon = Beacon { purpose: self.purpose(), number: institution::next_beacon(tx)?, at: now };
            let page = FeedPage {
                purpose: self.purpose(),
                installation: *installation,
                epoch,
                after,
                entries,
                newest,
                head,
                beacon: beacon.sign(&self.key),
            };
            Ok(Feed { page: page.sign(&self.key), contents: with })
        })
    }

    /// Everything that this laptop is to hold now.
    fn contents(
        &self,
        tx: &Transaction<'_>,
        installation: &PublicKey,
        now: Timestamp,
    ) -> Result<Vec<Content>, RegisterError> {
        let content = |kind, bytes: Vec<u8>| (FeedEntry { kind, content: digest_of(&bytes), is_here: true }, bytes);
        let snapshot = self.snapshot(tx, now)?;
        let pack = enrolment::pack(tx, installation)?.map(|pack| content(PACK, pack.file));
        let institutions = [content(KEY_SET, self.row.key_set.clone()), content(SNAPSHOT, snapshot)];
        Ok(institutions.into_iter().chain(pack).collect())
    }
}

/// An entry as it was told, with what it says where that counts still.
fn beside<'a>(told: &Told, contents: &'a [Content]) -> (FeedEntry, Option<&'a [u8]>) {
    let entry = FeedEntry { kind: told.kind, content: told.content, is_here: true };
    match contents.iter().find(|(content, _)| *content == entry) {
        Some((_, bytes)) => (entry, Some(bytes)),
        None => (FeedEntry { is_here: false, ..entry }, None),
    }
}
