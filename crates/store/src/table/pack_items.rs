//! What came with the pack, by name.

use rusqlite::{OptionalExtension, params};

use crate::{
    Result,
    table::{ReadTx, WriteTx},
};

/// The name of a pack item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PackItem {
    /// The root's public key, thirty-two bytes.
    Root,
    /// The signed key set.
    KeySet,
    /// The signed beacon last held.
    Beacon,
    /// The signed snapshot last held.
    Snapshot,
    /// The register's address.
    RegisterAddress,
    /// The digest of the key that the register shows over TLS, thirty-two bytes.
    RegisterPin,
    /// The signed pack last taken.
    Pack,
    /// The seed of the laptop's own key, thirty-two bytes.
    InstallationKey,
    /// What opens packs that were encrypted for this laptop: a text of age.
    PackKey,
    /// Who at the institution can open backups: an age recipient that the coordinator hands out.
    RecoveryRecipient,
    /// When the laptop was last backed up: eight bytes.
    BackedUpAt,
    /// When a recovery key was last tried: eight bytes.
    DrilledAt,
    /// The bundles that were last written here, sixteen bytes each.
    Bundles,
    /// What they showed of chains and receipts: the digest of a frame, the chain's key or noughts for receipts, and how
    /// far it went or how many it named, 68 bytes each.
    ShownByBundles,
    /// Packs that another office made after the ones made here: the laptop's key and the number, thirty-six bytes each.
    PassedPacks,
    /// The last epoch in which the register was asked after every receipt: four bytes.
    ComparedEpoch,
    /// The signed beginning of the register's epoch.
    Epoch,
    /// A signed snapshot of an earlier epoch that the register was not shown yet.
    UnshownSnapshot,
    /// The epoch of a register that was found to be restored, and how many records it had lost, four bytes each: there
    /// until somebody has seen it.
    Restored,
    /// What came to light while something was sent and only people can go after: a line for each thing.
    Noticed,
    /// How far this laptop heard what the register tells it: epoch, number, head, newest number and time, 52 bytes.
    Heard,
    /// There while somebody has paused sending.
    SendingPaused,
    /// There while nothing is to be sent by itself over a link that is paid for by volume.
    SparesMetered,
    /// There where the store was rescued from a damaged one: rows that name evidence may be lost.
    Rescued,
}

impl PackItem {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Root => "root",
            Self::KeySet => "key_set",
            Self::Beacon => "beacon",
            Self::Snapshot => "snapshot",
            Self::RegisterAddress => "register_address",
            Self::RegisterPin => "register_pin",
            Self::Pack => "pack",
            Self::InstallationKey => "installation_key",
            Self::PackKey => "pack_key",
            Self::RecoveryRecipient => "recovery_recipient",
            Self::BackedUpAt => "backed_up_at",
            Self::DrilledAt => "drilled_at",
            Self::Bundles => "bundles",
            Self::ShownByBundles => "shown_by_bundles",
            Self::PassedPacks => "passed_packs",
            Self::ComparedEpoch => "compared_epoch",
            Self::Epoch => "epoch",
            Self::UnshownSnapshot => "unshown_snapshot",
            Self::Restored => "restored",
            Self::Noticed => "noticed",
            Self::Heard => "heard",
            Self::SendingPaused => "sending_paused",
            Self::SparesMetered => "spares_metered",
            Self::Rescued => "rescued",
        }
    }
}

impl ReadTx<'_> {
    /// Reads a pack item; `None` when the pack has none.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn pack_item(&self, item: PackItem) -> Result<Option<Vec<u8>>> {
        let sql = "SELECT value FROM pack_items WHERE name = ?1";
        Ok(self.connection().query_row(sql, params![item.name()], |row| row.get(0)).optional()?)
    }
}

impl WriteTx<'_> {
    /// Takes a pack item, replacing the one before.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn set_pack_item(&self, item: PackItem, value: &[u8]) -> Result<()> {
        self.execute(
            "INSERT INTO pack_items (name, value) VALUES (?1, ?2)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            params![item.name(), value],
        )?;
        Ok(())
    }

    /// Lets go of a pack item.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn forget_pack_item(&self, item: PackItem) -> Result<()> {
        self.execute("DELETE FROM pack_items WHERE name = ?1", params![item.name()])?;
        Ok(())
    }
}
