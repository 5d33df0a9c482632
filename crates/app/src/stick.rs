//! The stick: what has no final answer yet written into one encrypted file, and the answers taken from another. No
//! network takes part, and "in register" is still what a stored, verified complete receipt says.

mod answers;
mod carry;
mod shown;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use fieldproof_model::{digest::Digest, id::SessionId};
use fieldproof_store::{WriteTx, durable, table::pack_items::PackItem};
use fieldproof_sync::{
    HttpError,
    bundle::{BundleProgress, write_bundle},
    claims,
};
use fieldproof_wire::bundle::{BundleError, BundleId, Head, encryption_key};

use self::answers::evidence_named;
pub use self::{
    answers::{AnsweredRecord, AnswersReport},
    carry::{Carried, FoundBundle},
};
use crate::{
    App, Error, NotAllowed, Result,
    backup::free_name,
    epoch::holding,
    send::{Load, gather},
};

/// How many bundles a laptop remembers to have written.
const REMEMBERED: usize = 64;

/// What a bundle would carry now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ToCarry {
    /// Records in it.
    pub records: usize,
    /// Evidence items in it.
    pub evidence: usize,
    /// About so many bytes of records and evidence.
    pub bytes: u64,
    /// Sealed records that wait for their key to be delegated, and would be left out.
    pub waiting: usize,
    /// Whether the institution has a key to encrypt to.
    pub has_key: bool,
}

/// A bundle that was written.
#[derive(Debug)]
pub struct BundleReport {
    /// Which.
    pub bundle: BundleId,
    /// Records in it.
    pub records: usize,
    /// Evidence items in it.
    pub evidence: usize,
    /// Records that are not in it, or not whole, with the reason.
    pub left_out: Vec<(SessionId, Error)>,
    /// Whether more is left for another bundle, because this one holds as much as one may.
    pub is_full: bool,
}

impl App {
    /// Tells what a bundle would carry.
    ///
    /// # Errors
    /// [`Error::Locked`], [`Error::NotFound`] for a laptop of no institution.
    pub fn to_carry(&self) -> Result<ToCarry> {
        let load = self.unlocked()?.store.read(gather)?;
        let (mut items, mut bytes) = (BTreeMap::new(), 0_u64);
        let records = || load.outbox.records.iter().chain(&load.returns);
        for record in records() {
            bytes = bytes.saturating_add(u64::try_from(record.file.len()).unwrap_or(u64::MAX));
            // One that cannot be read is told when it is left out.
            items.extend(evidence_named(&record.file).unwrap_or_default());
        }
        Ok(ToCarry {
            records: records().count(),
            evidence: items.len(),
            bytes: items.values().fold(bytes, |bytes, size| bytes.saturating_add(*size)),
            waiting: load.waiting.len(),
            has_key: encryption_key(&load.known.trust.key_set).is_some(),
        })
    }

    /// Writes the same into a new file of `folder`, as [`Self::write_bundle`] does; says which file.
    ///
    /// # Errors
    /// As [`Self::write_bundle`].
    pub fn write_bundle_into(
        &self,
        folder: &Path,
        on: &mut dyn FnMut(BundleProgress),
    ) -> Result<(PathBuf, BundleReport)> {
        let path = free_name(folder, &format!("fieldproof-{}", self.today()), "bundle")?;
        let report = self.write_bundle(&path, on)?;
        Ok((path, report))
    }

    /// Writes everybody's sealed records that are neither in the register nor refused, and those that it lost, into the
    /// new file `path`, encrypted to the institution. Evidence is in memory one item at a time.
    ///
    /// # Errors
    /// [`NotAllowed::NoEncryptionKey`]; [`Error::NotWritten`], also when there is such a file. There is nothing new then.
    pub fn write_bundle(&self, path: &Path, on: &mut dyn FnMut(BundleProgress)) -> Result<BundleReport> {
        let unlocked = self.unlocked()?;
        let (mut load, holding) = unlocked.store.read(|tx| -> Result<_> { Ok((gather(tx)?, holding(tx)?)) })?;
        load.outbox.records.append(&mut load.returns);
        load.outbox.claims = claims(&holding);
        let key_set = &load.known.trust.key_set;
        let key = encryption_key(key_set).ok_or(NotAllowed::NoEncryptionKey)?.key;
        let bundle = BundleId::new(self.random());
        let head = Head { institution: key_set.institution, key: key.id(), bundle };
        let mut evidence = |digest| unlocked.store.evidence().get(digest).ok().flatten();
        let written = durable::create(path, |out| {
            write_bundle::<_, HttpError>(out, (&head, &key), &load.outbox, &mut evidence, on)
        });
        let carried = written.map_err(|error| not_written(path, error))?;
        unlocked.store.write(|tx| {
            shown::remember(tx, &load.outbox, &carried.shown)?;
            remember(tx, bundle)
        })?;
        let session = |(record, error)| load.session(&record).map(|session| (session, Error::Lane(error)));
        let waits = |session: &SessionId| (*session, NotAllowed::NotDelegatedYet.into());
        Ok(BundleReport {
            bundle,
            records: carried.records.len(),
            evidence: carried.evidence,
            left_out: carried.left_out.into_iter().filter_map(session).chain(load.waiting.iter().map(waits)).collect(),
            is_full: carried.is_full,
        })
    }
}

impl Load {
    fn session(&self, record: &Digest) -> Option<SessionId> {
        self.sessions.iter().find(|(digest, _)| digest == record).map(|(_, session)| *session)
    }
}

fn not_written(path: &Path, error: BundleError) -> Error {
    if let BundleError::File(source) = error {
        Error::NotWritten { path: PathBuf::from(path), source }
    } else if matches!(error, BundleError::NotAKey) {
        NotAllowed::NoEncryptionKey.into()
    } else {
        error.into()
    }
}

/// Notes that this laptop wrote a bundle; the oldest of many is forgotten.
fn remember(tx: &WriteTx<'_>, bundle: BundleId) -> Result<()> {
    let mut written = tx.pack_item(PackItem::Bundles)?.unwrap_or_default();
    written.extend_from_slice(bundle.as_bytes());
    let most = REMEMBERED.saturating_mul(bundle.as_bytes().len());
    let forgotten = written.len().saturating_sub(most);
    tx.set_pack_item(PackItem::Bundles, written.get(forgotten..).unwrap_or_default())?;
    Ok(())
}
