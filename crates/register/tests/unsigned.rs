//! What nobody signs, on the socket: answered as long as it is not too much, whatever it asks for.
#![allow(clippy::unwrap_used, reason = "a failure here is a failing test")]

mod common;

use common::register;
use fieldproof_register::serve;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpSocket},
};

#[tokio::test]
async fn every_request_that_nobody_signs_is_bounded_for_each_address() {
    let (_institution, _place, register) = register();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    let serving = tokio::spawn(serve(listener, register, std::future::pending()));
    // The statuses of so many requests, one behind the other on one connection.
    let ask = async |from: &str, request: &str, count: usize| {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(format!("{from}:0").parse().unwrap()).unwrap();
        let mut stream = socket.connect(at).await.unwrap();
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
    serving.abort();
}
