//! Who can open this laptop: giving access, changing a passphrase, taking access away, and the recovery sheet.

use fieldproof_certificate::render_recovery_sheet;
use fieldproof_model::id::PersonId;
use fieldproof_store::{
    slots::{self, RecoveryKey, RecoveryKind, Secrets},
    table::people::PersonRow,
};

use crate::{
    App, Invalid, NotAllowed, Result, What, error::OrNotFound, passphrase, people::read_trust, unlock::wiping,
};

/// Who can open this laptop, and with what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// Everybody with a passphrase, in the order they were given it.
    pub people: Vec<(PersonId, String)>,
    /// Since when each recovery key opens the store.
    pub recovery: Vec<(RecoveryKind, fieldproof_model::time::Date)>,
}

impl App {
    /// Tells who can open this laptop.
    ///
    /// # Errors
    /// [`crate::Error::Store`].
    pub fn access(&self) -> Result<Access> {
        self.unlocked()?;
        let recovery = slots::recovery(&self.dir)?;
        Ok(Access {
            people: slots::list(&self.dir)?,
            recovery: recovery.into_iter().map(|slot| (slot.kind, slot.made_at().date())).collect(),
        })
    }

    /// Gives somebody known here a passphrase of their own, and a new key: for a further assessor, or for one who forgot
    /// theirs. The new key waits for the institution's delegation.
    ///
    /// # Errors
    /// [`Invalid::Passphrase`]; [`NotAllowed::OwnAccess`]; [`crate::Error::NotFound`].
    pub fn give_access(&self, person: PersonId, new: &str) -> Result<()> {
        let unlocked = self.unlocked()?;
        if person == unlocked.assessor {
            return Err(NotAllowed::OwnAccess.into());
        }
        passphrase::check(new).map_err(Invalid::Passphrase)?;
        let row: PersonRow = unlocked.store.read(|tx| tx.person(person)?.or_not_found(What::Person))?;
        self.forget_pin(person);
        wiping(|| {
            let secrets = Secrets { store: unlocked.store.key().clone(), assessor: self.random_key() };
            self.set_slot((person, row.person.name.as_str()), new, &secrets)
        })
    }

    /// Changes the passphrase of whoever works. The key stays.
    ///
    /// # Errors
    /// [`crate::Error::WrongPassphrase`] for the old one; [`Invalid::Passphrase`].
    pub fn change_passphrase(&self, old: &str, new: &str) -> Result<()> {
        let unlocked = self.unlocked()?;
        passphrase::check(new).map_err(Invalid::Passphrase)?;
        wiping(|| {
            slots::unlock(&self.dir, unlocked.assessor, old)?;
            let secrets = Secrets { store: unlocked.store.key().clone(), assessor: unlocked.key.clone() };
            self.forget_pin(unlocked.assessor);
            self.set_slot((unlocked.assessor, &unlocked.name), new, &secrets)
        })
    }

    /// Takes somebody's passphrase and with it their key away. What they recorded and sealed stays.
    ///
    /// # Errors
    /// [`NotAllowed::OwnAccess`], [`NotAllowed::LastWayIn`], [`crate::Error::NotFound`].
    pub fn take_access(&self, person: PersonId) -> Result<()> {
        let unlocked = self.unlocked()?;
        if person == unlocked.assessor {
            return Err(NotAllowed::OwnAccess.into());
        }
        self.forget_pin(person);
        Ok(slots::forget(&self.dir, person)?)
    }

    /// Makes a recovery key, lets it open the store in place of the sheet before, and hands the sheet to the viewer.
    ///
    /// # Errors
    /// [`crate::Error::Viewer`]; then the sheet before still holds.
    pub fn make_recovery_sheet(&self) -> Result<()> {
        let unlocked = self.unlocked()?;
        let institution = unlocked.store.read(read_trust)?.key_set.name;
        let (key, now) = (RecoveryKey::generate(), self.now());
        let sheet = render_recovery_sheet(
            &institution,
            &now.date().to_string(),
            now.as_millis().div_euclid(1000),
            &key.dangerously_expose_text(),
        )?;
        self.host.open_document("recovery-sheet.pdf", &sheet)?;
        Ok(slots::set_recovery(&self.dir, RecoveryKind::Sheet, &key.recipient(), now, unlocked.store.key())?)
    }

    /// Opens a laptop with a recovery key and gives a person a new passphrase, and a new key: for whoever forgot theirs,
    /// and after a restore. Nobody needs to have unlocked; the laptop stays locked.
    ///
    /// # Errors
    /// [`Invalid::RecoveryKey`], [`crate::Error::WrongRecoveryKey`], [`Invalid::Passphrase`], [`crate::Error::NotFound`].
    pub fn recover_access(&self, person: PersonId, recovery_key: &str, new: &str) -> Result<()> {
        let key = RecoveryKey::parse(recovery_key).ok_or(Invalid::RecoveryKey)?;
        passphrase::check(new).map_err(Invalid::Passphrase)?;
        wiping(|| {
            let (_, store) = slots::recover(&self.dir, &key)?;
            let known = self.open_store(&store)?;
            let row: PersonRow = known.read(|tx| tx.person(person)?.or_not_found(What::Person))?;
            let secrets = Secrets { store, assessor: self.random_key() };
            self.forget_pin(person);
            self.set_slot((person, row.person.name.as_str()), new, &secrets)
        })
    }

    fn set_slot(&self, person: (PersonId, &str), new: &str, secrets: &Secrets) -> Result<()> {
        let cost = self.host.passphrase_cost();
        Ok(slots::set(&self.dir, person, new, secrets, &self.slot_random(), cost)?)
    }
}
