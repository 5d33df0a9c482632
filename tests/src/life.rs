//! The life of a laptop as a list of jobs. The child lives it and says a line for everything that was acknowledged;
//! [`crate::held`] holds the laptop to those lines.
//!
//! A new job is a function here, its row in [`JOBS`], and what its line promises in [`crate::held::Told::hear`].
#![expect(clippy::print_stdout, reason = "standard output is where acknowledgements are told")]

use std::{
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
};

use fieldproof_api::error;
use fieldproof_app::{
    App, Error, Host, Invalid, ViewerError, What,
    install::install,
    session::{NewSession, SessionState},
};
use fieldproof_model::{
    clock::Elapsed,
    id::{CourseId, PersonId, SessionId},
    observation::Observed,
    scheme::Scheme,
    time::Timestamp,
};
use fieldproof_seal::{
    parts::{Acknowledged, AcknowledgementRole, PartKind},
    scheme::parse_scheme,
};
use fieldproof_store::{
    StoreError,
    slots::{self, Cost},
};
use fieldproof_testkit::{
    CHEAP, FULL_MARKS, KNOWLEDGE, MORNING, Plan, TestHost, TestWorld, edited, full_gate_for, seeded, store_key,
};

use crate::{Dice, SEED};

/// One thing a person does with a laptop.
pub type Job = fn(&mut Life) -> Result<(), Error>;

/// Every job, by name.
pub const JOBS: &[(&str, Job)] = &[
    ("install", make_laptop),
    ("enter", enter),
    ("unlock", unlock),
    ("open", open),
    ("observe", observe),
    ("photo", photo),
    ("mark", mark),
    ("end", end),
    ("confirm", confirm),
    ("acknowledge", acknowledge),
    ("seal", seal),
    ("print", print),
    ("send", send),
    ("lock", lock),
    ("backup", backup),
    ("passphrase", passphrase),
    ("export", export),
    ("erase", erase),
    ("retire", retire),
];

/// A session from its opening to the register, with so many observations.
#[must_use]
pub fn session(observations: usize) -> Vec<&'static str> {
    let before = ["enter", "passphrase", "open"]
        .into_iter()
        .chain(std::iter::repeat_n("observe", observations))
        .chain(["photo"]);
    before
        .chain(["observe", "observe", "mark", "end", "confirm", "acknowledge", "seal", "print", "send", "backup"])
        .collect()
}

/// The same, and what comes later: its photos leave, a part of the record is destroyed, and what is held of the candidate is
/// handed over.
#[must_use]
pub fn whole(observations: usize) -> Vec<&'static str> {
    // The last line is hardly ever heard, and promises nothing.
    session(observations).into_iter().chain(["retire", "erase", "export", "enter"]).collect()
}

/// Days for which photos stay once the register has them.
pub const KEPT_DAYS: u32 = 1;

/// What is destroyed of a record.
pub const ERASED: PartKind = PartKind::Acknowledgements;

/// The one short scheme there is: an entry passes it, so that a life is not all taps.
#[must_use]
pub fn plan() -> Plan {
    let kept = format!("\"retention_days\": {KEPT_DAYS}");
    Plan::of(&[(KNOWLEDGE.0, &edited(KNOWLEDGE.1, "\"retention_days\": null", &kept))])
}

fn scheme() -> Scheme {
    parse_scheme(KNOWLEDGE.0, KNOWLEDGE.1, None).unwrap()
}

/// The laptop in the child.
#[derive(Debug)]
pub struct Life {
    laptop: PathBuf,
    app: App,
    dice: Dice,
    session: Option<SessionId>,
    noted: u32,
}

impl Life {
    /// Takes the laptop in a folder, or the folder where one is to be, in the morning of a day.
    #[must_use]
    pub fn new(laptop: &Path, run: &str, register: Option<&str>, day: u32) -> Self {
        let host = TestHost::new(MORNING, run);
        host.advance_seconds(i64::from(day) * 86_400);
        let host = ChildHost { host, has_viewer: AtomicBool::new(false) };
        let app = App::new(laptop, Box::new(host));
        app.use_register(register.map(str::to_owned));
        Self { laptop: laptop.to_owned(), app, dice: Dice::new(run), session: None, noted: 0 }
    }

    /// Does a job. Whoever is told that it failed tries once more.
    pub fn live(&mut self, name: &str) {
        let (_, job) = JOBS.iter().find(|(known, _)| *known == name).unwrap();
        for _ in 0..2 {
            match job(self) {
                Ok(()) => return,
                Err(error) => {
                    let words = error::view(&error);
                    println!("failed {name}: {} | {}", words.message, words.next);
                }
            }
        }
    }

    fn session(&self) -> Result<SessionId, Error> {
        self.session.ok_or(Error::NotFound(What::Session))
    }
}

fn make_laptop(life: &mut Life) -> Result<(), Error> {
    let supplies = plan().supplies(SEED);
    install(
        &life.laptop,
        &supplies.pack,
        &supplies.assessors,
        (MORNING, CHEAP),
        &mut seeded(&format!("{SEED}/install")),
    )?;
    println!("installed");
    Ok(())
}

fn enter(life: &mut Life) -> Result<(), Error> {
    life.app.enter_with_raw_key(PersonId::new([1; 16]), &store_key(SEED), TestWorld::assessor_key(1))?;
    println!("entered");
    Ok(())
}

/// Unlocks a laptop of an earlier version, whose passphrase lies beside it.
fn unlock(life: &mut Life) -> Result<(), Error> {
    let path = life.laptop.join("passphrase.txt");
    let passphrase = std::fs::read_to_string(&path).map_err(|source| StoreError::File { path, source })?;
    let (person, _) = slots::list(&life.laptop)?.into_iter().next().ok_or(Error::NotFound(What::Person))?;
    life.app.unlock(person, &passphrase)?;
    println!("unlocked");
    Ok(())
}

fn open(life: &mut Life) -> Result<(), Error> {
    life.session = None;
    let new = NewSession {
        scheme: scheme().id,
        course: CourseId::new([50; 16]),
        candidate: PersonId::new([11; 16]),
        second_person: None,
        team: false,
        language: None,
    };
    let id = life.app.open_session(&new)?.row.id;
    println!("opened {id}");
    life.app.save_gate(id, &full_gate_for(&scheme()))?;
    life.app.start_exercise(id)?;
    life.session = Some(id);
    println!("started {id}");
    Ok(())
}

fn observe(life: &mut Life) -> Result<(), Error> {
    life.noted += 1;
    let (id, number) = (life.session()?, life.noted);
    life.app.observe(id, Observed::Note { criterion: None, text: format!("observation {number}") }, 0)?;
    println!("noted {id} {number}");
    Ok(())
}

/// A picture of noise, which takes several pages.
fn photo(life: &mut Life) -> Result<(), Error> {
    let id = life.session()?;
    let mut picture = std::io::Cursor::new(Vec::new());
    let noise = image::RgbImage::from_fn(64, 64, |_, _| image::Rgb([0; 3].map(|_: u8| life.dice.below(256) as u8)));
    let written = noise.write_to(&mut picture, image::ImageFormat::Png);
    written.map_err(|_| Error::PhotoUnreadable)?;
    let state = life.app.attach_photo(id, None, &picture.into_inner())?;
    match state.log.last().map(|last| &last.observed) {
        Some(Observed::Photo { digest, .. }) => println!("photo {id} {digest}"),
        _ => println!("photo {id} that is not in the log"),
    }
    Ok(())
}

fn mark(life: &mut Life) -> Result<(), Error> {
    let part = scheme().parts.first().ok_or(Error::NotFound(What::Part))?.id.clone();
    let (points, of) = (FULL_MARKS, FULL_MARKS);
    let reference = "Paper 1".to_owned();
    let marked = Observed::PartMarked { part, points, of, on: life.app.today(), reference };
    life.app.observe(life.session()?, marked, 0).map(|_| ())
}

fn end(life: &mut Life) -> Result<(), Error> {
    life.app.end_exercise(life.session()?).map(|_| ())
}

fn confirm(life: &mut Life) -> Result<(), Error> {
    life.app.confirm_decision(life.session()?, false, "as discussed").map(|_| ())
}

fn acknowledge(life: &mut Life) -> Result<(), Error> {
    let typed = Acknowledged::Typed("Carol Candidate".to_owned());
    life.app.acknowledge(life.session()?, AcknowledgementRole::Candidate, typed).map(|_| ())
}

fn seal(life: &mut Life) -> Result<(), Error> {
    let state: SessionState = life.app.seal(life.session()?)?;
    let sealed = state.sealed.ok_or(Error::Invalid(Invalid::Malformed))?;
    println!("sealed {} {}", state.row.id, sealed.row.digest);
    Ok(())
}

fn print(life: &mut Life) -> Result<(), Error> {
    let id = life.session()?;
    life.app.open_document(id)?;
    println!("printed {id}");
    Ok(())
}

fn send(life: &mut Life) -> Result<(), Error> {
    let report = life.app.send()?;
    if let Some((_, error)) = report.failed.into_iter().next() {
        return Err(error);
    }
    if 0 < report.complete {
        println!("sent {}", life.session()?);
    }
    Ok(())
}

fn lock(life: &mut Life) -> Result<(), Error> {
    life.app.lock();
    Ok(())
}

/// Backs up onto a stick beside the laptop.
fn backup(life: &mut Life) -> Result<(), Error> {
    let made = life.app.back_up(&stick_there(&life.laptop)?, &mut |_| {})?;
    println!("backed-up {}", made.path.file_name().unwrap_or_default().to_string_lossy());
    Ok(())
}

/// The stick is there, whatever happens.
fn stick_there(laptop: &Path) -> Result<PathBuf, Error> {
    let stick = stick(laptop);
    let there =
        std::fs::create_dir_all(&stick).and_then(|()| std::fs::File::open(stick.with_file_name(""))?.sync_all());
    there.map_err(|source| StoreError::File { path: stick.clone(), source })?;
    Ok(stick)
}

/// Hands over what is held of the candidate.
fn export(life: &mut Life) -> Result<(), Error> {
    let written = life.app.export_person(PersonId::new([11; 16]), &stick_there(&life.laptop)?)?;
    println!("exported {}", written.file_name().unwrap_or_default().to_string_lossy());
    Ok(())
}

/// Destroys a part of the record that the register has.
fn erase(life: &mut Life) -> Result<(), Error> {
    let id = life.session()?;
    // From here on it may be gone.
    println!("erasing {id}");
    life.app.erase_parts(id, &[ERASED], "the time for it is over")?;
    println!("erased {id}");
    Ok(())
}

/// Lets photos go whose time is over.
fn retire(life: &mut Life) -> Result<(), Error> {
    life.app.retire_evidence()?;
    println!("retired");
    Ok(())
}

/// Where the backups of a laptop lie.
#[must_use]
pub fn stick(laptop: &Path) -> PathBuf {
    laptop.with_file_name("stick")
}

/// The passphrases that Alice has one after another; behind the last comes the second.
pub const PASSPHRASES: [&str; 4] = [
    "alice has a passphrase",
    "abandon garage tulip velvet zebra",
    "cactus galaxy hockey island jaguar",
    "kangaroo lizard magnet nephew oyster",
];

/// The passphrase behind one.
#[must_use]
pub const fn next(passphrase: usize) -> usize {
    if passphrase + 1 < PASSPHRASES.len() { passphrase + 1 } else { 1 }
}

fn passphrase(life: &mut Life) -> Result<(), Error> {
    let mut done = Err(Error::Locked);
    for (number, old) in PASSPHRASES.iter().enumerate() {
        let new = next(number);
        done = life.app.change_passphrase(old, PASSPHRASES.get(new).copied().unwrap_or_default());
        if !matches!(done, Err(Error::WrongPassphrase { .. })) {
            done.iter().for_each(|()| println!("passphrase {new}"));
            break;
        }
    }
    done
}

/// A machine whose viewer says no the first time: nothing was shown then.
struct ChildHost {
    host: TestHost,
    has_viewer: AtomicBool,
}

impl Host for ChildHost {
    fn free_bytes(&self, _folder: &Path) -> Option<u64> {
        None
    }

    fn passphrase_cost(&self) -> Cost {
        CHEAP
    }

    fn now(&self) -> Timestamp {
        self.host.now()
    }

    fn elapsed(&self) -> Option<Elapsed> {
        self.host.elapsed()
    }

    fn random(&self, bytes: &mut [u8]) {
        self.host.random(bytes);
    }

    fn open_document(&self, _: &str, _: &[u8]) -> Result<(), ViewerError> {
        if !self.has_viewer.swap(true, Ordering::SeqCst) {
            return Err(ViewerError(std::io::ErrorKind::NotFound.into()));
        }
        println!("shown");
        Ok(())
    }

    fn clear_documents(&self) {}
}
