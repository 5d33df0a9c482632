//! How much is read, and what is answered to requests that are none of the protocol.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failure here is a failing test"
)]

mod common;

use common::{Served, institution::register, raw, signed};
use fieldproof_seal::digest_of;
use fieldproof_sync::HttpError;
use fieldproof_wire::{Fault, Message, RegisterProtocol, RequestError, limit};

#[tokio::test]
async fn what_is_too_large_is_not_sent_and_would_not_be_read() {
    let (_institution, _place, register) = register();
    let served = Served::start(register).await;
    let error = served.client().put_record(&vec![0; limit::RECORD + 1]).await.unwrap_err();
    assert!(matches!(error, HttpError::TooLarge { limit: limit::RECORD, .. }) && error.is_permanent());
    for (request, limit) in [
        ("POST /v0/records".to_owned(), limit::RECORD),
        ("POST /v0/chain".to_owned(), limit::CHAIN),
        ("PUT /v0/papers".to_owned(), limit::PAPERS),
        (format!("PATCH /v0/uploads/{}", digest_of(b"x")), limit::CHUNK),
        ("POST /v0/uploads".to_owned(), 0),
    ] {
        // The body is announced and never sent: an answer shows that nobody waits for it.
        let head = format!("{}content-length: {}\r\n\r\n", signed(served.at, &request, b"").await, limit + 1);
        let answer = raw(served.at, head.as_bytes()).await;
        assert!(answer.starts_with(b"HTTP/1.1 413 "), "{request}");
        let body = Message::Fault(Fault::TooLarge(limit as u64)).to_bytes();
        assert!(answer.ends_with(&body), "{request}");
    }
    served.stop().await;
}

#[tokio::test]
async fn a_body_of_unknown_length_is_read_up_to_the_limit() {
    let (_institution, _place, register) = register();
    let served = Served::start(register).await;
    let mut request = signed(served.at, "POST /v0/chain", b"").await.into_bytes();
    request.extend_from_slice(b"transfer-encoding: chunked\r\n\r\n");
    let chunk = vec![b'x'; 0x10000];
    for _ in 0..=limit::CHAIN / chunk.len() {
        request.extend_from_slice(b"10000\r\n");
        request.extend_from_slice(&chunk);
        request.extend_from_slice(b"\r\n");
    }
    assert!(raw(served.at, &request).await.starts_with(b"HTTP/1.1 413 "));
    served.stop().await;
}

#[tokio::test]
async fn other_requests_get_a_fault_of_the_protocol() {
    let (_institution, _place, register) = register();
    let served = Served::start(register).await;
    let digest = digest_of(b"x").to_string();
    let cases = [
        ("GET /", "404"),
        ("GET /v1/hello", "404"),
        ("GET /v0/records", "404"),
        ("DELETE /v0/records", "404"),
        ("PUT /v0/uploads/..", "404"),
        ("PATCH /v0/uploads/..", "412"),
        (&format!("PUT /v0/uploads/{digest}"), "404"),
        (&format!("GET /v0/uploads/{digest}"), "404"),
        ("POST /v0/records", "400"),
        ("POST /v0/chain", "400"),
        ("PUT /v0/papers", "400"),
        ("GET /v0/papers", "404"),
        ("GET /health", "200"),
        ("GET /v0/hello", "200"),
    ];
    for (request, status) in cases {
        let head = format!("{}\r\n", signed(served.at, request, b"").await);
        let answer = raw(served.at, head.as_bytes()).await;
        let line = String::from_utf8_lossy(&answer).lines().next().unwrap_or_default().to_owned();
        assert!(line.contains(status), "{request}: {line}");
    }
    served.stop().await;
}
