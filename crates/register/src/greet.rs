//! Hello: who the register is, a new beacon, and the snapshot.

use std::collections::BTreeMap;

use fieldproof_model::time::Timestamp;
use fieldproof_seal::{receipt::Beacon, snapshot::Snapshot};
use fieldproof_wire::Hello;

use crate::{
    RegisterError,
    core::Core,
    table::{Transaction, delegations, institution, snapshots},
};

impl Core {
    /// Says who the register is.
    pub(crate) fn greet(&self) -> Result<Hello, RegisterError> {
        let now = self.signing_time()?;
        let (number, snapshot) = self.write(|tx| Ok((institution::next_beacon(tx)?, self.snapshot(tx, now)?)))?;
        let beacon = Beacon { purpose: self.purpose(), number, at: now };
        Ok(self.hello(beacon.sign(&self.key), snapshot))
    }

    /// Who the register is, with this beacon and this snapshot.
    pub(crate) fn hello(&self, beacon: Vec<u8>, snapshot: Vec<u8>) -> Hello {
        Hello {
            institution: self.trust.key_set.institution,
            epoch: self.row.epoch,
            key_set: self.row.key_set.clone(),
            beacon,
            snapshot,
        }
    }

    /// The snapshot that stands; a new one when the list changed or a later day began.
    pub(crate) fn snapshot(&self, tx: &Transaction<'_>, now: Timestamp) -> Result<Vec<u8>, RegisterError> {
        let (withdrawn, delegations) = (snapshots::withdrawn(tx)?, delegations::all(tx)?);
        let epoch = self.row.epoch;
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
