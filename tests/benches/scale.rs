//! `make bench`: a laptop after many years, beside the bare transaction of SQLite that no tap can be faster than, in a file
//! of the same kind on the same disk.
//!
//! `cargo bench --bench scale -- 0.01` makes it a hundredth of its size. Photos are of 4 KiB: what is looked for is the number of rows.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a benchmark prints its figures or stops")]

use std::{path::Path, time::Duration};

use fieldproof_app::App;
use fieldproof_model::{
    gate::Gate,
    id::{PersonId, SchemeId, SessionId, to_hex},
    observation::{Observation, Observed},
    person::{Name, Person},
    time::Timestamp,
};
use fieldproof_store::{
    Store, StoreError, StoreKey,
    slots::{self, Cost, Secrets, SlotRandom},
    table::{people::PersonRow, sessions::SessionRow},
};
use fieldproof_testkit::{MORNING, TestHost, TestWorld, store_key};
use rusqlite::Connection;

const SEED: &str = "scale";
const CANDIDATES: u32 = 10_000;
const SCHEMES: u32 = 200;
const PHOTOS: u32 = 50_000;
const OBSERVATIONS: u32 = 5_000_000;
const A_SESSION: u32 = 200;
const TAPS: u32 = 200;

#[expect(clippy::disallowed_methods, reason = "this measures")]
fn time<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let start = std::time::Instant::now();
    let done = work();
    (start.elapsed(), done)
}

fn median(turns: u32, mut work: impl FnMut(u32)) -> Duration {
    let mut times: Vec<_> = (0..turns).map(|turn| time(|| work(turn)).0).collect();
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

fn scaled(full: u32) -> u32 {
    let scale: f64 = std::env::args().find_map(|argument| argument.parse().ok()).unwrap_or(1.0);
    ((f64::from(full) * scale) as u32).max(1)
}

fn id(kind: u8, number: u32) -> [u8; 16] {
    let mut id = [kind; 16];
    id[12..].copy_from_slice(&number.to_be_bytes());
    id
}

fn fill(store: &Store, signed_scheme: &[u8], course: &[u8], assessor: PersonId) {
    let person = |number| {
        let name = Name::parse(&format!("Candidate {number}")).unwrap();
        Person { id: PersonId::new(id(0xc0, number)), name, birth_year: Some(1990) }
    };
    store
        .write(|tx| -> Result<(), StoreError> {
            for number in 0..scaled(CANDIDATES) {
                tx.add_person(&PersonRow { person: person(number), is_on_roster: true, contact: None })?;
            }
            (0..scaled(SCHEMES)).try_for_each(|number| tx.set_scheme(SchemeId::new(id(0x5c, number)), signed_scheme))
        })
        .unwrap();
    for session in 0..scaled(OBSERVATIONS).div_ceil(A_SESSION) {
        let row = SessionRow {
            id: SessionId::new(id(0x5e, session)),
            // Of a colleague's: whoever measures looks at their own.
            assessor,
            candidate: PersonId::new(id(0xc0, session % scaled(CANDIDATES))),
            second_person: None,
            scheme_id: SchemeId::new(id(0x5c, session % scaled(SCHEMES))),
            scheme: signed_scheme.to_vec(),
            course: course.to_vec(),
            language: "en".to_owned(),
            partner: None,
            attempt: 1,
            opened_at: MORNING,
            gate: Gate::default(),
            abandoned_at: Some(MORNING),
        };
        store
            .write(|tx| -> Result<(), StoreError> {
                tx.add_session(&row)?;
                (1..=A_SESSION).try_for_each(|sequence| {
                    let observed = Observed::Note { criterion: None, text: format!("observation {sequence}") };
                    let at = Timestamp::from_millis(MORNING.as_millis() + i64::from(sequence));
                    let observation =
                        Observation { sequence, tapped_at: at, seen_at: at, observed, elapsed: None, beacon: None };
                    tx.append_observation(row.id, &observation)
                })
            })
            .unwrap();
    }
    for photo in 0..scaled(PHOTOS) {
        let bytes: Vec<u8> = (0..4_096_u32).map(|byte| (byte.wrapping_mul(photo | 1) >> 3) as u8).collect();
        store.evidence().put(&bytes).unwrap();
    }
}

/// One row, as long as an observation is, in an encrypted file with the same settings.
fn bare(dir: &Path) -> Duration {
    let connection = Connection::open(dir.join("bare.db")).unwrap();
    let key = to_hex(store_key(SEED).dangerously_expose_bytes());
    connection.pragma_update(None, "key", format!("x'{key}'")).unwrap();
    connection.pragma_update(None, "journal_mode", "WAL").unwrap();
    connection.pragma_update(None, "synchronous", "FULL").unwrap();
    connection.execute_batch("CREATE TABLE bare (a INTEGER PRIMARY KEY, b BLOB NOT NULL) STRICT").unwrap();
    median(TAPS, |turn| {
        connection
            .execute("INSERT INTO bare (a, b) VALUES (?1, ?2)", rusqlite::params![turn, [7_u8; 64]])
            .map(|_| ())
            .unwrap();
    })
}

fn size(dir: &Path) -> u64 {
    fieldproof_store::backup::bytes_of(dir)
}

fn guess() -> Duration {
    let dir = tempfile::tempdir().unwrap();
    let secrets = Secrets { store: StoreKey::new([7; 48]), assessor: TestWorld::assessor_key(1) };
    let random = SlotRandom::draw(|bytes| bytes.fill(3));
    let whose = (PersonId::new([1; 16]), "Anna Assessor");
    slots::set(dir.path(), whose, "one two", &secrets, &random, Cost::DEFAULT).unwrap();
    median(7, |_| assert!(slots::unlock(dir.path(), whose.0, "one three").is_err()))
}

fn main() {
    let world = TestWorld::new(SEED);
    world.unlock();
    let first = world.start_session();
    let row = world.app.session(first).unwrap().row;
    world.app.lock();
    let enter =
        |app: &App| app.enter_with_raw_key(world.alice.0, &store_key(SEED), TestWorld::assessor_key(1)).unwrap();
    let store = Store::open(&world.laptop(), &store_key(SEED)).unwrap();
    let before = size(&world.laptop());
    let (filling, ()) = time(|| fill(&store, &row.scheme, &row.course, world.bob.0));
    drop(store);
    let grown = size(&world.laptop()).saturating_sub(before);
    println!(
        "{} candidates, {} schemes, {} photos of 4 KiB, {} observations: {:.1} GB, filled in {filling:.0?}",
        scaled(CANDIDATES),
        scaled(SCHEMES),
        scaled(PHOTOS),
        scaled(OBSERVATIONS),
        grown as f64 / 1e9
    );
    let host = TestHost::new(MORNING, SEED);
    let app = App::new(&world.laptop(), Box::new(host));
    let (open, ()) = time(|| enter(&app));
    let small = TestWorld::new("scale-small");
    let key = store_key("scale-small");
    let open_small = median(5, |_| {
        small.app.enter_with_raw_key(small.alice.0, &key, TestWorld::assessor_key(1)).unwrap();
    });
    println!("open:             {open:?}, a new laptop {open_small:?}");
    let tap = median(TAPS, |turn| {
        app.observe(first, Observed::Note { criterion: None, text: format!("tap {turn}") }, 0).map(|_| ()).unwrap();
    });
    let row_alone = {
        let store = Store::open(&world.laptop(), &store_key(SEED)).unwrap();
        let next = u32::try_from(app.session(first).unwrap().log.len()).unwrap();
        median(TAPS, |turn| {
            let observed = Observed::Note { criterion: None, text: format!("row {turn}") };
            let sequence = next + turn + 1;
            let observation =
                Observation { sequence, tapped_at: MORNING, seen_at: MORNING, observed, elapsed: None, beacon: None };
            store.write(|tx| tx.append_observation(first, &observation)).unwrap();
        })
    };
    let bare = bare(world.folder.path());
    let ratio = |time: Duration| time.as_secs_f64() / bare.as_secs_f64();
    println!("bare transaction: {bare:?}");
    println!("row to commit:    {row_alone:?}, {:.2} of it", ratio(row_alone));
    println!(
        "tap to commit:    {tap:?} with {} taps before it read back and judged, {:.2} of it",
        TAPS / 2,
        ratio(tap)
    );
    let (roster, home) = time(|| app.home().unwrap());
    println!("home, roster of {}: {roster:?}", home.people.len());
    let (search, found) = time(|| home.people.iter().filter(|row| row.person.name.as_str().contains("9999")).count());
    println!("roster search:    {search:?} for {found} found");
    println!("growth:           {} bytes a session of {A_SESSION} observations", {
        grown / u64::from(scaled(OBSERVATIONS).div_ceil(A_SESSION))
    });
    println!("a guess at a passphrase: {:?} and {} MiB", guess(), Cost::DEFAULT.memory_kib / 1024);
}
