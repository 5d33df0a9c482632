//! Records over a network that fails: whatever happens to the connections, each record is in the register once, and the
//! client says so only when it is.

use std::collections::{BTreeMap, BTreeSet};

use fieldproof_model::{digest::Digest, time::Timestamp};
use fieldproof_register::{Register, serve};
use fieldproof_seal::{
    digest_of,
    keys::SecretKey,
    receipt::{Have, Receipt},
    record::RecordFile,
};
use fieldproof_sync::{HttpError, HttpRegister, Known, Outbox, OutboxChain, OutboxRecord, Outcome, SendReport, send};
use fieldproof_wire::{RegisterProtocol, SignedAnswer};
use tokio::{net::TcpListener, task::JoinHandle};

use crate::{
    Dice,
    institution::{self, Institution, Place, installation},
    proxy::Proxy,
};

/// Records of one sending.
const TOGETHER: usize = 6;

/// What was seen.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Tally {
    /// Faults that took effect.
    pub faults: u32,
    /// Sendings.
    pub rounds: u32,
    /// Times the register was ended in the middle and started again.
    pub restarts: u32,
    /// Records that are not in the register although they were sent to the end, or not whole.
    pub lost: u32,
    /// Records that are in the register more than once, or with two different receipts.
    pub doubled: u32,
    /// Records that the client called "in register" when they were not, and chains that it took for others than they are.
    pub false_states: u32,
    /// What was wrong first.
    pub first: Option<String>,
}

impl Tally {
    /// Whether nothing was wrong.
    #[must_use]
    pub const fn is_clean(&self) -> bool {
        self.lost == 0 && self.doubled == 0 && self.false_states == 0
    }

    fn note(&mut self, what: String) {
        self.first.get_or_insert(what);
    }
}

/// Records to send, and faults that are to take effect meanwhile.
#[derive(Debug, Clone, Copy)]
pub struct Plan<'s> {
    /// How many records.
    pub records: u32,
    /// How many faults at least; afterwards the network is calm.
    pub faults: u32,
    /// The same seed rolls the same dice.
    pub seed: &'s str,
}

/// A register on a socket.
struct Running {
    register: Register,
    task: JoinHandle<()>,
}

impl Running {
    async fn start(register: Register) -> (Self, std::net::SocketAddr) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap();
        let task = tokio::spawn(serve(listener, register.clone(), std::future::pending()));
        (Self { register, task }, at)
    }
}

/// A clock that says another time whenever it is asked, on days on which the keys are in use.
fn wild_clock(seed: &str) -> fieldproof_register::Clock {
    let dice = std::sync::Mutex::new(Dice::new(&format!("{seed}/clock")));
    std::sync::Arc::new(move || {
        let minutes = dice.lock().unwrap().below(300 * 24 * 60);
        Timestamp::from_millis(institution::NOON.as_millis() + i64::from(minutes) * 60_000)
    })
}

/// Sends everything through a failing network until it is all in the register.
///
/// # Panics
/// When the suite itself cannot be set up.
#[must_use]
pub fn run(plan: Plan<'_>) -> Tally {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(fail(plan))
}

async fn fail(plan: Plan<'_>) -> Tally {
    let mut tally = Tally::default();
    let mut dice = Dice::new(&format!("{}/suite", plan.seed));
    let (institution, place) = (Institution::esimerkki(), Place::new());
    let (files, photos) = records(&institution, plan.records, &mut dice);
    let sealed: Vec<_> = files.iter().map(|file| RecordFile::parse(&file.file).unwrap().sealed).collect();
    let key: SecretKey = installation();
    let known = Known { root: institution.root.public(), trust: institution.trust() };

    drop(place.create(&institution));
    let open = || Register::open(&place.path, wild_clock(plan.seed)).unwrap();
    let (mut running, at) = Running::start(open()).await;
    let proxy = Proxy::start(at, &format!("{}/proxy", plan.seed)).await;
    let mut complete: BTreeMap<Digest, Vec<u8>> = BTreeMap::new();
    // Most sendings meet a fault, and a calm network needs one for each portion; whatever takes much longer is stuck.
    let portions = plan.records.div_ceil(u32::try_from(TOGETHER).unwrap());
    let most = plan.faults * 5 + portions * 5;
    while tally.is_clean() && (complete.len() < files.len() || proxy.fired() < plan.faults) {
        if most < tally.rounds {
            tally.lost += u32::try_from(files.len() - complete.len()).unwrap();
            tally.note(format!("{} of {} records got through", complete.len(), files.len()));
            break;
        }
        tally.rounds += 1;
        if plan.faults <= proxy.fired() {
            proxy.calm();
        } else if dice.falls(1, 12) {
            running.task.abort();
            drop(running);
            let (next, at) = Running::start(open()).await;
            running = next;
            proxy.lead_to(at);
            tally.restarts += 1;
        }
        // As long as there are faults to come, records that are complete are sent again, too.
        let is_calm = plan.faults <= proxy.fired();
        let is_wanted = |record: &&OutboxRecord| !is_calm || !complete.contains_key(&record.digest);
        // The laptop goes on sealing meanwhile: its chain is longer at each sending.
        let length = files.len().min(TOGETHER * usize::try_from(tally.rounds).unwrap());
        let left: Vec<_> = files.iter().take(length).filter(is_wanted).collect();
        if left.is_empty() {
            continue;
        }
        let from = usize::try_from(dice.below(u32::try_from(left.len()).unwrap())).unwrap();
        let portion = left.iter().cycle().skip(from).take(left.len().min(TOGETHER)).map(|record| (*record).clone());
        let chain = OutboxChain {
            delegation: institution.delegation.clone(),
            entries: sealed.iter().take(length).cloned().collect(),
        };
        let outbox = Outbox { chains: vec![chain], records: portion.collect(), ..Outbox::default() };
        let register = HttpRegister::new(&format!("http://{}", proxy.at)).unwrap().signing_with(key.clone());
        let sent = send(&register, &known, &outbox, &mut |digest| photos.get(&digest).cloned(), &mut |_| {}).await;
        let Ok(report) = sent else { continue };
        hold(report, length, (&running.register, &files), (&mut complete, &mut tally)).await;
    }
    tally.faults = proxy.fired();
    settle(&open(), &files, &complete, &mut tally).await;
    tally
}

/// Holds the register to what the client says came of a sending of so many entries.
async fn hold(
    report: SendReport<HttpError>,
    length: usize,
    (register, files): (&Register, &[OutboxRecord]),
    (complete, tally): (&mut BTreeMap<Digest, Vec<u8>>, &mut Tally),
) {
    for chain in report.chains.iter().filter(|chain| chain.errors.is_empty()) {
        if chain.other_extent.is_some() || usize::try_from(chain.held) != Ok(length) {
            tally.false_states += 1;
            tally.note(format!("a chain of {length} entries: {chain:?}"));
        }
    }
    for record in report.records {
        let Outcome::Complete(receipt) = record.outcome else { continue };
        if let Some(problem) = is_false(register, files, &record.record, &receipt.signed).await {
            tally.false_states += 1;
            tally.note(format!("record {}: {problem}", record.record));
        }
        if complete.insert(record.record, receipt.signed.clone()).is_some_and(|before| before != receipt.signed) {
            tally.doubled += 1;
            tally.note(format!("record {} has two receipts", record.record));
        }
    }
}

/// Why a record is not "in register" although the client says so: asked past the network, the register gives the same
/// receipt, for everything.
async fn is_false(register: &Register, files: &[OutboxRecord], record: &Digest, receipt: &[u8]) -> Option<String> {
    let file = files.iter().find(|file| file.digest == *record)?;
    match register.put_record(&file.file).await {
        Ok(answer) => match answer.signed {
            SignedAnswer::Receipt(signed) if signed == receipt => {
                let have = Receipt::parse(&signed).ok().map(|(receipt, _)| receipt.have);
                (have != Some(Have::Complete)).then(|| "the receipt is for the record alone".to_owned())
            }
            SignedAnswer::Receipt(_) => Some("the register has another receipt".to_owned()),
            SignedAnswer::Refusal(_) => Some("the register refused it".to_owned()),
        },
        Err(error) => Some(format!("the register cannot say: {error}")),
    }
}

/// Holds the book to what was called complete: each record stands in it once, whole.
async fn settle(register: &Register, files: &[OutboxRecord], complete: &BTreeMap<Digest, Vec<u8>>, tally: &mut Tally) {
    let mut places = BTreeSet::new();
    for signed in complete.values() {
        let place = Receipt::parse(signed).unwrap().0.log_index;
        if !places.insert(place) {
            tally.doubled += 1;
            tally.note(format!("two records at place {place} of the log"));
        }
    }
    for file in files.iter().filter(|file| complete.contains_key(&file.digest)) {
        if let Some(problem) = is_false(register, files, &file.digest, &complete[&file.digest]).await {
            tally.lost += 1;
            tally.note(format!("after everything, record {}: {problem}", file.digest));
        }
    }
    let (count, _) = register.log().unwrap();
    let expected = u32::try_from(files.len()).unwrap();
    if expected < count {
        tally.doubled += count - expected;
        tally.note(format!("{count} places in the log for {expected} records"));
    }
}

/// Records with no, one or two photos, some of them larger than a chunk; and the photos by their digests.
fn records(institution: &Institution, count: u32, dice: &mut Dice) -> (Vec<OutboxRecord>, BTreeMap<Digest, Vec<u8>>) {
    let mut photos = BTreeMap::new();
    let files = (1..=count).map(|index| {
        let own: Vec<Vec<u8>> = (0..dice.below(3))
            .map(|number| {
                let length = if dice.falls(1, 8) { 300_000 } else { 500 + dice.below(20_000) };
                let first = format!("photo {number} of record {index} ");
                first.bytes().cycle().take(usize::try_from(length).unwrap()).collect()
            })
            .collect();
        let named: Vec<&[u8]> = own.iter().map(Vec::as_slice).collect();
        let file = institution.record(index, &named);
        photos.extend(own.iter().map(|photo| (digest_of(photo), photo.clone())));
        OutboxRecord { digest: file.digest(), file: file.to_bytes(), receipts: Vec::new() }
    });
    (files.collect(), photos)
}
