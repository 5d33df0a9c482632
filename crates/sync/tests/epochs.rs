//! What a client shows a register before it sends, how often, and what it makes of the answer.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a failure here is a failing test")]

mod common;

use std::sync::Mutex;

use common::{
    institution::{Institution, NOON, register},
    known,
};
use fieldproof_model::digest::Digest;
use fieldproof_register::{Register, RegisterError};
use fieldproof_seal::{
    digest_of,
    envelope::Kind,
    keys::SecretKey,
    receipt::{Beacon, Epoch, Have, Receipt},
    snapshot::Snapshot,
};
use fieldproof_sync::{
    Disagreement, HeldReceipt, Holding, IdentityError, Known, SendError, SnapshotNews, claims, compare,
};
use fieldproof_wire::{ChainAnswer, ChainUpload, Claim, ClaimAnswer, Fault, RegisterProtocol, limit, log};

/// A register whose answers to claims are what the test says; claims are noted.
struct Saying<F> {
    register: Register,
    say: F,
    claims: Mutex<Vec<Claim>>,
}

impl<F: Fn(&Claim) -> Result<ClaimAnswer, Fault> + Sync> Saying<F> {
    fn new(register: &Register, say: F) -> Self {
        Self { register: register.clone(), say, claims: Mutex::default() }
    }

    fn heard(&self) -> Vec<Claim> {
        std::mem::take(&mut self.claims.lock().unwrap())
    }
}

impl<F: Fn(&Claim) -> Result<ClaimAnswer, Fault> + Sync> RegisterProtocol for Saying<F> {
    type Error = RegisterError;

    async fn put_chain(&self, upload: &ChainUpload) -> Result<ChainAnswer, RegisterError> {
        self.register.put_chain(upload).await
    }
    async fn claim(&self, claim: &Claim) -> Result<ClaimAnswer, RegisterError> {
        self.claims.lock().unwrap().push(claim.clone());
        Ok((self.say)(claim)?)
    }
    common::the_rest_as_behind!(self => self.register);
}

const fn nothing(epoch: u32) -> ClaimAnswer {
    ClaimAnswer { epoch, began: None, lost: Vec::new() }
}

fn receipt(institution: &Institution, epoch: u32, log_index: u32) -> HeldReceipt {
    let record = digest_of(&[epoch.to_be_bytes(), log_index.to_be_bytes()].concat());
    let receipt = Receipt {
        purpose: common::institution::PURPOSE,
        have: Have::Complete,
        record,
        evidence: Vec::new(),
        received_at: NOON,
        log_index,
        log_head: log::EMPTY,
        epoch,
    };
    HeldReceipt { record, signed: receipt.sign(&institution.register) }
}

fn began(number: u32, key: &SecretKey) -> Vec<u8> {
    let purpose = common::institution::PURPOSE;
    Epoch { purpose, number, began_at: NOON, log_index: 0, log_head: log::EMPTY }.sign(key)
}

#[tokio::test]
async fn who_holds_nothing_asks_nothing_and_who_has_compared_asks_after_the_last_ones() {
    let (institution, _place, register) = register();
    let saying = Saying::new(&register, |_| Ok(nothing(1)));
    let known = known(&institution);
    let fresh = compare(&saying, &known, &Holding::default()).await.unwrap();
    assert!(fresh.is_full && fresh.lost.is_empty() && saying.heard().is_empty());
    assert_eq!(claims(&Holding::default()), []);

    let receipts: Vec<_> = [7, 40, 3].into_iter().chain(8..30).map(|index| receipt(&institution, 1, index)).collect();
    let compared = Holding { receipts: receipts.clone(), compared: 1, ..Holding::default() };
    let comparison = compare(&saying, &known, &compared).await.unwrap();
    let heard = saying.heard();
    assert!(!comparison.is_full && heard.len() == 1);
    assert_eq!(heard[0].receipt.as_ref(), Some(&receipts[1].signed), "the highest");
    assert_eq!((heard[0].receipts.len(), heard[0].receipts[15].record), (16, receipts[24].record), "the last ones");
    assert_eq!((&heard[0].snapshot, &heard[0].beacon), (&None, &None), "hello goes on from what is held");

    let comparison = compare(&saying, &known, &Holding { compared: 0, ..compared }).await.unwrap();
    assert!(comparison.is_full);
    assert_eq!(saying.heard().iter().map(|claim| claim.receipts.len()).collect::<Vec<_>>(), [16, 25]);
}

#[tokio::test]
async fn a_later_epoch_has_every_receipt_asked_after_and_only_what_was_asked_counts_as_lost() {
    let (institution, _place, register) = register();
    let key = institution.register.clone();
    let lost = receipt(&institution, 1, 2).record;
    let say = |_: &Claim| {
        let lost = vec![lost, Digest::new([9; 32]), lost];
        Ok(ClaimAnswer { epoch: 2, began: Some(began(2, &key)), lost })
    };
    let saying = Saying::new(&register, say);
    let count = u32::try_from(limit::CLAIMED).unwrap() + 1;
    let receipts = (1..=count).map(|index| receipt(&institution, 1, index)).collect();
    let holding = Holding { receipts, compared: 1, ..Holding::default() };
    let comparison = compare(&saying, &known(&institution), &holding).await.unwrap();
    assert_eq!((comparison.epoch, comparison.is_full, comparison.lost), (2, true, vec![lost]));
    assert_eq!(saying.heard().len(), 3, "the last ones, then all of them in two portions");
    assert_eq!(claims(&holding).len(), 2, "a bundle asks as much");
}

#[tokio::test]
async fn an_epoch_that_our_register_did_not_sign_is_not_ours() {
    let (institution, _place, register) = register();
    let holding = Holding { receipts: vec![receipt(&institution, 1, 1)], compared: 1, ..Holding::default() };
    let told = async |epoch, began: Option<Vec<u8>>| {
        let saying = Saying::new(&register, |_| Ok(ClaimAnswer { epoch, began: began.clone(), lost: Vec::new() }));
        compare(&saying, &known(&institution), &holding).await.map(|comparison| comparison.epoch)
    };
    assert_eq!(told(2, Some(began(2, &institution.register))).await.unwrap(), 2, "the table can tell");
    for (name, began) in [
        ("none", None),
        ("another number", Some(began(3, &institution.register))),
        ("a stranger's", Some(began(2, &SecretKey::new(&[70; 32])))),
        ("an issuing key's", Some(began(2, &institution.issuing))),
    ] {
        let error = told(2, began).await.unwrap_err();
        assert!(matches!(error, SendError::Identity(IdentityError::NotSigned(Kind::Epoch))), "{name}: {error}");
    }
}

#[tokio::test]
async fn what_is_held_is_shown_where_hello_goes_back_and_whatever_disagrees_then_is_told() {
    let (institution, _place, register) = register();
    let (purpose, key) = (common::institution::PURPOSE, &institution.register);
    let list = |epoch, number| {
        let (withdrawn, delegations, standing) = ([].into(), [].into(), [].into());
        Snapshot { purpose, epoch, number, as_of: NOON, withdrawn, delegations, standing }.sign(key)
    };
    let beacon = Beacon { purpose, number: 9_000, at: NOON }.sign(key);
    let saying = Saying::new(&register, |_| Ok(nothing(1)));
    let compared = async |holding: Holding| {
        let trust = institution.trust();
        let snapshot = holding.snapshot.as_deref().and_then(|signed| trust.verify_snapshot(signed));
        let known = Known { trust: fieldproof_seal::trust::Trust { snapshot, ..trust }, ..known(&institution) };
        let comparison = compare(&saying, &known, &Holding { compared: 1, ..holding }).await.unwrap();
        (comparison, saying.heard())
    };

    let (comparison, heard) = compared(Holding { snapshot: Some(list(1, 50)), ..Holding::default() }).await;
    assert_eq!((&comparison.shown, &heard[0].snapshot), (&Some(list(1, 50)), &Some(list(1, 50))));
    assert_eq!(comparison.disagreement, Some(Disagreement::Snapshot));
    assert!(matches!(comparison.greeting.snapshot, SnapshotNews::Refused { ours: (1, 50), .. }), "ours stays");

    let (comparison, heard) = compared(Holding { beacon: Some(beacon.clone()), ..Holding::default() }).await;
    assert_eq!((&heard[0].beacon, comparison.disagreement), (&Some(beacon), Some(Disagreement::Beacon)));

    let receipts = vec![receipt(&institution, 4, 1)];
    let (comparison, _) = compared(Holding { receipts, ..Holding::default() }).await;
    assert_eq!(comparison.disagreement, Some(Disagreement::Epoch));

    let unshown = Holding { snapshot: Some(list(1, 0)), unshown: Some(list(9, 3)), ..Holding::default() };
    let (comparison, heard) = compared(unshown.clone()).await;
    assert_eq!((&heard[0].snapshot, &comparison.shown), (&unshown.unshown, &unshown.unshown), "one that was replaced");
    assert_eq!(claims(&unshown).len(), 2, "a bundle shows both");
}

#[tokio::test]
async fn a_claim_that_is_not_taken_keeps_nothing_from_being_sent() {
    let (institution, _place, register) = register();
    let saying = Saying::new(&register, |_| Err(Fault::TooFarAhead));
    let holding = Holding { receipts: vec![receipt(&institution, 1, 1)], ..Holding::default() };
    let comparison = compare(&saying, &known(&institution), &holding).await.unwrap();
    assert!(matches!(comparison.refused, Some(RegisterError::Fault(Fault::TooFarAhead))));
    assert!(!comparison.is_full && comparison.lost.is_empty() && comparison.shown.is_none());
}
