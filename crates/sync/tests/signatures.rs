//! Who may send: what an admitted laptop signed, once, in one form; and what happens to everything else.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a failure here is a failing test")]

mod common;

use common::{
    Laptop, Served, head, headers,
    institution::{installation, register},
    known, message, nonce_of, plain, raw, signed, words,
};
use fieldproof_seal::keys::SecretKey;
use fieldproof_sync::{HttpError, HttpRegister, LaneError, Outcome};
use fieldproof_wire::{
    ChainUpload, Fault, Message, Nonce, RegisterProtocol, SignatureProblem,
    signature::{SignedHeaders, sign},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpSocket,
};

fn fault(answer: &[u8]) -> Fault {
    let Message::Fault(fault) = message(answer) else { panic!("a fault") };
    fault
}

const CHAIN: &str = "POST /v0/chain";

fn chain() -> Vec<u8> {
    let institution = common::institution::Institution::esimerkki();
    Message::ChainUpload(ChainUpload { delegation: institution.delegation, entries: Vec::new() }).to_bytes()
}

/// Sends a request with these headers and that body.
async fn send(served: &Served, headers: &SignedHeaders, body: &[u8]) -> Vec<u8> {
    let mut request = head(served.at, CHAIN, headers).into_bytes();
    request.extend_from_slice(format!("content-length: {}\r\n\r\n", body.len()).as_bytes());
    request.extend_from_slice(body);
    raw(served.at, &request).await
}

#[tokio::test]
async fn hello_brings_a_nonce_and_a_request_signed_over_it_is_taken_once() {
    let (_institution, _place, register) = register();
    let served = Served::start(register).await;
    let hello = plain(served.at, "GET /v0/hello").await;
    let headers = headers(served.at, CHAIN, &chain(), &nonce_of(&hello).unwrap());
    let first = send(&served, &headers, &chain()).await;
    assert!(matches!(message(&first), Message::ChainAnswer(_)));
    let next = nonce_of(&first).unwrap();
    let again = send(&served, &headers, &chain()).await;
    assert_eq!(fault(&again), Fault::Nonce, "the same request a second time");
    assert!(again.starts_with(b"HTTP/1.1 401 ") && nonce_of(&again).is_some());
    let headers = common::headers(served.at, CHAIN, &chain(), &next);
    assert!(matches!(message(&send(&served, &headers, &chain()).await), Message::ChainAnswer(_)));
    served.stop().await;
}

#[tokio::test]
async fn every_request_that_is_not_signed_as_it_should_be_is_refused_with_its_own_fault() {
    use SignatureProblem::{Absent, Components, Forged, OtherContent, Several, Time, WeakKey};
    let (_institution, place, register) = register();
    let served = Served::start(register).await;
    let nonce = async || nonce_of(&plain(served.at, "GET /v0/hello").await).unwrap();
    let problem = async |headers: SignedHeaders, body: &[u8]| {
        let answer = send(&served, &headers, body).await;
        assert!(answer.starts_with(b"HTTP/1.1 401 ") && nonce_of(&answer).is_some());
        let Fault::Signature(problem) = fault(&answer) else { panic!("a fault of its signature") };
        problem
    };
    let good = async || headers(served.at, CHAIN, &chain(), &nonce().await);

    let mut altered = good().await;
    altered.signature_input = altered.signature_input.replace(";nonce", ";created=1;nonce");
    assert_eq!(problem(altered, &chain()).await, Time);
    let mut altered = good().await;
    altered.signature_input = altered.signature_input.replace("\"@method\" ", "");
    assert_eq!(problem(altered, &chain()).await, Components);
    let mut altered = good().await;
    altered.signature = format!("{}\r\nsignature: sig1=:AAAA:", altered.signature);
    assert_eq!(problem(altered, &chain()).await, Several);
    let elsewhere = sign(&installation(), "POST", "http://elsewhere.example/v0/chain", &chain(), &nonce().await);
    assert_eq!(problem(elsewhere, &chain()).await, Forged);
    let to_records = sign(&installation(), "POST", &format!("http://{}/v0/records", served.at), b"", &nonce().await);
    assert_eq!(problem(to_records, b"").await, Forged);
    assert_eq!(problem(good().await, b"other").await, OtherContent);
    let mut weak = good().await;
    let key = fieldproof_model::id::to_hex(installation().public().as_bytes());
    weak.signature_input = weak.signature_input.replace(&key, &format!("01{}", "00".repeat(31)));
    assert_eq!(problem(weak, &chain()).await, WeakKey);
    for request in ["POST /v0/chain", "POST /v0/records"] {
        assert_eq!(fault(&plain(served.at, request).await), Fault::Signature(Absent), "{request}");
    }
    let invented = headers(served.at, CHAIN, &chain(), &Nonce::new([7; 24]));
    assert_eq!(fault(&send(&served, &invented, &chain()).await), Fault::Nonce);
    served.stop().await;
    assert_eq!(place.open().log().unwrap().0, 0);
}

#[tokio::test]
async fn a_laptop_that_is_not_admitted_is_told_so_and_may_send_once_it_is() {
    let (institution, _place, register) = register();
    let served = Served::start(register.clone()).await;
    let newcomer = SecretKey::new(&[43; 32]);
    let client = HttpRegister::new(&format!("http://{}", served.at)).unwrap().signing_with(newcomer.clone());
    let laptop = Laptop::new(&institution, &[institution.record(1, &[b"photo"])], &[b"photo"]);
    let (report, _) = laptop.send(&client, &known(&institution)).await.unwrap();
    let Outcome::Failed { error: LaneError::Register(error), held: None } = &report.records[0].outcome else {
        panic!("{:?}", report.records[0].outcome)
    };
    assert!(matches!(error, HttpError::Fault(Fault::NotAdmitted)), "{error:?}");
    assert_eq!(error.to_string(), "this laptop is not admitted at the register yet");
    assert_eq!(register.log().unwrap().0, 0);
    register.admit_installation(&newcomer.public()).unwrap();
    let (report, _) = laptop.send(&client, &known(&institution)).await.unwrap();
    assert_eq!(words(&report), ["complete"]);
    let without_key = HttpRegister::new(&format!("http://{}", served.at)).unwrap();
    let error = without_key.put_record(b"x").await.unwrap_err();
    assert!(matches!(error, HttpError::Fault(Fault::Signature(SignatureProblem::Absent))), "{error:?}");
    served.stop().await;
}

#[tokio::test]
async fn a_large_record_of_a_laptop_that_is_not_admitted_is_answered_all_the_same() {
    let (_institution, _place, register) = register();
    let served = Served::start(register).await;
    let client = HttpRegister::new(&format!("http://{}", served.at)).unwrap().signing_with(SecretKey::new(&[43; 32]));
    let error = client.put_record(&vec![0; fieldproof_wire::limit::RECORD]).await.unwrap_err();
    assert!(matches!(error, HttpError::Fault(Fault::NotAdmitted)), "{error:?}");
    served.stop().await;
}

#[tokio::test]
async fn a_restart_of_the_register_is_not_noticed() {
    let (institution, place, register) = register();
    let served = Served::start(register).await;
    let (client, at) = (served.client(), served.at);
    client.hello().await.unwrap();
    served.stop().await;
    let listener = tokio::net::TcpListener::bind(at).await.unwrap();
    let served = Served::on(listener, place.open());
    // The nonce it holds is of the register before the restart.
    client.put_record(&institution.record(1, &[]).to_bytes()).await.unwrap();
    served.stop().await;
}

#[tokio::test]
async fn many_requests_at_once_do_not_fight_over_one_nonce() {
    let (institution, place, register) = register();
    let served = Served::start(register).await;
    let client = served.client();
    let sending: Vec<_> = (1..=20)
        .map(|index| {
            let (client, file) = (client.clone(), institution.record(index, &[]).to_bytes());
            tokio::spawn(async move { client.put_record(&file).await.map(|_| ()) })
        })
        .collect();
    for sent in sending {
        sent.await.unwrap().unwrap();
    }
    served.stop().await;
    assert_eq!(place.open().log().unwrap().0, 20);
}

/// So many requests that nobody signed, on one connection.
fn unsigned(count: usize) -> Vec<u8> {
    let asks = "POST /v0/chain HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n".repeat(count - 1);
    format!("{asks}POST /v0/chain HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").into_bytes()
}

#[tokio::test]
async fn whoever_asks_too_often_waits_and_goes_on() {
    let (_institution, _place, register) = register();
    let served = Served::start(register).await;
    // More than are let in at once, on one connection; nothing of them is work.
    let answers = raw(served.at, &unsigned(1_500)).await;
    let answers = String::from_utf8_lossy(&answers);
    assert!(answers.contains("HTTP/1.1 429 ") && answers.contains("retry-after: 1\r\n"));
    assert!(answers.contains("HTTP/1.1 401 "));
    // Meanwhile nobody else is kept out.
    let neighbour = TcpSocket::new_v4().unwrap();
    neighbour.bind("127.0.0.2:0".parse().unwrap()).unwrap();
    let mut neighbour = neighbour.connect(served.at).await.unwrap();
    let (mut from, mut to) = neighbour.split();
    let (asks, mut answers) = (unsigned(400), Vec::new());
    let (asked, answered) = tokio::join!(to.write_all(&asks), from.read_to_end(&mut answers));
    asked.unwrap();
    answered.unwrap();
    let answers = String::from_utf8_lossy(&answers);
    assert_eq!((answers.matches("HTTP/1.1 401 ").count(), answers.matches("HTTP/1.1 429 ").count()), (400, 0));
    served.client().hello().await.unwrap();
    let health = plain(served.at, "GET /health").await;
    assert!(health.ends_with(b"ok"), "whether it runs can always be asked");
    served.stop().await;
}

#[tokio::test]
async fn the_register_answers_on_its_open_addresses_without_a_signature() {
    let (_institution, _place, register) = register();
    let served = Served::start(register).await;
    for request in ["GET /v0/hello", "GET /health", "GET /v", "GET /v/trust"] {
        let answer = plain(served.at, request).await;
        assert!(answer.starts_with(b"HTTP/1.1 200 "), "{request}");
        assert_eq!(nonce_of(&answer).is_some(), request.contains("/v0/"), "{request}");
    }
    // A signature beside the point does no harm there.
    let head = format!("{}\r\n", signed(served.at, "GET /v0/hello", b"").await);
    assert!(raw(served.at, head.as_bytes()).await.starts_with(b"HTTP/1.1 200 "));
    served.stop().await;
}
