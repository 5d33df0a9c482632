//! One story for each thing that can be wrong with a network: what the person is told, and that over a clean link
//! afterwards nothing is lost, nothing doubled, and nothing was called "in register" that was not.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a failure here is a failing test")]

#[path = "../../crates/register/tests/common/mod.rs"]
mod institution;
#[path = "wire_stories/tls.rs"]
mod tls;

use std::{
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
};

use fieldproof_api::error::view;
use fieldproof_app::Error;
use fieldproof_model::{digest::Digest, time::Timestamp};
use fieldproof_register::{Register, serve};
use fieldproof_seal::{
    digest_of,
    receipt::{Have, Receipt},
    record::RecordFile,
};
use fieldproof_sync::{HttpError, HttpRegister, Known, Outbox, OutboxChain, OutboxRecord, Outcome, SendReport, send};
use fieldproof_testkit::{MORNING, Plan, TestWorld};
use fieldproof_tests::{
    line::{Line, Place, Rule, Wrong},
    scratch,
};
use fieldproof_wire::{RegisterProtocol, SignedAnswer, limit};
use institution::{Institution, installation};
use tokio::net::TcpListener;

const BROKE: &str = "The connection to the register broke.";
const NETWORK: &str = "The network answered in the register's place.";
const NO_REGISTER: &str = "Something that is no register answered.";
const FAILED: &str = "The register failed.";
const UNREACHABLE: &str = "The register cannot be reached.";
const NO_TURN: &str = "(no turn)";

const HELLO: &str = "GET /v0/hello ";
const CHAIN: &str = "POST /v0/chain ";
const RECORD: &str = "POST /v0/records ";
const BEGIN: &str = "POST /v0/uploads ";
const CHUNK: &str = "PATCH /v0/uploads/";

/// A photo of two chunks and a little.
fn photo() -> Vec<u8> {
    (0..limit::CHUNK * 2 + 5).map(|n| u8::try_from(n % 251).unwrap()).collect()
}

/// A laptop with sealed records, and what it was told so far.
struct Laptop {
    known: Known,
    outbox: Outbox,
    photos: BTreeMap<Digest, Vec<u8>>,
    complete: BTreeMap<Digest, Vec<u8>>,
}

impl Laptop {
    fn new(institution: &Institution, records: &[RecordFile], photos: &[Vec<u8>]) -> Self {
        let entries = vec![institution.opened(5_000, 1), institution.opened(5_001, 2)];
        let chain = OutboxChain { delegation: institution.delegation.clone(), entries };
        let record =
            |file: &RecordFile| OutboxRecord { digest: file.digest(), file: file.to_bytes(), receipts: Vec::new() };
        Self {
            known: Known { root: institution.root.public(), trust: institution.trust() },
            outbox: Outbox { chains: vec![chain], records: records.iter().map(record).collect(), ..Outbox::default() },
            photos: photos.iter().map(|photo| (digest_of(photo), photo.clone())).collect(),
            complete: BTreeMap::new(),
        }
    }

    /// Two records, the second with a photo.
    fn usual(institution: &Institution) -> Self {
        let photo = photo();
        Self::new(institution, &[institution.record(1, &[]), institution.record(2, &[&photo])], &[photo])
    }

    /// Sends everything; the sentences a person is told about what did not get through.
    async fn send(&mut self, register: &HttpRegister) -> BTreeSet<String> {
        let mut evidence = |digest| self.photos.get(&digest).cloned();
        match send(register, &self.known, &self.outbox, &mut evidence, &mut |_| {}).await {
            Ok(report) => self.take(report),
            Err(error) => [view(&Error::Send(error)).message].into(),
        }
    }

    fn take(&mut self, report: SendReport<HttpError>) -> BTreeSet<String> {
        let mut told = BTreeSet::new();
        for record in report.records {
            match record.outcome {
                Outcome::Complete(receipt) => {
                    let before = self.complete.insert(record.record, receipt.signed.clone());
                    assert!(before.is_none_or(|before| before == receipt.signed), "one record has two receipts");
                }
                Outcome::Failed { error, .. } => {
                    told.insert(view(&Error::Lane(error)).message);
                }
                Outcome::NotSent => {
                    told.insert(NO_TURN.to_owned());
                }
                Outcome::Held { .. } => panic!("held, and nothing failed"),
                Outcome::Refused(_) => {}
            }
        }
        told
    }

    /// Whatever was called complete is so by the register's own word; how many are.
    async fn hold_to(&self, register: &Register) -> usize {
        for record in self.outbox.records.iter().filter(|record| self.complete.contains_key(&record.digest)) {
            let SignedAnswer::Receipt(signed) = register.put_record(&record.file).await.unwrap().signed else {
                panic!("refused")
            };
            assert_eq!(signed, self.complete[&record.digest], "the register has another receipt");
            assert_eq!(Receipt::parse(&signed).unwrap().0.have, Have::Complete);
        }
        self.complete.len()
    }
}

/// A register whose folder is in memory: how fast a disk is, is not asked here.
fn register() -> (Institution, institution::Place, Register) {
    let (institution, place) = (Institution::esimerkki(), institution::Place::within(scratch()));
    let register = place.create(&institution);
    (institution, place, register)
}

fn client(at: SocketAddr) -> HttpRegister {
    HttpRegister::new(&format!("http://{at}")).unwrap().signing_with(installation())
}

async fn served(register: Register) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    tokio::spawn(serve(listener, register, std::future::pending()));
    at
}

/// Sends over a line with these rules, then over the same line mended; the sentences told the first time.
async fn story(name: &str, rules: Vec<Rule>) -> (BTreeSet<String>, Line) {
    let (institution, _place, register) = register();
    let mut laptop = Laptop::usual(&institution);
    let line = Line::start(served(register.clone()).await, rules).await;
    let told = laptop.send(&client(line.at)).await;
    assert!(0 < line.met(), "{name}: nothing was wrong");
    let complete = laptop.hold_to(&register).await;
    assert!(told.is_empty() == (complete == 2), "{name}: {told:?} and {complete} complete");

    line.mend().await;
    assert_eq!(laptop.send(&client(line.at)).await, BTreeSet::new(), "{name}: over a clean link");
    assert_eq!(laptop.hold_to(&register).await, 2, "{name}: nothing is lost");
    assert_eq!(register.log().unwrap().0, 2, "{name}: nothing is doubled");
    (told, line)
}

/// A row: its name, what is wrong, and what the person is told of it.
type Row = (&'static str, Vec<Rule>, &'static [&'static str]);

async fn table(rows: Vec<Row>) {
    for (name, rules, expected) in rows {
        let (told, _) = story(name, rules).await;
        assert_eq!(told.iter().map(String::as_str).collect::<Vec<_>>(), expected, "{name}");
    }
}

const PAGE: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 40\r\n\r\n\
    <!doctype html><title>Welcome</title>...";
const REDIRECT: &[u8] = b"HTTP/1.1 302 Found\r\nlocation: http://login.example/\r\ncontent-length: 0\r\n\r\n";
const LOGIN: &[u8] = b"HTTP/1.1 511 Network Authentication Required\r\ncontent-length: 0\r\n\r\n";
const OTHER: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}";
const GATEWAY: &[u8] = b"HTTP/1.1 502 Bad Gateway\r\ncontent-type: text/plain\r\ncontent-length: 3\r\n\r\nbad";
const GARBAGE: &[u8] = b"\x00\x01\x02 not a word of HTTP \xff\xfe\r\n\r\n";

#[tokio::test]
async fn the_line_is_slow_or_loses_something() {
    table(vec![
        ("1 kB/s", vec![Rule::always("", Wrong::Slow)], &[]),
        ("every third piece is lost and sent again", vec![Rule::always("", Wrong::Loss)], &[]),
        ("every exchange stalls", vec![Rule::always("", Wrong::Stall)], &[]),
        ("it goes dead under hello", vec![Rule::once(HELLO, Wrong::Silence(Place::Behind))], &[BROKE]),
        ("it goes dead under a record", vec![Rule::once(RECORD, Wrong::Silence(Place::Body))], &[BROKE]),
        ("it goes dead under a chunk", vec![Rule::once(CHUNK, Wrong::Silence(Place::Body))], &[]),
        ("it is dead from the first record on", dead_from(RECORD), &[NO_TURN, BROKE]),
        ("it is dead from the second chunk on", vec![after(1, CHUNK), after(2, HELLO), after(1, BEGIN)], &[BROKE]),
    ])
    .await;
}

/// From the first of these requests on nothing gets through, hello neither.
fn dead_from(on: &str) -> Vec<Rule> {
    vec![Rule::always(on, Wrong::Silence(Place::Before)), after(1, HELLO)]
}

fn after(after: u32, on: &str) -> Rule {
    Rule { after, ..Rule::always(on, Wrong::Silence(Place::Before)) }
}

#[tokio::test]
async fn the_line_is_cut_at_every_place_of_every_request() {
    for (request, expected) in [(HELLO, BROKE), (CHAIN, ""), (RECORD, BROKE), (BEGIN, BROKE), (CHUNK, "")] {
        for place in Place::ALL {
            let name = format!("{request}cut at {place:?}");
            let (told, line) = story(&name, vec![Rule::once(request, Wrong::Cut(place))]).await;
            let told: Vec<_> = told.iter().map(String::as_str).collect();
            // A portion of a chain is sent again with the next round; a chunk at once.
            assert_eq!(told, if expected.is_empty() { vec![] } else { vec![expected] }, "{name}");
            if request == CHUNK {
                assert!(chunks(&line) <= photo().len() + limit::CHUNK, "{name}: {} bytes", chunks(&line));
            }
        }
    }
}

/// Bytes of chunks that the laptop sent.
fn chunks(line: &Line) -> usize {
    let carried = line.carried();
    carried.iter().filter(|carried| carried.request.starts_with("PATCH")).map(|carried| carried.body).sum()
}

#[tokio::test]
async fn a_cut_costs_one_chunk_at_most() {
    for place in Place::ALL {
        // Every chunk is cut once; those that had arrived are not sent again.
        let rules = vec![Rule { times: 3, ..Rule::once(CHUNK, Wrong::Cut(place)) }];
        let (_, line) = story("every chunk is cut", rules).await;
        let (sent, cuts) = (chunks(&line), usize::try_from(line.met()).unwrap());
        assert!(sent <= photo().len() + cuts * limit::CHUNK, "{place:?}: {sent} bytes for {cuts} cuts");
        if [Place::Behind, Place::AnswerHead].contains(&place) {
            assert_eq!(sent, photo().len(), "{place:?}: the register had them");
        }
    }
}

#[tokio::test]
async fn an_answer_is_eaten_after_the_commit_or_comes_altered() {
    let eaten = |on| vec![Rule::once(on, Wrong::Cut(Place::Behind))];
    table(vec![
        ("the first record's answer", eaten(RECORD), &[BROKE]),
        ("the second record's answer", vec![Rule { after: 1, ..eaten(RECORD).remove(0) }], &[BROKE]),
        ("the complete receipt", vec![Rule { after: 2, ..eaten(RECORD).remove(0) }], &[BROKE]),
        ("the last chunk's answer", vec![Rule { after: 2, ..eaten(CHUNK).remove(0) }], &[]),
        ("every answer to a chunk", vec![Rule::always(CHUNK, Wrong::Cut(Place::Behind))], &[]),
    ])
    .await;
    let flipped = |on| vec![Rule::once(on, Wrong::Flipped)];
    let (told, _) = story("a bit of a receipt is another one", flipped(RECORD)).await;
    let told: Vec<_> = told.into_iter().collect();
    let is_told = told[0].starts_with("The register's answer cannot be believed") || told[0] == NO_REGISTER;
    assert!(told.len() == 1 && is_told, "{told:?}");
    let (told, _) = story("a bit of hello is another one", flipped(HELLO)).await;
    let told: Vec<_> = told.into_iter().collect();
    assert!(told.len() == 1 && (told[0].starts_with("Nothing was sent") || told[0] == NO_REGISTER), "{told:?}");
}

#[tokio::test]
async fn requests_arrive_twice_or_in_another_order() {
    let twice_over = |on| vec![Rule::once(on, Wrong::TwiceOver)];
    let late = |on, by| vec![Rule::once(on, Wrong::Late(by))];
    table(vec![
        ("every request twice", vec![Rule::always("", Wrong::Twice)], &[]),
        ("a record twice, answered to the second", twice_over(RECORD), &[]),
        ("a chunk twice, answered to the second", twice_over(CHUNK), &[]),
        ("the chain behind a record", late(CHAIN, 2), &[]),
        ("a record behind the other one", late(RECORD, 2), &[BROKE]),
        ("a record behind everything", late(RECORD, u32::MAX), &[BROKE]),
        ("a chunk behind the same chunk, sent again", late(CHUNK, 2), &[]),
        ("a chunk behind everything", late(CHUNK, u32::MAX), &[]),
        ("the beginning of an upload behind everything", late(BEGIN, u32::MAX), &[BROKE]),
        (
            "the question for the complete receipt",
            vec![Rule { after: 2, ..late(RECORD, u32::MAX).remove(0) }],
            &[BROKE],
        ),
    ])
    .await;
}

#[tokio::test]
async fn somebody_else_answers() {
    let from = |on, answer| vec![Rule::always(on, Wrong::Answer(answer)), Rule { after: 1, ..always(answer) }];
    let always = |answer| vec![always(answer)];
    table(vec![
        ("a page that wants a login", always(PAGE), &[NETWORK]),
        ("a redirect to one", always(REDIRECT), &[NETWORK]),
        ("a network that says it wants one", always(LOGIN), &[NETWORK]),
        ("another service", always(OTHER), &[NO_REGISTER]),
        ("a gateway that has lost the register", always(GATEWAY), &[NO_REGISTER]),
        ("something that is no HTTP", always(GARBAGE), &[BROKE]),
        ("a page from the first record on", from(RECORD, PAGE), &[NO_TURN, NETWORK]),
        ("a page in place of one record's answer", vec![Rule::once(RECORD, Wrong::Answer(PAGE))], &[NETWORK]),
        ("a page in place of a chunk's answer", vec![Rule::once(CHUNK, Wrong::Answer(PAGE))], &[NETWORK]),
    ])
    .await;

    let (ours, _place, register) = register();
    let mut laptop = Laptop::usual(&ours);
    let elsewhere = institution::Place::within(scratch());
    let other = served(elsewhere.create(&Institution::muu())).await;
    let told = laptop.send(&client(other)).await;
    assert!(
        told.iter().all(|told| told.starts_with("Nothing was sent: this is the register of institution")),
        "{told:?}"
    );
    let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    assert_eq!(laptop.send(&client(nobody)).await, [UNREACHABLE.to_owned()].into());
    assert_eq!(laptop.send(&client(served(register.clone()).await)).await, BTreeSet::new());
    assert_eq!((laptop.hold_to(&register).await, register.log().unwrap().0), (2, 2));
}

fn always(answer: &'static [u8]) -> Rule {
    Rule::always(HELLO, Wrong::Answer(answer))
}

const TEN_YEARS: i64 = 3_653 * 86_400;

#[tokio::test]
async fn the_registers_clock_is_wrong() {
    let at = |seconds: i64| Timestamp::from_millis(institution::NOON.as_millis() + seconds * 1_000);
    for (name, seconds, expected) in [
        ("ten years ahead", TEN_YEARS, Some(FAILED)),
        ("ten years behind", -TEN_YEARS, Some(FAILED)),
        ("a week ahead", 604_800, None),
    ] {
        let (institution, place, register) = register();
        let mut laptop = Laptop::usual(&institution);
        let to = served(register.clone()).await;
        place.clock.set(at(seconds));
        let told = laptop.send(&client(to)).await;
        assert_eq!(told, expected.into_iter().map(str::to_owned).collect(), "{name}");
        place.clock.set(at(60));
        assert_eq!(laptop.send(&client(to)).await, BTreeSet::new(), "{name}, and set right");
        assert_eq!((laptop.hold_to(&register).await, register.log().unwrap().0), (2, 2), "{name}");
    }
}

#[test]
fn the_laptops_clock_is_wrong() {
    for (name, seconds) in [("ten years ahead", TEN_YEARS), ("ten years behind", -TEN_YEARS)] {
        let world = TestWorld::planned_in(scratch(), "clock ten years off", &Plan::default());
        drop(world.register());
        let clock = std::sync::Arc::new(|| MORNING.seconds_later(7_200));
        let register = Register::open(&world.folder.path().join("register"), clock).unwrap();
        let server = fieldproof_tests::Server::start(register);
        world.unlock();
        let session = world.start_session();
        world.score_everything(session, 60);
        drop(world.finish(session));
        world.app.use_register(Some(server.address.clone()));
        world.host.jump_seconds(seconds);
        let report = world.app.send().unwrap();
        assert_eq!((report.complete, report.failed.len(), report.not_sent), (1, 0, 0), "{name}");
        assert_eq!(world.app.send().unwrap().complete, 0, "{name}: there is nothing left to send");
    }
}

#[tokio::test]
async fn poisoned_records_delay_none() {
    const RECORDS: u32 = 1_000;
    let (institution, _place, register) = register();
    let mut files: Vec<_> = (1..=RECORDS).map(|index| institution.record(index, &[])).collect();
    // One is damaged, one names a photo that is gone, and one breaks the connection whenever it is sent.
    files[100].parts.remove(&2);
    files[150] = institution.record(151, &[b"gone"]);
    let breaking = institution.draft(201, &[]).with(|draft| draft.record.language = "x".repeat(9));
    files[200] = breaking.seal(&institution.assessor);
    let mut laptop = Laptop::new(&institution, &files, &[]);
    let mark = format!("content-length: {}\r", files[200].to_bytes().len());
    let line = Line::start(served(register.clone()).await, vec![Rule::always(&mark, Wrong::Cut(Place::Body))]).await;

    let told = laptop.send(&client(line.at)).await;
    assert_eq!(line.met(), 1);
    assert_eq!(told.len(), 2, "one broke, and one photo is not here: {told:?}");
    let rest = usize::try_from(RECORDS).unwrap() - 3;
    assert_eq!(laptop.hold_to(&register).await, rest, "everybody else's is in the register at the first sending");
    let sent = line.carried().iter().filter(|carried| carried.request.starts_with("POST /v0/records")).count();
    assert_eq!(sent, files.len(), "and each was sent once");
    line.mend().await;
    laptop.send(&client(line.at)).await;
    assert_eq!((laptop.hold_to(&register).await, register.log().unwrap().0), (rest + 1, RECORDS - 1));
}
