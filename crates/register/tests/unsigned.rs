//! What nobody signs, on the socket: answered as long as it is not too much, whatever it asks for.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failure here is a failing test")]

mod common;

use std::net::SocketAddr;

use common::{Place, register};
use fieldproof_register::serve;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpSocket, TcpStream},
    task::JoinHandle,
};

#[tokio::test]
async fn every_request_that_nobody_signs_is_bounded_for_each_address() {
    let (_place, at, serving) = served().await;
    // The statuses of so many requests, one behind the other on one connection.
    let ask = async |from: &str, request: &str, count: usize| {
        let mut stream = connect(at, from).await;
        let head = format!("{request} HTTP/1.1\r\nhost: x\r\n");
        let asked = format!("{head}\r\n").repeat(count - 1) + &head + "connection: close\r\n\r\n";
        let mut answers = Vec::new();
        let (mut from, mut to) = stream.split();
        let (asked, answered) = tokio::join!(to.write_all(asked.as_bytes()), from.read_to_end(&mut answers));
        asked.and(answered).unwrap();
        let answers = String::from_utf8_lossy(&answers).into_owned();
        move |status: &str| answers.matches(&format!("HTTP/1.1 {status} ")).count()
    };
    for (from, request, status) in [
        ("127.0.0.2", "GET /health", "200"),
        ("127.0.0.3", "GET /nowhere", "404"),
        ("127.0.0.4", "OPTIONS /v0/uploads", "204"),
    ] {
        let count = ask(from, request, 1_500).await;
        assert!((500..1_500).contains(&count(status)), "{request}: {}", count(status));
        assert_eq!(count(status) + count("429"), 1_500, "{request}");
    }
    // Whoever looks now and then whether it runs hears so, however noisy the others are.
    for _ in 0..20 {
        assert_eq!(ask("127.0.0.5", "GET /health", 1).await("200"), 1);
    }
    // Also when all of them together ask for too much.
    let noisy = (10..30).map(|n| format!("127.0.0.{n}"));
    let mut refused = 0;
    for from in noisy {
        refused += ask(&from, "GET /nowhere", 500).await("429");
    }
    assert!(0 < refused, "all together are bounded");
    assert_eq!(ask("127.0.0.6", "GET /health", 100).await("200"), 100);
    serving.abort();
}

#[tokio::test]
async fn of_bodies_that_nobody_signed_so_many_are_read_at_once_and_no_more() {
    let (_place, at, serving) = served().await;
    // Asks whether a claim may come; what is said to that, and later to the claim.
    let begin = async |from: &str| {
        let mut stream = connect(at, from).await;
        let head = b"POST /v0/claims HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\nexpect: 100-continue\r\n\r\n";
        stream.write_all(head).await.unwrap();
        let said = status(&mut stream).await;
        (stream, said)
    };
    let (one, other) = ("127.0.0.2", "127.0.0.3");
    let mut held = Vec::new();
    for _ in 0..8 {
        let (stream, said) = begin(one).await;
        assert_eq!(said, "100", "it is waited for");
        held.push(stream);
    }
    let mut ninth = connect(at, one).await;
    ninth.write_all(b"POST /v0/claims HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\nno claim.").await.unwrap();
    assert_eq!(status(&mut ninth).await, "429", "of one address");
    let (mut elsewhere, said) = begin(other).await;
    assert_eq!(said, "100");
    for stream in [&mut elsewhere, &mut held[0]] {
        stream.write_all(b"no claim.").await.unwrap();
        assert_eq!(status(stream).await, "400", "it was read");
    }
    assert_eq!(begin(one).await.1, "100", "whose body is there makes room");
    serving.abort();
}

/// A register on a socket of its own.
async fn served() -> (Place, SocketAddr, JoinHandle<()>) {
    let (_institution, place, register) = register();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    (place, at, tokio::spawn(serve(listener, register, std::future::pending())))
}

async fn connect(at: SocketAddr, from: &str) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(format!("{from}:0").parse().unwrap()).unwrap();
    socket.connect(at).await.unwrap()
}

/// The status of the next answer.
async fn status(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    String::from_utf8_lossy(&head[9..12]).into_owned()
}
