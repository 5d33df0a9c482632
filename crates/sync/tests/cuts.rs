//! Connections that end in the middle: what the register has, it has; sending again finishes the rest.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a failure here is a failing test")]

mod common;

use common::{
    Laptop, Served, broken_wire, client,
    institution::{Institution, register},
    known, outcomes, words,
};
use fieldproof_model::{digest::Digest, time::Timestamp};
use fieldproof_register::Register;
use fieldproof_sync::{HttpError, HttpRegister, LaneError, Outcome};
use fieldproof_wire::{
    ChainAnswer, ChainUpload, Claim, ClaimAnswer, Fault, Hello, Paper, PapersAnswer, Reach, RecordAnswer,
    RegisterProtocol, RequestError, Return, SignedAnswer, limit,
};

#[tokio::test]
async fn an_answer_that_was_eaten_is_got_again_byte_for_byte() {
    let (institution, _place, register) = register();
    let file = institution.record(1, &[]);
    let served = Served::start(register.clone()).await;
    let (wire, left) = broken_wire(served.at, "/v0/records", Vec::new(), 1).await;
    let laptop = Laptop::new(&institution, std::slice::from_ref(&file), &[]);

    let (report, _) = laptop.send(&client(wire), &known(&institution)).await.unwrap();
    let Outcome::Failed { error: LaneError::Register(error), held: None } = &report.records[0].outcome else {
        panic!("{:?}", report.records[0].outcome)
    };
    assert!(matches!(error, HttpError::Broken(_)) && !error.is_permanent(), "{error:?}");
    assert!(!report.was_cut_short, "the register still answers");
    assert_eq!(left.load(std::sync::atomic::Ordering::SeqCst), 0);
    assert_eq!(register.log().unwrap().0, 1, "the register had it all the same");

    let SignedAnswer::Receipt(eaten) = register.put_record(&file.to_bytes()).await.unwrap().signed else {
        panic!("a receipt")
    };
    let (report, _) = laptop.send(&client(wire), &known(&institution)).await.unwrap();
    assert_eq!(outcomes(&report), [("complete", eaten)]);
    served.stop().await;
}

#[tokio::test]
async fn every_request_can_be_cut_off_and_sent_again() {
    for path in ["/v0/hello", "/v0/papers", "/v0/chain", "/v0/records", "/v0/uploads"] {
        let (institution, _place, register) = register();
        let served = Served::start(register).await;
        let (wire, left) = broken_wire(served.at, path, Vec::new(), 1).await;
        let mut laptop = Laptop::new(&institution, &[institution.record(1, &[b"photo"])], &[b"photo"]);
        laptop.outbox.papers = vec![paper(1)];
        let first = laptop.send(&client(wire), &known(&institution)).await;
        assert_eq!(left.load(std::sync::atomic::Ordering::SeqCst), 0, "{path} was cut");
        if let Ok((report, _)) = first {
            assert!(["/v0/papers", "/v0/chain"].contains(&path) || words(&report) != ["complete"], "{path}");
        }
        let (again, _) = laptop.send(&client(wire), &known(&institution)).await.unwrap();
        assert_eq!(words(&again), ["complete"], "{path}");
        assert_eq!((again.papers.refused.len(), again.papers.errors.len()), (1, 0), "{path}");
        served.stop().await;
    }
}

#[tokio::test]
async fn a_record_that_breaks_the_connection_every_time_does_not_hold_up_the_others() {
    let (institution, _place, register) = register();
    let served = Served::start(register).await;
    let records = [1, 2, 3].map(|index| institution.record(index, &[]));
    let mark = records[1].sealed.clone();
    let (wire, _) = broken_wire(served.at, "/v0/records", mark, usize::MAX).await;
    let laptop = Laptop::new(&institution, &records, &[]);
    for _ in 0..2 {
        let (report, _) = laptop.send(&client(wire), &known(&institution)).await.unwrap();
        assert_eq!(words(&report), ["complete", "failed", "complete"]);
        assert!(!report.was_cut_short);
    }
    served.stop().await;
}

/// A paper whose token has so many bytes and is none.
fn paper(size: usize) -> Paper {
    Paper { token: vec![7; size], opened_at: Timestamp::from_millis(0), person: Vec::new() }
}

#[tokio::test]
async fn papers_that_do_not_get_through_hold_up_neither_records_nor_each_other() {
    let (institution, _place, register) = register();
    let served = Served::start(register).await;
    let records = [1, 2].map(|index| institution.record(index, &[]));
    let mut laptop = Laptop::new(&institution, &records, &[]);
    // The first portion is none of the protocol; the second one is, and holds nothing good.
    laptop.outbox.papers = vec![paper(501)];
    laptop.outbox.papers.resize(limit::TOLD, paper(1));
    laptop.outbox.papers.push(paper(2));
    let (report, told) = laptop.send(&served.client(), &known(&institution)).await.unwrap();
    assert_eq!(words(&report), ["complete", "complete"]);
    let [LaneError::Register(HttpError::Fault(Fault::Malformed))] = report.papers.errors[..] else {
        panic!("{:?}", report.papers)
    };
    assert_eq!((report.papers.held, report.papers.refused.len(), report.was_cut_short), (0, 1, false));
    let order: Vec<_> = told.into_iter().filter(|word| ["told", "turn"].contains(word)).collect();
    assert_eq!(order, ["told", "turn", "turn"], "before the records");

    let (wire, _) = broken_wire(served.at, "/v0/papers", Vec::new(), usize::MAX).await;
    let (report, told) = laptop.send(&client(wire), &known(&institution)).await.unwrap();
    assert_eq!((words(&report).as_slice(), report.papers.errors.len()), (&["complete", "complete"][..], 2));
    assert!(!told.contains(&"told"), "nobody answered");
    served.stop().await;
}

/// The network goes away after so many requests.
struct Ending {
    register: Register,
    gone: HttpRegister,
    left: std::sync::atomic::AtomicUsize,
}

impl Ending {
    fn is_over(&self) -> bool {
        use std::sync::atomic::Ordering::SeqCst;
        self.left.fetch_update(SeqCst, SeqCst, |n| n.checked_sub(1)).is_err()
    }
}

impl RegisterProtocol for Ending {
    type Error = HttpError;

    async fn hello(&self) -> Result<Hello, HttpError> {
        if self.is_over() { self.gone.hello().await } else { Ok(self.register.hello().await.unwrap()) }
    }
    async fn put_chain(&self, upload: &ChainUpload) -> Result<ChainAnswer, HttpError> {
        if self.is_over() {
            return self.gone.put_chain(upload).await;
        }
        Ok(self.register.put_chain(upload).await.unwrap())
    }
    async fn put_papers(&self, papers: &[Paper]) -> Result<PapersAnswer, HttpError> {
        if self.is_over() {
            return self.gone.put_papers(papers).await;
        }
        Ok(self.register.put_papers(papers).await.unwrap())
    }
    async fn put_record(&self, file: &[u8]) -> Result<RecordAnswer, HttpError> {
        if self.is_over() {
            return self.gone.put_record(file).await;
        }
        Ok(self.register.put_record(file).await.unwrap())
    }
    async fn put_evidence(&self, digest: Digest, bytes: &[u8]) -> Result<(), HttpError> {
        if self.is_over() {
            return self.gone.put_evidence(digest, bytes).await;
        }
        self.register.put_evidence(digest, bytes).await.unwrap();
        Ok(())
    }
    async fn claim(&self, claim: &Claim) -> Result<ClaimAnswer, HttpError> {
        if self.is_over() { self.gone.claim(claim).await } else { Ok(self.register.claim(claim).await.unwrap()) }
    }
    async fn give_back(&self, returned: &Return) -> Result<RecordAnswer, HttpError> {
        if self.is_over() {
            return self.gone.give_back(returned).await;
        }
        Ok(self.register.give_back(returned).await.unwrap())
    }
    common::as_behind!(self => self.gone);
}

fn laptop(institution: &Institution) -> Laptop {
    let records = [institution.record(1, &[b"photo"]), institution.record(2, &[]), institution.record(3, &[b"other"])];
    Laptop::new(institution, &records, &[b"photo", b"other"])
}

#[tokio::test]
async fn wherever_the_network_ends_what_was_received_is_reported_and_the_rest_follows_later() {
    let nobody = nobody().await;
    // Hello, the chain asked after and sent, three records, two photos, two records again.
    for requests in 0..10 {
        let (institution, _place, register) = register();
        let left = std::sync::atomic::AtomicUsize::new(requests);
        let ending = Ending { register: register.clone(), gone: client(nobody), left };
        let (laptop, known) = (laptop(&institution), known(&institution));
        match laptop.send(&ending, &known).await {
            Err(error) => assert!(requests == 0 && !error.is_permanent()),
            Ok((report, told)) => {
                assert!(report.was_cut_short, "{requests}");
                let words = words(&report);
                let held = u32::try_from(words.iter().filter(|word| !["failed", "not sent"].contains(word)).count());
                let failed_and_held = u32::try_from(words.iter().filter(|word| **word == "failed, held").count());
                assert!(held.unwrap() <= register.log().unwrap().0, "{requests}: {words:?}");
                assert!(failed_and_held.unwrap() <= 1, "{requests}: {words:?}");
                assert_eq!(told.iter().filter(|word| **word == "ended").count(), 3, "{requests}: {told:?}");
            }
        }
        let (report, _) = laptop.send(&register, &known).await.unwrap();
        assert_eq!(words(&report), ["complete"; 3], "{requests}");
        assert_eq!(register.log().unwrap().0, 3, "{requests}");
    }
}

#[tokio::test]
async fn a_break_after_which_nobody_says_hello_ends_everything() {
    let (institution, _place, register) = register();
    let served = Served::start(register.clone()).await;
    let (wire, _) = broken_wire(served.at, "/v0/", Vec::new(), usize::MAX).await;
    // Hello and the chain, asked after and sent, get through; every answer after that is cut off.
    let ending = Ending { register, gone: client(wire), left: std::sync::atomic::AtomicUsize::new(3) };
    let (report, _) = laptop(&institution).send(&ending, &known(&institution)).await.unwrap();
    assert!(report.was_cut_short);
    let mut words = words(&report);
    words.sort_unstable();
    assert_eq!(words, ["failed", "not sent", "not sent"]);
    served.stop().await;
}

#[tokio::test]
async fn a_photo_that_two_records_name_is_sent_once() {
    let (institution, _place, register) = register();
    let records = [1, 2].map(|index| institution.record(index, &[b"photo"]));
    // Hello, the chain asked after and sent, two records, one photo, two records again: not one request more.
    let ending = Ending { register, gone: client(nobody().await), left: std::sync::atomic::AtomicUsize::new(8) };
    let laptop = Laptop::new(&institution, &records, &[b"photo"]);
    let (report, _) = laptop.send(&ending, &known(&institution)).await.unwrap();
    assert_eq!(words(&report), ["complete", "complete"]);
}

/// An address where nobody listens.
async fn nobody() -> std::net::SocketAddr {
    tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap()
}

#[tokio::test]
async fn nobody_there_ends_everything_and_a_break_is_looked_into() {
    let (_institution, _place, register) = register();
    let served = Served::start(register).await;
    let (wire, _) = broken_wire(served.at, "/v0/hello", Vec::new(), 1).await;
    let broken = client(wire).hello().await.unwrap_err();
    assert_eq!(broken.reach(), Reach::Unclear);
    let at = served.at;
    served.stop().await;
    let unreachable = client(at).hello().await.unwrap_err();
    assert_eq!(unreachable.reach(), Reach::Connection);
}
