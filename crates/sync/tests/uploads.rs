//! Evidence by tus: resumed over cuts and restarts of either end, never doubled, never something else.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a failure here is a failing test")]

mod common;

use std::sync::atomic::Ordering;

use common::{
    Laptop, Served, client,
    institution::{Institution, Place, installation, register, storage::Store},
    known, message, plain, raw, signed, words,
};
use fieldproof_model::digest::Digest;
use fieldproof_register::{BucketUrl, Register, Storage};
use fieldproof_seal::digest_of;
use fieldproof_sync::HttpError;
use fieldproof_wire::{Fault, Message, RegisterProtocol, Stored, Upload, limit, tus};

/// Evidence of three chunks and a little.
fn photo() -> Vec<u8> {
    (0..limit::CHUNK * 3 + 5).map(|n| u8::try_from(n % 251).unwrap()).collect()
}

/// A register that accepted a record which names the photo.
async fn waiting(photo: &[u8]) -> (Institution, Place, Served) {
    let (institution, place, register) = register();
    register.put_record(&institution.record(1, &[photo]).to_bytes()).await.unwrap();
    (institution, place, Served::start(register).await)
}

/// One signed request with these headers; the whole answer.
async fn ask(served: &Served, request: &str, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let mut head = signed(served.at, request, body).await;
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    let mut bytes = format!("{head}content-length: {}\r\n\r\n", body.len()).into_bytes();
    bytes.extend_from_slice(body);
    raw(served.at, &bytes).await
}

const V: (&str, &str) = ("tus-resumable", "1.0.0");

fn status(answer: &[u8]) -> u16 {
    String::from_utf8_lossy(&answer[9..12]).parse().unwrap()
}

fn header(answer: &[u8], name: &str) -> Option<String> {
    let text = String::from_utf8_lossy(answer);
    text.lines().find_map(|line| Some(line.strip_prefix(name)?.strip_prefix(": ")?.to_owned()))
}

async fn begin(served: &Served, digest: &Digest, size: usize) -> Vec<u8> {
    let (size, metadata) = (size.to_string(), tus::metadata(digest));
    ask(served, "POST /v0/uploads", &[V, ("upload-length", &size), ("upload-metadata", &metadata)], b"").await
}

async fn patch(served: &Served, digest: &Digest, offset: usize, chunk: &[u8]) -> Vec<u8> {
    let offset = offset.to_string();
    let headers = [V, ("upload-offset", offset.as_str()), ("content-type", tus::CHUNK_TYPE)];
    ask(served, &format!("PATCH /v0/uploads/{digest}"), &headers, chunk).await
}

async fn head(served: &Served, digest: &Digest) -> Vec<u8> {
    ask(served, &format!("HEAD /v0/uploads/{digest}"), &[V], b"").await
}

#[tokio::test]
async fn an_upload_is_begun_continued_over_a_restart_and_whole() {
    let photo = photo();
    let digest = digest_of(&photo);
    let (_institution, place, served) = waiting(&photo).await;
    let begun = begin(&served, &digest, photo.len()).await;
    assert_eq!(status(&begun), 201);
    assert_eq!(header(&begun, "location"), Some(format!("/v0/uploads/{digest}")));
    assert_eq!(message(&begun), Message::Upload(Upload { digest, offset: 0 }));
    let first = patch(&served, &digest, 0, &photo[..limit::CHUNK]).await;
    assert_eq!((status(&first), header(&first, "upload-offset")), (204, Some(limit::CHUNK.to_string())));
    served.stop().await;

    let served = Served::start(place.open()).await;
    let found = head(&served, &digest).await;
    assert_eq!((status(&found), header(&found, "upload-offset")), (200, Some(limit::CHUNK.to_string())));
    assert_eq!(header(&found, "upload-length"), Some(photo.len().to_string()));
    assert_eq!(header(&found, "cache-control"), Some("no-store".to_owned()));
    assert_eq!(header(&found, "tus-resumable"), Some("1.0.0".to_owned()));
    served.client().put_evidence(digest, &photo).await.unwrap();
    assert_eq!(std::fs::read(place.path.join("evidence").join(digest.to_string())).unwrap(), photo);
    assert_eq!(std::fs::read_dir(place.path.join("uploads")).unwrap().count(), 0);
    let again = begin(&served, &digest, photo.len()).await;
    assert_eq!((status(&again), header(&again, "upload-offset")), (200, Some(photo.len().to_string())));
    let found = head(&served, &digest).await;
    assert_eq!((status(&found), header(&found, "upload-offset")), (200, Some(photo.len().to_string())));
    served.stop().await;
}

#[tokio::test]
async fn evidence_of_no_bytes_is_whole_when_it_is_begun() {
    let (_institution, place, served) = waiting(b"").await;
    let digest = digest_of(b"");
    assert_eq!(message(&begin(&served, &digest, 0).await), Message::Stored(Stored { digest }));
    served.client().put_evidence(digest, b"").await.unwrap();
    served.stop().await;
    assert!(place.path.join("evidence").join(digest.to_string()).exists());
}

#[tokio::test]
async fn what_the_register_speaks_is_told_to_anybody() {
    let (_institution, _place, served) = waiting(b"photo").await;
    let answer = plain(served.at, "OPTIONS /v0/uploads").await;
    assert_eq!(status(&answer), 204);
    for (name, value) in [
        ("tus-version", "1.0.0"),
        ("tus-resumable", "1.0.0"),
        ("tus-extension", "creation"),
        ("tus-max-size", "33554432"),
    ] {
        assert_eq!(header(&answer, name).as_deref(), Some(value), "{name}");
    }
    served.stop().await;
}

#[tokio::test]
async fn what_does_not_belong_there_is_refused_with_its_own_fault() {
    let (_institution, place, served) = waiting(b"photo").await;
    let (digest, other) = (digest_of(b"photo"), digest_of(b"other"));
    let fault = |answer: &[u8]| {
        let Message::Fault(fault) = message(answer) else { panic!("no fault: {:?}", message(answer)) };
        (status(answer), fault)
    };
    assert_eq!(fault(&begin(&served, &other, 5).await), (409, Fault::NotNamed(other)));
    assert_eq!(fault(&begin(&served, &digest, 4).await), (409, Fault::NotNamed(digest)), "another size");
    assert_eq!(fault(&begin(&served, &digest, limit::EVIDENCE + 1).await), (413, Fault::TooLarge(32 << 20)));
    assert_eq!(fault(&patch(&served, &digest, 0, b"photo").await), (404, Fault::NoSuchRequest), "not begun");
    assert_eq!(status(&head(&served, &digest).await), 404);

    let metadata = tus::metadata(&digest);
    let length = ("upload-length", "5");
    let named = ("upload-metadata", metadata.as_str());
    let bad_begins: [&[(&str, &str)]; 5] = [
        &[V, named],
        &[V, length],
        &[V, length, ("upload-metadata", "digest !")],
        &[V, length, length, named],
        &[V, ("upload-defer-length", "1"), named],
    ];
    for headers in bad_begins {
        assert_eq!(fault(&ask(&served, "POST /v0/uploads", headers, b"").await), (400, Fault::Malformed));
    }
    for headers in [&[length, named][..], &[("tus-resumable", "0.2.2"), length, named]] {
        let answer = ask(&served, "POST /v0/uploads", headers, b"").await;
        assert_eq!(fault(&answer), (412, Fault::TusVersion));
        assert_eq!(header(&answer, "tus-version").as_deref(), Some("1.0.0"));
    }
    assert_eq!(status(&begin(&served, &digest, 5).await), 201);
    assert_eq!(fault(&patch(&served, &digest, 1, b"hoto").await), (409, Fault::Offset(0)));
    assert_eq!(fault(&patch(&served, &digest, 0, b"photos").await), (400, Fault::Malformed), "past its end");
    let to = format!("PATCH /v0/uploads/{digest}");
    let untyped = ask(&served, &to, &[V, ("upload-offset", "0")], b"photo").await;
    assert_eq!(fault(&untyped), (415, Fault::MediaType));
    let nowhere = ask(&served, &to, &[V, ("content-type", tus::CHUNK_TYPE)], b"photo").await;
    assert_eq!(fault(&nowhere), (400, Fault::Malformed));
    let large = vec![0; limit::CHUNK + 1];
    assert_eq!(fault(&patch(&served, &digest, 0, &large).await), (413, Fault::TooLarge(262_144)));
    assert_eq!(fault(&patch(&served, &digest, 0, b"phot0").await), (422, Fault::OtherDigest(digest)));
    assert_eq!(status(&head(&served, &digest).await), 404, "set aside");
    served.client().put_evidence(digest, b"photo").await.unwrap();
    let unsigned = plain(served.at, &format!("HEAD /v0/uploads/{digest}")).await;
    assert_eq!(status(&unsigned), 401);
    served.stop().await;
    assert_eq!(std::fs::read(place.path.join("evidence").join(digest.to_string())).unwrap(), b"photo");
}

#[tokio::test]
async fn a_line_that_cuts_off_every_second_answer_costs_no_chunk_twice() {
    let photo = photo();
    let (institution, _place, register) = register();
    let served = Served::start(register.clone()).await;
    let (wire, sent) = common::counting_wire(served.at, "/v0/uploads/", 2).await;
    let laptop = Laptop::new(&institution, &[institution.record(1, &[&photo])], &[&photo]);
    let (report, _) = laptop.send(&client(wire), &known(&institution)).await.unwrap();
    assert_eq!(words(&report), ["complete"]);
    let (cuts, chunks) = (sent.cut.load(Ordering::SeqCst), sent.seen.load(Ordering::SeqCst));
    assert_eq!((cuts, chunks), (2, 4), "what the register had before the cut is not sent again");
    served.stop().await;
}

#[tokio::test]
async fn a_line_on_which_nothing_gets_through_is_given_up_and_the_next_round_goes_on() {
    let photo = photo();
    let (institution, place, register) = register();
    let served = Served::start(register.clone()).await;
    let laptop = Laptop::new(&institution, &[institution.record(1, &[&photo])], &[&photo]);
    let (wire, sent) = common::counting_wire(served.at, "/v0/uploads/", 1).await;
    let (report, _) = laptop.send(&client(wire), &known(&institution)).await.unwrap();
    assert_eq!(words(&report), ["complete"], "every answer eaten, every chunk kept");
    assert_eq!(sent.seen.load(Ordering::SeqCst), 4);
    // And now chunks do not even arrive.
    let other = [photo.clone(), photo.clone()].concat();
    let laptop = Laptop::new(&institution, &[institution.record(2, &[&other])], &[&other]);
    let wire = common::deaf_wire(served.at, "/v0/uploads/").await;
    let (report, _) = laptop.send(&client(wire), &known(&institution)).await.unwrap();
    assert_eq!(words(&report), ["failed, held"]);
    let (report, _) = laptop.send(&client(served.at), &known(&institution)).await.unwrap();
    assert_eq!(words(&report), ["complete"]);
    served.stop().await;
    assert_eq!(std::fs::read_dir(place.path.join("evidence")).unwrap().count(), 2);
}

#[tokio::test]
async fn two_laptops_with_one_photo_end_with_one_photo() {
    let photo = photo();
    let digest = digest_of(&photo);
    let (_institution, place, served) = waiting(&photo).await;
    let (one, two) = (served.client(), served.client());
    let (first, second) = tokio::join!(one.put_evidence(digest, &photo), two.put_evidence(digest, &photo));
    first.unwrap();
    second.unwrap();
    served.stop().await;
    assert_eq!(std::fs::read(place.path.join("evidence").join(digest.to_string())).unwrap(), photo);
}

#[tokio::test]
async fn what_somebody_else_began_wrongly_is_begun_anew() {
    let photo = photo();
    let digest = digest_of(&photo);
    let (_institution, place, served) = waiting(&photo).await;
    begin(&served, &digest, photo.len()).await;
    assert_eq!(status(&patch(&served, &digest, 0, b"something else").await), 204);
    served.client().put_evidence(digest, &photo).await.unwrap();
    assert_eq!(std::fs::read(place.path.join("evidence").join(digest.to_string())).unwrap(), photo);
    let aside = place.path.join("uploads").join(format!("{digest}.aside"));
    assert!(std::fs::read(aside).unwrap().starts_with(b"something else"), "nothing is deleted");
    served.stop().await;
}

#[tokio::test]
async fn nothing_of_a_cut_off_chunk_is_kept_and_evidence_too_large_is_not_sent() {
    let photo = photo();
    let digest = digest_of(&photo);
    let (_institution, _place, served) = waiting(&photo).await;
    begin(&served, &digest, photo.len()).await;
    let path = format!("PATCH /v0/uploads/{digest}");
    let chunk = &photo[..limit::CHUNK];
    let head_of = signed(served.at, &path, chunk).await;
    let more = "tus-resumable: 1.0.0\r\nupload-offset: 0\r\ncontent-type: application/offset+octet-stream\r\n";
    let mut bytes = format!("{head_of}{more}content-length: {}\r\n\r\n", chunk.len()).into_bytes();
    bytes.extend_from_slice(&chunk[..1_000]);
    common::hang_up(served.at, &bytes).await;
    assert_eq!(header(&head(&served, &digest).await, "upload-offset").as_deref(), Some("0"));
    let large = vec![0; limit::EVIDENCE + 1];
    let error = served.client().put_evidence(digest_of(&large), &large).await.unwrap_err();
    assert!(matches!(error, HttpError::TooLarge { limit: limit::EVIDENCE, .. }), "{error:?}");
    served.stop().await;
}

/// More than a part that goes into a bucket at once: in the bucket it is one item, and was never in memory whole.
#[tokio::test]
async fn a_large_item_goes_into_a_bucket_part_by_part() {
    let (institution, place) = (Institution::esimerkki(), Place::new());
    let bucket = Store::shared().new_folder();
    let folder = bucket.lines().next().unwrap().strip_prefix("s3:/").unwrap().to_owned();
    let storage = Storage { database: None, bucket: Some(BucketUrl::parse(&bucket).unwrap()) };
    let register = Register::create_on(&storage, &place.path, &institution.material(), place.clock.clock()).unwrap();
    register.admit_installation(&installation().public()).unwrap();
    let large: Vec<_> = (0..17_u32 << 20).map(|n| (n / 7).to_le_bytes()[0]).collect();
    let record = institution.record(1, &[&large]).to_bytes();
    let served = Served::start(register).await;
    let client = served.client();
    client.put_record(&record).await.unwrap();
    client.put_evidence(digest_of(&large), &large).await.unwrap();
    let answer = client.put_record(&record).await.unwrap();
    assert!(answer.missing.is_empty(), "it was read back with its digest");
    served.stop().await;
    let found = Store::shared().ask("HEAD", &format!("{folder}/{}", digest_of(&large)), "");
    let tag = found.lines().find_map(|line| line.to_lowercase().strip_prefix("etag: ").map(str::to_owned)).unwrap();
    assert!(tag.ends_with("-3\""), "so many parts: {tag}");
    let begun = Store::shared().ask("GET", "/evidence?uploads", "");
    assert!(begun.starts_with("HTTP/1.1 200") && !begun.contains("<Upload>"), "none is left unfinished: {begun}");
    assert_eq!(std::fs::read_dir(place.path.join("uploads")).unwrap().count(), 0, "and the file of the upload is gone");
}
