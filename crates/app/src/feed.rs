//! The feed: what the institution tells this laptop, entry by entry in its order. Each is taken together with the note that
//! it was heard; one that cannot be believed is where it stops until the institution mends it.

use fieldproof_model::{digest::Digest, time::Timestamp};
use fieldproof_store::{ReadTx, WriteTx, table::pack_items::PackItem};
use fieldproof_sync::{
    FeedError, FeedProblem, Heard, HttpError, HttpRegister, IdentityError, Known, News, Page, PageEntry, SnapshotNews,
    check_key_set, check_snapshot, next_page,
};
use fieldproof_wire::{Cursor, Fault};

use crate::{
    App, Error, Invalid, PackProblem, Result, Unlocked,
    direct::Line,
    enrol::{installation_key, take_pack},
    epoch::keep_snapshot,
    install,
    people::read_trust_file,
    send::keep_beacon,
};

/// How far this laptop heard what the institution tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeardUpTo {
    /// The number of the last entry it took; numbers begin anew with every epoch of the register.
    pub number: u32,
    /// The number of the newest entry there was.
    pub newest: u32,
    /// When that was so, as the register signed it.
    pub at: Timestamp,
}

/// What came of asking.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pulled {
    /// The number of a newer pack that this laptop took.
    pub(crate) pack: Option<u32>,
    /// Entries that this version does not know.
    pub(crate) unknown: usize,
    /// Whether the register did not know of all that it told before, so that this laptop heard everything anew.
    pub(crate) is_anew: bool,
    /// Whether it took an entry.
    is_news: bool,
}

/// How far it heard, and of when that is.
#[derive(Debug, Clone, Copy)]
struct Note {
    heard: Heard,
    newest: u32,
    at: Timestamp,
}

impl App {
    /// How far this laptop heard what the institution tells it; `None` before it heard anything.
    ///
    /// # Errors
    /// [`Error::Locked`].
    pub fn heard(&self) -> Result<Option<HeardUpTo>> {
        let note = self.unlocked()?.store.read(read_note)?;
        Ok(note.map(|note| HeardUpTo { number: note.heard.last.number, newest: note.newest, at: note.at }))
    }

    /// Takes whatever the register has for this laptop that it did not hear yet. `beacon` is the number of the one that
    /// the register just gave out.
    pub(crate) fn pull(
        &self,
        unlocked: &Unlocked,
        register: &HttpRegister,
        line: &Line,
        beacon: u32,
    ) -> Result<Pulled> {
        let mut pulled = Pulled::default();
        let came = self.pull_all(unlocked, register, line, beacon, &mut pulled);
        // Whatever was taken is taken, however it ended.
        if pulled.is_news {
            install::write_public_trust(&self.dir, &unlocked.store.read(read_trust_file)?)?;
            self.ensure_recovery(unlocked)?;
        }
        came.map(|()| pulled)
    }

    fn pull_all(
        &self,
        unlocked: &Unlocked,
        register: &HttpRegister,
        line: &Line,
        mut beacon: u32,
        pulled: &mut Pulled,
    ) -> Result<()> {
        let store = &unlocked.store;
        loop {
            let (known, key, heard) = store.read(|tx| -> Result<_> {
                let heard = read_note(tx)?.map_or(Heard::NOTHING, |note| note.heard);
                Ok((Known::open(&read_trust_file(tx)?)?, installation_key(tx)?.public(), heard))
            })?;
            let page = match line.run(next_page(register, &known, &key, &heard, beacon))? {
                Err(error) if is_other_book(&error) && heard != Heard::NOTHING && !pulled.is_anew => {
                    store.write(|tx| tx.forget_pack_item(PackItem::Heard))?;
                    pulled.is_anew = true;
                    continue;
                }
                // Its pack is not at the register yet, and until then it is told nothing.
                Err(FeedError::Register(HttpError::Fault(Fault::NotAdmitted))) => return Ok(()),
                page => page?,
            };
            beacon = page.beacon.number;
            let mut note = Note { heard: page.before, newest: page.newest, at: page.beacon.at };
            store.write(|tx| keep_page(tx, &page, &note))?;
            for entry in &page.entries {
                note.heard = entry.heard;
                store.write(|tx| take_entry(tx, entry, &note, pulled))?;
                pulled.is_news = true;
            }
            if page.newest <= note.heard.last.number {
                return Ok(());
            }
        }
    }
}

const fn is_other_book(error: &FeedError<HttpError>) -> bool {
    matches!(error, FeedError::Register(HttpError::Fault(Fault::NotInFeed)) | FeedError::Page(FeedProblem::OtherBook))
}

fn keep_page(tx: &WriteTx<'_>, page: &Page, note: &Note) -> Result<()> {
    keep_beacon(tx, &page.beacon, &page.signed_beacon)?;
    write_note(tx, note)
}

/// Takes an entry, and notes that it was heard. What this laptop holds already, or something later, changes nothing.
fn take_entry(tx: &WriteTx<'_>, entry: &PageEntry, note: &Note, pulled: &mut Pulled) -> Result<()> {
    let taken = match &entry.news {
        News::KeySet(signed) => take_key_set(tx, signed),
        News::Snapshot(signed) => take_snapshot(tx, signed),
        News::Pack(file) => match take_pack(tx, file, None) {
            Ok(number) => {
                pulled.pack = number.or(pulled.pack);
                Ok(())
            }
            // By stick it was faster.
            Err(Error::Invalid(Invalid::Pack(PackProblem::Older))) => Ok(()),
            Err(error) => Err(error),
        },
        News::Unknown => {
            pulled.unknown = pulled.unknown.saturating_add(1);
            Ok(())
        }
        News::Replaced => Ok(()),
    };
    match taken {
        Ok(()) => write_note(tx, note),
        Err(error @ Error::Store(_)) => Err(error),
        Err(why) => Err(Error::Entry { number: entry.heard.last.number, why: Box::new(why) }),
    }
}

fn take_key_set(tx: &WriteTx<'_>, signed: &[u8]) -> Result<()> {
    let known = Known::open(&read_trust_file(tx)?)?;
    match check_key_set(&known, signed) {
        Ok(_) => Ok(tx.set_pack_item(PackItem::KeySet, signed)?),
        Err(IdentityError::OlderKeySet { .. }) => Ok(()),
        Err(error) => Err(Error::Send(error.into())),
    }
}

fn take_snapshot(tx: &WriteTx<'_>, signed: &[u8]) -> Result<()> {
    match check_snapshot(&read_trust_file(tx)?.open()?, signed).map_err(|error| Error::Send(error.into()))? {
        SnapshotNews::Newer(signed) => keep_snapshot(tx, &signed),
        // An older list is what the comparison before told of.
        SnapshotNews::Same | SnapshotNews::Refused { .. } => Ok(()),
    }
}

fn read_note(tx: &ReadTx<'_>) -> Result<Option<Note>> {
    let Some(bytes) = tx.pack_item(PackItem::Heard)? else { return Ok(None) };
    Ok(parse_note(&bytes))
}

/// Epoch, number, head, newest number, time.
fn parse_note(bytes: &[u8]) -> Option<Note> {
    let (epoch, rest) = bytes.split_first_chunk()?;
    let (number, rest) = rest.split_first_chunk()?;
    let (head, rest) = rest.split_first_chunk()?;
    let (newest, rest) = rest.split_first_chunk()?;
    let last = Cursor { epoch: u32::from_be_bytes(*epoch), number: u32::from_be_bytes(*number) };
    Some(Note {
        heard: Heard { last, head: Digest::new(*head) },
        newest: u32::from_be_bytes(*newest),
        at: Timestamp::from_millis(i64::from_be_bytes(rest.try_into().ok()?)),
    })
}

fn write_note(tx: &WriteTx<'_>, note: &Note) -> Result<()> {
    let Cursor { epoch, number } = note.heard.last;
    let bytes = [
        epoch.to_be_bytes().as_slice(),
        &number.to_be_bytes(),
        note.heard.head.as_bytes(),
        &note.newest.to_be_bytes(),
        &note.at.as_millis().to_be_bytes(),
    ]
    .concat();
    Ok(tx.set_pack_item(PackItem::Heard, &bytes)?)
}
