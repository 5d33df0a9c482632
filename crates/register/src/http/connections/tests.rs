//! Connections over which nothing comes, too many of them, and a register that stops.

use std::{net::SocketAddr, sync::Arc};

use axum::{body::Body, routing::get};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpSocket,
    sync::{Notify, oneshot},
    task::JoinHandle,
    time::Instant,
};

use super::*;
use crate::tls::Tls;

const SHORT: Duration = Duration::from_millis(300);

/// Long enough not to matter.
const LONG: Duration = Duration::from_secs(60);

const LIMITS: Limits = Limits { handshake: LONG, silence: LONG, standstill: LONG, farewell: LONG, each: 9, all: 9 };

/// More than a socket takes while nobody reads.
const LARGE: usize = 64 << 20;

/// Answers at `/` at once, at `/late` when it is told to, and at `/large` with much.
struct Served {
    at: SocketAddr,
    /// That a late request came, and that its answer may go.
    late: Arc<[Notify; 2]>,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<()>,
}

impl Served {
    async fn start(limits: Limits, tls: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (at, late) = (listener.local_addr().unwrap(), Arc::new([Notify::new(), Notify::new()]));
        let asked = Arc::clone(&late);
        let router = Router::new()
            .route("/", get(async || "ok"))
            .route("/large", get(async || Body::from(vec![0; LARGE])))
            .route("/late", get(move || answer_late(Arc::clone(&asked))));
        let (stop, stopped) = oneshot::channel();
        let socket = Socket { listener, tls, tell: Box::new(drop) };
        let serving = tokio::spawn(serve(socket, router, limits, async { drop(stopped.await) }));
        Self { at, late, stop, serving }
    }

    async fn connect(&self) -> TcpStream {
        self.connect_from("127.0.0.1").await
    }

    async fn connect_from(&self, from: &str) -> TcpStream {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(format!("{from}:0").parse().unwrap()).unwrap();
        socket.connect(self.at).await.unwrap()
    }

    /// Whether a further connection is answered.
    async fn has_place(&self, from: &str) -> Option<TcpStream> {
        let mut stream = self.connect_from(from).await;
        ask(&mut stream, "/").await.map(|()| stream)
    }
}

async fn answer_late(late: Arc<[Notify; 2]>) {
    late[0].notify_one();
    late[1].notified().await;
}

/// Asks, and waits for the beginning of an answer.
async fn ask(stream: &mut TcpStream, path: &str) -> Option<()> {
    stream.write_all(format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n").as_bytes()).await.ok()?;
    let mut answer = [0; 15];
    stream.read_exact(&mut answer).await.ok()?;
    (&answer == b"HTTP/1.1 200 OK").then_some(())
}

/// Waits until the other end closes.
async fn closed(mut stream: TcpStream) {
    let mut rest = Vec::new();
    drop(timeout(LONG / 6, stream.read_to_end(&mut rest)).await.unwrap());
}

#[tokio::test]
async fn a_connection_over_which_no_request_comes_is_closed() {
    let served = Served::start(Limits { silence: SHORT, ..LIMITS }, None).await;
    let idle = served.has_place("127.0.0.1").await.unwrap();
    let (silent, mut slow, mut working) = (served.connect().await, served.connect().await, served.connect().await);
    working.write_all(b"GET /late HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    let trickling = tokio::spawn(async move {
        let began = Instant::now();
        while slow.write_all(b"G").await.is_ok() && began.elapsed() < LONG / 6 {
            // What is tried here: it never ends, and is never silent.
            sleep(SHORT / 10).await;
        }
        began.elapsed()
    });
    tokio::join!(closed(silent), closed(idle));
    assert!(trickling.await.unwrap() < LONG / 6, "a head that comes byte by byte");
    served.late[1].notify_one();
    let mut answer = [0; 15];
    working.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 200 OK", "whoever waits for an answer is not silent");
}

#[tokio::test]
async fn whoever_takes_a_connection_and_asks_nothing_is_let_go_of_soon_and_whoever_asked_is_not() {
    let served = Served::start(Limits { handshake: SHORT, ..LIMITS }, None).await;
    let (mut idle, silent) = (served.has_place("127.0.0.1").await.unwrap(), served.connect().await);
    let mut slow = served.connect().await;
    slow.write_all(b"GET / HTTP/1.1\r\n").await.unwrap();
    tokio::join!(closed(silent), closed(slow));
    let mut rest = [0; 512];
    assert!(0 < idle.read(&mut rest).await.unwrap(), "what was left of the first answer");
    ask(&mut idle, "/").await.unwrap();
}

#[tokio::test]
async fn nobody_waits_long_for_a_handshake() {
    let folder = tempfile::tempdir().unwrap();
    let tls = Tls::open(folder.path()).unwrap().acceptor();
    let served = Served::start(Limits { handshake: SHORT, ..LIMITS }, Some(tls)).await;
    closed(served.connect().await).await;
}

#[tokio::test]
async fn an_answer_that_nobody_takes_is_not_waited_for() {
    let served = Served::start(Limits { standstill: SHORT, each: 1, ..LIMITS }, None).await;
    let mut greedy = served.connect().await;
    ask(&mut greedy, "/large").await.unwrap();
    assert!(served.has_place("127.0.0.1").await.is_none());
    let began = Instant::now();
    while served.has_place("127.0.0.1").await.is_none() {
        assert!(began.elapsed() < LONG / 6);
    }
    drop(greedy);
}

#[tokio::test]
async fn of_too_many_connections_the_further_ones_are_closed_at_once() {
    let served = Served::start(Limits { each: 2, all: 3, ..LIMITS }, None).await;
    let [room, one, other] = ["127.0.0.1", "127.0.0.2", "127.0.0.3"];
    let _held = [served.has_place(room).await.unwrap(), served.has_place(room).await.unwrap()];
    assert!(served.has_place(room).await.is_none(), "a third of one address");
    let neighbour = served.has_place(one).await.unwrap();
    assert!(served.has_place(other).await.is_none(), "a fourth in all");
    drop(neighbour);
    let began = Instant::now();
    while served.has_place(other).await.is_none() {
        assert!(began.elapsed() < LONG / 6, "who left makes room");
    }
}

#[tokio::test]
async fn a_register_that_stops_finishes_what_is_under_way_and_nothing_else() {
    let served = Served::start(LIMITS, None).await;
    let (idle, mut working) = (served.has_place("127.0.0.1").await.unwrap(), served.connect().await);
    working.write_all(b"GET /late HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    served.late[0].notified().await;
    served.stop.send(()).unwrap();
    closed(idle).await;
    assert!(!served.serving.is_finished());
    served.late[1].notify_one();
    let mut answer = Vec::new();
    working.read_to_end(&mut answer).await.unwrap();
    assert!(answer.starts_with(b"HTTP/1.1 200 OK"));
    served.serving.await.unwrap();
    assert!(TcpStream::connect(served.at).await.is_err());
}

#[tokio::test]
async fn a_register_that_stops_does_not_wait_for_ever_for_whoever_is_slow() {
    let served = Served::start(Limits { farewell: SHORT, ..LIMITS }, None).await;
    let mut working = served.connect().await;
    working.write_all(b"GET /late HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    served.late[0].notified().await;
    served.stop.send(()).unwrap();
    timeout(LONG / 6, served.serving).await.unwrap().unwrap();
    closed(working).await;
}
