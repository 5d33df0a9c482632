//! What the bundles that were written here showed of receipts and chains. Nobody signs the answers to that: they are held
//! against what is remembered.

use fieldproof_model::digest::Digest;
use fieldproof_seal::{delegation::Delegation, keys::PublicKey};
use fieldproof_store::{ReadTx, WriteTx, table::pack_items::PackItem};
use fieldproof_sync::{Outbox, bundle::ShownFrame};

use crate::Result;

/// So many frames are remembered; the oldest is forgotten first.
const REMEMBERED: usize = 512;

/// The digest of a frame, a key, a number.
const ROW: usize = 32 + 32 + 4;

/// Stands where a chain has its key.
const RECEIPTS: [u8; 32] = [0; 32];

/// What a frame showed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    /// The names of so many receipts.
    Receipts(usize),
    /// The chain of a key, up to this place.
    Chain(PublicKey, u32),
}

/// Remembers what a bundle showed.
pub(super) fn remember(tx: &WriteTx<'_>, outbox: &Outbox, frames: &[ShownFrame]) -> Result<()> {
    let mut rows = tx.pack_item(PackItem::ShownByBundles)?.unwrap_or_default();
    for ShownFrame { frame, chain, count } in frames {
        let key = match chain.and_then(|chain| outbox.chains.get(chain)) {
            Some(chain) => *Delegation::parse(&chain.delegation)?.0.assessor_key.as_bytes(),
            None => RECEIPTS,
        };
        let count = u32::try_from(*count).unwrap_or(u32::MAX);
        rows.extend([frame.as_bytes().as_slice(), &key, &count.to_be_bytes()].concat());
    }
    let forgotten = rows.len().saturating_sub(REMEMBERED.saturating_mul(ROW));
    Ok(tx.set_pack_item(PackItem::ShownByBundles, rows.get(forgotten..).unwrap_or_default())?)
}

/// What a frame showed, if it was written here and is remembered.
pub(super) fn shown_in(tx: &ReadTx<'_>, frame: &Digest) -> Result<Option<Shown>> {
    let rows = tx.pack_item(PackItem::ShownByBundles)?.unwrap_or_default();
    let row = rows.chunks_exact(ROW).find_map(|row| row.strip_prefix(frame.as_bytes().as_slice()));
    let Some((key, count)) = row.and_then(|row| row.split_first_chunk::<32>()) else { return Ok(None) };
    let count = count.try_into().map_or(0, u32::from_be_bytes);
    Ok(Some(match *key {
        RECEIPTS => Shown::Receipts(usize::try_from(count).unwrap_or(usize::MAX)),
        key => Shown::Chain(PublicKey::new(key), count),
    }))
}
