//! Evidence leaves the laptop when the register has it and the institution's time is over; what nothing names is swept.
//!
//! The row that says it left comes first, then the bytes go: whatever ends in between, nothing says that they are here.

use std::collections::{BTreeMap, BTreeSet};

use fieldproof_model::{
    digest::Digest,
    id::SessionId,
    time::{Date, Timestamp},
};
use fieldproof_seal::scheme::parse_signed_scheme;
use fieldproof_store::{ReadTx, Store, StoreError, WriteTx};

use crate::{
    App, Result, What,
    epoch::{compared, heard_of},
    error::OrNotFound,
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
    /// institution has set no time. The time counts from the receipt.
    ///
    /// # Errors
    /// [`crate::Error::Store`]; what left until then is gone, and the rest is here.
    pub fn retire_evidence(&self) -> Result<Retired> {
        let unlocked = self.unlocked()?;
        let now = self.now();
        let due = unlocked.store.write(|tx| -> Result<_> {
            let due = due(tx, &unlocked.store, now)?;
            for (digest, _) in &due {
                tx.set_evidence_left(*digest, now)?;
            }
            Ok(due)
        })?;
        remove_what_left(&unlocked.store, due.iter().map(|(digest, _)| *digest))?;
        Ok(sum(&due))
    }

    /// What [`App::retire_evidence`] would let go now.
    ///
    /// # Errors
    /// [`crate::Error::Store`].
    pub fn retirable_evidence(&self) -> Result<Retired> {
        let unlocked = self.unlocked()?;
        let now = self.now();
        unlocked.store.read(|tx| may_leave(tx, &unlocked.store, now))
    }
}

pub(crate) fn may_leave(tx: &ReadTx<'_>, store: &Store, now: Timestamp) -> Result<Retired> {
    Ok(sum(&due(tx, store, now)?))
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

/// The items that are here and may leave.
fn due(tx: &ReadTx<'_>, store: &Store, now: Timestamp) -> Result<Vec<(Digest, u64)>> {
    // A register that was restored may have lost what it was not asked after yet.
    if compared(tx)? < heard_of(tx)? {
        return Ok(Vec::new());
    }
    // A clock that was set back keeps nothing longer than the register's last time says.
    let today = read_beacon(tx)?.map_or(now, |(_, at)| now.max(at)).date();
    let mut of_session: BTreeMap<SessionId, Leaves> = BTreeMap::new();
    let mut leaves: BTreeMap<Digest, Leaves> = BTreeMap::new();
    let named = match tx.evidence_of_sessions() {
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
    let row = tx.session(id)?.or_not_found(What::Session)?;
    let retention = parse_signed_scheme(&row.scheme, Some(&row.language)).ok();
    let Some(days) = retention.and_then(|(scheme, _)| scheme.values.retention_days) else {
        return Ok(Leaves::Never);
    };
    let mut when = None;
    for record in tx.records_of(id)? {
        let Place::InRegister(receipt) = read_place(tx, record.digest)? else {
            return Ok(Leaves::Never);
        };
        when = when.max(Some(receipt.received_at.date().days_later(days)));
    }
    Ok(when.map_or(Leaves::Never, Leaves::From))
}

/// Removes items from the evidence file, once the rows that say so are on disk.
pub(crate) fn remove_what_left(store: &Store, items: impl Iterator<Item = Digest>) -> Result<()> {
    // Nobody can name an item again meanwhile: naming is writing.
    store.write(|tx| {
        let left: BTreeSet<_> = tx.evidence_that_left()?.into_iter().collect();
        let items: Vec<_> = items.filter(|digest| left.contains(digest)).collect();
        if items.is_empty() { Ok(()) } else { Ok(store.evidence().remove(&items)?) }
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
/// Only when a store is opened: while somebody works, what is kept and not yet named looks the same.
///
/// # Errors
/// [`crate::Error::Store`]. Where a row cannot be read nobody knows what it names, and nothing is removed.
pub(crate) fn sweep_orphans(store: &Store) -> Result<usize> {
    let mut here: BTreeSet<Digest> = store.evidence().items()?.into_iter().map(|(digest, _)| digest).collect();
    let orphans = store.read(|tx| -> Result<Vec<_>> {
        let left: BTreeSet<Digest> = tx.evidence_that_left()?.into_iter().collect();
        for (_, digest) in tx.evidence_of_sessions()? {
            if !left.contains(&digest) {
                here.remove(&digest);
            }
        }
        if !here.is_empty() {
            // Rare, and there may be many entries.
            for digest in tx.evidence_of_activities()? {
                here.remove(&digest);
            }
        }
        Ok(here.into_iter().collect())
    })?;
    if !orphans.is_empty() {
        store.evidence().remove(&orphans)?;
    }
    Ok(orphans.len())
}
