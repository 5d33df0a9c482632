//! A host whose clock is moved by hand, whose randomness is seeded, and whose viewer keeps what it was given.

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, AtomicU32, AtomicU64, Ordering},
    },
};

use fieldproof_app::{Host, KeyStoreError, Link, ViewerError};
use fieldproof_model::{clock::Elapsed, time::Timestamp};
use fieldproof_seal::digest_of;
use fieldproof_store::slots::Cost;

use zeroize::Zeroizing;

use crate::CHEAP;

/// Seeded bytes: the digests of seed and counter, one after another.
pub fn seeded(seed: &str) -> impl FnMut(&mut [u8]) + Send + use<> {
    let seed = seed.to_owned();
    let mut counter = 0_u64;
    move |bytes| {
        for chunk in bytes.chunks_mut(32) {
            counter = counter.wrapping_add(1);
            let block = digest_of(format!("{seed}/{counter}").as_bytes());
            for (to, from) in chunk.iter_mut().zip(block.as_bytes()) {
                *to = *from;
            }
        }
    }
}

type Random = Box<dyn FnMut(&mut [u8]) + Send>;

struct Inner {
    now: AtomicI64,
    run: AtomicU32,
    elapsed: AtomicU64,
    free: AtomicU64,
    random: Mutex<Random>,
    documents: Mutex<Vec<(String, Vec<u8>)>>,
    link: Mutex<Link>,
    rings: AtomicU32,
    /// `None` on a machine without a key store.
    secrets: Mutex<Option<BTreeMap<String, Vec<u8>>>>,
}

/// The host. Clones share everything.
#[derive(Clone)]
pub struct TestHost(Arc<Inner>);

impl std::fmt::Debug for TestHost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "TestHost({:?})", self.now())
    }
}

impl TestHost {
    /// A host at a moment, with randomness from a seed.
    #[must_use]
    pub fn new(now: Timestamp, seed: &str) -> Self {
        Self(Arc::new(Inner {
            now: AtomicI64::new(now.as_millis()),
            run: AtomicU32::new(1),
            elapsed: AtomicU64::new(0),
            free: AtomicU64::new(u64::MAX),
            random: Mutex::new(Box::new(seeded(seed))),
            documents: Mutex::default(),
            link: Mutex::default(),
            rings: AtomicU32::new(0),
            secrets: Mutex::default(),
        }))
    }

    /// Lets time pass, on both clocks. Backwards goes the wall alone.
    pub fn advance_seconds(&self, seconds: i64) {
        self.jump_seconds(seconds);
        let passed = u64::try_from(seconds).unwrap_or_default();
        self.0.elapsed.fetch_add(passed.saturating_mul(1000), Ordering::SeqCst);
    }

    /// Sets the wall alone, ahead or back.
    pub fn jump_seconds(&self, seconds: i64) {
        self.0.now.fetch_add(seconds.saturating_mul(1000), Ordering::SeqCst);
    }

    /// As after a new start of the app: another run, from nought.
    pub fn restart(&self) {
        self.0.run.fetch_add(1, Ordering::SeqCst);
        self.0.elapsed.store(0, Ordering::SeqCst);
    }

    /// Leaves so many bytes on the disk, as far as anybody asks.
    pub fn set_free_bytes(&self, free: u64) {
        self.0.free.store(free, Ordering::SeqCst);
    }

    /// Gives the machine a key store, or takes it away; one that was taken away and comes again is empty.
    pub fn set_key_store(&self, is_there: bool) {
        *self.0.secrets.lock().unwrap() = is_there.then(BTreeMap::new);
    }

    /// What lies in the key store, by name.
    #[must_use]
    pub fn secrets(&self) -> BTreeMap<String, Vec<u8>> {
        self.0.secrets.lock().unwrap().clone().unwrap_or_default()
    }

    /// Says what the connection costs from now on.
    pub fn set_link(&self, link: Link) {
        *self.0.link.lock().unwrap() = link;
    }

    /// How often whoever sends in the background was told to look.
    #[must_use]
    pub fn rings(&self) -> u32 {
        self.0.rings.load(Ordering::SeqCst)
    }

    /// What the viewer was given and not yet cleared of.
    #[must_use]
    pub fn documents(&self) -> Vec<(String, Vec<u8>)> {
        self.0.documents.lock().unwrap().clone()
    }
}

impl Host for TestHost {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.now.load(Ordering::SeqCst))
    }

    fn elapsed(&self) -> Option<Elapsed> {
        let millis = self.0.elapsed.load(Ordering::SeqCst);
        Some(Elapsed { run: self.0.run.load(Ordering::SeqCst), millis })
    }

    fn random(&self, bytes: &mut [u8]) {
        let mut random = self.0.random.lock().unwrap();
        random(bytes);
    }

    fn passphrase_cost(&self) -> Cost {
        CHEAP
    }

    fn free_bytes(&self, _folder: &Path) -> Option<u64> {
        Some(self.0.free.load(Ordering::SeqCst))
    }

    fn keep_secret(&self, name: &str, secret: &[u8]) -> Result<(), KeyStoreError> {
        let mut secrets = self.0.secrets.lock().unwrap();
        secrets.as_mut().ok_or(KeyStoreError::Missing)?.insert(name.to_owned(), secret.to_vec());
        Ok(())
    }

    fn find_secret(&self, name: &str) -> Result<Zeroizing<Vec<u8>>, KeyStoreError> {
        let secrets = self.0.secrets.lock().unwrap();
        let found = secrets.as_ref().ok_or(KeyStoreError::Missing)?.get(name).cloned();
        found.map(Zeroizing::new).ok_or(KeyStoreError::NotThere)
    }

    fn remove_secret(&self, name: &str) -> Result<(), KeyStoreError> {
        self.0.secrets.lock().unwrap().as_mut().ok_or(KeyStoreError::Missing)?.remove(name);
        Ok(())
    }

    fn link(&self) -> Link {
        *self.0.link.lock().unwrap()
    }

    fn ring(&self) {
        self.0.rings.fetch_add(1, Ordering::SeqCst);
    }

    fn open_document(&self, name: &str, pdf: &[u8]) -> Result<(), ViewerError> {
        self.0.documents.lock().unwrap().push((name.to_owned(), pdf.to_vec()));
        Ok(())
    }

    fn clear_documents(&self) {
        self.0.documents.lock().unwrap().clear();
    }
}
