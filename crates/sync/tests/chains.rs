//! Chains: what the register has of one does not go again, and where it has anything else all of it does, and people are
//! told.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failure here is a failing test")]

mod common;

use std::sync::Mutex;

use common::{
    institution::{Institution, Place},
    known,
};
use fieldproof_model::digest::Digest;
use fieldproof_register::{Register, RegisterError};
use fieldproof_sync::{ChainReport, Outbox, OutboxChain, send};
use fieldproof_wire::{ChainAnswer, ChainUpload, Claim, ClaimAnswer, RegisterProtocol, limit};

/// A register that counts the entries of every upload, and whose answers are altered on the way.
struct Counting {
    register: Register,
    uploads: Mutex<Vec<usize>>,
    lie: fn(&mut ChainAnswer),
}

impl Counting {
    const fn new(register: Register) -> Self {
        Self { register, uploads: Mutex::new(Vec::new()), lie: |_| {} }
    }
}

impl RegisterProtocol for Counting {
    type Error = RegisterError;

    async fn put_chain(&self, upload: &ChainUpload) -> Result<ChainAnswer, RegisterError> {
        assert!(upload.entries.iter().map(Vec::len).sum::<usize>() <= limit::CHUNK);
        self.uploads.lock().unwrap().push(upload.entries.len());
        let mut answer = self.register.put_chain(upload).await?;
        (self.lie)(&mut answer);
        Ok(answer)
    }
    async fn claim(&self, claim: &Claim) -> Result<ClaimAnswer, RegisterError> {
        self.register.claim(claim).await
    }
    common::the_rest_as_behind!(self => self.register);
}

/// Sends a chain; how many entries each upload had, and what became of them.
async fn bring(
    register: &Counting,
    institution: &Institution,
    entries: &[Vec<u8>],
) -> (Vec<usize>, ChainReport<RegisterError>) {
    let chain = OutboxChain { delegation: institution.delegation.clone(), entries: entries.to_vec() };
    let outbox = Outbox { chains: vec![chain], ..Outbox::default() };
    let sent = send(register, &known(institution), &outbox, &mut |_| None, &mut |_| {}).await;
    let report = sent.unwrap().chains.pop().unwrap();
    assert_eq!((report.held, report.errors.len()), (u32::try_from(entries.len()).unwrap(), 0));
    (std::mem::take(&mut register.uploads.lock().unwrap()), report)
}

#[tokio::test]
async fn an_entry_goes_once_and_again_only_when_the_register_lost_it() {
    let (institution, place) = (Institution::esimerkki(), Place::new());
    let mut chain: Vec<_> = (1..=3).map(|index| institution.opened(index, 50)).collect();
    let mut register = Counting::new(place.create(&institution));
    assert_eq!(bring(&register, &institution, &chain).await.0, [0, 3]);
    assert_eq!(bring(&register, &institution, &chain).await.0, [0], "all of it is there");
    drop(register);
    place.back_up();
    register = Counting::new(place.open());
    chain.push(institution.opened(4, 50));
    assert_eq!(bring(&register, &institution, &chain).await.0, [0, 1], "also over a restart");
    drop(register);
    register = Counting::new(place.restore());
    chain.push(institution.opened(5, 50));
    let (uploads, report) = bring(&register, &institution, &chain).await;
    assert_eq!((uploads, report.other_extent), (vec![0, 2], None), "what it lost, too");
    assert_eq!(bring(&register, &institution, &chain).await.0, [0]);
}

#[tokio::test]
async fn a_register_that_differs_in_nothing_but_the_head_is_sent_everything_and_shown() {
    let (institution, place) = (Institution::esimerkki(), Place::new());
    let chain: Vec<_> = (1..=3).map(|index| institution.opened(index, 50)).collect();
    let mut register = Counting::new(place.create(&institution));
    bring(&register, &institution, &chain).await;
    register.lie = |answer| answer.head = Some(Digest::new([7; 32]));
    let (uploads, report) = bring(&register, &institution, &chain).await;
    let other = report.other_extent.unwrap();
    assert_eq!((uploads, other.places, other.highest), (vec![0, 3], 3, 3));
    register.lie = |answer| answer.head = None;
    let (uploads, report) = bring(&register, &institution, &chain).await;
    assert_eq!((uploads, report.other_extent), (vec![0, 3], None), "an older register names none");
}

#[tokio::test]
async fn whoever_works_with_a_copy_of_a_laptop_is_told_at_every_sending() {
    let (institution, place) = (Institution::esimerkki(), Place::new());
    let register = Counting::new(place.create(&institution));
    let entry = |index, session| institution.opened(index, session);
    let laptop = vec![entry(1, 50), entry(2, 50), entry(3, 50)];
    let copy = vec![entry(1, 50), entry(2, 51), entry(3, 51), entry(4, 51)];
    assert!(bring(&register, &institution, &laptop).await.1.forks.is_empty());
    for _ in 0..2 {
        for chain in [&copy, &laptop] {
            let (uploads, report) = bring(&register, &institution, chain).await;
            let forks: Vec<_> = report.forks.iter().map(|fork| fork.index).collect();
            assert_eq!((uploads, forks), (vec![0, chain.len()], vec![2, 3]));
            assert!(report.other_extent.is_some());
        }
    }
}

#[tokio::test]
async fn a_long_chain_goes_on_within_a_portion() {
    let (institution, place) = (Institution::esimerkki(), Place::new());
    let register = Counting::new(place.create(&institution));
    let chain: Vec<_> = (1..=600).map(|index| institution.record(index, &[]).sealed).collect();
    bring(&register, &institution, &chain[..100]).await;
    let (uploads, report) = bring(&register, &institution, &chain).await;
    assert_eq!((uploads.len(), uploads.iter().sum::<usize>(), report.other_extent), (3, 500, None));
}
