//! A slow line is waited for as long as something comes over it; one over which nothing comes, or next to nothing, is not.
//! Time is the runtime's own and passes whenever everybody waits: the sleeps here are the fault itself and take no time.
#![allow(clippy::unwrap_used, reason = "a failure here is a failing test")]

use std::{net::SocketAddr, time::Duration};

use fieldproof_model::id::InstitutionId;
use fieldproof_sync::{HttpError, HttpRegister};
use fieldproof_wire::{Hello, Message, RecordAnswer, RegisterProtocol, SignedAnswer};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    time::{Instant, sleep},
};

const SECOND: Duration = Duration::from_secs(1);

/// What a server answers, and how fast.
struct Answer {
    message: Message,
    /// How long it says nothing before.
    after: Duration,
    /// So many bytes at once, and how long until the next ones.
    pace: (usize, Duration),
    /// So much of the body, and then nothing more.
    most: usize,
}

/// One that answers the first request so, once it has all `body` bytes of it, and never hangs up.
async fn answering(answer: Answer, body: usize) -> HttpRegister {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at: SocketAddr = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = Vec::new();
        let end = |request: &[u8]| request.windows(4).position(|window| window == b"\r\n\r\n").map(|at| at + 4 + body);
        while end(&request).is_none_or(|end| request.len() < end) {
            assert_ne!(stream.read_buf(&mut request).await.unwrap(), 0, "the client went");
        }
        sleep(answer.after).await;
        let body = answer.message.to_bytes();
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len());
        stream.write_all(head.as_bytes()).await.unwrap();
        let (piece, pause) = answer.pace;
        for piece in body.chunks(piece).take(answer.most.div_ceil(piece)) {
            // The client may have had enough.
            if stream.write_all(piece).await.is_err() {
                return;
            }
            sleep(pause).await;
        }
        std::future::pending::<()>().await;
    });
    HttpRegister::new(&format!("http://{at}")).unwrap()
}

/// Sixty thousand bytes of hello.
fn long() -> Message {
    let institution = InstitutionId::new([1; 16]);
    Message::Hello(Hello { institution, epoch: 1, key_set: vec![1], beacon: vec![1], snapshot: vec![1; 60_000] })
}

fn hello(pace: (usize, Duration), most: usize) -> Answer {
    Answer { message: long(), after: Duration::ZERO, pace, most }
}

#[tokio::test(start_paused = true)]
async fn a_long_answer_over_a_slow_line_is_waited_for() {
    let began = Instant::now();
    let register = answering(hello((1_000, SECOND), usize::MAX), 0).await;
    assert_eq!(Message::Hello(register.hello().await.unwrap()), long());
    assert!(SECOND * 60 <= began.elapsed(), "the line was slow");
}

#[tokio::test(start_paused = true)]
async fn a_line_over_which_nothing_comes_any_more_is_not() {
    for most in [0, 1, 30_000] {
        let register = answering(hello((1_000, SECOND), most), 0).await;
        assert!(matches!(register.hello().await, Err(HttpError::Broken(None))), "after {most} bytes");
    }
    // What came quickly before buys no patience.
    let began = Instant::now();
    let register = answering(hello((59_000, Duration::ZERO), 59_000), 0).await;
    assert!(matches!(register.hello().await, Err(HttpError::Broken(None))));
    assert!(began.elapsed() < SECOND * 90, "{:?}", began.elapsed());
    let never = Answer { after: Duration::MAX, ..hello((1_000, SECOND), 0) };
    assert!(matches!(answering(never, 0).await.hello().await, Err(HttpError::Broken(None))), "before any");
}

#[tokio::test(start_paused = true)]
async fn nor_is_one_over_which_next_to_nothing_comes() {
    let register = answering(hello((1, SECOND * 50), usize::MAX), 0).await;
    assert!(matches!(register.hello().await, Err(HttpError::Broken(None))));
}

#[tokio::test(start_paused = true)]
async fn a_record_has_as_long_as_a_slow_line_needs_for_it() {
    let answer = RecordAnswer { signed: SignedAnswer::Receipt(vec![1]), missing: Vec::new() };
    let file = vec![7; 100_000];
    for (seconds, is_waited_for) in [(700, true), (900, false)] {
        let message = Message::RecordAnswer(answer.clone());
        let (after, pace) = (SECOND * seconds, (1_000, SECOND));
        let register = answering(Answer { message, after, pace, most: usize::MAX }, file.len()).await;
        match register.put_record(&file).await {
            Ok(found) => assert!(is_waited_for && found == answer, "after {seconds} s"),
            Err(error) => assert!(!is_waited_for && matches!(error, HttpError::Broken(None)), "{seconds} s: {error:?}"),
        }
    }
}
