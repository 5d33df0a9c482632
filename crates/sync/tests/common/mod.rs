//! Registers on sockets: real ones, and hand-written ones that answer what no register answers.
#![allow(dead_code, reason = "every test file uses its own part of this")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "test code; a failure here is a failing test"
)]

#[path = "../../../register/tests/common/mod.rs"]
pub(crate) mod institution;

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use fieldproof_model::digest::Digest;
use fieldproof_register::{Register, serve};
use fieldproof_seal::{digest_of, record::RecordFile};
use fieldproof_sync::{
    HttpRegister, Known, Outbox, OutboxChain, OutboxRecord, Outcome, Progress, SendError, SendReport, send,
};
use fieldproof_wire::{
    Message, Nonce, RegisterProtocol,
    signature::{SignedHeaders, sign},
};
use institution::{Institution, installation};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::JoinHandle,
};

/// The requests that a made-up register answers as the one behind it does.
#[allow(unused_macros, reason = "every test file uses its own part of this")]
macro_rules! as_behind {
    ($self:ident => $behind:expr) => {
        async fn feed(
            &$self,
            installation: fieldproof_seal::keys::PublicKey,
            after: fieldproof_wire::Cursor,
        ) -> Result<fieldproof_wire::Feed, Self::Error> {
            $behind.feed(installation, after).await
        }
        async fn put_pack(
            &$self,
            upload: &fieldproof_wire::PackUpload,
        ) -> Result<fieldproof_wire::PackAnswer, Self::Error> {
            $behind.put_pack(upload).await
        }
        async fn put_request(&$self, signed: &[u8]) -> Result<(), Self::Error> {
            $behind.put_request(signed).await
        }
        async fn requests(
            &$self,
            installation: fieldproof_seal::keys::PublicKey,
        ) -> Result<Vec<Vec<u8>>, Self::Error> {
            $behind.requests(installation).await
        }
        async fn offer_again(&$self, file: &[u8]) -> Result<fieldproof_wire::RecordAnswer, Self::Error> {
            $behind.offer_again(file).await
        }
        async fn shelf(
            &$self,
            installation: fieldproof_seal::keys::PublicKey,
        ) -> Result<fieldproof_wire::Shelf, Self::Error> {
            $behind.shelf(installation).await
        }
        async fn paper_back(
            &$self,
            installation: fieldproof_seal::keys::PublicKey,
            said: fieldproof_wire::PaperBack,
        ) -> Result<fieldproof_wire::PapersAnswer, Self::Error> {
            $behind.paper_back(installation, said).await
        }
    };
}
#[allow(unused_imports, reason = "every test file uses its own part of this")]
pub(crate) use as_behind;

/// What goes out beside chains and claims, of a made-up register that is about one of these.
#[allow(unused_macros, reason = "every test file uses its own part of this")]
macro_rules! the_rest_as_behind {
    ($self:ident => $behind:expr) => {
        async fn hello(&$self) -> Result<fieldproof_wire::Hello, Self::Error> {
            $behind.hello().await
        }
        async fn put_papers(
            &$self,
            papers: &[fieldproof_wire::Paper],
        ) -> Result<fieldproof_wire::PapersAnswer, Self::Error> {
            $behind.put_papers(papers).await
        }
        async fn put_record(&$self, file: &[u8]) -> Result<fieldproof_wire::RecordAnswer, Self::Error> {
            $behind.put_record(file).await
        }
        async fn put_evidence(
            &$self,
            digest: fieldproof_model::digest::Digest,
            bytes: &[u8],
        ) -> Result<(), Self::Error> {
            $behind.put_evidence(digest, bytes).await
        }
        async fn give_back(
            &$self,
            returned: &fieldproof_wire::Return,
        ) -> Result<fieldproof_wire::RecordAnswer, Self::Error> {
            $behind.give_back(returned).await
        }
        common::as_behind!($self => $behind);
    };
}
#[allow(unused_imports, reason = "every test file uses its own part of this")]
pub(crate) use the_rest_as_behind;

pub(crate) fn known(institution: &Institution) -> Known {
    Known { root: institution.root.public(), trust: institution.trust() }
}

/// A laptop's outbox with its photos.
pub(crate) struct Laptop {
    pub(crate) outbox: Outbox,
    pub(crate) photos: BTreeMap<Digest, Vec<u8>>,
}

impl Laptop {
    pub(crate) fn new(institution: &Institution, records: &[RecordFile], photos: &[&[u8]]) -> Self {
        let records: Vec<_> = records
            .iter()
            .map(|file| OutboxRecord { digest: file.digest(), file: file.to_bytes(), receipts: Vec::new() })
            .collect();
        let entries = vec![institution.opened(50, 1), institution.opened(51, 2)];
        let chains = vec![OutboxChain { delegation: institution.delegation.clone(), entries }];
        let photos = photos.iter().map(|photo| (digest_of(photo), photo.to_vec())).collect();
        Self { outbox: Outbox { chains, records, ..Outbox::default() }, photos }
    }

    /// Sends everything; also returns what was told on the way, one word each.
    pub(crate) async fn send<R: RegisterProtocol + Sync>(
        &self,
        register: &R,
        known: &Known,
    ) -> Result<(SendReport<R::Error>, Vec<&'static str>), SendError<R::Error>> {
        let mut told = Vec::new();
        let report = send(register, known, &self.outbox, &mut |digest| self.photos.get(&digest).cloned(), &mut |now| {
            told.push(match now {
                Progress::Greeted(_) => "greeted",
                Progress::Turn(_) => "turn",
                Progress::Step { .. } => "step",
                Progress::Held { .. } => "held",
                Progress::Told(_) => "told",
                Progress::Ended(_) => "ended",
            });
        })
        .await?;
        Ok((report, told))
    }
}

/// What became of each record, in a word and the register's signed bytes.
pub(crate) fn outcomes<E: fieldproof_wire::RequestError>(report: &SendReport<E>) -> Vec<(&'static str, Vec<u8>)> {
    let outcome = |outcome: &Outcome<E>| match outcome {
        Outcome::Complete(receipt) => ("complete", receipt.signed.clone()),
        Outcome::Held { receipt, .. } => ("held", receipt.signed.clone()),
        Outcome::Refused(refusal) => ("refused", refusal.signed.clone()),
        Outcome::Failed { held: Some(held), .. } => ("failed, held", held.signed.clone()),
        Outcome::Failed { held: None, .. } => ("failed", Vec::new()),
        Outcome::NotSent => ("not sent", Vec::new()),
    };
    report.records.iter().map(|record| outcome(&record.outcome)).collect()
}

pub(crate) fn words<E: fieldproof_wire::RequestError>(report: &SendReport<E>) -> Vec<&'static str> {
    outcomes(report).into_iter().map(|(word, _)| word).collect()
}

/// A real register on a real socket.
pub(crate) struct Served {
    pub(crate) at: SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Served {
    pub(crate) async fn start(register: Register) -> Self {
        Self::on(TcpListener::bind("127.0.0.1:0").await.unwrap(), register)
    }

    pub(crate) fn on(listener: TcpListener, register: Register) -> Self {
        let at = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let task = tokio::spawn(serve(listener, register, async {
            drop(stopped.await);
        }));
        Self { at, stop, task }
    }

    pub(crate) fn client(&self) -> HttpRegister {
        client(self.at)
    }

    /// Stops, and comes back when nothing of it runs any more.
    pub(crate) async fn stop(self) {
        self.stop.send(()).unwrap();
        self.task.await.unwrap();
    }
}

pub(crate) fn client(at: SocketAddr) -> HttpRegister {
    HttpRegister::new(&format!("http://{at}")).unwrap().signing_with(installation())
}

/// Sends bytes and takes what comes back until the register hangs up.
pub(crate) async fn raw(at: SocketAddr, request: &[u8]) -> Vec<u8> {
    let mut stream = TcpStream::connect(at).await.unwrap();
    let mut answer = Vec::new();
    let exchange = async {
        // The register may answer and hang up before everything is written.
        drop(stream.write_all(request).await);
        drop(stream.read_to_end(&mut answer).await);
    };
    // A register that waits for the rest of the body would wait for ever.
    tokio::time::timeout(Duration::from_secs(20), exchange).await.expect("an answer without the rest of the body");
    answer
}

/// A request without a body.
pub(crate) async fn plain(at: SocketAddr, request: &str) -> Vec<u8> {
    raw(at, format!("{request} HTTP/1.1\r\nhost: {at}\r\nconnection: close\r\n\r\n").as_bytes()).await
}

/// The nonce that an answer brings.
pub(crate) fn nonce_of(answer: &[u8]) -> Option<Nonce> {
    let head = String::from_utf8_lossy(answer).into_owned();
    head.lines().find_map(|line| line.strip_prefix("fieldproof-nonce: ").and_then(Nonce::parse))
}

/// A request signed by the laptop that is admitted, without the empty line at the end of its head.
pub(crate) async fn signed(at: SocketAddr, request: &str, body: &[u8]) -> String {
    let nonce = nonce_of(&plain(at, "GET /v0/hello").await).unwrap();
    head(at, request, &headers(at, request, body, &nonce))
}

pub(crate) fn headers(at: SocketAddr, request: &str, body: &[u8], nonce: &Nonce) -> SignedHeaders {
    let (method, path) = request.split_once(' ').unwrap();
    sign(&installation(), method, &format!("http://{at}{path}"), body, nonce)
}

pub(crate) fn head(at: SocketAddr, request: &str, headers: &SignedHeaders) -> String {
    let SignedHeaders { content_digest, signature_input, signature } = headers;
    format!(
        "{request} HTTP/1.1\r\nhost: {at}\r\nconnection: close\r\ncontent-digest: {content_digest}\r\n\
         signature-input: {signature_input}\r\nsignature: {signature}\r\n"
    )
}

/// The body of a raw answer.
pub(crate) fn message(answer: &[u8]) -> Message {
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
    Message::parse(&answer[end + 4..]).unwrap()
}

/// One HTTP request as it came, and its first line.
pub(crate) async fn read_request(stream: &mut TcpStream) -> Option<(String, Vec<u8>)> {
    let mut bytes = Vec::new();
    let (head, length) = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
            let length =
                head.split("content-length: ").nth(1).and_then(|rest| rest.lines().next()?.trim().parse().ok());
            break (end + 4, length.unwrap_or(0_usize));
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    while bytes.len() < head + length {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    let line = String::from_utf8_lossy(&bytes).lines().next()?.to_owned();
    Some((line, bytes))
}

/// A server that gives everybody the same answer.
pub(crate) async fn answers(answer: &'static str) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            if read_request(&mut stream).await.is_some() {
                drop(stream.write_all(answer.as_bytes()).await);
            }
        }
    });
    at
}

/// A wire to a register that swallows the second half of some answers: those to requests whose first line holds
/// `path` and whose body holds `mark`, so many times.
pub(crate) async fn broken_wire(
    to: SocketAddr,
    path: &'static str,
    mark: Vec<u8>,
    times: usize,
) -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    let left = Arc::new(AtomicUsize::new(times));
    let counter = Arc::clone(&left);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let Some((line, request)) = read_request(&mut stream).await else {
                continue;
            };
            let answer = forward(to, &request).await;
            let is_marked =
                line.contains(path) && request.windows(mark.len().max(1)).any(|window| window.starts_with(&mark));
            let cut =
                is_marked && counter.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1)).is_ok();
            let end = if cut { answer.len() / 2 } else { answer.len() };
            drop(stream.write_all(&answer[..end]).await);
        }
    });
    (at, left)
}

/// Hands one request on and takes the whole answer; the connection ends there.
async fn forward(to: SocketAddr, request: &[u8]) -> Vec<u8> {
    let mut stream = TcpStream::connect(to).await.unwrap();
    let end = request.windows(2).position(|window| window == b"\r\n").unwrap();
    let request = [&request[..end], b"\r\nconnection: close", &request[end..]].concat();
    stream.write_all(&request).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    answer
}

/// What a wire saw.
#[derive(Default)]
pub(crate) struct Seen {
    /// Requests to the path.
    pub(crate) seen: AtomicUsize,
    /// Answers that were eaten.
    pub(crate) cut: AtomicUsize,
}

/// A wire that eats every n-th answer to requests whose first line holds `path`, after the register gave it.
pub(crate) async fn counting_wire(to: SocketAddr, path: &'static str, every: usize) -> (SocketAddr, Arc<Seen>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (at, seen) = (listener.local_addr().unwrap(), Arc::new(Seen::default()));
    let counts = Arc::clone(&seen);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let Some((line, request)) = read_request(&mut stream).await else {
                continue;
            };
            let answer = forward(to, &request).await;
            let is_counted = line.contains(path);
            if is_counted && (counts.seen.fetch_add(1, Ordering::SeqCst) + 1) % every == 0 {
                counts.cut.fetch_add(1, Ordering::SeqCst);
            } else {
                drop(stream.write_all(&answer).await);
            }
        }
    });
    (at, seen)
}

/// A wire that hangs up on requests whose first line holds `path` and hands none of them on.
pub(crate) async fn deaf_wire(to: SocketAddr, path: &'static str) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            if let Some((line, request)) = read_request(&mut stream).await
                && !line.contains(path)
            {
                drop(stream.write_all(&forward(to, &request).await).await);
            }
        }
    });
    at
}

/// Sends bytes and hangs up without listening.
pub(crate) async fn hang_up(at: SocketAddr, bytes: &[u8]) {
    let mut stream = TcpStream::connect(at).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    stream.shutdown().await.unwrap();
    drop(stream.read_to_end(&mut Vec::new()).await);
}
