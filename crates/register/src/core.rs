//! What every request works on: the database behind one lock, the evidence folder, the keys, the clock.

use std::sync::{Mutex, PoisonError};

use fieldproof_model::time::Timestamp;
use fieldproof_seal::{envelope::Purpose, keys::SecretKey, trust::Trust};
use rusqlite::{Connection, TransactionBehavior};

use crate::{
    Clock, RegisterError,
    files::EvidenceFolder,
    table::{Transaction, institution::InstitutionRow},
};

/// The register without its socket.
pub(crate) struct Core {
    database: Mutex<Connection>,
    pub(crate) evidence: EvidenceFolder,
    pub(crate) trust: Trust,
    pub(crate) row: InstitutionRow,
    pub(crate) key: SecretKey,
    clock: Clock,
}

impl Core {
    pub(crate) const fn new(
        database: Connection,
        evidence: EvidenceFolder,
        trust: Trust,
        row: InstitutionRow,
        key: SecretKey,
        clock: Clock,
    ) -> Self {
        Self { database: Mutex::new(database), evidence, trust, row, key, clock }
    }

    pub(crate) fn now(&self) -> Timestamp {
        (self.clock)()
    }

    pub(crate) const fn purpose(&self) -> Purpose {
        self.trust.key_set.purpose
    }

    /// Looks at one state of the book.
    pub(crate) fn read<T>(
        &self,
        look: impl FnOnce(&Transaction<'_>) -> Result<T, RegisterError>,
    ) -> Result<T, RegisterError> {
        // A panic rolled its transaction back: the database behind a poisoned lock is whole.
        let mut database = self.database.lock().unwrap_or_else(PoisonError::into_inner);
        let transaction = database.transaction()?;
        look(&transaction)
    }

    /// Changes the book: everything `change` did is on disk when this returns, or nothing of it.
    pub(crate) fn write<T>(
        &self,
        change: impl FnOnce(&Transaction<'_>) -> Result<T, RegisterError>,
    ) -> Result<T, RegisterError> {
        let mut database = self.database.lock().unwrap_or_else(PoisonError::into_inner);
        let transaction = database.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let done = change(&transaction)?;
        transaction.commit()?;
        Ok(done)
    }
}
