//! The operations: one file per verb, one transaction each. Window and command line call the same ones.
//!
//! Nothing here knows Tauri or SQL; clock, randomness and the viewer enter through [`Host`].

mod access;
mod backup;
mod direct;
mod enrol;
mod epoch;
mod erase;
mod error;
mod export;
mod feed;
mod folder;
mod hold;
mod host;
pub mod install;
mod key_set;
mod key_store;
mod noticed;
mod office;
mod packs;
mod passphrase;
mod people;
mod picture;
mod pin;
mod practice;
mod rescue;
mod restore;
mod retention;
mod room;
pub mod roster;
mod send;
pub mod session;
mod shelf;
mod stick;
mod unlock;
mod verify;
pub mod words;

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, RwLock, mpsc},
};

use fieldproof_model::{
    id::PersonId,
    time::{Date, Timestamp},
};
use fieldproof_seal::keys::SecretKey;
use fieldproof_store::{Stop, Store, StoreKey, slots::SlotRandom, table::chain_entries::Chain};
use fieldproof_wire::bundle::DecryptionKey;

use zeroize::Zeroizing;

pub use access::Access;
pub use backup::{Backup, Drill, Upkeep};
pub use direct::{Leaving, Link, Rest, Sending, Wait};
pub use enrol::{PackPreview, PackProblem, read_request};
pub use epoch::{EpochReport, Restored};
pub use error::{Error, Invalid, NotAllowed, Result, What};
pub use feed::HeardUpTo;
pub use fieldproof_seal::report::{Language, Report};
pub use fieldproof_sync::{
    CarryProgress, Disagreement,
    bundle::{BundleProgress, Said},
};
pub use fieldproof_wire::bundle::BundleId;
pub use host::{Host, KeyStoreError, ViewerError};
pub use key_set::OwnedKey;
pub use noticed::{Finding, Findings};
pub use office::{Granted, Member, NewGrant, Office};
pub use packs::PackReport;
pub use passphrase::{Weakness, check as check_passphrase};
pub use people::{Home, SESSIONS_AT_HAND};
pub use pin::{PIN_DIGITS, PIN_TRIES};
pub use practice::Practice;
pub use rescue::rescue;
pub use restore::RestoreWith;
pub use retention::Retired;
pub use room::Room;
pub use send::{Lane, SendReport};
pub use shelf::{Holder, Paper, Shelf, Shelved, ShelvedBecause, Trainer};
pub use stick::{AnsweredRecord, AnswersReport, BundleReport, Carried, FoundBundle, ToCarry};
pub use unlock::Status;
pub use verify::{evidence_of_file, evidence_of_text};

/// Somebody who has unlocked the laptop.
#[derive(Debug)]
struct Unlocked {
    assessor: PersonId,
    name: String,
    key: SecretKey,
    /// The chain of that key.
    chain: Chain,
    store: Store,
    /// Ends long work for whoever locks.
    stop: Stop,
    /// Dropped behind everything else: whoever locks hears that nothing of it is left.
    gone: Mutex<Option<mpsc::Sender<()>>>,
}

/// One laptop: a folder, a host, and whoever unlocked it.
pub struct App {
    dir: PathBuf,
    host: Box<dyn Host>,
    unlocked: RwLock<Option<Arc<Unlocked>>>,
    tries: Mutex<unlock::Tries>,
    pins: Mutex<pin::Pins>,
    register: RwLock<Option<String>>,
    direct: direct::Direct,
    /// Held while the store is being opened: whoever migrates it is alone.
    opening: Mutex<()>,
    hold: hold::Hold,
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").field("dir", &self.dir).finish_non_exhaustive()
    }
}

impl App {
    /// Takes the laptop in `dir`, locked. A restore that was cut off is brought to its end.
    #[must_use]
    pub fn new(dir: &Path, host: Box<dyn Host>) -> Self {
        host.clear_documents();
        restore::finish(dir);
        Self {
            dir: dir.to_owned(),
            host,
            unlocked: RwLock::new(None),
            tries: Mutex::default(),
            pins: Mutex::default(),
            register: RwLock::default(),
            direct: direct::Direct::default(),
            opening: Mutex::default(),
            hold: hold::Hold::default(),
        }
    }

    /// The laptop's folder.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Today, as the device's clock claims, in UTC.
    #[must_use]
    pub fn today(&self) -> Date {
        self.now().date()
    }

    /// Uses `address` for the register in place of the pack's, as long as the program runs.
    pub fn use_register(&self, address: Option<String>) {
        if let Ok(mut register) = self.register.write() {
            *register = address;
        }
    }

    fn register_in_use(&self) -> Option<String> {
        self.register.read().ok().and_then(|register| register.clone())
    }

    fn now(&self) -> Timestamp {
        self.host.now()
    }

    fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.host.random(&mut bytes);
        bytes
    }

    fn random_key(&self) -> SecretKey {
        SecretKey::new(&Zeroizing::new(self.random()))
    }

    fn random_decryption_key(&self) -> DecryptionKey {
        DecryptionKey::new(&Zeroizing::new(self.random()))
    }

    fn slot_random(&self) -> SlotRandom {
        SlotRandom::draw(|bytes| self.host.random(bytes))
    }

    fn open_store(&self, key: &StoreKey) -> Result<Store> {
        let _opening = self.opening.lock().map_err(|_| Error::Locked)?;
        self.hold.share(&self.dir);
        Ok(Store::open(&self.dir, key)?)
    }

    /// Whoever unlocked, or [`Error::Locked`].
    fn unlocked(&self) -> Result<Arc<Unlocked>> {
        let unlocked = self.unlocked.read().map_err(|_| Error::Locked)?;
        unlocked.as_ref().map(Arc::clone).ok_or(Error::Locked)
    }
}

impl Drop for App {
    fn drop(&mut self) {
        self.host.clear_documents();
    }
}
