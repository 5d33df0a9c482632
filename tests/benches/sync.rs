//! `make bench`: laptops and a register on this machine, over TLS: records per second on SQLite and on PostgreSQL, bytes on
//! the line for each, a day on a line that cuts beside a plain POST of the same bytes, and the memory of both ends.
//! `cargo bench --bench sync -- 0.1` sends a tenth of the records, and a day of a tenth of the sessions.
//!
//! The register is a program of its own, and so is the laptop of the day: this one, started again with a role. Both
//! engines write to the same disk and wait for it.
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a benchmark prints its figures or stops"
)]

#[path = "../../crates/register/tests/common/mod.rs"]
mod institution;

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::SocketAddr,
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use fieldproof_model::digest::Digest;
use fieldproof_register::{DatabaseUrl, Register, Storage, serve_tls};
use fieldproof_seal::{digest_of, keys::SecretKey, record::RecordFile};
use fieldproof_sync::{HttpRegister, Known, Outbox, OutboxChain, OutboxRecord, Outcome, send};
use fieldproof_tests::Dice;
use institution::{Institution, NOON, TestClock, delegation, storage::Postgres};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream, tcp::OwnedReadHalf, tcp::OwnedWriteHalf},
    runtime::Runtime,
};

const LAPTOPS: u32 = 64;
const SESSIONS: u32 = 40;
const PHOTOS: u32 = 10;
const PHOTO: usize = 300_000;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["register", folder] => be_the_register(Path::new(folder), None),
        ["register", folder, database] => be_the_register(Path::new(folder), Some(database)),
        ["laptop", at, pin, sessions] => {
            be_the_laptop(at.parse().unwrap(), Digest::parse(pin).unwrap(), sessions.parse().unwrap());
        }
        arguments => measure(arguments.iter().find_map(|argument| argument.parse().ok()).unwrap_or(1.0)),
    }
}

fn measure(scale: f64) {
    let scaled = |full: u32| ((f64::from(full) * scale) as u32).max(1);
    let runtime = Runtime::new().unwrap();
    engines(&runtime, scaled);
    bytes(&runtime, scaled(20));
    let sessions = scaled(SESSIONS);
    println!("a day of {sessions} sessions with {} photos of {PHOTO} bytes, SQLite:", sessions * PHOTOS);
    for mean in [u64::MAX, 40_000_000, 4_000_000] {
        day(&runtime, mean, sessions);
    }
}

/// Records per second on either engine, and how much memory the register had at most.
fn engines(runtime: &Runtime, scaled: impl Fn(u32) -> u32) {
    let postgres = Postgres::start_in(&std::env::temp_dir(), "");
    println!(
        "records per second, without photos, over TLS; each engine with the register's memory at most (VmHWM), ratio of PostgreSQL to SQLite:"
    );
    println!("  laptops  records       SQLite               PostgreSQL           ratio");
    for (laptops, records) in [(1, scaled(100)), (8, scaled(40)), (LAPTOPS, scaled(10))] {
        let (sealed, size) = outboxes(laptops, records);
        let [sqlite, postgres] = [None, Some(postgres.new_database())].map(|database| {
            let server = Server::start(database.as_deref());
            let took = runtime.block_on(together(&server, &sealed));
            (f64::from(laptops * records) / took.as_secs_f64(), server.stop())
        });
        println!(
            "  {laptops:>7}  {records:>3} × {size} B  {:>6.1} ({:>6} kB)  {:>6.1} ({:>6} kB)  {:>5.2}",
            sqlite.0,
            sqlite.1,
            postgres.0,
            postgres.1,
            postgres.0 / sqlite.0
        );
    }
}

// What is sent.

/// The institution with another assessor of it.
fn assessor(number: u32) -> Institution {
    let mut seed = [7; 32];
    seed[..4].copy_from_slice(&number.to_be_bytes());
    let mut institution = Institution::esimerkki();
    institution.assessor = SecretKey::new(&seed);
    let delegated = delegation(&institution.assessor, institution.scheme_id, NOON.date());
    institution.delegation = delegated.sign(&institution.issuing);
    institution
}

fn installation(number: u32) -> SecretKey {
    let mut seed = [9; 32];
    seed[..4].copy_from_slice(&number.to_be_bytes());
    SecretKey::new(&seed)
}

/// Bytes that nothing makes smaller.
fn photo(session: u32, number: u32) -> Vec<u8> {
    let mut random = fieldproof_testkit::seeded(&format!("photo {number} of session {session}"));
    let mut bytes = vec![0; PHOTO];
    random(&mut bytes);
    bytes
}

fn outbox(institution: &Institution, records: u32, photos: u32) -> Outbox {
    let record = |index| {
        let photos: Vec<_> = (0..photos).map(|number| photo(index, number)).collect();
        let named: Vec<&[u8]> = photos.iter().map(Vec::as_slice).collect();
        let file = institution.record(index, &named);
        OutboxRecord { digest: file.digest(), file: file.to_bytes(), receipts: Vec::new() }
    };
    let records: Vec<_> = (1..=records).map(record).collect();
    let entries = records.iter().map(|record| RecordFile::parse(&record.file).unwrap().sealed).collect();
    let chain = OutboxChain { delegation: institution.delegation.clone(), entries };
    Outbox { chains: vec![chain], records, ..Outbox::default() }
}

fn outboxes(laptops: u32, records: u32) -> (Vec<Outbox>, usize) {
    let all: Vec<_> = (0..laptops).map(|number| outbox(&assessor(number), records, 0)).collect();
    let size = all[0].records[0].file.len();
    (all, size)
}

/// Sends an outbox once; how many records are in the register, and how many times it was begun.
async fn bring(register: &HttpRegister, outbox: &Outbox, photos: &[(Digest, u32, u32)]) -> usize {
    let institution = Institution::esimerkki();
    let known = Known { root: institution.root.public(), trust: institution.trust() };
    let mut evidence = |wanted| {
        let (_, session, number) = photos.iter().find(|(digest, ..)| *digest == wanted)?;
        Some(photo(*session, *number))
    };
    let Ok(report) = send(register, &known, outbox, &mut evidence, &mut |_| {}).await else { return 0 };
    report.records.iter().filter(|record| matches!(record.outcome, Outcome::Complete(_))).count()
}

#[expect(clippy::disallowed_methods, reason = "this measures")]
async fn together(server: &Server, outboxes: &[Outbox]) -> Duration {
    let start = Instant::now();
    let laptops = (0..).zip(outboxes).map(|(number, outbox)| {
        let (register, outbox) = (client(server.at, server.pin, number), outbox.clone());
        tokio::spawn(async move { assert_eq!(bring(&register, &outbox, &[]).await, outbox.records.len()) })
    });
    for laptop in laptops.collect::<Vec<_>>() {
        laptop.await.unwrap();
    }
    start.elapsed()
}

fn client(at: SocketAddr, pin: Digest, number: u32) -> HttpRegister {
    HttpRegister::pinned(&format!("https://{at}"), pin).unwrap().signing_with(installation(number))
}

// Bytes on the line.

fn bytes(runtime: &Runtime, records: u32) {
    println!("bytes on the line for each record, TLS and HTTP counted, hello and the chain too:");
    for photos in [0, PHOTOS] {
        let server = Server::start(None);
        let outbox = outbox(&assessor(0), records, photos);
        let named = names(records, photos);
        let cable = runtime.block_on(Cable::start(server.at, u64::MAX));
        let complete = runtime.block_on(bring(&client(cable.at, server.pin, 0), &outbox, &named));
        assert_eq!(complete, outbox.records.len());
        let load = outbox.records[0].file.len() + usize::try_from(photos).unwrap() * PHOTO;
        println!(
            "  {photos:>2} photos: {} up, {} down, for {load} of record and photos",
            cable.up() / u64::from(records),
            cable.down() / u64::from(records)
        );
    }
}

/// The photos of so many sessions, by their digests.
fn names(sessions: u32, photos: u32) -> Vec<(Digest, u32, u32)> {
    let name = |session, number| (digest_of(&photo(session, number)), session, number);
    (1..=sessions).flat_map(|session| (0..photos).map(move |number| name(session, number))).collect()
}

// A day.

fn day(runtime: &Runtime, mean: u64, sessions: u32) {
    let server = Server::start(None);
    let cable = runtime.block_on(Cable::start(server.at, mean));
    let mut laptop = role(&["laptop", &cable.at.to_string(), &server.pin.to_string(), &sessions.to_string()]);
    let line = say(&mut laptop.2);
    laptop.0.wait().unwrap();
    let register = server.stop();
    let load = u64::from(sessions) * 51_000 + u64::from(sessions * PHOTOS) * u64::try_from(PHOTO).unwrap();
    let (up, cuts) = (cable.up(), cable.cuts());
    let name = if mean == u64::MAX { "no cut".to_owned() } else { format!("a cut each {} MB", mean / 1_000_000) };
    println!("  {name}: {up} bytes up, {cuts} cuts, {line}");
    println!("    the register had {register} kB of memory at most (VmHWM, as the laptop's)");
    let post = runtime.block_on(post(load, mean));
    println!("    a plain POST of {load} bytes: {post}; ratio {:.2}", post.bytes as f64 / up as f64);
}

/// What came of posting everything at once.
struct Post {
    bytes: u64,
    attempts: u32,
    is_through: bool,
}

impl std::fmt::Display for Post {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let end = if self.is_through { "through" } else { "given up" };
        write!(f, "{} bytes up in {} attempts, {end}", self.bytes, self.attempts)
    }
}

/// One POST of everything, in clear, from its beginning after each cut, fifty times at most.
async fn post(load: u64, mean: u64) -> Post {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let to = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let (mut left, mut piece) = (load, vec![0; 64 << 10]);
            while let Ok(read @ 1..) = stream.read(&mut piece).await {
                left = left.saturating_sub(u64::try_from(read).unwrap());
                if left == 0 {
                    drop(stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await);
                }
            }
        }
    });
    let cable = Cable::start(to, mean).await;
    let mut attempts = 0;
    while attempts < 50 {
        attempts += 1;
        let mut stream = TcpStream::connect(cable.at).await.unwrap();
        let (mut left, piece) = (load, vec![0; 64 << 10]);
        while 0 < left {
            let now = left.min(64 << 10);
            if stream.write_all(&piece[..usize::try_from(now).unwrap()]).await.is_err() {
                break;
            }
            left -= now;
        }
        let mut answer = [0; 12];
        if left == 0 && stream.read_exact(&mut answer).await.is_ok() {
            return Post { bytes: cable.up(), attempts, is_through: true };
        }
    }
    Post { bytes: cable.up(), attempts, is_through: false }
}

// The line.

/// Carries bytes, counts them, and cuts after a random number of them, by their mean; the same cuts each time.
struct Cable {
    at: SocketAddr,
    counts: Arc<Counts>,
}

struct Counts {
    up: AtomicU64,
    down: AtomicU64,
    cuts: AtomicU64,
    /// Bytes until the next cut, and the dice for the one behind it.
    until: Mutex<(u64, Dice)>,
    mean: u64,
}

impl Counts {
    /// Whether these bytes still come through.
    fn carry(&self, bytes: usize) -> bool {
        let bytes = u64::try_from(bytes).unwrap();
        let mut until = self.until.lock().unwrap();
        if let Some(left) = until.0.checked_sub(bytes) {
            until.0 = left;
            return true;
        }
        self.cuts.fetch_add(1, Ordering::SeqCst);
        until.0 = next(self.mean, &mut until.1);
        false
    }
}

/// Exponentially distributed.
fn next(mean: u64, dice: &mut Dice) -> u64 {
    if mean == u64::MAX {
        return mean;
    }
    let share = (f64::from(dice.below(1_000_000)) + 1.0) / 1_000_001.0;
    (-share.ln() * mean as f64) as u64
}

impl Cable {
    async fn start(to: SocketAddr, mean: u64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap();
        let mut dice = Dice::new("cable");
        let first = next(mean, &mut dice);
        let zero = AtomicU64::default;
        let counts =
            Arc::new(Counts { up: zero(), down: zero(), cuts: zero(), until: Mutex::new((first, dice)), mean });
        let shared = Arc::clone(&counts);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let counts = Arc::clone(&shared);
                tokio::spawn(async move {
                    let Ok(register) = TcpStream::connect(to).await else { return };
                    let (from_client, to_client) = client.into_split();
                    let (from_register, to_register) = register.into_split();
                    tokio::select! {
                        () = carry(from_client, to_register, &counts, &counts.up) => {}
                        () = carry(from_register, to_client, &counts, &counts.down) => {}
                    }
                });
            }
        });
        Self { at, counts }
    }

    fn up(&self) -> u64 {
        self.counts.up.load(Ordering::SeqCst)
    }

    fn down(&self) -> u64 {
        self.counts.down.load(Ordering::SeqCst)
    }

    fn cuts(&self) -> u64 {
        self.counts.cuts.load(Ordering::SeqCst)
    }
}

async fn carry(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, counts: &Counts, count: &AtomicU64) {
    let mut piece = vec![0; 16 << 10];
    while let Ok(read @ 1..) = from.read(&mut piece).await {
        count.fetch_add(u64::try_from(read).unwrap(), Ordering::SeqCst);
        if !counts.carry(read) || to.write_all(&piece[..read]).await.is_err() {
            return;
        }
    }
}

// Roles.

/// This program once more, in a role.
fn role(arguments: &[&str]) -> (Child, ChildStdin, BufReader<ChildStdout>) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let (stdin, stdout) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    (child, stdin, BufReader::new(stdout))
}

fn say(from: &mut BufReader<ChildStdout>) -> String {
    let mut line = String::new();
    from.read_line(&mut line).unwrap();
    line.trim_end().to_owned()
}

/// A register in a program of its own.
struct Server {
    at: SocketAddr,
    pin: Digest,
    child: (Child, ChildStdin, BufReader<ChildStdout>),
    _folder: tempfile::TempDir,
}

impl Server {
    /// On SQLite in its folder, or on the database of a connection string.
    fn start(database: Option<&str>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("register").to_string_lossy().into_owned();
        let mut child = role(&[&["register", &path], database.as_slice()].concat());
        let line = say(&mut child.2);
        let (at, pin) = line.split_once(' ').unwrap();
        Self { at: at.parse().unwrap(), pin: Digest::parse(pin).unwrap(), child, _folder: folder }
    }

    /// Stops it; how much memory it had at most, in kB.
    fn stop(self) -> String {
        let (mut child, stdin, mut stdout) = self.child;
        drop(stdin);
        let memory = say(&mut stdout);
        child.wait().unwrap();
        memory
    }
}

fn be_the_register(folder: &Path, database: Option<&str>) {
    let (institution, clock) = (Institution::esimerkki(), TestClock::new());
    let database = database.map(|url| DatabaseUrl::parse(url).unwrap());
    let storage = Storage { database, bucket: None };
    let register = Register::create_on(&storage, folder, &institution.material(), clock.clock()).unwrap();
    for number in 0..LAPTOPS {
        register.admit_installation(&installation(number).public()).unwrap();
    }
    let pin = register.tls_pin();
    let runtime = Runtime::new().unwrap();
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    println!("{} {pin}", listener.local_addr().unwrap());
    runtime.spawn(serve_tls(listener, register, std::future::pending()));
    drop(std::io::stdin().read(&mut [0]));
    // Whoever asked for something else has gone.
    drop(writeln!(std::io::stdout(), "{}", memory()));
}

/// Sends a day until all of it is in the register. A photo is in memory as long as it is sent, as from the store.
#[expect(clippy::disallowed_methods, reason = "this measures")]
fn be_the_laptop(at: SocketAddr, pin: Digest, sessions: u32) {
    let outbox = outbox(&assessor(0), sessions, PHOTOS);
    let photos = names(sessions, PHOTOS);
    let (start, before) = (Instant::now(), memory());
    let register = client(at, pin, 0);
    let (runtime, mut sendings) = (Runtime::new().unwrap(), 0);
    loop {
        sendings += 1;
        if runtime.block_on(bring(&register, &outbox, &photos)) == outbox.records.len() {
            break;
        }
    }
    println!("{sendings} sendings in {:.1?}, laptop {before} kB before and {} kB at most", start.elapsed(), memory());
}

/// How much memory this process had at most so far, in kB.
fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.unwrap_or("not known").trim().trim_end_matches(" kB").to_owned()
}
