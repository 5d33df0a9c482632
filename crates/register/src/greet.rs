//! Hello: who the register is, a new beacon, and the snapshot.

use std::collections::BTreeMap;

use fieldproof_model::time::{Date, Timestamp};
use fieldproof_seal::{
    envelope::Purpose,
    keys::SecretKey,
    receipt::Beacon,
    snapshot::{CertificateDigest, Delegated, DelegationDigest, Snapshot, Withdrawn},
};
use fieldproof_wire::Hello;

use crate::{
    RegisterError,
    core::Core,
    renewal::Stands,
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
        let list = List::of(tx)?;
        if let Some((_, snapshot, signed)) = &list.newest {
            // A clock that went back signs nothing new.
            if list.is_in(snapshot) && now.date() <= snapshot.as_of.date() {
                return Ok(signed.clone());
            }
        }
        let (number, signed) = sign_snapshot(&list, self.purpose(), &self.key, now)?;
        snapshots::insert(tx, list.epoch, number, &signed)?;
        Ok(signed)
    }
}

/// What the next snapshot says.
pub(crate) struct List {
    pub(crate) epoch: u32,
    /// The newest snapshot of this epoch: its number, what it says, and its signed bytes.
    newest: Option<(u32, Snapshot, Vec<u8>)>,
    withdrawn: BTreeMap<CertificateDigest, (Withdrawn, Date)>,
    delegations: BTreeMap<DelegationDigest, Delegated>,
    /// What stands under keys that were called compromised; once it is listed it stays so.
    pub(crate) standing: Stands,
}

impl List {
    pub(crate) fn of(tx: &Transaction<'_>) -> Result<Self, RegisterError> {
        let read = |signed: &[u8]| {
            let parsed = Snapshot::parse(signed).map_err(|_| RegisterError::Damaged("a snapshot cannot be read"));
            parsed.map(|(snapshot, _)| snapshot)
        };
        let (mut withdrawn, mut delegations) = (snapshots::withdrawn(tx)?, delegations::all(tx)?);
        epochs::add_withdrawals(tx, &mut withdrawn)?;
        epochs::add_ends(tx, &mut delegations)?;
        let epoch = epochs::current(tx)?;
        let newest = snapshots::newest(tx, epoch)?;
        let newest =
            newest.map(|(number, signed)| Ok::<_, RegisterError>((number, read(&signed)?, signed))).transpose()?;
        let standing = snapshots::last(tx)?.map(|signed| read(&signed)).transpose()?;
        let standing = standing.map(|snapshot| snapshot.standing).unwrap_or_default();
        Ok(Self { epoch, newest, withdrawn, delegations, standing })
    }

    fn is_in(&self, snapshot: &Snapshot) -> bool {
        snapshot.withdrawn == self.withdrawn
            && snapshot.delegations == self.delegations
            && snapshot.standing == self.standing
    }
}

/// Signs the next snapshot; with its number.
pub(crate) fn sign_snapshot(
    list: &List,
    purpose: Purpose,
    key: &SecretKey,
    now: Timestamp,
) -> Result<(u32, Vec<u8>), RegisterError> {
    let last = list.newest.as_ref().map_or(0, |(number, ..)| *number);
    let number = last.checked_add(1).ok_or(RegisterError::Exhausted("a snapshot"))?;
    let snapshot = Snapshot {
        purpose,
        epoch: list.epoch,
        number,
        as_of: now,
        withdrawn: list.withdrawn.clone(),
        delegations: list.delegations.clone(),
        standing: list.standing.clone(),
    };
    Ok((number, snapshot.sign(key)))
}
