//! A register that lies about records: nothing it says counts without the signature that proves it.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a failure here is a failing test")]

mod common;

use common::{
    Laptop,
    institution::{Institution, NOON, Place},
    known, words,
};
use fieldproof_model::digest::Digest;
use fieldproof_register::{Register, RegisterError};
use fieldproof_seal::{
    digest_of,
    envelope::Purpose,
    keys::SecretKey,
    receipt::{Have, Receipt, Refusal, RefusalReason},
};
use fieldproof_sync::{AnswerProblem, LaneError, Outcome};
use fieldproof_wire::{
    ChainAnswer, ChainUpload, Claim, ClaimAnswer, Hello, Paper, PapersAnswer, RecordAnswer, RegisterProtocol, Return,
    SignedAnswer,
};

/// A register whose answers about records are altered on the way.
struct Lying<F> {
    register: Register,
    lie: F,
}

impl<F: Fn(RecordAnswer) -> RecordAnswer + Sync> RegisterProtocol for Lying<F> {
    type Error = RegisterError;

    async fn hello(&self) -> Result<Hello, RegisterError> {
        self.register.hello().await
    }
    async fn put_chain(&self, upload: &ChainUpload) -> Result<ChainAnswer, RegisterError> {
        self.register.put_chain(upload).await
    }
    async fn put_papers(&self, papers: &[Paper]) -> Result<PapersAnswer, RegisterError> {
        self.register.put_papers(papers).await
    }
    async fn put_record(&self, file: &[u8]) -> Result<RecordAnswer, RegisterError> {
        self.register.put_record(file).await.map(&self.lie)
    }
    async fn put_evidence(&self, digest: Digest, bytes: &[u8]) -> Result<(), RegisterError> {
        self.register.put_evidence(digest, bytes).await
    }
    async fn claim(&self, claim: &Claim) -> Result<ClaimAnswer, RegisterError> {
        self.register.claim(claim).await
    }
    async fn give_back(&self, returned: &Return) -> Result<RecordAnswer, RegisterError> {
        self.register.give_back(returned).await.map(&self.lie)
    }
    common::as_behind!(self => self.register);
}

/// What a lie about the one record of a laptop, which names one photo, ends as.
async fn told(lie: impl Fn(Receipt, &Institution) -> Vec<u8> + Sync) -> Option<AnswerProblem> {
    let (institution, place) = (Institution::esimerkki(), Place::new());
    let lie = |answer: RecordAnswer| {
        let SignedAnswer::Receipt(signed) = &answer.signed else { panic!("a receipt") };
        let signed = lie(Receipt::parse(signed).unwrap().0, &institution);
        RecordAnswer { signed: SignedAnswer::Receipt(signed), missing: answer.missing }
    };
    let register = Lying { register: place.create(&institution), lie };
    let laptop = Laptop::new(&institution, &[institution.record(1, &[b"photo"])], &[b"photo"]);
    let (report, _) = laptop.send(&register, &known(&institution)).await.unwrap();
    match report.records.into_iter().next().unwrap().outcome {
        Outcome::Failed { error: LaneError::Answer(problem), held: None } => Some(problem),
        Outcome::Complete(_) => None,
        Outcome::Held { .. } | Outcome::Refused(_) | Outcome::Failed { .. } | Outcome::NotSent => {
            panic!("another outcome")
        }
    }
}

#[tokio::test]
async fn nothing_is_complete_without_a_receipt_that_proves_it() {
    let complete = |receipt: Receipt| Receipt { have: Have::Complete, evidence: vec![photo()], ..receipt };
    fn photo() -> (Digest, u64) {
        (digest_of(b"photo"), 5)
    }
    assert_eq!(told(|receipt, ours| complete(receipt).sign(&ours.register)).await, None, "the table can tell");
    let by_stranger = told(|receipt, _| complete(receipt).sign(&SecretKey::new(&[70; 32]))).await;
    assert!(matches!(by_stranger, Some(AnswerProblem::NotSigned(_))));
    let by_issuing = told(|receipt, ours| complete(receipt).sign(&ours.issuing)).await;
    assert!(matches!(by_issuing, Some(AnswerProblem::NotSigned(_))));
    let altered = told(|receipt, ours| {
        let mut signed = complete(receipt).sign(&ours.register);
        *signed.last_mut().unwrap() ^= 1;
        signed
    })
    .await;
    assert!(matches!(altered, Some(AnswerProblem::NotSigned(_))));
    let practice = told(|r, ours| Receipt { purpose: Purpose::Practice, ..complete(r) }.sign(&ours.register)).await;
    assert!(matches!(practice, Some(AnswerProblem::NotSigned(_))));
    let other_record =
        told(|r, ours| Receipt { record: Digest::new([3; 32]), ..complete(r) }.sign(&ours.register)).await;
    assert!(matches!(other_record, Some(AnswerProblem::OtherRecord { .. })));
    let without = told(|r, ours| Receipt { evidence: vec![], ..complete(r) }.sign(&ours.register)).await;
    assert_eq!(without, Some(AnswerProblem::NotComplete(digest_of(b"photo"))));
    let size = told(|r, ours| Receipt { evidence: vec![(digest_of(b"photo"), 4)], ..complete(r) }.sign(&ours.register));
    assert_eq!(size.await, Some(AnswerProblem::NotComplete(digest_of(b"photo"))));
    assert!(matches!(told(|_, _| b"ok".to_vec()).await, Some(AnswerProblem::Unreadable(_))));
}

#[tokio::test]
async fn a_refusal_is_verified_too() {
    let (institution, place) = (Institution::esimerkki(), Place::new());
    let refusal =
        |record| Refusal { purpose: institution.key_set.purpose, record, reason: RefusalReason::NotGenuine, at: NOON };
    let record = institution.record(1, &[]);
    let lies = [
        refusal(record.digest()).sign(&institution.issuing),
        refusal(Digest::new([3; 32])).sign(&institution.register),
    ];
    for (lie, n) in lies.into_iter().zip(0..) {
        let register = match n {
            0 => place.create(&institution),
            _ => place.open(),
        };
        let lie = |answer| RecordAnswer { signed: SignedAnswer::Refusal(lie.clone()), ..answer };
        let laptop = Laptop::new(&institution, std::slice::from_ref(&record), &[]);
        let (report, _) = laptop.send(&Lying { register, lie }, &known(&institution)).await.unwrap();
        assert_eq!(words(&report), ["failed"]);
    }
}
