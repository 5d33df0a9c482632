//! What every request works on: the database behind one lock, the evidence, the keys, the clock.

use std::{
    collections::BTreeSet,
    sync::{Mutex, PoisonError},
};

use fieldproof_model::{digest::Digest, time::Timestamp};
use fieldproof_seal::{
    envelope::Purpose,
    key_set::KeyRole,
    keys::{PublicKey, SecretKey},
    trust::Trust,
};

use crate::{
    Clock, RegisterError, Report,
    database::Database,
    door::Door,
    evidence::Evidence,
    table::{Transaction, installations, institution::InstitutionRow},
    uploads::Uploads,
};

/// The register without its socket.
pub(crate) struct Core {
    database: Mutex<Database>,
    pub(crate) evidence: Evidence,
    pub(crate) uploads: Uploads,
    pub(crate) trust: Trust,
    pub(crate) row: InstitutionRow,
    pub(crate) key: SecretKey,
    pub(crate) door: Door,
    clock: Clock,
    report: Mutex<Option<Report>>,
    /// Lists that were lost and shown since the start, and what they said is in the book.
    pub(crate) kept_lists: Mutex<BTreeSet<Digest>>,
}

impl Core {
    pub(crate) fn new(
        database: Database,
        (evidence, uploads): (Evidence, Uploads),
        trust: Trust,
        row: InstitutionRow,
        key: SecretKey,
        clock: Clock,
    ) -> Self {
        let (database, door, report) = (Mutex::new(database), Door::new(), Mutex::default());
        Self { database, evidence, uploads, trust, row, key, door, clock, report, kept_lists: Mutex::default() }
    }

    /// Tells `report` of every failure that is the register's own.
    pub(crate) fn report_to(&self, report: Report) {
        *self.report.lock().unwrap_or_else(PoisonError::into_inner) = Some(report);
    }

    pub(crate) fn report(&self, error: &RegisterError) {
        let report = self.report.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(report) = report {
            report(error);
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// The time for what is signed: a clock that is years off would sign what nobody can believe, and what was signed
    /// stays.
    pub(crate) fn signing_time(&self) -> Result<Timestamp, RegisterError> {
        let (now, id) = (self.now(), self.key.public().id());
        let key = self.trust.key_set.find(id, KeyRole::Register).ok_or(RegisterError::NotARegisterKey(id))?;
        let day = now.date();
        if key.covers(day) {
            Ok(now)
        } else {
            Err(RegisterError::Clock { day, from: key.not_before, to: key.not_after })
        }
    }

    pub(crate) const fn purpose(&self) -> Purpose {
        self.trust.key_set.purpose
    }

    /// Admits a laptop by its key.
    pub(crate) fn admit_installation(&self, key: &PublicKey) -> Result<(), RegisterError> {
        if !key.is_usable() {
            return Err(RegisterError::WeakKey);
        }
        self.write(|tx| installations::admit(tx, key, self.now()))
    }

    /// Whether a laptop is admitted.
    pub(crate) fn is_admitted(&self, key: &PublicKey) -> Result<bool, RegisterError> {
        self.read(|tx| installations::is_admitted(tx, key))
    }

    /// Looks at one state of the book.
    pub(crate) fn read<T>(
        &self,
        look: impl FnOnce(&Transaction<'_>) -> Result<T, RegisterError>,
    ) -> Result<T, RegisterError> {
        // A panic rolled its transaction back: the database behind a poisoned lock is whole.
        let mut database = self.database.lock().unwrap_or_else(PoisonError::into_inner);
        let transaction = database.read()?;
        look(&transaction)
    }

    /// Changes the book: everything `change` did is on disk when this returns, or nothing of it.
    pub(crate) fn write<T>(
        &self,
        change: impl FnOnce(&Transaction<'_>) -> Result<T, RegisterError>,
    ) -> Result<T, RegisterError> {
        let mut database = self.database.lock().unwrap_or_else(PoisonError::into_inner);
        let transaction = database.write()?;
        let done = change(&transaction)?;
        #[cfg(feature = "sabotage")]
        if crate::sabotage::leaves_out_the_commit() {
            return Ok(done);
        }
        transaction.commit()?;
        Ok(done)
    }
}
