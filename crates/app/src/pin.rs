//! A PIN re-unlocks inside the running program: five tries, then the passphrase. Nothing of it is ever on the disk.

use std::collections::BTreeMap;

use fieldproof_model::id::PersonId;
use fieldproof_store::slots::{Opened, Secrets, Slot, SlotError};

use crate::{App, Error, Invalid, Result, unlock::wiping};

/// The fewest and the most digits of a PIN.
pub const PIN_DIGITS: (usize, usize) = (6, 12);
/// Tries before only the passphrase opens.
pub const PIN_TRIES: u32 = 5;

/// Whoever has a PIN in this run of the program.
#[derive(Debug, Default)]
pub(crate) struct Pins(BTreeMap<PersonId, Pin>);

/// A slot that is on no disk: while the laptop is locked, the memory holds no key that the PIN does not open.
#[derive(Debug)]
struct Pin {
    slot: Slot,
    wrong: u32,
}

impl App {
    /// Sets the PIN of whoever works, for as long as the program runs.
    ///
    /// # Errors
    /// [`Invalid::Pin`].
    pub fn set_pin(&self, pin: &str) -> Result<()> {
        let unlocked = self.unlocked()?;
        let (fewest, most) = PIN_DIGITS;
        if !(fewest..=most).contains(&pin.len()) || !pin.bytes().all(|digit| digit.is_ascii_digit()) {
            return Err(Invalid::Pin.into());
        }
        let slot = wiping(|| {
            let secrets = Secrets { store: unlocked.store.key().clone(), assessor: unlocked.key.clone() };
            let whose = (unlocked.assessor, unlocked.name.as_str());
            Slot::make(whose, pin, &secrets, &self.slot_random(), self.host.passphrase_cost())
        })?;
        self.pins.lock().map_err(|_| Error::Locked)?.0.insert(unlocked.assessor, Pin { slot, wrong: 0 });
        Ok(())
    }

    /// Whether a person can unlock with a PIN now.
    #[must_use]
    pub fn has_pin(&self, person: PersonId) -> bool {
        self.pins.lock().is_ok_and(|pins| pins.0.contains_key(&person))
    }

    /// Forgets a person's PIN, as a changed passphrase does.
    pub(crate) fn forget_pin(&self, person: PersonId) {
        if let Ok(mut pins) = self.pins.lock() {
            pins.0.remove(&person);
        }
    }

    /// Unlocks with a PIN that was set since the program began.
    ///
    /// # Errors
    /// [`Error::WrongPin`]; after the last try only the passphrase opens.
    pub fn unlock_with_pin(&self, person: PersonId, pin: &str) -> Result<()> {
        wiping(|| {
            let (name, opened) = self.try_pin(person, pin)?;
            let key = opened.assessor.ok_or(Error::WrongPin { left: 0 })?;
            self.enter((person, name), key, self.open_store(&opened.store)?)
        })
    }

    fn try_pin(&self, person: PersonId, pin: &str) -> Result<(String, Opened)> {
        let mut pins = self.pins.lock().map_err(|_| Error::Locked)?;
        let known = pins.0.get_mut(&person).ok_or(Error::WrongPin { left: 0 })?;
        match known.slot.open(pin) {
            Ok(opened) => {
                known.wrong = 0;
                Ok((known.slot.name().to_owned(), opened))
            }
            Err(SlotError::WrongPassphrase) => {
                known.wrong = known.wrong.saturating_add(1);
                let left = PIN_TRIES.saturating_sub(known.wrong);
                if left == 0 {
                    pins.0.remove(&person);
                }
                Err(Error::WrongPin { left })
            }
            Err(error) => Err(error.into()),
        }
    }
}
