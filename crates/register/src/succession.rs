//! Further key sets: what the root signs after the first one. Nothing here writes a secret anywhere.

use fieldproof_model::time::Timestamp;
use fieldproof_seal::{
    key_set::{KeyRole, KeySet, KeyState, WorkingKey},
    keys::{KeyId, PublicKey, SecretKey},
};
use fieldproof_wire::bundle::DecryptionKey;
use zeroize::Zeroizing;

use crate::founding::{WORKING_DAYS, draw};

/// One change of the institution's working keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Whoever has this key signs schemes and delegations from now on, too.
    AddIssuing(PublicKey),
    /// The issuing key signs no more; what it signed stands.
    Retire(KeyId),
    /// Somebody else may have the key; what it signed stands only where the register lists it.
    Compromise(KeyId),
    /// The register signs with a new key; the one before is retired, or called compromised.
    RenewRegister {
        /// Whether somebody else may have the one before.
        is_lost: bool,
    },
    /// Bundles are encrypted to a new key; the one before still opens what was encrypted to it.
    RenewEncryption {
        /// Whether somebody else may have the one before.
        is_lost: bool,
    },
}

/// The next key set, with the secrets that were made for it.
#[derive(Debug)]
pub struct Successor {
    /// The key set, to be signed by the root.
    pub key_set: KeySet,
    /// The new register key, where it is renewed.
    pub register: Option<SecretKey>,
    /// The new decryption key, where it is renewed.
    pub decryption: Option<DecryptionKey>,
}

/// Why a change makes no sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SuccessionError {
    /// The key set names the key already.
    #[error("key {0} is in the key set already; a key that was retired or called compromised does not come back")]
    AlreadyThere(KeyId),
    /// Nothing that is signed with this key proves anything.
    #[error("key {0} is weak: have the request made anew")]
    WeakKey(KeyId),
    /// There is no such key.
    #[error("the key set names no key {0}")]
    Unknown(KeyId),
    /// It is so already, or worse.
    #[error("key {0} is retired or called compromised already")]
    AlreadyEnded(KeyId),
    /// A register key or an encryption key ends by being renewed.
    #[error("key {0} is no issuing key: it ends when it is renewed")]
    RenewInstead(KeyId),
    /// Nobody could sign for the institution any more.
    #[error("key {0} is the last active issuing key: add another coordinator's first")]
    LastIssuing(KeyId),
    /// The numbers are used up.
    #[error("there is no further number for a key set")]
    Exhausted,
}

/// Makes the next key set of an institution.
///
/// # Errors
/// [`SuccessionError`].
pub fn succeed(
    before: &KeySet,
    change: Change,
    now: Timestamp,
    random: &mut dyn FnMut(&mut [u8]),
) -> Result<Successor, SuccessionError> {
    let number = before.number.checked_add(1).ok_or(SuccessionError::Exhausted)?;
    let key_set = KeySet { number, issued_at: now, ..before.clone() };
    let mut next = Successor { key_set, register: None, decryption: None };
    match change {
        Change::AddIssuing(key) => next.add(key, KeyRole::Issuing, now)?,
        Change::Retire(id) => next.end(id, KeyState::Retired)?,
        Change::Compromise(id) => next.end(id, KeyState::Compromised)?,
        Change::RenewRegister { is_lost } => {
            let key = draw(random);
            next.end_all(KeyRole::Register, is_lost);
            next.add(key.public(), KeyRole::Register, now)?;
            next.register = Some(key);
        }
        Change::RenewEncryption { is_lost } => {
            let mut secret = Zeroizing::new([0; 32]);
            random(secret.as_mut_slice());
            let key = DecryptionKey::new(&secret);
            next.end_all(KeyRole::Encryption, is_lost);
            next.add(key.public(), KeyRole::Encryption, now)?;
            next.decryption = Some(key);
        }
    }
    Ok(next)
}

impl Successor {
    fn add(&mut self, key: PublicKey, role: KeyRole, now: Timestamp) -> Result<(), SuccessionError> {
        let id = key.id();
        if self.key_set.keys.iter().any(|known| known.key.id() == id) {
            return Err(SuccessionError::AlreadyThere(id));
        }
        if role != KeyRole::Encryption && !key.is_usable() {
            return Err(SuccessionError::WeakKey(id));
        }
        let (not_before, not_after) = (now.date(), now.date().days_later(WORKING_DAYS));
        self.key_set.keys.push(WorkingKey { key, role, not_before, not_after, state: KeyState::Active });
        Ok(())
    }

    fn end(&mut self, id: KeyId, state: KeyState) -> Result<(), SuccessionError> {
        let is_active = |key: &WorkingKey| key.role == KeyRole::Issuing && key.state == KeyState::Active;
        let others = self.key_set.keys.iter().filter(|key| is_active(key) && key.key.id() != id).count();
        let found = self.key_set.keys.iter_mut().find(|key| key.key.id() == id);
        let found = found.ok_or(SuccessionError::Unknown(id))?;
        match (found.role, found.state, state) {
            (KeyRole::Register | KeyRole::Encryption, ..) => return Err(SuccessionError::RenewInstead(id)),
            (KeyRole::Issuing, KeyState::Compromised, _) | (KeyRole::Issuing, KeyState::Retired, KeyState::Retired) => {
                return Err(SuccessionError::AlreadyEnded(id));
            }
            // A key that is lost has to be called so, whoever is left.
            (KeyRole::Issuing, KeyState::Active, KeyState::Retired) if others == 0 => {
                return Err(SuccessionError::LastIssuing(id));
            }
            (KeyRole::Issuing, KeyState::Active | KeyState::Retired, state) => found.state = state,
        }
        Ok(())
    }

    fn end_all(&mut self, role: KeyRole, is_lost: bool) {
        let state = if is_lost { KeyState::Compromised } else { KeyState::Retired };
        for key in self.key_set.keys.iter_mut().filter(|key| key.role == role && key.state == KeyState::Active) {
            key.state = state;
        }
    }
}

#[cfg(test)]
mod tests {
    use fieldproof_seal::envelope::Purpose;

    use super::*;
    use crate::founding::{Charter, Founding};

    const NOW: Timestamp = Timestamp::from_millis(1_772_442_000_000);

    fn random() -> impl FnMut(&mut [u8]) {
        let mut next = 0;
        move |bytes| {
            next += 1;
            bytes.fill(next);
        }
    }

    fn first() -> (KeySet, PublicKey) {
        let issuing = SecretKey::new(&[91; 32]).public();
        let (name, address) = ("Institute".to_owned(), "fieldproof.example/v".to_owned());
        let charter = Charter { purpose: Purpose::Practice, name, address, contact_days: None };
        (Founding::begin(charter, issuing, NOW, &mut random()).key_set().clone(), issuing)
    }

    fn states(key_set: &KeySet, role: KeyRole) -> Vec<KeyState> {
        key_set.keys.iter().filter(|key| key.role == role).map(|key| key.state).collect()
    }

    fn next(before: &KeySet, change: Change) -> Result<KeySet, SuccessionError> {
        let mut drawn = 100;
        let mut random = |bytes: &mut [u8]| {
            drawn += 1;
            bytes.fill(drawn + u8::try_from(before.number).unwrap());
        };
        succeed(before, change, NOW, &mut random).map(|next| next.key_set)
    }

    #[test]
    fn keys_are_added_and_end_and_never_come_back() {
        let (first, issuing) = first();
        let second = SecretKey::new(&[92; 32]).public();
        let added = next(&first, Change::AddIssuing(second)).unwrap();
        assert_eq!((added.number, added.institution), (2, first.institution));
        assert_eq!(states(&added, KeyRole::Issuing), [KeyState::Active; 2]);
        assert_eq!(next(&added, Change::AddIssuing(second)), Err(SuccessionError::AlreadyThere(second.id())));
        assert_eq!(next(&first, Change::Retire(issuing.id())), Err(SuccessionError::LastIssuing(issuing.id())));
        let retired = next(&added, Change::Retire(issuing.id())).unwrap();
        assert_eq!(states(&retired, KeyRole::Issuing), [KeyState::Retired, KeyState::Active]);
        assert_eq!(next(&retired, Change::Retire(issuing.id())), Err(SuccessionError::AlreadyEnded(issuing.id())));
        assert_eq!(next(&retired, Change::AddIssuing(issuing)), Err(SuccessionError::AlreadyThere(issuing.id())));
        let lost = next(&retired, Change::Compromise(issuing.id())).unwrap();
        assert_eq!(states(&lost, KeyRole::Issuing), [KeyState::Compromised, KeyState::Active]);
        assert_eq!(next(&lost, Change::Retire(issuing.id())), Err(SuccessionError::AlreadyEnded(issuing.id())));
        let last = next(&first, Change::Compromise(issuing.id())).unwrap();
        assert_eq!(states(&last, KeyRole::Issuing), [KeyState::Compromised], "a lost key is called lost");
        let stranger = SecretKey::new(&[93; 32]).public().id();
        assert_eq!(next(&first, Change::Retire(stranger)), Err(SuccessionError::Unknown(stranger)));
        let weak = PublicKey::new([0; 32]);
        assert_eq!(next(&first, Change::AddIssuing(weak)), Err(SuccessionError::WeakKey(weak.id())));
    }

    #[test]
    fn register_and_encryption_key_end_by_being_renewed() {
        let (first, _) = first();
        let register = first.keys.iter().find(|key| key.role == KeyRole::Register).unwrap().key.id();
        assert_eq!(next(&first, Change::Compromise(register)), Err(SuccessionError::RenewInstead(register)));
        let renewed = next(&first, Change::RenewRegister { is_lost: true }).unwrap();
        assert_eq!(states(&renewed, KeyRole::Register), [KeyState::Compromised, KeyState::Active]);
        assert_eq!(states(&renewed, KeyRole::Encryption), [KeyState::Active]);
        let renewed = next(&renewed, Change::RenewEncryption { is_lost: false }).unwrap();
        assert_eq!(states(&renewed, KeyRole::Encryption), [KeyState::Retired, KeyState::Active]);
        assert_eq!(renewed.number, 3);
    }
}
