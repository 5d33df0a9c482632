//! Packs that another office made after the ones that were made here: the laptop holds the highest number, whoever signed
//! it, so an office that was passed over stands back until somebody there admits the laptop again.

use fieldproof_seal::keys::PublicKey;
use fieldproof_store::{
    ReadTx, WriteTx,
    table::{office::PackRow, pack_items::PackItem},
};

use crate::Result;

/// Key and number.
const ENTRY: usize = 36;

fn entries(tx: &ReadTx<'_>) -> Result<Vec<(PublicKey, u32)>> {
    let bytes = tx.pack_item(PackItem::PassedPacks)?.unwrap_or_default();
    let entry = |entry: &[u8]| {
        let (key, number) = entry.split_first_chunk::<32>()?;
        Some((PublicKey::new(*key), u32::from_be_bytes(number.try_into().ok()?)))
    };
    Ok(bytes.chunks_exact(ENTRY).filter_map(entry).collect())
}

/// The number of the later pack that another office made for a laptop.
pub(crate) fn by(tx: &ReadTx<'_>, installation: &PublicKey) -> Result<Option<u32>> {
    Ok(entries(tx)?.into_iter().find(|(known, _)| known == installation).map(|(_, number)| number))
}

/// Notes that the register holds a pack of that number, which this office did not make.
pub(crate) fn note(tx: &WriteTx<'_>, installation: &PublicKey, number: u32) -> Result<()> {
    let mut entries = entries(tx)?;
    entries.retain(|(known, _)| known != installation);
    entries.push((*installation, number));
    keep(tx, &entries)
}

/// Goes on in another office's place: the next pack made here has a number above its.
pub(super) fn take_over(tx: &WriteTx<'_>, installation: &PublicKey) -> Result<()> {
    let Some(passed) = by(tx, installation)? else { return Ok(()) };
    if let Some(row) = tx.pack(installation)? {
        // Not the number of the pack in the row, so that the next one is made even where it says the same.
        let number = row.number.max(passed).saturating_add(1);
        tx.set_pack(&PackRow { number, is_at_register: true, ..row })?;
    }
    let mut entries = entries(tx)?;
    entries.retain(|(known, _)| known != installation);
    keep(tx, &entries)
}

fn keep(tx: &WriteTx<'_>, entries: &[(PublicKey, u32)]) -> Result<()> {
    let mut bytes = Vec::new();
    for (key, number) in entries {
        bytes.extend_from_slice(key.as_bytes());
        bytes.extend_from_slice(&number.to_be_bytes());
    }
    tx.set_pack_item(PackItem::PassedPacks, &bytes)?;
    Ok(())
}
