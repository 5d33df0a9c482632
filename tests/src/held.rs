//! What must hold of a laptop, given what its child told: nothing acknowledged is lost, nothing is there twice, and
//! nothing is shown as saved, sealed, printed or in the register that is not.

use std::{
    collections::BTreeSet,
    fs::File,
    io::{copy, sink},
    path::Path,
};

use fieldproof_app::{
    App,
    session::{Place, Sealed, SessionState},
};
use fieldproof_model::{
    digest::Digest,
    id::{PersonId, SessionId},
    observation::Observed,
};
use fieldproof_seal::{
    digest_of,
    envelope::Kind,
    observation::evidence_of,
    receipt::{Have, Receipt},
    record::{Record, RecordFile},
};
use fieldproof_store::{Evidence, Store, slots};
use fieldproof_testkit::{MORNING, TestHost, TestWorld, store_key};
use zip::ZipArchive;

use crate::{
    SEED,
    life::{ERASED, KEPT_DAYS, PASSPHRASES, next, stick},
    scratch,
};

/// What a child acknowledged, and what it could not do.
#[derive(Debug, Clone, Default)]
pub struct Told {
    /// Whether there is a laptop.
    pub is_installed: bool,
    /// Whether somebody is in, on a laptop of an earlier version.
    pub is_unlocked: bool,
    /// The sessions, in the order they were opened.
    pub sessions: Vec<ToldSession>,
    /// Which of [`PASSPHRASES`] was taken last.
    passphrase: usize,
    /// The last export.
    export: Option<String>,
    /// The last backup, and what had been told when it was made.
    backup: Option<(String, Box<Self>)>,
    /// The lines about what failed.
    pub failures: Vec<String>,
}

/// What was acknowledged of one session.
#[derive(Debug, Clone)]
pub struct ToldSession {
    id: SessionId,
    notes: BTreeSet<String>,
    photos: BTreeSet<String>,
    sealed: Option<String>,
    is_shown: bool,
    is_printed: bool,
    is_sent: bool,
    is_being_erased: bool,
    is_erased: bool,
    may_leave: bool,
    is_retired: bool,
}

impl Told {
    /// Nothing yet, but that there is a laptop.
    #[must_use]
    pub fn installed() -> Self {
        Self { is_installed: true, ..Self::default() }
    }

    /// The time of whatever was sent until now is over.
    pub fn pass(&mut self) {
        self.sessions.iter_mut().for_each(|session| session.may_leave = session.is_sent);
    }

    /// Takes a line.
    pub fn hear(&mut self, line: &str) {
        let mut words = line.splitn(3, ' ');
        let [what, id, rest] = [0; 3].map(|_: u8| words.next().unwrap_or_default());
        match what {
            "installed" => self.is_installed = true,
            "unlocked" => self.is_unlocked = true,
            "failed" => self.failures.push(line.to_owned()),
            "opened" => self.sessions.push(ToldSession {
                id: SessionId::parse(id).unwrap(),
                notes: BTreeSet::new(),
                photos: BTreeSet::new(),
                sealed: None,
                is_shown: false,
                is_printed: false,
                is_sent: false,
                is_being_erased: false,
                is_erased: false,
                may_leave: false,
                is_retired: false,
            }),
            "shown" => self.sessions.last_mut().unwrap().is_shown = true,
            "noted" => drop(self.session(id).notes.insert(rest.to_owned())),
            "photo" => drop(self.session(id).photos.insert(rest.to_owned())),
            "sealed" => self.session(id).sealed = Some(rest.to_owned()),
            "printed" => self.session(id).is_printed = true,
            "sent" => self.session(id).is_sent = true,
            "erasing" => self.session(id).is_being_erased = true,
            "erased" => self.session(id).is_erased = true,
            "retired" => self.sessions.iter_mut().for_each(|session| session.is_retired |= session.may_leave),
            "exported" => self.export = Some(id.to_owned()),
            "passphrase" => self.passphrase = id.parse().unwrap(),
            "backed-up" => self.backup = Some((id.to_owned(), Box::new(Self { backup: None, ..self.clone() }))),
            "entered" | "started" => {}
            other => panic!("the child said “{other}”, which nobody here understands"),
        }
    }

    /// Whether a photo was acknowledged.
    #[must_use]
    pub fn has_photos(&self) -> bool {
        self.sessions.iter().any(|session| !session.photos.is_empty())
    }

    fn session(&mut self, id: &str) -> &mut ToldSession {
        self.sessions.iter_mut().find(|session| session.id.to_string() == id).unwrap()
    }
}

/// One way in which a laptop is not what was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wrong {
    /// It was acknowledged and is not there.
    Lost(String),
    /// It is there twice.
    Doubled(String),
    /// It is shown as something it is not.
    False(String),
    /// The laptop does not open, or calls itself damaged.
    Damaged(String),
}

/// Opens a laptop and holds it to what was told.
#[must_use]
pub fn check(laptop: &Path, told: &Told) -> Vec<Wrong> {
    let app = App::new(laptop, Box::new(TestHost::new(MORNING, "check")));
    match app.enter_with_raw_key(PersonId::new([1; 16]), &store_key(SEED), TestWorld::assessor_key(1)) {
        Ok(()) => {}
        // Before the laptop was there nothing was promised but an answer.
        Err(_) if !told.is_installed => return Vec::new(),
        Err(error) => return vec![Wrong::Damaged(format!("{error}"))],
    }
    let mut wrong = Vec::new();
    if told.is_installed {
        check_door(&app, told, &mut wrong);
    }
    if !matches!(app.check_integrity(), Ok(true)) {
        wrong.push(Wrong::Damaged("the integrity check".to_owned()));
    }
    check_sessions(&app, told, &mut wrong);
    if let Some((name, told)) = &told.backup {
        check_backup(&stick(laptop).join(name), told, &mut wrong);
    }
    if let Some(name) = &told.export
        && !is_whole_zip(&stick(laptop).join(name))
    {
        wrong.push(Wrong::Lost(format!("the export {name}")));
    }
    wrong
}

fn check_sessions(app: &App, told: &Told, wrong: &mut Vec<Wrong>) {
    if told.sessions.is_empty() {
        return;
    }
    let store = Store::open(app.dir(), &store_key(SEED)).unwrap();
    for session in &told.sessions {
        match app.session(session.id) {
            Ok(state) => check_session(app, store.evidence(), session, &state, wrong),
            Err(error) => wrong.push(Wrong::Lost(format!("session {}: {error}", session.id))),
        }
    }
}

/// Whether a ZIP is there and every file in it is what was put into it.
fn is_whole_zip(path: &Path) -> bool {
    let Some(mut zip) = File::open(path).ok().and_then(|file| ZipArchive::new(file).ok()) else { return false };
    !zip.is_empty()
        && (0..zip.len()).all(|number| zip.by_index(number).is_ok_and(|mut file| copy(&mut file, &mut sink()).is_ok()))
}

/// What a backup gives back is what had been acknowledged when it was made.
fn check_backup(backup: &Path, told: &Told, wrong: &mut Vec<Wrong>) {
    let folder = scratch();
    let fresh = folder.path().join("laptop");
    if let Err(error) = fieldproof_store::backup::unpack(backup, &store_key(SEED), &fresh, &mut |_| {}) {
        wrong.push(Wrong::Lost(format!("the backup {}: {error}", backup.display())));
        return;
    }
    let app = App::new(&fresh, Box::new(TestHost::new(MORNING, "check")));
    match app.enter_with_raw_key(PersonId::new([1; 16]), &store_key(SEED), TestWorld::assessor_key(1)) {
        Ok(()) => check_sessions(&app, told, wrong),
        Err(error) => wrong.push(Wrong::Lost(format!("the store in the backup: {error}"))),
    }
}

/// Who may enter and whose laptop it is, as anybody sees it before unlocking; and the pack behind the door.
fn check_door(app: &App, told: &Told, wrong: &mut Vec<Wrong>) {
    match app.status() {
        Ok(status) if status.assessors.len() == 2 && status.institution.is_some() => {}
        Ok(status) => wrong.push(Wrong::Lost(format!("the door: {status:?}"))),
        Err(error) => wrong.push(Wrong::Lost(format!("the door: {error}"))),
    }
    // Of a change that was going on either end will do.
    let opens = |number: usize| {
        PASSPHRASES.get(number).is_some_and(|words| slots::unlock(app.dir(), PersonId::new([1; 16]), words).is_ok())
    };
    if !opens(told.passphrase) && !opens(next(told.passphrase)) {
        wrong.push(Wrong::Lost(format!("passphrase {}", told.passphrase)));
    }
    if let Err(error) = app.trust_file() {
        wrong.push(Wrong::Lost(format!("the pack: {error}")));
    }
}

fn check_session(app: &App, evidence: &Evidence, told: &ToldSession, state: &SessionState, wrong: &mut Vec<Wrong>) {
    if state.log.iter().zip(1..).any(|(observation, expected)| observation.sequence != expected) {
        wrong.push(Wrong::Damaged("the log has a gap".to_owned()));
    }
    let (mut notes, mut photos) = (BTreeSet::new(), BTreeSet::new());
    for observation in &state.log {
        let is_new = if let Observed::Note { text, .. } = &observation.observed {
            notes.insert(text.trim_start_matches("observation ").to_owned())
        } else if let Observed::Photo { digest, .. } = &observation.observed {
            photos.insert(digest.to_string())
        } else {
            true
        };
        if !is_new {
            wrong.push(Wrong::Doubled(format!("{:?}", observation.observed)));
        }
    }
    let lost = told.notes.difference(&notes).chain(told.photos.difference(&photos));
    wrong.extend(lost.map(|lost| Wrong::Lost(format!("observation or photo {lost}"))));
    for (digest, _) in evidence_of(&state.log) {
        let has_left = state.left.contains_key(&digest);
        match evidence.get(digest) {
            Ok(Some(bytes)) if digest_of(&bytes) == digest && !has_left => {}
            Ok(None) if may_have_left(state, &digest) => {}
            other => {
                wrong.push(Wrong::False(format!(
                    "photo {digest}, left: {has_left}, is named and reads as {other:.80?}"
                )));
            }
        }
        if told.is_retired && !has_left {
            wrong.push(Wrong::Lost(format!("that photo {digest} left")));
        }
    }
    match &state.sealed {
        Some(sealed) => check_sealed(app, told, sealed, wrong),
        None => wrong.extend(told.sealed.iter().map(|digest| Wrong::Lost(format!("record {digest}")))),
    }
}

/// Whether a photo is marked as left, at a time when that of its record in the register was over.
fn may_have_left(state: &SessionState, photo: &Digest) -> bool {
    let Some(Sealed { place: Place::InRegister(receipt), .. }) = &state.sealed else { return false };
    let day = receipt.received_at.date().days_later(KEPT_DAYS);
    state.left.get(photo).is_some_and(|left_at| day <= left_at.date())
}

fn check_sealed(app: &App, told: &ToldSession, sealed: &Sealed, wrong: &mut Vec<Wrong>) {
    let digest = sealed.row.digest;
    if told.sealed.as_ref().is_some_and(|told| *told != digest.to_string()) {
        wrong.push(Wrong::Lost(format!("another record stands in place of {digest}")));
    }
    let file = RecordFile::parse(&sealed.row.file).unwrap();
    let signed = Record::parse(&file.sealed).unwrap().1.verify(&TestWorld::assessor_key(1).public());
    let is_here = |number: &i64| file.parts.contains_key(number);
    // What is being destroyed is there or not; once that was told it is gone.
    let may_lack = told.is_being_erased && matches!(sealed.place, Place::InRegister(_));
    let is_whole = sealed.record.parts.iter().all(|(number, named)| match file.parts.get(number) {
        Some(part) => part.digest() == *named,
        None => may_lack && *number == ERASED.number(),
    });
    if told.is_erased && is_here(&ERASED.number()) {
        wrong.push(Wrong::Lost(format!("that a part of {digest} was destroyed")));
    }
    if signed.is_err() || file.digest() != digest || !is_whole {
        wrong.push(Wrong::False(format!("{digest} is shown as sealed")));
    }
    let is_printed = sealed.row.document_opened_at.is_some();
    if is_printed && !told.is_shown {
        wrong.push(Wrong::False(format!("{digest} is shown as printed, and no viewer showed it")));
    }
    if told.is_printed && !is_printed {
        wrong.push(Wrong::Lost(format!("that {digest} was printed")));
    }
    match &sealed.place {
        Place::InRegister(_) if is_complete(app, sealed) => {}
        Place::InRegister(_) => wrong.push(Wrong::False(format!("{digest} is shown as in the register"))),
        Place::OnThisLaptop
        | Place::Held(_)
        | Place::LostThere(_)
        | Place::EvidenceLostThere { .. }
        | Place::Refused(_) => {
            if told.is_sent {
                wrong.push(Wrong::Lost(format!("the receipt for {digest}")));
            }
        }
    }
}

/// Whether the receipt that is kept is the register's, for this record, and says that everything is there.
fn is_complete(app: &App, sealed: &Sealed) -> bool {
    let trust = app.trust_file().unwrap().open().unwrap();
    let Ok(Some(signed)) = app.receipt(sealed.row.digest) else {
        return false;
    };
    let (receipt, _) = Receipt::parse(&signed).unwrap();
    trust.check_register(&signed, Kind::Receipt).is_ok()
        && receipt.record == sealed.row.digest
        && receipt.have == Have::Complete
        && sealed.record.evidence.iter().all(|item| receipt.evidence.contains(item))
}
