//! Everything this laptop holds about one person, in one ZIP that they can read without us: a page in plain words, the
//! same as data, the sealed records as signed, and their photos. It is in clear on purpose.

mod data;
mod page;

use std::{
    collections::BTreeMap,
    fs::{self, TryLockError},
    io::{self, Write},
    path::{Path, PathBuf},
};

use fieldproof_model::{digest::Digest, id::PersonId, observation::Observed, time::Date};
use fieldproof_seal::{
    chain::{ChainEntry, ChainEvent},
    parts::{Acknowledgement, AcknowledgementRole},
    token::to_link,
};
use fieldproof_store::{
    ReadTx, Store, StoreError,
    table::{people::PersonRow, records::AnswerKind},
};
use zip::{ZipWriter, write::SimpleFileOptions};

use crate::{
    App, Error, Result, What,
    error::OrNotFound,
    people::read_trust,
    session::{Sealed, SessionState, evidence, read_state},
    words,
};

/// What is told of one person.
struct About {
    person: PersonRow,
    /// The sessions in which they were assessed, with the records of each.
    assessed: Vec<(SessionState, Vec<Told>)>,
    /// What else they did in sessions that are about others, a sentence each.
    beside: Vec<String>,
    /// Activity entries about them, a sentence each.
    entries: Vec<String>,
    /// Sessions in a form that this version cannot read.
    unreadable: usize,
    /// What the evidence that is here is called in the ZIP.
    files: BTreeMap<Digest, String>,
}

/// One record.
struct Told {
    sealed: Sealed,
    /// The link of the certificate that went out.
    link: Option<String>,
    /// What the register signed when it had everything.
    receipt: Option<Vec<u8>>,
    /// What its files are called.
    name: String,
}

impl App {
    /// Writes everything this laptop holds about somebody into a ZIP in `folder`, whichever assessor recorded it, and
    /// says where. One of the same day is replaced, and what an export that was ended in between left there is removed.
    ///
    /// Others are named only where they stand in what is about this person; of sessions about others it says that this
    /// person took part, and what they themselves gave there.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::NotWritten`].
    pub fn export_person(&self, person: PersonId, folder: &Path) -> Result<PathBuf> {
        let unlocked = self.unlocked()?;
        sweep_leftovers(folder);
        let mut about = unlocked.store.read(|tx| gather(tx, person))?;
        about.files = files(&unlocked.store, &about)?;
        let id: String = person.to_string().chars().take(8).collect();
        let path = folder.join(format!("person-{id}-{}.zip", self.today()));
        match write(&unlocked.store, &about, &path) {
            Ok(()) => Ok(path),
            Err(Failed::Store(error)) => Err(error.into()),
            Err(Failed::File(source)) => Err(Error::NotWritten { path, source }),
        }
    }
}

fn gather(tx: &ReadTx<'_>, id: PersonId) -> Result<About> {
    let person = tx.person(id)?.or_not_found(What::Person)?;
    let address = read_trust(tx)?.key_set.address;
    let mut about = About {
        person,
        assessed: Vec::new(),
        beside: Vec::new(),
        entries: entries(tx, id)?,
        unreadable: 0,
        files: BTreeMap::new(),
    };
    for session in tx.sessions_of(id)? {
        let Ok(mut state) = read_state(tx, session) else {
            about.unreadable = about.unreadable.saturating_add(1);
            continue;
        };
        if state.row.candidate != id {
            about.beside.push(beside(&state, id));
            continue;
        }
        // A team's other member has a session of their own.
        state.partner = None;
        let records = state.corrected.iter().chain(&state.sealed).cloned().collect::<Vec<_>>();
        let told = (1..).zip(records).map(|(number, sealed)| tell(tx, sealed, number, &address));
        let told = told.collect::<Result<_>>()?;
        about.assessed.push((state, told));
    }
    Ok(about)
}

fn tell(tx: &ReadTx<'_>, sealed: Sealed, number: usize, address: &str) -> Result<Told> {
    let digest: String = sealed.row.digest.to_string().chars().take(16).collect();
    Ok(Told {
        link: sealed.row.token.as_ref().map(|token| to_link(address, token)),
        receipt: tx.register_answer(sealed.row.digest, AnswerKind::Complete)?,
        name: format!("{digest}-{number}"),
        sealed,
    })
}

/// What somebody did in a session about somebody else, who is not named.
fn beside(state: &SessionState, id: PersonId) -> String {
    let what = if state.row.assessor == id { "Assessed somebody" } else { "Stood by while somebody was assessed" };
    let own = state.acknowledgements.iter().find(|given| given.role == AcknowledgementRole::SecondPerson);
    let own = own.filter(|_| state.row.assessor != id).map_or(String::new(), |given| format!("; {}", how(given)));
    format!("{}: {what} under \u{201c}{}\u{201d}{own}.", state.started_on(), state.scheme.title)
}

fn how(given: &Acknowledgement) -> String {
    use fieldproof_seal::parts::Acknowledged;
    match &given.how {
        Acknowledged::Typed(name) => format!("acknowledged the result by typing \u{201c}{name}\u{201d}"),
        Acknowledged::Drawn(_) => "acknowledged the result with a drawn signature".to_owned(),
        Acknowledged::Refused(reason) => format!("refused to acknowledge the result: {reason}"),
    }
}

/// Every activity entry that somebody is the holder of, or attested.
fn entries(tx: &ReadTx<'_>, id: PersonId) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for signed in tx.chain_events()? {
        let (entry, _) = ChainEntry::parse(&signed)?;
        let ChainEvent::Activity(activity) = entry.event else { continue };
        let Some(scheme) = tx.scheme(activity.scheme)? else { continue };
        let (scheme, _) = fieldproof_seal::scheme::parse_signed_scheme(&scheme, None)?;
        let what = words::entry(&scheme, &activity.entry);
        if activity.holder == id {
            found.push(format!("{}: {what} (\u{201c}{}\u{201d}).", activity.on, scheme.title));
        } else if activity.attested_by == id {
            found.push(format!("{}: attested for somebody: {what} (\u{201c}{}\u{201d}).", activity.on, scheme.title));
        }
    }
    Ok(found)
}

/// Why nothing was written: the store could not be read, or the file not be made.
enum Failed {
    Store(StoreError),
    File(io::Error),
}

impl From<StoreError> for Failed {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<io::Error> for Failed {
    fn from(error: io::Error) -> Self {
        Self::File(error)
    }
}

impl From<zip::result::ZipError> for Failed {
    fn from(error: zip::result::ZipError) -> Self {
        Self::File(error.into())
    }
}

/// Writes beside the place and moves it there once it is on disk, so that nobody is handed half of it.
fn write(store: &Store, about: &About, path: &Path) -> std::result::Result<(), Failed> {
    let fresh = path.with_extension("zip.part");
    let written = write_zip(store, about, &fresh);
    if written.is_err() {
        // What was written of it is in clear and helps nobody.
        let _removed = fs::remove_file(&fresh);
    }
    written?;
    Ok(fs::rename(&fresh, path)?)
}

fn write_zip(store: &Store, about: &About, path: &Path) -> std::result::Result<(), Failed> {
    let mut zip = ZipWriter::new(private_file(path)?);
    // Photos do not get smaller, and everything else is small.
    let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let mut add = |name: String, bytes: &[u8]| -> std::result::Result<(), Failed> {
        zip.start_file(name, options)?;
        Ok(zip.write_all(bytes)?)
    };
    add("index.html".to_owned(), page::page(about).as_bytes())?;
    add("data.json".to_owned(), data::data(about).as_bytes())?;
    for told in about.assessed.iter().flat_map(|(_, records)| records) {
        add(format!("records/{}.cbor", told.name), &told.sealed.row.file)?;
        if let Some(receipt) = &told.receipt {
            add(format!("records/{}-receipt.cbor", told.name), receipt)?;
        }
    }
    for (digest, name) in &about.files {
        add(name.clone(), &store.evidence().get(*digest)?.unwrap_or_default())?;
    }
    zip.finish()?.sync_all()?;
    Ok(())
}

/// What the evidence that is here is called: by its digest, and by what it is.
fn files(store: &Store, about: &About) -> Result<BTreeMap<Digest, String>> {
    let mut files = BTreeMap::new();
    for (state, _) in &about.assessed {
        for (digest, _) in evidence(state) {
            if let Some(bytes) = store.evidence().get(digest)? {
                let short: String = digest.to_string().chars().take(16).collect();
                files.insert(digest, format!("evidence/{short}.{}", ending(state, digest, &bytes)));
            }
        }
    }
    Ok(files)
}

fn ending(state: &SessionState, digest: Digest, bytes: &[u8]) -> String {
    let name = state.log.iter().find_map(|observation| {
        if let Observed::File { name, digest: named, .. } = &observation.observed {
            (*named == digest).then_some(name)
        } else {
            None
        }
    });
    match name.and_then(|name| name.rsplit_once('.')) {
        Some((_, ending)) => ending.chars().filter(char::is_ascii_alphanumeric).take(8).collect(),
        None if name.is_some() => "bin".to_owned(),
        None if bytes.starts_with(b"\x89PNG") => "png".to_owned(),
        None => "jpg".to_owned(),
    }
}

/// For whoever runs the app alone, until they hand it over; and held, so that nobody takes it for a leftover.
fn private_file(path: &Path) -> io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    if is_held(&file) {
        return Err(io::ErrorKind::ResourceBusy.into());
    }
    file.set_len(0)?;
    Ok(file)
}

/// Whether somebody else holds a file; otherwise it is held from now on, where files can be.
fn is_held(file: &fs::File) -> bool {
    matches!(file.try_lock(), Err(TryLockError::WouldBlock))
}

/// Removes what exports that were ended in between had left in a folder: it is in clear, and nobody knows of it.
fn sweep_leftovers(folder: &Path) {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    for entry in entries.filter(|entry| entry.file_name().to_str().is_some_and(is_leftover)) {
        if fs::File::open(entry.path()).is_ok_and(|file| !is_held(&file)) {
            let _removed = fs::remove_file(entry.path());
        }
    }
}

/// Whether a file has the name of an export that is being written: nothing else is anybody's to remove.
fn is_leftover(name: &str) -> bool {
    let whose = name.strip_prefix("person-").and_then(|name| name.strip_suffix(".zip.part"));
    whose.and_then(|whose| whose.split_once('-')).is_some_and(|(id, day)| {
        id.len() == 8 && id.bytes().all(|digit| digit.is_ascii_hexdigit()) && Date::parse(day).is_ok()
    })
}
