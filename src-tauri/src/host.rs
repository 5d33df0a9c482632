//! The machine underneath: clock, randomness, the viewer for documents, the key store, and the network.

use std::{
    fs, io,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
    sync::Arc,
    time::UNIX_EPOCH,
};

use fieldproof_app::{Host, KeyStoreError, Link, ViewerError};
use fieldproof_model::{clock::Elapsed, time::Timestamp};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tauri::{AppHandle, Manager};
use zeroize::Zeroizing;

use crate::{direct::Bell, key_store, network};

/// The desktop as a host.
#[derive(Debug)]
pub(crate) struct DesktopHost {
    /// `None` where there is no private runtime folder: then no document is handed out.
    documents: Option<PathBuf>,
    /// Where this user keeps documents of their own.
    own_documents: Option<PathBuf>,
    run: u32,
    started: u64,
    bell: Arc<Bell>,
}

/// What is mounted for a user below `root`: a folder for each user, and in it one for each stick.
fn mounted(root: &Path) -> Vec<PathBuf> {
    let below = |folder: &Path| -> Vec<PathBuf> {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect()
    };
    below(root).iter().flat_map(|user| below(user)).collect()
}

/// Lets no crash write the memory of this program to the disk, nor that of one it starts: names and keys are in it.
pub(crate) fn write_no_dumps() {
    let hardest = getrlimit(Resource::Core).maximum.unwrap_or(u64::MAX);
    // One byte rather than none: whoever takes dumps over a pipe is handed them at nought as well, but never at one.
    let least = Some(hardest.min(1));
    let _set = setrlimit(Resource::Core, Rlimit { current: least, maximum: least });
}

/// Milliseconds since the machine started, time asleep included.
#[expect(clippy::disallowed_methods, reason = "this is the host")]
fn since_boot() -> u64 {
    let since = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
    let millis = since.tv_sec.saturating_mul(1_000).saturating_add(since.tv_nsec.div_euclid(1_000_000));
    u64::try_from(millis).unwrap_or_default()
}

#[expect(clippy::disallowed_methods, reason = "this is the host")]
#[expect(clippy::panic, reason = "without randomness there are no keys, and nothing may be signed")]
fn random(bytes: &mut [u8]) {
    if let Err(error) = getrandom::fill(bytes) {
        panic!("the operating system gives no randomness: {error}");
    }
}

impl DesktopHost {
    /// Documents lie in the session's private runtime folder, which no backup and no other user sees.
    pub(crate) fn new(desktop: &AppHandle, laptop: &Path, bell: Arc<Bell>) -> Self {
        // Two laptops on one desk do not clear each other's documents.
        let laptop = laptop.canonicalize().unwrap_or_else(|_| laptop.to_owned());
        let name = fieldproof_seal::digest_of(laptop.as_os_str().as_encoded_bytes()).to_string();
        let name: String = name.chars().take(16).collect();
        let runtime = desktop.path().runtime_dir().ok();
        let mut run = [0; 4];
        random(&mut run);
        Self {
            documents: runtime.map(|runtime| runtime.join(format!("fieldproof-documents-{name}"))),
            own_documents: desktop.path().document_dir().ok().filter(|folder| folder.is_dir()),
            run: u32::from_le_bytes(run),
            started: since_boot(),
            bell,
        }
    }

    fn write(&self, name: &str, pdf: &[u8]) -> io::Result<PathBuf> {
        let documents = self.documents.as_ref().ok_or(io::ErrorKind::NotFound)?;
        fs::DirBuilder::new().recursive(true).mode(0o700).create(documents)?;
        let path = documents.join(name);
        let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&path)?;
        io::Write::write_all(&mut file, pdf)?;
        Ok(path)
    }
}

impl Host for DesktopHost {
    #[expect(clippy::disallowed_methods, reason = "this is the host")]
    fn now(&self) -> Timestamp {
        let since = std::time::SystemTime::now().duration_since(UNIX_EPOCH);
        let millis = match since {
            Ok(since) => i64::try_from(since.as_millis()).unwrap_or(i64::MAX),
            Err(before) => i64::try_from(before.duration().as_millis()).map_or(i64::MIN, |millis| -millis),
        };
        Timestamp::from_millis(millis)
    }

    fn elapsed(&self) -> Option<Elapsed> {
        Some(Elapsed { run: self.run, millis: since_boot().saturating_sub(self.started) })
    }

    fn random(&self, bytes: &mut [u8]) {
        random(bytes);
    }

    fn places(&self) -> Vec<PathBuf> {
        let mut places: Vec<PathBuf> =
            ["/media", "/run/media"].iter().flat_map(|root| mounted(Path::new(root))).collect();
        places.extend(self.own_documents.clone());
        places
    }

    fn free_bytes(&self, folder: &Path) -> Option<u64> {
        let disk = rustix::fs::statvfs(folder).ok()?;
        Some(disk.f_bavail.saturating_mul(disk.f_frsize))
    }

    fn keep_secret(&self, name: &str, secret: &[u8]) -> Result<(), KeyStoreError> {
        let secret = Zeroizing::new(secret.to_vec());
        key_store::ask(name, move |entry| entry.set_secret(&secret))
    }

    fn find_secret(&self, name: &str) -> Result<Zeroizing<Vec<u8>>, KeyStoreError> {
        key_store::ask(name, |entry| entry.get_secret().map(Zeroizing::new))
    }

    fn remove_secret(&self, name: &str) -> Result<(), KeyStoreError> {
        match key_store::ask(name, keyring::Entry::delete_credential) {
            Err(KeyStoreError::NotThere) => Ok(()),
            removed => removed,
        }
    }

    fn link(&self) -> Link {
        network::link()
    }

    fn ring(&self) {
        self.bell.ring();
    }

    fn open_document(&self, name: &str, pdf: &[u8]) -> Result<(), ViewerError> {
        let path = self.write(name, pdf)?;
        tauri_plugin_opener::open_path(path, None::<&str>).map_err(|error| ViewerError(io::Error::other(error)))
    }

    fn clear_documents(&self) {
        // What cannot be removed now is removed at the next lock or start.
        let _removed = self.documents.as_ref().map(fs::remove_dir_all);
    }
}
