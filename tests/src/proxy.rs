//! A network that fails: it stands between a client and a register, and does to each connection what a die says.
#![expect(clippy::indexing_slicing, reason = "a suite that reads past what it was given has a mistake, and stops")]

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    task::JoinHandle,
    time::timeout,
};

use crate::Dice;

/// What happens to a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Nobody answers.
    Refused,
    /// It ends after so many bytes of what is sent.
    CutUp(usize),
    /// It ends after so many bytes of what comes back; nought eats the answer whole, after the register did the work.
    CutDown(usize),
    /// A page that wants a login first answers.
    Portal,
    /// A redirect answers.
    Redirect,
    /// A bit of what is sent is another one.
    FlippedUp(usize),
    /// A bit of what comes back is another one.
    FlippedDown(usize),
    /// Everything waits for a moment after so many bytes.
    Stalled(usize),
    /// It is slow, in small pieces.
    Slow,
    /// What was sent on an earlier connection arrives a second time, late, beside this one.
    Again,
}

/// Connections carry at most about so much before they are of no interest.
const REACH: u32 = 150_000;

/// So many earlier connections are remembered, to arrive again, and so many bytes of each.
const MEMORY: usize = 8;
const REMEMBERED: usize = 256 << 10;

/// Connections on which nothing comes back for so long are dropped.
const IDLE: Duration = Duration::from_secs(5);

/// Bytes carried at once.
const PIECE: usize = 16 << 10;

impl Fault {
    fn roll(dice: &mut Dice) -> Self {
        let offset = |dice: &mut Dice| {
            // Heads break as often as bodies.
            let reach = if dice.falls(1, 3) { 600 } else { REACH };
            usize::try_from(dice.below(reach)).unwrap()
        };
        match dice.below(12) {
            0 => Self::Refused,
            1 | 2 => Self::CutUp(offset(dice)),
            3 => Self::CutDown(0),
            4 => Self::CutDown(usize::try_from(dice.below(900)).unwrap()),
            5 => Self::Portal,
            6 => Self::Redirect,
            7 => Self::FlippedUp(offset(dice)),
            8 => Self::FlippedDown(usize::try_from(dice.below(900)).unwrap()),
            9 => Self::Stalled(offset(dice)),
            10 => Self::Slow,
            _ => Self::Again,
        }
    }
}

#[derive(Debug)]
struct Shared {
    to: Mutex<SocketAddr>,
    dice: Mutex<Dice>,
    is_calm: AtomicBool,
    fired: AtomicU32,
    earlier: Mutex<Vec<Vec<u8>>>,
    /// Everything that went either way, where somebody listens.
    heard: Mutex<Option<Vec<u8>>>,
}

/// The network.
#[derive(Debug)]
pub struct Proxy {
    /// Where the client connects.
    pub at: SocketAddr,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

impl Proxy {
    /// Begins to stand between; the same seed rolls the same dice.
    pub async fn start(to: SocketAddr, seed: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            to: Mutex::new(to),
            dice: Mutex::new(Dice::new(seed)),
            is_calm: AtomicBool::new(false),
            fired: AtomicU32::new(0),
            earlier: Mutex::default(),
            heard: Mutex::default(),
        });
        let behind = Arc::clone(&shared);
        let task = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let shared = Arc::clone(&behind);
                tokio::spawn(async move { carry(client, &shared).await });
            }
        });
        Self { at, shared, task }
    }

    /// The register stands somewhere else from now on.
    pub fn lead_to(&self, to: SocketAddr) {
        *self.shared.to.lock().unwrap() = to;
    }

    /// From now on nothing happens to anything.
    pub fn calm(&self) {
        self.shared.is_calm.store(true, Ordering::SeqCst);
    }

    /// From now on every byte that goes either way is kept.
    pub fn listen(&self) {
        *self.shared.heard.lock().unwrap() = Some(Vec::new());
    }

    /// What was heard since.
    #[must_use]
    pub fn heard(&self) -> Vec<u8> {
        self.shared.heard.lock().unwrap().clone().unwrap_or_default()
    }

    /// How many faults took effect so far.
    #[must_use]
    pub fn fired(&self) -> u32 {
        self.shared.fired.load(Ordering::SeqCst)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Shared {
    fn fire(&self) {
        self.fired.fetch_add(1, Ordering::SeqCst);
    }

    fn hear(&self, bytes: &[u8]) {
        if let Some(heard) = &mut *self.heard.lock().unwrap() {
            heard.extend_from_slice(bytes);
        }
    }

    /// What happens to the next connection; two in five are left alone, so that work goes on.
    fn next(&self) -> Option<Fault> {
        let mut dice = self.dice.lock().unwrap();
        if self.is_calm.load(Ordering::SeqCst) || dice.falls(2, 5) { None } else { Some(Fault::roll(&mut dice)) }
    }
}

const PAGE: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 40\r\n\r\n\
    <!doctype html><title>Welcome</title>...";
const REDIRECT: &[u8] = b"HTTP/1.1 302 Found\r\nlocation: http://login.example/\r\ncontent-length: 0\r\n\r\n";

async fn carry(mut client: TcpStream, shared: &Arc<Shared>) {
    let fault = shared.next();
    let page = match fault {
        Some(Fault::Refused) => {
            shared.fire();
            return;
        }
        Some(Fault::Portal) => Some(PAGE),
        Some(Fault::Redirect) => Some(REDIRECT),
        Some(Fault::Again) => {
            shared.fire();
            repeat(shared).await;
            None
        }
        _ => None,
    };
    if let Some(page) = page {
        shared.fire();
        let mut asked = [0; 4096];
        drop(client.read(&mut asked).await);
        drop(client.write_all(page).await);
        return;
    }
    let to = *shared.to.lock().unwrap();
    let Ok(register) = TcpStream::connect(to).await else { return };
    let (from_client, to_client) = client.into_split();
    let (from_register, to_register) = register.into_split();
    // Whichever way ends, the connection has ended.
    tokio::select! {
        () = carry_up(from_client, to_register, fault, shared) => {}
        () = carry_down(from_register, to_client, fault, shared) => {}
    }
}

/// Carries what is sent, and remembers it.
async fn carry_up(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, fault: Option<Fault>, shared: &Shared) {
    let (mut sent, mut seen, mut piece) = (Vec::new(), 0, vec![0; PIECE]);
    while let Ok(read @ 1..) = from.read(&mut piece).await {
        let bytes = &mut piece[..read];
        shared.hear(bytes);
        let rest = affect_up(fault, seen, bytes, shared).await;
        seen += read;
        if sent.len() < REMEMBERED {
            sent.extend_from_slice(&bytes[..rest]);
        }
        if to.write_all(&bytes[..rest]).await.is_err() || rest < read {
            break;
        }
    }
    let mut earlier = shared.earlier.lock().unwrap();
    if MEMORY <= earlier.len() {
        earlier.remove(0);
    }
    earlier.push(sent);
}

/// Carries what comes back.
async fn carry_down(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, fault: Option<Fault>, shared: &Shared) {
    let (mut seen, mut piece) = (0, vec![0; PIECE]);
    // A flipped length lets both ends wait for each other; a network that drops what is idle ends that.
    while let Ok(Ok(read @ 1..)) = timeout(IDLE, from.read(&mut piece)).await {
        let bytes = &mut piece[..read];
        shared.hear(bytes);
        let rest = affect_down(fault, seen, bytes, shared);
        seen += read;
        if to.write_all(&bytes[..rest]).await.is_err() || rest < read {
            break;
        }
    }
}

/// What happens to bytes on their way up; how many of them go on.
async fn affect_up(fault: Option<Fault>, seen: usize, bytes: &mut [u8], shared: &Shared) -> usize {
    let is_here = |at: usize| (seen..seen + bytes.len()).contains(&at);
    match fault {
        Some(Fault::CutUp(at)) if is_here(at) => {
            shared.fire();
            return at - seen;
        }
        Some(Fault::FlippedUp(at)) if is_here(at) => {
            shared.fire();
            bytes[at - seen] ^= 1 << (at % 8);
        }
        Some(Fault::Stalled(at)) if is_here(at) => {
            shared.fire();
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
        Some(Fault::Slow) => {
            if seen == 0 {
                shared.fire();
            }
            tokio::time::sleep(Duration::from_millis(3)).await;
        }
        _ => {}
    }
    bytes.len()
}

/// What happens to bytes on their way down; how many of them go on.
fn affect_down(fault: Option<Fault>, seen: usize, bytes: &mut [u8], shared: &Shared) -> usize {
    let is_here = |at: usize| (seen..seen + bytes.len()).contains(&at);
    match fault {
        Some(Fault::CutDown(at)) if is_here(at) => {
            shared.fire();
            return at - seen;
        }
        Some(Fault::FlippedDown(at)) if is_here(at) => {
            shared.fire();
            bytes[at - seen] ^= 1 << (at % 8);
        }
        _ => {}
    }
    bytes.len()
}

/// Sends something of before to the register once more; nobody hears the answer.
async fn repeat(shared: &Shared) {
    let earlier = {
        let mut dice = shared.dice.lock().unwrap();
        let earlier = shared.earlier.lock().unwrap();
        let count = u32::try_from(earlier.len()).unwrap();
        if count == 0 { Vec::new() } else { earlier[usize::try_from(dice.below(count)).unwrap()].clone() }
    };
    let to = *shared.to.lock().unwrap();
    let Ok(mut register) = TcpStream::connect(to).await else { return };
    drop(register.write_all(&earlier).await);
    drop(register.shutdown().await);
    let mut answer = Vec::new();
    drop(timeout(Duration::from_millis(200), register.read_to_end(&mut answer)).await);
}
