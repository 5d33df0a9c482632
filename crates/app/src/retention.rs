//! Evidence leaves the laptop when the register has it and the institution's time is over; what nothing names is swept.
//!
//! The row that says it left comes first, then the bytes go: whatever ends in between, nothing says that they are here.

use std::collections::{BTreeMap, BTreeSet};

#[cfg(feature = "sabotage")]
use fieldproof_model::time::Timestamp;
use fieldproof_model::{digest::Digest, id::SessionId, time::Date};
use fieldproof_seal::scheme::parse_signed_scheme;
#[cfg(feature = "sabotage")]
use fieldproof_store::sabotage;
use fieldproof_store::{ReadTx, Store, StoreError, WriteTx, table::pack_items::PackItem};

use crate::{
    App, Error, Result,
    epoch::{compared, heard_of},
    session::{Place, read_beacon, read_place},
};

/// Evidence that left, or may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Retired {
    /// How many items.
    pub items: usize,
    /// Their size.
    pub bytes: u64,
}

impl App {
    /// Lets the evidence go whose time on this laptop is over, whoever recorded it. Records and receipts stay, and
    /// sessions say that it left.
    ///
    /// An item stays as long as anything names it that is not in the register with a complete receipt, and where the
    /// institution has set no time. The time counts from the receipt to the last time that the register told: a clock of
    /// this laptop's that is ahead lets nothing go.
    ///
    /// # Errors
    /// [`crate::Error::Store`]; what left until then is gone, and the rest is here. [`crate::Error::Remains`] when something
    /// left now and is gone, and somebody still reads what the file was before.
    pub fn retire_evidence(&self) -> Result<Retired> {
        let unlocked = self.unlocked()?;
        let now = self.now();
        let due = unlocked.store.write(|tx| -> Result<_> {
            let due = due(tx, &unlocked.store)?;
            for (digest, _) in &due {
                tx.set_evidence_left(*digest, now)?;
            }
            Ok(due)
        })?;
        match remove_what_left(&unlocked.store, due.iter().map(|(digest, _)| *digest)) {
            // What an earlier time had to leave was told then.
            Err(Error::Remains(_)) if due.is_empty() => {}
            done => done?,
        }
        Ok(sum(&due))
    }

    /// What [`App::retire_evidence`] would let go now.
    ///
    /// # Errors
    /// [`crate::Error::Store`].
    pub fn retirable_evidence(&self) -> Result<Retired> {
        let unlocked = self.unlocked()?;
        unlocked.store.read(|tx| may_leave(tx, &unlocked.store))
    }
}

pub(crate) fn may_leave(tx: &ReadTx<'_>, store: &Store) -> Result<Retired> {
    Ok(sum(&due(tx, store)?))
}

fn sum(items: &[(Digest, u64)]) -> Retired {
    let bytes = items.iter().fold(0_u64, |sum, (_, size)| sum.saturating_add(*size));
    Retired { items: items.len(), bytes }
}

/// When something named may leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Leaves {
    From(Date),
    Never,
}

/// The items that are here and may leave, by the last time that the register told.
fn due(tx: &ReadTx<'_>, store: &Store) -> Result<Vec<(Digest, u64)>> {
    // A register that was restored may have lost what it was not asked after yet.
    if compared(tx)? < heard_of(tx)? {
        return Ok(Vec::new());
    }
    // Anybody can set this laptop's clock, and what left too early does not come back.
    let Some(today) = read_beacon(tx)?.map(|(_, at)| at.date()) else { return Ok(Vec::new()) };
    let mut of_session: BTreeMap<SessionId, Leaves> = BTreeMap::new();
    let mut leaves: BTreeMap<Digest, Leaves> = BTreeMap::new();
    // Where rows of a log may be lost, what was sealed still says what they named.
    let sealed = if tx.pack_item(PackItem::Rescued)?.is_some() { tx.evidence_of_records() } else { Ok(Vec::new()) };
    let named = match tx.evidence_of_sessions().and_then(|named| Ok([named, sealed?].concat())) {
        // Nobody knows what else names an item, so nothing may leave.
        Err(StoreError::Damaged(_)) => return Ok(Vec::new()),
        named => named?,
    };
    for (session, digest) in named {
        let when = match of_session.get(&session) {
            Some(when) => *when,
            None => *of_session.entry(session).or_insert(session_leaves(tx, session)?),
        };
        // Of several that name it the last to let go counts.
        leaves.entry(digest).and_modify(|known| *known = when.max(*known)).or_insert(when);
    }
    // The register is sent what records name, and entries only by their digest.
    leaves.extend(tx.evidence_of_activities()?.into_iter().map(|digest| (digest, Leaves::Never)));
    let may_leave = |digest: &Digest| matches!(leaves.get(digest), Some(Leaves::From(day)) if *day <= today);
    Ok(store.evidence().items()?.into_iter().filter(|(digest, _)| may_leave(digest)).collect())
}

/// When what a session names may leave: never before it is sealed and every record of it is in the register.
fn session_leaves(tx: &ReadTx<'_>, id: SessionId) -> Result<Leaves> {
    // The row of a session may be lost on a laptop that was rescued.
    let Some(row) = tx.session(id)? else { return Ok(Leaves::Never) };
    let retention = parse_signed_scheme(&row.scheme, Some(&row.language)).ok();
    let Some(days) = retention.and_then(|(scheme, _)| scheme.values.retention_days) else {
        return Ok(Leaves::Never);
    };
    let mut when = None;
    for record in tx.records_of(id)? {
        #[cfg(feature = "sabotage")]
        if sabotage::is_set(sabotage::Sabotage::LetGoEarly) {
            return Ok(Leaves::From(Timestamp::from_millis(0).date()));
        }
        let Place::InRegister(receipt) = read_place(tx, record.digest)? else {
            return Ok(Leaves::Never);
        };
        when = when.max(Some(receipt.received_at.date().days_later(days)));
    }
    Ok(when.map_or(Leaves::Never, Leaves::From))
}

/// Removes items from the evidence file, once the rows that say so are on disk.
///
/// Also where nothing is to be removed the file's log is emptied: an earlier time may have had to leave it.
pub(crate) fn remove_what_left(store: &Store, items: impl Iterator<Item = Digest>) -> Result<()> {
    // Nobody can name an item again meanwhile: naming is writing.
    store.write(|tx| {
        let left: BTreeSet<_> = tx.evidence_that_left()?.into_iter().collect();
        let items: Vec<_> = items.filter(|digest| left.contains(digest)).collect();
        let removed = store.evidence().remove(&items);
        removed
            .map_err(|error| if matches!(error, StoreError::StillRead) { Error::Remains(error) } else { error.into() })
    })
}

/// Before a row names an item: it is here, whether or not it left before.
pub(crate) fn name(tx: &WriteTx<'_>, store: &Store, item: Digest) -> Result<()> {
    if !store.evidence().has(item)? {
        return Err(StoreError::Damaged("photo").into());
    }
    Ok(tx.set_evidence_here(item)?)
}

/// Removes evidence that nothing names, or that left and whose bytes an early end had left behind; says how many items.
/// Only when a store is opened by whoever has it alone: while somebody works, what is kept and not yet named looks the
/// same.
///
/// # Errors
/// [`crate::Error::Store`]. Where a row cannot be read nobody knows what it names, and nothing is removed.
pub(crate) fn sweep_orphans(store: &Store) -> Result<usize> {
    // There is hardly ever one, and nobody is to wait for that.
    if store.read(|tx| orphans(tx, store))?.is_empty() {
        return Ok(0);
    }
    // Asked again where nobody can name one meanwhile: naming is writing.
    store.write(|tx| {
        let orphans = orphans(tx, store)?;
        if !orphans.is_empty() {
            store.evidence().remove(&orphans)?;
        }
        Ok(orphans.len())
    })
}

fn orphans(tx: &ReadTx<'_>, store: &Store) -> Result<Vec<Digest>> {
    // What nothing names here may have been named on a page that was lost. One kept for nothing costs room.
    if tx.pack_item(PackItem::Rescued)?.is_some() {
        return Ok(Vec::new());
    }
    let mut here: BTreeSet<Digest> = store.evidence().items()?.into_iter().map(|(digest, _)| digest).collect();
    let left: BTreeSet<Digest> = tx.evidence_that_left()?.into_iter().collect();
    let mut is_any_left = |named: Vec<(SessionId, Digest)>| {
        for (_, digest) in named {
            if !left.contains(&digest) {
                here.remove(&digest);
            }
        }
        !here.is_empty()
    };
    // Rarely is there anything left to ask of records and entries, and there may be many.
    if is_any_left(tx.evidence_of_sessions()?) && is_any_left(tx.evidence_of_records()?) {
        for digest in tx.evidence_of_activities()? {
            here.remove(&digest);
        }
    }
    Ok(here.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use std::{sync::mpsc, thread, time::Duration};

    use fieldproof_store::StoreKey;

    use super::*;

    #[test]
    fn whoever_sweeps_waits_for_whoever_writes_and_asks_again() {
        let folder = tempfile::tempdir().unwrap();
        let key = StoreKey::new([7; 48]);
        let [one, other] = [Store::create(folder.path(), &key).unwrap(), Store::open(folder.path(), &key).unwrap()];
        let digest = one.evidence().put(b"about to be named").unwrap();
        let (swept, is_swept) = mpsc::channel();
        thread::scope(|scope| {
            let written: Result<()> = one.write(|tx| {
                // Any row that keeps it; nobody else sees it before the end.
                tx.set_pack_item(PackItem::Rescued, &[1])?;
                scope.spawn(|| swept.send(sweep_orphans(&other)).unwrap());
                assert!(is_swept.recv_timeout(Duration::from_secs(1)).is_err(), "it was swept meanwhile");
                Ok(())
            });
            written.unwrap();
            assert_eq!(is_swept.recv().unwrap().unwrap(), 0);
        });
        assert!(one.evidence().has(digest).unwrap());
    }
}
