//! `make bench`: a laptop after many years, beside the bare transaction of SQLite that no tap can be faster than, in a file
//! of the same kind on the same disk, and beside a new laptop.
//!
//! `cargo bench --bench scale -- 0.01` makes it a hundredth of its size. Photos are of 4 KiB: what is looked for is the
//! number of rows. Whoever measures has eight in a hundred of the sessions, all sealed and in the register; those of the
//! colleague were given up. `ui/src/features/new/search.bench.ts` times the search in the roster, which is the screen's.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a benchmark prints its figures or stops")]

use std::{path::Path, time::Duration};

use fieldproof_api::Api;
use fieldproof_app::App;
use fieldproof_model::{
    gate::Gate,
    id::{PersonId, SchemeId, SessionId, to_hex},
    observation::{Observation, Observed},
    person::{Name, Person},
    time::Timestamp,
};
use fieldproof_seal::digest_of;
use fieldproof_store::{
    Store, StoreError, StoreKey,
    slots::{self, Cost, Secrets, SlotRandom},
    table::{
        people::PersonRow,
        records::{AnswerKind, RecordRow},
        sessions::SessionRow,
    },
};
use fieldproof_testkit::{MORNING, TestHost, TestWorld, store_key};
use rusqlite::Connection;
use serde_json::json;

const SEED: &str = "scale";
const CANDIDATES: u32 = 10_000;
const SCHEMES: u32 = 200;
const OBSERVATIONS: u32 = 5_000_000;
const A_SESSION: u32 = 200;
/// Among the observations of each session.
const PHOTOS_A_SESSION: u32 = 2;
/// Of so many sessions two are of whoever measures: 2,000 of 25,000.
const SHARE: (u32, u32) = (2, 25);
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

fn sessions() -> u32 {
    scaled(OBSERVATIONS).div_ceil(A_SESSION)
}

const fn is_own(session: u32) -> bool {
    session % SHARE.1 < SHARE.0
}

/// A photo like no other.
fn photo(number: u32) -> Vec<u8> {
    let mut state = u64::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let noise = (0..4_096).map(|_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state.to_be_bytes()[0]
    });
    number.to_be_bytes().into_iter().chain(noise).take(4_096).collect()
}

/// One session that went its whole way, whose bytes stand for those of all others.
struct Model {
    row: SessionRow,
    record: RecordRow,
    receipt: Vec<u8>,
}

impl Model {
    fn of(world: &TestWorld) -> Self {
        let server = fieldproof_tests::Server::start(world.register());
        world.app.use_register(Some(server.address));
        let id = world.start_session();
        world.score_everything(id, 6);
        let digest = world.finish(id).sealed.unwrap().row.digest;
        assert_eq!(world.app.send().unwrap().complete, 1);
        let state = world.app.session(id).unwrap();
        let receipt = world.app.receipt(digest).unwrap().unwrap();
        Self { row: state.row, record: state.sealed.unwrap().row, receipt }
    }
}

fn fill(store: &Store, model: &Model, [own, colleague]: [PersonId; 2]) {
    let person = |number| {
        let name = Name::parse(&format!("Candidate {number}")).unwrap();
        Person { id: PersonId::new(id(0xc0, number)), name, birth_year: Some(1990) }
    };
    store
        .write(|tx| -> Result<(), StoreError> {
            for number in 0..scaled(CANDIDATES) {
                tx.add_person(&PersonRow { person: person(number), is_on_roster: true, contact: None })?;
            }
            (0..scaled(SCHEMES))
                .try_for_each(|number| tx.set_scheme(SchemeId::new(id(0x5c, number)), &model.row.scheme))
        })
        .unwrap();
    for session in 0..sessions() {
        // Evidence is there before a row names it.
        let photos: Vec<_> = (0..PHOTOS_A_SESSION)
            .map(|number| store.evidence().put(&photo(session * PHOTOS_A_SESSION + number)).unwrap())
            .collect();
        let is_own = is_own(session);
        let row = SessionRow {
            id: SessionId::new(id(0x5e, session)),
            assessor: if is_own { own } else { colleague },
            candidate: PersonId::new(id(0xc0, session % scaled(CANDIDATES))),
            second_person: None,
            scheme_id: SchemeId::new(id(0x5c, session % scaled(SCHEMES))),
            partner: None,
            attempt: 1,
            opened_at: Timestamp::from_millis(MORNING.as_millis() + i64::from(session)),
            gate: Gate::default(),
            abandoned_at: (!is_own).then_some(MORNING),
            ..model.row.clone()
        };
        store
            .write(|tx| -> Result<(), StoreError> {
                tx.add_session(&row)?;
                (1..=A_SESSION).try_for_each(|sequence| {
                    let digest = A_SESSION.checked_sub(sequence).and_then(|left| photos.get(left as usize)).copied();
                    let observed = match digest {
                        Some(digest) => Observed::Photo { criterion: None, digest, size: 4_096, original: None },
                        None => Observed::Note { criterion: None, text: format!("observation {sequence}") },
                    };
                    let at = Timestamp::from_millis(MORNING.as_millis() + i64::from(sequence));
                    let observation =
                        Observation { sequence, tapped_at: at, seen_at: at, observed, elapsed: None, beacon: None };
                    tx.append_observation(row.id, &observation)
                })?;
                if !is_own {
                    return Ok(());
                }
                let digest = digest_of(row.id.as_bytes());
                tx.add_record(&RecordRow { digest, session: row.id, ..model.record.clone() })?;
                tx.keep_register_answer(digest, AnswerKind::Complete, &model.receipt)
            })
            .unwrap();
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

fn items(store: &Store) -> usize {
    store.evidence().items().unwrap().len()
}

fn guess() -> Duration {
    let dir = tempfile::tempdir().unwrap();
    let secrets = Secrets { store: StoreKey::new([7; 48]), assessor: TestWorld::assessor_key(1) };
    let random = SlotRandom::draw(|bytes| bytes.fill(3));
    let whose = (PersonId::new([1; 16]), "Anna Assessor");
    slots::set(dir.path(), whose, "one two", &secrets, &random, Cost::DEFAULT).unwrap();
    median(7, |_| assert!(slots::unlock(dir.path(), whose.0, "one three").is_err()))
}

/// From one assessor to the next: the last key of a passphrase, and home as the screen is told of it.
fn switch(api: &Api, (person, passphrase): (PersonId, &str), turns: u32) -> Duration {
    median(turns, |_| {
        api.app().lock();
        let unlock = json!({ "assessorId": person.to_string(), "passphrase": passphrase });
        api.call("unlock", unlock).map(|_| ()).unwrap();
    })
}

fn main() {
    let world = TestWorld::new(SEED);
    world.unlock();
    let first = world.start_session();
    let model = Model::of(&world);
    world.app.lock();
    let enter =
        |app: &App| app.enter_with_raw_key(world.alice.0, &store_key(SEED), TestWorld::assessor_key(1)).unwrap();
    let store = Store::open(&world.laptop(), &store_key(SEED)).unwrap();
    let (before, items_before) = (size(&world.laptop()), items(&store));
    let (filling, ()) = time(|| fill(&store, &model, [world.alice.0, world.bob.0]));
    let photos = items(&store) - items_before;
    assert_eq!(photos, usize::try_from(sessions() * PHOTOS_A_SESSION).unwrap(), "no photo is like another");
    drop(store);
    let grown = size(&world.laptop()).saturating_sub(before);
    let own = (0..sessions()).filter(|session| is_own(*session)).count();
    told_what_was_filled((own, photos), grown, filling);
    let app = App::new(&world.laptop(), Box::new(TestHost::new(MORNING, SEED)));
    let (open, ()) = time(|| enter(&app));
    let small = TestWorld::new("scale-small");
    let key = store_key("scale-small");
    let open_small = median(5, |_| {
        small.app.enter_with_raw_key(small.alice.0, &key, TestWorld::assessor_key(1)).unwrap();
    });
    println!("open:             {open:?}, {:.1} times a new laptop's {open_small:?}", times(open, open_small));
    let kept = items(&Store::open(&world.laptop(), &store_key(SEED)).unwrap());
    assert_eq!(kept, items_before + photos, "every photo is named, so none was swept");
    taps(&world, &app, first);
    homes(&world, app, small);
    println!("growth:           {} bytes a session of {A_SESSION} observations", grown / u64::from(sessions()));
    println!("a guess at a passphrase: {:?} and {} MiB", guess(), Cost::DEFAULT.memory_kib / 1024);
}

fn times(time: Duration, of: Duration) -> f64 {
    time.as_secs_f64() / of.as_secs_f64()
}

fn told_what_was_filled((own, photos): (usize, usize), grown: u64, filling: Duration) {
    println!(
        "{} candidates, {} schemes, {} sessions, {own} of them one's own, {photos} photos of 4 KiB, {} observations: \
         {:.1} GB, filled in {filling:.0?}",
        scaled(CANDIDATES),
        scaled(SCHEMES),
        sessions(),
        sessions() * A_SESSION,
        grown as f64 / 1e9
    );
}

/// A tap on a laptop so full, beside its row alone and a bare transaction of that size.
fn taps(world: &TestWorld, app: &App, first: SessionId) {
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
    println!("bare transaction: {bare:?}");
    println!("row to commit:    {row_alone:?}, {:.2} of it", times(row_alone, bare));
    println!(
        "tap to commit:    {tap:?} with {} taps before it read back and judged, {:.2} of it",
        TAPS / 2,
        times(tap, bare)
    );
}

/// Home after so many years, what is not on it, and changing over to it.
fn homes(world: &TestWorld, app: App, small: TestWorld) {
    let home = median(5, |_| drop(app.home().unwrap()));
    let home_small = median(5, |_| drop(small.app.home().unwrap()));
    let shown = app.home().unwrap();
    println!(
        "home:             {home:?} with a roster of {} and {} of {} sessions, {:.1} times a new laptop's {home_small:?}",
        shown.people.len(),
        shown.sessions.len(),
        shown.sessions.len() + shown.earlier,
        times(home, home_small)
    );
    let (all, earlier) = time(|| app.earlier_sessions().unwrap().0.len());
    println!(
        "the other {earlier}:   {all:?}, replayed when somebody asks for them, {:.1} times home",
        times(all, home)
    );
    let (api, api_small) = (Api::new(app, None), Api::new(small.app, None));
    let switching = switch(&api, world.alice, 5);
    let switching_small = switch(&api_small, small.alice, 5);
    println!(
        "switch:           {switching:?} from the last key to home as the screen is told of it, a cheap guess of it, {:.1} \
         times a new laptop's {switching_small:?}",
        times(switching, switching_small)
    );
}
