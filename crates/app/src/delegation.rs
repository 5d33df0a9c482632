//! Taking a delegation that the institution signed for a key of this laptop.

use fieldproof_seal::{delegation::Delegation, key_set::KeyRole, keys::PublicKey};

use crate::{App, Invalid, Result, people::read_trust};

impl App {
    /// The key that whoever works signs with, for the institution to delegate.
    ///
    /// # Errors
    /// [`crate::Error::Locked`].
    pub fn key_in_use(&self) -> Result<PublicKey> {
        Ok(self.unlocked()?.key.public())
    }

    /// Takes the institution's delegation of the key of whoever works.
    ///
    /// # Errors
    /// [`Invalid::Delegation`] for one that this institution did not sign, or of another key; [`crate::Error::Format`].
    pub fn take_delegation(&self, signed: &[u8]) -> Result<()> {
        let unlocked = self.unlocked()?;
        let (delegation, unverified) = Delegation::parse(signed)?;
        unlocked.store.write(|tx| {
            let day = Some(delegation.not_before);
            let is_signed = read_trust(tx)?.check(&unverified, KeyRole::Issuing, day).is_ok();
            if !is_signed || delegation.assessor_key != unlocked.key.public() {
                return Err(Invalid::Delegation.into());
            }
            Ok(tx.set_delegation(unlocked.chain, delegation.scheme, signed)?)
        })
    }
}
