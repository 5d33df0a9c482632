//! Unlocking with a passphrase, and locking again.

use std::{
    sync::{Arc, Mutex, PoisonError, mpsc},
    time::Duration,
};

use fieldproof_model::{
    id::{PersonId, SessionId},
    time::Timestamp,
};
use fieldproof_seal::{chain::ChainEvent, keys::SecretKey};
use fieldproof_store::{
    Stop, Store, WriteTx,
    slots::{self, Secrets, SlotError},
    table::chain_entries::Chain,
};
use zeroize::Zeroizing;

use crate::{
    App, Error, Result, Unlocked, enrol, hold::Others, install, people::read_trust, retention, session::append_event,
};

/// How long locking waits for whoever still works with the keys.
const PATIENCE: Duration = Duration::from_secs(10);

/// Wrong passphrases in a row, and when the last one came.
#[derive(Debug, Default)]
pub(crate) struct Tries {
    wrong: u32,
    last: Option<Timestamp>,
}

impl Tries {
    /// Seconds between two tries: none after a first slip, then doubling to a minute.
    fn wait_after(wrong: u32) -> u32 {
        match wrong {
            0 => 0,
            1..=6 => 1 << wrong.saturating_sub(1),
            _ => 60,
        }
    }

    fn wait(&self, now: Timestamp) -> u32 {
        let wait = Self::wait_after(self.wrong);
        let Some(last) = self.last else { return 0 };
        // A clock set back must not lock anybody out for longer than the wait itself.
        let passed = u32::try_from(now.millis_since(last).max(0).div_euclid(1000)).unwrap_or(u32::MAX);
        wait.saturating_sub(passed)
    }
}

/// What the unlock screen shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// The institution's name, when the laptop belongs to one.
    pub institution: Option<String>,
    /// Who can unlock.
    pub assessors: Vec<(PersonId, String)>,
    /// Those of them who can unlock with a PIN, until the program ends.
    pub with_pin: Vec<PersonId>,
    /// Who has unlocked.
    pub unlocked: Option<(PersonId, String)>,
    /// Whether sealed records can be sent while nobody is in.
    pub sends_while_locked: bool,
}

impl App {
    /// Tells who can unlock, and who has.
    ///
    /// # Errors
    /// [`Error::Store`] when the slot file cannot be read.
    pub fn status(&self) -> Result<Status> {
        let institution = install::public_trust(&self.dir).map(|trust| trust.key_set.name);
        let unlocked = self.unlocked().ok().map(|unlocked| (unlocked.assessor, unlocked.name.clone()));
        let assessors = slots::list(&self.dir)?;
        let with_pin = assessors.iter().map(|(id, _)| *id).filter(|id| self.has_pin(*id)).collect();
        let sends_while_locked = self.key_store_since()?.is_some();
        Ok(Status { institution, assessors, with_pin, unlocked, sends_while_locked })
    }

    /// Unlocks with a person's passphrase. A wrong one harms nothing and makes the next try wait.
    ///
    /// # Errors
    /// [`Error::WrongPassphrase`], [`Error::WaitBeforeNextTry`], [`Error::NotFound`], [`Error::Store`].
    pub fn unlock(&self, person: PersonId, passphrase: &str) -> Result<()> {
        wiping(|| self.unlock_with_passphrase(person, passphrase))
    }

    fn unlock_with_passphrase(&self, person: PersonId, passphrase: &str) -> Result<()> {
        let now = self.now();
        let mut tries = self.tries.lock().map_err(|_| Error::Locked)?;
        let wait_seconds = tries.wait(now);
        if 0 < wait_seconds {
            return Err(Error::WaitBeforeNextTry { wait_seconds });
        }
        let opened = match slots::unlock(&self.dir, person, passphrase) {
            Ok(opened) => opened,
            Err(SlotError::WrongPassphrase) => {
                tries.wrong = tries.wrong.saturating_add(1);
                tries.last = Some(self.now());
                return Err(Error::WrongPassphrase { wait_seconds: Tries::wait_after(tries.wrong) });
            }
            Err(error) => return Err(error.into()),
        };
        *tries = Tries::default();
        let name = slots::list(&self.dir)?.into_iter().find(|(id, _)| *id == person).map(|(_, name)| name);
        let name = name.unwrap_or_default();
        let store = self.open_store(&opened.store)?;
        let key = opened.assessor.clone().unwrap_or_else(|| self.random_key());
        let cost = self.host.passphrase_cost();
        if opened.assessor.is_none() || opened.is_of_before || opened.cost.is_below(cost) {
            // The passphrase is at hand now and at no other time.
            let secrets = Secrets { store: opened.store, assessor: key.clone() };
            slots::set(&self.dir, (person, &name), passphrase, &secrets, &self.slot_random(), cost)?;
        }
        self.enter((person, name), key, store)
    }

    /// Locks: keys leave the memory, and documents handed to the viewer are removed. A backup or a drill that goes on is
    /// stopped.
    ///
    /// Waits until nobody works with the keys any more, ten seconds at most: what is still being written to a stick
    /// or asked of the register keeps them until it ends.
    pub fn lock(&self) {
        let taken = self.unlocked.write().ok().and_then(|mut unlocked| {
            // Before anybody can see that nobody is in.
            unlocked.iter().for_each(|unlocked| unlocked.stop.set());
            unlocked.take()
        });
        let is_gone = taken.map(|unlocked| {
            let (gone, is_gone) = mpsc::channel();
            *unlocked.gone.lock().unwrap_or_else(PoisonError::into_inner) = Some(gone);
            is_gone
        });
        self.direct.let_go();
        self.host.clear_documents();
        // Nothing is ever sent: the channel closes with the last of the keys.
        let _closed = is_gone.map(|is_gone| is_gone.recv_timeout(PATIENCE));
        self.host.ring();
    }

    pub(crate) fn enter(&self, (assessor, name): (PersonId, String), key: SecretKey, store: Store) -> Result<()> {
        // Whoever is in already may be about to name something.
        let is_anybody_in = self.unlocked.read().map_err(|_| Error::Locked)?.is_some();
        if !is_anybody_in && self.hold.alone(&self.dir) == Others::Nobody {
            // What cannot be told to be an orphan stays, and holds nobody up.
            let _swept = retention::sweep_orphans(&store);
        }
        self.hold.share_again(&self.dir)?;
        let (id, now) = (SessionId::new(self.random()), self.now());
        let chain = store.write(|tx| -> Result<Chain> {
            enrol::make_keys(tx, || self.random_key(), || self.random_decryption_key())?;
            chain_of(tx, assessor, &key, (id, now))
        })?;
        let (stop, gone) = (Stop::default(), Mutex::default());
        let entered = Arc::new(Unlocked { assessor, name, key, chain, store, stop, gone });
        // One that a crash left out; a slot that cannot be made keeps nobody from their laptop.
        let _made = self.ensure_recovery(&entered);
        let mut unlocked = self.unlocked.write().map_err(|_| Error::Locked)?;
        unlocked.iter().for_each(|before| before.stop.set());
        *unlocked = Some(entered);
        self.host.ring();
        Ok(())
    }
}

/// Does work with keys and overwrites what it left on the stack: they are moved there on their way in and out.
pub(crate) fn wiping<T>(work: impl FnOnce() -> T) -> T {
    #[inline(never)]
    fn deeper<T>(work: impl FnOnce() -> T) -> T {
        work()
    }
    #[inline(never)]
    fn wipe() {
        let mut left = Zeroizing::new([0_u8; 64 * 1024]);
        std::hint::black_box(&mut left);
    }
    let done = deeper(work);
    wipe();
    done
}

/// The chain of a key. The first entry of a new one names the last entry known of the chain before.
fn chain_of(tx: &WriteTx<'_>, assessor: PersonId, key: &SecretKey, at: (SessionId, Timestamp)) -> Result<Chain> {
    let before = tx.chain_in_use(assessor)?;
    let (chain, is_new) = tx.chain_of_key(assessor, &key.public())?;
    if let Some(before) = before.filter(|_| is_new) {
        let next = tx.next_link(before)?;
        if let Some(head) = next.previous {
            let event = ChainEvent::Continued { index: next.index.saturating_sub(1), head };
            // A pack that cannot be read keeps nobody from their laptop.
            if let Ok(trust) = read_trust(tx) {
                append_event(tx, (chain, key), trust.key_set.purpose, at, event)?;
            }
        }
    }
    Ok(chain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_grows_to_a_minute_and_a_clock_set_back_does_not_lengthen_it() {
        let waits: Vec<u32> = (0..=8).map(Tries::wait_after).collect();
        assert_eq!(waits, [0, 1, 2, 4, 8, 16, 32, 60, 60]);
        let tries = Tries { wrong: 3, last: Some(Timestamp::from_millis(10_000)) };
        assert_eq!(tries.wait(Timestamp::from_millis(11_500)), 3);
        assert_eq!(tries.wait(Timestamp::from_millis(14_000)), 0);
        assert_eq!(tries.wait(Timestamp::from_millis(0)), 4);
    }
}
