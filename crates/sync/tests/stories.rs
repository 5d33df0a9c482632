//! One story, told to the register's core and to the same register over HTTP.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a failure here is a failing test")]

mod common;

use common::{
    Laptop, Served,
    institution::{Institution, Place, register},
    known, outcomes, words,
};
use fieldproof_seal::receipt::RefusalReason;
use fieldproof_sync::{LaneError, Outcome, SnapshotNews};
use fieldproof_wire::RegisterProtocol;

const PHOTO: &[u8] = b"photo of the measuring point";
const SHARED: &[u8] = b"photo that two records name";

/// Good records, one damaged, one at a place that is taken, and one whose photo is not on the laptop.
fn laptop(institution: &Institution) -> Laptop {
    let mut damaged = institution.record(3, &[]);
    damaged.parts.remove(&2);
    let forked = institution
        .draft(1, &[])
        .with(|draft| draft.record.sealed_at = common::institution::NOON.seconds_later(1))
        .seal(&institution.assessor);
    let records = [
        damaged,
        institution.record(1, &[]),
        institution.record(2, &[PHOTO, SHARED]),
        institution.record(4, &[SHARED]),
        institution.record(5, &[b"photo that was lost", PHOTO]),
        forked,
    ];
    Laptop::new(institution, &records, &[PHOTO, SHARED])
}

async fn story<R: RegisterProtocol + Sync>(register: &R, institution: &Institution) -> Vec<(&'static str, Vec<u8>)> {
    let (laptop, known) = (laptop(institution), known(institution));
    let (report, told) = laptop.send(register, &known).await.unwrap();
    assert!(!report.was_cut_short);
    assert_eq!((report.chains[0].held, report.chains[0].errors.len()), (2, 0));
    assert_eq!(report.greeting.trust.key_set, institution.key_set);
    assert!(matches!(report.greeting.snapshot, SnapshotNews::Newer(_)));

    let mut got = words(&report);
    // Which of the two records at place 1 came first is decided by their names.
    assert!([got[1], got[5]].contains(&"complete") && [got[1], got[5]].contains(&"refused"), "{got:?}");
    got.remove(5);
    got.remove(1);
    assert_eq!(got, ["refused", "complete", "complete", "failed, held"]);
    let Outcome::Refused(refusal) = &report.records[0].outcome else { panic!("refused") };
    assert_eq!(refusal.refusal.reason, RefusalReason::NotGenuine);
    let Outcome::Failed { error, .. } = &report.records[4].outcome else { panic!("failed") };
    assert!(matches!(error, LaneError::EvidenceNotHere(_)) && error.is_permanent());

    assert_eq!(told.first(), Some(&"greeted"));
    assert!(told.contains(&"held"), "{told:?}");
    assert_eq!(told.iter().filter(|word| **word == "ended").count(), 6, "each record ends once: {told:?}");

    let (again, _) = laptop.send(register, &known).await.unwrap();
    assert_eq!(outcomes(&again), outcomes(&report), "sending twice gives the same bytes");
    outcomes(&report)
}

#[tokio::test]
async fn told_to_the_core() {
    let (institution, place, register) = register();
    let (_, told) = laptop(&institution).send(&register, &known(&institution)).await.unwrap();
    assert_eq!(told.iter().filter(|word| **word == "held").count(), 3, "each photo record is held once: {told:?}");
    let first = story(&register, &institution).await;
    drop(register);
    assert_eq!(story(&place.open(), &institution).await, first, "after a restart");
}

#[tokio::test]
async fn told_over_http() {
    let (institution, place, register) = register();
    let served = Served::start(register).await;
    let first = story(&served.client(), &institution).await;
    served.stop().await;
    let served = Served::start(place.open()).await;
    assert_eq!(story(&served.client(), &institution).await, first, "after a restart");
    served.stop().await;
    assert_eq!(story(&place.open(), &institution).await, first, "and told to the core");
}

#[tokio::test]
async fn a_photo_found_again_completes_the_record() {
    let (institution, _place, register) = register();
    let known = known(&institution);
    let mut laptop = Laptop::new(&institution, &[institution.record(1, &[PHOTO])], &[]);
    assert_eq!(words(&laptop.send(&register, &known).await.unwrap().0), ["failed, held"]);
    laptop.photos.insert(fieldproof_seal::digest_of(PHOTO), b"altered".to_vec());
    let (report, _) = laptop.send(&register, &known).await.unwrap();
    let Outcome::Failed { error: LaneError::EvidenceDamaged(_), .. } = &report.records[0].outcome else {
        panic!("damaged evidence is not sent")
    };
    laptop.photos.insert(fieldproof_seal::digest_of(PHOTO), PHOTO.to_vec());
    assert_eq!(words(&laptop.send(&register, &known).await.unwrap().0), ["complete"]);
}

#[tokio::test]
async fn two_laptops_at_once_end_as_one_after_the_other() {
    let (institution, place, register) = register();
    let served = Served::start(register).await;
    let (known, laptop) = (known(&institution), laptop(&institution));
    let (one, two) = (served.client(), served.client());
    let (first, second) = tokio::join!(laptop.send(&one, &known), laptop.send(&two, &known));
    let settled = laptop.send(&one, &known).await.unwrap().0;
    for (report, _) in [first.unwrap(), second.unwrap()] {
        assert_eq!(words(&report), words(&settled));
    }
    served.stop().await;
    assert_eq!(place.open().log().unwrap().0, 4, "each record stands in the log once");
}

#[tokio::test]
async fn a_file_that_holds_another_record_is_not_sent() {
    let (institution, place) = (Institution::esimerkki(), Place::new());
    let register = place.create(&institution);
    let mut laptop = Laptop::new(&institution, &[institution.record(1, &[]), institution.record(2, &[])], &[]);
    laptop.outbox.records[0].file = institution.record(9, &[]).to_bytes();
    laptop.outbox.records.push(fieldproof_sync::OutboxRecord { file: vec![1, 2], ..laptop.outbox.records[0].clone() });
    let (report, _) = laptop.send(&register, &known(&institution)).await.unwrap();
    assert_eq!(words(&report), ["failed", "complete", "failed"]);
    assert_eq!(register.log().unwrap().0, 1);
    assert!(matches!(&report.records[0].outcome, Outcome::Failed { error: LaneError::OtherRecord { .. }, .. }));
    assert!(matches!(&report.records[2].outcome, Outcome::Failed { error: LaneError::Unreadable(_), .. }));
}

#[tokio::test]
async fn sending_can_go_on_in_a_task_of_its_own() {
    let (institution, _place, register) = register();
    let task = tokio::spawn(async move {
        let (laptop, known) = (Laptop::new(&institution, &[institution.record(1, &[])], &[]), known(&institution));
        laptop.send(&register, &known).await.map(|(report, _)| words(&report)).unwrap()
    });
    assert_eq!(task.await.unwrap(), ["complete"]);
}
