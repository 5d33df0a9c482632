//! Hello: who the register is, a new beacon, and the snapshot.

use std::collections::BTreeMap;

use fieldproof_model::time::Timestamp;
use fieldproof_seal::{receipt::Beacon, snapshot::Snapshot};
use fieldproof_wire::Hello;

use crate::{
    RegisterError,
    core::Core,
    table::{Transaction, delegations, epochs, institution, snapshots},
};

impl Core {
    /// Says who the register is.
    pub(crate) fn greet(&self) -> Result<Hello, RegisterError> {
        let now = self.signing_time()?;
        self.write(|tx| {
            let beacon = Beacon { purpose: self.purpose(), number: institution::next_beacon(tx)?, at: now };
            self.hello(tx, beacon.sign(&self.key), now)
        })
    }

    /// Who the register is, with this beacon.
    pub(crate) fn hello(&self, tx: &Transaction<'_>, beacon: Vec<u8>, now: Timestamp) -> Result<Hello, RegisterError> {
        Ok(Hello {
            institution: self.trust.key_set.institution,
            epoch: epochs::current(tx)?,
            key_set: self.row.key_set.clone(),
            beacon,
            snapshot: self.snapshot(tx, now)?,
        })
    }

    /// The snapshot that stands; a new one when the list changed or a later day began.
    pub(crate) fn snapshot(&self, tx: &Transaction<'_>, now: Timestamp) -> Result<Vec<u8>, RegisterError> {
        let (mut withdrawn, mut delegations) = (snapshots::withdrawn(tx)?, delegations::all(tx)?);
        epochs::add_withdrawals(tx, &mut withdrawn)?;
        epochs::add_ends(tx, &mut delegations)?;
        let epoch = epochs::current(tx)?;
        let newest = snapshots::newest(tx, epoch)?;
        if let Some((_, signed)) = &newest {
            let (snapshot, _) =
                Snapshot::parse(signed).map_err(|_| RegisterError::Damaged("a snapshot cannot be read"))?;
            // A clock that went back signs nothing new.
            let is_same = snapshot.withdrawn == withdrawn && snapshot.delegations == delegations;
            if is_same && now.date() <= snapshot.as_of.date() {
                return Ok(signed.clone());
            }
        }
        let last = newest.map_or(0, |(number, _)| number);
        let number = last.checked_add(1).ok_or(RegisterError::Exhausted("a snapshot"))?;
        let standing = BTreeMap::new();
        let snapshot =
            Snapshot { purpose: self.purpose(), epoch, number, as_of: now, withdrawn, delegations, standing };
        let signed = snapshot.sign(&self.key);
        snapshots::insert(tx, epoch, number, &signed)?;
        Ok(signed)
    }
}
